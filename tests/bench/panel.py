"""How long it takes until a kept answer is on the screen, in the verdict pane and as a tree:  python -m tests.bench.panel

Shown and never asserted. On a machine with other work a single figure says little: each is measured in several series,
and the table shows the best of them. ``cpu`` is the 99th percentile of the time in which this thread was really at work,
over all series: what an idle machine would need.
"""

import base64
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from faceid_review.desk import theme
from faceid_review.desk.raw.pane import RawPane
from faceid_review.desk.verdict.pane import VerdictPane
from faceid_review.faceid import raw
from faceid_review.i18n import words
from faceid_review.review.case import Case, fold
from faceid_review.vault.entry import Entry

SERIES = 5
AT = datetime(2016, 5, 3, 7, 16, 3, tzinfo=UTC)
BIZ_ID = "1462259748,52b13fb5-8dfb-4537-a62b-a641d5e929f1"


def answer(size: int, turn: int) -> bytes:
    """An answer like the vendor's sample, of about ``size`` bytes, most of it four pictures."""
    noise = b"\xff\xd8" + random.Random(turn).randbytes(size * 3 // 16)
    picture = f"data:image/jpeg;base64,{base64.b64encode(noise).decode()}"
    names = ("image_best", "image_action1", "image_action2", "image_action3")
    compared = {"confidence": 68.91876, "thresholds": {"1e-3": 64, "1e-4": 69, "1e-5": 74}}
    return json.dumps(
        {
            "biz_id": BIZ_ID,
            "biz_no": "cc47190f-5502-44a2-ab74-ea4f0f649f61",
            "biz_extra_data": f"turn {turn}",
            "images": dict.fromkeys(names, picture),
            "liveness_result": {
                "failure_reason": None,
                "log": "1462259749\n0:A\n2596:M\n3862:E\n8148:P\n9446:O\n",
                "result": "success",
                "version": "MegLive 2.4.0L",
            },
            "request_id": "1462259763,e2d2f8d6-204b-4c43-92ea-1d62b071f83c",
            "time_used": 93,
            "verify_result": {
                "request_id": "1461740007,71eeb124-08f0-47b3-8fc8-ac048cfa1372",
                "result_faceid": compared,
                "result_ref1": compared,
                "face_genuineness": {
                    "synthetic_face_confidence": 0.88,
                    "synthetic_face_threshold": 0.5,
                    "mask_confidence": 0.32,
                    "mask_threshold": 0.5,
                    "screen_replay_confidence": 0.33,
                    "screen_replay_threshold": 0.5,
                },
                "time_used": 1020,
            },
        }
    ).encode()


def small_values(size: int) -> bytes:
    """The worst of its size for a tree: a list of nothing but numbers, and objects of three members."""
    each = {"at": 1462259748, "value": 0.10, "ok": True}
    count = size // (len(json.dumps(each)) + 2)
    return json.dumps({"images": {}, "values": [each] * count}).encode()


def case_of(body: bytes) -> Case:
    """A case whose answer this is."""
    facts = {"attempt": 1, "account": "prod", "status": 200, "ended": "length", "headers": []}
    facts |= {"bytes": len(body), "sha256": "0" * 64}
    return fold(
        [
            Entry(1, AT, "ada", "queued", BIZ_ID, {"case": "C-1", "account": "prod"}, None, b""),
            Entry(2, AT, "ada", "armed", BIZ_ID, {"attempt": 1, "account": "prod"}, None, b""),
            Entry(3, AT, "ada", "answer", BIZ_ID, facts, b"", b""),
        ],
        {3: body},
    )


class Took(NamedTuple):
    """Milliseconds on the wall, and milliseconds of this thread's work."""

    wall: float
    cpu: float

    def and_then(self, other: "Took") -> "Took":
        """Both after one another."""
        return Took(self.wall + other.wall, self.cpu + other.cpu)


def clocked(work: Callable[[], Any]) -> Took:
    """How long ``work`` took, with everything that Qt then has to lay out and paint."""
    wall, cpu = time.perf_counter(), time.thread_time()
    work()
    # Outside an event loop Qt does not delete by itself what deleteLater was said of.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()
    return Took((time.perf_counter() - wall) * 1000, (time.thread_time() - cpu) * 1000)


def p99(figures: Iterable[float]) -> float:
    """The figure that one of a hundred exceeds; of fewer than a hundred the greatest."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def tell(name: str, series: list[list[Took]], promised: str) -> None:
    """One line of the table."""
    best = min(([took.wall for took in one] for one in series), key=p99)
    cpu = p99(took.cpu for one in series for took in one)
    print(f"{name:52}{statistics.median(best):9.1f}{p99(best):9.1f}{cpu:9.1f}{len(best):6}  {promised}")


def shown_in(window: QWidget, pane: QWidget) -> None:
    """Show ``pane`` as wide as it stands in the window."""
    window.resize(388, 800)
    pane.resize(388, 800)
    window.show()
    QApplication.processEvents()


def verdicts() -> list[list[Took]]:
    """A kept case of 700 kB after another: its values into the pane, laid out and painted."""
    window = QWidget()
    pane = VerdictPane(words("en"), window)
    pane.offer_raw(True)
    shown_in(window, pane)
    cases = [case_of(answer(700_000, turn)) for turn in range(20)]

    series = [[clocked(partial(pane.show_case, case)) for case in cases] for _ in range(SERIES)]
    window.close()
    return series


def trees(body: bytes) -> tuple[list[list[Took]], list[list[Took]]]:
    """An answer as a tree: reading it, which another thread does, and showing it."""
    window = QWidget()
    pane = RawPane(words("en"), window)
    shown_in(window, pane)
    reading, showing = [], []
    for _ in range(SERIES):
        read, show = [], []
        for _ in range(8):
            made: list[raw.Raw] = []
            # Kept, since letting go of a large tree is no part of reading one.
            read.append(clocked(lambda: made.append(raw.read(body))))  # noqa: B023 - called at once
            show.append(clocked(partial(pane.show_raw, made[0])))
        reading.append(read)
        showing.append(show)
    window.close()
    return reading, showing


def main() -> int:
    """Measure and print the table."""
    application = QApplication([])
    theme.dress(application)
    theme.choose(application, "light")
    print(
        f"{'ms, the best of ' + str(SERIES) + ' series':52}{'p50':>9}{'p99':>9}{'cpu':>9}{'n':>6}  promised"
    )
    tell("verdict pane painted, answer of 700 kB", verdicts(), "50")
    for name, body in (
        ("5 MB of pictures", answer(5_000_000, 1)),
        ("5 MB of small values", small_values(5_000_000)),
        ("5 MB of one text", json.dumps({"biz_extra_data": "x" * 5_000_000}).encode()),
        ("5 MB that are no JSON", b"<html>" * 833_333),
    ):
        reading, showing = trees(body)
        both = [
            [a.and_then(b) for a, b in zip(r, s, strict=True)] for r, s in zip(reading, showing, strict=True)
        ]
        tell(f"raw tree on the screen, {name}", both, "150")
        tell("    of which in the window's thread", showing, "")
    return 0


if __name__ == "__main__":
    sys.exit(main())

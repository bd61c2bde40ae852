"""How long things take: ``make bench``. Shown and never asserted, so that a slow machine fails no test.

Every line is measured here and now, on loopback, on this machine's disk. p99 of few runs is their maximum.
"""

import os
import platform
import statistics
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from faceid_review.desk import application, theme
from faceid_review.desk.desk import Desk
from faceid_review.desk.window import Window
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import EVERY_ID, Behaviour, Simulator
from faceid_review.review.accounts import Account
from faceid_review.review.case import Stage
from faceid_review.review.retrieval import Retrieval
from faceid_review.session import DeskOptions, Session
from faceid_review.snapshot import document

Rows = list[tuple[str, list[float], str]]


def clocked(work: Callable[[], object]) -> float:
    """Milliseconds that ``work`` took."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def fetching(rows: Rows, folder: Path) -> None:
    """Last byte to KEPT for answers of 700 kB, opening, exporting, reading the chain."""
    with (
        Simulator(ids=200) as simulator,
        Session.make(folder / "vault", "Bench", "bench", keyring=False) as session,
    ):
        session.accounts.add(Account("bench", simulator.base_url, simulator.api_key), simulator.api_secret)
        last: dict[str, float] = {}
        kept: list[float] = []

        def hear(told: Retrieval) -> None:
            now = time.perf_counter()
            if told.stage is Stage.ASKING:
                last[told.biz_id] = now
            elif told.stage is Stage.KEPT:
                kept.append((now - last[told.biz_id]) * 1000)

        session.queue.listener = hear
        simulator.behave(EVERY_ID, Behaviour.answer(seven_hundred_kilobytes(simulator)))
        session.queue.ask([BizId(biz_id) for biz_id in simulator.ids])
        session.queue.wait()
        rows.append(("last piece to KEPT, 700 kB, two at once", kept, "50"))
        opened = [clocked(partial(session.casebook.open, b)) for b in simulator.ids]
        rows.append(("open a kept case of 700 kB", opened, ""))
        rows.append(("fonts found, once", [clocked(document.find_fonts)], ""))
        simulator.behave(EVERY_ID, None)
        (sample,) = simulator.fresh_ids(1)
        session.queue.ask([BizId(sample)])
        session.queue.wait()
        case = session.casebook.open(sample)
        written = [clocked(partial(session.export, case, folder / f"{n}.pdf", "en")) for n in range(20)]
        rows.append(("PDF of four pictures, written and read back", written, "1000"))
        rows.append((f"read the whole chain, {session.chain()[0]} entries", [clocked(session.audit)], ""))


def seven_hundred_kilobytes(simulator: Simulator) -> bytes:
    """An answer of that size with pictures that have four times the bytes of a drawn one."""
    with urllib.request.urlopen(
        f"{simulator.base_url}/faceid/liveness/v2/get_result?"
        + urllib.parse.urlencode(
            {
                "api_key": simulator.api_key,
                "api_secret": simulator.api_secret,
                "biz_id": simulator.fresh_ids(1)[0],
                "get_image_type": 2,
            }
        )
    ) as answer:
        body: bytes = answer.read()
    return body.replace(b'"biz_extra_data": "', b'"biz_extra_data": "' + b"x" * (700_000 - len(body)), 1)


def looking(rows: Rows, folder: Path) -> None:
    """The demo, again and again, each start a new vault: Fetch to the last picture on the screen."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.dress(app)
    theme.choose(app, "light")
    shown: list[float] = []
    gaps: list[float] = []
    starts: list[float] = []
    for turn in range(5):
        with Simulator(ids=5) as simulator:
            start = time.perf_counter()
            options = DeskOptions(folder / f"practice{turn}", "en", "practice", simulator)
            window = application.build(options, "en")
            window.resize(1440, 900)
            window.show()
            starts.append((time.perf_counter() - start) * 1000)
            # A reviewer takes a second to look; meanwhile the practice people are drawn, in this process.
            for biz_id in simulator.ids:
                simulator.sha256_of_pictures(biz_id)
            took, held_up = one_batch(window)
            shown.append(took)
            gaps += held_up
            window.close()
    rows.append(("window built and shown", starts, "2000"))
    rows.append(("first KEPT to its last picture on the screen", shown, "300"))
    rows.append(("gap in the event loop while fetching", gaps, "100"))


def one_batch(window: Window) -> tuple[float, list[float]]:
    """Press Fetch: from the first KEPT to its last picture on the screen, and the gaps in the event loop."""
    kept: list[float] = []

    def hear(told: Retrieval) -> None:
        if told.stage is Stage.KEPT:
            kept.append(time.perf_counter())

    desk = window.findChild(Desk)
    assert desk is not None
    assert desk.work is not None
    tell = desk.work.session.queue.listener

    def both(told: Retrieval) -> None:
        hear(told)
        tell(told)

    desk.work.session.queue.listener = both
    until(window.fetch.fetch_action.isEnabled)
    painted: list[float] = []

    def shown() -> None:
        # Painted here and now, instead of when the event loop comes to it: the time on the screen, and no more.
        window.case.photos.repaint()
        painted.append(time.perf_counter())

    window.case.pictures_shown.connect(shown)
    beat = Heart()
    window.fetch.fetch_action.trigger()
    until(lambda: bool(painted))
    took = (painted[0] - kept[0]) * 1000
    until(lambda: len(kept) == len(window.fetch.box.toPlainText().splitlines()))
    return took, beat.gaps()


class Heart:
    """Beats every few milliseconds in the GUI thread and remembers how long it was held up."""

    def __init__(self) -> None:
        self._beats = [time.perf_counter()]
        self._timer = QTimer()
        self._timer.setInterval(2)
        self._timer.timeout.connect(lambda: self._beats.append(time.perf_counter()))
        self._timer.start()

    def gaps(self) -> list[float]:
        """Milliseconds between beats."""
        self._timer.stop()
        return [(b - a) * 1000 for a, b in zip(self._beats, self._beats[1:], strict=False)]


def until(true: Callable[[], bool]) -> None:
    """Let the window work until something is true."""
    loop, look = QEventLoop(), QTimer()
    look.timeout.connect(lambda: loop.quit() if true() else None)
    look.start(1)
    if not true():
        loop.exec()


def main() -> int:
    """Measure and print a table."""
    rows: Rows = []
    with tempfile.TemporaryDirectory() as folder:
        fetching(rows, Path(folder))
        looking(rows, Path(folder))
    now = datetime.now(UTC)
    print(
        f"{now:%Y-%m-%d}  {platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    print(f"{'ms':48}{'p50':>9}{'p99':>9}{'max':>9}{'n':>6}  promised")
    for name, figures, most in rows:
        ordered = sorted(figures)
        p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
        print(
            f"{name:48}{statistics.median(ordered):9.1f}{p99:9.1f}{ordered[-1]:9.1f}{len(ordered):6}  {most}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

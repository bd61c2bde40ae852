"""The queue with 100,000 cases at the window: how long the GUI thread stands still, and how long an answer takes.

    python -m tests.bench.worklist [--cases 100000]

Heads only, in memory. A timer of 1 ms measures the longest gap of the event loop while lists are made and shown.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from faceid_review.desk import theme
from faceid_review.desk.queue.listing import Lister, Listing
from faceid_review.desk.queue.pane import QueuePane
from faceid_review.desk.relay import Relay
from faceid_review.errors import ReviewError
from faceid_review.i18n import words
from faceid_review.review.head import Head
from faceid_review.review.worklist import Query, Worklist


def head(n: int, now: datetime) -> Head:
    """A head as the casebook holds it."""
    biz_id = f"{1763800000 - n},{n:08x}-8dfb-4537-a62b-a641d5e929f1"
    return Head(
        {
            "biz_id": biz_id, "case": f"FR-2026-{n + 1:06}", "stage": "kept", "account": "main", "origin": "fetched",
            "at": (now - timedelta(minutes=n)).isoformat(), "passed": n % 7 > 0, "reason": "" if n % 7 else "not_video",
            "confidence": "68.91876", "strictest": "1e-3", "next": "1e-4", "flags": [], "pictures": 4,
            "biz_no": f"no-{n}", "decision": "", "judged": "", "round": 1, "sealed": n % 3 == 0, "dispute": "",
            "deadline": "", "pause": "waiting" if n % 50 == 0 else "", "until": "", "notes": 0, "tags": [],
            "unseen": True, "find": f"{biz_id} no-{n} ticket {n % 1000} branch {n % 300} ear lobe", "whole": True,
        }
    )  # fmt: skip


def main() -> None:
    """Print the figures."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--cases", type=int, default=100_000)
    count = asked.parse_args().cases
    app = QApplication([])
    theme.dress(app)
    now = datetime.now(UTC)
    work, lister, relay = Worklist([head(n, now) for n in range(count)]), Lister(), Relay()
    pane = QueuePane(words("en"))
    pane.resize(276, 800)
    pane.show()
    gaps: list[float] = []
    last = [time.perf_counter()]

    def beat() -> None:
        moment = time.perf_counter()
        gaps.append(moment - last[0])
        last[0] = moment

    timer = QTimer()
    timer.timeout.connect(beat)
    timer.start(1)

    def answered(make: Callable[[], Listing]) -> float:
        """Seconds from the wish until the list is painted."""
        done: list[Listing] = []
        began = time.perf_counter()

        def failed(error: ReviewError) -> None:
            raise error

        def show(listing: Listing) -> None:
            pane.show_listing(listing)
            done.append(listing)

        relay.run(make, show, failed)
        while not done:
            app.processEvents()
        app.processEvents()
        return time.perf_counter() - began

    def tell(name: str, query: Query, times: int = 5) -> None:
        gaps.clear()
        last[0] = time.perf_counter()
        took = [answered(lambda: lister.lay_out(work.select(query, now), now)) for _ in range(times)]
        print(
            f"{name:32} {statistics.median(took) * 1000:7.0f} ms   longest gap {max(gaps) * 1000:5.0f} ms",
            flush=True,
        )

    tell("first list of all", Query(), 1)
    tell("all again", Query())
    for needle in ("e", "ea", "ear", "ear 1", "no-4711"):
        tell(f"search {needle!r}", Query(text=needle))
    tell("view: mine", Query(work="mine"))
    tell("filter: not passed", Query(passed=False))
    gaps.clear()
    last[0] = time.perf_counter()
    bar = pane.case_list.verticalScrollBar()
    for step in range(200):
        bar.setValue(step * bar.maximum() // 200)
        app.processEvents()
    print(f"{'scrolling through all':32} {'':10}   longest gap {max(gaps) * 1000:5.0f} ms", flush=True)
    relay.close()


if __name__ == "__main__":
    main()

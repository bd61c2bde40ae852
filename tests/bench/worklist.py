"""The desk with a vault of 100,000 cases, as a reviewer has it: until the list stands there, scrolling, typing, memory.

    python -m tests.bench.worklist FOLDER

FOLDER is a vault that ``python -m tests.bench.many --keep FOLDER`` made. The real window on the offscreen platform; a
timer of 10 ms tells how long its event loop stood still. Shown and never asserted.
"""

import argparse
import os
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from faceid_review.desk import application, theme
from faceid_review.desk.desk import Desk
from faceid_review.desk.garbage import Garbage
from faceid_review.desk.queue.listing import Listing
from faceid_review.desk.window import Window
from faceid_review.session import DeskOptions
from faceid_review.snapshot import document
from tests.bench.__main__ import until
from tests.bench.many import PASSPHRASE, memory
from tests.bench.photos import rest

TYPED = ("e", "ea", "ear", "ear ", "ear l", "ear lo", "ear lob", "ear lobe", "")


class Pulse:
    """How long the event loop stood still, in ms."""

    def __init__(self) -> None:
        self._beats = [time.perf_counter()]
        self._timer = QTimer(interval=10)
        self._timer.timeout.connect(lambda: self._beats.append(time.perf_counter()))
        self._timer.start()

    def longest(self) -> float:
        """Since the last look, over the timer's own 10 ms."""
        self._beats.append(time.perf_counter())
        gap = max(b - a for a, b in zip(self._beats, self._beats[1:], strict=False))
        self._beats = self._beats[-1:]
        return max(gap * 1000 - 10, 0)


def line(name: str, *figures: str) -> None:
    """One line of the table."""
    print(f"{name:44}{''.join(f'{figure:>22}' for figure in figures)}", flush=True)


def looked(window: Window, pulse: Pulse) -> None:
    """Scroll from end to end, type, and change the view."""
    bar, shown, show = window.queue.case_list.verticalScrollBar(), list[float](), window.queue.show_listing

    def heard(listing: Listing) -> None:
        show(listing)
        shown.append(time.perf_counter())

    window.queue.show_listing = heard  # type: ignore[method-assign]
    pulse.longest()
    for step in range(400):
        bar.setValue(step * bar.maximum() // 400)
        QApplication.processEvents()
    line("scrolled from end to end, 400 steps", f"gap {pulse.longest():.0f} ms")

    def answered(name: str, wish: Callable[[], object]) -> None:
        shown.clear()
        began = time.perf_counter()
        wish()
        until(lambda: bool(shown))
        QApplication.processEvents()
        rest(50)
        line(name, f"{(shown[0] - began) * 1000:.0f} ms", f"gap {pulse.longest():.0f} ms")

    for needle in TYPED:
        answered(f"typed {needle!r}", lambda text=needle: window.tools.search.setText(text))  # type: ignore[misc]
    for view, key in window.queue.views.keys.items():
        answered(f"view {view}", key.trigger)


def main() -> None:
    """Open the window on the vault, and use it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    folder = asked.parse_args().folder
    app = QApplication([])
    theme.dress(app)
    theme.choose(app, "light")
    garbage = Garbage(app)
    document.find_fonts()
    print(
        f"{datetime.now(UTC):%Y-%m-%d}  {platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    line("before the window", f"{memory():.0f} MB")
    pulse, began = Pulse(), time.perf_counter()
    window = application.build(DeskOptions(folder, "en", PASSPHRASE, None), "en")
    window.resize(1440, 900)
    window.show()
    desk, model = window.findChild(Desk), window.queue.case_list.model()
    assert desk is not None
    opened = list[float]()
    desk._opening.opened.connect(lambda *_: opened.append(time.perf_counter()))
    listed = list[float]()
    model.modelReset.connect(lambda: listed.append(time.perf_counter()))
    until(lambda: bool(listed) and model.rowCount() > 1)
    line("vault open, key derivation included", f"{opened[0] - began:.2f} s")
    line(f"list of {model.rowCount()} lines shown", f"{listed[-1] - began:.2f} s")
    rest(1500)
    line("until everything is ready", f"gap {pulse.longest():.0f} ms", f"{memory():.0f} MB")
    looked(window, pulse)
    line("at the end", f"{memory():.0f} MB", f"at most {memory('VmHWM'):.0f} MB")
    window.close()
    garbage.end()


if __name__ == "__main__":
    main()

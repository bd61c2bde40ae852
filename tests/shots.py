"""Pictures of the window for docs/: ``make shots``. Drives the practice vault offscreen and grabs what it shows."""

import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication

from faceid_review.desk import application, theme
from faceid_review.desk.desk import Desk
from faceid_review.desk.window import Window
from faceid_review.faceid.simulator import Simulator
from faceid_review.session import DeskOptions

FOLDER = Path(__file__).parent.parent / "docs" / "shots"
SIZES = (QSize(1440, 900), QSize(1024, 640))


def until(true: Callable[[], bool], most_s: int = 30) -> None:
    """Let the window work until something is true."""
    loop, late = QEventLoop(), QTimer()
    late.setSingleShot(True)
    late.timeout.connect(loop.quit)
    late.start(most_s * 1000)
    look = QTimer()
    look.timeout.connect(lambda: loop.quit() if true() else None)
    look.start(20)
    loop.exec()
    if not true():
        sys.exit("shots: the window did not get there")


def grab(window: Window, name: str, size: QSize, tag: str) -> None:
    """Save one picture."""
    small = f".{size.width()}" if size.width() != SIZES[0].width() else ""
    window.resize(size)
    until(lambda: window.size() == size)
    QApplication.processEvents()
    window.grab().save(str(FOLDER / f"{name}-{tag}{small}.png"))


def on_show(window: Window, biz_id: str) -> bool:
    """Whether this case is the one on show."""
    return window.case.case is not None and window.case.case.biz_id == biz_id


def run(lang: str, dress: str) -> None:
    """One language in one dress: the fetch page, each case of the demo, the first run."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.choose(app, dress)
    tag = f"{dress}.{lang}"
    with Simulator(ids=5) as simulator, tempfile.TemporaryDirectory() as home:
        window = application.build(DeskOptions(Path(home) / "practice", lang, "practice", simulator), lang)
        window.resize(SIZES[0])
        window.show()
        until(window.fetch.fetch_action.isEnabled)
        for size in SIZES:
            grab(window, "fetch", size, tag)
        window.fetch.fetch_action.trigger()
        until(lambda: len(simulator.requests) == 5 and window.case.case is not None)
        desk = window.findChild(Desk)
        until(lambda: desk is not None and not desk.busy)
        for name, place in (("main", 1), ("failure", 2)):
            biz_id = simulator.ids[place]
            window.queue.open_wanted.emit(biz_id)
            until(partial(on_show, window, biz_id))
            until(lambda: window.case.pictures_read)
            for size in SIZES:
                grab(window, name, size, tag)
        window.actions_["accounts"].trigger()
        grab(window, "accounts", SIZES[0], tag)
        window.close()
    with tempfile.TemporaryDirectory() as home:
        window = application.build(DeskOptions(Path(home) / "vault", lang), lang)
        window.resize(SIZES[0])
        window.show()
        until(lambda: window.pages.currentWidget() is window.front.welcome)
        for size in SIZES:
            grab(window, "first-run", size, tag)
        window.close()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    application_ = QApplication([])
    theme.dress(application_)
    for one in ("en", "zh"):
        for kind in ("light", "dark"):
            run(one, kind)
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in docs/shots")

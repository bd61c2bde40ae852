"""Pictures of the window for docs/: ``make shots``. Drives the practice vault offscreen and grabs what it shows."""

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QScrollArea

from faceid_review.desk import application, theme
from faceid_review.desk.again_sheet import Again, AgainSheet
from faceid_review.desk.desk import Desk
from faceid_review.desk.key_sheet import KeySheet, keys_of
from faceid_review.desk.window import Window
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.i18n import words
from faceid_review.review.case import Stage
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


def fetch(window: Window, ids: Sequence[str]) -> None:
    """Paste these and press Fetch."""
    window.actions_["fetch"].trigger()
    window.fetch.set_text("\n".join(ids))
    until(
        lambda: (
            window.fetch.fetch_action.isEnabled() and window.fetch.fetch_action.text().endswith(str(len(ids)))
        )
    )
    window.fetch.fetch_action.trigger()


def open_questions(window: Window, simulator: Simulator, lang: str, tag: str) -> None:
    """A batch that is paused, an outcome that is unknown, a refusal, a second attempt, and the two sheets."""
    desk = window.findChild(Desk)
    assert desk is not None
    unknown, refused, *rest = simulator.fresh_ids(14)
    simulator.behave(unknown, Behaviour.close().unspent().for_requests(1))
    simulator.behave(refused, Behaviour.error("RESULT_NOT_FOUND"))
    fetch(window, [unknown, refused])
    until(lambda: simulator.count(unknown) + simulator.count(refused) == 2 and not desk.busy)
    for name, biz_id in (("unknown", unknown), ("refused", refused)):
        window.queue.open_wanted.emit(biz_id)
        until(partial(on_show, window, biz_id))
        for size in SIZES:
            grab(window, name, size, tag)
    case = window.case.case
    assert case is not None
    accounts = [
        ("prod-onboarding", "8f3c…41d0", "https://api.megvii.com"),
        ("branch", "77aa…02ef", "https://b"),
    ]
    sheet = AgainSheet(words(lang), case, accounts, window)
    sheet.reason.setPlainText(
        {"en": "The other account made this session.", "zh": "该会话由另一账户创建。"}[lang]
    )
    picture(sheet, "again", tag)
    picture(KeySheet(words(lang), keys_of(window.case.photos.side, window, words(lang)("keys.window")), window),
            "keys", tag)  # fmt: skip
    window.sheets.ask_again = lambda *_: Again(sheet.wish.reason, "practice")  # type: ignore[method-assign]
    window.queue.open_wanted.emit(unknown)
    until(partial(on_show, window, unknown))
    window.actions_["again"].trigger()
    until(lambda: simulator.count(unknown) == 2 and not desk.busy and len(attempts(window)) == 2)
    until(lambda: window.case.pictures_read)
    window.case.verdict.findChildren(QScrollArea)[0].verticalScrollBar().setValue(0)
    grab(window, "attempts", SIZES[0], tag)
    for biz_id in rest:
        simulator.behave(biz_id, Behaviour.hang())
    fetch(window, rest)
    until(lambda: sum(simulator.count(biz_id) for biz_id in rest) == 2)
    window.fetch.pause_action.trigger()
    for size in SIZES:
        grab(window, "paused", size, tag)
    window.fetch.stop_action.trigger()
    simulator.release()
    until(lambda: not desk.busy)


def attempts(window: Window) -> Sequence[object]:
    """How often the case on show was asked for, once the last time is over."""
    case = window.case.case
    return case.attempts if case and case.stage is Stage.KEPT else ()


def picture(sheet: QDialog, name: str, tag: str) -> None:
    """Save a picture of a sheet."""
    sheet.show()
    QApplication.processEvents()
    sheet.grab().save(str(FOLDER / f"{name}-{tag}.png"))
    sheet.close()


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
        open_questions(window, simulator, lang, tag)
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

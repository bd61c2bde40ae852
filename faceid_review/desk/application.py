"""The Qt application: its dress, its last line of defence, and the way to the first page."""

from __future__ import annotations

import faulthandler
import sys
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel

from faceid_review import i18n
from faceid_review.desk import farewell, theme, translation
from faceid_review.desk.desk import Desk
from faceid_review.desk.front import Front
from faceid_review.desk.garbage import Garbage
from faceid_review.desk.opening import Opening
from faceid_review.desk.window import Window
from faceid_review.errors import ReviewError
from faceid_review.faceid.simulator import Simulator
from faceid_review.review.accounts import Account, url_problem
from faceid_review.session import DeskOptions, Session
from faceid_review.settings import Settings
from faceid_review.snapshot import document

_SIZE: Final = QSize(1440, 900)
_TURN_S: Final = 0.0005
"""How long another thread may keep the interpreter from the window's: with Python's 5 ms each of the many small calls
into Qt waits so long while a worker computes, and the window stands still for half a second."""


def run(options: DeskOptions) -> int:
    """Open the desk and run it until it is closed; returns the exit code."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError
    faulthandler.enable()
    app.setApplicationName("FaceID Review")
    with farewell.heeded():
        settings = Settings.load(options.home)
        theme.dress(app)
        theme.choose(app, settings.theme)
        theme.follow_system(app)
        guard = PlainText(app)
        app.installEventFilter(guard)
        garbage = Garbage(app)
        # typst holds every thread up while it looks for fonts: now, and not while answers arrive.
        document.find_fonts()
        window = build(options, options.lang or settings.lang or i18n.system_language())
        _last_line(window.notice.show_error)
        window.take_measures(settings.columns)
        _place(app, window)
        code = app.exec()
        garbage.end()
        return code


def _place(app: QApplication, window: Window) -> None:
    """The size it had last time, or the one the look is made for; the whole screen where that is smaller."""
    room = app.primaryScreen().availableSize()
    wanted = window.wanted_size or _SIZE
    window.resize(wanted.boundedTo(room))
    if room.width() <= wanted.width() or room.height() <= wanted.height():
        window.showMaximized()
    else:
        window.show()


def build(options: DeskOptions, lang: str) -> Window:
    """The window with everything joined; it opens its vault once the event loop runs."""
    sys.setswitchinterval(_TURN_S)
    words = i18n.words(lang)
    translation.speak(lang)
    opening = Opening(options.home, options.passphrase)
    window = Window(words, Front(words, opening, url_problem))
    opening.setParent(window)
    desk = Desk(words, window, opening)
    desk.setObjectName("desk")
    if options.simulator is None:
        QTimer.singleShot(0, opening.begin)
    else:
        opening.opened.emit(practice(options, options.simulator, lang), None)
        window.fetch.set_text("\n".join(options.simulator.ids))
        opening.ahead(partial(_draw, options.simulator))
    return window


def practice(options: DeskOptions, simulator: Simulator, lang: str) -> Session:
    """A new vault for drawn people, with the simulator as its only account."""
    name = i18n.words(lang)("window.practice_reviewer")
    session = Session.make(options.home, name, options.passphrase or "practice", keyring=False, demo=True)
    session.accounts.add(Account("practice", simulator.base_url, simulator.api_key), simulator.api_secret)
    return session


def _draw(simulator: Simulator) -> None:
    """Draw the practice people before they are asked for, as a vendor's pictures exist before they are fetched."""
    for biz_id in simulator.ids:
        simulator.sha256_of_pictures(biz_id)


class PlainText(QObject):
    """Makes every label plain text: a vendor's or a person's text is never markup and never loads a file."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Polish and isinstance(watched, QLabel):
            watched.setTextFormat(Qt.TextFormat.PlainText)
        return False


def _last_line(tell: Callable[[ReviewError], None]) -> None:
    """Whatever nobody expected is told in words, without its text: that may hold what must not be shown."""

    def hook(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            QApplication.quit()
            return
        tell(error if isinstance(error, ReviewError) else ReviewError("unexpected", kind=kind.__name__))

    sys.excepthook = hook

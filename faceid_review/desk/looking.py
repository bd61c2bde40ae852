"""Joins what is looked at to the session: photographs that were viewed, views that were altered, covering by policy."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot

from faceid_review.desk.window import Window
from faceid_review.desk.work import Work
from faceid_review.errors import ReviewError

_HANDS: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletMove,
    }
)


class LookingWork(QObject):
    """Writes down what somebody looked at, off the GUI thread and never on the way that opens a case.

    Where the policy covers every case, pictures that were left alone for ``idle_ms`` are covered again.
    """

    figures_changed = Signal()

    def __init__(self, window: Window, work: Work) -> None:
        super().__init__(work)
        self._window, self._work = window, work
        self._photos = photos = window.case.photos
        photos.covers_each_case = work.session.settings.covers_each_case
        photos.looks.told.connect(self._viewed)
        photos.view_altered.connect(self._view_altered)
        work.case_opened.connect(self._opened)
        self.idle_ms = 240_000
        self._watched: QObject | None = None
        self._idle = QTimer(self, singleShot=True)
        self._idle.timeout.connect(self._cover)
        photos.covered_changed.connect(self._wait)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hands at the window. Its handle alone is watched: a filter on the application would slow every paint."""
        if event.type() in _HANDS:
            self._wait()
        return False

    @Slot(object)
    def _opened(self, _: object) -> None:
        self._photos.looks.begin()
        self._wait()

    @Slot()
    def _wait(self) -> None:
        """Begin to wait anew, where there is a policy and something to cover."""
        if not self._photos.covers_each_case or self._photos.covered:
            self._idle.stop()
            return
        handle = self._window.windowHandle()
        if handle is not self._watched:
            self._watched = handle
            handle.installEventFilter(self)
        self._idle.start(self.idle_ms)

    @Slot()
    def _cover(self) -> None:
        self._photos.covered = True

    @Slot(str, object)
    def _viewed(self, biz_id: str, facts: dict[str, Any]) -> None:
        self._record("viewed", biz_id, facts)

    @Slot(str, object)
    def _view_altered(self, biz_id: str, facts: dict[str, Any]) -> None:
        self._record("altered_view", biz_id, facts)

    def _record(self, act: str, biz_id: str, facts: dict[str, Any]) -> None:
        casebook = self._work.session.casebook
        self._work.run(lambda: casebook.record(act, biz_id, facts), self._recorded, self._failed)

    def _recorded(self, _: object) -> None:
        self.figures_changed.emit()

    @Slot(object)
    def _failed(self, error: ReviewError) -> None:
        self._window.notice.show_error(error)

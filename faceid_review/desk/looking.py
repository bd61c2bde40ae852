"""Joins what is looked at to the session: photographs that were viewed, views that were altered, covering by policy."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from faceid_review.desk.window import Window
from faceid_review.desk.work import Work
from faceid_review.errors import ReviewError


class LookingWork(QObject):
    """Writes down what somebody looked at, off the GUI thread and never on the way that opens a case."""

    figures_changed = Signal()

    def __init__(self, window: Window, work: Work) -> None:
        super().__init__(work)
        self._window, self._work = window, work
        photos = window.case.photos
        photos.covers_each_case = work.session.settings.covers_each_case
        photos.looks.told.connect(self._viewed)
        photos.view_altered.connect(self._view_altered)
        work.case_opened.connect(self._opened)

    @Slot(object)
    def _opened(self, _: object) -> None:
        self._window.case.photos.looks.begin()

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

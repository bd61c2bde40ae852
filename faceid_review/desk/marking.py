"""Joins what is marked on the photographs to the session: references, pins, findings, and the facts of each file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import platformdirs
from PySide6.QtCore import QObject, Signal, Slot

from faceid_review.desk.photos.exhibit import REFERENCE
from faceid_review.desk.window import Window
from faceid_review.desk.work import Work
from faceid_review.errors import ReviewError
from faceid_review.faceid import photograph
from faceid_review.faceid.photograph import Examined, Facts
from faceid_review.i18n import Words
from faceid_review.review.case import Case
from faceid_review.review.marks import Points
from faceid_review.review.references import LONGEST_SOURCE, Reference

T = TypeVar("T")


class MarkingWork(QObject):
    """Everything that is added to the photographs of the case on show, off the GUI thread."""

    added = Signal(object)
    """A Reference that was laid beside the case's pictures."""

    figures_changed = Signal()

    def __init__(self, words: Words, window: Window, work: Work) -> None:
        super().__init__(work)
        self._words, self._window, self._work = words, window, work
        self._folder = Path(platformdirs.user_pictures_dir())
        self._photos = window.case.photos
        marking = self._photos.marking
        marking.pin_wanted.connect(self._pin)
        marking.unpin_wanted.connect(self._unpin)
        marking.finding_wanted.connect(self._find)
        marking.attach_wanted.connect(self.attach)
        marking.align_wanted.connect(self._align)
        self._photos.strip.chosen.connect(self._strip_chosen)
        work.picture_read.connect(self._read_facts)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words`` from now on."""
        self._words = words

    @property
    def _case(self) -> Case | None:
        return self._window.case.case

    @Slot()
    def attach(self) -> None:
        """Ask which file is to be laid beside the vendor's pictures and where it comes from, then add it."""
        case = self._case
        if case is None:
            return
        title = self._words("marks.attach.title")
        chosen = self._window.sheets.open_paths(title, self._folder)
        if not chosen:
            return
        self._folder = chosen[0].parent
        source = self._window.sheets.ask_line(title, self._words("marks.attach.source"), LONGEST_SOURCE)
        if source is None:
            return
        for path in chosen:
            self._do(
                partial(self._work.session.add_reference, case.biz_id, path, source), self._added, case.biz_id
            )

    @Slot(str)
    def _strip_chosen(self, role: str) -> None:
        if role == REFERENCE and self._case is not None and not self._case.references:
            self.attach()

    @Slot(str, int, int, str, str)
    def _pin(self, role: str, x: int, y: int, feature: str, text: str) -> None:
        case = self._case
        if case is not None:
            pin = partial(self._work.session.marking.pin, case.biz_id, role, x, y, feature, text)
            self._do(pin, _nothing, case.biz_id)

    @Slot(int)
    def _unpin(self, entry: int) -> None:
        case = self._case
        if case is not None:
            self._do(partial(self._work.session.marking.unpin, case.biz_id, entry), _nothing, case.biz_id)

    @Slot(str, str, str, str)
    def _find(self, component: str, finding: str, left: str, right: str) -> None:
        case = self._case
        if case is not None:
            find = partial(self._work.session.marking.find, case.biz_id, component, finding, left, right)
            self._do(find, _nothing, case.biz_id)

    @Slot(str, object, str, object)
    def _align(self, left: str, left_points: Points, right: str, right_points: Points) -> None:
        case = self._case
        if case is not None:
            align = partial(
                self._work.session.marking.align, case.biz_id, left, left_points, right, right_points
            )
            self._do(align, _nothing, case.biz_id)

    def _do(self, work: Callable[[], T], then: Callable[[T], None], biz_id: str) -> None:
        """Do it, then read the case anew without an entry that it was opened: it is on the screen already."""

        def done() -> tuple[T, Case]:
            made = work()
            return made, self._work.session.casebook.open(biz_id, record=False)

        def tell(both: tuple[T, Case]) -> None:
            if self._case is not None and self._case.biz_id == biz_id:
                self._take(both[1])
                then(both[0])
            self.figures_changed.emit()

        self._work.run(done, tell, self._failed)

    def _take(self, case: Case) -> None:
        """Show what was added; the pictures keep their place and scale, and the verdict is left as it is shown."""
        shown = self._case
        if shown is None:
            return
        case = replace(shown, references=case.references, marks=case.marks, events=case.events)
        self._window.case.case = case
        self._photos.show_case(case)
        for one in case.references[len(shown.references) :]:
            self._work.read_picture(case.biz_id, one)

    def _added(self, one: Reference) -> None:
        said = self._words("marks.attach.done", number=one.number, start=one.sha256[:16])
        self._window.case.say(said)
        self._photos.choose_other(one.role)
        self.added.emit(one)

    @Slot(object)
    def _failed(self, error: ReviewError) -> None:
        self._window.notice.show_error(error)

    @Slot(str, object, str, object)
    def _read_facts(self, role: str, examined: Examined, sha256: str, _: object) -> None:
        case = self._case
        pictures = (*case.photographs, *case.references) if case is not None else ()
        one = next((p for p in pictures if (p.role, p.sha256) == (role, sha256)), None)
        if one is not None:

            def tell(told: Facts) -> None:
                self._photos.marking.show_facts(role, sha256, told)

            self._work.run(partial(photograph.facts, one.data, examined.status), tell, self._failed)


def _nothing(_: object) -> None:
    """Where the case read anew says it all."""

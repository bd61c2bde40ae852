"""Joins the dispute and the history of the case on show to the session, and the office's facts and access report."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from faceid_review.desk import wording
from faceid_review.desk.judgement.dispute import DisputePane, NewDispute, NewLine
from faceid_review.desk.judgement.history import HistoryPane
from faceid_review.desk.judgement.office import AccessSheet, OfficeSheet
from faceid_review.desk.judging import JudgingWork
from faceid_review.desk.window import Window
from faceid_review.desk.work import Work
from faceid_review.errors import ReviewError
from faceid_review.i18n import Words
from faceid_review.review.access import Access
from faceid_review.review.case import Case
from faceid_review.review.reviewing import LONGEST_LINE
from faceid_review.review.side_by_side import Beside, side_by_side
from faceid_review.session import Session


class DisputingWork(QObject):
    """Everything that is said of a dispute, and everything that was done to the case on show."""

    open_wanted = Signal(str)

    def __init__(self, words: Words, window: Window, work: Work, judging: JudgingWork) -> None:
        super().__init__(work)
        self._words, self._window, self._work, self._judging = words, window, work, judging
        self.pane: DisputePane = window.case.dispute
        self.history: HistoryPane = window.case.history
        self._sheet: OfficeSheet | AccessSheet | None = None
        self._look = 0
        work.case_opened.connect(self.take)
        work.case_changed.connect(self.take)
        judging.changed.connect(self.take)
        self.pane.open_wanted.connect(self._open)
        self.pane.line_wanted.connect(self._add)
        self.pane.close_wanted.connect(self._close)
        self.pane.explain_wanted.connect(self._explain)
        self.pane.case_wanted.connect(self.open_wanted)
        self.pane.photographs_wanted.connect(self._compare)
        work.row_changed.connect(self._row_changed)
        self.history.revise_wanted.connect(judging.revise_note)
        self.history.handover_wanted.connect(self._hand_over)
        do = judging.commands
        do["dispute"].triggered.connect(self.show_dispute)
        do["history"].triggered.connect(self.show_history)
        do["particulars"].triggered.connect(self.show_office)
        do["access"].triggered.connect(self.show_access)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words`` from now on; a sheet that is open keeps its own."""
        self._words = words

    @property
    def sheet(self) -> OfficeSheet | AccessSheet | None:
        """The sheet that is open, if one is."""
        return self._sheet

    @Slot(object)
    def take(self, case: Case) -> None:
        """Another case is on show, or the same one anew."""
        self.pane.show_case(case)
        self.history.show_case(case)
        self._look_beside(case)

    def _look_beside(self, case: Case) -> None:
        """Look up the cases that were in dispute together with this one."""
        self._look += 1
        if ids := _together(case):
            casebook = self._work.session.casebook
            self._work.run(
                partial(side_by_side, casebook, ids), partial(self._tell_beside, self._look), self._failed
            )

    def _tell_beside(self, look: int, told: tuple[Beside, ...]) -> None:
        # A later look overtakes an earlier one.
        if look == self._look:
            self.pane.show_beside(told)

    @Slot(object)
    def take_anew(self, case: Case) -> None:
        """What may be shown of the case on show, and of those beside it, is another thing from now on."""
        self.pane.show_beside(())
        self.take(case)

    @Slot(object)
    def _row_changed(self, row: Mapping[str, Any]) -> None:
        case = self._window.case.case
        if case is not None and row["biz_id"] in _together(case):
            self._look_beside(case)

    @Slot(str)
    def _compare(self, biz_id: str) -> None:
        """The best photograph of this case stays on the left, and the other case comes up with its own on the right."""
        if self._window.case.photos.keep_best():
            self.open_wanted.emit(biz_id)
        else:
            self._window.case.say(self._words("beside.nothing_to_keep"))

    @Slot()
    def show_dispute(self) -> None:
        """The dispute tab, ready to write."""
        self._window.case.evidence.choose("dispute")
        self.pane.focus()

    @Slot()
    def show_history(self) -> None:
        """The history tab."""
        self._window.case.evidence.choose("history")
        self.history.setFocus()

    @Slot(object)
    def _open(self, new: NewDispute) -> None:
        case = self._window.case.case
        if case is None:
            return
        session = self._work.session

        def opened() -> Case:
            others = [session.casebook.find(text) for text in new.cases]
            return session.review.open_dispute(
                [case.biz_id, *others],
                who=new.who,
                received=new.received,
                channel=new.channel,
                identity=new.identity,
                grounds=new.grounds,
                deadline=new.deadline,
            )

        self._judging.write(opened, self._opened, self._refused, also=new.cases)

    def _opened(self, case: Case) -> None:
        dispute = case.work.dispute
        if dispute is not None:
            facts = {"name": dispute.name, "round": dispute.round, "n": len(dispute.cases)}
            self._window.case.say(self._words("judging.dispute_opened", **facts))

    @Slot(object)
    def _add(self, new: NewLine) -> None:
        case = self._window.case.case
        if case is not None:
            review = self._work.session.review
            add = partial(review.note_dispute, case.biz_id, new.text, new.kind, new.deadline)
            self._judging.write(add, otherwise=self._refused, also=_others(case))

    @Slot(str)
    def _close(self, text: str) -> None:
        case = self._window.case.case
        if case is not None:
            close = partial(self._work.session.review.close_dispute, case.biz_id, text)
            self._judging.write(close, otherwise=self._refused, also=_others(case))

    @Slot(str, str)
    def _explain(self, lang: str, text: str) -> None:
        case = self._window.case.case
        if case is not None:
            explain = partial(self._work.session.review.explain, case.biz_id, lang, text)
            self._judging.write(explain, self._explained, self._refused)

    def _explained(self, case: Case) -> None:
        self._window.case.say(self._words("dispute.letter_done", case=case.number))

    @Slot(object)
    def _refused(self, error: ReviewError) -> None:
        self.pane.failed(wording.sentence(error, self._words))

    # ---- copies

    @Slot(str)
    def exported(self, biz_id: str) -> None:
        """A copy of a case was written: the history on show tells of it."""
        casebook, case = self._work.session.casebook, self._window.case.case
        if case is not None and case.biz_id == biz_id:
            self._judging.write(partial(casebook.open, biz_id, record=False))

    @Slot(int)
    def _hand_over(self, entry: int) -> None:
        """Ask to whom a copy was given and how, and record it."""
        case, sheets, title = self._window.case.case, self._window.sheets, self._words("history.hand_over")
        if case is None:
            return
        to = sheets.ask_line(title, self._words("history.hand_over_to", entry=entry), LONGEST_LINE)
        how = sheets.ask_line(title, self._words("history.hand_over_how"), LONGEST_LINE) if to else None
        if to and how is not None:
            review = self._work.session.review
            self._judging.write(partial(review.hand_over, case.biz_id, entry, to, how))

    # ---- what an office must be able to show

    @Slot()
    def show_office(self) -> None:
        """Legal basis, purpose and the claimant's statement, to be read and written."""
        case = self._window.case.case
        if case is None or self._sheet is not None:
            return
        sheet = OfficeSheet(self._words, case.number, case.work.particulars, self._window)
        sheet.wanted.connect(partial(self._describe, case.biz_id))
        self._show(sheet)

    def _describe(self, biz_id: str, particulars: dict[str, str]) -> None:
        review = self._work.session.review
        self._judging.write(lambda: review.describe(biz_id, **particulars))

    @Slot()
    def show_access(self) -> None:
        """Who looked at this person's cases or took something out of them, and when."""
        case = self._window.case.case
        if case is not None and self._sheet is None:
            self._work.run(
                partial(_access, self._work.session, case.biz_id),
                partial(self._tell_access, case),
                self._failed,
            )

    def _tell_access(self, case: Case, told: tuple[tuple[Access, ...], int]) -> None:
        if self._sheet is None:
            self._show(AccessSheet(self._words, case.number, *told, parent=self._window))

    def _show(self, sheet: OfficeSheet | AccessSheet) -> None:
        self._sheet = sheet
        sheet.finished.connect(self._sheet_closed)
        sheet.open()

    @Slot()
    def _sheet_closed(self) -> None:
        if self._sheet is not None:
            self._sheet.deleteLater()
        self._sheet = None

    @Slot(object)
    def _failed(self, error: ReviewError) -> None:
        self._window.notice.show_error(error)


def _others(case: Case) -> tuple[str, ...]:
    return case.work.dispute.cases if case.work.dispute else ()


def _together(case: Case) -> tuple[str, ...]:
    """Every case that was in one dispute with this one, itself among them; nothing where it was alone."""
    ids = dict.fromkeys(b for d in case.work.disputes if len(d.cases) > 1 for b in d.cases)
    return tuple(ids)


def _access(session: Session, biz_id: str) -> tuple[tuple[Access, ...], int]:
    return session.access(biz_id, person=True), session.review.persons()

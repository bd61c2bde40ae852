"""Joins the judgement bar, the note and the review sheet to the session: drafts, judgements, ten seconds, the entry.

A decision is written when its ten seconds are over. Closing the window before that seals nothing: the draft is kept,
marked as not sealed, and the bar says so when the case is opened again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QMenu

from faceid_review.desk import wording
from faceid_review.desk.drafting import Drafting, drafted, sealed
from faceid_review.desk.judgement.commands import Commands
from faceid_review.desk.judgement.proposal import (
    Draft,
    Proposal,
    cited,
    hint,
    why_not_step,
)
from faceid_review.desk.judgement.sheet import ReviewSheet
from faceid_review.desk.ten_seconds import TenSeconds
from faceid_review.desk.window import Window
from faceid_review.desk.work import Work
from faceid_review.errors import ReviewError
from faceid_review.i18n import Words
from faceid_review.review import rules
from faceid_review.review.case import Case
from faceid_review.review.judging import Step
from faceid_review.review.reasons import Reason

_DRAFT_MS = 700
_STATES: Final = {
    "tag": "tag", "wait": "wait", "on_hold": "on-hold", "snooze": "snooze", "resume": "resume",
}  # fmt: skip


class JudgingWork(QObject):
    """Everything that is judged, noted and decided at the case on show."""

    figures_changed = Signal()
    changed = Signal(object)
    """The case on show as it is after something was written into it."""

    def __init__(self, words: Words, window: Window, work: Work) -> None:
        super().__init__(work)
        self._words, self._window, self._work = words, window, work
        self._bar, self._note = window.case.bar, window.case.note
        self._biz_id = ""
        self._draft: Draft | None = None
        self._drafts = Drafting(work)
        self._drafts.kept.connect(self._draft_kept)
        self._drafts.failed.connect(self._draft_not_kept)
        self._reasons: tuple[Reason, ...] = ()
        self.ten_seconds = TenSeconds(self)
        self.ten_seconds.over.connect(self._seal)
        self.ten_seconds.ticked.connect(self._tell_undo)
        self._sheet: ReviewSheet | None = None
        self._asked_first = False
        self._later = QTimer(self, interval=_DRAFT_MS, singleShot=True)
        self._later.timeout.connect(self._keep_draft)
        places = (window.case, self._bar)
        before = window.menuBar().findChild(QMenu, "menu_view")
        self.commands = Commands(window, window.menuBar(), before, places)
        self.commands.speak(words)
        do = self.commands
        do["judge"].triggered.connect(self._bar.focus)
        do["propose"].triggered.connect(self.propose)
        do["undo"].triggered.connect(self.undo)
        do["reveal"].triggered.connect(self.reveal)
        do["note"].triggered.connect(self._to_note)
        do["keep_note"].triggered.connect(self.keep_note)
        self._bar.changed.connect(self._chosen)
        self._bar.propose_wanted.connect(self.propose)
        self._bar.undo_wanted.connect(self.undo)
        self._note.changed.connect(self._chosen)
        self._note.keep_wanted.connect(self.keep_note)
        self._note.left.connect(self._leave_note)
        work.case_opened.connect(self.take)
        work.case_changed.connect(self.take)
        window.pages.currentChanged.connect(self.weigh)
        self._note.enable(False)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words`` from now on; a sheet that is open keeps its own."""
        self._words = words
        self.commands.speak(words)
        self.weigh()

    @property
    def case(self) -> Case | None:
        """The case on show, or None."""
        return self._window.case.case

    @property
    def sheet(self) -> ReviewSheet | None:
        """The review sheet that is open, if one is."""
        return self._sheet

    @property
    def pending(self) -> tuple[Proposal, ...]:
        """The decisions whose ten seconds run."""
        return self.ten_seconds.proposals

    # ---- the case on show

    @Slot(object)
    def take(self, case: Case) -> None:
        """Another case is on show, or the same one anew."""
        if case.biz_id != self._biz_id:
            self._flush()
            self._biz_id, self._draft, self._asked_first = case.biz_id, None, False
            self._note.show_draft("")
            self._note.enable(False)
            self._bar.show_choice(rules.standing(case), "")
            self._bar.say("")
            session = self._work.session
            self._work.run(
                partial(drafted, session, case.biz_id), partial(self._drafted, case.biz_id), self._failed
            )
        self._note.offer_exhibits(cited(case))
        self.weigh()

    def _drafted(self, biz_id: str, read: tuple[Draft, tuple[Reason, ...], ReviewError | None]) -> None:
        self._reasons = read[1]
        if read[2] is not None:
            self._failed(read[2])
        self._bar.offer(self._reasons)
        case = self.case
        if biz_id != self._biz_id or case is None:
            return
        self._draft = draft = read[0]
        self._note.show_draft(draft.note, draft.revises)
        step = Step(draft.step) if draft.step else rules.standing(case)
        self._bar.show_choice(step, draft.reason)
        self.weigh()

    @Slot()
    def weigh(self) -> None:
        """What can be done now, for mouse, key and menu alike."""
        case, words, page = self.case, self._words, self._window.case
        in_front = case is not None and self._window.pages.currentWidget() is page
        self._bar.setVisible(in_front)
        if case is None or not in_front:
            self.commands.allow({"undo": bool(self.pending)})
            return
        refused = self._work.session.review.allowed(case)
        waits = any(one.biz_id == case.biz_id for one in self.pending)
        ready = self._draft is not None and not waits
        whys = {step: why_not_step(case, step, refused) for step in Step}
        steps = {step: words(why) for step, why in whys.items() if why}
        if waits:
            steps = dict.fromkeys(Step, words("judgement.being_sealed"))
        may_judge, may_decide = refused["judge"] is None, refused["decide"] is None
        chosen = self._bar.steps.step
        propose = ready and ((case.hidden and chosen is not None) or (may_decide and not case.hidden))
        if may_judge and chosen is None:
            propose = False
        self._bar.propose_as(words("judgement.keep" if case.hidden else "judgement.propose"))
        self._bar.allow(
            steps,
            ready and may_decide and not case.hidden,
            propose,
            hint(case, refused, whys, words, unsealed=self._draft is not None and self._draft.unsealed),
        )
        self._note.enable(ready)
        self.commands.allow(
            {
                "judge": ready,
                "propose": propose,
                "undo": bool(self.pending),
                "reveal": ready and refused["reveal"] is None,
                "note": ready,
                "keep_note": ready and bool(self._note.text.strip()),
                **{name: refused[rule] is None for name, rule in _STATES.items()},
                **dict.fromkeys(("dispute", "history", "particulars", "access"), True),
            }
        )
        self._window.weigh()
        for name in ("export", "export_as"):
            action = self._window.actions_[name]
            action.setEnabled(action.isEnabled() and refused["export"] is None)

    # ---- the note

    @Slot()
    def _to_note(self) -> None:
        self._note.field.setFocus()

    @Slot()
    def _leave_note(self) -> None:
        self._window.case.photos.setFocus()

    @Slot()
    def keep_note(self) -> None:
        """Write the note as an entry; the field is empty then."""
        case, text, revises = self.case, self._note.text, self._note.revises
        if case is None or not text.strip() or not self.commands["keep_note"].isEnabled():
            return
        review = self._work.session.review
        kept = (
            partial(review.revise, case.biz_id, revises, text)
            if revises
            else partial(review.note, case.biz_id, text)
        )

        def then(_: Case) -> None:
            if self._biz_id == case.biz_id and self._note.text == text:
                self._note.show_draft("")
                self._chosen()
                self._keep_draft()
            self._bar.say(self._words("judgement.note_kept"))

        self.write(kept, then)

    def revise_note(self, number: int) -> None:
        """Take up a note of the case on show to word it anew. A draft that stands in the field is kept first."""
        case = self.case
        if case is not None and self._draft is not None:
            if self._note.text.strip() and not self._note.revises:
                self._bar.say(self._words("judgement.note_in_the_way"))
            else:
                self._note.revise(number, case.work.notes[number - 1].text)
            self._to_note()

    # ---- drafts

    @Slot()
    def _chosen(self) -> None:
        """Something was chosen or written: it becomes a draft."""
        if self._draft is None:
            return
        step = self._bar.steps.step
        self._draft = replace(
            self._draft,
            note=self._note.text,
            revises=self._note.revises,
            step=step.value if step else "",
            reason=self._bar.reason.value,
            unsealed=False,
        )
        self._later.start()
        self.weigh()

    @Slot()
    def _keep_draft(self) -> None:
        self._later.stop()
        if self._draft is not None and self._biz_id:
            self._drafts.keep(self._biz_id, self._draft)

    @Slot(str, object)
    def _draft_kept(self, biz_id: str, at: datetime) -> None:
        if biz_id == self._biz_id and not self._later.isActive():
            self._note.draft_kept(at)

    @Slot(str, object)
    def _draft_not_kept(self, biz_id: str, error: ReviewError) -> None:
        if biz_id == self._biz_id:
            self._note.draft_kept(None, wording.sentence(error, self._words))

    def _flush(self) -> None:
        if self._later.isActive():
            self._keep_draft()

    def close(self) -> None:
        """The window closes: what runs its ten seconds is not sealed, and every draft is on the disk."""
        self.ten_seconds.stop()
        if self._later.isActive() and self._draft is not None:
            self._later.stop()
            self._drafts.keep_now(self._biz_id, self._draft)

    # ---- judging blind

    @Slot()
    def reveal(self) -> None:
        """Show the vendor's verdict: the chosen step is kept first; without one it takes a second press."""
        case = self.case
        if case is None or not case.hidden or not self.commands["reveal"].isEnabled():
            return
        review = self._work.session.review
        step = self._bar.steps.step
        if step is not None:
            self.write(partial(review.judge, case.biz_id, step), self._revealed)
        elif self._asked_first:
            self.write(partial(review.reveal, case.biz_id), self._revealed)
        else:
            self._asked_first = True
            self._bar.say(self._words("judgement.reveal_anyway"))
            self._bar.focus()

    def _revealed(self, _: Case) -> None:
        self._bar.say("")

    # ---- deciding

    @Slot()
    def propose(self) -> None:
        """Open the review sheet; under the blind policy the first judgement is kept instead."""
        case = self.case
        if case is None or self._sheet is not None or not self.commands["propose"].isEnabled():
            return
        if case.hidden:
            self.reveal()
            return
        draft, review = self._draft or Draft(), self._work.session.review
        refused = review.allowed(case)
        sheet = ReviewSheet(
            self._words,
            case,
            step=self._bar.steps.step,
            reason=self._bar.reason.value,
            outcome=draft.outcome,
            note=self._note.text if not self._note.revises else "",
            by=self._work.session.reviewer,
            reasons=self._reasons,
            refused=lambda outcome: refused[outcome],
            exhibits=cited(case),
            parent=self._window,
        )
        self._sheet = sheet
        sheet.changed.connect(self._sheet_changed)
        sheet.seal_wanted.connect(self._confirmed)
        sheet.finished.connect(self._sheet_closed)
        sheet.open()

    @Slot()
    def _sheet_changed(self) -> None:
        sheet = self._sheet
        if sheet is None or self._draft is None:
            return
        if not self._note.revises:
            self._note.show_draft(sheet.note.text)
        self._bar.show_choice(self._bar.steps.step, sheet.reason.value)
        self._draft = replace(self._draft, outcome=sheet.outcome.value if sheet.outcome else "")
        self._chosen()

    @Slot()
    def _sheet_closed(self) -> None:
        if self._sheet is not None:
            self._sheet.deleteLater()
        self._sheet = None

    @Slot(object)
    def _confirmed(self, proposal: Proposal) -> None:
        """The ten seconds begin. Until they are over the draft on the disk says that nothing was sealed."""
        self._later.stop()
        self._drafts.keep(proposal.biz_id, replace(Draft.back(proposal), unsealed=True))
        self.ten_seconds.begin(proposal)
        # The step that had the focus cannot be taken any more.
        self._window.case.photos.setFocus()
        self.weigh()

    @Slot()
    def undo(self) -> None:
        """Take the last decision back that is not sealed yet; everything chosen for it stands as it stood."""
        proposal = self.ten_seconds.take_back()
        if proposal is None:
            return
        draft = Draft.back(proposal)
        self._drafts.keep(proposal.biz_id, draft)
        if proposal.biz_id == self._biz_id:
            self._draft = draft
            self._note.show_draft(draft.note)
            self._bar.show_choice(proposal.step, draft.reason)
        self._bar.say(self._words("judgement.taken_back", number=proposal.number))
        self.weigh()

    @Slot(object)
    def _seal(self, proposal: Proposal) -> None:
        self.write(
            partial(sealed, self._work.session, self._drafts, proposal),
            partial(self._was_sealed, proposal),
            partial(self._not_sealed, proposal),
        )

    def _was_sealed(self, proposal: Proposal, case: Case) -> None:
        if proposal.biz_id == self._biz_id:
            self._draft = Draft()
            self._note.show_draft("")
            self._bar.show_choice(rules.standing(case), "")
        said = self._words(f"judging.outcome.{proposal.outcome.value}")
        self._bar.say(
            self._words("judgement.done", number=proposal.number, outcome=said, round=proposal.round)
        )
        self.weigh()

    def _not_sealed(self, proposal: Proposal, error: ReviewError) -> None:
        self._drafts.keep(proposal.biz_id, Draft.back(proposal))
        if proposal.biz_id == self._biz_id:
            self._draft = Draft.back(proposal)
        self._failed(error)
        self.weigh()

    @Slot(object, int)
    def _tell_undo(self, last: Proposal | None, left: int) -> None:
        if last is None:
            self._bar.show_undo("")
            return
        said = self._words(f"judging.outcome.{last.outcome.value}")
        facts = {"number": last.number, "outcome": said, "round": last.round, "s": left}
        self._bar.show_undo(self._words("judgement.sealing", **facts))

    # ---- writing

    def write(
        self,
        made: Callable[[], Case],
        then: Callable[[Case], None] = lambda _: None,
        otherwise: Callable[[ReviewError], None] | None = None,
        also: tuple[str, ...] = (),
    ) -> None:
        """Write something off the GUI thread, then show the case as it is, its row, and those of ``also``."""

        def done(read: Case) -> None:
            case = self._work.session.casebook.veiled(read)
            if case.biz_id == self._biz_id:
                self._window.case.take(case)
                self.changed.emit(case)
            for biz_id in dict.fromkeys((case.biz_id, *also)):
                row = self._work.session.casebook.row(biz_id)
                if row is not None:
                    self._work.row_changed.emit(row)
            then(case)
            self.weigh()
            self.figures_changed.emit()

        self._work.run(made, done, otherwise or self._failed)

    @Slot(object)
    def _failed(self, error: ReviewError) -> None:
        self._window.notice.show_error(error)
        self.weigh()

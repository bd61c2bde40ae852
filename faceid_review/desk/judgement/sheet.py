"""The review sheet: what the decision says, and exactly what will be sealed, before anything is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.buttons import Button, Segments, key_name
from faceid_review.desk.judgement.choice import Choice
from faceid_review.desk.judgement.proposal import Proposal, note_needed, round_of, sealed_lines
from faceid_review.desk.judgement.writing import Writing
from faceid_review.desk.line import IdLine, Label
from faceid_review.i18n import Words
from faceid_review.review.case import Case
from faceid_review.review.judging import Outcome, Step
from faceid_review.review.reasons import Reason

_LETTERS: Final = 84


class ReviewSheet(QDialog):
    """``seal_wanted`` carries a :class:`Proposal`. Escape and closing the sheet seal nothing.

    ``refused`` says for each outcome the wording that keeps it from being chosen, or None. ``changed`` tells that
    something was chosen or written, for the draft.
    """

    seal_wanted = Signal(object)
    changed = Signal()

    def __init__(
        self,
        words: Words,
        case: Case,
        *,
        step: Step | None,
        reason: str,
        outcome: str,
        note: str,
        by: str,
        reasons: Sequence[Reason],
        refused: Callable[[Outcome], str | None],
        exhibits: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("review_sheet")
        self._words, self._case, self._step, self._by = words, case, step, by
        self._reasons = tuple(reasons)
        self._refused = {one: refused(one) for one in Outcome}
        self.setWindowTitle(words("judgement.sheet.title", round=round_of(case)))
        self.title = Label("sheet_title", bold=True, step=2)
        self.title.setText(words("judgement.sheet.title", round=round_of(case)))
        self.outcome_label = Label("sheet_outcome_label", bold=True)
        self.outcome_label.setText(words("judgement.sheet.outcome"))
        self.outcomes = Segments(name=words("judgement.sheet.outcome"))
        self.outcomes.setObjectName("outcomes")
        for number, one in enumerate(Outcome, start=1):
            self.outcomes.add(one.value, words(f"judgement.outcome.{one.value}"), str(number))
            self.outcomes.set_enabled(one.value, self._refused[one] is None)
            key = QAction(self)
            key.setObjectName(f"outcome_{one.value}")
            key.setShortcut(QKeySequence(str(number)))
            key.triggered.connect(partial(self._take, one))
            self.addAction(key)
        self.outcomes.choose_none()
        if outcome and self._refused[Outcome(outcome)] is None:
            self.outcomes.choose(outcome)
        self.reason_label = Label("sheet_reason_label", bold=True)
        self.reason_label.setText(words("judgement.reason"))
        self.reason = Choice("sheet_reason", widest=460)
        self.reason.name_it(words("judgement.reason"), words("judgement.reason_choose"))
        self.reason_label.setBuddy(self.reason)
        self._offer_reasons(reason)
        self.note_label = Label("sheet_note_label", bold=True)
        self.note_label.setText(words("judgement.note"))
        self.note = Writing("sheet_note", lines=4)
        self.note.name_it(words("judgement.note"), words("judgement.note_placeholder"))
        self.note.show_text(note)
        self.note.offer_exhibits(exhibits)
        self.note_label.setBuddy(self.note)
        self.sealed_title = Label("sheet_sealed_title", bold=True)
        self.sealed_title.setText(words("judgement.sheet.sealed"))
        self.facts = QGridLayout()
        self.why = Label("sheet_why", ink="text2", step=-1, wrap=True)
        self.seal = Button(words("judgement.seal"), primary=True, key=key_name("Ctrl+Enter"))
        self.seal.setObjectName("sheet_seal")
        self.seal.setAccessibleName(words("judgement.seal"))
        self.leave = Button(words("judgement.back"), key=key_name("Esc"))
        self.leave.setObjectName("sheet_leave")
        self.leave.setAccessibleName(words("judgement.back"))
        for button in (self.seal, self.leave):
            button.setAutoDefault(False)
        self._lay_out()
        self.outcomes.chosen.connect(self._outcome_chosen)
        self.reason.activated.connect(self._weigh_again)
        self.note.textChanged.connect(self._weigh_again)
        self.note.left.connect(self.reject)
        self.seal.clicked.connect(self._seal)
        self.leave.clicked.connect(self.reject)
        for name in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(name), self).activated.connect(self._seal)
        self._weigh()
        self._fit()
        self.outcomes.focus()

    @property
    def outcome(self) -> Outcome | None:
        """The outcome that is chosen, or None."""
        return Outcome(self.outcomes.choice) if self.outcomes.choice else None

    @property
    def proposal(self) -> Proposal | None:
        """What would be sealed now; None while something is missing."""
        outcome, reason = self.outcome, self._reason
        if outcome is None or reason is None or outcome not in reason.outcomes:
            return None
        case = self._case
        return Proposal(case.biz_id, case.number, round_of(case), self._step, outcome, reason, self.note.text)

    @property
    def _reason(self) -> Reason | None:
        return next((one for one in self._reasons if one.code == self.reason.value), None)

    def _take(self, outcome: Outcome) -> None:
        if self._refused[outcome] is None:
            self.outcomes.choose(outcome.value)
            self.outcomes.focus()
            self._outcome_chosen(outcome.value)

    @Slot(str)
    def _outcome_chosen(self, _: str) -> None:
        self._offer_reasons(self.reason.value)
        self._weigh_again()

    def _offer_reasons(self, chosen: str) -> None:
        """Those that may be given for the outcome."""
        outcome, lang = self.outcome, self._words.lang
        fit = [one for one in self._reasons if outcome is None or outcome in one.outcomes]
        self.reason.offer([(one.code, f"{one.text(lang)}  {one.code}") for one in fit], chosen)

    @Slot()
    def _weigh_again(self) -> None:
        self._weigh()
        self.changed.emit()

    def _weigh(self) -> None:
        words, outcome = self._words, self.outcome
        needed = note_needed(self._case, outcome, self._step, self._reason) if outcome else None
        if outcome is None:
            why = words("judgement.sheet.choose_outcome")
        elif self._reason is None:
            why = words("judgement.sheet.choose_reason")
        elif needed and not self.note.text.strip():
            why = words(f"judgement.{needed}")
        else:
            why = ""
        self.seal.setEnabled(not why)
        self.why.setText(why or words("judgement.sheet.undo"))
        self.seal.setAccessibleDescription(self.why.text())
        self._show_facts()

    def _show_facts(self) -> None:
        while item := self.facts.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        proposal, words = self.proposal, self._words
        if proposal is None:
            nothing = Label("sheet_nothing", ink="text2")
            nothing.setText(words("judgement.sheet.nothing"))
            self.facts.addWidget(nothing, 0, 0, 1, 2)
            return
        for row, (name, value) in enumerate(sealed_lines(proposal, self._case, self._by, words)):
            left = Label("sheet_fact", ink="text2")
            left.setText(name)
            if name == "biz_id":
                right: Label = IdLine("sheet_value", value, ink="text")
            else:
                right = Label("sheet_value", wrap=True)
                right.setText(value)
            right.setAccessibleName(f"{name}: {value}")
            self.facts.addWidget(left, row, 0, Qt.AlignmentFlag.AlignTop)
            self.facts.addWidget(right, row, 1)

    @Slot()
    def _seal(self) -> None:
        if self.seal.isEnabled() and (proposal := self.proposal):
            self.seal_wanted.emit(proposal)
            self.accept()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._fit()

    def _fit(self) -> None:
        """As wide as a line that reads well, as high as its words then need."""
        layout = self.layout()
        assert layout is not None
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        letter = self.fontMetrics().averageCharWidth()
        width = max(_LETTERS * letter, layout.minimumSize().width())
        room = QApplication.primaryScreen().availableSize()
        lines = 10 * (self.fontMetrics().lineSpacing() + 3)
        high = max(layout.totalHeightForWidth(width), layout.minimumSize().height()) + lines
        self.resize(min(width, room.width()), min(high, room.height()))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addSpacing(8)
        for label, field in (
            (self.outcome_label, self.outcomes),
            (self.reason_label, self.reason),
            (self.note_label, self.note),
        ):
            column.addWidget(label)
            column.addWidget(field)
            column.addSpacing(8)
        column.addWidget(self.sealed_title)
        self.facts.setHorizontalSpacing(16)
        self.facts.setVerticalSpacing(3)
        self.facts.setColumnStretch(1, 1)
        column.addLayout(self.facts)
        column.addStretch(1)
        column.addSpacing(8)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.why, 1)
        foot.addWidget(self.leave)
        foot.addWidget(self.seal)
        column.addLayout(foot)
        self.setAccessibleName(self.title.text())
        palette.wear(self, "")

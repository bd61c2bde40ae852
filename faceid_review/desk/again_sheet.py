"""The sheet before an id is asked once more: whether its answer is spent, a typed reason, and which account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLayout,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from faceid_review.desk import palette
from faceid_review.desk.buttons import Button, key_name
from faceid_review.desk.intake.account_box import Account, AccountBox
from faceid_review.desk.line import IdLine, Label
from faceid_review.desk.preferences.field import trimmed
from faceid_review.errors import Spent
from faceid_review.faceid import glossary
from faceid_review.i18n import Words
from faceid_review.review.case import Case

LONGEST_REASON: Final = 500
"""Characters; a longer one belongs into a note."""

_LETTERS, _LINES = 62, 3


@dataclass(frozen=True)
class Again:
    """A person's wish for one more attempt."""

    reason: str
    account: str


class AgainSheet(QDialog):
    """Asks for the reason. ``wish`` is what was decided once the sheet was accepted.

    ``accounts`` are name, start of the api_key and base URL of each; the one of the last attempt is chosen.
    The button is dead until there is a reason, and Escape, Enter and closing the sheet ask nothing.
    """

    def __init__(
        self, words: Words, case: Case, accounts: Sequence[Account], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("again_sheet")
        self.setWindowTitle(words("again.title"))
        self._words = words
        title = Label("again_title", bold=True, step=2)
        title.setText(words("again.title"))
        which = IdLine("again_id", str(case.biz_id))
        self.spent = Label("again_spent", bold=True, wrap=True)
        self.spent.setText(_spent(case, words))
        self.about = Label("again_about", wrap=True)
        self.about.setText(_about(case, words))
        self.reason_label = Label("again_reason_label", bold=True)
        self.reason_label.setText(words("again.reason"))
        self.reason = QPlainTextEdit()
        self.reason.setObjectName("again_reason")
        self.reason.setAccessibleName(words("again.reason"))
        self.reason.setAccessibleDescription(words("again.reason_about"))
        self.reason.setPlaceholderText(words("again.reason_about"))
        self.reason.setTabChangesFocus(True)
        self.reason.setFrameShape(QFrame.Shape.StyledPanel)
        self.reason.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.reason_label.setBuddy(self.reason)
        self.account_label = Label("again_account_label", bold=True)
        self.account_label.setText(words("fetch.account"))
        self.accounts = AccountBox()
        self.accounts.setObjectName("again_account")
        self.accounts.show_accounts(accounts, case.account, words)
        self.account_label.setBuddy(self.accounts)
        self.note = Label("again_note", ink="text2", step=-1, wrap=True)
        self.ask = Button(words("again.ask"), primary=True, key=key_name("Ctrl+Enter"))
        self.ask.setObjectName("again_ask")
        self.ask.setAccessibleName(words("again.ask"))
        self.leave = Button(words("again.leave"), key=key_name("Esc"))
        self.leave.setObjectName("again_leave")
        self.leave.setAccessibleName(words("again.leave"))
        for button in (self.ask, self.leave):
            button.setAutoDefault(False)
        self._lay_out(title, which, several=len(accounts) > 1)
        self.reason.textChanged.connect(self._weigh)
        self.accounts.activated.connect(self._account_picked)
        self.ask.clicked.connect(self._accept)
        self.leave.clicked.connect(self.reject)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self._accept)
        self._dress()
        self._weigh()
        self._fit()
        self.reason.setFocus()

    @property
    def wish(self) -> Again:
        """The reason as typed, without blanks around it, and the account."""
        return Again(trimmed(self.reason.toPlainText()), self.accounts.name)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange):
            self._dress()

    def _accept(self) -> None:
        if self.ask.isEnabled():
            self.accept()

    def _account_picked(self, _: int) -> None:
        self.accounts.speak(self._words)

    def _weigh(self) -> None:
        length = len(self.wish.reason)
        self.ask.setEnabled(0 < length <= LONGEST_REASON)
        why = "again.too_long" if length > LONGEST_REASON else "again.recorded" if length else "again.needed"
        self.note.setText(self._words(why, most=LONGEST_REASON))
        self.ask.setAccessibleDescription(self.note.text())

    def _dress(self) -> None:
        t = palette.tokens()
        palette.wear(
            self.reason,
            f"QPlainTextEdit {{ background: {t.field}; border: 1px solid {t.edge}; border-radius: 4px;"
            f" padding: 3px; }} QPlainTextEdit:focus {{ border: 2px solid {t.accent}; padding: 2px; }}",
        )
        self.reason.setMinimumHeight(_LINES * self.fontMetrics().lineSpacing() + 20)

    def _fit(self) -> None:
        """As wide as a line that reads well, as high as its words then need."""
        layout = self.layout()
        assert layout is not None
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        width = max(_LETTERS * self.fontMetrics().averageCharWidth(), layout.minimumSize().width())
        self.resize(width, max(layout.totalHeightForWidth(width), layout.minimumSize().height()))

    def _lay_out(self, title: Label, which: Label, *, several: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(4)
        column.addWidget(title)
        column.addWidget(which)
        column.addSpacing(8)
        column.addWidget(self.spent)
        column.addWidget(self.about)
        column.addSpacing(10)
        if several:
            column.addWidget(self.account_label)
            column.addWidget(self.accounts)
            column.addSpacing(6)
        else:
            self.account_label.setParent(self)
            self.accounts.setParent(self)
            self.account_label.hide()
            self.accounts.hide()
        column.addWidget(self.reason_label)
        column.addWidget(self.reason, 1)
        column.addSpacing(8)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.leave)
        foot.addWidget(self.ask)
        column.addLayout(foot)


def _spent(case: Case, words: Words) -> str:
    """Whether the one answer is spent, in the glossary's words."""
    return glossary.spent(case.refusal.spent if case.refusal else Spent.PERHAPS).text(words.lang)


def _about(case: Case, words: Words) -> str:
    """What happened, what the vendor's code suggests, and what asking once more does."""
    said = [words(f"again.was.{case.stage.value}", code=case.refusal.code[:80] if case.refusal else "")]
    if case.refusal:
        meaning = glossary.refusal(case.refusal.code, case.refusal.http_status)
        said.append(meaning.next_step.text(words.lang))
    last = max((attempt.number for attempt in case.attempts), default=0)
    said.append(words("again.sends", number=last + 1, last=last))
    return ("" if words.lang == "zh" else " ").join(said)

"""The accounts page: who is asked, where each secret lies, and the office's policies. No secret is ever shown on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.buttons import Button
from faceid_review.desk.preferences.field import Kind, Remark, Told
from faceid_review.desk.preferences.form import AccountForm, needs
from faceid_review.desk.preferences.page import (
    Column,
    Door,
    Elides,
    Pair,
    Says,
    Strip,
    announce,
    holds_focus,
    named,
)
from faceid_review.desk.preferences.policies import PoliciesDoor
from faceid_review.desk.preferences.wish import AccountLine, AccountWish
from faceid_review.desk.shapes import Shape
from faceid_review.i18n import Words

__all__ = ["AccountLine", "AccountWish", "AccountsPage"]

_GAP: Final = 16
_BRIEF: Final = 32


def brief(name: str) -> str:
    """A name as it stands in a sentence: cut after 32 characters, since one without blanks would not wrap."""
    return name if len(name) <= _BRIEF else f"{name[: _BRIEF - 1]}…"


class AccountsPage(Column):
    """Accounts to add, change, check and remove.

    ``check_url`` says what is wrong with a base URL as a wording id (``error.<id>``), or None. The fields that
    ``failed`` knows are ``name``, ``api_key``, ``api_secret`` and ``base_url``.
    """

    add_wanted = Signal(object)
    change_wanted = Signal(str, object)
    remove_wanted = Signal(str)
    check_wanted = Signal(str)
    close_wanted = Signal()

    def __init__(
        self, words: Words, check_url: Callable[[str], str | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("accounts")
        self._words = words
        self._changing: AccountLine | None = None
        self._cards: dict[str, AccountCard] = {}
        self._told = Told()
        self._done = Told()
        self._title = Says(step=7, bold=True)
        self._about = Says("text2")
        self._close = Button(key="Esc")
        named(self._close, "close_accounts")
        self._close.clicked.connect(self.close_wanted)
        self._strip = Strip(Shape.DOTS, "info")
        self._strip.setObjectName("accounts_strip")
        self._strip.hide()
        self.form = AccountForm(words, check_url)
        self._add = Button(primary=True)
        named(self._add, "add_account")
        self._cancel = Button()
        named(self._cancel, "cancel_change")
        self._reason = Says("text2", -1)
        self._doors = Pair(self._list_door(), self._form_door())
        self.policies = PoliciesDoor(words)
        self._arrange()
        self.form.changed.connect(self._weigh)
        self.form.entered.connect(self._send)
        self._add.clicked.connect(self._send)
        self._cancel.clicked.connect(self._stop_changing)
        self.begin_at(self.form.name.line)
        self.speak(words)

    def show_accounts(self, accounts: Sequence[AccountLine]) -> None:
        """Show these accounts and no others; whatever is said beside one that is the same still stands there."""
        before, self._cards = self._cards, {}
        for account in accounts:
            card = before.get(account.name)
            if card is None or card.account != account:
                card = self._card(account)
            self._cards[account.name] = card
            self._list.addWidget(card)
        gone = [card for card in before.values() if card not in self._cards.values()]
        inside = any(holds_focus(card) for card in gone)
        for card in gone:
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._none.setVisible(not accounts)
        self._order_keys()
        self.form.take_names(self._cards)
        if self._changing is not None and self._changing.name not in self._cards:
            self._stop_changing()
        if inside:
            self.bring(self.form.name.line)
        self._weigh()

    def keyring_state(self, usable: bool, name: str = "", why: str = "") -> None:
        """Whether secrets can go to the system's keyring; if not, the form says that the vault takes them."""
        self.form.keyring_state(usable)

    def checked(self, name: str, ok: bool, sentence: str) -> None:
        """Show what the check of the account ``name`` said."""
        if card := self._cards.get(name):
            card.say(Kind.GOOD if ok else Kind.STOP, Told(sentence=sentence))
            announce(card, sentence)

    def busy(self, text: str) -> None:
        """Something is under way, ``text`` says what; an empty text ends it."""
        self._tell(Shape.DOTS, "info", Told(sentence=text))
        self._doors.setEnabled(not text)
        self._weigh()

    def failed(self, sentence: str, field: str = "") -> None:
        """What was wanted did not come about; ``sentence`` stands beside ``field`` if it is one of the form."""
        self.busy("")
        if fault := self.form.fail(field, sentence):
            self.bring(fault.line)
        else:
            self._tell(Shape.SQUARE, "stop", Told(sentence=sentence))
            self.reveal(self._strip)

    def done(self, sentence: str = "") -> None:
        """What was wanted came about: the form is empty again, and nothing of the secret is left in it.

        Without a ``sentence`` the page says by itself what was done.
        """
        self.busy("")
        self._changing = None
        self.form.change(None)
        self._tell(Shape.TICK, "ok", Told(sentence=sentence) if sentence else self._done)
        self._done = Told()
        self.speak(self._words)
        self.bring(self.form.name.line)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("accounts.title"))
        self._title.setText(words("accounts.title"))
        self._about.setText(words("accounts.about"))
        self._close.setText(words("accounts.close"))
        self._close.setAccessibleName(words("accounts.close"))
        self._list_frame.say(words("accounts.list"), words("accounts.check_about"))
        self._none.setText(words("accounts.none"))
        for card in self._cards.values():
            card.speak(words)
        self.form.speak(words)
        self.policies.speak(words)
        if self._changing is None:
            self._form_frame.say(words("accounts.add_title"), words("accounts.add_about"))
        else:
            self._form_frame.say(
                words("accounts.change_title", name=brief(self._changing.name)),
                words("accounts.change_about"),
            )
        act = words("accounts.add") if self._changing is None else words("accounts.save")
        for button, text in ((self._add, act), (self._cancel, words("accounts.cancel"))):
            button.setText(text)
            button.setAccessibleName(text)
        self._cancel.setVisible(self._changing is not None)
        self._strip.say(self._told(words))
        self._weigh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif asking := [card for card in self._cards.values() if card.asking]:
            asking[0].keep()
        elif self._changing is not None:
            self._stop_changing()
        else:
            self.close_wanted.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.form.wipe_secrets()

    # ---- wishes

    def _send(self) -> None:
        if not self._doors.isEnabled():
            return
        wish = self.form.wish()
        if wish is None:
            if fault := self.form.complain():
                self.bring(fault.line)
            return
        self._tell(Shape.DOTS, "info", Told())
        if self._changing is None:
            self._done = Told("accounts.added")
            self.add_wanted.emit(wish)
        else:
            self._done = Told("accounts.changed")
            self.change_wanted.emit(self._changing.name, wish)

    def _check(self, name: str) -> None:
        self._cards[name].say(Kind.UNDER_WAY, Told("accounts.checking"))
        self.check_wanted.emit(name)

    def _remove(self, name: str) -> None:
        self._done = Told("accounts.removed")
        self.remove_wanted.emit(name)

    def _change(self, account: AccountLine) -> None:
        self._changing = account
        self.form.change(account)
        self._tell(Shape.DOTS, "info", Told())
        self.speak(self._words)
        self.bring(self.form.name.line)

    def _stop_changing(self) -> None:
        self._changing = None
        self.form.change(None)
        self.speak(self._words)
        self.bring(self.form.name.line)

    def _weigh(self) -> None:
        ready = self.form.wish() is not None
        self._add.setEnabled(ready)
        reason = needs(self._words, self.form.lacking())
        if not ready and not reason:
            reason = self._words("accounts.mend")
        self._reason.setText(reason)
        self._add.setAccessibleDescription(reason)

    def _tell(self, shape: Shape, kind: str, told: Told) -> None:
        self._told = told
        self._strip.set_kind(shape, kind)
        self._strip.say(told(self._words))
        announce(self._strip, told(self._words))

    # ---- layout

    def _order_keys(self) -> None:
        """The Tab key goes through the list, then the form, then to Close."""
        stops: list[QWidget] = [button for card in self._cards.values() for button in card.buttons]
        stops += self.form.stops
        stops += [self._add, self._cancel, *self.policies.stops, self._close]
        for stop, following in pairwise(stops):
            QWidget.setTabOrder(stop, following)

    def _card(self, account: AccountLine) -> AccountCard:
        card = AccountCard(account, self._words)
        card.check_wanted.connect(self._check)
        card.change_wanted.connect(partial(self._change, account))
        card.remove_wanted.connect(self._remove)
        return card

    def _list_door(self) -> Door:
        self._list_frame = Door()
        self._none = Says("text2")
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._list_frame.body.addSpacing(10)
        self._list_frame.body.addWidget(self._none)
        self._list_frame.body.addLayout(self._list)
        self._list_frame.body.addStretch(1)
        return self._list_frame

    def _form_door(self) -> Door:
        self._form_frame = Door(icon="key")
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self._add)
        foot.addWidget(self._cancel)
        foot.addWidget(self._reason, 1)
        self._form_frame.body.addSpacing(12)
        self._form_frame.body.addWidget(self.form)
        self._form_frame.body.addSpacing(14)
        self._form_frame.body.addLayout(foot)
        self._form_frame.body.addStretch(1)
        return self._form_frame

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self.body.addWidget(self._about)
        self.body.addSpacing(_GAP)
        self.body.addWidget(self._strip)
        self.body.addSpacing(_GAP // 2)
        self.body.addWidget(self._doors)
        self.body.addSpacing(_GAP)
        self.body.addWidget(self.policies)
        self.body.addStretch(1)


class AccountCard(QWidget):
    """One account, what can be done to it, and what its last check said."""

    check_wanted = Signal(str)
    change_wanted = Signal()
    remove_wanted = Signal(str)

    def __init__(self, account: AccountLine, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.account, self._told, self._kind = account, Told(), Kind.NOTE
        name = Elides(bold=True)
        name.setText(account.name)
        address = Elides("text2", -1, fixed=True)
        address.setText(account.base_url)
        self._facts = Says("text2", -1)
        self._remark = Remark()
        self._remark.setObjectName(f"checked {account.name}")
        self._question = Says(bold=True)
        self._check, self._change, self._remove = map(self._button, ("check", "change", "remove"))
        self._yes, self._no = map(self._button, ("remove_now", "keep"))
        self._acts, self._ask = _row(self._check, self._change, self._remove), QWidget()
        ask = QVBoxLayout(self._ask)
        ask.setContentsMargins(0, 0, 0, 0)
        ask.addWidget(self._question)
        ask.addWidget(_row(self._yes, self._no))
        self._ask.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 12)
        column.setSpacing(2)
        for fact in (name, address, self._facts):
            column.addWidget(fact)
        column.addSpacing(6)
        for part in (self._acts, self._ask, self._remark):
            column.addWidget(part)
        self._check.clicked.connect(self._ask_check)
        self._change.clicked.connect(self.change_wanted)
        self._remove.clicked.connect(self._ask_first)
        self._yes.clicked.connect(self._say_yes)
        self._no.clicked.connect(self.keep)
        self.speak(words)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Its buttons in the order of the Tab key."""
        return (self._check, self._change, self._remove, self._yes, self._no)

    @property
    def asking(self) -> bool:
        """Whether it asks if the account is to go."""
        return not self._ask.isHidden()

    def say(self, kind: Kind, told: Told) -> None:
        """Say what the check said."""
        self._kind, self._told = kind, told
        self._remark.say(kind, told(self._words))

    def keep(self) -> None:
        """Take the question back."""
        self._acts.show()
        self._remove.setFocus(Qt.FocusReason.OtherFocusReason)
        self._ask.hide()

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words, name = words, self.account.name
        place = self.account.secret_place
        self.setAccessibleName(name)
        self._facts.setText(
            words("accounts.line_keyring", start=self.account.key_start, place=place)
            if place
            else words("accounts.line_vault", start=self.account.key_start)
        )
        for button, text, whole in (
            (self._check, words("accounts.check"), words("accounts.check_name", name=name)),
            (self._change, words("accounts.change"), words("accounts.change_title", name=name)),
            (self._remove, words("accounts.remove"), words("accounts.remove_name", name=name)),
            (self._yes, words("accounts.remove"), words("accounts.remove_name", name=name)),
            (self._no, words("accounts.keep"), words("accounts.keep_name", name=name)),
        ):
            button.setText(text)
            button.setAccessibleName(whole)
        self._check.setAccessibleDescription(words("accounts.check_about"))
        self._question.setText(words("accounts.remove_ask", name=brief(name)))
        self._no.setAccessibleDescription(words("accounts.remove_ask", name=name))
        self._remark.say(self._kind, self._told(words))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, 0, self.width(), 1, palette.tokens().line)

    def _ask_check(self) -> None:
        self.check_wanted.emit(self.account.name)

    def _say_yes(self) -> None:
        self.remove_wanted.emit(self.account.name)

    def _ask_first(self) -> None:
        self._ask.show()
        self._no.setFocus(Qt.FocusReason.OtherFocusReason)
        self._acts.hide()

    def _button(self, act: str) -> Button:
        button = Button()
        named(button, f"{act} {self.account.name}")
        return button


def _row(*buttons: Button) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for button in buttons:
        layout.addWidget(button)
    layout.addStretch(1)
    return row

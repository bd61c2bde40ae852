"""The empty desk: a vault without a case yet. It says what will appear here and offers the way to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from faceid_review.desk.buttons import Button
from faceid_review.desk.preferences.accounts import brief
from faceid_review.desk.preferences.field import Kind, Remark, Told
from faceid_review.desk.preferences.form import AccountForm, needs
from faceid_review.desk.preferences.page import Column, Door, Says, Strip, announce, holds_focus, named
from faceid_review.desk.preferences.wish import AccountLine
from faceid_review.desk.shapes import Shape
from faceid_review.desk.welcome.practice import PracticeLine
from faceid_review.i18n import Words


class EmptyDesk(Column):
    """Two doors: an account where there is none yet, else the way to the fetch page; and what is there already.

    ``check_url`` says what is wrong with a base URL as a wording id (``error.<id>``), or None. The fields that
    ``failed`` knows are ``name``, ``api_key``, ``api_secret`` and ``base_url``.
    """

    fetch_wanted = Signal()
    import_wanted = Signal()
    practice_wanted = Signal()
    add_wanted = Signal(object)
    check_wanted = Signal(str)
    accounts_wanted = Signal()

    def __init__(
        self, words: Words, check_url: Callable[[str], str | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("empty_desk")
        self._words = words
        self._accounts: tuple[AccountLine, ...] = ()
        self._busy = ""
        self._failed, self._checked, self._kind = Told(), Told(), Kind.NOTE
        self.form = AccountForm(words, check_url, two_columns=True)
        self._add = Button(primary=True)
        self._fetch = Button(primary=True, key="F", icon="fetch")
        self._import = Button(key="Ctrl+O", icon="import")
        self._check, self._manage = Button(), Button()
        for button, name in (
            (self._add, "add_account"),
            (self._fetch, "first_fetch"),
            (self._import, "first_import"),
            (self._check, "check_account"),
            (self._manage, "manage_accounts"),
        ):
            named(button, name)
        self._arrange()
        self._join()
        self.speak(words)

    def show_accounts(self, accounts: Sequence[AccountLine]) -> None:
        """Show the door that fits these accounts: the form where there is none, else Fetch."""
        focused = holds_focus(self._account_door)
        if self._accounts != tuple(accounts):
            self._checked, self._kind = Told(), Kind.NOTE
        self._accounts = tuple(accounts)
        self._account_door.setVisible(not accounts)
        self._fetch_door.setVisible(bool(accounts))
        self.begin_at(self._fetch if accounts else self.form.name.line)
        self.speak(self._words)
        if focused and accounts:
            self.bring(self._fetch)

    def keyring_state(self, usable: bool, name: str = "", why: str = "") -> None:
        """Whether secrets can go to the system's keyring; if not, the form says that the vault takes them."""
        self.form.keyring_state(usable)

    def offer_practice(self, offered: bool) -> None:
        """Show the way into the practice vault, or not where this is the practice vault."""
        self._practice.setVisible(offered)

    def busy(self, text: str) -> None:
        """Something is under way, ``text`` says what; an empty text ends it."""
        self._busy = text
        self._failed = Told()
        self._account_door.setEnabled(not text)
        self._fetch_door.setEnabled(not text)
        self._say_progress()
        self._weigh()

    def failed(self, sentence: str, field: str = "") -> None:
        """The account was not added; ``sentence`` stands beside ``field`` if it is one of the form."""
        self.busy("")
        if fault := self.form.fail(field, sentence):
            self.bring(fault.line)
            return
        self._failed = Told(sentence=sentence)
        self._say_progress()

    def done(self) -> None:
        """The account was added: nothing of what was typed is left here."""
        self.busy("")
        self.form.change(None)

    def checked(self, name: str, ok: bool, sentence: str) -> None:
        """Show what the check of the account ``name`` said."""
        if self._accounts and name == self._accounts[0].name:
            self._say_checked(Kind.GOOD if ok else Kind.STOP, Told(sentence=sentence))

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        none = not self._accounts
        title = words("empty.title_account") if none else words("empty.title_fetch")
        self.setAccessibleName(title)
        self._title.setText(title)
        self._about.setText(words("empty.about"))
        self._account_door.say(words("accounts.add_title"), words("accounts.add_about"))
        self._fetch_door.say(words("empty.fetch_title"), words("empty.fetch_about"))
        self._import_door.say(words("importing.door"), words("importing.door_about"))
        self._say_account()
        for button, text in (
            (self._add, words("accounts.add")),
            (self._fetch, words("empty.fetch")),
            (self._import, words("action.import")),
            (self._check, words("accounts.check")),
            (self._manage, words("empty.accounts")),
        ):
            button.setText(text)
            button.setAccessibleName(text)
        self._check.setAccessibleDescription(words("accounts.check_about"))
        self._once.say(words("empty.once"), words("empty.once_about"))
        self.form.speak(words)
        self._practice.speak(words)
        self._remark.say(self._kind, self._checked(words))
        self._say_progress()
        self._weigh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.form.wipe_secrets()

    def _send(self) -> None:
        if self._busy:
            return
        if wish := self.form.wish():
            self.add_wanted.emit(wish)
        elif fault := self.form.complain():
            self.bring(fault.line)

    def _ask_check(self) -> None:
        self._say_checked(Kind.UNDER_WAY, Told("accounts.checking"))
        self.check_wanted.emit(self._accounts[0].name)

    def _weigh(self) -> None:
        ready = self.form.wish() is not None
        self._add.setEnabled(ready and not self._busy)
        reason = needs(self._words, self.form.lacking())
        if not ready and not reason:
            reason = self._words("accounts.mend")
        self._reason.setText(reason)
        self._add.setAccessibleDescription(reason)

    def _say_account(self) -> None:
        words = self._words
        if not self._accounts:
            return
        first = self._accounts[0]
        one = words("empty.account", name=brief(first.name), start=first.key_start, address=first.base_url)
        several = words("empty.accounts_several", n=len(self._accounts))
        self._account.setText(one if len(self._accounts) == 1 else several)
        self._check.setVisible(len(self._accounts) == 1)
        self._check_about.setVisible(len(self._accounts) == 1)
        self._check_about.setText(words("accounts.check_about"))

    def _say_checked(self, kind: Kind, told: Told) -> None:
        self._kind, self._checked = kind, told
        self._remark.say(kind, told(self._words))
        announce(self._remark, told(self._words))

    def _say_progress(self) -> None:
        failed = self._failed(self._words)
        shape, kind = (Shape.DOTS, "info") if self._busy else (Shape.SQUARE, "stop")
        self._progress.set_kind(shape, kind)
        self._progress.say(self._busy or failed)
        announce(self._progress, self._busy or failed)

    def _join(self) -> None:
        self.form.changed.connect(self._weigh)
        self.form.entered.connect(self._send)
        self._add.clicked.connect(self._send)
        self._fetch.clicked.connect(self.fetch_wanted)
        self._import.clicked.connect(self.import_wanted)
        self._check.clicked.connect(self._ask_check)
        self._manage.clicked.connect(self.accounts_wanted)
        self._practice.wanted.connect(self.practice_wanted)

    def _arrange(self) -> None:
        self._title, self._about = Says(step=7, bold=True), Says("text2")
        self._once = Strip(Shape.CLOCK, "info")
        self._progress = Strip(Shape.DOTS, "info")
        self._progress.setObjectName("progress")
        self._practice = PracticeLine()
        self._arrange_account()
        self._arrange_fetch()
        self._import_door = Door(icon="import")
        self._import_door.body.addSpacing(12)
        self._import_door.body.addWidget(self._import)
        self.body.addWidget(self._title)
        self.body.addWidget(self._about)
        self.body.addSpacing(18)
        self.body.addWidget(self._account_door)
        self.body.addWidget(self._fetch_door)
        self.body.addSpacing(12)
        self.body.addWidget(self._import_door)
        self.body.addSpacing(12)
        self.body.addWidget(self._progress)
        self.body.addSpacing(6)
        self.body.addWidget(self._once)
        self.body.addSpacing(16)
        self.body.addWidget(self._practice)
        self.body.addStretch(1)
        self._fetch_door.hide()
        self.begin_at(self.form.name.line)

    def _arrange_account(self) -> None:
        self._account_door = Door(icon="key")
        self._reason = Says("text2", -1)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self._add)
        foot.addWidget(self._reason, 1)
        self._account_door.body.addSpacing(12)
        self._account_door.body.addWidget(self.form)
        self._account_door.body.addSpacing(14)
        self._account_door.body.addLayout(foot)

    def _arrange_fetch(self) -> None:
        self._fetch_door = Door(icon="fetch")
        self._account, self._check_about = Says(), Says("text2", -1)
        self._remark = Remark()
        self._remark.setObjectName("checked")
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self._check)
        acts.addWidget(self._manage)
        acts.addWidget(self._check_about, 1)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self._fetch)
        column.addSpacing(12)
        column.addWidget(self._account)
        column.addLayout(acts)
        column.addWidget(self._remark)
        self._fetch_door.body.addSpacing(12)
        self._fetch_door.body.addLayout(column)

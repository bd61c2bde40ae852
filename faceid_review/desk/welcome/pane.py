"""The first run: who reviews, a recovery passphrase, and an account if there is one. It ends in a vault."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from faceid_review.desk.buttons import Button
from faceid_review.desk.preferences.field import Field, Kind, Told
from faceid_review.desk.preferences.form import LONGEST_NAME, AccountForm, needs
from faceid_review.desk.preferences.page import Column, Door, Says, Strip, announce, joined, named
from faceid_review.desk.preferences.wish import AccountWish
from faceid_review.desk.shapes import Shape
from faceid_review.desk.welcome import passphrase
from faceid_review.desk.welcome.practice import PracticeLine
from faceid_review.desk.welcome.wish import Wish
from faceid_review.i18n import Words

__all__ = ["AccountWish", "WelcomePage", "Wish"]

_GAP: Final = 10


class WelcomePage(Column):
    """What is seen before there is a vault. ``make_wanted`` carries a ``Wish``.

    ``check_url`` says what is wrong with a base URL as a wording id (``error.<id>``), or None. The fields that
    ``failed`` knows are ``reviewer``, ``passphrase``, ``passphrase_again`` and those of the account:
    ``name``, ``api_key``, ``api_secret``, ``base_url``.
    """

    make_wanted = Signal(object)
    practice_wanted = Signal()

    def __init__(
        self, words: Words, check_url: Callable[[str], str | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self._words = words
        self._usable, self._keyring, self._why = True, "", ""
        self._busy: Told | None = None
        self._failed: Told | None = None
        self._told: dict[str, Told] = {}
        self._suggest = Button()
        named(self._suggest, "suggest")
        self.reviewer = Field("reviewer")
        self.passphrase = Field("passphrase", secret=True, fixed=True, beside=self._suggest)
        self.again = Field("passphrase_again", secret=True, fixed=True)
        self.form = AccountForm(words, check_url, optional=True, two_columns=True)
        self._make = Button(primary=True)
        named(self._make, "make_vault")
        self._practice = PracticeLine()
        self._arrange()
        self._join()
        self.begin_at(self.reviewer.line)
        self.speak(words)

    # ---- what the page is told

    def keyring_state(self, usable: bool, name: str = "", why: str = "") -> None:
        """Whether the keyring called ``name`` can hold the vault's key; if not, ``why`` says it in words."""
        self._usable, self._keyring, self._why = usable, name, why
        self.form.keyring_state(usable)
        self.speak(self._words)

    def busy(self, text: str) -> None:
        """The vault is being made, ``text`` says what is waited for; an empty text ends it."""
        self._work(Told(sentence=text) if text else None)

    def failed(self, sentence: str, field: str = "") -> None:
        """The vault was not made; ``sentence`` stands beside ``field`` if there is such a field."""
        self._work(None)
        own = next((part for part in self._own if part.name == field), None)
        if own is not None:
            self._tell(own, Told(sentence=sentence))
        if fault := own or self.form.fail(field, sentence):
            self.bring(fault.line)
            return
        self._failed = Told(sentence=sentence)
        self._say_progress()
        self.bring(self._make)

    def done(self) -> None:
        """The vault is made: nothing of what was typed is left here."""
        self._work(None)
        self.reviewer.wipe()
        self._wipe_secrets()
        self.form.change(None)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("welcome.title"))
        self._title.setText(words("welcome.title"))
        self._about.setText(words("welcome.about"))
        if self._usable:
            self._no_keyring.say("")
        else:
            alone = joined(words, self._why, words("welcome.passphrase_alone"))
            self._no_keyring.say(words("welcome.no_keyring"), alone)
        self._who.say(words("welcome.reviewer_title"), words("welcome.reviewer_about"))
        about = "welcome.passphrase_about" if self._usable else "welcome.passphrase_only"
        self._recovery.say(words("welcome.passphrase_title"), words(about))
        self._account.say(words("welcome.account_title"), words("welcome.account_about"))
        self._place.setText(words("welcome.key_place", name=self._keyring) if self._keyring else "")
        self._place.setVisible(self._usable and bool(self._keyring))
        eye = {"show": words("welcome.show_passphrase"), "hide": words("welcome.hide_passphrase")}
        self.reviewer.speak(words("welcome.reviewer"), lack=words("welcome.lack_reviewer"))
        self.passphrase.speak(
            words("welcome.passphrase", shortest=passphrase.SHORTEST),
            lack=words("welcome.lack_passphrase"),
            **eye,
        )
        self.again.speak(words("welcome.passphrase_again"), lack=words("welcome.lack_again"), **eye)
        self._suggest.setText(words("welcome.suggest"))
        self._suggest.setAccessibleName(words("welcome.suggest"))
        self._suggest.setAccessibleDescription(words("welcome.suggest_about"))
        self._make.setText(words("welcome.make"))
        self._make.setAccessibleName(words("welcome.make"))
        self.form.speak(words)
        self._practice.speak(words)
        for field in self._own:
            if told := self._told.get(field.name):
                field.say(Kind.WRONG, told(words))
        self._compare()
        self._say_progress()
        self._weigh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._wipe_secrets()

    # ---- what is typed

    @property
    def _own(self) -> tuple[Field, ...]:
        return (self.reviewer, self.passphrase, self.again)

    def _wish(self) -> Wish | None:
        if self._lacking() or any(self._wrong(field) for field in self._own) or self.form.faulty():
            return None
        return Wish(
            reviewer=self.reviewer.value,
            passphrase=self.passphrase.text,
            account=None if self.form.skipped else self.form.wish(),
        )

    def _lacking(self) -> list[Field]:
        empty = [field for field in self._own if not (field.value if field is self.reviewer else field.text)]
        return empty + self.form.lacking()

    def _wrong(self, field: Field) -> Told | None:
        if field is self.reviewer:
            if not field.value.isprintable():
                return Told("accounts.invisible")
            return (
                Told("accounts.name_long", longest=LONGEST_NAME) if len(field.value) > LONGEST_NAME else None
            )
        if field is self.again:
            return None if field.text == self.passphrase.text else Told("welcome.not_the_same")
        match passphrase.problem(field.text):
            case "short":
                return Told("welcome.short", shortest=passphrase.SHORTEST, typed=len(field.text))
            case "edges":
                return Told("welcome.edges")
            case "invisible":
                return Told("accounts.invisible")
        return None

    def _send(self) -> None:
        if self._busy is not None:
            return
        if wish := self._wish():
            self._failed = None
            for field in (self.passphrase, self.again, self.form.api_secret):
                field.hide_text()
            self._work(Told("welcome.waiting" if self._usable else "welcome.making"))
            self.make_wanted.emit(wish)
            return
        first = None
        for field in self._own:
            told = Told("accounts.needed") if field in self._lacking() else self._wrong(field)
            if told is not None:
                self._tell(field, told)
                first = first or field
        # Beside every field at once, so that nobody mends them one Enter at a time.
        first_of_account = self.form.complain()
        if fault := first or first_of_account:
            self.bring(fault.line)

    def _suggested(self) -> None:
        self.again.wipe()
        self.passphrase.set_text(passphrase.suggested())
        if self.passphrase.eye is not None:
            self.passphrase.eye.setChecked(True)
        self.passphrase.say(Kind.NOTE, self._words("welcome.write_down"))
        self.bring(self.again.line)

    def _edited(self, field: Field | None = None) -> None:
        if field is not None:
            self._told.pop(field.name, None)
        if self._failed is not None:
            self._failed = None
            self._say_progress()
        self._compare()
        self._weigh()

    def _left(self, field: Field) -> None:
        if field.text and (told := self._wrong(field)):
            self._tell(field, told)

    def _compare(self) -> None:
        """Say that the passphrase was typed twice the same, which is the test that it was written down."""
        same = self.again.text == self.passphrase.text and passphrase.problem(self.again.text) is None
        if same:
            self._told.pop(self.again.name, None)
            self.again.say(Kind.GOOD, self._words("welcome.the_same"))
        elif self.again.remark.kind is Kind.GOOD:
            self.again.say(Kind.NOTE, "")

    def _tell(self, field: Field, told: Told) -> None:
        self._told[field.name] = told
        field.say(Kind.WRONG, told(self._words))

    def _wipe_secrets(self) -> None:
        self.passphrase.wipe()
        self.again.wipe()
        self.form.wipe_secrets()

    # ---- what is said at the foot

    def _weigh(self) -> None:
        ready = self._wish() is not None
        self._make.setEnabled(ready and self._busy is None)
        reason = needs(self._words, self._lacking())
        if ready:
            reason = self._words("welcome.account_later") if self.form.skipped else ""
        elif not reason:
            reason = self._words("accounts.mend")
        self._reason.setText(reason)
        self._make.setAccessibleDescription(reason)

    def _work(self, busy: Told | None) -> None:
        self._busy = busy
        if busy is not None:
            self._failed = None
        self._steps.setEnabled(busy is None)
        self._practice.setEnabled(busy is None)
        self._say_progress()
        self._weigh()

    def _say_progress(self) -> None:
        words = self._words
        if self._busy is not None:
            self._progress.set_kind(Shape.DOTS, "info")
            self._progress.say(self._busy(words), words("welcome.dialog_hint") if self._usable else "")
        elif self._failed is not None:
            self._progress.set_kind(Shape.SQUARE, "stop")
            self._progress.say(self._failed(words))
        else:
            self._progress.say("")
            return
        announce(self._progress, self._progress.accessibleName())
        self.reveal(self._progress)

    # ---- layout

    def _arrange(self) -> None:
        self._title, self._about, self._reason = Says(step=7, bold=True), Says("text2"), Says("text2", -1)
        self._no_keyring = Strip(Shape.TRIANGLE, "warn")
        self._no_keyring.setObjectName("no_keyring")
        self._progress = Strip(Shape.DOTS, "info")
        self._progress.setObjectName("progress")
        self._who = Door(mark="1", beside=_stack(self.reviewer))
        self._recovery = Door(mark="2", beside=_stack(self.passphrase, self.again))
        self._account = Door(mark="3")
        self._place = Says("text2", -1)
        self._recovery.body.addSpacing(6)
        self._recovery.body.addWidget(self._place)
        for door in (self._who, self._recovery):
            door.body.addStretch(1)
        self._account.body.addSpacing(_GAP)
        self._account.body.addWidget(self.form)
        self._steps = QWidget()
        steps = QVBoxLayout(self._steps)
        steps.setContentsMargins(0, 0, 0, 0)
        steps.setSpacing(12)
        for door in (self._who, self._recovery, self._account):
            steps.addWidget(door)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self._make)
        foot.addWidget(self._reason, 1)
        self.body.addWidget(self._title)
        self.body.addWidget(self._about)
        self.body.addSpacing(14)
        upper = QVBoxLayout()
        upper.setSpacing(12)
        upper.addWidget(self._no_keyring)
        upper.addWidget(self._steps)
        self.body.addLayout(upper)
        self.body.addSpacing(14)
        self.body.addLayout(foot)
        self.body.addSpacing(_GAP)
        self.body.addWidget(self._progress)
        self.body.addSpacing(_GAP)
        self.body.addWidget(self._practice)
        self.body.addStretch(1)

    def _join(self) -> None:
        for field in self._own:
            field.changed.connect(partial(self._edited, field))
            field.left.connect(partial(self._left, field))
            field.entered.connect(self._send)
        self.form.changed.connect(self._edited)
        self.form.entered.connect(self._send)
        self._suggest.clicked.connect(self._suggested)
        self._make.clicked.connect(self._send)
        self._practice.wanted.connect(self.practice_wanted)


def _stack(*fields: Field) -> QWidget:
    """``fields`` one under the other."""
    stack = QWidget()
    column = QVBoxLayout(stack)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(_GAP)
    for field in fields:
        column.addWidget(field)
    column.addStretch(1)
    return stack

"""The form of one account: for the first run, for the empty desk and for the accounts page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from faceid_review.desk.preferences.field import Choice, Field, Kind, Told
from faceid_review.desk.preferences.page import Pair, Says
from faceid_review.desk.preferences.wish import AccountLine, AccountWish
from faceid_review.i18n import Words

VENDOR: Final = "https://api.megvii.com"
LONGEST_NAME: Final = 80
GAP: Final = 10


def needs(words: Words, fields: Sequence[Field]) -> str:
    """What is still missing, for the line beside a button: ``needs api_key and api_secret``; empty for nothing."""
    names = [field.lack for field in fields]
    if not names:
        return ""
    *most, last = names
    listed = words("accounts.and", first=words("accounts.comma").join(most), last=last) if most else last
    return words("accounts.needs", fields=listed)


class AccountForm(QWidget):
    """Name, api_key, api_secret, product and base URL, checked here and in words before anybody sends them.

    ``check_url`` says what is wrong with a base URL as a wording id (``error.<id>``), or None. ``optional``:
    all of it may be left empty. ``changed`` is sent for each change, ``entered`` for Enter in a field.
    """

    changed = Signal()
    entered = Signal()

    def __init__(
        self,
        words: Words,
        check_url: Callable[[str], str | None],
        *,
        optional: bool = False,
        two_columns: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words, self._check_url, self._optional = words, check_url, optional
        self._usable = True
        self._taken: set[str] = set()
        self._changing: AccountLine | None = None
        self._told: dict[str, Told] = {}
        self.name = Field("name")
        self.api_key = Field("api_key", fixed=True)
        self.api_secret = Field("api_secret", secret=True, fixed=True)
        self.base_url = Field("base_url", fixed=True)
        self.product = Choice()
        self.product.setObjectName("product")
        self.product.view().setObjectName("product_list")
        self._product_label = Says("text2", -1, bold=True)
        self._product_label.setBuddy(self.product)
        self.hint = Says("text2", -1)
        self._arrange(two_columns)
        for field in self.fields:
            field.changed.connect(partial(self._edited, field))
            field.left.connect(partial(self._left, field))
            field.entered.connect(self.entered)
        self.base_url.set_text(VENDOR)
        self.speak(words)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields in their order."""
        return (self.name, self.api_key, self.api_secret, self.base_url)

    @property
    def stops(self) -> list[QWidget]:
        """What the Tab key stops at, in its order."""
        eye = [self.api_secret.eye] if self.api_secret.eye else []
        return [
            self.name.line,
            self.api_key.line,
            self.api_secret.line,
            *eye,
            self.product,
            self.base_url.line,
        ]

    @property
    def blank(self) -> bool:
        """Whether nothing of an account was typed; the address, which is there from the start, does not count."""
        return not any(field.value for field in (self.name, self.api_key, self.api_secret))

    @property
    def skipped(self) -> bool:
        """Whether no account is wished, and none is needed."""
        return self._optional and self.blank

    def wish(self) -> AccountWish | None:
        """The account as typed; None while something is missing or wrong."""
        if self.skipped or self.lacking() or self.faulty():
            return None
        return AccountWish(
            name=self.name.value,
            base_url=self.base_url.value,
            api_key=self.api_key.value,
            api_secret=self.api_secret.value,
        )

    def lacking(self) -> list[Field]:
        """The fields that are empty and may not be."""
        if self.skipped:
            return []
        needed = [self.name, self.base_url]
        if self._changing is None or self.api_key.value:
            needed.append(self.api_key)
        if self._changing is None or self.api_key.value or self._address_changed:
            needed.append(self.api_secret)
        return [field for field in self.fields if field in needed and not field.value]

    def faulty(self) -> list[Field]:
        """The fields that hold something wrong."""
        return [field for field in self.fields if field.value and self._wrong(field)]

    def complain(self) -> Field | None:
        """Say beside each field what is missing or wrong; the first of them."""
        first = None
        for field in self.fields:
            told = self._wrong(field) if field.value else None
            if field in self.lacking():
                told = self._needed(field)
            if told is not None:
                self._tell(field, told)
                first = first or field
        return first

    def fail(self, name: str, sentence: str) -> Field | None:
        """Say ``sentence`` beside the field ``name``; None where there is no such field."""
        field = next((field for field in self.fields if field.name == name), None)
        if field is not None:
            self._tell(field, Told(sentence=sentence))
        return field

    def take_names(self, names: Iterable[str]) -> None:
        """The names that other accounts have; upper and lower case are the same name."""
        self._taken = {name.casefold() for name in names}

    def change(self, account: AccountLine | None) -> None:
        """Fill the form with an account to change, or make it ready for a new one. No secret comes back."""
        self._changing = account
        self._told.clear()
        for field in self.fields:
            field.wipe()
        self.name.set_text(account.name if account else "")
        self.base_url.set_text(account.base_url if account else VENDOR)
        self.speak(self._words)

    def wipe_secrets(self) -> None:
        """Empty the field of the secret; nothing is left for undo."""
        self.api_secret.wipe()

    def keyring_state(self, usable: bool) -> None:
        """Whether the secret will go to the system's keyring; if not, it is sealed in the vault."""
        self._usable = usable
        self.speak(self._words)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        kept = self._changing is not None
        self.name.speak(words("accounts.name"), lack=words("accounts.lack_name"))
        self.api_key.speak(
            words("accounts.api_key"),
            placeholder=words("accounts.key_kept", start=self._changing.key_start)
            if self._changing
            else words("accounts.paste"),
        )
        self.api_secret.speak(
            words("accounts.api_secret"),
            placeholder=words("accounts.secret_kept") if kept else words("accounts.paste_secret"),
            show=words("accounts.show_secret"),
            hide=words("accounts.hide_secret"),
        )
        self.base_url.speak(words("accounts.base_url"), lack=words("accounts.lack_url"))
        self._product_label.setText(words("accounts.product"))
        self.product.setAccessibleName(words("accounts.product"))
        self.product.view().setAccessibleName(words("accounts.product"))
        self.product.setAccessibleDescription(words("accounts.product_about"))
        if not self.product.count():
            self.product.addItem("", "pc-v2")
        self.product.setItemText(0, words("accounts.product_pc"))
        self.hint.setText(
            words("accounts.secret_to_keyring") if self._usable else words("accounts.secret_to_vault")
        )
        for field in self.fields:
            told = self._told.get(field.name)
            field.say(Kind.WRONG, told(words)) if told else self._note(field)

    # ---- what is wrong

    @property
    def _address_changed(self) -> bool:
        # Else a secret that nobody may see could be sent to any address that somebody types here.
        return self._changing is not None and self.base_url.value != self._changing.base_url

    def _wrong(self, field: Field) -> Told | None:
        if field is self.name:
            return self._wrong_name()
        if field is self.base_url:
            problem = self._check_url(field.value)
            return Told(f"error.{problem}") if problem else None
        return None if field.value.isprintable() else Told("accounts.invisible")

    def _wrong_name(self) -> Told | None:
        name = self.name.value
        own = self._changing.name.casefold() if self._changing else None
        if name.casefold() in self._taken - {own}:
            return Told("accounts.name_taken", name=name)
        if len(name) > LONGEST_NAME:
            return Told("accounts.name_long", longest=LONGEST_NAME)
        return None if name.isprintable() else Told("accounts.invisible")

    def _needed(self, field: Field) -> Told:
        if field is self.api_secret and self._changing is not None:
            return Told("accounts.secret_again")
        return Told("accounts.needed")

    # ---- signals

    def _edited(self, field: Field) -> None:
        self._told.pop(field.name, None)
        self._note(field)
        self.changed.emit()

    def _left(self, field: Field) -> None:
        if field.value and (told := self._wrong(field)):
            self._tell(field, told)

    def _tell(self, field: Field, told: Told) -> None:
        self._told[field.name] = told
        field.say(Kind.WRONG, told(self._words))

    def _note(self, field: Field) -> None:
        pasted = field in (self.api_key, self.api_secret, self.base_url)
        trimmed = pasted and field.value != field.text
        field.say(Kind.NOTE, self._words("accounts.trimmed") if trimmed else "")

    # ---- layout

    def _arrange(self, two_columns: bool) -> None:
        place = QVBoxLayout()
        place.setSpacing(2)
        place.addWidget(self._product_label)
        place.addWidget(self.product)
        who, where = QVBoxLayout(), QVBoxLayout()
        for column in (who, where):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(GAP)
        for field in (self.name, self.api_key, self.api_secret):
            who.addWidget(field)
        where.addLayout(place)
        where.addWidget(self.base_url)
        where.addWidget(self.hint)
        if two_columns:
            left, right = QWidget(), QWidget()
            for part, column in ((left, who), (right, where)):
                column.addStretch(1)
                part.setLayout(column)
            outer = QVBoxLayout(self)
            outer.setContentsMargins(0, 0, 0, 0)
            outer.addWidget(Pair(left, right))
            return
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addLayout(who)
        column.addLayout(where)

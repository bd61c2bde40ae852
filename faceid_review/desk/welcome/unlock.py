"""The locked vault: the keyring did not open it, the recovery passphrase can."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from faceid_review.desk.buttons import Button
from faceid_review.desk.preferences.field import Field, Kind, Told
from faceid_review.desk.preferences.page import Column, Door, Says, Strip, announce, joined, named
from faceid_review.desk.shapes import Shape
from faceid_review.i18n import Words


class KeyringTrouble(StrEnum):
    """Why the keyring does not open this vault."""

    ABSENT = "absent"
    """No keyring is here that this program trusts."""
    EMPTY = "empty"
    """The keyring is here and holds no key of this vault."""
    LOCKED = "locked"
    """The keyring is locked, or its question was declined."""
    FAILED = "failed"
    """The keyring is here and did not answer as it should."""
    CHANGED = "changed"
    """Another keyring than the one the key was put into."""
    NEVER = "never"
    """The vault was made without a keyring; only the passphrase opens it."""


class UnlockPage(Column):
    """Says what is wrong with the keyring and asks for the recovery passphrase."""

    unlock_wanted = Signal(str)
    retry_wanted = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unlock")
        self._words = words
        self._trouble, self._name, self._was, self._why = KeyringTrouble.ABSENT, "", "", ""
        self._busy = ""
        self._told: Told | None = None
        self.passphrase = Field("passphrase", secret=True, fixed=True)
        self._open = Button(primary=True)
        named(self._open, "open_vault")
        self._retry = Button()
        named(self._retry, "retry_keyring")
        self._arrange()
        self.passphrase.changed.connect(self._edited)
        self.passphrase.entered.connect(self._send)
        self._open.clicked.connect(self._send)
        self._retry.clicked.connect(self.retry_wanted)
        self.begin_at(self.passphrase.line)
        self.speak(words)

    def show_trouble(self, trouble: KeyringTrouble, name: str = "", was: str = "", why: str = "") -> None:
        """Say what is wrong: ``name`` is the keyring that is here, ``was`` the one that took the key.

        A keyring that is empty and not the one that took the key is ``CHANGED``.
        ``why`` is one more sentence in the reader's language, shown as it comes.
        """
        if trouble is KeyringTrouble.EMPTY and was and was != name:
            trouble = KeyringTrouble.CHANGED
        self._trouble, self._name, self._was, self._why = trouble, name, was, why
        self.speak(self._words)

    def busy(self, text: str) -> None:
        """The vault is being opened, ``text`` says what is waited for; an empty text ends it."""
        self._busy = text
        self._door.setEnabled(not text)
        self._say_progress()
        self._weigh()

    def failed(self, sentence: str) -> None:
        """The vault was not opened; ``sentence`` stands beside the passphrase."""
        self.busy("")
        self._told = Told(sentence=sentence)
        self.passphrase.say(Kind.WRONG, sentence)
        self.bring(self.passphrase.line)
        self.passphrase.line.selectAll()

    def done(self) -> None:
        """The vault is open: nothing of the passphrase is left here."""
        self.busy("")
        self.passphrase.wipe()

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("unlock.title"))
        self._title.setText(words("unlock.title"))
        self._about.setText(words("unlock.about"))
        self._say_trouble()
        self._door.say(words("unlock.passphrase_title"), words("unlock.passphrase_about"))
        self.passphrase.speak(
            words("unlock.passphrase"),
            show=words("welcome.show_passphrase"),
            hide=words("welcome.hide_passphrase"),
        )
        for button, text in ((self._open, words("unlock.open")), (self._retry, words("unlock.retry"))):
            button.setText(text)
            button.setAccessibleName(text)
        self._retry.setVisible(self._trouble is not KeyringTrouble.NEVER)
        if self._told is not None:
            self.passphrase.say(Kind.WRONG, self._told(words))
        self._say_progress()
        self._weigh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.passphrase.wipe()

    def _send(self) -> None:
        if self.passphrase.text and not self._busy:
            self.unlock_wanted.emit(self.passphrase.text)

    def _edited(self) -> None:
        self._told = None
        self._weigh()

    def _weigh(self) -> None:
        self._open.setEnabled(bool(self.passphrase.text) and not self._busy)

    def _say_trouble(self) -> None:
        words, was = self._words, self._was
        name = self._name or words("unlock.keyring")
        match self._trouble:
            case KeyringTrouble.ABSENT:
                said = words("unlock.absent"), words("unlock.absent_about")
            case KeyringTrouble.EMPTY:
                said = words("unlock.empty", name=name), words("unlock.empty_about")
            case KeyringTrouble.LOCKED:
                said = words("unlock.locked", name=name), words("unlock.locked_about")
            case KeyringTrouble.FAILED:
                said = words("unlock.failed", name=name), words("unlock.failed_about")
            case KeyringTrouble.CHANGED:
                said = words("unlock.changed", name=name, was=was), words("unlock.changed_about", was=was)
            case KeyringTrouble.NEVER:
                said = words("unlock.never"), words("unlock.never_about")
        self._trouble_strip.say(said[0], joined(words, self._why, said[1]))
        calm = self._trouble is KeyringTrouble.NEVER
        self._trouble_strip.set_kind(*((Shape.BARS, "info") if calm else (Shape.TRIANGLE, "warn")))

    def _say_progress(self) -> None:
        hint = self._words("welcome.dialog_hint") if self._trouble is not KeyringTrouble.NEVER else ""
        self._progress.say(self._busy, hint)
        if self._busy:
            announce(self._progress, self._progress.accessibleName())

    def _arrange(self) -> None:
        self._title, self._about = Says(step=7, bold=True), Says("text2")
        self._trouble_strip = Strip(Shape.TRIANGLE, "warn")
        self._trouble_strip.setObjectName("keyring_trouble")
        self._progress = Strip(Shape.DOTS, "info")
        self._progress.setObjectName("progress")
        self._door = Door(icon="lock")
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self._open)
        foot.addWidget(self._retry)
        foot.addStretch(1)
        self._door.body.addSpacing(12)
        self._door.body.addWidget(self.passphrase)
        self._door.body.addSpacing(14)
        self._door.body.addLayout(foot)
        self.body.addWidget(self._title)
        self.body.addWidget(self._about)
        self.body.addSpacing(16)
        self.body.addWidget(self._trouble_strip)
        self.body.addSpacing(16)
        self.body.addWidget(self._door)
        self.body.addSpacing(10)
        self.body.addWidget(self._progress)
        self.body.addStretch(1)

"""The front door: the first run and the locked vault, before there is a session."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from faceid_review.desk import wording
from faceid_review.desk.opening import Opening
from faceid_review.desk.welcome.pane import WelcomePage
from faceid_review.desk.welcome.unlock import KeyringTrouble, UnlockPage
from faceid_review.desk.welcome.wish import Wish
from faceid_review.errors import ReviewError
from faceid_review.i18n import Words

_TROUBLE = {
    "no_keyring": KeyringTrouble.ABSENT,
    "keyring_empty": KeyringTrouble.EMPTY,
    "keyring_locked": KeyringTrouble.LOCKED,
    "keyring_failed": KeyringTrouble.FAILED,
    "keyring_forgets": KeyringTrouble.FAILED,
    "passphrase_needed": KeyringTrouble.NEVER,
}


_FIELDS = {
    "account_exists": "name",
    "account_name": "name",
    "url_malformed": "base_url",
    "url_has_userinfo": "base_url",
    "url_not_https": "base_url",
    "api_key_empty": "api_key",
    "api_secret_empty": "api_secret",
    "secret_too_long": "api_secret",
    "reviewer_empty": "reviewer",
    "passphrase_empty": "passphrase",
}


def field_of(error: ReviewError) -> str:
    """The field of a form that an error is about, or empty."""
    return _FIELDS.get(error.wording, "")


class Front(QObject):
    """Joins the two first pages to the opening of the vault."""

    shown = Signal(object)
    """The page to show."""

    def __init__(self, words: Words, opening: Opening, check_url: Callable[[str], str | None]) -> None:
        super().__init__()
        self.check_url = check_url
        self._words = words
        self._opening = opening
        self.welcome = WelcomePage(words, check_url)
        self.unlock = UnlockPage(words)
        self.welcome.make_wanted.connect(self._make)
        self.welcome.practice_wanted.connect(self._practise)
        self.unlock.unlock_wanted.connect(self._unlock)
        self.unlock.retry_wanted.connect(self._retry)
        opening.needs_vault.connect(self._first_run)
        opening.needs_passphrase.connect(self._locked)
        opening.make_failed.connect(self._make_failed)
        opening.unlock_failed.connect(self._unlock_failed)

    def done(self) -> None:
        """The vault is open: nothing secret stays in a field."""
        self.welcome.done()
        self.unlock.done()

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.welcome.speak(words)
        self.unlock.speak(words)

    @Slot(bool, str)
    def _first_run(self, usable: bool, name: str) -> None:
        self.welcome.keyring_state(usable, name)
        self.shown.emit(self.welcome)

    @Slot(object)
    def _locked(self, error: ReviewError) -> None:
        trouble = _TROUBLE.get(error.wording)
        self.unlock.busy("")
        self.unlock.show_trouble(
            trouble or KeyringTrouble.ABSENT,
            str(error.facts.get("now", "")),
            str(error.facts.get("then", "")),
            "" if trouble else wording.sentence(error, self._words),
        )
        self.shown.emit(self.unlock)

    @Slot(object)
    def _make(self, wish: Wish) -> None:
        self._opening.make(wish)

    @Slot(str)
    def _unlock(self, passphrase: str) -> None:
        self.unlock.busy(self._words("front.opening"))
        self._opening.unlock(passphrase)

    @Slot()
    def _practise(self) -> None:
        self._opening.practise(self._words.lang)

    @Slot()
    def _retry(self) -> None:
        self.unlock.busy(self._words("front.waiting_for_keyring"))
        self._opening.begin()

    @Slot(object)
    def _make_failed(self, error: ReviewError) -> None:
        self.welcome.busy("")
        self.welcome.failed(wording.sentence(error, self._words), field_of(error))

    @Slot(object)
    def _unlock_failed(self, error: ReviewError) -> None:
        self.unlock.busy("")
        self.unlock.failed(wording.sentence(error, self._words))

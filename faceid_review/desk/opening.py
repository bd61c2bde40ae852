"""How the house is opened from the desk: a first run, a vault whose keyring is there or not, or practice."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

from faceid_review import session as house
from faceid_review.desk.relay import Relay
from faceid_review.desk.welcome.wish import Wish
from faceid_review.errors import ReviewError, WeakKeyring
from faceid_review.review.accounts import Account
from faceid_review.session import Session


class Opening(QObject):
    """Opens or makes the vault of one folder, off the GUI thread. ``opened`` hands over the session."""

    opened = Signal(object, object)
    """The session, and what went wrong with its first account, or None."""

    needs_vault = Signal(bool, str)
    """There is no vault yet; whether a keyring can be used, and its name."""

    needs_passphrase = Signal(object)
    """The vault does not open by itself; the error says why."""

    make_failed = Signal(object)
    unlock_failed = Signal(object)

    def __init__(self, home: Path, passphrase: str | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.home = home
        self._passphrase = passphrase
        self._keyring = passphrase is None
        self._relay = Relay(self)

    def begin(self) -> None:
        """Open what is there, or say what is missing."""
        if not house.vault_exists(self.home):
            self._relay.run(_keyring_name, self._tell_keyring, self.needs_passphrase.emit)
            return
        self._run(lambda: self._opened(self._passphrase), self.needs_passphrase.emit)

    def unlock(self, passphrase: str) -> None:
        """Open the vault with the recovery passphrase."""
        self._run(lambda: self._opened(passphrase), self.unlock_failed.emit)

    def make(self, wish: Wish) -> None:
        """Make the vault, with its first account if one was given."""
        self._run(lambda: self._made(wish), self.make_failed.emit)

    def practise(self, lang: str) -> None:
        """Open the practice vault, in the language of this window, in a process of its own: they never mix."""
        program = [] if getattr(sys, "frozen", False) else ["-m", "faceid_review"]
        QProcess.startDetached(sys.executable, [*program, "--lang", lang, "demo"])

    def ahead(self, work: Callable[[], None]) -> None:
        """Do something on another thread now that would be waited for later."""
        self._relay.run(work, _nothing, _nothing)

    def close(self) -> None:
        """Wait for what is under way."""
        self._relay.close()

    def _made(self, wish: Wish) -> tuple[Session, ReviewError | None]:
        keyring = self._keyring and bool(_keyring_name())
        session = Session.make(self.home, wish.reviewer, wish.passphrase, keyring=keyring)
        if wish.account is None:
            return session, None
        account = Account(wish.account.name, wish.account.base_url, wish.account.api_key)
        try:
            session.accounts.add(account, wish.account.api_secret)
        except ReviewError as error:
            # The vault is made all the same: its account can be entered again inside it.
            return session, error
        return session, None

    def _opened(self, passphrase: str | None) -> tuple[Session, None]:
        return Session.open(self.home, passphrase, keyring=self._keyring), None

    def _run(
        self, work: Callable[[], tuple[Session, ReviewError | None]], otherwise: Callable[[ReviewError], None]
    ) -> None:
        self._relay.run(work, lambda done: self.opened.emit(*done), otherwise)

    def _tell_keyring(self, name: str) -> None:
        self.needs_vault.emit(bool(name) and self._keyring, name)


def _nothing(_: object) -> None:
    """Whatever came of it shows when it is needed."""


def _keyring_name() -> str:
    try:
        return house.keyring_place()
    except WeakKeyring:
        return ""

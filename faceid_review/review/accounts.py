"""FaceID accounts: a name, a base URL, an api_key; the secret lies in the keychain and nowhere else."""

from __future__ import annotations

import base64
import json
from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, quote_plus

from faceid_review.errors import NotAsked, OutcomeUnknown, ReviewError, Usage, VaultClosed
from faceid_review.faceid import client
from faceid_review.faceid.client import Endpoint, Limits, base_url_problem
from faceid_review.faceid.result import VerificationResult
from faceid_review.vault.entry import Entry
from faceid_review.vault.keychain import Keychain
from faceid_review.vault.ledger import Ledger

SUBJECT = "accounts"
_TELLING_LENGTH: Final = 8
_MARK: Final = b"[the account's secret]"


@dataclass(frozen=True)
class Account:
    """A FaceID account without its secret. ``key_start`` may be shown, ``api_key`` only to the vendor."""

    name: str
    base_url: str
    api_key: str

    @property
    def key_start(self) -> str:
        """The beginning and the end of the api_key, enough to tell two apart."""
        return key_ends(self.api_key)


class AccountBook:
    """The accounts of one vault, folded from its entries."""

    def __init__(self, ledger: Ledger, keychain: Keychain) -> None:
        self._ledger = ledger
        self._keychain = keychain
        self._accounts: dict[str, Account] = {}
        self._written: dict[str, tuple[bytes, ...]] = {}
        self.requests = 0
        """How many checks have left this machine in this session."""
        for entry in ledger.entries(SUBJECT):
            self._follow(entry)

    @property
    def secret_place(self) -> str:
        """Where the secrets lie: the keyring's name, or ``vault``."""
        return self._keychain.place

    def all(self) -> tuple[Account, ...]:
        """Every account, by name."""
        return tuple(self._accounts[name] for name in sorted(self._accounts))

    def get(self, name: str | None = None) -> Account:
        """The account of this name; without one, the only account there is. Raises :class:`Usage`."""
        if name is None:
            if not self._accounts:
                raise NotAsked("no_account")
            if len(self._accounts) > 1:
                raise Usage("which_account", names=", ".join(sorted(self._accounts)))
            return next(iter(self._accounts.values()))
        if name not in self._accounts:
            raise Usage("account_unknown", name=name)
        return self._accounts[name]

    def add(self, account: Account, secret: str) -> None:
        """Add an account. The secret is kept before the account is."""
        _check(account, secret)
        if account.name in self._accounts:
            raise Usage("account_exists", name=account.name)
        self._keychain.put(_key(account.name), secret)
        self._write("account_added", account)

    def change(self, name: str, account: Account, secret: str = "") -> None:
        """Change an account. An empty api_key or ``secret`` keeps the one there is.

        Another key or another address needs its secret entered anew: a stored secret never goes to an
        address it was not given for.
        """
        before = self.get(name)
        account = replace(account, api_key=account.api_key or before.api_key)
        elsewhere = (account.api_key, account.base_url) != (before.api_key, before.base_url)
        if elsewhere and not secret:
            raise Usage("api_secret_empty")
        kept = secret or self._secret(before)
        _check(account, kept)
        if account.name != name and account.name in self._accounts:
            raise Usage("account_exists", name=account.name)
        self._keychain.put(_key(account.name), kept)
        self._write("account_changed", account, was=name)
        if account.name != name:
            self._keychain.forget(_key(name))

    def remove(self, name: str) -> None:
        """Remove an account and its secret. Cases stay."""
        account = self.get(name)
        self._keychain.forget(_key(name))
        self._write("account_removed", account)

    def endpoint(self, account: Account) -> Endpoint:
        """Where and as whom to ask. Raises :class:`VaultClosed` where the secret is not there."""
        return Endpoint(account.base_url, account.api_key, self._secret(account))

    def secrets(self) -> dict[str, str]:
        """The secret of every account that has one at hand, by the account's name. Never to be kept or shown."""
        found: dict[str, str] = {}
        for name in self._accounts:
            # A sign that cannot be checked is told as unchecked.
            with suppress(ReviewError):
                if secret := self._keychain.get(_key(name)):
                    found[name] = secret
        return found

    def repeated_in(self, name: str, *texts: bytes) -> bool:
        """Whether this account's secret stands in what somebody sent, as an address, JSON or base64 writes it too.

        False where the account or its secret is gone, or the secret is too short to be told from chance.
        """
        return any(form in text for form in self._forms(name) for text in texts)

    def told(self, name: str, sent: bytes) -> bytes:
        """What somebody sent, as it may be shown: in the place of this account's secret stands that it stood there.

        As it came where :meth:`repeated_in` finds nothing. The keychain is asked once, not at every case.
        """
        if name not in self._written:
            self._written[name] = self._forms(name)
        for form in self._written[name]:
            sent = sent.replace(form, _MARK)
        return sent

    def _forms(self, name: str) -> tuple[bytes, ...]:
        """How this account's secret may be written; none where :meth:`repeated_in` says so."""
        secret = None
        # A keyring that is shut keeps nobody from a snapshot.
        with suppress(ReviewError):
            secret = self._keychain.get(_key(name)) if name in self._accounts else None
        if secret is None or len(secret) < _TELLING_LENGTH:
            return ()
        # The longest first: none of them is then left in part.
        return tuple(sorted(set(_ways_to_write(secret)), key=len, reverse=True))

    def check(
        self,
        name: str | None = None,
        *,
        limits: Limits | None = None,
        proxy: str | None = None,
        accepted_roots: Container[str] = (),
    ) -> None:
        """Prove the credentials with an id that belongs to nobody: RESULT_NOT_FOUND must come back.

        Raises the error that says what is wrong; spends nobody's answer.
        """
        account = self.get(name)
        endpoint = self.endpoint(account)
        try:
            arrival = client.ask(
                client.made_up_id(),
                endpoint,
                before_send=self._count,
                limits=limits,
                proxy=proxy,
                accepted_roots=accepted_roots,
            )
        except OutcomeUnknown as unanswered:
            kind = unanswered.facts.get("kind", "")
        else:
            self._judge(account, arrival)
            return
        raise NotAsked("check_unanswered", kind=kind)

    def _count(self) -> None:
        self.requests += 1

    def _judge(self, account: Account, arrival: client.Arrival) -> None:
        result = VerificationResult.read(self.told(account.name, b"".join(arrival)))
        code = (result.error_message or "").partition(":")[0].strip()
        facts = {"name": account.name, "status": arrival.head["status"], "code": code[:80]}
        self._ledger.append("account_checked", SUBJECT, facts)
        if code != "RESULT_NOT_FOUND":
            raise NotAsked("check_failed", code=code or f"HTTP {arrival.head['status']}")

    def _secret(self, account: Account) -> str:
        secret = self._keychain.get(_key(account.name))
        if secret is None:
            raise VaultClosed("secret_gone", name=account.name, place=self.secret_place)
        return secret

    def _write(self, act: str, account: Account, was: str = "") -> None:
        facts = {"name": account.name, "base_url": account.base_url, "api_key": account.api_key, "was": was}
        self._follow(self._ledger.append(act, SUBJECT, facts))

    def _follow(self, entry: Entry) -> None:
        facts = entry.facts
        self._written.clear()
        match entry.act:
            case "account_added" | "account_changed":
                self._accounts.pop(facts["was"], None)
                self._accounts[facts["name"]] = Account(facts["name"], facts["base_url"], facts["api_key"])
            case "account_removed":
                self._accounts.pop(facts["name"], None)


def key_ends(api_key: str) -> str:
    """The beginning and the end of an api_key, enough to tell two apart."""
    return api_key if len(api_key) <= 8 else f"{api_key[:4]}…{api_key[-4:]}"


def url_problem(url: str) -> str | None:
    """Why ``url`` cannot be a base URL, as a wording id, or None."""
    return base_url_problem(url)


def trimmed(account: Account) -> Account:
    """The account without blanks around what was pasted."""
    return replace(
        account,
        name=account.name.strip(),
        base_url=account.base_url.strip(),
        api_key=account.api_key.strip(),
    )


def _ways_to_write(secret: str) -> Iterator[bytes]:
    raw, in_json = secret.encode("utf-8", "replace"), json.dumps(secret)[1:-1]
    for text in (
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        in_json,
        in_json.replace("/", "\\/"),
    ):
        yield text.encode("utf-8", "replace")
    for before in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            # Without the digits that hang on what stands before it and behind.
            if len(inner := encode(bytes(before) + raw)[(0, 2, 3)[before] : -4]) >= _TELLING_LENGTH:
                yield inner


def _key(name: str) -> str:
    return f"account {name}"


def _check(account: Account, secret: str) -> None:
    if not account.name.strip() or not account.name.isprintable() or len(account.name) > 80:
        raise Usage("account_name")
    if not account.api_key or not account.api_key.isprintable():
        raise Usage("api_key_empty")
    if not secret:
        raise Usage("api_secret_empty")
    if problem := url_problem(account.base_url):
        raise Usage(problem)

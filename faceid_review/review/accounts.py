"""FaceID accounts: a name, a base URL, an api_key; the secret lies in the keychain and nowhere else."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from faceid_review.errors import NotAsked, OutcomeUnknown, ReviewError, Usage, VaultClosed
from faceid_review.faceid import client
from faceid_review.faceid.client import Endpoint, Limits, base_url_problem
from faceid_review.faceid.result import VerificationResult
from faceid_review.review.written import Written
from faceid_review.vault.entry import Entry
from faceid_review.vault.keychain import Keychain
from faceid_review.vault.ledger import Ledger

SUBJECT: Final = "\0accounts"  # no biz_id has a control character in it
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
        self._written: dict[str, Written | None] = {}
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

    def repeated_in(self, *texts: bytes) -> str | None:
        """The account whose secret stands in what somebody sent, however it is written; None where none does.

        Whoever's answer it is: an account may have another name by now, and a file tells of none. A secret that is gone,
        or too short to be told from chance, stands nowhere.
        """
        for name, written in self._every_way():
            if any(form for text in texts for form in written.found_in(text)):
                return name
        return None

    def told(self, sent: bytes) -> bytes:
        """What somebody sent, as it may be shown: in the place of a secret in force stands that it stood there.

        The very same bytes where :meth:`repeated_in` finds nothing. The keychain is asked once, not at every case.
        """
        for _, written in self._every_way():
            for form in written.found_in(sent):
                sent = sent.replace(form, _MARK)
        return sent

    def _every_way(self) -> Iterator[tuple[str, Written]]:
        # Held on to: what another thread forgets meanwhile is not remembered by this one.
        known = self._written
        for name in tuple(self._accounts):
            if name not in known:
                try:
                    secret = self._keychain.get(_key(name))
                except ReviewError:
                    # A keyring that is shut keeps nobody from a snapshot; it is asked again the next time.
                    continue
                known[name] = Written.of(secret) if secret else None
            if written := known[name]:
                yield name, written

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
        result = VerificationResult.read(self.told(b"".join(arrival)))
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
        match entry.act:
            case "account_added" | "account_changed":
                self._accounts.pop(facts["was"], None)
                self._accounts[facts["name"]] = Account(facts["name"], facts["base_url"], facts["api_key"])
            case "account_removed":
                self._accounts.pop(facts["name"], None)
        self._written = {}


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

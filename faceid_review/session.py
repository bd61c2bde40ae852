"""Opens and closes the house: settings, keychain, vault, casebook, queue. The only composer."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from faceid_review import __version__
from faceid_review.errors import Afterwards, Damaged, ReviewError, Usage
from faceid_review.faceid.client import Limits
from faceid_review.review.accounts import AccountBook
from faceid_review.review.case import Answer, Case
from faceid_review.review.casebook import Casebook
from faceid_review.review.retrieval import Queue
from faceid_review.settings import Settings
from faceid_review.snapshot import document
from faceid_review.vault.entry import Entry
from faceid_review.vault.keychain import SystemKeychain
from faceid_review.vault.ledger import ChainVerdict
from faceid_review.vault.vault import Vault

if TYPE_CHECKING:
    from faceid_review.faceid.simulator import Simulator


@dataclass(frozen=True)
class Exported:
    """A snapshot that lies on the disk, checked. ``notes`` say what it could not do as it should."""

    path: Path
    sha256: str
    pages: int
    notes: tuple[document.Note, ...]


@dataclass(frozen=True)
class DeskOptions:
    """What the desk needs to know when it opens. ``simulator`` is set for practice.

    ``lang`` is empty unless a person named a language: then it wins over the one in the settings.
    """

    home: Path
    lang: str
    passphrase: str | None = field(default=None, repr=False)
    simulator: Simulator | None = None


class Session:
    """An open house. Made by :meth:`make`, :meth:`open`; ended by :meth:`close`, also as a context."""

    def __init__(self, vault: Vault, *, demo: bool = False) -> None:
        self.vault = vault
        self.home = vault.home
        self.demo = demo
        self.settings = Settings.load(vault.home)
        self.limits = Limits(self.settings.connect_s, self.settings.silence_s, self.settings.deadline_s)
        self.casebook = Casebook(vault)
        self.accounts = AccountBook(vault.ledger, vault.keychain)
        self.queue = Queue(
            vault,
            self.casebook,
            self.accounts,
            at_once=self.settings.at_once,
            limits=self.limits,
            proxy=self.settings.proxy or None,
        )
        self.queue.settle()
        self.warnings = self._warnings()
        """What has to be said at the opening: errors that keep nothing from going on."""

    @classmethod
    def make(
        cls, home: Path, reviewer: str, passphrase: str, *, keyring: bool = True, demo: bool = False
    ) -> Self:
        """A new vault in ``home``, open."""
        forbid_dumps()
        return cls._over(Vault.make(home, reviewer, passphrase, keyring=keyring), demo=demo)

    @classmethod
    def open(cls, home: Path, passphrase: str | None = None, *, keyring: bool = True) -> Self:
        """The vault in ``home``, by its passphrase or by the keyring."""
        forbid_dumps()
        return cls._over(Vault.open(home, passphrase, keyring=keyring))

    @classmethod
    def _over(cls, vault: Vault, *, demo: bool = False) -> Self:
        try:
            return cls(vault, demo=demo)
        except BaseException:
            vault.close()
            raise

    @property
    def reviewer(self) -> str:
        """Whose name the entries carry."""
        return self.vault.ledger.by

    def _warnings(self) -> tuple[ReviewError, ...]:
        warnings: list[ReviewError] = []
        if "passphrase" not in self.vault.slots.kinds():
            warnings.append(Damaged("recovery_gone"))
        older = self.vault.remembered_tip()
        if older is not None:
            warnings.append(Damaged("vault_older", count=self.vault.ledger.count, remembered=older[0]))
            self.vault.ledger.append("older_vault", facts={"remembered": older[0], "head": older[1]})
        return tuple(warnings)

    @property
    def requests(self) -> int:
        """How many requests have left this machine in this session, checks of accounts included."""
        return self.queue.requests + self.accounts.requests

    def chain(self) -> tuple[int, str]:
        """How many entries there are, and the last link as hex."""
        return self.vault.ledger.count, self.vault.ledger.head.hex()

    def check_account(self, name: str | None = None) -> None:
        """Prove an account's credentials on the same way that questions take."""
        self.accounts.check(
            name,
            limits=self.limits,
            proxy=self.settings.proxy or None,
            accepted_roots=self.queue.roots.accepted,
        )

    def accept_root(self, sha256: str, account: str | None = None) -> None:
        """A person lets the holder of this root certificate read along, from now on. Not for a GUI thread.

        ``sha256`` is its whole fingerprint in hex; colons and case do not matter. Raises :class:`Usage`.
        """
        self.queue.accept_root(sha256, account)

    def audit(self) -> ChainVerdict:
        """Read the whole ledger and check it."""
        return self.vault.ledger.verify()

    def agrees(self, count: int, head: str) -> bool:
        """Whether the ledger still has ``head`` (hex) at entry ``count``, as a snapshot or a note says."""
        link = self.vault.ledger.link_at(count)
        return link is not None and link.hex() == head.lower()

    def entries(self) -> tuple[Entry, ...]:
        """Every entry, oldest first."""
        return tuple(self.vault.ledger.entries())

    def export(
        self, case: Case, target: Path, lang: str, *, recipient: str = "", purpose: str = ""
    ) -> Exported:
        """Write the snapshot of ``case``: made, written aside, synced, renamed, read again, recorded.

        Raises :class:`Afterwards`, also where the answer repeats the account's secret: it stays kept as it came,
        but leaves the house only once that secret is no longer in force.
        """
        if case.answer and self.accounts.repeated_in(case.answer.account, *_sent(case.answer)):
            raise Afterwards("secret_repeated", name=case.answer.account)
        count, head = self.chain()
        frame = document.Frame(
            exporter=self.reviewer,
            exported_at=datetime.now().astimezone(),
            zone=time.strftime("%Z"),
            version=__version__,
            vault=self.home.name,
            entries=count,
            head=head,
            demo=self.demo,
            recipient=recipient,
            purpose=purpose,
        )
        made = document.make(case, frame, lang)
        written = write_whole(target, made.pdf)
        facts = {
            "sha256": made.sha256,
            "pages": made.pages,
            "lang": lang,
            "at": frame.exported_at.isoformat(),
            "version": __version__,
            "chain_count": count,
            "chain_head": head,
            "recipient": recipient,
            "purpose": purpose,
        }
        self.casebook.record("exported", case.biz_id, facts)
        return Exported(written, made.sha256, made.pages, made.notes)

    def take_back(self, rescue: Path) -> Case:
        """Read an answer that had to be saved elsewhere; gives its case. Raises :class:`Damaged`, :class:`Usage`."""
        try:
            entry = self.vault.spool.take_back(rescue)
        except OSError:
            unreadable = Usage("file_unreadable", name=rescue.name)
        else:
            self.casebook.catch_up()
            return self.casebook.open(entry.subject)
        raise unreadable

    def close(self) -> None:
        """Wait for what is under way, then let go of everything."""
        self.queue.close()
        self.vault.remember_tip()
        self.vault.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _sent(answer: Answer) -> Iterator[bytes]:
    yield answer.body
    yield from (value.encode("utf-8", "surrogateescape") for _, value in answer.headers)


def vault_exists(home: Path) -> bool:
    """Whether there is a vault in this folder."""
    return Vault.exists(home)


def keyring_place() -> str:
    """The name of the keyring that would be used. Raises :class:`WeakKeyring` where there is none."""
    return SystemKeychain(b"\0" * 16).place


def chain_of(snapshot: bytes) -> tuple[int, str] | None:
    """The ledger's count and head (hex) that a snapshot of ours was made at, or None."""
    return document.chain_in(snapshot)


def free_bytes(home: Path) -> int:
    """How much room the vault's disk has."""
    return shutil.disk_usage(home).free


def write_whole(target: Path, data: bytes) -> Path:
    """Write ``data`` to ``target`` whole or not at all, and read it back. Raises :class:`Afterwards`."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.new")
    failure = None
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _patiently(lambda: draft.replace(target))
        if target.read_bytes() != data:
            failure = Afterwards("not_written", name=target.name, kind="read back")
    except OSError as error:
        failure = Afterwards("not_written", name=target.name, kind=error.strerror or "")
    if failure:
        with suppress(OSError):
            draft.unlink()
        raise failure
    return target


def forbid_dumps() -> None:
    """No core file and no dump of this process: memory holds faces and keys."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is no such module on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        pr_set_dumpable = 4
        ctypes.CDLL(None).prctl(pr_set_dumpable, 0, 0, 0, 0)


def today() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def _patiently(rename: Callable[[], object]) -> None:
    """On Windows a scanner may hold a file for a moment (errors 5, 32, 33): try for two seconds."""
    for wait in (0.05, 0.1, 0.2, 0.4, 0.8, 0.8):
        try:
            rename()
        except PermissionError:
            if sys.platform != "win32":
                raise
            time.sleep(wait)
        else:
            return
    rename()

"""Opens and closes the house: settings, keychain, vault, casebook, queue. The only composer."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from faceid_review import __version__
from faceid_review.errors import Afterwards, Damaged, ReviewError, Usage, VaultClosed
from faceid_review.faceid.client import Limits
from faceid_review.review import policies
from faceid_review.review.access import Access, report
from faceid_review.review.accounts import AccountBook
from faceid_review.review.case import Case
from faceid_review.review.casebook import Casebook
from faceid_review.review.intake import Intake, Kept, Looked, Pasted, Preview, Source
from faceid_review.review.marking import Marking
from faceid_review.review.purging import Purging
from faceid_review.review.references import Reference
from faceid_review.review.retrieval import Queue
from faceid_review.review.reviewing import Reviewing
from faceid_review.settings import Settings
from faceid_review.snapshot import delivery, document
from faceid_review.snapshot.delivery import Delivery, Wish
from faceid_review.vault.backup import Backup
from faceid_review.vault.entry import Entry
from faceid_review.vault.forgotten import read as names_in_list
from faceid_review.vault.keychain import SystemKeychain
from faceid_review.vault.ledger import ChainVerdict
from faceid_review.vault.vault import Vault

if TYPE_CHECKING:
    from faceid_review.faceid.simulator import Simulator


Exported = delivery.Exported


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
        self._keeping = threading.Lock()
        self.limits = Limits(self.settings.connect_s, self.settings.silence_s, self.settings.deadline_s)
        self.accounts = AccountBook(vault.ledger, vault.keychain)
        self.casebook = Casebook(vault, self.accounts.told)
        self.casebook.blind = self.settings.blind
        self.review = Reviewing(vault, self.casebook, vault.home)
        self.intake = Intake(vault, self.casebook, self.accounts)
        self.marking = Marking(self.casebook)
        self.purging = Purging(vault, self.casebook, self.settings.retention_days)
        self.delivery = Delivery(
            vault, self.casebook, self.accounts, write_whole, time_stamps=self.settings.time_stamps, demo=demo
        )
        self.queue = Queue(
            vault,
            self.casebook,
            self.accounts,
            at_once=self.settings.at_once,
            limits=self.limits,
            proxy=self.settings.proxy or None,
        )
        self.queue.settle()
        self._tell_policies()
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
    def restore(
        cls, home: Path, file: Path, passphrase: str, *, keyring: bool = True, since: Path | None = None
    ) -> Self:
        """The vault of a backup, open in a new or empty ``home``; every entry and every body of it was read.

        ``since`` is the folder of the vault that it replaces, or the file ``purged`` out of it: who was purged since
        is listed by ``purging.due``. Raises :class:`Damaged`, :class:`VaultClosed`.
        """
        forbid_dumps()
        names: frozenset[bytes] = frozenset()
        if since:
            place = since / "purged" if since.is_dir() else since
            if not place.is_file() and not Vault.exists(since):
                raise Usage("file_unreadable", name=since.name)
            names = names_in_list(place)
        session = cls._over(Vault.restore(home, file, passphrase, keyring=keyring))
        session.purging.remember(names)
        return session

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

    def keep(self, **changes: Any) -> None:
        """Change settings and write them down. Raises :class:`OSError`; in force they are all the same."""
        with self._keeping:
            self.settings = self.settings.but(**changes)
            self.settings.save(self.home)

    def set_policy(self, name: str, text: str) -> bool:
        """Set a policy of the office as ``text`` says: an entry, settings.json, in force at once. Not for a GUI thread.

        False where it is so already. Raises :class:`Usage`, and :class:`Afterwards` where the file cannot be written.
        """
        value = policies.read(name, text)
        before = getattr(self.settings, name)
        failure: ReviewError | None = None
        try:
            with self.vault.transaction():
                before = getattr(self.settings, name)
                if value == before:
                    return False
                facts = {"name": name, "before": before, "after": value}
                self.vault.ledger.append(policies.ACT, policies.SUBJECT, facts)
                self.keep(**{name: value})
        except OSError as error:
            failure = Afterwards("settings_unwritten", kind=error.strerror or "")
        except ReviewError as error:
            failure = error
        if failure:
            # Neither the entry nor the file without the other.
            with suppress(OSError):
                self.keep(**{name: before})
            raise failure
        self.casebook.blind = self.settings.blind
        self.purging.days = self.settings.retention_days
        self.delivery.stamp_at(self.settings.time_stamps)
        return True

    def policies(self) -> list[dict[str, Any]]:
        """Every policy of the office, and since when it has been what it is (``policies.stated``)."""
        return policies.stated(self.settings, self.vault.ledger.entries(policies.SUBJECT))

    def _tell_policies(self) -> None:
        """Tell the ledger which policies were changed by hand, or by a process that died over it."""
        found = policies.changes(self.settings, self.vault.ledger.entries(policies.SUBJECT))
        # On a full disk the next opening tells it.
        with suppress(VaultClosed):
            for name, (before, after) in found.items():
                facts = {"name": name, "before": before, "after": after, "found": True}
                self.vault.ledger.append(policies.ACT, policies.SUBJECT, facts)

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

    def access(self, biz_id: str, *, person: bool = False) -> tuple[Access, ...]:
        """Who looked at a case or took something out of it, and when; of ``person`` also in the cases alike it.

        Those are the cases with its biz_no, with one of its pictures, or in one dispute with it.
        """
        ids = {biz_id}
        if person:
            case = self.casebook.unmasked(biz_id)
            alike = self.casebook.work.alike(biz_id, [picture.sha256 for picture in case.photographs])
            ids |= {*alike.biz_no, *alike.picture, *(b for d in case.work.disputes for b in d.cases)}
        return report(entry for each in sorted(ids) for entry in self.vault.ledger.entries(each))

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

    def export(self, case: Case, target: Path, lang: str, **wish: Any) -> Exported:
        """Write the snapshot of ``case``, signed, and record it; ``wish`` holds the other fields of :class:`Wish`.

        Raises what :meth:`Delivery.export` raises.
        """
        return self.delivery.export(case, target, Wish(lang, **wish))

    def preview(self, case: Case, lang: str, **wish: Any) -> document.Document:
        """What :meth:`export` would write now, in memory alone: nothing is written and nothing recorded."""
        return self.delivery.preview(case, Wish(lang, **wish))

    def look_at(
        self,
        sources: Iterable[Source],
        progress: Callable[[Looked], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Preview:
        """What files, folders or pasted bytes hold. Writes nothing. Not for a GUI thread."""
        return self.intake.look(sources, progress, cancelled)

    def look_at_bytes(self, label: str, data: bytes) -> Preview:
        """The same for bytes from the clipboard, under the name ``label``."""
        return self.intake.look([Pasted(label, data)])

    def take_in(
        self,
        what: Preview | Iterable[Source],
        progress: Callable[[Looked], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Kept:
        """Keep what a preview has shown, or what files hold. May be repeated: nothing is kept twice."""
        return self.intake.keep(what, progress, cancelled)

    def add_reference(self, biz_id: str, path: Path, source: str = "") -> Reference:
        """Lay a photograph of our own beside a case's. Raises :class:`Usage` where the file is no picture."""
        return self.marking.add_reference(biz_id, path, source)

    def back_up(self, target: Path) -> Backup:
        """A sealed backup of the whole vault in one new file, proven by restoring it. Not for a GUI thread.

        Raises :class:`Afterwards`, also where there is such a file already.
        """
        return self.vault.back_up(target, {"made_at": today().isoformat(), "version": __version__})

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


_WHY_NOT: Final = {
    errno.ENOSPC: "not_written_full",
    errno.EDQUOT: "not_written_full",
    errno.EACCES: "not_written_denied",
    errno.EPERM: "not_written_denied",
    errno.EROFS: "not_written_denied",
    errno.ETXTBSY: "not_written_open",
    errno.EBUSY: "not_written_open",
    errno.ENOENT: "not_written_gone",
    errno.ENOTDIR: "not_written_gone",
    errno.EISDIR: "not_written_folder",
}


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
        failure = Afterwards(_why_not(error), name=target.name, kind=error.strerror or "")
    if failure:
        with suppress(OSError):
            draft.unlink()
        raise failure
    return target


def _why_not(error: OSError) -> str:
    """The wording for a file that could not be written."""
    if getattr(error, "winerror", None) in (32, 33):
        return "not_written_open"
    return _WHY_NOT.get(error.errno or 0, "not_written")


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

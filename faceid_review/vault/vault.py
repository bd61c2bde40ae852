"""The vault as a whole: its folder, its lock, its keys, and the parts that work once it is open."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Final, Self

from faceid_review.errors import Damaged, VaultClosed, WeakKeyring
from faceid_review.vault import backup, frames
from faceid_review.vault.backup import Backup
from faceid_review.vault.database import Database
from faceid_review.vault.drafts import Drafts
from faceid_review.vault.forgotten import Forgotten
from faceid_review.vault.heads import Heads
from faceid_review.vault.keychain import Keychain, SealedKeychain, Slots, SystemKeychain
from faceid_review.vault.ledger import Ledger
from faceid_review.vault.sealing import KEY_BYTES, Sealer
from faceid_review.vault.spool import Spool

_FILE: Final = "vault.db"
_DRAFT: Final = "vault.new"
_LOCK: Final = "vault.lock"
_TIP: Final = "tip"


class Vault:
    """An open vault. Made by :meth:`make` or :meth:`open`, ended by :meth:`close`."""

    def __init__(
        self, home: Path, lock: Lock, database: Database, data_key: bytes, keychain: Keychain | None
    ) -> None:
        self.home = home
        self.id = database.identity()
        self._lock = lock
        self._database = database
        self._sealer = sealer = Sealer(self.id, data_key)
        self.forgotten = Forgotten(home)
        self.slots = Slots(database, self.id)
        self.ledger = Ledger(database, sealer)
        self.heads = Heads(database, sealer)
        self.spool = Spool(home / "spool", self.ledger, sealer)
        self.drafts = Drafts(home / "drafts", sealer)
        self.sealed = SealedKeychain(database, sealer)
        """Secrets that belong to this vault and go with it into a backup, whatever keyring there is."""
        self.keychain: Keychain = keychain or self.sealed

    @staticmethod
    def exists(home: Path) -> bool:
        """Whether a vault was made in this folder."""
        return (home / _FILE).exists()

    @classmethod
    def make(cls, home: Path, reviewer: str, passphrase: str, *, keyring: bool) -> Self:
        """A new vault in ``home``. With ``keyring`` its key lies there too; the passphrase opens it always.

        Nothing is left behind where the keyring or the disk refuses.
        """
        _private_folder(home)
        lock = Lock(home / _LOCK)
        draft, database = home / _DRAFT, None
        try:
            if cls.exists(home):
                raise VaultClosed("vault_exists", home=str(home))
            draft.unlink(missing_ok=True)
            vault_id, data_key = os.urandom(16), os.urandom(KEY_BYTES)
            keychain = SystemKeychain(vault_id) if keyring else None
            database = Database.make(draft, vault_id)
            slots = Slots(database, vault_id)
            slots.put_passphrase(passphrase, data_key)
            if keychain:
                slots.put_keyring(keychain, data_key)
            ledger = Ledger(database, Sealer(vault_id, data_key))
            ledger.by = reviewer
            ledger.append("vault_made", facts={"reviewer": reviewer, "keyring": bool(keychain)})
            database.close()
            # Whole under its name, or not at all: a process that dies here leaves no half vault behind.
            _give_name(draft, home / _FILE)
            frames.sync_folder(home)
            database = Database(home / _FILE)
            return cls._opened(home, lock, database, data_key, keychain)
        except BaseException:
            if database:
                database.close()
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            lock.release()
            raise

    @classmethod
    def _opened(
        cls, home: Path, lock: Lock, database: Database, data_key: bytes, keychain: Keychain | None
    ) -> Self:
        database.mend_index()
        backup.clear_scratch(home)
        opened = cls(home, lock, database, data_key, keychain)
        first = next(iter(opened.ledger.entries("")), None)
        if first is None:
            raise VaultClosed("key_wrong")
        opened.ledger.by = first.by
        return opened

    @classmethod
    def open(cls, home: Path, passphrase: str | None = None, *, keyring: bool = True) -> Self:
        """Open the vault in ``home``: with ``passphrase`` by it, otherwise by the keyring.

        With ``keyring`` False no keyring is touched, whatever happens. Raises :class:`VaultClosed`, with
        the other process's id where the vault is open already.
        """
        if not cls.exists(home):
            raise VaultClosed("no_vault", home=str(home))
        lock = Lock(home / _LOCK)
        database = None
        try:
            database = Database(home / _FILE)
            vault_id = database.identity()
            slots = Slots(database, vault_id)
            keychain = _system_keychain(vault_id) if keyring and "keyring" in slots.kinds() else None
            if passphrase is not None:
                data_key = slots.open_passphrase(passphrase)
            elif "keyring" not in slots.kinds():
                raise VaultClosed("passphrase_needed")
            elif keychain is None:
                raise WeakKeyring("no_keyring")
            else:
                data_key = slots.open_keyring(keychain)
            return cls._opened(home, lock, database, data_key, keychain)
        except BaseException:
            if database:
                database.close()
            lock.release()
            raise

    @classmethod
    def restore(cls, home: Path, file: Path, passphrase: str, *, keyring: bool) -> Self:
        """The vault of a backup, open in ``home``, which must be new or empty. Nothing is left behind on failure.

        With ``keyring`` its key is laid into this machine's keyring. Raises :class:`Damaged`, :class:`VaultClosed`.
        """
        _private_folder(home)
        lock = Lock(home / _LOCK)
        draft, database, failure, empty = home / _DRAFT, None, None, False
        try:
            if cls.exists(home):
                raise VaultClosed("vault_exists", home=str(home))
            if any(path.name != _LOCK for path in home.iterdir()):
                raise VaultClosed("home_not_empty", home=str(home))
            empty = True
            with file.open("rb") as stream:
                opened = backup.open_backup(stream, passphrase)
                keychain = SystemKeychain(opened.vault) if keyring else None
                digest = opened.unpack(home, _DRAFT)
            database = Database(draft)
            if database.identity() != opened.vault:
                raise Damaged("backup_unreadable")
            sealer = Sealer(opened.vault, opened.data_key)
            backup.checked(database, sealer, opened.manifest)
            slots = Slots(database, opened.vault)
            slots.drop_keyring()
            if keychain:
                slots.put_keyring(keychain, opened.data_key)
            ledger = Ledger(database, sealer)
            ledger.by = next(ledger.entries("")).by
            ledger.append(
                "restored",
                facts={"sha256": digest, "count": opened.manifest.count, "head": opened.manifest.head},
            )
            database.close()
            _give_name(draft, home / _FILE)
            frames.sync_folder(home)
            database = Database(home / _FILE)
            return cls._opened(home, lock, database, opened.data_key, keychain)
        except OSError as error:
            failure = VaultClosed("not_restored", name=file.name, kind=error.strerror or "")
            _undo(home, database, empty=empty)
        except BaseException:
            _undo(home, database, empty=empty)
            lock.release()
            raise
        lock.release()
        raise failure

    def back_up(self, target: Path, about: Mapping[str, str]) -> Backup:
        """A sealed backup of everything, proven by restoring it. ``about`` has ``made_at`` and ``version``."""
        parts = self.home, self._database, self.slots, self._sealer, self.ledger
        return backup.write(target, *parts, about)

    def pseudonym(self, subject: str) -> bytes:
        """What stands for ``subject`` in the list of those who were purged."""
        return self._sealer.pseudonym(subject)

    @property
    def sweep_owed(self) -> bool:
        """Whether something destroyed may still lie in free room of the file."""
        return self._database.sweep_owed

    def sweep(self) -> None:
        """Leave nothing of what was destroyed in free room, the journal or a half-made backup."""
        backup.clear_scratch(self.home)
        self._database.sweep()

    def remember_tip(self) -> None:
        """Lay count and head into the keyring, so that an older copy of this vault is known for one."""
        if isinstance(self.keychain, SystemKeychain):
            with suppress(VaultClosed):
                self.keychain.put(_TIP, f"{self.ledger.count}:{self.ledger.head.hex()}")

    def remembered_tip(self) -> tuple[int, str] | None:
        """The count and head last laid into the keyring, where this vault is not that far or went another way."""
        kept = None
        if isinstance(self.keychain, SystemKeychain):
            with suppress(VaultClosed):
                kept = self.keychain.get(_TIP)
        if not kept:
            return None
        written = re.fullmatch(r"([0-9]{1,12}):([0-9a-f]{64})", kept)
        if written is None:
            return None
        link = self.ledger.link_at(int(written[1]))
        return None if link is not None and link.hex() == written[2] else (int(written[1]), written[2])

    def close(self) -> None:
        """Let go of the files and of the lock."""
        self._database.close()
        self._lock.release()

    def transaction(self) -> AbstractContextManager[None]:
        """A context in which several entries are written as one."""
        return self._database.transaction()


class Lock:
    """One process, one vault. The lock is the kernel's: it is gone when its process is, however it ended."""

    def __init__(self, path: Path) -> None:
        failure = None
        try:
            self._file = os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+b")
        except OSError as error:
            wording = "vault_full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "vault_unwritable"
            failure = VaultClosed(wording, kind=error.errno)
        if failure:
            raise failure
        taken = True
        try:
            _lock(self._file.fileno())
        except OSError:
            taken = False
        if not taken:
            self._file.seek(0)
            holder = self._file.read(32).decode("ascii", "replace").strip()
            self._file.close()
            raise VaultClosed("vault_in_use", pid=holder or "?")
        # The lock is held by now; the number is only for whoever comes second.
        with suppress(OSError):
            self._file.truncate(0)
            self._file.seek(0)
            self._file.write(str(os.getpid()).encode())
            self._file.flush()

    def release(self) -> None:
        """Give it back."""
        self._file.close()


def _undo(home: Path, database: Database | None, *, empty: bool) -> None:
    """Take back a restore that failed, in a folder that was ``empty`` before it."""
    if database:
        database.close()
    for path in home.iterdir() if empty else ():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != _LOCK:
            with suppress(OSError):
                path.unlink()


def _give_name(draft: Path, target: Path) -> None:
    """Give a finished file its name, never in the place of another one."""
    try:
        target.hardlink_to(draft)
    except FileExistsError:
        taken = VaultClosed("vault_exists", home=str(target.parent))
    except OSError:
        draft.replace(target)  # no hard links on this file system
        return
    else:
        draft.unlink()
        return
    raise taken


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - there is no such module elsewhere

        # Beyond the process id, so that the other process can still read that. Untested on Windows.
        os.lseek(descriptor, 1024, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        return
    import fcntl  # noqa: PLC0415 - there is no such module on Windows

    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _system_keychain(vault_id: bytes) -> SystemKeychain | None:
    with suppress(WeakKeyring):
        return SystemKeychain(vault_id)
    return None


def _private_folder(home: Path) -> None:
    failure = None
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.chmod(0o700)
    except OSError as error:
        failure = VaultClosed("vault_unwritable", kind=error.errno)
    if failure:
        raise failure

"""A whole vault in one sealed file, and out of it again. It opens with the recovery passphrase alone.

    FRBACKUP1, length (4 bytes), opening: JSON with the vault's id, its passphrase slot, and the wrapped key of this file;
    then parts: length (4 bytes), sealed part of at most 1 MB, sealed for its number; the last one says that it is.

Inside the parts: length (4 bytes), a manifest (JSON), and the files it lists, one after the other. The vault's own file
is sealed already; sealed once more, a backup does not even tell how many cases there are, and a flipped or missing byte
anywhere in it is found before anything is restored.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from faceid_review.errors import Afterwards, Damaged, VaultClosed
from faceid_review.vault import frames
from faceid_review.vault.database import Database
from faceid_review.vault.keychain import Slots, unwrapped
from faceid_review.vault.ledger import PART, Ledger
from faceid_review.vault.sealing import RecordKey, Sealer

DATABASE: Final = "vault.db"
ACT: Final = "backup"
_MAGIC: Final = b"FRBACKUP1"
_LONGEST_OPENING: Final = 64 * 1024
_LONGEST_MANIFEST: Final = 64 * 1024 * 1024
_SCRATCH: Final = "backup-"
_BESIDE: Final = re.compile(
    r"settings\.json|reasons\.toml|purged|drafts/[0-9a-f]{32}\.sealed|spool/[0-9a-f]{32}\.(spool|damaged)"
)
"""What of a vault's folder goes along, and the only names that are ever written out of a backup."""


@dataclass(frozen=True)
class Backup:
    """A backup that lies on the disk and was restored once, for proof. ``count`` and ``head`` are its ledger's."""

    path: Path
    sha256: str
    size: int
    count: int
    head: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. ``files`` are names and sizes, in the order in which they follow."""

    made_at: str
    version: str
    count: int
    head: str
    files: tuple[tuple[str, int], ...]


@dataclass
class Opened:
    """A backup that its passphrase has opened. :meth:`unpack` may be called once."""

    vault: bytes
    data_key: bytes = field(repr=False)
    manifest: Manifest
    _stream: _Stream = field(repr=False)

    def unpack(self, folder: Path, database: str = DATABASE) -> str:
        """Write every file into ``folder``, the vault's own under the name ``database``; the backup's SHA-256.

        Raises :class:`Damaged` where a byte of the backup is not what it was, OSError where there is no room.
        """
        for name, size in self.manifest.files:
            place = folder / (database if name == DATABASE else name)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            with frames.new_file(place) as file:
                for piece in self._stream.read(size):
                    _write(file, piece)
                os.fsync(file.fileno())
        return self._stream.end()


def write(
    target: Path,
    home: Path,
    database: Database,
    slots: Slots,
    sealer: Sealer,
    ledger: Ledger,
    about: Mapping[str, str],
) -> Backup:
    """Write a backup to ``target``: copied, sealed aside, synced, restored for proof, recorded, and only then named so.

    ``about`` holds ``made_at`` and ``version``. An existing file is never replaced. Raises :class:`Afterwards`.
    """
    if target.exists():
        raise Afterwards("backup_exists", name=target.name)
    slot = slots.passphrase()
    draft = target.with_name(f".{target.name}.{os.getpid()}.new")
    failure = None
    try:
        clear_scratch(home)
        scratch = _scratch(home)
        database.copy_to(scratch / DATABASE)
        count, head = _end_of(scratch / DATABASE, sealer)
        files = [(DATABASE, scratch / DATABASE), *_beside(home)]
        key = sealer.new_record()
        opening = {
            "vault": sealer.vault.hex(),
            **slot,
            "record": key.record.hex(),
            "key": sealer.wrap(key).hex(),
        }
        told = {**about, "count": count, "head": head}
        _seal_into(draft, opening, key, told, files)
        shutil.rmtree(scratch)
        digest = _proven(draft, home, sealer, count, head)
        size = draft.stat().st_size
        facts = {"name": target.name, "sha256": digest, "bytes": size, "count": count, "head": head}
        # On record before it is a backup: one that nobody knows of could not be named when somebody is purged.
        ledger.append(ACT, facts=facts)
        _name(draft, target)
        frames.sync_folder(target.parent)
    except OSError as error:
        failure = Afterwards("not_written", name=target.name, kind=error.strerror or "")
    finally:
        clear_scratch(home)
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    if failure:
        raise failure
    return Backup(target, digest, size, count, head)


def open_backup(file: BinaryIO, passphrase: str) -> Opened:
    """Open a backup. Raises :class:`Damaged` for what is none, :class:`VaultClosed` for the wrong passphrase."""
    start = file.read(len(_MAGIC) + 4)
    length = int.from_bytes(start[len(_MAGIC) :], "big")
    if not start.startswith(_MAGIC[:-1]) or len(start) < len(_MAGIC) + 4:
        raise Damaged("backup_unreadable")
    if not start.startswith(_MAGIC):
        raise VaultClosed("backup_newer")
    if length > _LONGEST_OPENING:
        raise Damaged("backup_unreadable")
    raw = file.read(length)
    try:
        said = json.loads(raw)
        vault, wrapped, record, wrapped_key = (
            bytes.fromhex(said[name]) for name in ("vault", "wrapped", "record", "key")
        )
        facts = dict(said["facts"])
    except (ValueError, TypeError, KeyError, RecursionError):
        broken = Damaged("backup_unreadable")
    else:
        data_key = unwrapped(passphrase, vault, facts, wrapped)
        key = Sealer(vault, data_key).unwrap(record, wrapped_key)
        stream = _Stream(file, key, start + raw)
        return Opened(vault, data_key, _manifest(stream), stream)
    raise broken


def checked(database: Database, sealer: Sealer, manifest: Manifest) -> None:
    """Read a restored ledger whole. Raises :class:`Damaged` where it is not the one that was backed up."""
    verdict = Ledger(database, sealer).verify()
    if not verdict.intact or (verdict.count, verdict.head.hex()) != (manifest.count, manifest.head):
        raise Damaged("backup_not_whole", number=verdict.broken or 0)


def clear_scratch(home: Path) -> None:
    """Remove copies that an interrupted backup left behind."""
    for left in home.glob(f"{_SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)


class _Stream:
    """The sealed parts of a backup as one stream of bytes, each checked before any of it is given."""

    def __init__(self, file: BinaryIO, key: RecordKey, start: bytes) -> None:
        self._file, self._key = file, key
        self._digest = hashlib.sha256(start)
        self._number, self._held, self._ended = 0, b"", False

    def read(self, size: int) -> Iterator[bytes]:
        """The next ``size`` bytes, in pieces."""
        while size > 0:
            if not self._held:
                self._next()
            piece, self._held = self._held[:size], self._held[size:]
            size -= len(piece)
            yield piece

    def whole(self, size: int) -> bytes:
        """The next ``size`` bytes at once."""
        return b"".join(self.read(size))

    def end(self) -> str:
        """The SHA-256 of the backup, once all of it was read. Raises :class:`Damaged` where there is more."""
        if not self._ended and not self._held:
            self._next()
        if self._held or not self._ended or self._file.read(1):
            raise Damaged("backup_unreadable")
        return self._digest.hexdigest()

    def _next(self) -> None:
        start = self._file.read(4)
        length = int.from_bytes(start, "big")
        if self._ended or len(start) < 4 or length > PART + 64:
            raise Damaged("backup_unreadable")
        sealed = self._file.read(length)
        self._digest.update(start + sealed)
        # The two seals differ in one byte of their place: the last part says that it is.
        try:
            self._held = self._key.unseal_part(self._number, sealed, last=False)
        except Damaged:
            self._ended = True
        if self._ended:
            self._held = self._last(sealed)
        self._number += 1

    def _last(self, sealed: bytes) -> bytes:
        try:
            return self._key.unseal_part(self._number, sealed, last=True)
        except Damaged:
            broken = Damaged("backup_unreadable")
        raise broken


def _manifest(stream: _Stream) -> Manifest:
    length = int.from_bytes(stream.whole(4), "big")
    if length > _LONGEST_MANIFEST:
        raise Damaged("backup_unreadable")
    try:
        said = json.loads(stream.whole(length))
        files = tuple((str(name), int(size)) for name, size in said["files"])
        made = Manifest(
            str(said["made_at"]), str(said["version"]), int(said["count"]), str(said["head"]), files
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        broken = Damaged("backup_unreadable")
    else:
        names = [name for name, _ in files]
        good = all(_BESIDE.fullmatch(name) for name in names if name != DATABASE)
        if (
            good
            and len(set(names)) == len(names)
            and DATABASE in names
            and all(size >= 0 for _, size in files)
        ):
            return made
        broken = Damaged("backup_unreadable")
    raise broken


def _seal_into(
    draft: Path,
    opening: Mapping[str, Any],
    key: RecordKey,
    told: Mapping[str, Any],
    files: list[tuple[str, Path]],
) -> None:
    held: list[tuple[str, bytes | Path, int]] = []
    for name, path in files:
        with suppress(FileNotFoundError):  # a draft may be dropped meanwhile
            # Small files as they are now: one that is replaced while it is read would not fit its size.
            what = path if name == DATABASE else path.read_bytes()
            held.append((name, what, len(what) if isinstance(what, bytes) else path.stat().st_size))
    manifest = json.dumps({**told, "files": [[name, size] for name, _, size in held]}).encode()
    beginning = json.dumps(opening).encode()

    def pieces() -> Iterator[bytes]:
        yield len(manifest).to_bytes(4, "big") + manifest
        for _, what, _ in held:
            if isinstance(what, bytes):
                yield what
                continue
            with what.open("rb") as file:
                while piece := file.read(PART):
                    yield piece

    with frames.new_file(draft) as file:
        _write(file, _MAGIC + len(beginning).to_bytes(4, "big") + beginning)
        waiting, number = bytearray(), 0
        for piece in pieces():
            waiting += piece
            while len(waiting) > PART:
                _write_part(file, key.seal_part(number, bytes(waiting[:PART]), last=False))
                del waiting[:PART]
                number += 1
        _write_part(file, key.seal_part(number, bytes(waiting), last=True))
        os.fsync(file.fileno())


def _proven(draft: Path, home: Path, sealer: Sealer, count: int, head: str) -> str:
    """Restore a backup into a folder that is thrown away, and read its ledger whole; its SHA-256."""
    scratch = _scratch(home)
    with draft.open("rb") as file:
        start = file.read(len(_MAGIC) + 4)
        raw = file.read(int.from_bytes(start[len(_MAGIC) :], "big"))
        said = json.loads(raw)
        key = sealer.unwrap(bytes.fromhex(said["record"]), bytes.fromhex(said["key"]))
        stream = _Stream(file, key, start + raw)
        opened = Opened(sealer.vault, b"", _manifest(stream), stream)
        digest = opened.unpack(scratch)
    if (opened.manifest.count, opened.manifest.head) != (count, head):
        raise Damaged("backup_not_whole", number=0)
    database = Database(scratch / DATABASE)
    try:
        checked(database, sealer, opened.manifest)
    finally:
        database.close()
    shutil.rmtree(scratch)
    return digest


def _end_of(copy: Path, sealer: Sealer) -> tuple[int, str]:
    database = Database(copy)
    try:
        ledger = Ledger(database, sealer)
        return ledger.count, ledger.head.hex()
    finally:
        database.close()


def _beside(home: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).as_posix()
        if _BESIDE.fullmatch(name) and path.is_file():
            yield name, path


def _scratch(home: Path) -> Path:
    folder = home / f"{_SCRATCH}{os.urandom(6).hex()}"
    folder.mkdir(mode=0o700)
    return folder


def _write_part(file: BinaryIO, sealed: bytes) -> None:
    _write(file, len(sealed).to_bytes(4, "big") + sealed)


def _write(file: BinaryIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def _name(draft: Path, target: Path) -> None:
    """Give a finished backup its name, never in the place of another file. Raises OSError."""
    try:
        target.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:
        draft.rename(target)  # no hard links on this file system
    else:
        draft.unlink()

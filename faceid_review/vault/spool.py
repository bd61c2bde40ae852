"""An answer while it arrives: room taken beforehand, each piece sealed and on disk before the next is read.

The room is a preallocated file that did not exist before, taken before anybody is asked: a full disk then
refuses instead of losing the answer. What became of a question is decided by marks that are on disk (armed,
sent), never by the kind of an exception: no exception proves that nothing was sent.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from faceid_review.errors import Damaged, NotKept, ReviewError, VaultClosed
from faceid_review.vault.entry import Entry
from faceid_review.vault.ledger import Ledger, SealedBody
from faceid_review.vault.sealing import RecordKey, Sealer

ROOM: Final = 2 * 1024 * 1024
RESERVE: Final = 64 * 1024 * 1024
_MAGIC: Final = b"FRSPOOL1"
_LENGTH: Final = struct.Struct(">I")
_HEAD, _BYTES, _END = b"H", b"B", b"E"
_OPENING: Final = 8 + 16 + 60
"""Magic, record id and the wrapped record key: nonce 12, key 32, tag 16."""

_DAMAGED: Final = ".damaged"


class Arrival(Protocol):
    """What a spool can keep: a head of plain values, then pieces, then how it ended."""

    @property
    def head(self) -> Mapping[str, Any]:
        """What came before the body (status, headers ...), as JSON values."""

    @property
    def ended(self) -> str:
        """How the body came to its end; known when the iteration is over."""

    def __iter__(self) -> Iterator[bytes]:
        """The body, piece by piece, exactly as received. Never raises: a cut is an ending."""


@dataclass(frozen=True)
class Leftover:
    """What of an answer there is: the question's facts, the head if one came, the body so far, its ending."""

    key: RecordKey = field(repr=False)
    facts: Mapping[str, Any]
    head: Mapping[str, Any] | None
    body: bytes = field(repr=False)
    ended: str


class Spool:
    """The folder where answers arrive, and the reserve that is given up when a disk is full."""

    def __init__(self, folder: Path, ledger: Ledger, sealer: Sealer) -> None:
        self.folder = folder
        self._ledger = ledger
        self._sealer = sealer
        self._reserve = folder / "reserve"
        folder.mkdir(mode=0o700, exist_ok=True)

    def prove(self) -> None:
        """Write, sync, read back and delete 1 MB, and hold the reserve. Raises :class:`VaultClosed`."""
        failure = None
        try:
            self._hold_reserve()
            probe, data = self.folder / f"probe-{os.urandom(6).hex()}", os.urandom(1024 * 1024)
            try:
                with _new_file(probe) as file:
                    file.write(data)
                    os.fsync(file.fileno())
                    file.seek(0)
                    if file.read(len(data)) != data:
                        failure = VaultClosed("vault_unreadable", kind="probe")
            finally:
                probe.unlink(missing_ok=True)
        except OSError as error:
            failure = _no_room(error)
        if failure:
            raise failure

    @contextmanager
    def reserve(self, subject: str, facts: Mapping[str, Any]) -> Iterator[Slot]:
        """Room for one answer. ``facts`` (attempt, account ...) go into every entry of this question.

        Leaving without an answer writes what is certain: ``not_sent``, or ``unknown`` where the request may
        have left this machine.
        """
        slot = Slot(self, self._ledger, self._sealer, subject, facts)
        try:
            yield slot
        except ReviewError as error:
            slot.abandon(error.wording)
            raise
        except BaseException:
            slot.abandon("interrupted")
            raise
        slot.abandon("interrupted")

    def recover(self) -> tuple[Entry, ...]:
        """Seal what arrived before a process died; each record once. Empties the folder.

        A spool that cannot be read is kept under another name and an entry says so: it may hold an answer.
        """
        recovered = []
        for path in sorted(self.folder.iterdir()):
            if path.suffix == ".spool":
                left = self._read(path)
                if left is None:
                    self._set_aside(path)
                    continue
                if left.head is not None:
                    recovered.append(_commit(self._ledger, self._sealer, left))
            if path.suffix != _DAMAGED and path != self._reserve:
                path.unlink()
        return tuple(recovered)

    def release_reserve(self) -> None:
        """Give the reserve's room back to the disk, for an answer that would not fit otherwise."""
        with suppress(OSError):
            os.truncate(self._reserve, 0)

    def _hold_reserve(self) -> None:
        held = self._reserve.stat().st_size if self._reserve.exists() else 0
        wanted = min(RESERVE, shutil.disk_usage(self.folder).free // 10)
        if held >= min(wanted, RESERVE // 2):
            return
        self._reserve.unlink(missing_ok=True)
        with _new_file(self._reserve) as file:
            _allocate(file, 0, max(wanted, 4096))
            os.fsync(file.fileno())

    def _set_aside(self, path: Path) -> None:
        size = path.stat().st_size
        path.rename(path.with_suffix(_DAMAGED))
        self._ledger.append("spool_damaged", "", {"name": path.stem, "bytes": size})

    def _read(self, path: Path) -> Leftover | None:
        """What is in a spool: None where its beginning is damaged; nothing in it where it was never begun."""
        data = path.read_bytes()
        key = self._key_of(data)
        if key is None:
            # Its beginning is written and synced before anybody is asked: zeros mean that nobody was.
            return None if data.strip(b"\0") and data.startswith(_MAGIC) else _nothing_in(path)
        position = _OPENING
        pieces: list[bytes] = []
        with suppress(Damaged):
            while length := int.from_bytes(data[position : position + 4], "big"):
                sealed = data[position + 4 : position + 4 + length]
                pieces.append(key.unseal_frame(len(pieces), sealed))
                position += 4 + length
        if not pieces:
            return None
        head = next((json.loads(p[1:]) for p in pieces[1:] if p[:1] == _HEAD), None)
        ended = next((p[1:].decode() for p in pieces[1:] if p[:1] == _END), "died")
        body = b"".join(p[1:] for p in pieces[1:] if p[:1] == _BYTES)
        return Leftover(key, json.loads(pieces[0]), head, body, ended)

    def _key_of(self, data: bytes) -> RecordKey | None:
        if len(data) < _OPENING or not data.startswith(_MAGIC):
            return None
        try:
            return self._sealer.unwrap(data[8:24], data[24:_OPENING])
        except Damaged:
            return None


class Slot:
    """The room for one answer, taken and proven. Leaves exactly one word behind about its question."""

    def __init__(
        self, spool: Spool, ledger: Ledger, sealer: Sealer, subject: str, facts: Mapping[str, Any]
    ) -> None:
        self.on_piece: Callable[[int], None] = lambda _: None
        self._spool, self._ledger, self._sealer = spool, ledger, sealer
        self._subject, self._facts = subject, {**facts, "subject": subject}
        self._sent = False
        self._settled = False
        self._head: dict[str, Any] | None = None
        self._body = bytearray()
        self._key = sealer.new_record()
        self._frames = 0
        self._position = 0
        self._path = spool.folder / f"{self._key.record.hex()}.spool"
        failure = None
        try:
            self._file = self._take_room()
        except OSError as error:
            failure = _no_room(error)
        if failure:
            raise failure
        try:
            ledger.append("armed", subject, facts)
        except ReviewError:
            self._close()
            raise

    def mark_sent(self) -> None:
        """Commit that the request is about to leave this machine. Called before its first byte."""
        self._ledger.append("sent", self._subject, {"attempt": self._facts["attempt"]})
        self._sent = True

    def keep(self, arrival: Arrival) -> Entry:
        """Seal what arrives piece by piece, then commit it, read it back, compare. Only then is it kept."""
        self._head = dict(arrival.head)
        failed = self._written(_HEAD + json.dumps(self._head).encode())
        for piece in arrival:
            self._body += piece
            # A disk that fills up under way does not stop the reading: the rest is kept in memory.
            failed = failed or self._written(_BYTES + piece)
            self.on_piece(len(self._body))
        failed = failed or self._written(_END + arrival.ended.encode())
        return self._settle(arrival.ended)

    def abandon(self, reason: str) -> None:
        """Say what is certain of a question that went no further, and give the room back.

        What had arrived is kept, whatever it was that came between.
        """
        if self._settled:
            return
        if self._head is not None:
            self._settle("cut")
            return
        self._settled = True
        act = "unknown" if self._sent else "not_sent"
        self._ledger.append(act, self._subject, {"attempt": self._facts["attempt"], "reason": reason})
        self._close()

    def _settle(self, ended: str) -> Entry:
        left = Leftover(self._key, self._facts, self._head, bytes(self._body), ended)
        self._settled = True
        entry = self._commit(left)
        self._close()
        return entry

    def _take_room(self) -> BinaryIO:
        file = _new_file(self._path)
        try:
            _allocate(file, 0, ROOM)
            start = _opening(self._sealer, self._key)
            file.seek(0)
            file.write(start)
            self._position = len(start)
            self._frame(file, json.dumps(self._facts).encode())
            os.fsync(file.fileno())
            _sync_folder(self._spool.folder)
        except OSError:
            file.close()
            self._path.unlink()
            raise
        return file

    def _frame(self, file: BinaryIO, piece: bytes) -> None:
        sealed = self._key.seal_frame(self._frames, piece)
        end = self._position + 4 + len(sealed)
        # Four zero bytes behind the last frame mark the end, so there is always room for them.
        if end + 4 > os.fstat(file.fileno()).st_size:
            _allocate(file, self._position, max(ROOM, len(sealed) + 8))
        file.seek(self._position)
        file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._frames += 1
        self._position = end

    def _written(self, piece: bytes) -> bool:
        """Seal one piece onto the disk; True where the disk failed."""
        try:
            self._frame(self._file, piece)
            _sync_data(self._file.fileno())
        except OSError:
            return True
        return False

    def _commit(self, left: Leftover) -> Entry:
        try:
            return _commit(self._ledger, self._sealer, left)
        except ReviewError:
            self._spool.release_reserve()
        try:
            return _commit(self._ledger, self._sealer, left)
        except ReviewError as error:
            wording = error.wording
        # The spool stays where it is: what of it reached the disk is recovered when the vault opens again.
        self._file.close()
        raise NotKept("not_kept", rescue=self._rescue(left), cause=wording)

    def _rescue(self, left: Leftover) -> bytes:
        """The answer as one sealed file of the spool's own form, to be read back where there is room."""
        pieces = [json.dumps(dict(left.facts)).encode(), _HEAD + json.dumps(dict(left.head or {})).encode()]
        pieces += [_BYTES + left.body, _END + left.ended.encode()]
        frames = [self._key.seal_frame(number, piece) for number, piece in enumerate(pieces)]
        framed = b"".join(_LENGTH.pack(len(frame)) + frame for frame in frames)
        return _opening(self._sealer, self._key) + framed

    def _close(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


def _commit(ledger: Ledger, sealer: Sealer, left: Leftover) -> Entry:
    """Write the answer and its entry in one transaction, read it back, compare. Doing it twice does it once."""
    key, subject = left.key, str(left.facts["subject"])
    digest = hashlib.sha256(left.body).hexdigest()
    if ledger.holds(key.record):
        entry = next(e for e in ledger.entries(subject) if e.record == key.record)
    else:
        told = {name: fact for name, fact in left.facts.items() if name != "subject"}
        sealed = SealedBody(key.record, sealer.wrap(key), key.seal_body(left.body))
        answer = {**told, **(left.head or {}), "ended": left.ended, "bytes": len(left.body), "sha256": digest}
        entry = ledger.append("answer", subject, answer, sealed)
    if hashlib.sha256(ledger.body(key.record)).hexdigest() != entry.facts["sha256"]:
        raise VaultClosed("vault_unreadable", kind="read back")
    return entry


def _nothing_in(path: Path) -> Leftover:
    return Leftover(RecordKey(b"", b"", b""), {"name": path.stem}, None, b"", "died")


def _no_room(error: OSError) -> VaultClosed:
    return VaultClosed("vault_full" if error.errno in (28, 122) else "vault_unwritable", kind=error.errno)


def _opening(sealer: Sealer, key: RecordKey) -> bytes:
    return _MAGIC + key.record + sealer.wrap(key)


def _new_file(path: Path) -> BinaryIO:
    """A file that did not exist before, for its owner alone, unbuffered."""
    return open(path, "x+b", buffering=0, opener=lambda name, flags: os.open(name, flags, 0o600))


def _allocate(file: BinaryIO, start: int, length: int) -> None:
    """Take ``length`` bytes of the disk from ``start``, for good."""
    if sys.platform == "linux":
        os.posix_fallocate(file.fileno(), start, length)
        return
    # No such call on macOS and Windows: zeros, written out. Untested there.
    file.seek(start)
    file.writelines(bytes(65536) for _ in range(0, length, 65536))


def _sync_data(descriptor: int) -> None:
    getattr(os, "fdatasync", os.fsync)(descriptor)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

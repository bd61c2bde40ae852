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
    """A spool whose process died: what of the answer is in it."""

    path: Path = field(repr=False)
    key: RecordKey = field(repr=False)
    facts: Mapping[str, Any]
    head: Mapping[str, Any] | None
    body: bytes = field(repr=False)
    ended: str | None


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

    def leftovers(self) -> Iterator[Leftover]:
        """What processes that died have left behind."""
        for path in sorted(self.folder.glob("*.spool")):
            with suppress(Damaged, ValueError):
                yield self._read(path)

    def recover(self) -> tuple[Entry, ...]:
        """Seal what arrived before a process died; each record once. Empties the folder."""
        recovered = []
        for left in self.leftovers():
            if left.head is not None and not self._ledger.holds(left.key.record):
                ended = left.ended or "died"
                recovered.append(
                    _commit(self._ledger, self._sealer, left.key, left.facts, left.head, left.body, ended)
                )
            left.path.unlink()
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

    def _read(self, path: Path) -> Leftover:
        data = path.read_bytes()
        if not data.startswith(_MAGIC):
            # Died before the first piece was written: nothing can have been asked.
            path.unlink()
            raise ValueError
        record, wrapped_length = data[8:24], _LENGTH.unpack_from(data, 24)[0]
        position = 28 + wrapped_length
        key = self._sealer.unwrap(record, data[28:position])
        pieces: list[bytes] = []
        while length := _LENGTH.unpack_from(data, position)[0] if position + 4 <= len(data) else 0:
            sealed = data[position + 4 : position + 4 + length]
            try:
                pieces.append(key.unseal_frame(len(pieces), sealed))
            except Damaged:
                break
            position += 4 + length
        if not pieces:
            path.unlink()
            raise ValueError
        head = next((json.loads(p[1:]) for p in pieces if p[:1] == _HEAD), None)
        ended = next((p[1:].decode() for p in pieces if p[:1] == _END), None)
        body = b"".join(p[1:] for p in pieces if p[:1] == _BYTES)
        return Leftover(path, key, json.loads(pieces[0]), head, body, ended)


class Slot:
    """The room for one answer, taken and proven. Leaves exactly one word behind about its question."""

    def __init__(
        self, spool: Spool, ledger: Ledger, sealer: Sealer, subject: str, facts: Mapping[str, Any]
    ) -> None:
        self.received = 0
        self.on_piece: Callable[[int], None] = lambda _: None
        self._spool, self._ledger, self._sealer = spool, ledger, sealer
        self._subject, self._facts = subject, {**facts, "subject": subject}
        self._sent = False
        self._settled = False
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
        head, body = dict(arrival.head), bytearray()
        failed = self._written(_HEAD + json.dumps(head).encode())
        for piece in arrival:
            body += piece
            # A disk that fills up under way does not stop the reading: the rest is kept in memory.
            failed = failed or self._written(_BYTES + piece)
            self.received = len(body)
            self.on_piece(self.received)
        failed = failed or self._written(_END + arrival.ended.encode())
        entry = self._commit(head, bytes(body), arrival.ended)
        self._settled = True
        self._close()
        return entry

    def abandon(self, reason: str) -> None:
        """Say what is certain of a question without an answer, and give the room back."""
        if self._settled:
            return
        self._settled = True
        act = "unknown" if self._sent else "not_sent"
        self._ledger.append(act, self._subject, {"attempt": self._facts["attempt"], "reason": reason})
        self._close()

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

    def _commit(self, head: Mapping[str, Any], body: bytes, ended: str) -> Entry:
        try:
            return _commit(self._ledger, self._sealer, self._key, self._facts, head, body, ended)
        except VaultClosed:
            self._spool.release_reserve()
        try:
            return _commit(self._ledger, self._sealer, self._key, self._facts, head, body, ended)
        except ReviewError as error:
            self._settled = True
            wording = error.wording
        raise NotKept("not_kept", rescue=self._rescue(head, body, ended), cause=wording)

    def _rescue(self, head: Mapping[str, Any], body: bytes, ended: str) -> bytes:
        pieces = [json.dumps(self._facts).encode(), _HEAD + json.dumps(dict(head)).encode(), _BYTES + body]
        frames = [self._key.seal_frame(n, p) for n, p in enumerate([*pieces, _END + ended.encode()])]
        framed = b"".join(_LENGTH.pack(len(frame)) + frame for frame in frames)
        return _opening(self._sealer, self._key) + framed

    def _close(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


def _commit(
    ledger: Ledger,
    sealer: Sealer,
    key: RecordKey,
    facts: Mapping[str, Any],
    head: Mapping[str, Any],
    body: bytes,
    ended: str,
) -> Entry:
    """Write the answer and its entry in one transaction, read it back and compare. Doing it twice does it once."""
    if ledger.holds(key.record):
        return next(e for e in ledger.entries(facts["subject"]) if e.record == key.record)
    sealed = SealedBody(key.record, sealer.wrap(key), key.seal_body(body))
    told = {k: v for k, v in facts.items() if k != "subject"}
    digest = hashlib.sha256(body).hexdigest()
    answer = {**told, **head, "ended": ended, "bytes": len(body), "sha256": digest}
    entry = ledger.append("answer", facts["subject"], answer, sealed)
    if hashlib.sha256(ledger.body(key.record)).hexdigest() != digest:
        raise VaultClosed("vault_unreadable", kind="read back")
    return entry


def _no_room(error: OSError) -> VaultClosed:
    return VaultClosed("vault_full" if error.errno in (28, 122) else "vault_unwritable", kind=error.errno)


def _opening(sealer: Sealer, key: RecordKey) -> bytes:
    wrapped = sealer.wrap(key)
    return _MAGIC + key.record + _LENGTH.pack(len(wrapped)) + wrapped


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

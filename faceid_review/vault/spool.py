"""An answer while it arrives: room taken beforehand, each piece sealed and on disk before the next is read.

The room is a preallocated file that did not exist before, taken before anybody is asked: a full disk then
refuses instead of losing the answer. What became of a question is decided by marks that are on disk (armed,
sent), never by the kind of an exception: no exception proves that nothing was sent.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from faceid_review.errors import Damaged, NotKept, ReviewError, VaultClosed
from faceid_review.vault import frames
from faceid_review.vault.entry import Entry
from faceid_review.vault.frames import BYTES, END, HEAD, FrameReader, FrameWriter
from faceid_review.vault.ledger import Body, Ledger
from faceid_review.vault.sealing import RecordKey, Sealer

RESERVE: Final = 64 * 1024 * 1024
_LEAST_RESERVE: Final = 4 * 1024 * 1024
_IN_MEMORY: Final = 8 * 1024 * 1024
"""Up to here an answer is also held in memory until it is kept; a longer one is read back from its spool."""

_DAMAGED: Final = ".damaged"
_PROBE: Final = "probe-"


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
class Received:
    """An answer as far as it came: the question's facts, the head, the body read as often as wanted."""

    key: RecordKey = field(repr=False)
    facts: Mapping[str, Any]
    head: Mapping[str, Any]
    body: Callable[[], Iterator[bytes]] = field(repr=False)
    ended: str
    sha256: str = ""
    """Of the bytes as they came, where they were counted while they came."""


class Spool:
    """The folder where answers arrive, and the reserve that is given up when a disk is full."""

    def __init__(self, folder: Path, ledger: Ledger, sealer: Sealer) -> None:
        self.folder = folder
        self._ledger = ledger
        self._sealer = sealer
        self._reserve = folder / "reserve"
        self._unkept: list[tuple[Received, Path]] = []
        self.spent = False
        """Whether the reserve was given up: nothing is asked until it is held again."""
        folder.mkdir(mode=0o700, exist_ok=True)

    def prove(self) -> None:
        """Write, sync, read back and delete 1 MB, and hold the reserve. Raises :class:`VaultClosed`."""
        failure = None
        probe, data = self.folder / f"{_PROBE}{os.urandom(6).hex()}", os.urandom(1024 * 1024)
        try:
            self._hold_reserve()
            with frames.new_file(probe) as file:
                file.write(data)
                os.fsync(file.fileno())
                file.seek(0)
                if file.read(len(data)) != data:
                    failure = VaultClosed("vault_unreadable", kind="probe")
        except OSError as error:
            failure = _no_room(error)
        finally:
            with suppress(OSError):
                probe.unlink(missing_ok=True)
        if failure:
            raise failure

    @contextmanager
    def reserve(self, subject: str, facts: Mapping[str, Any]) -> Iterator[Slot]:
        """Room for one answer. ``facts`` (attempt, account ...) go into every entry of this question.

        Leaving without an answer writes what is certain: ``not_sent``, or ``unknown`` where the request may
        have left this machine. What had arrived is kept, whatever came between.
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
            if path.suffix == ".spool" and not frames.never_begun(path):
                try:
                    left = FrameReader(path, self._sealer)
                except Damaged:
                    self._set_aside(path)
                    continue
                if left.head is not None:
                    answer = Received(left.key, left.facts, left.head, left.body, left.ended)
                    recovered.append(commit(self._ledger, self._sealer, answer))
            if path.suffix == ".spool" or path.name.startswith(_PROBE):
                with suppress(OSError):
                    path.unlink()
        return tuple(recovered)

    def settle_unkept(self) -> tuple[Entry, ...]:
        """Try once more to keep what the alarm was about: the disk may have room again. Never raises."""
        kept = []
        for answer, path in list(self._unkept):
            with suppress(ReviewError, OSError):
                kept.append(commit(self._ledger, self._sealer, answer))
                self._unkept.remove((answer, path))
                path.unlink(missing_ok=True)
        return tuple(kept)

    def not_kept(self, answer: Received, path: Path) -> None:
        """Hold an answer that could not be written, for as long as this process lives."""
        self._unkept.append((answer, path))

    def take_back(self, rescue: Path) -> Entry:
        """Read an answer that had to be saved elsewhere. Raises :class:`Damaged` where it is not of this vault."""
        left = FrameReader(rescue, self._sealer)
        if left.head is None:
            raise Damaged("spool_damaged")
        return commit(
            self._ledger, self._sealer, Received(left.key, left.facts, left.head, left.body, left.ended)
        )

    def release_reserve(self) -> None:
        """Give the reserve's room back to the disk, for an answer that would not fit otherwise."""
        self.spent = True
        with suppress(OSError):
            os.truncate(self._reserve, 0)

    def _hold_reserve(self) -> None:
        held = self._reserve.stat().st_size if self._reserve.exists() else 0
        free = shutil.disk_usage(self.folder).free
        wanted = max(_LEAST_RESERVE, min(RESERVE, (free + held) // 10))
        if held < min(wanted, RESERVE // 2):
            if free + held < wanted + _LEAST_RESERVE:
                raise OSError(errno.ENOSPC, "no room for the reserve")
            self._reserve.unlink(missing_ok=True)
            with frames.new_file(self._reserve) as file:
                frames.allocate(file, 0, wanted)
                os.fsync(file.fileno())
        self.spent = False

    def _set_aside(self, path: Path) -> None:
        size = path.stat().st_size
        path.rename(path.with_suffix(_DAMAGED))
        self._ledger.append("spool_damaged", "", {"name": path.stem, "bytes": size})


class Slot:
    """The room for one answer, taken and proven. Leaves exactly one word behind about its question."""

    def __init__(
        self, spool: Spool, ledger: Ledger, sealer: Sealer, subject: str, facts: Mapping[str, Any]
    ) -> None:
        self.on_piece: Callable[[int], None] = lambda _: None
        self._spool, self._ledger, self._sealer = spool, ledger, sealer
        self._subject, self._facts = subject, {**facts, "subject": subject}
        self._key = sealer.new_record()
        self._sent = self._settled = False
        self._head: dict[str, Any] | None = None
        self._size, self._digest = 0, hashlib.sha256()
        self._memory: list[bytes] | None = []
        self._unwritten: list[bytes] = []
        self._disk_failed = False
        path = spool.folder / f"{self._key.record.hex()}.spool"
        failure = VaultClosed("vault_full") if spool.spent else None
        if failure:
            raise failure
        try:
            self._file = FrameWriter(path, sealer, self._key, self._facts)
        except OSError as error:
            failure = _no_room(error)
        if failure:
            raise failure
        try:
            ledger.append("armed", subject, facts)
        except ReviewError:
            self._remove()
            raise

    def mark_sent(self) -> None:
        """Commit that the request is about to leave this machine. Called before its first byte."""
        self._ledger.append("sent", self._subject, {"attempt": self._facts["attempt"]})
        self._sent = True

    def keep(self, arrival: Arrival) -> Entry:
        """Seal what arrives piece by piece, then commit it, read it back, compare. Only then is it kept."""
        self._head = dict(arrival.head)
        self._write(HEAD, json.dumps(self._head).encode())
        for piece in arrival:
            self._receive(piece)
            self.on_piece(self._size)
        self._write(END, arrival.ended.encode())
        return self._settle(arrival.ended)

    def abandon(self, reason: str) -> None:
        """Say what is certain of a question that went no further, and give the room back."""
        if self._settled:
            return
        if self._head is not None:
            self._settle("cut")
            return
        self._settled = True
        act = "unknown" if self._sent else "not_sent"
        try:
            self._ledger.append(act, self._subject, {"attempt": self._facts["attempt"], "reason": reason})
        finally:
            self._remove()

    def _receive(self, piece: bytes) -> None:
        self._size += len(piece)
        self._digest.update(piece)
        if self._memory is not None:
            self._memory.append(piece)
            if self._size > _IN_MEMORY and not self._disk_failed:
                self._memory = None
        if not self._write(BYTES, piece) and self._memory is None:
            # A disk that fills up under way does not stop the reading: the rest is held in memory.
            self._unwritten.append(piece)

    def _write(self, kind: bytes, piece: bytes) -> bool:
        if not self._disk_failed:
            try:
                self._file.write(kind + piece)
            except OSError:
                self._disk_failed = True
        return not self._disk_failed

    def _body(self) -> Iterator[bytes]:
        if self._memory is not None:
            yield from self._memory
            return
        yield from FrameReader(self._file.path, self._sealer).body()
        yield from self._unwritten

    def _settle(self, ended: str) -> Entry:
        self._settled = True
        self._file.trim()
        came = self._digest.hexdigest()
        answer = Received(self._key, self._facts, self._head or {}, self._body, ended, came)
        try:
            entry = commit(self._ledger, self._sealer, answer)
        except ReviewError:
            entry = self._settle_in_the_reserve(answer)
        self._remove()
        return entry

    def _settle_in_the_reserve(self, answer: Received) -> Entry:
        self._spool.release_reserve()
        try:
            return commit(self._ledger, self._sealer, answer)
        except ReviewError as error:
            cause = error.wording
        # The spool stays where it is: what of it reached the disk is recovered when the vault opens again.
        self._file.close()
        self._spool.not_kept(answer, self._file.path)
        raise NotKept("not_kept", rescue=self._rescue(answer), cause=cause)

    def _rescue(self, answer: Received) -> bytes:
        """The answer as one sealed file of the spool's own form, to be read back where there is room."""

        def pieces() -> Iterator[bytes]:
            yield json.dumps(dict(answer.facts)).encode()
            yield HEAD + json.dumps(dict(answer.head)).encode()
            yield from (BYTES + piece for piece in answer.body())
            yield END + answer.ended.encode()

        return frames.packed(self._sealer, self._key, pieces())

    def _remove(self) -> None:
        self._file.close()
        with suppress(OSError):  # what stays behind is cleared at the next opening
            self._file.path.unlink(missing_ok=True)


def commit(ledger: Ledger, sealer: Sealer, answer: Received) -> Entry:
    """Write an answer and its entry in one transaction, read it back, compare. Doing it twice does it once.

    One answer is one by its question's attempt and its SHA-256. A beginning of what is kept already adds
    nothing; a longer answer than the one kept (a rescued one, after its spool's prefix) is kept beside it.
    """
    digest, size = hashlib.sha256(), 0
    for piece in answer.body():
        digest.update(piece)
        size += len(piece)
    if answer.sha256 not in ("", digest.hexdigest()):
        raise VaultClosed("vault_unreadable", kind="spool")
    entry, key = None, answer.key
    for kept in ledger.entries(str(answer.facts["subject"])):
        if kept.act == "answer" and kept.facts["attempt"] == answer.facts["attempt"]:
            if kept.facts["sha256"] == digest.hexdigest() or kept.facts["bytes"] > size:
                entry = kept
            elif kept.record == key.record:
                key = sealer.new_record()
    if entry is None:
        told = {name: fact for name, fact in answer.facts.items() if name != "subject"}
        facts = {**told, **answer.head, "ended": answer.ended, "bytes": size, "sha256": digest.hexdigest()}
        body = Body(key, sealer.wrap(key), answer.body)
        entry = ledger.append("answer", str(answer.facts["subject"]), facts, body)
    if entry.record is None or ledger.sha256(entry.record) != entry.facts["sha256"]:
        raise VaultClosed("vault_unreadable", kind="read back")
    return entry


def _no_room(error: OSError) -> VaultClosed:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return VaultClosed("vault_full" if full else "vault_unwritable", kind=error.errno)

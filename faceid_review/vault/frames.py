"""The file of one answer on its way: an opening that names its key, then sealed frames, in preallocated room.

    FRSPOOL1, record id (16 bytes), the record's key wrapped by the vault's (60 bytes),
    then frames: length (4 bytes), sealed piece. Zeros follow the last one.

A frame's first byte says what it is: the question's facts (none: the first frame is always those), the head,
bytes of the body, or how it ended. Frames are sealed for their number, so none can be moved or repeated.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

from faceid_review.errors import Damaged
from faceid_review.vault.sealing import RecordKey, Sealer

ROOM: Final = 2 * 1024 * 1024
HEAD, BYTES, END = b"H", b"B", b"E"
_MAGIC: Final = b"FRSPOOL1"
_OPENING: Final = len(_MAGIC) + 16 + 60


class FrameWriter:
    """Writes the frames of one answer. Makes its file, and takes its room, before anything is written."""

    def __init__(self, path: Path, sealer: Sealer, key: RecordKey, facts: Mapping[str, Any]) -> None:
        self.path = path
        self._key = key
        self._number = 0
        self._file = new_file(path)
        try:
            allocate(self._file, 0, ROOM)
            self._file.seek(0)
            self._file.write(opening(sealer, key))
            self._position = _OPENING
            self.write(json.dumps(dict(facts)).encode())
            os.fsync(self._file.fileno())
            sync_folder(path.parent)
        except OSError:
            self.close()
            with suppress(OSError):
                path.unlink()
            raise

    def write(self, piece: bytes) -> None:
        """Seal one piece onto the disk. Raises OSError; a piece half written is none."""
        sealed = self._key.seal_frame(self._number, piece)
        end = self._position + 4 + len(sealed)
        # Four zero bytes behind the last frame mark the end, so there is always room for them.
        if end + 4 > os.fstat(self._file.fileno()).st_size:
            allocate(self._file, self._position, max(ROOM, len(sealed) + 8))
        self._file.seek(self._position)
        framed = len(sealed).to_bytes(4, "big") + sealed
        if self._file.write(framed) != len(framed):
            raise OSError(errno.ENOSPC, "short write")
        # macOS and Windows have no call for the data alone.
        getattr(os, "fdatasync", os.fsync)(self._file.fileno())
        self._number += 1
        self._position = end

    def trim(self) -> None:
        """Give back the room that was not needed: the ledger may need it for the same answer."""
        with suppress(OSError):
            os.ftruncate(self._file.fileno(), self._position + 4)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class FrameReader:
    """Reads the frames of a file, as far as they hold. Raises :class:`Damaged` where not even the first does."""

    def __init__(self, path: Path, sealer: Sealer) -> None:
        self._path = path
        with path.open("rb") as file:
            start = file.read(_OPENING)
        if len(start) < _OPENING or not start.startswith(_MAGIC):
            raise Damaged("spool_damaged")
        self.key = sealer.unwrap(start[8:24], start[24:])
        frames = self._frames()
        self.facts: dict[str, Any] = json.loads(next(frames, b"null")) or {}
        if not self.facts:
            raise Damaged("spool_damaged")
        self.head: dict[str, Any] | None = None
        self.ended = "died"
        for piece in frames:
            if piece[:1] == HEAD:
                self.head = json.loads(piece[1:])
            elif piece[:1] == END:
                self.ended = piece[1:].decode()

    def body(self) -> Iterator[bytes]:
        """The body, piece by piece, read anew each time."""
        return (piece[1:] for piece in self._frames() if piece[:1] == BYTES)

    def _frames(self) -> Iterator[bytes]:
        number, size = 0, self._path.stat().st_size
        with self._path.open("rb") as file, suppress(Damaged):
            file.seek(_OPENING)
            while 0 < (length := int.from_bytes(file.read(4), "big")) <= size:
                yield self.key.unseal_frame(number, file.read(length))
                number += 1


def opening(sealer: Sealer, key: RecordKey) -> bytes:
    """The beginning of such a file."""
    return _MAGIC + key.record + sealer.wrap(key)


def packed(sealer: Sealer, key: RecordKey, pieces: Iterator[bytes]) -> bytes:
    """A whole file in memory, for an answer that has to be saved elsewhere."""
    frames = (key.seal_frame(number, piece) for number, piece in enumerate(pieces))
    return opening(sealer, key) + b"".join(len(frame).to_bytes(4, "big") + frame for frame in frames)


def never_begun(path: Path) -> bool:
    """Whether not even the first frame was written: it is on the disk before anybody is asked."""
    with path.open("rb") as file:
        start = file.read(_OPENING)
        return not start.strip(b"\0") or not file.read(4).strip(b"\0")


def new_file(path: Path) -> BinaryIO:
    """A file that did not exist before, for its owner alone, unbuffered."""
    return open(path, "x+b", buffering=0, opener=lambda name, flags: os.open(name, flags, 0o600))


def allocate(file: BinaryIO, start: int, length: int) -> None:
    """Take ``length`` bytes of the disk from ``start``, for good. Raises OSError where there is no room."""
    if sys.platform == "linux":
        os.posix_fallocate(file.fileno(), start, length)
        return
    # No such call on macOS and Windows: zeros, written out. Untested there.
    file.seek(start)
    file.writelines(bytes(65536) for _ in range(0, length, 65536))


def sync_folder(folder: Path) -> None:
    """Let a file's name reach the disk too."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

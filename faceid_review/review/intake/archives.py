"""The members of a ZIP, one after the other, bounded in every way. Names are labels and never paths."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO, Final

from faceid_review.review.intake.places import shown
from faceid_review.review.intake.recognising import ZIP, Found, recognise

MOST_MEMBERS: Final = 100_000
MOST_BYTES: Final = 16 * 1024**3
"""How much one archive may unpack to; one member at most half of it."""

MOST_TIMES: Final = 100
"""How many times its own size an archive may unpack to, beyond :data:`_FREE`. Pictures in base64 shrink to 3/4."""

_FREE: Final = 64 * 1024 * 1024
_LARGEST_DIRECTORY: Final = 32 * 1024 * 1024
_END, _END64 = b"PK\x05\x06", b"PK\x06\x06"
_ENCRYPTED: Final = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
)
"""What the standard library raises over an archive that was damaged or made up."""


class _TooMuchError(Exception):
    """An archive unpacks to more than anybody has."""


def members(file: BinaryIO, size: int, label: str) -> Iterator[Found]:
    """Everything in an archive of ``size`` bytes."""
    problem, archive = None, None
    try:
        if _directory(file, size) > _LARGEST_DIRECTORY:
            problem = "zip_too_many"
        else:
            archive = zipfile.ZipFile(file)
    except _BROKEN:
        problem = "zip_broken"
    if archive is None:
        yield Found(label, problem=problem, facts={"most": MOST_MEMBERS})
        return
    with archive:
        inside = [info for info in archive.infolist() if not info.is_dir()]
        budget = _Budget(min(MOST_BYTES, _FREE + MOST_TIMES * size))
        for info in inside[:MOST_MEMBERS]:
            # What an archive calls its members leads nowhere: it is shown, and that is all.
            here = f"{label} › {shown(info.filename)}"
            try:
                yield from _member(archive, info, here, budget)
            except _TooMuchError:
                yield Found(here, problem="zip_bomb", facts={"times": MOST_TIMES})
                return
            except _BROKEN:
                yield Found(here, problem="zip_member_broken")
        if len(inside) > MOST_MEMBERS:
            yield Found(label, problem="zip_too_many", facts={"most": MOST_MEMBERS})
        elif not inside:
            yield Found(label, problem="empty")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, budget: _Budget) -> Iterator[Found]:
    if info.flag_bits & _ENCRYPTED:
        yield Found(label, problem="zip_encrypted")
        return
    with archive.open(info) as member:
        bounded = _Bounded(member, budget)
        start = bounded.read(4)
        if start in ZIP:
            yield Found(label, problem="zip_nested")
            return
        bounded.unread = start
        yield from recognise(bounded, label)


class _Budget:
    """How much an archive may still unpack to."""

    def __init__(self, left: int) -> None:
        self.left = left


class _Bounded:
    """A member that is read no further than its archive's budget goes."""

    def __init__(self, member: IO[bytes], budget: _Budget) -> None:
        self._member, self._budget = member, budget
        self._left = MOST_BYTES // 2
        self.unread = b""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes. Raises :class:`_TooMuchError`."""
        given, self.unread = self.unread, b""
        if size > len(given):
            given += self._member.read(size - len(given))
        self._left -= len(given)
        self._budget.left -= len(given)
        if self._left < 0 or self._budget.left < 0:
            raise _TooMuchError
        return given


def _directory(file: BinaryIO, size: int) -> int:
    """How long an archive says its list of members is, before all of that is read."""
    file.seek(max(0, size - 65_557 - 76))
    tail = file.read(65_557 + 76)
    file.seek(0)
    at = len(tail) - 22 if tail[-22:].startswith(_END) else tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        return 0
    told = int.from_bytes(tail[at + 12 : at + 16], "little")
    wide = tail.find(_END64, max(0, at - 76), at)
    if wide >= 0:
        told = max(told if told != 0xFFFFFFFF else 0, int.from_bytes(tail[wide + 40 : wide + 48], "little"))
    return told

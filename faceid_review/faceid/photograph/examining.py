"""Whether a picture is sound, and its pixels for the screen.

A picture of more than 17 million pixels, or one that is no JPEG, is not decoded at all; a cut one is decoded
as far as it goes and says so, because a half-grey face without a word would be a lie.

The decoder says nothing where coded data ends early and an end marker follows: it paints the rest grey. So a
picture is decoded with the marker taken away (a decoder that still needs data then says so), or, where the
decoder wants to see the marker first, a second time with other data before it: a picture that is whole never
looks at that data and comes out the same. What goes unseen is a part of the last block: at most some 30 bytes.
"""

from __future__ import annotations

import errno
import hashlib
import io
import re
import struct
import warnings
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

MOST_PIXELS: Final = 17_000_000
"""Four bytes a pixel, twice while colours are converted: 136 MB. The vendor takes sides up to 4096."""

MOST_PIXELS_IN_SCANS: Final = 10_000_000
"""Of a picture in several scans, which the decoder holds whole as coefficients beside its pixels."""

MOST_SCANNED: Final = 120_000_000
"""Pixels times scans: each scan goes over the whole picture again, at up to 8 ns a pixel, and is decoded twice."""

LONGEST_SIDE: Final = 8192
MOST_BYTES: Final = 16 * 1024 * 1024

MOST_BEFORE: Final = 4 * 1024 * 1024
"""Bytes before the first scan: Pillow reads them piece by piece, in Python."""

MOST_SEGMENTS: Final = 10_000
"""Before the first scan, or behind it: no more are followed one by one."""

_SCAN, END = b"\xff\xda", b"\xff\xd9"
# Inside coded data FF stands before 00 where it is data, and before D0 to D7 where the decoder may find its place again.
_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_WITHOUT_LENGTH: Final = frozenset({0x01, 0xD8})
_AHEAD: Final = b"\xfe" * 8
"""As much as the decoder reads ahead of what it needs; the longest codes, so that they stand for the least."""

_ELSE: Final = b"".join(bytes(range(254, 0, -3)) + bytes((0xFF, 0xD0 + n)) for n in range(8))
"""Data that no whole picture ever looks at, with every marker that a decoder may be waiting for."""

_STRIP: Final = 256
# What brings a stored picture upright, by EXIF's orientation.
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FIRST_ON_ITS_SIDE: Final = 5
ORIENTATION: Final = 0x0112
BROKEN: Final = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    KeyError,
    IndexError,
    ArithmeticError,
    struct.error,
)


class Status(StrEnum):
    """What can be said of a picture: sound, cut short, no JPEG, or too large to open safely."""

    OK = "ok"
    INCOMPLETE = "incomplete"
    UNDECODABLE = "undecodable"
    REFUSED = "refused"


@dataclass(frozen=True)
class Pixels:
    """Decoded pixels for the screen: 3 bytes a pixel, red green blue, rows without padding.

    ``turned`` says that EXIF asked for another orientation and the pixels here are upright.
    """

    width: int
    height: int
    rgb: bytes | bytearray = field(repr=False)
    turned: bool


@dataclass(frozen=True)
class Examined:
    """The outcome of looking at one picture. Width and height are the stored ones, in pixels."""

    status: Status
    width: int | None = None
    height: int | None = None
    pixels: Pixels | None = None


def examine(data: bytes, *, pixels: bool = False, cut: bool = False) -> Examined:
    """Look at the bytes of one picture; with ``pixels`` also hand out what is to be painted.

    ``cut`` says that bytes may be missing behind these: such a picture is incomplete at best.
    """
    if len(data) > MOST_BYTES:
        return Examined(Status.REFUSED)
    image = opened(data)
    if image is None:
        return Examined(Status.UNDECODABLE)
    width, height = image.size
    course = course_of(data, image)
    if _too_much(image, course):
        return Examined(Status.REFUSED, width, height)
    whole = None if cut else _whole(data, image, course)
    status = Status.OK if whole else Status.INCOMPLETE
    # With an end marker behind it the decoder hands out the rows that did arrive; the rest is grey.
    image = whole or _loaded(data + END)
    if image is None or not pixels:
        return Examined(status, width, height)
    del whole
    # From here on only one picture is held at a time: at this size each costs 68 MB.
    turn = _TURNS.get(orientation(image))
    shown: Image.Image = image
    del image
    if turn is not None:
        shown = shown.transpose(turn)
    if shown.mode != "RGB":
        shown = shown.convert("RGB")
    return Examined(status, width, height, Pixels(*shown.size, _bytes_of(shown), turn is not None))


def smaller(pixels: Pixels, longest: int) -> Pixels:
    """The same picture so that its longer side has at most ``longest`` pixels; one that is small already as it is."""
    if max(pixels.width, pixels.height) <= longest:
        return pixels
    image = Image.frombytes("RGB", (pixels.width, pixels.height), bytes(pixels.rgb))
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return Pixels(*image.size, image.tobytes(), pixels.turned)


def orientation(image: Image.Image) -> int:
    """EXIF's orientation, 1 to 8; 1 where there is none that makes sense."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told = image.getexif().get(ORIENTATION, 1)
    except BROKEN:
        return 1
    return told if isinstance(told, int) and 1 <= told <= 8 else 1


# Whole or not


@dataclass(frozen=True)
class Course:
    """Where the coded data of each scan ends, where the picture ends (None: nowhere), and whether its scans suffice.

    ``crowded`` says that there were too many segments to follow.
    """

    cuts: tuple[int, ...]
    end: int | None
    covered: bool
    crowded: bool = False

    @property
    def scans(self) -> int:
        """How many scans there are, a last one without an end not counted."""
        return len(self.cuts)


def course_of(data: bytes, image: JpegImageFile) -> Course:
    """Follow the scans from where Pillow stopped reading: behind the first one's head."""
    at = image.fp.tell() if image.fp else 0
    head = data.rfind(_SCAN, 0, at)
    cuts: list[int] = []
    left = {(data[n], k) for n in _components(data, head) for k in range(64)} if head >= 0 else set()
    left |= {(component[0], k) for component in image.layer for k in range(64)}
    followed = 0
    while found := _MARKER.search(data, at):
        followed += 1
        if followed > MOST_SEGMENTS:
            return Course(tuple(cuts), None, False, crowded=True)
        if head >= 0:
            left -= _sent(data, head)
            cuts.append(found.start())
            head = -1
        at, marker = found.start(), data[found.start() + 1]
        if marker == END[1]:
            return Course(tuple(cuts), at, not left)
        if marker in _WITHOUT_LENGTH:
            break
        head = at if marker == _SCAN[1] else -1
        at += 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
    return Course(tuple(cuts), None, not left)


def _components(data: bytes, head: int) -> range:
    """Where the numbers of the components stand that a scan sends."""
    count = data[head + 4] if head + 4 < len(data) else 0
    return range(head + 5, min(head + 5 + 2 * count, len(data)), 2)


def _sent(data: bytes, head: int) -> set[tuple[int, int]]:
    """The coefficients that a scan sends to their last bit, each as (component, 0 to 63)."""
    places = _components(data, head)
    first, last, approximation = data[places.stop : places.stop + 3].ljust(3, b"\xff")
    if approximation & 0x0F:
        return set()
    return {(data[n], k) for n in places for k in range(first, min(last, 63) + 1)}


def _too_much(image: JpegImageFile, course: Course) -> bool:
    width, height = image.size
    several = course.scans > 1 or "progressive" in image.info
    most = MOST_PIXELS_IN_SCANS if several else MOST_PIXELS
    return (
        course.crowded
        or width * height > most
        or max(width, height) > LONGEST_SIDE
        or (several and width * height * course.scans > MOST_SCANNED)
    )


def _whole(data: bytes, image: JpegImageFile, course: Course) -> JpegImageFile | None:
    """The decoded picture where all of its data is there, else None."""
    if course.end is None:
        return None
    if course.scans == 1 and "progressive" not in image.info:
        # FF before a marker only fills; left standing, it would make a marker of what is put behind it.
        return _loaded(data[: course.end].rstrip(b"\xff") + _AHEAD)
    if not course.covered:
        return None
    other, at = bytearray(), 0
    for cut in course.cuts:
        other += data[at:cut].rstrip(b"\xff") + _ELSE
        at = cut
    asked = _digest(_loaded(bytes(other + data[at:])))
    loaded = _loaded(data)
    return loaded if asked and asked == _digest(loaded) else None


def _digest(image: Image.Image | None) -> bytes:
    if image is None:
        return b""
    digest = hashlib.sha256()
    for top in range(0, image.height, _STRIP):
        digest.update(_strip(image, top))
    return digest.digest()


def _strip(image: Image.Image, top: int) -> bytes:
    return image.crop((0, top, image.width, min(top + _STRIP, image.height))).tobytes()


def _bytes_of(image: Image.Image) -> bytearray:
    """The pixels as bytes, strip by strip into room of their size: at once it would take them twice."""
    line = 3 * image.width
    held = bytearray(line * image.height)
    for top in range(0, image.height, _STRIP):
        strip = _strip(image, top)
        held[line * top : line * top + len(strip)] = strip
    return held


def size_upright(data: bytes) -> tuple[int, int] | None:
    """Width and height of a picture upright, with nothing decoded; None where it is no JPEG."""
    image = opened(data)
    if image is None:
        return None
    width, height = image.size
    return (height, width) if orientation(image) >= _FIRST_ON_ITS_SIDE else (width, height)


def opened(data: bytes) -> JpegImageFile | None:
    """The picture with nothing decoded yet, read up to its first scan; None where it is no JPEG."""
    try:
        with warnings.catch_warnings():
            # Broken EXIF and the like is told by the status, never by a warning.
            warnings.simplefilter("ignore")
            file = _Patient(data)
            image = JpegImageFile(file) if data.startswith(b"\xff\xd8\xff") else None
            file.header = False
            return image
    except BROKEN:
        return None


class _Patient(io.BytesIO):
    """A file that is not read for ever: before the first scan, only so often and so far."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.header = True
        self._reads = 0

    def read(self, size: int | None = -1) -> bytes:
        self._reads += self.header
        # Pillow reads a segment in three pieces.
        if self.header and (self._reads > 3 * MOST_SEGMENTS or self.tell() > MOST_BEFORE):
            raise OSError(errno.EFBIG, "too much before the first scan")
        return super().read(size)


def _loaded(data: bytes) -> JpegImageFile | None:
    image = opened(data)
    try:
        if image is not None:
            image.load()
    except BROKEN:
        return None
    return image

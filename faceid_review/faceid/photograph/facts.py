"""What a file says of itself: what it is, how it was coded, what EXIF holds, how it ends. No pixel is decoded."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from PIL import Image
from PIL.JpegImagePlugin import get_sampling

from faceid_review.faceid.biz_id import visible
from faceid_review.faceid.photograph.examining import (
    BROKEN,
    END,
    MOST_BYTES,
    ORIENTATION,
    Status,
    course_of,
    opened,
    orientation,
)


class Ending(StrEnum):
    """How a JPEG ends: with its data and a marker, with a marker before its data was complete, or without one.

    ``LATER`` is for a picture that is too large for its data to be looked at: there is a marker.
    """

    WHOLE = "whole"
    SHORT = "short"
    NONE = "none"
    LATER = "marker"


@dataclass(frozen=True)
class Quality:
    """An estimate: the setting (1 to 100) of libjpeg whose quantisation tables lie nearest to those in the file.

    ``exact`` says that they are the very same; then another program may still have used them for itself.
    """

    setting: int
    exact: bool


@dataclass(frozen=True)
class Facts:
    """What a file says of itself, as it was sent. Nothing here was corrected or made up.

    ``kind`` is told from the first bytes (JPEG, PNG, ...; empty where they are unknown); of anything but a JPEG
    nothing else is known. ``mode`` is L (grey), RGB or CMYK; ``sampling`` is such as 4:2:0; ``orientation`` is
    EXIF's 1 to 8; ``tables`` are the quantisation tables, 64 numbers each, row by row; ``profile`` is the size of
    an ICC profile in bytes; ``exif`` are (tag, text) of the tags worth showing, ``exif_more`` counts all others;
    ``trailing`` is how many bytes stand behind the end.
    """

    kind: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None
    mode: str = ""
    sampling: str = ""
    orientation: int = 1
    progressive: bool = False
    scans: int = 0
    tables: tuple[tuple[int, ...], ...] = ()
    quality: Quality | None = None
    profile: int = 0
    exif: tuple[tuple[str, str], ...] = ()
    exif_more: int = 0
    comment: str = ""
    ending: Ending = Ending.NONE
    trailing: int = 0


def facts(data: bytes, status: Status) -> Facts:
    """What these bytes say of themselves; ``status`` is what :func:`examine` said of them. Decodes no pixel."""
    told = Facts(kind(data), len(data), hashlib.sha256(data).hexdigest())
    image = opened(data) if len(data) <= MOST_BYTES else None
    if image is None:
        return told
    course = course_of(data, image)
    exif, more = _exif(image)
    comment = image.info.get("comment", b"")
    tables = tuple(tuple(table) for _, table in sorted(image.quantization.items()))
    ending = Ending.NONE
    if course.end is not None:
        ending = {Status.OK: Ending.WHOLE, Status.REFUSED: Ending.LATER}.get(status, Ending.SHORT)
    return Facts(
        told.kind,
        told.size,
        told.sha256,
        *image.size,
        mode=image.mode,
        sampling=_SAMPLINGS.get(get_sampling(image), "") if image.layers == 3 else "",
        orientation=orientation(image),
        progressive="progressive" in image.info,
        scans=course.scans,
        tables=tables,
        quality=_quality(tables),
        profile=len(image.info.get("icc_profile") or b""),
        exif=exif,
        exif_more=more,
        comment=_plain(comment),
        ending=ending,
        trailing=len(data) - course.end - len(END) if course.end is not None else 0,
    )


def kind(data: bytes) -> str:
    """What a file is by its first bytes, whatever it is called: JPEG, PNG, SVG ...; empty where unknown."""
    for start, name in _KINDS:
        if data.startswith(start):
            return "APNG" if name == "PNG" and b"acTL" in data[:4096] else name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return "HEIF"
    beginning = data[:1024].lower()
    if b"<svg" in beginning:
        return "SVG"
    return "HTML" if b"<html" in beginning or b"<!doctype html" in beginning else ""


_KINDS: Final = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
    (b"%!PS", "EPS"),
    (b"%PDF", "PDF"),
    (b"\0\0\x01\0", "ICO"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"PK\x03\x04", "ZIP"),
)
_SAMPLINGS: Final = {0: "4:4:4", 1: "4:2:2", 2: "4:2:0"}
_EXIF, _GPS = 0x8769, 0x8825
_TAGS: Final = {
    0x010F: "Make",
    0x0110: "Model",
    0x0131: "Software",
    0x0132: "DateTime",
    0x010E: "ImageDescription",
    0x013B: "Artist",
    0x013C: "HostComputer",
    0x8298: "Copyright",
    0x9003: "DateTimeOriginal",
    0x9011: "OffsetTimeOriginal",
    0x9004: "DateTimeDigitized",
    0x829A: "ExposureTime",
    0x829D: "FNumber",
    0x8827: "PhotographicSensitivity",
    0x920A: "FocalLength",
    0x9209: "Flash",
    0xA434: "LensModel",
    0xA431: "BodySerialNumber",
    0xA420: "ImageUniqueID",
    0x9286: "UserComment",
}
_PLACE: Final = {
    1: "GPSLatitudeRef",
    2: "GPSLatitude",
    3: "GPSLongitudeRef",
    4: "GPSLongitude",
    29: "GPSDateStamp",
}
_LONGEST_TEXT: Final = 120


def _exif(image: Image.Image) -> tuple[tuple[tuple[str, str], ...], int]:
    """The tags worth showing, in a fixed order, and how many others there are."""
    shown: dict[str, str] = {}
    more = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for part in (0, _EXIF, _GPS):
            names = _PLACE if part == _GPS else _TAGS
            try:
                tags: dict[int, Any] = dict(image.getexif().get_ifd(part) if part else image.getexif())
            except BROKEN:
                continue
            for tag, value in tags.items():
                if tag not in names:
                    more += tag not in (ORIENTATION, _EXIF, _GPS)
                elif said := _plain(value):
                    shown[names[tag]] = said
    order = (*_TAGS.values(), *_PLACE.values())
    return tuple((name, shown[name]) for name in order if name in shown), more


def _plain(value: object) -> str:
    """A value of EXIF or a comment as one short line of printable text."""
    try:
        if isinstance(value, bytes):
            held = value[: 4 * _LONGEST_TEXT]
            held = held[8:] if held[:8] in (b"ASCII\0\0\0", bytes(8)) else held
            said = held.decode("utf-8", "replace")
        elif isinstance(value, tuple):
            said = " ".join(str(part) for part in value[:8])
        else:
            said = str(value)
    except BROKEN:
        return ""
    said = visible(" ".join(said[: 2 * _LONGEST_TEXT].replace("\0", " ").split()))
    return said if len(said) <= _LONGEST_TEXT else f"{said[:_LONGEST_TEXT]}…"


# ITU-T T.81, tables K.1 and K.2, row by row.
_LUMINANCE: Final = tuple(
    int(n)
    for n in """16 11 10 16 24 40 51 61 12 12 14 19 26 58 60 55 14 13 16 24 40 57 69 56 14 17 22 29 51 87 80 62
    18 22 37 56 68 109 103 77 24 35 55 64 81 104 113 92 49 64 78 87 103 121 120 101 72 92 95 98 112 100 103 99""".split()
)
_CHROMINANCE: Final = tuple(
    int(n)
    for n in (
        "17 18 24 47 99 99 99 99 18 21 26 66 99 99 99 99 24 26 56 99 99 99 99 99 47 66 99 99 99 99 99 99 "
        + "99 " * 32
    ).split()
)


@cache
def _scaled(setting: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The tables that libjpeg makes of T.81's for a quality setting."""
    scale = 5000 // setting if setting < 50 else 200 - 2 * setting
    luminance, chrominance = (
        tuple(min(max((n * scale + 50) // 100, 1), 255) for n in table)
        for table in (_LUMINANCE, _CHROMINANCE)
    )
    return luminance, chrominance


def _quality(tables: tuple[tuple[int, ...], ...]) -> Quality | None:
    """The setting whose tables differ least in sum; the first table is luminance, the second chrominance."""
    tables = tuple(table for table in tables[:2] if len(table) == 64)
    if not tables:
        return None

    def off(setting: int) -> int:
        made = _scaled(setting)
        return sum(
            abs(a - b)
            for ours, theirs in zip(made, tables, strict=False)
            for a, b in zip(ours, theirs, strict=True)
        )

    best = min(range(100, 0, -1), key=off)
    return Quality(best, off(best) == 0)

"""Which fonts a snapshot is set in, and which characters they can show.

A box in place of a character would be a silent lie in a document that is read in court, so what no font here
can show is known before anything is set, and is printed as ``[U+20BB7]`` with a note. The character map
(``cmap``) of a font is read from its file: formats 4 and 12 of the OpenType specification, which every
font with a Unicode map has.
"""

from __future__ import annotations

import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol

LATIN: Final = (
    "Noto Sans",
    "Segoe UI",
    "Helvetica Neue",
    "Source Sans 3",
    "Liberation Sans",
    "Arial",
    "DejaVu Sans",
)
CHINESE: Final = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "Hiragino Sans GB",
    "Source Han Sans CN",
    "DengXian",
    "SimHei",
    "Heiti SC",
    "STHeiti",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "SimSun",
    "Songti SC",
    "Arial Unicode MS",
    "Noto Serif CJK SC",
)
FIXED: Final = ("Noto Sans Mono", "Consolas", "Menlo", "Liberation Mono", "DejaVu Sans Mono")
LAST: Final = "Libertinus Serif"
"""Comes inside typst, so that a machine without a single font still prints Latin letters."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Marks and letters that are drawn as nothing (Unicode, Default_Ignorable_Code_Point, without those of category Cf).
_BLANK: Final = frozenset(
    {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0}.union(
        range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)
    )
)
_COLOURED = frozenset({b"COLR", b"CBDT", b"sbix", b"SVG "})
_INSIDE_TYPST = ((0x20, 0x7E), (0xA0, 0x17F), (0x2013, 0x2014), (0x2018, 0x201D), (0x2026, 0x2026))


class Face(Protocol):
    """One font as typst found it. ``path`` is None for those inside typst; ``weight`` is 100 to 900."""

    @property
    def family(self) -> str: ...  # noqa: D102
    @property
    def style(self) -> str: ...  # noqa: D102
    @property
    def weight(self) -> int: ...  # noqa: D102
    @property
    def path(self) -> str | None: ...  # noqa: D102
    @property
    def index(self) -> int: ...  # noqa: D102


@dataclass(frozen=True)
class Coverage:
    """The code points a font has a glyph for, as sorted ranges; ``ends`` are the last ones of each."""

    starts: Sequence[int] = field(repr=False)
    ends: Sequence[int] = field(repr=False)

    def __contains__(self, code: int) -> bool:
        place = bisect_right(self.starts, code) - 1
        return place >= 0 and code <= self.ends[place]


class Families:
    """The families of this machine that a snapshot uses, in the order in which they are tried."""

    def __init__(self, faces: Iterable[Face]) -> None:
        upright: dict[str, Face] = {}
        for face in faces:
            known = upright.get(face.family)
            if face.style == "normal" and (known is None or _off_regular(face) < _off_regular(known)):
                upright[face.family] = face
        self._faces = upright
        self.text = self._present(LATIN)[:1] + self._present(CHINESE)[:2] + self._present((LAST,))
        self.fixed = self._present(FIXED)[:1] + self._present(CHINESE)[:2] + self._present((LAST,))

    def speak_chinese(self) -> bool:
        """Whether Chinese text can be set at all."""
        return all(self._covered(ord(c), self.text) and self._covered(ord(c), self.fixed) for c in "案件的，")

    def missing(self, characters: Iterable[str]) -> tuple[frozenset[str], tuple[str, ...]]:
        """Of ``characters``, those no font here can show, and the further families the others need."""
        nowhere, further = set(), list[str]()
        for character in sorted(set(characters)):
            code = ord(character)
            tried = (*self.text, *further)
            if self._covered(code, tried) and self._covered(code, (*self.fixed, *further)):
                continue
            family = next((name for name in sorted(self._faces) if self._plain_and_covers(name, code)), None)
            if family is None:
                nowhere.add(character)
            elif family not in further:
                further.append(family)
        return frozenset(nowhere), tuple(further)

    def holds_together(self, letter: str, marks: str, further: Iterable[str]) -> bool:
        """Whether a letter and the marks on it come from one font, in the text as in the fixed font.

        typst takes a cluster from the first font that has any part of it and drops the rest without a word:
        a mark could hide the letter under it.
        """
        codes = [ord(c) for c in letter + marks]
        for families in (self.text, self.fixed):
            some = (f for f in (*families, *further) if any(self._covered(c, (f,)) for c in codes))
            first = next(some, None)
            if first is None or not all(self._covered(c, (first,)) for c in codes):
                return False
        return True

    def _present(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name in self._faces)

    def _covered(self, code: int, families: Iterable[str]) -> bool:
        return any(code in coverage(self._faces[f].path, self._faces[f].index)[0] for f in families)

    def _plain_and_covers(self, family: str, code: int) -> bool:
        covered, coloured = coverage(self._faces[family].path, self._faces[family].index)
        return code in covered and not coloured


def shown(character: str) -> bool:
    """Whether a character may be printed as it is: nothing invisible, no surrogate, no private one, no line end.

    One that this Python does not know yet is left to the fonts to know.
    """
    return unicodedata.category(character) not in _UNSEEN and ord(character) not in _BLANK


def is_mark(character: str) -> bool:
    """Whether a character is set on the one before it."""
    return unicodedata.category(character).startswith("M")


def written_out(character: str) -> str:
    """A character by its number: ``[U+202E]``."""
    return f"[U+{ord(character):04X}]"


@lru_cache(maxsize=512)
def coverage(path: str | None, index: int) -> tuple[Coverage, bool]:
    """What the font at ``path`` can show, and whether it is a coloured one. Unreadable fonts show nothing."""
    if path is None:
        return _coverage(_INSIDE_TYPST), False
    try:
        return _read(Path(path), index)
    except (OSError, struct.error, ValueError):
        return _coverage(()), False


def _off_regular(face: Face) -> int:
    return abs(face.weight - 400)


def _read(path: Path, index: int) -> tuple[Coverage, bool]:
    with path.open("rb") as file:
        head = file.read(12)
        start = 0
        if head[:4] == b"ttcf":
            file.seek(12 + 4 * index)
            (start,) = struct.unpack(">I", file.read(4))
            file.seek(start)
            head = file.read(12)
        (count,) = struct.unpack(">H", head[4:6])
        tables = {
            tag: (offset, length)
            for tag, _, offset, length in struct.iter_unpack(">4sIII", file.read(16 * count))
        }
        offset, length = tables.get(b"cmap", (0, 0))
        file.seek(offset)
        cmap = file.read(length)
    return _coverage(_ranges(cmap)), not _COLOURED.isdisjoint(tables)


def _ranges(cmap: bytes) -> Iterable[tuple[int, int]]:
    """The ranges of the widest Unicode map in a ``cmap`` table."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    maps = {(p, e): offset for p, e, offset in struct.iter_unpack(">HHI", cmap[4 : 4 + 8 * count])}
    for key in ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0)):
        if key in maps:
            at = maps[key]
            (form,) = struct.unpack_from(">H", cmap, at)
            if form == 12:
                (groups,) = struct.unpack_from(">I", cmap, at + 12)
                body = cmap[at + 16 : at + 16 + 12 * groups]
                return [(first, last) for first, last, _ in struct.iter_unpack(">III", body)]
            if form == 4:
                return _segments(cmap, at)
    return ()


def _segments(cmap: bytes, at: int) -> list[tuple[int, int]]:
    (doubled,) = struct.unpack_from(">H", cmap, at + 6)
    ends = struct.unpack_from(f">{doubled // 2}H", cmap, at + 14)
    starts = struct.unpack_from(f">{doubled // 2}H", cmap, at + 16 + doubled)
    return [(first, last) for first, last in zip(starts, ends, strict=True) if first != 0xFFFF]


def _coverage(ranges: Iterable[tuple[int, int]]) -> Coverage:
    ordered = sorted(ranges)
    return Coverage(tuple(first for first, _ in ordered), tuple(last for _, last in ordered))

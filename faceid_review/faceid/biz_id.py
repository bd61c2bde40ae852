"""The vendor's name for one session, ``<unix seconds>,<uuid>``, and finding it in any pasted text.

The id holds a comma, so text is never split at commas. What looks like an id but is not one to the letter
(full-width digits or commas, blanks or invisible characters inside) is pointed out and never mended
silently: the wrong id would spend nothing, but the wrong person's might.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from faceid_review.errors import BadId

KEPT_BY_VENDOR: Final = timedelta(days=1)
"""How long the vendor keeps a result (DOC, later copies of PC-GetResult)."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

LONGEST: Final = 256
"""The longest text, in characters, that is ever asked for."""

_UUID = r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
# An id may follow an URL escape (%22) or a written-out line break (\n) and still begin there.
# Only escapes of blanks and punctuation: %14 before 62259748 is no escape but half of another id.
_BEGIN = r"(?:(?<=%2[0-9A-Fa-f])|(?<=%3[A-Fa-f])|(?<=%5[B-Fb-f])|(?<=%7[B-Eb-e])|(?<=%0[9ADad])|(?<=\\[nrt])|(?<![0-9A-Za-z%\\]))"
_ID = re.compile(rf"{_BEGIN}([0-9]{{1,20}})(,|%2[Cc])({_UUID})(?![0-9A-Za-z])")
_LOOSE = re.compile(rf"(?<![0-9A-Za-z])([0-9]{{1,20}})\s*[,、;]\s*({_UUID})(?![0-9A-Za-z])")
_WHOLE = re.compile(rf"[0-9]{{1,20}},{_UUID}")


class BizId(str):
    """A biz_id exactly as it is sent to the vendor."""

    __slots__ = ()

    @classmethod
    def literal(cls, text: str) -> Self:
        """Exactly ``text``, which need not have the usual shape.

        Raises :class:`BadId` for nothing, for more than :data:`LONGEST` characters and for control,
        invisible or broken characters.
        """
        if not text.strip():
            raise BadId("id_empty")
        if len(text) > LONGEST:
            raise BadId("id_too_long", characters=len(text), most=LONGEST)
        if not text.isprintable():
            raise BadId("id_unprintable", text=visible(text))
        return cls(text)

    @property
    def usual(self) -> bool:
        """Whether it has the shape ``digits,uuid``."""
        return _WHOLE.fullmatch(self) is not None

    @property
    def began(self) -> datetime | None:
        """When the session began, read from the number in front (inferred; the vendor states nothing)."""
        digits = self.partition(",")[0]
        if not (self.usual and len(digits) <= 11):
            return None
        return _EPOCH + timedelta(seconds=int(digits))

    @property
    def ends(self) -> datetime | None:
        """When the vendor's day is over, estimated from :attr:`began`."""
        return self.began + KEPT_BY_VENDOR if self.began else None


@dataclass(frozen=True)
class Found:
    """One place in a text that holds an id, or nearly one.

    ``line`` counts from 1. ``biz_id`` is None where the text only resembles an id; ``meant`` then is what
    it would be after normalising, to be offered and never sent by itself.
    """

    line: int
    text: str
    biz_id: BizId | None
    encoded: bool = False
    duplicate_of: int | None = None
    meant: str | None = None


def find_all(text: str) -> tuple[Found, ...]:
    """Every id in ``text``, in order; a repeated one names the line of its first place."""
    first_line: dict[str, int] = {}
    found: list[Found] = []
    for number, line in enumerate(text.splitlines(), start=1):
        for one in _in_line(number, line):
            if one.biz_id is None:
                found.append(one)
            elif one.biz_id in first_line:
                found.append(
                    Found(number, one.text, one.biz_id, one.encoded, duplicate_of=first_line[one.biz_id])
                )
            else:
                first_line[one.biz_id] = number
                found.append(one)
    return tuple(found)


def distinct(found: tuple[Found, ...]) -> tuple[BizId, ...]:
    """The ids of ``found``, once each, in order."""
    return tuple(one.biz_id for one in found if one.biz_id is not None and one.duplicate_of is None)


def visible(text: str) -> str:
    """``text`` with every control, invisible or broken character written out: ``U+202E``."""
    return "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in text[:LONGEST])


def _part_of_more(beside: str) -> bool:
    """Whether what stands beside an id, read away from it, would make it another id if it were plain text.

    A full-width digit, or a digit behind something invisible: taking the rest would ask for somebody else.
    """
    visible_ = beside.lstrip("".join({c for c in beside[:8] if unicodedata.category(c) == "Cf"}))
    first = visible_[:1]
    crossed = len(visible_) < len(beside)
    return (
        (crossed or not first.isascii())
        and unicodedata.normalize("NFKC", first).isalnum()
        and (unicodedata.normalize("NFKC", first).isascii())
    )


def _in_line(number: int, line: str) -> Iterator[Found]:
    exact = set()
    for match in _ID.finditer(line):
        if _part_of_more(line[: match.start()][::-1]) or _part_of_more(line[match.end() :]):
            continue
        biz_id = BizId(f"{match[1]},{match[3]}")
        exact.add(biz_id)
        yield Found(number, match[0], biz_id, encoded=match[2] != ",")
    plain = "".join(c for c in unicodedata.normalize("NFKC", line) if unicodedata.category(c) != "Cf")
    for match in _LOOSE.finditer(plain):
        meant = f"{match[1]},{match[2]}"
        if not any(one.endswith(match[2]) for one in exact):
            yield Found(number, visible(line.strip()), None, meant=meant)

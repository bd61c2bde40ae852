"""What lies in given files, as values: the preview of an import, its progress and its outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from faceid_review.errors import ReviewError
from faceid_review.faceid.biz_id import BizId

LONGEST_LABEL: Final = 256


class What(StrEnum):
    """What a place holds."""

    ANSWER = "answer"
    CALLBACK = "callback"


class Kind(StrEnum):
    """What taking a place in would do.

    ``NEW`` begins what its case has, ``SECOND`` stands beside another source of the same id, ``DUPLICATE`` (the
    same bytes for the same id are kept, or came earlier in this import) and ``PURGED`` (a person had this id
    destroyed) add nothing, ``UNREADABLE`` cannot be taken in: :attr:`Place.problem` says why.
    """

    NEW = "new"
    SECOND = "second"
    DUPLICATE = "duplicate"
    PURGED = "purged"
    UNREADABLE = "unreadable"

    @property
    def taken_in(self) -> bool:
        """Whether something is written for it."""
        return self in (Kind.NEW, Kind.SECOND)


@dataclass(frozen=True)
class Place:
    """One thing that was found.

    ``label`` is the file's name and, behind ``›``, the place inside it, fit to be shown. ``size`` is in bytes and
    ``sha256`` of exactly these, as they came. ``problem`` names a wording, ``import.problem.<problem>``, which
    ``facts`` fill in. ``differs`` is meant where ``kind`` is SECOND: a field of it says something else than the
    source that is there.
    """

    label: str
    what: What | None
    kind: Kind
    biz_id: BizId | None
    size: int
    sha256: str
    problem: str | None = None
    differs: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pasted:
    """Bytes from the clipboard or from standard input, with the name they go by."""

    label: str
    data: bytes = field(repr=False)


Source = Path | Pasted


@dataclass(frozen=True)
class Looked:
    """How far a look or an import has come: ``done`` of ``whole`` files, ``read`` of ``size`` bytes; places so far."""

    done: int
    whole: int
    read: int
    size: int
    places: int


@dataclass(frozen=True)
class Preview:
    """What was found, in order; nothing is written yet. ``cancelled``: it ends where a person said stop."""

    sources: tuple[Source, ...] = field(repr=False)
    places: tuple[Place, ...] = field(repr=False)
    cancelled: bool = False

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many places there are of each kind."""
        return _counts(self.places)

    @property
    def bytes(self) -> int:
        """How many bytes would be taken in."""
        return sum(place.size for place in self.places if place.kind.taken_in)


@dataclass(frozen=True)
class Kept:
    """What became of an import: the places as they were found, those that are NEW or SECOND by now in the vault.

    With ``cancelled`` or ``error`` the places end where it ended; every place that is named is settled, and what
    is kept stays kept. The same import may be repeated: what is kept already is a DUPLICATE then.
    """

    places: tuple[Place, ...] = field(repr=False)
    cancelled: bool = False
    error: ReviewError | None = None

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many places there are of each kind."""
        return _counts(self.places)

    @property
    def bytes(self) -> int:
        """How many bytes were taken in."""
        return sum(place.size for place in self.places if place.kind.taken_in)


def shown(label: str) -> str:
    """``label`` with every control, invisible or broken character written out, and no longer than fits."""
    text = "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in label[-LONGEST_LABEL:])
    return text[-LONGEST_LABEL:]


def _counts(places: tuple[Place, ...]) -> Mapping[Kind, int]:
    found = Counter(place.kind for place in places)
    return {kind: found[kind] for kind in Kind}

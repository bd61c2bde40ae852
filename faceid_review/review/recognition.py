"""What a pasted text holds, and what Fetch would do with each id of it. Asks nobody and writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from faceid_review.faceid import biz_id
from faceid_review.faceid.biz_id import BizId
from faceid_review.review.case import Stage


class Kind(StrEnum):
    """How an id in a text is recognised; only NEW is asked without a further word."""

    NEW = "new"
    EXPIRED = "expired"
    DUPLICATE = "duplicate"
    KEPT = "kept"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    ASKING = "asking"
    ODD = "odd"


@dataclass(frozen=True)
class Recognised:
    """One place in the pasted text. ``line`` counts from 1; ``meant`` is set where kind is ODD.

    ``ends`` is the estimated end of the vendor's day (UTC); ``duplicate_of`` the line it first stood on.
    """

    line: int
    text: str
    kind: Kind
    biz_id: BizId | None
    ends: datetime | None
    encoded: bool = False
    duplicate_of: int | None = None
    meant: str | None = None


@dataclass(frozen=True)
class Survey:
    """All places of one text, in the order they will be asked (least time first), and what is left over.

    ``lines`` is how many lines hold anything, ``without`` how many of those hold no id.
    """

    places: tuple[Recognised, ...]
    lines: int
    without: int

    def of(self, kind: Kind) -> tuple[Recognised, ...]:
        """The places of one kind."""
        return tuple(place for place in self.places if place.kind is kind)


def survey(text: str, stage_of: Callable[[str], Stage | None], now: datetime) -> Survey:
    """Recognise every id in ``text``; ``stage_of`` tells what the vault knows of an id, or None."""
    places = [_recognised(found, stage_of, now) for found in biz_id.find_all(text)]
    filled = [number for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    holding = {place.line for place in places}
    places.sort(key=_least_time_first)
    return Survey(tuple(places), len(filled), sum(number not in holding for number in filled))


def _recognised(found: biz_id.Found, stage_of: Callable[[str], Stage | None], now: datetime) -> Recognised:
    ends = found.biz_id.ends if found.biz_id else None
    return Recognised(
        line=found.line,
        text=found.text,
        kind=_kind(found, stage_of, now),
        biz_id=found.biz_id,
        ends=ends,
        encoded=found.encoded,
        duplicate_of=found.duplicate_of,
        meant=found.meant,
    )


def _kind(found: biz_id.Found, stage_of: Callable[[str], Stage | None], now: datetime) -> Kind:
    if found.biz_id is None:
        return Kind.ODD
    if found.duplicate_of is not None:
        return Kind.DUPLICATE
    match stage_of(found.biz_id):
        case Stage.KEPT | Stage.PARTIAL | Stage.PURGED:
            return Kind.KEPT
        case Stage.UNKNOWN:
            return Kind.UNKNOWN
        case Stage.REFUSED:
            return Kind.REFUSED
        case Stage.ASKING:
            return Kind.ASKING
    expired = found.biz_id.ends is not None and found.biz_id.ends < now
    return Kind.EXPIRED if expired else Kind.NEW


def _least_time_first(place: Recognised) -> tuple[bool, float, int]:
    ends = place.ends.timestamp() if place.ends else float("inf")
    return place.kind is not Kind.NEW, ends if place.kind is Kind.NEW else 0.0, place.line

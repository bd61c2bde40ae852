"""The copies that left the house, and to whom each was handed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from faceid_review.vault.entry import Entry

ACT: Final = "handed_over"


@dataclass(frozen=True)
class HandedOver:
    """A copy given to somebody: ``to`` whom, and ``how`` in the words of whoever gave it; that may be empty."""

    to: str
    how: str
    entry: int
    at: datetime
    by: str


@dataclass(frozen=True)
class Copy:
    """An export by its entry. ``sha256`` is the file's; ``export`` the number on its pages, empty in old entries."""

    entry: int
    at: datetime
    by: str
    sha256: str
    export: str
    profile: str
    recipient: str
    handed: tuple[HandedOver, ...]


def copies(events: Iterable[Entry]) -> tuple[Copy, ...]:
    """Every copy of a case that these entries tell of, oldest first."""
    entries = tuple(events)
    given: dict[int, list[HandedOver]] = {}
    for one in entries:
        if one.act == ACT:
            told = HandedOver(
                one.facts["recipient"], str(one.facts.get("how") or ""), one.number, one.at, one.by
            )
            given.setdefault(one.facts["copy"], []).append(told)
    return tuple(_copy(one, given.get(one.number, [])) for one in entries if one.act == "exported")


def _copy(entry: Entry, handed: Iterable[HandedOver]) -> Copy:
    def fact(name: str) -> str:
        return str(entry.facts.get(name) or "")

    return Copy(
        entry.number,
        entry.at,
        entry.by,
        fact("sha256"),
        fact("export"),
        fact("profile"),
        fact("recipient"),
        tuple(handed),
    )

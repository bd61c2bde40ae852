"""Who looked at a case, or took something of it out of the house, and when: the access report of one person.

It is read from the ledger, which nobody can write to but by doing the thing. A search and a list show no picture and
are not in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from faceid_review.vault.entry import Entry

LOOKS: Final = (
    "opened",
    "revealed",
    "viewed",
    "altered_view",
    "exported",
    "handed_over",
    "imported",
    "answer",
    "callback",
    "purged",
)
"""The acts that are told: what came in, what was looked at, what went out, what was destroyed."""

_TOLD: Final = (
    "hidden",
    "sha256",
    "pages",
    "lang",
    "profile",
    "recipient",
    "purpose",
    "role",
    "name",
    "bytes",
    "account",
    "copy",
    "how",
)


@dataclass(frozen=True)
class Access:
    """One line of the report. ``facts`` are what is known of it, as small plain values."""

    entry: int
    at: datetime
    by: str
    act: str
    biz_id: str
    facts: dict[str, Any]


def report(entries: Iterable[Entry]) -> tuple[Access, ...]:
    """The lines that these entries give, in the order of their numbers."""
    return tuple(
        Access(e.number, e.at, e.by, e.act, e.subject, {n: e.facts[n] for n in _TOLD if n in e.facts})
        for e in sorted(entries, key=lambda e: e.number)
        if e.act in LOOKS
    )

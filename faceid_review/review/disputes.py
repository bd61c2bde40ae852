"""Disputes: who asks for another look, since when, by which way, on what grounds, and what was answered.

A dispute may concern several biz_ids of one customer; every one of these cases carries it under one name
(``FR-2026-00001/D1``). What was said is kept line by line; nothing of it is ever changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from faceid_review.vault.entry import Entry


class Kind(StrEnum):
    """What a line of a dispute is: something asked for, the answer sent, an appeal, or a note of our own."""

    REQUEST = "request"
    ANSWER = "answer"
    APPEAL = "appeal"
    NOTE = "note"


@dataclass(frozen=True)
class DisputeNote:
    """One line of a dispute's record."""

    entry: int
    at: datetime
    by: str
    kind: Kind
    text: str


@dataclass(frozen=True)
class Dispute:
    """A dispute as its entries tell it. What nobody said is empty, a date that nobody named is None.

    ``received`` is the day on which it came, ``deadline`` the last day for the answer, both as the reviewer
    named them; ``round`` is the round of judging that it concerns; ``cases`` are all biz_ids of it.
    """

    name: str
    entry: int
    at: datetime
    by: str
    round: int
    who: str = ""
    received: date | None = None
    channel: str = ""
    identity: str = ""
    grounds: str = ""
    deadline: date | None = None
    cases: tuple[str, ...] = ()
    notes: tuple[DisputeNote, ...] = ()
    closed: DisputeNote | None = None

    @property
    def open(self) -> bool:
        """Whether it still waits for its end."""
        return self.closed is None

    @property
    def answered(self) -> bool:
        """Whether an answer was sent."""
        return any(note.kind is Kind.ANSWER for note in self.notes)

    def of_kind(self, kind: Kind) -> tuple[DisputeNote, ...]:
        """The lines of one kind, oldest first."""
        return tuple(note for note in self.notes if note.kind is kind)

    def days_left(self, today: date) -> int | None:
        """Days until the deadline: 0 on the day itself, below 0 when it is past; None without one."""
        return None if self.deadline is None else (self.deadline - today).days


def opened(entry: Entry, round_: int) -> Dispute:
    """The dispute that an entry ``dispute_opened`` begins."""
    facts = entry.facts
    return Dispute(
        name=str(facts.get("dispute") or entry.number),
        entry=entry.number,
        at=entry.at,
        by=entry.by,
        round=round_,
        who=str(facts.get("who") or ""),
        received=day(facts.get("received")),
        channel=str(facts.get("channel") or ""),
        identity=str(facts.get("identity") or ""),
        grounds=str(facts.get("grounds") or ""),
        deadline=day(facts.get("deadline")),
        cases=tuple(map(str, facts.get("cases") or ())) or (entry.subject,),
    )


def noted(dispute: Dispute, entry: Entry) -> Dispute:
    """The same dispute with the line of an entry ``dispute_note``; a new deadline takes the place of the old."""
    facts = entry.facts
    note = DisputeNote(
        entry.number, entry.at, entry.by, _kind(facts.get("kind")), str(facts.get("text") or "")
    )
    later = day(facts.get("deadline"))
    return replace(dispute, notes=(*dispute.notes, note), deadline=later or dispute.deadline)


def closed(dispute: Dispute, entry: Entry) -> Dispute:
    """The same dispute at its end."""
    note = DisputeNote(entry.number, entry.at, entry.by, Kind.NOTE, str(entry.facts.get("text") or ""))
    return replace(dispute, closed=note)


def day(text: object) -> date | None:
    """The day that ``text`` names as 2026-11-22, or None."""
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def _kind(text: object) -> Kind:
    try:
        return Kind(str(text))
    except ValueError:
        return Kind.NOTE

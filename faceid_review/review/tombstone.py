"""What is left of a case whose records were destroyed: hashes and sizes, who ordered it, and who still has a copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from faceid_review.i18n import Words, grouped
from faceid_review.review.plain_text import visible
from faceid_review.vault.entry import Entry
from faceid_review.vault.ledger import PURGED

if TYPE_CHECKING:
    from faceid_review.review.case import Case

RETENTION: Final = "retention"
UNSTATED: Final = "unstated"
"""The reason of a purge that nobody gave another reason for."""


@dataclass(frozen=True)
class Trace:
    """One thing that was destroyed. ``kind`` is imported, callback, reference, answer, or a picture's role.

    ``entry`` is the number of the entry that it came with; of a picture, that of its answer.
    """

    kind: str
    entry: int
    sha256: str
    size: int


@dataclass(frozen=True)
class Tombstone:
    """The entry ``purged``. ``decision`` is the outcome that stood, or empty; ``records`` how many keys were destroyed.

    ``exports`` and ``backups`` are the numbers of the entries of those made before: they still hold it.
    """

    entry: int
    at: datetime
    by: str
    reason: str
    decision: str
    records: int
    traces: tuple[Trace, ...]
    exports: tuple[int, ...]
    backups: tuple[int, ...]


def facts_of(case: Case, reason: str, exports: Iterable[int], backups: Iterable[int]) -> dict[str, Any]:
    """What the entry ``purged`` of ``case`` says."""
    came = [
        [e.act, e.number, e.facts["sha256"], e.facts["bytes"]] for e in case.events if e.record is not None
    ]
    answer = case.answer.entry if case.answer else 0
    pictures = [[p.role, answer, p.sha256, len(p.data)] for p in case.photographs]
    decision = case.work.decision
    return {
        "case": case.number,
        "reason": reason,
        "decision": decision.outcome.value if decision else "",
        "traces": came + pictures,
        "exports": list(exports),
        "backups": list(backups),
    }


def fold(entries: Iterable[Entry]) -> Tombstone | None:
    """The tombstone that these entries of a case tell, or None. A case that was purged twice has the traces of both."""
    made = None
    for entry in entries:
        if entry.act == PURGED:
            made = _with(made, entry, entry.facts)
    return made


def _with(before: Tombstone | None, entry: Entry, facts: Mapping[str, Any]) -> Tombstone:
    traces = tuple(
        Trace(str(kind), int(number), str(digest), int(size))
        for kind, number, digest, size in facts.get("traces", ())
    )
    fresh = tuple(trace for trace in traces if not before or trace not in before.traces)
    return Tombstone(
        entry=entry.number,
        at=entry.at,
        by=entry.by,
        reason=str(facts.get("reason") or ""),
        decision=str(facts.get("decision") or ""),
        records=len(facts.get("records", ())) + (before.records if before else 0),
        traces=(*(before.traces if before else ()), *fresh),
        exports=tuple(facts.get("exports", ())),
        backups=tuple(facts.get("backups", ())),
    )


def stated(stone: Tombstone | None) -> dict[str, Any] | None:
    """A tombstone as JSON values, or None."""
    if stone is None:
        return None
    at = stone.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = {
        "entry": stone.entry,
        "at": at,
        "by": stone.by,
        "reason": stone.reason,
        "decision": stone.decision or None,
    }
    destroyed = [
        {"kind": t.kind, "entry": t.entry, "sha256": t.sha256, "bytes": t.size} for t in stone.traces
    ]
    return {**told, "destroyed": destroyed, "exports": list(stone.exports), "backups": list(stone.backups)}


def lines(stone: Tombstone | None, w: Words) -> Iterator[str]:
    """A tombstone as lines of text; nothing where there is none."""
    if stone is None:
        return
    at = stone.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    reason = w(f"keeping.{stone.reason}") if stone.reason in (RETENTION, UNSTATED) else visible(stone.reason)
    yield w("keeping.stone", at=at, by=visible(stone.by), entry=stone.entry, reason=reason)
    for trace in stone.traces:
        yield w("keeping.trace", kind=trace.kind, sha256=trace.sha256, bytes=grouped(trace.size))
    for key, numbers in (("keeping.stone_exports", stone.exports), ("keeping.stone_backups", stone.backups)):
        if numbers:
            yield w(key, entries=", ".join(map(str, numbers)))

"""What a row of the queue says: its state with a shape, at most two facts, and the moment at its right."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NamedTuple

from faceid_review.desk.queue.model import Header
from faceid_review.desk.queue.row import Group, Row, group_of
from faceid_review.desk.shapes import Shape
from faceid_review.desk.shortened import size_of
from faceid_review.desk.time_left import TimeLeft, time_left, time_since
from faceid_review.i18n import Words, grouped
from faceid_review.review.case import Stage


class State(NamedTuple):
    """A state as it looks and what it is called."""

    shape: Shape
    kind: str
    text: str


_LOOKS: Final = {
    Stage.QUEUED: (Shape.RING, "mute"),
    Stage.ASKING: (Shape.DOTS, "info"),
    Stage.KEPT: (Shape.DISC, "mute"),
    Stage.PARTIAL: (Shape.HALF, "warn"),
    Stage.REFUSED: (Shape.SQUARE, "stop"),
    Stage.UNKNOWN: (Shape.DIAMOND, "warn"),
    Stage.NOT_SENT: (Shape.RING, "mute"),
    Stage.CANCELLED: (Shape.RING, "mute"),
    Stage.PURGED: (Shape.DASH, "mute"),
}


_WORK: Final = {
    Group.WAITING: (Shape.BARS, "mute"),
    Group.DISPUTE: (Shape.HALF, "info"),
    Group.CASES: (Shape.HALF, "info"),
    Group.SETTLED: (Shape.TICK, "ok"),
}


def state_of(row: Row, in_batch: bool, words: Words, now: datetime | None = None) -> State:
    """The state of a row in shape, kind and word: the reviewer's where there is one, else that of the question."""
    if now is not None and (work := _work_of(row, now)):
        group, key = work
        return State(*_WORK[group], words(key))
    shape, kind = _LOOKS[row.stage]
    if in_batch and row.stage is Stage.KEPT:
        shape, kind = Shape.TICK, "ok"
    key = f"queue.state.{row.stage.value}"
    if row.stage is Stage.QUEUED and in_batch:
        key = "queue.state.waiting"
    elif row.stage is Stage.ASKING and row.received:
        key = "queue.state.arriving"
    return State(shape, kind, words(key))


def _work_of(row: Row, now: datetime) -> tuple[Group, str] | None:
    """The group and the key of the words for where the reviewer's work stands; None where nobody worked."""
    if row.stage is Stage.PURGED:
        return None
    group = group_of(row, now)
    if group is Group.WAITING:
        return group, f"queue.work.{row.pause}"
    if group is Group.DISPUTE:
        return group, "queue.work.dispute"
    if group is Group.SETTLED:
        return group, "queue.work.sealed"
    if group is Group.CASES and (row.judged or row.notes or row.round > 1):
        return group, "queue.work.review"
    return None


def facts_of(row: Row, words: Words, now: datetime, *, blind: bool = False) -> tuple[str, ...]:
    """At most two facts that stand behind the state; nothing of the vendor's verdict that ``blind`` keeps back."""
    if group_of(row, now) is Group.SETTLED and row.decision and row.stage is not Stage.PURGED:
        return (words(f"queue.decided.{row.decision}"), *row.tags[:1])
    if blind and row.unseen and row.stage in (Stage.KEPT, Stage.PARTIAL):
        return (_pictures(row, words), *row.tags[:1])
    match row.stage:
        case Stage.KEPT:
            return _answer(row, words)
        case Stage.PARTIAL:
            return (_pictures(row, words),)
        case Stage.REFUSED:
            return (row.code,) if row.code else ()
        case Stage.UNKNOWN:
            return (words("queue.fact.no_answer"),)
        case Stage.NOT_SENT | Stage.CANCELLED:
            return (words("queue.fact.free"),)
        case Stage.ASKING if row.received:
            return (words("queue.fact.received", size=size_of(row.received)),)
        case Stage.QUEUED:
            return (words("queue.fact.began", at=_began(row.began, now)),) if row.began else ()
    return ()


def moment_of(row: Row, in_batch: bool, words: Words, now: datetime) -> TimeLeft | str:
    """What stands at the right of a row: a countdown while time matters, otherwise a time or a word."""
    group = group_of(row, now)
    if row.dispute and row.deadline and group in (Group.DISPUTE, Group.WAITING):
        return _due(date.fromisoformat(row.deadline), words, now)
    if group is Group.WAITING and row.until:
        return words("queue.until", at=clock(row.until, now))
    if group is Group.SETTLED and row.round > 1:
        return words("queue.round", round=row.round)
    match row.stage:
        case Stage.QUEUED | Stage.NOT_SENT | Stage.CANCELLED | Stage.ASKING:
            if row.ends is None:
                return ""
            return time_left(words, row.ends, now) or time_since(words, row.ends, now)
        case Stage.UNKNOWN if not in_batch:
            return words("queue.your_call")
    return clock(row.at, now) if row.at else ""


def _due(deadline: date, words: Words, now: datetime) -> TimeLeft | str:
    """A deadline: a word while there is time, a chip from two days on."""
    days = (deadline - now.date()).days
    if days > 2:
        return words.many("queue.due", days)
    text = words.many("queue.late", -days) if days < 0 else words("queue.due_today") if not days else ""
    text = text or words.many("queue.due", days)
    return TimeLeft(*((Shape.TRIANGLE, "stop") if days <= 0 else (Shape.CLOCK, "warn")), text, text)


def spoken(
    row: Row, in_batch: bool, number: int, of: int, words: Words, now: datetime, *, blind: bool = False
) -> str:
    """A whole row in words, for a screen reader."""
    moment = moment_of(row, in_batch, words, now)
    told = [
        row.biz_id,
        state_of(row, in_batch, words, now).text,
        *facts_of(row, words, now, blind=blind),
        moment.text if isinstance(moment, TimeLeft) else moment,
        words("queue.place", number=grouped(number), of=grouped(of)),
    ]
    return words("queue.comma").join(part for part in told if part)


def titled(header: Header, words: Words) -> str:
    """The name of a group."""
    return words(f"queue.group.{header.group.value}")


def clock(at: datetime, now: datetime) -> str:
    """A moment in the zone of ``now``: the time today, the day this year, otherwise the whole date."""
    here = at.astimezone(now.tzinfo)
    if here.date() == now.date():
        return f"{here:%H:%M:%S}"
    return f"{here:%m-%d}" if here.year == now.year else f"{here:%Y-%m-%d}"


def _began(at: datetime, now: datetime) -> str:
    here = at.astimezone(now.tzinfo)
    return f"{here:%m-%d %H:%M}" if here.year == now.year else f"{here:%Y-%m-%d}"


def _answer(row: Row, words: Words) -> tuple[str, ...]:
    if row.passed is None:
        return (words("queue.fact.no_liveness"),)
    if not row.passed:
        return (row.reason or words("queue.fact.not_passed"), _pictures(row, words))
    flags = words.many("queue.fact.flags", len(row.flags)) if row.flags else words("queue.fact.no_flags")
    return (_band(row, words), flags)


def _band(row: Row, words: Words) -> str:
    if not row.confidence:
        return words("queue.fact.no_confidence")
    if row.strictest and row.next:
        return words("queue.fact.between", passed=row.strictest, missed=row.next)
    if row.strictest:
        return words("queue.fact.passes", threshold=row.strictest)
    if row.next:
        return words("queue.fact.misses", threshold=row.next)
    return words("queue.fact.no_thresholds")


def _pictures(row: Row, words: Words) -> str:
    return words.many("queue.fact.pictures", row.pictures)

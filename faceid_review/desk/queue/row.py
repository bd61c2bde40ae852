"""One row of the queue, the group it belongs to, and its place in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from faceid_review.faceid.biz_id import BizId
from faceid_review.review.case import Stage
from faceid_review.review.sources import CALLBACK

Key = tuple[Any, ...]
"""What a group is sorted by; the biz_id comes last."""


@dataclass(frozen=True, slots=True)
class Row:
    """One biz_id as the queue shows it: its head (``case.facts_of``) and, while arriving, ``received`` bytes.

    ``code`` is the vendor's word of a refusal, ``strictest`` the strictest threshold passed, ``next`` the next
    one, which is missed. What the head does not hold is empty, 0 or None. ``judged``, ``decision``, ``dispute``,
    ``deadline`` and ``pause`` are the reviewer's word; ``unseen`` says that a blind policy would hide the vendor's.
    """

    biz_id: str
    stage: Stage
    case: str = ""
    account: str = ""
    at: datetime | None = None
    code: str = ""
    passed: bool | None = None
    reason: str = ""
    confidence: str = ""
    strictest: str = ""
    next: str = ""
    flags: tuple[str, ...] = ()
    pictures: int = 0
    biz_no: str = ""
    received: int = 0
    decision: str = ""
    judged: str = ""
    round: int = 1
    sealed: bool = False
    dispute: str = ""
    deadline: str = ""
    pause: str = ""
    until: datetime | None = None
    notes: int = 0
    origin: str = ""
    tags: tuple[str, ...] = ()
    unseen: bool = False

    @classmethod
    def of(cls, head: Mapping[str, Any]) -> Row:
        """The row of a head. Only ``biz_id`` and ``stage`` must be there; facts not known here are left out."""
        at, until = head.get("at"), head.get("until")
        return cls(
            biz_id=str(head["biz_id"]),
            stage=Stage(head["stage"]),
            case=head.get("case") or "",
            account=head.get("account") or "",
            at=datetime.fromisoformat(at) if at else None,
            code=head.get("code") or "",
            passed=head.get("passed"),
            reason=head.get("reason") or "",
            confidence=head.get("confidence") or "",
            strictest=head.get("strictest") or "",
            next=head.get("next") or "",
            flags=tuple(head.get("flags") or ()),
            pictures=head.get("pictures") or 0,
            biz_no=head.get("biz_no") or "",
            received=head.get("received") or 0,
            decision=head.get("decision") or "",
            judged=head.get("judged") or "",
            round=head.get("round") or 1,
            sealed=bool(head.get("sealed")),
            dispute=head.get("dispute") or "",
            deadline=head.get("deadline") or "",
            pause=head.get("pause") or "",
            until=datetime.fromisoformat(until) if until else None,
            notes=head.get("notes") or 0,
            origin=head.get("origin") or "",
            tags=tuple(head.get("tags") or ()),
            unseen=bool(head.get("unseen")),
        )

    @property
    def began(self) -> datetime | None:
        """When the session began, read from the id; None where it does not tell."""
        return BizId(self.biz_id).began

    @property
    def ends(self) -> datetime | None:
        """The estimated end of the vendor's day; None where the id does not tell."""
        return BizId(self.biz_id).ends


class Group(StrEnum):
    """The groups of the queue, from top to bottom."""

    BATCH = "batch"
    RISK = "risk"
    DISPUTE = "dispute"
    CALL = "call"
    CASES = "cases"
    WAITING = "waiting"
    SETTLED = "settled"


_GROUP_OF: Final = {
    Stage.ASKING: Group.BATCH,
    Stage.QUEUED: Group.RISK,
    Stage.NOT_SENT: Group.RISK,
    Stage.CANCELLED: Group.RISK,
    Stage.UNKNOWN: Group.CALL,
    Stage.REFUSED: Group.CALL,
    Stage.PURGED: Group.SETTLED,
}


_PLAIN: Final = frozenset(stage.value for stage in Stage if stage not in _GROUP_OF)


def group_of(row: Row, now: datetime) -> Group:
    """Where a row belongs at ``now``: what is at risk first, then as ``worklist.state_of`` has it."""
    group = _GROUP_OF.get(row.stage, Group.CASES)
    if group is Group.RISK and row.origin == CALLBACK:
        group = Group.CASES
    if group in (Group.BATCH, Group.RISK) or row.stage is Stage.PURGED:
        return group
    if row.pause and not (row.until is not None and row.until <= now):
        return Group.WAITING
    if row.dispute:
        return Group.DISPUTE
    return Group.SETTLED if row.sealed else group


def place_of(head: Mapping[str, Any], now: datetime) -> tuple[Group, Key]:
    """The same as :func:`key_of` of a head's row, which most heads need not be made into for it."""
    if head["stage"] not in _PLAIN or head.get("pause") or head.get("dispute"):
        return key_of(Row.of(head), now)
    at = head.get("at")
    newest = -datetime.fromisoformat(at).timestamp() if at else float("-inf")
    return Group.SETTLED if head.get("sealed") else Group.CASES, (newest, head["biz_id"])


def key_of(row: Row, now: datetime) -> tuple[Group, Key]:
    """The group of a row and its place there: least time left first, nearest deadline first, else newest first."""
    group = group_of(row, now)
    newest = -row.at.timestamp() if row.at else float("-inf")
    if group is Group.RISK:
        ends = row.ends
        over = ends is not None and ends <= now
        return group, (over, ends.timestamp() if ends else float("inf"), row.biz_id)
    if group is Group.DISPUTE:
        return group, (row.deadline or "9", newest, row.biz_id)
    if group is Group.WAITING:
        return group, (row.until.timestamp() if row.until else float("inf"), newest, row.biz_id)
    return group, (newest, row.biz_id)

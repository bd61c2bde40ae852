"""The cases of one dispute side by side: what their heads say, without opening any of them.

A confidence stands with the thresholds of its own call, and with nothing of another case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from faceid_review.i18n import Words
from faceid_review.review.casebook import Casebook
from faceid_review.review.plain_text import visible
from faceid_review.review.worklist import WorkState

CUT: Final = 24
"""Characters of a confidence that a head holds. A longer one is told with a sign that more stands in the answer."""

_MOST_FLAGS: Final = 8
_TOLD: Final = (
    "stage", "code", "passed", "reason", "confidence", "strictest", "next", "checks", "flags", "pictures", "decision",
    "judged", "sealed",
)  # fmt: skip


@dataclass(frozen=True)
class Beside:
    """One case among those of its dispute. ``head`` is its head as it may be shown; None where the vault has none.

    With ``hidden`` the blind policy keeps the vendor's verdict back.
    """

    biz_id: str
    number: str = ""
    work: WorkState | None = None
    hidden: bool = False
    head: Mapping[str, Any] | None = None

    @property
    def pictures(self) -> int:
        """How many photographs came."""
        return (self.head or {}).get("pictures") or 0


def side_by_side(casebook: Casebook, biz_ids: Iterable[str]) -> tuple[Beside, ...]:
    """These cases in their order. Waits for no disk."""
    return tuple(_beside(casebook, biz_id, datetime.now(UTC)) for biz_id in biz_ids)


def _beside(casebook: Casebook, biz_id: str, now: datetime) -> Beside:
    head = casebook.row(biz_id)
    if head is None:
        return Beside(biz_id)
    hidden = casebook.blind and bool(head.get("unseen"))
    told = {name: head.get(name) for name in _TOLD}
    if hidden:
        # The policy may have been switched on since the head was read.
        told |= dict.fromkeys(("passed", "reason", "confidence", "strictest", "next", "checks", "flags"))
    return Beside(biz_id, str(head["case"]), casebook.work.state(biz_id, now), hidden, told)


def facts(one: Beside) -> dict[str, Any]:
    """A case as JSON values, named as in ``list --json``."""
    head = one.head or {}
    told = {name: head.get(name) for name in _TOLD}
    return {
        "biz_id": one.biz_id,
        "case": one.number or None,
        "work": one.work.value if one.work else None,
        "hidden": one.hidden,
        **{**told, "flags": list(told["flags"] or ())},
    }


def cells(one: Beside, w: Words) -> tuple[tuple[str, str], ...]:
    """What is said of a case, each with its label: where it stands, the vendor's three statements, our decision."""
    return tuple((w(label), say(one, w)) for label, say in _CELLS)


def _stands(one: Beside, w: Words) -> str:
    if one.head is None:
        return w("beside.absent")
    stage = w(f"stage.{one.head['stage']}")
    code = visible(one.head["code"] or "")
    work = w(f"judging.work.{one.work}") if one.work else ""
    return " · ".join(part for part in (stage, code, work) if part)


def _missing(one: Beside, w: Words) -> str | None:
    """Why nothing of the vendor's verdict can be said at all, or None."""
    if one.head is None:
        return w("beside.absent")
    if one.hidden:
        return w("beside.hidden")
    stage = one.head["stage"]
    if stage not in ("kept", "partial"):
        return w("beside.no_result", stage=w(f"stage.{stage}"))
    return w("beside.unreadable") if one.head["checks"] is None else None


def _not_there(head: Mapping[str, Any], w: Words) -> str:
    return w("beside.not_received" if head["stage"] == "partial" else "beside.not_returned")


def _liveness(one: Beside, w: Words) -> str:
    head, missing = one.head, _missing(one, w)
    if missing is not None or head is None:
        return missing or ""
    if head["passed"] is None:
        return _not_there(head, w)
    if head["passed"]:
        return w("beside.passed")
    return w("beside.not_passed", reason=visible(head["reason"])) if head["reason"] else w("beside.no_reason")


def _confidence(one: Beside, w: Words) -> str:
    head, missing = one.head, _missing(one, w)
    if missing is not None or head is None:
        return missing or ""
    if not head["confidence"]:
        return _not_there(head, w)
    passed, missed = visible(head["strictest"] or ""), visible(head["next"] or "")
    key = "between" if passed and missed else "passes" if passed else "misses" if missed else "alone"
    digits = visible(head["confidence"]) + ("…" if len(head["confidence"]) >= CUT else "")
    return w(f"beside.confidence.{key}", digits=digits, passed=passed, missed=missed)


def _genuineness(one: Beside, w: Words) -> str:
    head, missing = one.head, _missing(one, w)
    if missing is not None or head is None:
        return missing or ""
    if not head["checks"]:
        return _not_there(head, w)
    flags = head["flags"] or ()
    if not flags:
        return w.many("beside.none_flagged", head["checks"])
    names = w("stage.comma").join(map(visible, flags)) + ("…" if len(flags) >= _MOST_FLAGS else "")
    return w("beside.flagged", names=names)


def _decision(one: Beside, w: Words) -> str:
    head = one.head
    if head is None:
        return w("beside.absent")
    if head["decision"]:
        said = w(f"judging.outcome.{head['decision']}")
        return said if head["sealed"] else w("beside.earlier", said=said)
    step = head["judged"]
    return w("beside.judged", step=w(f"judging.step.{step}")) if step else w("beside.undecided")


_CELLS: Final[tuple[tuple[str, Callable[[Beside, Words], str]], ...]] = (
    ("beside.stands", _stands),
    ("explanation.liveness", _liveness),
    ("verdict.confidence", _confidence),
    ("explanation.genuineness", _genuineness),
    ("beside.decision", _decision),
)

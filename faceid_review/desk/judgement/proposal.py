"""What a reviewer is about to seal, and what can be said of it before: plain values, no widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from faceid_review.i18n import Words
from faceid_review.review import rules
from faceid_review.review.case import Case, exhibit_number
from faceid_review.review.judging import Outcome, Step, exhibits
from faceid_review.review.reasons import Reason

UNDO_S: Final = 10
"""Seconds between the last word and the entry."""

_TWO: Final = frozenset({Step.STRONGLY_SAME, Step.SAME, Step.DIFFERENT, Step.STRONGLY_DIFFERENT})


@dataclass(frozen=True)
class Draft:
    """What was chosen and written at a case and is no entry yet. ``revises`` is the number of a note, or 0.

    ``unsealed`` says that it was confirmed, and the window closed before it was sealed.
    """

    note: str = ""
    revises: int = 0
    step: str = ""
    outcome: str = ""
    reason: str = ""
    unsealed: bool = False

    @classmethod
    def of(cls, facts: Mapping[str, Any] | None) -> Draft:
        """The draft that :meth:`facts` wrote down; what cannot be read is as if it were not there."""
        facts = facts or {}
        texts = {name: str(facts.get(name) or "") for name in ("note", "step", "outcome", "reason")}
        if texts["step"] not in set(Step):
            texts["step"] = ""
        if texts["outcome"] not in set(Outcome):
            texts["outcome"] = ""
        revises = facts.get("revises")
        return cls(
            **texts, revises=revises if type(revises) is int else 0, unsealed=facts.get("unsealed") is True
        )

    @classmethod
    def back(cls, proposal: Proposal) -> Draft:
        """What was proposed, as a draft again."""
        step = proposal.step.value if proposal.step else ""
        return cls(proposal.note, 0, step, proposal.outcome.value, proposal.reason.code)

    def facts(self) -> dict[str, Any]:
        """As plain JSON values; nothing at all where nothing was written."""
        said = {
            "note": self.note, "revises": self.revises, "step": self.step, "outcome": self.outcome,
            "reason": self.reason, "unsealed": self.unsealed,
        }  # fmt: skip
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True)
class Proposal:
    """A decision before it is sealed. ``step`` is None where nothing can be judged."""

    biz_id: str
    number: str
    round: int
    step: Step | None
    outcome: Outcome
    reason: Reason
    note: str

    @property
    def exhibits(self) -> tuple[str, ...]:
        """The exhibits that the note names."""
        return exhibits(self.note)


def why_not_step(case: Case, step: Step, refused: Mapping[str, str | None]) -> str | None:
    """The wording that says why this step cannot be taken now, or None."""
    why = refused.get("judge")
    if why:
        return f"error.{why}"
    pictures = sum(not picture.problem for picture in case.photographs) + len(case.references)
    if not pictures:
        return "error.nothing_to_judge" if step in _TWO else None
    return "judgement.needs_second" if step in _TWO and pictures < 2 else None


def hint(
    case: Case,
    refused: Mapping[str, str | None],
    whys: Mapping[Step, str | None],
    words: Words,
    *,
    unsealed: bool = False,
) -> str:
    """The line below the bar: what is required now, or why something cannot be done."""
    work = case.work
    if case.hidden:
        return words("judgement.judge_first")
    if refused["judge"] is not None:
        why = words(f"error.{refused['judge']}")
        left = [words(f"judging.outcome.{one.value}") for one in Outcome if refused[one] is None]
        if refused["decide"] is not None or not left:
            return why
        return words("judgement.left", why=why, outcomes=words("judgement.comma").join(left))
    if "judgement.needs_second" in whys.values():
        return words("judgement.needs_second")
    if unsealed:
        return words("judgement.unsealed")
    if refused["decide"] is not None:
        return words(f"error.{refused['decide']}")
    if work.sealed and work.decision:
        said = words(f"judging.outcome.{work.decision.outcome.value}")
        facts = {"outcome": said, "round": work.decision.round, "next": work.round.number + 1}
        return words("judgement.sealed", **facts)
    return words("judgement.required")


def cited(case: Case) -> list[tuple[str, str]]:
    """What a note can cite: the exhibit and the name of its place."""
    ours = [(one.number, one.name) for one in case.references]
    return sorted([*ours, *((exhibit_number(one.role), one.role) for one in case.photographs)])


def round_of(case: Case) -> int:
    """The round that a decision made now would end."""
    return case.work.round.number + case.work.sealed


def note_needed(case: Case, outcome: Outcome, step: Step | None, reason: Reason | None) -> str | None:
    """The wording that says why this decision needs a note, or None. The core asks the same when it writes."""
    if rules.against_vendor(outcome, step, case.result):
        return "note_against_vendor"
    earlier = case.work.decision
    if earlier and earlier.outcome is not outcome:
        return "note_against_earlier"
    return "note_for_reason" if reason is not None and reason.note else None


def sealed_lines(proposal: Proposal, case: Case, by: str, words: Words) -> list[tuple[str, str]]:
    """Exactly what the entry will hold, as names and values; the note is not among them."""
    step = words(f"judging.step.{proposal.step.value}") if proposal.step else words("judgement.no_step")
    reason = f"{proposal.reason.code} · {proposal.reason.text(words.lang)}"
    against = rules.against_vendor(proposal.outcome, proposal.step, case.result)
    first = next(iter(case.work.round.judgements), None) if not case.work.sealed else None
    lines = [
        (words("judgement.sheet.case"), proposal.number),
        ("biz_id", proposal.biz_id),
        (words("judgement.sheet.round"), str(proposal.round)),
        (words("judgement.sheet.step"), step),
        (words("judgement.sheet.outcome"), words(f"judging.outcome.{proposal.outcome.value}")),
        (words("judgement.sheet.reason"), reason),
        (words("judgement.sheet.against"), words("judgement.yes" if against else "judgement.no")),
        (words("judgement.sheet.by"), by),
    ]
    if first is not None:
        said = words(f"judging.step.{first.step.value}")
        blind = f" · {words('judging.blind')}" if first.blind else ""
        lines.insert(4, (words("judgement.sheet.first"), f"{said}{blind}"))
    if proposal.exhibits:
        lines.append((words("judgement.sheet.exhibits"), ", ".join(proposal.exhibits)))
    return lines

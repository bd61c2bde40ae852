"""What may be done with a case now, and why not. One place for button, key, command and core alike."""

from __future__ import annotations

from typing import Final

from faceid_review.errors import NotAllowed
from faceid_review.faceid.result import VerificationResult
from faceid_review.review.case import Case, Stage
from faceid_review.review.head import hides
from faceid_review.review.judging import Outcome, Step
from faceid_review.review.sources import CALLBACK

ACTIONS: Final = (
    "note", "tag", "judge", "reveal", "decide", *Outcome, "wait", "on-hold", "snooze", "resume", "dispute",
    "dispute-note", "dispute-close", "explain", "hold", "release", "export", "purge",
)  # fmt: skip
"""Every action that :func:`allowed` speaks of."""

MOST_TEXT: Final = 4 * 1024 * 1024
"""Bytes of UTF-8 in one note, ground or explanation."""


def allowed(case: Case, *, blind: bool) -> dict[str, str | None]:
    """For each of :data:`ACTIONS` None, or the wording (``error.<wording>``) that says why it cannot be done now.

    ``case`` may be a masked one: under the blind policy nothing here depends on what is hidden.
    """
    work = case.work
    unseen = case.hidden or (blind and hides(case))
    by_callback = case.origin == CALLBACK
    refused: dict[str, str | None] = dict.fromkeys(ACTIONS)
    judge = None if case.stage in (Stage.KEPT, Stage.PARTIAL) else _why_not(case)
    refused["judge"] = judge
    refused["reveal"] = None if unseen else "revealed_already"
    decide = None if case.stage in (Stage.REFUSED, Stage.UNKNOWN) or by_callback else judge
    if case.stage is Stage.PURGED:
        decide = "case_purged"
    judged = bool(work.judgement) and not work.sealed
    if decide is None and (unseen or (blind and judge is None and not judged)):
        decide = "judge_first"
    refused["decide"] = decide
    for outcome in Outcome:
        refused[outcome] = decide
    if decide is None and judge is not None and not by_callback:
        refused[Outcome.UPHOLD] = refused[Outcome.OVERTURN] = "nothing_to_uphold"
    refused["resume"] = None if work.pause else "not_paused"
    refused["dispute"] = "dispute_open_already" if work.dispute else None
    refused["dispute-note"] = refused["dispute-close"] = None if work.dispute else "no_dispute"
    refused["hold"] = "held_already" if work.hold else None
    refused["release"] = None if work.hold else "not_held"
    refused["export"] = "judge_first" if unseen else None
    refused["purge"] = why_kept(case.stage, held=work.hold is not None, disputed=work.dispute is not None)
    return refused


def why_kept(stage: str, *, held: bool, disputed: bool) -> str | None:
    """The wording that says why a case must not be destroyed now, or None."""
    if held:
        return "purge_held"
    if disputed:
        return "purge_disputed"
    return "purge_asking" if stage in (Stage.QUEUED, Stage.ASKING) else None


def require(case: Case, action: str, *, blind: bool) -> None:
    """Raise :class:`NotAllowed` where ``action`` cannot be done now."""
    wording = allowed(case, blind=blind)[action]
    if wording:
        raise NotAllowed(wording, case=case.number)


def vendor_says_same(result: VerificationResult | None) -> bool | None:
    """Which way the vendor's answer points: False where liveness was not passed or no threshold was, else True.

    None where it says neither. A reading of ours, for one purpose: to know when a note is required.
    """
    if result is None:
        return None
    if result.liveness and result.liveness.passed is False:
        return False
    if not result.comparisons:
        return None
    best = result.comparisons[0]
    if best.strictest_passed:
        return True
    return False if best.next_missed else None


def standing(case: Case) -> Step | None:
    """The judgement that stands in the round under way."""
    judgement = case.work.judgement
    return judgement.step if judgement and not case.work.sealed else None


def against_vendor(outcome: Outcome, step: Step | None, result: VerificationResult | None) -> bool:
    """Whether a decision goes against the vendor: it overturns, or the last judgement points the other way."""
    if outcome is Outcome.OVERTURN:
        return True
    ours, theirs = step.same if step else None, vendor_says_same(result)
    return ours is not None and theirs is not None and ours != theirs


def note_needed(case: Case, outcome: Outcome, result: VerificationResult | None) -> str | None:
    """The wording that says why this decision needs a note, or None where it needs none.

    It needs one where it goes against the vendor, and where an earlier decision of the case said something else.
    """
    work = case.work
    if against_vendor(outcome, standing(case), result):
        return "note_against_vendor"
    if work.decision and work.decision.outcome is not outcome:
        return "note_against_earlier"
    return None


def _why_not(case: Case) -> str:
    return "case_purged" if case.stage is Stage.PURGED else "nothing_to_judge"

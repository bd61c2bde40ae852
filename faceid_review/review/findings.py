"""What can be worked out of one answer without a word: margins, bands, contradictions, steps, what is absent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from faceid_review.faceid import glossary
from faceid_review.faceid.digits import Digits, exact_difference, plain
from faceid_review.faceid.liveness_log import LivenessLog
from faceid_review.faceid.pointer import above, pointer
from faceid_review.faceid.result import ATTACK, Comparison, GenuinenessCheck, VerificationResult

MOST_MOMENTS: Final = 120


@dataclass(frozen=True)
class Margin:
    """One threshold of one comparison; ``near`` is next to the value.

    ``by`` is exact, and ``working`` how it comes about; where ``by`` would fill more than a page it is the working.
    """

    name: str
    threshold: Digits
    passes: bool
    by: str
    working: str
    near: bool


def margins(comparison: Comparison) -> tuple[Margin, ...]:
    """How far the confidence lies from each threshold of its own call; empty where either is missing."""
    confidence = comparison.confidence
    if confidence is None:
        return ()
    thresholds = comparison.thresholds
    passed = sum(1 for _, value in thresholds if confidence >= value)
    made = []
    for place, (name, value) in enumerate(thresholds):
        passes = confidence >= value
        more, less = (confidence, value) if passes else (value, confidence)
        working = f"{more} – {less}"
        exact = exact_difference(more, less)
        by = working if exact is None else plain(exact)
        made.append(Margin(name, value, passes, by, working, place in (passed - 1, passed)))
    return tuple(made)


@dataclass(frozen=True)
class Band:
    """Between which thresholds a confidence lies: ``reached`` the highest it passes, ``missed`` the next."""

    reached: str | None
    missed: str | None


def band(comparison: Comparison) -> Band | None:
    """The band of a comparison; None where nothing can be said."""
    unsure = comparison.incomplete or comparison.unread
    if comparison.confidence is None or not comparison.thresholds or unsure:
        return None
    return Band(comparison.strictest_passed, comparison.next_missed)


def same_numbers(one: Comparison, other: Comparison) -> bool:
    """Whether two comparisons were sent with the same confidence and the same thresholds, to the digit."""

    def sent(c: Comparison) -> tuple[str, tuple[tuple[str, str], ...]]:
        return str(c.confidence), tuple((name, str(value)) for name, value in c.thresholds)

    return sent(one) == sent(other)


def groups(comparisons: Sequence[Comparison]) -> list[list[Comparison]]:
    """Comparisons in the order sent, those with the same numbers together."""
    made: list[list[Comparison]] = []
    for comparison in comparisons:
        for group in made:
            if same_numbers(group[0], comparison):
                group.append(comparison)
                break
        else:
            made.append([comparison])
    return made


def contradictions(result: VerificationResult) -> tuple[GenuinenessCheck, ...]:
    """The checks at or above their threshold although liveness passed."""
    if result.liveness is None or not result.liveness.passed:
        return ()
    return tuple(check for check in result.genuineness if check.finding == ATTACK)


def odd(result: VerificationResult, *names: str) -> bool:
    """Whether the value at this place came in a form that is not the documented one, so that it was not read.

    It then stands among the unknown fields, and must not be told as not returned.
    """
    place = pointer(*names)
    return any(at == place for at, _ in result.unrecognised)


class Absence(StrEnum):
    """Why nothing can be told at a place of an answer."""

    NOT_RETURNED = "not_returned"
    NOT_RECEIVED = "not_received"
    UNKNOWN_FORM = "unknown_form"


def absence(result: VerificationResult, *names: str) -> Absence:
    """Why nothing is told here: of another form (it, or what should hold it), behind the cut, or never returned."""
    if any(odd(result, *names[:end]) for end in range(1, len(names) + 1)):
        return Absence.UNKNOWN_FORM
    return Absence.NOT_RECEIVED if result.lost(*names) else Absence.NOT_RETURNED


def nearest(result: VerificationResult, *names: str) -> str:
    """The pointer of a place, or where nothing came there, of the nearest place above it that did come."""
    place = pointer(*names)
    while place and place not in result.places:
        place = above(place)
    return place


@dataclass(frozen=True)
class Step:
    """A state of the liveness log. ``to`` is None where nothing followed; ``role`` is its picture's, or empty.

    ``kind`` is the glossary's, or ``unknown``; ``passed`` tells of an action after which another action or the
    end was recorded.
    """

    letter: str
    kind: str
    start: int
    to: int | None
    passed: bool
    role: str

    @property
    def ends(self) -> bool:
        """Whether this is an end: done or failed."""
        return self.kind in ("done", "failed")


def steps(log: LivenessLog, roles: Collection[str]) -> tuple[Step, ...]:
    """The log's states in order, at most 120. ``roles`` are the pictures that came; an action's is inferred."""
    made, actions = [], 0
    moments = log.moments[:MOST_MOMENTS]
    kinds = [_kind(moment.letter) for moment in moments]
    for moment, kind, follows in zip(moments, kinds, [*kinds[1:], ""], strict=False):
        role = ""
        if kind == "action":
            actions += 1
            role = f"image_action{actions}"
        made.append(
            Step(
                letter=moment.letter,
                kind=kind,
                start=moment.at_ms,
                to=None if moment.lasted_ms is None else moment.at_ms + moment.lasted_ms,
                passed=kind == "action" and follows in ("action", "done"),
                role=role if role in roles else "",
            )
        )
    return tuple(made)


def _kind(letter: str) -> str:
    meaning = glossary.letter(letter)
    return meaning.kind if meaning else "unknown"


def relation(check: GenuinenessCheck) -> str:
    """``≥``, ``=`` or ``<``: how the value stands to its threshold; empty where one of them is missing."""
    if check.confidence is None or check.threshold is None:
        return ""
    if check.confidence == check.threshold:
        return "="
    return "≥" if check.confidence > check.threshold else "<"

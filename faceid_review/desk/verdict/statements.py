"""What the panes take from the review: findings, plain text, times; and the words for what is absent on a pane."""

from __future__ import annotations

from faceid_review.faceid.result import VerificationResult
from faceid_review.review.findings import (
    Absence,
    Band,
    Margin,
    absence,
    band,
    contradictions,
    groups,
    margins,
    odd,
    relation,
    same_numbers,
)
from faceid_review.review.plain_text import LONGEST, as_sent, paragraph, short, visible
from faceid_review.review.times import began, clock, instant, offset, span

__all__ = [
    "LONGEST",
    "Band",
    "Margin",
    "absent",
    "as_sent",
    "band",
    "began",
    "clock",
    "contradictions",
    "groups",
    "instant",
    "margins",
    "odd",
    "offset",
    "paragraph",
    "relation",
    "same_numbers",
    "short",
    "span",
    "visible",
]

_KEYS = {Absence.UNKNOWN_FORM: "explanation.unknown_form", Absence.NOT_RECEIVED: "explanation.not_received"}


def absent(result: VerificationResult, key: str, *steps: str) -> str:
    """The key of the words for what is absent here: of another form, behind the cut, or ``key``."""
    return _KEYS.get(absence(result, *steps), key)

"""The words for what is absent on a pane."""

from __future__ import annotations

from faceid_review.faceid.result import VerificationResult
from faceid_review.review.findings import Absence, absence

_KEYS = {Absence.UNKNOWN_FORM: "explanation.unknown_form", Absence.NOT_RECEIVED: "explanation.not_received"}


def absent(result: VerificationResult, key: str, *steps: str) -> str:
    """The key of the words for what is absent here: of another form, behind the cut, or ``key``."""
    return _KEYS.get(absence(result, *steps), key)

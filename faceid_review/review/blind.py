"""The blind policy: nothing of the vendor's verdict before the first judgement of a round.

What is hidden is taken away here, in one place, before anything is shown, listed or searched: a pane cannot leak what
it never got. The photographs stay, since they are what is judged.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Final

from faceid_review.faceid.result import VerificationResult
from faceid_review.review.case import Case

_SHOWN: Final = {
    "readable", "biz_id", "biz_no", "biz_extra_data", "request_id", "verify_request_id", "photographs", "cut",
    "received", "places",
}  # fmt: skip


def masked(case: Case) -> Case:
    """``case`` without the vendor's verdict: no raw answer, no callback, of the result only pictures and ids."""
    answer = replace(case.answer, body=b"", told=b"") if case.answer else None
    return replace(
        case,
        answer=answer,
        result=_masked(case.result) if case.result else None,
        sources=tuple(replace(source, body=b"", told=b"") for source in case.sources),
        callbacks=(),
        hidden=True,
    )


def _masked(result: VerificationResult) -> VerificationResult:
    kept = {field.name: getattr(result, field.name) for field in fields(result) if field.name in _SHOWN}
    return VerificationResult(**kept)

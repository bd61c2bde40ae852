"""A case as plain values: the one description that ``show --json``, the snapshot and the screen reader use.

The shape is the contract of docs/command-line.md. Decimals are strings with the vendor's digits, an absent
value is None and never a guess, lists are never None.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from faceid_review.faceid import photograph
from faceid_review.faceid.digits import Digits
from faceid_review.faceid.result import (
    EXPECTED_CHECKS,
    NOT_RETURNED,
    Comparison,
    GenuinenessCheck,
    Liveness,
    Photograph,
    VerificationResult,
)
from faceid_review.review import judged, marked, saying_sources, tombstone
from faceid_review.review.case import Case

NOT_RECEIVED = "not_received"
"""The finding of a check that a cut answer may have held."""


_DEEPEST = 40
_NOTHING_RETURNED = tuple(GenuinenessCheck(name, None, None) for name in EXPECTED_CHECKS)


def state(case: Case) -> dict[str, Any]:
    """Everything known of ``case`` as JSON values."""
    answer, result = case.answer, case.result or VerificationResult(readable=False)
    refusal = case.refusal
    return {
        "biz_id": str(case.biz_id),
        "case": case.number,
        "stage": case.stage.value,
        "origin": case.origin,
        "account": case.account or None,
        "attempts": [
            {"number": a.number, "at": instant(a.at), "stage": a.stage.value} for a in case.attempts
        ],
        "body_sha256": answer.sha256 if answer else None,
        "body_bytes": answer.size if answer else None,
        "received_at": instant(answer.received_at) if answer else None,
        "complete": answer.complete if answer else None,
        "refusal": {
            "code": refusal.code,
            "http_status": refusal.http_status or None,
            "spent": refusal.spent.value,
        }
        if refusal
        else None,
        "biz_no": result.biz_no,
        "biz_extra_data": result.biz_extra_data,
        "request_id": result.request_id,
        "time_used": _number(result.time_used),
        "verify_request_id": result.verify_request_id,
        "verify_time_used": _number(result.verify_time_used),
        "liveness": _liveness(result.liveness) if result.liveness else None,
        "comparisons": [_comparison(comparison) for comparison in result.comparisons],
        "genuineness": [
            {
                "check": check.name,
                "confidence": _digits(check.confidence),
                "threshold": _digits(check.threshold),
                "finding": _finding(check, result),
            }
            for check in result.genuineness or (() if case.hidden else _NOTHING_RETURNED)
        ],
        "id_exceptions": None
        if result.id_exceptions is None
        else {name: plain(value) for name, value in result.id_exceptions},
        "verify_error": result.verify_error,
        "images": [image(picture) for picture in result.photographs],
        "callbacks": saying_sources.stated_callbacks(case),
        "warnings": list(case.warnings),
        "unrecognised": {pointer: plain(value) for pointer, value in result.unrecognised},
        "notes": judged.notes(case),
        "decision": judged.decision(case),
        "sources": saying_sources.stated_sources(case),
        "references": marked.references(case),
        "marks": marked.marks(case),
        "purged": tombstone.stated(case.tombstone),
    }


def instant(at: datetime) -> str:
    """A moment as UTC to the second: 2026-11-22T09:14:06Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(value: Any, depth: int = 0) -> Any:
    """A value as sent, as JSON: numbers that are exact as integers stay numbers, all others are digits."""
    if isinstance(value, Digits):
        whole = value.text.lstrip("-").isdecimal() and len(value.text) < 16
        return int(value.text) if whole else value.text
    if depth > _DEEPEST and isinstance(value, dict | list):
        return "…"
    if isinstance(value, dict):
        return {key: plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item, depth + 1) for item in value]
    return value


def _liveness(liveness: Liveness) -> dict[str, Any]:
    return {
        "result": liveness.result,
        "passed": liveness.passed,
        "failure_reason": liveness.failure_reason,
        "version": liveness.version,
        "datetime": liveness.datetime,
        "log": [
            {"at_ms": moment.at_ms, "letter": moment.letter, "lasted_ms": moment.lasted_ms}
            for moment in liveness.log.moments
        ],
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "against": comparison.against,
        "confidence": _digits(comparison.confidence),
        "thresholds": {name: str(value) for name, value in comparison.thresholds},
        "strictest_passed": comparison.strictest_passed,
        "misses_next_by": comparison.misses_next_by,
    }


def _finding(check: GenuinenessCheck, result: VerificationResult) -> str:
    """The finding; of a value or threshold that was behind a cut nobody knows whether the vendor returned it."""
    place = ("verify_result", "face_genuineness")
    absent = check.finding == NOT_RETURNED
    lost = any(result.lost(*place, f"{check.name}_{kind}") for kind in ("confidence", "threshold"))
    return NOT_RECEIVED if absent and lost else check.finding


def image(picture: Photograph) -> dict[str, Any]:
    """One picture as ``show --json`` has it; it is opened for its size and soundness."""
    seen = (
        photograph.Examined(photograph.Status.UNDECODABLE)
        if picture.problem
        else photograph.examine(picture.data, cut=picture.cut)
    )
    return {
        "role": picture.role,
        "sha256": picture.sha256,
        "bytes": len(picture.data),
        "width": seen.width,
        "height": seen.height,
        "status": seen.status.value,
    }


def _digits(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _number(number: Digits | None) -> Any:
    return None if number is None else plain(number)

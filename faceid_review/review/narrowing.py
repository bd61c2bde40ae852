"""What a query asks of heads but for its text: one test for each thing asked, on one or two values of a head."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from faceid_review.review.worklist import Query

NAMES: Final = (
    "stage", "passed", "reason", "confidence", "strictest", "flags", "exceptions", "decision", "tags", "dispute",
    "at", "deadline", "whole",
)  # fmt: skip
"""Every name whose value a test takes; and ``whole``, which says of a text that it is all in its head."""

Test = tuple[tuple[str, ...], Callable[..., bool]]
"""The one or two names whose values a test takes, and the test."""


def tests_of(query: Query, now: datetime) -> list[Test]:
    """What must hold of the values of a head; ``now`` tells what day it is."""
    tests: list[Test] = []
    if query.stage:
        tests.append((("stage",), lambda stage: bool(stage == query.stage)))
    if query.passed is not None:
        tests.append((("passed",), lambda passed: passed is query.passed))
    if query.reason:
        tests.append((("reason",), lambda reason: bool(reason == query.reason)))
    if query.band:
        wanted = None if query.band == "none" else query.band
        band = ("confidence", "strictest")
        tests.append((band, lambda told, passed: told is not None and (passed or None) == wanted))
    if query.finding:
        tests.append((("flags",), _among(query.finding)))
    if query.exception:
        tests.append((("exceptions",), _among(query.exception)))
    if query.decision:
        outcome = "" if query.decision == "none" else query.decision
        tests.append((("decision",), lambda decision: (decision or "") == outcome))
    if query.tag:
        tests.append((("tags",), lambda tags: query.tag in (tags or ())))
    if query.disputed is not None:
        tests.append((("dispute",), lambda dispute: bool(dispute) is query.disputed))
    if query.since or query.until:
        tests.append((("at",), _between(query.since, query.until)))
    if query.due is not None:
        last = (now.astimezone().date() + timedelta(days=query.due)).isoformat()
        tests.append((("deadline",), lambda deadline: "" < (deadline or "") <= last))
    return tests


def _among(wanted: str) -> Callable[..., bool]:
    if wanted == "any":
        return bool
    return lambda several: wanted in (several or ())


def _between(since: date | None, until: date | None) -> Callable[..., bool]:
    first = _beginning(since) if since else ""
    last = _beginning(until + timedelta(days=1)) if until and until < date.max else "~"
    return lambda at: bool(first <= at < last)


def _beginning(day: date) -> str:
    """The moment at which a day begins on this machine, as heads write it."""
    return datetime.combine(day, datetime.min.time()).astimezone(UTC).isoformat()

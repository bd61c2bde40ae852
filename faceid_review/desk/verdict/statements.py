"""What the pane may say of an answer: margins, bands, contradictions, values as sent. Plain values, no Qt."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from faceid_review.faceid.digits import Digits, difference, plain
from faceid_review.faceid.result import ATTACK, Comparison, GenuinenessCheck, VerificationResult

LONGEST: Final = 400
_DEEPEST: Final = 12


@dataclass(frozen=True)
class Margin:
    """One threshold of one comparison. ``by`` and ``working`` are exact; ``near`` is next to the value."""

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
        by = plain(difference(more, less))
        made.append(Margin(name, value, passes, by, f"{more} – {less}", place in (passed - 1, passed)))
    return tuple(made)


@dataclass(frozen=True)
class Band:
    """Between which thresholds a confidence lies: ``reached`` the highest it passes, ``missed`` the next."""

    reached: str | None
    missed: str | None


def band(comparison: Comparison) -> Band | None:
    """The band of a comparison; None where nothing can be said."""
    if comparison.confidence is None or not comparison.thresholds or comparison.incomplete:
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


def odd(result: VerificationResult, *steps: str) -> bool:
    """Whether the value at this place came in a form that is not the documented one, so that it was not read.

    It then stands among the unknown fields, and must not be told as not returned.
    """
    pointer = "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)
    return any(at == pointer for at, _ in result.unrecognised)


def absent(result: VerificationResult, key: str, *steps: str) -> str:
    """The key of the words for what is absent here: of another form, behind the cut, or ``key``."""
    if odd(result, *steps):
        return "verdict.odd"
    return "verdict.lost" if result.lost(*steps) else key


def relation(check: GenuinenessCheck) -> str:
    """``≥``, ``=`` or ``<``: how the value stands to its threshold; empty where one of them is missing."""
    if check.confidence is None or check.threshold is None:
        return ""
    if check.confidence == check.threshold:
        return "="
    return "≥" if check.confidence > check.threshold else "<"


def paragraph(sentences: Iterable[str], lang: str) -> str:
    """Whole sentences one after the other; Chinese sets no space between them."""
    return ("" if lang == "zh" else " ").join(sentences)


def visible(text: str) -> str:
    """``text`` with control and direction characters written out, since they could make it look different."""
    return "".join(
        f"\\u{ord(c):04x}" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text
    )


def short(text: str, most: int = 60) -> str:
    """``text`` made visible and cut at its end, for a place inside a sentence."""
    return visible(text if len(text) <= most else f"{text[: most - 1]}…")


def as_sent(value: Any, most: int = LONGEST) -> str:
    """A JSON value as it was sent, the vendor's digits untouched; cut at ``most`` characters."""
    made, left = [], most
    for piece in _pieces(value, 0):
        made.append(piece[:left])
        left -= len(piece)
        if left <= 0:
            return f"{''.join(made)}…"
    return "".join(made)


def instant(at: datetime) -> str:
    """A moment in this machine's zone, with the zone: 2016-05-03 15:16:03 +08:00."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S} {offset(at)}"


def clock(at: datetime) -> str:
    """The time of day of a moment, with the zone: 15:15:49 +08:00."""
    return f"{at.astimezone():%H:%M:%S} {offset(at)}"


def offset(at: datetime) -> str:
    """The distance of this machine's zone from UTC at a moment: +08:00."""
    raw = f"{at.astimezone():%z}"
    return f"{raw[:3]}:{raw[3:5]}"


def span(seconds: int) -> tuple[int, str]:
    """A distance in time as a whole number, rounded down, and its unit: days, hours, minutes or seconds."""
    for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length or (unit == "days" and seconds >= length):
            return seconds // length, unit
    return seconds, "seconds"


def began(id_with_second: str | None) -> int | None:
    """The unix second before the comma of a biz_id or request_id; None where there is none."""
    start = (id_with_second or "").partition(",")[0]
    return int(start) if start.isascii() and start.isdigit() and len(start) < 12 else None


def _pieces(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, Digits):
        yield value.text
    elif isinstance(value, str):
        yield visible(json.dumps(value[: 2 * LONGEST], ensure_ascii=False))
    elif isinstance(value, dict | list) and depth >= _DEEPEST:
        yield "…"
    elif isinstance(value, dict):
        yield from _joined("{", (_pair(key, item, depth) for key, item in value.items()), "}")
    elif isinstance(value, list):
        yield from _joined("[", (_pieces(item, depth + 1) for item in value), "]")
    else:
        yield json.dumps(value)


def _pair(key: str, value: Any, depth: int) -> Iterator[str]:
    yield f"{visible(json.dumps(key[:LONGEST], ensure_ascii=False))}: "
    yield from _pieces(value, depth + 1)


def _joined(opening: str, items: Iterable[Iterator[str]], closing: str) -> Iterator[str]:
    yield opening
    for place, item in enumerate(items):
        if place:
            yield ", "
        yield from item
    yield closing

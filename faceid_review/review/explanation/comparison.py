"""The comparisons in words: each confidence beside the thresholds of its own call, and the vendor's advice for the band."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from faceid_review.faceid import glossary
from faceid_review.faceid.glossary import Sure
from faceid_review.faceid.pointer import pointer
from faceid_review.faceid.result import Comparison
from faceid_review.i18n import Words
from faceid_review.review.explanation.values import Kind, Part, Statement, Teller, Verdict
from faceid_review.review.findings import Absence, Margin, absence, band, groups, margins, odd
from faceid_review.review.plain_text import short

MOST_COMPARISONS: Final = 40
MOST_THRESHOLDS: Final = 40
_HERE: Final = "verify_result"
_LONGEST_NAME: Final = 32
_BILLED: Final = {True: "yes", False: "no", None: "unknown"}


def comparison_part(t: Teller) -> Part:
    """The verdict on likeness, and what each comparison of the answer holds."""
    statements: list[Statement] = []
    comparisons = t.result.comparisons
    for group in groups(comparisons[:MOST_COMPARISONS]):
        first, *same = group
        statements += _compared(t, first)
        for other in same:
            words = t.words("explanation.comparison.same", against=short(other.against, _LONGEST_NAME))
            facts = {"same_as": first.against, "confidence": str(other.confidence)}
            statements.append(t.say(Kind.VALUE, words, other.pointer, about=other.against, facts=facts))
    statements += t.more(len(comparisons) - MOST_COMPARISONS, "/verify_result")
    if t.result.verify_error is not None:
        statements += _failed(t, t.result.verify_error)
    elif not comparisons:
        statements.append(_not_compared(t))
    remark = glossary.remark("thresholds")
    if remark and any(comparison.thresholds for comparison in comparisons):
        statements.append(
            t.say(Kind.REMARK, remark.text(t.lang), "/verify_result", about="thresholds", sure=remark.sure)
        )
    title = t.words("explanation.comparison")
    return Part("comparison", title, tuple(statements), comparison_verdict(t), t.where(_HERE))


def comparison_verdict(t: Teller) -> Verdict:
    """Between which thresholds the confidence lies, or why nothing can be said."""
    comparisons = t.result.comparisons
    if not comparisons:
        if t.result.verify_error is not None:
            return Verdict("failed", t.words("explanation.comparison.not_compared"))
        why = Absence.UNKNOWN_FORM if _gone(t) else absence(t.result, _HERE)
        code = "not_compared" if why is Absence.NOT_RETURNED else why.value
        return Verdict(code, t.words(f"explanation.comparison.{code}"))
    if any(comparison.incomplete for comparison in comparisons):
        return Verdict("cut", t.words("explanation.comparison.cut"))
    if any(comparison.unread for comparison in comparisons):
        return Verdict("unread", t.words("explanation.comparison.unread"))
    found = {band(comparison) for comparison in comparisons}
    if len(found) > 1:
        return Verdict("bands_differ", t.words.many("explanation.comparison.bands_differ", len(comparisons)))
    one = found.pop()
    if one is None:
        code = "no_confidence" if comparisons[0].confidence is None else "no_thresholds"
        return Verdict(code, t.words(f"explanation.comparison.{code}"))
    reached, missed = short(one.reached or "", 16), short(one.missed or "", 16)
    code = "above" if one.missed is None else "below" if one.reached is None else "between"
    return Verdict(code, t.words(f"explanation.comparison.{code}", reached=reached, missed=missed))


def _gone(t: Teller) -> bool:
    """Whether verify_result came in another form, so that nobody knows whether anything was compared."""
    return odd(t.result, _HERE) or odd(t.result, _HERE, "error")


def _compared(t: Teller, comparison: Comparison) -> Iterator[Statement]:
    about, place = comparison.against, (_HERE, comparison.against)
    name = short(about, _LONGEST_NAME)
    against = glossary.against(about)
    words = t.words("explanation.comparison.of", against=name)
    if against:
        words = t.words("explanation.comparison.meaning", against=name, meaning=against.text(t.lang))
    sure = against.sure if against else Sure.OBSERVED
    yield t.say(Kind.MEANING, words, comparison.pointer, about=about, sure=sure)
    if comparison.confidence is None:
        yield t.absent("explanation.comparison.none", *place, "confidence", about=about)
    else:
        at = f"{comparison.pointer}/confidence"
        yield t.say(
            Kind.VALUE,
            value_words(comparison, t.words),
            at,
            about=about,
            facts={"confidence": str(comparison.confidence)},
        )
    if comparison.unread:
        words = t.words("explanation.comparison.thresholds_unread")
        yield t.say(Kind.WARNING, words, f"{comparison.pointer}/thresholds", about=about)
    elif not comparison.thresholds:
        yield t.absent("explanation.comparison.no_threshold", *place, "thresholds", about=about)
    yield from _thresholds(t, comparison)
    if comparison.incomplete:
        words = t.words("explanation.comparison.incomplete")
        yield t.say(Kind.ABSENT, words, f"{comparison.pointer}/thresholds", about=about,
                    facts={"why": "not_received"})  # fmt: skip
    yield from _advice(t, comparison)


def _thresholds(t: Teller, comparison: Comparison) -> Iterator[Statement]:
    rows = margins(comparison)
    about = comparison.against
    for margin in rows[:MOST_THRESHOLDS]:
        at = pointer(_HERE, about, "thresholds", margin.name)
        yield t.say(
            Kind.MARGIN, margin_words(margin, t.words), at, about=about, facts=_facts(margin, comparison)
        )
    if not rows:
        for name, value in comparison.thresholds[:MOST_THRESHOLDS]:
            at = pointer(_HERE, about, "thresholds", name)
            words = t.words("explanation.comparison.threshold", name=short(name, 24), threshold=str(value))
            facts = {"name": name, "threshold": str(value)}
            yield t.say(Kind.VALUE, words, at, about=about, facts=facts)
    yield from t.more(len(comparison.thresholds) - MOST_THRESHOLDS, f"{comparison.pointer}/thresholds")


def value_words(comparison: Comparison, w: Words) -> str:
    """The confidence as it was sent."""
    return w("explanation.comparison.value", value=str(comparison.confidence))


def margin_words(margin: Margin, w: Words) -> str:
    """One threshold, and by how much the confidence passes or misses it, to the digit."""
    key = "passes" if margin.passes else "misses"
    if margin.by.strip("0.") == "":
        key = "equals"
    return w(
        f"explanation.comparison.{key}",
        name=short(margin.name, 24),
        threshold=str(margin.threshold),
        by=margin.by,
    )


def _facts(margin: Margin, comparison: Comparison) -> dict[str, object]:
    return {
        "name": margin.name,
        "threshold": str(margin.threshold),
        "passes": margin.passes,
        "by": margin.by,
        "working": margin.working,
        "near": margin.near,
        "equal": margin.threshold == comparison.confidence,
    }


def _advice(t: Teller, comparison: Comparison) -> Iterator[Statement]:
    """The vendor's advice for the band, and what it leaves open where a value equals its threshold."""
    found, about = band(comparison), comparison.against
    at = f"{comparison.pointer}/confidence"
    advice = glossary.band(found.reached, found.missed) if found else None
    if advice:
        facts = {"band": advice.code}
        yield t.say(Kind.ADVICE, advice.text(t.lang), at, about=about, facts=facts, sure=advice.sure)
    equal = glossary.remark("confidence_equal")
    if equal and any(value == comparison.confidence for _, value in comparison.thresholds):
        yield t.say(Kind.REMARK, equal.text(t.lang), at, about=about, sure=equal.sure)


def _not_compared(t: Teller) -> Statement:
    """Why there is no confidence: verify_result is null, holds no comparison, or could not be read."""
    if t.result.verify_returned:
        return t.absent("explanation.comparison.nothing", _HERE, *(["error"] if _gone(t) else []))
    absent = t.absent("explanation.comparison.nothing", _HERE)
    meaning = glossary.absence("verify_result" if absent.pointer else "verify_result_missing")
    if meaning is None or absent.facts["why"] != Absence.NOT_RETURNED:
        return absent
    return t.say(
        Kind.ABSENT,
        meaning.text(t.lang),
        absent.pointer,
        facts=absent.facts,
        sure=meaning.sure,
        vendor=meaning.vendor,
    )


def _failed(t: Teller, error: str) -> Iterator[Statement]:
    """The error of the comparison call: as sent, what it means, whether it is billed, what to do."""
    known = glossary.verify_error(error)
    at, about = "/verify_result/error", "error"
    said = t.words("explanation.comparison.error", error=short(error, t.longest))
    yield t.say(Kind.VALUE, said, at, about=about, facts={"error": error, "known": known.known})
    readings = known.meaning.readings(t.lang)
    meaning = known.meaning
    yield t.say(Kind.MEANING, meaning.text(t.lang), at, about=about, sure=meaning.sure, vendor=meaning.vendor)
    for reading in readings if len(readings) > 1 else ():
        yield t.say(Kind.READING, reading.ours, at, about=about, sure=reading.sure, vendor=reading.vendor)
    if known.parameter:
        what = known.parameter
        words = t.words("explanation.comparison.parameter", what=what.text(t.lang))
        yield t.say(Kind.MEANING, words, at, about="parameter", sure=what.sure)
    billed = _BILLED[known.billed]
    words = t.words(f"explanation.comparison.billed.{billed}")
    yield t.say(Kind.BILLED, words, at, about=about, facts={"billed": known.billed}, sure=meaning.sure)
    yield t.say(Kind.NEXT, known.next_step.text(t.lang), at, about=about)
    if (why := glossary.absence("verify_error")) and not t.result.comparisons:
        yield t.say(Kind.ABSENT, why.text(t.lang), at, facts={"why": "failed"}, sure=why.sure)

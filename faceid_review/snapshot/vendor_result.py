"""The page of what the vendor sent, digit for digit, and the page of the liveness check."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from faceid_review.faceid import glossary
from faceid_review.faceid.digits import Digits, difference, plain
from faceid_review.faceid.glossary import Meaning
from faceid_review.faceid.result import ATTACK, NOT_RETURNED, Comparison, GenuinenessCheck
from faceid_review.review.explanation import Kind
from faceid_review.review.plain_text import paragraph
from faceid_review.snapshot import raw_response
from faceid_review.snapshot.blocks import (
    Block,
    Cell,
    across,
    banner,
    bold,
    facts,
    fixed,
    line,
    marked,
    page,
    quiet,
    remark,
    section,
    table,
    vendor_says,
)
from faceid_review.snapshot.cross_checks import cross_checks, other_fields
from faceid_review.snapshot.this_copy import ThisCopy

_USUAL_THRESHOLDS: Final = ("1e-3", "1e-4", "1e-5", "1e-6")
_MOST_LEVELS: Final = 4
_CONTRADICTION: Final = "liveness_passed_but_"
_GENUINENESS: Final = ("verify_result", "face_genuineness")


def vendor_result(copy: ThisCopy) -> dict[str, Any]:
    """The page of the vendor's statements."""
    words = copy.words
    blocks = list(_warnings(copy))
    result = copy.case.result
    if copy.case.refusal:
        blocks += _refusal(copy)
    elif copy.case.answer is None:
        blocks.append(remark(words(f"snapshot.stage.{copy.case.stage.value}")))
    elif result is None or not result.readable:
        blocks.append(remark(words("snapshot.vendor.unreadable")))
    else:
        blocks += _confidence(copy)
        blocks += _genuineness(copy) if copy.profile.shows("genuineness") else _left_out(copy)
        blocks += _differences(copy) if copy.profile.shows("differs") else ()
    if copy.case.answer is not None:
        blocks += cross_checks(copy) if copy.profile.shows("checks") else ()
        blocks += other_fields(copy) if copy.profile.shows("fields") else ()
    return page("vendor", words("snapshot.vendor.title"), blocks, words("snapshot.vendor.intro"))


def _left_out(copy: ThisCopy) -> Iterator[Block]:
    words = copy.words
    yield section(words("snapshot.genuineness.title"))
    yield remark(words("dossier.left_out", profile=copy.profile.title(copy.lang)))


def _warnings(copy: ThisCopy) -> Iterator[Block]:
    if copy.profile.redacted and not copy.profile.shows("checks"):
        # What was taken out of a body would be told as missing in it.
        return
    for warning in copy.told.said_of("warnings", Kind.WARNING):
        beside = copy.told.said_of("warnings", Kind.CAUTION, Kind.NEXT, about=warning.about)
        yield banner(warning.words[:600], [quiet(one.words) for one in beside])


def said(text: glossary.Text, copy: ThisCopy) -> str:
    """A text of the glossary in the copy's language."""
    return text.text(copy.lang)


def meaning_of(meaning: Meaning | None, copy: ThisCopy) -> str:
    """A meaning as a sentence, or nothing."""
    return meaning.text(copy.lang) if meaning else ""


def lettered(meaning: Meaning | None, copy: ThisCopy) -> list[Cell]:
    """Every reading of a code with equal weight: (a), (b) and so on, each with the vendor's own words."""
    if meaning is None:
        return [copy.words("snapshot.code_unknown")]
    readings = meaning.readings(copy.lang)
    rows: list[Cell] = []
    for letter, reading in zip("abcdefghij", readings, strict=False):
        before = f"({letter})  " if len(readings) > 1 else ""
        behind = (
            f"  “{reading.vendor}”"
            if reading.vendor
            else f"  {said(glossary.sureness(reading.sure).short, copy)}"
        )
        rows.append(line(before + reading.ours, quiet(behind)))
    return rows


def _refusal(copy: ThisCopy) -> Iterator[Block]:
    words, refusal = copy.words, copy.case.refusal
    if refusal is None:
        return
    known = glossary.refusal(refusal.code, refusal.http_status)
    yield section(words("snapshot.refusal.title"), pointer="/error_message")
    yield facts(
        [
            (words("snapshot.refusal.code"), fixed(refusal.code[:300])),
            (
                words("snapshot.refusal.status"),
                str(refusal.http_status or words("snapshot.provenance.not_told")),
            ),
            (words("snapshot.refusal.meaning"), known.meaning.text(copy.lang)),
            (words("snapshot.refusal.spent"), glossary.spent(refusal.spent).text(copy.lang)),
        ],
        label=38,
    )
    yield vendor_says(lettered(known.meaning, copy))
    if caution := said(known.meaning.caution, copy):
        yield remark(caution)
    if following := said(known.next_step, copy):
        yield facts([(words("snapshot.next_step"), following)], label=38)


def _confidence(copy: ThisCopy) -> Iterator[Block]:
    words, result = copy.words, copy.case.result
    comparisons = result.comparisons if result else ()
    if not comparisons:
        yield section(words("snapshot.confidence.title"), pointer="/verify_result")
        error = result.verify_error if result else None
        if error is not None:
            known = glossary.verify_error(error)
            yield facts([("verify_result.error", fixed(error[:300]))], label=38)
            yield vendor_says(lettered(known.meaning, copy))
            for one in copy.told.said_of("comparison", Kind.MEANING, about="parameter"):
                yield remark(one.words)
        for one in copy.told.said_of("comparison", Kind.BILLED, Kind.NEXT, Kind.ABSENT):
            yield remark(one.words, quiet=one.kind is Kind.NEXT)
        return
    first, *others = comparisons
    yield from _comparison(copy, first)
    for other in others:
        here = f"/verify_result/{other.against}"
        if other.confidence is not None and _numbers(other) == _numbers(first):
            yield remark(line(fixed(here[:200]), " ", words("snapshot.confidence.same", first=first.against)))
        else:
            yield from _comparison(copy, other)


def _numbers(comparison: Comparison) -> tuple[Any, ...]:
    return str(comparison.confidence), tuple((name, str(value)) for name, value in comparison.thresholds)


def _comparison(copy: ThisCopy, comparison: Comparison) -> Iterator[Block]:
    words = copy.words
    against = glossary.against(comparison.against)
    yield section(words("snapshot.confidence.title"), pointer=f"/verify_result/{comparison.against}"[:120])
    if against:
        yield remark(against.text(copy.lang), quiet=True)
    drawn = _number_line(copy, comparison)
    if drawn:
        yield drawn
    heads = ("threshold", "value", "this_call", "margin", "working")
    yield table(
        [*_threshold_rows(copy, comparison)],
        [22, 22, 40, 26, "rest"],
        head=[words(f"snapshot.confidence.{name}") for name in heads],
        align=("left", "right", "left", "right"),
        together=True,
    )
    about = copy.told.said_of("comparison", about=comparison.against)
    for one in about:
        if (one.kind is Kind.ABSENT and comparison.incomplete) or one.kind is Kind.WARNING:
            yield remark(one.words)
    advice = [one.words for one in about if one.kind is Kind.ADVICE]
    advice.append(meaning_of(glossary.remark("thresholds"), copy))
    yield vendor_says(paragraph(advice, copy.lang))


def _number_line(copy: ThisCopy, comparison: Comparison) -> Block | None:
    values = [*(value for _, value in comparison.thresholds)]
    if comparison.confidence is not None:
        values.append(comparison.confidence)
    numbers = [float(value) for value in values]
    if not comparison.thresholds or not all(math.isfinite(n) and abs(n) < 1e6 for n in numbers):
        return None
    edges = numbers[: len(comparison.thresholds)]
    low = math.floor(min(min(edges) - 4, *numbers))
    high = math.ceil(max(max(edges) + 4, *numbers))
    ticks = list[dict[str, Any]]()
    last_on = [-1.0] * _MOST_LEVELS
    for (name, value), number in zip(comparison.thresholds[:12], edges, strict=False):
        at = (number - low) / (high - low)
        # Labels that would touch stand on several levels; the rows below the line have every one.
        level = next((i for i, last in enumerate(last_on) if at - last >= 0.09), None)
        if level is None:
            continue
        last_on[level] = at
        ticks.append({"at": at, "text": plain(value)[:16], "name": name[:16], "level": level})
    return {
        "kind": "number-line",
        "low": str(low),
        "high": str(high),
        "label": copy.words("snapshot.confidence.of_call"),
        "value": None
        if comparison.confidence is None
        else {"at": (numbers[-1] - low) / (high - low), "text": plain(comparison.confidence)[:24]},
        "ticks": ticks,
        "levels": max((tick["level"] for tick in ticks), default=0),
    }


def _threshold_rows(copy: ThisCopy, comparison: Comparison) -> Iterator[list[Cell]]:
    words, confidence = copy.words, comparison.confidence
    none = copy.absent("snapshot.confidence.absent", "verify_result", comparison.against, "confidence")
    for long_name, value in comparison.thresholds[:40]:
        name = long_name[:40]
        if confidence is None:
            yield [fixed(name), plain(value), across(quiet(none), 3)]
        elif confidence >= value:
            is_equal = confidence == value
            said_so = words("snapshot.confidence.equal" if is_equal else "snapshot.confidence.passes")
            yield [
                fixed(name),
                plain(value),
                marked("tick", said_so, "ok"),
                bold(_margin(confidence, value)),
                f"{plain(confidence)} − {plain(value)}",
            ]
        else:
            yield [
                fixed(name),
                plain(value),
                marked("dash", words("snapshot.confidence.misses"), "mute"),
                bold(_margin(value, confidence)),
                f"{plain(value)} − {plain(confidence)}",
            ]
    sent = {name for name, _ in comparison.thresholds}
    for name in _USUAL_THRESHOLDS:
        if name not in sent:
            key = "snapshot.not_received" if comparison.incomplete else "snapshot.not_returned"
            yield [fixed(name), "–", across(quiet(words(key)), 3)]


def _margin(more: Digits, less: Digits) -> str:
    return plain(difference(more, less))


def _genuineness(copy: ThisCopy) -> Iterator[Block]:
    words, result = copy.words, copy.case.result
    if result is None:
        return
    yield section(words("snapshot.genuineness.title"), pointer="/verify_result/face_genuineness")
    checks = list(result.genuineness)
    if all(check.name != "face_replaced" for check in checks):
        checks.append(GenuinenessCheck("face_replaced", None, None))
    rows = [_check(copy, check) for check in checks[:60]]
    rows += _exceptions(copy)
    yield table(rows, [66, 32, 16, 16, "rest"], align=("left", "left", "right"))


def _check(copy: ThisCopy, check: GenuinenessCheck) -> list[Cell]:
    words, meaning = copy.words, glossary.check(check.name)
    flag = check.threshold is None and check.name == "face_replaced"
    pointer = fixed(f"…/{check.name[:80]}" + ("" if flag else "_confidence"))
    if check.confidence is None and copy.lost(
        *_GENUINENESS, check.name if flag else f"{check.name}_confidence"
    ):
        return [pointer, across(quiet(words("snapshot.lost")), 4)]
    if check.confidence is None:
        why = said(meaning.absent, copy) if meaning else ""
        text = words("snapshot.absent_because", why=why) if why else words("snapshot.absent")
        return [pointer, across(quiet(text), 4)]
    value = plain(check.confidence)
    if check.finding == NOT_RETURNED:
        none = copy.absent("snapshot.genuineness.no_threshold", *_GENUINENESS, f"{check.name}_threshold")
        return [pointer, across(line(bold(value), " ", quiet(none)), 4)]
    chip = (
        marked("triangle", words("snapshot.genuineness.flagged"), "warn")
        if check.finding == ATTACK
        else marked("ring", words("snapshot.genuineness.below"), "mute")
    )
    if check.threshold is None:
        told = meaning.value(check.confidence, copy.lang) if meaning else ""
        return [pointer, across(line(bold(value), "  ", told), 3), chip]
    sign = "=" if check.confidence == check.threshold else ("≥" if check.finding == ATTACK else "<")
    drawn = {
        "bar": {
            "value": _fraction(check.confidence),
            "tick": _fraction(check.threshold),
            "flagged": check.finding == ATTACK,
        }
    }
    return [pointer, drawn, bold(value), f"{sign} {plain(check.threshold)}", chip]


def _fraction(number: Digits) -> float:
    value = float(number)
    return min(max(value, 0.0), 1.0) if math.isfinite(value) else 0.0


def _exceptions(copy: ThisCopy) -> list[list[Cell]]:
    result = copy.case.result
    if result is None or result.id_exceptions is None:
        told = meaning_of(glossary.absence("id_exceptions"), copy)
        if copy.lost("verify_result", "id_exceptions"):
            told = copy.words("snapshot.lost")
        return [[fixed("/verify_result/id_exceptions"), across(quiet(told), 4)]]
    rows: list[list[Cell]] = []
    for name, value in result.id_exceptions[:40]:
        meaning = glossary.exception(name)
        sent = raw_response.plain(value) if not isinstance(value, Digits) else str(value)
        told = meaning.value(value, copy.lang) if meaning else copy.words("snapshot.code_unknown")
        caution = said(meaning.caution, copy) if meaning and sent != "0" else ""
        shown: list[Cell] = [line(bold(sent[:200]), "  ", told)]
        rows.append(
            [fixed(f"…/id_exceptions/{name[:60]}"), across([*shown, quiet(caution)] if caution else shown, 4)]
        )
    return rows


def _differences(copy: ThisCopy) -> Iterator[Block]:
    words, result = copy.words, copy.case.result
    yield section(words("snapshot.differs.title"), remark=words("snapshot.ours"))
    flagged = [w.removeprefix(_CONTRADICTION) for w in copy.case.warnings if w.startswith(_CONTRADICTION)]
    if not flagged:
        checked = any(check.finding != NOT_RETURNED for check in result.genuineness) if result else False
        compared = checked and result is not None and result.liveness is not None
        key = "snapshot.differs.none" if compared else "snapshot.differs.nothing"
        lost = copy.lost(*_GENUINENESS) or copy.lost("liveness_result", "result")
        yield remark(quiet(words("snapshot.lost" if lost else key)))
        return
    for one in copy.told.said_of("contradictions", Kind.WARNING):
        caution = glossary.warning(f"{_CONTRADICTION}{one.about}")
        yield banner(one.words, [said(caution.caution, copy)] if caution else [])
    for one in copy.told.said_of("contradictions", Kind.MORE):
        yield remark(one.words)

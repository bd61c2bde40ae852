"""How the answer came, what of it has no place of its own, and what no page of the vendor names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from faceid_review.desk.shapes import Shape
from faceid_review.desk.verdict.absent import absent
from faceid_review.desk.verdict.pointed import Place, point, point_lines
from faceid_review.desk.verdict.section import Facts, Section, beside
from faceid_review.desk.verdict.sources import origin_facts
from faceid_review.desk.verdict.text import Mark, Passage, Text
from faceid_review.faceid import glossary
from faceid_review.faceid.result import VerificationResult
from faceid_review.i18n import Words
from faceid_review.review.case import Case, Stage
from faceid_review.review.explanation import order_words
from faceid_review.review.plain_text import as_sent, short
from faceid_review.review.sources import IMPORTED, Answer
from faceid_review.review.times import instant

MOST_UNKNOWN: Final = 40


def received_section(case: Case, answer: Answer, words: Words) -> Section:
    """Received, failure_reason where liveness passed, order of times, account, SHA-256."""
    section = Section("")
    section.setObjectName("received")
    section.setAccessibleName(words("verdict.received"))
    rows = Facts()
    came = words("verdict.sources.imported" if answer.origin == IMPORTED else "verdict.received")
    rows.fact(came, Text(_how(answer, words), wrap=True))
    result = case.result
    if result and result.readable and case.stage is not Stage.REFUSED:
        if result.liveness and result.liveness.passed:
            unread = absent(result, "", "liveness_result", "failure_reason")
            reason = _reason(result.liveness.failure_reason, words)
            rows.fact("failure_reason", *([Text(words(unread), wrap=True)] if unread else reason))
        if "verify_older_than_session" in case.warnings:
            rows.fact(words("verdict.order"), *_order(case, result, words))
    origin_facts(rows, answer, words)
    if answer.account:
        rows.fact(words("verdict.account"), Passage(short(answer.account, 200), words("verdict.account")))
    rows.fact("SHA-256", Passage(answer.sha256, "SHA-256", step=-1))
    section.add(rows)
    return section


def other_sections(case: Case, result: VerificationResult, words: Words) -> list[Section]:
    """Known fields without a place of their own, then unknown ones, each as its pointer and its value."""
    sections = []
    known = [(pointer, as_sent(value)) for pointer, value in _others(case, result)]
    if known:
        section = Section(words("verdict.others"))
        section.setObjectName("others")
        section.add(_lines(known, words("verdict.others")))
        sections.append(section)
    if result.unrecognised:
        unknown = [(pointer, as_sent(value)) for pointer, value in result.unrecognised[:MOST_UNKNOWN]]
        section = Section(words("verdict.unknown"), words("verdict.unknown.hint"))
        section.setObjectName("unknown")
        section.add(_lines(unknown, words("verdict.unknown")))
        if len(result.unrecognised) > MOST_UNKNOWN:
            more = words.many("verdict.more", len(result.unrecognised) - MOST_UNKNOWN)
            section.say(more, ink="text2", step=-1)
        sections.append(section)
    return sections


def _lines(values: Sequence[tuple[str, str]], name: str) -> Passage:
    """Each value on a line behind its pointer."""
    text = "\n".join(f"{short(pointer, 200)}: {value}" for pointer, value in values)
    return point_lines(Passage(text, name, step=-2), [Place(*value) for value in values])


def _how(answer: Answer, words: Words) -> str:
    ending = glossary.ending(answer.ended)
    if answer.complete:
        whole = words("verdict.received.complete")
    else:
        how = ending.short.text(words.lang) if ending else short(answer.ended)
        whole = words("verdict.received.incomplete", how=how)
    size = words.many("verdict.received.bytes", answer.size)
    # A number must not be torn apart at its thin space.
    return words("verdict.received.facts", at=instant(answer.received_at), whole=whole, size=size)


def _reason(code: str | None, words: Words) -> tuple[QWidget, ...]:
    """failure_reason beside a liveness that passed: normally none."""
    if code is None:
        none = glossary.absence("failure_reason")
        said = Text(none.short.text(words.lang) if none else "", wrap=True)
        return (point(said, "/liveness_result/failure_reason", ""),)
    meaning = glossary.failure_reason(code)
    sent = point(Passage(short(code, 400), "failure_reason"), "/liveness_result/failure_reason", code)
    return (sent, Text(meaning.text(words.lang), ink="text2", wrap=True)) if meaning else (sent,)


def _order(case: Case, result: VerificationResult, words: Words) -> tuple[QWidget, ...]:
    meaning = glossary.warning("verify_older_than_session")
    said = order_words(str(case.biz_id), result, words)
    told = point(
        Text(said, ink="warn", wrap=True), "/verify_result/request_id", result.verify_request_id or ""
    )
    line = beside(Mark(Shape.TRIANGLE, "warn"), told)
    if meaning and meaning.caution:
        return line, Text(meaning.caution.text(words.lang), ink="text2", step=-1, wrap=True)
    return (line,)


def _others(case: Case, result: VerificationResult) -> Iterator[tuple[str, Any]]:
    liveness = result.liveness
    fields = (
        ("/request_id", result.request_id),
        ("/biz_no", result.biz_no if len(result.biz_no or "") > 128 else None),
        ("/time_used", result.time_used),
        ("/biz_id", None if result.biz_id == case.biz_id else result.biz_id),
        ("/biz_extra_data", result.biz_extra_data),
        (
            "/liveness_result/version",
            liveness.version if liveness and len(liveness.version or "") > 24 else None,
        ),
        ("/liveness_result/datetime", liveness.datetime if liveness else None),
        ("/verify_result/request_id", result.verify_request_id),
        ("/verify_result/time_used", result.verify_time_used),
    )
    yield from ((pointer, value) for pointer, value in fields if value not in (None, ""))

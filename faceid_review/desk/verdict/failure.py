"""Why liveness did not pass: the code as sent, every reading of it, and the facts of this case."""

from __future__ import annotations

from collections.abc import Sequence

from faceid_review.desk.verdict.flow import Flow
from faceid_review.desk.verdict.pointed import point
from faceid_review.desk.verdict.readings import Readings
from faceid_review.desk.verdict.section import Section
from faceid_review.desk.verdict.text import Passage, Text
from faceid_review.faceid.glossary import Reading
from faceid_review.faceid.result import Liveness
from faceid_review.i18n import Words
from faceid_review.review.explanation import Explanation, Kind
from faceid_review.review.plain_text import short

_LONGEST = 32
_REASON = "/liveness_result/failure_reason"


def failure_section(told: Explanation, liveness: Liveness, words: Words) -> Section:
    """The block that stands directly under the summary when liveness did not pass."""
    section = Section("")
    section.setObjectName("failure")
    section.setAccessibleName("failure_reason")
    code = liveness.failure_reason
    sent = words("verdict.failure.result", result=short(liveness.result or "", 24))
    head = [Text("failure_reason", ink="text2", bold=True)]
    if code and len(code) <= _LONGEST:
        head.append(point(Text(short(code), bold=True, fixed=True), _REASON, code))
    head.append(point(Text(sent, ink="text2", step=-1), "/liveness_result/result", liveness.result or ""))
    section.add(Flow(head, gap=8, spread=True))
    if code and len(code) > _LONGEST:
        section.add(point(Passage(short(code, 4000), "failure_reason", bold=True), _REASON, code))
    _meaning(section, told, words)
    _say(section, [one.words for one in told.said_of("liveness", about="also_known")])
    return section


def _meaning(section: Section, told: Explanation, words: Words) -> None:
    about = told.said_of("liveness", about="failure_reason")
    sent = [one for one in about if one.kind is Kind.READING]
    cautions = [one.words for one in about if one.kind is Kind.CAUTION]
    if len(sent) > 1:
        _say(section, cautions)
    if sent:
        section.add(Readings([Reading(one.words, one.vendor, one.sure) for one in sent], words))
    if len(sent) == 1:
        _say(section, cautions)
    for one in about:
        if one.kind in (Kind.REMARK, Kind.ABSENT):
            section.say(one.words)


def _say(section: Section, sentences: Sequence[str]) -> None:
    for sentence in sentences:
        section.say(sentence, ink="text2")

"""Why liveness did not pass: the code as sent, every reading of it, and the facts of this case."""

from __future__ import annotations

from faceid_review.desk.verdict.flow import Flow
from faceid_review.desk.verdict.readings import Readings
from faceid_review.desk.verdict.section import Section
from faceid_review.desk.verdict.statements import absent, short
from faceid_review.desk.verdict.text import Passage, Text
from faceid_review.faceid import glossary
from faceid_review.faceid.result import Liveness, VerificationResult
from faceid_review.i18n import Words

_LONGEST = 32


def failure_section(result: VerificationResult, liveness: Liveness, words: Words) -> Section:
    """The block that stands directly under the summary when liveness did not pass."""
    section = Section("")
    section.setObjectName("failure")
    section.setAccessibleName("failure_reason")
    code = liveness.failure_reason
    sent = words("verdict.failure.result", result=short(liveness.result or "", 24))
    head = [Text("failure_reason", ink="text2", bold=True)]
    if code and len(code) <= _LONGEST:
        head.append(Text(short(code), bold=True, fixed=True))
    head.append(Text(sent, ink="text2", step=-1))
    section.add(Flow(head, gap=8, spread=True))
    if code is None:
        section.say(words(absent(result, "verdict.failure.none", "liveness_result", "failure_reason")))
    else:
        if len(code) > _LONGEST:
            section.add(Passage(short(code, 4000), "failure_reason", bold=True))
        _meaning(section, code, words)
    section.say(_also_known(liveness, result, words), ink="text2")
    return section


def _meaning(section: Section, code: str, words: Words) -> None:
    meaning = glossary.failure_reason(code)
    if meaning is None:
        section.say(words("verdict.failure.unknown"))
        return
    readings = meaning.readings(words.lang)
    caution = meaning.caution.text(words.lang)
    if caution and len(readings) > 1:
        section.say(caution, ink="text2")
    section.add(Readings(readings, words))
    if caution and len(readings) == 1:
        section.say(caution, ink="text2")


def _also_known(liveness: Liveness, result: VerificationResult, words: Words) -> str:
    """Facts of this case that bear on the reason, without a conclusion."""
    known = []
    actions = liveness.log.actions
    if actions and actions[-1].lasted_ms is not None:
        known.append(words("verdict.failure.lasted", ms=str(actions[-1].lasted_ms)))
    elif not actions and liveness.log.moments:
        known.append(words("verdict.failure.no_action"))
    pictures = "verdict.failure.pictures_received" if result.cut else "verdict.failure.pictures"
    known.append(words.many(pictures, len(result.photographs)))
    return words("verdict.failure.known", facts=words("verdict.list.gap").join(known))

"""What is said where there is no result to show, or not a whole one: never a verdict."""

from __future__ import annotations

from typing import Final

from faceid_review.desk.shapes import Shape
from faceid_review.desk.verdict.flow import Flow
from faceid_review.desk.verdict.pointed import point
from faceid_review.desk.verdict.readings import Readings
from faceid_review.desk.verdict.section import Facts, Section, beside
from faceid_review.desk.verdict.text import Mark, Passage, Text
from faceid_review.faceid import glossary
from faceid_review.i18n import Words
from faceid_review.review.case import Case, Refusal, Stage
from faceid_review.review.explanation import state_part
from faceid_review.review.plain_text import short

_LONGEST: Final = 32
_CODE: Final = "/error_message"
# Told elsewhere: in the banner, in the order of times, or in a section of their own.
_TOLD: Final = ("verify_older_than_session", "body_unreadable")


def state_sections(case: Case, words: Words) -> list[Section]:
    """The sections about the state itself; empty where a whole result can be read without a warning."""
    sections: list[Section] = []
    if case.stage is Stage.REFUSED and case.refusal:
        sections.append(refusal_section(case.refusal, words))
    elif case.stage not in (Stage.KEPT, Stage.PARTIAL):
        sections.append(_stage_section(case, words))
    if case.stage in (Stage.KEPT, Stage.PARTIAL):
        # That the transport ended early says less than that the answer did.
        told = "answer_incomplete" if "answer_cut" in case.warnings else ""
        shown = (code for code in case.warnings if _here(code) and code != told)
        sections += [_warning_section(code, words) for code in shown]
        if case.result and not case.result.readable:
            sections.append(_unreadable_section(words))
    return sections


def refusal_section(refusal: Refusal, words: Words) -> Section:
    """The vendor's code, every reading of it, whether the one answer is spent, and what can be done."""
    known = glossary.refusal(refusal.code, refusal.http_status)
    lang = words.lang
    section = Section("")
    section.setObjectName("refusal")
    section.setAccessibleName(words("verdict.stage.refused"))
    head = [Text(words("verdict.stage.refused"), ink="text2", bold=True)]
    if len(refusal.code) <= _LONGEST:
        head.append(point(Text(short(refusal.code), bold=True, fixed=True), _CODE, refusal.code))
    if refusal.http_status:
        status = words("verdict.refusal.http", status=str(refusal.http_status))
        head.append(Text(status, ink="text2", step=-1))
    section.add(Flow(head, gap=8, spread=True))
    if len(refusal.code) > _LONGEST:
        code = Passage(short(refusal.code, 4000), words("verdict.refusal.code"), bold=True)
        section.add(point(code, _CODE, refusal.code))
    section.say(known.meaning.text(lang))
    readings = known.meaning.readings(lang)
    if len(readings) > 1:
        section.add(Readings(readings, words))
    if known.meaning.caution:
        section.say(known.meaning.caution.text(lang), ink="text2")
    rows = Facts()
    # A caution of the table may itself speak of spending; the plain answer always stands.
    rows.fact(words("verdict.refusal.spent"), Text(glossary.spent(refusal.spent).text(lang), wrap=True))
    rows.fact(words("verdict.refusal.next"), Text(known.next_step.text(lang), wrap=True))
    section.add(rows)
    return section


def _stage_section(case: Case, words: Words) -> Section:
    section = Section("")
    section.setObjectName("state")
    section.setAccessibleName(words(f"verdict.stage.{case.stage.value}"))
    told = state_part(case, words)
    for place, one in enumerate(told.statements if told else ()):
        section.say(one.words, ink="text2" if place else "text", bold=not place)
    return section


def _unreadable_section(words: Words) -> Section:
    section = Section("")
    section.setObjectName("unreadable")
    title = words("verdict.unreadable")
    section.setAccessibleName(title)
    section.add(beside(Mark(Shape.TRIANGLE, "warn"), Text(title, bold=True, wrap=True)))
    meaning = glossary.warning("body_unreadable")
    if meaning:
        section.say(meaning.text(words.lang))
        section.say(meaning.next_step.text(words.lang), ink="text2")
    return section


def _here(code: str) -> bool:
    return code not in _TOLD and not code.startswith("liveness_passed_but_")


def _warning_section(code: str, words: Words) -> Section:
    """A warning that changes how everything below it is to be read."""
    meaning = glossary.warning(code)
    lang = words.lang
    section = Section("")
    section.setObjectName("warning")
    title = meaning.short.text(lang) if meaning else short(code)
    section.setAccessibleName(title)
    lines = [Text(title, bold=True, wrap=True)]
    if meaning:
        lines.append(Text(meaning.text(lang), wrap=True))
        lines += [Text(meaning.next_step.text(lang), ink="text2", wrap=True)] if meaning.next_step else []
    section.add(beside(Mark(Shape.TRIANGLE, "warn"), *lines))
    return section

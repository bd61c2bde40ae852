"""How often the vendor was asked for this id, what became of each attempt, and why it was asked again."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from faceid_review.desk.verdict.section import Facts, Section
from faceid_review.desk.verdict.text import Passage, Text
from faceid_review.i18n import Words
from faceid_review.review.case import Attempt, Case
from faceid_review.review.plain_text import short
from faceid_review.review.times import instant


def attempts_sections(case: Case, words: Words) -> list[Section]:
    """One line an attempt, where there was more than one."""
    reasons = _reasons(case)
    if len(case.attempts) < 2:
        return []
    section = Section(words("verdict.attempts"))
    section.setObjectName("attempts")
    rows = Facts()
    for attempt in case.attempts:
        said: list[QWidget] = [Text(_told(attempt, words), wrap=True)]
        if reason := reasons.get(attempt.number):
            title = words("verdict.attempt.reason")
            said.append(
                Passage(
                    words("verdict.attempt.because", reason=short(reason, 1000)),
                    title,
                    ink="text2",
                    ours=True,
                )
            )
        rows.fact(words("verdict.attempt", number=attempt.number), *said)
    section.add(rows)
    return [section]


def _told(attempt: Attempt, words: Words) -> str:
    return words(
        "verdict.attempt.facts",
        stage=words(f"fetch.stage.{attempt.stage.value}"),
        at=instant(attempt.at),
        account=short(attempt.account, 80),
    )


def _reasons(case: Case) -> Mapping[int, str]:
    """The typed reason of each repeated attempt: it is written down before its attempt is armed."""
    reasons: dict[int, str] = {}
    waiting = ""
    for event in case.events:
        if event.act == "asked_again":
            waiting = str(event.facts.get("reason", ""))
        elif event.act == "armed" and waiting:
            reasons[int(event.facts.get("attempt", 0))] = waiting
            waiting = ""
    return reasons

"""The page of the liveness check: what came of it, the actions in time, and the log as it was sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

from faceid_review.faceid import glossary
from faceid_review.faceid.liveness_log import DONE, LivenessLog, LivenessMoment
from faceid_review.faceid.result import Liveness
from faceid_review.i18n import grouped
from faceid_review.review.case import exhibit_number
from faceid_review.snapshot.blocks import (
    Block,
    Cell,
    bold,
    facts,
    fixed,
    line,
    page,
    page_of,
    quiet,
    remark,
    section,
    table,
    vendor_says,
)
from faceid_review.snapshot.this_copy import ThisCopy
from faceid_review.snapshot.vendor_result import lettered, meaning_of, said

_MOST_MOMENTS: Final = 60
_MOST_LINES: Final = 80


def liveness(copy: ThisCopy) -> dict[str, Any]:
    """The page of ``liveness_result``."""
    words = copy.words
    told = copy.case.result.liveness if copy.case.result else None
    if told is None:
        none = words("snapshot.lost" if copy.lost("liveness_result") else "snapshot.liveness.absent")
        return page("liveness", words("snapshot.liveness.title"), [remark(none)])
    blocks = [*_outcome(copy, told)]
    blocks += _timeline(copy, told.log)
    blocks += _log(copy, told)
    return page("liveness", words("snapshot.liveness.title"), blocks, words("snapshot.liveness.intro"))


def _outcome(copy: ThisCopy, told: Liveness) -> Iterator[Block]:
    words = copy.words
    yield section(words("snapshot.liveness.outcome"), pointer="/liveness_result")
    none = copy.absent("snapshot.liveness.not_told", "liveness_result", "result")
    no_reason = copy.absent("snapshot.none_given", "liveness_result", "failure_reason")
    passed = {True: "passed", False: "not_passed", None: "not_told"}[told.passed]
    rows: list[tuple[str, Cell]] = [
        (
            "result",
            line(
                bold(_cut(told.result)) if told.result else "",
                "  ",
                quiet(words(f"snapshot.liveness.{passed}") if told.result is not None else none),
            ),
        ),
        (
            "failure_reason",
            bold(_cut(told.failure_reason)) if told.failure_reason else quiet(no_reason),
        ),
        ("version", copy.as_sent(told.version, "liveness_result", "version")),
    ]
    if told.datetime is not None:
        rows.append(("datetime", copy.as_sent(told.datetime)))
    yield facts(rows, label=38)
    if told.failure_reason:
        meaning = glossary.failure_reason(told.failure_reason)
        yield section(words("snapshot.liveness.readings"), remark=words("snapshot.liveness.readings_remark"))
        yield vendor_says(lettered(meaning, copy))
        if meaning and (caution := said(meaning.caution, copy)):
            yield remark(caution)
    if told.passed:
        yield remark(meaning_of(glossary.remark("liveness"), copy), quiet=True)


def _timeline(copy: ThisCopy, log: LivenessLog) -> Iterator[Block]:
    words = copy.words
    yield section(words("snapshot.liveness.timeline"), remark=words("snapshot.liveness.timeline_remark"))
    if not log.moments:
        yield remark(quiet(copy.absent("snapshot.liveness.no_moments", "liveness_result", "log")))
        return
    shown = log.moments[:_MOST_MOMENTS]
    pictures = _pictures_of_actions(copy, log)
    drawn = _drawn(copy, shown, pictures)
    if drawn:
        yield drawn
    heads = ("at", "letter", "meaning", "lasted", "exhibit")
    rows: list[list[Cell]] = []
    for place, moment in enumerate(shown):
        meaning = glossary.letter(moment.letter)
        rows.append(
            [
                grouped(moment.at_ms),
                bold(moment.letter),
                meaning.text(copy.lang) if meaning else quiet(words("snapshot.code_unknown")),
                "–" if moment.lasted_ms is None else grouped(moment.lasted_ms),
                _exhibit(copy, pictures.get(place)),
            ]
        )
    yield table(
        rows,
        [20, 16, "rest", 24, 34],
        head=[words(f"snapshot.liveness.{name}") for name in heads],
        align=("right", "left", "left", "right"),
    )
    if len(log.moments) > len(shown):
        yield remark(words.many("snapshot.liveness.more_moments", len(log.moments) - len(shown)), quiet=True)
    if log.unread:
        yield remark(words.many("snapshot.liveness.unread", log.unread))
    yield remark(meaning_of(glossary.remark("timeline"), copy), quiet=True)


def _pictures_of_actions(copy: ThisCopy, log: LivenessLog) -> dict[int, int]:
    """Which picture (by its place among the exhibits) probably belongs to which moment (by its place)."""
    places = {id(moment): place for place, moment in enumerate(log.moments)}
    found = dict[int, int]()
    for exhibit, picture in enumerate(copy.case.photographs):
        number = picture.role.removeprefix("image_action")
        if number != picture.role and number.isascii() and number.isdigit() and len(number) < 5:
            action = log.action_of_picture(int(number))
            if action:
                found[places[id(action)]] = exhibit
    return found


def _exhibit(copy: ThisCopy, exhibit: int | None) -> Cell:
    if exhibit is None:
        return ""
    role = copy.case.photographs[exhibit].role
    return page_of(
        copy.words("snapshot.liveness.exhibit_inferred", exhibit=exhibit_number(role), page="\0"),
        f"exhibit-{exhibit}",
    )


def _drawn(copy: ThisCopy, moments: tuple[LivenessMoment, ...], pictures: dict[int, int]) -> Block | None:
    length = moments[-1].at_ms
    # Times that run backwards or stand still cannot be drawn to scale; they are told in the rows.
    if length <= 0 or any(b.at_ms < a.at_ms for a, b in pairwise(moments)):
        return None
    spans, before = list[dict[str, Any]](), -1.0
    for place, (moment, following) in enumerate(pairwise(moments)):
        meaning = glossary.letter(moment.letter)
        start = moment.at_ms / length
        near = start - before < 0.05
        before = before if near else start
        exhibit = pictures.get(place)
        spans.append(
            {
                "from": start,
                "to": following.at_ms / length,
                "letter": moment.letter,
                "word": meaning.short(copy.lang) if meaning else None,
                "kind": meaning.kind if meaning else "unknown",
                # An offset that would touch the one before it stays away; the rows below have them all.
                "offset": None if near or start > 0.93 else grouped(moment.at_ms),
                "exhibit": None if exhibit is None else exhibit_number(copy.case.photographs[exhibit].role),
            }
        )
    last = glossary.letter(moments[-1].letter)
    word = last.short(copy.lang) if last else ""
    return {
        "kind": "time-line",
        "spans": spans,
        "end": {
            "at": 1.0,
            "failed": moments[-1].letter != DONE,
            "text": f"{moments[-1].letter} {word}".strip(),
            "offset": f"{grouped(length)} ms",
        },
    }


def _log(copy: ThisCopy, told: Liveness) -> Iterator[Block]:
    words = copy.words
    yield section(words("snapshot.liveness.log"), pointer="/liveness_result/log")
    if told.raw_log is None:
        yield remark(quiet(copy.absent("snapshot.not_returned", "liveness_result", "log")))
        return
    if told.log.began is not None:
        began = _instant(told.log.began)
        sent = str(told.log.began)
        yield facts(
            [
                (
                    words("snapshot.liveness.began"),
                    line(fixed(sent), "  ", copy.clock.both(began) if began else ""),
                )
            ],
            label=38,
        )
    sent_lines = told.raw_log.split("\n")
    shown = [text[:200] for text in sent_lines[:_MOST_LINES]]
    yield {"kind": "code", "lines": [text for text in shown if text] or [""]}
    if len(sent_lines) > _MOST_LINES:
        yield remark(words.many("snapshot.liveness.more_lines", len(sent_lines) - _MOST_LINES), quiet=True)


def _instant(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds < 10**11 else None


def _cut(text: str) -> str:
    return text if len(text) <= 300 else text[:300] + "…"

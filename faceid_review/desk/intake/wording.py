"""What the table of recognised ids says in each column, what the summary says, and what a row offers to do."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import datetime
from enum import Enum, auto
from functools import reduce
from typing import Final, NamedTuple

from faceid_review.desk import wording as said
from faceid_review.desk.shapes import Shape
from faceid_review.desk.shortened import size_of, start_of
from faceid_review.desk.time_left import TimeLeft, time_left, time_since
from faceid_review.faceid import glossary
from faceid_review.i18n import Words, grouped
from faceid_review.review.case import Stage
from faceid_review.review.recognition import Kind, Recognised, Survey
from faceid_review.review.retrieval import Retrieval


class Offer(Enum):
    """What pressing a row does."""

    NOTHING = auto()
    OPEN = auto()
    MEANT = auto()


class Cell(NamedTuple):
    """Two lines of a cell: shape and ``text``, then ``more`` beside it and ``below`` under it.

    ``link`` says which of the lines is a link: "text", "below" or none. ``kind`` colours shape and text.
    """

    text: str
    shape: Shape | None = None
    kind: str = ""
    more: str = ""
    below: str = ""
    link: str = ""

    @property
    def spoken(self) -> str:
        """The cell as one phrase."""
        return " ".join(part for part in (self.text, self.more, self.below) if part)


_KINDS: Final = {
    Kind.NEW: (Shape.PLUS, "info"),
    Kind.EXPIRED: (Shape.CLOCK, "warn"),
    Kind.DUPLICATE: (Shape.EQUALS, "mute"),
    Kind.KEPT: (Shape.TICK, "ok"),
    Kind.UNKNOWN: (Shape.DIAMOND, "warn"),
    Kind.REFUSED: (Shape.SQUARE, "stop"),
    Kind.ASKING: (Shape.DOTS, "info"),
    Kind.ODD: (Shape.TRIANGLE, "warn"),
}
STAGES: Final = {
    Stage.KEPT: (Shape.TICK, "ok"),
    Stage.PARTIAL: (Shape.HALF, "warn"),
    Stage.REFUSED: (Shape.SQUARE, "stop"),
    Stage.UNKNOWN: (Shape.DIAMOND, "warn"),
    Stage.ASKING: (Shape.DOTS, "info"),
    Stage.QUEUED: (Shape.RING, "mute"),
    Stage.NOT_SENT: (Shape.RING, "mute"),
    Stage.CANCELLED: (Shape.RING, "mute"),
    Stage.PURGED: (Shape.DASH, "mute"),
}
_OPENED: Final = (Kind.KEPT, Kind.UNKNOWN, Kind.REFUSED, Kind.ASKING)


def offer_of(place: Recognised, told: Retrieval | None, meant_line: int) -> Offer:
    """What a row offers. ``meant_line`` is the line where what it means stands already, or 0."""
    if place.kind is Kind.ODD:
        return Offer.MEANT if place.meant and not meant_line else Offer.NOTHING
    if place.kind is Kind.DUPLICATE:
        return Offer.NOTHING
    answered = told is not None and (told.stage.answered or told.stage is Stage.UNKNOWN)
    return Offer.OPEN if answered or place.kind in _OPENED else Offer.NOTHING


def where(place: Recognised, words: Words) -> Cell:
    """The first column: the id, or what is nearly one, and its line."""
    key = "fetch.line_encoded" if place.encoded else "fetch.line"
    return Cell(place.biz_id or place.text, below=words(key, line=grouped(place.line)))


def recognised_as(place: Recognised, words: Words) -> Cell:
    """The second column."""
    shape, kind = _KINDS[place.kind]
    if place.kind is Kind.DUPLICATE:
        text = words("fetch.kind.duplicate", line=grouped(place.duplicate_of or 0))
    else:
        text = words(f"fetch.kind.{place.kind.value}")
    below = oddities(place.text, words) if place.kind is Kind.ODD else ""
    return Cell(text, shape, kind, below=below)


def time_of(place: Recognised, words: Words, now: datetime) -> TimeLeft | str:
    """The third column: a countdown, or why there is none."""
    if place.kind is Kind.DUPLICATE:
        return words("fetch.as_line", line=grouped(place.duplicate_of or 0))
    if place.kind is Kind.ODD or place.kind in _OPENED:
        return ""
    if place.ends is None:
        return words("fetch.no_time")
    return time_left(words, place.ends, now) or time_since(words, place.ends, now)


def this_batch(
    place: Recognised, told: Retrieval | None, ticked: bool, meant_line: int, words: Words
) -> Cell:
    """The fourth column: what became of it, what will, or why nothing will."""
    match place.kind:
        case Kind.ODD:
            return _odd(place, meant_line, words)
        case Kind.DUPLICATE:
            return Cell(words("fetch.once"))
    if told is not None:
        return _became(told, words)
    match place.kind:
        case Kind.KEPT:
            return Cell(words("fetch.open"), below=words.many("fetch.requests", 0), link="text")
        case Kind.UNKNOWN | Kind.REFUSED:
            return Cell(words("fetch.open_its"), below=words("fetch.needs_reason"), link="text")
        case Kind.ASKING:
            return Cell(words("fetch.open_its"), below=words("fetch.under_way"), link="text")
        case Kind.EXPIRED:
            key = "fetch.will_warn" if ticked else "fetch.tick_expired"
        case _:
            key = "fetch.tick" if not ticked else ""
    below = words(key) if key else words.many("fetch.requests", 1)
    return Cell(words("fetch.will_ask" if ticked else "fetch.left_out"), below=below)


def oddities(text: str, words: Words) -> str:
    """What keeps a text from being an id: full-width figures or signs, blanks, invisible characters."""
    wide = [c for c in text if unicodedata.normalize("NFKC", c) != c]
    found = []
    if any(unicodedata.category(c) == "Nd" for c in wide):
        found.append("digits")
    if any(unicodedata.category(c) != "Nd" for c in wide) or "、" in text or ";" in text:
        found.append("signs")
    # The text comes with invisible characters written out.
    if re.search(r"U\+[0-9A-F]{4}", text):
        found.append("invisible")
    if not found or re.search(r"[0-9]\s+[,，]|[,，]\s+[0-9A-Fa-f]{8}-", text):
        found.append("blanks")
    return words("fetch.comma").join(words(f"fetch.odd.{what}") for what in found)


def summary(survey: Survey, words: Words) -> str:
    """What the pasted text holds, in two or three sentences."""
    if not survey.lines:
        return words("fetch.sum.empty")
    counts = Counter(place.kind for place in survey.places)
    odd = counts.pop(Kind.ODD, 0)
    ids = sum(counts.values())
    told = [words.many(f"fetch.sum.{kind.value}", counts[kind]) for kind in _ORDER if counts[kind]]
    sentences = [
        words(
            "fetch.sum.head",
            ids=words.many("fetch.sum.ids", ids),
            lines=words.many("fetch.sum.lines", survey.lines),
            kinds=words("fetch.comma").join(told),
        )
        if ids
        else words("fetch.sum.none", lines=words.many("fetch.sum.lines", survey.lines))
    ]
    if odd:
        sentences.append(words.many("fetch.sum.odd", odd))
    if ids and survey.without:
        sentences.append(words.many("fetch.sum.without", survey.without))
    return reduce(lambda first, second: words("fetch.sum.two", first=first, second=second), sentences)


_ORDER: Final = (
    Kind.NEW,
    Kind.DUPLICATE,
    Kind.KEPT,
    Kind.EXPIRED,
    Kind.UNKNOWN,
    Kind.REFUSED,
    Kind.ASKING,
)


def _odd(place: Recognised, meant_line: int, words: Words) -> Cell:
    if not place.meant:
        return Cell(words("fetch.left_out"))
    if meant_line:
        return Cell(words("fetch.meant_stands", line=grouped(meant_line)))
    return Cell(
        words("fetch.did_you_mean", id=start_of(place.meant)), below=words("fetch.never_mended"), link="text"
    )


def _became(told: Retrieval, words: Words) -> Cell:
    shape, kind = STAGES[told.stage]
    text = words(f"fetch.stage.{told.stage.value}")
    match told.stage:
        case Stage.KEPT | Stage.PARTIAL:
            return Cell(text, shape, kind, below=words("fetch.open"), link="below")
        case Stage.REFUSED:
            code = str(told.error.facts.get("code", "")) if told.error else ""
            meaning = (
                glossary.refusal(code, 0).meaning.text(words.lang) if code else words("fetch.needs_reason")
            )
            return Cell(text, shape, kind, more=code, below=meaning)
        case Stage.UNKNOWN:
            return Cell(text, shape, kind, words("fetch.no_answer"), words("fetch.needs_reason"))
        case Stage.ASKING if told.received:
            arriving = words("fetch.arriving")
            return Cell(arriving, shape, kind, below=words("fetch.received", size=size_of(told.received)))
        case Stage.ASKING:
            return Cell(text, shape, kind, below=words("fetch.nothing_yet"))
        case Stage.QUEUED:
            return Cell(text, shape, kind, below=words("fetch.not_asked_yet"))
    return Cell(text, shape, kind, below=_why(told, words) or words("fetch.nothing_spent"))


def _why(told: Retrieval, words: Words) -> str:
    """The sentence of an error, or nothing where nobody has written one."""
    if told.error is None:
        return ""
    sentence = said.sentence(told.error, words)
    return "" if sentence == f"error.{told.error.wording}" else sentence

"""The places of a case's photographs, those that stay empty included, and what each is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from faceid_review.desk.shapes import Shape
from faceid_review.faceid import glossary
from faceid_review.faceid.biz_id import visible
from faceid_review.faceid.photograph import LONGEST_SIDE, MOST_BYTES, MOST_PIXELS, Examined, Status
from faceid_review.faceid.result import Photograph
from faceid_review.i18n import Words
from faceid_review.review.case import Case, Stage, exhibit_number

REFERENCE: Final = "our_reference"
BEST: Final = "image_best"
_ACTIONS_SHOWN: Final = 3
_ACTIONS_KNOWN: Final = 5
_KEYS: Final = 6
"""Digits 1 to 6 choose the best picture and five actions, which is the most the vendor speaks of."""


@dataclass(frozen=True)
class Exhibit:
    """One place: the reference, the best picture or an action, filled or not.

    ``number`` is the exhibit's (E1), empty where the vendor's field is not one we know;
    ``key`` is the digit that chooses it, or empty. ``letter`` is the action the liveness log had at its
    turn (inferred), or empty. ``absent`` is the key of the words for an empty place.
    """

    role: str
    number: str
    key: str
    photograph: Photograph | None
    letter: str = ""
    absent: str = ""

    @property
    def action(self) -> int:
        """Which action it shows, counted from 1; 0 for all others."""
        return _action(self.role)

    @property
    def field(self) -> str:
        """The vendor's name for it, nothing invisible in it; empty for what is ours."""
        return "" if self.role == REFERENCE else visible(self.role)


def exhibits(case: Case) -> tuple[Exhibit, ...]:
    """Every place of ``case``: reference, best and at least three actions, then whatever else came."""
    # Our own place keeps its name, whatever an answer calls its pictures.
    came = {photograph.role: photograph for photograph in case.photographs if photograph.role != REFERENCE}
    log = case.result.liveness.log if case.result and case.result.liveness else None
    numbers = {n for n in (_action(role) for role in came) if n}
    # A picture the log lets one expect keeps its place too.
    told = min(len(log.actions), _ACTIONS_KNOWN) if log else 0
    row = range(1, max(_ACTIONS_SHOWN, told, *(n for n in numbers if n <= _ACTIONS_KNOWN)) + 1)
    named = {BEST: 0} | {f"image_action{n}": n for n in sorted({*row, *numbers})}
    places = [Exhibit(REFERENCE, "E0", "0", None, absent="photos.none_yet")]
    absent = _absent(case)
    for role, n in named.items():
        moment = log.action_of_picture(n) if log else None
        key = str(n + 1) if n < _KEYS else ""
        letter = moment.letter if moment else ""
        places.append(Exhibit(role, exhibit_number(role), key, came.get(role), letter, absent))
    others = (photograph for role, photograph in came.items() if role not in named)
    return (*places, *(Exhibit(photograph.role, "", "", photograph) for photograph in others))


def _action(role: str) -> int:
    """Which action a role names, counted from 1; 0 for every other role."""
    found = re.fullmatch(r"image_action([1-9][0-9]{0,3})", role)
    return int(found[1]) if found else 0


def _absent(case: Case) -> str:
    if case.stage is Stage.PURGED:
        return "photos.destroyed"
    if case.stage in (Stage.UNKNOWN, Stage.PARTIAL):
        return "photos.not_received"
    return "photos.not_returned" if case.stage.answered else "photos.none_yet"


def word(exhibit: Exhibit, words: Words) -> str:
    """The inferred action in one word, or empty."""
    return glossary.letter(exhibit.letter, words.lang) if exhibit.letter else ""


def name(exhibit: Exhibit, words: Words) -> str:
    """What it is called in full: Best live picture."""
    if exhibit.role == REFERENCE:
        return words("photos.reference")
    if exhibit.role == BEST:
        return words("photos.best")
    if not exhibit.action:
        return words("photos.other")
    action = word(exhibit, words)
    if action:
        return words("photos.action_as", n=exhibit.action, word=action)
    return words("photos.action", n=exhibit.action)


def status_words(status: Status, words: Words) -> str:
    """A status in a word or two; empty for a sound picture."""
    return "" if status is Status.OK else words(f"photos.{status.value}")


def spoken(exhibit: Exhibit, examined: Examined | None, words: Words) -> str:
    """What a screen reader says: number, name, vendor's field, size and how its SHA-256 begins."""
    facts = {"number": exhibit.number, "role": exhibit.field, "n": exhibit.action, "word": word(exhibit, words)}
    if exhibit.role == REFERENCE:
        parts = [words("photos.say.reference", **facts)]
    elif exhibit.role == BEST:
        parts = [words("photos.say.best", **facts)]
    elif not exhibit.action:
        parts = [words("photos.say.other", **facts)]
    else:
        parts = [words("photos.say.action_as" if facts["word"] else "photos.say.action", **facts)]
    if exhibit.photograph is None:
        return words("photos.comma").join([*parts, words(exhibit.absent)])
    if examined is None:
        parts.append(words("photos.decoding"))
    else:
        if examined.width is not None:
            parts.append(words("photos.say.size", width=examined.width, height=examined.height))
        if examined.status is not Status.OK:
            parts.append(status_words(examined.status, words))
    parts.append(words("photos.say.sha", start=exhibit.photograph.sha256[:4]))
    return words("photos.comma").join(parts)


def instead(exhibit: Exhibit, examined: Examined | None, words: Words) -> tuple[Shape, str, str]:
    """Shape, title and sentence that stand on the stage where there are no pixels to show."""
    photograph = exhibit.photograph
    if photograph is None:
        return Shape.DASH, name(exhibit, words), words(f"photos.stage.{exhibit.absent.partition('.')[2]}")
    size = words.many("photos.bytes", len(photograph.data))
    if photograph.problem:
        return Shape.TRIANGLE, words("photos.undecodable"), words("photos.stage.not_base64", bytes=size)
    if examined is None:
        return Shape.DOTS, words("photos.decoding"), ""
    if examined.status is Status.REFUSED and examined.width is None:
        why = words("photos.stage.too_many_bytes", bytes=size, most=MOST_BYTES >> 20)
    elif examined.status is Status.REFUSED:
        why = words(
            "photos.stage.too_many_pixels",
            width=examined.width,
            height=examined.height,
            most=MOST_PIXELS // 1_000_000,
            side=LONGEST_SIDE,
            bytes=size,
        )
    else:
        why = words(f"photos.stage.{examined.status.value}", bytes=size)
    return Shape.TRIANGLE, status_words(examined.status, words), why


def why_none(case: Case | None, words: Words) -> tuple[str, str]:
    """Why there is no photograph at all: a title and a sentence."""
    if case is None:
        return words("photos.none.no_case.title"), words("photos.none.no_case")
    title = words("photos.none.title")
    result = case.result
    if case.refusal is not None:
        return title, words("photos.none.refused", code=case.refusal.code)
    if case.stage in (Stage.KEPT, Stage.PARTIAL):
        if case.stage is Stage.PARTIAL:
            return title, words("photos.none.partial")
        if result is None or not result.readable:
            return title, words("photos.none.unreadable")
        if result.liveness and result.liveness.passed is False:
            return title, words("photos.none.not_passed")
        return title, words("photos.none.kept")
    return title, words(f"photos.none.{case.stage.value}")

"""The places of a case's photographs, those that stay empty included, and what each is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from faceid_review.desk.shapes import Shape
from faceid_review.faceid import glossary
from faceid_review.faceid.biz_id import visible
from faceid_review.faceid.photograph import Examined, Status
from faceid_review.faceid.result import Photograph
from faceid_review.i18n import Words
from faceid_review.review.case import Case, Stage, exhibit_number
from faceid_review.review.references import Reference

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
    def label(self) -> str:
        """The number as it is shown: a picture that never came is no exhibit."""
        return self.number if self.photograph or self.ours else ""

    @property
    def field(self) -> str:
        """The vendor's name for it, nothing invisible in it; empty for what is ours."""
        return "" if self.ours else visible(self.role)

    @property
    def ours(self) -> bool:
        """Whether it is the place of a reference, which we supply and the vendor does not."""
        return self.role == REFERENCE or isinstance(self.photograph, Reference)


def exhibits(case: Case) -> tuple[Exhibit, ...]:
    """Every place of ``case``: reference, best and at least three actions, then whatever else came."""
    # Our own place keeps its name, whatever an answer calls its pictures.
    came = {one.role: one for one in case.photographs if not one.role.startswith(REFERENCE)}
    ours = case.references
    log = case.result.liveness.log if case.result and case.result.liveness else None
    numbers = {n for n in (_action(role) for role in came) if n}
    # A picture the log lets one expect keeps its place too.
    told = min(len(log.actions), _ACTIONS_KNOWN) if log else 0
    row = range(1, max(_ACTIONS_SHOWN, told, *(n for n in numbers if n <= _ACTIONS_KNOWN)) + 1)
    named = {BEST: 0} | {f"image_action{n}": n for n in sorted({*row, *numbers})}
    places = [Exhibit(REFERENCE, "E0", "0", ours[0] if ours else None, absent="photos.none_yet")]
    places += [Exhibit(one.role, one.number, "", one) for one in ours[1:]]
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
    if case.stage in (Stage.UNKNOWN, Stage.PARTIAL) or _cut(case):
        return "photos.not_received"
    return "photos.not_returned" if case.stage.answered else "photos.none_yet"


def _cut(case: Case) -> bool:
    """Whether the answer ends in the middle, so that nobody knows what else the vendor sent."""
    return case.result is not None and case.result.cut


def status_of(exhibit: Exhibit, examined: Examined | None) -> Status | None:
    """What can be said of its picture; None while nobody can, or where there is none."""
    if exhibit.photograph is None:
        return None
    if exhibit.photograph.problem:
        return Status.UNDECODABLE
    return examined.status if examined else None


def word(exhibit: Exhibit, words: Words) -> str:
    """The inferred action in one word, or empty."""
    meaning = glossary.letter(exhibit.letter) if exhibit.letter else None
    return meaning.short(words.lang) if meaning else ""


def name(exhibit: Exhibit, words: Words) -> str:
    """What it is called in full: Best live picture."""
    meaning = glossary.role("reference" if exhibit.ours else exhibit.role)
    if meaning is None:
        return words("photos.other")
    plain, action = meaning.short.text(words.lang), word(exhibit, words)
    return words("photos.action_as", name=plain, word=action) if action else plain


def flaw(exhibit: Exhibit, examined: Examined | None, words: Words) -> str:
    """What is wrong with its picture, in a word or two; empty for a sound one and for none."""
    if exhibit.photograph and exhibit.photograph.problem == "not_base64":
        return words("photos.not_base64")
    status = status_of(exhibit, examined)
    return words(f"photos.{status.value}") if status not in (None, Status.OK) else ""


def spoken(exhibit: Exhibit, examined: Examined | None, words: Words) -> str:
    """What a screen reader says: number, name, vendor's field, size and how its SHA-256 begins."""
    called = name(exhibit, words)
    if exhibit.label:
        called = words("photos.say.exhibit", number=exhibit.label, name=_lowered(called))
    parts = [called]
    if exhibit.field:
        parts.append(exhibit.field)
    if exhibit.photograph is None:
        return words("photos.comma").join([*parts, words(exhibit.absent)])
    if examined is not None and examined.width is not None:
        parts.append(words("photos.say.size", width=examined.width, height=examined.height))
    if status_of(exhibit, examined) is None:
        parts.append(words("photos.decoding"))
    parts.append(flaw(exhibit, examined, words))
    parts.append(words("photos.say.sha", start=exhibit.photograph.sha256[:4]))
    return words("photos.comma").join(part for part in parts if part)


def instead(exhibit: Exhibit, examined: Examined | None, words: Words) -> tuple[Shape, str, str]:
    """Shape, title and sentence that stand on the stage where there are no pixels to show."""
    photograph = exhibit.photograph
    if photograph is None:
        meaning = glossary.role(exhibit.role)
        why = meaning.absent.text(words.lang) if meaning and exhibit.absent == "photos.not_returned" else ""
        text = _sentence(why, words) if why else words(f"photos.stage.{exhibit.absent.partition('.')[2]}")
        return Shape.DASH, name(exhibit, words), text
    status = status_of(exhibit, examined)
    if status is None:
        return Shape.DOTS, words("photos.decoding"), ""
    size = words.many("photos.bytes", len(photograph.data))
    if examined and examined.width is not None:
        pixels = words("photos.pixels", width=examined.width, height=examined.height)
        size = words("photos.comma").join((pixels, size))
    # With nothing to show, the glossary's sentence on a cut picture (what arrived is shown) would be wrong.
    key = photograph.problem or ("" if status is Status.INCOMPLETE else status.value)
    meaning = glossary.picture(key)
    said = meaning.text(words.lang) if meaning else words("photos.stage.incomplete")
    return Shape.TRIANGLE, flaw(exhibit, examined, words), f"{said}\n{size}"


def why_none(case: Case | None, words: Words) -> tuple[str, str]:
    """Why there is no photograph at all: a title and a sentence."""
    if case is None:
        return words("photos.none.no_case.title"), words("photos.none.no_case")
    title = words("photos.none.title")
    if case.refusal is not None:
        return title, words("photos.none.refused", code=case.refusal.code)
    if case.stage is Stage.KEPT and _cut(case):
        return title, words(f"photos.none.{Stage.PARTIAL.value}")
    if case.stage is Stage.KEPT and case.result is not None:
        meaning = glossary.absence("images") if case.result.readable else None
        return title, meaning.text(words.lang) if meaning else words("photos.none.unreadable")
    return title, words(f"photos.none.{case.stage.value}")


def _lowered(name: str) -> str:
    """A name as it stands inside a sentence; ID stays ID."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def _sentence(fragment: str, words: Words) -> str:
    return words("photos.sentence", text=fragment[:1].upper() + fragment[1:])

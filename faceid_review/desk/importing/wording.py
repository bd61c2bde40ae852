"""What the table of found answers says in each column, the counts above it, and what an import came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import Enum, auto
from functools import reduce
from typing import Final

from faceid_review.desk.intake.progress_bar import Item
from faceid_review.desk.intake.wording import Cell
from faceid_review.desk.shapes import Shape
from faceid_review.desk.shortened import size_of
from faceid_review.i18n import Words, grouped
from faceid_review.review.intake import Kept, Kind, Looked, Place, Preview, What


class Phase(Enum):
    """Where an import stands."""

    EMPTY = auto()
    LOOKING = auto()
    FOUND = auto()
    KEEPING = auto()
    DONE = auto()

    @property
    def running(self) -> bool:
        """Whether something is under way that can be stopped."""
        return self in (Phase.LOOKING, Phase.KEEPING)


_INSIDE: Final = " › "
_KINDS: Final = {
    "new": (Shape.PLUS, "info"),
    "second": (Shape.DISC, "mute"),
    "differs": (Shape.TRIANGLE, "warn"),
    "duplicate": (Shape.EQUALS, "mute"),
    "purged": (Shape.DASH, "mute"),
    "unreadable": (Shape.SQUARE, "stop"),
}
_SIGNS: Final = {
    "valid": (Shape.TICK, "ok"),
    "invalid": (Shape.TRIANGLE, "warn"),
    "unchecked": (Shape.RING, "mute"),
}


_STAGES: Final = {
    "partial": (Shape.HALF, "warn"),
    "refused": (Shape.SQUARE, "stop"),
}


def kind_of(place: Place) -> str:
    """The kind in words of the page: that of the place, or ``differs`` where a second source says something else."""
    return "differs" if place.kind is Kind.SECOND and place.differs else place.kind.value


def not_yet(places: Sequence[Place], settled: int) -> frozenset[str]:
    """The ids that have no case before an import comes to them; it has come to the first ``settled`` places."""
    begun = {place.biz_id for place in places[:settled]}
    return frozenset(p.biz_id for p in places if p.kind is Kind.NEW and p.biz_id and p.biz_id not in begun)


def source(place: Place, words: Words) -> Cell:
    """The first column: the file, the place in it, and its size."""
    file, _, inside = place.label.partition(_INSIDE)
    size = size_of(place.size) if place.size else ""
    where = words("importing.number", number=inside) if inside.isdecimal() else inside
    return Cell(file, below=" · ".join(part for part in (where, size) if part))


def holds(place: Place, words: Words) -> Cell:
    """The second column: what it is, whose, and whether its sign holds."""
    if place.what is None:
        return Cell(words("importing.what.none"), below=place.biz_id or "")
    if place.what is What.CALLBACK:
        state = str(place.facts.get("sign", ""))
        shape, kind = _SIGNS.get(state, (None, ""))
        more = words("importing.sign", state=words(f"callback.sign.{state}.short")) if shape else ""
    else:
        state = str(place.facts.get("stage", ""))
        shape, kind = _STAGES.get(state, (None, ""))
        more = words(f"importing.state.{state}") if shape else ""
    text = words(f"importing.what.{place.what.value}")
    return Cell(text, shape, kind, more=more, below=place.biz_id or "")


def standing(place: Place, words: Words) -> Cell:
    """The third column: how it stands to what the vault has, and why."""
    kind = kind_of(place)
    return Cell(words(f"importing.kind.{kind}"), *_KINDS[kind], below=why(place, words))


def why(place: Place, words: Words) -> str:
    """What the kind means for this place, or what keeps it from being read."""
    if place.problem:
        return words(f"import.problem.{place.problem}", **place.facts)
    if place.kind is Kind.NEW:
        what = "callback" if place.what is What.CALLBACK else str(place.facts.get("stage") or "kept")
        return words(f"importing.why.{what}")
    return words(f"importing.why.{kind_of(place)}")


def outcome(place: Place, words: Words, phase: Phase, *, settled: bool, opens: bool) -> Cell:
    """The fourth column: what an import does, or did, with it.

    ``settled``: the import has come past it; ``opens``: it leads to a case.
    """
    link = "below" if opens else ""
    below = words("importing.open") if link else ""
    if not place.kind.taken_in:
        return Cell(words("importing.fate.left_out"), below=below, link=link)
    match phase:
        case Phase.KEEPING:
            return Cell(words("importing.fate.waiting"), Shape.RING, "mute", below=below, link=link)
        case Phase.DONE if settled:
            return Cell(words("importing.fate.kept"), Shape.TICK, "ok", below=below, link=link)
        case Phase.DONE:
            return Cell(words("importing.fate.not_kept"), Shape.RING, "mute", below=below, link=link)
    return Cell(words("importing.fate.will"), below=below, link=link)


def counts(places: Sequence[Place], words: Words) -> list[Item]:
    """What was recognised: a heading, then how many of each kind with its shape."""
    if not places:
        return []
    kinds = Counter(map(kind_of, places))
    told = [
        Item(words.many(f"importing.sum.{kind}", kinds[kind]), *_KINDS[kind])
        for kind in _KINDS
        if kinds[kind]
    ]
    return [Item(recognised(places, words)), *told]


def recognised(places: Sequence[Place], words: Words) -> str:
    """How many answers and callbacks there are."""
    whats = Counter(place.what for place in places if place.what)
    parts = [words.many(f"importing.sum.{what.value}", whats[what]) for what in What if whats[what]]
    return words("importing.comma").join(parts) if parts else words("importing.sum.none")


def came(looked: Looked | None, words: Words, phase: Phase) -> str:
    """How far a look or an import has come, in words."""
    if looked is None:
        return words(f"importing.begins.{phase.name.lower()}")
    return words(
        f"importing.came.{phase.name.lower()}",
        done=grouped(looked.done),
        of=words.many("importing.files", max(looked.whole, looked.done)),
        size=size_of(looked.read),
        places=words.many("importing.places", looked.places),
    )


def not_come_to(preview: Preview | None, kept: Kept) -> list[Place]:
    """What a preview showed and an import that was stopped did not come to."""
    if preview is None or not (kept.cancelled or kept.error):
        return []
    settled = Counter((place.label, place.sha256) for place in kept.places)
    left = []
    for place in preview.places:
        if settled[place.label, place.sha256]:
            settled[place.label, place.sha256] -= 1
        else:
            left.append(place)
    return left


def result(kept: Kept, left: int, words: Words) -> str:
    """What an import came to, in sentences; ``left`` is how many it did not come to."""
    kinds = kept.counts
    taken = kinds[Kind.NEW] + kinds[Kind.SECOND]
    sentences = [words.many("importing.done.kept", taken, size=size_of(kept.bytes))]
    if left:
        sentences.append(words.many("importing.done.left", left))
    sentences += [
        words.many(f"importing.done.{kind.value}", kinds[kind])
        for kind in (Kind.DUPLICATE, Kind.PURGED, Kind.UNREADABLE)
        if kinds[kind]
    ]
    return reduce(lambda one, two: words("importing.two", first=one, second=two), sentences)

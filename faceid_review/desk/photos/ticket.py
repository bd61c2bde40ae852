"""The short form of an exhibit, as it stands in the contact strip."""

from __future__ import annotations

from dataclasses import dataclass

from faceid_review.desk.photos import exhibit as places
from faceid_review.desk.photos.exhibit import Exhibit
from faceid_review.desk.shapes import Shape
from faceid_review.faceid.photograph import Examined
from faceid_review.i18n import Words


@dataclass(frozen=True)
class Ticket:
    """The words of one place: at most three short lines.

    ``shape`` stands in an empty frame; without one pixels are expected. A ``covered`` frame shows none.
    """

    role: str
    key: str = ""
    number: str = ""
    lines: tuple[str, ...] = ()
    shape: Shape | None = None
    flawed: bool = False
    covered: bool = False
    spoken: str = ""
    tooltip: str = ""


def ticket_of(exhibit: Exhibit, examined: Examined | None, words: Words, *, covered: bool = False) -> Ticket:
    """The short form of ``exhibit`` for the strip."""
    photograph = exhibit.photograph
    plain = exhibit.field.removeprefix("image_") if exhibit.action else exhibit.field
    inferred = places.word(exhibit, words)
    flaw = places.flaw(exhibit, examined, words)
    if exhibit.ours:
        lines = [places.name(exhibit, words)]
    elif exhibit.role == places.BEST:
        lines = [words("photos.short.best"), plain]
    elif photograph is None:
        lines = [plain]
    elif inferred:
        lines = [inferred[:1].upper() + inferred[1:], plain, words("photos.inferred")]
    else:
        lines = [places.name(exhibit, words), plain]
    if photograph is None or flaw:
        # Four lines are more than a place is high: the vendor's field stands in the caption too.
        lines = [line for line in lines if line != plain or len(lines) == 1]
        lines.append(flaw or words("marks.attach" if exhibit.ours else exhibit.absent))
    spoken = places.spoken(exhibit, examined, words)
    return Ticket(
        role=exhibit.role,
        key=exhibit.key,
        number=exhibit.label,
        lines=tuple(lines),
        shape=_instead(exhibit, flaw),
        flawed=bool(flaw),
        covered=covered and photograph is not None,
        spoken=spoken,
        tooltip=spoken,
    )


def _instead(exhibit: Exhibit, flaw: str) -> Shape | None:
    if exhibit.photograph is None:
        return Shape.PLUS if exhibit.ours else Shape.DASH
    return Shape.TRIANGLE if flaw else None

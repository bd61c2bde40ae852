"""The exhibits: one page a picture, with the vendor's own JPEG bytes.

A picture enters the document inside a drawing (SVG) that only says how large it is and which way up; the
bytes of the JPEG pass through it unchanged, and :mod:`~faceid_review.snapshot.document` proves that they
did. What cannot be drawn, or would be drawn falsely, gets its page in words, and its bytes are attached.
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from faceid_review.faceid import glossary, photograph
from faceid_review.faceid.glossary import LetterMeaning
from faceid_review.faceid.liveness_log import LivenessMoment
from faceid_review.faceid.photograph import Examined, Pixels, Status
from faceid_review.faceid.result import Photograph
from faceid_review.i18n import grouped
from faceid_review.review.case import exhibit_number
from faceid_review.review.references import Reference
from faceid_review.snapshot import derived, marks
from faceid_review.snapshot.blocks import (
    Block,
    Cell,
    banner,
    facts,
    fixed,
    grouped_hash,
    line,
    page,
    quiet,
    remark,
    section,
    table,
)
from faceid_review.snapshot.profile import DRAWN, KEEP
from faceid_review.snapshot.this_copy import ThisCopy
from faceid_review.snapshot.vendor_result import meaning_of, said

MOST_PAGES: Final = 40
"""How many pictures get a page of their own; the vendor documents four, its mobile product six."""

_TALLEST: Final = 160
"""Millimetres a picture may take on its page."""

_LONGEST_SMALL: Final = 34
"""Millimetres that the longer side of a thumbnail takes."""

# Where a stored pixel goes for each EXIF orientation, as an SVG matrix over stored width w and height h.
_TURNS: Final = {
    2: "-1 0 0 1 {w} 0",
    3: "-1 0 0 -1 {w} {h}",
    4: "1 0 0 -1 0 {h}",
    5: "0 1 1 0 0 0",
    6: "0 1 -1 0 {h} 0",
    7: "0 -1 -1 0 {h} {w}",
    8: "0 -1 1 0 0 {w}",
}


@dataclass(frozen=True)
class Header:
    """What a JPEG says of itself: colour components (1 grey, 3 colour, 4 CMYK), and EXIF orientation 1 to 8."""

    components: int
    orientation: int


@dataclass(frozen=True)
class Withheld(Photograph):
    """A picture that this copy does not have. ``size`` are its bytes, ``marker`` what stands in its place in texts."""

    size: int = 0
    marker: str = ""


@dataclass(frozen=True)
class Exhibit:
    """One picture in this document. ``place`` counts from 0; ``drawn`` is False where words stand for it.

    ``rendering`` is a PNG that is shown in the picture's place, where an archive's PDF cannot carry the picture; it is
    ``small`` where this copy does not have the picture, only a thumbnail.
    """

    place: int
    picture: Photograph
    seen: Examined
    header: Header
    drawn: bool
    rendering: bytes = field(default=b"", repr=False)
    small: bool = False

    @property
    def withheld(self) -> bool:
        """Whether the profile took the picture out, or it was destroyed."""
        gone = isinstance(self.picture, Reference) and not self.picture.data
        return gone or isinstance(self.picture, Withheld)

    @property
    def recipe(self) -> dict[str, Any]:
        """How what is shown was made of the picture's bytes; empty where they are shown themselves."""
        if not self.rendering:
            return {}
        return {
            "of": self.picture.sha256,
            "colours": "CMYK to RGB, without a profile",
            "orientation": self.header.orientation,
            "crop": None,
            "scale": 1,
            "gamma": 1,
            "form": "PNG",
        }

    @property
    def ours(self) -> bool:
        """Whether we supplied the picture, not the vendor."""
        return isinstance(self.picture, Reference)

    @property
    def number(self) -> str:
        """E1, or where the vendor's field is not one we know, the field."""
        return (
            self.picture.number
            if isinstance(self.picture, Reference)
            else exhibit_number(self.picture.role)[:60]
        )

    @property
    def input(self) -> str:
        """The name under which its drawing is handed to typst."""
        return f"picture-{self.place}"

    @property
    def file(self) -> str:
        """The name of its attachment."""
        usual = re.fullmatch(r"E[0-9]+[a-z]?", self.number)
        name = self.number if usual else f"exhibit-{self.place + 1}"
        return f"{name}.bin" if self.picture.problem else f"{name}.jpg"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as they are displayed, in pixels."""
        wide, tall = self.seen.width or 0, self.seen.height or 0
        return (tall, wide) if self.header.orientation >= 5 else (wide, tall)

    def drawing(self) -> str:
        """An SVG that shows the picture upright and holds its bytes as they came."""
        wide, tall = self.seen.width or 0, self.seen.height or 0
        turn = _TURNS.get(self.header.orientation, "1 0 0 1 0 0").format(w=wide, h=tall)
        shown_wide, shown_tall = self.size
        if self.rendering:
            wide, tall, turn = shown_wide, shown_tall, "1 0 0 1 0 0"
        encoded = base64.b64encode(self.rendering or self.picture.data).decode("ascii")
        kind = "png" if self.rendering else "jpeg"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{shown_wide}" height="{shown_tall}"'
            f' viewBox="0 0 {shown_wide} {shown_tall}"><image width="{wide}" height="{tall}"'
            f' preserveAspectRatio="none" transform="matrix({turn})" href="data:image/{kind};base64,{encoded}"/></svg>'
        )


def exhibits(
    pictures: Sequence[Photograph],
    references: Sequence[Reference] = (),
    small: Mapping[str, Pixels] = MappingProxyType({}),
) -> tuple[Exhibit, ...]:
    """Every picture as an exhibit, looked at once; what we supplied first.

    Pictures of the vendor beyond :data:`MOST_PAGES` have no page of their own. ``small`` are thumbnails by the SHA-256
    of the pictures that they stand for.
    """
    # The places of the vendor's pictures are those of the answer, whatever is supplied beside them.
    places = [*enumerate(references, MOST_PAGES), *enumerate(pictures[:MOST_PAGES])]
    made = (_exhibit(place, picture) for place, picture in places)
    return tuple(
        _thumbnail(one, small[one.picture.sha256]) if one.withheld and one.picture.sha256 in small else one
        for one in made
    )


def _thumbnail(exhibit: Exhibit, pixels: Pixels) -> Exhibit:
    seen = Examined(Status.OK, pixels.width, pixels.height)
    return replace(
        exhibit, seen=seen, header=Header(3, 1), drawn=True, rendering=derived.png(pixels), small=True
    )


def _exhibit(place: int, picture: Photograph) -> Exhibit:
    if picture.problem:
        return Exhibit(place, picture, Examined(Status.UNDECODABLE), Header(0, 1), drawn=False)
    seen = photograph.examine(picture.data, cut=picture.cut)
    drawn = seen.status in (Status.OK, Status.INCOMPLETE) and bool(seen.width and seen.height)
    told = header(picture.data) if drawn else Header(0, 1)
    return Exhibit(
        place, picture, seen, told, drawn, derived.rendering(picture) if told.components == 4 else b""
    )


def header(jpeg: bytes) -> Header:
    """Reads the segments before the first scan (ITU T.81, annex B; orientation as in EXIF 2.3, tag 0x0112)."""
    components, orientation, at = 0, 1, 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD7:
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", jpeg, at + 2)
        segment = jpeg[at + 4 : at + 2 + length]
        if marker == 0xDA:
            break
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and len(segment) > 5:
            components = segment[5]
        elif marker == 0xE1 and segment.startswith(b"Exif\0\0"):
            orientation = _orientation(segment[6:])
        at += 2 + max(length, 2)
    return Header(components, orientation)


def _orientation(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 1
    try:
        (directory,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, directory)
        for number in range(count):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, directory + 2 + 12 * number)
            if tag == 0x0112 and kind == 3:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def exhibit_pages(copy: ThisCopy, shown: Sequence[Exhibit]) -> list[dict[str, Any]]:
    """One page an exhibit; without any picture, one page that says so."""
    words = copy.words
    ours, shown = [one for one in shown if one.ours], [one for one in shown if not one.ours]
    supplied = [_page(copy, exhibit) for exhibit in ours]
    if not shown:
        told = [
            remark(words("snapshot.exhibit.none")),
            remark(meaning_of(glossary.absence("images"), copy), quiet=True),
        ]
        if copy.lost("images"):
            told = [remark(words("snapshot.lost"))]
        return [*supplied, page("exhibit-0", words("snapshot.exhibit.titles"), told)]
    pages = [*supplied, *(_page(copy, exhibit) for exhibit in shown)]
    if len(copy.case.photographs) > len(shown):
        further = copy.case.photographs[len(shown) :]
        rows: list[list[Cell]] = [
            [fixed(p.pointer[:120]), grouped(len(p.data)), fixed(p.sha256)] for p in further[:200]
        ]
        pages.append(
            page(
                "exhibits-further",
                words("snapshot.exhibit.further"),
                [
                    remark(words.many("snapshot.exhibit.further_why", len(further))),
                    table(rows, [50, 22, "rest"], align=("left", "right")),
                ],
            )
        )
    return pages


def _page(copy: ThisCopy, exhibit: Exhibit) -> dict[str, Any]:
    words, picture = copy.words, exhibit.picture
    name = name_of(copy, exhibit)
    role = (
        words("marks.supplied") if exhibit.ours else words("snapshot.exhibit.field", role=picture.role[:60])
    )
    blocks: list[Block] = []
    pins = [*marks.pins(copy, picture)] if copy.profile.shows("pins") else []
    # The picture gives way, so that its page stays one: a heading, and a line a pin.
    given = 14 + 7 * min(len(copy.case.marks.on(picture.role, picture.sha256)), 8) if pins else 0
    if exhibit.seen.status is Status.INCOMPLETE:
        blocks.append(_status_banner(copy, exhibit))
    if exhibit.small:
        blocks += _small(copy, exhibit, name)
    elif exhibit.drawn:
        blocks.append(
            {
                "kind": "exhibit",
                "input": exhibit.input,
                "size": list(exhibit.size),
                "height": _TALLEST - (16 if blocks else 0) - (20 if exhibit.rendering else 0) - given,
                "alt": words(
                    "snapshot.exhibit.alt",
                    number=exhibit.number,
                    name=name,
                    role=role,
                    width=exhibit.size[0],
                    height=exhibit.size[1],
                    start=picture.sha256[:8],
                ),
            }
        )
    else:
        blocks.append(_status_banner(copy, exhibit))
    if exhibit.rendering and not exhibit.small:
        blocks.append(banner(words("dossier.rendering"), [words("dossier.rendering_why", file=exhibit.file)]))
    blocks += [*pins, *_caption(copy, exhibit)]
    title = words("snapshot.exhibit.title", number=exhibit.number, name=name)
    return page(f"exhibit-{exhibit.place}", title, blocks)


def _small(copy: ThisCopy, exhibit: Exhibit, name: str) -> list[Block]:
    words, (wide, tall) = copy.words, exhibit.size
    start = exhibit.picture.sha256[:8]
    told: list[Cell] = [_why_not_here(copy, exhibit), words("dossier.thumbnail", width=wide, height=tall)]
    return [
        banner(words("dossier.withheld.title"), told),
        {
            "kind": "thumbnail",
            "input": exhibit.input,
            "size": [wide, tall],
            "height": _LONGEST_SMALL * tall / max(wide, tall),
            "alt": words("dossier.thumbnail.alt", number=exhibit.number, name=name, start=start),
        },
    ]


def name_of(copy: ThisCopy, exhibit: Exhibit) -> str:
    """What an exhibit is called: Best live picture; an action with what it probably is."""
    meaning = glossary.role("reference" if exhibit.ours else exhibit.picture.role)
    name = said(meaning.short, copy) if meaning else copy.words("snapshot.exhibit.other")
    _, letter = _action(copy, exhibit.picture)
    return copy.words("snapshot.exhibit.named", name=name, word=letter.short(copy.lang)) if letter else name


def _status_banner(copy: ThisCopy, exhibit: Exhibit) -> Block:
    words = copy.words
    if exhibit.withheld:
        return banner(words("dossier.withheld.title"), [_why_not_here(copy, exhibit)])
    meaning = glossary.picture(exhibit.picture.problem or exhibit.seen.status.value)
    if exhibit.drawn or not meaning:
        return banner(words("snapshot.exhibit.incomplete"), [meaning_of(meaning, copy)])
    if exhibit.seen.status in (Status.OK, Status.INCOMPLETE):
        return banner(words("snapshot.exhibit.not_drawn"), [words("snapshot.exhibit.not_drawn_why")])
    return banner(
        words("snapshot.exhibit.no_picture", status=said(meaning.short, copy)), [meaning.text(copy.lang)]
    )


def _why_not_here(copy: ThisCopy, exhibit: Exhibit) -> str:
    """Why a photograph is not here: the profile leaves it out, or its bytes may have been destroyed."""
    if isinstance(exhibit.picture, Withheld):
        return copy.words("dossier.withheld_picture", mark=exhibit.picture.marker)
    destroyed = any(entry.act == "purged" for entry in copy.case.events)
    by_profile = copy.profile.pictures != KEEP and not destroyed
    return copy.words("dossier.no_reference" if by_profile else "dossier.no_bytes")


def _what(copy: ThisCopy, exhibit: Exhibit) -> str:
    """What a picture shows; of an action's picture nothing is said that rests on a log which is not in this copy."""
    number = exhibit.picture.role.removeprefix("image_action")
    if "fraud" in copy.profile.remove and number != exhibit.picture.role and number.isdecimal():
        return copy.words("dossier.action_elsewhere", n=number[:8])
    return meaning_of(glossary.role("reference" if exhibit.ours else exhibit.picture.role), copy)


def _caption(copy: ThisCopy, exhibit: Exhibit) -> list[Block]:
    words, picture, seen = copy.words, exhibit.picture, exhibit.seen
    answer = copy.case.answer
    status = glossary.picture(picture.problem or seen.status.value)
    rows: list[tuple[str, Cell]] = [
        (
            words("snapshot.exhibit.what"),
            _what(copy, exhibit) or quiet(words("snapshot.exhibit.other_why")),
        ),
    ]
    moment, letter = _action(copy, picture)
    if moment and letter:
        told = words(
            "snapshot.exhibit.action_inferred",
            letter=moment.letter,
            word=letter.short(copy.lang),
            at=grouped(moment.at_ms),
        )
        rows.append((words("snapshot.exhibit.action"), told))
    if isinstance(picture, Reference):
        rows = marks.supplied_rows(copy, picture)
    else:
        rows += [
            (words("snapshot.exhibit.source"), words("snapshot.exhibit.vendor")),
            (words("snapshot.exhibit.pointer"), fixed(picture.pointer[:200])),
            (words("snapshot.exhibit.received"), copy.clock.both(answer.received_at) if answer else ""),
        ]
    if size_of(picture) or not exhibit.withheld:
        rows.append((words("snapshot.exhibit.bytes"), words.many("snapshot.bytes", size_of(picture))))
    if not exhibit.withheld:
        rows.append((words("snapshot.exhibit.pixels"), _pixels(copy, exhibit)))
    rows.append(("SHA-256", grouped_hash(picture.sha256, 16)))
    if not exhibit.withheld:
        rows.append(
            (words("snapshot.exhibit.status"), said(status.short, copy) if status else seen.status.value)
        )
    if picture.media_type and picture.media_type != "image/jpeg":
        rows.append((words("snapshot.exhibit.claims"), fixed(picture.media_type[:80])))
    blocks = [section(words("snapshot.exhibit.caption"), remark=exhibit.number), facts(rows, label=34)]
    if exhibit.drawn and copy.profile.pictures == DRAWN:
        blocks.append(remark(words("dossier.drawn")))
    elif exhibit.drawn and not exhibit.rendering:
        blocks.append(
            remark(words("snapshot.marks.untouched" if exhibit.ours else "snapshot.exhibit.untouched"))
        )
    return blocks


def size_of(picture: Photograph) -> int:
    """How many bytes a picture has, also where this copy does not have them."""
    return picture.size if isinstance(picture, Withheld) else len(picture.data)


def _pixels(copy: ThisCopy, exhibit: Exhibit) -> Cell:
    words, seen = copy.words, exhibit.seen
    if seen.width is None:
        return quiet(words("snapshot.exhibit.no_pixels"))
    stored = f"{seen.width} × {seen.height}"
    turned = exhibit.header.orientation
    if exhibit.drawn and turned > 1:
        return line(stored, quiet("  " + words("snapshot.exhibit.turned", orientation=turned)))
    return stored


def _action(copy: ThisCopy, picture: Photograph) -> tuple[LivenessMoment | None, LetterMeaning | None]:
    """The moment of the log that a picture probably shows, and what its letter probably means."""
    log = copy.case.result.liveness.log if copy.case.result and copy.case.result.liveness else None
    number = picture.role.removeprefix("image_action")
    if (
        log is None
        or number == picture.role
        or not (number.isascii() and number.isdigit() and len(number) < 5)
    ):
        return None, None
    moment = log.action_of_picture(int(number))
    return moment, glossary.letter(moment.letter) if moment else None

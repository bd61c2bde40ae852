"""What reviewers added to the photographs: references of our own, pins as a list beside the exhibit, components.

Nothing of it is drawn across a picture: a pin is told by its number and where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from faceid_review.faceid.result import Photograph
from faceid_review.review import marked as told
from faceid_review.review.components import components
from faceid_review.review.marks import Compared, Finding
from faceid_review.review.references import Reference
from faceid_review.snapshot.blocks import (
    Block,
    Cell,
    bold,
    fixed,
    marked,
    page,
    quiet,
    remark,
    section,
    table,
)
from faceid_review.snapshot.same_scale import SameScale, same_scale
from faceid_review.snapshot.this_copy import ThisCopy

if TYPE_CHECKING:
    from faceid_review.snapshot.exhibits import Exhibit

_SHAPES: Final = {Finding.SIMILAR: "disc", Finding.DIFFERENT: "diamond", Finding.NOT_COMPARABLE: "dash"}


def supplied_rows(copy: ThisCopy, one: Reference) -> list[tuple[str, Cell]]:
    """Whose a reference is and how it came here, for its caption."""
    words = copy.words
    return [
        (words("snapshot.exhibit.source"), bold(words("marks.supplied"))),
        (words("snapshot.marks.from"), one.source or quiet(words("marks.source_unsaid"))),
        (words("snapshot.marks.file"), fixed(one.name)),
        (words("snapshot.marks.added"), [copy.clock.both(one.at), one.by[:80]]),
        (words("snapshot.provenance.entry"), str(one.entry)),
    ]


def pins(copy: ThisCopy, picture: Photograph) -> Iterator[Block]:
    """The pins of one picture as a numbered list; nothing where it has none."""
    words = copy.words
    standing = copy.case.marks.on(picture.role, picture.sha256)
    if not standing:
        return
    yield section(words("snapshot.marks.pins"), remark=words("snapshot.marks.pins_beside"))
    yield table(
        [
            [
                bold(str(pin.number)),
                f"{pin.x}, {pin.y}",
                told.pin_words(pin.feature, pin.text, words),
                quiet(f"{pin.by[:80]}, {copy.clock.utc(pin.at)}"),
            ]
            for pin in standing
        ],
        [10, 24, "rest", 54],
        head=[words(f"snapshot.marks.{name}") for name in ("number", "place", "said", "who")],
        align=("right",),
        together=True,
    )


def comparisons(copy: ThisCopy, exhibits: Sequence[Exhibit]) -> list[dict[str, Any]]:
    """The components that were compared, one table a pair of pictures, both pictures side by side above it."""
    words, compared = copy.words, copy.case.marks.compared
    title, intro = words("snapshot.marks.title"), words("snapshot.marks.intro")
    if not compared:
        return [page("compared", title, [remark(quiet(words("snapshot.none_recorded")))], intro)]
    blocks: list[Block] = []
    for of_pair, shown in _pairs(compared, exhibits):
        blocks += _table(copy, of_pair, shown)
    blocks.append(remark(words("snapshot.marks.limits"), quiet=True))
    return [page("compared", title, blocks, intro)]


def scaled(copy: ThisCopy, exhibits: Sequence[Exhibit]) -> Iterator[SameScale]:
    """The comparisons that are shown at one scale of the face."""
    for _, (left, right) in _pairs(copy.case.marks.compared, exhibits):
        if left and right and (both := same_scale(copy, left, right)):
            yield both


def _pairs(
    compared: Sequence[Compared], exhibits: Sequence[Exhibit]
) -> Iterator[tuple[list[Compared], list[Exhibit | None]]]:
    drawn = {one.picture.sha256: one for one in exhibits if one.drawn and not one.small}
    for pair in dict.fromkeys(frozenset((one.left_sha256, one.right_sha256)) for one in compared):
        of_pair = [one for one in compared if {one.left_sha256, one.right_sha256} == pair]
        yield of_pair, [drawn.get(of_pair[0].left_sha256), drawn.get(of_pair[0].right_sha256)]


def _table(copy: ThisCopy, compared: list[Compared], shown: list[Exhibit | None]) -> Iterator[Block]:
    words, first = copy.words, compared[0]
    sides = {"left": told.exhibit(copy.case, first.left), "right": told.exhibit(copy.case, first.right)}
    yield section(words("marks.pair", **sides))
    pictures = [one for one in shown if one is not None]
    side_by_side = same_scale(copy, *pictures) if len(pictures) == 2 else None
    if side_by_side:
        yield side_by_side.block(copy)
        yield remark(side_by_side.sentence(copy), quiet=True)
    elif len(pictures) == len(shown):
        yield {
            "kind": "pair",
            "inputs": [one.input for one in pictures],
            "sizes": [list(one.size) for one in pictures],
            "frames": None,
            "alts": [words("dossier.pair.alt", number=one.number) for one in pictures],
            "names": [one.number for one in pictures],
        }
        yield remark(words("dossier.pair.recipe"), quiet=True)
    found = {one.component: one for one in compared}
    listed = [one.code for one in components()]
    order = [code for code in listed if code in found] + [code for code in found if code not in listed]
    rows: list[list[Cell]] = [
        [
            told.component_name(code, words),
            marked(_SHAPES[found[code].finding], words(f"marks.{found[code].finding.value}")),
            found[code].text,
            quiet(f"{found[code].by[:80]}, {copy.clock.utc(found[code].at)}"),
        ]
        for code in order
    ]
    heads = ("component", "finding", "said", "who")
    yield table(rows, [42, 34, "rest", 54], head=[words(f"snapshot.marks.{name}") for name in heads])
    missing = [one.name(words.lang) for one in components() if one.code not in found]
    if missing:
        names = words("marks.comma").join(missing)
        yield remark(words("snapshot.marks.not_compared", names=names), quiet=True)

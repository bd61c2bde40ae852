"""What a reviewer marks on the photographs: pins on a feature, and the components of two faces side by side.

Every mark is an entry, taking one back is another, and none is ever drawn into a picture. The three findings are
those of the forensic guides for comparing faces by eye; a conclusion is not counted from them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from faceid_review.errors import Usage
from faceid_review.faceid.biz_id import visible
from faceid_review.faceid.photograph import size_upright
from faceid_review.faceid.result import Photograph
from faceid_review.review.components import component
from faceid_review.vault.entry import Entry

PIN, UNPIN, COMPONENT, ALIGNED = "pin", "unpin", "component", "aligned"
MOST_PINS: Final = 99
LONGEST_TEXT: Final = 200


Points = tuple[tuple[int, int], tuple[int, int]]
NEAREST: Final = 2
"""Pixels: two points that lie closer together tell nothing of a picture's scale."""


class Finding(StrEnum):
    """How a component of one face stands to that of another."""

    SIMILAR = "similar"
    DIFFERENT = "different"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True)
class Pin:
    """A mark on one picture. ``x`` and ``y`` are pixels of the picture upright, from its upper left corner.

    ``number`` counts the pins of a picture and is never given again. ``role`` and ``sha256`` say which picture;
    ``feature`` is the code of a component, or empty.
    """

    number: int
    role: str
    sha256: str
    x: int
    y: int
    feature: str
    text: str
    entry: int
    at: datetime
    by: str


@dataclass(frozen=True)
class Compared:
    """What was found of one component. ``left`` and ``right`` are the roles of the pictures, with their hashes."""

    component: str
    finding: Finding
    text: str
    left: str
    left_sha256: str
    right: str
    right_sha256: str
    entry: int
    at: datetime
    by: str


@dataclass(frozen=True)
class Aligned:
    """The same two points on two pictures, in pixels of each upright: their distances make the faces equally large."""

    left: str
    left_sha256: str
    left_points: Points
    right: str
    right_sha256: str
    right_points: Points
    entry: int
    at: datetime
    by: str


@dataclass(frozen=True)
class Marks:
    """The marks of a case that stand: pins by picture and number, components in the order in which they were found."""

    pins: tuple[Pin, ...] = ()
    compared: tuple[Compared, ...] = ()
    placed: Mapping[tuple[str, str], int] = field(default_factory=dict, repr=False)
    """How many pins each picture ever had, those taken back included."""
    aligned: tuple[Aligned, ...] = ()
    """The last alignment of each two pictures."""

    def on(self, role: str, sha256: str) -> tuple[Pin, ...]:
        """The pins of one picture, lowest number first."""
        return tuple(pin for pin in self.pins if (pin.role, pin.sha256) == (role, sha256))

    def between(self, left: str, right: str) -> dict[str, Compared]:
        """What was found between two pictures, given by their hashes, by component. Which is left does not matter."""
        pair = {left, right}
        return {one.component: one for one in self.compared if {one.left_sha256, one.right_sha256} == pair}

    def alignment(self, left: str, right: str) -> Aligned | None:
        """How two pictures, given by their hashes, were aligned, with that one as the left."""
        for one in self.aligned:
            if (one.left_sha256, one.right_sha256) == (left, right):
                return one
            if (one.right_sha256, one.left_sha256) == (left, right):
                return replace(
                    one,
                    left=one.right,
                    left_sha256=one.right_sha256,
                    left_points=one.right_points,
                    right=one.left,
                    right_sha256=one.left_sha256,
                    right_points=one.left_points,
                )
        return None


def fold(events: Iterable[Entry]) -> Marks:
    """The marks that these entries leave standing."""
    pins: dict[int, Pin] = {}
    placed: dict[tuple[str, str], int] = {}
    compared: dict[tuple[Any, ...], Compared] = {}
    aligned: dict[frozenset[str], Aligned] = {}
    for entry in events:
        told = entry.facts
        if entry.act == PIN:
            picture = told["role"], told["sha256"]
            placed[picture] = placed.get(picture, 0) + 1
            pins[entry.number] = Pin(
                placed[picture],
                *picture,
                told["x"],
                told["y"],
                told["feature"],
                told["text"],
                entry.number,
                entry.at,
                entry.by,
            )
        elif entry.act == UNPIN:
            pins.pop(told["pin"], None)
        elif entry.act == COMPONENT:
            sides = told["left"], told["left_sha256"], told["right"], told["right_sha256"]
            key = told["component"], frozenset((sides[1], sides[3]))
            compared.pop(key, None)
            if told["finding"]:
                finding = Finding(told["finding"])
                compared[key] = Compared(
                    told["component"], finding, told["text"], *sides, entry.number, entry.at, entry.by
                )
        elif entry.act == ALIGNED:
            aligned[frozenset((told["left_sha256"], told["right_sha256"]))] = Aligned(
                told["left"],
                told["left_sha256"],
                _points(told["left_points"]),
                told["right"],
                told["right_sha256"],
                _points(told["right_points"]),
                entry.number,
                entry.at,
                entry.by,
            )
    ordered = sorted(pins.values(), key=lambda pin: (pin.role, pin.sha256, pin.number))
    return Marks(tuple(ordered), tuple(compared.values()), placed, tuple(aligned.values()))


def new_pin(
    marks: Marks, picture: Photograph, x: float, y: float, feature: str = "", text: str = ""
) -> dict[str, Any]:
    """The facts of a pin at a point of ``picture``. Raises :class:`Usage`."""
    if feature and component(feature) is None:
        raise Usage("component_unknown", code=visible(feature)[:40])
    _require_inside(picture, x, y)
    if marks.placed.get((picture.role, picture.sha256), 0) >= MOST_PINS:
        raise Usage("pin_too_many", most=MOST_PINS)
    return {
        "role": picture.role,
        "sha256": picture.sha256,
        "x": int(x),
        "y": int(y),
        "feature": feature,
        "text": _text(text),
    }


def without_pin(marks: Marks, entry: int) -> dict[str, Any]:
    """The facts of taking a pin back; ``entry`` is the number of the entry that placed it. Raises :class:`Usage`."""
    for pin in marks.pins:
        if pin.entry == entry:
            return {"pin": entry, "number": pin.number, "role": pin.role, "sha256": pin.sha256}
    raise Usage("pin_unknown")


def new_finding(
    code: str, finding: str, left: Photograph, right: Photograph, text: str = ""
) -> dict[str, Any]:
    """The facts of a finding between two pictures; an empty one takes back what was found. Raises :class:`Usage`."""
    if component(code) is None:
        raise Usage("component_unknown", code=visible(code)[:40])
    if finding and finding not in set(Finding):
        raise Usage("finding_unknown", finding=visible(finding)[:40])
    if left.sha256 == right.sha256:
        raise Usage("pictures_same")
    return {
        "component": code,
        "finding": finding,
        "text": _text(text),
        "left": left.role,
        "left_sha256": left.sha256,
        "right": right.role,
        "right_sha256": right.sha256,
    }


def new_alignment(left: Photograph, left_points: Any, right: Photograph, right_points: Any) -> dict[str, Any]:
    """The facts of an alignment; the points are two pairs of pixels each. Raises :class:`Usage`."""
    if left.sha256 == right.sha256:
        raise Usage("pictures_same")
    for picture, (one, other) in ((left, _points(left_points)), (right, _points(right_points))):
        for point in (one, other):
            _require_inside(picture, *point)
        if math.dist(one, other) < NEAREST:
            raise Usage("points_too_near")
    return {
        "left": left.role,
        "left_sha256": left.sha256,
        "left_points": [list(point) for point in _points(left_points)],
        "right": right.role,
        "right_sha256": right.sha256,
        "right_points": [list(point) for point in _points(right_points)],
    }


def _require_inside(picture: Photograph, x: float, y: float) -> None:
    width, height = size_upright(picture.data) or (0, 0)
    if not (0 <= x < width and 0 <= y < height):
        raise Usage("pin_outside", width=width, height=height)


def _points(told: Any) -> Points:
    (x, y), (p, q) = told
    return (int(x), int(y)), (int(p), int(q))


def _text(text: str) -> str:
    said = " ".join(text.split())
    if len(said) > LONGEST_TEXT:
        raise Usage("mark_text_long", most=LONGEST_TEXT)
    return visible(said)

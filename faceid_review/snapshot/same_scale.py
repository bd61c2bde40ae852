"""Two exhibits side by side at one scale of the face, by the two points that a reviewer set on each.

What stands on the sheet is a derived picture: each exhibit is laid whole behind a frame, so large that the two points
of both are equally far apart, their middle in the middle. Nothing is turned and no light is changed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from faceid_review.review.marks import Aligned, Points
from faceid_review.snapshot.blocks import Block
from faceid_review.snapshot.profile import KEEP
from faceid_review.snapshot.this_copy import ThisCopy

if TYPE_CHECKING:
    from faceid_review.snapshot.exhibits import Exhibit

FRAME: Final = 82.0
"""Millimetres of a side of the frame, as in blocks.typ."""

_LEAST: Final = 22.0
"""Millimetres that the two points lie apart at least; what then reaches beyond the frame is cut off."""


@dataclass(frozen=True)
class SameScale:
    """Both exhibits with their points. ``apart`` is the distance of the two points on paper, in millimetres."""

    left: Exhibit
    right: Exhibit
    told: Aligned
    apart: float

    @property
    def frames(self) -> list[list[float]]:
        """For each side width and height of the picture and where its corner lies in the frame, in millimetres."""
        return [list(self._frame(one, points)) for one, points in self._sides]

    @property
    def cropped(self) -> bool:
        """Whether anything reaches beyond a frame."""
        return any(
            x < -0.01 or y < -0.01 or x + wide > FRAME + 0.01 or y + tall > FRAME + 0.01
            for wide, tall, x, y in self.frames
        )

    def block(self, copy: ThisCopy) -> Block:
        """The two frames."""
        words, both = copy.words, (self.left, self.right)
        return {
            "kind": "pair",
            "inputs": [one.input for one in both],
            "sizes": [list(one.size) for one in both],
            "frames": self.frames,
            "alts": [words("dossier.pair.alt_scaled", number=one.number) for one in both],
            "names": [one.number for one in both],
        }

    def sentence(self, copy: ThisCopy) -> str:
        """The recipe in words."""
        words, told = copy.words, self.told
        sides = {
            side: words(
                "dossier.pair.points",
                number=one.number,
                first=f"{points[0][0]}, {points[0][1]}",
                second=f"{points[1][0]}, {points[1][1]}",
                apart=f"{math.dist(*points):.1f}",
                scale=f"{100 * self.apart / math.dist(*points):.1f}",
            )
            for side, (one, points) in zip(("left", "right"), self._sides, strict=True)
        }
        return words(
            "dossier.pair.scaled",
            **sides,
            mm=f"{self.apart:.1f}",
            crop=words("dossier.pair.cropped" if self.cropped else "dossier.pair.not_cropped"),
            by=told.by[:80],
            at=copy.clock.utc(told.at),
            entry=told.entry,
        )

    @property
    def recipe(self) -> Mapping[str, Any]:
        """The same for a program: scale in millimetres of the page for a pixel, what the frame shows in pixels."""
        return {
            "sheet": "comparison",
            "entry": self.told.entry,
            "turn": 0,
            "gamma": 1,
            "sides": [
                {
                    "exhibit": one.number,
                    "of": one.picture.sha256,
                    "points": [list(point) for point in points],
                    "scale": round(scale := self.apart / math.dist(*points), 5),
                    "crop": [
                        round(value, 1) for value in (-x / scale, -y / scale, FRAME / scale, FRAME / scale)
                    ],
                }
                for (one, points), (_, _, x, y) in zip(self._sides, self.frames, strict=True)
            ],
        }

    @property
    def _sides(self) -> tuple[tuple[Exhibit, Points], tuple[Exhibit, Points]]:
        return (self.left, self.told.left_points), (self.right, self.told.right_points)

    def _frame(self, one: Exhibit, points: Points) -> tuple[float, float, float, float]:
        scale, (x, y), (wide, tall) = self.apart / math.dist(*points), _middle(points), one.size
        placed = (wide * scale, tall * scale, FRAME / 2 - x * scale, FRAME / 2 - y * scale)
        return placed[0], placed[1], placed[2], placed[3]


def same_scale(copy: ThisCopy, left: Exhibit, right: Exhibit) -> SameScale | None:
    """How these two stand side by side; None where no points were set, or the copy does not have the pictures."""
    told = copy.case.marks.alignment(left.picture.sha256, right.picture.sha256)
    if told is None or copy.profile.pictures != KEEP:
        return None
    whole = (_whole(left, told.left_points), _whole(right, told.right_points))
    return SameScale(left, right, told, max(min(whole), _LEAST))


def _whole(one: Exhibit, points: Points) -> float:
    """How far apart the points may lie on paper with the whole picture still in its frame."""
    (x, y), (wide, tall) = _middle(points), one.size
    return FRAME / 2 / max(x, wide - x, y, tall - y) * math.dist(*points)


def _middle(points: Points) -> tuple[float, float]:
    (x, y), (p, q) = points
    return (x + p) / 2, (y + q) / 2

"""How the head is held, and where a point of it falls on the picture.

The head is an ellipsoid seen from the front without perspective. Places on it are given as they lie when the
person looks straight ahead: pixels from the middle of the head, x to the right of the picture, y down. Turning
the ellipsoid then moves every feature as a real head would move it, so one drawing serves all poses.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from faceid_review.faceid.portraits.brush import Point

MIDDLE: Final[Point] = (240.0, 264.0)
HALF_WIDTH, HALF_HEIGHT, HALF_DEPTH = 118.0, 190.0, 108.0
_NECK: Final[Point] = (0.0, 190.0)


@dataclass(frozen=True)
class Stance:
    """Angles in radians (yaw to the right of the picture, pitch downwards, roll clockwise); the rest 0 to 1.

    `eyes` is how far the lids are open, `gaze` how far the eyes look down, `mouth` how far it is open.
    `shift` moves head and body, `sink` the head alone, in pixels.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    eyes: float = 1.0
    gaze: float = 0.0
    mouth: float = 0.0
    sink: float = 0.0
    shift: Point = (0.0, 0.0)
    scale: float = 1.0

    @classmethod
    def of(cls, pose: str, seed: str) -> Stance:
        """The stance of `pose` (see `POSES`), with the small differences between two moments of a session."""
        draw = random.Random(f"stance/{seed}")
        side = draw.choice((-1, 1))
        yaw, pitch, eyes, gaze, mouth, sink = {
            "front": (0.0, 0.0, 1.0, 0.0, 0.0, 0.0),
            "E": (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
            "M": (0.0, 0.0, 1.0, 0.0, 1.0, 0.0),
            "P": (0.0, 0.42, 0.95, -0.2, 0.0, 32.0),
            "Y": (0.46 * side, 0.0, 1.0, 0.0, 0.0, 0.0),
            "L": (0.46, 0.0, 1.0, 0.0, 0.0, 0.0),
            "R": (-0.46, 0.0, 1.0, 0.0, 0.0, 0.0),
            "U": (0.0, -0.36, 1.0, -0.3, 0.0, -5.0),
            "D": (0.0, 0.27, 0.12, 1.0, 0.0, 18.0),
        }[pose]
        return cls(
            yaw=yaw * draw.uniform(0.88, 1.06) + draw.uniform(-0.03, 0.03),
            pitch=pitch * draw.uniform(0.9, 1.05) + draw.uniform(-0.02, 0.02),
            roll=draw.uniform(-0.022, 0.022),
            eyes=eyes,
            gaze=gaze,
            mouth=mouth * draw.uniform(0.8, 1.1),
            sink=sink,
            shift=(draw.uniform(-7, 7), draw.uniform(-4, 6)),
            scale=draw.uniform(0.97, 1.03),
        )

    def on_head(self, x: float, y: float, lift: float = 0.0, *, rim: bool = False) -> Point:
        """Where the place (x, y) of the head falls; `lift` is how far it stands out of (or lies behind) it.

        `rim` marks points of an outline: the outline of a turned head is about where it was before.
        """
        tall = (y / HALF_HEIGHT) ** 2
        front = 0.0 if rim else math.sqrt(max(0.0, 1 - (x / HALF_WIDTH) ** 2 - tall))
        # seen from above a face is flatter than an ellipsoid: brows and eyes stay nearly level in a nod
        level = 0.0 if rim else math.sqrt(max(0.0, 1 - (0.4 * x / HALF_WIDTH) ** 2 - tall))
        cy, sy = math.cos(self.yaw), math.sin(self.yaw)
        cp, sp = math.cos(self.pitch), math.sin(self.pitch)
        wide = math.hypot(HALF_WIDTH * cy, HALF_DEPTH * sy) / HALF_WIDTH
        high = math.hypot(HALF_HEIGHT * cp, HALF_DEPTH * sp) / HALF_HEIGHT
        across = x * (wide + (cy - wide) * front) + (front * HALF_DEPTH + lift) * sy
        down = y * (high + (cp - high) * level) + (level * HALF_DEPTH + lift) * cy * sp
        return self._turned(across, down + self.sink)

    def heads(self, points: Sequence[Point], lift: float = 0.0, *, rim: bool = False) -> list[Point]:
        """`on_head` of every point."""
        return [self.on_head(x, y, lift, rim=rim) for x, y in points]

    def bodies(self, points: Sequence[Point]) -> list[Point]:
        """The same for neck and shoulders, which stay where they are when the head moves."""
        return [
            (
                MIDDLE[0] + self.shift[0] * 0.6 + x * self.scale,
                MIDDLE[1] + self.shift[1] * 0.5 + _NECK[1] + (y - _NECK[1]) * self.scale,
            )
            for x, y in points
        ]

    def _turned(self, x: float, y: float) -> Point:
        dx, dy = x - _NECK[0], y - _NECK[1]
        cos, sin = math.cos(self.roll) * self.scale, math.sin(self.roll) * self.scale
        return (
            MIDDLE[0] + self.shift[0] + _NECK[0] + dx * cos - dy * sin,
            MIDDLE[1] + self.shift[1] + _NECK[1] + dx * sin + dy * cos,
        )

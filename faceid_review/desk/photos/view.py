"""How large a photograph is shown and which part of it; and how the views of two photographs hang together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Self

from PySide6.QtCore import QPointF, QSize, QSizeF

SMALLEST: Final = 0.05
LARGEST: Final = 16.0
EXACT_FROM: Final = 2.0
"""From this scale on every pixel is a sharp block; below it only 100 % is not smoothed."""

_TINY: Final = 1e-3


@dataclass(frozen=True)
class View:
    """How large a photograph is shown and which of its points lies in the middle of its side.

    ``scale`` is device pixels for each pixel of the picture, so 1 is 100 % on every screen. ``x`` and ``y``
    are shares of its width and height (0 to 1), which mean the same place in the next photograph. While
    ``fit`` is set the side keeps the whole photograph in sight by itself; ``across`` with it: its whole width.
    """

    scale: float = 1.0
    x: float = 0.5
    y: float = 0.5
    fit: bool = True
    across: bool = False

    @property
    def exact(self) -> bool:
        """Whether the screen shows the picture's own pixels, unless somebody chose otherwise."""
        return self.scale == 1 or self.scale >= EXACT_FROM

    def centre(self, size: QSize) -> QPointF:
        """The point of a picture of ``size`` that lies in the middle."""
        return QPointF(self.x * size.width(), self.y * size.height())


def fitting(size: QSize, room: QSizeF, *, across: bool = False) -> View:
    """The view in which a picture of ``size`` fills ``room`` (device pixels), or its width alone."""
    wide = room.width() / max(size.width(), 1)
    scale = wide if across else min(wide, room.height() / max(size.height(), 1))
    return View(min(max(scale, _TINY), LARGEST), across=across)


@dataclass(frozen=True)
class Tie:
    """Which points of two pictures belong together: ``q = ratio * p + shift``, in pixels of each.

    While two views are tied, points that belong together lie at the same place of their sides, whatever is
    zoomed and panned: nothing is turned, and only sizes and places are made alike.
    """

    ratio: float
    shift: QPointF

    @classmethod
    def natural(cls, first: QSize, second: QSize, room: QSizeF) -> Self:
        """Middle upon middle, each as large as when it fills ``room``."""
        return cls._about(
            fitting(first, room).scale / fitting(second, room).scale,
            QPointF(first.width(), first.height()) / 2,
            QPointF(second.width(), second.height()) / 2,
        )

    @classmethod
    def of_views(cls, one: View, first: QSize, other: View, second: QSize) -> Self:
        """What lies at the same place of both sides now."""
        return cls._about(one.scale / other.scale, one.centre(first), other.centre(second))

    @classmethod
    def of_points(cls, first: tuple[QPointF, QPointF], second: tuple[QPointF, QPointF]) -> Self:
        """The middle between two points upon the middle between two, and their distances alike."""
        return cls._about(
            apart(*second) / apart(*first), (first[0] + first[1]) / 2, (second[0] + second[1]) / 2
        )

    @classmethod
    def _about(cls, ratio: float, p: QPointF, q: QPointF) -> Self:
        return cls(ratio, q - p * ratio)

    def point(self, p: QPointF) -> QPointF:
        """The point of the second picture that belongs to ``p`` of the first."""
        return p * self.ratio + self.shift

    def follow(self, view: View, first: QSize, second: QSize) -> View:
        """The view of the second picture while the first, of size ``first``, is seen in ``view``."""
        middle = self.point(view.centre(first))
        x, y = middle.x() / second.width(), middle.y() / second.height()
        return View(view.scale / self.ratio, x, y, fit=False)

    def back(self) -> Tie:
        """The same from the second picture to the first."""
        return Tie(1 / self.ratio, -self.shift / self.ratio)


def apart(one: QPointF, other: QPointF) -> float:
    """The distance between two points."""
    return math.hypot(one.x() - other.x(), one.y() - other.y())

"""The twelve status shapes and the focus ring, painted, so that a state survives greyscale.

A shape never stands without its word, and it never decorates. Each is one filled path in a box of 12 units,
which scales to any size and any device pixel ratio.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPen, QPolygonF

from faceid_review.desk import palette

BOX: Final = 12.0
RING: Final = 3
"""How much of a control's edge the focus ring takes: a 2 px line and 1 px off the control."""

_CENTRE = QPointF(6, 6)


class Shape(StrEnum):
    """What a state looks like (look.md, section 2)."""

    TICK = "tick"
    HALF = "half"
    DISC = "disc"
    RING = "ring"
    TRIANGLE = "triangle"
    CLOCK = "clock"
    SQUARE = "square"
    DIAMOND = "diamond"
    DOTS = "dots"
    BARS = "bars"
    DASH = "dash"
    EQUALS = "equals"
    PLUS = "plus"


def paint_shape(painter: QPainter, rect: QRectF, shape: Shape, colour: QColor) -> None:
    """Paint ``shape`` in ``colour`` as large as fits into ``rect``, in its middle."""
    side = min(rect.width(), rect.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.center() - QPointF(side / 2, side / 2))
    painter.scale(side / BOX, side / BOX)
    painter.fillPath(_path(shape), colour)
    painter.restore()


def paint_ring(painter: QPainter, rect: QRectF, radius: float = 4) -> None:
    """Paint the focus ring along the inside of ``rect``: 2 px of accent."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(palette.tokens().accent), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


@cache
def _path(shape: Shape) -> QPainterPath:
    return _MAKERS[shape]()


def _stroked(path: QPainterPath, width: float) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(width)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker.createStroke(path)


def _line(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    return path


def _disc(radius: float, centre: QPointF = _CENTRE) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(centre, radius, radius)
    return path


def _boxes(*boxes: tuple[float, float, float, float]) -> QPainterPath:
    path = QPainterPath()
    for box in boxes:
        path.addRect(QRectF(*box))
    return path


def _tick() -> QPainterPath:
    return _disc(5.5).subtracted(_stroked(_line((3.6, 6.2), (5.3, 7.9), (8.5, 4.5)), 1.5))


def _ring() -> QPainterPath:
    return _disc(5).subtracted(_disc(3.4))


def _half() -> QPainterPath:
    right = QPainterPath()
    right.addRect(QRectF(6, 0, 6, 12))
    return _ring().united(_disc(4.2).intersected(right))


def _triangle() -> QPainterPath:
    body = QPainterPath()
    body.addPolygon(QPolygonF([QPointF(6, 1.2), QPointF(11.2, 10.4), QPointF(0.8, 10.4)]))
    body.closeSubpath()
    body = body.united(_stroked(body, 1))
    mark = _stroked(_line((6, 4.4), (6, 6.8)), 1.3).united(_disc(0.75, QPointF(6, 8.9)))
    return body.subtracted(mark)


def _clock() -> QPainterPath:
    face = _disc(5.4).subtracted(_disc(4.1))
    return face.united(_stroked(_line((6, 3.3), (6, 6), (8, 7.1)), 1.2))


def _diamond() -> QPainterPath:
    outline = _line((6, 1), (11, 6), (6, 11), (1, 6))
    outline.closeSubpath()
    return _stroked(outline, 1.5)


def _dots() -> QPainterPath:
    return _disc(1.5, QPointF(1.6, 6)).united(_disc(1.5)).united(_disc(1.5, QPointF(10.4, 6)))


def _plus() -> QPainterPath:
    return _stroked(_line((6, 1.8), (6, 10.2)), 1.5).united(_stroked(_line((1.8, 6), (10.2, 6)), 1.5))


_MAKERS: Final[dict[Shape, Callable[[], QPainterPath]]] = {
    Shape.TICK: _tick,
    Shape.HALF: _half,
    Shape.DISC: lambda: _disc(5),
    Shape.RING: _ring,
    Shape.TRIANGLE: _triangle,
    Shape.CLOCK: _clock,
    Shape.SQUARE: lambda: _boxes((1.2, 1.2, 9.6, 9.6)),
    Shape.DIAMOND: _diamond,
    Shape.DOTS: _dots,
    Shape.BARS: lambda: _boxes((2.4, 1.8, 2.4, 8.4), (7.2, 1.8, 2.4, 8.4)),
    Shape.DASH: lambda: _stroked(_line((2, 6), (10, 6)), 1.8),
    Shape.EQUALS: lambda: _stroked(_line((2, 4), (10, 4)), 1.6).united(_stroked(_line((2, 8), (10, 8)), 1.6)),
    Shape.PLUS: _plus,
}

"""Pins over a side of the stage: a numbered disc off the feature, with a leader to it. Never part of a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from faceid_review.desk import palette
from faceid_review.desk.photos.surface import Surface
from faceid_review.review.marks import Pin

DISC: Final = 20.0
_LEADER: Final = 26.0
_DOT: Final = 2.0
_DARK, _PALE = QColor(24, 26, 28), QColor(255, 255, 255)
_WAYS: Final = tuple(QPointF(x, y) for x, y in ((0.7, -0.7), (-0.7, -0.7), (0.7, 0.7), (-0.7, 0.7), (1, 0), (-1, 0), (0, -1), (0, 1)))  # fmt: skip


def paint_pins(painter: QPainter, side: Surface, pins: Iterable[Pin]) -> None:
    """Paint ``pins`` where their features lie on ``side``; what lies outside it is left out."""
    if side.picture is None:
        return
    shown = [(pin, side.position_of(side.picture.seen(QPointF(pin.x + 0.5, pin.y + 0.5)))) for pin in pins]
    room = QRectF(side.rect())
    shown = [(pin, at) for pin, at in shown if room.contains(at)]
    if not shown:
        return
    font = palette.font(-1, bold=True)
    disc = max(DISC, QFontMetricsF(font).height() + 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    for (pin, at), middle in zip(shown, places([at for _, at in shown], room, disc), strict=True):
        # White beside dark, so that the leader is seen on any skin and any hair.
        leader = QLineF(at, middle)
        for ink, width in ((_DARK, 3.5), (_PALE, 1.5)):
            painter.setPen(QPen(ink, width))
            painter.drawLine(leader)
        painter.setPen(QPen(_DARK, 1))
        painter.setBrush(_PALE)
        painter.drawEllipse(at, _DOT, _DOT)
        painter.setPen(QPen(_PALE, 1.5))
        painter.setBrush(_DARK)
        painter.drawEllipse(middle, disc / 2, disc / 2)
        box = QRectF(middle.x() - disc / 2, middle.y() - disc / 2, disc, disc)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(pin.number))
    painter.restore()


def places(points: Sequence[QPointF], room: QRectF, disc: float = DISC) -> list[QPointF]:
    """The middles of the discs: off every feature and off each other where there is room, inside ``room``."""
    inner = room.adjusted(disc / 2 + 2, disc / 2 + 2, -disc / 2 - 2, -disc / 2 - 2)
    far = _LEADER + disc / 2
    taken: list[QPointF] = []
    for point in points:
        found = None
        for step in (1.0, 1.7, 2.4):
            for way in _WAYS:
                middle = point + way * far * step
                features = all(QLineF(middle, other).length() > disc / 2 + 4 for other in points)
                if (
                    inner.contains(middle)
                    and features
                    and all(QLineF(middle, other).length() > disc + 2 for other in taken)
                ):
                    found = middle
                    break
            if found is not None:
                break
        taken.append(found if found is not None else _inside(point - QPointF(0, far), inner))
    return taken


def _inside(point: QPointF, room: QRectF) -> QPointF:
    return QPointF(
        min(max(point.x(), room.left()), room.right()), min(max(point.y(), room.top()), room.bottom())
    )

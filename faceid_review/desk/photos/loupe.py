"""What is laid over the view of a photograph for the eye alone: loupe, grid, and the marks of an alignment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from faceid_review.desk import palette
from faceid_review.desk.photos.picture import Picture

RADIUS: Final = 96
_TIMES, _LEAST = 3.0, 2.0
_ARM, _GAP = 9.0, 3.0
_CELLS: Final = 8
_DARK, _PALE = QColor(0, 0, 0, 150), QColor(255, 255, 255, 190)
_LINE: Final = (QColor(0, 0, 0, 90), QColor(255, 255, 255, 110))


def enlargement(scale: float) -> float:
    """How large the loupe shows a picture that is shown at ``scale``: three times, and its own pixels at least twice."""
    return max(_TIMES * scale, _LEAST)


def glass_at(at: QPointF, room: QRectF) -> QRectF:
    """The round glass about ``at``: smaller where ``room`` is, since what is around it is to be seen too."""
    radius = min(RADIUS, min(room.width(), room.height()) / 4)
    return QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)


def paint_loupe(
    painter: QPainter, picture: Picture, point: QPointF, glass: QRectF, scale: float, ratio: float
) -> None:
    """Show what lies around ``point`` of ``picture`` in a round ``glass``, every pixel a sharp block."""
    shown = enlargement(scale) / ratio
    source = QRectF(0, 0, glass.width() / shown, glass.height() / shown)
    source.moveCenter(point)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rim = QPainterPath()
    rim.addEllipse(glass)
    painter.setClipPath(rim, Qt.ClipOperation.IntersectClip)
    painter.fillRect(glass, QColor(palette.tokens().stage))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawPixmap(glass, picture.whole, source)
    painter.setClipping(False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, width in ((_DARK, 4.0), (_PALE, 2.0)):
        painter.setPen(QPen(ink, width))
        painter.drawEllipse(glass.adjusted(2, 2, -2, -2))
    painter.restore()


def paint_grid(painter: QPainter, room: QRectF, middle: QPointF) -> None:
    """Lines at equal distances from ``middle``: the same ones on both sides of the stage."""
    cell = max(room.height() / _CELLS, 8.0)
    lines = []
    for number in range(-4 * _CELLS, 4 * _CELLS + 1):
        x, y = middle.x() + number * cell, middle.y() + number * cell
        if room.left() < x < room.right():
            lines.append(QLineF(x, room.top(), x, room.bottom()))
        if room.top() < y < room.bottom():
            lines.append(QLineF(room.left(), y, room.right(), y))
    painter.save()
    # Dark beside pale: one of them is seen on any picture.
    for ink, off in ((_LINE[0], 1.0), (_LINE[1], 0.0)):
        painter.setPen(QPen(ink, 1))
        painter.drawLines([line.translated(round(off), round(off)) for line in lines])
    painter.restore()


def paint_marks(painter: QPainter, positions: Iterable[QPointF]) -> None:
    """Open crosses with their numbers, whose middle stays free."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = palette.font(-1, bold=True)
    painter.setFont(font)
    for number, at in enumerate(positions, 1):
        word = QPainterPath()
        word.addText(at + QPointF(_ARM, -_GAP - QFontMetricsF(font).descent()), font, str(number))
        for ink, width in ((_DARK, 4.0), (_PALE.lighter(), 2.0)):
            painter.setPen(QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLines(cross(at))
            if width > 2:
                painter.drawPath(word)
        painter.fillPath(word, QColor(255, 255, 255))
    painter.restore()


def cross(at: QPointF) -> list[QLineF]:
    """The four arms of an open cross about ``at``."""
    return [
        QLineF(at + arm * _GAP, at + arm * _ARM)
        for arm in (QPointF(-1, 0), QPointF(1, 0), QPointF(0, -1), QPointF(0, 1))
    ]

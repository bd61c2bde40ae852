"""The words that stand on the stage where there is no photograph."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from faceid_review.desk import palette
from faceid_review.desk.shapes import Shape, paint_shape

_COLUMN: Final = 420
_SHAPE: Final = 20


def paint_placard(painter: QPainter, room: QRectF, shape: Shape, title: str, words: str) -> None:
    """Write ``title`` and ``words`` in the middle of ``room``, ``shape`` above them."""
    t = palette.tokens()
    # The stage is dark in both themes, so its words take the lightest tone of each.
    ink = QColor(t.text if t.name == "dark" else t.field)
    head_font, body = palette.font(2, bold=True), palette.font()
    width = min(_COLUMN, room.width() - 32)
    wrap = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    tall = QRectF(0, 0, width, 10_000)
    head = QFontMetricsF(head_font).boundingRect(tall, wrap, title).height() if title else 0.0
    text = QFontMetricsF(body).boundingRect(tall, wrap, words).height() if words else 0.0
    middle = room.center()
    left = middle.x() - width / 2
    top = max(middle.y() - (_SHAPE + 12 + head + 4 + text) / 2, room.top() + 4)
    if title:
        paint_shape(painter, QRectF(middle.x() - _SHAPE / 2, top, _SHAPE, _SHAPE), shape, ink)
    painter.setPen(ink)
    painter.setFont(head_font)
    top += _SHAPE + 12
    painter.drawText(QRectF(left, top, width, head + 1), wrap, title)
    painter.setFont(body)
    painter.drawText(QRectF(left, top + head + 4, width, text + 1), wrap, words)

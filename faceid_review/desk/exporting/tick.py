"""A box to tick with its words beside it, drawn like the boxes of the look."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from faceid_review.desk import palette
from faceid_review.desk.intake.delegate import paint_box
from faceid_review.desk.line import paint_line
from faceid_review.desk.shapes import RING, paint_ring

_SIDE: Final = 16.0
_GAP: Final = 8.0


class Tick(QCheckBox):
    """Qt's check box, painted: keyboard, focus and accessibility stay Qt's."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(palette.font(-1))
        width = 2 * RING + _SIDE + _GAP + metrics.horizontalAdvance(self.text()) + 4
        return QSize(round(width), max(22, round(metrics.height()) + 6))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 96), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        body = QRectF(self.rect())
        box = QRectF(RING + 1, round(body.center().y() - _SIDE / 2), _SIDE, _SIDE)
        paint_box(painter, box, self.checkState(), self.isEnabled())
        room = body.adjusted(box.right() + _GAP, 0, -2, 0)
        ink = t.text if self.isEnabled() else t.text3
        paint_line(painter, room, self.text(), palette.font(-1), QColor(ink).name())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_ring(painter, body)

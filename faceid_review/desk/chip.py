"""Chips (a shape and a word on a tint) and key badges. Neither is ever a button."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from faceid_review.desk import palette
from faceid_review.desk.shapes import BOX, Shape, paint_shape

_HEIGHT: Final = 20.0
_LEFT, _GAP, _RIGHT, _RADIUS = 6.0, 5.0, 7.0, 3.0


def shape_side(metrics: QFontMetricsF) -> float:
    """How large a status shape stands beside words: 12 px at 100 %, and it grows with them."""
    return max(BOX, round(metrics.height() * 2 / 3))


def chip_size(text: str, font: QFont) -> QSizeF:
    """The room a chip needs for ``text``."""
    metrics = QFontMetricsF(font)
    width = _LEFT + shape_side(metrics) + _GAP + metrics.horizontalAdvance(text) + _RIGHT
    return QSizeF(width, max(_HEIGHT, metrics.height() + 2))


def paint_chip(painter: QPainter, rect: QRectF, shape: Shape, kind: str, text: str, font: QFont) -> None:
    """Paint a chip into ``rect``. ``kind`` is ok, warn, stop, info or mute; a text too long is cut at its end."""
    ink, tint = palette.tokens().kind(kind)
    metrics = QFontMetricsF(font)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
    side = shape_side(metrics)
    at = QRectF(rect.left() + _LEFT, rect.center().y() - side / 2, side, side)
    paint_shape(painter, at, shape, ink)
    words = rect.adjusted(_LEFT + side + _GAP, 0, -_RIGHT, 0)
    painter.setFont(font)
    painter.setPen(ink)
    baseline = words.center().y() + (metrics.ascent() - metrics.descent()) / 2
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, words.width() + 0.5)
    painter.drawText(QPointF(words.left(), round(baseline)), shown)
    painter.restore()


class Chip(QWidget):
    """A chip as a widget; its accessible name is its text."""

    def __init__(
        self,
        shape: Shape,
        kind: str,
        text: str,
        parent: QWidget | None = None,
        *,
        bold: bool = False,
        step: int = 0,
    ) -> None:
        super().__init__(parent)
        self._bold, self._step = bold, step
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set(shape, kind, text)

    def set(self, shape: Shape, kind: str, text: str) -> None:
        """Show another state."""
        self.shape, self.kind, self.text = shape, kind, text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_step(self, step: int) -> None:
        """Write ``step`` px larger or smaller than the body text."""
        if step != self._step:
            self._step = step
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        size = chip_size(self.text, self._font())
        return QSize(math.ceil(size.width()), math.ceil(size.height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 48), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(painter, QRectF(self.rect()), self.shape, self.kind, self.text, self._font())

    def _font(self) -> QFont:
        return palette.font(self._step, bold=self._bold)


def paint_badge(painter: QPainter, rect: QRectF, text: str, font: QFont, *, chosen: bool = False) -> None:
    """Paint a key badge (a letter or digit in a small rounded box) into ``rect``."""
    t = palette.tokens()
    metrics = QFontMetricsF(font)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(t.accent if chosen else t.edge), 1))
    painter.setBrush(QColor(t.raised))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
    painter.setFont(font)
    painter.setPen(QColor(t.text))
    left = rect.center().x() - metrics.horizontalAdvance(text) / 2
    baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
    painter.drawText(QPointF(left, round(baseline)), text)
    painter.restore()


class Badge(QWidget):
    """A key badge as a widget, 18 px square at 100 %."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = text
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(palette.font(-1))
        side = max(18, int(metrics.height()) + 2)
        return QSize(max(side, int(metrics.horizontalAdvance(self.text)) + 10), side)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_badge(QPainter(self), QRectF(self.rect()), self.text, palette.font(-1))

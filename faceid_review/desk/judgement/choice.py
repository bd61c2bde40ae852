"""A choice of one among several, drawn like the fields of the look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from faceid_review.desk import icons, palette
from faceid_review.desk.line import paint_line
from faceid_review.desk.shapes import RING, paint_ring

_PADDING, _GAP = 10.0, 8.0
_ICON: Final = 16


class Choice(QComboBox):
    """Values with their words. On Linux Qt speaks the current text as the name of a combo box, so what it is for
    stands in its description too."""

    def __init__(
        self, name: str, parent: QWidget | None = None, *, widest: int = 300, height: int = 28
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._widest, self._height = widest, height

    def offer(self, choices: Sequence[tuple[str, str]], chosen: str = "") -> None:
        """Offer these values with their words; nobody is told."""
        self.blockSignals(True)
        self.clear()
        for value, text in choices:
            self.addItem(text, value)
        self.setCurrentIndex(self.findData(chosen))
        self.blockSignals(False)
        self.updateGeometry()
        self.update()

    def choose(self, value: str) -> None:
        """Choose without telling anybody; what is not offered leaves nothing chosen."""
        self.blockSignals(True)
        self.setCurrentIndex(self.findData(value))
        self.blockSignals(False)
        self.update()

    @property
    def value(self) -> str:
        """The value that is chosen, or empty."""
        return str(self.currentData() or "") if self.currentIndex() >= 0 else ""

    def name_it(self, name: str, placeholder: str = "") -> None:
        """What it is for, and what stands there while nothing is chosen."""
        self.setAccessibleName(name)
        self.setAccessibleDescription(name)
        self.setPlaceholderText(placeholder)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(palette.font())
        texts = [self.itemText(place) for place in range(self.count())] + [self.placeholderText()]
        widest = min(max(map(metrics.horizontalAdvance, texts)), float(self._widest))
        return QSize(
            round(widest + 2 * _PADDING + _GAP + _ICON), max(self._height, int(metrics.height()) + 8)
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(min(110, self.sizeHint().width()), self.sizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A choice that changes while somebody scrolls by would be nobody's choice.
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect())
        if self.hasFocus():
            paint_ring(painter, body)
            body.adjust(RING, RING, -RING, -RING)
        painter.setPen(QPen(QColor(t.edge if self.isEnabled() else t.line), 1))
        painter.setBrush(QColor(t.field if self.isEnabled() else t.window))
        painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        ink = t.text if self.isEnabled() else t.text3
        room = QRectF(self.rect()).adjusted(_PADDING, 0, -_PADDING - _ICON - _GAP, 0)
        arrow = icons.image("chevron", _ICON, ink, self.devicePixelRatioF())
        painter.drawImage(QPointF(room.right() + _GAP, round(room.center().y() - _ICON / 2)), arrow)
        if self.currentIndex() < 0:
            paint_line(painter, room, self.placeholderText(), palette.font(), t.text2)
        else:
            paint_line(painter, room, self.currentText(), palette.font(), ink)

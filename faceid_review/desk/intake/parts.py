"""Small parts of the fetch page: grounds with a line along one edge, a framed remark, a state in words."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from faceid_review.desk import palette
from faceid_review.desk.chip import shape_side
from faceid_review.desk.line import Label
from faceid_review.desk.shapes import Shape, paint_shape


class Band(QWidget):
    """A part of the page in a colour of the theme, with a line along one edge."""

    def __init__(self, ground: str, edge: Qt.Edge | None = None) -> None:
        super().__init__()
        self._ground, self._edge = ground, edge

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(getattr(t, self._ground)))
        match self._edge:
            case Qt.Edge.TopEdge:
                line = QRect(0, 0, self.width(), 1)
            case Qt.Edge.BottomEdge:
                line = QRect(0, self.height() - 1, self.width(), 1)
            case Qt.Edge.RightEdge:
                line = QRect(self.width() - 1, 0, 1, self.height())
            case _:
                return
        painter.fillRect(line, QColor(t.line))


class Remark(Label):
    """A remark in a frame."""

    def __init__(self, name: str) -> None:
        super().__init__(name, ink="text2", step=-1, wrap=True)
        self.setContentsMargins(12, 8, 12, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.tokens().line), 1))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()
        super().paintEvent(event)


class StateLabel(Label):
    """A shape and a sentence in the colour of its kind, which may take several lines."""

    def __init__(self, name: str) -> None:
        super().__init__(name, step=-1, wrap=True)
        self._shape = Shape.RING

    def show_state(self, shape: Shape, kind: str, text: str) -> None:
        """Say ``text`` with ``shape``; ``kind`` is ok, warn, stop, info or mute."""
        self._shape = shape
        self.set_ink(kind)
        self.setText(text)
        self.setContentsMargins(round(shape_side(self._metrics())) + 5, 0, 0, 0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = shape_side(self._metrics())
        top = (self._metrics().height() - side) / 2
        paint_shape(
            QPainter(self),
            QRectF(0, top, side, side),
            self._shape,
            QColor(self.palette().windowText().color()),
        )

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self.font())

"""One line of plain text: painted into a box, or as a label in a colour of the theme."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from faceid_review.desk import palette


def paint_line(painter: QPainter, box: QRectF, text: str, font: QFont, ink: str) -> float:
    """Paint ``text`` at the left of ``box``, centred in height and cut at its end; the width it took.

    ``ink`` is a colour as ``#RRGGBB``.
    """
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 0.5)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    baseline = box.center().y() + (metrics.ascent() - metrics.descent()) / 2
    painter.drawText(QPointF(box.left(), round(baseline)), shown)
    return metrics.horizontalAdvance(shown)


class Label(QLabel):
    """Plain text in the token ``ink``, ``step`` pixels from the body size; follows theme and type size."""

    def __init__(
        self,
        name: str,
        parent: QWidget | None = None,
        *,
        ink: str = "text",
        step: int = 0,
        bold: bool = False,
        wrap: bool = False,
    ) -> None:
        super().__init__(parent)
        self._ink, self._step, self._bold = ink, step, bold
        self._fixed = False
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if wrap:
            self.setWordWrap(True)
            policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self._dress()

    def set_ink(self, ink: str) -> None:
        """Take the colour of another token."""
        self._ink = ink
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange):
            self._dress()

    def _dress(self) -> None:
        font = palette.font(self._step, bold=self._bold, fixed=self._fixed)
        if self.font() != font:
            self.setFont(font)
        colours, ink = self.palette(), QColor(getattr(palette.tokens(), self._ink))
        if colours.color(QPalette.ColorRole.WindowText) != ink:
            colours.setColor(QPalette.ColorRole.WindowText, ink)
            self.setPalette(colours)


class IdLine(Label):
    """An id or a hash in the fixed font, on one line: cut at its end where there is no room, whole in the tooltip."""

    def __init__(self, name: str, text: str, parent: QWidget | None = None, *, ink: str = "text2") -> None:
        super().__init__(name, parent, ink=ink, step=-1)
        self._fixed = True
        self.setText(text)
        self.setToolTip(escape(text))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        ink = self.palette().color(QPalette.ColorRole.WindowText).name()
        paint_line(QPainter(self), QRectF(self.rect()), self.text(), self.font(), ink)

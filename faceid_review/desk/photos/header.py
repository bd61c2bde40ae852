"""The bar above the stage: what the pane is, how large the photograph is shown, and the key that changes it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from faceid_review.desk import palette
from faceid_review.desk.photos.stage import View
from faceid_review.desk.shapes import paint_ring
from faceid_review.i18n import Words

_HEIGHT: Final = 34
_SIDE, _GAP, _PAD = 12, 12, 6.0


class Header(QWidget):
    """Title at the left; at the right the scale in words and figures, and the button for fit or 100 %."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos.header")
        self.title, self.sampling, self.zoom = QLabel(self), QLabel(self), QLabel(self)
        self.hint = Hint("Z", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE, 0, _SIDE - int(_PAD), 1)
        row.setSpacing(_GAP)
        row.addWidget(self.title)
        row.addStretch(1)
        row.addWidget(self.sampling)
        row.addWidget(self.zoom)
        row.addWidget(self.hint)
        row.setSpacing(8)
        for name, text in (("title", self.title), ("sampling", self.sampling), ("zoom", self.zoom)):
            text.setObjectName(f"photos.{name}")
            text.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._dress()

    def speak(self, words: Words) -> None:
        """Say the title in the language of ``words``."""
        self.title.setText(words("photos.title"))
        self.hint.setAccessibleName(words("photos.action.fit"))

    def show_view(self, view: View | None, exhibit: str, words: Words) -> None:
        """Show the scale of ``exhibit``, whether it is smoothed, and what Z would do; nothing where None."""
        for part in (self.sampling, self.zoom, self.hint):
            part.setVisible(view is not None)
        if view is None:
            return
        self.zoom.setText(words("photos.zoom", exhibit=exhibit, percent=round(view.scale * 100)))
        self.sampling.setText(words("photos.exact" if view.exact else "photos.smoothed"))
        self.hint.setText(words("photos.to_full" if view.fit else "photos.to_fit"))

    def sizeHint(self) -> QSize:
        tall = QFontMetricsF(palette.font(bold=True)).height()
        return QSize(super().sizeHint().width(), max(_HEIGHT, round(tall) + 12) + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.panel))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(t.line))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def _dress(self) -> None:
        t = palette.tokens()
        for text, font, ink in (
            (self.title, palette.font(bold=True), t.text),
            (self.sampling, palette.font(-2), t.text2),
            (self.zoom, palette.font(bold=True), t.text),
        ):
            # Only what differs is set, since setting tells every child and comes back here.
            if text.font() != font:
                text.setFont(font)
            dress = text.palette()
            if dress.color(QPalette.ColorRole.WindowText) != QColor(ink):
                dress.setColor(QPalette.ColorRole.WindowText, QColor(ink))
                text.setPalette(dress)


class Hint(QPushButton):
    """A key and the word for what it does, small and without a frame; a click does the same."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setObjectName("photos.hint")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        if text != self.text():
            super().setText(text)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(palette.font(-2))
        return QSize(
            round(metrics.horizontalAdvance(f"{self._key} {self.text()}") + 2 * _PAD) + 1,
            round(metrics.height()) + 8,
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        font = palette.font(-2)
        font.setUnderline(self.underMouse())
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(t.text2 if self.underMouse() else t.text3))
        baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(_PAD, round(baseline)), f"{self._key} {self.text()}")
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()))

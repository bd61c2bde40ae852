"""The row above the stage that a way of comparing needs: a slider for how much, or what to click next."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from faceid_review.desk import palette
from faceid_review.desk.photos.compare import LEFT, Compare, Lock, Mode
from faceid_review.desk.photos.knob import Slider
from faceid_review.i18n import Words

_WHOLE: Final = 100


class GuideRow(QWidget):
    """Hidden while there is nothing to say. ``amount`` is what a person chose, from 0 to 1."""

    amount = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos.guide")
        self.text = QLabel(self)
        self.text.setObjectName("photos.guide_text")
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.slider = Slider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("photos.amount")
        self.slider.setRange(0, _WHOLE)
        self.slider.setPageStep(10)
        self.slider.setMaximumWidth(280)
        self.text.setBuddy(self.slider)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 5)
        row.setSpacing(12)
        row.addWidget(self.text, 2)
        row.addWidget(self.slider, 1)
        self.slider.valueChanged.connect(self._moved)
        self._dress()
        self.hide()

    def show_way(self, compare: Compare, names: tuple[str, str], words: Words) -> None:
        """Show what the way in force needs; ``names`` are those of the two exhibits, left and right."""
        amount = compare.mode in (Mode.SWIPE, Mode.OVERLAY) and compare.two
        if compare.lock is Lock.PICKING:
            sentence = words("stage.guide.align", done=sum(compare.picks))
        elif amount:
            # In an overlay the first name is that of the picture laid over the active one.
            swapped = compare.mode is Mode.OVERLAY and compare.active == LEFT
            first, second = reversed(names) if swapped else names
            key = "stage.guide.swipe" if compare.mode is Mode.SWIPE else "stage.guide.overlay"
            percent = round(_WHOLE * compare.amount)
            sentence = words(key, first=first, second=second, percent=percent)
        else:
            sentence = words("stage.guide.blink") if compare.mode is Mode.BLINK and compare.two else ""
        self.text.setText(sentence)
        self.text.setAccessibleName(sentence)
        self.slider.setVisible(amount)
        self.slider.setAccessibleName(words(f"stage.mode.{compare.mode.value}"))
        if amount:
            self.slider.setAccessibleDescription(sentence)
            self.slider.blockSignals(True)
            self.slider.setValue(round(_WHOLE * compare.amount))
            self.slider.blockSignals(False)
        self.setVisible(bool(sentence))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.panel))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(t.line))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def _moved(self, value: int) -> None:
        self.amount.emit(value / _WHOLE)

    def _dress(self) -> None:
        if self.text.font() != palette.font(-1):
            self.text.setFont(palette.font(-1))
        dress = self.text.palette()
        ink = QColor(palette.tokens().text2)
        if dress.color(QPalette.ColorRole.WindowText) != ink:
            dress.setColor(QPalette.ColorRole.WindowText, ink)
            self.text.setPalette(dress)

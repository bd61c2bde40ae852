"""A slider with its name and its figure above it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSlider, QStyle, QStyleOptionSlider, QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.shapes import paint_ring

_ARROWS: Final = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


class Knob(QWidget):
    """One figure that a person sets. ``turned`` tells it; :meth:`show_value` sets it without telling anybody."""

    turned = Signal(int)

    def __init__(
        self, name: str, least: int, most: int, figure: Callable[[int], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._figure, self._word = figure, ""
        self.label = QLabel(self)
        self.label.setObjectName(f"photos.{name}_label")
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.slider = Slider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName(f"photos.{name}")
        self.slider.setRange(least, most)
        self.slider.setPageStep(10)
        self.label.setBuddy(self.slider)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.label)
        column.addWidget(self.slider)
        self.slider.valueChanged.connect(self._moved)

    def speak(self, word: str) -> None:
        """Name it."""
        self._word = word
        self.slider.setAccessibleName(word)
        self.label.setFont(palette.font(-1))
        self._say()

    def show_value(self, value: int) -> None:
        """Show a figure that was set elsewhere."""
        self.slider.blockSignals(True)
        self.slider.setValue(value)
        self.slider.blockSignals(False)
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.label.font() != palette.font(-1):
            self.label.setFont(palette.font(-1))

    @Slot(int)
    def _moved(self, value: int) -> None:
        self._say()
        self.turned.emit(value)

    def _say(self) -> None:
        figure = self._figure(self.slider.value())
        self.label.setText(f"{self._word} {figure}")
        self.slider.setAccessibleDescription(figure)


class Slider(QSlider):
    """Takes the arrow keys while it has the focus, as a text field takes letters."""

    def event(self, event: QEvent) -> bool:
        plain = isinstance(event, QKeyEvent) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.type() == QEvent.Type.ShortcutOverride and event.key() in _ARROWS:  # type: ignore[attr-defined]  # a QKeyEvent
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, t = QPainter(self), palette.tokens()
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
        handle = QRectF(self.style().subControlRect(control, option, part, self))
        # The style's own handle has the colour of its ground, which on a dark one nobody sees.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(t.edge), 1))
        painter.setBrush(QColor(t.text2 if self.isEnabled() else t.raised))
        painter.drawRoundedRect(handle.adjusted(1.5, 1.5, -1.5, -1.5), 3, 3)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()))

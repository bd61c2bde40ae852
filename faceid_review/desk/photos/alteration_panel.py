"""The panel of alterations: how light, how hard, how grey, which way up. It alters views and nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.buttons import Button
from faceid_review.desk.photos.alteration import GAMMA, MOST, Alteration
from faceid_review.desk.photos.knob import Knob
from faceid_review.i18n import Words


class AlterationPanel(QWidget):
    """Shows an alteration and tells another one that a person wishes for: ``altered``."""

    altered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos.alteration")
        self._shown = Alteration()
        self._knobs = {
            "brightness": Knob("brightness", -MOST, MOST, _signed, self),
            "contrast": Knob("contrast", -MOST, MOST, _signed, self),
            "gamma": Knob("gamma", *GAMMA, _hundredths, self),
        }
        self._grey = Button(parent=self)
        self._grey.setObjectName("photos.grey")
        self._grey.setCheckable(True)
        self.original = Button(parent=self, key="Esc")
        self.original.setObjectName("photos.original_button")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 5)
        row.setSpacing(12)
        for name, knob in self._knobs.items():
            knob.turned.connect(partial(self._turned, name))
            row.addWidget(knob, 1)
        row.addWidget(self._grey, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.original, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grey.toggled.connect(self._greyed)
        self.setFocusProxy(self._knobs["brightness"].slider)
        self.hide()

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self.setAccessibleName(words("stage.panel"))
        for name, knob in self._knobs.items():
            knob.speak(words(f"stage.panel.{name}"))
        for button, key in ((self._grey, "stage.panel.grey"), (self.original, "stage.panel.original")):
            button.setText(words(key))
            button.setAccessibleName(words(key))

    def show_alteration(self, alteration: Alteration) -> None:
        """Show what is done to the view of the active photograph."""
        self._shown = alteration
        for name, knob in self._knobs.items():
            knob.show_value(getattr(alteration, name))
        self._grey.blockSignals(True)
        self._grey.setChecked(alteration.grey)
        self._grey.blockSignals(False)
        self.original.setEnabled(bool(alteration))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.panel))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(t.line))

    def _turned(self, name: str, value: int) -> None:
        # A dictionary of one name: the field is known only here.
        self._tell(replace(self._shown, **{name: value}))  # type: ignore[arg-type]  # all three are whole numbers

    @Slot(bool)
    def _greyed(self, grey: bool) -> None:
        self._tell(replace(self._shown, grey=grey))

    def _tell(self, alteration: Alteration) -> None:
        self._shown = alteration
        self.altered.emit(alteration)


def _signed(value: int) -> str:
    return f"{value:+d}" if value else "0"


def _hundredths(value: int) -> str:
    return f"{value / 100:.2f}"

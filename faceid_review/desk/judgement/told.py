"""What a person wrote, to be read: whole where it is short, in a window of its own height where it is long."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from faceid_review.desk import palette
from faceid_review.desk.verdict.text import Passage

_SHORT: Final = 4000
_LINES: Final = 14


def told(text: str, name: str, *, ink: str = "text") -> QWidget:
    """``text`` as typed, plain. Laying out a megabyte at full height would hold the window up for seconds."""
    return Passage(text, name, ink=ink, ours=True) if len(text) <= _SHORT else _Long(text, name)


class _Long(QPlainTextEdit):
    def __init__(self, text: str, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self._dress()
        self.setPlainText(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange):
            self._dress()

    def _dress(self) -> None:
        t = palette.tokens()
        self.setFont(palette.font())
        self.setFixedHeight(_LINES * QFontMetrics(palette.font()).lineSpacing())
        palette.wear(self, f"QPlainTextEdit {{ background: {t.field}; border: 1px solid {t.line}; }}")

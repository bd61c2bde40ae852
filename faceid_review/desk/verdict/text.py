"""Plain text on the pane: our sentences, and passages that stand as the vendor sent them."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QTextEdit, QWidget

from faceid_review.desk import palette
from faceid_review.desk.chip import shape_side
from faceid_review.desk.shapes import Shape, paint_ring, paint_shape

_SELECTABLE: Final = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)


def tabular(font: QFont) -> QFont:
    """``font`` with figures of one width, so that numbers in a column stand under each other."""
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def dress(widget: QWidget, ink: str) -> None:
    """Colour the words of ``widget`` with a token; does nothing where they have that colour already."""
    colours, colour = widget.palette(), QColor(getattr(palette.tokens(), ink))
    roles = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text)
    if any(colours.color(role) != colour for role in roles):
        for role in roles:
            colours.setColor(role, colour)
        widget.setPalette(colours)


class Text(QLabel):
    """A sentence or a value, never rich text. ``ink`` is the name of a colour token."""

    def __init__(
        self,
        text: str,
        *,
        ink: str = "text",
        step: int = 0,
        bold: bool = False,
        fixed: bool = False,
        wrap: bool = False,
        figures: bool = False,
    ) -> None:
        super().__init__()
        self._ink, self._step, self._bold, self._fixed, self._figures = ink, step, bold, fixed, figures
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(wrap)
        self.setTextInteractionFlags(_SELECTABLE)
        if wrap:
            self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            # One endless word must not widen the pane.
            policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange):
            self._dress()

    def advance(self, text: str) -> float:
        """How wide ``text`` would be in this label's font, in pixels."""
        return QFontMetricsF(self.font()).horizontalAdvance(text)

    def _dress(self) -> None:
        dress(self, self._ink)
        font = palette.font(self._step, bold=self._bold, fixed=self._fixed)
        self.setFont(tabular(font) if self._figures else font)


class Passage(QTextEdit):
    """Text as it was sent, of any length: breaks anywhere, grows with its content, is never rich text."""

    def __init__(
        self, text: str, name: str, *, ink: str = "text", step: int = 0, bold: bool = False, fit: bool = False
    ) -> None:
        super().__init__()
        self._ink, self._step, self._bold, self._fit = ink, step, bold, fit
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setTextInteractionFlags(_SELECTABLE)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self._dress()
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self.setPlainText(text)
        self._grow(self.document().size())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange):
            self._dress()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # The pane scrolls, not one passage of it.
        event.ignore()

    def resizeEvent(self, event: object) -> None:
        self._dress()
        super().resizeEvent(event)  # type: ignore[arg-type]

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            paint_ring(QPainter(self.viewport()), QRectF(self.viewport().rect()))

    def _grow(self, size: QSizeF) -> None:
        self.setFixedHeight(math.ceil(size.height()))

    def _dress(self) -> None:
        dress(self, self._ink)
        steps = range(self._step, self._step - 3, -1) if self._fit else (self._step,)
        for step in steps:
            font = palette.font(step, bold=self._bold, fixed=True)
            if QFontMetricsF(font).horizontalAdvance(self.toPlainText()) <= self.viewport().width():
                break
        if font != self.font():
            self.setFont(font)


class Mark(QWidget):
    """A status shape beside its word. It carries no name of its own: the word does."""

    def __init__(self, shape: Shape, ink: str) -> None:
        super().__init__()
        self.shape, self._ink = shape, ink
        metrics = QFontMetricsF(palette.font())
        self.setFixedSize(round(shape_side(metrics)), math.ceil(metrics.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_shape(
            QPainter(self), QRectF(self.rect()), self.shape, QColor(getattr(palette.tokens(), self._ink))
        )

"""Plain text on the pane: our sentences, and passages that stand as the vendor sent them."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextDocument,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QTextEdit, QWidget

from faceid_review.desk import palette
from faceid_review.desk.chip import shape_side
from faceid_review.desk.shapes import Shape, paint_ring, paint_shape
from faceid_review.desk.verdict.pointed import is_for_the_pane

_SELECTABLE: Final = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)
_BREAKING: Final = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere


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
        # What makes a label's text selectable takes as long as the rest of it: it is made when somebody comes near.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
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

    def enterEvent(self, event: QEnterEvent) -> None:
        self._make_selectable()
        super().enterEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._make_selectable()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_for_the_pane(event, selected=self.hasSelectedText()):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # The pane's menu, which knows the value's place; Qt's own would know only the selection.
        event.ignore()

    def _make_selectable(self) -> None:
        if self.textInteractionFlags() != _SELECTABLE:
            self.setTextInteractionFlags(_SELECTABLE)

    def _dress(self) -> None:
        dress(self, self._ink)
        font = palette.font(self._step, bold=self._bold, fixed=self._fixed)
        self.setFont(tabular(font) if self._figures else font)


class Passage(QTextEdit):
    """Text as it was sent, of any length: breaks anywhere, is as high as its content, is never rich text.

    With ``fit`` it is written up to two steps smaller where that keeps it on one line; ``ours`` is what a
    person wrote here, in the font of the interface.
    """

    def __init__(
        self,
        text: str,
        name: str,
        *,
        ink: str = "text",
        step: int = 0,
        bold: bool = False,
        fit: bool = False,
        ours: bool = False,
    ) -> None:
        super().__init__()
        self._ink, self._step, self._bold, self._fit, self._ours = ink, step, bold, fit, ours
        self._heights: dict[int, int] = {}
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setTextInteractionFlags(_SELECTABLE)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(_BREAKING)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.setPlainText(text)
        self._dress()

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            page = QTextDocument()
            page.setDocumentMargin(0)
            page.setDefaultFont(self._font(width))
            option = QTextOption()
            option.setWrapMode(_BREAKING)
            page.setDefaultTextOption(option)
            page.setPlainText(self.toPlainText())
            page.setTextWidth(width)
            self._heights[width] = math.ceil(page.size().height())
        return self._heights[width]

    def sizeHint(self) -> QSize:
        return QSize(self.width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, math.ceil(QFontMetricsF(self.font()).height()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange):
            self._heights.clear()
            self._dress()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_for_the_pane(event, selected=self.textCursor().hasSelection()):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # The pane scrolls, not one passage of it.
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._dress()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            paint_ring(QPainter(self.viewport()), QRectF(self.viewport().rect()))

    def _font(self, width: int) -> QFont:
        steps = range(self._step, self._step - 3, -1) if self._fit else (self._step,)
        text = self.toPlainText()
        for step in steps:
            font = palette.font(step, bold=self._bold, fixed=not self._ours)
            if QFontMetricsF(font).horizontalAdvance(text) <= width:
                break
        return font

    def _dress(self) -> None:
        dress(self, self._ink)
        font = self._font(self.width())
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

"""The liveness log as a line in milliseconds, true to scale. What a letter stands for is inferred."""

from __future__ import annotations

import html
import math
from collections.abc import Collection
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from faceid_review.desk import palette
from faceid_review.desk.shapes import Shape, paint_ring, paint_shape
from faceid_review.desk.verdict.placing import levels
from faceid_review.desk.verdict.text import tabular
from faceid_review.faceid import glossary
from faceid_review.faceid.liveness_log import LivenessLog
from faceid_review.i18n import Words, grouped
from faceid_review.review.case import exhibit_number
from faceid_review.review.explanation import step_words
from faceid_review.review.findings import Step, steps
from faceid_review.review.plain_text import paragraph

MOST_LEVELS: Final = 4
_INSET: Final = 11.0
_FINISH: Final = 26
_PADDING: Final = 5.0
_NEAR: Final = 4.0


class LivenessTimeline(QWidget):
    """Paints a log. A block whose picture came shows it while the mouse is over it or Left and Right lead to it.

    ``picture_peeked`` tells whose picture that is, and empty when it is over; a click or Enter keeps it on the stage
    (``picture_wanted``).
    """

    picture_wanted = Signal(str)
    picture_peeked = Signal(str)

    def __init__(self, log: LivenessLog, roles: Collection[str], words: Words) -> None:
        super().__init__()
        self._words = words
        self.blocks = steps(log, roles)
        self._length = max((block.start for block in self.blocks), default=0) or 1
        self._with_picture = [block for block in self.blocks if block.role]
        self._current = -1
        self._peeked = ""
        self.setMouseTracking(True)
        # Layouts ask dozens of times; the pane makes a new timeline whenever the font changes.
        self._heights: dict[int, int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._with_picture else Qt.FocusPolicy.NoFocus)
        self.setObjectName("liveness_timeline")
        self.setAccessibleName(words("verdict.timeline"))
        self.setAccessibleDescription(self.describe(words))

    def describe(self, words: Words) -> str:
        """The whole line in words, every offset included."""
        return paragraph([step_words(block, words) for block in self.blocks], words.lang)

    @property
    def crowded(self) -> bool:
        """Whether labels are left out, because too many moments lie too close together."""
        return len(self._above(300)) < len(self.blocks)

    def sizeHint(self) -> QSize:
        return QSize(360, self.heightForWidth(360))

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._height(width)
        return self._heights[width]

    def _height(self, width: int) -> int:
        line = self._line()
        above = 1 + max((level for *_, level in self._above(width)), default=0)
        below = 1 + max((level for *_, level in self._below(width)), default=0)
        return math.ceil(above * line + self._block_height() + 6 + below * line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if self._with_picture:
                step = 1 if event.key() == Qt.Key.Key_Right else -1
                self._current = min(max(0, self._current + step), len(self._with_picture) - 1)
                self._peek(self._with_picture[self._current].role)
            case Qt.Key.Key_Escape if self._peeked:
                self._peek("")
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if self._with_picture:
                self.picture_wanted.emit(self._with_picture[max(0, self._current)].role)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        block = self._block_at(event.position().x())
        if block is not None and block.role and event.button() == Qt.MouseButton.LeftButton:
            self._current = self._with_picture.index(block)
            self.update()
            self.picture_wanted.emit(block.role)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        block = self._block_at(event.position().x())
        self._peek(block.role if block else "")

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._peek("")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            block = self._block_at(event.pos().x())
            if block is not None:
                QToolTip.showText(event.globalPos(), html.escape(self.tell(block)), self)
            return True
        return super().event(event)

    def tell(self, block: Step) -> str:
        """One step in words: its letter, what that is inferred to mean, from when, how long, and its picture."""
        words, meaning = self._words, glossary.letter(block.letter)
        said = meaning.short(words.lang) if meaning else words("verdict.timeline.unknown")
        told = words("raw.step", letter=block.letter, meaning=said, start=grouped(block.start))
        if block.to is not None:
            told += words("raw.step.lasted", ms=grouped(block.to - block.start))
        if block.role:
            told += words("raw.step.picture", exhibit=exhibit_number(block.role), field=block.role)
        return told

    def _block_at(self, x: float) -> Step | None:
        spans = [(block, *self._span(block, self.width())) for block in self.blocks]
        # An end has no length: it is met a few pixels before its line.
        near = [block for block, left, right in spans if block.ends and abs(left - x) <= _NEAR]
        return next(iter(near), None) or next((b for b, left, right in spans if left <= x < right), None)

    def _peek(self, role: str) -> None:
        if role:
            self._current = next(i for i, block in enumerate(self._with_picture) if block.role == role)
        if role != self._peeked:
            self._peeked = role
            self.update()
            self.picture_peeked.emit(role)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._peek("")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        width = self.width()
        line, height = self._line(), self._block_height()
        above = self._above(width)
        top = (1 + max((level for *_, level in above), default=0)) * line + 1
        metrics = QFontMetricsF(_caption())
        painter.setFont(_caption())
        painter.setPen(QColor(t.text2))
        for text, left, _, level in above:
            painter.drawText(QPointF(left, round(top - 3 - level * line - metrics.descent())), text)
        for text, left, _, level in self._below(width):
            painter.drawText(QPointF(left, round(top + height + 3 + level * line + metrics.ascent())), text)
        for block in self.blocks:
            if block.ends:
                self._paint_end(painter, block, top, height)
            else:
                self._paint_block(painter, block, top, height)

    def _paint_block(self, painter: QPainter, block: Step, top: float, height: float) -> None:
        t = palette.tokens()
        left, right = self._span(block, self.width())
        chosen = block.passed
        rect = QRectF(left, top, max(1.0, right - left - 2), height)
        painter.fillRect(rect, QColor(t.sel if chosen else t.track))
        ink = QColor(t.selfg if chosen else t.text)
        bold, body = QFontMetricsF(palette.font(bold=True)), QFontMetricsF(palette.font())
        letter = bold.horizontalAdvance(block.letter)
        room = rect.width() - _PADDING - 1
        if room >= letter:
            baseline = round(rect.center().y() + (bold.ascent() - bold.descent()) / 2)
            painter.setPen(ink)
            painter.setFont(palette.font(bold=True))
            painter.drawText(QPointF(left + _PADDING, baseline), block.letter)
            meaning = glossary.letter(block.letter)
            word = meaning.short(self._words.lang) if meaning else ""
            gap = body.horizontalAdvance(" ") + 2
            if word and room >= letter + gap + body.horizontalAdvance(word):
                painter.setFont(palette.font())
                painter.drawText(QPointF(left + _PADDING + letter + gap, baseline), word)
        if block.role and block.role == self._peeked:
            painter.fillRect(QRectF(rect.left(), rect.bottom() - 2, rect.width(), 2), QColor(t.accent))
        if self.hasFocus() and self._with_picture and block is self._with_picture[max(0, self._current)]:
            paint_ring(painter, rect.adjusted(-1, -2, 1, 2), 2)

    def _paint_end(self, painter: QPainter, block: Step, top: float, height: float) -> None:
        t = palette.tokens()
        x = self._x(block.start, self.width())
        tall = max(float(_FINISH), height + 6)
        painter.fillRect(QRectF(x - 1, top + (height - tall) / 2, 2, tall), QColor(t.text))
        if block.kind == "failed":
            paint_shape(painter, QRectF(x - 6, top + height / 2 - 6, 12, 12), Shape.SQUARE, QColor(t.text))

    def _above(self, width: float) -> list[tuple[str, float, float, int]]:
        """(offset, left, right, level) of every label above the line, the last one at the right."""
        metrics = QFontMetricsF(_caption())
        labels = []
        for block in self.blocks:
            text = str(block.start)
            advance = metrics.horizontalAdvance(text)
            left = min(self._x(block.start, width), width - advance)
            labels.append((text, left, left + advance))
        return _levelled(labels)

    def _below(self, width: float) -> list[tuple[str, float, float, int]]:
        """The unit, the exhibits, the end, and the letters for which a block had no room."""
        metrics = QFontMetricsF(_caption())
        bold = QFontMetricsF(palette.font(bold=True))
        labels = []
        for block in self.blocks:
            left, right = self._span(block, width)
            parts = []
            meaning = glossary.letter(block.letter)
            if block.ends:
                parts = [block.letter, meaning.short(self._words.lang) if meaning else ""]
            elif right - left - 3 - _PADDING < bold.horizontalAdvance(block.letter):
                parts = [block.letter]
            if block.role:
                parts.append(exhibit_number(block.role))
            if parts:
                text = " ".join(part for part in parts if part)
                advance = metrics.horizontalAdvance(text)
                left = max(0.0, min(left, width - advance))
                labels.append((text, left, left + advance))
        unit = self._words("verdict.timeline.unit")
        ahead = metrics.horizontalAdvance(unit)
        if all(left > ahead + 4 for _, left, _ in labels):
            labels.insert(0, (unit, 0.0, ahead))
        return _levelled(labels)

    def _span(self, block: Step, width: float) -> tuple[float, float]:
        left = self._x(block.start, width)
        if block.ends:
            return left, left
        return left, self._x(block.to, width) if block.to is not None else float(width)

    def _x(self, ms: int, width: float) -> float:
        return max(0, ms) / self._length * (width - _INSET)

    @staticmethod
    def _line() -> float:
        return math.ceil(QFontMetricsF(_caption()).height())

    @staticmethod
    def _block_height() -> float:
        return max(20.0, math.ceil(QFontMetricsF(palette.font()).height()) + 2)


def _levelled(labels: list[tuple[str, float, float]]) -> list[tuple[str, float, float, int]]:
    """The last label has its place; the others take a further level where they would touch, up to a limit."""
    if not labels:
        return []
    *others, last = labels
    found = levels([(left, right) for _, left, right in others], [(last[1], last[2])])
    placed = [(*label, level) for label, level in zip(others, found, strict=True) if level < MOST_LEVELS]
    return [*placed, (*last, 0)]


def _caption() -> QFont:
    return tabular(palette.font(-2))

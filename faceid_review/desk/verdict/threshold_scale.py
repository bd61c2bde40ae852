"""The number line: one confidence among the thresholds of its own call. No zones, no rounding."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from faceid_review.desk import palette
from faceid_review.desk.verdict.placing import inside, levels
from faceid_review.desk.verdict.text import tabular
from faceid_review.faceid.digits import Digits, difference, plain
from faceid_review.faceid.result import Comparison
from faceid_review.i18n import Words
from faceid_review.review.explanation import margin_words, value_words
from faceid_review.review.findings import margins
from faceid_review.review.plain_text import paragraph

_BEYOND: Final = Digits("4")
_BELOW_ZERO: Final = Digits("-4")
_BAR, _TICK, _TICK_WIDTH = 8.0, 18.0, 1.5
_ARROW_WIDTH, _ARROW = 11.0, 8.0


@dataclass(frozen=True)
class Axis:
    """The number line's ends, in the vendor's units."""

    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, comparison: Comparison) -> Axis:
        """From 4 below the lowest threshold to 4 above the highest, widened to whole numbers round the value.

        The comparison must have a confidence and at least one threshold.
        """
        values = [value for _, value in comparison.thresholds]
        assert values
        assert comparison.confidence is not None
        low = difference(min(values), _BEYOND)
        high = difference(max(values), _BELOW_ZERO)
        if comparison.confidence < low:
            low = comparison.confidence.to_integral_value("ROUND_FLOOR")
        if comparison.confidence > high:
            high = comparison.confidence.to_integral_value("ROUND_CEILING")
        return cls(low, high)

    def share(self, value: Decimal) -> float:
        """Where ``value`` lies between the ends, 0 to 1: for pixels only, never for words."""
        try:
            share = float(difference(value, self.low) / difference(self.high, self.low))
        except ArithmeticError:
            return 0.0
        return min(1.0, max(0.0, share)) if math.isfinite(share) else 0.0


class ThresholdScale(QWidget):
    """Paints one comparison. Its accessible description says the same in words."""

    def __init__(self, comparison: Comparison, words: Words) -> None:
        super().__init__()
        self._comparison, self._words = comparison, words
        self.axis = Axis.of(comparison)
        # Layouts ask dozens of times; the pane makes a new scale whenever the font changes.
        self._heights: dict[int, int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setObjectName("threshold_scale")
        self.setAccessibleName(words("verdict.scale.name", against=comparison.against))
        self.setAccessibleDescription(self.describe(words))

    def describe(self, words: Words) -> str:
        """The number line in words, with the exact digits."""
        parts = [value_words(self._comparison, words)]
        parts += [margin_words(margin, words) for margin in margins(self._comparison)]
        return paragraph(parts, words.lang)

    def position(self, value: Decimal, width: float) -> float:
        """The x of ``value`` on a line ``width`` px wide."""
        return self.axis.share(value) * width

    def sizeHint(self) -> QSize:
        return QSize(360, self.heightForWidth(360))

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._height(width)
        return self._heights[width]

    def _height(self, width: int) -> int:
        deepest = max(level for *_, level in self._labels(float(width)))
        return math.ceil(
            self._bar_top() + _BAR + (_TICK - _BAR) / 2 + 2 + (deepest + 1) * self._label_height()
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, top = float(self.width()), self._bar_top()
        confidence = self._comparison.confidence
        assert confidence is not None
        x = self.position(confidence, width)
        painter.fillRect(QRectF(0, top, width, _BAR), QColor(t.track))
        painter.fillRect(QRectF(0, top, x, _BAR), QColor(t.trackfill))
        for _, value in self._comparison.thresholds:
            at = self._within(self.position(value, width), _TICK_WIDTH / 2, width)
            tick = QRectF(at - _TICK_WIDTH / 2, top - (_TICK - _BAR) / 2, _TICK_WIDTH, _TICK)
            painter.fillRect(tick, QColor(t.text))
        self._paint_value(painter, x, top, width)
        self._paint_labels(painter, top, width)

    def _paint_value(self, painter: QPainter, x: float, top: float, width: float) -> None:
        t = palette.tokens()
        tip = top + 1
        half = _ARROW_WIDTH / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.text))
        painter.drawPolygon(
            QPolygonF([QPointF(x - half, tip - _ARROW), QPointF(x + half, tip - _ARROW), QPointF(x, tip)])
        )
        lead, digits = self._words("verdict.scale.this_call"), str(self._comparison.confidence)
        small, bold = QFontMetricsF(palette.font()), QFontMetricsF(_figures(bold=True))
        gap = small.horizontalAdvance(" ")
        before = small.horizontalAdvance(lead) + gap
        # The digits stand over their place; the words lead up to them.
        left, right = inside(x, bold.horizontalAdvance(digits), width)
        if left < before:
            left, right = min(before, max(0.0, width - (right - left))), width
        baseline = round(bold.ascent())
        if left >= before:
            painter.setFont(palette.font())
            painter.setPen(QColor(t.text2))
            painter.drawText(QPointF(left - before, baseline), lead)
        painter.setFont(_figures(bold=True))
        painter.setPen(QColor(t.text))
        shown = bold.elidedText(digits, Qt.TextElideMode.ElideRight, width - left + 0.5)
        painter.drawText(QPointF(left, baseline), shown)

    def _paint_labels(self, painter: QPainter, top: float, width: float) -> None:
        t = palette.tokens()
        bold, caption = _figures(bold=True), palette.font(-2)
        first = top + _BAR + (_TICK - _BAR) / 2 + 2
        for text, name, left, right, level in self._labels(width):
            font = bold if name else palette.font(-2)
            metrics = QFontMetricsF(font)
            y = first + level * self._label_height()
            baseline = y + QFontMetricsF(bold).ascent()
            painter.setFont(font)
            painter.setPen(QColor(t.text if name else t.text3))
            middle = (left + right) / 2
            painter.drawText(QPointF(middle - metrics.horizontalAdvance(text) / 2, round(baseline)), text)
            if name:
                below = QFontMetricsF(caption)
                painter.setFont(caption)
                painter.setPen(QColor(t.text2))
                at = QPointF(
                    middle - below.horizontalAdvance(name) / 2,
                    round(y + QFontMetricsF(bold).height() + below.ascent() - 2),
                )
                painter.drawText(at, name)

    def _labels(self, width: float) -> list[tuple[str, str, float, float, int]]:
        """(number, name, left, right, level) of every label below the line; the ends have no name."""
        bold, caption = QFontMetricsF(_figures(bold=True)), QFontMetricsF(palette.font(-2))
        ends = []
        for value, middle in ((self.axis.low, 0.0), (self.axis.high, width)):
            text = plain(value)
            ends.append((text, "", *inside(middle, caption.horizontalAdvance(text), width), 0))
        spans = [
            inside(
                self.position(value, width),
                max(bold.horizontalAdvance(str(value)), caption.horizontalAdvance(name)),
                width,
            )
            for name, value in self._comparison.thresholds
        ]
        found = levels(spans, [(left, right) for _, _, left, right, _ in ends])
        return ends + [
            (str(value), name, left, right, level)
            for (name, value), (left, right), level in zip(
                self._comparison.thresholds, spans, found, strict=True
            )
        ]

    @staticmethod
    def _within(x: float, half: float, width: float) -> float:
        return min(max(half, x), width - half)

    @staticmethod
    def _bar_top() -> float:
        return math.ceil(QFontMetricsF(palette.font()).height()) + _ARROW

    @staticmethod
    def _label_height() -> float:
        return QFontMetricsF(palette.font()).height() + QFontMetricsF(palette.font(-2)).height() - 2


def _figures(*, bold: bool) -> QFont:
    return tabular(palette.font(bold=bold))

"""The vendor's readings of one code, lettered, each with the same weight. Never a verdict of ours."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.chip import Badge
from faceid_review.desk.verdict.section import beside, stacked
from faceid_review.desk.verdict.text import Text
from faceid_review.faceid import glossary
from faceid_review.faceid.glossary import Reading, Sure
from faceid_review.i18n import Words


class Readings(QWidget):
    """A box with one row a reading: what it says in the reader's language, and the vendor's own words."""

    def __init__(self, readings: Sequence[Reading], words: Words) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSpacing(13)
        self.rows: list[QWidget] = []
        # All of them with the vendor's words or none: a second line would give a reading more weight.
        vendor_differs = any(reading.vendor not in ("", reading.ours) for reading in readings)
        for letter, reading in zip(ascii_uppercase, readings, strict=False):
            lines: list[QWidget] = [Text(reading.ours, bold=True, wrap=True)]
            if reading.vendor and vendor_differs:
                lines.append(Text(reading.vendor, ink="text2", wrap=True))
            if reading.sure is Sure.INFERRED:
                lines.append(
                    Text(glossary.sureness(reading.sure).short.text(words.lang), ink="text2", step=-1)
                )
            row = beside(Badge(letter), *lines) if len(readings) > 1 else stacked(lines)
            self.rows.append(row)
            self._column.addWidget(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(t.edge), 1))
        painter.setBrush(QColor(t.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for row in self.rows[1:]:
            painter.fillRect(QRectF(12, row.y() - 7, self.width() - 24, 1), QColor(t.line))

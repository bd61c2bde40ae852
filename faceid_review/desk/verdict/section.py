"""A section of the pane: a hairline above, a heading, and what stands under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.verdict.flow import Flow
from faceid_review.desk.verdict.reflow import Reflow
from faceid_review.desk.verdict.text import Text

SIDE: Final = 14
_ABOVE, _BELOW, _GAP = 10, 9, 4
_FEWEST_LETTERS: Final = 20


class Section(QWidget):
    """One group of facts. ``hint`` stands at the right of the heading, or under it where it is too long."""

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__()
        self.ruled = True
        self.setAccessibleName(title)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SIDE, _ABOVE, SIDE, _BELOW)
        self._column.setSpacing(_GAP)
        if title:
            parts = [Text(title, ink="text2", bold=True)]
            parts += [Text(hint, ink="text2", step=-1)] if hint else []
            self.add(Flow(parts, gap=12, spread=True))

    def add(self, widget: QWidget) -> None:
        """Put ``widget`` under what is there."""
        self._column.addWidget(widget)

    def say(self, text: str, *, ink: str = "text", step: int = 0, bold: bool = False) -> Text:
        """Put a sentence under what is there."""
        made = Text(text, ink=ink, step=step, bold=bold, wrap=True)
        self.add(made)
        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.ruled:
            QPainter(self).fillRect(QRect(0, 0, self.width(), 1), QColor(palette.tokens().line))


class Facts(Reflow):
    """Rows of a name and a value; where the names leave too little room, the value stands under its name."""

    def __init__(self, *, bold: bool = True) -> None:
        super().__init__()
        self._bold = bold
        self._rows: list[tuple[QWidget, QWidget]] = []
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(3)

    def fact(self, name: str, *values: QWidget) -> None:
        """Add a row. Several values stand under each other."""
        self.together([name], stacked(values) if len(values) > 1 else values[0])

    def together(self, names: Sequence[str], value: QWidget) -> None:
        """Several names, under each other, that share one value."""
        ink = "text2" if self._bold else "text"
        labels = [Text(name, ink=ink, bold=self._bold) for name in names]
        self._rows.append((stacked(labels, 3), value))
        self._place(len(self._rows) - 1, False)

    def arrange(self, compact: bool) -> None:
        for row in range(len(self._rows)):
            self._place(row, compact)

    def needed(self) -> int:
        names = max((name.sizeHint().width() for name, _ in self._rows), default=0)
        return names + _FEWEST_LETTERS * self.fontMetrics().averageCharWidth()

    def _place(self, row: int, compact: bool) -> None:
        name, value = self._rows[row]
        self.grid.setColumnStretch(0 if compact else 1, 1)
        self.grid.setColumnStretch(1 if compact else 0, 0)
        self.grid.addWidget(name, 2 * row, 0, Qt.AlignmentFlag.AlignTop)
        if compact:
            self.grid.addWidget(value, 2 * row + 1, 0)
        else:
            self.grid.addWidget(value, 2 * row, 1)


def beside(mark: QWidget, *column: QWidget) -> QWidget:
    """A shape or badge at the left of a column of words."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(1)
    grid.setColumnStretch(1, 1)
    grid.addWidget(mark, 0, 0, max(1, len(column)), 1, Qt.AlignmentFlag.AlignTop)
    for row, words in enumerate(column):
        grid.addWidget(words, row, 1)
    return made


def stacked(widgets: Sequence[QWidget], gap: int = 1) -> QWidget:
    """Widgets under each other without a margin."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(gap)
    for widget in widgets:
        column.addWidget(widget)
    return made

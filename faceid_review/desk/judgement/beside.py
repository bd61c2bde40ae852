"""The cases of one dispute, a column each: as many side by side as the pane has room for, the others below them."""

from __future__ import annotations

from html import escape
from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from faceid_review.desk import palette
from faceid_review.desk.buttons import Link
from faceid_review.desk.shortened import start_of
from faceid_review.desk.verdict.text import Passage, Text
from faceid_review.i18n import Words
from faceid_review.review.side_by_side import Beside, cells

_GAP: Final = 12
_FEWEST_LETTERS: Final = 14
_ABOVE, _BELOW = 4, 8


class _Column(NamedTuple):
    head: QWidget
    start: Text
    values: tuple[Passage, ...]
    photographs: QWidget


class SideBySide(QWidget):
    """``case_wanted`` carries the biz_id of another case, ``photographs_wanted`` that of one to lay beside this one.

    ``here`` is the case on show. ``comparable`` says whether it has a photograph.
    """

    case_wanted = Signal(str)
    photographs_wanted = Signal(str)

    def __init__(self, words: Words, here: str, told: tuple[Beside, ...], *, comparable: bool) -> None:
        super().__init__()
        self.setObjectName("side_by_side")
        self.setAccessibleName(words("beside.title"))
        self._words, self._here, self._comparable = words, here, comparable
        self._columns = [self._column(one) for one in told]
        self._labels = [label for label, _ in cells(told[0], words)] if told else []
        self._captions: list[list[Text]] = []
        self._several = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(1)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._arrange(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange((self.width() + _GAP) // (self._least() + _GAP))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._arrange((self.width() + _GAP) // (self._least() + _GAP))

    def _arrange(self, room: int) -> None:
        """Place the cases, as many in a row as there is ``room`` for."""
        several = max(1, min(room, len(self._columns)))
        if several == self._several:
            return
        self._several = several
        while self._grid.takeAt(0):
            pass
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, 0)
        for place in range(len(self._columns)):
            self._grid.setColumnStretch(place, int(place < several))
        blocks = range(0, len(self._columns), several)
        for captions in self._captions[len(blocks) :]:
            for caption in captions:
                caption.hide()
        row = 0
        for number, first in enumerate(blocks):
            row = self._block(number, self._columns[first : first + several], row)

    def _block(self, number: int, columns: list[_Column], row: int) -> int:
        """One row of cases, from row ``row`` of the grid on; gives the row after it."""
        if number == len(self._captions):
            self._captions.append([Text(label, ink="text2", step=-1) for label in self._labels])
            for caption in self._captions[number]:
                caption.setContentsMargins(0, _ABOVE, 0, 0)
        for place, column in enumerate(columns):
            self._grid.addWidget(column.head, row, place, Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(column.start, row + 1, place)
        row += 2
        for at, caption in enumerate(self._captions[number]):
            self._grid.addWidget(caption, row, 0, 1, self._several)
            caption.show()
            for place, column in enumerate(columns):
                self._grid.addWidget(column.values[at], row + 1, place, Qt.AlignmentFlag.AlignTop)
            row += 2
        for place, column in enumerate(columns):
            self._grid.addWidget(column.photographs, row, place, Qt.AlignmentFlag.AlignLeft)
        self._grid.setRowMinimumHeight(row + 1, _BELOW)
        return row + 2

    def _column(self, one: Beside) -> _Column:
        words, here = self._words, one.biz_id == self._here
        name = one.number or start_of(one.biz_id)
        told = cells(one, words)
        head: QWidget
        if here or one.head is None:
            head = Text(name, bold=True)
        else:
            head = self._link(name, one.biz_id, words("dispute.open_case", biz_id=one.biz_id))
            head.setAccessibleDescription("\n".join(f"{label}: {said}" for label, said in told))
            head.clicked.connect(self._want_case)
        start = Text(start_of(one.biz_id), ink="text2", step=-1, fixed=True)
        start.setToolTip(escape(one.biz_id))
        values = tuple(Passage(said, f"{name}, {label}", ours=True) for label, said in told)
        for value in values:
            # The Tab key goes from case to case.
            value.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        photographs: QWidget = Text(words("beside.here"), ink="text2", step=-1) if here else QWidget()
        if not here and self._comparable and one.pictures:
            spoken = words("beside.photographs_of", number=name)
            photographs = self._link(words("beside.photographs"), f"photographs {one.biz_id}", spoken)
            photographs.clicked.connect(self._want_photographs)
        return _Column(head, start, values, photographs)

    def _link(self, text: str, name: str, spoken: str) -> Link:
        link = Link(text)
        link.setObjectName(name)
        link.setAccessibleName(spoken)
        link.setToolTip(escape(spoken))
        # Enter presses it like Space does.
        link.setAutoDefault(True)
        return link

    def _least(self) -> int:
        """The narrowest column: its links, and some letters of a value."""
        letters = round(_FEWEST_LETTERS * QFontMetricsF(palette.font()).averageCharWidth())
        hints = [part.sizeHint().width() for c in self._columns for part in (c.head, c.photographs)]
        return max([letters, *hints])

    @Slot()
    def _want_case(self) -> None:
        self.case_wanted.emit(self.sender().objectName())

    @Slot()
    def _want_photographs(self) -> None:
        self.photographs_wanted.emit(self.sender().objectName().removeprefix("photographs "))

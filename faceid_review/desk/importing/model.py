"""The found places as a table. Cells are worded when they are painted, so many thousands cost nothing."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from html import escape
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from faceid_review.desk.importing import wording
from faceid_review.desk.importing.wording import Phase
from faceid_review.desk.intake.wording import Cell
from faceid_review.i18n import Words, grouped
from faceid_review.review.intake import Kind, Place

_Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns, from left to right."""

    SOURCE = 0
    HOLDS = 1
    STANDING = 2
    OUTCOME = 3


class PlacesModel(QAbstractTableModel):
    """Rows in the order in which they were found."""

    def __init__(self, words: Words, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._places: tuple[Place, ...] = ()
        self._phase = Phase.EMPTY
        self._settled = 0
        self._not_yet: frozenset[str] = frozenset()

    def show_places(self, places: Sequence[Place], phase: Phase, settled: int = 0) -> None:
        """Show these; of a finished import the first ``settled`` are settled, and it did not come to the others."""
        self.beginResetModel()
        self._places, self._phase, self._settled = tuple(places), phase, settled
        self._not_yet = wording.not_yet(self._places, settled)
        self.endResetModel()

    def show_phase(self, phase: Phase) -> None:
        """The same places, at another point of the way."""
        self._phase = phase
        self._all_changed()

    def speak(self, words: Words) -> None:
        """Say everything in ``words``."""
        self._words = words
        self._all_changed()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def opens(self, row: int) -> str:
        """The biz_id of the case a row leads to; empty where it leads nowhere."""
        place = self._places[row]
        there = place.kind is not Kind.UNREADABLE and place.biz_id not in self._not_yet
        return str(place.biz_id) if there and place.biz_id else ""

    def cell(self, row: int, column: int) -> Cell:
        """What a cell says."""
        place = self._places[row]
        match column:
            case Column.SOURCE:
                return wording.source(place, self._words)
            case Column.HOLDS:
                return wording.holds(place, self._words)
            case Column.STANDING:
                return wording.standing(place, self._words)
        settled, opens = row < self._settled, bool(self.opens(row))
        return wording.outcome(place, self._words, self._phase, settled=settled, opens=opens)

    # ---- Qt asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._places)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.cell(row, column).text
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row) if column == Column.SOURCE else self.cell(row, column).spoken
            case Qt.ItemDataRole.ToolTipRole:
                return escape(self.cell(row, column).spoken)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._words(f"importing.column.{Column(section).name.lower()}")
        if orientation == Qt.Orientation.Vertical and role == Qt.ItemDataRole.AccessibleTextRole:
            # Never seen, but a screen reader finds the head of each row all the same.
            return self._number(section)
        return None

    def _spoken(self, row: int) -> str:
        told = [self.cell(row, column).spoken for column in Column]
        return self._words("importing.comma").join(part for part in (*told, self._number(row)) if part)

    def _number(self, row: int) -> str:
        return self._words("importing.place", number=grouped(row + 1), of=grouped(len(self._places)))

    def _all_changed(self) -> None:
        if self._places:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._places) - 1, len(Column) - 1))

"""The recognised ids as a table, and which of them are ticked to be asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum
from html import escape
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from faceid_review.desk.intake import wording
from faceid_review.desk.intake.batch import Batch
from faceid_review.desk.intake.wording import Cell, Offer
from faceid_review.desk.time_left import TimeLeft
from faceid_review.i18n import Words, grouped
from faceid_review.review.recognition import Kind, Recognised, Survey
from faceid_review.review.retrieval import Retrieval

_Index = QModelIndex | QPersistentModelIndex
_MAY: Final = (Kind.NEW, Kind.EXPIRED)


class Column(IntEnum):
    """The columns, from left to right."""

    WHERE = 0
    KIND = 1
    TIME = 2
    BATCH = 3


class RecognisedModel(QAbstractTableModel):
    """Rows in the order of the survey: as they will be asked, then what will not be.

    A tick is kept by id, so it outlives a change of the text: NEW ids are ticked unless somebody took the
    tick away, EXPIRED ones only where somebody set it, no others ever. ``ticks_changed`` tells of any change.
    """

    ticks_changed = Signal()

    def __init__(self, words: Words, batch: Batch, now: datetime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words, self._batch, self._now = words, batch, now
        self._places: tuple[Recognised, ...] = ()
        self._rows: dict[str, int] | None = None
        self._new: frozenset[str] = frozenset()
        self._expired: frozenset[str] = frozenset()
        self._unticked: set[str] = set()
        self._ticked: set[str] = set()
        self._ticks = 0
        self._may = 0

    # ---- what is shown

    def show_survey(self, survey: Survey) -> None:
        """Show the places of another survey."""
        self.beginResetModel()
        self._places = survey.places
        self._rows = None
        self._new = _ids(survey.of(Kind.NEW))
        self._expired = _ids(survey.of(Kind.EXPIRED))
        self.endResetModel()
        self._recount()

    def batch_changed(self) -> None:
        """The batch has begun or ended: any row may look and tick differently."""
        self._all_changed()
        self._recount()

    def retrieval_changed(self, retrieval: Retrieval) -> None:
        """Something became of one id."""
        row = self._row_of(retrieval.biz_id)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def set_now(self, now: datetime) -> None:
        """Count the time left from ``now``."""
        self._now = now
        self._all_changed()

    def speak(self, words: Words) -> None:
        """Say everything in ``words``."""
        self._words = words
        self._all_changed()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    # ---- ticks

    @property
    def ticks(self) -> int:
        """How many ids are ticked and may be asked."""
        return self._ticks

    @property
    def tick_state(self) -> Qt.CheckState:
        """The ticks of all that may be asked, as one."""
        if not self._ticks:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.Checked if self._ticks == self._may else Qt.CheckState.PartiallyChecked

    @property
    def may(self) -> int:
        """How many ids may be ticked."""
        return self._may

    def ticked_ids(self) -> tuple[str, ...]:
        """The ids to ask, in the order they will be asked."""
        return tuple(
            str(place.biz_id) for place in self._places if self.may_tick(place) and self.ticked(place)
        )

    def may_tick(self, place: Recognised) -> bool:
        """Whether a place may be asked at all, now."""
        return place.kind in _MAY and self._batch.free(str(place.biz_id))

    def ticked(self, place: Recognised) -> bool:
        """Whether a place is ticked, if it may be."""
        if place.kind is Kind.NEW:
            return place.biz_id not in self._unticked
        return place.kind is Kind.EXPIRED and place.biz_id in self._ticked

    def toggle(self, row: int) -> None:
        """Tick a row or take its tick away; does nothing where it may not be asked."""
        place = self._places[row]
        if not self.may_tick(place):
            return
        biz_id = str(place.biz_id)
        # What is out of the ordinary is kept: a NEW id without a tick, an EXPIRED one with one.
        unusual = self._unticked if place.kind is Kind.NEW else self._ticked
        unusual.symmetric_difference_update({biz_id})
        self._ticks += 1 if self.ticked(place) else -1
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))
        self.ticks_changed.emit()

    def tick_all(self, ticked: bool) -> None:
        """Tick all NEW ids, or take every tick away. An expired id is never ticked together with others."""
        if ticked:
            self._unticked.clear()
        else:
            self._ticked.clear()
            self._unticked.update(self._new)
        self._all_changed()
        self._recount()

    # ---- what is asked

    def place(self, row: int) -> Recognised:
        """The place in the text that a row shows."""
        return self._places[row]

    def check(self, row: int) -> tuple[Qt.CheckState, bool] | None:
        """The tick of a row and whether it can be changed now; None where the row has no box."""
        place = self._places[row]
        if place.kind not in _MAY:
            return None
        if self.may_tick(place):
            return (Qt.CheckState.Checked if self.ticked(place) else Qt.CheckState.Unchecked), True
        return (Qt.CheckState.Checked, False) if self._batch.running else None

    def cell(self, row: int, column: int) -> Cell | TimeLeft:
        """What a cell says."""
        place = self._places[row]
        match column:
            case Column.WHERE:
                return wording.where(place, self._words)
            case Column.KIND:
                return wording.recognised_as(place, self._words)
            case Column.TIME:
                told = wording.time_of(place, self._words, self._now)
                return Cell(told) if isinstance(told, str) else told
        return wording.this_batch(
            place,
            self._told(place),
            self.ticked(place),
            self._meant_line(place),
            self._words,
        )

    def offer(self, row: int) -> Offer:
        """What pressing a row does."""
        place = self._places[row]
        return wording.offer_of(place, self._told(place), self._meant_line(place))

    # ---- Qt asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._places)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        check = self.check(index.row()) if index.column() == Column.WHERE else None
        return flags | Qt.ItemFlag.ItemIsUserCheckable if check and check[1] else flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                cell = self.cell(row, column)
                return cell.text
            case Qt.ItemDataRole.AccessibleTextRole:
                told = self._spoken(row) if column == Column.WHERE else self._spoken_cell(row, column)
                return told or self._words("fetch.blank")
            case Qt.ItemDataRole.ToolTipRole:
                return escape(self._spoken_cell(row, column))
            case Qt.ItemDataRole.CheckStateRole if column == Column.WHERE:
                check = self.check(row)
                return check[0] if check else None
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        check = self.check(index.row())
        if role != Qt.ItemDataRole.CheckStateRole or check is None or not check[1]:
            return False
        if Qt.CheckState(value) != check[0]:
            self.toggle(index.row())
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._words(f"fetch.column.{Column(section).name.lower()}")
        if orientation == Qt.Orientation.Vertical and role == Qt.ItemDataRole.AccessibleTextRole:
            # Never seen, but a screen reader finds the head of each row all the same.
            return self._place(section)
        return None

    # ---- words

    def _spoken(self, row: int) -> str:
        """A whole row, with its tick and its number."""
        check = self.check(row)
        told = [self._spoken_cell(row, column) for column in Column]
        if check:
            told.insert(1, self._words(f"fetch.{'un' if check[0] == Qt.CheckState.Unchecked else ''}ticked"))
        told.append(self._place(row))
        return self._words("fetch.comma").join(part for part in told if part)

    def _place(self, row: int) -> str:
        return self._words("fetch.place", number=grouped(row + 1), of=grouped(len(self._places)))

    def _spoken_cell(self, row: int, column: int) -> str:
        cell = self.cell(row, column)
        return cell.text if isinstance(cell, TimeLeft) else cell.spoken

    def _told(self, place: Recognised) -> Retrieval | None:
        return self._batch.of(place.biz_id) if place.biz_id is not None else None

    def _meant_line(self, place: Recognised) -> int:
        row = self._row_of(place.meant) if place.meant else None
        return 0 if row is None else self._places[row].line

    # ---- counting

    def _recount(self) -> None:
        taken = self._batch.taken
        new, expired = (self._new - taken, self._expired - taken) if taken else (self._new, self._expired)
        self._may = len(new) + len(expired)
        self._ticks = len(new - self._unticked if self._unticked else new) + len(expired & self._ticked)
        self.ticks_changed.emit()

    def _row_of(self, biz_id: str) -> int | None:
        if self._rows is None:
            self._rows = {
                place.biz_id: row
                for row, place in enumerate(self._places)
                if place.biz_id is not None and place.kind is not Kind.DUPLICATE
            }
        return self._rows.get(biz_id)

    def _all_changed(self) -> None:
        if self._places:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._places) - 1, len(Column) - 1))


def _ids(places: Iterable[Recognised]) -> frozenset[str]:
    return frozenset(place.biz_id for place in places if place.biz_id is not None)

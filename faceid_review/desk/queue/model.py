"""The rows of the queue, grouped and sorted, for a view that asks only for what it shows.

A group is a sorted list of keys that end in the biz_id, so a row is found by its id at once and its place by
bisection: nothing is ever numbered anew, however long the queue is.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from faceid_review.desk.queue.listing import Listing, Placed
from faceid_review.desk.queue.row import Group, Key, Row, key_of
from faceid_review.review.case import Stage

__all__ = ["Group", "Header", "QueueModel", "Row"]

_Index = QModelIndex | QPersistentModelIndex


class Header(NamedTuple):
    """The line above a group."""

    group: Group
    rows: int


class _Section:
    """A group's keys, sorted; ``headed`` is 1 while its header stands in the list."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.keys: list[Key] = []
        self.headed = 0

    def __len__(self) -> int:
        return self.headed + len(self.keys)


class QueueModel(QAbstractListModel):
    """Rows and group headers as one list. A header can be neither selected nor reached.

    ``spoken`` makes a row's full sentence for a screen reader from the row, whether it is of the running batch,
    its number among the rows (from 1) and the number of rows; ``titled`` names a header.
    """

    def __init__(
        self,
        spoken: Callable[[Row, bool, int, int], str],
        titled: Callable[[Header], str],
    ) -> None:
        super().__init__()
        self._spoken, self._titled = spoken, titled
        self._at: dict[str, Placed] = {}
        self._made: dict[str, Row] = {}
        self._batch: dict[str, int] = {}
        self._sections = {group: _Section(group) for group in Group}
        self._now = datetime.now(UTC)

    # ---- what is shown

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows and no others; of two with one biz_id the later counts."""
        self.show(Listing.of(rows, self._now))

    def show(self, listing: Listing) -> None:
        """Show what was laid out, and nothing else. The listing belongs to this model from here on."""
        self.beginResetModel()
        self._at, self._made = listing.placed, {}
        for group, section in self._sections.items():
            section.keys = listing.keys[group]
        self._gather()
        self.endResetModel()

    def update_row(self, row: Row) -> None:
        """Show one row, new or changed, at the place it belongs to now."""
        if row.biz_id not in self._at:
            self._insert(row)
            return
        self._made[row.biz_id] = row
        self._move(row)
        place = self.index(self.place_of(row.biz_id))
        self.dataChanged.emit(place, place)

    def remove_row(self, biz_id: str) -> None:
        """Take a row out that does not belong here any more."""
        placed = self._at.get(biz_id)
        if placed is None:
            return
        section = self._sections[placed.group]
        offset = bisect_left(section.keys, placed.key)
        place = self._start(section) + section.headed + offset
        self.beginRemoveRows(QModelIndex(), place, place)
        del section.keys[offset]
        del self._at[biz_id]
        self._made.pop(biz_id, None)
        self.endRemoveRows()
        self._behead(section)
        self._count_changed(section)

    def show_batch(self, biz_ids: Sequence[str]) -> None:
        """Let these ids stand in a group of their own, in this order; none of them dissolves the group."""
        self.beginResetModel()
        self._batch = {biz_id: number for number, biz_id in enumerate(biz_ids)}
        self._gather()
        self.endResetModel()

    def set_now(self, now: datetime) -> None:
        """Count the time left from ``now``; ids whose day is over go to the end of their group."""
        if now < self._now:
            # The clock was set back: whose day was over may have time again.
            self._now = now
            self.show_rows([self._row(biz_id) for biz_id in self._at])
            return
        self._now = now
        risk, waiting = self._sections[Group.RISK], self._sections[Group.WAITING]
        for section in (risk, waiting):
            while section.keys and self._key(first := self._row(section.keys[0][-1]))[1] != section.keys[0]:
                self._move(first)
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def retell(self) -> None:
        """All words have changed."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    # ---- what is asked

    @property
    def count(self) -> int:
        """How many rows there are, headers not counted."""
        return len(self._at)

    def item(self, place: int) -> Row | Header | None:
        """What stands at ``place``, counted from 0 with the headers."""
        found = self._located(place)
        if found is None:
            return None
        section, offset = found
        if offset < 0:
            return Header(section.group, len(section.keys))
        return self._row(section.keys[offset][-1])

    def place_of(self, biz_id: str) -> int:
        """Where a biz_id stands, counted from 0 with the headers; -1 where it does not."""
        if biz_id not in self._at:
            return -1
        _, group, key = self._at[biz_id]
        section = self._sections[group]
        return self._start(section) + section.headed + bisect_left(section.keys, key)

    def in_batch(self, row: Row) -> bool:
        """Whether a row stands in the group of the running batch."""
        return row.biz_id in self._at and self._at[row.biz_id].group is Group.BATCH

    def following(self, place: int) -> str:
        """The biz_id of the first row after ``place``, and round again, that has been answered or is unknown."""
        count = self.rowCount()
        for step in range(1, count + 1):
            item = self.item((place + step) % count)
            if isinstance(item, Row) and (item.stage.answered or item.stage is Stage.UNKNOWN):
                return item.biz_id
        return ""

    def headers(self) -> list[int]:
        """The places of the group headers."""
        return [self._start(section) for section in self._sections.values() if section.headed]

    # ---- Qt asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else sum(len(section) for section in self._sections.values())

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if isinstance(self.item(index.row()), Row):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        match self.item(index.row()), role:
            case Header() as header, Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._titled(header)
            case Row() as row, Qt.ItemDataRole.DisplayRole:
                return row.biz_id
            case Row() as row, Qt.ItemDataRole.ToolTipRole:
                return escape(row.biz_id)
            case Row() as row, Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row, self.in_batch(row), self._number(index.row()), self.count)
        return None

    # ---- places

    def _row(self, biz_id: str) -> Row:
        """The row of an id, made when it is first looked at."""
        made = self._made.get(biz_id)
        if made is None:
            kept = self._at[biz_id].row
            made = self._made[biz_id] = kept if isinstance(kept, Row) else Row.of(kept)
        return made

    def _key(self, row: Row) -> tuple[Group, Key]:
        group, key = key_of(row, self._now)
        if row.biz_id in self._batch or group is Group.BATCH:
            return Group.BATCH, (self._batch.get(row.biz_id, len(self._batch)), row.biz_id)
        return group, key

    def _gather(self) -> None:
        """Put what belongs to the batch there, and what does not any more where it belongs; nobody looks."""
        batch = self._sections[Group.BATCH]
        were = [key[-1] for key in batch.keys]
        batch.keys = []
        for biz_id in dict.fromkeys((*were, *(b for b in self._batch if b in self._at))):
            old, row = self._at[biz_id], self._row(biz_id)
            if old.group is not Group.BATCH:
                keys = self._sections[old.group].keys
                del keys[bisect_left(keys, old.key)]
            group, key = self._key(row)
            insort(self._sections[group].keys, key)
            self._at[biz_id] = Placed(row, group, key)
        for section in self._sections.values():
            section.headed = int(bool(section.keys))

    def _insert(self, row: Row) -> None:
        group, key = self._key(row)
        section = self._sections[group]
        self._head(section)
        offset = bisect_left(section.keys, key)
        place = self._start(section) + 1 + offset
        self.beginInsertRows(QModelIndex(), place, place)
        self._made[row.biz_id] = row
        section.keys.insert(offset, key)
        self._at[row.biz_id] = Placed(row, group, key)
        self.endInsertRows()
        self._count_changed(section)

    def _move(self, row: Row) -> None:
        """Bring a row that stands already to the place it belongs to; a selection goes with it."""
        (group, key), (_, old_group, old_key) = self._key(row), self._at[row.biz_id]
        old, new = self._sections[old_group], self._sections[group]
        self._at[row.biz_id] = self._at[row.biz_id]._replace(row=row)
        if old is new and key == old_key:
            return
        self._head(new)
        was, wanted = bisect_left(old.keys, old_key), bisect_left(new.keys, key)
        source, target = self._start(old) + 1 + was, self._start(new) + 1 + wanted
        moves = target not in (source, source + 1)
        if moves:
            self.beginMoveRows(QModelIndex(), source, source, QModelIndex(), target)
        del old.keys[was]
        new.keys.insert(bisect_left(new.keys, key), key)
        self._at[row.biz_id] = Placed(row, group, key)
        if moves:
            self.endMoveRows()
        if old is not new:
            self._behead(old)
            self._count_changed(old)
            self._count_changed(new)

    def _head(self, section: _Section) -> None:
        if section.headed:
            return
        place = self._start(section)
        self.beginInsertRows(QModelIndex(), place, place)
        section.headed = 1
        self.endInsertRows()

    def _behead(self, section: _Section) -> None:
        if section.keys or not section.headed:
            return
        place = self._start(section)
        self.beginRemoveRows(QModelIndex(), place, place)
        section.headed = 0
        self.endRemoveRows()

    def _count_changed(self, section: _Section) -> None:
        if section.headed:
            header = self.index(self._start(section))
            self.dataChanged.emit(header, header)

    def _start(self, wanted: _Section) -> int:
        place = 0
        for section in self._sections.values():
            if section is wanted:
                break
            place += len(section)
        return place

    def _located(self, place: int) -> tuple[_Section, int] | None:
        """The section of a place and the offset in it, -1 for its header."""
        if place < 0:
            return None
        for section in self._sections.values():
            if place < len(section):
                return section, place - section.headed
            place -= len(section)
        return None

    def _number(self, place: int) -> int:
        return place + 1 - sum(header < place for header in self.headers())

"""The rows of the queue, grouped and sorted, for a view that asks only for what it shows.

A group is a sorted list of keys that end in the biz_id, so a row is found by its id at once and its place by
bisection: nothing is ever numbered anew, however long the queue is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from html import escape
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from faceid_review.faceid.biz_id import BizId
from faceid_review.review.case import Stage

_Index = QModelIndex | QPersistentModelIndex
_Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One biz_id as the queue shows it: its head (``case.facts_of``) and, while arriving, ``received`` bytes.

    ``code`` is the vendor's word of a refusal, ``strictest`` the strictest threshold passed, ``next`` the next
    one, which is missed. What the head does not hold is empty, 0 or None.
    """

    biz_id: str
    stage: Stage
    case: str = ""
    account: str = ""
    at: datetime | None = None
    code: str = ""
    passed: bool | None = None
    reason: str = ""
    confidence: str = ""
    strictest: str = ""
    next: str = ""
    flags: tuple[str, ...] = ()
    pictures: int = 0
    biz_no: str = ""
    received: int = 0

    @classmethod
    def of(cls, head: Mapping[str, Any]) -> Row:
        """The row of a head. Only ``biz_id`` and ``stage`` must be there; facts not known here are left out."""
        at = head.get("at")
        return cls(
            biz_id=str(head["biz_id"]),
            stage=Stage(head["stage"]),
            case=head.get("case") or "",
            account=head.get("account") or "",
            at=datetime.fromisoformat(at) if at else None,
            code=head.get("code") or "",
            passed=head.get("passed"),
            reason=head.get("reason") or "",
            confidence=head.get("confidence") or "",
            strictest=head.get("strictest") or "",
            next=head.get("next") or "",
            flags=tuple(head.get("flags") or ()),
            pictures=head.get("pictures") or 0,
            biz_no=head.get("biz_no") or "",
            received=head.get("received") or 0,
        )

    @property
    def began(self) -> datetime | None:
        """When the session began, read from the id; None where it does not tell."""
        return BizId(self.biz_id).began

    @property
    def ends(self) -> datetime | None:
        """The estimated end of the vendor's day; None where the id does not tell."""
        return BizId(self.biz_id).ends


class Group(StrEnum):
    """The groups of the queue, from top to bottom."""

    BATCH = "batch"
    RISK = "risk"
    CALL = "call"
    CASES = "cases"


class Header(NamedTuple):
    """The line above a group."""

    group: Group
    rows: int


class _Section:
    """A group's keys, sorted; ``headed`` is 1 while its header stands in the list."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.keys: list[_Key] = []
        self.headed = 0

    def __len__(self) -> int:
        return self.headed + len(self.keys)


_GROUP_OF: Final = {
    Stage.ASKING: Group.BATCH,
    Stage.QUEUED: Group.RISK,
    Stage.NOT_SENT: Group.RISK,
    Stage.CANCELLED: Group.RISK,
    Stage.UNKNOWN: Group.CALL,
    Stage.REFUSED: Group.CALL,
}


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
        self._rows: dict[str, Row] = {}
        self._at: dict[str, tuple[_Section, _Key]] = {}
        self._batch: dict[str, int] = {}
        self._sections = {group: _Section(group) for group in Group}
        self._now = datetime.now(UTC)

    # ---- what is shown

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows and no others; of two with one biz_id the later counts."""
        self.beginResetModel()
        self._rows = {row.biz_id: row for row in rows}
        self._rebuild()
        self.endResetModel()

    def update_row(self, row: Row) -> None:
        """Show one row, new or changed, at the place it belongs to now."""
        if row.biz_id not in self._rows:
            self._insert(row)
            return
        self._rows[row.biz_id] = row
        self._move(row)
        place = self.index(self.place_of(row.biz_id))
        self.dataChanged.emit(place, place)

    def show_batch(self, biz_ids: Sequence[str]) -> None:
        """Let these ids stand in a group of their own, in this order; none of them dissolves the group."""
        self.beginResetModel()
        self._batch = {biz_id: number for number, biz_id in enumerate(biz_ids)}
        self._rebuild()
        self.endResetModel()

    def set_now(self, now: datetime) -> None:
        """Count the time left from ``now``; ids whose day is over go to the end of their group."""
        if now < self._now:
            # The clock was set back: whose day was over may have time again.
            self._now = now
            self.show_rows(tuple(self._rows.values()))
            return
        self._now = now
        risk = self._sections[Group.RISK]
        while risk.keys and self._key(first := self._rows[risk.keys[0][-1]])[1] != risk.keys[0]:
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
        return len(self._rows)

    def item(self, place: int) -> Row | Header | None:
        """What stands at ``place``, counted from 0 with the headers."""
        found = self._located(place)
        if found is None:
            return None
        section, offset = found
        if offset < 0:
            return Header(section.group, len(section.keys))
        return self._rows[section.keys[offset][-1]]

    def place_of(self, biz_id: str) -> int:
        """Where a biz_id stands, counted from 0 with the headers; -1 where it does not."""
        if biz_id not in self._at:
            return -1
        section, key = self._at[biz_id]
        return self._start(section) + section.headed + bisect_left(section.keys, key)

    def in_batch(self, row: Row) -> bool:
        """Whether a row stands in the group of the running batch."""
        return row.biz_id in self._at and self._at[row.biz_id][0].group is Group.BATCH

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

    def _key(self, row: Row) -> tuple[Group, _Key]:
        group = _GROUP_OF.get(row.stage, Group.CASES)
        if row.biz_id in self._batch or group is Group.BATCH:
            return Group.BATCH, (self._batch.get(row.biz_id, len(self._batch)), row.biz_id)
        if group is Group.RISK:
            ends = row.ends
            over = ends is not None and ends <= self._now
            return group, (over, ends.timestamp() if ends else float("inf"), row.biz_id)
        return group, (-row.at.timestamp() if row.at else float("-inf"), row.biz_id)

    def _rebuild(self) -> None:
        for section in self._sections.values():
            section.keys.clear()
        for row in self._rows.values():
            group, key = self._key(row)
            self._sections[group].keys.append(key)
        for section in self._sections.values():
            section.keys.sort()
            section.headed = int(bool(section.keys))
        self._at = {key[-1]: (section, key) for section in self._sections.values() for key in section.keys}

    def _insert(self, row: Row) -> None:
        group, key = self._key(row)
        section = self._sections[group]
        self._head(section)
        offset = bisect_left(section.keys, key)
        place = self._start(section) + 1 + offset
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows[row.biz_id] = row
        section.keys.insert(offset, key)
        self._at[row.biz_id] = (section, key)
        self.endInsertRows()
        self._count_changed(section)

    def _move(self, row: Row) -> None:
        """Bring a row that stands already to the place it belongs to; a selection goes with it."""
        (group, key), (old, old_key) = self._key(row), self._at[row.biz_id]
        new = self._sections[group]
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
        self._at[row.biz_id] = (new, key)
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

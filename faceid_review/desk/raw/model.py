"""The tree of an answer for Qt: made as it is looked at, and never more than a hundred rows under one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from faceid_review.desk.raw.wording import in_words, name_of, said
from faceid_review.faceid.raw import Kind, Node
from faceid_review.i18n import Words

Index = QModelIndex | QPersistentModelIndex

NAME: Final = Qt.ItemDataRole.UserRole
VALUE: Final = Qt.ItemDataRole.UserRole + 1
IN_WORDS: Final = Qt.ItemDataRole.UserRole + 2

_AT_ONCE: Final = 100
_NONE: Final = QModelIndex()


class _Item:
    """A value, or a range of the values that a long one holds: places ``first`` to ``last``, the last left out."""

    __slots__ = ("children", "first", "last", "node", "parent", "row")

    def __init__(self, node: Node, parent: _Item | None, row: int, first: int, last: int) -> None:
        self.node, self.parent, self.row = node, parent, row
        self.first, self.last = first, last
        self.children: dict[int, _Item] = {}

    @property
    def is_range(self) -> bool:
        return self.parent is not None and self.parent.node is self.node

    @property
    def step(self) -> int:
        """How many values each child stands for."""
        step = 1
        while (self.last - self.first) > _AT_ONCE * step:
            step *= _AT_ONCE
        return step

    @property
    def count(self) -> int:
        return -(-(self.last - self.first) // self.step)

    def child(self, row: int) -> _Item:
        if row not in self.children:
            step = self.step
            first = self.first + row * step
            if step > 1:
                made = _Item(self.node, self, row, first, min(self.last, first + step))
            else:
                node = self.node.child(first)
                made = _Item(node, self, row, 0, node.count)
            self.children[row] = made
        return self.children[row]


class RawModel(QAbstractItemModel):
    """One column. A row's text is ``name: value``; ``NAME``, ``VALUE`` and ``IN_WORDS`` are its parts to paint."""

    def __init__(self, words: Words, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._top: _Item | None = None

    def show_root(self, root: Node | None) -> None:
        """Show the values that ``root`` holds; one that holds none is a row itself."""
        self.beginResetModel()
        if root is None:
            self._top = None
        elif root.count:
            self._top = _Item(root, None, 0, 0, root.count)
        else:
            self._top = _Item(Node(None), None, 0, 0, 1)
            self._top.children[0] = _Item(root, self._top, 0, 0, 0)
        self.endResetModel()

    def speak(self, words: Words) -> None:
        """Say what is ours in another language."""
        self.layoutAboutToBeChanged.emit()
        self._words = words
        self.layoutChanged.emit()

    def node(self, index: Index) -> Node | None:
        """The value of a row; None of no row, and of one that stands for a range."""
        item = self._item(index)
        return None if item is None or item is self._top or item.is_range else item.node

    def place(self, rows: Sequence[int]) -> QModelIndex:
        """The row of the value that is reached from the root by these places among siblings."""
        item, index = self._top, QModelIndex()
        if item is None:
            return index
        for place in rows:
            while (step := item.step) > 1:
                row = (place - item.first) // step
                index, item = self.index(row, 0, index), item.child(row)
            row = place - item.first
            if not 0 <= row < item.count:
                return QModelIndex()
            index, item = self.index(row, 0, index), item.child(row)
        return index

    def index(self, row: int, column: int, parent: Index = _NONE) -> QModelIndex:
        item = self._item(parent)
        if item is None or column != 0 or not 0 <= row < item.count:
            return QModelIndex()
        return self.createIndex(row, 0, item.child(row))

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # QObject.parent() shares the name
        item = self._item(index)
        above = item.parent if item else None
        if above is None or above is self._top:
            return QModelIndex()
        return self.createIndex(above.row, 0, above)

    def rowCount(self, parent: Index = _NONE) -> int:
        item = self._item(parent)
        return item.count if item else 0

    def columnCount(self, parent: Index = _NONE) -> int:
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self._item(index)
        if item is None or item is self._top:
            return None
        if item.is_range:
            text = f"{item.first} – {item.last - 1}"
            values = {NAME: text, VALUE: "", IN_WORDS: True}
            return text if role in _TEXTS else values.get(role)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{name_of(item.node)}: {self._said(item.node)}"
            case int() if role == NAME:
                return name_of(item.node)
            case int() if role == VALUE:
                return self._said(item.node)
            case int() if role == IN_WORDS:
                return in_words(item.node, self._words)
        return None

    def _said(self, node: Node) -> str:
        text = said(node, self._words)
        return f"{text} {self._words('raw.twice')}" if node.twice else text

    def _item(self, index: Index) -> _Item | None:
        if not index.isValid():
            return self._top
        item = index.internalPointer()
        return item if isinstance(item, _Item) else None


_TEXTS: Final = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


def opened_at_first(model: RawModel, most: int = 60) -> list[QModelIndex]:
    """The rows to unfold when an answer is shown: level by level, as long as no more than ``most`` rows show."""
    shown, level, chosen = model.rowCount(), [QModelIndex()], list[QModelIndex]()
    while level:
        below = []
        for parent in level:
            for row in range(model.rowCount(parent)):
                index = model.index(row, 0, parent)
                inside, node = model.rowCount(index), model.node(index)
                if inside and node is not None and node.kind in (Kind.OBJECT, Kind.LIST):
                    if shown + inside > most:
                        continue
                    shown += inside
                    chosen.append(index)
                    below.append(index)
        level = below
    return chosen

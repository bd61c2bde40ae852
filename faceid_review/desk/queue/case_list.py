"""A QListView whose rows have one height and whose headers have another, placed by arithmetic.

Left to itself Qt measures every row anew whenever one changes: 30 ms for 10,000 rows, 300 ms for 100,000, at
each new chunk of an arriving answer. Here nothing is measured but one row and one header.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtCore import QPoint as Point
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyleOptionViewItem, QWidget

from faceid_review.desk import palette
from faceid_review.desk.queue.delegate import QueueDelegate
from faceid_review.desk.queue.model import QueueModel
from faceid_review.desk.shapes import paint_ring

_Move = QAbstractItemView.CursorAction


class CaseList(QListView):
    """``opened`` is a row somebody pressed or clicked."""

    opened = Signal(QModelIndex)

    def __init__(self, model: QueueModel, delegate: QueueDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows, self._painter = model, delegate
        self._row, self._header = 55, 25
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        # Every point is painted here: what scrolls is moved, and only what comes into sight is painted.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setItemDelegate(delegate)
        self.setModel(model)
        self.clicked.connect(self.opened)

    # ---- where things are

    def visualRect(self, index: QModelIndex | QPersistentModelIndex) -> QRect:
        if not index.isValid() or index.row() >= self._rows.rowCount():
            return QRect()
        top, height = self._span(index.row())
        return QRect(0, top - self.verticalOffset(), self.viewport().width(), height)

    def indexAt(self, point: Point) -> QModelIndex:
        place = self._place_at(point.y() + self.verticalOffset())
        return self._rows.index(place) if 0 <= place < self._rows.rowCount() else QModelIndex()

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if not index.isValid():
            return
        self.updateGeometries()
        top, height = self._span(index.row())
        # The header goes with the first row of its group.
        above = top - self._header if index.row() - 1 in self._rows.headers() else top
        bar, room = self.verticalScrollBar(), self.viewport().height()
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(top - (room - height) // 2)
        elif above < bar.value() or hint == QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(above)
        elif top + height > bar.value() + room or hint == QAbstractItemView.ScrollHint.PositionAtBottom:
            bar.setValue(top + height - room)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index)
        return region

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        index = self.indexAt(rect.center())
        chosen = QItemSelection(index, index) if self._reachable(index) else QItemSelection()
        self.selectionModel().select(chosen, command)

    def moveCursor(self, action: _Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        last = self._rows.rowCount() - 1
        here = self.currentIndex().row()
        page = max(1, self.viewport().height() // self._row - 1)
        match action:
            case _Move.MoveUp | _Move.MovePrevious | _Move.MoveLeft:
                return self._near(here - 1, -1)
            case _Move.MoveDown | _Move.MoveNext | _Move.MoveRight:
                return self._near(here + 1, 1)
            case _Move.MovePageUp:
                return self._near(max(0, here - page), -1)
            case _Move.MovePageDown:
                return self._near(min(last, here + page), 1)
            case _Move.MoveHome:
                return self._near(0, 1)
            case _Move.MoveEnd:
                return self._near(last, -1)
        return self.currentIndex()

    def step(self, by: int) -> None:
        """Go to the next row (1) or the one before (-1)."""
        self.setCurrentIndex(self._near(self.currentIndex().row() + by, by))

    def keyboardSearch(self, search: str) -> None:
        """Nothing: letters are commands here, and the search box searches."""

    # ---- what Qt would measure

    def doItemsLayout(self) -> None:
        # QListView would ask for every row here, one by one.
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:
        width, room = self.viewport().width(), self.viewport().height()
        self._row, self._header = self._painter.row_height(width), self._painter.header_height()
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._height() - room))
        bar.setPageStep(room)
        bar.setSingleStep(self._row // 2)
        self.horizontalScrollBar().setRange(0, 0)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        self.updateGeometries()

    def paintEvent(self, event: QPaintEvent) -> None:
        viewport = self.viewport()
        painter = QPainter(viewport)
        painter.fillRect(event.rect(), QColor(palette.tokens().panel))
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        plain = option.state
        current = self.currentIndex().row() if self.hasFocus() else -1
        for place in range(self._place_at(event.rect().top() + self.verticalOffset()), self._rows.rowCount()):
            index = self._rows.index(place)
            box = self.visualRect(index)
            if box.top() > event.rect().bottom():
                break
            if not event.region().intersects(box):
                continue
            state = plain & ~(QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_Selected)
            if place == current:
                state |= QStyle.StateFlag.State_HasFocus
            if self.selectionModel().isSelected(index):
                state |= QStyle.StateFlag.State_Selected
            option.rect, option.state = box, state
            self._painter.paint(painter, option, index)
        if self.hasFocus() and current < 0:
            paint_ring(painter, viewport.rect().toRectF(), 0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self._reachable(self.currentIndex()):
            self.selectionModel().setCurrentIndex(
                self._near(0, 1), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self.updateGeometries()

    # ---- arithmetic

    def _span(self, place: int) -> tuple[int, int]:
        """Top, from the top of the whole list, and height of what stands at ``place``."""
        headers = self._rows.headers()
        above = sum(header < place for header in headers)
        top = above * self._header + (place - above) * self._row
        return top, self._header if place in headers else self._row

    def _height(self) -> int:
        headers = len(self._rows.headers())
        return headers * self._header + (self._rows.rowCount() - headers) * self._row

    def _place_at(self, y: int) -> int:
        """What stands at ``y`` from the top of the whole list."""
        place = max(0, y) // self._row
        while place + 1 < self._rows.rowCount() and self._span(place + 1)[0] <= y:
            place += 1
        return place if y < self._height() else self._rows.rowCount()

    def _near(self, place: int, by: int) -> QModelIndex:
        """The first row from ``place`` on, going ``by``; where there is none, the current one."""
        while 0 <= place < self._rows.rowCount():
            index = self._rows.index(place)
            if self._reachable(index):
                return index
            place += by
        return self.currentIndex()

    def _reachable(self, index: QModelIndex) -> bool:
        return index.isValid() and bool(index.flags() & Qt.ItemFlag.ItemIsSelectable)

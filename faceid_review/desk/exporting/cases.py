"""The cases that can be exported together: a list with a box before each, which a needle narrows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from faceid_review.desk import palette
from faceid_review.desk.chip import shape_side
from faceid_review.desk.intake.delegate import paint_box
from faceid_review.desk.line import paint_line
from faceid_review.desk.queue.model import Row
from faceid_review.desk.queue.wording import State
from faceid_review.desk.shapes import paint_ring, paint_shape

_Index = QModelIndex | QPersistentModelIndex
_BOX: Final = 16.0
_SIDE: Final = 10.0
_ROW: Final = Qt.ItemDataRole.UserRole


class CasesModel(QAbstractListModel):
    """Rows that are shown, and which of all are ticked. What is ticked stays so while a needle hides it."""

    ticked = Signal()

    def __init__(self, state: Callable[[Row], State], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._all: tuple[tuple[str, Row], ...] = ()
        self._rows: tuple[Row, ...] = ()
        self._ticked: dict[str, None] = {}

    def show_rows(self, rows: Sequence[Row], ticked: Sequence[str] = ()) -> None:
        """Offer these, newest case first, with some of them ticked."""
        self.beginResetModel()
        known = sorted(rows, key=lambda row: row.case, reverse=True)
        self._all = tuple((f"{row.case}\n{row.biz_id}\n{row.biz_no}".casefold(), row) for row in known)
        self._rows = tuple(known)
        offered = {row.biz_id for row in known}
        self._ticked = dict.fromkeys(biz_id for biz_id in ticked if biz_id in offered)
        self.endResetModel()
        self.ticked.emit()

    def search(self, needle: str) -> None:
        """Show those in which ``needle`` stands: in the number, the biz_id or the biz_no."""
        folded = needle.strip().casefold()
        self.beginResetModel()
        self._rows = tuple(row for text, row in self._all if folded in text)
        self.endResetModel()
        self.ticked.emit()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The biz_ids that are ticked, in the order of the list."""
        return tuple(row.biz_id for _, row in self._all if row.biz_id in self._ticked)

    @property
    def shown(self) -> Qt.CheckState:
        """Whether all that is shown is ticked, some or none of it."""
        number = sum(row.biz_id in self._ticked for row in self._rows)
        if not number:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.Checked if number == len(self._rows) else Qt.CheckState.PartiallyChecked

    def tick_shown(self, ticked: bool) -> None:
        """Tick all that is shown, or none of it."""
        for row in self._rows:
            if ticked:
                self._ticked[row.biz_id] = None
            else:
                self._ticked.pop(row.biz_id, None)
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
        self.ticked.emit()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.case} {row.biz_id} {self._state(row).text}"
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if row.biz_id in self._ticked else Qt.CheckState.Unchecked
            case _ if role == _ROW:
                return row
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        biz_id = self._rows[index.row()].biz_id
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self._ticked[biz_id] = None
        else:
            self._ticked.pop(biz_id, None)
        self.dataChanged.emit(index, index)
        self.ticked.emit()
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable


class CasesList(QListView):
    """The list. Space ticks the current row, a click anywhere in a row ticks it too."""

    def __init__(
        self, model: CasesModel, state: Callable[[Row], State], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("export_cases")
        self.setModel(model)
        self.setItemDelegate(_Painter(state, self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model().rowCount():
            self.setCurrentIndex(self.model().index(0, 0))


class _Painter(QStyledItemDelegate):
    """Box, number and state of a case; its biz_id under the number."""

    def __init__(self, state: Callable[[Row], State], view: QListView) -> None:
        super().__init__(view)
        self._state, self._view = state, view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        lines = QFontMetricsF(palette.font()).height() + QFontMetricsF(palette.font(-1, fixed=True)).height()
        return QSize(200, round(lines) + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        t = palette.tokens()
        row = index.data(_ROW)
        body = QRectF(option.rect)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(body, QColor(t.sel if current else t.field))
        painter.fillRect(QRectF(body.left(), body.bottom() - 1, body.width(), 1), QColor(t.line))
        box = QRectF(body.left() + _SIDE, round(body.center().y() - _BOX / 2), _BOX, _BOX)
        ticked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole))
        paint_box(painter, box, ticked, self._view.isEnabled())
        number, small = palette.font(bold=True), palette.font(-1, fixed=True)
        upper, lower = QFontMetricsF(number).height(), QFontMetricsF(small).height()
        room = QRectF(box.right() + _SIDE, body.top() + 5, body.right() - box.right() - 2 * _SIDE, upper)
        ink = t.selfg if current else t.text
        taken = paint_line(painter, room, row.case, number, ink) + 16
        state = self._state(row)
        colour = t.kind(state.kind)[0] if not current else QColor(t.selfg)
        side = shape_side(QFontMetricsF(palette.font(-1)))
        rest = room.adjusted(taken, 0, 0, 0)
        if rest.width() > 3 * side:
            paint_shape(
                painter, QRectF(rest.left(), rest.center().y() - side / 2, side, side), state.shape, colour
            )
            paint_line(painter, rest.adjusted(side + 5, 0, 0, 0), state.text, palette.font(-1), colour.name())
        under = QRectF(room.left(), room.bottom() + 1, room.width(), lower)
        paint_line(painter, under, row.biz_id, small, t.selfg if current else t.text2)
        if focused:
            paint_ring(painter, body, 2)
        painter.restore()

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        clicked = (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.LeftButton
        )
        pressed = isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Select)
        if not (clicked or pressed):
            return False
        ticked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
        turned = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
        return model.setData(index, turned, Qt.ItemDataRole.CheckStateRole)

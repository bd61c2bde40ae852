"""The tree itself: one line a value, its name and the value in two colours."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetricsF, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from faceid_review.desk import palette
from faceid_review.desk.line import paint_line
from faceid_review.desk.raw.model import IN_WORDS, NAME, VALUE
from faceid_review.desk.shapes import paint_ring

_GAP: Final = 8.0
_INDENT: Final = 16
_LEAST: Final = 21


class Tree(QTreeView):
    """Moves with the arrow keys; letters do nothing here, since looking for them would make every row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rawTree")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setAnimated(False)
        self.setIndentation(_INDENT)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Rows(self))

    def keyboardSearch(self, search: str) -> None:
        """Nothing."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            # Copying and searching are the pane's: the view would copy the row's words.
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()


class _Rows(QStyledItemDelegate):
    """Paints name and value; our own words about a value in the font of the interface."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, max(_LEAST, round(QFontMetricsF(palette.font()).height()) + 4))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        t = palette.tokens()
        rect = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(rect, QColor(t.sel))
        inner = rect.adjusted(2, 0, -6, 0)
        name, value = index.data(NAME), index.data(VALUE)
        if name:
            ink = t.selfg if chosen else t.text2
            taken = paint_line(painter, inner, f"{name}:" if value else name, palette.font(fixed=True), ink)
            inner.adjust(taken + _GAP, 0, 0, 0)
        if value and inner.width() > 0:
            ours = bool(index.data(IN_WORDS))
            ink = t.selfg if chosen else t.text2 if ours else t.text
            paint_line(painter, inner, value, palette.font(-1 if ours else 0, fixed=not ours), ink)
        if chosen and option.state & QStyle.StateFlag.State_HasFocus:
            paint_ring(painter, rect)
        painter.restore()

"""The table of found places: rows of one height, in the dress of the fetch page's table."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from faceid_review.desk import palette
from faceid_review.desk.importing.model import Column, PlacesModel
from faceid_review.desk.intake.delegate import paint_cell, paint_row_ring, row_height
from faceid_review.desk.line import paint_line
from faceid_review.desk.shapes import paint_ring
from faceid_review.i18n import Words

_LEFT = 12.0
_LEAST = (120, 170, 190, 110)
"""How narrow each column may become, at 100 %; what is missing then is scrolled to."""


class PlacesTable(QTableView):
    """``open_wanted`` is a row whose link was clicked, or that Enter was pressed on."""

    open_wanted = Signal(int)

    def __init__(self, model: PlacesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._nothing = ""
        self._pressed = QPersistentModelIndex()
        self.setObjectName("found_places")
        self.setModel(model)
        self.setItemDelegate(_Delegate(model, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        header = _Header(self)
        self.setHorizontalHeader(header)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._measure()

    def speak(self, words: Words) -> None:
        """Say everything in ``words``."""
        self.setAccessibleName(words("importing.table"))
        self._nothing = words("importing.table_empty")
        self.setAccessibleDescription("" if self._rows.rowCount() else self._nothing)
        self._measure()
        self.viewport().update()

    # ---- keys and clicks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if row >= 0 and plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_wanted.emit(row)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: rows are places in files, not words to jump to."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = QPersistentModelIndex(self.indexAt(event.position().toPoint()))
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        # As with a button: what is let go elsewhere than it was pressed was not meant.
        if event.button() == Qt.MouseButton.LeftButton and self._pressed == index and self._is_link(index):
            self.open_wanted.emit(index.row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self._is_link(self.indexAt(event.position().toPoint()))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def _is_link(self, index: QModelIndex) -> bool:
        if not index.isValid() or index.column() != Column.OUTCOME:
            return False
        return bool(self._rows.opens(index.row()))

    # ---- looks

    def paintEvent(self, event: QPaintEvent) -> None:
        viewport = self.viewport()
        painter = QPainter(viewport)
        painter.fillRect(event.rect(), QColor(palette.tokens().panel))
        painter.end()
        super().paintEvent(event)
        painter.begin(viewport)
        if not self._rows.rowCount():
            room = QRectF(viewport.rect()).adjusted(_LEFT, 12, -_LEFT, 0)
            painter.setFont(palette.font(-1))
            painter.setPen(QColor(palette.tokens().text2))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), self._nothing)
        if not self.hasFocus():
            return
        current = self.currentIndex()
        if current.isValid():
            row = self.visualRect(current)
            paint_row_ring(painter, QRectF(0, row.top(), viewport.width(), row.height()))
        else:
            paint_ring(painter, QRectF(viewport.rect()), 0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._measure()

    def _measure(self) -> None:
        """Columns share the room in the measure of their words; below the least of each the table scrolls."""
        self.verticalHeader().setDefaultSectionSize(row_height())
        scale = QFontMetricsF(palette.font()).height() / 18
        least = [width * scale for width in _LEAST]
        spare = max(0.0, self.viewport().width() - sum(least))
        shares = (0.26, 0.30, 0.34, 0.10)
        for column, (width, share) in enumerate(zip(least, shares, strict=True)):
            self.setColumnWidth(column, int(width + spare * share))


class _Delegate(QStyledItemDelegate):
    """Paints cells as the model words them."""

    def __init__(self, model: PlacesModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(option.rect.width(), row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        t = palette.tokens()
        box, column = QRectF(option.rect), index.column()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(box, QColor(t.sel if selected else t.panel))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), QColor(t.line))
        inner = box.adjusted(_LEFT if column == Column.SOURCE else 0, 2, -8, -3)
        cell = self._model.cell(index.row(), column)
        answers = column in (Column.STANDING, Column.OUTCOME) and cell.shape is not None
        paint_cell(
            painter,
            inner,
            cell,
            selected,
            bold=answers,
            lead=column == Column.SOURCE,
            fixed_below=column == Column.HOLDS,
        )
        painter.restore()


class _Header(QHeaderView):
    """Flat column titles."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        return QSize(
            super().sizeHint().width(), max(30, round(QFontMetricsF(palette.font(-1)).height() + 12))
        )

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        t = palette.tokens()
        painter.save()
        painter.fillRect(rect, QColor(t.window))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(t.line))
        title = self.model().headerData(logicalIndex, Qt.Orientation.Horizontal)
        left = _LEFT if logicalIndex == Column.SOURCE else 0
        paint_line(painter, QRectF(rect).adjusted(left, 0, -4, 0), title, palette.font(-1), t.text2)
        painter.restore()

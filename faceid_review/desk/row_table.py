"""A table of rows of one height under flat titles: what the fetch page and the import page have in common."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
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
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from faceid_review.desk import palette
from faceid_review.desk.intake.delegate import paint_row_ring
from faceid_review.desk.line import paint_line
from faceid_review.desk.shapes import paint_ring


class RowTable(QTableView):
    """``link_taken`` is a row whose link was clicked, or that Enter was pressed on.

    ``left`` is the margin before the first column, also of the title and of the words that stand in for no rows.
    """

    link_taken = Signal(int)

    def __init__(self, name: str, model: QAbstractTableModel, left: float, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._left = left
        self._nothing = ""
        self._pressed = QPersistentModelIndex()
        self.setObjectName(name)
        self.setModel(model)
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

    def wear_header(self, header: FlatHeader) -> None:
        """Take the titles; their widths are set by :meth:`measure`."""
        self.setHorizontalHeader(header)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def name_it(self, name: str, nothing: str) -> None:
        """Its name, and what it says while it has no rows."""
        self.setAccessibleName(name)
        self._nothing = nothing
        self.describe()

    def describe(self) -> None:
        """Say to a screen reader what stands in for no rows."""
        self.setAccessibleDescription("" if self.model().rowCount() else self._nothing)

    def is_link(self, index: QModelIndex) -> bool:
        """Whether a valid cell leads somewhere."""
        raise NotImplementedError

    def measure(self) -> None:
        """Make rows and columns as high and wide as their words."""
        raise NotImplementedError

    def toggled(self, row: int, at: QPointF | None) -> bool:
        """Whether Space on a row (``at`` None), or a click on it, was taken for something else than its link."""
        return False

    # ---- keys and clicks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if row >= 0 and plain and event.key() == Qt.Key.Key_Space and self.toggled(row, None):
            return
        if row >= 0 and plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.link_taken.emit(row)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: the rows are places in a text or in files, not words to jump to."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = QPersistentModelIndex(self.indexAt(event.position().toPoint()))
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        # As with a button: what is let go elsewhere than it was pressed was not meant.
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid() or self._pressed != index:
            return
        if not (index.column() == 0 and self.toggled(index.row(), event.position())) and self.is_link(index):
            self.link_taken.emit(index.row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        over = index.isValid() and self.is_link(index)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    # ---- looks

    def paintEvent(self, event: QPaintEvent) -> None:
        viewport = self.viewport()
        painter = QPainter(viewport)
        painter.fillRect(event.rect(), QColor(palette.tokens().panel))
        painter.end()
        super().paintEvent(event)
        painter.begin(viewport)
        if not self.model().rowCount():
            room = QRectF(viewport.rect()).adjusted(self._left, 12, -self._left, 0)
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
        self.measure()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self.measure()


class FlatHeader(QHeaderView):
    """Flat column titles, the first one behind ``left``."""

    def __init__(self, left: float, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._left = left
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
        left = 0 if logicalIndex else self._left
        paint_line(painter, QRectF(rect).adjusted(left, 0, -4, 0), title, palette.font(-1), t.text2)
        painter.restore()

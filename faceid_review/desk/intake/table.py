"""The table of recognised ids: rows of one height, a tick box for all above them, keys for each."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
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
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QFrame, QHeaderView, QTableView, QWidget

from faceid_review.desk import palette
from faceid_review.desk.chip import chip_size
from faceid_review.desk.intake.delegate import (
    BOX_LEFT,
    BOX_SIDE,
    ID_LEFT,
    RecognisedDelegate,
    paint_box,
    paint_row_ring,
    row_height,
)
from faceid_review.desk.intake.model import Column, RecognisedModel
from faceid_review.desk.intake.wording import Offer
from faceid_review.desk.line import paint_line
from faceid_review.desk.shapes import RING, paint_ring
from faceid_review.i18n import Words


class RecognisedTable(QTableView):
    """``offer_taken`` is a row whose link was clicked, or that Enter was pressed on."""

    offer_taken = Signal(int)

    def __init__(self, model: RecognisedModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._widest = ("", "")
        self._nothing = ""
        self._pressed = QPersistentModelIndex()
        self.setObjectName("recognised")
        self.setModel(model)
        self.setItemDelegate(RecognisedDelegate(model, self))
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
        header.setStretchLastSection(True)
        self.tick_all = _TickAll(header)
        self.tick_all.clicked.connect(self._all_clicked)
        model.ticks_changed.connect(self._ticked)
        self._measure()

    def speak(self, words: Words) -> None:
        """Say everything in ``words``; the columns take the room the words need."""
        self.setAccessibleName(words("fetch.table"))
        self.tick_all.setAccessibleName(words("fetch.tick_all"))
        self._nothing = words("fetch.table_empty")
        kinds = ("new", "expired", "kept", "unknown", "refused", "asking", "odd")
        widest = max((words(f"fetch.kind.{kind}") for kind in kinds), key=len)
        duplicate = words("fetch.kind.duplicate", line="00")
        self._widest = (
            max(widest, duplicate, key=len),
            words("left.countdown", hours="00", minutes="00"),
        )
        self._measure()
        self._ticked()

    # ---- keys and clicks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if row >= 0 and plain and event.key() == Qt.Key.Key_Space:
            self._rows.toggle(row)
        elif row >= 0 and plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.offer_taken.emit(row)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: the rows are places in a text, and the text is beside them."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = QPersistentModelIndex(self.indexAt(event.position().toPoint()))
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        # As with a button: what is let go elsewhere than it was pressed was not meant.
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid() or self._pressed != index:
            return
        if index.column() == Column.WHERE and event.position().x() < ID_LEFT:
            self._rows.toggle(index.row())
        elif self._is_link(index):
            self.offer_taken.emit(index.row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self._is_link(self.indexAt(event.position().toPoint()))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    @Slot(bool)
    def _all_clicked(self, checked: bool) -> None:
        self._rows.tick_all(checked)

    @Slot()
    def _ticked(self) -> None:
        self.tick_all.setVisible(bool(self._rows.may))
        self.tick_all.setCheckState(self._rows.tick_state)
        self.setAccessibleDescription("" if self._rows.rowCount() else self._nothing)

    def _is_link(self, index: QModelIndex) -> bool:
        return index.column() == Column.BATCH and self._rows.offer(index.row()) is not Offer.NOTHING

    # ---- looks

    def paintEvent(self, event: QPaintEvent) -> None:
        viewport = self.viewport()
        painter = QPainter(viewport)
        painter.fillRect(event.rect(), QColor(palette.tokens().panel))
        painter.end()
        super().paintEvent(event)
        painter.begin(viewport)
        if not self._rows.rowCount():
            room = QRectF(viewport.rect()).adjusted(BOX_LEFT, 12, -BOX_LEFT, 0)
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
        """Rows and columns as wide and high as their words; the last column takes what is left.

        Where not even a little is left for it, as with very large type, the table scrolls sideways.
        """
        self.verticalHeader().setDefaultSectionSize(row_height())
        small, chip = QFontMetricsF(palette.font(-1)), palette.font(-1, bold=True)
        digit = QFontMetricsF(palette.font(fixed=True)).horizontalAdvance("0")
        titles = [
            small.horizontalAdvance(self._rows.headerData(column, Qt.Orientation.Horizontal)) + 12
            for column in Column
        ]
        kind = max(17 + small.horizontalAdvance(self._widest[0]) + 16, titles[Column.KIND])
        time = max(chip_size(self._widest[1], chip).width() + 12, titles[Column.TIME])
        batch = small.horizontalAdvance("0") * 26
        # An id shows 20 characters where there is room, 12 where there is not.
        spare = self.viewport().width() - ID_LEFT - 8 - kind - time - batch
        where = ID_LEFT + 8 + min(20.0, max(12.0, spare // digit)) * digit
        for column, width in ((Column.WHERE, where), (Column.KIND, kind), (Column.TIME, time)):
            self.setColumnWidth(column, round(width))
        rest = self.viewport().width() - where - kind - time
        self.horizontalHeader().setStretchLastSection(rest >= batch * 0.6)
        if rest < batch * 0.6:
            self.setColumnWidth(Column.BATCH, round(batch))


class _Header(QHeaderView):
    """Flat column titles, with the box that ticks all."""

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
        left = ID_LEFT if logicalIndex == Column.WHERE else 0
        paint_line(painter, QRectF(rect).adjusted(left, 0, -4, 0), title, palette.font(-1), t.text2)
        painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = round(BOX_SIDE) + 2 * RING
        for box in self.findChildren(_TickAll):
            box.setGeometry(round(BOX_LEFT) - RING, (self.height() - side) // 2, side, side)


class _TickAll(QCheckBox):
    """The box above the boxes. A press ticks all, or none where all are ticked."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tick_all")
        self.setTristate(True)

    def nextCheckState(self) -> None:
        ticked = self.checkState() == Qt.CheckState.Checked
        self.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)

    def hitButton(self, pos: QPoint) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.hasFocus():
            paint_ring(painter, box)
        paint_box(painter, box.adjusted(RING, RING, -RING, -RING), self.checkState(), self.isEnabled())

"""The table of recognised ids: rows of one height, a tick box for all above them, keys for each."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from faceid_review.desk import palette
from faceid_review.desk.chip import chip_size
from faceid_review.desk.intake.delegate import (
    BOX_LEFT,
    BOX_SIDE,
    ID_LEFT,
    RecognisedDelegate,
    paint_box,
    row_height,
)
from faceid_review.desk.intake.model import Column, RecognisedModel
from faceid_review.desk.intake.wording import Offer
from faceid_review.desk.row_table import FlatHeader, RowTable
from faceid_review.desk.shapes import RING, paint_ring
from faceid_review.i18n import Words


class RecognisedTable(RowTable):
    """A link is what the last column offers; Space or a click on its box ticks a row."""

    def __init__(self, model: RecognisedModel, parent: QWidget | None = None) -> None:
        super().__init__("recognised", model, BOX_LEFT, parent)
        self._rows = model
        self._widest = ("", "")
        self.setItemDelegate(RecognisedDelegate(model, self))
        header = _Header(ID_LEFT, self)
        self.wear_header(header)
        header.setStretchLastSection(True)
        self.tick_all = _TickAll(header)
        self.tick_all.clicked.connect(self._all_clicked)
        model.ticks_changed.connect(self._ticked)
        self.measure()

    def speak(self, words: Words) -> None:
        """Say everything in ``words``; the columns take the room the words need."""
        self.tick_all.setAccessibleName(words("fetch.tick_all"))
        kinds = ("new", "expired", "kept", "unknown", "refused", "asking", "odd")
        widest = max((words(f"fetch.kind.{kind}") for kind in kinds), key=len)
        duplicate = words("fetch.kind.duplicate", line="00")
        self._widest = (
            max(widest, duplicate, key=len),
            words("left.countdown", hours="00", minutes="00"),
        )
        self.measure()
        self.name_it(words("fetch.table"), words("fetch.table_empty"))
        self._ticked()

    def toggled(self, row: int, at: QPointF | None) -> bool:
        """Tick or untick a row."""
        if at is not None and at.x() >= ID_LEFT:
            return False
        self._rows.toggle(row)
        return True

    def is_link(self, index: QModelIndex) -> bool:
        """Whether a cell offers something."""
        return index.column() == Column.BATCH and self._rows.offer(index.row()) is not Offer.NOTHING

    @Slot(bool)
    def _all_clicked(self, checked: bool) -> None:
        self._rows.tick_all(checked)

    @Slot()
    def _ticked(self) -> None:
        self.tick_all.setVisible(bool(self._rows.may))
        self.tick_all.setCheckState(self._rows.tick_state)
        self.describe()

    def measure(self) -> None:
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


class _Header(FlatHeader):
    """Flat column titles, with the box that ticks all."""

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

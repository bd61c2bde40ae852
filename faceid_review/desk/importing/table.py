"""The table of found places: rows of one height, in the dress of the fetch page's table."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from faceid_review.desk import palette
from faceid_review.desk.importing.model import Column, PlacesModel
from faceid_review.desk.intake.delegate import paint_cell, row_height
from faceid_review.desk.row_table import FlatHeader, RowTable
from faceid_review.i18n import Words

_LEFT = 12.0
_LEAST = (120, 170, 190, 110)
"""How narrow each column may become, at 100 %; what is missing then is scrolled to."""


class PlacesTable(RowTable):
    """A link leads to the case of a place."""

    def __init__(self, model: PlacesModel, parent: QWidget | None = None) -> None:
        super().__init__("found_places", model, _LEFT, parent)
        self._rows = model
        self.setItemDelegate(_Delegate(model, self))
        self.wear_header(FlatHeader(_LEFT, self))
        self.measure()

    def speak(self, words: Words) -> None:
        """Say everything in ``words``."""
        self.name_it(words("importing.table"), words("importing.table_empty"))
        self.measure()
        self.viewport().update()

    def is_link(self, index: QModelIndex) -> bool:
        """Whether a cell opens a case."""
        return index.column() == Column.OUTCOME and bool(self._rows.opens(index.row()))

    def measure(self) -> None:
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

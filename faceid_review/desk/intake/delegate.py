"""Paints the table of recognised ids: tick boxes, two lines a cell, countdown chips and links."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from faceid_review.desk import palette
from faceid_review.desk.chip import chip_size, paint_chip, shape_side
from faceid_review.desk.intake.model import Column, RecognisedModel
from faceid_review.desk.intake.wording import Cell
from faceid_review.desk.line import paint_line
from faceid_review.desk.shapes import paint_ring, paint_shape
from faceid_review.desk.time_left import TimeLeft

BOX_LEFT: Final = 12.0
BOX_SIDE: Final = 16.0
ID_LEFT: Final = BOX_LEFT + BOX_SIDE + 8
_PADDING: Final = 8.0
_GAP: Final = 5.0
_MORE_GAP: Final = 6.0
_MORE_AT_LEAST: Final = 24.0


def row_height() -> int:
    """The height of every row: two lines and some air."""
    lines = QFontMetricsF(palette.font(fixed=True)).height() + QFontMetricsF(palette.font(-2)).height()
    return max(39, round(lines + 7))


def paint_box(painter: QPainter, box: QRectF, state: Qt.CheckState, enabled: bool) -> None:
    """Paint a tick box: empty, ticked, or with a dash where only some are."""
    t = palette.tokens()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    empty = state == Qt.CheckState.Unchecked
    edge = QColor(t.edge if empty else t.accent) if enabled else QColor(t.trackfill)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(QColor(t.field) if empty else edge)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    if not empty:
        pen = QPen(QColor(t.accentfg if enabled else t.field), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        at = box.topLeft()
        if state == Qt.CheckState.Checked:
            points = [QPointF(4, 8.4), QPointF(7, 11.2), QPointF(12, 5.2)]
        else:
            points = [QPointF(4.5, 8), QPointF(11.5, 8)]
        painter.drawPolyline([at + point for point in points])
    painter.restore()


class RecognisedDelegate(QStyledItemDelegate):
    """Paints cells as :meth:`RecognisedModel.cell` words them."""

    def __init__(self, model: RecognisedModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(option.rect.width(), row_height())

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        t = palette.tokens()
        box, row, column = QRectF(option.rect), index.row(), index.column()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(box, QColor(t.sel if selected else t.panel))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), QColor(t.line))
        cell = self._model.cell(row, column)
        inner = box.adjusted(ID_LEFT if column == Column.WHERE else 0, 2, -_PADDING, -3)
        if isinstance(cell, TimeLeft):
            self._paint_countdown(painter, inner, cell)
        else:
            # Bold is for the value that answers the question: what became of it.
            answers = column == Column.BATCH and cell.shape is not None
            paint_cell(painter, inner, cell, selected, fixed=column == Column.WHERE, bold=answers)
        check = self._model.check(row) if column == Column.WHERE else None
        if check:
            at = QRectF(box.left() + BOX_LEFT, box.center().y() - BOX_SIDE / 2, BOX_SIDE, BOX_SIDE)
            paint_box(painter, at.translated(0, -0.5).toAlignedRect().toRectF(), *check)
        painter.restore()

    def _paint_countdown(self, painter: QPainter, box: QRectF, left: TimeLeft) -> None:
        font = palette.font(-1, bold=True)
        text = left.text if chip_size(left.text, font).width() <= box.width() else left.short
        size = chip_size(text, font)
        top = box.center().y() - size.height() / 2
        paint_chip(
            painter,
            QRectF(box.left(), top, min(size.width(), box.width()), size.height()),
            left.shape,
            left.kind,
            text,
            font,
        )


def paint_cell(
    painter: QPainter,
    box: QRectF,
    cell: Cell,
    selected: bool,
    *,
    fixed: bool = False,
    bold: bool = False,
    lead: bool = False,
    fixed_below: bool = False,
) -> None:
    """Paint a cell into ``box``.

    ``fixed`` and ``fixed_below`` are for ids, ``bold`` for a value that answers a question, ``lead`` for what
    names the row.
    """
    t = palette.tokens()
    first = palette.font(fixed=True) if fixed else palette.font(0 if lead else -1, bold=bold)
    second = palette.font(-2, fixed=fixed_below)
    top, bottom = _lines(box, first, second if cell.below else None)
    ink = QColor(t.text if fixed or lead else t.text2)
    if cell.kind:
        ink = t.kind(cell.kind)[0]
    if cell.link == "text":
        ink = QColor(t.accent)
    if selected:
        ink = QColor(t.selfg)
    if cell.shape:
        side = shape_side(QFontMetricsF(first))
        place = QRectF(top.left(), top.center().y() - side / 2, side, side)
        paint_shape(painter, place, cell.shape, ink)
        top.adjust(side + _GAP, 0, 0, 0)
    taken = paint_line(painter, top, cell.text, _linked(first, cell.link == "text"), ink.name())
    if cell.more and top.width() - taken > _MORE_AT_LEAST:
        more = palette.font(-1)
        paint_line(painter, top.adjusted(taken + _MORE_GAP, 0, 0, 0), cell.more, more, ink.name())
    if cell.below:
        below = QColor(t.accent if cell.link == "below" else t.text2)
        shown = t.selfg if selected else below.name()
        paint_line(painter, bottom, cell.below, _linked(second, cell.link == "below"), shown)


def paint_row_ring(painter: QPainter, rect: QRectF) -> None:
    """Paint the focus ring round a whole row."""
    paint_ring(painter, rect.adjusted(0, 0, 0, -1), 0)


def _linked(font: QFont, link: bool) -> QFont:
    if link:
        font = QFont(font)
        font.setUnderline(True)
    return font


def _lines(box: QRectF, first: QFont, second: QFont | None) -> tuple[QRectF, QRectF]:
    """The places of one or two lines, together in the middle of the box."""
    height = QFontMetricsF(first).height()
    below = QFontMetricsF(second).height() if second else 0.0
    top = box.center().y() - (height + below) / 2
    return (
        QRectF(box.left(), top, box.width(), height),
        QRectF(box.left(), top + height, box.width(), below),
    )

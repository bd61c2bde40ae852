"""Paints the queue: group headers, and rows of two lines (three where large type leaves no room beside the id)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from faceid_review.desk import palette
from faceid_review.desk.chip import chip_size, paint_chip, shape_side
from faceid_review.desk.line import paint_line
from faceid_review.desk.queue.model import Header, Row
from faceid_review.desk.queue.wording import State
from faceid_review.desk.shapes import paint_ring, paint_shape
from faceid_review.desk.shortened import start_of
from faceid_review.desk.time_left import TimeLeft

_PADDING: Final = 12.0
_GAP: Final = 5.0
_EDGE: Final = 3.0
_FACT_GAP: Final = 6.0
_ID_AT_LEAST: Final = 10
_SEPARATOR: Final = " · "


class _Room(Enum):
    """What may stand beside an id: the whole countdown, a short one, or nothing, so that it goes below."""

    FULL = auto()
    SHORT = auto()
    NONE = auto()


@dataclass(frozen=True)
class Told:
    """What a row says, ready to be painted."""

    state: State
    facts: tuple[str, ...]
    moment: TimeLeft | str


class QueueDelegate(QStyledItemDelegate):
    """Paints what stands at a place (``item``) in the words of a row (``told``) or of a header (``titled``).

    ``widest`` is a countdown as wide as any, to know beforehand what has room beside an id.
    """

    def __init__(
        self,
        item: Callable[[int], Row | Header | None],
        told: Callable[[Row], Told],
        titled: Callable[[Header], tuple[str, str]],
        widest: Callable[[], TimeLeft],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._item, self._told, self._titled, self._widest = item, told, titled, widest

    def row_height(self, width: int) -> int:
        """The height of every row in a list of this width."""
        first = max(chip_size("0", _chip_font()).height(), QFontMetricsF(palette.font(fixed=True)).height())
        second = QFontMetricsF(palette.font(-1)).height()
        lines = first + second + (first + 2 if self._room(width) is _Room.NONE else 0)
        return max(55, round(lines + 17))

    def header_height(self) -> int:
        """The height of every group header."""
        return max(25, round(QFontMetricsF(palette.font(-1, bold=True)).height() + 6))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(option.rect.width(), self.row_height(option.rect.width()))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        box = QRectF(option.rect)
        item = self._item(index.row())
        painter.save()
        if isinstance(item, Header):
            self._paint_header(painter, box, item)
        elif item is not None:
            self._paint_row(painter, box, item, option.state)
        painter.restore()

    def _paint_header(self, painter: QPainter, box: QRectF, header: Header) -> None:
        t = palette.tokens()
        painter.fillRect(box, QColor(t.window))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), QColor(t.line))
        title, count = self._titled(header)
        inner = box.adjusted(_PADDING, 0, -_PADDING, 0)
        number = palette.font(-1)
        room = QFontMetricsF(number).horizontalAdvance(count)
        paint_line(
            painter, inner.adjusted(0, 0, -room - _GAP, 0), title, palette.font(-1, bold=True), t.text2
        )
        paint_line(painter, inner.adjusted(inner.width() - room, 0, 0, 0), count, number, t.text2)

    def _paint_row(self, painter: QPainter, box: QRectF, row: Row, state: QStyle.StateFlag) -> None:
        t = palette.tokens()
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(box, QColor(t.sel))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), QColor(t.line))
        if selected:
            painter.fillRect(QRectF(box.left(), box.top(), _EDGE, box.height()), QColor(t.accent))
        told = self._told(row)
        inner = box.adjusted(_PADDING, 8, -_PADDING, -9)
        first = max(chip_size("0", _chip_font()).height(), QFontMetricsF(palette.font(fixed=True)).height())
        top = QRectF(inner.left(), inner.top(), inner.width(), first)
        room = self._room(int(box.width()))
        if room is _Room.NONE:
            third = QRectF(inner.left(), inner.bottom() - first, inner.width(), first)
            _moment(painter, third, told.moment, selected, Qt.AlignmentFlag.AlignLeft)
            second = QRectF(inner.left(), top.bottom(), inner.width(), third.top() - top.bottom())
        else:
            moment = told.moment
            if isinstance(moment, TimeLeft) and room is _Room.SHORT:
                moment = moment._replace(text=moment.short)
            taken = _moment(painter, top, moment, selected, Qt.AlignmentFlag.AlignRight)
            second = QRectF(inner.left(), top.bottom(), inner.width(), inner.bottom() - top.bottom())
            top.adjust(0, 0, -taken - (8 if taken else 0), 0)
        ink = t.selfg if selected else t.text
        paint_line(painter, top, start_of(row.biz_id), palette.font(fixed=True), ink)
        _state(painter, second, told, selected)
        if state & QStyle.StateFlag.State_HasFocus:
            paint_ring(painter, box.adjusted(0, 0, 0, -1), 0)

    def _room(self, width: int) -> _Room:
        """What has room beside as much of an id as tells it from others."""
        enough = _ID_AT_LEAST * QFontMetricsF(palette.font(fixed=True)).horizontalAdvance("0")
        spare = width - 2 * _PADDING - 8 - enough
        widest = self._widest()
        if chip_size(widest.text, _chip_font()).width() <= spare:
            return _Room.FULL
        return _Room.SHORT if chip_size(widest.short, _chip_font()).width() <= spare else _Room.NONE


def _chip_font() -> QFont:
    return palette.font(-1, bold=True)


def _moment(
    painter: QPainter, box: QRectF, moment: TimeLeft | str, selected: bool, side: Qt.AlignmentFlag
) -> float:
    """Paint a countdown or a time at one side of the box; the width it took."""
    t = palette.tokens()
    right = side == Qt.AlignmentFlag.AlignRight
    if isinstance(moment, str):
        font = palette.font(-1)
        width = min(QFontMetricsF(font).horizontalAdvance(moment) + 1, box.width())
        place = QRectF(box.right() - width if right else box.left(), box.top(), width, box.height())
        paint_line(painter, place, moment, font, t.selfg if selected else t.text2)
        return width if moment else 0.0
    font = _chip_font()
    size = chip_size(moment.text, font)
    width = min(size.width(), box.width())
    left = box.right() - width if right else box.left()
    place = QRectF(left, box.center().y() - size.height() / 2, width, size.height())
    paint_chip(painter, place, moment.shape, moment.kind, moment.text, font)
    return width


def _state(painter: QPainter, box: QRectF, told: Told, selected: bool) -> None:
    """Shape and word of the state, then the facts, as many as have room."""
    t = palette.tokens()
    ink = QColor(t.selfg) if selected else t.kind(told.state.kind)[0]
    font = palette.font(-1)
    side = shape_side(QFontMetricsF(font))
    paint_shape(painter, QRectF(box.left(), box.center().y() - side / 2, side, side), told.state.shape, ink)
    word = box.adjusted(side + _GAP, 0, 0, 0)
    taken = paint_line(painter, word, told.state.text, font, ink.name()) + _FACT_GAP
    facts = word.adjusted(taken, 0, 0, 0)
    if told.facts and facts.width() > 2 * side:
        paint_line(painter, facts, _SEPARATOR.join(told.facts), font, t.selfg if selected else t.text2)

"""The batch at a glance: one segment an id, or bands in proportion where there are too many; and its counts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from faceid_review.desk import palette
from faceid_review.desk.chip import shape_side
from faceid_review.desk.intake.wording import STAGES
from faceid_review.desk.line import paint_line
from faceid_review.desk.shapes import Shape, paint_shape
from faceid_review.i18n import Words
from faceid_review.review.case import Stage
from faceid_review.review.line import Progress

MOST_SEGMENTS: Final = 60
_FEW: Final = 10
_SOON_S: Final = 20
"""A batch this small and this short needs no estimate."""

_HEIGHT: Final = 8
_SPACE: Final = 2.0
_GAP: Final = 5.0
_ORDER: Final = (
    Stage.KEPT,
    Stage.PURGED,
    Stage.PARTIAL,
    Stage.REFUSED,
    Stage.UNKNOWN,
    Stage.ASKING,
    Stage.QUEUED,
    Stage.NOT_SENT,
    Stage.CANCELLED,
)


class ProgressBar(QWidget):
    """Kept is solid, refused hatched, kept in part and unknown have patterns of their own, arriving is half full.

    How much of an answer is still to come is not known, so half is always half. What was not asked is only
    outlined. :meth:`describe` says it in words.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stages: tuple[Stage, ...] = ()
        self._counts: Mapping[Stage, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_stages(self, counts: Mapping[Stage, int], stages: Sequence[Stage] = ()) -> None:
        """Show a batch: how many ids are in each stage and, for segments, the stage of each in order.

        Without ``stages``, or with more than 60, the counts are shown as bands.
        """
        self._counts = dict(counts)
        self._stages = tuple(stages) if len(stages) <= MOST_SEGMENTS else ()
        self.update()

    def describe(self, words: Words) -> str:
        """The same in words: how many ids are in each stage."""
        return words("fetch.comma").join(item.text for item in counted(self._counts, words))

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def segments(self) -> list[tuple[Stage, float, float]]:
        """What is painted: stage, left edge and width of each segment or band, of 1."""
        if self._stages:
            share = 1 / len(self._stages)
            return [(stage, i * share, share) for i, stage in enumerate(self._stages)]
        total, left, bands = sum(self._counts.values()), 0.0, []
        for stage in _ORDER:
            if n := self._counts.get(stage, 0):
                bands.append((stage, left, n / total))
                left += n / total
        return bands

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        space = _SPACE if self._stages else 0.0
        width = self.width() + space
        for stage, left, share in self.segments():
            # However few of many thousands are refused, they can be seen.
            box = QRectF(left * width, 0, max(2.0, share * width - space), self.height())
            _paint_segment(painter, box, stage)


class Item(NamedTuple):
    """A count with the shape and kind of its stage; a heading has no shape."""

    text: str
    shape: Shape | None = None
    kind: str = ""


def counted(counts: Mapping[Stage, int], words: Words) -> list[Item]:
    """How many ids are in each stage, in words; stages without any are left out."""
    return [
        Item(words.many(f"fetch.count.{stage.value}", counts[stage]), *STAGES[stage])
        for stage in _ORDER
        if counts.get(stage)
    ]


def pace(progress: Progress | None, size: int, words: Words) -> list[Item]:
    """Whether a batch of ``size`` ids is paused, or how long it may still take where that is worth a word."""
    if progress is None:
        return []
    if progress.paused:
        return [Item(words("fetch.paused"), Shape.BARS, "mute")]
    left = progress.seconds_left
    if left is None or not (progress.under_way or progress.waiting) or (size <= _FEW and left <= _SOON_S):
        return []
    minutes, hours = math.ceil(left / 60), round(left / 3600)
    if left < _SOON_S:
        said = words("fetch.left_soon")
    elif left < 60:
        said = words.many("fetch.left_seconds", 10 * math.ceil(left / 10))
    else:
        said = (
            words.many("fetch.left_minutes", minutes)
            if minutes < 120
            else words.many("fetch.left_hours", hours)
        )
    return [Item(said, Shape.CLOCK, "mute")]


class Tally(QWidget):
    """A bold heading and items behind it, each with its shape; breaks into lines where it must."""

    def __init__(self, name: str, parent: QWidget | None = None, *, gap: int = 16) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._items: tuple[Item, ...] = ()
        self._gap = gap
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_items(self, items: Sequence[Item], comma: str = ", ") -> None:
        """Show these; ``comma`` joins them for a screen reader."""
        if self._items == tuple(items):
            return
        self._items = tuple(items)
        self.setAccessibleName(comma.join(item.text for item in items))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(self.width(), 240)))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, round(self._line()))

    def heightForWidth(self, width: int) -> int:
        return math.ceil(max((box.bottom() for _, box in self._places(width)), default=self._line()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        t = palette.tokens()
        for item, box in self._places(self.width()):
            ink = t.kind(item.kind)[0] if item.kind else QColor(t.text)
            room = box
            if item.shape:
                side = self._side()
                place = QRectF(box.left(), box.center().y() - side / 2, side, side)
                paint_shape(painter, place, item.shape, ink)
                room = box.adjusted(side + _GAP, 0, 0, 0)
            paint_line(painter, room, item.text, self._font(item), ink.name())

    def _places(self, width: int) -> list[tuple[Item, QRectF]]:
        x = y = 0.0
        line = self._line()
        places = []
        for item in self._items:
            wide = QFontMetricsF(self._font(item)).horizontalAdvance(item.text)
            wide += self._side() + _GAP if item.shape else 0
            if x and x + wide > width:
                x, y = 0.0, y + line
            places.append((item, QRectF(x, y, min(wide + 1, width - x), line)))
            x += wide + self._gap
        return places

    def _side(self) -> float:
        return shape_side(QFontMetricsF(palette.font(-1)))

    def _line(self) -> float:
        return max(18.0, QFontMetricsF(palette.font(bold=True)).height())

    def _font(self, item: Item) -> QFont:
        return palette.font(-1) if item.shape else palette.font(bold=True)


def _paint_segment(painter: QPainter, box: QRectF, stage: Stage) -> None:
    t = palette.tokens()
    match stage:
        case Stage.KEPT | Stage.PURGED:
            painter.fillRect(box, QColor(t.ok))
        case Stage.PARTIAL:
            painter.fillRect(box, QColor(t.warnbg))
            painter.fillRect(box.adjusted(0, box.height() / 2, 0, 0), QColor(t.warn))
        case Stage.REFUSED:
            painter.fillRect(box, QColor(t.stopbg))
            _hatch(painter, box, QColor(t.stop))
        case Stage.UNKNOWN:
            painter.fillRect(box, QColor(t.warnbg))
            painter.fillRect(box, QBrush(QColor(t.warn), Qt.BrushStyle.Dense4Pattern))
        case Stage.ASKING:
            painter.fillRect(box, QColor(t.track))
            painter.fillRect(QRectF(box.left(), box.top(), box.width() / 2, box.height()), QColor(t.info))
        case Stage.QUEUED:
            painter.fillRect(box, QColor(t.track))
        case _:
            painter.setPen(QPen(QColor(t.edge), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))


def _hatch(painter: QPainter, box: QRectF, ink: QColor) -> None:
    painter.save()
    painter.setClipRect(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 2))
    height, x = box.height(), box.left()
    while x < box.right() + height:
        painter.drawLine(QPointF(x - height, box.bottom()), QPointF(x, box.top()))
        x += 5
    painter.restore()

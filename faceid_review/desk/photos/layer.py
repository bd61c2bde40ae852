"""One photograph as it lies on a side of the stage: how large, where, and how much of it is let through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.photos.view import View

_MOST_KEPT: Final = 2_000_000
"""Device pixels of a reduction that is kept; a larger one is sampled from a halving as it is painted."""

_AT_ONCE: Final = 700_000
"""So many pixels are averaged in a few ms, between two frames; more of them only when the hand rests."""


class Way(StrEnum):
    """How a second photograph is laid over the first."""

    BLINK = "blink"
    SWIPE = "swipe"
    OVERLAY = "overlay"


@dataclass(frozen=True)
class Over:
    """A second photograph over the first.

    ``amount`` goes from 0 to 1: how much of a swipe's width belongs to the left one, how strong an overlay
    is, and for a blink 1 while the second is shown. ``left`` says that in a swipe the second lies at the left.
    """

    picture: Picture
    view: View
    way: Way
    amount: float
    left: bool = False


class Layer(QGraphicsItem):
    """A photograph on the scene, whose unit is the logical pixel of its side.

    ``room`` is what may be painted on, ``ratio`` the device pixels of a logical one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.picture: Picture | None = None
        self.view = View()
        self.exact = False
        self._room, self._middle, self._ratio = QRectF(), QPointF(), 1.0
        self._clip: QRectF | None = None
        self._reduced: QPixmap | None = None
        self._reduced_from: Picture | None = None
        self.setVisible(False)

    def lie_in(self, room: QRectF, middle: QPointF, ratio: float) -> None:
        """The room there is, and where its middle lies."""
        if (room, middle, ratio) != (self._room, self._middle, self._ratio):
            self.prepareGeometryChange()
            self._room, self._middle, self._ratio = room, middle, ratio

    def clip(self, clip: QRectF | None) -> None:
        """Let it be seen through this window alone; None is all of the room."""
        self._clip = clip

    def show_picture(self, picture: Picture | None, view: View, exact: bool) -> None:
        """Show ``picture``, or nothing."""
        self.picture, self.view, self.exact = picture, view, exact
        self.setVisible(picture is not None)
        if picture is None:
            self._reduced = self._reduced_from = None
            return
        target = self._target(picture)
        if self._reduced is not None and not (
            picture is self._reduced_from and target == self._reduced.size()
        ):
            self._reduced = None
        if self._reduced is None and self._reducible(target) and picture.cost(target) <= _AT_ONCE:
            self._reduce(picture, target)
        self.update()

    @property
    def rough(self) -> bool:
        """Whether it is sampled as it is painted and could be averaged instead, once there is time."""
        if self.picture is None or self._reduced is not None:
            return False
        return self._reducible(self._target(self.picture))

    def refine(self) -> None:
        """Average it now."""
        if self.picture is not None and self.rough:
            self._reduce(self.picture, self._target(self.picture))
            self.update()

    def point_at(self, position: QPointF) -> QPointF:
        """The point of the picture that lies at ``position``."""
        return (position * self._ratio - self._origin()) / self.view.scale

    def position_of(self, point: QPointF) -> QPointF:
        """Where ``point`` of the picture lies."""
        return (self._origin() + point * self.view.scale) / self._ratio

    def placed(self) -> QRectF:
        """Where the whole picture lies."""
        assert self.picture is not None
        size = QPointF(self.picture.size.width(), self.picture.size.height())
        return QRectF(self.position_of(QPointF(0, 0)), self.position_of(size))

    def boundingRect(self) -> QRectF:
        return self._room

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self.picture is None:
            return
        room = self._room if self._clip is None else self._room.intersected(self._clip)
        painter.save()
        painter.setClipRect(room)
        # From here on one unit is one device pixel and the picture begins on a whole one: whatever stands
        # at 100 % is then copied, not resampled, on every screen.
        painter.scale(1 / self._ratio, 1 / self._ratio)
        corner = painter.deviceTransform().map(self._origin())
        origin = self._origin() + QPointF(round(corner.x()), round(corner.y())) - corner
        if self._reduced is not None:
            painter.drawPixmap(origin, self._reduced)
        elif self.view.scale == 1:
            painter.drawPixmap(origin, self.picture.whole)
        else:
            self._sample(painter, self.picture, room, origin)
        painter.restore()

    def _sample(self, painter: QPainter, picture: Picture, room: QRectF, origin: QPointF) -> None:
        scale = self.view.scale
        pixmap = picture.whole if scale > 1 or self.exact else picture.level(scale)
        shrunk = pixmap.width() / picture.size.width()
        step = QTransform(scale / shrunk, 0, 0, scale / shrunk, origin.x(), origin.y())
        wanted = QRectF(room.topLeft() * self._ratio, room.size() * self._ratio)
        back, possible = step.inverted()
        if not possible:
            return
        # One pixel more on each side, so that smoothing at the edge of the room knows its neighbours.
        source = back.mapRect(wanted).toAlignedRect().adjusted(-1, -1, 1, 1)
        source = source.intersected(QRect(0, 0, pixmap.width(), pixmap.height()))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not self.exact)
        painter.drawPixmap(step.mapRect(QRectF(source)), pixmap, QRectF(source))

    def _origin(self) -> QPointF:
        """Where the picture's first pixel lies, in device pixels of its side."""
        assert self.picture is not None
        return self._middle * self._ratio - self.view.centre(self.picture.size) * self.view.scale

    def _target(self, picture: Picture) -> QSize:
        size = QSizeF(picture.size) * self.view.scale
        return QSize(max(round(size.width()), 1), max(round(size.height()), 1))

    def _reducible(self, target: QSize) -> bool:
        return self.view.scale < 1 and not self.exact and target.width() * target.height() <= _MOST_KEPT

    def _reduce(self, picture: Picture, target: QSize) -> None:
        self._reduced, self._reduced_from = picture.reduced(target), picture

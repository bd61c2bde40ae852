"""Decoded pixels made ready for the screen. The bytes they came from are never touched here."""

from __future__ import annotations

from functools import cached_property
from typing import Final, Self

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QImage, QPixmap

from faceid_review.desk.photos.alteration import Alteration
from faceid_review.faceid.photograph import Pixels

_SMALL: Final = 96
"""Halvings down to this size are made at once, by the thread that made the picture."""


class Picture:
    """One photograph, upright, 8 bits a channel, with the reductions that were asked for.

    Sizes are in the picture's own pixels. :meth:`of` needs no window and may run in any thread; ``whole``
    and ``reduced`` make QPixmaps and belong to the GUI thread.
    """

    def __init__(self, image: QImage, *, turned: bool = False) -> None:
        self.turned = turned
        self._levels = [image]

    @classmethod
    def of(cls, pixels: Pixels) -> Self:
        """The picture that ``photograph.examine`` decoded."""
        lent = QImage(pixels.rgb, pixels.width, pixels.height, pixels.width * 3, QImage.Format.Format_RGB888)
        # The conversion copies, so the image does not depend on the bytes lent; 32 bits is what Qt paints
        # without converting again.
        picture = cls(lent.convertToFormat(QImage.Format.Format_RGB32), turned=pixels.turned)
        picture._level_for(QSize(_SMALL, _SMALL))
        return picture

    @property
    def size(self) -> QSize:
        """Width and height."""
        return self._levels[0].size()

    @property
    def original(self) -> Picture:
        """The picture as it was decoded, whatever is done to its view."""
        return self

    def altered(self, alteration: Alteration) -> Picture:
        """A view of it; itself where nothing is altered."""
        return Altered(self, alteration) if alteration else self

    def seen(self, point: QPointF) -> QPointF:
        """Where a point of the original lies in this view of it."""
        return point

    def own(self, point: QPointF) -> QPointF:
        """The point of the original that lies at ``point`` of this view of it."""
        return point

    @cached_property
    def whole(self) -> QPixmap:
        """Every pixel as it was decoded."""
        return QPixmap.fromImage(self._image(0))

    def level(self, scale: float) -> QPixmap:
        """The smallest halving that is still as large as the picture at ``scale`` (at most 1)."""
        size = self.size
        number = self._level_for(QSize(round(size.width() * scale), round(size.height() * scale)))
        return QPixmap.fromImage(self._image(number)) if number else self.whole

    def cost(self, size: QSize) -> int:
        """How many pixels are averaged to reduce the picture to ``size``."""
        level = self._image(self._level_for(size)).size()
        return level.width() * level.height()

    def reduced(self, size: QSize) -> QPixmap:
        """The picture averaged down to ``size``, which is no larger than it is."""
        image = self._image(self._level_for(size))
        return QPixmap.fromImage(
            image.scaled(
                size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        )

    def within(self, box: QSize) -> QPixmap:
        """The whole picture as large as fits into ``box`` without enlarging it."""
        size = self.size
        if size.width() > box.width() or size.height() > box.height():
            size.scale(box, Qt.AspectRatioMode.KeepAspectRatio)
        return self.reduced(size.expandedTo(QSize(1, 1)))

    def _image(self, level: int) -> QImage:
        return self._levels[level]

    def _level_for(self, size: QSize) -> int:
        """Each halving is made once: averaging a 4096-pixel picture anew at every step of a zoom is too slow."""
        best = self._levels[0]
        for level in range(1, 32):
            half = QSize((best.width() + 1) // 2, (best.height() + 1) // 2)
            if half == best.size() or half.width() < size.width() or half.height() < size.height():
                return level - 1
            if level == len(self._levels):
                self._levels.append(
                    best.scaled(
                        half, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
                    )
                )
            best = self._levels[level]
        return level


class Altered(Picture):
    """A view of a picture. Only the reductions that are looked at are altered."""

    def __init__(self, picture: Picture, alteration: Alteration) -> None:
        super().__init__(picture._levels[0], turned=picture.turned)
        self._original, self._alteration = picture, alteration
        self._made: dict[int, QImage] = {}

    @property
    def size(self) -> QSize:
        return self._alteration.size(self._original.size)

    @property
    def original(self) -> Picture:
        return self._original

    def altered(self, alteration: Alteration) -> Picture:
        return self._original.altered(alteration)

    def seen(self, point: QPointF) -> QPointF:
        return self._alteration.seen(point, self._original.size)

    def own(self, point: QPointF) -> QPointF:
        return self._alteration.own(point, self._original.size)

    def _image(self, level: int) -> QImage:
        if level not in self._made:
            self._made[level] = self._alteration.of(self._original._image(level))
        return self._made[level]

    def _level_for(self, size: QSize) -> int:
        return self._original._level_for(self._alteration.size(size))

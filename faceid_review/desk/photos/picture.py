"""Decoded pixels made ready for the screen. The bytes they came from are never touched here."""

from __future__ import annotations

from functools import cached_property
from typing import Final, Self

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap

from faceid_review.faceid.photograph import Pixels

_SMALL: Final = 256
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
        picture._at_least(QSize(_SMALL, _SMALL))
        return picture

    @property
    def size(self) -> QSize:
        """Width and height."""
        return self._levels[0].size()

    @cached_property
    def whole(self) -> QPixmap:
        """Every pixel as it was decoded."""
        return QPixmap.fromImage(self._levels[0])

    def level(self, scale: float) -> QPixmap:
        """The smallest halving that is still as large as the picture at ``scale`` (at most 1)."""
        size = self.size
        image = self._at_least(QSize(round(size.width() * scale), round(size.height() * scale)))
        return self.whole if image is self._levels[0] else QPixmap.fromImage(image)

    def reduced(self, size: QSize) -> QPixmap:
        """The picture averaged down to ``size``, which is no larger than it is."""
        image = self._at_least(size)
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

    def _at_least(self, size: QSize) -> QImage:
        """Each halving is made once: averaging a 4096-pixel picture anew at every step of a zoom is too slow."""
        best = self._levels[0]
        for level in range(1, 32):
            half = QSize((best.width() + 1) // 2, (best.height() + 1) // 2)
            if half == best.size() or half.width() < size.width() or half.height() < size.height():
                break
            if level == len(self._levels):
                self._levels.append(
                    best.scaled(
                        half, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
                    )
                )
            best = self._levels[level]
        return best

"""What a reviewer may do to the view of a photograph: turn, mirror, lighten, and never to its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QImage, QTransform

from faceid_review.i18n import Words

MOST: Final = 100
"""Brightness and contrast go from minus this to this."""

GAMMA: Final = (20, 400)
"""Gamma in hundredths, least and most."""

_SLOPE: Final = 4.0


@dataclass(frozen=True)
class Alteration:
    """A view of a picture that is not the picture's own. The default alters nothing.

    ``turns`` are quarter turns clockwise, ``mirrored`` comes after them. ``gamma`` is in hundredths, so that
    100 is none; brightness and contrast go from -100 to 100.
    """

    turns: int = 0
    mirrored: bool = False
    brightness: int = 0
    contrast: int = 0
    gamma: int = 100
    grey: bool = False

    def __bool__(self) -> bool:
        return self != Alteration()

    def turned(self, by: int) -> Alteration:
        """Turned by so many quarters more, clockwise as it is seen now."""
        return replace(self, turns=(self.turns + (-by if self.mirrored else by)) % 4)

    def flipped(self) -> Alteration:
        """Left and right exchanged, as it is seen now."""
        return replace(self, mirrored=not self.mirrored)

    @property
    def facts(self) -> dict[str, int | bool]:
        """What differs from the original, as plain values for an entry."""
        was = Alteration()
        return {name: value for name, value in vars(self).items() if value != getattr(was, name)}

    def describe(self, words: Words) -> str:
        """What differs from the original, in words; empty where nothing does."""
        return words("stage.comma").join(self._parts(words))

    def _parts(self, words: Words) -> Iterator[str]:
        if self.turns:
            yield words("stage.altered.turned", degrees=90 * self.turns)
        if self.mirrored:
            yield words("stage.altered.mirrored")
        if self.brightness:
            yield words("stage.altered.brightness", value=f"{self.brightness:+d}")
        if self.contrast:
            yield words("stage.altered.contrast", value=f"{self.contrast:+d}")
        if self.gamma != 100:
            yield words("stage.altered.gamma", value=f"{self.gamma / 100:.2f}")
        if self.grey:
            yield words("stage.altered.grey")

    # Pixels and points

    def of(self, image: QImage) -> QImage:
        """``image`` as it is to be seen."""
        if self.grey:
            image = image.convertToFormat(QImage.Format.Format_Grayscale8)
        tones = _tones(self.brightness, self.contrast, self.gamma)
        if tones:
            image = _toned(image, tones)
        if self.turns:
            image = image.transformed(QTransform().rotate(90 * self.turns))
        return image.flipped(Qt.Orientation.Horizontal) if self.mirrored else image

    def size(self, own: QSize) -> QSize:
        """How large a picture of ``own`` size is seen; a turn back has the same."""
        return own.transposed() if self.turns % 2 else QSize(own)

    def seen(self, point: QPointF, own: QSize) -> QPointF:
        """Where a ``point`` of the picture is seen."""
        return self._map(own).map(point)

    def own(self, point: QPointF, own: QSize) -> QPointF:
        """Which point of the picture is seen at ``point``."""
        return self._map(own).inverted()[0].map(point)

    def _map(self, own: QSize) -> QTransform:
        seen = self.size(own)
        middle = QTransform.fromTranslate(-own.width() / 2, -own.height() / 2)
        turned = middle * QTransform().rotate(90 * self.turns)
        mirrored = turned * QTransform.fromScale(-1 if self.mirrored else 1, 1)
        return mirrored * QTransform.fromTranslate(seen.width() / 2, seen.height() / 2)


@cache
def _tones(brightness: int, contrast: int, gamma: int) -> bytes:
    """What becomes of each of 256 tones; empty where nothing does."""
    if (brightness, contrast, gamma) == (0, 0, 100):
        return b""
    slope, lift = _SLOPE ** (contrast / MOST), brightness / MOST / 2
    shown = (((tone / 255) ** (100 / gamma) - 0.5) * slope + 0.5 + lift for tone in range(256))
    return bytes(round(255 * min(max(tone, 0.0), 1.0)) for tone in shown)


def _toned(image: QImage, tones: bytes) -> QImage:
    form, shown = image.format(), image
    if form != QImage.Format.Format_Grayscale8:
        # Three bytes a pixel: a fourth that must stay 255 would be toned too.
        shown = image.convertToFormat(QImage.Format.Format_RGB888)
    toned = bytes(shown.constBits()).translate(tones)
    lent = QImage(toned, shown.width(), shown.height(), shown.bytesPerLine(), shown.format())
    # A copy or a conversion, so that the image does not depend on the bytes lent.
    return lent.copy() if form == shown.format() else lent.convertToFormat(form)

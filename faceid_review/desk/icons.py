"""Icons: our own drawings of 16 px, tinted at run time with the colour of the text beside them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from faceid_review import resources
from faceid_review.desk import palette

NAMES = (
    "fetch", "import", "search", "eye", "eye-off", "cover", "lock", "key", "pencil", "link", "export",
    "plus", "folder", "file", "chevron", "clock",
)  # fmt: skip


def icon(name: str, size: int = 16, colour: QColor | None = None) -> QIcon:
    """The icon ``name`` in ``colour`` (the theme's text where none is given).

    A QIcon keeps its colour: ask again when the palette changes. Raises FileNotFoundError for a name that
    nobody has drawn.
    """
    made = QIcon()
    t = palette.tokens()
    for mode, ink in (
        (QIcon.Mode.Normal, colour or QColor(t.text)),
        (QIcon.Mode.Disabled, QColor(t.text3)),
    ):
        for ratio in (1.0, 2.0, 3.0):
            made.addPixmap(QPixmap.fromImage(image(name, size, ink.name(), ratio)), mode)
    return made


@lru_cache(maxsize=256)
def image(name: str, size: int, colour: str, ratio: float) -> QImage:
    """The icon as pixels: ``size`` logical px square at device pixel ratio ``ratio``, in ``#RRGGBB``."""
    drawing = QSvgRenderer(QByteArray(resources.read(f"icons/{name}.svg")))
    side = round(size * ratio)
    made = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    drawing.render(painter, QRectF(0, 0, side, side))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(made.rect(), QColor(colour))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made

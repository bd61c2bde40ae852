"""Light, dark, or as the system has it."""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from faceid_review.desk import palette

_BODY_POINTS: Final = 9.75
"""13 pixels at 100 %."""

_CJK: Final = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC")


_chosen = ""


def chosen() -> str:
    """The theme that was chosen: light, dark, or empty for the system's."""
    return _chosen


def choose(app: QApplication, name: str) -> None:
    """Put on ``light`` or ``dark``; an empty name follows the system."""
    global _chosen  # noqa: PLW0603 - one theme a process, as with QApplication itself
    _chosen = name if name in ("light", "dark") else ""
    dark = name == "dark" or (not name and app.styleHints().colorScheme() == Qt.ColorScheme.Dark)
    palette.apply(app, palette.DARK if dark else palette.LIGHT)


def follow_system(app: QApplication) -> None:
    """Change with the system whenever it changes, unless a theme was chosen."""
    app.styleHints().colorSchemeChanged.connect(lambda _: choose(app, _chosen))


def dress(app: QApplication) -> None:
    """The style and the fonts: Latin first, or its quotation marks become full-width in English."""
    app.setStyle("Fusion")
    latin = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    if sys.platform == "linux" and "Noto Sans" in QFontDatabase.families():
        latin = "Noto Sans"
    font = QFont([latin, *_CJK])
    size = app.font().pointSizeF()
    font.setPointSizeF(max(_BODY_POINTS, size) if sys.platform != "linux" else _BODY_POINTS)
    app.setFont(font)

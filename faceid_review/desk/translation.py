"""Qt's own words, such as those of a text field's menu, in the language of the window."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

_FILES: Final = {"zh": "qtbase_zh_CN"}


def speak(lang: str) -> None:
    """Let Qt speak ``lang`` from now on; English is what it speaks by itself."""
    app = QApplication.instance()
    if app is None:
        return
    for old in app.findChildren(QTranslator, "qt_words"):
        app.removeTranslator(old)
        old.setParent(None)
        old.deleteLater()
    if lang in _FILES:
        made = QTranslator(app)
        made.setObjectName("qt_words")
        if made.load(_FILES[lang], QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(made)

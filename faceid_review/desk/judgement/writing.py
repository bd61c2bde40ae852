"""A field in which a person writes: plain text exactly as typed, exhibits cited by ``@``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QRect, QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QInputMethodEvent,
    QKeyEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QCompleter, QFrame, QPlainTextEdit, QWidget

from faceid_review.desk import palette
from faceid_review.review.judging import EXHIBIT

_BLOCK: Final = "\u2029"
_LONGEST_LINE: Final = 20_000
"""Beyond it a line is not coloured: highlighting is not worth a stop."""


def typed(document: QTextDocument) -> str:
    """The text as typed. ``toPlainText`` would turn blanks that do not break into others."""
    return document.toRawText().replace(_BLOCK, "\n")


class Writing(QPlainTextEdit):
    """Several lines of plain text, ``lines`` of them in sight. Tab leaves it; ``left`` is Escape.

    ``plain`` has neither frame nor ground, where the pane around it is the field.
    """

    left = Signal()

    def __init__(
        self, name: str, parent: QWidget | None = None, *, lines: int = 2, plain: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._lines, self._plain = lines, plain
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._cited = _Cited(self.document())
        self._completer = QCompleter(self)
        self._completer.setWidget(self)
        self._completer.setModel(QStringListModel(self._completer))
        self._completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = self._completer.popup()
        assert popup is not None
        self._popup = popup
        self._popup.setObjectName(f"{name}_exhibits")
        self._completer.activated.connect(self._cite)
        self._dress()

    @property
    def text(self) -> str:
        """What stands here, as typed."""
        return typed(self.document())

    def show_text(self, text: str) -> None:
        """Put ``text`` here in the place of what stands here; nobody is told, and nothing can be undone."""
        if text != self.text:
            self._suit(text)
            self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(False)

    def offer_exhibits(self, exhibits: Sequence[tuple[str, str]]) -> None:
        """What can be cited: the exhibit (``E1``) and what it is called."""
        model = self._completer.model()
        assert isinstance(model, QStringListModel)
        model.setStringList([f"@{number} {name}".strip() for number, name in exhibits])

    def name_it(self, name: str, placeholder: str = "") -> None:
        """What it is for, and what stands there while it is empty."""
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self._popup.setAccessibleName(name)

    def set_lines(self, lines: int) -> None:
        """Have ``lines`` lines in sight."""
        self._lines = lines
        self._dress()

    def insertFromMimeData(self, source: QMimeData) -> None:
        self._suit(source.text())
        super().insertFromMimeData(source)

    def _suit(self, text: str) -> None:
        """One endless line is broken anywhere: to look for words in a megabyte would take half a minute."""
        longest = max(map(len, text.split("\n")), default=0)
        if longest > _LONGEST_LINE:
            self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._popup.isVisible() and event.key() in (
            Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab,
        ):  # fmt: skip
            event.ignore()
            return
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)
        self._offer()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        # While something is being composed nothing pops up over it.
        if event.preeditString():
            self._popup.hide()
        else:
            self._offer()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange):
            self._dress()

    def _word(self) -> str:
        """The ``@`` before the cursor with what follows it, or nothing."""
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        start = before.rfind("@")
        word = before[start:] if start >= 0 else ""
        known = len(word) <= 6 and (len(word) == 1 or word[1:].isalnum())
        return word if known and (start == 0 or not before[start - 1].isalnum()) else ""

    def _offer(self) -> None:
        word, popup = self._word(), self._popup
        if not word:
            popup.hide()
            return
        self._completer.setCompletionPrefix(word)
        found = self._completer.completionCount()
        whole = self._completer.currentCompletion().split(" ")[0]
        if not found or (found == 1 and whole.casefold() == word.casefold()):
            popup.hide()
            return
        popup.setCurrentIndex(self._completer.completionModel().index(0, 0))
        place = self.cursorRect()
        place.setWidth(popup.sizeHintForColumn(0) + 32)
        self._completer.complete(QRect(place))

    @Slot(str)
    def _cite(self, line: str) -> None:
        cursor = self.textCursor()
        for _ in self._word():
            cursor.deletePreviousChar()
        cursor.insertText(f"{line.split(' ', maxsplit=1)[0]} ")
        self.setTextCursor(cursor)

    def _dress(self) -> None:
        t = palette.tokens()
        self.setFont(palette.font())
        edge = "transparent" if self._plain else t.edge
        ground = "transparent" if self._plain else t.field
        palette.wear(
            self,
            f"QPlainTextEdit {{ background: {ground}; border: 1px solid {edge}; border-radius: 4px; padding: 1px; }}"
            f"QPlainTextEdit:focus {{ background: {t.field}; border: 2px solid {t.accent}; padding: 0px; }}",
        )
        line = QFontMetrics(palette.font()).lineSpacing()
        self.setFixedHeight(self._lines * line + 2 * int(self.document().documentMargin()) + 8)
        self._cited.rehighlight()


class _Cited(QSyntaxHighlighter):
    """Exhibits stand in the colour of a link."""

    def highlightBlock(self, text: str) -> None:
        if len(text) > _LONGEST_LINE:
            return
        link = QTextCharFormat()
        link.setForeground(QColor(palette.tokens().accent))
        for found in EXHIBIT.finditer(text):
            # Qt counts UTF-16 units.
            start = len(text[: found.start()].encode("utf-16-le", "surrogatepass")) // 2
            self.setFormat(start, found.end() - found.start(), link)

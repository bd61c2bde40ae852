"""A long text, or the bytes of a body, a bounded piece at a time: a text of 5 MB is never laid out whole."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPalette, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from faceid_review.desk.buttons import Button
from faceid_review.desk.line import Label
from faceid_review.desk.palette import font, tokens
from faceid_review.desk.raw.wording import laid_out
from faceid_review.faceid import raw
from faceid_review.i18n import Words, grouped


class Viewer(QWidget):
    """Shows one piece, and leads to the one before and the next where there are several."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rawViewer")
        self._piece: Callable[[int], str] = _nothing
        self._count, self._number = 1, 0
        self.text = QPlainTextEdit()
        self.text.setObjectName("rawText")
        self.text.setReadOnly(True)
        self.text.setUndoRedoEnabled(False)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setTabChangesFocus(True)
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.before, self.after = Button(), Button()
        self.before.setObjectName("rawPieceBefore")
        self.after.setObjectName("rawPieceAfter")
        self.before.clicked.connect(self._back)
        self.after.clicked.connect(self._on)
        self._where = Label("rawPiece", ink="text2", step=-1)
        self._steps = QWidget()
        row = QHBoxLayout(self._steps)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self._where, 1)
        row.addWidget(self.before)
        row.addWidget(self.after)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.text, 1)
        column.addWidget(self._steps)
        self.speak(words)
        self._dress()

    def show_text(self, text: str) -> None:
        """Show a text, from its beginning."""
        self._show(
            raw.pieces(len(text)),
            lambda number: laid_out(text[number * raw.PIECE : (number + 1) * raw.PIECE]),
        )

    def show_bytes(self, body: bytes, *, as_hex: bool) -> None:
        """Show a body as text, or as rows of bytes."""
        if as_hex:
            self._show(raw.pieces(len(body)), lambda number: raw.hex_piece(body, number))
        else:
            self._show(raw.pieces(len(body)), lambda number: laid_out(raw.text_piece(body, number)))

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.text.setAccessibleName(words("raw.value"))
        for button, key in ((self.before, "raw.piece.before"), (self.after, "raw.piece.after")):
            button.setText(words(key))
            button.setAccessibleName(words(key))
        self._tell()

    def lines(self, count: int) -> int:
        """The height of so many lines."""
        return count * self.text.fontMetrics().lineSpacing() + 12

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange):
            self._dress()

    def _show(self, count: int, piece: Callable[[int], str]) -> None:
        self._piece, self._count, self._number = piece, count, 0
        self._refresh()

    def _back(self) -> None:
        self._number = max(0, self._number - 1)
        self._refresh()

    def _on(self) -> None:
        self._number = min(self._count - 1, self._number + 1)
        self._refresh()

    def _refresh(self) -> None:
        self.text.setPlainText(self._piece(self._number))
        self._tell()

    def _tell(self) -> None:
        self._steps.setVisible(self._count > 1)
        self._where.setText(
            self._words("raw.piece", number=grouped(self._number + 1), count=grouped(self._count))
        )
        self.before.setEnabled(self._number > 0)
        self.after.setEnabled(self._number < self._count - 1)

    def _dress(self) -> None:
        t = tokens()
        if self.text.font() != (wanted := font(fixed=True)):
            self.text.setFont(wanted)
        colours = self.text.palette()
        if colours.color(QPalette.ColorRole.Base) != QColor(t.field):
            colours.setColor(QPalette.ColorRole.Base, QColor(t.field))
            self.text.setPalette(colours)


def _nothing(number: int) -> str:
    return ""

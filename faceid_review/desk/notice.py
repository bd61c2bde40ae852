"""How something is told that needs words: a strip in the window, and the few sheets where something is at
stake. The only message boxes and file dialogs of the program; tests hand in answers of their own."""

from __future__ import annotations

import html
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QMessageBox, QWidget

from faceid_review.desk.buttons import Button
from faceid_review.desk.chip import Chip
from faceid_review.desk.palette import font, tokens, wear
from faceid_review.desk.shapes import Shape
from faceid_review.errors import NotKept, ReviewError
from faceid_review.i18n import Words
from faceid_review.review import telling


class NoticeStrip(QFrame):
    """One sentence over the panes, until it is dismissed or followed by another. Red only for NOT KEPT."""

    rescue_wanted = Signal(object)
    """The NotKept error whose sealed bytes are to be saved elsewhere."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._error: ReviewError | None = None
        self._mark = Chip(Shape.TRIANGLE, "warn", "")
        self._sentence = QLabel()
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        self._sentence.setObjectName("noticeSentence")
        self._sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._rescue = Button("", primary=True)
        self._rescue.setObjectName("noticeRescue")
        self._rescue.clicked.connect(self._want_rescue)
        self._close = Button("")
        self._close.setObjectName("noticeClose")
        self._close.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._rescue)
        row.addWidget(self._close)
        self.speak(words)
        self._dress()
        self.hide()

    def show_error(self, error: ReviewError) -> None:
        """Tell an error. NOT KEPT stays until its bytes were saved."""
        if isinstance(self._error, NotKept) and not isinstance(error, NotKept):
            return
        self._error = error
        self._tell(telling.sentence(error, self._words))

    def show_sentence(self, sentence: str) -> None:
        """Tell something that is no error."""
        if not isinstance(self._error, NotKept):
            self._error = None
            self._tell(sentence)

    def settled(self) -> None:
        """The rescue was saved: the alarm may go."""
        self._error = None
        self.hide()

    @property
    def alarm(self) -> bool:
        """Whether an answer is in memory only."""
        return isinstance(self._error, NotKept)

    def dismiss(self) -> None:
        """Put it away, unless it is the alarm."""
        if not self.alarm:
            self.hide()

    def speak(self, words: Words) -> None:
        """Say everything again in the language of ``words``."""
        self._words = words
        self._mark.setAccessibleName(words("notice.mark"))
        self._rescue.setText(words("notice.rescue"))
        self._close.setText(words("notice.dismiss"))
        self.setAccessibleName(words("notice.name"))
        if self._error is not None:
            self._tell(telling.sentence(self._error, words))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()
        super().changeEvent(event)

    def _tell(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        self._sentence.setAccessibleName(sentence)
        self._rescue.setVisible(self.alarm)
        self._close.setVisible(not self.alarm)
        self._dress()
        self.show()

    def _dress(self) -> None:
        t = tokens()
        back, fore, edge = (t.stop, t.window, t.stop) if self.alarm else (t.warnbg, t.text, t.warn)
        self._mark.set(Shape.TRIANGLE, "stop" if self.alarm else "warn", "")
        self._sentence.setFont(font(bold=self.alarm))
        wear(
            self,
            f"#notice {{ background: {back}; border: none; border-left: 3px solid {edge}; }}"
            f"#noticeSentence {{ color: {fore}; background: transparent; }}",
        )

    def _want_rescue(self) -> None:
        self.rescue_wanted.emit(self._error)


class Sheets:
    """The questions that stop the reviewer because something is at stake."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def save_path(self, title: str, suggested: Path, kinds: str) -> Path | None:
        """Where to write a file, or None."""
        chosen, _ = QFileDialog.getSaveFileName(self._parent, title, str(suggested), kinds)
        return Path(chosen) if chosen else None

    def confirm(self, title: str, sentence: str, yes: str, no: str) -> bool:
        """Whether to go on; the harmless answer is the default."""
        box = QMessageBox(self._parent)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(title)
        box.setText(sentence)
        go_on = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        return box.clickedButton() is go_on


def tooltip(text: str) -> str:
    """``text`` for a tooltip, which Qt would otherwise read as markup."""
    return html.escape(text)

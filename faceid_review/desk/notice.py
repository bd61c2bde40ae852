"""How something is told that needs words: a strip in the window, and the few sheets where something is at
stake. The only message boxes and file dialogs of the program; tests hand in answers of their own."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QWidget,
)

from faceid_review.desk import wording
from faceid_review.desk.again_sheet import Again, AgainSheet
from faceid_review.desk.buttons import Button
from faceid_review.desk.chip import Chip
from faceid_review.desk.intake.account_box import Account
from faceid_review.desk.key_sheet import Keys, KeySheet
from faceid_review.desk.palette import font, tokens, wear
from faceid_review.desk.shapes import Shape
from faceid_review.errors import NotKept, ReviewError
from faceid_review.i18n import Words
from faceid_review.review.case import Case


class NoticeStrip(QFrame):
    """One sentence over the panes, until it is dismissed or followed by another. Red only for NOT KEPT."""

    rescue_wanted = Signal(object)
    """The NotKept error whose sealed bytes are to be saved elsewhere."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._said: Callable[[Words], str] | None = None
        self._alarms: list[NotKept] = []
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
        """Tell an error. NOT KEPT stays until its bytes were saved; several wait for each other."""
        if isinstance(error, NotKept):
            self._alarms.append(error)
            self._tell(partial(wording.sentence, self._alarms[0]))
        else:
            self.show_sentence(partial(wording.sentence, error))

    def show_sentence(self, say: Callable[[Words], str]) -> None:
        """Tell what ``say`` makes of the words of a language; an alarm is not talked over."""
        if not self._alarms:
            self._tell(say)

    def settled(self) -> None:
        """The rescue was saved: the alarm may go, or make place for the next one."""
        del self._alarms[:1]
        if self._alarms:
            self._tell(partial(wording.sentence, self._alarms[0]))
        else:
            self.dismiss()

    @property
    def alarm(self) -> bool:
        """Whether an answer is in memory only."""
        return bool(self._alarms)

    def dismiss(self) -> None:
        """Put it away, unless it is the alarm."""
        if not self.alarm:
            self._said = None
            self.hide()

    def speak(self, words: Words) -> None:
        """Say everything again in the language of ``words``."""
        self._words = words
        self._mark.setAccessibleName(words("notice.mark"))
        self._rescue.setText(words("notice.rescue"))
        self._close.setText(words("notice.dismiss"))
        self.setAccessibleName(words("notice.name"))
        if self._said is not None:
            self._tell(self._said)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()
        super().changeEvent(event)

    def _tell(self, say: Callable[[Words], str]) -> None:
        self._said = say
        sentence = say(self._words)
        if len(self._alarms) > 1:
            sentence = self._words("notice.alarms", sentence=sentence, number=len(self._alarms))
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
        self.rescue_wanted.emit(self._alarms[0])


class Sheets:
    """The questions that stop the reviewer because something is at stake."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def save_path(self, title: str, suggested: Path, kinds: str) -> Path | None:
        """Where to write a file, or None."""
        chosen, _ = QFileDialog.getSaveFileName(self._parent, title, str(suggested), kinds)
        return Path(chosen) if chosen else None

    def open_paths(self, title: str, folder: Path) -> list[Path]:
        """Which files to read; none where the question was put away."""
        chosen, _ = QFileDialog.getOpenFileNames(self._parent, title, str(folder))
        return [Path(path) for path in chosen]

    def ask_line(self, title: str, question: str, most: int) -> str | None:
        """One line of text, at most ``most`` characters of it; None where the question was put away."""
        box = QInputDialog(self._parent)
        box.setWindowTitle(title)
        box.setLabelText(html.escape(question))
        for field in box.findChildren(QLineEdit):
            field.setMaxLength(most)
            field.setAccessibleName(question)
        said = box.exec()
        text = box.textValue()
        box.deleteLater()
        return text if said else None

    def open_folder(self, title: str, folder: Path) -> Path | None:
        """Which folder to read, or None."""
        chosen = QFileDialog.getExistingDirectory(self._parent, title, str(folder))
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

    def ask_again(self, words: Words, case: Case, accounts: Sequence[Account]) -> Again | None:
        """The reason for asking once more and the account to ask with, or None."""
        sheet = AgainSheet(words, case, accounts, self._parent)
        decided = sheet.exec()
        sheet.deleteLater()
        return sheet.wish if decided else None

    def show_keys(self, words: Words, groups: Sequence[Keys]) -> None:
        """The keys of this screen, until they are put away."""
        sheet = KeySheet(words, groups, self._parent)
        sheet.exec()
        sheet.deleteLater()


def tooltip(text: str) -> str:
    """``text`` for a tooltip, which Qt would otherwise read as markup."""
    return html.escape(text)

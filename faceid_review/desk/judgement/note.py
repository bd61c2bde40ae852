"""The note under the photographs: what the reviewer sees, as a draft until it is kept or sealed with a decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QRect, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.buttons import Link, key_name
from faceid_review.desk.icons import icon
from faceid_review.desk.judgement.writing import Writing
from faceid_review.desk.line import Label
from faceid_review.i18n import Words

_LOW = 760


class NotePane(QWidget):
    """Shows a draft and says when it changes. ``keep_wanted`` asks for it to become an entry."""

    changed = Signal()
    keep_wanted = Signal()
    left = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("note")
        self._words = words
        self._revises, self._kept_at, self._failed = 0, None, ""
        self._pencil = QLabel()
        self._pencil.setTextFormat(Qt.TextFormat.PlainText)
        self._title = Label("note_title", ink="text2", bold=True)
        self._key = Label("note_key", ink="text3", step=-2)
        self._key.setText(key_name("Ctrl+M"))
        self._state = Label("note_state", ink="text2", step=-1)
        self.keep = Link(key=key_name("Ctrl+S"))
        self.keep.setObjectName("keepNote")
        self.keep.clicked.connect(self.keep_wanted)
        self.leave = Link()
        self.leave.setObjectName("leaveNote")
        self.leave.clicked.connect(self._leave)
        self.field = Writing("note_field", plain=True)
        self.field.textChanged.connect(self._typed)
        self.field.left.connect(self.left)
        self.setFocusProxy(self.field)
        policy = self.keep.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.keep.setSizePolicy(policy)
        head = QHBoxLayout()
        head.setSpacing(8)
        for widget in (self._pencil, self._title, self._key):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self._state)
        for link in (self.leave, self.keep):
            head.addWidget(link)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 8, 4)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.field)
        self.speak(words)

    _kept_at: datetime | None

    @property
    def text(self) -> str:
        """What stands in the field, as typed."""
        return self.field.text

    @property
    def revises(self) -> int:
        """The number of the note that is being worded anew, or 0."""
        return self._revises

    def show_draft(self, text: str, revises: int = 0) -> None:
        """Put a draft here; nobody is told."""
        self._revises, self._kept_at, self._failed = revises, None, ""
        self.field.show_text(text)
        self._tell()

    def revise(self, number: int, text: str) -> None:
        """Take up a note to word it anew."""
        self.show_draft(text, number)
        self.changed.emit()

    def offer_exhibits(self, exhibits: Sequence[tuple[str, str]]) -> None:
        """What can be cited with ``@``."""
        self.field.offer_exhibits(exhibits)

    def draft_kept(self, at: datetime | None, failed: str = "") -> None:
        """The draft lies on the disk since ``at``; or it could not be kept, with the sentence that says so."""
        self._kept_at, self._failed = at, failed
        self._tell()

    def enable(self, open_: bool) -> None:
        """Whether there is a case to write at."""
        self.field.setEnabled(open_)
        self._tell()

    def fit(self, height: int) -> None:
        """Low windows have room for one line."""
        self.field.set_lines(1 if height < _LOW else 2)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("judgement.note"))
        self._title.setText(words("judgement.note"))
        self.field.name_it(words("judgement.note"), words("judgement.note_placeholder"))
        for button, key in ((self.keep, "judgement.note_keep"), (self.leave, "judgement.note_leave")):
            button.setText(words(key))
            button.setAccessibleName(words(key))
        self._tell()
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange):
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.panel))
        painter.fillRect(QRect(0, 0, self.width(), 1), QColor(t.line))

    @Slot()
    def _typed(self) -> None:
        self._kept_at, self._failed = None, ""
        self._tell()
        self.changed.emit()

    @Slot()
    def _leave(self) -> None:
        self.show_draft("")
        self.changed.emit()
        self.left.emit()

    def _tell(self) -> None:
        words = self._words
        written = bool(self.text.strip()) and self.field.isEnabled()
        parts = [words("judgement.note_revising", number=self._revises)] if self._revises else []
        if self._failed:
            parts.append(self._failed)
        elif written:
            kept = self._kept_at
            key = "judgement.draft_kept" if kept else "judgement.draft"
            parts.append(words(key, at=f"{kept:%H:%M:%S}" if kept else ""))
        self._state.setText(" · ".join(parts))
        self.keep.setVisible(written)
        self.leave.setVisible(bool(self._revises))

    def _dress(self) -> None:
        self._pencil.setPixmap(icon("pencil", 14).pixmap(14, 14))

"""The row of tools under the menu, and the one line at the foot of the window."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QStatusBar, QToolButton, QWidget

from faceid_review.desk.actions import Actions
from faceid_review.desk.buttons import Button, Segments
from faceid_review.desk.chip import Chip
from faceid_review.desk.icons import icon
from faceid_review.desk.palette import font, tokens, wear
from faceid_review.desk.shapes import Shape
from faceid_review.i18n import LANGUAGES, Words, grouped

_NATIVE = {"en": "EN", "zh": "中文"}


class ToolRow(QWidget):
    """Fetch…, Import…, search, the mark of a practice vault, and the language."""

    search_changed = Signal(str)
    language_wanted = Signal(str)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fetch = Button(key=Actions.key("fetch"), icon="fetch")
        self.fetch.setObjectName("toolFetch")
        self.fetch.clicked.connect(actions["fetch"].trigger)
        self.import_ = Button(key=Actions.key("import"), icon="import")
        self.import_.setObjectName("toolImport")
        self.import_.clicked.connect(actions["import"].trigger)
        self.cases = Button(key=Actions.key("cases"), icon="folder")
        self.cases.setObjectName("toolCases")
        self.cases.clicked.connect(actions["cases"].trigger)
        self.cases.hide()
        self.cover = Button(key=Actions.key("cover"), icon="eye-off")
        self.cover.setObjectName("toolCover")
        self.cover.clicked.connect(actions["cover"].trigger)
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setClearButtonEnabled(True)
        self._lens = self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._inner = self.search.findChildren(QToolButton)
        self.search.setMaximumWidth(430)
        self.search.setMinimumWidth(120)
        self.search.textChanged.connect(self.search_changed)
        self._practice = Chip(Shape.TRIANGLE, "warn", "")
        self._practice.hide()
        self._languages = Segments(name="languages")
        for lang in reversed(LANGUAGES):
            self._languages.add(lang, _NATIVE[lang])
        self._languages.chosen.connect(self.language_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 8)
        row.setSpacing(8)
        row.addWidget(self.cases)
        row.addWidget(self.fetch)
        row.addWidget(self.import_)
        row.addSpacing(8)
        row.addWidget(self.search, 3)
        row.addStretch(1)
        row.addWidget(self._practice)
        row.addSpacing(8)
        row.addWidget(self.cover)
        row.addWidget(self._languages)
        self._dress()

    def attend(self, *, practice: bool) -> None:
        """A vault is open; ``practice`` marks one whose people are drawn."""
        self._practice.setVisible(practice)

    def enable(self, open_: bool) -> None:
        """Whether there is a vault to fetch into and to search."""
        self.fetch.setEnabled(open_)
        self.import_.setEnabled(open_)
        self.search.setEnabled(open_)
        self.cover.setEnabled(open_)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self.fetch.setText(words("action.fetch"))
        self.fetch.setAccessibleName(words("action.fetch"))
        self.import_.setText(words("action.import"))
        self.import_.setAccessibleName(words("action.import"))
        self.cover.setText(words("action.cover"))
        self.cover.setAccessibleName(words("action.cover"))
        self.cases.setText(words("action.cases"))
        self.cases.setAccessibleName(words("tools.show_cases"))
        self.search.setPlaceholderText(words("tools.search"))
        self.search.setAccessibleName(words("tools.search_name"))
        for button, name in zip(self._inner, ("tools.clear", "tools.search_name"), strict=True):
            button.setAccessibleName(words(name))
        self._practice.set(Shape.TRIANGLE, "warn", words("tools.practice"))
        self._practice.setAccessibleName(words("tools.practice"))
        self._languages.setAccessibleName(words("tools.languages"))
        self._languages.choose(words.lang)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        t = tokens()
        wear(
            self.search,
            f"QLineEdit {{ background: {t.field}; border: 1px solid {t.edge}; border-radius: 4px; padding: 4px; }}"
            f"QLineEdit:focus {{ border: 2px solid {t.accent}; padding: 3px; }}",
        )
        self._lens.setIcon(icon("search"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fetch.show_key(self.width() >= 1180)
        self.cover.show_key(self.width() >= 1180)
        self.import_.show_key(self.width() >= 1180)
        super().resizeEvent(event)


class StatusLine(QStatusBar):
    """What was sent in this session, what goes on, whether the ledger is whole, and what time it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._requests, self._doing = _line("statusRequests"), _line("statusDoing")
        self._chain, self._time = _line("statusChain"), _line("statusTime")
        self._doing.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.addWidget(self._requests)
        self.addWidget(self._doing, 1)
        self.addPermanentWidget(self._chain)
        self.addPermanentWidget(self._time)
        self._facts: tuple[int, tuple[int, str], str] = (0, (0, ""), "")
        self._names: tuple[QLabel, ...] = (self._requests, self._doing, self._chain, self._time)

    def tell(self, requests: int, chain: tuple[int, str], doing: str) -> None:
        """Show the session's figures. ``doing`` is one short sentence."""
        self._facts = requests, chain, doing
        self._write()

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self._requests.setFont(font(-1, bold=True))
        for label in (self._doing, self._chain, self._time):
            label.setFont(font(-1))
        self._write()

    def tick(self) -> None:
        """Once a minute: the time, here and in UTC."""
        now = datetime.now().astimezone()
        offset = now.strftime("%z")
        utc = now.astimezone(UTC)
        self._time.setText(f"{now:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:]} · {utc:%H:%M} UTC")

    def _write(self) -> None:
        requests, (count, head), doing = self._facts
        self._requests.setText(self._words("status.requests", n=grouped(requests)))
        self._doing.setText(doing)
        start = f"{head[:4]} {head[4:8]}"
        self._chain.setText(self._words("status.chain", n=grouped(count), head=start) if count else "")
        self.tick()
        for label in self._names:
            label.setAccessibleName(label.text() or self._words("status.nothing"))

    def sizeHint(self) -> QSize:
        return QSize(0, max(24, super().sizeHint().height()))


def _line(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setContentsMargins(8, 0, 8, 0)
    return label

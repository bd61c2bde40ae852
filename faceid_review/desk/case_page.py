"""The page where a case is looked at: photographs, the vendor's answer beside them, and the way out below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from faceid_review.desk.actions import Actions
from faceid_review.desk.buttons import Button
from faceid_review.desk.palette import font, tokens, wear
from faceid_review.desk.photos.pane import PhotosPane
from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.verdict.pane import VerdictPane
from faceid_review.faceid.photograph import Examined
from faceid_review.i18n import Words
from faceid_review.review.case import Case, Stage

_AT_THE_LATEST_MS, _AFTER_THEM_MS = 150, 10
_VERDICT, _VERDICT_NARROW, _NARROW = 388, 340, 1100


class CasePage(QWidget):
    """Shows one case. ``case`` is the one on show, or None."""

    pictures_shown = Signal()
    """Every picture of the case on show has been read and is on the screen."""

    def __init__(self, words: Words, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.case: Case | None = None
        self._unread: set[str] = set()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._show_verdict)
        self.verdict_width = 0
        """How wide somebody made the verdict; 0 where nobody did."""
        self.photos = PhotosPane(words)
        self.verdict = VerdictPane(words)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.setObjectName("caseColumns")
        self._columns.setChildrenCollapsible(False)
        self._columns.setHandleWidth(1)
        self._columns.addWidget(self.photos)
        self._columns.addWidget(self.verdict)
        self._columns.setStretchFactor(0, 1)
        self._columns.setStretchFactor(1, 0)
        self._columns.splitterMoved.connect(self._verdict_moved)
        self._line = QLabel()
        self._line.setObjectName("footLine")
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self._line.setWordWrap(True)
        self._line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.export = Button(key=Actions.key("export"), icon="export")
        self.export.setObjectName("exportButton")
        self.export.clicked.connect(actions["export"].trigger)
        self.next = Button(key=Actions.key("next"))
        self.next.setObjectName("nextButton")
        self.next.clicked.connect(actions["next"].trigger)
        foot = QFrame()
        foot.setObjectName("foot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self._line, 1)
        row.addWidget(self.export)
        row.addWidget(self.next)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._columns, 1)
        whole.addWidget(foot)
        actions["export"].enabledChanged.connect(self.export.setEnabled)
        self.export.setEnabled(False)
        self.speak(words)

    def show_case(self, case: Case | None) -> None:
        """Show another case, or none."""
        self.case = case
        self._unread = {picture.role for picture in case.photographs} if case else set()
        self.photos.show_case(case)
        # The photographs first: laying the verdict out takes longer than showing them.
        self._later.start(_AT_THE_LATEST_MS if self._unread else 0)
        if not self._unread:
            self._show_verdict()
        self.say("")

    def show_pixels(self, role: str, examined: Examined, sha256: str, picture: Picture | None) -> None:
        """One picture of the case on show, read."""
        self.photos.show_pixels(role, examined, sha256, picture)
        self._unread.discard(role)
        if not self._unread:
            # Not at once: the event loop paints the pictures and breathes before the verdict is laid out.
            self._later.start(_AFTER_THEM_MS)
            self.pictures_shown.emit()

    @property
    def may_ask_again(self) -> bool:
        """Whether a person may decide to ask once more for the case on show."""
        return self.case is not None and self.case.stage in (Stage.UNKNOWN, Stage.REFUSED)

    def _show_verdict(self) -> None:
        self._later.stop()
        self.verdict.show_case(self.case)

    @property
    def pictures_read(self) -> bool:
        """Whether no picture of the case on show is still being read."""
        return not self._unread

    def say(self, sentence: str) -> None:
        """One line beside the buttons; empty: what a snapshot of this case would be."""
        self._said = sentence
        self._line.setText(sentence or self._words("case.draft"))
        self._line.setAccessibleName(self._line.text())

    def fit(self, width: int) -> None:
        """Give the verdict its width; the photographs take all that is left."""
        verdict = _VERDICT_NARROW if width < _NARROW - 40 else _VERDICT
        verdict = min(self.verdict_width or verdict, self.width() // 2)
        self._columns.setSizes([max(1, self.width() - verdict), verdict])

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.photos.speak(words)
        self.verdict.speak(words)
        self.export.setText(words("action.export"))
        self.export.setAccessibleName(words("action.export"))
        self.next.setText(words("action.next"))
        self.next.setAccessibleName(words("action.next"))
        self.say("")
        self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        # The window fits the columns before its layout gives this page its width: a maximised one comes late.
        super().resizeEvent(event)
        self.fit(self.window().width())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()
        super().changeEvent(event)

    def _verdict_moved(self, place: int, _: int) -> None:
        self.verdict_width = self._columns.width() - place - self._columns.handleWidth()

    def _dress(self) -> None:
        self._line.setFont(font(-1))
        t = tokens()
        wear(self, f"#foot {{ border-top: 1px solid {t.line}; }} #footLine {{ color: {t.text2}; }}")

"""The page where a case is looked at: photographs, the vendor's answer beside them, and the way out below."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from faceid_review.desk.actions import Actions
from faceid_review.desk.evidence import Evidence
from faceid_review.desk.judgement.alike import AlikeLine
from faceid_review.desk.judgement.bar import JudgementBar
from faceid_review.desk.judgement.dispute import DisputePane
from faceid_review.desk.judgement.history import HistoryPane
from faceid_review.desk.judgement.note import NotePane
from faceid_review.desk.photos.hung import Seen
from faceid_review.desk.photos.pane import PhotosPane
from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.raw.pane import RawPane
from faceid_review.desk.verdict.pane import VerdictPane
from faceid_review.faceid.photograph import Examined
from faceid_review.faceid.raw import Raw
from faceid_review.i18n import Words
from faceid_review.review.case import Case, Stage

_AT_THE_LATEST_MS, _AFTER_THEM_MS = 150, 10
_VERDICT, _VERDICT_NARROW, _NARROW = 388, 340, 1100


class CasePage(QWidget):
    """Shows one case. ``case`` is the one on show, or None."""

    pictures_shown = Signal()
    """Every picture of the case on show has been read and is on the screen."""

    raw_wanted = Signal(object)
    """The case whose answer is to be read as a tree."""

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
        # Letters that look belong to both panes; a key that is held is no shortcut.
        self.verdict.addActions(self.photos.shared_actions)
        self.verdict.installEventFilter(self.photos.held_keys)
        actions["cover"].triggered.connect(self.photos.cover)
        self.raw = RawPane(words)
        self._raw_of: tuple[object, ...] | None = None
        self._kept_picture = ""
        self.evidence = Evidence(words)
        self.evidence.add("verdict", "raw.tab.verdict", self.verdict)
        self.evidence.add("raw", "raw.tab.raw", self.raw)
        self.dispute, self.history = DisputePane(words), HistoryPane(words)
        self.evidence.add("dispute", "dispute.title", self.dispute)
        self.evidence.add("history", "history.title", self.history)
        self.alike = AlikeLine(words)
        self.evidence.show_above(self.alike)
        self.evidence.chosen.connect(self._want_raw)
        self.verdict.offer_raw(True)
        self.verdict.raw_wanted.connect(self.show_in_raw)
        self.verdict.picture_wanted.connect(self._keep_picture)
        self.verdict.picture_peeked.connect(self._peek)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.setObjectName("caseColumns")
        self._columns.setChildrenCollapsible(False)
        self._columns.setHandleWidth(1)
        looked_at = QWidget()
        centre = QVBoxLayout(looked_at)
        centre.setContentsMargins(0, 0, 0, 0)
        centre.setSpacing(0)
        centre.addWidget(self.photos, 1)
        self._columns.addWidget(looked_at)
        self._columns.addWidget(self.evidence)
        self._columns.setStretchFactor(0, 1)
        self._columns.setStretchFactor(1, 0)
        self._columns.splitterMoved.connect(self._verdict_moved)
        self.note = NotePane(words)
        centre.addWidget(self.note)
        # At the foot of the whole window, under the queue too: whoever places this page places it.
        self.bar = JudgementBar(words)
        self.bar.hide()
        self.export, self.next = self.bar.export, self.bar.next
        for name, button in (("export", self.export), ("next", self.next)):
            button.clicked.connect(actions[name].trigger)
        self.export.set_key(Actions.key("export"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._columns, 1)
        actions["export"].enabledChanged.connect(self.export.setEnabled)
        self.export.setEnabled(False)
        self.speak(words)

    def show_case(self, case: Case | None, first: Seen | None = None) -> None:
        """Show another case, or none; ``first`` is what was read of its first picture already."""
        self.case = case
        self._unread = {picture.role for picture in case.photographs} if case else set()
        self._kept_picture = ""
        self.photos.show_case(case, first)
        self._want_raw()
        # The photographs first: laying the verdict out takes longer than showing them.
        self._later.start(_AT_THE_LATEST_MS if self._unread else 0)
        if not self._unread:
            self._show_verdict()
        self.say("")

    def take(self, case: Case) -> None:
        """Show what became of the case on show; its pictures are read already."""
        self.case = case
        self.photos.show_case(case)
        self._want_raw()
        self._show_verdict()

    def show_pixels(self, role: str, examined: Examined, sha256: str, picture: Picture | None) -> None:
        """One picture of the case on show, read."""
        self.photos.show_pixels(role, examined, sha256, picture)
        self._unread.discard(role)
        if not self._unread:
            # Not at once: the event loop paints the pictures and breathes before the verdict is laid out.
            self._later.start(_AFTER_THEM_MS)
            self.pictures_shown.emit()

    @Slot(str)
    def show_in_raw(self, pointer: str) -> None:
        """Bring the raw answer to the front, at the value that ``pointer`` names."""
        self.evidence.choose("raw")
        self.raw.jump(pointer)
        self.raw.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_raw(self, case: Case, answer: Raw) -> None:
        """The answer of a case, read as a tree; of one that is no longer on show it is dropped."""
        if _raw_key(case) == self._raw_of:
            self.raw.show_raw(answer)

    @Slot()
    def _want_raw(self) -> None:
        """Ask for the tree when it is looked at, and not before."""
        hidden = self.case is not None and self.case.hidden
        # What is hidden goes at once, behind another tab too.
        if (self.evidence.front != "raw" and not hidden) or self._raw_of == _raw_key(self.case) is not None:
            return
        self._raw_of = _raw_key(self.case)
        if self.case is None or self.case.hidden:
            self.raw.show_none("hidden" if self.case else "none")
        elif self.case.answer is None or not self.case.stage.answered:
            self.raw.show_none("absent")
        else:
            self.raw.show_none("waiting")
            self.raw_wanted.emit(self.case)

    @Slot(str)
    def _peek(self, role: str) -> None:
        """Another picture for the moment, and then the one that was chosen."""
        if role:
            self._kept_picture = self._kept_picture or self.photos.active
            self.photos.choose(role)
        elif self._kept_picture:
            self.photos.choose(self._kept_picture)
            self._kept_picture = ""

    @Slot(str)
    def _keep_picture(self, role: str) -> None:
        self._kept_picture = role if self._kept_picture else ""
        self.photos.choose(role)

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
        """One line beside the buttons; empty: what is required for a decision."""
        self.bar.say(sentence)

    def fit(self, width: int) -> None:
        """Give the verdict its width; the photographs take all that is left."""
        verdict = _VERDICT_NARROW if width < _NARROW - 40 else _VERDICT
        verdict = min(self.verdict_width or verdict, self.width() // 2)
        self._columns.setSizes([max(1, self.width() - verdict), verdict])

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("menu.case"))
        self.photos.speak(words)
        self.verdict.speak(words)
        self.raw.speak(words)
        self.evidence.speak(words)
        self.dispute.speak(words)
        self.history.speak(words)
        self.alike.speak(words)
        self.note.speak(words)
        self.bar.speak(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # The window fits the columns before its layout gives this page its width: a maximised one comes late.
        super().resizeEvent(event)
        self.note.fit(self.window().height())
        self.fit(self.window().width())

    def _verdict_moved(self, place: int, _: int) -> None:
        self.verdict_width = self._columns.width() - place - self._columns.handleWidth()


def _raw_key(case: Case | None) -> tuple[object, ...] | None:
    """What the raw view shows of a case: the same again is not read again."""
    if case is None:
        return None
    return case.biz_id, case.answer.sha256 if case.answer else None, case.stage.answered, case.hidden

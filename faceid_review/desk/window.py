"""The window: places the panes, owns the actions, joins the panes' wishes to the work. Decides nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from faceid_review.desk.actions import Actions
from faceid_review.desk.case_page import CasePage
from faceid_review.desk.front import Front
from faceid_review.desk.importing.door import DropDoor
from faceid_review.desk.importing.pane import ImportPage
from faceid_review.desk.intake.pane import FetchPage
from faceid_review.desk.notice import NoticeStrip, Sheets
from faceid_review.desk.preferences.accounts import AccountsPage
from faceid_review.desk.queue.pane import QueuePane
from faceid_review.desk.tools import StatusLine, ToolRow
from faceid_review.desk.welcome.empty import EmptyDesk
from faceid_review.i18n import Words

_QUEUE, _QUEUE_NARROW, _FOLD_BELOW, _NARROW_BELOW = 276, 220, 1180, 1360


class Window(QMainWindow):
    """The main window. What it shows is handed in by ``Desk``; what the reviewer wishes leaves as signals."""

    closing = Signal(object)
    moved_on = Signal()

    def __init__(self, words: Words, front: Front) -> None:
        super().__init__()
        self.setObjectName("window")
        self.front = front
        self.actions_ = Actions(self)
        self.actions_.fill(self.menuBar())
        self.tools = ToolRow(self.actions_)
        self.notice = NoticeStrip(words)
        self.sheets = Sheets(self)
        self.queue = QueuePane(words)
        self.fetch = FetchPage(words)
        self.importing = ImportPage(words)
        self.case = CasePage(words, self.actions_)
        self.accounts = AccountsPage(words, front.check_url)
        self.empty = EmptyDesk(words, front.check_url)
        self.status = StatusLine()
        self.setStatusBar(self.status)
        self.pages = QStackedWidget()
        for page in (
            front.welcome,
            front.unlock,
            self.empty,
            self.fetch,
            self.importing,
            self.case,
            self.accounts,
        ):
            self.pages.addWidget(page)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.setObjectName("columns")
        self._columns.setHandleWidth(1)
        self._columns.addWidget(self.queue)
        self._columns.addWidget(self.pages)
        self._columns.setStretchFactor(1, 1)
        self._columns.setCollapsible(1, False)
        middle = QWidget()
        rows = QVBoxLayout(middle)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.tools)
        rows.addWidget(self.notice)
        rows.addWidget(self._columns, 1)
        rows.addWidget(self.case.bar)
        self.setCentralWidget(middle)
        self.setMinimumSize(960, 600)
        self._folded = False
        self._queue_width = 0
        self.wanted_size: QSize | None = None
        self._columns.splitterMoved.connect(self._queue_moved)
        self._connect()
        self.door = DropDoor(self)
        self.attended(False)
        self.speak(words)
        self._minute = QTimer(self)
        self._minute.setInterval(60_000)
        self._minute.timeout.connect(self.tick)
        self._minute.start()
        self.tick()

    def attended(self, open_: bool) -> None:
        """Whether a vault is open behind the panes."""
        self.actions_.attended(open_)
        self.tools.enable(open_)
        self.door.attended(open_)
        self.queue.setVisible(open_ and not self._folded)

    def show_page(self, page: QWidget) -> None:
        """Bring one page to the front and put the focus into it."""
        self.pages.setCurrentWidget(page)
        self.weigh()
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def weigh(self) -> None:
        """What can be done to the case on show can be done only while it is in front."""
        in_front, case = self.pages.currentWidget() is self.case, self.case.case
        for name in ("export", "export_as"):
            self.actions_[name].setEnabled(in_front and case is not None and not case.hidden)
        self.actions_["again"].setEnabled(in_front and self.case.may_ask_again)

    def name_after(self, title: str) -> None:
        """The window's title always begins with the program's name."""
        self.setWindowTitle(f"FaceID Review · {title}" if title else "FaceID Review")

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        speakers = (self.actions_, self.tools, self.notice, self.queue, self.fetch, self.case, self.accounts)
        for part in (*speakers, self.importing, self.empty, self.status, self.front):
            part.speak(words)

    def tick(self) -> None:
        """Once a minute: countdowns and the clock."""
        now = datetime.now(UTC)
        self.queue.set_now(now)
        self.fetch.set_now(now)
        self.status.tick()

    @property
    def measures(self) -> tuple[int, ...]:
        """Width and height of the window, then of the queue and the verdict where somebody chose them, else 0."""
        size = self.normalGeometry().size() if self.isMaximized() else self.size()
        return size.width(), size.height(), self._queue_width, self.case.verdict_width

    def take_measures(self, measures: tuple[int, ...]) -> None:
        """Be as wide and high as last time; anything but four numbers is left aside."""
        if len(measures) == 4:
            width, height, self._queue_width, self.case.verdict_width = measures
            self.wanted_size = QSize(width, height) if width and height else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fold(self.width() < _FOLD_BELOW)
        queue = _QUEUE_NARROW if self.width() < _NARROW_BELOW else _QUEUE
        queue = min(self._queue_width or queue, self.width() // 3)
        self._columns.setSizes([queue, max(1, self.width() - queue)])
        self.case.fit(self.width())
        super().resizeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)

    def _connect(self) -> None:
        self.actions_["quit"].triggered.connect(self.close)
        self.actions_["search"].triggered.connect(self._focus_search)
        self.actions_["cases"].triggered.connect(self._toggle_cases)
        self.actions_["next"].triggered.connect(self.queue.next_wanted)
        self.actions_["next_pane"].triggered.connect(self._next_pane)
        self.actions_["previous_pane"].triggered.connect(self._previous_pane)
        self.queue.fetch_wanted.connect(self.actions_["fetch"].trigger)
        self.accounts.close_wanted.connect(self.actions_["fetch"].trigger)
        self.fetch.manage_accounts_wanted.connect(self.actions_["accounts"].trigger)
        self.empty.accounts_wanted.connect(self.actions_["accounts"].trigger)
        self.fetch.switch.other_wanted.connect(self.actions_["import"].trigger)
        self.importing.switch.other_wanted.connect(self.actions_["fetch"].trigger)
        self.empty.import_wanted.connect(self.actions_["import"].trigger)
        self.empty.fetch_wanted.connect(self.actions_["fetch"].trigger)
        self.verdict_links()

    def verdict_links(self) -> None:
        """An open question can be asked again."""
        self.case.verdict.again_wanted.connect(self.actions_["again"].trigger)

    def _fold(self, fold: bool) -> None:
        if fold != self._folded:
            self._folded = fold
            self.queue.setVisible(not fold and self.tools.fetch.isEnabled())
            self.tools.cases.setVisible(fold)

    def _queue_moved(self, place: int, _: int) -> None:
        self._queue_width = place

    def _toggle_cases(self) -> None:
        shown = self.queue.isVisible()
        self.queue.setVisible(not (shown and self._folded))
        if self.queue.isVisible():
            self.queue.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _focus_search(self) -> None:
        self.tools.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.tools.search.selectAll()

    def _panes(self) -> list[QWidget]:
        page = self.pages.currentWidget()
        case = self.case
        inside = (case.photos, case.note, case.evidence, case.bar) if page is case else (page,)
        return [pane for pane in (self.queue, *inside) if pane is not None and pane.isVisible()]

    def _next_pane(self) -> None:
        self._step_pane(1)

    def _previous_pane(self) -> None:
        self._step_pane(-1)

    def _step_pane(self, by: int) -> None:
        panes = self._panes()
        here = next((i for i, pane in enumerate(panes) if pane.isAncestorOf(self.focusWidget())), -1)
        panes[(here + by) % len(panes)].setFocus(Qt.FocusReason.TabFocusReason)

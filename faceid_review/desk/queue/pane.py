"""The left pane: all cases, grouped, with what is at risk above what is safe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from html import escape

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QAction, QColor, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.buttons import Link
from faceid_review.desk.line import Label
from faceid_review.desk.queue.case_list import CaseList
from faceid_review.desk.queue.delegate import QueueDelegate, Told
from faceid_review.desk.queue.listing import Listing
from faceid_review.desk.queue.model import Header, QueueModel, Row
from faceid_review.desk.queue.views import ViewBar
from faceid_review.desk.queue.wording import facts_of, moment_of, spoken, state_of, titled
from faceid_review.desk.time_left import TimeLeft, time_left
from faceid_review.i18n import Words, grouped

_HEADER = 35


class QueuePane(QWidget):
    """Shows rows and tells wishes; knows neither the vault nor who asks.

    ``open_wanted`` carries the biz_id of a row that was clicked or confirmed with Enter. The letters J, K, N
    and F work while the list has the focus, each as an action of ``case_list``.
    """

    open_wanted = Signal(str)
    next_wanted = Signal()
    filters_wanted = Signal()
    fetch_wanted = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue")
        self._words = words
        self._now = datetime.now().astimezone()
        self._model = QueueModel(self._spoken, self._titled)
        self._model.setParent(self)
        self._model.set_now(self._now)
        delegate = QueueDelegate(self._model.item, self._told, self._header_words, self._widest)
        self.case_list = CaseList(self._model, delegate, self)
        delegate.setParent(self.case_list)
        self.case_list.setObjectName("cases")
        self.case_list.opened.connect(self._open)

        self._blind, self._narrowed = False, ""
        self.views = ViewBar(self)
        self.filters = Link()
        self.filters.setObjectName("queue_filters")
        self.filters.clicked.connect(self.filters_wanted)
        self._title = Label("queue_title", bold=True)
        self._count = Label("queue_count", ink="text2", step=-1)
        self._empty_title = Label("queue_empty_title", bold=True)
        self._empty = Label("queue_empty", ink="text2", step=-1, wrap=True)
        self.setFocusProxy(self.case_list)
        self._lay_out()
        self._actions = self._make_actions()
        for signal in (self._model.modelReset, self._model.rowsInserted, self._model.rowsRemoved):
            signal.connect(self._counted)
        self.speak(words)

    # ---- values in

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows and no others. What was selected stays selected if it is among them."""
        chosen = self.selected
        self._model.show_rows(rows)
        self.select(chosen)

    def show_listing(self, listing: Listing) -> None:
        """Show what was laid out elsewhere, and nothing else; however many rows, it takes an instant."""
        chosen = self.selected
        self._model.show(listing)
        self.views.show_counts(listing.counts)
        self.select(chosen)

    def remove_row(self, biz_id: str) -> None:
        """Take out a row that does not belong into the view any more."""
        self._model.remove_row(biz_id)

    def holds(self, biz_id: str) -> bool:
        """Whether there is a row of this id."""
        return self._model.place_of(biz_id) >= 0

    def go_blind(self, blind: bool) -> None:
        """Whether a policy keeps the vendor's verdict back; rows then say nothing of it."""
        self._blind = blind
        self._model.retell()

    def show_filters(self, said: str) -> None:
        """What the list is narrowed by, in words; empty where it is not."""
        self._narrowed = said
        self.filters.setText(self._words("queue.filters_on") if said else self._words("queue.filters"))
        self.filters.setAccessibleName(self.filters.text())
        self.filters.setAccessibleDescription(said)
        self.filters.setToolTip(escape(said))

    def update_row(self, row: Row) -> None:
        """Show one row, new or changed, without moving the selection."""
        self._model.update_row(row)

    def show_batch(self, biz_ids: Sequence[str]) -> None:
        """Gather these ids, in the order they are asked, under "This batch"; with none the group dissolves."""
        chosen = self.selected
        self._model.show_batch(biz_ids)
        self.select(chosen)

    def select(self, biz_id: str) -> None:
        """Select a row without opening it; where there is none of this id nothing is selected."""
        place = self._model.place_of(biz_id)
        if place < 0:
            self.case_list.clearSelection()
            return
        self.case_list.setCurrentIndex(self._model.index(place))

    @property
    def selected(self) -> str:
        """The biz_id of the selected row; empty where none is selected."""
        chosen = self.case_list.selectionModel().selectedIndexes()
        item = self._model.item(chosen[0].row()) if chosen else None
        return item.biz_id if isinstance(item, Row) else ""

    def following(self) -> str:
        """The biz_id of the next row with something to look at, from the current one down and round again.

        Those are answers and open questions; what waits to be asked is left out. Empty where there is none.
        """
        return self._model.following(self.case_list.currentIndex().row())

    def set_now(self, now: datetime) -> None:
        """Let countdowns count from ``now``, an aware moment. Times are shown in this machine's zone."""
        self._now = now.astimezone()
        self._model.set_now(now)

    def speak(self, words: Words) -> None:
        """Say everything in ``words``."""
        self._words = words
        self._title.setText(words("queue.title"))
        self.case_list.setAccessibleName(words("queue.title"))
        self.views.speak(words)
        self.show_filters(self._narrowed)
        for name, action in self._actions.items():
            action.setText(words(f"queue.do.{name}"))
        self.case_list.updateGeometries()
        self._model.retell()
        self._counted()

    # ---- wishes out

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        item = self._model.item(index.row()) if index.isValid() else None
        if isinstance(item, Row):
            self.open_wanted.emit(item.biz_id)

    @Slot()
    def _open_current(self) -> None:
        self._open(self.case_list.currentIndex())

    @Slot()
    def _down(self) -> None:
        self.case_list.step(1)

    @Slot()
    def _up(self) -> None:
        self.case_list.step(-1)

    def _make_actions(self) -> dict[str, QAction]:
        key = Qt.Key
        return {
            "open": self._action("open", self._open_current, key.Key_Return, key.Key_Enter),
            "down": self._action("down", self._down, key.Key_J),
            "up": self._action("up", self._up, key.Key_K),
            "next": self._action("next", self.next_wanted, key.Key_N),
            "fetch": self._action("fetch", self.fetch_wanted, key.Key_F),
        }

    def _action(self, name: str, wish: Callable[[], None] | SignalInstance, *keys: Qt.Key) -> QAction:
        action = QAction(self.case_list)
        action.setObjectName(f"queue_{name}")
        action.setShortcuts([QKeySequence(key) for key in keys])
        # A letter belongs to the pane that has the focus, and to no text field.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(wish)
        self.case_list.addAction(action)
        return action

    # ---- looks

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(t.panel))
        painter.fillRect(QRect(0, self._head.geometry().bottom(), self.width(), 1), QColor(t.line))

    def _lay_out(self) -> None:
        self._head = QWidget(self)
        self._head.setMinimumHeight(_HEADER)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(12, 4, 12, 5)
        head.addWidget(self._title, 1)
        head.addWidget(self.filters)
        head.addWidget(self._count)
        head.setSpacing(10)
        self._nothing = QWidget(self)
        nothing = QVBoxLayout(self._nothing)
        nothing.setContentsMargins(16, 16, 16, 16)
        nothing.setSpacing(4)
        nothing.addWidget(self._empty_title)
        nothing.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.views)
        column.addWidget(self._nothing)
        # The list stays in place when empty, so that a screen reader always finds it.
        column.addWidget(self.case_list, 1)

    @Slot()
    def _counted(self) -> None:
        count = self._model.count
        self._count.setText(self._words.many("queue.count", count))
        other = "" if self.views.view == "all" and not self._narrowed else "_view"
        self._empty_title.setText(self._words(f"queue.empty_title{other}"))
        self._empty.setText(self._words(f"queue.empty{other}"))
        self._nothing.setVisible(not count)
        self.case_list.setAccessibleDescription("" if count else self._words("queue.empty"))

    # ---- words

    def _told(self, row: Row) -> Told:
        in_batch = self._model.in_batch(row)
        return Told(
            state_of(row, in_batch, self._words, self._now),
            facts_of(row, self._words, self._now, blind=self._blind),
            moment_of(row, in_batch, self._words, self._now),
        )

    def _spoken(self, row: Row, in_batch: bool, number: int, of: int) -> str:
        return spoken(row, in_batch, number, of, self._words, self._now, blind=self._blind)

    def _titled(self, header: Header) -> str:
        return titled(header, self._words)

    def _header_words(self, header: Header) -> tuple[str, str]:
        return titled(header, self._words), grouped(header.rows)

    def _widest(self) -> TimeLeft:
        widest = time_left(self._words, self._now + timedelta(hours=23), self._now)
        assert widest
        return widest

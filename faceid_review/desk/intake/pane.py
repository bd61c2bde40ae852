"""The fetch page: what was pasted, what was recognised, what will be asked, and how far the asking is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from faceid_review.desk.buttons import Button, key_name
from faceid_review.desk.intake import wording
from faceid_review.desk.intake.account_box import Account, AccountBox
from faceid_review.desk.intake.batch import Batch
from faceid_review.desk.intake.fact_lines import FactLines
from faceid_review.desk.intake.model import RecognisedModel
from faceid_review.desk.intake.parts import Band, Remark
from faceid_review.desk.intake.paste_box import PasteBox, PasteFrame
from faceid_review.desk.intake.progress_bar import MOST_SEGMENTS, Item, ProgressBar, Tally, counted, pace
from faceid_review.desk.intake.switch import FETCH, Switch
from faceid_review.desk.intake.table import RecognisedTable
from faceid_review.desk.intake.wording import Offer
from faceid_review.desk.line import Label
from faceid_review.i18n import Words, grouped
from faceid_review.review.case import Stage
from faceid_review.review.line import Progress
from faceid_review.review.recognition import Survey
from faceid_review.review.retrieval import Retrieval

_START = QKeySequence("Ctrl+Enter")
_START_TOO = QKeySequence("Ctrl+Return")
_STOP = QKeySequence("Esc")
_PAUSE = QKeySequence("Ctrl+P")
_LINE = 54
_TABLE = 700
_LATE = 300
"""Milliseconds after which a survey that has not come is waited for in words."""


class FetchPage(QWidget):
    """Shows a survey and a batch; asks nobody. What is ticked is asked only when Fetch is pressed.

    ``text_changed`` wants a survey of the text, which :meth:`show_survey` takes; until it has come nothing
    can be fetched, so that what is asked is always what is seen. ``fetch_wanted`` carries the ids in the order
    they are to be asked, least time first, and the account's name.
    """

    text_changed = Signal(str)
    account_chosen = Signal(str)
    fetch_wanted = Signal(tuple, str)
    stop_wanted = Signal()
    pause_wanted = Signal(bool)
    open_wanted = Signal(str)
    manage_accounts_wanted = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fetch")
        self._words = words
        self._survey = Survey((), 0, 0)
        self._asked_for = ""
        self._stale = self._typed = False
        self._late = QTimer(self, singleShot=True, interval=_LATE)
        self._stopping = False
        self._progress: Progress | None = None
        self._facts: dict[str, str] = {}
        self._batch = Batch()
        self._model = RecognisedModel(words, self._batch, datetime.now().astimezone(), self)
        self._make_parts()
        self._lay_out()
        self._make_actions()
        self._late.timeout.connect(self._refresh)
        self.box.edited.connect(self._edited)
        self.box.text_changed.connect(self._text_settled)
        self.table.link_taken.connect(self._take_offer)
        self.accounts.activated.connect(self._account_picked)
        self.manage.clicked.connect(self.manage_accounts_wanted)
        self._model.ticks_changed.connect(self._refresh)
        self.setFocusProxy(self.box)
        self.speak(words)

    # ---- values in

    def set_text(self, text: str) -> None:
        """Put ``text`` into the box in place of what is there; ``text_changed`` follows."""
        self.box.set_text(text)

    def show_survey(self, survey: Survey, text: str | None = None) -> None:
        """Show what was recognised. With ``text``, a survey of anything but the latest text is left aside."""
        if text is not None and text != self._asked_for:
            return
        self._survey = survey
        self._stale = self.box.arriving
        if not self._stale:
            self._late.stop()
        self._model.show_survey(survey)
        self.box.show_survey(survey)
        self._summarise()
        self._refresh()

    def show_accounts(self, accounts: Sequence[Account], chosen: str) -> None:
        """Offer these accounts, each a name, the start of its api_key and its base URL."""
        self.accounts.show_accounts(accounts, chosen, self._words)
        self._say_facts()
        self._refresh()

    def choose_account(self, name: str) -> None:
        """Put the account of this name in force, if there is one."""
        self.accounts.choose(name, self._words)
        self._say_facts()

    @property
    def account(self) -> str:
        """The account that would be asked with; empty where there is none."""
        return self.accounts.name

    def show_ready(self, facts: Mapping[str, str]) -> None:
        """Show whether everything is ready, in words of the language in force.

        ``problem`` keeps Fetch shut and says why; ``sends``, ``pictures`` and ``to`` stand in place of what
        the page says by itself; every other value is one more thing that is ready, in order.
        """
        self._facts = dict(facts)
        self._say_facts()
        self._refresh()

    def batch_started(self, biz_ids: Sequence[str]) -> None:
        """These ids are being asked now, in this order."""
        held_focus = self.fetch.hasFocus()
        self._stopping, self._progress = False, None
        self._batch.start(biz_ids)
        self._model.batch_changed()
        if held_focus:
            self.stop.setFocus()

    def show_retrieval(self, retrieval: Retrieval) -> None:
        """Something became of one id."""
        member = self._batch.of(retrieval.biz_id) is not None
        self._batch.take(retrieval)
        if member:
            self._model.retrieval_changed(retrieval)
            self._refresh()
        else:
            self._model.batch_changed()

    def show_progress(self, progress: Progress) -> None:
        """Show whether the batch is paused and how long it may still take."""
        if progress != self._progress:
            self._progress = progress
            self._refresh()

    def batch_ended(self) -> None:
        """Nothing is under way any more."""
        held_focus = self.stop.hasFocus() or self.pause.hasFocus()
        self._stopping, self._progress = False, None
        self._batch.end()
        self._model.batch_changed()
        if held_focus:
            self.table.setFocus()

    def set_now(self, now: datetime) -> None:
        """Let countdowns count from ``now``, an aware moment."""
        self._model.set_now(now)

    def speak(self, words: Words) -> None:
        """Say everything in ``words``."""
        self._words = words
        self.setAccessibleName(words("fetch.title"))
        self.switch.speak(words)
        self.account_label.setText(words("fetch.account"))
        self.accounts.speak(words)
        self.manage.setText(words("fetch.manage"))
        self.manage.setAccessibleName(words("fetch.manage"))
        self.heading.setText(words("fetch.heading"))
        self.box.setAccessibleName(words("fetch.box"))
        self.box.setAccessibleDescription(words("fetch.heading"))
        self.box.setPlaceholderText(words("fetch.placeholder"))
        self.table.speak(words)
        self._model.speak(words)
        self.info.setText(words("fetch.info"))
        self._say_facts()
        self._summarise()
        self._refresh()

    # ---- wishes out

    @Slot()
    def _start(self) -> None:
        self.fetch_wanted.emit(self._model.ticked_ids(), self.accounts.name)

    @Slot()
    def _stop(self) -> None:
        self._stopping = True
        self._refresh()
        self.stop_wanted.emit()

    @Slot()
    def _pause(self) -> None:
        self.pause_wanted.emit(not self.paused)

    @property
    def paused(self) -> bool:
        """Whether the batch is paused, as far as this page was told."""
        return self._progress is not None and self._progress.paused

    @Slot()
    def _edited(self) -> None:
        if not self._stale:
            self._stale = True
            self._late.start()
        self._typed = not self.box.inserting
        self._refresh()

    @Slot(str)
    def _text_settled(self, text: str) -> None:
        self._asked_for = text
        self.text_changed.emit(text)

    @Slot(int)
    def _account_picked(self, _: int) -> None:
        self.accounts.speak(self._words)
        self._say_facts()
        self.account_chosen.emit(self.accounts.name)

    @Slot(int)
    def _take_offer(self, row: int) -> None:
        place = self._model.place(row)
        match self._model.offer(row):
            case Offer.OPEN:
                self.open_wanted.emit(str(place.biz_id))
            case Offer.MEANT:
                self.box.append_line(str(place.meant))

    # ---- what is said

    @Slot()
    def _refresh(self) -> None:
        """The foot: counts, progress, what can be pressed, and why not."""
        words, batch, running = self._words, self._batch, self._batch.running
        why = self._why_not()
        can, waiting = not why and not self._stale, self._stale and self._late.isActive()
        self.fetch_action.setEnabled(can)
        # What came and went with each letter typed would only flicker: the key is dead at once, looks follow.
        if not (waiting and self._typed):
            self.fetch.setEnabled(can)
        if not waiting:
            self.note.setText(why or words("fetch.note.reading" if self._stale else "fetch.note.before"))
        number = batch.size if running else self._model.ticks
        self.fetch_action.setText(words("fetch.start", number=number))
        self.fetch.setText(words("fetch.start", number=grouped(number)))
        self.fetch.setAccessibleName(self.fetch_action.text())
        self.stop_action.setText(words.many("fetch.stop", max(1, batch.counts.get(Stage.ASKING, 0))))
        self.stop.setText(self.stop_action.text())
        self.stop.setAccessibleName(self.stop_action.text())
        self.stop_action.setEnabled(running and not self._stopping)
        self.stop.setEnabled(running and not self._stopping)
        self.stop.setVisible(running)
        self.pause_action.setText(words("fetch.go_on" if self.paused else "fetch.pause"))
        self.pause.setText(self.pause_action.text())
        self.pause.setAccessibleName(self.pause_action.text())
        self.pause_action.setEnabled(running and not self._stopping)
        self.pause.setEnabled(running and not self._stopping)
        self.pause.setVisible(running)
        self.tally.show_items(self._items(), words("fetch.comma"))
        self.progress.show_stages(batch.counts, batch.stages if batch.size <= MOST_SEGMENTS else ())
        self.progress.setAccessibleName(words("fetch.progress"))
        self.progress.setAccessibleDescription(self.progress.describe(words))

    def _items(self) -> list[Item]:
        words, batch = self._words, self._batch
        if not batch.size:
            return [Item(words.many("fetch.to_ask", self._model.ticks))]
        heading = Item(words("fetch.asked", asked=grouped(batch.asked), of=grouped(batch.size)))
        return [heading, *counted(batch.counts, words), *pace(self._progress, batch.size, words)]

    def _why_not(self) -> str:
        """Why nothing can be fetched now; empty where it can."""
        words = self._words
        if self._batch.running:
            note = "stopping" if self._stopping else "paused" if self.paused else "running"
            return words(f"fetch.note.{note}")
        if problem := self._facts.get("problem"):
            return problem
        if not self.accounts.name:
            return words("fetch.note.no_account")
        return "" if self._model.ticks else words("fetch.note.nothing")

    def _summarise(self) -> None:
        self.summary.setText(wording.summary(self._survey, self._words))

    def _say_facts(self) -> None:
        facts, words = self._facts, self._words
        said = {
            "sends": facts.get("sends") or words("fetch.sends"),
            "pictures": facts.get("pictures") or words("fetch.pictures"),
            "to": facts.get("to") or self.accounts.base_url or words("fetch.no_account"),
        }
        self._sends.say({n: words(f"fetch.fact.{n}") for n in self._sends.names}, said, facts, words)

    # ---- parts

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._divide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._divide()

    def _divide(self) -> None:
        """The box takes what an id with a few words before it needs; the table has the rest, and most of all."""
        width = self.width()
        enough = round(_LINE * self.box.fontMetrics().horizontalAdvance("0")) + self.box.gutter_width() + 64
        self._left.setFixedWidth(min(enough, max(width - _TABLE, width * 36 // 100)))
        buttons = sum(button.sizeHint().width() + 8 for button in (self.pause, self.stop, self.fetch))
        room = (width - 72) * 5 // 8 - buttons
        beside = room > 34 * self.note.fontMetrics().horizontalAdvance("0")
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._wishes.setDirection(across if beside else down)

    def _make_parts(self) -> None:
        self.switch = Switch(FETCH)
        self.account_label = Label("account_label", ink="text2")
        self.accounts = AccountBox()
        self.account_label.setBuddy(self.accounts)
        self.manage = Button()
        self.manage.setObjectName("manage_accounts")
        self.heading = Label("fetch_heading", bold=True, wrap=True)
        self.paste_key = Label("paste_key", ink="text3", step=-2)
        self.paste_key.setText(key_name(QKeySequence(QKeySequence.StandardKey.Paste)))
        self.box = PasteBox()
        self.heading.setBuddy(self.box)
        self.summary = Label("fetch_summary", ink="text2", step=-1, wrap=True)
        self.table = RecognisedTable(self._model)
        self.info = Remark("fetch_info")
        self._sends = FactLines(("sends", "pictures", "to"))
        self.ready = self._sends.ready
        self.tally = Tally("batch_counts")
        self.progress = ProgressBar()
        self.progress.setObjectName("batch_progress")
        self.note = Label("fetch_note", ink="text2", step=-1, wrap=True)
        self.pause = Button(key=key_name(_PAUSE))
        self.pause.setObjectName("pause")
        self.stop = Button(key=key_name(_STOP))
        self.stop.setObjectName("stop")
        self.fetch = Button(primary=True, key=key_name(_START))
        self.fetch.setObjectName("fetch_start")

    def _make_actions(self) -> None:
        self.fetch_action = self._action("fetch_start_action", _START, _START_TOO)
        self.fetch_action.triggered.connect(self._start)
        self.fetch.clicked.connect(self.fetch_action.trigger)
        self.stop_action = self._action("stop_action", _STOP)
        self.stop_action.triggered.connect(self._stop)
        self.stop.clicked.connect(self.stop_action.trigger)
        self.pause_action = self._action("pause_action", _PAUSE)
        self.pause_action.triggered.connect(self._pause)
        self.pause.clicked.connect(self.pause_action.trigger)
        chain = (self.switch, self.accounts, self.manage, self.box, self.table.tick_all, self.table, self.pause, self.stop,
                 self.fetch)  # fmt: skip
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _action(self, name: str, *keys: QKeySequence) -> QAction:
        action = QAction(self)
        action.setObjectName(name)
        action.setShortcuts(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        bar = Band("panel", Qt.Edge.BottomEdge)
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addWidget(self.switch)
        row.addStretch(1)
        row.addWidget(self.account_label)
        row.addWidget(self.accounts)
        row.addWidget(self.manage)

        self._left = Band("panel", Qt.Edge.RightEdge)
        column = QVBoxLayout(self._left)
        column.setContentsMargins(16, 12, 13, 12)
        column.setSpacing(8)
        heading = QHBoxLayout()
        heading.addWidget(self.heading, 1)
        heading.addWidget(self.paste_key)
        column.addLayout(heading)
        column.addWidget(PasteFrame(self.box), 1)
        column.addWidget(self.summary)

        right = Band("panel")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(12)
        column.addWidget(self.table, 1)
        box = QHBoxLayout()
        box.setContentsMargins(12, 0, 16, 0)
        box.addWidget(self.info)
        column.addLayout(box)

        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._left)
        body.addWidget(right, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(bar)
        page.addLayout(body, 1)
        page.addWidget(self._foot())

    def _foot(self) -> QWidget:
        foot = Band("window", Qt.Edge.TopEdge)
        batch = QVBoxLayout()
        batch.setSpacing(8)
        batch.addWidget(self.tally)
        batch.addWidget(self.progress)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.pause)
        buttons.addWidget(self.stop)
        buttons.addWidget(self.fetch)
        self._wishes = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._wishes.setSpacing(8)
        self._wishes.addWidget(self.note, 1)
        self._wishes.addLayout(buttons)
        batch.addLayout(self._wishes)
        batch.addStretch(1)
        both = QHBoxLayout(foot)
        both.setContentsMargins(16, 12, 16, 12)
        both.setSpacing(24)
        both.addLayout(self._sends, 3)
        both.addLayout(batch, 5)
        foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return foot

"""Joins the fetch page to the queue: what is pasted, asked, asked again, paused and withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from faceid_review.desk import wording
from faceid_review.desk.window import Window
from faceid_review.desk.work import Work
from faceid_review.errors import Intercepted, NotAsked, ReviewError
from faceid_review.faceid.biz_id import BizId
from faceid_review.i18n import Words
from faceid_review.review.case import Stage
from faceid_review.review.recognition import Kind, Survey
from faceid_review.review.retrieval import Retrieval

_LOOK_MS: Final = 1000
_OVER: Final = (Stage.ASKING, Stage.QUEUED)


class _Batch(NamedTuple):
    """What was last wished for, to be wished for once more after a root was accepted."""

    biz_ids: tuple[str, ...]
    account: str
    again: str


class Asking(QObject):
    """Everything that leads to a request. ``doing`` is one sentence on what goes on."""

    figures_changed = Signal()
    first_kept = Signal(str)
    """The first answer kept of a batch, while the reviewer has gone nowhere else."""

    def __init__(self, words: Words, window: Window, work: Work) -> None:
        super().__init__(work)
        self._words, self._window, self._work = words, window, work
        self._survey: Survey | None = None
        self._batch = _Batch((), "", "")
        self._reader: Intercepted | None = None
        self.stay = True
        """Whether the reviewer is somewhere of his own choosing."""
        self.doing = ""
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._show_progress)
        page = window.fetch
        page.text_changed.connect(work.survey)
        page.fetch_wanted.connect(self._fetch)
        page.stop_wanted.connect(work.stop)
        page.pause_wanted.connect(self._pause)
        window.actions_["again"].triggered.connect(self.again)
        work.surveyed.connect(self._show_survey)
        work.retrieved.connect(self._hear)
        work.not_asked.connect(self._not_asked)
        work.batch_ended.connect(self._ended)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words`` from now on."""
        self._words = words
        if self.doing:
            self.doing = words("doing.idle")

    def bring_back(self, waiting: Sequence[BizId]) -> None:
        """What waited when the program ended last time lies in the box again, and one sentence says so."""
        row = self._work.session.casebook.row(waiting[0]) or {}
        self._window.fetch.choose_account(str(row.get("account") or ""))
        self._window.fetch.set_text("\n".join(waiting))
        self._window.show_page(self._window.fetch)
        count = len(waiting)
        self._window.notice.show_sentence(lambda words: words.many("notice.waited", count))

    @Slot(str)
    def offer(self, biz_id: str) -> None:
        """Put one id into the box of the fetch page and show it; nothing is asked."""
        row = self._work.session.casebook.row(biz_id) or {}
        self.stay = True
        self._window.fetch.choose_account(str(row.get("account") or ""))
        self._window.fetch.set_text(biz_id)
        self._window.show_page(self._window.fetch)

    @Slot()
    def again(self) -> None:
        """Ask once more for the case on show, with a person's reason."""
        case, queue = self._window.case.case, self._work.session.queue
        if case is None or not self._window.case.may_ask_again:
            return
        if case.biz_id in queue.line.holds():
            self._window.notice.show_error(NotAsked("already_asking"))
            return
        accounts = [(a.name, a.key_start, a.base_url) for a in self._work.session.accounts.all()]
        if not accounts:
            self._window.notice.show_error(NotAsked("no_account"))
            return
        wish = self._window.sheets.ask_again(self._words, case, accounts)
        if wish is not None:
            self._start(_Batch((case.biz_id,), wish.account, wish.reason))

    @Slot(object, str)
    def _fetch(self, biz_ids: tuple[str, ...], account: str) -> None:
        late = {p.biz_id for p in self._survey.of(Kind.EXPIRED)} if self._survey else set()
        expired = sum(biz_id in late for biz_id in biz_ids)
        if expired and not self._window.sheets.confirm(
            self._words("late.title"), self._words.many("late.sentence", expired),
            self._words("late.yes"), self._words("late.no"),
        ):  # fmt: skip
            return
        self._start(_Batch(tuple(biz_ids), account, ""))

    def _start(self, batch: _Batch, *, root: str = "") -> None:
        self._batch = batch
        self.stay = False
        self._window.notice.dismiss()
        self._show_batch(batch.biz_ids)
        if root:
            self._work.trust_and_fetch(root, *batch)
        else:
            self._work.fetch(*batch)

    def _show_batch(self, biz_ids: Sequence[str]) -> None:
        self._window.fetch.batch_started(tuple(biz_ids))
        self._window.queue.show_batch(tuple(biz_ids))
        self._look.start()

    @Slot(object)
    def _not_asked(self, error: ReviewError) -> None:
        """The whole batch was kept from being asked: nothing was sent."""
        if isinstance(error, Intercepted):
            self._reader = error
        else:
            self._window.notice.show_error(error)

    def _ask_trust(self, error: Intercepted) -> None:
        """Somebody between here and the vendor can read along: only a person may send anything past them."""
        if self._window.sheets.confirm(
            self._words("trust.title"), wording.sentence(error, self._words),
            self._words("trust.yes"), self._words("trust.no"),
        ):  # fmt: skip
            self._start(self._batch, root=str(error.facts["root"]))
        else:
            self._window.notice.show_error(error)

    @Slot(bool)
    def _pause(self, paused: bool) -> None:
        self._work.pause(paused)
        self._show_progress()

    @Slot()
    def _show_progress(self) -> None:
        self._window.fetch.show_progress(self._work.session.queue.line.progress())

    @Slot(object)
    def _show_survey(self, survey: Survey) -> None:
        self._survey = survey
        self._window.fetch.show_survey(survey)

    @Slot(object)
    def _hear(self, told: Retrieval) -> None:
        self._window.fetch.show_retrieval(told)
        on_show = self._window.case.case
        if told.stage is Stage.ASKING:
            self.doing = self._words("doing.asking", biz_id=told.biz_id)
        elif told.stage not in _OVER:
            self._show_progress()
        if isinstance(told.error, Intercepted):
            self._reader = told.error
        if told.stage is Stage.KEPT and told.error is None and not self.stay:
            # The first answer opens by itself; from then on the reviewer is somewhere of his own choosing.
            self.stay = True
            self.first_kept.emit(told.biz_id)
        elif on_show is not None and on_show.biz_id == told.biz_id and not told.received:
            self._work.open_again(told.biz_id)
        self.figures_changed.emit()

    @Slot()
    def _ended(self) -> None:
        self._look.stop()
        self.doing = self._words("doing.idle")
        if self._work.session.queue.line.progress().paused:
            # A pause belongs to its batch: the next one must not wait for a button nobody thinks of.
            self._work.pause(False)
        self._window.fetch.batch_ended()
        self._work.survey_again()
        self.figures_changed.emit()
        reader, self._reader = self._reader, None
        if reader is not None:
            self._ask_trust(reader)

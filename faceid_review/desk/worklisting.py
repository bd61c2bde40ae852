"""Joins the queue to the casebook: views, filters, search as one types, the next case, states and tags.

Every list is made off the GUI thread, the last wish overtaking the ones before; what the window does is show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, time
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from faceid_review.desk.judgement.form import day_of
from faceid_review.desk.judging import JudgingWork
from faceid_review.desk.queue.filter_sheet import FilterSheet, said
from faceid_review.desk.queue.listing import Lister, Listing
from faceid_review.desk.queue.row import Row
from faceid_review.desk.window import Window
from faceid_review.desk.work import Work
from faceid_review.errors import ReviewError, Usage
from faceid_review.i18n import Words
from faceid_review.review.case import Case
from faceid_review.review.worklist import VIEWS, Alike, Query
from faceid_review.session import Session

_AGAIN_MS: Final = 800
_FEW: Final = 2_000
"""So many cases are counted in a millisecond or two: as soon as rows have changed."""
_MOST_KNOWN: Final = 60
_LONGEST: Final = 200


class WorklistWork(QObject):
    """What the queue shows, and the wishes that change where a case stands."""

    open_wanted = Signal(str)
    figures_changed = Signal()

    def __init__(self, words: Words, window: Window, work: Work, judging: JudgingWork) -> None:
        super().__init__(work)
        self._words, self._window, self._work, self._judging = words, window, work, judging
        self._lister = Lister()
        self._filter = Query()
        self._needle = ""
        self._wish = 0
        self._ready = False
        self._changed: dict[str, None] = {}
        self._known: Mapping[str, tuple[str, ...]] = {}
        self._sheet: FilterSheet | None = None
        self._again = QTimer(self, interval=_AGAIN_MS, singleShot=True)
        self._again.timeout.connect(self.read)
        # Once for all rows that change in one turn of the event loop.
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._count_few)
        queue = window.queue
        queue.views.chosen.connect(self._view_chosen)
        queue.filters_wanted.connect(self.choose_filters)
        for key in queue.views.keys.values():
            window.addAction(key)
        do = judging.commands
        do["next"].triggered.connect(self.next)
        do["previous"].triggered.connect(self.previous)
        do["wait"].triggered.connect(partial(self._pause, "wait"))
        do["on_hold"].triggered.connect(partial(self._pause, "on_hold"))
        do["snooze"].triggered.connect(self.snooze)
        do["resume"].triggered.connect(self.resume)
        do["tag"].triggered.connect(self.tag)
        work.case_opened.connect(self._look_alike)
        judging.changed.connect(self._leave_batch)
        window.case.alike.search_wanted.connect(window.tools.search.setText)
        queue.go_blind(work.session.casebook.blind)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words`` from now on."""
        self._words = words
        self._window.queue.show_filters(said(self._filter, words))

    @property
    def query(self) -> Query:
        """What the list shows: the view, narrowed by the filter and by what is looked for."""
        asked = {f.name: getattr(self._filter, f.name) for f in fields(Query)}
        narrowed = {name: value for name, value in asked.items() if value not in ("", None)}
        return replace(VIEWS[self._window.queue.views.view], **{**narrowed, "text": self._needle})

    @property
    def sheet(self) -> FilterSheet | None:
        """The sheet with the filters, while it is open."""
        return self._sheet

    # ---- lists

    def search(self, needle: str) -> None:
        """Show the rows in which ``needle`` stands."""
        self._needle = needle
        self._read(counted=False)

    @Slot()
    def read(self) -> None:
        """Make the list anew, and count the views."""
        self._read(counted=True)

    @Slot(object)
    def change(self, head: Mapping[str, Any]) -> None:
        """A case has changed, or bytes of its answer arrive."""
        queue, biz_id = self._window.queue, str(head["biz_id"])
        self._changed[biz_id] = None
        new = not queue.holds(biz_id)
        if not new or not self.query.narrows:
            queue.update_row(Row.of(head))
        if new or not head.get("received"):
            self._soon.start()
            if not self._again.isActive():
                self._again.start()

    @Slot()
    def _count_few(self) -> None:
        """Let the counts of the views move with the rows; of many cases that is left to the next list."""
        if len(self._work.session.casebook.work) <= _FEW:
            self._window.queue.views.show_counts(self._counts(datetime.now(UTC)))

    def _counts(self, now: datetime) -> dict[str, int]:
        work = self._work.session.casebook.work
        return {name: work.count(one, now) for name, one in VIEWS.items()}

    def _read(self, *, counted: bool) -> None:
        self._again.stop()
        self._wish += 1
        self._changed.clear()
        self._work.run(partial(self._listed, self._wish, self.query, counted), self._show, self._failed)

    def _listed(self, wish: int, query: Query, counted: bool) -> Listing | None:
        if wish != self._wish:
            return None
        casebook, now = self._work.session.casebook, datetime.now(UTC)
        made = self._lister.lay_out(casebook.select(query), now)
        if counted and wish == self._wish:
            made.counts.update(self._counts(now))
        return made if wish == self._wish else None

    def _show(self, listing: Listing | None) -> None:
        if listing is None:
            return
        self._window.queue.show_listing(listing)
        if not self._ready:
            # Not before there is a list to look at: both would be made at once, and neither soon.
            self._ready = True
            self._work.run(self._work.session.casebook.work.make_ready, lambda _: None, self._failed)
        case = self._window.case.case
        if case is not None:
            self._window.queue.select(case.biz_id)
        # What changed while it was made stands in it as it was, or is not among them.
        for biz_id in tuple(self._changed):
            row = self._work.session.casebook.row(biz_id)
            if row is not None and self._window.queue.holds(biz_id):
                self._window.queue.update_row(Row.of(row))
        if self._changed:
            self._soon.start()
            self._again.start()

    @Slot(str)
    def _view_chosen(self, _: str) -> None:
        self._leave_batch()
        self.read()

    @Slot(object)
    def _leave_batch(self, _: object = None) -> None:
        """Once somebody works on cases, those of a batch that is over stand where their work does."""
        if not self._work.session.queue.busy:
            self._window.queue.show_batch(())

    # ---- filters

    @Slot()
    def choose_filters(self) -> None:
        """The sheet with the filters."""
        if self._sheet is None:
            self._work.run(partial(_known, self._work.session), self._ask_filters, self._failed)

    def _ask_filters(self, known: Mapping[str, tuple[str, ...]]) -> None:
        if self._sheet is not None:
            return
        blind = self._work.session.casebook.blind
        sheet = FilterSheet(self._words, self._filter, known, blind=blind, parent=self._window)
        self._sheet = sheet
        sheet.wanted.connect(self.filter)
        sheet.finished.connect(self._filters_closed)
        sheet.open()

    @Slot(object)
    def filter(self, query: Query) -> None:
        """Narrow the list by this."""
        self._filter = query
        self._window.queue.show_filters(said(query, self._words))
        self.read()

    @Slot()
    def _filters_closed(self) -> None:
        if self._sheet is not None:
            self._sheet.deleteLater()
        self._sheet = None

    # ---- the next case, and others alike

    @Slot()
    def next(self) -> None:
        """Open the next case that needs somebody."""
        self._follow(back=False)

    @Slot()
    def previous(self) -> None:
        """Open the one before."""
        self._follow(back=True)

    def _follow(self, *, back: bool) -> None:
        case = self._window.case.case
        here = str(case.biz_id) if case else ""
        work = self._work.session.casebook.work
        self._work.run(lambda: work.following(here, datetime.now(UTC), back=back), self._go, self._failed)

    def _go(self, biz_id: str | None) -> None:
        if biz_id is None:
            self._window.case.say(self._words("judging.none_needs"))
        else:
            self.open_wanted.emit(biz_id)

    @Slot(object)
    def _look_alike(self, case: Case) -> None:
        self._window.case.alike.show_alike(None, "", "")
        pictures = [picture.sha256 for picture in case.photographs]
        work = self._work.session.casebook.work
        self._work.run(
            lambda: work.alike(case.biz_id, pictures), partial(self._tell_alike, case), self._failed
        )

    def _tell_alike(self, case: Case, alike: Alike) -> None:
        shown = self._window.case.case
        if shown is not None and shown.biz_id == case.biz_id:
            biz_no = case.result.biz_no if case.result else ""
            picture = next((p.sha256 for p in case.photographs), "")
            self._window.case.alike.show_alike(alike, biz_no or "", picture)

    # ---- where a case stands

    def _pause(self, kind: str) -> None:
        case = self._window.case.case
        if case is None:
            return
        title = self._words(f"judgement.do.{kind}")
        reason = self._window.sheets.ask_line(title, self._words("judgement.ask_reason"), _LONGEST)
        if reason is not None:
            review = self._work.session.review
            put = review.wait if kind == "wait" else review.put_on_hold
            self._judging.write(partial(put, case.biz_id, reason))

    @Slot()
    def snooze(self) -> None:
        """Put the case on show off until a day; it comes back in the morning of that day."""
        case = self._window.case.case
        if case is None:
            return
        said_ = self._window.sheets.ask_line(
            self._words("judgement.do.snooze"), self._words("judgement.ask_day"), 20
        )
        if said_ is None:
            return
        here = datetime.now().astimezone()
        try:
            day = day_of(said_, here.date())
        except ValueError:
            day = None
        if day is None:
            self._failed(Usage("snooze_past"))
            return
        until = datetime.combine(day, time.min).astimezone()
        self._judging.write(partial(self._work.session.review.snooze, case.biz_id, until))

    @Slot()
    def resume(self) -> None:
        """Take the case on show up again."""
        case = self._window.case.case
        if case is not None:
            self._judging.write(partial(self._work.session.review.resume, case.biz_id))

    @Slot()
    def tag(self) -> None:
        """Tag the case on show; a tag that it carries already is taken away."""
        case = self._window.case.case
        if case is None:
            return
        tag = self._window.sheets.ask_line(
            self._words("judgement.do.tag"),
            self._words("judgement.ask_tag", tags=", ".join(case.work.tags)),
            64,
        )
        if tag and tag.strip():
            review = self._work.session.review
            put: Callable[[str, str], Case] = review.untag if tag.strip() in case.work.tags else review.tag
            self._judging.write(partial(put, case.biz_id, tag))

    @Slot(object)
    def _failed(self, error: ReviewError) -> None:
        self._window.notice.show_error(error)


def _known(session: Session) -> Mapping[str, tuple[str, ...]]:
    """The values that occur, for the filters to offer."""
    heads = session.casebook.rows()
    return {
        "reason": _seen(h.get("reason") for h in heads),
        "band": _seen(h.get("strictest") for h in heads),
        "finding": _seen(one for h in heads for one in h.get("flags") or ()),
        "exception": _seen(one for h in heads for one in h.get("exceptions") or ()),
        "tag": _seen(one for h in heads for one in h.get("tags") or ()),
    }


def _seen(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value})[:_MOST_KNOWN])

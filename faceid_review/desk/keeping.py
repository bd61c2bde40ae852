"""Joins keeping and destroying to the session: legal hold, purge, the cases that are due, and a backup of everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import platformdirs
from PySide6.QtCore import QObject, Signal, Slot

from faceid_review.desk.window import Window
from faceid_review.desk.work import Work
from faceid_review.errors import NotAllowed, ReviewError
from faceid_review.i18n import Words, grouped
from faceid_review.review import rules, statement
from faceid_review.review.case import Case, Stage
from faceid_review.review.plain_text import visible
from faceid_review.review.purging import Copy, Due

T = TypeVar("T")

_LONGEST_REASON: Final = 500
_NAMED: Final = 8
"""How many copies or cases a question names; the rest are counted."""


class KeepingWork(QObject):
    """What is kept no longer, what must be kept, and what is kept twice. Nothing is destroyed without a typed word."""

    figures_changed = Signal()

    def __init__(self, words: Words, window: Window, work: Work) -> None:
        super().__init__(work)
        self._words, self._window, self._work = words, window, work
        self._folder = Path(platformdirs.user_documents_dir())
        actions = window.actions_
        actions["legal_hold"].triggered.connect(self.hold)
        actions["purge"].triggered.connect(self.purge)
        actions["due"].triggered.connect(self.list_due)
        actions["backup"].triggered.connect(self.back_up)
        work.case_opened.connect(self.weigh)
        work.case_changed.connect(self.weigh)
        window.pages.currentChanged.connect(self.weigh)
        self.weigh()

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words`` from now on."""
        self._words = words
        self.weigh()

    @property
    def case(self) -> Case | None:
        """The case in front, or None."""
        window = self._window
        return window.case.case if window.pages.currentWidget() is window.case else None

    @Slot()
    def weigh(self, _: object = None) -> None:
        """What can be done to the case in front; an action that cannot be taken is dead for mouse and key."""
        case, actions = self.case, self._window.actions_
        kept = case is not None and case.stage is not Stage.PURGED
        held = case is not None and case.work.hold is not None
        actions["legal_hold"].setEnabled(kept)
        actions["legal_hold"].setText(self._words("action.release" if held else "action.legal_hold"))
        refused = rules.allowed(case, blind=False)["purge"] if case else None
        actions["purge"].setEnabled(kept and refused is None)
        actions["due"].setEnabled(True)
        actions["backup"].setEnabled(True)

    @Slot()
    def hold(self) -> None:
        """Put the case in front under legal hold, or end it; either with a reason."""
        case = self.case
        if case is None or case.stage is Stage.PURGED:
            return
        held = case.work.hold is not None
        title = self._words("action.release" if held else "action.legal_hold")
        question = self._words("keeping.why_release" if held else "keeping.why_hold", case=case.number)
        reason = self._window.sheets.ask_line(title, question, _LONGEST_REASON)
        if reason is None or not (held or reason.strip()):
            return
        review = self._work.session.review
        self._run(
            partial(review.release if held else review.hold, case.biz_id, reason.strip()), self._changed
        )

    @Slot()
    def purge(self) -> None:
        """Destroy the case in front, once its copies were named and its number was typed."""
        case = self.case
        if case is not None:
            self._run(partial(self._before, case.biz_id, case.number), partial(self._ask_purge, case))

    @Slot()
    def list_due(self) -> None:
        """Name the cases whose time is over and destroy them once their number was typed."""
        self._run(partial(self._work.session.purging.due, datetime.now(UTC)), self._ask_due)

    @Slot()
    def back_up(self) -> None:
        """Ask where to, then write a backup and prove it."""
        title = self._words("action.backup")
        name = f"faceid-review-{datetime.now().astimezone():%Y-%m-%d-%H%M}.backup"
        target = self._window.sheets.save_path(title, self._folder / name, "")
        if target is None:
            return
        self._folder = target.parent
        self._window.notice.show_sentence(lambda w: w("keeping.backing_up", name=target.name))
        session = self._work.session

        def done(made: object) -> None:
            size, cases = grouped(target.stat().st_size), grouped(len(session.casebook.work))
            self._window.notice.show_sentence(
                lambda w: w("keeping.backup_done", name=target.name, bytes=size, cases=cases)
            )
            self.figures_changed.emit()

        self._run(partial(session.back_up, target), done)

    def _before(self, biz_id: str, number: str) -> tuple[Copy, ...]:
        purging = self._work.session.purging
        if refused := purging.why_not(biz_id):
            raise NotAllowed(refused, case=number)
        return purging.copies(biz_id)

    def _ask_purge(self, case: Case, copies: tuple[Copy, ...]) -> None:
        w = self._words
        question = f"{self._copies(copies)}{w('keeping.ask_case', case=case.number)}"
        if self._window.sheets.ask_line(w("action.purge"), question, len(case.number)) != case.number:
            return
        reason = self._window.sheets.ask_line(w("action.purge"), w("keeping.why_purge"), _LONGEST_REASON)
        if reason is not None:
            self._run(partial(self._destroy, (case.biz_id,), reason), self._purged)

    def _ask_due(self, listed: tuple[Due, ...]) -> None:
        w, days = self._words, self._work.session.purging.days
        ready = [one for one in listed if one.refused is None]
        if not ready:
            kept = len(listed)
            self._window.notice.show_sentence(
                lambda w: (
                    w.many("keeping.all_kept", kept)
                    if kept
                    else w.many("keeping.none_due", days)
                    if days
                    else w("keeping.no_clock")
                )
            )
            return
        lines = [
            f"{one.case}  {visible(one.biz_id)}  "
            + (
                w("keeping.again")
                if one.again
                else w("keeping.due", since=_day(one.since), until=_day(one.until))
            )
            for one in ready[:_NAMED]
        ]
        if more := len(ready) - len(lines):
            lines.append(w.many("keeping.and_more", more))
        count = str(len(ready))
        question = "\n".join([*lines, "", w("keeping.ask_count", count=count)])
        if self._window.sheets.ask_line(w("action.due"), question, len(count)) == count:
            self._run(partial(self._destroy, tuple(one.biz_id for one in ready), ""), self._purged)

    def _copies(self, copies: tuple[Copy, ...]) -> str:
        lines = [
            self._words(
                f"keeping.copy_{copy.kind}",
                entry=copy.entry,
                at=statement.instant(copy.at),
                by=visible(copy.by),
                to=visible(copy.to),
                sha256=copy.sha256[:16],
            )
            for copy in copies[:_NAMED]
        ]
        if more := len(copies) - len(lines):
            lines.append(self._words.many("keeping.and_more", more))
        return "".join(f"{line}\n" for line in lines) + ("\n" if lines else "")

    def _destroy(self, biz_ids: tuple[str, ...], reason: str) -> tuple[Case, ...]:
        purging = self._work.session.purging
        try:
            return tuple(purging.purge(biz_id, reason) for biz_id in biz_ids)
        finally:
            purging.finish()

    def _purged(self, cases: tuple[Case, ...]) -> None:
        for case in cases:
            self._changed(case)
        count = len(cases)
        self._window.notice.show_sentence(lambda w: w.many("keeping.purged_done", count))

    def _changed(self, case: Case) -> None:
        row = self._work.session.casebook.row(case.biz_id)
        if row is not None:
            self._work.row_changed.emit(row)
        shown = self._window.case.case
        if shown is not None and shown.biz_id == case.biz_id:
            self._work.open_again(case.biz_id)
        self.figures_changed.emit()

    def _run(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        self._work.run(work, then, self._failed)

    def _failed(self, error: ReviewError) -> None:
        self._window.notice.show_error(error)
        self.figures_changed.emit()


def _day(moment: datetime) -> str:
    return moment.astimezone().date().isoformat()

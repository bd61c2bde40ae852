"""Keeps drafts on the disk, off the GUI thread: of each case the last wording, never an older one over a newer."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal

from faceid_review.desk.judgement.proposal import Draft, Proposal
from faceid_review.desk.work import Work
from faceid_review.errors import ReviewError
from faceid_review.review.case import Case
from faceid_review.review.reasons import Reason
from faceid_review.session import Session


class Drafting(QObject):
    """The drafts of one session."""

    kept = Signal(str, object)
    """A biz_id, and the moment at which its draft lay on the disk."""

    failed = Signal(str, object)
    """A biz_id, and the error that kept its draft from the disk."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self._work = work
        self._numbers: dict[str, int] = {}
        self._writing = threading.Lock()

    def keep(self, biz_id: str, draft: Draft) -> None:
        """Write a draft in the place of the one before."""
        number = self.overtake(biz_id)
        self._work.run(
            partial(self._write, biz_id, draft, number),
            partial(self._written, biz_id),
            partial(self.failed.emit, biz_id),
        )

    def keep_now(self, biz_id: str, draft: Draft) -> None:
        """The same, in this thread and at once; also what drops it, by an empty one."""
        number = self.overtake(biz_id)
        with suppress(ReviewError):
            self._write(biz_id, draft, number)

    def overtake(self, biz_id: str) -> int:
        """From here on no draft that was handed in before is written any more."""
        with self._writing:
            self._numbers[biz_id] = self._numbers.get(biz_id, 0) + 1
            return self._numbers[biz_id]

    def _write(self, biz_id: str, draft: Draft, number: int) -> datetime | None:
        with self._writing:
            if number != self._numbers[biz_id]:
                return None
            self._work.session.review.keep_draft(biz_id, draft.facts())
            return datetime.now().astimezone()

    def _written(self, biz_id: str, at: datetime | None) -> None:
        if at is not None:
            self.kept.emit(biz_id, at)


def drafted(session: Session, biz_id: str) -> tuple[Draft, tuple[Reason, ...], ReviewError | None]:
    """The draft of a case, the reasons for a decision, and the error that kept the office's list from being read."""
    draft = Draft.of(session.review.draft(biz_id))
    try:
        return draft, session.review.reasons(), None
    except ReviewError as error:  # without the office's list nothing is decided, but notes are written
        return draft, (), error


def sealed(session: Session, drafts: Drafting, proposal: Proposal) -> Case:
    """The judgement where it is a new one and the decision, whole or not there; then no draft any more."""
    case = session.review.seal(
        proposal.biz_id, proposal.step, proposal.outcome, proposal.reason.code, proposal.note
    )
    drafts.keep_now(proposal.biz_id, Draft())
    return case

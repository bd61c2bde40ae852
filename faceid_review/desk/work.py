"""What the desk asks of the session: every errand leaves the GUI thread here and comes back as a signal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.queue.model import Row
from faceid_review.desk.relay import Relay
from faceid_review.errors import NotKept, ReviewError
from faceid_review.faceid import photograph
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.photograph import Examined, Status
from faceid_review.faceid.result import Photograph
from faceid_review.review.accounts import Account, trimmed
from faceid_review.review.case import Case
from faceid_review.review.retrieval import Retrieval
from faceid_review.session import Session, today, write_whole


class Work(QObject):
    """Errands of one session. Slots are called by panes, signals are heard by panes."""

    retrieved = Signal(object)
    row_changed = Signal(object)
    batch_ended = Signal()
    not_asked = Signal(object)
    """The error that kept a whole batch from being asked; nothing of it was sent."""

    rows_read = Signal(object)
    case_opened = Signal(object)
    case_changed = Signal(object)
    """The case on show, read anew."""

    picture_read = Signal(str, object, str, object)
    """Role, what was seen of it, its SHA-256, and its pixels ready to paint or None."""

    surveyed = Signal(object)
    exported = Signal(object)
    rescued = Signal(object)
    accounts_changed = Signal()
    account_done = Signal(str)
    account_failed = Signal(object)
    account_checked = Signal(str, object)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._relay = Relay(self)
        self._relay.told.connect(self._hear)
        self._opening = ""
        self._surveying = ""
        self._needle = ""
        self._changed: dict[str, None] = {}
        self._batch_running = False
        self._relay.idle.connect(self._end_batch)
        session.queue.listener = self._relay.tell
        session.queue.when_idle = self._relay.idle.emit

    def search(self, needle: str) -> None:
        """Read the rows in which ``needle`` stands; a later search overtakes an earlier one."""
        self._needle = needle
        self._changed.clear()
        self._run(partial(self._rows, needle), self._tell_rows)

    def open(self, biz_id: str) -> None:
        """Open a case: first its values, then its pictures, the best one first."""
        self._opening = biz_id
        self._run(lambda: self.session.casebook.open(biz_id), partial(self._opened, self.case_opened))

    def open_again(self, biz_id: str) -> None:
        """Read the case on show anew, since something became of it."""
        self._opening = biz_id
        self._run(lambda: self.session.casebook.open(biz_id), partial(self._opened, self.case_changed))

    def survey(self, text: str) -> None:
        """Recognise the ids in a text; a later text overtakes an earlier one."""
        self._surveying = text
        self._run(lambda: (text, self.session.casebook.recognise(text, today())), self._tell_survey)

    def survey_again(self) -> None:
        """Recognise the same text in the light of what has been kept since."""
        self.survey(self._surveying)

    def fetch(self, biz_ids: Sequence[str], account: str, again: str = "") -> None:
        """Ask for these ids, once each; ``again`` is a person's reason for one more attempt."""
        self._batch_running = True
        ids = [BizId(biz_id) for biz_id in biz_ids]
        self._ask(lambda: self.session.queue.ask(ids, account or None, again=again))

    def trust_and_fetch(
        self, fingerprint: str, biz_ids: Sequence[str], account: str, again: str = ""
    ) -> None:
        """Accept a root that reads along, as a person decided, and ask then."""
        self._batch_running = True
        ids = [BizId(biz_id) for biz_id in biz_ids]

        def ask() -> None:
            self.session.accept_root(fingerprint, account or None)
            self.session.queue.ask(ids, account or None, again=again)

        self._ask(ask)

    def stop(self) -> None:
        """Withdraw what was not asked yet."""
        self._run(self.session.queue.stop, _nothing)

    def pause(self, paused: bool) -> None:
        """Ask nothing more for now, or go on. Waits for nobody."""
        self.session.queue.pause(paused)

    def export(self, case: Case, target: Path, lang: str) -> None:
        """Write the snapshot of a case."""
        self._run(lambda: self.session.export(case, target, lang), self.exported.emit)

    def rescue(self, error: NotKept, target: Path) -> None:
        """Save the sealed bytes of an answer that the vault could not take."""
        self._run(lambda: write_whole(target, error.rescue), self.rescued.emit)

    def add_account(self, name: str, base_url: str, api_key: str, secret: str) -> None:
        """Add an account; its secret goes to the keychain."""
        account = trimmed(Account(name, base_url, api_key))
        self._account(lambda: self.session.accounts.add(account, secret), "accounts.added")

    def change_account(self, was: str, name: str, base_url: str, api_key: str, secret: str) -> None:
        """Change an account; an empty secret keeps the old one."""
        account = trimmed(Account(name, base_url, api_key))
        self._account(lambda: self.session.accounts.change(was, account, secret), "accounts.changed")

    def remove_account(self, name: str) -> None:
        """Remove an account and its secret."""
        self._account(lambda: self.session.accounts.remove(name), "accounts.removed")

    def check_account(self, name: str) -> None:
        """Prove the credentials with an id that belongs to nobody."""
        self._run(
            lambda: self.session.check_account(name),
            lambda _: self.account_checked.emit(name, None),
            lambda error: self.account_checked.emit(name, error),
        )

    def close(self) -> None:
        """Wait for what is under way and close the session."""
        self.session.queue.listener = _nothing
        self.session.queue.when_idle = _nothing
        self._relay.close()
        self.session.close()

    def _run(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None],
        otherwise: Callable[[ReviewError], None] | None = None,
    ) -> None:
        self._relay.run(work, then, otherwise or self.failed.emit)

    def _rows(self, needle: str) -> list[Row] | None:
        if needle != self._needle:
            return None
        return [Row.of(row) for row in self.session.casebook.search(needle)]

    def _tell_rows(self, rows: list[Row] | None) -> None:
        if rows is None:
            return
        self.rows_read.emit(rows)
        # What changed while they were read stands in them as it was, or is not among them.
        for biz_id in self._changed:
            if (row := self.session.casebook.row(biz_id)) is not None:
                self.row_changed.emit(row)

    def _ask(self, ask: Callable[[], None]) -> None:
        self._run(ask, self._asked, self._not_asked)

    def _opened(self, told: SignalInstance, case: Case) -> None:
        if case.biz_id != self._opening:
            return
        # The pictures are read while the panes take the values in; they arrive after them all the same.
        for picture in case.photographs:
            self._run(partial(_examined, picture), partial(self._tell_picture, case.biz_id, picture))
        told.emit(case)

    def _tell_picture(self, biz_id: str, picture: Photograph, read: tuple[Examined, Picture | None]) -> None:
        if biz_id == self._opening:
            self.picture_read.emit(picture.role, read[0], picture.sha256, read[1])

    def _tell_survey(self, result: tuple[str, object]) -> None:
        if result[0] == self._surveying:
            self.surveyed.emit(result[1])

    def _account(self, work: Callable[[], None], wording: str) -> None:
        self._run(work, lambda _: self._account_kept(wording), self.account_failed.emit)

    def _account_kept(self, wording: str) -> None:
        self.accounts_changed.emit()
        self.account_done.emit(wording)

    @Slot(object)
    def _hear(self, told: Retrieval) -> None:
        row = self.session.casebook.row(told.biz_id)
        if row is not None:
            self._changed[told.biz_id] = None
            self.row_changed.emit({**row, "stage": told.stage.value, "received": told.received})
        self.retrieved.emit(told)
        if isinstance(told.error, NotKept):
            self.failed.emit(told.error)

    def _asked(self, _: object) -> None:
        self._end_batch()

    def _not_asked(self, error: ReviewError) -> None:
        self.not_asked.emit(error)
        self._end_batch()

    @Slot()
    def _end_batch(self) -> None:
        if self._batch_running and not self.session.queue.busy:
            self._batch_running = False
            self.batch_ended.emit()


def _examined(picture: Photograph) -> tuple[Examined, Picture | None]:
    if picture.problem:
        return Examined(Status.UNDECODABLE), None
    seen = photograph.examine(picture.data, pixels=True, cut=picture.cut)
    # A QImage may be made on any thread; only a QPixmap belongs to the GUI's.
    return seen, Picture.of(seen.pixels) if seen.pixels else None


def _nothing(_: object = None) -> None:
    """Where nobody listens."""

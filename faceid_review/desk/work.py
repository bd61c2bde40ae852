"""What the desk asks of the session: every errand leaves the GUI thread here and comes back as a signal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from faceid_review.desk.photos.hung import Seen
from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.relay import Relay
from faceid_review.desk.verdict.sources import compared, to_compare
from faceid_review.errors import NotKept, ReviewError
from faceid_review.faceid import photograph, raw
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.photograph import Examined, Status
from faceid_review.faceid.result import Photograph
from faceid_review.review.accounts import Account, trimmed
from faceid_review.review.case import Case
from faceid_review.review.retrieval import Retrieval
from faceid_review.session import Session, today, write_whole

T = TypeVar("T")

_PATIENCE_MS: Final = 30
"""So long a case waits for its first picture, so that both are laid out and painted in one go."""


@dataclass
class _Opening:
    """One opening of a case. ``opens`` brings it to the front, ``case`` is there once the entry is written that says who
    looked, ``first`` tells the first picture where that was read before, ``over`` says that the case was told."""

    biz_id: str
    opens: bool
    case: Case | None = None
    first: Callable[[], None] | None = None
    over: bool = False


class Work(QObject):
    """Errands of one session. Slots are called by panes, signals are heard by panes."""

    retrieved = Signal(object)
    row_changed = Signal(object)
    batch_ended = Signal()
    not_asked = Signal(object)
    """The error that kept a whole batch from being asked; nothing of it was sent."""

    case_opened = Signal(object, object)
    """A case, and its first picture as it was read (a :class:`Seen`), or None where that takes longer."""

    case_changed = Signal(object, object)
    """The same of the case on show, read anew."""

    picture_read = Signal(str, object, str, object)
    """Role, what was seen of it, its SHA-256, and its pixels ready to paint or None."""

    raw_read = Signal(object, object)
    """A case and its answer as a tree."""

    compared = Signal(object)
    """How the sources of the case on show differ: a Compared."""

    surveyed = Signal(object)
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
        self._now = _Opening("", opens=False)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._release)
        self._surveying = ""
        self._batch_running = False
        self._relay.idle.connect(self._end_batch)
        session.queue.listener = self._relay.tell
        session.queue.when_idle = self._relay.idle.emit

    def open(self, biz_id: str) -> None:
        """Open a case: first its values, then its pictures, the best one first."""
        self._begin(biz_id, opens=True)

    def open_again(self, biz_id: str) -> None:
        """Read the case on show anew, since something became of it."""
        self._begin(biz_id, opens=False)

    def read_picture(self, biz_id: str, picture: Photograph) -> None:
        """Decode one picture of the case on show."""
        self._run(partial(_examined, picture), partial(self._tell_picture, biz_id, picture))

    def read_raw(self, case: Case) -> None:
        """Read the answer of a case as a tree."""
        if case.answer is not None:
            answer = case.answer
            self._run(lambda: raw.read(answer.told, answer.size), lambda read: self.raw_read.emit(case, read))

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

    def run(
        self, work: Callable[[], T], then: Callable[[T], None], otherwise: Callable[[ReviewError], None]
    ) -> None:
        """Do ``work`` off the GUI thread, then ``then`` or ``otherwise`` in it."""
        self._relay.run(work, then, otherwise)

    def hand(self, deliver: Callable[[T], None], value: T) -> None:
        """From within such work: let ``deliver`` have ``value`` in the GUI thread."""
        self._relay.hand(deliver, value)

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

    def _ask(self, ask: Callable[[], None]) -> None:
        self._run(ask, self._asked, self._not_asked)

    def _begin(self, biz_id: str, *, opens: bool) -> None:
        """Open a case; what an opening before this one still brings is dropped."""
        self._patience.stop()
        before, casebook = self._now, self.session.casebook
        # One that was to come to the front comes there, though it is read anew before it could.
        opens = opens or (before.opens and not before.over and before.biz_id == biz_id)
        now = self._now = _Opening(biz_id, opens)
        read_first = partial(self._read_first, now)
        self._run(lambda: casebook.open(biz_id, seen=read_first), partial(self._opened, now))

    def _opened(self, now: _Opening, case: Case) -> None:
        if now is not self._now:
            return
        now.case = case
        if now.first is not None:
            now.first()
        elif case.photographs or case.references:
            self._patience.start()
        else:
            self._release()

    @Slot()
    def _release(self, first: Seen | None = None) -> None:
        """Tell the case that waits for its first picture, with what was read of that."""
        self._patience.stop()
        now = self._now
        if now.case is None or now.over:
            return
        now.over = True
        case = self.session.casebook.veiled(now.case)
        if to_compare(case):
            self._run(partial(compared, case), self.compared.emit)
        (self.case_opened if now.opens else self.case_changed).emit(case, first)

    def _read_first(self, now: _Opening, case: Case) -> None:
        """On the worker that opens the case: let another one read its first picture, so that nothing slows it down."""
        pictures = [*case.photographs, *case.references]
        if pictures:
            self._run(partial(_examined, pictures[0]), partial(self._tell_first, now, pictures))

    def _tell_first(
        self, now: _Opening, pictures: list[Photograph], read: tuple[Examined, Picture | None]
    ) -> None:
        if now is not self._now:
            return
        if now.case is None:
            # It was quicker than the entry that says who looked: nothing is shown before that is written.
            now.first = partial(self._tell_first, now, pictures, read)
            return
        first, *others = pictures
        self._release(Seen(first.role, read[0], first.sha256, read[1]))
        self._tell_picture(now.biz_id, first, read)
        for picture in others:
            self.read_picture(now.biz_id, picture)

    def _tell_picture(self, biz_id: str, picture: Photograph, read: tuple[Examined, Picture | None]) -> None:
        if biz_id == self._now.biz_id:
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

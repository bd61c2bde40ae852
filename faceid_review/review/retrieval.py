"""The queue: biz_ids in, Retrieval values out. Owns every thread that asks.

The core calls one plain callback, from any thread, with a frozen value, and does not know who listens.
Cancelling withdraws a question that was not asked yet; one already asked runs to its end and is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from faceid_review.errors import (
    Intercepted,
    NotAsked,
    NotKept,
    OutcomeUnknown,
    Refused,
    RepeatNotSent,
    ReviewError,
    VaultClosed,
)
from faceid_review.faceid import client, glossary
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.client import Limits
from faceid_review.review.accounts import Account, AccountBook
from faceid_review.review.case import Stage
from faceid_review.review.casebook import Casebook
from faceid_review.review.line import Line, Question
from faceid_review.review.roots import Roots, fingerprint
from faceid_review.vault.vault import Vault


@dataclass(frozen=True)
class Retrieval:
    """What became of one question so far. ``received`` counts bytes kept so far, while it is arriving."""

    biz_id: str
    stage: Stage
    received: int = 0
    error: ReviewError | None = None


_MOST_WORKERS = 16

Listener = Callable[[Retrieval], None]


class Queue:
    """Asks each id once, a few at a time. ``at_once`` is how many questions may be under way together."""

    def __init__(
        self,
        vault: Vault,
        casebook: Casebook,
        accounts: AccountBook,
        *,
        at_once: int = 2,
        limits: Limits | None = None,
        proxy: str | None = None,
    ) -> None:
        self._vault, self._casebook, self._accounts = vault, casebook, accounts
        self._limits, self._proxy = limits, proxy
        self.roots = Roots(vault.ledger)
        self.line = Line(at_once)
        self._choosing = threading.Lock()
        self._workers: list[threading.Thread] = []
        self._stuck: set[str] = set()
        self._counting = threading.Lock()
        self.listener: Listener = _nobody
        self.when_idle: Callable[[], None] = _nothing
        """Called from a worker when nothing is waiting or under way any more."""
        self.requests = 0
        """How many requests have left this machine in this session."""

    def settle(self) -> None:
        """After a crash: seal what had arrived, and give every question that was under way its one word."""
        try:
            self._vault.spool.recover()
        except VaultClosed:
            # No room, even for what is here already: the reserve is for this.
            self._vault.spool.release_reserve()
            with suppress(VaultClosed):
                self._vault.spool.recover()
        with suppress(VaultClosed):
            self._casebook.catch_up()
        for biz_id in self._casebook.work.standing(Stage.ASKING):
            acts = [
                (e.act, int(e.facts.get("attempt", 0))) for e in self._vault.ledger.entries(biz_id, sure=True)
            ]
            attempt = max((number for act, number in acts if act == "armed"), default=0)
            act = Stage.UNKNOWN if ("sent", attempt) in acts else Stage.NOT_SENT
            # Where it cannot be written the id stays as it is, and is not asked.
            with suppress(VaultClosed):
                self._casebook.record(act, biz_id, {"attempt": attempt, "reason": "interrupted"})

    def ask(self, biz_ids: Iterable[BizId], account: str | None = None, *, again: str = "") -> None:
        """Ask for each of ``biz_ids``, once. Ids that are kept, or whose call may be spent, are told and left.

        ``again`` is a person's reason for one more attempt where the stage is unknown or refused. Raises
        the error that keeps all of them from being asked: no account, no secret, no room on the disk,
        somebody who could read along.
        """
        chosen = self._accounts.get(account)
        endpoint = self._accounts.endpoint(chosen)
        if problem := client.sending_problem(endpoint):
            raise NotAsked(problem)
        self.roots.look(endpoint, self._limits, self._proxy)
        self._vault.spool.prove()
        self.settle_unkept()
        left: list[Retrieval] = []
        # One chooser at a time: two calls with the same id would otherwise both find it new.
        with self._choosing:
            fresh = self._choose(biz_ids, left, again=bool(again))
            self._casebook.queue(fresh, chosen.name)
            for biz_id in fresh if again else ():
                self._casebook.record("asked_again", biz_id, {"reason": again})
            self._append([Question(biz_id, chosen, endpoint) for biz_id in fresh])
        for told in left:
            self._tell(told)

    def accept_root(self, sha256: str, account: str | None = None) -> None:
        """A person lets the holder of this root certificate read along; recorded with the issuer's name.

        Opens a connection to find that name where the root was not met in this session. Raises :class:`Usage`.
        """
        root = fingerprint(sha256)
        if not self.roots.met(root):
            with suppress(ReviewError):
                endpoint = self._accounts.endpoint(self._accounts.get(account))
                self.roots.look(endpoint, self._limits, self._proxy)
        self.roots.accept(root)

    def settle_unkept(self) -> None:
        """Keep what an alarm was about, if the disk takes it by now."""
        for entry in self._vault.spool.settle_unkept():
            with suppress(VaultClosed):
                self._casebook.catch_up()
            self._stuck.discard(entry.subject)
            self._tell(Retrieval(entry.subject, self._casebook.stage(entry.subject) or Stage.UNKNOWN))

    def _choose(self, biz_ids: Iterable[BizId], left: list[Retrieval], *, again: bool) -> list[BizId]:
        """The ids that are to be asked; the others go into ``left`` with the reason."""
        fresh: list[BizId] = []
        # Taken before any stage is looked at: an id leaves the line only once its stage is known.
        busy = self.line.holds() | self._stuck
        for biz_id in dict.fromkeys(biz_ids):
            stage = Stage.ASKING if biz_id in busy else self._casebook.stage(biz_id)
            repeat = again and stage in (Stage.UNKNOWN, Stage.REFUSED)
            if stage is None or stage.free_to_ask or repeat:
                fresh.append(biz_id)
            else:
                left.append(Retrieval(biz_id, stage, error=_left_alone(stage)))
        return fresh

    def _append(self, questions: list[Question]) -> None:
        for question in questions:
            self._tell(Retrieval(question.biz_id, Stage.QUEUED))
        self.line.add(questions)
        while len(self._workers) < min(_MOST_WORKERS, self.line.at_once * len(self._accounts.all())):
            worker = threading.Thread(target=self._work, name="asking")
            self._workers.append(worker)
            worker.start()

    def stop(self) -> None:
        """Withdraw what was not asked yet. What is under way runs to its end."""
        with self._choosing:
            withdrawn = self.line.withdraw()
        for question in withdrawn:
            self._casebook.record("cancelled", question.biz_id, {})
            self._tell(Retrieval(question.biz_id, Stage.CANCELLED))
        if not self.busy:
            self._call(self.when_idle)

    def pause(self, paused: bool = True) -> None:
        """Ask nothing more for now, or go on. What is under way runs to its end."""
        self.line.pause(paused)

    def wait(self) -> None:
        """Until nothing is waiting or under way."""
        self.line.wait()

    @property
    def busy(self) -> bool:
        """Whether anything is waiting or under way."""
        return bool(self.line.holds())

    def close(self) -> None:
        """Wait for what is under way and end the threads. What was waiting stays queued for another day."""
        self.line.close()
        for worker in self._workers:
            worker.join()
        self.settle_unkept()

    def _work(self) -> None:
        while (question := self.line.take()) is not None:
            try:
                told = self._settled(question)
            except Exception:  # noqa: BLE001 - a worker's last line: it is told, the rest go on
                # What is on the disk decides at the next opening; until then nobody asks this one again.
                told = Retrieval(question.biz_id, Stage.UNKNOWN, error=OutcomeUnknown("worker_failed"))
                self._stuck.add(question.biz_id)
                with suppress(ReviewError):
                    self._casebook.catch_up()
            self._tell(told)
            if self.line.settle(question):
                self._vault.remember_tip()
                self._call(self.when_idle)

    def _tell(self, told: Retrieval) -> None:
        self._call(self.listener, told)

    def _call(self, callback: Callable[..., None], *values: Retrieval) -> None:
        """Call whoever listens. Whatever becomes of them, the answer under way is kept."""
        try:
            callback(*values)
        except Exception:  # noqa: BLE001 - a terminal that is gone, a window that is closed
            self.listener, self.when_idle = _nobody, _nothing

    def _settled(self, question: Question) -> Retrieval:
        """Ask one question and say what became of it."""
        biz_id = question.biz_id
        self._tell(Retrieval(biz_id, Stage.ASKING))
        error: ReviewError | None = None
        try:
            self._retrieve(question)
        except VaultClosed as closed:
            # The vault cannot keep answers any more: nothing else is asked.
            self._hold_back(question.account, closed.wording)
            error = closed
        except Intercepted as met:
            # Another network than the one that was looked at: the rest would fare no better.
            self.roots.look_again(question.endpoint)
            self._hold_back(question.account, met.wording)
            error = met
        except NotKept as alarm:
            # Answered, and in no entry yet: not to be asked again, whatever the list says of it.
            self._stuck.add(biz_id)
            self._hold_back(question.account, alarm.wording)
            error = alarm
        except ReviewError as failed:
            error = failed
        try:
            self._casebook.catch_up()
        except VaultClosed as closed:
            self._hold_back(question.account, closed.wording)
            error = error or closed
            if self._stage(question).free_to_ask:
                self._stuck.add(biz_id)
        if biz_id in self._stuck:
            # Not "unknown": with the alarm the answer is here, in memory, and the question goes on until it is kept.
            alarmed = isinstance(error, NotKept)
            return Retrieval(biz_id, Stage.ASKING if alarmed else Stage.UNKNOWN, error=error)
        stage = self._stage(question)
        if isinstance(error, NotAsked) and stage in (Stage.UNKNOWN, Stage.REFUSED):
            return Retrieval(biz_id, stage, error=RepeatNotSent("repeat_not_sent"))
        if stage is Stage.REFUSED:
            return self._refused(question)
        return Retrieval(biz_id, stage, error=error)

    def _retrieve(self, question: Question) -> None:
        with ExitStack() as stack:
            with self._casebook.deciding:
                if self._stage(question) in (Stage.KEPT, Stage.PARTIAL):
                    return  # its answer was imported while it stood in the line
                slot = stack.enter_context(self._vault.spool.reserve(question.biz_id, self._facts(question)))
            slot.on_piece = lambda received: self._tell(Retrieval(question.biz_id, Stage.ASKING, received))
            slot.keep(self._answer(question, before_send=slot.mark_sent))

    def _facts(self, question: Question) -> dict[str, Any]:
        biz_id = question.biz_id
        attempt = 1 + sum(e.act == "armed" for e in self._vault.ledger.entries(biz_id))
        return {
            "attempt": attempt,
            "account": question.account.name,
            "base_url": question.account.base_url,
            "get_image_type": client.ALL_PICTURES,
        }

    def _answer(self, question: Question, before_send: Callable[[], None]) -> client.Arrival:
        def counted() -> None:
            before_send()
            with self._counting:
                self.requests += 1

        return client.ask(
            question.biz_id,
            question.endpoint,
            before_send=counted,
            limits=self._limits,
            proxy=self._proxy,
            accepted_roots=self.roots.accepted,
        )

    def _refused(self, question: Question) -> Retrieval:
        """What the vendor's error means for this id and for those that wait (resources/glossary.toml)."""
        row = self._casebook.row(question.biz_id) or {}
        code, status = str(row.get("code") or ""), int(row.get("status") or 0)
        meaning = glossary.refusal(code, status)
        if meaning.backs_off and self.line.put_back(question):
            return Retrieval(question.biz_id, Stage.QUEUED)
        if meaning.stops_queue:
            self._hold_back(question.account, code)
        error = Refused("refused", spent=meaning.spent, code=code, status=status)
        return Retrieval(question.biz_id, Stage.REFUSED, error=error)

    def _hold_back(self, account: Account, code: str) -> None:
        """Ask nothing more of this account. What was waiting stays queued and is not spent."""
        for question in self.line.withdraw(lambda question: question.account == account):
            stopped = NotAsked("batch_stopped", code=code)
            self._tell(Retrieval(question.biz_id, Stage.QUEUED, error=stopped))

    def _stage(self, question: Question) -> Stage:
        return self._casebook.stage(question.biz_id) or Stage.UNKNOWN


def _nobody(_: Retrieval) -> None:
    """Where nobody listens any more."""


def _nothing() -> None:
    """Where nobody waits for the end."""


def _left_alone(stage: Stage) -> ReviewError | None:
    """Why an id is not asked again without a person's reason; None where its answer is kept."""
    match stage:
        case Stage.UNKNOWN:
            return NotAsked("already_unknown")
        case Stage.REFUSED:
            return NotAsked("already_refused")
        case Stage.ASKING:
            return NotAsked("already_asking")
        case Stage.PURGED:
            return NotAsked("already_purged")
    return None

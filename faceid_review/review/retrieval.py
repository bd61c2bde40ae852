"""The queue: biz_ids in, Retrieval values out. Owns every thread that asks.

The core calls one plain callback, from any thread, with a frozen value, and does not know who listens.
Cancelling withdraws a question that was not asked yet; one already asked runs to its end and is kept.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from faceid_review.errors import NotAsked, OutcomeUnknown, Refused, ReviewError, VaultClosed
from faceid_review.faceid import client, glossary
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.client import Endpoint, Limits
from faceid_review.review.accounts import Account, AccountBook
from faceid_review.review.case import Stage
from faceid_review.review.casebook import Casebook
from faceid_review.vault.vault import Vault


@dataclass(frozen=True)
class Retrieval:
    """What became of one question so far. ``received`` counts bytes kept so far, while it is arriving."""

    biz_id: str
    stage: Stage
    received: int = 0
    error: ReviewError | None = None


@dataclass(frozen=True)
class _Question:
    biz_id: BizId
    account: Account
    endpoint: Endpoint


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
        self._at_once, self._limits, self._proxy = at_once, limits, proxy
        self._waiting: deque[_Question] = deque()
        self._turn = threading.Condition()
        self._choosing = threading.Lock()
        self._workers: list[threading.Thread] = []
        self._under_way: set[str] = set()
        self._stuck: set[str] = set()
        self._closing = False
        self.listener: Listener = lambda _: None
        self.requests = 0
        """How many requests have left this machine in this session."""

    def settle(self) -> None:
        """After a crash: seal what had arrived, and give every question that was under way its one word."""
        self._vault.spool.recover()
        self._casebook.catch_up()
        for row in self._casebook.rows():
            if row["stage"] == Stage.ASKING:
                acts = [
                    (e.act, int(e.facts.get("attempt", 0))) for e in self._vault.ledger.entries(row["biz_id"])
                ]
                attempt = max(number for act, number in acts if act == "armed")
                act = Stage.UNKNOWN if ("sent", attempt) in acts else Stage.NOT_SENT
                self._casebook.record(act, row["biz_id"], {"attempt": attempt, "reason": "interrupted"})

    def ask(self, biz_ids: Iterable[BizId], account: str | None = None, *, again: str = "") -> None:
        """Ask for each of ``biz_ids``, once. Ids that are kept, or whose call may be spent, are told and left.

        ``again`` is a person's reason for one more attempt where the stage is unknown or refused. Raises
        the error that keeps all of them from being asked: no account, no secret, no room on the disk.
        """
        chosen = self._accounts.get(account)
        endpoint = self._accounts.endpoint(chosen)
        if problem := client.base_url_problem(endpoint.base_url):
            raise NotAsked(problem)
        self._vault.spool.prove()
        left: list[Retrieval] = []
        # One chooser at a time: two calls with the same id would otherwise both find it new.
        with self._choosing:
            fresh = self._choose(biz_ids, left, again=bool(again))
            self._casebook.queue(fresh, chosen.name)
            for biz_id in fresh if again else ():
                self._casebook.record("asked_again", biz_id, {"reason": again})
            self._append([_Question(biz_id, chosen, endpoint) for biz_id in fresh])
        for told in left:
            self._tell(told)

    def _choose(self, biz_ids: Iterable[BizId], left: list[Retrieval], *, again: bool) -> list[BizId]:
        """The ids that are to be asked; the others go into ``left`` with the reason."""
        fresh: list[BizId] = []
        with self._turn:
            # Taken before any stage is looked at: an id leaves this set only once its stage is known.
            busy = self._under_way | self._stuck | {question.biz_id for question in self._waiting}
        for biz_id in dict.fromkeys(biz_ids):
            stage = Stage.ASKING if biz_id in busy else self._casebook.stage(biz_id)
            repeat = again and stage in (Stage.UNKNOWN, Stage.REFUSED)
            if stage is None or stage.free_to_ask or repeat:
                fresh.append(biz_id)
            else:
                left.append(Retrieval(biz_id, stage, error=_left_alone(stage)))
        return fresh

    def _append(self, questions: list[_Question]) -> None:
        for question in questions:
            self._tell(Retrieval(question.biz_id, Stage.QUEUED))
        with self._turn:
            if self._closing:
                raise NotAsked("closing")
            self._waiting.extend(questions)
            for _ in range(min(self._at_once - len(self._workers), len(self._waiting))):
                worker = threading.Thread(target=self._work, name="asking")
                self._workers.append(worker)
                worker.start()
            self._turn.notify_all()

    def stop(self) -> None:
        """Withdraw what was not asked yet. What is under way runs to its end."""
        with self._turn:
            withdrawn = list(self._waiting)
            self._waiting.clear()
            self._turn.notify_all()
        for question in withdrawn:
            self._casebook.record("cancelled", question.biz_id, {})
            self._tell(Retrieval(question.biz_id, Stage.CANCELLED))

    def wait(self) -> None:
        """Until nothing is waiting or under way."""
        with self._turn:
            self._turn.wait_for(lambda: not self._waiting and not self._under_way)

    @property
    def busy(self) -> bool:
        """Whether anything is waiting or under way."""
        with self._turn:
            return bool(self._waiting or self._under_way)

    def close(self) -> None:
        """Withdraw, wait for what is under way, end the threads."""
        self.stop()
        with self._turn:
            self._closing = True
            self._turn.notify_all()
        for worker in self._workers:
            worker.join()

    def _work(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                question = self._waiting.popleft()
                self._under_way.add(question.biz_id)
            try:
                told = self._settled(question)
            except Exception:  # noqa: BLE001 - a worker's last line: it is told, the rest go on
                # What is on the disk decides at the next opening; until then nobody asks this one again.
                told = Retrieval(question.biz_id, Stage.UNKNOWN, error=OutcomeUnknown("worker_failed"))
                self._stuck.add(question.biz_id)
            self._tell(told)
            with self._turn:
                self._under_way.discard(question.biz_id)
                self._turn.notify_all()

    def _tell(self, told: Retrieval) -> None:
        """Call the listener. Whatever becomes of it, the answer under way is kept."""
        try:
            self.listener(told)
        except Exception:  # noqa: BLE001 - a terminal that is gone, a window that is closed
            self.listener = _nobody

    def _settled(self, question: _Question) -> Retrieval:
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
        except ReviewError as failed:
            error = failed
        try:
            self._casebook.catch_up()
        except VaultClosed as closed:
            self._hold_back(question.account, closed.wording)
            error = error or closed
        stage = self._stage(question)
        if stage is Stage.REFUSED:
            error = self._refused(question)
        return Retrieval(biz_id, stage, error=error)

    def _retrieve(self, question: _Question) -> None:
        biz_id = question.biz_id
        attempt = 1 + sum(e.act == "armed" for e in self._vault.ledger.entries(biz_id))
        facts = {
            "attempt": attempt,
            "account": question.account.name,
            "base_url": question.account.base_url,
            "get_image_type": client.ALL_PICTURES,
        }
        with self._vault.spool.reserve(biz_id, facts) as slot:
            slot.on_piece = lambda received: self._tell(Retrieval(biz_id, Stage.ASKING, received))
            slot.keep(self._answer(question, before_send=slot.mark_sent))

    def _answer(self, question: _Question, before_send: Callable[[], None]) -> client.Arrival:
        def counted() -> None:
            before_send()
            with self._turn:
                self.requests += 1

        return client.ask(
            question.biz_id, question.endpoint, before_send=counted, limits=self._limits, proxy=self._proxy
        )

    def _refused(self, question: _Question) -> ReviewError:
        row = self._casebook.row(question.biz_id) or {}
        code, status = str(row.get("code") or ""), int(row.get("status") or 0)
        meaning = glossary.refusal(code, status)
        error = Refused("refused", spent=meaning.spent, code=code, status=status)
        if meaning.stops_queue:
            self._hold_back(question.account, code)
        return error

    def _hold_back(self, account: Account, code: str) -> None:
        """Ask nothing more of this account. What was waiting stays queued and is not spent."""
        with self._turn:
            held = [q for q in self._waiting if q.account == account]
            self._waiting = deque(q for q in self._waiting if q.account != account)
            self._turn.notify_all()
        for question in held:
            self.listener(
                Retrieval(question.biz_id, Stage.QUEUED, error=NotAsked("batch_stopped", code=code))
            )

    def _stage(self, question: _Question) -> Stage:
        return self._casebook.stage(question.biz_id) or Stage.UNKNOWN


def _nobody(_: Retrieval) -> None:
    """Where nobody listens any more."""


def _left_alone(stage: Stage) -> ReviewError | None:
    """Why an id is not asked again without a person's reason; None where its answer is kept."""
    match stage:
        case Stage.UNKNOWN:
            return NotAsked("already_unknown")
        case Stage.REFUSED:
            return NotAsked("already_refused")
        case Stage.ASKING:
            return NotAsked("already_asking")
    return None

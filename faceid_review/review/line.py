"""Who is asked next: the questions that wait, a few at a time for each account, paused and backed off."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.client import Endpoint
from faceid_review.review.accounts import Account

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 30.0
MOST_REPEATS: Final = 8
"""How often one question is put again after CONCURRENCY_LIMIT_EXCEEDED, which spends nothing."""


@dataclass(frozen=True)
class Question:
    """One id to be asked for. ``repeats`` counts how often the vendor was too busy for it."""

    biz_id: BizId
    account: Account
    endpoint: Endpoint
    repeats: int = 0


@dataclass(frozen=True)
class Progress:
    """Where a batch stands. ``seconds_left`` is an estimate from its pace so far, or None."""

    done: int
    under_way: int
    waiting: int
    paused: bool
    seconds_left: float | None


class Line:
    """The waiting questions of all accounts. Every method may be called from any thread."""

    def __init__(self, at_once: int) -> None:
        self.at_once = at_once
        self._waiting: dict[str, Question] = {}
        self._under_way: dict[str, Question] = {}
        self._not_before: dict[str, float] = {}
        self._turn = threading.Condition()
        self._paused = self._closed = False
        self._done, self._began = 0, 0.0

    def add(self, questions: list[Question]) -> None:
        """Let these wait, the ones with the least time left first."""
        with self._turn:
            if not self._waiting and not self._under_way:
                self._done, self._began = 0, time.monotonic()
            joined = [*self._waiting.values(), *questions]
            self._waiting = {str(q.biz_id): q for q in sorted(joined, key=_least_time_first)}
            self._turn.notify_all()

    def take(self) -> Question | None:
        """The next question that may be asked now; waits for one. None: the line is closed."""
        with self._turn:
            while True:
                if self._closed:
                    return None
                now = time.monotonic()
                question = None if self._paused else self._next(now)
                if question is not None:
                    del self._waiting[question.biz_id]
                    self._under_way[question.biz_id] = question
                    return question
                self._turn.wait(self._until(now))

    def settle(self, question: Question) -> bool:
        """This one is over. Whether it was the last."""
        with self._turn:
            # The same id may be under way anew already, after it was put back.
            if self._under_way.get(question.biz_id) is question:
                del self._under_way[question.biz_id]
            self._done += question.biz_id not in self._waiting
            self._turn.notify_all()
            return not self._waiting and not self._under_way

    def put_back(self, question: Question) -> bool:
        """The vendor was too busy: ask this one again, later; longer each time, and never all at once.

        False where that has been tried often enough.
        """
        if question.repeats >= MOST_REPEATS:
            return False
        pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**question.repeats)
        with self._turn:
            if self._closed:
                return False
            until = time.monotonic() + pause * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, no secret
            self._not_before[question.account.name] = until
            again = replace(question, repeats=question.repeats + 1)
            self._waiting = {question.biz_id: again, **self._waiting}
            self._turn.notify_all()
        return True

    def withdraw(self, which: Callable[[Question], bool] = lambda _: True) -> list[Question]:
        """Take back what has not been asked yet."""
        with self._turn:
            taken = [question for question in self._waiting.values() if which(question)]
            for question in taken:
                del self._waiting[question.biz_id]
            self._turn.notify_all()
            return taken

    def pause(self, paused: bool) -> None:
        """Ask nothing more for now, or go on."""
        with self._turn:
            self._paused = paused
            self._turn.notify_all()

    def close(self) -> None:
        """No question is handed out any more."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()

    def wait(self) -> None:
        """Until nothing is waiting or under way, or the line is closed."""
        with self._turn:
            self._turn.wait_for(lambda: self._closed or (not self._waiting and not self._under_way))

    def holds(self) -> set[str]:
        """The ids that are waiting or under way."""
        with self._turn:
            return self._waiting.keys() | self._under_way.keys()

    def progress(self) -> Progress:
        """Where the batch stands."""
        with self._turn:
            left = len(self._waiting) + len(self._under_way)
            pace = (time.monotonic() - self._began) / self._done if self._done else None
            return Progress(
                self._done,
                len(self._under_way),
                len(self._waiting),
                self._paused,
                pace * left if pace is not None and not self._paused else None,
            )

    def _next(self, now: float) -> Question | None:
        busy = Counter(question.account.name for question in self._under_way.values())
        for question in self._waiting.values():
            name = question.account.name
            if busy[name] < self.at_once and self._not_before.get(name, 0.0) <= now:
                return question
        return None

    def _until(self, now: float) -> float | None:
        """How long to wait at most: until the first account may be asked again, or for whatever happens."""
        ahead = [at - now for at in self._not_before.values() if at > now]
        return min(ahead) if ahead and self._waiting and not self._paused else None


def _least_time_first(question: Question) -> tuple[bool, float]:
    """Ids whose day is over come last: the others can still be lost."""
    ends = question.biz_id.ends
    if ends is None:
        return False, float("inf")
    return ends < datetime.now(UTC), ends.timestamp()

"""What the simulator saw and is to do: requests, behaviours, what is held and what was sent.

Everything here may be used from any thread.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from faceid_review.faceid.simulator.behaviour import Behaviour, Fault

EVERY_ID: Final = "*"
"""In place of a biz_id: a behaviour for all of them."""

NORMAL: Final = Behaviour(Fault.NONE)


@dataclass(frozen=True)
class RequestSeen:
    """One request as it arrived. `answered` is the status sent, None where none was (or not yet).

    `order` counts from 1, `at` is `time.monotonic()`, `parameters` the decoded query (the last of several
    equal names), `target` the request line's path and query as received. Its repr shows no parameter.
    """

    order: int
    at: float
    method: str
    path: str
    biz_id: str | None
    api_key: str | None
    answered: int | None = None
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    target: str = field(default="", repr=False)


@dataclass(frozen=True)
class Visit:
    """A request being answered: how to treat it, what sets it free, how many wait with it for an answer."""

    seen: RequestSeen
    behaviour: Behaviour
    released: threading.Event
    at_once: int


class Record:
    """The simulator's memory, with one lock."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._requests: list[RequestSeen] = []
        self._behaviours: dict[str, Behaviour] = {}
        self._released: dict[str, threading.Event] = {}
        self._body_digests: dict[str, tuple[int, str]] = {}
        self._picture_digests: dict[str, dict[str, str]] = {}
        self._mishaps: list[BaseException] = []
        self._held = self._at_once = self._most_at_once = 0
        self.stopped = threading.Event()

    def close(self) -> None:
        """Let everything go and hold nothing any more."""
        with self._changed:
            self.stopped.set()
            self._let_go(EVERY_ID)

    def reopen(self) -> None:
        """Hold again."""
        self.stopped.clear()

    def behave(self, biz_id: str, behaviour: Behaviour | None) -> None:
        """Set or end a behaviour; what the one before held goes on."""
        with self._changed:
            self._let_go(biz_id)
            if behaviour is None:
                self._behaviours.pop(biz_id, None)
            else:
                self._behaviours[biz_id] = behaviour

    def release(self, biz_id: str) -> None:
        """Free what is held for `biz_id` or, under `EVERY_ID`, for all; what comes later is not held."""
        with self._changed:
            names = [*self._behaviours, *self._released] if biz_id == EVERY_ID else [biz_id]
            for name in names:
                self._released.setdefault(name, threading.Event()).set()

    def _let_go(self, biz_id: str) -> None:
        for name in list(self._released) if biz_id == EVERY_ID else [biz_id]:
            if event := self._released.pop(name, None):
                event.set()

    def arrive(self, seen: RequestSeen) -> Visit:
        """Write a request down, with its number."""
        with self._changed:
            numbered = dataclasses.replace(seen, order=len(self._requests) + 1)
            self._requests.append(numbered)
            self._at_once += 1
            self._most_at_once = max(self._most_at_once, self._at_once)
            behaviour = self._behaviour_for(seen.biz_id)
            released = self._released.setdefault(seen.biz_id or EVERY_ID, threading.Event())
            if self.stopped.is_set():
                released.set()
            self._changed.notify_all()
            return Visit(numbered, behaviour, released, self._at_once)

    def _behaviour_for(self, biz_id: str | None) -> Behaviour:
        name = biz_id if biz_id is not None and biz_id in self._behaviours else EVERY_ID
        behaviour = self._behaviours.get(name, NORMAL)
        if behaviour.times is not None:
            if behaviour.times > 1:
                self._behaviours[name] = behaviour.for_requests(behaviour.times - 1)
            else:
                del self._behaviours[name]
        return behaviour

    def leave(self, visit: Visit, status: int | None) -> None:
        """Its first byte is about to go out with `status`, or nothing ever will (None)."""
        with self._changed:
            self._at_once -= 1
            self._requests[visit.seen.order - 1] = dataclasses.replace(visit.seen, answered=status)
            self._changed.notify_all()

    def hold(self, visit: Visit) -> bool:
        """Wait until released; False when the simulator is being stopped."""
        with self._changed:
            self._held += 1
            self._changed.notify_all()
        visit.released.wait()
        with self._changed:
            self._held -= 1
        return not self.stopped.is_set()

    def delay(self, visit: Visit, seconds: float) -> bool:
        """Wait for that long or until released; False when the simulator is being stopped."""
        if seconds > 0:
            visit.released.wait(seconds)
        return not self.stopped.is_set()

    def sent(self, biz_id: str | None, status: int, digest: str) -> None:
        """Keep the digest of a body; the one of an answer (200) is not given up for an error's."""
        if biz_id is None:
            return
        with self._changed:
            known = self._body_digests.get(biz_id)
            if known is None or known[0] != 200 or status == 200:
                self._body_digests[biz_id] = (status, digest)

    def drew(self, biz_id: str, digests: Mapping[str, str]) -> None:
        """Keep the digests of the pictures of an answer."""
        with self._changed:
            self._picture_digests[biz_id] = dict(digests)

    def mishap(self, error: BaseException) -> None:
        """Keep an error that is our own."""
        with self._changed:
            self._mishaps.append(error)

    def wait_for_requests(self, count: int, timeout: float) -> bool:
        """Whether at least `count` requests arrived within `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._requests) >= count, timeout)

    def wait_until_held(self, count: int, timeout: float) -> bool:
        """Whether at least `count` connections are held within `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._held >= count, timeout)

    @property
    def requests(self) -> tuple[RequestSeen, ...]:
        """Every request, in the order of arrival."""
        with self._changed:
            return tuple(self._requests)

    @property
    def most_at_once(self) -> int:
        """The greatest number of requests that ever waited for their first byte together."""
        with self._changed:
            return self._most_at_once

    @property
    def mishaps(self) -> tuple[BaseException, ...]:
        """Errors that are our own."""
        with self._changed:
            return tuple(self._mishaps)

    def sha256_of_body(self, biz_id: str) -> str | None:
        """In hex; None when no body went out."""
        with self._changed:
            found = self._body_digests.get(biz_id)
            return found[1] if found else None

    def sha256_of_pictures(self, biz_id: str) -> dict[str, str]:
        """In hex, by role."""
        with self._changed:
            return dict(self._picture_digests.get(biz_id, {}))

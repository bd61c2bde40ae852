"""The simulator: a FaceID on 127.0.0.1 that answers each biz_id once."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from faceid_review.faceid.simulator.behaviour import CONCURRENCY, ERROR_STATUS, Behaviour, Fault
from faceid_review.faceid.simulator.plots import Plot, Session, plot_of, session, uuid_from
from faceid_review.faceid.simulator.record import EVERY_ID, Record, RequestSeen, Visit
from faceid_review.faceid.simulator.server import LOOPBACK, Server
from faceid_review.faceid.simulator.wire import Reply

PATH: Final = "/faceid/liveness/v2/get_result"
KEPT_SECONDS: Final = 24 * 60 * 60
_IMAGE_TYPES: Final = ("0", "1", "2")
_GOLDEN: Final = 0.6180339887498949
# five new ones and two that are nearly lost; the others lie all over the day
_FIRST_AGES: Final = (182.0, 241.0, 318.0, 407.0, 546.0, KEPT_SECONDS - 55.0 * 60, KEPT_SECONDS - 5.4 * 3600)


class Simulator:
    """A real HTTP server on loopback that behaves as PC-GetResult says, and misbehaves on demand.

    `seed` decides people, answers, ids, key and secret; `ids` how many sessions of the last day there are;
    `now` (unix seconds) stops its clock, otherwise it is the real one; `port` 0 takes a free one;
    `concurrency_limit` is the number of unanswered requests beyond which it refuses (None: no limit; may be
    set at any time); `latency` delays every first byte by that many seconds.

    Use it as a context manager, or call `start` and `stop`; `start` raises `OSError` when the port is taken.
    A stopped one can be started again on the port it had, and still knows what it has answered.
    """

    def __init__(
        self,
        *,
        seed: int | str = 2016,
        ids: int = 40,
        now: float | None = None,
        port: int = 0,
        api_key: str | None = None,
        api_secret: str | None = None,
        concurrency_limit: int | None = 8,
        latency: float = 0.0,
    ) -> None:
        self._seed, self._now, self._port, self._latency = str(seed), now, port, latency
        digest = hashlib.sha256(f"{seed}/account".encode()).digest()
        self.api_key = api_key or f"simulated-{digest[:8].hex()}"
        # with + / = in it, so that a client that does not encode them is found out at once
        self.api_secret = api_secret or f"{base64.b64encode(digest[8:30]).decode('ascii')}+/="
        self.concurrency_limit = concurrency_limit
        self._record = Record()
        self._lock = threading.Lock()
        self._index: dict[str, int] = {}
        self._spent: set[str] = set()
        self._open: tuple[Server, threading.Thread] | None = None
        self._make_ids([_age(index) for index in range(ids)])

    def __repr__(self) -> str:
        return f"<Simulator at {self.base_url}, {len(self._index)} ids, {len(self.requests)} requests>"

    def start(self) -> Self:
        """Open the port and answer on a thread of its own. A second call does nothing."""
        if self._open is None:
            self._record.reopen()
            server = Server(self._port, self._record, self._reply, self._latency)
            self._port = server.server_port
            thread = threading.Thread(
                target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="simulator", daemon=True
            )
            thread.start()
            self._open = server, thread
        return self

    def stop(self) -> None:
        """End every connection, held ones too, and wait for every thread. A second call does nothing."""
        if self._open is not None:
            server, thread = self._open
            self._record.close()
            server.shutdown()
            thread.join()
            server.end_connections()
            server.server_close()
            self._open = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait(self) -> None:
        """Block until another thread stops it, or Ctrl+C comes."""
        # a wait without end cannot be interrupted on Windows
        while not self._record.stopped.wait(0.5):
            pass

    @property
    def port(self) -> int:
        """The port; before the first start 0 if any free one will do."""
        return self._port

    @property
    def base_url(self) -> str:
        """The address without path, to be used in place of https://api.megvii.com."""
        return f"http://{LOOPBACK}:{self._port}"

    @property
    def ids(self) -> tuple[str, ...]:
        """Every biz_id in the order of making.

        The first is a clean pass, the second has the numbers of the vendor's sample, the third failed with
        not_video and has image_best only, the fourth is a pass with glasses, the fifth has a mask flag.
        """
        with self._lock:
            return tuple(self._index)

    def fresh_ids(self, count: int, *, age: float | None = None) -> tuple[str, ...]:
        """`count` more sessions, some minutes old, or begun `age` seconds ago (over a day: expired)."""
        made = len(self.ids)
        return self._make_ids([200 + 37 * (made + n) % 400 if age is None else age for n in range(count)])

    def ids_of(self, plot: Plot) -> tuple[str, ...]:
        """The ids whose sessions are of that kind."""
        return tuple(biz_id for index, biz_id in enumerate(self.ids) if plot_of(self._seed, index)[0] is plot)

    def session(self, biz_id: str) -> Session:
        """What is behind `biz_id`, without asking. Raises `KeyError` for an id it does not know."""
        with self._lock:
            index = self._index[biz_id]
        return session(self._seed, index, biz_id)

    def spent(self, biz_id: str) -> bool:
        """Whether the one answer of `biz_id` is gone."""
        with self._lock:
            return biz_id in self._spent

    def behave(self, biz_id: str, behaviour: Behaviour | None) -> None:
        """From now on treat `biz_id` (or `EVERY_ID`) like this; None returns to normal.

        What the behaviour before held goes on.
        """
        self._record.behave(biz_id, behaviour)

    def release(self, biz_id: str = EVERY_ID) -> None:
        """Let go what hangs, stalls, drips or is slow for `biz_id`, or for all; later requests are not held."""
        self._record.release(biz_id)

    @property
    def requests(self) -> tuple[RequestSeen, ...]:
        """Every request, in the order of arrival."""
        return self._record.requests

    def count(self, biz_id: str) -> int:
        """How many requests named `biz_id`, whatever they were answered."""
        return sum(seen.biz_id == biz_id for seen in self.requests)

    def wait_for_requests(self, count: int, timeout: float) -> bool:
        """Wait until at least `count` requests arrived; False when `timeout` seconds passed first."""
        return self._record.wait_for_requests(count, timeout)

    def wait_until_held(self, count: int, timeout: float) -> bool:
        """Wait until at least `count` connections hang or have stalled; False when `timeout` passed first."""
        return self._record.wait_until_held(count, timeout)

    @property
    def most_at_once(self) -> int:
        """The greatest number of requests that ever waited for their first byte together."""
        return self._record.most_at_once

    @property
    def mishaps(self) -> tuple[BaseException, ...]:
        """What went wrong inside the simulator itself; a client that hangs up is no mishap."""
        return self._record.mishaps

    def sha256_of_body(self, biz_id: str) -> str | None:
        """Of the body bytes that went out for `biz_id`, in hex: of the answer (200), else of the last body.

        Chunk sizes are no part of the body, compression is. None when no body went out.
        """
        return self._record.sha256_of_body(biz_id)

    def sha256_of_pictures(self, biz_id: str) -> dict[str, str]:
        """Of each JPEG of the answer that was sent, in hex by role; empty when there were none."""
        return self._record.sha256_of_pictures(biz_id)

    def _clock(self) -> float:
        return time.time() if self._now is None else self._now

    def _make_ids(self, ages: Sequence[float]) -> tuple[str, ...]:
        now = self._clock()
        with self._lock:
            first = len(self._index)
            made = tuple(
                f"{int(now - age)},{uuid_from(f'{self._seed}/id/{index}')}"
                for index, age in enumerate(ages, start=first)
            )
            self._index.update((biz_id, index) for index, biz_id in enumerate(made, start=first))
        return made

    def _reply(self, visit: Visit) -> Reply:
        seen, behaviour = visit.seen, visit.behaviour
        if behaviour.fault in (Fault.EXACT, Fault.REFUSE, Fault.HUGE, Fault.BOMB):
            if behaviour.spends and seen.biz_id is not None:
                with self._lock:
                    self._spent.add(seen.biz_id)
            if behaviour.fault is Fault.REFUSE:
                return self._error(seen, behaviour.message, behaviour.status)
            if behaviour.fault is Fault.EXACT:
                return Reply(behaviour.status, behaviour.body, behaviour.headers)
            return Reply(200, b"")
        refusal = self._refusal(visit)
        if refusal is not None:
            return self._error(seen, refusal, ERROR_STATUS[refusal.partition(":")[0]])
        return self._answer(seen)

    def _refusal(self, visit: Visit) -> str | None:
        # the vendor does not say in which order it checks; this order is ours
        seen, given = visit.seen, visit.seen.parameters
        limit = self.concurrency_limit
        if seen.path != PATH or seen.method != "GET":
            return "API_NOT_FOUND"
        for name in ("api_key", "api_secret", "biz_id"):
            if not given.get(name):
                return f"MISSING_ARGUMENTS: {name}"
        if (given["api_key"], given["api_secret"]) != (self.api_key, self.api_secret):
            return "AUTHENTICATION_ERROR"
        if given.get("get_image_type", "0") not in _IMAGE_TYPES:
            return "BAD_ARGUMENTS:get_image_type"
        if limit is not None and visit.at_once > limit:
            return CONCURRENCY
        return None if self._take(given["biz_id"], spend=visit.behaviour.spends) else "RESULT_NOT_FOUND"

    def _take(self, biz_id: str, *, spend: bool) -> bool:
        with self._lock:
            if biz_id not in self._index or biz_id in self._spent:
                return False
            if self._clock() - int(biz_id.partition(",")[0]) > KEPT_SECONDS:
                return False
            if spend:
                self._spent.add(biz_id)
            return True

    def _answer(self, seen: RequestSeen) -> Reply:
        found = self.session(seen.parameters["biz_id"])
        pictures = found.pictures(int(seen.parameters.get("get_image_type", "0")))
        digests = {role: hashlib.sha256(jpeg).hexdigest() for role, jpeg in (pictures or {}).items()}
        self._record.drew(found.biz_id, digests)
        return Reply(200, found.body(pictures))

    def _error(self, seen: RequestSeen, message: str, status: int) -> Reply:
        name = f"{self._seed}/error/{seen.order}"
        body = {
            "error_message": message,
            "request_id": f"{int(self._clock())},{uuid_from(name)}",
            "time_used": random.Random(name).randint(2, 9),
        }
        return Reply(status, json.dumps(body).encode("ascii"))


def _age(index: int) -> float:
    if index < len(_FIRST_AGES):
        return _FIRST_AGES[index]
    return 700 + (KEPT_SECONDS - 700 - 50 * 60) * (index * _GOLDEN % 1.0)

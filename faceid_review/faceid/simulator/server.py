"""The simulator: a FaceID on 127.0.0.1 that answers each biz_id once."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import os
import random
import socket
import socketserver
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlsplit

from faceid_review.faceid.simulator.behaviour import CONCURRENCY, ERROR_STATUS, Behaviour, Fault
from faceid_review.faceid.simulator.plots import Plot, Session, plot_of, session, uuid_from
from faceid_review.faceid.simulator.wire import Delivery, Ending, Reply, delivery, reset, send_body

PATH: Final = "/faceid/liveness/v2/get_result"
EVERY_ID: Final = "*"
"""In place of a biz_id: a behaviour for all of them."""

KEPT_SECONDS: Final = 24 * 60 * 60
_GOLDEN: Final = 0.6180339887498949
_NONE: Final = Behaviour(Fault.NONE)
# the families of `Behaviour`: a body of its own in place of the vendor's, and no body at all
_REPLACING: Final = (Fault.EXACT, Fault.REFUSE, Fault.HUGE, Fault.BOMB)
_SILENT: Final = (Fault.CLOSE, Fault.RESET)


@dataclass(frozen=True)
class RequestSeen:
    """One request as it arrived. `answered` is the status sent, None where none was.

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


class Simulator:
    """A real HTTP server on loopback that behaves as PC-GetResult says, and misbehaves on demand.

    `seed` decides people, answers, ids, key and secret; `ids` how many sessions of the last day there are;
    `now` (unix seconds) stops its clock, otherwise it is the real one; `port` 0 takes a free one;
    `concurrency_limit` is the number of unanswered requests beyond which it refuses (None: no limit);
    `latency` delays every first byte by that many seconds.

    Use it as a context manager, or call `start` and `stop`; `start` raises `OSError` when the port is taken.
    A stopped one can be started again on the port it had and still knows what it answered.
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
        self._seed = str(seed)
        self._now = now
        self._port = port
        digest = hashlib.sha256(f"{seed}/account".encode()).digest()
        self.api_key = api_key or f"simulated-{digest[:8].hex()}"
        # with + / = in it, so that a client that does not encode them is found out at once
        self.api_secret = api_secret or f"{base64.b64encode(digest[8:30]).decode('ascii')}+/="
        self.concurrency_limit = concurrency_limit
        self.latency = latency
        self._changed = threading.Condition()
        self._index: dict[str, int] = {}
        self._behaviours: dict[str, Behaviour] = {}
        self._released: dict[str, threading.Event] = {}
        self._answered: set[str] = set()
        self._requests: list[RequestSeen] = []
        self._body_digests: dict[str, tuple[int, str]] = {}
        self._picture_digests: dict[str, dict[str, str]] = {}
        self._held = 0
        self._at_once = 0
        self._most_at_once = 0
        self._mishaps: list[BaseException] = []
        self._stopped = threading.Event()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._make_ids([self._age(index, ids) for index in range(ids)])

    def __repr__(self) -> str:
        return f"<Simulator on port {self._port}, {len(self._index)} ids, {len(self._requests)} requests>"

    # the house and its door

    def start(self) -> Self:
        """Open the port and answer on a thread of its own."""
        if self._server is not None:
            return self
        self._stopped.clear()
        self._server = _Server(self, self._port)
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="simulator", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """End every connection, held ones too, and wait for every thread."""
        server, thread = self._server, self._thread
        if server is None or thread is None:
            return
        self._stopped.set()
        with self._changed:
            for event in self._released.values():
                event.set()
        server.shutdown()
        thread.join()
        server.end_connections()
        server.server_close()
        self._server = self._thread = None
        with self._changed:
            self._released = {name: threading.Event() for name in self._released}

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait(self) -> None:
        """Block until another thread stops it, or Ctrl+C comes."""
        # a wait without end cannot be interrupted on Windows
        while not self._stopped.wait(0.5):
            pass

    @property
    def port(self) -> int:
        """The port; 0 before the first start when any free one may be taken."""
        return self._port

    @property
    def base_url(self) -> str:
        """The address without path, to be used in place of https://api.megvii.com."""
        return f"http://127.0.0.1:{self._port}"

    # its sessions

    @property
    def ids(self) -> tuple[str, ...]:
        """Every biz_id in the order of making.

        The first is a clean pass, the second has the numbers of the vendor's sample, the third failed with
        not_video and has image_best only, the fourth is a pass with glasses, the fifth has a mask flag.
        """
        with self._changed:
            return tuple(self._index)

    def fresh_ids(self, count: int, *, age: float | None = None) -> tuple[str, ...]:
        """`count` more sessions, some minutes old, or begun `age` seconds ago (over a day: expired)."""
        with self._changed:
            made = len(self._index)
            ages = [200 + 37 * (made + more) % 400 if age is None else age for more in range(count)]
        return self._make_ids(ages)

    def ids_of(self, plot: Plot) -> tuple[str, ...]:
        """The ids whose sessions are of that kind."""
        with self._changed:
            known = dict(self._index)
        return tuple(biz_id for biz_id, index in known.items() if plot_of(self._seed, index)[0] is plot)

    def session(self, biz_id: str) -> Session:
        """What is behind `biz_id`, without asking. Raises `KeyError` for an id it does not know."""
        with self._changed:
            index = self._index[biz_id]
        return session(self._seed, index, biz_id)

    # faults

    def behave(self, biz_id: str, behaviour: Behaviour | None) -> None:
        """From now on treat `biz_id` (or `EVERY_ID`) like this; None returns to normal."""
        with self._changed:
            if behaviour is None:
                self._behaviours.pop(biz_id, None)
            else:
                self._behaviours[biz_id] = behaviour
                self._released.pop(biz_id, None)

    def release(self, biz_id: str | None = None) -> None:
        """Let go what hangs, stalls, drips or is slow for `biz_id`, or for all; later ones are not held."""
        with self._changed:
            names = set(self._behaviours) | set(self._released) if biz_id is None else {biz_id}
            for name in names:
                self._released.setdefault(name, threading.Event()).set()

    # what it saw

    @property
    def requests(self) -> tuple[RequestSeen, ...]:
        """Every request, in the order of arrival."""
        with self._changed:
            return tuple(self._requests)

    def count(self, biz_id: str) -> int:
        """How many requests named `biz_id`, whatever they were answered."""
        return sum(seen.biz_id == biz_id for seen in self.requests)

    def spent(self, biz_id: str) -> bool:
        """Whether the one answer of `biz_id` is gone."""
        with self._changed:
            return biz_id in self._answered

    def wait_for_requests(self, count: int, timeout: float) -> bool:
        """Wait until at least `count` requests arrived; False when `timeout` seconds passed first."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._requests) >= count, timeout)

    def wait_until_held(self, count: int, timeout: float) -> bool:
        """Wait until at least `count` connections hang or stall at the place where they are to be held."""
        with self._changed:
            return self._changed.wait_for(lambda: self._held >= count, timeout)

    @property
    def most_at_once(self) -> int:
        """The greatest number of requests that ever waited for their first byte together."""
        with self._changed:
            return self._most_at_once

    @property
    def mishaps(self) -> tuple[BaseException, ...]:
        """What went wrong inside the simulator itself; a client that hangs up is no mishap."""
        with self._changed:
            return tuple(self._mishaps)

    def sha256_of_body(self, biz_id: str) -> str | None:
        """Of the body bytes that went out for `biz_id`, in hex: of the answer (200), else of the last body."""
        with self._changed:
            found = self._body_digests.get(biz_id)
            return found[1] if found else None

    def sha256_of_pictures(self, biz_id: str) -> dict[str, str]:
        """Of each JPEG of the answer that was sent, in hex by role; empty when there were none."""
        with self._changed:
            return dict(self._picture_digests.get(biz_id, {}))

    # answering, on the connection's thread

    def _clock(self) -> float:
        return time.time() if self._now is None else self._now

    @staticmethod
    def _age(index: int, ids: int) -> float:
        # five new ones, two that are nearly lost, the others all over the day
        early = (182.0, 241.0, 318.0, 407.0, 546.0, KEPT_SECONDS - 55.0 * 60, KEPT_SECONDS - 5.4 * 3600)
        if index < len(early):
            return early[index]
        return 700 + (KEPT_SECONDS - 700 - 50 * 60) * (index * _GOLDEN % 1.0)

    def _make_ids(self, ages: list[float]) -> tuple[str, ...]:
        now = self._clock()
        with self._changed:
            first = len(self._index)
            made = tuple(
                f"{int(now - age)},{uuid_from(f'{self._seed}/id/{first + more}')}"
                for more, age in enumerate(ages)
            )
            self._index.update((biz_id, first + more) for more, biz_id in enumerate(made))
        return made

    def _arrived(self, seen: RequestSeen) -> tuple[RequestSeen, Behaviour, threading.Event, bool]:
        """Write the request down: with its number, its behaviour, the event that frees it, and if too many."""
        with self._changed:
            numbered = dataclasses.replace(seen, order=len(self._requests) + 1)
            self._requests.append(numbered)
            self._at_once += 1
            self._most_at_once = max(self._most_at_once, self._at_once)
            crowded = self.concurrency_limit is not None and self._at_once > self.concurrency_limit
            name = seen.biz_id if seen.biz_id in self._behaviours else EVERY_ID
            behaviour = self._behaviours.get(name or EVERY_ID, _NONE)
            if behaviour.times is not None:
                if behaviour.times > 1:
                    left = dataclasses.replace(behaviour, times=behaviour.times - 1)
                    self._behaviours[name or EVERY_ID] = left
                else:
                    del self._behaviours[name or EVERY_ID]
            released = self._released.setdefault(seen.biz_id or EVERY_ID, threading.Event())
            if self._stopped.is_set():
                released.set()
            self._changed.notify_all()
        return numbered, behaviour, released, crowded

    def _leaves(self, seen: RequestSeen, status: int | None) -> None:
        """Its first byte is about to go out, or nothing ever will."""
        with self._changed:
            self._at_once -= 1
            self._requests[seen.order - 1] = dataclasses.replace(seen, answered=status)
            self._changed.notify_all()

    def _hold(self, released: threading.Event, seconds: float | None = None) -> bool:
        """Wait until released or, if given, for that long; False when the simulator is being stopped."""
        with self._changed:
            self._held += 1
            self._changed.notify_all()
        released.wait(seconds)
        with self._changed:
            self._held -= 1
            self._changed.notify_all()
        return not self._stopped.is_set()

    def _reply(self, seen: RequestSeen, behaviour: Behaviour, crowded: bool) -> Reply:
        if behaviour.fault in _REPLACING:
            if behaviour.spends and seen.biz_id is not None:
                with self._changed:
                    self._answered.add(seen.biz_id)
            if behaviour.fault is Fault.REFUSE:
                return self._error(seen, behaviour.message, behaviour.status)
            if behaviour.fault is Fault.EXACT:
                return Reply(behaviour.status, behaviour.body, behaviour.headers)
            return Reply(200, b"")
        refusal = self._refusal(seen, crowded)
        if refusal is None and not self._take(seen.biz_id or "", spend=behaviour.spends):
            refusal = "RESULT_NOT_FOUND"
        if refusal is not None:
            return self._error(seen, refusal, ERROR_STATUS[refusal.partition(":")[0]])
        return self._answer(seen)

    def _refusal(self, seen: RequestSeen, crowded: bool) -> str | None:
        # the vendor does not say in which order it checks; this one is ours
        if seen.path != PATH or seen.method != "GET":
            return "API_NOT_FOUND"
        given = seen.parameters
        for name in ("api_key", "api_secret", "biz_id"):
            if not given.get(name):
                return f"MISSING_ARGUMENTS: {name}"
        if (given["api_key"], given["api_secret"]) != (self.api_key, self.api_secret):
            return "AUTHENTICATION_ERROR"
        if given.get("get_image_type", "0") not in ("0", "1", "2"):
            return "BAD_ARGUMENTS:get_image_type"
        return CONCURRENCY if crowded else None

    def _take(self, biz_id: str, *, spend: bool) -> bool:
        with self._changed:
            if biz_id not in self._index or biz_id in self._answered:
                return False
            if self._clock() - int(biz_id.partition(",")[0]) > KEPT_SECONDS:
                return False
            if spend:
                self._answered.add(biz_id)
            return True

    def _answer(self, seen: RequestSeen) -> Reply:
        biz_id = seen.biz_id or ""
        found = self.session(biz_id)
        pictures = found.pictures(int(seen.parameters.get("get_image_type", "0")))
        digests = {role: hashlib.sha256(jpeg).hexdigest() for role, jpeg in (pictures or {}).items()}
        with self._changed:
            self._picture_digests[biz_id] = digests
        return Reply(200, found.body(pictures))

    def _error(self, seen: RequestSeen, message: str, status: int) -> Reply:
        chance = random.Random(f"{self._seed}/error/{seen.order}")
        request_id = f"{int(self._clock())},{uuid_from(f'{self._seed}/error/{seen.order}')}"
        body = {"error_message": message, "request_id": request_id, "time_used": chance.randint(2, 9)}
        return Reply(status, json.dumps(body).encode("ascii"))

    def _note_body(self, biz_id: str | None, status: int, digest: str) -> None:
        if biz_id is None:
            return
        with self._changed:
            known = self._body_digests.get(biz_id)
            if known is None or known[0] != 200 or status == 200:
                self._body_digests[biz_id] = (status, digest)

    def _mishap(self, error: BaseException) -> None:
        with self._changed:
            self._mishaps.append(error)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    # on Windows the option would let a second program share the port
    allow_reuse_address = os.name != "nt"

    def __init__(self, simulator: Simulator, port: int) -> None:
        self.simulator = simulator
        self._lock = threading.Lock()
        self._connections: dict[threading.Thread, socket.socket] = {}
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        # HTTPServer would look the host name up, which can take seconds
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self._serve, args=(request, client_address), name="simulator connection", daemon=True
        )
        with self._lock:
            self._connections[thread] = request
        thread.start()

    def _serve(self, request: Any, client_address: Any) -> None:
        self.process_request_thread(request, client_address)
        with self._lock:
            self._connections.pop(threading.current_thread(), None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        import sys

        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, (ConnectionError, TimeoutError)):
            self.simulator._mishap(error)

    def end_connections(self) -> None:
        with self._lock:
            open_ones = dict(self._connections)
        for connection in open_ones.values():
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for thread in open_ones:
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "FaceID-simulator", ""
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the base class
        """Nothing: a request line holds the secret."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        pairs = parse_qsl(url.query, keep_blank_values=True)
        given = dict(pairs)
        simulator = self.server.simulator
        seen, behaviour, released, crowded = simulator._arrived(
            RequestSeen(
                order=0,
                at=time.monotonic(),
                method=self.command,
                path=url.path,
                biz_id=given.get("biz_id"),
                api_key=given.get("api_key"),
                parameters=MappingProxyType(given),
                headers=MappingProxyType(dict(self.headers.items())),
                target=self.path,
            )
        )
        status: int | None = None
        plan: Delivery | None = None
        try:
            reply = simulator._reply(seen, behaviour, crowded)
            if self._waits(behaviour, released) and behaviour.fault not in _SILENT:
                plan = delivery(reply, behaviour)
                status = plan.status
        finally:
            simulator._leaves(seen, status)
        if plan is not None:
            self._send(plan, behaviour, released, seen)
            return
        self.close_connection = True
        if behaviour.fault is Fault.RESET:
            reset(self.connection)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_GET

    def _waits(self, behaviour: Behaviour, released: threading.Event) -> bool:
        simulator = self.server.simulator
        if behaviour.fault is Fault.HANG:
            return simulator._hold(released)
        seconds = behaviour.seconds if behaviour.fault is Fault.SLOW else simulator.latency
        return seconds <= 0 or simulator._hold(released, seconds)

    def _send(
        self, plan: Delivery, behaviour: Behaviour, released: threading.Event, seen: RequestSeen
    ) -> None:
        simulator = self.server.simulator
        if plan.closes or self.command != "GET":
            self.close_connection = True
        digest = hashlib.sha256()

        def sent(piece: bytes) -> None:
            # before the piece goes out: whoever has read it all finds the digest of it all
            digest.update(piece)
            simulator._note_body(seen.biz_id, plan.status, digest.hexdigest())

        def pause() -> None:
            released.wait(behaviour.seconds)
            if simulator._stopped.is_set():
                raise ConnectionAbortedError

        self.wfile.write(plan.head(self.date_time_string()))
        if self.command == "HEAD":
            return
        ending = send_body(
            self.wfile.write,
            plan,
            sent=sent,
            pause=pause if behaviour.fault is Fault.DRIP else None,
            hold=lambda: simulator._hold(released),
        )
        if ending is Ending.RESET:
            reset(self.connection)

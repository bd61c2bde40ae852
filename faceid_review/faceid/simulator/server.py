"""The port: takes connections on loopback, reads requests, and sends replies the way they are to go out."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from faceid_review.faceid.simulator.behaviour import Fault
from faceid_review.faceid.simulator.record import Record, RequestSeen, Visit
from faceid_review.faceid.simulator.wire import Delivery, Ending, Reply, delivery, reset, send_body

LOOPBACK: Final = "127.0.0.1"


class Server(ThreadingHTTPServer):
    """One open port. `reply` says what to answer, `latency` (seconds) how late at the least.

    Raises `OSError` when the port is taken.
    """

    daemon_threads = True
    request_queue_size = 128
    # on Windows the option would let a second program share the port
    allow_reuse_address = os.name != "nt"

    def __init__(self, port: int, record: Record, reply: Callable[[Visit], Reply], latency: float) -> None:
        self.record, self.reply, self.latency = record, reply, latency
        self._lock = threading.Lock()
        self._connections: dict[threading.Thread, socket.socket] = {}
        super().__init__((LOOPBACK, port), Handler)

    def server_bind(self) -> None:
        """Bind without the look-up of the host's name that HTTPServer makes, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection on a thread that is remembered."""
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
        """Keep what is our own mistake; a client that hangs up is none."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError):
            self.record.mishap(error)

    def end_connections(self) -> None:
        """End what is still open, and wait for its threads."""
        with self._lock:
            still_open = dict(self._connections)
        for connection in still_open.values():
            # already closed by its own thread: nothing is left to end
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in still_open:
            thread.join()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "FaceID-simulator", ""
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: a request line holds the secret."""

    def do_GET(self) -> None:
        """Answer one request; every method comes here, since the vendor's page knows one only."""
        record = self.server.record
        visit = record.arrive(self._seen())
        plan: Delivery | None = None
        try:
            reply = self.server.reply(visit)
            if self._may_begin(visit):
                plan = delivery(reply, visit.behaviour)
        finally:
            record.leave(visit, plan.status if plan else None)
        if plan is not None:
            self._send(plan, visit)
            return
        self.close_connection = True
        if visit.behaviour.fault is Fault.RESET:
            reset(self.connection)

    def do_POST(self) -> None:
        """No such method here: the body, if any, is not read, so the connection must end."""
        self.close_connection = True
        self.do_GET()

    def do_HEAD(self) -> None:
        """As GET, but for the body."""
        self.do_GET()

    def _seen(self) -> RequestSeen:
        url = urlsplit(self.path)
        given = dict(parse_qsl(url.query, keep_blank_values=True))
        return RequestSeen(
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

    def _may_begin(self, visit: Visit) -> bool:
        record, behaviour = self.server.record, visit.behaviour
        if behaviour.fault in (Fault.CLOSE, Fault.RESET):
            return False
        if behaviour.fault is Fault.HANG:
            return record.hold(visit)
        return record.delay(
            visit, max(behaviour.seconds * (behaviour.fault is Fault.SLOW), self.server.latency)
        )

    def _send(self, plan: Delivery, visit: Visit) -> None:
        record = self.server.record
        digest = hashlib.sha256()

        def sent(piece: bytes) -> None:
            # before it goes out: whoever has read all of it finds the digest of all of it
            digest.update(piece)
            record.sent(visit.seen.biz_id, plan.status, digest.hexdigest())

        def pause() -> bool:
            if not record.delay(visit, visit.behaviour.seconds):
                raise ConnectionAbortedError
            return not visit.released.is_set()

        if plan.closes:
            self.close_connection = True
        self.wfile.write(plan.head(self.date_time_string(), last=self.close_connection))
        if self.command == "HEAD":
            return
        ending = send_body(
            self.wfile.write,
            plan,
            sent=sent,
            pause=pause if visit.behaviour.fault is Fault.DRIP else None,
            hold=lambda: record.hold(visit),
        )
        if ending is Ending.RESET:
            reset(self.connection)
        elif ending is Ending.CLOSE:
            self.close_connection = True

"""Asking the vendor: one GET, no retry, no redirect, no secret in any message.

``ask`` sends one request and hands out what comes back as it comes back. The only thing that proves that a
request was not sent is that :func:`before_send` was not called: it runs when the connection stands (TCP,
proxy, verified TLS) and before the first byte of the request. Exceptions prove nothing; the same class
means "refused" before sending and "reset" after it. Source: PC-GetResult.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import logging
import os
import socket
import ssl
import time
import uuid
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import truststore
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from faceid_review import __version__
from faceid_review.errors import NotAsked, NotSent, OutcomeUnknown, ReviewError
from faceid_review.faceid import certificates
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.certificates import TlsFacts

PATH: Final = "/faceid/liveness/v2/get_result"
ALL_PICTURES: Final = 2
"""get_image_type: all pictures. The vendor's default, 0, would spend the one call without any."""

_PIECE: Final = 64 * 1024
_CONTEXTS: Final = ("ssl_context", "proxy_ssl_context")

# urllib3 logs whole request lines, and with them the secret, when somebody turns debugging on.
for _name in ("urllib3", "requests"):
    logging.getLogger(_name).setLevel(logging.WARNING)
    logging.getLogger(_name).propagate = False
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Endpoint:
    """Where to ask and as whom. ``repr`` shows no secret."""

    base_url: str
    api_key: str
    api_secret: str = field(repr=False)


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes. ``deadline`` counts from the start of asking to the last byte."""

    connect: float = 10.0
    silence: float = 30.0
    deadline: float = 120.0
    cap: int = 64 * 1024 * 1024


class Arrival:
    """An answer that is on its way: a head, then pieces, then how it ended. Iterate it once."""

    def __init__(self, response: requests.Response, line: _Line, limits: Limits) -> None:
        self._response = response
        self._raw: urllib3.HTTPResponse = response.raw
        self._line = line
        self._cap = limits.cap
        self.head: Mapping[str, Any] = {
            "status": response.status_code,
            "reason": response.reason or "",
            "headers": [list(header) for header in line.headers or self._raw.headers.items()],
            "tls": dict(line.tls),
        }
        self.ended = "cut"

    def __iter__(self) -> Iterator[bytes]:
        """The body exactly as received, before any decoding. Never raises: a cut is an ending."""
        received = 0
        # What ends the body must be asked before reading: urllib3 counts the length down.
        whole = (
            "last_chunk"
            if self._raw.chunked
            else "closed"
            if self._raw.length_remaining is None
            else "length"
        )
        try:
            while piece := self._raw.read1(min(_PIECE, self._cap - received), decode_content=False):
                received += len(piece)
                yield piece
                if received >= self._cap:
                    self.ended = "cap"
                    return
            self.ended = whole if not self._raw.length_remaining else "cut"
        except (OSError, urllib3.exceptions.HTTPError):
            self.ended = "deadline" if self._line.late else "cut"
        finally:
            self._response.close()


def ask(
    biz_id: BizId,
    endpoint: Endpoint,
    *,
    before_send: Callable[[], None],
    limits: Limits | None = None,
    proxy: str | None = None,
    accepted_roots: Container[str] = (),
) -> Arrival:
    """Send one GET for ``biz_id`` with ``get_image_type=2``.

    Raises :class:`NotSent` where the request did not leave, :class:`OutcomeUnknown` where it did and no
    head of an answer came back; :class:`Intercepted`, and nothing is sent, where the root at the other end is
    neither public nor among ``accepted_roots`` (SHA-256, lower-case hex). A :class:`ReviewError` of
    ``before_send`` is passed on and nothing is sent.
    """
    if problem := sending_problem(endpoint):
        raise NotAsked(problem)
    limits = limits or Limits()

    def about_to_send(tls: TlsFacts) -> None:
        certificates.refuse_strangers(tls, urlsplit(endpoint.base_url).hostname or "", accepted_roots)
        before_send()

    line = _Line(about_to_send, limits)
    request = requests.Request(
        "GET",
        endpoint.base_url.rstrip("/") + PATH,
        params={
            "api_key": endpoint.api_key,
            "api_secret": endpoint.api_secret,
            "biz_id": biz_id,
            "get_image_type": str(ALL_PICTURES),
        },
        headers={
            "Accept-Encoding": "identity",
            "Accept": "application/json",
            "Connection": "close",
            "User-Agent": f"FaceID-Review/{__version__}",
        },
    )
    response, failure = _send(request, line, limits, proxy)
    if response is not None:
        return Arrival(response, line, limits)
    # Raised out here, so that no exception that holds the URL hangs on to ours as its context.
    if line.withheld is not None:
        raise line.withheld
    if line.sent:
        raise OutcomeUnknown("sent_without_answer", kind=failure)
    raise NotSent(failure)


def look(endpoint: Endpoint, *, limits: Limits | None = None, proxy: str | None = None) -> TlsFacts:
    """Open the connection a question would take, see who is at the other end, send nothing, close.

    Raises :class:`NotSent` where the connection does not come about.
    """
    if problem := sending_problem(endpoint):
        raise NotAsked(problem)
    limits = limits or Limits()
    line = _Line(None, limits)
    # Without key and secret: what is never sent need not be there.
    _, failure = _send(requests.Request("GET", endpoint.base_url), line, limits, proxy)
    if failure:
        raise NotSent(failure)
    return line.tls


def _send(
    request: requests.Request, line: _Line, limits: Limits, proxy: str | None
) -> tuple[requests.Response | None, str]:
    """The head of an answer; otherwise what went wrong as a wording id, empty where it was held back."""
    # The adapter alone, without requests' Session: a session reads the body of a redirect by itself, parses
    # where it leads, and takes proxies, certificates and passwords from the environment.
    adapter = _Once(line)
    try:
        response = adapter.send(
            request.prepare(),
            stream=True,
            timeout=(limits.connect, limits.silence),
            # Plain http goes to this computer alone, and a proxy would read the secret in it.
            proxies={"https": proxy} if proxy else {},
        )
    except _Withheld:
        return None, ""
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        return None, _kind(error)
    return response, ""


def sending_problem(endpoint: Endpoint) -> str | None:
    """Why nothing may be sent to ``endpoint`` from here, as a wording id."""
    if problem := base_url_problem(endpoint.base_url):
        return problem
    return "tls_keys_are_logged" if os.environ.get("SSLKEYLOGFILE") else None


def made_up_id() -> BizId:
    """An id that belongs to nobody: it proves the credentials and spends no one's answer."""
    return BizId(f"1,{uuid.uuid4()}")


def base_url_problem(url: str) -> str | None:
    """Why ``url`` cannot be a base URL, as a wording id: https only, or http on a loopback address."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "url_malformed"
    if (
        not host
        or parts.scheme not in ("http", "https")
        or parts.query
        or parts.fragment
        or not url.isprintable()
    ):
        return "url_malformed"
    if parts.username is not None or parts.password is not None:
        return "url_has_userinfo"
    return None if parts.scheme == "https" or _is_loopback(host) else "url_not_https"


class _Line:
    """The one connection of one question: knows whether the request has left and when it is too late."""

    def __init__(self, before_send: Callable[[TlsFacts], None] | None, limits: Limits) -> None:
        """Without ``before_send`` nothing is ever sent."""
        self._before_send = before_send
        self._silence = limits.silence
        self._until = time.monotonic() + limits.deadline
        self.sent = False
        self.tls: TlsFacts = {}
        self.withheld: ReviewError | None = None
        self.headers: list[tuple[str, str]] = []

    @property
    def late(self) -> bool:
        """Whether the deadline has passed."""
        return time.monotonic() >= self._until

    def patience(self) -> float:
        """How many seconds the next read may take. Raises :class:`TimeoutError` past the deadline."""
        if self.late:
            raise TimeoutError
        return min(self._until - time.monotonic(), self._silence)

    def about_to_send(self, connection: HTTPConnection) -> None:
        """The connection stands: mark, and only then let the request go. Lets one request go and no other."""
        if self.sent:
            raise _Withheld
        self.tls = certificates.facts_of(connection.sock)
        if self._before_send is None:
            raise _Withheld
        try:
            self._before_send(self.tls)
        except ReviewError as error:
            self.withheld = error
        if self.withheld is not None:
            raise _Withheld
        self.sent = True


class _Withheld(Exception):
    """The request was held back at the last moment."""


class _Once(HTTPAdapter):
    """An adapter for one request: no retries, connections that report, the system's trust store."""

    def __init__(self, line: _Line) -> None:
        self._classes = _pool_classes(line)
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """As requests makes it, with our connections and our TLS context."""
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        super().init_poolmanager(*arguments, ssl_context=context, **options)
        self.poolmanager.pool_classes_by_scheme = self._classes

    def proxy_manager_for(self, proxy: str, **options: Any) -> urllib3.ProxyManager:
        """As requests makes it, with our connections and our TLS context."""
        ours = {name: truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) for name in _CONTEXTS}
        manager: urllib3.ProxyManager = super().proxy_manager_for(proxy, **ours, **options)
        manager.pool_classes_by_scheme = self._classes
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing: requests would add certifi's roots to those that this system trusts."""


class _Patient(io.RawIOBase):
    """Reads from a socket, head and body alike, for no longer than the deadline leaves."""

    def __init__(self, line: socket.socket, source: socket.SocketIO, patience: Callable[[], float]) -> None:
        self._line, self._source, self._patience = line, source, patience

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Up to ``len(buffer)`` bytes."""
        self._line.settimeout(self._patience())
        return self._source.readinto(buffer)

    def close(self) -> None:
        """Let go of the socket."""
        self._source.close()
        super().close()


def _pool_classes(line: _Line) -> dict[str, type[HTTPConnectionPool]]:
    class Response(http.client.HTTPResponse):
        def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
            super().__init__(sock, *arguments, **options)
            self.fp.close()
            source: Any = sock.makefile("rb", buffering=0)
            self.fp = io.BufferedReader(_Patient(sock, source, line.patience))

        def begin(self) -> None:
            super().begin()
            line.headers = self.headers.items()
            told = ",".join(self.headers.get_all("Content-Length") or ())
            if len({length.strip() for length in told.split(",")}) > 1:
                # urllib3 throws such an answer away. It did arrive: it ends where the connection ends.
                del self.headers["Content-Length"]
                self.length = None
                self.will_close = True

    class Plain(HTTPConnection):
        response_class = Response

        def request(self, *arguments: Any, **options: Any) -> None:
            if self.sock is None:
                self.connect()
            line.about_to_send(self)
            super().request(*arguments, **options)

    class Tls(HTTPSConnection):
        response_class = Response

        def request(self, *arguments: Any, **options: Any) -> None:
            if self.sock is None:
                self.connect()
            line.about_to_send(self)
            super().request(*arguments, **options)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = Tls

    return {"http": PlainPool, "https": TlsPool}


def _kind(error: Exception) -> str:
    """What went wrong, as a wording id: the outermost cause that says something to a person."""
    cause: BaseException | None = error
    for _ in range(8):
        reason = getattr(cause, "reason", None)
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "certificate_refused"
        if isinstance(cause, urllib3.exceptions.NameResolutionError):
            return "host_unknown"
        if isinstance(cause, urllib3.exceptions.ProxyError):
            return "proxy_refused"
        following = reason if isinstance(reason, BaseException) else cause.__cause__ if cause else None
        if (
            following is None
            and cause is not None
            and cause.args
            and isinstance(cause.args[0], BaseException)
        ):
            following = cause.args[0]
        if following is None:
            break
        cause = following
    if isinstance(error, requests.exceptions.SSLError):
        return "tls_failed"
    return "timed_out" if isinstance(error, requests.Timeout) else "unreachable"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

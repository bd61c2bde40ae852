"""What stands between the program and the simulator in the tests: certificates, a TLS server, a proxy.

The TLS server counts the bytes it could decrypt: that, and nothing the program says, tells whether a request left.
What is counted is read only when every connection so far is over and dealt with.
"""

import base64
import contextlib
import os
import socket
import ssl
import struct
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


# ---- certificates


@dataclass(frozen=True)
class Certificate:
    """A certificate with its key. ``chain`` is the PEM of itself and of those above it that it is shown with."""

    own: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    chain: bytes

    @property
    def sha256(self) -> str:
        return self.own.fingerprint(hashes.SHA256()).hex()

    @property
    def pem(self) -> bytes:
        return self.own.public_bytes(serialization.Encoding.PEM)

    def context(self, folder: Path) -> ssl.SSLContext:
        """A server's TLS with this certificate."""
        file = folder / f"{self.sha256[:16]}.pem"
        file.write_bytes(
            self.chain
            + self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def certificate(
    name: str,
    issuer: Certificate | None = None,
    *,
    authority: bool = False,
    host: str = "127.0.0.1",
    begins: timedelta = -DAY,
    ends: timedelta = DAY,
) -> Certificate:
    """A certificate by ``issuer``, or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer = issuer.key if issuer else key
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.own.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if not authority:
        try:
            named: x509.GeneralName = x509.IPAddress(ip_address(host))
        except ValueError:
            named = x509.DNSName(host)
        builder = builder.add_extension(x509.SubjectAlternativeName([named]), critical=False)
    made = builder.sign(signer, hashes.SHA256())
    # A root is not shown: whoever trusts it has it.
    above = issuer.chain if issuer and issuer.own.issuer != issuer.own.subject else b""
    return Certificate(made, key, made.public_bytes(serialization.Encoding.PEM) + above)


# ---- servers


class Server(ThreadingTCPServer):
    """A port on loopback; ``serve`` deals with one connection on a thread of its own."""

    allow_reuse_address = True
    daemon_threads = False
    request_queue_size = 32

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lock = threading.Condition()
        self.counts: Counter[str] = Counter()
        self.mishaps: list[BaseException] = []
        self._ours: set[int] = set()
        self._under_way = 0
        self._over = False
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def serve(self, connection: socket.socket) -> None:
        raise NotImplementedError

    def count(self, what: str, by: int = 1) -> None:
        with self.lock:
            self.counts[what] += by

    def counted(self, what: str) -> int:
        self.settle()
        return self.counts[what]

    @property
    def connections(self) -> int:
        return self.counted("connections")

    def settle(self) -> None:
        """Until every connection that was made before this call is over."""
        if self._over:
            return
        with socket.socket() as last:
            last.bind(("127.0.0.1", 0))
            with self.lock:
                self._ours.add(last.getsockname()[1])
            last.connect(self.server_address)
            # Connections are taken in their order: when ours has come, so has every earlier one.
            with self.lock:
                came = self.lock.wait_for(lambda: not self._ours and not self._under_way, timeout=60)
        assert came

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.lock:
            if client_address[1] in self._ours:
                self._ours.remove(client_address[1])
                self.lock.notify_all()
                request.close()
                return
            self._under_way += 1
            self.counts["connections"] += 1
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        super().process_request_thread(request, client_address)
        with self.lock:
            self._under_way -= 1
            self.lock.notify_all()

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep what is our own mistake; that the program hangs up is none."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            self.mishaps.append(error)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.settle()
        self._over = True
        self.shutdown()
        self._thread.join()
        self.server_close()
        assert not self.mishaps


class _Handler(BaseRequestHandler):
    def handle(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        # Nothing that waits for the program may wait for ever.
        self.request.settimeout(30)
        server.serve(self.request)


Answer = Callable[["Front", ssl.SSLSocket], None]
Greeting = Callable[[Server, socket.socket], None]


class Front(Server):
    """A TLS server. ``answer`` is called when a request has come; ``greetings`` spoil handshakes, one each."""

    def __init__(self, context: ssl.SSLContext, answer: Answer) -> None:
        super().__init__()
        self.context, self.answer = context, answer
        self.always: Greeting | None = None
        self.greetings: list[Greeting] = []
        self.head = b""

    @property
    def handshakes(self) -> int:
        return self.counted("handshakes")

    @property
    def requests(self) -> int:
        return self.counted("requests")

    @property
    def request_bytes(self) -> int:
        """How many bytes came inside TLS, in all connections together."""
        return self.counted("request bytes")

    @property
    def base_url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def serve(self, connection: socket.socket) -> None:
        with self.lock:
            greeting = self.greetings.pop(0) if self.greetings else self.always
        if greeting:
            greeting(self, connection)
            return
        with self.context.wrap_socket(connection, server_side=True) as line:
            self.count("handshakes")
            if self._read_request(line):
                self.answer(self, line)

    def _read_request(self, line: ssl.SSLSocket) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = line.recv(65536)
            self.count("request bytes", len(piece))
            if not piece:
                return False
            head += piece
        self.count("requests")
        self.head = head
        return True


class Proxy(Server):
    """A proxy for CONNECT, itself in TLS if it has a ``context``.

    ``reply`` spoils it; ``credentials`` (user:password) are wanted if given.
    """

    def __init__(
        self, reply: Greeting | None = None, credentials: str = "", context: ssl.SSLContext | None = None
    ) -> None:
        super().__init__()
        self.reply, self.credentials, self.context = reply, credentials, context
        self._heard = b""

    @property
    def tunnels(self) -> int:
        return self.counted("tunnels")

    @property
    def heard(self) -> bytes:
        """What came before any tunnel stood."""
        self.settle()
        return self._heard

    def serve(self, connection: socket.socket) -> None:
        if self.context is None:
            self._tunnel(connection)
            return
        with self.context.wrap_socket(connection, server_side=True) as line:
            self._tunnel(line)

    def _tunnel(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (piece := connection.recv(65536)):
            head += piece
            with self.lock:
                self._heard += piece
        if self.reply:
            self.reply(self, connection)
            return
        wanted = base64.b64encode(self.credentials.encode())
        if self.credentials and b"Proxy-Authorization: Basic " + wanted not in head:
            connection.sendall(b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
            return
        target = urlsplit("//" + head.split(b" ")[1].decode())
        with socket.create_connection((str(target.hostname), int(target.port or 443))) as onward:
            self.count("tunnels")
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pump, args=(onward, connection))
            back.start()
            _pump(connection, onward)
            back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


# ---- greetings: what becomes of a connection before TLS


def silence(server: Server, connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def hang_up(server: Server, connection: socket.socket) -> None:
    connection.recv(65536)


def reset(server: Server, connection: socket.socket) -> None:
    connection.recv(65536)
    _reset(connection)


def reset_at_once(server: Server, connection: socket.socket) -> None:
    _reset(connection)


def dies(server: Server, connection: socket.socket) -> None:
    """Closes at once, whatever was said."""


def speaks(words: bytes) -> Greeting:
    """Says something that is no TLS."""

    def greeting(server: Server, connection: socket.socket) -> None:
        connection.sendall(words)
        with contextlib.suppress(OSError):
            connection.recv(65536)

    return greeting


def drips(opening: bytes, byte: bytes, seconds: float) -> Greeting:
    """Says the same byte again and again, slowly, until the program hangs up."""

    def greeting(server: Server, connection: socket.socket) -> None:
        connection.sendall(opening)
        never = threading.Event()
        while not never.wait(seconds):
            connection.sendall(byte)

    return greeting


# ---- answers: what becomes of a connection when the request has come


def from_(port: int) -> Answer:
    """The simulator's own answer, and a TLS connection ended as it should be."""

    def answer(front: Front, line: ssl.SSLSocket) -> None:
        with socket.create_connection(("127.0.0.1", port)) as onward:
            onward.sendall(front.head)
            while piece := onward.recv(65536):
                line.sendall(piece)
        line.unwrap().close()

    return answer


def says(words: bytes, ending: Callable[[Front, ssl.SSLSocket], None]) -> Answer:
    """These bytes and then this ending."""

    def answer(front: Front, line: ssl.SSLSocket) -> None:
        if words:
            line.sendall(words)
        ending(front, line)

    return answer


def with_notice(front: Front, line: ssl.SSLSocket) -> None:
    line.unwrap().close()


def without_notice(front: Front, line: ssl.SSLSocket) -> None:
    """A FIN of TCP and no close_notify of TLS."""
    socket.socket(fileno=line.detach()).close()


def bad_record(front: Front, line: ssl.SSLSocket) -> None:
    with socket.socket(fileno=line.detach()) as bare:
        bare.sendall(b"\x17\x03\x03\x00\x40" + os.urandom(64))
        bare.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            while bare.recv(65536):
                pass


def torn(front: Front, line: ssl.SSLSocket) -> None:
    bare = socket.socket(fileno=line.detach())
    _reset(bare)


def stays(front: Front, line: ssl.SSLSocket) -> None:
    while line.recv(65536):
        pass


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(connection.detach())


@contextlib.contextmanager
def connected(front: Front, roots: Path) -> Iterator[ssl.SSLSocket]:
    """A TLS connection to a front that trusts ``roots``, made by Python alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(roots)
    with (
        socket.create_connection(("127.0.0.1", front.port)) as bare,
        context.wrap_socket(bare, server_hostname="127.0.0.1") as line,
    ):
        yield line

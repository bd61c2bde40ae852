"""Writing one response on a socket, whole or spoilt."""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from faceid_review.faceid.simulator.behaviour import Behaviour, Fault

PIECE: Final = 64 * 1024
_MEGABYTE: Final = 1024 * 1024
_OPENING, _CLOSING = b'{"biz_extra_data": "', b'"}'
_NO_LINGER: Final = struct.pack("ii", 1, 0)


class Ending(StrEnum):
    """What happens when as much of the body was sent as is to be sent."""

    KEEP = "keep"
    CLOSE = "close"
    RESET = "reset"
    HOLD = "hold"


@dataclass(frozen=True)
class Reply:
    """A status, headers and a body before anything spoils them."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


@dataclass(frozen=True)
class Delivery:
    """How a reply goes over the wire.

    `length` is the Content-Length that is claimed (None: none); `stop` how many bytes of the body are sent
    before `ending` comes; None means all of them.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    pieces: Iterable[bytes]
    length: int | None
    chunked: bool = False
    stop: int | None = None
    ending: Ending = Ending.KEEP

    def head(self, date: str, *, last: bool) -> bytes:
        """Status line and headers; `last` says that the connection ends with this response."""
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unknown"
        lines = [f"HTTP/1.1 {self.status} {phrase}", "Server: FaceID-simulator", f"Date: {date}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.length is not None:
            lines.append(f"Content-Length: {self.length}")
        if self.chunked:
            lines.append("Transfer-Encoding: chunked")
        if last:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    @property
    def closes(self) -> bool:
        """Whether the connection has to end with this response."""
        return self.ending is not Ending.KEEP or (self.length is None and not self.chunked)


def delivery(reply: Reply, behaviour: Behaviour) -> Delivery:
    """The reply as `behaviour` has it go over the wire."""
    fault, body = behaviour.fault, reply.body
    if fault is Fault.BOMB:
        headers = (*reply.headers, ("Content-Encoding", "gzip"))
        return Delivery(reply.status, headers, bomb(behaviour.size), None)
    if fault is Fault.HUGE:
        total = len(_OPENING) + behaviour.size * _MEGABYTE + len(_CLOSING)
        claimed = total if behaviour.with_length else None
        return Delivery(reply.status, reply.headers, huge(behaviour.size), claimed)
    headers = reply.headers
    if fault is Fault.GZIP:
        body = gzip.compress(body, mtime=0)[: behaviour.after_bytes]
        headers = (*headers, ("Content-Encoding", "gzip"))
    length: int | None = len(body)
    stop: int | None = None
    ending, chunked = Ending.KEEP, False
    if fault in (Fault.STALL, Fault.CUT, Fault.RESET_IN_BODY):
        stop = behaviour.limit(len(body))
        ending = {Fault.STALL: Ending.HOLD, Fault.CUT: Ending.CLOSE}.get(fault, Ending.RESET)
    elif fault is Fault.LONGER_LENGTH:
        length, ending = len(body) + behaviour.size, Ending.CLOSE
    elif fault is Fault.CHUNKED:
        length, chunked = None, True
        if behaviour.after_bytes is not None:
            stop, ending = behaviour.limit(len(body)), Ending.CLOSE
    if not behaviour.with_length:
        length = None
    return Delivery(reply.status, headers, sliced(body), length, chunked, stop, ending)


def sliced(body: bytes) -> Iterator[bytes]:
    """`body` in pieces."""
    for start in range(0, len(body), PIECE):
        yield body[start : start + PIECE]


def huge(megabytes: int) -> Iterator[bytes]:
    """A JSON object with one text of that many megabytes, never in memory at once."""
    yield _OPENING
    piece = b"x" * PIECE
    for _ in range(megabytes * _MEGABYTE // PIECE):
        yield piece
    yield _CLOSING


def bomb(megabytes: int) -> Iterator[bytes]:
    """The gzip of `huge(megabytes)`, about a thousandth of its size.

    One megabyte is compressed once and its deflate block, which ends in a full flush, is sent again and again.
    """
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    plain = b"x" * _MEGABYTE
    checksum, length = zlib.crc32(_OPENING), len(_OPENING)
    yield b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    yield compressor.compress(_OPENING) + compressor.flush(zlib.Z_FULL_FLUSH)
    block = compressor.compress(plain) + compressor.flush(zlib.Z_FULL_FLUSH)
    for _ in range(megabytes):
        yield block
        checksum, length = zlib.crc32(plain, checksum), length + len(plain)
    yield compressor.compress(_CLOSING) + compressor.flush(zlib.Z_FINISH)
    checksum, length = zlib.crc32(_CLOSING, checksum), length + len(_CLOSING)
    yield struct.pack("<II", checksum, length & 0xFFFFFFFF)


def reset(connection: socket.socket) -> None:
    """End a connection with RST in place of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    # shutdown() would send a FIN first, and close() waits for the handler's own file objects
    descriptor = connection.detach()
    with contextlib.suppress(OSError):
        socket.close(descriptor)


def send_body(
    write: Callable[[bytes], object],
    plan: Delivery,
    *,
    sent: Callable[[bytes], None],
    pause: Callable[[], bool] | None,
    hold: Callable[[], bool],
) -> Ending:
    """Send the body of `plan`; what to do with the connection then is returned.

    `sent` learns of each piece just before it goes out. `pause` (if any) comes after each single byte until it
    is False; then the rest goes at once. `hold` waits in mid-body: True when the rest is to follow.
    """

    def send(piece: bytes) -> None:
        if piece:
            sent(piece)
            write(b"%x\r\n%s\r\n" % (len(piece), piece) if plan.chunked else piece)

    left = plan.stop
    for whole in plan.pieces:
        piece = whole
        if left is not None and len(piece) >= left:
            send(piece[:left])
            if plan.ending is not Ending.HOLD:
                return plan.ending
            if not hold():
                return Ending.CLOSE
            piece, left = piece[left:], None
        elif left is not None:
            left -= len(piece)
        if pause is None:
            send(piece)
        else:
            _drip(piece, send, pause)
    if plan.chunked:
        write(b"0\r\n\r\n")
    return Ending.KEEP if plan.ending is Ending.HOLD else plan.ending


def _drip(piece: bytes, send: Callable[[bytes], None], pause: Callable[[], bool]) -> None:
    for at in range(len(piece)):
        send(piece[at : at + 1])
        if not pause():
            send(piece[at + 1 :])
            return

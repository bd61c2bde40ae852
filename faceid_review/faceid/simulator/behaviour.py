"""How the simulator can misbehave: a value for each fault that a network or a vendor can have.

A behaviour belongs to one biz_id (or to all) and lasts for a number of requests. Two families: those that
replace the vendor's answer (a status, a redirect, exact bytes) leave the id unspent; those that spoil the
delivery of the true answer (slow, stalled, cut, reset) spend it, as a vendor's would, unless told otherwise.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

ERROR_STATUS: Final[dict[str, int]] = {
    "RESULT_NOT_FOUND": 400,
    "MISSING_ARGUMENTS": 400,
    "BAD_ARGUMENTS": 400,
    "AUTHENTICATION_ERROR": 403,
    "AUTHORIZATION_ERROR": 403,
    "CONCURRENCY_LIMIT_EXCEEDED": 403,
    "API_NOT_FOUND": 404,
    "INTERNAL_ERROR": 500,
}
"""The HTTP status of each error_message, by the part before its colon (PC-GetResult)."""

CONCURRENCY: Final = "CONCURRENCY_LIMIT_EXCEEDED"
_PAGE: Final = (
    "<!DOCTYPE html><html><head><title>Welcome</title></head><body><p>Please sign in.</p></body></html>"
)


class Fault(StrEnum):
    """What goes wrong. The constructors of `Behaviour` say what each means."""

    NONE = "none"
    SLOW = "slow"
    HANG = "hang"
    CLOSE = "close"
    RESET = "reset"
    STALL = "stall"
    CUT = "cut"
    RESET_IN_BODY = "reset_in_body"
    DRIP = "drip"
    LONGER_LENGTH = "longer_length"
    CHUNKED = "chunked"
    GZIP = "gzip"
    BOMB = "bomb"
    HUGE = "huge"
    EXACT = "exact"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Behaviour:
    """One fault. Use the constructors below; sizes are bytes of the body as it goes over the wire.

    `times` is for how many requests it holds (None: all of them); `spends` whether the id counts as answered.
    """

    fault: Fault
    times: int | None = None
    spends: bool = True
    seconds: float = 0.0
    after_bytes: int | None = None
    fraction: float | None = None
    with_length: bool = True
    size: int = 0
    status: int = 200
    body: bytes = dataclasses.field(default=b"", repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    message: str = ""

    def for_requests(self, times: int) -> Self:
        """The same for the next `times` requests only."""
        return dataclasses.replace(self, times=times)

    def unspent(self) -> Self:
        """The same, but the vendor does not count the call."""
        return dataclasses.replace(self, spends=False)

    def limit(self, length: int) -> int:
        """After how many bytes of a body of `length` the fault sets in."""
        if self.after_bytes is not None:
            return min(self.after_bytes, length)
        return int(length * self.fraction) if self.fraction is not None else length

    @classmethod
    def slow(cls, seconds: float) -> Self:
        """The whole answer, its first byte after `seconds` (or at once when released)."""
        return cls(Fault.SLOW, seconds=seconds)

    @classmethod
    def hang(cls) -> Self:
        """Nothing at all after the request, until released; then the answer."""
        return cls(Fault.HANG)

    @classmethod
    def close(cls) -> Self:
        """The connection ends after the request, without a status line."""
        return cls(Fault.CLOSE)

    @classmethod
    def reset(cls) -> Self:
        """The connection is reset (TCP RST) after the request."""
        return cls(Fault.RESET)

    @classmethod
    def stall(cls, after_bytes: int | None = None, *, fraction: float | None = None) -> Self:
        """The body stops after so many bytes until released; then the rest follows."""
        return cls(Fault.STALL, after_bytes=after_bytes, fraction=fraction)

    @classmethod
    def cut(
        cls, after_bytes: int | None = None, *, fraction: float | None = None, with_length: bool = True
    ) -> Self:
        """The connection ends within the body, with a Content-Length or (a clean end) without one."""
        return cls(Fault.CUT, after_bytes=after_bytes, fraction=fraction, with_length=with_length)

    @classmethod
    def reset_in_body(cls, after_bytes: int | None = None, *, fraction: float | None = None) -> Self:
        """The connection is reset within the body."""
        return cls(Fault.RESET_IN_BODY, after_bytes=after_bytes, fraction=fraction)

    @classmethod
    def drip(cls, seconds: float) -> Self:
        """One byte of the body every `seconds`; once released, the rest at once."""
        return cls(Fault.DRIP, seconds=seconds)

    @classmethod
    def longer_length(cls, more: int = 1000) -> Self:
        """The whole body under a Content-Length that promises `more` bytes."""
        return cls(Fault.LONGER_LENGTH, size=more)

    @classmethod
    def chunked(cls, *, cut_after: int | None = None) -> Self:
        """The answer in chunks; with `cut_after` it ends there, without the last chunk."""
        return cls(Fault.CHUNKED, after_bytes=cut_after)

    @classmethod
    def gzip(cls, *, cut_after: int | None = None) -> Self:
        """The answer compressed though nobody asked for it; `cut_after` shortens the compressed bytes."""
        return cls(Fault.GZIP, after_bytes=cut_after)

    @classmethod
    def gzip_bomb(cls, megabytes: int = 300) -> Self:
        """About a kilobyte of gzip for each megabyte that it would unpack to. Leaves the id unspent."""
        return cls(Fault.BOMB, size=megabytes, spends=False)

    @classmethod
    def huge(cls, megabytes: int, *, with_length: bool = True) -> Self:
        """A JSON object of that size, made while it is sent. Leaves the id unspent."""
        return cls(Fault.HUGE, size=megabytes, with_length=with_length, spends=False)

    @classmethod
    def answer(
        cls,
        body: bytes,
        *,
        status: int = 200,
        headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),),
        with_length: bool = True,
        spends: bool = False,
    ) -> Self:
        """Exactly this status, these headers and these bytes."""
        return cls(
            Fault.EXACT, status=status, headers=headers, body=body, with_length=with_length, spends=spends
        )

    @classmethod
    def redirect(cls, url: str, status: int = 302) -> Self:
        """A redirect to `url`: 301, 302 or 307."""
        return cls.answer(b"", status=status, headers=(("Location", url),))

    @classmethod
    def busy(cls, status: int = 503, *, retry_after: int = 1) -> Self:
        """429 or 503 with Retry-After, in plain text."""
        headers = (("Content-Type", "text/plain"), ("Retry-After", str(retry_after)))
        return cls.answer(b"Service busy", status=status, headers=headers)

    @classmethod
    def html(cls, status: int = 200) -> Self:
        """A page of somebody else's, such as the sign-in of a guest network."""
        return cls.answer(_PAGE.encode(), status=status, headers=(("Content-Type", "text/html"),))

    @classmethod
    def error(cls, message: str, *, status: int | None = None) -> Self:
        """An error_message of the vendor, such as ``AUTHORIZATION_ERROR:Denied.``.

        `status` is the one of the vendor's table unless given, for instance 200. Raises `KeyError` for a
        message that the table does not have when no status is given.
        """
        found = ERROR_STATUS[message.partition(":")[0]] if status is None else status
        return cls(Fault.REFUSE, status=found, message=message, spends=False)

    @classmethod
    def refuse_once(cls, message: str = CONCURRENCY) -> Self:
        """That error for the next request; then as if nothing had been."""
        return cls.error(message).for_requests(1)

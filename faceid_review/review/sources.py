"""Where a case's words of the vendor come from: fetched and imported answers, and callbacks.

An answer that was imported is the vendor's answer as somebody else kept it: it counts as kept and is never asked
for. A callback carries no pictures and does not count as an answer. None of them ever takes another one's place:
the first whole answer is the one on show, the others stand beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from faceid_review.faceid import callback
from faceid_review.faceid.result import VerificationResult
from faceid_review.vault.entry import Entry

LONGEST_READ = 16 * 1024 * 1024
"""A longer answer is kept to the byte, handed out, exported by hash, and not read: no picture is that large."""

FETCHED, IMPORTED, CALLBACK = "fetched", "imported", "callback"


class Ending:
    """How an answer's body came to its end: the ``ended`` fact of an answer. An imported one ends with its file."""

    LENGTH = "length"
    LAST_CHUNK = "last_chunk"
    CLOSED = "closed"
    CUT = "cut"
    CAP = "cap"
    DEADLINE = "deadline"
    DIED = "died"
    FILE = "file"


@dataclass(frozen=True)
class Answer:
    """The bytes that arrived, untouched, and how they came.

    ``size`` is in bytes; ``body`` is empty where there is more than :data:`LONGEST_READ` of them. ``told`` is the body
    as it may be read and shown: the same, but for an account's secret.
    ``complete`` is about the transport (and, where only the connection's or the file's end told it, the JSON);
    ``headers`` are as received; ``tls`` is what :class:`~faceid_review.faceid.certificates.TlsFacts` says.

    Of an imported answer ``attempt`` is 0, ``status`` is 0 where the file does not tell it, ``received_at`` is when
    it was imported, ``by`` who did that, and ``name`` the file's name with the place inside it.
    """

    entry: int
    attempt: int
    account: str
    received_at: datetime
    status: int
    ended: str
    complete: bool
    body: bytes = field(repr=False)
    size: int
    sha256: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    tls: Mapping[str, Any]
    name: str = ""
    by: str = ""
    told: bytes = field(default=b"", repr=False)

    @property
    def too_long(self) -> bool:
        """Whether the answer is kept and yet too long to be read."""
        return self.size > LONGEST_READ

    @property
    def origin(self) -> str:
        """``fetched`` or ``imported``."""
        return FETCHED if self.attempt else IMPORTED


@dataclass(frozen=True)
class CallbackSource:
    """One callback as it was imported: who brought it when, its bytes, and the verdict on its sign at that time.

    ``form`` is how it came (``callback.Callback.form``). ``sign`` is valid, invalid or unchecked; ``algorithm`` sha1
    or sha256, ``diagnosis`` why it does not hold, ``account`` whose secret it holds with; all None where not known.
    ``told`` is the body as it may be read and shown, as of an :class:`Answer`. ``result`` is what it says, in the
    vendor's words; it never has photographs. ``changes`` are all the changes that
    have to be undone before the sign holds, the diagnosis first.
    """

    entry: int
    at: datetime
    by: str
    name: str
    form: str
    sha256: str
    size: int
    sign: str
    algorithm: str | None
    diagnosis: str | None
    account: str | None
    result: VerificationResult | None
    body: bytes = field(repr=False)
    changes: tuple[str, ...] = ()
    told: bytes = field(default=b"", repr=False)


def as_it_came(body: bytes) -> bytes:
    """Where no secret is known that might stand in it."""
    return body


def answer(entry: Entry, body: bytes, told: Callable[[bytes], bytes] = as_it_came) -> Answer:
    """The answer that an entry ``answer`` or ``imported`` tells of. ``told`` gives a body as it may be shown."""
    facts = entry.facts
    imported = entry.act == "imported"
    ended = Ending.FILE if imported else facts["ended"]
    whole = ended in (Ending.LENGTH, Ending.LAST_CHUNK)
    return Answer(
        entry=entry.number,
        attempt=facts.get("attempt", 0),
        account=facts.get("account", ""),
        received_at=entry.at,
        status=facts["status"],
        ended=ended,
        complete=facts["complete"] if imported else whole or (ended == Ending.CLOSED and is_json(body)),
        body=body,
        size=facts["bytes"],
        sha256=facts["sha256"],
        headers=tuple((name, value) for name, value in facts["headers"]),
        tls=facts.get("tls", {}),
        name=facts.get("name", ""),
        by=entry.by if imported else "",
        told=told(body),
    )


def callbacks(
    entries: Iterable[Entry], body_of: Mapping[int, bytes], told: Callable[[bytes], bytes] = as_it_came
) -> tuple[CallbackSource, ...]:
    """Every callback of a case, oldest first."""
    return tuple(_callback(e, body_of.get(e.number, b""), told) for e in entries if e.act == "callback")


def _callback(entry: Entry, body: bytes, told: Callable[[bytes], bytes]) -> CallbackSource:
    facts, shown = entry.facts, told(body)
    read = callback.read(shown)
    return CallbackSource(
        entry=entry.number,
        at=entry.at,
        by=entry.by,
        name=facts["name"],
        form=facts["form"],
        sha256=facts["sha256"],
        size=facts["bytes"],
        sign=facts["sign"],
        algorithm=facts["algorithm"],
        diagnosis=facts["diagnosis"],
        account=facts["account"],
        result=read.result if read else None,
        body=body,
        told=shown,
        changes=tuple(facts.get("changes", ())),
    )


def is_json(body: bytes) -> bool:
    """Whether a body is JSON from its beginning to its end."""
    try:
        json.loads(body, parse_int=str)
    except (ValueError, RecursionError):
        return False
    return True

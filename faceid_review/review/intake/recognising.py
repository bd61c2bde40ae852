"""What bytes hold, known by their content and never by a name: answers, callbacks, lines of them, a HAR.

Everything is bounded: a document by :data:`LARGEST`, the places of one file by :data:`MOST_PLACES`. What is found
holds its own bytes exactly as they came; nothing here writes, and nothing raises on what it is given.
"""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Final, Protocol

from faceid_review.errors import BadId
from faceid_review.faceid import callback
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.callback import Callback
from faceid_review.faceid.result import VerificationResult
from faceid_review.review.intake import har
from faceid_review.review.intake.places import What, shown
from faceid_review.review.intake.slim import Slim, json_of, parsed

LARGEST: Final = 64 * 1024 * 1024
"""The longest document that is read whole, and the longest answer; as much as is taken from the vendor itself."""

MOST_PLACES: Final = 100_000
ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")

_SNIFFED: Final = 64 * 1024
_PIECE: Final = 1024 * 1024
_UTF8_BOM: Final = codecs.BOM_UTF8
_BLANK: Final = b" \t\r\n"
_ANSWERED: Final = frozenset({"liveness_result", "verify_result", "images"})


class Readable(Protocol):
    """Something with bytes to be read in order."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; none at the end."""


@dataclass(frozen=True)
class Found:
    """One thing that was found: its bytes, what they are, whose they are; or the ``problem`` with them.

    ``facts`` fill in the problem's wording, or are what else is told of an answer: its HTTP status and headers.
    ``slim`` is an answer's JSON without its pictures; its document is None where it breaks off.
    """

    label: str
    data: bytes = field(default=b"", repr=False)
    what: What | None = None
    biz_id: BizId | None = None
    problem: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    callback: Callback | None = field(default=None, repr=False)
    slim: Slim | None = field(default=None, repr=False)

    @cached_property
    def sha256(self) -> str:
        """Of ``data``, in hex; empty where there is none."""
        return hashlib.sha256(self.data).hexdigest() if self.data else ""


def recognise(file: Readable, label: str) -> Iterator[Found]:
    """Everything in one file that is no ZIP. ``file`` may raise OSError, as reading does."""
    head = file.read(_SNIFFED)
    if len(head) < _SNIFFED:
        return _recognised(head, head, None, label)
    if problem := _no_text(head):
        return iter((Found(label, problem=problem),))
    return _recognised(head + _read(file, LARGEST + 1 - len(head)), head, file, label)


def _recognised(data: bytes, head: bytes, file: Readable | None, label: str) -> Iterator[Found]:
    if problem := _no_text(head, whole=len(head) == len(data)):
        yield Found(label, problem=problem)
        return
    codec = _codec(head)
    if len(data) <= LARGEST:
        yield from _document(data, codec, label)
    elif codec == "utf-8" and b"\n" in data:
        yield from _lines(_streamed(data, file), label)
    else:
        yield Found(label, problem="too_large", facts={"most": LARGEST // 1024 // 1024})


def _no_text(head: bytes, *, whole: bool = False) -> str | None:
    """What is wrong with bytes that begin like this, where they are no text; ``whole`` where that is all."""
    if not head.strip(_BLANK):
        return "empty" if whole else "not_recognised"
    # A log has a hole of zeros where the power failed; its other lines are as good as ever.
    holed = b"\0" in head and _codec(head) == "utf-8" and b"biz_id" not in head
    return "binary" if holed or not head.strip(b"\0") else None


def alone(data: bytes, label: str) -> Found | None:
    """The same for all bytes of one file, where there is one thing in it; None where there are several."""
    some = [*islice(_recognised(data, data[:_SNIFFED], None, label), 2)]
    return some[0] if len(some) == 1 else None


def _read(file: Readable, size: int) -> bytes:
    """``size`` bytes, or all there are: a member of an archive gives fewer at a time."""
    pieces = []
    while size > 0 and (piece := file.read(min(size, _PIECE * 8))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _codec(head: bytes) -> str:
    """The encoding: that of JSON texts, told by marks or zero bytes; everything else counts as UTF-8."""
    named = json.detect_encoding(head)
    return named if named.startswith(("utf-16", "utf-32")) and b"\0" in head[:8] else "utf-8"


def _document(data: bytes, codec: str, label: str) -> Iterator[Found]:
    slim = parsed(data)
    document = slim.document
    if har.is_har(document):
        yield from _of_har(document, label)
    elif isinstance(document, dict):
        yield _one(label, data, slim)
    elif document is not None:
        yield Found(label, problem="not_recognised")
    elif (read := callback.read(data)) is not None:
        yield _callback(label, data, read)
    elif _of_lines(data, codec):
        lines = _streamed(data, None) if codec == "utf-8" else _wide(data, codec)
        yield from _lines(lines, label)
    else:
        yield _cut(label, data)


def _of_lines(data: bytes, codec: str) -> bool:
    """Whether each line stands for itself: the first is a whole object, or the text is no JSON at all."""
    if codec != "utf-8":
        try:
            text = data[:_SNIFFED].decode(codec, "ignore").lstrip("\ufeff \t\r\n").encode("utf-8", "replace")
        except UnicodeError:
            return False
    else:
        text = data.removeprefix(_UTF8_BOM).lstrip(_BLANK)
    first, more, _ = text.partition(b"\n")
    return bool(more) and (not text.startswith((b"{", b"[")) or isinstance(json_of(first), dict))


def _streamed(data: bytes, file: Readable | None) -> Iterator[tuple[int, bytes | None]]:
    """The lines with their numbers, without what ends them; None for one that is too long, and then no more."""
    number, held = 0, data
    while held:
        begin = 0
        while (end := held.find(b"\n", begin)) >= 0:
            number += 1
            yield number, held[begin:end].removesuffix(b"\r")
            begin = end + 1
        held = held[begin:]
        more = _read(file, _PIECE * 4) if file else b""
        if not more:
            break
        if len(held) > LARGEST:
            yield number + 1, None
            return
        held += more
    if held:
        yield number + 1, held.removesuffix(b"\r")


def _wide(data: bytes, codec: str) -> Iterator[tuple[int, bytes | None]]:
    """The lines of a text in UTF-16 or UTF-32, in the same encoding."""
    try:
        text = data.decode(codec, "surrogatepass")
    except UnicodeError:
        return
    exact = codec if codec[-2:] in ("le", "be") else f"{codec}-{'le' if data[0] == 0xFF else 'be'}"
    for number, line in enumerate(text.lstrip("\ufeff").split("\n"), start=1):
        yield number, line.removesuffix("\r").encode(exact, "surrogatepass")


def _lines(lines: Iterator[tuple[int, bytes | None]], label: str) -> Iterator[Found]:
    """What the lines hold. A line of a log without a callback is passed over, unless the whole text is of such."""
    places = 0
    for number, read_ in lines:
        here, line = f"{label} › {number}", read_
        if line is None:
            yield Found(here, problem="too_large", facts={"most": LARGEST // 1024 // 1024})
            return
        if line.startswith(b"\0\0\0\0"):
            # The hole itself; a character of UTF-32 begins with three zeros.
            line = line.lstrip(b"\0")
        plain = line.removeprefix(_UTF8_BOM).lstrip(_BLANK + b"\0")
        if not plain:
            continue
        if places >= MOST_PLACES:
            yield Found(here, problem="too_many", facts={"most": MOST_PLACES})
            return
        if plain.startswith(b"{"):
            slim = parsed(line)
            yield _one(here, line, slim) if isinstance(slim.document, dict) else _cut(here, line)
        elif (read := callback.read(line)) is not None:
            yield _callback(here, line, read)
        else:
            continue
        places += 1
    if not places:
        yield Found(label, problem="not_recognised")


def _one(label: str, data: bytes, slim: Slim) -> Found:
    """One JSON object. Without ``images`` it is no answer: a callback taken for one would never be asked for."""
    document = slim.document
    error = document.get("error_message") or document.get("error")
    if "images" not in document and not isinstance(error, str):
        read = callback.read(data)
        if read is not None:
            return _callback(label, data, read)
    if not (document.keys() & _ANSWERED or isinstance(error, str)):
        return Found(label, data, problem="not_recognised")
    return _answer(label, data, slim)


def _cut(label: str, data: bytes) -> Found:
    """What is no whole JSON: the beginning of an answer, or nothing that is known here."""
    if b"biz_id" not in data.replace(b"\0", b""):
        broken = data.removeprefix(_UTF8_BOM).lstrip(_BLANK).startswith(b"{")
        return Found(label, data, problem="json_broken" if broken else "not_recognised")
    result = VerificationResult.read(data)
    known = result.liveness or result.verify_returned or result.photographs or b'"images"' in data
    if not (result.readable and result.cut and known):
        return Found(label, data, problem="json_broken")
    return _answer(label, data, Slim(data, None), result.biz_id)


def _answer(
    label: str,
    data: bytes,
    slim: Slim,
    asked_for: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Found:
    """An answer of the id that it names; where it names none, of the one that was asked for."""
    if len(data) > LARGEST:
        return Found(label, problem="too_large", facts={"most": LARGEST // 1024 // 1024})
    named = slim.document.get("biz_id") if isinstance(slim.document, dict) else None
    biz_id, problem = _biz_id(named if isinstance(named, str) and named.strip() else asked_for or named)
    if problem:
        return Found(label, data, problem=problem)
    return Found(label, data, What.ANSWER, biz_id, facts=facts or {}, slim=slim)


def _callback(label: str, data: bytes, read: Callback) -> Found:
    biz_id, problem = _biz_id(read.biz_id)
    if problem:
        return Found(label, data, problem=problem)
    return Found(label, data, What.CALLBACK, biz_id, callback=read)


def _biz_id(named: Any) -> tuple[BizId | None, str | None]:
    if not isinstance(named, str) or not named.strip():
        return None, "no_biz_id"
    try:
        return BizId.literal(named), None
    except BadId:
        return None, "odd_biz_id"


def _of_har(document: Any, label: str) -> Iterator[Found]:
    places = 0
    for number, one in har.answers(document):
        places += 1
        here = f"{label} › {number}"
        if one.body is None:
            yield Found(here, problem=one.problem, facts={"biz_id": shown(one.biz_id or "?")})
            continue
        slim = parsed(one.body)
        named = VerificationResult.read(one.body).biz_id if slim.document is None else None
        facts = {"status": one.status, "headers": one.headers}
        yield _answer(here, one.body, slim, named or one.biz_id, facts)
    if not places:
        yield Found(label, problem="har_no_answer")

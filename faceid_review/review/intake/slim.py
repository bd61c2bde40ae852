"""An answer without its pictures' text: what a list needs of ten thousand answers is in the little that remains.

The pictures are nearly all of an answer, and parsing, decoding and copying them is nearly all of the work of an import.
They are cut out by their places in the bytes; what is read of the rest is what would be read of the whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from faceid_review.faceid import base64_text
from faceid_review.faceid.result import VerificationResult

_BEGIN: Final = b'"data:image/jpeg;base64,'
_NAMED: Final = _BEGIN[1:].decode()
_SHORTEST: Final = 2048
_MOST: Final = 99


@dataclass(frozen=True)
class Slim:
    """``text`` is the answer with a number of eight digits for each picture that was cut out, at ``spans``."""

    text: bytes = field(repr=False)
    document: Any = field(repr=False)
    spans: tuple[tuple[int, int], ...] = ()


def parsed(data: bytes) -> Slim:
    """The JSON of ``data``, numbers as lists of their text; its document is None where it is none."""
    text, spans = _cut_out(data)
    if spans:
        document = json_of(text)
        images = document.get("images") if isinstance(document, dict) else None
        if isinstance(images, dict) and [*filter(_is_stand_in, images.values())] == [
            *map(_stand_in, range(len(spans)))
        ]:
            return Slim(text, document, spans)
    return Slim(data, json_of(data))


def read(data: bytes, slim: Slim) -> tuple[VerificationResult, Mapping[str, str], Any]:
    """The result, the SHA-256 of each picture by role, and the document.

    The result is that of ``VerificationResult.read`` but for the bytes of the pictures that were cut out.
    """
    view, found = memoryview(data), dict[str, str]()
    try:
        for number, (start, end) in enumerate(slim.spans):
            picture = base64_text.decoded(view[start:end])
            found[_stand_in(number)] = hashlib.sha256(picture).hexdigest()
    except ValueError:
        # No base64, and so perhaps no JSON either: nothing was cut out, then.
        slim, found = Slim(data, json_of(data)), {}
    images = slim.document.get("images") if isinstance(slim.document, dict) else None
    named = images if isinstance(images, dict) else {}
    digests = {
        role: found.get(sent) or _digest(sent) if isinstance(sent, str) else repr(sent)
        for role, sent in named.items()
    }
    result = VerificationResult.read(slim.text)
    if found:
        cut = {role for role, sent in named.items() if isinstance(sent, str) and sent in found}
        seen = tuple(replace(p, sha256=digests[p.role]) if p.role in cut else p for p in result.photographs)
        result = replace(result, photographs=seen)
    return result, digests, slim.document


def json_of(data: bytes) -> Any:
    """The document, or None. A number is the list of its digits' text: what it means is read another time."""
    try:
        return json.loads(data, parse_int=_number, parse_float=_number)
    except (ValueError, RecursionError):
        return None


def _cut_out(data: bytes) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    pieces, spans, end, at = list[bytes](), list[tuple[int, int]](), 0, data.find(_BEGIN)
    while at >= 0 and len(spans) < _MOST:
        start = at + len(_BEGIN)
        close = data.find(b'"', start)
        if close < 0:
            break
        # A backslash would mean another text than the bytes: such a picture stays.
        if close - start >= _SHORTEST and data.find(b"\\", start, close) < 0:
            pieces += [data[end:start], b"%08d" % len(spans)]
            spans.append((start, close))
            end = close
        at = data.find(_BEGIN, close)
    return b"".join([*pieces, data[end:]]) if spans else data, tuple(spans)


def _stand_in(number: int) -> str:
    return f"{_NAMED}{number:08d}"


def _is_stand_in(sent: Any) -> bool:
    return isinstance(sent, str) and sent.startswith(_NAMED) and len(sent) == len(_NAMED) + 8


def _digest(sent: str) -> str:
    try:
        data = base64_text.decoded(sent.removeprefix(_NAMED))
    except ValueError:
        data = sent.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()


def _number(text: str) -> list[str]:
    return [text]

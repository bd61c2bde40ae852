"""The get_result entries of a HAR. Its URLs hold api_secret: only the body, the status, the id and the date leave here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from faceid_review.faceid import base64_text

_CALLED: Final = "get_result"
_STATUS: Final = re.compile(r"[1-5][0-9]{2}", re.ASCII)
_LONGEST_HEADER: Final = 200
_LONGEST_URL: Final = 64 * 1024


@dataclass(frozen=True)
class Recorded:
    """One answer of a HAR. ``body`` is None where the HAR has none that can be had: ``problem`` says why.

    A browser stores text that it has decoded, so ``body`` is that text as UTF-8, or what was stored as base64.
    ``status`` is 0 where it is not told; of the headers only ``Date`` is kept.
    """

    biz_id: str | None
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes | None = field(repr=False)
    problem: str | None = None


def is_har(document: Any) -> bool:
    """Whether a JSON document is a HAR."""
    log = document.get("log") if isinstance(document, dict) else None
    return isinstance(log, dict) and isinstance(log.get("entries"), list)


def answers(document: Any) -> Iterator[tuple[int, Recorded]]:
    """Every call of get_result in a HAR, with the number of its entry, from 1. Numbers may be lists of their text."""
    for number, entry in enumerate(document["log"]["entries"], start=1):
        url = _at(entry, "request", "url")
        if isinstance(url, str) and _path(url).rstrip("/").endswith(f"/{_CALLED}"):
            yield number, _recorded(entry, url)


def _recorded(entry: Any, url: str) -> Recorded:
    status = _at(entry, "response", "status")
    text = status[0] if isinstance(status, list) and len(status) == 1 else status
    number = int(text) if isinstance(text, str) and _STATUS.fullmatch(text) else 0
    body, problem = _body(_at(entry, "response", "content"))
    return Recorded(_asked_for(entry, url), number, _date(entry), body, problem)


def _body(content: Any) -> tuple[bytes | None, str | None]:
    text = content.get("text") if isinstance(content, dict) else None
    if not isinstance(text, str) or not text:
        return None, "har_no_content"
    encoding = content.get("encoding")
    if encoding in (None, ""):
        return text.encode("utf-8", "surrogatepass"), None
    if encoding != "base64":
        return None, "har_encoding"
    try:
        return base64_text.decoded("".join(text.split())), None
    except ValueError:
        return None, "har_base64"


def _asked_for(entry: Any, url: str) -> str | None:
    """The biz_id of the request, from its URL or its list of parameters."""
    named = _query(url).get("biz_id", [])
    for pair in _at(entry, "request", "queryString") or []:
        if isinstance(pair, dict) and pair.get("name") == "biz_id" and isinstance(pair.get("value"), str):
            # Chrome writes the value as it stands in the URL, Firefox decoded.
            named += parse_qs(f"biz_id={pair['value']}").get("biz_id", [])
    return next(iter(named), None)


def _date(entry: Any) -> tuple[tuple[str, str], ...]:
    headers = _at(entry, "response", "headers")
    for pair in headers if isinstance(headers, list) else []:
        name, value = (pair.get("name"), pair.get("value")) if isinstance(pair, dict) else (None, None)
        if isinstance(name, str) and isinstance(value, str) and name.lower() == "date":
            return (("Date", value[:_LONGEST_HEADER]),)
    return ()


def _path(url: str) -> str:
    try:
        return urlsplit(url[:_LONGEST_URL]).path
    except ValueError:
        # An odd host is no reason to pass over an answer.
        return url[:_LONGEST_URL].partition("?")[0]


def _query(url: str) -> dict[str, list[str]]:
    try:
        return parse_qs(urlsplit(url[:_LONGEST_URL]).query, max_num_fields=64)
    except ValueError:
        return {}


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value

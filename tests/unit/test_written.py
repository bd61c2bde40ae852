"""In whatever way somebody writes a secret back, it is found and not told."""

import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from faceid_review.review.written import Written

HARD = 'aB3/xY9+Qq&<Z"é7kLm'
PLAIN = "Qx7+f/9aKd02LmzPq83T"
WAYS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "percent": lambda s: quote(s, safe=""),
    "percent, slash kept": quote,
    "percent in lower case": lambda s: re.sub("%..", lambda m: m[0].lower(), quote(s, safe="")),
    "form": quote_plus,
    "percent twice": lambda s: quote(quote(s, safe=""), safe=""),
    "JSON": json.dumps,
    "JSON, not ASCII alone": lambda s: json.dumps(s, ensure_ascii=False),
    "JSON as PHP writes it": lambda s: json.dumps(s).replace("/", "\\/"),
    "JSON as Go writes it": lambda s: json.dumps(s, ensure_ascii=False).replace("&", "\\u0026").replace("<", "\\u003c"),
    "JSON in JSON": lambda s: json.dumps(json.dumps(s)),
    "an address in JSON": lambda s: json.dumps(f"https://h/?api_secret={quote(s, safe='')}&b=1"),
    "HTML": html.escape,
    "hex": lambda s: s.encode().hex(),
    "base64": lambda s: base64.b64encode(f"key={s};".encode()).decode(),
    "base64 in JSON as PHP writes it": lambda s: base64.b64encode(b"??" + s.encode()).decode().replace("/", "\\/"),
}  # fmt: skip


@pytest.mark.parametrize("secret", [HARD, PLAIN, "0123456789abcdef", "密钥密钥密钥密钥"])
@pytest.mark.parametrize("way", list(WAYS))
def test_each_way_to_write_it_is_found(secret: str, way: str) -> None:
    written = Written.of(secret)
    assert written is not None
    assert list(written.found_in(f"before {WAYS[way](secret)} behind".encode()))


def test_a_short_one_and_another_are_not_found() -> None:
    assert Written.of("short") is None
    written = Written.of(PLAIN)
    assert written is not None
    assert not list(written.found_in(PLAIN[:-1].encode() + b"t"))

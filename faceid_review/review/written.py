"""How an account's secret may be written in what somebody sent: a vendor, or a page in between, repeats an address."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple, Self
from urllib.parse import quote, quote_plus

SHORTEST: Final = 8
"""A shorter secret cannot be told from chance."""

_RUN: Final = re.compile(r"[0-9A-Za-z]*", re.ASCII)
_SPECIAL: Final = re.compile(r"[^0-9A-Za-z]", re.ASCII)


class Written(NamedTuple):
    """The ways to write one secret. ``texts`` all hold ``core``, its longest run of letters and digits."""

    core: bytes
    texts: tuple[bytes, ...]
    others: tuple[bytes, ...]

    @classmethod
    def of(cls, secret: str) -> Self | None:
        """The ways to write ``secret``, the longest first: none is then left in part. None for one that is too short."""
        if len(secret) < SHORTEST:
            return None
        core = max(_RUN.findall(secret), key=len)
        texts = {text.encode("utf-8", "replace") for text in _texts(secret)}
        longest_first = sorted(texts, key=len, reverse=True)
        return cls(core.encode(), tuple(longest_first), tuple(sorted(_others(secret), key=len, reverse=True)))

    def found_in(self, sent: bytes) -> Iterator[bytes]:
        """Those that stand in ``sent``."""
        # One look for what all of them hold, since most of what is sent holds none.
        for form in (*(self.texts if self.core in sent else ()), *self.others):
            if form in sent:
                yield form


def _texts(secret: str) -> Iterator[str]:
    in_json = json.dumps(secret)[1:-1]
    twice = json.dumps(in_json)[1:-1]
    plain = json.dumps(secret, ensure_ascii=False)[1:-1]
    for_pages = (re.sub("[&<>]", lambda m: f"\\u{ord(m[0]):04x}", one) for one in (plain, in_json))
    by_hand = (plain, *for_pages, html.escape(secret), html.escape(in_json), twice)
    for text in (secret, in_json, *by_hand):
        yield from (text, text.replace("/", "\\/"))
    for quoted in (quote(secret), quote(secret, safe=""), quote_plus(secret)):
        for once in (quoted, re.sub("%..", lambda m: m[0].lower(), quoted)):
            yield from (once, once.replace("%", "%25"))
    for form in ("\\u{:04x}", "\\u{:04X}", "&#{};", "&#x{:x};", "&#x{:X};"):
        # Some write only what they must in this way, some whatever is no letter.
        for kept in ("", "+-._~", "+-._~/=", "/=", "&<>/=+"):
            yield _SPECIAL.sub(
                lambda m, f=form, k=kept: m[0] if m[0] in k else f.format(ord(m[0])),  # type: ignore[misc]
                secret,
            )


def _others(secret: str) -> Iterator[bytes]:
    raw = secret.encode("utf-8", "replace")
    yield from (raw.hex().encode(), raw.hex().upper().encode())
    for before in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            # Without the digits that hang on what stands before it and behind.
            if len(inner := encode(bytes(before) + raw)[(0, 2, 3)[before] : -4]) >= SHORTEST:
                yield from {inner, inner.replace(b"/", b"\\/")}

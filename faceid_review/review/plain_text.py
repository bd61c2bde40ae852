"""Text of the vendor as plain text: made visible, cut where it is long, numbers as they were sent."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, Final

from faceid_review.faceid.digits import Digits

LONGEST: Final = 400
_DEEPEST: Final = 12
# Drawn as nothing, although Unicode calls them letters or marks (Default_Ignorable_Code_Point outside Cf).
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")


def paragraph(sentences: Iterable[str], lang: str) -> str:
    """Whole sentences one after the other; Chinese sets no space between them."""
    return ("" if lang == "zh" else " ").join(sentences)


def visible(text: str) -> str:
    """``text`` with control and direction characters written out, since they could make it look different."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{ord(c):04x}" if _hides(c) else c for c in text)


def _hides(character: str) -> bool:
    """Whether nobody would see this character, or would see the ones round it elsewhere."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") or character in _BLANK


def short(text: str, most: int = 60) -> str:
    """``text`` made visible and cut at its end, for a place inside a sentence."""
    return visible(text if len(text) <= most else f"{text[: most - 1]}…")


def as_sent(value: Any, most: int = LONGEST) -> str:
    """A JSON value as it was sent, the vendor's digits untouched; cut at ``most`` characters."""
    made, left = [], most
    for piece in _pieces(value, 0, most):
        made.append(piece[:left])
        left -= len(piece)
        if left <= 0:
            return f"{''.join(made)}…"
    return "".join(made)


def _pieces(value: Any, depth: int, most: int) -> Iterator[str]:
    if isinstance(value, Digits):
        yield value.text
    elif isinstance(value, str):
        yield visible(json.dumps(value[: 2 * most], ensure_ascii=False))
    elif isinstance(value, dict | list) and depth >= _DEEPEST:
        yield "…"
    elif isinstance(value, dict):
        yield from _joined("{", (_pair(key, item, depth, most) for key, item in value.items()), "}")
    elif isinstance(value, list):
        yield from _joined("[", (_pieces(item, depth + 1, most) for item in value), "]")
    else:
        yield json.dumps(value)


def _pair(key: str, value: Any, depth: int, most: int) -> Iterator[str]:
    yield f"{visible(json.dumps(key[:most], ensure_ascii=False))}: "
    yield from _pieces(value, depth + 1, most)


def _joined(opening: str, items: Iterable[Iterator[str]], closing: str) -> Iterator[str]:
    yield opening
    for place, item in enumerate(items):
        if place:
            yield ", "
        yield from item
    yield closing

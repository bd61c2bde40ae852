"""The answer as it was sent: every field under its JSON pointer, and the whole of it pretty-printed.

Base64 is folded to what it is (exhibit, bytes, SHA-256), very long texts are cut and say so. The exact bytes
travel with the document as an attachment, so nothing is lost by what print leaves out.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, Final

Tree = Any
"""What :func:`parsed` hands out: an :class:`Members`, a list, a :class:`Literal`, a str, or None."""

DEEPEST: Final = 32
"""How many levels of nesting are printed."""

_COLUMNS: Final = 122
_MOST_LINES: Final = 600
_LONGEST_TEXT: Final = 2000
_LONGEST_NAME: Final = 300
_UNREADABLE_SHOWN: Final = 8000


class Literal(str):
    """A number, true, false, null, NaN or Infinity with the characters it was sent in."""

    __slots__ = ()


class Members(list[tuple[str, Any]]):
    """The members of a JSON object in their order, names that occur twice included."""


def parsed(body: bytes | str) -> Tree:
    """The JSON of ``body`` with nothing converted and nothing dropped; None where there is none."""
    try:
        return json.loads(
            body, parse_float=Literal, parse_int=Literal, parse_constant=Literal, object_pairs_hook=Members
        )
    except (ValueError, RecursionError):
        return None


def leaves(tree: Tree, at: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Every value that holds no other, with its JSON pointer (RFC 6901); what lies deeper than print is one."""
    if depth < DEEPEST and isinstance(tree, Members) and tree:
        for name, value in tree:
            yield from leaves(value, _step(at, name), depth + 1)
    elif depth < DEEPEST and isinstance(tree, list) and not isinstance(tree, Members) and tree:
        for number, value in enumerate(tree):
            yield from leaves(value, f"{at}/{number}", depth + 1)
    else:
        yield at, tree


def plain(value: Tree) -> str:
    """A value of :func:`leaves` in the characters of JSON; texts stay bare, containers are named by their form."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return value
    return ("{…}" if value else "{}") if isinstance(value, Members) else ("[…]" if value else "[]")


def pretty(
    tree: Tree, folded: Callable[[str, str], str | None], left_out: Callable[[int], str]
) -> tuple[list[str], bool]:
    """The lines of a pretty print, and whether some were left out.

    ``folded`` gets pointer and text and may give what stands in place of a text; ``left_out`` says how many
    characters of a text are not printed.
    """
    lines = list[str]()
    for indent, text in _lines(tree, "", 0, folded, left_out):
        lines += wrapped(text, indent)
        if len(lines) > _MOST_LINES:
            return lines[:_MOST_LINES], True
    return lines, False


def unreadable(body: bytes) -> tuple[list[str], int]:
    """The beginning of a body that is no JSON, bytes that are no text written out, and how many bytes are left."""
    shown = body[:_UNREADABLE_SHOWN]
    lines = list[str]()
    for text in shown.decode("utf-8", "backslashreplace").split("\n"):
        lines += wrapped(text.rstrip("\r"), 0)
    return lines[:_MOST_LINES], len(body) - len(shown)


def wrapped(text: str, indent: int) -> list[str]:
    """``text`` in lines of the page's width, continued deeper; every blank at a line's start is kept."""
    blank = "\u00a0"
    room, start = _COLUMNS - 2 * indent, 0
    lines, width = list[str](), 0
    for place, character in enumerate(text):
        wide = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width + wide > room:
            lines.append(text[start:place])
            start, width = place, 2
        width += wide
    lines.append(text[start:])
    first, *rest = lines
    return [blank * (2 * indent) + first, *(blank * (2 * indent + 2) + more for more in rest)]


def _lines(
    tree: Tree, at: str, depth: int, folded: Callable[[str, str], str | None], left_out: Callable[[int], str]
) -> Iterator[tuple[int, str]]:
    """Indented lines. A container opens on the line of its name, so each line is a name, a value or a bracket."""
    stack: list[tuple[str, str, Tree, str, int]] = [(at, "", tree, "", depth)]
    while stack:
        pointer, name, value, comma, level = stack.pop()
        if isinstance(value, list) and value and level < DEEPEST:
            opening, closing = "{}" if isinstance(value, Members) else "[]"
            yield level, f"{name}{opening}"
            stack.append(("", closing, _CLOSED, comma, level))
            # More members than a print has lines are never printed.
            some = value[: _MOST_LINES + 1]
            named = (
                [(_step(pointer, n), f"{_quoted(_short(n))}: ", v) for n, v in some]
                if isinstance(value, Members)
                else [(f"{pointer}/{i}", "", v) for i, v in enumerate(some)]
            )
            last = len(named) - 1
            stack += [
                (p, n, v, "," if i < last else "", level + 1)
                for i, (p, n, v) in reversed(list(enumerate(named)))
            ]
        elif value is _CLOSED:
            yield level, f"{name}{comma}"
        elif isinstance(value, str) and not isinstance(value, Literal):
            yield level, f"{name}{_text(pointer, value, folded, left_out)}{comma}"
        else:
            yield level, f"{name}{_short(plain(value))}{comma}"


_CLOSED: Final = object()


def _step(pointer: str, name: str) -> str:
    return f"{pointer}/{_short(name).replace('~', '~0').replace('/', '~1')}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME] + "…"


def _text(
    pointer: str, value: str, folded: Callable[[str, str], str | None], left_out: Callable[[int], str]
) -> str:
    instead = folded(pointer, value)
    if instead is not None:
        return instead
    if len(value) > _LONGEST_TEXT:
        return f"{_quoted(value[:_LONGEST_TEXT])} … {left_out(len(value) - _LONGEST_TEXT)}"
    return _quoted(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

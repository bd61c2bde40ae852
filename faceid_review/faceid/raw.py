"""An answer as the tree of values it was sent as: every digit, every name, names that occur twice included.

Nothing is interpreted, with one exception: a picture in base64 is told by its size and SHA-256, since nobody reads its
letters. Nodes are made when they are asked for, so that an answer of many megabytes costs what is looked at of it.
Where an answer was cut, the tree holds what arrived whole and says where it ends (``salvage``).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from faceid_review.faceid import base64_text
from faceid_review.faceid.pointer import step
from faceid_review.faceid.salvage import salvage

PIECE: Final = 4096
"""Bytes of a body, or characters of a text, that are shown at once."""

_SHORTEST_PICTURE: Final = 64
_OPENINGS: Final = ("data:image/", "/9j/", "iVBORw0KGgo")
_DATA_URI = re.compile(r"\s*data:\s*([-\w/+.]+)\s*;\s*base64\s*,", re.ASCII)
_LOOKED_AT: Final = 200
_INDENT: Final = "  "
_WORDS: Final = {None: "null", True: "true", False: "false"}


class Kind(StrEnum):
    """What a value is. ``CUT`` stands where the answer ends in the middle of something."""

    OBJECT = "object"
    LIST = "list"
    TEXT = "text"
    NUMBER = "number"
    WORD = "word"
    PICTURE = "picture"
    CUT = "cut"


Members = tuple[tuple[str, Any], ...]
"""The members of an object in their order. Lists are lists, texts are str, and a number is the bytes of its digits: of
hundreds of thousands of these the garbage collector need not know."""


class Doubled(tuple[tuple[str, Any], ...]):
    """The members of an object of which some have one name; ``twice`` are these names."""

    twice: frozenset[str]


@dataclass(frozen=True)
class Picture:
    """A picture sent as base64: how many bytes it has, their SHA-256, and what a data URI claims it to be."""

    size: int
    sha256: str
    media_type: str | None


@dataclass(frozen=True)
class Cut:
    """Where the answer ends. ``begun`` is what came of a text that has no end."""

    begun: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One value. ``name`` is its member's name or its place in a list; ``row`` its place among its siblings.

    ``twice`` says that its object has another member of this name: both are there, and the last one is read.
    """

    value: Any = field(repr=False)
    name: str = ""
    row: int = 0
    parent: Node | None = field(default=None, repr=False)
    twice: bool = False

    @property
    def kind(self) -> Kind:
        """What the value is."""
        match self.value:
            case tuple():
                return Kind.OBJECT
            case list():
                return Kind.LIST
            case bytes():
                return Kind.NUMBER
            case str():
                return Kind.TEXT
            case Picture():
                return Kind.PICTURE
            case Cut():
                return Kind.CUT
        return Kind.WORD

    @property
    def pointer(self) -> str:
        """Its JSON pointer (RFC 6901); empty for the whole answer."""
        steps: list[str] = []
        node: Node | None = self
        while node is not None and node.parent is not None:
            steps.append(step(node.name))
            node = node.parent
        return "".join(f"/{each}" for each in reversed(steps))

    @property
    def count(self) -> int:
        """How many values it holds."""
        return len(self.value) if isinstance(self.value, list | tuple) else 0

    def child(self, row: int) -> Node:
        """The value at place ``row`` of it."""
        if isinstance(self.value, tuple):
            name, value = self.value[row]
            twice = isinstance(self.value, Doubled) and name in self.value.twice
            return Node(value, name, row, self, twice)
        return Node(self.value[row], str(row), row, self)

    def literal(self, most: int) -> str:
        """The value in the characters of JSON, cut at its end after about ``most`` of them.

        A picture is ``image/jpeg, 143210 bytes, SHA-256 …``; containers are laid out on lines of their own.
        """
        made, left = list[str](), most
        for piece in _written(self, most):
            made.append(piece[:left])
            left -= len(piece)
            if left < 0:
                return f"{''.join(made)}…"
        return "".join(made)

    def rows(self) -> tuple[int, ...]:
        """The way from the root to it, as places among siblings."""
        rows: list[int] = []
        node: Node | None = self
        while node is not None and node.parent is not None:
            rows.append(node.row)
            node = node.parent
        return tuple(reversed(rows))


@dataclass(frozen=True)
class Raw:
    """A body and its tree. ``root`` is None where it is no JSON: ``problem`` then says why.

    ``problem`` is empty, ``cut``, ``not_json``, ``too_deep``, ``empty`` or ``too_long`` (kept, and not held in memory).
    """

    body: bytes = field(repr=False)
    root: Node | None
    problem: str = ""


def read(body: bytes, size: int | None = None) -> Raw:
    """The tree of a body. Never raises. ``size`` is how long it was where it is not held in memory."""
    if not body:
        return Raw(body, None, "too_long" if size else "empty")
    value, problem = _parsed(body)
    if not problem:
        return Raw(body, Node(_folded(value)))
    saved = salvage(body)
    if saved is None:
        return Raw(body, None, problem)
    value, problem = _parsed(saved.text)
    if problem:
        return Raw(body, None, problem)
    value = _marked(_folded(value), saved.open, (saved.cut or "", Cut(saved.begun)))
    return Raw(body, Node(value), "cut")


def find(root: Node, pointer: str) -> Node | None:
    """The value at a JSON pointer: of members with one name the last, since that one is read. None where there is none."""
    node = root
    for escaped in pointer.split("/")[1:]:
        name = escaped.replace("~1", "/").replace("~0", "~")
        if isinstance(node.value, tuple):
            rows = [row for row, (other, _) in enumerate(node.value) if other == name]
            # Where the answer was cut stands no value, and perhaps the name of one that arrived before.
            came = [row for row in rows if not isinstance(node.value[row][1], Cut)]
            row = (came or rows or [-1])[-1]
        else:
            row = int(name) if name.isascii() and name.isdigit() and len(name) < 10 else -1
        if not 0 <= row < node.count:
            return None
        node = node.child(row)
    return node


def search(root: Node, needle: str) -> Iterator[Node | None]:
    """Every value in whose name, text, digits or SHA-256 ``needle`` stands, whatever its case, in the order sent.

    Now and then None, so that who asks can breathe: nothing is looked at before it is asked for.
    """
    wanted = needle.casefold()
    stack: list[tuple[Node, int]] = [(root, 0)]
    looked = 0
    while stack:
        parent, row = stack.pop()
        if row >= parent.count:
            continue
        stack.append((parent, row + 1))
        node = parent.child(row)
        looked += 1
        if _matches(node, wanted):
            yield node
        if node.count:
            stack.append((node, 0))
        if looked % _LOOKED_AT == 0:
            yield None
    if root.count == 0 and _matches(root, wanted):
        yield root


def pieces(length: int) -> int:
    """How many pieces a text or body of ``length`` has."""
    return max(1, -(-length // PIECE))


def is_text(body: bytes) -> bool:
    """Whether a body is UTF-8, as far as its beginning tells."""
    try:
        body[: _edge(body, 1)].decode()
    except UnicodeDecodeError:
        return False
    return True


def text_piece(body: bytes, number: int) -> str:
    """Piece ``number`` of a body, read as UTF-8, no character torn. Of what is no UTF-8 only ASCII is read, since the
    rest would be letters by chance; other bytes are written out."""
    coding = "utf-8" if is_text(body) else "ascii"
    return body[_edge(body, number) : _edge(body, number + 1)].decode(coding, "backslashreplace")


def hex_piece(body: bytes, number: int, row: int = 8) -> str:
    """Piece ``number`` of a body as rows of offset, bytes and ASCII."""
    lines = []
    for at in range(number * PIECE, min(len(body), (number + 1) * PIECE), row):
        part = body[at : at + row]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in part)
        lines.append(f"{at:07x}  {part.hex(' '):{3 * row - 1}}  {letters}")
    return "\n".join(lines)


def _edge(body: bytes, number: int) -> int:
    """Where piece ``number`` begins: on the first byte of a character, as far as the body is UTF-8."""
    at = min(number * PIECE, len(body))
    for back in range(min(4, at + 1)):
        if at - back >= len(body) or body[at - back] & 0xC0 != 0x80:
            return at - back
    return at


def _parsed(sent: bytes | str) -> tuple[Any, str]:
    try:
        return (
            json.loads(
                sent,
                parse_float=str.encode,
                parse_int=str.encode,
                parse_constant=str.encode,
                object_pairs_hook=_members,
            ),
            "",
        )
    except RecursionError:
        return None, "too_deep"
    except ValueError:
        return None, "not_json"


def _members(pairs: list[tuple[str, Any]]) -> Members:
    # Called for each object of the answer, and there may be a hundred thousand: nearly all of them end here.
    named = dict(pairs)
    for value in named.values():
        if value.__class__ is str and len(value) >= _SHORTEST_PICTURE:
            break
    else:
        if len(named) == len(pairs):
            return tuple(pairs)
    pairs = [(name, _picture(value) or value if _opens(value) else value) for name, value in pairs]
    if len(named) == len(pairs):
        return tuple(pairs)
    times = Counter(name for name, _ in pairs)
    made = Doubled(pairs)
    made.twice = frozenset(name for name, count in times.items() if count > 1)
    return made


def _opens(value: Any) -> bool:
    """Whether a value begins as a picture does."""
    return type(value) is str and len(value) >= _SHORTEST_PICTURE and value.startswith(_OPENINGS)


def _folded(root: Any) -> Any:
    """The pictures of ``images`` too, whatever they begin with: the reader takes every text there for one."""
    if not isinstance(root, tuple):
        return root
    return _like(root, [(name, _images(value) if name == "images" else value) for name, value in root])


def _images(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    return _like(value, [(n, (_picture(v) or v) if type(v) is str and v else v) for n, v in value])


def _like(members: Members, pairs: list[tuple[str, Any]]) -> Members:
    """Members with the same names as these."""
    if not isinstance(members, Doubled):
        return tuple(pairs)
    made = Doubled(pairs)
    made.twice = members.twice
    return made


def _picture(text: str) -> Picture | None:
    uri = _DATA_URI.match(text)
    encoded = "".join((text[uri.end() :] if uri else text).split())
    try:
        data = base64_text.decoded(encoded)
    except ValueError:
        return None
    return Picture(len(data), hashlib.sha256(data).hexdigest(), uri[1] if uri else None)


def _marked(value: Any, path: tuple[str, ...], end: tuple[str, Cut]) -> Any:
    """The value with what says that the answer ends here, in the object that was open as far as names lead to it."""
    way: list[tuple[Members, int]] = []
    for name in path:
        rows = (
            [row for row, (other, _) in enumerate(value) if other == name] if isinstance(value, tuple) else []
        )
        if not rows or not isinstance(value[rows[-1]][1], list | tuple):
            break
        way.append((value, rows[-1]))
        value = value[rows[-1]][1]
    if isinstance(value, list):
        value = [*value, end[1]]
    else:
        # Cut before a name began: what has no name is no second member without one.
        value = _members([*value, end]) if end[0] else _like(value, [*value, end])
    for members, row in reversed(way):
        pairs = list(members)
        pairs[row] = pairs[row][0], value
        value = _like(members, pairs)
    return value


def _matches(node: Node, wanted: str) -> bool:
    in_list = node.parent is not None and node.parent.kind is Kind.LIST
    name, value = "" if in_list else node.name, node.value
    if isinstance(value, Picture):
        said = value.sha256
    elif isinstance(value, str):
        said = value
    elif isinstance(value, bytes):
        said = value.decode()
    elif isinstance(value, list | tuple | Cut):
        said = ""
    else:
        said = _WORDS[value]
    return wanted in name.casefold() or wanted in said.casefold()


def _written(node: Node, most: int) -> Iterator[str]:
    """The pieces of a pretty print, without recursion."""
    stack: list[tuple[Node | str, int, str]] = [(replace(node, name="", parent=None), 0, "")]
    while stack:
        item, depth, comma = stack.pop()
        if isinstance(item, str):
            yield f"\n{_INDENT * depth}{item}{comma}"
            continue
        parent = item.parent
        if parent is not None:
            name = f"{_quoted(item.name, most)}: " if parent.kind is Kind.OBJECT else ""
            yield f"\n{_INDENT * depth}{name}"
        if item.count:
            opening, closing = "{}" if item.kind is Kind.OBJECT else "[]"
            yield opening
            stack.append((closing, depth, comma))
            # A value has more letters than its place: what lies behind these is never reached.
            last = min(item.count, most + 1) - 1
            stack += [
                (item.child(row), depth + 1, "," if row < item.count - 1 else "")
                for row in range(last, -1, -1)
            ]
        else:
            yield f"{_scalar(item.value, most)}{comma}"


def _scalar(value: Any, most: int) -> str:
    match value:
        case tuple():
            return "{}"
        case list():
            return "[]"
        case bytes():
            return value.decode()
        case str():
            return _quoted(value, most)
        case Picture():
            return f"{value.media_type or 'image'}, {value.size} bytes, SHA-256 {value.sha256}"
        case Cut():
            return f"{_quoted(value.begun, most)[:-1]} …" if value.begun else "…"
    return _WORDS[value]


def _quoted(text: str, most: int) -> str:
    return json.dumps(text[: most + 1], ensure_ascii=False)

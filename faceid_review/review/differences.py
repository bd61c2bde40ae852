"""Two bodies about one id, compared field by field: a callback with get_result, an import with a fetched answer.

Nothing is rounded or read in a kindly way: 64 and 64.0 differ, ``null`` and ``""`` differ, a picture is its
SHA-256. The order of names is no difference. What differs by nature is marked and told apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from faceid_review.faceid import raw
from faceid_review.faceid.pointer import step
from faceid_review.faceid.raw import Kind, Node

MOST: Final = 400
"""How many differences are told one by one."""

LONGEST_COMPARED: Final = 8 * 1024 * 1024
"""Longer bodies are compared by their SHA-256 alone."""

_LONGEST: Final = 400
_LONGEST_NAME: Final = 200
_DEEPEST: Final = 32
_MOST_VALUES: Final = 100_000

_OF_THE_CALL: Final = ("/request_id", "/time_used")
"""Fields of the request that was answered, and so another value in every answer."""


@dataclass(frozen=True)
class Difference:
    """One place where two bodies differ. ``left`` and ``right`` are JSON as sent, cut where long; None is absent.

    ``by_nature`` says that it means nothing: pictures never come in callbacks, each call has its own request_id
    and time_used, and what lay behind the end of a cut answer did not arrive.
    """

    pointer: str
    left: str | None
    right: str | None
    by_nature: bool = False


def answers(left: bytes, right: bytes) -> tuple[Difference, ...]:
    """Where two answers of get_result differ; in the left one's order, at most :data:`MOST` and one for the rest."""
    return _between(left, right, _OF_THE_CALL)


def callback_and_answer(document: bytes, answer: bytes) -> tuple[Difference, ...]:
    """Where a callback's JSON (left) and an answer of get_result (right) differ."""
    return _between(document, answer, (*_OF_THE_CALL, "/images"))


def telling(differences: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """Those that are not so by nature."""
    return tuple(difference for difference in differences if not difference.by_nature)


def _between(left: bytes, right: bytes, natural: tuple[str, ...]) -> tuple[Difference, ...]:
    if left == right:
        return ()
    whole = Difference("", f"SHA-256 {_digest(left)}", f"SHA-256 {_digest(right)}")
    if max(len(left), len(right)) > LONGEST_COMPARED:
        return (whole,)
    one, other = raw.read(left), raw.read(right)
    if one.root is None or other.root is None:
        return (whole,)
    found = list[Difference]()
    for difference in _pairs(one.root, other.root):
        if difference is None or len(found) == MOST:
            return (*found, whole)
        place = difference.pointer
        lost = (difference.left is None and one.problem == "cut") or (
            difference.right is None and other.problem == "cut"
        )
        apart = any(place == name or place.startswith(f"{name}/") for name in natural)
        found.append(Difference(place, difference.left, difference.right, apart or lost))
    return tuple(found)


def _pairs(one: Node, other: Node) -> Iterator[Difference | None]:
    """Every place at which the trees differ; None where there is too much to be looked at value by value."""
    stack: list[tuple[str, Node | None, Node | None, int]] = [("", one, other, 0)]
    room = _MOST_VALUES
    while stack:
        place, left, right, depth = stack.pop()
        most = max(left.count if left else 0, right.count if right else 0)
        alike = left is None or right is None or left.kind is right.kind
        if alike and most:
            room -= most
            if room < 0 or depth == _DEEPEST:
                yield None
                return
            stack += [(f"{place}{at}", a, b, depth + 1) for at, a, b in reversed(list(_members(left, right)))]
        elif left is None or right is None or left.kind is not right.kind or left.value != right.value:
            yield Difference(place, _shown(left), _shown(right))


def _members(left: Node | None, right: Node | None) -> Iterator[tuple[str, Node | None, Node | None]]:
    """The members of two objects or lists, side by side; of several with one name each by its turn."""
    ours, theirs = _named(left), _named(right)
    for name in dict.fromkeys([*ours, *theirs]):
        at = f"/{step(name[0][:_LONGEST_NAME])}{'…' if len(name[0]) > _LONGEST_NAME else ''}"
        yield at, ours.get(name), theirs.get(name)


def _named(node: Node | None) -> dict[tuple[str, int], Node]:
    named, turns = dict[tuple[str, int], Node](), dict[str, int]()
    for child in (node.child(row) for row in range(node.count)) if node else ():
        if child.kind is Kind.CUT:
            continue
        turns[child.name] = turns.get(child.name, -1) + 1
        named[child.name, turns[child.name]] = child
    return named


def _shown(node: Node | None) -> str | None:
    return None if node is None else node.literal(_LONGEST)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()

"""What is said of a value of the raw answer: itself where it is short, what it is where it is long."""

from __future__ import annotations

from typing import Final

from faceid_review.faceid.raw import Kind, Node
from faceid_review.i18n import Words
from faceid_review.review.plain_text import visible

LONGEST: Final = 160
"""Characters of a text that a row shows; a longer one is folded to its beginning and its length."""

MOST_COPIED: Final = 200_000
_LONGEST_NAME: Final = 80
_BEGINNING: Final = 24


def name_of(node: Node) -> str:
    """The member's name, or its place in a list, as one line that cannot look like another."""
    return visible(node.name if len(node.name) <= _LONGEST_NAME else f"{node.name[: _LONGEST_NAME - 1]}…")


def said(node: Node, words: Words) -> str:
    """The value as one line: digits as sent, texts in quotation marks, pictures and containers in words."""
    kind = node.kind
    if kind in (Kind.OBJECT, Kind.LIST):
        return words.many(f"raw.{kind.value}", node.count) if node.count else ("{}", "[]")[kind is Kind.LIST]
    if kind is Kind.PICTURE:
        return words.many("raw.picture", node.value.size, sha256=node.value.sha256)
    if kind is Kind.CUT:
        begun = node.value.begun
        return words.many("raw.cut.begun", len(begun)) if begun else words("raw.cut")
    if kind is Kind.TEXT and len(node.value) > LONGEST:
        beginning = visible(node.value[:_BEGINNING])
        return words.many("raw.long", len(node.value), beginning=beginning)
    return visible(node.literal(LONGEST))


def in_words(node: Node, words: Words) -> bool:
    """Whether :func:`said` is our sentence about the value rather than the value."""
    long = node.kind is Kind.TEXT and len(node.value) > LONGEST
    return long or node.kind in (Kind.PICTURE, Kind.CUT) or node.count > 0


def copied(node: Node) -> str:
    """What a copy of the value holds: a text bare and whole, everything else in the characters of JSON."""
    return str(node.value) if node.kind is Kind.TEXT else node.literal(MOST_COPIED)


def laid_out(text: str) -> str:
    """``text`` on its own lines, with everything else that hides written out."""
    return "\n".join(visible(line) for line in text.split("\n"))

"""Places in an answer as JSON pointers (RFC 6901)."""

from __future__ import annotations


def step(name: str) -> str:
    """``name`` as one step of a pointer, without the slash before it."""
    return name.replace("~", "~0").replace("/", "~1")


def pointer(*names: str) -> str:
    """The pointer that leads over these names, from the top; no name at all is the whole answer."""
    return "".join(f"/{step(name)}" for name in names)


def above(place: str) -> str:
    """The pointer of what holds the value at ``place``; the whole answer holds itself."""
    return place.rpartition("/")[0]

"""Labels along an axis: those that would touch go to a further level."""

from __future__ import annotations

from collections.abc import Sequence

_APART = 4.0


def levels(spans: Sequence[tuple[float, float]], taken: Sequence[tuple[float, float]] = ()) -> list[int]:
    """A level for each (left, right) span, 0 first; no two of one level touch. ``taken`` is level 0's already."""
    filled: list[list[tuple[float, float]]] = [list(taken)]
    found = []
    for left, right in spans:
        level = 0
        while level < len(filled) and any(
            left < end + _APART and start < right + _APART for start, end in filled[level]
        ):
            level += 1
        if level == len(filled):
            filled.append([])
        filled[level].append((left, right))
        found.append(level)
    return found


def inside(middle: float, width: float, room: float) -> tuple[float, float]:
    """The span of a label ``width`` wide round ``middle``, pushed in where it would leave 0 to ``room``."""
    left = min(max(0.0, middle - width / 2), max(0.0, room - width))
    return left, left + width

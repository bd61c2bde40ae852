"""Values that know where they stand in the raw answer, so that each leads there and can be copied with its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTextEdit, QWidget

W = TypeVar("W", bound=QWidget)

# Attributes and no Qt properties: a text of the vendor may hold what Qt cannot carry.
_PLACE: Final = "shown_place"
_LINES: Final = "shown_places"
_MOVES: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down)


class Place(NamedTuple):
    """A JSON pointer and the value there as it is copied; empty where what is said of it is not the value."""

    pointer: str
    value: str


def point(widget: W, pointer: str, value: str) -> W:
    """Say that ``widget`` shows the value at ``pointer``; gives the widget."""
    setattr(widget, _PLACE, Place(pointer, value))
    return widget


def point_lines(widget: W, places: Sequence[Place]) -> W:
    """Say that each line of a passage shows a value of its own; gives the widget."""
    setattr(widget, _LINES, tuple(places))
    return widget


def place_of(widget: QWidget | None, at: QPoint | None = None) -> Place | None:
    """The value that ``widget``, or what it lies in, shows. ``at`` is a point of the screen; without it the cursor counts."""
    while widget is not None:
        lines: tuple[Place, ...] = getattr(widget, _LINES, ())
        text = widget if isinstance(widget, QTextEdit) else None
        if lines and text:
            cursor = text.cursorForPosition(text.viewport().mapFromGlobal(at)) if at else text.textCursor()
            return lines[min(cursor.blockNumber(), len(lines) - 1)]
        found: Place | None = getattr(widget, _PLACE, None)
        if found is not None:
            return found
        widget = widget.parentWidget()
    return None


def is_stop(widget: QWidget) -> bool:
    """Whether the arrow keys stop at ``widget`` on their way from value to value."""
    shows = hasattr(widget, _PLACE) or hasattr(widget, _LINES)
    return shows and widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus


def is_for_the_pane(event: QKeyEvent, *, selected: bool) -> bool:
    """Whether a value leaves this key to its pane: up and down lead on, and without a selection the value is copied."""
    if event.key() in _MOVES and event.modifiers() == Qt.KeyboardModifier.NoModifier:
        return True
    return event.matches(QKeySequence.StandardKey.Copy) and not selected

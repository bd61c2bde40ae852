"""Drives the window as a screen reader does, by names alone. Runs on the system's Python, which has pyatspi.

Reads one command a line, writes one answer a line: ``wait NAME`` until something of that name is showing and
enabled, ``press NAME``, ``text NAME``, ``names``, ``nameless``: what can take the keyboard and has no name.
"""

import sys
import time
from collections.abc import Iterator
from typing import Any

import pyatspi

PATIENCE_S = 30.0


def everything() -> Iterator[Any]:
    """Every part of the program that is showing."""
    waiting = [app for app in pyatspi.Registry.getDesktop(0) if app and app.name == "FaceID Review"]
    while waiting:
        part = waiting.pop()
        yield part
        try:
            waiting += [child for child in part if child]
        except LookupError:
            continue


def find(name: str) -> Any:
    """The first part of that name that can be used now, within our patience."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        for part in everything():
            try:
                states = part.getState()
                usable = states.contains(pyatspi.STATE_SHOWING) and states.contains(pyatspi.STATE_ENABLED)
                if part.name == name and usable and part.getRoleName() != "label":
                    return part
            except LookupError:
                continue
        time.sleep(0.1)
    return None


def nameless(part: Any) -> str:
    """The role of a part that can take the keyboard now, or heads a row, and has no name."""
    try:
        states = part.getState()
        reached = states.contains(pyatspi.STATE_FOCUSABLE) and states.contains(pyatspi.STATE_SHOWING)
        role = part.getRoleName()
        return role if not part.name and (reached or role.endswith("header")) else ""
    except LookupError:
        return ""


def answer(command: str, name: str) -> str:
    """Do one command."""
    if command == "names":
        return "|".join(sorted({part.name for part in everything() if part.name}))
    if command == "nameless":
        return "|".join(sorted(filter(None, map(nameless, everything()))))
    part = find(name)
    if part is None:
        return "missing"
    if command == "press":
        part.queryAction().doAction(0)
    if command == "text":
        return part.queryText().getText(0, -1).replace("\n", "|")
    return f"{part.getRoleName()} {part.childCount}"


for line in sys.stdin:
    verb, _, rest = line.strip().partition(" ")
    print(answer(verb, rest), flush=True)

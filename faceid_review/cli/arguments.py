"""How arguments are read: names in full, since a script must not break with the next option; a file has a name."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any, Final

from faceid_review.errors import Usage

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 9000
_MOST_DAYS: Final = 100_000
_MOST_PRACTICE_IDS: Final = 100_000


class Parser(argparse.ArgumentParser):
    """An argument parser of this program; its subcommands are of the same kind."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**{**named, "allow_abbrev": False})
        self.register("type", Path, place)


def place(text: str) -> Path:
    """A file or folder. An empty text, as of a variable that is not set, would be the working folder: :class:`Usage`."""
    if not text:
        raise Usage("place_empty")
    return Path(text)


def day(text: str) -> date:
    """A day as 2026-11-22. Raises :class:`ValueError` for one with which nobody could reckon."""
    found = date.fromisoformat(text)
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError(text)
    return found


def port(text: str) -> int:
    """A port of TCP; 0 means any that is free. Raises :class:`ValueError`."""
    found = int(text)
    if not 0 <= found <= 65_535:
        raise ValueError(text)
    return found


def count(text: str) -> int:
    """How many practice ids. Raises :class:`ValueError` for fewer than one and for more than anybody waits for."""
    found = int(text)
    if not 1 <= found <= _MOST_PRACTICE_IDS:
        raise ValueError(text)
    return found


def days(text: str) -> int:
    """A number of days. Raises :class:`ValueError` for more than can be reckoned with."""
    found = int(text)
    if abs(found) > _MOST_DAYS:
        raise ValueError(text)
    return found

"""What can be set, in one frozen value and one table. Kept as ``settings.json`` in the vault's folder.

Only what says nothing about anybody is kept here: it lies on the disk in clear.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

import platformdirs

_FILE: Final = "settings.json"
_MOST_AT_ONCE: Final = 8
_MOST_WORDS: Final = 32
MOST_DAYS: Final = 36_525
"""Days that answers may be kept; a hundred years."""


@dataclass(frozen=True)
class Settings:
    """``lang`` is en, zh or empty for the system's; ``theme`` light, dark or empty for the system's.

    ``at_once`` is how many questions may be under way together; ``proxy`` an URL or empty for none: no
    proxy is ever taken from the environment. ``silence_s`` and ``deadline_s`` are seconds. With ``blind`` nothing
    of the vendor's verdict shows before the first judgement of a round; with ``covers_each_case`` the pictures
    of every case stay hidden until somebody reveals them. ``retention_days`` is how long an answer is
    kept before its case is listed for purging; 0 sets no time (docs/decisions/016). ``export`` is how the last copy was wanted:
    its profile, its language, and the pages it went without. ``time_stamps`` is the URL of an RFC 3161 server, or empty
    for none.
    """

    lang: str = ""
    theme: str = ""
    at_once: int = 2
    proxy: str = ""
    connect_s: float = 10.0
    silence_s: float = 30.0
    deadline_s: float = 120.0
    columns: tuple[int, ...] = ()
    blind: bool = False
    covers_each_case: bool = False
    retention_days: int = 180
    export: tuple[str, ...] = ()
    time_stamps: str = ""

    @classmethod
    def load(cls, home: Path) -> Settings:
        """The settings of a vault's folder; whatever cannot be read there is as if it were not written."""
        written: dict[str, Any] = {}
        with suppress(OSError, ValueError, RecursionError, OverflowError):
            read = json.loads((home / _FILE).read_text("utf-8"))
            written = read if isinstance(read, dict) else {}
        usable: dict[str, Any] = {}
        for field in fields(cls):
            value = written.get(field.name)
            default = getattr(cls(), field.name)
            if isinstance(default, tuple) and isinstance(value, list):
                value = tuple(value)
            if isinstance(default, float) and type(value) is int and value < 10**6:
                value = float(value)
            if type(value) is type(default) and _sensible(field.name, value):
                usable[field.name] = value
        return cls(**usable)

    def save(self, home: Path) -> None:
        """Write them, whole or not at all."""
        draft = home / f"{_FILE}.new"
        descriptor = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=1)
        draft.replace(home / _FILE)

    def but(self, **changes: Any) -> Settings:
        """The same settings with some of them changed."""
        return replace(self, **changes)


def _sensible(name: str, value: Any) -> bool:
    """Whether a value can be meant: a fetch that never begins or never waits is no setting."""
    match name:
        case "at_once":
            return bool(1 <= value <= _MOST_AT_ONCE)
        case "retention_days":
            return bool(0 <= value <= MOST_DAYS)
        case "connect_s" | "silence_s" | "deadline_s":
            return bool(0.1 <= value <= 3600)
        case "time_stamps":
            return value == "" or str(value).startswith(("https://", "http://"))
        case "columns":
            return all(type(width) is int and width >= 0 for width in value)
        case "export":
            return len(value) <= _MOST_WORDS and all(type(word) is str for word in value)
    return True


def default_home() -> Path:
    """The vault's folder where none is named: FACEID_REVIEW_HOME, or the platform's local data folder."""
    named = os.environ.get("FACEID_REVIEW_HOME")
    return (
        Path(named)
        if named
        else Path(platformdirs.user_data_dir("faceid-review", appauthor=False, roaming=False))
    )

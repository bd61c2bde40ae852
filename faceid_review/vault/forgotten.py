"""Whose records were destroyed, noted beside the vault: so that a backup made before brings nobody back unnoticed.

One text file with the pseudonyms of subjects, which say nothing without the data key. It is no proof of anything and
nothing is destroyed because of it: it is what a person is asked about after an older backup was restored.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from faceid_review.errors import VaultClosed

FILE: Final = "purged"
_NAME: Final = re.compile(r"[0-9a-f]{32}")
_MOST_BYTES: Final = 64 * 1024 * 1024


class Forgotten:
    """The list in one folder. ``names`` are pseudonyms."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE

    def names(self) -> frozenset[bytes]:
        """Every name in the list; lines that are none are as if they were not there."""
        return read(self._path)

    def add(self, names: Iterable[bytes]) -> None:
        """Add names, whole or not at all. Raises :class:`VaultClosed`."""
        held = self.names()
        every = held | frozenset(names)
        if every == held:
            return
        fresh, failure = self._path.with_suffix(".new"), None
        try:
            descriptor = os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.writelines(f"{name.hex()}\n" for name in sorted(every))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            failure = VaultClosed("vault_unwritable", kind=error.errno)
        if failure:
            raise failure


def read(path: Path) -> frozenset[bytes]:
    """The names in such a file; none where it cannot be read."""
    with suppress(OSError, UnicodeDecodeError):
        if path.is_file() and path.stat().st_size <= _MOST_BYTES:
            lines = path.read_text("ascii").split("\n")
            return frozenset(bytes.fromhex(line) for line in lines if _NAME.fullmatch(line))
    return frozenset()

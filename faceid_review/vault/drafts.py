"""Drafts: what somebody was writing when the program ended. One sealed file a subject, beside the chain.

A draft is no entry: it may be written every few seconds, and is gone when what it became is kept. It is written
under another name and renamed, so that a crash leaves the old one or the new one, whole.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from faceid_review.errors import Damaged, VaultClosed
from faceid_review.vault.sealing import Sealer

MOST_BYTES: Final = 32 * 1024 * 1024


class Drafts:
    """The drafts of one vault, in a folder of their own. Any thread may call."""

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        self._folder = folder
        self._sealer = sealer

    def keep(self, subject: str, draft: Mapping[str, Any]) -> None:
        """Keep ``draft`` (plain JSON values) in the place of the one before. On disk when this returns."""
        name, place = self._name(subject), self._place(subject)
        text = json.dumps(dict(draft), separators=(",", ":")).encode()
        sealed = self._sealer.seal(text, b"draft", name)
        fresh, failure = place.with_suffix(".new"), None
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(place)
        except OSError as error:
            failure = VaultClosed("draft_not_kept", kind=error.strerror or "")
        if failure:
            with suppress(OSError):
                fresh.unlink()
            raise failure

    def get(self, subject: str) -> dict[str, Any] | None:
        """The draft of ``subject``, or None; one that no longer opens is as if it were not there."""
        place = self._place(subject)
        with suppress(OSError, Damaged, ValueError, RecursionError):
            if place.stat().st_size <= MOST_BYTES:
                read = json.loads(self._sealer.unseal(place.read_bytes(), b"draft", self._name(subject)))
                return read if isinstance(read, dict) else None
        return None

    def drop(self, subject: str) -> None:
        """Forget the draft of ``subject``: overwritten where it lies, as far as the disk does so, and deleted."""
        place = self._place(subject)
        for left in (place, place.with_suffix(".new")):
            with suppress(OSError):
                with left.open("r+b", buffering=0) as file:
                    file.write(bytes(left.stat().st_size))
                    os.fsync(file.fileno())
                left.unlink(missing_ok=True)

    def _name(self, subject: str) -> bytes:
        return self._sealer.pseudonym(subject)

    def _place(self, subject: str) -> Path:
        return self._folder / f"{self._name(subject).hex()}.sealed"

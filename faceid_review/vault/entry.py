"""One line of the ledger: who did what to whom, when. Written once and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Entry:
    """``number`` counts from 1 without a gap; ``at`` is UTC by this machine's clock.

    ``act`` is the verb (``armed``, ``sent``, ``answer`` ...), ``subject`` what it was done to (a biz_id, or
    empty for the vault itself), ``facts`` plain JSON values. ``record`` names a sealed body, if there is
    one. ``link`` chains it to everything before: SHA-256(previous link, sealed entry, body hash).

    ``words`` names the record under whose key some of the facts are sealed once more, if any are: they go with it.
    Where they are gone each of them is an empty text.
    """

    number: int
    at: datetime
    by: str
    act: str
    subject: str
    facts: Mapping[str, Any] = field(repr=False)
    record: bytes | None
    link: bytes
    words: bytes | None = None

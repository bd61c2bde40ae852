"""One small sealed row a case, beside the chain: what lists, filters and search read.

Unlocking many cases must not open many answers. Heads are derived from entries and carry the reader's
version; a mark says up to which entry they are true, so that what a crash left behind is folded anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from faceid_review.errors import Damaged
from faceid_review.vault.database import Database, blob
from faceid_review.vault.sealing import Sealer

MOST_BYTES = 2048
"""A head has about 500 bytes; only an id of 256 rare characters and hostile names come near this."""


class Heads:
    """The heads of one vault."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    @property
    def through(self) -> int:
        """The number of the last entry that the heads know of."""
        row = self._database.one("SELECT value FROM mark WHERE name = 'heads'")
        return row[0] if row and isinstance(row[0], int) and row[0] >= 0 else 0

    def put(self, heads: Mapping[str, Mapping[str, Any]], through: int) -> None:
        """Write the heads of some subjects and say up to which entry all heads are true now."""
        with self._database.transaction():
            for subject, facts in heads.items():
                name = self._sealer.pseudonym(subject)
                text = json.dumps(facts, separators=(",", ":"), ensure_ascii=False)
                sealed = self._sealer.seal(text.encode("utf-8", "surrogatepass"), b"head", name)
                self._database.execute("INSERT OR REPLACE INTO head VALUES (?, ?)", name, sealed)
            self._database.execute("INSERT OR REPLACE INTO mark VALUES ('heads', ?)", through)

    def all(self) -> Iterator[tuple[bytes, dict[str, Any]]]:
        """Every head with its subject's pseudonym that can still be read; the others are dropped, and folded anew from the entries."""
        for name, sealed in self._database.all("SELECT subject, sealed FROM head"):
            try:
                yield blob(name), json.loads(self._sealer.unseal(blob(sealed), b"head", blob(name)))
            except Damaged:
                self._database.execute("DELETE FROM head WHERE subject = ?", name)

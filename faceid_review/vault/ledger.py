"""Append-only, sealed, hash-chained entries: what happened, in order, and nothing ever changed.

Each entry's link is SHA-256(previous link, sealed entry, hash of its sealed body), so that large bodies are
sealed before the writer's turn, and a purge can delete a body and its key while the chain still holds. An
entry is sealed for its number and its subject: moved or renamed, it no longer opens.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from faceid_review.errors import Damaged
from faceid_review.vault.database import Database, blob
from faceid_review.vault.entry import Entry
from faceid_review.vault.sealing import RecordKey, Sealer

PART: Final = 1024 * 1024
"""A body is sealed in parts of this size, so that none ever needs to stand in memory whole."""

_START: Final = b"\0" * 32


@dataclass(frozen=True)
class Body:
    """A body to be written: the key of its record, that key wrapped, and its bytes, piece by piece."""

    key: RecordKey = field(repr=False)
    wrapped: bytes = field(repr=False)
    pieces: Callable[[], Iterator[bytes]] = field(repr=False)


@dataclass(frozen=True)
class ChainVerdict:
    """Whether the chain is whole: ``broken`` is the first bad entry's number, or None."""

    intact: bool
    broken: int | None
    count: int
    head: bytes


class Ledger:
    """The entries of one vault. ``by`` is who is at work; every method may be called from any thread."""

    def __init__(
        self, database: Database, sealer: Sealer, clock: Callable[[], datetime] | None = None
    ) -> None:
        self.by = ""
        self._database = database
        self._sealer = sealer
        self._clock = clock or (lambda: datetime.now(UTC))

    @property
    def count(self) -> int:
        """How many entries there are; the number of the last one."""
        return self._last()[0]

    @property
    def head(self) -> bytes:
        """The last link: 32 bytes that stand for everything in the ledger."""
        return self._last()[1]

    def append(
        self,
        act: str,
        subject: str = "",
        facts: Mapping[str, Any] | None = None,
        body: Body | None = None,
    ) -> Entry:
        """Write one entry, with its body if there is one, in one transaction. On disk when this returns."""
        with self._database.transaction():
            last, previous = self._last()
            number, at = last + 1, self._clock()
            text = json.dumps(
                {
                    "at": at.isoformat(),
                    "by": self.by,
                    "act": act,
                    "subject": subject,
                    "facts": dict(facts or {}),
                    "record": body.key.record.hex() if body else None,
                },
                separators=(",", ":"),
            )
            name = self._sealer.pseudonym(subject)
            sealed = self._sealer.seal(text.encode(), *_place(number, name))
            body_hash = self._write_body(body) if body else None
            link = _link(previous, sealed, body_hash)
            self._database.execute(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?)", number, name, sealed, body_hash, link
            )
            # Beside the chain, so that entries cut off at its end are missed.
            tip = self._sealer.seal(_tip(number, link), b"tip")
            self._database.execute("INSERT OR REPLACE INTO tip VALUES (1, ?)", tip)
        return Entry(
            number, at, self.by, act, subject, dict(facts or {}), body.key.record if body else None, link
        )

    def entries(self, subject: str | None = None, after: int = 0, *, sure: bool = False) -> Iterator[Entry]:
        """The entries in order, of one subject or of all, with a number above ``after``.

        ``sure`` reads every row instead of trusting the index: for decisions that could ask somebody twice.
        """
        columns = "SELECT number, subject, sealed, link FROM entry"
        if subject is None:
            rows = self._database.all(f"{columns} WHERE number > ? ORDER BY number", after)
        else:
            name = self._sealer.pseudonym(subject)
            # The plus keeps SQLite from its index where nothing but the rows themselves may be believed.
            column = "+subject" if sure else "subject"
            rows = self._database.all(
                f"{columns} WHERE {column} = ? AND number > ? ORDER BY number", name, after
            )
        return (self._read(*row) for row in rows)

    def link_at(self, number: int) -> bytes | None:
        """The link of one entry, or None where there is no such entry."""
        row = self._database.one("SELECT link FROM entry WHERE number = ?", number)
        return blob(row[0]) if row else None

    def last_numbers(self) -> dict[bytes, int]:
        """The number of the last entry of every subject, by pseudonym."""
        return dict(self._database.all("SELECT subject, max(number) FROM entry GROUP BY subject"))

    def unlisted(self) -> Iterator[Entry]:
        """The first entry of every subject that has no head."""
        rows = self._database.all(
            "SELECT min(number) FROM entry WHERE subject NOT IN (SELECT subject FROM head) GROUP BY subject"
        )
        for (number,) in rows:
            row = self._database.one(
                "SELECT number, subject, sealed, link FROM entry WHERE number = ?", number
            )
            if row:
                yield self._read(*row)

    def body(self, record: bytes) -> bytes:
        """The body of a record, unsealed. Raises :class:`Damaged` where it is gone or was altered."""
        return b"".join(self.parts(record))

    def parts(self, record: bytes) -> Iterator[bytes]:
        """The same, a part at a time, for bodies that need not stand in memory whole."""
        row = self._database.one("SELECT wrapped FROM record_key WHERE record = ?", record)
        count = self._database.one("SELECT count(*), max(part) FROM body WHERE record = ?", record)
        if row is None or not count or not count[0] or count[0] != count[1] + 1:
            raise Damaged("body_gone")
        key, last = self._sealer.unwrap(record, blob(row[0])), count[1]
        for number in range(count[0]):
            yield key.unseal_part(number, self._sealed_part(record, number), last=number == last)

    def sha256(self, record: bytes) -> str:
        """SHA-256 of a body, read anew from the disk."""
        digest = hashlib.sha256()
        for part in self.parts(record):
            digest.update(part)
        return digest.hexdigest()

    def _sealed_part(self, record: bytes, number: int) -> bytes:
        row = self._database.one("SELECT sealed FROM body WHERE record = ? AND part = ?", record, number)
        if row is None:
            raise Damaged("body_gone")
        return blob(row[0])

    def _write_body(self, body: Body) -> bytes:
        """Write a body in parts, sealed; gives the SHA-256 of all sealed bytes, which goes into the chain."""
        digest = hashlib.sha256()
        self._database.execute("INSERT INTO record_key VALUES (?, ?)", body.key.record, body.wrapped)
        for number, (part, last) in enumerate(_in_parts(body.pieces())):
            sealed = body.key.seal_part(number, part, last=last)
            digest.update(sealed)
            self._database.execute("INSERT INTO body VALUES (?, ?, ?)", body.key.record, number, sealed)
        return digest.digest()

    def verify(self) -> ChainVerdict:
        """Read every entry and every body again, check each link, the tip, and that nothing is there besides."""
        # Nothing is written meanwhile: an entry that comes in between is no damage.
        with self._database.transaction():
            verdict = self._verified()
            if verdict.intact and not self._database.sound():
                # An index that lies makes a case look other than its entries tell.
                return ChainVerdict(False, verdict.count + 1, verdict.count, verdict.head)
            return verdict

    def _verified(self) -> ChainVerdict:
        count, head = self._last()
        link, records = _START, set()
        rows = self._database.all(
            "SELECT number, subject, sealed, link, body_hash FROM entry WHERE number <= ? ORDER BY number",
            count,
        )
        for expected, row in enumerate(rows, start=1):
            try:
                link = _link(link, blob(row[2]), None if row[4] is None else blob(row[4]))
                record = self._checked(expected, link, *row)
            except Damaged:
                return ChainVerdict(False, expected, count, head)
            records.add(record)
        stray = self._strays(records - {None})
        whole = not stray and len(rows) == count and self._tip_holds(count, head)
        return ChainVerdict(whole, None if whole else count + 1, count, head)

    def _strays(self, records: set[bytes | None]) -> bool:
        """Whether there is a body or a key of no entry."""
        rows = self._database.all("SELECT record FROM body UNION SELECT record FROM record_key")
        return {row[0] for row in rows} != records

    def _tip_holds(self, count: int, head: bytes) -> bool:
        row = self._database.one("SELECT sealed FROM tip")
        try:
            return row is not None and self._sealer.unseal(blob(row[0]), b"tip") == _tip(count, head)
        except Damaged:
            return False

    def _last(self) -> tuple[int, bytes]:
        row = self._database.one("SELECT number, link FROM entry ORDER BY number DESC LIMIT 1")
        return (int(row[0]), blob(row[1])) if row else (0, _START)

    def _checked(
        self,
        expected: int,
        link: bytes,
        number: int,
        subject: bytes,
        sealed: bytes,
        stored: bytes,
        body_hash: bytes,
    ) -> bytes | None:
        """The record of one entry that holds, or None. Raises :class:`Damaged` where it does not hold."""
        entry = self._read(number, subject, sealed, stored)
        body_missing = (entry.record is None) != (body_hash is None)
        if number != expected or link != stored or body_missing:
            raise Damaged("entry_broken", number=expected)
        if entry.record is not None:
            whole = self._hash_of_sealed(entry.record) == body_hash
            if not whole or self.sha256(entry.record) != entry.facts["sha256"]:
                raise Damaged("entry_broken", number=expected)
        return entry.record

    def _hash_of_sealed(self, record: bytes) -> bytes:
        digest = hashlib.sha256()
        for (number,) in self._database.all("SELECT part FROM body WHERE record = ? ORDER BY part", record):
            digest.update(self._sealed_part(record, number))
        return digest.digest()

    def _read(self, number: int, subject: bytes, sealed: bytes, link: bytes) -> Entry:
        try:
            text = json.loads(self._sealer.unseal(blob(sealed), *_place(number, blob(subject))))
        except Damaged:
            broken = Damaged("entry_broken", number=number)
        else:
            record = bytes.fromhex(text["record"]) if text["record"] else None
            at = datetime.fromisoformat(text["at"])
            return Entry(
                number, at, text["by"], text["act"], text["subject"], text["facts"], record, blob(link)
            )
        raise broken


def _in_parts(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The same bytes in parts of a fixed size, each with whether it is the last; an empty body has one."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > PART:
            yield bytes(held[:PART]), False
            del held[:PART]
    yield bytes(held), True


def _tip(count: int, head: bytes) -> bytes:
    return count.to_bytes(8, "big") + head


def _place(number: int, subject: bytes) -> tuple[bytes, bytes, bytes]:
    return b"entry", number.to_bytes(8, "big"), subject


def _link(previous: bytes, sealed: bytes, body_hash: bytes | None) -> bytes:
    return hashlib.sha256(previous + sealed + (body_hash or b"")).digest()

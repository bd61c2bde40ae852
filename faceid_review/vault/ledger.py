"""Append-only, sealed, hash-chained entries: what happened, in order, and nothing ever changed.

Each entry's link is SHA-256(previous link, sealed entry, hash of its sealed body), so that large bodies are
sealed before the writer's turn, and a purge can delete a body and its key while the chain still holds. An
entry is sealed for its number and its subject: moved or renamed, it no longer opens.

Facts that are a person's words are sealed once more inside the entry, under a record's own key (:attr:`Ledger.words`):
when that key is destroyed they are gone, and the entry is the same to the byte.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from faceid_review.errors import Damaged
from faceid_review.vault.database import Database, blob
from faceid_review.vault.entry import Entry
from faceid_review.vault.sealing import RecordKey, Sealer

PART: Final = 1024 * 1024
"""A body is sealed in parts of this size, so that none ever needs to stand in memory whole."""

PURGED: Final = "purged"
"""The act of an entry that tells which records of its subject were destroyed."""

_START: Final = b"\0" * 32
_Row = tuple[Any, ...]


@dataclass(frozen=True)
class Body:
    """A body to be written: the key of its record, that key wrapped, and its bytes, piece by piece."""

    key: RecordKey = field(repr=False)
    wrapped: bytes = field(repr=False)
    pieces: Callable[[], Iterator[bytes]] = field(repr=False)


@dataclass(frozen=True)
class SealedBody:
    """A body that was sealed before its turn to be written; ``hash`` is the SHA-256 of all sealed parts."""

    key: RecordKey = field(repr=False)
    wrapped: bytes = field(repr=False)
    parts: tuple[bytes, ...] = field(repr=False)
    hash: bytes


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
        self.words: Mapping[str, Collection[str]] = {}
        """For each act the facts that are a person's words, to be sealed under a key of their own."""
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
        body: Body | SealedBody | None = None,
    ) -> Entry:
        """Write one entry, with its body if there is one, in one transaction. On disk when this returns."""
        with self._database.transaction():
            body_hash = self._write_body(body) if body else None
            entry, row = self._entry(*self._last(), act, subject, dict(facts or {}), body, body_hash)
            self._write([row])
        return entry

    def append_all(self, written: Iterable[tuple[str, str, Mapping[str, Any], SealedBody]]) -> list[Entry]:
        """Write entries with their bodies: act, subject, facts and body of each. One transaction, few statements."""
        with self._database.transaction():
            last, link = self._last()
            entries, rows, keys, parts = list[Entry](), list[_Row](), list[_Row](), list[_Row]()
            for act, subject, facts, body in written:
                entry, row = self._entry(last, link, act, subject, dict(facts), body, body.hash)
                last, link = entry.number, entry.link
                entries.append(entry)
                rows.append(row)
                keys.append((body.key.record, body.wrapped))
                parts += [(body.key.record, number, sealed) for number, sealed in enumerate(body.parts)]
            self._database.insert("record_key", keys)
            self._database.insert("body", parts)
            self._write(rows)
        return entries

    def _entry(
        self,
        last: int,
        previous: bytes,
        act: str,
        subject: str,
        facts: dict[str, Any],
        body: Body | SealedBody | None,
        body_hash: bytes | None,
    ) -> tuple[Entry, _Row]:
        """The entry after the one with number ``last`` and link ``previous``, and its row."""
        number, at = last + 1, self._clock()
        told, words, sealed_words = self._apart(act, facts, body)
        text = json.dumps(
            {
                "at": at.isoformat(),
                "by": self.by,
                "act": act,
                "subject": subject,
                "facts": told,
                "record": body.key.record.hex() if body else None,
                **sealed_words,
            },
            separators=(",", ":"),
        )
        name = self._sealer.pseudonym(subject)
        sealed = self._sealer.seal(text.encode(), *_place(number, name))
        link = _link(previous, sealed, body_hash)
        record = body.key.record if body else None
        entry = Entry(number, at, self.by, act, subject, facts, record, link, words)
        return entry, (number, name, sealed, body_hash, link)

    def _write(self, rows: Sequence[_Row]) -> None:
        """Write the rows of entries, and after them where the chain ends."""
        if not rows:
            return
        self._database.insert("entry", rows)
        number, *_, link = rows[-1]
        # Beside the chain, so that entries cut off at its end are missed.
        tip = self._sealer.seal(_tip(number, link), b"tip")
        self._database.execute("INSERT OR REPLACE INTO tip VALUES (1, ?)", tip)

    def _apart(
        self, act: str, facts: dict[str, Any], body: Body | SealedBody | None
    ) -> tuple[dict[str, Any], bytes | None, dict[str, Any]]:
        """The facts of an entry without its person's words, the record of those, and themselves, sealed."""
        names = [name for name in self.words.get(act, ()) if facts.get(name)]
        if not names:
            return facts, None, {}
        key = body.key if body else self._sealer.new_record()
        if body is None:
            self._database.execute("INSERT INTO record_key VALUES (?, ?)", key.record, self._sealer.wrap(key))
        said = json.dumps({name: facts[name] for name in names}, ensure_ascii=False)
        sealed = base64.b64encode(key.seal_words(said.encode("utf-8", "surrogatepass"))).decode()
        told = {name: fact for name, fact in facts.items() if name not in names}
        return told, key.record, {"words": {"record": key.record.hex(), "names": names, "sealed": sealed}}

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

    def records(self, subject: str) -> tuple[bytes, ...]:
        """The records of a subject whose keys are still there: bodies, and words of their own, oldest first."""
        names = [
            record for entry in self.entries(subject, sure=True) for record in (entry.record, entry.words)
        ]
        return tuple(record for record in dict.fromkeys(names) if record and self._has_key(record))

    def destroy(self, subject: str, facts: Mapping[str, Any]) -> Entry:
        """Delete the keys and the bodies of every record of ``subject``, with an entry ``purged`` that names them.

        One transaction. What is left of them in free room is swept away by ``Database.sweep`` alone.
        """
        with self._database.transaction():
            records = self.records(subject)
            told = {**facts, "records": [record.hex() for record in records]}
            entry = self.append(PURGED, subject, told)
            for record in records:
                self._database.execute("DELETE FROM record_key WHERE record = ?", record)
                self._database.execute("DELETE FROM body WHERE record = ?", record)
            self._database.owe_sweep()
        return entry

    def _has_key(self, record: bytes) -> bool:
        return self._database.one("SELECT 1 FROM record_key WHERE record = ?", record) is not None

    def link_at(self, number: int) -> bytes | None:
        """The link of one entry, or None where there is no such entry."""
        row = self._database.one("SELECT link FROM entry WHERE number = ?", number)
        return blob(row[0]) if row else None

    def last_numbers(self) -> dict[bytes, int]:
        """The number of the last entry of every subject, by pseudonym."""
        return dict(self._database.all("SELECT subject, max(number) FROM entry GROUP BY subject"))

    def first_of(self, names: Iterable[bytes]) -> Iterator[Entry]:
        """The first entry of each of these subjects, by pseudonym."""
        for name in names:
            row = self._database.one(
                "SELECT number, subject, sealed, link FROM entry WHERE subject = ? ORDER BY number LIMIT 1",
                name,
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

    def sealed(self, data: bytes) -> SealedBody:
        """``data`` as a body, sealed now: takes nobody's turn, and may be done on any thread."""
        key = self._sealer.new_record()
        parts = tuple(
            key.seal_part(number, part, last=last) for number, (part, last) in enumerate(_parts_of(data))
        )
        digest = hashlib.sha256()
        for part in parts:
            digest.update(part)
        return SealedBody(key, self._sealer.wrap(key), parts, digest.digest())

    def holds(self, body: SealedBody) -> bool:
        """Whether every byte of a body, read again, is what was sealed."""
        record = body.key.record
        wrapped = self._database.one("SELECT wrapped FROM record_key WHERE record = ?", record)
        rows = self._database.all("SELECT part, sealed FROM body WHERE record = ? ORDER BY part", record)
        return wrapped == (body.wrapped,) and rows == [*enumerate(body.parts)]

    def _write_body(self, body: Body | SealedBody) -> bytes:
        """Write a body in parts, sealed; gives the SHA-256 of all sealed bytes, which goes into the chain."""
        record = body.key.record
        self._database.execute("INSERT INTO record_key VALUES (?, ?)", record, body.wrapped)
        if isinstance(body, SealedBody):
            for number, sealed in enumerate(body.parts):
                self._database.execute("INSERT INTO body VALUES (?, ?, ?)", record, number, sealed)
            return body.hash
        digest = hashlib.sha256()
        for number, (part, last) in enumerate(_in_parts(body.pieces())):
            sealed = body.key.seal_part(number, part, last=last)
            digest.update(sealed)
            self._database.execute("INSERT INTO body VALUES (?, ?, ?)", record, number, sealed)
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
        link, records, gone, purged = _START, set[bytes](), dict[bytes, int](), set[bytes]()
        rows = self._database.all(
            "SELECT number, subject, sealed, link, body_hash FROM entry WHERE number <= ? ORDER BY number",
            count,
        )
        for expected, row in enumerate(rows, start=1):
            try:
                link = _link(link, blob(row[2]), None if row[4] is None else blob(row[4]))
                entry = self._checked(expected, link, *row)
            except Damaged:
                return ChainVerdict(False, expected, count, head)
            of_entry = {record for record in (entry.record, entry.words) if record}
            records |= of_entry
            gone |= {record: expected for record in of_entry if not self._has_key(record)}
            if entry.act == PURGED:
                # What was destroyed is missing by right, if it came before.
                purged |= {bytes.fromhex(name) for name in entry.facts.get("records", ())} & records
        missing = [number for record, number in gone.items() if record not in purged]
        if missing:
            return ChainVerdict(False, min(missing), count, head)
        stray = self._strays(records - purged)
        whole = not stray and len(rows) == count and self._tip_holds(count, head)
        return ChainVerdict(whole, None if whole else count + 1, count, head)

    def _strays(self, records: set[bytes]) -> bool:
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
    ) -> Entry:
        """One entry, if it holds, and its body with it unless that is gone. Raises :class:`Damaged`."""
        entry = self._read(number, subject, sealed, stored)
        body_missing = (entry.record is None) != (body_hash is None)
        if number != expected or link != stored or body_missing:
            raise Damaged("entry_broken", number=expected)
        if entry.record is not None and self._has_key(entry.record):
            whole = self._hash_of_sealed(entry.record) == body_hash
            if not whole or self.sha256(entry.record) != entry.facts["sha256"]:
                raise Damaged("entry_broken", number=expected)
        return entry

    def _hash_of_sealed(self, record: bytes) -> bytes:
        digest = hashlib.sha256()
        for (number,) in self._database.all("SELECT part FROM body WHERE record = ? ORDER BY part", record):
            digest.update(self._sealed_part(record, number))
        return digest.digest()

    def _read(self, number: int, subject: bytes, sealed: bytes, link: bytes) -> Entry:
        try:
            text = json.loads(self._sealer.unseal(blob(sealed), *_place(number, blob(subject))))
            words = self._words_of(text)
        except Damaged:
            broken = Damaged("entry_broken", number=number)
        else:
            record = bytes.fromhex(text["record"]) if text["record"] else None
            at = datetime.fromisoformat(text["at"])
            facts, own = {**text["facts"], **words}, text.get("words")
            named = bytes.fromhex(own["record"]) if own else None
            return Entry(
                number, at, text["by"], text["act"], text["subject"], facts, record, blob(link), named
            )
        raise broken

    def _words_of(self, text: Mapping[str, Any]) -> dict[str, Any]:
        """A person's words in an entry; each an empty text where their key was destroyed."""
        own = text.get("words")
        if not own:
            return {}
        record = bytes.fromhex(own["record"])
        row = self._database.one("SELECT wrapped FROM record_key WHERE record = ?", record)
        if row is None:
            return dict.fromkeys(own["names"], "")
        said = self._sealer.unwrap(record, blob(row[0])).unseal_words(base64.b64decode(own["sealed"]))
        words: dict[str, Any] = json.loads(said.decode("utf-8", "surrogatepass"))
        return words


def _in_parts(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The same bytes in parts of a fixed size, each with whether it is the last; an empty body has one."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > PART:
            yield bytes(held[:PART]), False
            del held[:PART]
    yield bytes(held), True


def _parts_of(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """The parts of bytes that stand in memory, cut where :func:`_in_parts` would cut them."""
    last = max(0, len(data) - 1) // PART
    for number in range(last + 1):
        yield data[number * PART : (number + 1) * PART], number == last


def _tip(count: int, head: bytes) -> bytes:
    return count.to_bytes(8, "big") + head


def _place(number: int, subject: bytes) -> tuple[bytes, bytes, bytes]:
    return b"entry", number.to_bytes(8, "big"), subject


def _link(previous: bytes, sealed: bytes, body_hash: bytes | None) -> bytes:
    return hashlib.sha256(previous + sealed + (body_hash or b"")).digest()

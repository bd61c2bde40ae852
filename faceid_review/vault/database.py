"""The vault's one SQLite file: one connection, one writer at a time, nothing in clear but sizes and counts.

``journal_mode=DELETE`` with ``synchronous=EXTRA`` is the combination that lost no acknowledged record in
500 kills (docs/pitfalls in the design); WAL is refused for its reset bug. ``temp_store=MEMORY`` because
SQLite otherwise writes sort runs into the temporary folder.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Final

from faceid_review.errors import Damaged, VaultClosed

VERSION: Final = 1
_MOST_LOOKED_AT: Final = 100_000
_MOST_ROWS: Final = 128
_CHECK_ENTRIES: Final = "PRAGMA integrity_check('entry')"

_SCHEMA: Final = """
CREATE TABLE vault(version INTEGER NOT NULL, id BLOB NOT NULL);
CREATE TABLE slot(kind TEXT PRIMARY KEY, facts TEXT NOT NULL, wrapped BLOB NOT NULL);
CREATE TABLE entry(number INTEGER PRIMARY KEY, subject BLOB NOT NULL, sealed BLOB NOT NULL,
                   body_hash BLOB, link BLOB NOT NULL);
CREATE INDEX entry_subject ON entry(subject);
CREATE TABLE record_key(record BLOB PRIMARY KEY, wrapped BLOB NOT NULL);
CREATE TABLE body(record BLOB NOT NULL, part INTEGER NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (record, part));
CREATE TABLE head(subject BLOB PRIMARY KEY, sealed BLOB NOT NULL);
CREATE TABLE secret(name BLOB PRIMARY KEY, sealed BLOB NOT NULL);
CREATE TABLE mark(name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE tip(one INTEGER PRIMARY KEY CHECK (one = 1), sealed BLOB NOT NULL);
"""
_PRAGMAS: Final = (
    "locking_mode=EXCLUSIVE",
    "journal_mode=DELETE",
    "synchronous=EXTRA",
    "temp_store=MEMORY",
    "secure_delete=ON",
    "foreign_keys=ON",
    "fullfsync=ON",
    "trusted_schema=OFF",
    # 16 MB: a batch of answers fits, and is not written out in pieces before its turn.
    "cache_size=-16384",
)

_FAULTS: Final = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises; the second where a damaged file's own words stand in its message."""
_SWEPT: Final = ("record_key", "head")
"""Tables whose rows tell something by themselves: the keys of records, and what lists say of a case."""


class Database:
    """The opened file. Every method may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._journal = path.with_name(f"{path.name}-journal")
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            for pragma in _PRAGMAS:
                self._connection.execute(f"PRAGMA {pragma}")
        except _FAULTS as error:
            failure = VaultClosed("vault_unreadable", kind=_kind(error))
        else:
            return
        raise failure

    @classmethod
    def make(cls, path: Path, vault: bytes) -> Database:
        """A new, empty database at ``path``, readable by its owner alone."""
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        made = cls(path)
        with made.transaction():
            for statement in _SCHEMA.split(";"):
                made.execute(statement)
            made.execute("INSERT INTO vault VALUES (?, ?)", VERSION, vault)
        return made

    def identity(self) -> bytes:
        """The vault's id. Raises :class:`VaultClosed` for a newer or a foreign format."""
        row = self.one("SELECT version, id FROM vault")
        if row is None or row[0] != VERSION:
            raise VaultClosed("vault_newer", version=row[0] if row else 0)
        made_of = {sql for (sql,) in self.all("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
        if made_of != {statement.strip() for statement in _SCHEMA.split(";") if statement.strip()}:
            # A trigger, a view or another table could make every statement mean something else.
            raise VaultClosed("vault_unreadable", kind="schema")
        if not isinstance(row[1], bytes):
            raise VaultClosed("vault_unreadable", kind="id")
        return row[1]

    def mend_index(self) -> None:
        """Make the index of the entries anew where it does not agree with them. Raises :class:`VaultClosed`.

        By it a case's entries are found: one that lies could make an answered id look as if nobody had asked.
        Larger vaults are looked at by ``audit --verify`` alone: this takes 0.7 s for 100,000 entries.
        """
        row = self.one("SELECT max(number) FROM entry")
        if row is None or (row[0] or 0) > _MOST_LOOKED_AT or self.all(_CHECK_ENTRIES) == [("ok",)]:
            return
        self.execute("REINDEX entry_subject")
        if self.all(_CHECK_ENTRIES) != [("ok",)]:
            raise VaultClosed("vault_unreadable", kind="entries")

    def sound(self) -> bool:
        """Whether SQLite finds its own file whole, the indices included."""
        return self.all("PRAGMA integrity_check(1)") == [("ok",)]

    def execute(self, statement: str, *values: Any) -> None:
        """Run one writing statement."""
        with self._lock, _translated():
            self._connection.execute(statement, values)

    def insert(self, table: str, rows: Sequence[tuple[Any, ...]], *, replace: bool = False) -> None:
        """Write rows, many to a statement: with one each, a thread would wait for its next turn after every row."""
        verb = "INSERT OR REPLACE INTO" if replace else "INSERT INTO"
        for first in range(0, len(rows), _MOST_ROWS):
            some = rows[first : first + _MOST_ROWS]
            places = ", ".join(["(" + ", ".join("?" * len(some[0])) + ")"] * len(some))
            self.execute(f"{verb} {table} VALUES {places}", *chain.from_iterable(some))

    def one(self, statement: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        with self._lock, _translated():
            row: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
            return row

    def all(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._lock, _translated():
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and on disk when it ends. Inside another one it joins that one."""
        with self._lock:
            if self._depth == 0:
                with _translated():
                    self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._roll_back()
                raise
            self._depth -= 1
            if self._depth == 0:
                try:
                    with _translated():
                        self._connection.execute("COMMIT")
                except VaultClosed:
                    self._roll_back()
                    raise

    def owe_sweep(self) -> None:
        """Note that something was deleted for good, so that a process that dies here does not forget the sweep."""
        self.execute("INSERT OR REPLACE INTO mark VALUES ('sweep', 1)")

    @property
    def sweep_owed(self) -> bool:
        """Whether something deleted for good may still lie in free room."""
        return self.one("SELECT 1 FROM mark WHERE name = 'sweep'") is not None

    def sweep(self) -> None:
        """Leave nothing of deleted rows in the file: neither in free room inside its pages nor in the journal.

        ``secure_delete`` overwrites what is deleted where it lies, but not the copies that SQLite leaves in the free
        room of a page when it moves rows about. Emptied as a whole, a table's pages are overwritten as a whole.
        """
        with self._lock:
            with self.transaction():
                for table in _SWEPT:
                    rows = self.all(f"SELECT * FROM {table}")  # noqa: S608 - our own names
                    self.execute(f"DELETE FROM {table}")  # noqa: S608
                    for row in rows:
                        self.execute(f"INSERT INTO {table} VALUES (?, ?)", *row)  # noqa: S608
            self._blank_journal()
            self.execute("DELETE FROM mark WHERE name = 'sweep'")

    def _blank_journal(self) -> None:
        """Overwrite the journal, which holds the pages as they were; between transactions it is of no more use."""
        failure = None
        try:
            with self._journal.open("r+b", buffering=0) as journal:
                left = os.fstat(journal.fileno()).st_size
                while left > 0:
                    left -= journal.write(bytes(min(left, 1024 * 1024)))
                os.fsync(journal.fileno())
        except FileNotFoundError:
            return
        except OSError as error:
            failure = VaultClosed("vault_unwritable", kind=error.errno)
        if failure:
            raise failure

    def copy_to(self, path: Path) -> None:
        """The whole file as it is now, copied page by page to a new one. Nothing is written meanwhile."""
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with self._lock, _translated():
            copy = sqlite3.connect(path, isolation_level=None)
            try:
                copy.execute("PRAGMA synchronous=OFF")
                self._connection.backup(copy)
            finally:
                copy.close()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _roll_back(self) -> None:
        # A full disk has already rolled back by itself; SQLite then says that there is nothing to do.
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def blob(value: object) -> bytes:
    """A value of a row that must be bytes. Raises :class:`Damaged`: a flipped bit can make it anything."""
    if not isinstance(value, bytes):
        raise Damaged("vault_damaged")
    return value


@contextmanager
def _translated() -> Iterator[None]:
    failure = None
    try:
        yield
    except _FAULTS as error:
        failure = VaultClosed(_kind(error))
    if failure:
        raise failure


def _kind(error: Exception) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_FULL"):
        return "vault_full"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "vault_busy"
    return "vault_readonly" if name.startswith("SQLITE_READONLY") else "vault_unreadable"

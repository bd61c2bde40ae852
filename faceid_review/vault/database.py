"""The vault's one SQLite file: one connection, one writer at a time, nothing in clear but sizes and counts.

``journal_mode=DELETE`` with ``synchronous=EXTRA`` is the combination that lost no acknowledged record in
500 kills (docs/pitfalls in the design); WAL is refused for its reset bug. ``temp_store=MEMORY`` because
SQLite otherwise writes sort runs into the temporary folder.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from faceid_review.errors import Damaged, VaultClosed

VERSION: Final = 1
_MOST_LOOKED_AT: Final = 100_000
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
)


class Database:
    """The opened file. Every method may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            for pragma in _PRAGMAS:
                self._connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error as error:
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
    except sqlite3.Error as error:
        failure = VaultClosed(_kind(error))
    if failure:
        raise failure


def _kind(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_FULL"):
        return "vault_full"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "vault_busy"
    return "vault_readonly" if name.startswith("SQLITE_READONLY") else "vault_unreadable"

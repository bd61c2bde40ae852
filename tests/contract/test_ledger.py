"""The ledger's contract: append-only, sealed, chained; whoever changes a byte of it is found out by number."""

import hashlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from faceid_review.errors import Damaged, VaultClosed
from faceid_review.vault.database import Database
from faceid_review.vault.ledger import PART, Body, Ledger
from faceid_review.vault.sealing import RecordKey, Sealer

BODY = "an answer 答复".encode()


class Kept:
    """A ledger with its file, which can be closed, meddled with and opened again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.vault, self.key = os.urandom(16), os.urandom(32)
        self.database = Database.make(path, self.vault)
        self.open()

    def open(self) -> None:
        self.sealer = Sealer(self.vault, self.key)
        self.ledger = Ledger(self.database, self.sealer)
        self.ledger.by = "Lin Yue"

    def again(self) -> Ledger:
        self.database.close()
        self.database = Database(self.path)
        self.open()
        return self.ledger

    def answered(self, subject: str, body: bytes = BODY) -> bytes:
        key = self.sealer.new_record()
        sealed = Body(key, self.sealer.wrap(key), lambda: iter([body[:3], b"", body[3:]]))
        self.ledger.append("answer", subject, {"sha256": hashlib.sha256(body).hexdigest()}, sealed)
        return key.record

    def meddle(self, *statements: str) -> Ledger:
        """Change the file behind the program's back."""
        self.database.close()
        with sqlite3.connect(self.path) as meddler:
            for statement in statements:
                assert meddler.execute(statement).rowcount != 0, statement
        meddler.close()
        self.database = Database(self.path)
        self.open()
        return self.ledger


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path / "vault.db")
    yield made
    made.database.close()


@pytest.fixture
def filled(kept: Kept) -> Kept:
    """Nine entries of three subjects: armed, sent, answer."""
    for subject in ("a", "b", "c"):
        kept.ledger.append("armed", subject, {"attempt": 1})
        kept.ledger.append("sent", subject)
        kept.answered(subject, BODY + subject.encode())
    return kept


def test_an_empty_ledger_is_no_whole_one(kept: Kept) -> None:
    """Every vault begins with an entry: where there is none, somebody took it away."""
    assert kept.ledger.count == 0
    assert kept.ledger.head == b"\0" * 32
    assert not kept.ledger.verify().intact


def test_entries_come_back_as_they_were_written(kept: Kept) -> None:
    facts = {"text": "中文 \ud800 \u202e", "none": None, "number": 1, "list": [["a", 1]]}
    written = kept.ledger.append("noted", "1,x", facts)
    (read,) = kept.again().entries()
    assert (read.number, read.act, read.subject, read.by) == (1, "noted", "1,x", "Lin Yue")
    assert (read.at, read.link, read.record) == (written.at, written.link, None)
    assert dict(read.facts) == facts
    assert "中文" not in repr(read)


def test_numbers_count_from_one_and_links_make_a_chain(filled: Kept) -> None:
    entries = list(filled.again().entries())
    assert [e.number for e in entries] == list(range(1, 10))
    assert len({e.link for e in entries}) == 9
    assert (filled.ledger.count, filled.ledger.head) == (9, entries[-1].link)
    assert [e.number for e in filled.ledger.entries("b")] == [4, 5, 6]
    assert [e.number for e in filled.ledger.entries(after=7)] == [8, 9]


def test_time_may_go_backwards_and_the_order_stays(kept: Kept) -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    times = iter([start, start - timedelta(days=3), start + timedelta(days=3)])
    ledger = Ledger(kept.database, kept.sealer, clock=lambda: next(times))
    for act in ("one", "two", "three"):
        ledger.append(act)
    assert [e.act for e in kept.again().entries()] == ["one", "two", "three"]
    assert kept.ledger.verify().intact


def test_a_body_comes_back_to_the_byte(kept: Kept) -> None:
    bodies = [b"", b"\0", os.urandom(PART), os.urandom(PART + 1), os.urandom(3 * PART - 7), BODY]
    records = [kept.answered(str(i), body) for i, body in enumerate(bodies)]
    ledger = kept.again()
    assert [ledger.body(r) for r in records] == bodies
    assert [ledger.sha256(r) for r in records] == [hashlib.sha256(body).hexdigest() for body in bodies]
    assert [len(list(ledger.parts(r))) for r in records] == [1, 1, 1, 2, 3, 1]
    assert ledger.verify().intact
    with pytest.raises(Damaged):
        ledger.body(os.urandom(16))


def test_an_entry_and_its_body_are_written_together_or_not_at_all(kept: Kept) -> None:
    record = kept.answered("a")
    key = RecordKey(kept.vault, record, os.urandom(32))
    twice = Body(key, kept.sealer.wrap(key), lambda: iter([b"other"]))
    with pytest.raises(VaultClosed):
        kept.ledger.append("answer", "b", {}, twice)
    assert kept.again().count == 1
    assert kept.ledger.body(record) == BODY
    assert not list(kept.ledger.entries("b"))


def test_a_transaction_that_fails_leaves_nothing(filled: Kept) -> None:
    with suppress(KeyError), filled.database.transaction():
        filled.ledger.append("one", "d")
        with filled.database.transaction():
            filled.ledger.append("two", "d")
        raise KeyError
    assert filled.again().count == 9
    filled.ledger.append("three", "d")
    assert filled.again().verify().intact


def test_many_threads_write_one_chain(kept: Kept) -> None:
    start = threading.Barrier(4)

    def write(name: str) -> None:
        start.wait()
        for _ in range(25):
            kept.ledger.append("noted", name)
            kept.answered(name)

    threads = [threading.Thread(target=write, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = kept.again().verify()
    assert (verdict.intact, verdict.count) == (True, 200)
    for n in range(4):
        assert len(list(kept.ledger.entries(str(n)))) == 50


def test_nothing_that_was_written_lies_in_clear(filled: Kept) -> None:
    filled.ledger.append("noted", "1462259748,52b13fb5-8dfb-4537-a62b-a641d5e929f1", {"note": "私密 note"})
    filled.database.close()
    data = filled.path.read_bytes()
    for mark in ("Lin Yue", "armed", "answer", "1462259748", "52b13fb5", "note", "私密"):
        for encoding in ("utf-8", "utf-16-le"):
            assert mark.encode(encoding) not in data, mark


# ---- tampering: (what is done, the entry that must be named)

TAMPERED = {
    "an entry's seal": (["UPDATE entry SET sealed = zeroblob(60) WHERE number = 4"], 4),
    "an entry's link": (["UPDATE entry SET link = zeroblob(32) WHERE number = 4"], 4),
    "an entry's subject": (["UPDATE entry SET subject = (SELECT subject FROM entry WHERE number = 1) WHERE number = 5"], 5),
    "a body hash": (["UPDATE entry SET body_hash = zeroblob(32) WHERE number = 6"], 6),
    "a body hash dropped": (["UPDATE entry SET body_hash = NULL WHERE number = 6"], 6),
    "a body": (["UPDATE body SET sealed = zeroblob(40) WHERE record = (SELECT record FROM body LIMIT 1)"], None),
    "a body gone": (["DELETE FROM body WHERE rowid = (SELECT min(rowid) FROM body)"], None),
    "a record key": (["UPDATE record_key SET wrapped = zeroblob(60) WHERE rowid = (SELECT min(rowid) FROM record_key)"], None),
    "a record key gone": (["DELETE FROM record_key WHERE rowid = (SELECT min(rowid) FROM record_key)"], None),
    "the first entry gone": (["DELETE FROM entry WHERE number = 1"], 1),
    "an entry gone": (["DELETE FROM entry WHERE number = 5"], 5),
    "an entry gone and the rest moved up": (["DELETE FROM entry WHERE number = 5", "UPDATE entry SET number = number - 1 WHERE number > 5"], 5),
    "two entries changed places": (["UPDATE entry SET number = -1 WHERE number = 4", "UPDATE entry SET number = 4 WHERE number = 5", "UPDATE entry SET number = 5 WHERE number = -1"], 4),
    "an entry played again": (["INSERT INTO entry SELECT 10, subject, sealed, body_hash, link FROM entry WHERE number = 9"], 10),
    "an entry put in front": (["INSERT INTO entry SELECT 0, subject, sealed, body_hash, link FROM entry WHERE number = 1"], 1),
    "two bodies exchanged": (["CREATE TABLE t AS SELECT rowid r, sealed FROM body",
                              "UPDATE body SET sealed = (SELECT sealed FROM t WHERE r = (CASE body.rowid WHEN 1 THEN 2 WHEN 2 THEN 1 ELSE 3 END))"], 3),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_meddling_is_found_and_named(filled: Kept, name: str) -> None:
    statements, broken = TAMPERED[name]
    verdict = filled.meddle(*statements).verify()
    assert not verdict.intact
    assert verdict.broken == broken or (broken is None and verdict.broken in (3, 6, 9))


@pytest.mark.parametrize("column", ["sealed", "body_hash", "subject"])
def test_text_in_place_of_bytes_is_found_and_named(filled: Kept, column: str) -> None:
    assert filled.meddle(f"UPDATE entry SET {column} = 'text' WHERE number = 3").verify().broken == 3


@pytest.mark.parametrize("table", ["entry", "body", "record_key"])
def test_every_flipped_byte_of_a_row_is_found(kept: Kept, table: str) -> None:
    """Each byte of each blob once: not one may pass."""
    kept.answered("a", b"tiny")
    columns = {
        "entry": ["sealed", "link", "body_hash", "subject"],
        "body": ["sealed", "record"],
        "record_key": ["wrapped", "record"],
    }
    for column in columns[table]:
        (data,) = kept.database.one(f"SELECT {column} FROM {table}") or (b"",)
        assert data
        for at in range(len(data)):
            flipped = data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]
            kept.database.execute(f"UPDATE {table} SET {column} = ?", flipped)
            assert not kept.ledger.verify().intact, (column, at)
        kept.database.execute(f"UPDATE {table} SET {column} = ?", data)
    assert kept.ledger.verify().intact


def test_a_broken_entry_is_named_when_it_is_read(filled: Kept) -> None:
    ledger = filled.meddle("UPDATE entry SET sealed = zeroblob(50) WHERE number = 5")
    with pytest.raises(Damaged) as caught:
        list(ledger.entries())
    assert caught.value.facts == {"number": 5}
    assert caught.value.exit_code == 7
    assert [e.number for e in ledger.entries("a")] == [1, 2, 3], "one bad entry must not shut the others away"


def test_a_ledger_of_another_vault_does_not_fit(filled: Kept) -> None:
    stranger = Ledger(filled.database, Sealer(os.urandom(16), filled.key))
    with pytest.raises(Damaged):
        list(stranger.entries())
    thief = Ledger(filled.database, Sealer(filled.vault, os.urandom(32)))
    assert not thief.verify().intact


def test_a_tail_that_was_cut_is_missed(filled: Kept) -> None:
    verdict = filled.meddle("DELETE FROM entry WHERE number = 9").verify()
    assert (verdict.intact, verdict.broken, verdict.count) == (False, 9, 8)


@pytest.mark.parametrize(
    "statement", ["DELETE FROM tip", "UPDATE tip SET sealed = zeroblob(80)", "UPDATE tip SET sealed = 'x'"]
)
def test_a_tip_that_is_gone_is_told(filled: Kept, statement: str) -> None:
    assert not filled.meddle(statement).verify().intact


def test_a_body_that_belongs_to_no_entry_is_told(filled: Kept) -> None:
    assert not filled.meddle("INSERT INTO body VALUES (zeroblob(16), 0, zeroblob(40))").verify().intact


def test_parts_cannot_be_cut_moved_or_lent(kept: Kept) -> None:
    """Each part knows its number and whether it is the last."""
    record = kept.answered("a", os.urandom(2 * PART + 5))
    other = kept.answered("b", os.urandom(2 * PART + 5))
    for statement in (
        "DELETE FROM body WHERE part = 2",
        "DELETE FROM body WHERE part = 1",
        "DELETE FROM body WHERE part = 0",
        "UPDATE body SET part = CASE part WHEN 0 THEN 100 WHEN 1 THEN 101 ELSE part END",
    ):
        with suppress(KeyError), kept.database.transaction():
            kept.database.execute(statement)
            with pytest.raises(Damaged):
                kept.ledger.body(record)
            with pytest.raises(Damaged):
                kept.ledger.body(other)
            raise KeyError
    assert kept.ledger.verify().intact


@pytest.mark.parametrize("when", ["_strays", "_tip_holds"])
def test_writing_while_verifying_breaks_nothing(
    filled: Kept, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    plain = getattr(Ledger, when)
    writers: list[threading.Thread] = []

    def meanwhile(self: Ledger, *arguments: object) -> object:
        writers.append(threading.Thread(target=filled.answered, args=("d",)))
        writers[-1].start()
        writers[-1].join(0.5)
        return plain(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, when, meanwhile)
        assert filled.ledger.verify().intact
    # Writing waits for the verifying to end; the vault may be closed only after it.
    for writer in writers:
        writer.join()

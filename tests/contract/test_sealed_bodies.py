"""Bodies that are sealed before their turn: kept and read like all others, and found out where a bit is another."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from faceid_review.vault.ledger import PART
from tests.contract.test_ledger import Kept


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path / "ledger.db")
    yield made
    made.database.close()


@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 7])
def test_what_was_sealed_before_reads_like_what_is_sealed_while_writing(kept: Kept, size: int) -> None:
    data = os.urandom(size)
    body = kept.ledger.sealed(data)
    entry = kept.ledger.append("imported", "1,2", {"sha256": hashlib.sha256(data).hexdigest()}, body)
    assert entry.record
    assert kept.ledger.holds(body)
    ledger = kept.again()
    assert ledger.body(entry.record) == data
    assert ledger.verify().intact


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE body SET sealed = zeroblob(length(sealed)) WHERE part = 1",
        "DELETE FROM body WHERE part = 1",
        "INSERT INTO body SELECT record, 2, sealed FROM body WHERE part = 1",
        "UPDATE record_key SET wrapped = zeroblob(60)",
        "DELETE FROM record_key",
    ],
)
def test_another_byte_is_no_longer_what_was_sealed(kept: Kept, change: str) -> None:
    body = kept.ledger.sealed(os.urandom(PART + 1))
    assert not kept.ledger.holds(body)
    kept.ledger.append("imported", "1,2", {"sha256": ""}, body)
    assert kept.ledger.holds(body)
    assert not kept.meddle(change).holds(body)

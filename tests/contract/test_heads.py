"""Heads: small, sealed, derived from entries, and never in the way of what they are derived from."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.review.case import Stage
from faceid_review.session import Session
from faceid_review.vault.database import Database
from faceid_review.vault.heads import MOST_BYTES, Heads
from faceid_review.vault.sealing import Sealer
from tests.integration.test_asking import fetched

PASSPHRASE = "a passphrase of ours"


@pytest.fixture
def heads(tmp_path: Path) -> Iterator[Heads]:
    vault = os.urandom(16)
    database = Database.make(tmp_path / "vault.db", vault)
    yield Heads(database, Sealer(vault, os.urandom(32)))
    database.close()


def test_heads_come_back_and_say_how_far_they_are_true(heads: Heads) -> None:
    assert heads.through == 0
    heads.put({"1,a": {"biz_id": "1,a", "text": "密 \ud800"}, "1,b": {"biz_id": "1,b"}}, 7)
    heads.put({"1,b": {"biz_id": "1,b", "stage": "kept"}}, 9)
    heads.put({}, 12)
    assert heads.through == 12
    assert sorted((head for _, head in heads.all()), key=lambda head: head["biz_id"]) == [
        {"biz_id": "1,a", "text": "密 \ud800"},
        {"biz_id": "1,b", "stage": "kept"},
    ]


def test_heads_are_put_whole_or_not_at_all(heads: Heads) -> None:
    heads.put({"1,a": {"n": 1}}, 1)
    with pytest.raises(TypeError):
        heads.put({"1,a": {"n": 2}, "1,b": {"n": object()}}, 2)
    assert [head for _, head in heads.all()] == [{"n": 1}]
    assert heads.through == 1


def meddle(home: Path, *statements: str) -> None:
    with sqlite3.connect(home / "vault.db") as meddler:
        for statement in statements:
            meddler.execute(statement)
    meddler.close()


def test_a_head_stays_small_whatever_the_vendor_says(session: Session, simulator: Simulator) -> None:
    long = "密\\ud800\\u0001" * 5000
    body = (
        f'{{"biz_no":"{long}","liveness_result":{{"result":"x","failure_reason":"{long}"}},"verify_result":{{'
        + (
            f'"result_faceid":{{"confidence":{"9" * 4000},"thresholds":{{"{long}":1}}}},"face_genuineness":{{'
            + ",".join(f'"{long}{n}_confidence":1,"{long}{n}_threshold":0' for n in range(9))
            + '}},"error_message":null}'
        )
    )
    simulator.behave(simulator.ids[0], Behaviour.answer(body.encode()))
    assert fetched(session, simulator.ids[0])[simulator.ids[0]].stage is Stage.KEPT
    sizes = [len(row[0]) for row in session.vault._database.all("SELECT sealed FROM head")]
    assert max(sizes) <= MOST_BYTES


def test_heads_that_were_lost_are_made_anew(session: Session, simulator: Simulator) -> None:
    fetched(session, *simulator.ids[:3])
    before, home = session.casebook.rows(), session.home
    session.close()
    meddle(home, "DELETE FROM head", "DELETE FROM mark")
    with Session.open(home, PASSPHRASE, keyring=False) as anew:
        assert anew.casebook.rows() == before


def test_heads_of_an_older_reader_are_made_anew(
    session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched(session, *simulator.ids[:2])
    home = session.home
    session.close()
    monkeypatch.setattr("faceid_review.review.casebook.READER", 99)
    with Session.open(home, PASSPHRASE, keyring=False) as anew:
        assert {row["reader"] for row in anew.casebook.rows()} == {99}
        assert {row["stage"] for row in anew.casebook.rows()} == {"kept"}


def test_what_a_crash_left_unfolded_is_folded_at_the_next_opening(
    session: Session, simulator: Simulator
) -> None:
    fetched(session, simulator.ids[0])
    home = session.home
    session.vault.ledger.append("queued", simulator.ids[1], {"case": "FR-2026-00002", "account": "practice"})
    session.close()
    with Session.open(home, PASSPHRASE, keyring=False) as anew:
        assert anew.casebook.stage(simulator.ids[1]) is Stage.QUEUED
        anew.casebook.queue([BizId(simulator.ids[2])], "practice")
        assert len({row["case"] for row in anew.casebook.rows()}) == 3


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_broken_head_is_made_anew_and_keeps_nothing_shut(session: Session, simulator: Simulator) -> None:
    fetched(session, simulator.ids[0])
    before, home = session.casebook.rows(), session.home
    session.close()
    meddle(home, "UPDATE head SET sealed = zeroblob(100)")
    with Session.open(home, PASSPHRASE, keyring=False) as anew:
        assert anew.casebook.rows() == before
        assert anew.audit().intact


def test_rows_stay_in_order_beyond_99999(session: Session) -> None:
    session.casebook._last_number[2026] = 99_998
    for number in range(3):
        session.casebook.queue([BizId(f"1,{number}")], "practice")
    numbers = [int(row["case"].rpartition("-")[2]) for row in session.casebook.rows()]
    assert numbers == sorted(numbers)

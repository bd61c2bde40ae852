"""What must not be told: a secret that somebody sent back, a verdict that a policy hides, a word about a purged case."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from faceid_review.errors import Afterwards, NotAllowed, NotAsked
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.review.accounts import Account
from faceid_review.review.case import Stage
from faceid_review.review.worklist import Query
from faceid_review.session import Session

SECRET = "s3cr3t-Vendor/Echo+9f31"


def asked(session: Session, simulator: Simulator, body: dict[str, Any] | bytes, status: int = 200) -> BizId:
    (name,) = simulator.fresh_ids(1)
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    simulator.behave(name, Behaviour.answer(sent, status=status))
    session.queue.ask([BizId(name)])
    session.queue.wait()
    return BizId(name)


def renew(session: Session, simulator: Simulator, secret: str, name: str = "practice") -> None:
    """Another secret in force, and perhaps another name, once the answer is there."""
    session.accounts.change("practice", Account(name, simulator.base_url, simulator.api_key), secret)


@pytest.mark.parametrize("name", ["accounts", "policies"])
def test_an_id_that_is_called_like_something_of_ours_is_asked_once(
    session: Session, simulator: Simulator, name: str
) -> None:
    simulator.behave(name, Behaviour.answer(b'{"biz_id": "x", "liveness_result": {"result": "success"}}'))
    for _ in range(2):
        session.queue.ask([BizId.literal(name)])
        session.queue.wait()
    assert simulator.count(name) == 1
    assert session.casebook.stage(name) is Stage.KEPT
    assert [one.name for one in session.accounts.all()] == ["practice"]


def test_a_secret_is_not_told_whatever_its_account_is_called_by_now(
    session: Session, simulator: Simulator, tmp_path: Path
) -> None:
    biz_id = asked(session, simulator, {"biz_extra_data": SECRET, "liveness_result": {"result": "success"}})
    renew(session, simulator, SECRET, name="renamed")
    case = session.casebook.open(biz_id)
    assert case.result is not None
    assert case.result.biz_extra_data == "[the account's secret]"
    with pytest.raises(Afterwards):
        session.export(case, tmp_path / "case.pdf", "en")


@pytest.mark.parametrize(
    ("secret", "sent"),
    [
        ("1234567890", b'{"error_message": "CONCURRENCY_LIMIT_EXCEEDED2", "time_used": 1234567890}'),
        ("nabcdefghij", b'{"error_message": "X_REFUSED", "biz_no": "line\\nabcdefghij"}'),
    ],
)
def test_what_became_of_a_call_is_read_from_what_came(
    session: Session, simulator: Simulator, secret: str, sent: bytes
) -> None:
    biz_id = asked(session, simulator, sent)
    renew(session, simulator, secret)
    case = session.casebook.open(biz_id)
    assert case.stage is Stage.REFUSED
    assert case.refusal is not None
    assert case.refusal.code == json.loads(sent)["error_message"]


def test_a_keychain_that_is_shut_for_a_moment_is_asked_again(
    session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    renew(session, simulator, SECRET)
    keychain = session.accounts._keychain

    def shut(name: str) -> str | None:
        raise NotAsked("keyring_locked")

    with monkeypatch.context() as context:
        context.setattr(keychain, "get", shut)
        assert session.accounts.told(SECRET.encode()) == SECRET.encode()
    assert session.accounts.told(SECRET.encode()) == b"[the account's secret]"


def test_a_thorough_search_does_not_look_behind_the_policy(session: Session, simulator: Simulator) -> None:
    biz_id = asked(
        session, simulator, {"liveness_result": {"result": "failure", "failure_reason": "not_video"}}
    )
    # Words that differ, more than a head holds: only then the case itself is looked through.
    session.review.note(biz_id, " ".join(f"word{n}" for n in range(400)) + " to the very end")
    assert session.casebook.work.partly(Query(), datetime.now(UTC)) == (biz_id,)
    session.set_policy("blind", "on")
    found = {text: session.casebook.select(Query(text), thorough=True) for text in ("not_video", "very end")}
    assert {text: len(rows) for text, rows in found.items()} == {"not_video": 0, "very end": 1}


def test_a_case_that_was_read_before_the_policy_does_not_leave_after_it(
    session: Session, simulator: Simulator, tmp_path: Path
) -> None:
    case = session.casebook.open(asked(session, simulator, {"liveness_result": {"result": "success"}}))
    session.set_policy("blind", "on")
    with pytest.raises(NotAllowed) as refused:
        session.export(case, tmp_path / "case.pdf", "en")
    assert refused.value.wording == "judge_first"
    assert not (tmp_path / "case.pdf").exists()


def test_no_word_is_written_about_a_case_that_was_purged_meanwhile(
    session: Session, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned, exported = simulator.ids[:2]
    session.queue.ask([BizId(pinned), BizId(exported)])
    session.queue.wait()
    record = session.casebook.record

    def late(act: str, biz_id: str, facts: dict[str, Any]) -> object:
        monkeypatch.setattr(session.casebook, "record", record)
        session.purging.purge(biz_id, "asked for")
        return record(act, biz_id, facts)

    role = session.casebook.open(pinned).photographs[0].role
    monkeypatch.setattr(session.casebook, "record", late)
    with pytest.raises(NotAllowed):
        session.marking.pin(pinned, role, 5, 5, "", "a mole")
    case = session.casebook.open(exported)
    monkeypatch.setattr(session.casebook, "record", late)
    session.export(case, tmp_path / "case.pdf", "en", recipient="court", purpose="of Ms Li")
    last = list(session.vault.ledger.entries(exported))[-1]
    assert (last.act, last.facts["recipient"], last.facts["purpose"]) == ("exported", "court", "")

"""The office's policies in a real vault: each change is an entry, kept and in force at once, and none of them is a case."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from faceid_review.errors import ReviewError
from faceid_review.faceid.simulator import Simulator
from faceid_review.i18n import words
from faceid_review.review import policies
from faceid_review.session import Session
from faceid_review.settings import Settings
from tests.integration.test_asking import fetched

PASSPHRASE = "a passphrase of ours"


def told(session: Session) -> list[dict[str, Any]]:
    """The facts of every entry about a policy."""
    return [dict(entry.facts) for entry in session.entries() if entry.act == "policy"]


def reopened(session: Session) -> Session:
    home = session.home
    session.close()
    return Session.open(home, PASSPHRASE, keyring=False)


def test_each_policy_is_in_force_at_once_kept_and_written_down(
    session: Session, simulator: Simulator
) -> None:
    biz_id = simulator.ids[0]
    fetched(session, biz_id)
    later = datetime.now(UTC) + timedelta(days=3)
    assert not session.casebook.open(biz_id).hidden
    assert not session.purging.due(later)
    for name, text, before, after in (
        ("blind", "on", False, True),
        ("covers_each_case", "ON ", False, True),
        ("retention_days", "2", 180, 2),
        ("time_stamps", " http://127.0.0.1:9/tsa ", "", "http://127.0.0.1:9/tsa"),
    ):
        assert session.set_policy(name, text)
        assert told(session)[-1] == {"name": name, "before": before, "after": after}
        count = session.chain()[0]
        assert not session.set_policy(name, text), "the same again is a change"
        assert session.chain()[0] == count
        assert getattr(Settings.load(session.home), name) == after
    assert session.casebook.open(biz_id).hidden
    assert [one.biz_id for one in session.purging.due(later)] == [biz_id]
    session.set_policy("blind", "off")
    made = session.export(session.casebook.open(biz_id), session.home.parent / "one.pdf", "en")
    assert [note.wording for note in made.notes] == ["signing.note.no_time_stamp"]
    with reopened(session) as anew:
        assert len(told(anew)) == 5
        assert anew.settings.covers_each_case
        assert anew.audit().intact


def test_an_entry_about_a_policy_is_no_case(session: Session, simulator: Simulator) -> None:
    fetched(session, simulator.ids[0])
    session.set_policy("blind", "on")
    session.review.reveal(simulator.ids[0])
    with reopened(session) as anew:
        anew.set_policy("blind", "off")
        fetched(anew, simulator.ids[1])
        assert {row["biz_id"] for row in anew.casebook.rows()} == set(simulator.ids[:2])
        with pytest.raises(ReviewError):
            anew.casebook.find(policies.SUBJECT)


@pytest.mark.parametrize(
    ("name", "text", "wording"),
    [
        ("blind", "yes", "policy_switch"),
        ("covers_each_case", "", "policy_switch"),
        ("retention_days", "-1", "policy_days"),
        ("retention_days", "36526", "policy_days"),
        ("retention_days", "9" * 10_000, "policy_days"),
        ("retention_days", "１２", "policy_days"),
        ("retention_days", "1.5", "policy_days"),
        ("time_stamps", "ftp://a/b", "policy_server"),
        ("time_stamps", "https://", "policy_server"),
        ("time_stamps", "https://a b/", "policy_server"),
        ("time_stamps", "https://[", "policy_server"),
        ("time_stamps", "https://a/\u202e", "policy_server"),
        ("lang", "zh", "policy_unknown"),
    ],
)
def test_a_bad_value_is_refused_in_words(session: Session, name: str, text: str, wording: str) -> None:
    before = session.settings, session.chain()
    with pytest.raises(ReviewError) as refused:
        session.set_policy(name, text)
    assert refused.value.wording == wording
    for lang in ("en", "zh"):
        assert "error." not in words(lang)(f"error.{wording}", **refused.value.facts)
    assert (session.settings, session.chain()) == before


def test_where_the_file_cannot_be_written_nothing_is_changed(session: Session) -> None:
    (session.home / "settings.json.new").mkdir()
    with pytest.raises(ReviewError) as refused:
        session.set_policy("blind", "on")
    assert refused.value.wording == "settings_unwritten"
    assert not told(session)
    assert not session.settings.blind
    assert not session.casebook.blind


def test_what_was_changed_by_hand_is_told_at_the_next_opening_once(session: Session) -> None:
    session.set_policy("retention_days", "30")
    (session.home / "settings.json").write_text(json.dumps({"blind": True, "lang": "zh"}))
    with reopened(session) as anew:
        assert told(anew)[1:] == [
            {"name": "blind", "before": False, "after": True, "found": True},
            {"name": "retention_days", "before": 30, "after": 180, "found": True},
        ]
        said = [policies.told(facts, words(lang)) for facts in told(anew) for lang in ("en", "zh")]
        assert "settings.json" in said[2]
        assert not any("policy." in line for line in said)
        with reopened(anew) as again:
            assert len(told(again)) == 3


def test_a_vault_restored_elsewhere_still_tells_when_it_was_on(session: Session, tmp_path: Path) -> None:
    session.set_policy("blind", "on")
    session.back_up(tmp_path / "one.backup")
    with Session.restore(tmp_path / "anew", tmp_path / "one.backup", PASSPHRASE, keyring=False) as anew:
        assert anew.casebook.blind
        (one,) = [line for line in anew.policies() if line["name"] == "blind"]
        assert (one["value"], one["by"]) == (True, "Lin Yue")

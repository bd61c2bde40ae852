"""Destroying one case for good, keeping all others, and a chain that still holds. Every byte of the disk is read."""

import json
import random
import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from faceid_review.cli import main
from faceid_review.errors import Damaged, NotAllowed, ReviewError, VaultClosed
from faceid_review.faceid import callback
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Simulator
from faceid_review.i18n import words
from faceid_review.review import statement, telling
from faceid_review.review.accounts import Account
from faceid_review.review.case import Stage
from faceid_review.review.head import full_text
from faceid_review.review.intake import Kind, Pasted
from faceid_review.review.judging import Outcome, Step
from faceid_review.session import Session
from faceid_review.vault.database import Database
from faceid_review.vault.entry import Entry
from tests.integration.test_asking import fetched
from tests.unit.test_result import SAMPLE

PASSPHRASE = "a passphrase of ours"
WORDS = (
    "张三 rang twice",
    "said it was her twin",
    "李四 lives in 苏州",
    "by phone, asked for 王五",
    "vip-赵六",
)


@pytest.fixture(scope="module")
def vendor() -> Iterator[Simulator]:
    with Simulator(ids=12, seed="purge") as running:
        yield running


@pytest.fixture(scope="module")
def template(vendor: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with six answered cases, the first of them with everything that a case can hold."""
    home = tmp_path_factory.mktemp("purging") / "vault"
    picture = home.parent / "reference of 张三.jpg"
    with Session.make(home, "Lin Yue", PASSPHRASE, keyring=False) as session:
        session.accounts.add(Account("practice", vendor.base_url, vendor.api_key), vendor.api_secret)
        fetched(session, *vendor.ids[:6])
        first = vendor.ids[0]
        picture.write_bytes(session.casebook.open(vendor.ids[1]).photographs[0].data)
        session.add_reference(first, picture, "passport of 张三")
        assert bring(session, called_back(first, vendor.api_secret)) is Kind.SECOND
        review = session.review
        review.note(first, WORDS[0])
        review.revise(first, 1, WORDS[0] + " and wrote")
        review.tag(first, WORDS[4])
        review.judge(first, Step.STRONGLY_DIFFERENT)
        reason = next(r for r in review.reasons() if Outcome.OVERTURN in r.outcomes)
        review.decide(first, Outcome.OVERTURN, reason.code, WORDS[1])
        review.describe(first, statement=WORDS[2])
        review.open_dispute([first], who="王五", channel=WORDS[3], grounds="not me")
        review.close_dispute(first, "王五 withdrew")
        review.explain(first, "zh", "尊敬的张三")
        review.keep_draft(first, {"note": WORDS[0]})
        session.casebook.record(
            "exported", first, {"sha256": "0" * 64, "recipient": "a court", "purpose": "张三"}
        )
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "vault")


@pytest.fixture
def first(vendor: Simulator) -> BizId:
    return BizId(vendor.ids[0])


def opened(home: Path) -> Session:
    return Session.open(home, PASSPHRASE, keyring=False)


def bring(session: Session, data: bytes) -> Kind:
    return session.take_in([Pasted("pasted 张三", data)]).places[0].kind


def called_back(biz_id: str, secret: str) -> bytes:
    said = {name: SAMPLE[name] for name in ("biz_no", "biz_extra_data", "liveness_result", "verify_result")}
    data = json.dumps({**said, "biz_id": biz_id})
    return json.dumps({"data": data, "sign": callback.sign_of(secret, data.encode())}).encode()


def needles(session: Session, biz_id: str) -> list[bytes]:
    """Bytes of the disk from which something of a case could be learned: keys, bodies, its head's page, its draft."""
    database, found = session.vault._database, list[bytes]()
    for record in session.vault.ledger.records(biz_id):
        (wrapped,) = database.one("SELECT wrapped FROM record_key WHERE record = ?", record) or (b"",)
        # Half a wrapped key is of no use, and yet none of it is to be found.
        found += [wrapped[:32], wrapped[28:]]
        for (sealed,) in database.all("SELECT sealed FROM body WHERE record = ?", record):
            found += [sealed[at : at + 32] for at in range(0, len(sealed) - 32, 997)]
    name = session.vault.pseudonym(biz_id)
    place = bytes((name[0], name[1] & 0xF0))
    (page,) = database.one("SELECT sealed FROM head WHERE subject = ?", place) or (b"",)
    found += [page[at : at + 24] for at in range(0, len(page) - 24, 24)]
    draft = session.vault.drafts._place(biz_id)
    if draft.exists():
        found.append(draft.read_bytes()[:40])
    assert len(found) > 20
    return found


def still_there(folder: Path, wanted: Iterable[bytes]) -> list[str]:
    """In which files of a folder any of these bytes stand."""
    files = {
        path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "reserve"
    }
    return [path.name for path, data in files.items() if any(needle in data for needle in wanted)]


def acts(entries: Iterable[Entry]) -> list[str]:
    return [entry.act for entry in entries]


# ---- nothing is left


def test_nothing_of_a_purged_case_is_left_on_the_disk_or_in_a_later_backup(
    home: Path, first: BizId, tmp_path: Path
) -> None:
    with opened(home) as session:
        wanted, disk = needles(session, first), whole(home)
        # All but those that lie across the end of a page of the file.
        assert sum(needle in disk for needle in wanted) > len(wanted) * 0.9, "the search finds what is there"
        session.purging.purge(first, "asked for by the customer")
        session.purging.finish()
        # The journal lies on the disk as long as the vault is open.
        assert (home / "vault.db-journal").exists()
        assert still_there(home, wanted) == []
        session.back_up(tmp_path / "later.backup")
        assert session.audit().intact
    assert still_there(home, wanted) == []
    with Session.restore(tmp_path / "other", tmp_path / "later.backup", PASSPHRASE, keyring=False) as other:
        assert other.casebook.stage(first) is Stage.PURGED
    assert still_there(tmp_path / "other", wanted) == []


def whole(home: Path) -> bytes:
    return b"|".join(
        path.read_bytes() for path in home.rglob("*") if path.is_file() and path.name != "reserve"
    )


def test_purging_one_after_the_other_leaves_nothing_either(home: Path, vendor: Simulator) -> None:
    """Rows move while their neighbours are deleted, and leave copies in free room: the sweep takes those too."""
    wanted: list[bytes] = []
    with opened(home) as session:
        for biz_id in vendor.ids[:5]:
            wanted += needles(session, biz_id)
            session.purging.purge(biz_id)
        session.purging.finish()
        assert still_there(home, wanted) == []
        kept = session.casebook.open(vendor.ids[5])
        assert kept.stage is Stage.KEPT
        assert kept.photographs
        verdict = session.audit()
        assert verdict.intact


def test_the_words_of_people_are_gone_and_the_decision_stands(home: Path, first: BizId) -> None:
    with opened(home) as session:
        before = session.casebook.unmasked(first)
        assert all(word in full_text(before) for word in ("张三", "vip-赵六", "苏州"))
        case = session.purging.purge(first, "asked for by the customer")
        told = json.dumps(
            [statement.state(case), [dict(e.facts) for e in case.events], session.casebook.row(first)],
            ensure_ascii=False,
            default=str,
        )
        for word in (
            "张三",
            "李四",
            "王五",
            "赵六",
            "twin",
            "苏州",
            "passport",
            before.photographs[0].role + "|",
        ):
            assert word not in told
        assert before.result is not None
        assert str(before.result.biz_no) not in told
        assert case.stage is Stage.PURGED
        assert (case.answer, case.result, case.photographs, case.references, case.callbacks) == (
            None,
            None,
            (),
            (),
            (),
        )
        assert case.work.decision is not None
        assert case.work.decision.outcome is Outcome.OVERTURN
        stone = case.tombstone
        assert stone is not None
        assert (stone.by, stone.reason, stone.decision) == (
            "Lin Yue",
            "asked for by the customer",
            "overturn",
        )
        assert before.answer is not None
        traces = {trace.kind: trace.sha256 for trace in stone.traces}
        assert traces["answer"] == before.answer.sha256
        assert traces["reference"] == before.references[0].sha256
        assert {p.sha256 for p in before.photographs} <= {trace.sha256 for trace in stone.traces}
        assert session.review.draft(first) is None
        assert not session.casebook.search("张三")
        assert [row["biz_id"] for row in session.casebook.search(first)] == [first]


def test_keys_that_are_gone_open_nothing(home: Path, first: BizId) -> None:
    with opened(home) as session:
        records = session.vault.ledger.records(first)
        left = session.purging.purge(first)
        assert left.tombstone is not None
        assert left.tombstone.reason == "unstated", "its time was not over, and nobody said why"
        assert session.vault.ledger.records(first) == ()
        for record in records:
            with pytest.raises(Damaged):
                session.vault.ledger.body(record)


def test_the_chain_holds_and_is_no_longer_than_by_one_entry(home: Path, first: BizId) -> None:
    with opened(home) as session:
        count, head = session.chain()
        session.purging.purge(first)
        verdict = session.audit()
        assert verdict.intact
        assert session.agrees(count, head), "no entry before has changed"
        assert verdict.count == count + 1


def test_what_is_missing_without_a_purge_is_damage(home: Path, vendor: Simulator) -> None:
    with opened(home) as session:
        session.purging.purge(vendor.ids[0])
        note = session.review.note(vendor.ids[1], "words").work.notes[0].latest.entry
        record = session.vault.ledger.records(vendor.ids[1])[-1]
        session.vault._database.execute("DELETE FROM record_key WHERE record = ?", record)
        verdict = session.audit()
        assert (verdict.intact, verdict.broken) == (False, note)


def test_a_purge_that_left_a_key_behind_is_damage(home: Path, first: BizId) -> None:
    with opened(home) as session:
        database = session.vault._database
        record = session.vault.ledger.records(first)[0]
        row = database.one("SELECT record, wrapped FROM record_key WHERE record = ?", record) or ()
        session.purging.purge(first)
        assert session.audit().intact
        database.execute("INSERT INTO record_key VALUES (?, ?)", *row)
        assert not session.audit().intact


# ---- never by itself, never where it must not be


def test_a_hold_and_an_open_dispute_keep_a_case(home: Path, first: BizId) -> None:
    with opened(home) as session:
        for put, wording, lift in (
            (
                lambda: session.review.hold(first, "court"),
                "purge_held",
                lambda: session.review.release(first),
            ),
            (
                lambda: session.review.open_dispute([first], who="x"),
                "purge_disputed",
                lambda: session.review.close_dispute(first, "done"),
            ),
        ):
            put()
            count = session.chain()[0]
            with pytest.raises(NotAllowed) as caught:
                session.purging.purge(first)
            assert caught.value.wording == session.purging.why_not(first) == wording
            assert session.chain()[0] == count
            assert session.casebook.stage(first) is Stage.KEPT
            lift()
        session.purging.purge(first)
        with pytest.raises(NotAllowed) as caught:
            session.purging.purge(first)
        assert caught.value.wording == session.purging.why_not(first) == "case_purged"


def test_the_clock_runs_from_the_receipt_and_purges_nothing(home: Path, first: BizId) -> None:
    with opened(home) as session:
        assert session.purging.days == 180
        clock = session.purging.clock(first)
        assert clock is not None
        received, ends = clock
        assert ends - received == timedelta(days=180)
        assert session.purging.due(ends - timedelta(hours=1)) == ()
        assert first in {one.biz_id for one in session.purging.due(ends)}
        due = session.purging.due(ends + timedelta(hours=1))
        assert len(due) == 6
        assert {one.biz_id for one in due if one.decided} == {first}
        session.review.hold(first, "court")
        held = {one.biz_id: one.refused for one in session.purging.due(ends + timedelta(hours=1))}
        assert held[first] == "purge_held"
        assert len([wording for wording in held.values() if wording is None]) == 5
        assert "purged" not in acts(session.entries())
        session.purging.days = 0
        assert session.purging.due(datetime.now(UTC) + timedelta(days=10_000)) == ()


def test_earlier_copies_are_named(home: Path, first: BizId, tmp_path: Path) -> None:
    with opened(home) as session:
        session.back_up(tmp_path / "earlier.backup")
        copies = session.purging.copies(first)
        assert [(copy.kind, copy.to) for copy in copies] == [
            ("export", "a court"),
            ("backup", "earlier.backup"),
        ]
        stone = session.purging.purge(first).tombstone
        assert stone is not None
        assert (*stone.exports, *stone.backups) == tuple(copy.entry for copy in copies)
        session.back_up(tmp_path / "later.backup")


def test_a_purged_case_is_never_asked_for_nor_filled_again(
    home: Path, vendor: Simulator, first: BizId
) -> None:
    with opened(home) as session:
        body = session.casebook.open(first).answer
        assert body is not None
        session.purging.purge(first)
        asked = vendor.count(first)
        told = fetched(session, first)[first]
        assert told.stage is Stage.PURGED
        assert told.error is not None
        assert told.error.wording == "already_purged"
        assert fetched(session, first, again="please")[first].stage is Stage.PURGED
        assert vendor.count(first) == asked
        assert bring(session, body.body) is Kind.PURGED
        picture = home.parent / "again.jpg"
        picture.write_bytes(session.casebook.open(vendor.ids[1]).photographs[0].data)
        with pytest.raises(NotAllowed):
            session.add_reference(first, picture)
        assert session.vault.ledger.records(first) == ()


def test_a_full_disk_in_the_middle_of_a_purge_changes_nothing(
    home: Path, first: BizId, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(home) as session:
        before = statement.state(session.casebook.unmasked(first))

        def full(*_: Any) -> None:
            raise VaultClosed("vault_full")

        with monkeypatch.context() as patch:
            patch.setattr(type(session.vault._database), "owe_sweep", full)
            with pytest.raises(ReviewError):
                session.purging.purge(first)
        assert statement.state(session.casebook.unmasked(first)) == before
        assert (session.casebook.row(first) or {})["stage"] == Stage.KEPT
        assert session.audit().intact


# ---- an older backup comes back


def test_restoring_an_older_backup_offers_to_purge_again(home: Path, first: BizId, tmp_path: Path) -> None:
    with opened(home) as session:
        session.back_up(tmp_path / "older.backup")
        session.purging.purge(first)
        session.purging.finish()
    again = tmp_path / "again"
    with Session.restore(again, tmp_path / "older.backup", PASSPHRASE, keyring=False, since=home) as restored:
        assert restored.casebook.stage(first) is Stage.KEPT, "the older backup still holds it"
        (due,) = restored.purging.due(datetime.now(UTC))
        assert (due.biz_id, due.again) == (first, True)
    with opened(again) as restored:
        # It is still offered on another day.
        (due,) = restored.purging.due(datetime.now(UTC))
        restored.purging.purge(due.biz_id)
        restored.purging.finish()
        assert restored.purging.due(datetime.now(UTC)) == ()
        assert restored.casebook.stage(first) is Stage.PURGED
        assert restored.audit().intact


# ---- the command line


@pytest.fixture
def run(home: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Any:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)

    def command(*words: str, code: int = 0, lang: str = "en", where: Path = home) -> str:
        flags = ["--home", str(where), "--lang", lang, "--passphrase-file", str(secret)]
        assert main([*flags, *words], lambda _: 0) == code
        out, err = capsysbinary.readouterr()
        return (out + err).decode()

    return command


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_purge_backup_and_restore_as_commands(
    run: Any, home: Path, first: BizId, tmp_path: Path, lang: str
) -> None:
    file = tmp_path / "a.backup"
    made = json.loads(run("backup", "--to", str(file), "--json"))
    assert made["cases"] == 6
    assert "backup_exists" not in run("backup", "--to", str(file), code=1, lang=lang)
    assert ("180" in run("purge", "--due", lang=lang)) is True
    assert first[:10] not in run("purge", first, code=2, lang=lang), "nobody confirmed it"
    run("hold", first, "--reason", "court")
    run("purge", first, "--yes", code=2, lang=lang)
    run("hold", first, "--reason", "over", "--release")
    said = run("purge", first, "--yes", "--reason", "erasure", lang=lang)
    assert "a.backup" in said
    assert "a court" in said
    assert json.loads(run("show", first, "--json"))["stage"] == "purged"
    assert "张三" not in run("show", first, lang=lang)
    run("audit", "--verify")
    said = run("restore", str(file), where=tmp_path / "b", lang=lang)
    assert "--since" in said
    said = run("restore", str(file), "--since", str(home), "--yes", where=tmp_path / "c", lang=lang)
    assert str(first) in said
    assert json.loads(run("show", first, "--json", where=tmp_path / "c"))["stage"] == "purged"
    run("audit", "--verify", where=tmp_path / "c")
    run("restore", str(file), where=tmp_path / "c", code=6, lang=lang)


# ---- the sweep


@pytest.mark.parametrize("seed", [0, 3])
def test_the_sweep_takes_what_secure_delete_leaves_in_free_room(tmp_path: Path, seed: int) -> None:
    """Of some 3,700 deleted rows about one leaves a copy in the free room of a page that was rebuilt."""
    chance, deleted = random.Random(seed), list[bytes]()
    keys: list[tuple[bytes, bytes]] = []
    heads: dict[bytes, bytes] = {}
    database = Database.make(tmp_path / "vault.db", b"0" * 16)
    with database.transaction():
        for _ in range(6000):
            what = chance.random()
            if what < 0.5 or not keys:
                keys.append((chance.randbytes(16), chance.randbytes(60)))
                database.execute("INSERT INTO record_key VALUES (?, ?)", *keys[-1])
            elif what < 0.8:
                record, wrapped = keys.pop(chance.randrange(len(keys)))
                database.execute("DELETE FROM record_key WHERE record = ?", record)
                deleted.append(wrapped)
            else:
                place = chance.randbytes(1)
                if place in heads:
                    deleted += [heads[place][:60], heads[place][-60:]]
                heads[place] = chance.randbytes(chance.choice([80, 200, 700, 1500, 3900, 9000]))
                database.execute("INSERT OR REPLACE INTO head VALUES (?, ?)", place, heads[place])
        database.owe_sweep()
    database.sweep()
    assert not database.sweep_owed
    assert set(database.all("SELECT * FROM record_key")) == set(keys)
    assert dict(database.all("SELECT * FROM head")) == heads
    data = b"".join((tmp_path / lying).read_bytes() for lying in ("vault.db", "vault.db-journal"))
    there = {data[at : at + 24] for at in range(len(data))}
    assert not [one for one in deleted if one[:24] in there or one[-24:] in there]
    assert all(wrapped[:24] in there for _, wrapped in keys)
    database.close()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_purged_case_can_still_be_shown_and_printed(
    home: Path, first: BizId, tmp_path: Path, lang: str
) -> None:
    with opened(home) as session:
        before = session.casebook.unmasked(first)
        session.purging.purge(first, "asked for by the customer")
        case = session.casebook.open(first)
        text = telling.case(case, words(lang))
        assert "asked for by the customer" in text
        assert before.photographs[0].sha256 in text
        done = session.export(case, tmp_path / "left.pdf", lang)
        assert done.path.read_bytes().startswith(b"%PDF")

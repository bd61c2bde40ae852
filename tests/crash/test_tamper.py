"""Whoever changes vault.db is found out: the short form of `python -m tests.crash.tamper`, and the cases it cannot draw.

Found means: it does not open and says why, or `audit --verify` says so, or everything still reads back as it was. Never
a traceback, never a crash, never another value in silence.
"""

import gc
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from faceid_review.errors import Damaged, ReviewError, VaultClosed
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.i18n import words
from faceid_review.review import telling
from faceid_review.review.accounts import Account
from faceid_review.review.case import Stage
from faceid_review.session import Session
from faceid_review.vault.database import Database
from tests.crash import tamper
from tests.crash.tamper import PASSPHRASE, Built, Onlooker, Outcome

FLIPS = 60
OPERATIONS = 60

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(autouse=True)
def swept() -> Iterator[None]:
    """What failing openings leave open is closed before the next test begins."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def vault() -> Iterator[Built]:
    with tamper.built() as made:
        yield made


@pytest.fixture(scope="module")
def onlooker(vault: Built) -> Iterator[Onlooker]:
    """One process that looks at what every test below has done."""
    looking = Onlooker(vault)
    yield looking
    looking.close()


@pytest.fixture
def home(vault: Built, tmp_path: Path) -> Path:
    """The same vault in a folder of its own, for what is opened here."""
    (tmp_path / "vault").mkdir(mode=0o700)
    shutil.copyfile(vault.pristine, tmp_path / "vault" / "vault.db")
    return tmp_path / "vault"


def test_a_vault_that_nobody_touched_is_whole(vault: Built, onlooker: Onlooker) -> None:
    """The measure itself: what is built holds what the other tests need, and nothing is found where nothing is."""
    truth = json.loads(vault.truth.read_text())
    stages = [case["stage"] for case in truth["cases"]]
    assert len(truth["bodies"]) >= 30
    assert {"kept", "refused", "partial", "unknown"} <= set(stages)
    with closing(sqlite3.connect(vault.pristine)) as base:
        assert base.execute("SELECT max(part) FROM body").fetchone()[0] >= 2, "no answer of several parts"
    assert onlooker.look() == Outcome("whole")


def test_a_flipped_byte_is_found_or_changes_nothing(vault: Built) -> None:
    tally = tamper.flips(vault, FLIPS, seed=7)
    assert tally.kinds.total() == FLIPS
    assert tally.kinds["broken"] > 0
    assert not tally.bad, "\n".join(tally.bad)


def test_rows_deleted_swapped_replayed_and_restored_are_found(vault: Built) -> None:
    tally = tamper.operations(vault, OPERATIONS, seed=7)
    assert tally.kinds.total() == OPERATIONS
    assert tally.kinds["broken"] > 0
    assert not tally.bad, "\n".join(tally.bad)


def meddled(vault: Built, onlooker: Onlooker, *statements: str) -> Outcome:
    """What another process finds after these."""
    shutil.copyfile(vault.pristine, vault.home / "vault.db")
    meddle(vault.home, *statements)
    try:
        return onlooker.look()
    finally:
        shutil.copyfile(vault.pristine, vault.home / "vault.db")


def meddle(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / "vault.db")) as base, base:
        for statement in statements:
            base.execute(statement)


# ---- what a draw of a thousand may miss, and what each would mean


FOUND = {
    "the last entry cut off": ["DELETE FROM entry WHERE number = (SELECT max(number) FROM entry)"],
    "the last ten cut off, and the tip": ["DELETE FROM entry WHERE number > (SELECT max(number) FROM entry) - 10", "DELETE FROM tip"],
    "the tip": ["DELETE FROM tip"],
    "every entry": ["DELETE FROM entry"],
    "every entry but the first": ["DELETE FROM entry WHERE number > 1"],
    "a number that is far ahead": ["UPDATE entry SET number = 9223372036854775807 WHERE number = (SELECT max(number) FROM entry)"],
    "a number below nothing": ["UPDATE entry SET number = -9223372036854775808 WHERE number = 1"],
    "a part of a body": ["DELETE FROM body WHERE part = 1"],
    "the last part of a body": ["DELETE FROM body WHERE part = 2"],
    "a part number that is far ahead": ["UPDATE body SET part = 1000000000000 WHERE part = 2"],
    "a body of nobody": ["INSERT INTO body SELECT zeroblob(16), part, sealed FROM body LIMIT 1"],
    "text for bytes, in entries": ["UPDATE entry SET sealed = 'text' WHERE number = 5"],
    "text for bytes, in links": ["UPDATE entry SET link = 'text' WHERE number = 5"],
    "text for bytes, in the last link": ["UPDATE entry SET link = 'text' WHERE number = (SELECT max(number) FROM entry)"],
    "text for bytes, in keys": ["UPDATE record_key SET wrapped = 'text'"],
    "text for bytes, in bodies": ["UPDATE body SET sealed = 'text'"],
    "text for bytes, in the tip": ["UPDATE tip SET sealed = 'text'"],
    "text for bytes, in the slot": ["UPDATE slot SET wrapped = 'text'"],
    "a number for bytes, in the slot's facts": ["UPDATE slot SET facts = 5"],
    "a list for the slot's facts": ["UPDATE slot SET facts = '[]'"],
    "facts without salt": ["UPDATE slot SET facts = '{}'"],
    "facts that are no JSON": ["UPDATE slot SET facts = '{'"],
    "facts with a negative cost": ["UPDATE slot SET facts = json_set(facts, '$.iterations', -1)"],
    "facts with a cost in words": ["UPDATE slot SET facts = json_set(facts, '$.iterations', 'three')"],
    "a vault id of two bytes": ["UPDATE vault SET id = x'0000'"],
    "a vault id in words": ["UPDATE vault SET id = 'name'"],
    "a version in words": ["UPDATE vault SET version = 'one'"],
    "a version ahead": ["UPDATE vault SET version = 99"],
    "no vault row": ["DELETE FROM vault"],
    "no slot": ["DELETE FROM slot"],
    "no table of entries": ["DROP TABLE entry"],
    "no table of bodies": ["DROP TABLE body"],
    "no tip table": ["DROP TABLE tip"],
    "a trigger that eats entries": ["CREATE TRIGGER eats AFTER INSERT ON entry BEGIN DELETE FROM entry WHERE number = new.number; END"],
    "a view in place of a table": ["ALTER TABLE entry RENAME TO kept", "CREATE VIEW entry AS SELECT * FROM kept WHERE number < 20"],
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_found_at_opening_or_by_verify(vault: Built, onlooker: Onlooker, name: str) -> None:
    outcome = meddled(vault, onlooker, *FOUND[name])
    assert outcome.kind in ("closed", "broken"), outcome


REPAIRED = {
    "every head": ["DELETE FROM head"],
    "the heads and their mark": ["DELETE FROM head", "DELETE FROM mark"],
    "the mark": ["DELETE FROM mark"],
    "a mark far ahead": ["UPDATE mark SET value = 1000000"],
    "a mark in words": ["UPDATE mark SET value = 'x'"],
    "a mark below nothing": ["UPDATE mark SET value = -5"],
    "text for bytes, in heads": ["UPDATE head SET sealed = 'text'"],
    "heads of nobody": ["INSERT INTO head SELECT zeroblob(16), sealed FROM head LIMIT 1"],
    "head names in words": ["UPDATE head SET subject = 'name' WHERE rowid = (SELECT min(rowid) FROM head)"],
}


@pytest.mark.parametrize("name", REPAIRED)
def test_what_is_derived_is_made_anew_or_its_loss_is_found(
    vault: Built, onlooker: Onlooker, name: str
) -> None:
    """Not one case may be gone from the list, or told otherwise, while verify is content."""
    outcome = meddled(vault, onlooker, *REPAIRED[name])
    assert outcome.kind in ("whole", "closed", "broken"), outcome


def test_a_case_set_back_to_queued_is_not_asked_again(vault: Built, home: Path) -> None:
    """An older head says `queued` of an id whose answer is kept: asked once more, its call would be spent for nothing."""
    truth = {case["biz_id"]: case["stage"] for case in json.loads(vault.truth.read_text())["cases"]}
    with closing(sqlite3.connect(home / "vault.db")) as base:
        base.execute("ATTACH ? AS earlier", (str(vault.earlier[2]),))
        base.execute("INSERT OR REPLACE INTO head SELECT * FROM earlier.head")
        base.commit()
    try:
        with Session.open(home, PASSPHRASE, keyring=False) as session:
            told = {str(row["biz_id"]): row["stage"] for row in session.casebook.rows()}
            found = not session.audit().intact
    except Damaged:
        return
    set_back = [i for i in truth if told[i] != truth[i]]
    assert found or not set_back
    assert not [i for i in set_back if Stage(told[i]).free_to_ask], (
        "it would be asked again before anybody audits"
    )


@pytest.mark.parametrize("without", ["body_hash IS NULL", "number % 2 = 0", "number > 40"])
def test_an_index_that_lies_is_found(vault: Built, onlooker: Onlooker, without: str) -> None:
    """The index by which a case's entries are found lacks some: the chain is whole, and the case lacks its answer."""
    shutil.copyfile(vault.pristine, vault.home / "vault.db")
    with closing(sqlite3.connect(vault.home / "vault.db")) as base, base:
        base.execute("PRAGMA writable_schema=ON")
        # A partial index under the same name, filled so, then declared to be complete.
        base.execute("DROP INDEX entry_subject")
        base.execute(f"CREATE INDEX entry_subject ON entry(subject) WHERE {without}")
        base.execute(
            "UPDATE sqlite_master SET sql = 'CREATE INDEX entry_subject ON entry(subject)' WHERE name = 'entry_subject'"
        )
        base.execute("DELETE FROM head")
        base.execute("DELETE FROM mark")
    try:
        outcome = onlooker.look()
    finally:
        shutil.copyfile(vault.pristine, vault.home / "vault.db")
    assert outcome.kind in ("closed", "broken", "whole"), outcome


COSTS = {
    "memory": "'$.memory_kib', 1073741824",
    "time": "'$.iterations', 4294967295",
    "lanes": "'$.lanes', 16777215",
}
GREEDY = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (8, 8))
from faceid_review.errors import ReviewError
from faceid_review.vault.vault import Vault
try:
    Vault.open(Path(sys.argv[1]), sys.argv[2], keyring=False)
except ReviewError as error:
    print("told", error.wording)
"""


def test_a_damaged_schema_is_told_in_words(home: Path, tmp_path: Path) -> None:
    """SQLite quotes the damaged words in its message; where they are no text Python raises something else."""
    whole, told = (home / "vault.db").read_bytes()[:8192], 0
    for at in range(0, 4096, 4):
        (tmp_path / "x.db").write_bytes(whole[:at] + bytes([whole[at] ^ 0x80]) + whole[at + 1 :])
        try:
            database = Database(tmp_path / "x.db")
        except ReviewError:
            told += 1
            continue
        try:
            database.identity()
        except ReviewError:
            told += 1
        finally:
            database.close()
    assert told > 100


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits on Windows")
@pytest.mark.parametrize("cost", COSTS)
def test_a_slot_that_demands_everything_is_refused_in_words(home: Path, cost: str) -> None:
    """The facts of the slot lie in clear, and are read before any key: they may not decide over the machine."""
    meddle(home, f"UPDATE slot SET facts = json_set(facts, {COSTS[cost]})")
    command = [sys.executable, "-c", GREEDY, str(home), PASSPHRASE]
    done = subprocess.run(command, capture_output=True, cwd=tamper.ROOT, timeout=120)
    assert done.stdout.startswith(b"told"), (done.returncode, done.stderr.decode()[-300:])


def test_an_opening_that_failed_lets_go_of_the_vault(home: Path) -> None:
    """The reason is told again at the next try, not `another process has it`."""
    meddle(home, "UPDATE entry SET sealed = zeroblob(100) WHERE number = 2")
    told = []
    for _ in range(2):
        with pytest.raises(ReviewError) as caught:
            Session.open(home, PASSPHRASE, keyring=False)
        told.append(caught)
    assert [one.value.wording for one in told] == [told[0].value.wording] * 2


def test_a_verify_that_fails_is_told_by_the_command_line(home: Path) -> None:
    passphrase = home.parent / "passphrase"
    passphrase.write_text(PASSPHRASE + "\n")
    meddle(home, "UPDATE body SET sealed = zeroblob(1000) WHERE rowid = 3")
    flags = ["--home", str(home), "--lang", "en", "--passphrase-file", str(passphrase)]
    done = subprocess.run(
        [sys.executable, "-m", "faceid_review", *flags, "audit", "--verify"],
        capture_output=True,
        cwd=tamper.ROOT,
        timeout=60,
    )
    assert done.returncode == 7
    assert b"Traceback" not in done.stderr


# ---- the whole vault of yesterday


class Yesterday:
    """A vault with a snapshot of its file, two answers later; and what count and head were at both times."""

    def __init__(self, folder: Path, simulator: Simulator, *, keyring: bool) -> None:
        self.home, self.simulator, self.keyring = folder / "vault", simulator, keyring
        self.passphrase = folder / "passphrase"
        self.passphrase.write_text(PASSPHRASE + "\n")
        self.pdf = folder / "later.pdf"
        with Session.make(self.home, "Lin Yue", PASSPHRASE, keyring=keyring) as session:
            session.accounts.add(
                Account("practice", simulator.base_url, simulator.api_key), simulator.api_secret
            )
            self.fetch(session, simulator.ids[0])
            self.early = session.chain()
        shutil.copyfile(self.home / "vault.db", folder / "yesterday.db")
        self.copy = folder / "yesterday.db"
        with self.open() as session:
            self.fetch(session, simulator.ids[1])
            session.export(session.casebook.open(simulator.ids[1]), self.pdf, "en")
            self.late = session.chain()

    def fetch(self, session: Session, biz_id: str) -> None:
        session.queue.ask([BizId(biz_id)])
        session.queue.wait()
        assert session.casebook.stage(biz_id) is Stage.KEPT

    def open(self) -> Session:
        return Session.open(self.home, None if self.keyring else PASSPHRASE, keyring=self.keyring)

    def restore(self) -> None:
        shutil.copyfile(self.copy, self.home / "vault.db")

    def run(self, *arguments: str, code: int) -> str:
        flags = ["--home", str(self.home), "--lang", "en"]
        flags += [] if self.keyring else ["--passphrase-file", str(self.passphrase)]
        command = [sys.executable, "-m", "faceid_review", *flags, *arguments]
        done = subprocess.run(command, capture_output=True, cwd=tamper.ROOT, timeout=60)
        said = done.stdout.decode() + done.stderr.decode()
        assert done.returncode == code, said
        assert "Traceback" not in said
        return said


def test_audit_against_a_head_finds_an_older_copy(tmp_path: Path, simulator: Simulator) -> None:
    kept = Yesterday(tmp_path, simulator, keyring=False)
    for count, head in (kept.early, kept.late):
        kept.run("audit", "--against", f"{count}:{head}", code=0)
    kept.run("audit", "--against", str(kept.pdf), code=0)
    kept.restore()
    kept.run("audit", "--verify", code=0)
    kept.run("audit", "--against", f"{kept.early[0]}:{kept.early[1]}", code=0)
    kept.run("audit", "--against", f"{kept.late[0]}:{kept.late[1]}", code=7)
    kept.run("audit", "--against", str(kept.pdf), code=7)
    # Another history of the same length: what was fetched after the copy is not what was fetched before.
    with kept.open() as session:
        while session.chain()[0] <= kept.late[0]:
            session.vault.ledger.append("opened")
    kept.run("audit", "--verify", code=0)
    kept.run("audit", "--against", f"{kept.late[0]}:{kept.late[1]}", code=7)
    kept.run("audit", "--against", str(kept.pdf), code=7)


@pytest.mark.parametrize(
    "text", ["", "5", "5:", "x:y", "5:" + "g" * 64, "nowhere.pdf", "-1:" + "0" * 64, "0:" + "0" * 63]
)
def test_audit_against_what_is_no_head_is_usage(tmp_path: Path, simulator: Simulator, text: str) -> None:
    home, passphrase = tmp_path / "vault", tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE)
    Session.make(home, "Lin Yue", PASSPHRASE, keyring=False).close()
    flags = ["--home", str(home), "--passphrase-file", str(passphrase), "--lang", "en"]
    done = subprocess.run(
        [sys.executable, "-m", "faceid_review", *flags, "audit", f"--against={text}"],
        capture_output=True,
        cwd=tamper.ROOT,
        timeout=60,
    )
    assert done.returncode == 2, done.stderr.decode()
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("witness", [f"0:{'0' * 64}", f"999999:{'0' * 64}", f"1:{'0' * 64}"])
def test_audit_against_a_head_that_never_was(tmp_path: Path, witness: str) -> None:
    """Of an empty ledger everybody knows the head: it proves nothing, and is not agreed with in silence."""
    with Session.make(tmp_path / "vault", "Lin Yue", PASSPHRASE, keyring=False) as session:
        count, _, head = witness.partition(":")
        assert not session.agrees(int(count), head)


def told_at_opening(session: Session) -> list[str]:
    return [telling.sentence(warning, words("en")) for warning in session.warnings]


@pytest.mark.keyring
def test_with_a_keyring_the_opening_of_an_older_copy_says_so(
    tmp_path: Path, secret_service: str, simulator: Simulator
) -> None:
    kept = Yesterday(tmp_path, simulator, keyring=True)
    with kept.open() as session:
        assert told_at_opening(session) == []
        late = session.chain()
    kept.restore()
    said = kept.run("list", code=0)
    assert str(late[0]) in said, "the count that was remembered is not told"
    with kept.open() as session:
        assert "older_vault" in [entry.act for entry in session.entries()], "it is told once and kept nowhere"
        assert session.audit().intact


@pytest.mark.keyring
def test_with_a_keyring_another_history_of_the_same_length_is_told(
    tmp_path: Path, secret_service: str, simulator: Simulator
) -> None:
    """Set back, and filled up by the passphrase until it is as long as before: the head differs."""
    kept = Yesterday(tmp_path, simulator, keyring=True)
    kept.restore()
    with Session.open(kept.home, PASSPHRASE, keyring=False) as session:
        while session.chain()[0] <= kept.late[0] + 5:
            session.vault.ledger.append("opened")
    with kept.open() as session:
        assert told_at_opening(session)


@pytest.mark.keyring
def test_with_a_keyring_nothing_is_told_without_reason(
    tmp_path: Path, secret_service: str, simulator: Simulator
) -> None:
    """Neither after a kill, which leaves the keyring behind the vault, nor after work by passphrase alone."""
    kept = Yesterday(tmp_path, simulator, keyring=True)
    simulator.behave(simulator.ids[2], Behaviour.stall(20_000))
    command = [sys.executable, "-m", "faceid_review", "--home", str(kept.home), "fetch", simulator.ids[2]]
    with subprocess.Popen(command, cwd=tamper.ROOT, stdout=subprocess.DEVNULL) as fetching:
        assert simulator.wait_until_held(1, timeout=60)
        os.kill(fetching.pid, signal.SIGKILL)
    with kept.open() as session:
        assert told_at_opening(session) == []
    with Session.open(kept.home, PASSPHRASE, keyring=False) as session:
        session.vault.ledger.append("opened")
    with kept.open() as session:
        assert told_at_opening(session) == []


@pytest.mark.keyring
def test_with_a_keyring_a_lost_recovery_slot_is_found(
    tmp_path: Path, secret_service: str, simulator: Simulator
) -> None:
    """The keyring opens it still; the day the keyring is gone, so is the evidence."""
    with Session.make(tmp_path / "vault", "Lin Yue", PASSPHRASE, keyring=True):
        pass
    meddle(tmp_path / "vault", "DELETE FROM slot WHERE kind = 'passphrase'")
    try:
        with Session.open(tmp_path / "vault") as session:
            assert told_at_opening(session) or not session.audit().intact
    except VaultClosed:
        pass


@pytest.mark.keyring
@pytest.mark.parametrize("spoilt", ["garbage", " ", "²:00"])
def test_a_remembered_tip_that_is_spoilt_keeps_no_vault_shut(
    tmp_path: Path, secret_service: str, spoilt: str
) -> None:
    with Session.make(tmp_path / "vault", "Lin Yue", PASSPHRASE, keyring=True) as session:
        keychain = session.vault.keychain
        assert keychain.get("tip") is None
    assert keychain.get("tip")
    keychain.put("tip", spoilt)
    with Session.open(tmp_path / "vault") as session:
        assert session.audit().intact

"""A process that is really killed while it purges, sweeps or backs up: one case is gone whole, or it is there whole.

The child is a program of its own; what it had said before it died must hold. After its death the vault is opened, and
either every byte of the case is readable or not one of it is on the disk any more.
"""

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from faceid_review.faceid.simulator import Simulator
from faceid_review.review.accounts import Account
from faceid_review.review.case import Stage
from faceid_review.session import Session
from tests.contract.test_purging import needles, still_there
from tests.integration.test_asking import fetched

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")

PASSPHRASE = "a passphrase of ours"

CHILD = r"""
import os, signal, sys, threading
from pathlib import Path
from faceid_review.session import Session
from faceid_review.vault.database import Database
from faceid_review.vault.forgotten import Forgotten
from faceid_review.vault.heads import Heads

home, passphrase, step, nth, seconds, what, to = sys.argv[1:]
reached, working = 0, False

def at(name):
    global reached
    if working and name == step:
        reached += 1
        if reached == int(nth):
            os.kill(os.getpid(), signal.SIGKILL)

def wrapped(kind, name, said):
    plain = getattr(kind, name)
    def around(*arguments, **named):
        at("before " + said)
        result = plain(*arguments, **named)
        at("after " + said)
        return result
    setattr(kind, name, around)

plain_execute = Database.execute
def execute(self, statement, *values):
    plain_execute(self, statement, *values)
    at("after " + " ".join(statement.split()[:3]))
Database.execute = execute
wrapped(Heads, "put", "the heads")
wrapped(Forgotten, "add", "the list")
wrapped(Database, "_blank_journal", "the journal")
wrapped(Database, "copy_to", "the copy")

with Session.open(Path(home), passphrase, keyring=False) as session:
    session.vault._database._connection.set_trace_callback(lambda text: at("before COMMIT") if text == "COMMIT" else None)
    if float(seconds):
        moment = threading.Timer(float(seconds), os.kill, (os.getpid(), signal.SIGKILL))
        moment.daemon = True
        moment.start()
    working = True
    if what == "backup":
        session.back_up(Path(to))
        os.write(1, b"backed up\n")
    else:
        session.purging.purge(what)
        os.write(1, b"purged\n")
        session.purging.finish()
        os.write(1, b"swept\n")
os.write(1, b"done\n")
"""

STEPS = [
    ("after INSERT INTO entry", 1), ("after DELETE FROM record_key", 1), ("after DELETE FROM body", 2),
    ("after INSERT OR REPLACE", 2), ("before the heads", 1), ("after the heads", 1), ("before COMMIT", 1),
    ("before the list", 1), ("after the list", 1), ("after DELETE FROM record_key", 4), ("after DELETE FROM head", 1),
    ("before COMMIT", 2), ("before the journal", 1), ("after the journal", 1), ("after DELETE FROM mark", 1),
]  # fmt: skip
RANDOM = 4


@pytest.fixture(scope="module")
def vendor() -> Iterator[Simulator]:
    with Simulator(ids=3, seed="purge-kill") as running:
        yield running


@pytest.fixture(scope="module")
def template(vendor: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("template") / "vault"
    with Session.make(home, "Lin Yue", PASSPHRASE, keyring=False) as session:
        session.accounts.add(Account("practice", vendor.base_url, vendor.api_key), vendor.api_secret)
        fetched(session, *vendor.ids)
        session.review.note(vendor.ids[0], "a note")
        session.review.note(vendor.ids[0], "another note")
    (home / "spool" / "reserve").unlink(missing_ok=True)
    return home


def killed(home: Path, what: str, step: str = "", nth: int = 1, seconds: float = 0.0) -> list[str]:
    """Run the child until it is killed, or done; what it had said."""
    to = str(home.parent / "a.backup")
    command = [sys.executable, "-c", CHILD, str(home), PASSPHRASE, step, str(nth), str(seconds), what, to]
    done = subprocess.run(command, capture_output=True, cwd=Path(__file__).parents[2], timeout=120)
    assert not done.stderr, done.stderr.decode()
    said = done.stdout.decode().split("\n")[:-1]
    assert (done.returncode == -9) != ("done" in said)
    return said


def whole_or_gone(home: Path, vendor: Simulator, wanted: list[bytes], said: list[str]) -> Stage | None:
    with Session.open(home, PASSPHRASE, keyring=False) as session:
        assert session.audit().intact
        case = session.casebook.open(vendor.ids[0], record=False)
        if case.stage is Stage.PURGED:
            assert case.answer is None
            assert session.vault.ledger.records(vendor.ids[0]) == ()
            assert not session.vault.sweep_owed
            assert session.vault.pseudonym(vendor.ids[0]) in session.vault.forgotten.names()
            assert still_there(home, wanted) == []
        else:
            assert not said
            assert case.answer is not None
            assert case.answer.sha256 == vendor.sha256_of_body(vendor.ids[0])
            assert [note.text for note in case.work.notes] == ["a note", "another note"]
        assert (session.casebook.row(vendor.ids[0]) or {})["stage"] == case.stage
        for other in vendor.ids[1:]:
            answer = session.casebook.open(other, record=False).answer
            assert answer is not None
            assert answer.sha256 == vendor.sha256_of_body(other)
        return case.stage


def wanted_in(home: Path, vendor: Simulator) -> list[bytes]:
    with Session.open(home, PASSPHRASE, keyring=False) as session:
        return needles(session, vendor.ids[0])


@pytest.mark.parametrize(("step", "nth"), STEPS, ids=[f"{step} {nth}" for step, nth in STEPS])
def test_killed_at_a_step_of_a_purge(
    template: Path, tmp_path: Path, vendor: Simulator, step: str, nth: int
) -> None:
    home = copytree(template, tmp_path / "vault")
    wanted = wanted_in(home, vendor)
    said = killed(home, vendor.ids[0], step, nth)
    assert "done" not in said, "the step was never reached"
    stage = whole_or_gone(home, vendor, wanted, said)
    assert stage is (Stage.PURGED if said else Stage.KEPT)


@pytest.mark.parametrize("seed", range(RANDOM))
def test_killed_at_a_random_moment_of_a_purge(
    template: Path, tmp_path: Path, vendor: Simulator, seed: int
) -> None:
    home = copytree(template, tmp_path / "vault")
    wanted = wanted_in(home, vendor)
    said = killed(home, vendor.ids[0], seconds=random.Random(seed).uniform(0.001, 0.1))
    whole_or_gone(home, vendor, wanted, said)


@pytest.mark.parametrize(
    ("step", "nth"), [("after the copy", 1), ("after INSERT INTO entry", 1), ("before COMMIT", 1)]
)
def test_killed_while_backing_up(
    template: Path, tmp_path: Path, vendor: Simulator, step: str, nth: int
) -> None:
    """There is no half backup under the name, and the copies that were left in the folder go with the next opening."""
    home = copytree(template, tmp_path / "vault")
    assert "done" not in killed(home, "backup", step, nth)
    assert not (tmp_path / "a.backup").exists()
    with Session.open(home, PASSPHRASE, keyring=False) as session:
        assert not list(home.glob("backup-*"))
        assert session.audit().intact
        made = session.back_up(tmp_path / "a.backup")
        assert made.count == session.chain()[0] - 1

"""An import that is really killed, before and after each step to the disk, and repeated: the same result as without."""

import json
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

from faceid_review.review.intake import Kind
from faceid_review.review.intake.keeping import BATCH
from faceid_review.session import Session
from tests.unit.test_result import SAMPLE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")

PASSPHRASE = "a passphrase of ours"
COUNT = 3 * BATCH + 5

CHILD = r"""
import os, signal, sys
from pathlib import Path
from faceid_review.session import Session
from faceid_review.vault.database import Database

home, source, passphrase, step, nth = sys.argv[1:]
plain, reached = Database.execute, 0

def at(name):
    global reached
    if name.startswith(step):
        reached += 1
        if reached == int(nth):
            os.kill(os.getpid(), signal.SIGKILL)

def execute(database, statement, *values):
    at("before " + statement)
    plain(database, statement, *values)
    at("after " + statement)

with Session.open(Path(home), passphrase, keyring=False) as session:
    take_in = session.casebook.take_in

    def watched(batch):
        take_in(batch)
        at("after a batch")

    session.casebook.take_in = watched
    Database.execute = execute
    session.vault._database._connection.set_trace_callback(lambda text: at("COMMIT") if text == "COMMIT" else None)
    session.take_in([Path(source)])
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("in")
    for number in range(COUNT):
        said = {**SAMPLE, "biz_id": f"{number},an id", "biz_extra_data": "x" * 5000}
        (folder / f"{number:03d}").write_bytes(json.dumps(said).encode())
    return folder


def told(session: Session) -> list[tuple[str, str, str, int]]:
    """What a vault has: id, case number, hash, and how often."""
    acts = [e.subject for e in session.entries() if e.act == "imported"]
    return [(r["biz_id"], r["case"], r["sha256"], acts.count(r["biz_id"])) for r in session.casebook.rows()]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("empty") / "vault"
    Session.make(home, "Lin Yue", PASSPHRASE, keyring=False).close()
    return home


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, empty: Path, source: Path
) -> list[tuple[str, str, str, int]]:
    home = copytree(empty, tmp_path_factory.mktemp("vault") / "vault")
    with Session.open(home, PASSPHRASE, keyring=False) as session:
        session.take_in([source])
        return told(session)


@pytest.mark.parametrize(
    ("step", "nth", "batches"),
    [
        ("after INSERT INTO body", 1, 0),
        ("after INSERT INTO body", 3, 2),
        ("COMMIT", 2, 1),
        ("before INSERT OR REPLACE INTO head", 2, 1),
        ("after a batch", 3, 3),
    ],
)
def test_killed_and_repeated(
    step: str,
    nth: int,
    batches: int,
    tmp_path: Path,
    empty: Path,
    source: Path,
    undisturbed: list[tuple[str, str, str, int]],
) -> None:
    home = copytree(empty, tmp_path / "vault")
    child = subprocess.run([sys.executable, "-c", CHILD, str(home), str(source), PASSPHRASE, step, str(nth)])
    assert child.returncode == -9
    with Session.open(home, PASSPHRASE, keyring=False) as session:
        assert session.audit().intact
        assert told(session) == undisturbed[: batches * BATCH]
        again = session.take_in([source])
        assert again.counts[Kind.DUPLICATE] == batches * BATCH
        assert again.counts[Kind.NEW] == COUNT - batches * BATCH
        assert told(session) == undisturbed
        assert session.audit().intact

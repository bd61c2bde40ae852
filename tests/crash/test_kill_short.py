"""A process that asks, and is really killed: at random moments and after every step of the protocol.

The child is a program of its own; only there are functions of the package wrapped, so that it can kill itself
between two of their lines. What it says before it dies is its acknowledgement: nothing said may be lost.
"""

import gc
import hashlib
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest

from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.review.accounts import Account
from faceid_review.review.case import Stage
from faceid_review.session import Session

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")

PASSPHRASE = "a passphrase of ours"

CHILD = r"""
import hashlib, json, os, signal, sys, threading
from pathlib import Path
from faceid_review.faceid.biz_id import BizId
from faceid_review.review.casebook import Casebook
from faceid_review.session import Session
from faceid_review.vault.database import Database
from faceid_review.vault.frames import FrameWriter
from faceid_review.vault.heads import Heads
from faceid_review.vault.ledger import Ledger
from faceid_review.vault.spool import Slot, Spool

home, passphrase, step, nth, seconds, *ids = sys.argv[1:]
reached = 0

def at(name):
    global reached
    if name == step:
        reached += 1
        if reached == int(nth):
            os.kill(os.getpid(), signal.SIGKILL)

def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\n").encode())

def wrapped(kind, name, before=None, after=None):
    plain = getattr(kind, name)
    def around(self, *arguments, **named):
        if before: before(self, *arguments, **named)
        result = plain(self, *arguments, **named)
        if after: after(self, *arguments, **named)
        return result
    setattr(kind, name, around)

wrapped(Ledger, "append", lambda _, act, *a, **n: at("before " + act), lambda _, act, *a, **n: at("after " + act))
wrapped(FrameWriter, "__init__", lambda *_: at("before the room"), lambda *_: at("after the room"))
wrapped(Slot, "_remove", lambda _: at("before the spool's deletion"), lambda _: at("after the spool's deletion"))
wrapped(Spool, "prove", lambda _: at("before the proof"), lambda _: at("after the proof"))
wrapped(Heads, "put", lambda *_: at("before the heads"), lambda *_: at("after the heads"))
wrapped(Spool, "recover", None, lambda _: at("after the recovery"))
wrapped(Casebook, "queue", lambda *_: at("before queueing"), lambda *_: at("after queueing"))

plain_execute = Database.execute
def execute(self, statement, *values):
    if statement.startswith("INSERT INTO entry"): at("before the entry's row")
    plain_execute(self, statement, *values)
    if statement.startswith("INSERT INTO body"): at("after the body's row")
Database.execute = execute

plain_write = FrameWriter.write
def write(self, piece):
    kind = {b"H": "the head", b"B": "a piece", b"E": "the end"}.get(piece[:1])
    if kind is None:
        self.subject = json.loads(piece)["subject"]
        return plain_write(self, piece)
    at("before " + kind)
    plain_write(self, piece)
    if kind == "a piece":
        self.said = getattr(self, "said", b"") + piece[1:]
        say("piece", self.subject, len(self.said), hashlib.sha256(self.said).hexdigest())
    at("after " + kind)
FrameWriter.write = write

if float(seconds):
    moment = threading.Timer(float(seconds), os.kill, (os.getpid(), signal.SIGKILL))
    moment.daemon = True
    moment.start()
with Session.open(Path(home), passphrase, keyring=False) as session:
    at("open")
    def heard(told):
        if told.stage.value == "kept":
            say("kept", told.biz_id, session.casebook.row(told.biz_id)["sha256"])
    session.queue.listener = heard
    session.queue.ask([BizId(i) for i in ids])
    session.queue.wait()
say("done")
"""

IDS = 3
# The step, and which time it is reached. Of three ids, two under way together, the later times are in mid-batch.
STEPS = [
    ("open", 1), ("before the proof", 1), ("after the proof", 1), ("before queueing", 1), ("after queued", 2),
    ("after queueing", 1), ("before the room", 1), ("after the room", 2), ("before armed", 1), ("after armed", 1),
    ("after armed", 3), ("before sent", 2), ("after sent", 1), ("after sent", 3), ("before the head", 1),
    ("after the head", 2), ("before a piece", 1), ("after a piece", 1), ("after a piece", 4), ("before the end", 1),
    ("after the end", 1), ("before answer", 2), ("after the body's row", 1), ("after answer", 1), ("after answer", 3),
    ("before the spool's deletion", 2), ("after the spool's deletion", 2), ("before the heads", 2), ("after the heads", 2),
]  # fmt: skip
RANDOM = 11


@dataclass(frozen=True)
class Said:
    """What the child had said when it died: the digest of each kept answer, the last piece of each id."""

    kept: dict[str, str]
    pieces: dict[str, tuple[int, str]]
    done: bool


@pytest.fixture(scope="module")
def vendor() -> Iterator[Simulator]:
    with Simulator(ids=1, seed="kill") as running:
        yield running
        assert not running.mishaps


@pytest.fixture(scope="module")
def template(vendor: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("template") / "vault"
    with Session.make(home, "Lin Yue", PASSPHRASE, keyring=False) as session:
        session.accounts.add(Account("practice", vendor.base_url, vendor.api_key), vendor.api_secret)
    return home


@pytest.fixture
def home(template: Path) -> Iterator[Path]:
    """A vault of its own, thrown away at once: each has a reserve of 64 MB."""
    with tempfile.TemporaryDirectory(prefix="kill-") as folder:
        yield copytree(template, Path(folder) / "vault")


def killed(home: Path, ids: tuple[str, ...], step: str = "", nth: int = 1, seconds: float = 0.0) -> Said:
    """Run the child until it is killed, or done."""
    command = [sys.executable, "-c", CHILD, str(home), PASSPHRASE, step, str(nth), str(seconds), *ids]
    done = subprocess.run(command, capture_output=True, cwd=Path(__file__).parents[2], timeout=120)
    assert not done.stderr, done.stderr.decode()
    lines = [line.split(" ") for line in done.stdout.decode().splitlines()]
    assert (done.returncode == -9) != (["done"] in lines)
    return Said(
        kept={words[1]: words[2] for words in lines if words[0] == "kept"},
        pieces={words[1]: (int(words[2]), words[3]) for words in lines if words[0] == "piece"},
        done=["done"] in lines,
    )


def opened_anew(home: Path, vendor: Simulator, ids: tuple[str, ...], said: Said) -> None:
    """Open the vault after the child's death, and check every promise; then ask for all of them once more."""
    with Session.open(home, PASSPHRASE, keyring=False) as session:
        check(session, vendor, ids, said)
        session.queue.ask([BizId(i) for i in ids])
        session.queue.wait()
        check(session, vendor, ids, said)
        assert not {session.casebook.stage(i) for i in ids} & {None, Stage.QUEUED, Stage.NOT_SENT}


def check(session: Session, vendor: Simulator, ids: tuple[str, ...], said: Said) -> None:
    assert session.audit().intact
    assert [path.name for path in session.vault.spool.folder.iterdir() if path.name != "reserve"] == []
    counts = {i: vendor.count(i) for i in ids}
    assert max(counts.values()) <= 1, "asked twice without a person"
    rows = {str(row["biz_id"]): Stage(row["stage"]) for row in session.casebook.rows()}
    for biz_id in ids:
        stage = session.casebook.stage(biz_id)
        assert rows.get(biz_id) == stage
        if stage is None:
            assert counts[biz_id] == 0
            continue
        case = session.casebook.open(biz_id, record=False)
        acts = Counter(event.act for event in case.events)
        assert case.stage is stage is not Stage.ASKING
        assert acts["answer"] <= 1
        if counts[biz_id]:
            assert stage in (Stage.KEPT, Stage.PARTIAL, Stage.UNKNOWN)
        else:
            # A mark of sending without a request is the one mistake allowed, and on the safe side.
            assert stage in (Stage.QUEUED, Stage.NOT_SENT, Stage.UNKNOWN)
        if biz_id in said.kept:
            assert stage is Stage.KEPT
            assert case.answer is not None
            assert case.answer.sha256 == said.kept[biz_id] == vendor.sha256_of_body(biz_id)
        if biz_id in said.pieces:
            length, digest = said.pieces[biz_id]
            assert case.answer is not None
            assert hashlib.sha256(case.answer.body[:length]).hexdigest() == digest
            if stage is Stage.KEPT:
                assert case.answer.sha256 == vendor.sha256_of_body(biz_id)


@pytest.mark.parametrize(("step", "nth"), STEPS, ids=[f"{step} {nth}" for step, nth in STEPS])
def test_killed_at_a_step(home: Path, vendor: Simulator, step: str, nth: int) -> None:
    ids = vendor.fresh_ids(IDS)
    said = killed(home, ids, step, nth)
    assert not said.done, "the step was never reached"
    opened_anew(home, vendor, ids, said)


@pytest.mark.parametrize("seed", range(RANDOM))
def test_killed_at_a_random_moment(home: Path, vendor: Simulator, seed: int) -> None:
    """Within the second or so that the whole job takes; the seed names the moment, the machine its meaning."""
    ids = vendor.fresh_ids(IDS)
    said = killed(home, ids, seconds=random.Random(seed).uniform(0.15, 0.9))
    opened_anew(home, vendor, ids, said)


@pytest.mark.parametrize("with_length", [True, False], ids=["length", "no length"])
def test_killed_in_the_middle_of_a_body_that_stalls(home: Path, vendor: Simulator, with_length: bool) -> None:
    """Bytes that arrived are bytes that are kept, to the byte, and are called what they are."""
    (biz_id,) = vendor.fresh_ids(1)
    vendor.behave(biz_id, Behaviour.cut(after_bytes=50_001, with_length=with_length))
    said = killed(home, (biz_id,), "after the end")
    opened_anew(home, vendor, (biz_id,), said)
    with Session.open(home, PASSPHRASE, keyring=False) as session:
        case = session.casebook.open(biz_id)
    assert case.stage is Stage.PARTIAL
    assert case.answer is not None
    assert len(case.answer.body) == 50_001 == said.pieces[biz_id][0]


def test_killed_after_n_pieces_exactly_those_are_kept(home: Path, vendor: Simulator) -> None:
    (biz_id,) = vendor.fresh_ids(1)
    said = killed(home, (biz_id,), "after a piece", 2)
    opened_anew(home, vendor, (biz_id,), said)
    with Session.open(home, PASSPHRASE, keyring=False) as session:
        case = session.casebook.open(biz_id)
    assert case.answer is not None
    assert (len(case.answer.body), case.answer.sha256) == said.pieces[biz_id]
    assert case.answer.ended == "died"
    assert case.stage is Stage.PARTIAL


@pytest.mark.parametrize(
    "step", ["before answer", "after the body's row", "after answer", "after the recovery"]
)
def test_killed_again_while_recovering(home: Path, vendor: Simulator, step: str) -> None:
    """The recovery itself may die, and is done again to the same end."""
    ids = vendor.fresh_ids(IDS)
    first = killed(home, ids, "after the end", 1)
    second = killed(home, (), step, 1)
    assert not second.done
    opened_anew(home, vendor, ids, first)


def test_a_probe_that_was_left_behind_is_cleared(home: Path) -> None:
    (home / "spool").mkdir(exist_ok=True)
    (home / "spool" / f"probe-{os.urandom(6).hex()}").write_bytes(os.urandom(1000))
    with Session.open(home, PASSPHRASE, keyring=False) as session:
        session.vault.spool.prove()
        assert [path.name for path in session.vault.spool.folder.iterdir()] == ["reserve"]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("length", [8, 20, 27])
def test_a_spool_torn_in_its_first_bytes_keeps_no_vault_shut(home: Path, length: int) -> None:
    (home / "spool").mkdir(exist_ok=True)
    (home / "spool" / "00.spool").write_bytes((b"FRSPOOL1" + bytes(40))[:length])
    try:
        with Session.open(home, PASSPHRASE, keyring=False) as session:
            assert session.audit().intact
    finally:
        gc.collect()


def test_a_spool_that_cannot_be_read_is_told(home: Path, vendor: Simulator) -> None:
    (biz_id,) = vendor.fresh_ids(1)
    killed(home, (biz_id,), "after a piece", 1)
    (spool,) = (home / "spool").glob("*.spool")
    data = bytearray(spool.read_bytes())
    data[40] ^= 1
    spool.write_bytes(data)
    with Session.open(home, PASSPHRASE, keyring=False) as session:
        assert [entry.act for entry in session.entries()].count("spool_damaged") == 1
        assert session.casebook.stage(biz_id) is Stage.UNKNOWN
        (kept,) = (path for path in session.vault.spool.folder.iterdir() if path.name != "reserve")
        assert kept.read_bytes() == data

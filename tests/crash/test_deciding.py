"""A process killed while it decides: each decision is whole or it is not there, and none was ever changed."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from faceid_review.faceid.simulator import Simulator
from faceid_review.review.accounts import Account
from faceid_review.session import Session
from tests.integration.test_asking import fetched

PASSPHRASE = "a passphrase of ours"
DECIDES = """
import sys
from itertools import count
from pathlib import Path
from faceid_review.review.judging import Outcome, Step
from faceid_review.session import Session

home, biz_id = Path(sys.argv[1]), sys.argv[2]
with Session.open(home, sys.argv[3], keyring=False) as session:
    first = len(session.casebook.open(biz_id).work.decisions)
    for number in count(first):
        session.review.keep_draft(biz_id, {"note": f"note {number}"})
        outcome = (Outcome.OVERTURN, Outcome.UPHOLD)[number % 2]
        session.review.decide(biz_id, outcome, "FACE_SAME", f"note {number} " + "密" * 5000)
        print(number, flush=True)
"""


@pytest.fixture
def home(tmp_path: Path, simulator: Simulator) -> Path:
    with Session.make(tmp_path / "vault", "Lin Yue", PASSPHRASE, keyring=False) as session:
        session.accounts.add(Account("practice", simulator.base_url, simulator.api_key), simulator.api_secret)
        fetched(session, simulator.ids[0])
    return tmp_path / "vault"


def test_a_decision_is_whole_or_not_there(home: Path, simulator: Simulator) -> None:
    chance, before = random.Random(11), 0
    for _ in range(5):
        command = [sys.executable, "-c", DECIDES, str(home), simulator.ids[0], PASSPHRASE]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as deciding:
            assert deciding.stdout
            said = [deciding.stdout.readline()]
            assert said[0], "it never decided"
            # The moment of the kill is what varies; nothing waits for it.
            time.sleep(chance.uniform(0, 0.12))
            deciding.kill()
            said += deciding.stdout.readlines()
        acknowledged = int([line for line in said if line.endswith("\n")][-1]) + 1
        with Session.open(home, PASSPHRASE, keyring=False) as session:
            work = session.casebook.open(simulator.ids[0]).work
            assert session.audit().intact
            row = session.casebook.row(simulator.ids[0])
            draft = session.review.draft(simulator.ids[0])
        assert acknowledged <= len(work.decisions) <= acknowledged + 1
        assert len(work.decisions) > before
        before = len(work.decisions)
        for number, decision in enumerate(work.decisions):
            assert decision.note == f"note {number} " + "密" * 5000
            assert decision.round == number + 1
            assert decision.outcome == ("overturn", "uphold")[number % 2]
        assert row is not None
        assert row["decision"] == work.decisions[-1].outcome
        assert row["round"] == len(work.decisions)
        assert draft is not None
        assert draft["note"] in (f"note {before - 1}", f"note {before}")

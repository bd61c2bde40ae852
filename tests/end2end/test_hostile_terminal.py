"""The command line where its words cannot be shown or its pipe is gone: codes stay true and nothing stands still."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.review.accounts import Account
from faceid_review.review.case import Stage
from faceid_review.session import Session

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def home(tmp_path: Path, simulator: Simulator) -> Path:
    with Session.make(tmp_path / "vault", "Lin", PASSPHRASE, keyring=False) as session:
        session.accounts.add(Account("practice", simulator.base_url, simulator.api_key), simulator.api_secret)
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    return tmp_path / "vault"


def command(home: Path, *words: str) -> list[str]:
    flags = ["--home", str(home), "--passphrase-file", str(home.parent / "passphrase"), "--lang", "zh"]
    return [sys.executable, "-m", "faceid_review", *flags, *words]


def run(home: Path, *words: str, encoding: str = "utf-8") -> subprocess.CompletedProcess[bytes]:
    environ = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    return subprocess.run(command(home, *words), capture_output=True, env=environ, timeout=60)


@pytest.mark.parametrize(
    "encoding",
    [
        pytest.param(
            encoding,
        )
        for encoding in ("ascii", "cp1252")
    ]
    + ["utf-8", "gb18030"],
)
def test_every_id_is_told_and_counted_whatever_the_terminal_can_show(
    home: Path, simulator: Simulator, encoding: str
) -> None:
    kept, unknown = simulator.ids[:2]
    simulator.behave(unknown, Behaviour.close())
    assert run(home, "fetch", kept, encoding=encoding).returncode == 0
    # Kept, told first and from memory; unknown, told last.
    done = run(home, "fetch", kept, unknown, encoding=encoding)
    said = done.stdout.decode("latin-1")
    assert (kept in said, unknown in said, done.returncode) == (True, True, 4)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_json_is_utf_8_whatever_the_terminal_is_set_to(
    home: Path, simulator: Simulator, encoding: str
) -> None:
    assert run(home, "fetch", simulator.ids[0], "--json", encoding=encoding).returncode == 0
    assert run(home, "show", simulator.ids[0], "--json", encoding=encoding).returncode == 0
    assert run(home, "list", "--json", encoding=encoding).stdout.decode("utf-8")


@pytest.mark.parametrize("words", [("show",), ("list",)], ids=str)
def test_a_case_can_be_shown_on_a_terminal_without_chinese(
    home: Path, simulator: Simulator, words: tuple[str, ...]
) -> None:
    run(home, "fetch", simulator.ids[0])
    given = (*words, simulator.ids[0]) if words == ("show",) else words
    assert run(home, *given, encoding="ascii").returncode == 0


def test_a_lone_surrogate_can_be_shown(home: Path, simulator: Simulator) -> None:
    body = (
        b'{"biz_extra_data": "a \\ud800 b", "liveness_result": {"result": "x", "failure_reason": "\\udfff"}}'
    )
    simulator.behave(simulator.ids[0], Behaviour.answer(body))
    assert run(home, "fetch", simulator.ids[0]).returncode == 0
    assert run(home, "list").returncode == 0
    assert run(home, "show", simulator.ids[0]).returncode == 0


def test_a_pipe_that_closes_loses_no_answer_and_stops_nothing(home: Path, simulator: Simulator) -> None:
    ids = simulator.ids[:6]
    simulator.behave(ids[0], Behaviour.hang())
    with subprocess.Popen(
        command(home, "fetch", *ids), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as fetch:
        assert fetch.stdout
        assert simulator.wait_until_held(1, timeout=60)
        fetch.stdout.close()
        simulator.release(ids[0])
        assert fetch.stderr
        said = fetch.stderr.read().decode()
        fetch.wait(timeout=60)
    assert "Traceback" not in said
    assert all(simulator.count(i) <= 1 for i in ids)
    with Session.open(home, PASSPHRASE, keyring=False) as session:
        for biz_id in ids:
            if simulator.count(biz_id):
                assert session.casebook.stage(biz_id) is Stage.KEPT

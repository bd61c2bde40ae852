"""What scripts do by mistake: a variable that is not set, a year one, half an option, a stream that is closed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Never

import pytest

from faceid_review import cli
from faceid_review.review import statement
from faceid_review.session import Session

PASSPHRASE = "correct horse battery staple"
REFUSED = {"biz_id": "1469257516,0b7d8c52-31f4-4a86-9d0e-5f0a4c1b2e16", "error_message": "RESULT_NOT_FOUND"}


@pytest.fixture
def flags(tmp_path: Path) -> list[str]:
    Session.make(tmp_path / "vault", "Lin", PASSPHRASE, keyring=False).close()
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    (tmp_path / "refused.json").write_text(json.dumps(REFUSED))
    given = [
        "--home",
        str(tmp_path / "vault"),
        "--passphrase-file",
        str(tmp_path / "passphrase"),
        "--lang",
        "en",
    ]
    assert run(given, "import", str(tmp_path / "refused.json")) == 0
    return given


def _nowhere(folder: Path) -> list[str]:
    """Flags for a vault that is not there: what is wrong with the words is told before it is missed."""
    return ["--home", str(folder / "no vault"), "--lang", "en"]


def run(flags: list[str], *words: str) -> int:
    """The exit code of one command, in this process."""

    def desk(_: object) -> Never:
        raise AssertionError("the desk was opened")

    try:
        return cli.main([*flags, *words], desk)
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.parametrize(
    "words",
    [
        ("import", ""),
        ("export", REFUSED["biz_id"], "--to", ""),
        ("audit", "--to", ""),
        ("reference", REFUSED["biz_id"], ""),
        ("backup", "--to", ""),
        ("verify", ""),
        ("--home", "", "list"),
    ],
    ids=" ".join,
)
def test_an_empty_name_is_never_the_working_folder(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert run(_nowhere(tmp_path), *words) == 2
    assert not list(here.iterdir())


@pytest.mark.parametrize(
    "words",
    [
        ("snooze", "1,a", "--until", "0001-01-01"),
        ("list", "--since", "0001-01-01"),
        ("list", "--until", "9999-12-31"),
        ("list", "--due", "99999999999"),
        ("dispute", "1,a", "open", "--deadline", "9999-12-31"),
        ("simulate", "--port", "99999"),
        ("simulate", "--ids", "-1"),
        ("list", "--sta", "kept"),
    ],
    ids=" ".join,
)
def test_what_nobody_can_reckon_with_is_a_usage_error(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert run(_nowhere(tmp_path), *words) == 2


def test_a_sentence_commands_no_terminal(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    for words in (
        ("show", "\x1b[31m\u202ex"),
        ("list", "--view", "\x1b[31m\u202e"),
        ("account", "check", "\x07\u202e"),
    ):
        assert run(flags, *words) == 2
    said = capsys.readouterr().err
    assert "\\u202e" in said
    assert not {"\x1b", "\x07", "\u202e"} & set(said)


def test_what_an_imported_refusal_does_not_tell_is_not_made_up(
    flags: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(flags, "list", "--json") == 0
    assert json.loads(capsys.readouterr().out)["status"] is None
    assert run(flags, "show", str(REFUSED["biz_id"])) == 0
    said = capsys.readouterr().out
    assert "RESULT_NOT_FOUND" in said
    assert "HTTP" not in said
    with Session.open(Path(flags[1]), PASSPHRASE, keyring=False) as session:
        shown = statement.state(session.casebook.open(session.casebook.find(str(REFUSED["biz_id"]))))
    assert shown["account"] is None
    assert shown["refusal"] == {"code": "RESULT_NOT_FOUND", "http_status": None, "spent": "perhaps"}


@pytest.mark.skipif(sys.platform == "win32", reason="streams are closed by the shell of Unix")
def test_closed_streams_are_nobody_s_fault(flags: list[str]) -> None:
    command = [sys.executable, "-m", "faceid_review", *flags]
    for words, closed, code in (
        (["list", "--json"], ">&-", 0),
        (["note", str(REFUSED["biz_id"]), "-"], "<&-", 2),
    ):
        script = f'exec "$@" {closed}'
        done = subprocess.run(
            ["/bin/sh", "-c", script, "sh", *command, *words],
            capture_output=True,
            timeout=60,
            env=dict(os.environ),
        )
        assert done.returncode == code, done.stderr
        assert b"unexpected" not in done.stderr

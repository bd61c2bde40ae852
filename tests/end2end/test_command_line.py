"""The whole job as an office would script it: every step a process of its own, with a real keyring or none."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from faceid_review.faceid.simulator import Behaviour, Simulator

PASSPHRASE = "correct horse battery staple"


class Office:
    """A vault's folder and the commands that are run on it."""

    def __init__(self, home: Path, *, by_file: bool, environ: dict[str, str] | None = None) -> None:
        self.home = home
        self.passphrase = home.parent / "passphrase.txt"
        self.passphrase.write_text(PASSPHRASE + "\n")
        self.by_file = by_file
        self.environ = {**os.environ, "LANG": "C.UTF-8", **(environ or {})}

    def run(self, *words: str, stdin: str = "", code: int = 0, lang: str = "en") -> str:
        """Run one command, check its exit code and give what it printed."""
        flags = ["--home", str(self.home), "--lang", lang]
        flags += ["--passphrase-file", str(self.passphrase)] if self.by_file else []
        command = [sys.executable, "-m", "faceid_review", *flags, *words]
        done = subprocess.run(
            command, input=stdin.encode(), capture_output=True, env=self.environ, timeout=120
        )
        said = done.stdout.decode() + done.stderr.decode()
        assert done.returncode == code, said
        assert "Traceback" not in said
        self.errors = done.stderr.decode()
        return done.stdout.decode()

    def json(self, *words: str, code: int = 0, stdin: str = "") -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run(*words, "--json", code=code, stdin=stdin).splitlines()]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path / "vault", by_file=True)
    made.run("init", "--reviewer", "Lin Yue 林越")
    return made


@pytest.fixture
def practice(office: Office, simulator: Simulator) -> Office:
    secret = office.home.parent / "secret"
    secret.write_text(simulator.api_secret + "\n")
    office.run("account", "add", "practice", "--base-url", simulator.base_url, "--api-key", simulator.api_key,
               "--secret-file", str(secret))  # fmt: skip
    secret.unlink()
    return office


def test_the_whole_job_as_separate_processes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "faceid_review", "simulate", "--ids", "3", "--seed", "7"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as simulate:
        try:
            job(tmp_path, simulate)
        finally:
            simulate.send_signal(signal.SIGTERM)
    assert simulate.returncode == 0


def job(tmp_path: Path, simulate: subprocess.Popen[str]) -> None:
    assert simulate.stdout
    base_url, api_key, api_secret, *ids = [simulate.stdout.readline().strip() for _ in range(6)]
    office = Office(tmp_path / "vault", by_file=True)
    office.run("init", "--reviewer", "Lin Yue")
    office.run("account", "add", "practice", "--base-url", base_url, "--api-key", api_key,
               "--secret-file", "-", stdin=api_secret)  # fmt: skip
    office.run("account", "check", "practice")
    told = office.json("fetch", "-", stdin="\n".join(ids))
    assert {line["biz_id"]: line["stage"] for line in told} == dict.fromkeys(ids, "kept")
    assert all(line["error"] is None and len(line["body_sha256"]) == 64 for line in told)
    shown = office.json("show", ids[1])[0]
    comparison = shown["comparisons"][0]
    assert comparison["confidence"] == "68.91876"
    assert (comparison["strictest_passed"], comparison["misses_next_by"]) == ("1e-3", "0.08124")
    assert shown["genuineness"][0] == {
        "check": "synthetic_face", "confidence": "0.88", "threshold": "0.5", "finding": "attack",
    }  # fmt: skip
    assert "liveness_passed_but_synthetic_face" in shown["warnings"]
    target = tmp_path / "case.pdf"
    office.run("export", ids[1], "--to", str(target))
    assert target.read_bytes().startswith(b"%PDF-")
    assert [line["stage"] for line in office.json("fetch", ids[1])] == ["kept"]
    verdict = office.json("audit", "--verify")[0]
    assert verdict["intact"]
    acts = [entry["act"] for entry in office.json("audit")]
    assert acts.count("sent") == 3
    assert "exported" in acts


def test_show_has_the_shape_of_the_contract(practice: Office, simulator: Simulator) -> None:
    practice.json("fetch", simulator.ids[1])
    shown = practice.json("show", simulator.ids[1])[0]
    assert list(shown) == [
        "biz_id", "case", "stage", "origin", "account", "attempts", "body_sha256", "body_bytes", "received_at",
        "complete", "refusal", "biz_no", "biz_extra_data", "request_id", "time_used", "verify_request_id",
        "verify_time_used", "liveness", "comparisons", "genuineness", "id_exceptions", "verify_error", "images",
        "callbacks", "warnings", "unrecognised", "notes", "decision", "sources", "references", "marks", "purged",
    ]  # fmt: skip
    assert [set(source) for source in shown["sources"]] == [
        {"origin", "body_sha256", "body_bytes", "received_at", "name", "by", "shown"}
    ]
    assert (shown["references"], shown["marks"], shown["purged"]) == (
        [],
        {"pins": [], "components": []},
        None,
    )
    assert re.fullmatch(r"FR-20\d\d-00001", shown["case"])
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", shown["received_at"])
    assert shown["liveness"]["log"][1] == {"at_ms": 2596, "letter": "M", "lasted_ms": 1266}
    assert [image["status"] for image in shown["images"]] == ["ok"] * 4
    assert shown["images"][0]["sha256"] == simulator.sha256_of_pictures(simulator.ids[1])["image_best"]
    assert shown["id_exceptions"] is None
    assert practice.json("show", shown["case"])[0]["biz_id"] == simulator.ids[1]


def test_ids_that_are_none_are_told_and_nothing_is_sent(practice: Office, simulator: Simulator) -> None:
    for odd in ("", "hello", "１４62259748，52b13fb5-8dfb-4537-a62b-a641d5e929f1", "x" * 10_000):
        told = practice.json("fetch", odd, code=3)[0]
        assert told["error"]["spent"] == "no"
    told = practice.json("fetch", "--literal", "abc\u202edef", code=3)[0]
    assert "U+202E" in told["biz_id"]
    practice.json("fetch", "--literal", "a\nb", code=3)
    assert not simulator.requests
    assert practice.json("fetch", "--literal", "1'; DROP TABLE entry;--&api_key=x#%00/../", code=5)
    assert dict(simulator.requests[-1].parameters)["biz_id"] == "1'; DROP TABLE entry;--&api_key=x#%00/../"


def test_unknown_needs_a_reason(practice: Office, simulator: Simulator) -> None:
    biz_id = simulator.ids[0]
    simulator.behave(biz_id, Behaviour.close().unspent().for_requests(1))
    assert practice.json("fetch", biz_id, code=4)[0]["error"]["spent"] == "perhaps"
    practice.json("fetch", biz_id, code=3)
    practice.run("fetch", "--again", biz_id, code=2)
    assert practice.json("fetch", "--again", biz_id, "--reason", "asked support")[0]["stage"] == "kept"
    assert [a["stage"] for a in practice.json("show", biz_id)[0]["attempts"]] == ["unknown", "kept"]


def test_the_worst_outcome_is_the_exit_code(practice: Office, simulator: Simulator) -> None:
    simulator.behave(simulator.ids[0], Behaviour.close())
    simulator.behave(simulator.ids[1], Behaviour.error("INTERNAL_ERROR"))
    told = practice.json("fetch", *simulator.ids[:3], code=4)
    assert {line["stage"] for line in told} == {"unknown", "refused", "kept"}


def test_a_wrong_secret_is_told_in_words(practice: Office, simulator: Simulator) -> None:
    simulator.api_secret = "changed"
    said = practice.run("fetch", simulator.ids[0], code=5)
    assert "AUTHENTICATION_ERROR" in said
    practice.run("account", "check", "practice", code=3)


def test_two_processes_one_vault(practice: Office, simulator: Simulator) -> None:
    simulator.behave(simulator.ids[0], Behaviour.hang())
    flags = ["--home", str(practice.home), "--passphrase-file", str(practice.passphrase)]
    command = [sys.executable, "-m", "faceid_review", *flags, "fetch", simulator.ids[0]]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as first:
        assert simulator.wait_for_requests(1, timeout=60)
        practice.run("fetch", simulator.ids[1], code=6)
        assert str(first.pid) in practice.errors
        assert simulator.count(simulator.ids[1]) == 0
        simulator.release(simulator.ids[0])
        first.communicate(timeout=60)
    assert first.returncode == 0


def test_a_real_keyring_keeps_key_and_secret(
    tmp_path: Path, secret_service: str, simulator: Simulator
) -> None:
    office = Office(tmp_path / "vault", by_file=False)
    recovery = tmp_path / "recovery"
    recovery.write_text("the recovery passphrase\n")
    office.run("init", "--reviewer", "Lin Yue", "--recovery-file", str(recovery))
    office.run("account", "add", "practice", "--base-url", simulator.base_url, "--api-key", simulator.api_key,
               "--secret-file", "-", stdin=simulator.api_secret)  # fmt: skip
    assert office.json("fetch", simulator.ids[0])[0]["stage"] == "kept"
    for backend in ("keyring.backends.null.Keyring", "keyrings.alt.file.PlaintextKeyring"):
        office.environ["PYTHON_KEYRING_BACKEND"] = backend
        assert office.json("fetch", simulator.ids[1])[0]["stage"] == "kept"
    # The recovery passphrase opens the same vault where the keyring is lost; its secret is not there then.
    office.by_file, office.passphrase = True, recovery
    assert len(office.json("list")) == 2
    office.run("fetch", simulator.ids[2], code=6)
    assert simulator.count(simulator.ids[2]) == 0


def test_without_a_keyring_it_says_so_and_offers_the_passphrase(tmp_path: Path) -> None:
    office = Office(
        tmp_path / "vault", by_file=False, environ={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    )
    recovery = tmp_path / "recovery"
    recovery.write_text("the recovery passphrase\n")
    office.run("init", "--reviewer", "Lin", "--recovery-file", str(recovery), code=6)
    assert "--passphrase-file" in office.errors
    assert not (tmp_path / "vault" / "vault.db").exists()


def test_refusals_in_words(office: Office, tmp_path: Path) -> None:
    office.run("fetch", "1462259748,52b13fb5-8dfb-4537-a62b-a641d5e929f1", code=3)
    assert "account" in office.errors
    office.run("init", "--reviewer", "Again", code=6)
    office.run("show", "nobody", code=2)
    office.run(
        "account",
        "add",
        "x",
        "--base-url",
        "http://example.com",
        "--api-key",
        "k",
        "--secret-file",
        "-",
        stdin="s",
        code=2,
    )
    office.passphrase.write_text("wrong\n")
    office.run("list", code=6)
    office.home = tmp_path / "nothing"
    office.run("list", code=6, lang="zh")
    assert "尚无保险库" in office.errors


def test_nothing_in_clear_on_the_disk(practice: Office, simulator: Simulator) -> None:
    practice.json("fetch", *simulator.ids[:4])
    practice.json("show", simulator.ids[0])
    biz_id, picture = simulator.ids[0], b"\xff\xd8\xff"
    marks = [
        simulator.api_secret.encode(),
        simulator.api_secret.encode("utf-16-le"),
        biz_id.encode(),
        picture,
        b"Lin Yue",
    ]
    for path in practice.home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert path.stat().st_mode & 0o777 == 0o600, path
            # Three bytes of a picture's start may occur by chance in sealed bytes; a whole start may not.
            for mark in (m if m != picture else b"\xff\xd8\xff\xe0\x00\x10JFIF" for m in marks):
                assert mark not in data, path
    assert practice.home.stat().st_mode & 0o777 == 0o700


def test_a_ledger_is_held_against_what_was_written_down(
    practice: Office, simulator: Simulator, tmp_path: Path
) -> None:
    practice.json("fetch", simulator.ids[0])
    before = practice.home.with_name("before")
    shutil.copytree(practice.home, before)
    practice.json("fetch", simulator.ids[1])
    target = tmp_path / "case.pdf"
    practice.run("export", simulator.ids[1], "--to", str(target))
    verdict = practice.json("audit", "--verify")[0]
    assert practice.json("audit", "--against", str(target))[0]["agrees"]
    assert practice.json("audit", "--against", f"{verdict['count']}:{verdict['head']}")[0]["agrees"]
    practice.run("audit", "--against", "nonsense", code=2)
    entries = tmp_path / "entries.jsonl"
    practice.run("audit", "--to", str(entries))
    assert simulator.api_key not in entries.read_text()
    shutil.rmtree(practice.home)
    before.rename(practice.home)
    assert practice.json("audit", "--verify")[0]["intact"], "an older copy is whole in itself"
    assert not practice.json("audit", "--against", str(target), code=7)[0]["agrees"]


def test_the_keyring_knows_that_a_vault_was_set_back(
    tmp_path: Path, secret_service: str, simulator: Simulator
) -> None:
    office = Office(tmp_path / "vault", by_file=False)
    recovery = tmp_path / "recovery"
    recovery.write_text("the recovery passphrase\n")
    office.run("init", "--reviewer", "Lin Yue", "--recovery-file", str(recovery))
    office.run("account", "add", "practice", "--base-url", simulator.base_url, "--api-key", simulator.api_key,
               "--secret-file", "-", stdin=simulator.api_secret)  # fmt: skip
    older = tmp_path / "older"
    shutil.copytree(office.home, older)
    office.json("fetch", simulator.ids[0])
    office.run("list")
    assert "older" not in office.errors
    shutil.rmtree(office.home)
    older.rename(office.home)
    office.run("list")
    assert "older" in office.errors


def test_what_waits_is_asked_when_told_to(practice: Office, simulator: Simulator) -> None:
    simulator.api_secret, right = "changed", simulator.api_secret
    practice.json("fetch", *simulator.ids[:4], code=5)
    simulator.api_secret = right
    waiting = [line["biz_id"] for line in practice.json("list") if line["stage"] == "queued"]
    assert len(waiting) >= 2
    assert {line["stage"] for line in practice.json("fetch", "--waiting")} == {"kept"}
    practice.run("fetch", "--again", simulator.ids[0], simulator.ids[1], "--reason", "x", code=2)

"""``import`` as an office would script it: every step a process of its own."""

import json
import zipfile
from pathlib import Path

import pytest

from faceid_review.faceid import callback
from faceid_review.faceid.simulator import Simulator
from tests.end2end.test_command_line import Office
from tests.unit.test_result import SAMPLE


@pytest.fixture
def office(tmp_path: Path, simulator: Simulator) -> Office:
    made = Office(tmp_path / "vault", by_file=True)
    made.run("init", "--reviewer", "Lin Yue 林越")
    secret = tmp_path / "secret"
    secret.write_text(simulator.api_secret)
    made.run("account", "add", "practice", "--base-url", simulator.base_url, "--api-key", simulator.api_key,
             "--secret-file", str(secret))  # fmt: skip
    return made


def test_what_the_back_end_kept_is_taken_in_and_never_asked_for(
    office: Office, simulator: Simulator, tmp_path: Path
) -> None:
    kept, called = simulator.ids[:2]
    answer = json.dumps({**SAMPLE, "biz_id": kept}).encode()
    data = json.dumps(
        {name: SAMPLE[name] for name in ("liveness_result", "verify_result")} | {"biz_id": called}
    )
    posted = {"data": data, "sign": callback.sign_of(simulator.api_secret, data.encode())}
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "lines.txt").write_bytes(answer + b"\n" + json.dumps(posted).encode() + b"\n")
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("../evil.json", answer)
    (folder / "junk").write_bytes(b"\0\1\2")

    dry = office.json("import", "--dry-run", str(folder), code=7)
    assert office.json("list") == []
    told = office.json("import", str(folder), code=7)
    assert told == dry
    assert [(p["label"], p["what"], p["kind"], p["biz_id"], p["problem"]) for p in told] == [
        ("saved/a.zip › ../evil.json", "answer", "new", kept, None),
        ("saved/junk", None, "unreadable", None, "binary"),
        ("saved/lines.txt › 1", "answer", "duplicate", kept, None),
        ("saved/lines.txt › 2", "callback", "new", called, None),
    ]
    assert "1 new" not in office.errors
    assert "2 new" in office.errors
    assert not list(tmp_path.rglob("evil.json"))

    again = office.json(
        "import", str(folder / "lines.txt"), "-", str(tmp_path / "gone"), stdin=answer.decode(), code=7
    )
    assert [p["kind"] for p in again] == ["duplicate"] * 3 + ["unreadable"]
    assert again[3]["problem"] == "no_file"

    office.run("fetch", "--waiting", kept)
    assert (simulator.count(kept), simulator.count(called)) == (0, 1)

    (shown,) = office.json("show", kept)
    assert (shown["stage"], shown["origin"], shown["body_sha256"]) == ("kept", "imported", told[0]["sha256"])
    assert shown["attempts"] == []
    assert [(s["origin"], s["name"], s["by"]) for s in shown["sources"]] == [
        ("imported", "saved/a.zip › ../evil.json", "Lin Yue 林越")
    ]
    (other,) = office.json("show", called)
    assert (other["stage"], other["origin"]) == ("kept", "fetched")
    assert other["callbacks"] == [
        {"sign": "valid", "algorithm": "sha1", "diagnosis": None, "account": "practice", "body_sha256": told[3]["sha256"]}
    ]  # fmt: skip
    said = office.run("show", kept, lang="zh") + office.run("show", called)
    assert told[0]["sha256"] in said
    assert told[3]["sha256"] in said
    said += office.run("import", str(folder), lang="zh", code=7) + office.errors
    assert "show." not in said
    assert "import." not in said
    office.run("audit", "--verify")

"""``reference`` by command line: kept, shown, exported; a file that is no picture is refused in words."""

from pathlib import Path

from faceid_review.faceid.simulator import Simulator
from tests.end2end.test_command_line import Office, office, practice
from tests.pictures import jpeg, other

__all__ = ["office", "practice"]


def test_a_reference_is_laid_beside_a_case(practice: Office, simulator: Simulator, tmp_path: Path) -> None:
    biz_id, file = simulator.ids[0], tmp_path / "passport.jpg"
    practice.run("fetch", biz_id)
    file.write_bytes(jpeg())
    said = practice.run("reference", biz_id, str(file), "--source", "passport, page 2")
    number, name, sha256, label = said.rstrip("\n").split("\t")
    assert (number, name, label) == ("E0", "passport.jpg", "Supplied by us, not by the vendor")
    shown = practice.json("show", biz_id)[0]
    assert [(r["sha256"], r["source"]) for r in shown["references"]] == [(sha256, "passport, page 2")]
    assert all(image["sha256"] != sha256 for image in shown["images"])
    assert shown["marks"] == {"pins": [], "components": []}
    assert "supplied by us, not by the vendor" in practice.run("show", biz_id)
    file.write_bytes(other("PNG"))
    practice.run("reference", biz_id, str(file), code=2)
    assert "PNG" in practice.errors
    practice.run("reference", biz_id, str(tmp_path / "missing.jpg"), code=2)
    practice.run("audit", "--verify")
    practice.run("export", biz_id, "--to", str(tmp_path / "case.pdf"))
    assert jpeg() in (tmp_path / "case.pdf").read_bytes()

"""Pins and findings by the command line alone: placed, listed, taken back, told by ``show``; refused in words."""

from pathlib import Path

import pytest

from faceid_review.faceid.simulator import Simulator
from tests.end2end.test_command_line import Office, office, practice
from tests.pictures import jpeg

__all__ = ["office", "practice"]

SAID = {
    "en": ("Pin 1 on E1 at 24, 32: Nose: wing", "Pin 1 on E1 was taken back", "E0 beside E1: Ears: not comparable, hair"),
    "zh": ("E1 的标点 1，位于 24, 32：鼻：wing", "已撤回 E1 的标点 1", "E0 与 E1：耳：不可比、hair"),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pins_and_findings_as_on_the_desk(
    practice: Office, simulator: Simulator, tmp_path: Path, lang: str
) -> None:
    biz_id, file = simulator.ids[0], tmp_path / "passport.jpg"
    practice.run("fetch", biz_id)
    file.write_bytes(jpeg())
    practice.run("reference", biz_id, str(file))
    placed, removed, compared = SAID[lang]
    assert placed in practice.run(
        "pin", biz_id, "add", "E1", "24", "32", "wing", "--feature", "nose", lang=lang
    )
    practice.run("pin", biz_id, "add", "image_best", "0", "0", "-", stdin="a scar\u202e\n", lang=lang)
    pins = practice.json("pin", biz_id, "list")
    shown = practice.json("show", biz_id)[0]
    assert pins == shown["marks"]["pins"]
    assert [(p["exhibit"], p["number"], p["x"], p["y"], p["feature"], p["text"]) for p in pins] == [
        ("E1", 1, 24, 32, "nose", "wing"),
        ("E1", 2, 0, 0, None, "a scarU+202E"),
    ]
    assert placed in practice.run("pin", biz_id, "list", lang=lang)
    assert removed in practice.run("pin", biz_id, "remove", "E1", "1", lang=lang)
    assert [p["number"] for p in practice.json("pin", biz_id, "list")] == [2]

    practice.run("component", biz_id, "nose", "similar", "E0", "E1", lang=lang)
    assert compared in practice.run(
        "component", biz_id, "ears", "not-comparable", "E0", "E1", "hair", lang=lang
    )
    practice.run("component", biz_id, "nose", "different", "image_best", "our_reference", lang=lang)
    found = practice.json("show", biz_id)[0]["marks"]["components"]
    assert [(c["component"], c["finding"], c["left"], c["right"], c["text"]) for c in found] == [
        ("ears", "not_comparable", "E0", "E1", "hair"),
        ("nose", "different", "E1", "E0", ""),
    ]
    assert compared in practice.run("show", biz_id, lang=lang)
    practice.run("component", biz_id, "nose", "none", "E0", "E1", lang=lang)
    assert [c["component"] for c in practice.json("show", biz_id)[0]["marks"]["components"]] == ["ears"]
    acts = [entry["act"] for entry in practice.json("audit")]
    assert [acts.count(act) for act in ("pin", "unpin", "component")] == [2, 1, 4]
    assert practice.json("audit", "--verify")[0]["intact"]


@pytest.mark.parametrize(("lang", "sentence"), [("en", "Nothing was recorded."), ("zh", "未作记录。")])
def test_what_cannot_be_marked_is_refused_in_words(
    practice: Office, simulator: Simulator, lang: str, sentence: str
) -> None:
    biz_id = simulator.ids[0]
    practice.run("fetch", biz_id)
    before = practice.json("audit")
    for words in (
        ("pin", biz_id, "add", "E0", "1", "1"),
        ("pin", biz_id, "add", "E1", "-1", "1"),
        ("pin", biz_id, "add", "E1", "1", "640"),
        ("pin", biz_id, "add", "E1", "1", "1", "--feature", "tail"),
        ("pin", biz_id, "add", "E1", "1", "1", "x" * 201),
        ("pin", biz_id, "remove", "E1", "1"),
        ("component", biz_id, "tail", "similar", "E1", "E2"),
        ("component", biz_id, "nose", "similar", "E1", "image_best"),
        ("component", biz_id, "nose", "similar", "E1", "\u202eE9"),
    ):
        practice.run(*words, code=2, lang=lang)
        assert sentence in practice.errors, words
        assert "\u202e" not in practice.errors
    for ill in (
        ("pin", "FR-2026-99999", "list"),
        ("pin", biz_id, "add", "E1", "1.5", "1"),
        ("pin", biz_id, "add", "E1", "nan", "1"),
        ("component", biz_id, "nose", "alike", "E1", "E2"),
    ):
        practice.run(*ill, code=2, lang=lang)
    assert practice.json("audit") == before


def test_the_components_need_no_vault(tmp_path: Path) -> None:
    codes = [line["code"] for line in Office(tmp_path / "none", by_file=True).json("components")]
    assert codes[0] == "head_outline"
    assert len(codes) == 18

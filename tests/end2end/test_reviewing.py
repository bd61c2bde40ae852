"""An office judges, decides and answers a dispute by the command line alone, in both languages."""

import json

import pytest

from faceid_review.faceid.simulator import Simulator
from tests.end2end.test_command_line import Office, office, practice

__all__ = ["office", "practice"]

HOSTILE = "<b>x</b> =HYPERLINK(1) \u202egnp"


def test_note_judge_decide_dispute_and_a_second_round(practice: Office, simulator: Simulator) -> None:
    biz_id, other = simulator.ids[:2]
    practice.run("fetch", biz_id, other)
    assert practice.json("show", biz_id)[0]["decision"] is None
    practice.run("note", biz_id, HOSTILE)
    practice.run("note", biz_id, "-", "--replace", "1", stdin="second wording, @E1\n")
    practice.run("judge", biz_id, "different")
    assert (
        "note"
        in practice.run("decide", biz_id, "overturn", "--reason", "FACE_DIFFERENT", code=2) + practice.errors
    )
    practice.run("decide", biz_id, "overturn", "--reason", "FACE_DIFFERENT", "--note", "the ears differ")
    shown = practice.json("show", biz_id)[0]
    assert [(n["version"], n["text"]) for n in shown["notes"]] == [(1, HOSTILE), (2, "second wording, @E1")]
    first = shown["decision"]
    assert {**first, "at": ""} == {
        "outcome": "overturn", "reason": "FACE_DIFFERENT", "note": "the ears differ", "at": "", "by": "Lin Yue 林越",
        "round": 1, "against_vendor": True, "blind": False, "judgement": "different", "earlier": [],
    }  # fmt: skip
    assert [line["biz_id"] for line in practice.json("list", "--work", "sealed")] == [biz_id]

    practice.run("dispute", biz_id, "open", "--who", "王女士", "--grounds", "是我本人", "--deadline", "2026-12-20", "--with", other)  # fmt: skip
    assert len(practice.json("list", "--work", "dispute")) == 2
    assert [line["biz_id"] for line in practice.json("list", "--search", "是我本人")] == [biz_id, other]
    practice.run("dispute", biz_id, "note", "passport, please", "--kind", "request")
    practice.run("decide", biz_id, "uphold", "--reason", "FACE_SAME", "--note", "second look")
    assert "尊敬的客户" in practice.run("dispute", biz_id, "explain", lang="zh")
    practice.run("dispute", biz_id, "explain", "-", "--language", "zh", stdin="尊敬的客户：维持。\n")
    practice.run("dispute", biz_id, "close", "answered by letter")
    shown = practice.json("show", biz_id)[0]
    assert shown["decision"]["round"] == 2
    assert shown["decision"]["earlier"] == [{k: v for k, v in first.items() if k != "earlier"}]
    work = practice.json("work", biz_id)[0]
    assert [r["decision"]["outcome"] for r in work["rounds"]] == ["overturn", "uphold"]
    assert work["explanations"][0]["text"] == "尊敬的客户：维持。"
    for lang, words in (("en", "Round 2: vendor's result upheld"), ("zh", "第 2 轮：维持厂商结果")):
        told = practice.run("show", biz_id, lang=lang)
        assert words in told
        assert "\u202e" not in told
    looked = practice.json("access", biz_id)
    assert {line["act"] for line in looked} == {"answer", "opened"}
    acts = [line["act"] for line in practice.json("audit")]
    assert acts.count("decided") == 2
    assert practice.json("audit", "--verify")[0]["intact"]


def test_judging_and_deciding_in_one_step(practice: Office, simulator: Simulator) -> None:
    biz_id = simulator.ids[0]
    practice.run("fetch", biz_id)
    decide = ("decide", biz_id, "overturn", "--reason", "FACE_DIFFERENT", "--step", "different")
    practice.run(*decide, code=2)
    assert practice.json("work", biz_id)[0]["rounds"][0]["judgements"] == []
    practice.run(*decide, "--note", "the ears differ")
    (made,) = practice.json("work", biz_id)[0]["rounds"]
    assert [one["step"] for one in made["judgements"]] == ["different"]
    assert made["decision"]["judgement"] == "different"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_cases_of_a_dispute_side_by_side(practice: Office, simulator: Simulator, lang: str) -> None:
    sample, failed, alone = simulator.ids[1:4]
    practice.run("fetch", sample, failed, alone)
    practice.run("dispute", sample, "open", "--who", "Wang", "--with", failed)
    told = practice.run("dispute", failed, "show", lang=lang)
    (first,) = [line for line in told.splitlines() if "68.91876" in line]
    (second,) = [line for line in told.splitlines() if "not_video" in line]
    numbers = {row["biz_id"]: row["case"] for row in practice.json("list")}
    assert (first.split("\t")[0], second.split("\t")[0]) == (numbers[sample], numbers[failed])
    assert "synthetic_face" in first
    assert "beside." not in told
    practice.run("dispute", failed, "close", "answered")
    (closed,) = practice.json("dispute", sample, "show")
    assert closed["cases"] == [sample, failed]
    told_of = {one["biz_id"]: one for one in closed["side_by_side"]}
    assert {**told_of[sample], "case": ""} == {
        "biz_id": sample, "case": "", "stage": "kept", "work": "mine", "hidden": False, "code": None, "passed": True,
        "reason": "", "confidence": "68.91876", "strictest": "1e-3", "next": "1e-4", "checks": 3,
        "flags": ["synthetic_face"], "pictures": 4, "decision": "", "judged": "", "sealed": False,
    }  # fmt: skip
    assert (told_of[failed]["passed"], told_of[failed]["reason"]) == (False, "not_video")
    practice.run("dispute", alone, "open", "--who", "Li")
    assert len(practice.run("dispute", alone, "show", lang=lang).splitlines()) == 3
    (practice.home / "settings.json").write_text(json.dumps({"blind": True}))
    assert "68.91876" not in practice.run("dispute", failed, "show", lang=lang)
    hidden = practice.json("dispute", failed, "show")[0]["side_by_side"]
    assert [(one["hidden"], one["passed"], one["confidence"]) for one in hidden] == [(True, None, None)] * 2


def test_the_work_list_by_the_command_line(practice: Office, simulator: Simulator) -> None:
    one, two = simulator.ids[:2]
    practice.run("fetch", one, two)
    practice.run("tag", one, "vip")
    practice.run("wait", one)
    practice.run("snooze", two, "--until", "2027-01-01")
    assert practice.run("next") == ""
    practice.run("resume", two)
    assert two in practice.run("next")
    practice.run("hold", two, "--reason", "court order")
    practice.run("particulars", two, "--legal-basis", "PIPL 13(2)", "--statement", "-", stdin="=1+1")
    work = practice.json("work", two)[0]
    assert work["particulars"] == {"legal_basis": "PIPL 13(2)", "purpose": None, "statement": "=1+1"}
    assert work["hold"]["reason"] == "court order"
    assert [line["biz_id"] for line in practice.json("list", "--tag", "vip", "--work", "waiting")] == [one]
    assert practice.json("persons")[0]["warning"] is False
    assert "SPOOF_SUSPECTED" in {line["code"] for line in practice.json("reasons")}


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Judge first: off before, on now"), ("zh", "先评议：原为“关”，现为“开”")]
)
def test_the_policies_by_the_command_line(
    practice: Office, simulator: Simulator, lang: str, said: str
) -> None:
    biz_id = simulator.ids[0]
    practice.run("fetch", biz_id)
    assert [(one["name"], one["value"], one["since"]) for one in practice.json("policy")] == [
        ("blind", False, None), ("covers_each_case", False, None), ("retention_days", 180, None), ("time_stamps", "", None),
    ]  # fmt: skip
    practice.run("policy", "blind", "on", lang=lang)
    assert "1e-" not in practice.run("show", biz_id)
    practice.run("policy", "retention_days", "never", code=2, lang=lang)
    assert "never" in practice.errors
    practice.run("policy", "blind", code=2)
    practice.run("policy", "lang", "zh", code=2)
    (blind,) = practice.json("policy", "blind", "on")
    assert (blind["value"], blind["by"]) == (True, "Lin Yue 林越")
    (line,) = [line for line in practice.run("audit", lang=lang).splitlines() if "\tpolicy\t" in line]
    assert line.split("\t")[3:] == ["policy", "policies", said]
    (entry,) = [one for one in practice.json("audit") if one["act"] == "policy"]
    assert entry["facts"] == {"name": "blind", "before": False, "after": True}
    assert [one["biz_id"] for one in practice.json("list")] == [biz_id]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_blind_policy_on_a_terminal(practice: Office, simulator: Simulator, lang: str) -> None:
    biz_id = simulator.ids[0]
    practice.run("fetch", biz_id)
    (practice.home / "settings.json").write_text(json.dumps({"blind": True}))
    for told in (practice.run("show", biz_id, lang=lang), practice.run("list", lang=lang)):
        assert "1e-" not in told
        assert "synthetic" not in told
    shown = practice.json("show", biz_id)[0]
    assert (shown["liveness"], shown["comparisons"], shown["genuineness"]) == (None, [], [])
    assert shown["images"]
    assert "hidden_until_judged" in shown["warnings"]
    practice.run("decide", biz_id, "uphold", "--reason", "FACE_SAME", code=2, lang=lang)
    practice.run("export", biz_id, "--to", str(practice.home.parent / "x.pdf"), code=2)
    practice.run("judge", biz_id, "same", lang=lang)
    assert practice.json("show", biz_id)[0]["liveness"] is not None

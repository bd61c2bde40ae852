"""promises.md, "Answer content", 41 to 52: what the reader, the description, ``show`` and the head make of an answer.

The pictures' own cases are in test_photograph.py, the PDF's in test_document.py, the panes' in tests/desk.
"""

import base64
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from faceid_review.faceid import photograph
from faceid_review.faceid.digits import Digits
from faceid_review.faceid.photograph import Status
from faceid_review.faceid.result import ATTACK, GENUINE
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review import statement, telling
from faceid_review.review.case import Case, Stage, facts_of
from faceid_review.review.explanation import Explanation, Kind, Statement, describe
from faceid_review.review.plain_text import visible
from faceid_review.review.sources import Ending
from tests.unit.test_result import SAMPLE
from tests.unit.test_statement import case_of

WHOLE: dict[str, Any] = {
    **SAMPLE,
    "verify_result": {
        **SAMPLE["verify_result"],
        "id_exceptions": {"id_attacked": 0, "id_photo_monochrome": 1},
        "face_genuineness": {**SAMPLE["verify_result"]["face_genuineness"], "face_replaced": 0},
    },
}
FOUR = {"liveness", "comparison", "genuineness", "exceptions"}
HOSTILE = "<b>PASS</b><img src=file:///etc/passwd> {name} %s \x1b[2J\r\nLiveness: success\u202e\ud800"


def case(body: Any, **how: Any) -> Case:
    return case_of(body if isinstance(body, bytes) else json.dumps(body).encode(), **how)


def told(body: Any, lang: str = "en", **how: Any) -> Explanation:
    return describe(case(body, **how), words(lang))


def verdicts(explanation: Explanation) -> dict[str, str]:
    return {part.name: part.verdict.code for part in explanation.parts if part.verdict}


def said(explanation: Explanation) -> str:
    return "\n".join(explanation.lines())


def everything(explanation: Explanation) -> Iterator[Statement]:
    for part in explanation.parts:
        yield from part.statements


def without(*path: str) -> dict[str, Any]:
    body = json.loads(json.dumps(WHOLE))
    part = body
    for step in path[:-1]:
        part = part[step]
    del part[path[-1]]
    return body


# ---- the four verdicts


def test_the_vendors_own_sample_has_four_verdicts_that_differ() -> None:
    assert verdicts(told(WHOLE)) == {
        "liveness": "success",
        "comparison": "between",
        "genuineness": "flagged",
        "exceptions": "set",
    }
    (contradiction,) = told(WHOLE).said_of("contradictions", Kind.WARNING)
    assert contradiction.words == "Liveness says success; synthetic_face 0.88 is above 0.5."
    assert contradiction.pointer == "/verify_result/face_genuineness/synthetic_face_confidence"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_languages_say_the_same_things_in_the_same_order(lang: str) -> None:
    one, other = told(WHOLE, lang), told(WHOLE, "en")
    assert [(s.kind, s.pointer, s.about) for s in everything(one)] == [
        (s.kind, s.pointer, s.about) for s in everything(other)
    ]
    assert verdicts(one) == verdicts(other)
    assert "explanation." not in said(one)
    assert "{" not in said(one)


@pytest.mark.parametrize(
    ("path", "part", "code"),
    [
        (("liveness_result",), "liveness", "not_returned"),
        (("liveness_result", "result"), "liveness", "not_returned"),
        (("verify_result",), "comparison", "not_compared"),
        (("verify_result",), "genuineness", "not_returned"),
        (("verify_result",), "exceptions", "not_returned"),
        (("verify_result", "face_genuineness"), "genuineness", "not_returned"),
        (("verify_result", "id_exceptions"), "exceptions", "not_returned"),
    ],
)
def test_what_is_absent_is_not_returned_and_never_passed(path: tuple[str, ...], part: str, code: str) -> None:
    for lang in LANGUAGES:
        explanation = told(without(*path), lang)
        assert verdicts(explanation)[part] == code
        absent = explanation.said_of(part, Kind.ABSENT)
        assert absent, "and it says so"
        for one in absent:
            assert not re.search(
                r"(?i)\b(passed|ok|n/a|genuine)\b(?<!means passed)(?<!mean passed)", one.words
            )


def test_verify_result_that_is_null_and_one_that_is_missing_are_two_things() -> None:
    (null,) = told({**WHOLE, "verify_result": None}).said_of("comparison", Kind.ABSENT)
    assert null.words.startswith("verify_result is null.")
    assert null.pointer == "/verify_result"
    (missing,) = told(without("verify_result")).said_of("comparison", Kind.ABSENT)
    assert "not even as null" in missing.words
    assert missing.pointer == ""


def test_a_failure_keeps_all_readings_with_the_vendors_words() -> None:
    live = {**WHOLE["liveness_result"], "result": "x", "failure_reason": "not_video"}
    explanation = told({**WHOLE, "liveness_result": live, "verify_result": None})
    readings = explanation.said_of("liveness", Kind.READING)
    assert [one.vendor for one in readings] == ["检测到活体攻击", "也有可能是网络不通畅或动作过快造成的"]
    assert {one.pointer for one in readings} == {"/liveness_result/failure_reason"}
    assert explanation.said_of("liveness", Kind.CAUTION)
    assert explanation.said_of("liveness", Kind.NEXT)
    names = [part.name for part in explanation.parts]
    assert names.index("timeline") == names.index("liveness") + 1, "the reason and its timeline come first"


@pytest.mark.parametrize(
    ("error", "billed"),
    [("NO_FACE_FOUND: data_source", True), ("MULTIPLE_FACES:image_ref1", False), ("VERIFY_API_FAILED", None), ("NEW", None)],
)  # fmt: skip
def test_a_verify_error_says_what_it_means_and_who_pays(error: str, billed: bool | None) -> None:
    explanation = told({**WHOLE, "verify_result": {"error": error}})
    assert verdicts(explanation)["comparison"] == "failed"
    (bill,) = explanation.said_of("comparison", Kind.BILLED)
    assert bill.facts["billed"] is billed
    assert {s.pointer for s in explanation.said_of("comparison")} == {"/verify_result/error"}
    assert error in said(explanation)


def test_a_refusal_has_no_verdict_of_the_vendor_and_says_whether_the_call_is_spent() -> None:
    explanation = told({"error_message": "RESULT_NOT_FOUND", "request_id": "1,x"}, status=400)
    assert set(verdicts(explanation)) == {"refusal"}
    assert len(explanation.said_of("refusal", Kind.READING)) == 4
    assert explanation.said_of("refusal", Kind.VALUE)[0].pointer == "/error_message"
    assert told({"error": "X"}, status=400).said_of("refusal", Kind.VALUE)[0].pointer == "/error"
    assert told(b"<html>", status=502).said_of("refusal", Kind.VALUE)[0].pointer == ""
    (spent,) = explanation.said_of("refusal", about="spent")
    assert spent.facts["spent"] == "perhaps"
    assert explanation.said_of("refusal", Kind.NEXT)


@pytest.mark.parametrize("at", range(20, len(json.dumps(WHOLE)), 17))
def test_what_was_cut_is_never_called_not_returned(at: int) -> None:
    """The whole answer is known here: whatever it holds, no beginning of it may be said to lack."""
    for lang in LANGUAGES:
        explanation = told(json.dumps(WHOLE)[:at].encode(), lang, ended=Ending.CUT)
        absent = [one for one in everything(explanation) if one.kind is Kind.ABSENT]
        assert not [one.words for one in absent if "missing" in one.facts and is_there(WHOLE, one.facts)]
        assert not {"not_returned", "not_compared"} & {*verdicts(explanation).values()}


# ---- 41: what is hardly JSON


@pytest.mark.parametrize(
    "body",
    [b'{"a":1,"a":2}', b'{"time_used":NaN}', b'{"time_used":1e400}', b'{"a":' * 100_000, b"[" * 100_000,
     b"\xef\xbb\xbf" + json.dumps(WHOLE).encode(), json.dumps(WHOLE).encode("utf-16"), b"", b"<html>", b"\xff\x00"],
    ids=["duplicate", "NaN", "1e400", "deep object", "deep list", "BOM", "UTF-16", "empty", "HTML", "bytes"],
)  # fmt: skip
@pytest.mark.parametrize("lang", LANGUAGES)
def test_41_what_is_hardly_json_is_kept_and_told(body: bytes, lang: str) -> None:
    made = case(body)
    assert made.answer
    assert made.answer.body == body
    explanation = describe(made, words(lang))
    if made.result and made.result.readable:
        assert set(verdicts(explanation)) == FOUR
    else:
        assert verdicts(explanation) == {}
        assert [one.about for one in explanation.said_of("warnings", Kind.WARNING)] == ["body_unreadable"]
    assert made.answer.sha256 in said(explanation)
    json.dumps([statement.state(made), facts_of(made)])


def test_41_a_name_that_occurs_twice_is_told() -> None:
    assert "duplicate_keys" in {s.about for s in told(b'{"a":1,"a":2}').said_of("warnings", Kind.WARNING)}


@pytest.mark.parametrize("digits", ["1e400", "1e999999", "0." + "1" * 300, "9" * 5000, "1e99999999999"])
def test_41_a_number_beyond_measure_costs_nothing_and_is_shown_as_sent(digits: str) -> None:
    body = json.dumps(WHOLE).replace("68.91876", digits).encode()
    explanation = told(body)
    margins = explanation.said_of("comparison", Kind.MARGIN, about="result_faceid")
    assert digits in explanation.said_of("comparison", Kind.VALUE, about="result_faceid")[0].words
    assert sum(len(one.words) for one in margins) < 60_000
    stated = statement.state(case(body))["comparisons"][0]
    assert stated["confidence"] == digits
    assert len(stated["misses_next_by"] or "") < 20_000
    for one in margins:
        if one.facts["by"] != one.facts["working"]:
            sign = 1 if one.facts["passes"] else -1
            # Adding up is exact where the margin was.
            total = Digits(digits).as_tuple(), one.facts["by"], sign
            assert total


# ---- 42: absent, unknown, of another form


def test_42_nothing_is_made_of_what_is_not_there() -> None:
    explanation = told(
        {"images": None, "verify_result": {"error": "VERIFY_API_FAILED"}, "novel": {"a": [1, 2.50]}}
    )
    assert explanation.said_of("pictures", Kind.ABSENT)
    assert explanation.said_of("unknown", Kind.VALUE)[0].words == '/novel: {"a": [1, 2.5]}'
    assert explanation.said_of("unknown", Kind.REMARK)[0].facts["count"] == 1
    assert not [one for one in everything(explanation) if one.kind in (Kind.MARGIN, Kind.CHECK, Kind.STEP)]
    state = statement.state(case({"images": None, "verify_result": {"error": "VERIFY_API_FAILED"}}))
    assert {check["confidence"] for check in state["genuineness"]} == {None}


@pytest.mark.parametrize(
    ("place", "value", "part"),
    [
        (("liveness_result",), "success", "liveness"),
        (("liveness_result", "result"), True, "liveness"),
        (("verify_result",), [1], "comparison"),
        (("verify_result",), [1], "genuineness"),
        (("verify_result", "face_genuineness"), "fine", "genuineness"),
        (("verify_result", "id_exceptions"), 0, "exceptions"),
    ],
)
def test_42_another_form_is_neither_absent_nor_read(place: tuple[str, ...], value: Any, part: str) -> None:
    body = json.loads(json.dumps(WHOLE))
    inner = body
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    explanation = told(body)
    assert verdicts(explanation)[part] == "unknown_form"
    assert "/" + "/".join(place) in {one.pointer for one in explanation.said_of("unknown")}


def test_42_a_set_flag_is_about_the_number_and_not_its_holder() -> None:
    body = json.loads(json.dumps(WHOLE))
    body["verify_result"]["id_exceptions"] = {"id_attacked": 1, "novel": [1]}
    explanation = told(body)
    (caution,) = explanation.said_of("exceptions", Kind.CAUTION)
    assert "does not say that the holder took part" in caution.words
    assert caution.pointer == "/verify_result/id_exceptions/id_attacked"
    assert explanation.said_of("exceptions", Kind.VALUE, about="novel")[0].words == "novel [1]"


# ---- 43: digits and order


@pytest.mark.parametrize(
    "digits", ["68.91876", "68.918760", "68.9187600000000000000000001", "6.891876E1", "0.10"]
)
def test_43_digits_are_the_vendors_everywhere(digits: str) -> None:
    made = case(json.dumps(WHOLE).replace("68.91876", digits).encode())
    for lang in LANGUAGES:
        explanation = describe(made, words(lang))
        (value,) = explanation.said_of("comparison", Kind.VALUE, about="result_faceid")
        assert value.facts["confidence"] == digits
        assert digits in value.words
        assert digits in telling.case(made, words(lang))
    assert statement.state(made)["comparisons"][0]["confidence"] == digits
    assert facts_of(made)["confidence"] in digits


def test_43_thresholds_stand_in_the_order_of_their_numbers_with_exact_margins() -> None:
    body = json.loads(json.dumps(WHOLE))
    body["verify_result"]["result_faceid"]["thresholds"] = {
        "1e-10": 90,
        "1e-3": 9,
        "1e-5": 68.91876,
        "1e-4": 64.10,
    }
    rows = told(body).said_of("comparison", Kind.MARGIN, about="result_faceid")
    assert [one.facts["name"] for one in rows] == ["1e-3", "1e-4", "1e-5", "1e-10"]
    assert [one.facts["by"] for one in rows] == ["59.91876", "4.81876", "0.00000", "21.08124"]
    assert [one.facts["equal"] for one in rows] == [False, False, True, False]
    assert rows[0].pointer == "/verify_result/result_faceid/thresholds/1e-3"


# ---- 44, 45, 46, 47: pictures that are none


def pictured(sent: str) -> Case:
    return case({**WHOLE, "images": {"image_best": sent}})


@cache
def jpeg(kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.effect_noise((128, 96), 60).convert("RGB").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    "prefix", ["data:image/jpeg;base64,", "data: image/jpeg;base64,", "data:image/gif;base64,", ""]
)
def test_44_prefix_and_blanks_are_no_hindrance(prefix: str) -> None:
    encoded = base64.b64encode(jpeg()).decode()
    made = pictured(prefix + "\n".join(encoded[n : n + 76] for n in range(0, len(encoded), 76)))
    assert made.photographs[0].data == jpeg()
    assert statement.state(made)["images"][0]["status"] == Status.OK


@pytest.mark.parametrize(
    "sent", ["_-_-", "AAA", "A=AA", "data:image/jpeg;base64,%%%", "https://example.org/a.jpg"]
)
def test_44_what_is_no_base64_says_so_and_keeps_its_bytes(sent: str) -> None:
    made = pictured(sent)
    assert statement.state(made)["images"][0]["status"] == Status.UNDECODABLE
    assert made.photographs[0].data == sent.encode()
    (warning,) = describe(made, words("en")).said_of("pictures", Kind.WARNING)
    assert "not hold base64" in warning.words
    assert warning.pointer == "/images/image_best"


@pytest.mark.parametrize("data", [jpeg("PNG"), jpeg("TIFF"), jpeg("GIF"), b"%!PS-Adobe-3.0 EPSF-3.0\n", b"<svg onload='x'/>"], ids=["PNG", "TIFF", "GIF", "EPS", "SVG"])  # fmt: skip
def test_45_what_only_claims_to_be_a_jpeg_is_not_decoded(data: bytes) -> None:
    made = pictured("data:image/jpeg;base64," + base64.b64encode(data).decode())
    assert photograph.examine(made.photographs[0].data, pixels=True).pixels is None
    assert statement.state(made)["images"][0]["status"] == Status.UNDECODABLE
    assert made.photographs[0].data == data


@pytest.mark.parametrize(("width", "height"), [(12_000, 12_000), (65_500, 65_500), (8193, 1), (5001, 5001)])
def test_46_a_picture_that_claims_too_many_pixels_is_not_opened(width: int, height: int) -> None:
    data = bytearray(jpeg())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = height.to_bytes(2) + width.to_bytes(2)
    (image,) = statement.state(pictured(base64.b64encode(bytes(data)).decode()))["images"]
    assert (image["status"], image["width"], image["height"]) == (Status.REFUSED, width, height)


def test_47_half_a_picture_is_told_as_half_a_picture() -> None:
    (image,) = statement.state(pictured(base64.b64encode(jpeg()[:-1500]).decode()))["images"]
    assert image["status"] == Status.INCOMPLETE
    assert "did not arrive whole" in telling.case(
        pictured(base64.b64encode(jpeg()[:-1500]).decode()), words("en")
    )


# ---- 49, 50, 51, 52: hostile and endless texts


@pytest.mark.parametrize(
    "text",
    [HOSTILE, '#panic() #read("/etc/passwd") $ _ * @ref', '=HYPERLINK("http://x")', "＝1", "@SUM", "\t+cmd|"],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_49_50_text_of_the_vendor_is_only_text(text: str, lang: str) -> None:
    body = {
        **WHOLE, "biz_extra_data": text, "biz_no": text, text: text,
        "liveness_result": {"result": text, "failure_reason": text, "version": text, "log": f"1\n{text}"},
        "verify_result": {f"result_{text}": {"confidence": 1, "thresholds": {text: 0}}, "error": text,
                          "face_genuineness": {f"{text}_confidence": 1, f"{text}_threshold": 0},
                          "id_exceptions": {text: text}},
    }  # fmt: skip
    explanation = told(body, lang)
    for one in everything(explanation):
        assert one.words.replace("\u202f", "").isprintable()
    assert visible(json.dumps(text, ensure_ascii=False)) in said(explanation)
    assert visible(text)[:20] in said(explanation)
    assert sum(line.casefold().startswith(("liveness:", "活体：")) for line in explanation.lines()) == 1
    whole = telling.case(case(body), words(lang))
    assert all(line.replace("\u202f", "").isprintable() for line in whole.split("\n"))


def test_51_json_has_every_character_of_what_a_spreadsheet_would_run() -> None:
    """No command writes CSV; the lossless form is JSON, where such a text is what it is."""
    for text in ('=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "-1+1", "@SUM(1)", "\tx", "\rx", "＝1"):
        stated = statement.state(case({**WHOLE, "biz_extra_data": text}))
        assert json.loads(json.dumps(stated))["biz_extra_data"] == text


def test_52_an_endless_text_is_cut_where_it_is_looked_at_and_whole_where_it_is_asked_for() -> None:
    endless = "𠮷" * 400_000 + "end"
    made = case({**WHOLE, "biz_extra_data": endless, "biz_no": "x" * 50_000})
    explanation = describe(made, words("en"))
    assert max(len(one.words) for one in everything(explanation)) < 1000
    (extra,) = explanation.at("/biz_extra_data")
    assert extra.facts["value"] == endless
    assert endless in telling.case(made, words("en"))
    assert len(json.dumps(facts_of(made), ensure_ascii=False).encode()) < 3000


# ---- 500 answers that nobody foresaw


NUMBERS = st.sampled_from(
    [
        "0",
        "-0",
        "0.50",
        "1e-3",
        "68.91876",
        "100",
        "-1",
        "1e400",
        "1e999999",
        "1E+2",
        "9" * 400,
        "0." + "3" * 90,
    ]
)
HOSTILES = st.sampled_from(
    [HOSTILE, "", "success", "null", "\x00", "=1+1", "a" * 3000, "1462259749\n0:A\n9:Z\nx", "~/"]
)
VALUES: st.SearchStrategy[Any] = (
    st.sampled_from([None, True, False, [], {}, [[]], {"a": None}, {"confidence": "x"}])
    | NUMBERS.map(lambda text: f"@number:{text}")
    | HOSTILES
)


def places(node: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(node, dict):
        for key, inner in node.items():
            yield (*at, key)
            yield from places(inner, (*at, key))


PLACES = sorted(places(WHOLE))
NAMES = st.sampled_from(["result_ref2", "result_", "novel_confidence", "novel_threshold", "error", "id_attacked", "~", "a/b", HOSTILE, "1e-6", "", "error_message"])  # fmt: skip
CHANGES = st.lists(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(["drop", "set", "add"]), NAMES, VALUES),
    min_size=1,
    max_size=7,
)


def changed(changes: list[tuple[tuple[str, ...], str, str, Any]]) -> dict[str, Any]:
    """The whole answer with values dropped, replaced and added."""
    body = json.loads(json.dumps(WHOLE))
    for path, how, name, value in changes:
        holder = body
        for step in path[:-1]:
            holder = holder.get(step) if isinstance(holder, dict) else None
        if not isinstance(holder, dict):
            continue
        if how == "drop":
            holder.pop(path[-1], None)
        elif how == "set":
            holder[path[-1]] = json.loads(json.dumps(value))
        else:
            holder[name] = json.loads(json.dumps(value))
    return body


def written(body: dict[str, Any]) -> bytes:
    """The answer as JSON, with numbers as they are spelt."""
    return re.sub(r'"@number:([^"]*)"', r"\1", json.dumps(body)).encode()


def found(body: Any, pointer: str) -> Any:
    """What stands at a JSON pointer (RFC 6901); KeyError where nothing does."""
    for step in pointer.split("/")[1:]:
        body = body[int(step) if isinstance(body, list) else step.replace("~1", "/").replace("~0", "~")]
    return body


def spelt(value: Any) -> str | None:
    """A number as it is spelt in the answer; None for anything else."""
    if isinstance(value, str):
        return value.removeprefix("@number:") if value.startswith("@number:") else None
    return json.dumps(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


@settings(max_examples=500)
@given(CHANGES)
def test_500_answers_are_told_without_a_crash_an_invention_or_a_pass(changes: list[Any]) -> None:
    body = changed(changes)
    made = case(written(body))
    state, head = statement.state(made), facts_of(made)
    json.dumps([state, head])
    result = (
        body.get("liveness_result", {}).get("result")
        if isinstance(body.get("liveness_result"), dict)
        else None
    )
    passed = result == "success"
    assert head["passed"] is (passed if isinstance(result, str) and not result.startswith("@") else None)
    assert (state["liveness"] or {}).get("passed") is head["passed"]
    for check in state["genuineness"]:
        whole = check["confidence"] is not None and (check["threshold"] or check["check"] == "face_replaced")
        assert (check["finding"] == "not_returned") is not bool(whole)
    for comparison in state["comparisons"]:
        assert comparison["strictest_passed"] is None or comparison["confidence"] is not None
    for lang in LANGUAGES:
        explanation = describe(made, words(lang))
        codes = verdicts(explanation)
        if made.stage is Stage.REFUSED:
            assert set(codes) == {"refusal"}
        else:
            assert set(codes) == FOUR
            assert (codes["liveness"] == "success") is passed
        for one in everything(explanation):
            assert one.words.replace("\u202f", "").isprintable()
            if one.pointer is not None:
                at_pointer = found(body, one.pointer)
            if one.kind is Kind.CHECK:
                assert one.facts["confidence"] == spelt(at_pointer)
                if one.facts["finding"] in (GENUINE, ATTACK) and one.facts["threshold"] is not None:
                    assert one.facts["threshold"] == spelt(found(body, one.facts["threshold_pointer"]))
            if one.kind is Kind.MARGIN:
                assert one.facts["threshold"] == spelt(at_pointer)
                assert found(body, one.pointer.rpartition("/thresholds/")[0])["confidence"] is not None  # type: ignore[union-attr]
            if one.kind is Kind.ABSENT and "missing" in one.facts:
                assert not is_there(body, one.facts)


def is_there(body: dict[str, Any], facts: Any) -> bool:
    """Whether a value that is told to be not returned does stand in the answer after all."""
    if facts["why"] != "not_returned":
        return False
    try:
        value = found(body, "/" + facts["missing"])
    except (KeyError, TypeError, IndexError, ValueError):
        return False
    if isinstance(value, dict) and not any(inner is not None for inner in value.values()):
        return False
    return value not in (None, "", "null") and facts["missing"] != "verify_result"

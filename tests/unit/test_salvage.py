"""A cut answer: whatever arrived whole is read, and nothing that did not arrive whole is taken for whole."""

import base64
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from faceid_review.desk import work
from faceid_review.faceid import photograph
from faceid_review.faceid.digits import Digits
from faceid_review.faceid.photograph import Status
from faceid_review.faceid.result import NOT_RETURNED, VerificationResult
from faceid_review.faceid.salvage import MOST_TOKENS, salvage
from faceid_review.faceid.simulator.plots import Plot, plot_of, session
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review import statement, telling
from faceid_review.review.case import Case, Stage, facts_of
from faceid_review.review.sources import Ending
from faceid_review.snapshot.cover import cover
from faceid_review.snapshot.document import Frame
from faceid_review.snapshot.exhibits import exhibit_pages, exhibits
from faceid_review.snapshot.liveness import liveness
from faceid_review.snapshot.this_copy import ThisCopy
from faceid_review.snapshot.vendor_result import vendor_result
from tests.unit.test_result import JSON, SAMPLE
from tests.unit.test_statement import case_of

READ: dict[str, Any] = {"parse_float": Digits, "parse_int": Digits}
Path = tuple[str | int, ...]


# ---- an answer written so that the end of each of its values is known


def written(value: Any, start: int = 0, path: Path = (), *, gap: str = "") -> tuple[str, dict[Path, int]]:
    """The JSON of a value, and behind which character each value of it ends; containers are values too."""
    ends: dict[Path, int] = {}
    if isinstance(value, dict | list):
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        members = value.items() if isinstance(value, dict) else enumerate(value)
        made = opening + gap
        for place, (name, member) in enumerate(members):
            made += f",{gap}" if place else ""
            made += f"{json.dumps(name)}{gap}:{gap}" if isinstance(value, dict) else ""
            text, inner = written(member, start + len(made), (*path, name), gap=gap)
            made += text + gap
            ends |= inner
        made += closing
    else:
        made = value.text if isinstance(value, Digits) else json.dumps(value)
    return made, ends | {path: start + len(made)}


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that holds no other, and every empty container."""
    if isinstance(value, dict | list) and value:
        for name, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(member, (*path, name))
    else:
        yield path, value


def arrived(value: Any, ends: Mapping[Path, int], at: int) -> dict[Path, Any]:
    """The leaves of a value that are whole before ``at``; a number only where something follows it."""
    return {
        path: leaf for path, leaf in leaves(value) if ends[path] < at + (not isinstance(leaf, Digits | int) or leaf is True or leaf is False)
    }  # fmt: skip


def filled(value: Any) -> dict[Path, Any]:
    """The leaves, without containers that look empty because nothing of them came."""
    return {path: leaf for path, leaf in leaves(value) if leaf not in ({}, [])}


def texts(value: Any) -> Any:
    """Numbers as their text, since 1.0 equals 1."""
    return value.text if isinstance(value, Digits) else value


# ---- the simulator's answers

ENOUGH = (
    Plot.PASS,
    Plot.VENDOR_SAMPLE,
    Plot.LIVENESS_FAILED,
    Plot.FLAGGED,
    Plot.VERIFY_ERROR,
    Plot.LIVENESS_ONLY,
)


@cache
def answer(plot: Plot) -> tuple[bytes, dict[str, bytes], VerificationResult]:
    """An answer as the simulator sends it, its pictures, and what is read of the whole of it."""
    index = next(index for index in range(100) if plot_of("2016", index)[0] is plot)
    made = session("2016", index, "1462259748,52b13fb5-8dfb-4537-a62b-a641d5e929f1")
    pictures = made.pictures(2)
    body = made.body(pictures)
    return body, pictures or {}, VerificationResult.read(body)


def agrees(part: Any, whole: Any) -> bool:
    """Whether a part says nothing that the whole does not say: absent, or the same to the digit."""
    if part is None or part == () or part == NOT_RETURNED:
        return True
    if is_dataclass(part):
        return type(part) is type(whole) and all(
            agrees(getattr(part, f.name), getattr(whole, f.name)) for f in fields(part)
        )
    if isinstance(part, Digits):
        return isinstance(whole, Digits) and part.text == whole.text
    return bool(part == whole)


def nothing_is_invented(
    part: VerificationResult, whole: VerificationResult, pictures: Mapping[str, bytes]
) -> None:
    told = (
        "comparisons",
        "genuineness",
        "photographs",
        "warnings",
        "cut",
        "received",
        "places",
        "readable",
        "verify_returned",
        "id_exceptions",
    )
    for field in fields(part):
        if field.name not in told:
            assert agrees(getattr(part, field.name), getattr(whole, field.name)), field.name
    assert part.places <= whole.places
    compared = {comparison.against: comparison for comparison in whole.comparisons}
    for comparison in part.comparisons:
        known = compared[comparison.against]
        assert agrees(comparison.confidence, known.confidence)
        assert set(comparison.thresholds) <= set(known.thresholds)
        for name in ("strictest_passed", "next_missed", "misses_next_by"):
            assert getattr(comparison, name) in (None, getattr(known, name)), name
        assert comparison.incomplete or comparison.thresholds == known.thresholds
    checked = {check.name: check for check in whole.genuineness}
    for check in part.genuineness:
        assert agrees(check.confidence, checked[check.name].confidence)
        assert agrees(check.threshold, checked[check.name].threshold)
        assert check.finding in (NOT_RETURNED, checked[check.name].finding)
    assert dict(part.id_exceptions or ()).items() <= dict(whole.id_exceptions or ()).items()
    assert {w for w in part.warnings if w.startswith("liveness")} <= set(whole.warnings)
    for picture in part.photographs:
        sent = pictures[picture.role]
        if picture.cut:
            assert sent.startswith(picture.data)
            assert photograph.examine(picture.data, cut=picture.cut).status is not Status.OK
        else:
            assert picture.sha256 == hashlib.sha256(sent).hexdigest()


@pytest.mark.parametrize("plot", ENOUGH)
def test_answers_of_the_simulator_cut_at_every_997th_byte(plot: Plot) -> None:
    body, pictures, whole = answer(plot)
    ends = {
        role: body.index(base64.b64encode(sent)) + len(base64.b64encode(sent))
        for role, sent in pictures.items()
    }
    for at in range(997, len(body), 997):
        part = VerificationResult.read(body[:at])
        assert (part.readable, part.cut, part.warnings[0]) == (True, True, "answer_cut")
        nothing_is_invented(part, whole, pictures)
        # The quote behind it is the first byte that tells that a picture is whole.
        came = {picture.role for picture in part.photographs if not picture.cut}
        assert came == {role for role, end in ends.items() if end < at}
        assert len(part.photographs) - len(came) <= 1


@given(st.sampled_from(ENOUGH), st.data())
def test_answers_of_the_simulator_cut_among_their_values(plot: Plot, data: st.DataObject) -> None:
    body, pictures, whole = answer(plot)
    start = body.index(b'"images"')
    behind = body.rindex(b'}, "liveness_result"') if pictures else start
    at = data.draw(st.integers(0, start + 300) | st.integers(behind - 300, len(body) - 1))
    part = VerificationResult.read(body[:at])
    assert part.cut == part.readable
    nothing_is_invented(part, whole, pictures)


@pytest.mark.parametrize("plot", [Plot.VENDOR_SAMPLE, Plot.VERIFY_ERROR])
def test_every_value_counts_from_its_last_byte_on(plot: Plot) -> None:
    body, _, _ = answer(plot)
    document = json.loads(body, **READ)
    document["images"] = {"image_best": "data:image/jpeg;base64,/9j/"}
    text, ends = written(document)
    for at in range(1, len(text)):
        saved = salvage(text[:at].encode())
        expected = arrived(document, ends, at)
        found = filled(json.loads(saved.text, **READ)) if saved else {}
        assert {p: texts(v) for p, v in found.items()} == {p: texts(v) for p, v in expected.items()}


# ---- anything at all

NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,9})(\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?", fullmatch=True).map(
    Digits
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=5),
    max_leaves=25,
)
OBJECTS = st.dictionaries(st.text(max_size=4), ANYTHING, max_size=6)


@given(OBJECTS, st.floats(0, 1), st.sampled_from(["", " ", "\n\t"]))
@example({"a": Digits("68.910"), "b": Digits("1E2"), "c": Digits("-0"), "d": "x"}, 0.99, "")
def test_any_object_is_salvaged_to_the_value_and_the_digit(
    document: dict[str, Any], share: float, gap: str
) -> None:
    text, ends = written(document, gap=gap)
    at = int(len(text) * share)
    saved = salvage(text[:at].encode())
    expected = {p: texts(v) for p, v in arrived(document, ends, at).items() if v not in ({}, [])}
    if at == len(text) or saved is None:
        assert not expected or at == len(text)
        return
    assert {p: texts(v) for p, v in filled(json.loads(saved.text, **READ)).items()} == expected


@given(
    JSON,
    st.floats(0, 1),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "gb18030"]),
    st.booleans(),
)
def test_any_cut_of_anything_is_read(value: Any, share: float, encoding: str, ascii_only: bool) -> None:
    sent = json.dumps({"images": value, "verify_result": value, "业务": value}, ensure_ascii=ascii_only)
    body = (
        sent.encode(encoding, "surrogatepass") if encoding != "gb18030" else sent.encode(encoding, "replace")
    )
    part = VerificationResult.read(body[: int(len(body) * share)])
    repr(part)
    assert part.readable or not part.cut


@given(st.binary(max_size=40))
def test_any_bytes_behind_a_beginning_are_read(end: bytes) -> None:
    VerificationResult.read(b'{"biz_no":"x","images":{"image_best":"' + end)
    VerificationResult.read(b'{"biz_no":"x",' + end)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_character_that_was_cut_costs_nothing_that_came_before(encoding: str) -> None:
    body = '{"biz_no": "业务", "biz_extra_data": "\U0001f642客户来电'.encode(encoding)
    for lost in range(8):
        part = VerificationResult.read(body[: len(body) - lost])
        assert (part.biz_no, part.biz_extra_data, part.cut) == ("业务", None, True)


# ---- numbers


@pytest.mark.parametrize(
    "digits", ["68.910", "68.91876", "1E2", "1e-7", "-0", "0", "1e400", "0.880", "-1.50", "9" * 5000]
)
def test_a_number_is_whole_or_absent_and_keeps_its_digits(digits: str) -> None:
    head = '{"biz_no":"x","verify_result":{"result_faceid":{"confidence":'
    for at in range(len(digits) + 1):
        (only,) = VerificationResult.read((head + digits[:at]).encode()).comparisons
        assert only.confidence is None
        if at % 500 == 499:
            break
    for behind in (",", " ", "}", "\n"):
        (only,) = VerificationResult.read((head + digits + behind).encode()).comparisons
        assert str(only.confidence) == digits


def test_thresholds_that_were_cut_name_no_strictest() -> None:
    body = json.dumps(SAMPLE).encode()
    at = body.index(b'"1e-4"')
    (first, *_) = VerificationResult.read(body[:at]).comparisons
    assert [(name, str(value)) for name, value in first.thresholds] == [("1e-3", "64")]
    assert (first.incomplete, first.strictest_passed, first.next_missed, first.misses_next_by) == (
        True,
        None,
        None,
        None,
    )
    assert facts_of(cut_case(body[:at]))["strictest"] is None
    (first, *_) = VerificationResult.read(body[: body.index(b'"result_ref1"')]).comparisons
    assert (first.incomplete, first.strictest_passed, first.misses_next_by) == (False, "1e-3", "0.08124")


# ---- what is no cut


@pytest.mark.parametrize(
    "body",
    [b'{"a":1,}', b'{"a":1,"b":01,"c":2', b'{"a":1,"b":nul,"c":2', b'{"a":"x\n","b":2', b'{"a":1} x', b'{"a":1}{"b":2',
     b"{'a':1,", b'{"a":1,"b":\xff,', b"", b"{", b'{"a":', b'{"a":tru', b'[1,2,"x"', b"null", b"<html>", b'{"a":1\xc2\xa0,"b":2,'],
    ids=repr,
)  # fmt: skip
def test_a_mistake_is_no_cut(body: bytes) -> None:
    assert VerificationResult.read(body) == VerificationResult(readable=False, warnings=("body_unreadable",))


def test_a_whole_answer_is_never_cut() -> None:
    for plot in ENOUGH:
        body, _, whole = answer(plot)
        assert (whole.cut, whole.received, whole.lost("nothing")) == (False, frozenset(), False)
        assert salvage(body) is None
        assert VerificationResult.read(body + b"\n") == whole


@pytest.mark.parametrize(
    "repeated", ['{"a":', "[", '{"a":[', '{"a":1,"b":', "[1,", '"x",', " ", "9", "\\u0041", "\\\\", '\\"']
)
def test_sixteen_megabytes_of_anything_end(repeated: str) -> None:
    """Work is bounded by the number of tokens, whatever the depth."""
    head = '{"biz_no":"x","y":' + ('"' if repeated.startswith("\\") else "[" if repeated[0] in '1"' else "")
    body = (head + repeated * (16_000_000 // len(repeated))).encode()
    part = VerificationResult.read(body)
    assert part.readable == (repeated in (" ", "9", "\\u0041", "\\\\", '\\"'))
    assert part.biz_no == ("x" if part.readable else None)


def test_the_limit_of_tokens_is_one_no_answer_reaches() -> None:
    whole = json.dumps({str(n): {"a": [n, "x"]} for n in range(MOST_TOKENS // 12)})
    assert salvage(whole[:-1].encode())
    assert salvage((whole[:-1] + ',"more":[' + "1," * MOST_TOKENS).encode()) is None


# ---- what occurs twice, what is not known


def test_a_second_value_that_was_cut_does_not_leave_the_first_standing() -> None:
    part = VerificationResult.read(b'{"biz_no":"A","verify_result":{"error":"X"},"biz_no":"B')
    assert (part.biz_no, part.verify_error, part.lost("biz_no")) == (None, "X", True)
    assert part.warnings == ("answer_cut", "duplicate_keys")


def test_of_an_unknown_field_only_what_came_whole_is_told() -> None:
    body = b'{"new":{"a":1,"b":[1,2],"c":{"d":true,"e":"x'
    assert dict(VerificationResult.read(body).unrecognised) == {
        "/new/a": 1,
        "/new/b": [1, 2],
        "/new/c/d": True,
    }
    assert VerificationResult.read(b'{"a~/b":1,"new":[1,2,{"a":1,"b":2').unrecognised == (("/a~0~1b", 1),)
    assert VerificationResult.read(b'{"new":[1,2]').unrecognised == (("/new", [1, 2]),)
    parts = VerificationResult.read(b'{"verify_result":{"id_exceptions":{"id_attacked":0,"new":{"a":1,"b"')
    assert parts.id_exceptions == (("id_attacked", 0),)


def test_null_that_came_is_not_lost() -> None:
    part = VerificationResult.read(b'{"verify_result":null,"liveness_result":{"failure_reason":null,"log":"')
    lost = {name: part.lost(*name.split("/")) for name in (
        "verify_result", "verify_result/face_genuineness/mask_confidence", "liveness_result/failure_reason", "liveness_result/log", "images",
    )}  # fmt: skip
    assert list(lost.values()) == [False, False, False, True, True]


# ---- pictures


def picture() -> bytes:
    made = io.BytesIO()
    Image.effect_noise((64, 64), 80).convert("RGB").save(made, "JPEG")
    return made.getvalue()


@pytest.mark.parametrize("prefix", ["data:image/jpeg;base64,", ""])
@pytest.mark.parametrize("escaped", [False, True])
def test_a_cut_picture_is_shown_as_far_as_it_came_and_is_never_ok(prefix: str, escaped: bool) -> None:
    sent = picture()
    encoded = json.dumps(prefix + base64.b64encode(sent).decode())[1:-1]
    encoded = encoded.replace("/", "\\/") if escaped else encoded
    start = len('{"biz_no":"x","images":{"image_best":"')
    body = f'{{"biz_no":"x","images":{{"image_best":"{encoded}","image_action1":"'.encode()
    last = b""
    for at in range(start, start + len(encoded) + 1):
        part = VerificationResult.read(body[:at])
        assert (part.cut, part.biz_no) == (True, "x")
        for shown in part.photographs:
            assert (shown.role, shown.problem, shown.cut) == ("image_best", "", True)
            assert sent.startswith(shown.data)
            assert len(shown.data) >= len(last)
            last = shown.data
            if at % 199 == 0 or at == start + len(encoded):
                assert photograph.examine(shown.data, cut=True).status in (
                    Status.INCOMPLETE,
                    Status.UNDECODABLE,
                )
    assert last == sent, "without its quote nobody knows that it is whole"
    half = VerificationResult.read(body[: start + len(encoded) // 2]).photographs[0]
    seen = photograph.examine(half.data, pixels=True, cut=True)
    assert (seen.status, seen.pixels is not None) == (Status.INCOMPLETE, True)
    (whole,) = VerificationResult.read(body).photographs
    assert (whole.cut, whole.sha256) == (False, hashlib.sha256(sent).hexdigest())
    assert photograph.examine(whole.data, cut=whole.cut).status is Status.OK


@pytest.mark.parametrize(
    "begun",
    [
        "",
        "d",
        "data",
        "data:",
        " data",
        "data:image/jpeg;bas",
        "data:image/jpeg;base64,",
        "/9j",
        "\\",
        "\\u002",
    ],
)
def test_a_picture_of_which_nothing_came_is_not_there(begun: str) -> None:
    part = VerificationResult.read(f'{{"biz_no":"x","images":{{"image_best":"{begun}'.encode())
    assert (part.photographs, part.cut, part.lost("images", "image_best")) == ((), True, True)


def test_only_pictures_are_shown_in_part() -> None:
    part = VerificationResult.read(b'{"biz_no":"x","biz_extra_data":"half of a sent')
    assert part.biz_extra_data is None
    assert VerificationResult.read(b'{"images":{"image_best":{"a":"/9j/AAAA').photographs == ()
    assert VerificationResult.read(b'{"images":["/9j/AAAA').photographs == ()


# ---- what a case says of it


def cut_case(body: bytes, **how: Any) -> Case:
    return case_of(body, ended=Ending.CUT, **how)


def test_a_case_kept_in_part_states_what_came() -> None:
    body, pictures, whole = answer(Plot.PASS)
    at = body.index(b'"image_action2"') + 5000
    case = cut_case(body[:at])
    said = statement.state(case)
    assert (case.stage, said["biz_no"], said["liveness"]) == (Stage.PARTIAL, whole.biz_no, None)
    assert {"answer_cut", "answer_incomplete"} <= set(said["warnings"])
    status = {image["role"]: image["status"] for image in said["images"]}
    assert list(status.values()).count("incomplete") == 1
    for image in said["images"]:
        if image["status"] == "ok":
            assert image["sha256"] == hashlib.sha256(pictures[image["role"]]).hexdigest()
    assert {check["finding"] for check in said["genuineness"]} == {"not_received"}
    head = facts_of(case)
    assert (head["pictures"], head["biz_no"], head["confidence"], head["flags"]) == (
        len(status),
        whole.biz_no,
        None,
        [],
    )


def test_a_picture_that_lacks_nothing_but_its_end_is_ok_nowhere() -> None:
    """The decoder would take it; on no way to the reviewer is it called whole."""
    body = b'{"biz_no":"x","images":{"image_best":"' + base64.b64encode(picture())
    case = cut_case(body)
    (only,) = case.photographs
    assert photograph.examine(only.data).status is Status.OK
    assert [image["status"] for image in statement.state(case)["images"]] == ["incomplete"]
    assert [exhibit.seen.status for exhibit in exhibits(case.photographs)] == [Status.INCOMPLETE]
    assert work._examined(only)[0].status is Status.INCOMPLETE
    assert [image["status"] for image in statement.state(cut_case(body + b'"'))["images"]] == ["ok"]


def test_show_tells_what_came_and_never_that_the_vendor_did_not_return_the_rest() -> None:
    body, _, whole = answer(Plot.PASS)
    said = telling.case(cut_case(body[: body.index(b'"image_action2"')]), words("en"))
    for expected in (
        f'/biz_no: "{whole.biz_no}"',
        "image_action1: whole",
        "Liveness: not received",
        "The answer ends in the middle",
    ):
        assert expected in said
    assert "not returned" not in said.replace("Take nothing that is absent as not returned", "")
    assert statement.NOT_RECEIVED in {
        check["finding"] for check in statement.state(cut_case(b'{"biz_no":"x","a'))["genuineness"]
    }


def test_a_cut_error_is_refused_by_its_status_alone() -> None:
    body = b'{"error_message":"RESULT_NOT_FOUND","request_id":"14622'
    assert cut_case(body).stage is Stage.PARTIAL
    assert case_of(body).stage is Stage.KEPT
    refused = cut_case(body, status=400)
    assert refused.refusal
    assert (refused.stage, refused.refusal.code) == (Stage.REFUSED, "RESULT_NOT_FOUND")
    refused = cut_case(body[:25], status=400)
    assert refused.refusal
    assert (refused.stage, refused.refusal.code) == (Stage.REFUSED, "HTTP 400")


RETURNED = {
    "en": ("not returned", "was returned", "were returned", "returned,", "confidence returned"),
    "zh": ("未返回",),
}


def printed(case: Case, lang: str) -> str:
    """Every word of the pages that tell what the vendor sent."""
    frame = Frame("Lin", datetime(2026, 11, 22, tzinfo=UTC), "UTC", "0", "vault", 1, "00" * 32)
    copy = ThisCopy(case, frame, words(lang))
    shown = exhibits(case.photographs)
    pages = [vendor_result(copy), liveness(copy), *exhibit_pages(copy, shown), cover(copy, [], [], [])]
    return json.dumps(pages, ensure_ascii=False, default=str)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "before", ['"images"', '"liveness_result"', '"log"', '"verify_result"', '"1e-4"', '"mask_threshold"']
)
def test_the_snapshot_never_says_that_what_was_cut_was_not_returned(before: str, lang: str) -> None:
    sent = json.loads(json.dumps(dict(sorted(SAMPLE.items()))))
    for compared in ("result_faceid", "result_ref1"):
        sent["verify_result"][compared]["thresholds"]["1e-6"] = 80
    body = json.dumps(sent).encode()
    case = cut_case(body[: body.index(before.encode())])
    said = printed(case, lang)
    warned = "Take nothing that is absent as not returned by the vendor."
    assert not [
        text for text in RETURNED[lang] if text in said.replace(warned, "").replace("不能视为厂商未返回", "")
    ]
    assert ("not received" if lang == "en" else "未收到") in said.lower()
    assert "cc47190f-5502-44a2-ab74-ea4f0f649f61" in said, "biz_no came"
    assert '"/biz_extra_data"' in said, "and stands among the other fields"


@settings(max_examples=30)
@given(st.integers(1, 900))
def test_the_snapshot_of_any_cut_can_be_written(at: int) -> None:
    printed(cut_case(json.dumps(SAMPLE).encode()[:at]), "en")

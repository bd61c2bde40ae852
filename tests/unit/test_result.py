"""Reading an answer: the vendor's sample to the digit, and nothing that was sent may break it or be invented."""

import base64
import hashlib
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceid_review.faceid.digits import Digits, difference, plain
from faceid_review.faceid.result import ATTACK, GENUINE, NOT_RETURNED, VerificationResult

# The sample of PC-GetResult, written out anew: its numbers are the vendor's, its pictures are left out there too.
SAMPLE: dict[str, Any] = {
    "biz_extra_data": "...",
    "biz_id": "1462259748,52b13fb5-8dfb-4537-a62b-a641d5e929f1",
    "biz_no": "cc47190f-5502-44a2-ab74-ea4f0f649f61",
    "images": {"image_action1": "data:image/jpeg;base64,...", "image_best": "data:image/jpeg;base64,..."},
    "liveness_result": {
        "failure_reason": None,
        "log": "1462259749\n0:A\n2596:M\n3862:E\n8148:P\n9446:O\n",
        "result": "success",
        "version": "MegLive 2.4.0L",
    },
    "request_id": "1462259763,e2d2f8d6-204b-4c43-92ea-1d62b071f83c",
    "time_used": 93,
    "verify_result": {
        "request_id": "1461740007,71eeb124-08f0-47b3-8fc8-ac048cfa1372",
        "result_faceid": {"confidence": 68.91876, "thresholds": {"1e-3": 64, "1e-4": 69, "1e-5": 74}},
        "result_ref1": {"confidence": 68.91876, "thresholds": {"1e-5": 74, "1e-4": 69, "1e-3": 64}},
        "face_genuineness": {
            "synthetic_face_confidence": 0.88, "synthetic_face_threshold": 0.5, "mask_confidence": 0.32,
            "mask_threshold": 0.5, "screen_replay_confidence": 0.33, "screen_replay_threshold": 0.5,
        },
        "time_used": 1020,
    },
}  # fmt: skip
JPEG = b"\xff\xd8\xff\xe0 not quite a picture \xff\xd9"


def read(value: Any) -> VerificationResult:
    return VerificationResult.read(value if isinstance(value, bytes) else json.dumps(value).encode())


def without(*path: str) -> VerificationResult:
    document = json.loads(json.dumps(SAMPLE))
    part = document
    for step in path[:-1]:
        part = part[step]
    del part[path[-1]]
    return read(document)


def findings(result: VerificationResult) -> dict[str, str]:
    return {check.name: check.finding for check in result.genuineness}


# ---- the sample


def test_the_vendor_s_sample() -> None:
    result = read(SAMPLE)
    assert result.readable
    assert result.error_message is None
    assert result.unrecognised == ()
    assert [c.against for c in result.comparisons] == ["result_faceid", "result_ref1"]
    for comparison in result.comparisons:
        assert str(comparison.confidence) == "68.91876"
        assert [(name, str(value)) for name, value in comparison.thresholds] == [
            ("1e-3", "64"),
            ("1e-4", "69"),
            ("1e-5", "74"),
        ]
        assert comparison.confidence is not None
        assert str(difference(comparison.confidence, comparison.thresholds[0][1])) == "4.91876"
        assert comparison.strictest_passed == "1e-3"
        assert comparison.misses_next_by == "0.08124"
    assert findings(result) == {"synthetic_face": ATTACK, "mask": GENUINE, "screen_replay": GENUINE}
    assert [str(c.confidence) for c in result.genuineness] == ["0.88", "0.32", "0.33"]
    assert result.warnings == ("liveness_passed_but_synthetic_face",)
    assert result.liveness is not None
    assert result.liveness.passed is True
    assert [(m.at_ms, m.letter, m.lasted_ms) for m in result.liveness.log.moments] == [
        (0, "A", 2596), (2596, "M", 1266), (3862, "E", 4286), (8148, "P", 1298), (9446, "O", None),
    ]  # fmt: skip
    assert (str(result.time_used), str(result.verify_time_used)) == ("93", "1020")
    assert result.id_exceptions is None
    assert result.verify_error is None


def test_the_sample_of_a_refusal() -> None:
    refused = {
        "error_message": "RESULT_NOT_FOUND",
        "request_id": "1462259901,fa79992d-ca61-48de-aa50-ea337c6aad42",
        "time_used": 4,
    }
    result = read(refused)
    assert (result.error_message, str(result.time_used)) == ("RESULT_NOT_FOUND", "4")
    assert result.unrecognised == ()
    assert result.liveness is None
    assert result.comparisons == ()


def test_the_sample_of_the_vendor_s_own_page() -> None:
    """The page itself, where it lies beside the project: its first block is the sample, to the byte."""
    page = Path(__file__).parents[3] / "shared" / "vendor" / "pc-get-result.md"
    if not page.is_file():
        pytest.skip("the vendor's page is not part of the repository")
    blocks = re.findall(r"```\n(\{.*?\n\})", page.read_text("utf-8"), re.DOTALL)
    result = VerificationResult.read(blocks[0].encode())
    assert result.comparisons[0].misses_next_by == "0.08124"
    assert result.warnings == ("liveness_passed_but_synthetic_face",)
    assert [p.role for p in result.photographs] == [
        "image_best",
        "image_action1",
        "image_action2",
        "image_action3",
    ]
    assert {p.problem for p in result.photographs} == {"not_base64"}


# ---- case 41: what is no answer


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"null", b"true", b"[]", b'"x"', b"1", b"NaN", b"{", b"}", b'{"a":', b"half a thou", b"<html></html>", b"\xff\xfe", b"\x80",
     b"\x00" * 100, b"{'a':1}", b'{"a":1,}', b'{"a":1}{"b":2}', b"[" * 100_000, b'{"a":' * 100_000, b"\xef\xbb\xbf", b'{"a":"\n"}', b"9" * 100_000],
    ids=lambda body: repr(body[:20]),
)  # fmt: skip
def test_what_is_no_answer_is_unreadable(body: bytes) -> None:
    result = VerificationResult.read(body)
    assert result == VerificationResult(readable=False, warnings=("body_unreadable",))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_other_encodings_are_read_as_json_has_them(encoding: str) -> None:
    result = VerificationResult.read(json.dumps(SAMPLE).encode(encoding))
    assert result.comparisons[0].misses_next_by == "0.08124"


def test_gb18030_is_not_guessed() -> None:
    body = json.dumps({"biz_no": "业务号"}, ensure_ascii=False).encode("gb18030")
    assert VerificationResult.read(body).warnings == ("body_unreadable",)


def test_duplicate_keys_are_told() -> None:
    result = VerificationResult.read(b'{"time_used":1,"time_used":2,"images":{"a":"","a":""}}')
    assert result.warnings == ("duplicate_keys",)
    assert str(result.time_used) == "2"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_none_is_kept_as_sent(number: str) -> None:
    result = VerificationResult.read(
        f'{{"verify_result":{{"result_faceid":{{"confidence":{number}}}}}}}'.encode()
    )
    assert result.comparisons[0].confidence is None
    assert result.unrecognised == (("/verify_result/result_faceid/confidence", number),)


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e-400", "1" + "0" * 400, "1E+400"])
def test_a_number_that_no_float_holds_is_exact(number: str) -> None:
    result = VerificationResult.read(
        f'{{"verify_result":{{"result_faceid":{{"confidence":{number}}}}}}}'.encode()
    )
    assert str(result.comparisons[0].confidence) == number


@pytest.mark.parametrize("number", ["1e99999999999999999999", "-1e99999999999999999999"])
def test_a_number_beyond_all_bounds_is_kept_as_sent(number: str) -> None:
    result = VerificationResult.read(
        f'{{"verify_result":{{"result_faceid":{{"confidence":{number}}}}}}}'.encode()
    )
    comparison = result.comparisons[0]
    assert str(comparison.confidence) == number or result.unrecognised


# ---- case 42: absent is absent


@pytest.mark.parametrize(
    "path",
    [(key,) for key in SAMPLE] + [("verify_result", key) for key in SAMPLE["verify_result"]]
    + [("liveness_result", key) for key in SAMPLE["liveness_result"]] + [("verify_result", "result_faceid", "confidence"),
       ("verify_result", "result_faceid", "thresholds"), ("verify_result", "face_genuineness", "mask_threshold"),
       ("verify_result", "face_genuineness", "mask_confidence"), ("verify_result", "face_genuineness", "screen_replay_confidence")],
    ids="/".join,
)  # fmt: skip
def test_whatever_is_left_out_is_absent_and_never_passed(path: tuple[str, ...]) -> None:
    result = without(*path)
    assert result.readable
    assert result.unrecognised == ()
    match path:
        case ("liveness_result",):
            assert result.liveness is None
        case ("liveness_result", "result"):
            assert result.liveness is not None
            assert result.liveness.passed is None
            assert not result.warnings, "no contradiction with a result that was not sent"
        case ("verify_result",) | ("verify_result", "face_genuineness"):
            assert set(findings(result).values()) == {NOT_RETURNED}
        case ("verify_result", "face_genuineness", key):
            assert findings(result)[key.rpartition("_")[0]] == NOT_RETURNED
        case ("verify_result", "result_faceid", _):
            assert result.comparisons[0].strictest_passed is None
            assert result.comparisons[0].misses_next_by is None


@pytest.mark.parametrize("value", [None, "", 0, False, [], {}, "x", 1.5, [1], {"a": 1}])
@pytest.mark.parametrize("key", list(SAMPLE))
def test_a_value_of_another_kind_is_never_a_pass(key: str, value: Any) -> None:
    result = read({**SAMPLE, key: value})
    assert result.readable
    if key == "verify_result":
        assert GENUINE not in findings(result).values()
        assert ATTACK not in findings(result).values()
        assert result.comparisons == ()
    if key == "liveness_result":
        assert result.liveness is None or result.liveness.passed is None
    if key == "images":
        assert result.photographs == ()


def test_the_shapes_that_are_known_from_the_vendor() -> None:
    assert read({"images": None}).photographs == ()
    null = read({"verify_result": None})
    assert (null.verify_returned, null.verify_error) == (False, None)
    failed = read({"verify_result": {"error": "VERIFY_API_FAILED"}})
    assert (failed.verify_returned, failed.verify_error, failed.error_message) == (
        True,
        "VERIFY_API_FAILED",
        None,
    )
    for reason in ("", "null", None):
        liveness = read({"liveness_result": {"failure_reason": reason}}).liveness
        assert liveness is not None
        assert liveness.failure_reason is None
    band = read(
        {
            "verify_result": {
                "result_ref1": {"confidence": 90.734, "thresholds": {"1e-6": 78.038, "1e-3": 62.169}}
            }
        }
    )
    assert band.comparisons[0].strictest_passed == "1e-6"
    assert band.comparisons[0].misses_next_by is None
    more = read(
        {
            "images": {f"image_action{n}": base64.b64encode(JPEG).decode() for n in (10, 2, 1, 5)}
            | {"image_best": base64.b64encode(JPEG).decode()}
        }
    )
    assert [p.role for p in more.photographs] == [
        "image_best",
        "image_action1",
        "image_action2",
        "image_action5",
        "image_action10",
    ]


@pytest.mark.parametrize("result", ["success ", "Success", "SUCCESS", "pass", "fail", "", "失败", "succes"])
def test_only_success_to_the_letter_is_a_pass(result: str) -> None:
    liveness = read({"liveness_result": {"result": result}}).liveness
    assert liveness is not None
    assert (liveness.result, liveness.passed) == (result, False)


@pytest.mark.parametrize(
    ("sent", "finding"),
    [(0, GENUINE), (1, ATTACK), (2, ATTACK), (None, NOT_RETURNED), ("1", NOT_RETURNED), (True, NOT_RETURNED)],
)
def test_face_replaced_is_a_flag(sent: Any, finding: str) -> None:
    result = read(
        {
            "liveness_result": {"result": "success"},
            "verify_result": {"face_genuineness": {"face_replaced": sent}},
        }
    )
    assert findings(result)["face_replaced"] == finding
    assert findings(result)["mask"] == NOT_RETURNED
    assert ("liveness_passed_but_face_replaced" in result.warnings) == (finding == ATTACK)


def test_at_its_threshold_is_above_it() -> None:
    checks = {
        "mask_confidence": 0.5,
        "mask_threshold": 0.50,
        "new_kind_confidence": 0.9,
        "new_kind_threshold": 0.8,
    }
    assert findings(read({"verify_result": {"face_genuineness": checks}}))["mask"] == ATTACK
    assert findings(read({"verify_result": {"face_genuineness": checks}}))["new_kind"] == ATTACK
    at = read(
        {
            "verify_result": {
                "result_faceid": {"confidence": 64, "thresholds": {"1e-3": 64.0, "1e-4": 64.00001}}
            }
        }
    ).comparisons[0]
    assert (at.strictest_passed, at.misses_next_by) == ("1e-3", "0.00001")


def test_what_is_not_known_is_kept_under_its_pointer() -> None:
    document = {
        "new": [1, {"a": 2.50}],
        "liveness_result": {"ne/w": 1, "result": 7},
        "verify_result": {
            "result_faceid": {"confidence": "68.9", "x": 1},
            "result_new": 3,
            "other~": None,
            "face_genuineness": {"hint": 1, "_confidence": 2},
        },
        "images": {"image_best": 5},
    }
    found = dict(read(document).unrecognised)
    assert set(found) == {
        "/new", "/liveness_result/ne~1w", "/liveness_result/result", "/verify_result/result_faceid/confidence",
        "/verify_result/result_faceid/x", "/verify_result/result_new", "/verify_result/other~0",
        "/verify_result/face_genuineness/hint", "/verify_result/face_genuineness/_confidence", "/images/image_best",
    }  # fmt: skip
    assert str(found["/new"][1]["a"]) == "2.5"


# ---- case 43: digits


@pytest.mark.parametrize(
    "digits",
    [
        "68.91876",
        "68.918760",
        "0.880",
        "1E2",
        "1e-7",
        "-0",
        "0",
        "100",
        "99.99999999999999999999999999999999",
        "-1.50",
    ],
)
def test_digits_are_shown_as_they_were_sent(digits: str) -> None:
    body = f'{{"time_used":{digits},"verify_result":{{"result_faceid":{{"confidence":{digits},"thresholds":{{"1e-3":{digits}}}}}}}}}'
    result = VerificationResult.read(body.encode())
    assert str(result.time_used) == digits
    assert str(result.comparisons[0].confidence) == digits
    assert str(result.comparisons[0].thresholds[0][1]) == digits
    assert plain(result.comparisons[0].thresholds[0][1]) == digits


def test_thresholds_are_sorted_by_number_not_by_name() -> None:
    thresholds = {"1e-5": 74, "1e-10": 90.5, "1e-3": 9, "1e-4": 10, "x": 8.5}
    result = read({"verify_result": {"result_faceid": {"confidence": 9.5, "thresholds": thresholds}}})
    assert [name for name, _ in result.comparisons[0].thresholds] == ["x", "1e-3", "1e-4", "1e-5", "1e-10"]
    assert result.comparisons[0].misses_next_by == "0.5"


@given(st.decimals(0, 100, places=5), st.decimals(0, 100, places=5))
def test_what_is_missed_and_passed_is_exact(confidence: Decimal, threshold: Decimal) -> None:
    body = f'{{"verify_result":{{"result_faceid":{{"confidence":{confidence},"thresholds":{{"1e-3":{threshold}}}}}}}}}'
    comparison = VerificationResult.read(body.encode()).comparisons[0]
    if confidence >= threshold:
        assert (comparison.strictest_passed, comparison.misses_next_by) == ("1e-3", None)
    else:
        assert comparison.strictest_passed is None
        assert Decimal(comparison.misses_next_by or "") == threshold - confidence


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,4})?", fullmatch=True))
def test_any_number_of_json_keeps_its_digits(text: str) -> None:
    number = VerificationResult.read(f'{{"time_used":{text}}}'.encode()).time_used
    assert isinstance(number, Digits)
    assert str(number) == text
    assert number == Decimal(text)


# ---- case 44: pictures as they were sent


@pytest.mark.parametrize(
    ("prefix", "media_type"),
    [("data:image/jpeg;base64,", "image/jpeg"), ("", None), ("data:image/png;base64,", "image/png"), (" data: image/jpeg ; base64 , ", "image/jpeg"),
     ("data:image/svg+xml;base64,", "image/svg+xml"), ("data:text/html;base64,", "text/html")],
)  # fmt: skip
@pytest.mark.parametrize("breaks", ["", "\n", "\r\n", " ", "\t"])
def test_pictures_are_decoded_to_the_byte(prefix: str, media_type: str | None, breaks: str) -> None:
    encoded = base64.b64encode(JPEG).decode()
    sent = prefix + breaks.join(encoded[n : n + 8] for n in range(0, len(encoded), 8))
    (picture,) = read({"images": {"image_best": sent}}).photographs
    assert (picture.data, picture.media_type, picture.problem) == (JPEG, media_type, "")
    assert picture.sha256 == hashlib.sha256(JPEG).hexdigest()
    assert picture.pointer == "/images/image_best"
    assert "xd8" not in repr(picture)


@pytest.mark.parametrize(
    "sent",
    ["...", "data:image/jpeg;base64,...", "data:image/jpeg,abc", "AAA", "_-_-", base64.urlsafe_b64encode(b"\xfb\xff\xfe").decode(),
     "data:image/jpeg;base64,\u00e9", "密", "\ud800", "data:;base64,AAAA", "data:image/jpeg;charset=x;base64,AAAA", "=AAA", "A"],
    ids=ascii,
)  # fmt: skip
def test_what_is_no_base64_is_kept_as_text_and_says_so(sent: str) -> None:
    (picture,) = read({"images": {"image_best": sent}}).photographs
    assert picture.problem == "not_base64"
    assert picture.data == sent.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_picture_that_is_empty_was_not_sent(nothing: Any) -> None:
    assert read({"images": {"image_best": nothing}}).photographs == ()


# ---- anything at all


KEYS = st.sampled_from(
    [*SAMPLE, *SAMPLE["verify_result"], *SAMPLE["liveness_result"], *SAMPLE["images"], *SAMPLE["verify_result"]["face_genuineness"],
     "confidence", "thresholds", "error", "error_message", "id_exceptions", "face_replaced", "result_x", "1e-3", "1e-4", "~", "/", "_confidence", ""]
) | st.text(max_size=3)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["success", "data:image/jpeg;base64,/9j/", "0:A", "1462259749\n0:A", "1e-3"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)  # fmt: skip


def never_passed(result: VerificationResult, sent: Any) -> None:
    """Nothing absent is a pass, whatever else was sent."""
    document = sent if isinstance(sent, dict) else {}
    live = document.get("liveness_result")
    if result.liveness and result.liveness.passed:
        assert isinstance(live, dict)
        assert live["result"] == "success"
    verify = document.get("verify_result")
    checks = verify.get("face_genuineness") if isinstance(verify, dict) else None
    for check in result.genuineness:
        if check.finding == GENUINE:
            assert isinstance(checks, dict)
            assert check.name == "face_replaced" or {
                f"{check.name}_confidence",
                f"{check.name}_threshold",
            } <= set(checks)
    for comparison in result.comparisons:
        if comparison.strictest_passed is not None:
            assert comparison.confidence is not None
            assert comparison.confidence >= dict(comparison.thresholds)[comparison.strictest_passed]


@given(JSON)
def test_any_json_is_read_and_nothing_is_invented(value: Any) -> None:
    result = read(value)
    assert result.readable == isinstance(value, dict)
    never_passed(result, value)
    repr(result)


@given(JSON, JSON, JSON)
def test_any_json_in_the_right_places_is_read(verify: Any, liveness: Any, images: Any) -> None:
    document = {"verify_result": verify, "liveness_result": liveness, "images": images}
    never_passed(read(document), document)


@given(st.binary())
def test_any_bytes_are_read(body: bytes) -> None:
    VerificationResult.read(body)


@given(st.integers(0, len(json.dumps(SAMPLE)) - 1), st.integers(0, 255))
def test_a_sample_with_any_byte_changed_is_read(at: int, byte: int) -> None:
    body = bytearray(json.dumps(SAMPLE).encode())
    body[at] = byte
    VerificationResult.read(bytes(body))

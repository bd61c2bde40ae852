"""What a second source says otherwise, and whether the parts of a case agree: remarks, never failures."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faceid_review.faceid import callback, glossary
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review import differences, saying_callbacks
from faceid_review.review.case import Case, fold
from faceid_review.review.differences import Difference, answers, callback_and_answer
from faceid_review.vault.entry import Entry
from tests.deliveries import make
from tests.unit.test_document import body as sample

AT = datetime(2016, 7, 23, 7, 6, tzinfo=UTC)
DATE = ("Date", "Sat, 23 Jul 2016 07:06:00 GMT")
PICTURE = "data:image/jpeg;base64," + "/9j/" * 40


def answer_of(**over: Any) -> bytes:
    """The answer that says what the synthetic callbacks say."""
    images = dict.fromkeys(("image_best", "image_action1", "image_action2", "image_action3"), PICTURE)
    called = {"request_id": "1469257560,1a1b1c1d-0000-4000-8000-000000000001", "time_used": 93}
    return json.dumps({**make.SAID, **called, "images": images, **over}).encode()


def digest_of(body: bytes) -> str:
    return f"SHA-256 {hashlib.sha256(body).hexdigest()}"


def folded(*events: tuple[str, bytes, dict[str, Any]], biz_id: str = make.BIZ_ID) -> Case:
    """A case of these events: ``answer``, ``imported`` or ``callback``, each with its bytes and further facts."""
    entries, bodies = [Entry(1, AT, "Lin", "queued", biz_id, {"case": "FR-2016-00001"}, None, b"")], {}
    for number, (act, data, more) in enumerate(events, start=2):
        facts = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "account": "shop", **more}
        if act == "answer":
            facts = {"attempt": 1, "status": 200, "ended": "length", "headers": [DATE], **facts}
        elif act == "imported":
            facts = {"status": 0, "complete": True, "headers": [], "name": "saved.json", **facts}
        else:
            found = callback.read(data)
            assert found
            verdict = callback.check(found, make.SECRETS, "shop")
            told = {"sign": verdict.sign, "algorithm": verdict.algorithm, "diagnosis": verdict.diagnosis,
                    "changes": list(verdict.changes)}  # fmt: skip
            facts = {
                "form": found.form.value,
                "name": "notify.txt",
                **told,
                **facts,
                "account": verdict.account,
            }
        facts.setdefault("case", "FR-2016-00001")
        entries.append(Entry(number, AT, "Lin", act, biz_id, facts, b"r", b""))
        bodies[number] = data
    return fold(entries, bodies)


def answered(data: bytes, biz_id: str = make.BIZ_ID, **more: Any) -> Case:
    return folded(("answer", data, more), biz_id=biz_id)


def fetched(**over: Any) -> tuple[str, bytes, dict[str, Any]]:
    return "answer", answer_of(**over), {}


def callback_file(name: str) -> tuple[str, bytes, dict[str, Any]]:
    return "callback", (make.FILES / name).read_bytes(), {}


# ---------------------------------------------------------------------------------------------- differences


def test_a_callback_and_its_answer_differ_by_nature_alone() -> None:
    found = callback_and_answer(make.DATA.encode(), answer_of())
    assert not differences.telling(found)
    assert [d.pointer for d in found] == [
        "/request_id", "/time_used", "/images/image_best", "/images/image_action1", "/images/image_action2",
        "/images/image_action3",
    ]  # fmt: skip
    assert all(d.left is None and d.by_nature for d in found)
    digest = hashlib.sha256(b"\xff\xd8\xff" * 40).hexdigest()
    assert found[2].right == f"image/jpeg, 120 bytes, SHA-256 {digest}"


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ('{"a": 64}', '{"a": 64.0}', [("/a", "64", "64.0")]),
        ('{"a": 0.880}', '{"a": 0.88}', [("/a", "0.880", "0.88")]),
        ('{"a": "64"}', '{"a": 64}', [("/a", '"64"', "64")]),
        ('{"a": null}', '{"a": ""}', [("/a", "null", '""')]),
        ('{"a": null}', "{}", [("/a", "null", None)]),
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}', []),
        ('{"a": {"b": [1, 2]}}', '{"a": {"b": [1, 3, 4]}}', [("/a/b/1", "2", "3"), ("/a/b/2", None, "4")]),
        ('{"a": {}}', '{"a": []}', [("/a", "{}", "[]")]),
        ('{"a/b~c": 1}', '{"a/b~c": 2}', [("/a~1b~0c", "1", "2")]),
        ('{"a": 1, "a": 2}', '{"a": 2}', [("/a", "1", "2"), ("/a", "2", None)]),
        ('{"images": {"x": "a"}}', '{"images": {"x": "b"}}', [("/images/x", '"a"', '"b"')]),
    ],
)
def test_every_difference_is_told_with_its_digits(
    left: str, right: str, expected: list[tuple[str, str | None, str | None]]
) -> None:
    assert [(d.pointer, d.left, d.right) for d in answers(left.encode(), right.encode())] == expected


def test_what_a_cut_answer_lost_is_not_held_against_it() -> None:
    whole = answer_of()
    found = answers(whole, whole[: whole.index(b'"biz_extra_data"')])
    assert found
    assert not differences.telling(found)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (b"{", b"{}"),
        (b"\x00", b"[]"),
        (b"[" * 100_000, b"{}"),
        (b"[" + b"0," * 200_000 + b"0]", b"[" + b"1," * 200_000 + b"1]"),
        (b"[" * 40 + b"1" + b"]" * 40, b"[" * 40 + b"2" + b"]" * 40),
    ],
)
def test_what_cannot_be_compared_value_by_value_is_told_to_differ_as_a_whole(
    left: bytes, right: bytes
) -> None:
    assert answers(left, right)[-1] == Difference("", digest_of(left), digest_of(right))


def test_endless_differences_end() -> None:
    left, right = ({str(n): n + by for n in range(5000)} for by in (0, 1))
    found = answers(json.dumps(left).encode(), json.dumps(right).encode())
    assert len(found) == differences.MOST + 1
    assert found[-1].pointer == ""


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(left=VALUES, right=VALUES)
def test_no_difference_is_missed_and_none_invented(left: Any, right: Any) -> None:
    one, other = (json.dumps(value).encode() for value in (left, right))
    same = json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)
    assert (answers(one, other) == ()) == same
    mirrored = [(d.pointer, d.right, d.left) for d in answers(other, one)]
    assert sorted(mirrored, key=str) == sorted(
        ((d.pointer, d.left, d.right) for d in answers(one, other)), key=str
    )


# ---------------------------------------------------------------------------------------------- warnings


def test_the_vendors_own_sample_raises_what_it_always_did() -> None:
    images = {f"image_{role}": b"x" * 99 for role in ("best", "action1", "action2", "action3")}
    case = answered(sample(images), "1462259748,52b13fb5-8dfb-4537-a62b-a641d5e929f1")
    assert case.warnings == ("liveness_passed_but_synthetic_face", "verify_older_than_session")


LIVENESS = make.SAID["liveness_result"]
VERIFY = make.SAID["verify_result"]
IMAGES = {"image_best": PICTURE, "image_action1": PICTURE}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([fetched()], ()),
        ([fetched(biz_id="1469257540,another")], ("biz_id_differs",)),
        ([fetched(liveness_result={**LIVENESS, "log": make.LOG.replace("1469257541", "1469257539")})],
         ("log_before_session",)),
        ([fetched(liveness_result={**LIVENESS, "log": make.LOG.replace("1469257541", "1469261141")})],
         ("log_long_after_session", "times_out_of_order")),
        ([fetched(request_id="1469257539,x")], ("times_out_of_order",)),
        ([fetched(verify_result={**VERIFY, "request_id": "1469257539,x"})], ("verify_older_than_session",)),
        ([fetched(images=IMAGES)], ("pictures_and_actions_differ",)),
        ([fetched(images={"image_best": PICTURE})], ()),
        ([fetched(images=None)], ()),
        ([fetched(), callback_file("form.txt")], ()),
        ([fetched(), callback_file("plus.json")], ("sign_invalid",)),
        ([fetched(), callback_file("altered.txt")], ("callback_differs", "sign_invalid")),
        ([fetched(), callback_file("bare.json")], ()),
        ([callback_file("form.txt")], ()),
        ([callback_file("form.txt"), callback_file("altered.txt")], ("callback_differs", "sign_invalid")),
        ([fetched(), ("imported", answer_of(), {})], ()),
        ([fetched(), ("imported", answer_of(request_id="1469257570,y", time_used=4), {})], ()),
        ([fetched(), ("imported", answer_of(biz_no="order-8"), {})], ("sources_differ",)),
        ([fetched(), ("imported", b'{"error_message": "RESULT_NOT_FOUND"}', {})], ()),
        ([("imported", answer_of(), {})], ()),
    ],
)  # fmt: skip
def test_what_does_not_agree_is_warned_of(events: list[Any], expected: tuple[str, ...]) -> None:
    case = folded(*events)
    assert case.warnings == expected
    assert case.stage in ("kept", "queued"), "a warning never fails a case"
    assert all(glossary.warning(code) for code in expected)


@pytest.mark.parametrize(("seconds", "warned"), [(60, False), (-60, False), (61, True), (-61, True)])
def test_the_vendors_clock_may_be_a_minute_off(seconds: int, warned: bool) -> None:
    date = (AT + timedelta(seconds=seconds)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    case = answered(answer_of(), headers=[("date", date)])
    assert ("clock_differs" in case.warnings) == warned


@pytest.mark.parametrize("date", ["", "yesterday", "Sat, 23 Jul 99999 07:06:00 GMT", "\x00" * 99])
def test_a_date_that_is_none_is_not_compared(date: str) -> None:
    case = answered(answer_of(), headers=[("Date", date)])
    assert next(check for check in case.checks if check.name == "clock").agrees is None


def test_the_comparisons_name_their_entries() -> None:
    case = folded(fetched(), callback_file("altered.txt"), ("imported", answer_of(biz_no="order-8"), {}))
    told = {(c.kind, c.entry, c.against): [d.pointer for d in c.telling] for c in case.comparisons}
    assert told == {
        ("answer", 4, 2): ["/biz_no"],
        ("callback", 3, 2): ["/verify_result/result_faceid/confidence"],
    }
    one = case.comparisons[1].telling[0]
    assert (one.left, one.right) == ("97.013", "91.013")


# ---------------------------------------------------------------------------------------------- in words


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "name",
    [
        n
        for n in make.deliveries()
        if n not in ("answer.json", "error.json", "junk.txt", "two_lines.log", "cut.txt")
    ],
)
def test_each_sign_is_told_with_what_it_shows(name: str, lang: str) -> None:
    source = folded(callback_file(name)).callbacks[0]
    w = words(lang)
    told = saying_callbacks.sentences(source, w)
    assert all(told)
    assert not [text for text in told if "callback." in text or "{" in text]
    limits = {"valid": "callback.proves_not", "invalid": "callback.invalid_shows"}
    assert w(limits.get(source.sign, "callback.unchecked_shows")) in told
    assert bool(saying_callbacks.diagnosis(source, w)) == (source.diagnosis is not None)
    assert not saying_callbacks.form(source, w).startswith("callback.")


def test_two_changes_are_both_named() -> None:
    source = folded(callback_file("html_compact.json")).callbacks[0]
    assert "holds together with: JSON written anew" in saying_callbacks.diagnosis(source, words("en"))


def test_what_was_odd_about_the_form_is_told() -> None:
    source = folded(callback_file("duplicate_fields.txt")).callbacks[0]
    assert any("more than once" in text for text in saying_callbacks.sentences(source, words("en")))

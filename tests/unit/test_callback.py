"""Callbacks: known by content in every form, the sign over the exact bytes, and what explains one that does not hold."""

import json
import string
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from faceid_review.faceid import callback
from faceid_review.faceid.callback import Form, SignVerdict, check, read, sign_of
from faceid_review.faceid.near_misses import near_misses
from faceid_review.i18n import LANGUAGES, words
from tests.deliveries import make

EXPECTED: dict[str, Any] = json.loads((make.HERE / "expected.json").read_text())
FORM = make.form().encode()


def checked(
    data: bytes, secrets: dict[str, str] | None = None, preferred: str | None = "shop"
) -> SignVerdict:
    found = read(data)
    assert found
    return check(found, make.SECRETS if secrets is None else secrets, preferred)


# ---------------------------------------------------------------------------------------------- the deliveries


def test_the_files_are_what_their_program_makes_and_each_is_expected() -> None:
    made = make.deliveries()
    assert {path.name: path.read_bytes() for path in make.FILES.iterdir()} == made
    assert sorted(EXPECTED) == sorted(made)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_delivery_is_known_and_diagnosed(name: str) -> None:
    found, expected = read((make.FILES / name).read_bytes()), EXPECTED[name]
    if expected is None:
        assert found is None
        return
    assert found
    assert found.form == expected["form"]
    assert (found.biz_id == make.BIZ_ID) == expected["biz_id"]
    assert list(found.remarks) == expected["remarks"]
    assert [name for name, _ in found.unrecognised] == expected["further"]
    verdict = check(found, make.SECRETS, "shop")
    told = {key: expected[key] for key in ("sign", "algorithm", "diagnosis", "account")}
    assert verdict == SignVerdict(**told, changes=tuple(expected["changes"]))


def test_every_diagnosis_and_every_form_is_delivered() -> None:
    told = [one for one in EXPECTED.values() if one]
    assert {one["diagnosis"] for one in told} == {
        None, "reserialised", "plus_not_decoded", "html_entities", "trailing_newline", "charset", "other_account",
        "altered",
    }  # fmt: skip
    assert {one["form"] for one in told} == {form.value for form in Form}
    assert {code for one in told for code in one["remarks"]} == {
        "byte_order_mark", "utf_16", "duplicate_fields", "sign_in_capitals",
    }  # fmt: skip


@pytest.mark.parametrize("name", [n for n, e in EXPECTED.items() if e and e["biz_id"]])
def test_a_damaged_callback_still_says_what_it_says(name: str) -> None:
    found = read((make.FILES / name).read_bytes())
    assert found
    assert found.result.liveness
    assert found.result.liveness.passed
    assert str(found.result.comparisons[0].confidence) in ("91.013", "97.013")
    assert json.loads(found.document)["biz_id"] == make.BIZ_ID


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_that_is_said_of_callbacks_has_words(lang: str) -> None:
    w = words(lang)
    told = [e for e in EXPECTED.values() if e]
    keys = {f"callback.diagnosis.{e['diagnosis']}" for e in told if e["diagnosis"]}
    keys |= {f"callback.form.{e['form']}" for e in told}
    keys |= {f"callback.remark.{code}" for e in told for code in e["remarks"]}
    keys |= {f"callback.sign.{e['sign']}.short" for e in told}
    assert not {key for key in keys if w(key) == key}


# ---------------------------------------------------------------------------------------------- which secret


def test_the_sign_is_sha1_over_secret_and_data_in_small_letters() -> None:
    # Worked out elsewhere: printf '%s' 'SECRET{"a": 1}' | sha1sum
    assert sign_of("SECRET", b'{"a": 1}') == "9d305d95ad37cf33d10091c68c7a92c5922845d3"


@pytest.mark.parametrize(
    ("secrets", "preferred", "expected"),
    [
        ({}, "shop", ("unchecked", None, None)),
        ({"branch": make.SECRETS["branch"]}, "shop", ("unchecked", None, None)),
        ({"branch": make.SECRETS["branch"]}, None, ("invalid", "altered", None)),
        ({"other": make.SECRETS["shop"]}, "shop", ("invalid", "other_account", "other")),
        (make.SECRETS, "branch", ("invalid", "other_account", "shop")),
        (make.SECRETS, None, ("valid", None, "shop")),
    ],
)
def test_the_secret_of_the_matching_account_decides(
    secrets: dict[str, str], preferred: str | None, expected: tuple[str, str | None, str | None]
) -> None:
    verdict = checked(FORM, secrets, preferred)
    assert (verdict.sign, verdict.diagnosis, verdict.account) == expected


def test_no_secret_is_shown() -> None:
    found = read(FORM)
    assert make.SECRETS["shop"] not in repr((found, checked(FORM)))


# ---------------------------------------------------------------------------------------------- form encoding

SECRET = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def encoded(data: bytes, sign: str, *, plus: bool, order: bool) -> bytes:
    fields = [f"data={quote_plus(data) if plus else quote(data, safe='')}", f"sign={sign}"]
    return "&".join(fields if order else reversed(fields)).encode()


@settings(max_examples=150, deadline=None)
@given(
    data=st.text(st.characters(codec="utf-8"), max_size=200),
    secret=SECRET,
    plus=st.booleans(),
    order=st.booleans(),
)
@example(data="a+b %2B&=\r\n", secret="+", plus=True, order=True)
def test_any_text_comes_through_form_encoding_to_a_valid_sign(
    data: str, secret: str, plus: bool, order: bool
) -> None:
    held = data.encode()
    for algorithm in ("sha1", "sha256"):
        found = read(encoded(held, sign_of(secret, held, algorithm), plus=plus, order=order))
        assert found
        assert (found.form, found.data) == (Form.FORM, held)
        assert check(found, {"a": secret}, "a") == SignVerdict("valid", algorithm, None, "a")


@settings(max_examples=150, deadline=None)
@given(
    data=st.binary(min_size=1, max_size=120),
    place=st.integers(min_value=0),
    by=st.integers(1, 255),
    secret=SECRET,
)
def test_one_changed_byte_is_never_valid(data: bytes, place: int, by: int, secret: str) -> None:
    sign = sign_of(secret, data)
    changed = bytearray(data)
    changed[place % len(data)] ^= by
    found = read(encoded(bytes(changed), sign, plus=True, order=True))
    assert found
    verdict = check(found, {"a": secret}, "a")
    assert verdict.sign == "invalid"
    assert verdict.diagnosis


@settings(max_examples=100, deadline=None)
@given(said=st.dictionaries(st.text(max_size=8), JSON, max_size=4), compact=st.booleans(), sort=st.booleans())
def test_json_that_was_written_anew_is_recognised(said: dict[str, Any], compact: bool, sort: bool) -> None:
    data = json.dumps({"biz_id": make.BIZ_ID, "liveness_result": None, **said})
    again = json.dumps(
        json.loads(data), separators=(",", ":") if compact else None, ensure_ascii=False, sort_keys=False
    )
    original = json.dumps(json.loads(data), sort_keys=sort)
    sign = sign_of("s", original.encode())
    found = read(json.dumps({"data": again, "sign": sign}).encode())
    assert found
    verdict = check(found, {"a": "s"}, "a")
    assert verdict.sign == ("valid" if again == original else "invalid")
    assert verdict.diagnosis in (None, "reserialised", "charset", "html_entities", "plus_not_decoded")
    assert verdict.account == "a"


@settings(max_examples=300, deadline=None)
@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")),
        st.text("data=sign&?{}\"':, \\%+7B" + string.hexdigits, max_size=200).map(str.encode),
    )
)
def test_whatever_comes_is_read_or_not_and_never_raises(data: bytes) -> None:
    found = read(data)
    if found:
        verdict = check(found, {"a": "b"}, "a")
        assert verdict.sign in ("invalid", "unchecked")


# ---------------------------------------------------------------------------------------------- bounds


@pytest.mark.parametrize(
    "data",
    [
        b"data=" * 200_000 + b"sign=",
        b"{" * 1_000_000,
        b'{"data": ' + b"[" * 400_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"x " * 400_000 + b"data={&sign=" + b"a" * 40,
        b"&" * 1_000_000,
        b"\xff\xfe" + b"\x00" * 900_001,
        b"data={" + b'"a":' * 100_000 + b"&sign=" + b"a" * 40,
        (b"data=x&sign=y\n") * 60_000,
    ],
)
@pytest.mark.timeout(60)
def test_hostile_text_is_done_with_in_bounded_work(data: bytes) -> None:
    # Each takes a fraction of a second; what is quadratic would take minutes.
    found = read(data)
    assert found is None or check(found, make.SECRETS, "shop").sign == "invalid"


def test_what_is_too_long_is_no_callback() -> None:
    long = make.form(make.DATA, further="x" * callback.LONGEST).encode()
    assert read(long) is None


def test_the_search_for_a_cause_is_bounded() -> None:
    held = json.dumps({"biz_id": "1,x", "liveness_result": {"log": "/" * 900_000}})
    tried = sum(len(candidate) for _, candidate in near_misses(held.encode()))
    assert tried < 80 * 1024 * 1024

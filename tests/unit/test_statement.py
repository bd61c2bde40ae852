"""A case as plain values and as sentences: the contract's shape, the vendor's digits, and hostile text made harmless."""

import ast
import hashlib
import json
import re
import string
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from faceid_review import errors
from faceid_review.errors import ReviewError
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review import statement, telling
from faceid_review.review.case import Case, Stage, exhibit_number, facts_of, fold
from faceid_review.review.sources import Ending
from faceid_review.vault.entry import Entry
from tests.unit.test_result import JSON, SAMPLE

AT = datetime(2026, 11, 22, 9, 14, 6, 999_999, tzinfo=UTC)
ROOMS = Path(__file__).parents[2] / "faceid_review"
FIELDS = [
    "biz_id", "case", "stage", "origin", "account", "attempts", "body_sha256", "body_bytes", "received_at", "complete",
    "refusal", "biz_no", "biz_extra_data", "request_id", "time_used", "verify_request_id", "verify_time_used", "liveness",
    "comparisons", "genuineness", "id_exceptions", "verify_error", "images", "callbacks", "warnings", "unrecognised",
    "notes", "decision", "sources", "references", "marks", "purged",
]  # fmt: skip


def entry(number: int, act: str, record: bytes | None = None, **facts: Any) -> Entry:
    return Entry(number, AT, "Lin", act, SAMPLE["biz_id"], facts, record, b"")


def case_of(*bodies: bytes, status: int = 200, ended: str = Ending.LENGTH, last: str = "") -> Case:
    """A case of so many attempts, each with an answer; ``last`` is one more act at the end."""
    events = [entry(1, "queued", case="FR-2026-00001", account="practice")]
    kept = {}
    for attempt, body in enumerate(bodies, start=1):
        events.append(entry(len(events) + 1, "armed", attempt=attempt, account="practice"))
        events.append(entry(len(events) + 1, "sent", attempt=attempt))
        facts = {"attempt": attempt, "account": "practice", "status": status, "ended": ended, "headers": [],
                 "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}  # fmt: skip
        events.append(entry(len(events) + 1, "answer", b"r", **facts))
        kept[len(events)] = body
    if last:
        events.append(entry(len(events) + 1, last, attempt=len(bodies)))
    return fold(events, kept)


def stated(body: Any, **how: Any) -> dict[str, Any]:
    return statement.state(case_of(body if isinstance(body, bytes) else json.dumps(body).encode(), **how))


# ---- the shape


def test_the_sample_has_the_shape_of_the_contract() -> None:
    said = stated(SAMPLE)
    assert list(said) == FIELDS
    assert (said["stage"], said["complete"], said["received_at"]) == ("kept", True, "2026-11-22T09:14:06Z")
    assert said["comparisons"][0] == {
        "against": "result_faceid", "confidence": "68.91876", "thresholds": {"1e-3": "64", "1e-4": "69", "1e-5": "74"},
        "strictest_passed": "1e-3", "misses_next_by": "0.08124",
    }  # fmt: skip
    assert said["genuineness"][0] == {
        "check": "synthetic_face",
        "confidence": "0.88",
        "threshold": "0.5",
        "finding": "attack",
    }
    assert said["liveness"]["log"][0] == {"at_ms": 0, "letter": "A", "lasted_ms": 2596}
    assert (said["time_used"], said["verify_time_used"]) == (93, 1020)
    # The request lies before the session by its number, and one picture stands for three actions: looked at, not judged.
    assert said["warnings"] == [
        "liveness_passed_but_synthetic_face",
        "verify_older_than_session",
        "pictures_and_actions_differ",
    ]
    assert [image["status"] for image in said["images"]] == ["undecodable"] * 2


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"half", b"\xff"])
def test_a_case_that_says_nothing_is_null_and_never_a_guess(body: bytes) -> None:
    said = stated(body)
    assert list(said) == FIELDS
    for field in (
        "biz_no",
        "biz_extra_data",
        "request_id",
        "time_used",
        "liveness",
        "id_exceptions",
        "verify_error",
        "refusal",
    ):
        assert said[field] is None
    for field in ("comparisons", "images", "callbacks", "notes", "attempts", "genuineness"):
        assert isinstance(said[field], list)
    assert {check["finding"] for check in said["genuineness"]} <= {"not_returned"}
    assert ("body_unreadable" in said["warnings"]) == (body != b"{}")


def test_genuineness_always_has_its_three() -> None:
    for body in (b"half", b"{}", json.dumps(SAMPLE).encode()):
        assert [check["check"] for check in stated(body)["genuineness"]] == [
            "synthetic_face",
            "mask",
            "screen_replay",
        ]


@pytest.mark.parametrize(
    ("number", "plain"),
    [
        ("1", 1),
        ("-1", -1),
        ("1.0", "1.0"),
        ("1e3", "1e3"),
        ("9" * 15, int("9" * 15)),
        ("9" * 16, "9" * 16),
        ("0.10", "0.10"),
    ],
)
def test_numbers_are_whole_or_digits(number: str, plain: Any) -> None:
    said = stated(f'{{"time_used":{number},"new":[{number},{{"a":{number}}}]}}'.encode())
    assert said["time_used"] == plain
    assert said["unrecognised"] == {"/new": [plain, {"a": plain}]}


@given(JSON)
def test_any_answer_can_be_stated_told_and_written(value: Any) -> None:
    case = case_of(json.dumps(value).encode())
    said = statement.state(case)
    assert list(said) == FIELDS
    json.dumps(said)
    json.dumps(facts_of(case))
    for lang in LANGUAGES:
        assert telling.case(case, words(lang))


def test_a_deep_unknown_field_can_be_shown() -> None:
    for depth in range(100, 980, 40):
        body = b'{"new":' + b"[" * depth + b"]" * depth + b"}"
        json.dumps(stated(body))


# ---- stages (promises.md: what is it called?)


@pytest.mark.parametrize(
    ("body", "status", "ended", "stage"),
    [
        (b"{}", 200, Ending.LENGTH, Stage.KEPT),
        (b"<html>", 200, Ending.LENGTH, Stage.KEPT),
        (b"half", 200, Ending.LAST_CHUNK, Stage.KEPT),
        (b"{}", 200, Ending.CLOSED, Stage.KEPT),
        (b'{"a"', 200, Ending.CLOSED, Stage.PARTIAL),
        (b"[" * 100_000, 200, Ending.CLOSED, Stage.PARTIAL),
        (b"", 200, Ending.CLOSED, Stage.PARTIAL),
        (b"{}", 200, Ending.CUT, Stage.PARTIAL),
        (b"{}", 200, Ending.CAP, Stage.PARTIAL),
        (b"{}", 200, Ending.DEADLINE, Stage.PARTIAL),
        (b"{}", 200, Ending.DIED, Stage.PARTIAL),
        (b'{"error_message":"X"}', 200, Ending.LENGTH, Stage.REFUSED),
        (b'{"error_message":null}', 200, Ending.LENGTH, Stage.KEPT),
        (b'{"error_message":""}', 200, Ending.LENGTH, Stage.KEPT),
        (b'{"verify_result":{"error":"VERIFY_API_FAILED"}}', 200, Ending.LENGTH, Stage.KEPT),
        (b"{}", 201, Ending.LENGTH, Stage.REFUSED),
        (b"", 302, Ending.LENGTH, Stage.REFUSED),
        (b"half", 503, Ending.CUT, Stage.REFUSED),
    ],
)
def test_what_an_answer_is_called(body: bytes, status: int, ended: str, stage: Stage) -> None:
    case = case_of(body, status=status, ended=ended)
    assert case.stage is stage
    assert (case.refusal is not None) == (stage is Stage.REFUSED)


@pytest.mark.parametrize(
    "body", [b'{"error_message":"X","pad":"' + b"x" * 70_000 + b'"}', '{"error_message":"X"}'.encode("utf-16"), b'{"\\u0065rror_message":"X"}'],
    ids=["long", "UTF-16", "escaped"],
)  # fmt: skip
def test_an_error_is_an_error_however_it_is_written(body: bytes) -> None:
    assert case_of(body).stage is Stage.REFUSED


@pytest.mark.parametrize("last", ["not_sent", "cancelled", "queued"])
@pytest.mark.parametrize(("body", "stage"), [(b"{}", Stage.KEPT), (b'{"error_message":"X"}', Stage.REFUSED)])
def test_nothing_that_follows_makes_an_answer_unsaid(last: str, body: bytes, stage: Stage) -> None:
    events = [*case_of(body).events]
    again = {"queued": {"case": "FR-2026-00001", "account": "practice"}}.get(last, {"attempt": 2})
    events.append(entry(5, "armed", attempt=2, account="practice")) if last == "not_sent" else None
    events.append(entry(6, last, **again))
    assert fold(events, {4: body}).stage is stage


@pytest.mark.parametrize(
    ("role", "number"),
    [("image_best", "E1"), ("image_action1", "E2"), ("image_action12", "E13"), ("image_action", "image_action"), ("image_action0", "image_action0"),
     ("image_action１", "image_action１"), ("image_action-1", "image_action-1"), ("image_action" + "9" * 5000, "image_action" + "9" * 5000), ("x", "x"), ("", "")],
    ids=lambda text: str(text)[:20],
)  # fmt: skip
def test_exhibits_have_their_numbers(role: str, number: str) -> None:
    assert exhibit_number(role) == number


# ---- sentences


HOSTILE = "\x1b[2J\x1b]0;PASS\x07 \r\u202eSSAP\nliveness: success\x9b1m \u2028<b>PASS</b> {key} %s \ud800"


def test_text_of_the_vendor_cannot_speak_for_us() -> None:
    document = {
        **SAMPLE, "biz_no": HOSTILE, "biz_extra_data": HOSTILE, "request_id": HOSTILE, HOSTILE: HOSTILE,
        "liveness_result": {"result": HOSTILE, "failure_reason": HOSTILE},
        "verify_result": {"error": HOSTILE, f"result_{HOSTILE}": {"confidence": 1, "thresholds": {HOSTILE: 0}},
                          "face_genuineness": {f"{HOSTILE}_confidence": 1, f"{HOSTILE}_threshold": 0}, "id_exceptions": {HOSTILE: HOSTILE}},
    }  # fmt: skip
    case = case_of(json.dumps(document).encode())
    for lang in LANGUAGES:
        lines = telling.case(case, words(lang)).split("\n")
        lines.append(telling.head(facts_of(case), words(lang)))
        # Our own numbers have narrow spaces between thousands.
        assert not [line for line in lines if not line.replace("\u202f", "").isprintable()]
        assert len([line for line in lines if re.match(r"(?i)\s*(liveness|活体)\s*[:：]", line)]) == 1
        assert not [line for line in lines if re.match(r"(?i)\s*(liveness|活体)\s*[:：]\s*success", line)]


def test_an_error_s_words_are_never_read_for_places() -> None:
    said = telling.sentence(errors.BadId("id_none", text="{meant} %s {0} {text!r}"), words("en"))
    assert "{meant} %s {0} {text!r}" in said


def raised() -> list[tuple[str, str, set[str] | None]]:
    """Every error that is made in the package: where, its wording, the facts given (None: not to be seen)."""
    kinds = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, ReviewError)
    }
    found = []
    for path in sorted(ROOMS.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id in kinds
                and call.args
            ):
                facts = {keyword.arg or "" for keyword in call.keywords}
                texts = [
                    n.value
                    for n in ast.walk(call.args[0])
                    if isinstance(n, ast.Constant) and isinstance(n.value, str)
                ]
                where = f"{path.relative_to(ROOMS)}:{call.lineno}"
                found += [(where, text, None if "" in facts else facts) for text in texts]
    return found


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_error_has_its_sentence_and_every_sentence_its_facts(lang: str) -> None:
    catalogue = words(lang)._catalogue
    made = raised()
    assert len(made) > 50
    missing = {
        f"{where} {text}" for where, text, _ in made if catalogue.gettext(f"error.{text}") == f"error.{text}"
    }
    assert not missing
    gaps = {
        f"{where} {text}: {sorted(places(catalogue.gettext(f'error.{text}')) - facts)}"
        for where, text, facts in made
        if facts is not None and not places(catalogue.gettext(f"error.{text}")) <= facts
    }
    assert not gaps


@pytest.mark.parametrize("lang", LANGUAGES)
def test_errors_whose_wording_is_found_at_run_time_have_sentences(lang: str) -> None:
    """Kinds of failures of the network, of SQLite and of a disk are looked up by name."""
    catalogue = words(lang)._catalogue
    for module in ("faceid/client.py", "vault/database.py", "vault/spool.py", "faceid/biz_id.py"):
        tree = ast.parse((ROOMS / module).read_text("utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and function.name in ("_kind", "base_url_problem"):
                texts = {n.value for r in ast.walk(function) if isinstance(r, ast.Return) for n in ast.walk(r)
                         if isinstance(n, ast.Constant) and isinstance(n.value, str) and re.fullmatch(r"[a-z_]{6,}", n.value)}  # fmt: skip
                assert texts
                for text in texts - {"https", "loopback"}:
                    sentence = catalogue.gettext(f"error.{text}")
                    assert sentence != f"error.{text}", text
                    assert not places(sentence), text


def test_exit_codes_are_those_of_the_contract() -> None:
    codes = {
        name: kind.exit_code
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, ReviewError)
    }
    assert codes.items() >= {
        "Usage": 2, "NotAsked": 3, "BadId": 3, "NotSent": 3, "OutcomeUnknown": 4, "NotKept": 4, "Refused": 5,
        "VaultClosed": 6, "WeakKeyring": 6, "Damaged": 7, "ReviewError": 1,
    }.items()  # fmt: skip


def test_no_error_shows_its_facts_by_itself() -> None:
    error = errors.NotKept("not_kept", rescue=b"the answer", name="1462259748")
    for text in (str(error), repr(error), repr(error.args)):
        assert "1462259748" not in text
        assert "the answer" not in text

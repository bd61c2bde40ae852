"""The glossary is complete, fair in form, and has an answer for every text the vendor might send.

The lists below are the names of the vendor's two documents, which lie outside this repository.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from faceid_review import resources
from faceid_review.errors import Spent
from faceid_review.faceid import glossary, liveness_log, photograph
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.digits import Digits
from faceid_review.faceid.glossary import Meaning, Sure
from faceid_review.faceid.result import EXPECTED_CHECKS, Comparison, VerificationResult
from faceid_review.i18n import LANGUAGES
from faceid_review.review.case import Case, Stage
from faceid_review.review.sources import Answer, Ending

ERRORS = {
    "RESULT_NOT_FOUND": 400,
    "AUTHENTICATION_ERROR": 403,
    "AUTHORIZATION_ERROR": 403,
    "AUTHORIZATION_ERROR:Denied.": 403,
    "AUTHORIZATION_ERROR:No data source permission.": 403,
    "AUTHORIZATION_ERROR:Limit reached.": 403,
    "CONCURRENCY_LIMIT_EXCEEDED": 403,
    "MISSING_ARGUMENTS: biz_id": 400,
    "BAD_ARGUMENTS:get_image_type": 400,
    "API_NOT_FOUND": 404,
    "INTERNAL_ERROR": 500,
    "Request Entity Too Large": 413,
}
FAILURE_REASONS = (
    "action_mixed not_video timeout quality_check_timeout no_input_frame interrupt_in_mirro_state"
    " interrupt_in_action_state"
).split()
BILLED = {
    "VERIFY_API_FAILED": None,
    "INTERNAL_ERROR": None,
    "NO_SUCH_ID_NUMBER": True,
    "ID_NUMBER_NAME_NOT_MATCH": True,
    "IMAGE_ERROR_UNSUPPORTED_FORMAT:data_source": True,
    "IMAGE_ERROR_UNSUPPORTED_FORMAT: data_source": True,
    "IMAGE_ERROR_UNSUPPORTED_FORMAT:image_ref1": False,
    "IMAGE_ERROR_UNSUPPORTED_FORMAT:image": False,
    "IMAGE_ERROR_UNSUPPORTED_FORMAT:facetoken": False,
    "NO_FACE_FOUND:data_source": True,
    "NO_FACE_FOUND:image_ref3": False,
    "MULTIPLE_FACES:image_ref2": False,
    "LOW_QUALITY": False,
    "INVALID_IMAGE_SIZE:image_ref1": False,
    "INVALID_NAME_FORMAT": False,
    "INVALID_IDCARD_NUMBER": False,
    "INVALID_TOKEN": False,
    "INVALID_FACE_TOKEN": False,
    "DATA_SOURCE_ERROR": False,
    "DATA_VALIDATION_ERROR": False,
    "DELTA_USED": False,
    "MEGLIVE_BIZ_NO_USED": False,
}
CHECKS = (
    "synthetic_face mask screen_replay face_replaced selfie_inconsistent selfie_metadata_inconsistent"
).split()
EXCEPTIONS = ("id_attacked", "id_photo_monochrome")
LETTERS = "AEMYPLRUDNOnbtmolc"
AGAINST = (
    "result_faceid result_ref1 result_ref2 result_ref3 result_idcard_photo result_idcard_datasource".split()
)
ROLES = (
    "image_best image_action1 image_action2 image_action3 image_action5 image_idcard_front image_idcard_back"
    " image_face_front image_face_side"
).split()

# What an entry may say. A misspelt key would otherwise be silently unheard.
KEYS = set(
    "en zh vendor sure source short caution absent next readings values kind http spent spent_sure stops_queue"
    " backs_off may_repeat billed reasons parameters".split()
)
CJK = "\u4e00-\u9fff"


def _table() -> dict[str, Any]:
    return tomllib.loads(resources.read("glossary.toml").decode())


def _entries() -> Iterator[tuple[str, dict[str, Any]]]:
    for section, codes in _table().items():
        if section == "band_names":
            continue
        for code, entry in codes.items():
            yield f"{section}.{code}", entry
            for nested in ("reasons", "parameters"):
                for after, inner in entry.get(nested, {}).items():
                    yield f"{section}.{code}.{after}", inner


def _texts(node: Any, at: str = "") -> Iterator[tuple[str, str, str]]:
    """Every (place, language, text) of the table that is ours; the vendor's own words are left out."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in LANGUAGES and isinstance(value, str):
                yield at, key, value
            elif key != "vendor":
                yield from _texts(value, f"{at}.{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _texts(value, f"{at}.{number}")


def _says(meaning: Meaning | None) -> None:
    """It speaks both languages, in the plain text and in every reading."""
    assert meaning is not None
    for lang in LANGUAGES:
        assert meaning.text(lang)
        assert meaning.readings(lang)
        assert all(reading.ours for reading in meaning.readings(lang))
    assert re.search(f"[{CJK}]", meaning.text("zh"))
    assert not re.search(f"[{CJK}]", meaning.text("en"))


class TestTheTable:
    @pytest.mark.parametrize(("place", "entry"), list(_entries()))
    def test_every_entry_is_spelt_as_the_reader_expects(self, place: str, entry: dict[str, Any]) -> None:
        assert set(entry) <= KEYS
        assert {"en", "zh"} <= set(entry)

    def test_every_text_has_both_languages_and_none_is_empty(self) -> None:
        languages: dict[str, set[str]] = {}
        for at, lang, text in _texts(_table()):
            languages.setdefault(at, set()).add(lang)
            assert text.strip() == text
            assert text, at
        assert languages
        assert {at: found for at, found in languages.items() if found != set(LANGUAGES)} == {}

    def test_chinese_is_set_as_chinese(self) -> None:
        close = re.compile(f"[{CJK}][A-Za-z0-9{{]|[A-Za-z0-9}}][{CJK}]|[{CJK}] ?[,;:!?()]|[,;:!?()] ?[{CJK}]")
        assert [text for _, lang, text in _texts(_table()) if lang == "zh" and close.search(text)] == []

    def test_no_word_of_judgement_praise_or_alarm(self) -> None:
        unfit = re.compile(
            r"!|！|\bplease\b|\bsuspect|\bfake|\bfraud|\bcheat|\bguilt|\bN/A\b|\balmost\b"
            r"|嫌疑|造假|欺诈|作弊|伪造|罪|请(?!求)",
            re.IGNORECASE,
        )
        assert [text for _, _, text in _texts(_table()) if unfit.search(text)] == []

    def test_the_vendors_words_are_from_its_page_and_said_to_be_documented(self) -> None:
        for place, entry in _entries():
            if entry.get("vendor"):
                table = entry if "source" in entry else _table()["errors"][place.split(".")[1]]
                assert (table["sure"], table["source"]) == ("documented", "PC-GetResult"), place
        for _, entry in _entries():
            for reading in entry.get("readings", ()):
                assert bool(reading.get("vendor")) != ("sure" in reading), reading

    def test_every_meaning_says_where_it_comes_from(self) -> None:
        whole = [(p, e) for p, e in _entries() if p.count(".") == 1 and not p.startswith(("spent.", "sure."))]
        assert [p for p, e in whole if e.get("sure") not in set(Sure) or not e.get("source")] == []
        named = {entry["source"] for _, entry in whole} - {"this program", "HTTP"}
        page = _document("vendor.md")
        assert [source for source in sorted(named) if source not in page] == []


class TestRefusals:
    @pytest.mark.parametrize(("code", "status"), ERRORS.items())
    def test_every_error_of_the_vendor_has_a_meaning_and_a_next_step(self, code: str, status: int) -> None:
        found = glossary.refusal(code, status)
        _says(found.meaning)
        assert found.known
        assert found.code == code
        assert found.spent_sure is Sure.INFERRED
        assert all(found.next_step.text(lang) for lang in LANGUAGES)
        assert _table()["errors"][code.partition(":")[0]]["http"] == status

    def test_what_is_spent(self) -> None:
        perhaps = {
            code for code, status in ERRORS.items() if glossary.refusal(code, status).spent is not Spent.NO
        }
        assert perhaps == {"RESULT_NOT_FOUND", "INTERNAL_ERROR"}
        assert all(glossary.refusal(code, ERRORS[code]).spent is Spent.PERHAPS for code in perhaps)

    def test_what_stops_the_queue_and_what_backs_off(self) -> None:
        found = {code: glossary.refusal(code, status) for code, status in ERRORS.items()}
        stopping = {code.partition(":")[0] for code, one in found.items() if one.stops_queue}
        assert stopping == {"AUTHENTICATION_ERROR", "AUTHORIZATION_ERROR"}
        assert {code for code, one in found.items() if one.backs_off} == {"CONCURRENCY_LIMIT_EXCEEDED"}

    def test_a_person_may_ask_again_unless_the_id_itself_cannot_be_read(self) -> None:
        assert all(glossary.refusal(code, status).may_repeat for code, status in ERRORS.items())
        assert not glossary.refusal("BAD_ARGUMENTS: biz_id", 400).may_repeat

    @pytest.mark.parametrize(
        "code",
        [
            "AUTHORIZATION_ERROR:Denied.",
            "AUTHORIZATION_ERROR: Denied.",
            " AUTHORIZATION_ERROR : Denied ",
            "AUTHORIZATION_ERROR:Denied",
        ],
    )
    def test_blanks_round_the_colon_change_nothing(self, code: str) -> None:
        found = glossary.refusal(code, 403)
        assert found.meaning.vendor == "没有权限调用当前API"
        assert (found.code, found.stops_queue, found.spent) == (code, True, Spent.NO)

    def test_an_unknown_reason_keeps_the_meaning_of_its_error_with_all_readings(self) -> None:
        found = glossary.refusal("AUTHORIZATION_ERROR:Something new.", 403)
        assert found.known
        assert len(found.meaning.readings("en")) == 4
        assert len(glossary.refusal("AUTHORIZATION_ERROR:Denied.", 403).meaning.readings("en")) == 1

    @pytest.mark.parametrize("status", [200, 403, 500])
    def test_a_known_code_counts_whatever_the_status(self, status: int) -> None:
        assert glossary.refusal("RESULT_NOT_FOUND", status).spent is Spent.PERHAPS
        assert not glossary.refusal("RESULT_NOT_FOUND", status).stops_queue

    @pytest.mark.parametrize(
        ("status", "spent", "stops"),
        [
            (301, Spent.NO, False),
            (302, Spent.NO, False),
            (307, Spent.NO, False),
            (401, Spent.PERHAPS, True),
            (403, Spent.PERHAPS, True),
            (404, Spent.NO, False),
            (407, Spent.NO, False),
            (413, Spent.NO, False),
            (429, Spent.NO, False),
            (500, Spent.PERHAPS, False),
            (502, Spent.PERHAPS, False),
            (503, Spent.PERHAPS, False),
            (504, Spent.PERHAPS, False),
            (418, Spent.PERHAPS, False),
            (200, Spent.PERHAPS, False),
            (0, Spent.PERHAPS, False),
        ],
    )
    def test_without_a_known_code_the_status_decides(self, status: int, spent: Spent, stops: bool) -> None:
        for code in (f"HTTP {status}", "SOMETHING_NEW", ""):
            found = glossary.refusal(code, status)
            _says(found.meaning)
            assert (found.spent, found.stops_queue, found.backs_off) == (spent, stops, False)
            assert not found.known
            assert found.code == code

    @pytest.mark.parametrize("status", [302, 403, 413, 429, 503])
    def test_a_status_told_in_place_of_a_code_is_enough(self, status: int) -> None:
        told, measured = glossary.refusal(f"HTTP {status}", 0), glossary.refusal(f"HTTP {status}", status)
        assert told == measured != glossary.refusal("HTTP", 0)
        assert glossary.refusal("HTTP 302", 503).spent is Spent.PERHAPS

    def test_not_found_names_the_innocent_ways_it_can_come_about(self) -> None:
        readings = glossary.refusal("RESULT_NOT_FOUND", 400).meaning.readings("en")
        assert [reading.vendor != "" for reading in readings] == [True, False, False, False]
        assert all(reading.sure is Sure.INFERRED for reading in readings[1:])
        assert "may already have been fetched" in readings[1].ours

    @given(st.text(), st.integers())
    @example("AUTHORIZATION_ERROR:{en.__class__}", 403)
    @example("unknown", 400)
    @example("5xx", 400)
    @example("\ud800", -1)
    def test_any_text_and_number_has_a_cautious_meaning(self, code: str, status: int) -> None:
        found = glossary.refusal(code, status)
        assert found.code == code
        assert found.spent in set(Spent)
        assert found.spent is not Spent.YES
        assert found.meaning.text("zh")
        if (
            not found.known
            and not code.startswith("HTTP ")
            and not (300 <= status < 400 or status in (404, 407, 413, 429))
        ):
            assert found.spent is Spent.PERHAPS


class TestFailureReasons:
    @pytest.mark.parametrize("code", FAILURE_REASONS)
    def test_each_is_documented_and_quoted(self, code: str) -> None:
        meaning = glossary.failure_reason(code)
        _says(meaning)
        assert meaning is not None
        assert meaning.sure is Sure.DOCUMENTED
        assert all(reading.vendor in meaning.vendor for reading in meaning.readings("en"))
        assert all(reading.vendor for reading in meaning.readings("zh"))
        assert all(meaning.next_step.text(lang) for lang in LANGUAGES)

    def test_not_video_keeps_both_readings(self) -> None:
        meaning = glossary.failure_reason("not_video")
        assert meaning is not None
        first, second = meaning.readings("en")
        assert first.vendor == "检测到活体攻击"
        assert second.vendor == "也有可能是网络不通畅或动作过快造成的"
        assert "network" in second.ours
        assert "network" in meaning.text("en")
        assert meaning.caution.text("en")

    def test_no_input_frame_names_the_network(self) -> None:
        meaning = glossary.failure_reason("no_input_frame")
        assert meaning is not None
        assert len(meaning.readings("zh")) == 2

    @pytest.mark.parametrize("code", ["", "NOT_VIDEO", "not_video ", "interrupt_in_mirror_state"])
    def test_what_the_vendor_did_not_name_has_no_meaning(self, code: str) -> None:
        assert glossary.failure_reason(code) is None


class TestVerifyErrors:
    @pytest.mark.parametrize(("text", "billed"), BILLED.items())
    def test_each_says_whether_it_is_billed(self, text: str, billed: bool | None) -> None:
        found = glossary.verify_error(text)
        _says(found.meaning)
        assert found.known
        assert found.billed is billed
        assert found.text == text
        assert all(found.next_step.text(lang) for lang in LANGUAGES)

    def test_the_parameter_is_told_in_words(self) -> None:
        found = glossary.verify_error("MULTIPLE_FACES: image_ref2")
        assert found.parameter is not None
        assert "2" in found.parameter.text("en")
        assert glossary.verify_error("MULTIPLE_FACES:elsewhere").parameter is None
        assert glossary.verify_error("LOW_QUALITY").parameter is None

    def test_an_error_of_every_api_is_known_here_too(self) -> None:
        found = glossary.verify_error("AUTHORIZATION_ERROR: No data source permission.")
        assert "有源比对" in found.meaning.vendor
        assert (found.known, found.billed) == (True, None)

    @given(st.text())
    @example("unknown")
    @example("of_any_api")
    @example("NO_FACE_FOUND:{0}")
    @example("NO_FACE_FOUND:image_ref<n>")
    def test_any_text_has_a_meaning_and_an_unknown_one_claims_nothing(self, text: str) -> None:
        found = glossary.verify_error(text)
        assert found.text == text
        assert found.meaning.text("en")
        if not found.known:
            assert found.billed is None

    def test_the_general_entries_are_no_codes(self) -> None:
        assert not glossary.verify_error("unknown").known
        assert not glossary.verify_error("of_any_api").known


class TestFindings:
    @pytest.mark.parametrize("name", CHECKS)
    def test_each_check_says_what_it_is_and_why_it_may_be_absent(self, name: str) -> None:
        meaning = glossary.check(name)
        _says(meaning)
        assert meaning is not None
        assert all(meaning.absent.text(lang) for lang in LANGUAGES)
        assert all(meaning.short.text(lang) for lang in LANGUAGES)

    def test_every_check_that_is_always_shown_is_known(self) -> None:
        assert all(glossary.check(name) for name in EXPECTED_CHECKS)

    @pytest.mark.parametrize("name", ["attack", "genuine", "not_returned", "equal"])
    def test_every_finding_has_words(self, name: str) -> None:
        _says(glossary.finding(name))

    def test_absent_never_means_passed(self) -> None:
        for meaning in (glossary.finding("not_returned"), glossary.absence("face_genuineness")):
            assert meaning is not None
            assert "Absent never means passed" in meaning.text("en")
            assert "缺项不等于通过" in meaning.text("zh")

    @pytest.mark.parametrize("name", EXCEPTIONS)
    def test_each_exception_carries_its_caution_and_both_values(self, name: str) -> None:
        meaning = glossary.exception(name)
        _says(meaning)
        assert meaning is not None
        for lang in LANGUAGES:
            assert meaning.caution.text(lang)
            assert meaning.value(Digits("0"), lang) not in ("", meaning.value(Digits("1"), lang))

    def test_an_attacked_number_is_not_held_against_its_holder(self) -> None:
        meaning = glossary.exception("id_attacked")
        assert meaning is not None
        assert "does not say that the holder took part" in meaning.caution.text("en")
        assert "本人不知情" in meaning.caution.text("zh")

    @pytest.mark.parametrize(
        "sent",
        [None, True, False, [], {}, "yes", -1, 7, pytest.param(10**5000, id="huge"), Digits("1.5"), 1.0],
    )
    def test_a_value_nobody_defined_has_no_meaning(self, sent: object) -> None:
        meaning = glossary.exception("id_attacked")
        assert meaning is not None
        assert meaning.value(sent, "en") == ""

    def test_a_flag_as_text_or_number_is_one_and_the_same(self) -> None:
        meaning = glossary.exception("id_attacked")
        assert meaning is not None
        assert meaning.value(1, "zh") == meaning.value("1", "zh") == meaning.value(Digits("1"), "zh") != ""


class TestLetters:
    @pytest.mark.parametrize("letter", LETTERS)
    def test_each_is_inferred_and_has_a_short_word(self, letter: str) -> None:
        found = glossary.letter(letter)
        assert found is not None
        _says(found.meaning)
        assert found.meaning.sure is Sure.INFERRED
        assert all(found.short(lang) and found.text(lang) for lang in LANGUAGES)

    def test_their_kinds_agree_with_the_reader_of_the_log(self) -> None:
        kinds = {letter: found.kind for letter in LETTERS if (found := glossary.letter(letter))}
        assert "".join(sorted(c for c in LETTERS if kinds[c] == "action")) == "".join(
            sorted(liveness_log.ACTIONS)
        )
        assert kinds[liveness_log.MIRROR] == "mirror"
        assert kinds[liveness_log.DONE] == "done"
        assert {c for c in LETTERS if kinds[c] == "failed"} == {c for c in LETTERS if c.islower()}

    @pytest.mark.parametrize("pair", ["Mm", "Oo", "Nn", "Ll"])
    def test_case_matters(self, pair: str) -> None:
        upper, lower = (glossary.letter(c) for c in pair)
        assert upper is not None
        assert lower is not None
        assert upper.text("en") != lower.text("en")
        assert upper.short("zh") != lower.short("zh")

    @pytest.mark.parametrize("letter", ["", "Z", "e", "EM", "é"])
    def test_an_unknown_letter_has_no_meaning(self, letter: str) -> None:
        assert glossary.letter(letter) is None


class TestBands:
    def test_the_vendors_sample_lies_between_1e_3_and_1e_4(self) -> None:
        thresholds = tuple((f"1e-{n}", Digits(t)) for n, t in ((3, "64"), (4, "69"), (5, "74")))
        sample = Comparison("result_faceid", Digits("68.91876"), thresholds)
        meaning = glossary.band(sample.strictest_passed, "1e-4")
        assert meaning is not None
        assert meaning.short.text("en") == "Between 1e-3 and 1e-4"
        assert meaning.short.text("zh") == "介于 1e-3 与 1e-4"
        assert "barely" in meaning.text("en")

    @pytest.mark.parametrize(
        ("passed", "missed", "code"),
        [
            (None, "1e-3", "below"),
            ("1e-3", "1e-4", "1e-3"),
            ("1e-3", None, "1e-3"),
            ("1e-4", "1e-5", "1e-4"),
            ("1e-5", "1e-6", "1e-5"),
            ("1e-5", None, "1e-5"),
            ("1e-6", None, "1e-6"),
        ],
    )
    def test_each_band_has_the_vendors_advice(
        self, passed: str | None, missed: str | None, code: str
    ) -> None:
        meaning = glossary.band(passed, missed)
        _says(meaning)
        assert meaning is not None
        assert meaning.code == code
        for lang in LANGUAGES:
            assert (passed or "") in meaning.short.text(lang)
            assert (missed or "") in meaning.short.text(lang)

    @pytest.mark.parametrize(
        ("passed", "missed"), [(None, None), (None, "1e-4"), ("1e-7", None), ("below", "1e-3"), ("", "")]
    )
    def test_no_advice_is_invented(self, passed: str | None, missed: str | None) -> None:
        assert glossary.band(passed, missed) is None

    def test_a_hostile_threshold_name_is_only_text(self) -> None:
        meaning = glossary.band("1e-3", "{passed.__class__}<b>")
        assert meaning is not None
        assert meaning.short.text("en") == "Between 1e-3 and {passed.__class__}<b>"


class TestWarnings:
    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            (b"<html>", {"body_unreadable", "answer_incomplete"}),
            (
                b'{"biz_id": "1,b", "biz_id": "1,b"}',
                {"duplicate_keys", "biz_id_differs", "answer_incomplete"},
            ),
            (
                json.dumps(
                    {
                        "liveness_result": {"result": "success"},
                        "verify_result": {
                            "request_id": "1461740007,a",
                            "face_genuineness": {
                                "synthetic_face_confidence": 0.88,
                                "synthetic_face_threshold": 0.5,
                                "novel_confidence": 0.9,
                                "novel_threshold": 0.5,
                                "face_replaced": 1,
                            },
                        },
                    }
                ).encode(),
                {
                    "liveness_passed_but_synthetic_face",
                    "liveness_passed_but_novel",
                    "liveness_passed_but_face_replaced",
                    "verify_older_than_session",
                    "answer_incomplete",
                },
            ),
        ],
    )
    def test_every_warning_a_case_can_raise_is_explained(self, body: bytes, expected: set[str]) -> None:
        case = _case(body)
        assert set(case.warnings) == expected
        for code in case.warnings:
            meaning = glossary.warning(code)
            _says(meaning)
            assert meaning is not None
            assert meaning.code == code
            assert all(meaning.short.text(lang) for lang in LANGUAGES)

    def test_the_check_is_named_as_sent(self) -> None:
        for name in ("screen_replay", "{check}", "<b>", "<check>"):
            meaning = glossary.warning(f"liveness_passed_but_{name}")
            assert meaning is not None
            assert name in meaning.text("en")
            assert name in meaning.text("zh")

    def test_the_page_of_warnings_lists_every_one(self) -> None:
        listed = re.findall(r"^\| `([^`]+)` \|", _document("warnings.md"), re.MULTILINE)
        assert sorted(listed) == sorted(_table()["warnings"])

    def test_an_unknown_warning_has_no_meaning(self) -> None:
        assert glossary.warning("something_new") is None


class TestEndingsAndPictures:
    @pytest.mark.parametrize("name", [v for k, v in vars(Ending).items() if k.isupper()])
    def test_every_ending_has_words(self, name: str) -> None:
        _says(glossary.ending(name))

    def test_endings_are_all_there(self) -> None:
        assert sorted(_table()["endings"]) == sorted(v for k, v in vars(Ending).items() if k.isupper())

    @pytest.mark.parametrize("status", [*photograph.Status, "not_base64"])
    def test_every_state_of_a_picture_has_words(self, status: str) -> None:
        _says(glossary.picture(status))

    @pytest.mark.parametrize("name", ROLES)
    def test_every_role_has_words(self, name: str) -> None:
        meaning = glossary.role(name)
        _says(meaning)
        assert meaning is not None
        assert meaning.code == name
        assert "{" not in "".join(
            text.text(lang) for text in (meaning.words, meaning.short, meaning.absent) for lang in LANGUAGES
        )

    def test_a_reference_is_said_to_be_ours(self) -> None:
        meaning = glossary.role("reference")
        assert meaning is not None
        assert meaning.text("en") == "Supplied by us, not by the vendor."

    @pytest.mark.parametrize("name", AGAINST)
    def test_every_comparison_says_between_what(self, name: str) -> None:
        meaning = glossary.against(name)
        _says(meaning)
        assert meaning is not None
        assert meaning.text("en").count(name[-1]) >= 1

    @pytest.mark.parametrize("name", ["image_action", "image_action<n>", "image_actionx", "image_best2", ""])
    def test_an_unknown_role_has_no_meaning(self, name: str) -> None:
        assert glossary.role(name) is None

    @pytest.mark.parametrize("part", _table()["absences"])
    def test_every_absence_has_words(self, part: str) -> None:
        _says(glossary.absence(part))

    @pytest.mark.parametrize("name", _table()["remarks"])
    def test_every_remark_has_words(self, name: str) -> None:
        _says(glossary.remark(name))

    @pytest.mark.parametrize("whether", Spent)
    def test_spent_has_words(self, whether: Spent) -> None:
        _says(glossary.spent(whether))

    @pytest.mark.parametrize("sure", Sure)
    def test_sureness_has_words(self, sure: Sure) -> None:
        _says(glossary.sureness(sure))


@given(st.text())
@example("liveness_passed_but_{0}")
@example("image_action<n>")
@example("result_ref\u0661")
@example("\ud800")
def test_no_text_makes_a_lookup_raise(text: str) -> None:
    found = [
        glossary.failure_reason(text),
        glossary.check(text),
        glossary.finding(text),
        glossary.exception(text),
        glossary.against(text),
        glossary.role(text),
        glossary.ending(text),
        glossary.picture(text),
        glossary.warning(text),
        glossary.absence(text),
        glossary.remark(text),
        glossary.band(text, text),
        glossary.band(None, text),
    ]
    letter = glossary.letter(text)
    found.append(letter.meaning if letter else None)
    for meaning in found:
        if meaning is not None:
            for lang in (*LANGUAGES, text):
                assert meaning.text(lang)
                assert meaning.readings(lang)
            assert meaning.value(text, "en") in {said.en for _, said in meaning.values} | {""}


def test_another_language_is_answered_in_english() -> None:
    meaning = glossary.failure_reason("timeout")
    assert meaning is not None
    assert meaning.text("fr") == meaning.text("en") != meaning.text("zh")


def _document(name: str) -> str:
    return (Path(__file__).parents[2] / "docs" / name).read_text("utf-8")


def _case(body: bytes) -> Case:
    """A case of the vendor's sample id whose answer was cut short and is ``body``."""
    at = datetime(2026, 11, 22, tzinfo=UTC)
    answer = Answer(1, 1, "main", at, 200, Ending.CUT, False, body, len(body), "", (), {})
    return Case(
        biz_id=BizId("1462259748,52b13fb5-8dfb-4537-a62b-a641d5e929f1"),
        number="FR-2026-00001",
        stage=Stage.PARTIAL,
        origin="fetched",
        account="main",
        attempts=(),
        answer=answer,
        result=VerificationResult.read(body),
        refusal=None,
        events=(),
    )

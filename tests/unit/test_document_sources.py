"""The snapshot of a case with callbacks and imported answers: where they come from, what a sign shows, what differs."""

import hashlib
import re
from functools import cache

import pytest

from faceid_review.review.case import Case
from faceid_review.snapshot.document import Document, make
from tests.deliveries import make as deliveries
from tests.unit.test_checks import answer_of, callback_file, fetched, folded
from tests.unit.test_document import attached, frame, squeezed, text_of

OTHER = answer_of(biz_no="order-8/2016")
NOTIFY = (deliveries.FILES / "altered.txt").read_bytes()


@cache
def case() -> Case:
    return folded(
        fetched(), callback_file("form.txt"), callback_file("altered.txt"), callback_file("utf_16.json"),
        ("imported", OTHER, {"name": "saved/2016-07-23.har › entry 4"}),
    )  # fmt: skip


@cache
def both(lang: str) -> Document:
    return make(case(), frame(), lang)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_source_says_where_it_comes_from(lang: str) -> None:
    said = squeezed(both(lang))
    for data in (OTHER, NOTIFY, (deliveries.FILES / "form.txt").read_bytes()):
        assert hashlib.sha256(data).hexdigest() in said
    assert "saved/2016-07-23.har›entry4" in said
    assert "notify.txt" in said
    assert not re.search(r"(callback|snapshot)\.(sign|snapshot|checks|form|diagnosis|act|proves)", said)


def test_the_sign_is_told_with_what_it_shows_and_what_it_cannot_show() -> None:
    said = " ".join(text_of(both("en")))
    assert "The sign holds: sha1 over the exact bytes of data, with the secret of account “shop”." in said
    assert "somebody without the secret can check nothing by it" in said
    assert "data or sign were altered, or the sign was made with a secret that is not here" in said
    assert "2 hold, 1 do not, 0 not checked" in said


def test_the_differences_are_printed_field_by_field() -> None:
    said = squeezed(both("en"))
    assert "/verify_result/result_faceid/confidence97.01391.013" in said
    assert '/biz_no"order-8/2016""order-7/2016"' in said
    assert "Differbynature:/request_id·/time_used·/images" in said


def test_the_bytes_of_every_source_travel_along() -> None:
    files = attached(both("en").pdf)
    assert files["raw_response.bin"] == fetched()[1]
    assert files["callback_4.bin"] == NOTIFY
    assert files["callback_5.bin"] == (deliveries.FILES / "utf_16.json").read_bytes()
    assert files["answer_6.bin"] == OTHER
    assert {"callback_3.bin", "callback_4_sign.txt", "callback_5_sign.txt", "events.jsonl"} < files.keys()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_case_of_a_callback_alone_shows_what_the_callback_says(lang: str) -> None:
    made = make(folded(callback_file("plus.json")), frame(), lang)
    said = squeezed(made)
    assert '"confidence":91.013' in said
    assert "callback_2.bin" in attached(made.pdf)
    assert "raw_response.bin" not in said


def test_an_imported_answer_on_show_says_that_it_was_imported() -> None:
    made = make(folded(("imported", OTHER, {"name": "saved.json"})), frame(), "en")
    said = " ".join(text_of(made))
    assert "HTTP 0" not in said
    assert "the answer this document shows" in said
    assert "saved by somebody else before it came here" in said
    files = attached(made.pdf)
    assert files["raw_response.bin"] == OTHER
    assert not [name for name in files if name.startswith("answer_")]


def test_hostile_names_and_values_are_printed_as_they_are() -> None:
    hostile = answer_of(biz_no="#panic() <b>PASS</b> \u202e\x00\ud800" + "x" * 5000)
    name = "../../#panic()" + "y" * 250
    made = make(folded(fetched(), ("imported", hostile, {"name": name})), frame(), "en")
    assert "#panic()<b>PASS</b>" in squeezed(made)
    assert attached(made.pdf)["answer_3.bin"] == hostile


def test_a_case_without_further_sources_has_no_word_of_them() -> None:
    said = squeezed(make(folded(fetched()), frame(), "en"))
    assert "Importedanswers" not in said
    assert "Furthersources" not in said


@pytest.mark.parametrize(("lang", "told"), [("en", "not told by the file"), ("zh", "文件未载明")])
def test_a_status_that_the_file_does_not_tell_is_not_made_up(lang: str, told: str) -> None:
    refused = b'{"biz_id": "1462259748,2", "error_message": "RESULT_NOT_FOUND"}'
    facts = {"name": "saved.har", "headers": [["Date", "a date"]]}
    made = make(folded(("imported", refused, facts)), frame(), lang)
    said = squeezed(made)
    assert said.count(told.replace(" ", "")) == 2
    assert "HTTP0" not in said
    assert attached(made.pdf)["response_headers.txt"] == b"Date: a date\r\n"

"""What bytes hold, by their content: every form that is taken in, and everything else bounded and in words."""

import base64
import binascii
import codecs
import io
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceid_review.faceid import callback
from faceid_review.faceid.result import VerificationResult
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review.intake import What, archives, shown, slim
from faceid_review.review.intake.reading import Reading
from faceid_review.review.intake.recognising import Found, recognise
from tests.unit.test_result import SAMPLE
from tests.words import keys

ID = SAMPLE["biz_id"]
ANSWER = json.dumps(SAMPLE).encode()
SAID = {
    name: SAMPLE[name] for name in ("biz_id", "biz_no", "biz_extra_data", "liveness_result", "verify_result")
}
BARE = json.dumps(SAID).encode()
SIGN = callback.sign_of("a secret", BARE)
LOGGED = json.dumps({"data": BARE.decode(), "sign": SIGN}).encode()
ERROR = b'{"error_message": "RESULT_NOT_FOUND", "request_id": "1,2", "time_used": 4}'
URL = "https://api.megvii.com/faceid/liveness/v2/get_result?api_key=KEY&api_secret=HIDDEN&biz_id="


def found(data: bytes, label: str = "x") -> list[Found]:
    return list(recognise(io.BytesIO(data), label))


def one(data: bytes) -> Found:
    (only,) = found(data)
    return only


def har(*entries: tuple[str, int, dict[str, Any]], pad: str = "") -> bytes:
    made = [
        {"request": {"url": url, "queryString": []}, "response": {"status": status, "content": content,
         "headers": [{"name": "Set-Cookie", "value": "HIDDEN"}, {"name": "date", "value": "a date"}]}}
        for url, status, content in entries
    ]  # fmt: skip
    return json.dumps({"log": {"version": "1.2", "entries": made, "comment": pad}}).encode()


def zipped(*members: tuple[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def in_zip(data: bytes) -> list[Found]:
    return list(archives.members(io.BytesIO(data), len(data), "z"))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (ANSWER, What.ANSWER),
        (json.dumps(SAMPLE, indent=4).encode() + b"\r\n", What.ANSWER),
        (codecs.BOM_UTF8 + ANSWER, What.ANSWER),
        (json.dumps(SAMPLE).encode("utf-16"), What.ANSWER),
        (json.dumps(SAMPLE).encode("utf-16-be"), What.ANSWER),
        (json.dumps({**SAMPLE, "images": None}).encode(), What.ANSWER),
        (ANSWER[:-40], What.ANSWER),
        (ANSWER[:-1] + b', "biz_id": ' + json.dumps(ID).encode() + b"}", What.ANSWER),
        (json.dumps({"biz_id": ID, "error_message": "INTERNAL_ERROR"}).encode(), What.ANSWER),
        (BARE, What.CALLBACK),
        (LOGGED, What.CALLBACK),
        (b"data=" + BARE.replace(b" ", b"+").replace(b"&", b"%26") + b"&sign=" + SIGN.encode(), What.CALLBACK),
        (b"2026-11-22 10:00 INFO notify " + LOGGED + b"\n", What.CALLBACK),
        (b"started\nGET /notify?data=%7B%22biz_id%22%3A%22" + ID.encode() + b"%22%7D&sign=" + SIGN.encode() + b" 200\nended\n",
         What.CALLBACK),
    ],
    ids=["answer", "indented", "bom", "utf-16", "utf-16 without a mark", "images null", "cut", "an id twice", "error with id",
         "bare callback", "logged callback", "form", "a log line", "a log of lines"],
)  # fmt: skip
def test_every_form_is_known_by_its_content(data: bytes, what: What) -> None:
    place = one(data)
    assert (place.what, place.biz_id, place.problem) == (what, ID, None)
    assert place.data in data


def test_the_bytes_are_kept_as_they_came() -> None:
    assert one(codecs.BOM_UTF8 + ANSWER + b"\n").data == codecs.BOM_UTF8 + ANSWER + b"\n"


def test_lines_stand_for_themselves() -> None:
    other = ANSWER.replace(ID.encode(), b"7,another id")
    places = found(b"\n".join([ANSWER, b"", other + b"\r", b"{broken", b"a word", LOGGED, b""]), "log")
    assert [(p.label, p.what, p.problem) for p in places] == [
        ("log › 1", What.ANSWER, None),
        ("log › 3", What.ANSWER, None),
        ("log › 4", None, "json_broken"),
        ("log › 6", What.CALLBACK, None),
    ]
    assert [p.data for p in places[:2]] == [ANSWER, other]


def test_a_log_with_a_hole_of_zeros_loses_no_other_line() -> None:
    places = found(b"\n".join([ANSWER, b"\0" * 50, b"\0" * 50 + LOGGED, b""]), "log")
    assert [(p.label, p.what) for p in places] == [("log › 1", What.ANSWER), ("log › 3", What.CALLBACK)]
    assert one(ANSWER + b"\0\0").problem == "json_broken"


def test_lines_in_utf_16_too() -> None:
    places = found(b"\n".join([ANSWER, LOGGED]).decode().encode("utf-16"))
    assert [p.what for p in places] == [What.ANSWER, What.CALLBACK]
    assert VerificationResult.read(places[0].data).biz_id == ID


def test_a_text_of_lines_that_is_longer_than_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("faceid_review.review.intake.recognising.LARGEST", 5 * len(ANSWER))
    monkeypatch.setattr("faceid_review.review.intake.recognising._PIECE", 700)
    places = found(b"\n".join([ANSWER] * 30 + [b"{" + b" " * 50_000]))
    assert [p.data for p in places[:30]] == [ANSWER] * 30
    assert [p.problem for p in places[30:]] == ["too_large"]


def test_the_calls_of_get_result_in_a_har() -> None:
    places = found(
        har(
            (URL + "1%2Cabc", 400, {"text": ERROR.decode()}),
            (URL + "2", 200, {"text": base64.b64encode(ANSWER).decode(), "encoding": "base64"}),
            (URL + "3", 200, {"size": 700}),
            (URL + "4", 200, {"text": "!", "encoding": "base64"}),
            (URL + "5", 200, {"text": "x", "encoding": "br"}),
            (URL.replace("get_result", "get_token"), 200, {"text": ANSWER.decode()}),
            (URL + "6", 200, {"text": ANSWER.decode()[:-9].replace(ID, "9,nine")}),
        )
    )
    assert [(p.biz_id, p.problem) for p in places] == [
        ("1,abc", None), (ID, None), (None, "har_no_content"), (None, "har_base64"), (None, "har_encoding"), ("9,nine", None),
    ]  # fmt: skip
    assert (places[0].data, places[1].data) == (ERROR, ANSWER)
    assert places[0].facts == {"status": 400, "headers": (("Date", "a date"),)}
    assert not any("HIDDEN" in str(p) or b"HIDDEN" in p.data or "HIDDEN" in str(p.facts) for p in places)


def test_a_har_without_one() -> None:
    assert one(har(("https://x/", 200, {}))).problem == "har_no_answer"
    assert one(har(("https://[x/get_result?biz_id=1%2C2", 200, {}))).problem == "har_no_content"
    assert (
        one(b'{"log": {"entries": [1, null, {"request": []}, {"request": {"url": 7}}]}}').problem
        == "har_no_answer"
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\0" * 4096, "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        (os.urandom(50_000), "binary"),
        (b"hello", "not_recognised"),
        (b"[]", "not_recognised"),
        (b"{}", "not_recognised"),
        (b'{"biz_id": "1,2"}', "not_recognised"),
        (b"7", "not_recognised"),
        (b'{"a":' * 100_000, "json_broken"),
        (b'{"biz_id": ' * 100_000, "json_broken"),
        (b'{"biz_id": "1,2", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "json_broken"),
        (b"[" * 100_000, "not_recognised"),
        (b'{"images": {}, "biz_id": null}', "no_biz_id"),
        (b'{"images": {}, "biz_id": " "}', "no_biz_id"),
        (b'{"images": {}, "biz_id": 7}', "no_biz_id"),
        (b'{"images": {}, "biz_id": "1\\u202e,2"}', "odd_biz_id"),
        (b'{"images": {}, "biz_id": "' + b"7" * 300 + b'"}', "odd_biz_id"),
        (ERROR, "no_biz_id"),
        (b'{"images": {}, "x": ' + b"9" * 100_000 + b"}", "no_biz_id"),
        ("\ud83d 宏".encode("utf-16-le", "surrogatepass") * 5000, "binary"),
        (b"\xff\xfe" + b"\xd8\xd8\xd8" * 999, "not_recognised"),
    ],
)  # fmt: skip
def test_everything_else_is_said_to_be(data: bytes, problem: str) -> None:
    assert one(data).problem == problem


def test_duplicate_keys_and_odd_numbers_are_no_obstacle() -> None:
    data = ANSWER[:-1] + b', "time_used": NaN, "time_used": 1e400, "time_used": ' + b"7" * 5000 + b"}"
    assert one(data).biz_id == ID


def test_names_in_a_zip_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["../../a.json", "/etc/b.json", "C:\\c.json", "d\u202e.json", "e\x1b[2J.json", "folder/"]
    places = in_zip(zipped(*[(name, ANSWER) for name in names[:-1]], ("folder/", b"")))
    assert [p.biz_id for p in places] == [ID] * 5
    assert [p.label for p in places][3:] == ["z › dU+202E.json", "z › eU+001B[2J.json"]
    assert not any(tmp_path.iterdir())


def test_lines_hars_and_callbacks_in_a_zip() -> None:
    inside = zipped(
        ("a", ANSWER + b"\n" + LOGGED), ("b", har((URL + "1", 400, {"text": ERROR.decode()}))), ("c", BARE)
    )
    assert [p.what for p in in_zip(inside)] == [What.ANSWER, What.CALLBACK, What.ANSWER, What.CALLBACK]


def test_a_zip_is_bounded_in_every_way(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = zipped(("a", ANSWER))
    assert [p.problem for p in in_zip(zipped(("inner.zip", inner), ("b", ANSWER)))] == ["zip_nested", None]
    assert [p.problem for p in in_zip(zipped())] == ["empty"]
    monkeypatch.setattr(archives, "_FREE", 2_000_000)
    bomb = zipped(*[(str(n), b"{" + b" " * 1_500_000) for n in range(4)], ("after", ANSWER))
    assert [p.problem for p in in_zip(bomb)] == ["json_broken", "zip_bomb"]
    lines = zipped(("endless", b"a\n" * 2_000_000))
    assert [p.problem for p in in_zip(lines)] == ["zip_bomb"]
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    many = in_zip(zipped(*[(str(n), ANSWER) for n in range(3)]))
    assert [p.problem for p in many] == [None, None, "zip_too_many"]
    monkeypatch.setattr(archives, "_LARGEST_DIRECTORY", 10)
    assert [p.problem for p in in_zip(inner)] == ["zip_too_many"]


def test_broken_and_encrypted_members_beside_a_good_one() -> None:
    data = bytearray(zipped(("a", ANSWER), ("b", ANSWER), kind=zipfile.ZIP_STORED))
    data[data.index(ANSWER) + 9] ^= 1
    assert [p.problem for p in in_zip(bytes(data))] == ["zip_member_broken", None]
    locked = bytearray(zipped(("a", ANSWER), ("b", ANSWER)))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    assert [p.problem for p in in_zip(bytes(locked))] == ["zip_encrypted", None]
    odd = bytearray(zipped(("a", ANSWER), ("b", ANSWER)))
    odd[odd.index(b"PK\x01\x02") + 10] = 99
    assert [p.problem for p in in_zip(bytes(odd))] == ["zip_member_broken", None]
    assert [p.problem for p in in_zip(zipped(("a", ANSWER))[:-30])] == ["zip_broken"]


@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_bytes_at_all_raise(noise: bytes, at: int) -> None:
    for good in (ANSWER, LOGGED, har((URL + "1", 400, {"text": ERROR.decode()}))):
        found(good[:at] + noise + good[at + len(noise) :])
    archive = zipped(("a", ANSWER))
    in_zip(archive[:at] + noise + archive[at + len(noise) :])
    found(noise)


def walked(*sources: Path) -> list[Found]:
    return list(Reading(sources, lambda _: None, lambda: False))


def test_a_folder_is_walked_and_its_links_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "b.txt").write_bytes(ANSWER)
    (folder / "a.zip").write_bytes(zipped(("m", ANSWER)))
    (folder / "link").symlink_to(folder / "a.zip")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "pipe")
    with (folder / "sparse").open("wb") as sparse:
        sparse.truncate(1024**3)
    places = walked(folder, tmp_path / "missing", folder / "link")
    assert {(p.label, p.problem) for p in places} == {
        ("in/a.zip › m", None),
        ("in/deep/er/b.txt", None),
        ("in/link", "link"),
        ("in/pipe", "not_a_file"),
        ("in/sparse", "binary"),
        ("missing", "no_file"),
        ("link › m", None),
    }


def test_a_gigabyte_without_a_line_is_read_no_further_than_it_must(tmp_path: Path) -> None:
    with (tmp_path / "big").open("wb") as big:
        big.write(b'{"biz_id": "' + b"7" * 70_000)
        big.truncate(1024**3)
    (place,) = walked(tmp_path / "big")
    assert place.problem == "too_large"


def test_every_problem_has_words() -> None:
    source = Path(archives.__file__).parent
    text = "".join(path.read_text() for path in source.glob("*.py"))
    problems = {key.removeprefix("import.problem.") for key in keys() if key.startswith("import.problem.")}
    assert all(f'"{problem}"' in text for problem in problems)
    for lang in LANGUAGES:
        assert all(words(lang)(f"import.problem.{p}") != f"import.problem.{p}" for p in problems)


def pictures() -> Iterator[tuple[str, bytes]]:
    jpeg = "data:image/jpeg;base64," + base64.b64encode(os.urandom(9000)).decode()
    yield "plain", json.dumps({**SAMPLE, "images": {"image_best": jpeg, "image_action1": jpeg[:-8]}}).encode()
    yield "escaped", json.dumps({**SAMPLE, "images": {"image_best": jpeg}}).replace("/", "\\/").encode()
    yield "no base64", json.dumps({**SAMPLE, "images": {"image_best": jpeg + "!"}}).encode()
    yield "bad padding", json.dumps({**SAMPLE, "images": {"image_best": jpeg + "A"}}).encode()
    yield "other type", json.dumps({**SAMPLE, "images": {"image_best": jpeg.replace("jpeg", "png")}}).encode()
    yield "odd values", json.dumps({**SAMPLE, "images": {"image_best": [jpeg], "b": None, "c": ""}}).encode()
    broken = json.dumps({**SAMPLE, "images": {"image_best": jpeg}}).encode()
    yield "a raw line break", broken.replace(jpeg.encode()[:600], jpeg.encode()[:600] + b"\n")
    yield (
        "a stand-in sent",
        json.dumps({**SAMPLE, "images": {"a": jpeg[:23] + "00000000", "image_best": jpeg}}).encode(),
    )
    yield (
        "one outside",
        json.dumps({**SAMPLE, "images": {"image_best": jpeg}, "x": jpeg, "biz_extra_data": jpeg}).encode(),
    )
    twice = json.dumps(
        {"images": {"image_best": jpeg, "b": "x" + jpeg}, "biz_extra_data": jpeg, **SAMPLE}
    ).encode()
    yield "elsewhere too", twice


@pytest.mark.parametrize("data", [data for _, data in pictures()], ids=[name for name, _ in pictures()])
def test_a_list_reads_of_an_answer_what_the_whole_reader_reads(data: bytes) -> None:
    quick, _, document = slim.read(data, slim.parsed(data))
    whole = VerificationResult.read(data)
    assert (document is None) == (slim.json_of(data) is None)
    told = [(p.role, p.sha256) for p in quick.photographs]
    assert told == [(p.role, p.sha256) for p in whole.photographs]
    for name in (
        "biz_id",
        "biz_extra_data",
        "liveness",
        "comparisons",
        "genuineness",
        "unrecognised",
        "warnings",
    ):
        assert getattr(quick, name) == getattr(whole, name)


def test_labels_are_fit_to_be_shown() -> None:
    assert shown("a\n\u202eb\ud800") == "aU+000AU+202EbU+D800"
    assert len(shown("x" * 10_000)) == 256


def test_the_strict_reader_of_base64_is_what_it_is_taken_for() -> None:
    with pytest.raises(binascii.Error):
        binascii.a2b_base64("AAAA AAAA", strict_mode=True)

"""The verdict pane: exact digits, the vendor's own sample, and never a verdict where there is none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk import palette
from faceid_review.desk.chip import Chip
from faceid_review.desk.verdict.genuineness_rows import GenuinenessBar
from faceid_review.desk.verdict.liveness_timeline import LivenessTimeline
from faceid_review.desk.verdict.pane import VerdictPane
from faceid_review.desk.verdict.placing import levels
from faceid_review.desk.verdict.readings import Readings
from faceid_review.desk.verdict.threshold_scale import Axis, ThresholdScale
from faceid_review.faceid import liveness_log
from faceid_review.faceid.digits import Digits
from faceid_review.faceid.result import Comparison, VerificationResult
from faceid_review.i18n import words
from faceid_review.review.case import Case, fold
from faceid_review.review.findings import band, margins, steps
from faceid_review.review.plain_text import as_sent, visible
from faceid_review.review.times import span
from faceid_review.vault.entry import Entry

BIZ_ID = "1462259748,52b13fb5-8dfb-4537-a62b-a641d5e929f1"
AT = datetime(2016, 5, 3, 7, 16, 3, tzinfo=UTC)
PICTURE = "data:image/jpeg;base64,/9j/2Q=="


def sample() -> dict[str, Any]:
    """The success of pc-get-result.md, with pictures."""
    return {
        "biz_extra_data": "...",
        "biz_id": BIZ_ID,
        "biz_no": "cc47190f-5502-44a2-ab74-ea4f0f649f61",
        "images": dict.fromkeys(("image_action1", "image_action2", "image_action3", "image_best"), PICTURE),
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
                "synthetic_face_confidence": 0.88,
                "synthetic_face_threshold": 0.5,
                "mask_confidence": 0.32,
                "mask_threshold": 0.5,
                "screen_replay_confidence": 0.33,
                "screen_replay_threshold": 0.5,
            },
            "time_used": 1020,
        },
    }


def failed(reason: str | None = "not_video") -> dict[str, Any]:
    answer = sample()
    answer["images"] = {"image_best": PICTURE}
    answer["verify_result"] = None
    answer["liveness_result"] |= {
        "result": "FAILED_AS_SENT",
        "failure_reason": reason,
        "log": "1462259749\n0:A\n1880:Y\n3406:n\n",
    }
    return answer


def answered(body: dict[str, Any] | bytes, *, status: int = 200, ended: str = "length") -> Case:
    """A case whose answer is ``body``."""
    sent = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    facts = {"attempt": 1, "account": "prod", "status": status, "ended": ended, "headers": []}
    facts |= {"bytes": len(sent), "sha256": hashlib.sha256(sent).hexdigest()}
    return fold([*_asked(), Entry(3, AT, "ada", "answer", BIZ_ID, facts, b"", b"")], {3: sent})


def unanswered(*acts: str) -> Case:
    more = [Entry(3 + n, AT, "ada", act, BIZ_ID, {"attempt": 1}, None, b"") for n, act in enumerate(acts)]
    return fold([*_asked(), *more], {})


def _asked() -> list[Entry]:
    return [
        Entry(1, AT, "ada", "queued", BIZ_ID, {"case": "C-1", "account": "prod"}, None, b""),
        Entry(2, AT, "ada", "armed", BIZ_ID, {"attempt": 1, "account": "prod"}, None, b""),
    ]


@pytest.fixture
def pane(qtbot: QtBot) -> Iterator[VerdictPane]:
    # In a window without a layout, since the offscreen platform warns where one sets its smallest size.
    window = QWidget()
    qtbot.addWidget(window)
    made = VerdictPane(words("en"), window)
    window.resize(388, 700)
    made.resize(388, 700)
    window.show()
    qtbot.waitExposed(window)
    yield made
    palette.apply(QApplication.instance(), palette.LIGHT)  # type: ignore[arg-type]


def shown(pane: QWidget) -> list[QWidget]:
    """What stands on the pane now, scrolled out of sight or not."""
    QApplication.processEvents()
    return [widget for widget in pane.findChildren(QWidget) if widget.isVisible()]


def said(pane: QWidget) -> list[str]:
    """Every text that stands on the pane now, chips included."""
    found = []
    for widget in shown(pane):
        if isinstance(widget, QTextEdit):
            found.append(widget.toPlainText())
        elif isinstance(widget, Chip):
            found.append(widget.text)
        elif isinstance(widget, QLabel | QPushButton):
            found.append(widget.text())
    return found


def all_said(pane: QWidget) -> str:
    return "\n".join(said(pane) + [widget.accessibleDescription() for widget in shown(pane)])


def fresh(pane: VerdictPane, case: Case | None) -> str:
    """Show a case, and give everything that is said of it."""
    pane.show_case(case)
    return all_said(pane)


def chips(pane: VerdictPane) -> list[str]:
    summary = pane.findChild(QWidget, "summary")
    assert summary
    return [chip.text for chip in shown(summary) if isinstance(chip, Chip)]


# ---- the vendor's own sample


def test_the_sample_reads_as_the_vendor_wrote_it(pane: VerdictPane) -> None:
    pane.show_case(answered(sample()))
    texts = said(pane)
    assert chips(pane) == ["Liveness: success", "Between 1e-3 and 1e-4", "1 flag"]
    rows = ("passes 1e-3 by", "4.91876", "68.91876 – 64", "misses 1e-4 by", "0.08124", "69 – 68.91876")
    for text in (*rows, "5.08124", "74 – 68.91876", "result_ref1: same confidence, same thresholds."):
        assert texts.count(text) == 1, text
    for text in ("0.88", "≥ 0.5", "0.32", "0.33", BIZ_ID, "thresholds of this call only"):
        assert text in texts, text
    assert texts.count("< 0.5") == texts.count("Below") == 2
    assert texts.count("Flagged") == 1
    assert "verify id is 6 days older than biz_id" in texts
    assert "Mouth 1266, eyes 4286, nod 1298. Meaning and order inferred." in texts


def test_margins_stand_under_each_other_at_the_point(pane: VerdictPane) -> None:
    body = sample()
    body["verify_result"]["result_faceid"] = {"confidence": 68.5, "thresholds": {"1e-3": 8, "1e-4": 69}}
    del body["verify_result"]["result_ref1"]
    pane.show_case(answered(body))
    labels = {label.text(): label for label in pane.findChildren(QLabel)}
    points = []
    for text in ("60.5", "0.5"):
        label = labels[text]
        whole = label.fontMetrics().horizontalAdvance(text.partition(".")[0])
        points.append(label.mapTo(pane, QPoint(0, 0)).x() + label.contentsMargins().left() + whole)
    assert points[0] == points[1]


def test_the_contradiction_is_told_and_settles_nothing(pane: VerdictPane, qtbot: QtBot) -> None:
    pane.show_case(answered(sample()))
    assert "Show raw" not in said(pane)
    pane.offer_raw(True)
    banner = pane.findChild(QWidget, "contradiction")
    assert banner
    assert banner.isVisible()
    texts = said(banner)
    assert texts[0] == "Two vendor statements differ"
    assert "Liveness says success; synthetic_face 0.88 is above 0.5." in texts
    assert "Neither settles the case." in texts
    raw = pane.findChild(QPushButton, "show_raw")
    assert raw
    with qtbot.waitSignal(pane.raw_wanted) as wish:
        QTest.mouseClick(raw, Qt.MouseButton.LeftButton)
    assert wish.args == ["/verify_result/face_genuineness"]
    raw.setFocus()
    qtbot.waitUntil(raw.hasFocus)
    with qtbot.waitSignal(pane.raw_wanted):
        QTest.keyClick(raw, Qt.Key.Key_J)


def test_several_contradictions_are_one_banner_with_several_lines(pane: VerdictPane) -> None:
    body = sample()
    body["verify_result"]["face_genuineness"] |= {"mask_confidence": 0.5, "face_replaced": 1}
    pane.show_case(answered(body))
    banner = pane.findChild(QWidget, "contradiction")
    assert banner
    texts = said(banner)
    assert texts[0] == "Vendor statements differ"
    assert sum(text.startswith("Liveness says success;") for text in texts) == 3
    assert any("mask 0.5 equals its threshold 0.5" in text for text in texts)
    assert chips(pane)[2] == "3 flags"


def test_without_a_contradiction_there_is_no_banner(pane: VerdictPane) -> None:
    body = sample()
    body["verify_result"]["face_genuineness"]["synthetic_face_confidence"] = 0.4999
    pane.show_case(answered(sample()))
    pane.show_case(answered(body))
    banner = pane.findChild(QWidget, "contradiction")
    assert banner
    assert banner.isHidden()
    assert chips(pane)[2] == "3 checks below"


def test_the_fixed_order(pane: VerdictPane) -> None:
    def order() -> list[str]:
        QApplication.processEvents()
        names = ("failure", "comparison", "not_compared", "genuineness", "timeline", "received")
        found = [w for name in names for w in pane.findChildren(QWidget, name) if w.isVisible()]
        return [w.objectName() for w in sorted(found, key=lambda w: w.mapTo(pane, QPoint(0, 0)).y())]

    pane.show_case(answered(sample()))
    assert order() == ["comparison", "genuineness", "timeline", "received"]
    pane.show_case(answered(failed()))
    assert order() == ["failure", "timeline", "not_compared", "genuineness", "received"]


# ---- liveness failed


def test_a_failure_shows_every_reading_with_the_same_weight(pane: VerdictPane) -> None:
    pane.show_case(answered(failed()))
    texts = said(pane)
    assert chips(pane) == ["Liveness: not passed", "Not compared", "1 picture"]
    readings = [label for label in pane.findChildren(QLabel)
                if label.text() in ("A liveness attack was detected", "Or: a poor network, or too fast a movement")]  # fmt: skip
    assert len(readings) == 2
    assert readings[0].font() == readings[1].font()
    assert {"检测到活体攻击", "也有可能是网络不通畅或动作过快造成的"} <= set(texts)
    assert "result as sent: FAILED_AS_SENT" in texts
    assert any("1526 ms" in text and "1 picture was returned" in text for text in texts)
    assert any(text.startswith("1 action begun, none recorded as passed.") for text in texts)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_reading_has_more_lines_than_another(pane: VerdictPane, lang: str) -> None:
    pane.speak(words(lang))
    pane.show_case(answered(failed()))
    box = next(widget for widget in shown(pane) if isinstance(widget, Readings))
    rows = [[w for w in shown(row) if isinstance(w, QLabel)] for row in box.rows]
    assert [len(row) for row in rows] == [2, 2]


def test_an_unknown_reason_is_shown_as_sent(pane: VerdictPane) -> None:
    text = fresh(pane, answered(failed("moon_phase")))
    assert "moon_phase" in text
    assert "does not list this code" in text


@pytest.mark.parametrize("nothing", [None, "", "null"])
def test_a_failure_without_a_reason_says_so(pane: VerdictPane, nothing: str | None) -> None:
    assert "No failure_reason was returned." in fresh(pane, answered(failed(nothing)))


# ---- absent never says passed


def stripped(*path: str) -> dict[str, Any]:
    body = sample()
    part = body
    for step in path[:-1]:
        part = part[step]
    del part[path[-1]]
    return body


@pytest.mark.parametrize(
    "body",
    [
        failed(),
        stripped("verify_result", "face_genuineness"),
        stripped("verify_result", "face_genuineness", "mask_confidence"),
        stripped("verify_result", "face_genuineness", "mask_threshold"),
        stripped("verify_result"),
        stripped("liveness_result"),
        stripped("liveness_result", "result"),
        {**sample(), "verify_result": {"error": "VERIFY_API_FAILED"}},
        {**sample(), "verify_result": {}},
        {},
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_absent_never_says_passed(pane: VerdictPane, body: dict[str, Any], lang: str) -> None:
    pane.speak(words(lang))
    text = fresh(pane, answered(body))
    for promise in ("genuineness passed", "real person", "Passed", "N/A", "真人", "已通过", "正常"):
        assert promise not in text
    absent = (
        ("not returned", "Not returned", "No ", "no threshold")
        if lang == "en"
        else ("未返回", "缺项", "没有")
    )
    assert any(word in text for word in absent)


def test_an_absent_liveness_has_neither_tick_nor_word_of_success(pane: VerdictPane) -> None:
    pane.show_case(answered(stripped("liveness_result")))
    assert chips(pane)[0] == "Liveness: not returned"
    pane.show_case(answered(stripped("liveness_result", "result")))
    assert chips(pane)[0] == "Liveness: not returned"
    body = sample()
    body["liveness_result"]["result"] = "SUCCESS"
    pane.show_case(answered(body))
    assert chips(pane)[0] == "Liveness: not passed"


def test_a_value_of_another_form_is_not_called_absent(pane: VerdictPane) -> None:
    body = sample()
    body["verify_result"]["face_genuineness"] = {"mask_confidence": "0.9", "mask_threshold": 0.5}
    text = fresh(pane, answered(body))
    assert "Returned in a form that this program does not know" in text
    assert '/verify_result/face_genuineness/mask_confidence: "0.9"' in text


def test_no_confidence_and_no_thresholds_are_said(pane: VerdictPane) -> None:
    body = sample()
    body["verify_result"]["result_faceid"] = {"thresholds": {"1e-3": 64}}
    body["verify_result"]["result_ref1"] = {"confidence": 70}
    text = fresh(pane, answered(body))
    assert "No confidence was returned." in text
    assert "Those of another call must not be used" in text


def test_a_failed_comparison_has_its_meaning_and_its_bill(pane: VerdictPane) -> None:
    text = fresh(pane, answered({**sample(), "verify_result": {"error": "NO_FACE_FOUND: data_source"}}))
    assert "NO_FACE_FOUND: data_source" in text
    assert "The vendor bills this comparison." in text
    text = fresh(pane, answered({**sample(), "verify_result": {"error": "MULTIPLE_FACES:image_ref1"}}))
    assert "The vendor does not bill this comparison." in text
    text = fresh(pane, answered({**sample(), "verify_result": {"error": "SOMETHING_NEW"}}))
    assert "SOMETHING_NEW" in text
    assert "stated nowhere" in text


def test_exceptions_come_with_the_vendors_caution(pane: VerdictPane) -> None:
    body = sample()
    body["verify_result"]["id_exceptions"] = {"id_attacked": 1, "id_photo_monochrome": 0, "other": [1.50]}
    text = fresh(pane, answered(body))
    assert "1: used in an earlier attack, by the vendor's record" in text
    assert "It does not say that the holder took part" in text
    assert "0: in colour" in text
    assert "[1.5]" in text


def test_the_vendors_caution_is_whole_and_has_the_width_of_the_pane(pane: VerdictPane) -> None:
    body = sample()
    body["verify_result"]["id_exceptions"] = {"id_attacked": 1, "id_photo_monochrome": 0}
    pane.show_case(answered(body))
    for wide in (388, 340, 372, 340, 388):
        pane.resize(wide, 700)
        QApplication.processEvents()
        caution = next(
            one
            for one in pane.findChildren(QLabel)
            if one.text().startswith("It does not say that the holder")
        )
        assert caution.height() >= caution.heightForWidth(caution.width())
        assert caution.width() >= wide - 80


# ---- no answer, or none that can be read


def test_a_refusal_is_told_with_its_consequence_and_no_verdict(pane: VerdictPane) -> None:
    pane.show_case(answered(sample()))
    text = fresh(pane, answered({"error_message": "RESULT_NOT_FOUND", "request_id": "1,x"}, status=400))
    assert chips(pane) == ["Refused: RESULT_NOT_FOUND", "Perhaps used up"]
    assert "HTTP 400" in text
    assert "The one answer of this id may be used up." in text
    assert "Compare the id with where it came from." in text
    assert "Liveness" not in text
    assert "Genuineness" not in text
    wrong = fresh(pane, answered({"error_message": "AUTHENTICATION_ERROR"}, status=403))
    assert "not used up" in wrong.lower()


def test_an_unreadable_body_is_kept_and_never_a_verdict(pane: VerdictPane) -> None:
    case = answered(b"<html>Sign in</html>")
    text = fresh(pane, case)
    assert case.answer
    assert "Kept as it came, cannot be read" in text
    assert "20 bytes" in text
    assert case.answer.sha256 in text
    assert chips(pane) == ["Kept", "Cannot be read"]
    assert "Liveness" not in text


def test_a_part_of_an_answer_says_so(pane: VerdictPane) -> None:
    whole = json.dumps(sample()).encode()
    text = fresh(pane, answered(whole[:900], ended="cut"))
    assert chips(pane) == ["Kept in part", "Liveness: success", "Between 1e-3 and 1e-4"]
    assert "not complete (cut short), 900 bytes" in text
    text = fresh(pane, answered(whole[:30], ended="cut"))
    assert chips(pane) == ["Kept in part", "Liveness: not received", "Confidence: not received"]
    text = fresh(pane, answered(whole, ended="cut"))
    assert chips(pane) == ["Kept in part", "Liveness: success", "Between 1e-3 and 1e-4"]
    assert "The answer did not arrive whole." in text


@pytest.mark.parametrize("ended", ["cut", "length"])
def test_what_was_cut_off_is_not_received_rather_than_not_returned(pane: VerdictPane, ended: str) -> None:
    """Wherever it ends: the vendor may have sent what is missing, so nothing says that it did not."""
    answer = sample()
    for compared in ("result_faceid", "result_ref1"):
        answer["verify_result"][compared]["thresholds"]["1e-6"] = 80
    whole = json.dumps(answer)
    stage = "Kept in part" if ended == "cut" else "Liveness: success"
    for before in (
        '"images"',
        '"liveness_result"',
        '"log"',
        '"request_id": "1461',
        '"1e-4"',
        '"mask_threshold"',
    ):
        text = fresh(pane, answered(whole[: whole.index(before)].encode(), ended=ended))
        assert "The answer ends in the middle." in text
        assert "Not received: the answer was cut off." in text, before
        blamed = text.replace("Take nothing that is absent as not returned by the vendor.", "").lower()
        for claim in (
            "not returned",
            "was returned",
            "were returned",
            "returned empty",
            "did not arrive whole",
        ):
            assert claim not in blamed, (before, claim)
        assert (stage in chips(pane)) == (
            ended == "cut" or before not in ('"images"', '"liveness_result"', '"log"')
        )


def test_thresholds_that_were_cut_show_no_band(pane: VerdictPane) -> None:
    whole = json.dumps(sample())
    text = fresh(pane, answered(whole[: whole.index('"1e-4"')].encode(), ended="cut"))
    assert chips(pane) == ["Kept in part", "Liveness: success", "Comparison: cut off"]
    assert "passes 1e-3 by" in text
    assert "Not every threshold was received" in text
    (first,) = VerificationResult.read(whole[: whole.index('"1e-4"')].encode()).comparisons
    assert band(first) is None


def test_null_that_arrived_is_still_the_vendor_s_word(pane: VerdictPane) -> None:
    answer = {"verify_result": None, **failed(None)}
    whole = json.dumps(answer | {"verify_result": None})
    text = fresh(
        pane,
        answered(
            whole[: whole.index('"biz_extra_data"')].encode() + b'"images":{"image_best":"/9j/', ended="cut"
        ),
    )
    assert "verify_result is null." in text
    assert chips(pane) == ["Kept in part", "Liveness: not received", "Not compared"]


@pytest.mark.parametrize(
    ("case", "chip", "sentence"),
    [
        (unanswered("unknown"), "Outcome unknown, your call", "The request was sent, and nothing came back."),
        (unanswered("not_sent"), "Not sent", "The request did not leave this computer."),
        (unanswered("cancelled"), "Withdrawn", "Withdrawn before it was asked."),
        (unanswered(), "Arriving", "The vendor is being asked."),
        (fold(_asked()[:1], {}), "Not fetched", "Not asked yet."),
        (
            fold([*_asked(), Entry(3, AT, "ada", "purged", BIZ_ID, {}, None, b"")], {}),
            "Destroyed",
            "destroyed",
        ),
    ],
)
def test_every_stage_without_an_answer_is_said_in_words(
    pane: VerdictPane, case: Case, chip: str, sentence: str
) -> None:
    text = fresh(pane, case)
    assert chips(pane)[0] == chip
    assert sentence in text
    assert "Liveness" not in text
    assert "SHA-256" not in text


def test_nothing_open(pane: VerdictPane) -> None:
    pane.show_case(answered(sample()))
    text = fresh(pane, None)
    assert "No case is open." in text
    assert BIZ_ID not in text


# ---- as sent


def test_hostile_text_stands_as_letters(pane: VerdictPane) -> None:
    evil = "<b>PASS</b>"
    body = sample()
    body["biz_no"] = f"{evil}\u202e\u0007"
    body["liveness_result"]["version"] = evil
    body["verify_result"]["face_genuineness"][f"{evil}_confidence"] = 0.7
    body["verify_result"][f"result_{evil}"] = {"confidence": 1, "thresholds": {evil: 2}}
    body[evil] = {"~/": [evil, 1.10]}
    text = fresh(pane, answered(body))
    assert f"biz_no {evil}\\u202e\\u0007" in text
    assert f'/{evil.replace("/", "~1")}: {{"~/": ["{evil}", 1.1]}}' in text
    for label in pane.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    for passage in pane.findChildren(QTextEdit):
        assert "<b>" not in passage.toHtml() or "&lt;b&gt;" in passage.toHtml()
        assert not passage.document().toHtml().count('font-weight:700;">PASS')
    failing = failed(evil)
    failing["liveness_result"]["result"] = evil
    assert evil in fresh(pane, answered(failing))
    assert evil in fresh(pane, answered({"error_message": evil}, status=400))


def test_a_flood_of_names_is_cut_and_counted(pane: VerdictPane) -> None:
    body = sample()
    body["verify_result"]["face_genuineness"] |= {f"check{n}_confidence": 0.9 for n in range(500)}
    body["verify_result"]["face_genuineness"] |= {f"check{n}_threshold": 0.5 for n in range(500)}
    body["verify_result"] |= {
        f"result_ref{n}": {"confidence": n, "thresholds": {"1e-3": 1}} for n in range(60)
    }
    body |= {f"new{n}": n for n in range(300)}
    body["liveness_result"]["log"] = "1\n" + "".join(f"{n}:E\n" for n in range(3000))
    text = fresh(pane, answered(body))
    assert len(pane.findChildren(GenuinenessBar)) <= 40
    assert len(pane.findChildren(ThresholdScale)) <= 8
    line = pane.findChild(LivenessTimeline)
    assert line
    assert line.height() < 200
    assert "Not every offset has room above the line." in text
    assert "And 497 more checks at or above their thresholds." in text
    assert "260 more are in the raw answer." in text


@pytest.mark.parametrize("digits", ["68.918760000000000000000001", "0.1000000000000000055511151231257827"])
def test_digits_are_never_rounded(pane: VerdictPane, digits: str) -> None:
    whole = json.dumps(sample()).replace("68.91876", digits).encode()
    text = fresh(pane, answered(whole))
    assert digits in text
    for margin in margins(VerificationResult.read(whole).comparisons[0]):
        assert margin.by in text


def test_unknown_fields_are_listed_with_the_vendors_digits(pane: VerdictPane) -> None:
    whole = json.dumps({**sample(), "novelty": "@"}).replace('"@"', '{"a/b": 1.2300, "c": [true, null]}')
    text = fresh(pane, answered(whole.encode()))
    assert '/novelty: {"a/b": 1.2300, "c": [true, null]}' in text


# ---- painted instruments


def test_instruments_are_named_and_described(pane: VerdictPane) -> None:
    pane.show_case(answered(sample()))
    scale = pane.findChild(ThresholdScale)
    assert scale
    assert scale.accessibleName() == "Number line, result_faceid"
    assert scale.accessibleDescription() == (
        "Confidence 68.91876. Passes 1e-3 (64) by 4.91876. Misses 1e-4 (69) by 0.08124."
        " Misses 1e-5 (74) by 5.08124."
    )
    bars = [bar.accessibleDescription() for bar in pane.findChildren(GenuinenessBar)]
    assert bars[0] == "synthetic_face 0.88, above its threshold 0.5: flagged"
    assert bars[1] == "mask 0.32, below its threshold 0.5"
    line = pane.findChild(LivenessTimeline)
    assert line
    assert line.accessibleDescription() == (
        "0 ms: A, mirror. 2596 ms: M, mouth. E2 3862 ms: E, eyes. E3 8148 ms: P, nod. E4 9446 ms: O, done."
    )


def test_the_axis_is_four_beyond_and_widened_to_hold_the_value() -> None:
    def axis(confidence: str) -> tuple[str, str]:
        thresholds = (("1e-3", Digits("65.3")), ("1e-6", Digits("79.9")))
        made = Axis.of(Comparison("result_faceid", Digits(confidence), thresholds))
        assert 0 <= made.share(Digits(confidence)) <= 1
        return str(made.low), str(made.high)

    assert axis("70") == ("61.3", "83.9")
    assert axis("91.013") == ("61.3", "92")
    assert axis("3.5") == ("3", "83.9")
    assert axis("1E+400")[0] == "61.3"


def test_the_value_never_moves_to_look_clearer(pane: VerdictPane) -> None:
    pane.show_case(answered(sample()))
    scale = pane.findChild(ThresholdScale)
    assert scale
    value, tick = scale.position(Digits("68.91876"), 360), scale.position(Digits("69"), 360)
    assert value == pytest.approx((68.91876 - 60) / 18 * 360)
    assert 0 < tick - value < 2


def test_a_flagged_bar_is_amber_and_another_is_not(pane: VerdictPane) -> None:
    for theme in (palette.LIGHT, palette.DARK):
        palette.apply(QApplication.instance(), theme)  # type: ignore[arg-type]
        pane.show_case(answered({**sample(), "time_used": len(theme.name)}))
        QApplication.processEvents()
        flagged, below, *_ = [bar for bar in pane.findChildren(GenuinenessBar) if bar.isVisible()]
        for bar, token in ((flagged, theme.warn), (below, theme.trackfill)):
            image = bar.grab().toImage()
            assert image.pixelColor(2, image.height() // 2) == QColor(token)
        assert pane.palette().window().color() == QColor(theme.panel)


def test_a_block_leads_to_its_picture_by_mouse_and_keyboard(pane: VerdictPane, qtbot: QtBot) -> None:
    pane.show_case(answered(sample()))
    line = pane.findChild(LivenessTimeline)
    assert line
    with qtbot.waitSignal(pane.picture_wanted) as wish:
        QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(line.width() // 2, line.height() // 2))
    assert wish.args == ["image_action2"]
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    QTest.keyClick(line, Qt.Key.Key_Right)
    with qtbot.waitSignal(pane.picture_wanted) as wish:
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert wish.args == ["image_action3"]


def test_a_picture_that_did_not_come_leads_nowhere(pane: VerdictPane) -> None:
    body = sample()
    body["images"] = {"image_best": PICTURE}
    pane.show_case(answered(body))
    line = pane.findChild(LivenessTimeline)
    assert line
    assert line.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert "E2" not in line.accessibleDescription()


def test_only_what_another_state_followed_counts_as_passed() -> None:
    log = liveness_log.read("1\n0:A\n10:E\n20:M\n30:b\n")
    assert [(b.letter, b.passed) for b in steps(log, ())] == [
        ("A", False),
        ("E", True),
        ("M", False),
        ("b", False),
    ]
    open_ended = liveness_log.read("1\n0:A\n10:E\n")
    assert [(b.letter, b.passed, b.to) for b in steps(open_ended, ())][1] == ("E", False, None)


# ---- the whole pane


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("body", [sample(), failed()], ids=["passed", "failed"])
def test_every_key_has_words_and_every_control_a_name(
    pane: VerdictPane, body: dict[str, Any], lang: str
) -> None:
    pane.speak(words(lang))
    text = fresh(pane, answered(body))
    assert "verdict." not in text
    assert "{" not in text
    for widget in pane.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            assert widget.accessibleName(), widget
    assert pane.accessibleName() == ("Verdict" if lang == "en" else "厂商结论")


def test_the_language_changes_live_and_keeps_the_place(pane: VerdictPane) -> None:
    pane.show_case(answered(sample()))
    QApplication.processEvents()
    bar = pane._scroll.verticalScrollBar()
    bar.setValue(150)
    pane.speak(words("zh"))
    text = all_said(pane)
    assert chips(pane) == ["活体：success", "介于 1e-3 与 1e-4", "1 项标记"]
    assert "厂商的两项结论不一致" in text
    assert "阈值仅属本次调用" in text
    assert bar.value() == 150
    pane.show_case(answered(failed()))
    pane.show_case(unanswered("unknown"))
    pane.show_case(answered(sample()))
    assert "4.91876" in said(pane)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [340, 388])
@pytest.mark.parametrize("scale", [1, 2])
def test_nothing_is_cut_at_any_width_or_size(
    pane: VerdictPane, qapp: QApplication, lang: str, width: int, scale: int
) -> None:
    before = qapp.font()
    larger = qapp.font()
    larger.setPointSizeF(before.pointSizeF() * scale)
    try:
        qapp.setFont(larger)
        pane.resize(width, 900)
        pane.speak(words(lang))
        flagged = sample()
        flagged["verify_result"]["id_exceptions"] = {"id_attacked": 1, "id_photo_monochrome": 1}
        answers = (sample(), failed(), flagged)
        for case in (*map(answered, answers), answered(b"?"), unanswered("unknown")):
            pane.show_case(case)
            # Passages grow once they know their width, and what is round them then settles.
            QApplication.processEvents()
            for widget in shown(pane):
                if not isinstance(widget, QLabel | Chip):
                    continue
                right = widget.mapTo(pane, QPoint(widget.width(), 0)).x()
                assert right <= width, widget.accessibleName()
                if isinstance(widget, QLabel) and widget.wordWrap():
                    assert widget.height() >= widget.heightForWidth(widget.width()) - 1, widget.text()
                else:
                    assert widget.width() >= widget.sizeHint().width(), widget.sizeHint()
    finally:
        qapp.setFont(before)


def test_the_same_case_again_changes_nothing_and_a_new_one_starts_at_the_top(pane: VerdictPane) -> None:
    case = answered(sample())
    pane.show_case(case)
    QApplication.processEvents()
    scale = pane.findChild(ThresholdScale)
    pane.show_case(case)
    assert pane.findChild(ThresholdScale) is scale


# ---- plain values


@given(st.lists(st.decimals(0, 100, allow_nan=False, places=5), min_size=1, max_size=6, unique=True),
       st.decimals(0, 100, allow_nan=False, places=5))  # fmt: skip
def test_margins_are_exact_and_the_band_agrees(values: list[Any], confidence: Any) -> None:
    thresholds = tuple((f"t{n}", Digits(str(value))) for n, value in enumerate(sorted(values)))
    comparison = Comparison("result_faceid", Digits(str(confidence)), thresholds)
    rows = margins(comparison)
    for row in rows:
        sign = 1 if row.passes else -1
        assert row.threshold + sign * Digits(row.by) == confidence
        assert Digits(row.by) >= 0
    found = band(comparison)
    assert found
    assert found.reached == next((row.name for row in reversed(rows) if row.passes), None)
    assert found.missed == next((row.name for row in rows if not row.passes), None)
    assert sum(row.near for row in rows) == (found.reached is not None) + (found.missed is not None)


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(1, 80)), max_size=12))
def test_labels_of_one_level_never_touch(pairs: list[tuple[float, float]]) -> None:
    spans = [(left, left + width) for left, width in pairs]
    placed = list(zip(spans, levels(spans), strict=True))
    for i, ((left, right), level) in enumerate(placed):
        for (other_left, other_right), other_level in placed[:i]:
            assert level != other_level or right <= other_left or other_right <= left


@given(st.text())
def test_visible_text_holds_nothing_that_hides(text: str) -> None:
    shown = visible(text)
    assert not any(c in shown for c in "\u202a\u202e\u2066\u200b\n\r\x00\u2028")


def test_values_as_sent_keep_their_digits_and_are_cut_at_the_end() -> None:
    assert as_sent(Digits("1.500")) == "1.500"
    assert as_sent({"a": [Digits("0.880"), None, True, "x"]}) == '{"a": [0.880, null, true, "x"]}'
    assert as_sent("y" * 100_000) == '"' + "y" * 399 + "…"
    deep: Any = Digits("1")
    for _ in range(900):
        deep = [deep]
    assert len(as_sent(deep)) < 60


def test_spans_are_rounded_down_and_named() -> None:
    assert span(1462259748 - 1461740007) == (6, "days")
    assert span(86_400) == (1, "days")
    assert span(7_300) == (2, "hours")
    assert span(150) == (2, "minutes")
    assert span(5) == (5, "seconds")

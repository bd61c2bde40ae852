"""The raw view: the answer as a tree, its pointers, search and copies; and the way there from the verdict."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk.actions import Actions
from faceid_review.desk.case_page import CasePage
from faceid_review.desk.raw.model import RawModel
from faceid_review.desk.raw.pane import RawPane
from faceid_review.desk.verdict.liveness_timeline import LivenessTimeline
from faceid_review.desk.verdict.pointed import place_of
from faceid_review.desk.work import Work
from faceid_review.faceid import raw
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Simulator
from faceid_review.i18n import words
from faceid_review.session import Session
from tests.desk.test_verdict import answered, sample, unanswered

JPEG = b"\xff\xd8\xff\xe0" + bytes(3000)
URI = f"data:image/jpeg;base64,{base64.b64encode(JPEG).decode()}"
SHA = hashlib.sha256(JPEG).hexdigest()


def body(**more: Any) -> bytes:
    sent = {**sample(), **more}
    sent["images"] = dict.fromkeys(sent["images"], URI)
    return json.dumps(sent).encode()


@pytest.fixture
def pane(qtbot: QtBot) -> Iterator[RawPane]:
    window = QWidget()
    qtbot.addWidget(window)
    made = RawPane(words("en"), window)
    window.resize(388, 800)
    made.resize(388, 800)
    window.show()
    qtbot.waitExposed(window)
    yield made
    QApplication.clipboard().clear()


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[CasePage]:
    """A case page whose wish for a tree is granted at once, as the work grants it a little later."""
    window = QWidget()
    qtbot.addWidget(window)
    made = CasePage(words("en"), Actions(window), window)
    made.raw_wanted.connect(lambda case: made.show_raw(case, raw.read(case.answer.body)))
    window.resize(1200, 850)
    made.resize(1200, 850)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    yield made
    QApplication.clipboard().clear()


def copied() -> str:
    return QApplication.clipboard().text()


def rows(pane: RawPane) -> list[str]:
    """Every row that is unfolded, in order."""
    found, index = [], pane.model.index(0, 0)
    while index.isValid():
        found.append(str(index.data()))
        index = pane.tree.indexBelow(index)
    return found


# ---- the tree


def test_the_sample_stands_there_to_the_digit_with_its_pictures_folded(pane: RawPane) -> None:
    pane.show_raw(raw.read(body()))
    said = rows(pane)
    for row in (
        "confidence: 68.91876",
        "synthetic_face_confidence: 0.88",
        "failure_reason: null",
        "1e-3: 64",
    ):
        assert row in said, row
    assert f"image_best: image, 3\u202f004 bytes, SHA-256 {SHA}" in said
    assert not any("base64" in row for row in said)


def test_a_value_is_reached_by_its_pointer_and_shown_whole(pane: RawPane) -> None:
    pane.show_raw(raw.read(body(long="x" * 500_000)))
    pane.jump("/verify_result/result_faceid/confidence")
    assert pane.pointer.text() == "/verify_result/result_faceid/confidence"
    assert pane.viewer.text.toPlainText() == "68.91876"
    pane.jump("/verify_result/none/of/it")
    assert pane.pointer.text() == "/verify_result"
    pane.jump("/long")
    assert len(pane.viewer.text.toPlainText()) == raw.PIECE
    assert "text, 500\u202f000 characters" in str(pane.tree.currentIndex().data())
    pane.viewer.after.click()
    where = pane.viewer.findChild(QLabel, "rawPiece")
    assert where is not None
    assert where.text() == "Piece 2 of 123"


def test_a_jump_before_the_answer_is_read_is_made_when_it_is(pane: RawPane) -> None:
    pane.show_none("waiting")
    pane.jump("/biz_no")
    pane.show_raw(raw.read(body()))
    assert pane.pointer.text() == "/biz_no"


def test_a_name_that_occurs_twice_is_shown_twice_and_said_to_be(pane: RawPane) -> None:
    pane.show_raw(raw.read(b'{"a": 1, "a": 2}'))
    assert rows(pane) == ["a: 1 (name occurs more than once)", "a: 2 (name occurs more than once)"]


def test_a_long_list_is_folded_into_ranges_and_every_entry_is_reached(pane: RawPane) -> None:
    QAbstractItemModelTester(pane.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    pane.show_raw(raw.read(json.dumps({"v": list(range(25_000))}).encode()))
    assert pane.model.rowCount(pane.model.index(0, 0)) == 3
    for place in (0, 99, 100, 9_999, 10_000, 24_999):
        pane.jump(f"/v/{place}")
        assert pane.tree.currentIndex().data() == f"{place}: {place}"


def test_the_model_holds_what_qt_asks_of_models(pane: RawPane) -> None:
    model = RawModel(words("en"))
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for sent in (body(), b"5", b"[]", b"null", b'{"a": {}}', b"x"):
        model.show_root(raw.read(sent).root)
    assert model.rowCount() == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("sent", [b"<html><b>Sign in</b></html>", bytes(range(256)) * 300, b"[" * 50_000])
def test_what_is_no_json_is_shown_in_bounded_pieces_with_words(pane: RawPane, sent: bytes, lang: str) -> None:
    pane.speak(words(lang))
    pane.show_raw(raw.read(sent))
    note = pane.findChild(QLabel, "rawNote")
    assert note is not None
    assert "JSON" in note.text()
    assert not pane.tree.isVisible()
    assert 0 < len(pane.viewer.text.toPlainText()) < 8 * raw.PIECE
    pane.form.findChild(QWidget, "bytes").click()  # type: ignore[union-attr]
    assert pane.viewer.text.toPlainText().startswith(f"0000000  {sent[:8].hex(' ')}")
    pane.form.findChild(QWidget, "text").click()  # type: ignore[union-attr]
    if sent.startswith(b"<"):
        assert pane.viewer.text.toPlainText() == sent.decode()


def test_a_cut_answer_says_where_it_ends(pane: RawPane) -> None:
    whole = body()
    pane.show_raw(raw.read(whole[: whole.index(b'"version"')]))
    assert any(row.endswith("the answer ends here") for row in rows(pane))
    note = pane.findChild(QLabel, "rawNote")
    assert note is not None
    assert "ends in the middle" in note.text()


# ---- search, copies, keys


def test_search_goes_from_place_to_place(pane: RawPane, qtbot: QtBot) -> None:
    pane.show_raw(raw.read(body()))
    pane.tree.setFocus()
    qtbot.waitUntil(pane.tree.hasFocus)
    QTest.keyClick(pane.tree, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert pane.search.hasFocus()
    QTest.keyClicks(pane.search, "THRESHOLDS")
    tally = pane.findChild(QLabel, "rawTally")
    assert tally is not None
    qtbot.waitUntil(lambda: tally.text() == "1 of 2")
    assert pane.pointer.text() == "/verify_result/result_faceid/thresholds"
    QTest.keyClick(pane.search, Qt.Key.Key_Return)
    assert pane.pointer.text() == "/verify_result/result_ref1/thresholds"
    QTest.keyClick(pane.search, Qt.Key.Key_F3)
    assert tally.text() == "1 of 2"
    QTest.keyClick(pane.search, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert tally.text() == "2 of 2"
    pane.search.setText("nowhere in it")
    qtbot.waitUntil(lambda: tally.text() == "Not found")
    QTest.keyClick(pane.search, Qt.Key.Key_Escape)
    assert pane.tree.hasFocus()


def test_a_copy_holds_value_and_pointer_and_asks_histories_to_leave_it_out(
    pane: RawPane, qtbot: QtBot
) -> None:
    pane.show_raw(raw.read(body(biz_extra_data="=HYPERLINK(1)")))
    pane.jump("/biz_extra_data")
    pane.tree.setFocus()
    qtbot.waitUntil(pane.tree.hasFocus)
    QTest.keyClick(pane.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copied() == '/biz_extra_data: "=HYPERLINK(1)"'
    data = QApplication.clipboard().mimeData()
    assert isinstance(data, QMimeData)
    assert data.data("x-kde-passwordManagerHint").data() == b"secret"
    pane.copy_value.click()
    assert copied() == "=HYPERLINK(1)"
    pane.copy_pointer.click()
    assert copied() == "/biz_extra_data"
    pane.jump("/images/image_best")
    pane.copy_value.click()
    assert copied() == f"image/jpeg, 3004 bytes, SHA-256 {SHA}"
    pane.jump("/verify_result/result_faceid")
    pane.copy_value.click()
    assert json.loads(copied())["thresholds"] == {"1e-3": 64, "1e-4": 69, "1e-5": 74}


def test_half_a_surrogate_pair_is_shown_and_copied(pane: RawPane) -> None:
    pane.show_raw(raw.read(b'{"\\ud800": "a\\udc00\\u202e"}'))
    assert rows(pane) == ['\\ud800: "a\\udc00\\u202e"']
    pane.copy_value.click()
    assert copied().startswith("a")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_control_has_a_name_and_every_text_is_plain(pane: RawPane, lang: str) -> None:
    pane.speak(words(lang))
    pane.show_raw(raw.read(body(long="y" * 9000)))
    pane.jump("/long")
    for widget in pane.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            assert widget.accessibleName(), widget
    for label in pane.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    for action in pane.actions():
        assert action.text()
        assert not action.text().startswith("raw.")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("scale", [1, 2])
def test_nothing_is_cut_at_double_size(pane: RawPane, qapp: QApplication, lang: str, scale: int) -> None:
    before, larger = qapp.font(), qapp.font()
    larger.setPointSizeF(before.pointSizeF() * scale)
    try:
        qapp.setFont(larger)
        pane.speak(words(lang))
        pane.resize(388 if scale == 1 else 620, 900)
        pane.show_raw(raw.read(body(long="y" * 90_000)))
        pane.jump("/long")
        pane.search.setText("e")
        QApplication.processEvents()
        for widget in pane.findChildren(QPushButton):
            if widget.isVisible():
                assert widget.width() >= widget.sizeHint().width(), widget.objectName()
                assert widget.mapTo(pane, QPoint(widget.width(), 0)).x() <= pane.width(), widget.objectName()
    finally:
        qapp.setFont(before)


# ---- the way there


def test_tabs_are_chosen_by_key_and_the_tree_is_read_only_when_it_is_looked_at(
    page: CasePage, qtbot: QtBot
) -> None:
    wished: list[object] = []
    page.raw_wanted.connect(wished.append)
    case = answered(body())
    page.show_case(case)
    assert page.evidence.front == "verdict"
    assert not wished
    page.evidence.tabs.setFocus()
    qtbot.waitUntil(page.evidence.tabs.hasFocus)
    QTest.keyClick(page.evidence.tabs, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert page.evidence.front == "raw"
    assert wished == [case]
    assert page.raw.tree.isVisible()
    QTest.keyClick(page.raw.tree, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert page.evidence.front == "verdict"
    page.evidence.choose("raw")
    assert wished == [case], "the same answer is not read twice"
    page.show_case(unanswered("unknown"))
    assert not page.raw.tree.isVisible()


def test_show_raw_in_the_banner_leads_to_the_values(page: CasePage, qtbot: QtBot) -> None:
    page.show_case(answered(body()))
    qtbot.waitUntil(lambda: page.verdict.findChild(QPushButton, "show_raw") is not None)
    link = page.verdict.findChild(QPushButton, "show_raw")
    assert link is not None
    link.click()
    assert page.evidence.front == "raw"
    assert page.raw.pointer.text() == "/verify_result/face_genuineness"


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def pointed(page: CasePage) -> list[tuple[QWidget, str, str]]:
    """Every value on the verdict that knows its place: widget, pointer, value."""
    QApplication.processEvents()
    found = []
    for widget in page.verdict.findChildren(QWidget):
        if widget.isVisible() and (hasattr(widget, "shown_place") or hasattr(widget, "shown_places")):
            place = place_of(widget)
            assert place is not None
            found.append((widget, place.pointer, place.value))
    return found


def test_every_place_is_there_and_its_value_is_what_stands_there(page: CasePage, qtbot: QtBot) -> None:
    sent = body(news={"a/b": 1.25})
    tree = raw.read(sent).root
    assert tree is not None
    page.show_case(answered(sent))
    qtbot.waitUntil(lambda: page.verdict.findChild(LivenessTimeline) is not None)
    places = pointed(page)
    for _, pointer, value in places:
        node = raw.find(tree, pointer)
        assert node is not None, pointer
        if value:
            whole = node.literal(10_000)
            assert value in (whole, node.value) or json.loads(value) == json.loads(whole), pointer
    pointers = {pointer for _, pointer, _ in places}
    assert {
        "/biz_id",
        "/biz_no",
        "/liveness_result/log",
        "/liveness_result/failure_reason",
        "/verify_result/result_faceid/confidence",
        "/verify_result/result_faceid/thresholds/1e-4",
        "/verify_result/face_genuineness/mask_confidence",
        "/verify_result/face_genuineness/mask_threshold",
        "/verify_result/request_id",
        "/news",
    } <= pointers


def test_arrows_go_from_value_to_value_and_j_and_copy_work_on_the_one_with_the_focus(
    page: CasePage, qtbot: QtBot
) -> None:
    page.show_case(answered(body()))
    qtbot.waitUntil(lambda: page.verdict.findChild(LivenessTimeline) is not None)
    page.verdict.setFocus()
    area = page.verdict.focusProxy()
    assert area is not None
    qtbot.waitUntil(area.hasFocus)
    seen = []
    for _ in range(4):
        QTest.keyClick(focused(), Qt.Key.Key_Down)
        place = place_of(QApplication.focusWidget())
        assert place is not None
        seen.append(place)
    assert seen[0].pointer == "/verify_result/result_faceid/thresholds/1e-3"
    assert len({id(place) for place in seen}) == 4
    QTest.keyClick(focused(), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copied() == f"{seen[-1].pointer}: {seen[-1].value}"
    QTest.keyClick(focused(), Qt.Key.Key_J)
    assert page.evidence.front == "raw"
    assert page.raw.pointer.text() == seen[-1].pointer


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_of_a_value_copies_it_and_leads_to_it(page: CasePage, qtbot: QtBot) -> None:
    page.show_case(answered(body()))
    qtbot.waitUntil(lambda: page.verdict.findChild(LivenessTimeline) is not None)
    widget, pointer, value = next(p for p in pointed(page) if p[1].endswith("synthetic_face_confidence"))

    def chosen(name: str) -> None:
        at = widget.mapTo(page.verdict, widget.rect().center())
        here = page.verdict.mapToGlobal(at)
        QApplication.sendEvent(page.verdict, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, here))
        menu = next(m for m in page.verdict.findChildren(QMenu) if m.isVisible())
        assert [a.text() for a in menu.actions() if a.text()] == [
            "Copy value and pointer", "Copy value", "Copy pointer", "Show in raw",
        ]  # fmt: skip
        next(action for action in menu.actions() if action.objectName() == name).trigger()
        menu.close()
        qtbot.waitUntil(lambda: page.verdict._asked is None)

    chosen("raw.copy_value")
    assert copied() == value == "0.88"
    chosen("raw.copy_pointer")
    assert copied() == pointer
    chosen("raw.show")
    assert page.raw.pointer.text() == pointer


def hover(widget: QWidget, x: int) -> None:
    """The mouse over ``widget``; where there is no screen Qt moves no cursor."""
    at = QPointF(x, widget.height() / 2)
    none = Qt.MouseButton.NoButton
    here = QPointF(widget.mapToGlobal(at))
    QApplication.sendEvent(
        widget,
        QMouseEvent(QMouseEvent.Type.MouseMove, at, here, none, none, Qt.KeyboardModifier.NoModifier),
    )


def test_a_step_shows_its_picture_while_the_mouse_is_over_it(page: CasePage, qtbot: QtBot) -> None:
    page.show_case(answered(body()))
    qtbot.waitUntil(lambda: page.verdict.findChild(LivenessTimeline) is not None)
    line = page.verdict.findChild(LivenessTimeline)
    assert line is not None
    qtbot.waitUntil(lambda: line.width() > 100)
    page.photos.choose("image_action1")
    hover(line, line.width() // 2)
    assert page.photos.active == "image_action2"
    hover(line, 5)
    assert page.photos.active == "image_action1", "the mirror has no picture, and the chosen one is back"
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    QTest.keyClick(line, Qt.Key.Key_Right)
    QTest.keyClick(line, Qt.Key.Key_Right)
    shown = page.photos.active
    assert shown != "image_action1"
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert page.photos.active == "image_action1"
    QTest.keyClick(line, Qt.Key.Key_Left)
    QTest.keyClick(line, Qt.Key.Key_Return)
    kept = page.photos.active
    page.evidence.tabs.setFocus()
    assert page.photos.active == kept


def test_hostile_text_is_plain_in_every_label_action_and_tooltip(page: CasePage, qtbot: QtBot) -> None:
    evil = "<b>PASS</b><img src=file:///etc/hostname>"
    sent = sample()
    sent |= {"biz_extra_data": evil, "biz_no": evil, evil: evil}
    sent["liveness_result"] |= {"result": evil, "failure_reason": evil, "version": evil, "log": evil}
    sent["images"] = {evil: evil, "image_best": URI}
    sent["verify_result"] = {"error": evil, evil: {evil: evil}}
    page.show_case(answered(sent))
    page.evidence.choose("raw")
    qtbot.waitUntil(page.raw.tree.isVisible)
    page.raw.jump("/biz_extra_data")
    assert page.raw.viewer.text.toPlainText() == evil
    seen = 0
    for widget in page.findChildren(QWidget):
        if isinstance(widget, QLabel):
            assert widget.textFormat() is Qt.TextFormat.PlainText, widget.objectName()
            seen += "<b>PASS" in widget.text()
        assert "<b>" not in widget.toolTip(), widget.objectName()
        for action in widget.actions():
            assert "<b>" not in action.toolTip()
    assert seen, "nothing hostile was on show"


def test_a_kept_answer_is_read_as_a_tree_off_the_window_s_thread(
    session: Session, simulator: Simulator, qtbot: QtBot
) -> None:
    session.queue.ask([BizId(simulator.ids[1])])
    session.queue.wait()
    case = session.casebook.open(simulator.ids[1])
    work = Work(session)
    try:
        with qtbot.waitSignal(work.raw_read) as told:
            work.read_raw(case)
    finally:
        work.close()
    of, answer = told.args
    assert of is case
    found = raw.find(answer.root, "/images/image_best")
    assert found is not None
    assert found.value.sha256 == case.photographs[0].sha256

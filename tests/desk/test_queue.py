"""The queue pane: what stands where, what each row says, which keys do what, and how little it takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAccessible, QFont, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk.queue.model import Group, Header, QueueModel, Row
from faceid_review.desk.queue.pane import QueuePane
from faceid_review.desk.queue.wording import facts_of, moment_of, state_of
from faceid_review.desk.shapes import Shape
from faceid_review.desk.time_left import TimeLeft
from faceid_review.i18n import words
from faceid_review.review.case import Stage

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
EN, ZH = words("en"), words("zh")


def biz_id(number: int, *, hours_left: float = 12) -> str:
    """An id whose day ends in so many hours."""
    began = NOW - timedelta(days=1) + timedelta(hours=hours_left)
    return f"{int(began.timestamp())},52b13fb5-8dfb-4537-a62b-{number:012x}"


def row(number: int, stage: Stage, *, hours_left: float = 12, minutes_ago: float = 0, **facts: Any) -> Row:
    at = (NOW - timedelta(minutes=minutes_ago)).isoformat()
    return Row.of({"biz_id": biz_id(number, hours_left=hours_left), "stage": stage.value, "at": at, **facts})


def told(model: QueueModel) -> list[str]:
    """The list from top to bottom: group names, and the last figure of each id."""
    items = [model.item(place) for place in range(model.rowCount())]
    return [item.group.value if isinstance(item, Header) else str(int(item.biz_id[-12:], 16)) for item in items
            if item is not None]  # fmt: skip


@pytest.fixture
def pane(qtbot: QtBot) -> QueuePane:
    pane = QueuePane(EN)
    qtbot.addWidget(pane)
    pane.resize(276, 700)
    pane.set_now(NOW)
    with qtbot.waitExposed(pane):
        pane.show()
    return pane


def model_of(pane: QueuePane) -> QueueModel:
    model = pane.case_list.model()
    assert isinstance(model, QueueModel)
    return model


def some_rows() -> list[Row]:
    return [
        row(1, Stage.KEPT, minutes_ago=30),
        row(2, Stage.QUEUED, hours_left=20),
        row(3, Stage.UNKNOWN),
        row(4, Stage.NOT_SENT, hours_left=0.5),
        row(5, Stage.PARTIAL, minutes_ago=1),
        row(6, Stage.REFUSED, minutes_ago=5, code="RESULT_NOT_FOUND"),
        row(7, Stage.CANCELLED, hours_left=-3),
    ]


# ---- order


def test_what_is_at_risk_comes_first_and_least_time_first(pane: QueuePane) -> None:
    pane.show_rows(some_rows())
    assert told(model_of(pane)) == ["risk", "4", "2", "7", "call", "3", "6", "cases", "5", "1"]


def test_a_batch_stands_above_in_the_order_it_is_asked_until_it_is_dissolved(pane: QueuePane) -> None:
    pane.show_rows(some_rows())
    pane.show_batch([biz_id(2, hours_left=20), biz_id(1)])
    assert told(model_of(pane))[:4] == ["batch", "2", "1", "risk"]
    pane.show_batch(())
    assert told(model_of(pane))[0] == "risk"


def test_an_id_being_asked_stands_in_this_batch_even_if_nobody_announced_it(pane: QueuePane) -> None:
    pane.show_rows([row(1, Stage.ASKING), row(2, Stage.KEPT)])
    assert told(model_of(pane)) == ["batch", "1", "cases", "2"]


def test_a_day_that_ends_moves_its_row_behind_those_with_time_left(pane: QueuePane) -> None:
    pane.show_rows([row(1, Stage.QUEUED, hours_left=1), row(2, Stage.QUEUED, hours_left=2)])
    pane.select(biz_id(1, hours_left=1))
    pane.set_now(NOW + timedelta(hours=1.5))
    assert told(model_of(pane)) == ["risk", "2", "1"]
    assert pane.selected == biz_id(1, hours_left=1)
    pane.set_now(NOW)
    assert told(model_of(pane)) == ["risk", "1", "2"]


def test_a_changed_row_stays_in_place_and_only_it_is_told(pane: QueuePane, qtbot: QtBot) -> None:
    pane.show_rows([row(n, Stage.QUEUED, hours_left=n) for n in range(1, 4)])
    pane.show_batch([biz_id(n, hours_left=n) for n in range(1, 4)])
    model = model_of(pane)
    with qtbot.waitSignal(model.dataChanged) as changed:
        pane.update_row(row(2, Stage.ASKING, hours_left=2, received=412_000))
    assert changed.args is not None
    assert (changed.args[0].row(), changed.args[1].row()) == (2, 2)
    assert told(model) == ["batch", "1", "2", "3"]


def test_a_row_that_changes_its_group_takes_the_selection_along(pane: QueuePane) -> None:
    pane.show_rows(some_rows())
    pane.select(biz_id(2, hours_left=20))
    pane.update_row(row(2, Stage.KEPT, hours_left=20))
    assert told(model_of(pane)) == ["risk", "4", "7", "call", "3", "6", "cases", "2", "5", "1"]
    assert pane.selected == biz_id(2, hours_left=20)


def test_the_last_row_of_a_group_takes_its_header_away(pane: QueuePane) -> None:
    pane.show_rows([row(1, Stage.QUEUED)])
    pane.update_row(row(1, Stage.REFUSED))
    assert told(model_of(pane)) == ["call", "1"]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 6),
            st.sampled_from(list(Stage)),
            st.integers(0, 3),
        ),
        max_size=30,
    ),
    st.integers(0, 4),
)
def test_however_rows_change_they_stand_as_if_shown_anew(
    changes: list[tuple[int, Stage, int]], batch: int
) -> None:
    model = QueueModel(lambda *_: "", lambda _: "")
    model.set_now(NOW)
    model.show_batch([biz_id(number) for number in range(batch)])
    rows: dict[str, Row] = {}
    for number, stage, minutes in changes:
        changed = row(number, stage, minutes_ago=minutes)
        rows[changed.biz_id] = changed
        model.update_row(changed)
    as_it_became = told(model)
    places = {one: model.place_of(one) for one in rows}
    assert all(
        isinstance(item := model.item(place), Row) and item is rows[one] for one, place in places.items()
    )
    model.show_rows(list(rows.values()))
    assert told(model) == as_it_became


# ---- words


def test_each_state_has_its_shape_its_kind_and_its_word(qapp: QApplication) -> None:
    looks = {stage: state_of(row(1, stage), False, EN) for stage in Stage}
    assert {stage: (s.shape, s.kind, s.text) for stage, s in looks.items()} == {
        Stage.QUEUED: (Shape.RING, "mute", "Not fetched"),
        Stage.ASKING: (Shape.DOTS, "info", "Asking"),
        Stage.KEPT: (Shape.DISC, "mute", "Kept"),
        Stage.PARTIAL: (Shape.HALF, "warn", "Kept in part"),
        Stage.REFUSED: (Shape.SQUARE, "stop", "Refused"),
        Stage.UNKNOWN: (Shape.DIAMOND, "warn", "Outcome unknown"),
        Stage.NOT_SENT: (Shape.RING, "mute", "Not sent"),
        Stage.CANCELLED: (Shape.RING, "mute", "Withdrawn"),
        Stage.PURGED: (Shape.DASH, "mute", "Purged"),
    }
    assert state_of(row(1, Stage.KEPT), True, EN)[:2] == (Shape.TICK, "ok")
    assert state_of(row(1, Stage.QUEUED), True, EN).text == "Waiting"
    assert state_of(row(1, Stage.ASKING, received=1), True, ZH).text == "接收中"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"passed": True, "confidence": "80.1", "strictest": "1e-5"}, ("passes 1e-5", "no flags")),
        (
            {"passed": True, "confidence": "68.9", "strictest": "1e-3", "next": "1e-4", "flags": ["mask"]},
            ("1e-3 to 1e-4", "1 flag"),
        ),
        ({"passed": True, "confidence": "3", "next": "1e-3"}, ("misses 1e-3", "no flags")),
        ({"passed": True}, ("no confidence returned", "no flags")),
        ({"passed": False, "reason": "not_video", "pictures": 1}, ("not_video", "1 picture")),
        ({"passed": False, "pictures": 4}, ("liveness not passed", "4 pictures")),
        ({}, ("liveness not stated",)),
    ],
)
def test_a_kept_answer_says_at_most_two_facts_and_claims_nothing_absent(
    facts: dict[str, Any], said: tuple[str, ...]
) -> None:
    assert facts_of(row(1, Stage.KEPT, **facts), EN, NOW) == said


def test_refused_unknown_and_arriving_say_what_is_known(qapp: QApplication) -> None:
    assert facts_of(row(1, Stage.REFUSED, code="RESULT_NOT_FOUND"), EN, NOW) == ("RESULT_NOT_FOUND",)
    assert facts_of(row(1, Stage.UNKNOWN), EN, NOW) == ("sent, no answer",)
    assert facts_of(row(1, Stage.ASKING, received=412_345), EN, NOW) == ("412 KB kept so far",)
    assert facts_of(row(1, Stage.ASKING, received=412_345), ZH, NOW) == ("已保存 412 KB",)


@pytest.mark.parametrize(
    ("hours", "shape", "kind", "text"),
    [
        (13.96, Shape.CLOCK, "mute", "13:57 left, est."),
        (5.99, Shape.CLOCK, "warn", "05:59 left, est."),
        (0.99, Shape.TRIANGLE, "stop", "00:59 left, est."),
    ],
)
def test_the_countdown_grows_more_urgent_and_never_promises_a_minute_too_many(
    hours: float, shape: Shape, kind: str, text: str
) -> None:
    moment = moment_of(row(1, Stage.QUEUED, hours_left=hours), False, EN, NOW)
    assert isinstance(moment, TimeLeft)
    assert (moment.shape, moment.kind, moment.text) == (shape, kind, text)


def test_a_day_that_is_over_says_since_when(qapp: QApplication) -> None:
    assert moment_of(row(1, Stage.QUEUED, hours_left=-2.5), False, EN, NOW) == "ended 02:30 ago"
    assert moment_of(row(1, Stage.QUEUED, hours_left=-75), False, ZH, NOW) == "已过 3 天"


def test_an_id_of_another_shape_has_no_countdown(qapp: QApplication) -> None:
    odd = Row.of({"biz_id": "1'; DROP TABLE r;--", "stage": "queued"})
    assert moment_of(odd, False, EN, NOW) == ""


def test_a_screen_reader_hears_the_whole_row_and_its_number(pane: QueuePane) -> None:
    pane.show_rows([row(1, Stage.QUEUED), row(2, Stage.REFUSED, code="RESULT_NOT_FOUND")])
    model = model_of(pane)
    said = model.data(model.index(model.place_of(biz_id(2))), Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith(biz_id(2))
    for part in ("Refused", "RESULT_NOT_FOUND", "row 2 of 2"):
        assert part in said
    assert "12:00 left, est." in model.data(model.index(1), Qt.ItemDataRole.AccessibleTextRole)
    pane.speak(ZH)
    said = model.data(model.index(model.place_of(biz_id(2))), Qt.ItemDataRole.AccessibleTextRole)
    assert said.endswith("第 2 行，共 2 行")


def test_an_id_is_never_markup_in_a_tooltip(pane: QueuePane) -> None:
    pane.show_rows([Row.of({"biz_id": "<b>PASS</b>", "stage": "kept"})])
    model = model_of(pane)
    assert model.data(model.index(1), Qt.ItemDataRole.ToolTipRole) == "&lt;b&gt;PASS&lt;/b&gt;"


@pytest.mark.parametrize(("lang", "name"), [("en", "Cases"), ("zh", "案件")])
def test_the_list_has_its_name_in_both_languages(pane: QueuePane, lang: str, name: str) -> None:
    pane.speak(words(lang))
    spoken = QAccessible.queryAccessibleInterface(pane.case_list)
    assert spoken.text(QAccessible.Text.Name) == name
    assert spoken.role() == QAccessible.Role.List


def test_an_empty_queue_says_so_and_what_will_come(pane: QueuePane) -> None:
    said = [
        label.text() for label in pane.findChildren(QWidget) if hasattr(label, "text") and label.isVisible()
    ]
    assert "Nothing here yet" in said
    assert "0 cases" in said
    assert "appear here" in pane.case_list.accessibleDescription()
    pane.update_row(row(1, Stage.KEPT))
    said = [
        label.text() for label in pane.findChildren(QWidget) if hasattr(label, "text") and label.isVisible()
    ]
    assert "Nothing here yet" not in said
    assert "1 case" in said
    assert pane.case_list.accessibleDescription() == ""


# ---- keys and clicks


def test_letters_move_past_headers_and_enter_opens(pane: QueuePane, qtbot: QtBot) -> None:
    pane.show_rows([row(1, Stage.QUEUED), row(2, Stage.KEPT)])
    pane.setFocus()
    qtbot.waitUntil(pane.case_list.hasFocus)
    walked = []
    for _ in range(3):
        QTest.keyClick(pane.case_list, Qt.Key.Key_J)
        walked.append(pane.selected)
    assert walked == [biz_id(1), biz_id(2), biz_id(2)]
    with qtbot.waitSignal(pane.open_wanted) as wanted:
        QTest.keyClick(pane.case_list, Qt.Key.Key_Return)
    assert wanted.args == [biz_id(2)]
    QTest.keyClick(pane.case_list, Qt.Key.Key_K)
    assert pane.selected == biz_id(1)
    QTest.keyClick(pane.case_list, Qt.Key.Key_End)
    assert pane.selected == biz_id(2)
    QTest.keyClick(pane.case_list, Qt.Key.Key_Up)
    assert pane.selected == biz_id(1)


def test_next_and_fetch_are_letters_of_the_focused_list(pane: QueuePane, qtbot: QtBot) -> None:
    pane.show_rows([row(1, Stage.KEPT)])
    pane.setFocus()
    qtbot.waitUntil(pane.case_list.hasFocus)
    with qtbot.waitSignal(pane.next_wanted):
        QTest.keyClick(pane.case_list, Qt.Key.Key_N)
    with qtbot.waitSignal(pane.fetch_wanted):
        QTest.keyClick(pane.case_list, Qt.Key.Key_F)


def test_letters_typed_elsewhere_command_nothing(qtbot: QtBot) -> None:
    window, pane, field = QWidget(), QueuePane(EN), QLineEdit()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addWidget(pane)
    column.addWidget(field)
    with qtbot.waitExposed(window):
        window.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    pane.show_rows([row(1, Stage.QUEUED), row(2, Stage.KEPT)])
    with qtbot.assertNotEmitted(pane.next_wanted), qtbot.assertNotEmitted(pane.fetch_wanted):
        QTest.keyClicks(field, "nfjk")
    assert field.text() == "nfjk"
    assert pane.selected == ""


def test_a_click_opens_a_row_and_a_header_is_nothing(pane: QueuePane, qtbot: QtBot) -> None:
    pane.show_rows(some_rows())
    model, cases = model_of(pane), pane.case_list
    header = cases.visualRect(model.index(0)).center()
    with qtbot.assertNotEmitted(pane.open_wanted):
        QTest.mouseClick(cases.viewport(), Qt.MouseButton.LeftButton, pos=header)
    assert pane.selected == ""
    for place in range(model.rowCount()):
        box = cases.visualRect(model.index(place))
        assert cases.indexAt(box.center()).row() == place
    with qtbot.waitSignal(pane.open_wanted) as wanted:
        QTest.mouseClick(
            cases.viewport(), Qt.MouseButton.LeftButton, pos=cases.visualRect(model.index(5)).center()
        )
    assert wanted.args == [biz_id(3)]
    assert pane.selected == biz_id(3)


def test_selecting_opens_nothing_and_shown_rows_keep_the_selection(pane: QueuePane, qtbot: QtBot) -> None:
    pane.show_rows(some_rows())
    with qtbot.assertNotEmitted(pane.open_wanted):
        pane.select(biz_id(5))
        pane.show_rows([row(9, Stage.QUEUED), *some_rows()])
    assert pane.selected == biz_id(5)
    pane.select("nobody")
    assert pane.selected == ""


def test_the_next_one_is_an_answer_or_an_open_question_and_goes_round(pane: QueuePane) -> None:
    pane.show_rows(some_rows())
    seen = []
    for _ in range(5):
        pane.select(pane.following())
        seen.append(int(pane.selected[-12:], 16))
    assert seen == [3, 6, 5, 1, 3]
    pane.show_rows([row(1, Stage.QUEUED)])
    assert pane.following() == ""


# ---- size


def test_of_ten_thousand_rows_only_those_in_sight_are_worded(pane: QueuePane, qtbot: QtBot) -> None:
    worded: list[int] = []
    model = model_of(pane)
    item = model.item

    def counting(place: int) -> Row | Header | None:
        worded.append(place)
        return item(place)

    pane.show_rows([row(n, Stage.KEPT, minutes_ago=n) for n in range(10_000)])
    pane.case_list.itemDelegate()._item = counting  # type: ignore[attr-defined]
    pane.select(biz_id(9_999))
    pane.case_list.viewport().grab()
    assert 5_000 < min(worded) < max(worded) == 10_000
    assert len(set(worded)) < 20
    box = pane.case_list.visualRect(model.index(10_000))
    assert pane.case_list.viewport().rect().contains(box)
    pane.select(biz_id(0))
    assert pane.case_list.verticalScrollBar().value() == 0


def test_a_header_scrolls_in_with_the_first_row_of_its_group(pane: QueuePane) -> None:
    pane.show_rows([row(n, Stage.KEPT, minutes_ago=n) for n in range(100)])
    pane.select(biz_id(99))
    pane.select(biz_id(0))
    assert pane.case_list.indexAt(QPoint(5, 5)).row() == 0


def test_large_type_gets_higher_rows_and_the_countdown_a_line_of_its_own(
    pane: QueuePane, qapp: QApplication
) -> None:
    pane.show_rows([row(1, Stage.QUEUED)])
    index = model_of(pane).index(1)
    normal, before = pane.case_list.visualRect(index).height(), qapp.font()
    large = QFont(before)
    large.setPointSizeF(before.pointSizeF() * 2)
    try:
        qapp.setFont(large)
        qapp.processEvents()
        assert pane.case_list.visualRect(index).height() > normal * 1.9
    finally:
        qapp.setFont(before)


def test_the_selected_row_keeps_no_coloured_word(pane: QueuePane) -> None:
    pane.show_rows([row(1, Stage.REFUSED, code="RESULT_NOT_FOUND")])

    def reddish(image: QImage) -> int:
        colours = (image.pixelColor(x, y) for x in range(4, image.width()) for y in range(image.height()))
        return sum(c.red() > c.blue() + 60 for c in colours)

    index: QModelIndex = model_of(pane).index(1)
    box = pane.case_list.visualRect(index)
    assert reddish(pane.case_list.viewport().grab(box).toImage()) > 50
    pane.select(biz_id(1))
    assert reddish(pane.case_list.viewport().grab(box).toImage()) == 0


def test_groups_are_named_in_both_languages(pane: QueuePane) -> None:
    pane.show_rows(some_rows())
    model = model_of(pane)
    assert model.data(model.index(0)) == "At risk: one call, one day"
    pane.speak(ZH)
    assert model.data(model.index(0)) == "有时限：仅一次，一天内"
    assert len({ZH(f"queue.group.{group.value}") for group in Group}) >= 3

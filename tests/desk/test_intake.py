"""The fetch page: what is recognised, what is ticked, what is asked and when, and how the batch is told."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QMimeData, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from faceid_review.desk.intake.batch import Batch
from faceid_review.desk.intake.delegate import BOX_LEFT
from faceid_review.desk.intake.model import Column, RecognisedModel
from faceid_review.desk.intake.pane import FetchPage
from faceid_review.desk.intake.paste_box import AT_ONCE, LONGEST_LINE, PasteBox
from faceid_review.desk.intake.progress_bar import MOST_SEGMENTS, ProgressBar
from faceid_review.errors import NotAsked, NotSent, Refused, Spent
from faceid_review.faceid import biz_id as ids
from faceid_review.i18n import words
from faceid_review.review import recognition
from faceid_review.review.case import Stage
from faceid_review.review.recognition import Survey
from faceid_review.review.retrieval import Retrieval

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
EN, ZH = words("en"), words("zh")


def biz_id(number: int, *, hours_left: float = 12) -> str:
    """An id whose day ends in so many hours."""
    began = NOW - timedelta(days=1) + timedelta(hours=hours_left)
    return f"{int(began.timestamp())},52b13fb5-8dfb-4537-a62b-{number:012x}"


SOON, LATER, LATEST = biz_id(1, hours_left=0.5), biz_id(2, hours_left=5), biz_id(3, hours_left=20)
KEPT, UNKNOWN, REFUSED, EXPIRED = biz_id(4), biz_id(5), biz_id(6), biz_id(7, hours_left=-3)
VAULT = {KEPT: Stage.KEPT, UNKNOWN: Stage.UNKNOWN, REFUSED: Stage.REFUSED}
ALL = "\n".join(["Escalations", LATEST, SOON, LATER, SOON, KEPT, UNKNOWN, REFUSED, EXPIRED])
WIDE = SOON.replace(",", "，").translate(str.maketrans("0123456789", "０１２３４５６７８９"))


class Page(FetchPage):
    """The page with somebody who surveys each text at once, as the desk does."""

    def __init__(self, vault: Mapping[str, Stage], lang: str = "en") -> None:
        super().__init__(words(lang))
        self.vault = dict(vault)
        self.text_changed.connect(self.survey)

    def survey(self, text: str) -> None:
        self.show_survey(recognition.survey(text, self.vault.get, NOW), text)


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    page = Page(VAULT)
    qtbot.addWidget(page)
    page.set_now(NOW)
    page.show_accounts(
        [("prod", "8f3c", "https://api.megvii.com"), ("test", "11aa", "http://127.0.0.1:9")], "prod"
    )
    page.resize(1164, 800)
    with qtbot.waitExposed(page):
        page.show()
    return page


def show(page: Page, qtbot: QtBot, text: str) -> None:
    """Put a text in and wait until it has been surveyed."""
    with qtbot.waitSignal(page.text_changed):
        page.set_text(text)


def model_of(page: FetchPage) -> RecognisedModel:
    model = page.table.model()
    assert isinstance(model, RecognisedModel)
    return model


def rows(page: FetchPage) -> list[str]:
    """Each row as a screen reader hears it."""
    model = model_of(page)
    return [
        model.data(model.index(row, 0), Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())
    ]


def row_of(page: FetchPage, biz_id: str) -> int:
    return next(row for row in range(model_of(page).rowCount()) if model_of(page).place(row).text == biz_id)


def cell(page: FetchPage, biz_id: str, column: Column) -> QRect:
    """Where a cell of the table is, in its viewport."""
    return page.table.visualRect(model_of(page).index(row_of(page, biz_id), column))


def click(page: FetchPage, at: QPoint) -> None:
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def tick_by_mouse(page: FetchPage, biz_id: str) -> None:
    box = cell(page, biz_id, Column.WHERE)
    click(page, QPoint(int(BOX_LEFT) + 6, box.center().y()))


# ---- names


@pytest.mark.parametrize(
    ("lang", "box", "button"), [("en", "Biz IDs", "Fetch 3"), ("zh", "业务编号 (biz_id)", "拉取 3")]
)
def test_the_names_that_others_look_for(page: Page, qtbot: QtBot, lang: str, box: str, button: str) -> None:
    show(page, qtbot, ALL)
    page.speak(words(lang))
    names = {widget: QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
             for widget in (page.box, page.fetch)}  # fmt: skip
    assert names == {page.box: box, page.fetch: button}
    assert page.fetch.text() == button


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_control_has_a_name(page: Page, qtbot: QtBot, lang: str) -> None:
    show(page, qtbot, ALL)
    page.speak(words(lang))
    for control in (
        page.box,
        page.accounts,
        page.manage,
        page.table,
        page.table.tick_all,
        page.stop,
        page.fetch,
    ):
        assert control.accessibleName()
        assert control.objectName()
    assert page.progress.accessibleName()


def test_the_account_has_a_label_and_a_description_since_qt_speaks_its_text_as_its_name(page: Page) -> None:
    assert page.account_label.buddy() is page.accounts
    assert page.account_label.text() == "Account"
    assert "prod" in page.accounts.accessibleDescription()
    assert "https://api.megvii.com" in page.accounts.accessibleDescription()
    assert not page.accounts.isEditable()
    page.speak(ZH)
    assert page.account_label.text() == "账户"


# ---- recognising


def test_rows_stand_in_the_order_they_will_be_asked_and_say_what_they_are(page: Page, qtbot: QtBot) -> None:
    show(page, qtbot, ALL)
    said = rows(page)
    assert [line.split(" line")[0] for line in said[:3]] == [SOON, LATER, LATEST]
    assert "ticked" in said[0]
    assert "00:30 left, est." in said[0]
    assert "row 1 of 8" in said[0]
    rest = " | ".join(said[3:])
    for words_ in (
        "Duplicate of line 3",
        "Already kept",
        "Outcome unknown",
        "Refused before",
        "Probably expired",
    ):
        assert words_ in rest
    assert "Asked once only" in rest
    assert "ended 03:00 ago" in rest
    assert rest.count("Asking again needs a typed reason") == 2


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            "8 ids on 9 lines: 3 new, 1 duplicate, 1 already kept, 1 probably expired, 1 of unknown outcome, "
            "1 refused before. 1 line holds no id.",
        ),
        (
            "zh",
            "9 行中有 8 个编号：3 个新编号，1 个重复，1 个已保存，1 个可能已过期，1 个结果未知，1 个曾被拒。1 行没有编号。",
        ),
    ],
)
def test_the_summary_counts_everything(page: Page, qtbot: QtBot, lang: str, said: str) -> None:
    show(page, qtbot, ALL)
    page.speak(words(lang))
    assert page.summary.text() == said


def test_nothing_and_only_words_are_told_apart(page: Page, qtbot: QtBot) -> None:
    assert page.summary.text() == "Nothing pasted yet."
    assert "appears here" in page.table.accessibleDescription()
    show(page, qtbot, "called at 13:20")
    assert page.summary.text() == "1 line, no id."
    assert not page.fetch.isEnabled()


def test_a_text_is_told_once_after_typing_pauses(page: Page, qtbot: QtBot) -> None:
    told: list[str] = []
    page.text_changed.connect(told.append)
    with qtbot.waitSignal(page.text_changed):
        QTest.keyClicks(page.box, SOON)
    assert told == [SOON]


def test_a_survey_of_an_older_text_is_left_aside(page: Page, qtbot: QtBot) -> None:
    show(page, qtbot, SOON)
    page.show_survey(recognition.survey(LATER, VAULT.get, NOW), LATER)
    assert model_of(page).ticked_ids() == (SOON,)


def test_until_a_changed_text_is_surveyed_nothing_can_be_asked(page: Page, qtbot: QtBot) -> None:
    show(page, qtbot, SOON)
    page.text_changed.disconnect(page.survey)
    with qtbot.assertNotEmitted(page.fetch_wanted):
        QTest.keyClicks(page.box, " ")
        QTest.keyClick(page.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        page.fetch.click()
    page.survey(page.box.toPlainText())
    qtbot.waitUntil(lambda: not page.box.arriving)
    page.survey(page.box.toPlainText())
    assert page.fetch_action.isEnabled()


def test_lines_are_the_same_in_the_box_and_in_the_survey(page: Page, qtbot: QtBot) -> None:
    text = f"a\u2028b\x0bc\x85d\r\n{SOON}\r{LATER}\n"
    show(page, qtbot, text)
    assert page.box.document().findBlockByNumber(model_of(page).place(0).line - 1).text() == SOON
    page.box.moveCursor(page.box.textCursor().MoveOperation.End)
    with qtbot.waitSignal(page.text_changed):
        QTest.keyClick(page.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClicks(page.box, LATEST)
    assert page.box.document().findBlockByNumber(model_of(page).place(2).line - 1).text() == LATEST


def test_lines_without_an_id_step_back_and_odd_ones_are_marked(page: Page, qtbot: QtBot) -> None:
    show(page, qtbot, f"words\n{SOON}\n{WIDE}")
    marked = {
        selection.cursor.blockNumber() + 1: selection.format.fontUnderline()
        for selection in page.box.extraSelections()
    }
    assert marked == {1: False, 3: True}
    assert page.box.is_odd(3)


# ---- odd ids


def test_full_width_signs_are_pointed_out_and_mended_only_by_a_person(page: Page, qtbot: QtBot) -> None:
    show(page, qtbot, WIDE)
    (said,) = rows(page)
    assert f"Did you mean {SOON[:15]}… ?" in said
    assert "full-width digits" in said
    assert "another sign for the comma" in said
    assert page.summary.text().endswith("1 place is not quite an id.")
    assert model_of(page).ticks == 0
    assert page.box.toPlainText() == WIDE
    with qtbot.waitSignal(page.text_changed):
        click(page, cell(page, WIDE, Column.BATCH).center())
    assert page.box.toPlainText() == f"{WIDE}\n{SOON}"
    assert model_of(page).ticked_ids() == (SOON,)
    assert any("Stands on line 2 as it should" in line for line in rows(page))
    with qtbot.assertNotEmitted(page.text_changed):
        page.table.link_taken.emit(1)


def test_enter_on_an_odd_row_does_what_its_link_does(page: Page, qtbot: QtBot) -> None:
    show(page, qtbot, SOON.replace(",", " , "))
    assert "blanks inside" in rows(page)[0]
    page.table.setFocus()
    with qtbot.waitSignal(page.text_changed):
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert page.box.toPlainText().endswith(f"\n{SOON}")


def test_invisible_characters_are_shown_and_markup_stays_letters(page: Page, qtbot: QtBot) -> None:
    show(page, qtbot, f"<b>PASS</b> \u202e{SOON[:11]}\u200b{SOON[11:]}")
    model = model_of(page)
    shown = model.data(model.index(0, Column.WHERE))
    assert "U+202E" in shown
    assert "invisible characters" in rows(page)[0]
    tip = model.data(model.index(0, Column.WHERE), Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("&lt;b&gt;PASS")


# ---- ticks


def test_only_new_ids_are_ticked_and_expired_ones_may_be(page: Page, qtbot: QtBot) -> None:
    show(page, qtbot, ALL)
    assert model_of(page).ticked_ids() == (SOON, LATER, LATEST)
    tick_by_mouse(page, EXPIRED)
    assert page.fetch.text() == "Fetch 4"
    assert model_of(page).ticked_ids()[-1] == EXPIRED
    tick_by_mouse(page, LATER)
    assert model_of(page).ticked_ids() == (SOON, LATEST, EXPIRED)


@pytest.mark.parametrize("left_alone", [UNKNOWN, REFUSED, KEPT])
def test_what_may_be_spent_or_is_kept_can_be_ticked_by_nothing(
    page: Page, qtbot: QtBot, left_alone: str
) -> None:
    show(page, qtbot, ALL)
    model, row = model_of(page), row_of(page, left_alone)
    tick_by_mouse(page, left_alone)
    page.table.setCurrentIndex(model.index(row, 0))
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    model.setData(model.index(row, 0), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    model.tick_all(True)
    assert model.data(model.index(row, 0), Qt.ItemDataRole.CheckStateRole) is None
    assert left_alone not in model.ticked_ids()


def test_space_ticks_and_a_tick_outlives_more_text(page: Page, qtbot: QtBot) -> None:
    show(page, qtbot, ALL)
    page.table.setCurrentIndex(model_of(page).index(0, Column.KIND))
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert model_of(page).ticked_ids() == (LATER, LATEST)
    show(page, qtbot, f"{ALL}\n{biz_id(9, hours_left=1)}")
    assert model_of(page).ticked_ids() == (biz_id(9, hours_left=1), LATER, LATEST)


def test_a_press_let_go_on_another_row_ticks_nothing(page: Page, qtbot: QtBot) -> None:
    show(page, qtbot, ALL)
    first, second = (cell(page, one, Column.WHERE).center().y() for one in (SOON, LATER))
    left = int(BOX_LEFT) + 6
    QTest.mousePress(page.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(left, first))
    QTest.mouseRelease(page.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(left, second))
    assert model_of(page).ticks == 3


def test_the_box_above_ticks_all_new_ones_and_never_an_expired_one(page: Page, qtbot: QtBot) -> None:
    show(page, qtbot, ALL)
    every = page.table.tick_all
    assert every.checkState() == Qt.CheckState.PartiallyChecked
    every.click()
    assert model_of(page).ticked_ids() == (SOON, LATER, LATEST)
    tick_by_mouse(page, EXPIRED)
    assert every.checkState() == Qt.CheckState.Checked
    every.click()
    assert model_of(page).ticks == 0
    every.click()
    assert model_of(page).ticked_ids() == (SOON, LATER, LATEST)


# ---- fetching


def test_nothing_is_wanted_before_fetch_is_pressed_and_then_in_order(page: Page, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(page.fetch_wanted):
        show(page, qtbot, ALL)
        tick_by_mouse(page, EXPIRED)
        page.speak(ZH)
        page.set_now(NOW)
    with qtbot.waitSignal(page.fetch_wanted) as wanted:
        QTest.mouseClick(page.fetch, Qt.MouseButton.LeftButton)
    assert wanted.args == [(SOON, LATER, LATEST, EXPIRED), "prod"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_ctrl_enter_starts_from_within_the_box_and_leaves_the_text_alone(
    page: Page, qtbot: QtBot, key: Qt.Key
) -> None:
    show(page, qtbot, SOON)
    page.box.setFocus()
    qtbot.waitUntil(page.box.hasFocus)
    with qtbot.waitSignal(page.fetch_wanted) as wanted:
        QTest.keyClick(page.box, key, Qt.KeyboardModifier.ControlModifier)
    assert wanted.args == [(SOON,), "prod"]
    assert page.box.toPlainText() == SOON


@pytest.mark.parametrize("why", ["no tick", "no account", "a problem", "running"])
def test_a_button_that_is_dead_is_dead_for_the_key_too_and_says_why(
    page: Page, qtbot: QtBot, why: str
) -> None:
    show(page, qtbot, SOON)
    said = ""
    match why:
        case "no tick":
            model_of(page).tick_all(False)
            said = "Nothing is ticked to be asked."
        case "no account":
            page.show_accounts([], "")
            said = "Add an account before fetching."
        case "a problem":
            page.show_ready({"problem": "The disk is full."})
            said = "The disk is full."
        case "running":
            page.batch_started([SOON])
            said = (
                "Stopping withdraws what has not been asked. What is under way runs to its end and is kept."
            )
    page.box.setFocus()
    qtbot.waitUntil(page.box.hasFocus)
    with qtbot.assertNotEmitted(page.fetch_wanted):
        QTest.keyClick(page.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        QTest.mouseClick(page.fetch, Qt.MouseButton.LeftButton)
        page.fetch_action.trigger()
    assert not page.fetch.isEnabled()
    assert page.note.text() == said


def test_the_account_is_chosen_by_a_person_and_goes_along(page: Page, qtbot: QtBot) -> None:
    show(page, qtbot, SOON)
    page.accounts.setFocus()
    with qtbot.waitSignal(page.account_chosen) as chosen:
        QTest.keyClick(page.accounts, Qt.Key.Key_Down)
    assert chosen.args == ["test"]
    assert "http://127.0.0.1:9" in page.accounts.accessibleDescription()
    with qtbot.waitSignal(page.fetch_wanted) as wanted:
        page.fetch.click()
    assert wanted.args == [(SOON,), "test"]
    with qtbot.assertNotEmitted(page.account_chosen):
        page.show_accounts([("other", "1", "https://x.example")], "other")
    assert page.account == "other"


def test_wishes_that_open_something(page: Page, qtbot: QtBot) -> None:
    show(page, qtbot, ALL)
    with qtbot.waitSignal(page.open_wanted) as wanted:
        click(page, cell(page, KEPT, Column.BATCH).center())
    assert wanted.args == [KEPT]
    page.table.setCurrentIndex(model_of(page).index(row_of(page, UNKNOWN), 0))
    with qtbot.waitSignal(page.open_wanted) as wanted:
        QTest.keyClick(page.table, Qt.Key.Key_Enter)
    assert wanted.args == [UNKNOWN]
    page.table.setCurrentIndex(model_of(page).index(row_of(page, SOON), 0))
    with qtbot.assertNotEmitted(page.open_wanted):
        QTest.keyClick(page.table, Qt.Key.Key_Enter)
    with qtbot.waitSignal(page.manage_accounts_wanted):
        page.manage.click()


# ---- the batch


def a_batch(page: Page, qtbot: QtBot) -> tuple[str, ...]:
    """Six ids, of which two are kept, one is refused and one arrives."""
    chosen = tuple(biz_id(n, hours_left=n) for n in range(1, 7))
    show(page, qtbot, "\n".join(chosen))
    page.batch_started(chosen)
    for told in (
        Retrieval(chosen[0], Stage.KEPT),
        Retrieval(chosen[1], Stage.KEPT),
        Retrieval(
            chosen[2], Stage.REFUSED, error=Refused("refused", code="RESULT_NOT_FOUND", spent=Spent.PERHAPS)
        ),
        Retrieval(chosen[3], Stage.ASKING, received=412_345),
    ):
        page.show_retrieval(told)
    return chosen


def test_of_several_under_way_none_is_called_this_one(page: Page, qtbot: QtBot) -> None:
    chosen = a_batch(page, qtbot)
    page.show_retrieval(Retrieval(chosen[4], Stage.ASKING))
    assert page.stop.text() == page.stop_action.text() == "Stop after these 2"
    assert "2 under way" in page.tally.accessibleName()
    page.speak(words("zh"))
    assert page.stop.accessibleName() == "完成当前 2 个后停止"


def test_the_batch_is_told_in_words(page: Page, qtbot: QtBot) -> None:
    a_batch(page, qtbot)
    assert page.tally.accessibleName() == "Asked 4 of 6, 2 kept, 1 refused, 1 under way, 2 waiting"
    assert page.progress.accessibleDescription() == "2 kept, 1 refused, 1 under way, 2 waiting"
    assert page.fetch.text() == "Fetch 6"
    assert page.stop.text() == "Stop after this one"
    said = rows(page)
    assert "Kept Open the kept case" in said[0]
    assert "Refused RESULT_NOT_FOUND" in said[2]
    assert "The vendor has no answer under this biz_id." in said[2]
    assert "Arriving 412 KB kept so far" in said[3]
    assert "Waiting not asked yet" in said[4]
    page.speak(ZH)
    assert page.tally.accessibleName() == "已查询 4 / 6，2 个已保存，1 个被拒，1 个进行中，2 个排队中"
    assert "接收中 已保存 412 KB" in rows(page)[3]


def test_while_it_runs_its_ids_cannot_be_ticked_and_others_can(page: Page, qtbot: QtBot) -> None:
    chosen = a_batch(page, qtbot)
    tick_by_mouse(page, chosen[5])
    assert (
        model_of(page).data(model_of(page).index(5, 0), Qt.ItemDataRole.CheckStateRole)
        == Qt.CheckState.Checked
    )
    show(page, qtbot, f"{chosen[5]}\n{LATEST}")
    assert model_of(page).ticked_ids() == (LATEST,)
    assert not page.fetch.isEnabled()


def test_when_it_is_over_only_what_was_never_sent_may_be_asked_again(page: Page, qtbot: QtBot) -> None:
    chosen = a_batch(page, qtbot)
    page.show_retrieval(Retrieval(chosen[3], Stage.UNKNOWN))
    page.show_retrieval(Retrieval(chosen[4], Stage.NOT_SENT, error=NotSent("unreachable")))
    page.show_retrieval(Retrieval(chosen[5], Stage.QUEUED, error=NotAsked("batch_stopped", code="X")))
    page.batch_ended()
    assert model_of(page).ticked_ids() == chosen[4:]
    assert (
        page.tally.accessibleName() == "Asked 4 of 6, 2 kept, 1 refused, 1 unknown, 1 not sent, 1 not asked"
    )
    assert page.fetch.text() == "Fetch 2"
    assert "vendor could not be reached" in rows(page)[4]
    assert "the batch stopped after X" in rows(page)[5]
    with qtbot.waitSignal(page.open_wanted) as wanted:
        click(page, cell(page, chosen[0], Column.BATCH).center())
    assert wanted.args == [chosen[0]]


@pytest.mark.parametrize("by", ["key", "button"])
def test_stopping_is_wanted_once_and_only_while_something_is_asked(page: Page, qtbot: QtBot, by: str) -> None:
    page.box.setFocus()
    qtbot.waitUntil(page.box.hasFocus)

    def stop() -> None:
        if by == "key":
            QTest.keyClick(page.box, Qt.Key.Key_Escape)
        else:
            page.stop.click()

    with qtbot.assertNotEmitted(page.stop_wanted):
        stop()
    a_batch(page, qtbot)
    assert page.stop.isVisible()
    with qtbot.waitSignal(page.stop_wanted):
        stop()
    with qtbot.assertNotEmitted(page.stop_wanted):
        stop()
    assert page.note.text().startswith("Stopping.")
    page.batch_ended()
    assert not page.stop.isVisible()
    with qtbot.assertNotEmitted(page.stop_wanted):
        stop()


def test_ready_says_what_is_ready_and_where_it_goes(page: Page) -> None:
    page.show_ready({"vault": "vault open", "free": "41 GB free"})
    assert page.ready.text() == "vault open, 41 GB free"
    said = {name: label.text() for name, label in page._sends.values.items()}
    assert said == {
        "sends": "1 request per id, no retry, no redirect",
        "pictures": "all (get_image_type=2)",
        "to": "https://api.megvii.com",
    }
    page.show_ready({"vault": "vault open", "problem": "the keyring is locked"})
    assert page.ready.text() == "the keyring is locked"


def test_what_waited_when_a_batch_ended_was_not_asked() -> None:
    batch = Batch()
    batch.start(["a", "b"])
    batch.take(Retrieval("a", Stage.KEPT))
    assert (batch.asked, batch.counts[Stage.QUEUED]) == (1, 1)
    batch.end()
    assert dict(batch.counts) == {Stage.KEPT: 1, Stage.CANCELLED: 1}
    assert (batch.free("a"), batch.free("b"), batch.taken) == (False, True, {"a"})


def test_a_batch_told_twice_counts_once() -> None:
    batch = Batch()
    batch.start(["a"])
    for received in (10, 20):
        batch.take(Retrieval("a", Stage.ASKING, received=received))
    assert (batch.asked, batch.size, batch.counts[Stage.ASKING]) == (1, 1, 1)


# ---- progress


def test_few_ids_have_a_segment_each_and_many_are_bands_in_proportion(qtbot: QtBot) -> None:
    bar = ProgressBar()
    qtbot.addWidget(bar)
    stages = [Stage.KEPT, Stage.REFUSED, Stage.KEPT]
    bar.show_stages({Stage.KEPT: 2, Stage.REFUSED: 1}, stages)
    assert [stage for stage, _, _ in bar.segments()] == stages
    bar.show_stages({Stage.QUEUED: 50, Stage.KEPT: 40, Stage.REFUSED: 10}, [Stage.KEPT] * (MOST_SEGMENTS + 1))
    bands = [(stage, round(left, 3), round(width, 3)) for stage, left, width in bar.segments()]
    assert bands == [(Stage.KEPT, 0.0, 0.4), (Stage.REFUSED, 0.4, 0.1), (Stage.QUEUED, 0.5, 0.5)]
    assert bar.describe(EN) == "40 kept, 10 refused, 50 waiting"


def test_segments_differ_without_colour(qtbot: QtBot) -> None:
    """In grey, each stage of a batch still looks different from every other."""
    seen = []
    for stage in (
        Stage.KEPT,
        Stage.PARTIAL,
        Stage.REFUSED,
        Stage.UNKNOWN,
        Stage.ASKING,
        Stage.QUEUED,
        Stage.CANCELLED,
    ):
        bar = ProgressBar()
        qtbot.addWidget(bar)
        bar.resize(80, 8)
        bar.show_stages({stage: 1}, [stage])
        grey = bar.grab().toImage().convertToFormat(bar.grab().toImage().Format.Format_Grayscale8)
        seen.append([grey.pixelColor(x, y).red() for x in range(80) for y in range(8)])
    for i, one in enumerate(seen):
        for other in seen[i + 1 :]:
            assert sum(abs(a - b) > 20 for a, b in zip(one, other, strict=True)) > 60


# ---- long texts


def test_a_long_paste_goes_in_piece_by_piece_and_is_told_once_and_whole(page: Page, qtbot: QtBot) -> None:
    text = "\n".join(f"{1_795_000_000 + n},{uuid.UUID(int=n + 2**100)}" for n in range(AT_ONCE // 40))
    assert len(text) > AT_ONCE
    told: list[str] = []
    page.text_changed.disconnect(page.survey)
    page.text_changed.connect(told.append)
    paste = QMimeData()
    paste.setText(text)
    page.box.setPlainText("before ")
    qtbot.waitUntil(lambda: bool(told))
    told.clear()
    page.box.moveCursor(page.box.textCursor().MoveOperation.End)
    page.box.insertFromMimeData(paste)
    assert page.box.isReadOnly()
    assert not page.fetch_action.isEnabled()
    qtbot.waitUntil(lambda: bool(told))
    assert told == [f"before {text}"]
    assert not page.box.isReadOnly()
    page.box.undo()
    assert page.box.toPlainText() == "before "


@pytest.mark.parametrize("between", [",", " ", '","', ", ", "&biz_id="])
def test_a_very_long_line_is_folded_but_never_inside_an_id(qtbot: QtBot, between: str) -> None:
    box = PasteBox()
    qtbot.addWidget(box)
    wanted = [f"{1_795_000_000 + n},{uuid.UUID(int=n + 2**100)}" for n in range(200)]
    with qtbot.waitSignal(box.text_changed) as told:
        box.set_text(between.join(wanted))
    assert told.args is not None
    assert max(map(len, told.args[0].splitlines())) <= LONGEST_LINE
    assert list(ids.distinct(ids.find_all(told.args[0]))) == wanted


def test_a_megabyte_without_a_break_is_no_id_and_no_trouble(page: Page, qtbot: QtBot) -> None:
    show(page, qtbot, "1" * 1_000_000)
    assert model_of(page).rowCount() == 0
    assert page.box.toPlainText().replace("\n", "") == "1" * 1_000_000


def test_of_ten_thousand_ids_only_those_in_sight_are_worded(page: Page, qtbot: QtBot) -> None:
    text = "\n".join(biz_id(n, hours_left=20) for n in range(10_000))
    page.show_survey(recognition.survey(text, VAULT.get, NOW))
    model, worded = model_of(page), set[int]()
    worded_cell = model.cell

    def counting(row: int, column: int) -> object:
        worded.add(row)
        return worded_cell(row, column)

    model.cell = counting  # type: ignore[method-assign, assignment]
    page.table.scrollToBottom()
    page.table.viewport().grab()
    assert max(worded) == 9_999
    assert len(worded) < 60
    assert page.fetch.accessibleName() == "Fetch 10000"
    assert page.fetch.text() == "Fetch 10\u202f000"


def test_an_empty_survey_can_be_shown(page: Page) -> None:
    page.show_survey(Survey((), 0, 0))
    assert model_of(page).rowCount() == 0
    assert page.fetch.accessibleName() == "Fetch 0"


def test_ids_told_to_wait_are_counted_once() -> None:
    batch = Batch()
    batch.start(("1,a", "1,b", "1,c"))
    for biz_id in ("1,a", "1,b", "1,c"):
        batch.take(Retrieval(biz_id, Stage.QUEUED))
    batch.take(Retrieval("1,a", Stage.ASKING))
    assert {stage: n for stage, n in batch.counts.items() if n} == {Stage.QUEUED: 2, Stage.ASKING: 1}
    assert batch.asked == 1
    batch.end()
    assert batch.counts[Stage.CANCELLED] == 2

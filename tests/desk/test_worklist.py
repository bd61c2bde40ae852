"""The queue as a work list: views, filters, search and the next case, against a real vault; and 100,000 rows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from faceid_review.desk.queue.filter_sheet import FilterSheet, said
from faceid_review.desk.queue.listing import Lister
from faceid_review.desk.queue.pane import QueuePane
from faceid_review.desk.queue.row import Group, Row, group_of
from faceid_review.desk.queue.wording import facts_of, moment_of, state_of
from faceid_review.desk.window import Window
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.i18n import words
from faceid_review.review.case import Stage
from faceid_review.review.judging import Outcome, Step
from faceid_review.review.worklist import VIEWS, Query
from faceid_review.review.worklist import state_of as work_state_of
from tests.desk.test_judgement import case_of, press, ready, session_of
from tests.desk.test_window import Open, desk_of, fetch, open_window, window

__all__ = ["Open", "open_window", "window"]

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def head(n: int, **facts: object) -> dict[str, object]:
    """A head as the casebook holds it."""
    at = (NOW - timedelta(minutes=n)).isoformat()
    return {
        "biz_id": f"{1763800000 - n},x{n}", "case": f"FR-2026-{n:05}", "stage": "kept", "at": at, "pictures": 4,
        "passed": True, "confidence": "68.9", "strictest": "1e-3", "next": "1e-4", "flags": (), **facts,
    }  # fmt: skip


STATES = [
    head(1),
    head(2, judged="same"),
    head(3, sealed=True, decision="overturn", round=2),
    head(4, dispute="FR-2026-00004/D1", deadline="2026-11-25"),
    head(5, pause="waiting"),
    head(6, pause="snoozed", until=(NOW + timedelta(days=2)).isoformat()),
    head(7, pause="snoozed", until=(NOW - timedelta(days=2)).isoformat()),
    head(8, stage="queued"),
    head(9, stage="purged", decision="uphold"),
    head(10, stage="unknown"),
]


@pytest.fixture
def pane(qtbot: QtBot) -> QueuePane:
    made = QueuePane(words("en"))
    qtbot.addWidget(made)
    made.resize(276, 900)
    made.set_now(NOW)
    made.show_listing(Lister().lay_out(STATES, NOW))
    return made


def test_every_group_says_what_the_work_list_says(pane: QueuePane) -> None:
    groups = {
        "at-risk": {Group.RISK}, "mine": {Group.CASES, Group.CALL}, "dispute": {Group.DISPUTE},
        "waiting": {Group.WAITING}, "on-hold": {Group.WAITING}, "snoozed": {Group.WAITING}, "sealed": {Group.SETTLED},
    }  # fmt: skip
    for one in STATES:
        assert group_of(Row.of(one), NOW) in groups[work_state_of(one, NOW).value], one
    assert pane._model.count == len(STATES)


def test_rows_say_state_and_deadline() -> None:
    w = words("en")
    told = {one["case"]: Row.of(one) for one in STATES}
    sealed, disputed = told["FR-2026-00003"], told["FR-2026-00004"]
    assert state_of(sealed, False, w, NOW).text == "Sealed"
    assert facts_of(sealed, w, NOW) == ("vendor overturned",)
    assert moment_of(sealed, False, w, NOW) == "round 2"
    assert moment_of(disputed, False, w, NOW) == "due in 3 d"
    assert state_of(told["FR-2026-00002"], False, w, NOW).text == "In review"
    late = Row.of(head(4, dispute="d", deadline="2026-11-20"))
    assert "2 d late" in str(moment_of(late, False, w, NOW))


def test_blind_rows_say_nothing_of_the_verdict() -> None:
    row = Row.of(head(1, unseen=True, passed=False, reason="not_video"))
    assert facts_of(row, words("en"), NOW, blind=True) == ("4 pictures",)
    assert "not_video" in facts_of(row, words("en"), NOW)


def test_a_row_can_leave_and_a_batch_stands_above(pane: QueuePane) -> None:
    pane.show_batch([str(STATES[2]["biz_id"]), str(STATES[0]["biz_id"])])
    model = pane._model
    assert [model.data(model.index(n)) for n in (1, 2)] == [STATES[2]["biz_id"], STATES[0]["biz_id"]]
    pane.show_batch([])
    pane.remove_row(str(STATES[0]["biz_id"]))
    assert not pane.holds(str(STATES[0]["biz_id"]))
    assert pane._model.count == len(STATES) - 1


def test_a_hundred_thousand_rows_are_made_elsewhere_and_shown_whole(qtbot: QtBot) -> None:
    heads = [head(n) for n in range(100_000)]
    lister = Lister()
    pane = QueuePane(words("en"))
    qtbot.addWidget(pane)
    pane.show_listing(lister.lay_out(heads, NOW))
    assert pane._model.count == 100_000
    # Nothing is made that nobody looks at.
    assert len(pane._model._made) < 100
    assert pane._model.place_of(str(heads[500]["biz_id"])) == 501


def test_filters_ask_what_was_chosen(qtbot: QtBot) -> None:
    known = {"reason": ("not_video",), "band": ("1e-3",), "tag": ("counter",)}
    sheet = FilterSheet(words("en"), Query(text="left alone"), known)
    qtbot.addWidget(sheet)
    sheet.choices["passed"].choose("no")
    sheet.choices["reason"].choose("not_video")
    sheet.choices["due"].choose("3")
    sheet.days["since"].setText("2026-11-01")
    wanted = Query(text="left alone", passed=False, reason="not_video", due=3, since=date(2026, 11, 1))
    with qtbot.waitSignal(sheet.wanted) as told:
        qtbot.mouseClick(sheet.show_, Qt.MouseButton.LeftButton)
    assert told.args == [wanted]
    assert "not_video" in said(wanted, words("en"))
    sheet = FilterSheet(words("zh"), Query(), known, blind=True)
    qtbot.addWidget(sheet)
    assert not {"passed", "reason", "band", "finding", "exception"} & set(sheet.choices)
    sheet.days["since"].setText("gestern")
    sheet._show()
    assert "2026-12-31" in sheet.why.text()


def test_views_search_filter_and_next_by_keys(window: Window, qtbot: QtBot, simulator: Simulator) -> None:
    ids = simulator.ids[:4]
    fetch(window, qtbot, "\n".join(ids), 4)
    casebook = session_of(window).casebook
    qtbot.waitUntil(lambda: all(casebook.stage(biz_id) is Stage.KEPT for biz_id in ids))
    review, queue = session_of(window).review, window.queue
    review.judge(ids[0], Step.SAME)
    review.decide(ids[0], Outcome.INCONCLUSIVE, "POOR_PICTURES")
    review.wait(ids[1], "a new photo")
    review.open_dispute([ids[2]], who="Zhang", deadline=date(2027, 1, 1))
    queue.open_wanted.emit(ids[3])
    ready(window, qtbot, ids[3])
    window.case.photos.setFocus()
    listing = desk_of(window).listing
    assert listing is not None
    for number, (name, wanted) in enumerate(
        {"at-risk": [], "mine": [ids[3]], "disputes": [ids[2]], "waiting": [ids[1]], "all": ids}.items(),
        start=1,
    ):
        press(f"Ctrl+{number}")
        assert queue.views.view == name
        qtbot.waitUntil(lambda wanted=wanted: sorted(b for b in ids if queue.holds(b)) == sorted(wanted))  # type: ignore[misc]
    assert list(VIEWS) == list(queue.views.keys)
    window.tools.search.setText("zhang")
    qtbot.waitUntil(lambda: [b for b in ids if queue.holds(b)] == [ids[2]])
    window.tools.search.setText("")
    qtbot.waitUntil(lambda: queue._model.count == 4)
    listing.filter(Query(decision="inconclusive"))
    qtbot.waitUntil(lambda: [b for b in ids if queue.holds(b)] == [ids[0]])
    listing.filter(Query())
    qtbot.waitUntil(lambda: queue._model.count == 4)
    window.case.photos.setFocus()
    press("N")
    qtbot.waitUntil(lambda: case_of(window).biz_id == ids[2])
    ready(window, qtbot, ids[2])
    press("N")
    qtbot.waitUntil(lambda: case_of(window).biz_id == ids[3])


def test_the_counts_of_the_views_move_with_the_rows(
    window: Window, qtbot: QtBot, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing, queue = desk_of(window).listing, window.queue
    assert listing is not None
    qtbot.waitUntil(lambda: "all" in queue.views._counts)
    # As while bytes arrive all the time: no new list is made.
    monkeypatch.setattr(listing._again, "start", lambda: None)
    for biz_id in simulator.ids[:3]:
        simulator.behave(biz_id, Behaviour.hang())
    window.fetch.set_text("\n".join(simulator.ids[:3]))
    qtbot.waitUntil(window.fetch.fetch_action.isEnabled)
    window.fetch.fetch_action.trigger()
    qtbot.waitUntil(lambda: queue._model.count == 3)
    qtbot.waitUntil(lambda: queue.views._counts["all"] == 3 and queue.views._counts["at-risk"] == 3)
    simulator.release()
    qtbot.waitUntil(lambda: queue.views._counts["at-risk"] == 0, timeout=30_000)
    qtbot.waitUntil(lambda: not desk_of(window).busy, timeout=30_000)

"""The policies at the window: switched by keyboard, in force for what is on show at once, refused in words."""

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk.preferences.field import Kind
from faceid_review.desk.window import Window
from faceid_review.faceid.simulator import Simulator
from faceid_review.review.case import Case, Stage
from faceid_review.review.judging import Step
from faceid_review.settings import Settings
from tests.desk.test_judgement import (
    VERDICT,
    acts,
    beside_in,
    case_of,
    disputed,
    judging_of,
    opened,
    press,
    ready,
    session_of,
    table_of,
    write,
)
from tests.desk.test_window import Open, desk_of, fetch, open_window, window, words_of

__all__ = ["Open", "open_window", "opened", "window"]


def show_policies(window: Window, qtbot: QtBot) -> None:
    """The section, by its menu command; the first switch has the focus."""
    window.actions_["policies"].trigger()
    first = window.accounts.policies.switches["blind"]
    qtbot.waitUntil(lambda: QApplication.focusWidget() is first)


def told_of_the_verdict(window: Window) -> list[str]:
    """What is said of the vendor's verdict anywhere, widgets that are put away among them."""
    said = words_of(window.case) + words_of(window.queue) + beside_in(window)
    said += "\n".join(w.toolTip() for w in window.findChildren(QWidget))
    # "Liveness" is a label of the table.
    return [part for part in VERDICT if part in said and part != "Liveness"]


def back_to_the_case(window: Window) -> None:
    window.show_page(window.case)


def test_switched_on_while_a_case_is_open_nothing_of_its_verdict_stays(
    opened: Window, qtbot: QtBot, simulator: Simulator
) -> None:
    sample, failed = simulator.ids[1:3]
    fetch(opened, qtbot, failed, 1)
    disputed(opened, qtbot, failed, sample)
    for front in ("raw", "history", "dispute", "verdict"):
        opened.case.evidence.choose(front)
    qtbot.waitUntil(lambda: "68.91876" in words_of(opened.case.verdict))
    qtbot.waitUntil(lambda: opened.case.raw._raw is not None)
    assert "not_video" in beside_in(opened)
    pictures = opened.case.photos.hung(0).picture
    show_policies(opened, qtbot)
    press("Space")
    qtbot.waitUntil(lambda: session_of(opened).settings.blind)
    qtbot.waitUntil(opened.accounts.policies.switches["blind"].isChecked)
    back_to_the_case(opened)
    # Without another turn of the event loop: nothing is only about to go.
    assert case_of(opened).hidden
    assert opened.case.raw._raw is None
    assert "Judge first, then press V" in words_of(opened.case.verdict)
    assert table_of(opened) is None or "not_video" not in beside_in(opened)
    assert not opened.actions_["export"].isEnabled()
    qtbot.waitUntil(lambda: table_of(opened) is not None)
    qtbot.waitUntil(lambda: not told_of_the_verdict(opened))
    assert beside_in(opened).count("kept back until it is judged") >= 2
    assert opened.case.photos.hung(0).picture is pictures, "the photographs were read again"
    assert acts(opened).count("policy") == 1
    opened.tools.search.setText("not_video")
    qtbot.waitUntil(lambda: opened.queue._model.count == 0)
    opened.tools.search.setText("")
    # Off again: it is read, and shows.
    show_policies(opened, qtbot)
    press("Space")
    qtbot.waitUntil(lambda: not case_of(opened).hidden)
    back_to_the_case(opened)
    qtbot.waitUntil(lambda: "68.91876" in words_of(opened.case.verdict))
    assert not Settings.load(session_of(opened).home).blind
    assert acts(opened).count("policy") == 2


def test_a_case_that_was_read_before_the_switch_arrives_hidden(
    opened: Window, qtbot: QtBot, simulator: Simulator
) -> None:
    """Somebody opens a case, and the policy is in force before what was read of it comes to the window."""
    fetch(opened, qtbot, simulator.ids[2], 1)
    session = session_of(opened)
    qtbot.waitUntil(lambda: session.casebook.stage(simulator.ids[2]) is Stage.KEPT)
    work = desk_of(opened).work
    assert work is not None
    read = session.casebook.open(simulator.ids[2])
    assert not read.hidden
    session.set_policy("blind", "on")
    # Read before the switch: what the worker brings is that.
    before = session.casebook.open

    def read_before(biz_id: str, *, record: bool = True, seen: Callable[[Case], None] | None = None) -> Case:
        assert seen is not None
        seen(read)
        return read

    session.casebook.open = read_before  # type: ignore[method-assign]
    with qtbot.waitSignal(work.case_opened):
        work.open(read.biz_id)
    session.casebook.open = before  # type: ignore[method-assign]
    assert case_of(opened).biz_id == read.biz_id
    assert case_of(opened).hidden
    read = session.casebook.unmasked(read.biz_id)
    judging_of(opened).write(lambda: read)
    qtbot.waitUntil(lambda: opened.case.pictures_read)
    assert case_of(opened).hidden


def test_days_and_server_are_set_in_words_and_refused_in_words(opened: Window, qtbot: QtBot) -> None:
    door, session = opened.accounts.policies, session_of(opened)
    show_policies(opened, qtbot)
    days, server = door.lines["retention_days"], door.lines["time_stamps"]
    assert days.text == "180"
    for text, wrong in (
        ("12 months", "no whole number of days from 0 to 36525"),
        ("99999", "from 0 to 36525"),
    ):
        days.line.setFocus()
        days.line.selectAll()
        write(text)
        press("Return")
        qtbot.waitUntil(lambda wrong=wrong: wrong in days.remark.text)  # type: ignore[misc]  # it is bound at once
        assert days.remark.kind is Kind.WRONG
        assert days.text == text, "what was typed is gone"
    assert session.settings.retention_days == 180
    days.line.selectAll()
    write("30")
    press("Tab", "Return")
    qtbot.waitUntil(lambda: session.purging.days == 30)
    qtbot.waitUntil(lambda: days.remark.kind is Kind.GOOD)
    server.line.setFocus()
    write("tsa.example")
    press("Return")
    qtbot.waitUntil(lambda: "https:// or http://" in server.remark.text)
    desk_of(opened).speak("zh")
    assert "已生效" in days.remark.text
    assert "时间戳服务器" in words_of(door)
    assert [e.facts["name"] for e in session.entries() if e.act == "policy"] == ["retention_days"]


def test_photographs_of_the_next_case_are_covered(opened: Window, qtbot: QtBot, simulator: Simulator) -> None:
    assert not opened.case.photos.covered
    show_policies(opened, qtbot)
    press("Tab", "Space")
    qtbot.waitUntil(lambda: opened.case.photos.covers_each_case)
    assert not opened.case.photos.covered, "what lies open stays open"
    fetch(opened, qtbot, simulator.ids[2], 1)
    qtbot.waitUntil(lambda: session_of(opened).casebook.stage(simulator.ids[2]) is Stage.KEPT)
    desk_of(opened)._open(simulator.ids[2])
    ready(opened, qtbot, simulator.ids[2])
    assert opened.case.photos.covered


def test_a_switch_moves_only_when_the_policy_is_in_force(opened: Window, qtbot: QtBot) -> None:
    (session_of(opened).home / "settings.json.new").mkdir()
    show_policies(opened, qtbot)
    door = opened.accounts.policies
    qtbot.mouseClick(door.switches["blind"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "settings.json" in door._remarks["blind"].text)
    assert not door.switches["blind"].isChecked()
    assert not case_of(opened).hidden
    assert "policy" not in acts(opened)


@pytest.mark.parametrize("step", [Step.SAME])
def test_a_judgement_under_the_new_policy_shows_the_verdict(opened: Window, qtbot: QtBot, step: Step) -> None:
    show_policies(opened, qtbot)
    press("Space")
    qtbot.waitUntil(lambda: case_of(opened).hidden)
    back_to_the_case(opened)
    judging_of(opened).write(partial(session_of(opened).review.judge, case_of(opened).biz_id, step))
    qtbot.waitUntil(lambda: bool(case_of(opened).work.judgements))
    assert "68.91876" in words_of(opened.case.verdict)
    assert not case_of(opened).work.judgements[0].blind, "it had been shown before"

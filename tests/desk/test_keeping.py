"""Hold, purge and back up at the window: a real vault, answers of the sheets handed in."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from faceid_review.desk.window import Window
from faceid_review.faceid.simulator import Simulator
from faceid_review.review.case import Case, Stage
from faceid_review.session import Session
from tests.desk.test_marking import opened, told
from tests.desk.test_window import Open, desk_of, open_window, window

__all__ = ["Open", "open_window", "opened", "window"]


def on_show(window: Window) -> Case:
    case = window.case.case
    assert case is not None
    return case


def session_of(window: Window) -> Session:
    work = desk_of(window).work
    assert work is not None
    return work.session


def answers(window: Window, monkeypatch: pytest.MonkeyPatch, *lines: str | None) -> list[str]:
    """The next lines that are typed into sheets; gives the questions as they are asked."""
    waiting, asked = list(lines), list[str]()

    def ask_line(_title: str, question: str, _most: int) -> str | None:
        asked.append(question)
        return waiting.pop(0)

    monkeypatch.setattr(window.sheets, "ask_line", ask_line)
    return asked


def test_a_hold_keeps_a_case_and_its_number_has_to_be_typed(
    opened: Window, qtbot: QtBot, tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions, number = opened.actions_, on_show(opened).number
    assert actions["legal_hold"].isEnabled()
    assert actions["purge"].isEnabled()
    # A hold needs a reason.
    answers(opened, monkeypatch, " ", "court")
    actions["legal_hold"].trigger()
    assert on_show(opened).work.hold is None
    actions["legal_hold"].trigger()
    qtbot.waitUntil(lambda: on_show(opened).work.hold is not None)
    assert not actions["purge"].isEnabled()
    assert actions["legal_hold"].text().startswith("End")
    answers(opened, monkeypatch, "over")
    actions["legal_hold"].trigger()
    qtbot.waitUntil(lambda: on_show(opened).work.hold is None)
    qtbot.waitUntil(actions["purge"].isEnabled)
    # A backup first, so that there is a copy to be named.
    monkeypatch.setattr(opened.sheets, "save_path", lambda *_: tmp_path / "a.backup")
    actions["backup"].trigger()
    qtbot.waitUntil(lambda: told(opened, "Restored once"))
    assert (tmp_path / "a.backup").exists()
    asked = answers(opened, monkeypatch, "FR-2026-99999")
    actions["purge"].trigger()
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert "a.backup" in asked[0]
    assert on_show(opened).stage is Stage.KEPT
    asked = answers(opened, monkeypatch, number, "erasure")
    actions["purge"].trigger()
    qtbot.waitUntil(lambda: on_show(opened).stage is Stage.PURGED)
    assert len(asked) == 2
    assert on_show(opened).photographs == ()
    assert not actions["purge"].isEnabled()
    assert not actions["legal_hold"].isEnabled()
    stone = on_show(opened).tombstone
    assert stone is not None
    assert stone.reason == "erasure"
    assert session_of(opened).audit().intact


def test_due_cases_are_named_and_only_a_typed_count_purges_them(
    opened: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = session_of(opened)
    opened.actions_["due"].trigger()
    qtbot.waitUntil(lambda: told(opened, "180"))
    session.purging.days = -1  # everything is over
    asked = answers(opened, monkeypatch, None)
    opened.actions_["due"].trigger()
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert on_show(opened).number in asked[0]
    assert on_show(opened).stage is Stage.KEPT
    answers(opened, monkeypatch, str(len(session.casebook.rows())))
    opened.actions_["due"].trigger()
    qtbot.waitUntil(lambda: on_show(opened).stage is Stage.PURGED)

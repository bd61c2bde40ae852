"""One case from its id to its snapshot by keyboard alone, in both languages: no mouse, no wish emitted by hand."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from faceid_review.desk.window import Window
from faceid_review.faceid.simulator import Simulator
from faceid_review.review.case import Stage
from faceid_review.review.judging import Outcome
from tests.desk.test_judgement import case_of, judging_of, press, ready, session_of, sheet_of, write
from tests.desk.test_window import Open, open_window

__all__ = ["Open", "open_window"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_paste_look_judge_decide_dispute_second_round_export(
    open_window: Open,
    qtbot: QtBot,
    simulator: Simulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
) -> None:
    window, biz_id = open_window(simulator, lang), simulator.ids[1]
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    judging = judging_of(window)
    judging.ten_seconds.seconds = 0.05

    press("Ctrl+N")
    clipboard = QApplication.clipboard()
    clipboard.setText(biz_id)
    press("Ctrl+A", "Ctrl+V")
    qtbot.waitUntil(
        lambda: window.fetch.fetch_action.isEnabled() and window.fetch.fetch_action.text().endswith("1")
    )
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: session_of(window).casebook.stage(biz_id) is Stage.KEPT)
    ready(window, qtbot, biz_id)

    press("2", "1", "C")
    decide_by_keys(window, qtbot, "3")
    assert [one.outcome for one in case_of(window).work.decisions] == [Outcome.INCONCLUSIVE]

    press("D")
    write("Zhang Wei")
    press("Tab", "Tab", "Tab", "Tab")
    write("6")
    press("Tab", "Tab")
    write("It was I")
    press("Tab", "Space")
    qtbot.waitUntil(lambda: case_of(window).work.dispute is not None)
    dispute = case_of(window).work.dispute
    assert dispute is not None
    assert (dispute.who, dispute.grounds) == ("Zhang Wei", "It was I")
    assert dispute.deadline is not None

    decide_by_keys(window, qtbot, "3")
    assert [one.round for one in case_of(window).work.decisions] == [1, 2]

    target = tmp_path / "case.pdf"
    monkeypatch.setattr(window.sheets, "save_path", lambda *_: target)
    press("Ctrl+E")
    qtbot.waitUntil(target.exists, timeout=60_000)
    assert target.read_bytes().startswith(b"%PDF")


def decide_by_keys(window: Window, qtbot: QtBot, outcome: str) -> None:
    """F7, a step, propose, an outcome, the first reason that fits it, seal."""
    before = len(case_of(window).work.decisions)
    press("F7", "6", "Ctrl+Return")
    sheet = sheet_of(window, qtbot)
    press(outcome, "Tab", "Down")
    assert sheet.seal.isEnabled(), sheet.why.text()
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: len(case_of(window).work.decisions) > before)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    qtbot.waitUntil(window.case.note.field.isEnabled)

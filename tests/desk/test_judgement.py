"""Judging at the window by keyboard: a real vault, a real socket, the ten seconds shortened where they are waited for."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk.buttons import Link
from faceid_review.desk.chip import Chip
from faceid_review.desk.desk import Desk
from faceid_review.desk.disputing import DisputingWork
from faceid_review.desk.judgement.beside import SideBySide
from faceid_review.desk.judgement.dispute import DisputePane
from faceid_review.desk.judgement.office import AccessSheet, OfficeSheet
from faceid_review.desk.judgement.proposal import hint, why_not_step
from faceid_review.desk.judgement.sheet import ReviewSheet
from faceid_review.desk.judging import JudgingWork
from faceid_review.desk.photos.compare import Mode
from faceid_review.desk.verdict.text import Passage
from faceid_review.desk.window import Window
from faceid_review.faceid.simulator import Simulator
from faceid_review.i18n import words
from faceid_review.review import rules
from faceid_review.review.case import Case, Stage
from faceid_review.review.disputes import Kind
from faceid_review.review.judging import Outcome, Step
from faceid_review.session import Session
from tests.desk.test_verdict import unanswered
from tests.desk.test_window import Open, desk_of, fetch, hidden, open_window, window, words_of

__all__ = ["Open", "open_window", "window"]

HOSTILE = "=1+1 <b>PASS</b> \u202eevil\u202c \u00a0\u2009 一\nline two"


@pytest.fixture
def opened(window: Window, qtbot: QtBot, simulator: Simulator) -> Window:
    """A window on a kept case, ready to be judged."""
    fetch(window, qtbot, simulator.ids[1], 1)
    ready(window, qtbot, simulator.ids[1])
    return window


def ready(window: Window, qtbot: QtBot, biz_id: str) -> None:
    """Wait until a case is on show, painted, and its draft read."""
    qtbot.waitUntil(lambda: window.case.case is not None and window.case.case.biz_id == biz_id)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.case and window.case.pictures_read)
    qtbot.waitUntil(window.case.note.field.isEnabled)
    window.activateWindow()


def judging_of(window: Window) -> JudgingWork:
    judging = desk_of(window).judging
    assert judging is not None
    return judging


def disputing_of(window: Window) -> DisputingWork:
    disputing = desk_of(window).disputing
    assert disputing is not None
    return disputing


def session_of(window: Window) -> Session:
    work = desk_of(window).work
    assert work is not None
    return work.session


def case_of(window: Window) -> Case:
    assert window.case.case is not None
    return window.case.case


def press(*keys: str) -> None:
    """Press keys where the focus is, as a person does."""
    for key in keys:
        target = QApplication.focusWidget()
        assert target is not None, f"no focus for {key}"
        sequence = QKeySequence(key)[0]  # type: ignore[index]  # it is
        QTest.keyClick(target, sequence.key(), sequence.keyboardModifiers())


def write(text: str) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClicks(target, text)


def sheet_of(window: Window, qtbot: QtBot) -> ReviewSheet:
    """The review sheet, once it is the active window."""
    sheet = judging_of(window).sheet
    assert sheet is not None
    qtbot.waitUntil(lambda: QApplication.activeWindow() is sheet)
    return sheet


def give(sheet: ReviewSheet, reason: str) -> None:
    """Choose a reason as a person does."""
    sheet.reason.choose(reason)
    sheet.reason.activated.emit(sheet.reason.currentIndex())


def acts(window: Window) -> list[str]:
    return [entry.act for entry in session_of(window).entries()]


def decide(window: Window, qtbot: QtBot, step: str, outcome: str, reason: str) -> None:
    """The way of a reviewer: F7, a digit, propose, outcome, reason, seal. Waits until the entry is there."""
    judging_of(window).ten_seconds.seconds = 0.05
    before = len(case_of(window).work.decisions)
    window.case.photos.setFocus()
    press("F7", step, "Ctrl+Return")
    sheet = sheet_of(window, qtbot)
    press(outcome)
    give(sheet, reason)
    assert sheet.seal.isEnabled(), sheet.why.text()
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: len(case_of(window).work.decisions) > before)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)


def test_a_step_a_reason_and_two_presses_seal_after_the_ten_seconds(opened: Window, qtbot: QtBot) -> None:
    judging = judging_of(opened)
    opened.case.photos.setFocus()
    press("F7", "3")
    assert opened.case.bar.steps.step is Step.INCONCLUSIVE
    press("Ctrl+M")
    opened.case.note.field.insertPlainText("Brow shape not comparable in @E1.")
    press("Ctrl+Return")
    sheet = sheet_of(opened, qtbot)
    assert not sheet.seal.isEnabled()
    press("Ctrl+Return")
    assert not judging.pending, "sealed without an outcome"
    press("3")
    give(sheet, "POOR_PICTURES")
    said = words_of(sheet)
    for part in (case_of(opened).number, case_of(opened).biz_id, "POOR_PICTURES", "Practice reviewer", "E1"):
        assert part in said
    press("Ctrl+Return")
    assert [one.outcome for one in judging.pending] == [Outcome.INCONCLUSIVE]
    assert "decided" not in acts(opened), "sealed before the ten seconds were over"
    assert opened.case.bar.undo.isVisible()
    assert "round 1" in opened.case.bar.line.text()
    assert not opened.case.bar.propose.isEnabled()
    judging.ten_seconds.cut_short()
    qtbot.waitUntil(lambda: case_of(opened).work.decision is not None)
    decision = case_of(opened).work.decision
    assert decision is not None
    assert (decision.outcome, decision.step, decision.note) == (
        Outcome.INCONCLUSIVE, Step.INCONCLUSIVE, "Brow shape not comparable in @E1.",
    )  # fmt: skip
    assert session_of(opened).review.draft(case_of(opened).biz_id) is None
    assert opened.case.note.text == ""
    assert not opened.case.bar.undo.isVisible()


def test_undo_within_ten_seconds_writes_nothing_and_keeps_everything_chosen(
    opened: Window, qtbot: QtBot
) -> None:
    judging = judging_of(opened)
    press_through(opened, qtbot)
    assert len(judging.pending) == 1
    press("Ctrl+Z")
    assert not judging.pending
    assert opened.case.bar.steps.step is Step.NOT_SUITABLE
    assert opened.case.bar.reason.value == "POOR_PICTURES"
    assert "decided" not in acts(opened)
    assert "judged" not in acts(opened)
    assert "Nothing was sealed" in opened.case.bar.line.text()
    assert opened.case.bar.propose.isEnabled()


def press_through(window: Window, qtbot: QtBot) -> None:
    """Propose that nothing can be said, and confirm."""
    window.case.photos.setFocus()
    press("F7", "6", "Ctrl+Return")
    sheet = sheet_of(window, qtbot)
    press("3")
    give(sheet, "POOR_PICTURES")
    press("Ctrl+Return")
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.case.photos.side)


def test_closing_within_ten_seconds_seals_nothing_and_says_so_next_time(
    open_window: Open, qtbot: QtBot, simulator: Simulator, tmp_path: Path
) -> None:
    window = open_window(simulator)
    fetch(window, qtbot, simulator.ids[1], 1)
    ready(window, qtbot, simulator.ids[1])
    press_through(window, qtbot)
    session = session_of(window)
    qtbot.waitUntil(lambda: bool((session.review.draft(simulator.ids[1]) or {}).get("unsealed")))
    window.close()
    qtbot.waitUntil(partial(hidden, window))
    window = open_window(None, passphrase="practice")
    ready(window, qtbot, simulator.ids[1])
    assert case_of(window).work.decision is None
    assert window.case.bar.steps.step is Step.NOT_SUITABLE
    assert "Not sealed" in window.case.bar.line.text()


def test_what_cannot_be_sealed_leaves_no_judgement_alone(opened: Window, qtbot: QtBot) -> None:
    """Within the ten seconds the office takes the reason from its list."""
    judging = judging_of(opened)
    press_through(opened, qtbot)
    (session_of(opened).home / "reasons.toml").write_text("[POOR_PICTURES]\nhide = true\n", "utf-8")
    judging.ten_seconds.cut_short()
    qtbot.waitUntil(lambda: "POOR_PICTURES" in words_of(opened.notice))
    assert not {"judged", "decided"} & set(acts(opened))
    assert opened.case.bar.steps.step is Step.NOT_SUITABLE


def test_what_cannot_be_done_is_dead_for_mouse_key_and_menu(
    opened: Window, qtbot: QtBot, simulator: Simulator
) -> None:
    """The failed case has one picture: four steps need a second one."""
    desk_of(opened)._open(simulator.ids[2])
    fetch(opened, qtbot, simulator.ids[2], 1)
    ready(opened, qtbot, simulator.ids[2])
    bar = opened.case.bar
    press("F7")
    for digit, able in zip("123456", (False, False, True, False, False, True), strict=True):
        press(digit)
        assert (bar.steps.step is list(Step)[int(digit) - 1]) is able, digit
    assert "second picture" in bar.line.text()
    bar.steps.choose(None)
    judging_of(opened).weigh()
    assert not bar.propose.isEnabled()
    assert not judging_of(opened).commands["propose"].isEnabled()
    press("Ctrl+Return")
    qtbot.mouseClick(bar.propose, Qt.MouseButton.LeftButton)
    judging_of(opened).propose()
    assert judging_of(opened).sheet is None


def test_going_against_the_vendor_needs_a_note(opened: Window, qtbot: QtBot) -> None:
    opened.case.photos.setFocus()
    press("F7", "2", "Ctrl+Return")
    sheet = sheet_of(opened, qtbot)
    press("2")
    give(sheet, "FACE_SAME")
    assert not sheet.seal.isEnabled()
    assert "note is required" in sheet.why.text()
    sheet.note.setFocus()
    write("Mole in both, and 3 of it.")
    assert sheet.outcome is Outcome.OVERTURN, "a digit in the note chose another outcome"
    assert sheet.seal.isEnabled()
    press("Esc")
    assert judging_of(opened).sheet is None
    assert opened.case.note.text == "Mole in both, and 3 of it.", "what was written in the sheet is lost"


def test_letters_are_dead_while_typing_and_while_composing(opened: Window, qtbot: QtBot) -> None:
    before = acts(opened)
    shown = opened.case.photos.active
    press("Ctrl+M")
    write("nvd 1234560 jk")
    field = opened.case.note.field
    QApplication.sendEvent(field, QInputMethodEvent("zhong", []))
    committed = QInputMethodEvent()
    committed.setCommitString("中")
    QApplication.sendEvent(field, committed)
    assert opened.case.note.text == "nvd 1234560 jk中"
    assert opened.case.photos.active == shown
    assert opened.case.bar.steps.step is None
    assert opened.case.evidence.front == "verdict"
    assert acts(opened) == before


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_at_sign_offers_exhibits(opened: Window, qtbot: QtBot) -> None:
    press("Ctrl+M")
    write("see @")
    popup = opened.case.note.field.findChild(QWidget, "note_field_exhibits")
    field = opened.case.note.field
    qtbot.waitUntil(field._popup.isVisible)
    assert popup is None or popup is field._popup
    QTest.keyClick(field._popup, Qt.Key.Key_Return)
    assert opened.case.note.text == "see @E1 "


@pytest.mark.parametrize("text", [HOSTILE, "x" * 60_000])
def test_a_note_is_kept_and_shown_as_typed(opened: Window, qtbot: QtBot, text: str) -> None:
    opened.case.note.field.show_text(text)
    opened.case.note.changed.emit()
    press("Ctrl+M", "Ctrl+S")
    qtbot.waitUntil(lambda: len(case_of(opened).work.notes) == 1)
    assert case_of(opened).work.notes[0].text == text
    assert opened.case.note.text == ""
    opened.case.evidence.choose("history")
    judging_of(opened).revise_note(1)
    assert opened.case.note.text == text
    write("!")
    press("Ctrl+S")
    qtbot.waitUntil(lambda: len(case_of(opened).work.notes[0].versions) == 2)
    assert "2 versions" in [b.accessibleName() for b in opened.case.history.findChildren(QWidget)]


def test_a_lone_surrogate_is_kept_and_harms_no_pane(opened: Window, qtbot: QtBot) -> None:
    text, review = "lone \ud83d surrogate", session_of(opened).review
    judging_of(opened).write(partial(review.note, case_of(opened).biz_id, text))
    qtbot.waitUntil(lambda: [note.text for note in case_of(opened).work.notes] == [text])
    opened.case.evidence.choose("history")
    assert "Note 1" in words_of(opened.case.history)


def test_a_draft_lies_on_the_disk_before_anything_is_confirmed(opened: Window, qtbot: QtBot) -> None:
    press("Ctrl+M")
    write("half a thought")
    session, biz_id = session_of(opened), case_of(opened).biz_id
    qtbot.waitUntil(lambda: (session.review.draft(biz_id) or {}).get("note") == "half a thought")
    qtbot.waitUntil(lambda: "draft kept" in words_of(opened.case.note))


def test_dispute_second_round_and_history(opened: Window, qtbot: QtBot) -> None:
    decide(opened, qtbot, "3", "3", "POOR_PICTURES")
    opened.case.photos.setFocus()
    press("D")
    pane = opened.case.dispute
    assert QApplication.focusWidget() is pane.lines["who"]
    write("Zhang Wei")
    pane.lines["deadline"].setText("6")
    pane.text.setFocus()
    write("It was I.")
    button = pane.findChild(QWidget, "dispute_open")
    assert button is not None
    button.setFocus()
    press("Space")
    qtbot.waitUntil(lambda: case_of(opened).work.dispute is not None)
    dispute = case_of(opened).work.dispute
    assert dispute is not None
    assert (dispute.who, dispute.grounds, dispute.round) == ("Zhang Wei", "It was I.", 2)
    assert "6 days left" in " ".join(chip.text for chip in pane.findChildren(Chip))
    pane.text.setFocus()
    write("Asked for a passport copy")
    pane.kinds.choose(Kind.ANSWER.value)
    pane._want_line()
    qtbot.waitUntil(lambda: bool(case_of(opened).work.disputes[0].notes))
    assert case_of(opened).work.disputes[0].answered
    # Nothing was decided in this round yet: it does not end without words.
    pane._want_close()
    qtbot.waitUntil(lambda: "say in words why" in pane.why.text())
    decide(opened, qtbot, "3", "3", "POOR_PICTURES")
    pane._want_close()
    qtbot.waitUntil(lambda: case_of(opened).work.dispute is None)
    assert [d.round for d in case_of(opened).work.decisions] == [1, 2]
    opened.case.evidence.choose("history")
    said = words_of(opened.case.history)
    assert "Round 1" in said
    assert "Round 2" in said


def table_of(window: Window) -> SideBySide | None:
    """The cases side by side; one that was put away is still there for a moment, hidden."""
    tables = window.case.dispute.findChildren(SideBySide)
    return next((table for table in tables if not table.isHidden()), None)


def beside_in(window: Window) -> str:
    """Everything that stands in the columns of the cases side by side."""
    table = table_of(window)
    assert table is not None
    shown = [passage for passage in table.findChildren(Passage) if not passage.isHidden()]
    return "\n".join([words_of(table), *(passage.toPlainText() for passage in shown)])


def disputed(window: Window, qtbot: QtBot, *biz_ids: str) -> None:
    """One dispute over these cases; the last of them on show, with its tab in front."""
    stage = session_of(window).casebook.stage
    qtbot.waitUntil(lambda: all(stage(biz_id) is Stage.KEPT for biz_id in biz_ids))
    session_of(window).review.open_dispute(biz_ids, who="Wang")
    window.queue.open_wanted.emit(biz_ids[-1])
    ready(window, qtbot, biz_ids[-1])
    window.case.evidence.choose("dispute")
    qtbot.waitUntil(lambda: table_of(window) is not None)


def test_the_cases_of_a_dispute_side_by_side(opened: Window, qtbot: QtBot, simulator: Simulator) -> None:
    sample, failed = simulator.ids[1:3]
    fetch(opened, qtbot, failed, 1)
    disputed(opened, qtbot, sample, failed)
    told = beside_in(opened)
    for part in (
        "68.91876 passes 1e-3, misses 1e-4",
        "flagged: synthetic_face",
        "not passed: not_video",
        "Disputed",
    ):
        assert part in told
    pane = opened.case.dispute
    pane.text.setFocus()
    write("half a line")
    judging_of(opened).write(partial(session_of(opened).review.judge, sample, Step.SAME))
    qtbot.waitUntil(lambda: "judged the same" in beside_in(opened))
    assert pane.text.text == "half a line", "what somebody was typing went with it"
    assert QApplication.focusWidget() is pane.text
    for key in ("Return", "Space"):
        other = failed if case_of(opened).biz_id == sample else sample
        link = pane.findChild(QWidget, other)
        assert link is not None
        link.setFocus()
        press(key)
        ready(opened, qtbot, other)
        qtbot.waitUntil(partial(_stands_on, pane, other))
    pane._want_close()
    qtbot.waitUntil(lambda: "say in words why" in pane.why.text())
    session_of(opened).review.close_dispute(sample, "answered")
    desk_of(opened)._open(sample)
    ready(opened, qtbot, sample)
    assert case_of(opened).work.dispute is None
    qtbot.waitUntil(lambda: "not passed: not_video" in beside_in(opened))


def _stands_on(pane: DisputePane, biz_id: str) -> bool:
    """Whether the table was made for this case: it alone is no link."""
    return pane.findChild(SideBySide) is not None and pane.findChild(QWidget, biz_id) is None


def test_both_best_photographs_on_the_stage_in_one_step(
    opened: Window, qtbot: QtBot, simulator: Simulator
) -> None:
    sample, failed = simulator.ids[1:3]
    fetch(opened, qtbot, failed, 1)
    disputed(opened, qtbot, failed, sample)
    photos = opened.case.photos
    press("2")
    for here, other in ((sample, failed), (failed, sample)):
        link = opened.case.dispute.findChild(QWidget, f"photographs {other}")
        assert isinstance(link, QAbstractButton)
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
        ready(opened, qtbot, other)
        left, right = photos.hung(0), photos.hung(1)
        assert [one.exhibit.role for one in (left, right) if one.exhibit] == ["image_best"] * 2
        assert ((left.biz_id, left.kept), (right.biz_id, right.kept)) == ((here, True), (other, False))
        assert left.picture is not None
        assert right.picture is not None
        assert photos.compare.mode is Mode.COMPARE
        qtbot.waitUntil(partial(_stands_on, opened.case.dispute, other))


def test_a_hidden_case_says_nothing_of_the_verdict_beside_an_open_one(
    open_window: Open, qtbot: QtBot, simulator: Simulator
) -> None:
    window = open_window(simulator)
    fetch(window, qtbot, "\n".join(simulator.ids[1:3]), 2)
    session = session_of(window)
    session.casebook.blind = True
    disputed(window, qtbot, *simulator.ids[1:3])
    assert "not_video" not in beside_in(window)
    judging_of(window).write(partial(session.review.judge, simulator.ids[2], Step.NOT_SUITABLE))
    qtbot.waitUntil(lambda: "not_video" in beside_in(window))
    told = beside_in(window)
    assert "not passed: not_video" in told
    assert "kept back until it is judged" in told
    assert not any(part in told for part in ("68.91876", "synthetic_face", "1e-3"))


def test_what_the_customer_is_told_stands_apart(opened: Window, qtbot: QtBot) -> None:
    pane = opened.case.dispute
    opened.case.evidence.choose("dispute")
    pane.langs.choose("zh")
    pane._other_lang("zh")
    pane._draft_letter()
    assert "尊敬的客户" in pane.letter.text
    pane._want_explain()
    qtbot.waitUntil(lambda: case_of(opened).work.explanation("zh") is not None)
    assert case_of(opened).work.notes == ()


def test_office_facts_and_access_report(opened: Window, qtbot: QtBot) -> None:
    press("Ctrl+Shift+P")
    sheet = disputing_of(opened).sheet
    assert isinstance(sheet, OfficeSheet)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is sheet)
    sheet.fields["purpose"].setFocus()
    write("dispute handling")
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: case_of(opened).work.particulars.get("purpose") == "dispute handling")
    disputing_of(opened).show_access()
    qtbot.waitUntil(lambda: disputing_of(opened).sheet is not None)
    report = disputing_of(opened).sheet
    assert isinstance(report, AccessSheet)
    cells = [report.table.item(row, 3) for row in range(report.table.rowCount())]
    assert "opened" in " ".join(cell.text() for cell in cells if cell).casefold()
    report.reject()


def press_link(window: Window, name: str) -> None:
    link = window.case.history.findChild(Link, name)
    assert link is not None
    link.click()


def test_a_copy_is_handed_over_in_the_history(
    opened: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.case.evidence.choose("history")
    assert opened.case.history.findChild(QWidget, "history_copies") is None
    monkeypatch.setattr(opened.sheets, "save_path", lambda *_: tmp_path / "copy.pdf")
    opened.actions_["export"].trigger()
    qtbot.waitUntil(
        lambda: opened.case.history.findChild(QWidget, "history_copies") is not None, timeout=60_000
    )
    (entry,) = [e.number for e in case_of(opened).events if e.act == "exported"]
    told = words_of(opened.case.history)
    assert f"Entry {entry} · Court" in told
    assert f"{case_of(opened).events[-1].facts['export']} · SHA-256" in told
    said = iter(["Clerk Hu", None, "Clerk Hu", "by hand"])
    monkeypatch.setattr(opened.sheets, "ask_line", lambda *_: next(said))
    link = f"hand_over_{entry}"
    press_link(opened, link)
    assert not [e for e in case_of(opened).events if e.act == "handed_over"], "it was put away"
    press_link(opened, link)
    qtbot.waitUntil(lambda: case_of(opened).events[-1].act == "handed_over")
    assert "Handed to Clerk Hu: by hand" in words_of(opened.case.history)


def test_an_altered_view_becomes_a_quiet_entry(opened: Window, qtbot: QtBot) -> None:
    opened.case.photos.setFocus()
    press("M")
    qtbot.waitUntil(lambda: "altered_view" in acts(opened))


VERDICT = (
    "68.91876",
    "Liveness",
    "synthetic",
    "not_video",
    "1e-3",
    "1 flag",
    "Flagged",
    "passes",
    "no flags",
)


def test_blind_says_nothing_of_the_verdict_before_the_judgement(
    open_window: Open, qtbot: QtBot, simulator: Simulator
) -> None:
    window = open_window(simulator)
    session = session_of(window)
    session.casebook.blind = True
    window.queue.go_blind(True)
    fetch(window, qtbot, "\n".join(simulator.ids[1:3]), 2)
    stage = session.casebook.stage
    qtbot.waitUntil(lambda: all(stage(biz_id) is Stage.KEPT for biz_id in simulator.ids[1:3]))
    window.queue.open_wanted.emit(simulator.ids[1])
    ready(window, qtbot, simulator.ids[1])
    qtbot.waitUntil(lambda: "Judge first, then press V" in words_of(window.case.verdict))
    assert_kept_back(window)
    for front in ("raw", "dispute", "history", "verdict"):
        window.case.evidence.choose(front)
        assert_kept_back(window)
    assert not window.actions_["export"].isEnabled()
    window.tools.search.setText("not_video")
    qtbot.waitUntil(lambda: window.queue._model.count == 0)
    window.tools.search.setText("")
    window.case.photos.setFocus()
    press("V")
    assert "revealed" not in acts(window), "the first press only says what it would do"
    press("3", "V")
    qtbot.waitUntil(lambda: "68.91876" in words_of(window.case.verdict))
    assert acts(window)[-2:] == ["judged", "revealed"]
    assert case_of(window).work.judgements[0].blind
    assert window.case.bar.propose.text() == "Propose…"
    assert window.actions_["export"].isEnabled()


def assert_kept_back(window: Window) -> None:
    said = words_of(window.case) + words_of(window.queue) + window.windowTitle()
    said += "\n".join(w.toolTip() for w in window.findChildren(QWidget))
    model = window.queue._model
    said += "\n".join(
        str(model.data(model.index(n), Qt.ItemDataRole.AccessibleTextRole)) for n in range(model.rowCount())
    )
    for word in VERDICT:
        assert word not in said, word


def test_the_other_language_at_once(opened: Window, qtbot: QtBot) -> None:
    desk: Desk = desk_of(opened)
    desk.speak("zh")
    bar = opened.case.bar
    assert bar.propose.text().startswith("提出决定")
    assert bar.steps.findChildren(QWidget, Step.STRONGLY_SAME.value)[0].accessibleName() == "确为同一人"
    for widget in (*bar.findChildren(QWidget), *opened.case.note.findChildren(QWidget)):
        assert "judgement." not in widget.accessibleName()
    told: Callable[[], str] = opened.case.bar.line.text
    assert "封存" in told()


def test_case_to_case_and_paused_states(
    opened: Window, qtbot: QtBot, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened.sheets, "ask_line", lambda *_: "asks for a new photo")
    opened.case.photos.setFocus()
    press("Ctrl+Shift+W")
    qtbot.waitUntil(lambda: case_of(opened).work.pause is not None)
    assert not judging_of(opened).commands["wait"].isEnabled() or case_of(opened).work.pause is not None
    press("Ctrl+Shift+R")
    qtbot.waitUntil(lambda: case_of(opened).work.pause is None)
    monkeypatch.setattr(opened.sheets, "ask_line", lambda *_: "3")
    press("Ctrl+Shift+Z")
    qtbot.waitUntil(lambda: case_of(opened).work.pause is not None)
    monkeypatch.setattr(opened.sheets, "ask_line", lambda *_: "yesterday")
    press("Ctrl+Shift+Z")
    assert opened.notice.isVisible()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_where_nothing_can_be_judged_the_line_says_what_can_be_decided(lang: str) -> None:
    w = words(lang)
    for acts, left in ((("unknown",), ("inconclusive", "ask-customer")), ((), ())):
        case = unanswered(*acts)
        refused = rules.allowed(case, blind=False)
        whys = {step: why_not_step(case, step, refused) for step in Step}
        said = hint(case, refused, whys, w)
        assert said.startswith(w("error.nothing_to_judge"))
        for one in Outcome:
            assert (w(f"judging.outcome.{one.value}") in said) is (one.value in left)

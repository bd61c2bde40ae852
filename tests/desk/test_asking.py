"""Asking again, pausing, what waited, an alarm that is saved, a proxy that reads along: at the real window."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from faceid_review.desk import application, theme
from faceid_review.desk.again_sheet import Again, AgainSheet
from faceid_review.desk.desk import Desk
from faceid_review.desk.intake.progress_bar import pace
from faceid_review.desk.key_sheet import Keys, KeySheet, keys_of
from faceid_review.desk.notice import NoticeStrip
from faceid_review.desk.window import Window
from faceid_review.errors import Intercepted, NotKept
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.i18n import words
from faceid_review.review.accounts import Account
from faceid_review.review.case import Case, Stage
from faceid_review.review.line import Progress
from faceid_review.session import DeskOptions, Session
from faceid_review.settings import Settings

PASSPHRASE = "a passphrase of ours"
Open = Callable[..., Window]


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Open]:
    """Opens the window on a real vault, or on practice, and closes it as its user would."""
    font, style = qapp.font(), qapp.style().name()
    theme.dress(qapp)
    theme.choose(qapp, "light")
    opened: list[Window] = []

    def open_(simulator: Simulator | None = None, home: str = "vault") -> Window:
        options = DeskOptions(tmp_path / home, "en", None if simulator else PASSPHRASE, simulator)
        window = application.build(options, "en")
        opened.append(window)
        window.resize(1440, 900)
        window.show()
        return window

    yield open_
    theme.choose(qapp, "light")
    for window in opened:
        while window.notice.alarm:
            window.notice.settled()
        if window.isVisible():
            window.close()
            qtbot.waitUntil(partial(hidden, window))
        window.deleteLater()
        qapp.processEvents()
    # Other tests measure their panes in the font they find.
    qapp.setFont(font)
    qapp.setStyle(style)


@pytest.fixture
def vault(tmp_path: Path, simulator: Simulator) -> Path:
    """A vault with two accounts at the simulator, closed."""
    home = tmp_path / "vault"
    with Session.make(home, "Lin Yue", PASSPHRASE, keyring=False) as session:
        for name in ("first", "second"):
            session.accounts.add(Account(name, simulator.base_url, simulator.api_key), simulator.api_secret)
    return home


def hidden(window: Window) -> bool:
    return not window.isVisible()


def desk_of(window: Window) -> Desk:
    desk = window.findChild(Desk)
    assert desk is not None
    return desk


def session_of(window: Window) -> Session:
    work = desk_of(window).work
    assert work is not None
    return work.session


def fetch(window: Window, qtbot: QtBot, *ids: str) -> None:
    """Paste, press Fetch, wait until the batch is over."""
    window.actions_["fetch"].trigger()
    window.fetch.set_text("\n".join(ids))
    name = f"Fetch {len(ids)}"
    qtbot.waitUntil(lambda: window.fetch.fetch.accessibleName() == name and window.fetch.fetch.isEnabled())
    window.fetch.fetch_action.trigger()
    qtbot.waitUntil(lambda: idle(window), timeout=30_000)


def idle(window: Window) -> bool:
    """Whether the batch is over and the page knows it."""
    return not desk_of(window).busy and not window.fetch.stop.isVisibleTo(window.fetch)


def show(window: Window, qtbot: QtBot, biz_id: str, stage: Stage) -> None:
    window.queue.open_wanted.emit(biz_id)
    qtbot.waitUntil(lambda: on_show(window, biz_id, stage))


def on_show(window: Window, biz_id: str, stage: Stage) -> bool:
    case = window.case.case
    return case is not None and (case.biz_id, case.stage) == (biz_id, stage) and window.case.isVisible()


def words_of(widget: QWidget) -> str:
    """Everything a part of the window says, seen and heard."""
    labels = [label.text() for label in widget.findChildren(QLabel)]
    texts = [text.toPlainText() for text in widget.findChildren(QTextEdit)]
    heard = [w.accessibleName() + w.accessibleDescription() for w in widget.findChildren(QWidget)]
    return "\n".join([*labels, *texts, *heard])


# ---- asking again


def test_an_unknown_outcome_is_asked_again_with_a_reason_and_both_attempts_stand_there(
    open_window: Open, qtbot: QtBot, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, biz_id = open_window(simulator, "practice"), simulator.ids[1]
    simulator.behave(biz_id, Behaviour.close().unspent().for_requests(1))
    fetch(window, qtbot, biz_id)
    show(window, qtbot, biz_id, Stage.UNKNOWN)
    again = window.case.verdict.findChild(QPushButton, "ask_again")
    assert again is not None
    asked: list[Case] = []

    def sheet(_: object, case: Case, accounts: list[tuple[str, str, str]]) -> Again:
        asked.append(case)
        return Again("The customer waits at the counter", accounts[0][0])

    monkeypatch.setattr(window.sheets, "ask_again", sheet)
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: on_show(window, biz_id, Stage.KEPT) and idle(window), timeout=30_000)
    assert len(asked) == 1
    assert simulator.count(biz_id) == 2
    # The verdict follows the photographs.
    qtbot.waitUntil(lambda: "Kept · " in words_of(window.case.verdict))
    said = words_of(window.case.verdict)
    for part in (
        "Attempt 1",
        "Outcome unknown · ",
        "Attempt 2",
        "Kept · ",
        "The customer waits at the counter",
    ):
        assert part in said, part
    assert window.case.verdict.findChild(QPushButton, "ask_again") is None or "Ask again" not in [
        b.text() for b in window.case.verdict.findChildren(QPushButton) if b.isVisible()
    ]
    assert not window.actions_["again"].isEnabled()


def test_leaving_the_sheet_asks_nothing(
    open_window: Open, qtbot: QtBot, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, biz_id = open_window(simulator, "practice"), simulator.ids[1]
    simulator.behave(biz_id, Behaviour.close())
    fetch(window, qtbot, biz_id)
    show(window, qtbot, biz_id, Stage.UNKNOWN)
    monkeypatch.setattr(window.sheets, "ask_again", lambda *_: None)
    window.actions_["again"].trigger()
    assert not desk_of(window).busy
    assert simulator.count(biz_id) == 1


def test_a_refused_id_may_be_asked_through_another_account_while_its_page_shows_what_becomes_of_it(
    open_window: Open, qtbot: QtBot, simulator: Simulator, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, biz_id = open_window(), simulator.ids[0]
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.empty, timeout=30_000)
    simulator.behave(biz_id, Behaviour.error("RESULT_NOT_FOUND").for_requests(2))
    fetch(window, qtbot, biz_id)
    show(window, qtbot, biz_id, Stage.REFUSED)
    monkeypatch.setattr(window.sheets, "ask_again", lambda *_: Again("The other desk's account", "second"))
    window.actions_["again"].trigger()

    def attempts() -> list[tuple[Stage, str]]:
        case = window.case.case
        return [(a.stage, a.account) for a in case.attempts] if case else []

    both = [(Stage.REFUSED, "first"), (Stage.REFUSED, "second")]
    qtbot.waitUntil(lambda: attempts() == both and idle(window), timeout=30_000)
    assert "Attempt 2" in words_of(window.case.verdict)
    window.actions_["again"].trigger()
    qtbot.waitUntil(lambda: on_show(window, biz_id, Stage.KEPT) and idle(window), timeout=30_000)
    assert simulator.count(biz_id) == 3


def sheet_of(window: Window, lang: str = "en", several: bool = True) -> AgainSheet:
    case = window.case.case
    assert case is not None
    accounts = [("first", "key1", "https://a.example"), ("second", "key2", "https://b.example")]
    return AgainSheet(words(lang), case, accounts[: 2 if several else 1])


def test_the_sheet_is_dead_until_there_is_a_reason_and_says_whether_the_call_is_spent(
    open_window: Open, qtbot: QtBot, simulator: Simulator
) -> None:
    window, biz_id = open_window(simulator, "practice"), simulator.ids[1]
    simulator.behave(biz_id, Behaviour.error("RESULT_NOT_FOUND"))
    fetch(window, qtbot, biz_id)
    show(window, qtbot, biz_id, Stage.REFUSED)
    for lang, spent in (("en", "may be used up"), ("zh", "可能已用掉")):
        sheet = sheet_of(window, lang)
        qtbot.addWidget(sheet)
        with qtbot.waitActive(sheet):
            sheet.show()
            sheet.activateWindow()
        assert spent in words_of(sheet)
        assert "RESULT_NOT_FOUND" in words_of(sheet)
        assert not sheet.ask.isEnabled()
        sheet.reason.setPlainText(" \u200b\n ")
        assert not sheet.ask.isEnabled(), "blanks and invisible characters are no reason"
        qtbot.keyClick(sheet.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert sheet.isVisible()
        sheet.reason.setPlainText("x" * 501)
        assert not sheet.ask.isEnabled()
        assert "500" in sheet.note.text()
        sheet.reason.setPlainText("  a reason ")
        assert sheet.ask.isEnabled()
        sheet.accounts.setCurrentIndex(1)
        assert sheet.wish == Again("a reason", "second")
        nameless = [w for w in sheet.findChildren(QPushButton) if not w.accessibleName()]
        assert not nameless
        assert all(field.accessibleName() for field in sheet.findChildren(QPlainTextEdit))
        qtbot.keyClick(sheet.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert sheet.result() == AgainSheet.DialogCode.Accepted
    alone = sheet_of(window, several=False)
    qtbot.addWidget(alone)
    with qtbot.waitActive(alone):
        alone.show()
        alone.activateWindow()
    assert not alone.accounts.isVisible()
    qtbot.keyClick(alone.reason, Qt.Key.Key_Escape)
    assert not alone.isVisible()
    assert alone.result() == AgainSheet.DialogCode.Rejected


# ---- pausing


def test_a_batch_is_paused_and_goes_on(open_window: Open, qtbot: QtBot, simulator: Simulator) -> None:
    window, ids = open_window(simulator, "practice"), simulator.ids[:12]
    for biz_id in ids:
        simulator.behave(biz_id, Behaviour.hang())
    window.fetch.set_text("\n".join(ids))
    qtbot.waitUntil(
        lambda: window.fetch.fetch.accessibleName() == "Fetch 12" and window.fetch.fetch.isEnabled()
    )
    window.fetch.fetch_action.trigger()
    qtbot.waitUntil(lambda: len(simulator.requests) == 2)
    assert window.fetch.pause.isVisible()
    qtbot.mouseClick(window.fetch.pause, Qt.MouseButton.LeftButton)
    assert "paused" in window.fetch.tally.accessibleName()
    assert window.fetch.pause.accessibleName() == "Go on"
    for biz_id in ids:
        simulator.release(biz_id)
    progress = session_of(window).queue.line.progress
    qtbot.waitUntil(lambda: progress().done == 2)
    window.actions_["fetch"].trigger()
    assert (progress().under_way, progress().waiting) == (0, 10)
    assert len(simulator.requests) == 2, "something was asked while it was paused"
    assert desk_of(window).busy
    window.fetch.pause_action.trigger()
    assert window.fetch.pause.accessibleName() == "Pause"
    qtbot.waitUntil(lambda: idle(window), timeout=30_000)
    assert [simulator.count(i) for i in ids] == [1] * 12


def test_stop_withdraws_from_a_paused_batch_and_the_next_batch_is_not_paused(
    open_window: Open, qtbot: QtBot, simulator: Simulator
) -> None:
    window, ids = open_window(simulator, "practice"), simulator.ids[:5]
    for biz_id in ids:
        simulator.behave(biz_id, Behaviour.hang())
    window.fetch.set_text("\n".join(ids))
    qtbot.waitUntil(
        lambda: window.fetch.fetch.accessibleName() == "Fetch 5" and window.fetch.fetch.isEnabled()
    )
    window.fetch.fetch_action.trigger()
    qtbot.waitUntil(lambda: len(simulator.requests) == 2)
    window.fetch.pause_action.trigger()
    window.fetch.stop_action.trigger()
    simulator.release()
    qtbot.waitUntil(lambda: idle(window), timeout=30_000)
    assert len(simulator.requests) == 2
    assert not session_of(window).queue.line.progress().paused
    left = [i for i in ids if not simulator.count(i)]
    fetch(window, qtbot, *left)
    assert [simulator.count(i) for i in ids] == [1] * 5


@pytest.mark.parametrize(
    ("size", "left", "said"),
    [
        (10, 20.0, []),
        (10, 21.0, ["about 30 s left, est."]),
        (11, 4.0, ["under 20 s left, est."]),
        (11, 700.0, ["about 12 min left, est."]),
        (9000, 10_800.0, ["about 3 h left, est."]),
        (9000, None, []),
    ],
)
def test_time_left_is_told_where_it_is_worth_a_word(size: int, left: float | None, said: list[str]) -> None:
    progress = Progress(1, 1, size - 2, paused=False, seconds_left=left)
    assert [item.text for item in pace(progress, size, words("en"))] == said
    assert [item.text for item in pace(Progress(1, 1, 2, True, None), size, words("zh"))] == ["已暂停"]
    assert not pace(Progress(size, 0, 0, paused=False, seconds_left=0.0), size, words("en"))


# ---- what waited


def test_what_waited_when_the_program_ended_lies_in_the_box_again(
    open_window: Open, qtbot: QtBot, simulator: Simulator, vault: Path
) -> None:
    ids = simulator.ids[:3]
    with Session.open(vault, PASSPHRASE, keyring=False) as session:
        session.queue.pause()
        session.queue.ask([BizId(i) for i in ids], "second")
    window = open_window()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.fetch, timeout=30_000)
    assert "3 ids were waiting when the program ended" in words_of(window.notice)
    assert window.fetch.account == "second"
    qtbot.waitUntil(
        lambda: window.fetch.fetch.accessibleName() == "Fetch 3" and window.fetch.fetch.isEnabled()
    )
    assert not simulator.requests
    window.tools.language_wanted.emit("zh")
    assert "3 个编号" in words_of(window.notice)
    window.fetch.fetch_action.trigger()
    qtbot.waitUntil(lambda: len(simulator.requests) == 3 and idle(window), timeout=30_000)
    assert [simulator.count(i) for i in ids] == [1, 1, 1]


# ---- the alarm


def test_the_alarm_is_saved_and_says_how_to_read_it_in_again(
    open_window: Open, qtbot: QtBot, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(simulator, "practice")
    for rescue in (b"sealed one", b"sealed two"):
        window.notice.show_error(NotKept("not_kept", rescue=rescue))
    assert "2 answers wait" in words_of(window.notice)
    target = tmp_path / "one.sealed"
    monkeypatch.setattr(window.sheets, "save_path", lambda *_: target)
    rescue_button = window.notice.findChild(QPushButton, "noticeRescue")
    assert rescue_button is not None
    qtbot.mouseClick(rescue_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(target.exists)
    qtbot.waitUntil(lambda: "2 answers wait" not in words_of(window.notice))
    assert target.read_bytes() == b"sealed one"
    assert window.notice.alarm, "the second answer is still in memory only"
    window.close()
    assert window.isVisible()
    target = tmp_path / "two.sealed"
    qtbot.mouseClick(rescue_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.notice.alarm)
    assert target.read_bytes() == b"sealed two"
    assert "faceid-review recover two.sealed" in words_of(window.notice)


def test_an_alarm_that_cannot_be_saved_there_stays(
    open_window: Open, qtbot: QtBot, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(simulator, "practice")
    window.notice.show_error(NotKept("not_kept", rescue=b"sealed"))
    monkeypatch.setattr(window.sheets, "save_path", lambda *_: tmp_path / "nowhere" / "x.sealed")
    failures: list[object] = []
    work = desk_of(window).work
    assert work is not None
    work.failed.connect(failures.append)
    window.notice.rescue_wanted.emit(NotKept("not_kept", rescue=b"sealed"))
    qtbot.waitUntil(lambda: bool(failures))
    assert window.notice.alarm


# ---- somebody reads along


class Proxy:
    """Stands in the session's own place: asking is intercepted until its root is accepted."""

    def __init__(self, session: Session) -> None:
        self.session, self.accepted = session, list[str]()
        self._ask = session.queue.ask

    def ask(self, *args: object, **more: object) -> None:
        if not self.accepted:
            raise Intercepted("intercepted", host="api.example", issuer="CN=<b>Office</b>", root="ab" * 32)
        self._ask(*args, **more)  # type: ignore[arg-type]

    def accept_root(self, root: str, account: str | None = None) -> None:
        self.accepted.append(root)


@pytest.mark.parametrize("yes", [True, False])
def test_a_proxy_that_reads_along_is_asked_about_before_anything_is_sent(
    open_window: Open, qtbot: QtBot, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, yes: bool
) -> None:
    window = open_window(simulator, "practice")
    session = session_of(window)
    proxy = Proxy(session)
    monkeypatch.setattr(session.queue, "ask", proxy.ask)
    monkeypatch.setattr(session, "accept_root", proxy.accept_root)
    asked: list[str] = []

    def confirm(_title: str, sentence: str, *_: str) -> bool:
        asked.append(sentence)
        return yes

    monkeypatch.setattr(window.sheets, "confirm", confirm)
    window.fetch.set_text(simulator.ids[0])
    qtbot.waitUntil(window.fetch.fetch.isEnabled)
    window.fetch.fetch_action.trigger()
    qtbot.waitUntil(lambda: bool(asked))
    assert "CN=<b>Office</b>" in asked[0]
    assert "--accept-root" not in asked[0]
    if yes:
        qtbot.waitUntil(lambda: on_show(window, simulator.ids[0], Stage.KEPT), timeout=30_000)
        assert proxy.accepted == ["ab" * 32]
    else:
        qtbot.waitUntil(lambda: idle(window))
        assert not simulator.requests
        assert not proxy.accepted
        assert "Nothing was sent" in words_of(window.notice)
    assert len(asked) == 1


# ---- small things


def test_checks_of_accounts_are_counted_as_requests(
    open_window: Open, qtbot: QtBot, simulator: Simulator
) -> None:
    window = open_window(simulator, "practice")
    window.accounts.check_wanted.emit("practice")
    line = window.findChild(QLabel, "statusRequests")
    assert line is not None
    qtbot.waitUntil(lambda: line.text().endswith(": 1"), timeout=30_000)


def test_a_secret_in_the_vault_is_said_to_be_there(
    open_window: Open, qtbot: QtBot, simulator: Simulator
) -> None:
    window = open_window(simulator, "practice")
    window.actions_["accounts"].trigger()
    assert "secret sealed in the vault" in words_of(window.accounts)
    window.tools.language_wanted.emit("zh")
    assert "secret in" not in words_of(window.accounts)
    assert "封存于保险库" in words_of(window.accounts) or "保险库" in words_of(window.accounts)


def test_practice_speaks_the_language_of_the_window(
    open_window: Open, qtbot: QtBot, simulator: Simulator, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(
        "faceid_review.desk.opening.QProcess.startDetached", lambda _, arguments: started.append(arguments)
    )
    window = open_window()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.empty, timeout=30_000)
    window.tools.language_wanted.emit("zh")
    window.empty.practice_wanted.emit()
    window.front.welcome.practice_wanted.emit()
    assert [arguments[-3:] for arguments in started] == [["--lang", "zh", "demo"]] * 2


def test_the_theme_in_force_is_ticked_and_widths_and_size_are_remembered_and_nothing_else(
    open_window: Open, qtbot: QtBot, vault: Path
) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.empty, timeout=30_000)
    assert window.actions_["light"].isChecked()
    window.actions_["dark"].trigger()
    window.resize(1300, 800)
    window.take_measures((1300, 800, 300, 420))
    window.close()
    qtbot.waitUntil(lambda: hidden(window))
    assert Settings.load(vault) == Settings(theme="dark", columns=(1300, 800, 300, 420))
    again = open_window()
    again.take_measures(Settings.load(vault).columns)
    assert again.actions_["dark"].isChecked()
    qtbot.waitUntil(lambda: again.pages.currentWidget() is again.empty, timeout=30_000)
    again.resize(1301, 800)
    qtbot.waitUntil(lambda: again.queue.width() in range(298, 303))
    assert again.measures[2:] == (300, 420)


def test_the_keys_of_the_screen_come_from_its_actions(
    open_window: Open, qtbot: QtBot, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(simulator, "practice")
    fetch(window, qtbot, simulator.ids[0])
    qtbot.waitUntil(lambda: on_show(window, simulator.ids[0], Stage.KEPT))
    window.activateWindow()
    window.case.photos.setFocus()
    groups = keys_of(window.case.photos.side, window, "Everywhere")
    assert [group.title for group in groups] == ["Photographs", "Case", "Everywhere"]
    lines = dict(groups[-1].lines)
    assert lines["Keys of this screen"] == "F1 · ?"
    assert lines["Ask again…"] == "Ctrl+R"
    shown: list[object] = []
    monkeypatch.setattr(window.sheets, "show_keys", lambda _, what: shown.append(what))
    window.actions_["keys"].trigger()
    assert shown
    sheet = KeySheet(words("en"), groups)
    qtbot.addWidget(sheet)
    with qtbot.waitActive(sheet):
        sheet.show()
        sheet.activateWindow()
    assert "Ctrl+R" in words_of(sheet)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_a_long_command_never_pushes_its_key_out_of_the_sheet(qtbot: QtBot) -> None:
    lines = (("Pan left", "Left"), ("A command of very many words " * 20, "Ctrl+Shift+F12"))
    for kept in (lines[:1], lines):
        sheet = KeySheet(words("en"), [Keys("Photographs", kept)])
        qtbot.addWidget(sheet)
        sheet.show()
        scroll = sheet.findChild(QScrollArea, "key_list")
        assert isinstance(scroll, QScrollArea)
        listed = scroll.widget()
        assert listed is not None
        assert listed.width() <= scroll.viewport().width()
        assert sheet.width() <= sheet.screen().availableSize().width()
        for label in scroll.findChildren(QLabel):
            assert label.height() >= label.heightForWidth(label.width())


def test_a_question_mark_typed_into_a_field_is_a_question_mark(
    open_window: Open, qtbot: QtBot, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(simulator, "practice")
    monkeypatch.setattr(window.sheets, "show_keys", lambda *_: pytest.fail("the sheet opened"))
    window.tools.search.setFocus()
    qtbot.keyClicks(window.tools.search, "?")
    assert window.tools.search.text() == "?"


@pytest.mark.skipif(
    not (Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / "qtbase_zh_CN.qm").exists(),
    reason="this Qt comes without its Chinese",
)
def test_the_menu_of_a_text_field_speaks_the_language_of_the_window(
    open_window: Open, qtbot: QtBot, simulator: Simulator
) -> None:
    window = open_window(simulator, "practice")

    def entries() -> str:
        menu = window.tools.search.createStandardContextMenu()
        said = "".join(action.text() for action in menu.findChildren(QAction))
        menu.deleteLater()
        return said

    window.tools.language_wanted.emit("zh")
    assert "粘贴" in entries()
    window.tools.language_wanted.emit("en")
    assert "Paste" in entries()


def test_errors_at_the_window_do_not_speak_of_the_command_line(qtbot: QtBot) -> None:
    strip = NoticeStrip(words("en"))
    qtbot.addWidget(strip)
    strip.show_error(Intercepted("intercepted", host="h", issuer="i", root="r"))
    assert "--" not in words_of(strip)
    strip.speak(words("zh"))
    assert "未发送" in words_of(strip)


# ---- the end from outside


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_window_and_the_throw_away_vault_is_gone(
    tmp_path: Path, kind: signal.Signals
) -> None:
    program = (
        "import os, sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from faceid_review.desk import window\n"
        "was = window.Window.showEvent\n"
        "def shown(self, event):\n"
        "    was(self, event)\n"
        "    QTimer.singleShot(0, lambda: print('shown', flush=True))\n"
        "window.Window.showEvent = shown\n"
        "from faceid_review.__main__ import main\n"
        "sys.argv = ['faceid-review', '--lang', 'en', 'demo']\n"
        "sys.exit(main())\n"
    )
    environ = {"PATH": "", "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "LANG": "C.UTF-8",
               "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path)}  # fmt: skip
    tmp_path.chmod(0o700)
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "shown\n"
    assert list(tmp_path.glob("faceid-review-demo-*"))
    process.send_signal(kind)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert not list(tmp_path.glob("faceid-review-demo-*"))

"""The reviewer's first case at the window: paste, fetch, look, export, against a real socket and a real vault."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk import application, theme
from faceid_review.desk.desk import Desk
from faceid_review.desk.queue.model import QueueModel, Row
from faceid_review.desk.window import Window
from faceid_review.errors import NotKept
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.review.case import Stage
from faceid_review.session import DeskOptions, Session

Open = Callable[..., Window]


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Open]:
    """Opens windows, and closes them as their user would."""
    theme.dress(qapp)
    theme.choose(qapp, "light")
    opened: list[Window] = []

    def open_(
        simulator: Simulator | None, lang: str = "en", home: str = "practice", passphrase: str | None = None
    ) -> Window:
        options = DeskOptions(tmp_path / home, lang, passphrase, simulator)
        window = application.build(options, lang)
        opened.append(window)
        window.resize(1440, 900)
        window.show()
        return window

    yield open_
    for window in opened:
        window.notice.settled()
        if window.isVisible():
            window.close()
            qtbot.waitUntil(partial(hidden, window))
        window.deleteLater()
        qapp.processEvents()


@pytest.fixture
def window(open_window: Open, simulator: Simulator) -> Window:
    return open_window(simulator)


def hidden(window: Window) -> bool:
    return not window.isVisible()


def desk_of(window: Window) -> Desk:
    desk = window.findChild(Desk)
    assert desk is not None
    return desk


def fetch(window: Window, qtbot: QtBot, text: str, count: int) -> None:
    """Paste and press Fetch, then wait until the batch is over."""
    window.fetch.set_text(text)
    name = f"Fetch {count}"
    qtbot.waitUntil(lambda: window.fetch.fetch.accessibleName() == name and window.fetch.fetch.isEnabled())
    qtbot.mouseClick(window.fetch.fetch, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.fetch.fetch.isEnabled() or desk_of(window).busy)
    qtbot.waitUntil(lambda: not desk_of(window).busy, timeout=30_000)


def words_of(widget: QWidget) -> str:
    """Everything a part of the window says, seen and heard."""
    labels = [label.text() for label in widget.findChildren(QLabel)]
    heard = [w.accessibleName() + w.accessibleDescription() for w in widget.findChildren(QWidget)]
    return "\n".join(labels + heard)


def test_it_opens_on_the_fetch_page_with_the_names_of_the_contract(window: Window, qtbot: QtBot) -> None:
    assert window.windowTitle().startswith("FaceID Review")
    assert window.pages.currentWidget() is window.fetch
    names = {w.accessibleName() for w in window.findChildren(QWidget)}
    assert {"Fetch…", "Biz IDs", "Cases", "Export PDF"} <= names


def test_paste_fetch_read_the_verdict(window: Window, qtbot: QtBot, simulator: Simulator) -> None:
    sample = simulator.ids[1]
    fetch(window, qtbot, f"from support: {sample}", 1)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.case)
    qtbot.waitUntil(lambda: "68.91876" in words_of(window.case.verdict))
    said = words_of(window.case.verdict)
    for figure in ("68.91876", "4.91876", "0.08124", "0.88"):
        assert figure in said, figure
    assert simulator.count(sample) == 1
    qtbot.waitUntil(lambda: window.case.pictures_read)
    assert window.case.photos.active == "image_best"


def test_the_first_answer_opens_and_fetch_leads_back(
    window: Window, qtbot: QtBot, simulator: Simulator
) -> None:
    slow = simulator.ids[4]
    simulator.behave(slow, Behaviour.hang())
    window.fetch.set_text("\n".join(simulator.ids[:5]))
    qtbot.waitUntil(lambda: window.fetch.fetch.accessibleName() == "Fetch 5")
    window.fetch.fetch_action.trigger()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.case)
    assert desk_of(window).busy
    window.actions_["fetch"].trigger()
    assert window.pages.currentWidget() is window.fetch
    simulator.release(slow)
    qtbot.waitUntil(lambda: not desk_of(window).busy)
    assert window.pages.currentWidget() is window.fetch, "it moved away from where the reviewer was"
    assert [simulator.count(i) for i in simulator.ids[:5]] == [1] * 5


def test_a_kept_id_is_opened_and_not_asked(window: Window, qtbot: QtBot, simulator: Simulator) -> None:
    fetch(window, qtbot, simulator.ids[0], 1)
    window.actions_["fetch"].trigger()
    window.fetch.set_text(simulator.ids[0] + "\n ")
    qtbot.waitUntil(lambda: window.fetch.fetch.accessibleName() == "Fetch 0")
    assert not window.fetch.fetch.isEnabled()
    window.fetch.fetch_action.trigger()
    window.fetch.open_wanted.emit(simulator.ids[0])
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.case)
    assert simulator.count(simulator.ids[0]) == 1


def test_export_writes_what_it_says(
    window: Window, qtbot: QtBot, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch(window, qtbot, simulator.ids[0], 1)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.case)
    target = tmp_path / "case.pdf"
    monkeypatch.setattr(window.sheets, "save_path", lambda *_: target)
    assert window.case.export.isEnabled()
    qtbot.mouseClick(window.case.export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(target.exists, timeout=30_000)
    line = window.findChild(QLabel, "footLine")
    assert line is not None
    qtbot.waitUntil(lambda: "case.pdf" in line.text())
    assert target.read_bytes().startswith(b"%PDF-")


def test_a_folder_that_is_not_there_is_told_in_words(
    window: Window, qtbot: QtBot, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch(window, qtbot, simulator.ids[0], 1)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.case)
    monkeypatch.setattr(window.sheets, "save_path", lambda *_: tmp_path / "nowhere" / "case.pdf")
    window.actions_["export"].trigger()
    qtbot.waitUntil(window.notice.isVisible)
    assert "case.pdf" in words_of(window.notice)


def test_a_wrong_secret_is_told_and_the_rest_is_not_asked(
    window: Window, qtbot: QtBot, simulator: Simulator
) -> None:
    simulator.api_secret = "another"
    window.fetch.set_text("\n".join(simulator.ids[:4]))
    qtbot.waitUntil(window.fetch.fetch.isEnabled)
    window.fetch.fetch_action.trigger()
    qtbot.waitUntil(lambda: len(simulator.requests) >= 1 and not desk_of(window).busy)
    assert len(simulator.requests) <= 2, "two were under way at once, no more may follow"
    model = window.queue.findChild(QueueModel)
    assert model is not None

    def stages() -> list[Stage]:
        rows = [model.item(i) for i in range(model.rowCount())]
        return [row.stage for row in rows if isinstance(row, Row)]

    qtbot.waitUntil(lambda: set(stages()) == {Stage.REFUSED, Stage.QUEUED})


def test_language_changes_at_once(window: Window, qtbot: QtBot, simulator: Simulator) -> None:
    window.tools.language_wanted.emit("zh")
    assert window.case.export.text() == "导出 PDF"
    assert "粘贴" in words_of(window.fetch)
    window.actions_["language"].trigger()
    assert window.case.export.text() == "Export PDF"


def test_every_control_has_a_name(window: Window, qtbot: QtBot, simulator: Simulator) -> None:
    fetch(window, qtbot, simulator.ids[1], 1)
    kinds = (QPushButton, QLineEdit, QPlainTextEdit, QComboBox)
    nameless = [
        f"{type(w).__name__} {w.objectName()}"
        for kind in kinds
        for w in window.findChildren(kind)
        if not (w.accessibleName() or (isinstance(w, QPushButton) and w.text()))
    ]
    assert not nameless


def test_hostile_text_is_shown_as_typed(window: Window, qtbot: QtBot, simulator: Simulator) -> None:
    body = b'{"biz_extra_data": "<b>PASS</b><img src=file:///etc/passwd>", "liveness_result": {"result": "<h1>success"}}'
    simulator.behave(simulator.ids[0], Behaviour.answer(body))
    fetch(window, qtbot, simulator.ids[0], 1)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.case)
    for label in window.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText or "<" not in label.text(), label.text()


def test_closing_waits_for_an_answer_under_way(window: Window, qtbot: QtBot, simulator: Simulator) -> None:
    simulator.behave(simulator.ids[0], Behaviour.hang())
    window.fetch.set_text("\n".join(simulator.ids[:3]))
    qtbot.waitUntil(window.fetch.fetch.isEnabled)
    window.fetch.fetch_action.trigger()
    qtbot.waitUntil(lambda: simulator.count(simulator.ids[0]) == 1)
    window.close()
    assert window.isVisible()
    simulator.release(simulator.ids[0])
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)


def test_the_alarm_holds_quitting_back(window: Window, qtbot: QtBot) -> None:
    window.notice.show_error(NotKept("not_kept", rescue=b"sealed"))
    window.close()
    assert window.isVisible()
    assert window.notice.alarm
    window.notice.dismiss()
    assert window.notice.isVisible()


def test_first_run_makes_a_vault_and_a_second_start_asks_for_the_passphrase(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    window = open_window(None, home="vault")
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.front.welcome)
    fields = {w.accessibleName(): w for w in window.front.welcome.findChildren(QLineEdit)}
    fields["Your name"].setText("Lin Yue")
    fields["Passphrase, at least 12 characters"].setText("a long passphrase")
    fields["The same once more"].setText("a long passphrase")
    make = window.front.welcome.findChild(QPushButton, "make_vault")
    assert make is not None
    qtbot.waitUntil(make.isEnabled)
    make.click()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.empty, timeout=30_000)
    assert all("a long passphrase" not in w.text() for w in window.findChildren(QLineEdit))
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    again = open_window(None, home="vault")
    qtbot.waitUntil(lambda: again.pages.currentWidget() is again.front.unlock)
    again.front.unlock.unlock_wanted.emit("wrong")
    qtbot.waitUntil(lambda: "does not open" in words_of(again.front.unlock), timeout=30_000)
    again.front.unlock.unlock_wanted.emit("a long passphrase")
    qtbot.waitUntil(lambda: again.pages.currentWidget() is again.empty, timeout=30_000)


def test_an_account_added_in_the_window_can_be_checked(
    open_window: Open, qtbot: QtBot, tmp_path: Path, simulator: Simulator
) -> None:
    with Session.make(tmp_path / "vault", "Lin", "a long passphrase", keyring=False):
        pass
    window = open_window(None, home="vault", passphrase="a long passphrase")
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.empty, timeout=30_000)
    window.actions_["accounts"].trigger()
    fields = {w.accessibleName(): w for w in window.accounts.findChildren(QLineEdit)}
    fields["Name, for you"].setText("practice")
    fields["api_key"].setText(simulator.api_key)
    fields["api_secret"].setText(simulator.api_secret)
    fields["Base URL"].setText(simulator.base_url)
    add = next(b for b in window.accounts.findChildren(QPushButton) if b.text() == "Add account")
    qtbot.waitUntil(add.isEnabled)
    add.click()
    qtbot.waitUntil(lambda: "practice" in words_of(window.accounts))
    window.accounts.check_wanted.emit("practice")
    qtbot.waitUntil(lambda: "accepts the credentials" in words_of(window.accounts), timeout=30_000)
    assert not any(simulator.spent(i) for i in simulator.ids)
    assert all(simulator.api_secret not in w.text() for w in window.findChildren(QLineEdit))


def test_at_the_smallest_size_the_queue_folds(window: Window, qtbot: QtBot) -> None:
    window.resize(1024, 640)
    qtbot.waitUntil(lambda: not window.queue.isVisible())
    assert window.tools.cases.isVisible()
    window.actions_["cases"].trigger()
    qtbot.waitUntil(window.queue.isVisible)

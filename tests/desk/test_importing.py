"""The import page: what is dropped, pasted or chosen, the preview, the import, and what the case says of its sources."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk import application, theme
from faceid_review.desk.desk import Desk
from faceid_review.desk.importing.model import Column, PlacesModel
from faceid_review.desk.importing.offered import MOST, Offered, offered
from faceid_review.desk.importing.pane import ImportPage
from faceid_review.desk.importing.wording import Phase
from faceid_review.desk.verdict.pane import VerdictPane
from faceid_review.desk.verdict.sources import compared, to_compare
from faceid_review.desk.window import Window
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Simulator
from faceid_review.i18n import words
from faceid_review.review.accounts import Account
from faceid_review.review.blind import masked
from faceid_review.review.case import Stage
from faceid_review.review.intake import Kept, Kind, Looked, Pasted, Place, Preview, What
from faceid_review.session import DeskOptions, Session

PASSPHRASE = "a passphrase of ours"
Open = Callable[..., Window]
IDS = tuple(BizId(f"146225974{n},52b13fb5-8dfb-4537-a62b-a641d5e929f{n}") for n in range(5))


def place(label: str, what: What | None, kind: Kind, number: int | None = None, **more: object) -> Place:
    biz_id = None if number is None else IDS[number]
    return Place(label, what, kind, biz_id, 1400, label, **more)  # type: ignore[arg-type]


PLACES = (
    place("a.json", What.ANSWER, Kind.NEW, 0, facts={"stage": "kept"}),
    place("n.log › line 41", What.CALLBACK, Kind.NEW, 1, facts={"sign": "invalid"}),
    place("b.json", What.ANSWER, Kind.SECOND, 2, differs=True),
    place("c.json", What.ANSWER, Kind.SECOND, 2),
    place("copy.json", What.ANSWER, Kind.DUPLICATE, 2),
    place("gone.json", What.ANSWER, Kind.PURGED, 3),
    place("x.jpg", None, Kind.UNREADABLE, problem="not_ours"),
)
PREVIEW = Preview((), PLACES)


@pytest.fixture
def page(qtbot: QtBot) -> ImportPage:
    page = ImportPage(words("en"))
    qtbot.addWidget(page)
    page.resize(1164, 800)
    with qtbot.waitExposed(page):
        page.show()
    return page


def hidden(window: Window) -> bool:
    return not window.isVisible()


def press(inside: QWidget, name: str) -> None:
    button = inside.findChild(QAbstractButton, name)
    assert button is not None
    button.click()


def mime(*urls: str, text: str = "") -> QMimeData:
    made = QMimeData()
    if urls:
        made.setUrls([QUrl(url) for url in urls])
    if text:
        made.setText(text)
    return made


def drop(on: QWidget, data: QMimeData) -> bool:
    """Drag over a widget and let go; whether it took it."""
    at, copy, button = QPoint(8, 8), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    entering = QDragEnterEvent(at, copy, data, button, Qt.KeyboardModifier.NoModifier)
    entering.ignore()
    QApplication.sendEvent(on, entering)
    if not entering.isAccepted():
        return False
    dropped = QDropEvent(QPointF(at), copy, data, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(on, dropped)
    return dropped.isAccepted()


def rows(page: ImportPage) -> list[str]:
    """Each row as a screen reader hears it."""
    model = page.table.model()
    return [
        model.data(model.index(row, 0), Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())
    ]


def words_of(widget: QWidget) -> str:
    """Everything a part of the window says, seen and heard."""
    labels = [label.text() for label in widget.findChildren(QLabel)]
    texts = [text.toPlainText() for text in widget.findChildren(QTextEdit)]
    heard = [w.accessibleName() + w.accessibleDescription() for w in widget.findChildren(QWidget)]
    return "\n".join([*labels, *texts, *heard])


# ---- the page


def test_a_preview_says_what_each_place_is_and_offers_what_would_be_written(page: ImportPage) -> None:
    assert not page.start.isEnabled()
    page.show_preview(PREVIEW)
    assert page.start.text() == page.start.accessibleName() == "Import 4"
    assert page.start.isEnabled()
    said = page.counts.accessibleName()
    for part in ("5 answers, 1 callback", "2 new", "1 second source,", "1 second source differs", "1 duplicate",
                 "1 destroyed before", "1 cannot be read"):  # fmt: skip
        assert part in said, part
    first, callback, differs, agrees, duplicate, purged, unreadable = rows(page)
    assert "a.json" in first
    assert "never fetched" in first
    assert "sign does not hold" in callback
    assert "can still be fetched" in callback
    assert "Second source, differs" in differs
    assert "Second source, agrees" in agrees
    for left_out in (duplicate, purged, unreadable):
        assert "Left out" in left_out
    assert "row 7 of 7" in unreadable


def test_keys_start_and_cancel(page: ImportPage, qtbot: QtBot) -> None:
    page.show_preview(PREVIEW)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        with qtbot.waitSignal(page.import_wanted):
            QTest.keyClick(page.table, key, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(page.cancel_wanted):
        QTest.keyClick(page.table, Qt.Key.Key_Escape)
    page.clear()
    with qtbot.assertNotEmitted(page.import_wanted):
        QTest.keyClick(page.area, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_while_it_runs_only_stop_can_be_pressed_and_progress_is_told_in_words(page: ImportPage) -> None:
    page.show_preview(PREVIEW)
    page.keep_started()
    assert not page.start.isEnabled()
    assert not page.files.isEnabled()
    assert page.cancel.text() == "Stop"
    page.show_progress(Looked(2, 8, 3_000_000, 12_000_000, 3))
    assert "2 of 8 files" in page.doing.text()
    assert "3.0 MB" in page.progress.accessibleDescription()
    assert page.progress.value() == 250
    page.cancel.click()
    assert not page.cancel.isEnabled()


def test_a_stopped_import_says_what_it_did_not_come_to(page: ImportPage, qtbot: QtBot) -> None:
    page.show_preview(PREVIEW)
    page.keep_started()
    page.show_kept(Kept(PLACES[:2], cancelled=True))
    assert page.note.text().startswith("2 kept, 2 KB.")
    assert "2 were not come to" in page.note.text()
    assert "Kept Open the case" in rows(page)[0]
    assert "Not come to" in rows(page)[2]
    assert len(rows(page)) == len(PLACES)
    with qtbot.waitSignal(page.open_wanted) as opened:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert opened.args == [IDS[0]]


def test_a_click_on_the_link_opens_and_rows_without_a_case_lead_nowhere(
    page: ImportPage, qtbot: QtBot
) -> None:
    page.show_preview(PREVIEW)
    model = page.table.model()
    assert isinstance(model, PlacesModel)
    assert [bool(model.opens(row)) for row in range(7)] == [False, False, True, True, True, True, False]
    same_id = place("again.json", What.ANSWER, Kind.DUPLICATE, 0)
    page.show_preview(Preview((), (*PLACES, same_id)))
    assert not model.opens(7), "there is no case before the import"
    link = page.table.visualRect(model.index(2, Column.OUTCOME)).center()
    with qtbot.waitSignal(page.open_wanted) as opened:
        QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=link)
    assert opened.args == [IDS[2]]
    with qtbot.assertNotEmitted(page.open_wanted):
        nowhere = page.table.visualRect(model.index(0, Column.OUTCOME)).center()
        QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=nowhere)


@pytest.mark.parametrize(
    ("lang", "start", "area"), [("en", "Import 4", "Drop area"), ("zh", "导入 4", "拖放区")]
)
def test_every_control_has_a_name_in_both_languages(
    page: ImportPage, lang: str, start: str, area: str
) -> None:
    page.show_preview(PREVIEW)
    page.speak(words(lang))
    assert page.start.accessibleName() == start
    assert page.area.accessibleName() == area
    controls = (page.switch, page.area, page.files, page.folder, page.paste, page.table, page.progress,
                page.cancel, page.start)  # fmt: skip
    for control in controls:
        assert control.accessibleName(), control.objectName()
        assert control.objectName()
    for action in page.findChildren(QAction):
        assert action.objectName() or action.text()


def test_the_page_is_walked_by_tab_from_switch_to_import(page: ImportPage) -> None:
    page.show_preview(PREVIEW)
    page.area.setFocus()
    walked = []
    for _ in range(8):
        focused = QApplication.focusWidget()
        assert focused is not None
        walked.append(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert walked[:7] == ["drop_area", "choose_files", "choose_folder", "choose_paste", "found_places",
                          "importing_cancel", "importing_start"]  # fmt: skip


def test_thousands_of_places_are_worded_only_where_they_are_seen(page: ImportPage) -> None:
    many = tuple(place(f"{n}.json", What.ANSWER, Kind.NEW, 0) for n in range(100_000))
    page.show_preview(Preview((), many))
    assert page.start.accessibleName() == "Import 100000"
    page.table.scrollToBottom()
    assert "row 100\u202f000 of 100\u202f000" in page.table.model().data(
        page.table.model().index(99_999, 0), Qt.ItemDataRole.AccessibleTextRole
    )


# ---- what is offered


@pytest.mark.parametrize(
    ("data", "refused", "paths"),
    [
        (mime(), "importing.refused.nothing", 0),
        (mime(text="   \n"), "importing.refused.nothing", 0),
        (mime("https://example.com/a.json"), "importing.refused.remote", 0),
        (mime("https://example.com/a.json", "file:///tmp/b.json"), "importing.refused.remote", 1),
        (mime("file://elsewhere/share/a.json"), "importing.refused.remote", 0),
        (mime("file:///tmp/a.json", "file:///tmp/a.json", "file:///tmp"), "", 2),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(data: QMimeData, refused: str, paths: int) -> None:
    got = offered(data)
    assert (got.refused, len(got.paths)) == (refused, paths)
    assert not refused or words("en")(refused) != refused


def test_a_drop_of_very_many_files_is_bounded() -> None:
    got = offered(mime(*(f"file:///tmp/{n}.json" for n in range(MOST + 5))))
    assert len(got.paths) == MOST
    assert got.refused == "importing.refused.many"


def test_text_is_pasted_onto_the_page_and_files_copied_elsewhere_too(page: ImportPage, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("data=%7B%7D&sign=00")
    page.table.setFocus()
    with qtbot.waitSignal(page.offered) as told:
        QTest.keyClick(page.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert told.args == [Offered(text="data=%7B%7D&sign=00")]
    QApplication.clipboard().setMimeData(mime("file:///tmp/a.json"))
    with qtbot.waitSignal(page.offered) as told:
        page.paste.click()
    assert told.args == [Offered((Path("/tmp/a.json"),))]


def test_the_area_takes_files_and_text_and_leaves_them_where_they_were(
    page: ImportPage, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(page.offered) as told:
        assert drop(page.area, mime("file:///tmp/a.json"))
    assert told.args == [Offered((Path("/tmp/a.json"),))]
    with qtbot.waitSignal(page.offered) as told:
        assert drop(page.area, mime(text="{}"))
    assert told.args == [Offered(text="{}")]


# ---- the window


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Open]:
    """Opens the window on a real vault and closes it as its user would."""
    font, style = qapp.font(), qapp.style().name()
    theme.dress(qapp)
    theme.choose(qapp, "light")
    opened: list[Window] = []

    def open_(lang: str = "en") -> Window:
        window = application.build(DeskOptions(tmp_path / "vault", lang, PASSPHRASE), lang)
        opened.append(window)
        window.resize(1440, 900)
        window.show()
        qtbot.waitUntil(window.tools.fetch.isEnabled, timeout=30_000)
        return window

    yield open_
    for window in opened:
        if window.isVisible():
            window.close()
            qtbot.waitUntil(partial(hidden, window), timeout=30_000)
        window.deleteLater()
        qapp.processEvents()
    qapp.setFont(font)
    qapp.setStyle(style)


@pytest.fixture(scope="module")
def empty_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault whose account has every simulator's secret, closed. Made once, since that takes a second or two."""
    home = tmp_path_factory.mktemp("vaults") / "vault"
    simulator = Simulator()
    with Session.make(home, "Lin Yue", PASSPHRASE, keyring=False) as session:
        account = Account("practice", "http://127.0.0.1:9", simulator.api_key)
        session.accounts.add(account, simulator.api_secret)
    return home


@pytest.fixture
def vault(tmp_path: Path, empty_vault: Path) -> Path:
    """A vault of this test's own."""
    return Path(shutil.copytree(empty_vault, tmp_path / "vault"))


def body(simulator: Simulator, biz_id: str) -> bytes:
    """The answer that somebody else fetched and saved."""
    session = simulator.session(biz_id)
    return session.body(session.pictures(1))


def callback(simulator: Simulator, biz_id: str, secret: str = "") -> bytes:
    """A notify_url body: the same without pictures, signed."""
    told = json.loads(body(simulator, biz_id))
    del told["images"]
    data = json.dumps(told)
    sign = hashlib.sha1(((secret or simulator.api_secret) + data).encode()).hexdigest()
    return urlencode({"data": data, "sign": sign}).encode()


def saved(folder: Path, name: str, data: bytes) -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    return QUrl.fromLocalFile(str(folder / name)).toString()


def phase(window: Window, wanted: Phase) -> bool:
    return window.importing.phase is wanted


def found(window: Window, qtbot: QtBot, *urls: str) -> ImportPage:
    """Drop files on the window and wait for the preview."""
    assert drop(window, mime(*urls))
    assert window.pages.currentWidget() is window.importing
    qtbot.waitUntil(partial(phase, window, Phase.FOUND), timeout=30_000)
    return window.importing


def imported(window: Window, qtbot: QtBot) -> None:
    window.importing.start_action.trigger()
    qtbot.waitUntil(partial(phase, window, Phase.DONE), timeout=30_000)


def open_case(window: Window, qtbot: QtBot, biz_id: str) -> None:
    window.importing.open_wanted.emit(biz_id)
    qtbot.waitUntil(lambda: window.case.case is not None and window.case.case.biz_id == biz_id)
    qtbot.waitUntil(lambda: biz_id in words_of(window.case.verdict), timeout=30_000)


def test_files_dropped_on_the_window_are_previewed_kept_and_opened(
    open_window: Open, vault: Path, qtbot: QtBot, simulator: Simulator, tmp_path: Path
) -> None:
    window = open_window()
    answer, signed = simulator.ids[:2]
    files = tmp_path / "files"
    urls = [
        saved(files, "answer.json", body(simulator, answer)),
        saved(files, "notify.txt", callback(simulator, signed)),
        saved(files, "junk.bin", b"\x00\xff" * 400),
    ]
    page = found(window, qtbot, *urls)
    assert page.start.accessibleName() == "Import 2"
    desk = window.findChild(Desk)
    assert desk is not None
    assert desk.work is not None
    assert not desk.work.session.casebook.rows(), "a preview must not write anything"
    said = " | ".join(rows(page))
    for part in ("answer.json", "sign holds", "junk.bin", "Cannot be read"):
        assert part in said, part
    assert "import.problem" not in said
    imported(window, qtbot)
    assert "2 kept" in page.note.text()
    assert [str(row["stage"]) for row in desk.work.session.casebook.rows()] == [Stage.KEPT, Stage.QUEUED]
    qtbot.waitUntil(lambda: answer[:12] in words_of(window.queue) or window.queue.isVisible())
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.case.case is not None and window.case.case.biz_id == answer)
    qtbot.waitUntil(lambda: "answer.json" in words_of(window.case.verdict), timeout=30_000)
    assert "Imported by" in words_of(window.case.verdict)
    assert "Lin Yue" in words_of(window.case.verdict)
    assert not simulator.requests, "an import asks nobody"


def test_the_same_again_is_all_duplicates_and_nothing_can_be_imported(
    open_window: Open, vault: Path, qtbot: QtBot, simulator: Simulator, tmp_path: Path
) -> None:
    window = open_window()
    url = saved(tmp_path / "files", "a.json", body(simulator, simulator.ids[0]))
    found(window, qtbot, url)
    imported(window, qtbot)
    page = found(window, qtbot, url)
    assert page.start.accessibleName() == "Import 0"
    assert not page.start.isEnabled()
    assert "Duplicate" in rows(page)[0]


def test_a_callback_waits_for_its_pictures_and_says_what_its_sign_shows(
    open_window: Open, vault: Path, qtbot: QtBot, simulator: Simulator, tmp_path: Path
) -> None:
    window, biz_id = open_window(), simulator.ids[0]
    found(window, qtbot, saved(tmp_path / "files", "notify.txt", callback(simulator, biz_id)))
    imported(window, qtbot)
    open_case(window, qtbot, biz_id)
    qtbot.waitUntil(lambda: "Only a callback so far" in words_of(window.case.verdict), timeout=30_000)
    said = words_of(window.case.verdict)
    assert "The sign holds" in said
    assert "What this cannot show" in said
    fetch = window.case.verdict.findChild(QPushButton, "fetch_pictures")
    assert fetch is not None
    assert fetch.accessibleName() == "Fetch its pictures…"
    fetch.click()
    assert window.pages.currentWidget() is window.fetch
    assert window.fetch.box.toPlainText() == biz_id
    qtbot.waitUntil(
        lambda: window.fetch.fetch.accessibleName() == "Fetch 1" and window.fetch.fetch.isEnabled()
    )
    assert not simulator.requests


def test_a_second_source_stands_beside_the_first_and_every_difference_is_told(
    open_window: Open, vault: Path, qtbot: QtBot, simulator: Simulator, tmp_path: Path
) -> None:
    window, biz_id = open_window(), simulator.ids[1]
    first = body(simulator, biz_id)
    changed = json.loads(first)
    changed["verify_result"]["result_faceid"]["confidence"] = 12.5
    files = tmp_path / "files"
    found(window, qtbot, saved(files, "first.json", first))
    imported(window, qtbot)
    other = saved(files, "other.json", json.dumps(changed).encode())
    page = found(window, qtbot, other, saved(files, "notify.txt", callback(simulator, biz_id, "not ours")))
    assert "Second source, differs" in rows(page)[0]
    assert "sign does not hold" in rows(page)[1]
    imported(window, qtbot)
    open_case(window, qtbot, biz_id)
    qtbot.waitUntil(lambda: "Differs from the source on show in 1 place" in words_of(window.case.verdict),
                    timeout=30_000)  # fmt: skip
    said = words_of(window.case.verdict)
    assert "/verify_result/result_faceid/confidence" in said
    assert "12.5" in said
    assert "68.91876" in said
    assert "other.json" in said
    assert "The sign does not hold" in said
    assert "/images" in said, "what differs by nature is named"


def test_while_the_verdict_is_hidden_no_difference_and_no_callback_is_told(
    vault: Path, qtbot: QtBot, simulator: Simulator
) -> None:
    biz_id = simulator.ids[1]
    first = body(simulator, biz_id)
    changed = json.loads(first)
    changed["verify_result"]["result_faceid"]["confidence"] = 12.5
    sources = (first, json.dumps(changed).encode(), callback(simulator, biz_id))
    with Session.open(vault, PASSPHRASE, keyring=False) as session:
        session.take_in([Pasted(f"{number}.json", data) for number, data in enumerate(sources)])
        case = session.casebook.open(biz_id)
    pane = VerdictPane(words("en"))
    qtbot.addWidget(pane)
    pane.show_case(masked(case))
    pane.show_compared(compared(case))
    assert not to_compare(masked(case))
    said = words_of(pane)
    assert "1.json" in said, "that there is a second source is no secret"
    assert "12.5" not in said
    assert "sign holds" not in said
    pane.show_case(case)
    assert "12.5" in words_of(pane)


@pytest.mark.parametrize("field", ["search", "biz_ids"])
def test_files_dropped_on_a_field_go_to_the_page_and_not_into_the_field(
    open_window: Open, vault: Path, qtbot: QtBot, tmp_path: Path, field: str
) -> None:
    window = open_window()
    window.actions_["fetch"].trigger()
    target = window.tools.search if field == "search" else window.fetch.box.viewport()
    assert drop(target, mime(saved(tmp_path / "files", "a.json", b"{}")))
    assert window.pages.currentWidget() is window.importing
    assert not window.tools.search.text()
    assert not window.fetch.box.toPlainText()
    qtbot.waitUntil(partial(phase, window, Phase.FOUND))


def test_web_addresses_are_refused_in_words(open_window: Open, vault: Path) -> None:
    window = open_window()
    assert drop(window, mime("https://example.com/answer.json"))
    assert phase(window, Phase.EMPTY)
    assert "an import makes no request" in words_of(window.notice)


def test_a_folder_is_read_and_what_vanished_or_is_closed_is_told(
    open_window: Open, vault: Path, qtbot: QtBot, simulator: Simulator, tmp_path: Path
) -> None:
    window = open_window()
    folder = tmp_path / "files"
    saved(folder, "a.json", body(simulator, simulator.ids[0]))
    gone = QUrl.fromLocalFile(str(tmp_path / "gone.json")).toString()
    page = found(window, qtbot, QUrl.fromLocalFile(str(folder)).toString(), gone)
    said = rows(page)
    assert "files/a.json" in said[0]
    assert "gone.json" in said[1]
    assert "Cannot be read" in said[1]
    assert page.start.accessibleName() == "Import 1"
    (folder / "a.json").unlink()
    imported(window, qtbot)
    assert "0 kept" in page.note.text()
    assert "import.problem" not in " ".join(rows(page))


def test_nothing_is_taken_without_a_vault_or_while_an_import_runs(
    open_window: Open, vault: Path, qtbot: QtBot, simulator: Simulator, tmp_path: Path
) -> None:
    window = open_window()
    url = saved(tmp_path / "files", "a.json", body(simulator, simulator.ids[0]))
    page = found(window, qtbot, url)
    page.keep_started()
    assert drop(window, mime(url))
    assert phase(window, Phase.KEEPING)
    assert "under way" in words_of(window.notice)
    page.clear()
    window.attended(False)
    assert not drop(window, mime(url))


def test_the_switch_and_ctrl_o_lead_there_and_ctrl_o_there_asks_for_files(
    open_window: Open, vault: Path, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    file = tmp_path / "a.json"
    file.write_bytes(b"[]")
    asked: list[Path] = []

    def choose(_: str, folder: Path) -> list[Path]:
        asked.append(folder)
        return [file]

    monkeypatch.setattr(window.sheets, "open_paths", choose)
    window.actions_["fetch"].trigger()
    press(window.fetch.switch, "import")
    assert window.pages.currentWidget() is window.importing
    press(window.importing.switch, "fetch")
    assert window.pages.currentWidget() is window.fetch
    assert window.fetch.switch.choice == "fetch"
    QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert window.pages.currentWidget() is window.importing
    assert not asked
    QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert len(asked) == 1
    qtbot.waitUntil(partial(phase, window, Phase.FOUND))
    assert "a.json" in rows(window.importing)[0]


def test_closing_stops_an_import_and_the_same_again_completes_it(
    open_window: Open, vault: Path, qtbot: QtBot, simulator: Simulator, tmp_path: Path
) -> None:
    window, files = open_window(), tmp_path / "files"
    for number, biz_id in enumerate(simulator.ids):
        saved(files, f"{number:02}.json", simulator.session(biz_id).body(None))
    folder = QUrl.fromLocalFile(str(files)).toString()
    assert found(window, qtbot, folder).start.accessibleName() == "Import 40"
    window.importing.start_action.trigger()
    window.close()
    qtbot.waitUntil(partial(hidden, window), timeout=30_000)
    again = open_window()
    page = found(again, qtbot, folder)
    kept = sum("Duplicate" in row for row in rows(page))
    assert page.start.accessibleName() == f"Import {40 - kept}"
    if kept < 40:
        imported(again, qtbot)
    desk = again.findChild(Desk)
    assert desk is not None
    assert desk.work is not None
    assert len(desk.work.session.casebook.rows()) == 40


def test_pasted_text_is_a_source_like_a_file_and_cancel_puts_it_away(
    open_window: Open, vault: Path, qtbot: QtBot, simulator: Simulator
) -> None:
    window = open_window("zh")
    window.actions_["import"].trigger()
    QApplication.clipboard().setText(body(simulator, simulator.ids[0]).decode())
    QTest.keyClick(window.importing.area, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(partial(phase, window, Phase.FOUND))
    assert "粘贴的文本 1" in rows(window.importing)[0]
    assert window.importing.start.accessibleName() == "导入 1"
    QTest.keyClick(window.importing.start, Qt.Key.Key_Escape)
    assert phase(window, Phase.EMPTY)
    assert not rows(window.importing)

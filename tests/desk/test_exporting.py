"""What leaves the house from the desk: one key, the sheet and its preview, several cases at once, and the check."""

import csv
import hashlib
import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Thread

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSizeF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk import application, theme
from faceid_review.desk.desk import Desk
from faceid_review.desk.exporting import pages as paper
from faceid_review.desk.exporting.cases import CasesModel
from faceid_review.desk.exporting.form import ExportForm
from faceid_review.desk.exporting.pages import Drawn, Pages
from faceid_review.desk.exporting.preview import PagesView
from faceid_review.desk.exporting.several import SeveralSheet
from faceid_review.desk.exporting.sheet import ExportSheet
from faceid_review.desk.exporting.tick import Tick
from faceid_review.desk.exporting.verifying import VerifyWindow
from faceid_review.desk.exporting.wish import ALWAYS, PAGES, Wish
from faceid_review.desk.exporting_work import offers, wanted
from faceid_review.desk.queue.model import Row
from faceid_review.desk.queue.wording import state_of
from faceid_review.desk.window import Window
from faceid_review.errors import Afterwards
from faceid_review.faceid.simulator import Simulator
from faceid_review.i18n import words
from faceid_review.review.case import Stage
from faceid_review.session import DeskOptions, Session, write_whole
from faceid_review.settings import Settings
from faceid_review.snapshot import profile, verify
from faceid_review.snapshot.verify import Finding
from tests.crash import small_disk

LONG = 60_000
"""Milliseconds that typst and PDFium may take on a machine that does other things too."""


def hidden(window: QWidget) -> bool:
    return not window.isVisible()


def put_away(window: Window) -> bool:
    exporting = desk_of(window).exporting
    return exporting is not None and exporting.sheet is None


def desk_of(window: Window) -> Desk:
    desk = window.findChild(Desk)
    assert desk is not None
    return desk


def said(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def foot(window: Window) -> str:
    line = window.findChild(QLabel, "footLine")
    assert line is not None
    return line.text()


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Callable[..., Window]]:
    theme.dress(qapp)
    theme.choose(qapp, "light")
    opened: list[Window] = []

    def open_(simulator: Simulator | None, lang: str = "en", home: str = "practice") -> Window:
        window = application.build(DeskOptions(tmp_path / home, lang, None, simulator), lang)
        opened.append(window)
        window.resize(1440, 900)
        window.show()
        return window

    yield open_
    for window in opened:
        window.close()
        qtbot.waitUntil(partial(hidden, window), timeout=LONG)
        window.deleteLater()
        qapp.processEvents()


@pytest.fixture
def window(open_window: Callable[..., Window], simulator: Simulator, qtbot: QtBot) -> Window:
    """A window with two kept cases, the second one on show."""
    window = open_window(simulator)
    keep(window, qtbot, simulator.ids[:2])
    show(window, qtbot, simulator.ids[1])
    return window


def keep(window: Window, qtbot: QtBot, ids: tuple[str, ...] | list[str]) -> None:
    window.fetch.set_text("\n".join(ids))
    qtbot.waitUntil(lambda: window.fetch.fetch.accessibleName() == f"Fetch {len(ids)}")
    window.fetch.fetch_action.trigger()
    qtbot.waitUntil(lambda: window.case.case is not None, timeout=LONG)
    qtbot.waitUntil(lambda: not desk_of(window).busy, timeout=LONG)


def show(window: Window, qtbot: QtBot, biz_id: str) -> None:
    window.queue.open_wanted.emit(biz_id)
    qtbot.waitUntil(lambda: window.case.case is not None and window.case.case.biz_id == biz_id)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.case)


def open_sheet(window: Window, qtbot: QtBot) -> ExportSheet:
    window.actions_["export_as"].trigger()
    exporting = desk_of(window).exporting
    assert exporting is not None
    sheet = exporting.sheet
    assert sheet is not None
    qtbot.waitUntil(sheet.write.isEnabled, timeout=LONG)
    return sheet


def session_of(window: Window) -> Session:
    work = desk_of(window).work
    assert work is not None
    return work.session


# ---- the pages


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A snapshot of a case, signed, as it lies in a file."""
    folder = tmp_path_factory.mktemp("printed")
    with (
        Simulator(ids=2) as simulator,
        application_session(folder / "vault", simulator) as session,
    ):
        from faceid_review.faceid.biz_id import BizId

        session.queue.ask([BizId(simulator.ids[1])])
        session.queue.wait()
        case = session.casebook.open(simulator.ids[1])
        return session.export(case, folder / "case.pdf", "en").path.read_bytes()


def application_session(home: Path, simulator: Simulator) -> Session:
    return application.practice(DeskOptions(home, "en"), simulator, "en")


def test_a_page_is_drawn_as_wide_as_it_is_wanted_and_tells_its_text(printed: bytes) -> None:
    pages = paper.read(printed)
    assert len(pages.sizes) > 4
    assert pages.sizes[0].toSize().width() == 595
    drawn = paper.draw(pages, 0, 400)
    assert drawn.image.width() in (400, 401)
    assert "Case snapshot" in drawn.text
    colours = {drawn.image.pixelColor(x, y).name() for x in range(0, 400, 7) for y in range(0, 500, 7)}
    assert "#ffffff" in colours
    assert len(colours) > 3, "an empty page was drawn"


def test_two_threads_draw_without_harm(printed: bytes) -> None:
    pages = paper.read(printed)
    once = [paper.draw(pages, number, 200).image for number in (0, 1)]
    drawn: list[Drawn] = []

    def draw() -> None:
        drawn.extend(paper.draw(pages, number % 2, 200) for number in range(6))

    threads = [Thread(target=draw) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 18
    assert all(one.image == once[one.number] for one in drawn)


def test_nothing_that_only_an_export_needs_is_loaded_with_the_desk() -> None:
    code = (
        "import sys, faceid_review.desk.desk; "
        "print([m for m in ('pypdfium2', 'pikepdf', 'pyhanko', 'segno') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


A4 = QSizeF(595, 842)


@pytest.fixture
def view(qtbot: QtBot) -> PagesView:
    view = PagesView(words("en"))
    qtbot.addWidget(view)
    view.resize(500, 600)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_only_pages_in_sight_are_asked_for_and_few_are_kept(view: PagesView) -> None:
    asked: list[int] = []
    pages = Pages(b"", (A4,) * 40)

    def draw(number: int, width: int) -> None:
        asked.append(number)
        view.show_page(pages, Drawn(number, QImage(width, 10, QImage.Format.Format_RGB32), f"text {number}"))

    view.page_wanted.connect(draw)
    view.show_pages(pages)
    assert 0 in asked
    assert set(asked) <= {0, 1}
    assert view.place == (1, 40)
    assert "text 0" in view.accessibleDescription()
    for number in range(2, 21):
        QTest.keyClick(view, Qt.Key.Key_PageDown)
        assert view.place == (number, 40)
    assert max(asked) <= 21
    assert len(view._drawn) <= 10, "pages long gone stay in memory"
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.place == (40, 40)
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.place == (1, 40)
    assert view.complete, "a page that was let go is asked for again"


def test_a_page_of_another_pdf_is_dropped_and_zooming_keeps_the_place(view: PagesView) -> None:
    old, new = Pages(b"1", (A4,) * 3), Pages(b"2", (A4,) * 9)
    view.show_pages(old)
    view.show_pages(new)
    view.show_page(old, Drawn(0, QImage(5, 5, QImage.Format.Format_RGB32), "old"))
    assert "old" not in view.accessibleDescription()
    view.turn(1)
    view.turn(1)
    place = view.place
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0):
        QTest.keyClick(view, key)
        assert view.place == place
    view.resize(900, 500)
    assert view.place == place
    view.say("Nothing to show.")
    assert view.place == (0, 0)
    assert view.accessibleDescription() == "Nothing to show."


# ---- how a copy is wanted


def test_every_profile_is_offered_with_a_sentence_in_both_languages() -> None:
    for lang in ("en", "zh"):
        offered = offers(words(lang))
        assert [offer.name for offer in offered] == list(profile.names())
        assert all(offer.about and not offer.about.startswith("exporting.") for offer in offered)
        assert all(set(offer.pages) <= set(PAGES) for offer in offered)
    every = {page for name in profile.names() for page in profile.load(name).sections}
    assert set(PAGES) <= every, "the sheet offers a page that no profile has"


def test_pages_are_left_out_but_never_the_one_that_lets_others_check(qtbot: QtBot) -> None:
    form = ExportForm(words("en"), offers(words("en")), Wish("court", "en", ("raw",)))
    qtbot.addWidget(form)
    assert not form.ticks["raw"].isChecked()
    assert not form.ticks[ALWAYS[0]].isEnabled()
    form.ticks["terms"].click()
    assert form.wish.left_out == ("raw", "terms")
    form.profile.setCurrentIndex(form.profile.findData("training"))
    assert form.wish == Wish("training", "en"), "what was left out of one copy was left out of another kind"
    assert not form.ticks["raw"].isEnabled()
    assert not form.ticks["raw"].isChecked()
    for tick in form.findChildren(Tick):
        assert tick.accessibleName()


def test_thumbnails_are_offered_only_where_the_pictures_are_left_out(qtbot: QtBot) -> None:
    form = ExportForm(words("en"), offers(words("en")), Wish("audit", "en"))
    qtbot.addWidget(form)
    assert form.thumbnails.isVisibleTo(form)
    assert not form.wish.thumbnails
    with qtbot.waitSignal(form.changed):
        form.thumbnails.click()
    assert form.wish.thumbnails
    assert wanted(form.wish).thumbnails
    form.profile.setCurrentIndex(form.profile.findData("court"))
    assert not form.thumbnails.isVisibleTo(form)
    form.profile.setCurrentIndex(form.profile.findData("audit"))
    assert not form.wish.thumbnails, "another kind of copy asked for none"
    assert not Wish("court", "en", thumbnails=True).within(offers(words("en")), "en").thumbnails


def test_a_wish_from_the_settings_that_is_no_longer_on_offer_falls_back() -> None:
    offered = offers(words("en"))
    assert Wish("no such", "xx", ("raw", "no page", "integrity")).within(offered, "zh") == Wish(
        "court", "zh", ("raw",)
    )
    assert Wish("court", "both", recipient="x" * 500).within(offered, "zh").recipient == "x" * 120


def test_a_password_is_in_no_repr_and_not_remembered() -> None:
    wish = Wish("court", "en", password="opensesame")
    assert "opensesame" not in repr(wish)
    assert wish.anonymous().password == ""


# ---- the sheet


def test_the_preview_comes_before_anything_is_written(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = session_of(window).chain()[0]
    files = set(tmp_path.rglob("*.pdf"))
    sheet = open_sheet(window, qtbot)
    qtbot.waitUntil(lambda: sheet.preview.complete, timeout=LONG)
    assert "Nothing is written yet" in said(sheet)
    assert sheet.preview.place[1] > 4
    assert "Case snapshot" in sheet.preview.accessibleDescription()
    acts = [entry.act for entry in session_of(window).entries()[before:]]
    assert "exported" not in acts
    assert set(tmp_path.rglob("*.pdf")) == files
    monkeypatch.setattr(window.sheets, "save_path", lambda *_: None)
    sheet.write.click()
    assert sheet.isVisible(), "the question where to was put away"
    sheet.leave.click()
    assert set(tmp_path.rglob("*.pdf")) == files


def test_what_was_wished_is_in_the_file_and_in_its_entry(
    window: Window, qtbot: QtBot, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.pdf"
    suggested: list[Path] = []

    def where(_title: str, name: Path, _kinds: str) -> Path:
        suggested.append(name)
        return target

    monkeypatch.setattr(window.sheets, "save_path", where)
    sheet = open_sheet(window, qtbot)
    whole = sheet.preview.place[1]
    sheet.form.profile.setCurrentIndex(sheet.form.profile.findData("ombudsman"))
    sheet.form.ticks["terms"].click()
    sheet.form.recipient.set_text("The ombudsman")
    sheet.form.purpose.set_text("appeal 17")
    assert not sheet.write.isEnabled(), "what is on show is not what would be written"
    qtbot.waitUntil(sheet.write.isEnabled, timeout=LONG)
    assert sheet.preview.place[1] < whole
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(partial(put_away, window), timeout=LONG)
    assert suggested[-1].name == f"{window.case.case.number}.pdf"  # type: ignore[union-attr]
    entry = [entry for entry in session_of(window).entries() if entry.act == "exported"][-1]
    told = {name: entry.facts[name] for name in ("profile", "lang", "recipient", "purpose", "left_out")}
    assert told == {
        "profile": "ombudsman", "lang": "en", "recipient": "The ombudsman", "purpose": "appeal 17",
        "left_out": ["terms"],
    }  # fmt: skip
    assert entry.facts["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
    assert verify.verify(target.read_bytes()).good
    assert "appeal 17" in "".join(paper.draw(paper.read(target.read_bytes()), n, 50).text for n in (0, 1))
    qtbot.waitUntil(lambda: "copy.pdf (Ombudsman, English)" in foot(window))
    # One key does the same again, for this case; another case gets neither recipient nor purpose of this one.
    desk = desk_of(window)
    assert desk.exporting is not None
    assert desk.exporting.wish(simulator.ids[1]).recipient == "The ombudsman"
    assert desk.exporting.wish(simulator.ids[0]) == Wish("ombudsman", "en", ("terms",))
    target = tmp_path / "again.pdf"
    window.actions_["export"].trigger()
    qtbot.waitUntil(lambda: "again.pdf (Ombudsman, English)" in foot(window), timeout=LONG)
    entry = [entry for entry in session_of(window).entries() if entry.act == "exported"][-1]
    assert (entry.facts["profile"], entry.facts["left_out"], entry.facts["recipient"]) == (
        "ombudsman", ["terms"], "The ombudsman",
    )  # fmt: skip


def test_a_copy_without_the_numbers_of_the_case_is_not_named_after_them(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    suggested: list[Path] = []
    monkeypatch.setattr(window.sheets, "save_path", lambda _, name, __: suggested.append(name))
    desk = desk_of(window)
    assert desk.exporting is not None
    desk.exporting.wished(Wish("training", "zh"))
    window.actions_["export"].trigger()
    assert [path.name for path in suggested] == ["training.pdf"]


def test_a_file_that_cannot_be_written_leaves_the_sheet_open_and_no_half_file(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = open_sheet(window, qtbot)
    places = {
        "the folder is not there": tmp_path / "nowhere" / "x.pdf",
        "a folder has that name": tmp_path / "taken.pdf",
    }
    if Path("/sys/kernel").is_dir():
        places["may not be written to"] = Path("/sys/kernel/x.pdf")
    (tmp_path / "taken.pdf").mkdir()
    for sentence, target in places.items():
        monkeypatch.setattr(window.sheets, "save_path", lambda *_, at=target: at)
        sheet.write.click()
        assert not sheet.write.isEnabled()
        qtbot.waitUntil(sheet.write.isEnabled, timeout=LONG)
        assert sentence in said(sheet), said(sheet)
        assert sheet.isVisible()
    assert not list(tmp_path.glob("*.new")) + list(tmp_path.glob(".*.new"))
    assert not any(entry.act == "exported" for entry in session_of(window).entries())
    good = tmp_path / "x.pdf"
    monkeypatch.setattr(window.sheets, "save_path", lambda *_: good)
    sheet.write.click()
    qtbot.waitUntil(partial(put_away, window), timeout=LONG)
    assert good.exists()


def test_a_full_disk_is_told_and_holds_no_half_file() -> None:
    command = small_disk.unshare() if sys.platform.startswith("linux") else None
    if command is None:
        pytest.skip("no tmpfs can be mounted here, not even in a namespace of our own")
    code = """
import subprocess, sys, tempfile
from pathlib import Path
from faceid_review.errors import Afterwards
from faceid_review.session import write_whole
with tempfile.TemporaryDirectory() as folder:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], check=True)
    target = Path(folder) / "case.pdf"
    target.write_bytes(b"an earlier copy")
    try:
        write_whole(target, bytes(1_000_000))
    except Afterwards as error:
        print(error.wording, [(p.name, p.read_bytes()) for p in Path(folder).iterdir()])
    subprocess.run(["umount", folder], check=True)
"""
    done = subprocess.run([*command, sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "not_written_full [('case.pdf', b'an earlier copy')]"


def test_the_reason_is_told_in_words_of_both_languages(tmp_path: Path) -> None:
    with pytest.raises(Afterwards) as caught:
        write_whole(tmp_path / "none" / "x.pdf", b"x")
    assert caught.value.wording == "not_written_gone"
    for lang, part in (("en", "folder is not there"), ("zh", "文件夹不存在")):
        assert part in words(lang)(f"error.{caught.value.wording}", **caught.value.facts)


def test_the_sheet_speaks_chinese_and_names_every_control(
    open_window: Callable[..., Window], qtbot: QtBot, simulator: Simulator
) -> None:
    offered = offers(words("zh"))
    sheet = ExportSheet(words("zh"), "FR-2026-00001", offered, Wish("court", "both"))
    qtbot.addWidget(sheet)
    assert sheet.write.text() == "导出…"
    texts = said(sheet) + "".join(tick.text() for tick in sheet.form.ticks.values())
    assert "exporting." not in texts
    for control in sheet.findChildren(QPushButton):
        assert control.accessibleName(), control.objectName()
        assert control.objectName(), control.accessibleName()
    tall = [sheet.form.recipient, sheet.form.purpose, sheet.form.password]
    assert all(field.line.accessibleName() for field in tall)
    assert sheet.form.profile.accessibleDescription() == offered[0].about


def test_the_last_wish_is_kept_with_the_settings(tmp_path: Path) -> None:
    Settings(export=("audit", "both", "terms")).save(tmp_path)
    assert Settings.load(tmp_path).export == ("audit", "both", "terms")
    (tmp_path / "settings.json").write_text('{"export": ["court", 7], "lang": "zh"}')
    assert Settings.load(tmp_path) == Settings(lang="zh")


# ---- several cases


def rows(number: int) -> list[Row]:
    return [Row(f"146225974{n},id{n}", Stage.KEPT, f"FR-2026-{n:05}", biz_no=f"no{n}") for n in range(number)]


def all_ticked(model: CasesModel) -> Qt.CheckState:
    return model.shown


def test_what_is_ticked_stays_so_while_a_search_hides_it(qtbot: QtBot) -> None:
    model = CasesModel(lambda row: state_of(row, False, words("en")))
    model.show_rows(rows(6), ["1462259741,id1"])
    model.search("no4")
    assert model.rowCount() == 1
    model.tick_shown(True)
    assert all_ticked(model) == Qt.CheckState.Checked
    model.search("")
    assert model.chosen == ("1462259744,id4", "1462259741,id1")
    assert all_ticked(model) == Qt.CheckState.PartiallyChecked
    model.search("nobody")
    assert model.rowCount() == 0
    assert len(model.chosen) == 2


def test_cases_are_ticked_by_key_and_by_mouse(qtbot: QtBot) -> None:
    sheet = SeveralSheet(words("en"), offers(words("en")), Wish("court", "en"))
    qtbot.addWidget(sheet)
    with qtbot.waitExposed(sheet):
        sheet.show()
    sheet.show_rows([*rows(4), Row("no case yet", Stage.QUEUED)])
    assert sheet.model.rowCount() == 4
    assert not sheet.write.isEnabled()
    sheet.cases.setFocus()
    QTest.keyClick(sheet.cases, Qt.Key.Key_Down)
    QTest.keyClick(sheet.cases, Qt.Key.Key_Space)
    assert len(sheet.model.chosen) == 1
    place = sheet.cases.visualRect(sheet.model.index(3)).center()
    QTest.mouseClick(sheet.cases.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert len(sheet.model.chosen) == 2
    assert sheet.write.text() == "Export 2…"
    QTest.mouseClick(sheet.cases.viewport(), Qt.MouseButton.LeftButton, pos=place)
    sheet.all.click()
    assert len(sheet.model.chosen) == 4
    sheet.all.click()
    assert sheet.model.chosen == ()


def several(window: Window, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> SeveralSheet:
    monkeypatch.setattr(window.sheets, "open_folder", lambda *_: folder)
    window.actions_["export_many"].trigger()
    work = desk_of(window).several
    assert work is not None
    assert work.sheet is not None
    sheet = work.sheet
    qtbot.waitUntil(lambda: sheet.model.rowCount() > 0)
    return sheet


def test_several_cases_go_into_a_folder_of_their_own(
    window: Window, qtbot: QtBot, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = several(window, qtbot, tmp_path, monkeypatch)
    assert sheet.model.chosen == (simulator.ids[1],), "the case on show is ticked, and no other"
    sheet.all.click()
    sheet.write.click()
    assert sheet.running
    assert not sheet.write.isEnabled()
    qtbot.waitUntil(lambda: not sheet.running, timeout=LONG)
    assert "2 copies written" in said(sheet)
    (folder,) = tmp_path.glob("faceid-review-*")
    sums = [line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    assert len(sums) == 2
    for sha256, name in sums:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256
    table = list(csv.DictReader(io.StringIO((folder / "index.csv").read_text("utf-8-sig"))))
    assert {line["biz_id"].lstrip("'") for line in table} == set(simulator.ids[:2])
    sheet.leave.click()
    qtbot.waitUntil(lambda: desk_of(window).several.sheet is None)  # type: ignore[union-attr]


def test_a_run_that_is_stopped_ends_after_the_case_under_way(
    window: Window, qtbot: QtBot, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(window, qtbot, simulator.ids[2:6])
    kept = session_of(window).casebook.search
    qtbot.waitUntil(lambda: sum(row["stage"] == "kept" for row in kept("")) == 6, timeout=LONG)
    sheet = several(window, qtbot, tmp_path, monkeypatch)
    sheet.all.click()
    assert len(sheet.model.chosen) == 6
    sheet.write.click()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    assert not sheet.leave.isEnabled()
    qtbot.waitUntil(lambda: not sheet.running, timeout=LONG)
    assert "Stopped" in said(sheet)
    written = list(tmp_path.glob("faceid-review-*/*.pdf"))
    assert len(written) < 6, "it went on"
    sheet.reject()


def test_a_case_that_cannot_leave_is_named_and_the_others_are_written(
    window: Window, qtbot: QtBot, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = several(window, qtbot, tmp_path, monkeypatch)
    known = [Row.of(row) for row in session_of(window).casebook.search("")]
    gone = Row("1462259741,52b13fb5-8dfb-4537-a62b-a641d5e929f9", Stage.KEPT, "FR-2026-09999")
    sheet.show_rows([*known, gone], [*(row.biz_id for row in known), gone.biz_id])
    sheet.write.click()
    qtbot.waitUntil(lambda: not sheet.running, timeout=LONG)
    assert "2 copies written" in said(sheet)
    assert "1 not written" in said(sheet)
    sheet.reject()


@pytest.mark.parametrize("several_cases", [False, True])
def test_the_window_can_be_closed_over_an_open_sheet(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, several_cases: bool
) -> None:
    if several_cases:
        sheet = several(window, qtbot, tmp_path, monkeypatch)
        sheet.all.click()
        sheet.write.click()
    else:
        window.actions_["export_as"].trigger()
    window.close()
    qtbot.waitUntil(partial(hidden, window), timeout=LONG)
    assert desk_of(window).work is None, "the vault stays open"
    assert not list(tmp_path.rglob(".*.new")), "half a file"


# ---- the check


@pytest.fixture
def checking(open_window: Callable[..., Window], qtbot: QtBot) -> tuple[Window, VerifyWindow]:
    """The window that checks, with no vault behind it."""
    window = open_window(None, home="nothing")
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.front.welcome, timeout=LONG)
    window.actions_["verify"].trigger()
    shown = desk_of(window).verifying.shown
    assert shown is not None
    assert shown.isVisible()
    return window, shown


def told(shown: VerifyWindow) -> bool:
    return shown.again.isEnabled()


def test_a_snapshot_is_checked_without_any_vault(
    checking: tuple[Window, VerifyWindow], qtbot: QtBot, printed: bytes, tmp_path: Path
) -> None:
    window, shown = checking
    path = tmp_path / "<b>case.pdf"
    path.write_bytes(printed)
    shown.take(path)
    qtbot.waitUntil(lambda: told(shown), timeout=LONG)
    verdict = verify.verify(printed)
    assert shown.drop.text() == "<b>case.pdf"
    for sentence in verdict.sentences(words("en")):
        assert sentence in said(shown)
    assert "Unaltered" in said(shown)
    shown.take_key(str(verdict.signer))
    qtbot.waitUntil(lambda: words("en")("signing.verdict.same", fingerprint=verdict.signer) in said(shown))
    shown.key.set_text("0" * 64)
    shown.again.click()
    qtbot.waitUntil(lambda: "Not as it was signed" in said(shown), timeout=LONG)
    shown.key.set_text("no fingerprint")
    assert not shown.again.isEnabled()
    assert "64" in shown.key.remark.text
    desk_of(window).speak("zh")
    qtbot.waitUntil(lambda: "核验项目" in said(shown))


def test_an_altered_file_is_told_first_and_nothing_is_proven(
    checking: tuple[Window, VerifyWindow], qtbot: QtBot, printed: bytes, tmp_path: Path
) -> None:
    _, shown = checking
    altered = bytearray(printed)
    altered[len(altered) // 3] ^= 1
    path = tmp_path / "altered.pdf"
    path.write_bytes(altered)
    shown.take(path)
    qtbot.waitUntil(lambda: told(shown), timeout=LONG)
    assert words("en")("signing.verdict.bad") in said(shown)
    assert words("en")("signing.proves.unaltered") not in said(shown)
    assert words("en")("signing.not_proven.person") in said(shown)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"\xff" * 5000])
def test_a_file_that_is_no_snapshot_is_told(
    checking: tuple[Window, VerifyWindow], qtbot: QtBot, tmp_path: Path, data: bytes
) -> None:
    _, shown = checking
    path = tmp_path / "x.pdf"
    path.write_bytes(data)
    shown.take(path)
    qtbot.waitUntil(lambda: told(shown), timeout=LONG)
    assert "No valid signature over the whole file" in said(shown)
    shown.take(tmp_path / "gone.pdf")
    qtbot.waitUntil(lambda: "cannot be read" in said(shown), timeout=LONG)


def test_files_are_dropped_one_at_a_time_and_never_from_the_web(
    checking: tuple[Window, VerifyWindow], qtbot: QtBot, printed: bytes, tmp_path: Path
) -> None:
    _, shown = checking
    paths = [tmp_path / name for name in ("a.pdf", "b.pdf")]
    for path in paths:
        path.write_bytes(printed)

    def drop(*urls: QUrl) -> None:
        mime = QMimeData()
        mime.setUrls(list(urls))
        action, buttons, keys = (
            Qt.DropAction.CopyAction,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        shown.dropEvent(QDropEvent(QPointF(QPoint(9, 9)), action, mime, buttons, keys))

    drop(*(QUrl.fromLocalFile(str(path)) for path in paths))
    assert "one file" in said(shown)
    drop(QUrl("https://example.org/x.pdf"))
    assert "not opened" in said(shown)
    drop(QUrl.fromLocalFile(str(paths[0])))
    qtbot.waitUntil(lambda: told(shown), timeout=LONG)
    assert shown.drop.text() == "a.pdf"


def test_a_key_is_read_from_a_file(
    checking: tuple[Window, VerifyWindow],
    qtbot: QtBot,
    printed: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window, shown = checking
    fingerprint = str(verify.verify(printed).signer)
    path = tmp_path / "key.txt"
    path.write_text(":".join(fingerprint[n : n + 2].upper() for n in range(0, 64, 2)))
    monkeypatch.setattr(window.sheets, "open_paths", lambda *_: [path])
    shown.key_file.click()
    qtbot.waitUntil(lambda: shown.key.value == fingerprint)
    path.write_text("nothing of the kind")
    shown.key_file.click()
    qtbot.waitUntil(lambda: "neither" in said(shown))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_finding_refers_to_another_and_none_counts_nothing(lang: str) -> None:
    w = words(lang)
    none = Finding("attachments", True, {"n": 0}).text(w)
    assert "0" not in none
    assert none == w("signing.found.attachments_none")
    assert "signer" not in Finding("manifest_signed", True, {"code": "1d67"}).text(w)
    assert "that key" not in Finding("manifest_signed", True, {"code": "1d67"}).text(w)
    assert "27" in Finding("chain", True, {"count": 27, "head": "ab"}).text(w)

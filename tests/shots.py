"""Pictures of the window for docs/: ``make shots``. Drives the practice vault offscreen and grabs what it shows."""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QEventLoop, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QScrollArea

from faceid_review.desk import application, theme
from faceid_review.desk.again_sheet import Again, AgainSheet
from faceid_review.desk.desk import Desk
from faceid_review.desk.importing.offered import Offered
from faceid_review.desk.importing.wording import Phase
from faceid_review.desk.key_sheet import KeySheet, keys_of
from faceid_review.desk.photos.alteration import Alteration
from faceid_review.desk.photos.compare import Mode
from faceid_review.desk.photos.pane import PhotosPane
from faceid_review.desk.verdict.liveness_timeline import LivenessTimeline
from faceid_review.desk.verdict.section import Section
from faceid_review.desk.verdict.text import Passage
from faceid_review.desk.window import Window
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.i18n import words
from faceid_review.review.case import Stage
from faceid_review.review.judging import Step
from faceid_review.session import DeskOptions

FOLDER = Path(__file__).parent.parent / "docs" / "shots"
SIZES = (QSize(1440, 900), QSize(1024, 640))


def until(true: Callable[[], bool], most_s: int = 30) -> None:
    """Let the window work until something is true."""
    loop, late = QEventLoop(), QTimer()
    late.setSingleShot(True)
    late.timeout.connect(loop.quit)
    late.start(most_s * 1000)
    look = QTimer()
    look.timeout.connect(lambda: loop.quit() if true() else None)
    look.start(20)
    loop.exec()
    if not true():
        sys.exit("shots: the window did not get there")


def grab(window: Window, name: str, size: QSize, tag: str) -> None:
    """Save one picture."""
    small = f".{size.width()}" if size.width() != SIZES[0].width() else ""
    window.resize(size)
    until(lambda: window.size() == size)
    QApplication.processEvents()
    window.grab().save(str(FOLDER / f"{name}-{tag}{small}.png"))


def on_show(window: Window, biz_id: str) -> bool:
    """Whether this case is the one on show."""
    return window.case.case is not None and window.case.case.biz_id == biz_id


def fetch(window: Window, ids: Sequence[str]) -> None:
    """Paste these and press Fetch."""
    window.actions_["fetch"].trigger()
    window.fetch.set_text("\n".join(ids))
    until(
        lambda: (
            window.fetch.fetch_action.isEnabled() and window.fetch.fetch_action.text().endswith(str(len(ids)))
        )
    )
    window.fetch.fetch_action.trigger()


def open_questions(window: Window, simulator: Simulator, lang: str, tag: str) -> None:
    """A batch that is paused, an outcome that is unknown, a refusal, a second attempt, and the two sheets."""
    desk = window.findChild(Desk)
    assert desk is not None
    unknown, refused, *rest = simulator.fresh_ids(14)
    simulator.behave(unknown, Behaviour.close().unspent().for_requests(1))
    simulator.behave(refused, Behaviour.error("RESULT_NOT_FOUND"))
    fetch(window, [unknown, refused])
    until(lambda: simulator.count(unknown) + simulator.count(refused) == 2 and not desk.busy)
    for name, biz_id in (("unknown", unknown), ("refused", refused)):
        window.queue.open_wanted.emit(biz_id)
        until(partial(on_show, window, biz_id))
        for size in SIZES:
            grab(window, name, size, tag)
    case = window.case.case
    assert case is not None
    accounts = [
        ("prod-onboarding", "8f3c…41d0", "https://api.megvii.com"),
        ("branch", "77aa…02ef", "https://b"),
    ]
    sheet = AgainSheet(words(lang), case, accounts, window)
    sheet.reason.setPlainText(
        {"en": "The other account made this session.", "zh": "该会话由另一账户创建。"}[lang]
    )
    picture(sheet, "again", tag)
    picture(KeySheet(words(lang), keys_of(window.case.photos.side, window, words(lang)("keys.window")), window),
            "keys", tag)  # fmt: skip
    window.sheets.ask_again = lambda *_: Again(sheet.wish.reason, "practice")  # type: ignore[method-assign]
    window.queue.open_wanted.emit(unknown)
    until(partial(on_show, window, unknown))
    window.actions_["again"].trigger()
    until(lambda: simulator.count(unknown) == 2 and not desk.busy and len(attempts(window)) == 2)
    until(lambda: window.case.pictures_read)
    window.case.verdict.findChildren(QScrollArea)[0].verticalScrollBar().setValue(0)
    grab(window, "attempts", SIZES[0], tag)
    for biz_id in rest:
        simulator.behave(biz_id, Behaviour.hang())
    fetch(window, rest)
    until(lambda: sum(simulator.count(biz_id) for biz_id in rest) == 2)
    window.fetch.pause_action.trigger()
    for size in SIZES:
        grab(window, "paused", size, tag)
    window.fetch.stop_action.trigger()
    simulator.release()
    until(lambda: not desk.busy)


def callback(simulator: Simulator, biz_id: str, *, changed: bool = False) -> bytes:
    """A notify_url body as the customer's server got it; ``changed``: as a program wrote it anew."""
    answer = json.loads(simulator.session(biz_id).body(None))
    del answer["images"]
    data = json.dumps(answer)
    sign = hashlib.sha1((simulator.api_secret + data).encode()).hexdigest()
    if changed:
        data = json.dumps(answer, indent=1, sort_keys=True)
    return urlencode({"data": data, "sign": sign}).encode()


def saved_files(simulator: Simulator, kept: str, folder: Path) -> tuple[str, str]:
    """What a customer's back end may hold; gives the id of a new answer and that of a callback."""
    new, first, second, third = simulator.fresh_ids(4)

    def body(biz_id: str) -> bytes:
        session = simulator.session(biz_id)
        return session.body(session.pictures(2))

    other = json.loads(body(kept))
    other["liveness_result"]["version"] = "MegLive 2.4.1L"
    other["biz_extra_data"] = "counter 7"
    files = {
        "case-3.json": body(new),
        "2016-05 answers.jsonl": body(first) + b"\n" + body(second),
        "notify_url.txt": callback(simulator, third),
        "from-the-log.txt": callback(simulator, new, changed=True),
        "second-copy.json": json.dumps(other).encode(),
        "kept-before.json": body(kept),
        "holiday.jpg": simulator.session(new).pictures(1)["image_best"],  # type: ignore[index]
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return new, third


def import_files(window: Window, simulator: Simulator, tag: str) -> None:
    """The import page: empty, a preview, a result; then a case with two sources, and one with only a callback."""
    kept = simulator.ids[1]
    window.actions_["import"].trigger()
    for size in SIZES:
        grab(window, "import-empty", size, tag)
    with tempfile.TemporaryDirectory() as folder:
        _, waiting = saved_files(simulator, kept, Path(folder))
        window.importing.offered.emit(Offered(tuple(sorted(Path(folder).iterdir()))))
        until(lambda: window.importing.phase is Phase.FOUND)
        for size in SIZES:
            grab(window, "import-preview", size, tag)
        window.importing.start_action.trigger()
        until(lambda: window.importing.phase is Phase.DONE)
        for size in SIZES:
            grab(window, "import-done", size, tag)
    for name, biz_id, section in (("sources", kept, "source_"), ("callback", waiting, "only_callback")):
        window.importing.open_wanted.emit(biz_id)
        until(partial(on_show, window, biz_id))
        for size in SIZES:
            window.resize(size)
            until(partial(section_shown, window, section))
            grab(window, f"import-{name}", size, tag)


def section_shown(window: Window, name: str) -> bool:
    """Whether the verdict has a section of this name and its comparison; brings it into view."""
    verdict = window.case.verdict
    found = next((s for s in verdict.findChildren(Section) if s.objectName().startswith(name)), None)
    if found is None or (name == "source_" and not found.findChildren(Passage)):
        return False
    QApplication.processEvents()
    verdict.findChildren(QScrollArea)[0].verticalScrollBar().setValue(found.y())
    return name != "source_" or any("/" in p.text() for p in found.findChildren(QLabel))


def explained(window: Window, simulator: Simulator, tag: str) -> None:
    """A verify error, an answer with unknown fields and hostile text, and the answer as it was sent."""
    desk = window.findChild(Desk)
    assert desk is not None
    ids = simulator.fresh_ids(2)
    for biz_id, name in zip(ids, ("verify-error", "unknown-fields"), strict=True):
        session = simulator.session(simulator.ids[1])
        answer = {**json.loads(session.body(session.pictures(2))), "biz_id": biz_id}
        if name == "verify-error":
            answer["verify_result"] = {"error": "NO_FACE_FOUND: data_source"}
        else:
            answer["biz_extra_data"] = "<b>PASS</b><img src=file:///a>"
            answer["verify_result"]["id_exceptions"] = {"id_attacked": 1, "id_photo_monochrome": 0}
            answer |= {"device_risk": {"level": "B", "score": 0.5}, "scene_id": "counter/7"}
        simulator.behave(biz_id, Behaviour.answer(json.dumps(answer).encode()))
        fetch(window, [biz_id])
        until(lambda: not desk.busy)
        window.queue.open_wanted.emit(biz_id)
        until(partial(on_show, window, biz_id))
        until(lambda: window.case.pictures_read)
        until(lambda: window.case.verdict.findChild(LivenessTimeline) is not None)
        for size in SIZES:
            grab(window, name, size, tag)
    window.case.show_in_raw("/verify_result/id_exceptions/id_attacked")
    until(lambda: window.case.raw.pointer.text().endswith("id_attacked"))
    for size in SIZES:
        grab(window, "raw", size, tag)
    window.case.evidence.choose("verdict")


def looking(window: Window, tag: str) -> None:
    """Two photographs side by side, aligned at the eyes; blinking where both lie; the loupe; an altered view."""
    pane = window.case.photos
    window.resize(SIZES[0])
    pane.setFocus()
    keys(pane, "Shift+2", "A")
    for side, eyes in zip(
        pane.compare.sides, (((193, 218), (282, 213)), ((197, 232), (286, 228))), strict=True
    ):
        for x, y in eyes:
            at = side.position_of(QPointF(x, y)).toPoint()
            QTest.mouseClick(side.viewport(), Qt.MouseButton.LeftButton, pos=at)
    keys(pane, "+")
    for size in SIZES:
        grab(window, "compare", size, tag)
    window.resize(SIZES[0])
    keys(pane, "Z")
    pane.compare.set_mode(Mode.BLINK)
    pane.compare.hold_other(True)
    grab(window, "blink", SIZES[0], tag)
    pane.compare.hold_other(False)
    keys(pane, "W")
    grab(window, "swipe", SIZES[0], tag)
    keys(pane, "C", "L", "G")
    grab(window, "loupe", SIZES[0], tag)
    keys(pane, "Esc", "M", "E")
    pane.panel.altered.emit(Alteration(mirrored=True, brightness=10, contrast=25, gamma=130))
    for size in SIZES:
        grab(window, "altered", size, tag)
    keys(pane, "E", "Esc", "C")


def keys(pane: PhotosPane, *names: str) -> None:
    """Press these keys on the stage."""
    for name in names:
        key = QKeySequence(name)[0]  # type: ignore[index]  # it is
        QTest.keyClick(pane.side, key.key(), key.keyboardModifiers())
        QApplication.processEvents()


def judged(window: Window, simulator: Simulator, tag: str) -> None:
    """The bar with a choice, the review sheet, the ten seconds, a sealed round, a dispute, history, filters, blind."""
    desk = window.findChild(Desk)
    assert desk is not None
    assert desk.judging is not None
    assert desk.disputing is not None
    assert desk.listing is not None
    assert desk.work is not None
    judging, session, biz_id = desk.judging, desk.work.session, simulator.ids[3]
    case_page = window.case
    window.queue.open_wanted.emit(biz_id)
    until(lambda: on_show(window, biz_id) and case_page.note.field.isEnabled() and case_page.pictures_read)
    case_page.bar.steps.take(Step.INCONCLUSIVE)
    case_page.note.field.insertPlainText("Brow shape not comparable in @E1; light from the right.")
    for size in SIZES:
        grab(window, "judgement", size, tag)
    judging.propose()
    sheet = judging.sheet
    assert sheet is not None
    sheet.outcomes.choose("inconclusive")
    sheet.reason.choose("POOR_PICTURES")
    sheet.reason.activated.emit(sheet.reason.currentIndex())
    QApplication.processEvents()
    sheet.grab().save(str(FOLDER / f"review-{tag}.png"))
    sheet.seal.click()
    for size in SIZES:
        grab(window, "undo", size, tag)
    judging.ten_seconds.cut_short()
    until(lambda: case_page.case is not None and case_page.case.work.sealed)
    session.review.open_dispute([biz_id], who="Zhang Wei", channel="letter", grounds="It was I.",
                                deadline=datetime.now().astimezone().date() + timedelta(days=6))  # fmt: skip
    desk.work.open_again(biz_id)
    until(lambda: case_page.case is not None and case_page.case.work.dispute is not None)
    desk.listing.read()
    for name in ("dispute", "history"):
        case_page.evidence.choose(name)
        for size in SIZES:
            grab(window, name, size, tag)
    case_page.evidence.choose("verdict")
    desk.listing.choose_filters()
    until(lambda: desk.listing is not None and desk.listing.sheet is not None)
    assert desk.listing.sheet is not None
    desk.listing.sheet.grab().save(str(FOLDER / f"filter-{tag}.png"))
    desk.listing.sheet.reject()
    session.casebook.blind = True
    window.queue.go_blind(True)
    window.queue.open_wanted.emit(simulator.ids[4])
    until(
        lambda: (
            on_show(window, simulator.ids[4]) and case_page.note.field.isEnabled() and case_page.pictures_read
        )
    )
    for size in SIZES:
        grab(window, "blind", size, tag)
    session.casebook.blind = False
    window.queue.go_blind(False)


def attempts(window: Window) -> Sequence[object]:
    """How often the case on show was asked for, once the last time is over."""
    case = window.case.case
    return case.attempts if case and case.stage is Stage.KEPT else ()


def picture(sheet: QDialog, name: str, tag: str) -> None:
    """Save a picture of a sheet."""
    sheet.show()
    QApplication.processEvents()
    sheet.grab().save(str(FOLDER / f"{name}-{tag}.png"))
    sheet.close()


def run(lang: str, dress: str) -> None:
    """One language in one dress: the fetch page, each case of the demo, the first run."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.choose(app, dress)
    tag = f"{dress}.{lang}"
    with Simulator(ids=5) as simulator, tempfile.TemporaryDirectory() as home:
        window = application.build(DeskOptions(Path(home) / "practice", lang, "practice", simulator), lang)
        window.resize(SIZES[0])
        window.show()
        until(window.fetch.fetch_action.isEnabled)
        for size in SIZES:
            grab(window, "fetch", size, tag)
        window.fetch.fetch_action.trigger()
        until(lambda: len(simulator.requests) == 5 and window.case.case is not None)
        desk = window.findChild(Desk)
        until(lambda: desk is not None and not desk.busy)
        for name, place in (("main", 1), ("failure", 2)):
            biz_id = simulator.ids[place]
            window.queue.open_wanted.emit(biz_id)
            until(partial(on_show, window, biz_id))
            until(lambda: window.case.pictures_read)
            for size in SIZES:
                grab(window, name, size, tag)
            if name == "main":
                looking(window, tag)
                from tests import shots_exporting

                shots_exporting.exporting(window, tag)
        window.actions_["accounts"].trigger()
        grab(window, "accounts", SIZES[0], tag)
        import_files(window, simulator, tag)
        explained(window, simulator, tag)
        judged(window, simulator, tag)
        open_questions(window, simulator, lang, tag)
        window.close()
    with tempfile.TemporaryDirectory() as home:
        window = application.build(DeskOptions(Path(home) / "vault", lang), lang)
        window.resize(SIZES[0])
        window.show()
        until(lambda: window.pages.currentWidget() is window.front.welcome)
        for size in SIZES:
            grab(window, "first-run", size, tag)
        window.close()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    application_ = QApplication([])
    theme.dress(application_)
    for one in ("en", "zh"):
        for kind in ("light", "dark"):
            run(one, kind)
    taken = list(FOLDER.glob("*.png"))
    for path in taken:
        # 256 colours: a quarter of the size, and git keeps some of them for ever (.gitignore says which).
        with Image.open(path) as image:
            fewer = image.convert("RGB").quantize(
                256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
            )
        fewer.save(path, optimize=True)
    print(f"{len(taken)} pictures in docs/shots")

"""The photographs pane: what it shows of a case, how it moves over a picture, and by which keys."""

import base64
import gc
import hashlib
import io
import json
import math
import os
import random
import re
import subprocess
import sys
import weakref
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk import palette
from faceid_review.desk.photos import exhibit as places
from faceid_review.desk.photos.pane import LOW, PhotosPane
from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.photos.stage import LARGEST, SMALLEST, Side, View
from faceid_review.faceid import photograph
from faceid_review.faceid.photograph import Examined, Pixels, Status
from faceid_review.i18n import words
from faceid_review.review.case import Case, Stage, fold
from faceid_review.vault.entry import Entry

BIZ_ID = "1462259748,52b13fb5-8dfb-4537-a62b-a641d5e929f1"
OTHER_ID = "1462251034,4d19c2f0-77ab-4e0e-9c3f-5b1c8a20de64"
LOG = "1462259749\n0:A\n2596:M\n3862:E\n8148:P\n9446:O\n"
FOUR = ("image_best", "image_action1", "image_action2", "image_action3")
EN, ZH = words("en"), words("zh")


def jpeg(seed: int = 0, size: tuple[int, int] = (48, 64), **options: object) -> bytes:
    """A JPEG of coloured noise; another one for each seed."""
    noise = Image.frombytes("RGB", size, random.Random(seed).randbytes(3 * size[0] * size[1]))
    file = io.BytesIO()
    noise.save(file, "JPEG", **options)
    return file.getvalue()


def pixels(width: int = 480, height: int = 640, seed: int = 1) -> Examined:
    """A sound picture whose every pixel is known."""
    rgb = random.Random(seed).randbytes(3 * width * height)
    return Examined(Status.OK, width, height, Pixels(width, height, rgb, turned=False))


def pixel(examined: Examined, x: int, y: int) -> QColor:
    assert examined.pixels
    at = 3 * (y * examined.pixels.width + x)
    return QColor(*examined.pixels.rgb[at : at + 3])


def case(
    images: Mapping[str, bytes | str] | None,
    *,
    biz_id: str = BIZ_ID,
    act: str = "answer",
    ended: str = "length",
    status: int = 200,
    body: bytes | None = None,
    log: str = LOG,
    **extra: object,
) -> Case:
    """A case as the ledger tells it. Pictures are bytes, or text to be sent as it is."""
    sent = {
        role: value
        if isinstance(value, str)
        else "data:image/jpeg;base64," + base64.b64encode(value).decode()
        for role, value in (images or {}).items()
    }
    answer = {"biz_id": biz_id, "images": sent or None, "liveness_result": {"result": "success", "log": log}}
    at = datetime(2016, 5, 3, 7, 16, 3, tzinfo=UTC)
    entries = [
        Entry(1, at, "Lin", "queued", biz_id, {"case": "C-1", "account": "office"}, None, b""),
        Entry(2, at, "Lin", "armed", biz_id, {"attempt": 1, "account": "office"}, None, b""),
    ]
    came = json.dumps(answer | extra).encode() if body is None else body
    facts: dict[str, object] = {"attempt": 1}
    if act == "answer":
        facts |= {"account": "office", "status": status, "ended": ended, "headers": []}
        facts |= {"bytes": len(came), "sha256": hashlib.sha256(came).hexdigest()}
    if act:
        entries.append(Entry(3, at, "Lin", act, biz_id, facts, None, b""))
    return fold(entries, {3: came})


def four(biz_id: str = BIZ_ID) -> Case:
    return case({role: jpeg(n) for n, role in enumerate(FOUR)}, biz_id=biz_id)


@pytest.fixture
def pane(qtbot: QtBot) -> Iterator[PhotosPane]:
    """The pane at its size of 1440 x 900, in a window that leaves it alone, with the focus."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    palette.apply(app, palette.LIGHT)
    window = QWidget()
    window.resize(900, 900)
    pane = PhotosPane(EN, window)
    pane.resize(776, 740)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    pane.setFocus()
    assert QApplication.focusWidget() is pane.side
    yield pane
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents()


@pytest.fixture
def opened(pane: PhotosPane) -> PhotosPane:
    """The pane with four sound pictures, all decoded."""
    pane.show_case(four())
    for n, role in enumerate(FOUR):
        pane.show_pixels(role, pixels(seed=n))
    return pane


def click(target: QWidget, key: str) -> None:
    combination = QKeySequence(key)[0]  # type: ignore[index]  # it is
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())


def press(pane: PhotosPane, key: str) -> None:
    click(pane.side, key)


def wheel(side: Side, at: QPointF, notches: float) -> None:
    turn = QPoint(0, round(120 * notches))
    nothing, still = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        at, side.mapToGlobal(at), QPoint(), turn, nothing, still, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(side.viewport(), event)


def shown(side: Side) -> QImage:
    return side.grab().toImage()


# What is shown


def test_the_best_picture_comes_first_with_its_facts(opened: PhotosPane) -> None:
    best = four().photographs[0]
    assert opened.active == "image_best"
    label = opened.caption.label
    assert (label.key, label.number, label.name, label.field) == (
        "1",
        "E1",
        "Best live picture",
        "image_best",
    )
    assert label.active == "Active"
    assert "480 × 640" in label.facts
    assert f"{len(best.data):,}".replace(",", "\u202f") + " bytes" in label.facts
    local = datetime(2016, 5, 3, 7, 16, 3, tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    assert f"Vendor, kept {local}" in label.facts
    assert label.sha256.replace(" ", "") == f"SHA-256{best.sha256}"
    assert best.sha256 in opened.caption.toolTip()
    assert best.sha256 in opened.caption.accessibleDescription()
    assert "/images/image_best" in opened.caption.toolTip()


def test_a_screen_reader_hears_which_exhibit_it_is(opened: PhotosPane) -> None:
    start = four().photographs[0].sha256[:4]
    said = f"Exhibit E1, best live picture, image_best, 480 by 640, SHA-256 begins {start}"
    assert opened.side.accessibleName() == f"Stage: {said}"
    assert opened.strip.places["image_best"].accessibleName() == said
    assert opened.caption.accessibleName() == said
    assert opened.side.accessibleDescription().endswith("per cent, smoothed")


def test_inferred_actions_say_so(opened: PhotosPane) -> None:
    assert opened.strip.places["image_action1"].ticket.lines == ("Mouth", "action1", "inferred")
    opened.choose("image_action2")
    assert opened.caption.label.name == "Action 2, eyes (inferred)"


def test_without_a_log_no_action_is_guessed(pane: PhotosPane) -> None:
    pane.show_case(case({"image_best": jpeg(), "image_action1": jpeg(1)}, log=""))
    assert pane.strip.places["image_action1"].ticket.lines == ("Action 1", "action1")


def test_an_absent_picture_keeps_its_place(pane: PhotosPane) -> None:
    pane.show_case(case({"image_best": jpeg()}))
    tickets = {role: place.ticket for role, place in pane.strip.places.items()}
    assert list(tickets) == ["our_reference", *FOUR]
    assert tickets["image_action2"].lines == ("action2", "not returned")
    assert tickets["image_action2"].number == ""
    assert tickets["our_reference"].lines == ("Reference", "Attach…")
    assert pane.strip.places["image_action2"].accessibleName().endswith("image_action2, not returned")
    press(pane, "3")
    assert pane.active == "image_action2"
    assert "Not returned" in pane.side.describe()
    assert "not returned" in pane.side.accessibleName()
    assert pane.caption.label.state == "not returned"


def test_a_place_the_log_lets_one_expect_stays_empty_in_sight(pane: PhotosPane) -> None:
    pane.show_case(case({"image_best": jpeg()}, log="1462259749\n0:A\n1:M\n2:E\n3:P\n4:Y\n"))
    assert "image_action4" in pane.strip.places


def test_more_actions_than_usual_get_places_and_keys_while_digits_last(pane: PhotosPane) -> None:
    pane.show_case(case({"image_best": jpeg()} | {f"image_action{n}": jpeg(n) for n in (1, 5, 6)}))
    tickets = [place.ticket for place in pane.strip.places.values()]
    assert [(t.number, t.key) for t in tickets if t.number] == [
        ("E0", "0"), ("E1", "1"), ("E2", "2"), ("E6", "6"), ("E7", ""),
    ]  # fmt: skip
    QApplication.sendPostedEvents()
    press(pane, "6")
    assert pane.active == "image_action5"
    press(pane, "]")
    assert pane.active == "image_action6"
    assert pane.strip.horizontalScrollBar().maximum() > 0
    assert pane.strip.horizontalScrollBar().value() > 0


def test_a_field_nobody_knows_is_shown_as_sent_and_never_as_markup(pane: PhotosPane) -> None:
    pane.show_case(case({"image_best": jpeg(), "<img src=x>\u202e": jpeg(1), "our_reference": jpeg(2)}))
    odd = pane.strip.places["<img src=x>\u202e"]
    assert odd.ticket.lines == ("Other picture", "<img src=x>U+202E")
    assert "<" not in odd.toolTip()
    # No name in an answer may take the place that says: supplied by us.
    assert pane.strip.places["our_reference"].ticket.lines == ("Reference", "Attach…")


def test_an_incomplete_picture_never_looks_whole(pane: PhotosPane) -> None:
    whole = jpeg(3, (480, 640))
    told = case({"image_best": whole[: len(whole) // 2], "image_action1": jpeg(1)})
    pane.show_case(told)
    for picture in told.photographs:
        pane.show_pixels(picture.role, photograph.examine(picture.data, pixels=True), picture.sha256)
    assert pane.side.picture is not None
    assert pane.warning.isVisible()
    assert pane.warning.height() >= 28
    assert "the grey part is missing, not dark" in pane.warning.text
    assert pane.caption.label.state == "Incomplete"
    assert pane.strip.places["image_best"].ticket.flawed
    assert "Incomplete" in pane.side.accessibleName()
    press(pane, "2")
    assert not pane.warning.isVisible()
    assert pane.caption.label.state == ""


@pytest.mark.parametrize(
    ("sent", "state", "said"),
    [
        (b"GIF89a no picture", "Not decodable", "17 bytes"),
        ("%%%", "Not base64", "The field does not hold base64"),
        ("%%%", "Not base64", "3 bytes"),
        (jpeg(4, (8200, 8)), "Too large to open", "8200 × 8"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_words_with_a_reason(
    pane: PhotosPane, sent: bytes | str, state: str, said: str
) -> None:
    pane.show_case(case({"image_best": sent}))
    if isinstance(sent, bytes):
        pane.show_pixels("image_best", photograph.examine(sent, pixels=True))
    assert pane.side.picture is None
    assert state in pane.side.describe()
    assert said in pane.side.describe()
    assert pane.caption.label.state == state
    assert pane.strip.places["image_best"].ticket.lines[-1] == state


def test_an_incomplete_picture_without_any_pixels_does_not_claim_to_be_shown(pane: PhotosPane) -> None:
    pane.show_case(case({"image_best": jpeg()}))
    pane.show_pixels("image_best", Examined(Status.INCOMPLETE, 48, 64))
    assert "Too little of this picture arrived" in pane.side.describe()
    assert not pane.warning.isVisible()


def test_a_turned_picture_says_so(pane: PhotosPane) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = jpeg(5, (64, 48), exif=exif)
    pane.show_case(case({"image_best": sideways}))
    pane.show_pixels("image_best", photograph.examine(sideways, pixels=True))
    assert "EXIF asked for another orientation; shown upright" in pane.caption.label.facts
    assert "64 × 48" in pane.caption.label.facts
    assert pane.side.picture
    assert pane.side.picture.size.toTuple() == (48, 64)


def test_words_stand_in_until_the_pixels_come(pane: PhotosPane, qtbot: QtBot) -> None:
    pane.show_case(four())
    assert pane.side.describe() == "Decoding"
    assert not pane.actions_by_name["photos.zoom_in"].isEnabled()
    QApplication.sendPostedEvents()
    stage = QColor(palette.LIGHT.stage)
    middle = pane.side.rect().adjusted(40, 40, -40, -40)
    empty = pane.side.grab(middle).toImage()
    assert all(empty.pixelColor(x, empty.height() // 2) == stage for x in range(empty.width()))
    # A flash of words at every step through a queue would disturb; they come where decoding takes its time.
    qtbot.waitUntil(lambda: pane.side.grab(middle).toImage() != empty)
    pane.show_pixels("image_best", pixels())
    assert pane.side.describe() == ""
    assert pane.actions_by_name["photos.zoom_in"].isEnabled()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("told", "stage"),
    [
        (case(None, act=""), Stage.ASKING),
        (case(None, act="not_sent"), Stage.NOT_SENT),
        (case(None, act="cancelled"), Stage.CANCELLED),
        (case(None, act="unknown"), Stage.UNKNOWN),
        (case(None, act="purged"), Stage.PURGED),
        (case(None, ended="cut"), Stage.PARTIAL),
        (case(None, body=b"no json"), Stage.KEPT),
        (case(None), Stage.KEPT),
        (case(None, status=400, error_message="RESULT_NOT_FOUND"), Stage.REFUSED),
    ],
)
def test_a_case_without_pictures_says_why(pane: PhotosPane, told: Case, stage: Stage, lang: str) -> None:
    assert told.stage is stage
    pane.speak(words(lang))
    pane.show_case(told)
    assert len(pane.side.describe()) > 12
    assert "photos." not in pane.side.describe()
    assert pane.side.describe() in pane.side.accessibleName()
    assert not pane.actions_by_name["photos.next"].isEnabled()


def test_a_refusal_is_named_and_no_case_is_no_alarm(pane: PhotosPane) -> None:
    pane.show_case(case(None, status=400, error_message="RESULT_NOT_FOUND"))
    assert "RESULT_NOT_FOUND" in pane.side.describe()
    pane.show_case(None)
    assert pane.side.describe().startswith("No case is open")
    assert not pane.strip.isVisible()
    assert not pane.caption.isVisible()
    assert pane.active == ""


# Another case, the same case, late pixels


def test_pixels_of_another_picture_are_dropped(pane: PhotosPane) -> None:
    before, now = four(), case({"image_best": jpeg(9)}, biz_id=OTHER_ID)
    pane.show_case(before)
    pane.show_case(now)
    pane.show_pixels("image_best", pixels(), before.photographs[0].sha256)
    assert pane.side.picture is None
    pane.show_pixels("image_best", pixels(), now.photographs[0].sha256)
    assert pane.side.picture is not None


def test_another_case_starts_anew_and_the_same_one_goes_on(opened: PhotosPane) -> None:
    press(opened, "2")
    press(opened, "Shift+Z")
    picture, view = opened.side.picture, opened.side.view
    opened.show_case(four())
    assert (opened.active, opened.side.picture, opened.side.view) == ("image_action1", picture, view)
    opened.show_case(four(OTHER_ID))
    assert opened.active == "image_best"
    assert opened.side.picture is None
    assert opened.side.view.fit


def test_stepping_through_cases_holds_on_to_no_picture_and_makes_no_widget(opened: PhotosPane) -> None:
    best = weakref.ref(opened.side.picture)
    widgets = len(opened.findChildren(QWidget))
    opened.show_case(None)
    gc.collect()
    assert best() is None
    opened.show_case(four(OTHER_ID))
    opened.show_case(four())
    assert len(opened.findChildren(QWidget)) == widgets


def test_stepping_between_pictures_keeps_scale_and_place(opened: PhotosPane) -> None:
    press(opened, "Shift+Z")
    press(opened, "Right")
    view = opened.side.view
    press(opened, "]")
    assert opened.active == "image_action1"
    assert opened.side.view == view


# Keys and hands


@pytest.mark.parametrize(("key", "role"), [("0", "our_reference"), *zip("1234", FOUR, strict=True)])
def test_digits_choose_exhibits(opened: PhotosPane, qtbot: QtBot, key: str, role: str) -> None:
    opened.choose("image_action1" if key != "2" else "image_best")
    with qtbot.waitSignal(opened.active_changed) as told:
        press(opened, key)
    assert told.args == [role]
    assert opened.active == role
    assert [name for name, place in opened.strip.places.items() if place.isChecked()] == [role]


def test_a_digit_without_a_place_does_nothing(opened: PhotosPane) -> None:
    press(opened, "6")
    assert opened.active == "image_best"
    assert not opened.actions_by_name["photos.exhibit6"].isEnabled()


def test_brackets_step_over_empty_places_and_stop_at_the_ends(pane: PhotosPane) -> None:
    pane.show_case(case({"image_best": jpeg(), "image_action3": jpeg(3)}))
    press(pane, "[")
    assert pane.active == "image_best"
    press(pane, "]")
    assert pane.active == "image_action3"
    press(pane, "]")
    assert pane.active == "image_action3"
    press(pane, "[")
    assert pane.active == "image_best"


def test_z_goes_between_fit_and_full(opened: PhotosPane) -> None:
    side = opened.side
    assert side.view.fit
    assert side.view.scale < 1
    assert opened.header.hint.text() == "100 %"
    press(opened, "Z")
    assert side.view.scale == 1
    assert opened.header.zoom.text() == "E1 100 %"
    assert opened.header.sampling.text() == "exact pixels"
    assert opened.header.hint.text() == "fit"
    press(opened, "Z")
    assert side.view.fit
    press(opened, "Shift+Z")
    assert side.view.scale == 2
    opened.header.hint.click()
    assert side.view.fit


def test_fit_shows_all_of_it_and_follows_the_window(opened: PhotosPane) -> None:
    side = opened.side
    for size in ((776, 740), (640, 500), (520, 700)):
        opened.resize(*size)
        QApplication.sendPostedEvents()
        corners = side.position_of(QPointF(0, 0)), side.position_of(QPointF(480, 640))
        assert side.view.fit
        assert corners[0].x() >= 0
        assert corners[0].y() >= 0
        assert corners[1].x() <= side.width()
        assert corners[1].y() <= side.height()
        assert (
            max((corners[1] - corners[0]).x() / side.width(), (corners[1] - corners[0]).y() / side.height())
            > 0.97
        )


def test_the_wheel_zooms_about_the_pointer(opened: PhotosPane) -> None:
    side = opened.side
    at = side.position_of(QPointF(200, 300))
    for notches in (1, 1, 3, 2, -1, -2):
        before = side.view.scale
        wheel(side, at, notches)
        assert (side.view.scale > before) is (notches > 0)
        there = side.position_of(QPointF(200, 300))
        assert (there - at).manhattanLength() < 0.01


def test_keys_zoom_about_the_pointer_where_it_is_over_the_stage(opened: PhotosPane) -> None:
    side = opened.side
    press(opened, "Z")
    at = side.position_of(QPointF(150, 200)).toPoint()
    point = side.point_at(QPointF(at))
    QTest.mouseMove(side.viewport(), at)
    press(opened, "+")
    assert side.view.scale == pytest.approx(1.25)
    assert (side.point_at(QPointF(at)) - point).manhattanLength() < 0.01
    press(opened, "-")
    assert side.view.scale == 1
    QApplication.sendEvent(side, QEvent(QEvent.Type.Leave))
    middle = side.point_at(QPointF(side.rect().center()))
    press(opened, "+")
    assert (side.point_at(QPointF(side.rect().center())) - middle).manhattanLength() < 1


def test_zoom_stays_between_5_and_1600_per_cent(opened: PhotosPane) -> None:
    middle = QPointF(opened.side.rect().center())
    wheel(opened.side, middle, 60)
    assert opened.side.view.scale == 1  # never jumped over
    wheel(opened.side, middle, 60)
    assert opened.side.view.scale == LARGEST
    assert opened.header.zoom.text() == "E1 1600 %"
    press(opened, "+")
    assert opened.side.view.scale == LARGEST
    wheel(opened.side, middle, -60)
    wheel(opened.side, middle, -60)
    assert opened.side.view.scale == SMALLEST


@pytest.mark.parametrize(
    ("key", "dx", "dy"),
    [
        ("Left", -24, 0), ("Right", 24, 0), ("Up", 0, -24), ("Down", 0, 24),
        ("Shift+Left", -120, 0), ("Shift+Right", 120, 0), ("Shift+Up", 0, -120), ("Shift+Down", 0, 120),
    ],
)  # fmt: skip
@pytest.mark.parametrize("focused", ["stage", "strip"])
def test_arrows_always_pan(opened: PhotosPane, key: str, dx: int, dy: int, focused: str) -> None:
    side = opened.side
    press(opened, "Shift+Z")
    target = side if focused == "stage" else opened.strip.places["image_best"]
    target.setFocus()
    before = side.position_of(QPointF(240, 320))
    click(target, key)
    moved = before - side.position_of(QPointF(240, 320))
    assert (moved.x(), moved.y()) == pytest.approx((dx, dy))
    assert opened.active == "image_best"


def test_some_of_the_picture_always_stays_in_the_middle(opened: PhotosPane) -> None:
    for _ in range(40):
        press(opened, "Shift+Right")
    assert opened.side.view.x == 1
    assert opened.side.position_of(QPointF(480, 320)).x() == pytest.approx(opened.side.width() / 2)


def test_dragging_moves_the_picture_with_the_hand(opened: PhotosPane) -> None:
    side = opened.side
    press(opened, "Shift+Z")
    start = side.rect().center()
    point = side.point_at(QPointF(start))
    QTest.mousePress(side.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(side.viewport(), start + QPoint(40, -30))
    assert side.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    QTest.mouseMove(side.viewport(), start + QPoint(-60, 25))
    QTest.mouseRelease(side.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(-60, 25))
    assert (side.point_at(QPointF(start + QPoint(-60, 25))) - point).manhattanLength() < 0.01
    QTest.mouseMove(side.viewport(), start)
    assert (side.point_at(QPointF(start + QPoint(-60, 25))) - point).manhattanLength() < 0.01


def test_a_double_click_goes_between_fit_and_full_in_spite_of_an_unsteady_hand(opened: PhotosPane) -> None:
    side = opened.side
    at = side.position_of(QPointF(100, 150)).toPoint()
    point = side.point_at(QPointF(at))
    QTest.mousePress(side.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(side.viewport(), at + QPoint(1, 1))
    QTest.mouseRelease(side.viewport(), Qt.MouseButton.LeftButton, pos=at + QPoint(1, 1))
    QTest.mouseDClick(side.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert side.view.scale == 1
    assert (side.point_at(QPointF(at)) - point).manhattanLength() < 0.01
    QTest.mouseDClick(side.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert side.view.fit


def test_the_strip_is_chosen_from_by_mouse_and_keyboard(opened: PhotosPane) -> None:
    strip = opened.strip.places
    QTest.mouseClick(strip["image_action2"], Qt.MouseButton.LeftButton)
    assert opened.active == "image_action2"
    QTest.mouseClick(strip["image_action2"], Qt.MouseButton.LeftButton)
    assert strip["image_action2"].isChecked()
    strip["image_action3"].setFocus()
    QTest.keyClick(strip["image_action3"], Qt.Key.Key_Return)
    assert opened.active == "image_action3"
    QTest.keyClick(strip["image_action3"], Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is strip["image_action2"]
    QTest.keyClick(strip["image_action2"], Qt.Key.Key_Space)
    assert opened.active == "image_action2"


def test_tab_reaches_the_stage_and_every_place(opened: PhotosPane) -> None:
    reached = []
    opened.header.hint.setFocus()
    for _ in range(1 + len(opened.strip.places)):
        focused = QApplication.focusWidget()
        assert focused
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert reached == [opened.side, *opened.strip.places.values()]


def test_keys_belong_to_the_pane(opened: PhotosPane) -> None:
    elsewhere = QWidget(opened.parentWidget())
    elsewhere.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    elsewhere.show()
    elsewhere.setFocus()
    QTest.keyClick(elsewhere, Qt.Key.Key_2)
    assert opened.active == "image_best"


def test_every_command_has_a_name_a_text_and_a_key_of_its_own(opened: PhotosPane) -> None:
    actions = opened.actions_by_name
    assert {action.objectName() for action in actions.values()} == set(actions)
    assert all(action.text() and "photos." not in action.text() for action in actions.values())
    keys = [action.shortcut().toString() for action in actions.values()]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    scopes = {action.shortcutContext() for action in actions.values()}
    assert scopes == {Qt.ShortcutContext.WidgetWithChildrenShortcut}
    assert actions["photos.exhibit2"].text() == "E2, Action 1, mouth (inferred)"


# Pixels


def test_at_100_per_cent_every_pixel_is_the_pictures_own(opened: PhotosPane) -> None:
    side, sent = opened.side, pixels(seed=0)
    press(opened, "Z")
    for _ in range(3):
        image = shown(side)
        origin = side.position_of(QPointF(0, 0))
        left, top = round(origin.x()), round(origin.y())
        for x in range(max(3, left), min(side.width() - 3, left + 480), 7):
            for y in range(max(3, top), min(side.height() - 3, top + 640), 7):
                assert image.pixelColor(x, y) == pixel(sent, x - left, y - top)
        side.pan(13.3, -7.7)


@pytest.mark.parametrize("scale", [2.0, 3.0, 16.0])
def test_from_200_per_cent_on_each_pixel_is_a_sharp_block(opened: PhotosPane, scale: float) -> None:
    side, sent = opened.side, pixels(seed=0)
    side.set_view(View(scale, 0.25, 0.75, fit=False))
    image = shown(side)
    checked = 0
    for x in range(0, 480, 3):
        for y in range(0, 640, 3):
            # The pixel that this point lies in: rounded, a stage of odd height would give the one beside it.
            middle = side.position_of(QPointF(x + 0.5, y + 0.5))
            at = QPoint(math.floor(middle.x()), math.floor(middle.y()))
            if side.rect().adjusted(8, 8, -8, -8).contains(at):
                assert image.pixelColor(at) == pixel(sent, x, y)
                checked += 1
    assert checked > 50
    assert opened.header.sampling.text() == "exact pixels"


@pytest.mark.parametrize("scale", [0.5, 0.86, 1.5])
def test_smoothing_is_announced(opened: PhotosPane, scale: float) -> None:
    opened.side.zoom_to(scale)
    assert opened.header.sampling.text() == "smoothed"
    assert opened.side.accessibleDescription() == f"{round(scale * 100)} per cent, smoothed"


@pytest.mark.parametrize("scale", [0.06, 0.3, 0.45])
def test_a_reduction_averages_instead_of_skipping_pixels(pane: PhotosPane, scale: float) -> None:
    # Black and white rows by turns: whoever skips pixels shows one of the two instead of the grey between.
    rows = (bytes(3 * 2400) + b"\xff" * (3 * 2400)) * 1200
    pane.show_case(case({"image_best": jpeg()}))
    pane.show_pixels("image_best", Examined(Status.OK, 2400, 2400, Pixels(2400, 2400, rows, turned=False)))
    pane.side.zoom_to(scale)
    image, middle = shown(pane.side), pane.side.rect().center()
    grey = [image.pixelColor(middle.x() + n, middle.y() + n).red() for n in range(-20, 20)]
    assert min(grey) > 80
    assert max(grey) < 176


def test_a_thin_picture_is_reduced_along_its_length_alone() -> None:
    ramp = b"".join(bytes((n * 255 // 1600,) * 3) for n in range(1600)) * 2
    small = Picture.of(Pixels(1600, 2, ramp, turned=False)).within(QSize(100, 100)).toImage()
    assert small.size().toTuple() == (100, 1)
    assert all(abs(small.pixelColor(x, 0).red() - (x + 0.5) * 2.55) < 3 for x in range(100))


@pytest.mark.parametrize("scale", [0.06, 0.3, 0.7, 1.5, 2.5])
def test_every_point_lies_where_it_is_said_to_lie(pane: PhotosPane, scale: float) -> None:
    side = 2400
    down = Image.linear_gradient("L").resize((side, side))
    ramp = Image.merge("RGB", [down, down.transpose(Image.Transpose.ROTATE_90), down])
    pane.show_case(case({"image_best": jpeg()}))
    told = Examined(Status.OK, side, side, Pixels(side, side, ramp.tobytes(), turned=False))
    pane.show_pixels("image_best", told)
    pane.side.set_view(View(scale, 0.4, 0.6, fit=False))
    image = shown(pane.side)
    for x in range(20, pane.side.width() - 20, 31):
        for y in range(20, pane.side.height() - 20, 31):
            point = pane.side.point_at(QPointF(x + 0.5, y + 0.5))
            if 30 < point.x() < side - 30 and 30 < point.y() < side - 30:
                seen, sent = image.pixelColor(x, y), ramp.getpixel((int(point.x()), int(point.y())))
                assert isinstance(sent, tuple)
                assert abs(seen.red() - sent[0]) <= 3
                assert abs(seen.green() - sent[1]) <= 3


RATIO = """
import sys
import weakref
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QWidget
from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.photos.stage import Side
from tests.desk.test_photos import pixel, pixels
app = QApplication([])
window = QWidget(); window.resize(700, 720)
side = Side(window); side.setGeometry(11, 13, 613, 671); window.show(); app.processEvents()
sent = pixels(seed=0)
side.show_picture(Picture.of(sent.pixels)); side.zoom_to(1.0)
ratio = side.devicePixelRatioF()
image = window.grab().toImage()
corner = side.mapTo(window, side.position_of(QPointF(0, 0))) * ratio
left, top = round(corner.x()), round(corner.y())
same = all(image.pixelColor(left + x, top + y) == pixel(sent, x, y)
           for x in range(40, 440, 9) for y in range(40, 600, 9))
print(ratio, side.view.scale, same)
"""


@pytest.mark.parametrize("ratio", ["1.25", "1.5", "2"])
def test_100_per_cent_is_exact_on_any_screen(ratio: str) -> None:
    root = Path(__file__).parents[2]
    environment = os.environ | {
        "QT_SCALE_FACTOR": ratio,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(root),
    }
    run = subprocess.run(
        [sys.executable, "-c", RATIO], env=environment, cwd=root, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [str(float(ratio)), "1.0", "True"]


# Words, sizes, themes


def test_chinese_and_english_change_over_at_once(opened: PhotosPane) -> None:
    opened.speak(ZH)
    assert opened.header.title.text() == "照片"
    assert opened.header.sampling.text() == "已平滑"
    assert (opened.caption.label.name, opened.caption.label.active) == ("活体最佳图", "当前")
    assert opened.strip.places["image_action1"].ticket.lines == ("张嘴", "action1", "推断")
    assert opened.side.accessibleName().startswith("看片台：证物 E1，活体最佳图，image_best，480 乘 640")
    assert opened.actions_by_name["photos.zoom_in"].text() == "放大"
    opened.speak(EN)
    assert opened.caption.label.name == "Best live picture"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_key_of_the_pane_has_words(lang: str) -> None:
    folder = Path(places.__file__).parent
    source = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    keys = set(re.findall(r"""words(?:\.many)?\(\s*"(photos\.[a-z_.]+)\"""", source))
    keys |= {f"photos.none.{stage.value}" for stage in Stage if stage is not Stage.KEPT}
    keys |= {f"photos.{status.value}" for status in Status if status is not Status.OK}
    keys |= {f"photos.stage.{absent}" for absent in ("none_yet", "not_received", "destroyed")}
    assert len(keys) > 40
    assert [key for key in sorted(keys) if words(lang)(key) == key] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_is_without_a_name(opened: PhotosPane, lang: str) -> None:
    opened.speak(words(lang))
    controls = [
        w
        for w in opened.findChildren(QWidget)
        if w.focusPolicy() != Qt.FocusPolicy.NoFocus and not w.focusProxy() and w.window() is opened.window()
    ]
    assert {"photos.left", "photos.right", "photos.hint", "photos.amount", "photos.gamma"} < {
        control.objectName() for control in controls
    }
    assert [c for c in controls if not (c.accessibleName() and c.objectName())] == []
    assert opened.accessibleName()


def test_a_low_pane_keeps_key_and_number_and_the_caption(opened: PhotosPane) -> None:
    tall = opened.strip.height()
    opened.resize(640, LOW - 1)
    QApplication.sendPostedEvents()
    assert opened.strip.height() < tall
    assert all(place.low and place.terse for place in opened.strip.places.values())
    assert opened.caption.isVisible()
    assert opened.caption.height() >= 40


def test_the_stage_does_not_jump_between_a_picture_and_an_empty_place(opened: PhotosPane) -> None:
    before = opened.side.geometry()
    press(opened, "0")
    QApplication.sendPostedEvents()
    assert opened.side.geometry() == before


def test_doubled_text_still_has_room(opened: PhotosPane) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    usual = app.font()
    double = app.font()
    double.setPointSizeF(2 * usual.pointSizeF())
    header, caption = opened.header.height(), opened.caption.height()
    try:
        app.setFont(double)
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        assert opened.caption.height() > 1.5 * caption
        assert opened.header.height() > header
        assert opened.caption.height() == opened.caption.heightForWidth(opened.caption.width())
    finally:
        app.setFont(usual)


def test_a_change_of_theme_reaches_everything(opened: PhotosPane) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    light = {
        part: part.grab().toImage() for part in (opened.header, opened.side, opened.caption, opened.strip)
    }
    palette.apply(app, palette.DARK)
    try:
        QApplication.processEvents()
        assert all(part.grab().toImage() != before for part, before in light.items())
        assert opened.header.sampling.palette().windowText().color() == QColor(palette.DARK.text2)
    finally:
        palette.apply(app, palette.LIGHT)


def test_the_focus_is_seen(opened: PhotosPane) -> None:
    accent = QColor(palette.LIGHT.accent)
    place = opened.strip.places["image_action1"]
    assert shown(opened.side).pixelColor(1, opened.side.height() // 2) == accent
    place.setFocus()
    assert shown(opened.side).pixelColor(1, opened.side.height() // 2) != accent
    assert place.grab().toImage().pixelColor(place.width() // 2, 1) == accent

"""The stage: fitting and sampling, altered views and what is told of them, loupe and grid, cover, and the keys."""

import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QImage, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsView, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk.actions import Actions
from faceid_review.desk.case_page import CasePage
from faceid_review.desk.photos.alteration import Alteration
from faceid_review.desk.photos.compare import LEFT, RIGHT, Mode
from faceid_review.desk.photos.held_keys import physical_digit
from faceid_review.desk.photos.pane import PhotosPane
from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.photos.view import Tie, View
from faceid_review.desk.queue.pane import QueuePane
from faceid_review.faceid.photograph import Pixels
from faceid_review.i18n import words
from tests.desk.test_photos import (
    EN,
    FOUR,
    OTHER_ID,
    click,
    four,
    opened,
    pane,
    pixels,
    press,
    shown,
    wheel,
)

__all__ = ["opened", "pane"]

NONE, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


# How large, and how sampled


def test_the_stage_is_a_graphics_view_of_its_own_pixels(opened: PhotosPane) -> None:
    side = opened.side
    assert isinstance(side, QGraphicsView)
    assert side.sceneRect().size() == side.viewport().size().toSizeF()
    assert side.mapToScene(QPoint(10, 20)) == QPointF(10, 20)


def test_y_fits_the_width_and_follows_the_window(opened: PhotosPane) -> None:
    press(opened, "Y")
    for width in (776, 600):
        opened.resize(width, 740)
        QApplication.sendPostedEvents()
        side = opened.side
        wide = side.position_of(QPointF(480, 0)).x() - side.position_of(QPointF(0, 0)).x()
        assert wide == pytest.approx(side.width() - 6)
    assert opened.header.hint.text() == "fit"
    press(opened, "Z")
    assert opened.side.view == View(opened.side.view.scale)


def test_u_changes_between_smoothed_and_exact_pixels_and_says_so(opened: PhotosPane) -> None:
    opened.side.zoom_to(1.5)
    assert opened.header.sampling.text() == "smoothed"
    smooth = shown(opened.side)
    press(opened, "U")
    assert opened.header.sampling.text() == "exact pixels"
    assert opened.side.accessibleDescription() == "150 per cent, exact pixels"
    exact = shown(opened.side)
    assert exact != smooth
    at = opened.side.position_of(QPointF(240.5, 320.5)).toPoint()
    sent = pixels(seed=0).pixels
    assert sent
    start = 3 * (320 * 480 + 240)
    assert exact.pixelColor(at) == QColor(*sent.rgb[start : start + 3])
    press(opened, "U")
    assert shown(opened.side) == smooth
    opened.show_case(four(OTHER_ID))
    opened.show_pixels("image_best", pixels())
    opened.side.zoom_to(3.0)
    assert opened.header.sampling.text() == "exact pixels"


def test_a_large_picture_is_sampled_at_once_and_averaged_when_the_hand_rests(
    pane: PhotosPane, qtbot: QtBot
) -> None:
    pane.show_case(four())
    pane.show_pixels("image_best", pixels(2000, 3000))
    pane.side.zoom_to(0.37)
    qtbot.waitUntil(lambda: not pane.side._layer.rough)
    assert pane.side._layer._reduced is not None
    pane.side.pan(10, 10)
    assert not pane.side._layer.rough


# Altered views


def test_r_and_m_turn_what_is_seen_and_leave_the_picture_alone(opened: PhotosPane) -> None:
    original = opened.side.picture
    assert original
    before = original._levels[0].copy()
    press(opened, "R")
    turned = opened.side.picture
    assert turned
    assert turned is not original
    assert turned.original is original
    assert turned.size == QSize(640, 480)
    assert opened.altered.isVisible()
    assert "ALTERED VIEW. E1: turned 90°." in opened.altered.text
    assert opened.altered.height() >= 28
    press(opened, "M")
    assert "turned 90°, mirrored" in opened.altered.text
    press(opened, "Shift+R")
    # As it is seen: a turn back takes the turn away, and leaves it mirrored and upside down.
    assert "turned 180°, mirrored" in opened.altered.text
    assert original._levels[0] == before
    press(opened, "Esc")
    assert opened.side.picture is original
    assert not opened.altered.isVisible()


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_every_point_is_seen_where_its_pixel_is(turns: int, mirrored: bool) -> None:
    size = QSize(5, 3)
    image = QImage(size, QImage.Format.Format_RGB32)
    for x in range(5):
        for y in range(3):
            image.setPixelColor(x, y, QColor(40 * x, 80 * y, 7))
    alteration = Alteration(turns=turns, mirrored=mirrored)
    seen = alteration.of(image)
    assert seen.size() == alteration.size(size)
    for x in range(5):
        for y in range(3):
            at = alteration.seen(QPointF(x + 0.5, y + 0.5), size)
            assert seen.pixelColor(int(at.x()), int(at.y())) == image.pixelColor(x, y)
            assert alteration.own(at, size) == QPointF(x + 0.5, y + 0.5)


@pytest.mark.parametrize("alteration", [Alteration(1, True), Alteration(3), Alteration(2, True)])
def test_turning_is_by_what_is_seen(alteration: Alteration) -> None:
    image = QImage(4, 6, QImage.Format.Format_RGB32)
    for x in range(4):
        for y in range(6):
            image.setPixelColor(x, y, QColor(40 * x, 30 * y, 9))
    assert alteration.turned(1).of(image) == Alteration(1).of(alteration.of(image))
    assert alteration.flipped().of(image) == Alteration(mirrored=True).of(alteration.of(image))
    assert alteration.turned(1).turned(-1) == alteration


def test_tones_are_altered_and_grey_is_grey() -> None:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(QColor(60, 120, 200))
    lighter = Alteration(brightness=20).of(image).pixelColor(1, 1)
    assert (lighter.red(), lighter.green(), lighter.blue()) == (86, 146, 226)
    harder = Alteration(contrast=50).of(image).pixelColor(1, 1)
    assert (harder.red(), harder.blue()) == (0, 255)
    gamma = Alteration(gamma=200).of(image).pixelColor(1, 1)
    assert gamma.red() == round(255 * (60 / 255) ** 0.5)
    grey = Alteration(grey=True, contrast=10).of(image).pixelColor(2, 1)
    assert grey.red() == grey.green() == grey.blue()
    assert Alteration(brightness=20).of(image).format() == QImage.Format.Format_RGB32
    assert image.pixelColor(1, 1) == QColor(60, 120, 200)


def test_the_panel_alters_by_key_and_by_mouse_and_gives_back_the_original(opened: PhotosPane) -> None:
    press(opened, "E")
    assert opened.panel.isVisible()
    slider = QApplication.focusWidget()
    assert slider is not None
    assert slider.objectName() == "photos.brightness"
    for _ in range(3):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    QTest.keyClick(slider, Qt.Key.Key_PageDown)
    assert "brightness" in opened.altered.text
    grey = opened.findChild(QWidget, "photos.grey")
    assert grey
    QTest.mouseClick(grey, Qt.MouseButton.LeftButton)
    assert opened.altered.text.endswith("grey. Original bytes unchanged; Esc shows the original.")
    QTest.mouseClick(opened.panel.original, Qt.MouseButton.LeftButton)
    assert not opened.altered.isVisible()
    assert not opened.panel.original.isEnabled()
    QTest.keyClick(slider, Qt.Key.Key_E)
    assert not opened.panel.isVisible()
    assert QApplication.focusWidget() is opened.side


def test_an_altered_view_is_told_once_the_hand_rests(opened: PhotosPane, qtbot: QtBot) -> None:
    told: list[tuple[str, object]] = []
    opened.view_altered.connect(lambda *facts: told.append(facts))
    best = four().photographs[0]
    with qtbot.waitSignal(opened.view_altered):
        press(opened, "R")
        press(opened, "M")
        press(opened, "R")
    facts = {"role": "image_best", "sha256": best.sha256, "altered": {"mirrored": True}}
    assert told == [(best_case_id(), facts)]
    press(opened, "M")
    # Another case tells what is still untold of this one; the original again is told as nothing altered.
    opened.show_case(four(OTHER_ID))
    assert told[1:] == [(best_case_id(), facts | {"altered": {}})]
    press(opened, "R")
    press(opened, "Shift+R")
    opened.show_case(None)
    assert len(told) == 2


def best_case_id() -> str:
    return str(four().biz_id)


def test_altering_holds_for_one_picture_and_for_one_case(opened: PhotosPane) -> None:
    press(opened, "R")
    press(opened, "]")
    assert not opened.altered.isVisible()
    press(opened, "[")
    assert opened.altered.isVisible()
    opened.show_case(four(OTHER_ID))
    opened.show_case(four())
    opened.show_pixels("image_best", pixels(seed=0))
    assert not opened.altered.isVisible()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_alteration_is_described_in_words(lang: str) -> None:
    said = Alteration(1, True, 10, -20, 130, True).describe(words(lang))
    for figure in ("90°", "+10", "-20", "1.30"):
        assert figure in said
    assert "stage." not in said
    assert Alteration().describe(words(lang)) == ""


# Loupe and grid


def test_the_loupe_follows_the_pointer_and_shows_own_pixels(opened: PhotosPane) -> None:
    side = opened.side
    press(opened, "L")
    QApplication.processEvents()
    assert side.lens == side.middle
    assert f"loupe {round(300 * side.view.scale)} %" in opened.altered.text
    at = side.position_of(QPointF(240, 200)).toPoint()
    QTest.mouseMove(side.viewport(), at)
    assert side.lens == QPointF(at)
    glass = shown(side).pixelColor(at)
    point = side.point_at(QPointF(at))
    sent = pixels(seed=0).pixels
    assert sent
    start = 3 * (int(point.y()) * 480 + int(point.x()))
    assert glass == QColor(*sent.rgb[start : start + 3])
    press(opened, "Esc")
    assert side.lens is None
    assert not opened.altered.isVisible()


def test_the_grid_lies_over_the_picture_and_is_named(opened: PhotosPane) -> None:
    plain = shown(opened.side)
    press(opened, "G")
    assert shown(opened.side) != plain
    assert "grid" in opened.altered.text
    press(opened, "G")
    QApplication.processEvents()
    assert shown(opened.side) == plain
    assert not opened.altered.isVisible()


# Cover


def test_covered_pictures_are_nowhere_until_they_are_revealed(opened: PhotosPane, qtbot: QtBot) -> None:
    press(opened, "C")
    seen = {part: part.grab().toImage() for part in (opened.compare, opened.strip)}
    with qtbot.waitSignal(opened.covered_changed) as told:
        opened.covered = True
    assert told.args == [True]
    assert all(side.picture is None for side in opened.compare.sides)
    assert "Pictures are covered" in opened.side.describe()
    assert "Pictures are covered" in opened.side.accessibleName()
    for part, image in seen.items():
        assert part.grab().toImage() != image
    assert all(place.ticket.covered for role, place in opened.strip.places.items() if role in FOUR)
    press(opened, "L")
    press(opened, "2")
    assert opened.side.picture is None
    opened.show_pixels("image_action1", pixels(seed=1))
    assert opened.side.picture is None
    opened.cover()
    assert opened.side.picture is not None
    press(opened, "1")
    assert opened.strip.grab().toImage() == seen[opened.strip]


def test_a_policy_covers_every_case_anew(opened: PhotosPane) -> None:
    assert not opened.covered
    opened.covers_each_case = True
    opened.show_case(four())
    assert not opened.covered, "the same case, read anew"
    opened.show_case(four(OTHER_ID))
    assert opened.covered
    opened.covered = False
    opened.show_case(four())
    assert opened.covered


def test_one_key_covers_everything_wherever_the_focus_is(page: CasePage) -> None:
    page.photos.show_case(four())
    for where in (page.photos, page.verdict):
        where.setFocus()
        focused = QApplication.focusWidget()
        assert focused
        before = page.photos.covered
        click(focused, "Ctrl+Shift+H")
        assert page.photos.covered is not before


# Keys


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[CasePage]:
    """The page of a case with its actions, in a window with the focus."""
    window = QWidget()
    window.resize(1164, 800)
    page = CasePage(EN, Actions(window), window)
    page.resize(1164, 800)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield page
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents()


def test_letters_that_look_work_beside_the_verdict_too(page: CasePage) -> None:
    page.photos.show_case(four())
    for role in FOUR:
        page.photos.show_pixels(role, pixels())
    page.verdict.setFocus()
    focused = QApplication.focusWidget()
    assert focused
    click(focused, "C")
    assert page.photos.compare.mode is Mode.COMPARE
    click(focused, "2")
    assert page.photos.active == "image_action1"
    click(focused, "Shift+3")
    other = page.photos.hung(LEFT).exhibit
    assert other
    assert other.role == "image_action2"
    QTest.keyPress(focused, Qt.Key.Key_B)
    assert page.photos.compare.other_shown
    QTest.keyRelease(focused, Qt.Key.Key_B)
    assert not page.photos.compare.other_shown


def test_letters_are_dead_while_somebody_types(opened: PhotosPane) -> None:
    line = QLineEdit(opened)
    line.show()
    line.setFocus()
    before = opened.compare.mode, opened.compare.locked, opened.active, opened.side.view
    left = opened.hung(LEFT)
    typed = "cbwostarmelguhyz123[]+-"
    QTest.keyClicks(line, typed)
    for digit in (Qt.Key.Key_2, Qt.Key.Key_At):
        QTest.keyClick(line, digit, SHIFT)
    assert line.text()[: len(typed)] == typed
    assert (opened.compare.mode, opened.compare.locked, opened.active, opened.side.view) == before
    assert opened.hung(LEFT) == left
    assert not opened.altered.isVisible()
    line.deleteLater()


Bound = tuple[QWidget, Qt.ShortcutContext, QKeySequence, str]

TAKEN_FIRST = {("Ctrl+F", "action_search", "raw.find")}
"""Keys that the inner one of two takes for itself, as a text field does, before either shortcut is looked for."""


def keys_in(root: QWidget) -> list[Bound]:
    """Every key of every action and shortcut under ``root``, with the widget it belongs to."""
    found: list[Bound] = []
    for widget in (root, *root.findChildren(QWidget)):
        for action in widget.actions():
            context, name = action.shortcutContext(), action.objectName()
            found += [(widget, context, key, name) for key in action.shortcuts()]
        for shortcut in widget.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly):
            name = shortcut.objectName() or "shortcut"
            found.append((widget, shortcut.context(), shortcut.key(), name))
    return found


def meet(one: Bound, other: Bound) -> bool:
    """Whether both could be meant while some widget has the focus."""
    if one[2] != other[2] or one[3] == other[3]:
        return False
    everywhere = (Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.ApplicationShortcut)
    if one[1] in everywhere or other[1] in everywhere:
        return True
    inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
    return (
        one[0] is other[0]
        or (one[1] is inside and one[0].isAncestorOf(other[0]))
        or (other[1] is inside and other[0].isAncestorOf(one[0]))
    )


def test_no_key_on_the_page_of_a_case_is_ambiguous(page: CasePage, qtbot: QtBot) -> None:
    queue = QueuePane(EN, page.parentWidget())
    window = page.window()
    window.addActions([a for a in window.findChildren(QAction) if a.objectName().startswith("action_")])
    keys = keys_in(window)
    assert len(keys) > 80
    clashes = {
        (one[2].toString(), one[3], other[3])
        for place, one in enumerate(keys)
        for other in keys[place + 1 :]
        if meet(one, other)
    }
    assert clashes <= TAKEN_FIRST
    letters = {"J", "K", "N", "F"}
    mine = {key.toString() for action in page.photos.actions() for key in action.shortcuts()}
    assert not letters & mine, "letters of the queue"
    queue.deleteLater()


def test_every_command_of_the_pane_has_a_key_and_words_in_both_languages(opened: PhotosPane) -> None:
    for lang in ("en", "zh"):
        opened.speak(words(lang))
        for action in opened.actions():
            assert action.shortcuts(), action.objectName()
            assert action.text()
            assert not action.text().startswith(("photos.", "stage.", "marks."))


@pytest.mark.skipif(sys.platform == "darwin", reason="its key codes are other ones")
@pytest.mark.parametrize(
    ("key", "modifiers", "scan", "meant"),
    [
        (Qt.Key.Key_2, SHIFT, 0, (2, True)),
        (Qt.Key.Key_At, SHIFT, 0, (2, True)),
        (Qt.Key.Key_2, SHIFT | ALT, 0, (2, True)),
        (Qt.Key.Key_2, NONE, 0, None),
        (Qt.Key.Key_Ampersand, NONE, 2, (1, False)),  # an AZERTY keyboard
        (Qt.Key.Key_1, SHIFT, 2, (1, True)),
        (Qt.Key.Key_ParenRight, SHIFT, 11, (0, True)),
        (Qt.Key.Key_7, SHIFT, 0, None),
        (Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier | SHIFT, 3, None),
        (Qt.Key.Key_2, Qt.KeyboardModifier.KeypadModifier, 80, None),
        (Qt.Key.Key_A, SHIFT, 30, None),
    ],
)
def test_digits_are_known_by_their_place(
    key: Qt.Key, modifiers: Qt.KeyboardModifier, scan: int, meant: tuple[int, bool] | None
) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers, scan, 0, 0, "")
    assert physical_digit(event) == meant


# Arithmetic


def test_tied_views_keep_points_that_belong_together_together() -> None:
    first, second = QSize(358, 441), QSize(480, 640)
    tie = Tie.of_points((QPointF(100, 150), QPointF(200, 150)), (QPointF(150, 260), QPointF(310, 260)))
    assert tie.ratio == pytest.approx(1.6)
    view = View(2.0, 0.4, 0.3, fit=False)
    other = tie.follow(view, first, second)
    assert other.scale == pytest.approx(1.25)
    assert other.centre(second) == tie.point(view.centre(first))
    back = tie.back().follow(other, second, first)
    assert (back.scale, back.x, back.y) == pytest.approx((view.scale, view.x, view.y))


def test_the_wheel_zooms_by_small_steps_in_both_directions(opened: PhotosPane) -> None:
    side = opened.side
    at = side.position_of(QPointF(240, 320))
    side.zoom_to(2.0)
    scale = side.view.scale
    wheel(side, at, 1)
    wheel(side, at, -1)
    assert side.view.scale == pytest.approx(scale)
    assert opened.compare.active == RIGHT


def test_a_picture_altered_twice_is_altered_from_its_original() -> None:
    whole = Picture.of(Pixels(4, 2, bytes(range(24)), turned=False))
    turned = whole.altered(Alteration(turns=1))
    assert turned.altered(Alteration()) is whole
    assert turned.altered(Alteration(turns=2)).size == whole.size
    assert whole.altered(Alteration()) is whole

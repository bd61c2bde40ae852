"""Two photographs together: side by side, locked, aligned, blinking, swiped, laid over; of one case and of two."""

from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk import palette
from faceid_review.desk.photos.compare import LEFT, RIGHT, Lock, Mode
from faceid_review.desk.photos.layer import Way
from faceid_review.desk.photos.pane import PhotosPane
from faceid_review.desk.photos.stage import Side
from faceid_review.faceid.photograph import Examined, Pixels, Status
from faceid_review.i18n import words
from tests.desk.test_photos import OTHER_ID, case, click, four, jpeg, opened, pane, pixels, press, shown

__all__ = ["opened", "pane"]

NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
RED, BLUE = QColor(220, 30, 20), QColor(10, 60, 230)


def plain(colour: QColor, width: int = 480, height: int = 640) -> Examined:
    """A picture of one colour."""
    rgb = bytes((colour.red(), colour.green(), colour.blue())) * (width * height)
    return Examined(Status.OK, width, height, Pixels(width, height, rgb, turned=False))


@pytest.fixture
def two(pane: PhotosPane) -> PhotosPane:
    """E1, red, on the right and active; E2, blue and of another size, on the left."""
    pane.show_case(four())
    pane.show_pixels("image_best", plain(RED))
    pane.show_pixels("image_action1", plain(BLUE, 240, 300))
    press(pane, "C")
    press(pane, "Shift+2")
    QApplication.processEvents()
    assert pane.compare.two
    return pane


def points(pane: PhotosPane, x: float = 0.5, y: float = 0.5) -> tuple[QPointF, QPointF]:
    """Which points of both pictures lie at the same place of their sides."""
    left, right = (s.point_at(QPointF(s.width() * x, s.height() * y)) for s in pane.compare.sides)
    return left, right


def lock(pane: PhotosPane) -> Lock:
    return pane.compare.lock


def near(one: QPointF, other: QPointF, within: float = 0.01) -> bool:
    return (one - other).manhattanLength() < within


def drag(side: Side, by: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    target, start = side.viewport(), side.rect().center()
    QTest.mousePress(target, Qt.MouseButton.LeftButton, modifiers, start)
    for share in (1, 2, 3):
        move = QPoint(by.x() * share // 3, by.y() * share // 3)
        at = QPointF(start + move)
        held = Qt.MouseButton.LeftButton
        event = QMouseEvent(QEvent.Type.MouseMove, at, target.mapToGlobal(at), held, held, modifiers)
        QApplication.sendEvent(target, event)
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, modifiers, start + by)


def wheel(
    side: Side, notches: float, modifiers: Qt.KeyboardModifier = NONE, *, sideways: bool = False
) -> None:
    at = QPointF(side.width() * 0.3, side.height() * 0.6)
    turn = QPoint(round(120 * notches), 0) if sideways else QPoint(0, round(120 * notches))
    event = QWheelEvent(
        at, side.mapToGlobal(at), QPoint(), turn, Qt.MouseButton.NoButton, modifiers,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(side.viewport(), event)


# Side by side


def test_one_picture_cannot_be_compared_and_the_bar_says_why(pane: PhotosPane) -> None:
    for shown_case, can in ((case({}), False), (case({"image_best": jpeg()}), False), (four(), True)):
        pane.show_case(shown_case)
        assert pane.actions_by_name["photos.compare"].isEnabled() is can
        assert pane.header.lacking.isHidden() is can
    press(pane, "C")
    pane.show_case(case({"image_best": jpeg()}))
    assert pane.actions_by_name["photos.compare"].isEnabled(), "the way back"


def test_c_shows_both_sides_with_their_captions_and_scales(opened: PhotosPane) -> None:
    assert not opened.compare.sides[LEFT].isVisible()
    press(opened, "C")
    assert all(side.isVisible() for side in opened.compare.sides)
    assert all(caption.isVisible() for caption in opened.captions)
    assert opened.header.modes.choice == "compare"
    assert opened.caption.label.active == "Active"
    assert opened.captions[LEFT].label.active == ""
    assert opened.compare.sides[RIGHT].accessibleName().startswith("Stage, right side: Exhibit E1")
    press(opened, "Shift+3")
    assert [caption.label.number for caption in opened.captions] == ["E3", "E1"]
    assert opened.header.zoom.text().startswith("E3 ")
    assert "E1 " in opened.header.zoom.text()
    press(opened, "C")
    assert opened.compare.mode is Mode.ONE


@pytest.mark.parametrize("mode", list(Mode))
def test_ways_are_chosen_by_mouse(two: PhotosPane, mode: Mode) -> None:
    segment = two.header.modes.findChild(QWidget, mode.value)
    assert segment
    QTest.mouseClick(segment, Qt.MouseButton.LeftButton)
    assert two.compare.mode is mode
    assert two.header.modes.choice == mode.value


def test_shift_and_a_digit_put_a_picture_on_the_other_side(opened: PhotosPane) -> None:
    for keys, role in (("Shift+2", "image_action1"), ("Alt+Shift+4", "image_action3")):
        press(opened, keys)
        assert opened.compare.mode is Mode.COMPARE
        assert opened.active == "image_best"
        one = opened.hung(LEFT).exhibit
        assert one
        assert one.role == role


def test_t_and_a_click_change_the_active_side(two: PhotosPane, qtbot: QtBot) -> None:
    assert two.compare.active == RIGHT
    with qtbot.waitSignal(two.active_changed) as told:
        press(two, "T")
    assert told.args == ["image_action1"]
    assert two.compare.active == LEFT
    assert QApplication.focusWidget() is two.compare.sides[LEFT]
    press(two, "4")
    assert [two.hung(at).exhibit.role for at in (LEFT, RIGHT)] == ["image_action3", "image_best"]  # type: ignore[union-attr]  # both hang
    QTest.mouseClick(two.compare.sides[RIGHT].viewport(), Qt.MouseButton.LeftButton)
    assert two.compare.active == RIGHT
    assert two.captions[RIGHT].label.active == "Active"


def test_in_one_t_shows_the_other_picture_in_the_same_place(two: PhotosPane) -> None:
    press(two, "C")
    press(two, "Shift+Z")
    press(two, "Right")
    here = points(two)[RIGHT]
    press(two, "T")
    assert two.active == "image_action1"
    assert two.compare.sides[LEFT].isVisible()
    press(two, "T")
    assert near(points(two)[RIGHT], here)


def test_an_empty_place_compares_as_words(opened: PhotosPane) -> None:
    press(opened, "Shift+0")
    left = opened.compare.sides[LEFT]
    assert left.picture is None
    assert "Reference" in left.describe()
    for name in ("blink", "swipe", "overlay", "lock", "align"):
        assert not opened.actions_by_name[f"photos.{name}"].isEnabled()


# Locked


def test_both_are_shown_whole_at_first(two: PhotosPane) -> None:
    assert lock(two) is Lock.WHOLE
    left, right = two.compare.sides
    assert near(left.point_at(left.middle), QPointF(120, 150))
    assert near(right.point_at(right.middle), QPointF(240, 320))
    assert left.view.fit
    assert right.view.fit


@pytest.mark.parametrize(
    "keys", [["+"] * 3, ["Shift+Z"], ["Z", "Left", "Shift+Down"], ["Shift+Z", "-", "Up"]]
)
@pytest.mark.parametrize("active", [LEFT, RIGHT])
def test_locked_sides_move_together(two: PhotosPane, keys: list[str], active: int) -> None:
    if active == LEFT:
        press(two, "T")
    left, right = two.compare.sides
    ratio = left.view.scale / right.view.scale
    press(two, "Z")
    before = points(two, 0.3, 0.7)
    tie = two.compare._tie()
    assert near(tie.point(before[0]), before[1])
    for key in keys:
        press(two, key)
    after = points(two, 0.2, 0.4)
    assert near(tie.point(after[0]), after[1], 0.1)
    assert left.view.scale / right.view.scale == pytest.approx(ratio)


def test_the_hand_moves_both_from_either_side(two: PhotosPane) -> None:
    for side in two.compare.sides:
        wheel(side, 6)
        tie = two.compare._tie()
        drag(side, QPoint(60, -45))
        found = points(two, 0.6, 0.2)
        assert near(tie.point(found[0]), found[1], 0.1)


def test_s_lets_each_move_for_itself_and_locks_them_as_they_lie(two: PhotosPane) -> None:
    left, right = two.compare.sides
    press(two, "S")
    assert lock(two) is Lock.OFF
    assert two.header.lock.text() == "Not locked"
    still = left.view
    press(two, "Shift+Z")
    press(two, "Shift+Left")
    assert left.view == still
    assert right.view.scale == 2
    together = points(two)
    press(two, "S")
    assert lock(two) is Lock.OFFSET
    assert points(two) == together
    press(two, "+")
    assert left.view.scale == pytest.approx(still.scale * 1.25)
    assert near(two.compare._tie().point(points(two)[0]), points(two)[1])


def test_alt_moves_one_side_alone_by_key_and_keeps_the_offset(two: PhotosPane) -> None:
    press(two, "Shift+Z")
    left, right = two.compare.sides
    still, before = left.view, right.view
    press(two, "Alt+Right")
    press(two, "Alt+Shift+Down")
    press(two, "Alt++")
    assert left.view == still
    assert right.view != before
    assert lock(two) is Lock.OFFSET
    assert two.header.lock.text() == "Locked, offset kept"
    pair = points(two)
    press(two, "Left")
    assert left.view != still
    assert near(two.compare._tie().point(points(two)[0]), points(two)[1])
    press(two, "Right")
    assert all(near(one, other) for one, other in zip(points(two), pair, strict=True))


@pytest.mark.parametrize("sideways", [False, True])
def test_alt_moves_one_side_alone_by_hand(two: PhotosPane, sideways: bool) -> None:
    press(two, "Shift+Z")
    left, right = two.compare.sides
    still = right.view
    drag(left, QPoint(50, 20), ALT)
    wheel(left, 2, ALT, sideways=sideways)
    assert right.view == still
    moved = left.view
    assert moved.scale > still.scale
    drag(left, QPoint(-30, 10))
    assert right.view != still
    assert near(two.compare._tie().point(points(two)[0]), points(two)[1])


def test_the_menu_bar_does_not_take_alt(two: PhotosPane) -> None:
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Alt, ALT)
    override.ignore()
    QApplication.sendEvent(two.side, override)
    assert override.isAccepted()


def test_pictures_of_different_size_do_not_jump(pane: PhotosPane) -> None:
    pane.show_case(four())
    pane.show_pixels("image_best", pixels(480, 640))
    pane.show_pixels("image_action1", pixels(960, 1280))
    side = pane.side
    press(pane, "Shift+Z")
    press(pane, "Right")
    share = side.point_at(side.middle).x() / 480
    press(pane, "2")
    assert pane.side.picture
    assert pane.side.picture.size.width() == 960
    assert pane.side.view.scale == pytest.approx(1.0)
    assert side.point_at(side.middle).x() / 960 == pytest.approx(share)


# Aligned by two points


def test_a_locks_by_two_points_clicked_on_each_side(two: PhotosPane) -> None:
    left, right = two.compare.sides
    wanted: list[tuple[Any, ...]] = []
    two.marking.align_wanted.connect(lambda *told: wanted.append(told))
    press(two, "A")
    assert lock(two) is Lock.PICKING
    assert "0 of 4" in two.guide.text.text()
    assert left.cursor().shape() == Qt.CursorShape.CrossCursor
    for side, eyes in ((left, ((80, 100), (160, 104))), (right, ((150, 210), (330, 216)))):
        for x, y in eyes:
            at = side.position_of(QPointF(x, y)).toPoint()
            QTest.mouseClick(side.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert lock(two) is Lock.EYES
    assert two.header.lock.text() == "Locked at the eyes"
    assert not two.guide.isVisible()
    assert left.view.scale / right.view.scale == pytest.approx(180 / 80, rel=0.02)
    ((one, on_left, other, on_right),) = wanted
    assert (one, other) == ("image_action1", "image_best")
    for told, meant in ((on_left, ((80, 100), (160, 104))), (on_right, ((150, 210), (330, 216)))):
        assert [number for point in told for number in point] == pytest.approx(
            [number for point in meant for number in point], abs=2
        )
    for _ in range(3):
        press(two, "+")
        press(two, "Left")
    middle = right.position_of(QPointF(240, 213))
    assert near(left.position_of(QPointF(120, 102)), middle, 3)
    # The next picture and back again: the eyes are remembered, and nothing jumps.
    where = left.position_of(QPointF(120, 102))
    press(two, "]")
    press(two, "[")
    assert lock(two) is Lock.EYES
    assert near(left.position_of(QPointF(120, 102)), where)


def test_points_are_set_by_key_at_the_cross(two: PhotosPane) -> None:
    press(two, "Shift+Z")
    press(two, "A")
    right = two.compare.sides[RIGHT]
    first = right.point_at(right.middle)
    press(two, "Return")
    press(two, "Return")
    assert two.compare.picks == (0, 1), "the same point twice tells no scale"
    press(two, "Shift+Right")
    press(two, "Return")
    assert two.compare.active == LEFT, "two points there: the other side is next"
    assert (right.point_at(right.middle) - first).x() == pytest.approx(60)
    press(two, "Return")
    press(two, "Left")
    press(two, "Return")
    assert lock(two) is Lock.EYES


def test_esc_leaves_an_alignment_before_it_gives_back_the_original(two: PhotosPane) -> None:
    press(two, "R")
    press(two, "A")
    press(two, "Return")
    press(two, "Esc")
    assert lock(two) is Lock.WHOLE
    assert two.altered.isVisible()
    assert not two.actions_by_name["photos.mark"].isEnabled()
    press(two, "Esc")
    assert not two.altered.isVisible()


def test_eyes_stay_where_they_are_in_a_turned_view(two: PhotosPane) -> None:
    left, right = two.compare.sides
    press(two, "A")
    for side, eyes in ((left, ((80, 100), (160, 100))), (right, ((150, 210), (330, 210)))):
        for x, y in eyes:
            at = side.position_of(QPointF(x, y)).toPoint()
            QTest.mouseClick(side.viewport(), Qt.MouseButton.LeftButton, pos=at)
    press(two, "M")
    picture = right.picture
    assert picture
    mirrored = right.position_of(picture.seen(QPointF(240, 210)))
    assert lock(two) is Lock.EYES
    assert near(left.position_of(QPointF(120, 100)), mirrored, 4)


# Blink, swipe, overlay


def colour(side: Side, x: float = 0.5, y: float = 0.5) -> QColor:
    return shown(side).pixelColor(int(side.width() * x), int(side.height() * y))


def test_b_shows_the_other_picture_as_long_as_it_is_held(two: PhotosPane) -> None:
    press(two, "C")
    assert colour(two.side) == RED
    QTest.keyPress(two.side, Qt.Key.Key_B)
    assert colour(two.side) == BLUE
    assert two.captions[LEFT].label.active == "Active" or two.compare.mode is Mode.ONE
    QTest.keyRelease(two.side, Qt.Key.Key_B)
    assert colour(two.side) == RED
    assert two.compare.mode is Mode.ONE


def test_a_held_b_ends_with_the_focus_of_the_window(two: PhotosPane) -> None:
    QTest.keyPress(two.side, Qt.Key.Key_B)
    QApplication.sendEvent(two, QEvent(QEvent.Type.WindowDeactivate))
    assert not two.compare.other_shown


def test_blink_by_mouse_and_only_what_both_cover(two: PhotosPane) -> None:
    two.compare.set_mode(Mode.BLINK)
    QApplication.processEvents()
    side = two.side
    stage = QColor(palette.LIGHT.stage)
    # The blue picture is narrower in shape: beside it the red one is masked too, so that only faces change.
    assert side.over is not None
    assert side.over.way is Way.BLINK
    red, blue = side._layer.placed(), side._second.placed()
    both = red.intersected(blue)
    assert both != red or both != blue
    QTest.mousePress(side.viewport(), Qt.MouseButton.LeftButton, pos=side.rect().center())
    held = shown(side)
    QTest.mouseRelease(side.viewport(), Qt.MouseButton.LeftButton, pos=side.rect().center())
    let_go = shown(side)
    assert held.pixelColor(side.rect().center()) == BLUE
    assert let_go.pixelColor(side.rect().center()) == RED
    for x in range(8, side.width() - 8, 7):
        for y in range(8, side.height() - 8, 7):
            inside = both.adjusted(2, 2, -2, -2).contains(QPointF(x, y))
            outside = not both.adjusted(-2, -2, 2, 2).contains(QPointF(x, y))
            if inside:
                assert (held.pixelColor(x, y), let_go.pixelColor(x, y)) == (BLUE, RED)
            elif outside:
                assert held.pixelColor(x, y) == let_go.pixelColor(x, y) == stage


def test_swipe_is_divided_by_key_and_by_mouse(two: PhotosPane) -> None:
    press(two, "W")
    QApplication.processEvents()
    side = two.side
    assert (colour(side, 0.4), colour(side, 0.6)) == (BLUE, RED)
    assert "E2 on 50 % of the width, E1 on the rest" in two.guide.text.text()
    press(two, "PgUp")
    press(two, "PgUp")
    assert two.compare.amount == pytest.approx(0.3)
    assert colour(side, 0.4) == RED
    line = QPoint(round(0.3 * side.width()), side.height() // 2)
    QTest.mouseMove(side.viewport(), line)
    assert side.cursor().shape() == Qt.CursorShape.SplitHCursor
    view = side.view
    QTest.mousePress(side.viewport(), Qt.MouseButton.LeftButton, pos=line)
    QTest.mouseMove(side.viewport(), QPoint(round(0.8 * side.width()), line.y()))
    QTest.mouseRelease(side.viewport(), Qt.MouseButton.LeftButton, pos=line)
    assert two.compare.amount == pytest.approx(0.8, abs=0.01)
    assert side.view == view, "the line moves, not the picture"
    assert colour(side, 0.7) == BLUE
    press(two, "T")
    assert (colour(two.side, 0.6), colour(two.side, 0.7)) == (BLUE, BLUE), "left stays left"


def test_overlay_mixes_by_its_amount(two: PhotosPane) -> None:
    press(two, "O")
    QApplication.processEvents()

    def mixed(share: float) -> tuple[int, int]:
        red, blue = (a + (b - a) * share for a, b in ((RED.red(), BLUE.red()), (RED.blue(), BLUE.blue())))
        return round(red), round(blue)

    for keys, share in (([], 0.5), (["PgDown"] * 3, 0.8), (["PgUp"] * 8, 0.0), (["PgDown"] * 11, 1.0)):
        for key in keys:
            press(two, key)
        found, (red, blue) = colour(two.side), mixed(share)
        assert abs(found.red() - red) <= 2
        assert abs(found.blue() - blue) <= 2
    assert "E2 laid over E1, 100 % opaque" in two.guide.text.text()
    two.guide.slider.setValue(40)
    assert two.compare.amount == pytest.approx(0.4)


def test_what_is_laid_over_moves_with_what_is_below(two: PhotosPane) -> None:
    press(two, "O")
    press(two, "Shift+Z")
    press(two, "Shift+Left")
    side = two.side
    tie = two.compare._tie()
    p = side._second.point_at(QPointF(100, 90))
    assert near(tie.point(p), side.point_at(QPointF(100, 90)), 0.1)
    assert not two.compare.sides[LEFT].isVisible()


def test_the_loupe_lies_on_the_same_point_of_both_sides(two: PhotosPane) -> None:
    press(two, "L")
    QApplication.processEvents()
    left, right = two.compare.sides
    at = QPoint(round(right.width() * 0.4), round(right.height() * 0.3))
    QTest.mouseMove(right.viewport(), at)
    assert right.lens == QPointF(at)
    assert left.lens is not None
    tie = two.compare._tie()
    assert near(tie.point(left.point_at(left.lens)), right.point_at(QPointF(at)))


# Of two cases


def test_h_keeps_a_picture_on_the_left_while_another_case_opens(opened: PhotosPane) -> None:
    press(opened, "2")
    press(opened, "H")
    assert opened.compare.mode is Mode.COMPARE
    kept = opened.compare.sides[LEFT].picture
    assert kept is not None
    other = case({"image_best": jpeg(70)}, biz_id=OTHER_ID)
    opened.show_case(other)
    opened.show_pixels("image_best", pixels(seed=70))
    assert opened.compare.sides[LEFT].picture is kept
    assert opened.active == "image_best"
    assert opened.compare.two
    label = opened.captions[LEFT].label
    assert label.facts[0].startswith("Of another case, kept here: C-1, 1462259748,")
    assert label.key == ""
    assert "of another case: C-1" in opened.compare.sides[LEFT].accessibleName()
    assert opened.header.zoom.text().startswith("E2 of C-1 ")
    assert not opened.captions[RIGHT].label.facts[0].startswith("Of another")
    press(opened, "H")
    assert opened.compare.sides[LEFT].picture is None
    assert "C-1" not in opened.header.zoom.text()


def test_a_kept_picture_keeps_its_altered_view_and_a_digit_replaces_it(opened: PhotosPane) -> None:
    press(opened, "R")
    press(opened, "H")
    opened.show_case(four(OTHER_ID))
    opened.show_pixels("image_best", pixels(seed=70))
    assert "E1 of C-1: turned 90°" in opened.altered.text
    press(opened, "Shift+1")
    assert opened.hung(LEFT).kept is False
    assert opened.hung(LEFT).biz_id == OTHER_ID


def test_a_closed_case_leaves_the_kept_picture(opened: PhotosPane) -> None:
    press(opened, "H")
    opened.show_case(None)
    assert opened.compare.sides[LEFT].picture is not None
    assert opened.compare.sides[RIGHT].picture is None


# Words and room


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("mode", list(Mode))
def test_every_way_speaks_both_languages(two: PhotosPane, lang: str, mode: Mode) -> None:
    two.speak(words(lang))
    two.compare.set_mode(mode)
    press(two, "S")
    press(two, "G")
    for said in (two.guide.text.text(), two.altered.text, two.header.lock.text(), two.header.zoom.text()):
        assert "stage." not in said
        assert "photos." not in said


@pytest.mark.parametrize("width", [520, 640, 776, 1100])
def test_the_bar_has_room_at_every_width(two: PhotosPane, width: int) -> None:
    two.resize(width, 740)
    QApplication.processEvents()
    header = two.header
    parts = [
        p
        for p in (header.title, header.modes, header.lock, header.sampling, header.zoom, header.hint)
        if p.isVisible()
    ]
    edges = [(part.geometry().left(), part.geometry().right()) for part in parts]
    assert all(one[1] < other[0] for one, other in pairwise(edges))
    assert edges[-1][1] <= header.width()
    assert header.zoom in parts
    assert header.sampling in parts
    assert all(part.width() >= part.sizeHint().width() for part in parts)


def test_paints_are_cheap_enough_to_be_exact(two: PhotosPane) -> None:
    # At 100 % the pixels are the picture's own on both sides, locked or not.
    press(two, "S")
    for side in two.compare.sides:
        side.zoom_to(1.0)
        image: QImage = shown(side)
        assert image.pixelColor(side.rect().center()) in (RED, BLUE)
        assert side.exact


def test_the_arrow_keys_pan_while_the_strip_has_the_focus_and_both_move(two: PhotosPane) -> None:
    place = two.strip.places["image_best"]
    press(two, "Shift+Z")
    place.setFocus()
    before = [side.view for side in two.compare.sides]
    click(place, "Right")
    assert all(side.view != view for side, view in zip(two.compare.sides, before, strict=True))

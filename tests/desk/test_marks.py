"""Pins and facial components beside the photographs: placed by click and by key, told as wishes, never in a picture."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk import palette
from faceid_review.desk.photos.exhibit import REFERENCE
from faceid_review.desk.photos.marking import Marking
from faceid_review.desk.photos.pane import PhotosPane
from faceid_review.desk.photos.pins import DISC, places
from faceid_review.faceid import photograph
from faceid_review.i18n import words
from faceid_review.review.case import Case, fold
from faceid_review.review.components import components
from faceid_review.vault.entry import Entry
from tests.desk.test_photos import BIZ_ID, FOUR, case, click, jpeg, shown

EN, ZH = words("en"), words("zh")
OURS = jpeg(77, (60, 80))
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def with_marks(*acts: tuple[str, dict[str, object]], reference: bool = True) -> Case:
    """The case of four pictures with a reference and what was marked on them."""
    told = case({role: jpeg(n) for n, role in enumerate(FOUR)})
    entries = list(told.events)
    bodies = {3: told.answer.body if told.answer else b""}
    if reference:
        facts = {"name": "passport.jpg", "source": "passport", "bytes": len(OURS)}
        entries.append(
            Entry(4, AT, "Lin", "reference", BIZ_ID, facts | {"sha256": sha(OURS)}, b"record", b"")
        )
        bodies[4] = OURS
    for number, (act, facts_) in enumerate(acts, 5):
        entries.append(Entry(number, AT, "Lin", act, BIZ_ID, facts_, None, b""))
    return fold(entries, bodies)


def sha(data: bytes) -> str:
    return photograph.facts(data, photograph.Status.OK).sha256


def pin(x: int, y: int, feature: str = "nose", text: str = "", role: str = "image_best") -> tuple[str, dict[str, object]]:  # fmt: skip
    data = jpeg(FOUR.index(role))
    return "pin", {"role": role, "sha256": sha(data), "x": x, "y": y, "feature": feature, "text": text}


def finding(code: str, found: str, text: str = "") -> tuple[str, dict[str, object]]:
    sides = {"left": REFERENCE, "left_sha256": sha(OURS), "right": "image_best", "right_sha256": sha(jpeg(0))}
    return "component", {"component": code, "finding": found, "text": text, **sides}


@pytest.fixture
def pane(qtbot: QtBot) -> Iterator[PhotosPane]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    palette.apply(app, palette.LIGHT)
    window = QWidget()
    window.resize(900, 900)
    pane = PhotosPane(EN, window)
    pane.resize(860, 780)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    pane.setFocus()
    yield pane
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents()


def show(pane: PhotosPane, told: Case) -> Marking:
    pane.show_case(told)
    for picture in (*told.photographs, *told.references):
        pane.show_pixels(picture.role, photograph.examine(picture.data, pixels=True), picture.sha256)
    return pane.marking


# Pins


def test_a_pin_is_placed_by_a_click_a_letter_and_a_text(pane: PhotosPane, qtbot: QtBot) -> None:
    marking = show(pane, with_marks())
    click(pane.side, "P")
    assert marking.placing
    assert not marking.marks.isHidden()
    assert marking.marks.guide == EN("marks.guide")
    at = pane.side.position_of(QPointF(20.5, 30.5)).toPoint()
    QTest.mouseClick(pane.side.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert "E1" in marking.marks.guide
    form = marking.marks.form
    assert form.isVisible()
    assert form.feature.hasFocus()
    QTest.keyClick(form.feature, Qt.Key.Key_N)
    assert form.feature.currentData() == "nose"
    assert form.text.hasFocus()
    QTest.keyClicks(form.text, "wing, 2 = 1. X")
    with qtbot.waitSignal(marking.pin_wanted) as wanted:
        QTest.keyClick(form.text, Qt.Key.Key_Return)
    assert wanted.args == ["image_best", 20, 30, "nose", "wing, 2 = 1. X"]
    assert not marking.placing
    assert pane.side.hasFocus()


def test_a_pin_is_placed_by_keys_alone_under_the_cross(pane: PhotosPane, qtbot: QtBot) -> None:
    marking = show(pane, with_marks())
    click(pane.side, "P")
    middle = pane.side.point_at(pane.side.middle)
    click(pane.side, "Return")
    with qtbot.waitSignal(marking.pin_wanted) as wanted:
        QTest.keyClick(marking.marks.form.feature, Qt.Key.Key_Return)
    assert wanted.args == ["image_best", int(middle.x()), int(middle.y()), "", ""]


def test_esc_leaves_and_nothing_is_placed(pane: PhotosPane, qtbot: QtBot) -> None:
    marking = show(pane, with_marks())
    with qtbot.assertNotEmitted(marking.pin_wanted):
        click(pane.side, "P")
        click(pane.side, "Esc")
        assert not marking.placing
        click(pane.side, "Return")
        click(pane.side, "P")
        click(pane.side, "Return")
        QTest.keyClick(marking.marks.form.text, Qt.Key.Key_Escape)
        assert not marking.placing
        assert not marking.marks.form.isVisible()


def test_a_click_beside_the_picture_places_nothing(pane: PhotosPane) -> None:
    marking = show(pane, with_marks())
    click(pane.side, "P")
    QTest.mouseClick(pane.side.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert marking.placing
    assert not marking.marks.form.isVisible()


def test_a_turned_view_tells_the_point_of_the_original(pane: PhotosPane, qtbot: QtBot) -> None:
    marking = show(pane, with_marks())
    click(pane.side, "R")
    assert pane.side.picture is not None
    click(pane.side, "P")
    seen = pane.side.picture.seen(QPointF(10.5, 50.5))
    QTest.mouseClick(
        pane.side.viewport(), Qt.MouseButton.LeftButton, pos=pane.side.position_of(seen).toPoint()
    )
    with qtbot.waitSignal(marking.pin_wanted) as wanted:
        QTest.keyClick(marking.marks.form.feature, Qt.Key.Key_Return)
    assert wanted.args is not None
    assert wanted.args[:3] == ["image_best", 10, 50]


def test_pins_are_painted_over_the_stage_and_never_into_a_picture(pane: PhotosPane) -> None:
    show(pane, with_marks())
    before = shown(pane.side)
    assert pane.side.picture is not None
    pixels = pane.side.picture.whole.toImage()
    show(pane, with_marks(pin(24, 32)))
    assert shown(pane.side) != before
    assert pane.side.picture.whole.toImage() == pixels
    click(pane.side, "2")
    other = shown(pane.side)
    show(pane, with_marks())
    click(pane.side, "2")
    assert shown(pane.side) == other


def test_covered_pictures_show_no_pins(pane: PhotosPane) -> None:
    show(pane, with_marks())
    pane.cover()
    before = shown(pane.side)
    pane.cover()
    show(pane, with_marks(pin(24, 32)))
    pane.cover()
    assert shown(pane.side) == before


def test_discs_lie_off_the_features_and_off_each_other() -> None:
    room = QPointF(400, 400)
    points = [QPointF(100 + 12 * n, 100) for n in range(6)] + [QPointF(2, 2), QPointF(398, 398)]
    from PySide6.QtCore import QLineF, QRectF

    area = QRectF(QPointF(0, 0), room)
    middles = places(points, area)
    for at, middle in enumerate(middles):
        assert area.adjusted(DISC / 2, DISC / 2, -DISC / 2, -DISC / 2).contains(middle)
        assert all(QLineF(middle, point).length() > DISC / 2 for point in points)
        assert all(QLineF(middle, other).length() >= DISC for other in middles[:at])


def test_pins_are_listed_with_their_words_and_taken_back_by_del(pane: PhotosPane, qtbot: QtBot) -> None:
    marking = show(pane, with_marks(pin(24, 32, "ears", "lobe"), pin(3, 4, "", "<b>x</b>")))
    click(pane.side, "Shift+P")
    listed = [marking.marks.pins.item(n).text() for n in range(marking.marks.pins.count())]
    assert listed == ["1  Ears: lobe", "2  <b>x</b>"]
    marking.marks.pins.setCurrentRow(1)
    with qtbot.waitSignal(marking.unpin_wanted) as wanted:
        QTest.keyClick(marking.marks.pins, Qt.Key.Key_Delete)
    assert wanted.args == [6]
    click(pane.side, "2")
    assert marking.marks.pins.count() == 0


# Components


def test_every_component_is_listed_and_a_key_says_what_was_found(pane: PhotosPane, qtbot: QtBot) -> None:
    marking = show(pane, with_marks())
    click(pane.side, "Shift+P")
    tree = marking.marks.components
    assert tree.topLevelItemCount() == len(components())
    assert tree.hasFocus()
    for key, found, number in (("=", "similar", 0), ("X", "different", 1), (".", "not_comparable", 2)):
        with qtbot.waitSignal(marking.finding_wanted) as wanted:
            click(tree, key)
        assert wanted.args == [components()[number].code, found, REFERENCE, "image_best"]
    clear = marking.marks.findChild(QPushButton, "photos.marks.none")
    assert clear is not None
    with qtbot.waitSignal(marking.finding_wanted) as wanted:
        clear.click()
    assert wanted.args == [components()[3].code, "", REFERENCE, "image_best"]


def test_what_was_found_stands_in_words_for_this_pair_only(pane: PhotosPane) -> None:
    marking = show(pane, with_marks(finding("nose", "different"), finding("eyes", "similar")))
    click(pane.side, "Shift+P")
    told = {
        one.code: marking.marks.components.topLevelItem(n).text(1)  # type: ignore[union-attr]  # it is there
        for n, one in enumerate(components())
    }
    assert {code: text for code, text in told.items() if text} == {"nose": "different", "eyes": "similar"}
    click(pane.side, "2")
    assert not any(
        marking.marks.components.topLevelItem(n).text(1)  # type: ignore[union-attr]
        for n in range(len(components()))
    )


def test_the_keys_are_dead_without_two_pictures_or_without_the_panel(pane: PhotosPane, qtbot: QtBot) -> None:
    marking = show(pane, with_marks())
    with qtbot.assertNotEmitted(marking.finding_wanted):
        click(pane.side, "=")
        pane.show_case(case({"image_best": jpeg(0)}))
        pane.show_pixels("image_best", photograph.examine(jpeg(0), pixels=True))
        click(pane.side, "Shift+P")
        click(pane.side, "=")
        assert not marking.marks.components.isEnabled()
        texts = [label.text() for label in marking.marks.findChildren(QLabel)]
        assert EN("marks.no_pair") in texts


def test_typing_in_the_text_of_a_pin_commands_nothing(pane: PhotosPane) -> None:
    marking = show(pane, with_marks())
    click(pane.side, "P")
    click(pane.side, "Return")
    form = marking.marks.form
    form.text.setFocus()
    QTest.keyClicks(form.text, "icp=x.[2")
    assert form.text.text() == "icp=x.[2"
    assert pane.active == "image_best"
    assert marking.facts.isHidden()


@pytest.mark.parametrize("w", [EN, ZH], ids=["en", "zh"])
def test_every_control_has_a_name(pane: PhotosPane, w: object) -> None:
    pane.speak(ZH if w is ZH else EN)
    marking = show(pane, with_marks(pin(1, 2)))
    click(pane.side, "Shift+P")
    for panel in (marking.marks, marking.facts):
        for control in panel.findChildren(QWidget):
            if control.focusPolicy() != Qt.FocusPolicy.NoFocus and control.objectName().startswith("photos."):
                assert control.accessibleName(), control.objectName()
    name = marking.marks.components.topLevelItem(6)
    assert name is not None
    assert name.text(0) == ("鼻" if w is ZH else "Nose")


def test_keys_of_the_pane_are_not_ambiguous(pane: PhotosPane) -> None:
    keys: dict[str, str] = {}
    for action in pane.actions():
        for key in action.shortcuts():
            name = key.toString()
            assert name not in keys, (name, keys.get(name), action.objectName())
            keys[name] = action.objectName()

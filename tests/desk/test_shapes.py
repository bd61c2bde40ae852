"""Shapes, chips, badges, buttons and icons: told apart without colour, named, and reachable by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk import icons, palette
from faceid_review.desk.buttons import Button, Segments
from faceid_review.desk.chip import Chip
from faceid_review.desk.shapes import Shape, paint_shape


def _painted(shape: Shape) -> QImage:
    image = QImage(24, 24, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    paint_shape(painter, QRectF(0, 0, 24, 24), shape, QColor("black"))
    painter.end()
    return image


def test_every_shape_differs_from_every_other_in_grey(qapp: QApplication) -> None:
    images = [_painted(shape) for shape in Shape]
    for i, one in enumerate(images):
        for other in images[i + 1 :]:
            far = sum(
                abs(one.pixelColor(x, y).red() - other.pixelColor(x, y).red()) > 96
                for x in range(24)
                for y in range(24)
            )
            assert far >= 16


def test_the_tick_is_cut_out_of_its_disc(qapp: QApplication) -> None:
    image = _painted(Shape.TICK)
    assert image.pixelColor(4, 8).red() < 40
    assert image.pixelColor(11, 15).red() > 200


def test_a_chip_is_named_by_its_text_and_shows_html_as_letters(qtbot: QtBot) -> None:
    chip = Chip(Shape.RING, "mute", "Below")
    qtbot.addWidget(chip)
    narrow = chip.sizeHint().width()
    chip.set(Shape.TRIANGLE, "warn", "<b>PASS</b>")
    assert chip.accessibleName() == "<b>PASS</b>"
    assert chip.sizeHint().width() > narrow
    assert chip.sizeHint().height() >= 20


@pytest.mark.parametrize("theme", [palette.LIGHT, palette.DARK], ids=lambda theme: theme.name)
def test_every_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication, theme: palette.Tokens) -> None:
    for name in icons.NAMES:
        image = icons.image(name, 16, theme.text, 2.0)
        colours = {image.pixelColor(x, y).name() for x in range(32) for y in range(32)
                   if image.pixelColor(x, y).alpha() > 250}  # fmt: skip
        assert colours
        want = QColor(theme.text)
        assert all(abs(QColor(c).lightness() - want.lightness()) <= 2 for c in colours)
        assert not icons.icon(name).isNull()


def test_an_icon_nobody_drew_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icons.image("nothing", 16, "#000000", 1.0)


def test_a_button_speaks_its_word_and_draws_its_key(qtbot: QtBot) -> None:
    button = Button("Fetch…", key="F", icon="fetch")
    qtbot.addWidget(button)
    button.show()
    assert button.text() == "Fetch…"
    with_key = button.sizeHint().width()
    button.show_key(False)
    assert button.sizeHint().width() < with_key
    before = button.grab().toImage()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    assert button.grab().toImage() != before
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(button, Qt.Key.Key_Space)


def test_the_ring_is_accent_even_round_the_primary_button(qtbot: QtBot) -> None:
    button = Button("Fetch 3", primary=True)
    qtbot.addWidget(button)
    button.show()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    image = button.grab().toImage()
    middle = image.height() // 2
    accent = QColor(palette.tokens().accent)
    assert image.pixelColor(0, middle) == accent
    assert image.pixelColor(2, middle) != accent
    assert image.pixelColor(2, middle) != image.pixelColor(6, middle)


def test_segments_choose_by_keys_and_tell_only_what_a_person_chose(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    row = Segments(window, name="Photographs")
    told: list[str] = []
    row.chosen.connect(told.append)
    for choice in ("one", "compare", "blink"):
        row.add(choice, choice.title(), choice[0].upper())
    window.show()
    width = row.sizeHint().width()
    assert row.choice == "one"
    row.choose("compare")
    assert (row.choice, told) == ("compare", [])
    assert row.sizeHint().width() == width
    chosen = next(segment for segment in row.findChildren(QRadioButton) if segment.isChecked())
    chosen.setFocus()
    qtbot.waitUntil(chosen.hasFocus)
    QTest.keyClick(chosen, Qt.Key.Key_Right)
    assert (row.choice, told) == ("blink", ["blink"])
    row.set_text("blink", "闪烁")
    assert {segment.accessibleName() for segment in row.findChildren(QRadioButton)} == {
        "One",
        "Compare",
        "闪烁",
    }

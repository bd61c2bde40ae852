"""The facts panel and the reference beside the vendor's pictures."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from faceid_review.desk.photos.exhibit import REFERENCE, Exhibit
from faceid_review.desk.photos.facts import rows
from faceid_review.desk.photos.pane import PhotosPane
from faceid_review.faceid import photograph
from faceid_review.i18n import words
from tests.desk.test_marks import OURS, pane, sha, show, with_marks
from tests.desk.test_photos import click, jpeg

__all__ = ["pane"]
EN, ZH = words("en"), words("zh")


def test_i_shows_the_facts_of_the_picture_on_the_stage_and_puts_them_away(pane: PhotosPane) -> None:
    marking = show(pane, with_marks())
    assert marking.facts.isHidden()
    click(pane.side, "I")
    assert marking.facts.isVisible()
    told = {row.name: row.value for row in marking.facts.rows}
    assert told["SHA-256"] == sha(jpeg(0))
    assert told[EN("facts.pointer")] == "/images/image_best"
    marking.show_facts("image_best", sha(jpeg(0)), photograph.facts(jpeg(0), photograph.Status.OK))
    told = {row.name: row.value for row in marking.facts.rows}
    assert told[EN("facts.ending")] == EN("facts.ending.whole")
    assert told[EN("facts.quality")].startswith("75 of 100")
    click(pane.side, "2")
    assert {row.name: row.value for row in marking.facts.rows}["SHA-256"] == sha(jpeg(1))
    click(pane.side, "I")
    assert marking.facts.isHidden()
    assert pane.side.hasFocus()


@pytest.mark.parametrize("by", ["click", "Return", "Ctrl+C"])
def test_a_row_is_copied_with_its_pointer(pane: PhotosPane, by: str) -> None:
    marking = show(pane, with_marks())
    click(pane.side, "I")
    at = next(n for n, row in enumerate(marking.facts.rows) if row.name == "SHA-256")
    row = marking.facts.row(at)
    if by == "click":
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    else:
        row.setFocus()
        click(row, by)
    assert QGuiApplication.clipboard().text() == f"/images/image_best: {sha(jpeg(0))}"
    assert row.accessibleName() == f"SHA-256: {sha(jpeg(0))}"


def test_all_rows_are_copied_as_lines(pane: PhotosPane) -> None:
    marking = show(pane, with_marks())
    click(pane.side, "I")
    button = marking.facts.findChild(QPushButton, "photos.facts.all")
    assert button is not None
    button.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines == [f"{row.name}: {row.value}" for row in marking.facts.rows]


@pytest.mark.parametrize("w", [EN, ZH], ids=["en", "zh"])
def test_what_an_exif_says_is_plain_text(pane: PhotosPane, w: object) -> None:
    chosen = ZH if w is ZH else EN
    told = photograph.Facts(
        kind="JPEG", size=3, sha256="0" * 64, width=1, height=1, mode="CMYK", exif=(("Make", "<b>x</b>"),)
    )
    one = next(p for p in with_marks().photographs if p.role == "image_best")
    listed = rows(Exhibit("image_best", "E1", "1", one), told, chosen)
    assert ("EXIF Make", "<b>x</b>") in [(row.name, row.value) for row in listed]
    assert all(row.value and not row.value.startswith("facts.") for row in listed)


def test_the_reference_has_place_0_and_says_whose_it_is(pane: PhotosPane) -> None:
    marking = show(pane, with_marks())
    click(pane.side, "0")
    assert pane.active == REFERENCE
    assert pane.caption.label.facts[0] == EN("marks.supplied")
    assert "passport.jpg" in pane.caption.label.tooltip
    click(pane.side, "I")
    told = {row.name: row.value for row in marking.facts.rows}
    assert told[EN("facts.source")] == EN("marks.supplied")
    assert told[EN("facts.from")] == "passport"
    assert told["SHA-256"] == sha(OURS)
    assert EN("facts.pointer") not in told


def test_an_empty_place_0_offers_to_attach_one(pane: PhotosPane, qtbot: QtBot) -> None:
    marking = show(pane, with_marks(reference=False))
    ticket = pane.strip.places[REFERENCE].ticket
    assert EN("marks.attach") in ticket.lines
    with qtbot.waitSignal(marking.attach_wanted):
        marking.actions_by_name["photos.attach"].trigger()


def test_a_reference_that_is_added_leaves_the_pictures_where_they_are(pane: PhotosPane) -> None:
    show(pane, with_marks(reference=False))
    pane.side.zoom_to(3.0)
    view, picture = pane.side.view, pane.side.picture
    pane.show_case(with_marks())
    assert (pane.side.view, pane.side.picture) == (view, picture)
    assert pane.strip.places[REFERENCE].ticket.number == "E0"

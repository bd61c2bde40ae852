"""Attach, pin and compare at the window: real files, a real vault, answers of the sheets handed in."""

from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from faceid_review.desk.photos.compare import Lock
from faceid_review.desk.photos.exhibit import REFERENCE
from faceid_review.desk.window import Window
from faceid_review.faceid.simulator import Simulator
from tests.desk.test_photos import click
from tests.desk.test_window import Open, desk_of, fetch, open_window, window, words_of
from tests.pictures import jpeg, other

__all__ = ["Open", "open_window", "window"]


@pytest.fixture
def opened(window: Window, qtbot: QtBot, simulator: Simulator) -> Window:
    """A window on a kept case, every picture of it painted."""
    fetch(window, qtbot, simulator.ids[1], 1)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.case and window.case.pictures_read)
    return window


def test_a_reference_is_attached_and_hangs_beside_the_best_picture(
    opened: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "passport.jpg"
    path.write_bytes(jpeg())
    monkeypatch.setattr(opened.sheets, "open_paths", lambda *_: [path])
    monkeypatch.setattr(opened.sheets, "ask_line", lambda *_: "passport")
    photos = opened.case.photos
    marking = desk_of(opened).marking
    assert marking is not None
    with qtbot.waitSignal(marking.added):
        photos.marking.actions_by_name["photos.attach"].trigger()
    qtbot.waitUntil(lambda: photos.compare.two)
    assert opened.case.case is not None
    assert [one.number for one in opened.case.case.references] == ["E0"]
    assert photos.hung(1 - photos.compare.active).exhibit is not None
    assert photos.strip.places[REFERENCE].ticket.number == "E0"
    # The same again, and what is no picture, are refused in words; nothing changes.
    for data, said in ((jpeg(), "E0"), (other("PNG"), "PNG")):
        path.write_bytes(data)
        photos.marking.actions_by_name["photos.attach"].trigger()
        qtbot.waitUntil(partial(told, opened, said))
    assert len(opened.case.case.references) == 1


def told(window: Window, said: str) -> bool:
    return window.notice.isVisible() and said in words_of(window.notice)


def test_pins_and_findings_become_entries_and_stand_beside_the_picture(
    opened: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    photos, work = opened.case.photos, desk_of(opened).work
    assert work is not None
    assert opened.case.case is not None
    biz_id = opened.case.case.biz_id
    before = work.session.casebook.open(biz_id, record=False)
    photos.setFocus()
    click(photos.side, "P")
    click(photos.side, "Return")
    photos.marking.marks.form.text.setText("scar")
    click(photos.marking.marks.form.text, "Return")
    qtbot.waitUntil(lambda: photos.marking.marks.pins.count() == 1)
    photos.marking.marks.pins.setCurrentRow(0)
    photos.marking.marks.take_back()
    qtbot.waitUntil(lambda: photos.marking.marks.pins.count() == 0)
    case = work.session.casebook.open(biz_id, record=False)
    # No further "opened" among them: the case was on the screen all the time.
    assert [entry.act for entry in case.events[len(before.events) :]] == ["pin", "unpin"]


def test_an_alignment_of_two_pictures_of_the_case_becomes_an_entry(opened: Window, qtbot: QtBot) -> None:
    photos, work = opened.case.photos, desk_of(opened).work
    assert work is not None
    assert opened.case.case is not None
    biz_id = opened.case.case.biz_id
    photos.setFocus()
    for key in (
        "C",
        "Shift+2",
        "A",
        "Return",
        "Right",
        "Right",
        "Return",
        "Return",
        "Right",
        "Right",
        "Return",
    ):
        click(photos.side, key)
    assert photos.compare.lock is Lock.EYES
    qtbot.waitUntil(lambda: bool(opened.case.case and opened.case.case.marks.aligned))
    case = work.session.casebook.open(biz_id, record=False)
    (kept,) = case.marks.aligned
    assert {kept.left, kept.right} == {"image_best", "image_action1"}
    assert case.events[-1].act == "aligned"
    assert photos.compare.lock is Lock.EYES, "keeping it moved the pictures"


def test_the_facts_of_every_file_are_read_behind_its_picture(opened: Window, qtbot: QtBot) -> None:
    photos = opened.case.photos
    photos.setFocus()
    click(photos.side, "I")
    qtbot.waitUntil(lambda: "estimated" in " ".join(row.name for row in photos.marking.facts.rows))

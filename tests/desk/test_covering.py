"""The policy that covers every case, from settings.json to the screen: nowhere a pixel until one key reveals them."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from faceid_review.desk.looking import LookingWork
from faceid_review.desk.photos.compare import LEFT
from faceid_review.desk.photos.pane import PhotosPane
from faceid_review.desk.window import Window
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Simulator
from faceid_review.review.accounts import Account
from faceid_review.session import Session
from tests.desk.test_photos import press
from tests.desk.test_window import Open, desk_of, open_window
from tests.pictures import drawn, jpeg

__all__ = ["open_window"]

PASSPHRASE = "a long passphrase"
COVER = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def vault(tmp_path: Path, simulator: Simulator) -> Path:
    """Two kept cases, the second with a reference of our own, under a policy that covers every case."""
    home = tmp_path / "vault"
    (tmp_path / "ours.jpg").write_bytes(jpeg(drawn(240, 320)))
    with Session.make(home, "Lin Yue", PASSPHRASE, keyring=False) as session:
        account = Account("practice", simulator.base_url, simulator.api_key)
        session.accounts.add(account, simulator.api_secret)
        session.queue.ask([BizId(biz_id) for biz_id in simulator.ids[:2]])
        session.queue.wait()
        session.add_reference(simulator.ids[1], tmp_path / "ours.jpg")
    (home / "settings.json").write_text(json.dumps({"covers_each_case": True}))
    return home


@pytest.fixture
def window(open_window: Open, qtbot: QtBot, vault: Path) -> Window:
    """A window on that vault, its last case open and every picture read."""
    window = open_window(None, home="vault", passphrase=PASSPHRASE)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.case, timeout=30_000)
    read(window, qtbot)
    return window


def read(window: Window, qtbot: QtBot) -> None:
    """Until every picture of the case on show has been read, our own too."""
    photos = window.case.photos
    case = window.case.case
    assert case is not None
    roles = [picture.role for picture in (*case.photographs, *case.references)]
    qtbot.waitUntil(lambda: all(photos._wall.picture(role) is not None for role in roles))


def open_(window: Window, qtbot: QtBot, biz_id: str) -> None:
    window.queue.open_wanted.emit(biz_id)
    qtbot.waitUntil(lambda: window.case.case is not None and window.case.case.biz_id == biz_id)
    read(window, qtbot)


def press_cover(window: Window) -> None:
    focused = QApplication.focusWidget() or window
    QTest.keyClick(focused, Qt.Key.Key_H, COVER)


def seen(photos: PhotosPane) -> list[str]:
    """Where anything of a photograph is on the screen, or could come from."""
    found = [
        f"stage {at}"
        for at, side in enumerate(photos.compare.sides)
        if side.picture or side.over or side.lens
    ]
    found += [
        f"strip {role}" for role, place in photos.strip.places.items() if place._picture or place._thumbnail
    ]
    return found


def as_painted(photos: PhotosPane) -> QImage:
    return photos.grab().toImage()


def test_every_case_is_covered_until_one_key_reveals_it(
    window: Window, qtbot: QtBot, simulator: Simulator
) -> None:
    photos = window.case.photos
    photos.setFocus()
    assert photos.covered
    assert seen(photos) == []
    said = [photos.side.describe(), photos.side.accessibleName()]
    assert all("Pictures are covered" in one for one in said)
    assert all(place.ticket.covered for place in photos.strip.places.values() if place.ticket.number)
    # None of the ways of looking gets round it.
    for key in ("C", "Shift+2", "L", "O", "B", "W", "0", "1", "]", "M", "G"):
        press(photos, key)
        photos.side.set_lens(QPointF(50, 50))
        assert seen(photos) == [], key
    assert all("Pictures are covered" in side.describe() for side in photos.compare.sides)
    press_cover(window)
    assert not photos.covered
    assert photos.side.picture is not None
    assert {place.ticket.role for place in photos.strip.places.values() if place._picture} >= {
        "image_best",
        "our_reference",
    }
    painted = as_painted(photos)
    press_cover(window)
    assert seen(photos) == []
    assert as_painted(photos) != painted


def test_the_next_case_is_covered_again_and_a_kept_picture_with_it(
    window: Window, qtbot: QtBot, simulator: Simulator
) -> None:
    photos = window.case.photos
    photos.setFocus()
    press_cover(window)
    press(photos, "H")
    assert photos.hung(LEFT).kept
    open_(window, qtbot, simulator.ids[0])
    assert photos.hung(LEFT).kept
    assert photos.covered
    assert seen(photos) == []
    assert all("Pictures are covered" in side.describe() for side in photos.compare.sides)
    press_cover(window)
    assert photos.compare.two
    open_(window, qtbot, simulator.ids[1])
    assert seen(photos) == []


# Left alone


def looking_of(window: Window) -> LookingWork:
    looking = desk_of(window).looking
    assert looking is not None
    return looking


def test_pictures_that_are_left_alone_are_covered(window: Window, qtbot: QtBot) -> None:
    looking_of(window).idle_ms = 0
    with qtbot.waitSignals([window.case.photos.covered_changed] * 2):
        press_cover(window)
    assert window.case.photos.covered
    assert seen(window.case.photos) == []


def test_a_hand_at_the_window_keeps_them_in_sight(window: Window, qtbot: QtBot) -> None:
    looking, photos = looking_of(window), window.case.photos
    press_cover(window)
    assert not photos.covered
    assert looking._idle.isActive()
    assert looking._idle.interval() == 240_000
    # From now on a wait that begins anew is over at once: so it is seen that a hand begins it.
    looking.idle_ms = 0
    handle = window.windowHandle()
    assert handle is not None
    with qtbot.waitSignal(photos.covered_changed):
        QTest.mouseMove(handle, photos.mapTo(window, photos.rect().center()))
    assert photos.covered


def test_without_the_policy_nothing_is_covered_by_itself(
    window: Window, qtbot: QtBot, simulator: Simulator
) -> None:
    looking, photos = looking_of(window), window.case.photos
    press_cover(window)
    photos.covers_each_case = False
    looking.idle_ms = 0
    open_(window, qtbot, simulator.ids[0])
    assert not looking._idle.isActive()
    assert not photos.covered

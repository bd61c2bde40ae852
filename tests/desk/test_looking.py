"""Which photographs were looked at: told by the stage once they stood, and written down behind the opening."""

import hashlib
import threading
from functools import partial
from itertools import count
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from faceid_review.desk.photos.compare import Mode
from faceid_review.desk.photos.pane import PhotosPane
from faceid_review.desk.window import Window
from faceid_review.faceid.simulator import Simulator
from faceid_review.review.case import Case
from tests.desk.test_compare import two
from tests.desk.test_judgement import session_of
from tests.desk.test_photos import FOUR, OTHER_ID, four, opened, pane, pixels, press
from tests.desk.test_window import Open, desk_of, fetch, open_window

__all__ = ["open_window", "opened", "pane", "two"]

HOUR_MS = 3_600_000


def told_by(pane: PhotosPane, dwell_ms: int = 0) -> list[str]:
    """The roles that the stage tells from now on."""
    pane.looks.dwell_ms = dwell_ms
    roles: list[str] = []
    pane.looks.told.connect(lambda _, facts: roles.append(facts["role"]))
    return roles


def show(pane: PhotosPane, biz_id: str = OTHER_ID) -> None:
    pane.show_case(four(biz_id))
    for n, role in enumerate(FOUR):
        pane.show_pixels(role, pixels(seed=n))


# The stage


def test_each_picture_is_told_once_an_opening(pane: PhotosPane, qtbot: QtBot) -> None:
    told = told_by(pane)
    with qtbot.waitSignal(pane.looks.told) as signal:
        show(pane)
    best = four(OTHER_ID).photographs[0]
    assert signal.args == [OTHER_ID, {"role": "image_best", "sha256": best.sha256}]
    for role in ("image_action1", "image_best", "image_action2"):
        pane.choose(role)
        qtbot.waitUntil(partial(told.__contains__, role))
    assert told == ["image_best", "image_action1", "image_action2"]
    with qtbot.waitSignal(pane.looks.told):
        pane.looks.begin()
    assert told[3:] == ["image_action2"]


def test_stepping_through_tells_nothing(opened: PhotosPane, qtbot: QtBot) -> None:
    told = told_by(opened, HOUR_MS)
    for _ in range(2):
        QApplication.processEvents()
        press(opened, "]")
    opened.looks.dwell_ms = 0
    with qtbot.waitSignal(opened.looks.told):
        press(opened, "]")
    assert told == ["image_action3"]


def test_a_picture_counts_from_when_it_is_painted(pane: PhotosPane, qtbot: QtBot) -> None:
    told = told_by(pane)
    pane.hide()
    show(pane)
    QApplication.processEvents()
    assert told == []
    with qtbot.waitSignal(pane.looks.told):
        pane.show()
    assert told == ["image_best"]


def test_no_look_comes_before_its_paint(pane: PhotosPane, qtbot: QtBot) -> None:
    order = told_by(pane)
    pane.side.overlays.append(lambda *_: order.append("painted"))
    show(pane)
    pane.looks._tell()
    assert order == [], "told while nothing was painted"
    qtbot.waitUntil(lambda: order[-1:] == ["image_best"])
    assert order[0] == "painted"


def test_behind_another_page_nothing_is_looked_at(opened: PhotosPane, qtbot: QtBot) -> None:
    told = told_by(opened, HOUR_MS)
    opened.choose("image_action1")
    QApplication.processEvents()
    opened.hide()
    opened.looks.dwell_ms = 0
    opened.looks.begin()
    QApplication.processEvents()
    assert told == []
    with qtbot.waitSignal(opened.looks.told):
        opened.show()
    assert told == ["image_action1"]


def test_covered_pictures_are_not_viewed(pane: PhotosPane, qtbot: QtBot) -> None:
    told = told_by(pane)
    pane.covers_each_case = True
    show(pane)
    assert pane.covered
    QApplication.processEvents()
    pane.choose("image_action1")
    QApplication.processEvents()
    with qtbot.waitSignal(pane.looks.told):
        pane.cover()
    assert told == ["image_action1"]


def test_side_by_side_both_are_viewed_and_by_turns_the_one_that_is_seen(
    two: PhotosPane, qtbot: QtBot
) -> None:
    told = told_by(two)
    two.compare.set_mode(Mode.BLINK)
    two.looks.begin()
    qtbot.waitUntil(lambda: told == ["image_best"])
    two.compare.hold_other(True)
    qtbot.waitUntil(lambda: told == ["image_best", "image_action1"])
    two.compare.hold_other(False)
    two.looks.begin()
    two.compare.set_mode(Mode.COMPARE)
    qtbot.waitUntil(lambda: set(told[2:]) == {"image_best", "image_action1"})
    two.compare.set_mode(Mode.SWIPE)
    two.compare.set_amount(0.0)
    two.looks.begin()
    qtbot.waitUntil(lambda: told[4:] == ["image_best"])
    two.compare.set_amount(0.1)
    qtbot.waitUntil(lambda: told[4:] == ["image_best", "image_action1"])


def test_a_picture_kept_from_another_case_is_not_told_again(two: PhotosPane, qtbot: QtBot) -> None:
    two.compare.activate(0)
    press(two, "H")
    told = told_by(two)
    show(two)
    two.looks.begin()
    with qtbot.waitSignal(two.looks.told) as signal:
        pass
    assert two.hung(0).kept
    assert signal.args is not None
    assert signal.args[0] == OTHER_ID
    assert told == ["image_best"]


# The ledger


def viewed(window: Window, biz_id: str) -> list[tuple[str, str]]:
    """What was opened and viewed of a case, in order."""
    entries = session_of(window).vault.ledger.entries(biz_id)
    return [(e.act, e.facts.get("role", "")) for e in entries if e.act in ("opened", "viewed")]


@pytest.mark.parametrize("blind", [False, True])
def test_what_was_looked_at_is_an_entry_behind_the_opening(
    open_window: Open, qtbot: QtBot, simulator: Simulator, blind: bool
) -> None:
    window = open_window(simulator)
    session = session_of(window)
    session.casebook.blind = blind
    window.case.photos.looks.dwell_ms = 0
    one, other = simulator.ids[:2]
    fetch(window, qtbot, f"{one}\n{other}", 2)
    first = [("opened", ""), ("viewed", "image_best")]
    qtbot.waitUntil(lambda: window.case.case is not None and viewed(window, window.case.case.biz_id) == first)
    assert window.case.case is not None
    biz_id = window.case.case.biz_id
    window.queue.open_wanted.emit(other if biz_id == one else one)
    qtbot.waitUntil(lambda: viewed(window, other if biz_id == one else one) == first)
    window.queue.open_wanted.emit(biz_id)
    qtbot.waitUntil(lambda: viewed(window, biz_id) == first * 2)
    entry = [e for e in session.entries() if e.act == "viewed"][-1]
    best = session.casebook.unmasked(biz_id).photographs[0]
    assert entry.facts == {"role": "image_best", "sha256": hashlib.sha256(best.data).hexdigest()}
    assert [line.facts["role"] for line in session.access(biz_id) if line.act == "viewed"] == [
        "image_best"
    ] * 2
    assert session.audit().intact


def test_a_case_that_is_opened_twice_at_once_shows_all_its_pictures(
    open_window: Open, simulator: Simulator, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its batch and by a hand, say: what the first opening brings must not pass for the second's."""
    window = open_window(simulator)
    fetch(window, qtbot, simulator.ids[0], 1)
    qtbot.waitUntil(lambda: window.case.case is not None and window.case.pictures_read)
    work = desk_of(window).work
    assert work is not None
    read, tell, openings, go_on = work.session.casebook.open, work._tell_first, count(), threading.Event()
    told: list[bool] = []

    def slowly(biz_id: str, **how: Any) -> Case:
        second, case = next(openings) > 0, read(biz_id, **how)
        if second:
            # Its first picture is there before its own entry is.
            go_on.wait(20)
        return case

    def counted(*values: Any) -> None:
        tell(*values)
        told.append(True)

    monkeypatch.setattr(work.session.casebook, "open", slowly)
    monkeypatch.setattr(work, "_tell_first", counted)
    work.open(simulator.ids[0])
    work.open(simulator.ids[0])
    qtbot.waitUntil(lambda: len(told) >= 2)
    with qtbot.waitSignal(work.case_opened):
        go_on.set()
    qtbot.waitUntil(lambda: window.case.pictures_read)

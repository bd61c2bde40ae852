"""Every command of the photographs pane with its keys, as a table."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, NamedTuple

from faceid_review.desk.photos.compare import STEP, Mode
from faceid_review.desk.photos.stage import Side

if TYPE_CHECKING:
    from faceid_review.desk.photos.pane import PhotosPane

DIGITS: Final = 7
_PAN: Final = 24
_FAR: Final = 5
_ZOOM: Final = 1.25


class Needs(Enum):
    """What a command needs before it can do anything."""

    NOTHING = auto()
    CASE = auto()
    PICTURE = auto()
    TWO = auto()
    SEVERAL = auto()
    ASKING = auto()
    AMOUNT = auto()


class Command(NamedTuple):
    """``name`` is the action's objectName after ``photos.``, and the key of its words."""

    name: str
    keys: tuple[str, ...]
    call: Callable[[PhotosPane], object]
    needs: Needs = Needs.PICTURE
    shared: bool = True
    """Whether its keys work beside the photographs too, in the verdict. Arrows do not: they scroll there."""


def _on_side(name: str, key: str, move: Callable[[Side], None]) -> tuple[Command, Command]:
    """A command that moves, and the one that moves the active side alone while Alt is held."""
    return (
        Command(name, (key,), lambda pane: move(pane.side), shared=False),
        Command(
            f"{name}_alone",
            (f"Alt+{key}",),
            lambda pane: pane.compare.by_itself(move),
            Needs.TWO,
            shared=False,
        ),
    )


def _pan(dx: int, dy: int) -> Callable[[Side], None]:
    return lambda side: side.pan(dx * _PAN, dy * _PAN)


def _mode(mode: Mode) -> Callable[[PhotosPane], None]:
    return lambda pane: pane.compare.change_mode(mode)


def _digit(digit: int, *, other: bool) -> Callable[[PhotosPane], None]:
    return lambda pane: pane.choose_by_key(str(digit), other=other)


COMMANDS: Final[tuple[Command, ...]] = (
    *_on_side("zoom_in", "+", lambda side: side.zoom_by(_ZOOM)),
    *_on_side("zoom_out", "-", lambda side: side.zoom_by(1 / _ZOOM)),
    Command("fit", ("Z",), lambda pane: pane.side.fit_or_full()),
    Command("double", ("Shift+Z",), lambda pane: pane.side.zoom_to(2.0)),
    Command("width", ("Y",), lambda pane: pane.side.fit(across=True)),
    Command("sampling", ("U",), lambda pane: pane.compare.change_sampling()),
    *_on_side("left", "Left", _pan(-1, 0)),
    *_on_side("right", "Right", _pan(1, 0)),
    *_on_side("up", "Up", _pan(0, -1)),
    *_on_side("down", "Down", _pan(0, 1)),
    *_on_side("left_far", "Shift+Left", _pan(-_FAR, 0)),
    *_on_side("right_far", "Shift+Right", _pan(_FAR, 0)),
    *_on_side("up_far", "Shift+Up", _pan(0, -_FAR)),
    *_on_side("down_far", "Shift+Down", _pan(0, _FAR)),
    Command("previous", ("[",), lambda pane: pane.step(-1), Needs.CASE),
    Command("next", ("]",), lambda pane: pane.step(1), Needs.CASE),
    *(Command(f"exhibit{n}", (str(n),), _digit(n, other=False), Needs.CASE) for n in range(DIGITS)),
    *(
        Command(f"other{n}", (f"Shift+{n}", f"Alt+Shift+{n}"), _digit(n, other=True), Needs.CASE)
        for n in range(DIGITS)
    ),
    Command("switch", ("T",), lambda pane: pane.compare.switch(), Needs.CASE),
    Command("keep", ("H",), lambda pane: pane.keep(), Needs.CASE),
    Command("compare", ("C",), _mode(Mode.COMPARE), Needs.SEVERAL),
    Command("blink", ("B",), _mode(Mode.BLINK), Needs.TWO),
    Command("swipe", ("W",), _mode(Mode.SWIPE), Needs.TWO),
    Command("overlay", ("O",), _mode(Mode.OVERLAY), Needs.TWO),
    Command(
        "more",
        ("PgDown",),
        lambda pane: pane.compare.set_amount(pane.compare.amount + STEP),
        Needs.AMOUNT,
        shared=False,
    ),
    Command(
        "less",
        ("PgUp",),
        lambda pane: pane.compare.set_amount(pane.compare.amount - STEP),
        Needs.AMOUNT,
        shared=False,
    ),
    Command("lock", ("S",), lambda pane: pane.compare.set_lock(not pane.compare.locked), Needs.TWO),
    Command("align", ("A",), lambda pane: pane.compare.align(), Needs.TWO),
    Command("mark", ("Return", "Enter"), lambda pane: pane.side.pick_middle(), Needs.ASKING, shared=False),
    Command("turn", ("R",), lambda pane: pane.turn(1)),
    Command("turn_back", ("Shift+R",), lambda pane: pane.turn(-1)),
    Command("mirror", ("M",), lambda pane: pane.mirror()),
    Command("panel", ("E",), lambda pane: pane.show_panel(), Needs.CASE),
    Command("loupe", ("L",), lambda pane: pane.compare.set_loupe(not pane.compare.loupe)),
    Command("grid", ("G",), lambda pane: pane.compare.set_grid(not pane.compare.grid)),
    Command("original", ("Esc",), lambda pane: pane.original(), Needs.CASE, shared=False),
)

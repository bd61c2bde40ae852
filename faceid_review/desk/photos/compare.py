"""The stage as a whole: two sides, how they are shown together, and how their views hang together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.photos.layer import Over, Way
from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.photos.stage import Side
from faceid_review.desk.photos.view import Tie, View, apart
from faceid_review.desk.shapes import Shape

LEFT, RIGHT = 0, 1
STEP: Final = 0.1

_NEAREST: Final = 2.0
"""Two points of a picture that lie closer together than so many of its pixels tell nothing of its scale."""


class Mode(StrEnum):
    """How the two sides are shown: one of them, both, or one upon the other."""

    ONE = "one"
    COMPARE = "compare"
    BLINK = "blink"
    SWIPE = "swipe"
    OVERLAY = "overlay"


class Lock(StrEnum):
    """How the two views hang together."""

    OFF = "off"
    WHOLE = "whole"
    OFFSET = "offset"
    EYES = "eyes"
    PICKING = "picking"


class Compare(QWidget):
    """Two sides, the active one of which keys move. While they are locked each follows the other.

    ``viewed`` tells any change of scale or place, ``activated`` that a hand chose the other side, ``changed``
    a change of mode, lock, amount, grid or loupe; ``aligned`` carries the two points that a hand set on the left and on the
    right, in pixels of the pictures as they are kept.
    """

    viewed = Signal()
    activated = Signal(int)
    changed = Signal()
    aligned = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos.sides")
        self.sides = (Side(self), Side(self))
        self.active = RIGHT
        self.mode = Mode.ONE
        self.locked = True
        self.grid = self.loupe = False
        self._amounts = {Mode.SWIPE: 0.5, Mode.OVERLAY: 0.5}
        self._held = False
        self._offset: Tie | None = None
        self._keys = ["", ""]
        self._natural: tuple[tuple[str, str], Tie] | None = None
        self._eyes: dict[str, tuple[QPointF, QPointF]] = {}
        self._picks: dict[int, list[QPointF]] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for side, name in zip(self.sides, ("left", "right"), strict=True):
            side.setObjectName(f"photos.{name}")
            side.viewed.connect(self._viewed)
            side.resized.connect(self._settle)
            side.touched.connect(self._touched)
            side.picked.connect(self._picked)
            side.pointed.connect(self._hold_loupe)
            side.held.connect(self._held_by_hand)
            side.divided.connect(self.set_amount)
            row.addWidget(side, 1)
        self._arrange()

    @property
    def side(self) -> Side:
        """The active side."""
        return self.sides[self.active]

    @property
    def two(self) -> bool:
        """Whether both sides have a photograph."""
        return all(side.picture is not None for side in self.sides)

    def shows(self, at: int) -> bool:
        """Whether anything of the photograph on this side is, or can be, seen."""
        return at == self.active or self.mode is not Mode.ONE

    @property
    def seen(self) -> tuple[int, ...]:
        """The sides of whose photographs something is to be seen now."""
        if self.mode is Mode.COMPARE and not self.other_shown:
            return LEFT, RIGHT
        if self.other_shown:
            return (1 - self.active,)
        whole = {(Mode.SWIPE, 0.0): (RIGHT,), (Mode.SWIPE, 1.0): (LEFT,), (Mode.OVERLAY, 0.0): (self.active,)}
        laid = self.two and self.mode in self._amounts
        return whole.get((self.mode, self.amount), (LEFT, RIGHT)) if laid else (self.active,)

    @property
    def lock(self) -> Lock:
        """How the two views hang together now."""
        if self._picks is not None:
            return Lock.PICKING
        if not self.locked:
            return Lock.OFF
        if self._offset is not None:
            return Lock.OFFSET
        return Lock.EYES if self.two and all(key in self._eyes for key in self._keys) else Lock.WHOLE

    @property
    def picks(self) -> tuple[int, int]:
        """How many points were clicked on each side, of two each."""
        return (len(self._picks[LEFT]), len(self._picks[RIGHT])) if self._picks else (0, 0)

    @property
    def amount(self) -> float:
        """How much of the stage a swipe gives to the left, or how strong an overlay is: 0 to 1."""
        return self._amounts.get(self.mode, 0.0)

    @property
    def other_shown(self) -> bool:
        """Whether the other photograph is seen in the place of the active one, as long as something is held."""
        return self._held and self.two

    # What is shown

    def show_picture(self, at: int, picture: Picture, key: str) -> None:
        """Show ``picture``, which ``key`` names for good, where the one before was: no face jumps."""
        side, before = self.sides[at], self.sides[at].picture
        if picture is before and key == self._keys[at]:
            return
        view = side.view
        if before is not None and not view.fit and side.room.width() > 0:
            if before.original is picture.original:
                middle = picture.seen(before.own(view.centre(before.size)))
                size = picture.size
                view = View(view.scale, middle.x() / size.width(), middle.y() / size.height(), fit=False)
            elif before.size != picture.size or self._keys[at] in self._eyes:
                tie = self._tie_between(before, self._keys[at], picture, key)
                view = tie.follow(view, before.size, picture.size)
        if before is None or before.size != picture.size:
            self._offset = None
        self._keys[at] = key
        # Its view is its own affair until it is in place; then the active side leads.
        side.blockSignals(True)
        side.show_picture(picture, view)
        side.blockSignals(False)
        self._settle()

    def show_words(self, at: int, shape: Shape, title: str, words: str, *, patient: bool = False) -> None:
        """Show a sentence on one side."""
        self.sides[at].show_words(shape, title, words, patient=patient)
        self._keys[at] = ""
        self._settle()

    def reset(self, keep: tuple[str, ...] = ()) -> None:
        """Begin anew with another case. What is known of the pictures named in ``keep`` stays known."""
        self._eyes = {key: eyes for key, eyes in self._eyes.items() if key in keep}
        self._offset = self._picks = None
        for side in self.sides:
            side.set_picking(False)
            side.sample_as_usual()
            side.follow(View())

    def set_mode(self, mode: Mode) -> None:
        """Show the sides in another way."""
        if mode is not self.mode:
            self.mode = mode
            self._held = False
            if mode is not Mode.COMPARE:
                self.stop_aligning()
            self._arrange()
            self.changed.emit()

    def show_both(self) -> None:
        """Show the other side too, next to this one, unless it is shown in some way already."""
        if self.mode is Mode.ONE:
            self.set_mode(Mode.COMPARE)

    def change_mode(self, mode: Mode) -> None:
        """Show the sides in this way; the same again goes back to one."""
        self.set_mode(Mode.ONE if self.mode is mode else mode)

    def change_sampling(self) -> None:
        """Between smoothed and exact pixels, on both sides."""
        exact = not self.side.exact
        for side in self.sides:
            side.set_exact(exact)

    def switch(self) -> None:
        """Make the other side the active one."""
        self.activate(1 - self.active)

    def activate(self, at: int) -> None:
        """Let keys move this side."""
        if at == self.active:
            return
        focused = self.side.hasFocus()
        self.active = at
        self._arrange()
        if focused:
            self.side.setFocus(Qt.FocusReason.OtherFocusReason)
        self.activated.emit(at)

    def hold_other(self, held: bool) -> None:
        """As long as it is held, the other photograph is seen in the place of the active one."""
        if held != self._held:
            self._held = held
            self._lay()
            self.changed.emit()

    @Slot(float)
    def set_amount(self, amount: float) -> None:
        """Move the divider of a swipe, or make an overlay stronger or weaker."""
        if self.mode in self._amounts:
            self._amounts[self.mode] = min(max(round(amount, 3), 0.0), 1.0)
            self._lay()
            self.changed.emit()

    def by_itself(self, move: Callable[[Side], None]) -> None:
        """Move the active side alone; the offset it gets is kept from then on."""
        self.side.alone = True
        move(self.side)
        self.side.alone = False

    def set_lock(self, locked: bool) -> None:
        """Let the sides hang together as they lie now, or each move for itself."""
        self.locked = locked
        if locked and self.two and self._tie() != (now := self._tie_now()):
            self._offset = now
        self._settle()
        self.changed.emit()

    def set_grid(self, shown: bool) -> None:
        """Lay lines over both sides."""
        self.grid = shown
        for side in self.sides:
            side.set_grid(shown)
        self.changed.emit()

    def set_loupe(self, shown: bool) -> None:
        """Hold a loupe over the pointer, and over the same point of the other side."""
        self.loupe = shown
        self._hold_loupe()
        self.changed.emit()

    # Alignment by two points

    def align(self) -> None:
        """Ask for the same two points on both sides; their distance makes the faces equally large."""
        if self.two:
            self.set_mode(Mode.COMPARE)
            self._picks = {LEFT: [], RIGHT: []}
            self._show_picks()

    def stop_aligning(self) -> bool:
        """Ask no more; False where nothing was being asked."""
        asked, self._picks = self._picks is not None, None
        if asked:
            self._show_picks()
        return asked

    @Slot(QPointF)
    def _picked(self, point: QPointF) -> None:
        at = self.sides.index(self.sender())
        if self._picks is None or len(self._picks[at]) == 2:
            return
        shown = self.sides[at].picture
        outside = shown is None or not QRectF(QPointF(), QSizeF(shown.size)).contains(point)
        if outside or any(apart(point, before) < _NEAREST for before in self._picks[at]):
            return
        self._picks[at].append(point)
        if len(self._picks[at]) == 2 and len(self._picks[1 - at]) < 2:
            self.activate(1 - at)
        if self.picks == (2, 2):
            self._take_picks(self._picks)
        self._show_picks()

    def _take_picks(self, picks: dict[int, list[QPointF]]) -> None:
        for at, side in enumerate(self.sides):
            assert side.picture
            one, two = (side.picture.own(point) for point in picks[at])
            self._eyes[self._keys[at]] = (one, two)
        self._picks = self._offset = None
        self.locked = True
        self._settle()
        self.aligned.emit(*(self._eyes[key] for key in self._keys))

    def _show_picks(self) -> None:
        for at, side in enumerate(self.sides):
            side.set_picking(self._picks is not None, tuple(self._picks[at]) if self._picks else ())
        self.changed.emit()

    # How the views hang together

    def _tie(self) -> Tie:
        """Which points of the left picture and the right one belong together."""
        left, right = (side.picture for side in self.sides)
        assert left
        assert right
        return self._offset or self._tie_between(left, self._keys[LEFT], right, self._keys[RIGHT])

    def _tie_now(self) -> Tie:
        left, right = self.sides
        assert left.picture
        assert right.picture
        return Tie.of_views(left.view, left.picture.size, right.view, right.picture.size)

    def _tie_between(self, first: Picture, first_key: str, second: Picture, second_key: str) -> Tie:
        eyes = self._eyes.get(first_key), self._eyes.get(second_key)
        if eyes[0] and eyes[1]:
            return Tie.of_points(
                (first.seen(eyes[0][0]), first.seen(eyes[0][1])),
                (second.seen(eyes[1][0]), second.seen(eyes[1][1])),
            )
        pair = first_key, second_key
        if self.side.view.fit or self._natural is None or self._natural[0] != pair:
            self._natural = pair, Tie.natural(first.size, second.size, self.side.room)
        # Once somebody has zoomed it stays: a stage that loses a line to a caption would move the other picture.
        return self._natural[1]

    @Slot()
    def _viewed(self) -> None:
        side = self.sender()
        if not isinstance(side, Side):
            return
        if side.alone and self.two and self.locked:
            before, self._offset = self._offset, self._tie_now()
            self._hang_together()
            if before is None:
                self.changed.emit()
        else:
            self._lead(self.sides.index(side))

    def _lead(self, at: int) -> None:
        """Let the other side follow the one at ``at``."""
        leader, other = self.sides[at], self.sides[1 - at]
        if self.locked and self.two and leader.picture and other.picture:
            tie = self._tie() if at == LEFT else self._tie().back()
            view = tie.follow(leader.view, leader.picture.size, other.picture.size)
            whole = leader.view.fit and not leader.view.across and self.lock is Lock.WHOLE
            other.follow(replace(view, fit=whole))
        self._hang_together()

    @Slot()
    def _settle(self) -> None:
        """Both in their places again; where they are not locked there is nothing to follow."""
        self._lead(self.active)

    def _hang_together(self) -> None:
        self._lay()
        self._hold_loupe()
        self.viewed.emit()

    # What is laid over what

    def _arrange(self) -> None:
        both = self.mode is Mode.COMPARE
        self.side.setVisible(True)
        self.sides[1 - self.active].setVisible(both)
        self._settle()

    def _lay(self) -> None:
        side, other = self.side, self.sides[1 - self.active]
        way = Way.BLINK if self._held else _WAYS.get(self.mode)
        over = None
        if way is not None and self.two and other.picture is not None:
            amount = float(self._held) if way is Way.BLINK else self.amount
            over = Over(other.picture, other.view, way, amount, left=self.active == RIGHT)
        side.lay(over)
        other.lay(None)

    @Slot()
    def _hold_loupe(self) -> None:
        lenses: list[QPointF | None] = [None, None]
        at = next((i for i, side in enumerate(self.sides) if side.pointer is not None), self.active)
        side, other = self.sides[at], self.sides[1 - at]
        if self.loupe and side.picture is not None and side.isVisible():
            spot = side.pointer or side.middle
            lenses[at] = spot
            if self.locked and self.two and other.isVisible():
                tie = self._tie() if at == LEFT else self._tie().back()
                lenses[1 - at] = other.position_of(tie.point(side.point_at(spot)))
        for one, lens in zip(self.sides, lenses, strict=True):
            one.set_lens(lens)

    # Hands

    @Slot()
    def _touched(self) -> None:
        if self.sender() is not self.side:
            self.activate(1 - self.active)

    @Slot(bool)
    def _held_by_hand(self, held: bool) -> None:
        if self.mode is Mode.BLINK or not held:
            self.hold_other(held)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(palette.tokens().line))


_WAYS: Final = {Mode.BLINK: Way.BLINK, Mode.SWIPE: Way.SWIPE, Mode.OVERLAY: Way.OVERLAY}

"""Joins facts and marks to the stage: panels beside it, pins over it, and the keys that open and place them."""

from __future__ import annotations

from math import floor
from typing import Final

from PySide6.QtCore import QObject, QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from faceid_review.desk.photos.compare import Compare, Lock
from faceid_review.desk.photos.exhibit import Exhibit
from faceid_review.desk.photos.facts import WIDTH, FactsPanel
from faceid_review.desk.photos.hung import Hung
from faceid_review.desk.photos.marks import KEYS, MarksPanel, Pair
from faceid_review.desk.photos.pins import paint_pins
from faceid_review.desk.photos.stage import Side
from faceid_review.desk.photos.surface import Surface
from faceid_review.faceid.photograph import Facts
from faceid_review.i18n import Words
from faceid_review.review.case import Case
from faceid_review.review.marks import Marks, Pin

_WIDEST: Final = 2 * WIDTH
_ACTIONS: Final = {
    "photos.facts": "I",
    "photos.pin": "P",
    "photos.marks": "Shift+P",
    "photos.attach": "Ctrl+Shift+A",
    **{f"photos.{finding.value}": key for finding, key in KEYS.items()},
}


class Marking(QObject):
    """Lives in the photographs pane. ``facts`` and ``marks`` are panels for the pane to lay beside the stage.

    ``row`` holds the stage and the panels. Wishes: ``pin_wanted`` (role, x, y, feature, text), ``unpin_wanted``
    (entry), ``finding_wanted`` (component, finding, left role, right role), ``attach_wanted``,
    ``align_wanted`` (left role, its two points, right role, its two points).
    """

    pin_wanted = Signal(str, int, int, str, str)
    unpin_wanted = Signal(int)
    finding_wanted = Signal(str, str, str, str)
    attach_wanted = Signal()
    align_wanted = Signal(str, object, str, object)

    def __init__(self, words: Words, compare: Compare, pane: QWidget) -> None:
        super().__init__(pane)
        self._words = words
        self._compare = compare
        self._pane = pane
        self._case: Case | None = None
        self._shown: tuple[Exhibit | None, Exhibit | None] = (None, None)
        self._told: dict[tuple[str, str], Facts] = {}
        self._placing = False
        self._point: tuple[str, int, int] | None = None
        self.facts, self.marks = FactsPanel(words, pane), MarksPanel(words, pane)
        self.row = QHBoxLayout()
        self.row.setSpacing(0)
        self.row.addWidget(compare, 1)
        for panel in (self.facts, self.marks):
            panel.setMaximumWidth(_WIDEST)
            panel.hide()
            self.row.addWidget(panel)
        self.actions_by_name: dict[str, QAction] = {}
        for name, key in _ACTIONS.items():
            action = QAction(pane)
            action.setObjectName(name)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            pane.addAction(action)
            self.actions_by_name[name] = action
        self.actions_by_name["photos.facts"].triggered.connect(self.toggle_facts)
        self.actions_by_name["photos.pin"].triggered.connect(self.place)
        self.actions_by_name["photos.marks"].triggered.connect(self.toggle_marks)
        self.actions_by_name["photos.attach"].triggered.connect(self.attach_wanted)
        for finding in KEYS:
            self.actions_by_name[f"photos.{finding.value}"].triggered.connect(self._find)
        for side in compare.sides:
            side.overlays.append(self._paint)
            side.picked.connect(self._picked)
        compare.aligned.connect(self._aligned)
        self.facts.closed.connect(self.toggle_facts)
        self.marks.closed.connect(self.toggle_marks)
        self.marks.place_wanted.connect(self.place)
        self.marks.placed.connect(self._placed)
        self.marks.gave_up.connect(self.stop)
        self.marks.unpin_wanted.connect(self.unpin_wanted)
        self.marks.found.connect(self._found)
        self.speak(words)

    @property
    def placing(self) -> bool:
        """Whether a point is being chosen or told about."""
        return self._placing

    def show(self, case: Case | None, left: Hung, right: Hung, words: Words) -> None:
        """Show the marks of ``case`` and of what hangs on the two sides of the stage."""
        shown = tuple(
            hung.exhibit if case is not None and hung.biz_id == case.biz_id else None
            for hung in (left, right)
        )
        if case is None or self._case is None or case.biz_id != self._case.biz_id:
            self._told.clear()
            self.stop()
        elif self._point is not None and shown != self._shown:
            self.stop()
        self._case, self._shown = case, (shown[0], shown[1])
        if words is not self._words:
            self.speak(words)
        self._refresh()

    def show_facts(self, role: str, sha256: str, told: Facts) -> None:
        """Take what was read of one picture's file."""
        self._told[role, sha256] = told
        self._refresh()

    def stop(self) -> bool:
        """Place nothing after all; False where nothing was being placed."""
        was, self._placing, self._point = self._placing, False, None
        if was:
            self._let_pick(False)
            self.marks.placing(on=False)
            self._compare.side.setFocus(Qt.FocusReason.OtherFocusReason)
        return was

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.facts.speak(words)
        self.marks.speak(words)
        for name, action in self.actions_by_name.items():
            action.setText(words(f"marks.action.{name.removeprefix('photos.')}"))
        self._refresh()

    @Slot()
    def toggle_facts(self) -> None:
        """Show the facts of the picture on the stage, or put them away."""
        shown = self.facts.isHidden()
        self.facts.setVisible(shown)
        if shown:
            self.marks.hide()
            self.stop()
        self._refresh()
        self._keep_focus(shown=False)

    @Slot()
    def toggle_marks(self) -> None:
        """Show pins and components, or put them away."""
        shown = self.marks.isHidden()
        self.marks.setVisible(shown)
        if shown:
            self.facts.hide()
        else:
            self.stop()
        self._refresh()
        self._keep_focus(shown=shown)

    @Slot()
    def place(self) -> None:
        """Ask for the point of a new pin: a click, or Enter for what lies under the cross in the middle."""
        exhibit = self._shown[self._compare.active]
        if self.stop() or exhibit is None or self._compare.side.picture is None:
            return
        if self._compare.lock is Lock.PICKING:
            self._compare.stop_aligning()
        self.facts.hide()
        self.marks.show()
        self._placing = True
        self._let_pick(True)
        self.marks.placing(on=True)
        self._compare.side.setFocus(Qt.FocusReason.OtherFocusReason)
        self._refresh()

    def _let_pick(self, picking: bool) -> None:
        for side in self._compare.sides:
            side.set_picking(picking and side.picture is not None)
        self._compare.changed.emit()

    @Slot(QPointF)
    def _picked(self, point: QPointF) -> None:
        side = self.sender()
        if not self._placing or not isinstance(side, Side) or side.picture is None:
            return
        at = self._compare.sides.index(side)
        exhibit = self._shown[at]
        own = side.picture.own(point)
        size = side.picture.original.size
        if exhibit is None or not (0 <= own.x() < size.width() and 0 <= own.y() < size.height()):
            return
        self._compare.activate(at)
        self._point = (exhibit.role, int(own.x()), int(own.y()))
        self._let_pick(False)
        number = exhibit.label or exhibit.field
        self.marks.ask(self._words("marks.at", exhibit=number, x=int(own.x()), y=int(own.y())))

    @Slot(object, object)
    def _aligned(self, left: tuple[QPointF, QPointF], right: tuple[QPointF, QPointF]) -> None:
        """Of two pictures of the case it is kept; with one of another case it is for the eye alone."""
        one, other = self._shown
        if one is None or other is None or one.photograph == other.photograph:
            return
        points = [tuple((floor(p.x()), floor(p.y())) for p in side) for side in (left, right)]
        for side, set_there in zip(self._compare.sides, points, strict=True):
            size = side.picture.original.size if side.picture else QSize()
            if not all(0 <= x < size.width() and 0 <= y < size.height() for x, y in set_there):
                return
        self.align_wanted.emit(one.role, points[0], other.role, points[1])

    @Slot(str, str)
    def _placed(self, feature: str, text: str) -> None:
        if self._point is not None:
            self.pin_wanted.emit(*self._point, feature, text)
        self.stop()

    @Slot(str, str)
    def _found(self, component: str, finding: str) -> None:
        pair = self._pair()
        if pair is not None:
            self.finding_wanted.emit(component, finding, pair.left_role, pair.right_role)

    @Slot()
    def _find(self) -> None:
        self.marks.record(self.sender().objectName().removeprefix("photos."))

    def _pair(self) -> Pair | None:
        """The two pictures on the stage, or the reference beside the only one."""
        left, right = (one if one is not None and one.photograph is not None else None for one in self._shown)
        if left is None or right is None or left.photograph is None or right.photograph is None:
            return None
        if left.photograph.sha256 == right.photograph.sha256:
            return None
        return Pair(left.label or left.field, left.role, right.label or right.field, right.role)

    def _refresh(self) -> None:
        exhibit = self._shown[self._compare.active]
        picture = exhibit.photograph if exhibit is not None else None
        marks = self._case.marks if self._case is not None else Marks()
        told = self._told.get((picture.role, picture.sha256)) if picture is not None else None
        self.facts.show_facts(exhibit if picture is not None else None, told)
        name = (exhibit.label or exhibit.field) if exhibit is not None and picture is not None else ""
        self.marks.show_marks(name, marks.on(picture.role, picture.sha256) if picture is not None else ())
        pair = self._pair()
        sides = [
            one.photograph.sha256 for one in self._shown if one is not None and one.photograph is not None
        ]
        self.marks.show_pair(pair, marks.between(*sides) if pair is not None else {})
        open_ = not self.marks.isHidden()
        for finding in KEYS:
            self.actions_by_name[f"photos.{finding.value}"].setEnabled(open_ and pair is not None)
        self.actions_by_name["photos.facts"].setEnabled(picture is not None or not self.facts.isHidden())
        self.actions_by_name["photos.pin"].setEnabled(self._compare.side.picture is not None)
        self.actions_by_name["photos.attach"].setEnabled(self._case is not None)
        for side in self._compare.sides:
            side.viewport().update()

    def _keep_focus(self, *, shown: bool) -> None:
        """A panel that was put away must not take the focus with it."""
        if shown and self._pair() is not None:
            self.marks.components.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self._pane.hasFocus() and self._pane.window().focusWidget() is None:
            self._compare.side.setFocus(Qt.FocusReason.OtherFocusReason)

    def _paint(self, painter: QPainter, side: Surface) -> None:
        if self._case is None:
            return
        exhibit = self._shown[0 if side is self._compare.sides[0] else 1]
        if exhibit is not None and exhibit.photograph is not None:
            one = exhibit.photograph
            pins = self._case.marks.on(one.role, one.sha256)
            if self._point is not None and self._point[0] == one.role:
                # Where it will stand, while it is told about.
                number = self._case.marks.placed.get((one.role, one.sha256), 0) + 1
                at = self._case.events[-1].at
                pins = (*pins, Pin(number, one.role, one.sha256, *self._point[1:], "", "", 0, at, ""))
            paint_pins(painter, side, pins)

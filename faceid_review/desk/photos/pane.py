"""The photographs pane: mode bar, stage, captions and contact strip, and the keys that move between them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from faceid_review.desk.photos import exhibit as places
from faceid_review.desk.photos import saying
from faceid_review.desk.photos.alteration import Alteration
from faceid_review.desk.photos.alteration_panel import AlterationPanel
from faceid_review.desk.photos.altered_views import AlteredViews
from faceid_review.desk.photos.caption import Caption, WarnLine
from faceid_review.desk.photos.commands import COMMANDS, DIGITS, Command, Needs
from faceid_review.desk.photos.compare import LEFT, RIGHT, Compare, Lock, Mode
from faceid_review.desk.photos.exhibit import Exhibit
from faceid_review.desk.photos.guide_row import GuideRow
from faceid_review.desk.photos.held_keys import HeldKeys
from faceid_review.desk.photos.hung import Hung, Seen
from faceid_review.desk.photos.looks import Looks
from faceid_review.desk.photos.marking import Marking
from faceid_review.desk.photos.mode_bar import ModeBar
from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.photos.stage import Side
from faceid_review.desk.photos.strip import Hairline, Strip
from faceid_review.desk.photos.ticket import Ticket, ticket_of
from faceid_review.desk.photos.wall import Wall
from faceid_review.desk.shapes import Shape
from faceid_review.faceid.photograph import Examined
from faceid_review.i18n import Words
from faceid_review.review.case import Case

LOW: Final = 560
"""Below this height the strip takes its short form: a window of 760 less its bars."""


class PhotosPane(QWidget):
    """Shows the photographs of one case. It asks for nothing: pixels come in by :meth:`show_pixels`.

    ``active_changed`` tells the role on the active side, ``""`` where there is none. ``actions_by_name`` holds
    every command by its objectName; their keys work while the pane or a part of it has the focus.
    """

    active_changed = Signal(str)
    view_altered = Signal(str, object)
    """A view was altered and let be: biz_id, and facts for an entry (role, sha256 and what differs)."""

    covered_changed = Signal(bool)

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos")
        self._words = words
        self._wall = Wall()
        self._covered = False
        self.covers_each_case = False
        """Whether a policy hides the pictures of every case until somebody reveals them."""

        self.header = ModeBar(self)
        self.guide = GuideRow(self)
        self.panel = AlterationPanel(self)
        self.warning, self.altered = WarnLine(self), WarnLine(self)
        self.altered.setObjectName("photos.altered")
        self.compare: Compare = Compare(self)
        self.marking = Marking(words, self.compare, self)
        self.looks = Looks(self.compare)
        self.captions = (Caption(self), Caption(self))
        self.strip = Strip(self)
        self.views = AlteredViews(self)
        self._lay_out()
        self.setFocusProxy(self.side)

        self.actions_by_name: dict[str, QAction] = {}
        self._commands = {f"photos.{command.name}": command for command in COMMANDS}
        for name, command in self._commands.items():
            self._make_action(name, command)
        self.held_keys = HeldKeys(self)
        self.installEventFilter(self.held_keys)
        self._connect()
        self.speak(words)

    @property
    def side(self) -> Side:
        """The active side of the stage."""
        return self.compare.side

    @property
    def caption(self) -> Caption:
        """The caption of the active side."""
        return self.captions[self.compare.active]

    @property
    def active(self) -> str:
        """The role on the active side, or empty; of a picture that is kept from another case too."""
        one = self.hung(self.compare.active).exhibit
        return one.role if one else ""

    @property
    def covered(self) -> bool:
        """Whether all pictures are hidden until somebody reveals them."""
        return self._covered

    @covered.setter
    def covered(self, covered: bool) -> None:
        if covered != self._covered:
            self._covered = covered
            self._refresh()
            self.covered_changed.emit(covered)

    @property
    def shared_actions(self) -> list[QAction]:
        """Commands whose keys are to work in the verdict too."""
        return [self.actions_by_name[name] for name, command in self._commands.items() if command.shared]

    def hung(self, at: int) -> Hung:
        """What hangs on a side: 0 is the left one, 1 the right one."""
        return self._wall.hung(at)

    def show_case(self, case: Case | None, first: Seen | None = None) -> None:
        """Show ``case``, or that none is open. The same photographs as before keep their pixels and the view.

        ``first`` is a picture that was read before: what hangs on it is laid out once instead of twice.
        """
        before = self.active
        if not self._wall.take(case):
            self._begin_anew()
        elif not self._wall.settled:
            self._wall.arrange(self.compare.active)
        if first is not None:
            self._wall.bring(first.role, first.sha256, first.examined, first.picture)
        self._refresh()
        if self.active != before:
            self.active_changed.emit(self.active)

    def _begin_anew(self) -> None:
        kept = (self._wall.kept.sha256,) if self._wall.kept else ()
        self.views.forget(kept)
        self.compare.reset(kept)
        self._wall.arrange(RIGHT if kept else self.compare.active)
        if kept:
            self.compare.activate(RIGHT)
        if self.covers_each_case and self._wall.case is not None and not self._covered:
            self._covered = True
            self.covered_changed.emit(True)

    def show_pixels(
        self, role: str, examined: Examined, sha256: str = "", picture: Picture | None = None
    ) -> None:
        """Show what became of one picture. With ``sha256`` pixels of another picture than ours are dropped.

        A case may be left while its pictures are still being decoded, and every case has an image_best.
        ``picture`` is ``Picture.of(examined.pixels)`` where a worker made it: for pictures of many million
        pixels that too takes longer than a window may stand still.
        """
        if self._wall.bring(role, sha256, examined, picture):
            self.strip.show_ticket(self._ticket(self._wall.exhibits[role]))
            self.strip.set_picture(role, None if self._covered else self._wall.picture(role))
            if self._wall.shows(role):
                self._refresh_stage()

    @Slot(str)
    def choose(self, role: str) -> None:
        """Put the exhibit of ``role`` on the active side, at the scale and place of the one before."""
        self._put(self.compare.active, role)

    def choose_other(self, role: str) -> None:
        """Put the exhibit of ``role`` on the other side, and show both."""
        if role in self._wall.exhibits:
            self.compare.show_both()
        self._put(1 - self.compare.active, role)

    def _put(self, at: int, role: str) -> None:
        if role not in self._wall.exhibits:
            return
        before = self.active
        self._wall.hang(at, role)
        self._refresh_stage()
        if self.active != before:
            self.active_changed.emit(self.active)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("photos.title"))
        self.strip.setAccessibleName(words("photos.strip.name"))
        self.header.speak(words)
        self.panel.speak(words)
        for name, action in self.actions_by_name.items():
            if not name.removeprefix("photos.").startswith(("exhibit", "other")):
                action.setText(words(f"photos.action.{name.removeprefix('photos.')}"))
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.strip.set_low(self.height() < LOW)

    # What is shown

    def _refresh(self) -> None:
        words = self._words
        wall = self._wall
        self.strip.setVisible(wall.case is not None)
        self.strip.show_tickets(tuple(self._ticket(one) for one in wall.exhibits.values()))
        for role in wall.exhibits:
            self.strip.set_picture(role, None if self._covered else wall.picture(role))
        for digit in range(DIGITS):
            one = wall.by_key(str(digit))
            said = words("photos.action.no_exhibit", number=f"E{digit}")
            if one:
                said = words("photos.action.exhibit", number=one.number, name=places.name(one, words))
            for name, text in ((f"exhibit{digit}", said), (f"other{digit}", words("stage.other", name=said))):
                action = self.actions_by_name[f"photos.{name}"]
                action.setText(text)
                action.setEnabled(one is not None)
        self._refresh_stage()

    def _refresh_stage(self) -> None:
        """Both sides, their captions, and what can be commanded."""
        # What each of them tells of its view is told once, at the end.
        self.compare.blockSignals(True)
        for at in (1 - self.compare.active, self.compare.active):
            self._refresh_side(at)
        self.compare.blockSignals(False)
        self.strip.choose("" if self._wall.kept and self.compare.active == LEFT else self.active)
        came = self._wall.came
        for name, index in (("photos.previous", 0), ("photos.next", -1)):
            self.actions_by_name[name].setEnabled(bool(came) and came[index] != self.active)
        self._refresh_ways()

    def _refresh_side(self, at: int) -> None:
        words, hung = self._words, self.hung(at)
        one = hung.exhibit
        if self._covered and one is not None and one.photograph is not None:
            covered = words("stage.covered.title"), words("stage.covered")
            self.compare.show_words(at, Shape.DASH, *covered)
        elif hung.picture is not None:
            self.compare.show_picture(at, self.views.of(hung.sha256, hung.picture), hung.sha256)
        elif one is None or not self._wall.came:
            self.compare.show_words(at, Shape.DASH, *places.why_none(self._wall.case, words))
        else:
            waiting = one.photograph is not None and places.status_of(one, hung.examined) is None
            instead = places.instead(one, hung.examined, words)
            self.compare.show_words(at, *instead, patient=waiting)

    @Slot()
    def _refresh_ways(self) -> None:
        """What hangs on the mode, the lock, and which side is active."""
        words, compare = self._words, self.compare
        mode, two = compare.mode, compare.two
        single = mode is Mode.ONE
        # Where both sides are shown already, the way back to one stays open.
        several = self._wall.several or not single
        self.header.show_mode(mode, two, several)
        self.header.show_lock(None if single or not two else compare.lock, words)
        hung = self.hung(LEFT), self.hung(RIGHT)
        self.marking.show(self._wall.case, *hung, words)
        self.looks.see(hung)
        seen = 1 - compare.active if compare.other_shown else compare.active
        for at, caption in enumerate(self.captions):
            seen_here = self._wall.case is not None and compare.shows(at)
            if seen_here:
                shown = hung[at].label(words, active=at == seen, covered=self._covered)
                caption.show_label(shown, hung[at].spoken(words) or words("photos.title"))
            caption.setVisible(seen_here)
            self.compare.sides[at].setAccessibleName(saying.side_name(at, hung[at], compare, words))
        incomplete = not self._covered and any(
            hung[at].incomplete for at in (LEFT, RIGHT) if compare.shows(at)
        )
        self.warning.warn(words("photos.warn.incomplete") if incomplete else "")
        self.guide.show_way(compare, (hung[LEFT].name(words), hung[RIGHT].name(words)), words)
        self._refresh_alterations()
        can = {
            Needs.NOTHING: True,
            Needs.CASE: self._wall.case is not None,
            Needs.PICTURE: self.side.picture is not None,
            Needs.TWO: two,
            Needs.SEVERAL: several,
            Needs.ASKING: compare.lock is Lock.PICKING or self.marking.placing,
            Needs.AMOUNT: two and mode in (Mode.SWIPE, Mode.OVERLAY),
        }
        for name, command in self._commands.items():
            if name not in _ENABLED_ELSEWHERE:
                self.actions_by_name[name].setEnabled(can[command.needs])
        self._viewed()

    def _refresh_alterations(self) -> None:
        shown = [self.hung(at) for at in (LEFT, RIGHT) if self.compare.shows(at)]
        said = "" if self._covered else saying.altered(shown, self.views, self.compare, self._words)
        if self.altered.text != said:
            self.altered.warn(said)
        self.panel.show_alteration(self._alteration())

    def _ticket(self, one: Exhibit) -> Ticket:
        return ticket_of(one, self._wall.examined(one.role), self._words, covered=self._covered)

    @Slot()
    def _viewed(self) -> None:
        words, compare = self._words, self.compare
        scales = []
        for at, side in enumerate(compare.sides):
            side.setAccessibleDescription(saying.side_description(at, compare, words))
            if side.picture is not None and compare.shows(at):
                scales.append((self.hung(at).name(words), side.view.scale))
        view = self.side.view
        self.header.show_views(scales, self.side.exact, view.fit and not view.across, words)
        if compare.loupe:
            self._refresh_alterations()

    # Commands

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in (self.header, self.guide, self.panel, self.altered, self.warning):
            column.addWidget(bar)
        column.addLayout(self.marking.row, 1)
        labels = QHBoxLayout()
        labels.setSpacing(1)
        for caption in self.captions:
            labels.addWidget(caption, 1)
        column.addLayout(labels)
        column.addWidget(Hairline(self))
        column.addWidget(self.strip)

    def _connect(self) -> None:
        self.header.hint.clicked.connect(self.actions_by_name["photos.fit"].trigger)
        self.header.lock.clicked.connect(self.actions_by_name["photos.lock"].trigger)
        self.header.chosen.connect(self._mode_chosen)
        self.guide.amount.connect(self.compare.set_amount)
        self.panel.altered.connect(self._alter)
        self.panel.original.clicked.connect(self.actions_by_name["photos.original"].trigger)
        self.compare.viewed.connect(self._viewed)
        self.compare.changed.connect(self._refresh_ways)
        self.compare.activated.connect(self._activated)
        self.strip.chosen.connect(self.choose)
        self.held_keys.other_held.connect(self.compare.hold_other)
        self.held_keys.digit.connect(self._digit)
        self.views.told.connect(self.view_altered)

    def _make_action(self, name: str, command: Command) -> None:
        action = QAction(self)
        action.setObjectName(name)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(self._command)
        self.addAction(action)
        self.actions_by_name[name] = action

    @Slot()
    def _command(self) -> None:
        self._commands[self.sender().objectName()].call(self)

    @Slot(int, bool)
    def _digit(self, digit: int, other: bool) -> None:
        self.choose_by_key(str(digit), other=other)

    def choose_by_key(self, key: str, *, other: bool = False) -> None:
        """Put the exhibit that the digit ``key`` stands for on the active side, or on the other one."""
        one = self._wall.by_key(key)
        if one is not None:
            (self.choose_other if other else self.choose)(one.role)

    def step(self, by: int) -> None:
        """Go to the photograph ``by`` places further, over the empty places; at the ends stay."""
        self.choose(self._wall.following(self.active, by))

    @Slot(int)
    def _activated(self, _: int) -> None:
        self.setFocusProxy(self.side)
        self._refresh_stage()
        self.active_changed.emit(self.active)

    def keep(self) -> None:
        """Keep the active picture on the left while other cases are opened, or let go of the one that is kept."""
        if self._wall.kept is not None:
            self._wall.let_go()
        elif self._wall.keep(self.compare.active):
            self.compare.activate(RIGHT)
            self.compare.show_both()
        self._refresh_stage()

    def keep_best(self) -> bool:
        """Keep the best picture of the case on show on the left, both sides shown; False where there is none."""
        kept = self._wall.keep_best()
        if kept:
            self.compare.activate(RIGHT)
            self.compare.set_mode(Mode.COMPARE)
            self._refresh_stage()
        return kept

    @Slot(str)
    def _mode_chosen(self, mode: str) -> None:
        self.compare.set_mode(Mode(mode))

    # What is done to views

    def turn(self, by: int) -> None:
        """Turn the view of the active picture by quarters, clockwise."""
        self._alter(self._alteration().turned(by))

    def mirror(self) -> None:
        """Exchange left and right of the active picture's view."""
        self._alter(self._alteration().flipped())

    def show_panel(self) -> None:
        """Open the panel of alterations, or close it."""
        shown = self.panel.isHidden()
        self.panel.setVisible(shown)
        (self.panel if shown else self.side).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def original(self) -> None:
        """Bring every view back to the original, or leave an alignment under way."""
        if self.marking.stop() or self.compare.stop_aligning():
            return
        for at in (LEFT, RIGHT):
            self._alter(Alteration(), at)
        self.compare.set_loupe(False)
        self.compare.set_grid(False)

    def cover(self) -> None:
        """Hide all pictures at once, or reveal them."""
        self.covered = not self._covered

    def _alteration(self) -> Alteration:
        return self.views.alteration(self.hung(self.compare.active).sha256)

    @Slot(object)
    def _alter(self, alteration: Alteration, at: int | None = None) -> None:
        hung = self.hung(self.compare.active if at is None else at)
        if hung.picture is not None and hung.exhibit is not None:
            self.views.alter(hung.sha256, alteration, hung.biz_id, hung.exhibit.role)
            self._refresh_stage()


_ENABLED_ELSEWHERE: Final = {
    "photos.previous",
    "photos.next",
    *(f"photos.{kind}{digit}" for kind in ("exhibit", "other") for digit in range(DIGITS)),
}

"""The photographs pane: header, stage, caption and contact strip, and the keys that move between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.photos import exhibit as places
from faceid_review.desk.photos.caption import Caption, Label, WarnLine, label
from faceid_review.desk.photos.exhibit import Exhibit
from faceid_review.desk.photos.header import Header
from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.photos.stage import Side, View
from faceid_review.desk.photos.strip import Strip, Ticket
from faceid_review.desk.shapes import Shape
from faceid_review.faceid.photograph import Examined, Status
from faceid_review.i18n import Words
from faceid_review.review.case import Case

LOW: Final = 560
"""Below this height the strip takes its short form: a window of 760 less its bars."""

_STEP: Final = 24
_ZOOM_STEP: Final = 1.25
_DIGITS: Final = 7


class PhotosPane(QWidget):
    """Shows the photographs of one case. It asks for nothing: pixels come in by :meth:`show_pixels`.

    ``active_changed`` tells the role on the stage, ``""`` where there is none. ``actions_by_name`` holds
    every command by its objectName; their keys work while the pane or a part of it has the focus.
    """

    active_changed = Signal(str)

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos")
        self._words = words
        self._case: Case | None = None
        self._exhibits: dict[str, Exhibit] = {}
        self._examined: dict[str, Examined] = {}
        self._pictures: dict[str, Picture] = {}
        self._active = ""

        self.header = Header(self)
        self.warning = WarnLine(self)
        self.side = Side(self)
        self.caption = Caption(self)
        self.strip = Strip(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.warning)
        column.addWidget(self.side, 1)
        column.addWidget(self.caption)
        column.addWidget(_Hairline(self))
        column.addWidget(self.strip)
        self.setFocusProxy(self.side)

        self.actions_by_name: dict[str, QAction] = {}
        self._make_actions()
        self.header.hint.clicked.connect(self.actions_by_name["photos.fit"].trigger)
        self.side.viewed.connect(self._viewed)
        self.strip.chosen.connect(self.choose)
        self.speak(words)

    @property
    def active(self) -> str:
        """The role on the stage, or empty."""
        return self._active

    def show_case(self, case: Case | None) -> None:
        """Show ``case``, or that none is open. The same photographs as before keep their pixels and the view."""
        same = _photographs(case) == _photographs(self._case) and case is not None and self._case is not None
        self._case = case
        self._exhibits = {one.role: one for one in places.exhibits(case)} if case else {}
        if not same:
            self._examined.clear()
            self._pictures.clear()
            self.side.set_view(View())
        came = [role for role, one in self._exhibits.items() if one.photograph]
        before = self._active
        if not (same and self._active in self._exhibits):
            self._active = places.BEST if places.BEST in came or not came else came[0]
            self._active = self._active if case else ""
        self._refresh()
        if self._active != before:
            self.active_changed.emit(self._active)

    def show_pixels(
        self, role: str, examined: Examined, sha256: str = "", picture: Picture | None = None
    ) -> None:
        """Show what became of one picture. With ``sha256`` pixels of another picture than ours are dropped.

        A case may be left while its pictures are still being decoded, and every case has an image_best.
        ``picture`` is ``Picture.of(examined.pixels)`` where a worker made it: for pictures of many million
        pixels that too takes longer than a window may stand still.
        """
        place = self._exhibits.get(role)
        if place is None or place.photograph is None or sha256 not in ("", place.photograph.sha256):
            return
        if examined.pixels is not None:
            self._pictures[role] = picture or Picture.of(examined.pixels)
        # The decoded bytes are let go: the picture holds them in the form that is painted.
        self._examined[role] = Examined(examined.status, examined.width, examined.height)
        self.strip.show_tickets(self._tickets())
        self.strip.set_picture(role, self._pictures.get(role))
        if role == self._active:
            self._refresh_stage()

    @Slot(str)
    def choose(self, role: str) -> None:
        """Put the exhibit of ``role`` on the stage, at the scale and place of the one before."""
        if role not in self._exhibits:
            return
        changed, self._active = role != self._active, role
        self.strip.choose(role)
        self._refresh_stage()
        if changed:
            self.active_changed.emit(role)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("photos.title"))
        self.strip.setAccessibleName(words("photos.strip.name"))
        self.header.speak(words)
        for name, action in self.actions_by_name.items():
            if "exhibit" not in name:
                action.setText(words(f"photos.action.{name.removeprefix('photos.')}"))
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.strip.set_low(self.height() < LOW)

    # What is shown

    def _refresh(self) -> None:
        has_case = self._case is not None
        self.strip.setVisible(has_case)
        self.caption.setVisible(has_case)
        self.strip.show_tickets(self._tickets())
        for role in self._exhibits:
            self.strip.set_picture(role, self._pictures.get(role))
        self.strip.choose(self._active)
        for digit in range(_DIGITS):
            one = next((e for e in self._exhibits.values() if e.key == str(digit)), None)
            action = self.actions_by_name[f"photos.exhibit{digit}"]
            action.setEnabled(one is not None)
            action.setText(
                self._words("photos.action.exhibit", number=one.number, name=places.name(one, self._words))
                if one
                else self._words("photos.action.no_exhibit", number=f"E{digit}")
            )
        self._refresh_stage()

    def _refresh_stage(self) -> None:
        words = self._words
        one = self._exhibits.get(self._active)
        examined = self._examined.get(self._active)
        picture = self._pictures.get(self._active)
        incomplete = picture is not None and examined is not None and examined.status is Status.INCOMPLETE
        self.warning.warn(words("photos.warn.incomplete") if incomplete else "")
        spoken = places.spoken(one, examined, words) if one else ""
        if one is not None:
            received_at = self._case.answer.received_at if self._case and self._case.answer else None
            turned = picture is not None and picture.turned
            self.caption.show_label(label(one, examined, received_at, turned, words), spoken)
        else:
            self.caption.show_label(Label(), words("photos.title"))
        if picture is not None:
            self.side.show_picture(picture)
        elif one is None or not any(e.photograph for e in self._exhibits.values()):
            self.side.show_words(Shape.DASH, *places.why_none(self._case, words))
        else:
            waiting = one.photograph is not None and places.status_of(one, examined) is None
            self.side.show_words(*places.instead(one, examined, words), patient=waiting)
        said = words("photos.comma").join(part for part in (spoken, self.side.describe()) if part)
        self.side.setAccessibleName(words("photos.stage.name", words=said))
        for name in _NEED_A_PICTURE:
            self.actions_by_name[name].setEnabled(picture is not None)
        came = self._came()
        for name, index in (("photos.previous", 0), ("photos.next", -1)):
            self.actions_by_name[name].setEnabled(bool(came) and came[index] != self._active)
        self._viewed(self.side.view)

    def _tickets(self) -> tuple[Ticket, ...]:
        return tuple(
            _ticket(one, self._examined.get(role), self._words) for role, one in self._exhibits.items()
        )

    def _came(self) -> list[str]:
        return [role for role, one in self._exhibits.items() if one.photograph]

    @Slot(View)
    def _viewed(self, view: View) -> None:
        one = self._exhibits.get(self._active)
        shown = self.side.picture is not None and one is not None
        self.header.show_view(view if shown else None, (one.label or one.field) if one else "", self._words)
        if shown:
            said = self._words("photos.say.zoom", percent=round(view.scale * 100))
            sampling = self._words("photos.exact" if view.exact else "photos.smoothed")
            self.side.setAccessibleDescription(f"{said}{self._words('photos.comma')}{sampling}")
        else:
            self.side.setAccessibleDescription("")

    # Commands

    def _make_actions(self) -> None:
        for name, key, _ in _COMMANDS:
            action = QAction(self)
            action.setObjectName(name)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(self._command)
            self.addAction(action)
            self.actions_by_name[name] = action

    @Slot()
    def _command(self) -> None:
        name = self.sender().objectName()
        next(call for other, _, call in _COMMANDS if other == name)(self)

    def step(self, by: int) -> None:
        """Go to the photograph ``by`` places further, over the empty places; at the ends stay."""
        roles = list(self._exhibits)
        here = roles.index(self._active) if self._active in roles else 0
        ahead = roles[here + 1 :] if by > 0 else roles[:here][::-1]
        came = [role for role in ahead if self._exhibits[role].photograph]
        if came:
            self.choose(came[min(abs(by), len(came)) - 1])

    def choose_by_key(self, key: str) -> None:
        """Put the exhibit on the stage that the digit ``key`` stands for."""
        for role, one in self._exhibits.items():
            if one.key == key:
                self.choose(role)


class _Hairline(QWidget):
    """A line of one pixel."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("photos.line")
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(palette.tokens().line))


def _pan(dx: int, dy: int) -> Callable[[PhotosPane], None]:
    return lambda pane: pane.side.pan(dx * _STEP, dy * _STEP)


def _digit(key: str) -> Callable[[PhotosPane], None]:
    return lambda pane: pane.choose_by_key(key)


_COMMANDS: Final[tuple[tuple[str, str, Callable[[PhotosPane], None]], ...]] = (
    ("photos.zoom_in", "+", lambda pane: pane.side.zoom_by(_ZOOM_STEP)),
    ("photos.zoom_out", "-", lambda pane: pane.side.zoom_by(1 / _ZOOM_STEP)),
    ("photos.fit", "Z", lambda pane: pane.side.fit_or_full()),
    ("photos.double", "Shift+Z", lambda pane: pane.side.zoom_to(2.0)),
    ("photos.left", "Left", _pan(-1, 0)),
    ("photos.right", "Right", _pan(1, 0)),
    ("photos.up", "Up", _pan(0, -1)),
    ("photos.down", "Down", _pan(0, 1)),
    ("photos.left_far", "Shift+Left", _pan(-5, 0)),
    ("photos.right_far", "Shift+Right", _pan(5, 0)),
    ("photos.up_far", "Shift+Up", _pan(0, -5)),
    ("photos.down_far", "Shift+Down", _pan(0, 5)),
    ("photos.previous", "[", lambda pane: pane.step(-1)),
    ("photos.next", "]", lambda pane: pane.step(1)),
    *((f"photos.exhibit{digit}", str(digit), _digit(str(digit))) for digit in range(_DIGITS)),
)
_NEED_A_PICTURE: Final = tuple(name for name, _, _ in _COMMANDS[:12])


def _photographs(case: Case | None) -> tuple[Any, ...]:
    return (case.biz_id, *((p.role, p.sha256) for p in case.photographs)) if case else ()


def _ticket(exhibit: Exhibit, examined: Examined | None, words: Words) -> Ticket:
    """The short form of ``exhibit`` for the strip."""
    photograph = exhibit.photograph
    plain = exhibit.field.removeprefix("image_") if exhibit.action else exhibit.field
    inferred = places.word(exhibit, words)
    flaw = places.flaw(exhibit, examined, words)
    if exhibit.role == places.REFERENCE:
        lines = [places.name(exhibit, words)]
    elif exhibit.role == places.BEST:
        lines = [words("photos.short.best"), plain]
    elif photograph is None:
        lines = [plain]
    elif inferred:
        lines = [inferred[:1].upper() + inferred[1:], plain, words("photos.inferred")]
    else:
        lines = [places.name(exhibit, words), plain]
    if photograph is None or flaw:
        # Four lines are more than a place is high: the vendor's field stands in the caption too.
        lines = [line for line in lines if line != plain or len(lines) == 1]
        lines.append(flaw or words(exhibit.absent))
    spoken = places.spoken(exhibit, examined, words)
    return Ticket(
        role=exhibit.role,
        key=exhibit.key,
        number=exhibit.label,
        lines=tuple(lines),
        shape=Shape.DASH if photograph is None else Shape.TRIANGLE if flaw else None,
        flawed=bool(flaw),
        spoken=spoken,
        tooltip=spoken,
    )

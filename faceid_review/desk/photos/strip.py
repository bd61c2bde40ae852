"""The contact strip: every place of the case side by side, the empty ones too."""

from __future__ import annotations

import html
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QRadioButton, QScrollArea, QSizePolicy, QWidget

from faceid_review.desk import icons, palette
from faceid_review.desk.chip import paint_badge
from faceid_review.desk.photos.caption import BADGE
from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.photos.ticket import Ticket
from faceid_review.desk.shapes import Shape, paint_ring, paint_shape

_FULL: Final = QSize(66, 88)
_LOW: Final = QSize(45, 60)
_PAD, _SIDE, _GAP, _END = 8.0, 10.0, 8.0, 4.0
_SHAPE: Final = 12.0
_ICON: Final = 16


class Place(QRadioButton):
    """One place of the strip. Space, Enter or a click puts its photograph on the stage."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Each place is a stop of its own for Tab, since arrow keys always pan.
        self.setAutoExclusive(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.first = self.low = self.terse = False
        self._picture: Picture | None = None
        self._thumbnail: QPixmap | None = None
        self._needed: int | None = None
        self._ticket = Ticket("")

    @property
    def ticket(self) -> Ticket:
        """The words shown."""
        return self._ticket

    def set_ticket(self, ticket: Ticket) -> None:
        """Say it in other words."""
        before = self._ticket
        if ticket == before:
            return
        self._ticket = ticket
        self.setObjectName(f"photos.place.{ticket.role}")
        self.setAccessibleName(ticket.spoken)
        self.setToolTip(html.escape(ticket.tooltip))
        if _written(ticket) != _written(before):
            self._needed = None
            self.updateGeometry()
        self.update()

    def set_picture(self, picture: Picture | None) -> None:
        """Show ``picture`` small, or the empty frame."""
        if picture is not self._picture:
            self._picture, self._thumbnail = picture, None
            self.update()

    def set_form(self, low: bool, terse: bool) -> None:
        """``low``: with a smaller picture. ``terse``: with its key and number only."""
        if (low, terse) != (self.low, self.terse):
            self.low, self.terse, self._thumbnail = low, terse, None
            self.updateGeometry()
            self.update()

    def width_for_words(self) -> int:
        """The width at which no line of the full form is cut."""
        if self._needed is None:
            widest = max(
                (_wide(word, font) for line, font in self._lines() for word in line.split()), default=0.0
            )
            self._needed = round(_SIDE + _FULL.width() + _GAP + max(widest, self._head()) + _END)
        return self._needed

    def sizeHint(self) -> QSize:
        if self.terse:
            return QSize(self.minimumSizeHint().width(), self._tall_for(self._badge()))
        lines = self._wrapped(max(self.width(), self.width_for_words()))
        words = self._badge() + 2 + sum(_tall(font) for _, font in lines)
        return QSize(self.width_for_words(), self._tall_for(words))

    def minimumSizeHint(self) -> QSize:
        box = _LOW if self.low else _FULL
        return QSize(round(_SIDE + box.width() + _GAP + self._head() + _END), self._tall_for(self._badge()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._needed = None
            self.updateGeometry()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def nextCheckState(self) -> None:
        """A chosen place stays chosen when it is clicked again."""
        self.setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, ticket, chosen = palette.tokens(), self._ticket, self.isChecked()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.sel if chosen else t.raised if self.underMouse() else t.panel))
        if not self.first:
            painter.fillRect(QRectF(0, 0, 1, self.height()), QColor(t.line))
        box = _LOW if self.low else _FULL
        frame = QRectF(_SIDE, _PAD, box.width(), box.height())
        self._paint_frame(painter, frame, t)
        left = frame.right() + _GAP
        badge = QRectF(left, _PAD, self._badge(), self._badge())
        at = left
        if ticket.key:
            paint_badge(painter, badge, ticket.key, palette.font(-2), chosen=chosen)
            at = badge.right() + 6
        bold = palette.font(1, bold=True)
        middle = badge.center().y()
        at = _say(
            painter,
            QPointF(at, middle),
            ticket.number,
            bold,
            t.selfg if chosen else t.text,
            self.width() - at,
        )
        if ticket.flawed:
            amber = QColor(t.selfg if chosen else t.warn)
            paint_shape(painter, QRectF(at + 6, middle - _SHAPE / 2, _SHAPE, _SHAPE), Shape.TRIANGLE, amber)
        if not self.terse:
            top = badge.bottom() + 2
            room = self.width() - left - _END
            for index, (line, font) in enumerate(self._wrapped(self.width())):
                ink = t.selfg if chosen else t.text2 if index else t.text
                _say(painter, QPointF(left, top + _tall(font) / 2), line, font, ink, room)
                top += _tall(font)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()).adjusted(1, 0, 0, 0), 0)

    def _paint_frame(self, painter: QPainter, frame: QRectF, t: palette.Tokens) -> None:
        if self._ticket.covered:
            painter.fillRect(frame, QColor(t.stage))
            ratio = self.devicePixelRatioF()
            # The stage is dark in both themes.
            ink = t.text if t.name == "dark" else t.field
            drawn = icons.image("eye-off", _ICON, ink, ratio)
            painter.drawImage(frame.center() - QPointF(_ICON / 2, _ICON / 2), drawn)
            return
        if self._picture is not None:
            small = self._small(frame.size().toSize())
            ratio = small.devicePixelRatio()
            width, height = small.width() / ratio, small.height() / ratio
            if width < frame.width() - 1 or height < frame.height() - 1:
                painter.fillRect(frame, QColor(t.stage))
            painter.drawPixmap(frame.center() - QPointF(width / 2, height / 2), small)
            return
        if self._ticket.shape is None:
            painter.fillRect(frame, QColor(t.track))
            return
        painter.setPen(QPen(QColor(t.edge), 1, Qt.PenStyle.DashLine))
        painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
        spot = QRectF(0, 0, _SHAPE, _SHAPE)
        spot.moveCenter(frame.center())
        paint_shape(painter, spot, self._ticket.shape, QColor(t.selfg if self.isChecked() else t.text2))

    def _small(self, box: QSize) -> QPixmap:
        assert self._picture is not None
        ratio = self.devicePixelRatioF()
        if self._thumbnail is None or self._thumbnail.devicePixelRatio() != ratio:
            self._thumbnail = self._picture.within(box * ratio)
            self._thumbnail.setDevicePixelRatio(ratio)
        return self._thumbnail

    def _lines(self) -> list[tuple[str, QFont]]:
        return [(line, palette.font(-2 if index else 0)) for index, line in enumerate(self._ticket.lines)]

    def _wrapped(self, width: float) -> list[tuple[str, QFont]]:
        """The lines as they stand in a place of ``width``: broken at blanks only."""
        room = width - _SIDE - _FULL.width() - _GAP - _END
        broken: list[tuple[str, QFont]] = []
        for line, font in self._lines():
            held = ""
            for word in line.split():
                longer = f"{held} {word}" if held else word
                if held and _wide(longer, font) > room:
                    broken.append((held, font))
                    held = word
                else:
                    held = longer
            broken.append((held, font))
        return broken

    def _tall_for(self, words: float) -> int:
        return round(max((_LOW if self.low else _FULL).height(), words) + 2 * _PAD)

    def _badge(self) -> float:
        return max(BADGE, _tall(palette.font(1, bold=True)), _tall(palette.font(-2)) + 2)

    def _head(self) -> float:
        key = self._badge() + 6 if self._ticket.key else 0.0
        return (
            key + _wide(self._ticket.number, palette.font(1, bold=True)) + (6 + _SHAPE) * self._ticket.flawed
        )


class Strip(QScrollArea):
    """All places in a row of equal widths; more than fit are scrolled. ``chosen`` is a person's choice."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos.strip")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QWidget()
        self._row.setObjectName("photos.strip.row")
        layout = QHBoxLayout(self._row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._layout = layout
        self.setWidget(self._row)
        self._stock: list[Place] = []
        self._places: dict[str, Place] = {}
        self._low = False

    @property
    def places(self) -> dict[str, Place]:
        """The places by role, from left to right."""
        return dict(self._places)

    def show_tickets(self, tickets: tuple[Ticket, ...]) -> None:
        """Show these places; one whose role stood there before keeps its picture.

        Widgets are used again from case to case, so that stepping through a queue makes none.
        """
        while len(self._stock) < len(tickets):
            place = Place(self._row)
            place.first = not self._stock
            place.clicked.connect(self._clicked)
            self._layout.addWidget(place, 1)
            self._stock.append(place)
        for index, place in enumerate(self._stock):
            ticket = tickets[index] if index < len(tickets) else Ticket("")
            if ticket.role != place.ticket.role:
                place.set_picture(None)
            place.set_ticket(ticket)
            place.setVisible(index < len(tickets))
        self._places = dict(zip((ticket.role for ticket in tickets), self._stock, strict=False))
        self._fold()

    def show_ticket(self, ticket: Ticket) -> None:
        """Say the place of this ticket's role in other words."""
        place = self._places[ticket.role]
        if ticket != place.ticket:
            place.set_ticket(ticket)
            self._fold()

    def set_picture(self, role: str, picture: Picture | None) -> None:
        """Give the place of ``role`` its picture."""
        self._places[role].set_picture(picture)

    def choose(self, role: str) -> None:
        """Mark the place of ``role`` and bring it into sight, without telling anybody."""
        for place in self._stock:
            place.setChecked(place.ticket.role == role)
        if role in self._places:
            self.ensureWidgetVisible(self._places[role], 0, 0)

    def set_low(self, low: bool) -> None:
        """Small pictures with key and number only, for windows that are not high."""
        self._low = low
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._places:
            self._fold()

    def sizeHint(self) -> QSize:
        bar = self.horizontalScrollBar()
        scrolls = bar.sizeHint().height() if self._row.minimumSizeHint().width() > self.width() else 0
        return QSize(480, self._row.sizeHint().height() + scrolls)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def _fold(self) -> None:
        """The short form also where the words would be cut: half a word beside a face is worse than none."""
        if not self._places:
            return
        share = self.viewport().width() / len(self._places)
        needed = max(place.width_for_words() for place in self._places.values())
        before = self.sizeHint()
        for place in self._places.values():
            place.set_form(self._low, self._low or needed > share)
        if self.sizeHint() != before or self.height() != before.height():
            self.updateGeometry()

    @Slot()
    def _clicked(self) -> None:
        place = self.sender()
        if isinstance(place, Place):
            self.chosen.emit(place.ticket.role)


class Hairline(QWidget):
    """A line of one pixel."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("photos.line")
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(palette.tokens().line))


def _written(ticket: Ticket) -> tuple[object, ...]:
    """What of a ticket takes room."""
    return ticket.key, ticket.number, ticket.lines, ticket.flawed


def _wide(text: str, font: QFont) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)


def _tall(font: QFont) -> float:
    return QFontMetricsF(font).height()


def _say(painter: QPainter, at: QPointF, text: str, font: QFont, ink: str, room: float) -> float:
    """Draw ``text`` from ``at``, the middle of its height; give where it ends."""
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room + 0.5)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(QPointF(at.x(), round(at.y() + (metrics.ascent() - metrics.descent()) / 2)), shown)
    return at.x() + metrics.horizontalAdvance(shown)

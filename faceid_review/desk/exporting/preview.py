"""The pages of a snapshot one below the other, as they will be printed. Only those in sight are ever drawn."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from faceid_review.desk import palette
from faceid_review.desk.exporting.pages import Drawn, Pages
from faceid_review.desk.shapes import paint_ring
from faceid_review.i18n import Words

_GAP: Final = 12
_ZOOMS: Final = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
_WIDEST: Final = 4000
"""Pixels: a wider picture of a page is not asked for, whatever the screen."""

_KEPT: Final = 6
"""Pages that stay in memory beside those in sight."""


class PagesView(QAbstractScrollArea):
    """Shows pages as wide as it is, times the zoom. It draws none itself: ``page_wanted`` asks for them.

    Page Up and Page Down turn, ``+`` and ``-`` zoom, ``0`` fits the width.
    """

    page_wanted = Signal(int, int)
    """A page (from 0) that came into sight, and how many pixels wide it is wanted."""

    turned = Signal()
    """Another page stands at the top, or there are others."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_pages")
        self._words = words
        self._pages: Pages | None = None
        self._zoom = _ZOOMS.index(1.0)
        self._places: tuple[QRect, ...] = ()
        self._drawn: dict[int, Drawn] = {}
        self._asked: dict[int, int] = {}
        self._said = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().valueChanged.connect(self._moved)
        self.speak(words)

    # ---- values in

    def show_pages(self, pages: Pages) -> None:
        """Show another PDF; where its reader stood stays, since most of it is often the same."""
        at = self.verticalScrollBar().value()
        self._pages, self._said = pages, ""
        self._drawn, self._asked = {}, {}
        self._lay_out()
        self.verticalScrollBar().setValue(at)
        self._moved()

    def show_page(self, pages: Pages, drawn: Drawn) -> None:
        """One page that was asked for; of a PDF no longer on show it is dropped."""
        if pages is self._pages:
            self._drawn[drawn.number] = drawn
            self._forget()
            self._describe()
            self.viewport().update()

    def say(self, sentence: str) -> None:
        """Nothing can be shown: say why. The pages on show go, since they are not what would be written."""
        self._pages, self._said = None, sentence
        self._drawn, self._asked = {}, {}
        self._lay_out()
        self._describe()
        self.turned.emit()

    @property
    def pages(self) -> Pages | None:
        """What is on show."""
        return self._pages

    @property
    def place(self) -> tuple[int, int]:
        """The page that is read, from 1, and of how many; nothing shown is (0, 0)."""
        return (self._current() + 1, len(self._places)) if self._places else (0, 0)

    @property
    def complete(self) -> bool:
        """Whether every page in sight is drawn as sharp as it can be."""
        return all(n in self._drawn and self._asked.get(n) == self._pixels(n) for n in self._in_sight())

    def zoom(self, by: int) -> None:
        """One step larger or smaller; 0 fits the width."""
        number, within = self._current(), 0.0
        if self._places:
            place = self._places[number]
            within = (self.verticalScrollBar().value() - place.top()) / max(1, place.height())
        self._zoom = min(len(_ZOOMS) - 1, max(0, self._zoom + by)) if by else _ZOOMS.index(1.0)
        self._lay_out()
        if self._places:
            place = self._places[number]
            self.verticalScrollBar().setValue(round(place.top() + within * place.height()))
        self._moved()

    def turn(self, by: int) -> None:
        """Go to the beginning of the next page, or of this one, or of the one before."""
        if self._places:
            number = self._current()
            begins = self._places[number].top() - _GAP
            if by < 0 and self.verticalScrollBar().value() > begins:
                by += 1
            number = min(len(self._places) - 1, max(0, number + by))
            self.verticalScrollBar().setValue(self._places[number].top() - _GAP)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("exporting.preview"))
        self._describe()
        self.viewport().update()

    # ---- events

    def sizeHint(self) -> QSize:
        return QSize(560, 720)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.zoom_kept()

    def zoom_kept(self) -> None:
        """Lay the pages out for the room there is, at the place where they are read."""
        number = self._current()
        before = self._places[number] if self._places else QRect()
        above = self.verticalScrollBar().value() - before.top()
        self._lay_out()
        if self._places and before.height():
            after = self._places[number]
            share = above / before.height() if above > 0 else 0.0
            self.verticalScrollBar().setValue(
                round(after.top() + share * after.height() - (above <= 0) * _GAP)
            )
        self._moved()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_PageDown:
                self.turn(1)
            case Qt.Key.Key_PageUp:
                self.turn(-1)
            case Qt.Key.Key_Home:
                bar.setValue(0)
            case Qt.Key.Key_End:
                bar.setValue(bar.maximum())
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(1)
            case Qt.Key.Key_Minus:
                self.zoom(-1)
            case Qt.Key.Key_0:
                self.zoom(0)
            case _:
                super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange):
            self.viewport().update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(event.rect(), QColor(t.track))
        if not self._places:
            painter.setPen(QColor(t.text2))
            painter.setFont(palette.font())
            room = self.viewport().rect().adjusted(24, 24, -24, -24)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._said)
        shift = self._shift()
        for number in self._in_sight():
            box = self._places[number].translated(-shift)
            drawn = self._drawn.get(number)
            painter.fillRect(box, QColor(Qt.GlobalColor.white))
            if drawn is not None:
                painter.drawImage(box, drawn.image)
            painter.setPen(QPen(QColor(t.edge), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(-1, -1, 0, 0))
        if self.hasFocus():
            paint_ring(painter, self.viewport().rect().toRectF())

    # ---- where the pages lie

    def _lay_out(self) -> None:
        room = self.viewport().size()
        places, top, widest = [], _GAP, 0
        for size in self._pages.sizes if self._pages else ():
            width = max(80, round((room.width() - 2 * _GAP) * _ZOOMS[self._zoom]))
            height = round(width * size.height() / max(1.0, size.width()))
            places.append(QRect(max(_GAP, (room.width() - width) // 2), top, width, height))
            top += height + _GAP
            widest = max(widest, width + 2 * _GAP)
        self._places = tuple(places)
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setPageStep(room.height())
        down.setSingleStep(40)
        down.setRange(0, max(0, top - room.height()) if places else 0)
        across.setPageStep(room.width())
        across.setSingleStep(40)
        across.setRange(0, max(0, widest - room.width()))
        self.viewport().update()

    def _shift(self) -> QPoint:
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _in_sight(self) -> list[int]:
        seen = self.viewport().rect().translated(self._shift())
        return [number for number, place in enumerate(self._places) if place.intersects(seen)]

    def _current(self) -> int:
        """The page under the upper third of what is seen."""
        line = self.verticalScrollBar().value() + self.viewport().height() // 3
        return max((n for n, place in enumerate(self._places) if place.top() <= line), default=0)

    def _pixels(self, number: int) -> int:
        return min(_WIDEST, round(self._places[number].width() * self.devicePixelRatioF()))

    def _moved(self) -> None:
        for number in self._in_sight():
            width = self._pixels(number)
            if self._asked.get(number) != width:
                self._asked[number] = width
                self.page_wanted.emit(number, width)
        self._describe()
        self.turned.emit()
        self.viewport().update()

    def _forget(self) -> None:
        """Let the pages go that are furthest from what is read: a long snapshot is not kept as pictures."""
        here = self._current()
        spare = sorted(set(self._drawn) - set(self._in_sight()), key=lambda n: -abs(n - here))
        for number in spare[: max(0, len(self._drawn) - _KEPT)]:
            del self._drawn[number]
            self._asked.pop(number, None)

    def _describe(self) -> None:
        number, of = self.place
        if not of:
            self.setAccessibleDescription(self._said)
            return
        drawn = self._drawn.get(number - 1)
        said = self._words("exporting.page", number=number, of=of)
        self.setAccessibleDescription(f"{said}\n{drawn.text}" if drawn else said)

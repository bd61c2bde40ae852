"""One side of the stage: a photograph, how large and which part of it; words where there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from faceid_review.desk import palette
from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.shapes import RING, Shape, paint_ring, paint_shape

SMALLEST: Final = 0.05
LARGEST: Final = 16.0
EXACT_FROM: Final = 2.0
"""From this scale on every pixel is a sharp block; below it only 100 % is not smoothed."""

_FRAME: Final = RING
_MOST_KEPT: Final = 2_000_000
"""Device pixels of a reduction that is kept; a larger one is sampled from a halving as it is painted."""
_PATIENCE_MS: Final = 150
_COLUMN: Final = 420
_SHAPE: Final = 20


@dataclass(frozen=True)
class View:
    """How large a photograph is shown and which of its points lies in the middle of its side.

    ``scale`` is device pixels for each pixel of the picture, so 1 is 100 % on every screen. ``x`` and ``y``
    are shares of its width and height (0 to 1), which mean the same place in the next photograph. While
    ``fit`` is set the side keeps the whole photograph in sight by itself.
    """

    scale: float = 1.0
    x: float = 0.5
    y: float = 0.5
    fit: bool = True

    @property
    def exact(self) -> bool:
        """Whether the screen shows the picture's own pixels, not a smoothed reduction or enlargement."""
        return self.scale == 1 or self.scale >= EXACT_FROM


class Side(QWidget):
    """Shows one photograph and moves over it. It says nothing of whose it is: that stands beside it.

    ``viewed`` tells every change of scale or place, by whatever means. Positions are in the widget's own
    coordinates, points in pixels of the picture.
    """

    viewed = Signal(View)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos.stage")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._picture: Picture | None = None
        self._view = View()
        self._reduced: QPixmap | None = None
        self._reduced_from: Picture | None = None
        self._shape, self._title, self._words = Shape.DASH, "", ""
        self._words_shown = True
        self._pointer: QPointF | None = None
        self._pressed: QPointF | None = None
        self._grip: QPointF | None = None
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._show_words)

    @property
    def picture(self) -> Picture | None:
        """The photograph shown, if any."""
        return self._picture

    @property
    def view(self) -> View:
        """The scale and place in force."""
        return self._view

    def show_picture(self, picture: Picture) -> None:
        """Show ``picture`` at the scale and place of the one before."""
        self._patience.stop()
        if picture is self._picture:
            return
        self._picture = picture
        self._look(self._view)
        self.viewed.emit(self._view)

    def show_words(self, shape: Shape, title: str, words: str, *, patient: bool = False) -> None:
        """Show a sentence and no photograph; ``patient`` words appear only if they stay for a moment."""
        self._picture = self._reduced = self._reduced_from = None
        self._grip = self._pressed = None
        self._shape, self._title, self._words = shape, title, words
        self._patience.stop()
        self._words_shown = not patient
        if patient:
            self._patience.start()
        self._show_grip()
        self.update()

    def set_view(self, view: View) -> None:
        """Go to ``view``, kept within 5 to 1600 % and with a point of the picture in the middle."""
        before = self._view
        self._look(view)
        if self._view != before:
            self.viewed.emit(self._view)

    def fit(self) -> None:
        """Show the whole photograph as large as the side allows, also when the side changes its size."""
        self.set_view(View())

    def fit_or_full(self, about: QPointF | None = None) -> None:
        """Between the whole photograph and 100 %."""
        if self._view.fit:
            self.zoom_to(1.0, about)
        else:
            self.fit()

    def zoom_to(self, scale: float, about: QPointF | None = None) -> None:
        """Show at ``scale`` and keep what lies at ``about`` there: the pointer, else the middle."""
        if self._picture is None:
            return
        at = about if about is not None else self._pointer
        at = at if at is not None else self._middle()
        point = self.point_at(at)
        scale = min(max(scale, SMALLEST), LARGEST)
        off = (at - self._middle()) * self.devicePixelRatioF() / scale
        size = self._picture.size
        self.set_view(
            View(scale, (point.x() - off.x()) / size.width(), (point.y() - off.y()) / size.height(), False)
        )

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Show ``factor`` times as large; 100 % is never jumped over."""
        scale = self._view.scale * factor
        crosses = min(self._view.scale, scale) < 1 < max(self._view.scale, scale)
        self.zoom_to(1.0 if crosses else scale, about)

    def pan(self, dx: float, dy: float) -> None:
        """Look further right and down by so many logical pixels; the photograph moves the other way."""
        if self._picture is None:
            return
        size, step = self._picture.size, self.devicePixelRatioF() / self._view.scale
        x, y = self._view.x + dx * step / size.width(), self._view.y + dy * step / size.height()
        self.set_view(replace(self._view, x=x, y=y, fit=False))

    def point_at(self, position: QPointF) -> QPointF:
        """The point of the picture that lies at ``position``."""
        return (position * self.devicePixelRatioF() - self._origin()) / self._view.scale

    def position_of(self, point: QPointF) -> QPointF:
        """Where ``point`` of the picture lies."""
        return (self._origin() + point * self._view.scale) / self.devicePixelRatioF()

    def describe(self) -> str:
        """What is said in place of a photograph; empty where there is one."""
        return "" if self._picture else f"{self._title} {self._words}".strip()

    def sizeHint(self) -> QSize:
        return QSize(520, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    # What is shown

    def _look(self, view: View) -> None:
        if self._picture is None:
            self._view = view
            return
        size, room = self._picture.size, self._room()
        ratio = self.devicePixelRatioF()
        if view.fit:
            scale = min(room.width() * ratio / size.width(), room.height() * ratio / size.height())
            view = View(min(max(scale, 1e-3), LARGEST))
        self._view = replace(
            view,
            scale=view.scale if view.fit else min(max(view.scale, SMALLEST), LARGEST),
            x=min(max(view.x, 0.0), 1.0),
            y=min(max(view.y, 0.0), 1.0),
        )
        self._reduce()
        self._show_grip()
        self.update()

    def _reduce(self) -> None:
        """Make the pixmap of this scale now, so that painting is only copying."""
        assert self._picture is not None
        scale, size = self._view.scale, self._picture.size
        if scale >= 1:
            self._reduced = None
            return
        target = QSize(max(round(size.width() * scale), 1), max(round(size.height() * scale), 1))
        if target.width() * target.height() > _MOST_KEPT:
            self._reduced = None
        elif (
            self._reduced is None or self._reduced.size() != target or self._reduced_from is not self._picture
        ):
            self._reduced, self._reduced_from = self._picture.reduced(target), self._picture

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_FRAME, _FRAME, -_FRAME, -_FRAME)

    def _middle(self) -> QPointF:
        return QRectF(self.rect()).center()

    def _origin(self) -> QPointF:
        """Where the picture's first pixel lies, in device pixels of this widget."""
        assert self._picture is not None
        size, view = self._picture.size, self._view
        seen = QPointF(view.x * size.width(), view.y * size.height()) * view.scale
        return self._middle() * self.devicePixelRatioF() - seen

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.stage))
        if self._picture is not None:
            painter.save()
            self._paint_picture(painter, self._picture)
            painter.restore()
        elif self._words_shown:
            self._paint_words(painter)
        if self.hasFocus():
            # Accent alone is hard to see on the stage; a line of panel beside it is not.
            inner = QRectF(self.rect()).adjusted(_FRAME - 0.5, _FRAME - 0.5, 0.5 - _FRAME, 0.5 - _FRAME)
            painter.setPen(QColor(t.panel))
            painter.drawRect(inner)
            paint_ring(painter, QRectF(self.rect()), 0)

    def _paint_picture(self, painter: QPainter, picture: Picture) -> None:
        painter.setClipRect(self._room())
        ratio = self.devicePixelRatioF()
        # From here on one unit is one device pixel and the picture begins on a whole one: whatever stands
        # at 100 % is then copied, not resampled, on every screen.
        painter.scale(1 / ratio, 1 / ratio)
        corner = painter.deviceTransform().map(self._origin())
        origin = self._origin() + QPointF(round(corner.x()), round(corner.y())) - corner
        scale = self._view.scale
        if self._reduced is not None:
            painter.drawPixmap(origin, self._reduced)
            return
        if scale == 1:
            painter.drawPixmap(origin, picture.whole)
            return
        pixmap = picture.whole if scale > 1 else picture.level(scale)
        shrunk = pixmap.width() / picture.size.width()
        step = QTransform(scale / shrunk, 0, 0, scale / shrunk, origin.x(), origin.y())
        room = self._room()
        wanted = QRectF(room.topLeft() * ratio, room.size() * ratio)
        back, possible = step.inverted()
        if not possible:
            return
        # One pixel more on each side, so that smoothing at the edge of the room knows its neighbours.
        source = back.mapRect(wanted).toAlignedRect().adjusted(-1, -1, 1, 1)
        source = source.intersected(QRect(0, 0, pixmap.width(), pixmap.height()))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not self._view.exact)
        painter.drawPixmap(step.mapRect(QRectF(source)), pixmap, QRectF(source))

    def _paint_words(self, painter: QPainter) -> None:
        t = palette.tokens()
        # The stage is dark in both themes, so its words take the lightest tone of each.
        ink = QColor(t.text if t.name == "dark" else t.field)
        title, body = palette.font(2, bold=True), palette.font()
        width = min(_COLUMN, self._room().width() - 32)
        wrap = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        tall = QRectF(0, 0, width, 10_000)
        head = QFontMetricsF(title).boundingRect(tall, wrap, self._title).height() if self._title else 0.0
        text = QFontMetricsF(body).boundingRect(tall, wrap, self._words).height() if self._words else 0.0
        middle = self._room().center()
        left = middle.x() - width / 2
        top = max(middle.y() - (_SHAPE + 12 + head + 4 + text) / 2, self._room().top() + 4)
        if self._title:
            paint_shape(painter, QRectF(middle.x() - _SHAPE / 2, top, _SHAPE, _SHAPE), self._shape, ink)
        painter.setPen(ink)
        painter.setFont(title)
        top += _SHAPE + 12
        painter.drawText(QRectF(left, top, width, head + 1), wrap, self._title)
        painter.setFont(body)
        painter.drawText(QRectF(left, top + head + 4, width, text + 1), wrap, self._words)

    # Hands

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self.zoom_by(2 ** (turned / 480), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) and self._picture:
            self._pressed = event.position()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self._pressed is not None and self._grip is None:
            away = (self._pointer - self._pressed).manhattanLength()
            if away >= QApplication.startDragDistance():
                self._grip = self._pressed
                self._show_grip()
        if self._grip is not None:
            moved, self._grip = self._grip - self._pointer, self._pointer
            self.pan(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = self._pressed = None
        self._show_grip()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.fit_or_full(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_view(self._view)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.update()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.set_view(self._view)
        return handled

    def _show_grip(self) -> None:
        if self._picture is None:
            self.unsetCursor()
        elif self._grip is None:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    @Slot()
    def _show_words(self) -> None:
        self._words_shown = True
        self.update()

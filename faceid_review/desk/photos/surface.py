"""What a side of the stage shows: a photograph, how large and which part of it, and what is laid over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, QSizeF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QSizePolicy, QWidget

from faceid_review.desk import palette
from faceid_review.desk.photos import loupe
from faceid_review.desk.photos.layer import Layer, Over, Way
from faceid_review.desk.photos.picture import Picture
from faceid_review.desk.photos.placard import paint_placard
from faceid_review.desk.photos.view import LARGEST, SMALLEST, View, fitting
from faceid_review.desk.shapes import RING, Shape, paint_ring

_FRAME: Final = RING
_PATIENCE_MS: Final = 150
_REST_MS: Final = 120


class Surface(QGraphicsView):
    """Shows one photograph and moves over it. It says nothing of whose it is: that stands beside it.

    ``viewed`` tells every change of scale or place, by whatever means. Positions are in the widget's own
    coordinates, points in pixels of the picture. Its scene is the stage itself, in logical pixels, with
    photographs placed on it; ``overlays`` are painted above them, each called with the painter and the side.
    """

    viewed = Signal(View)
    resized = Signal()
    """The side has another size, and a photograph that fits it another scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos.stage")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setInteractive(False)
        self.viewport().setObjectName("photos.stage.viewport")
        self.viewport().setMouseTracking(True)
        # A graphics view lets its viewport be reached as well: to a screen reader one more thing, and nameless.
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # after it: the viewport hands its policy on
        self.overlays: list[Callable[[QPainter, Surface], None]] = []
        self._layer, self._second = Layer(), Layer()
        scene = QGraphicsScene(self)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        for layer in (self._layer, self._second):
            scene.addItem(layer)
        self.setScene(scene)
        self._picture: Picture | None = None
        self._view = View()
        self._exactly: bool | None = None
        self._over: Over | None = None
        self._picking = self._grid = False
        self._marks: tuple[QPointF, ...] = ()
        self._lens: QPointF | None = None
        self._shape, self._title, self._words = Shape.DASH, "", ""
        self._words_shown = True
        self._pointer: QPointF | None = None
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._show_words)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._refine)

    @property
    def picture(self) -> Picture | None:
        """The photograph shown, if any."""
        return self._picture

    @property
    def view(self) -> View:
        """The scale and place in force."""
        return self._view

    @property
    def exact(self) -> bool:
        """Whether the picture's own pixels are shown, not a smoothed reduction or enlargement."""
        return self._view.scale == 1 or (self._view.exact if self._exactly is None else self._exactly)

    @property
    def room(self) -> QSizeF:
        """What there is to fill, in device pixels."""
        return self._room().size() * self.devicePixelRatioF()

    @property
    def over(self) -> Over | None:
        """The second photograph, if one is laid over."""
        return self._over

    def show_picture(self, picture: Picture, view: View | None = None) -> None:
        """Show ``picture`` in ``view``, or at the scale and place of the one before."""
        self._patience.stop()
        if picture is self._picture and view is None:
            return
        self._picture = picture
        self._look(view or self._view)
        self.viewed.emit(self._view)

    def show_words(self, shape: Shape, title: str, words: str, *, patient: bool = False) -> None:
        """Show a sentence and no photograph; ``patient`` words appear only if they stay for a moment."""
        self._picture = self._over = self._lens = None
        self._marks = ()
        self._shape, self._title, self._words = shape, title, words
        self._patience.stop()
        self._words_shown = not patient
        if patient:
            self._patience.start()
        self._show_layers()

    def set_view(self, view: View) -> None:
        """Go to ``view``, kept within 5 to 1600 % and with a point of the picture in the middle."""
        before = self._view
        self._look(view)
        if self._view != before:
            self.viewed.emit(self._view)

    def follow(self, view: View) -> None:
        """Go to exactly ``view``, wherever that leads, without telling anybody: another side leads."""
        if view != self._view:
            self._view = view
            self._show_layers()

    def fit(self, *, across: bool = False) -> None:
        """Show the whole photograph, or its whole width, also when the side changes its size."""
        self.set_view(View(across=across))

    def fit_or_full(self, about: QPointF | None = None) -> None:
        """Between the whole photograph and 100 %."""
        if self._view.fit and not self._view.across:
            self.zoom_to(1.0, about)
        else:
            self.fit()

    def zoom_to(self, scale: float, about: QPointF | None = None) -> None:
        """Show at ``scale`` and keep what lies at ``about`` there: the pointer, else the middle."""
        if self._picture is None:
            return
        at = about if about is not None else self._pointer
        at = at if at is not None else self.middle
        point = self.point_at(at)
        scale = min(max(scale, SMALLEST), LARGEST)
        off = (at - self.middle) * self.devicePixelRatioF() / scale
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
        self.set_view(replace(self._view, x=x, y=y, fit=False, across=False))

    def set_exact(self, exact: bool) -> None:
        """Show exact pixels, or smoothed ones wherever they are not at 100 %."""
        self._exactly = exact
        self._show_layers()
        self.viewed.emit(self._view)

    def sample_as_usual(self) -> None:
        """Exact at 100 % and from 200 % on, smoothed elsewhere."""
        self._exactly = None

    def point_at(self, position: QPointF) -> QPointF:
        """The point of the picture that lies at ``position``."""
        return self._layer.point_at(position)

    def position_of(self, point: QPointF) -> QPointF:
        """Where ``point`` of the picture lies."""
        return self._layer.position_of(point)

    def describe(self) -> str:
        """What is said in place of a photograph; empty where there is one."""
        return "" if self._picture else f"{self._title} {self._words}".strip()

    # What is laid over

    def lay(self, over: Over | None) -> None:
        """Lay a second photograph over the first, or take it away."""
        if over != self._over:
            self._over = over
            self._show_layers()

    def set_grid(self, shown: bool) -> None:
        """Lay lines over it."""
        self._grid = shown
        self.viewport().update()

    def set_lens(self, at: QPointF | None) -> None:
        """Hold a loupe there, or put it away."""
        for spot in (self._lens, at):
            if spot is not None:
                about = loupe.glass_at(spot, self._room()).toAlignedRect()
                self.viewport().update(about.adjusted(-2, -2, 2, 2))
        self._lens = at if self._picture is not None else None

    @property
    def lens(self) -> QPointF | None:
        """Where the loupe is held."""
        return self._lens

    @property
    def pointer(self) -> QPointF | None:
        """Where the pointer is, while it is over this side."""
        return self._pointer

    @property
    def middle(self) -> QPointF:
        """The middle of this side, about which everything is placed."""
        return QRectF(self.rect()).center()

    def set_picking(self, picking: bool, marks: tuple[QPointF, ...] = ()) -> None:
        """Tell clicks as points of the picture; ``marks`` are those told already."""
        self._picking, self._marks = picking, marks
        self._placed()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(520, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    # What is shown

    def _look(self, view: View) -> None:
        if self._picture is None:
            self._view = view
            return
        if view.fit:
            self._view = fitting(self._picture.size, self.room, across=view.across)
        else:
            # A side that followed may be further out than one may go by hand; it is not thrown back.
            was = self._view
            self._view = View(
                min(max(view.scale, min(SMALLEST, was.scale)), max(LARGEST, was.scale)),
                min(max(view.x, min(0.0, was.x)), max(1.0, was.x)),
                min(max(view.y, min(0.0, was.y)), max(1.0, was.y)),
                fit=False,
            )
        self._show_layers()

    def _show_layers(self) -> None:
        """Place both photographs; whatever can be made ready in a few ms is, so that painting is only copying."""
        over = self._over if self._picture is not None else None
        for layer in (self._layer, self._second):
            layer.lie_in(self._room(), self.middle, self.devicePixelRatioF())
        first = second = None
        self._layer.show_picture(self._picture, self._view, self.exact)
        if over is None:
            self._second.show_picture(None, self._view, False)
        else:
            self._second.show_picture(over.picture, over.view, self.exact)
            self._second.setOpacity(over.amount if over.way is Way.OVERLAY else 1.0)
            if over.way is Way.BLINK:
                first = second = self._layer.placed().intersected(self._second.placed())
                self._layer.setVisible(over.amount < 1)
                self._second.setVisible(over.amount >= 1)
            elif over.way is Way.SWIPE:
                first, second = self._halves(over)
        self._layer.clip(first)
        self._second.clip(second)
        if self._layer.rough or self._second.rough:
            self._rest.start()
        self._placed()
        self.viewport().update()

    def _placed(self) -> None:
        """Something lies elsewhere now; for those who build on this."""

    def _halves(self, over: Over) -> tuple[QRectF, QRectF]:
        left = QRectF(0, 0, self._divider(over), self.height())
        right = QRectF(left.right(), 0, self.width() - left.right(), self.height())
        return (right, left) if over.left else (left, right)

    def _divider(self, over: Over) -> float:
        return round(over.amount * self.width())

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_FRAME, _FRAME, -_FRAME, -_FRAME)

    @Slot()
    def _refine(self) -> None:
        self._layer.refine()
        self._second.refine()

    # Painting

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.fillRect(rect, QColor(palette.tokens().stage))

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        t, room = palette.tokens(), self._room()
        painter.setClipRect(QRectF(rect).intersected(QRectF(self.rect())))
        if self._picture is not None:
            self._paint_over(painter, self._picture, room)
        elif self._words_shown:
            paint_placard(painter, self._room(), self._shape, self._title, self._words)
        if self.hasFocus():
            # Accent alone is hard to see on the stage; a line of panel beside it is not.
            painter.setPen(QColor(t.panel))
            painter.drawRect(room.adjusted(-0.5, -0.5, 0.5, 0.5))
            paint_ring(painter, QRectF(self.rect()), 0)

    def _paint_over(self, painter: QPainter, picture: Picture, room: QRectF) -> None:
        if self._grid:
            loupe.paint_grid(painter, room, self.middle)
        if self._over is not None and self._over.way is Way.SWIPE:
            x = self._divider(self._over)
            painter.fillRect(QRectF(x - 2, room.top(), 4, room.height()), QColor(0, 0, 0, 150))
            painter.fillRect(QRectF(x - 1, room.top(), 2, room.height()), QColor(palette.tokens().accent))
        for paint in self.overlays:
            paint(painter, self)
        if self._picking or self._marks:
            loupe.paint_marks(painter, (self.position_of(mark) for mark in self._marks))
        if self._picking:
            painter.setPen(QColor(255, 255, 255))
            painter.drawLines(loupe.cross(self.middle))
        if self._lens is not None:
            ratio = self.devicePixelRatioF()
            seen = self._seen_at(self._lens)
            under = seen.picture or picture
            point = seen.point_at(self._lens)
            glass = loupe.glass_at(self._lens, room)
            loupe.paint_loupe(painter, under, point, glass, self._view.scale, ratio)

    def _seen_at(self, position: QPointF) -> Layer:
        """Which of the two photographs a loupe there lies on."""
        over = self._over
        if over is None or over.way is Way.OVERLAY:
            return self._layer
        if over.way is Way.BLINK:
            return self._second if over.amount >= 1 else self._layer
        return self._second if (position.x() < self._divider(over)) is over.left else self._layer

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setSceneRect(QRectF(self.rect()))
        self._look(self._view)
        self._show_layers()
        self.resized.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.viewport().update()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._look(self._view)
            self._show_layers()
            self.resized.emit()
        return handled

    @Slot()
    def _show_words(self) -> None:
        self._words_shown = True
        self.viewport().update()

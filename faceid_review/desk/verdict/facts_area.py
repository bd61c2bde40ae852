"""What scrolls in the pane: the facts, and the way from value to value with the arrow keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QTextEdit, QVBoxLayout, QWidget

from faceid_review.desk.shapes import paint_ring
from faceid_review.desk.verdict.pointed import is_stop

_APART = 3


class FactsArea(QScrollArea):
    """Up and Down go to the value before or after; the others scroll. The ring round a value lies on top of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # A scroll area fills what it holds with a palette of its own, under a style sheet that of the window.
        self.viewport().setAutoFillBackground(False)
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._body: QWidget | None = None
        self.setWidget(self._holder)
        self._holder.setAutoFillBackground(False)
        self._ring = _Ring(self)
        self._stale: Callable[[], None] | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def renew(self, build: Callable[[], None]) -> None:
        """Let ``build`` make the facts anew; where the pane lies behind another tab, once somebody looks at it.

        To build what nobody sees would only hold up the photographs.
        """
        pane = self.parentWidget()
        behind = pane is not None and pane.isHidden() and pane.parentWidget() is not None
        self._stale = build if behind else None
        if not behind:
            build()

    def show_sections(self, sections: Iterable[QWidget], also: Iterable[QWidget] = ()) -> None:
        """Show other facts, one below the other, scrolled to where those before were.

        Of ``also``, what stands in no section is held, hidden: a widget of nobody's would be collected anywhere.
        """
        place, body = self.verticalScrollBar().value(), QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for section in sections:
            column.addWidget(section)
        column.addStretch()
        for spare in also:
            if spare.parent() is None:
                spare.setParent(body)
                spare.hide()
        focused = QApplication.focusWidget()
        here = focused is not None and self.isAncestorOf(focused)
        self._show_body(body, place)
        if here:
            # What had the focus is gone.
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_body(self, body: QWidget, place: int) -> None:
        """Show other facts, scrolled to ``place``. Those before are not deleted at once: what led here may be a signal of one of them."""
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._body = body
        self._column.addWidget(body)
        body.show()
        # At once, instead of over several turns of the event loop: the way to scroll is known from here on.
        QCoreApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))
        self.verticalScrollBar().setValue(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_Up): -1}.get(event.key())
        if by is None or event.modifiers() != Qt.KeyboardModifier.NoModifier or not self.step(by):
            super().keyPressEvent(event)

    def step(self, by: int) -> bool:
        """Go to the value before or after the one with the focus; whether there is one."""
        inside = self._body
        stops = [each for each in inside.findChildren(QWidget) if is_stop(each)] if inside else []
        stops.sort(key=self._order)
        focused = QApplication.focusWidget()
        here = stops.index(focused) if focused in stops else (-1 if by > 0 else len(stops))
        if not 0 <= here + by < len(stops):
            return False
        stops[here + by].setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(stops[here + by], 0, 24)
        return True

    def showEvent(self, event: QShowEvent) -> None:
        build, self._stale = self._stale, None
        if build is not None:
            build()
        super().showEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ring.raise_()
        self._ring.show()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ring.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ring.setGeometry(self.rect())

    def _order(self, widget: QWidget) -> tuple[int, int]:
        at = widget.mapTo(self.viewport(), QPoint(0, 0))
        # Values on one line differ by a few pixels in height.
        return (at.y() + widget.height() // 2) // 8, at.x()

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _: QWidget | None, now: QWidget | None) -> None:
        inside = self._body
        if inside is None:
            return
        for ring in inside.findChildren(_Ring):
            ring.hide()
            ring.deleteLater()
        if now is None or isinstance(now, QTextEdit) or not inside.isAncestorOf(now) or not is_stop(now):
            return
        around = QRect(now.mapTo(inside, QPoint(0, 0)), now.size())
        ring = _Ring(inside)
        ring.setGeometry(around.adjusted(-_APART, -_APART, _APART, _APART))
        ring.show()


class _Ring(QWidget):
    """A focus ring that lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_ring(QPainter(self), QRectF(self.rect()))

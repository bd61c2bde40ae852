"""One side of the stage under the reviewer's hands: what wheel, pointer and buttons do to it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from faceid_review.desk.photos.layer import Way
from faceid_review.desk.photos.surface import Surface
from faceid_review.desk.photos.view import EXACT_FROM, LARGEST, SMALLEST, View

__all__ = ["EXACT_FROM", "LARGEST", "SMALLEST", "Side", "View"]

_GRASP: Final = 6.0


class Side(Surface):
    """A side of the stage. ``viewed`` tells every change of scale or place, by whatever means."""

    touched = Signal()
    """A hand was laid on this side."""

    picked = Signal(QPointF)
    """While it is picking: the point of the picture that was clicked."""

    pointed = Signal()
    """The pointer moved over it or left it."""

    held = Signal(bool)
    """The mouse button went down on the photograph, or up again."""

    divided = Signal(float)
    """The divider of a swipe was moved by hand to this share of the width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.alone = False
        """Whether the change being told is to be this side's alone."""
        self._pressed: QPointF | None = None
        self._grip: QPointF | None = None
        self._dividing = False

    def pick_middle(self) -> None:
        """Tell the point in the middle, as if it had been clicked."""
        if self._picking and self.picture is not None:
            self.picked.emit(self.point_at(self.middle))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Keys are the pane's; a scene would swallow them.
        event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # With Alt held many systems turn the wheel sideways.
        turned = event.angleDelta().y() or event.angleDelta().x()
        if turned:
            self._by_hand(event.modifiers())
            self.zoom_by(2 ** (turned / 480), event.position())
            self.alone = False
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.touched.emit()
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) and self.picture:
            self._pressed = event.position()
            self._dividing = self._near_divider(event.position())
            self.held.emit(not self._dividing)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        self.pointed.emit()
        if self._dividing:
            self.divided.emit(min(max(self._pointer.x() / max(self.width(), 1), 0.0), 1.0))
            return
        if self._pressed is not None and self._grip is None:
            away = (self._pointer - self._pressed).manhattanLength()
            if away >= QApplication.startDragDistance():
                self._grip = self._pressed
        if self._grip is not None:
            moved, self._grip = self._grip - self._pointer, self._pointer
            self._by_hand(event.modifiers())
            self.pan(moved.x(), moved.y())
            self.alone = False
        self._placed()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        clicked = self._pressed is not None and self._grip is None and not self._dividing
        self._grip = self._pressed = None
        self._dividing = False
        self._placed()
        self.held.emit(False)
        if clicked and self._picking and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(self.point_at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._picking:
            self.mousePressEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton and self.picture:
            self._by_hand(event.modifiers())
            self.fit_or_full(event.position())
            self.alone = False

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self.pointed.emit()
        super().leaveEvent(event)

    def _by_hand(self, modifiers: Qt.KeyboardModifier) -> None:
        self.alone = bool(modifiers & Qt.KeyboardModifier.AltModifier)

    def _near_divider(self, position: QPointF) -> bool:
        over = self.over
        if over is None or over.way is not Way.SWIPE:
            return False
        return abs(position.x() - self._divider(over)) <= _GRASP

    def _placed(self) -> None:
        cursor = Qt.CursorShape.OpenHandCursor
        if self.picture is None:
            self._grip = self._pressed = None
            self._dividing = False
            self.unsetCursor()
            return
        if self._dividing or (self._pointer is not None and self._near_divider(self._pointer)):
            cursor = Qt.CursorShape.SplitHCursor
        elif self._grip is not None:
            cursor = Qt.CursorShape.ClosedHandCursor
        elif self._picking:
            cursor = Qt.CursorShape.CrossCursor
        if self.cursor().shape() != cursor:
            self.setCursor(cursor)

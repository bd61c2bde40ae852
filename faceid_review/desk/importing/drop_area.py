"""The drop area: a dashed frame that says what can be let go in it. It takes files, texts, and Ctrl+V."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from faceid_review.desk import icons, palette
from faceid_review.desk.importing.offered import can_offer, offered
from faceid_review.desk.line import paint_line
from faceid_review.desk.shapes import RING, paint_ring
from faceid_review.i18n import Words

KINDS: Final = ("answers", "lines", "har", "callbacks", "folders")
_ICON, _GAP, _SIDE = 16, 9, 20


class DropArea(QWidget):
    """``offered`` carries an Offered, of files or of a text; ``clicked`` says that somebody pressed it."""

    offered = Signal(object)
    clicked = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._over = False
        self.setObjectName("drop_area")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def speak(self, words: Words) -> None:
        """Say everything in ``words``."""
        self._words = words
        self.setAccessibleName(words("importing.area"))
        self.setAccessibleDescription(words("importing.comma").join(self._lines()))
        self.updateGeometry()
        self.update()

    def paste(self) -> None:
        """Take what is on the clipboard: copied files, or the text of an answer."""
        self.offered.emit(offered(QApplication.clipboard().mimeData()))

    # ---- in

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._hover(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._hover(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._lit(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._lit(False)
        # Never moved: what is imported stays where it was.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.offered.emit(offered(event.mimeData()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not event.modifiers():
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self.updateGeometry()

    def _hover(self, event: QDragEnterEvent | QDragMoveEvent) -> None:
        if can_offer(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._lit(True)

    def _lit(self, over: bool) -> None:
        self._over = over
        self.update()

    # ---- looks

    def sizeHint(self) -> QSize:
        lines = self._lines()
        bold, body, small = palette.font(bold=True), palette.font(-1), palette.font(-1)
        wide = max(
            QFontMetricsF(bold).horizontalAdvance(lines[0]),
            *(QFontMetricsF(body).horizontalAdvance(line) + _ICON + _GAP for line in lines[1:-1]),
            QFontMetricsF(small).horizontalAdvance(lines[-1]) / 2,
        )
        return QSize(round(wide + 2 * _SIDE), round(self._height(wide) + 2 * _SIDE))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(t.accent if self._over else t.edge), 1)
        pen.setDashPattern([4.0, 3.0])
        painter.setPen(pen)
        painter.setBrush(QColor(t.sel if self._over else t.field))
        frame = QRectF(self.rect()).adjusted(RING, RING, -RING, -RING)
        painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()))
        self._paint_words(painter, frame.adjusted(_SIDE, _SIDE, -_SIDE, -_SIDE))

    def _paint_words(self, painter: QPainter, room: QRectF) -> None:
        t = palette.tokens()
        ink, faint = (t.selfg, t.selfg) if self._over else (t.text, t.text2)
        title, *kinds, close = self._lines()
        top = room.top() + max(0.0, (room.height() - self._height(room.width())) * 0.42)
        line = QFontMetricsF(palette.font(bold=True)).height()
        paint_line(painter, QRectF(room.left(), top, room.width(), line), title, palette.font(bold=True), ink)
        top += line + 10
        font = palette.font(-1)
        line = max(_ICON, QFontMetricsF(font).height())
        ratio = self.devicePixelRatioF()
        for kind in kinds:
            at = QPointF(room.left(), round(top + (line - _ICON) / 2))
            painter.drawImage(at, icons.image("file", _ICON, faint, ratio))
            box = QRectF(room.left() + _ICON + _GAP, top, room.width() - _ICON - _GAP, line)
            paint_line(painter, box, kind, font, faint)
            top += line + 6
        painter.setFont(font)
        painter.setPen(QColor(faint))
        rest = QRectF(room.left(), top + 6, room.width(), max(0.0, room.bottom() - top))
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), close)

    def _lines(self) -> list[str]:
        words = self._words
        kinds = [words(f"importing.takes.{kind}") for kind in KINDS]
        return [words("importing.drop"), *kinds, words("importing.exact")]

    def _height(self, width: float) -> float:
        small = QFontMetricsF(palette.font(-1))
        lines = len(KINDS) * (max(_ICON, small.height()) + 6)
        wrapped = QRectF(0, 0, max(width, 120.0), 10_000)
        flags = int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        close = small.boundingRect(wrapped, flags, self._lines()[-1]).height()
        return QFontMetricsF(palette.font(bold=True)).height() + 10 + lines + 6 + close

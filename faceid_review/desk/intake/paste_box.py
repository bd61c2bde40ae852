"""The paste box: any text, with line numbers, in which lines that hold no id step back.

Qt lays a text out in one go, which takes 0.3 s for 100,000 lines and 0.8 s for one line of a megabyte. So a
long paste goes in piece by piece, and a line longer than any id could need is folded, never inside an id.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from operator import attrgetter
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.shapes import RING, Shape, paint_ring, paint_shape
from faceid_review.review.recognition import Kind, Survey

AT_ONCE: Final = 200_000
"""Characters that go into the box in one step."""
LONGEST_LINE: Final = 500
"""Characters of a line that is not folded."""
_SETTLE: Final = 60
_MARK: Final = 9.0
# Where a line may be folded: best after a sign that stands in no id, however badly written; then at a blank
# that stands beside no comma; then between two ids. Failing all, anywhere: so long a word is no id.
_FOLDS: Final = (
    re.compile(r"[\"'}\]>&|]"),
    re.compile(r"\s(?<![,，、;\s]\s)(?![,，、;\s])"),
    re.compile(r"[,;](?<=[0-9A-Fa-f]{12}[,;])"),
)


class PasteBox(QPlainTextEdit):
    """``text_changed`` carries the whole text once nothing has changed for 60 ms; ``edited`` comes at once."""

    text_changed = Signal(str)
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("biz_ids")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self._gutter = _Gutter(self)
        self._coming: deque[str] = deque()
        self._at = self.textCursor()
        self._holding: frozenset[int] = frozenset()
        self._odd: frozenset[int] = frozenset()
        self._surveyed = False
        self.inserting = False
        """True while a text is put in as a whole, rather than typed."""
        self._marked: tuple[object, ...] = ()
        self._pump = QTimer(self, singleShot=True, interval=0)
        self._pump.timeout.connect(self._more)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE)
        self._settle.timeout.connect(self._settled)
        self.textChanged.connect(self._changed)
        self.blockCountChanged.connect(self._widen)
        self.updateRequest.connect(self._scrolled)
        self._dress()

    @property
    def arriving(self) -> bool:
        """Whether parts of a long paste are still to come, or changes have not been told yet."""
        return bool(self._coming) or self._settle.isActive()

    def set_text(self, text: str) -> None:
        """Replace everything by ``text``."""
        self._coming.clear()
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        self.setTextCursor(cursor)
        self._insert(text)

    def append_line(self, line: str) -> None:
        """Add a line of its own at the end. The person's cursor stays where it is."""
        end = QTextCursor(self.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        end.insertText(line if end.atBlockStart() else f"\n{line}")

    def show_survey(self, survey: Survey) -> None:
        """Let lines without an id step back, and mark those that hold something nearly one."""
        self._odd = frozenset(place.line for place in survey.of(Kind.ODD))
        self._holding = frozenset(map(attrgetter("line"), survey.places))
        self._surveyed = True
        self._marked = ()
        self._widen()
        self._mark()
        self._gutter.update()

    # ---- text in

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() and not self.isReadOnly()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText() and not self._coming:
            self._insert(source.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (
            event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        ):
            # Qt would break the line without beginning a new one, and line numbers would no longer agree.
            self.textCursor().insertText("\n")
            return
        super().keyPressEvent(event)

    def _insert(self, text: str) -> None:
        whole = "\n".join(_lines(text))
        self.inserting = True
        self._settle.stop()
        self._at = self.textCursor()
        self._coming.extend(whole[at : at + AT_ONCE] for at in range(0, max(1, len(whole)), AT_ONCE))
        self._at.beginEditBlock()
        self._at.removeSelectedText()
        self._put()

    @Slot()
    def _more(self) -> None:
        if self._coming:
            # All pieces are one step for undo.
            self._at.joinPreviousEditBlock()
            self._put()

    def _put(self) -> None:
        self._at.insertText(self._coming.popleft())
        self._at.endEditBlock()
        self.setReadOnly(bool(self._coming))
        if self._coming:
            self._pump.start()
        else:
            self.inserting = False
            self.setTextCursor(self._at)
            self._settle.start()

    @Slot()
    def _changed(self) -> None:
        self.edited.emit()
        if not self._coming:
            self._settle.start()

    @Slot()
    def _settled(self) -> None:
        self.text_changed.emit(self.toPlainText())

    # ---- looks

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._widen()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._dress()
        elif event.type() == QEvent.Type.PaletteChange:
            self._marked = ()
            self._mark()

    def visible_lines(self) -> Iterator[tuple[int, QRectF]]:
        """The lines that can be seen: number from 1, and the place of each in the viewport."""
        block = self.firstVisibleBlock()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if box.top() > self.viewport().height():
                break
            yield block.blockNumber() + 1, box
            block = block.next()

    def is_odd(self, line: int) -> bool:
        """Whether a line holds something that is nearly an id."""
        return line in self._odd

    def gutter_width(self) -> int:
        """The room for line numbers, and for a mark before them where any line is odd."""
        digits = max(2, len(str(self.blockCount())))
        mark = _MARK + 4 if self._odd else 0.0
        return round(QFontMetricsF(palette.font(-1, fixed=True)).horizontalAdvance("0") * digits + mark + 16)

    @Slot()
    def _widen(self) -> None:
        width = self.gutter_width()
        self.setViewportMargins(width, 6, 0, 4)
        inner = self.contentsRect()
        self._gutter.setGeometry(QRect(inner.left(), inner.top() + 6, width, inner.height() - 10))

    @Slot(QRect, int)
    def _scrolled(self, rect: QRect, dy: int) -> None:
        if dy:
            self._gutter.scroll(0, dy)
        else:
            self._gutter.update()
        self._mark()

    def _mark(self) -> None:
        """Colour the lines that can be seen; marking all of a long text would take seconds."""
        if not self._surveyed:
            return
        lines = [line for line, _ in self.visible_lines()]
        seen = (lines[:1], lines[-1:], self._holding, self._odd)
        if seen == self._marked:
            return
        self._marked = seen
        t = palette.tokens()
        faint, odd = QTextCharFormat(), QTextCharFormat()
        faint.setForeground(QColor(t.text3))
        odd.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        odd.setUnderlineColor(QColor(t.warn))
        selections = []
        for line in lines:
            if line in self._holding and line not in self._odd:
                continue
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            selection.cursor = cursor
            selection.format = odd if line in self._odd else faint
            selections.append(selection)
        self.setExtraSelections(selections)

    def _dress(self) -> None:
        self.setFont(palette.font(-1, fixed=True))
        self._widen()


class PasteFrame(QWidget):
    """The box in its frame: an edge, or the focus ring."""

    def __init__(self, box: PasteBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = box
        column = QVBoxLayout(self)
        column.setContentsMargins(RING, RING, RING, RING)
        column.addWidget(box)
        box.installEventFilter(self)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        painter.setPen(QPen(QColor(t.edge), 1))
        painter.setBrush(QColor(t.field))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if self._box.hasFocus():
            paint_ring(painter, box)


class _Gutter(QWidget):
    """Line numbers. It takes no focus and says nothing: the lines themselves can be read."""

    def __init__(self, box: PasteBox) -> None:
        super().__init__(box)
        self._box = box

    def sizeHint(self) -> QSize:
        return QSize(self._box.gutter_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(t.field))
        font = palette.font(-1, fixed=True)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        for line, box in self._box.visible_lines():
            odd = self._box.is_odd(line)
            ink = QColor(t.warn if odd else t.text3)
            painter.setPen(ink)
            number = str(line)
            left = self.width() - 6 - metrics.horizontalAdvance(number)
            baseline = box.top() + (box.height() + metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(left, round(baseline)), number)
            if odd:
                place = QRectF(2, box.center().y() - _MARK / 2, _MARK, _MARK)
                paint_shape(painter, place, Shape.TRIANGLE, ink)


def _lines(text: str) -> Iterator[str]:
    """The lines of a text as they are counted everywhere here, none longer than the box can show at ease."""
    for line in text.splitlines():
        yield from _folded(line)
    if text.endswith(("\n", "\r")):
        yield ""


def _folded(line: str) -> Iterator[str]:
    start = 0
    while len(line) - start > LONGEST_LINE:
        longest = start + LONGEST_LINE
        ends = (max((m.end() for m in fold.finditer(line, start, longest)), default=0) for fold in _FOLDS)
        end = next((end for end in ends if end), longest)
        yield line[start:end]
        start = end
    yield line[start:]

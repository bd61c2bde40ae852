"""The sheet of paper under every form: one centred column, framed doors, plain words, strips and links."""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QFontInfo,
    QFontMetrics,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from faceid_review.desk import icons, palette
from faceid_review.desk.shapes import BOX, RING, Shape, paint_ring, paint_shape
from faceid_review.i18n import Words

COLUMN: Final = 820
_SIDE_BY_SIDE: Final = 640
_NARROW: Final = 96
_DRESSED_BY: Final = {
    QEvent.Type.PaletteChange,
    QEvent.Type.ApplicationPaletteChange,
    QEvent.Type.ApplicationFontChange,
}
_BODY: Final = 13


def scaled(pixels: float) -> int:
    """``pixels`` of the look (at a body text of 13 px) at the application's own text size."""
    return round(pixels * QFontInfo(QApplication.font()).pixelSize() / _BODY)


def announce(widget: QWidget, sentence: str) -> None:
    """Let a screen reader say ``sentence`` at once: something changed where the focus is not."""
    if sentence:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, sentence))


def holds_focus(widget: QWidget) -> bool:
    """Whether the keyboard is somewhere inside ``widget``."""
    focused = QApplication.focusWidget()
    return focused is not None and widget.isAncestorOf(focused)


def named(button: QPushButton, name: str) -> None:
    """Give ``button`` its object name, and let Enter press it like Space does."""
    button.setObjectName(name)
    button.setAutoDefault(True)


def joined(words: Words, *sentences: str) -> str:
    """Sentences one behind the other: with a blank between them in English, without one in Chinese."""
    return ("" if words.lang == "zh" else " ").join(sentence for sentence in sentences if sentence)


class Says(QLabel):
    """Plain text that wraps, in a colour of the tokens (``tone``) and a size of the look (``step``)."""

    def __init__(
        self,
        tone: str = "text",
        step: int = 0,
        *,
        bold: bool = False,
        fixed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone, self._step, self._bold, self._fixed = tone, step, bold, fixed
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self._dress()

    def set_tone(self, tone: str) -> None:
        """Say it in another colour of the tokens."""
        self._tone = tone
        self._dress()

    def minimumSizeHint(self) -> QSize:
        # A long word may be cut; it must not push the page wider than the window.
        least = super().minimumSizeHint()
        return QSize(min(least.width(), scaled(_NARROW)), least.height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _DRESSED_BY:
            self._dress()

    def _dress(self) -> None:
        ink = QColor(getattr(palette.tokens(), self._tone))
        if self.palette().color(QPalette.ColorRole.WindowText) != ink:
            dress = QPalette(self.palette())
            dress.setColor(QPalette.ColorRole.WindowText, ink)
            self.setPalette(dress)
        font = palette.font(self._step, bold=self._bold, fixed=self._fixed)
        if self.font() != font:
            self.setFont(font)


class Elides(Says):
    """One line of plain text that is cut at its end where the room is narrow; the tooltip has all of it."""

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setWordWrap(False)
        self.setToolTip(escape(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class Column(QScrollArea):
    """A page: one column, at most 820 px wide at 100 %, in the middle; what does not fit is scrolled to.

    ``body`` is the column's layout.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ground = QWidget()
        self._column = QWidget(ground)
        self.body = QVBoxLayout(self._column)
        self.body.setSpacing(0)
        row = QHBoxLayout(ground)
        row.setContentsMargins(16, 0, 16, 0)
        row.addStretch(1)
        row.addWidget(self._column, 1000)
        row.addStretch(1)
        self.setWidget(ground)
        self._awaited: QWidget | None = None
        self._beginning: QWidget | None = None
        for surface in (self.viewport(), ground):
            surface.setBackgroundRole(QPalette.ColorRole.AlternateBase)
            surface.setAutoFillBackground(True)
        self._fit()

    def bring(self, widget: QWidget) -> None:
        """Put the focus on ``widget`` and scroll to it, unless another page is on show."""
        if not self.isVisible():
            return
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reveal(widget)

    def begin_at(self, widget: QWidget) -> None:
        """Where ``setFocus`` on the page puts the focus.

        No focus proxy: Qt would stop at the page and at its viewport on the way of the Tab key, and so go back
        to ``widget`` again and again.
        """
        self._beginning = widget

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._beginning is not None:
            self._beginning.setFocus(event.reason())

    def reveal(self, widget: QWidget) -> None:
        """Scroll to ``widget`` once it has its place: what was just shown has none yet."""
        self._awaited = widget
        QTimer.singleShot(0, self._scroll_to_awaited)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _scroll_to_awaited(self) -> None:
        if self._awaited is not None:
            self.ensureWidgetVisible(self._awaited, 0, scaled(48))
        self._awaited = None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._fit()

    def _fit(self) -> None:
        self._column.setMaximumWidth(scaled(COLUMN))
        air = max(16, min(64, (self.height() - 560) // 4 + 16))
        self.body.setContentsMargins(0, air, 0, 24)


class Pair(QWidget):
    """Two parts of equal width side by side, or the first above the second where the room is narrow."""

    def __init__(self, first: QWidget, second: QWidget, gap: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(gap)
        for part in (first, second):
            part.setSizePolicy(QSizePolicy.Policy.Ignored, part.sizePolicy().verticalPolicy())
            self._row.addWidget(part, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= scaled(_SIDE_BY_SIDE)
        turned = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._row.direction() != turned:
            self._row.setDirection(turned)


class Door(QWidget):
    """A framed part of a page with a title, and an icon or a number before it.

    ``body`` is the layout under the title; with ``beside`` its words take the left half and ``beside`` the right.
    """

    def __init__(
        self, *, icon: str = "", mark: str = "", beside: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.title = Says(step=2, bold=True)
        self.about = Says("text2", -1)
        head = QHBoxLayout()
        head.setSpacing(10)
        if icon or mark:
            head.addWidget(_Sign(icon, mark), 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.title, 1)
        frame = QVBoxLayout(self)
        frame.setContentsMargins(20, 16, 20, 18)
        said = QWidget()
        self.body = QVBoxLayout(said)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        frame.addWidget(said if beside is None else Pair(said, beside))
        self.body.addLayout(head)
        self.body.addSpacing(2)
        self.body.addWidget(self.about)

    def say(self, title: str, about: str) -> None:
        """Set the title, which is also the group's accessible name, and the sentence under it."""
        self.title.setText(title)
        self.about.setText(about)
        self.about.setVisible(bool(about))
        self.setAccessibleName(title)
        self.setAccessibleDescription(about)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(t.edge), 1))
        painter.setBrush(QColor(t.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


class _Sign(QWidget):
    """The icon or the number before a door's title."""

    def __init__(self, icon: str, mark: str) -> None:
        super().__init__()
        self._icon, self._mark = icon, mark
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = max(18, int(QFontMetricsF(palette.font(2, bold=True)).height()))
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QRectF(self.rect()).center()
        if self._icon:
            size = scaled(18)
            drawn = icons.image(self._icon, size, QColor(t.text).name(), self.devicePixelRatioF())
            painter.drawImage(middle - QPointF(size / 2, size / 2), drawn)
            return
        painter.setPen(QPen(QColor(t.edge), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setFont(palette.font(-1, bold=True))
        painter.setPen(QColor(t.text))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self._mark)


class ShapeMark(QWidget):
    """A status shape as high as the line of words it stands beside."""

    def __init__(self, shape: Shape, tone: str, step: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shape, self.tone, self._step = shape, tone, step
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set(self, shape: Shape, tone: str) -> None:
        """Show another shape in another colour of the tokens."""
        self.shape, self.tone = shape, tone
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(scaled(BOX), int(QFontMetricsF(palette.font(self._step)).height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        ink = QColor(getattr(palette.tokens(), self.tone))
        paint_shape(QPainter(self), QRectF(self.rect()), self.shape, ink)


class Strip(QWidget):
    """A tinted strip across the column: a shape, a statement in bold, a sentence under it."""

    def __init__(self, shape: Shape, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.mark = ShapeMark(shape, kind)
        self.statement = Says(bold=True)
        self.sentence = Says(step=-1)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.statement)
        words.addWidget(self.sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(10)
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def say(self, statement: str, sentence: str = "") -> None:
        """Set the words; an empty statement hides the strip."""
        self.statement.setText(statement)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.setAccessibleName(f"{statement} {sentence}".strip())
        self.setVisible(bool(statement))

    def set_kind(self, shape: Shape, kind: str) -> None:
        """Show another state: ok, warn, stop, info or mute."""
        self._kind = kind
        self.mark.set(shape, kind)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        edge, ground = palette.tokens().kind(self._kind)
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground)
        painter.fillRect(0, 0, 3, self.height(), edge)


class Link(QPushButton):
    """A command in the middle of words: in the accent colour, underlined, with a focus ring like any other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        # As a label measures it: a text in another script than the font's first one is higher.
        text = QFontMetrics(palette.font()).boundingRect(QRect(), 0, self.text()).size()
        return text + QSize(2 * (RING + 1), 2 * (RING + 1))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        font = palette.font()
        font.setUnderline(True)
        painter.setFont(font)
        painter.setPen(QColor(t.accent if self.isEnabled() else t.text3))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()))

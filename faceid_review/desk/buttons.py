"""Buttons that name their key, and rows of exclusive choices.

Both are Qt's own button classes, painted: keyboard, focus and accessibility stay Qt's. A button's text is
the word alone, so a screen reader says the word; the key is drawn smaller beside it.
"""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from faceid_review.desk import icons, palette
from faceid_review.desk.shapes import RING, paint_ring

_PORTABLE: Final = QKeySequence.SequenceFormat.PortableText
_HEIGHT: Final = 28
_PADDING, _GAP, _RADIUS = 12.0, 8.0, 4.0
_ICON: Final = 16


def key_name(key: QKeySequence | str) -> str:
    """A key as it is printed on keyboards, in every language: Qt would translate it with its own words."""
    as_here = QKeySequence.SequenceFormat.NativeText if sys.platform == "darwin" else _PORTABLE
    return QKeySequence(key).toString(as_here)


class Button(QPushButton):
    """A word, with an icon before it and its key, smaller, behind it: ``Fetch… F``.

    ``icon`` names a drawing of resources/icons. A checkable button that is checked looks chosen. The key is
    only drawn: the shortcut itself belongs to whoever owns the action.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        key: str = "",
        primary: bool = False,
        icon: str = "",
    ) -> None:
        super().__init__(text, parent)
        self._key, self._icon, self._keys_shown = key, icon, True
        self._primary = primary
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_key(self, key: str) -> None:
        """Draw another key."""
        self._key = key
        self._resized()

    def show_key(self, shown: bool) -> None:
        """Draw the key or leave it out, as narrow windows do."""
        self._keys_shown = shown
        self._resized()

    def setText(self, text: str) -> None:
        super().setText(text)
        self._resized()

    def sizeHint(self) -> QSize:
        return QSize(int(2 * _PADDING + _content_width(self.text(), self._shown_key, self._bold, self._icon)) + 1,
                     _height())  # fmt: skip

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, edge, ink, faint = self._colours(t)
        body = QRectF(self.rect())
        if self.hasFocus():
            paint_ring(painter, body, _RADIUS)
            body.adjust(RING, RING, -RING, -RING)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        inner = QRectF(self.rect()).adjusted(_PADDING, 0, -_PADDING, 0)
        _paint_content(painter, inner, self.text(), self._shown_key, self._bold, self._icon, ink, faint)

    @property
    def _shown_key(self) -> str:
        return self._key if self._keys_shown else ""

    @property
    def _bold(self) -> bool:
        return self._primary

    def _resized(self) -> None:
        self.updateGeometry()
        self.update()

    def _colours(self, t: palette.Tokens) -> tuple[QColor, QColor, QColor, QColor]:
        """Fill, edge, ink of the word, ink of the key."""
        if not self.isEnabled():
            return QColor(t.panel), QColor(t.line), QColor(t.text3), QColor(t.text3)
        if self._primary:
            fill = QColor(t.accent)
            if self.isDown() or self.underMouse():
                fill = fill.darker(112) if t.name == "light" else fill.lighter(108)
            return fill, fill, QColor(t.accentfg), QColor(t.accentfg)
        if self.isChecked():
            return QColor(t.sel), QColor(t.accent), QColor(t.selfg), QColor(t.selfg)
        fill = QColor(t.line if self.isDown() else t.field if self.underMouse() else t.raised)
        return fill, QColor(t.edge), QColor(t.text), QColor(t.text3)


class Link(QPushButton):
    """An underlined word that leads somewhere, with its key behind it; for places where a button shouts."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, key: str = "") -> None:
        super().__init__(text, parent)
        self._key = key
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        width = _content_width(self.text(), self._key, False, "")
        return QSize(int(width + 2 * RING) + 1, int(QFontMetricsF(palette.font()).height()) + 2 * RING)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()), 3)
        inner = QRectF(self.rect()).adjusted(RING, 0, -RING, 0)
        _paint_content(painter, inner, self.text(), self._key, False, "", QColor(t.text), QColor(t.text2))
        metrics = QFontMetricsF(palette.font())
        below = round(inner.center().y() + (metrics.ascent() - metrics.descent()) / 2) + 2
        painter.fillRect(
            QRectF(inner.left(), below, metrics.horizontalAdvance(self.text()), 1), QColor(t.text)
        )


class Segments(QWidget):
    """A row of exclusive choices in one frame. Arrow keys move between them; ``chosen`` is a person's choice."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._segments: dict[str, _Segment] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._group.buttonClicked.connect(self._clicked)

    def add(self, choice: str, text: str, key: str = "") -> None:
        """Add a choice at the right end. The first one is chosen until another is."""
        segment = _Segment(choice, text, key, self)
        self._segments[choice] = segment
        self._group.addButton(segment)
        self._row.addWidget(segment)
        if len(self._segments) == 1:
            segment.setChecked(True)
        self._edges()

    def set_text(self, choice: str, text: str) -> None:
        """Say a choice in other words."""
        segment = self._segments[choice]
        segment.setText(text)
        segment.setAccessibleName(text)
        segment.updateGeometry()

    def set_enabled(self, choice: str, enabled: bool) -> None:
        """Dim a choice or offer it again; it keeps its place."""
        self._segments[choice].setEnabled(enabled)

    def choose(self, choice: str) -> None:
        """Choose without telling anybody."""
        self._segments[choice].setChecked(True)

    def choose_none(self) -> None:
        """Let nothing be chosen, until somebody chooses."""
        self._group.setExclusive(False)
        for segment in self._segments.values():
            segment.setChecked(False)
        self._group.setExclusive(True)

    def focus(self) -> None:
        """Put the focus on what is chosen, or on the first that can be."""
        able = [segment for segment in self._segments.values() if segment.isEnabled()]
        first = next((segment for segment in able if segment.isChecked()), able[0] if able else None)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def choice(self) -> str:
        """The choice in force; empty while there is none."""
        return next((name for name, segment in self._segments.items() if segment.isChecked()), "")

    def show_keys(self, shown: bool) -> None:
        """Draw the keys or leave them out."""
        for segment in self._segments.values():
            if segment.keys_shown != shown:
                segment.keys_shown = shown
                segment.updateGeometry()
                segment.update()

    def settle(self) -> None:
        """Lay the choices out now, instead of when the event loop comes to it."""
        self._row.invalidate()
        self._row.activate()

    def _clicked(self, button: QAbstractButton) -> None:
        self.chosen.emit(button.objectName())

    def _edges(self) -> None:
        segments = list(self._segments.values())
        for segment in segments:
            segment.first, segment.last = segment is segments[0], segment is segments[-1]
            segment.update()


class _Segment(QRadioButton):
    """One choice of a row."""

    def __init__(self, choice: str, text: str, key: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.key, self.keys_shown = key, True
        self.first = self.last = False
        self.setObjectName(choice)
        self.setAccessibleName(text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        # As wide as when chosen, and so bold: the row must not jump.
        return QSize(
            int(2 * _PADDING + _content_width(self.text(), self._shown_key, True, "")) + 1, _height()
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        checked, enabled = self.isChecked(), self.isEnabled()
        fill = t.sel if checked else t.field if self.underMouse() and enabled else t.raised
        ink, faint = (t.selfg, t.selfg) if checked else (t.text, t.text3) if enabled else (t.text3, t.text3)
        body = QRectF(self.rect())
        # The frame is one rounded box over the whole row; each part paints its own piece of it.
        frame = body.adjusted(0.5 if self.first else -20, 0.5, -0.5 if self.last else 20, -0.5)
        painter.setClipRect(body)
        outline = QPainterPath()
        outline.addRoundedRect(frame, _RADIUS, _RADIUS)
        painter.fillPath(outline, QColor(fill))
        if not self.first:
            painter.fillRect(QRectF(0, 0, 1, body.height()), QColor(t.edge))
        painter.setPen(QPen(QColor(t.edge), 1))
        painter.drawPath(outline)
        if self.hasFocus():
            paint_ring(painter, body.adjusted(1, 1, -1, -1), _RADIUS - 1)
        inner = body.adjusted(_PADDING, 0, -_PADDING, 0)
        slack = inner.width() - _content_width(self.text(), self._shown_key, checked, "")
        inner.adjust(max(0.0, slack / 2), 0, 0, 0)
        _paint_content(painter, inner, self.text(), self._shown_key, checked, "", QColor(ink), QColor(faint))

    @property
    def _shown_key(self) -> str:
        return self.key if self.keys_shown else ""


def _height() -> int:
    return max(_HEIGHT, int(QFontMetricsF(palette.font()).height()) + 8)


def _fonts(bold: bool) -> tuple[QFont, QFont]:
    return palette.font(bold=bold), palette.font(-2)


def _content_width(text: str, key: str, bold: bool, icon: str) -> float:
    word, small = _fonts(bold)
    width = QFontMetricsF(word).horizontalAdvance(text)
    width += _ICON + _GAP if icon else 0
    return width + (_GAP + QFontMetricsF(small).horizontalAdvance(key) if key else 0)


def _paint_content(
    painter: QPainter, room: QRectF, text: str, key: str, bold: bool, icon: str, ink: QColor, faint: QColor
) -> None:
    """Icon, word and key on one baseline; a word without room is cut at its end."""
    word, small = _fonts(bold)
    metrics = QFontMetricsF(word)
    key_width = QFontMetricsF(small).horizontalAdvance(key) + _GAP if key else 0.0
    if icon:
        ratio = painter.device().devicePixelRatio()
        top = round(room.center().y() - _ICON / 2)
        painter.drawImage(QPointF(room.left(), top), icons.image(icon, _ICON, ink.name(), ratio))
        room = room.adjusted(_ICON + _GAP, 0, 0, 0)
    baseline = round(room.center().y() + (metrics.ascent() - metrics.descent()) / 2)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width() - key_width + 0.5)
    painter.setFont(word)
    painter.setPen(ink)
    painter.drawText(QPointF(room.left(), baseline), shown)
    if key:
        painter.setFont(small)
        painter.setPen(faint)
        painter.drawText(QPointF(room.left() + metrics.horizontalAdvance(shown) + _GAP, baseline), key)

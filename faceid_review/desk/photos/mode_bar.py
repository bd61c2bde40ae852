"""The bar above the stage: how the photographs are shown together, how large, and what holds them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from faceid_review.desk import icons, palette
from faceid_review.desk.buttons import Segments
from faceid_review.desk.photos.compare import Lock, Mode
from faceid_review.desk.shapes import paint_ring
from faceid_review.i18n import Words

KEYS: Final = {Mode.ONE: "", Mode.COMPARE: "C", Mode.BLINK: "B", Mode.SWIPE: "W", Mode.OVERLAY: "O"}

_HEIGHT: Final = 34
_SIDE, _GAP, _PAD, _ICON = 12, 8, 6.0, 14


class ModeBar(QWidget):
    """Title and ways at the left; at the right the lock, the scales in figures, and the button for fit or 100 %.

    ``chosen`` is a person's choice of a :class:`Mode`. Where the bar is narrow, keys beside words go first.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos.header")
        self.title, self.sampling, self.zoom = QLabel(self), QLabel(self), QLabel(self)
        self.lacking = QLabel(self)
        self.modes = Segments(self)
        self.modes.setObjectName("photos.modes")
        for mode in Mode:
            self.modes.add(mode.value, "", KEYS[mode])
        self.modes.chosen.connect(self.chosen)
        self.lock = Quiet("S", self, icon="link", step=0)
        self.lock.setObjectName("photos.lock_button")
        self.hint = Quiet("Z", self)
        self.hint.setObjectName("photos.hint")
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE, 0, _SIDE - int(_PAD), 1)
        row.setSpacing(_GAP)
        row.addWidget(self.title)
        row.addWidget(self.modes)
        row.addWidget(self.lacking)
        row.addStretch(1)
        for part in (self.lock, self.sampling, self.zoom, self.hint):
            row.addWidget(part)
        named = {"title": self.title, "lacking": self.lacking, "sampling": self.sampling, "zoom": self.zoom}
        for name, text in named.items():
            text.setObjectName(f"photos.{name}")
            text.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._views = self._locks = self._lacks = False
        self._folded: tuple[bool, ...] = (False,) * 5
        self._key_room = self._plain_modes = 0
        self._dress()

    def speak(self, words: Words) -> None:
        """Say what never changes in the language of ``words``."""
        self.title.setText(words("photos.title"))
        self.lacking.setText(words("stage.needs_two"))
        self.hint.setAccessibleName(words("photos.action.fit"))
        self.modes.setAccessibleName(words("stage.modes"))
        self.lock.setAccessibleName(self.lock.text() or words("photos.action.lock"))
        for mode in Mode:
            self.modes.set_text(mode.value, words(f"stage.mode.{mode.value}"))
        self._measure()
        self._fold()

    def show_mode(self, mode: Mode, two: bool, several: bool) -> None:
        """Mark the way in force; without two photographs there is nothing to compare, or to lay over another."""
        self.modes.choose(mode.value)
        self.modes.set_enabled(Mode.COMPARE.value, several)
        if self._lacks == several:
            self._lacks = not several
            self._fold()
        for one in (Mode.BLINK, Mode.SWIPE, Mode.OVERLAY):
            self.modes.set_enabled(one.value, two)

    def show_views(self, scales: Sequence[tuple[str, float]], exact: bool, fit: bool, words: Words) -> None:
        """Show scales, each with its exhibit, whether they are smoothed, and what Z would do; nothing for none."""
        self._views = bool(scales)
        for part in (self.sampling, self.zoom):
            part.setVisible(self._views)
        figures = [
            words("photos.zoom", exhibit=exhibit, percent=round(scale * 100)) for exhibit, scale in scales
        ]
        self.zoom.setText("  ".join(figures))
        self.sampling.setText(words("photos.exact" if exact else "photos.smoothed"))
        self.hint.setText(words("photos.to_full" if fit else "photos.to_fit"))
        self._fold()

    def show_lock(self, lock: Lock | None, words: Words) -> None:
        """Say how the sides hang together; nothing where there is only one."""
        self._locks = lock is not None
        if lock is not None:
            said = words(f"stage.lock.{lock.value}")
            self.lock.setText(said)
            self.lock.setAccessibleName(said)
            self.lock.setAccessibleDescription(words("photos.action.lock"))
        self._fold()

    def sizeHint(self) -> QSize:
        tall = QFontMetricsF(palette.font(bold=True)).height()
        return QSize(480, max(_HEIGHT, round(tall) + 12, self.modes.sizeHint().height() + 6) + 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.panel))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(t.line))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()
            self._measure()
            self._fold()

    def _fold(self) -> None:
        """Leave out, in this order, what a narrow bar has no room for: keys, title, what Z does, the lock."""
        needed = [part for part in (self.sampling, self.zoom) if not part.isHidden()]
        room = self.width() - 2 * _SIDE - self._plain_modes - _GAP
        room -= sum(part.sizeHint().width() + _GAP for part in needed)
        lock_key = self.lock.key_room if self._locks else 0
        lock = self.lock.sizeHint().width() + _GAP - (0 if self._folded[1] else lock_key)
        optional = (
            self._key_room,
            lock_key,
            self.title.sizeHint().width() + _GAP,
            self.hint.sizeHint().width() + _GAP if self._views else 0,
            lock if self._locks else 0,
        )
        over = sum(optional) - room
        self.lacking.setVisible(self._lacks and over + self.lacking.sizeHint().width() + _GAP <= 0)
        folded = []
        for width in optional:
            folded.append(over > 0)
            over -= width if over > 0 else 0
        self._folded = tuple(folded)
        self.modes.show_keys(not folded[0])
        self.lock.show_key(not folded[1])
        self.title.setVisible(not folded[2])
        self.hint.setVisible(self._views and not folded[3])
        self.lock.setVisible(self._locks and not folded[4])
        row = self.layout()
        if row is not None:
            # At once: on a bar that was just resized its layout has been asked already, with the sizes before.
            self.modes.settle()
            row.setSpacing(_GAP // 2 if over > 0 else _GAP)
            row.invalidate()
            row.activate()

    def _measure(self) -> None:
        """How wide the ways are without their keys, and how much more with them."""
        self.modes.show_keys(False)
        self._plain_modes = self.modes.sizeHint().width()
        self.modes.show_keys(True)
        self._key_room = self.modes.sizeHint().width() - self._plain_modes
        self.modes.show_keys(not self._folded[0])

    def _dress(self) -> None:
        t = palette.tokens()
        for text, font, ink in (
            (self.title, palette.font(bold=True), t.text),
            (self.lacking, palette.font(-1), t.text2),
            (self.sampling, palette.font(-2), t.text2),
            (self.zoom, palette.font(bold=True), t.text),
        ):
            # Only what differs is set, since setting tells every child and comes back here.
            if text.font() != font:
                text.setFont(font)
            dress = text.palette()
            if dress.color(QPalette.ColorRole.WindowText) != QColor(ink):
                dress.setColor(QPalette.ColorRole.WindowText, QColor(ink))
                text.setPalette(dress)


class Quiet(QPushButton):
    """A word and its key without a frame. With an icon the word comes first, otherwise the key: ``Z fit``."""

    def __init__(self, key: str, parent: QWidget | None = None, *, icon: str = "", step: int = -2) -> None:
        super().__init__(parent)
        self._key, self._icon, self._step, self._key_shown = key, icon, step, True
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        if text != self.text():
            super().setText(text)
            self.updateGeometry()

    def show_key(self, shown: bool) -> None:
        """Draw the key or leave it out."""
        if shown != self._key_shown:
            self._key_shown = shown
            self.updateGeometry()
            self.update()

    @property
    def key_room(self) -> int:
        """How much wider it is with its key."""
        return round(_GAP + QFontMetricsF(palette.font(-2)).horizontalAdvance(self._key))

    def sizeHint(self) -> QSize:
        wide = sum(QFontMetricsF(font).horizontalAdvance(text) for text, font, _ in self._pieces())
        gaps = _GAP * (len(self._pieces()) - 1) if self._icon else 4.0 * (len(self._pieces()) - 1)
        tall = QFontMetricsF(palette.font(self._step)).height()
        return QSize(round(wide + gaps + (_ICON + 6 if self._icon else 0) + 2 * _PAD) + 1, round(tall) + 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        at = _PAD
        if self._icon:
            ratio, top = self.devicePixelRatioF(), round((self.height() - _ICON) / 2)
            ink = palette.tokens().text
            painter.drawImage(QPointF(at, top), icons.image(self._icon, _ICON, ink, ratio))
            at += _ICON + 6
        metrics = QFontMetricsF(palette.font(self._step))
        baseline = round((self.height() + metrics.ascent() - metrics.descent()) / 2)
        for text, font, ink in self._pieces():
            painter.setFont(font)
            painter.setPen(QColor(ink))
            painter.drawText(QPointF(at, baseline), text)
            at += QFontMetricsF(font).horizontalAdvance(text) + (_GAP if self._icon else 4)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()))

    def _pieces(self) -> list[tuple[str, QFont, str]]:
        t = palette.tokens()
        word, small = palette.font(self._step), palette.font(-2)
        word.setUnderline(self.underMouse())
        faint = t.text2 if self.underMouse() else t.text3
        pieces = [(self.text(), word, t.text if self._icon else faint), (self._key, small, faint)]
        if not self._key_shown:
            return pieces[:1]
        return pieces if self._icon else pieces[::-1]

"""The choice of the account that asks, drawn like the fields of the look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from faceid_review.desk import icons, palette
from faceid_review.desk.line import paint_line
from faceid_review.desk.shapes import RING, paint_ring
from faceid_review.i18n import Words

Account = tuple[str, str, str]
"""Name, start of the api_key, base URL."""

_PADDING: Final = 10.0
_GAP: Final = 8.0
_ICON: Final = 16


class AccountBox(QComboBox):
    """Name and start of the api_key of one account. On Linux Qt speaks the current text as the name of a
    combo box, so what it is for stands in its label and in its description."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("account")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._accounts: tuple[Account, ...] = ()
        self._keys: tuple[str, ...] = ()

    def show_accounts(self, accounts: Sequence[Account], chosen: str, words: Words) -> None:
        """Offer these; ``chosen`` is a name, or the first where there is none of that name."""
        self._accounts = tuple(accounts)
        self.blockSignals(True)
        self.clear()
        for name, _, base_url in self._accounts:
            self.addItem(name, name)
            self.setItemData(self.count() - 1, base_url, Qt.ItemDataRole.AccessibleDescriptionRole)
        self.setCurrentIndex(max(0, self.findData(chosen)) if accounts else -1)
        self.blockSignals(False)
        self.setEnabled(bool(accounts))
        self.speak(words)
        self.updateGeometry()

    def choose(self, name: str, words: Words) -> None:
        """Put the account of this name in force, if there is one."""
        place = self.findData(name)
        if place >= 0:
            self.setCurrentIndex(place)
            self.speak(words)

    def speak(self, words: Words) -> None:
        """Say everything in ``words``."""
        self._keys = tuple(words("fetch.account_key", key=key_start) for _, key_start, _ in self._accounts)
        for place, ((name, _, _), key) in enumerate(zip(self._accounts, self._keys, strict=True)):
            self.setItemText(place, f"{name}  {key}")
        self.setPlaceholderText(words("fetch.no_account"))
        self.setAccessibleName(words("fetch.account"))
        self.setAccessibleDescription(
            words("fetch.account_told", name=self.name, url=self.base_url)
            if self.name
            else words("fetch.no_account")
        )

    @property
    def name(self) -> str:
        """The account in force; empty where there is none."""
        return self._accounts[self.currentIndex()][0] if self.currentIndex() >= 0 else ""

    @property
    def base_url(self) -> str:
        """Where that account asks."""
        return self._accounts[self.currentIndex()][2] if self.currentIndex() >= 0 else ""

    def sizeHint(self) -> QSize:
        names = (name for name, _, _ in self._accounts)
        widest = max(map(_width, names, self._keys), default=160.0)
        height = max(28, int(QFontMetricsF(palette.font()).height()) + 8)
        return QSize(round(min(widest, 420.0) + 2 * _PADDING + _GAP + _ICON), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(140, self.sizeHint().width()), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect())
        if self.hasFocus():
            paint_ring(painter, body)
            body.adjust(RING, RING, -RING, -RING)
        painter.setPen(QPen(QColor(t.edge if self.isEnabled() else t.line), 1))
        painter.setBrush(QColor(t.field))
        painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        ink = t.text if self.isEnabled() else t.text3
        room = QRectF(self.rect()).adjusted(_PADDING, 0, -_PADDING - _ICON - _GAP, 0)
        arrow = icons.image("chevron", _ICON, ink, self.devicePixelRatioF())
        painter.drawImage(QPointF(room.right() + _GAP, round(room.center().y() - _ICON / 2)), arrow)
        if not self.name:
            paint_line(painter, room, self.placeholderText(), palette.font(), t.text3)
            return
        taken = paint_line(painter, room, self.name, palette.font(), ink) + _GAP
        if room.width() - taken > 2 * _ICON:
            key = self._keys[self.currentIndex()]
            paint_line(painter, room.adjusted(taken, 0, 0, 0), key, palette.font(-1, fixed=True), t.text2)


def _width(name: str, key: str) -> float:
    small = QFontMetricsF(palette.font(-1, fixed=True))
    return QFontMetricsF(palette.font()).horizontalAdvance(name) + _GAP + small.horizontalAdvance(key)

"""The way into the practice vault, in one line at the foot of a page."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from faceid_review.desk import icons, palette
from faceid_review.desk.preferences.page import Link, Says, named, scaled
from faceid_review.i18n import Words


class PracticeLine(QWidget):
    """Only looking around? Open the practice vault."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question, self._about = Says("text2"), Says("text2")
        self._question.setWordWrap(False)
        self.link = Link()
        named(self.link, "open_practice")
        self.link.clicked.connect(self.wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        middle = Qt.AlignmentFlag.AlignVCenter
        row.addWidget(_Pencil(), 0, middle)
        row.addWidget(self._question, 0, middle)
        row.addWidget(self.link, 0, middle)
        row.addWidget(self._about, 1, middle)

    def speak(self, words: Words) -> None:
        """Say it in the language of ``words``."""
        self._question.setText(words("welcome.practice_question"))
        self.link.setText(words("welcome.practice_open"))
        self.link.setAccessibleDescription(words("welcome.practice_about"))
        self._about.setText(words("welcome.practice_about"))


class _Pencil(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(scaled(18), scaled(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        size = scaled(16)
        ink = QColor(palette.tokens().text2).name()
        drawn = icons.image("pencil", size, ink, self.devicePixelRatioF())
        QPainter(self).drawImage(QPointF(0, round(QRectF(self.rect()).center().y() - size / 2)), drawn)

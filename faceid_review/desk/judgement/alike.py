"""One line over the evidence: other cases of this vault with the same biz_no, or with the same picture."""

from __future__ import annotations

from PySide6.QtCore import QRect, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.buttons import Link
from faceid_review.i18n import Words
from faceid_review.review.worklist import Alike


class AlikeLine(QWidget):
    """``search_wanted`` carries what to look for to see those cases. Hidden where there are none."""

    search_wanted = Signal(str)

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("alike")
        self._words = words
        self._alike, self._biz_no, self._picture = Alike(), "", ""
        self.biz_no, self.picture = Link(), Link()
        self.biz_no.setObjectName("alike_biz_no")
        self.picture.setObjectName("alike_picture")
        self.biz_no.clicked.connect(self._want_biz_no)
        self.picture.clicked.connect(self._want_picture)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 14, 4)
        row.setSpacing(12)
        row.addWidget(self.biz_no)
        row.addWidget(self.picture)
        row.addStretch(1)
        self.hide()

    def show_alike(self, alike: Alike | None, biz_no: str, picture: str) -> None:
        """The cases alike, and what they share; None hides the line."""
        self._alike, self._biz_no, self._picture = alike or Alike(), biz_no, picture
        self.speak(self._words)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("judgement.alike"))
        for link, ids, key in (
            (self.biz_no, self._alike.biz_no, "judgement.alike_biz_no"),
            (self.picture, self._alike.picture, "judgement.alike_picture"),
        ):
            link.setText(words.many(key, len(ids)))
            link.setAccessibleName(link.text())
            link.setVisible(bool(ids))
        self.setVisible(bool(self._alike.biz_no or self._alike.picture))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.panel))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), QColor(t.line))

    @Slot()
    def _want_biz_no(self) -> None:
        self.search_wanted.emit(self._biz_no)

    @Slot()
    def _want_picture(self) -> None:
        self.search_wanted.emit(f"#{self._picture[:16]}")

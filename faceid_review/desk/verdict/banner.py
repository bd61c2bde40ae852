"""The contradiction banner: vendor statements that differ. It cannot be closed, and it settles nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.buttons import Link
from faceid_review.desk.shapes import Shape
from faceid_review.desk.verdict.flow import Flow
from faceid_review.desk.verdict.section import SIDE, beside, stacked
from faceid_review.desk.verdict.text import Mark, Text
from faceid_review.faceid.result import GenuinenessCheck, VerificationResult
from faceid_review.i18n import Words
from faceid_review.review.explanation import contradiction_words
from faceid_review.review.findings import contradictions
from faceid_review.review.plain_text import paragraph

MOST: Final = 4
POINTER: Final = "/verify_result/face_genuineness"
_EDGE: Final = 3


def sentences(checks: Sequence[GenuinenessCheck], words: Words) -> list[str]:
    """One sentence a contradiction, both facts in it."""
    said = [contradiction_words(check, words) for check in checks[:MOST]]
    if len(checks) > MOST:
        said.append(words.many("explanation.contradiction.more", len(checks) - MOST))
    return said


class Banner(QWidget):
    """Shown only while there is a contradiction. ``raw_wanted`` carries the JSON pointer of the values."""

    raw_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("contradiction")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_EDGE + 10, 9, SIDE, 9)
        self._inner: QWidget | None = None
        self.raw_offered = False
        self.hide()

    def show_result(self, result: VerificationResult | None, words: Words) -> None:
        """Say where the vendor's statements differ, or go away."""
        if self._inner:
            self._column.removeWidget(self._inner)
            self._inner.hide()
            self._inner.deleteLater()
            self._inner = None
            self.setAccessibleName("")
            self.setAccessibleDescription("")
        found = contradictions(result) if result else ()
        if found:
            title = words("explanation.contradiction" if len(found) == 1 else "explanation.contradictions")
            said = sentences(found, words)
            lines: list[QWidget] = [Text(title, bold=True, wrap=True)]
            lines += [Text(sentence, wrap=True) for sentence in said]
            last: list[QWidget] = [Text(words("explanation.contradiction.neither"))]
            if self.raw_offered:
                last.append(self._link(words))
            lines.append(Flow(last, gap=4))
            self._inner = beside(Mark(Shape.TRIANGLE, "warn"), stacked(lines, 0))
            self._column.addWidget(self._inner)
            self.setAccessibleName(title)
            self.setAccessibleDescription(paragraph(said, words.lang))
        self.setVisible(bool(found))

    @property
    def pointer(self) -> str:
        """Where in the answer the values stand; empty while nothing is shown or no raw answer is offered."""
        return POINTER if self._inner and self.raw_offered else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.warnbg))
        painter.fillRect(QRect(0, 0, _EDGE, self.height()), QColor(t.warn))

    def _link(self, words: Words) -> Link:
        link = Link(words("verdict.banner.raw"), key="J")
        link.setObjectName("show_raw")
        link.setAccessibleName(words("verdict.banner.raw"))
        link.clicked.connect(self._raw)
        return link

    @Slot()
    def _raw(self) -> None:
        self.raw_wanted.emit(self.pointer)

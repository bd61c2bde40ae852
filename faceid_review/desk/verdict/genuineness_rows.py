"""Genuineness: each check of the answer against its own threshold. Absent never means passed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from faceid_review.desk import palette
from faceid_review.desk.chip import Chip
from faceid_review.desk.shapes import Shape
from faceid_review.desk.verdict.section import Section
from faceid_review.desk.verdict.statements import as_sent, relation, short
from faceid_review.desk.verdict.text import Text
from faceid_review.faceid.result import ATTACK, GenuinenessCheck, VerificationResult
from faceid_review.i18n import Words

MOST: Final = 40
_WIDTH, _HEIGHT, _TICK = 76, 4, 12
_EXPECTED_EXCEPTIONS: Final = ("id_attacked", "id_photo_monochrome")


class GenuinenessBar(QWidget):
    """A value from 0 to 1 as a bar, with a tick at its own threshold. In warn only at or above it."""

    def __init__(self, check: GenuinenessCheck, words: Words) -> None:
        super().__init__()
        self._check = check
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setObjectName("genuineness_bar")
        self.setAccessibleName(check.name)
        self.setAccessibleDescription(self.describe(words))

    def describe(self, words: Words) -> str:
        """The row in words, with the exact digits."""
        check = self._check
        key = {"≥": "above", "=": "equal", "<": "below"}.get(relation(check), "alone")
        return words(
            f"verdict.genuineness.{key}",
            name=check.name,
            value=str(check.confidence),
            threshold=str(check.threshold),
        )

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _TICK)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        top = (self.height() - _HEIGHT) / 2
        painter.fillRect(QRectF(0, top, self.width(), _HEIGHT), QColor(t.track))
        if self._check.confidence is not None:
            fill = QColor(t.warn if self._check.finding == ATTACK else t.trackfill)
            painter.fillRect(QRectF(0, top, self._x(self._check.confidence), _HEIGHT), fill)
        if self._check.threshold is not None:
            at = min(self._x(self._check.threshold), self.width() - 1.5)
            painter.fillRect(QRectF(at, (self.height() - _TICK) / 2, 1.5, _TICK), QColor(t.text))

    def _x(self, value: Decimal) -> float:
        return float(min(Decimal(1), max(Decimal(0), value))) * self.width()


def genuineness_section(result: VerificationResult, words: Words) -> Section:
    """The checks, then id_exceptions. The columns are shared, so that values stand under each other."""
    returned = any(check.confidence is not None for check in result.genuineness)
    hint = words("verdict.genuineness.hint") if returned else ""
    section = Section(words("verdict.genuineness"), hint)
    section.setObjectName("genuineness")
    grid = _Grid(words)
    if not result.verify_returned or result.verify_error is not None:
        names = [check.name for check in result.genuineness]
        grid.absent_together(names, words("verdict.genuineness.inside_verify"))
    else:
        for check in result.genuineness[:MOST]:
            grid.check(check)
        if len(result.genuineness) > MOST:
            grid.sentence(words.many("verdict.more", len(result.genuineness) - MOST))
        if all(check.name != "face_replaced" for check in result.genuineness):
            grid.absent("face_replaced", words("verdict.absent.face_replaced"))
        grid.exceptions(result.id_exceptions)
    section.add_layout(grid)
    return section


class _Grid(QGridLayout):
    """Name, bar, value, relation, chip."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(8)
        self.setVerticalSpacing(3)
        self.setColumnStretch(3, 1)

    def check(self, check: GenuinenessCheck) -> None:
        """One check as it was sent, or what is missing of it."""
        words, row = self._words, self.rowCount()
        if check.confidence is None:
            key = f"verdict.absent.{check.name}"
            why = words(key) if words(key) != key else words("verdict.absent")
            self.absent(check.name, why)
            return
        self.addWidget(_name(check.name), row, 0)
        self.addWidget(GenuinenessBar(check, words), row, 1)
        value = Text(short(str(check.confidence), 12), bold=True, figures=True)
        value.setToolTip(str(check.confidence))
        self.addWidget(value, row, 2)
        sign = relation(check)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if sign:
            self.addWidget(
                Text(f"{sign} {short(str(check.threshold), 12)}", ink="text2", figures=True), row, 3
            )
        if sign or check.name == "face_replaced":
            flagged = check.finding == ATTACK
            chip = Chip(Shape.TRIANGLE, "warn", words("verdict.flagged")) if flagged else Chip(
                Shape.RING, "mute", words("verdict.below" if sign else "verdict.not_set")
            )  # fmt: skip
            self.addWidget(chip, row, 4, right)
        if not sign and check.name != "face_replaced":
            self.sentence(words("verdict.genuineness.no_threshold"))
        if sign == "=":
            self.sentence(words("verdict.genuineness.equal.note"))

    def exceptions(self, sent: tuple[tuple[str, Any], ...] | None) -> None:
        """id_exceptions: what was sent of each, and what it means."""
        words = self._words
        if sent is None:
            self.absent("id_exceptions", words("verdict.absent.id_exceptions"))
            return
        if not sent:
            self.absent("id_exceptions", words("verdict.exceptions.empty"))
        for name, value in sent[:MOST]:
            row = self.rowCount()
            self.addWidget(_name(name), row, 0)
            shown = Text(as_sent(value, 24), bold=True, figures=True)
            shown.setToolTip("")
            self.addWidget(shown, row, 2)
            text = as_sent(value, 24)
            if text == "0":
                chip = Chip(Shape.RING, "mute", words("verdict.not_set"))
            else:
                chip = Chip(Shape.TRIANGLE, "warn", words("verdict.flagged"))
            self.addWidget(chip, row, 4, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def absent(self, name: str, why: str) -> None:
        """A check that did not come: words in place of bar and chip."""
        row = self.rowCount()
        self.addWidget(_name(name), row, 0)
        self.addWidget(Text(why, ink="text2", wrap=True), row, 1, 1, 4)

    def absent_together(self, names: Sequence[str], why: str) -> None:
        """Several that did not come for one reason."""
        row = self.rowCount()
        for place, name in enumerate(names):
            self.addWidget(_name(name), row + place, 0)
        self.addWidget(Text(why, ink="text2", wrap=True), row, 1, max(1, len(names)), 4)

    def sentence(self, text: str) -> None:
        """A remark under the row above."""
        self.addWidget(Text(text, ink="text2", step=-1, wrap=True), self.rowCount(), 0, 1, 5)


def _name(name: str) -> Text:
    made = Text(short(name, 28))
    made.setMinimumHeight(made.sizeHint().height())
    return made

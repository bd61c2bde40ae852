"""Genuineness: each check of the answer against its own threshold. Absent never means passed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from faceid_review.desk import palette
from faceid_review.desk.chip import Chip
from faceid_review.desk.shapes import Shape
from faceid_review.desk.verdict.pointed import point
from faceid_review.desk.verdict.reflow import Reflow
from faceid_review.desk.verdict.section import Facts, Section, beside, stacked
from faceid_review.desk.verdict.text import Mark, Text
from faceid_review.faceid import glossary
from faceid_review.faceid.pointer import pointer
from faceid_review.faceid.result import ATTACK, GenuinenessCheck, VerificationResult
from faceid_review.i18n import Words
from faceid_review.review.explanation import Explanation, Kind, check_words
from faceid_review.review.findings import relation
from faceid_review.review.plain_text import as_sent, short, visible

MOST: Final = 40
_BETWEEN: Final = 24
_PLACE: Final = ("verify_result", "face_genuineness")
_WIDTH, _NARROWEST, _HEIGHT, _TICK = 76, 28, 4, 12


class GenuinenessBar(QWidget):
    """A value from 0 to 1 as a bar, with a tick at its own threshold. In warn only at or above it."""

    def __init__(self, check: GenuinenessCheck, words: Words) -> None:
        super().__init__()
        self._check = check
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setObjectName("genuineness_bar")
        self.setAccessibleName(visible(check.name))
        self.setAccessibleDescription(self.describe(words))

    def describe(self, words: Words) -> str:
        """The row in words, with the exact digits."""
        return check_words(self._check, words)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _TICK)

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, _TICK)

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


def genuineness_section(result: VerificationResult, told: Explanation, words: Words) -> Section:
    """The checks of ``face_genuineness``, those that did not come, then ``id_exceptions``."""
    returned = [check for check in result.genuineness if check.confidence is not None]
    hint = words("verdict.genuineness.hint") if returned else ""
    section = Section(words("verdict.genuineness"), hint)
    section.setObjectName("genuineness")
    if returned:
        section.add(GenuinenessRows(returned[:MOST], words))
        if len(returned) > MOST:
            section.say(words.many("verdict.more", len(returned) - MOST), ink="text2", step=-1)
    for note in _notes(returned, told, words):
        section.say(note, ink="text2", step=-1)
    section.add(_absent(bool(returned), told))
    if result.id_exceptions:
        section.add(_exceptions(result.id_exceptions, told))
    return section


class GenuinenessRows(Reflow):
    """Name, bar, value, relation, chip; the columns are shared, so that values stand under each other."""

    def __init__(self, checks: Sequence[GenuinenessCheck], words: Words) -> None:
        super().__init__()
        self.grid.setHorizontalSpacing(6)
        self.grid.setVerticalSpacing(2)
        self._rows = [self._cells(check, words) for check in checks]
        self.arrange(False)

    def arrange(self, compact: bool) -> None:
        self.grid.setColumnStretch(3, 1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        beside = all(
            name.sizeHint().width() + _BETWEEN + chip.sizeHint().width() <= self.width()
            for name, *_, chip in self._rows
            if chip
        )
        for place, (name, bar, value, sign, chip) in enumerate(self._rows):
            row = 3 * place
            self.grid.addWidget(name, row, 0, 1, 4 if compact else 1)
            self.grid.addWidget(bar, row + compact, 0 if compact else 1)
            self.grid.addWidget(value, row + compact, 2)
            self.grid.addWidget(sign, row + compact, 3, 1, 2 if compact else 1)
            if chip and compact and not beside:
                self.grid.addWidget(chip, row + 2, 0, 1, 5, Qt.AlignmentFlag.AlignLeft)
            elif chip:
                self.grid.addWidget(chip, row, 4, right)

    @staticmethod
    def _cells(check: GenuinenessCheck, words: Words) -> tuple[Text, GenuinenessBar, Text, Text, Chip | None]:
        name = Text(short(check.name, 20))
        meaning = glossary.check(check.name)
        name.setAccessibleDescription(meaning.text(words.lang) if meaning else visible(check.name))
        sign = relation(check)
        threshold = f"{sign} {short(str(check.threshold), 10)}" if sign else ""
        chip = None
        if check.finding == ATTACK:
            chip = Chip(Shape.TRIANGLE, "warn", words("verdict.flagged"))
        elif sign:
            chip = Chip(Shape.RING, "mute", words("verdict.below"))
        elif check.name == "face_replaced":
            chip = Chip(Shape.RING, "mute", words("verdict.not_set"))
        bar = GenuinenessBar(check, words)
        value = Text(short(str(check.confidence), 10), bold=True, figures=True)
        relation_ = Text(threshold, ink="text2", figures=True)
        if chip:
            # The row breaks before its word is cut.
            chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        at_value = (
            _pointer(check.name) if check.name == "face_replaced" else _pointer(f"{check.name}_confidence")
        )
        at_threshold = _pointer(f"{check.name}_threshold")
        for widget in (name, bar, value, chip):
            if widget:
                point(widget, at_value, str(check.confidence))
        if check.threshold is not None:
            point(relation_, at_threshold, str(check.threshold))
        return name, bar, value, relation_, chip


def _notes(returned: Sequence[GenuinenessCheck], told: Explanation, words: Words) -> list[str]:
    """What must be said of single values: equal to the threshold, without one, longer than the column."""
    notes = []
    for check in returned[:MOST]:
        name = short(check.name, 40)
        notes += [
            words("explanation.named", name=name, said=one.words)
            for one in told.said_of("genuineness", Kind.REMARK, Kind.ABSENT, about=check.name)
        ]
        if max(len(str(check.confidence)), len(str(check.threshold))) > 10:
            notes += [one.words for one in told.said_of("genuineness", Kind.CHECK, about=check.name)]
    return notes


def _absent(some: bool, told: Explanation) -> Facts:
    """Checks that did not come, with the reason the vendor gives for it; one reason for all where none came."""
    rows = Facts(bold=False)
    whole = next((one.words for one in told.said_of("genuineness", about="whole")), "")
    names: dict[str, list[str]] = {}
    for one in told.said_of("genuineness", Kind.ABSENT):
        said = one.facts.get("said")
        if said and (some or one.about != "face_replaced"):
            shared = whole if whole and one.facts["why"] == "not_returned" else said
            names.setdefault(shared if not some else f"{one.about}\0{said}", []).append(one.about)
    for said, group in names.items():
        rows.together([short(name, 20) for name in group], _sentence(said.rpartition("\0")[2]))
    for one in told.said_of("exceptions", Kind.ABSENT):
        rows.fact("id_exceptions", _sentence(one.words))
    return rows


def _pointer(*names: str) -> str:
    return pointer(*_PLACE, *names)


def _sentence(text: str) -> Text:
    return Text(text, ink="text2", wrap=True)


def _exceptions(sent: Sequence[tuple[str, Any]], told: Explanation) -> QWidget:
    """``id_exceptions`` as sent, with the meaning, and with the vendor's caution where a flag is set.

    What is said stands below its name: long names would leave the caution too little room.
    """
    rows: list[QWidget] = []
    values = dict(sent[:MOST])
    for one in told.said_of("exceptions", Kind.VALUE):
        is_set, known = one.facts["set"], one.facts["known"]
        text = Text(one.facts["said"], ink="warn" if is_set and known else "text", wrap=True)
        column = [point(text, one.pointer or "", as_sent(values[one.about], 40_000))]
        column += [
            Text(caution.words, ink="text2", step=-1, wrap=True)
            for caution in told.said_of("exceptions", Kind.CAUTION, about=one.about)
        ]
        mark = Mark(Shape.RING, "mute")
        if is_set:
            mark = Mark(Shape.TRIANGLE, "warn") if known else Mark(Shape.DIAMOND, "mute")
        rows += [Text(short(one.about, 24)), beside(mark, *column)]
    return stacked(rows, 3)

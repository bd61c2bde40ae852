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
from faceid_review.desk.verdict.reflow import Reflow
from faceid_review.desk.verdict.section import Facts, Section, beside, stacked
from faceid_review.desk.verdict.statements import absent, as_sent, odd, relation, short, visible
from faceid_review.desk.verdict.text import Mark, Text
from faceid_review.faceid import glossary
from faceid_review.faceid.result import ATTACK, GenuinenessCheck, VerificationResult
from faceid_review.i18n import Words

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
        check = self._check
        key = {"≥": "above", "=": "equal", "<": "below"}.get(relation(check), "alone")
        return words(
            f"verdict.genuineness.{key}",
            name=visible(check.name),
            value=str(check.confidence),
            threshold=str(check.threshold),
        )

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


def genuineness_section(result: VerificationResult, words: Words) -> Section:
    """The checks of ``face_genuineness``, those that did not come, then ``id_exceptions``."""
    returned = [check for check in result.genuineness if check.confidence is not None]
    missing = [check for check in result.genuineness if check.confidence is None]
    hint = words("verdict.genuineness.hint") if returned else ""
    section = Section(words("verdict.genuineness"), hint)
    section.setObjectName("genuineness")
    if returned:
        section.add(GenuinenessRows(returned[:MOST], words))
        if len(returned) > MOST:
            section.say(words.many("verdict.more", len(returned) - MOST), ink="text2", step=-1)
    for note in _notes(result, returned, words):
        section.say(note, ink="text2", step=-1)
    section.add(_absent(result, returned, missing, words))
    if result.id_exceptions:
        section.add(_exceptions(result.id_exceptions, words))
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
        if chip:
            # The row breaks before its word is cut.
            chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return (
            name,
            GenuinenessBar(check, words),
            Text(short(str(check.confidence), 10), bold=True, figures=True),
            Text(threshold, ink="text2", figures=True),
            chip,
        )


def _notes(result: VerificationResult, returned: Sequence[GenuinenessCheck], words: Words) -> list[str]:
    """What must be said of single values: equal to the threshold, without one, longer than the column."""
    notes = []
    for check in returned[:MOST]:
        name = short(check.name, 40)
        equal = glossary.finding("equal")
        if relation(check) == "=" and equal:
            notes.append(words("verdict.genuineness.note", name=name, note=equal.text(words.lang)))
        if check.threshold is None and check.name != "face_replaced":
            key = absent(result, "verdict.genuineness.no_threshold", *_PLACE, f"{check.name}_threshold")
            known = key == "verdict.genuineness.no_threshold"
            note = words(key, name=name) if known else words(key)
            notes.append(note if known else words("verdict.genuineness.note", name=name, note=note))
        if max(len(str(check.confidence)), len(str(check.threshold))) > 10:
            notes.append(
                words(
                    "verdict.genuineness.exact",
                    name=name,
                    value=str(check.confidence),
                    threshold=str(check.threshold) if check.threshold is not None else words("verdict.none"),
                )
            )
    return notes


def _absent(
    result: VerificationResult,
    returned: Sequence[GenuinenessCheck],
    missing: Sequence[GenuinenessCheck],
    words: Words,
) -> Facts:
    """Checks that did not come, with the reason the vendor gives for it."""
    rows = Facts(bold=False)
    unread = [check for check in missing if odd(result, *_PLACE, f"{check.name}_confidence")]
    gone = [check for check in missing if check not in unread]
    for check in unread[:MOST]:
        rows.fact(short(check.name, 20), _sentence(words("verdict.odd")))
    if not returned and gone:
        whole = glossary.absence("face_genuineness")
        said = whole.text(words.lang) if whole else words("verdict.absent")
        if result.lost(*_PLACE):
            said = words("verdict.lost")
        if odd(result, *_PLACE) or odd(result, "verify_result"):
            said = words("verdict.odd")
        rows.together([short(check.name, 20) for check in gone[:MOST]], _sentence(said))
    elif returned:
        for check in gone[:MOST]:
            key = absent(result, "", *_PLACE, f"{check.name}_confidence")
            why = _sentence(words(key)) if key else _why(glossary.check(check.name), words)
            rows.fact(short(check.name, 20), why)
        if all(check.name != "face_replaced" for check in result.genuineness):
            lost = result.lost(*_PLACE, "face_replaced")
            why = _sentence(words("verdict.lost")) if lost else _why(glossary.check("face_replaced"), words)
            rows.fact("face_replaced", why)
    exceptions = absent(result, "", "verify_result", "id_exceptions")
    if exceptions and not result.id_exceptions:
        rows.fact("id_exceptions", _sentence(words(exceptions)))
    elif result.id_exceptions is None:
        rows.fact("id_exceptions", _why(glossary.exception("id_attacked"), words))
    elif not result.id_exceptions:
        rows.fact("id_exceptions", _sentence(words("verdict.exceptions.empty")))
    return rows


def _sentence(text: str) -> Text:
    return Text(text, ink="text2", wrap=True)


def _why(meaning: glossary.Meaning | None, words: Words) -> Text:
    why = meaning.absent.text(words.lang) if meaning else ""
    return _sentence(words("verdict.absent.why", why=why) if why else words("verdict.absent"))


def _exceptions(sent: Sequence[tuple[str, Any]], words: Words) -> Facts:
    """``id_exceptions`` as sent, with the meaning, and with the vendor's caution where a flag is set."""
    rows = Facts(bold=False)
    for name, value in sent[:MOST]:
        meaning = glossary.exception(name)
        shown = as_sent(value, 40)
        said = meaning.value(value, words.lang) if meaning else ""
        text = words("verdict.exceptions.value", value=shown, meaning=said) if said else shown
        is_set = shown != "0"
        column = [Text(text, ink="warn" if is_set and said else "text", wrap=True)]
        if is_set and meaning and meaning.caution:
            column.append(Text(meaning.caution.text(words.lang), ink="text2", step=-1, wrap=True))
        mark = Mark(Shape.RING, "mute")
        if is_set:
            mark = Mark(Shape.TRIANGLE, "warn") if said else Mark(Shape.DIAMOND, "mute")
        rows.fact(short(name, 24), beside(mark, stacked(column)))
    return rows

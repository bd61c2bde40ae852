"""The confidence section: one number line and one row a threshold for each comparison of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from faceid_review.desk.shapes import Shape
from faceid_review.desk.verdict.reflow import Reflow
from faceid_review.desk.verdict.section import Section
from faceid_review.desk.verdict.statements import Margin, absent, band, groups, margins, short
from faceid_review.desk.verdict.text import Mark, Passage, Text
from faceid_review.desk.verdict.threshold_scale import ThresholdScale
from faceid_review.faceid import glossary
from faceid_review.faceid.result import Comparison, VerificationResult
from faceid_review.i18n import Words

MOST_COMPARISONS: Final = 8
MOST_THRESHOLDS: Final = 16
_LONGEST_NUMBER: Final = 14


def comparison_sections(result: VerificationResult, words: Words) -> list[Section]:
    """A section for each set of numbers; a comparison with the same numbers becomes one sentence of it."""
    comparisons = result.comparisons
    sections = [_section(result, group, words) for group in groups(comparisons[:MOST_COMPARISONS])]
    if len(comparisons) > MOST_COMPARISONS:
        left = words.many("verdict.more", len(comparisons) - MOST_COMPARISONS)
        sections[-1].say(left, ink="text2", step=-1)
    return sections


def _section(result: VerificationResult, group: Sequence[Comparison], words: Words) -> Section:
    first, *same = group
    place = ("verify_result", first.against)
    title = words("verdict.confidence.of", against=short(first.against, 32))
    section = Section(title, words("verdict.confidence.hint") if first.thresholds else "")
    section.setObjectName("comparison")
    against = glossary.against(first.against)
    if against:
        section.setAccessibleDescription(against.text(words.lang))
    if first.confidence is None:
        section.say(words(absent(result, "verdict.confidence.none", *place, "confidence")))
    elif not first.thresholds:
        _plain_value(section, first, words)
        why = absent(result, "verdict.confidence.no_thresholds", *place, "thresholds")
        section.say(words(why), ink="text2")
    elif len(first.thresholds) > MOST_THRESHOLDS:
        _plain_value(section, first, words)
        section.say(words.many("verdict.confidence.too_many", len(first.thresholds)), ink="text2")
    else:
        section.add(ThresholdScale(first, words))
        rows = margins(first)
        if any(len(row.by) > _LONGEST_NUMBER or len(row.working) > 2 * _LONGEST_NUMBER for row in rows):
            _long_rows(section, rows, words)
        else:
            section.add(ThresholdRows(rows, words))
        if first.incomplete:
            section.say(words("verdict.confidence.incomplete"), ink="text2")
        _advice(section, first, words)
    for other in same:
        section.say(words("verdict.confidence.same", against=short(other.against, 32)), ink="text2", step=-1)
    return section


class ThresholdRows(Reflow):
    """Shape, relation, margin and working; the margins stand under each other at the decimal point."""

    def __init__(self, rows: Sequence[Margin], words: Words) -> None:
        super().__init__()
        self.grid.setHorizontalSpacing(0)
        self.grid.setVerticalSpacing(1)
        numbers = [Text(row.by, bold=row.near, figures=True) for row in rows]
        align_at_point(numbers)
        self._cells = [
            (
                Mark(Shape.TICK, "ok") if row.passes else Mark(Shape.DASH, "mute"),
                Text(words(_key(row), name=short(row.name, 24))),
                number,
                Text(row.working, ink="text2", figures=True),
            )
            for row, number in zip(rows, numbers, strict=True)
        ]
        self.arrange(False)

    def arrange(self, compact: bool) -> None:
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        # The spare room goes between the words and the margin, and a little behind the working.
        ahead = self._cells[0][0].width() + 6
        for column, (stretch, least) in enumerate(
            ((0, ahead), (0, 0), (5, 8), (0, 0), (0, 14), (0, 0), (2, 0))
        ):
            self.grid.setColumnStretch(column, stretch)
            self.grid.setColumnMinimumWidth(column, 0 if compact and column > 0 else least)
        wide = max(
            number.sizeHint().width() + working.sizeHint().width() for *_, number, working in self._cells
        )
        beside = ahead + wide + 14 <= self.width()
        for place, (mark, relation, number, working) in enumerate(self._cells):
            row = 3 * place
            self.grid.addWidget(mark, row, 0)
            if not compact:
                self.grid.addWidget(relation, row, 1)
                self.grid.addWidget(number, row, 3, left)
                self.grid.addWidget(working, row, 5)
            else:
                self.grid.addWidget(relation, row, 1, 1, 5)
                self.grid.addWidget(number, row + 1, 1, left)
                self.grid.addWidget(working, row + (1 if beside else 2), 5 if beside else 1, left)


def align_at_point(labels: Sequence[QLabel]) -> None:
    """Indent numbers so that their decimal points stand under each other, whatever the weight of each."""
    wholes = [label.fontMetrics().horizontalAdvance(label.text().partition(".")[0]) for label in labels]
    for label, whole in zip(labels, wholes, strict=True):
        label.setContentsMargins(max(wholes) - whole, 0, 0, 0)


def _key(row: Margin) -> str:
    return "verdict.row.passes" if row.passes else "verdict.row.misses"


def _plain_value(section: Section, comparison: Comparison, words: Words) -> None:
    name = words("verdict.confidence.of", against=comparison.against)
    section.add(Passage(str(comparison.confidence), name, bold=True))


def _long_rows(section: Section, rows: Sequence[Margin], words: Words) -> None:
    """Numbers too long for a column, each on lines of its own: they are never shortened."""
    for row in rows:
        name = words(_key(row), name=short(row.name, 24))
        section.add(Passage(f"{name} {row.by} ({row.working})", name))


def _advice(section: Section, comparison: Comparison, words: Words) -> None:
    """The vendor's advice for the band, and what it leaves open where a value equals its threshold."""
    found = band(comparison)
    advice = glossary.band(found.reached, found.missed) if found else None
    if advice:
        section.say(advice.text(words.lang), ink="text2", step=-1)
    equal = glossary.remark("confidence_equal")
    if equal and any(value == comparison.confidence for _, value in comparison.thresholds):
        section.say(equal.text(words.lang), ink="text2", step=-1)

"""The confidence section: one number line and one row a threshold for each comparison of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from faceid_review.desk.shapes import Shape
from faceid_review.desk.verdict.pointed import point
from faceid_review.desk.verdict.reflow import Reflow
from faceid_review.desk.verdict.section import Section
from faceid_review.desk.verdict.text import Mark, Passage, Text
from faceid_review.desk.verdict.threshold_scale import ThresholdScale
from faceid_review.faceid import glossary
from faceid_review.faceid.pointer import pointer
from faceid_review.faceid.result import Comparison, VerificationResult
from faceid_review.i18n import Words
from faceid_review.review.explanation import Explanation, Kind
from faceid_review.review.findings import Margin, groups, margins
from faceid_review.review.plain_text import short

MOST_COMPARISONS: Final = 8
MOST_THRESHOLDS: Final = 16
_LONGEST_NUMBER: Final = 14


def comparison_sections(result: VerificationResult, told: Explanation, words: Words) -> list[Section]:
    """A section for each set of numbers; a comparison with the same numbers becomes one sentence of it."""
    comparisons = result.comparisons
    sections = [_section(told, group, words) for group in groups(comparisons[:MOST_COMPARISONS])]
    if len(comparisons) > MOST_COMPARISONS:
        left = words.many("verdict.more", len(comparisons) - MOST_COMPARISONS)
        sections[-1].say(left, ink="text2", step=-1)
    return sections


def _section(told: Explanation, group: Sequence[Comparison], words: Words) -> Section:
    first, *same = group
    place = ("verify_result", first.against)
    title = words("verdict.confidence.of", against=short(first.against, 32))
    section = Section(title, words("verdict.confidence.hint") if first.thresholds else "")
    section.setObjectName("comparison")
    against = glossary.against(first.against)
    if against:
        section.setAccessibleDescription(against.text(words.lang))
    if first.confidence is not None and not first.thresholds:
        _plain_value(section, first, words)
    elif first.confidence is not None and len(first.thresholds) > MOST_THRESHOLDS:
        _plain_value(section, first, words)
        section.say(words.many("verdict.confidence.too_many", len(first.thresholds)), ink="text2")
    elif first.confidence is not None:
        scale = ThresholdScale(first, words)
        section.add(point(scale, pointer(*place, "confidence"), str(first.confidence)))
        rows = margins(first)
        if any(len(row.by) > _LONGEST_NUMBER or len(row.working) > 2 * _LONGEST_NUMBER for row in rows):
            _long_rows(section, rows, words)
        else:
            section.add(ThresholdRows(rows, first, words))
    for one in told.said_of("comparison", Kind.ABSENT, Kind.WARNING, about=first.against):
        section.say(one.words, ink="text" if first.confidence is None else "text2")
    for one in told.said_of("comparison", Kind.ADVICE, Kind.REMARK, about=first.against):
        section.say(one.words, ink="text2", step=-1)
    for other in same:
        for one in told.said_of("comparison", Kind.VALUE, about=other.against):
            section.say(one.words, ink="text2", step=-1)
    return section


class ThresholdRows(Reflow):
    """Shape, relation, margin and working; the margins stand under each other at the decimal point."""

    def __init__(self, rows: Sequence[Margin], comparison: Comparison, words: Words) -> None:
        super().__init__()
        place = ("verify_result", comparison.against)
        self.grid.setHorizontalSpacing(0)
        self.grid.setVerticalSpacing(1)
        numbers = [Text(row.by, bold=row.near, figures=True) for row in rows]
        align_at_point(numbers)
        self._cells = [
            (
                Mark(Shape.TICK, "ok") if row.passes else Mark(Shape.DASH, "mute"),
                point(
                    Text(words(_key(row), name=short(row.name, 24))),
                    pointer(*place, "thresholds", row.name),
                    str(row.threshold),
                ),
                point(number, pointer(*place, "confidence"), str(comparison.confidence)),
                point(
                    Text(row.working, ink="text2", figures=True),
                    pointer(*place, "thresholds", row.name),
                    str(row.threshold),
                ),
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
    value = Passage(str(comparison.confidence), name, bold=True)
    place = pointer("verify_result", comparison.against, "confidence")
    section.add(point(value, place, str(comparison.confidence)))


def _long_rows(section: Section, rows: Sequence[Margin], words: Words) -> None:
    """Numbers too long for a column, each on lines of its own: they are never shortened."""
    for row in rows:
        name = words(_key(row), name=short(row.name, 24))
        section.add(Passage(f"{name} {row.by} ({row.working})", name))

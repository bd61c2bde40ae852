"""The confidence section: one number line and one row a threshold for each comparison of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

from faceid_review.desk.shapes import Shape
from faceid_review.desk.verdict.section import Section
from faceid_review.desk.verdict.statements import Margin, groups, margins, short
from faceid_review.desk.verdict.text import Mark, Passage, Text
from faceid_review.desk.verdict.threshold_scale import ThresholdScale
from faceid_review.faceid.result import Comparison
from faceid_review.i18n import Words

MOST_COMPARISONS: Final = 8
MOST_THRESHOLDS: Final = 16
_LONGEST_NUMBER: Final = 14


def comparison_sections(comparisons: Sequence[Comparison], words: Words) -> list[Section]:
    """A section for each set of numbers; a comparison with the same numbers becomes one sentence of it."""
    found = groups(comparisons[:MOST_COMPARISONS])
    sections = [_section(group, words) for group in found]
    if len(comparisons) > MOST_COMPARISONS:
        left = words.many("verdict.more", len(comparisons) - MOST_COMPARISONS)
        sections[-1].say(left, ink="text2", step=-1)
    return sections


def _section(group: Sequence[Comparison], words: Words) -> Section:
    first, *same = group
    title = words("verdict.confidence.of", against=short(first.against, 40))
    section = Section(title, words("verdict.confidence.hint") if first.thresholds else "")
    section.setObjectName("comparison")
    if first.confidence is None:
        section.say(words("verdict.confidence.none"))
    elif not first.thresholds:
        _plain_value(section, first, words)
        section.say(words("verdict.confidence.no_thresholds"), ink="text2")
    elif len(first.thresholds) > MOST_THRESHOLDS:
        _plain_value(section, first, words)
        section.say(words.many("verdict.confidence.too_many", len(first.thresholds)), ink="text2")
    else:
        section.add(ThresholdScale(first, words))
        rows = margins(first)
        if any(len(row.by) > _LONGEST_NUMBER or len(row.working) > 2 * _LONGEST_NUMBER for row in rows):
            _long_rows(section, rows, words)
        else:
            section.add_layout(_rows(rows, words))
    for other in same:
        section.say(words("verdict.confidence.same", against=short(other.against, 40)), ink="text2", step=-1)
    return section


def _plain_value(section: Section, comparison: Comparison, words: Words) -> None:
    name = words("verdict.confidence.of", against=comparison.against)
    section.add(Passage(str(comparison.confidence), name, bold=True))


def _rows(rows: Sequence[Margin], words: Words) -> QGridLayout:
    """Shape, relation, margin and working; the margins stand under each other at the decimal point."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 2, 0, 0)
    grid.setHorizontalSpacing(0)
    grid.setVerticalSpacing(1)
    grid.setColumnMinimumWidth(0, 18)
    grid.setColumnStretch(1, 5)
    grid.setColumnMinimumWidth(3, 14)
    grid.setColumnStretch(4, 2)
    numbers = [Text(row.by, bold=row.near, figures=True) for row in rows]
    align_at_point(numbers)
    for place, (row, number) in enumerate(zip(rows, numbers, strict=True)):
        mark = Mark(Shape.TICK, "ok") if row.passes else Mark(Shape.DASH, "mute")
        key = "verdict.row.passes" if row.passes else "verdict.row.misses"
        grid.addWidget(mark, place, 0)
        grid.addWidget(Text(words(key, name=short(row.name, 24)), wrap=True), place, 1)
        grid.addWidget(number, place, 2, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(Text(row.working, ink="text2", figures=True), place, 4)
    return grid


def _long_rows(section: Section, rows: Sequence[Margin], words: Words) -> None:
    """Numbers too long for a column, each on lines of its own: they are never shortened."""
    for row in rows:
        key = "verdict.row.passes" if row.passes else "verdict.row.misses"
        name = words(key, name=short(row.name, 24))
        section.add(Passage(f"{name} {row.by} ({row.working})", name))


def align_at_point(labels: Sequence[QLabel]) -> None:
    """Indent numbers so that their decimal points stand under each other, whatever the weight of each."""
    wholes = [label.fontMetrics().horizontalAdvance(label.text().partition(".")[0]) for label in labels]
    for label, whole in zip(labels, wholes, strict=True):
        label.setContentsMargins(max(wholes) - whole, 0, 0, 0)

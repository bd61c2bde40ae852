"""Where a case's words of the vendor come from: file, callback and its sign, second sources and how they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QWidget

from faceid_review.desk.buttons import Button
from faceid_review.desk.shapes import Shape
from faceid_review.desk.verdict.section import Facts, Section, beside, stacked
from faceid_review.desk.verdict.text import Mark, Passage, Text
from faceid_review.faceid import callback
from faceid_review.i18n import Words
from faceid_review.review import differences, saying_callbacks
from faceid_review.review.case import Case
from faceid_review.review.differences import Difference
from faceid_review.review.plain_text import short, visible
from faceid_review.review.sources import IMPORTED, Answer, CallbackSource
from faceid_review.review.times import instant

MOST: Final = 24
"""Differences of one source that are told one by one; the raw bodies hold all."""

_SIGNS: Final = {
    "valid": (Shape.TICK, "ok"),
    "invalid": (Shape.TRIANGLE, "warn"),
    "unchecked": (Shape.RING, "mute"),
}


@dataclass(frozen=True)
class Compared:
    """How every other source of a case differs from the one on show: differences by the number of its entry.

    ``through`` is the number of the case's last source when they were compared.
    """

    biz_id: str
    through: int
    by_entry: Mapping[int, tuple[Difference, ...]]

    def of(self, case: Case) -> bool:
        """Whether this is about ``case`` as it stands."""
        return (self.biz_id, self.through) == (case.biz_id, _through(case))


def to_compare(case: Case) -> bool:
    """Whether there is anything to compare with anything."""
    return not case.hidden and len(case.sources) + len(case.callbacks) > 1


def compared(case: Case) -> Compared:
    """Compare all sources of a case with the one on show. Takes its time: not for the GUI thread."""
    found: dict[int, tuple[Difference, ...]] = {}
    shown = case.answer
    if shown is not None and not shown.too_long:
        for answer in case.sources:
            if answer.entry != shown.entry and not answer.too_long:
                found[answer.entry] = differences.answers(shown.told, answer.told)
        for one in case.callbacks:
            if (document := _document(one)) is not None:
                found[one.entry] = tuple(
                    Difference(d.pointer, d.right, d.left, d.by_nature)
                    for d in differences.callback_and_answer(document, shown.told)
                )
    elif shown is None and case.callbacks and (first := _document(case.callbacks[0])) is not None:
        for one in case.callbacks[1:]:
            if (document := _document(one)) is not None:
                found[one.entry] = differences.answers(first, document)
    return Compared(str(case.biz_id), _through(case), found)


def origin_facts(rows: Facts, answer: Answer, words: Words) -> None:
    """Where an imported answer came from; nothing for one that was fetched."""
    if answer.origin != IMPORTED:
        return
    rows.fact(words("verdict.sources.file"), _name(answer.name, words))
    rows.fact(words("verdict.sources.by"), Text(short(answer.by, 200), wrap=True))


def sources_sections(case: Case, found: Compared | None, words: Words) -> list[Section]:
    """Every other source, oldest first, with what it says differently from the one on show."""
    if found is not None and not found.of(case):
        found = None
    sections = [
        _answer_section(case, answer, found, words)
        for answer in case.sources
        if case.answer is None or answer.entry != case.answer.entry
    ]
    return sections + [_callback_section(case, one, found, words) for one in case.callbacks]


def said_section(one: CallbackSource, words: Words) -> Section:
    """Stands above what a callback says, so that nobody takes it for an answer."""
    section = Section(words("verdict.sources.said"), short(one.name, 60))
    section.setObjectName("said_by_callback")
    shape, ink = _SIGNS.get(one.sign, (Shape.DIAMOND, "mute"))
    section.add(beside(Mark(shape, ink), Text(saying_callbacks.sign(one, words), wrap=True)))
    return section


def only_callback_section(words: Words) -> tuple[Section, Button]:
    """What a case with nothing but a callback lacks, and the button that leads to it."""
    section = Section("")
    section.setObjectName("only_callback")
    title = words("verdict.sources.only_callback")
    section.setAccessibleName(title)
    section.say(title, bold=True)
    section.say(words("verdict.sources.only_callback.next"), ink="text2")
    button = Button(words("verdict.sources.fetch"), icon="fetch")
    button.setObjectName("fetch_pictures")
    button.setAccessibleName(words("verdict.sources.fetch"))
    button.setAccessibleDescription(words("verdict.sources.fetch.about"))
    section.add(stacked([QWidget(), button], 4))
    return section, button


def waits_for_pictures(case: Case) -> bool:
    """Whether a case has a callback and no answer, and may still be fetched."""
    return bool(case.callbacks) and case.answer is None and case.stage.free_to_ask


def _answer_section(case: Case, answer: Answer, found: Compared | None, words: Words) -> Section:
    kind = "imported" if answer.origin == IMPORTED else "fetched"
    section = Section(words(f"verdict.sources.second_{kind}"))
    section.setObjectName(f"source_{answer.entry}")
    rows = Facts()
    size = words.many("verdict.received.bytes", answer.size)
    rows.fact(words("verdict.sources.at"), Text(f"{instant(answer.received_at)}, {size}", wrap=True))
    if kind == "fetched":
        rows.fact(words("verdict.account"), Passage(short(answer.account, 200), words("verdict.account")))
    origin_facts(rows, answer, words)
    rows.fact("SHA-256", Passage(answer.sha256, "SHA-256", step=-1))
    section.add(rows)
    _add_differences(section, case, answer.entry, answer.too_long, found, words)
    return section


def _callback_section(case: Case, one: CallbackSource, found: Compared | None, words: Words) -> Section:
    section = Section(words("verdict.sources.callback"))
    section.setObjectName(f"callback_{one.entry}")
    section.add(sign(one, words))
    rows = Facts()
    size = words.many("verdict.received.bytes", one.size)
    rows.fact(words("verdict.sources.at"), Text(f"{instant(one.at)}, {size}", wrap=True))
    rows.fact(words("verdict.sources.file"), _name(one.name, words))
    rows.fact(words("verdict.sources.form"), Text(saying_callbacks.form(one, words), wrap=True))
    rows.fact(words("verdict.sources.by"), Text(short(one.by, 200), wrap=True))
    rows.fact("SHA-256", Passage(one.sha256, "SHA-256", step=-1))
    section.add(rows)
    first = case.answer is None and one.entry == case.callbacks[0].entry
    if not first:
        _add_differences(section, case, one.entry, False, found, words)
    return section


def sign(one: CallbackSource, words: Words) -> QWidget:
    """The verdict on a callback's sign as it was recorded, why it does not hold, and what that proves and does not."""
    shape, ink = _SIGNS.get(one.sign, (Shape.DIAMOND, "mute"))
    lines = [Text(saying_callbacks.sign(one, words), bold=True, wrap=True)]
    if why := saying_callbacks.diagnosis(one, words):
        lines.append(Text(why, wrap=True))
    lines += [Text(said, ink="text2", step=-1, wrap=True) for said in saying_callbacks.proves(one, words)]
    return beside(Mark(shape, ink), *lines)


def _add_differences(
    section: Section, case: Case, entry: int, too_long: bool, found: Compared | None, words: Words
) -> None:
    if case.hidden:
        return
    if found is None:
        section.say(words("verdict.sources.comparing"), ink="text2")
        return
    if entry not in found.by_entry:
        section.say(
            words("verdict.sources.too_long" if too_long else "verdict.sources.not_compared"), ink="text2"
        )
        return
    every = found.by_entry[entry]
    told = differences.telling(every)
    natural = [visible(d.pointer) for d in every if d.by_nature]
    if not told:
        agrees = "verdict.sources.agrees" if natural else "verdict.sources.same"
        section.add(beside(Mark(Shape.EQUALS, "mute"), Text(words(agrees), wrap=True)))
    else:
        head = Text(words.many("verdict.sources.differ", len(told)), bold=True, wrap=True)
        section.add(beside(Mark(Shape.TRIANGLE, "warn"), head))
        section.add(_rows(case, told[:MOST], words))
        if len(told) > MOST:
            section.say(words.many("verdict.more", len(told) - MOST), ink="text2", step=-1)
    if natural:
        names = words("verdict.list.gap").join(natural[:8])
        section.say(words("verdict.sources.by_nature", names=names), ink="text2", step=-1)


def _rows(case: Case, told: Sequence[Difference], words: Words) -> QWidget:
    """For each place its pointer, then what the one on show says and what this one says."""
    shown = words("verdict.sources.on_show" if case.answer else "verdict.sources.first_callback")
    made = []
    for one in told:
        name = words("verdict.sources.whole") if not one.pointer else visible(one.pointer)
        rows = Facts(bold=False)
        for label, value in ((shown, one.left), (words("verdict.sources.here"), one.right)):
            said = words("verdict.sources.absent") if value is None else visible(value)
            here = (
                Text(said, ink="text2", wrap=True)
                if value is None
                else Passage(said, f"{name} {label}", step=-1)
            )
            rows.fact(label, here)
        made.append(stacked([Text(name, fixed=bool(one.pointer), bold=True, wrap=True, step=-1), rows], 2))
    return stacked(made, 8)


def _name(name: str, words: Words) -> QWidget:
    return Passage(short(name, 400), words("verdict.sources.file"), ours=True)


def _through(case: Case) -> int:
    return max(
        [*(answer.entry for answer in case.sources), *(one.entry for one in case.callbacks)], default=0
    )


def _document(one: CallbackSource) -> bytes | None:
    read = callback.read(one.told)
    return read.document if read else None

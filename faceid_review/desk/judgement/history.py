"""The history tab: rounds, notes with their wordings, and where the case stood, oldest at the top of each part."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.buttons import Link
from faceid_review.desk.chip import Chip
from faceid_review.desk.judgement.told import told
from faceid_review.desk.line import IdLine
from faceid_review.desk.shapes import Shape
from faceid_review.desk.verdict.facts_area import FactsArea
from faceid_review.desk.verdict.flow import Flow
from faceid_review.desk.verdict.section import Facts, Section
from faceid_review.desk.verdict.text import Text
from faceid_review.i18n import Words
from faceid_review.review.case import Case
from faceid_review.review.copies import Copy, copies
from faceid_review.review.judging import PARTICULARS, Decision, Note, Outcome, Round
from faceid_review.review.plain_text import visible
from faceid_review.snapshot import profile

_OUTCOMES = {
    Outcome.UPHOLD: (Shape.TICK, "ok"),
    Outcome.OVERTURN: (Shape.TICK, "ok"),
    Outcome.INCONCLUSIVE: (Shape.HALF, "mute"),
    Outcome.ASK_CUSTOMER: (Shape.BARS, "mute"),
}


class HistoryPane(QWidget):
    """Shows what was done to a case. ``revise_wanted`` carries the number of a note to word anew, ``handover_wanted`` the
    entry of a copy that was given to somebody."""

    revise_wanted = Signal(int)
    handover_wanted = Signal(int)

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self.setAutoFillBackground(True)
        self._words = words
        self._case: Case | None = None
        self._open: set[int] = set()
        self._scroll = FactsArea()
        self._scroll.setObjectName("history_facts")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)
        self.setFocusProxy(self._scroll)
        self._dress()
        self.speak(words)

    def show_case(self, case: Case | None) -> None:
        """Show ``case``, or nothing."""
        if case is None or self._case is None or case.biz_id != self._case.biz_id:
            self._open = set()
        if case is not self._case:
            self._case = case
            self._scroll.renew(self._rebuild)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("history.title"))
        self._scroll.setAccessibleName(words("history.title"))
        self._rebuild()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _rebuild(self) -> None:
        self._scroll.show_sections(self._sections())

    def _sections(self) -> list[Section]:
        case, words = self._case, self._words
        if case is None:
            empty = Section("")
            empty.ruled = False
            empty.say(words("verdict.empty"), bold=True)
            return [empty]
        # An earlier decision would tell which way the vendor's answer points.
        rounds = case.work.rounds[-1:] if case.hidden else case.work.rounds
        sections = [self._stands(case)] + [self._round(one) for one in rounds]
        if case.hidden and len(case.work.rounds) > 1:
            sections[-1].say(words("history.kept_back"), ink="text2", step=-1)
        if case.work.notes:
            notes = Section(words("history.notes"))
            notes.setObjectName("history_notes")
            for note in case.work.notes:
                self._note(notes, note)
            sections.append(notes)
        if kept := copies(case.events):
            out = Section(words("history.copies"))
            out.setObjectName("history_copies")
            for copy in kept:
                self._copy(out, copy)
            sections.append(out)
        return sections

    def _copy(self, section: Section, copy: Copy) -> None:
        words = self._words
        known = copy.profile in profile.names()
        title = profile.load(copy.profile).title(words.lang) if known else ""
        section.say(" · ".join(filter(None, (words("history.copy", entry=copy.entry), title))))
        section.add(IdLine("copy_id", f"{copy.export} · SHA-256 {copy.sha256[:16]}…", ink="text"))
        made_for = f" · {visible(copy.recipient)}" if copy.recipient else ""
        section.say(f"{_at(copy.at)} · {visible(copy.by)}{made_for}", ink="text2", step=-1)
        for one in copy.handed:
            how = visible(one.how) or words("judging.how_unsaid")
            section.say(words("history.handed_over", to=visible(one.to), how=how))
            section.say(f"{_at(one.at)} · {visible(one.by)}", ink="text2", step=-1)
        link = self._link(words("history.hand_over"), f"hand_over_{copy.entry}", self._want_handover)
        section.add(Flow([link], gap=12))

    def _stands(self, case: Case) -> Section:
        words, work = self._words, case.work
        section = Section(words("history.stands"))
        section.setObjectName("history_stands")
        facts = Facts()
        facts.fact(words("judgement.sheet.case"), Text(case.number))
        pause = work.pause_at(datetime.now(UTC))
        if pause:
            until = f" · {words('queue.until', at=_at(pause.until))}" if pause.until else ""
            reason = f" · {visible(pause.reason)}" if pause.reason else ""
            facts.fact(
                words("history.pause"),
                Text(f"{words(f'queue.work.{pause.kind.value}')}{until}{reason}", wrap=True),
            )
        if work.tags:
            facts.fact(words("judging.tags"), Text(", ".join(map(visible, work.tags)), wrap=True))
        if work.hold:
            held = f"{visible(work.hold.reason)} · {_at(work.hold.at)} · {visible(work.hold.by)}"
            facts.fact(words("history.hold"), Text(held, wrap=True))
        for name in PARTICULARS:
            said = work.particulars.get(name)
            shown = (
                told(said, words(f"judging.{name}")) if said else Text(words("dispute.not_said"), ink="text2")
            )
            facts.fact(words(f"judging.{name}"), shown)
        section.add(facts)
        for jump in work.jumps:
            section.say(
                words("judging.jump", number=jump.number, before=_at(jump.before), at=_at(jump.at)),
                ink="warn",
            )
        return section

    def _round(self, one: Round) -> Section:
        words = self._words
        state = (
            "history.sealed"
            if one.decision
            else "history.withdrawn"
            if one.withdrawn
            else "history.under_way"
        )
        section = Section(words("history.round", round=one.number), words(state))
        section.setObjectName(f"history_round_{one.number}")
        if one.dispute:
            section.say(words("history.of_dispute", name=one.dispute), ink="text2", step=-1)
        lines = [(m.entry, self._judgement(m.step.value, m.blind), m.at, m.by) for m in one.judgements]
        lines += [
            (r.entry, words("history.revealed" if r.judged else "history.revealed_first"), r.at, r.by)
            for r in one.reveals
        ]
        for _, text, at, by in sorted(lines):
            section.say(text)
            section.say(f"{_at(at)} · {visible(by)}", ink="text2", step=-1)
        if one.decision:
            self._decision(section, one.decision)
        elif not lines:
            section.say(words("history.nothing"), ink="text2")
        return section

    def _judgement(self, step: str, blind: bool) -> str:
        said = self._words("history.judged", step=self._words(f"judgement.step.{step}"))
        return f"{said} · {self._words('judging.blind')}" if blind else said

    def _decision(self, section: Section, made: Decision) -> None:
        words = self._words
        shape, kind = _OUTCOMES[made.outcome]
        chips = [Chip(shape, kind, words(f"judgement.outcome.{made.outcome.value}"), bold=True)]
        if made.against_vendor:
            chips.append(Chip(Shape.TRIANGLE, "warn", words("judging.against")))
        if made.blind:
            chips.append(Chip(Shape.DISC, "mute", words("judging.blind")))
        section.add(Flow(chips, gap=4))
        meant = made.reason_words.get(words.lang) or next(iter(made.reason_words.values()), "")
        section.say(f"{visible(meant)} ({visible(made.reason)})" if meant else visible(made.reason))
        if made.note:
            section.add(told(made.note, words("judging.note_of_decision")))
        section.say(f"{made.local or _at(made.at)} · {visible(made.by)}", ink="text2", step=-1)

    def _note(self, section: Section, note: Note) -> None:
        words, latest = self._words, note.latest
        section.say(
            words("judging.note", number=note.number, at=latest.local or _at(latest.at), by=visible(latest.by)),
            ink="text2", step=-1,
        )  # fmt: skip
        section.add(told(latest.text, words("history.note", number=note.number)))
        links = [self._link(words("history.revise"), f"revise_{note.number}", self._want_revise)]
        earlier = note.versions[:-1]
        if earlier:
            shown = note.number in self._open
            text = words("history.fewer") if shown else words.many("judging.versions", len(note.versions))
            links.append(self._link(text, f"versions_{note.number}", self._unfold))
        section.add(Flow(links, gap=12))
        for version in reversed(earlier if note.number in self._open else ()):
            section.say(f"{version.local or _at(version.at)} · {visible(version.by)}", ink="text3", step=-1)
            section.add(told(version.text, words("history.note", number=note.number), ink="text2"))

    def _link(self, text: str, name: str, wish: object) -> Link:
        made = Link(text)
        made.setObjectName(name)
        made.setAccessibleName(text)
        made.clicked.connect(wish)
        return made

    @Slot()
    def _want_revise(self) -> None:
        if (sender := self.sender()) is not None:
            self.revise_wanted.emit(int(sender.objectName().rpartition("_")[2]))

    @Slot()
    def _want_handover(self) -> None:
        if (sender := self.sender()) is not None:
            self.handover_wanted.emit(int(sender.objectName().rpartition("_")[2]))

    @Slot()
    def _unfold(self) -> None:
        if (sender := self.sender()) is not None:
            self._open ^= {int(sender.objectName().rpartition("_")[2])}
            self._rebuild()

    def _dress(self) -> None:
        colours, panel = self.palette(), QColor(palette.tokens().panel)
        if colours.color(QPalette.ColorRole.Window) != panel:
            colours.setColor(QPalette.ColorRole.Window, panel)
            self.setPalette(colours)


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}" if moment else ""

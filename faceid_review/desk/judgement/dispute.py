"""The dispute tab: who asks for another look and why, until when, what was said since, and what the customer is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.buttons import Button, Segments
from faceid_review.desk.chip import Chip
from faceid_review.desk.judgement.beside import SideBySide
from faceid_review.desk.judgement.form import Line, day_of
from faceid_review.desk.judgement.told import told
from faceid_review.desk.judgement.writing import Writing
from faceid_review.desk.line import Label
from faceid_review.desk.shapes import Shape
from faceid_review.desk.verdict.facts_area import FactsArea
from faceid_review.desk.verdict.flow import Flow
from faceid_review.desk.verdict.section import Facts, Section, stacked
from faceid_review.desk.verdict.text import Text
from faceid_review.i18n import LANGUAGES, Words
from faceid_review.review import judged, letter
from faceid_review.review.case import Case
from faceid_review.review.disputes import Dispute, Kind
from faceid_review.review.plain_text import visible
from faceid_review.review.side_by_side import Beside

_LINES = ("who", "received", "channel", "identity", "deadline", "cases")


@dataclass(frozen=True)
class NewDispute:
    """A dispute as a person wrote it down; ``cases`` are further biz_ids or case numbers, as typed."""

    who: str
    received: date | None
    channel: str
    identity: str
    grounds: str
    deadline: date | None
    cases: tuple[str, ...]


@dataclass(frozen=True)
class NewLine:
    """A line for the open dispute's record."""

    kind: Kind
    text: str
    deadline: date | None


class DisputePane(QWidget):
    """Shows the disputes of a case. ``open_wanted`` carries a :class:`NewDispute`, ``line_wanted`` a :class:`NewLine`,
    ``close_wanted`` the words it ends with, ``explain_wanted`` language and text, ``case_wanted`` another biz_id,
    ``photographs_wanted`` the biz_id of a case whose photograph is to lie beside one of this case."""

    open_wanted = Signal(object)
    line_wanted = Signal(object)
    close_wanted = Signal(str)
    explain_wanted = Signal(str, str)
    case_wanted = Signal(str)
    photographs_wanted = Signal(str)

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dispute")
        self.setAutoFillBackground(True)
        self._words = words
        self._case: Case | None = None
        self._shown: tuple[object, ...] | None = None
        self._lang = words.lang
        self.lines: dict[str, Line] = {}
        self._beside: dict[str, Beside] = {}
        self._tables: list[tuple[QWidget, tuple[str, ...]]] = []
        self._scroll = FactsArea()
        self._scroll.setObjectName("dispute_facts")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)
        self.setFocusProxy(self._scroll)
        self._dress()
        self.speak(words)

    def show_case(self, case: Case | None) -> None:
        """Show ``case``. What somebody is typing into the form is left alone while its disputes are the same."""
        self._case = case
        shown = (case.biz_id, case.work.disputes, case.work.explanations, case.stage) if case else None
        if shown != self._shown:
            self._shown = shown
            self._scroll.renew(self._rebuild)

    def show_beside(self, told: Iterable[Beside]) -> None:
        """What is known of the cases that are in dispute together; nothing else here is touched."""
        beside = {one.biz_id: one for one in told}
        if beside != self._beside:
            self._beside = beside
            for holder, biz_ids in self._tables:
                self._fill(holder, biz_ids)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("dispute.title"))
        self._scroll.setAccessibleName(words("dispute.title"))
        self._rebuild()

    def failed(self, sentence: str) -> None:
        """Say why what was wished for was not written."""
        self.why.setText(sentence)

    def focus(self) -> None:
        """Put the focus where one writes next."""
        field: QWidget = self.lines.get("who", self.text)
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._scroll.ensureWidgetVisible(field, 0, 60)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    # ---- what stands here

    def _rebuild(self) -> None:
        self.lines, self._tables = {}, []
        self.why = Label("dispute_why", ink="stop", step=-1, wrap=True)
        self.text, self.close_text = Writing("dispute_text", lines=3), Writing("dispute_close_text", lines=2)
        self.text.name_it(self._words("dispute.grounds"))
        self.close_text.name_it(self._words("dispute.close_words"), self._words("dispute.close_words"))
        self._scroll.show_sections(self._sections(), also=(self.why, self.text, self.close_text))

    def _sections(self) -> list[Section]:
        case, words = self._case, self._words
        if case is None:
            empty = Section("")
            empty.ruled = False
            empty.say(words("verdict.empty"), bold=True)
            return [empty]
        now, earlier = case.work.dispute, [d for d in case.work.disputes if not d.open]
        sections = [self._open_one(now), self._record(now)] if now else [self._form()]
        sections.append(self._letter(case))
        return sections + [self._closed_one(dispute) for dispute in reversed(earlier)]

    def _form(self) -> Section:
        words = self._words
        section = Section(words("dispute.open"), words("dispute.none"))
        section.setObjectName("dispute_form")
        section.say(words("dispute.open_about"), ink="text2", step=-1)
        facts = Facts(bold=False)
        for name in _LINES:
            line = self.lines[name] = Line(f"dispute_{name}")
            hint = {
                "received": "form.day",
                "deadline": "dispute.deadline_hint",
                "cases": "dispute.cases_hint",
            }
            line.name_it(words(f"dispute.{name}"), words(hint[name]) if name in hint else "")
            facts.fact(words(f"dispute.{name}"), line)
        self.lines["received"].setText(datetime.now().astimezone().date().isoformat())
        section.add(facts)
        section.add(Text(words("dispute.grounds")))
        self.text.name_it(words("dispute.grounds"), words("dispute.grounds_hint"))
        section.add(self.text)
        section.add(self.why)
        section.add(self._button("dispute.open_do", "dispute_open", self._want_open, primary=True))
        return section

    def _open_one(self, dispute: Dispute) -> Section:
        section = self._told(dispute, self._words("dispute.under_way"))
        section.setObjectName("dispute_open_one")
        return section

    def _told(self, dispute: Dispute, hint: str) -> Section:
        words = self._words
        section = Section(words("judging.dispute", name=dispute.name), hint)
        left = dispute.days_left(datetime.now().astimezone().date()) if dispute.open else None
        if left is not None:
            shape, kind = (
                (Shape.TRIANGLE, "stop") if left <= 0 else (Shape.CLOCK, "warn" if left < 3 else "mute")
            )
            due = words("judging.due", day=str(dispute.deadline), left=judged.days_left(left, words))
            section.add(Flow([Chip(shape, kind, due)], gap=4))
        facts = Facts()
        for name in ("who", "received", "channel", "identity"):
            value = getattr(dispute, name)
            said = visible(str(value)) if value else words("dispute.not_said")
            facts.fact(words(f"dispute.{name}"), Text(said, wrap=True, ink="text" if value else "text2"))
        facts.fact(words("dispute.round"), Text(str(dispute.round)))
        section.add(facts)
        if dispute.grounds:
            section.add(Text(words("dispute.grounds"), ink="text2", bold=True))
            section.add(told(dispute.grounds, words("dispute.grounds")))
        if len(dispute.cases) > 1:
            section.add(
                Flow(
                    [
                        Text(words("beside.title"), ink="text2", bold=True),
                        Text(words("beside.hint"), ink="text2", step=-1),
                    ],
                    gap=12,
                )
            )
            holder = stacked(())
            self._tables.append((holder, dispute.cases))
            section.add(holder)
            self._fill(holder, dispute.cases)
        for note in (*dispute.notes, *((dispute.closed,) if dispute.closed else ())):
            head = (
                words("judging.dispute_end")
                if note is dispute.closed
                else words(f"judging.kind.{note.kind.value}")
            )
            section.say(
                f"{head} · {note.at.astimezone():%Y-%m-%d %H:%M} · {visible(note.by)}", ink="text2", step=-1
            )
            if note.text:
                section.add(told(note.text, head))
        return section

    def _fill(self, holder: QWidget, biz_ids: Sequence[str]) -> None:
        """Lay the cases of a dispute side by side, once all of them have been looked up."""
        column = holder.layout()
        if column is None or self._case is None:
            return
        for old in holder.findChildren(SideBySide):
            column.removeWidget(old)
            old.hide()
            old.deleteLater()
        if not set(biz_ids) <= set(self._beside):
            return
        told = tuple(self._beside[biz_id] for biz_id in biz_ids)
        table = SideBySide(self._words, self._case.biz_id, told, comparable=bool(self._case.photographs))
        table.case_wanted.connect(self.case_wanted)
        table.photographs_wanted.connect(self.photographs_wanted)
        column.addWidget(table)

    def _record(self, dispute: Dispute) -> Section:
        words = self._words
        section = Section(words("dispute.add"))
        section.setObjectName("dispute_record")
        self.kinds = Segments(name=words("dispute.add"))
        self.kinds.setObjectName("dispute_kinds")
        for kind in Kind:
            self.kinds.add(kind.value, words(f"dispute.kind.{kind.value}"))
        section.add(self.kinds)
        self.text.name_it(words("dispute.add"))
        section.add(self.text)
        line = self.lines["deadline"] = Line("dispute_deadline")
        line.name_it(words("dispute.new_deadline"), words("dispute.deadline_hint"))
        facts = Facts(bold=False)
        facts.fact(words("dispute.new_deadline"), line)
        section.add(facts)
        section.add(self.why)
        section.add(self._button("dispute.add_do", "dispute_add", self._want_line))
        section.say(words("dispute.close_about"), ink="text2", step=-1)
        self.close_text.name_it(words("dispute.close_words"), words("dispute.close_words"))
        section.add(self.close_text)
        section.add(self._button("dispute.close_do", "dispute_close", self._want_close))
        return section

    def _letter(self, case: Case) -> Section:
        words = self._words
        section = Section(words("dispute.letter"), words("dispute.letter_hint"))
        section.setObjectName("dispute_letter")
        self.langs = Segments(name=words("dispute.letter_lang"))
        self.langs.setObjectName("letter_langs")
        for lang in LANGUAGES:
            self.langs.add(lang, words(f"dispute.lang.{lang}"))
        self.langs.choose(self._lang)
        self.langs.chosen.connect(self._other_lang)
        section.add(self.langs)
        self.letter = Writing("letter_text", lines=8)
        self.letter.name_it(words("dispute.letter"), words("dispute.letter_empty"))
        kept = case.work.explanation(self._lang)
        self.letter.show_text(kept.text if kept else "")
        section.add(self.letter)
        if kept:
            at = f"{kept.at.astimezone():%Y-%m-%d %H:%M}"
            section.say(words("dispute.letter_kept", at=at, by=visible(kept.by)), ink="text2", step=-1)
        section.add(
            Flow(
                [
                    self._button("dispute.letter_draft", "letter_draft", self._draft_letter),
                    self._button("dispute.letter_keep", "letter_keep", self._want_explain),
                ],
                gap=8,
            )
        )
        return section

    def _closed_one(self, dispute: Dispute) -> Section:
        return self._told(dispute, self._words("judging.dispute_closed"))

    def _button(self, key: str, name: str, wish: object, *, primary: bool = False) -> Button:
        made = Button(self._words(key) if key else "", primary=primary)
        made.setObjectName(name)
        made.setAccessibleName(made.text())
        made.clicked.connect(wish)
        return made

    # ---- wishes

    @Slot()
    def _want_open(self) -> None:
        said, today = (
            {name: line.text() for name, line in self.lines.items()},
            datetime.now().astimezone().date(),
        )
        days = self._days(("received", "deadline"), today)
        if days is not None:
            self.open_wanted.emit(
                NewDispute(
                    said["who"], days[0], said["channel"], said["identity"], self.text.text, days[1],
                    tuple(said["cases"].split()),
                )
            )  # fmt: skip

    @Slot()
    def _want_line(self) -> None:
        days = self._days(("deadline",), datetime.now().astimezone().date())
        if days is not None:
            self.line_wanted.emit(NewLine(Kind(self.kinds.choice), self.text.text, days[0]))

    @Slot()
    def _want_close(self) -> None:
        self.close_wanted.emit(self.close_text.text)

    @Slot()
    def _want_explain(self) -> None:
        self.explain_wanted.emit(self._lang, self.letter.text)

    @Slot()
    def _draft_letter(self) -> None:
        if self._case is not None and not self.letter.text.strip():
            self.letter.insertPlainText(letter.draft(self._case, self._lang))

    @Slot(str)
    def _other_lang(self, lang: str) -> None:
        self._lang = lang
        kept = self._case.work.explanation(lang) if self._case else None
        self.letter.show_text(kept.text if kept else "")

    def _days(self, names: Sequence[str], today: date) -> list[date | None] | None:
        try:
            return [day_of(self.lines[name].text(), today) for name in names]
        except (ValueError, OverflowError):
            self.failed(self._words("form.no_day"))
            return None

    def _dress(self) -> None:
        colours, panel = self.palette(), QColor(palette.tokens().panel)
        if colours.color(QPalette.ColorRole.Window) != panel:
            colours.setColor(QPalette.ColorRole.Window, panel)
            self.setPalette(colours)

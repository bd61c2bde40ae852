"""The verdict pane: summary and banner pinned, everything else scrolls under them in a fixed order."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.buttons import Button, key_name
from faceid_review.desk.shapes import Shape, paint_ring
from faceid_review.desk.verdict.attempts import attempts_sections
from faceid_review.desk.verdict.banner import Banner
from faceid_review.desk.verdict.comparison import comparison_sections
from faceid_review.desk.verdict.failure import failure_section
from faceid_review.desk.verdict.genuineness_rows import genuineness_section
from faceid_review.desk.verdict.liveness_timeline import MOST_MOMENTS, Block, LivenessTimeline
from faceid_review.desk.verdict.received import other_sections, received_section
from faceid_review.desk.verdict.section import SIDE, Section, beside, stacked
from faceid_review.desk.verdict.state import state_sections
from faceid_review.desk.verdict.statements import absent, clock, odd, paragraph, short
from faceid_review.desk.verdict.summary import Summary
from faceid_review.desk.verdict.text import Mark, Passage, Text
from faceid_review.faceid import glossary
from faceid_review.faceid.result import Liveness, VerificationResult
from faceid_review.i18n import Words
from faceid_review.review.case import Case, Stage

_AGAIN = "Ctrl+R"


class VerdictPane(QWidget):
    """Shows what the vendor stated of one case. It asks nobody, keeps nothing and decides nothing.

    ``raw_wanted`` carries a JSON pointer into the answer, ``picture_wanted`` the role of a picture.
    """

    raw_wanted = Signal(str)
    again_wanted = Signal()
    picture_wanted = Signal(str)

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._case: Case | None = None
        self.setObjectName("verdict")
        self.setAutoFillBackground(True)
        self._header = _Header()
        self._summary = Summary()
        self._banner = Banner()
        self._banner.raw_wanted.connect(self.raw_wanted)
        self._body: QWidget | None = None
        self._scroll = _Facts()
        self._scroll.setObjectName("verdict_facts")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._header, self._summary, self._banner):
            column.addWidget(widget)
        column.addWidget(self._scroll, 1)
        self._raw_key = QShortcut(QKeySequence(Qt.Key.Key_J), self)
        self._raw_key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._raw_key.activated.connect(self._raw_by_key)
        self._dress()
        self.speak(words)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("verdict.title"))
        self._scroll.setAccessibleName(words("verdict.facts"))
        self._header.speak(words)
        self._rebuild()

    def show_case(self, case: Case | None) -> None:
        """Show ``case``, from its top unless it is the one already shown; None where nothing is open."""
        if case is self._case:
            return
        same = case is not None and self._case is not None and case.biz_id == self._case.biz_id
        self._case = case
        self._rebuild()
        if not same:
            self._scroll.verticalScrollBar().setValue(0)

    def offer_raw(self, offered: bool) -> None:
        """Whether the raw answer can be shown; without it the pane has no link and no key that lead there."""
        self._banner.raw_offered = offered
        self._rebuild()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        elif event.type() == QEvent.Type.ApplicationFontChange:
            self._rebuild()

    def _dress(self) -> None:
        colours, panel = self.palette(), QColor(palette.tokens().panel)
        if colours.color(QPalette.ColorRole.Window) != panel:
            colours.setColor(QPalette.ColorRole.Window, panel)
            self.setPalette(colours)
        bar = self._scroll.verticalScrollBar()
        handle, groove = QColor(palette.tokens().track), bar.palette()
        if groove.color(QPalette.ColorRole.Button) != handle:
            # Fusion would paint the handle lighter than the photographs.
            groove.setColor(QPalette.ColorRole.Button, handle)
            bar.setPalette(groove)

    def _rebuild(self) -> None:
        place = self._scroll.verticalScrollBar().value()
        case, words = self._case, self._words
        readable = case.result if case and case.stage in (Stage.KEPT, Stage.PARTIAL) else None
        self._summary.show_case(case, words)
        self._banner.show_result(readable, words)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for section in self._sections():
            column.addWidget(section)
        column.addStretch()
        # Not deleted at once: what led here may be a signal of something on it.
        if self._body:
            self._scroll.takeWidget()
            self._body.setParent(self)
            self._body.hide()
            self._body.deleteLater()
        self._body = body
        self._scroll.setWidget(body)
        self._scroll.verticalScrollBar().setValue(place)

    def _sections(self) -> list[Section]:
        case, words = self._case, self._words
        if case is None:
            empty = Section("")
            empty.setObjectName("empty")
            empty.ruled = False
            empty.say(words("verdict.empty"), bold=True)
            empty.say(words("verdict.empty.next"), ink="text2")
            return [empty]
        sections = state_sections(case, words)
        if case.stage in (Stage.UNKNOWN, Stage.REFUSED):
            sections[-1].add(stacked([QWidget(), self._again_button()], 4))
        result = case.result
        if case.stage in (Stage.KEPT, Stage.PARTIAL) and result and result.readable:
            sections += self._result_sections(result)
        sections += attempts_sections(case, words)
        if case.answer and case.stage.answered:
            sections.append(received_section(case, case.answer, words))
            sections += other_sections(case, result, words) if result else []
        return sections

    def _again_button(self) -> Button:
        """Leads to the sheet that asks for a reason; here nothing is asked."""
        button = Button(self._words("verdict.again"), key=key_name(_AGAIN))
        button.setObjectName("ask_again")
        button.setAccessibleName(self._words("verdict.again"))
        button.setAccessibleDescription(self._words("verdict.again.about"))
        button.clicked.connect(self.again_wanted)
        return button

    def _result_sections(self, result: VerificationResult) -> list[Section]:
        """In the order of the look; where liveness failed, its reason and its timeline come first."""
        words, liveness = self._words, result.liveness
        compared = comparison_sections(result, words) or [_not_compared(result, words)]
        genuine = genuineness_section(result, words)
        timeline = self._timeline(result, liveness)
        if liveness and liveness.passed is False:
            failure = failure_section(result, liveness, words)
            return [failure, timeline, *compared, genuine]
        return [*compared, genuine, timeline]

    def _timeline(self, result: VerificationResult, liveness: Liveness | None) -> Section:
        words = self._words
        section = Section(words("verdict.timeline"), _recorded(liveness))
        section.setObjectName("timeline")
        if liveness is None:
            key = absent(result, "verdict.timeline.no_liveness", "liveness_result")
            section.say(words(key), ink="text2")
            return section
        raw = liveness.log.unread > 0
        if liveness.log.moments:
            line = LivenessTimeline(liveness.log, {p.role for p in result.photographs}, words)
            line.picture_wanted.connect(self.picture_wanted)
            section.add(line)
            section.say(_closing(line.blocks, words), ink="text2", step=-1)
            if line.crowded:
                raw = True
                section.say(words("verdict.timeline.crowded"), ink="text2", step=-1)
        else:
            key = absent(result, "verdict.timeline.empty", "liveness_result", "log")
            section.say(words(key), ink="text2")
        if len(liveness.log.moments) > MOST_MOMENTS:
            more = words.many("verdict.more", len(liveness.log.moments) - MOST_MOMENTS)
            section.say(more, ink="text2", step=-1)
        if liveness.log.unread:
            section.say(words.many("verdict.timeline.unread", liveness.log.unread), ink="text2", step=-1)
        if raw:
            section.add(Passage(short(liveness.raw_log or "", 1000), words("verdict.timeline.raw"), step=-1))
        return section

    @Slot()
    def _raw_by_key(self) -> None:
        if self._banner.pointer:
            self.raw_wanted.emit(self._banner.pointer)


class _Facts(QScrollArea):
    """What scrolls. Its focus ring lies on top, since the facts cover all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._ring = _Ring(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ring.raise_()
        self._ring.show()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ring.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ring.setGeometry(self.rect())


class _Ring(QWidget):
    """A focus ring that lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_ring(QPainter(self), QRectF(self.rect()))


class _Header(QWidget):
    """The pane's tabs; so far there is one, and it is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._title = Text("", bold=True)
        self._key = Text("Alt+1", ink="text3", step=-2)
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE, 8, SIDE, 9)
        row.setSpacing(6)
        row.addWidget(self._title)
        row.addWidget(self._key, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch()

    def speak(self, words: Words) -> None:
        self._title.setText(words("verdict.title"))
        self.setAccessibleName(words("verdict.title"))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        below = self.height() - 1
        painter.fillRect(QRect(0, below, self.width(), 1), QColor(t.line))
        right = self._key.geometry().right() + 8
        painter.fillRect(QRect(SIDE - 8, below - 1, right - SIDE + 8, 2), QColor(t.accent))


def _not_compared(result: VerificationResult, words: Words) -> Section:
    """Why there is no confidence: verify_result is null, or it is an error with its meaning and its bill."""
    section = Section(words("verdict.confidence"))
    section.setObjectName("not_compared")
    lang = words.lang
    if result.verify_error is None:
        meaning = glossary.absence("verify_result") if not result.verify_returned else None
        said = meaning.text(lang) if meaning else words("verdict.confidence.nothing")
        lost = result.lost("verify_result")
        if lost:
            said = words("verdict.lost")
        if odd(result, "verify_result") or odd(result, "verify_result", "error"):
            said = words("verdict.odd")
        title = words("verdict.chip.lost" if lost else "verdict.chip.not_compared")
        lines = [Text(title, bold=True), Text(said, ink="text2", wrap=True)]
        section.add(beside(Mark(Shape.DASH, "mute"), *lines))
        return section
    error = glossary.verify_error(result.verify_error)
    billed = {True: "yes", False: "no", None: "unknown"}[error.billed]
    sent: list[QWidget] = [Passage(short(result.verify_error, 1000), "verify_result.error", bold=True)]
    sent.append(Text(error.meaning.text(lang), wrap=True))
    if error.parameter:
        sent.append(Text(words("verdict.error.parameter", what=error.parameter.text(lang)), wrap=True))
    sent.append(Text(words(f"verdict.error.billed.{billed}"), wrap=True))
    sent.append(Text(error.next_step.text(lang), ink="text2", wrap=True))
    why = glossary.absence("verify_error")
    if why:
        sent.append(Text(why.text(lang), ink="text2", wrap=True))
    section.add(beside(Mark(Shape.TRIANGLE, "warn"), *sent))
    return section


def _recorded(liveness: Liveness | None) -> str:
    """The version that wrote the log, and when the log began."""
    if liveness is None:
        return ""
    parts = [short(liveness.version, 24)] if liveness.version else []
    if liveness.log.began is not None:
        try:
            parts.append(clock(datetime.fromtimestamp(liveness.log.began, UTC)))
        except (ValueError, OverflowError, OSError):
            parts.append(str(liveness.log.began))
    return " · ".join(parts)


def _closing(found: tuple[Block, ...], words: Words) -> str:
    """How long each action lasted, whether an end was recorded, and what of this is inferred."""
    actions = [block for block in found if block.kind == "action"]
    passed = [block for block in actions if block.passed]
    parts = []
    if passed:
        lasted = []
        for block in passed:
            meaning = glossary.letter(block.letter)
            said = meaning.short(words.lang) if meaning else block.letter
            lasted.append(
                words("verdict.timeline.lasted", action=said, ms=str((block.to or block.start) - block.start))
            )
        text = words("verdict.list.gap").join(lasted)
        parts.append(words("verdict.timeline.durations", durations=text[:1].upper() + text[1:]))
    if len(passed) < len(actions):
        begun = words.many("verdict.timeline.begun", len(actions))
        recorded = words.many("verdict.timeline.passed", len(passed)) if passed else words(
            "verdict.timeline.none_passed"
        )  # fmt: skip
        parts.append(words("verdict.timeline.counts", begun=begun, passed=recorded))
    if not any(block.ends for block in found):
        parts.append(words("verdict.timeline.no_end"))
    if any(block.to is not None and block.to < block.start for block in found):
        parts.append(words("verdict.timeline.disorder"))
    parts.append(words("verdict.timeline.inferred"))
    return paragraph(parts, words.lang)

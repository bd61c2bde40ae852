"""The verdict pane: summary and banner pinned, everything else scrolls under them in a fixed order."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget

from faceid_review.desk import clipboard, palette
from faceid_review.desk.buttons import Button, key_name
from faceid_review.desk.shapes import Shape
from faceid_review.desk.verdict.attempts import attempts_sections
from faceid_review.desk.verdict.banner import Banner
from faceid_review.desk.verdict.comparison import comparison_sections
from faceid_review.desk.verdict.facts_area import FactsArea
from faceid_review.desk.verdict.failure import failure_section
from faceid_review.desk.verdict.genuineness_rows import genuineness_section
from faceid_review.desk.verdict.liveness_timeline import LivenessTimeline
from faceid_review.desk.verdict.pointed import Place, place_of, point
from faceid_review.desk.verdict.received import other_sections, received_section
from faceid_review.desk.verdict.section import Section, beside, stacked
from faceid_review.desk.verdict.sources import (
    Compared,
    only_callback_section,
    said_section,
    sources_sections,
    waits_for_pictures,
)
from faceid_review.desk.verdict.state import state_sections
from faceid_review.desk.verdict.summary import Summary
from faceid_review.desk.verdict.text import Mark, Passage, Text
from faceid_review.faceid.result import Liveness, VerificationResult
from faceid_review.i18n import Words
from faceid_review.review.case import Case, Stage
from faceid_review.review.explanation import Explanation, Kind, callback_of, closing_words, described
from faceid_review.review.plain_text import as_sent, short
from faceid_review.review.times import clock

_AGAIN = "Ctrl+R"
_LOG = "/liveness_result/log"


class VerdictPane(QWidget):
    """Shows what the vendor stated of one case. It asks nobody, keeps nothing and decides nothing.

    ``raw_wanted`` carries a JSON pointer into the answer, ``picture_wanted`` the role of a picture.
    """

    raw_wanted = Signal(str)
    again_wanted = Signal()
    picture_wanted = Signal(str)
    picture_peeked = Signal(str)
    """The role of a picture to show for the moment; empty when that is over."""
    fetch_wanted = Signal(str)
    """The id of a case of which there is only a callback."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._case: Case | None = None
        self._compared: Compared | None = None
        self._asked: Place | None = None
        self.setObjectName("verdict")
        self.setAutoFillBackground(True)
        self._summary = Summary()
        self._banner = Banner()
        self._banner.raw_wanted.connect(self.raw_wanted)
        self._scroll = FactsArea()
        self._scroll.setObjectName("verdict_facts")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._summary, self._banner):
            column.addWidget(widget)
        column.addWidget(self._scroll, 1)
        self.setFocusProxy(self._scroll)
        self.actions_by_name: dict[str, QAction] = {}
        for name, key, command in (
            ("raw.show", "J", self._raw_by_key),
            ("raw.copy", "Ctrl+C", self._copy),
            ("raw.copy_value", "Ctrl+Alt+C", self._copy_value),
            ("raw.copy_pointer", "Ctrl+Shift+C", self._copy_pointer),
        ):
            action = QAction(self)
            action.setObjectName(name)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(command)
            self.addAction(action)
            self.actions_by_name[name] = action
        self.actions_by_name["raw.show"].setEnabled(False)
        self._dress()
        self.speak(words)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("verdict.title"))
        self._scroll.setAccessibleName(words("verdict.facts"))
        for name, action in self.actions_by_name.items():
            action.setText(words(f"raw.action.{name.removeprefix('raw.')}"))
        self._rebuild()

    def show_case(self, case: Case | None) -> None:
        """Show ``case``, from its top unless it is the one already shown; None where nothing is open."""
        if case is self._case:
            return
        same = case is not None and self._case is not None and case.biz_id == self._case.biz_id
        self._case = case
        if not same:
            self._scroll.verticalScrollBar().setValue(0)
        self._rebuild()

    def show_compared(self, compared: Compared) -> None:
        """How the other sources of the case differ from the one on show; of another case it is left aside."""
        self._compared = compared
        if self._case is not None and compared.of(self._case):
            self._rebuild()

    def offer_raw(self, offered: bool) -> None:
        """Whether the raw answer can be shown; without it the pane has no link and no key that lead there."""
        self._banner.raw_offered = offered
        self.actions_by_name["raw.show"].setEnabled(offered)
        self._rebuild()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A label or passage takes this key from the shortcut, and leaves it to the pane where nothing is selected.
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        at = event.globalPos() if by_mouse else None
        widget = self.childAt(event.pos()) if by_mouse else QApplication.focusWidget()
        self._asked = place_of(widget, at)
        if self._asked is None:
            return
        menu = self.menu()
        menu.aboutToHide.connect(self._forget)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """What can be done with the value that was pointed at."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in ("raw.copy", "raw.copy_value", "raw.copy_pointer", "raw.show"):
            action = self.actions_by_name[name]
            if name == "raw.show":
                menu.addSeparator()
            menu.addAction(action)
        return menu

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
        case, words = self._case, self._words
        readable = (
            case.result if case and not case.hidden and case.stage in (Stage.KEPT, Stage.PARTIAL) else None
        )
        self._summary.show_case(case, words)
        self._banner.show_result(readable, words)
        self._scroll.show_sections(self._sections())

    def _sections(self) -> list[Section]:
        case, words = self._case, self._words
        if case is None:
            empty = Section("")
            empty.setObjectName("empty")
            empty.ruled = False
            empty.say(words("verdict.empty"), bold=True)
            empty.say(words("verdict.empty.next"), ink="text2")
            return [empty]
        if case.hidden:
            kept_back = Section("")
            kept_back.setObjectName("kept_back")
            kept_back.say(words("verdict.judge_first"))
            # That there is a second source is no secret; what it says is masked.
            return [kept_back, *sources_sections(case, self._compared, words)]
        sections = state_sections(case, words)
        if case.stage in (Stage.UNKNOWN, Stage.REFUSED):
            sections[-1].add(stacked([QWidget(), self._again_button()], 4))
        if waits_for_pictures(case):
            waits, button = only_callback_section(words)
            button.clicked.connect(self._want_fetch)
            sections.append(waits)
        result = case.result
        if case.stage in (Stage.KEPT, Stage.PARTIAL) and result and result.readable:
            sections += self._result_sections(result)
        if (one := callback_of(case)) and one.result:
            sections += [said_section(one, words), *self._result_sections(one.result)]
        sections += attempts_sections(case, words)
        if case.answer and case.stage.answered:
            sections.append(received_section(case, case.answer, words))
            sections += other_sections(case, result, words) if result else []
        return sections + sources_sections(case, self._compared, words)

    @Slot()
    def _want_fetch(self) -> None:
        if self._case is not None:
            self.fetch_wanted.emit(str(self._case.biz_id))

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
        told = described(result, words)
        compared = comparison_sections(result, told, words) or [_not_compared(told, result, words)]
        genuine = genuineness_section(result, told, words)
        timeline = self._timeline(result, told, liveness)
        if liveness and liveness.passed is False:
            failure = failure_section(told, liveness, words)
            return [failure, timeline, *compared, genuine]
        return [*compared, genuine, timeline]

    def _timeline(self, result: VerificationResult, told: Explanation, liveness: Liveness | None) -> Section:
        words = self._words
        section = Section(words("verdict.timeline"), _recorded(liveness))
        section.setObjectName("timeline")
        if liveness is None:
            for one in told.said_of("liveness", Kind.ABSENT):
                section.say(one.words, ink="text2")
            return section
        if liveness.log.moments:
            line = LivenessTimeline(liveness.log, {p.role for p in result.photographs}, words)
            line.picture_wanted.connect(self.picture_wanted)
            line.picture_peeked.connect(self.picture_peeked)
            section.add(point(line, _LOG, liveness.raw_log or ""))
            section.say(closing_words(line.blocks, words), ink="text2", step=-1)
            if line.crowded:
                section.say(words("verdict.timeline.crowded"), ink="text2", step=-1)
        for one in told.said_of("timeline", Kind.ABSENT, Kind.REMARK, Kind.MORE, Kind.WARNING):
            # What the drawn line says itself, and what every line of the log would say.
            if one.about not in ("sure", *(("steps",) if liveness.log.moments else ())):
                section.say(one.words, ink="text2", step=-1)
        if liveness.raw_log:
            sent = Passage(
                as_sent(liveness.raw_log, 1000), words("verdict.timeline.raw"), ink="text2", step=-2
            )
            section.add(point(sent, _LOG, liveness.raw_log))
        return section

    @property
    def _place(self) -> Place | None:
        """The value that a menu was opened on, or that has the focus."""
        focused = QApplication.focusWidget()
        inside = focused is not None and self.isAncestorOf(focused)
        return self._asked or place_of(focused if inside else None)

    @Slot()
    def _forget(self) -> None:
        # Not at once: a menu hides before it tells what was chosen of it.
        QTimer.singleShot(0, self, self._forgotten)

    @Slot()
    def _forgotten(self) -> None:
        self._asked = None

    @Slot()
    def _raw_by_key(self) -> None:
        place = self._place
        self.raw_wanted.emit(place.pointer if place else self._banner.pointer)

    @Slot()
    def _copy(self) -> None:
        if place := self._place:
            clipboard.copy(
                clipboard.with_pointer(place.pointer, place.value) if place.value else place.pointer
            )

    @Slot()
    def _copy_value(self) -> None:
        if (place := self._place) and place.value:
            clipboard.copy(place.value)

    @Slot()
    def _copy_pointer(self) -> None:
        if place := self._place:
            clipboard.copy(place.pointer)


def _not_compared(told: Explanation, result: VerificationResult, words: Words) -> Section:
    """Why there is no confidence: verify_result is null, or it is an error with its meaning and its bill."""
    section = Section(words("verdict.confidence"))
    section.setObjectName("not_compared")
    about = told.said_of("comparison")
    if result.verify_error is None:
        lost = result.lost("verify_result")
        title = words("verdict.chip.lost" if lost else "verdict.chip.not_compared")
        heading = Text(title, bold=True)
        lines = [heading if lost else point(heading, "/verify_result", "")]
        lines += [Text(one.words, ink="text2", wrap=True) for one in about]
        section.add(beside(Mark(Shape.DASH, "mute"), *lines))
        return section
    code = Passage(short(result.verify_error, 1000), "verify_result.error", bold=True)
    sent: list[QWidget] = [point(code, "/verify_result/error", result.verify_error)]
    for one in about:
        if one.kind not in (Kind.VALUE, Kind.READING):
            quiet = one.kind in (Kind.NEXT, Kind.ABSENT)
            sent.append(Text(one.words, ink="text2" if quiet else "text", wrap=True))
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

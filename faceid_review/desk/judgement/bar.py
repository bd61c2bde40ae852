"""The judgement bar at the foot of the window: the steps, the reason, and the way to the review sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QColor, QFontMetricsF, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.buttons import Button, key_name
from faceid_review.desk.judgement.choice import Choice
from faceid_review.desk.judgement.steps import Steps
from faceid_review.desk.line import paint_line
from faceid_review.i18n import Words
from faceid_review.review.judging import Step
from faceid_review.review.reasons import Reason

_NARROW, _SHORT = 1380, 1180


class JudgementBar(QWidget):
    """Shows what can be chosen and says wishes. ``changed`` tells that a step or a reason was chosen."""

    changed = Signal()
    propose_wanted = Signal()
    undo_wanted = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("judgementBar")
        self._words = words
        self._said = self._hint = ""
        self._reasons: tuple[Reason, ...] = ()
        self.title = _Title(self)
        self.steps = Steps(self)
        self.reason = Choice("reason", self, widest=170, height=32)
        self.title.setBuddy(self.steps)
        self.propose = Button(key=key_name("Ctrl+Enter"), primary=True)
        self.propose.setObjectName("proposeButton")
        self.line = QLabel()
        self.line.setObjectName("footLine")
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setWordWrap(True)
        self.line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.undo = Button(key=key_name("Ctrl+Z"))
        self.undo.setObjectName("undoButton")
        self.undo.hide()
        self.export = Button(icon="export")
        self.export.setObjectName("exportButton")
        self.next = Button(key="N")
        self.next.setObjectName("nextButton")
        self._lay_out()
        self.setFocusProxy(self.steps)
        self.steps.chosen.connect(self._chosen)
        self.reason.activated.connect(self._reason_chosen)
        self.propose.clicked.connect(self.propose_wanted)
        self.undo.clicked.connect(self.undo_wanted)
        for number, step in enumerate(Step, start=1):
            action = QAction(self)
            action.setObjectName(f"step_{step.value}")
            action.setShortcut(QKeySequence(str(number)))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(partial(self.steps.take, step))
            self.addAction(action)
        self.speak(words)

    # ---- values in

    def offer(self, reasons: Sequence[Reason]) -> None:
        """The reasons there are."""
        self._reasons = tuple(reasons)
        self._offer()

    def show_choice(self, step: Step | None, reason: str) -> None:
        """What is chosen; nobody is told."""
        self.steps.choose(step)
        self.reason.choose(reason)

    def allow(self, steps: Mapping[Step, str], reason: bool, propose: bool, why: str) -> None:
        """What can be done now. ``steps`` says of each dimmed one why; ``why`` is the line below the bar."""
        self.steps.allow(steps)
        self.reason.setEnabled(reason)
        self.propose.setEnabled(propose)
        self.propose.setAccessibleDescription(why)
        self._hint = why
        self._tell()

    def say(self, sentence: str) -> None:
        """A sentence in the place of the hint; empty brings the hint back."""
        self._said = sentence
        self._tell()

    def show_undo(self, sentence: str) -> None:
        """A decision that is about to be sealed, with the time left; empty where there is none."""
        self.undo.setVisible(bool(sentence))
        self._pending = sentence
        self._tell()

    def propose_as(self, text: str) -> None:
        """What the filled button does now, in words."""
        self.propose.setText(text)
        self.propose.setAccessibleName(text)

    def focus(self) -> None:
        """Put the focus on the steps, or where none can be taken on the reason."""
        if any(button.isEnabled() for button in self.steps.findChildren(QWidget)):
            self.steps.focus()
        else:
            self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        self.focus()

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("judgement.title"))
        self.title.setText(words("judgement.title"))
        self.steps.speak(words)
        self.reason.name_it(words("judgement.reason"), words("judgement.reason_choose"))
        if not self.propose.text():
            self.propose_as(words("judgement.propose"))
        self.undo.setText(words("judgement.undo"))
        self.undo.setAccessibleName(words("judgement.undo"))
        for button, key in ((self.export, "action.export"), (self.next, "action.next")):
            button.setText(words(key))
            button.setAccessibleName(words(key))
        for action in self.actions():
            step = action.objectName().removeprefix("step_")
            action.setText(words(f"judgement.step.{step}"))
        self._offer()
        self._dress()

    # ---- inside

    _pending = ""

    def _offer(self) -> None:
        chosen, lang = self.reason.value, self._words.lang
        self.reason.offer([(one.code, one.text(lang)) for one in self._reasons], chosen)
        for place, one in enumerate(self._reasons):
            self.reason.setItemText(place, one.text(lang))

    def _tell(self) -> None:
        text = self._pending or self._said or self._hint
        self.line.setText(text)
        self.line.setAccessibleName(text)
        self._dress_line()

    @Slot(str)
    def _chosen(self, _: str) -> None:
        self.say("")
        self.changed.emit()

    @Slot(int)
    def _reason_chosen(self, _: int) -> None:
        self.changed.emit()

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(12)
        first.addWidget(self.title)
        first.addWidget(self.steps)
        first.addWidget(self.reason)
        first.addStretch(1)
        first.addWidget(self.propose)
        second.addWidget(self.line, 1)
        for button in (self.undo, self.export, self.next):
            second.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 7)
        column.setSpacing(7)
        column.addLayout(first)
        column.addLayout(second)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.window))
        painter.fillRect(QRect(0, 0, self.width(), 1), QColor(t.line))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Not while the layout that gave this size is at work.
        QTimer.singleShot(0, self, self._fit)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (
            QEvent.Type.PaletteChange,
            QEvent.Type.FontChange,
            QEvent.Type.ApplicationFontChange,
        ):
            self._dress()

    @Slot()
    def _fit(self) -> None:
        scale = QFontMetricsF(palette.font()).height() / 19
        narrow, short = self.width() < _NARROW * scale, self.width() < _SHORT * scale
        self.steps.shorten(short)
        for button in (self.propose, self.export):
            button.show_key(not short)
        self.title.setVisible(not (narrow and short))
        self.title.fold(narrow)

    def _dress(self) -> None:
        self._dress_line()
        self._fit()

    def _dress_line(self) -> None:
        """What is about to be sealed is said louder than what could be."""
        t, waits = palette.tokens(), bool(self._pending)
        self.line.setFont(palette.font(0 if waits else -1, bold=waits))
        palette.wear(self.line, f"QLabel {{ color: {t.text if waits else t.text2}; }}")


class _Title(QLabel):
    """ "Your judgement", bold, and its key, small; narrow windows do without the key."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("judgementTitle")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._folded = False

    def fold(self, folded: bool) -> None:
        """Leave the key out, or draw it."""
        self._folded = folded
        self._measure()

    def setText(self, text: str) -> None:
        super().setText(text)
        self._measure()

    def _measure(self) -> None:
        word, small = QFontMetricsF(palette.font(bold=True)), QFontMetricsF(palette.font(-2))
        width = word.horizontalAdvance(self.text()) + (
            0 if self._folded else 6 + small.horizontalAdvance("F7")
        )
        self.setMinimumWidth(int(width) + 2)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        taken = paint_line(painter, self.rect().toRectF(), self.text(), palette.font(bold=True), t.text)
        if not self._folded:
            paint_line(
                painter, self.rect().toRectF().adjusted(taken + 6, 0, 0, 0), "F7", palette.font(-2), t.text2
            )

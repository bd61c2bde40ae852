"""The six steps of the scale as one row of radio buttons, each with the badge of its digit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from faceid_review.desk import palette
from faceid_review.desk.chip import paint_badge
from faceid_review.desk.line import paint_line
from faceid_review.desk.shapes import paint_ring
from faceid_review.i18n import Words
from faceid_review.review.judging import Step

_PADDING, _GAP, _RADIUS = 10.0, 8.0, 4.0
_HEIGHT: Final = 32


class Steps(QWidget):
    """``chosen`` is a person's choice: the value of a :class:`Step`. A step that is dimmed keeps its place."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("steps")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._short = False
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._steps: dict[Step, _StepButton] = {}
        for number, step in enumerate(Step, start=1):
            button = _StepButton(step, str(number), self)
            button.first, button.last = number == 1, number == len(Step)
            self._steps[step] = button
            self._group.addButton(button)
            row.addWidget(button)
        self._group.buttonClicked.connect(self._clicked)

    @property
    def step(self) -> Step | None:
        """The step that is chosen, or None."""
        return next((step for step, button in self._steps.items() if button.isChecked()), None)

    def choose(self, step: Step | None) -> None:
        """Choose without telling anybody."""
        self._group.setExclusive(False)
        for one, button in self._steps.items():
            button.setChecked(one is step)
        self._group.setExclusive(True)

    def take(self, step: Step) -> bool:
        """A person takes this step by its key; whether it can be taken."""
        button = self._steps[step]
        if button.isEnabled():
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            button.click()
        return button.isEnabled()

    def allow(self, refused: Mapping[Step, str]) -> None:
        """Dim the steps that cannot be taken; ``refused`` says why, in words."""
        for step, button in self._steps.items():
            why = refused.get(step, "")
            button.setEnabled(not why)
            button.setAccessibleDescription(why)

    def focus(self) -> None:
        """Put the focus on the chosen step, or on the first that can be taken."""
        able = [button for button in self._steps.values() if button.isEnabled()]
        chosen = next((button for button in able if button.isChecked()), able[0] if able else None)
        if chosen is not None:
            chosen.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def shorten(self, short: bool) -> None:
        """Say the steps in short words, as narrow windows do."""
        if short != self._short:
            self._short = short
            self.speak(self._words)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("judgement.title"))
        for step, button in self._steps.items():
            whole = words(f"judgement.step.{step.value}")
            button.setText(words(f"judgement.short.{step.value}") if self._short else whole)
            button.setAccessibleName(whole)
            button.updateGeometry()

    @Slot(QAbstractButton)
    def _clicked(self, button: QAbstractButton) -> None:
        self.chosen.emit(button.objectName())


class _StepButton(QRadioButton):
    def __init__(self, step: Step, digit: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(step.value)
        self.digit = digit
        self.first = self.last = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        # As wide as when chosen, and so bold: the row must not jump.
        word = QFontMetricsF(palette.font(bold=True))
        width = 2 * _PADDING + self._badge() + _GAP + word.horizontalAdvance(self.text())
        return QSize(int(width) + 2, max(_HEIGHT, int(word.height()) + 10))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        checked, enabled = self.isChecked(), self.isEnabled()
        fill = t.sel if checked else t.raised if enabled else t.window
        if enabled and self.underMouse() and not checked:
            fill = t.field
        body = QRectF(self.rect())
        # The frame is one rounded box over the whole row; each part paints its own piece of it.
        frame = body.adjusted(0.5 if self.first else -20, 0.5, -0.5 if self.last else 20, -0.5)
        painter.setClipRect(body)
        outline = QPainterPath()
        outline.addRoundedRect(frame, _RADIUS, _RADIUS)
        painter.fillPath(outline, QColor(fill))
        if not self.first:
            painter.fillRect(QRectF(0, 0, 1, body.height()), QColor(t.line if not enabled else t.edge))
        painter.setPen(QPen(QColor(t.edge), 1))
        painter.drawPath(outline)
        if self.hasFocus():
            paint_ring(painter, body.adjusted(1, 1, -1, -1), _RADIUS - 1)
        side = self._badge()
        badge = QRectF(_PADDING, round((body.height() - side) / 2), side, side)
        if enabled:
            paint_badge(painter, badge, self.digit, palette.font(-2), chosen=checked)
        else:
            painter.setPen(QPen(QColor(t.line), 1))
            painter.drawRoundedRect(badge.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            left = (side - QFontMetricsF(palette.font(-2)).horizontalAdvance(self.digit)) / 2
            paint_line(painter, badge.adjusted(left, 0, 4, 0), self.digit, palette.font(-2), t.text3)
        ink = t.selfg if checked else t.text if enabled else t.text3
        word = QRectF(badge.right() + _GAP, 0, body.width() - badge.right() - _GAP - 4, body.height())
        paint_line(painter, word, self.text(), palette.font(bold=checked), ink)

    def _badge(self) -> float:
        return max(18.0, QFontMetricsF(palette.font(-2)).height() + 2)

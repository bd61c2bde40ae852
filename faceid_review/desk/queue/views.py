"""The saved views of the queue as one row: a word each, and under it how many cases it holds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFontMetricsF,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from faceid_review.desk import palette
from faceid_review.desk.shapes import paint_ring
from faceid_review.i18n import Words, grouped
from faceid_review.review.worklist import VIEWS

_RADIUS: Final = 4.0


class ViewBar(QWidget):
    """``chosen`` tells the name of a view that a person chose, as ``worklist.VIEWS`` names it."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("views")
        self._counts: dict[str, int] = {}
        self._views: dict[str, _View] = {}
        self.keys: dict[str, QAction] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 8)
        row.setSpacing(0)
        for number, name in enumerate(VIEWS, start=1):
            view = self._views[name] = _View(name, number == 1, number == len(VIEWS), self)
            group.addButton(view)
            row.addWidget(view, 1)
            view.clicked.connect(partial(self.chosen.emit, name))
            key = self.keys[name] = QAction(self)
            key.setObjectName(f"view_{name}")
            key.setShortcut(QKeySequence(f"Ctrl+{number}"))
            key.triggered.connect(partial(self.take, name))
        self._views["all"].setChecked(True)

    @property
    def view(self) -> str:
        """The view in force."""
        return next((name for name, view in self._views.items() if view.isChecked()), "all")

    def take(self, name: str) -> None:
        """A person takes a view by its key."""
        self._views[name].click()

    def choose(self, name: str) -> None:
        """Choose without telling anybody."""
        self._views[name].setChecked(True)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many cases each view holds."""
        self._counts.update(counts)
        self._tell()

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("queue.views"))
        for name, key in self.keys.items():
            key.setText(words("queue.view", view=words(f"queue.view.{name}")))
        self._tell()

    def _tell(self) -> None:
        for name, view in self._views.items():
            count = self._counts.get(name)
            text = self._words(f"queue.view.{name}")
            view.setText(text)
            view.count = "" if count is None else grouped(count)
            view.setAccessibleName(f"{text} {view.count}".strip())
            view.setToolTip(text)
            view.update()


class _View(QRadioButton):
    def __init__(self, name: str, first: bool, last: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.first, self.last, self.count = first, last, ""
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        small = QFontMetricsF(palette.font(-2))
        return QSize(int(small.horizontalAdvance(self.text())) + 8, int(2 * small.height()) + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        checked = self.isChecked()
        body = QRectF(self.rect())
        # The frame is one rounded box over the whole row; each part paints its own piece of it.
        frame = body.adjusted(0.5 if self.first else -20, 0.5, -0.5 if self.last else 20, -0.5)
        painter.setClipRect(body)
        outline = QPainterPath()
        outline.addRoundedRect(frame, _RADIUS, _RADIUS)
        painter.fillPath(outline, QColor(t.sel if checked else t.field if self.underMouse() else t.raised))
        if not self.first:
            painter.fillRect(QRectF(0, 0, 1, body.height()), QColor(t.edge))
        painter.setPen(QPen(QColor(t.edge), 1))
        painter.drawPath(outline)
        if self.hasFocus():
            paint_ring(painter, body.adjusted(1, 1, -1, -1), _RADIUS - 1)
        half = body.height() / 2
        ink = t.selfg if checked else t.text
        self._line(painter, QRectF(2, 2, body.width() - 4, half - 2), self.text(), checked, ink)
        below = t.selfg if checked else t.text2
        self._line(painter, QRectF(2, half - 1, body.width() - 4, half - 2), self.count, checked, below)

    def _line(self, painter: QPainter, box: QRectF, text: str, bold: bool, ink: str) -> None:
        font = palette.font(-2, bold=bold)
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 0.5)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)

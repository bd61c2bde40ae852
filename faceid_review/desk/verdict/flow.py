"""Widgets in a row that breaks where the pane is too narrow for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_LINE_GAP: Final = 4


class Flow(QWidget):
    """Children from left to right, each as wide as it likes; what does not fit begins a new line.

    With ``spread`` the last child stands at the right edge as long as all of them fit on one line.
    """

    def __init__(self, children: Sequence[QWidget], *, gap: int = 6, spread: bool = False) -> None:
        super().__init__()
        self._gap, self._spread = gap, spread
        self._children = tuple(children)
        for child in self._children:
            child.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        return max((at.y() + size.height() for _, at, size in self._places(width)), default=0)

    def sizeHint(self) -> QSize:
        hints = [self._natural(child) for child in self._children]
        width = sum(hint.width() for hint in hints) + self._gap * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        for child, at, size in self._places(self.width()):
            if isinstance(child, QLabel):
                child.setWordWrap(size.width() < self._natural(child).width())
            child.setGeometry(at.x(), at.y(), size.width(), size.height())

    @staticmethod
    def _natural(child: QWidget) -> QSize:
        """The size of a child on one line, also while a label is folded."""
        hint = child.sizeHint()
        if isinstance(child, QLabel) and child.wordWrap():
            metrics = child.fontMetrics()
            return QSize(metrics.horizontalAdvance(child.text()) + 1, metrics.height())
        return hint

    @staticmethod
    def _folded(child: QWidget, width: int) -> int:
        """The height of a label whose words take several lines; 0 for what cannot fold."""
        if not isinstance(child, QLabel):
            return 0
        rect = QRect(0, 0, width, 100_000)
        return child.fontMetrics().boundingRect(rect, Qt.TextFlag.TextWordWrap, child.text()).height()

    def _places(self, width: int) -> list[tuple[QWidget, QPoint, QSize]]:
        lines: list[list[tuple[QWidget, int, QSize]]] = [[]]
        x = 0
        for child in self._children:
            size = self._natural(child)
            if size.width() > width:
                size = QSize(width, max(size.height(), self._folded(child, width)))
            if lines[-1] and x + size.width() > width:
                lines.append([])
                x = 0
            lines[-1].append((child, x, size))
            x += size.width() + self._gap
        if self._spread and len(lines) == 1 and len(lines[0]) > 1:
            child, _, size = lines[0][-1]
            lines[0][-1] = child, width - size.width(), size
        placed, top = [], 0
        for line in lines:
            height = max((size.height() for _, _, size in line), default=0)
            placed += [
                (child, QPoint(x, top + (height - size.height()) // 2), size) for child, x, size in line
            ]
            top += height + _LINE_GAP
        return placed

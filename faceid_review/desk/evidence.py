"""What stands beside the photographs: tabs, one of them chosen, and the pane of each. Alt and a digit choose one."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QFontMetricsF, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.buttons import key_name
from faceid_review.desk.shapes import paint_ring
from faceid_review.i18n import Words

_SIDE: Final = 6
_PADDING, _GAP = 8.0, 6.0
_HEIGHT: Final = 35


class Evidence(QWidget):
    """The panes beside the photographs, in the order they were added. ``chosen`` tells the name of the one in front."""

    chosen = Signal(str)

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.setObjectName("evidence")
        self._names: list[tuple[str, str]] = []
        self._panes: list[QWidget] = []
        self._actions: dict[str, QAction] = {}
        self.tabs = Tabs(self)
        self.pages = QStackedWidget()
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.pages, 1)
        self.tabs.currentChanged.connect(self._turned)

    def add(self, name: str, title: str, pane: QWidget) -> None:
        """Add a pane behind the others. ``title`` is the key of its words; the first pane is in front."""
        self._names.append((name, title))
        self._panes.append(pane)
        self.pages.addWidget(pane)
        if len(self._names) == 1:
            self.setFocusProxy(pane)
        key = f"Alt+{len(self._names)}"
        action = QAction(self)
        action.setObjectName(f"tab_{name}")
        action.setShortcut(QKeySequence(key))
        action.setData(name)
        action.triggered.connect(self._by_key)
        self.addAction(action)
        self._actions[name] = action
        self.tabs.add(self._words(title), key)
        self.speak(self._words)

    def show_above(self, line: QWidget) -> None:
        """Put a line between the tabs and the panes."""
        self._column.insertWidget(1, line)

    def choose(self, name: str) -> None:
        """Bring a pane to the front."""
        self.tabs.setCurrentIndex([other for other, _ in self._names].index(name))

    @property
    def front(self) -> str:
        """The name of the pane in front."""
        return self._names[self.tabs.currentIndex()][0]

    def speak(self, words: Words) -> None:
        """Say the tabs in the language of ``words``; the panes are told by who made them."""
        self._words = words
        self.tabs.setAccessibleName(words("raw.tabs"))
        for place, (name, title) in enumerate(self._names):
            self.tabs.setTabText(place, words(title))
            self._actions[name].setText(words(title))

    @Slot()
    def _by_key(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.choose(str(action.data()))
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(int)
    def _turned(self, place: int) -> None:
        self.pages.setCurrentIndex(place)
        # The first tab is chosen while it is being added.
        if place < len(self._names):
            self.setFocusProxy(self._panes[place])
            self.chosen.emit(self._names[place][0])


class Tabs(QTabBar):
    """A row of words with their keys; the chosen one is bold, on a line of the accent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evidenceTabs")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self._keys: list[str] = []

    def add(self, title: str, key: str) -> None:
        """Add a tab; the first key is written out, of the others only the digit."""
        self._keys.append(key_name(key) if not self._keys else key.rpartition("+")[2])
        self.addTab(title)

    def tabSizeHint(self, index: int) -> QSize:
        word, small = QFontMetricsF(palette.font(bold=True)), QFontMetricsF(palette.font(-2))
        width = word.horizontalAdvance(self.tabText(index)) + 2 * _PADDING
        width += _GAP + small.horizontalAdvance(self._keys[index])
        return QSize(round(width) + 1, max(_HEIGHT, round(word.height()) + 16))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return QSize(40, self.tabSizeHint(index).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.panel))
        below = self.height() - 1
        painter.fillRect(QRect(0, below, self.width(), 1), QColor(t.line))
        for index in range(self.count()):
            self._paint_tab(painter, index, QRectF(self.tabRect(index)))

    def _paint_tab(self, painter: QPainter, index: int, rect: QRectF) -> None:
        t = palette.tokens()
        rect = rect.translated(_SIDE, 0)
        chosen = index == self.currentIndex()
        font, small = palette.font(bold=chosen), palette.font(-2)
        metrics = QFontMetricsF(font)
        baseline = round(rect.center().y() + (metrics.ascent() - metrics.descent()) / 2)
        inner = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        key = self._keys[index]
        room = inner.width() - _GAP - QFontMetricsF(small).horizontalAdvance(key)
        shown = metrics.elidedText(self.tabText(index), Qt.TextElideMode.ElideRight, room + 0.5)
        painter.setFont(font)
        painter.setPen(QColor(t.text if chosen else t.text2))
        painter.drawText(round(inner.left()), baseline, shown)
        painter.setFont(small)
        painter.setPen(QColor(t.text3))
        painter.drawText(round(inner.left() + metrics.horizontalAdvance(shown) + _GAP), baseline, key)
        if chosen:
            painter.fillRect(QRectF(rect.left(), self.height() - 2, rect.width(), 2), QColor(t.accent))
            if self.hasFocus():
                paint_ring(painter, rect.adjusted(1, 3, -1, -4), 3)

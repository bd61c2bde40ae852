"""Keys of this screen: what the focused pane and the window can be told to do, read from their own actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from faceid_review.desk.buttons import Button, key_name
from faceid_review.desk.line import Label
from faceid_review.i18n import Words

_LETTERS, _LINES = 52, 30
_MARGINS = (20, 16, 8, 16)
_GAP, _BESIDE_BAR = 24, 12
_SHARE = 0.9
"""How much of the screen it may take."""
_ARROWS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}


class Keys(NamedTuple):
    """The keys of one part of the screen: its name, and each command with its keys."""

    title: str
    lines: tuple[tuple[str, str], ...]


def keys_of(focused: QWidget | None, window: QWidget, title: str) -> tuple[Keys, ...]:
    """The keys that work now: of what has the focus, then of what it lies in, the window (``title``) last."""
    groups = []
    part = focused
    while part is not None and part is not window:
        groups.append(Keys(part.accessibleName(), tuple(_lines(part.actions()))))
        part = part.parentWidget()
    groups.append(Keys(title, tuple(_lines(window.actions()))))
    return tuple(group for group in groups if group.lines)


class KeySheet(QDialog):
    """Lists keys; Escape closes it."""

    def __init__(self, words: Words, groups: Sequence[Keys], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("key_sheet")
        self.setWindowTitle(words("keys.title"))
        listed = QWidget()
        grid = QGridLayout(listed)
        grid.setContentsMargins(0, 0, _BESIDE_BAR, 0)
        grid.setHorizontalSpacing(_GAP)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        row, widest, keys = 0, 0, 0
        for group in groups:
            grid.addWidget(_label(group.title, bold=True), row, 0, 1, 2)
            for row, (text, key) in enumerate(group.lines, row + 1):  # noqa: B020 - goes on from the title's row
                command = _label(text, spoken=f"{text}: {key}", wrap=True)
                key_label = _label(key, ink="text2")
                grid.addWidget(command, row, 0)
                grid.addWidget(key_label, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
                widest = max(widest, command.fontMetrics().horizontalAdvance(text) + 2)
                keys = max(keys, key_label.sizeHint().width())
            grid.setRowMinimumHeight(row + 1, 12)
            row += 2
        grid.setRowStretch(row, 1)
        scroll = QScrollArea()
        scroll.setObjectName("key_list")
        scroll.setAccessibleName(words("keys.title"))
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(listed)
        close = Button(words("keys.close"), key=key_name("Esc"))
        close.setObjectName("key_close")
        close.setAccessibleName(words("keys.close"))
        close.clicked.connect(self.reject)
        title = _label(words("keys.title"), bold=True, step=2)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(close)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.setContentsMargins(*_MARGINS)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(scroll, 1)
        metrics, screen = self.fontMetrics(), self.screen().availableSize() * _SHARE
        bar = scroll.verticalScrollBar().sizeHint().width()
        held = widest + _GAP + keys + _BESIDE_BAR + bar + _MARGINS[0] + _MARGINS[2]
        wide = min(max(held, _LETTERS * metrics.averageCharWidth()), screen.width())
        high = min(listed.sizeHint().height() + 80, _LINES * metrics.lineSpacing(), screen.height())
        self.resize(wide, high)
        scroll.setFocus()


def _lines(actions: Sequence[QAction]) -> Iterator[tuple[str, str]]:
    """Each command with its keys, disabled ones too: they have keys at other times."""
    for action in actions:
        keys = [_arrows(key_name(key)) for key in action.shortcuts()]
        if keys and action.text():
            yield action.text().replace("&", ""), " · ".join(dict.fromkeys(keys))


def _arrows(key: str) -> str:
    """The arrow keys as they are printed."""
    for name, arrow in _ARROWS.items():
        key = key.replace(name, arrow)
    return key


def _label(
    text: str, *, ink: str = "text", step: int = 0, bold: bool = False, spoken: str = "", wrap: bool = False
) -> Label:
    label = Label("key_line", ink=ink, step=step, bold=bold, wrap=wrap)
    label.setText(text)
    label.setAccessibleName(spoken or text)
    return label

"""The commands of the Judgement menu: each one action that feeds menu, key and button alike."""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from faceid_review.i18n import Words


class Command(NamedTuple):
    """``keys`` work everywhere in the window; ``letters`` only where a case is looked at, and never while typing."""

    name: str
    keys: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()


COMMANDS: Final = (
    Command("judge", ("F7",)),
    Command("propose", ("Ctrl+Return", "Ctrl+Enter")),
    Command("undo", ("Ctrl+Z",)),
    Command("reveal", (), ("V",)),
    Command("", ()),
    Command("note", ("Ctrl+M",)),
    Command("keep_note", ("Ctrl+S",)),
    Command("tag", ("Ctrl+T",)),
    Command("", ()),
    Command("wait", ("Ctrl+Shift+W",)),
    Command("on_hold", ("Ctrl+Alt+W",)),
    Command("snooze", ("Ctrl+Shift+Z",)),
    Command("resume", ("Ctrl+Shift+R",)),
    Command("", ()),
    Command("dispute", (), ("D",)),
    Command("history", ()),
    Command("particulars", ("Ctrl+Shift+P",)),
    Command("access", ()),
)
NEXT: Final = ("N", "Shift+N")


class Commands(QObject):
    """The actions by name: ``commands["propose"]``. All are dead until somebody says what can be done."""

    def __init__(
        self, window: QWidget, bar: QMenuBar, before: QMenu | None, places: tuple[QWidget, ...]
    ) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        self.menu = QMenu(bar)
        self.menu.setObjectName("menu_judgement")
        for command in COMMANDS:
            if not command.name:
                self.menu.addSeparator()
                continue
            action = self._made(command.name, (*command.keys, *command.letters), window)
            self.menu.addAction(action)
            if command.letters:
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                for place in places:
                    place.addAction(action)
            else:
                window.addAction(action)
        for name, key in zip(("next", "previous"), NEXT, strict=True):
            action = self._made(name, (key,), window)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.setEnabled(True)
            for place in places:
                place.addAction(action)
        if before is None:
            bar.addMenu(self.menu)
        else:
            bar.insertMenu(before.menuAction(), self.menu)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def allow(self, able: dict[str, bool]) -> None:
        """Which can be done now; all others cannot."""
        for name, action in self._actions.items():
            if name not in ("next", "previous"):
                action.setEnabled(able.get(name, False))

    def speak(self, words: Words) -> None:
        """Name everything in the language of ``words``."""
        self.menu.setTitle(words("menu.judgement"))
        for name, action in self._actions.items():
            action.setText(words(f"judgement.do.{name}"))

    def _made(self, name: str, keys: tuple[str, ...], window: QWidget) -> QAction:
        action = QAction(window)
        action.setObjectName(f"judgement_{name}")
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setEnabled(False)
        self._actions[name] = action
        return action

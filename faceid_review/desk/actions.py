"""Every command of the window as one action object, which feeds button, menu and key alike."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from faceid_review.desk.buttons import key_name
from faceid_review.i18n import Words

_KEYS: Final = {
    "fetch": "Ctrl+N",
    "import": "Ctrl+O",
    "accounts": "Ctrl+,",
    "policies": "",
    "export": "Ctrl+E",
    "export_as": "Ctrl+Shift+E",
    "export_many": "Ctrl+Shift+B",
    "verify": "Ctrl+Shift+Y",
    "again": "Ctrl+R",
    "legal_hold": "",
    "purge": "",
    "due": "",
    "backup": "",
    "quit": "Ctrl+Q",
    "search": "Ctrl+F",
    "next": "Ctrl+J",
    "cases": "Ctrl+0",
    "next_pane": "F6",
    "previous_pane": "Shift+F6",
    "cover": "Ctrl+Shift+H",
    "language": "Ctrl+Shift+L",
    "keys": "F1",
    "light": "",
    "dark": "",
    "system_theme": "",
}
_ALSO: Final = {"keys": "?"}
_THEMES: Final = {"": "system_theme", "light": "light", "dark": "dark"}
_MENUS: Final = {
    "file": (
        "fetch",
        "import",
        "accounts",
        "policies",
        "",
        "export",
        "export_as",
        "export_many",
        "verify",
        "",
        "backup",
        "",
        "quit",
    ),
    "case": ("search", "next", "", "again", "", "legal_hold", "purge", "due"),
    "view": (
        "cases",
        "next_pane",
        "previous_pane",
        "",
        "cover",
        "",
        "language",
        "",
        "system_theme",
        "light",
        "dark",
        "",
        "keys",
    ),
}


class Actions(QObject):
    """The window's actions by name: ``actions["export"]``."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        self._menus: dict[str, QMenu] = {}
        themes = QActionGroup(self)
        for name, key in _KEYS.items():
            action = QAction(window)
            action.setObjectName(f"action_{name}")
            if key:
                action.setShortcuts([QKeySequence(k) for k in (key, _ALSO.get(name)) if k])
            if name in ("light", "dark", "system_theme"):
                action.setCheckable(True)
                themes.addAction(action)
            window.addAction(action)
            self._actions[name] = action

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def fill(self, bar: QMenuBar) -> None:
        """Put the menus into ``bar``."""
        for name, entries in _MENUS.items():
            menu = self._menus[name] = QMenu(bar)
            menu.setObjectName(f"menu_{name}")
            for entry in entries:
                if entry:
                    menu.addAction(self._actions[entry])
                else:
                    menu.addSeparator()
            bar.addMenu(menu)

    def attended(self, open_: bool) -> None:
        """Whether a vault is open: without one only the window itself can be commanded."""
        for name in (
            "fetch",
            "import",
            "accounts",
            "policies",
            "search",
            "next",
            "cases",
            "next_pane",
            "previous_pane",
        ):
            self._actions[name].setEnabled(open_)
        self._actions["cover"].setEnabled(open_)
        self._actions["export_many"].setEnabled(open_)
        for name in ("export", "export_as", "again", "legal_hold", "purge", "due", "backup"):
            self._actions[name].setEnabled(False)

    def check_theme(self, theme: str) -> None:
        """Tick the theme in force: light, dark, or empty for the system's."""
        self._actions[_THEMES[theme]].setChecked(True)

    def speak(self, words: Words) -> None:
        """Name everything in the language of ``words``."""
        for name, action in self._actions.items():
            action.setText(words(f"action.{name}"))
        for name, menu in self._menus.items():
            menu.setTitle(words(f"menu.{name}"))

    @staticmethod
    def key(name: str) -> str:
        """The key of an action, as it is shown on a button."""
        return key_name(_KEYS[name])

"""Keys that a shortcut cannot tell: held ones, and digits by their place on the keyboard."""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent

_XKB: Final = {19: 0, **{10 + n: n + 1 for n in range(9)}}
_PC: Final = {11: 0, **{2 + n: n + 1 for n in range(9)}}
_MAC: Final = dict(zip((29, 18, 19, 20, 21, 23, 22, 26, 28, 25), range(10), strict=True))
_SHIFTED: Final = {ord(sign): digit for digit, sign in enumerate(")!@#$%^")}
_MOST: Final = 6

_Modifier = Qt.KeyboardModifier


class HeldKeys(QObject):
    """An event filter for the panes whose letters belong to the photographs.

    ``other_held`` is B going down and up again; ``digit`` is a digit's key by its place, where the keyboard has
    another sign on it or Shift is held (then the second value is True).
    """

    other_held = Signal(bool)
    digit = Signal(int, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._down = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            return self._key(event)
        if event.type() == QEvent.Type.WindowDeactivate and self._down:
            self._down = False
            self.other_held.emit(False)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Alt and event.type() == QEvent.Type.ShortcutOverride:
            # Alt moves one side alone; without this the menu bar takes the focus when it is let go.
            event.accept()
            return True
        if event.key() == Qt.Key.Key_B and (not event.modifiers() or self._down):
            return self._b(event)
        found = physical_digit(event)
        if found is None:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
            self.digit.emit(*found)
        return True

    def _b(self, event: QKeyEvent) -> bool:
        event.accept()
        down = event.type() != QEvent.Type.KeyRelease
        if event.type() != QEvent.Type.ShortcutOverride and not event.isAutoRepeat() and down != self._down:
            self._down = down
            self.other_held.emit(down)
        return True


def physical_digit(event: QKeyEvent) -> tuple[int, bool] | None:
    """Which digit 0 to 6 stands at the key's place, and whether Shift is held; None where a shortcut will do."""
    modifiers = event.modifiers()
    if modifiers & (_Modifier.ControlModifier | _Modifier.MetaModifier | _Modifier.KeypadModifier):
        return None
    shift, key = bool(modifiers & _Modifier.ShiftModifier), event.key()
    at = _place(event)
    if at is None and shift:
        at = key - Qt.Key.Key_0 if Qt.Key.Key_0 <= key <= Qt.Key.Key_9 else _SHIFTED.get(key)
    # Without Shift a digit is a shortcut like any other, unless another sign stands on its key.
    plain = not shift and (Qt.Key.Key_0 <= key <= Qt.Key.Key_9 or bool(modifiers))
    return None if at is None or at > _MOST or plain else (at, shift)


def _place(event: QKeyEvent) -> int | None:
    if sys.platform == "darwin":
        # 0 is the letter A there, and the code of an event that somebody made.
        return _MAC.get(event.nativeVirtualKey())
    codes = _XKB if QGuiApplication.platformName() in ("xcb", "wayland") else _PC
    return codes.get(event.nativeScanCode())

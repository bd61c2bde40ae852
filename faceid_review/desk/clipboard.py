"""Copying from a case: nothing leaves for the clipboard unless a person copies it, and histories are asked to leave it out."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

# What clipboard histories of Windows, KDE and macOS look for.
_NOT_FOR_HISTORIES: Final = {
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"\0\0\0\0",
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': b"\0\0\0\0",
    "x-kde-passwordManagerHint": b"secret",
    "application/x-nspasteboard-concealed-type": b"",
}


def copy(text: str) -> None:
    """Put plain text on the clipboard, and beside it the wish that no history keeps it."""
    data = QMimeData()
    # Half a surrogate pair, which JSON may hold, is no text anywhere else.
    data.setText(text.encode("utf-8", "replace").decode())
    for kind, value in _NOT_FOR_HISTORIES.items():
        data.setData(kind, value)
    QGuiApplication.clipboard().setMimeData(data)


def with_pointer(pointer: str, value: str) -> str:
    """A value and where it stands. It begins with the pointer, so that no spreadsheet takes it for a formula."""
    return f"{pointer}: {value}" if pointer else value

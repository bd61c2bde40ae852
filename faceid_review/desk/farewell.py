"""Being asked to end from outside: SIGTERM, SIGINT and a closed terminal close the window as its user would."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier, Slot
from PySide6.QtWidgets import QApplication

_SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


@contextmanager
def heeded() -> Iterator[None]:
    """While this lasts, such a signal closes all windows; sheets first. An answer under way is kept before.

    Python runs a handler only between two steps of its own, and an idle window takes none: the signal wakes
    the event loop through a socket instead.
    """
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    ours.setblocking(False)
    ear = _Ear(ours)
    before = {kind: signal.signal(kind, _nothing) for kind in _SIGNALS}
    woken = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(woken)
        for kind, handler in before.items():
            signal.signal(kind, handler)
        ear.close()
        ours.close()
        theirs.close()


class _Ear(QObject):
    """Hears that a signal came."""

    def __init__(self, end: socket.socket) -> None:
        super().__init__()
        self._end = end
        self._notifier = QSocketNotifier(end.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._heard)

    def close(self) -> None:
        self._notifier.setEnabled(False)

    @Slot()
    def _heard(self) -> None:
        self._end.recv(64)
        QApplication.closeAllWindows()


def _nothing(*_: object) -> None:
    """The event loop hears of it."""

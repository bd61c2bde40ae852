"""Where threads meet. The relay lives in the GUI thread and is the only QObject that another thread touches,
and only by emitting: signals objects inside workers lose most of what they emit, silently."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from faceid_review.errors import ReviewError

T = TypeVar("T")


@dataclass(frozen=True)
class _Done:
    deliver: Callable[[Any], None]
    outcome: Any


class Relay(QObject):
    """Carries the core's callbacks and finished work into the GUI thread, in the order they happened."""

    told = Signal(object)
    """A Retrieval, from whichever thread asked."""

    idle = Signal()
    """Nothing is being asked any more."""

    _done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="desk")
        self._open = True
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def tell(self, value: object) -> None:
        """The core's listener: may be called from any thread."""
        # A window that is gone before its last answer must not interrupt whoever is asking.
        with suppress(RuntimeError):
            self.told.emit(value)

    def run(
        self, work: Callable[[], T], then: Callable[[T], None], otherwise: Callable[[ReviewError], None]
    ) -> None:
        """Do ``work`` on another thread, then ``then`` or ``otherwise`` in the GUI thread."""
        if self._open:
            self._pool.submit(self._work, work, then, otherwise)

    def hand(self, deliver: Callable[[T], None], value: T) -> None:
        """Hand ``value`` over in the GUI thread; may be called from any thread."""
        self._done.emit(_Done(deliver, value))

    def close(self) -> None:
        """Wait for what is under way; deliver nothing more."""
        self._open = False
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(
        self, work: Callable[[], Any], then: Callable[[Any], None], otherwise: Callable[[ReviewError], None]
    ) -> None:
        try:
            done = _Done(then, work())
        except ReviewError as error:
            done = _Done(otherwise, error)
        except Exception as error:  # noqa: BLE001 - a worker's last line: whatever it was, it is told in words
            done = _Done(otherwise, ReviewError("unexpected", kind=type(error).__name__))
        self._done.emit(done)

    @Slot(object)
    def _deliver(self, done: _Done) -> None:
        if self._open:
            done.deliver(done.outcome)

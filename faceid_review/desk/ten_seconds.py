"""The ten seconds between the last word of a decision and its entry. Several may run at once, each its own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from faceid_review.desk.judgement.proposal import UNDO_S, Proposal


@dataclass
class _Running:
    """``ends`` counts on the monotonic clock."""

    proposal: Proposal
    timer: QTimer
    ends: float


class TenSeconds(QObject):
    """``over`` carries a proposal whose time is up; ``ticked`` the last one begun and its seconds, or None and 0."""

    over = Signal(object)
    ticked = Signal(object, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.seconds: float = UNDO_S
        self._running: list[_Running] = []
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """What will be sealed, the first begun first."""
        return tuple(one.proposal for one in self._running)

    def begin(self, proposal: Proposal) -> None:
        """Let the time of a proposal run."""
        timer = QTimer(self, singleShot=True, interval=round(self.seconds * 1000))
        one = _Running(proposal, timer, time.monotonic() + self.seconds)
        timer.timeout.connect(partial(self._end, one))
        self._running.append(one)
        timer.start()
        self._second.start()
        self._tick()

    def take_back(self) -> Proposal | None:
        """Stop the one begun last and give it back; None where none runs."""
        if not self._running:
            return None
        one = self._running.pop()
        one.timer.stop()
        self._tick()
        return one.proposal

    def cut_short(self) -> None:
        """Let the time of all that run be up as soon as the event loop comes round."""
        for one in self._running:
            one.timer.start(0)

    def stop(self) -> None:
        """Stop all of them; none is over any more."""
        while self.take_back():
            pass

    def _end(self, one: _Running) -> None:
        if one in self._running:
            self._running.remove(one)
            self.over.emit(one.proposal)
            self._tick()

    @Slot()
    def _tick(self) -> None:
        if self._running:
            last = self._running[-1]
            self.ticked.emit(last.proposal, max(0, round(last.ends - time.monotonic())))
        else:
            self._second.stop()
            self.ticked.emit(None, 0)

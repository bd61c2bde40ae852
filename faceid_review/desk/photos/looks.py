"""Which photographs stood uncovered on the stage long enough to have been looked at: each once an opening."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QPainter

from faceid_review.desk.photos.compare import Compare
from faceid_review.desk.photos.hung import Hung
from faceid_review.desk.photos.surface import Surface


class Look(NamedTuple):
    """A photograph of a case, named for good."""

    biz_id: str
    role: str
    sha256: str


class Looks(QObject):
    """``told`` carries biz_id and facts for an entry. The clock of a photograph begins when it is painted.

    One that is kept from another case was told while that case was open.
    """

    told = Signal(str, object)

    dwell_ms = 1000
    """So long a photograph stands before it counts as looked at: stepping through leaves no entries."""

    def __init__(self, compare: Compare) -> None:
        super().__init__(compare)
        self._compare = compare
        self._standing: dict[Look, QElapsedTimer | None] = {}
        self._told: set[Look] = set()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._tell)
        for side in compare.sides:
            side.overlays.append(self._painted)

    def begin(self) -> None:
        """A case was opened, perhaps the one on show once more: what stands there has not been told yet."""
        self._told.clear()
        for clock in self._standing.values():
            if clock is not None:
                clock.restart()
        self._timer.start(self.dwell_ms)

    def see(self, hung: tuple[Hung, Hung]) -> None:
        """What hangs on the two sides now; of it counts what the stage shows."""
        seen = [hung[at] for at in self._compare.seen if self._compare.sides[at].picture is not None]
        looks = [
            Look(one.biz_id, one.exhibit.role, one.sha256) for one in seen if one.exhibit and not one.kept
        ]
        self._standing = {look: self._standing.get(look) for look in looks}

    def _painted(self, _painter: QPainter, _side: Surface) -> None:
        for look in [look for look, clock in self._standing.items() if clock is None]:
            clock = self._standing[look] = QElapsedTimer()
            clock.start()
            self._timer.start(self.dwell_ms)

    @Slot()
    def _tell(self) -> None:
        if not self._compare.isVisible():
            # Another page is in front: the clock begins when they are painted again.
            self._standing = dict.fromkeys(self._standing)
            return
        left = []
        for look, clock in self._standing.items():
            if clock is None or look in self._told:
                continue
            rest = self.dwell_ms - clock.elapsed()
            if rest > 0:
                left.append(rest)
            else:
                self._told.add(look)
                self.told.emit(look.biz_id, {"role": look.role, "sha256": look.sha256})
        if left:
            self._timer.start(min(left))

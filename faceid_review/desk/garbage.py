"""Cyclic garbage is collected in the GUI thread alone.

Python collects wherever it allocates. A widget that lies in a cycle and is swept up by a thread that asks, decodes
or exports is destroyed by that thread, and Qt ends the process.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS: Final = 250
_OLDEST: Final = 2


class Garbage(QObject):
    """Takes collecting over from Python for as long as it lives. Belongs to the GUI thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._settled = False
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the oldest generation that is due, by Python's own thresholds."""
        for generation, (count, most) in reversed(
            list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
        ):
            if 0 < most < count:
                gc.collect(generation)
                if generation == _OLDEST and not self._settled:
                    # What lived until now is the window and its modules: to look through them each time would hold
                    # a picture up by 70 ms.
                    gc.freeze()
                    self._settled = True
                return

    def end(self) -> None:
        """Leave collecting to Python again, when no other thread is left."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

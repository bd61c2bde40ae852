"""A table that takes a second line for each row where the pane is too narrow for one."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget


class Reflow(QWidget):
    """Arranges its cells wide, or compact where the wide arrangement would not fit.

    Subclasses make their cells first, then call ``arrange_all``, and place cells in ``arrange``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.compact = False
        self._needed = 0
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def arrange(self, compact: bool) -> None:
        """Put every cell into ``self.grid``, which is empty."""
        raise NotImplementedError

    def arrange_all(self) -> None:
        """Arrange for the first time, and learn how much room the wide arrangement needs."""
        self.arrange(False)
        self._needed = self.grid.minimumSize().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        compact = self.width() < self._needed
        if compact != self.compact:
            self.compact = compact
            while self.grid.takeAt(0):
                pass
            self.arrange(compact)

"""A table that takes a second line for each row where the pane is too narrow for one."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget


class Reflow(QWidget):
    """Arranges its cells wide, or compact where the wide arrangement would not fit.

    Subclasses make their cells first, place them in ``arrange``, and end with ``arrange(False)``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.compact = False
        self._measured: int | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def arrange(self, compact: bool) -> None:
        """Put every cell into ``self.grid``, which is empty."""
        raise NotImplementedError

    def needed(self) -> int:
        """How wide the wide arrangement must be, in pixels; asked once, while it is wide."""
        return self.grid.minimumSize().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._measured is None:
            self._measured = self.needed()
        compact = self.width() < self._measured
        # A compact arrangement may depend on the very width.
        if compact or self.compact:
            self.compact = compact
            while self.grid.takeAt(0):
                pass
            self.arrange(compact)

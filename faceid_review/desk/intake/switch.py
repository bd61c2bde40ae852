"""The two ways a case comes in, as one switch at the top of both pages."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from faceid_review.desk.buttons import Segments
from faceid_review.i18n import Words

FETCH: Final = "fetch"
IMPORT: Final = "import"


class Switch(Segments):
    """Always shows the page it stands on; ``other_wanted`` says that somebody chose the other one."""

    other_wanted = Signal()

    def __init__(self, here: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=here)
        self.setObjectName("intake_switch")
        self._here = here
        for way in (FETCH, IMPORT):
            self.add(way, way)
        self.choose(here)
        self.chosen.connect(self._chosen)

    def speak(self, words: Words) -> None:
        """Say everything in ``words``."""
        self.setAccessibleName(words("importing.switch"))
        self.set_text(FETCH, words("importing.switch.fetch"))
        self.set_text(IMPORT, words("importing.switch.import"))

    @Slot(str)
    def _chosen(self, way: str) -> None:
        if way != self._here:
            self.choose(self._here)
            self.other_wanted.emit()

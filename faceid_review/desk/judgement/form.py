"""Lines of a form that a person fills in, drawn like the fields of the look."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from faceid_review.desk import palette


class Line(QLineEdit):
    """One line of plain text."""

    def __init__(self, name: str, parent: QWidget | None = None, *, most: int = 2000) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setMaxLength(most)
        self._dress()

    def name_it(self, name: str, placeholder: str = "") -> None:
        """What it is for, and what stands there while it is empty."""
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange):
            self._dress()

    def _dress(self) -> None:
        t = palette.tokens()
        palette.wear(
            self,
            f"QLineEdit {{ background: {t.field}; border: 1px solid {t.edge}; border-radius: 4px; padding: 4px; }}"
            f"QLineEdit:focus {{ border: 2px solid {t.accent}; padding: 3px; }}"
            f"QLineEdit:disabled {{ background: {t.window}; border-color: {t.line}; color: {t.text3}; }}",
        )


def day_of(text: str, today: date) -> date | None:
    """The day that a person means: 2026-12-01, or a number of days from today; None where nothing was written.

    Raises ValueError for what is neither.
    """
    said = text.strip()
    if not said:
        return None
    if said.isdecimal() and len(said) <= 4:
        return today + timedelta(days=int(said))
    return date.fromisoformat(said)

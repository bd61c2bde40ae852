"""What pressing a page's button would do, and whether everything is ready for it: a name and a value a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from faceid_review.desk.intake.parts import StateLabel
from faceid_review.desk.line import Label
from faceid_review.desk.shapes import Shape
from faceid_review.i18n import Words


class FactLines(QGridLayout):
    """``values`` are the labels by their names; ``ready`` is the last one. ``prefix`` begins each object's name."""

    def __init__(self, names: Sequence[str], prefix: str = "") -> None:
        super().__init__()
        self.names = (*names, "ready")
        self._keys = {n: Label(f"{prefix}fact_{n}", ink="text2", step=-1) for n in self.names}
        self.values = {name: Label(f"{prefix}value_{name}", step=-1, wrap=True) for name in names}
        self.ready = StateLabel(f"{prefix}value_ready")
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(2)
        self.setColumnStretch(1, 1)
        for line, (name, key) in enumerate(self._keys.items()):
            self.addWidget(key, line, 0, Qt.AlignmentFlag.AlignTop)
            self.addWidget(self.values.get(name, self.ready), line, 1)
        self.setRowStretch(len(self._keys), 1)

    def say(
        self, keys: Mapping[str, str], values: Mapping[str, str], facts: Mapping[str, str], words: Words
    ) -> None:
        """Say the ``keys`` and ``values`` of the lines, and what is ready.

        Of ``facts`` ``problem`` is told in place of what is ready; what is none of the ``values`` is ready.
        """
        for name, label in self._keys.items():
            label.setText(keys[name])
        for name, value in values.items():
            self.values[name].setText(value)
        ready = [value for name, value in facts.items() if name not in (*values, "problem")]
        if problem := facts.get("problem"):
            self.ready.show_state(Shape.SQUARE, "stop", problem)
        elif ready:
            self.ready.show_state(Shape.TICK, "ok", words("fetch.comma").join(ready))
        else:
            self.ready.show_state(Shape.RING, "mute", words("fetch.not_checked"))

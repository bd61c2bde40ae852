"""What an import sends, keeps and does not do, and whether the vault is ready: a name and a value a line."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from faceid_review.desk.intake.parts import StateLabel
from faceid_review.desk.line import Label
from faceid_review.desk.shapes import Shape
from faceid_review.i18n import Words

_NAMES = ("sends", "keeps", "second")


class KeepFacts(QGridLayout):
    """``values`` are the labels by their names; ``ready`` is the last one."""

    def __init__(self) -> None:
        super().__init__()
        self._keys = {name: Label(f"import_fact_{name}", ink="text2", step=-1) for name in (*_NAMES, "ready")}
        self.values = {name: Label(f"import_value_{name}", step=-1, wrap=True) for name in _NAMES}
        self.ready = StateLabel("import_value_ready")
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(2)
        self.setColumnStretch(1, 1)
        for line, (name, key) in enumerate(self._keys.items()):
            self.addWidget(key, line, 0, Qt.AlignmentFlag.AlignTop)
            self.addWidget(self.values.get(name, self.ready), line, 1)
        self.setRowStretch(len(self._keys), 1)

    def say(self, facts: Mapping[str, str], words: Words) -> None:
        """Say it in ``words``. ``problem`` is told in place of what is ready; every other value is ready."""
        for name, label in self._keys.items():
            label.setText(words(f"importing.fact.{name}"))
        for name, value in self.values.items():
            value.setText(words(f"importing.value.{name}"))
        ready = [value for name, value in facts.items() if name != "problem"]
        if problem := facts.get("problem"):
            self.ready.show_state(Shape.SQUARE, "stop", problem)
        elif ready:
            self.ready.show_state(Shape.TICK, "ok", words("importing.comma").join(ready))
        else:
            self.ready.show_state(Shape.RING, "mute", words("importing.not_checked"))

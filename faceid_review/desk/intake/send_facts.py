"""What Fetch would send, where to, and whether everything is ready: a name and a value a line."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from faceid_review.desk.intake.parts import StateLabel
from faceid_review.desk.line import Label
from faceid_review.desk.shapes import Shape
from faceid_review.i18n import Words

_NAMES = ("sends", "pictures", "to")


class SendFacts(QGridLayout):
    """``values`` are the labels by their names; ``ready`` is the last one."""

    def __init__(self) -> None:
        super().__init__()
        self._keys = {name: Label(f"fact_{name}", ink="text2", step=-1) for name in (*_NAMES, "ready")}
        self.values = {name: Label(f"value_{name}", step=-1, wrap=True) for name in _NAMES}
        self.ready = StateLabel("value_ready")
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(2)
        self.setColumnStretch(1, 1)
        for line, (name, key) in enumerate(self._keys.items()):
            self.addWidget(key, line, 0, Qt.AlignmentFlag.AlignTop)
            self.addWidget(self.values.get(name, self.ready), line, 1)
        self.setRowStretch(len(self._keys), 1)

    def say(self, facts: Mapping[str, str], base_url: str, words: Words) -> None:
        """Say ``facts`` (``FetchPage.show_ready``) in ``words``; what they leave out is said as it always is."""
        for name, label in self._keys.items():
            label.setText(words(f"fetch.fact.{name}"))
        said = {
            "sends": facts.get("sends") or words("fetch.sends"),
            "pictures": facts.get("pictures") or words("fetch.pictures"),
            "to": facts.get("to") or base_url or words("fetch.no_account"),
        }
        for name, value in said.items():
            self.values[name].setText(value)
        ready = [value for name, value in facts.items() if name not in (*said, "problem")]
        if problem := facts.get("problem"):
            self.ready.show_state(Shape.SQUARE, "stop", problem)
        elif ready:
            self.ready.show_state(Shape.TICK, "ok", words("fetch.comma").join(ready))
        else:
            self.ready.show_state(Shape.RING, "mute", words("fetch.not_checked"))

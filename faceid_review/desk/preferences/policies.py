"""The policies of the office, each with what follows from it: two switches, a number of days, a server."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from faceid_review.desk.buttons import Button
from faceid_review.desk.exporting.tick import Tick
from faceid_review.desk.preferences.field import Field, Kind, Remark, Told
from faceid_review.desk.preferences.page import Door, Says, named
from faceid_review.i18n import Words
from faceid_review.settings import Settings

_SWITCHES: Final = ("blind", "covers_each_case")
_LINES: Final = ("retention_days", "time_stamps")
_GAP: Final = 12


class PoliciesDoor(Door):
    """``policy_wanted`` carries the name of a policy and what somebody set it to, as text.

    A switch stands where the policy stands, whatever was pressed: it moves once the policy is in force.
    """

    policy_wanted = Signal(str, str)

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("policies")
        self._words, self._now = words, Settings()
        self._told: dict[str, tuple[Kind, Told]] = {}
        self.switches = {name: Tick(f"policy_{name}") for name in _SWITCHES}
        self.buttons = {name: Button() for name in _LINES}
        self.lines = {
            name: Field(f"policy_{name}", fixed=name == "time_stamps", beside=self.buttons[name])
            for name in _LINES
        }
        self._about = {name: Says("text2", -1) for name in _SWITCHES}
        self._remarks = {name: Remark() for name in _SWITCHES}
        for name, switch in self.switches.items():
            switch.clicked.connect(partial(self._switch, name))
            self._put(switch, self._about[name], self._remarks[name])
        for name, line in self.lines.items():
            named(self.buttons[name], f"set_{name}")
            self.buttons[name].clicked.connect(partial(self._send, name))
            line.entered.connect(partial(self._send, name))
            line.changed.connect(partial(self._told.pop, name, None))
            self._put(line)
        self.speak(words)

    @property
    def stops(self) -> list[QWidget]:
        """What the Tab key stops at, in its order."""
        lines: list[QWidget] = [w for name in _LINES for w in (self.lines[name].line, self.buttons[name])]
        return [*self.switches.values(), *lines]

    def show_policies(self, settings: Settings) -> None:
        """Show what is in force. What somebody is typing stays."""
        self._now = settings
        for name, switch in self.switches.items():
            switch.setChecked(getattr(settings, name))
        for name, line in self.lines.items():
            if not line.line.isModified():
                line.set_text(str(getattr(settings, name)))

    def done(self, name: str, *, changed: bool) -> None:
        """A policy is in force; without ``changed`` it was before."""
        if name in self.lines:
            self.lines[name].set_text(str(getattr(self._now, name)))
        self._say(name, Kind.GOOD, Told("policy.done" if changed else "policy.as_before"))

    def failed(self, name: str, sentence: str) -> None:
        """What was wished for a policy did not come about."""
        self._say(name, Kind.WRONG, Told(sentence=sentence))

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.say(words("policy.title"), words("policy.about"))
        for name, switch in self.switches.items():
            about = words(f"policy.about.{name}")
            switch.setText(words(f"policy.name.{name}"))
            switch.setAccessibleName(switch.text())
            switch.setAccessibleDescription(about)
            self._about[name].setText(about)
        for name, line in self.lines.items():
            label = words(f"policy.name.{name}")
            hint = words("policy.server_hint") if name == "time_stamps" else ""
            line.speak(label, placeholder=hint, hint=words(f"policy.about.{name}"))
            self.buttons[name].setText(words("policy.set"))
            self.buttons[name].setAccessibleName(words("policy.set_name", name=label))
        for name, (kind, told) in self._told.items():
            self._say(name, kind, told)

    def _put(self, *parts: QWidget) -> None:
        column = QVBoxLayout()
        column.setSpacing(2)
        for part in parts:
            column.addWidget(part)
        self.body.addSpacing(_GAP)
        self.body.addLayout(column)

    def _say(self, name: str, kind: Kind, told: Told) -> None:
        self._told[name] = kind, told
        if name in self.lines:
            self.lines[name].say(kind, told(self._words))
        else:
            self._remarks[name].say(kind, told(self._words))

    def _switch(self, name: str) -> None:
        on = self.switches[name].isChecked()
        self.switches[name].setChecked(getattr(self._now, name))
        self.policy_wanted.emit(name, "on" if on else "off")

    def _send(self, name: str) -> None:
        self.policy_wanted.emit(name, self.lines[name].value)

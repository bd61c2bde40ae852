"""What the list is narrowed by, as a small form: each line one question, empty where it does not matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from faceid_review.desk.buttons import Button, key_name
from faceid_review.desk.judgement.choice import Choice
from faceid_review.desk.judgement.form import Line
from faceid_review.desk.line import Label
from faceid_review.i18n import Words
from faceid_review.review.case import Stage
from faceid_review.review.judging import Outcome
from faceid_review.review.worklist import Query

_PASSED: Final = {"": None, "yes": True, "no": False}
_DUE: Final = ("", "-1", "0", "3", "7", "14")


class FilterSheet(QDialog):
    """``wanted`` carries the :class:`Query` that was chosen; text, work state and disputes are left as they are.

    ``known`` holds the values that occur: ``reason``, ``band``, ``finding``, ``exception`` and ``tag``. Under a blind
    policy the vendor's lines are left out: a filter would tell what is kept back.
    """

    wanted = Signal(object)

    def __init__(
        self,
        words: Words,
        query: Query,
        known: Mapping[str, Sequence[str]],
        *,
        blind: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("filter_sheet")
        self.setWindowTitle(words("filter.title"))
        self._words, self._query = words, query
        self.choices: dict[str, Choice] = {}
        self.days: dict[str, Line] = {}
        title = Label("filter_title", bold=True, step=2)
        title.setText(words("filter.title"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        passed = next(name for name, value in _PASSED.items() if value is query.passed)
        self._add("stage", [(s.value, words(f"queue.state.{s.value}")) for s in Stage], query.stage)
        if not blind:
            self._add("passed", [(v, words(f"filter.passed.{v}")) for v in ("yes", "no")], passed)
            self._add("reason", [(v, v) for v in known.get("reason", ())], query.reason)
            bands = [*((v, words("filter.band.passes", threshold=v)) for v in known.get("band", ()))]
            self._add("band", [*bands, ("none", words("filter.band.none"))], query.band)
            for name in ("finding", "exception"):
                values = [("any", words(f"filter.{name}.any")), *((v, v) for v in known.get(name, ()))]
                self._add(name, values, getattr(query, name))
        outcomes = [(o.value, words(f"judgement.outcome.{o.value}")) for o in Outcome]
        self._add("decision", [*outcomes, ("none", words("filter.decision.none"))], query.decision)
        self._add("tag", [(v, v) for v in known.get("tag", ())], query.tag)
        due = "" if query.due is None else str(query.due)
        self._add("due", [(v, words(f"filter.due.{v}")) for v in _DUE[1:]], due)
        for name, value in (("since", query.since), ("until", query.until)):
            line = self.days[name] = Line(f"filter_{name}")
            line.name_it(words(f"filter.{name}"), words("form.day"))
            line.setText(value.isoformat() if value else "")
            self._label(name, line)
        self.show_ = Button(words("filter.show"), primary=True, key=key_name("Ctrl+Enter"))
        self.clear = Button(words("filter.clear"))
        self.leave = Button(words("judgement.back"), key=key_name("Esc"))
        for name, button in (("show", self.show_), ("clear", self.clear), ("leave", self.leave)):
            button.setObjectName(f"filter_{name}")
            button.setAccessibleName(button.text())
            button.setAutoDefault(False)
        self.why = Label("filter_why", ink="stop", step=-1, wrap=True)
        foot = QHBoxLayout()
        foot.addWidget(self.clear)
        foot.addWidget(self.why, 1)
        foot.addWidget(self.leave)
        foot.addWidget(self.show_)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(title)
        column.addLayout(self._grid)
        column.addStretch(1)
        column.addLayout(foot)
        self.resize(64 * self.fontMetrics().averageCharWidth(), self.sizeHint().height())
        self.show_.clicked.connect(self._show)
        self.clear.clicked.connect(self._clear)
        self.leave.clicked.connect(self.reject)
        for name in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(name), self).activated.connect(self._show)

    def _add(self, name: str, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        box = self.choices[name] = Choice(f"filter_{name}", widest=320)
        box.offer([("", self._words("filter.all")), *choices], chosen)
        box.name_it(self._words(f"filter.{name}"))
        self._label(name, box)

    def _label(self, name: str, field: QWidget) -> None:
        label, row = Label("filter_label", ink="text2"), self._grid.rowCount()
        label.setText(self._words(f"filter.{name}"))
        label.setBuddy(field)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(field, row, 1)

    @property
    def query(self) -> Query:
        """What is chosen. ValueError: a day is none."""
        said = {name: box.value for name, box in self.choices.items() if name not in ("passed", "due")}
        days = {name: _day(line.text()) for name, line in self.days.items()}
        passed = self.choices["passed"].value if "passed" in self.choices else ""
        due = self.choices["due"].value
        return replace(
            self._query,
            **said,  # type: ignore[arg-type]
            **days,  # type: ignore[arg-type]
            passed=_PASSED[passed],
            due=int(due) if due else None,
        )

    @Slot()
    def _show(self) -> None:
        try:
            query = self.query
        except ValueError:
            self.why.setText(self._words("form.no_day"))
            return
        self.wanted.emit(query)
        self.accept()

    @Slot()
    def _clear(self) -> None:
        for box in self.choices.values():
            box.choose("")
        for line in self.days.values():
            line.setText("")
        self._show()


def said(query: Query, words: Words) -> str:
    """What a filter asks for, in words; empty where it asks for nothing."""
    parts = []
    if query.stage:
        parts.append(words(f"queue.state.{query.stage}"))
    if query.passed is not None:
        parts.append(words(f"filter.passed.{'yes' if query.passed else 'no'}"))
    parts += [one for one in (query.reason, query.tag) if one]
    if query.band:
        band = "filter.band.none" if query.band == "none" else "filter.band.passes"
        parts.append(words(band, threshold=query.band))
    for name, value in (("finding", query.finding), ("exception", query.exception)):
        if value:
            parts.append(words(f"filter.{name}.any") if value == "any" else value)
    if query.decision:
        none = query.decision == "none"
        parts.append(words("filter.decision.none" if none else f"judgement.outcome.{query.decision}"))
    parts += [str(day) for day in (query.since, query.until) if day]
    if query.due is not None:
        parts.append(words(f"filter.due.{query.due}"))
    return words("filter.and").join(parts)


def _day(text: str) -> date | None:
    return date.fromisoformat(text.strip()) if text.strip() else None

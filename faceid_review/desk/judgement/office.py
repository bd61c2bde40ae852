"""What an office must be able to show: two small sheets, one to write its facts of a case, one to read who looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from faceid_review.desk import clipboard
from faceid_review.desk.buttons import Button, key_name
from faceid_review.desk.judgement.writing import Writing
from faceid_review.desk.line import Label
from faceid_review.i18n import Words, grouped
from faceid_review.review.access import Access
from faceid_review.review.judging import PARTICULARS
from faceid_review.review.plain_text import visible
from faceid_review.review.reviewing import PERSONS_FILED, PERSONS_WARNED

_LETTERS: Final = 76
_FACTS: Final = (
    "profile",
    "recipient",
    "purpose",
    "lang",
    "pages",
    "name",
    "account",
    "bytes",
    "copy",
    "how",
    "sha256",
)


class OfficeSheet(QDialog):
    """``wanted`` carries the particulars that were changed, by their names in ``judging.PARTICULARS``."""

    wanted = Signal(object)

    def __init__(
        self, words: Words, number: str, said: Mapping[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("office_sheet")
        self.setWindowTitle(words("office.title", number=number))
        self._said = said
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(4)
        title = Label("office_title", bold=True, step=2)
        title.setText(words("office.title", number=number))
        about = Label("office_about", ink="text2", step=-1, wrap=True)
        about.setText(words("office.about"))
        column.addWidget(title)
        column.addWidget(about)
        column.addSpacing(8)
        self.fields: dict[str, Writing] = {}
        for name in PARTICULARS:
            label = Label("office_label", bold=True)
            label.setText(words(f"judging.{name}"))
            field = self.fields[name] = Writing(f"office_{name}", lines=4 if name == "statement" else 2)
            field.name_it(words(f"judging.{name}"), words(f"office.hint.{name}"))
            field.show_text(said.get(name, ""))
            field.left.connect(self.reject)
            label.setBuddy(field)
            column.addWidget(label)
            column.addWidget(field)
            column.addSpacing(6)
        self.keep = Button(words("office.keep"), primary=True, key=key_name("Ctrl+Enter"))
        self.leave = Button(words("judgement.back"), key=key_name("Esc"))
        foot = QHBoxLayout()
        foot.addStretch(1)
        for name, button in (("leave", self.leave), ("keep", self.keep)):
            button.setObjectName(f"office_{name}")
            button.setAccessibleName(button.text())
            button.setAutoDefault(False)
            foot.addWidget(button)
        column.addLayout(foot)
        self.resize(_LETTERS * self.fontMetrics().averageCharWidth(), self.sizeHint().height())
        self.keep.clicked.connect(self._keep)
        self.leave.clicked.connect(self.reject)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self._keep)

    @Slot()
    def _keep(self) -> None:
        changed = {n: f.text for n, f in self.fields.items() if f.text != self._said.get(n, "")}
        if changed:
            self.wanted.emit(changed)
        self.accept()


class AccessSheet(QDialog):
    """Every look at one person's cases, and everything that left the house, by entry number. It can be copied."""

    def __init__(
        self,
        words: Words,
        number: str,
        told: Sequence[Access],
        persons: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("access_sheet")
        self.setWindowTitle(words("access.title", number=number))
        title = Label("access_title", bold=True, step=2)
        title.setText(words("access.title", number=number))
        about = Label("access_about", ink="text2", step=-1, wrap=True)
        about.setText(words("access.about"))
        kept = Label(
            "access_persons", ink="warn" if persons >= PERSONS_WARNED else "text2", step=-1, wrap=True
        )
        kept.setText(
            words("judging.persons_warning", count=grouped(persons), most=grouped(PERSONS_FILED))
            if persons >= PERSONS_WARNED
            else words.many("judging.persons", persons)
        )
        columns = ("entry", "at", "by", "act", "case", "facts")
        self.table = QTableWidget(len(told), len(columns))
        self.table.setObjectName("access_table")
        self.table.setAccessibleName(words("access.title", number=number))
        self.table.setHorizontalHeaderLabels([words(f"access.{name}") for name in columns])
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        self._lines = [_line(one, words) for one in told]
        for row, line in enumerate(self._lines):
            for place, text in enumerate(line):
                item = QTableWidgetItem(text)
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                self.table.setItem(row, place, item)
        self.copy = Button(words("access.copy"))
        self.leave = Button(words("keys.close"), key=key_name("Esc"))
        foot = QHBoxLayout()
        foot.addWidget(kept, 1)
        for name, button in (("copy", self.copy), ("leave", self.leave)):
            button.setObjectName(f"access_{name}")
            button.setAccessibleName(button.text())
            button.setAutoDefault(False)
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(title)
        column.addWidget(about)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self.resize(120 * self.fontMetrics().averageCharWidth(), 24 * self.fontMetrics().lineSpacing())
        self.copy.clicked.connect(self._copy)
        self.leave.clicked.connect(self.reject)

    @Slot()
    def _copy(self) -> None:
        clipboard.copy("\n".join("\t".join(line) for line in self._lines))


def _line(one: Access, words: Words) -> tuple[str, ...]:
    facts = " · ".join(f"{name} {visible(str(one.facts[name]))}" for name in _FACTS if one.facts.get(name))
    at = f"{one.at.astimezone():%Y-%m-%d %H:%M:%S}"
    return str(one.entry), at, visible(one.by), words(f"judging.act.{one.act}"), one.biz_id, facts

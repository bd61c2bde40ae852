"""What a file says of itself, beside its picture: rows of label and value, each copied by a click or a key."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from faceid_review.desk import clipboard, palette
from faceid_review.desk.buttons import Button
from faceid_review.desk.photos.exhibit import Exhibit
from faceid_review.desk.shapes import paint_ring
from faceid_review.faceid.photograph import Ending, Facts
from faceid_review.i18n import Words
from faceid_review.review.references import Reference

WIDTH: Final = 268
_SIDE, _TOP, _GAP = 12.0, 3.0, 8.0
_LABELS: Final = 0.42


@dataclass(frozen=True)
class Row:
    """One fact. ``fixed`` is for hashes and pointers, which may break anywhere; ``pointer`` goes with a copy."""

    name: str
    value: str
    fixed: bool = False
    pointer: str = ""


def rows(exhibit: Exhibit, told: Facts | None, words: Words) -> tuple[Row, ...]:
    """Everything known of the file of ``exhibit``; before it was read only whose it is."""
    picture = exhibit.photograph
    if picture is None:
        return ()
    ours = isinstance(picture, Reference)
    pointer = picture.pointer
    listed = [Row(words("facts.source"), words("marks.supplied" if ours else "facts.vendor"))]
    if isinstance(picture, Reference):
        listed += [
            Row(words("facts.from"), picture.source or words("marks.source_unsaid")),
            Row(words("facts.file"), picture.name),
            Row(words("facts.added"), words("facts.by", by=picture.by, at=picture.at.astimezone().isoformat(" ", "seconds"))),
        ]  # fmt: skip
    else:
        listed.append(Row(words("facts.pointer"), pointer, True))
    listed.append(Row("SHA-256", picture.sha256, True, pointer))
    listed.append(Row(words("facts.size"), words.many("photos.bytes", len(picture.data)), pointer=pointer))
    return (*listed, *_of_file(told, words)) if told is not None else tuple(listed)


def _of_file(told: Facts, words: Words) -> list[Row]:
    listed = [Row(words("facts.kind"), told.kind or words("facts.unknown"))]
    if told.width is None:
        return listed
    listed.append(Row(words("facts.pixels"), words("photos.pixels", width=told.width, height=told.height)))
    upright = words("facts.turned" if told.orientation > 1 else "facts.upright", orientation=told.orientation)
    coding = words("facts.progressive" if told.progressive else "facts.baseline")
    listed += [
        Row(words("facts.orientation"), upright),
        Row(words("facts.coding"), words("facts.coded", coding=coding, scans=words.many("facts.scans", told.scans))),
        Row(words("facts.colour"), " ".join(filter(None, (words(f"facts.mode.{told.mode}"), told.sampling)))),
        Row(words("facts.profile"), words.many("photos.bytes", told.profile) if told.profile else words("facts.none")),
    ]  # fmt: skip
    if told.quality is not None:
        exact = "facts.quality_exact" if told.quality.exact else "facts.quality_near"
        listed.append(Row(words("facts.quality"), words(exact, setting=told.quality.setting)))
    listed += [
        Row(words("facts.table", number=n), " ".join(str(step) for step in table[:8]) + " …")
        for n, table in enumerate(told.tables[:4])
    ]
    listed.append(Row(words("facts.ending"), words(f"facts.ending.{told.ending.value}")))
    if told.ending is not Ending.NONE:
        trailing = words.many("photos.bytes", told.trailing) if told.trailing else words("facts.none")
        listed.append(Row(words("facts.trailing"), trailing))
    if told.comment:
        listed.append(Row(words("facts.comment"), told.comment))
    listed += [Row(f"EXIF {name}", value) for name, value in told.exif]
    if told.exif_more or not told.exif:
        more = words.many("facts.exif_more", told.exif_more) if told.exif_more else words("facts.none")
        listed.append(Row("EXIF", more))
    return listed


class FactRow(QAbstractButton):
    """One fact. A click, Enter, the space bar or Ctrl+C copies its value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.fact = Row("", "")

    def show_fact(self, fact: Row, spoken: str) -> None:
        """Show ``fact``; ``spoken`` says that it can be copied."""
        self.fact = fact
        self.setAccessibleName(f"{fact.name}: {fact.value}")
        self.setAccessibleDescription(spoken)
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        label, value = self._rects(width)
        return math.ceil(max(label.height(), value.height()) + 2 * _TOP)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, self.heightForWidth(max(self.width(), 160)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(max(self.width(), 120)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _copies(event):
            self.click()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # The pane's own Ctrl+C and Enter wait while a fact has the focus.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _copies(event):
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        if self.underMouse() or self.isDown():
            painter.fillRect(self.rect(), QColor(t.raised))
        label, value = self._rects(self.width())
        for rect, font, ink, text, flags in (
            (label, palette.font(-1), t.text2, self.fact.name, Qt.TextFlag.TextWordWrap),
            (value, self._font(), t.text, self.fact.value, _wrap(self.fact)),
        ):
            painter.setFont(font)
            painter.setPen(QColor(ink))
            painter.drawText(rect.translated(0, _TOP), flags, text)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()).adjusted(2, 0, -2, 0), 0)

    def _font(self) -> QFont:
        return palette.font(-1, fixed=self.fact.fixed)

    def _rects(self, width: float) -> tuple[QRectF, QRectF]:
        inner = max(width - 2 * _SIDE, 60.0)
        left = round(inner * _LABELS)
        label = QRectF(_SIDE, 0, left - _GAP, 10_000)
        value = QRectF(_SIDE + left, 0, inner - left, 10_000)
        tall = (
            QFontMetricsF(palette.font(-1))
            .boundingRect(label, Qt.TextFlag.TextWordWrap, self.fact.name)
            .height()
        )
        high = QFontMetricsF(self._font()).boundingRect(value, _wrap(self.fact), self.fact.value).height()
        label.setHeight(tall + 1)
        value.setHeight(high + 1)
        return label, value


def _copies(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Copy) or event.key() in (
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
    )


def _wrap(fact: Row) -> Qt.TextFlag:
    return Qt.TextFlag.TextWrapAnywhere if fact.fixed else Qt.TextFlag.TextWordWrap


class FactsPanel(QFrame):
    """The facts of the photograph on the stage. ``closed`` says that it is to be put away."""

    closed = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos.facts")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._exhibit: Exhibit | None = None
        self._told: Facts | None = None
        self._title = QLabel()
        self._title.setObjectName("photos.facts.title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._close = Button(key="I")
        self._close.setObjectName("photos.facts.close")
        self._close.clicked.connect(self.closed)
        self._said = QLabel()
        self._said.setObjectName("photos.facts.said")
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setWordWrap(True)
        self._all = Button()
        self._all.setObjectName("photos.facts.all")
        self._all.clicked.connect(self._copy_all)
        self._rows: list[FactRow] = []
        inside = QWidget()
        inside.setObjectName("photos.facts.rows")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.area = QScrollArea()
        self.area.setObjectName("photos.facts.scroll")
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inside)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setContentsMargins(12, 6, 8, 2)
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        foot.setContentsMargins(12, 4, 8, 8)
        foot.addWidget(self._said, 1)
        foot.addWidget(self._all)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self.area, 1)
        whole.addLayout(foot)
        self.speak(words)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The facts shown, from top to bottom."""
        return tuple(row.fact for row in self._rows if not row.isHidden())

    def row(self, number: int) -> FactRow:
        """One row, from the top."""
        return self._rows[number]

    def show_facts(self, exhibit: Exhibit | None, told: Facts | None) -> None:
        """Show what is known of ``exhibit``'s file."""
        if (exhibit, told) != (self._exhibit, self._told):
            self._exhibit, self._told = exhibit, told
            self._said.clear()
            self._fill()

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("facts.title"))
        for button, key in ((self._close, "facts.close"), (self._all, "facts.copy_all")):
            button.setText(words(key))
            button.setAccessibleName(words(key))
        self._said.clear()
        self._fill()
        self._dress()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 400)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()
        super().changeEvent(event)

    def _fill(self) -> None:
        words, one = self._words, self._exhibit
        listed = rows(one, self._told, words) if one is not None else ()
        self._title.setText(
            words("facts.of", exhibit=one.label or one.field) if one and listed else words("facts.title")
        )
        while len(self._rows) < len(listed):
            row = FactRow()
            row.setObjectName(f"photos.fact{len(self._rows)}")
            row.clicked.connect(self._copy)
            self._column.insertWidget(len(self._rows), row)
            self._rows.append(row)
        for number, row in enumerate(self._rows):
            if number < len(listed):
                row.show_fact(listed[number], words("facts.copies"))
            row.setVisible(number < len(listed))
        self._all.setEnabled(bool(listed))

    @Slot()
    def _copy(self) -> None:
        row = self.sender()
        if isinstance(row, FactRow):
            clipboard.copy(clipboard.with_pointer(row.fact.pointer, row.fact.value))
            self._tell(row.fact.name)

    @Slot()
    def _copy_all(self) -> None:
        clipboard.copy("\n".join(f"{row.name}: {row.value}" for row in self.rows))
        self._tell(self._words("facts.all"))

    def _tell(self, name: str) -> None:
        said = self._words("facts.copied", name=name)
        self._said.setText(said)
        self._said.setAccessibleName(said)

    def _dress(self) -> None:
        t = palette.tokens()
        self._title.setFont(palette.font(bold=True))
        self._said.setFont(palette.font(-2))
        palette.wear(
            self,
            f"#photos\\.facts, #photos\\.facts\\.rows {{ background: {t.panel}; }}"
            f"#photos\\.facts {{ border-left: 1px solid {t.line}; }}",
        )

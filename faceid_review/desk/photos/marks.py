"""What a reviewer marks, beside the pictures: the pins of the one on the stage, and the components of two faces."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from faceid_review.desk import palette
from faceid_review.desk.buttons import Button
from faceid_review.desk.photos.facts import WIDTH
from faceid_review.desk.shapes import Shape, paint_shape
from faceid_review.i18n import Words
from faceid_review.review.components import components
from faceid_review.review.marked import component_name, pin_words
from faceid_review.review.marks import LONGEST_TEXT, Compared, Finding, Pin

SHAPES: Final = {
    Finding.SIMILAR: Shape.EQUALS,
    Finding.DIFFERENT: Shape.DIAMOND,
    Finding.NOT_COMPARABLE: Shape.DASH,
}
KEYS: Final = {Finding.SIMILAR: "=", Finding.DIFFERENT: "X", Finding.NOT_COMPARABLE: "."}
_DATA: Final = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Pair:
    """Two pictures side by side: the numbers of their exhibits and their roles."""

    left: str
    left_role: str
    right: str
    right_role: str


class MarksPanel(QFrame):
    """Pins and components. It says wishes and keeps nothing: what stands comes back by :meth:`show_marks`.

    ``placed`` tells feature and text for the point that is being placed, ``gave_up`` that it is not to be placed;
    ``unpin_wanted`` the entry of a pin; ``found`` component and finding (empty: none any more).
    """

    placed = Signal(str, str)
    gave_up = Signal()
    place_wanted = Signal()
    unpin_wanted = Signal(int)
    found = Signal(str, str)
    closed = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos.marks")
        self._exhibit = ""
        self._pins: tuple[Pin, ...] = ()
        self._pair: Pair | None = None
        self._compared: dict[str, Compared] = {}
        self._title, self._guide, self._heading = _label("title"), _label("guide"), _label("pair")
        self._close = _button("close", "Shift+P")
        self._place = _button("place", "P")
        self._unpin = _button("unpin", "Del")
        self.form = PinForm(self)
        self.pins = QListWidget()
        self.pins.setObjectName("photos.marks.pins")
        self.pins.setWordWrap(True)
        self.pins.installEventFilter(self)
        self.components = QTreeWidget()
        self.components.setObjectName("photos.marks.components")
        self.components.setRootIsDecorated(False)
        self.components.setUniformRowHeights(True)
        self.components.setColumnCount(2)
        self.components.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.components.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.components.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.components.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.components.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.components.header().setStretchLastSection(False)
        for one in components():
            item = QTreeWidgetItem(self.components)
            item.setData(0, _DATA, one.code)
        self.components.setCurrentIndex(self.components.model().index(0, 0))
        self._findings = {finding: _button(finding.value, KEYS[finding]) for finding in Finding}
        self._none = _button("none", "")
        self._lay_out()
        self._close.clicked.connect(self.closed)
        self._place.clicked.connect(self.place_wanted)
        self._unpin.clicked.connect(self.take_back)
        self.form.placed.connect(self.placed)
        self.form.gave_up.connect(self.gave_up)
        self.pins.itemSelectionChanged.connect(self._enable)
        for button in (*self._findings.values(), self._none):
            button.clicked.connect(self._finding_clicked)
        self.speak(words)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 8)
        column.setSpacing(6)
        head, row, findings = QHBoxLayout(), QHBoxLayout(), QVBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        row.addWidget(self._place)
        row.addWidget(self._unpin)
        row.addStretch(1)
        findings.setSpacing(4)
        buttons = (*self._findings.values(), self._none)
        for pair in (buttons[:2], buttons[2:]):
            line = QHBoxLayout()
            for button in pair:
                line.addWidget(button)
            line.addStretch(1)
            findings.addLayout(line)
        column.addLayout(head)
        self._guide.hide()
        column.addWidget(self._guide)
        column.addWidget(self.form)
        column.addWidget(self.pins, 1)
        column.addLayout(row)
        column.addWidget(self._heading)
        column.addWidget(self.components, 3)
        column.addLayout(findings)

    def show_marks(self, exhibit: str, pins: tuple[Pin, ...]) -> None:
        """Show the pins of the picture on the stage, which is ``exhibit``."""
        if (exhibit, pins) != (self._exhibit, self._pins):
            self._exhibit, self._pins = exhibit, pins
            self._fill_pins()

    def show_pair(self, pair: Pair | None, compared: dict[str, Compared]) -> None:
        """Show what was found between two pictures; None where there are not two."""
        if (pair, compared) != (self._pair, self._compared):
            self._pair, self._compared = pair, compared
            self._fill_components()

    def ask(self, where: str) -> None:
        """Ask for feature and text of a point that was chosen; ``where`` says which."""
        self._guide.setText(where)
        self._guide.setVisible(True)
        self.form.begin()

    def placing(self, *, on: bool) -> None:
        """Say how a point is chosen, or put that away."""
        self.form.end()
        self._guide.setText(self._words("marks.guide"))
        self._guide.setVisible(on)

    @property
    def guide(self) -> str:
        """What is said of placing; empty where nothing is being placed."""
        return "" if self._guide.isHidden() else self._guide.text()

    def record(self, finding: str) -> None:
        """Wish this finding for the component chosen, and go on to the next one."""
        item = self.components.currentItem()
        if item is None or self._pair is None:
            return
        self.found.emit(item.data(0, _DATA), finding)
        below = self.components.itemBelow(item)
        if below is not None and finding:
            self.components.setCurrentItem(below)

    @Slot()
    def take_back(self) -> None:
        """Wish the pin chosen away."""
        item = self.pins.currentItem()
        if item is not None:
            self.unpin_wanted.emit(item.data(_DATA))

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("marks.title"))
        self._title.setText(words("marks.title"))
        buttons = {"close": self._close, "place": self._place, "unpin": self._unpin, "none": self._none}
        for name, button in {**buttons, **{f.value: b for f, b in self._findings.items()}}.items():
            said = words(f"marks.{name}")
            button.setText(said[:1].upper() + said[1:])
            button.setAccessibleName(button.text())
        self.components.setAccessibleName(words("marks.components"))
        self.components.setHeaderLabels([words("marks.component"), words("marks.finding")])
        self.form.speak(words)
        self._guide.setText(words("marks.guide"))
        self._fill_pins()
        self._fill_components()
        self._dress()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 160)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if (
            watched is self.pins
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        ):
            self.take_back()
            return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()
        super().changeEvent(event)

    def _fill_pins(self) -> None:
        words = self._words
        self.pins.clear()
        self.pins.setAccessibleName(words("marks.pins_of", exhibit=self._exhibit))
        for pin in self._pins:
            text = words("marks.pin", number=pin.number, text=pin_words(pin.feature, pin.text, words))
            item = QListWidgetItem(text, self.pins)
            item.setData(_DATA, pin.entry)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, words("marks.by", by=pin.by))
        self.pins.setVisible(bool(self._pins))
        self._enable()

    def _fill_components(self) -> None:
        words, pair = self._words, self._pair
        self._heading.setText(
            words("marks.pair", left=pair.left, right=pair.right) if pair else words("marks.no_pair")
        )
        tree = self.components
        for number in range(tree.topLevelItemCount()):
            item = tree.topLevelItem(number)
            assert item is not None
            code = item.data(0, _DATA)
            one = self._compared.get(code)
            item.setText(0, component_name(code, words))
            item.setText(1, words(f"marks.{one.finding.value}") if one else "")
            item.setIcon(1, _icon(SHAPES[one.finding]) if one else QIcon())
            look = words("marks.named", name=item.text(0), text=components()[number].look(words.lang))
            item.setToolTip(0, html.escape(look))
            said = words(f"marks.{one.finding.value}") if one else words("marks.not_yet")
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{item.text(0)}: {said}")
            item.setData(1, Qt.ItemDataRole.AccessibleTextRole, said)
        tree.setEnabled(pair is not None)
        self._enable()

    @Slot()
    def _enable(self) -> None:
        self._place.setEnabled(bool(self._exhibit))
        self._unpin.setEnabled(bool(self._pins) and self.pins.currentItem() is not None)
        for button in (*self._findings.values(), self._none):
            button.setEnabled(self._pair is not None)

    @Slot()
    def _finding_clicked(self) -> None:
        sender = self.sender()
        self.record(next((finding.value for finding, one in self._findings.items() if one is sender), ""))

    def _dress(self) -> None:
        t = palette.tokens()
        self._title.setFont(palette.font(bold=True))
        self._heading.setFont(palette.font(bold=True))
        self._guide.setFont(palette.font(-1))
        palette.wear(
            self,
            f"#photos\\.marks {{ background: {t.panel}; border-left: 1px solid {t.line}; }}"
            f"#photos\\.marks\\.pins, #photos\\.marks\\.components {{ background: {t.field}; }}",
        )
        self._fill_components()


class PinForm(QWidget):
    """Feature and text of a pin. A letter chooses the feature, Enter places the pin, Esc gives it up."""

    placed = Signal(str, str)
    gave_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos.marks.form")
        self.feature = Features()
        self.text = QLineEdit()
        self.text.setObjectName("photos.marks.text")
        self.text.setMaxLength(LONGEST_TEXT)
        self._label, self._text_label = _label("feature_label"), _label("text_label")
        self._label.setBuddy(self.feature)
        self._text_label.setBuddy(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self._label, self.feature, self._text_label, self.text):
            column.addWidget(part)
        self.feature.lettered.connect(self._to_text)
        self.text.returnPressed.connect(self._place)
        self.hide()

    def begin(self) -> None:
        """Ask anew."""
        self.feature.setCurrentIndex(0)
        self.text.clear()
        self.show()
        self.feature.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        """Put it away."""
        self.hide()

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._label.setText(words("marks.feature"))
        self._text_label.setText(words("marks.text"))
        self.feature.setAccessibleName(words("marks.feature"))
        self.feature.setAccessibleDescription(words("marks.feature_how"))
        self.text.setAccessibleName(words("marks.text"))
        self.feature.fill(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.gave_up.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._place()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Esc and Enter mean this form while it is being filled in, whatever they mean on the stage.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            event.accept()
            return True
        return super().event(event)

    @Slot()
    def _to_text(self) -> None:
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _place(self) -> None:
        self.placed.emit(self.feature.currentData() or "", self.text.text())


class Features(QComboBox):
    """The features, each with its letter before it. A letter chooses one and goes on (``lettered``)."""

    lettered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos.marks.feature")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def fill(self, words: Words) -> None:
        """Name the features in the language of ``words``."""
        at = max(self.currentIndex(), 0)
        self.clear()
        self.addItem(words("marks.no_feature"), "")
        for one in components():
            self.addItem(f"{one.key}  {one.name(words.lang)}", one.code)
        self.setCurrentIndex(at)

    def event(self, event: QEvent) -> bool:
        # Letters choose a feature here; on the stage they are commands.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.text().isprintable()
            and event.text()
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        code = next((one.code for one in components() if one.key == event.text().upper()), None)
        if code is not None:
            self.setCurrentIndex(self.findData(code))
            self.lettered.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(f"photos.marks.{name}")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _button(name: str, key: str) -> Button:
    button = Button(key=key)
    button.setObjectName(f"photos.marks.{name}")
    return button


def _icon(shape: Shape) -> QIcon:
    side = round(palette.font().pointSizeF() * 4 / 3)
    pixmap = QPixmap(2 * side, 2 * side)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_shape(painter, QRectF(0, 0, side, side), shape, QColor(palette.tokens().text))
    painter.end()
    return QIcon(pixmap)

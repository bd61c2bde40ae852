"""One line of a form: its label, the place to type, an eye where it is a secret, and a remark under it.

A secret is never copied from here, not even while it is shown, and nothing of it is left for undo once the
field was wiped: ``QLineEdit.clear()`` would keep it in the history, ``setText("")`` does not.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from html import escape
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from faceid_review.desk import icons, palette
from faceid_review.desk.preferences.page import Says, ShapeMark, announce, scaled
from faceid_review.desk.shapes import RING, Shape, paint_ring
from faceid_review.i18n import Words

EXACT_HINTS: Final = Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhNoAutoUppercase
SECRET_HINTS: Final = EXACT_HINTS | Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData
_COMMANDS: Final = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_TAKES_A_COPY: Final = ("edit-cut", "edit-copy")
_HEIGHT: Final = 30
_ICON: Final = 16


def trimmed(text: str) -> str:
    """``text`` without blanks, line breaks and invisible characters around it."""
    start, end = 0, len(text)
    while start < end and _blank(text[start]):
        start += 1
    while end > start and _blank(text[end - 1]):
        end -= 1
    return text[start:end]


def _blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in {"Cc", "Cf"}


class Kind(StrEnum):
    """What a remark is: how it is drawn."""

    NOTE = "note"
    WRONG = "wrong"
    STOP = "stop"
    GOOD = "good"
    UNDER_WAY = "under_way"


_SHAPES: Final = {
    Kind.WRONG: (Shape.TRIANGLE, "stop"),
    Kind.STOP: (Shape.SQUARE, "stop"),
    Kind.GOOD: (Shape.TICK, "ok"),
    Kind.UNDER_WAY: (Shape.DOTS, "info"),
}


class Remark(QWidget):
    """A sentence beside what it is about, with the shape of its kind; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind: Kind | None = None
        self._mark = ShapeMark(Shape.TRIANGLE, "stop", -1)
        self._words = Says("text2", -1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What is said; empty while hidden."""
        return self._words.text()

    def say(self, kind: Kind, sentence: str) -> None:
        """Say ``sentence``; an empty one hides the remark."""
        self.kind = kind if sentence else None
        shape, tone = _SHAPES.get(kind, (Shape.DASH, "text2"))
        self._mark.set(shape, tone)
        self._mark.setVisible(kind is not Kind.NOTE)
        self._words.set_tone(tone)
        self._words.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))

    def quiet(self) -> None:
        """Say nothing."""
        self.say(Kind.NOTE, "")


class Line(QLineEdit):
    """The place to type, without a frame of its own. A secret one shows dots and gives no copy away."""

    def __init__(self, *, secret: bool, exact: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.secret = secret
        self._shown = not secret
        self.setFrame(False)
        self.setTextMargins(scaled(6), 0, scaled(6), 0)
        if secret:
            self.show_text(False)
        elif exact:
            self.setInputMethodHints(EXACT_HINTS)

    def show_text(self, shown: bool) -> None:
        """Show the secret or dots in its place."""
        self._shown = shown
        self._echo(shown)

    def _echo(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        # Qt takes the hints away with the dots, and a keyboard would begin to learn the secret.
        self.setInputMethodHints(SECRET_HINTS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        copies = event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.Cut)
        types = event.text().isprintable() and event.text() and not event.modifiers() & _COMMANDS
        if not self.secret or types:
            super().keyPressEvent(event)
            return
        if copies:
            event.accept()
            return
        # Ctrl+K, Ctrl+U and on X11 every selection by key would take a copy of what is shown. Of dots Qt copies
        # nothing, and nothing is painted before the text is back.
        self._echo(False)
        super().keyPressEvent(event)
        self._echo(self._shown)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        start, length = self.selectionStart(), self.selectionLength()
        if not self.secret or start < 0:
            super().mouseReleaseEvent(event)
            return
        # On X11 letting go of the button would copy what is selected for the middle button of any program.
        self.deselect()
        super().mouseReleaseEvent(event)
        self.setSelection(start, length)

    def menu(self) -> QMenu:
        """Qt's own menu of a line, without what would copy a secret."""
        menu = self.createStandardContextMenu()
        if self.secret:
            for action in menu.actions():
                if action.objectName() in _TAKES_A_COPY:
                    menu.removeAction(action)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


class _Eye(QAbstractButton):
    """Shows the secret beside it, or hides it again."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        side = scaled(_ICON) + 10
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        ink = t.text if self.underMouse() or self.hasFocus() else t.text2
        size = scaled(_ICON)
        name = "eye-off" if self.isChecked() else "eye"
        drawn = icons.image(name, size, QColor(ink).name(), self.devicePixelRatioF())
        middle = QRectF(self.rect()).center()
        painter.drawImage(QPointF(round(middle.x() - size / 2), round(middle.y() - size / 2)), drawn)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()))


class _Box(QWidget):
    """The frame round a line and its eye, with the focus ring of the line."""

    def __init__(self, line: Line, eye: _Eye | None) -> None:
        super().__init__()
        self._line = line
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(RING + 1, RING + 1, RING + 1, RING + 1)
        row.setSpacing(0)
        row.addWidget(line, 1)
        if eye is not None:
            row.addWidget(eye)
        line.installEventFilter(self)

    def sizeHint(self) -> QSize:
        text = QFontMetricsF(self._line.font()).height()
        return QSize(scaled(160), max(scaled(_HEIGHT), int(text) + 2 * RING + 8))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect())
        if self._line.hasFocus():
            paint_ring(painter, body)
            body.adjust(RING, RING, -RING, -RING)
        painter.setPen(QPen(QColor(t.edge if self.isEnabled() else t.line), 1))
        painter.setBrush(self._line.palette().color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


class Field(QWidget):
    """A labelled line. ``name`` is the part of an account or wish that it fills, and its object name.

    ``fixed``: what is typed counts letter by letter, so it stands in the fixed font and no keyboard guesses it.
    ``beside`` is a button that stands on the same line.

    ``changed`` is sent for each change of the text, ``left`` when the reviewer has gone on to something else
    and ``entered`` for Enter.
    """

    changed = Signal()
    left = Signal()
    entered = Signal()

    def __init__(
        self,
        name: str,
        *,
        secret: bool = False,
        fixed: bool = False,
        beside: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = name
        self.setObjectName(f"field_{name}")
        self._fixed = fixed
        self.lack = ""
        self.label = Says("text2", -1, bold=True)
        self.line = Line(secret=secret, exact=fixed)
        self.line.setObjectName(name)
        self.label.setBuddy(self.line)
        self.eye = _Eye(self) if secret else None
        self.remark = Remark()
        self.remark.setObjectName(f"{name}_remark")
        self._hint = Says("text2", -1)
        self._hint.hide()
        self._hide_words = self._show_words = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(_Box(self.line, self.eye), 1)
        if beside is not None:
            row.addWidget(beside)
        column.addWidget(self.label)
        column.addLayout(row)
        column.addWidget(self._hint)
        column.addWidget(self.remark)
        self._dress()
        self.line.textChanged.connect(self._changed)
        self.line.editingFinished.connect(self.left)
        self.line.returnPressed.connect(self.entered)
        if self.eye is not None:
            self.eye.setObjectName(f"{name}_eye")
            self.eye.toggled.connect(self._show)

    def speak(
        self,
        label: str,
        *,
        lack: str = "",
        placeholder: str = "",
        hint: str = "",
        show: str = "",
        hide: str = "",
    ) -> None:
        """Set the words: of the label, of what is lacking while it is empty, in it, under it, and of the eye."""
        self.label.setText(label)
        self.lack = lack or label
        self.line.setAccessibleName(label)
        self.line.setPlaceholderText(placeholder)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._show_words, self._hide_words = show, hide
        self._describe()

    @property
    def text(self) -> str:
        """Exactly what is in the field."""
        return self.line.text()

    @property
    def value(self) -> str:
        """What is in the field without the blanks around it."""
        return trimmed(self.line.text())

    def set_text(self, text: str) -> None:
        """Fill the field; nothing of what was in it is left for undo."""
        self.line.setText(text)

    def hide_text(self) -> None:
        """Show dots again if it is a secret."""
        if self.eye is not None:
            self.eye.setChecked(False)

    def wipe(self) -> None:
        """Empty the field for good and hide what will be typed next."""
        self.line.setText("")
        self.hide_text()
        self.remark.quiet()
        self._describe()

    def say(self, kind: Kind, sentence: str) -> None:
        """Say something beside the field; a screen reader has it as the field's description."""
        if sentence and sentence != self.remark.text and kind is Kind.WRONG:
            announce(self.line, sentence)
        self.remark.say(kind, sentence)
        self._describe()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._dress()

    def _dress(self) -> None:
        self.line.setFont(palette.font(fixed=self._fixed))
        self.updateGeometry()

    def _changed(self) -> None:
        self.say(Kind.NOTE, "")
        self.changed.emit()

    def _show(self, shown: bool) -> None:
        self.line.show_text(shown)
        self._describe()

    def _describe(self) -> None:
        parts = [self._hint.text(), self.line.placeholderText(), self.remark.text]
        self.line.setAccessibleDescription(" ".join(part for part in parts if part))
        if self.eye is not None:
            self.eye.setAccessibleName(self._hide_words if self.eye.isChecked() else self._show_words)
            self.eye.setToolTip(escape(self.eye.accessibleName()))
            self.eye.update()


class Choice(QComboBox):
    """A choice among few, drawn like the fields around it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)

    def sizeHint(self) -> QSize:
        text = QFontMetricsF(self.font()).height()
        return QSize(super().sizeHint().width(), max(scaled(_HEIGHT), int(text) + 2 * RING + 8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect())
        if self.hasFocus():
            paint_ring(painter, body)
            body.adjust(RING, RING, -RING, -RING)
        painter.setPen(QPen(QColor(t.edge if self.isEnabled() else t.line), 1))
        painter.setBrush(QColor(t.raised))
        painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        size = scaled(_ICON)
        room = QRectF(self.rect()).adjusted(scaled(10), 0, -size - scaled(10), 0)
        ink = QColor(t.text if self.isEnabled() else t.text3)
        arrow = icons.image("chevron", size, ink.name(), self.devicePixelRatioF())
        painter.drawImage(QPointF(round(room.right() + 2), round(room.center().y() - size / 2)), arrow)
        painter.setFont(self.font())
        painter.setPen(ink)
        shown = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class Told:
    """A sentence that can be said again in another language: a key with its facts, or words as they came."""

    def __init__(self, key: str = "", *, sentence: str = "", **facts: object) -> None:
        self._key, self._sentence, self._facts = key, sentence, facts

    def __call__(self, words: Words) -> str:
        """The sentence in the language of ``words``."""
        return words(self._key, **self._facts) if self._key else self._sentence

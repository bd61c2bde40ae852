"""The raw view: search, the tree, and below it the chosen value whole, with its JSON pointer."""

from __future__ import annotations

import html
from collections.abc import Iterator
from time import perf_counter
from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from faceid_review.desk import clipboard
from faceid_review.desk.buttons import Button, Segments, key_name
from faceid_review.desk.icons import icon
from faceid_review.desk.line import Label
from faceid_review.desk.palette import font, tokens, wear
from faceid_review.desk.raw.model import RawModel, opened_at_first
from faceid_review.desk.raw.tree import Tree
from faceid_review.desk.raw.viewer import Viewer
from faceid_review.desk.raw.wording import copied, said
from faceid_review.faceid import raw
from faceid_review.faceid.raw import Kind, Node, Raw
from faceid_review.i18n import Words, grouped
from faceid_review.review.plain_text import visible

MOST_FOUND: Final = 1000
_SLICE_S: Final = 0.006
_KEYS: Final = {
    "raw.find": "Ctrl+F",
    "raw.next": "F3",
    "raw.previous": "Shift+F3",
    "raw.copy": "Ctrl+C",
    "raw.copy_value": "Ctrl+Alt+C",
    "raw.copy_pointer": "Ctrl+Shift+C",
}
_IN_MENU: Final = ("raw.copy", "raw.copy_value", "raw.copy_pointer")


class RawPane(QWidget):
    """Shows one answer as it was sent. It reads nothing and parses nothing: ``show_raw`` gets what was read."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.setObjectName("raw")
        self.setAutoFillBackground(True)
        self._raw: Raw | None = None
        self._state = "raw.none"
        self._wanted: str | None = None
        self._looking: Iterator[Node | None] | None = None
        self._found: list[tuple[int, ...]] = []
        self._at = -1
        self._slice = QTimer(self)
        self._slice.setInterval(0)
        self._slice.timeout.connect(self._look_on)

        self.search = QLineEdit()
        self.search.setObjectName("rawSearch")
        self.search.setClearButtonEnabled(True)
        self._lens = self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._look_for)
        self._tally = Label("rawTally", ink="text2", step=-1)
        self.previous, self.next = Button(), Button(key=key_name(_KEYS["raw.next"]))
        self.previous.setObjectName("rawPrevious")
        self.next.setObjectName("rawNext")
        self._finder = QWidget()
        finder = QVBoxLayout(self._finder)
        finder.setContentsMargins(14, 8, 14, 8)
        finder.setSpacing(6)
        finder.addWidget(self.search)
        self._steps = QWidget()
        steps = QHBoxLayout(self._steps)
        steps.setContentsMargins(0, 0, 0, 0)
        steps.setSpacing(8)
        steps.addWidget(self._tally, 1)
        steps.addWidget(self.previous)
        steps.addWidget(self.next)
        finder.addWidget(self._steps)

        self._note = Label("rawNote", wrap=True)
        self._note.setContentsMargins(14, 8, 14, 8)
        self.form = Segments(name="rawForm")
        self.form.add("text", "")
        self.form.add("bytes", "")
        self.form.chosen.connect(self._show_bytes)
        self._form_row = QWidget()
        form = QHBoxLayout(self._form_row)
        form.setContentsMargins(14, 0, 14, 8)
        form.addWidget(self.form)
        form.addStretch(1)

        self.model = RawModel(words, self)
        self.tree = Tree()
        self.tree.setModel(self.model)
        self.tree.selectionModel().currentChanged.connect(self._chosen)
        self.pointer = QLineEdit()
        self.pointer.setObjectName("rawPointer")
        self.pointer.setReadOnly(True)
        self.pointer.setFrame(False)
        self.copy_value, self.copy_pointer = Button(), Button()
        self.copy_value.setObjectName("rawCopyValue")
        self.copy_pointer.setObjectName("rawCopyPointer")
        self.viewer = Viewer(words)
        self._detail = QFrame()
        self._detail.setObjectName("rawDetail")
        detail = QVBoxLayout(self._detail)
        detail.setContentsMargins(0, 1, 0, 0)
        detail.setSpacing(0)
        self._above_value = QWidget()
        above = QVBoxLayout(self._above_value)
        above.setContentsMargins(14, 8, 14, 8)
        above.setSpacing(6)
        above.addWidget(self.pointer)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.copy_value)
        buttons.addWidget(self.copy_pointer)
        buttons.addStretch(1)
        above.addLayout(buttons)
        self._above_value.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        detail.addWidget(self._above_value)
        detail.addWidget(self.viewer, 1)

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._note)
        column.addWidget(self._form_row)
        column.addWidget(self._finder)
        column.addWidget(self.tree, 3)
        column.addWidget(self._detail, 1)
        column.addStretch(0)
        self.setFocusProxy(self.tree)
        self.actions_by_name = {name: self._action(name, key) for name, key in _KEYS.items()}
        self.previous.clicked.connect(self.actions_by_name["raw.previous"].trigger)
        self.next.clicked.connect(self.actions_by_name["raw.next"].trigger)
        self.copy_value.clicked.connect(self.actions_by_name["raw.copy_value"].trigger)
        self.copy_pointer.clicked.connect(self.actions_by_name["raw.copy_pointer"].trigger)
        self.search.returnPressed.connect(self.actions_by_name["raw.next"].trigger)
        self._dress()
        self.speak(words)

    def show_none(self, state: str = "none") -> None:
        """Show that there is nothing: ``none`` no case is open, ``waiting`` it is being read, ``absent`` no answer."""
        self._raw, self._state, self._wanted = None, f"raw.{state}", None
        self._refresh()

    def show_raw(self, answer: Raw) -> None:
        """Show an answer, from its top unless a value of it was asked for meanwhile."""
        self._raw, self._state = answer, ""
        self._refresh()
        if self._wanted is not None:
            self.jump(self._wanted)

    def jump(self, pointer: str) -> None:
        """Go to the value at a JSON pointer, or to the nearest value above it that is there."""
        if self._raw is None:
            self._wanted = pointer
            return
        self._wanted = None
        if self._raw.root is None:
            return
        while (node := raw.find(self._raw.root, pointer)) is None:
            pointer = pointer.rpartition("/")[0]
        self._go(node.rows())

    @property
    def node(self) -> Node | None:
        """The chosen value."""
        return self.model.node(self.tree.currentIndex())

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setAccessibleName(words("raw.title"))
        self.tree.setAccessibleName(words("raw.tree"))
        self.search.setAccessibleName(words("raw.search"))
        self.search.setPlaceholderText(words("raw.search"))
        for inner in self.search.findChildren(QToolButton):
            inner.setAccessibleName(words("raw.search.clear"))
        self.pointer.setAccessibleName(words("raw.pointer"))
        self.form.setAccessibleName(words("raw.form"))
        for choice in ("text", "bytes"):
            self.form.set_text(choice, words(f"raw.form.{choice}"))
        for name, action in self.actions_by_name.items():
            action.setText(words(f"raw.action.{name.removeprefix('raw.')}"))
        for button, key in (
            (self.previous, "raw.previous"),
            (self.next, "raw.next"),
            (self.copy_value, "raw.copy_value"),
            (self.copy_pointer, "raw.copy_pointer"),
        ):
            button.setText(words(f"raw.button.{key.removeprefix('raw.')}"))
            button.setAccessibleName(words(f"raw.action.{key.removeprefix('raw.')}"))
        self.viewer.speak(words)
        self.model.speak(words)
        self._say()
        self._show_value()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _finds(event):
            # The window has this key too, for its own search.
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _finds(event):
            self._find()
        elif event.key() == Qt.Key.Key_Escape and self.search.hasFocus():
            self.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.node is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in _IN_MENU:
            menu.addAction(self.actions_by_name[name])
        menu.popup(event.globalPos())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange):
            self._dress()

    # What is shown

    def _refresh(self) -> None:
        self._stop_looking()
        root = self._raw.root if self._raw else None
        self.model.show_root(root)
        for index in opened_at_first(self.model):
            self.tree.expand(index)
        readable, unreadable = root is not None, self._raw is not None and root is None
        self._finder.setVisible(readable)
        self.tree.setVisible(readable)
        self._above_value.setVisible(readable)
        bytes_there = unreadable and bool(self._raw and self._raw.body)
        self._form_row.setVisible(bytes_there)
        self._detail.setVisible(readable or bytes_there)
        self._say()
        if bytes_there and self._raw is not None:
            self.form.choose("text" if raw.is_text(self._raw.body) else "bytes")
            self._show_bytes()
        elif readable:
            self.tree.setCurrentIndex(self.model.index(0, 0))
            self._look_for()

    def _say(self) -> None:
        """The sentence above the tree: what is missing, or what must be known of what is shown."""
        problem = self._raw.problem if self._raw else ""
        text = (
            self._words(self._state)
            if self._state
            else self._words(f"raw.problem.{problem}")
            if problem
            else ""
        )
        self._note.setText(text)
        self._note.setAccessibleName(text)
        self._note.setVisible(bool(text))
        self._tell()

    @Slot()
    def _chosen(self) -> None:
        self._show_value()

    def _show_value(self) -> None:
        if self._raw is None or self._raw.root is None:
            return
        node = self.node
        pointer = node.pointer if node else ""
        self.pointer.setText(visible(pointer))
        self.pointer.setCursorPosition(0)
        self.pointer.setToolTip(html.escape(visible(pointer)))
        for name in ("raw.copy", "raw.copy_value", "raw.copy_pointer"):
            self.actions_by_name[name].setEnabled(node is not None)
        for button in (self.copy_value, self.copy_pointer):
            button.setEnabled(node is not None)
        if node is None:
            self.viewer.show_text("")
        elif node.kind in (Kind.PICTURE, Kind.CUT):
            self.viewer.show_text(said(node, self._words))
        else:
            self.viewer.show_text(copied(node))

    @Slot()
    def _show_bytes(self) -> None:
        if self._raw is not None:
            self.viewer.show_bytes(self._raw.body, as_hex=self.form.choice == "bytes")

    def _go(self, rows: tuple[int, ...]) -> None:
        index = self.model.place(rows)
        above = index.parent()
        while above.isValid():
            self.tree.expand(above)
            above = above.parent()
        self.tree.setCurrentIndex(index)
        self.tree.scrollTo(
            index, Tree.ScrollHint.PositionAtCenter if index.isValid() else Tree.ScrollHint.EnsureVisible
        )

    # Search: in slices between two events, so that the window never stands still for it

    @Slot()
    def _look_for(self) -> None:
        self._stop_looking()
        needle = self.search.text()
        if needle and self._raw is not None and self._raw.root is not None:
            self._looking = raw.search(self._raw.root, needle)
            self._slice.start()
        self._tell()

    @Slot()
    def _look_on(self) -> None:
        until, first = perf_counter() + _SLICE_S, not self._found
        while self._looking is not None and perf_counter() < until:
            try:
                node = next(self._looking)
            except StopIteration:
                self._looking = None
                break
            if node is not None:
                self._found.append(node.rows())
                if len(self._found) >= MOST_FOUND:
                    self._looking = None
        if self._looking is None:
            self._slice.stop()
        if first and self._found:
            self._step(1)
        self._tell()

    def _stop_looking(self) -> None:
        self._slice.stop()
        self._looking = None
        self._found, self._at = [], -1

    def _step(self, by: int) -> None:
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self._go(self._found[self._at])
        self._tell()

    def _tell(self) -> None:
        words, wanted = self._words, bool(self.search.text())
        self._steps.setVisible(wanted)
        count = f"{grouped(len(self._found))}{'+' if len(self._found) >= MOST_FOUND else ''}"
        if self._found:
            said = words("raw.found", number=grouped(self._at + 1), count=count)
        else:
            said = words("raw.searching" if self._looking else "raw.not_found")
        self._tally.setText(said)
        self._tally.setAccessibleName(said)
        for button in (self.previous, self.next):
            button.setEnabled(len(self._found) > 0)

    # Commands

    def _action(self, name: str, key: str) -> QAction:
        action = QAction(self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(getattr(self, f"_{name.removeprefix('raw.')}"))
        self.addAction(action)
        return action

    @Slot()
    def _find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @Slot()
    def _next(self) -> None:
        self._step(1)

    @Slot()
    def _previous(self) -> None:
        self._step(-1)

    @Slot()
    def _copy(self) -> None:
        if node := self.node:
            clipboard.copy(clipboard.with_pointer(node.pointer, node.literal(raw.PIECE * 50)))

    @Slot()
    def _copy_value(self) -> None:
        if node := self.node:
            clipboard.copy(copied(node))

    @Slot()
    def _copy_pointer(self) -> None:
        if node := self.node:
            clipboard.copy(node.pointer)

    def _dress(self) -> None:
        t = tokens()
        for widget, role, ink in (
            (self, QPalette.ColorRole.Window, t.panel),
            (self.tree, QPalette.ColorRole.Base, t.panel),
            (self.tree, QPalette.ColorRole.Highlight, t.sel),
            (self.pointer, QPalette.ColorRole.Base, t.panel),
        ):
            colours = widget.palette()
            if colours.color(role) != QColor(ink):
                colours.setColor(role, QColor(ink))
                widget.setPalette(colours)
        if self.pointer.font() != (wanted := font(fixed=True)):
            self.pointer.setFont(wanted)
        self._lens.setIcon(icon("search"))
        wear(
            self.search,
            f"QLineEdit {{ background: {t.field}; border: 1px solid {t.edge}; border-radius: 4px;"
            f" padding: 3px; }} QLineEdit:focus {{ border: 2px solid {t.accent}; padding: 2px; }}",
        )
        self.viewer.text.setMinimumHeight(self.viewer.lines(2))
        wear(self._detail, f"#rawDetail {{ border-top: 1px solid {t.line}; }}")


def _finds(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Find)

"""The sheet before a case leaves the house: how it is wanted on the left, its pages as they will be on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from faceid_review.desk.buttons import Button, key_name
from faceid_review.desk.exporting.form import ExportForm
from faceid_review.desk.exporting.pages import Drawn, Pages
from faceid_review.desk.exporting.preview import PagesView
from faceid_review.desk.exporting.wish import Offer, Wish
from faceid_review.desk.intake.parts import StateLabel
from faceid_review.desk.line import IdLine, Label
from faceid_review.desk.preferences.page import scaled
from faceid_review.desk.shapes import Shape
from faceid_review.i18n import Words

_PAUSE_MS: Final = 350
"""How long nothing is typed before the preview is made anew."""

_FORM: Final = 312
_SIZE: Final = QSize(1120, 820)


class ExportSheet(QDialog):
    """Nothing is written while it is open. It makes no page itself; each wish goes out as a signal.

    ``preview_wanted`` carries the Wish to show, ``page_wanted`` the Pages on show, a page (from 0) and a width in
    pixels. ``export_wanted`` carries the Wish that was confirmed; the sheet stays until it is told what became of it.
    """

    preview_wanted = Signal(object)
    page_wanted = Signal(object, int, int)
    export_wanted = Signal(object)

    def __init__(
        self, words: Words, number: str, offers: Sequence[Offer], wish: Wish, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("export_sheet")
        self.setWindowTitle(words("exporting.title"))
        self._words = words
        self._busy = False
        self._notes: tuple[str, ...] = ()
        self._asked: Wish | None = None
        self._shown: Wish | None = None
        self.form = ExportForm(words, offers, wish)
        self.preview = PagesView(words)
        self.state = StateLabel("export_state")
        self.place = Label("export_place", ink="text2", step=-1)
        self.smaller, self.larger = (
            _small("−", words("exporting.smaller")),
            _small("+", words("exporting.larger")),
        )
        self.smaller.setObjectName("export_smaller")
        self.larger.setObjectName("export_larger")
        self.write = Button(words("exporting.write"), primary=True, key=key_name("Ctrl+Enter"))
        self.write.setObjectName("export_write")
        self.leave = Button(words("exporting.leave"), key=key_name("Esc"))
        self.leave.setObjectName("export_leave")
        for button in (self.write, self.leave):
            button.setAccessibleName(button.text())
            button.setAutoDefault(False)
        self._title = Label("export_title", bold=True, step=2)
        self._title.setText(words("exporting.title"))
        self._case = Label("export_case", ink="text2", step=-1, wrap=True)
        named, _, biz_id = number.partition(" · ")
        self._case.setText(named)
        self._id = IdLine("export_id", biz_id)
        self._id.setVisible(bool(biz_id))
        self._lay_out()
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._want_preview)
        self.form.changed.connect(self._changed)
        self.preview.page_wanted.connect(self._want_page)
        self.preview.turned.connect(self._turned)
        self.smaller.clicked.connect(self._zoom_out)
        self.larger.clicked.connect(self._zoom_in)
        self.write.clicked.connect(self._confirm)
        self.leave.clicked.connect(self.reject)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self._confirm)
        self._fit()
        self.form.setFocus()

    # ---- values in

    def begin(self) -> None:
        """Ask for the first preview."""
        self._want_preview()

    def show_preview(self, wish: Wish, pages: Pages, notes: Sequence[str]) -> None:
        """The pages of ``wish`` and what they could not show as they should; an older wish is dropped."""
        if wish != self._asked:
            return
        self._shown = wish
        self.preview.show_pages(pages)
        self._notes = tuple(notes)
        self._tell_ready()
        self._weigh()

    def show_page(self, pages: Pages, drawn: Drawn) -> None:
        """One page of them, drawn."""
        self.preview.show_page(pages, drawn)

    def cannot_preview(self, wish: Wish, sentence: str) -> None:
        """There are no pages of ``wish``, and why."""
        if wish == self._asked:
            self._shown = None
            self.preview.say(sentence)
            self._say(Shape.TRIANGLE, "stop", sentence)
            self._weigh()

    def writing(self) -> None:
        """The file is being written."""
        self._busy = True
        self._say(Shape.DOTS, "info", self._words("exporting.writing"))
        self._weigh()

    def not_written(self, sentence: str) -> None:
        """The file was not written, and why; the sheet stays, so that another place can be chosen."""
        self._busy = False
        self._say(Shape.TRIANGLE, "stop", sentence)
        self._weigh()
        self.write.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def wish(self) -> Wish:
        """What is wanted now."""
        return self.form.wish

    # ---- wishes out

    @Slot()
    def _changed(self) -> None:
        # A password changes no page. Whatever else does: until its pages are there, those on show are another copy's.
        self._asked = None
        if self.form.wish == self._shown:
            self._pause.stop()
            self._asked = self._shown
            self._tell_ready()
            self._weigh()
            return
        self._say(Shape.DOTS, "info", self._words("exporting.making"))
        self._weigh()
        self._pause.start()

    @Slot()
    def _want_preview(self) -> None:
        self._pause.stop()
        self._asked = self.form.wish
        if self.preview.pages is None:
            self.preview.say(self._words("exporting.making"))
        self._say(Shape.DOTS, "info", self._words("exporting.making"))
        self._weigh()
        self.preview_wanted.emit(self._asked)

    @Slot(int, int)
    def _want_page(self, number: int, width: int) -> None:
        if self.preview.pages is not None:
            self.page_wanted.emit(self.preview.pages, number, width)

    @Slot()
    def _confirm(self) -> None:
        if self.write.isEnabled():
            self.export_wanted.emit(self.form.wish)

    @Slot()
    def _zoom_in(self) -> None:
        self.preview.zoom(1)

    @Slot()
    def _zoom_out(self) -> None:
        self.preview.zoom(-1)

    # ---- what is said

    def reject(self) -> None:
        """Put away; while a file is being written it stays."""
        if not self._busy:
            super().reject()

    def _tell_ready(self) -> None:
        if self._notes:
            said = ("" if self._words.lang == "zh" else " ").join(self._notes)
            self._say(Shape.TRIANGLE, "warn", said)
        else:
            self._say(Shape.RING, "mute", self._words("exporting.nothing_written"))

    def _weigh(self) -> None:
        seen = self._shown is not None and self.form.wish == self._shown
        self.write.setEnabled(seen and not self._busy)
        self.form.setEnabled(not self._busy)
        self.leave.setEnabled(not self._busy)

    def _say(self, shape: Shape, kind: str, sentence: str) -> None:
        self.state.show_state(shape, kind, sentence)
        self.state.setAccessibleName(sentence)
        self.write.setAccessibleDescription(sentence)

    @Slot()
    def _turned(self) -> None:
        number, of = self.preview.place
        self.place.setText(self._words("exporting.page", number=number, of=of) if of else "")
        for button in (self.smaller, self.larger):
            button.setEnabled(bool(of))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._fit()

    def _fit(self) -> None:
        """As large as the look makes it, and never larger than the window it belongs to."""
        self._left.setFixedWidth(scaled(_FORM))
        window = self.parentWidget()
        room = window.size() - QSize(24, 24) if window else _SIZE
        self.resize(_SIZE.boundedTo(room))

    def _lay_out(self) -> None:
        self._left = QScrollArea()
        self._left.setObjectName("export_scroll")
        self._left.setAccessibleName(self._words("exporting.title"))
        self._left.setFrameShape(QFrame.Shape.NoFrame)
        self._left.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._left.setWidgetResizable(True)
        self._left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        held = QWidget()
        within = QVBoxLayout(held)
        within.setContentsMargins(0, 0, 12, 0)
        within.addWidget(self.form)
        self._left.setWidget(held)
        for ground in (self._left.viewport(), held):
            ground.setBackgroundRole(QPalette.ColorRole.Window)
        above = QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(self.place, 1)
        above.addWidget(self.smaller)
        above.addWidget(self.larger)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(above)
        right.addWidget(self.preview, 1)
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addWidget(self._title)
        left.addWidget(self._case)
        left.addWidget(self._id)
        left.addSpacing(10)
        left.addWidget(self._left, 1)
        halves = QHBoxLayout()
        halves.setSpacing(16)
        halves.addLayout(left)
        halves.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.state, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.leave)
        foot.addWidget(self.write)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addLayout(halves, 1)
        whole.addLayout(foot)


def _small(text: str, name: str) -> Button:
    button = Button(text)
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setAutoDefault(False)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button

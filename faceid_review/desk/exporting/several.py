"""The sheet that exports several cases: which ones, as what, how far it is, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from faceid_review.desk.buttons import Button, key_name
from faceid_review.desk.exporting.cases import CasesList, CasesModel
from faceid_review.desk.exporting.form import ExportForm
from faceid_review.desk.exporting.tick import Tick
from faceid_review.desk.exporting.wish import Offer, Wish
from faceid_review.desk.intake.parts import StateLabel
from faceid_review.desk.line import Label
from faceid_review.desk.palette import tokens, wear
from faceid_review.desk.preferences.page import announce, scaled
from faceid_review.desk.queue.model import Row
from faceid_review.desk.queue.wording import State, state_of
from faceid_review.desk.shapes import Shape
from faceid_review.i18n import Words, grouped

_FORM: Final = 312
_SIZE: Final = QSize(1000, 760)


class SeveralSheet(QDialog):
    """Writes nothing itself. ``export_wanted`` carries a Wish and the biz_ids, ``stop_wanted`` ends a run early."""

    export_wanted = Signal(object, object)
    stop_wanted = Signal()

    def __init__(
        self, words: Words, offers: Sequence[Offer], wish: Wish, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("several_sheet")
        self.setWindowTitle(words("exporting.many.title"))
        self._words = words
        self.running = False
        self.form = ExportForm(words, offers, wish)
        self.model = CasesModel(self._state_of, self)
        self.cases = CasesList(self.model, self._state_of)
        self.cases.setAccessibleName(words("exporting.many.list"))
        self.search = QLineEdit()
        self.search.setObjectName("several_search")
        self.search.setPlaceholderText(words("exporting.many.search"))
        self.search.setAccessibleName(words("exporting.many.search"))
        self.all = Tick("several_all")
        self.all.setText(words("exporting.many.all"))
        self.all.setAccessibleName(words("exporting.many.all"))
        self.all.setTristate(True)
        self.count = Label("several_count", ink="text2", step=-1)
        self.progress = QProgressBar()
        self.progress.setObjectName("several_progress")
        self.progress.setAccessibleName(words("exporting.many.progress"))
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.state = StateLabel("several_state")
        self.write = Button(primary=True, key=key_name("Ctrl+Enter"))
        self.write.setObjectName("several_write")
        self.leave = Button(key=key_name("Esc"))
        self.leave.setObjectName("several_leave")
        for button in (self.write, self.leave):
            button.setAutoDefault(False)
        self._lay_out()
        self.search.textChanged.connect(self.model.search)
        self.all.clicked.connect(self._tick_all)
        self.model.ticked.connect(self._weigh)
        self.write.clicked.connect(self._confirm)
        self.leave.clicked.connect(self.reject)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self._confirm)
        self._say(Shape.RING, "mute", words("exporting.many.makes"))
        self._dress()
        self._weigh()
        self.search.setFocus()

    # ---- values in

    def show_rows(self, rows: Sequence[Row], ticked: Sequence[str] = ()) -> None:
        """Offer these cases."""
        self.model.show_rows([row for row in rows if row.case], ticked)
        self.model.search(self.search.text())

    def started(self, number: int) -> None:
        """That many are being written."""
        self.running = True
        self.progress.setRange(0, number)
        self.progress.setValue(0)
        self.progress.show()
        self._weigh()
        self.leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, done: int, of: int, number: str) -> None:
        """How far it is, and which case is being written now."""
        if self.running:
            self.progress.setValue(done)
            if not self._stopping:
                facts = {"done": grouped(done), "of": grouped(of), "number": number}
                self._say(Shape.DOTS, "info", self._words("exporting.many.doing", **facts))

    def finished_with(self, *, good: bool, sentence: str) -> None:
        """It is over, at its end or before; ``sentence`` says what was written and what was not."""
        self.running = self._stopping = False
        self.progress.hide()
        self._say(*((Shape.TICK, "ok") if good else (Shape.TRIANGLE, "warn")), sentence)
        self._weigh()
        announce(self.state, sentence)

    # ---- wishes out

    def reject(self) -> None:
        """Put the sheet away; while cases are being written, stop after the one under way."""
        if not self.running:
            super().reject()
        elif not self._stopping:
            self._stopping = True
            self._say(Shape.DOTS, "info", self._words("exporting.many.stopping"))
            self._weigh()
            self.stop_wanted.emit()

    @Slot()
    def _confirm(self) -> None:
        if self.write.isEnabled():
            self.export_wanted.emit(self.form.wish, self.model.chosen)

    @Slot()
    def _tick_all(self) -> None:
        self.model.tick_shown(self.model.shown is not Qt.CheckState.Checked)

    # ---- what is said

    _stopping = False

    def _state_of(self, row: Row) -> State:
        return state_of(row, False, self._words)

    @Slot()
    def _weigh(self) -> None:
        number = len(self.model.chosen)
        words = self._words
        self.all.setCheckState(self.model.shown)
        self.count.setText(words.many("exporting.many.chosen", number))
        self.write.setText(words("exporting.many.write", number=grouped(number)))
        self.write.setAccessibleName(self.write.text())
        self.write.setAccessibleDescription(self.state.text() if number else words("exporting.many.none"))
        self.write.setEnabled(bool(number) and not self.running)
        self.leave.setText(words("exporting.many.stop" if self.running else "exporting.many.close"))
        self.leave.setAccessibleName(self.leave.text())
        self.leave.setEnabled(not self._stopping)
        for part in (self.form, self.search, self.all, self.cases):
            part.setEnabled(not self.running)

    def _say(self, shape: Shape, kind: str, sentence: str) -> None:
        self.state.show_state(shape, kind, sentence)
        self.state.setAccessibleName(sentence)
        self.progress.setAccessibleDescription(sentence)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        t = tokens()
        wear(
            self.search,
            f"QLineEdit {{ background: {t.field}; border: 1px solid {t.edge}; border-radius: 4px; padding: 4px; }}"
            f"QLineEdit:focus {{ border: 2px solid {t.accent}; padding: 3px; }}",
        )
        wear(
            self.progress,
            f"QProgressBar {{ background: {t.track}; border: none; max-height: 8px; min-height: 8px; }}"
            f"QProgressBar::chunk {{ background: {t.info}; }}",
        )

    def _lay_out(self) -> None:
        scroll = QScrollArea()
        scroll.setObjectName("several_scroll")
        scroll.setAccessibleName(self._words("exporting.many.title"))
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFixedWidth(scaled(_FORM))
        held = QWidget()
        within = QVBoxLayout(held)
        within.setContentsMargins(0, 0, 12, 0)
        within.addWidget(self.form)
        scroll.setWidget(held)
        for ground in (scroll.viewport(), held):
            ground.setBackgroundRole(QPalette.ColorRole.Window)
        title = Label("several_title", bold=True, step=2)
        title.setText(self._words("exporting.many.title"))
        head = QHBoxLayout()
        head.addWidget(self.all)
        head.addStretch(1)
        head.addWidget(self.count)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.search)
        right.addLayout(head)
        right.addWidget(self.cases, 1)
        halves = QHBoxLayout()
        halves.setSpacing(16)
        halves.addWidget(scroll)
        halves.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.state, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.leave)
        foot.addWidget(self.write)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addWidget(title)
        whole.addLayout(halves, 1)
        whole.addWidget(self.progress)
        whole.addLayout(foot)
        window = self.parentWidget()
        room = window.size() - QSize(24, 24) if window else _SIZE
        self.resize(QSize(scaled(_SIZE.width()), scaled(_SIZE.height())).boundedTo(room))

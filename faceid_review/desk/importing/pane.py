"""The import page: what was dropped, what was recognised in it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from faceid_review.desk.buttons import Button, key_name
from faceid_review.desk.importing import wording
from faceid_review.desk.importing.drop_area import DropArea
from faceid_review.desk.importing.model import PlacesModel
from faceid_review.desk.importing.table import PlacesTable
from faceid_review.desk.importing.wording import Phase
from faceid_review.desk.intake.fact_lines import FactLines
from faceid_review.desk.intake.parts import Band, Remark
from faceid_review.desk.intake.progress_bar import Tally
from faceid_review.desk.intake.switch import IMPORT, Switch
from faceid_review.desk.line import Label
from faceid_review.desk.palette import tokens, wear
from faceid_review.desk.preferences.page import announce
from faceid_review.i18n import Words, grouped
from faceid_review.review.intake import Kept, Looked, Preview

_START, _START_TOO = QKeySequence("Ctrl+Enter"), QKeySequence("Ctrl+Return")
_CANCEL = QKeySequence("Esc")
_FILES = QKeySequence("Ctrl+O")
_LEFT_LEAST, _LEFT_MOST = 232, 348
_OF_1000 = 1000


class ImportPage(QWidget):
    """Shows a preview and an import; reads no file and writes nothing. Only Import 3 has anything written.

    ``offered`` carries what was dropped or pasted; ``files_wanted`` and ``folder_wanted`` ask for a dialog.
    ``cancel_wanted`` stops what is under way, or puts a preview away.
    """

    offered = Signal(object)
    files_wanted = Signal()
    folder_wanted = Signal()
    import_wanted = Signal()
    cancel_wanted = Signal()
    open_wanted = Signal(str)

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("importing")
        self._words = words
        self._phase = Phase.EMPTY
        self._preview: Preview | None = None
        self._kept: Kept | None = None
        self._looked: Looked | None = None
        self._stopping = False
        self._facts: dict[str, str] = {}
        self._model = PlacesModel(words, self)
        self._make_parts()
        self._lay_out()
        self._make_actions()
        self.area.offered.connect(self.offered)
        self.area.clicked.connect(self.files_wanted)
        self.files.clicked.connect(self.files_wanted)
        self.folder.clicked.connect(self.folder_wanted)
        self.paste.clicked.connect(self.area.paste)
        self.table.link_taken.connect(self._open)
        self.setFocusProxy(self.area)
        self._dress()
        self.speak(words)

    # ---- values in

    @property
    def phase(self) -> Phase:
        """Where the import stands."""
        return self._phase

    def clear(self) -> None:
        """Nothing given, nothing found."""
        self._preview = self._kept = None
        self._go(Phase.EMPTY)
        self._model.show_places((), Phase.EMPTY)
        self._refresh()

    def look_started(self) -> None:
        """What was given is being read."""
        self._preview = self._kept = None
        self._model.show_places((), Phase.LOOKING)
        self._go(Phase.LOOKING)

    def show_preview(self, preview: Preview) -> None:
        """Show what was found; nothing of it is written yet."""
        self._preview, self._kept = preview, None
        self._model.show_places(preview.places, Phase.FOUND)
        self._go(Phase.FOUND)
        announce(self.counts, self.counts.accessibleName())
        if self.start.isEnabled():
            self.start.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep_started(self) -> None:
        """What was found is being kept."""
        held_focus = self.start.hasFocus()
        self._go(Phase.KEEPING)
        self._model.show_phase(Phase.KEEPING)
        if held_focus:
            self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, looked: Looked) -> None:
        """How far the reading or the import is."""
        if self._phase.running:
            self._looked = looked
            self._say_progress()

    def show_kept(self, kept: Kept) -> None:
        """The import is over, at its end or before."""
        rest = wording.not_come_to(self._preview, kept)
        self._kept = kept
        self._model.show_places((*kept.places, *rest), Phase.DONE, len(kept.places))
        self._go(Phase.DONE)
        announce(self.note, self.note.text())
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._model.rowCount():
            self.table.setCurrentIndex(self._model.index(0, 0))

    def show_ready(self, facts: Mapping[str, str]) -> None:
        """Say what is ready, in words of the language in force; ``problem`` keeps Import shut and says why."""
        self._facts = dict(facts)
        self._refresh()

    def speak(self, words: Words) -> None:
        """Say everything in ``words``."""
        self._words = words
        self.setAccessibleName(words("importing.title"))
        self.switch.speak(words)
        self.aside.setText(words("importing.aside"))
        self.heading.setText(words("importing.heading"))
        self.area.speak(words)
        for button, said in (
            (self.files, words("importing.choose_files")),
            (self.folder, words("importing.choose_folder")),
            (self.paste, words("importing.paste")),
        ):
            button.setText(said)
            button.setAccessibleName(said)
        self.paste_action.setText(words("importing.paste"))
        self.table.speak(words)
        self._model.speak(words)
        self.info.setText(words("importing.info"))
        self._refresh()

    # ---- wishes out

    @Slot(int)
    def _open(self, row: int) -> None:
        if biz_id := self._model.opens(row):
            self.open_wanted.emit(biz_id)

    @Slot()
    def _cancel(self) -> None:
        if self._phase.running:
            self._stopping = True
            self._refresh()
        self.cancel_wanted.emit()

    # ---- what is said

    def _go(self, phase: Phase) -> None:
        self._phase, self._stopping, self._looked = phase, False, None
        self._refresh()

    @property
    def _places(self) -> int:
        """How many places an import would take in."""
        return sum(n for kind, n in self._preview.counts.items() if kind.taken_in) if self._preview else 0

    @Slot()
    def _refresh(self) -> None:
        words, running, number = self._words, self._phase.running, self._places
        can = self._phase is Phase.FOUND and number > 0 and not self._facts.get("problem")
        self.start_action.setEnabled(can)
        self.start.setEnabled(can)
        shown = number if self._phase in (Phase.FOUND, Phase.KEEPING) else 0
        self.start_action.setText(words("importing.start", number=shown))
        self.start.setText(words("importing.start", number=grouped(shown)))
        self.start.setAccessibleName(self.start_action.text())
        offer = running or self._phase in (Phase.FOUND, Phase.DONE)
        said = words("importing.stop" if running else "importing.clear" if self._phase is Phase.DONE
                     else "importing.cancel")  # fmt: skip
        self.cancel.setText(said)
        self.cancel.setAccessibleName(said)
        self.cancel.setVisible(offer)
        self.cancel_action.setText(said)
        for enabled in (self.cancel, self.cancel_action):
            enabled.setEnabled(offer and not self._stopping)
        for button in (self.files, self.folder, self.paste, self.area):
            button.setEnabled(self._phase is not Phase.KEEPING)
        values = {name: words(f"importing.value.{name}") for name in self._keeps.values}
        keys = {name: words(f"importing.fact.{name}") for name in self._keeps.names}
        self._keeps.say(keys, values, self._facts, words)
        places = self._kept.places if self._kept else self._preview.places if self._preview else ()
        self.counts.show_items(wording.counts(places, words), words("importing.comma"))
        self._above.setVisible(bool(places))
        self.note.setText(self._note())
        self._say_progress()

    def _note(self) -> str:
        words = self._words
        if self._stopping:
            return words("importing.note.stopping")
        match self._phase:
            case Phase.EMPTY:
                return words("importing.note.empty")
            case Phase.LOOKING:
                return words("importing.note.looking")
            case Phase.KEEPING:
                return words("importing.note.keeping")
            case Phase.DONE if self._kept:
                left = sum(place.kind.taken_in for place in wording.not_come_to(self._preview, self._kept))
                return wording.result(self._kept, left, words)
        if problem := self._facts.get("problem"):
            return problem
        return words("importing.note.found" if self._places else "importing.note.nothing")

    def _say_progress(self) -> None:
        words, running, looked = self._words, self._phase.running, self._looked
        phase = f"importing.phase.{self._phase.name.lower()}"
        said = wording.came(looked, words, self._phase) if running else words(phase)
        self.doing.setText(said)
        self.progress.setVisible(running)
        self.progress.setAccessibleName(words("importing.progress"))
        self.progress.setAccessibleDescription(said)
        # Bytes tell more than files; where their number is not known yet, nothing is claimed.
        of = (looked.size or looked.whole) if looked else 0
        done = (looked.read if looked.size else looked.done) if looked else 0
        self.progress.setValue(min(_OF_1000, done * _OF_1000 // of) if of else 0)

    # ---- parts

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._divide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._divide()
        elif event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _divide(self) -> None:
        """The area takes what its words need, within a third of the page; the table has the rest."""
        scale = self.fontMetrics().height() / 18
        most = max(round(_LEFT_LEAST * scale), self.width() * 34 // 100)
        self._left.setFixedWidth(min(round(_LEFT_MOST * scale), most))
        buttons = self.cancel.sizeHint().width() + self.start.sizeHint().width() + 16
        beside = (self.width() - 72) * 5 // 8 - buttons > 30 * self.note.fontMetrics().horizontalAdvance("0")
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._wishes.setDirection(across if beside else down)

    def _dress(self) -> None:
        t = tokens()
        wear(
            self.progress,
            f"QProgressBar {{ background: {t.track}; border: none; max-height: 8px; min-height: 8px; }}"
            f"QProgressBar::chunk {{ background: {t.info}; }}",
        )

    def _make_parts(self) -> None:
        self.switch = Switch(IMPORT)
        self.aside = Label("importing_aside", ink="text2", step=-1)
        self.heading = Label("importing_heading", bold=True, wrap=True)
        self.area = DropArea(self._words)
        self.files = Button(key=key_name(_FILES), icon="file")
        self.folder = Button(icon="folder")
        self.paste = Button(key=key_name(QKeySequence(QKeySequence.StandardKey.Paste)))
        for button, name in ((self.files, "files"), (self.folder, "folder"), (self.paste, "paste")):
            button.setObjectName(f"choose_{name}")
        self.counts = Tally("importing_counts")
        self.table = PlacesTable(self._model)
        self.info = Remark("importing_info")
        self._keeps = FactLines(("sends", "keeps", "second"), "import_")
        self.doing = Label("importing_doing", bold=True, wrap=True)
        self.progress = QProgressBar()
        self.progress.setObjectName("importing_progress")
        self.progress.setRange(0, _OF_1000)
        self.progress.setTextVisible(False)
        self.note = Label("importing_note", ink="text2", step=-1, wrap=True)
        self.cancel = Button(key=key_name(_CANCEL))
        self.cancel.setObjectName("importing_cancel")
        self.start = Button(primary=True, key=key_name(_START))
        self.start.setObjectName("importing_start")

    def _make_actions(self) -> None:
        self.start_action = self._action("importing_start_action", _START, _START_TOO)
        self.start_action.triggered.connect(self.import_wanted)
        self.start.clicked.connect(self.start_action.trigger)
        self.cancel_action = self._action("importing_cancel_action", _CANCEL)
        self.cancel_action.triggered.connect(self._cancel)
        self.cancel.clicked.connect(self.cancel_action.trigger)
        self.paste_action = self._action(
            "importing_paste_action", QKeySequence(QKeySequence.StandardKey.Paste)
        )
        self.paste_action.triggered.connect(self._paste)
        chain: Sequence[QWidget] = (self.switch, self.area, self.files, self.folder, self.paste, self.table,
                                    self.cancel, self.start)  # fmt: skip
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    @Slot()
    def _paste(self) -> None:
        if self.area.isEnabled():
            self.area.paste()

    def _action(self, name: str, *keys: QKeySequence) -> QAction:
        action = QAction(self)
        action.setObjectName(name)
        action.setShortcuts(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        bar = Band("panel", Qt.Edge.BottomEdge)
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addWidget(self.switch)
        row.addStretch(1)
        row.addWidget(self.aside)

        self._left = Band("panel", Qt.Edge.RightEdge)
        column = QVBoxLayout(self._left)
        column.setContentsMargins(16, 12, 13, 12)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addWidget(self.area, 1)
        column.addWidget(self.files)
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(self.folder)
        choices.addWidget(self.paste)
        choices.addStretch(1)
        column.addLayout(choices)

        right = Band("panel")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(0)
        self._above = QWidget()
        counts = QHBoxLayout(self._above)
        counts.setContentsMargins(12, 12, 16, 12)
        counts.addWidget(self.counts)
        column.addWidget(self._above)
        column.addWidget(self.table, 1)
        column.addSpacing(12)
        box = QHBoxLayout()
        box.setContentsMargins(12, 0, 16, 0)
        box.addWidget(self.info)
        column.addLayout(box)

        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._left)
        body.addWidget(right, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(bar)
        page.addLayout(body, 1)
        page.addWidget(self._foot())

    def _foot(self) -> QWidget:
        foot = Band("window", Qt.Edge.TopEdge)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self.doing)
        column.addWidget(self.progress)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.start)
        self._wishes = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._wishes.setSpacing(8)
        self._wishes.addWidget(self.note, 1)
        self._wishes.addLayout(buttons)
        column.addLayout(self._wishes)
        column.addStretch(1)
        both = QHBoxLayout(foot)
        both.setContentsMargins(16, 12, 16, 12)
        both.setSpacing(24)
        both.addLayout(self._keeps, 3)
        both.addLayout(column, 5)
        foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return foot

"""The window that checks a snapshot: a file is chosen or dropped, and what it proves and does not prove is said."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from faceid_review.desk import palette
from faceid_review.desk.buttons import Button, key_name
from faceid_review.desk.importing.offered import can_offer, offered
from faceid_review.desk.intake.parts import StateLabel
from faceid_review.desk.line import Label
from faceid_review.desk.preferences.field import Field, Kind
from faceid_review.desk.preferences.page import Strip, announce, joined, scaled
from faceid_review.desk.shapes import Shape
from faceid_review.i18n import Words
from faceid_review.snapshot.verify import NOT_PROVEN, PROVES, Verdict, fingerprint_of

_SIZE: Final = QSize(760, 720)
_SHAPES: Final = {True: (Shape.TICK, "ok"), False: (Shape.TRIANGLE, "stop"), None: (Shape.DASH, "text2")}
_PASSWORD: Final = ("password_needed", "password_wrong")


class Asked(NamedTuple):
    """A file to be checked, the fingerprint that must have signed it (or empty), and its password (or empty)."""

    path: Path
    key: str = ""
    password: str = ""


class VerifyWindow(QDialog):
    """Reads no file. ``check_wanted`` carries an :class:`Asked`, ``file_wanted`` and ``key_wanted`` ask for a dialog."""

    check_wanted = Signal(object)
    file_wanted = Signal()
    key_wanted = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("verify_window")
        self._words = words
        self._path: Path | None = None
        self._verdict: Verdict | None = None
        self._problem = ""
        self._waiting = False
        self.area = _Area()
        self.choose = Button(icon="file", key=key_name("Ctrl+O"))
        self.choose.setObjectName("verify_choose")
        self.choose.setShortcut("Ctrl+O")
        self.about = Label("verify_about", ink="text2", step=-1, wrap=True)
        self.drop = Label("verify_drop", bold=True, wrap=True)
        self.key_file = Button()
        self.key_file.setObjectName("verify_key_file")
        self.key = Field("verify_key", fixed=True, beside=self.key_file)
        self.password = Field("verify_password", secret=True)
        self.again = Button()
        self.again.setObjectName("verify_again")
        self.close_ = Button(key=key_name("Esc"))
        self.close_.setObjectName("verify_close")
        for button in (self.choose, self.key_file, self.again, self.close_):
            button.setAutoDefault(False)
        self.banner = Strip(Shape.RING, "mute")
        self.banner.setObjectName("verify_banner")
        self.lines = QVBoxLayout()
        self._lay_out()
        self.choose.clicked.connect(self.file_wanted)
        self.key_file.clicked.connect(self.key_wanted)
        self.again.clicked.connect(self._ask)
        self.close_.clicked.connect(self.reject)
        self.key.entered.connect(self._ask)
        self.key.changed.connect(self._weigh)
        self.password.entered.connect(self._ask)
        self.area.dropped.connect(self.offer)
        self.setAcceptDrops(True)
        self.speak(words)
        self.choose.setFocus()

    # ---- values in

    def take(self, path: Path) -> None:
        """Check this file."""
        self._path, self._verdict, self._problem = path, None, ""
        self.password.wipe()
        self.password.hide()
        self._ask()

    def take_key(self, fingerprint: str) -> None:
        """Put a key's fingerprint into its field and check again."""
        self.key.set_text(fingerprint)
        self._ask()

    def refuse(self, sentence: str) -> None:
        """Say why there is nothing to be checked."""
        self._waiting, self._verdict, self._problem = False, None, sentence
        self._tell()

    def show_verdict(self, asked: Asked, verdict: Verdict) -> None:
        """What was found; of a file that was asked about before it is dropped."""
        if asked.path == self._path:
            self._waiting, self._verdict = False, verdict
            needs = any(finding.code in _PASSWORD for finding in verdict.findings)
            self.password.setVisible(needs or bool(asked.password))
            self._tell()
            if needs:
                self.password.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words``."""
        self._words = words
        self.setWindowTitle(words("verifying.title"))
        self.about.setText(words("verifying.about"))
        self.key.speak(words("verifying.key"), placeholder=words("verifying.key_hint"))
        self.password.speak(
            words("verifying.password"),
            placeholder=words("verifying.password_hint"),
            show=words("verifying.show"),
            hide=words("verifying.hide"),
        )
        for button, key in (
            (self.choose, "choose"),
            (self.key_file, "key_file"),
            (self.again, "again"),
            (self.close_, "close"),
        ):
            button.setText(words(f"verifying.{key}"))
            button.setAccessibleName(button.text())
        self._scroll.setAccessibleName(words("verifying.result"))
        self._tell()

    # ---- wishes out

    @Slot(object)
    def offer(self, mime: object) -> None:
        """Something was dropped."""
        given = offered(mime)  # type: ignore[arg-type]  # a signal carries any object
        if len(given.paths) == 1:
            self.take(given.paths[0])
        elif given.paths:
            self.refuse(self._words("verifying.one"))
        else:
            self.refuse(self._words("verifying.remote"))

    @Slot()
    def _ask(self) -> None:
        self._weigh()
        if self._path is None or (self.key.value and not fingerprint_of(self.key.value)):
            return
        self._waiting, self._problem = True, ""
        self._tell()
        self.check_wanted.emit(
            Asked(
                self._path, fingerprint_of(self.key.value) or "", self.password.text if self._locked else ""
            )
        )

    @property
    def _locked(self) -> bool:
        return not self.password.isHidden()

    # ---- what is said

    @Slot()
    def _weigh(self) -> None:
        typed = self.key.value
        bad = bool(typed) and fingerprint_of(typed) is None
        self.key.remark.say(Kind.WRONG, self._words("verifying.key_bad") if bad else "")
        self.again.setEnabled(self._path is not None and not bad and not self._waiting)

    def _tell(self) -> None:
        words = self._words
        name = self._path.name if self._path else ""
        self.drop.setText(name or words("verifying.drop"))
        self.area.setAccessibleName(name or words("verifying.drop"))
        while (item := self.lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        verdict = self._verdict
        if self._waiting:
            self._head(Shape.DOTS, "info", words("verifying.doing", name=name))
        elif self._problem:
            self._head(Shape.TRIANGLE, "warn", self._problem)
        elif verdict is None:
            self.banner.say("")
        else:
            self._say(verdict)
        self._weigh()
        announce(self.banner, self.banner.accessibleName())

    def _say(self, verdict: Verdict) -> None:
        words = self._words
        if verdict.good:
            kind = (Shape.TICK, "ok") if verdict.key == "same" else (Shape.HALF, "info")
            said = words(f"signing.verdict.{verdict.key}", fingerprint=verdict.signer)
            self._head(*kind, words("verifying.whole"), said)
        elif verdict.locked:
            self._head(Shape.HALF, "info", words("verifying.locked"), words("signing.verdict.locked"))
        else:
            unsigned = any(finding.code == "not_signed" for finding in verdict.findings)
            said = words("verifying.not_signed" if unsigned else "verifying.not_whole")
            self._head(Shape.TRIANGLE, "stop", said, words("signing.verdict.bad"))
        # What is wrong stands first: whoever checks a file looks for it.
        order = {False: 0, True: 1, None: 2}
        findings = sorted(verdict.findings, key=lambda finding: order[finding.good])
        self._group("checks", [(*_SHAPES[one.good], one.text(words)) for one in findings])
        proven = [(Shape.TICK, "ok", words(f"signing.proves.{what}")) for what in PROVES]
        nots = [(Shape.RING, "text2", words(f"signing.not_proven.{what}")) for what in NOT_PROVEN]
        self._group("proves", [*(proven if verdict.good else ()), *nots])
        self.lines.addStretch(1)

    def _head(self, shape: Shape, kind: str, statement: str, sentence: str = "") -> None:
        self.banner.set_kind(shape, kind)
        self.banner.say(statement, sentence)
        if sentence:
            self.banner.setAccessibleName(
                joined(self._words, statement + ("。" if self._words.lang == "zh" else "."), sentence)
            )

    def _group(self, name: str, lines: list[tuple[Shape, str, str]]) -> None:
        title = Label(f"verify_{name}", ink="text2", step=-1, bold=True)
        title.setText(self._words(f"verifying.{name}"))
        title.setContentsMargins(0, 8, 0, 2)
        self.lines.addWidget(title)
        for number, (shape, kind, sentence) in enumerate(lines):
            line = StateLabel(f"verify_{name}_{number}")
            line.show_state(shape, kind, sentence)
            line.setAccessibleName(sentence)
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.lines.addWidget(line)

    # ---- looks

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.area.dragEnterEvent(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.area.dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.area.dropEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.area.update()

    def _lay_out(self) -> None:
        within = QHBoxLayout(self.area)
        within.setContentsMargins(16, 14, 16, 14)
        within.setSpacing(12)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self.drop)
        said.addWidget(self.about)
        within.addLayout(said, 1)
        within.addWidget(self.choose)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("verify_scroll")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        held = _Held()
        self.lines = QVBoxLayout(held)
        self.lines.setContentsMargins(0, 0, 12, 0)
        self.lines.setSpacing(4)
        self._scroll.setWidget(held)
        for ground in (self._scroll.viewport(), held):
            ground.setBackgroundRole(QPalette.ColorRole.Window)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.again)
        foot.addWidget(self.close_)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addWidget(self.area)
        whole.addWidget(self.key)
        whole.addWidget(self.password)
        whole.addWidget(self.banner)
        whole.addWidget(self._scroll, 1)
        whole.addLayout(foot)
        self.password.hide()
        window = self.parentWidget()
        room = window.size() - QSize(24, 24) if window else _SIZE
        self.resize(QSize(scaled(_SIZE.width()), scaled(_SIZE.height())).boundedTo(room))


class _Held(QWidget):
    """The ground of the lines. Their own least height is that of lines that break early, and would always scroll."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


class _Area(QWidget):
    """The framed ground on which a file can be let go."""

    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("verify_area")
        self._over = False

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if can_offer(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._lit(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._lit(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._lit(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(event.mimeData())

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(t.accent if self._over else t.edge), 1)
        pen.setDashPattern([4.0, 3.0])
        painter.setPen(pen)
        painter.setBrush(QColor(t.sel if self._over else t.field))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _lit(self, over: bool) -> None:
        self._over = over
        self.update()

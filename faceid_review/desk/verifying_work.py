"""Joins the checking window to the check: it needs no session, and reads and checks off the GUI thread."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

import platformdirs
from PySide6.QtCore import QObject, Slot

from faceid_review.desk import wording
from faceid_review.desk.exporting.verifying import Asked, VerifyWindow
from faceid_review.desk.relay import Relay
from faceid_review.desk.window import Window
from faceid_review.errors import ReviewError, Usage
from faceid_review.i18n import Words
from faceid_review.snapshot import verify
from faceid_review.snapshot.verify import Verdict

_MOST: Final = 1024 * 1024 * 1024
"""Bytes of a file that is read; no snapshot comes near it."""

_KEY: Final = 64 * 1024


class Verifying(QObject):
    """The window under File > Verify a snapshot. It works with the vault locked, and with none at all."""

    def __init__(self, words: Words, window: Window) -> None:
        super().__init__(window)
        self._words, self._window = words, window
        self._relay = Relay(self)
        self._folder = Path(platformdirs.user_downloads_dir())
        self.shown: VerifyWindow | None = None
        window.actions_["verify"].triggered.connect(self.open)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words`` from now on."""
        self._words = words
        if self.shown is not None:
            self.shown.speak(words)

    def close(self) -> None:
        """Wait for what is under way."""
        self._relay.close()
        if self.shown is not None:
            self.shown.close()

    @Slot()
    def open(self) -> None:
        """Bring the window to the front."""
        if self.shown is None:
            self.shown = VerifyWindow(self._words, self._window)
            self.shown.file_wanted.connect(self._choose)
            self.shown.key_wanted.connect(self._choose_key)
            self.shown.check_wanted.connect(self._check)
            self.shown.finished.connect(self._closed)
        self.shown.show()
        self.shown.activateWindow()

    @Slot()
    def _choose(self) -> None:
        chosen = self._window.sheets.open_paths(self._words("verifying.pick"), self._folder)
        if chosen and self.shown is not None:
            self._folder = chosen[0].parent
            if len(chosen) == 1:
                self.shown.take(chosen[0])
            else:
                self.shown.refuse(self._words("verifying.one"))

    @Slot()
    def _choose_key(self) -> None:
        chosen = self._window.sheets.open_paths(self._words("verifying.pick_key"), self._folder)
        if chosen and self.shown is not None:
            self._relay.run(partial(_fingerprint, chosen[0]), self.shown.take_key, self._refused)

    @Slot(object)
    def _check(self, asked: Asked) -> None:
        self._relay.run(partial(_verdict, asked), partial(self._found, asked), self._refused)

    def _found(self, asked: Asked, verdict: Verdict) -> None:
        if self.shown is not None:
            self.shown.show_verdict(asked, verdict)

    def _refused(self, error: ReviewError) -> None:
        if self.shown is not None:
            self.shown.refuse(wording.sentence(error, self._words))

    @Slot()
    def _closed(self) -> None:
        if self.shown is not None:
            self.shown.deleteLater()
        self.shown = None


def _verdict(asked: Asked) -> Verdict:
    return verify.verify(_read(asked.path, _MOST), asked.key or None, asked.password or None)


def _fingerprint(path: Path) -> str:
    found = verify.fingerprint_in(_read(path, _KEY))
    if found is None:
        raise Usage("not_a_key", name=path.name)
    return found


def _read(path: Path, most: int) -> bytes:
    failure = ""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        failure = error.strerror or type(error).__name__
    if failure:
        raise Usage("not_read", name=path.name, kind=failure)
    if len(data) > most:
        raise Usage("not_read_large", name=path.name)
    return data

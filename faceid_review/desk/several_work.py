"""Joins the export of several cases to the session: written off the GUI thread, one after the other, until stopped."""

from __future__ import annotations

import threading
from datetime import datetime
from functools import partial
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, Signal, Slot

from faceid_review.desk import wording
from faceid_review.desk.exporting.several import SeveralSheet
from faceid_review.desk.exporting.wish import Wish
from faceid_review.desk.exporting_work import Exporting, offers, wanted
from faceid_review.desk.queue.model import Row
from faceid_review.desk.window import Window
from faceid_review.desk.work import Work
from faceid_review.errors import ReviewError
from faceid_review.i18n import Words, grouped
from faceid_review.snapshot.batch import Batch, Line, export_all


class Several(QObject):
    """Many cases into one folder. Each run gets a folder of its own, so that nothing there is written over."""

    figures_changed = Signal()

    def __init__(self, words: Words, window: Window, work: Work, exporting: Exporting) -> None:
        super().__init__(work)
        self._words, self._window, self._work, self._exporting = words, window, work, exporting
        self._folder = Path(platformdirs.user_documents_dir())
        self._stop = threading.Event()
        self._over = 0
        self.sheet: SeveralSheet | None = None
        window.actions_["export_many"].triggered.connect(self.open)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words`` from now on. A sheet that is open keeps its own."""
        self._words = words

    @property
    def doing(self) -> str:
        """What goes on, for the foot of the window; empty while nothing does."""
        return self._words("exporting.many.going_on") if self.running else ""

    @property
    def running(self) -> bool:
        """Whether cases are being written."""
        return self.sheet is not None and self.sheet.running

    def stop(self) -> None:
        """Write nothing more after what is under way."""
        self._stop.set()

    def close(self) -> None:
        """The window goes: stop, and put the sheet away."""
        self.stop()
        if self.sheet is not None:
            self.sheet.done(0)

    @Slot()
    def open(self) -> None:
        """The sheet, with the case on show and no other ticked."""
        if self.sheet is not None:
            return
        wish = self._exporting.wish()
        sheet = self.sheet = SeveralSheet(self._words, offers(self._words), wish, self._window)
        sheet.export_wanted.connect(self._export)
        sheet.stop_wanted.connect(self.stop)
        sheet.finished.connect(self._closed)
        sheet.open()
        session = self._work.session
        self._work.run(
            lambda: [Row.of(row) for row in session.casebook.search("")],
            partial(self._read, sheet),
            partial(self._failed, sheet),
        )

    def _read(self, sheet: SeveralSheet, rows: list[Row]) -> None:
        if sheet is self.sheet:
            on_show = self._window.case.case
            sheet.show_rows(rows, [on_show.biz_id] if on_show else [])

    @Slot(object, object)
    def _export(self, wish: Wish, biz_ids: tuple[str, ...]) -> None:
        sheet = self.sheet
        if sheet is None or sheet.running:
            return
        chosen = self._window.sheets.open_folder(self._words("exporting.many.pick_folder"), self._folder)
        if chosen is None:
            return
        self._folder = chosen
        folder = chosen / f"faceid-review-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}"
        self._stop, self._over = threading.Event(), 0
        self._exporting.wished(wish)
        sheet.started(len(biz_ids))
        self.figures_changed.emit()
        session = self._work.session
        came = partial(self._work.hand, partial(self._came, sheet, len(biz_ids)))
        stop = self._stop.is_set
        self._work.run(
            lambda: export_all(
                session.delivery, session.casebook.open, biz_ids, folder, wanted(wish), came, stop
            ),
            partial(self._done, sheet, folder),
            partial(self._failed, sheet),
        )

    def _came(self, sheet: SeveralSheet, of: int, line: Line) -> None:
        self._over += 1
        if sheet is self.sheet:
            sheet.show_progress(self._over, of, line.case)
        self.figures_changed.emit()

    def _done(self, sheet: SeveralSheet, folder: Path, batch: Batch) -> None:
        words = self._words
        written = sum(line.done is not None for line in batch.lines)
        said = [
            words.many("exporting.many.stopped", written, folder=folder.name, left=grouped(batch.left))
            if batch.left
            else words.many("exporting.many.done", written, folder=folder.name)
        ]
        failed = [line for line in batch.lines if line.error is not None]
        if failed and failed[0].error is not None:
            first = failed[0].case or failed[0].biz_id
            sentence = wording.sentence(failed[0].error, words)
            said.append(words.many("exporting.many.failed", len(failed), name=first, sentence=sentence))
        if sheet is self.sheet:
            sheet.finished_with(
                good=not failed and not batch.left, sentence=("" if words.lang == "zh" else " ").join(said)
            )
        self.figures_changed.emit()

    def _failed(self, sheet: SeveralSheet, error: ReviewError) -> None:
        sentence = wording.sentence(error, self._words)
        if sheet is self.sheet:
            written = self._words.many("exporting.many.until", self._over) if self._over else ""
            sheet.finished_with(
                good=False,
                sentence=("" if self._words.lang == "zh" else " ").join(filter(None, (sentence, written))),
            )
        self.figures_changed.emit()

    @Slot()
    def _closed(self) -> None:
        if self.sheet is not None:
            self.sheet.deleteLater()
        self.sheet = None

"""Joins the import page to the session: what is given is looked at, then kept, off the GUI thread, until stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, Signal, Slot

from faceid_review.desk.importing.offered import MOST, Offered
from faceid_review.desk.importing.wording import Phase
from faceid_review.desk.window import Window
from faceid_review.desk.work import Work
from faceid_review.errors import ReviewError
from faceid_review.i18n import Words, grouped
from faceid_review.review.intake import Kept, Looked, Pasted, Preview, Source


class Importing(QObject):
    """Everything that comes in as a file. ``doing`` is one sentence on what goes on, or empty."""

    figures_changed = Signal()
    imported = Signal()
    """Something was written: lists are to be read anew."""

    def __init__(self, words: Words, window: Window, work: Work) -> None:
        super().__init__(work)
        self._words, self._window, self._work = words, window, work
        self._page = window.importing
        self._sources: dict[Source, None] = {}
        self._preview: Preview | None = None
        self._stop = threading.Event()
        self._errand = 0
        self._pasted = 0
        self._folder = Path(platformdirs.user_downloads_dir())
        page = self._page
        page.offered.connect(self.offer)
        page.files_wanted.connect(self.choose_files)
        page.folder_wanted.connect(self.choose_folder)
        page.import_wanted.connect(self._keep)
        page.cancel_wanted.connect(self.cancel)
        window.door.dropped.connect(self.drop)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words`` from now on."""
        self._words = words

    @property
    def doing(self) -> str:
        """What goes on, for the foot of the window; empty while nothing does."""
        return self._words("importing.doing") if self._page.phase is Phase.KEEPING else ""

    @Slot(object)
    def drop(self, offered: Offered) -> None:
        """Something was let go over the window: show the page, then as :meth:`offer`."""
        self._window.show_page(self._page)
        self.offer(offered)

    @Slot(object)
    def offer(self, offered: Offered) -> None:
        """Look at what was dropped or pasted, together with what lies there already."""
        if self._page.phase is Phase.KEEPING:
            self._say("importing.refused.running")
            return
        if offered.refused:
            self._say(offered.refused)
        else:
            self._window.notice.dismiss()
        if offered.text:
            self._pasted += 1
            label = self._words("importing.pasted", number=self._pasted)
            self._look([Pasted(label, offered.text.encode("utf-8", "surrogatepass"))])
        elif offered.paths:
            self._look(offered.paths)

    @Slot()
    def choose_files(self) -> None:
        """Ask for files."""
        if self._page.phase is not Phase.KEEPING:
            self._take(self._window.sheets.open_paths(self._words("importing.pick_files"), self._folder))

    @Slot()
    def choose_folder(self) -> None:
        """Ask for a folder."""
        if self._page.phase is not Phase.KEEPING:
            folder = self._window.sheets.open_folder(self._words("importing.pick_folder"), self._folder)
            self._take([folder] if folder else [])

    @Slot()
    def cancel(self) -> None:
        """Stop what is under way, or put away what lies there. What is kept stays kept."""
        self._stop.set()
        if self._page.phase is not Phase.KEEPING:
            self._errand += 1
            self._sources.clear()
            self._preview = None
            self._page.clear()
            self.figures_changed.emit()

    def _take(self, paths: list[Path]) -> None:
        if paths:
            self._folder = paths[0].parent
            self._look(paths)

    # ---- looking

    def _look(self, sources: Iterable[Source]) -> None:
        if self._page.phase is Phase.DONE:
            self._sources.clear()
        self._sources.update(dict.fromkeys(sources))
        self._preview = None
        given, stop, came = tuple(self._sources), *self._begin()
        self._page.look_started()
        session, errand = self._work.session, self._errand
        self._work.run(
            lambda: session.look_at(given, came, stop.is_set),
            partial(self._looked, errand),
            partial(self._failed, errand),
        )

    def _looked(self, errand: int, preview: Preview) -> None:
        if errand == self._errand and not preview.cancelled:
            self._preview = preview
            self._page.show_preview(preview)
            self.figures_changed.emit()

    # ---- keeping

    @Slot()
    def _keep(self) -> None:
        if self._preview is None or self._page.phase is not Phase.FOUND:
            return
        preview, stop, came = self._preview, *self._begin()
        self._page.keep_started()
        self.figures_changed.emit()
        session, errand = self._work.session, self._errand
        self._work.run(
            lambda: session.take_in(preview, came, stop.is_set),
            partial(self._kept, errand),
            partial(self._failed, errand),
        )

    def _kept(self, errand: int, kept: Kept) -> None:
        self._page.show_kept(kept)
        self._sources.clear()
        self._preview = None
        if kept.error is not None:
            self._window.notice.show_error(kept.error)
        self._work.survey_again()
        on_show = self._window.case.case
        if on_show is not None and any(place.biz_id == on_show.biz_id for place in kept.places):
            self._work.open_again(on_show.biz_id)
        self.imported.emit()
        self.figures_changed.emit()

    # ---- both

    def _begin(self) -> tuple[threading.Event, Callable[[Looked], None]]:
        """A new errand: whatever an earlier one still has to say is left aside."""
        self._stop.set()
        self._stop = threading.Event()
        self._errand += 1
        return self._stop, partial(self._work.hand, partial(self._came, self._errand))

    def _came(self, errand: int, looked: Looked) -> None:
        if errand == self._errand:
            self._page.show_progress(looked)

    def _failed(self, errand: int, error: ReviewError) -> None:
        self._window.notice.show_error(error)
        if errand == self._errand:
            self._sources.clear()
            self._preview = None
            self._page.clear()
            self.imported.emit()

    def _say(self, key: str) -> None:
        self._window.notice.show_sentence(lambda words: words(key, most=grouped(MOST)))

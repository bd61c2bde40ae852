"""Joins the export to the session: one key with the last wish, the sheet with its preview, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import platformdirs
from PySide6.QtCore import QObject, Signal, Slot

from faceid_review.desk import wording
from faceid_review.desk.exporting import pages as paper
from faceid_review.desk.exporting.pages import Drawn, Pages
from faceid_review.desk.exporting.sheet import ExportSheet
from faceid_review.desk.exporting.wish import PAGES, Offer, Wish
from faceid_review.desk.window import Window
from faceid_review.desk.work import Work
from faceid_review.errors import ReviewError
from faceid_review.i18n import Words
from faceid_review.review.case import Case
from faceid_review.session import Exported, Session
from faceid_review.snapshot import delivery, profile
from faceid_review.snapshot.this_copy import Note


class _Seen(NamedTuple):
    """A document made in memory, ready to be shown."""

    pages: Pages
    notes: tuple[Note, ...]


class Exporting(QObject):
    """Everything that leaves the house as a snapshot of one case.

    ``keep`` remembers settings by their names. The recipient and the purpose belong to a case: they are remembered
    for it while the program runs, and never offered for another one.
    """

    figures_changed = Signal()
    written = Signal(str)
    """The biz_id of a case of which a copy was written."""

    def __init__(self, words: Words, window: Window, work: Work, keep: Callable[..., None]) -> None:
        super().__init__(work)
        self._words, self._window, self._work, self._keep = words, window, work, keep
        self._folder = Path(platformdirs.user_documents_dir())
        self._sheet: ExportSheet | None = None
        self._case: Case | None = None
        self._last = _remembered(work.session)
        self._for: dict[str, tuple[str, str]] = {}
        window.actions_["export"].triggered.connect(self.export)
        window.actions_["export_as"].triggered.connect(self.open_sheet)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words`` from now on. A sheet that is open keeps its own."""
        self._words = words

    def close(self) -> None:
        """The window goes: put the sheet away."""
        if self._sheet is not None:
            self._sheet.done(0)

    @property
    def sheet(self) -> ExportSheet | None:
        """The sheet that is open, if one is."""
        return self._sheet

    def offers(self) -> tuple[Offer, ...]:
        """The profiles as the sheet offers them."""
        return offers(self._words)

    def wish(self, biz_id: str = "") -> Wish:
        """What was wished for last, for this case."""
        recipient, purpose = self._for.get(biz_id, ("", ""))
        wish = replace(self._last, recipient=recipient, purpose=purpose)
        return wish.within(self.offers(), self._words.lang)

    def wished(self, wish: Wish) -> None:
        """Remember how a copy was wanted."""
        self._last = wish.anonymous()
        self._keep(export=(wish.profile, wish.lang, *wish.left_out))

    # ---- one key

    @Slot()
    def export(self) -> None:
        """Ask where to, then write the case on show as the last one was written."""
        case = self._window.case.case
        if case is None or self._sheet is not None:
            return
        wish = self.wish(case.biz_id)
        target = self._ask_where(case, wish)
        if target is not None:
            self._window.case.say(self._words("exporting.under_way", **self._called(wish)))
            self._write(case, target, wish, self._failed)

    # ---- the sheet

    @Slot()
    def open_sheet(self) -> None:
        """The sheet for the case on show."""
        case = self._window.case.case
        if case is None or self._sheet is not None:
            return
        number = self._words("exporting.case", number=case.number, biz_id=case.biz_id)
        sheet = ExportSheet(self._words, number, self.offers(), self.wish(case.biz_id), self._window)
        self._sheet, self._case = sheet, case
        sheet.preview_wanted.connect(self._preview)
        sheet.page_wanted.connect(self._draw)
        sheet.export_wanted.connect(self._export_wished)
        sheet.finished.connect(self._closed)
        sheet.open()
        sheet.begin()

    @Slot(object)
    def _preview(self, wish: Wish) -> None:
        sheet, case = self._sheet, self._case
        if sheet is not None and case is not None:
            self._work.run(
                partial(_seen, self._work.session, case, wish),
                partial(self._previewed, sheet, wish),
                partial(self._not_previewed, sheet, wish),
            )

    def _previewed(self, sheet: ExportSheet, wish: Wish, seen: _Seen) -> None:
        if sheet is self._sheet:
            sheet.show_preview(wish, seen.pages, [note.text(self._words) for note in seen.notes])

    def _not_previewed(self, sheet: ExportSheet, wish: Wish, error: ReviewError) -> None:
        if sheet is self._sheet:
            sheet.cannot_preview(wish, wording.sentence(error, self._words))

    @Slot(object, int, int)
    def _draw(self, pages: Pages, number: int, width: int) -> None:
        sheet = self._sheet
        if sheet is not None:
            self._work.run(
                partial(paper.draw, pages, number, width), partial(self._drew, sheet, pages), self._failed
            )

    def _drew(self, sheet: ExportSheet, pages: Pages, drawn: Drawn) -> None:
        if sheet is self._sheet:
            sheet.show_page(pages, drawn)

    @Slot(object)
    def _export_wished(self, wish: Wish) -> None:
        sheet, case = self._sheet, self._case
        if sheet is None or case is None:
            return
        target = self._ask_where(case, wish)
        if target is not None:
            sheet.writing()
            self._write(case, target, wish, partial(self._not_written, sheet))

    @Slot()
    def _closed(self) -> None:
        if self._sheet is not None:
            self._sheet.deleteLater()
        self._sheet = self._case = None

    # ---- both

    def _ask_where(self, case: Case, wish: Wish) -> Path | None:
        # A copy without the numbers of the case must not carry one as its name.
        nameless = "ids" in profile.load(wish.profile).remove
        name = self._folder / f"{wish.profile if nameless else case.number}.pdf"
        target = self._window.sheets.save_path(self._words("exporting.pick_file"), name, "PDF (*.pdf)")
        if target is not None:
            self._folder = target.parent
        return target

    def _write(self, case: Case, target: Path, wish: Wish, otherwise: Callable[[ReviewError], None]) -> None:
        self._work.run(
            partial(_written, self._work.session, case, target, wish),
            partial(self._exported, case, wish),
            otherwise,
        )

    def _exported(self, case: Case, wish: Wish, done: Exported) -> None:
        self.wished(wish)
        self._for[case.biz_id] = (wish.recipient, wish.purpose)
        if self._sheet is not None:
            self._sheet.accept()
        facts = {"name": done.path.name, "pages": done.pages, "sha256": done.sha256[:16]}
        on_show = self._window.case.case
        if on_show is not None and on_show.biz_id == case.biz_id:
            self._window.case.say(self._words("exporting.done", **facts, **self._called(wish)))
        self.written.emit(case.biz_id)
        if done.notes:
            self._window.notice.show_sentence(lambda w: " ".join(note.text(w) for note in done.notes))
        self.figures_changed.emit()

    def _not_written(self, sheet: ExportSheet, error: ReviewError) -> None:
        if sheet is self._sheet:
            sheet.not_written(wording.sentence(error, self._words))

    def _failed(self, error: ReviewError) -> None:
        self._window.case.say("")
        self._window.notice.show_error(error)

    def _called(self, wish: Wish) -> dict[str, str]:
        return called(wish, self._words)


def offers(words: Words) -> tuple[Offer, ...]:
    """The profiles as a sheet offers them, in the language of ``words``."""
    known = (profile.load(name) for name in profile.names())
    return tuple(
        Offer(
            one.name,
            one.title(words.lang),
            words(f"exporting.about.{one.name}"),
            tuple(page for page in PAGES if one.shows(page)),
            one.pictures == profile.NONE,
        )
        for one in known
    )


def called(wish: Wish, words: Words) -> dict[str, str]:
    """What profile and language of a wish are called."""
    return {
        "profile": profile.load(wish.profile).title(words.lang),
        "lang": words(f"exporting.lang.{wish.lang}"),
    }


def _remembered(session: Session) -> Wish:
    name, lang, *left_out = (*session.settings.export, "", "")
    return Wish(name, lang, tuple(left_out))


def _seen(session: Session, case: Case, wish: Wish) -> _Seen:
    made = session.delivery.preview(case, wanted(wish))
    return _Seen(paper.read(made.pdf), made.notes)


def _written(session: Session, case: Case, target: Path, wish: Wish) -> Exported:
    return session.delivery.export(case, target, wanted(wish))


def wanted(wish: Wish) -> delivery.Wish:
    """The wish of a sheet as the core takes it."""
    return delivery.Wish(
        wish.lang,
        wish.profile,
        wish.recipient,
        wish.purpose,
        wish.left_out,
        wish.password or None,
        thumbnails=wish.thumbnails,
    )

"""The desk at work: joins an open session to the window's panes."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QWidget

from faceid_review import session as house
from faceid_review.desk import theme, translation, wording
from faceid_review.desk.asking import Asking
from faceid_review.desk.disputing import DisputingWork
from faceid_review.desk.exporting_work import Exporting
from faceid_review.desk.front import field_of
from faceid_review.desk.importing_work import Importing
from faceid_review.desk.judging import JudgingWork
from faceid_review.desk.keeping import KeepingWork
from faceid_review.desk.key_sheet import keys_of
from faceid_review.desk.looking import LookingWork
from faceid_review.desk.marking import MarkingWork
from faceid_review.desk.opening import Opening
from faceid_review.desk.photos.hung import Seen
from faceid_review.desk.policing import PolicingWork
from faceid_review.desk.preferences.wish import AccountLine, AccountWish
from faceid_review.desk.several_work import Several
from faceid_review.desk.verifying_work import Verifying
from faceid_review.desk.window import Window
from faceid_review.desk.work import Work
from faceid_review.desk.worklisting import WorklistWork
from faceid_review.errors import NotKept, ReviewError
from faceid_review.i18n import Words, words
from faceid_review.review import telling
from faceid_review.review.case import Case
from faceid_review.session import Session


class Desk(QObject):
    """What happens when a reviewer does something. Lives as long as the window."""

    def __init__(self, w: Words, window: Window, opening: Opening) -> None:
        super().__init__(window)
        self._words = w
        self._window = window
        self._opening = opening
        self.work: Work | None = None
        self.asking: Asking | None = None
        self.importing: Importing | None = None
        self.exporting: Exporting | None = None
        self.several: Several | None = None
        self.verifying = Verifying(w, window)
        self.marking: MarkingWork | None = None
        self.looking: LookingWork | None = None
        self.judging: JudgingWork | None = None
        self.listing: WorklistWork | None = None
        self.disputing: DisputingWork | None = None
        self.keeping: KeepingWork | None = None
        self.policing: PolicingWork | None = None
        self._chosen: dict[str, object] = {}
        self._folder = Path(platformdirs.user_documents_dir())
        actions = window.actions_
        actions["fetch"].triggered.connect(self.show_fetch)
        actions["import"].triggered.connect(self.show_import)
        actions["accounts"].triggered.connect(self.show_accounts)
        actions["policies"].triggered.connect(self.show_policies)
        actions["language"].triggered.connect(self._other_language)
        actions["keys"].triggered.connect(self._show_keys)
        for name in ("light", "dark", "system_theme"):
            actions[name].triggered.connect(partial(self._choose_theme, name))
        window.tools.language_wanted.connect(self.speak)
        window.tools.search_changed.connect(self._search)
        window.front.shown.connect(window.show_page)
        window.closing.connect(self._close)
        opening.opened.connect(self._attend)
        actions.check_theme(theme.chosen())
        window.name_after("")
        window.status.tell(0, (0, ""), "")

    @property
    def busy(self) -> bool:
        """Whether anything is being asked."""
        return self.work is not None and self.work.session.queue.busy

    def speak(self, lang: str) -> None:
        """Say everything in another language, at once."""
        self._words = words(lang)
        translation.speak(lang)
        self.verifying.speak(self._words)
        if self.asking is not None:
            self.asking.speak(self._words)
        if self.importing is not None:
            self.importing.speak(self._words)
        if self.exporting is not None:
            self.exporting.speak(self._words)
        if self.several is not None:
            self.several.speak(self._words)
        if self.marking is not None:
            self.marking.speak(self._words)
        self._window.speak(self._words)
        if self.keeping is not None:
            self.keeping.speak(self._words)
        if self.judging is not None:
            self.judging.speak(self._words)
        if self.listing is not None:
            self.listing.speak(self._words)
        if self.disputing is not None:
            self.disputing.speak(self._words)
        if self.policing is not None:
            self.policing.speak(self._words)
        self._refresh()
        self._keep_settings(lang=lang)

    @Slot()
    def show_fetch(self) -> None:
        """The fetch page, with the batch under way if there is one."""
        self._go(self._window.fetch)

    @Slot()
    def show_import(self) -> None:
        """The import page; where it is in front already, which files."""
        if self.importing is not None and self._window.pages.currentWidget() is self._window.importing:
            self.importing.choose_files()
        else:
            self._go(self._window.importing)

    @Slot()
    def show_accounts(self) -> None:
        """The accounts."""
        self._go(self._window.accounts)

    @Slot()
    def show_policies(self) -> None:
        """The policies of the office, below the accounts."""
        self._go(self._window.accounts)
        self._window.accounts.bring(self._window.accounts.policies.stops[0])

    @Slot(object, object)
    def _attend(self, session: Session, first_account: ReviewError | None) -> None:
        window, work = self._window, Work(session, self)
        asking = Asking(self._words, window, work)
        self.work, self.asking, self.importing = work, asking, Importing(self._words, window, work)
        self._keep_settings(**self._chosen)
        self.exporting = Exporting(self._words, window, work, self._keep_settings)
        self.exporting.figures_changed.connect(self._figures)
        self.several = Several(self._words, window, work, self.exporting)
        self.several.figures_changed.connect(self._figures)
        window.front.done()
        window.attended(True)
        window.tools.attend(practice=session.demo)
        window.empty.offer_practice(not session.demo)
        window.name_after(self._words("window.practice") if session.demo else session.home.name)
        asking.figures_changed.connect(self._figures)
        asking.first_kept.connect(work.open)
        self.importing.figures_changed.connect(self._figures)
        self.marking = MarkingWork(self._words, window, work)
        self.marking.figures_changed.connect(self._figures)
        self.importing.imported.connect(self._show_rows)
        window.importing.open_wanted.connect(self._open)
        work.compared.connect(window.case.verdict.show_compared)
        window.case.verdict.fetch_wanted.connect(asking.offer)
        work.case_opened.connect(self._show_case)
        work.case_changed.connect(self._take_case)
        self.looking = LookingWork(window, work)
        self.looking.figures_changed.connect(self._figures)
        self.judging = JudgingWork(self._words, window, work)
        self.judging.figures_changed.connect(self._figures)
        self.listing = WorklistWork(self._words, window, work, self.judging)
        self.listing.open_wanted.connect(self._open)
        work.row_changed.connect(self.listing.change)
        self.disputing = DisputingWork(self._words, window, work, self.judging)
        self.disputing.open_wanted.connect(self._open)
        self.exporting.written.connect(self.disputing.exported)
        self.keeping = KeepingWork(self._words, window, work)
        self.keeping.figures_changed.connect(self._figures)
        self.marking.figures_changed.connect(self.judging.weigh)
        self.policing = PolicingWork(self._words, window, work)
        self.policing.figures_changed.connect(self._figures)
        self.policing.blind_changed.connect(self._show_rows)
        self.policing.veiled.connect(self.judging.take)
        self.policing.veiled.connect(self.disputing.take_anew)
        work.picture_read.connect(window.case.show_pixels)
        window.case.raw_wanted.connect(work.read_raw)
        work.raw_read.connect(window.case.show_raw)
        work.rescued.connect(self._rescued)
        work.accounts_changed.connect(self._refresh)
        work.account_done.connect(self._account_done)
        work.account_failed.connect(self._account_failed)
        work.account_checked.connect(self._account_checked)
        work.failed.connect(window.notice.show_error)
        window.notice.rescue_wanted.connect(self._rescue)
        window.queue.open_wanted.connect(self._open)
        window.queue.next_wanted.connect(self._next)
        window.fetch.open_wanted.connect(self._open)
        for page in (window.accounts, window.empty):
            page.add_wanted.connect(self._add_account)
            page.check_wanted.connect(work.check_account)
        window.accounts.change_wanted.connect(self._change_account)
        window.accounts.remove_wanted.connect(work.remove_account)
        window.empty.practice_wanted.connect(self._practise)
        self._refresh()
        self._show_rows()
        self._first_page(session, asking)
        if first_account is not None:
            window.notice.show_error(first_account)
            window.show_page(window.accounts)
        for warning in session.warnings[:1]:
            window.notice.show_error(warning)

    def _first_page(self, session: Session, asking: Asking) -> None:
        rows = session.casebook.rows()
        if session.demo:
            self._window.show_page(self._window.fetch)
        elif waiting := session.casebook.waiting():
            asking.bring_back(waiting)
        elif rows:
            self._open(str(rows[-1]["biz_id"]))
        else:
            self._window.show_page(self._window.empty)
        asking.stay = False

    @Slot()
    def _refresh(self) -> None:
        """Everything that hangs on accounts, settings and figures."""
        if self.work is None:
            return
        session, window = self.work.session, self._window
        place = telling.place(session.accounts.secret_place, self._words)
        in_vault = session.accounts.secret_place == "vault"
        lines = [
            AccountLine(a.name, a.base_url, a.key_start, "" if in_vault else place)
            for a in session.accounts.all()
        ]
        for page in (window.accounts, window.empty):
            page.keyring_state(not in_vault, "" if in_vault else place)
            page.show_accounts(lines)
        window.fetch.show_accounts(
            [(a.name, a.key_start, a.base_url) for a in session.accounts.all()],
            window.fetch.account or (lines[0].name if lines else ""),
        )
        window.fetch.show_ready(self._ready(session))
        window.importing.show_ready(self._ready(session))
        self._figures()

    def _ready(self, session: Session) -> dict[str, str]:
        free = house.free_bytes(session.home)
        return {
            "vault": self._words("ready.vault"),
            "free": self._words("ready.free", gb=f"{free / 1e9:.0f}"),
        }

    def _figures(self) -> None:
        if self.work is not None:
            session = self.work.session
            doing = next((d.doing for d in (self.several, self.importing, self.asking) if d and d.doing), "")
            self._window.status.tell(session.requests, session.chain(), doing)

    @Slot()
    def _show_rows(self) -> None:
        if self.listing is not None:
            self.listing.read()

    @Slot(str)
    def _search(self, needle: str) -> None:
        if self.listing is not None:
            self.listing.search(needle.strip())

    @Slot(str)
    def _open(self, biz_id: str) -> None:
        if self.work is not None and self.asking is not None:
            self.asking.stay = True
            self.work.open(biz_id)

    def _go(self, page: QWidget) -> None:
        if self.asking is not None:
            self.asking.stay = True
        self._window.show_page(page)

    @Slot()
    def _next(self) -> None:
        if self.listing is not None:
            self.listing.next()

    @Slot(object, object)
    def _show_case(self, case: Case, first: Seen | None) -> None:
        self._take_case(case, first)
        self._window.show_page(self._window.case)
        # The photograph first: its row lights up with what is painted after it.
        QTimer.singleShot(0, self._select)

    @Slot()
    def _select(self) -> None:
        if self._window.case.case is not None:
            self._window.queue.select(self._window.case.case.biz_id)

    @Slot(object, object)
    def _take_case(self, case: Case, first: Seen | None) -> None:
        """Show a case where it is, without bringing its page to the front."""
        self._window.case.show_case(case, first)
        self._window.weigh()
        self._figures()

    @Slot(object)
    def _rescue(self, error: NotKept) -> None:
        names = (self._folder / f"faceid-review-rescue-{number}.sealed" for number in count(1))
        name = next(path for path in names if not path.exists())
        target = self._window.sheets.save_path(self._words("notice.rescue"), name, "")
        if target is not None and self.work is not None:
            self.work.rescue(error, target)

    @Slot(object)
    def _rescued(self, path: Path) -> None:
        self._window.notice.settled()
        self._window.notice.show_sentence(lambda w: w("notice.rescued", name=path.name))

    @Slot()
    def _show_keys(self) -> None:
        window = self._window
        groups = keys_of(QApplication.focusWidget(), window, self._words("keys.window"))
        window.sheets.show_keys(self._words, groups)

    @Slot()
    def _practise(self) -> None:
        self._opening.practise(self._words.lang)

    @Slot(object)
    def _add_account(self, wish: AccountWish) -> None:
        if self.work is not None:
            self.work.add_account(wish.name, wish.base_url, wish.api_key, wish.api_secret)

    @Slot(str, object)
    def _change_account(self, name: str, wish: AccountWish) -> None:
        if self.work is not None:
            self.work.change_account(name, wish.name, wish.base_url, wish.api_key, wish.api_secret)

    @Slot(str)
    def _account_done(self, wording: str) -> None:
        self._window.accounts.done(self._words(wording))
        self._window.empty.done()

    @Slot(object)
    def _account_failed(self, error: ReviewError) -> None:
        sentence = wording.sentence(error, self._words)
        page = self._window.pages.currentWidget()
        target = self._window.empty if page is self._window.empty else self._window.accounts
        target.failed(sentence, field_of(error))

    @Slot(str, object)
    def _account_checked(self, name: str, error: ReviewError | None) -> None:
        said = (
            wording.sentence(error, self._words) if error else self._words("cli.account_checked", name=name)
        )
        for page in (self._window.accounts, self._window.empty):
            page.checked(name, error is None, said)
        self._figures()

    @Slot()
    def _other_language(self) -> None:
        self.speak("en" if self._words.lang == "zh" else "zh")

    def _choose_theme(self, name: str) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.choose(app, "" if name == "system_theme" else name)
        self._keep_settings(theme=theme.chosen())

    def _keep_settings(self, **changes: object) -> None:
        """Remember a choice; one made before there is a vault is remembered by the vault made then."""
        if self.work is None:
            self._chosen |= changes
        elif changes and not self.work.session.demo:
            # A setting that cannot be written is no reason to keep anybody from their work.
            with suppress(OSError):
                self.work.session.keep(**changes)

    @Slot(object)
    def _close(self, event: QCloseEvent) -> None:
        if self._window.notice.alarm:
            # An answer lies in memory only: leaving now would lose it.
            event.ignore()
            return
        if self.work is not None and self.work.session.queue.busy:
            self.work.stop()
            self._window.notice.show_sentence(lambda w: w("closing.waits"))
            event.ignore()
            self.work.batch_ended.connect(self._window.close)
            return
        self._keep_settings(columns=self._window.measures)
        self._opening.close()
        self.verifying.close()
        for way_out in (self.exporting, self.several):
            if way_out is not None:
                way_out.close()
        if self.importing is not None:
            self.importing.cancel()
        if self.judging is not None:
            self.judging.close()
        if self.work is not None:
            self.work.close()
            self.work = None
        event.accept()
        QTimer.singleShot(0, QApplication.quit)

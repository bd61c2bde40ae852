"""Joins the policies of the preferences to the session: set off the GUI thread, in force for what is on show at once."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from faceid_review.desk import wording
from faceid_review.desk.window import Window
from faceid_review.desk.work import Work
from faceid_review.errors import ReviewError
from faceid_review.i18n import Words


class PolicingWork(QObject):
    """``figures_changed``: an entry was written. ``blind_changed``: lists may show something else now.

    ``veiled`` carries the case on show without what the blind policy, just switched on, hides of it.
    """

    figures_changed = Signal()
    blind_changed = Signal()
    veiled = Signal(object)

    def __init__(self, words: Words, window: Window, work: Work) -> None:
        super().__init__(work)
        self._words, self._window, self._work = words, window, work
        self._door = window.accounts.policies
        self._door.policy_wanted.connect(self._set)
        self._door.show_policies(work.session.settings)

    def speak(self, words: Words) -> None:
        """Say everything in the language of ``words`` from now on."""
        self._words = words

    @Slot(str, str)
    def _set(self, name: str, text: str) -> None:
        set_policy = partial(self._work.session.set_policy, name, text)
        self._work.run(set_policy, partial(self._kept, name), partial(self._refused, name))

    def _kept(self, name: str, changed: bool) -> None:
        session = self._work.session
        self._door.show_policies(session.settings)
        self._door.done(name, changed=changed)
        self._window.case.photos.covers_each_case = session.settings.covers_each_case
        if changed and name == "blind":
            self._show_anew()
        self.figures_changed.emit()

    def _show_anew(self) -> None:
        """Nothing that is hidden now stays in sight, not until something is read; what is hidden no more is read."""
        casebook, case = self._work.session.casebook, self._window.case.case
        self._window.queue.go_blind(casebook.blind)
        if case is not None and casebook.blind:
            case = casebook.veiled(case)
            self._window.case.take(case)
            self.veiled.emit(case)
        elif case is not None and case.hidden:
            self._work.open_again(case.biz_id)
        self.blind_changed.emit()

    def _refused(self, name: str, error: ReviewError) -> None:
        self._door.show_policies(self._work.session.settings)
        self._door.failed(name, wording.sentence(error, self._words))

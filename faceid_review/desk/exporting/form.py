"""The left half of the sheets: profile, language, recipient, purpose, and the pages of the copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from faceid_review.desk.buttons import Segments
from faceid_review.desk.exporting.tick import Tick
from faceid_review.desk.exporting.wish import ALWAYS, LANGUAGES, LONGEST, PAGES, Offer, Wish
from faceid_review.desk.preferences.field import Choice, Field
from faceid_review.desk.preferences.page import Says
from faceid_review.i18n import Words


class ExportForm(QWidget):
    """Shows a :class:`Wish` and lets it be changed. ``changed`` is told of every change, letter by letter."""

    changed = Signal()

    def __init__(
        self, words: Words, offers: Sequence[Offer], wish: Wish, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("export_form")
        self._offers = {offer.name: offer for offer in offers}
        self._left_out = set(wish.left_out)
        self.profile = Choice()
        self.profile.setObjectName("export_profile")
        for offer in offers:
            self.profile.addItem(offer.title, offer.name)
        self.profile.setCurrentIndex(max(0, self.profile.findData(wish.profile)))
        self._profile_label = Says("text2", -1, bold=True)
        self._profile_label.setBuddy(self.profile)
        self._about = Says("text2", -1)
        self._about.setObjectName("export_about")
        self._lang_label = Says("text2", -1, bold=True)
        self.lang = Segments(name=words("exporting.lang"))
        self.lang.setObjectName("export_lang")
        for lang in LANGUAGES:
            self.lang.add(lang, words(f"exporting.lang.{lang}"))
        self.lang.choose(wish.lang)
        self.recipient, self.purpose = Field("recipient"), Field("purpose")
        for field, text in ((self.recipient, wish.recipient), (self.purpose, wish.purpose)):
            field.line.setMaxLength(LONGEST)
            field.set_text(text)
        self.password = Field("password", secret=True)
        self.thumbnails = Tick("export_thumbnails")
        self.thumbnails.setChecked(wish.thumbnails)
        self._pages_label = Says("text2", -1, bold=True)
        self.ticks = {page: Tick(f"export_page_{page}") for page in PAGES}
        self._lay_out()
        self._speak(words)
        self._show_pages()
        self.profile.currentIndexChanged.connect(self._profile_chosen)
        self.lang.chosen.connect(self._lang_chosen)
        for field in (self.recipient, self.purpose, self.password):
            field.changed.connect(self.changed)
        self.thumbnails.toggled.connect(self.changed)
        for tick in self.ticks.values():
            tick.toggled.connect(self._ticked)
        self.setFocusProxy(self.profile)

    @property
    def wish(self) -> Wish:
        """What is wanted now."""
        offer = self._offer
        return Wish(
            offer.name,
            self.lang.choice,
            tuple(page for page in PAGES if page in offer.pages and page in self._left_out),
            self.recipient.value,
            self.purpose.value,
            self.password.text,
            offer.pictureless and self.thumbnails.isChecked(),
        )

    @property
    def _offer(self) -> Offer:
        return self._offers[self.profile.currentData()]

    @Slot()
    def _profile_chosen(self) -> None:
        # What was left out of one copy is no wish for another kind of copy.
        self._left_out.clear()
        with QSignalBlocker(self.thumbnails):
            self.thumbnails.setChecked(False)
        self._show_pages()
        self.changed.emit()

    @Slot()
    def _lang_chosen(self) -> None:
        self.changed.emit()

    @Slot()
    def _ticked(self) -> None:
        self._left_out = {
            page
            for page, tick in self.ticks.items()
            if page in self._offer.pages and page not in ALWAYS and not tick.isChecked()
        }
        self.changed.emit()

    def _show_pages(self) -> None:
        offer = self._offer
        self._about.setText(offer.about)
        self.profile.setAccessibleDescription(offer.about)
        self.thumbnails.setVisible(offer.pictureless)
        for page, tick in self.ticks.items():
            within = page in offer.pages
            with QSignalBlocker(tick):
                tick.setChecked(within and page not in self._left_out)
            tick.setEnabled(within and page not in ALWAYS)

    def _speak(self, words: Words) -> None:
        self._profile_label.setText(words("exporting.profile"))
        self.profile.setAccessibleName(words("exporting.profile"))
        self._lang_label.setText(words("exporting.lang"))
        self.recipient.speak(words("exporting.recipient"), placeholder=words("exporting.recipient_hint"))
        self.purpose.speak(words("exporting.purpose"), placeholder=words("exporting.purpose_hint"))
        self.password.speak(
            words("exporting.password"),
            placeholder=words("exporting.password_hint"),
            show=words("verifying.show"),
            hide=words("verifying.hide"),
        )
        self.thumbnails.setText(words("exporting.thumbnails"))
        self.thumbnails.setAccessibleName(self.thumbnails.text())
        self._pages_label.setText(words("exporting.pages"))
        for page, tick in self.ticks.items():
            tick.setText(words(f"exporting.page.{page}"))
            tick.setAccessibleName(tick.text())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (self._profile_label, self.profile, self._about, self.thumbnails):
            column.addWidget(part)
        column.addSpacing(10)
        column.addWidget(self._lang_label)
        column.addWidget(self.lang)
        column.addSpacing(10)
        column.addWidget(self.recipient)
        column.addSpacing(6)
        column.addWidget(self.purpose)
        column.addSpacing(6)
        column.addWidget(self.password)
        column.addSpacing(10)
        column.addWidget(self._pages_label)
        grid = QGridLayout()
        grid.setSpacing(0)
        half = (len(self.ticks) + 1) // 2
        for place, tick in enumerate(self.ticks.values()):
            grid.addWidget(tick, place % half, place // half)
        for side in (0, 1):
            grid.setColumnStretch(side, 1)
        column.addLayout(grid)
        column.addStretch(1)

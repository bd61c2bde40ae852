"""How a copy is wanted: for whom, in which language, with which pages, and what stands in its margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

LANGUAGES: Final = ("zh", "en", "both")
"""What a snapshot may be written in; ``both`` has the two side by side."""

LONGEST: Final = 120
"""Characters of recipient and purpose: as many as the margin of a page shows."""

PAGES: Final = (
    "account", "vendor", "liveness", "exhibits", "compared", "decisions", "dispute", "provenance", "custody",
    "integrity", "certification", "privacy", "raw", "terms", "reviewer",
)  # fmt: skip
"""The pages of a snapshot after its cover, in their order."""

ALWAYS: Final = ("integrity",)
"""Without it nobody could check the copy, so it cannot be left out."""


@dataclass(frozen=True)
class Offer:
    """A profile as the sheet offers it: ``about`` says in one sentence what it has and what it has not.

    ``pictureless`` says that it leaves the photographs out, so that thumbnails can be wished for.
    """

    name: str
    title: str
    about: str
    pages: tuple[str, ...]
    pictureless: bool = False


@dataclass(frozen=True)
class Wish:
    """``left_out`` are pages of :data:`PAGES` that the profile has and this copy has not.

    ``password`` is empty where the file shall have none. It changes no page, so two wishes may differ in it alone.
    """

    profile: str
    lang: str
    left_out: tuple[str, ...] = ()
    recipient: str = ""
    purpose: str = ""
    password: str = field(default="", repr=False, compare=False)
    thumbnails: bool = False

    def anonymous(self) -> Wish:
        """The same for any case: without recipient, purpose and password, which belong to one."""
        return replace(self, recipient="", purpose="", password="")

    def within(self, offers: Sequence[Offer], lang: str) -> Wish:
        """The same as far as it is on offer: what is not falls back to the first profile and to ``lang``."""
        known = {offer.name: offer for offer in offers}
        chosen = known.get(self.profile) or offers[0]
        left = tuple(page for page in chosen.pages if page in self.left_out and page not in ALWAYS)
        return replace(
            self,
            profile=chosen.name,
            lang=self.lang if self.lang in LANGUAGES else lang,
            left_out=left,
            recipient=self.recipient[:LONGEST],
            purpose=self.purpose[:LONGEST],
            thumbnails=self.thumbnails and chosen.pictureless,
        )

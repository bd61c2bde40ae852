"""What hangs on one side of the stage: a place of a case, its picture, and what is known of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from faceid_review.desk.photos import exhibit as places
from faceid_review.desk.photos.caption import Label, label
from faceid_review.desk.photos.exhibit import Exhibit
from faceid_review.desk.photos.picture import Picture
from faceid_review.faceid.photograph import Examined, Status
from faceid_review.i18n import Words


@dataclass(frozen=True)
class Seen:
    """What was read of one picture of a case. ``picture`` is ready to be painted, or None where there are no pixels."""

    role: str
    examined: Examined
    sha256: str
    picture: Picture | None


@dataclass(frozen=True)
class Hung:
    """One side's photograph. ``kept`` says that it stays while other cases are opened; ``number`` is its case's."""

    exhibit: Exhibit | None = None
    examined: Examined | None = None
    picture: Picture | None = None
    biz_id: str = ""
    number: str = ""
    received_at: datetime | None = None
    kept: bool = False

    @property
    def sha256(self) -> str:
        """The SHA-256 of its bytes, which names it for good; empty where there is none."""
        photograph = self.exhibit.photograph if self.exhibit else None
        return photograph.sha256 if photograph else ""

    @property
    def incomplete(self) -> bool:
        """Whether part of what is shown is missing."""
        return self.picture is not None and (
            self.examined is not None and self.examined.status is Status.INCOMPLETE
        )

    def name(self, words: Words) -> str:
        """Its short name, with its case's number where that is another one: E1."""
        short = (self.exhibit.label or self.exhibit.field) if self.exhibit else ""
        return words("stage.of_case", exhibit=short, number=self.number) if self.kept else short

    def spoken(self, words: Words) -> str:
        """What a screen reader says of it."""
        if self.exhibit is None:
            return ""
        said = places.spoken(self.exhibit, self.examined, words)
        return words("stage.say.kept", exhibit=said, number=self.number) if self.kept else said

    def label(self, words: Words, *, active: bool, covered: bool = False) -> Label:
        """Its caption; while covered nothing is said of what is wrong with its pixels, since none are seen."""
        if self.exhibit is None:
            return Label()
        turned = self.picture is not None and self.picture.turned and not covered
        of_case = words("stage.kept_here", number=self.number, biz_id=self.biz_id) if self.kept else ""
        return label(
            self.exhibit, self.examined, self.received_at, turned, words, active=active, of_case=of_case
        )

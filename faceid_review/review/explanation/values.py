"""What a description of a case is made of: parts, their verdicts, and statements that point into the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from faceid_review.faceid import glossary
from faceid_review.faceid.glossary import Sure
from faceid_review.faceid.result import VerificationResult
from faceid_review.i18n import Words
from faceid_review.review.findings import Absence, absence, nearest
from faceid_review.review.plain_text import LONGEST


class Kind(StrEnum):
    """What a statement is for: how it is told apart from those beside it, never how it looks."""

    VALUE = "value"  # what the vendor sent
    MARGIN = "margin"  # a value beside a threshold of its own call
    CHECK = "check"  # a value beside its own threshold
    STEP = "step"  # a moment of the log
    ABSENT = "absent"  # what is not there, and why
    MEANING = "meaning"
    READING = "reading"  # one of several meanings, each with the same weight
    CAUTION = "caution"
    ADVICE = "advice"  # the vendor's own
    BILLED = "billed"
    WARNING = "warning"
    NEXT = "next"  # what can be done
    REMARK = "remark"
    MORE = "more"  # how much is left out here


@dataclass(frozen=True)
class Statement:
    """One thing said. ``words`` are plain text in the reader's language and hold no line break.

    ``facts`` are what the words were made of, as plain values, numbers as the text that was sent. ``pointer`` is the
    JSON pointer of the value in the raw answer; of something absent, that of the nearest thing which came; None where
    the statement is not about the answer's content. ``about`` names what it concerns inside its part, as the vendor
    does (``result_faceid``, ``mask``). ``vendor`` are the vendor's own words, where this is from its page.
    """

    kind: Kind
    words: str
    pointer: str | None = None
    about: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    sure: Sure = Sure.OBSERVED
    vendor: str = ""


@dataclass(frozen=True)
class Verdict:
    """The outcome of one part: a code that stays the same in every language, and a few words.

    Never a judgement of ours: it says what the vendor stated, or that it stated nothing.
    """

    code: str
    words: str


@dataclass(frozen=True)
class Part:
    """A section of the description. ``verdict`` is there in the four that have one; ``pointer`` as in Statement."""

    name: str
    title: str
    statements: tuple[Statement, ...]
    verdict: Verdict | None = None
    pointer: str | None = None

    def of(self, *kinds: Kind, about: str | None = None) -> tuple[Statement, ...]:
        """The statements of these kinds (of all, where none is named), and about this, in order."""
        return tuple(
            said
            for said in self.statements
            if (not kinds or said.kind in kinds) and (about is None or said.about == about)
        )

    def lines(self, lang: str) -> list[str]:
        """The part as lines of plain text, its heading first; what nobody has confirmed says so."""
        colon, opening, closing = ("：", "（", "）") if lang == "zh" else (": ", " (", ")")
        inferred = glossary.sureness(Sure.INFERRED).short.text(lang)
        lines = [f"{self.title}{colon}{self.verdict.words}" if self.verdict else self.title]
        for said in self.statements:
            doubtful = said.sure is Sure.INFERRED and said.kind in (Kind.READING, Kind.MEANING, Kind.BILLED)
            lines.append(f"  {said.words}{opening}{inferred}{closing}" if doubtful else f"  {said.words}")
        return lines


@dataclass(frozen=True)
class Explanation:
    """Everything that is said of one case, in one language, in the order in which it is read."""

    lang: str
    parts: tuple[Part, ...]

    def part(self, name: str) -> Part | None:
        """The part of this name; None where it has nothing to say."""
        return next((part for part in self.parts if part.name == name), None)

    def said_of(self, name: str, *kinds: Kind, about: str | None = None) -> tuple[Statement, ...]:
        """The statements of one part, as :meth:`Part.of`; none where there is no such part."""
        part = self.part(name)
        return part.of(*kinds, about=about) if part else ()

    def at(self, pointer: str) -> tuple[Statement, ...]:
        """Every statement about the value at this place of the raw answer."""
        return tuple(said for part in self.parts for said in part.statements if said.pointer == pointer)

    def lines(self) -> list[str]:
        """The whole as lines of plain text, for a terminal and for a screen reader."""
        return [line for part in self.parts for line in part.lines(self.lang)]


_INSTEAD = {
    Absence.NOT_RECEIVED: "explanation.not_received",
    Absence.UNKNOWN_FORM: "explanation.unknown_form",
}


@dataclass(frozen=True)
class Teller:
    """What every part is told from: an answer that can be read, the words, how long a text may be, the id asked for."""

    result: VerificationResult
    words: Words
    longest: int = LONGEST
    biz_id: str = ""

    @property
    def lang(self) -> str:
        """``zh`` or ``en``."""
        return self.words.lang

    def where(self, *names: str) -> str:
        """The pointer of a place, or of the nearest above it that came."""
        return nearest(self.result, *names)

    def absent(self, key: str, *names: str, about: str = "", **facts: str) -> Statement:
        """Why nothing is told at this place; ``key`` names the words for what the vendor did not return."""
        why = absence(self.result, *names)
        key = _INSTEAD.get(why, key)
        missing = "/".join(names)
        return self.say(
            Kind.ABSENT,
            self.words(key, **facts),
            self.where(*names),
            about=about,
            facts={"why": why.value, "missing": missing},
        )

    def say(
        self,
        kind: Kind,
        words: str,
        pointer: str | None = None,
        *,
        about: str = "",
        facts: Mapping[str, Any] | None = None,
        sure: Sure = Sure.OBSERVED,
        vendor: str = "",
    ) -> Statement:
        """One statement."""
        return Statement(kind, words, pointer, about, dict(facts or {}), sure, vendor)

    def more(self, left: int, pointer: str) -> Iterable[Statement]:
        """How many are not told here; nothing where that is none."""
        if left > 0:
            yield Statement(
                Kind.MORE, self.words.many("explanation.more", left), pointer, facts={"left": left}
            )

"""One copy of one case in one language: what every page is written from."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from faceid_review.faceid.salvage import salvage
from faceid_review.i18n import Words
from faceid_review.review.case import Case
from faceid_review.review.explanation import Explanation, describe
from faceid_review.snapshot.blocks import LONGEST_VALUE, Cell, Clock, line, quiet, visible_breaks
from faceid_review.snapshot.profile import Profile, load
from faceid_review.snapshot.raw_response import Tree, parsed
from faceid_review.vault.entry import Entry


@dataclass(frozen=True)
class Frame:
    """Who exports, when, from where. ``exported_at`` is aware; its zone is the one local times are written in.

    ``zone`` is that zone's name, ``version`` the program's, ``vault`` the vault's name. ``entries`` and
    ``head`` (hexadecimal) are the number of entries and the head of their chain before the export.
    ``demo`` marks every page as practice with synthetic people. From ``seed`` come the salts of what a profile takes
    out; it stays in the vault. ``key`` is the fingerprint of the signer's public key (SHA-256, hex), empty where
    nobody signs, and ``stamp`` what is to be said of the time stamp. ``policies`` are the entries that tell which policy of
    the office was in force when.
    """

    exporter: str
    exported_at: datetime
    zone: str
    version: str
    vault: str
    entries: int
    head: str
    demo: bool = False
    recipient: str = ""
    purpose: str = ""
    seed: bytes = field(default=b"", repr=False)
    key: str = ""
    stamp: str = ""
    policies: tuple[Entry, ...] = ()

    @property
    def export(self) -> str:
        """The number of this export, which its entry has too; the same where the copy is made anew."""
        return hmac.digest(self.seed, b"export", "sha256").hex()[:12]


@dataclass(frozen=True)
class Note:
    """Something that this copy could not do as it should: a key of the words, and the facts that fill it."""

    wording: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def text(self, words: Words) -> str:
        """The note as a sentence."""
        return words(self.wording, **self.facts)


@dataclass(frozen=True)
class ThisCopy:
    """A case, its frame and the words of one language."""

    case: Case
    frame: Frame
    words: Words
    profile: Profile = field(default_factory=load)
    chinese: bool = True
    """Whether Chinese can be set at all on this machine."""
    removed: int = 0
    """How many things the profile took out."""

    @property
    def lang(self) -> str:
        """``zh`` or ``en``."""
        return self.words.lang

    @cached_property
    def clock(self) -> Clock:
        """Writes moments down in the exporter's zone."""
        return Clock(self.frame.exported_at.tzinfo)

    @cached_property
    def tree(self) -> Tree:
        """The answer as it was sent, every field in its place; None where it cannot be read."""
        result, answer = self.case.result, self.case.answer
        return parsed(answer.body) if answer and result and result.readable else None

    @cached_property
    def fields(self) -> Tree:
        """The fields that arrived, of a cut answer those that arrived whole; None where none can be read."""
        answer, result = self.case.answer, self.case.result
        saved = salvage(answer.body) if answer and result and result.cut else None
        return parsed(saved.text) if saved else self.tree

    @cached_property
    def told(self) -> Explanation:
        """What is said of the case, in the same words as everywhere else."""
        return describe(self.case, self.words)

    def lost(self, *steps: str) -> bool:
        """Whether what is absent at this place of the answer may have been behind the cut."""
        result = self.case.result
        return result is not None and result.lost(*steps)

    def absent(self, key: str, *steps: str) -> str:
        """Why nothing stands at this place: it was not received, or what ``key`` says."""
        return self.words("snapshot.not_received" if self.lost(*steps) else key)

    def as_sent(self, text: str | None, *steps: str) -> Cell:
        """The text at a place of the answer on one line, cut where it is very long; absent and empty say so."""
        if text is None:
            return quiet(self.absent("snapshot.not_returned", *steps))
        if text == "":
            return quiet(self.words("snapshot.empty_text"))
        shown = visible_breaks(text[:LONGEST_VALUE])
        left_out = len(text) - LONGEST_VALUE
        if left_out <= 0:
            return shown
        return line(shown, quiet(" … " + self.words.many("snapshot.left_out", left_out)))

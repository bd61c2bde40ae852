"""What was done with each exhibit, by whom and when, and everything that is recorded of the case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from faceid_review.snapshot.account import none_recorded
from faceid_review.snapshot.blocks import (
    Block,
    Cell,
    facts,
    fixed,
    grouped_hash,
    page,
    quiet,
    remark,
    section,
    table,
)
from faceid_review.snapshot.exhibits import Exhibit
from faceid_review.snapshot.this_copy import ThisCopy
from faceid_review.vault.entry import Entry

_MOST: Final = 400
_MOST_OF_ONE: Final = 60
_WHOLE_CASE: Final = ("answer", "imported", "opened", "revealed", "exported", "handed_over", "purged")
"""Acts that concern every picture that came with the answer."""

_ONE_PICTURE: Final = ("viewed", "altered_view", "pin", "unpin", "component", "aligned", "reference")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_LOOKS: Final = ("opened", "revealed", "viewed", "altered_view")
SECRETS: Final = frozenset({"api_key", "api_secret"})
_QUIET: Final = frozenset(
    {
        "headers",
        "tls",
        "case",
        "subject",
        "base_url",
        "text",
        "note",
        "grounds",
        "statement",
        "seed",
        "salt",
        "salts",
        "pdf",
    }
)


def custody(copy: ThisCopy, exhibits: Sequence[Exhibit]) -> dict[str, Any]:
    """Each exhibit's way, then the whole list."""
    words, frame = copy.words, copy.frame
    blocks: list[Block] = []
    for exhibit in exhibits:
        told = [e for e in copy.case.events if concerns(e, exhibit)]
        blocks.append(section(words("dossier.custody.of", number=exhibit.number), remark=_hash(exhibit)))
        blocks += _table(copy, told[-_MOST_OF_ONE:]) if told else [none_recorded(copy)]
        looks = sum(e.act in _LOOKS for e in told)
        blocks.append(remark(words.many("dossier.custody.looks", looks), quiet=True))
    if not exhibits:
        blocks.append(none_recorded(copy))
    if copy.profile.shows("entries"):
        blocks.append(section(words("snapshot.events.title"), remark=words("snapshot.events.remark")))
        blocks += _table(copy, copy.case.events[-_MOST:], every=True)
        if len(copy.case.events) > _MOST:
            left = len(copy.case.events) - _MOST
            blocks.append(remark(words.many("snapshot.events.earlier", left), quiet=True))
    blocks.append(section(words("dossier.custody.before")))
    rows: list[tuple[str, Cell]] = [
        (words("snapshot.integrity.head"), grouped_hash(frame.head, 16) if frame.head else "–"),
        (words("snapshot.integrity.entries"), words.many("snapshot.integrity.entries_before", frame.entries)),
    ]
    blocks += [facts(rows, label=38), remark(words("dossier.custody.gaps"), quiet=True)]
    return page("custody", words("dossier.custody.title"), blocks, words("dossier.custody.intro"))


def concerns(entry: Entry, exhibit: Exhibit) -> bool:
    """Whether an entry tells of this exhibit."""
    told = entry.facts
    if exhibit.ours and entry.number == getattr(exhibit.picture, "entry", None):
        return True
    if entry.act in _ONE_PICTURE:
        named = {told.get("role"), told.get("left"), told.get("right")}
        return entry.act != "reference" and exhibit.picture.role in named
    if entry.act in ("answer", "imported"):
        return not exhibit.ours
    return entry.act in _WHOLE_CASE


def _hash(exhibit: Exhibit) -> str:
    return f"SHA-256 {exhibit.picture.sha256[:16]}…"


def _table(copy: ThisCopy, events: Sequence[Entry], *, every: bool = False) -> Iterator[Block]:
    words = copy.words
    heads = ("number", "at", "by", "act", "facts")
    shown = [
        [str(e.number), copy.clock.utc(e.at), e.by[:80], _act(copy, e.act), quiet(facts_of(e.facts))]
        for e in events
    ]
    head = [words(f"snapshot.events.{name}") for name in heads]
    yield table(
        shown, [14, 42, 26, 34, "rest"], head=head, align=("right",), together=not every and len(shown) < 6
    )


def _act(copy: ThisCopy, act: str) -> Cell:
    for key in (f"snapshot.act.{act}", f"dossier.act.{act}"):
        if (told := copy.words(key)) != key:
            return told
    return fixed(act[:40])


def facts_of(told: Any) -> str:
    """The small facts of an entry in one line; typed texts and lists have their own place."""
    parts = [
        f"{name} {_short(str(value))}"
        for name, value in told.items()
        if name not in _QUIET | SECRETS and isinstance(value, str | int | bool) and value != ""
    ]
    text = " · ".join(parts)
    return text if len(text) <= 300 else text[:300] + "…"


def _short(value: str) -> str:
    """A value on one line; a hash by its beginning, since the attached entries have it whole."""
    return f"{value[:16]}…" if _HASH.fullmatch(value) else " ".join(value[:400].split())

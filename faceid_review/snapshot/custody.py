"""What was done with each exhibit, by whom and when, and everything that is recorded of the case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from faceid_review.snapshot.account import none_recorded
from faceid_review.snapshot.acts import act, facts_of
from faceid_review.snapshot.attachments import EVENTS
from faceid_review.snapshot.blocks import (
    Block,
    Cell,
    facts,
    grouped_hash,
    page,
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
"""Acts that concern every picture alike."""

_ONE_PICTURE: Final = ("viewed", "altered_view", "pin", "unpin", "component", "aligned")
_LOOKS: Final = ("opened", "revealed", "viewed", "altered_view")
SECRETS: Final = frozenset({"api_key", "api_secret"})


def custody(copy: ThisCopy, exhibits: Sequence[Exhibit]) -> dict[str, Any]:
    """What concerns the whole case, each exhibit's own way, then the whole list."""
    words, frame, events = copy.words, copy.frame, copy.case.events
    blocks: list[Block] = [
        section(words("dossier.custody.case"), remark=words("dossier.custody.case_remark"))
    ]
    whole = [e for e in events if e.act in _WHOLE_CASE]
    blocks += _table(copy, whole[-_MOST_OF_ONE:]) if whole else [none_recorded(copy)]
    looks = sum(e.act in _LOOKS for e in whole)
    for exhibit in exhibits:
        told = [e for e in events if concerns(e, exhibit)]
        title = words("dossier.custody.of", number=exhibit.number)
        blocks.append(section(title, pointer=f"SHA-256 {exhibit.picture.sha256[:16]}…"))
        if came := _came(copy, exhibit):
            blocks.append(remark(came))
        blocks += _table(copy, told[-_MOST_OF_ONE:]) if told else ()
        seen = looks + sum(e.act in _LOOKS for e in told)
        blocks.append(remark(words.many("dossier.custody.looks", seen), quiet=True))
    if copy.profile.shows("entries"):
        blocks.append(section(words("snapshot.events.title"), remark=words("snapshot.events.remark")))
        blocks += _table(copy, events[-_MOST:])
        if len(events) > _MOST:
            left = len(events) - _MOST
            blocks.append(remark(words.many("snapshot.events.earlier", left), quiet=True))
    if "events" in copy.profile.attachments:
        blocks.append(remark(words("dossier.custody.complete", file=EVENTS), quiet=True))
    blocks.append(section(words("dossier.custody.before")))
    rows: list[tuple[str, Cell]] = [
        (words("snapshot.integrity.head"), grouped_hash(frame.head, 16) if frame.head else "–"),
        (words("snapshot.integrity.entries"), words.many("snapshot.integrity.entries_before", frame.entries)),
    ]
    blocks += [facts(rows, label=38), remark(words("dossier.custody.gaps"), quiet=True)]
    return page("custody", words("dossier.custody.title"), blocks, words("dossier.custody.intro"))


def concerns(entry: Entry, exhibit: Exhibit) -> bool:
    """Whether an entry tells of this exhibit alone, or of it and the one beside it."""
    told = entry.facts
    if exhibit.ours and entry.number == getattr(exhibit.picture, "entry", None):
        return True
    named = {told.get("role"), told.get("left"), told.get("right")}
    return entry.act in _ONE_PICTURE and exhibit.picture.role in named


def _came(copy: ThisCopy, exhibit: Exhibit) -> str:
    """With which answer a picture of the vendor's came."""
    answer = copy.case.answer
    return "" if exhibit.ours or answer is None else copy.words("dossier.custody.came", n=answer.entry)


def _table(copy: ThisCopy, events: Sequence[Entry]) -> Iterator[Block]:
    words = copy.words
    heads = ("number", "at", "by", "act", "facts")
    shown = [
        [str(e.number), copy.clock.utc(e.at), e.by[:80], act(copy, e.act), facts_of(copy, e)] for e in events
    ]
    head = [words(f"snapshot.events.{name}") for name in heads]
    made = table(shown, [12, 37, 26, 38, "rest"], head=head, align=("right",), together=len(shown) < 6)
    yield made | {"whole": True}

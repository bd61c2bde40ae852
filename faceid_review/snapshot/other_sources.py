"""Where imported answers and callbacks come from, what a callback's sign shows, and where two sources differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from faceid_review.faceid import callback
from faceid_review.i18n import grouped
from faceid_review.review import saying_callbacks
from faceid_review.review.checks import Comparison
from faceid_review.review.sources import IMPORTED, Answer, CallbackSource
from faceid_review.snapshot import raw_response
from faceid_review.snapshot.blocks import (
    Block,
    Cell,
    bold,
    facts,
    fixed,
    grouped_hash,
    marked,
    quiet,
    remark,
    section,
    table,
)
from faceid_review.snapshot.this_copy import ThisCopy

_MOST: Final = 12
"""How many sources of a kind are told one by one."""

_MOST_FIELDS: Final = 60
_MOST_ATTACHED: Final = 24 * 1024 * 1024
_MARKS: Final = {"valid": ("tick", "ok"), "invalid": ("triangle", "warn"), "unchecked": ("dash", "mute")}


@dataclass(frozen=True)
class Further:
    """A source that travels with the document beside the answer it shows. ``description`` is a key of the words."""

    name: str
    body: bytes = field(repr=False)
    sha256: str
    description: str


def further(copy: ThisCopy) -> tuple[Further, ...]:
    """The callbacks and further answers that are attached, as far as there is room for them."""
    case, room = copy.case, _MOST_ATTACHED
    made = list[Further]()
    every = [
        *(
            (f"callback_{c.entry}.bin", c.body, c.sha256, "callback.snapshot.attached")
            for c in case.callbacks
        ),
        *(
            (f"answer_{a.entry}.bin", a.body, a.sha256, "callback.snapshot.attached_answer")
            for a in _beside(copy)
        ),
    ]
    for name, body, sha256, description in every:
        if body and len(body) <= room and len(made) < 2 * _MOST:
            room -= len(body)
            made.append(Further(name, body, sha256, description))
    return tuple(made)


def other_sources(copy: ThisCopy) -> Iterator[Block]:
    """Imported answers, further fetched ones and callbacks, each with its origin and its differences."""
    words = copy.words
    attached = {one.name for one in further(copy)}
    imported = [a for a in copy.case.sources if a.origin == IMPORTED]
    fetched = [a for a in _beside(copy) if a.origin != IMPORTED]
    if imported:
        yield section(
            words("callback.snapshot.imported_title"), remark=words("callback.snapshot.imported_remark")
        )
        yield remark(words("callback.snapshot.imported_warning"), quiet=True)
        for answer in imported[:_MOST]:
            yield from _answer(copy, answer, attached)
    if fetched:
        yield section(words("callback.snapshot.fetched_title"))
        for answer in fetched[:_MOST]:
            yield from _answer(copy, answer, attached)
    if copy.case.callbacks:
        yield section(words("callback.snapshot.title"), remark=words("callback.snapshot.remark"))
        shown = copy.case.callbacks[:_MOST]
        for source in shown:
            yield from _callback(copy, source, attached)
        for sentence in dict.fromkeys(s for one in shown for s in saying_callbacks.proves(one, words)):
            yield remark(sentence)


def checking(copy: ThisCopy) -> str:
    """How to check the further sources without this program; empty where there are none."""
    if not further(copy):
        return ""
    used = sorted({c.algorithm for c in copy.case.callbacks if c.algorithm}) or ["sha1"]
    return copy.words("callback.snapshot.checking", algorithms=" · ".join(used))


def _beside(copy: ThisCopy) -> list[Answer]:
    shown = copy.case.answer
    return [answer for answer in copy.case.sources if shown is None or answer.entry != shown.entry]


def _answer(copy: ThisCopy, answer: Answer, attached: set[str]) -> Iterator[Block]:
    words = copy.words
    on_show = copy.case.answer is not None and answer.entry == copy.case.answer.entry
    imported = answer.origin == IMPORTED
    at = words("callback.snapshot.imported_at" if imported else "snapshot.provenance.received")
    yield remark(bold(words("callback.snapshot.answer", entry=answer.entry)))
    rows: list[tuple[str, Cell]] = [
        (words("callback.snapshot.role"), words(f"callback.snapshot.{'on_show' if on_show else 'beside'}")),
    ]
    if imported:
        rows += [
            (words("callback.snapshot.file"), copy.as_sent(answer.name[:300])),
            (words("callback.snapshot.imported_by"), answer.by[:80]),
        ]
    rows += [
        (at, copy.clock.both(answer.received_at)),
        *_kept(copy, answer.size, answer.sha256, "" if on_show else f"answer_{answer.entry}.bin", attached),
    ]
    yield facts(rows, label=38)
    yield from _compared(copy, "answer", answer.entry)


def _callback(copy: ThisCopy, source: CallbackSource, attached: set[str]) -> Iterator[Block]:
    words = copy.words
    shape, tone = _MARKS[source.sign]
    why = saying_callbacks.diagnosis(source, words)
    told = (saying_callbacks.sign(source, words), why, *saying_callbacks.remarks(source, words))
    yield remark(bold(words("callback.snapshot.one", entry=source.entry)))
    rows: list[tuple[str, Cell]] = [
        (words("callback.snapshot.file"), copy.as_sent(source.name[:300])),
        (words("callback.snapshot.imported_by"), source.by[:80]),
        (words("callback.snapshot.imported_at"), copy.clock.both(source.at)),
        (words("callback.snapshot.form"), saying_callbacks.form(source, words)),
        *_kept(copy, source.size, source.sha256, f"callback_{source.entry}.bin", attached),
        (
            words("callback.sign.title"),
            [
                marked(shape, words(f"callback.sign.{source.sign}.short"), tone),
                *(quiet(sentence) for sentence in told if sentence),
            ],
        ),
    ]
    yield facts(rows, label=38)
    yield from _compared(copy, "callback", source.entry)
    if copy.case.answer is None:
        yield from _says(copy, source)


def _kept(
    copy: ThisCopy, size: int, sha256: str, name: str, attached: set[str]
) -> Iterator[tuple[str, Cell]]:
    words = copy.words
    yield words("snapshot.provenance.size"), words.many("snapshot.bytes", size)
    yield "SHA-256", grouped_hash(sha256, 16)
    if name:
        told = fixed(name) if name in attached else quiet(words("callback.snapshot.too_long"))
        yield words("callback.snapshot.attached_as"), told


def _compared(copy: ThisCopy, kind: str, entry: int) -> Iterator[Block]:
    made = next((c for c in copy.case.comparisons if (c.kind, c.entry) == (kind, entry)), None)
    if made is None:
        return
    words = copy.words
    if made.differences is None:
        yield remark(words("callback.snapshot.not_compared"), quiet=True)
        return
    yield remark(words("callback.snapshot.compared", entry=made.against), quiet=True)
    if made.telling:
        yield _differing(copy, made)
    else:
        yield remark(words("callback.snapshot.no_difference"))
    natural = dict.fromkeys("/" + d.pointer.split("/")[1] for d in made.differences if d.by_nature)
    if natural:
        yield remark(words("callback.snapshot.by_nature", names=" · ".join(natural)), quiet=True)


def _differing(copy: ThisCopy, made: Comparison) -> Block:
    words = copy.words
    rows: list[list[Cell]] = [
        [fixed(d.pointer[:300] or "/"), _side(copy, d.left), _side(copy, d.right)]
        for d in made.telling[:_MOST_FIELDS]
    ]
    if (left := len(made.telling) - len(rows)) > 0:
        rows.append([quiet("…"), quiet(grouped(left)), None])
    heads = [words("callback.snapshot.field"), words("callback.snapshot.here")]
    return table(
        rows, [58, "rest", "rest"], head=[*heads, words("callback.snapshot.there", entry=made.against)]
    )


def _side(copy: ThisCopy, value: str | None) -> Cell:
    return quiet(copy.words("callback.snapshot.absent")) if value is None else fixed(value)


def _says(copy: ThisCopy, source: CallbackSource) -> Iterator[Block]:
    """The callback's JSON, where there is no answer to compare it with."""
    read = callback.read(source.body)
    tree = raw_response.parsed(read.document) if read else None
    if tree is None:
        return
    words = copy.words
    lines, cut = raw_response.pretty(tree, lambda _, __: None, lambda n: words.many("snapshot.left_out", n))
    yield remark(bold(words("callback.snapshot.says")))
    yield {"kind": "code", "lines": lines}
    if cut:
        yield remark(words("snapshot.raw.cut"))

"""What is in the file, whose key says so, how anybody can check it, and what that does not show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from faceid_review.i18n import grouped
from faceid_review.snapshot import manifest
from faceid_review.snapshot.blocks import (
    Block,
    Cell,
    facts,
    fixed,
    grouped_hash,
    line,
    marked,
    page,
    quiet,
    remark,
    section,
    table,
)
from faceid_review.snapshot.manifest import Part
from faceid_review.snapshot.other_sources import checking
from faceid_review.snapshot.this_copy import ThisCopy

_MOST: Final = 200


def integrity(copy: ThisCopy, parts: Sequence[Part], digest: str) -> dict[str, Any]:
    """The manifest as a list, the signature in words, and the steps. ``digest`` is the manifest's SHA-256."""
    words = copy.words
    rows: list[tuple[str, Cell]] = [(words("dossier.manifest"), grouped_hash(digest, 16)), *signature(copy)]
    blocks = [facts(rows, label=38), *_listed(copy, parts), *_steps(copy, parts), *_limits(copy)]
    return page("integrity", words("dossier.integrity.title"), blocks, words("dossier.integrity.intro"))


def signature(copy: ThisCopy) -> list[tuple[str, Cell]]:
    """Whose key signed, and the time stamp, in words."""
    words, frame = copy.words, copy.frame
    signed: Cell = marked("dash", words("snapshot.integrity.unsigned"), "mute")
    if frame.key:
        signed = [
            marked("tick", words("dossier.signed"), "ok"),
            grouped_hash(frame.key, 16),
        ]
    stamp: Cell = marked("dash", words("dossier.no_stamp"), "mute")
    if frame.stamp:
        stamp = frame.stamp[:300]
    return [(words("snapshot.integrity.signature"), signed), (words("dossier.stamp"), stamp)]


def _listed(copy: ThisCopy, parts: Sequence[Part]) -> Iterator[Block]:
    words = copy.words
    yield section(words("dossier.parts"), remark=manifest.NAME)
    kept = [part for part in parts if part.commitment is None]
    rows: list[list[Cell]] = [
        [
            line(fixed(part.name[:80]), quiet("  " + words("dossier.on_page")))
            if part.kind == manifest.PICTURE
            else fixed(part.name[:80]),
            grouped(part.size),
            fixed(part.sha256),
        ]
        for part in kept[:_MOST]
    ]
    if not rows:
        yield remark(quiet(words("snapshot.none_recorded")))
        return
    heads = [words("snapshot.manifest.item"), words("snapshot.cover.bytes"), "SHA-256"]
    yield table(rows, [46, 16, "rest"], head=heads, align=("left", "right"))
    if len(kept) > _MOST:
        yield remark(words.many("dossier.more_parts", len(kept) - _MOST), quiet=True)


def _steps(copy: ThisCopy, parts: Sequence[Part]) -> Iterator[Block]:
    words, attached = copy.words, "answer" in copy.profile.attachments
    yield section(words("snapshot.checking.title"), remark=words("snapshot.checking.remark"))
    steps = [words("dossier.check.detach")]
    if any(part.kind == manifest.PICTURE for part in parts):
        steps.append(words("dossier.check.pictures"))
    if copy.case.answer and attached:
        steps.append(words("snapshot.checking.answer"))
    if copy.frame.key:
        steps.append(words("dossier.check.signature"))
    if any(part.commitment for part in parts):
        steps.append(words("dossier.check.removed"))
    if "callbacks" in copy.profile.attachments and (told := checking(copy)):
        steps.append(told)
    steps.append(words("snapshot.checking.chain"))
    for step in steps:
        yield remark(step)


def _limits(copy: ThisCopy) -> Iterator[Block]:
    words = copy.words
    yield section(words("dossier.limits.title"))
    for name in ("person", "vendor", "sign", "clock", "key"):
        yield remark(words(f"dossier.limits.{name}"))

"""What reviewers did: every round with its judgements and its decision, every wording of every note, the disputes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from faceid_review.review import policies
from faceid_review.review.disputes import Dispute, DisputeNote
from faceid_review.review.judging import Round
from faceid_review.snapshot.account import none_recorded, reason
from faceid_review.snapshot.blocks import (
    LONGEST_VALUE,
    Block,
    Cell,
    banner,
    bold,
    facts,
    fixed,
    marked,
    page,
    quiet,
    remark,
    section,
    table,
)
from faceid_review.snapshot.this_copy import ThisCopy

_MOST: Final = 200
_POLICIES: Final = ("blind", "covers_each_case", "retention_days")
_LONGEST: Final = 12_000


def decisions(copy: ThisCopy) -> dict[str, Any]:
    """Rounds, judgements, reveals, decisions, notes."""
    words, work = copy.words, copy.case.work
    blocks: list[Block] = []
    for jump in work.jumps[:12]:
        told = {"number": jump.number, "before": copy.clock.utc(jump.before), "at": copy.clock.utc(jump.at)}
        blocks.append(banner(words("dossier.jump", **told), []))
    blocks.append(section(words("snapshot.decisions.decisions")))
    if work.decisions and not copy.profile.shows("reasons"):
        blocks.append(remark(words("dossier.account.no_reasons", profile=_profile(copy))))
    done = [one for one in work.rounds if one.judgements or one.reveals or one.decision or one.withdrawn]
    if not done:
        blocks.append(none_recorded(copy))
    for one in done[:_MOST]:
        blocks += _round(copy, one)
    shown = copy.profile.shows("notes")
    every = words("dossier.notes.remark") if shown else None
    blocks.append(section(words("snapshot.decisions.notes"), remark=every))
    blocks += _notes(copy) if shown else [remark(words("dossier.notes.left_out", profile=_profile(copy)))]
    blocks.append(section(words("dossier.told.title"), remark=words("dossier.told.remark")))
    explained = [one for one in work.explanations if one.text]
    if not explained:
        blocks.append(none_recorded(copy))
    for said in explained[:_MOST]:
        blocks.append(remark(quiet(f"{said.lang} · {said.by[:80]}, {copy.clock.both(said.at)}")))
        blocks += _paragraphs(copy, said.text)
    return page("decisions", words("dossier.decisions.title"), blocks, words("snapshot.decisions.intro"))


def _round(copy: ThisCopy, one: Round) -> Iterator[Block]:
    words = copy.words
    title = words("dossier.round.title", n=one.number)
    yield section(title, remark=words("dossier.round.of", name=one.dispute) if one.dispute else None)
    done: list[tuple[int, list[Cell]]] = []
    for made in one.judgements:
        blind = words("dossier.round.blind" if made.blind else "dossier.round.not_blind")
        cell: Cell = [bold(words(f"judging.step.{made.step.value}")), quiet(blind)]
        done.append((made.entry, [words("dossier.round.judgement"), cell, _who(copy, made.by, made.at)]))
    for shown in one.reveals:
        said = words("dossier.round.after" if shown.judged else "dossier.round.before")
        done.append((shown.entry, [words("dossier.round.reveal"), said, _who(copy, shown.by, shown.at)]))
    if last := one.decision:
        told: list[Cell] = [bold(words(f"dossier.outcome.{last.outcome.value}"))]
        if copy.profile.shows("reasons"):
            told += [reason(copy, last), fixed(last.reason[:60])]
        else:
            told.append(quiet(words("dossier.round.no_reason")))
        if last.against_vendor:
            told.append(marked("triangle", words("dossier.round.against"), "warn"))
        done.append((last.entry, [words("dossier.round.decision"), told, _who(copy, last.by, last.at)]))
    rows = [cells for _, cells in sorted(done, key=lambda pair: pair[0])]
    if rows:
        heads = [words(f"dossier.round.{name}") for name in ("step", "said", "who")]
        yield table(rows[:_MOST], [30, "rest", 62], head=heads)
    judges = {made.by for made in one.judgements}
    key = "two" if len(judges) > 1 else "one" if judges else "nobody"
    yield remark(words(f"dossier.round.{key}"), quiet=True)
    if one.decision and one.decision.note and copy.profile.shows("notes"):
        yield remark(bold(words("judging.note_of_decision")))
        yield from _paragraphs(copy, one.decision.note)
    if one.decision:
        yield remark(_policy(copy, one.decision.entry), quiet=True)
    if one.withdrawn:
        yield remark(words("judging.withdrawn", round=one.number))
    elif not one.decision:
        yield remark(marked("half", words("dossier.round.open"), "info"))


def _notes(copy: ThisCopy) -> Iterator[Block]:
    words, notes = copy.words, copy.case.work.notes
    if not notes:
        yield none_recorded(copy)
    for note in notes[:_MOST]:
        for place, version in enumerate(note.versions[:_MOST], start=1):
            last = version is note.latest
            head = words("dossier.notes.version" if last else "dossier.notes.earlier", n=note.number, v=place)
            yield remark([bold(head), quiet(_told_by(copy, version.by, version.at))])
            yield from _paragraphs(copy, version.text)


def _paragraphs(copy: ThisCopy, text: str) -> Iterator[Block]:
    """A text as typed, a line each; what is too long for print is cut and told."""
    lines = text[:_LONGEST].split("\n")[:_MOST]
    yield {"kind": "quote", "text": [line or " " for line in lines]}
    if left := len(text) - len("\n".join(lines)):
        yield remark(copy.words.many("dossier.cut", left), quiet=True)


def dispute(copy: ThisCopy) -> dict[str, Any]:
    """Every dispute: who, when, which way, on what grounds, what was asked for, answered and appealed."""
    words = copy.words
    blocks: list[Block] = []
    for one in copy.case.work.disputes[:_MOST]:
        blocks += _dispute(copy, one)
    return page("dispute", words("dossier.dispute.title"), blocks or [none_recorded(copy)])


def _dispute(copy: ThisCopy, one: Dispute) -> Iterator[Block]:
    words = copy.words
    none = quiet(words("snapshot.none_recorded"))
    state = words("judging.dispute_open" if one.open else "judging.dispute_closed")
    yield section(words("judging.dispute", name=one.name), remark=state)
    # An empty record says "none recorded" in every row, so that a missing step is seen.
    rows: list[tuple[str, Cell]] = [
        (words("judging.dispute_received"), str(one.received) if one.received else none),
        (words("dossier.dispute.entered"), _told_by(copy, one.by, one.at)),
        (words("judging.dispute_channel"), one.channel[:400] or none),
        (words("judging.dispute_who"), one.who[:400] or none),
        (words("judging.dispute_identity"), one.identity[:400] or none),
        (words("dossier.dispute.deadline"), str(one.deadline) if one.deadline else none),
        (words("dossier.dispute.round"), str(one.round)),
    ]
    if len(one.cases) > 1:
        rows.append((words("judging.dispute_cases"), [fixed(name) for name in one.cases[:40]]))
    yield facts(rows, label=34)
    yield remark(bold(words("judging.dispute_grounds")))
    yield from _paragraphs(copy, one.grounds) if one.grounds else (remark(none),)
    lines = [*one.notes, *((one.closed,) if one.closed else ())]
    if lines:
        heads = [words(f"dossier.dispute.{name}") for name in ("kind", "text", "who")]
        yield table([_line(copy, one, n) for n in lines[:_MOST]], [28, "rest", 62], head=heads)
    else:
        yield remark(quiet(words("dossier.dispute.nothing")))


def _line(copy: ThisCopy, one: Dispute, note: DisputeNote) -> list[Cell]:
    words = copy.words
    head = words("judging.dispute_end") if note is one.closed else words(f"judging.kind.{note.kind.value}")
    return [head, note.text[:LONGEST_VALUE] or quiet("–"), _who(copy, note.by, note.at)]


def _policy(copy: ThisCopy, number: int) -> str:
    """The policies of the office that were in force when entry ``number`` was written."""
    words, known = copy.words, policies.at(number, copy.frame.policies)
    told = [
        words("marks.named", name=words(f"policy.name.{name}"), text=policies.said(known[name], words))
        for name in _POLICIES
    ]
    return words("dossier.round.policy", told=words("dossier.did.comma").join(told))


def _profile(copy: ThisCopy) -> str:
    return copy.profile.title(copy.lang)


def _who(copy: ThisCopy, by: str, at: Any) -> Cell:
    return [by[:80], quiet(copy.clock.both(at))]


def _told_by(copy: ThisCopy, by: str, at: Any) -> str:
    return f"{by[:80]}, {copy.clock.both(at)}"

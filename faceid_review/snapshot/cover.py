"""The cover: which case, what came of it so far, whose copy this is, and what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from faceid_review.faceid import glossary
from faceid_review.faceid.digits import plain
from faceid_review.faceid.result import ATTACK
from faceid_review.i18n import grouped
from faceid_review.review.case import Stage
from faceid_review.review.judging import Decision
from faceid_review.review.sources import IMPORTED
from faceid_review.snapshot import short_code
from faceid_review.snapshot.blocks import (
    Block,
    Cell,
    facts,
    fixed,
    grouped_hash,
    page_of,
    quiet,
    remark,
    section,
)
from faceid_review.snapshot.integrity import signature
from faceid_review.snapshot.manifest import NAME, PUBLIC_KEY, SCRIPT, SIGNATURE, VERIFY
from faceid_review.snapshot.profile import SMALL
from faceid_review.snapshot.this_copy import Note, ThisCopy

_PROOFS = (NAME, SIGNATURE, PUBLIC_KEY, VERIFY, SCRIPT)
_STATUS = {
    Stage.KEPT: ("disc", "mute"),
    Stage.PARTIAL: ("half", "warn"),
    Stage.REFUSED: ("square", "stop"),
    Stage.UNKNOWN: ("diamond", "warn"),
    Stage.ASKING: ("dots", "info"),
}


def cover(
    copy: ThisCopy,
    pages: Sequence[dict[str, Any]],
    attachments: Iterable[tuple[str, int]],
    notes: Sequence[Note],
    digest: str = "",
) -> dict[str, Any]:
    """Page 1. ``pages`` are those that follow it, ``attachments`` are names and sizes in bytes.

    ``digest`` is the manifest's SHA-256.
    """
    words = copy.words
    blocks = [
        {
            "kind": "cover",
            "above": words("snapshot.cover.case"),
            "number": copy.case.number,
            "below": words("snapshot.cover.subtitle"),
            "code": _code(copy, digest),
        },
        _outcome(copy),
        {
            "kind": "columns",
            "widths": [107, "rest"],
            "columns": [[section(words("snapshot.cover.check")), _check(copy)], _this_copy(copy)],
        },
        section(words("snapshot.cover.integrity"), remark=None),
        _integrity(copy, digest),
        *_notes(copy, notes),
        {
            "kind": "columns",
            "widths": [107, "rest"],
            "columns": [
                [
                    section(words("snapshot.cover.contents"), remark=words("snapshot.cover.page")),
                    {"kind": "contents", "rows": _contents(copy, pages)},
                ],
                _attachments(copy, attachments),
            ],
        },
    ]
    return {"id": "cover", "title": words("snapshot.cover.title"), "intro": None, "blocks": blocks}


def _code(copy: ThisCopy, digest: str) -> dict[str, Any]:
    """The square, and what it says in words beside it."""
    words, export = copy.words, copy.frame.export
    alt = words("dossier.code.alt", text=short_code.text(copy, digest))
    said = words("dossier.code.said", code=short_code.short(digest), export=export)
    return {"input": short_code.INPUT, "alt": alt, "said": [said, quiet(words("dossier.code.how"))]}


def _outcome(copy: ThisCopy) -> Block:
    words, case = copy.words, copy.case
    shape, tone = _STATUS.get(case.stage, ("ring", "mute"))
    at = case.answer.received_at if case.answer else case.attempts[-1].at if case.attempts else None
    code = case.refusal.code[:200] if case.refusal else ""
    told = _vendor_says(copy)
    work = case.work
    if work.decision:
        return _decided(copy, work.decision, told)
    readable = case.result is None or case.result.readable
    sentence = f"snapshot.stage.{case.stage.value}" if readable else "snapshot.stage.unreadable"
    return {
        "kind": "outcome",
        "chip": {"shape": shape, "tone": tone, "text": words(f"snapshot.chip.{case.stage.value}")},
        "draft": {"shape": "half", "tone": "info", "text": words("snapshot.chip.draft")},
        "time": copy.clock.both(at) if at else "",
        "sentence": words(sentence, code=code),
        "lines": [*told, words("snapshot.cover.undecided")] if told else [],
    }


def _decided(copy: ThisCopy, made: Decision, told: list[Cell]) -> Block:
    """The decision that stands, in one sentence; a draft again where another round is open."""
    words, sealed = copy.words, copy.case.work.sealed
    outcome = words(f"dossier.outcome.{made.outcome.value}")
    chip = {"shape": "tick", "tone": "ok", "text": words("dossier.chip.sealed", n=made.round)}
    again = {"shape": "half", "tone": "info", "text": words("snapshot.chip.draft")}
    lines = [*told, words("dossier.cover.beside")] if told else []
    return {
        "kind": "outcome",
        "chip": chip
        if sealed
        else {**chip, "tone": "mute", "text": words("dossier.chip.earlier", n=made.round)},
        "draft": None if sealed else again,
        "time": copy.clock.both(made.at),
        "sentence": outcome if sealed else words("dossier.cover.again", outcome=outcome),
        "lines": lines,
    }


def _vendor_says(copy: ThisCopy) -> list[Cell]:
    """The vendor's statements, a sentence each. None of them is a decision."""
    words, result, refusal = copy.words, copy.case.result, copy.case.refusal
    if refusal:
        known = glossary.refusal(refusal.code, refusal.http_status)
        return [known.meaning.text(copy.lang) + _gap(copy) + glossary.spent(refusal.spent).text(copy.lang)]
    if result is None or not result.readable:
        return []
    told: list[Cell] = []
    if live := result.liveness:
        reason = (live.failure_reason or "")[:120]
        key = "liveness_because" if reason else "liveness"
        told.append(words(f"snapshot.cover.{key}", result=(live.result or "–")[:80], reason=reason))
    else:
        lost = copy.lost("liveness_result")
        told.append(words("snapshot.cover.liveness_lost" if lost else "snapshot.cover.no_liveness"))
    told.append(_confidence(copy))
    told += [
        words(
            "snapshot.cover.flagged",
            check=check.name[:60],
            confidence=plain(check.confidence),
            threshold=plain(check.threshold),
        )
        for check in (result.genuineness if copy.profile.shows("genuineness") else ())
        if check.finding == ATTACK and check.threshold is not None and check.confidence is not None
    ]
    return told


def _confidence(copy: ThisCopy) -> Cell:
    words, result = copy.words, copy.case.result
    best = result.comparisons[0] if result and result.comparisons else None
    if best is None or best.confidence is None:
        place = ("verify_result", best.against, "confidence") if best else ("verify_result",)
        lost = copy.lost(*place) and not (result and result.verify_error is not None)
        return words("snapshot.cover.confidence_lost" if lost else "snapshot.cover.no_confidence")
    missed = best.next_missed
    facts_of_it = {
        "confidence": plain(best.confidence),
        "passed": best.strictest_passed or "",
        "missed": missed or "",
        "by": best.misses_next_by or "",
    }
    if best.strictest_passed and missed:
        return words("snapshot.cover.between", **facts_of_it)
    if best.strictest_passed:
        return words("snapshot.cover.above", **facts_of_it)
    if best.unread:
        return words("snapshot.cover.thresholds_unread", **facts_of_it)
    if best.incomplete:
        return words("snapshot.cover.thresholds_lost", **facts_of_it)
    return words("snapshot.cover.below" if missed else "snapshot.cover.confidence_alone", **facts_of_it)


def _gap(copy: ThisCopy) -> str:
    return " " if copy.lang == "en" else ""


def _check(copy: ThisCopy) -> Block:
    words, case, result = copy.words, copy.case, copy.case.result
    began = case.biz_id.began
    rows: list[tuple[str, Cell]] = [
        ("biz_id", fixed(case.biz_id)),
        ("biz_no", _short(copy, result.biz_no if result else None, "biz_no")),
        (
            words("snapshot.cover.request_id"),
            _short(copy, result.request_id if result else None, "request_id"),
        ),
        (
            words("snapshot.cover.verify_id"),
            _short(copy, result.verify_request_id if result else None, "verify_result", "request_id"),
        ),
        (
            words("snapshot.cover.began"),
            [copy.clock.both(began), quiet(words("snapshot.cover.began_why"))]
            if began
            else quiet(words("snapshot.cover.began_unknown")),
        ),
        (
            words("callback.snapshot.imported_at" if _imported(copy) else "snapshot.cover.received"),
            copy.clock.both(case.answer.received_at)
            if case.answer
            else quiet(words("snapshot.cover.nothing")),
        ),
    ]
    return facts(rows, label=28)


def _imported(copy: ThisCopy) -> bool:
    return copy.case.answer is not None and copy.case.answer.origin == IMPORTED


def _short(copy: ThisCopy, text: str | None, *steps: str) -> Cell:
    if text is None:
        return quiet(copy.absent("snapshot.not_returned", *steps))
    if text == "":
        return quiet(copy.words("snapshot.empty_text"))
    return fixed(text if len(text) <= 160 else text[:160] + "…")


def _this_copy(copy: ThisCopy) -> list[Block]:
    words, frame = copy.words, copy.frame
    rows: list[tuple[str, Cell]] = []
    if frame.recipient:
        rows.append((words("snapshot.copy.for"), frame.recipient[:300]))
    if frame.purpose:
        rows.append((words("snapshot.copy.purpose"), frame.purpose[:300]))
    particulars = copy.case.work.particulars
    if particulars.get("legal_basis"):
        rows.append((words("judging.legal_basis"), particulars["legal_basis"][:300]))
    if particulars.get("statement"):
        rows.append(
            (words("dossier.cover.claims"), words("dossier.quoted", text=particulars["statement"][:400]))
        )
    removed = (
        words.many("dossier.cover.redactions", copy.removed) if copy.removed else words("snapshot.copy.all")
    )
    of = [copy.profile.title(copy.lang), quiet(removed)]
    if copy.profile.pictures == SMALL:
        of.append(quiet(words("dossier.cover.thumbnails")))
    rows += [
        (words("dossier.cover.profile"), of),
        (words("snapshot.copy.by"), [frame.exporter, *_codes(copy)]),
        (
            words("snapshot.copy.at"),
            [copy.clock.local(frame.exported_at), quiet(copy.clock.utc(frame.exported_at))],
        ),
        (words("snapshot.copy.zone"), frame.zone),
        (words("snapshot.copy.vault"), frame.vault),
        (words("snapshot.copy.program"), f"FaceID Review {frame.version}"),
    ]
    return [section(words("snapshot.copy.title")), facts(rows, label=18)]


def _codes(copy: ThisCopy) -> Iterator[Cell]:
    """What the codes mean that stand for names, once."""
    for what in ("staff", "place"):
        if what in copy.profile.remove:
            yield quiet(copy.words(f"dossier.codes.{what}"))


def _integrity(copy: ThisCopy, digest: str) -> Block:
    words, answer, frame = copy.words, copy.case.answer, copy.frame
    rows: list[tuple[str, Cell]] = []
    rows.append((words("dossier.manifest"), grouped_hash(digest, 16)))
    if answer:
        rows.append((words("snapshot.integrity.body"), grouped_hash(answer.sha256, 16)))
    rows += [
        (words("snapshot.integrity.head"), grouped_hash(frame.head, 16) if frame.head else "–"),
        (words("snapshot.integrity.entries"), words.many("snapshot.integrity.entries_before", frame.entries)),
        *signature(copy),
        (
            words("snapshot.integrity.how"),
            page_of(words("snapshot.integrity.where", page="\0"), "integrity"),
        ),
    ]
    return facts(rows, label=38)


def _notes(copy: ThisCopy, notes: Sequence[Note]) -> list[Block]:
    if not notes:
        return []
    words = copy.words
    return [section(words("snapshot.cover.notes")), *(remark(note.text(words)) for note in notes)]


def _contents(copy: ThisCopy, pages: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """The pages by title; several exhibits are one line."""
    rows = [{"id": one["id"], "title": one["title"]} for one in pages]
    exhibits = [place for place, one in enumerate(rows) if one["id"].startswith("exhibit-")]
    if len(exhibits) > 1:
        first, *others = exhibits
        rows[first]["title"] = copy.words("dossier.cover.exhibits", n=len(exhibits))
        for place in reversed(others):
            del rows[place]
    return rows


def _attachments(copy: ThisCopy, attachments: Iterable[tuple[str, int]]) -> list[Block]:
    words = copy.words
    rows: list[list[Cell]] = []
    pictures, proofs = list[tuple[str, int]](), list[tuple[str, int]]()
    for name, size in attachments:
        if re.fullmatch(r"E[0-9]+[a-z]?\.jpg", name):
            pictures.append((name, size))
        elif name in _PROOFS:
            proofs.append((name, size))
        else:
            rows.append([fixed(name), grouped(size)])
    if pictures:
        first, last = pictures[0][0], pictures[-1][0]
        said = first if first == last else words("dossier.cover.from_to", first=first, last=last)
        rows.insert(min(2, len(rows)), [fixed(said), grouped(sum(size for _, size in pictures))])
    rows += [[fixed(name), grouped(size)] for name, size in proofs]
    blocks = [section(words("snapshot.cover.attachments"), remark=words("snapshot.cover.bytes"))]
    if not rows:
        return [*blocks, remark(quiet(words("snapshot.none")))]
    return [*blocks, {"kind": "pairs", "rows": rows[:14]}]

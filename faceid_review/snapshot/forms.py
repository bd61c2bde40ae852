"""Certification forms to be completed by hand, privacy with the log of what was taken out, terms, and the reviewers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from faceid_review.i18n import words as words_of
from faceid_review.review.judging import PARTICULARS, Outcome, Step
from faceid_review.snapshot.account import none_recorded
from faceid_review.snapshot.blocks import Block, Cell, facts, fixed, page, quiet, remark, section, table
from faceid_review.snapshot.manifest import Part
from faceid_review.snapshot.this_copy import ThisCopy
from faceid_review.vault.entry import Entry

_MOST: Final = 200
_TERMS: Final = (
    "biz_id",
    "biz_no",
    "request_id",
    "liveness",
    "failure_reason",
    "confidence",
    "threshold",
    "genuineness",
    "id_exceptions",
    "exhibit",
    "manifest",
    "commitment",
    "head",
)


def certification(copy: ThisCopy) -> dict[str, Any]:
    """Two forms with the facts filled in and the rest left open. Nobody has signed them."""
    words, frame, case = copy.words, copy.frame, copy.case
    blank = "\u2009" + "_" * 44
    known: list[tuple[str, Cell]] = [
        (words("dossier.form.case"), [case.number, fixed(case.biz_id)]),
        (words("dossier.form.system"), words("dossier.form.system_is", version=frame.version)),
        (words("dossier.form.made"), f"{frame.exporter}, {copy.clock.both(frame.exported_at)}"),
        (
            words("dossier.form.acquired"),
            copy.clock.both(case.answer.received_at) if case.answer else words("snapshot.cover.nothing"),
        ),
        ("SHA-256", fixed(case.answer.sha256) if case.answer else "–"),
    ]
    blocks: list[Block] = []
    for form, open_fields in (
        ("process", ("name", "office", "qualification", "place", "signature")),
        ("extraction", ("name", "witness", "place", "equipment", "signature")),
    ):
        blocks.append(section(words(f"dossier.form.{form}"), remark=words("dossier.form.unsigned")))
        blocks.append(remark(words(f"dossier.form.{form}_says")))
        rows = [*known, *((words(f"dossier.form.{name}"), quiet(blank)) for name in open_fields)]
        blocks.append(facts(rows, label=44))
    return page("certification", words("dossier.form.title"), blocks, words("dossier.form.intro"))


def privacy(copy: ThisCopy, parts: list[Part]) -> dict[str, Any]:
    """Legal basis, purpose, hold, who got copies, and the log of what was taken out of this one."""
    words, work = copy.words, copy.case.work
    none = quiet(words("snapshot.none_recorded"))
    said = {name: work.particulars.get(name, "")[:2000] for name in PARTICULARS}
    hold: Cell = none
    if work.hold:
        hold = [work.hold.reason[:400], quiet(f"{work.hold.by[:80]}, {copy.clock.both(work.hold.at)}")]
    rows: list[tuple[str, Cell]] = [
        (words("judging.legal_basis"), said["legal_basis"] or none),
        (words("judging.purpose"), said["purpose"] or none),
        (words("dossier.privacy.retention"), none),
        (words("dossier.privacy.hold"), hold),
    ]
    blocks = [facts(rows, label=38), *_recipients(copy), *_log(copy, parts)]
    blocks += [section(words("dossier.privacy.notice")), remark(words("dossier.privacy.says"))]
    return page("privacy", words("dossier.privacy.title"), blocks)


def _recipients(copy: ThisCopy) -> Iterator[Block]:
    words = copy.words
    yield section(words("dossier.privacy.recipients"), remark=words("dossier.privacy.before"))
    out = [e for e in copy.case.events if e.act in ("exported", "handed_over")]
    if not out:
        yield none_recorded(copy)
        return
    rows: list[list[Cell]] = [
        [
            str(e.number),
            copy.clock.utc(e.at),
            str(e.facts.get("recipient") or "–")[:200],
            _purpose(copy, e),
            quiet(e.by[:80]),
        ]
        for e in out[-_MOST:]
    ]
    heads = [words(f"dossier.privacy.{name}") for name in ("entry", "at", "recipient", "purpose", "by")]
    yield table(rows, [14, 42, 44, "rest", 28], head=heads, align=("right",))


def _purpose(copy: ThisCopy, entry: Entry) -> str:
    """What a copy was for, or which one was handed over and how."""
    if entry.act == "exported":
        return str(entry.facts.get("purpose") or "–")[:200]
    how = str(entry.facts.get("how") or "–")[:200]
    return copy.words("dossier.privacy.handed_over", entry=entry.facts["copy"], how=how)


def _log(copy: ThisCopy, parts: list[Part]) -> Iterator[Block]:
    words = copy.words
    removed = [part for part in parts if part.commitment]
    yield section(words("dossier.log.title"), remark=words("dossier.log.by", by=copy.frame.exporter[:80]))
    if not removed:
        yield none_recorded(copy)
        return
    yield remark(words("dossier.log.says"), quiet=True)
    rows: list[list[Cell]] = [
        [
            part.name.rpartition(" ")[2],
            fixed(part.pointer[:160]),
            words(f"dossier.reason.{part.reason}"),
            fixed(part.commitment or ""),
        ]
        for part in removed[:_MOST]
    ]
    heads = [words(f"dossier.log.{name}") for name in ("number", "item", "reason", "commitment")]
    yield table(rows, [10, 44, 40, "rest"], head=heads, align=("right",))
    if len(removed) > _MOST:
        yield remark(words.many("dossier.more_parts", len(removed) - _MOST), quiet=True)


def terms(copy: ThisCopy) -> dict[str, Any]:
    """The words of this document in both languages, with the codes that can stand in it."""
    words = copy.words
    langs = ["zh", "en"] if copy.chinese else ["en"]
    rows: list[list[Cell]] = [
        [fixed(name), *(words_of(lang)(f"dossier.term.{name}") for lang in langs)] for name in _TERMS
    ]
    blocks = [table(rows, [30, *["rest"] * len(langs)])]
    for title, prefix, codes in (
        ("outcomes", "dossier.outcome", [one.value for one in Outcome]),
        ("steps", "judging.step", [one.value for one in Step]),
    ):
        blocks.append(section(words(f"dossier.terms.{title}")))
        listed: list[list[Cell]] = [
            [fixed(code), *(words_of(lang)(f"{prefix}.{code}") for lang in langs)] for code in codes
        ]
        blocks.append(table(listed, [44, *["rest"] * len(langs)]))
    used = {made.reason: made.reason_words for made in copy.case.work.decisions}
    if copy.profile.shows("reasons"):
        blocks.append(section(words("dossier.terms.reasons"), remark=words("dossier.terms.reasons_remark")))
        told: list[list[Cell]] = [
            [fixed(code[:60]), *(str(said.get(lang) or "–") for lang in langs)] for code, said in used.items()
        ]
        blocks.append(table(told[:_MOST], [44, *["rest"] * len(langs)]) if told else none_recorded(copy))
    intro = words("dossier.terms.intro", version=copy.frame.version)
    return page("terms", words("dossier.terms.title"), blocks, intro)


def reviewer(copy: ThisCopy) -> dict[str, Any]:
    """Who worked on the case; what the program does not know is left open."""
    words, work = copy.words, copy.case.work
    roles: dict[str, list[str]] = {}
    for made in work.judgements:
        roles.setdefault(made.by, []).append(words("dossier.reviewer.judged"))
    for decision in work.decisions:
        roles.setdefault(decision.by, []).append(words("dossier.reviewer.decided"))
    roles.setdefault(copy.frame.exporter, []).append(words("dossier.reviewer.exported"))
    blank = "_" * 18
    rows: list[list[Cell]] = [
        [by[:80], words("marks.comma").join(dict.fromkeys(done)), quiet(blank), quiet(blank)]
        for by, done in list(roles.items())[:_MOST]
    ]
    heads = [words(f"dossier.reviewer.{name}") for name in ("name", "did", "training", "conflict")]
    blocks = [
        table(rows, [44, "rest", 38, 38], head=heads),
        remark(words("dossier.reviewer.open"), quiet=True),
    ]
    blocks += [section(words("dossier.reviewer.tools")), remark(words("dossier.reviewer.zoom"))]
    return page("reviewer", words("dossier.reviewer.title"), blocks)

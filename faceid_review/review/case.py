"""A case: everything known of one biz_id, folded from the ledger's entries.

The vendor's word (``answer``, ``result``) and the reviewer's (``notes``, ``decision``) lie side by side and
never overwrite each other. What the bytes mean is read anew each time; only the bytes are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from faceid_review.errors import Spent
from faceid_review.faceid import glossary
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.result import Photograph, VerificationResult
from faceid_review.review import checks, head, judging, marks, references, sources, tombstone
from faceid_review.review.marks import Marks
from faceid_review.review.references import Reference
from faceid_review.review.sources import Answer, CallbackSource
from faceid_review.vault.entry import Entry


class Stage(StrEnum):
    """Where the question stands. Every biz_id is in exactly one stage."""

    QUEUED = "queued"
    ASKING = "asking"
    KEPT = "kept"
    PARTIAL = "partial"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"
    CANCELLED = "cancelled"
    PURGED = "purged"

    @property
    def answered(self) -> bool:
        """Whether bytes of an answer lie in the vault."""
        return self in (Stage.KEPT, Stage.PARTIAL, Stage.REFUSED)

    @property
    def free_to_ask(self) -> bool:
        """Whether asking is free, because nothing was ever sent."""
        return self in (Stage.QUEUED, Stage.NOT_SENT, Stage.CANCELLED)


@dataclass(frozen=True)
class Attempt:
    """One try at asking. ``at`` is when it was armed."""

    number: int
    at: datetime
    stage: Stage
    account: str


@dataclass(frozen=True)
class Refusal:
    """The vendor's error: its code as sent, the HTTP status, and whether the call is spent."""

    code: str
    http_status: int
    spent: Spent


@dataclass(frozen=True)
class Case:
    """One biz_id with all that is known of it. ``events`` are its entries, oldest first.

    ``answer`` is the one on show: the first that counts as kept. ``sources`` are all answers, fetched and imported,
    and ``callbacks`` all callbacks, oldest first; ``origin`` is fetched, imported, or callback where there is no more.
    """

    biz_id: BizId
    number: str
    stage: Stage
    origin: str
    account: str
    attempts: tuple[Attempt, ...]
    answer: Answer | None
    result: VerificationResult | None
    refusal: Refusal | None
    events: tuple[Entry, ...] = field(repr=False)
    work: judging.Work = field(default_factory=judging.Work, repr=False)
    hidden: bool = False
    """Whether the blind policy has taken the vendor's verdict away (``review/blind.py``)."""
    sources: tuple[Answer, ...] = ()
    callbacks: tuple[CallbackSource, ...] = ()
    references: tuple[Reference, ...] = ()
    marks: Marks = field(default_factory=Marks, repr=False)
    tombstone: tombstone.Tombstone | None = None
    """What is left of a purged case; what the answers and pictures held is gone from all other fields then."""

    @property
    def photographs(self) -> tuple[Photograph, ...]:
        """The pictures that came, best first, then the actions in order."""
        return self.result.photographs if self.result else ()

    @cached_property
    def comparisons(self) -> tuple[checks.Comparison, ...]:
        """Callbacks and further answers against the answer on show, field by field."""
        return checks.comparisons(self)

    @cached_property
    def checks(self) -> tuple[checks.Check, ...]:
        """Whether what is known agrees with itself."""
        return checks.checks(self)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Codes of what deserves a second look; documented in docs/warnings.md."""
        found = list(self.result.warnings) if self.result else []
        if self.answer and self.answer.too_long:
            found.append("body_too_long")
        if self.answer and not self.answer.complete:
            found.append("answer_incomplete")
        if self.work.jumps:
            found.append("clock_set_back")
        if self.hidden:
            return (*dict.fromkeys(found), "hidden_until_judged")
        return tuple(dict.fromkeys([*found, *checks.warnings(self)]))


def exhibit_number(role: str) -> str:
    """The exhibit's name: E1 is image_best, E2 is image_action1 and so on; E0 is ours, the reference."""
    if role == "image_best":
        return "E1"
    number = re.fullmatch(r"image_action([1-9][0-9]{0,3})", role)
    return f"E{int(number[1]) + 1}" if number else role


def fold(
    events: Iterable[Entry],
    body_of: Mapping[int, bytes],
    read: Callable[[bytes], VerificationResult] | None = None,
    told_of: Callable[[bytes], bytes] = sources.as_it_came,
) -> Case:
    """The case that these entries of one subject tell. ``body_of`` maps an entry's number to its bytes.

    ``read`` may give what was read of these bytes already; ``told_of`` what was sent as it may be shown.
    """
    entries = tuple(events)
    number = account = ""
    attempts: dict[int, Attempt] = {}
    stage = Stage.QUEUED
    settled: Stage | None = None
    answers: list[tuple[Answer, VerificationResult, Stage]] = []
    for entry in entries:
        facts = entry.facts
        attempt = int(facts.get("attempt", 0))
        told = stage
        match entry.act:
            case "queued":
                number = number or facts["case"]
                account = facts.get("account", account)
                told = stage = settled or Stage.QUEUED
            case "armed":
                account = facts["account"]
                told = stage = Stage.ASKING
                attempts[attempt] = Attempt(attempt, entry.at, stage, account)
            case "not_sent" | "cancelled":
                # A repeat that never left changes nothing of what is known of the attempt before it.
                told = Stage(entry.act)
                stage = settled or told
            case "unknown":
                told = Stage.UNKNOWN
                stage = settled = _settled(settled, told)
            case "answer" | "imported":
                number = number or facts.get("case", "")
                answer = sources.answer(entry, body_of.get(entry.number, b""), told_of)
                result, told = _told(answer, read or VerificationResult.read, told_of)
                answers.append((answer, result, told))
                settled = _settled(settled, told, imported=not attempt)
                # What comes by the other door does not end a question that is under way.
                stage = settled if attempt or stage is not Stage.ASKING else stage
            case "callback":
                number = number or facts["case"]
                account = account or facts["account"] or ""
            case "purged":
                told = stage = Stage.PURGED
        if attempt in attempts:
            attempts[attempt] = replace(attempts[attempt], stage=told)
    shown, read_, _ = _on_show(answers) or (None, None, None)
    callbacks = sources.callbacks(entries, body_of, told_of)
    made = Case(
        biz_id=BizId(entries[0].subject),
        number=number,
        stage=stage,
        origin=shown.origin if shown else sources.CALLBACK if callbacks else sources.FETCHED,
        account=account,
        attempts=tuple(attempts.values()),
        answer=shown,
        result=read_,
        refusal=_refusal(shown, read_) if shown and stage is Stage.REFUSED else None,
        events=entries,
        work=judging.fold(entries),
        sources=tuple(answer for answer, _, _ in answers),
        callbacks=callbacks,
        references=references.fold(entries, body_of),
        marks=marks.fold(entries),
        tombstone=tombstone.fold(entries),
    )
    if made.tombstone and made.tombstone.records:
        bare = replace(made, stage=Stage.PURGED, answer=None, result=None, refusal=None)
        return replace(bare, sources=(), callbacks=(), references=())
    return made


def _told(
    answer: Answer, read: Callable[[bytes], VerificationResult], told_of: Callable[[bytes], bytes]
) -> tuple[VerificationResult, Stage]:
    """What an answer says, as it may be shown, and what it is called."""
    shown = read(answer.told)
    if answer.told == answer.body:
        return shown, stage_of(answer, shown)
    # What became of the call is not read from a text in which something was put for a secret.
    came = read(answer.body)
    if came.error_message and not shown.error_message:
        code = told_of(came.error_message.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")
        shown = replace(shown, error_message=code)
    return shown, stage_of(answer, came)


_RANK = {Stage.KEPT: 3, Stage.PARTIAL: 2}


def _settled(before: Stage | None, told: Stage, *, imported: bool = False) -> Stage:
    """What stands after one more word: a kept answer stays kept, and a stranger's refusal settles no call of ours."""
    rank, held = _RANK.get(told, 0 if imported else 1), _RANK.get(before or Stage.QUEUED, 1)
    return told if before is None or rank >= held else before


def _on_show(
    answers: list[tuple[Answer, VerificationResult, Stage]],
) -> tuple[Answer, VerificationResult, Stage] | None:
    """The first whole answer; without one the longest part of one; otherwise the last refusal, our own first."""
    if kept := [one for one in answers if one[2] is Stage.KEPT]:
        return kept[0]
    if partial := [one for one in answers if one[2] is Stage.PARTIAL]:
        return max(partial, key=lambda one: one[0].size)
    return max(answers, key=lambda one: (one[0].attempt, one[0].entry), default=None)


def stage_of(answer: Answer, result: VerificationResult) -> Stage:
    """What an answer is called (promises.md): refused, kept or kept in part.

    An error in an answer that was cut is no refusal by itself: nobody knows what stood behind it.
    """
    if answer.status not in (0, 200) or (result.error_message and not result.cut):
        return Stage.REFUSED
    return Stage.KEPT if answer.complete else Stage.PARTIAL


def _refusal(answer: Answer, result: VerificationResult | None) -> Refusal:
    code = (result.error_message if result else None) or f"HTTP {answer.status}"
    return Refusal(code, answer.status, glossary.refusal(code, answer.status).spent)


def facts_of(case: Case) -> dict[str, Any]:
    """What lists, filters and search need of a case, as small plain values: its head."""
    result, liveness = case.result, case.result.liveness if case.result else None
    best = result.comparisons[0] if result and result.comparisons else None
    return {
        "biz_id": str(case.biz_id),
        "case": case.number,
        "stage": case.stage.value,
        "account": case.account,
        "origin": case.origin,
        "callbacks": len(case.callbacks),
        "at": (case.answer.received_at if case.answer else case.events[-1].at).isoformat(),
        "entry": case.events[-1].number,
        "status": case.answer.status if case.answer else None,
        "code": _short(case.refusal.code, 80) if case.refusal else None,
        "spent": case.refusal.spent.value if case.refusal else None,
        "passed": liveness.passed if liveness else None,
        "reason": _short(liveness.failure_reason or "", 80) if liveness else "",
        "confidence": str(best.confidence)[:24] if best and best.confidence is not None else None,
        "strictest": _short(best.strictest_passed, 16) if best else None,
        "next": _short(best.next_missed, 16) if best else None,
        "checks": sum(c.finding in ("attack", "genuine") for c in result.genuineness)
        if result and result.readable
        else None,
        "flags": [_short(c.name, 40) for c in result.genuineness if c.finding == "attack"][:8]
        if result
        else [],
        "pictures": len(case.photographs),
        "bytes": case.answer.size if case.answer else None,
        "sha256": case.answer.sha256 if case.answer else None,
        "biz_no": _short(result.biz_no or "", 128) if result else "",
        **head.facts_of(case),
    }


def _short(text: str | None, most: int) -> str | None:
    """``text`` cut to ``most`` bytes of JSON."""
    if text is None or len(text) * 6 <= most or (text.isascii() and len(json.dumps(text)) - 2 <= most):
        return text
    size = 0
    for place, character in enumerate(text):
        size += len(json.dumps(character, ensure_ascii=False).encode("utf-8", "surrogatepass")) - 2
        if size > most:
            return text[:place]
    return text

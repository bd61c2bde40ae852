"""A case: everything known of one biz_id, folded from the ledger's entries.

The vendor's word (``answer``, ``result``) and the reviewer's (``notes``, ``decision``) lie side by side and
never overwrite each other. What the bytes mean is read anew each time; only the bytes are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from faceid_review.errors import Spent
from faceid_review.faceid import glossary
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.result import Photograph, VerificationResult
from faceid_review.vault.entry import Entry

LONGEST_READ = 16 * 1024 * 1024
"""A longer answer is kept to the byte, handed out, exported by hash, and not read: no picture is that large."""


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


class Ending:
    """How an answer's body came to its end: the ``ended`` fact of an answer."""

    LENGTH = "length"
    LAST_CHUNK = "last_chunk"
    CLOSED = "closed"
    CUT = "cut"
    CAP = "cap"
    DEADLINE = "deadline"
    DIED = "died"


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
class Answer:
    """The bytes that arrived, untouched, and how they came.

    ``size`` is in bytes; ``body`` is empty where there is more than :data:`LONGEST_READ` of them.
    ``complete`` is about the transport (and, where only the connection's close ended it, the JSON);
    ``headers`` are as received; ``tls`` is what :class:`~faceid_review.faceid.certificates.TlsFacts` says.
    """

    entry: int
    attempt: int
    account: str
    received_at: datetime
    status: int
    ended: str
    complete: bool
    body: bytes = field(repr=False)
    size: int
    sha256: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    tls: Mapping[str, Any]

    @property
    def too_long(self) -> bool:
        """Whether the answer is kept and yet too long to be read."""
        return self.size > LONGEST_READ


@dataclass(frozen=True)
class Case:
    """One biz_id with all that is known of it. ``events`` are its entries, oldest first."""

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

    @property
    def photographs(self) -> tuple[Photograph, ...]:
        """The pictures that came, best first, then the actions in order."""
        return self.result.photographs if self.result else ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Codes of what deserves a second look; documented in docs/warnings.md."""
        found = list(self.result.warnings) if self.result else []
        if self.answer and self.answer.too_long:
            found.append("body_too_long")
        if self.answer and not self.answer.complete:
            found.append("answer_incomplete")
        if self.result and self.result.biz_id not in (None, self.biz_id):
            found.append("biz_id_differs")
        if self.result and _older(self.result.verify_request_id, self.biz_id):
            found.append("verify_older_than_session")
        return tuple(dict.fromkeys(found))


def exhibit_number(role: str) -> str:
    """The exhibit's name: E1 is image_best, E2 is image_action1 and so on; E0 is ours, the reference."""
    if role == "image_best":
        return "E1"
    number = re.fullmatch(r"image_action([1-9][0-9]{0,3})", role)
    return f"E{int(number[1]) + 1}" if number else role


def fold(events: Iterable[Entry], body_of: Mapping[int, bytes]) -> Case:
    """The case that these entries of one subject tell. ``body_of`` maps an entry's number to its bytes."""
    entries = tuple(events)
    number = account = ""
    attempts: dict[int, Attempt] = {}
    stage = Stage.QUEUED
    settled: Stage | None = None
    answer: Answer | None = None
    result: VerificationResult | None = None
    for entry in entries:
        facts = entry.facts
        attempt = int(facts.get("attempt", 0))
        match entry.act:
            case "queued":
                number = number or facts["case"]
                account = facts.get("account", account)
                stage = settled or Stage.QUEUED
            case "armed":
                account = facts["account"]
                stage = Stage.ASKING
                attempts[attempt] = Attempt(attempt, entry.at, stage, account)
            case "not_sent" | "cancelled":
                # A repeat that never left changes nothing of what is known of the attempt before it.
                stage = settled or Stage(entry.act)
                if attempt in attempts:
                    attempts[attempt] = replace(attempts[attempt], stage=Stage(entry.act))
                continue
            case "unknown":
                stage = settled = Stage.UNKNOWN
            case "answer":
                answer = _answer(entry, body_of.get(entry.number, b""))
                result = VerificationResult.read(answer.body)
                stage = settled = stage_of(answer, result)
            case "purged":
                stage = Stage.PURGED
        if attempt in attempts:
            attempts[attempt] = replace(attempts[attempt], stage=stage)
    return Case(
        biz_id=BizId(entries[0].subject),
        number=number,
        stage=stage,
        origin="fetched",
        account=account,
        attempts=tuple(attempts.values()),
        answer=answer,
        result=result,
        refusal=_refusal(answer, result) if answer and stage is Stage.REFUSED else None,
        events=entries,
    )


def stage_of(answer: Answer, result: VerificationResult) -> Stage:
    """What an answer is called (promises.md): refused, kept or kept in part.

    An error in an answer that was cut is no refusal by itself: nobody knows what stood behind it.
    """
    if answer.status != 200 or (result.error_message and not result.cut):
        return Stage.REFUSED
    return Stage.KEPT if answer.complete else Stage.PARTIAL


def _answer(entry: Entry, body: bytes) -> Answer:
    facts = entry.facts
    ended = facts["ended"]
    complete = ended in (Ending.LENGTH, Ending.LAST_CHUNK) or (ended == Ending.CLOSED and _is_json(body))
    return Answer(
        entry=entry.number,
        attempt=facts["attempt"],
        account=facts["account"],
        received_at=entry.at,
        status=facts["status"],
        ended=ended,
        complete=complete,
        body=body,
        size=facts["bytes"],
        sha256=facts["sha256"],
        headers=tuple((name, value) for name, value in facts["headers"]),
        tls=facts.get("tls", {}),
    )


def _refusal(answer: Answer, result: VerificationResult | None) -> Refusal:
    code = (result.error_message if result else None) or f"HTTP {answer.status}"
    return Refusal(code, answer.status, glossary.refusal(code, answer.status).spent)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _older(request_id: str | None, biz_id: str) -> bool:
    """Whether the second in ``request_id`` lies before the one in ``biz_id``."""
    ours, theirs = biz_id.partition(",")[0], (request_id or "").partition(",")[0]
    return all(t.isascii() and t.isdigit() and len(t) < 12 for t in (ours, theirs)) and int(theirs) < int(
        ours
    )


def facts_of(case: Case) -> dict[str, Any]:
    """What lists, filters and search need of a case, as small plain values: its head."""
    result, liveness = case.result, case.result.liveness if case.result else None
    best = result.comparisons[0] if result and result.comparisons else None
    return {
        "biz_id": str(case.biz_id),
        "case": case.number,
        "stage": case.stage.value,
        "account": case.account,
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
        "flags": [_short(c.name, 40) for c in result.genuineness if c.finding == "attack"][:8]
        if result
        else [],
        "pictures": len(case.photographs),
        "bytes": case.answer.size if case.answer else None,
        "sha256": case.answer.sha256 if case.answer else None,
        "biz_no": _short(result.biz_no or "", 128) if result else "",
    }


def _short(text: str | None, most: int) -> str | None:
    """``text`` cut to ``most`` bytes of JSON."""
    if text is None or len(text) * 6 <= most:
        return text
    size = 0
    for place, character in enumerate(text):
        size += len(json.dumps(character, ensure_ascii=False).encode("utf-8", "surrogatepass")) - 2
        if size > most:
            return text[:place]
    return text

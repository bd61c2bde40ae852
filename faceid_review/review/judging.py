"""The reviewer's word: notes, judgements, decisions, rounds, folded from entries and never rewritten.

A round ends with its decision. A dispute opens the next one; so does a judgement or a decision that follows a
decision. Nothing of an earlier round changes: what was decided is followed, never replaced. The order is that of
the entry numbers, whatever the clock said; where it jumped back, ``Work.jumps`` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from faceid_review.review import disputes
from faceid_review.review.disputes import Dispute
from faceid_review.vault.entry import Entry

EXHIBIT: Final = re.compile(r"(?<![0-9A-Za-z_@])@(E[0-9]{1,4})(?![0-9A-Za-z_])")
"""An exhibit named in a text."""

_TOLERANCE: Final = timedelta(seconds=1)


class Step(StrEnum):
    """The scale of a judgement: five steps, and that the pictures are not fit for comparing."""

    STRONGLY_SAME = "strongly-same"
    SAME = "same"
    INCONCLUSIVE = "inconclusive"
    DIFFERENT = "different"
    STRONGLY_DIFFERENT = "strongly-different"
    NOT_SUITABLE = "not-suitable"

    @property
    def same(self) -> bool | None:
        """True for the two steps on the side of the same person, False for the two opposite, else None."""
        if self in (Step.STRONGLY_SAME, Step.SAME):
            return True
        return False if self in (Step.DIFFERENT, Step.STRONGLY_DIFFERENT) else None


class Outcome(StrEnum):
    """What a decision says of the vendor's result."""

    UPHOLD = "uphold"
    OVERTURN = "overturn"
    INCONCLUSIVE = "inconclusive"
    ASK_CUSTOMER = "ask-customer"


class PauseKind(StrEnum):
    """Why a case rests."""

    WAITING = "waiting"
    ON_HOLD = "on-hold"
    SNOOZED = "snoozed"


@dataclass(frozen=True)
class Version:
    """One wording of a note. ``local`` is the reviewer's own time with its offset from UTC, as written then."""

    entry: int
    at: datetime
    local: str
    by: str
    text: str


@dataclass(frozen=True)
class Note:
    """A note with all its wordings, oldest first. ``number`` counts the notes of a case from 1."""

    number: int
    versions: tuple[Version, ...]

    @property
    def latest(self) -> Version:
        """The wording that counts."""
        return self.versions[-1]

    @property
    def text(self) -> str:
        """The latest wording, as typed."""
        return self.latest.text

    @property
    def exhibits(self) -> tuple[str, ...]:
        """The exhibits that the latest wording names (``@E1``), in order, once each."""
        return exhibits(self.text)


@dataclass(frozen=True)
class Judgement:
    """One step on the scale. ``blind`` says that nothing of the vendor's verdict had been shown in the round."""

    entry: int
    at: datetime
    by: str
    round: int
    step: Step
    blind: bool


@dataclass(frozen=True)
class Reveal:
    """The moment at which the vendor's verdict was shown. ``judged`` says whether a judgement stood already."""

    entry: int
    at: datetime
    by: str
    round: int
    judged: bool


@dataclass(frozen=True)
class Decision:
    """The end of a round. ``reason`` is a code, ``reason_words`` what it meant when it was chosen, by language.

    ``against_vendor`` and ``blind`` are as recorded then; ``step`` is the last judgement of the round, or None.
    """

    entry: int
    at: datetime
    local: str
    by: str
    round: int
    outcome: Outcome
    reason: str
    reason_words: Mapping[str, str]
    note: str
    against_vendor: bool
    blind: bool
    step: Step | None


@dataclass(frozen=True)
class Round:
    """One round of judging. ``dispute`` names the dispute that opened it, if one did.

    ``withdrawn`` says that its dispute was closed without a decision: the one before stands. ``shown`` says that
    the case was opened or exported with the vendor's verdict in it.
    """

    number: int
    dispute: str = ""
    judgements: tuple[Judgement, ...] = ()
    reveals: tuple[Reveal, ...] = ()
    decision: Decision | None = None
    withdrawn: bool = False
    shown: bool = False

    @property
    def sealed(self) -> bool:
        """Whether nothing more belongs into this round."""
        return self.decision is not None or self.withdrawn

    @property
    def seen(self) -> bool:
        """Whether the vendor's verdict may show under the blind policy: it was judged, or revealed before."""
        return bool(self.judgements or self.reveals)


@dataclass(frozen=True)
class Pause:
    """A case that rests, since when, and for a snoozed one until which moment."""

    kind: PauseKind
    entry: int
    at: datetime
    by: str
    reason: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Hold:
    """A legal hold: nothing of this case may be destroyed."""

    entry: int
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class Explanation:
    """What the customer is told, in plain language. Kept apart from the notes, which are ours."""

    entry: int
    at: datetime
    by: str
    lang: str
    text: str


@dataclass(frozen=True)
class Jump:
    """The clock went back: entry ``number`` says an earlier moment than the one before it."""

    number: int
    before: datetime
    at: datetime


@dataclass(frozen=True)
class Work:
    """Everything that reviewers did to one case. ``rounds`` is never empty."""

    notes: tuple[Note, ...] = ()
    rounds: tuple[Round, ...] = (Round(1),)
    disputes: tuple[Dispute, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    tags: tuple[str, ...] = ()
    pause: Pause | None = None
    hold: Hold | None = None
    particulars: Mapping[str, str] = field(default_factory=dict)
    jumps: tuple[Jump, ...] = ()

    @property
    def round(self) -> Round:
        """The round that is under way, or the last one."""
        return self.rounds[-1]

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Every decision, oldest first."""
        return tuple(r.decision for r in self.rounds if r.decision)

    @property
    def decision(self) -> Decision | None:
        """The decision that stands: the last one."""
        return self.decisions[-1] if self.decisions else None

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """Every judgement of every round, oldest first."""
        return tuple(j for r in self.rounds for j in r.judgements)

    @property
    def judgement(self) -> Judgement | None:
        """The last judgement of the present round, or None."""
        return self.round.judgements[-1] if self.round.judgements else None

    @property
    def dispute(self) -> Dispute | None:
        """The dispute that is open, or None."""
        return next((d for d in reversed(self.disputes) if d.open), None)

    @property
    def sealed(self) -> bool:
        """Whether the present round is at its end."""
        return self.round.sealed

    def pause_at(self, now: datetime) -> Pause | None:
        """The pause that holds at ``now``: a snoozed case comes back by itself."""
        over = self.pause is not None and self.pause.until is not None and self.pause.until <= now
        return None if over else self.pause

    def explanation(self, lang: str) -> Explanation | None:
        """What the customer is told in ``lang``, in its latest wording, or None."""
        return next((e for e in reversed(self.explanations) if e.lang == lang), None)


def exhibits(text: str) -> tuple[str, ...]:
    """The exhibits named in ``text`` as ``@E1``, in order, once each."""
    return tuple(dict.fromkeys(EXHIBIT.findall(text)))


PARTICULARS: Final = ("legal_basis", "purpose", "statement")
"""What an office must be able to show of a case: legal basis, purpose, and the claimant's own statement."""


def fold(entries: Iterable[Entry]) -> Work:
    """The work that these entries of one case tell; entries of other kinds are left alone."""
    work, last = Work(), None
    for entry in entries:
        if last is not None and entry.at < last - _TOLERANCE:
            work = replace(work, jumps=(*work.jumps, Jump(entry.number, last, entry.at)))
        last = entry.at
        step = _STEPS.get(entry.act)
        work = step(work, entry) if step else work
    return work


def _note(work: Work, entry: Entry) -> Work:
    return replace(work, notes=(*work.notes, Note(len(work.notes) + 1, (_version(entry),))))


def _note_version(work: Work, entry: Entry) -> Work:
    number = int(entry.facts["note"])
    notes = tuple(
        replace(note, versions=(*note.versions, _version(entry))) if note.number == number else note
        for note in work.notes
    )
    return replace(work, notes=notes)


def _version(entry: Entry) -> Version:
    return Version(entry.number, entry.at, str(entry.facts.get("local") or ""), entry.by, entry.facts["text"])


def _judged(work: Work, entry: Entry) -> Work:
    work = _in_open_round(work)
    now = work.round
    # Blind is only who had been shown nothing, whatever the policy was.
    blind = bool(entry.facts.get("blind")) and not (now.shown or now.reveals or now.judgements)
    made = Judgement(entry.number, entry.at, entry.by, now.number, Step(entry.facts["step"]), blind)
    return _with_round(work, replace(now, judgements=(*now.judgements, made)))


def _revealed(work: Work, entry: Entry) -> Work:
    now = work.round
    shown = Reveal(entry.number, entry.at, entry.by, now.number, bool(now.judgements))
    return _with_round(work, replace(now, reveals=(*now.reveals, shown)))


def _decided(work: Work, entry: Entry) -> Work:
    work = _in_open_round(work)
    now, facts = work.round, entry.facts
    outcome = Outcome(facts["outcome"])
    made = Decision(
        entry=entry.number,
        at=entry.at,
        local=str(facts.get("local") or ""),
        by=entry.by,
        round=now.number,
        outcome=outcome,
        reason=facts["reason"],
        reason_words=dict(facts.get("reason_words") or {}),
        note=facts.get("note") or "",
        against_vendor=bool(facts.get("against_vendor")),
        blind=bool(now.judgements and now.judgements[0].blind),
        step=now.judgements[-1].step if now.judgements else None,
    )
    asks = outcome is Outcome.ASK_CUSTOMER
    pause = Pause(PauseKind.WAITING, entry.number, entry.at, entry.by) if asks else None
    return replace(_with_round(work, replace(now, decision=made)), pause=pause)


def _dispute_opened(work: Work, entry: Entry) -> Work:
    name = str(entry.facts.get("dispute") or entry.number)
    if work.sealed:
        work = _next_round(work, name)
    made = disputes.opened(entry, work.round.number)
    return replace(work, disputes=(*work.disputes, made), pause=None)


def _dispute_note(work: Work, entry: Entry) -> Work:
    return _with_dispute(work, entry, disputes.noted)


def _dispute_closed(work: Work, entry: Entry) -> Work:
    work = _with_dispute(work, entry, disputes.closed)
    now, name = work.round, str(entry.facts.get("dispute") or "")
    if now.decision is None and now.dispute == name and work.decision:
        work = _with_round(work, replace(now, withdrawn=True))
    return work


def _explained(work: Work, entry: Entry) -> Work:
    made = Explanation(entry.number, entry.at, entry.by, entry.facts["lang"], entry.facts["text"])
    return replace(work, explanations=(*work.explanations, made))


def _opened(work: Work, entry: Entry) -> Work:
    if work.sealed or entry.facts.get("hidden"):
        return work
    return _with_round(work, replace(work.round, shown=True))


def _tagged(work: Work, entry: Entry) -> Work:
    # A tag that was destroyed with its case is empty.
    return replace(work, tags=tuple(dict.fromkeys(filter(None, (*work.tags, entry.facts["tag"])))))


def _untagged(work: Work, entry: Entry) -> Work:
    return replace(work, tags=tuple(tag for tag in work.tags if tag != entry.facts["tag"]))


def _paused(work: Work, entry: Entry) -> Work:
    kind = PauseKind(entry.act.replace("_", "-"))
    until = entry.facts.get("until")
    moment = datetime.fromisoformat(until) if until else None
    reason = str(entry.facts.get("reason") or "")
    return replace(work, pause=Pause(kind, entry.number, entry.at, entry.by, reason, moment))


def _resumed(work: Work, entry: Entry) -> Work:
    asked = work.round.decision is not None and work.round.decision.outcome is Outcome.ASK_CUSTOMER
    work = _next_round(work) if asked else work
    return replace(work, pause=None)


def _held(work: Work, entry: Entry) -> Work:
    return replace(work, hold=Hold(entry.number, entry.at, entry.by, str(entry.facts.get("reason") or "")))


def _released(work: Work, entry: Entry) -> Work:
    return replace(work, hold=None)


def _particulars(work: Work, entry: Entry) -> Work:
    said = {name: str(entry.facts[name]) for name in PARTICULARS if name in entry.facts}
    return replace(work, particulars={**work.particulars, **said})


_STEPS: Final = {
    "opened": _opened,
    "exported": _opened,
    "note": _note,
    "note_version": _note_version,
    "judged": _judged,
    "revealed": _revealed,
    "decided": _decided,
    "dispute_opened": _dispute_opened,
    "dispute_note": _dispute_note,
    "dispute_closed": _dispute_closed,
    "explained": _explained,
    "tagged": _tagged,
    "untagged": _untagged,
    "waiting": _paused,
    "on_hold": _paused,
    "snoozed": _paused,
    "resumed": _resumed,
    "held": _held,
    "released": _released,
    "particulars": _particulars,
}


def _in_open_round(work: Work) -> Work:
    return _next_round(work) if work.sealed else work


def _next_round(work: Work, dispute: str = "") -> Work:
    return replace(work, rounds=(*work.rounds, Round(work.round.number + 1, dispute)))


def _with_round(work: Work, now: Round) -> Work:
    return replace(work, rounds=(*work.rounds[:-1], now))


def _with_dispute(work: Work, entry: Entry, step: Any) -> Work:
    name = str(entry.facts.get("dispute") or "")
    changed = tuple(step(d, entry) if d.name == name and d.open else d for d in work.disputes)
    return replace(work, disputes=changed)

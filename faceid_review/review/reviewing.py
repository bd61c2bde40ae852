"""What a reviewer writes into a case. Each step is one transaction: whole on the disk when it returns, or not there.

What is not allowed now raises :class:`NotAllowed` and writes nothing; ``rules.allowed`` says so beforehand. Nothing
here changes an entry: a note gets another version, a decision is followed by another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from faceid_review.errors import NotAllowed, Usage
from faceid_review.review import copies, rules
from faceid_review.review import reasons as reason_list
from faceid_review.review.case import Case, Stage
from faceid_review.review.casebook import Casebook
from faceid_review.review.disputes import Dispute, Kind
from faceid_review.review.head import hides
from faceid_review.review.judging import PARTICULARS, Outcome, PauseKind, Step
from faceid_review.review.reasons import Reason
from faceid_review.review.worklist import VIEWS, Query, facts_of_query, query_of
from faceid_review.vault.vault import Vault

PERSONS_FILED: Final = 100_000
"""Persons whose faces are kept, from which a filing is due (CAC Order 19, within 30 working days)."""

PERSONS_WARNED: Final = 90_000

_VIEWS: Final = "\0views"  # no biz_id has a control character in it
_LONGEST_TAG: Final = 64
LONGEST_LINE: Final = 2000


class Reviewing:
    """The reviewer at work in one vault. Every method may be called from any thread.

    ``blind`` tells whether the blind policy is on. Each method that writes gives the case as it is afterwards.
    """

    def __init__(self, vault: Vault, casebook: Casebook, home: Path) -> None:
        self._vault = vault
        self._casebook = casebook
        self._home = home

    @property
    def blind(self) -> bool:
        """Whether the blind policy is on."""
        return self._casebook.blind

    def reasons(self) -> tuple[Reason, ...]:
        """The reasons for a decision: ours and the office's. Raises :class:`Usage` where its file cannot be read."""
        return reason_list.load(self._home)

    def allowed(self, case: Case) -> dict[str, str | None]:
        """For each action None, or the wording that says why it cannot be done now (``rules.allowed``)."""
        return rules.allowed(case, blind=self.blind)

    def note_needed(self, biz_id: str, outcome: Outcome) -> str | None:
        """The wording that says why this decision would need a note, or None."""
        case = self._casebook.unmasked(biz_id)
        return rules.note_needed(case, outcome, case.result)

    # ---- notes

    def note(self, biz_id: str, text: str) -> Case:
        """Add a note, as typed."""
        return self._write(biz_id, "note", lambda _: ("note", {"text": _text(text), "local": _local()}))

    def revise(self, biz_id: str, number: int, text: str) -> Case:
        """Give note ``number`` (from 1) another wording; the ones before stay."""

        def made(case: Case) -> tuple[str, dict[str, Any]]:
            if not 1 <= number <= len(case.work.notes):
                raise NotAllowed("no_such_note", number=number)
            return "note_version", {"note": number, "text": _text(text), "local": _local()}

        return self._write(biz_id, "note", made)

    # ---- judging and deciding

    def judge(self, biz_id: str, step: Step) -> Case:
        """Take one step on the scale. Under the blind policy the first of a round reveals the vendor's verdict."""
        with self._vault.transaction():
            self._judge(biz_id, step)
        return self._after(biz_id)

    def reveal(self, biz_id: str) -> Case:
        """Show the vendor's verdict before a judgement: what is judged after that is not blind."""
        return self._write(biz_id, "reveal", lambda case: ("revealed", {"judged": bool(case.work.judgement)}))

    def decide(self, biz_id: str, outcome: Outcome, reason: str, note: str = "") -> Case:
        """Decide: one entry, and the end of the round. Raises :class:`NotAllowed`, :class:`Usage`."""
        return self.seal(biz_id, None, outcome, reason, note)

    def seal(self, biz_id: str, step: Step | None, outcome: Outcome, reason: str, note: str = "") -> Case:
        """Judge, unless ``step`` is None or stands already, and decide: both, or nothing is there.

        Under the blind policy the first judgement of a round is made by :meth:`judge` alone: a decision in the same
        breath could not know what it decides about, and its refusal would tell. Raises what :meth:`decide` raises.
        """
        chosen = reason_list.find(self.reasons(), reason)
        if outcome not in chosen.outcomes:
            raise NotAllowed("reason_not_for", code=chosen.code, outcome=outcome.value)
        with self._vault.transaction():
            if step is not None:
                case = self._casebook.unmasked(biz_id)
                if self.blind and hides(case):
                    raise NotAllowed("judge_first", case=case.number)
                if rules.standing(case) is not step:
                    self._judge(biz_id, step)
            self._decide(biz_id, outcome, chosen, note)
        return self._after(biz_id)

    # ---- where the case stands

    def tag(self, biz_id: str, tag: str) -> Case:
        """Tag a case."""
        wanted = _tag(tag)
        if wanted in self._casebook.unmasked(biz_id).work.tags:
            return self._after(biz_id)
        return self._write(biz_id, "tag", lambda _: ("tagged", {"tag": wanted}))

    def untag(self, biz_id: str, tag: str) -> Case:
        """Take a tag away."""

        def made(case: Case) -> tuple[str, dict[str, Any]]:
            if tag.strip() not in case.work.tags:
                raise NotAllowed("no_such_tag", tag=tag.strip()[:_LONGEST_TAG])
            return "untagged", {"tag": tag.strip()}

        return self._write(biz_id, "tag", made)

    def wait(self, biz_id: str, reason: str = "") -> Case:
        """The case waits for the customer."""
        return self._write(biz_id, "wait", lambda _: ("waiting", {"reason": _line(reason)}))

    def put_on_hold(self, biz_id: str, reason: str = "") -> Case:
        """The case rests. (Legal hold is :meth:`hold`.)"""
        return self._write(biz_id, "on-hold", lambda _: ("on_hold", {"reason": _line(reason)}))

    def snooze(self, biz_id: str, until: datetime, reason: str = "") -> Case:
        """The case rests until a moment and then comes back by itself. Raises :class:`Usage` for one that is past."""
        moment = until.astimezone(UTC)
        if moment <= datetime.now(UTC):
            raise Usage("snooze_past")
        facts = {"until": moment.isoformat(), "reason": _line(reason)}
        return self._write(biz_id, "snooze", lambda _: (PauseKind.SNOOZED.value, facts))

    def resume(self, biz_id: str) -> Case:
        """The case is to be worked on again."""
        return self._write(biz_id, "resume", lambda _: ("resumed", {}))

    def hold(self, biz_id: str, reason: str) -> Case:
        """Legal hold: nothing of the case may be destroyed."""
        return self._write(biz_id, "hold", lambda _: ("held", {"reason": _line(_said(reason))}))

    def release(self, biz_id: str, reason: str = "") -> Case:
        """End the legal hold."""
        return self._write(biz_id, "release", lambda _: ("released", {"reason": _line(reason)}))

    def describe(self, biz_id: str, **particulars: str) -> Case:
        """Say the legal basis, the purpose or the claimant's statement (``judging.PARTICULARS``)."""
        facts = {name: _text(text, empty=True) for name, text in particulars.items() if name in PARTICULARS}
        return self._write(biz_id, "note", lambda _: ("particulars", facts))

    # ---- disputes

    def open_dispute(
        self,
        biz_ids: Iterable[str],
        *,
        who: str = "",
        received: date | None = None,
        channel: str = "",
        identity: str = "",
        grounds: str = "",
        deadline: date | None = None,
    ) -> Case:
        """Open a dispute over these cases of one customer; ``received`` is today unless it is named."""
        ids = tuple(dict.fromkeys(biz_ids))
        facts = {
            "who": _line(who),
            "received": (received or datetime.now().astimezone().date()).isoformat(),
            "channel": _line(channel),
            "identity": _line(identity),
            "grounds": _text(grounds, empty=True),
            "deadline": deadline.isoformat() if deadline else "",
            "cases": list(ids),
        }
        with self._vault.transaction():
            cases = [self._ready(biz_id, "dispute") for biz_id in ids]
            name = f"{cases[0].number}/D{len(cases[0].work.disputes) + 1}"
            for biz_id in ids:
                self._vault.ledger.append("dispute_opened", biz_id, {**facts, "dispute": name})
        return self._after(*ids)

    def note_dispute(
        self, biz_id: str, text: str, kind: Kind = Kind.NOTE, deadline: date | None = None
    ) -> Case:
        """Add a line to the open dispute: a request made, the answer sent, an appeal, a note; or move its deadline."""
        facts = {
            "kind": kind.value,
            "text": _text(text),
            "deadline": deadline.isoformat() if deadline else "",
        }
        return self._to_dispute(biz_id, "dispute-note", "dispute_note", lambda _: facts)

    def close_dispute(self, biz_id: str, text: str = "") -> Case:
        """End the open dispute. Without a decision since it was opened, words are required."""

        def made(case: Case) -> Mapping[str, Any]:
            dispute = case.work.dispute
            decided = dispute and any(
                d.round >= dispute.round and d.entry > dispute.entry for d in case.work.decisions
            )
            if not decided and not text.strip():
                raise NotAllowed("close_needs_words")
            return {"text": _text(text, empty=True)}

        return self._to_dispute(biz_id, "dispute-close", "dispute_closed", made)

    def explain(self, biz_id: str, lang: str, text: str) -> Case:
        """Keep what the customer is told, in plain language; the wordings before stay."""
        facts = {"lang": lang, "text": _text(text), "local": _local()}
        return self._write(biz_id, "explain", lambda _: ("explained", facts))

    def hand_over(self, biz_id: str, entry: int, to: str, how: str = "") -> Case:
        """Say that the copy of the export in ``entry`` was given to somebody now. Raises :class:`Usage` for no export."""

        def made(case: Case) -> tuple[str, Mapping[str, Any]]:
            copy = next((one for one in copies.copies(case.events) if one.entry == entry), None)
            if copy is None:
                raise Usage("not_an_export", number=entry)
            told = {"copy": entry, "sha256": copy.sha256, "export": copy.export}
            return copies.ACT, {**told, "recipient": _said(_line(to)), "how": _line(how), "local": _local()}

        return self._write(biz_id, "note", made)

    # ---- drafts

    def draft(self, biz_id: str) -> dict[str, Any] | None:
        """What somebody was writing at this case when the program ended, or None."""
        return self._vault.drafts.get(biz_id)

    def keep_draft(self, biz_id: str, draft: Mapping[str, Any]) -> None:
        """Keep plain JSON values as the draft of a case; an empty one is dropped. Not for a GUI thread."""
        if draft and self._casebook.stage(biz_id) is not Stage.PURGED:
            self._vault.drafts.keep(biz_id, draft)
        else:
            self._vault.drafts.drop(biz_id)

    # ---- saved views

    def views(self) -> dict[str, Query]:
        """The views that are always there, and after them those that were saved in this vault."""
        own = self._vault.drafts.get(_VIEWS) or {}
        return {**VIEWS, **{n: query_of(q) for n, q in own.items() if n not in VIEWS and isinstance(q, dict)}}

    def save_view(self, name: str, query: Query | None) -> None:
        """Save a view under ``name``, sealed, since it may name a person; None takes it away."""
        wanted = _tag(name)
        if wanted in VIEWS:
            raise NotAllowed("view_taken", name=wanted)
        own = self._vault.drafts.get(_VIEWS) or {}
        own.pop(wanted, None)
        if query is not None:
            own[wanted] = facts_of_query(query)
        self._vault.drafts.keep(_VIEWS, own)

    # ---- what an office must be able to say

    def persons(self) -> int:
        """How many persons' faces are kept, at most: each case with photographs counts as one person."""
        return self._casebook.work.with_pictures()

    # ---- writing

    def _ready(self, biz_id: str, action: str) -> Case:
        case = self._casebook.unmasked(biz_id)
        rules.require(case, action, blind=self.blind)
        return case

    def _judge(self, biz_id: str, step: Step) -> None:
        case = self._ready(biz_id, "judge")
        now = case.work.round
        # A round that a judgement begins follows one whose verdict lies open.
        first = not now.sealed and not now.seen
        facts = {"step": step.value, "blind": self.blind and first, "local": _local()}
        self._vault.ledger.append("judged", biz_id, facts)
        if self.blind and first:
            self._vault.ledger.append("revealed", biz_id, {"judged": True})

    def _decide(self, biz_id: str, outcome: Outcome, chosen: Reason, note: str) -> None:
        case = self._ready(biz_id, outcome.value)
        needed = rules.note_needed(case, outcome, case.result) or ("note_for_reason" if chosen.note else None)
        if needed and not note.strip():
            raise NotAllowed(needed, code=chosen.code)
        work = case.work
        facts = {
            "outcome": outcome.value,
            "reason": chosen.code,
            "reason_words": dict(chosen.words),
            "note": _text(note) if note.strip() else "",
            "against_vendor": rules.against_vendor(outcome, rules.standing(case), case.result),
            "round": work.round.number + work.sealed,
            "local": _local(),
        }
        self._vault.ledger.append("decided", biz_id, facts)

    def _write(self, biz_id: str, action: str, made: Callable[[Case], tuple[str, Mapping[str, Any]]]) -> Case:
        """Look whether it is allowed and write the entry, as one."""
        with self._vault.transaction():
            act, facts = made(self._ready(biz_id, action))
            self._vault.ledger.append(act, biz_id, facts)
        return self._after(biz_id)

    def _to_dispute(
        self, biz_id: str, action: str, act: str, made: Callable[[Case], Mapping[str, Any]]
    ) -> Case:
        """Write a line into every case of the open dispute of ``biz_id``."""
        with self._vault.transaction():
            case = self._ready(biz_id, action)
            dispute, facts = case.work.dispute, made(case)
            ids = self._still_in(dispute) if dispute else ()
            for each in ids:
                self._vault.ledger.append(act, each, {**facts, "dispute": dispute.name if dispute else ""})
        return self._after(biz_id, *ids)

    def _still_in(self, dispute: Dispute) -> tuple[str, ...]:
        return tuple(b for b in dispute.cases if self._casebook.work.get(b) is not None)

    def _after(self, *biz_ids: str) -> Case:
        self._casebook.catch_up()
        return self._casebook.open(biz_ids[0], record=False)


def _local() -> str:
    """Now by the reviewer's clock, with its offset from UTC."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _said(text: str) -> str:
    if not text.strip():
        raise NotAllowed("words_needed")
    return text


def _text(text: str, *, empty: bool = False) -> str:
    """``text`` exactly as typed. Raises :class:`NotAllowed` for none at all, and beyond :data:`rules.MOST_TEXT`."""
    if not empty:
        _said(text)
    if len(text.encode("utf-8", "surrogatepass")) > rules.MOST_TEXT:
        raise NotAllowed("text_too_long", most=rules.MOST_TEXT // 1024**2)
    return text


def _line(text: str) -> str:
    if len(text) > LONGEST_LINE:
        raise NotAllowed("line_too_long", most=LONGEST_LINE)
    return text


def _tag(tag: str) -> str:
    wanted = tag.strip()
    if not wanted or len(wanted) > _LONGEST_TAG or not wanted.isprintable():
        raise Usage("tag_unfit", most=_LONGEST_TAG)
    return wanted

"""The reviewer's work on a case in words and as plain values: for ``show``, ``work``, the desk and the snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from faceid_review.i18n import Words
from faceid_review.review.case import Case
from faceid_review.review.copies import Copy, copies
from faceid_review.review.disputes import Dispute, DisputeNote
from faceid_review.review.head import facts_of
from faceid_review.review.judging import PARTICULARS, Decision, Judgement, Note, Round
from faceid_review.review.plain_text import visible
from faceid_review.review.worklist import state_of


def notes(case: Case) -> list[dict[str, Any]]:
    """Every wording of every note, in the order of the notes; ``number`` is the note's, ``version`` counts from 1."""
    return [
        {
            "at": _instant(version.at),
            "local": version.local or None,
            "by": version.by,
            "text": version.text,
            "version": place,
            "number": note.number,
            "latest": version is note.latest,
            "exhibits": list(note.exhibits) if version is note.latest else [],
        }
        for note in case.work.notes
        for place, version in enumerate(note.versions, start=1)
    ]


def decision(case: Case) -> dict[str, Any] | None:
    """The decision that stands, or None; ``earlier`` are those before it, oldest first."""
    all_of_them = case.work.decisions
    if not all_of_them:
        return None
    return {**_decision(all_of_them[-1]), "earlier": [_decision(d) for d in all_of_them[:-1]]}


def work(case: Case, now: datetime | None = None) -> dict[str, Any]:
    """Everything that was done to ``case``, as JSON values."""
    now = now or datetime.now(UTC)
    today, done = now.astimezone().date(), case.work
    pause, hold = done.pause_at(now), done.hold
    return {
        "biz_id": str(case.biz_id),
        "case": case.number,
        "work": state_of({**facts_of(case), "stage": case.stage.value, "origin": case.origin}, now).value,
        "tags": list(done.tags),
        "pause": {
            "kind": pause.kind.value,
            "reason": pause.reason,
            "since": _instant(pause.at),
            "until": _instant(pause.until) if pause.until else None,
        }
        if pause
        else None,
        "hold": {"reason": hold.reason, "at": _instant(hold.at), "by": hold.by} if hold else None,
        "rounds": [_round(r) for r in done.rounds],
        "disputes": [_dispute(d, today) for d in done.disputes],
        "explanations": [
            {"at": _instant(e.at), "by": e.by, "lang": e.lang, "text": e.text} for e in done.explanations
        ],
        "particulars": {name: done.particulars.get(name) for name in PARTICULARS},
        "notes": notes(case),
        "clock_jumps": [
            {"entry": j.number, "before": _instant(j.before), "at": _instant(j.at)} for j in done.jumps
        ],
    }


def lines(case: Case, w: Words) -> Iterator[str]:
    """The reviewer's work as lines of text, nothing of it cut; nothing where nothing was done."""
    done = case.work
    for jump in done.jumps:
        yield w("judging.jump", number=jump.number, before=_instant(jump.before), at=_instant(jump.at))
    if done.tags:
        yield tags(case, w)
    pause = done.pause_at(datetime.now(UTC))
    if pause:
        until = w("judging.until", until=_instant(pause.until)) if pause.until else ""
        yield _spaced(w(f"judging.work.{pause.kind.value}"), until, visible(pause.reason))
    if done.hold:
        yield w("judging.held", reason=visible(done.hold.reason), by=done.hold.by, at=_instant(done.hold.at))
    for name in PARTICULARS:
        if done.particulars.get(name):
            yield from _text(w(f"judging.{name}"), done.particulars[name], w)
    for round_ in done.rounds:
        yield from _round_lines(round_, w)
    for dispute in done.disputes:
        yield from dispute_lines(dispute, w)
    for note in done.notes:
        yield from _note_lines(note, w)
    for copy in copies(case.events):
        yield from copy_lines(copy, w)
    for told in filter(None, map(done.explanation, ("en", "zh"))):
        said = w("judging.explanation", lang=told.lang, at=_instant(told.at), by=visible(told.by))
        yield from _text(said, told.text, w)


def copy_lines(copy: Copy, w: Words) -> Iterator[str]:
    """To whom a copy was handed, a line each; nothing where it was not, as far as is known."""
    for one in copy.handed:
        yield w(
            "judging.handed_over",
            entry=copy.entry,
            to=visible(one.to),
            how=visible(one.how) or w("judging.how_unsaid"),
            at=_instant(one.at),
            by=visible(one.by),
        )


def tags(case: Case, w: Words) -> str:
    """The tags of a case in one line."""
    return w("cli.labelled", label=w("judging.tags"), said=", ".join(map(visible, case.work.tags)))


def dispute_lines(dispute: Dispute, w: Words) -> Iterator[str]:
    """A dispute as lines of text."""
    left = dispute.days_left(datetime.now().astimezone().date())
    due = (
        w("judging.due", day=str(dispute.deadline), left=days_left(left, w))
        if left is not None and dispute.open
        else ""
    )
    state = w("judging.dispute_open") if dispute.open else w("judging.dispute_closed")
    yield _spaced(w("judging.dispute", name=dispute.name), state, due)
    facts = {
        "who": dispute.who, "received": str(dispute.received or ""), "channel": dispute.channel,
        "identity": dispute.identity, "cases": ", ".join(dispute.cases) if len(dispute.cases) > 1 else "",
    }  # fmt: skip
    for name, value in facts.items():
        if value:
            label = f"  {w(f'judging.dispute_{name}')}"
            yield w("cli.labelled", label=label, said=visible(value))
    if dispute.grounds:
        yield from _text(f"  {w('judging.dispute_grounds')}", dispute.grounds, w)
    for note in (*dispute.notes, *((dispute.closed,) if dispute.closed else ())):
        head = w("judging.dispute_end") if note is dispute.closed else w(f"judging.kind.{note.kind.value}")
        told = f"  {head} · {_instant(note.at)}, {visible(note.by)}"
        yield from _text(told, note.text, w) if note.text else (told,)


def decided(made: Decision, w: Words) -> str:
    """A decision in one line."""
    reason = made.reason_words.get(w.lang) or next(iter(made.reason_words.values()), "")
    said = _spaced(made.reason, f"({visible(reason)})" if reason else "")
    facts = [
        w(
            "judging.decision",
            round=made.round,
            outcome=w(f"judging.outcome.{made.outcome.value}"),
            reason=said,
        ),
        w("judging.against") if made.against_vendor else "",
        w("judging.blind") if made.blind else "",
        f"{_instant(made.at)}, {visible(made.by)}",
    ]
    return " · ".join(fact for fact in facts if fact)


def _round_lines(round_: Round, w: Words) -> Iterator[str]:
    for made in round_.judgements:
        step = w(f"judging.step.{made.step.value}")
        blind = f" · {w('judging.blind')}" if made.blind else ""
        yield f"{w('judging.judgement', round=made.round, step=step)}{blind} · {_instant(made.at)}, {visible(made.by)}"
    if round_.decision:
        yield decided(round_.decision, w)
        if round_.decision.note:
            yield from _text(w("judging.note_of_decision"), round_.decision.note, w)
    if round_.withdrawn:
        yield w("judging.withdrawn", round=round_.number)


def days_left(days: int | None, w: Words) -> str:
    """How long a deadline still is, in words; empty without one."""
    if days is None:
        return ""
    if days == 0:
        return w("judging.due_today")
    return w.many("judging.days_left", days) if days > 0 else w.many("judging.days_late", -days)


def _note_lines(note: Note, w: Words) -> Iterator[str]:
    latest = note.latest
    version = w.many("judging.versions", len(note.versions)) if len(note.versions) > 1 else ""
    head = w("judging.note", number=note.number, at=_instant(latest.at), by=visible(latest.by))
    yield from _text(_spaced(head, version), latest.text, w)


def _text(head: str, text: str, w: Words) -> Iterator[str]:
    """A heading and a text of several lines, each with what is invisible in it written out."""
    yield w("cli.heading", head=head)
    for line in text.split("\n"):
        yield f"  | {visible(line)}"


def _spaced(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _decision(made: Decision) -> dict[str, Any]:
    return {
        "outcome": made.outcome.value,
        "reason": made.reason,
        "note": made.note or None,
        "at": _instant(made.at),
        "by": made.by,
        "round": made.round,
        "against_vendor": made.against_vendor,
        "blind": made.blind,
        "judgement": made.step.value if made.step else None,
    }


def _judgement(made: Judgement) -> dict[str, Any]:
    return {"step": made.step.value, "at": _instant(made.at), "by": made.by, "blind": made.blind}


def _round(round_: Round) -> dict[str, Any]:
    return {
        "number": round_.number,
        "dispute": round_.dispute or None,
        "judgements": [_judgement(j) for j in round_.judgements],
        "reveals": [{"at": _instant(r.at), "by": r.by, "judged": r.judged} for r in round_.reveals],
        "decision": _decision(round_.decision) if round_.decision else None,
        "withdrawn": round_.withdrawn,
    }


def _dispute(dispute: Dispute, today: date) -> dict[str, Any]:
    return {
        "name": dispute.name,
        "open": dispute.open,
        "round": dispute.round,
        "at": _instant(dispute.at),
        "by": dispute.by,
        "who": dispute.who or None,
        "received": dispute.received.isoformat() if dispute.received else None,
        "channel": dispute.channel or None,
        "identity": dispute.identity or None,
        "grounds": dispute.grounds or None,
        "deadline": dispute.deadline.isoformat() if dispute.deadline else None,
        "days_left": dispute.days_left(today) if dispute.open else None,
        "cases": list(dispute.cases),
        "notes": [_line(note) for note in dispute.notes],
        "closed": _line(dispute.closed) if dispute.closed else None,
    }


def _line(note: DisputeNote) -> dict[str, Any]:
    return {"kind": note.kind.value, "at": _instant(note.at), "by": note.by, "text": note.text}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

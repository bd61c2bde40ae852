"""The plain account: one page that a layman can read, without a number of the vendor's that needs explaining."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from faceid_review.review.case import Stage
from faceid_review.review.judging import Decision
from faceid_review.review.sources import IMPORTED
from faceid_review.snapshot.blocks import Block, page, quiet, remark, section
from faceid_review.snapshot.this_copy import ThisCopy


def account(copy: ThisCopy) -> dict[str, Any]:
    """What happened, what the vendor's system said, what a person saw, what was decided, what remains open."""
    words = copy.words
    blocks: list[Block] = []
    parts = {
        "happened": _happened,
        "vendor": _vendor,
        "seen": _seen,
        "decided": _decided,
        "open": _uncertain,
        "contest": _contest,
    }
    for name, part in parts.items():
        # A heading promises no reason where the copy has none.
        alone = name == "decided" and not copy.profile.shows("reasons")
        blocks.append(section(words("dossier.account.decided_alone" if alone else f"dossier.account.{name}")))
        blocks += [remark(sentence) for sentence in part(copy)]
    title = words("dossier.account.title")
    return page("account", title, blocks, words("dossier.account.intro"))


def _happened(copy: ThisCopy) -> Iterator[str]:
    words, case = copy.words, copy.case
    began = case.biz_id.began
    yield (
        words("dossier.account.check", at=copy.clock.local(began))
        if began
        else words("dossier.account.check_undated")
    )
    if case.answer is None:
        yield words(f"snapshot.stage.{case.stage.value}", code=case.refusal.code[:80] if case.refusal else "")
        return
    key = "imported" if case.answer.origin == IMPORTED else "received"
    yield words(f"dossier.account.{key}", at=copy.clock.local(case.answer.received_at))
    if case.photographs:
        yield words.many("dossier.account.pictures", len(case.photographs))
    for dispute in case.work.disputes:
        day = str(dispute.received or dispute.at.date())
        yield words("dossier.account.disputed", day=day, name=dispute.name)


def _vendor(copy: ThisCopy) -> Iterator[str]:
    words, result = copy.words, copy.case.result
    if copy.case.refusal or copy.case.stage is Stage.PURGED or result is None or not result.readable:
        yield words("dossier.account.vendor_nothing")
        return
    passed = result.liveness.passed if result.liveness else None
    yield words(f"dossier.account.live_{ {True: 'yes', False: 'no', None: 'unsaid'}[passed] }")
    best = result.comparisons[0] if result.comparisons else None
    if best is None or best.confidence is None:
        yield words("dossier.account.alike_unsaid")
    elif best.strictest_passed and best.next_missed:
        yield words("dossier.account.alike_between")
    elif best.strictest_passed:
        yield words("dossier.account.alike_above")
    else:
        yield words("dossier.account.alike_below" if best.next_missed else "dossier.account.alike_bare")
    if copy.profile.shows("genuineness") and any(one.finding == "attack" for one in result.genuineness):
        yield words("dossier.account.flagged")
    yield words("dossier.account.machine")


def _seen(copy: ThisCopy) -> Iterator[str]:
    words, work = copy.words, copy.case.work
    if not work.judgements:
        yield words("dossier.account.not_judged")
    elif "staff" in copy.profile.remove:
        yield words("dossier.codes.staff")
    for made in work.judgements:
        step = words(f"judging.step.{made.step.value}")
        key = "judged_blind" if made.blind else "judged"
        yield words(f"dossier.account.{key}", by=made.by[:80], at=copy.clock.local(made.at), step=step)
    if copy.case.marks.compared:
        yield words.many("dossier.account.compared", len(copy.case.marks.compared))


def _decided(copy: ThisCopy) -> Iterator[str]:
    words, work = copy.words, copy.case.work
    if not work.decisions:
        yield words("dossier.account.undecided")
        return
    for made in work.decisions:
        told = {"n": made.round, "at": copy.clock.local(made.at), "by": made.by[:80]}
        yield words(
            "dossier.account.decision", outcome=words(f"dossier.outcome.{made.outcome.value}"), **told
        )
        if copy.profile.shows("reasons") and (why := reason(copy, made)):
            yield words("dossier.account.because", why=why)
    if not work.sealed:
        yield words("dossier.account.again_open")
    if not copy.profile.shows("reasons"):
        yield words("dossier.account.no_reasons", profile=copy.profile.title(copy.lang))


def _uncertain(copy: ThisCopy) -> Iterator[str]:
    words, case = copy.words, copy.case
    yield words("dossier.account.who")
    if case.answer and not case.answer.complete:
        yield words("dossier.account.cut")
    if not case.references:
        yield words("dossier.account.no_reference")
    if case.work.jumps:
        yield words("dossier.account.clock")


def _contest(copy: ThisCopy) -> Iterator[str]:
    yield copy.words("dossier.account.how", number=copy.case.number)


def reason(copy: ThisCopy, made: Decision) -> str:
    """Why it was decided, in the words of that day; the code where there were none."""
    return made.reason_words.get(copy.lang) or next(iter(made.reason_words.values()), "") or made.reason


def none_recorded(copy: ThisCopy) -> Block:
    """What stands in a part without a record."""
    return remark(quiet(copy.words("snapshot.none_recorded")))

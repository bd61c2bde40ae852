"""The beginning of a letter to the customer: what happened and what was decided, in plain words, in their language.

A draft for a person to finish. It speaks of no score, no threshold and no suspicion, names no colleague, and quotes
nothing of the notes, which are ours.
"""

from __future__ import annotations

from faceid_review.i18n import words
from faceid_review.review.case import Case
from faceid_review.review.disputes import Kind


def draft(case: Case, lang: str) -> str:
    """A letter about the decision that stands, or about a case that is still looked at; ``lang`` is en or zh."""
    w, work = words(lang), case.work
    dispute = work.dispute or (work.disputes[-1] if work.disputes else None)
    decision = work.decision if work.sealed else None
    parts = [w("letter.greeting")]
    if dispute and dispute.received:
        parts.append(w("letter.received", day=dispute.received.isoformat()))
    began = case.biz_id.began
    parts.append(w("letter.check", day=began.date().isoformat()) if began else w("letter.check_undated"))
    parts.append(w(f"letter.outcome_{decision.outcome.value}") if decision else w("letter.pending"))
    if decision and dispute and decision.round > 1:
        parts.append(w("letter.second_look"))
    if dispute and not decision and dispute.deadline:
        parts.append(w("letter.deadline", day=dispute.deadline.isoformat()))
    if dispute and dispute.of_kind(Kind.APPEAL):
        parts.append(w("letter.appeal_known"))
    parts += [w("letter.contest"), w("letter.number", number=case.number)]
    return "\n\n".join(parts)

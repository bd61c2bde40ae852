"""Everything that is said of a case, as plain values: ``describe(case, words)``.

The verdict pane, ``show``, the screen reader and the snapshot speak from this one description, so that none of them
says more than another. Four verdicts stand side by side (liveness, comparison, genuineness, exceptions), because the
vendor's own sample passes one and not another; none is drawn from another, and none of them is ours.
"""

from __future__ import annotations

from collections.abc import Mapping

from faceid_review.faceid.result import VerificationResult
from faceid_review.i18n import Words
from faceid_review.review.case import Case, Stage
from faceid_review.review.explanation.answer import (
    attempts_part,
    callback_of,
    callback_part,
    contradiction_words,
    contradictions_part,
    order_words,
    others_part,
    pictures_part,
    received_part,
    state_part,
    unknown_part,
    warnings_part,
)
from faceid_review.review.explanation.comparison import (
    comparison_part,
    comparison_verdict,
    margin_words,
    value_words,
)
from faceid_review.review.explanation.genuineness import (
    check_words,
    exceptions_part,
    exceptions_verdict,
    genuineness_part,
    genuineness_verdict,
)
from faceid_review.review.explanation.liveness import (
    closing_words,
    liveness_part,
    liveness_verdict,
    step_words,
    timeline_part,
)
from faceid_review.review.explanation.values import Explanation, Kind, Part, Statement, Teller, Verdict
from faceid_review.review.plain_text import LONGEST

__all__ = [
    "Explanation",
    "Kind",
    "Part",
    "Statement",
    "Verdict",
    "callback_of",
    "check_words",
    "closing_words",
    "contradiction_words",
    "describe",
    "described",
    "margin_words",
    "order_words",
    "state_part",
    "step_words",
    "value_words",
    "verdicts",
]


def describe(case: Case, words: Words, *, longest: int = LONGEST) -> Explanation:
    """What is said of ``case`` in the language of ``words``; a text as sent is cut at ``longest`` characters.

    A verdict of the vendor stands in it only where an answer is kept and can be read, or where a callback is all that
    came; a callback's pointers lead into its own data. Pure, and never raises for anything that was sent. Pictures are
    not opened.
    """
    parts = [state_part(case, words), warnings_part(case, words) if case.stage.answered else None]
    answer = case.answer if case.stage.answered else None
    teller = None
    if answer and case.result and case.result.readable:
        teller = Teller(case.result, words, longest, str(case.biz_id))
    if teller and case.stage is not Stage.REFUSED:
        parts += _told(teller)
    if (callback := callback_of(case)) and callback.result:
        parts.append(callback_part(callback, words))
        parts += described(callback.result, words, str(case.biz_id), longest=longest).parts
    parts += [attempts_part(case, words), received_part(case, answer, words) if answer else None]
    if teller:
        parts += [others_part(teller), unknown_part(teller)]
    return Explanation(words.lang, tuple(part for part in parts if part is not None))


def described(
    result: VerificationResult, words: Words, biz_id: str = "", *, longest: int = LONGEST
) -> Explanation:
    """What is said of an answer, or of a callback, by itself; nothing of one that cannot be read."""
    if not result.readable:
        return Explanation(words.lang, ())
    teller = Teller(result, words, longest, biz_id)
    parts = [*_told(teller), others_part(teller), unknown_part(teller)]
    return Explanation(words.lang, tuple(part for part in parts if part is not None))


def verdicts(result: VerificationResult, words: Words) -> Mapping[str, Verdict]:
    """The four verdicts by the name of their part, without what stands behind them."""
    t = Teller(result, words)
    return {
        "liveness": liveness_verdict(t),
        "comparison": comparison_verdict(t),
        "genuineness": genuineness_verdict(t),
        "exceptions": exceptions_verdict(t),
    }


def _told(t: Teller) -> list[Part | None]:
    """In the order of the look; where liveness did not pass, its reason and its timeline come first."""
    liveness = t.result.liveness
    first = [contradictions_part(t), liveness_part(t)]
    compared = [comparison_part(t), genuineness_part(t), exceptions_part(t)]
    if liveness and liveness.passed is False:
        return [*first, timeline_part(t), *compared, pictures_part(t)]
    return [*first, *compared, timeline_part(t), pictures_part(t)]

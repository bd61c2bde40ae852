"""Genuineness and exceptions in words: each check beside its own threshold, each flag with its caution.

Absent never means passed: what did not come is told as not returned, with the reason the vendor gives for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from faceid_review.faceid import glossary
from faceid_review.faceid.glossary import Sure
from faceid_review.faceid.pointer import pointer
from faceid_review.faceid.result import ATTACK, NOT_RETURNED, GenuinenessCheck
from faceid_review.i18n import Words
from faceid_review.review.explanation.values import Kind, Part, Statement, Teller, Verdict
from faceid_review.review.findings import Absence, absence, relation
from faceid_review.review.plain_text import as_sent, short

MOST: Final = 40
FLAG: Final = "face_replaced"
_PLACE: Final = ("verify_result", "face_genuineness")
_EXCEPTIONS: Final = ("verify_result", "id_exceptions")
_LONGEST_NAME: Final = 40
_KEYS: Final = {"≥": "above", "=": "equal", "<": "below"}


def genuineness_part(t: Teller) -> Part:
    """The verdict of ``face_genuineness`` and each of its checks, those that did not come included."""
    returned = [check for check in t.result.genuineness if check.confidence is not None]
    statements: list[Statement] = []
    for check in returned[:MOST]:
        statements += _check(t, check)
    statements += t.more(len(returned) - MOST, t.where(*_PLACE))
    statements += _missing(t, bool(returned))
    attack = glossary.finding("attack")
    if attack and any(check.finding == ATTACK for check in returned):
        statements.append(t.say(Kind.CAUTION, attack.caution.text(t.lang), t.where(*_PLACE), sure=attack.sure))  # fmt: skip
    title = t.words("explanation.genuineness")
    return Part("genuineness", title, tuple(statements), genuineness_verdict(t), t.where(*_PLACE))


def genuineness_verdict(t: Teller) -> Verdict:
    """How many checks are at or above their thresholds; below where none is; never passed."""
    flagged = sum(check.finding == ATTACK for check in t.result.genuineness)
    judged = sum(check.finding != NOT_RETURNED for check in t.result.genuineness)
    if flagged:
        return Verdict("flagged", t.words.many("explanation.genuineness.flags", flagged))
    if judged:
        return Verdict("below", t.words.many("explanation.genuineness.below_all", judged))
    if any(check.confidence is not None for check in t.result.genuineness):
        return Verdict("not_judged", t.words("explanation.genuineness.not_judged"))
    code = absence(t.result, *_PLACE).value
    return Verdict(code, t.words(f"explanation.genuineness.{code}"))


def check_words(check: GenuinenessCheck, w: Words) -> str:
    """One check with the exact digits, and how the value stands to its threshold."""
    key = _KEYS.get(relation(check), "alone")
    if check.name == FLAG and key == "alone":
        key = "set" if check.finding == ATTACK else "not_set"
    return w(
        f"explanation.genuineness.{key}",
        name=short(check.name, _LONGEST_NAME),
        value=str(check.confidence),
        threshold=str(check.threshold),
    )


def _check(t: Teller, check: GenuinenessCheck) -> Iterator[Statement]:
    about = check.name
    threshold = None if check.threshold is None else str(check.threshold)
    yield t.say(
        Kind.CHECK,
        check_words(check, t.words),
        check.pointer,
        about=about,
        facts={
            "confidence": str(check.confidence),
            "threshold": threshold,
            "threshold_pointer": None if threshold is None else check.threshold_pointer,
            "relation": relation(check),
            "finding": check.finding,
        },
    )
    if meaning := glossary.check(check.name):
        yield t.say(Kind.MEANING, meaning.text(t.lang), check.pointer, about=about, sure=meaning.sure)
    equal = glossary.finding("equal")
    if relation(check) == "=" and equal:
        yield t.say(Kind.REMARK, equal.text(t.lang), check.pointer, about=about, sure=equal.sure)
    if check.threshold is None and check.name != FLAG:
        missing = f"{check.name}_threshold"
        yield t.absent("explanation.genuineness.no_threshold", *_PLACE, missing, about=about)


def _missing(t: Teller, some: bool) -> Iterator[Statement]:
    """The checks that did not come. Where none came at all, the reason is that of the whole."""
    names = [check.name for check in t.result.genuineness if check.confidence is None]
    if all(check.name != FLAG for check in t.result.genuineness):
        names.append(FLAG)
    for name in names[:MOST]:
        field = name if name == FLAG else f"{name}_confidence"
        absent = t.absent("explanation.not_returned", *_PLACE, field, about=name)
        said, sure, check = absent.words, Sure.OBSERVED, glossary.check(name)
        if check and check.absent and absent.facts["why"] == Absence.NOT_RETURNED:
            said = t.words("explanation.not_returned_why", why=check.absent.text(t.lang))
            sure = check.sure
        words = t.words("explanation.named", name=short(name, _LONGEST_NAME), said=said)
        facts = {**absent.facts, "said": said}
        yield t.say(Kind.ABSENT, words, absent.pointer, about=name, facts=facts, sure=sure)
    if not some and (whole := glossary.absence("face_genuineness")):
        if absence(t.result, *_PLACE) is Absence.NOT_RETURNED:
            yield t.say(Kind.REMARK, whole.text(t.lang), t.where(*_PLACE), about="whole", sure=whole.sure)
    elif remark := glossary.finding("not_returned"):
        yield t.say(Kind.REMARK, remark.text(t.lang), t.where(*_PLACE), about="absent", sure=remark.sure)


def exceptions_part(t: Teller) -> Part:
    """The verdict of ``id_exceptions``: about the ID number and its photo, never about its holder."""
    statements: list[Statement] = []
    sent = t.result.id_exceptions
    at = t.where(*_EXCEPTIONS)
    if sent is None:
        absent = t.absent("explanation.exceptions.none", *_EXCEPTIONS)
        meaning = glossary.absence("id_exceptions")
        if absent.facts["why"] == Absence.NOT_RETURNED and meaning:
            absent = t.say(Kind.ABSENT, meaning.text(t.lang), at, facts=absent.facts, sure=meaning.sure)
        statements.append(absent)
    elif not sent:
        statements.append(t.absent("explanation.exceptions.empty", *_EXCEPTIONS))
    for name, value in (sent or ())[:MOST]:
        statements += _exception(t, name, value)
    statements += t.more(len(sent or ()) - MOST, at)
    return Part("exceptions", t.words("explanation.exceptions"), tuple(statements), exceptions_verdict(t), at)


def is_set(value: Any) -> bool:
    """Whether a flag says something: anything but a plain 0, since nobody knows what another value means."""
    return as_sent(value, 40) != "0"


def exceptions_verdict(t: Teller) -> Verdict:
    """Whether a flag is set; of what did not come nothing is said."""
    sent = t.result.id_exceptions
    if not sent:
        code = "empty" if sent is not None else absence(t.result, *_EXCEPTIONS).value
        if code == "empty" and t.result.lost(*_EXCEPTIONS):
            code = Absence.NOT_RECEIVED.value
        return Verdict(code, t.words(f"explanation.exceptions.verdict.{code}"))
    count = sum(is_set(value) for _, value in sent)
    if count:
        return Verdict("set", t.words.many("explanation.exceptions.set", count))
    return Verdict("not_set", t.words.many("explanation.exceptions.not_set", len(sent)))


def _exception(t: Teller, name: str, value: Any) -> Iterator[Statement]:
    meaning = glossary.exception(name)
    shown, at = as_sent(value, t.longest), pointer(*_EXCEPTIONS, name)
    said = meaning.value(value, t.lang) if meaning else ""
    key = "explanation.exceptions.value" if said else "explanation.exceptions.as_sent"
    words = t.words(key, name=short(name, _LONGEST_NAME), value=shown, meaning=said)
    told = t.words("explanation.exceptions.said", value=shown, meaning=said) if said else shown
    facts = {"value": shown, "set": is_set(value), "known": bool(said), "said": told}
    yield t.say(
        Kind.VALUE, words, at, about=name, facts=facts, sure=meaning.sure if meaning else Sure.OBSERVED
    )
    if meaning and meaning.caution and is_set(value):
        yield t.say(Kind.CAUTION, meaning.caution.text(t.lang), at, about=name, sure=meaning.sure)
    if not said:
        yield t.say(Kind.REMARK, t.words("explanation.exceptions.unknown"), at, about=name)

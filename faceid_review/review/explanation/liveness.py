"""Liveness in words: the result as sent, every reading of a failure, and the log step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from faceid_review.faceid import glossary
from faceid_review.faceid.glossary import Meaning, Sure
from faceid_review.faceid.result import Liveness
from faceid_review.i18n import Words
from faceid_review.review.case import exhibit_number
from faceid_review.review.explanation.values import Kind, Part, Statement, Teller, Verdict
from faceid_review.review.findings import MOST_MOMENTS, Step, absence, steps
from faceid_review.review.plain_text import paragraph, short, visible
from faceid_review.review.times import clock

_HERE: Final = "liveness_result"
_LOG: Final = "/liveness_result/log"


def liveness_part(t: Teller) -> Part:
    """The verdict of ``liveness_result`` and what is known of its reasons."""
    liveness = t.result.liveness
    statements = list(_told(t, liveness)) if liveness else [t.absent("explanation.liveness.none", _HERE)]
    return Part(
        "liveness", t.words("explanation.liveness"), tuple(statements), liveness_verdict(t), t.where(_HERE)
    )


def liveness_verdict(t: Teller) -> Verdict:
    """Whether the vendor said success, something else, or nothing."""
    liveness = t.result.liveness
    if liveness is None or liveness.passed is None:
        code = absence(t.result, _HERE, "result").value
    else:
        code = "success" if liveness.passed else "not_passed"
    return Verdict(code, t.words(f"explanation.liveness.{code}"))


def _told(t: Teller, liveness: Liveness) -> Iterator[Statement]:
    if liveness.result is None:
        yield t.absent("explanation.liveness.no_result", _HERE, "result", about="result")
    else:
        yield t.say(
            Kind.VALUE,
            t.words("explanation.liveness.result", result=short(liveness.result, t.longest)),
            "/liveness_result/result",
            about="result",
            facts={"result": liveness.result},
        )
        if meaning := glossary.outcome(liveness.result):
            yield _meaning(t, meaning, "/liveness_result/result", "result")
    yield from _reason(t, liveness)
    if liveness.passed and (remark := glossary.remark("liveness")):
        yield t.say(Kind.REMARK, remark.text(t.lang), "/liveness_result/result", sure=remark.sure)


def _meaning(t: Teller, meaning: Meaning, pointer: str, about: str) -> Statement:
    return t.say(
        Kind.MEANING,
        meaning.text(t.lang),
        pointer,
        about=about,
        sure=meaning.sure,
        vendor=meaning.vendor,
    )


def _reason(t: Teller, liveness: Liveness) -> Iterator[Statement]:
    place = (_HERE, "failure_reason")
    code, at, about = liveness.failure_reason, t.where(*place), "failure_reason"
    if code is None:
        none = "explanation.liveness.reason_none" if liveness.passed else "explanation.liveness.no_reason"
        yield t.absent(none, *place, about=about)
    else:
        said = t.words("explanation.liveness.reason", reason=short(code, t.longest))
        yield t.say(Kind.VALUE, said, at, about=about, facts={"failure_reason": code})
        meaning = glossary.failure_reason(code)
        if meaning is None:
            yield t.say(Kind.REMARK, t.words("explanation.liveness.reason_unknown"), at, about=about)
        else:
            yield from _readings(t, meaning, at)
    if liveness.passed is False:
        yield t.say(Kind.REMARK, _also_known(t, liveness), at, about="also_known")


def _readings(t: Teller, meaning: Meaning, at: str) -> Iterator[Statement]:
    """Every reading with the same weight, then what stands beside all of them."""
    about = "failure_reason"
    for reading in meaning.readings(t.lang):
        yield t.say(
            Kind.READING,
            reading.ours,
            at,
            about=about,
            facts={"failure_reason": meaning.code},
            sure=reading.sure,
            vendor=reading.vendor,
        )
    if meaning.caution:
        yield t.say(Kind.CAUTION, meaning.caution.text(t.lang), at, about=about)
    if meaning.next_step:
        yield t.say(Kind.NEXT, meaning.next_step.text(t.lang), at, about=about)


def _also_known(t: Teller, liveness: Liveness) -> str:
    """Facts of this case that bear on the reason, without a conclusion."""
    known = []
    actions = liveness.log.actions
    if actions and actions[-1].lasted_ms is not None:
        known.append(t.words("explanation.liveness.last_action", ms=str(actions[-1].lasted_ms)))
    elif not actions and liveness.log.moments:
        known.append(t.words("explanation.liveness.no_action"))
    pictures = "explanation.pictures_received" if t.result.cut else "explanation.pictures_returned"
    known.append(t.words.many(pictures, len(t.result.photographs)))
    return t.words("explanation.liveness.known", facts=t.words("explanation.gap").join(known))


def timeline_part(t: Teller) -> Part | None:
    """The log as steps in milliseconds; what a letter stands for is inferred."""
    liveness = t.result.liveness
    if liveness is None:
        return None
    log = liveness.log
    made = steps(log, {picture.role for picture in t.result.photographs})
    statements = list(_recorded(t, liveness))
    if made:
        statements += [_step(t, step) for step in made]
        statements.append(
            t.say(Kind.REMARK, closing_words(made, t.words), _LOG, about="steps", sure=Sure.INFERRED)
        )
        statements += t.more(len(log.moments) - MOST_MOMENTS, _LOG)
        if remark := glossary.remark("timeline"):
            statements.append(t.say(Kind.REMARK, remark.text(t.lang), _LOG, about="sure", sure=remark.sure))
    elif liveness.raw_log:
        statements.append(t.say(Kind.REMARK, t.words("explanation.timeline.no_moments"), _LOG, about="steps"))
    else:
        statements.append(t.absent("explanation.timeline.no_log", _HERE, "log", about="steps"))
    if log.unread:
        unread = t.words.many("explanation.timeline.unread", log.unread)
        statements.append(t.say(Kind.WARNING, unread, _LOG, about="unread", facts={"lines": log.unread}))
        sent = short(liveness.raw_log or "", max(1000, t.longest))
        statements.append(t.say(Kind.VALUE, sent, _LOG, about="raw", facts={"log": liveness.raw_log}))
    return Part("timeline", t.words("explanation.timeline"), tuple(statements), None, t.where(_HERE, "log"))


def _recorded(t: Teller, liveness: Liveness) -> Iterator[Statement]:
    """What wrote the log, and when it began."""
    if liveness.version:
        said = t.words("explanation.timeline.version", version=short(liveness.version, t.longest))
        at = "/liveness_result/version"
        yield t.say(Kind.VALUE, said, at, about="version", facts={"version": liveness.version})
    began = liveness.log.began
    if began is not None:
        said = t.words("explanation.timeline.began", at=began_at(began))
        yield t.say(Kind.VALUE, said, _LOG, about="began", facts={"began": began}, sure=Sure.SEEN)


def began_at(second: int) -> str:
    """The time of day of a unix second; the number itself where no calendar holds it."""
    try:
        return clock(datetime.fromtimestamp(second, UTC))
    except (ValueError, OverflowError, OSError):
        return str(second)


def step_words(step: Step, w: Words) -> str:
    """One state of the log: when it was entered, its letter, what that stands for, and its picture."""
    meaning = glossary.letter(step.letter)
    said = meaning.short(w.lang) if meaning else w("explanation.timeline.unknown")
    words = w("explanation.timeline.at", ms=str(step.start), letter=step.letter, meaning=said)
    if step.role:
        return w("explanation.timeline.exhibit", step=words, exhibit=exhibit_number(step.role))
    return words


def _step(t: Teller, step: Step) -> Statement:
    meaning = glossary.letter(step.letter)
    lasted = None if step.to is None else step.to - step.start
    return t.say(
        Kind.STEP,
        step_words(step, t.words),
        _LOG,
        about=step.role,
        facts={"letter": step.letter, "at_ms": step.start, "lasted_ms": lasted, "kind": step.kind},
        sure=meaning.meaning.sure if meaning else Sure.OBSERVED,
    )


def closing_words(made: Sequence[Step], w: Words) -> str:
    """How long each action lasted, whether an end was recorded, and what of this is inferred."""
    actions = [step for step in made if step.kind == "action"]
    passed = [step for step in actions if step.passed]
    parts = []
    if passed:
        lasted = w("explanation.gap").join(_lasted(step, w) for step in passed)
        durations = lasted[:1].upper() + lasted[1:]
        parts.append(w("explanation.timeline.durations", durations=durations))
    if len(passed) < len(actions):
        begun = w.many("explanation.timeline.begun", len(actions))
        recorded = w("explanation.timeline.none_passed")
        if passed:
            recorded = w.many("explanation.timeline.passed", len(passed))
        parts.append(w("explanation.timeline.counts", begun=begun, passed=recorded))
    if not any(step.ends for step in made):
        parts.append(w("explanation.timeline.no_end"))
    if any(step.to is not None and step.to < step.start for step in made):
        parts.append(w("explanation.timeline.disorder"))
    parts.append(w("explanation.timeline.inferred"))
    return paragraph(parts, w.lang)


def _lasted(step: Step, w: Words) -> str:
    meaning = glossary.letter(step.letter)
    said = meaning.short(w.lang) if meaning else visible(step.letter)
    return w("explanation.timeline.lasted", action=said, ms=str((step.to or step.start) - step.start))

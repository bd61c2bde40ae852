"""What surrounds the four verdicts: the state, warnings, contradictions, how the answer came, and what else was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from faceid_review.errors import Spent
from faceid_review.faceid import glossary
from faceid_review.faceid.glossary import Meaning
from faceid_review.faceid.pointer import pointer
from faceid_review.faceid.result import GenuinenessCheck, VerificationResult
from faceid_review.i18n import Words
from faceid_review.review import saying_callbacks
from faceid_review.review.case import Case, Refusal, Stage
from faceid_review.review.explanation.values import Kind, Part, Statement, Teller, Verdict
from faceid_review.review.findings import Absence, contradictions, relation
from faceid_review.review.plain_text import as_sent, short
from faceid_review.review.sources import IMPORTED, Answer, CallbackSource
from faceid_review.review.times import began, instant, span

MOST_UNKNOWN: Final = 40
MOST_CONTRADICTIONS: Final = 40
_CONTRADICTION: Final = "liveness_passed_but_"
_OLDER: Final = "verify_older_than_session"


def state_part(case: Case, w: Words) -> Part | None:
    """Where the question stands, unless an answer is kept: then the answer speaks."""
    if case.stage in (Stage.KEPT, Stage.PARTIAL):
        return None
    if case.stage is Stage.REFUSED and case.refusal:
        return _refusal(case.refusal, case.result, w)
    name = case.stage.value
    statements = [
        Statement(Kind.MEANING, w(f"explanation.state.{name}"), facts={"stage": name}),
        Statement(Kind.NEXT, w(f"explanation.state.{name}.next")),
    ]
    if case.stage is Stage.UNKNOWN:
        statements.append(_spent(Spent.PERHAPS, w))
    return Part("state", w("explanation.state"), tuple(statements), Verdict(name, w(f"stage.{name}")))


def _refusal(refusal: Refusal, result: VerificationResult | None, w: Words) -> Part:
    """The vendor's code, every reading of it, whether the one answer is spent, and what can be done."""
    known = glossary.refusal(refusal.code, refusal.http_status)
    places = result.places if result else frozenset()
    meaning, at = known.meaning, next((p for p in ("/error_message", "/error") if p in places), "")
    facts = {"code": refusal.code, "http_status": refusal.http_status, "known": known.known}
    words = code = short(refusal.code, 400)
    # What was imported does not tell the status: none is made up.
    if refusal.http_status:
        words = w("explanation.refusal.code", code=code, status=str(refusal.http_status))
    statements = [
        Statement(Kind.VALUE, words, at, facts=facts),
        Statement(Kind.MEANING, meaning.text(w.lang), at, sure=meaning.sure, vendor=meaning.vendor),
    ]
    readings = meaning.readings(w.lang)
    if len(readings) > 1:
        statements += [Statement(Kind.READING, r.ours, at, sure=r.sure, vendor=r.vendor) for r in readings]
    if meaning.caution:
        statements.append(Statement(Kind.CAUTION, meaning.caution.text(w.lang), at))
    statements.append(_spent(refusal.spent, w, known.spent_sure))
    statements.append(Statement(Kind.NEXT, known.next_step.text(w.lang)))
    verdict = Verdict("refused", w("stage.refused"))
    return Part("refusal", w("explanation.state"), tuple(statements), verdict, at)


def _spent(spent: Spent, w: Words, sure: glossary.Sure = glossary.Sure.INFERRED) -> Statement:
    words = glossary.spent(spent).text(w.lang)
    return Statement(Kind.REMARK, words, about="spent", facts={"spent": spent.value}, sure=sure)


def warnings_part(case: Case, w: Words) -> Part | None:
    """What changes how everything else is to be read. Contradictions and the order of times have their own place."""
    statements: list[Statement] = []
    for code in case.warnings:
        # That the transport ended early says less than that the answer did.
        lesser = code == "answer_incomplete" and "answer_cut" in case.warnings
        if code == _OLDER or code.startswith(_CONTRADICTION) or lesser:
            continue
        statements += warning_statements(code, glossary.warning(code), w)
    return Part("warnings", w("explanation.warnings"), tuple(statements)) if statements else None


def warning_statements(code: str, meaning: Meaning | None, w: Words) -> Iterator[Statement]:
    """One warning: what was seen, what it does not say, what can be done."""
    facts = {"code": code, "title": meaning.short.text(w.lang) if meaning else short(code)}
    if meaning is None:
        yield Statement(Kind.WARNING, short(code), "", code, facts)
        return
    at = "/biz_id" if code == "biz_id_differs" else ""
    yield Statement(Kind.WARNING, meaning.text(w.lang), at, code, facts, meaning.sure)
    if meaning.caution:
        yield Statement(Kind.CAUTION, meaning.caution.text(w.lang), at, code)
    if meaning.next_step:
        yield Statement(Kind.NEXT, meaning.next_step.text(w.lang), at, code)


def contradictions_part(t: Teller) -> Part | None:
    """Where two statements of the vendor differ. It settles nothing."""
    found = contradictions(t.result)
    if not found:
        return None
    statements = []
    for check in found[:MOST_CONTRADICTIONS]:
        words = contradiction_words(check, t.words)
        facts = {"confidence": str(check.confidence), "relation": relation(check), "liveness": "success"}
        statements.append(t.say(Kind.WARNING, words, check.pointer, about=check.name, facts=facts))
    if (left := len(found) - MOST_CONTRADICTIONS) > 0:
        words = t.words.many("explanation.contradiction.more", left)
        statements.append(t.say(Kind.MORE, words, "/verify_result/face_genuineness", facts={"left": left}))
    statements.append(t.say(Kind.REMARK, t.words("explanation.contradiction.neither"), about="neither"))
    general = glossary.warning(f"{_CONTRADICTION}{found[0].name}")
    if general and general.next_step:
        statements.append(t.say(Kind.NEXT, general.next_step.text(t.lang)))
    title = t.words("explanation.contradiction" if len(found) == 1 else "explanation.contradictions")
    place = t.where("verify_result", "face_genuineness")
    return Part("contradictions", title, tuple(statements), None, place)


def contradiction_words(check: GenuinenessCheck, w: Words) -> str:
    """One contradiction, both facts in it."""
    key = {"≥": "above", "=": "equal"}.get(relation(check), "set")
    return w(
        f"explanation.contradiction.{key}",
        name=short(check.name, 32),
        value=short(str(check.confidence), 24),
        threshold=short(str(check.threshold), 24),
    )


def received_part(case: Case, answer: Answer, w: Words) -> Part:
    """How the answer came, and its hash."""
    ending = glossary.ending(answer.ended)
    whole = w("explanation.received.complete")
    if not answer.complete:
        how = ending.short.text(w.lang) if ending else short(answer.ended)
        whole = w("explanation.received.incomplete", how=how)
    size = w.many("explanation.received.bytes", answer.size)
    imported = answer.origin == IMPORTED
    words = w("explanation.received.facts", at=instant(answer.received_at), whole=whole, size=size)
    facts = {"complete": answer.complete, "bytes": answer.size, "ended": answer.ended}
    statements = [Statement(Kind.VALUE, words, about="received", facts=facts)]
    if ending and not answer.complete:
        statements.append(Statement(Kind.MEANING, ending.text(w.lang), about="received"))
    result = case.result
    if result and result.readable and case.stage is not Stage.REFUSED and _OLDER in case.warnings:
        statements += _order(case, result, w)
    if imported:
        said = w("explanation.received.file", name=short(answer.name, 200), by=short(answer.by, 80))
        statements.append(Statement(Kind.VALUE, said, about="file", facts={"name": answer.name}))
    if answer.account:
        said = w("explanation.received.account", account=short(answer.account, 200))
        statements.append(Statement(Kind.VALUE, said, about="account", facts={"account": answer.account}))
    facts = {"sha256": answer.sha256}
    statements.append(Statement(Kind.VALUE, f"SHA-256 {answer.sha256}", "", "sha256", facts))
    title = w("explanation.received.imported" if imported else "explanation.received")
    return Part("received", title, tuple(statements))


def callback_of(case: Case) -> CallbackSource | None:
    """The callback whose words are all that the vendor has said so far: the last one, if any whose sign holds."""
    if case.answer is not None or case.stage is Stage.PURGED:
        return None
    readable = [one for one in case.callbacks if one.result is not None and one.result.readable]
    valid = [one for one in readable if one.sign == "valid"]
    return next(iter((valid or readable)[-1:]), None)


def callback_part(one: CallbackSource, w: Words) -> Part:
    """Stands before what a callback says, so that nobody takes it for an answer."""
    facts = {"sign": one.sign, "sha256": one.sha256}
    statements = (
        Statement(Kind.CAUTION, w("explanation.callback.only"), facts=facts),
        Statement(Kind.VALUE, saying_callbacks.sign(one, w), about="sign", facts=facts),
    )
    return Part("callback", w("explanation.callback"), statements)


def _order(case: Case, result: VerificationResult, w: Words) -> Iterator[Statement]:
    meaning = glossary.warning(_OLDER)
    session, verify = began(str(case.biz_id)), began(result.verify_request_id)
    said = order_words(str(case.biz_id), result, w)
    at, facts = "/verify_result/request_id", {"session": session, "verify": verify}
    sure = meaning.sure if meaning else glossary.Sure.INFERRED
    yield Statement(Kind.WARNING, said, at, _OLDER, facts, sure)
    if meaning and meaning.caution:
        yield Statement(Kind.CAUTION, meaning.caution.text(w.lang), at, _OLDER)


def order_words(biz_id: str, result: VerificationResult, w: Words) -> str:
    """By how much the comparison's number is older than the session's."""
    session, verify = began(biz_id), began(result.verify_request_id)
    if session is None or verify is None:
        meaning = glossary.warning(_OLDER)
        return meaning.text(w.lang) if meaning else ""
    amount, unit = span(session - verify)
    return w("explanation.received.older", span=w.many(f"explanation.span.{unit}", amount))


def attempts_part(case: Case, w: Words) -> Part | None:
    """One line an attempt, where there was more than one."""
    if len(case.attempts) < 2:
        return None
    reasons = reasons_of(case)
    statements = []
    for attempt in case.attempts:
        words = w(
            "explanation.attempt",
            number=str(attempt.number),
            stage=w(f"stage.{attempt.stage.value}"),
            at=instant(attempt.at),
            account=short(attempt.account, 80),
        )
        facts = {"number": attempt.number, "stage": attempt.stage.value}
        statements.append(Statement(Kind.VALUE, words, about=str(attempt.number), facts=facts))
        if reason := reasons.get(attempt.number):
            said = w("explanation.attempt.because", reason=short(reason, 1000))
            statements.append(Statement(Kind.REMARK, said, about=str(attempt.number)))
    return Part("attempts", w("explanation.attempts"), tuple(statements))


def reasons_of(case: Case) -> Mapping[int, str]:
    """The typed reason of each repeated attempt: it is written down before its attempt is armed."""
    reasons: dict[int, str] = {}
    waiting = ""
    for event in case.events:
        if event.act == "asked_again":
            waiting = str(event.facts.get("reason", ""))
        elif event.act == "armed" and waiting:
            reasons[int(event.facts.get("attempt", 0))] = waiting
            waiting = ""
    return reasons


def pictures_part(t: Teller) -> Part:
    """Which pictures came, by name, size and hash; none of them is opened for it."""
    statements = []
    for picture in t.result.photographs[:MOST_UNKNOWN]:
        role = glossary.role(picture.role)
        name = short(picture.role, 40)
        if role:
            name = t.words("explanation.picture.named", name=name, meaning=role.short.text(t.lang))
        size = t.words.many("explanation.received.bytes", len(picture.data))
        key = "explanation.picture.cut" if picture.cut else "explanation.picture"
        words = t.words(key, name=name, size=size, sha256=picture.sha256)
        facts = {"sha256": picture.sha256, "bytes": len(picture.data), "cut": picture.cut}
        statements.append(t.say(Kind.VALUE, words, picture.pointer, about=picture.role, facts=facts))
        if picture.problem and (status := glossary.picture(picture.problem)):
            words = status.text(t.lang)
            statements.append(t.say(Kind.WARNING, words, picture.pointer, about=picture.role))
    statements += t.more(len(t.result.photographs) - MOST_UNKNOWN, "/images")
    if not t.result.photographs and any(at.startswith("/images/") for at, _ in t.result.unrecognised):
        facts = {"why": Absence.UNKNOWN_FORM.value, "missing": "images"}
        words = t.words("explanation.unknown_form")
        statements.append(t.say(Kind.ABSENT, words, "/images", facts=facts))
    elif not t.result.photographs:
        absent = t.absent("explanation.pictures.none", "images")
        meaning = glossary.absence("images")
        statements.append(absent)
        if absent.facts["why"] == "not_returned" and meaning:
            statements.append(t.say(Kind.REMARK, meaning.text(t.lang), absent.pointer, sure=meaning.sure))
    return Part("pictures", t.words("explanation.pictures"), tuple(statements), None, t.where("images"))


def others_part(t: Teller) -> Part | None:
    """Known fields without a place of their own, each as its pointer and its value."""
    statements = []
    for place, value in _others(t):
        words = f"{place}: {as_sent(value, t.longest)}"
        meaning = glossary.field(place.rpartition("/")[2])
        facts = {"value": str(value), "meaning": meaning.text(t.lang) if meaning else ""}
        statements.append(t.say(Kind.VALUE, words, place, about=place.rpartition("/")[2], facts=facts))
    return Part("others", t.words("explanation.others"), tuple(statements)) if statements else None


def _others(t: Teller) -> Iterator[tuple[str, Any]]:
    result, liveness = t.result, t.result.liveness
    fields = (
        ("/request_id", result.request_id),
        ("/biz_no", result.biz_no),
        ("/time_used", result.time_used),
        ("/biz_id", None if result.biz_id == t.biz_id else result.biz_id),
        ("/biz_extra_data", result.biz_extra_data),
        ("/liveness_result/datetime", liveness.datetime if liveness else None),
        ("/verify_result/request_id", result.verify_request_id),
        ("/verify_result/time_used", result.verify_time_used),
    )
    yield from ((place, value) for place, value in fields if value is not None)


def unknown_part(t: Teller) -> Part | None:
    """What no page of the vendor names, or in a form it does not describe: as sent, and counted."""
    unknown = t.result.unrecognised
    if not unknown:
        return None
    statements = [
        t.say(Kind.REMARK, t.words.many("explanation.unknown.count", len(unknown)), "", facts={"count": len(unknown)})
    ]  # fmt: skip
    for place, value in unknown[:MOST_UNKNOWN]:
        shown = as_sent(value, t.longest)
        statements.append(t.say(Kind.VALUE, f"{short(place, 200)}: {shown}", place, facts={"value": shown}))
    statements += t.more(len(unknown) - MOST_UNKNOWN, "")
    return Part("unknown", t.words("explanation.unknown"), tuple(statements), None, pointer())

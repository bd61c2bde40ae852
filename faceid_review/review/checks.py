"""Whether what is known of a case agrees with itself. What does not is a remark and never a failure.

One place for the reasoning, so that ``show``, the desk and the snapshot say the same: each check has a name, the
warning it raises (docs/warnings.md) and the facts it rests on. That the numbers before the commas of ids are times is
inferred; the vendor's own sample breaks the first order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from faceid_review.faceid import callback
from faceid_review.faceid.result import VerificationResult
from faceid_review.review import differences
from faceid_review.review.differences import Difference
from faceid_review.review.sources import Answer, CallbackSource
from faceid_review.review.times import began

if TYPE_CHECKING:
    from faceid_review.review.case import Case

SAME_CLOCK: Final = 60
"""Seconds between two clocks that call for no remark."""

LONGEST_SESSION: Final = 3600
"""Seconds after its session's beginning in which a log may begin; a token of the vendor lives no longer."""


@dataclass(frozen=True)
class Check:
    """One comparison. ``agrees`` is None where there is nothing to compare; ``code`` the warning where it is False.

    ``facts`` are plain values: ``verify``, ``session``, ``log`` and ``request`` are unix seconds, ``seconds`` a
    distance, ``date`` a header as received, ``count`` a number of differences.
    """

    name: str
    agrees: bool | None
    code: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """A second word about the same id beside the one on show, field by field.

    ``kind`` is ``callback`` or ``answer`` (what ``entry`` is); ``entry`` and ``against`` are numbers of entries: a
    difference's left side is of ``entry``, its right one of ``against``. ``differences`` is None where one of the two
    is too long or no longer there to be compared.
    """

    kind: str
    entry: int
    against: int
    differences: tuple[Difference, ...] | None

    @property
    def telling(self) -> tuple[Difference, ...]:
        """The differences that are not so by nature."""
        return differences.telling(self.differences or ())


def comparisons(case: Case) -> tuple[Comparison, ...]:
    """Every callback and every other answer against the answer on show; without one, callbacks against the first."""
    made, shown = list[Comparison](), case.answer
    for other in case.sources:
        if shown and other.entry != shown.entry and not _refuses(other) and not _refuses(shown):
            known = differences.answers(other.told, shown.told) if other.body and shown.body else None
            same = () if other.sha256 == shown.sha256 else known
            made.append(Comparison("answer", other.entry, shown.entry, same))
    against = shown if shown and not _refuses(shown) else None
    for source in case.callbacks:
        if against:
            found = (
                differences.callback_and_answer(_document(source), against.told)
                if against.body and source.body
                else None
            )
            made.append(Comparison("callback", source.entry, against.entry, found))
        elif source is not (first := case.callbacks[0]):
            found = differences.answers(_document(source), _document(first))
            made.append(Comparison("callback", source.entry, first.entry, found))
    return tuple(made)


def checks(case: Case) -> tuple[Check, ...]:
    """All checks of a case, in the order in which they are told. Of a callback's case, its first callback is checked."""
    result = case.result
    if case.answer is None:
        result = next((c.result for c in case.callbacks if c.result and c.result.readable), result)
    return tuple(_checks(case, result))


def warnings(case: Case) -> tuple[str, ...]:
    """The codes of the checks that do not agree."""
    return tuple(check.code for check in case.checks if check.code)


def _checks(case: Case, result: VerificationResult | None) -> Iterator[Check]:
    yield _ids(case, result)
    session = began(str(case.biz_id))
    verify = began(result.verify_request_id) if result else None
    request = began(result.request_id) if result else None
    log = result.liveness.log.began if result and result.liveness else None
    yield _order(session, verify)
    yield _log(session, log)
    yield _requests(session, log, verify, request)
    yield _pictures(result)
    yield from _sources(case)
    yield _clock(case.answer)


def _ids(case: Case, result: VerificationResult | None) -> Check:
    returned = result.biz_id if result else None
    if returned is None:
        return Check("ids", None)
    same = returned == case.biz_id
    return Check("ids", same, None if same else "biz_id_differs", {"returned": returned})


def _order(session: int | None, verify: int | None) -> Check:
    if session is None or verify is None:
        return Check("order", None)
    facts = {"session": session, "verify": verify}
    return Check("order", verify >= session, "verify_older_than_session" if verify < session else None, facts)


def _log(session: int | None, log: int | None) -> Check:
    if session is None or log is None:
        return Check("log", None)
    seconds = log - session
    code = "log_before_session" if seconds < 0 else "log_long_after_session"
    agrees = 0 <= seconds <= LONGEST_SESSION
    return Check(
        "log", agrees, None if agrees else code, {"session": session, "log": log, "seconds": seconds}
    )


def _requests(session: int | None, log: int | None, verify: int | None, request: int | None) -> Check:
    """The comparison comes after the log's start, the request after both; which clocks they are, nobody says."""
    verify = None if verify is not None and session is not None and verify < session else verify
    pairs = [(session, request, 0), (log, verify, SAME_CLOCK), (log, request, SAME_CLOCK)]
    pairs.append((verify, request, SAME_CLOCK))
    known = [
        (before, after, room) for before, after, room in pairs if before is not None and after is not None
    ]
    if not known:
        return Check("requests", None)
    facts = {"session": session, "log": log, "verify": verify, "request": request}
    agrees = all(after + room >= before for before, after, room in known)
    return Check("requests", agrees, None if agrees else "times_out_of_order", facts)


def _pictures(result: VerificationResult | None) -> Check:
    """A session that passed has one picture an action, where pictures of actions were asked for at all."""
    liveness = result.liveness if result and not result.cut else None
    taken = sum(1 for p in result.photographs if p.role.startswith("image_action")) if result else 0
    if liveness is None or not liveness.passed or not taken or not liveness.log.moments:
        return Check("pictures", None)
    actions = len(liveness.log.actions)
    agrees = actions == taken
    code = None if agrees else "pictures_and_actions_differ"
    return Check("pictures", agrees, code, {"pictures": taken, "actions": actions})


def _sources(case: Case) -> Iterator[Check]:
    """The callbacks and further answers beside the one on show, and whether the callbacks' signs hold."""
    for kind, name, code in (
        ("callback", "callback", "callback_differs"),
        ("answer", "sources", "sources_differ"),
    ):
        made = [c for c in case.comparisons if c.kind == kind]
        compared = [c for c in made if c.differences is not None]
        count = sum(len(c.telling) for c in compared)
        agrees = None if not compared else count == 0
        facts = {"count": count, "of": len(made)}
        yield Check(name, agrees, code if agrees is False else None, facts)
    signs = [source.sign for source in case.callbacks]
    checked = [sign for sign in signs if sign != "unchecked"]
    agrees = None if not checked else "invalid" not in checked
    yield Check("sign", agrees, "sign_invalid" if agrees is False else None, {"of": len(signs)})


def _clock(answer: Answer | None) -> Check:
    """The vendor's clock against ours. What was imported arrived elsewhere, at a time this program does not know."""
    if answer is None or not answer.attempt:
        return Check("clock", None)
    date = next((value for name, value in answer.headers if name.lower() == "date"), "")
    try:
        theirs = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return Check("clock", None)
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    seconds = _seconds(answer.received_at, theirs)
    agrees = abs(seconds) <= SAME_CLOCK
    return Check("clock", agrees, None if agrees else "clock_differs", {"seconds": seconds, "date": date})


def _seconds(ours: datetime, theirs: datetime) -> float:
    return (ours - theirs).total_seconds()


def _refuses(answer: Answer) -> bool:
    """Whether an answer is the vendor's error: it tells nothing of the session that could be compared."""
    if answer.status not in (0, 200):
        return True
    return b'"error' in answer.body and VerificationResult.read(answer.body).error_message is not None


def _document(source: CallbackSource) -> bytes:
    read = callback.read(source.told)
    return read.document if read else source.told

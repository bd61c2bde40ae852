"""Whether the parts of one answer agree with each other, and every field that no other part of a page tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any, Final

from faceid_review.faceid import glossary
from faceid_review.i18n import grouped
from faceid_review.snapshot import raw_response
from faceid_review.snapshot.blocks import (
    Block,
    Cell,
    fixed,
    line,
    marked,
    page_of,
    quiet,
    remark,
    section,
    table,
)
from faceid_review.snapshot.this_copy import ThisCopy

_MOST_FIELDS: Final = 300
_SAME_CLOCK: Final = 60.0
"""Seconds between the vendor's clock and ours that call for no remark."""


def cross_checks(copy: ThisCopy) -> Iterator[Block]:
    """What can be compared inside one answer. A difference is a remark and never a failure."""
    words = copy.words
    yield section(words("snapshot.checks.title"), remark=words("snapshot.checks.remark"))
    rows = [*_order_of_times(copy), *_log_and_id(copy), *_ids(copy)]
    rows.append(_checked(copy, "callback", None, words("snapshot.checks.no_callback")))
    rows.append(_clocks(copy))
    yield table(rows, [42, 26, "rest"], together=True)


def _checked(copy: ThisCopy, name: str, agrees: bool | None, told: Cell) -> list[Cell]:
    words = copy.words
    mark = {
        True: marked("tick", words("snapshot.checks.agrees"), "ok"),
        False: marked("triangle", words("snapshot.checks.differs"), "warn"),
        None: marked("dash", words("snapshot.checks.not_made"), "mute"),
    }[agrees]
    return [words(f"snapshot.checks.{name}"), mark, told]


def _order_of_times(copy: ThisCopy) -> Iterator[list[Cell]]:
    words, result = copy.words, copy.case.result
    theirs = _epoch(result.verify_request_id if result else None)
    ours = copy.case.biz_id.began
    if theirs is None or ours is None:
        yield _checked(copy, "order", None, quiet(words("snapshot.checks.no_times")))
        return
    times = words("snapshot.checks.times", verify=copy.clock.utc(theirs), biz_id=copy.clock.utc(ours))
    older = "verify_older_than_session" in copy.case.warnings
    meaning = glossary.warning("verify_older_than_session")
    lines: list[Cell] = [times, meaning.caution.text(copy.lang)] if older and meaning else [times]
    yield _checked(copy, "order", not older, lines)


def _epoch(request_id: str | None) -> datetime | None:
    digits = (request_id or "").partition(",")[0]
    return (
        datetime.fromtimestamp(int(digits), UTC)
        if digits.isascii() and digits.isdigit() and len(digits) < 12
        else None
    )


def _log_and_id(copy: ThisCopy) -> Iterator[list[Cell]]:
    words, result = copy.words, copy.case.result
    began = result.liveness.log.began if result and result.liveness else None
    session = copy.case.biz_id.began
    if began is None or session is None:
        yield _checked(copy, "log", None, quiet(words("snapshot.checks.no_times")))
        return
    seconds = began - int(session.timestamp())
    later = words.many("snapshot.checks.later" if seconds >= 0 else "snapshot.checks.earlier", abs(seconds))
    told = words(
        "snapshot.checks.against", first=str(began), second=str(int(session.timestamp())), later=later
    )
    yield _checked(copy, "log", 0 <= seconds <= 3600, told)


def _ids(copy: ThisCopy) -> Iterator[list[Cell]]:
    words, result = copy.words, copy.case.result
    returned = result.biz_id if result else None
    if returned is None:
        yield _checked(copy, "ids", None, quiet(copy.absent("snapshot.checks.no_id", "biz_id")))
    elif returned == copy.case.biz_id:
        yield _checked(copy, "ids", True, words("snapshot.checks.equal"))
    else:
        yield _checked(
            copy, "ids", False, line(words("snapshot.checks.returned"), " ", fixed(returned[:300]))
        )


def _clocks(copy: ThisCopy) -> list[Cell]:
    words, answer = copy.words, copy.case.answer
    date = next((v for n, v in answer.headers if n.lower() == "date"), "") if answer else ""
    try:
        theirs = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        theirs = None
    if theirs is None or answer is None:
        return _checked(copy, "clock", None, quiet(words("snapshot.checks.no_date")))
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    seconds = (answer.received_at - theirs).total_seconds()
    told = words("snapshot.checks.clock_differs", seconds=f"{abs(seconds):.1f}", date=date[:60])
    return _checked(copy, "clock", abs(seconds) <= _SAME_CLOCK, told)


def other_fields(copy: ThisCopy) -> Iterator[Block]:
    """Every field that is not told above it, under its JSON pointer and as it was sent."""
    words = copy.words
    if copy.fields is None:
        return
    unknown = {pointer for pointer, _ in copy.case.result.unrecognised} if copy.case.result else set()
    rows, more = list[list[Cell]](), False
    fields = (f for f in raw_response.leaves(copy.fields) if not _told_above(f[0]))
    for pointer, value in islice(fields, _MOST_FIELDS + 1):
        if len(rows) == _MOST_FIELDS:
            more = True
            break
        told: list[Cell] = [_value(copy, pointer, value)]
        if any(pointer == u or pointer.startswith(f"{u}/") for u in unknown):
            told.append(quiet(words("snapshot.fields.unrecognised")))
        rows.append([fixed(pointer[:300] or "/"), told])
    yield section(words("snapshot.fields.title"), remark=words("snapshot.fields.remark"))
    yield table(rows, [62, "rest"])
    if more:
        yield remark(words("snapshot.fields.more"), quiet=True)


def _told_above(pointer: str) -> bool:
    parts = pointer.split("/")[1:]
    if parts[:1] != ["verify_result"] or len(parts) < 3:
        return False
    if parts[1].startswith("result_"):
        return parts[2] in ("confidence", "thresholds")
    is_pair = parts[2].endswith(("_confidence", "_threshold")) or parts[2] == "face_replaced"
    return parts[1] == "id_exceptions" or (parts[1] == "face_genuineness" and is_pair)


def _value(copy: ThisCopy, pointer: str, value: Any) -> Cell:
    words = copy.words
    if pointer.startswith("/images/"):
        for number, picture in enumerate(copy.case.photographs):
            if picture.pointer == pointer:
                return _exhibit_of(copy, number, len(picture.data))
    if value is None and pointer == "/liveness_result/failure_reason":
        return line("null", quiet("  " + words("snapshot.none_given")))
    if isinstance(value, str) and not isinstance(value, raw_response.Literal):
        return copy.as_sent(value)
    sent = raw_response.plain(value)[:300]
    return (
        f"{sent} ms" if pointer.endswith("/time_used") and isinstance(value, raw_response.Literal) else sent
    )


def _exhibit_of(copy: ThisCopy, number: int, size: int) -> Cell:
    sentence = copy.words("snapshot.fields.picture", bytes=grouped(size), page="\0")
    return page_of(sentence, f"exhibit-{number}")

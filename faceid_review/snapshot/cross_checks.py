"""Whether what is known of a case agrees with itself, and every field that no other part of a page tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

from faceid_review.faceid import glossary
from faceid_review.i18n import grouped
from faceid_review.review.checks import Check
from faceid_review.review.sources import IMPORTED
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


def cross_checks(copy: ThisCopy) -> Iterator[Block]:
    """What can be compared with something else. A difference is a remark and never a failure."""
    words = copy.words
    yield section(words("snapshot.checks.title"), remark=words("snapshot.checks.remark"))
    told = (_TOLD[check.name](copy, check) for check in copy.case.checks)
    rows = [_row(copy, check, cell) for check, cell in zip(copy.case.checks, told, strict=True)]
    yield table(rows, [42, 26, "rest"], together=True)


def _row(copy: ThisCopy, check: Check, told: Cell) -> list[Cell]:
    words = copy.words
    mark = {
        True: marked("tick", words("snapshot.checks.agrees"), "ok"),
        False: marked("triangle", words("snapshot.checks.differs"), "warn"),
        None: marked("dash", words("snapshot.checks.not_made"), "mute"),
    }[check.agrees]
    meaning = glossary.warning(check.code) if check.name in ("order", "requests") and check.code else None
    if meaning and meaning.caution:
        told = [told, meaning.caution.text(copy.lang)]
    return [words(f"snapshot.checks.{check.name}"), mark, told]


def _ids(copy: ThisCopy, check: Check) -> Cell:
    words = copy.words
    if check.agrees is None:
        return quiet(copy.absent("snapshot.checks.no_id", "biz_id"))
    if check.agrees:
        return words("snapshot.checks.equal")
    return line(words("snapshot.checks.returned"), " ", fixed(check.facts["returned"][:300]))


def _order(copy: ThisCopy, check: Check) -> Cell:
    if check.agrees is None:
        return quiet(copy.words("snapshot.checks.no_times"))
    verify, session = (_utc(copy, check.facts[name]) for name in ("verify", "session"))
    return copy.words("snapshot.checks.times", verify=verify, biz_id=session)


def _log(copy: ThisCopy, check: Check) -> Cell:
    words, told = copy.words, check.facts
    if check.agrees is None:
        return quiet(words("snapshot.checks.no_times"))
    seconds = told["seconds"]
    later = words.many("snapshot.checks.later" if seconds >= 0 else "snapshot.checks.earlier", abs(seconds))
    return words("snapshot.checks.against", first=str(told["log"]), second=str(told["session"]), later=later)


def _requests(copy: ThisCopy, check: Check) -> Cell:
    if check.agrees is None:
        return quiet(copy.words("snapshot.checks.no_times"))
    seconds = {name: "–" if value is None else str(value) for name, value in check.facts.items()}
    return copy.words("snapshot.checks.order_of_four", **seconds)


def _pictures(copy: ThisCopy, check: Check) -> Cell:
    if check.agrees is None:
        return quiet(copy.words("snapshot.checks.no_pictures_to_count"))
    return copy.words("snapshot.checks.pictures_counted", **check.facts)


def _compared(copy: ThisCopy, check: Check) -> Cell:
    words, nothing = copy.words, "no_callback" if check.name == "callback" else "no_source"
    if check.agrees is None:
        none = check.name == "callback" and not copy.case.callbacks
        none = none or (check.name == "sources" and len(copy.case.sources) < 2)
        return quiet(words(f"snapshot.checks.{nothing if none else 'not_comparable'}"))
    if check.agrees:
        return words("callback.snapshot.no_difference")
    return words.many("snapshot.checks.counted_differences", check.facts["count"])


def _sign(copy: ThisCopy, check: Check) -> Cell:
    signs = [source.sign for source in copy.case.callbacks]
    if not signs:
        return quiet(copy.words("snapshot.checks.no_callback"))
    counted = {sign: signs.count(sign) for sign in ("valid", "invalid", "unchecked")}
    return copy.words("snapshot.checks.signs", **counted)


def _clock(copy: ThisCopy, check: Check) -> Cell:
    words, answer = copy.words, copy.case.answer
    if check.agrees is None:
        imported = answer is not None and answer.origin == IMPORTED
        return quiet(words(f"snapshot.checks.{'imported_clock' if imported else 'no_date'}"))
    seconds = f"{abs(check.facts['seconds']):.1f}"
    return words("snapshot.checks.clock_differs", seconds=seconds, date=check.facts["date"][:60])


def _utc(copy: ThisCopy, second: int) -> str:
    return copy.clock.utc(datetime.fromtimestamp(second, UTC))


_TOLD: Final[dict[str, Callable[[ThisCopy, Check], Cell]]] = {
    "ids": _ids,
    "order": _order,
    "log": _log,
    "requests": _requests,
    "pictures": _pictures,
    "callback": _compared,
    "sources": _compared,
    "sign": _sign,
    "clock": _clock,
}


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
                return _exhibit_of(copy, number, len(picture.data) or getattr(picture, "size", 0))
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

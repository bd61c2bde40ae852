"""Facts into sentences, in the reader's language: errors, rows and whole cases for people without a window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any, Final

from faceid_review.errors import Refused, ReviewError
from faceid_review.faceid import glossary
from faceid_review.i18n import Words, grouped
from faceid_review.review import marked, saying_sources, statement, tombstone
from faceid_review.review.case import Case, Stage
from faceid_review.review.explanation import describe
from faceid_review.review.plain_text import visible
from faceid_review.review.retrieval import Retrieval

_SPACES = "\u202f\u2009\u00a0"
_WHOLE: Final = 1 << 62


def sentence(error: ReviewError, w: Words) -> str:
    """What an error says: is the answer spent, what is kept, what can be done."""
    facts = {
        name: visible(str(value)) if isinstance(value, str | PurePath) else value
        for name, value in error.facts.items()
        if name != "rescue"
    }
    said = w(f"error.{error.wording}", **facts)
    if isinstance(error, Refused):
        meaning = glossary.refusal(str(facts["code"]), int(facts["status"]))
        said = f"{said} {meaning.meaning.text(w.lang)} {meaning.next_step.text(w.lang)}"
    return said


def place(keychain: str, w: Words) -> str:
    """Where secrets lie, in words."""
    return w("cli.place_vault") if keychain == "vault" else keychain


def stage(told: Retrieval, w: Words) -> str:
    """One question's progress, for a terminal."""
    if told.received:
        return w("cli.arriving", biz_id=told.biz_id, received=grouped(told.received))
    return f"{told.biz_id}  {w(f'stage.{told.stage.value}')}"


def head(row: Mapping[str, Any], w: Words) -> str:
    """One case in a line: how it stands and at most a few facts."""
    if not row:
        return ""
    facts = [w(f"stage.{row['stage']}")]
    if row["stage"] == Stage.REFUSED and row.get("code"):
        facts.append(str(row["code"]))
    if row["stage"] in (Stage.KEPT, Stage.PARTIAL):
        facts.append(w.many("cli.pictures", row["pictures"]))
        facts.append(w("cli.bytes", n=grouped(row["bytes"] or 0)))
        if row["reason"]:
            facts.append(row["reason"])
        if row["strictest"]:
            facts.append(w("cli.passes", name=row["strictest"]))
        if row["flags"]:
            facts.append(w("cli.flags", names=", ".join(row["flags"])))
    return _printable(" · ".join(facts))


def case(case: Case, w: Words) -> str:
    """A case as lines of text: everything its description says, no text of it cut, absent things said to be absent."""
    return "\n".join(_printable(line) for line in _lines(case, w))


def _printable(line: str) -> str:
    """``line`` with control and invisible characters written out: a vendor's text commands no terminal."""
    return "".join(c if c.isprintable() or c in _SPACES else f"\\u{ord(c):04x}" for c in line)


def _lines(case: Case, w: Words) -> Iterator[str]:
    yield f"{case.number}  {case.biz_id}"
    yield w("cli.labelled", label=w("show.stage"), said=w(f"stage.{case.stage.value}"))
    if case.answer is None:
        yield w("cli.labelled", label=w("show.account"), said=case.account or w("show.none"))
    if case.hidden:
        yield w("judging.hidden")
    else:
        yield from describe(case, w, longest=_WHOLE).lines()
    for picture in case.photographs:
        image = statement.image(picture)
        size = f"{image['width']} × {image['height']}" if image["width"] else ""
        status = w(f"picture.{image['status']}")
        yield w("cli.labelled", label=image["role"], said=f"{status} {size}".rstrip())
    yield from saying_sources.lines(case, w)
    yield from marked.lines(case, w)
    yield from tombstone.lines(case.tombstone, w)

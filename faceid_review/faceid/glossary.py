"""What each code of the vendor means, in Chinese and English, beside the vendor's own words.

The words lie in ``resources/glossary.toml``. Each says how sure it is, because most of what a reviewer needs
(is the call spent, what does a letter of the log stand for) is stated by no page of the vendor. A code that
is not in the table comes back as None, or for an error as a cautious general entry: it is then shown as it
was sent. No lookup raises, whatever text it is given.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Final

from faceid_review import resources
from faceid_review.errors import Spent

_NUMBERED: Final = re.compile(r"([a-z_]{1,40})([0-9]{1,4})")
_NO_CODE: Final = re.compile(r"HTTP ([1-9][0-9]{2})")
_CONTRADICTION: Final = "liveness_passed_but_"


class Sure(StrEnum):
    """How sure a meaning is: from a page of the vendor down to our own reasoning.

    ``OBSERVED`` is apart: this program saw it itself, in the bytes that came.
    """

    DOCUMENTED = "documented"
    SEEN = "seen"
    OBSERVED = "observed"
    INFERRED = "inferred"


@dataclass(frozen=True)
class Text:
    """One thing said in each language; empty (and false) where there is nothing to say."""

    en: str = ""
    zh: str = ""

    def __bool__(self) -> bool:
        return bool(self.en)

    def text(self, lang: str) -> str:
        """The words in ``lang`` (``zh`` or ``en``; anything else is English)."""
        return self.zh if lang == "zh" else self.en

    def filled(self, **facts: str) -> Text:
        """The same with ``{named}`` places filled; a fact is never read for places itself."""
        return Text(self.en.format_map(facts), self.zh.format_map(facts))


@dataclass(frozen=True)
class Reading:
    """One way to read a code: ``ours`` in the reader's language, ``vendor`` in the vendor's own words.

    ``vendor`` is empty where this program adds the reading; ``sure`` then says on what it rests.
    """

    ours: str
    vendor: str
    sure: Sure = Sure.DOCUMENTED


@dataclass(frozen=True)
class Meaning:
    """What one code means.

    ``vendor`` holds the vendor's own words (Chinese, to the letter), empty where its page has none; ``source``
    names the page or code it comes from (docs/vendor.md). ``short`` is a word or two for chips, rows and the
    timeline; ``caution`` must stand beside the meaning; ``absent`` says why the thing may be missing;
    ``next_step`` what can be done now. Any of these may be empty.
    """

    code: str
    words: Text
    vendor: str
    sure: Sure
    source: str
    short: Text = Text()
    caution: Text = Text()
    absent: Text = Text()
    next_step: Text = Text()
    alternatives: tuple[tuple[Text, str, Sure], ...] = ()
    values: tuple[tuple[str, Text], ...] = ()

    def text(self, lang: str) -> str:
        """The meaning as a sentence in ``lang``."""
        return self.words.text(lang)

    def readings(self, lang: str) -> tuple[Reading, ...]:
        """Every reading, to be shown with equal weight; at least one."""
        several = tuple(Reading(ours.text(lang), vendor, sure) for ours, vendor, sure in self.alternatives)
        return several or (Reading(self.text(lang), self.vendor, self.sure),)

    def value(self, sent: object, lang: str) -> str:
        """What one value of a flag means, such as 1 of ``id_attacked``; empty where that is not known."""
        # Python writes out no integer of thousands of digits, and the vendor's flags are 0, 1 and 2.
        small = isinstance(sent, int) and not isinstance(sent, bool) and 0 <= sent < 10
        if not (small or isinstance(sent, str | Decimal)):
            return ""
        return dict(self.values).get(str(sent), Text()).text(lang)


@dataclass(frozen=True)
class RefusalMeaning:
    """What an error in place of an answer means, and what follows from it.

    ``spent`` answers whether the id's one answer may be used up, ``spent_sure`` how sure that is.
    ``stops_queue``: the next id would be refused for the same reason. ``backs_off``: wait before the next
    question; it never means that this one is sent again by itself. ``may_repeat``: asking for this id again
    can make sense after ``next_step``, by a person and with a typed reason. ``known`` is False where the code
    was judged by its HTTP status alone. ``code`` is as sent.
    """

    code: str
    spent: Spent
    spent_sure: Sure
    stops_queue: bool
    backs_off: bool
    may_repeat: bool
    known: bool
    meaning: Meaning
    next_step: Text


@dataclass(frozen=True)
class VerifyErrorMeaning:
    """What ``verify_result.error`` means. ``text`` is as sent; ``billed`` is None where nothing says so.

    ``parameter`` tells in words what stands after the colon, or is None where nothing does or it is not
    known. ``known`` is False where no known page of the vendor names the error.
    """

    text: str
    billed: bool | None
    known: bool
    meaning: Meaning
    parameter: Meaning | None
    next_step: Text


@dataclass(frozen=True)
class LetterMeaning:
    """A letter of the liveness log. ``kind``: ``start``, ``mirror``, ``action``, ``done`` or ``failed``."""

    letter: str
    kind: str
    meaning: Meaning

    def short(self, lang: str) -> str:
        """A word for the timeline: mouth, eyes, nod."""
        return self.meaning.short.text(lang)

    def text(self, lang: str) -> str:
        """The meaning as a sentence."""
        return self.meaning.text(lang)


def refusal(code: str, http_status: int) -> RefusalMeaning:
    """What the vendor's ``code`` means, or where it is not known, what its ``http_status`` means.

    The code is matched up to its colon (the vendor writes both ``X:<key>`` and ``X: <key>``); a reason after
    the colon may have an entry of its own. What nobody knows is perhaps spent. A case whose answer had no
    code calls it ``HTTP 503``; that is enough where the status itself is no longer at hand (0).
    """
    book = _book()
    name, reason = _halves(code)
    by_code = book.refusals.get((name, reason)) or book.refusals.get((name, ""))
    if by_code:
        return replace(by_code, code=code)
    no_code = _NO_CODE.fullmatch(code)
    if not http_status and no_code:
        http_status = int(no_code[1])
    by_status = book.statuses.get(str(http_status)) or book.statuses.get(f"{http_status // 100}xx")
    return replace(by_status or book.statuses["unknown"], code=code)


def verify_error(text: str) -> VerifyErrorMeaning:
    """What ``verify_result.error`` means; an error of every API is looked up there; never None."""
    book = _book()
    name, parameter = _halves(text)
    found = book.verify_errors.get((name, parameter)) or book.verify_errors.get((name, ""))
    if found:
        return replace(found, text=text, parameter=_numbered("parameters", parameter))
    general = book.refusals.get((name, parameter)) or book.refusals.get((name, ""))
    if general:
        return replace(book.verify_of_any_api, text=text, meaning=general.meaning)
    return replace(book.verify_unknown, text=text)


def failure_reason(code: str) -> Meaning | None:
    """What a ``failure_reason`` means, with all the vendor's readings."""
    return _book().plain["failure_reasons"].get(code)


def outcome(result: str) -> Meaning | None:
    """What a known ``liveness_result.result`` says; only ``success`` means passed."""
    return _book().plain["outcomes"].get(result)


def field(name: str) -> Meaning | None:
    """What the vendor puts into the field ``name`` of an answer, a callback or a call, wherever it stands."""
    return _book().plain["fields"].get(name)


def check(name: str) -> Meaning | None:
    """What a check of ``face_genuineness`` is about, named without ``_confidence``."""
    return _book().plain["checks"].get(name)


def finding(name: str) -> Meaning | None:
    """What ``attack``, ``genuine``, ``not_returned`` or ``equal`` (to its threshold) says, and does not."""
    return _book().plain["findings"].get(name)


def exception(name: str) -> Meaning | None:
    """What a flag of ``id_exceptions`` means; ``value`` tells its 0 and 1, ``caution`` what it is not."""
    return _book().plain["exceptions"].get(name)


def letter(c: str) -> LetterMeaning | None:
    """What a letter of the liveness log stands for (inferred); M and m are two."""
    return _book().letters.get(c)


def against(name: str) -> Meaning | None:
    """Which two pictures ``result_faceid``, ``result_ref1`` and so on compare."""
    return _numbered("against", name)


def band(strictest_passed: str | None, next_missed: str | None) -> Meaning | None:
    """The vendor's advice for a confidence that passes one threshold and misses the next, by their names.

    ``short`` names the band (``Between 1e-3 and 1e-4``). None where the vendor gives no advice: neither
    threshold was sent, or none of those that were sent is one it speaks of.
    """
    book = _book()
    if strictest_passed is None:
        # Missing only a stricter threshold than 1e-3 does not put a value below 1e-3.
        advice = book.plain["bands"]["below"] if next_missed == "1e-3" else None
        name = "below"
    else:
        advice = book.plain["bands"].get(strictest_passed) if strictest_passed != "below" else None
        name = "above" if next_missed is None else "between"
    if advice is None:
        return None
    return replace(
        advice, short=book.band_names[name].filled(passed=strictest_passed or "", missed=next_missed or "")
    )


def warning(code: str) -> Meaning | None:
    """What a warning of ``show --json`` means (docs/warnings.md)."""
    entries = _book().plain["warnings"]
    general = f"{_CONTRADICTION}<check>"
    if code.startswith(_CONTRADICTION) and (code == general or code not in entries):
        return _filled(entries[general], code, check=code.removeprefix(_CONTRADICTION))
    return entries.get(code)


def ending(name: str) -> Meaning | None:
    """How an answer's body came to its end: ``length``, ``last_chunk``, ``closed``, ``cut`` and so on."""
    return _book().plain["endings"].get(name)


def picture(status: str) -> Meaning | None:
    """What ``ok``, ``incomplete``, ``undecodable``, ``refused`` or ``not_base64`` says of a picture."""
    return _book().plain["pictures"].get(status)


def role(name: str) -> Meaning | None:
    """What the picture under ``images.<name>`` shows; ``reference`` is ours."""
    return _numbered("roles", name)


def absence(part: str) -> Meaning | None:
    """Why a whole part of an answer may be absent: ``verify_result``, ``images``, ``id_exceptions`` ..."""
    return _book().plain["absences"].get(part)


def remark(name: str) -> Meaning | None:
    """What has to be said beside numbers and pictures: ``thresholds``, ``confidence``, ``timeline`` ..."""
    return _book().plain["remarks"].get(name)


def spent(whether: Spent) -> Meaning:
    """The words for no, perhaps and yes."""
    return _book().plain["spent"][whether]


def sureness(sure: Sure) -> Meaning:
    """The words for how sure something is."""
    return _book().plain["sure"][sure]


@dataclass(frozen=True)
class _Book:
    """The whole table, read once. Errors are keyed by name and what stands after the colon."""

    refusals: Mapping[tuple[str, str], RefusalMeaning]
    statuses: Mapping[str, RefusalMeaning]
    verify_errors: Mapping[tuple[str, str], VerifyErrorMeaning]
    verify_unknown: VerifyErrorMeaning
    verify_of_any_api: VerifyErrorMeaning
    letters: Mapping[str, LetterMeaning]
    band_names: Mapping[str, Text]
    plain: Mapping[str, Mapping[str, Meaning]]


_PLAIN: Final = (
    "failure_reasons parameters checks findings exceptions against bands warnings endings pictures roles"
    " absences remarks fields outcomes spent sure"
).split()


@cache
def _book() -> _Book:
    table = tomllib.loads(resources.read("glossary.toml").decode())
    verify = table["verify_errors"]
    return _Book(
        refusals={
            key: _refusal(key[0], entry, known=True) for key, entry in _spread(table["errors"], "reasons")
        },
        statuses={code: _refusal(code, entry, known=False) for code, entry in table["http"].items()},
        verify_errors={
            key: _verify_error(key[0], entry, known=True)
            for key, entry in _spread(verify, "parameters")
            if key[0] not in ("unknown", "of_any_api")
        },
        verify_unknown=_verify_error("unknown", verify["unknown"], known=False),
        verify_of_any_api=_verify_error("of_any_api", verify["of_any_api"], known=True),
        letters={
            code: LetterMeaning(code, entry["kind"], _meaning(code, entry))
            for code, entry in table["letters"].items()
        },
        band_names={name: Text(**entry) for name, entry in table["band_names"].items()},
        plain={
            section: {code: _meaning(code, entry) for code, entry in table[section].items()}
            for section in _PLAIN
        },
    )


def _spread(section: Mapping[str, Any], by: str) -> list[tuple[tuple[str, str], dict[str, Any]]]:
    """The entries of a section, and those for one reason or parameter, which say only what differs."""
    spread = []
    for name, entry in section.items():
        spread.append(((name, ""), entry))
        inherited = {key: value for key, value in entry.items() if key not in ("vendor", "readings", by)}
        spread += [((name, after), inherited | entry[by][after]) for after in entry.get(by, {})]
    return spread


def _meaning(code: str, entry: Mapping[str, Any]) -> Meaning:
    def words(name: str) -> Text:
        return Text(**entry.get(name, {}))

    return Meaning(
        code=code,
        words=Text(entry["en"], entry["zh"]),
        vendor=entry.get("vendor", ""),
        sure=Sure(entry.get("sure", Sure.OBSERVED)),
        source=entry.get("source", ""),
        short=words("short"),
        caution=words("caution"),
        absent=words("absent"),
        next_step=words("next"),
        alternatives=tuple(
            (Text(r["en"], r["zh"]), r.get("vendor", ""), Sure(r.get("sure", Sure.DOCUMENTED)))
            for r in entry.get("readings", ())
        ),
        values=tuple((value, Text(**said)) for value, said in entry.get("values", {}).items()),
    )


def _refusal(code: str, entry: Mapping[str, Any], *, known: bool) -> RefusalMeaning:
    meaning = _meaning(code, entry)
    return RefusalMeaning(
        code=code,
        spent=Spent(entry["spent"]),
        spent_sure=Sure(entry.get("spent_sure", Sure.INFERRED)),
        stops_queue=entry["stops_queue"],
        backs_off=entry["backs_off"],
        may_repeat=entry["may_repeat"],
        known=known,
        meaning=meaning,
        next_step=meaning.next_step,
    )


def _verify_error(code: str, entry: Mapping[str, Any], *, known: bool) -> VerifyErrorMeaning:
    meaning = _meaning(code, entry)
    return VerifyErrorMeaning(code, entry.get("billed"), known, meaning, None, meaning.next_step)


def _halves(code: str) -> tuple[str, str]:
    """What stands before and after the colon, without blanks and a final full stop."""
    name, _, after = code.partition(":")
    return name.strip(), after.strip(" \t\r\n.")


def _numbered(section: str, code: str) -> Meaning | None:
    """An entry by its code, or by the one for all numbers: ``result_ref2`` by ``result_ref<n>``."""
    entries = _book().plain[section]
    match = _NUMBERED.fullmatch(code)
    general = entries.get(f"{match[1]}<n>") if match else None
    if match is None or general is None:
        return entries.get(code) if not code.endswith("<n>") else None
    return _filled(general, code, n=match[2])


def _filled(general: Meaning, code: str, **facts: str) -> Meaning:
    return replace(
        general,
        code=code,
        words=general.words.filled(**facts),
        short=general.short.filled(**facts),
        absent=general.absent.filled(**facts),
    )

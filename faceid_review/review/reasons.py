"""The list of reasons for a decision: ours, and what an office's own ``reasons.toml`` in the vault's folder says.

The office's file has the form of resources/reasons.toml. It lies on the disk in clear, since it says nothing
about anybody. A file that cannot be read stops deciding: a reason that an office took away must not come back.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from faceid_review import resources
from faceid_review.errors import Usage
from faceid_review.review.judging import Outcome

FILE: Final = "reasons.toml"
_LONGEST_CODE: Final = 60
_LONGEST_WORDS: Final = 300


@dataclass(frozen=True)
class Reason:
    """One reason: its code, what it means in each language, for which outcomes, and whether it needs a note."""

    code: str
    words: Mapping[str, str]
    outcomes: tuple[Outcome, ...]
    note: bool = False
    office: bool = False

    def text(self, lang: str) -> str:
        """What it means, in ``lang`` if the list has that, otherwise in the language it has."""
        return self.words.get(lang) or next(iter(self.words.values()), self.code)


def load(home: Path) -> tuple[Reason, ...]:
    """The reasons of the vault in ``home``, ours first. Raises :class:`Usage` where the office's list is not one."""
    listed = dict(_read(resources.read(FILE).decode(), office=False))
    place = home / FILE
    try:
        text = place.read_text("utf-8-sig") if place.exists() else ""
        for code, reason in _read(text, office=True):
            listed.pop(code, None) if reason is None else listed.update({code: reason})
    except (OSError, ValueError, RecursionError) as error:
        unreadable = Usage("reasons_unreadable", name=FILE, kind=str(error)[:200])
    else:
        return tuple(reason for reason in listed.values() if reason)
    raise unreadable


def find(reasons: Iterable[Reason], code: str) -> Reason:
    """The reason with this code, in whatever case. Raises :class:`Usage` for one that is not on the list."""
    for reason in reasons:
        if reason.code.casefold() == code.casefold():
            return reason
    raise Usage("reason_unknown", code=code[:_LONGEST_CODE])


def _read(text: str, *, office: bool) -> Iterable[tuple[str, Reason | None]]:
    for code, said in tomllib.loads(text).items():
        if not isinstance(said, dict) or not code or len(code) > _LONGEST_CODE or not code.isprintable():
            raise ValueError(f"[{code[:_LONGEST_CODE]}]")
        if said.get("hide") is True:
            yield code, None
            continue
        yield code, _reason(code, said, office=office)


def _reason(code: str, said: Mapping[str, Any], *, office: bool) -> Reason:
    words = {lang: said[lang][:_LONGEST_WORDS] for lang in ("en", "zh") if isinstance(said.get(lang), str)}
    try:
        outcomes = tuple(Outcome(name) for name in said.get("outcomes", list(Outcome)))
    except (ValueError, TypeError):
        outcomes = ()
    if not words or not outcomes:
        raise ValueError(f"[{code}]")
    return Reason(code, words, outcomes, said.get("note") is True, office)

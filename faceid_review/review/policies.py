"""The policies of an office: what each may be, and since when which has been in force, as the entries tell.

They lie in settings.json, which anybody can change; the ledger is told of every change, by the program when it is made
here, and at the next opening when it was made by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from faceid_review.errors import Usage
from faceid_review.i18n import Words
from faceid_review.review.plain_text import visible
from faceid_review.settings import MOST_DAYS, Settings
from faceid_review.vault.entry import Entry

ACT: Final = "policy"
SUBJECT: Final = "\0policies"  # no biz_id has a control character in it
NAMES: Final = ("blind", "covers_each_case", "retention_days", "time_stamps")
"""Every policy, named as in settings.json."""

_ON: Final = {"on": True, "off": False, "true": True, "false": False}
_MOST_SHOWN: Final = 80
_LONGEST_URL: Final = 2000
_MOST_DIGITS: Final = len(str(MOST_DAYS))

Value = bool | int | str


def read(name: str, text: str) -> Value:
    """The value that ``text`` means: on or off, a number of days, a URL or nothing. Raises :class:`Usage`."""
    given = text.strip()
    shown = given[:_MOST_SHOWN]
    match name:
        case "blind" | "covers_each_case":
            if given.casefold() not in _ON:
                raise Usage("policy_switch", name=name, text=shown)
            return _ON[given.casefold()]
        case "retention_days":
            short = given.isascii() and given.isdecimal() and len(given) <= _MOST_DIGITS
            if not short or int(given) > MOST_DAYS:
                raise Usage("policy_days", text=shown, most=MOST_DAYS)
            return int(given)
        case "time_stamps":
            if given and not _is_server(given):
                raise Usage("policy_server", text=shown)
            return given
    raise Usage("policy_unknown", name=name[:_MOST_SHOWN], names=", ".join(NAMES))


def _is_server(url: str) -> bool:
    if len(url) > _LONGEST_URL or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def changes(settings: Settings, entries: Iterable[Entry]) -> dict[str, tuple[Value, Value]]:
    """Each policy that is not what the entries of :data:`SUBJECT` told last, with what they told and what it is."""
    known = {name: getattr(Settings(), name) for name in NAMES}
    known |= {entry.facts["name"]: entry.facts["after"] for entry in entries if entry.act == ACT}
    now = {name: getattr(settings, name) for name in NAMES}
    return {name: (known[name], now[name]) for name in NAMES if known[name] != now[name]}


def stated(settings: Settings, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Each policy as JSON values, with when and by whom it was last changed; null where it never was."""
    last = {entry.facts["name"]: entry for entry in entries if entry.act == ACT}
    return [
        {
            "name": name,
            "value": getattr(settings, name),
            "since": last[name].at.isoformat(timespec="seconds") if name in last else None,
            "by": last[name].by if name in last else None,
        }
        for name in NAMES
    ]


def at(number: int, entries: Iterable[Entry]) -> dict[str, Value]:
    """What each policy was when entry ``number`` was written; ``entries`` are those of :data:`SUBJECT`, in order."""
    known = {name: getattr(Settings(), name) for name in NAMES}
    return known | {e.facts["name"]: e.facts["after"] for e in entries if e.act == ACT and e.number < number}


def said(value: Value, w: Words) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return w("policy.on" if value else "policy.off")
    if isinstance(value, int):
        return w.many("policy.days", value) if value else w("policy.no_time")
    return visible(value) or w("policy.none")


def told(facts: Mapping[str, Any], w: Words) -> str:
    """A change in one line, from the facts of its entry."""
    name = str(facts["name"])
    before, after = said(facts["before"], w), said(facts["after"], w)
    line = w("policy.told", name=w(f"policy.name.{name}"), before=before, after=after)
    return w("policy.by_hand", told=line) if facts.get("found") else line

"""``audit`` and ``recover``: the ledger of everything that was done, and an answer that was saved elsewhere."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from faceid_review.cli.lines import as_line, opened, say_json
from faceid_review.errors import Usage
from faceid_review.i18n import Words
from faceid_review.review import accounts, policies, statement, telling
from faceid_review.session import Session, chain_of, write_whole
from faceid_review.vault.entry import Entry


def audit(options: argparse.Namespace, w: Words) -> int:
    """List the ledger, check it, or hold it against a head that somebody wrote down."""
    with opened(options) as session:
        if options.against is not None:
            count, head = _witness(options.against)
            return _tell({"agrees": session.agrees(count, head), "count": count, "head": head}, options, w)
        if options.verify:
            verdict = session.audit()
            told = {"intact": verdict.intact, "broken": verdict.broken, "count": verdict.count}
            return _tell({**told, "head": verdict.head.hex()}, options, w)
        entries = session.entries()
        lines = [_line(entry, session) for entry in entries] if options.to or options.json else []
    if options.to:
        write_whole(options.to, b"".join(lines))
    elif options.json:
        sys.stdout.buffer.writelines(lines)
        sys.stdout.buffer.flush()
    else:
        for entry in entries:
            at = statement.instant(entry.at)
            said = [policies.told(entry.facts, w)] if entry.act == policies.ACT else []
            print("\t".join([str(entry.number), at, entry.by, entry.act, _subject(entry), *said]))
    return 0


def recover(options: argparse.Namespace, w: Words) -> int:
    """Read an answer into the vault that could not be kept and was saved elsewhere, sealed."""
    with opened(options) as session:
        case = session.take_back(options.file)
        print(
            f"{case.biz_id}\t{case.stage.value}\t{telling.head(session.casebook.row(case.biz_id) or {}, w)}"
        )
    return 0


def _tell(told: dict[str, Any], options: argparse.Namespace, w: Words) -> int:
    good = bool(told.get("intact", told.get("agrees")))
    if options.json:
        say_json(told)
    elif "agrees" in told:
        print(w("cli.chain_agrees" if good else "cli.chain_differs", **told))
    else:
        print(w("cli.chain_intact" if good else "cli.chain_broken", **told))
    return 0 if good else 7


def _witness(text: str) -> tuple[int, str]:
    """The count and head in ``COUNT:HEAD``, or in a snapshot of ours."""
    if written := re.fullmatch(r"([0-9]{1,12}):([0-9A-Fa-f]{64})", text):
        return int(written[1]), written[2]
    try:
        found = chain_of(Path(text).read_bytes())
    except OSError:
        found = None
    if found is None:
        raise Usage("no_chain_in", text=text[-80:])
    return found


def _line(entry: Entry, session: Session) -> bytes:
    """An entry as JSON; a head of an answer that repeats the account's secret does not get it told."""
    return session.accounts.told(as_line(_stated(entry)))


def _subject(entry: Entry) -> str:
    """The case, or accounts or policies, which no terminal is to see by the name they have inside."""
    return entry.subject.lstrip("\0")


def _stated(entry: Entry) -> dict[str, Any]:
    # An api_key is no secret by itself, and yet half of one: its ends tell two apart.
    facts = {
        name: accounts.key_ends(str(fact)) if name == "api_key" else fact
        for name, fact in entry.facts.items()
    }
    return {
        "number": entry.number,
        "at": statement.instant(entry.at),
        "by": entry.by,
        "act": entry.act,
        "subject": _subject(entry),
        "facts": facts,
        "link": entry.link.hex(),
    }

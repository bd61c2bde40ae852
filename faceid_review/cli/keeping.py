"""Keeping and destroying: ``purge``, ``backup``, ``restore``. Legal hold is ``hold``, with the reviewer's other words."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from faceid_review.cli.judging import Command
from faceid_review.cli.lines import first_line, opened, passphrase, say, say_json
from faceid_review.errors import NotAllowed, Usage, VaultClosed
from faceid_review.i18n import Words, grouped
from faceid_review.review import statement
from faceid_review.review.plain_text import visible
from faceid_review.review.purging import Copy, Due
from faceid_review.review.tombstone import stated
from faceid_review.session import Session


def join(command: Command, w: Words) -> None:
    """Join the commands of this module to the parser."""
    purge = command("purge", _purge)
    which = purge.add_mutually_exclusive_group(required=True)
    which.add_argument("id", nargs="?", default="", metavar="BIZ_ID")
    which.add_argument("--due", action="store_true", help=w("keeping.help_due"))
    purge.add_argument("--reason", default="", metavar="TEXT", help=w("keeping.help_reason"))
    purge.add_argument("--yes", action="store_true", help=w("keeping.help_yes"))
    purge.add_argument("--json", action="store_true")
    back_up = command("backup", _backup)
    back_up.add_argument("--to", type=Path, required=True, metavar="FILE")
    back_up.add_argument("--json", action="store_true")
    restore = command("restore", _restore)
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--recovery-file", type=Path, metavar="FILE", help=w("keeping.help_recovery_file"))
    restore.add_argument("--since", type=Path, metavar="DIR|FILE", help=w("keeping.help_since"))
    restore.add_argument("--yes", action="store_true", help=w("keeping.help_restore_yes"))
    restore.add_argument("--json", action="store_true")


def _purge(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        if options.due:
            return _purge_due(session, options, w)
        biz_id = session.casebook.find(options.id)
        number = (session.casebook.row(biz_id) or {})["case"]
        if refused := session.purging.why_not(biz_id):
            raise NotAllowed(refused, case=number)
        _say_copies(session.purging.copies(biz_id), options, w)
        if not _confirmed(w("keeping.ask_case", case=number), number, options):
            raise Usage("purge_unconfirmed", case=number)
        try:
            _destroy(session, biz_id, options, w)
        finally:
            session.purging.finish()
    return 0


def _purge_due(session: Session, options: argparse.Namespace, w: Words) -> int:
    """List what is due, and destroy it only where a person said so."""
    listed = session.purging.due(datetime.now(UTC))
    for one in listed:
        _say_due(one, options, w)
    ready = [one for one in listed if one.refused is None]
    if not listed and not options.json:
        days = session.purging.days
        say(w.many("keeping.none_due", days) if days else w("keeping.no_clock"))
    if not ready:
        return 0
    count = str(len(ready))
    if not _confirmed(w("keeping.ask_count", count=count), count, options):
        say(w.many("keeping.nothing_purged", len(ready)))
        return 0
    every = {copy.entry: copy for one in ready for copy in session.purging.copies(one.biz_id)}
    _say_copies(every.values(), options, w)
    try:
        for one in ready:
            _destroy(session, one.biz_id, options, w)
    finally:
        session.purging.finish()
    return 0


def _destroy(session: Session, biz_id: str, options: argparse.Namespace, w: Words) -> None:
    copies = session.purging.copies(biz_id)
    left = session.purging.purge(biz_id, options.reason)
    stone = left.tombstone
    if options.json:
        told = {
            "biz_id": str(biz_id),
            "case": left.number,
            "stage": left.stage.value,
            "purged": stated(stone),
        }
        say_json({**told, "copies": [_copy(copy) for copy in copies]})
    else:
        print(w("keeping.purged", case=left.number, biz_id=biz_id, entry=stone.entry if stone else ""))


def _copy(copy: Copy) -> dict[str, Any]:
    at = statement.instant(copy.at)
    return {
        "kind": copy.kind,
        "entry": copy.entry,
        "at": at,
        "by": copy.by,
        "to": copy.to,
        "sha256": copy.sha256,
    }


def _say_due(one: Due, options: argparse.Namespace, w: Words) -> None:
    since, until = statement.instant(one.since), statement.instant(one.until)
    if options.json:
        told = {"biz_id": one.biz_id, "case": one.case, "received_at": since, "due_at": until}
        say_json({**told, "decided": one.decided, "again": one.again, "kept_by": one.refused})
        return
    facts = [w("keeping.again") if one.again else w("keeping.due", since=since[:10], until=until[:10])]
    if not one.decided:
        facts.append(w("keeping.undecided"))
    if one.refused:
        facts.append(w(f"error.{one.refused}", case=one.case))
    print(f"{one.case}\t{visible(one.biz_id)}\t{' · '.join(facts)}")


def _say_copies(copies: Iterable[Copy], options: argparse.Namespace, w: Words) -> None:
    """Which backups and exports still hold what is destroyed here; on standard error, before it is done."""
    if options.json:
        return
    for copy in copies:
        facts = {"entry": copy.entry, "at": statement.instant(copy.at), "by": visible(copy.by)}
        say(w(f"keeping.copy_{copy.kind}", **facts, to=visible(copy.to), sha256=copy.sha256[:16]))


def _confirmed(question: str, answer: str, options: argparse.Namespace) -> bool:
    """Whether a person said so: by --yes, or by typing ``answer`` at a terminal."""
    if options.yes:
        return True
    if options.json or not sys.stdin.isatty():
        return False
    print(question, end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == answer


def _backup(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        made = session.back_up(options.to)
        cases, keyring = len(session.casebook.rows()), session.accounts.secret_place != "vault"
    if options.json:
        told = {"file": str(made.path), "sha256": made.sha256, "bytes": made.size}
        say_json({**told, "count": made.count, "head": made.head, "cases": cases})
        return 0
    facts = {"file": made.path, "sha256": made.sha256, "bytes": grouped(made.size)}
    print(w("keeping.backed_up", **facts, count=grouped(made.count), cases=grouped(cases)))
    if keyring:
        say(w("keeping.secrets_stay"))
    return 0


def _restore(options: argparse.Namespace, w: Words) -> int:
    secret = passphrase(options)
    if options.recovery_file:
        given = first_line(options.recovery_file)
    elif secret is not None:
        given = secret
    elif sys.stdin.isatty():
        given = getpass.getpass(w("keeping.ask_passphrase"))
    else:
        raise Usage("recovery_needed")
    if not options.file.is_file():
        raise VaultClosed("not_restored", name=options.file.name, kind="")
    made = Session.restore(options.home, options.file, given, keyring=secret is None, since=options.since)
    with made as session:
        count, head = session.chain()
        cases = len(session.casebook.rows())
        if options.json:
            say_json({"home": str(session.home), "count": count, "head": head, "cases": cases})
        else:
            print(w("keeping.restored", home=session.home, count=grouped(count), cases=grouped(cases)))
            if len(session.accounts.secrets()) < len(session.accounts.all()):
                say(w("keeping.secrets_missing"))
        _offer_again(session, options, w)
    return 0


def _offer_again(session: Session, options: argparse.Namespace, w: Words) -> None:
    """Who was purged after the backup was made is here again: name them, and purge them again on a word."""
    again = [one for one in session.purging.due(datetime.now(UTC)) if one.again]
    for one in again:
        _say_due(one, options, w)
    if not again:
        say(w("keeping.none_again" if options.since else "keeping.since_unknown"))
        return
    count = str(len(again))
    if not _confirmed(w("keeping.ask_count", count=count), count, options):
        say(w.many("keeping.again_waits", len(again)))
        return
    options.reason = ""
    try:
        for one in again:
            if one.refused is None:
                _destroy(session, one.biz_id, options, w)
    finally:
        session.purging.finish()

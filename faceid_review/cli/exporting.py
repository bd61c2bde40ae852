"""``export``: cases as signed snapshots, one or many, or an earlier one made anew byte for byte."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from faceid_review.cli.lines import first_line, opened, say
from faceid_review.errors import ReviewError, Usage
from faceid_review.i18n import Words
from faceid_review.review import judged, telling
from faceid_review.review.copies import copies
from faceid_review.session import Exported, Session
from faceid_review.snapshot import document, profile
from faceid_review.snapshot.batch import Line, export_all
from faceid_review.snapshot.delivery import Wish
from faceid_review.snapshot.office import Office

_WORST: Final = (1, 6, 4, 5, 7, 3, 2)
"""Exit codes from the worst on: of several cases the worst counts."""


def join(parser: argparse.ArgumentParser, w: Words) -> None:
    """The arguments of ``export``."""
    parser.add_argument("ids", nargs="*", metavar="BIZ_ID")
    parser.add_argument("--to", type=Path, required=True, metavar="FILE|DIR")
    parser.add_argument(
        "--profile", choices=profile.names(), default=profile.DEFAULT, help=w("cli.help_profile")
    )
    parser.add_argument("--pages", choices=document.LANGUAGES, help=w("cli.help_pages"))
    parser.add_argument("--recipient", default="", metavar="TEXT")
    parser.add_argument("--purpose", default="", metavar="TEXT")
    parser.add_argument("--thumbnails", action="store_true", help=w("cli.help_thumbnails"))
    parser.add_argument("--password-file", type=Path, metavar="FILE", help=w("cli.help_export_password"))
    parser.add_argument("--sign", type=Path, metavar="KEY.p12", help=w("cli.help_sign"))
    parser.add_argument("--sign-password-file", type=Path, metavar="FILE", help=w("cli.help_sign_password"))
    parser.add_argument("--again", type=int, metavar="ENTRY", help=w("cli.help_export_again"))
    parser.set_defaults(run=export)


def join_handover(parser: argparse.ArgumentParser, w: Words) -> None:
    """The arguments of ``handover``."""
    parser.add_argument("id", metavar="BIZ_ID")
    parser.add_argument("entry", type=int, metavar="ENTRY", help=w("cli.help_handover_entry"))
    parser.add_argument("--to", required=True, metavar="WHOM")
    parser.add_argument("--how", default="", metavar="TEXT")
    parser.set_defaults(run=hand_over)


def hand_over(options: argparse.Namespace, w: Words) -> int:
    """Record that a copy was given to somebody; prints the lines of that copy."""
    with opened(options) as session:
        biz_id = session.casebook.find(options.id)
        case = session.review.hand_over(biz_id, options.entry, options.to, options.how)
        for line in judged.copy_lines(next(c for c in copies(case.events) if c.entry == options.entry), w):
            print(line)
    return 0


def export(options: argparse.Namespace, w: Words) -> int:
    """Write what is wanted; one line a file: its path, its SHA-256, its pages."""
    if (options.again is None) == (not options.ids):
        raise Usage("to_or_ids")
    if options.again is not None:
        with opened(options) as session:
            _tell(session.delivery.again(options.again, options.to), w)
        return 0
    wish = Wish(
        options.pages or w.lang,
        options.profile,
        options.recipient,
        options.purpose,
        password=first_line(options.password_file) if options.password_file else None,
        office=_office(options, w) if options.sign else None,
        thumbnails=options.thumbnails,
    )
    with opened(options) as session:
        if len(options.ids) > 1 or options.to.is_dir():
            return _several(session, options, wish, w)
        case = session.casebook.open(session.casebook.find(options.ids[0]))
        _tell(session.delivery.export(case, options.to, wish), w)
    return 0


def _several(session: Session, options: argparse.Namespace, wish: Wish, w: Words) -> int:
    count, told = len(dict.fromkeys(options.ids)), list[Line]()

    def tell(line: Line) -> None:
        told.append(line)
        if sys.stderr.isatty():
            sys.stderr.write("\r" + w("cli.exporting", done=len(told), n=count))
            sys.stderr.write("\n" if len(told) == count else "")
        if line.done:
            _tell(line.done, w)
        elif line.error:
            say(f"{line.case or line.biz_id[:80]}: {telling.sentence(line.error, w)}")

    book = session.casebook
    batch = export_all(
        session.delivery, lambda text: book.open(book.find(text)), options.ids, options.to, wish, tell
    )
    return _worst(batch.errors)


def _worst(errors: Sequence[ReviewError]) -> int:
    codes = {error.exit_code for error in errors}
    return next((code for code in _WORST if code in codes), 0)


def _tell(done: Exported, w: Words) -> None:
    print(f"{done.path}\t{done.sha256}\t{w.many('cli.pages', done.pages)}")
    for note in done.notes:
        say(note.text(w))


def _office(options: argparse.Namespace, w: Words) -> Office:
    try:
        pkcs12 = options.sign.read_bytes()
    except OSError:
        unreadable = Usage("file_unreadable", name=options.sign.name)
    else:
        if options.sign_password_file:
            return Office(pkcs12, first_line(options.sign_password_file))
        asked = sys.stdin.isatty()
        return Office(
            pkcs12, getpass.getpass(w("cli.ask_sign_password", name=options.sign.name)) if asked else ""
        )
    raise unreadable

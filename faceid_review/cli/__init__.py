"""The same work without a window. Names, JSON shapes and exit codes are a contract: docs/command-line.md."""

from __future__ import annotations

import argparse
import getpass
import io
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from faceid_review import __version__
from faceid_review.cli import (
    auditing,
    disputing,
    exporting,
    fetching,
    importing,
    judging,
    keeping,
    marking,
    policing,
    verifying,
)
from faceid_review.cli.arguments import Parser, count, port
from faceid_review.cli.lines import first_line, opened, passphrase, say, text
from faceid_review.errors import ReviewError, Usage
from faceid_review.i18n import LANGUAGES, Words, system_language, words
from faceid_review.review import telling
from faceid_review.review.accounts import Account, trimmed
from faceid_review.review.case import Stage
from faceid_review.session import DeskOptions, Session
from faceid_review.settings import default_home

DEMO_IDS: Final = 5


OpenDesk = Callable[[DeskOptions], int]


def main(arguments: Sequence[str], open_desk: OpenDesk) -> int:
    """Run one command; returns the exit code."""
    _with_streams()
    for stream in (sys.stdout, sys.stderr):
        # A character that the terminal lacks is written out; it must not end the command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    w = words(_language(arguments))
    try:
        options = _parser(w).parse_args(list(arguments))
        options.words = w.lang
        if options.command is None:
            return open_desk(DeskOptions(options.home, options.lang or "", passphrase(options)))
        if options.command == "demo":
            return _demo(w, open_desk)
        code: int = options.run(options, w)
    except ReviewError as error:
        say(telling.sentence(error, w))
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        say(w("cli.interrupted"))
        return 1
    except Exception as error:  # noqa: BLE001 - no traceback ever reaches the user; the kind alone is harmless
        say(w("error.unexpected", kind=type(error).__name__))
        return 1
    return code


def _with_streams() -> None:
    """Where a script closed one of the standard streams Python has None in its place; nothing then is what is meant."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - it stays open


def _parser(w: Words) -> argparse.ArgumentParser:
    parser = Parser(prog="faceid-review", description=w("cli.about"))
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--home", type=Path, default=default_home(), metavar="DIR", help=w("cli.help_home"))
    parser.add_argument("--lang", choices=LANGUAGES, help=w("cli.help_lang"))
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help=w("cli.help_passphrase_file"))
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace, Words], int] | None) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=w(f"cli.help_{name}"), description=w(f"cli.help_{name}"))
        made.set_defaults(run=run)
        return made

    command("demo", None)
    simulate = command("simulate", _simulate)
    simulate.add_argument("--port", type=port, default=0, metavar="N")
    simulate.add_argument("--seed", type=int, default=1, metavar="N")
    simulate.add_argument("--ids", type=count, default=DEMO_IDS, metavar="N")

    init = command("init", _init)
    init.add_argument("--reviewer", required=True, metavar="NAME")
    init.add_argument("--recovery-file", type=Path, metavar="FILE")

    _account_commands(command("account", None), w)

    fetch = command("fetch", fetching.fetch)
    fetch.add_argument("ids", nargs="*", metavar="BIZ_ID", help=w("cli.help_ids"))
    fetch.add_argument("--waiting", action="store_true", help=w("cli.help_waiting"))
    fetch.add_argument("--account", metavar="NAME")
    fetch.add_argument("--literal", action="store_true", help=w("cli.help_literal"))
    fetch.add_argument("--again", metavar="BIZ_ID", help=w("cli.help_again"))
    fetch.add_argument("--reason", default="", metavar="TEXT")
    fetch.add_argument("--accept-root", metavar="SHA256", help=w("cli.help_accept_root"))
    fetch.add_argument("--json", action="store_true")

    listing = command("list", judging.listed)
    listing.add_argument("--stage", choices=[stage.value for stage in Stage])
    listing.add_argument("--search", default="", metavar="TEXT")
    judging.join_filters(listing, w)
    listing.add_argument("--json", action="store_true")

    show = command("show", judging.show)
    show.add_argument("id", metavar="BIZ_ID")
    show.add_argument("--reveal", action="store_true", help=w("cli.help_reveal"))
    show.add_argument("--json", action="store_true")

    exporting.join(command("export", None), w)
    exporting.join_handover(command("handover", None), w)
    verifying.join(command("verify", None), w)

    audit = command("audit", auditing.audit)
    audit.add_argument("--verify", action="store_true", help=w("cli.help_verify_chain"))
    audit.add_argument("--against", metavar="SNAPSHOT.pdf|COUNT:HEAD", help=w("cli.help_against"))
    audit.add_argument("--to", type=Path, metavar="FILE", help=w("cli.help_audit_to"))
    audit.add_argument("--json", action="store_true")
    importing.join(command("import", None), w)
    judging.join(command, w)
    marking.join(command, w)
    disputing.join(command, w)
    keeping.join(command, w)
    policing.join(command, w)
    command("recover", auditing.recover).add_argument("file", type=Path, metavar="FILE")
    return parser


def _account_commands(parser: argparse.ArgumentParser, w: Words) -> None:
    commands = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = commands.add_parser("add", help=w("cli.help_account_add"))
    add.add_argument("name", metavar="NAME")
    add.add_argument("--base-url", default="https://api.megvii.com", metavar="URL")
    add.add_argument("--api-key", required=True, metavar="KEY")
    add.add_argument("--secret-file", required=True, metavar="FILE|-")
    add.set_defaults(run=_account_add)
    commands.add_parser("list", help=w("cli.help_account_list")).set_defaults(run=_account_list)
    for name, run in (("check", _account_check), ("remove", _account_remove)):
        one = commands.add_parser(name, help=w(f"cli.help_account_{name}"))
        one.add_argument("name", metavar="NAME")
        one.set_defaults(run=run)


def _demo(w: Words, open_desk: OpenDesk) -> int:
    """The desk on a new vault that is thrown away, with a simulator on loopback and no keyring."""
    from faceid_review.faceid.simulator import Simulator  # noqa: PLC0415 - it loads Pillow

    with (
        tempfile.TemporaryDirectory(prefix="faceid-review-demo-") as home,
        Simulator(ids=DEMO_IDS) as simulator,
    ):
        return open_desk(DeskOptions(Path(home) / "practice", w.lang, "practice", simulator))


def _simulate(options: argparse.Namespace, _: Words) -> int:
    from faceid_review.faceid.simulator import Simulator  # noqa: PLC0415 - it loads Pillow

    done = threading.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: done.set())
    with Simulator(seed=options.seed, ids=options.ids, port=options.port) as simulator:
        for line in (simulator.base_url, simulator.api_key, simulator.api_secret, *simulator.ids):
            print(line)
        sys.stdout.flush()
        done.wait()
    return 0


def _init(options: argparse.Namespace, w: Words) -> int:
    by_file = options.passphrase_file is not None
    source = options.passphrase_file or options.recovery_file
    secret = first_line(source) if source else _asked_passphrase(w)
    reviewer = options.reviewer.strip()
    if not reviewer or not reviewer.isprintable():
        raise Usage("reviewer_empty")
    with Session.make(options.home, reviewer, secret, keyring=not by_file) as session:
        place = session.accounts.secret_place
    print(w("cli.vault_made_passphrase" if by_file else "cli.vault_made", home=options.home, place=place))
    return 0


def _account_add(options: argparse.Namespace, w: Words) -> int:
    account = trimmed(Account(options.name, options.base_url, options.api_key))
    secret = sys.stdin.read() if options.secret_file == "-" else text(Path(options.secret_file))
    with opened(options) as session:
        session.accounts.add(account, secret.strip("\r\n\ufeff"))
        print(
            w("cli.account_added", name=account.name, place=telling.place(session.accounts.secret_place, w))
        )
    return 0


def _account_list(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        for account in session.accounts.all():
            print(f"{account.name}\t{account.base_url}\t{account.key_start}")
        if not session.accounts.all():
            say(w("error.no_account"))
    return 0


def _account_check(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        session.check_account(options.name)
    print(w("cli.account_checked", name=options.name))
    return 0


def _account_remove(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        session.accounts.remove(options.name)
    print(w("cli.account_removed", name=options.name))
    return 0


def _asked_passphrase(w: Words) -> str:
    if not sys.stdin.isatty():
        raise Usage("recovery_needed")
    typed = getpass.getpass(w("cli.ask_passphrase"))
    if getpass.getpass(w("cli.ask_passphrase_again")) != typed:
        raise Usage("passphrases_differ")
    if not typed:
        raise Usage("passphrase_empty")
    return typed


def _language(arguments: Sequence[str]) -> str:
    for first, second in zip(arguments, [*arguments[1:], ""], strict=True):
        if first == "--lang" and second in LANGUAGES:
            return second
        if first.removeprefix("--lang=") in LANGUAGES:
            return first.removeprefix("--lang=")
    return system_language()

"""The same work without a window. Names, JSON shapes and exit codes are a contract: docs/command-line.md."""

from __future__ import annotations

import argparse
import getpass
import json
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from faceid_review import __version__
from faceid_review.errors import BadId, ReviewError, Usage
from faceid_review.faceid import biz_id
from faceid_review.faceid.biz_id import BizId
from faceid_review.i18n import LANGUAGES, Words, system_language, words
from faceid_review.review import statement, telling
from faceid_review.review.accounts import Account, trimmed
from faceid_review.review.case import Stage
from faceid_review.review.retrieval import Retrieval
from faceid_review.session import DeskOptions, Session
from faceid_review.settings import default_home

WORST_FIRST: Final = (1, 6, 4, 5, 7, 3, 2, 0)
DEMO_IDS: Final = 5


OpenDesk = Callable[[DeskOptions], int]


def main(arguments: Sequence[str], open_desk: OpenDesk) -> int:
    """Run one command; returns the exit code."""
    w = words(_language(arguments))
    options = _parser(w).parse_args(list(arguments))
    try:
        if options.command is None:
            return open_desk(DeskOptions(options.home, w.lang, _passphrase(options)))
        if options.command == "demo":
            return _demo(w, open_desk)
        code: int = options.run(options, w)
    except ReviewError as error:
        _say(telling.sentence(error, w))
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        _say(w("cli.interrupted"))
        return 1
    except Exception as error:  # noqa: BLE001 - no traceback ever reaches the user; the kind alone is harmless
        _say(w("error.unexpected", kind=type(error).__name__))
        return 1
    return code


def _parser(w: Words) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="faceid-review", description=w("cli.about"))
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
    simulate.add_argument("--port", type=int, default=0, metavar="N")
    simulate.add_argument("--seed", type=int, default=1, metavar="N")
    simulate.add_argument("--ids", type=int, default=DEMO_IDS, metavar="N")

    init = command("init", _init)
    init.add_argument("--reviewer", required=True, metavar="NAME")
    init.add_argument("--recovery-file", type=Path, metavar="FILE")

    _account_commands(command("account", None), w)

    fetch = command("fetch", _fetch)
    fetch.add_argument("ids", nargs="*", metavar="BIZ_ID", help=w("cli.help_ids"))
    fetch.add_argument("--account", metavar="NAME")
    fetch.add_argument("--literal", action="store_true", help=w("cli.help_literal"))
    fetch.add_argument("--again", metavar="BIZ_ID", help=w("cli.help_again"))
    fetch.add_argument("--reason", default="", metavar="TEXT")
    fetch.add_argument("--json", action="store_true")

    listing = command("list", _list)
    listing.add_argument("--stage", choices=[stage.value for stage in Stage])
    listing.add_argument("--search", default="", metavar="TEXT")
    listing.add_argument("--json", action="store_true")

    show = command("show", _show)
    show.add_argument("id", metavar="BIZ_ID")
    show.add_argument("--json", action="store_true")

    export = command("export", _export)
    export.add_argument("ids", nargs="+", metavar="BIZ_ID")
    export.add_argument("--to", type=Path, required=True, metavar="FILE|DIR")

    audit = command("audit", _audit)
    audit.add_argument("--verify", action="store_true", help=w("cli.help_verify_chain"))
    audit.add_argument("--json", action="store_true")
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
    passphrase = _first_line(source) if source else _asked_passphrase(w)
    reviewer = options.reviewer.strip()
    if not reviewer or not reviewer.isprintable():
        raise Usage("reviewer_empty")
    with Session.make(options.home, reviewer, passphrase, keyring=not by_file) as session:
        place = session.accounts.secret_place
    print(w("cli.vault_made_passphrase" if by_file else "cli.vault_made", home=options.home, place=place))
    return 0


def _account_add(options: argparse.Namespace, w: Words) -> int:
    account = trimmed(Account(options.name, options.base_url, options.api_key))
    secret = sys.stdin.read() if options.secret_file == "-" else _text(Path(options.secret_file))
    with _session(options) as session:
        session.accounts.add(account, secret.strip("\r\n\ufeff"))
        print(
            w("cli.account_added", name=account.name, place=telling.place(session.accounts.secret_place, w))
        )
    return 0


def _account_list(options: argparse.Namespace, w: Words) -> int:
    with _session(options) as session:
        for account in session.accounts.all():
            print(f"{account.name}\t{account.base_url}\t{account.key_start}")
        if not session.accounts.all():
            _say(w("error.no_account"))
    return 0


def _account_check(options: argparse.Namespace, w: Words) -> int:
    with _session(options) as session:
        session.check_account(options.name)
    print(w("cli.account_checked", name=options.name))
    return 0


def _account_remove(options: argparse.Namespace, w: Words) -> int:
    with _session(options) as session:
        session.accounts.remove(options.name)
    print(w("cli.account_removed", name=options.name))
    return 0


def _fetch(options: argparse.Namespace, w: Words) -> int:
    if options.again and not options.reason.strip():
        raise Usage("reason_needed")
    codes: list[int] = []
    with _session(options) as session:
        tell = _Teller(session, w, as_json=options.json, codes=codes)
        ids = _ids(options, tell.bad)
        session.queue.listener = tell.retrieval
        if ids:
            session.queue.ask(ids, options.account, again=options.reason.strip() if options.again else "")
        while session.queue.busy:
            try:
                session.queue.wait()
            except KeyboardInterrupt:
                session.queue.stop()
        if not ids and not codes:
            raise BadId("id_empty")
    return min(codes, key=WORST_FIRST.index, default=0)


def _ids(options: argparse.Namespace, bad: Callable[[str, ReviewError], None]) -> list[BizId]:
    """The ids that were given, in order; what is none is told and left."""
    given = [options.again] if options.again else options.ids
    ids: dict[BizId, None] = {}
    for text in given:
        source = sys.stdin.buffer.read().decode("utf-8-sig", "replace") if text == "-" else text
        literal = options.literal or (bool(options.again) and not biz_id.find_all(source))
        if literal:
            for line in source.splitlines() if text == "-" else [source]:
                try:
                    ids[BizId.literal(line)] = None
                except BadId as error:
                    bad(line, error)
            continue
        found = biz_id.find_all(source)
        ids.update(dict.fromkeys(biz_id.distinct(found)))
        for one in found:
            if one.biz_id is None:
                bad(one.text, BadId("id_odd", text=one.text, meant=one.meant))
        if not found:
            bad(
                source,
                BadId("id_empty" if not source.strip() else "id_none", text=biz_id.visible(source[:80])),
            )
    return list(ids)


class _Teller:
    """Says what becomes of each question, as lines for people or as JSON, and remembers the exit codes."""

    def __init__(self, session: Session, w: Words, *, as_json: bool, codes: list[int]) -> None:
        self._session, self._w, self._as_json, self._codes = session, w, as_json, codes
        self._lock = threading.Lock()

    def retrieval(self, told: Retrieval) -> None:
        if told.stage in (Stage.ASKING, Stage.QUEUED) and told.error is None:
            if sys.stderr.isatty() and not self._as_json:
                sys.stderr.write(f"\r{telling.stage(told, self._w)}\x1b[K")
            return
        self._line(told.biz_id, told.stage, told.error)

    def bad(self, text: str, error: ReviewError) -> None:
        self._line(biz_id.visible(text), Stage.NOT_SENT, error)

    def _line(self, name: str, stage: Stage, error: ReviewError | None) -> None:
        row = self._session.casebook.row(name) or {}
        with self._lock:
            self._codes.append(_exit_code(stage, error))
            if not self._as_json:
                if sys.stderr.isatty():
                    sys.stderr.write("\r\x1b[K")
                sentence = telling.sentence(error, self._w) if error else telling.head(row, self._w)
                print(f"{name}\t{stage.value}\t{sentence}", flush=True)
                return
            _json(
                {
                    "biz_id": name,
                    "stage": stage.value,
                    "error": _error(error, self._w) if error else None,
                    "body_sha256": row.get("sha256"),
                }
            )


def _exit_code(stage: Stage, error: ReviewError | None) -> int:
    """A partly kept answer counts as a call that may be spent without a kept answer."""
    if error is not None:
        return error.exit_code
    return {Stage.PARTIAL: 4, Stage.UNKNOWN: 4, Stage.NOT_SENT: 3, Stage.CANCELLED: 3}.get(stage, 0)


def _error(error: ReviewError, w: Words) -> dict[str, str]:
    code = str(error.facts.get("code") or error.wording)
    return {"code": code, "spent": error.spent.value, "message": telling.sentence(error, w)}


def _list(options: argparse.Namespace, w: Words) -> int:
    with _session(options) as session:
        for row in session.casebook.search(options.search):
            if options.stage and row["stage"] != options.stage:
                continue
            if options.json:
                _json({key: value for key, value in row.items() if key not in ("reader", "entry")})
            else:
                print(f"{row['case']}\t{row['biz_id']}\t{row['stage']}\t{telling.head(row, w)}")
    return 0


def _show(options: argparse.Namespace, w: Words) -> int:
    with _session(options) as session:
        case = session.casebook.open(session.casebook.find(options.id))
    stated = statement.state(case)
    if options.json:
        _json(stated)
    else:
        print(telling.case(stated, w))
    return 0


def _export(options: argparse.Namespace, w: Words) -> int:
    several = len(options.ids) > 1 or options.to.is_dir()
    with _session(options) as session:
        for text in options.ids:
            case = session.casebook.open(session.casebook.find(text))
            done = session.export(case, options.to / f"{case.number}.pdf" if several else options.to, w.lang)
            print(f"{done.path}\t{done.sha256}\t{w.many('cli.pages', done.pages)}")
            for note in done.notes:
                _say(note.text(w))
    return 0


def _audit(options: argparse.Namespace, w: Words) -> int:
    with _session(options) as session:
        verdict = session.audit() if options.verify else None
        if verdict is None:
            for e in session.entries():
                at = statement.instant(e.at)
                if options.json:
                    _json({"number": e.number, "at": at, "by": e.by, "act": e.act, "subject": e.subject,
                           "facts": dict(e.facts), "link": e.link.hex()})  # fmt: skip
                else:
                    print(f"{e.number}\t{at}\t{e.by}\t{e.act}\t{e.subject}")
            return 0
    told = {
        "intact": verdict.intact,
        "broken": verdict.broken,
        "count": verdict.count,
        "head": verdict.head.hex(),
    }
    if options.json:
        _json(told)
    else:
        print(w("cli.chain_intact" if verdict.intact else "cli.chain_broken", **told))
    return 0 if verdict.intact else 7


def _session(options: argparse.Namespace) -> Session:
    passphrase = _passphrase(options)
    return Session.open(options.home, passphrase, keyring=passphrase is None)


def _passphrase(options: argparse.Namespace) -> str | None:
    return _first_line(options.passphrase_file) if options.passphrase_file else None


def _asked_passphrase(w: Words) -> str:
    if not sys.stdin.isatty():
        raise Usage("recovery_needed")
    passphrase = getpass.getpass(w("cli.ask_passphrase"))
    if getpass.getpass(w("cli.ask_passphrase_again")) != passphrase:
        raise Usage("passphrases_differ")
    if not passphrase:
        raise Usage("passphrase_empty")
    return passphrase


def _first_line(path: Path) -> str:
    line = _text(path).lstrip("\ufeff").split("\n", 1)[0].rstrip("\r")
    if not line:
        raise Usage("passphrase_empty")
    return line


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        unreadable = Usage("file_unreadable", name=path.name)
    raise unreadable


def _language(arguments: Sequence[str]) -> str:
    for first, second in zip(arguments, [*arguments[1:], ""], strict=True):
        if first == "--lang" and second in LANGUAGES:
            return second
        if first.removeprefix("--lang=") in LANGUAGES:
            return first.removeprefix("--lang=")
    return system_language()


def _json(value: dict[str, Any]) -> None:
    """One JSON object a line, UTF-8 whatever the terminal is set to."""
    sys.stdout.buffer.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)

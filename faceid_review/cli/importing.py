"""``import``: saved answers, HAR files, archives and callbacks; one line about each place, the good ones kept."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from faceid_review.cli import arguments
from faceid_review.cli.lines import opened, say, say_json
from faceid_review.errors import Usage
from faceid_review.i18n import Words, grouped
from faceid_review.review import telling
from faceid_review.review.intake import Kept, Kind, Looked, Pasted, Place, Preview, Source

_BAR: Final = 24
_MOST_TYPED: Final = 512 * 1024 * 1024


def join(parser: argparse.ArgumentParser, w: Words) -> None:
    """Give the command its arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE|-", help=w("import.help_files"))
    parser.add_argument("--dry-run", action="store_true", help=w("import.help_dry_run"))
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=take_in)


def take_in(options: argparse.Namespace, w: Words) -> int:
    """Keep what the files hold, or with ``--dry-run`` only say what they do."""
    sources: list[Source] = [_source(file) for file in options.files]
    with opened(options) as session, _stopped_by_hand() as stop:
        told = _progress(w)
        if options.dry_run:
            done: Preview | Kept = session.look_at(sources, told, stop.is_set)
        else:
            done = session.take_in(sources, told, stop.is_set)
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    for place in done.places:
        if options.json:
            say_json(_stated(place))
        else:
            print(_line(place, w))
    failed = isinstance(done, Kept) and done.error is not None
    if done.places or not failed:
        say(_sum(done, w))
    if isinstance(done, Kept) and done.error:
        say(telling.sentence(done.error, w))
        return done.error.exit_code
    if done.cancelled:
        say(w("import.cancelled"))
        return 1
    return 7 if done.counts[Kind.UNREADABLE] else 0


def _source(name: str) -> Source:
    if name != "-":
        return arguments.place(name)
    data = sys.stdin.buffer.read(_MOST_TYPED + 1)
    if len(data) > _MOST_TYPED:
        raise Usage("import_too_long", most=_MOST_TYPED // 1024 // 1024)
    return Pasted("-", data)


@contextmanager
def _stopped_by_hand() -> Iterator[threading.Event]:
    """Ctrl+C asks for the end: what is on its way to the disk gets there, and every place is told."""
    stop = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _progress(w: Words) -> Any:
    def told(at: Looked) -> None:
        if sys.stderr.isatty():
            filled = _BAR * at.read // at.size if at.size else _BAR
            done = w("import.progress", done=grouped(at.done), whole=grouped(at.whole), n=grouped(at.places))
            sys.stderr.write(f"\r[{'#' * filled}{'-' * (_BAR - filled)}] {done}\x1b[K")

    return told


def _stated(place: Place) -> dict[str, Any]:
    return {
        "label": place.label,
        "what": place.what.value if place.what else None,
        "kind": place.kind.value,
        "biz_id": place.biz_id,
        "sha256": place.sha256 or None,
        "bytes": place.size,
        "differs": place.differs,
        "problem": place.problem,
    }


def _line(place: Place, w: Words) -> str:
    if place.problem:
        return f"{place.label}\t{w('import.kind.unreadable')}\t{w(f'import.problem.{place.problem}', **place.facts)}"
    said = [w(f"import.kind.{place.kind.value}")]
    if place.kind is Kind.SECOND:
        said.append(w("import.differs" if place.differs else "import.agrees"))
    if sign := place.facts.get("sign"):
        said.append(w(f"import.sign.{sign}"))
    what = w(f"import.what.{place.what.value}") if place.what else ""
    return f"{place.label}\t{what}\t{place.biz_id}\t{', '.join(said)}"


def _sum(done: Preview | Kept, w: Words) -> str:
    counts = [w.many(f"import.sum.{kind.value}", n) for kind, n in done.counts.items() if n]
    if not counts:
        return w("import.sum.nothing")
    said = ", ".join(counts)
    return w("import.would" if isinstance(done, Preview) else "import.done", said=said, n=grouped(done.bytes))

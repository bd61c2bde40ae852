"""``verify``: snapshots checked with nothing but the files. It opens no vault."""

from __future__ import annotations

import argparse
from pathlib import Path

from faceid_review.cli.lines import first_line, say_json
from faceid_review.errors import Usage
from faceid_review.i18n import Words
from faceid_review.snapshot.verify import NOT_PROVEN, PROVES, Verdict, fingerprint_in, fingerprint_of
from faceid_review.snapshot.verify import verify as look_at


def join(parser: argparse.ArgumentParser, w: Words) -> None:
    """The arguments of ``verify``."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--key", metavar="FINGERPRINT|FILE", help=w("cli.help_verify_key"))
    parser.add_argument("--password-file", type=Path, metavar="FILE", help=w("cli.help_verify_password"))
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=verify)


def verify(options: argparse.Namespace, w: Words) -> int:
    """Say what each file is found to be. Exit code 7 where one is not as it was signed, or by another key."""
    key = _fingerprint(options.key) if options.key else None
    password = first_line(options.password_file) if options.password_file else None
    good = True
    for path in options.files:
        verdict = look_at(_read(path), key, password)
        good = good and verdict.good
        if options.json:
            say_json(_stated(path, verdict))
            continue
        print(f"{path}:")
        for sentence in verdict.sentences(w):
            print(f"  {sentence}")
    return 0 if good else 7


def _stated(path: Path, verdict: Verdict) -> dict[str, object]:
    findings = [
        {"code": one.code, "good": one.good, **({"facts": dict(one.facts)} if one.facts else {})}
        for one in verdict.findings
    ]
    return {
        "file": str(path),
        "good": verdict.good,
        "signer": verdict.signer,
        "key": verdict.key,
        "case": verdict.told.get("case"),
        "profile": verdict.told.get("profile"),
        "findings": findings,
        "proves": list(PROVES) if verdict.good else [],
        "not_proven": list(NOT_PROVEN),
    }


def _fingerprint(text: str) -> str:
    """The fingerprint that was given, or that of the key in a file. Raises :class:`Usage`."""
    found = fingerprint_of(text)
    if found is None:
        try:
            found = fingerprint_in(Path(text).read_bytes())
        except (OSError, ValueError):
            found = None
    if found is None:
        raise Usage("no_fingerprint", text=text[-80:])
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        unreadable = Usage("file_unreadable", name=path.name)
    raise unreadable

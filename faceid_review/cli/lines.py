"""What every command says and reads: JSON lines, sentences, small text files, the vault that is meant."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from faceid_review.errors import Usage
from faceid_review.i18n import words
from faceid_review.review import telling
from faceid_review.session import Session


def opened(options: argparse.Namespace) -> Session:
    """The vault that the flags name. What has to be said at its opening goes to standard error."""
    secret = passphrase(options)
    session = Session.open(options.home, secret, keyring=secret is None)
    for warning in session.warnings:
        say(telling.sentence(warning, words(options.words)))
    return session


def passphrase(options: argparse.Namespace) -> str | None:
    """The passphrase of --passphrase-file, or None where the flag is not given."""
    return first_line(options.passphrase_file) if options.passphrase_file else None


def first_line(path: Path) -> str:
    """The first line of a file. Raises :class:`Usage` for an empty one."""
    line = text(path).lstrip("\ufeff").split("\n", 1)[0].rstrip("\r")
    if not line:
        raise Usage("passphrase_empty")
    return line


def text(path: Path) -> str:
    """A file's text, UTF-8. Raises :class:`Usage` where it cannot be read."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        unreadable = Usage("file_unreadable", name=path.name)
    raise unreadable


def as_line(value: dict[str, Any]) -> bytes:
    """One JSON object a line, UTF-8 whatever the terminal is set to."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def say_json(value: dict[str, Any]) -> None:
    """One JSON object on standard output."""
    sys.stdout.buffer.write(as_line(value))
    sys.stdout.buffer.flush()


def say(sentence: str) -> None:
    """One sentence on standard error."""
    print(sentence, file=sys.stderr)

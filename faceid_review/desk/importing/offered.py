"""What somebody drops or pastes: paths of this machine, or a text. Reads no file; whatever else it is, it is said."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, QUrl

MOST: Final = 20_000
"""Paths that are taken from one drop; the folder they lie in may hold any number."""

LONGEST_TEXT: Final = 64 * 1024 * 1024
"""Characters of a pasted text."""


@dataclass(frozen=True)
class Offered:
    """``refused`` is a key of words (``importing.refused.…``) that says what was left aside, or why there is nothing."""

    paths: tuple[Path, ...] = ()
    text: str = ""
    refused: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look at."""
        return not self.paths and not self.text


def can_offer(mime: QMimeData | None) -> bool:
    """Whether it is worth a try: files or a text. What they are is told once they are dropped."""
    return mime is not None and (mime.hasUrls() or mime.hasText())


def offered(mime: QMimeData | None) -> Offered:
    """The paths or the text in ``mime``. Addresses of the web are refused: nothing is fetched by an import."""
    if mime is None:
        return Offered(refused="importing.refused.nothing")
    if mime.hasUrls():
        urls = mime.urls()
        given = [_local(url) for url in urls[:MOST]]
        local = tuple(Path(path) for path in dict.fromkeys(given) if path)
        remote = "" in given
        refused = "importing.refused.remote" if remote else ""
        if len(urls) > MOST:
            refused = "importing.refused.many"
        # Some programs give a text that is no path as an address as well.
        if not local and not remote and mime.hasText():
            return _text(mime.text())
        return Offered(local, refused=refused or ("" if local else "importing.refused.nothing"))
    return _text(mime.text()) if mime.hasText() else Offered(refused="importing.refused.nothing")


def _local(url: QUrl) -> str:
    """The path of a file here, else nothing. On Windows a share has a host as well, and is a file all the same."""
    path = url.toLocalFile()
    elsewhere = path.startswith("//") and sys.platform != "win32"
    return "" if elsewhere else path


def _text(text: str) -> Offered:
    if not text.strip():
        return Offered(refused="importing.refused.nothing")
    if len(text) > LONGEST_TEXT:
        return Offered(refused="importing.refused.long")
    return Offered(text=text)

"""Many cases into one folder: a snapshot each, then ``index.csv`` and ``SHA256SUMS`` over what was written.

One case that cannot be exported does not keep the others from it; the index says which, and why in a code.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from faceid_review.errors import Afterwards, ReviewError
from faceid_review.review.case import Case
from faceid_review.snapshot.delivery import Delivery, Exported, Wish
from faceid_review.snapshot.profile import load

INDEX: Final = "index.csv"
SUMS: Final = "SHA256SUMS"
_AT_ONCE: Final = 2
_COLUMNS: Final = ("file", "case", "biz_id", "profile", "lang", "pages", "sha256", "problem")
_FORMULA: Final = re.compile(r"^[\s'\"]*[=+\-@\u2212\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")


@dataclass(frozen=True)
class Line:
    """What became of one case: ``done``, or the ``error`` that kept it from being exported."""

    biz_id: str
    case: str
    done: Exported | None
    error: ReviewError | None


@dataclass(frozen=True)
class Batch:
    """What became of all of them, in order. ``left`` is how many were not begun, because somebody said stop."""

    lines: tuple[Line, ...] = field(repr=False)
    left: int = 0

    @property
    def errors(self) -> tuple[ReviewError, ...]:
        """The errors, in order."""
        return tuple(line.error for line in self.lines if line.error)


def export_all(
    delivery: Delivery,
    opened: Callable[[str], Case],
    biz_ids: Sequence[str],
    folder: Path,
    wish: Wish,
    progress: Callable[[Line], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Batch:
    """Write a snapshot of each case into ``folder``, which is made where it is not there. Not for a GUI thread.

    ``opened`` gives the case of an id; it and ``cancelled`` are called on other threads, ``progress`` on this one, in
    order. Raises :class:`Afterwards` where the folder, the index or the sums cannot be
    written; what was written until then stays.
    """
    _make(folder)
    nameless = "ids" in load(wish.profile).remove
    wanted = list(dict.fromkeys(biz_ids))

    def one(number: int, biz_id: str) -> Line | None:
        if cancelled():
            return None
        case, done, error = None, None, None
        try:
            case = opened(biz_id)
            name = f"{wish.profile}-{number:04d}.pdf" if nameless else f"{case.number}.pdf"
            done = delivery.export(case, folder / name, wish)
        except ReviewError as problem:
            error = problem
        return Line(case.biz_id if case else biz_id, case.number if case else "", done, error)

    lines = list[Line]()
    # typst lets the interpreter go while it sets pages, which is most of the work.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for line in pool.map(one, range(1, len(wanted) + 1), wanted):
            if line:
                lines.append(line)
                progress(line)
    delivery.put_down(folder / INDEX, index(lines, wish, nameless=nameless))
    sums = (f"{line.done.sha256}  {line.done.path.name}\n" for line in lines if line.done)
    delivery.put_down(folder / SUMS, "".join(sums).encode())
    return Batch(tuple(lines), len(wanted) - len(lines))


def index(lines: Sequence[Line], wish: Wish, *, nameless: bool) -> bytes:
    """The table of a batch, UTF-8 with a mark so that spreadsheets take it for that; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for line in lines:
        done = line.done
        row = (
            done.path.name if done else "",
            "" if nameless else line.case,
            "" if nameless else line.biz_id,
            wish.profile,
            wish.lang,
            str(done.pages) if done else "",
            done.sha256 if done else "",
            line.error.wording if line.error else "",
        )
        writer.writerow([harmless(cell) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "backslashreplace")


def harmless(cell: str) -> str:
    """``cell`` so that no spreadsheet takes it for a formula: an apostrophe stands before one that could be."""
    return f"'{cell}" if _FORMULA.search(cell) else cell


def _make(folder: Path) -> None:
    failure = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        failure = Afterwards("not_written", name=folder.name, kind=error.strerror or "")
    if failure:
        raise failure

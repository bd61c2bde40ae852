"""The parts a page is made of, as plain values that ``resources/snapshot/blocks.typ`` draws.

A :data:`Cell` is a text, a list of cells (one a line), or a dictionary that says how a text is meant. Nothing
here is read as typst: the templates get it as JSON and print it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

Cell = str | dict[str, Any] | list[Any] | None
Block = dict[str, Any]

LONGEST_VALUE: Final = 4096
"""How many characters of one value are printed. The vendor's own limit for biz_extra_data is 4096 bytes."""

# A line may break inside a run only where it is told to, and no character is added there.
_RUN = re.compile("[^ \u2e80-\uffff\U00020000-\U0003ffff]{25,}")
_PIECE = re.compile(r"[^-/,;:.&=?_]{1,8}[-/,;:.&=?_]?|[-/,;:.&=?_]")


def fixed(text: str, tone: str = "text") -> Cell:
    """A text of the vendor, a hash or a pointer, in the fixed font."""
    return {"style": "fixed", "text": text, "tone": tone}


def bold(text: str) -> Cell:
    """A value that answers a question."""
    return {"style": "bold", "text": text}


def quiet(text: str) -> Cell:
    """What stands back: a reason, a remark."""
    return {"style": "quiet", "text": text}


def marked(shape: str, text: str, tone: str = "text") -> Cell:
    """A word with its shape before it; the tone is a third sign and never the only one."""
    return {"shape": shape, "text": text, "tone": tone}


def line(*parts: Cell) -> Cell:
    """Several cells in one line."""
    return {"parts": list(parts)}


def page_of(sentence: str, page: str) -> Cell:
    """``sentence`` with the number of ``page`` where it holds a NUL."""
    before, _, after = sentence.partition("\0")
    return line(before, {"page": page}, after)


def section(title: str, *, pointer: str | None = None, remark: str | None = None) -> Block:
    """A heading inside a page; at its right a JSON pointer or a remark."""
    return {"kind": "section", "title": title, "pointer": pointer, "remark": remark}


def facts(rows: Iterable[tuple[str, Cell]], label: float = 30, *, together: bool = False) -> Block:
    """Labels and values. ``label`` is the labels' width in millimetres; few ``together`` stay on one page."""
    return {"kind": "facts", "rows": [list(row) for row in rows], "label": label, "together": together}


def table(
    rows: Iterable[Sequence[Cell]],
    columns: Sequence[float | str],
    *,
    head: Sequence[Cell] | None = None,
    align: Sequence[str] = (),
    together: bool = False,
) -> Block:
    """Ruled rows. ``columns`` are widths in millimetres, ``auto`` or ``rest``.

    ``together`` keeps few and short rows on one page; more than a page of them would be printed over each other.
    """
    sides = [*align, *["left"] * (len(columns) - len(align))]
    return {
        "kind": "rows",
        "columns": list(columns),
        "align": sides,
        "head": list(head) if head else None,
        "rows": (body := [list(row) for row in rows]),
        "together": together and len(body) <= 12,
    }


def across(cell: Cell, columns: int) -> Cell:
    """A cell of a table that takes the room of several."""
    return {"span": columns, "cell": cell}


def remark(text: Cell, *, quiet: bool = False) -> Block:
    """A sentence of ours."""
    return {"kind": "remark", "text": text, "quiet": quiet}


def vendor_says(text: Cell) -> Block:
    """Words of the vendor, with a rule at their left."""
    return {"kind": "quote", "text": text}


def banner(title: str, lines: Sequence[Cell], tone: str = "warn", shape: str = "triangle") -> Block:
    """Something that must not be overlooked."""
    return {"kind": "banner", "title": title, "lines": list(lines), "tone": tone, "shape": shape}


def page(id: str, title: str, blocks: Iterable[Block], intro: Cell = None) -> dict[str, Any]:  # noqa: A002
    """One page, or as many as it needs. ``id`` is what others refer to."""
    return {"id": id, "title": title, "intro": intro, "blocks": list(blocks)}


def grouped_hash(digest: str, per_line: int = 8) -> Cell:
    """A hash in groups of four, ``per_line`` groups a line."""
    groups = [digest[i : i + 4] for i in range(0, len(digest), 4)]
    lines = [" ".join(groups[i : i + per_line]) for i in range(0, len(groups), per_line)]
    return [fixed(text) for text in lines]


def visible_breaks(text: str) -> str:
    """``text`` on one line: line ends and tabs as they are written in JSON."""
    return text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")


def flowing(value: Any, key: str = "") -> Any:
    """``value`` with every long run of characters in pieces between which a line may break."""
    if isinstance(value, str):
        if key in ("alt", "id", "input") or not _RUN.search(value):
            return value
        return {"pieces": _pieces(value)}
    if isinstance(value, Mapping):
        return {name: flowing(item, name) for name, item in value.items()}
    return [flowing(item) for item in value] if isinstance(value, list) else value


def _pieces(text: str) -> list[str]:
    made, at = list[str](), 0
    for run in _RUN.finditer(text):
        if run.start() > at:
            made.append(text[at : run.start()])
        made += _PIECE.findall(run[0])
        at = run.end()
    return [*made, text[at:]] if at < len(text) else made


class Clock:
    """Writes moments down in the zone of the one who exports, with UTC beside it."""

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone or UTC

    def local(self, at: datetime) -> str:
        """2016-05-03 17:44:09 +08:00."""
        here = at.astimezone(self._zone)
        offset = here.strftime("%z")
        return f"{here:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:5]}"

    def utc(self, at: datetime) -> str:
        """2016-05-03 09:44:09 UTC."""
        return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"

    def both(self, at: datetime) -> str:
        """2016-05-03 17:44:09 +08:00 · 09:44:09 UTC, with the date again where it is another one."""
        here, there = at.astimezone(self._zone), at.astimezone(UTC)
        if here.utcoffset() == there.utcoffset():
            return self.utc(at)
        universal = self.utc(at) if here.date() != there.date() else f"{there:%H:%M:%S} UTC"
        return f"{self.local(at)} · {universal}"

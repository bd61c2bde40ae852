"""Small sealed pages of heads, beside the chain: what lists, filters and search read.

Unlocking many cases must not open many answers. Heads are derived from entries and carry the reader's
version; a mark says up to which entry they are true, so that what a crash left behind is folded anew. Of
100,000 heads about 25 share a page: to unseal and to read one by one takes longer than all the rest of an opening.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from faceid_review.errors import Damaged, VaultClosed
from faceid_review.vault.database import Database, blob
from faceid_review.vault.sealing import Sealer

MOST_BYTES = 4096
"""A head has about 1,000 bytes; only an id of 256 rare characters, hostile names and long notes come near this."""

TEXT = "find"
"""The one long text of a head. It lies behind the others as UTF-8: read as JSON it would take as long as they do."""

_Page = dict[str, tuple[list[str], list[Any]]]


class Heads:
    """The heads of one vault."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    @property
    def through(self) -> int:
        """The number of the last entry that the heads know of."""
        row = self._database.one("SELECT value FROM mark WHERE name = 'heads'")
        return row[0] if row and isinstance(row[0], int) and row[0] >= 0 else 0

    def put(self, heads: Mapping[str, Mapping[str, Any]], through: int) -> None:
        """Write the heads of some subjects and say up to which entry all heads are true now.

        A head that does not say its text keeps the one that was put before.
        """
        with self._database.transaction():
            pages: dict[bytes, _Page] = {}
            for subject, facts in heads.items():
                name = self._sealer.pseudonym(subject)
                place = _page_of(name)
                if place not in pages:
                    pages[place] = self._page(place)
                _lay(pages[place], name.hex(), facts)
            rows = [(p, self._sealer.seal(_written(page), b"heads", p)) for p, page in pages.items()]
            self._database.insert("head", rows, replace=True)
            self._database.execute("INSERT OR REPLACE INTO mark VALUES ('heads', ?)", through)

    def rows(self) -> Iterator[tuple[bytes, tuple[str, ...], list[Any]]]:
        """Every head that can still be read: its subject's pseudonym, its names and its values; the text is bytes.

        What cannot be read is dropped, a whole page of them, and folded anew from the entries.
        """
        for place, sealed in self._pages():
            try:
                page = self._sealer.unseal(blob(sealed), b"heads", blob(place))
            except Damaged:
                # Also what an older version wrote, each head in a row of its own.
                with suppress(VaultClosed):
                    self._database.execute("DELETE FROM head WHERE subject = ?", place)
                continue
            yield from _read(page)

    def _pages(self) -> Iterator[tuple[Any, Any]]:
        """Every row, a few at a time: one by one takes longer, all at once too much room."""
        statement = "SELECT rowid, subject, sealed FROM head WHERE rowid > ? ORDER BY rowid LIMIT 64"
        last = -(2**63)
        while rows := self._database.all(statement, last):
            last = rows[-1][0]
            yield from (row[1:] for row in rows)

    def all(self) -> Iterator[tuple[bytes, dict[str, Any]]]:
        """The same, each head as it was put."""
        for name, names, values in self.rows():
            head = dict(zip(names, values, strict=True))
            if isinstance(head.get(TEXT), bytes):
                head[TEXT] = head[TEXT].decode("utf-8", "surrogatepass")
            yield name, head

    def _page(self, place: bytes) -> _Page:
        row = self._database.one("SELECT sealed FROM head WHERE subject = ?", place)
        if row is None:
            return {}
        try:
            page = self._sealer.unseal(blob(row[0]), b"heads", place)
        except Damaged:
            return {}
        return {name.hex(): (list(names), values) for name, names, values in _read(page)}


def _lay(page: _Page, name: str, facts: Mapping[str, Any]) -> None:
    names, values = page.get(name, ((), ()))
    if TEXT not in facts and TEXT in names:
        facts = {**dict(zip(names, values, strict=True)), **facts}
    page[name] = (list(facts), list(facts.values()))


def _page_of(name: bytes) -> bytes:
    """One of 4,096 pages: a few heads a page in a vault of 10,000 cases, 25 in one of 100,000."""
    return bytes((name[0], name[1] & 0xF0))


def _written(page: _Page) -> bytes:
    """A page: the length of its JSON, the JSON, all texts.

    The JSON has every list of names once, and for each head its pseudonym, which list, its values; in the place of
    its text stands how many bytes that has.
    """
    shapes: dict[tuple[str, ...], int] = {}
    heads, texts = [], []
    for name, (names, values) in page.items():
        shape, written = tuple(names), list(values)
        if TEXT in shape:
            place = shape.index(TEXT)
            text = written[place]
            texts.append(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
            written[place] = len(texts[-1])
        heads.append((name, shapes.setdefault(shape, len(shapes)), written))
    said = json.dumps([[*map(list, shapes)], heads], separators=(",", ":"), ensure_ascii=False)
    raw = said.encode("utf-8", "surrogatepass")
    return b"".join([len(raw).to_bytes(4, "big"), raw, *texts])


def _read(page: bytes) -> Iterator[tuple[bytes, tuple[str, ...], list[Any]]]:
    end = 4 + int.from_bytes(page[:4], "big")
    shapes, heads = json.loads(page[4:end].decode("utf-8", "surrogatepass"))
    shared = [(tuple(names), names.index(TEXT) if TEXT in names else -1) for names in shapes]
    for name, which, values in heads:
        names, text = shared[which]
        if text >= 0:
            start, end = end, end + values[text]
            values[text] = page[start:end]
        yield bytes.fromhex(name), names, values

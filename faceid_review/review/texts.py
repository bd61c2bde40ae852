"""The texts in which a search looks, in the order of the list, joined into blocks.

One by one 100,000 texts lie scattered in memory, and to look into each takes twice as long as to run once through all
of them. They are held here alone: a second copy in each head would take as much room as everything else in it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple

VERDICT: Final = b"\v"
"""Stands between what is the vendor's verdict and all the rest."""

_BLOCK: Final = 1024
_FEW: Final = 8
_AT_FIRST: Final = 32


class Searched(NamedTuple):
    """What a search looks in of one case. Of a ``veiled`` one it does not look into the vendor's verdict."""

    number: str
    text: bytes
    veiled: bool = False

    def piece(self) -> tuple[bytes, int]:
        """The bytes that are held, and where in them a search may begin."""
        verdict, _, rest = self.text.partition(VERDICT)
        held = b"%b\v%b\n%b\n" % (verdict, self.number.lower().encode(), rest)
        return held, len(verdict) + 1 if self.veiled else 0


class Gathered:
    """Texts one behind the other as they are read, let go all at once: one by one they would leave memory full of holes."""

    def __init__(self, texts: Iterable[bytes] = ()) -> None:
        self._all = bytearray()
        self._ends = array("Q", (0,))
        for text in texts:
            self.add(text)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, place: int) -> bytes:
        return bytes(memoryview(self._all)[self._ends[place] : self._ends[place + 1]])

    def add(self, text: bytes) -> None:
        """One more."""
        self._all += text
        self._ends.append(len(self._all))


class _Block:
    """Up to 1,024 texts. ``starts`` has one more, the end of the last; ``opens`` says from where each is looked into,
    and is ``starts`` itself where nothing is veiled."""

    __slots__ = ("opens", "starts", "text")

    def __init__(self, pieces: Sequence[tuple[bytes, int]]) -> None:
        self.text = b"".join(held for held, _ in pieces)
        self.starts = array("I", (0,))
        at = 0
        for held, _ in pieces:
            at += len(held)
            self.starts.append(at)
        self.opens = self.starts
        if any(opening for _, opening in pieces):
            self.opens = array("I", (at + o for at, (_, o) in zip(self.starts, pieces, strict=False)))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def pieces(self) -> list[tuple[bytes, int]]:
        """What it was made of."""
        ends = self.starts[1:]
        return [
            (self.text[start:end], opening - start)
            for start, opening, end in zip(self.starts, self.opens, ends, strict=False)
        ]

    def holding(self, words: Sequence[bytes]) -> list[int]:
        """The places in it with all these words."""
        word, *others = words
        find, starts, opens = self.text.find, self.starts, self.opens
        found: list[int] = []
        place, count, at = 0, len(self), find(word)
        while at >= 0:
            if at >= starts[place + 1]:
                place = bisect_right(starts, at, place) - 1
            if at < opens[place]:
                at = find(word, opens[place])
                continue
            found.append(place)
            place += 1
            if place == count:
                break
            if len(found) == _AT_FIRST and place < 2 * _AT_FIRST:
                # It stands nearly everywhere: to go on from case to case is quicker than to leap.
                ends = zip(range(place, count), opens[place:], starts[place + 1 :], strict=False)
                found += [here for here, start, end in ends if find(word, start, end) >= 0]
                break
            at = find(word, starts[place])
        for word in others:
            found = [here for here in found if find(word, opens[here], starts[here + 1]) >= 0]
        return found

    def has(self, place: int, words: Sequence[bytes]) -> bool:
        """Whether all these words stand at ``place`` in it."""
        start, end = self.opens[place], self.starts[place + 1]
        return all(self.text.find(word, start, end) >= 0 for word in words)


class Texts:
    """The number and the text of every case. Not for several threads at once."""

    def __init__(self, texts: Iterable[Searched] = ()) -> None:
        self._blocks: list[_Block] = []
        # A block at a time: all pieces of 100,000 cases would stand in memory twice.
        left = iter(texts)
        while some := [one.piece() for one in islice(left, _BLOCK)]:
            self._lay(some)

    def __len__(self) -> int:
        return (len(self._blocks) - 1) * _BLOCK + len(self._blocks[-1]) if self._blocks else 0

    def __getitem__(self, place: int) -> bytes:
        """What is looked into at ``place``."""
        block, here = self._blocks[place // _BLOCK], place % _BLOCK
        return block.text[block.opens[here] : block.starts[here + 1]]

    def veil(self, veiled: Sequence[bool]) -> None:
        """From now on do not look into the vendor's verdict of these, one word for each case."""
        for number, block in enumerate(self._blocks):
            flags = veiled[number * _BLOCK : (number + 1) * _BLOCK]
            held = zip(block.pieces(), flags, strict=True)
            self._blocks[number] = _Block([(p, p.index(VERDICT) + 1 if veil else 0) for (p, _), veil in held])

    def put(self, place: int, one: Searched) -> None:
        """Another text of a case that is there."""
        number, here = divmod(place, _BLOCK)
        pieces, piece = self._blocks[number].pieces(), one.piece()
        if pieces[here] != piece:
            pieces[here] = piece
            self._blocks[number] = _Block(pieces)

    def insert(self, place: int, one: Searched) -> None:
        """One case more, before the one at ``place``: nearly always behind the last."""
        first = place // _BLOCK
        pieces = [piece for block in self._blocks[first:] for piece in block.pieces()]
        del self._blocks[first:]
        pieces.insert(place - first * _BLOCK, one.piece())
        self._lay(pieces)

    def holding(self, words: Iterable[bytes], among: Sequence[int]) -> Sequence[int]:
        """Those of the places ``among``, which ascend, whose number or text has all these words, none with a space."""
        # The longest first: it is likely to leave the fewest.
        wanted = sorted(words, key=len, reverse=True)
        if not wanted or not among:
            return among
        blocks = self._blocks
        if len(among) * _FEW < len(self):
            return [place for place in among if blocks[place // _BLOCK].has(place % _BLOCK, wanted)]
        found: list[int] = []
        for number, block in enumerate(blocks):
            first = number * _BLOCK
            found += [first + place for place in block.holding(wanted)]
        if len(among) == len(self):
            return found
        allowed = set(among)
        return [place for place in found if place in allowed]

    def _lay(self, pieces: Sequence[tuple[bytes, int]]) -> None:
        """Add blocks of these behind those that are full."""
        self._blocks += [_Block(pieces[at : at + _BLOCK]) for at in range(0, len(pieces), _BLOCK)]

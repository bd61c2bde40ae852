"""The texts in which a search looks, in the order of the list, joined into blocks.

One by one 100,000 texts lie scattered in memory, and to look into each takes twice as long as to run once through all
of them. A block is made when it is first looked into, and anew when a case of it has changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

_BLOCK: Final = 1024
_FEW: Final = 8
_AT_FIRST: Final = 32


class _Block(NamedTuple):
    """Number and text of each case, a line feed behind each; ``starts`` has one more, the end of the last."""

    text: bytes
    starts: list[int]

    def holding(self, words: Sequence[bytes]) -> list[int]:
        """The places in it with all these words."""
        word, *others = words
        find, starts = self.text.find, self.starts
        found: list[int] = []
        place, count, at = 0, len(starts) - 1, find(word)
        while at >= 0:
            if at >= starts[place + 1]:
                place = bisect_right(starts, at, place) - 1
            found.append(place)
            place += 1
            if place == count:
                break
            if len(found) == _AT_FIRST and place < 2 * _AT_FIRST:
                # It stands nearly everywhere: to go on from case to case is quicker than to leap.
                ends = zip(range(place, count), starts[place:], starts[place + 1 :], strict=False)
                found += [here for here, start, end in ends if find(word, start, end) >= 0]
                break
            at = find(word, starts[place])
        for word in others:
            found = [here for here in found if find(word, starts[here], starts[here + 1]) >= 0]
        return found

    def has(self, place: int, words: Sequence[bytes]) -> bool:
        """Whether all these words stand at ``place`` in it."""
        start, end = self.starts[place], self.starts[place + 1]
        return all(self.text.find(word, start, end) >= 0 for word in words)


class Texts:
    """The number and the text of every case. Not for several threads at once."""

    def __init__(self, numbers: Sequence[str], texts: Iterable[bytes]) -> None:
        self._numbers = list(numbers)
        self._texts = list(texts)
        self._blocks: list[_Block | None] = []
        self._shift(0)

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, place: int) -> bytes:
        return self._texts[place]

    def replace(self, texts: Iterable[bytes]) -> None:
        """Other texts of the same cases."""
        self._texts = list(texts)
        self._shift(0)

    def put(self, place: int, text: bytes) -> None:
        """Another text of a case that is there."""
        if self._texts[place] != text:
            self._texts[place] = text
            self._blocks[place // _BLOCK] = None

    def insert(self, place: int, number: str, text: bytes) -> None:
        """One case more, before the one at ``place``."""
        self._numbers.insert(place, number)
        self._texts.insert(place, text)
        self._shift(place // _BLOCK)

    def make_ready(self, number: int) -> bool:
        """Make the block of this number, if there is one: a search that finds all of them made is the quicker."""
        if number < len(self._blocks):
            self._block(number)
        return number + 1 < len(self._blocks)

    def holding(self, words: Iterable[bytes], among: Sequence[int]) -> Sequence[int]:
        """Those of the places ``among``, which ascend, whose number or text has all these words, none with a space."""
        # The longest first: it is likely to leave the fewest.
        wanted = sorted(words, key=len, reverse=True)
        if not wanted or not among:
            return among
        if len(among) * _FEW < len(self._texts):
            return [p for p in among if self._block(p // _BLOCK).has(p % _BLOCK, wanted)]
        found: list[int] = []
        for number in range(len(self._blocks)):
            first = number * _BLOCK
            found += [first + place for place in self._block(number).holding(wanted)]
        if len(among) == len(self._texts):
            return found
        allowed = set(among)
        return [place for place in found if place in allowed]

    def _shift(self, number: int) -> None:
        """From this block on other cases stand in each."""
        count = -(-len(self._texts) // _BLOCK)
        self._blocks[number:] = [None] * (count - number)

    def _block(self, number: int) -> _Block:
        block = self._blocks[number]
        if block is None:
            block = self._blocks[number] = self._joined(number * _BLOCK)
        return block

    def _joined(self, first: int) -> _Block:
        numbers, texts = self._numbers[first : first + _BLOCK], self._texts[first : first + _BLOCK]
        parts = [b"%b\n%b\n" % (n.lower().encode(), t) for n, t in zip(numbers, texts, strict=True)]
        starts = [0]
        for part in parts:
            starts.append(starts[-1] + len(part))
        return _Block(b"".join(parts), starts)

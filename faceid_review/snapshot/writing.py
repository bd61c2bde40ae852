"""What of a text is printed as it is, and what by its number, because nobody could see it or no font has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from faceid_review.snapshot.fonts import Families, is_mark, shown, written_out
from faceid_review.snapshot.this_copy import Note

_NAMED = 12


class Writing:
    """Writes the texts of one document; made from all of them, then called with each.

    ``further`` are the families that are needed beyond the usual ones.
    """

    def __init__(self, families: Families, texts: Iterable[str], unshown: frozenset[str]) -> None:
        """``unshown`` are characters that turned out to have no glyph, whatever their font says."""
        self._families = families
        every = list(texts)
        used = frozenset("".join(every))
        self._hidden = frozenset(c for c in used if not shown(c))
        nowhere, self.further = families.missing(used - self._hidden - unshown)
        self._nowhere = nowhere | (unshown & used)
        marks = "".join(sorted(c for c in used - self._hidden - self._nowhere if is_mark(c)))
        self._marked = re.compile(f"(.?)([{re.escape(marks)}]+)", re.DOTALL) if marks else None
        self._torn = frozenset[str]()
        self._table = {ord(c): written_out(c) for c in self._hidden | self._nowhere}
        if self._marked:
            self._torn = frozenset(
                "".join(m[2] for t in every for m in self._marked.finditer(t) if self._tears(m))
            )

    @property
    def changes(self) -> bool:
        """Whether any text is printed otherwise than it is."""
        return bool(self._torn or self._table)

    def __call__(self, text: str) -> str:
        """``text`` as it is printed."""
        if self._torn and self._marked:
            text = self._marked.sub(self._apart, text)
        return text.translate(self._table) if self._table else text

    def notes(self) -> Iterator[Note]:
        """What the reader has to know of it."""
        for wording, characters in (("hidden", self._hidden), ("no_glyph", self._nowhere | self._torn)):
            if characters:
                named = " ".join(written_out(c) for c in sorted(characters)[:_NAMED])
                more = " …" if len(characters) > _NAMED else ""
                yield Note(f"snapshot.note.{wording}", {"characters": named + more})

    def _tears(self, match: re.Match[str]) -> bool:
        letter, marks = match[1], match[2]
        alone = not letter or letter.isspace() or ord(letter) in self._table
        return alone or not self._families.holds_together(letter, marks, self.further)

    def _apart(self, match: re.Match[str]) -> str:
        return match[1] + "".join(map(written_out, match[2])) if self._tears(match) else match[0]

"""What of a cut answer arrived whole.

ijson's lexer and parser say where the answer ends and what is open there; what lies before is closed behind and read
by the reader of whole answers, so a cut answer is read by the same rules, to the digit. ijson's own events will not
do for that: they take ``68.9`` of ``68.91876`` for a number, and write ``1E2`` and ``-0`` in another way.
"""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass, field
from typing import Any, Final

from ijson.backends.python import Lexer, parse_value
from ijson.common import IncompleteJSONError, JSONError
from ijson.utils import sendable_list

MOST_TOKENS: Final = 100_000
"""Names, values and signs of an answer that is salvaged; a real one has about 300."""

_SIGNS_AND_TEXTS: Final = '{}[]:,"'
_WORDS: Final = ("true", "false", "null")
_LONGEST_ESCAPE: Final = len("\\u0000")


@dataclass(frozen=True)
class Salvaged:
    """What arrived of an answer that ends in the middle.

    ``text`` is JSON: everything that arrived whole, and what is open there closed behind it. ``open`` are the names
    that lead to the object at the end: it and each object on the way are incomplete, so is what lies in a list at the
    end. ``cut`` is the member of that object whose value did not arrive whole; a number at the very end is none, since
    digits may be missing. ``begun`` is as much of that value as came, where it is a text.
    """

    text: str = field(repr=False)
    open: tuple[str, ...]
    cut: str | None = None
    begun: str | None = field(default=None, repr=False)


def salvage(body: bytes) -> Salvaged | None:
    """What arrived of a body that is the beginning of a JSON object; None where it is none, or no value came.

    Never raises. A mistake before the end makes it None too: what is no JSON was not cut.
    """
    try:
        text = codecs.getincrementaldecoder(json.detect_encoding(body))("surrogatepass").decode(body)
        if not text.lstrip().startswith("{"):
            return None
        watch = _Watch(len(text))
        lexer = Lexer(watch)
        lexer.send(text)
        in_text = False
        try:
            lexer.close()
        except IncompleteJSONError:
            in_text = True
    except (JSONError, ValueError):
        return None
    begun = _begun(text, watch.seen) if in_text and watch.value_expected else None
    if not watch.containers or not (watch.values or begun):
        return None
    path, cut = watch.place()
    return Salvaged(f"{text[: watch.whole]}{watch.closing}", path, cut, begun)


class _Watch:
    """Stands between ijson's lexer and its parser, and notes how far everything is whole."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._events: Any = sendable_list()
        self._parser: Any = parse_value(self._events, multivalue=False, use_float=False)
        self._left = MOST_TOKENS
        self.seen = self.whole = self.values = 0
        self.value_expected = False
        self.containers: list[tuple[str, str | None]] = []
        self._name: str | None = None

    def send(self, token: tuple[int, str | None]) -> None:
        """Take a token of the lexer: its place and its characters, None for the end."""
        at, lexeme = token
        if lexeme is None:
            return
        self.seen = at + len(lexeme)
        self.value_expected = lexeme == ":"
        if self.seen == self._length and lexeme[0] not in _SIGNS_AND_TEXTS and lexeme not in _WORDS:
            return
        self._left -= 1
        if self._left < 0:
            raise JSONError("too many tokens")
        # Numbers are left to the reader of what is salvaged; here only their places count.
        self._parser.send((at, "0" if lexeme[0] in "-0123456789" else lexeme))
        for event, value in self._events:
            self._note(event, value)
        self._events.clear()

    def _note(self, event: str, value: str | None) -> None:
        if event == "map_key":
            self._name = value
            return
        if event in ("start_map", "start_array"):
            self.containers.append(("}" if event == "start_map" else "]", self._name))
        elif event in ("end_map", "end_array"):
            self.containers.pop()
        else:
            self.values += 1
        self._name = None
        self.whole = self.seen

    @property
    def closing(self) -> str:
        """What closes everything that is open behind the last whole value."""
        return "".join(sign for sign, _ in reversed(self.containers))

    def place(self) -> tuple[tuple[str, ...], str | None]:
        """The names of the objects that are open, and the one whose value was awaited, if any."""
        path: list[str] = []
        for _, name in self.containers[1:]:
            if name is None:
                return tuple(path), None
            path.append(name)
        return tuple(path), self._name


def _begun(text: str, seen: int) -> str | None:
    """As much as can be read of the text that begins behind ``seen`` and has no end."""
    raw = text[text.index('"', seen) + 1 :]
    # An escape that was cut has up to five characters.
    for end in range(len(raw), max(-1, len(raw) - _LONGEST_ESCAPE), -1):
        try:
            return str(json.loads(f'"{raw[:end]}"'))
        except ValueError:
            continue
    return None

"""Heads: what they say of the reviewer's work, and how 100,000 of them stay small in memory.

A dict of thirty entries takes 1.2 kB before its values; a tuple of values beside one shared table takes a fifth.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from faceid_review.review.sources import CALLBACK
from faceid_review.vault import heads

if TYPE_CHECKING:
    from faceid_review.review.case import Case

MOST_TEXT: Final = 1000
"""Bytes of what a head holds for the search. A case with more is looked through itself (``Casebook.select``)."""

HASH: Final = 16
"""Hex digits of a SHA-256 that a search knows: with more of them nothing more would be told apart."""

_MOST_TAGS: Final = 12
_SHAPES: dict[tuple[str, ...], _Shape] = {}
_ALIKE: dict[Any, Any] = {}
_MOST_ALIKE: Final = 50_000
_OWN: Final = frozenset(
    {"biz_id", "case", "at", "entry", "bytes", "sha256", "confidence", "biz_no", "find", "until", "dispute"}
)
"""What differs from case to case; all other values are few, and kept once."""

_LISTS: Final = ("flags", "exceptions", "tags")

_HIDDEN: Final[Mapping[str, Any]] = {
    "passed": None, "reason": "", "confidence": None, "strictest": None, "next": None, "checks": None, "flags": (),
    "exceptions": (),
}  # fmt: skip
"""What of a head is the vendor's verdict, and what the blind policy puts in its place."""

_TEXT: Final = heads.TEXT
_VERDICT: Final = "\v"


class _Shape(NamedTuple):
    """Where each name stands, which values may be shared, and where the text for the search is."""

    places: dict[str, int]
    shared: tuple[int, ...]
    lists: tuple[int, ...]
    text: int
    hidden: tuple[tuple[int, Any], ...]


class Head(Mapping[str, Any]):
    """One head, frozen. Lists in it are tuples."""

    __slots__ = ("_shape", "_values")

    def __init__(self, facts: Mapping[str, Any]) -> None:
        names = tuple(facts)
        self._take(_SHAPES.get(names) or _shape_of(names), list(facts.values()))

    @classmethod
    def each(cls, rows: Iterable[tuple[bytes, tuple[str, ...], list[Any]]]) -> Iterator[tuple[bytes, Head]]:
        """Heads from rows of pseudonym, names and values, the text as bytes. The lists are not to be used afterwards.

        It is quick where one row after the other has the same tuple of names.
        """
        told, shape = None, None
        for pseudonym, names, values in rows:
            made = cls.__new__(cls)
            if shape is None or names is not told or shape.text < 0:
                told, shape = names, _SHAPES.get(names) or _shape_of(names)
                # One of a page goes the long way: by it is learned what is alike in all.
                made._take(shape, values)
            else:
                made._take_alike(shape, values)
            yield pseudonym, made

    def _take(self, shape: _Shape, values: list[Any]) -> None:
        for place in shape.shared:
            value = values[place]
            if type(value) is str:
                values[place] = _ALIKE.get(value) or _kept_once(value)
            elif type(value) is list:
                values[place] = _kept_once(tuple(value))
        if shape.text >= 0 and type(values[shape.text]) is str:
            # Bytes take half the room of a text with one Chinese character in it.
            values[shape.text] = values[shape.text].encode("utf-8", "surrogatepass")
        self._shape = shape
        self._values = tuple(values)

    def _take_alike(self, shape: _Shape, values: list[Any]) -> None:
        for place in shape.lists:
            if type(values[place]) is list:
                values[place] = tuple(values[place])
        text, values[shape.text] = values[shape.text], None  # too long to be looked up
        try:
            shared = [*map(_ALIKE.get, values, values)]
        except TypeError:  # another list in it
            values[shape.text] = text
            self._take(shape, values)
        else:
            shared[shape.text] = text
            self._shape, self._values = shape, tuple(shared)

    def __getitem__(self, name: str) -> Any:
        value = self._values[self._shape.places[name]]
        return value.decode("utf-8", "surrogatepass") if type(value) is bytes else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._shape.places)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of ``name``, or ``default``."""
        place = self._shape.places.get(name)
        return default if place is None else self[name] if name == _TEXT else self._values[place]

    @property
    def text(self) -> bytes:
        """What a search looks in, UTF-8 in lower case."""
        text: bytes = self._values[self._shape.text] if self._shape.text >= 0 else b""
        return text

    def masked(self) -> Head:
        """The same head without the vendor's verdict, for the blind policy."""
        values = list(self._values)
        for place, instead in self._shape.hidden:
            values[place] = instead
        if self._shape.text >= 0:
            values[self._shape.text] = self.text.partition(_VERDICT.encode())[2]
        made = Head.__new__(Head)
        made._shape, made._values = self._shape, tuple(values)
        return made


def told(heads: Iterable[Head], *names: str) -> Iterator[tuple[Any, ...]]:
    """These values (two or more, not the text) of every head; None for what it does not hold."""
    shape: _Shape | None = None
    pick: Callable[[tuple[Any, ...]], tuple[Any, ...]] = itemgetter(0)
    for head in heads:
        if head._shape is not shape:
            shape = head._shape
            # Behind the last value there is None.
            places = [shape.places.get(name, -1) for name in names]
            pick = itemgetter(*places)
            if -1 in places:
                pick = _with_none(pick)
        yield pick(head._values)


def _with_none(
    pick: Callable[[tuple[Any, ...]], tuple[Any, ...]],
) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    return lambda values: pick((*values, None))


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Nothing is collected meanwhile: with every thousand heads it would walk through all of them again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _shape_of(names: tuple[str, ...]) -> _Shape:
    places = {name: place for place, name in enumerate(names)}
    shared = tuple(place for place, name in enumerate(names) if name not in _OWN)
    lists = tuple(places[name] for name in _LISTS if name in places)
    hidden = tuple((places[name], instead) for name, instead in _HIDDEN.items() if name in places)
    return _SHAPES.setdefault(names, _Shape(places, shared, lists, places.get(_TEXT, -1), hidden))


def _kept_once(value: Any) -> Any:
    return _ALIKE.setdefault(value, value) if len(_ALIKE) < _MOST_ALIKE else _ALIKE.get(value, value)


def hides(case: Case) -> bool:
    """Whether the blind policy, where it is on, hides the vendor's verdict of ``case`` now."""
    something = case.stage.value in ("kept", "partial") or case.origin == CALLBACK
    return something and not case.work.round.seen


def facts_of(case: Case) -> dict[str, Any]:
    """What a head says of the reviewer's work, and the text in which a search looks."""
    work, result = case.work, case.result
    decision, dispute, pause = work.decision, work.dispute, work.pause
    text, whole = _searched(case)
    return {
        "decision": decision.outcome.value if decision else "",
        "reason_code": decision.reason if decision else "",
        "judged": work.judgement.step.value if work.judgement else "",
        "round": work.round.number,
        "sealed": work.sealed,
        "dispute": dispute.name if dispute else "",
        "deadline": dispute.deadline.isoformat() if dispute and dispute.deadline else "",
        "pause": pause.kind.value if pause else "",
        "until": pause.until.isoformat() if pause and pause.until else "",
        "held": work.hold is not None,
        "tags": list(work.tags[:_MOST_TAGS]),
        "notes": len(work.notes),
        "exceptions": [name[:40] for name, value in (result.id_exceptions or ()) if _said(value)][:4]
        if result
        else [],
        "unseen": hides(case),
        "find": text,
        "whole": whole,
    }


def full_text(case: Case) -> str:
    """Every word of a case in which a search looks, once, in lower case: the vendor's verdict, then all the rest.

    A search asks for words that all occur, so a word that comes again adds nothing.
    """
    return f"{_words(_verdict(case))}{_VERDICT}{_words(_parts(case))}"


def _words(parts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(word for part in parts for word in part.casefold().split()))


def _searched(case: Case) -> tuple[str, bool]:
    """The beginning of that text, and whether it is all of it."""
    text = full_text(case)
    if len(text) * 4 <= MOST_TEXT:
        return text, True
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) <= MOST_TEXT:
        return text, True
    end = MOST_TEXT
    while raw[end] & 0xC0 == 0x80:  # never in the middle of a character
        end -= 1
    return raw[:end].decode("utf-8", "surrogatepass"), False


def _verdict(case: Case) -> list[str]:
    result = case.result
    if result is None:
        return []
    told = [check.name for check in result.genuineness if check.finding == "attack"][:8]
    told += [name for name, value in (result.id_exceptions or ())[:8] if _said(value)]
    if result.liveness:
        told.append(result.liveness.failure_reason or "")
    told += [str(comparison.confidence) for comparison in result.comparisons[:1]]
    return [part[:80] for part in told]


def _parts(case: Case) -> list[str]:
    """Hashes and ids first: they are short, and never cut off."""
    result, work = case.result, case.work
    parts = [str(case.biz_id), case.account[:80]]
    parts += [f"#{picture.sha256[:HASH]}" for picture in case.photographs[:8]]
    if case.answer:
        parts.append(f"#{case.answer.sha256[:HASH]}")
    if result:
        parts += [(t or "")[:128] for t in (result.biz_no, result.request_id, result.verify_request_id)]
    if case.refusal:
        parts.append(case.refusal.code[:80])
    parts += [text for d in work.decisions for text in (d.reason, d.outcome.value)]
    parts += [*work.tags, case.stage.value]
    for dispute in work.disputes:
        parts += [dispute.name, dispute.who, dispute.channel, dispute.identity, dispute.grounds]
        parts += [note.text for note in dispute.notes]
    parts += [note.text for note in work.notes] + [d.note for d in work.decisions]
    parts += [work.particulars[name] for name in sorted(work.particulars)]
    if result and result.biz_extra_data:
        parts.append(result.biz_extra_data)
    return parts


def _said(value: Any) -> bool:
    return str(value) not in ("0", "", "None", "False")

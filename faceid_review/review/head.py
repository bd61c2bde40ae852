"""Heads: what they say of the reviewer's work, and how 100,000 of them stay small in memory.

A dict of thirty entries takes 1.2 kB before its values; a tuple of values beside one shared table takes a fifth. The
text in which a search looks is not among them: it is held once, with the texts of all others (``review/texts``).
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from faceid_review.review.sources import CALLBACK
from faceid_review.review.texts import VERDICT
from faceid_review.vault import heads

if TYPE_CHECKING:
    from faceid_review.review.case import Case

MOST_TEXT: Final = 1000
"""Bytes of what a head holds for the search. A case with more is looked through itself (``Casebook.select``)."""

MOST_VERDICT: Final = 400
"""Of these bytes so many at most are what the vendor's verdict says."""

HASH: Final = 16
"""Hex digits of a SHA-256 that a search knows: with more of them nothing more would be told apart."""

_MOST_TAGS: Final = 12
_SHAPES: dict[tuple[str, ...], _Shape] = {}
_FORMS: dict[tuple[Any, ...], tuple[Any, ...]] = {}
_WORDS: dict[Any, Any] = {}
_MOST_FORMS: Final = 20_000
_OWN: Final = frozenset({"biz_id", "case", "at", "entry", "bytes", "sha256", "confidence", "biz_no", "until"})
"""What differs from case to case; all other values are few, and kept once."""

_LISTS: Final = ("flags", "exceptions", "tags")

_HIDDEN: Final[Mapping[str, Any]] = {
    "passed": None, "reason": "", "confidence": None, "strictest": None, "next": None, "checks": None, "flags": (),
    "exceptions": (),
}  # fmt: skip
"""What of a head is the vendor's verdict, and what the blind policy puts in its place."""

_TEXT: Final = heads.TEXT


Pick = Callable[[Sequence[Any]], tuple[Any, ...]]


class _Shape(NamedTuple):
    """Where each name stands: from 0 on among a head's own values, below 0 (``~place``) among those it shares.

    ``own`` and ``rest`` pick both from the values as they were read; ``lists`` says where in these lists may be, and
    ``text`` where the text for the search is, or -1.
    """

    places: dict[str, int]
    own: Pick
    rest: Pick
    lists: tuple[int, ...]
    text: int


class Head(Mapping[str, Any]):
    """One head without its text, frozen. Lists in it are tuples.

    Most values are the same in thousands of heads, and together they have few forms: each form is kept once.
    """

    __slots__ = ("_own", "_rest", "_shape")

    def __init__(self, facts: Mapping[str, Any]) -> None:
        names, values = tuple(facts), list(facts.values())
        shape = _SHAPES.get(names) or _shape_of(names)
        if shape.text >= 0:
            del values[shape.text]
        self._take(shape, values)

    @classmethod
    def each(
        cls, rows: Iterable[tuple[bytes, tuple[str, ...], list[Any]]]
    ) -> Iterator[tuple[bytes, Head, bytes]]:
        """Heads and texts from rows of pseudonym, names and values. The lists are not to be used afterwards.

        It is quick where one row after the other has the same tuple of names.
        """
        told, shape = None, None
        for pseudonym, names, values in rows:
            made = cls.__new__(cls)
            if shape is None or names is not told:
                told, shape = names, _SHAPES.get(names) or _shape_of(names)
            text: bytes = values.pop(shape.text) if shape.text >= 0 else b""
            made._take(shape, values)
            yield pseudonym, made, text

    def _take(self, shape: _Shape, values: list[Any]) -> None:
        for place in shape.lists:
            if type(values[place]) is list:
                values[place] = tuple(values[place])
        self._shape, self._own, rest = shape, shape.own(values), shape.rest(values)
        try:
            self._rest = _FORMS.get(rest) or _form_of(rest)
        except TypeError:  # something in it that no version of ours wrote
            self._rest = rest

    def __getitem__(self, name: str) -> Any:
        place = self._shape.places[name]
        return self._own[place] if place >= 0 else self._rest[~place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._shape.places)

    def __len__(self) -> int:
        return len(self._shape.places)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of ``name``, or ``default``."""
        place = self._shape.places.get(name)
        if place is None:
            return default
        return self._own[place] if place >= 0 else self._rest[~place]

    def masked(self) -> Head:
        """The same head without the vendor's verdict, for the blind policy."""
        return Head({name: _HIDDEN.get(name, value) for name, value in self.items()})


def told(heads: Iterable[Head], *names: str) -> Iterator[tuple[Any, ...]]:
    """These values of every head; None for what it does not hold."""
    shape: _Shape | None = None
    for head in heads:
        if head._shape is not shape:
            shape = head._shape
            places = [shape.places.get(name) for name in names]
            of_own = all(place is not None and place >= 0 for place in places)
            none = len(head._own)
            # In its own values, or in those, one None and the shared ones.
            pick = _picker([none if p is None else p if p >= 0 else none + 1 + ~p for p in places])
        yield pick(head._own if of_own else (*head._own, None, *head._rest))


def places_of(heads: Iterable[Head], name: str, value: Any) -> list[int]:
    """Where in ``heads`` those stand of which ``name`` is ``value``."""
    found, shape, at = list[int](), None, 0
    for place, head in enumerate(heads):
        if head._shape is not shape:
            shape = head._shape
            at = shape.places[name]
        if (head._own[at] if at >= 0 else head._rest[~at]) == value:
            found.append(place)
    return found


def _picker(places: Sequence[int]) -> Pick:
    if len(places) == 1:
        (only,) = places
        return lambda values: (values[only],)
    return itemgetter(*places) if places else lambda _: ()


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
    read = [name for name in names if name != _TEXT]
    own = [place for place, name in enumerate(read) if name in _OWN]
    rest = [place for place, name in enumerate(read) if name not in _OWN]
    stands = {place: at for at, place in enumerate(own)} | {place: ~at for at, place in enumerate(rest)}
    lists = tuple(place for place, name in enumerate(read) if name in _LISTS)
    text = names.index(_TEXT) if _TEXT in names else -1
    places = {name: stands[place] for place, name in enumerate(read)}
    return _SHAPES.setdefault(names, _Shape(places, _picker(own), _picker(rest), lists, text))


def _form_of(rest: tuple[Any, ...]) -> tuple[Any, ...]:
    """A form met for the first time; its words are those of the forms before, where they are the same."""
    alike = tuple(_WORDS.setdefault(v, v) if type(v) in (str, tuple) else v for v in rest)
    return _FORMS.setdefault(alike, alike) if len(_FORMS) < _MOST_FORMS else alike


def text_of(facts: Mapping[str, Any]) -> bytes | None:
    """What a search looks in, UTF-8 in lower case; None where ``facts`` do not say it anew."""
    text = facts.get(_TEXT)
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


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
    return f"{_words(_verdict(case))}{VERDICT.decode()}{_words(_parts(case))}"


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
    # Whatever a vendor calls its exceptions: the ids and hashes behind them are found.
    verdict, _, rest = raw.partition(VERDICT)
    short = _cut(_cut(verdict, MOST_VERDICT) + VERDICT + rest, MOST_TEXT)
    return short.decode("utf-8", "surrogatepass"), False


def _cut(raw: bytes, most: int) -> bytes:
    """The beginning of a text in UTF-8, no character torn."""
    end = min(len(raw), most)
    while end < len(raw) and raw[end] & 0xC0 == 0x80:
        end -= 1
    return raw[:end]


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

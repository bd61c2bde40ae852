"""The cases as a work list: where each stands, saved views, filters, search, and the next one that needs somebody.

Everything here reads heads in memory. The order is that of the case numbers; what one types is looked for in one
text a case, in lower case, held beside the heads.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final

from faceid_review.review.disputes import day
from faceid_review.review.head import HASH, Head, places_of, text_of, told
from faceid_review.review.judging import PauseKind
from faceid_review.review.narrowing import NAMES, tests_of
from faceid_review.review.texts import Gathered, Searched, Texts

_HEX: Final = frozenset("0123456789abcdef")
_YEAR: Final = 10**9
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_FREE: Final = frozenset({"queued", "not_sent", "cancelled", "asking"})


class WorkState(StrEnum):
    """Where the reviewer's work stands; every case is in exactly one."""

    AT_RISK = "at-risk"
    MINE = "mine"
    DISPUTE = "dispute"
    WAITING = "waiting"
    ON_HOLD = "on-hold"
    SNOOZED = "snoozed"
    SEALED = "sealed"


@dataclass(frozen=True)
class Query:
    """What a list shows; what is empty or None does not narrow it. ``text`` may be several words: all must occur.

    ``passed`` is about liveness; ``band`` the strictest threshold passed, or ``none``; ``finding`` a genuineness check
    that reached its threshold, or ``any``; ``exception`` a name in id_exceptions, or ``any``; ``decision`` an outcome,
    or ``none``; ``since`` and ``until`` are days of the answer, both included, in the machine's own zone; ``due`` is
    the most days to a deadline (0 today, -1 past); ``disputed`` an open dispute, in whichever state.
    """

    text: str = ""
    stage: str = ""
    work: str = ""
    passed: bool | None = None
    reason: str = ""
    band: str = ""
    finding: str = ""
    exception: str = ""
    decision: str = ""
    tag: str = ""
    since: date | None = None
    until: date | None = None
    due: int | None = None
    disputed: bool | None = None

    @property
    def narrows(self) -> bool:
        """Whether it asks for anything at all."""
        return self != Query()


VIEWS: Final[Mapping[str, Query]] = {
    "at-risk": Query(work=WorkState.AT_RISK),
    "mine": Query(work=WorkState.MINE),
    "disputes": Query(disputed=True),
    "waiting": Query(work="paused"),
    "all": Query(),
}
"""The views that are always there, in the order of their keys."""


def query_of(facts: Mapping[str, Any]) -> Query:
    """The query that :func:`facts_of_query` wrote down; what this version does not know is left out."""
    known: dict[str, Any] = {}
    for field in fields(Query):
        value = facts.get(field.name)
        if field.name in ("since", "until"):
            value = day(value)
        if value is not None and (not isinstance(field.default, str) or isinstance(value, str)):
            known[field.name] = value
    return Query(**known)


def facts_of_query(query: Query) -> dict[str, Any]:
    """A query as plain JSON values, without what it does not ask for."""
    said = {field.name: getattr(query, field.name) for field in fields(Query)}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in said.items()
        if value not in (None, "")
    }


@dataclass(frozen=True)
class Alike:
    """Other cases of this vault that share something with one: its biz_no, or a picture to the byte."""

    biz_no: tuple[str, ...] = ()
    picture: tuple[str, ...] = ()


_PAUSED: Final = frozenset({WorkState.WAITING, WorkState.ON_HOLD, WorkState.SNOOZED})


def state_of(head: Mapping[str, Any], now: datetime) -> WorkState:
    """Where the work on a case stands at ``now``.

    The vendor's day runs on, so an id that may still be asked is at risk whatever else is said of it. A pause comes
    before a dispute, a dispute before everything else; a purged case is at its end.
    """
    stage = head["stage"]
    if stage in _FREE and head.get("origin") != "callback":
        return WorkState.AT_RISK
    if stage == "purged":
        return WorkState.SEALED
    pause = head.get("pause")
    if pause == PauseKind.SNOOZED and datetime.fromisoformat(head["until"]) <= now:
        pause = ""
    if pause:
        return WorkState(pause)
    if head.get("dispute"):
        return WorkState.DISPUTE
    return WorkState.SEALED if head.get("sealed") else WorkState.MINE


class Worklist:
    """All heads of a vault, in the order of the case numbers. Any thread may call: nothing here waits for a disk.

    With ``blind`` nothing of a hidden verdict is shown or found; ``get``, ``values`` and ``in`` are for the rules
    alone, and know everything.
    """

    def __init__(self, heads: Iterable[Head] = (), texts: Gathered | None = None) -> None:
        self._lock = threading.RLock()
        self._blind = False
        self._now = datetime.now(UTC)
        given = list(heads)
        named = list(told(given, "case", "biz_id"))
        keys = [_by_number(number) for number, _ in named]
        order = sorted(range(len(given)), key=keys.__getitem__)
        self._keys = array("q", (keys[place] for place in order))
        self._heads = [given[place] for place in order]
        self._ids = [named[place][1] for place in order]
        self._place = {biz_id: place for place, biz_id in enumerate(self._ids)}
        states = _States(self._now)
        kinds = told(self._heads, "stage", "origin", "pause", "dispute", "sealed")
        self._states = [states.of(kind, head) for kind, head in zip(kinds, self._heads, strict=True)]
        self._snoozed = states.snoozed
        self._until = min((until for until in self._snoozed.values() if until > self._now), default=_NEVER)
        """From ``_now`` until then no snoozed case comes back."""
        self._visible = self._heads
        """As the heads may be shown: the same list, unless the blind policy hides something."""
        self._texts = Texts(Searched(named[place][0], texts[place] if texts else b"") for place in order)
        self._last_typed: tuple[tuple[str, ...], Sequence[int]] = ((), ())
        self._columns_by_name: dict[str, list[Any]] = {}
        """Values as they may be shown, one list a name, made when a filter asks for them."""
        self._needing: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self._heads)

    def __contains__(self, biz_id: object) -> bool:
        return biz_id in self._place

    @property
    def blind(self) -> bool:
        """Whether the policy is on."""
        return self._blind

    @blind.setter
    def blind(self, on: bool) -> None:
        with self._lock:
            if on != self._blind:
                self._blind = on
                self._visible = [self._shown(head) for head in self._heads] if on else self._heads
                self._texts.veil([self._veils(head) for head in self._heads])
                self._columns_by_name.clear()
                self._last_typed = ((), ())

    def make_ready(self) -> None:
        """Do beforehand, on a worker, what the first filter would otherwise do."""
        with self._lock:
            self._column(NAMES[0])

    def update(self, heads: Mapping[str, Mapping[str, Any]]) -> None:
        """Take in heads, new or changed; one that does not say its text anew keeps the one it has."""
        with self._lock:
            self._last_typed = ((), ())
            for facts in heads.values():
                self._put(Head(facts), text_of(facts))

    def get(self, biz_id: str) -> Mapping[str, Any] | None:
        """The head of one case with everything in it, or None."""
        with self._lock:
            place = self._place.get(biz_id)
            return None if place is None else self._heads[place]

    def values(self) -> tuple[Mapping[str, Any], ...]:
        """Every head with everything in it, by case number."""
        return tuple(self._heads)

    def shown(self, biz_id: str) -> Mapping[str, Any] | None:
        """The head of one case as it may be shown, or None."""
        with self._lock:
            place = self._place.get(biz_id)
            return None if place is None else self._visible[place]

    def all(self) -> tuple[Mapping[str, Any], ...]:
        """Every head as it may be shown, by case number."""
        return tuple(self._visible)

    def select(self, query: Query, now: datetime) -> tuple[Mapping[str, Any], ...]:
        """The heads that ``query`` asks for, as they may be shown, by case number."""
        with self._lock:
            found, visible = self._places(query, now), self._visible
            return tuple(visible if len(found) == len(visible) else [visible[place] for place in found])

    def partly(self, query: Query, now: datetime) -> tuple[str, ...]:
        """The ids that ``query`` asks for but for its text, whose text is longer than what their head holds."""
        with self._lock:
            found, whole = self._places(replace(query, text=""), now), self._column("whole")
            return tuple(self._ids[place] for place in found if whole[place] is False)

    def text(self, biz_id: str) -> str:
        """The text of one case in which a search looks, in lower case; empty where there is none."""
        with self._lock:
            return (
                self._texts[self._place[biz_id]].decode("utf-8", "replace") if biz_id in self._place else ""
            )

    def count(self, query: Query, now: datetime) -> int:
        """How many cases ``query`` asks for."""
        with self._lock:
            return len(self._places(query, now))

    def state(self, biz_id: str, now: datetime) -> WorkState | None:
        """Where the work on one case stands."""
        head = self.get(biz_id)
        return None if head is None else state_of(head, now)

    def needing(self, now: datetime) -> tuple[str, ...]:
        """The cases that need somebody: disputes by their deadline, then what is mine by case number."""
        with self._lock:
            self._wake(now)
            if self._needing is None:
                ids, states, heads = self._ids, self._states, self._heads
                disputed = [place for place, state in enumerate(states) if state is WorkState.DISPUTE]
                disputed.sort(key=lambda place: heads[place].get("deadline") or "9")
                mine = [b for b, state in zip(ids, states, strict=True) if state is WorkState.MINE]
                self._needing = (*(ids[place] for place in disputed), *mine)
            return self._needing

    def following(self, biz_id: str, now: datetime, *, back: bool = False) -> str | None:
        """The next case that needs somebody after ``biz_id``, and round again; None where no other does."""
        needing = self.needing(now)
        if not needing or needing == (biz_id,):
            return None
        if biz_id not in needing:
            return needing[-1] if back else needing[0]
        return needing[(needing.index(biz_id) + (-1 if back else 1)) % len(needing)]

    def alike(self, biz_id: str, pictures: Sequence[str]) -> Alike:
        """The other cases with the biz_no of ``biz_id``, and with one of these pictures (SHA-256)."""
        wanted = [f"#{sha256[:HASH]}".encode() for sha256 in dict.fromkeys(pictures)]
        with self._lock:
            ids, place = self._ids, self._place.get(biz_id)
            number = self._heads[place].get("biz_no") if place is not None else ""
            numbers = told(self._heads, "biz_no", "biz_id") if number else ()
            numbered = [b for named, b in numbers if named == number]
            everywhere = range(len(ids))
            shared = {n for w in wanted for n in self._texts.holding([w], everywhere)}
            pictured = [ids[n] for n in sorted(shared)]
        return Alike(tuple(b for b in numbered if b != biz_id), tuple(b for b in pictured if b != biz_id))

    def with_pictures(self) -> int:
        """How many cases hold photographs."""
        return sum(1 for n, stage in told(self._heads, "pictures", "stage") if n and stage != "purged")

    def standing(self, stage: str) -> tuple[str, ...]:
        """The ids at this stage, by case number."""
        with self._lock:
            return tuple(self._ids[place] for place in places_of(self._heads, "stage", stage))

    def highest(self) -> dict[int, int]:
        """For each year the highest number of a case."""
        with self._lock:
            highest: dict[int, int] = {}
            end = len(self._keys)
            while end:
                year, highest_of_year = divmod(self._keys[end - 1], _YEAR)
                highest[year] = highest_of_year
                end = bisect_left(self._keys, year * _YEAR)
            return highest

    def _put(self, head: Head, text: bytes | None) -> None:
        biz_id, state, shown = head["biz_id"], state_of(head, datetime.now(UTC)), self._shown(head)
        self._snoozed.pop(biz_id, None)
        if head.get("pause") == PauseKind.SNOOZED:
            self._snoozed[biz_id] = _moment(head["until"])
            self._until = _ALWAYS
        self._needing = None
        place = self._place.get(biz_id)
        if place is None:
            key = _by_number(head["case"])
            place = bisect_left(self._keys, key)
            self._keys.insert(place, key)
            self._ids.insert(place, biz_id)
            for several, one in self._columns(head, state, shown):
                several.insert(place, one)
            self._texts.insert(place, Searched(head["case"], text or b"", self._veils(head)))
            if place == len(self._ids) - 1:
                self._place[biz_id] = place
            else:
                self._place = {b: n for n, b in enumerate(self._ids)}
        else:
            for several, one in self._columns(head, state, shown):
                several[place] = one
            if text is not None:
                self._texts.put(place, Searched(head["case"], text, self._veils(head)))

    def _columns(self, head: Head, state: WorkState, shown: Head) -> Iterator[tuple[list[Any], Any]]:
        yield self._heads, head
        yield self._states, state
        for name, several in self._columns_by_name.items():
            yield several, shown.get(name)
        if self._visible is not self._heads:
            yield self._visible, shown

    def _veils(self, head: Head) -> bool:
        """Whether the policy hides the vendor's verdict of a case now."""
        return self._blind and bool(head.get("unseen"))

    def _shown(self, head: Head) -> Head:
        return head.masked() if self._veils(head) else head

    def _wake(self, now: datetime) -> None:
        """A snoozed case comes back by itself: nothing writes that down."""
        if self._now <= now < self._until:
            return
        for biz_id in self._snoozed:
            place = self._place[biz_id]
            self._states[place] = state_of(self._heads[place], now)
        self._now, self._needing = now, None
        self._until = min((until for until in self._snoozed.values() if until > now), default=_NEVER)

    def _column(self, name: str) -> list[Any]:
        if not self._columns_by_name:
            # All at once: the way through 100,000 heads takes longer than what is taken along on it.
            columns: list[list[Any]] = [[] for _ in NAMES]
            takers = [several.append for several in columns]
            for values in told(self._visible, *NAMES):
                for take, value in zip(takers, values, strict=True):
                    take(value)
            self._columns_by_name = dict(zip(NAMES, columns, strict=True))
        return self._columns_by_name[name]

    def _places(self, query: Query, now: datetime) -> Sequence[int]:
        self._wake(now)
        found: Sequence[int] = range(len(self._heads))
        if query.work:
            states, named = self._states, _PAUSED if query.work == "paused" else {query.work}
            found = [place for place, state in enumerate(states) if state in named]
            found = self._holding(words_of(query.text), found)
        elif words := words_of(query.text):
            found = self._typed(words)
        for names, test in tests_of(query, now):
            first, *others = (self._column(name) for name in names)
            if others:
                found = [place for place in found if test(first[place], others[0][place])]
            else:
                found = [place for place in found if test(first[place])]
        return found

    def _typed(self, words: Sequence[str]) -> Sequence[int]:
        """The places with all these words. Of what one types, each letter narrows what the one before it found."""
        before, found = self._last_typed
        if not before or not _continues(before, words):
            before, found = (), range(len(self._heads))
        found = self._holding([word for word in words if word not in before], found)
        self._last_typed = (tuple(words), found)
        return found

    def _holding(self, words: Iterable[str], found: Sequence[int]) -> Sequence[int]:
        return self._texts.holding([word.encode("utf-8", "surrogatepass") for word in words], found)


def _continues(before: Sequence[str], words: Sequence[str]) -> bool:
    """Whether whatever holds ``words`` also holds the words before them."""
    return len(words) >= len(before) and all(
        now.startswith(was) for was, now in zip(before, words, strict=False)
    )


def words_of(text: str) -> list[str]:
    """What is looked for: every word in lower case; of a longer SHA-256 its beginning."""
    words = text.casefold().split()
    return [word[:HASH] if len(word) > HASH and set(word) <= _HEX else word for word in words]


def _by_number(number: str) -> int:
    """FR-2026-00002 before FR-2026-100000."""
    _, year, within = number.split("-")
    return int(year) * _YEAR + int(within)


def _moment(until: str) -> datetime:
    return datetime.fromisoformat(until)


class _States:
    """Where the work on each stands. Of most there are few kinds; only for a snoozed one the time counts."""

    def __init__(self, now: datetime) -> None:
        self.snoozed: dict[str, datetime] = {}
        self._now = now
        self._known: dict[tuple[Any, ...], WorkState] = {}

    def of(self, kind: tuple[Any, ...], head: Head) -> WorkState:
        """The state of ``head``, whose stage, origin, pause, dispute and seal are ``kind``."""
        state = self._known.get(kind)
        if state is None:
            state = state_of(head, self._now)
            if head.get("pause") == PauseKind.SNOOZED:
                self.snoozed[head["biz_id"]] = _moment(head["until"])
            else:
                self._known[kind] = state
        return state

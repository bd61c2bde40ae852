"""A queue laid out: which rows stand in which group, sorted. Made off the GUI thread, shown in an instant.

With 100,000 cases making keys takes a few tenths of a second, laying out what is known a few hundredths; so keys are
remembered for as long as a head is the same object, and rows are made when they are looked at.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, cast

from faceid_review.desk.queue.row import Group, Key, Row, key_of, place_of
from faceid_review.review.head import collector_at_rest

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Placed(NamedTuple):
    """A row, or the head it is made of, with its group and its place there."""

    row: Row | Mapping[str, Any]
    group: Group
    key: Key


@dataclass
class Listing:
    """Every row by its biz_id, and for each group the sorted keys, which end in the biz_id.

    ``counts`` says of each saved view how many cases it holds.
    """

    placed: dict[str, Placed] = field(default_factory=dict)
    keys: dict[Group, list[Key]] = field(default_factory=lambda: {group: [] for group in Group})
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Row], now: datetime) -> Listing:
        """Rows laid out; of two with one biz_id the later counts."""
        made = cls({row.biz_id: Placed(row, *key_of(row, now)) for row in rows})
        for one in made.placed.values():
            made.keys[one.group].append(one.key)
        for keys in made.keys.values():
            keys.sort()
        return made


class Lister:
    """Lays out heads. One at a time; any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[int, Placed] = {}
        self._since, self._wakes = _NEVER, _NEVER
        """Between these moments no snoozed case that is known comes back."""

    def lay_out(self, heads: Sequence[Mapping[str, Any]], now: datetime) -> Listing:
        """These heads as a listing."""
        with self._lock, collector_at_rest():
            known = self._known
            if not self._since <= now < self._wakes:
                known.clear()
                self._wakes = _NEVER
            self._since = now
            # Each head is held by what is known of it, so that no other can come to have its number.
            found = list(map(known.get, map(id, heads)))
            for place, one in enumerate(found):
                if one is None:
                    found[place] = self._learn(heads[place], now)
            placed = cast("list[Placed]", found)
            made = Listing({one[2][-1]: one for one in placed})
            keys = made.keys
            for one in placed:
                keys[one[1]].append(one[2])
            for of_group in keys.values():
                of_group.sort()
            if len(known) > 2 * len(heads) + 100_000:
                self._known = {id(one.row): one for one in placed}
            return made

    def _learn(self, head: Mapping[str, Any], now: datetime) -> Placed:
        one = Placed(head, *place_of(head, now))
        # What is at risk counts from the clock, and is worked out each time.
        if one.group is not Group.RISK:
            self._known[id(head)] = one
            until = head.get("until")
            if until and (wakes := datetime.fromisoformat(until)) > now:
                self._wakes = min(self._wakes, wakes)
        return one

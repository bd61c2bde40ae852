"""The ids that Fetch was pressed for, and what has become of each so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Final

from faceid_review.review.case import Stage
from faceid_review.review.retrieval import Retrieval

_NOT_ASKED: Final = (Stage.QUEUED, Stage.NOT_SENT, Stage.CANCELLED)


class Batch:
    """``running`` from the moment it starts until nothing of it is under way; it is remembered afterwards.

    Only what was told is noted: an id of which nothing was told waits, or once it is over was not asked.
    """

    def __init__(self) -> None:
        self.running = False
        self._ids: dict[str, None] = {}
        self._told: dict[str, Retrieval] = {}
        self._counts: Counter[Stage] = Counter()

    def start(self, biz_ids: Sequence[str]) -> None:
        """Forget the batch before and begin with these ids, none of them asked yet."""
        self.running = True
        self._ids = dict.fromkeys(biz_ids)
        self._told = {}
        self._counts = Counter()

    def take(self, retrieval: Retrieval) -> None:
        """Note what became of one id. An id held back, so never asked, counts as withdrawn."""
        if retrieval.stage is Stage.QUEUED and retrieval.error is not None:
            retrieval = replace(retrieval, stage=Stage.CANCELLED)
        before = self._told.get(retrieval.biz_id)
        if before is not None:
            self._counts[before.stage] -= 1
        self._ids.setdefault(retrieval.biz_id)
        self._told[retrieval.biz_id] = retrieval
        self._counts[retrieval.stage] += 1

    def end(self) -> None:
        """Nothing of it is under way any more: what still waits was not asked."""
        self.running = False

    def of(self, biz_id: str) -> Retrieval | None:
        """What became of an id; None where it is not of this batch."""
        if biz_id not in self._ids:
            return None
        told = self._told.get(biz_id)
        if told is None or (told.stage is Stage.QUEUED and not self.running):
            return Retrieval(biz_id, self._untold)
        return told

    def free(self, biz_id: str) -> bool:
        """Whether an id may be asked as far as this batch knows: not of it, or over and never sent."""
        if biz_id not in self._ids:
            return True
        told = self._told.get(biz_id)
        return not self.running and (told is None or told.stage.free_to_ask)

    @property
    def taken(self) -> Set[str]:
        """The ids that may not be asked as far as this batch knows: those that :meth:`free` denies."""
        if self.running:
            return self._ids.keys()
        return {biz_id for biz_id, told in self._told.items() if not told.stage.free_to_ask}

    @property
    def counts(self) -> Mapping[Stage, int]:
        """How many ids are in each stage."""
        counts = Counter(self._counts)
        # Once it is over, what was told to wait was not asked either.
        untold = self.size - len(self._told) + counts.pop(Stage.QUEUED, 0)
        counts[self._untold] += untold
        return counts

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stage of every id, in the order they are asked."""
        return tuple(told.stage for biz_id in self._ids if (told := self.of(biz_id)))

    @property
    def size(self) -> int:
        """How many ids there are."""
        return len(self._ids)

    @property
    def asked(self) -> int:
        """How many have been asked, or are being asked now."""
        counts = self.counts
        return self.size - sum(counts.get(stage, 0) for stage in _NOT_ASKED)

    @property
    def _untold(self) -> Stage:
        return Stage.QUEUED if self.running else Stage.CANCELLED

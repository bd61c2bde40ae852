"""The ids that Fetch was pressed for, and what has become of each so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from faceid_review.review.case import Stage
from faceid_review.review.retrieval import Retrieval

_NOT_ASKED: Final = (Stage.QUEUED, Stage.NOT_SENT, Stage.CANCELLED)


class Batch:
    """``running`` from the moment it starts until nothing of it is under way; it is remembered afterwards."""

    def __init__(self) -> None:
        self.running = False
        self._told: dict[str, Retrieval] = {}
        self._counts: Counter[Stage] = Counter()

    def start(self, biz_ids: Sequence[str]) -> None:
        """Forget the batch before and begin with these ids, none of them asked yet."""
        self.running = True
        self._told = {biz_id: Retrieval(biz_id, Stage.QUEUED) for biz_id in biz_ids}
        self._counts = Counter({Stage.QUEUED: len(self._told)})

    def take(self, retrieval: Retrieval) -> None:
        """Note what became of one id. An id held back, so never asked, counts as withdrawn."""
        if retrieval.stage is Stage.QUEUED and retrieval.error is not None:
            retrieval = replace(retrieval, stage=Stage.CANCELLED)
        before = self._told.get(retrieval.biz_id)
        if before is not None:
            self._counts[before.stage] -= 1
        self._told[retrieval.biz_id] = retrieval
        self._counts[retrieval.stage] += 1

    def end(self) -> None:
        """Nothing of it is under way any more."""
        self.running = False

    def of(self, biz_id: str) -> Retrieval | None:
        """What became of an id; None where it is not of this batch."""
        return self._told.get(biz_id)

    def free(self, biz_id: str) -> bool:
        """Whether an id may be asked as far as this batch knows: not of it, or over and never sent."""
        told = self._told.get(biz_id)
        return told is None or (not self.running and told.stage.free_to_ask)

    @property
    def counts(self) -> Mapping[Stage, int]:
        """How many ids are in each stage."""
        return self._counts

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stage of every id, in the order they are asked."""
        return tuple(told.stage for told in self._told.values())

    @property
    def size(self) -> int:
        """How many ids there are."""
        return len(self._told)

    @property
    def asked(self) -> int:
        """How many have been asked, or are being asked now."""
        return self.size - sum(self._counts[stage] for stage in _NOT_ASKED)

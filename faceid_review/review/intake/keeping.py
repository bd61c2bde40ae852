"""Looking and taking in: one pass over the given files, a few answers to a transaction, memory bounded.

One thread reads and recognises, two seal what is new, one writes: hashing, sealing and SQLite let the others work.
A batch is written whole or not at all and read again; whatever ends the import in between, what was told as kept is.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from faceid_review.errors import ReviewError
from faceid_review.faceid import callback
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.result import VerificationResult
from faceid_review.review import case as cases
from faceid_review.review.accounts import AccountBook
from faceid_review.review.case import Stage
from faceid_review.review.casebook import Casebook, Incoming
from faceid_review.review.intake import saying, slim
from faceid_review.review.intake.places import Kept, Kind, Looked, Place, Preview, Source, What
from faceid_review.review.intake.reading import Reading
from faceid_review.review.intake.recognising import Found
from faceid_review.review.intake.saying import Said
from faceid_review.review.sources import LONGEST_READ
from faceid_review.vault.entry import Entry
from faceid_review.vault.vault import Vault

Progress = Callable[[Looked], None]
Cancelled = Callable[[], bool]

BATCH: Final = 32
BATCH_BYTES: Final = 12 * 1024 * 1024
"""A transaction ends with this many answers or bytes: short enough for a question under way to wait for."""

_UNDER_WAY: Final = BATCH
_SEALING: Final = 3
_ACT: Final = {What.ANSWER: "imported", What.CALLBACK: "callback"}


@dataclass(frozen=True)
class _Read:
    """What was made of a find beside the caller: what it says and, where it is to be kept, what is written."""

    place: Place
    said: Said
    incoming: Incoming | None = field(default=None, repr=False)


@dataclass
class _Known:
    """What is known of one id: the bytes that are kept or on their way, and what its first source says."""

    bytes: set[tuple[str, str]]
    said: Said | None = None
    in_vault: bool = False
    purged: bool = False


class Intake:
    """The door of one vault for what comes as files."""

    def __init__(self, vault: Vault, casebook: Casebook, accounts: AccountBook) -> None:
        self._vault, self._casebook, self._accounts = vault, casebook, accounts

    def look(
        self,
        sources: Iterable[Source],
        progress: Progress = lambda _: None,
        cancelled: Cancelled = lambda: False,
    ) -> Preview:
        """What ``sources`` (files, folders, pasted bytes) hold. Reads each once, bounded, and writes nothing."""
        reading = Reading(sources, progress, cancelled)
        one = _Pass(self._vault, self._casebook, self._accounts, None)
        places = tuple(read.place for read in one.over(reading, write=False))
        return Preview(reading.sources, places, reading.cancelled)

    def keep(
        self,
        what: Preview | Iterable[Source],
        progress: Progress = lambda _: None,
        cancelled: Cancelled = lambda: False,
    ) -> Kept:
        """Take in what ``sources`` hold, or what a preview has shown; what changed since then is not taken in.

        Never raises a :class:`ReviewError`: one that ends the import (a full disk) is in what is given back.
        """
        preview = what if isinstance(what, Preview) else None
        reading = Reading(preview.sources if preview else what, progress, cancelled)  # type: ignore[arg-type]
        one = _Pass(self._vault, self._casebook, self._accounts, preview)
        places: list[Place] = []
        try:
            # One batch is on its way to the disk while the next is read and sealed.
            with ThreadPoolExecutor(1, "keeping") as writer:
                under_way = writer.submit(self._write, [])
                for batch in _batches(one.over(reading, write=True)):
                    places += under_way.result()
                    under_way = writer.submit(self._write, batch)
                places += under_way.result()
        except ReviewError as error:
            return Kept(tuple(places), reading.cancelled, error)
        return Kept((*places, *one.missing(reading)), reading.cancelled)

    def _write(self, batch: list[_Read]) -> list[Place]:
        if written := [read.incoming for read in batch if read.incoming]:
            self._casebook.take_in(written)
        return [read.place for read in batch]


def _batches(reads: Iterable[_Read]) -> Iterator[list[_Read]]:
    batch: list[_Read] = []
    size = 0
    for read in reads:
        batch.append(read)
        size += read.place.size if read.incoming else 0
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Pass:
    """One look or one import: what it has seen so far decides what the next place is."""

    def __init__(
        self, vault: Vault, casebook: Casebook, accounts: AccountBook, preview: Preview | None
    ) -> None:
        self._vault, self._casebook, self._accounts = vault, casebook, accounts
        self._known: dict[BizId, _Known] = {}
        self._secrets: dict[str, str] | None = None
        self._shown: defaultdict[str, deque[Place]] | None = None
        if preview:
            self._shown = defaultdict(deque)
            for place in preview.places:
                self._shown[place.label].append(place)

    def over(self, reading: Reading, *, write: bool) -> Iterator[_Read]:
        """Everything that is found, in order, examined by other threads a little ahead of the caller."""
        ahead: deque[tuple[Place, Future[_Read] | None, int]] = deque()
        size = 0
        with ThreadPoolExecutor(_SEALING, "sealing") as pool:
            for found in reading.over(pool):
                place = self._placed(found)
                future = None
                if place.kind.taken_in:
                    verdict = self._verdict(found)
                    future = pool.submit(self._examined, found, place, verdict, write=write)
                ahead.append((place, future, len(found.data)))
                size += len(found.data)
                while len(ahead) > _UNDER_WAY or (ahead and size > 2 * BATCH_BYTES):
                    size -= ahead[0][2]
                    yield self._settled(*ahead.popleft())
            while ahead:
                yield self._settled(*ahead.popleft())

    def missing(self, reading: Reading) -> Iterator[Place]:
        """What a preview has shown and is not there any more."""
        if self._shown is not None and not reading.cancelled:
            for places in self._shown.values():
                for place in places:
                    yield replace(place, kind=Kind.UNREADABLE, problem="changed")

    def _placed(self, found: Found) -> Place:
        sha256 = found.sha256
        place = Place(found.label, found.what, Kind.NEW, found.biz_id, len(found.data), sha256, found.problem)
        if self._shown is not None:
            there = self._shown[found.label].popleft() if self._shown[found.label] else None
            if there is None or (there.sha256, there.biz_id) != (sha256, found.biz_id):
                return replace(place, kind=Kind.UNREADABLE, problem="changed")
        if found.what is None or found.biz_id is None:
            return replace(place, kind=Kind.UNREADABLE, facts=found.facts)
        known = self._about(found.biz_id)
        act = _ACT[found.what]
        if known.purged:
            return replace(place, kind=Kind.PURGED)
        if (act, sha256) in known.bytes:
            return replace(place, kind=Kind.DUPLICATE)
        second = bool(known.bytes)
        known.bytes.add((act, sha256))
        return replace(place, kind=Kind.SECOND if second else Kind.NEW)

    def _about(self, biz_id: BizId) -> _Known:
        if biz_id not in self._known:
            known = _Known(set())
            if row := self._casebook.row(biz_id):
                known.purged = row["stage"] == Stage.PURGED
                for entry in self._vault.ledger.entries(biz_id):
                    if entry.act in ("answer", "imported", "callback"):
                        act = "callback" if entry.act == "callback" else "imported"
                        known.bytes.add((act, entry.facts["sha256"]))
                        known.in_vault = True
            self._known[biz_id] = known
        return self._known[biz_id]

    def _settled(self, place: Place, future: Future[_Read] | None, _: int) -> _Read:
        if future is None:
            return _Read(place, saying.NOTHING)
        read = future.result()
        known = self._known[read.place.biz_id or BizId("")]
        if read.place.kind is Kind.SECOND:
            if known.said is None and known.in_vault:
                known.said = self._said_in_vault(read.place.biz_id or BizId(""))
            differs = bool(known.said and saying.differ(known.said, read.said))
            read = replace(read, place=replace(read.place, differs=differs))
        known.said = known.said or read.said
        return read

    def _said_in_vault(self, biz_id: BizId) -> Said:
        case = self._casebook.unmasked(biz_id)
        if case.answer is not None:
            _, digests, document = slim.read(case.answer.body, slim.parsed(case.answer.body))
            return saying.of(document, digests)
        read = callback.read(case.callbacks[0].body) if case.callbacks else None
        return saying.of(slim.json_of(read.document)) if read else saying.NOTHING

    def _verdict(self, found: Found) -> callback.SignVerdict | None:
        if found.callback is None:
            return None
        if self._secrets is None:
            self._secrets = self._accounts.secrets()
        row = self._casebook.row(found.biz_id or "") or {}
        # As it is, whether its secret is at hand or not: another account's secret is never the matching one.
        return callback.check(found.callback, self._secrets, row.get("account") or None)

    # ---- on another thread, with nothing but what is given

    def _examined(
        self, found: Found, place: Place, verdict: callback.SignVerdict | None, *, write: bool
    ) -> _Read:
        facts: dict[str, Any] = {"name": place.label, "sha256": place.sha256, "bytes": place.size}
        if found.callback is not None and verdict is not None:
            told = {"form": found.callback.form.value, "sign": verdict.sign, "algorithm": verdict.algorithm}
            told |= {"diagnosis": verdict.diagnosis, "account": verdict.account}
            facts["changes"] = list(verdict.changes)
            facts |= told
            result = found.callback.result
            said = saying.of(slim.json_of(found.callback.document))
        else:
            result, digests, document = slim.read(found.data, found.slim or slim.parsed(found.data))
            if place.size > LONGEST_READ:
                result = VerificationResult.read(b"")
            said = saying.of(document, digests)
            facts |= {"status": found.facts.get("status", 0), "complete": document is not None}
            facts["headers"] = [list(pair) for pair in found.facts.get("headers", ())]
            told = {}
        act = _ACT[place.what or What.ANSWER]
        entry = Entry(
            0, datetime.now(UTC), "", act, place.biz_id or "", {**facts, "case": "FR-0-0"}, None, b""
        )
        case = cases.fold([entry], {0: found.data if place.size <= LONGEST_READ else b""}, lambda _: result)
        place = replace(place, facts=told or {"stage": case.stage.value})
        if not write or place.biz_id is None:
            return _Read(place, said)
        sealed = self._vault.ledger.sealed(found.data)
        return _Read(place, said, Incoming(act, place.biz_id, facts, sealed, cases.facts_of(case)))

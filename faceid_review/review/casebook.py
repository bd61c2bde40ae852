"""What a reviewer can do with cases: find, open, record. The list lives in memory, folded from the vault."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from faceid_review.errors import Damaged, NotAllowed, ReviewError, Usage, VaultClosed
from faceid_review.faceid.biz_id import BizId
from faceid_review.review import case as cases
from faceid_review.review.blind import masked
from faceid_review.review.case import Case, Stage
from faceid_review.review.head import Head, collector_at_rest, full_text, hides, told
from faceid_review.review.personal import WORDS
from faceid_review.review.recognition import Survey, survey
from faceid_review.review.sources import LONGEST_READ, as_it_came
from faceid_review.review.texts import Gathered
from faceid_review.review.worklist import Query, Worklist, words_of
from faceid_review.vault.entry import Entry
from faceid_review.vault.ledger import PURGED, SealedBody
from faceid_review.vault.vault import Vault

READER = 4
"""Raised when the reader changes what a head says; older heads are then folded anew."""

_MANY = 10_000
_QUIET = (
    "opened", "viewed", "altered_view", "exported", "handed_over", "sent", "reference", "pin", "unpin", "component",
    "aligned",
)  # fmt: skip
"""Acts that change nothing a list shows."""


def _is_case(subject: str) -> bool:
    """Whether entries of ``subject`` are a case's: those of the vault, accounts and policies have a name no id can have."""
    return bool(subject) and not subject.startswith("\0")


@dataclass(frozen=True)
class Incoming:
    """A source that came by the other door, sealed. ``act`` is ``imported`` or ``callback``.

    ``head`` is what its case's head says where the case begins with it; its number and entry are still to come.
    """

    act: str
    biz_id: BizId
    facts: Mapping[str, Any]
    body: SealedBody
    head: Mapping[str, Any]


class Casebook:
    """The cases of one vault. Every method may be called from any thread.

    ``told_of`` gives what was sent as it may be shown (``AccountBook.told``).
    """

    def __init__(self, vault: Vault, told_of: Callable[[bytes], bytes] = as_it_came) -> None:
        self._vault, self._told_of = vault, told_of
        vault.ledger.words = WORDS
        self._lock = threading.RLock()
        self.deciding = threading.RLock()
        """Held between the look at an id's stage and the entry that follows from it: nothing imported is asked for."""
        stale: list[str] = []
        heads: list[Head] = []
        texts = Gathered()
        read: tuple[bytes, bytes] = (b"", b"")

        def each() -> Iterator[Head]:
            nonlocal read
            for name, head, text in Head.each(vault.heads.rows()):
                read = name, text
                heads.append(head)
                texts.add(text)
                yield head

        last = vault.ledger.last_numbers()
        with collector_at_rest():
            for reader, entry, biz_id in told(each(), "reader", "entry", "biz_id"):
                name, text = read
                # An older head put in the place of a newer one would have an answered id asked again.
                if reader != READER or entry != last.pop(name, None) or not text:
                    stale.append(biz_id)
            self._heads = Worklist(heads, texts)
            if len(heads) > _MANY:
                # They stay as long as the vault is open: to look through them for garbage would only take time.
                gc.freeze()
        # What is left has no head.
        stale += [entry.subject for entry in vault.ledger.first_of(last) if _is_case(entry.subject)]
        # On a full disk the list is true in memory, and written another day.
        with suppress(VaultClosed):
            self.catch_up(stale)
        self._last_number = self._heads.highest()

    @property
    def work(self) -> Worklist:
        """The heads as a work list: states, filters, search, what needs somebody. It never waits for a disk."""
        return self._heads

    @property
    def blind(self) -> bool:
        """Whether the vendor's verdict is kept back until a round has its first judgement."""
        return self._heads.blind

    @blind.setter
    def blind(self, on: bool) -> None:
        self._heads.blind = on

    def rows(self) -> tuple[Mapping[str, Any], ...]:
        """The head of every case as it may be shown, in the order of the case numbers."""
        return self._heads.all()

    def search(self, needle: str) -> tuple[Mapping[str, Any], ...]:
        """The heads in which every word of ``needle`` stands, in whatever case; all of them for an empty one."""
        return self.select(Query(text=needle))

    def select(self, query: Query, *, thorough: bool = False) -> tuple[Mapping[str, Any], ...]:
        """The heads that ``query`` asks for, by case number.

        A case with more text than a head holds is searched to the end of it only when ``thorough``: that opens it.
        """
        now = datetime.now(UTC)
        found = self._heads.select(query, now)
        if not (thorough and words_of(query.text)):
            return found
        partly = self._heads.partly(query, now)
        names = {row["biz_id"] for row in found}
        more = {biz_id for biz_id in partly if biz_id not in names and self._holds(biz_id, query.text)}
        return tuple(row for row in self.rows() if row["biz_id"] in names | more) if more else found

    def _holds(self, biz_id: str, text: str) -> bool:
        held = self._heads.text(biz_id) + full_text(self.veiled(self._fold(biz_id)))
        return all(word in held for word in words_of(text))

    def row(self, biz_id: str) -> Mapping[str, Any] | None:
        """The head of one case as it may be shown, or None."""
        return self._heads.shown(biz_id)

    def stage(self, biz_id: str) -> Stage | None:
        """The stage of one id, or None where it is new."""
        row = self.row(biz_id)
        return Stage(row["stage"]) if row else None

    def waiting(self) -> tuple[BizId, ...]:
        """The ids that were queued and never asked, in the order of their beginning."""
        return tuple(sorted(BizId(biz_id) for biz_id in self._heads.standing(Stage.QUEUED)))

    def recognise(self, text: str, now: datetime) -> Survey:
        """What a pasted text holds, in the light of what is kept."""
        return survey(text, self.stage, now)

    def find(self, text: str) -> BizId:
        """The id meant by ``text``: a biz_id, or a case number such as FR-2026-00001."""
        if text in self._heads:
            return BizId(text)
        for head in self._heads.values():
            if head["case"] == text:
                return BizId(head["biz_id"])
        raise Usage("case_unknown", text=text[:80])

    def open(self, biz_id: str, *, record: bool = True, seen: Callable[[Case], None] | None = None) -> Case:
        """The case; under the blind policy without what it hides. Opening it is an entry, unless ``record`` is off.

        ``seen`` has the same while the entry is still being written, to make ready what is to be shown then.
        """
        case = self._fold(biz_id)
        hide = self.blind and hides(case)
        if seen:
            seen(masked(case) if hide else case)
        if record and case.stage.answered:
            facts = {"case": case.number, **({"hidden": True} if hide else {})}
            # One transaction, since each waits for the disk and a person for both.
            with self._lock, self._vault.transaction():
                self._vault.ledger.append("opened", biz_id, facts)
                self.catch_up()
        return masked(case) if hide else case

    def veiled(self, case: Case) -> Case:
        """``case`` as it may be shown now: the blind policy may have been switched on since it was read."""
        return masked(case) if self.blind and hides(case) else case

    def unmasked(self, biz_id: str) -> Case:
        """The case with everything in it, for rules that must know what is hidden. Never to be shown."""
        return self._fold(biz_id)

    def as_of(self, biz_id: str, number: int) -> Case:
        """The case as its entries told it through entry ``number``, with everything in it."""
        return self._fold(biz_id, number)

    def queue(self, biz_ids: Iterable[BizId], account: str) -> None:
        """Give each new id its case number; one transaction for all."""
        with self._lock, self._vault.transaction():
            year = datetime.now(UTC).year
            for biz_id in biz_ids:
                row = self._heads.get(biz_id)
                number = row["case"] if row else self._next_number(year)
                self._vault.ledger.append("queued", biz_id, {"case": number, "account": account})
        self.catch_up()

    def take_in(self, batch: Sequence[Incoming]) -> tuple[Entry, ...]:
        """Write sources with their cases' numbers and heads, all in one transaction, and read the bodies again."""
        with self.deciding, self._lock:
            before = dict(self._last_number)
            try:
                with self._vault.transaction():
                    self.catch_up()
                    entries, fresh = self._write(batch)
                    self._vault.heads.put(fresh, entries[-1].number)
            except BaseException:
                self._last_number = before
                raise
            self._heads.update(fresh)
        if not all(self._vault.ledger.holds(one.body) for one in batch):
            raise VaultClosed("vault_unreadable", kind="read back")
        return tuple(entries)

    def _write(self, batch: Sequence[Incoming]) -> tuple[list[Entry], dict[str, dict[str, Any]]]:
        """The entries of ``batch``, and the heads that follow from them."""
        begun, again = dict[str, str](), set[str]()
        year = datetime.now(UTC).year
        for one in batch:
            if one.biz_id in begun:
                again.add(one.biz_id)
            elif row := self._heads.get(one.biz_id):
                begun[one.biz_id] = row["case"]
                again.add(one.biz_id)
            else:
                begun[one.biz_id] = self._next_number(year)
        written = [(o.act, o.biz_id, {**o.facts, "case": begun[o.biz_id]}, o.body) for o in batch]
        entries = self._vault.ledger.append_all(written)
        fresh: dict[str, dict[str, Any]] = {}
        for one, entry in zip(batch, entries, strict=True):
            told = {"case": begun[one.biz_id], "entry": entry.number, "at": entry.at.isoformat()}
            fresh[one.biz_id] = {**one.head, **told, "reader": READER}
        for subject in again:
            fresh[subject] = {**cases.facts_of(self._fold(subject)), "reader": READER}
        return entries, fresh

    def record(self, act: str, biz_id: str, facts: Mapping[str, Any]) -> Entry:
        """Write down something that was done to a case. Raises :class:`NotAllowed` for words about one that was purged."""
        with self._lock, self._vault.transaction():
            # Looked at and written as one: no purge comes in between, and no word is left under a key of its own.
            said = any(facts.get(name) for name in WORDS.get(act, ()))
            if said and self.stage(biz_id) is Stage.PURGED:
                raise NotAllowed("case_purged")
            entry = self._vault.ledger.append(act, biz_id, facts)
            self.catch_up()
        return entry

    def keep(self, act: str, biz_id: str, facts: Mapping[str, Any], data: bytes) -> Entry:
        """Write down something together with the bytes that belong to it, and read them back.

        ``facts`` hold their ``sha256`` and ``bytes``. Raises :class:`VaultClosed`.
        """
        ledger = self._vault.ledger
        if self.stage(biz_id) is Stage.PURGED:
            raise NotAllowed("case_purged")
        entry = ledger.append(act, biz_id, facts, ledger.sealed(data))
        if entry.record is None or ledger.sha256(entry.record) != facts["sha256"]:
            raise VaultClosed("vault_unreadable", kind="read back")
        self.catch_up()
        return entry

    def destroy(self, biz_id: str, told: Callable[[Case], Mapping[str, Any]]) -> Entry:
        """Destroy every record of a case, and its head with it, in one transaction.

        ``told`` gives what the entry ``purged`` says, or raises and nothing is done.
        """
        with self.deciding, self._lock:
            try:
                with self._vault.transaction():
                    entry = self._vault.ledger.destroy(biz_id, told(self._fold(biz_id)))
                    self.catch_up([biz_id])
            except BaseException:
                # In memory the case may be gone already.
                with suppress(ReviewError):
                    self.catch_up([biz_id])
                raise
        self._vault.drafts.drop(biz_id)
        return entry

    def catch_up(self, also: Iterable[str] = ()) -> None:
        """Fold every case with entries that the heads do not know yet."""
        with self._lock:
            entries = list(self._vault.ledger.entries(after=self._vault.heads.through))
            of_cases = [e for e in entries if _is_case(e.subject)]
            touched = (e.subject for e in of_cases if e.act not in _QUIET or e.subject not in self._heads)
            subjects = dict.fromkeys([*also, *touched])
            if not entries and not subjects:
                return
            fresh = {e.subject: {**(self._heads.get(e.subject) or {}), "entry": e.number} for e in of_cases}
            for subject in subjects:
                fresh[subject] = {**cases.facts_of(self._fold(subject)), "reader": READER}
            through = entries[-1].number if entries else self._vault.heads.through
            # In memory first: what a full disk keeps from being written is true all the same.
            self._heads.update(fresh)
            self._vault.heads.put(fresh, through)

    def _fold(self, biz_id: str, through: int | None = None) -> Case:
        ledger = self._vault.ledger
        entries = tuple(e for e in ledger.entries(biz_id) if through is None or e.number <= through)
        if not entries:
            raise Usage("case_unknown", text=biz_id[:80])
        bodies = {}
        gone = {name for e in entries if e.act == PURGED for name in e.facts.get("records", ())}
        for e in entries:
            if e.record and e.facts["bytes"] <= LONGEST_READ and e.record.hex() not in gone:
                bodies[e.number] = ledger.body(e.record)
        case = cases.fold(entries, bodies, told_of=self._told_of)
        if not case.number:
            # Every case begins with its number: an index that lies has hidden the beginning.
            raise Damaged("vault_damaged")
        return case

    def _next_number(self, year: int) -> str:
        self._last_number[year] = self._last_number.get(year, 0) + 1
        return f"FR-{year}-{self._last_number[year]:05d}"

"""What a reviewer can do with cases: find, open, record. The list lives in memory, folded from the vault."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from faceid_review.errors import Damaged, Usage, VaultClosed
from faceid_review.faceid.biz_id import BizId
from faceid_review.review import case as cases
from faceid_review.review.case import Case, Stage
from faceid_review.review.recognition import Survey, survey
from faceid_review.vault.entry import Entry
from faceid_review.vault.vault import Vault

READER = 2
"""Raised when the reader changes what a head says; older heads are then folded anew."""

_NO_CASE = ("", "accounts")
_QUIET = ("opened", "exported", "sent")
"""Acts that change nothing a list shows."""


class Casebook:
    """The cases of one vault. Every method may be called from any thread."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._lock = threading.RLock()
        self._heads: dict[str, dict[str, Any]] = {}
        stale = []
        last = vault.ledger.last_numbers()
        for name, head in vault.heads.all():
            self._heads[head["biz_id"]] = head
            # An older head put in the place of a newer one would have an answered id asked again.
            if head.get("reader") != READER or head.get("entry") != last.get(name):
                stale.append(head["biz_id"])
        stale += [entry.subject for entry in vault.ledger.unlisted() if entry.subject not in _NO_CASE]
        # On a full disk the list is true in memory, and written another day.
        with suppress(VaultClosed):
            self.catch_up(stale)
        self._last_number = self._numbers()

    def rows(self) -> tuple[Mapping[str, Any], ...]:
        """The head of every case, in the order of the case numbers."""
        with self._lock:
            return tuple(sorted(self._heads.values(), key=_by_number))

    def search(self, needle: str) -> tuple[Mapping[str, Any], ...]:
        """The heads in which ``needle`` stands, in whatever case; all of them for an empty one."""
        wanted = needle.casefold()
        return tuple(row for row in self.rows() if wanted in " ".join(map(str, row.values())).casefold())

    def row(self, biz_id: str) -> Mapping[str, Any] | None:
        """The head of one case, or None."""
        with self._lock:
            return self._heads.get(biz_id)

    def stage(self, biz_id: str) -> Stage | None:
        """The stage of one id, or None where it is new."""
        row = self.row(biz_id)
        return Stage(row["stage"]) if row else None

    def waiting(self) -> tuple[BizId, ...]:
        """The ids that were queued and never asked, in the order of their beginning."""
        with self._lock:
            return tuple(sorted(BizId(b) for b, head in self._heads.items() if head["stage"] == Stage.QUEUED))

    def recognise(self, text: str, now: datetime) -> Survey:
        """What a pasted text holds, in the light of what is kept."""
        return survey(text, self.stage, now)

    def find(self, text: str) -> BizId:
        """The id meant by ``text``: a biz_id, or a case number such as FR-2026-00001."""
        with self._lock:
            if text in self._heads:
                return BizId(text)
            for biz_id, head in self._heads.items():
                if head["case"] == text:
                    return BizId(biz_id)
        raise Usage("case_unknown", text=text[:80])

    def open(self, biz_id: str, *, record: bool = True) -> Case:
        """The whole case. Opening it is an entry of its own, unless ``record`` is off."""
        case = self._fold(biz_id)
        if record and case.stage.answered:
            self._vault.ledger.append("opened", biz_id, {"case": case.number})
            self.catch_up()
        return case

    def queue(self, biz_ids: Iterable[BizId], account: str) -> None:
        """Give each new id its case number; one transaction for all."""
        with self._lock, self._vault.transaction():
            year = datetime.now(UTC).year
            for biz_id in biz_ids:
                row = self._heads.get(biz_id)
                number = row["case"] if row else self._next_number(year)
                self._vault.ledger.append("queued", biz_id, {"case": number, "account": account})
        self.catch_up()

    def record(self, act: str, biz_id: str, facts: Mapping[str, Any]) -> Entry:
        """Write down something that was done to a case."""
        entry = self._vault.ledger.append(act, biz_id, facts)
        self.catch_up()
        return entry

    def catch_up(self, also: Iterable[str] = ()) -> None:
        """Fold every case with entries that the heads do not know yet."""
        with self._lock:
            entries = list(self._vault.ledger.entries(after=self._vault.heads.through))
            of_cases = [e for e in entries if e.subject not in _NO_CASE]
            touched = (e.subject for e in of_cases if e.act not in _QUIET or e.subject not in self._heads)
            subjects = dict.fromkeys([*also, *touched])
            if not entries and not subjects:
                return
            fresh = {e.subject: {**self._heads.get(e.subject, {}), "entry": e.number} for e in of_cases}
            for subject in subjects:
                fresh[subject] = {**cases.facts_of(self._fold(subject)), "reader": READER}
            through = entries[-1].number if entries else self._vault.heads.through
            # In memory first: what a full disk keeps from being written is true all the same.
            self._heads.update(fresh)
            self._vault.heads.put(fresh, through)

    def _fold(self, biz_id: str) -> Case:
        ledger = self._vault.ledger
        entries = tuple(ledger.entries(biz_id))
        if not entries:
            raise Usage("case_unknown", text=biz_id[:80])
        bodies = {}
        for e in entries:
            if e.record and e.facts["bytes"] <= cases.LONGEST_READ:
                bodies[e.number] = ledger.body(e.record)
        case = cases.fold(entries, bodies)
        if not case.number:
            # Every case begins with its number: an index that lies has hidden the beginning.
            raise Damaged("vault_damaged")
        return case

    def _numbers(self) -> dict[int, int]:
        highest: dict[int, int] = {}
        for head in self._heads.values():
            _, year, number = head["case"].split("-")
            highest[int(year)] = max(highest.get(int(year), 0), int(number))
        return highest

    def _next_number(self, year: int) -> str:
        self._last_number[year] = self._last_number.get(year, 0) + 1
        return f"FR-{year}-{self._last_number[year]:05d}"


def _by_number(head: Mapping[str, Any]) -> tuple[int, ...]:
    """FR-2026-00002 before FR-2026-100000."""
    return tuple(int(part) for part in str(head["case"]).split("-")[1:])

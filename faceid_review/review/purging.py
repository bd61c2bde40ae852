"""Keeping no longer than needed: the retention clock, and the destruction of one case's pictures, answers and words.

Nothing is destroyed by itself: cases that are due are listed, and a person says the word. A case under legal hold or with
an open dispute is never destroyed. What remains is the chain with its hashes and decisions, and an entry ``purged``.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from faceid_review.errors import NotAllowed, VaultClosed
from faceid_review.review import rules, tombstone
from faceid_review.review.case import Case, Stage
from faceid_review.review.casebook import Casebook
from faceid_review.vault import backup
from faceid_review.vault.entry import Entry
from faceid_review.vault.vault import Vault


@dataclass(frozen=True)
class Copy:
    """A backup or an export of record that still holds a case. ``to`` is a file's name or a recipient."""

    kind: str
    entry: int
    at: datetime
    by: str
    to: str
    sha256: str


@dataclass(frozen=True)
class Due:
    """A case whose time is over, or that was purged before an older backup was restored (``again``).

    ``since`` is when its answer was received, ``until`` when its time ended. ``refused`` is the wording that says why
    it cannot be destroyed now (a hold, an open dispute), or None.
    """

    biz_id: str
    case: str
    since: datetime
    until: datetime
    decided: bool
    again: bool
    refused: str | None


class Purging:
    """Retention and destruction in one vault. Any thread may call; ``days`` is how long answers are kept, 0 for ever."""

    def __init__(self, vault: Vault, casebook: Casebook, days: int) -> None:
        self._vault, self._casebook = vault, casebook
        self.days = days
        if vault.sweep_owed:
            # A process died between a purge and its sweep. On a full disk it stays owed until the next opening.
            with suppress(VaultClosed):
                self.finish()

    def due(self, now: datetime) -> tuple[Due, ...]:
        """The cases that are due, those held back among them, the longest over first."""
        forgotten = self._vault.forgotten.names()
        found = (self._due(head, now, forgotten) for head in self._casebook.work.values())
        return tuple(sorted((one for one in found if one), key=lambda one: (not one.again, one.until)))

    def clock(self, biz_id: str) -> tuple[datetime, datetime] | None:
        """When a case's answer was received and when its time ends, or None where nothing came or no time is set."""
        head = self._casebook.work.get(biz_id)
        since = self._since(head) if head else None
        return (since, since + timedelta(days=self.days)) if since and self.days else None

    def copies(self, biz_id: str) -> tuple[Copy, ...]:
        """Every backup and every export on record that holds something of a case, in the order of their making."""
        entries = tuple(self._vault.ledger.entries(biz_id))
        first = next((e.number for e in entries if e.record or e.words), None)
        exports = [
            _copy("export", e, str(e.facts.get("recipient") or "")) for e in entries if e.act == "exported"
        ]
        backups = [
            _copy("backup", e, str(e.facts.get("name") or ""))
            for e in self._vault.ledger.entries("")
            if e.act == backup.ACT and first is not None and int(e.facts["count"]) >= first
        ]
        return tuple(sorted(exports + backups, key=lambda copy: copy.entry))

    def why_not(self, biz_id: str) -> str | None:
        """The wording that says why a case cannot be destroyed now, or None."""
        case = self._casebook.unmasked(biz_id)
        if case.stage is Stage.PURGED and not self._vault.ledger.records(biz_id):
            return "case_purged"
        return rules.allowed(case, blind=self._casebook.blind)["purge"]

    def purge(self, biz_id: str, reason: str = "") -> Case:
        """Destroy the keys, the bodies and the words of a case; gives what is left of it. Cannot be undone.

        An empty ``reason`` stands for the time that is over, where it is. Purged whole or not at all, whenever the process dies. :meth:`finish` is to follow, after one or many.
        Raises :class:`NotAllowed` under a hold or a dispute, while it is asked for, and where nothing is left.
        """
        copies, clock = self.copies(biz_id), self.clock(biz_id)
        over = clock is not None and clock[1] <= datetime.now(UTC)
        why = reason.strip() or (tombstone.RETENTION if over else tombstone.UNSTATED)

        def told(case: Case) -> Mapping[str, Any]:
            rules.require(case, "purge", blind=self._casebook.blind)
            if case.stage is Stage.PURGED and not self._vault.ledger.records(biz_id):
                raise NotAllowed("case_purged", case=case.number)
            exports = [copy.entry for copy in copies if copy.kind == "export"]
            backups = [copy.entry for copy in copies if copy.kind == "backup"]
            return tombstone.facts_of(case, why, exports, backups)

        self._casebook.destroy(biz_id, told)
        return self._casebook.unmasked(biz_id)

    def finish(self) -> None:
        """Sweep what was destroyed out of every free corner of the file, and note who was purged. Raises VaultClosed."""
        gone = [head["biz_id"] for head in self._casebook.work.values() if head["stage"] == Stage.PURGED]
        for biz_id in gone:
            self._vault.drafts.drop(biz_id)
        self._vault.forgotten.add(map(self._vault.pseudonym, gone))
        self._vault.sweep()

    def remember(self, names: frozenset[bytes]) -> None:
        """Note subjects that were purged elsewhere; those that are here with their records become due (``again``)."""
        self._vault.forgotten.add(names)

    def _due(self, head: Mapping[str, Any], now: datetime, forgotten: frozenset[bytes]) -> Due | None:
        biz_id, stage = str(head["biz_id"]), head["stage"]
        if stage == Stage.PURGED:
            return None
        again = bool(forgotten) and self._vault.pseudonym(biz_id) in forgotten
        since = self._since(head)
        if since is None and not again:
            return None
        since = since or datetime.fromisoformat(head["at"])
        until = since + timedelta(days=self.days)
        if not again and (not self.days or until > now):
            return None
        refused = rules.why_kept(stage, held=bool(head.get("held")), disputed=bool(head.get("dispute")))
        return Due(biz_id, head["case"], since, until, bool(head.get("decision")), again, refused)

    def _since(self, head: Mapping[str, Any]) -> datetime | None:
        """When the first thing of the vendor's came; None where nothing did, and where it is gone."""
        if head["stage"] == Stage.PURGED:
            return None
        if head.get("bytes") is not None:
            return datetime.fromisoformat(head["at"])
        if head.get("callbacks"):
            return self._casebook.unmasked(head["biz_id"]).callbacks[0].at
        return None


def _copy(kind: str, entry: Entry, to: str) -> Copy:
    return Copy(kind, entry.number, entry.at, entry.by, to, str(entry.facts.get("sha256") or ""))

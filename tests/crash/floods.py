"""Answers that come too slowly, too long or never to an end: what they cost in memory, and what is kept of them."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faceid_review.faceid.client import Limits
from faceid_review.faceid.simulator import Behaviour
from faceid_review.review.case import Stage
from faceid_review.settings import Settings
from tests.crash.child import Job
from tests.crash.reopening import forked, opened
from tests.crash.vendor import Vendor

MOST_MB = 100
CAP = Limits().cap
SILENCE, DEADLINE = 2.0, 4.0

FLOODS: dict[str, Behaviour] = {
    "1 byte/s": Behaviour.drip(1.0),
    "stall": Behaviour.stall(50_001),
    "500 MB": Behaviour.huge(500),
    "500 MB without length": Behaviour.huge(500, with_length=False),
    "gzip bomb": Behaviour.gzip_bomb(300),
}


@dataclass(frozen=True)
class Flood:
    """What one of them did: memory above what the open vault took, bytes kept, how it ended."""

    grown_mb: float
    kept: int
    ended: str
    seconds: float
    broken: tuple[str, ...]


def flooded(vendor: Vendor, home: Path, name: str) -> Flood:
    """Ask for one answer that behaves like that, in a process of its own."""
    patient = name not in ("1 byte/s", "stall")
    vendor.vault(
        home, Settings(silence_s=30.0 if patient else SILENCE, deadline_s=120.0 if patient else DEADLINE)
    )
    (biz_id,) = vendor.simulator.fresh_ids(1)
    vendor.simulator.behave(biz_id, FLOODS[name])
    began = time.perf_counter()
    said = forked(Job(str(home), (biz_id,), peak=True))
    seconds = time.perf_counter() - began
    vendor.simulator.release(biz_id)
    found = [] if said.done else [f"{name}: the child did not end: {said.raised or said.refused}"]
    with opened(home) as session:
        entry = next((e for e in session.entries() if e.act == "answer"), None)
        stage, intact = session.casebook.stage(biz_id), session.audit().intact
        digest = session.vault.ledger.sha256(entry.record) if entry and entry.record else ""
    facts: Mapping[str, Any] = entry.facts if entry else {"bytes": 0, "ended": "nothing kept"}
    kept, ended = int(facts["bytes"]), str(facts["ended"])
    grown = (said.peak - said.baseline) / 1024
    on_disk = sum(path.stat().st_blocks * 512 for path in home.rglob("*") if path.name != "reserve")
    must = {
        f"{name}: {grown:.0f} MB more memory": 0 < grown <= MOST_MB,
        f"{name}: the ledger does not verify": intact,
        f"{name}: {kept} bytes kept, {said.pieces.get(biz_id, 0)} had arrived": kept
        == said.pieces.get(biz_id, 0)
        > 0,
        f"{name}: {on_disk} bytes on the disk for {kept}": on_disk < kept * 1.1 + (4 << 20),
        f"{name}: asked {vendor.counts()[biz_id]} times": vendor.counts()[biz_id] == 1,
        f"{name}: ended as {ended}, {stage}, or other bytes": _as_it_should(
            name, kept, ended, stage, digest, vendor, biz_id
        ),
    }
    found += [what for what, holds in must.items() if not holds]
    return Flood(grown, kept, ended, seconds, tuple(found))


def _as_it_should(
    name: str, kept: int, ended: str, stage: Stage | None, digest: str, vendor: Vendor, biz_id: str
) -> bool:
    match name:
        case "500 MB" | "500 MB without length":
            start = b'{"biz_extra_data": "'
            prefix = hashlib.sha256(start)
            left = CAP - len(start)
            for _ in range(left // 65536):
                prefix.update(b"x" * 65536)
            prefix.update(b"x" * (left % 65536))
            return (kept, ended, stage, digest) == (CAP, "cap", Stage.PARTIAL, prefix.hexdigest())
        case "gzip bomb":
            # As it came: compressed bytes are kept compressed, and ended with the connection.
            return ended == "closed" and digest == vendor.simulator.sha256_of_body(biz_id)
    found = vendor.simulator.session(biz_id)
    whole = found.body(found.pictures(2))
    expected = "deadline" if name == "1 byte/s" else "cut"
    return (ended, stage, digest) == (expected, Stage.PARTIAL, hashlib.sha256(whole[:kept]).hexdigest())

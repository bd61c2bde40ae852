"""A vault of 100,000 cases: how long it opens, filters and searches, and what it takes in memory.

    python -m tests.bench.many [--cases 100000] [--keep FOLDER]

The vault is made in a temporary folder, by entries through the ledger and heads through the casebook's own reader,
without the bodies: no list ever reads one. Shown and never asserted. Memory is measured in a process of its own.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from faceid_review.review import case as cases
from faceid_review.review.casebook import READER
from faceid_review.review.worklist import VIEWS, Query
from faceid_review.session import Session

PASSPHRASE = "a passphrase of ours"
WORDS = "ear lobe differs scar brow light from the right reference old photo 左耳 眉上疤痕 光线 客户 来电 复核 材料".split()
REASONS = ("", "", "", "not_video", "fail_to_read_image", "face_lost")


def answer(chance: random.Random, biz_id: str) -> dict[str, Any]:
    """What one answer says, as its bytes would, pictures left out."""
    confidence = round(chance.uniform(40, 99), 5)
    reason = chance.choice(REASONS)
    return {
        "biz_id": biz_id,
        "biz_no": str(uuid.UUID(int=chance.getrandbits(128))),
        "biz_extra_data": f"ticket {chance.randrange(10**6)}, branch {chance.randrange(300)}",
        "request_id": f"{biz_id[:10]},{uuid.UUID(int=chance.getrandbits(128))}",
        "liveness_result": {"result": "failure" if reason else "success", "failure_reason": reason or None},
        "verify_result": {
            "request_id": f"{biz_id[:10]},{uuid.UUID(int=chance.getrandbits(128))}",
            "result_faceid": {"confidence": confidence, "thresholds": {"1e-3": 64.0, "1e-4": 69.0, "1e-5": 74.0}},
            "face_genuineness": {"synthetic_face_confidence": chance.random(), "synthetic_face_threshold": 0.5, "mask_confidence": 0.1, "mask_threshold": 0.5},
            "id_exceptions": {"id_attacked": int(chance.random() < 0.02), "id_photo_monochrome": 0},
        },
    }  # fmt: skip


def fill(session: Session, count: int) -> None:
    """Write ``count`` cases with entries and heads."""
    chance, ledger, heads = random.Random(7), session.vault.ledger, session.vault.heads
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for first in range(0, count, 10_000):
        with session.vault.transaction():
            fresh: dict[str, dict[str, Any]] = {}
            last = 0
            for number in range(first, min(first + 10_000, count)):
                began = int((start + timedelta(seconds=number * 200)).timestamp())
                biz_id = f"{began},{uuid.UUID(int=chance.getrandbits(128))}"
                entries = [
                    ledger.append("queued", biz_id, {"case": f"FR-2026-{number + 1:05d}", "account": "bench"})
                ]
                body = b""
                if chance.random() < 0.999:
                    body = json.dumps(answer(chance, biz_id)).encode()
                    told: dict[str, Any] = {"attempt": 1, "account": "bench", "status": 200, "ended": "length", "headers": [], "bytes": len(body), "sha256": f"{chance.getrandbits(256):064x}"}  # fmt: skip
                    entries.append(ledger.append("armed", biz_id, {"attempt": 1, "account": "bench"}))
                    entries.append(ledger.append("answer", biz_id, told))
                    entries += [ledger.append(act, biz_id, more) for act, more in worked(chance)]
                case = cases.fold(entries, {e.number: body for e in entries if e.act == "answer"})
                pictures = [f"#{chance.getrandbits(64):016x}" for _ in range(4)]
                facts = cases.facts_of(case)
                facts["find"], facts["pictures"] = (
                    facts["find"].replace("\v", "\v" + " ".join([*pictures, ""])),
                    4,
                )
                fresh[biz_id] = {**facts, "reader": READER}
                last = entries[-1].number
            heads.put(fresh, last)


def worked(chance: random.Random) -> list[tuple[str, dict[str, Any]]]:
    """What a reviewer did to one case."""
    done: list[tuple[str, dict[str, Any]]] = []
    if chance.random() < 0.8:
        done.append(("note", {"text": " ".join(chance.choices(WORDS, k=chance.randrange(5, 60)))}))
        done.append(("judged", {"step": chance.choice(["same", "different", "inconclusive"])}))
    if chance.random() < 0.7:
        done.append(("decided", {"outcome": chance.choice(["uphold", "overturn", "inconclusive"]), "reason": "OTHER", "note": "seen"}))  # fmt: skip
    if chance.random() < 0.05:
        done.append(
            (
                "dispute_opened",
                {"dispute": "D1", "who": "Wang", "grounds": "I am I", "deadline": "2026-12-01"},
            )
        )
    if chance.random() < 0.05:
        done.append(("snoozed", {"until": "2027-01-01T00:00:00+00:00"}))
    if chance.random() < 0.3:
        done.append(("tagged", {"tag": chance.choice(["vip", "branch-7", "复核"])}))
    return done


Row = tuple[str, float, float, str]


def measured(home: Path) -> list[Row]:
    """Open the vault in ``home`` and use it. Milliseconds by the clock and of this process alone, and megabytes."""
    rows: list[Row] = []

    def clock(name: str, work: Any, promised: str = "", times: int = 5) -> Any:
        took, used = [], []
        for _ in range(times):
            start, begun = time.perf_counter(), time.process_time()
            result = work()
            took.append((time.perf_counter() - start) * 1000)
            used.append((time.process_time() - begun) * 1000)
        rows.append((f"{name}, worst of {times}" if times > 1 else name, max(took), max(used), promised))
        return result

    rows.append(("memory before, MB", memory(), 0, ""))
    session = clock(
        "open, key derivation included", lambda: Session.open(home, PASSPHRASE, keyring=False), "2000", 1
    )
    with session:
        book = session.casebook
        now = datetime.now(UTC)
        rows.append(("memory when open, MB", memory(), 0, "400"))
        everything = clock("all rows", book.rows)
        some = everything[len(everything) // 2]
        clock("made ready for searching, on a worker", book.work.make_ready, "", 1)
        needles = ["e", "1", "ear", "ear lobe differs", "复核", some["biz_id"], some["biz_no"][:12], "zzzz not there", f"{some['sha256'][:20]}" if some["sha256"] else "ff"]  # fmt: skip
        for needle in needles:
            found = clock(f"search {needle[:30]!r}", lambda n=needle: book.search(n), "100")
            rows[-1] = (f"{rows[-1][0]} ({len(found)})", *rows[-1][1:])
        for name, query in VIEWS.items():
            clock(f"view {name}", lambda q=query: book.select(q), "100")
        for name, query in {
            "reason": Query(reason="not_video"), "band": Query(band="1e-4"), "finding": Query(finding="synthetic_face"),
            "exception": Query(exception="any"), "decision": Query(decision="overturn"), "tag": Query(tag="复核"),
            "due": Query(due=7), "since": Query(since=date(2026, 6, 1), until=date(2026, 6, 30)),
            "all at once": Query("ear", stage="kept", work="mine", reason="not_video", decision="none"),
        }.items():  # fmt: skip
            clock(f"filter {name}", lambda q=query: book.select(q), "100")
        clock("next that needs somebody", lambda: book.work.following(some["biz_id"], now), "100")
        clock("same biz_no, same pictures", lambda: book.work.alike(some["biz_id"], ["ab" * 32] * 4), "100")
        clock(
            "one case changes", lambda: session.review.tag(some["biz_id"], f"t{time.monotonic_ns()}"), "", 5
        )
        book.blind = True
        clock("blind: search 'ear'", lambda: book.search("ear"), "100")
        clock("blind: all rows", book.rows, "100")
        rows.append(("memory at the end, MB", memory(), 0, "400"))
        rows.append(("highest memory, MB", memory("VmHWM"), 0, "400"))
    return rows


def memory(name: str = "VmRSS") -> float:
    """Megabytes of this process; 0 where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)


def main() -> int:
    """Make the vault, measure it in another process, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="make the vault here, or measure the one that is here")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        for name, figure, used, promised in measured(options.measure):
            print(f"{name:58}{figure:10.1f}{used or figure:10.1f}  {promised}")
        return 0
    with tempfile.TemporaryDirectory(prefix="faceid-review-many-") as folder:
        home = options.keep or Path(folder) / "vault"
        if not (home / "vault.db").exists():
            start = time.perf_counter()
            with Session.make(home, "Bench", PASSPHRASE, keyring=False) as session:
                fill(session, options.cases)
            size = (home / "vault.db").stat().st_size / 1e6
            print(
                f"{options.cases} cases made in {time.perf_counter() - start:.0f} s, {size:.0f} MB",
                flush=True,
            )
        print(f"{datetime.now(UTC):%Y-%m-%d}  {platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")  # fmt: skip
        print(f"{'ms':58}{'clock':>10}{'processor':>10}  promised", flush=True)
        return subprocess.run([sys.executable, "-m", "tests.bench.many", "--measure", str(home)]).returncode


if __name__ == "__main__":
    sys.exit(main())

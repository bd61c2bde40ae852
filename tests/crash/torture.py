"""``make torture``: kills, full disks, failing writes, answers without end, ten thousand ids. One line a promise.

``python -m tests.crash.torture [--kills 500] [--quick] [--only kills,disk]``. Ends with 1 where a promise is broken.
"""

import argparse
import os
import platform
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from faceid_review.faceid.simulator import EVERY_ID, Behaviour
from faceid_review.faceid.simulator.behaviour import Fault as Wire
from faceid_review.review.case import Stage
from tests.crash import failing_writes, floods, small_disk
from tests.crash.child import PAD, Job
from tests.crash.failing_writes import FOR_GOOD, Fault, Outcome
from tests.crash.reopening import ROOT, Said, broken, forked, opened, opened_anew
from tests.crash.vendor import Vendor

IDS = 3
AT_MOST_A_VAULT = 12
"""How many kills one vault lives through before the next begins with a fresh one."""

# The step, and which time it is reached, of three ids of which two are under way together.
STEPS = [
    *[("open", 1), ("after the recovery", 1), ("before the proof", 1), ("after the proof", 1)],
    *[("before queueing", 1), ("before COMMIT of queueing", 1), ("after queueing", 1)],
    *[("before the room", 1), ("after the room", 1), ("after the room", 2)],
    *[("before armed", 1), ("before COMMIT of armed", 1), ("after armed", 1), ("after armed", 3)],
    *[
        ("before sent", 1),
        ("before COMMIT of sent", 1),
        ("after sent", 1),
        ("after sent", 2),
        ("after sent", 3),
    ],
    *[("before the head", 1), ("after the head", 1), ("before a piece", 1), ("after a piece", 1)],
    *[("a piece kept", 1), ("a piece kept", 5), ("before the end", 1), ("after the end", 1)],
    *[
        ("before answer", 1),
        ("before COMMIT of answer", 1),
        ("before COMMIT of answer", 2),
        ("after answer", 1),
    ],
    *[("before the spool's deletion", 1), ("before the spool's deletion", 3), ("parsing", 1), ("parsing", 3)],
    *[("before COMMIT of the heads", 2), ("after the heads", 2), ("KEPT told", 1), ("KEPT told", 3)],
]
EXPORTING = [
    ("before the PDF", 1),
    ("after the PDF", 1),
    ("before the PDF's name", 1),
    ("before exported", 1),
]
RECOVERING = [
    "before answer",
    "before COMMIT of answer",
    "after answer",
    "before the spool's deletion",
    "after the recovery",
]


@dataclass
class Row:
    """A line of the table. ``broken`` holds a sentence for every time that the promise was not kept."""

    what: str
    promised: str
    runs: int = 0
    result: str = ""
    broken: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        mark = "BROKEN" if self.broken else "held"
        return (
            f"| {self.what} | {self.runs} | {self.result} | {self.promised} | {self.seconds:.0f} | {mark} |"
        )


@dataclass(frozen=True)
class Wish:
    """How much of everything."""

    kills: int
    quick: bool


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="torture-") as made:
        yield Path(made)


class Reused:
    """A vault that lives through many kills, with all that was ever said of it."""

    def __init__(self, vendor: Vendor, home: Path) -> None:
        self.vendor, self.home = vendor, vendor.vault(home)
        self.ids: tuple[str, ...] = ()
        self.said = Said()

    def opened_anew(self, said: Said, ids: tuple[str, ...]) -> list[str]:
        self.ids += ids
        self.said = self.said.and_then(said)
        return opened_anew(self.home, self.vendor, self.ids, self.said)


def tally(row: Row, killed: int, kept: int, asked: int) -> None:
    lost = sum("lost" in what or "had arrived" in what for what in row.broken)
    twice = sum("twice" in what for what in row.broken)
    row.result = f"{killed} killed; {kept} acknowledged; {lost} lost; {twice} of {asked} asked twice; {len(row.broken)} broken in all"


def random_kills(wish: Wish) -> Row:
    row = Row("SIGKILL at random moments", "0 lost, 0 twice, one stage each", wish.kills)
    draw, killed, kept, asked = random.Random("torture"), 0, 0, 0
    with Vendor("random kills") as vendor:
        left, fresh = wish.kills, False
        while left > 0:
            # In turn: vaults that live on, and vaults that are killed once.
            fresh = not fresh
            lives = min(left, 1 if fresh else AT_MOST_A_VAULT)
            with folder() as place:
                vault = Reused(vendor, place / "vault")
                # Left alone once, for how long it takes here and now.
                ids = vendor.new(IDS)
                alone = forked(Job(str(vault.home), ids))
                row.broken += vault.opened_anew(alone, ids) + (
                    [] if alone.done else ["a child left alone did not end"]
                )
                for _ in range(lives):
                    ids = vendor.new(IDS)
                    said = forked(Job(str(vault.home), ids), seconds=draw.uniform(0.0, alone.seconds))
                    killed, kept, left = killed + said.killed, kept + len(said.kept), left - 1
                    row.broken += vault.opened_anew(said, ids)
                asked += len(vault.ids)
                vendor.forget(vault.ids)
        row.broken += [str(mishap) for mishap in vendor.simulator.mishaps]
    tally(row, killed, kept, asked)
    return row


def kills_at_steps(_: Wish) -> Row:
    row = Row("SIGKILL at every named step", "0 lost, 0 twice, one stage each")
    killed = kept = asked = 0
    asking = [(step, nth, False) for step, nth in STEPS]
    deaths = [
        *asking,
        *((step, nth, True) for step, nth in EXPORTING),
        *((step, 0, False) for step in RECOVERING),
    ]
    with Vendor("steps") as vendor, folder() as place:
        for number, (step, nth, exporting) in enumerate(deaths):
            if number % AT_MOST_A_VAULT == 0:
                vault = Reused(vendor, place / str(number))
            ids = vendor.drawn(1) if exporting else vendor.new(IDS)
            home, before = str(vault.home), Said()
            if nth:
                died = forked(Job(home, ids, step, nth, exports=str(place) if exporting else ""))
            else:
                before = forked(Job(home, ids, "after the end"))
                died = forked(Job(home, (), step))
            if not died.killed:
                row.broken.append(f"never came to {step} {nth}: {died.raised or died.refused}")
            said = before.and_then(died)
            killed, kept, asked = killed + died.killed, kept + len(said.kept), asked + len(ids)
            row.broken += [f"killed {step}: {what}" for what in vault.opened_anew(said, ids)]
        torn = [
            path.name for path in place.glob("*.pdf") if not path.read_bytes().rstrip().endswith(b"%%EOF")
        ]
        row.broken += [f"half a PDF: {name}" for name in torn]
    row.runs = len(deaths)
    tally(row, killed, kept, asked)
    return row


def has_arrived(biz_id: str, size: int, said: Said) -> bool:
    return said.pieces.get(biz_id, 0) >= size


def kills_in_mid_body(wish: Wish) -> Row:
    row = Row(
        "SIGKILL in mid-body, the rest withheld", "kept = received, to the byte", 8 if wish.quick else 44
    )
    draw, exact = random.Random("mid-body"), 0
    with Vendor("mid-body") as vendor, folder() as place:
        home = vendor.vault(place / "vault")
        for number in range(row.runs):
            (biz_id,) = vendor.drawn(1)
            size = draw.randint(1, len(vendor.bodies[biz_id]) - 1)
            vendor.simulator.behave(
                biz_id, Behaviour(Wire.STALL, after_bytes=size, with_length=number % 2 == 0)
            )
            said = forked(Job(str(home), (biz_id,)), until=partial(has_arrived, biz_id, size))
            row.broken += opened_anew(home, vendor, (biz_id,), said)
            with opened(home) as session:
                case = session.casebook.open(biz_id, record=False)
                kept = len(case.answer.body) if case.answer else 0
            if kept == size == said.pieces.get(biz_id) and case.stage is Stage.PARTIAL:
                exact += 1
            else:
                row.broken.append(f"{size} bytes received, {kept} kept as {case.stage}")
            vendor.simulator.release(biz_id)
    row.result = f"{exact} of {row.runs} kept to the byte, half of them without Content-Length"
    return row


def full_disk(wish: Wish) -> Row:
    plays = [
        ("filling", 300_000),
        ("filling", 700_000),
        ("reserve", 1_900_000),
        ("alarm", 1_900_000),
        ("overflow", 5_000_000),
    ]
    row = Row(
        f"Full disk (tmpfs of {small_disk.MEGABYTES} MB, unshare -m)",
        "asked = kept + refused before asking",
        len(plays),
    )
    command = small_disk.unshare()
    if command is None:
        row.broken.append("not run: no tmpfs can be mounted here, not even in a namespace")
        return row
    told = []
    for scenario, size in plays:
        facts = small_disk.played(scenario, size, command)
        row.broken += [f"{scenario} {size}: {what}" for what in facts["broken"]]
        shown = ", ".join(f"{name} {fact}" for name, fact in facts.items() if name != "broken")
        told.append(f"{scenario} {size // 1000} kB: {shown}")
    row.result = "; ".join(told)
    return row


def failing(what: str, error: str, lasting: int, step: int) -> Callable[[Wish], Row]:
    def failing_now(wish: Wish) -> Row:
        row = Row(what, "as after a kill; nothing asked is lost" if error != "SIGKILL" else "0 lost, 0 twice")
        if problem := failing_writes.possible():
            row.broken.append(f"not run: {problem}")
            return row
        with Vendor(what) as vendor, folder() as place, ThreadPoolExecutor(os.cpu_count()) as pool:
            vault = failing_writes.template(vendor, place)
            faults = failing_writes.faults(vendor, vault, error, lasting=lasting)
            chosen = faults[:: step * (12 if wish.quick else 1)]
            # One past the last of each kind: there the run succeeds.
            chosen += [Fault(call, PAD + 900, error) for call in failing_writes.CALLS[:1]]
            outcomes: list[Outcome] = list(
                pool.map(lambda fault: failing_writes.tried(vendor, vault, fault), chosen)
            )
        row.runs = len(outcomes)
        row.broken = [f"{outcome.fault}: {said}" for outcome in outcomes for said in outcome.broken]
        bad = sum(bool(outcome.broken) for outcome in outcomes)
        row.result = f"strace, every {len(faults) // max(len(chosen) - 1, 1)}. of {len(faults)} writes; {sum(o.met for o in outcomes)} met; {bad} runs broken"
        return row

    return failing_now


def memory(_: Wish) -> Row:
    row = Row(
        "1 byte/s, stall, 500 MB, gzip bomb",
        f"+{floods.MOST_MB} MB at most, deadline kept, prefix kept",
        len(floods.FLOODS),
    )
    told = []
    with Vendor("floods") as vendor, folder() as place:
        for name in floods.FLOODS:
            flood = floods.flooded(vendor, place / name.replace(" ", "-"), name)
            row.broken += flood.broken
            told.append(
                f"{name}: +{flood.grown_mb:.0f} MB, {flood.kept:,} bytes, {flood.ended} in {flood.seconds:.1f} s"
            )
    row.result = "; ".join(told)
    return row


def soak(wish: Wish) -> Row:
    count = 500 if wish.quick else 10_000
    row = Row(f"{count:,} ids in one batch", "at most 1 request an id; chain read in < 60 s", count)
    with Vendor("soak") as vendor, folder() as place:
        home = vendor.vault(place / "vault")
        body = b'{"images": null, "request_id": "x", "time_used": 1}'
        vendor.simulator.behave(EVERY_ID, Behaviour.answer(body))
        ids = vendor.unprepared(count, body)
        began = time.perf_counter()
        said = forked(Job(str(home), ids))
        fetched = time.perf_counter() - began
        counts = Counter(vendor.counts()[i] for i in ids)
        began = time.perf_counter()
        with opened(home) as session:
            open_s, began = time.perf_counter() - began, time.perf_counter()
            intact = session.audit().intact
            audit_s = time.perf_counter() - began
            kept = sum(row["stage"] == Stage.KEPT for row in session.casebook.rows())
            sample = random.Random("soak").sample(ids, 200)
            row.broken += broken(session, vendor, tuple(sample), said, strict=True)
    if not (said.done and intact and kept == len(said.kept) == count and counts == {1: count}):
        row.broken.append(
            f"done {said.done}, chain {intact}, kept {kept}, told {len(said.kept)}, requests {dict(counts)}"
        )
    if audit_s >= 60:
        row.broken.append(f"the chain took {audit_s:.0f} s")
    row.result = f"{kept:,} kept, at most {max(counts)} an id, {fetched:.0f} s; chain {audit_s:.1f} s; opened in {open_s:.2f} s"
    return row


ROWS: dict[str, Callable[[Wish], Row]] = {
    "random": random_kills,
    "steps": kills_at_steps,
    "body": kills_in_mid_body,
    "killed-writes": failing("SIGKILL in the N-th write", "SIGKILL", 1, 1),
    "disk": full_disk,
    "eio": failing("The N-th write fails (EIO)", "EIO", 1, 1),
    "enospc": failing("The N-th write fails (ENOSPC)", "ENOSPC", 1, 2),
    "for-a-while": failing("4 writes from the N-th on fail (EIO)", "EIO", 4, 2),
    "for-good": failing("All writes from the N-th on fail (ENOSPC)", "ENOSPC", FOR_GOOD, 2),
    "memory": memory,
    "soak": soak,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default=",".join(ROWS), help=", ".join(ROWS))
    given = parser.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT)
    wish = Wish(min(given.kills, 40) if given.quick else given.kills, given.quick)
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n"
    )
    print("| what | runs | result | promised | s | |\n|---|---|---|---|---|---|", flush=True)
    rows = []
    for name in given.only.split(","):
        began = time.perf_counter()
        row = ROWS[name](wish)
        row.seconds = time.perf_counter() - began
        rows.append(row)
        print(row, flush=True)
    for row in rows:
        for what, times in Counter(row.broken).most_common(40):
            print(f"BROKEN {row.what}: {what}" + (f" ({times} times)" if times > 1 else ""))
    return any(row.broken for row in rows)


if __name__ == "__main__":
    sys.exit(main())

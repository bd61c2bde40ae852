"""How long a snapshot takes from the case to the file that was signed, checked, written and recorded.

``python -m tests.bench.exporting [CASES]`` prints the wall clock and the processor's time, beside those of the bare
typst compilation inside it, the size against its bound, and how many cases a second a batch makes.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Simulator
from faceid_review.review.accounts import Account
from faceid_review.session import Session
from faceid_review.snapshot import document
from faceid_review.snapshot.batch import export_all
from faceid_review.snapshot.delivery import Wish

Times = list[tuple[float, float]]


def clocked(do: Callable[..., Any], times: Times) -> Callable[..., Any]:
    def clocked(*given: Any) -> Any:
        wall, own = time.perf_counter(), time.process_time()
        made = do(*given)
        times.append((time.perf_counter() - wall, time.process_time() - own))
        return made

    return clocked


def told(name: str, times: Times) -> str:
    walls, own = [one[0] for one in times], min(one[1] for one in times)
    return f"{name}: {min(walls) * 1000:.0f} ms at best, median {median(walls) * 1000:.0f}; processor {own * 1000:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=int, nargs="?", default=100)
    cases = parser.parse_args().cases
    with (
        tempfile.TemporaryDirectory() as folder,
        Simulator(ids=cases) as simulator,
        Session.make(Path(folder) / "vault", "Lin Yue", "bench", keyring=False) as session,
    ):
        session.accounts.add(Account("practice", simulator.base_url, simulator.api_key), simulator.api_secret)
        session.queue.ask([BizId(each) for each in simulator.ids])
        session.queue.wait()
        ids = sorted(simulator.ids, key=lambda each: -len(session.casebook.unmasked(each).photographs))
        case, target = session.casebook.open(ids[0]), Path(folder) / "one.pdf"
        session.delivery.export(case, target, Wish("en"))
        bare: Times = []
        whole: Times = []
        document._set = clocked(document._set, bare)
        export = clocked(session.delivery.export, whole)
        for _ in range(8):
            export(case, target, Wish("en"))
        print(
            told(f"one case, {len(case.photographs)} pictures", whole), told("bare typst", bare[:8]), sep="\n"
        )
        pictures = sum(len(one.data) for one in case.photographs)
        bound = 2 * pictures + (case.answer.size if case.answer else 0) + 600_000
        print(f"{target.stat().st_size} bytes; pictures {pictures}, bound {bound}")
        begun, own = time.perf_counter(), time.process_time()
        export_all(session.delivery, session.casebook.open, ids, Path(folder) / "many", Wish("en"))
        wall, own = time.perf_counter() - begun, time.process_time() - own
        print(f"{cases} cases: {cases / wall:.1f} a second; processor {own / cases * 1000:.0f} ms a case")


if __name__ == "__main__":
    main()

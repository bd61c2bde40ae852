"""The N-th write fails: whatever was asked is kept or in somebody's hands, and nothing is asked twice."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.crash import failing_writes
from tests.crash.child import PAD
from tests.crash.failing_writes import FOR_GOOD
from tests.crash.vendor import Vendor

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="strace is Linux's")


@pytest.fixture(scope="module")
def vendor() -> Iterator[Vendor]:
    if problem := failing_writes.possible():
        pytest.skip(f"strace cannot trace here: {problem}")
    with Vendor("writes") as running:
        yield running


@pytest.fixture(scope="module")
def vault(vendor: Vendor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return failing_writes.template(vendor, tmp_path_factory.mktemp("writes"))


# The step between the writes that fail; `make torture` lets every one of them fail.
@pytest.mark.parametrize(
    ("error", "lasting", "step"),
    [("EIO", 1, 21), ("ENOSPC", 1, 35), ("EIO", 4, 35), ("ENOSPC", FOR_GOOD, 35), ("SIGKILL", 1, 49)],
)
def test_the_nth_write_fails(vendor: Vendor, vault: Path, error: str, lasting: int, step: int) -> None:
    chosen = failing_writes.faults(vendor, vault, error, lasting=lasting)[step // 2 :: step]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(lambda fault: failing_writes.tried(vendor, vault, fault), chosen))
    assert sum(outcome.met for outcome in outcomes) > len(outcomes) // 2
    assert not [(str(outcome.fault), outcome.broken) for outcome in outcomes if outcome.broken]


def test_writes_fail_for_a_while_and_then_fetch_is_pressed_again(vendor: Vendor, vault: Path) -> None:
    """Four syncs: an answer, its second try in the room of the reserve, the heads. Nothing is asked twice for that."""
    syncs = [
        f
        for f in failing_writes.faults(vendor, vault, "EIO", lasting=4)
        if f.call == "fdatasync" and f.nth > PAD
    ]
    chosen = syncs[: len(syncs) // failing_writes.IDS]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(lambda fault: failing_writes.tried(vendor, vault, fault), chosen))
    assert not [(str(outcome.fault), outcome.broken) for outcome in outcomes if outcome.broken]

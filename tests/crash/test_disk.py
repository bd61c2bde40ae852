"""A disk that is really full, and answers without end: asked is kept or was refused before asking; memory is bounded."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash import floods, small_disk
from tests.crash.vendor import Vendor

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="tmpfs, unshare and /proc are Linux's"
)


@pytest.fixture(scope="module")
def namespace() -> list[str]:
    command = small_disk.unshare()
    if command is None:
        pytest.skip("no tmpfs can be mounted here, not even in a namespace of our own")
    return command


@pytest.fixture(scope="module")
def vendor() -> Iterator[Vendor]:
    with Vendor("floods") as running:
        yield running


@pytest.mark.parametrize("size", [300_000, 700_000])
def test_a_disk_that_fills_up_keeps_whatever_was_asked(namespace: list[str], size: int) -> None:
    facts = small_disk.played("filling", size, namespace)
    assert not facts["broken"], facts
    assert facts["asked"] == facts["kept"]


def test_the_reserve_is_given_up_for_an_answer_that_would_not_fit(namespace: list[str]) -> None:
    facts = small_disk.played("reserve", 1_900_000, namespace)
    assert not facts["broken"], facts
    assert facts["reserve after"] == 0


@pytest.mark.parametrize(("scenario", "size"), [("alarm", 1_900_000), ("overflow", 5_000_000)])
def test_the_alarm_carries_the_answer_to_another_disk(namespace: list[str], scenario: str, size: int) -> None:
    facts = small_disk.played(scenario, size, namespace)
    assert not facts["broken"], facts
    assert facts["taken back"] == "kept"


@pytest.mark.parametrize("name", [name for name in floods.FLOODS if name != "1 byte/s"])
def test_an_answer_without_end_takes_little_memory_and_its_beginning_is_kept(
    vendor: Vendor, tmp_path: Path, name: str
) -> None:
    assert floods.flooded(vendor, tmp_path / "vault", name).broken == ()

"""Every hostile picture is looked at within 3 s of this machine's time and 150 MB, each in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from faceid_review.faceid import photograph
from faceid_review.faceid.photograph import Ending, Status
from tests.pictures import END, HOSTILE, cut, jpeg

LOOK = """
import json, os, resource, sys
from faceid_review.faceid import photograph
from tests.pictures import HOSTILE

def held():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmSize")) * 1024

told = {}
for name, (_, make) in HOSTILE.items():
    data = make()
    read, write = os.pipe()
    child = os.fork()
    if not child:
        # The kernel ends what takes more: SIGXCPU after 3 s, no memory beyond 150 MB more.
        resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
        resource.setrlimit(resource.RLIMIT_AS, (held() + 150_000_000, held() + 150_000_000))
        try:
            seen = photograph.examine(data, pixels=True)
            facts = photograph.facts(data, seen.status)
            said = seen.status.value
        except BaseException as error:
            said = repr(error)
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    _, status = os.waitpid(child, 0)
    told[name] = os.read(read, 1000).decode() if status == 0 else f"killed by signal {status & 127}"
    os.close(read)
    del data
print(json.dumps(told))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limits are Linux's")
def test_every_hostile_picture_is_told_within_its_limits() -> None:
    """Case 46: placeholders within 3 s and 150 MB; nothing is `ok` that is not whole."""
    house = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOOK],
        capture_output=True,
        text=True,
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == {name: told for name, (told, _) in HOSTILE.items()}


@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"restart_marker_blocks": 1}, {"subsampling": 0, "quality": 100}],
    ids=["base", "progressive", "restarts", "fine"],
)
def test_wherever_it_is_cut_an_end_marker_makes_nothing_whole(options: dict[str, object]) -> None:
    """Part of the last block may go unseen, as the documentation of the module says."""
    from tests.pictures import drawn

    data = jpeg(drawn(72, 56), **options)
    first = data.rindex(b"\xff\xda") if "progressive" not in options else data.index(b"\xff\xda")
    seen = [length for length in range(first + 20, len(data) - 32) if photograph.examine(data[:length] + END).status is Status.OK]  # fmt: skip
    assert not seen
    assert photograph.examine(data).status is Status.OK


def test_how_a_picture_ends_is_told() -> None:
    whole, no_end, short = jpeg() + b"behind", cut(0.5, False), cut(0.5, True)
    for data, ending, trailing in (
        (whole, Ending.WHOLE, 6),
        (no_end, Ending.NONE, 0),
        (short, Ending.SHORT, 0),
    ):
        told = photograph.facts(data, photograph.examine(data).status)
        assert (told.ending, told.trailing) == (ending, trailing)

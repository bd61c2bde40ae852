"""One flipped bit anywhere in a snapshot, and whether `verify` and the stand-alone script both find it.

``python -m tests.crash.flips_pdf [--flips N] [--seed N] SNAPSHOT.pdf`` prints what was not found and exits 1 for it.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Final

from faceid_review.snapshot.verify import verify

SCRIPT: Final = Path(__file__).parents[2] / "resources" / "snapshot" / "verify_snapshot.py"


def stand_alone() -> Callable[[bytes], bool]:
    """The script for strangers as a function: whether it finds nothing wrong with these bytes."""
    spec = importlib.util.spec_from_file_location("verify_snapshot", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    wrong = (script.InvalidSignature, script.NotAsSigned, ArithmeticError, AttributeError, LookupError,
             TypeError, ValueError, script.zlib.error)  # fmt: skip

    def good(pdf: bytes) -> bool:
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file, redirect_stdout(io.StringIO()):
            Path(file.name).write_bytes(pdf)
            try:
                return bool(script.main(file.name) == 0)
            except wrong:
                return False

    return good


def places(pdf: bytes, flips: int, seed: int) -> Iterator[tuple[int, int]]:
    """Where to flip which bit: half anywhere, half in the last part, where the signatures and their places are."""
    chosen = random.Random(seed)
    tail = max(0, len(pdf) - 6000)
    for number in range(flips):
        yield chosen.randrange(tail if number % 2 else 0, len(pdf)), chosen.randrange(8)


def unfound(pdf: bytes, flips: int, seed: int = 1) -> list[tuple[int, int]]:
    """The flips that either of the two did not find."""
    alone, missed = stand_alone(), list[tuple[int, int]]()
    for place, bit in places(pdf, flips, seed):
        flipped = bytearray(pdf)
        flipped[place] ^= 1 << bit
        if verify(bytes(flipped)).good or alone(bytes(flipped)):
            missed.append((place, bit))
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    pdf = options.file.read_bytes()
    if not verify(pdf).good or not stand_alone()(pdf):
        print("the file is not good as it is")
        return 1
    missed = unfound(pdf, options.flips, options.seed)
    print(f"{options.flips - len(missed)} of {options.flips} flipped bits found; not found: {missed}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""How fast saved answers come in:  python -m tests.bench.importing [--count 10000] [--size 300000] [--where DIR]

Against the fairest rival: a plain copy of the same files, each synced. Both are measured here and now, one after the
other on the same disk, and the highest memory of the import is that of a process of its own. Shown and never
asserted; the goal is a speed of 0.6 of the copy's. ``--again`` repeats the import, which then writes nothing.
"""

import argparse
import base64
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from faceid_review.review.intake import Kind, Looked
from faceid_review.session import Session

PASSPHRASE = "bench"


def answers(folder: Path, count: int, size: int) -> None:
    """``count`` answers of about ``size`` bytes: the vendor's sample with pictures of noise."""
    dice = random.Random(1)
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:05d}.json").write_bytes(body(dice, 1_462_259_748 + number, size))


def body(dice: random.Random, began: int, size: int) -> bytes:
    """One answer of get_result, in the shape of the vendor's own example."""
    pictures = {}
    for name in ("image_best", "image_action1", "image_action2", "image_action3"):
        data = b"\xff\xd8\xff\xe0" + dice.randbytes((size - 1200) // 4 * 3 // 4) + b"\xff\xd9"
        pictures[name] = f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
    said: dict[str, Any] = {
        "biz_extra_data": "",
        "biz_id": f"{began},{uuid.UUID(int=dice.getrandbits(128))}",
        "biz_no": str(uuid.UUID(int=dice.getrandbits(128))),
        "images": pictures,
        "liveness_result": {
            "failure_reason": None,
            "log": f"{began + 1}\n0:A\n2596:M\n3862:E\n8148:P\n9446:O\n",
            "result": "success",
            "version": "MegLive 2.4.0L",
        },
        "request_id": f"{began + 15},{uuid.UUID(int=dice.getrandbits(128))}",
        "time_used": 93,
        "verify_result": {
            "request_id": f"{began + 10},{uuid.UUID(int=dice.getrandbits(128))}",
            "result_faceid": {"confidence": 68.91876, "thresholds": {"1e-3": 64, "1e-4": 69, "1e-5": 74}},
            "face_genuineness": {"synthetic_face_confidence": 0.08, "synthetic_face_threshold": 0.5},
            "time_used": 1020,
        },
    }
    return json.dumps(said).encode()


def copied(source: Path, target: Path) -> float:
    """Seconds for a plain copy of each file with fsync of each, and of the folder at the end."""
    target.mkdir()
    start = time.perf_counter()
    for path in sorted(source.iterdir()):
        with (target / path.name).open("xb") as file:
            file.write(path.read_bytes())
            file.flush()
            os.fsync(file.fileno())
    folder = os.open(target, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return time.perf_counter() - start


def taken_in(home: Path, source: Path) -> None:
    """The import in this process; says seconds, counts and kB of memory as JSON."""
    steps: list[Looked] = []
    with Session.open(home, PASSPHRASE, keyring=False) as session:
        before = memory("VmRSS")
        start = time.perf_counter()
        kept = session.take_in([source], steps.append)
        seconds = time.perf_counter() - start
        told = {"seconds": seconds, "before": before, "peak": memory("VmHWM"), "steps": len(steps)}
        print(json.dumps({**told, **kept.counts, "error": str(kept.error or "")}))


def memory(name: str) -> int:
    """A line of /proc/self/status, in kB; 0 where there is none."""
    with Path("/proc/self/status").open() as lines:
        return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


def run(home: Path, source: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.importing", "--home", str(home), "--source", str(source)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--size", type=int, default=300_000)
    parser.add_argument("--where", type=Path, default=None)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.home:
        taken_in(options.home, options.source)
        return
    with tempfile.TemporaryDirectory(prefix="faceid-review-bench-", dir=options.where) as name:
        folder = Path(name)
        answers(folder / "answers", options.count, options.size)
        whole = sum(path.stat().st_size for path in (folder / "answers").iterdir())
        print(f"{options.count} answers, {whole / 1e6:.0f} MB; seconds, MB/s")
        Session.make(folder / "vault", "Bench", PASSPHRASE, keyring=False).close()
        plain = copied(folder / "answers", folder / "copy")
        print(f"plain copy, each synced  {plain:7.2f} s  {whole / plain / 1e6:6.0f} MB/s")
        shutil.rmtree(folder / "copy")
        told = run(folder / "vault", folder / "answers")
        seconds = told["seconds"]
        print(f"import                   {seconds:7.2f} s  {whole / seconds / 1e6:6.0f} MB/s  {told}")
        print(f"speed of the import: {plain / seconds:.2f} of the copy's (goal 0.60)")
        print(f"memory: {told['before'] / 1024:.0f} MB before, {told['peak'] / 1024:.0f} MB at most")
        if options.again:
            told = run(folder / "vault", folder / "answers")
            print(f"again                    {told['seconds']:7.2f} s  {told[Kind.DUPLICATE]} duplicates")


if __name__ == "__main__":
    main()

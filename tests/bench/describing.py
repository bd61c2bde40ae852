"""How long an answer takes from its bytes to everything that is said of it:  python -m tests.bench.describing"""

import base64
import hashlib
import json
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from faceid_review.faceid.result import VerificationResult
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review.case import Case, fold
from faceid_review.review.explanation import describe
from faceid_review.vault.entry import Entry

AT = datetime(2026, 11, 22, 9, 14, 6, tzinfo=UTC)
BIZ_ID = "1462259748,52b13fb5-8dfb-4537-a62b-a641d5e929f1"
RUNS = 200


def answer(size: int) -> bytes:
    """A success with four pictures, ``size`` bytes long or a little more."""
    noise = base64.b64encode(random.Random(1).randbytes(size * 3 // 16)).decode()
    compared = {"confidence": 68.91876, "thresholds": {"1e-3": 64, "1e-4": 69, "1e-5": 74, "1e-6": 80}}
    checks = ("synthetic_face", "mask", "screen_replay")
    return json.dumps(
        {
            "biz_id": BIZ_ID,
            "images": dict.fromkeys(("image_best", "image_action1", "image_action2", "image_action3"), f"data:image/jpeg;base64,{noise}"),
            "liveness_result": {"result": "success", "failure_reason": None, "version": "MegLive 2.4.0L", "log": "1462259749\n0:A\n2596:M\n3862:E\n8148:P\n9446:O\n"},
            "verify_result": {"result_faceid": compared, "result_ref1": compared, "request_id": "1461740007,x", "time_used": 1020,
                              "face_genuineness": {f"{c}_{k}": 0.5 for c in checks for k in ("confidence", "threshold")},
                              "id_exceptions": {"id_attacked": 0, "id_photo_monochrome": 1}},
        }
    ).encode()  # fmt: skip


def flood() -> bytes:
    """An answer of names nobody documented, 5 MB of them."""
    unknown: dict[str, Any] = {f"name{n}": {"a": [n, "x" * 20]} for n in range(60_000)}
    checks = {f"check{n}_{k}": 0.5 for n in range(20_000) for k in ("confidence", "threshold")}
    return json.dumps({**unknown, "verify_result": {"face_genuineness": checks}}).encode()


def case(body: bytes) -> Case:
    """A kept case with this answer."""
    told: dict[str, Any] = {"attempt": 1, "account": "bench"}
    came = {"status": 200, "ended": "length", "headers": [], "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}  # fmt: skip
    entries = [
        Entry(1, AT, "bench", "queued", BIZ_ID, {"case": "FR-2026-00001", "account": "bench"}, None, b""),
        Entry(2, AT, "bench", "armed", BIZ_ID, told, None, b""),
        Entry(3, AT, "bench", "answer", BIZ_ID, {**told, **came}, b"r", b""),
    ]
    return fold(entries, {3: body})


def row(name: str, work: Callable[[], object], runs: int = RUNS) -> None:
    """Times ``work`` and prints median, 99th of 100 and the longest, in milliseconds."""
    took = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    p99 = statistics.quantiles(took, n=100)[98] if runs >= 100 else max(took)
    print(f"{name:<48} median {statistics.median(took):7.2f}  p99 {p99:7.2f}  max {max(took):7.2f} ms")


def main() -> None:
    """Prints the figures; asserts nothing."""
    body = answer(700_000)
    made = case(body)
    print(f"an answer of {len(body):,} bytes, {RUNS} runs")
    row("VerificationResult.read", lambda: VerificationResult.read(body))
    for lang in LANGUAGES:
        row(f"describe, {lang}", partial(describe, made, words(lang)))
    row("read and describe, en", lambda: describe(case(body), words("en")))
    row("the same as lines", lambda: describe(made, words("en")).lines())
    wide = flood()
    print(f"a flood of {len(wide):,} bytes, 5 runs")
    flooded = case(wide)
    row("VerificationResult.read", lambda: VerificationResult.read(wide), 5)
    row("describe, en", lambda: describe(flooded, words("en")), 5)


if __name__ == "__main__":
    main()

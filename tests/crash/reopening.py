"""Running the child, and what must hold of its vault when it is opened anew after it died."""

import json
import multiprocessing
import os
import select
import threading
import time
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faceid_review.errors import ReviewError
from faceid_review.faceid.biz_id import BizId
from faceid_review.review.case import Case, Stage
from faceid_review.session import Session
from tests.crash import child
from tests.crash.child import PASSPHRASE, Job
from tests.crash.vendor import Vendor

PATIENCE = 120.0
ROOT = Path(__file__).parents[2]
_FORKS = multiprocessing.get_context("forkserver")
_ONE_KEY_AT_A_TIME = threading.Lock()
_FORKS.set_forkserver_preload(["tests.crash.child"])


@dataclass
class Said:
    """What a child said before it died or was done; of several children, what any of them said."""

    kept: dict[str, str] = field(default_factory=dict)
    pieces: dict[str, int] = field(default_factory=dict)
    told: dict[str, tuple[str, str]] = field(default_factory=dict)
    mistold: list[str] = field(default_factory=list)
    rescued: dict[str, bytes] = field(default_factory=dict)
    exported: dict[str, tuple[str, str]] = field(default_factory=dict)
    baseline: int = 0
    seconds: float = 0.0
    peak: int = 0
    refused: str = ""
    raised: str = ""
    done: bool = False
    killed: bool = False

    def hear(self, line: bytes) -> None:
        word, *rest = json.loads(line)
        match word:
            case "kept":
                self.kept[rest[0]] = rest[1]
            case "piece":
                self.pieces[rest[0]] = max(rest[1], self.pieces.get(rest[0], 0))
            case "told":
                self.told[rest[0]] = (rest[1], rest[2])
                if rest[3] and (rest[1] == "unknown" or Stage(rest[1]).free_to_ask):
                    self.mistold.append(f"told {rest[1]} ({rest[2]}), and its answer had come")
            case "rescue":
                self.rescued[rest[0]] = b64decode(rest[1])
            case "exported":
                self.exported[rest[0]] = (rest[1], rest[2])
            case "peak":
                self.peak = rest[0]
            case "baseline":
                self.baseline = rest[0]
            case "refused":
                self.refused = f"{rest[0]} {rest[1]}"
            case "raised":
                self.raised = f"{rest[0]}: {rest[1]}"
            case "done":
                self.done = True

    def and_then(self, later: "Said") -> "Said":
        """This and what a later child said of the same vault."""
        return Said(
            kept={**self.kept, **later.kept},
            pieces={**self.pieces, **later.pieces},
            told={**self.told, **later.told},
            rescued={**self.rescued, **later.rescued},
            exported={**self.exported, **later.exported},
            mistold=[*self.mistold, *later.mistold],
        )


def forked(job: Job, *, seconds: float | None = None, until: Callable[[Said], object] | None = None) -> Said:
    """Run the job in a forked process; kill it ``seconds`` after it was ready, or once ``until`` holds."""
    said, pending = Said(), b""
    receiving, sending = _FORKS.Pipe(duplex=False)
    process = _FORKS.Process(target=child.run, args=(job, sending))
    process.start()
    sending.close()
    end: float | None = None
    ready = time.monotonic()
    give_up = time.monotonic() + PATIENCE
    with receiving:
        while True:
            now = time.monotonic()
            if now > give_up or (end is not None and now >= end):
                process.kill()
                end, said.killed = None, True
            wait = min(give_up - now, end - now) if end is not None else give_up - now
            if not select.select([receiving], [], [], max(wait, 0.0))[0]:
                continue
            data = os.read(receiving.fileno(), 1 << 16)
            if not data:
                break
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                give_up = now + PATIENCE
                said.hear(line)
                if line == b'["ready"]':
                    ready = time.monotonic()
                    end = ready + seconds if seconds is not None else None
            if until and not said.killed and until(said):
                process.kill()
                said.killed = True
    process.join()
    said.seconds = time.monotonic() - ready
    said.killed = process.exitcode == -9
    process.close()
    return said


def opened(home: Path) -> Session:
    """The vault in ``home``, open. Two threads that derive a key at once stand still for good (Argon2id of OpenSSL)."""
    with _ONE_KEY_AT_A_TIME:
        return Session.open(home, PASSPHRASE, keyring=False)


def opened_anew(
    home: Path, vendor: Vendor, ids: Iterable[str], said: Said, *, again: bool = True, strict: bool = False
) -> list[str]:
    """Open the vault, look whether every promise holds, ask for all ids once more, look again.

    Gives what is broken, in sentences. ``strict``: the process was not killed, so whatever was asked is kept.
    """
    ids = tuple(ids)
    try:
        with opened(home) as session:
            found = broken(session, vendor, ids, said, strict=strict)
            if again:
                session.queue.ask([BizId(i) for i in ids])
                session.queue.wait()
                found += [
                    f"asked once more: {what}" for what in broken(session, vendor, ids, said, strict=strict)
                ]
                left = {session.casebook.stage(i) for i in ids} & {None, Stage.QUEUED, Stage.NOT_SENT}
                found += [f"still {stage} after asking once more" for stage in left]
            return found
    except ReviewError as error:
        return [f"the vault does not open any more: {type(error).__name__} {error.wording} {error.facts}"]
    except Exception as error:  # noqa: BLE001 - whatever keeps a vault shut is what is looked for
        return [f"opening raised {type(error).__name__}: {error}"]


def taken_back(home: Path, said: Said) -> list[str]:
    """Read in again what the alarm handed out. Gives what is broken."""
    if not said.rescued:
        return []
    try:
        with opened(home) as session:
            for number, rescue in enumerate(said.rescued.values()):
                path = home.parent / f"rescue-{number}"
                path.write_bytes(rescue)
                session.vault.spool.take_back(path)
            session.casebook.catch_up()
    except ReviewError as error:
        return [f"a rescued answer is not taken back: {error.wording}"]
    return []


def broken(session: Session, vendor: Vendor, ids: tuple[str, ...], said: Said, *, strict: bool) -> list[str]:
    """Every sentence that is not true of this vault as it should be."""
    found = [] if session.audit().intact else ["the ledger does not verify"]
    left = sorted(path.name for path in session.vault.spool.folder.iterdir() if path.name != "reserve")
    found += [f"left in the spool: {left}"] if left else []
    counts = vendor.counts()
    rows = Counter(str(row["biz_id"]) for row in session.casebook.rows())
    for biz_id in ids:
        stage = session.casebook.stage(biz_id)
        found += [f"{what} ({stage}, asked {counts[biz_id]})" for what in _broken_of(
            session, vendor, biz_id, stage, counts[biz_id], rows[biz_id], said, strict=strict
        )]  # fmt: skip
    return found


def _broken_of(
    session: Session, vendor: Vendor, biz_id: str, stage: Stage | None, asked: int, rows: int, said: Said,
    *, strict: bool,
) -> list[str]:  # fmt: skip
    found = ["asked twice"] if asked > 1 else []
    if stage is None:
        return found + (["asked without a trace"] if asked or biz_id in said.kept else [])
    case = session.casebook.open(biz_id, record=False)
    acts = Counter(event.act for event in case.events)
    if rows != 1 or case.stage is not stage or stage is Stage.ASKING or acts["answer"] > 1:
        found.append(f"not in exactly one stage: {rows} rows, folded {case.stage}, {acts['answer']} answers")
    if asked and stage not in (Stage.KEPT, Stage.PARTIAL, Stage.UNKNOWN):
        found.append("called not sent, and was sent")
    if not asked and stage.answered:
        found.append("answered without a question")
    if biz_id in said.kept and (stage is not Stage.KEPT or said.kept[biz_id] != vendor.sha256(biz_id)):
        found.append("an acknowledged answer is lost")
    found += _broken_bytes(case, vendor.bodies[biz_id], said.pieces.get(biz_id, 0))
    if strict and asked and stage is not Stage.KEPT:
        found.append("the answer is lost, and nobody was killed")
    return found


def _broken_bytes(case: Case, sent: bytes, received: int) -> list[str]:
    kept = case.answer.body if case.answer else b""
    if not sent.startswith(kept):
        return ["other bytes than were sent"]
    if len(kept) < received:
        return [f"{received} bytes had arrived, {len(kept)} are kept"]
    if case.stage is Stage.KEPT and kept != sent:
        return [f"called kept with {len(kept)} of {len(sent)} bytes"]
    return []


def acts_of(session: Session, biz_id: str) -> list[str]:
    """What happened to an id, in order."""
    return [event.act for event in session.casebook.open(biz_id, record=False).events]


def as_json(job: Job) -> str:
    """A job for a command line."""
    plain: dict[str, Any] = dict(vars(job))
    return json.dumps(plain)

"""The process that is killed: opens a vault, asks, and says what it has heard, as its acknowledgement.

What it says goes out by writev, which nothing else here uses, so that a fault put into the vault's writes never
meets a word of it. Run as ``python -m tests.crash.child '<a Job as JSON>'``, or by :func:`run` in a forked process.
"""

import base64
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from faceid_review.errors import NotKept, ReviewError
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.result import VerificationResult
from faceid_review.review.case import Stage
from faceid_review.review.casebook import Casebook
from faceid_review.review.retrieval import Retrieval
from faceid_review.session import Session
from faceid_review.snapshot import document
from faceid_review.vault.database import Database
from faceid_review.vault.frames import FrameWriter
from faceid_review.vault.heads import Heads
from faceid_review.vault.ledger import Ledger
from faceid_review.vault.spool import Spool

PASSPHRASE = "a passphrase of ours"
PAD = 1000
"""How many calls in vain a thread that asks makes first: strace counts in each thread from one."""

_NOWHERE = 1 << 20
"""A descriptor that is not open."""

IN_VAIN: dict[str, Callable[[], object]] = {
    "pwrite64": lambda: os.pwrite(_NOWHERE, b"", 0),
    "write": lambda: os.write(_NOWHERE, b""),
    "fsync": lambda: os.fsync(_NOWHERE),
    "fdatasync": lambda: os.fdatasync(_NOWHERE),
    "fallocate": lambda: os.posix_fallocate(_NOWHERE, 0, 1),
    "ftruncate": lambda: os.ftruncate(_NOWHERE, 0),
    "unlink": lambda: Path("/nowhere/at/all").unlink(),
}


@dataclass(frozen=True)
class Job:
    """Open ``home``, ask for ``ids``, export into ``exports`` if that is named, and close.

    ``again``: ask for all of them once more in the same session, as a person does who presses Fetch again.
    The process kills itself when it comes to ``step`` for the ``nth`` time. ``pad`` names a call of
    :data:`IN_VAIN`; ``peak`` asks for the highest memory since the vault was open.
    """

    home: str
    ids: tuple[str, ...] = ()
    step: str = ""
    nth: int = 1
    pad: str = ""
    exports: str = ""
    peak: bool = False
    again: bool = False


class Child:
    """One job at work. ``out`` is the descriptor that it speaks to."""

    def __init__(self, job: Job, out: int) -> None:
        self.job, self._out = job, out
        self._reached = 0
        self._padded: set[int] = set()
        self._requests: dict[str, int] = {}
        self._at_work = threading.local()

    def say(self, *words: object) -> None:
        line = memoryview(json.dumps(words).encode() + b"\n")
        while line:
            line = line[os.writev(self._out, [line]) :]

    def at(self, step: str) -> None:
        """Here the protocol has come to ``step``."""
        if step == self.job.step:
            self._reached += 1
            if self._reached == self.job.nth:
                os.kill(os.getpid(), signal.SIGKILL)

    def work(self) -> None:
        self.say("ready")
        if self.job.step:
            self._watch()
        try:
            with Session.open(Path(self.job.home), PASSPHRASE, keyring=False) as session:
                self.at("open")
                self.say("open")
                if self.job.peak:
                    forget_peak()
                    self.say("baseline", memory("VmRSS"))
                session.queue.listener = lambda told: self._hear(session, told)
                for _ in range(1 + self.job.again):
                    self._ask(session)
                if self.job.exports:
                    self._export(session)
                if self.job.peak:
                    self.say("peak", memory("VmHWM"))
        except ReviewError as error:
            self.say("refused", type(error).__name__, error.wording)
        except BaseException as error:
            self.say("raised", type(error).__name__, str(error))
            raise
        self.say("done")

    def _ask(self, session: Session) -> None:
        if not self.job.ids:
            return
        try:
            session.queue.ask([BizId(i) for i in self.job.ids])
        except ReviewError as error:
            self.say("refused", type(error).__name__, error.wording)
        session.queue.wait()

    def _hear(self, session: Session, told: Retrieval) -> None:
        # With one question at a time: whether this one had left when it was told what became of it.
        asked = session.queue.requests > self._requests.get(told.biz_id, session.queue.requests)
        if told.stage is Stage.ASKING and not told.received and not told.error:
            self._requests[told.biz_id] = session.queue.requests
            self._make_calls_in_vain()
        elif told.stage is Stage.ASKING:
            self.say("piece", told.biz_id, told.received)
            self.at("a piece kept")
        elif told.stage is Stage.KEPT:
            row = session.casebook.row(told.biz_id) or {}
            self.say("kept", told.biz_id, row.get("sha256"))
            self.at("KEPT told")
        elif told.stage is not Stage.QUEUED or told.error:
            self.say("told", told.biz_id, told.stage.value, told.error.wording if told.error else "", asked)
        if isinstance(told.error, NotKept):
            self.say("rescue", told.biz_id, base64.b64encode(told.error.rescue).decode())

    def _make_calls_in_vain(self) -> None:
        if self.job.pad and threading.get_ident() not in self._padded:
            self._padded.add(threading.get_ident())
            for _ in range(PAD):
                try:
                    IN_VAIN[self.job.pad]()
                except OSError:
                    continue

    def _export(self, session: Session) -> None:
        for number, biz_id in enumerate(self.job.ids):
            if session.casebook.stage(biz_id) is Stage.KEPT:
                made = session.export(
                    session.casebook.open(biz_id), Path(self.job.exports) / f"{number}.pdf", "en"
                )
                self.say("exported", biz_id, str(made.path), made.sha256)

    # ---- between two lines of the package: only in this process, and only where it is to die at a step

    def _watch(self) -> None:
        frames = {b"H": "the head", b"B": "a piece", b"E": "the end"}

        def append(_: Ledger, act: str, *__: Any, **___: Any) -> str:
            return act

        def frame(_: FrameWriter, piece: bytes) -> str:
            return frames.get(piece[:1], "the facts")

        self._around(Ledger, "append", append)
        self._around(FrameWriter, "write", frame)
        self._around(FrameWriter, "__init__", lambda *_: "the room")
        self._around(Spool, "prove", lambda *_: "the proof")
        self._around(Spool, "recover", lambda *_: "the recovery")
        self._around(Heads, "put", lambda *_, **__: "the heads")
        self._around(Casebook, "queue", lambda *_: "queueing")
        self._around(document, "make", lambda *_, **__: "the PDF")
        plain_read = VerificationResult.read

        def read(body: bytes) -> VerificationResult:
            self.at("parsing")
            return plain_read(body)

        type.__setattr__(VerificationResult, "read", staticmethod(read))
        self._watch_commits()
        sys.addaudithook(self._audit)

    def _around(self, where: Any, name: str, step: Callable[..., str]) -> None:
        plain = getattr(where, name)

        def around(*arguments: Any, **named: Any) -> Any:
            called = step(*arguments, **named)
            before = getattr(self._at_work, "step", "")
            self._at_work.step = called
            self.at(f"before {called}")
            result = plain(*arguments, **named)
            self._at_work.step = before
            self.at(f"after {called}")
            return result

        setattr(where, name, around)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "os.remove" and str(arguments[0]).endswith(".spool"):
            self.at("before the spool's deletion")
        elif event == "os.rename" and str(arguments[1]).endswith(".pdf"):
            self.at("before the PDF's name")

    def _watch_commits(self) -> None:
        plain = Database.__init__

        def statement(text: str) -> None:
            if text == "COMMIT":
                self.at(f"before COMMIT of {getattr(self._at_work, 'step', '')}")

        def made(database: Database, path: Path) -> None:
            plain(database, path)
            database._connection.set_trace_callback(statement)

        type.__setattr__(Database, "__init__", made)


def memory(name: str) -> int:
    """A line of /proc/self/status, in kB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise LookupError(name)


def forget_peak() -> None:
    """Let VmHWM begin anew, where that is allowed; otherwise it also counts what the opening took."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except PermissionError:
        return


def run(job: Job, out: Connection) -> None:
    """The job in this process, said to a pipe."""
    Child(job, out.fileno()).work()


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    Child(Job(**{**given, "ids": tuple(given.get("ids", ()))}), 1).work()

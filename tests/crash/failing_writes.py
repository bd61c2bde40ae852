"""The N-th write fails, really: strace makes the kernel refuse that one call of the child, or kills it there.

strace counts in each thread and for each call apart. The main thread opens the vault and queues; the one thread
that asks makes PAD calls in vain first, so that N below PAD meets the main thread alone and N above it the other.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from faceid_review.settings import Settings
from tests.crash.child import IN_VAIN, PAD, Job
from tests.crash.reopening import PATIENCE, ROOT, Said, as_json, opened_anew, taken_back
from tests.crash.vendor import Vendor

IDS = 2
FOR_GOOD = 10_000
"""A fault that lasts so many calls outlives the child."""

CALLS = tuple(IN_VAIN)


@dataclass(frozen=True)
class Fault:
    """The ``nth`` ``call`` fails with ``error``, or the process dies in it. ``lasting``: so many of them in a row."""

    call: str
    nth: int
    error: str
    lasting: int = 1

    def __str__(self) -> str:
        thread = f"asking thread's {self.nth - PAD}" if self.nth > PAD else f"main thread's {self.nth}"
        return f"{self.error} at the {thread}. {self.call}{f' and those after it, {self.lasting} in all' if self.lasting > 1 else ''}"

    @property
    def option(self) -> str:
        what = "signal=SIGKILL" if self.error == "SIGKILL" else f"error={self.error}"
        return f"inject={self.call}:{what}:when={self.nth}..{self.nth + self.lasting - 1}"


@dataclass(frozen=True)
class Outcome:
    """What became of one run: whether the fault was met at all, and every sentence that is not as it should be."""

    fault: Fault
    met: bool
    broken: tuple[str, ...]
    told: tuple[str, ...]


def possible() -> str:
    """Why strace cannot do it here, or nothing."""
    if not shutil.which("strace"):
        return "no strace"
    tried = subprocess.run(
        ["strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=fsync", "true"],
        capture_output=True,
        text=True,
    )
    return tried.stderr.strip() if tried.returncode else ""


def template(vendor: Vendor, folder: Path) -> Path:
    """A vault that asks one question at a time and already holds its reserve, to be copied."""
    home = vendor.vault(folder / "template", Settings(at_once=1))
    (home / "spool").mkdir(exist_ok=True)
    return home


def traced(job: Job, fault: Fault | None, log: Path) -> tuple[Said, str]:
    """Run the child under strace. Gives what it said, and what it wrote to its standard error."""
    calls = fault.call if fault else ",".join(CALLS)
    inject = ["-e", fault.option] if fault else []
    # Much faster, but strace then delivers no signal.
    fast = [] if fault and fault.error == "SIGKILL" else ["--seccomp-bpf"]
    done = subprocess.run(
        ["strace", "-f", "-qq", *fast, "-o", str(log), "-e", f"trace={calls}", *inject,
         sys.executable, "-B", "-m", "tests.crash.child", as_json(job)],
        capture_output=True, cwd=ROOT, timeout=PATIENCE,
    )  # fmt: skip
    said = Said()
    *lines, _ = done.stdout.split(b"\n")
    for line in lines:
        said.hear(line)
    said.killed = done.returncode in (-9, 137)
    return said, done.stderr.decode(errors="replace")


def tried(vendor: Vendor, vault: Path, fault: Fault) -> Outcome:
    """One run with one fault on a copy of ``vault``, and what must hold after it."""
    with tempfile.TemporaryDirectory(prefix="writes-") as folder:
        home = shutil.copytree(vault, Path(folder) / "vault")
        ids = vendor.new(IDS, (70_000,))
        log = Path(folder) / "strace"
        said, errors = traced(Job(str(home), ids, pad=fault.call, again=fault.error != "SIGKILL"), fault, log)
        met = said.killed if fault.error == "SIGKILL" else "(INJECTED)" in log.read_text(errors="replace")
        found = _broken(vendor, home, ids, said, errors, fault)
        vendor.forget(ids)
    told = (said.refused, *(wording for _, wording in said.told.values()))
    return Outcome(fault, met, tuple(found), tuple(filter(None, told)))


def _broken(
    vendor: Vendor, home: Path, ids: tuple[str, ...], said: Said, errors: str, fault: Fault
) -> list[str]:
    dies = fault.error == "SIGKILL"
    found = taken_back(home, said) + opened_anew(home, vendor, ids, said, strict=not dies)
    if not dies:
        if said.raised or errors:
            found.append(f"told as a traceback: {said.raised or errors.strip().splitlines()[-1]}")
        if said.killed:
            found.append("the process died of it")
        if any(wording == "worker_failed" for _, wording in said.told.values()):
            found.append("an exception that no room translates reached the worker's last line")
        found += said.mistold
    return found


def faults(vendor: Vendor, vault: Path, error: str, *, lasting: int = 1) -> list[Fault]:
    """One for every write that a run without faults makes, of both threads, in the order in which they come."""
    with tempfile.TemporaryDirectory(prefix="writes-") as folder:
        home = shutil.copytree(vault, Path(folder) / "vault")
        ids = vendor.new(IDS, (70_000,))
        log = Path(folder) / "strace"
        said, errors = traced(Job(str(home), ids), None, log)
        if not said.done:
            raise RuntimeError(f"a run without faults did not end: {said} {errors}")
        vendor.forget(ids)
        made = [
            (int(tid), call) for tid, call in re.findall(r"^(\d+) +(\w+)\(", log.read_text(), re.MULTILINE)
        ]
    main, seen, found = made[0][0], dict[tuple[bool, str], int](), []
    for tid, call in made:
        if call in CALLS:
            place = (tid != main, call)
            seen[place] = seen.get(place, 0) + 1
            found.append(Fault(call, seen[place] + PAD * (tid != main), error, lasting))
    return found

"""A disk that is really full: a tmpfs of a few MB in a mount namespace of its own, gone when this process is.

``python -m tests.crash.small_disk <scenario> <body bytes>`` plays one scenario and prints what came of it as JSON.
The namespace is made with unshare, by root or, where the system allows it, by anybody.
"""

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from faceid_review.errors import NotKept, ReviewError
from faceid_review.faceid.biz_id import BizId
from faceid_review.review.case import Stage
from faceid_review.review.retrieval import Retrieval
from faceid_review.session import Session
from tests.crash.child import PASSPHRASE
from tests.crash.reopening import PATIENCE, ROOT, Said, acts_of, opened_anew
from tests.crash.vendor import Vendor

MEGABYTES = 12
QUESTIONS = 60
SCENARIOS = ("filling", "reserve", "alarm", "overflow")
_INSIDE = "FACEID_REVIEW_SMALL_DISK"


def unshare() -> list[str] | None:
    """The command that gives a program a mount namespace in which it may mount, or None."""
    for command in (["unshare", "-m"], ["unshare", "-Urm"]):
        with tempfile.TemporaryDirectory() as folder, suppress(FileNotFoundError):
            if not subprocess.run(
                [*command, "mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True
            ).returncode:
                return command
    return None


def played(scenario: str, size: int, command: list[str]) -> dict[str, Any]:
    """Play one scenario in a namespace of its own. ``broken`` in what it gives names what does not hold."""
    with tempfile.TemporaryDirectory(prefix="disk-") as folder:
        done = subprocess.run(
            [*command, sys.executable, "-m", "tests.crash.small_disk", scenario, str(size)],
            capture_output=True,
            cwd=ROOT,
            env={**os.environ, _INSIDE: folder},
            timeout=PATIENCE * 4,
        )
    if done.returncode:
        return {"broken": [f"{scenario}: {done.stderr.decode(errors='replace').strip()[-600:]}"]}
    told: dict[str, Any] = json.loads(done.stdout)
    return told


class Disk:
    """The small disk, a roomy folder beside it, and a ballast that takes whatever room is left."""

    def __init__(self, folder: Path) -> None:
        self.small, self.roomy = folder / "small", folder / "roomy"
        self.small.mkdir()
        self.roomy.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", self.small], check=True)
        self.ballast = self.small / "ballast"

    def fill(self) -> None:
        """Take every byte that is left, as another program does."""
        with self.ballast.open("ab", buffering=0) as file:
            for step in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        file.write(bytes(step))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    @property
    def free(self) -> int:
        return shutil.disk_usage(self.small).free


class Play:
    """One scenario: a vault on the small disk, what was told, and what is broken."""

    def __init__(self, vendor: Vendor, disk: Disk, size: int) -> None:
        self.vendor, self.disk, self.size = vendor, disk, size
        self.home = vendor.vault(disk.small / "vault")
        self.errors: dict[str, ReviewError] = {}
        self.alarms: dict[str, NotKept] = {}
        self.stages: dict[str, Stage] = {}
        self.broken: list[str] = []
        self.facts: dict[str, Any] = {}
        self._at_piece: Callable[[], None] | None = None

    def hear(self, told: Retrieval) -> None:
        self.stages[told.biz_id] = told.stage
        if told.error:
            self.errors[told.biz_id] = told.error
        if isinstance(told.error, NotKept):
            self.alarms[told.biz_id] = told.error
        if told.stage is Stage.ASKING and told.received and self._at_piece:
            at_piece, self._at_piece = self._at_piece, None
            at_piece()

    def must(self, holds: object, otherwise: str) -> None:
        if not holds:
            self.broken.append(otherwise)

    def ask(self, session: Session, ids: tuple[str, ...], at_piece: Callable[[], None] | None = None) -> str:
        """Ask and wait; the wording id of what keeps all of them from being asked."""
        session.queue.listener = self.hear
        self._at_piece = at_piece
        try:
            session.queue.ask([BizId(i) for i in ids])
        except ReviewError as error:
            return error.wording
        session.queue.wait()
        return ""

    def filling(self) -> None:
        """Answers until the disk is full: asked = kept, and the rest was refused before it was asked."""
        ids = self.vendor.new(QUESTIONS, (self.size,))
        with Session.open(self.home, PASSPHRASE, keyring=False) as session:
            self.ask(session, ids)
            # The batch stopped at the first refusal; every one that is left is tried by itself.
            refusals = [self.ask(session, (i,)) for i in ids if session.casebook.stage(i) is not Stage.KEPT]
        counts = self.vendor.counts()
        asked = [i for i in ids if counts[i]]
        self.facts = {"asked": len(asked), "refused": len(ids) - len(asked), "alarms": len(self.alarms)}
        self.must(not self.alarms, f"{len(self.alarms)} asked though the ledger had no room: the alarm came")
        self.must(len(asked) < len(ids), "the disk did not get full")
        self.must(refusals, "nothing was refused")
        self.must(max(counts[i] for i in ids) <= 1, "asked twice")
        lost = [i for i in asked if self.stages.get(i) is not Stage.KEPT and i not in self.errors]
        self.must(not lost, f"{len(lost)} asked, not kept and not told")
        self._count_kept(ids, asked)

    def _count_kept(self, ids: tuple[str, ...], asked: list[str]) -> None:
        """On the full disk, and again where there is room: kept is what was asked, to the byte."""
        found = opened_anew(self.home, self.vendor, ids, Said(), again=False, strict=True)
        self.broken += [f"on the full disk: {what}" for what in found]
        moved = Path(shutil.copytree(self.home, self.disk.roomy / "vault"))
        found = opened_anew(moved, self.vendor, ids, Said(), again=False, strict=True)
        self.broken += [f"moved to a roomy disk: {what}" for what in found]
        with Session.open(moved, PASSPHRASE, keyring=False) as session:
            kept = sum(session.casebook.stage(i) is Stage.KEPT for i in ids)
        self.facts["kept"] = kept
        self.must(kept == len(asked), f"asked {len(asked)}, kept {kept}")

    def reserve(self) -> None:
        """The disk fills up while an answer arrives: the reserve is given up for it."""
        (biz_id,) = ids = self.vendor.new(1, (self.size,))
        with Session.open(self.home, PASSPHRASE, keyring=False) as session:
            self.ask(session, ids, self.disk.fill)
            held = (session.vault.spool.folder / "reserve").stat().st_size
        self.facts = {"reserve after": held, "free": self.disk.free, "stage": self.stages[biz_id].value}
        self.must(held == 0, "the reserve was not given up")
        self.must(self.stages[biz_id] is Stage.KEPT, f"told {self.stages[biz_id]}, {self.errors.get(biz_id)}")
        self._count_kept(ids, [biz_id])

    def alarm(self) -> None:
        """Even the reserve does not help: the alarm carries the answer, and other disks can take it."""

        def fill_it_all() -> None:
            os.truncate(self.home / "spool" / "reserve", 0)
            self.disk.fill()

        (biz_id,) = ids = self.vendor.new(1, (self.size,))
        with Session.open(self.home, PASSPHRASE, keyring=False) as session:
            self.ask(session, ids, fill_it_all)
            self._alarmed(biz_id)
            self._asked_again_with_room(session, biz_id)
        self._taken_back(biz_id)
        self.disk.ballast.unlink(missing_ok=True)
        found = opened_anew(self.home, self.vendor, ids, Said(), strict=True)
        self.broken += [f"opened again with room: {what}" for what in found]

    def overflow(self) -> None:
        """An answer that outgrows the room taken for it, on a disk that has no more."""
        (biz_id,) = ids = self.vendor.new(1, (self.size,))
        with Session.open(self.home, PASSPHRASE, keyring=False) as session:
            self.ask(session, ids, self.disk.fill)
            self._alarmed(biz_id)
        self._taken_back(biz_id)

    def _alarmed(self, biz_id: str) -> None:
        self.facts = {"told": str(self.errors.get(biz_id, "")), "stage": self.stages[biz_id].value}
        self.must(biz_id in self.alarms, f"no alarm: told {self.stages[biz_id]}, {self.errors.get(biz_id)}")
        self.must(
            not self.stages[biz_id].free_to_ask,
            f"told {self.stages[biz_id]} with the alarm: free to be asked again",
        )

    def _asked_again_with_room(self, session: Session, biz_id: str) -> None:
        """There is room again, and somebody presses Fetch once more, in the same session."""
        self.disk.ballast.unlink()
        self.ask(session, (biz_id,))
        count = self.vendor.counts()[biz_id]
        self.must(count == 1, f"asked {count} times: pressed again in the same session after the alarm")

    def _taken_back(self, biz_id: str) -> None:
        if biz_id not in self.alarms:
            return
        rescue = self.disk.roomy / "rescued.sealed"
        rescue.write_bytes(self.alarms[biz_id].rescue)
        ignored = shutil.ignore_patterns("*.spool", "reserve")
        moved = Path(shutil.copytree(self.home, self.disk.roomy / "moved", ignore=ignored))
        with Session.open(moved, PASSPHRASE, keyring=False) as session:
            session.vault.spool.take_back(rescue)
            session.vault.spool.take_back(rescue)
            session.casebook.catch_up()
            self.facts["taken back"] = session.casebook.stage(biz_id)
            self.must(acts_of(session, biz_id).count("answer") == 1, "taken back twice, two answers")
        found = opened_anew(moved, self.vendor, (biz_id,), Said(), again=False, strict=True)
        self.broken += [f"taken back on a roomy disk: {what}" for what in found]


def main(scenario: str, size: int) -> None:
    with Vendor("disk") as vendor:
        play = Play(vendor, Disk(Path(os.environ[_INSIDE])), size)
        getattr(play, scenario)()
        print(json.dumps({**play.facts, "broken": play.broken}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

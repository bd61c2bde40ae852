"""A full day of commands, and what of it can be read afterwards by somebody who is not the reviewer.

Every command is a process of its own whose home, temporary folder, configuration and cache are folders of the test; what
it prints is kept. Once with a passphrase, once with a real Secret Service. Then nothing of all that may hold a secret, a
picture, an id or a text of a case: exported PDFs are the one exception, and what `list`, `show`, `fetch` and `audit`
are there to print.
"""

import base64
import hashlib
import io
import json
import logging
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faceid_review.cli import auditing
from faceid_review.errors import Afterwards, ReviewError
from faceid_review.faceid import raw
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.client import Limits
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review import statement, telling
from faceid_review.review.accounts import Account
from faceid_review.session import Session
from faceid_review.vault.database import Database
from faceid_review.vault.keychain import Slots

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="reads /proc; keyring is the Secret Service"
)

ROOT = Path(__file__).parents[2]
SECRET = "secret-marker+/=&%密钥-" + "a8Kq" * 6
WRONG_SECRET = "wrong-secret-marker-" + "b7Lr" * 6
PASSPHRASE = "passphrase-marker 密语 " + "c6Ms" * 6
WRONG_PASSPHRASE = "wrong-passphrase-marker-" + "d5Nt" * 6
NOTE = "note-marker 私密备注 e4Pu"
REVIEWER = "Reviewer-marker 林越"

PICTURES = re.compile(
    rb"\xff\xd8\xff\xe0..JFIF\0|\xff\xd8\xff\xe1..Exif\0|\x89PNG\r\n\x1a\n|/9j/4AAQSkZJRg|data:image",
    re.DOTALL,
)

# As large a core file as this user may have; the process stays the same.
WITH_CORE_FILES = ("sh", "-c", 'ulimit -S -c "$(ulimit -H -c)"; exec "$@"', "sh")

# What the reader of a batch, of a case or of the ledger is there to read.
TELLING = ("fetch", "list", "show", "audit")

# Opens the desk as `faceid-review` does, does a reviewer's work in it, and closes its window.
DESK = """
import sys
from PySide6.QtCore import QTimer
from faceid_review.desk import application
from faceid_review.desk.desk import Desk
from faceid_review.__main__ import main
ids = sys.argv[1].split(";") if sys.argv[1] else []
build = application.build
seen = []
def built(options, lang):
    window = build(options, lang)
    def fetch():
        global ids
        if window.pages.currentWidget() is not window.fetch and window.actions_["fetch"].isEnabled():
            window.actions_["fetch"].trigger()
        if window.pages.currentWidget() is window.fetch and ids:
            window.fetch.set_text("\\n".join(ids))
            ids = []
        if not window.fetch.fetch.isEnabled() or ids:
            QTimer.singleShot(50, fetch)
            return
        window.fetch.fetch_action.trigger()
        QTimer.singleShot(50, leave)
    def leave():
        desk = window.findChild(Desk)
        if desk.busy or not window.case.pictures_read:
            QTimer.singleShot(50, leave)
            return
        window.grab()
        seen.append("looked")
        window.close()
    QTimer.singleShot(50, fetch)
    return window
application.build = built
sys.argv[1:] = sys.argv[2:]
code = main()
print("desk", code, *seen)
sys.exit(code)
"""

CHANGE = """
import sys
from pathlib import Path
from faceid_review.review.accounts import Account
from faceid_review.session import Session
home, passphrase, name, url, key = sys.argv[1:]
first = Path(passphrase).read_text().strip() if passphrase else None
with Session.open(Path(home), first, keyring=first is None) as session:
    session.accounts.change(name, Account(name, url, key), sys.stdin.read())
"""

DUMPABLE = """
import ctypes, sys
from faceid_review.__main__ import main
code = main()
print("dumpable", ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
sys.exit(code)
"""


class Day:
    """The folders of a day, what was printed in it, and how its commands are run."""

    def __init__(self, folder: Path, vendor: Simulator, *, bus: str = "") -> None:
        self.folder, self.vendor, self.keyring = folder, vendor, bool(bus)
        self.home, self.tmp, self.cwd, self.run_dir = (
            folder / name for name in ("home", "tmp", "cwd", "run")
        )
        self.given, self.exports = folder / "given", folder / "exports"
        for path in (self.home, self.tmp, self.cwd, self.given, self.exports, self.run_dir):
            path.mkdir(mode=0o700)
        self.vault = self.home / ".local" / "share" / "faceid-review"
        self.said: list[tuple[str, bytes, bytes]] = []
        (self.given / "passphrase").write_text(PASSPHRASE + "\n")
        (self.given / "wrong").write_text(WRONG_PASSPHRASE + "\n")
        (self.given / "secret").write_text(SECRET + "\n")
        self.environ = {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.home), "TMPDIR": str(self.tmp),
            "XDG_CONFIG_HOME": str(self.home / ".config"), "XDG_DATA_HOME": str(self.home / ".local" / "share"),
            "XDG_CACHE_HOME": str(self.home / ".cache"), "XDG_STATE_HOME": str(self.home / ".local" / "state"),
            "XDG_RUNTIME_DIR": str(self.run_dir), "DBUS_SESSION_BUS_ADDRESS": bus or "unix:path=/nonexistent",
            "PYTHONFAULTHANDLER": "1", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "QT_QPA_PLATFORM": "offscreen",
        }  # fmt: skip

    def command(self, *arguments: str, code: str = "") -> list[str]:
        """A command line of the program, or of ``code`` before it."""
        flags = ["--lang", "en"] + (
            [] if self.keyring else ["--passphrase-file", str(self.given / "passphrase")]
        )
        return [sys.executable, *(["-c", code] if code else ["-m", "faceid_review"]), *flags, *arguments]

    def run(self, *arguments: str, stdin: str = "", code: int = 0) -> str:
        """Run one command and keep what it says."""
        return self.keep(arguments[0], self.command(*arguments), stdin, code)

    def keep(self, name: str, command: list[str], stdin: str = "", code: int = 0) -> str:
        """Run any command line and keep what it says."""
        done = subprocess.run(
            command, input=stdin.encode(), capture_output=True, env=self.environ, cwd=self.cwd, timeout=120
        )
        self.said.append((name, done.stdout, done.stderr))
        assert done.returncode == code, (
            command[-6:],
            done.stdout.decode()[-2000:],
            done.stderr.decode()[-2000:],
        )
        assert b"Traceback" not in done.stdout + done.stderr
        return done.stdout.decode()

    def start(self, *arguments: str, stdin: Any = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
        """Start one command; as large a core file as this user may have."""
        return subprocess.Popen(
            [*WITH_CORE_FILES, *self.command(*arguments)],
            env=self.environ,
            cwd=self.cwd,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def end(self, process: "subprocess.Popen[bytes]", how: int) -> int:
        """End a command by a signal, keep what it said, and give its wait status."""
        os.kill(process.pid, how)
        _, status = os.waitpid(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.stdout
        assert process.stderr
        self.said.append(("fetch", process.stdout.read(), process.stderr.read()))
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe:
                pipe.close()
        return status

    def held(self, biz_id: str, behaviour: Behaviour, *more: str) -> "subprocess.Popen[bytes]":
        """A fetch that is under way, its id given on standard input, until the vendor holds it."""
        self.vendor.behave(biz_id, behaviour)
        with (self.given / "ids").open("w") as file:
            file.write(biz_id)
        with (self.given / "ids").open() as file:
            process = self.start(*more, "fetch", "-", stdin=file)
        assert self.vendor.wait_until_held(1, timeout=60)
        return process

    def data_key(self) -> bytes:
        """The key that must lie nowhere in clear."""
        database = Database(self.vault / "vault.db")
        try:
            slots = Slots(database, database.identity())
            return slots.open_passphrase(PASSPHRASE)
        finally:
            database.close()


@pytest.fixture(scope="module")
def vendor() -> Iterator[Simulator]:
    with Simulator(ids=1, seed="day", api_secret=SECRET) as running:
        yield running
        assert not running.mishaps


def new_day(folder: Path, vendor: Simulator, bus: str = "") -> Day:
    """A vault with one account, made by commands."""
    day = Day(folder, vendor, bus=bus)
    by_keyring = ["--recovery-file", str(day.given / "passphrase")] if day.keyring else []
    day.run("init", "--reviewer", REVIEWER, *by_keyring)
    day.run("account", "add", "practice", "--base-url", vendor.base_url, "--api-key", vendor.api_key,
            "--secret-file", "-", stdin=SECRET)  # fmt: skip
    return day


@pytest.fixture(params=["passphrase", pytest.param("keyring", marks=pytest.mark.keyring)])
def day(request: pytest.FixtureRequest, tmp_path: Path, vendor: Simulator) -> Day:
    bus = request.getfixturevalue("secret_service") if request.param == "keyring" else ""
    return new_day(tmp_path, vendor, bus)


def work(day: Day) -> list[str]:
    """The day itself; gives the ids that were asked."""
    vendor = day.vendor
    accounts(day)
    ids = list(vendor.fresh_ids(13))
    answer = {"biz_info": {"biz_no": NOTE, "biz_extra_data": NOTE}, "request_id": "r", "unforeseen": NOTE}
    vendor.behave(ids[2], Behaviour.error("INTERNAL_ERROR"))
    vendor.behave(ids[3], Behaviour.cut(60_000))
    vendor.behave(ids[4], Behaviour.close().for_requests(1))
    vendor.behave(ids[5], Behaviour.answer(json.dumps(answer, ensure_ascii=False).encode()))
    vendor.behave(ids[6], Behaviour.html())
    day.run("fetch", ids[0], ids[1])
    day.run("fetch", "--json", "-", stdin="\n".join(ids[2:7]), code=4)
    day.run("fetch", ids[0])
    day.run("fetch", "--again", ids[4], "--reason", NOTE, code=5)
    day.run("fetch", "１４62259748，52b13fb5-8dfb-4537-a62b-a641d5e929f1", code=3)
    odd = f"1'; DROP TABLE entry;--&api_secret={NOTE}#%00/../"
    day.run("fetch", "--literal", odd, code=5)
    day.run("fetch", "--literal", "a\nb", code=3)
    vendor.behave(ids[7], Behaviour.refuse_once("AUTHENTICATION_ERROR"))
    day.run("fetch", ids[7], code=5)
    vendor.behave(ids[12], Behaviour.refuse_once("CONCURRENCY_LIMIT_EXCEEDED"))
    day.run("fetch", ids[12])
    day.run("list")
    day.run("list", "--json", "--search", NOTE)
    for biz_id in (ids[1], ids[3], ids[5], ids[6]):
        day.run("show", biz_id)
        day.run("show", biz_id, "--json")
    day.run("export", ids[1], "--to", str(day.exports / "case.pdf"))
    day.run("export", ids[0], ids[3], ids[5], ids[6], "--to", str(day.exports))
    day.keep(
        "export", [*day.command("--lang", "zh", "export", ids[1], "--to", str(day.exports / "案件.pdf"))]
    )
    day.run("export", ids[1], "--to", str(day.folder / "nowhere" / "case.pdf"), code=1)
    day.run("audit")
    day.run("audit", "--json")
    day.run("audit", "--verify")
    day.run("audit", "--against", str(day.exports / "case.pdf"))
    day.run("audit", "--to", str(day.exports / "audit.jsonl"))
    day.run("show", "nobody", code=2)
    wrong = [
        sys.executable,
        "-m",
        "faceid_review",
        "--lang",
        "en",
        "--passphrase-file",
        str(day.given / "wrong"),
    ]
    for command in (["list"], ["fetch", ids[8]], ["audit", "--verify"]):
        day.keep("wrong", [*wrong, *command], code=6)
    interruptions(day, ids)
    simulate(day)
    return [*ids, odd]


def accounts(day: Day) -> None:
    vendor, here = day.vendor, ["--base-url", day.vendor.base_url, "--api-key", day.vendor.api_key]
    day.run("account", "list")
    day.run("account", "check", "practice")
    day.run("account", "add", "wrong", *here, "--secret-file", "-", stdin=WRONG_SECRET)
    day.run("account", "check", "wrong", code=3)
    day.run("account", "add", "wrong", *here, "--secret-file", str(day.given / "secret"), code=2)
    day.run("account", "add", "clear", "--base-url", "http://example.com", "--api-key", "k",
            "--secret-file", "-", stdin=SECRET, code=2)  # fmt: skip
    day.run("account", "add", "userinfo", "--base-url", f"https://u:{quote(SECRET)}@example.com", "--api-key", "k",
            "--secret-file", "-", stdin=SECRET, code=2)  # fmt: skip
    day.run("account", "add", "gone", "--base-url", "http://127.0.0.1:1", "--api-key", "k",
            "--secret-file", str(day.given / "secret"))  # fmt: skip
    day.run("fetch", "--account", "gone", vendor.fresh_ids(1)[0], code=3)
    first = "" if day.keyring else str(day.given / "passphrase")
    change = [sys.executable, "-c", CHANGE, str(day.vault), first, "wrong", vendor.base_url, vendor.api_key]
    day.keep("account", change, stdin=SECRET)
    for name in ("wrong", "gone"):
        day.run("account", "remove", name)


def interruptions(day: Day, ids: list[str]) -> None:
    """Killed in the middle of a body, crashed there, interrupted by Ctrl+C; the vault opens again each time."""
    for biz_id, how in ((ids[8], signal.SIGKILL), (ids[9], signal.SIGSEGV), (ids[10], signal.SIGTERM)):
        process = day.held(biz_id, Behaviour.stall(40_000))
        status = day.end(process, how)
        assert not os.WCOREDUMP(status)
        check_files(day, [biz_id])
        day.vendor.release(biz_id)
        day.run("list")
    process = day.held(ids[11], Behaviour.stall(40_000))
    os.kill(process.pid, signal.SIGINT)
    day.vendor.release(ids[11])
    out, err = process.communicate(timeout=60)
    day.said.append(("fetch", out, err))


def simulate(day: Day) -> None:
    """Prints its own key and secret, as it is there for; leaves nothing behind."""
    command = [sys.executable, "-m", "faceid_review", "simulate", "--ids", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=day.environ, cwd=day.cwd) as process:
        assert process.stdout
        lines = [process.stdout.readline().strip() for _ in range(3)]
        process.terminate()
    check_files(day, [], also={lines[2]})


# ---- what may be read


def forms(text: str) -> set[bytes]:
    """A text as it may be written: raw, percent, escaped, hexadecimal, UTF-16, base64 wherever it begins."""
    raw = text.encode()
    written = {
        text,
        quote(text),
        quote(text, safe=""),
        quote_plus(text),
        ascii(text)[1:-1],
        json.dumps(text)[1:-1],
        raw.hex(),
    }
    found = {one.encode() for one in written} | {text.encode("utf-16-le"), text.encode("utf-16-be")}
    return found | in_base64(raw)


def in_base64(raw: bytes) -> set[bytes]:
    found = set()
    for before in range(3):
        # Without the digits that also depend on what stands before and behind.
        skip, end = (0, 2, 3)[before], -4
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(b"\0" * before + raw)[skip:end])
    return found


def key_forms(key: bytes) -> set[bytes]:
    return {
        key,
        key[::-1],
        key.hex().encode(),
        key.hex().upper().encode(),
        repr(key)[2:-1].encode(),
    } | in_base64(key)


def kept_secret() -> set[bytes]:
    """What may stand nowhere at all."""
    marks = set().union(*map(forms, (SECRET, WRONG_SECRET, PASSPHRASE, WRONG_PASSPHRASE)))
    return marks | {b"a8Kqa8Kq", b"b7Lrb7Lr", b"c6Msc6Ms", b"d5Ntd5Nt"}


def files_of(day: Day) -> Iterator[Path]:
    for folder in (day.home, day.tmp, day.cwd, day.run_dir):
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                yield path


def check_files(day: Day, ids: list[str], also: "set[bytes] | None" = None, key: bytes = b"") -> int:
    """No file of the day holds what must not be read; gives how many there were."""
    marks = kept_secret() | (also or set()) | forms(NOTE) | {b"note-marker", b"e4Pu"} | forms(REVIEWER)
    for biz_id in ids:
        marks |= {biz_id.encode(), quote(biz_id, safe="").encode(), biz_id.encode("utf-16-le")}
        marks |= {biz_id.partition(",")[2].encode()} - {b""}
    marks |= {day.vendor.api_key.encode()} | (key_forms(key) if key else set())
    count = 0
    for path in files_of(day):
        data = path.read_bytes()
        count += 1
        found = [mark for mark in marks if mark in data]
        assert not found, (path, found)
        picture = PICTURES.search(data)
        assert not picture, (path, picture)
    for path in [day.vault, *day.vault.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    return count


def check_said(day: Day, ids: list[str], key: bytes) -> None:
    """Nothing that was printed holds a secret; nor an id or a note, but where that is what was asked for."""
    marks, texts = kept_secret() | key_forms(key), {b"note-marker"} | {i.encode() for i in ids}
    for name, out, err in day.said:
        for mark in marks:
            assert mark not in out + err, (name, mark)
        assert not PICTURES.search(out + err), name
        for text in texts if name not in TELLING else ():
            assert text not in out + err, (name, text)
        assert not [text for text in texts if text in err], (name, err)


def test_nothing_of_a_day_can_be_read_by_others(day: Day) -> None:
    ids = work(day)
    key = day.data_key()
    assert check_files(day, ids, key=key) >= 3
    check_said(day, ids, key)
    with_key = [path.name for path in files_of(day) if (day.vault / "vault.db") == path]
    assert with_key == ["vault.db"], "the day was somewhere else"
    assert sorted(path.suffix for path in day.exports.iterdir()) == ["", ".csv", ".jsonl"] + [".pdf"] * 6, (
        "with SHA256SUMS and index.csv of the batch"
    )
    assert not [path for path in (day.cwd, day.tmp) for _ in path.rglob("*")], "left behind outside the vault"


def test_the_desk_leaves_nothing_behind(day: Day) -> None:
    """The demo, then the desk upon the vault of the day: fetched, looked at, closed."""
    demo = [sys.executable, "-c", DESK, "", "--lang", "en", "demo"]
    assert "looked" in day.keep("desk", demo)
    assert not list(day.tmp.iterdir()), "the practice vault is still there"
    check_files(day, [])
    ids = list(day.vendor.fresh_ids(2))
    flags = [] if day.keyring else ["--passphrase-file", str(day.given / "passphrase")]
    desk = [sys.executable, "-c", DESK, ";".join(ids), "--lang", "zh", *flags]
    assert "looked" in day.keep("desk", desk)
    assert {day.vendor.count(i) for i in ids} == {1}
    key = day.data_key()
    check_files(day, ids, key=key)
    check_said(day, ids, key)


# ---- the process itself


def test_a_process_that_fetches_shows_no_secret_and_may_not_be_dumped(day: Day) -> None:
    (biz_id,) = day.vendor.fresh_ids(1)
    process = day.held(biz_id, Behaviour.stall(40_000))
    proc = Path("/proc") / str(process.pid)
    try:
        for name in ("cmdline", "environ"):
            data = (proc / name).read_bytes()
            assert not [mark for mark in kept_secret() if mark in data], name
        assert biz_id.encode() not in (proc / "cmdline").read_bytes()
        limit = re.search(r"^Max core file size\s+(\S+)\s+(\S+)", (proc / "limits").read_text(), re.MULTILINE)
        assert limit
        assert limit.groups() == ("0", "0")
        if os.getuid():
            assert (proc / "environ").stat().st_uid == 0, "another program of this user may read its memory"
        for descriptor in (proc / "fd").iterdir():
            with suppress(FileNotFoundError):  # one that was closed since the folder was read
                assert "deleted" not in str(descriptor.readlink()), "a temporary file without a name"
    finally:
        day.end(process, signal.SIGKILL)
        day.vendor.release(biz_id)
    assert "dumpable 0" in day.keep("list", day.command("list", code=DUMPABLE))


def core_files(day: Day) -> list[Path]:
    return [
        path for path in files_of(day) if path.name.startswith("core") or path.stat().st_size > 200_000_000
    ]


def test_a_crash_leaves_no_core_file(day: Day) -> None:
    command = [*WITH_CORE_FILES, sys.executable, "-c", "print('here', flush=True); input()"]
    naked = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=day.cwd)
    assert naked.stdin
    assert naked.stdout
    naked.stdout.readline()
    os.kill(naked.pid, signal.SIGSEGV)
    _, status = os.waitpid(naked.pid, 0)
    naked.returncode = os.waitstatus_to_exitcode(status)
    naked.stdin.close()
    naked.stdout.close()
    if not os.WCOREDUMP(status):
        pytest.skip("this machine writes no core files for anybody")
    for path in core_files(day):
        path.unlink()
    (biz_id,) = day.vendor.fresh_ids(1)
    status = day.end(day.held(biz_id, Behaviour.stall(40_000)), signal.SIGSEGV)
    day.vendor.release(biz_id)
    assert os.WIFSIGNALED(status)
    assert not os.WCOREDUMP(status)
    assert not core_files(day)


def test_a_crash_while_a_secret_is_typed_leaves_no_core_file(day: Day) -> None:
    """The secret is in memory as soon as its first half is read, long before the vault opens."""
    process = day.start(
        "account", "add", "typed", "--api-key", "k", "--secret-file", "-", stdin=subprocess.PIPE
    )
    assert process.stdin
    process.stdin.write(SECRET.encode())
    process.stdin.flush()
    until_read(process)
    limits = (Path("/proc") / str(process.pid) / "limits").read_text()
    status = day.end(process, signal.SIGSEGV)
    assert not os.WCOREDUMP(status)
    assert not core_files(day)
    assert re.search(r"^Max core file size\s+0\s+0", limits, re.MULTILINE)


def until_read(process: "subprocess.Popen[bytes]") -> None:
    """Until everything written to a program's standard input has been taken by it."""
    import fcntl
    import termios

    assert process.stdin
    deadline = time.monotonic() + 60
    while int.from_bytes(fcntl.ioctl(process.stdin.fileno(), termios.FIONREAD, b"\0" * 4), sys.byteorder):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)


# ---- what is opened for writing


OPENED = re.compile(r'\b(openat|open|creat)\((?:[^,"]+, )?"((?:[^"\\]|\\.)*)"(?:\.\.\.)?, ([A-Z_|0-9]+)')
MADE = re.compile(r"\b(rename|renameat|renameat2|link|linkat|symlink|symlinkat|mkdir|mkdirat)\((.*)\) = 0")


@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace")
def test_only_the_vault_and_the_export_are_written(day: Day) -> None:
    """Every file opened for writing, by every thread and child, is in the vault, is the export, or is no file."""
    trace = day.folder / "trace"
    ids = day.vendor.fresh_ids(2)
    day.vendor.behave(ids[1], Behaviour.cut(50_000))
    target = day.exports / "case.pdf"
    seen = set()
    for command, code in (
        (["fetch", *ids], 4),
        (["show", ids[0]], 0),
        (["list"], 0),
        (["export", ids[0], "--to", str(target)], 0),
    ):
        calls = "trace=open,openat,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,memfd_create"
        strace = ["strace", "-f", "-qq", "-s", "4096", "-e", calls, "-o", str(trace), *day.command(*command)]
        day.keep(command[0], strace, code=code)
        seen |= set(written(trace.read_text(errors="replace")))
    draft = re.escape(str(target.parent)) + r"/\.case\.pdf\.\d+\.new"
    allowed = re.compile(
        f"{re.escape(str(day.vault))}/(vault\\.db(-journal)?|vault\\.lock|spool(/.*)?)|{re.escape(str(target))}|{draft}|/dev/(null|tty)"
    )
    assert [path for path in seen if path.startswith(str(day.vault))], "strace saw nothing"
    assert sorted(path for path in seen if not allowed.fullmatch(path)) == []


def written(trace: str) -> Iterator[str]:
    """The paths that a trace says were opened for writing, made or renamed to; attempts that failed count too."""
    for line in trace.splitlines():
        opened = OPENED.search(line)
        if opened and (
            opened[1] == "creat" or re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE|O_TRUNC", opened[3])
        ):
            yield opened[2]
        made = MADE.search(line)
        if made:
            yield re.findall(r'"((?:[^"\\]|\\.)*)"', made[2])[-1]
        if "memfd_create(" in line:
            yield "memfd"


# ---- errors, facts and PDFs


ECHO = [
    Behaviour.answer(
        f"<html><body>GET /get_result?api_key=k&api_secret={written_}</body></html>".encode(), status=status
    )
    for written_ in (SECRET, quote(SECRET, safe=""))
    for status in (200, 403, 502)
]
ECHO += [
    Behaviour.answer(json.dumps({"error_message": f"AUTHENTICATION_ERROR api_secret {SECRET} is wrong", "request_id": "r"}).encode(), status=403),
    Behaviour.answer(json.dumps({"error_message": SECRET, "request_id": SECRET}).encode(), status=400),
    Behaviour.answer(json.dumps({"biz_info": {"biz_no": SECRET, "biz_extra_data": SECRET}, "unforeseen": SECRET}).encode()),
    Behaviour.redirect(f"http://127.0.0.1:1/?api_secret={quote(SECRET, safe='')}"),
]  # fmt: skip
QUIET = st.one_of(
    st.just(None),
    st.sampled_from([
        Behaviour.close(), Behaviour.reset(), Behaviour.longer_length(), Behaviour.gzip(), Behaviour.html(), Behaviour.html(502),
        Behaviour.error("INTERNAL_ERROR"), Behaviour.error("AUTHENTICATION_ERROR"), Behaviour.error("BAD_ARGUMENTS:api_secret"),
        Behaviour.busy(429), Behaviour.redirect("http://127.0.0.1:1/x"), Behaviour.redirect("http://[::", 307),
    ]),
    st.builds(Behaviour.cut, st.integers(0, 60_000), with_length=st.booleans()),
    st.builds(Behaviour.reset_in_body, st.integers(0, 60_000)),
)  # fmt: skip
WHERE = ("practice", "gone", "mute", "nowhere", "garbled")


@pytest.fixture(scope="module")
def house(vendor: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One vault for every example, with accounts that lead to where nobody answers as a vendor would."""
    bases = {"practice": vendor.base_url, "gone": "http://127.0.0.1:1", "mute": "https://" + vendor.base_url[7:],
             "nowhere": "https://faceid.invalid", "garbled": "https://xn--" + "a" * 70 + ".invalid"}  # fmt: skip
    with Session.make(
        tmp_path_factory.mktemp("house") / "vault", REVIEWER, PASSPHRASE, keyring=False
    ) as session:
        for name, base in bases.items():
            session.accounts.add(Account(name, base, vendor.api_key), SECRET)
        session.queue._limits = Limits(connect=1.0, silence=0.2, deadline=0.6, cap=256 * 1024)
        yield session


def shown(error: BaseException) -> str:
    """All that a crash reporter prints of an exception: its chain, its traceback, the locals of our frames."""
    parts, queue, seen = [], [error], set()
    while queue:
        one = queue.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        parts += [
            repr(one),
            repr(one.args),
            "".join(traceback.format_exception(one)),
            repr(getattr(one, "facts", "")),
        ]
        for frame, _ in traceback.walk_tb(one.__traceback__):
            if "faceid_review" in frame.f_code.co_filename:
                parts += [repr(value) for value in frame.f_locals.values()]
        queue += [other for other in (one.__context__, one.__cause__) if other]
    return "\n".join(parts)


def asked(
    house: Session,
    vendor: Simulator,
    schedule: list[Behaviour | None],
    where: str,
    *,
    with_facts: bool = True,
) -> tuple[tuple[str, ...], str]:
    """Ask as scheduled; gives the ids and everything that was said, raised, logged or written down on the way."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    root, hook = logging.getLogger(), threading.excepthook
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    threading.excepthook = lambda args: print(shown(args.exc_value or Exception()), file=said)
    ids = vendor.fresh_ids(len(schedule))
    for biz_id, behaviour in zip(ids, schedule, strict=True):
        vendor.behave(biz_id, behaviour)
    errors: list[ReviewError] = []
    before = house.chain()[0]
    try:
        with redirect_stdout(said), redirect_stderr(said):
            house.queue.listener = lambda told: errors.append(told.error) if told.error else None
            house.queue.ask([BizId(i) for i in ids], where)
            house.queue.wait()
            try:
                house.check_account(where)
            except ReviewError as failed:
                errors.append(failed)
    finally:
        threading.excepthook = hook
        root.removeHandler(handler)
        root.setLevel(level)
        for biz_id in ids:
            vendor.release(biz_id)
    text = said.getvalue()
    for error in errors:
        text += shown(error) + "".join(telling.sentence(error, words(lang)) for lang in LANGUAGES)
    for entry in house.vault.ledger.entries(after=before) if with_facts else ():
        text += json.dumps(dict(entry.facts), ensure_ascii=False) + repr(entry)
    for row in house.casebook.rows():
        text += telling.head(row, words("en")) if row["biz_id"] in ids else ""
    return ids, text


def pdf_of(house: Session, biz_id: str, lang: str) -> bytes:
    """A snapshot: its bytes, its streams and attachments unpacked, and the text that is read from its pages."""
    target = house.home.parent / f"{hashlib.sha256(biz_id.encode()).hexdigest()[:12]}.{lang}.pdf"
    house.export(house.casebook.open(biz_id), target, lang)
    parts = [target.read_bytes()]
    with pikepdf.open(target) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream):
                try:
                    parts.append(one.read_bytes())
                except pikepdf.PdfError:
                    parts.append(one.read_raw_bytes())
    with pypdfium2.PdfDocument(target) as document:
        parts += [page.get_textpage().get_text_range().encode("utf-8", "replace") for page in document]
    target.unlink()
    return b"\n".join(parts)


def leaks(data: bytes, *texts: str) -> list[bytes]:
    return [mark for mark in set().union(*map(forms, texts)) | {b"a8Kqa8Kq", b"c6Msc6Ms"} if mark in data]


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    schedule=st.lists(QUIET, min_size=1, max_size=3),
    where=st.sampled_from(WHERE),
    lang=st.sampled_from(LANGUAGES),
)
def test_no_error_no_fact_and_no_pdf_holds_the_secret(
    house: Session, vendor: Simulator, schedule: list[Behaviour | None], where: str, lang: str
) -> None:
    ids, text = asked(house, vendor, schedule, where)
    assert not leaks(text.encode("utf-8", "replace"), SECRET, PASSPHRASE)
    assert not leaks(pdf_of(house, ids[0], lang), SECRET, PASSPHRASE)


@pytest.mark.parametrize("number", range(len(ECHO)))
def test_a_vendor_that_repeats_the_secret_does_not_get_it_told(
    house: Session, vendor: Simulator, number: int
) -> None:
    """Neither an error nor a row; the sealed ledger keeps what came, that is another matter."""
    _, text = asked(house, vendor, [ECHO[number]], "practice", with_facts=False)
    assert not leaks(text.encode("utf-8", "replace"), SECRET)


@pytest.mark.parametrize("number", range(len(ECHO)))
def test_a_vendor_that_repeats_the_secret_does_not_get_it_printed(
    house: Session, vendor: Simulator, number: int
) -> None:
    """Not with the secret in force; once it is renewed, what came may leave the house as it came."""
    ids, _ = asked(house, vendor, [ECHO[number]], "practice")
    with pytest.raises(Afterwards) as refused:
        pdf_of(house, ids[0], "en")
    assert refused.value.wording == "secret_repeated"
    for account in house.accounts.all():
        house.accounts.change(account.name, account, "the renewed secret, which nobody repeated")
    try:
        assert pdf_of(house, ids[0], "en")
    finally:
        for account in house.accounts.all():
            house.accounts.change(account.name, account, SECRET)


@pytest.mark.parametrize("pictures", [{}, {"images": {}}], ids=["callback", "answer"])
def test_a_further_source_that_repeats_the_secret_keeps_the_copy_in_the_house(
    house: Session, vendor: Simulator, tmp_path: Path, pictures: dict[str, Any]
) -> None:
    """It is not the answer on show, and travels with the copy all the same."""
    # A small one of ours: a drawn one may be longer than what this house takes, and kept in part.
    own = Behaviour.answer(b'{"biz_id": "x", "liveness_result": {"result": "success"}, "images": {}}')
    ids, _ = asked(house, vendor, [own], "practice")
    saved = {
        "biz_id": ids[0],
        "biz_extra_data": f"key={SECRET}",
        "liveness_result": {"result": "success"},
        **pictures,
    }
    (tmp_path / "saved.json").write_text(json.dumps(saved))
    shown = house.casebook.open(ids[0])
    house.take_in([tmp_path / "saved.json"])
    case = house.casebook.open(ids[0])
    assert len(case.sources) + len(case.callbacks) == 2
    for case in (house.casebook.open(ids[0]), shown):
        assert case.answer is not None
        assert not leaks(case.answer.body, SECRET)
        with pytest.raises(Afterwards) as refused:
            house.export(case, tmp_path / "case.pdf", "en")
        assert refused.value.wording == "secret_repeated"


IN_BASE64 = base64.b64encode(f"GET /get_result?api_secret={SECRET}".encode()).decode()
SHOWN = [*ECHO[6:9], Behaviour.answer(json.dumps({"error_message": IN_BASE64}).encode(), status=400)]


@pytest.mark.parametrize("number", range(len(SHOWN)))
def test_where_the_secret_was_repeated_it_says_so_and_the_bytes_stay(
    house: Session, vendor: Simulator, number: int
) -> None:
    (biz_id,), _ = asked(house, vendor, [SHOWN[number]], "practice")
    case = house.casebook.open(biz_id)
    assert case.answer
    assert hashlib.sha256(case.answer.body).hexdigest() == case.answer.sha256
    assert case.answer.told != case.answer.body
    said = json.dumps(statement.state(case), ensure_ascii=False) + repr(raw.read(case.answer.told))
    for lang in LANGUAGES:
        said += telling.case(case, words(lang))
    said += json.dumps(dict(house.casebook.row(biz_id) or {}), ensure_ascii=False)
    assert not leaks(said.encode("utf-8", "replace"), SECRET)
    assert said.count("[the account's secret]") > 3


def test_the_audit_tells_no_secret_that_a_header_repeats(house: Session, vendor: Simulator) -> None:
    before = house.chain()[0]
    asked(house, vendor, [ECHO[9]], "practice")
    lines = b"".join(auditing._line(entry, house) for entry in house.vault.ledger.entries(after=before))
    assert b"[the account's secret]" in lines
    assert not leaks(lines, SECRET)

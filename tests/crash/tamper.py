"""What somebody does to vault.db behind the program's back, and whether it is found.

A vault of about thirty answers is built once through the program itself, with a copy of its file after every step
("yesterday's"). Then one thing is done to a copy of the file, and another process opens it, verifies it and reads
everything again: a process of its own, because a broken file may also break SQLite.

``python -m tests.crash.tamper [--flips N] [--operations N] [--seed N]`` prints the table and every case that is bad.
"""

from __future__ import annotations

import argparse
import gc
import json
import queue
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from faceid_review.errors import ReviewError
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review import telling
from faceid_review.review.accounts import Account
from faceid_review.session import Session
from faceid_review.vault import keychain

PASSPHRASE: Final = "a passphrase of ours"
ROOT: Final = Path(__file__).parents[2]
EVIDENCE: Final = ("entry", "body", "record_key", "head", "slot", "mark", "tip")
"""The tables that a promise is made for; a table that does not exist is passed over."""

BESIDES: Final = ("secret", "vault")
PATIENCE_S: Final = 60.0


# ---- the vault


@dataclass(frozen=True)
class Built:
    """The finished vault: its folder, its file untouched, that file after each earlier step, what it holds."""

    home: Path
    pristine: Path
    earlier: tuple[Path, ...]
    truth: Path


@contextmanager
def built() -> Iterator[Built]:
    """The vault in a folder that is thrown away. Holds no reserve: a copy must stay cheap."""
    with tempfile.TemporaryDirectory(prefix="tamper-") as folder, Simulator(ids=1, seed="tamper") as vendor:
        home, copies = Path(folder) / "vault", []
        plain = dict(keychain._ARGON2)
        # The cost of guessing is no subject here and would be most of the time: it is paid at every opening.
        keychain._ARGON2.update(memory_kib=8 * 1024, iterations=1, lanes=1)
        try:
            Session.make(home, "Lin Yue", PASSPHRASE, keyring=False).close()
        finally:
            keychain._ARGON2.update(plain)
        for number, step in enumerate(STEPS):
            with Session.open(home, PASSPHRASE, keyring=False) as session:
                step(session, vendor)
            copies.append(Path(folder) / f"{number}.db")
            shutil.copyfile(home / "vault.db", copies[-1])
        truth = Path(folder) / "truth.json"
        with Session.open(home, PASSPHRASE, keyring=False) as session:
            assert session.audit().intact
            truth.write_text(json.dumps(everything(session)))
        # The reading above is no part of it.
        shutil.copyfile(copies[-1], home / "vault.db")
        yield Built(home, copies[-1], tuple(copies[:-1]), truth)


def ask(session: Session, vendor: Simulator, *behaviours: Behaviour | None) -> None:
    """Fetch one fresh id for each behaviour, and wait until all are over."""
    ids = vendor.fresh_ids(len(behaviours))
    for biz_id, behaviour in zip(ids, behaviours, strict=True):
        vendor.behave(biz_id, behaviour)
    session.queue.ask([BizId(i) for i in ids], "practice")
    session.queue.wait()


def small(text: str) -> Behaviour:
    """An answer without pictures: a hundred bytes that say something."""
    return Behaviour.answer(json.dumps({"biz_info": {"biz_extra_data": text}, "request_id": text}).encode())


def first_answers(session: Session, vendor: Simulator) -> None:
    session.accounts.add(Account("practice", vendor.base_url, vendor.api_key), "an earlier secret")
    session.accounts.change(
        "practice", Account("practice", vendor.base_url, vendor.api_key), vendor.api_secret
    )
    ask(session, vendor, None, None, *map(small, "12345"))


def failures(session: Session, vendor: Simulator) -> None:
    refused = [Behaviour.error("INTERNAL_ERROR"), Behaviour.error("RESULT_NOT_FOUND"), Behaviour.html(502)]
    partial = [Behaviour.cut(20_000), Behaviour.cut(0), Behaviour.chunked(cut_after=30_000)]
    ask(session, vendor, *refused, *partial, Behaviour.close(), small("4"))


def left_queued(session: Session, vendor: Simulator) -> None:
    session.queue.pause()
    session.queue.ask([BizId(i) for i in vendor.fresh_ids(2)], "practice")


def large_answers(session: Session, vendor: Simulator) -> None:
    session.queue.ask(session.casebook.waiting(), "practice")
    session.queue.wait()
    session.accounts.add(Account("second", vendor.base_url, "another-key"), "another secret")
    ask(session, vendor, Behaviour.huge(2), Behaviour.huge(3, with_length=False), *map(small, "5678"))


def looked_at(session: Session, vendor: Simulator) -> None:
    for row in session.casebook.rows()[:6]:
        session.casebook.open(str(row["biz_id"]))
    session.accounts.change("second", Account("second", vendor.base_url, "another-key"), "a later secret")
    ask(session, vendor, *map(small, "abcdef"))


def last_answers(session: Session, vendor: Simulator) -> None:
    ask(session, vendor, None, small("g"), small("h"))


STEPS: Final[tuple[Callable[[Session, Simulator], None], ...]] = (
    first_answers, failures, left_queued, large_answers, looked_at, last_answers,
)  # fmt: skip


def everything(session: Session) -> dict[str, Any]:
    """All that a vault holds, as JSON: what must come back, or be missed aloud."""
    entries = session.entries()
    return {
        "entries": [
            [e.number, e.at.isoformat(), e.by, e.act, e.subject, dict(e.facts), e.record.hex() if e.record else None, e.link.hex()]
            for e in entries
        ],
        "bodies": {e.record.hex(): session.vault.ledger.sha256(e.record) for e in entries if e.record},
        # Without what no list shows: which reader wrote the row, and after which entry.
        "cases": [{n: v for n, v in row.items() if n not in ("reader", "entry")} for row in session.casebook.rows()],
        "accounts": [[a.name, a.base_url, a.api_key] for a in session.accounts.all()],
        "secrets": [secret_of(session, a) for a in session.accounts.all()],
    }  # fmt: skip


def secret_of(session: Session, account: Account) -> str | None:
    """An account's secret, or None where the program says in words that it is not to be had."""
    try:
        return session.accounts.endpoint(account).api_secret
    except ReviewError as error:
        return None if in_words(error) else f"no words for {error.wording}"


# ---- another process looks at it


@dataclass(frozen=True)
class Outcome:
    """What the other process found.

    ``closed``: it does not open, in words. ``broken``: verify says so. ``use``: an account's secret is refused in words
    when it is needed. ``whole``: nothing differs, or what can be derived was made anew. Bad are ``lost`` (verify is
    content and something differs), ``escaped`` (an exception that is none of ours, or one without words) and ``died``
    (no answer: a crash or a hang).
    """

    kind: str
    detail: str = ""

    @property
    def bad(self) -> bool:
        return self.kind in ("lost", "escaped", "died")


def look(home: Path, truth: dict[str, Any]) -> Outcome:
    """Open, verify, read everything."""
    try:
        session = Session.open(home, PASSPHRASE, keyring=False)
    except ReviewError as error:
        return Outcome("closed" if in_words(error) else "escaped", error.wording)
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return Outcome("escaped", f"opening: {told(error)}")
    with session:
        try:
            verdict = session.audit()
        except ReviewError as error:
            return Outcome("broken" if in_words(error) else "escaped", error.wording)
        except Exception as error:  # noqa: BLE001
            return Outcome("escaped", f"verify: {told(error)}")
        if not verdict.intact:
            return Outcome("broken", str(verdict.broken))
        try:
            found = json.loads(json.dumps(everything(session)))
        except Exception as error:  # noqa: BLE001
            return Outcome("lost", f"verify is content; reading: {told(error)}")
    added = len(found["entries"]) - len(truth["entries"])
    found["entries"] = found["entries"][: len(truth["entries"])]
    differing = [name for name in truth if found[name] != truth[name]]
    if differing == ["secrets"] and all(
        f in (None, t) for f, t in zip(found["secrets"], truth["secrets"], strict=True)
    ):
        return Outcome("use")
    if differing or added > 0:
        what = ", ".join(differing) + different_cases(found["cases"], truth["cases"]) or "entries were added"
        return Outcome("lost", f"verify is content; differs: {what}")
    return Outcome("whole")


def different_cases(found: list[dict[str, Any]], truth: list[dict[str, Any]]) -> str:
    """Which cases are gone, new or told differently."""
    now, then = ({one["biz_id"]: one for one in cases} for cases in (found, truth))
    told = [f"gone {then[i]['case']}" for i in then.keys() - now.keys()]
    told += [f"new {now[i]['case']}" for i in now.keys() - then.keys()]
    for i in now.keys() & then.keys():
        fields = [name for name in then[i] if now[i].get(name) != then[i][name]]
        told += [f"{then[i]['case']} " + " ".join(f"{f}={now[i].get(f)!r}" for f in fields)] if fields else []
    return f" ({'; '.join(sorted(told)[:4])}; {len(told)} in all)" if told else ""


def in_words(error: ReviewError) -> bool:
    """Whether there is a sentence for it in every language."""
    try:
        return all(telling.sentence(error, words(lang)) != f"error.{error.wording}" for lang in LANGUAGES)
    except KeyError:
        return False


def told(error: Exception) -> str:
    """The kind of an exception and where it comes from, as file:line of our own code."""
    where, trace = "", error.__traceback__
    while trace:
        if "faceid_review" in trace.tb_frame.f_code.co_filename:
            where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} {getattr(error, 'wording', '')} at {where}"


def answer_forever(home: Path, truth: Path) -> None:
    """The other process: a line in, an outcome out."""
    known = json.loads(truth.read_text())
    for _ in sys.stdin:
        outcome = look(home, known)
        # An opening that failed may leave the vault open until its frames are gone (test_tamper.py has a test of it).
        gc.collect()
        print(json.dumps([outcome.kind, outcome.detail]), flush=True)


class Onlooker:
    """The process that looks, started again whenever it died."""

    def __init__(self, vault: Built) -> None:
        self._vault = vault
        self._process: subprocess.Popen[str] | None = None

    def look(self) -> Outcome:
        """What it finds in the vault's file now."""
        process = self._process = self._process or self._start()
        assert process.stdin
        assert process.stdout
        process.stdin.write("look\n")
        process.stdin.flush()
        line: queue.Queue[str] = queue.Queue()
        threading.Thread(target=lambda: line.put(process.stdout.readline()), daemon=True).start()  # type: ignore[union-attr]
        try:
            answer = line.get(timeout=PATIENCE_S)
        except queue.Empty:
            answer = ""
        if not answer:
            process.kill()
            self.close()
            return Outcome("died", f"exit {process.returncode}")
        return Outcome(*json.loads(answer))

    def close(self) -> None:
        """End the process."""
        if self._process:
            self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", __name__.replace("__main__", "tests.crash.tamper"), "--look"]
        command += [str(self._vault.home), str(self._vault.truth)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)


# ---- what is done to it


def flip(vault: Built, chance: random.Random) -> str:
    """Change one byte. Half of them anywhere, half in a page of a kind drawn first: most pages are bodies."""
    data = bytearray(vault.pristine.read_bytes())
    pages = pages_of(vault.pristine)
    at = chance.randrange(len(data))
    if chance.random() < 0.5:
        kinds: dict[str, list[int]] = defaultdict(list)
        for number, kind in pages.items():
            kinds[kind].append(number)
        page = chance.choice(kinds[chance.choice(sorted(kinds))])
        size = page_size(data)
        at = (page - 1) * size + chance.randrange(size)
    data[at] ^= chance.randrange(1, 256)
    (vault.home / "vault.db").write_bytes(data)
    return f"byte {at} of {pages.get(at // page_size(data) + 1, 'no page')}"


def page_size(data: bytes | bytearray) -> int:
    """As the file's header says."""
    return int.from_bytes(data[16:18], "big")


def pages_of(path: Path) -> dict[int, str]:
    """The table or index of each page, where this SQLite can tell."""
    with closing(sqlite3.connect(path)) as base:
        try:
            return dict(base.execute("SELECT pageno, name FROM dbstat"))
        except sqlite3.OperationalError:
            return {1: "sqlite_schema"}


Rows = list[tuple[Any, ...]]


class Meddler:
    """One operation upon rows, by somebody without the key."""

    def __init__(self, vault: Built, tables: Sequence[str] = EVIDENCE) -> None:
        self._vault = vault
        with closing(sqlite3.connect(vault.pristine)) as base:
            have = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            self.tables = [table for table in tables if table in have]
            self._everything = sorted(have)
            self._columns = {t: [(c[1], c[5]) for c in base.execute(f"PRAGMA table_info({t})")] for t in have}

    def do(self, chance: random.Random) -> str:
        """Do one; gives what was done. An operation that changes nothing is drawn again."""
        while True:
            shutil.copyfile(self._vault.pristine, self._vault.home / "vault.db")
            with closing(sqlite3.connect(self._vault.home / "vault.db", isolation_level=None)) as base:
                before = self._contents(base)
                base.execute("PRAGMA synchronous=OFF")
                base.execute("BEGIN")
                kind = chance.choice((self._delete, self._swap, self._replay, self._double, self._restore))
                try:
                    done = kind(base, chance)
                except sqlite3.IntegrityError:
                    continue
                base.execute("COMMIT")
                if self._contents(base) != before:
                    return f"{kind.__name__[1:]} {done}"

    def _delete(self, base: sqlite3.Connection, chance: random.Random) -> str:
        table, rows = self._some(base, chance, 1)
        base.execute(f"DELETE FROM {table} WHERE rowid = ?", rows[0])
        return f"{table}: row {rows[0][0]}"

    def _swap(self, base: sqlite3.Connection, chance: random.Random) -> str:
        """Exchange what two rows hold, one column or all but the key."""
        table, rows = self._some(base, chance, 2)
        columns = self._chosen(table, chance)
        (one,), (other,) = rows
        first, second = (self._held(base, table, row, columns) for row in (one, other))
        self._hold(base, table, one, columns, second)
        self._hold(base, table, other, columns, first)
        return f"{table}: rows {one} and {other}, {' '.join(columns)}"

    def _replay(self, base: sqlite3.Connection, chance: random.Random) -> str:
        """An older row's content in a newer row; half of the time that of the same row as it was earlier."""
        table, rows = self._some(base, chance, 2)
        columns = self._chosen(table, chance)
        (older,), (newer,) = sorted(rows)
        source, place = base, "now"
        if chance.random() < 0.5:
            earlier = chance.choice(self._vault.earlier)
            source, place, older = sqlite3.connect(earlier), f"copy {earlier.stem}", newer
        held = self._held(source, table, older, columns)
        if source is not base:
            source.close()
        if held:
            self._hold(base, table, newer, columns, held)
        return f"{table}: row {older} of {place} into {newer}, {' '.join(columns)}"

    def _double(self, base: sqlite3.Connection, chance: random.Random) -> str:
        """A row once more, under a key that nobody has."""
        table, rows = self._some(base, chance, 1)
        names = [name for name, _ in self._columns[table]]
        keys = [name for name, key in self._columns[table] if key] or names[:1]
        values = dict(zip(names, self._held(base, table, rows[0][0], names), strict=True))
        for key in keys:
            old = values[key]
            values[key] = (
                chance.randbytes(len(old))
                if isinstance(old, bytes)
                else old + ("x" if isinstance(old, str) else 10_000)
            )
        marks = ", ".join("?" * len(names))
        base.execute(f"INSERT INTO {table} VALUES ({marks})", tuple(values[name] for name in names))
        return f"{table}: row {rows[0][0]} again"

    def _restore(self, base: sqlite3.Connection, chance: random.Random) -> str:
        """An earlier copy of one table, or of several that belong together, while the rest stays."""
        together = [[t] for t in self.tables] * 3
        if set(self.tables) == set(EVIDENCE) & set(self._everything):
            sets = [{"entry", "tip"}, {"head", "mark"}, {"body", "record_key"}]
            together += [sorted(s & set(self.tables)) for s in sets]
        tables, earlier = chance.choice(together), chance.choice(self._vault.earlier)
        with closing(sqlite3.connect(earlier)) as source:
            for table in tables:
                base.execute(f"DELETE FROM {table}")
                marks = ", ".join("?" * len(self._columns[table]))
                base.executemany(
                    f"INSERT INTO {table} VALUES ({marks})", source.execute(f"SELECT * FROM {table}")
                )
        return f"{' + '.join(tables)}: of copy {earlier.stem}"

    def _some(self, base: sqlite3.Connection, chance: random.Random, count: int) -> tuple[str, Rows]:
        """That many rows of a table that has them, by rowid."""
        while True:
            table = chance.choice(self.tables)
            rows = base.execute(f"SELECT rowid FROM {table} ORDER BY rowid").fetchall()
            if len(rows) >= count:
                return table, chance.sample(rows, count)
            if count == 2 and len(rows) == 1:
                return table, rows * 2

    def _chosen(self, table: str, chance: random.Random) -> list[str]:
        content = [name for name, key in self._columns[table] if not key] or [self._columns[table][-1][0]]
        return [chance.choice(content)] if chance.random() < 0.5 else content

    @staticmethod
    def _held(base: sqlite3.Connection, table: str, row: int, columns: Sequence[str]) -> tuple[Any, ...]:
        found = base.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE rowid = ?", (row,)).fetchone()
        return found or ()

    @staticmethod
    def _hold(
        base: sqlite3.Connection, table: str, row: int, columns: Sequence[str], values: tuple[Any, ...]
    ) -> None:
        changes = ", ".join(f"{column} = ?" for column in columns)
        base.execute(f"UPDATE {table} SET {changes} WHERE rowid = ?", (*values, row))

    def _contents(self, base: sqlite3.Connection) -> dict[str, Rows]:
        return {
            table: base.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in self._everything
        }


# ---- many of them


@dataclass
class Tally:
    """How many were found, how, and which were not."""

    title: str
    kinds: Counter[str] = field(default_factory=Counter)
    where: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    bad: list[str] = field(default_factory=list)

    def add(self, number: int, done: str, outcome: Outcome) -> None:
        """One more."""
        self.kinds[outcome.kind] += 1
        self.where[
            done.rsplit(" of ", maxsplit=1)[-1] if done.startswith("byte") else done.partition(":")[0]
        ][outcome.kind] += 1
        if outcome.bad:
            self.bad.append(f"#{number} {done}: {outcome.kind} ({outcome.detail})")

    def lines(self) -> Iterator[str]:
        """The table."""
        yield row(self.title, self.kinds)
        for name in sorted(self.where):
            yield row(f"  {name}", self.where[name])
        yield from (f"  NOT FOUND {one}" for one in self.bad)


KINDS: Final = ("closed", "broken", "use", "whole", "lost", "escaped", "died")


def row(name: str, kinds: Counter[str]) -> str:
    """One line of it."""
    return f"{name:<44}{kinds.total():>6}" + "".join(f"{kinds[kind]:>9}" for kind in KINDS)


def flips(vault: Built, count: int, seed: int = 1) -> Tally:
    """``count`` single bytes changed, each in a fresh copy."""
    return _many("byte flips", vault, count, lambda n: flip(vault, random.Random(f"flip/{seed}/{n}")))


def operations(vault: Built, count: int, seed: int = 1, tables: Sequence[str] = EVIDENCE) -> Tally:
    """``count`` operations upon rows, each in a fresh copy."""
    meddler = Meddler(vault, tables)
    title = "row operations" if tables == EVIDENCE else f"row operations: {' '.join(tables)}"
    return _many(title, vault, count, lambda n: meddler.do(random.Random(f"row/{seed}/{n}")))


def _many(title: str, vault: Built, count: int, do: Callable[[int], str]) -> Tally:
    tally, onlooker = Tally(title), Onlooker(vault)
    try:
        for number in range(count):
            (vault.home / "vault.db-journal").unlink(missing_ok=True)
            done = do(number)
            tally.add(number, done, onlooker.look())
    finally:
        onlooker.close()
        shutil.copyfile(vault.pristine, vault.home / "vault.db")
    return tally


def main(arguments: Sequence[str]) -> int:
    """The table; 1 where anything was not found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--operations", type=int, default=1000)
    parser.add_argument("--besides", type=int, default=0, help="also on the tables without a promise")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with built() as vault:
        print(f"{'':<44}{'all':>6}" + "".join(f"{kind:>9}" for kind in KINDS), flush=True)
        tallies = [flips(vault, options.flips, options.seed)]
        print("\n".join(tallies[-1].lines()), flush=True)
        tallies.append(operations(vault, options.operations, options.seed))
        print("\n".join(tallies[-1].lines()), flush=True)
        if options.besides:
            print("\n".join(operations(vault, options.besides, options.seed, BESIDES).lines()), flush=True)
    return int(any(tally.bad for tally in tallies))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--look"]:
        answer_forever(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        sys.exit(main(sys.argv[1:]))

"""The vault as a whole: made once, opened by one process at a time, shut to everybody else, never half."""

import gc
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from faceid_review.errors import Damaged, ReviewError, VaultClosed
from faceid_review.i18n import words
from faceid_review.review import telling
from faceid_review.session import Session
from faceid_review.settings import Settings
from faceid_review.vault.database import Database
from faceid_review.vault.keychain import Slots
from faceid_review.vault.vault import Lock, Vault

PASSPHRASE = "a passphrase of ours"
OTHER = """
import sys
from pathlib import Path
from faceid_review.vault.vault import Vault
with_lock = Vault.open(Path(sys.argv[1]), sys.argv[2], keyring=False)
print("open", flush=True)
sys.stdin.read()
"""

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(autouse=True)
def swept() -> Iterator[None]:
    """Tests of failing openings leave things open; they are closed before the next test begins."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("vaults") / "vault"
    Vault.make(home, "Lin Yue", PASSPHRASE, keyring=False).close()
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "vault")


def opened(home: Path, passphrase: str | None = PASSPHRASE) -> Vault:
    return Vault.open(home, passphrase, keyring=False)


def refused(home: Path, passphrase: str | None = PASSPHRASE) -> ReviewError:
    with pytest.raises(ReviewError) as caught:
        opened(home, passphrase)
    assert telling.sentence(caught.value, words("en")) != f"error.{caught.value.wording}"
    return caught.value


def meddle(home: Path, *statements: str) -> None:
    with sqlite3.connect(home if home.is_file() else home / "vault.db") as meddler:
        for statement in statements:
            meddler.execute(statement)
    meddler.close()


# ---- made and opened


def test_a_vault_is_made_and_opened_again(home: Path) -> None:
    vault = opened(home)
    assert vault.ledger.by == "Lin Yue"
    assert [entry.act for entry in vault.ledger.entries()] == ["vault_made"]
    vault_id = vault.id
    vault.close()
    again = opened(home)
    assert again.id == vault_id
    again.close()


@pytest.mark.skipif(sys.platform == "win32", reason="permissions there are lists")
def test_folder_and_files_are_their_owner_s_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Session.make(tmp_path / "a" / "vault", "Lin", PASSPHRASE, keyring=False) as session:
            session.vault.spool.prove()
            session.settings.save(session.home)
            with session.vault.transaction():
                session.vault.ledger.append("noted")
                paths = [session.home, *session.home.rglob("*")]
                assert session.home / "vault.db-journal" in paths
                for path in paths:
                    mode = stat.S_IMODE(path.stat().st_mode)
                    assert mode == (0o700 if path.is_dir() else 0o600), path
    finally:
        os.umask(before)


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir(mode=0o777)
    Vault.make(tmp_path / "vault", "Lin", PASSPHRASE, keyring=False).close()
    assert stat.S_IMODE((tmp_path / "vault").stat().st_mode) == 0o700


def test_a_second_vault_in_the_same_folder_is_refused_and_harms_nothing(home: Path) -> None:
    before = (home / "vault.db").read_bytes()
    with pytest.raises(VaultClosed) as caught:
        Vault.make(home, "Other", "other", keyring=False)
    assert caught.value.wording == "vault_exists"
    assert (home / "vault.db").read_bytes() == before


def test_a_vault_that_another_process_has_just_made_survives(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (home / "vault.db").read_bytes()
    looks = iter([False])
    plain = Vault.exists
    # The other process finishes between this one's first look and its lock.
    monkeypatch.setattr(Vault, "exists", staticmethod(lambda where: next(looks, plain(where))))
    with pytest.raises(VaultClosed):
        Vault.make(home, "Other", "other", keyring=False)
    assert (home / "vault.db").read_bytes() == before


@pytest.mark.parametrize("where", ["a file", "no parent"])
def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("x")
    home = tmp_path / "file" if where == "a file" else tmp_path / "file" / "vault"
    with pytest.raises(VaultClosed):
        Vault.make(home, "Lin", PASSPHRASE, keyring=False)


@pytest.mark.parametrize("died_after", ["an empty file", "the schema", "the slot"])
def test_a_vault_that_was_half_made_can_be_made_anew(home: Path, died_after: str) -> None:
    made = home.with_name("other")
    made.mkdir()
    draft = made / "vault.new"
    draft.write_bytes((home / "vault.db").read_bytes())
    match died_after:
        case "an empty file":
            draft.write_bytes(b"")
        case "the schema":
            meddle(draft, "DELETE FROM entry", "DELETE FROM slot")
        case "the slot":
            meddle(draft, "DELETE FROM entry")
    assert not Vault.exists(made)
    Vault.make(made, "Lin", "another passphrase", keyring=False).close()
    assert not draft.exists()


def test_a_failure_while_making_leaves_no_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise VaultClosed("vault_full")

    with monkeypatch.context() as patch:
        patch.setattr(Slots, "put_passphrase", broken)
        with pytest.raises(VaultClosed):
            Vault.make(tmp_path / "vault", "Lin", PASSPHRASE, keyring=False)
    assert not Vault.exists(tmp_path / "vault")
    Vault.make(tmp_path / "vault", "Lin", PASSPHRASE, keyring=False).close()


# ---- refused


def test_where_there_is_none(tmp_path: Path) -> None:
    assert refused(tmp_path / "nothing").wording == "no_vault"
    assert not (tmp_path / "nothing").exists(), "looking makes nothing"


@pytest.mark.parametrize("passphrase", ["", "wrong", PASSPHRASE + " "])
def test_the_wrong_passphrase(home: Path, passphrase: str) -> None:
    assert refused(home, passphrase).wording == "passphrase_wrong"
    opened(home).close()


def test_without_a_passphrase_a_vault_that_has_no_keyring_asks_for_it(home: Path) -> None:
    assert refused(home, None).wording == "passphrase_needed"


def test_a_newer_format_is_refused_unchanged(home: Path) -> None:
    meddle(home, "UPDATE vault SET version = 2")
    before = (home / "vault.db").read_bytes()
    error = refused(home)
    assert (error.wording, error.exit_code, error.facts["version"]) == ("vault_newer", 6, 2)
    assert (home / "vault.db").read_bytes() == before


@pytest.mark.parametrize(
    "junk", [b"not a database at all" * 100, b"SQLite format 3\0" + bytes(84), os.urandom(8192)]
)
def test_a_file_that_is_no_vault(home: Path, junk: bytes) -> None:
    (home / "vault.db").write_bytes(junk)
    assert refused(home).wording == "vault_unreadable"
    assert (home / "vault.db").read_bytes() == junk


def test_somebody_else_s_database(home: Path) -> None:
    (home / "vault.db").unlink()
    meddle(home, "CREATE TABLE notes(x)")
    assert refused(home).exit_code == 6


def test_a_slot_of_another_vault_does_not_open_this_one(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    Vault.make(other, "Other", PASSPHRASE, keyring=False).close()
    meddle(
        home,
        f"ATTACH '{other / 'vault.db'}' AS o",
        "DELETE FROM slot",
        "INSERT INTO slot SELECT * FROM o.slot",
    )
    assert refused(home).wording == "passphrase_wrong"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes where nobody may")
def test_a_vault_that_cannot_be_written(home: Path) -> None:
    (home / "vault.db").chmod(0o400)
    assert refused(home).exit_code == 6


# ---- one process, one vault


def test_another_process_is_named_and_this_one_stays_out(home: Path) -> None:
    command = [sys.executable, "-c", OTHER, str(home), PASSPHRASE]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == b"open\n"
        error = refused(home)
        assert (error.wording, error.exit_code) == ("vault_in_use", 6)
        assert error.facts["pid"] == str(other.pid)
        other.kill()
    # The lock is the kernel's: it is gone with its process, whatever the file says.
    assert (home / "vault.lock").read_text() == str(other.pid)
    opened(home).close()


def test_twice_in_one_process_is_one_too_many(home: Path) -> None:
    first = opened(home)
    assert refused(home).facts["pid"] == str(os.getpid())
    first.close()
    opened(home).close()


def test_a_lock_file_alone_locks_nothing(home: Path) -> None:
    (home / "vault.lock").write_text("1")
    opened(home).close()


def test_a_lock_that_cannot_be_opened_is_told_in_words(home: Path) -> None:
    # As on a read-only disk: the first thing that fails is to open the lock for writing.
    (home / "vault.lock").unlink()
    (home / "vault.lock").mkdir()
    error = refused(home)
    assert (error.wording, error.exit_code) == ("vault_unwritable", 6)


@pytest.mark.parametrize("what", ["the passphrase", "the version"])
def test_an_opening_that_failed_lets_go(home: Path, what: str) -> None:
    if what == "the version":
        meddle(home, "UPDATE vault SET version = 2")
        kept = refused(home)
        meddle(home, "UPDATE vault SET version = 1")
    else:
        kept = refused(home, "wrong")
    opened(home).close()
    assert kept.exit_code == 6


def test_a_session_that_failed_to_open_lets_go(home: Path) -> None:
    with Session.open(home, PASSPHRASE, keyring=False) as session:
        session.vault.ledger.append(
            "account_added", "\0accounts", {"name": "a", "base_url": "u", "api_key": "k", "was": ""}
        )
    meddle(home, "UPDATE entry SET sealed = zeroblob(80) WHERE number = 2")
    with pytest.raises(Damaged) as caught:
        Session.open(home, PASSPHRASE, keyring=False)
    assert caught.value.facts == {"number": 2}
    Lock(home / "vault.lock").release()


# ---- the file itself


def test_the_settings_of_the_database_are_those_that_lost_nothing(home: Path) -> None:
    vault = opened(home)
    wanted = {"journal_mode": "delete", "synchronous": 3, "locking_mode": "exclusive", "temp_store": 2,
              "secure_delete": 1, "foreign_keys": 1, "trusted_schema": 0, "fullfsync": 1}  # fmt: skip
    assert {name: (vault._database.one(f"PRAGMA {name}") or [None])[0] for name in wanted} == wanted
    vault.close()


def test_a_closed_vault_says_so(home: Path) -> None:
    vault = opened(home)
    vault.close()
    with pytest.raises(VaultClosed):
        vault.ledger.append("noted")
    with pytest.raises(VaultClosed):
        _ = vault.ledger.count


def test_a_journal_that_a_crash_left_is_rolled_back(home: Path) -> None:
    program = """
import os, signal, sys
from pathlib import Path
from faceid_review.vault.vault import Vault
vault = Vault.open(Path(sys.argv[1]), sys.argv[2], keyring=False)
vault.ledger.append("kept")
with vault.transaction():
    vault.ledger.append("lost")
    vault._database.execute("PRAGMA cache_spill = 1")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(home), PASSPHRASE], cwd=Path(__file__).parents[2]
    )
    assert done.returncode == -9
    vault = opened(home)
    assert [entry.act for entry in vault.ledger.entries()] == ["vault_made", "kept"]
    assert vault.ledger.verify().intact
    vault.close()


def test_settings_lie_beside_the_vault_and_do_not_open_it(home: Path) -> None:
    Settings(lang="zh").save(home)
    (home / "settings.json").write_bytes(b"\xff\xfe nonsense")
    with Session.open(home, PASSPHRASE, keyring=False) as session:
        assert session.settings == Settings()


def test_a_full_disk_is_called_full(home: Path) -> None:
    """SQLite's own limit on pages is as real a refusal as a disk's, and leaves the vault as it was."""
    vault = opened(home)
    (pages,) = vault._database.one("PRAGMA page_count") or (0,)
    vault._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(VaultClosed) as caught:
        vault.ledger.append("noted", facts={"text": "x" * 500_000})
    assert caught.value.wording == "vault_full"
    assert vault.ledger.verify().intact
    vault._database.execute("PRAGMA max_page_count = 100000")
    vault.ledger.append("noted")
    vault.close()


def test_a_database_is_never_made_over_another_file(tmp_path: Path) -> None:
    (tmp_path / "vault.db").write_bytes(b"somebody's")
    with pytest.raises((ReviewError, FileExistsError)):
        Database.make(tmp_path / "vault.db", os.urandom(16))
    assert (tmp_path / "vault.db").read_bytes() == b"somebody's"

"""A backup in one file: whole or not there, opened by the passphrase alone, restored to the byte, and never half."""

import hashlib
import json
import os
import random
import shutil
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from faceid_review.errors import Afterwards, Damaged, ReviewError, VaultClosed
from faceid_review.faceid.simulator import Simulator
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review import telling
from faceid_review.review.accounts import Account
from faceid_review.session import Session
from faceid_review.settings import Settings
from faceid_review.vault import backup as backups
from faceid_review.vault.database import Database
from faceid_review.vault.vault import Vault
from tests.integration.test_asking import fetched

PASSPHRASE = "a passphrase of ours"
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with three answered cases and its backup beside it."""
    home = tmp_path_factory.mktemp("backups") / "vault"
    with (
        Simulator(ids=3, seed="backup") as vendor,
        Session.make(home, "Lin Yue 林越", PASSPHRASE, keyring=False) as session,
    ):
        session.accounts.add(Account("practice", vendor.base_url, vendor.api_key), vendor.api_secret)
        fetched(session, *vendor.ids)
        session.review.note(vendor.ids[0], "a note 备注")
        session.review.keep_draft(vendor.ids[1], {"note": "half a"})
        Settings(lang="zh").save(home)
        (home / "spool" / f"{'0' * 32}.damaged").write_bytes(b"it may hold an answer")
        session.back_up(home.parent / "a.backup")
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "vault")


@pytest.fixture
def backup(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(template.parent / "a.backup", tmp_path / "a.backup"))


def opened(home: Path) -> Session:
    return Session.open(home, PASSPHRASE, keyring=False)


def restored(home: Path, file: Path, passphrase: str = PASSPHRASE) -> Session:
    return Session.restore(home, file, passphrase, keyring=False)


def refused(home: Path, file: Path, passphrase: str = PASSPHRASE) -> ReviewError:
    with pytest.raises(ReviewError) as caught:
        restored(home, file, passphrase).close()
    error = caught.value
    for lang in LANGUAGES:
        assert telling.sentence(error, words(lang)) != f"error.{error.wording}"
    assert not Vault.exists(home)
    return error


def test_every_record_comes_back_on_another_machine(template: Path, backup: Path, tmp_path: Path) -> None:
    with opened(template) as session, restored(tmp_path / "there", backup) as there:
        last = next(e for e in session.entries() if e.act == "backup").number - 1
        assert there.audit().intact
        assert there.reviewer == "Lin Yue 林越"
        here = [e for e in session.entries() if e.number <= last]
        assert [e for e in there.entries() if e.number <= last] == here
        bodies = [e.record for e in here if e.record]
        assert len(bodies) >= 3
        for record in bodies:
            assert there.vault.ledger.body(record) == session.vault.ledger.body(record)
        assert there.casebook.rows()[0]["sha256"] == session.casebook.rows()[0]["sha256"]
        assert there.accounts.secrets() == session.accounts.secrets(), "sealed in the vault, they come along"
        assert there.settings.lang == "zh"
        assert there.review.draft(session.casebook.rows()[1]["biz_id"]) == {"note": "half a"}
        assert (tmp_path / "there" / "spool" / f"{'0' * 32}.damaged").read_bytes() == b"it may hold an answer"
        assert list(there.entries())[last].act == "restored"


def test_it_is_recorded_with_its_hash_and_how_far_it_goes(template: Path, backup: Path) -> None:
    with opened(template) as session:
        entry = next(e for e in session.entries() if e.act == "backup")
        assert entry.facts["sha256"] == hashlib.sha256(backup.read_bytes()).hexdigest()
        assert (entry.facts["bytes"], entry.facts["name"]) == (backup.stat().st_size, "a.backup")
        assert entry.facts["count"] == entry.number - 1
        assert session.agrees(entry.facts["count"], entry.facts["head"])


def test_nothing_in_it_lies_in_clear(template: Path, backup: Path) -> None:
    data = backup.read_bytes()
    with opened(template) as session:
        row = session.casebook.rows()[0]
        link = session.vault.ledger.link_at(2)
        wanted = [
            row["biz_id"].encode(),
            row["case"].encode(),
            b"SQLite format",
            b"Lin Yue",
            session.vault.pseudonym(row["biz_id"]),
        ]
        assert link is not None
        assert not [one for one in (*wanted, link, b"JFIF\0") if one in data], (
            "three bytes alone come by chance"
        )


@pytest.mark.skipif(sys.platform == "win32", reason="permissions there are lists")
def test_files_are_their_owner_s_alone(home: Path, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with opened(home) as session:
            made = session.back_up(tmp_path / "b.backup")
        with restored(tmp_path / "there", made.path) as there:
            for path in (made.path, there.home, *there.home.rglob("*")):
                wanted = 0o700 if path.is_dir() else 0o600
                assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    finally:
        os.umask(before)


def test_a_file_that_is_there_is_never_replaced(home: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    with opened(home) as session:
        count = session.chain()[0]
        with pytest.raises(Afterwards) as caught:
            session.back_up(tmp_path / "mine")
        assert caught.value.wording == "backup_exists"
        assert session.chain()[0] == count
    assert (tmp_path / "mine").read_bytes() == b"mine"


def test_where_nothing_can_be_written_nothing_is_left(home: Path, tmp_path: Path) -> None:
    with opened(home) as session:
        count = session.chain()[0]
        with pytest.raises(Afterwards) as caught:
            session.back_up(tmp_path / "no folder" / "b.backup")
        assert caught.value.wording == "not_written"
        assert not list(home.glob("backup-*"))
        assert session.chain()[0] == count


def test_a_copy_that_does_not_restore_is_no_backup(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof is real: a copy with a broken entry never gets its name, and is on no record."""
    plain = Database.copy_to

    def broken(database: Database, path: Path) -> None:
        plain(database, path)
        with sqlite3.connect(path) as meddler:
            meddler.execute("UPDATE entry SET sealed = zeroblob(80) WHERE number = 4")
        meddler.close()

    with opened(home) as session:
        count = session.chain()[0]
        with monkeypatch.context() as patch:
            patch.setattr(Database, "copy_to", broken)
            with pytest.raises(Damaged):
                session.back_up(tmp_path / "b.backup")
        assert session.chain()[0] == count
    assert [path.name for path in tmp_path.iterdir()] == ["vault"]
    assert not list(home.glob("backup-*"))


# ---- refused


def test_the_wrong_passphrase(backup: Path, tmp_path: Path) -> None:
    assert refused(tmp_path / "there", backup, "wrong").wording == "passphrase_wrong"
    with restored(tmp_path / "there", backup):
        pass


def test_a_vault_is_never_replaced(home: Path, backup: Path, tmp_path: Path) -> None:
    before = (home / "vault.db").read_bytes()
    with pytest.raises(VaultClosed) as caught:
        restored(home, backup)
    assert caught.value.wording == "vault_exists"
    assert (home / "vault.db").read_bytes() == before
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("mine")
    assert refused(tmp_path / "full", backup).wording == "home_not_empty"
    assert (tmp_path / "full" / "letter").read_text() == "mine"


@pytest.mark.parametrize("junk", [b"", b"FRBACKUP1", b"FRBACKUP2\0\0\0\2{}", b"FRBACKUP1\0\0\0\2{}", b"x" * 5000,
                                  b"FRBACKUP1\xff\xff\xff\xff{}", b"FRBACKUP1\0\0\0\4null"])  # fmt: skip
def test_a_file_that_is_no_backup(junk: bytes, tmp_path: Path) -> None:
    (tmp_path / "junk").write_bytes(junk)
    error = refused(tmp_path / "there", tmp_path / "junk")
    assert error.wording in ("backup_unreadable", "backup_newer")
    assert error.exit_code in (6, 7)


def test_every_flipped_byte_and_every_cut_is_found(backup: Path, tmp_path: Path) -> None:
    chance, plain = random.Random(7), backup.read_bytes()
    opening = plain.index(b"}") + 1
    # Each opening of the passphrase slot takes a tenth of a second, hence a few.
    places = [
        *chance.sample(range(len(plain)), 20),
        *chance.sample(range(opening + 1), 4),
        9,
        opening,
        len(plain) - 1,
    ]
    for place in places:
        data = bytearray(plain)
        data[place] ^= 1 << chance.randrange(8)
        backup.write_bytes(data)
        if json_differs(plain, bytes(data)):
            refused(tmp_path / "there", backup)
    for length in (len(plain) - 1, len(plain) // 2, opening + 40):
        backup.write_bytes(plain[:length])
        refused(tmp_path / "there", backup)
    backup.write_bytes(plain + b"\0")
    refused(tmp_path / "there", backup)
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["vault.lock"]
    backup.write_bytes(plain)
    with restored(tmp_path / "there", backup) as session:
        assert session.audit().intact


def json_differs(plain: bytes, data: bytes) -> bool:
    """Whether two backups say anything different: hex digits of the opening may differ in their case alone."""
    length = int.from_bytes(plain[9:13], "big")
    try:
        same = json.loads(plain[13 : 13 + length].lower()) == json.loads(data[13 : 13 + length].lower())
    except ValueError:
        same = False
    return not (same and plain[:13] == data[:13] and plain[13 + length :] == data[13 + length :])


def test_a_name_that_leads_out_of_the_folder_is_refused(home: Path, tmp_path: Path) -> None:
    """Whoever knows the passphrase can make a backup with any manifest; it still writes only what belongs there."""
    with opened(home) as session:
        vault = session.vault
        for name in ("../outside", "settings.json.exe", "/tmp/outside", "drafts/../../outside", "vault.new"):
            key = vault._sealer.new_record()
            opening = {
                "vault": vault.id.hex(),
                **vault.slots.passphrase(),
                "record": key.record.hex(),
                "key": vault._sealer.wrap(key).hex(),
            }
            told = {"made_at": "", "version": "", "count": 1, "head": ""}
            evil = tmp_path / "evil"
            (tmp_path / "some").write_bytes(b"x")
            copy = tmp_path / "copy.db"
            copy.write_bytes(b"x")
            backups._seal_into(evil, opening, key, told, [("vault.db", copy), (name, tmp_path / "some")])
            assert refused(tmp_path / "there", evil).wording == "backup_unreadable"
            evil.unlink()
    assert not (tmp_path / "outside").exists()


# ---- the keyring


@pytest.mark.keyring
def test_with_a_keyring_the_key_goes_into_the_new_machine_s(secret_service: str, tmp_path: Path) -> None:
    with Session.make(tmp_path / "a", "Lin Yue", PASSPHRASE, keyring=True) as session:
        session.back_up(tmp_path / "a.backup")
        vault = session.vault.id
        session.vault.keychain.forget("data key")
    with Session.restore(tmp_path / "b", tmp_path / "a.backup", PASSPHRASE, keyring=True) as session:
        assert session.vault.id == vault
    with Session.open(tmp_path / "b") as session:
        assert session.audit().intact
    with Session.restore(tmp_path / "c", tmp_path / "a.backup", PASSPHRASE, keyring=False) as session:
        assert "keyring" not in session.vault.slots.kinds()

"""Where secrets live: a real keyring, locked and unlocked and gone, or the vault itself; never anything weaker."""

import base64
import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from faceid_review.errors import ReviewError, VaultClosed, WeakKeyring
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review import telling
from faceid_review.review.accounts import Account
from faceid_review.session import Session
from faceid_review.vault.database import Database
from faceid_review.vault.keychain import SealedKeychain, Slots, SystemKeychain
from faceid_review.vault.sealing import Sealer
from tests.contract.test_secret_service import SECRET

if sys.platform.startswith("linux"):
    import secretstorage
    from jeepney import DBusAddress, new_method_call

# The keyring's own library leaves its connection open where the keyring stays locked.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

SECRETS = [SECRET, "x", "s p+a c e", "a" * 1280, "\u202e密钥\n\t", "😀" * 50]
PASSPHRASE = "correct horse battery staple"


@pytest.fixture(autouse=True)
def swept() -> Iterator[None]:
    """What a test leaves open is closed before the next begins, which may be strict about it."""
    yield
    gc.collect()


@contextmanager
def locked() -> Iterator[None]:
    """The default collection locked, as a screen lock or a new session leaves it; unlocked again afterwards."""
    with closing(secretstorage.dbus_init()) as connection:
        collection = secretstorage.get_default_collection(connection)
        collection.lock()
        assert collection.is_locked()
        try:
            yield
        finally:
            unlock(connection, collection.collection_path)
            assert not collection.is_locked()


def unlock(connection: Any, path: str) -> None:
    """By the master password, without a prompt: gnome-keyring's own way for tests and for logins."""
    from secretstorage.util import format_secret, open_session

    session = open_session(connection)
    secret = format_secret(session, b"throw-away", "text/plain")
    interface = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
    address = DBusAddress("/org/freedesktop/secrets", "org.freedesktop.secrets", interface)
    call = new_method_call(address, "UnlockWithMasterPassword", "o(oayays)", (path, secret))
    connection.send_and_get_reply(call)


# ---- the system's keyring


@pytest.mark.keyring
@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: f"{len(secret)} characters")
def test_the_keyring_gives_back_what_was_put_in(secret_service: str, secret: str) -> None:
    keychain = SystemKeychain(os.urandom(16))
    assert keychain.get("account a") is None
    keychain.put("account a", "old")
    keychain.put("account a", secret)
    assert keychain.get("account a") == secret
    keychain.forget("account a")
    keychain.forget("account a")
    assert keychain.get("account a") is None


@pytest.mark.keyring
def test_two_vaults_do_not_read_each_other(secret_service: str) -> None:
    one, other = SystemKeychain(os.urandom(16)), SystemKeychain(os.urandom(16))
    one.put("account a", "mine")
    assert other.get("account a") is None
    one.forget("account a")


@pytest.mark.keyring
@pytest.mark.parametrize(
    "backend", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "tests.no.such.Backend"]
)
def test_a_configured_backend_is_ignored(
    secret_service: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, backend: str
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "python_keyring").mkdir()
    (tmp_path / "python_keyring" / "keyringrc.cfg").write_text(f"[backend]\ndefault-keyring={backend}\n")
    keychain = SystemKeychain(os.urandom(16))
    keychain.put("account a", SECRET)
    assert keychain.get("account a") == SECRET
    keychain.forget("account a")
    assert type(keychain._backend).__module__ == "keyring.backends.SecretService"


@pytest.mark.parametrize(
    "address",
    [
        "unix:path=/nonexistent",
        "unix:abstract=nobody",
        "tcp:host=127.0.0.1,port=1",
        "",
        "garbage",
        "unix:",
        "nonsense:path=x",
    ],
)
def test_no_keyring_is_said_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(WeakKeyring) as caught:
        SystemKeychain(os.urandom(16))
    assert "--passphrase-file" in telling.sentence(caught.value, words("en"))
    assert caught.value.exit_code == 6


@pytest.mark.keyring
def test_a_locked_keyring_is_told_in_words_and_nothing_is_written(
    secret_service: str, tmp_path: Path
) -> None:
    keychain = SystemKeychain(os.urandom(16))
    keychain.put("account a", SECRET)
    with locked():
        for errand in (
            lambda: keychain.get("account a"),
            lambda: keychain.put("account a", "x"),
            lambda: keychain.forget("account a"),
        ):
            with pytest.raises(VaultClosed) as caught:
                errand()
            assert caught.value.wording == "keyring_locked"
            for lang in LANGUAGES:
                assert "--passphrase-file" in telling.sentence(caught.value, words(lang))
        with pytest.raises(VaultClosed):
            Session.make(tmp_path / "vault", "Lin", PASSPHRASE)
        assert not (tmp_path / "vault" / "vault.db").exists()
    assert keychain.get("account a") == SECRET
    keychain.forget("account a")


@pytest.mark.keyring
def test_a_vault_whose_keyring_is_locked_or_emptied_opens_by_its_passphrase(
    secret_service: str, tmp_path: Path
) -> None:
    home = tmp_path / "vault"
    with Session.make(home, "Lin", PASSPHRASE) as session:
        vault = session.vault.id
        session.accounts.add(Account("a", "https://example.invalid", "key"), SECRET)
        assert session.accounts.secret_place == SystemKeychain(vault).place
    with locked():
        with pytest.raises(VaultClosed) as caught:
            Session.open(home)
        assert caught.value.wording == "keyring_locked"
        with Session.open(home, PASSPHRASE) as session:
            assert session.reviewer == "Lin"
            # The secret is not there yet, and that is told; the evidence is.
            with pytest.raises(VaultClosed):
                session.accounts.endpoint(session.accounts.get())
    with Session.open(home) as session:
        assert session.accounts.endpoint(session.accounts.get()).api_secret == SECRET
    SystemKeychain(vault).forget("data key")
    with pytest.raises(VaultClosed) as caught:
        Session.open(home)
    assert caught.value.wording == "keyring_empty"
    said = telling.sentence(caught.value, words("en"))
    assert "( )" not in said
    assert said.count(SystemKeychain(vault).place) == 2, "it names the keyring then and the keyring now"
    with Session.open(home, PASSPHRASE) as session:
        assert session.accounts.endpoint(session.accounts.get()).api_secret == SECRET
        session.accounts.remove("a")


@pytest.mark.keyring
@pytest.mark.parametrize(
    "key",
    [
        pytest.param(
            key,
            id=key[:4],
        )
        for key in (base64.b64encode(b"another key of 32 bytes, surely!").decode(), "not base64!", "QUJD")
    ]
    + [""],
)
def test_a_key_that_was_changed_in_the_keyring_is_told_as_such(
    secret_service: str, tmp_path: Path, key: str
) -> None:
    home = tmp_path / "vault"
    with Session.make(home, "Lin", PASSPHRASE) as session:
        keychain = SystemKeychain(session.vault.id)
    if key:
        keychain.put("data key", key)
    else:
        keychain.forget("data key")
    with pytest.raises(VaultClosed):
        Session.open(home)
    keychain.forget("data key")


@pytest.mark.keyring
def test_no_file_of_the_vault_or_the_keyring_holds_the_secret_in_clear(
    secret_service: str, tmp_path: Path
) -> None:
    with Session.make(tmp_path / "vault", "Lin", PASSPHRASE) as session:
        session.accounts.add(Account("a", "https://example.invalid", "key"), SECRET)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            for mark in (SECRET, PASSPHRASE, "example.invalid"):
                assert mark.encode() not in data
                assert mark.encode("utf-16-le") not in data


# ---- secrets inside the vault


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database.make(tmp_path / "vault.db", b"v" * 16)
    yield made
    made.close()


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: f"{len(secret)} characters")
def test_a_sealed_secret_comes_back(database: Database, secret: str) -> None:
    keychain = SealedKeychain(database, Sealer(b"v" * 16, b"k" * 32))
    assert keychain.get("a") is None
    keychain.put("a", "old")
    keychain.put("a", secret)
    keychain.put("b", "other")
    assert keychain.get("a") == secret
    keychain.forget("a")
    keychain.forget("a")
    assert (keychain.get("a"), keychain.get("b")) == (None, "other")


def test_a_sealed_secret_does_not_open_in_another_s_place(database: Database) -> None:
    keychain = SealedKeychain(database, Sealer(b"v" * 16, b"k" * 32))
    keychain.put("a", "one")
    keychain.put("b", "two")
    database.execute("UPDATE secret SET sealed = (SELECT max(sealed) FROM secret)")
    broken = 0
    for name in ("a", "b"):
        try:
            keychain.get(name)
        except ReviewError:
            broken += 1
    assert broken == 1


@pytest.mark.parametrize("passphrase", [PASSPHRASE, "密码 中文", " ", "x" * 10_000, "\ud800", "a\0b"])
def test_a_passphrase_opens_and_no_other_does(database: Database, passphrase: str) -> None:
    slots = Slots(database, b"v" * 16)
    with pytest.raises(VaultClosed) as caught:
        slots.open_passphrase(passphrase)
    assert caught.value.wording == "no_passphrase_slot"
    slots.put_passphrase(passphrase, b"k" * 32)
    assert slots.open_passphrase(passphrase) == b"k" * 32
    for wrong in ("", passphrase + " ", passphrase.upper() + "x"):
        with pytest.raises(VaultClosed) as caught:
            slots.open_passphrase(wrong)
        assert caught.value.wording == "passphrase_wrong"
    facts = slots.kinds()["passphrase"]
    assert facts["memory_kib"] >= 64 * 1024, "a slot as weak as a test would like is no slot"


# ---- the code of other systems


@pytest.mark.parametrize("platform", ["win32", "darwin", "freebsd14", "linux"])
def test_the_package_is_imported_on_any_system(platform: str) -> None:
    """Names that are missing elsewhere must not be looked for at import. The desk is left out: it needs Qt there."""
    hidden = {
        "win32": ["fcntl", "resource", "pwd", "grp", "termios"],
        "darwin": ["msvcrt", "winreg"],
        "freebsd14": ["msvcrt", "winreg"],
        "linux": ["msvcrt", "winreg"],
    }[platform]
    # Libraries are imported as they are here; then the system changes, and our own modules follow.
    program = f"""
import sys, keyring, cryptography.hazmat.primitives.kdf.argon2, requests, truststore, urllib3, platformdirs, typst, ctypes
import asyncio, multiprocessing, subprocess, tempfile, getpass, PIL.Image, PIL.ImageOps, PIL.JpegImagePlugin, http.server, socketserver, unicodedata, sqlite3, zoneinfo, gzip, shutil
for name in {hidden!r}:
    sys.modules[name] = None
sys.platform = {platform!r}
import pkgutil, importlib, faceid_review
found = [m.name for m in pkgutil.walk_packages(faceid_review.__path__, "faceid_review.") if ".desk" not in m.name and not m.name.endswith("__main__")]
for name in found:
    importlib.import_module(name)
assert len(found) > 30
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr.decode()

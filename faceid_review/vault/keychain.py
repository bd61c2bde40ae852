"""Where secrets live: the operating system's keyring, or, for machines without one, sealed in the vault.

The keyring's backend is named explicitly from a short list and never left to configuration, because a
configured one may be plain text or somebody's code. What was written is read back. A recovery passphrase
opens the vault when the keyring is lost; it wraps the data key and is kept nowhere.
"""

from __future__ import annotations

import base64
import importlib
import json
import os
import re
import sys
import threading
import unicodedata
from collections.abc import Mapping
from typing import Any, Final, Protocol

import keyring.errors
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from keyring.backend import KeyringBackend

from faceid_review.errors import Damaged, VaultClosed, WeakKeyring
from faceid_review.vault.database import Database, blob
from faceid_review.vault.sealing import KEY_BYTES, Sealer, seal, unseal

_BACKENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "linux": ("keyring.backends.SecretService.Keyring", "keyring.backends.kwallet.DBusKeyring"),
    "darwin": ("keyring.backends.macOS.Keyring",),
    "win32": ("keyring.backends.Windows.WinVaultKeyring",),
}
_DERIVING: Final = threading.Lock()
"""Two threads deriving at once never came back (cryptography 50.0.2)."""

_LONGEST: Final = 1280
"""Windows keeps at most 2,560 bytes of UTF-16 in one credential."""

_ARGON2: Final = {"memory_kib": 64 * 1024, "iterations": 3, "lanes": 2}


class Keychain(Protocol):
    """A place for short secrets, by name."""

    @property
    def place(self) -> str:
        """Where it keeps them, for people: the backend's name, or ``vault``."""

    def get(self, name: str) -> str | None:
        """The secret of this name, or None."""

    def put(self, name: str, secret: str) -> None:
        """Keep a secret; read back before this returns."""

    def forget(self, name: str) -> None:
        """Delete a secret; nothing happens where there is none."""


class SystemKeychain:
    """The operating system's keyring. ``vault`` keeps the names of two vaults apart."""

    def __init__(self, vault: bytes) -> None:
        self._backend = _allowed_backend()
        self._vault = vault.hex()[:12]

    @property
    def place(self) -> str:
        """The backend's own name."""
        return str(self._backend.name)

    def get(self, name: str) -> str | None:
        """The secret of this name, or None. Raises :class:`VaultClosed` where the keyring stays locked."""
        with _Translated():
            return self._backend.get_password(self._service(name), name)

    def put(self, name: str, secret: str) -> None:
        """Keep a secret. Raises :class:`VaultClosed` where it does not come back as it went in."""
        if sys.platform == "win32" and len(secret) > _LONGEST:
            raise VaultClosed("secret_too_long", most=_LONGEST)
        with _Translated():
            self._backend.set_password(self._service(name), name, secret)
            read_back = self._backend.get_password(self._service(name), name)
        if read_back != secret:
            raise WeakKeyring("keyring_forgets", name=self.place)

    def forget(self, name: str) -> None:
        """Delete a secret."""
        if self.get(name) is not None:
            with _Translated():
                self._backend.delete_password(self._service(name), name)

    def _service(self, name: str) -> str:
        # One service for each secret: Windows shuffles two users of one service.
        return f"FaceID Review {self._vault} {name}"


class SealedKeychain:
    """Secrets sealed inside the vault itself, for machines without a keyring."""

    place = "vault"

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    def get(self, name: str) -> str | None:
        """The secret of this name, or None."""
        key = self._sealer.pseudonym(name)
        row = self._database.one("SELECT sealed FROM secret WHERE name = ?", key)
        return self._sealer.unseal(blob(row[0]), b"secret", key).decode() if row else None

    def put(self, name: str, secret: str) -> None:
        """Keep a secret."""
        key = self._sealer.pseudonym(name)
        sealed = self._sealer.seal(secret.encode(), b"secret", key)
        self._database.execute("INSERT OR REPLACE INTO secret VALUES (?, ?)", key, sealed)
        if self.get(name) != secret:
            raise VaultClosed("vault_unreadable", kind="read back")

    def forget(self, name: str) -> None:
        """Delete a secret."""
        self._database.execute("DELETE FROM secret WHERE name = ?", self._sealer.pseudonym(name))


class Slots:
    """The ways into the vault: the data key in the keyring, and wrapped by a passphrase."""

    _NAME: Final = "data key"

    def __init__(self, database: Database, vault: bytes) -> None:
        self._database = database
        self._vault = vault

    def kinds(self) -> dict[str, dict[str, Any]]:
        """The slots there are, by kind (``keyring``, ``passphrase``), with their public facts."""
        rows = self._database.all("SELECT kind, facts FROM slot")
        return {str(kind): _read_facts(facts) for kind, facts in rows}

    def put_keyring(self, keychain: SystemKeychain, data_key: bytes) -> None:
        """Lay the data key into the keyring, and prove that it comes back."""
        keychain.put(self._NAME, base64.b64encode(data_key).decode())
        self._write("keyring", {"backend": keychain.place}, b"")

    def open_keyring(self, keychain: SystemKeychain) -> bytes:
        """The data key from the keyring. Raises :class:`VaultClosed` where it is not there."""
        kept = keychain.get(self._NAME)
        if kept is None:
            made_with = self.kinds().get("keyring", {}).get("backend", "")
            raise VaultClosed("keyring_empty", now=keychain.place, then=made_with)
        try:
            return base64.b64decode(kept, validate=True)
        except ValueError:
            wrong = VaultClosed("key_wrong")
        raise wrong

    def put_passphrase(self, passphrase: str, data_key: bytes) -> None:
        """Wrap the data key with ``passphrase`` (Argon2id), and prove that it opens again."""
        facts = {**_ARGON2, "salt": os.urandom(16).hex()}
        wrapped = seal(_derived(passphrase, facts), data_key, self._vault, b"passphrase slot")
        self._write("passphrase", facts, wrapped)
        if self.open_passphrase(passphrase) != data_key:
            raise VaultClosed("vault_unreadable", kind="passphrase")

    def open_passphrase(self, passphrase: str) -> bytes:
        """The data key, by passphrase. Raises :class:`VaultClosed` for the wrong one."""
        row = self._database.one("SELECT facts, wrapped FROM slot WHERE kind = 'passphrase'")
        if row is None:
            raise VaultClosed("no_passphrase_slot")
        return unwrapped(passphrase, self._vault, _read_facts(row[0]), blob(row[1]))

    def passphrase(self) -> dict[str, Any]:
        """The passphrase slot as a backup takes it along: its public ``facts``, and ``wrapped`` in hex."""
        row = self._database.one("SELECT facts, wrapped FROM slot WHERE kind = 'passphrase'")
        if row is None:
            raise VaultClosed("no_passphrase_slot")
        return {"facts": _read_facts(row[0]), "wrapped": blob(row[1]).hex()}

    def drop_keyring(self) -> None:
        """Forget that the data key lies in a keyring: in another one it does not."""
        self._database.execute("DELETE FROM slot WHERE kind = 'keyring'")

    def _write(self, kind: str, facts: Mapping[str, Any], wrapped: bytes) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO slot VALUES (?, ?, ?)", kind, json.dumps(dict(facts)), wrapped
        )


def unwrapped(passphrase: str, vault: bytes, facts: Mapping[str, Any], wrapped: bytes) -> bytes:
    """The data key of a passphrase slot. Raises :class:`VaultClosed` for the wrong passphrase."""
    try:
        return unseal(_derived(passphrase, _bounded(dict(facts))), wrapped, vault, b"passphrase slot")
    except Damaged:
        wrong = VaultClosed("passphrase_wrong")
    raise wrong


def _read_facts(text: object) -> dict[str, Any]:
    """The public facts of a slot; whatever cannot be read there is as if it were not written."""
    try:
        facts = json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _bounded(facts: dict[str, Any]) -> dict[str, Any]:
    """What the passphrase slot says of its cost, within sense: it lies in clear and could ask for any memory."""
    salt = facts.get("salt")
    bounds = {"memory_kib": (8 * 1024, 1024 * 1024), "iterations": (1, 16), "lanes": (1, 16)}
    good = isinstance(salt, str) and re.fullmatch(r"[0-9a-f]{32,128}", salt) is not None
    for name, (least, most) in bounds.items():
        value = facts.get(name)
        good = good and type(value) is int and least <= value <= most
    if not good:
        raise VaultClosed("vault_unreadable", kind="slot")
    return facts


def _derived(passphrase: str, facts: Mapping[str, Any]) -> bytes:
    # Two keyboards may spell the same Chinese or accented text in different code points.
    with _DERIVING:
        return _argon2(passphrase, facts)


def _argon2(passphrase: str, facts: Mapping[str, Any]) -> bytes:
    return Argon2id(
        salt=bytes.fromhex(facts["salt"]),
        length=KEY_BYTES,
        iterations=facts["iterations"],
        lanes=facts["lanes"],
        memory_cost=facts["memory_kib"],
    ).derive(unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass"))


def _allowed_backend() -> KeyringBackend:
    """The first backend of the short list that works here. Raises :class:`WeakKeyring` for none."""
    for name in _BACKENDS.get(sys.platform, ()):
        module, _, kind = name.rpartition(".")
        try:
            backend: KeyringBackend = getattr(importlib.import_module(module), kind)()
            if backend.priority <= 0:
                continue
        except (ImportError, RuntimeError, OSError, keyring.errors.KeyringError):
            continue
        if sys.platform == "win32":
            backend.persist = "local machine"  # type: ignore[attr-defined]  # the default roams
        return backend
    raise WeakKeyring("no_keyring")


class _Translated:
    """Turns the keyring's exceptions into ours at this door."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, keyring.errors.KeyringLocked | keyring.errors.InitError):
            raise VaultClosed("keyring_locked") from None
        if isinstance(error, keyring.errors.KeyringError | OSError):
            raise VaultClosed("keyring_failed", kind=type(error).__name__) from None
        # SecretStorage and jeepney have exceptions of their own, which keyring passes through.
        if error is not None and type(error).__module__.split(".")[0] in ("secretstorage", "jeepney", "dbus"):
            raise VaultClosed("keyring_failed", kind=type(error).__name__) from None

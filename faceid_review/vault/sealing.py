"""AES-256-GCM of one record, bound to its place.

Every seal is made for a place (its additional data): moved to another row, another vault or another format,
it no longer opens. A record (an answer, a picture of our own) has a random key of its own, wrapped by the
vault's data key and kept in its own row, so that one person's pictures can be destroyed for good.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from faceid_review.errors import Damaged

FORMAT: Final = b"FR1"
KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


def seal(key: bytes, data: bytes, *place: bytes) -> bytes:
    """``data`` sealed under ``key`` for ``place``: a random 96-bit nonce, the ciphertext and its tag."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, _joined(place))


def unseal(key: bytes, sealed: bytes, *place: bytes) -> bytes:
    """What :func:`seal` sealed. Raises :class:`Damaged` where a bit or the place differs."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _joined(place))
    except (InvalidTag, ValueError):
        broken = Damaged("seal_broken")
    raise broken


@dataclass(frozen=True)
class RecordKey:
    """The random key of one record. ``vault`` and ``record`` are the place its seals are made for."""

    vault: bytes
    record: bytes
    key: bytes = field(repr=False)

    def seal_part(self, number: int, data: bytes, *, last: bool) -> bytes:
        """The ``number``-th part of a body, sealed; the last one says that it is."""
        return seal(
            self.key, data, self.vault, self.record, b"body", number.to_bytes(8, "big"), bytes([last])
        )

    def unseal_part(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        """What :meth:`seal_part` sealed."""
        return unseal(
            self.key, sealed, self.vault, self.record, b"body", number.to_bytes(8, "big"), bytes([last])
        )

    def seal_words(self, data: bytes) -> bytes:
        """What an entry says that is to go when this record is destroyed, sealed."""
        return seal(self.key, data, self.vault, self.record, b"words")

    def unseal_words(self, sealed: bytes) -> bytes:
        """What :meth:`seal_words` sealed."""
        return unseal(self.key, sealed, self.vault, self.record, b"words")

    def seal_frame(self, number: int, data: bytes) -> bytes:
        """The ``number``-th piece of what is arriving, sealed."""
        return seal(self.key, data, self.vault, self.record, b"frame", number.to_bytes(8, "big"))

    def unseal_frame(self, number: int, sealed: bytes) -> bytes:
        """What :meth:`seal_frame` sealed."""
        return unseal(self.key, sealed, self.vault, self.record, b"frame", number.to_bytes(8, "big"))


class Sealer:
    """The seals of one vault: holds its data key and knows its id."""

    def __init__(self, vault: bytes, data_key: bytes) -> None:
        self.vault = vault
        self._key = data_key
        names = hmac.digest(data_key, b"faceid-review pseudonyms", hashlib.sha256)
        # A copy of it takes a third of the time of a new one, and lets no other thread in between.
        self._names = hmac.new(names, digestmod=hashlib.sha256)

    def seal(self, data: bytes, *place: bytes) -> bytes:
        """``data`` sealed under the data key."""
        return seal(self._key, data, self.vault, *place)

    def unseal(self, sealed: bytes, *place: bytes) -> bytes:
        """What :meth:`seal` sealed."""
        return unseal(self._key, sealed, self.vault, *place)

    def new_record(self) -> RecordKey:
        """A fresh key for a record with a random id."""
        return RecordKey(self.vault, os.urandom(16), os.urandom(KEY_BYTES))

    def wrap(self, record: RecordKey) -> bytes:
        """The record's key, wrapped by the data key."""
        return self.seal(record.key, b"record key", record.record)

    def unwrap(self, record: bytes, wrapped: bytes) -> RecordKey:
        """The key that :meth:`wrap` wrapped."""
        return RecordKey(self.vault, record, self.unseal(wrapped, b"record key", record))

    def pseudonym(self, name: str) -> bytes:
        """16 bytes that stand for ``name`` on the disk, and say nothing about it without the data key."""
        digest = self._names.copy()
        digest.update(name.encode("utf-8", "surrogatepass"))
        return digest.digest()[:16]


def _joined(place: tuple[bytes, ...]) -> bytes:
    return FORMAT + b"".join(len(part).to_bytes(4, "big") + part for part in place)

"""The vault's own signature: an Ed25519 key over every byte of a file.

It is the last one in the file, so that it covers the office's and a time stamp too. Its CMS and its self-signed
certificate are written here byte by byte from three things, the key and two signatures: Ed25519 signs the same
bytes the same way each time, so a copy made anew is the same file, and a reader compares the whole structure with
the one it must be instead of judging what it finds. pyHanko lays them into the PDF; it is loaded when first used.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

VAULT_FIELD: Final = "Vault"

UNKNOWN: Final = (UnsupportedAlgorithm,)
"""What reading a stranger's certificate may raise beside ValueError."""

_SEQUENCE, _SET, _OID, _INTEGER, _OCTETS, _BITS = 0x30, 0x31, 0x06, 0x02, 0x04, 0x03
_TEXT, _TIME, _BOOLEAN = 0x0C, 0x18, 0x01
_FIRST, _LAST = b"20000101000000Z", b"99991231235959Z"
"""A key of a vault has no date of its own; the last is RFC 5280's for a certificate without an end."""

_RANGE: Final = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_SIGNATURE_TYPE: Final = re.compile(
    rb"/SubFilter\s*/(ETSI\.RFC3161|ETSI\.CAdES\.detached|adbe\.pkcs7\.detached)"
)


def _der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    length = bytes([size]) if size < 128 else size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + (length if size < 128 else bytes([0x80 | len(length)]) + length) + body


def _oid(*numbers: int) -> bytes:
    body = bytes([numbers[0] * 40 + numbers[1]])
    for number in numbers[2:]:
        septets = [number & 0x7F]
        while number := number >> 7:
            septets.append(0x80 | (number & 0x7F))
        body += bytes(reversed(septets))
    return _der(_OID, body)


_ED25519: Final = _der(_SEQUENCE, _oid(1, 3, 101, 112))
_SHA512: Final = _der(_SEQUENCE, _oid(2, 16, 840, 1, 101, 3, 4, 2, 3))
_DATA: Final = _oid(1, 2, 840, 113549, 1, 7, 1)
_SIGNED_DATA: Final = _oid(1, 2, 840, 113549, 1, 7, 2)
_CONTENT_TYPE: Final = _oid(1, 2, 840, 113549, 1, 9, 3)
_MESSAGE_DIGEST: Final = _oid(1, 2, 840, 113549, 1, 9, 4)
_SIGNING_CERTIFICATE: Final = _oid(1, 2, 840, 113549, 1, 9, 16, 2, 47)
_COMMON_NAME: Final = _oid(2, 5, 4, 3)
_KEY_USAGE: Final = _oid(2, 5, 29, 15)


@dataclass(frozen=True)
class Key:
    """A public Ed25519 key; ``raw`` are its 32 bytes."""

    raw: bytes

    @property
    def der(self) -> bytes:
        """Its SubjectPublicKeyInfo."""
        return _der(_SEQUENCE, _ED25519, _der(_BITS, b"\0", self.raw))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of :attr:`der` as hex: ``openssl pkey -pubin -in signer.pem -outform DER | sha256sum``."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def pem(self) -> bytes:
        """The key as a PEM file."""
        return Ed25519PublicKey.from_public_bytes(self.raw).public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )

    def signed(self, signature: bytes, data: bytes) -> bool:
        """Whether ``signature`` is this key's over ``data``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True

    @classmethod
    def read(cls, data: bytes) -> Key | None:
        """The key in a PEM or DER file, or None where there is no Ed25519 key in it."""
        for load in (load_pem_public_key, load_der_public_key):
            try:
                found = load(data)
            except (ValueError, TypeError, UnsupportedAlgorithm):
                continue
            if isinstance(found, Ed25519PublicKey):
                return cls(found.public_bytes_raw())
        return None

    def certified(self) -> bytes:
        """What is signed in this key's certificate (TBSCertificate). Holds nothing but the key."""
        name = _der(
            _SEQUENCE,
            _der(
                _SET,
                _der(
                    _SEQUENCE,
                    _COMMON_NAME,
                    _der(_TEXT, f"FaceID Review vault {self.fingerprint[:16]}".encode()),
                ),
            ),
        )
        usage = _der(_SEQUENCE, _KEY_USAGE, _der(_BOOLEAN, b"\xff"), _der(_OCTETS, _der(_BITS, b"\6\xc0")))
        return _der(
            _SEQUENCE,
            _der(0xA0, _der(_INTEGER, b"\2")),
            self._serial,
            _ED25519,
            name,
            _der(_SEQUENCE, _der(_TIME, _FIRST), _der(_TIME, _LAST)),
            name,
            self.der,
            _der(0xA3, _der(_SEQUENCE, usage)),
        )

    def certificate(self, signature: bytes) -> bytes:
        """The self-signed certificate; ``signature`` is this key's over :meth:`certified`."""
        return _der(_SEQUENCE, self.certified(), _ED25519, _der(_BITS, b"\0", signature))

    def attributes(self, digest: bytes, certificate: bytes) -> bytes:
        """What is signed in a CMS over bytes with this SHA-512 (SignedAttributes, as a SET)."""
        hashed = _der(
            _SEQUENCE, _der(_SEQUENCE, _der(_SEQUENCE, _der(_OCTETS, hashlib.sha256(certificate).digest())))
        )
        every = [
            _der(_SEQUENCE, kind, _der(_SET, value))
            for kind, value in (
                (_CONTENT_TYPE, _DATA),
                (_MESSAGE_DIGEST, _der(_OCTETS, digest)),
                (_SIGNING_CERTIFICATE, hashed),
            )
        ]
        return _der(_SET, *sorted(every, key=lambda one: (len(one), one)))

    def cms(self, digest: bytes, certificate: bytes, signature: bytes) -> bytes:
        """The detached CMS (RFC 5652, 8419): ``signature`` is this key's over :meth:`attributes`."""
        issuer = _issuer_of(certificate)
        signer = _der(
            _SEQUENCE,
            _der(_INTEGER, b"\1"),
            _der(_SEQUENCE, issuer, self._serial),
            _SHA512,
            b"\xa0" + self.attributes(digest, certificate)[1:],
            _ED25519,
            _der(_OCTETS, signature),
        )
        signed = _der(
            _SEQUENCE,
            _der(_INTEGER, b"\1"),
            _der(_SET, _SHA512),
            _der(_SEQUENCE, _DATA),
            _der(0xA0, certificate),
            _der(_SET, signer),
        )
        return _der(_SEQUENCE, _SIGNED_DATA, _der(0xA0, signed))

    @property
    def _serial(self) -> bytes:
        return _der(_INTEGER, b"\1" + hashlib.sha256(self.raw).digest()[:15])


class Signer:
    """The vault's key at work. ``seed`` are the 32 bytes that lie sealed in the vault."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = Key(self._private.public_key().public_bytes_raw())

    def sign(self, data: bytes) -> bytes:
        """64 bytes: the signature over ``data``, the same each time."""
        return self._private.sign(data)

    @cached_property
    def certificate(self) -> bytes:
        """The key's self-signed certificate, the same each time."""
        return self.key.certificate(self.sign(self.key.certified()))

    def cms(self, digest: bytes) -> bytes:
        """The detached CMS over bytes with this SHA-512."""
        signature = self.sign(self.key.attributes(digest, self.certificate))
        return self.key.cms(digest, self.certificate, signature)


def seal(pdf: bytes, signer: Signer, at: datetime, password: str | None = None) -> bytes:
    """``pdf`` with the vault's signature over every byte of it, the same bytes for the same arguments.

    With ``password`` (of an encrypted file) the bytes differ each time. What was there stays as an exact prefix.
    """
    # A third of a second to load.
    from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter  # noqa: PLC0415
    from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup  # noqa: PLC0415
    from pyhanko.sign.signers.pdf_byterange import SignatureObject  # noqa: PLC0415

    writer = appending(pdf, password)
    room = 2 * len(signer.cms(bytes(64)))
    spec = SigFieldSpec(
        VAULT_FIELD,
        readable_field_name="Vault signature",
        # Outside the page: nothing is to be seen of it, so that PDF/UA wants no place for it in the structure.
        invis_sig_settings=InvisSigSettings(box_out_of_bounds=True),
    )
    steps = PdfCMSEmbedder(new_field_spec=spec).write_cms(VAULT_FIELD, writer)
    next(steps)
    steps.send(SigObjSetup(SignatureObject(at, SigSeedSubFilter.PADES, bytes_reserved=room)))
    prepared = steps.send(SigIOSetup("sha512", in_place=False))
    digest, output = prepared
    steps.send(signer.cms(digest.document_digest))
    return bytes(output.getbuffer())


def covering(pdf: bytes) -> Key | None:
    """The key whose signature covers every byte of the file, or None where none does. Needs no password."""
    for span in reversed(list(_RANGE.finditer(pdf))):
        end, start, rest = int(span[1]), int(span[2]), int(span[3])
        if 0 < end < start and start + rest == len(pdf):
            key = _signer_of(pdf[end:start], hashlib.sha512(pdf[:end] + pdf[start:]).digest())
            if key:
                return key
    return None


def _signer_of(gap: bytes, digest: bytes) -> Key | None:
    """The key that made the CMS in the one place that a signature leaves out, if nothing there is other than it is."""
    try:
        cms = bytes.fromhex(gap[1:-1].decode("ascii"))
    except ValueError:
        return None
    at = cms.find(_ED25519 + b"\x03\x21\0")
    key = Key(cms[at + 10 : at + 42])
    after = cms.find(_ED25519 + b"\x03\x41\0", at)
    if at < 0 or after < 0:
        return None
    certificate = key.certificate(cms[after + 10 : after + 74])
    signature = cms[-64:]
    whole = (
        gap == b"<" + key.cms(digest, certificate, signature).hex().upper().encode() + b">"
        and key.signed(cms[after + 10 : after + 74], key.certified())
        and key.signed(signature, key.attributes(digest, certificate))
    )
    return key if whole else None


def _issuer_of(certificate: bytes) -> bytes:
    """The name in a certificate that :class:`Key` wrote: it follows the first algorithm."""
    at = certificate.index(_ED25519) + len(_ED25519)
    return certificate[at : at + 2 + certificate[at + 1]]


def appending(pdf: bytes, password: str | None) -> IncrementalPdfFileWriter:
    """A writer that adds to the file and changes nothing in it: no new date, no new producer, no random id."""
    from pyhanko.pdf_utils.generic import ByteStringObject  # noqa: PLC0415
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415

    class Appending(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            """The description of the document stays what typst wrote, in both places alike."""

    writer = Appending(BytesIO(pdf))
    if password is not None:
        writer.encrypt(password)  # type: ignore[no-untyped-call]
    writer._document_id[1] = ByteStringObject(hashlib.sha256(pdf).digest()[:16])
    return writer

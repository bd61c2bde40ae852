"""What can stand beneath the vault's signature: the office's own (PAdES, from a PKCS#12 file), and a time stamp.

pyHanko makes and reads both; it is loaded when first used. A copy with either cannot be made anew byte for byte.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final

from faceid_review.errors import Afterwards, Usage
from faceid_review.snapshot.signing import UNKNOWN, VAULT_FIELD, appending

if TYPE_CHECKING:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

_FIELD: Final = "Office"
_TIME_FIELD: Final = "TimeStamp"
_WAIT: Final = 15
"""Seconds that a time stamp server may keep us waiting."""


@dataclass(frozen=True)
class Office:
    """The office's key and certificate: the bytes of a PKCS#12 file, and its password."""

    pkcs12: bytes = field(repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Beneath:
    """A signature under the vault's: ``who`` its certificate names, and whether what it covers is as it was.

    ``at`` is the time it tells: of a time stamp the server's, of an office's signature the office's own clock.
    Whether the certificate is to be trusted is not looked at.
    """

    time_stamp: bool
    who: str
    at: datetime | None
    intact: bool


def sign(pdf: bytes, office: Office, password: str | None = None) -> bytes:
    """``pdf`` with the office's signature. Raises :class:`Usage` where the key cannot be read or cannot sign."""
    from pyhanko.sign import fields, signers  # noqa: PLC0415

    try:
        signer = signers.SimpleSigner.load_pkcs12_data(
            office.pkcs12, other_certs=[], passphrase=office.password.encode() or None
        )
    except (ValueError, AttributeError, TypeError):
        unreadable = Usage("office_key_unreadable")
    else:
        meta = signers.PdfSignatureMetadata(
            _FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, app_build_props=None
        )
        spec = fields.SigFieldSpec(
            _FIELD,
            readable_field_name="Office signature",
            invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
        )
        signed: BytesIO = signers.PdfSigner(meta, signer, new_field_spec=spec).sign_pdf(
            appending(pdf, password)
        )
        return signed.getvalue()
    raise unreadable


def stamp_time(pdf: bytes, server: str, password: str | None = None) -> bytes:
    """``pdf`` with an RFC 3161 time stamp of ``server`` over it. Only a hash is sent. Raises :class:`Afterwards`."""
    from pyhanko.sign import fields, signers  # noqa: PLC0415
    from pyhanko.sign.general import SigningError  # noqa: PLC0415
    from pyhanko.sign.timestamps import HTTPTimeStamper  # noqa: PLC0415
    from pyhanko.sign.timestamps.common_utils import TimestampRequestError  # noqa: PLC0415

    stamper = signers.PdfTimeStamper(
        HTTPTimeStamper(server, timeout=_WAIT),
        field_name=_TIME_FIELD,
        invis_settings=fields.InvisSigSettings(box_out_of_bounds=True),
    )
    try:
        stamped: BytesIO = stamper.timestamp_pdf(appending(pdf, password), "sha256")
    except (TimestampRequestError, SigningError, OSError, ValueError, TypeError, LookupError) as error:
        failure = Afterwards("no_time_stamp", kind=type(error).__name__)
    else:
        return stamped.getvalue()
    raise failure


def beneath(pdf: bytes, password: str | None = None) -> tuple[Beneath, ...]:
    """The other signatures in a file, in order. Raises ValueError where it cannot be read."""
    if pdf.count(b"/ByteRange") == 1:
        return ()
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.general import CMSExtractionError  # noqa: PLC0415
    from pyhanko.sign.validation.errors import SignatureValidationError  # noqa: PLC0415

    try:
        reader = PdfFileReader(BytesIO(pdf))
        if password is not None:
            reader.decrypt(password)
        return tuple(_read(one) for one in reader.embedded_signatures if one.field_name != VAULT_FIELD)
    except (PdfError, CMSExtractionError, SignatureValidationError, *UNKNOWN) as error:
        unreadable = ValueError(type(error).__name__)
    raise unreadable


def _read(signature: EmbeddedPdfSignature) -> Beneath:
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity  # noqa: PLC0415

    info = signature.signer_info
    digest, kind, same = signature.compute_digest(), "data", True
    at = signature.self_reported_timestamp
    time_stamp = signature.sig_object_type == "/DocTimeStamp"
    if time_stamp:
        told = signature.signed_data["encap_content_info"]["content"]
        imprint = told.parsed["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        same = signature.compute_digest(algorithm) == imprint["hashed_message"].native
        digest = hashlib.new(info["digest_algorithm"]["algorithm"].native, bytes(told)).digest()
        kind, at = "tst_info", told.parsed["gen_time"].native
    intact, valid = validate_sig_integrity(info, signature.signer_cert, kind, digest)
    return Beneath(time_stamp, signature.signer_cert.subject.human_friendly, at, intact and valid and same)

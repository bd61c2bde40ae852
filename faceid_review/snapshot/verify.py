"""Checks a snapshot with nothing but the file: no vault, no network, no word of ours taken for granted.

What is found is told as findings, each with the wording of one sentence, and only a finding that is known to be
good says so: whose key signed, and what time it was, are not known from a file alone.
"""

from __future__ import annotations

import hashlib
import logging
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from faceid_review.faceid.result import VerificationResult
from faceid_review.i18n import Words
from faceid_review.snapshot import manifest, office, signing
from faceid_review.snapshot.manifest import Manifest
from faceid_review.snapshot.short_code import short

if TYPE_CHECKING:
    import pikepdf

_PROOF: Final = frozenset(
    (manifest.NAME, manifest.SIGNATURE, manifest.PUBLIC_KEY, manifest.VERIFY, manifest.SCRIPT)
)
_MOST: Final = 256 * 1024 * 1024
"""No attachment is unpacked beyond this: a file of a stranger may be made to fill the memory."""

_UNREADABLE: Final = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RuntimeError,
    ArithmeticError,
    zlib.error,
)
_POINTER: Final = 300
"""A longer pointer is cut in the manifest."""

_MARK: Final = "faceid-review-chain:"
_JPEG: Final = re.compile(rb"/DCTDecode")
_OBJECT: Final = re.compile(rb"(?<![0-9])([0-9]{1,7}) ([0-9]{1,5}) obj")
_LONGEST_HEAD: Final = 1000

PROVES: Final = ("unaltered", "parts")
NOT_PROVEN: Final = ("person", "vendor", "time")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. ``good`` is None where it is neither good nor bad, but has to be said.

    ``code`` names the sentence (``signing.found.<code>``), ``facts`` fill it.
    """

    code: str
    good: bool | None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def text(self, words: Words) -> str:
        """The finding as a sentence."""
        key, facts = f"signing.found.{self.code}", dict(self.facts)
        if self.code == "attachments" and not facts["n"]:
            return words(f"{key}_none")
        return words.many(key, facts.pop("n"), **facts) if "n" in facts else words(key, **facts)


@dataclass(frozen=True)
class Verdict:
    """What a file is found to be. ``signer`` is the fingerprint of the key that signed every byte, or None.

    ``key`` is ``same``, ``other`` or ``unchecked``: whether it is the key that was asked for. ``told`` are the
    manifest's facts (case, profile, chain ...).
    """

    findings: tuple[Finding, ...]
    signer: str | None = None
    key: str = "unchecked"
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether nothing is other than it was signed, and by the key that was asked for."""
        return bool(self.findings) and all(finding.good is not False for finding in self.findings)

    @property
    def locked(self) -> bool:
        """Whether nothing but the missing password keeps it from being checked: that is no fault of the file."""
        faults = {finding.code for finding in self.findings if finding.good is False}
        return bool(faults) and faults <= {"password_needed", "password_wrong"}

    def sentences(self, words: Words) -> Iterator[str]:
        """What it proves and what it does not, after what was found; one sentence each."""
        yield from (finding.text(words) for finding in self.findings)
        if self.good:
            yield words(f"signing.verdict.{self.key}", fingerprint=self.signer)
            yield from (words(f"signing.proves.{what}") for what in PROVES)
        else:
            yield words("signing.verdict.locked" if self.locked else "signing.verdict.bad")
        yield from (words(f"signing.not_proven.{what}") for what in NOT_PROVEN)


def verify(pdf: bytes, key: str | None = None, password: str | None = None) -> Verdict:
    """What the bytes of ``pdf`` are. ``key`` is the fingerprint that must have signed it; never raises."""
    covering = signing.covering(pdf)
    if covering is None:
        first = Finding("not_signed", False)
        signer, same = None, "unchecked"
    else:
        signer = covering.fingerprint
        first = Finding("signed", True, {"fingerprint": signer})
        same = "unchecked" if key is None else "same" if key == signer else "other"
    found = [first]
    if same == "other":
        found.append(Finding("key_other", False, {"expected": key}))
    inside, told = _inside(pdf, covering, password)
    return Verdict((*found, *inside), signer, same, told)


def fingerprint_of(text: str) -> str | None:
    """The fingerprint in ``text`` as 64 hex digits; colons, spaces and case do not matter. None for anything else."""
    plain = "".join(text.split()).replace(":", "").lower()
    return plain if len(plain) == 64 and set(plain) <= set("0123456789abcdef") else None


def fingerprint_in(data: bytes) -> str | None:
    """The fingerprint of the public key in a file: PEM, DER, or the fingerprint written down."""
    key = signing.Key.read(data)
    return key.fingerprint if key else fingerprint_of(data[:1024].decode("ascii", "replace"))


def _inside(
    pdf: bytes, key: signing.Key | None, password: str | None
) -> tuple[list[Finding], Mapping[str, Any]]:
    """What was found of the parts of the file, and what its manifest tells."""
    import pikepdf  # noqa: PLC0415 - only whoever checks a file needs it

    # What these say of a broken file is no sentence for anybody.
    for name in ("pikepdf", "pyhanko"):
        logging.getLogger(name).addHandler(logging.NullHandler())
    try:
        with pikepdf.open(BytesIO(pdf), password=password or "") as opened:
            return _parts(opened, pdf, key, password)
    except pikepdf.PasswordError:
        return [Finding("password_wrong" if password else "password_needed", False)], {}
    except (*_UNREADABLE, pikepdf.PdfError):
        # An altered file may be anything; what it is not is a snapshot as it was signed.
        return [Finding("unreadable", False)], {}


def _parts(
    opened: pikepdf.Pdf, pdf: bytes, key: signing.Key | None, password: str | None
) -> tuple[list[Finding], Mapping[str, Any]]:
    held = {str(name): _content(spec.get_file().obj) for name, spec in list(opened.attachments.items())}
    listed = manifest.read(held.get(manifest.NAME, b""))
    if listed is None:
        return [Finding("no_manifest", False)], {}
    pictures = [part.sha256 for part in listed.kept if part.kind == manifest.PICTURE]
    on_pages = _jpegs(_named(opened, pdf))
    if not on_pages.issuperset(pictures):
        on_pages = _jpegs(opened.objects)
    found = [_signed(held, key), *_attachments(listed, held), *_pictures(listed, on_pages, held)]
    if listed.removed:
        found.append(Finding("removed", None, {"n": len(listed.removed)}))
    found += [_chain(listed, str(opened.docinfo.get("/Keywords", ""))), *_others(pdf, password)]
    return found, listed.facts


def _signed(held: Mapping[str, bytes], key: signing.Key | None) -> Finding:
    own = signing.Key.read(held.get(manifest.PUBLIC_KEY, b""))
    good = own is not None and own.signed(held.get(manifest.SIGNATURE, b""), held[manifest.NAME])
    if not good or own is None:
        return Finding("manifest_not_signed", False)
    if key not in (None, own):
        return Finding("manifest_other_key", False)
    return Finding("manifest_signed", True, {"code": short(_sha256(held[manifest.NAME]))})


def _attachments(listed: Manifest, held: Mapping[str, bytes]) -> Iterator[Finding]:
    files = [part for part in listed.kept if part.kind != manifest.PICTURE]
    wrong = [part.name for part in files if part.name not in held]
    wrong += [part.name for part in files if part.name in held and _sha256(held[part.name]) != part.sha256]
    stray = sorted(set(held) - _PROOF - {part.name for part in files})
    yield from (Finding("attachment_differs", False, {"name": name[:120]}) for name in wrong)
    yield from (Finding("attachment_unlisted", False, {"name": name[:120]}) for name in stray)
    if not wrong and not stray:
        yield Finding("attachments", True, {"n": len(files)})


def _pictures(listed: Manifest, on_pages: frozenset[str], held: Mapping[str, bytes]) -> Iterator[Finding]:
    """Pictures on the pages against the list, and the list against the answer that the vendor gave."""
    pictures = [part for part in listed.kept if part.kind == manifest.PICTURE]
    wrong = [part.name for part in pictures if part.sha256 not in on_pages]
    yield from (Finding("picture_differs", False, {"name": name[:60]}) for name in wrong)
    if pictures and not wrong:
        yield Finding("pictures", True, {"n": len(pictures)})
    answers = [part for part in listed.kept if part.kind == manifest.ANSWER]
    if len(answers) == 1 and answers[0].name in held:
        sent = {one.pointer: one.sha256 for one in VerificationResult.read(held[answers[0].name]).photographs}
        vendors = [part for part in pictures if 0 < len(part.pointer) < _POINTER]
        strange = [part.name for part in vendors if sent.get(part.pointer) != part.sha256]
        yield from (Finding("picture_not_sent", False, {"name": name[:60]}) for name in strange)
        if vendors and not strange:
            yield Finding("pictures_sent", True, {"n": len(vendors)})


def _chain(listed: Manifest, keywords: str) -> Finding:
    chain = listed.facts.get("chain")
    count, head = (chain.get("count"), chain.get("head")) if isinstance(chain, dict) else (None, None)
    if f"{_MARK}{count}:{head}" not in keywords:
        return Finding("chain_differs", False)
    return Finding("chain", True, {"count": count, "head": str(head)[:64]})


def _others(pdf: bytes, password: str | None) -> Iterator[Finding]:
    """What the signatures beneath the vault's say: the office's, and a time stamp."""
    others = office.beneath(pdf, password)
    for other in others:
        kind = "time_stamp" if other.time_stamp else "office"
        facts = {"who": other.who[:200], "at": other.at.isoformat() if other.at else ""}
        yield Finding(kind if other.intact else f"{kind}_broken", other.intact, facts)
    if not any(other.time_stamp for other in others):
        yield Finding("no_time_stamp", None)


def _named(opened: pikepdf.Pdf, pdf: bytes) -> Iterator[pikepdf.Object]:
    """The objects in whose head a JPEG is named: of thousands a few. A file written in another way may hide them."""
    named: dict[tuple[int, int], None] = {}
    for found in _JPEG.finditer(pdf):
        heads = list(_OBJECT.finditer(pdf, max(found.start() - _LONGEST_HEAD, 0), found.start()))
        if heads:
            named[int(heads[-1][1]), int(heads[-1][2])] = None
    # Each once, however often it is named.
    yield from (opened.get_object(*one) for one in named)


def _jpegs(objects: Iterable[pikepdf.Object]) -> frozenset[str]:
    """SHA-256 of every JPEG stream of an image, as it lies in the file."""
    import pikepdf  # noqa: PLC0415

    return frozenset(
        _sha256(one.read_raw_bytes())
        for one in objects
        if isinstance(one, pikepdf.Stream)
        and one.get("/Subtype") == "/Image"
        and one.get("/Filter") in ("/DCTDecode", ["/DCTDecode"])
    )


def _content(stream: Any) -> bytes:
    """The bytes of an attachment. Raises ValueError for one that is packed in a way we do not write, or too large."""
    raw: bytes = stream.read_raw_bytes()
    packed = stream.get("/Filter")
    if packed is None:
        return raw
    if packed != "/FlateDecode":
        raise ValueError
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(raw, _MOST)
    if not unpacking.eof:
        raise ValueError
    return data


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

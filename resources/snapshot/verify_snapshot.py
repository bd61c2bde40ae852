#!/usr/bin/env python3
"""Check a case snapshot of FaceID Review without FaceID Review: Python 3.10 or later and `cryptography`, nothing else.

    python3 verify_snapshot.py SNAPSHOT.pdf [FINGERPRINT]

FINGERPRINT is the SHA-256 of the signer's public key, from somebody you trust. Exit 0: all that was checked holds;
1: something does not; 2: the file is encrypted, so that the signature alone could be checked.
"""

import hashlib
import json
import re
import sys
import zlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

PROOF = {"manifest.json", "manifest.sig", "signer.pem", "VERIFY.txt", "verify_snapshot.py"}
ED25519 = bytes.fromhex("300506032b6570")
SHA512 = bytes.fromhex("300b0609608648016503040203")
DATA = bytes.fromhex("06092a864886f70d010701")


class NotAsSigned(Exception):
    pass


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise NotAsSigned(otherwise)


def der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body).to_bytes(4, "big").lstrip(b"\0") or b"\0"
    return bytes([tag]) + (size if len(body) < 128 else bytes([0x80 | len(size)]) + size) + body


def verify(key: bytes, signature: bytes, data: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(key).verify(signature, data)


def signed_attributes(digest: bytes, certificate: bytes) -> bytes:
    hashed = der(0x30, der(0x30, der(0x30, der(4, hashlib.sha256(certificate).digest()))))
    kinds = ("06092a864886f70d010903", "060b2a864886f70d010910022f", "06092a864886f70d010904")
    values = (DATA, hashed, der(4, digest))
    return b"".join(der(0x30, bytes.fromhex(k), der(0x31, v)) for k, v in zip(kinds, values, strict=True))


def signer(pdf: bytes) -> bytes:
    """The key whose signature covers every byte of the file; the CMS must be exactly the one such a key makes."""
    last = list(re.finditer(rb"/ByteRange\s*\[\s*0 (\d+) (\d+) (\d+)\s*\]", pdf))[-1]
    end, start, rest = (int(n) for n in last.groups())
    require(start + rest == len(pdf), "bytes were added after the signature")
    cms = bytes.fromhex(pdf[end + 1 : start - 1].decode("ascii"))
    at = cms.index(ED25519 + b"\x03\x21\0") + len(ED25519) + 3
    key = cms[at : at + 32]
    until = cms.index(ED25519 + b"\x03\x41\0", at) + len(ED25519) + 3 + 64
    certificate = cms[until - 309 : until]
    serial, named = certificate[12:30], certificate[37:86]
    verify(key, certificate[-64:], certificate[4 : -len(ED25519) - 67])
    digest = hashlib.sha512(pdf[:end] + pdf[start:]).digest()
    attributes, signature = signed_attributes(digest, certificate), cms[-64:]
    verify(key, signature, der(0x31, attributes))
    who = (der(2, b"\1"), der(0x30, named, serial), SHA512, der(0xA0, attributes), ED25519, der(4, signature))
    body = (
        der(2, b"\1"),
        der(0x31, SHA512),
        der(0x30, DATA),
        der(0xA0, certificate),
        der(0x31, der(0x30, *who)),
    )
    whole = der(0x30, bytes.fromhex("06092a864886f70d010702"), der(0xA0, der(0x30, *body)))
    require(
        pdf[end:start] == b"<" + whole.hex().upper().encode() + b">",
        "the signature is not written as it must be",
    )
    return key


def objects(pdf: bytes) -> dict[int, tuple[bytes, bytes]]:
    """Every object by number: its dictionary, and its stream as it lies in the file."""
    places: dict[int, int] = {}
    at = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    while at >= 0:
        trailer = pdf.index(b"trailer", at)
        numbers = [line.split() for line in pdf[at + 4 : trailer].splitlines() if line.strip()]
        number = 0
        for row in numbers:
            if len(row) == 2:
                number = int(row[0])
                continue
            if row[2] == b"n":
                places.setdefault(number, int(row[0]))
            number += 1
        earlier = re.search(rb"/Prev (\d+)", pdf[trailer : pdf.index(b"startxref", trailer)])
        at = int(earlier[1]) if earlier else -1
    return {number: split(pdf, place) for number, place in places.items()}


def split(pdf: bytes, place: int) -> tuple[bytes, bytes]:
    until = pdf.index(b"endobj", place)
    begins = re.compile(rb"stream\r?\n").search(pdf, place, until)
    size = re.search(rb"/Length (\d+)", pdf[place : begins.start()]) if begins else None
    if not begins or not size:
        return pdf[place:until], b""
    return pdf[place : begins.start()], pdf[begins.end() : begins.end() + int(size[1])]


def main(path: str, expected: str = "") -> int:
    pdf = Path(path).read_bytes()
    key = signer(pdf)
    der_key = Ed25519PublicKey.from_public_bytes(key).public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    fingerprint = hashlib.sha256(der_key).hexdigest()
    print(f"Every byte of the file is as it was signed, by the key {fingerprint}.")
    if expected:
        require(fingerprint == expected.replace(":", "").lower(), "another key than the one you gave")
    if re.search(rb"/Encrypt \d", pdf):
        print("The file is encrypted: attachments and pictures were NOT checked.")
        return 2
    held, pictures, every = {}, set(), objects(pdf)
    for head, data in every.values():
        file = re.search(rb"/EF\s*<<\s*/F (\d+) 0 R", head)
        if file:
            name, (inner, body) = re.search(rb"/F\s*\(([^)]*)\)", head), every[int(file[1])]
            held[name[1].decode()] = zlib.decompress(body) if b"FlateDecode" in inner else body
        if b"DCTDecode" in head:
            pictures.add(hashlib.sha256(data).hexdigest())
    listed = held["manifest.json"]
    verify(key, held["manifest.sig"], listed)
    require(load_pem_public_key(held["signer.pem"]).public_bytes_raw() == key, "signer.pem is another key")
    digest = hashlib.sha256(listed).hexdigest()
    print("Short code, as on the cover: " + " ".join(digest[n : n + 4] for n in range(0, 16, 4)))
    manifest = json.loads(listed)
    kept = [part for part in manifest["parts"] if "commitment" not in part]
    for part in kept:
        if part["kind"] == "picture":
            require(part["sha256"] in pictures, f"picture {part['name']} is not on its page as it came")
        else:
            require(hashlib.sha256(held[part["name"]]).hexdigest() == part["sha256"], part["name"])
    require(
        set(held) <= PROOF | {part["name"] for part in kept}, "an attachment that the manifest does not list"
    )
    chain = f"faceid-review-chain:{manifest['chain']['count']}:{manifest['chain']['head']}"
    require(chain.encode() in pdf, "the description names another head of the chain")
    print(
        f"{len(kept)} parts are what the manifest lists; {len(manifest['parts']) - len(kept)} were taken out of it."
    )
    print("Not checked: whose key this is" + (", beyond that you gave it." if expected else "."))
    print(
        "Not proven: who the person is, that the vendor is right, and the time (it is the signer's own clock)."
    )
    return 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        sys.exit(main(*sys.argv[1:]))
    except OSError as error:
        sys.exit(f"The file cannot be read: {error.strerror}")
    except InvalidSignature:
        sys.exit("NOT AS SIGNED: a signature does not hold")
    except (
        NotAsSigned,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
        zlib.error,
    ) as error:
        sys.exit(f"NOT AS SIGNED: {error}")

"""Who is at the other end of a TLS connection, and whether a public root vouches for it.

A root in this computer's own store that is none of the public ones (certifi's, which are Mozilla's) belongs to
an office, a school, a virus scanner: whoever holds it can read and change everything on its way.
"""

from __future__ import annotations

import _ssl
import hashlib
import ssl
import sys
from collections.abc import Container
from functools import cache
from typing import Any, TypedDict

import certifi

from faceid_review.errors import Intercepted
from faceid_review.faceid.biz_id import visible


class TlsFacts(TypedDict, total=False):
    """What a TLS connection shows of its other end; empty for a connection without TLS.

    Fingerprints are the SHA-256 of the certificate (DER) in lower-case hex. ``known_root`` says whether the
    root is one of certifi's; None where nobody tells the root (:func:`verified_chain`).
    """

    version: str
    issuer: str
    leaf_sha256: str
    issuer_sha256: str
    root_sha256: str
    known_root: bool | None


def facts_of(connection: object) -> TlsFacts:
    """What is to be known of the other end of an open connection."""
    # Through a proxy that itself speaks TLS, urllib3 gives a wrapper around the inner TLS.
    line = getattr(connection, "sslobj", connection)
    if not isinstance(line, ssl.SSLSocket | ssl.SSLObject):
        return {}
    leaf = line.getpeercert(binary_form=True)
    named: Any = line.getpeercert() or {}
    issuer = ", ".join(f"{name}={value}" for part in named.get("issuer", ()) for name, value in part)
    facts: TlsFacts = {
        "version": line.version() or "",
        "issuer": visible(issuer),
        "leaf_sha256": _sha256(leaf) if leaf else "",
        "known_root": None,
    }
    chain = verified_chain(line)
    if chain:
        facts["root_sha256"] = _sha256(chain[-1])
        facts["known_root"] = facts["root_sha256"] in public_roots()
        # A certificate that is trusted by itself is its own issuer.
        facts["issuer_sha256"] = _sha256(chain[:2][-1])
    elif len(sent := _chain(line, "get_unverified_chain")) > 1:
        facts["issuer_sha256"] = _sha256(sent[1])
    return facts


def verified_chain(line: ssl.SSLSocket | ssl.SSLObject) -> list[bytes]:
    """The certificates (DER) from the other end to the root that was trusted; empty where nobody tells.

    On Windows and macOS the system verifies, and OpenSSL's chain proves nothing.
    """
    return [] if sys.platform in ("win32", "darwin") else _chain(line, "get_verified_chain")


@cache
def public_roots() -> frozenset[str]:
    """The fingerprints of certifi's roots."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=certifi.contents())
    return frozenset(_sha256(root) for root in context.get_ca_certs(binary_form=True))


def refuse_strangers(facts: TlsFacts, host: str, accepted: Container[str]) -> None:
    """Raise :class:`Intercepted` where a root vouches that is neither public nor accepted by a person."""
    root = facts.get("root_sha256", "")
    if facts.get("known_root") is False and root not in accepted:
        raise Intercepted("intercepted", host=visible(host), issuer=facts["issuer"] or "–", root=root)


def _chain(line: ssl.SSLSocket | ssl.SSLObject, call: str) -> list[bytes]:
    """What ``call`` tells, as DER. Public only from Python 3.13 on, and there in bytes."""
    tell: Any = getattr(line, call, None) or getattr(getattr(line, "_sslobj", None), call, list)
    return [c if isinstance(c, bytes) else c.public_bytes(_ssl.ENCODING_DER) for c in tell() or ()]


def _sha256(certificate: bytes) -> str:
    return hashlib.sha256(certificate).hexdigest()

"""What a snapshot holds, each part with its SHA-256: the list that is signed, and that anybody can check.

An item that a profile removed stays in the list with a salted commitment in the place of its hash:
SHA-256(salt, item). Whoever is later shown the item and its salt can prove that it is the one removed; from
the commitment alone nothing can be guessed, because each item has a salt of its own.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

NAME: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
PUBLIC_KEY: Final = "signer.pem"
VERIFY: Final = "VERIFY.txt"
SCRIPT: Final = "verify_snapshot.py"
FORMAT: Final = "faceid-review-manifest/1"

ANSWER, ATTACHMENT, PICTURE = "answer", "attachment", "picture"
"""Kinds of parts: ``answer`` and ``attachment`` lie in the file under their name, ``picture`` is on a page."""

_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Part:
    """One thing in the file, or one that was taken out of it.

    ``kind`` is ``answer`` (the vendor's body, attached as it came), ``attachment`` (any other embedded file),
    or ``picture`` (a JPEG stream on a page, ``name`` its exhibit). ``size`` is in bytes; ``pointer`` says
    where it stood (a JSON pointer into the answer, or ""). Of what was removed only ``commitment`` (hex) is told:
    ``sha256`` is empty, ``size`` 0, and ``reason`` says why it went.
    """

    name: str
    sha256: str
    size: int
    kind: str
    pointer: str = ""
    commitment: str | None = None
    reason: str = ""

    @classmethod
    def of(cls, name: str, data: bytes, kind: str = ATTACHMENT, pointer: str = "") -> Part:
        """The part that these bytes are."""
        return cls(name, hashlib.sha256(data).hexdigest(), len(data), kind, pointer)

    @classmethod
    def removed(cls, name: str, item: bytes, seed: bytes, pointer: str, reason: str) -> Part:
        """A part that was taken out: no hash of it, only a commitment with a salt made of ``seed``."""
        return cls(name, "", 0, "removed", pointer, commitment(salt(seed, pointer), item), reason)


@dataclass(frozen=True)
class Manifest:
    """A manifest as it was read. ``facts`` is everything beside the parts."""

    parts: tuple[Part, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kept(self) -> tuple[Part, ...]:
        """What must be in the file."""
        return tuple(part for part in self.parts if part.commitment is None)

    @property
    def removed(self) -> tuple[Part, ...]:
        """What was taken out of it."""
        return tuple(part for part in self.parts if part.commitment is not None)


def salt(seed: bytes, pointer: str) -> bytes:
    """The salt of the item at ``pointer``: from it no other item's salt can be told. ``seed`` stays in the vault."""
    return hmac.digest(seed, pointer.encode("utf-8", "surrogatepass"), hashlib.sha256)


def commitment(salt_of_item: bytes, item: bytes) -> str:
    """SHA-256(salt, item) as hex."""
    return hashlib.sha256(salt_of_item + item).hexdigest()


def manifest(parts: Sequence[Part], facts: Mapping[str, Any]) -> bytes:
    """The manifest of these parts as JSON, the same bytes for the same arguments.

    ``facts`` are plain JSON values: ``case``, ``profile``, ``lang``, ``exported_at``, ``chain`` (``count``,
    ``head``), ``answer`` (SHA-256 and size of the raw answer, or None) and whatever else the copy says of itself.
    """
    told = [
        {name: value for name, value in vars(part).items() if value not in ("", None) or name == "name"}
        for part in parts
    ]
    text = json.dumps({"format": FORMAT, **facts, "parts": told}, indent=1, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def read(data: bytes) -> Manifest | None:
    """What :func:`manifest` wrote, or None for anything else. Never raises."""
    try:
        told = json.loads(data)
        parts = tuple(_part(one) for one in told.pop("parts"))
        known = told.pop("format") == FORMAT
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return Manifest(parts, told) if known else None


def _part(told: Mapping[str, Any]) -> Part:
    part = Part(
        name=str(told["name"]),
        sha256=str(told.get("sha256", "")),
        size=int(told.get("size", 0)),
        kind=str(told["kind"]),
        pointer=str(told.get("pointer", "")),
        commitment=None if told.get("commitment") is None else str(told["commitment"]),
        reason=str(told.get("reason", "")),
    )
    if not _HASH.fullmatch(part.sha256 if part.commitment is None else part.commitment):
        raise ValueError
    return part

"""Photographs of our own beside the vendor's: from a file, with hash, source and who added it.

The vendor returns no reference picture. What is laid beside the answer is always told apart from it: it is an
exhibit of its own (E0, then E0b ...), supplied by us and not by the vendor, and it has no place in the answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from faceid_review.errors import Usage
from faceid_review.faceid import photograph
from faceid_review.faceid.biz_id import visible
from faceid_review.faceid.photograph import MOST_BYTES, Status
from faceid_review.faceid.result import Photograph
from faceid_review.vault.entry import Entry

ACT: Final = "reference"
ROLE: Final = "our_reference"
"""The role of the first one; those that follow are ``our_reference_2`` and so on. No answer may take it."""

MOST: Final = 9
LONGEST_SOURCE: Final = 200
_LONGEST_NAME: Final = 120


@dataclass(frozen=True, kw_only=True)
class Reference(Photograph):
    """A picture that somebody here added. ``number`` is its exhibit; ``entry``, ``at`` and ``by`` are its entry's.

    ``source`` is where it came from in the words of whoever added it; it may be empty. ``data`` is empty where
    the picture was destroyed since.
    """

    number: str
    entry: int
    at: datetime
    by: str
    name: str
    source: str

    @property
    def pointer(self) -> str:
        """Empty: it stands in no answer."""
        return ""


def fold(events: Iterable[Entry], body_of: Mapping[int, bytes]) -> tuple[Reference, ...]:
    """The references of a case, oldest first. ``body_of`` maps an entry's number to its bytes."""
    entries = [entry for entry in events if entry.act == ACT]
    return tuple(
        Reference(
            role=ROLE if place == 0 else f"{ROLE}_{place + 1}",
            data=body_of.get(entry.number, b""),
            sha256=entry.facts["sha256"],
            media_type=None,
            number=exhibit_number(place),
            entry=entry.number,
            at=entry.at,
            by=entry.by,
            name=entry.facts["name"],
            source=entry.facts["source"],
        )
        for place, entry in enumerate(entries)
    )


def exhibit_number(place: int) -> str:
    """E0 for the first one, E0b for the second, and so on."""
    return "E0" if place == 0 else f"E0{chr(ord('a') + place)}"


def checked(data: bytes, name: str, source: str, before: Sequence[Reference]) -> dict[str, Any]:
    """The facts of a new reference beside those that are there. Raises :class:`Usage` where it cannot be one.

    A picture that was cut is taken, and told to be incomplete wherever it is shown.
    """
    name, source = visible(name)[:_LONGEST_NAME], " ".join(source.split())
    if len(data) > MOST_BYTES:
        raise Usage("reference_too_large", name=name, most=MOST_BYTES // 1024**2)
    if len(source) > LONGEST_SOURCE:
        raise Usage("reference_source_long", most=LONGEST_SOURCE)
    kind = photograph.kind(data)
    seen = photograph.examine(data)
    if seen.status is Status.UNDECODABLE or (seen.status is Status.INCOMPLETE and seen.width is None):
        if kind in ("", "JPEG"):
            raise Usage("reference_no_picture", name=name)
        raise Usage("reference_other_kind", name=name, kind=kind)
    if seen.status is Status.REFUSED:
        raise Usage("reference_too_many_pixels", name=name, width=seen.width, height=seen.height)
    digest = hashlib.sha256(data).hexdigest()
    for known in before:
        if known.sha256 == digest:
            raise Usage("reference_known", name=name, number=known.number)
    if len(before) >= MOST:
        raise Usage("reference_too_many", most=MOST)
    return {"name": name, "source": visible(source), "sha256": digest, "bytes": len(data)}

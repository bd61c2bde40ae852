"""What a source says, small enough to be remembered of ten thousand, so that a second one can be compared with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_OF_THE_CALL: Final = frozenset({"request_id", "time_used"})
"""Another value in every answer, so no contradiction."""


@dataclass(frozen=True)
class Said:
    """A hash of what was said under each name, as it was written, but for the order of names; empty where unknown."""

    fields: Mapping[str, int]
    pictures: bool = False


NOTHING: Final = Said({})
"""Of what says nothing about the person, as a refusal, or was cut: it contradicts nobody."""


def of(document: Any, pictures: Mapping[str, str] | None = None) -> Said:
    """What a JSON document says; ``pictures`` are the hashes of an answer's, by role, and None for a callback."""
    if not isinstance(document, dict) or document.get("error_message") or document.get("error"):
        return NOTHING
    named = {name: value for name, value in document.items() if name not in _OF_THE_CALL}
    if pictures is not None:
        named["images"] = pictures
    hashes = {name: hash(json.dumps(value, sort_keys=True)) for name, value in named.items()}
    return Said(hashes, pictures is not None)


def differ(one: Said, other: Said) -> bool:
    """Whether two sources say something else anywhere."""
    if not one.fields or not other.fields:
        return False
    names = one.fields.keys() | other.fields.keys()
    if not (one.pictures and other.pictures):
        names -= {"images"}
    return any(one.fields.get(name) != other.fields.get(name) for name in names)

"""What entries say in a person's own words: kept under keys of their own, so that a purge takes it along.

What is not named here stays in the chain for good: ids, hashes, sizes, moments, stages, judgements, outcomes, codes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

WORDS: Final[Mapping[str, Collection[str]]] = {
    "asked_again": ("reason",),
    "imported": ("name",),
    "callback": ("name",),
    "reference": ("name", "source"),
    "pin": ("text",),
    "component": ("text",),
    "note": ("text",),
    "note_version": ("text",),
    "decided": ("note",),
    "dispute_opened": ("who", "channel", "identity", "grounds"),
    "dispute_note": ("text",),
    "dispute_closed": ("text",),
    "explained": ("text",),
    "tagged": ("tag",),
    "untagged": ("tag",),
    "waiting": ("reason",),
    "on_hold": ("reason",),
    "snoozed": ("reason",),
    "held": ("reason",),
    "released": ("reason",),
    "particulars": ("legal_basis", "purpose", "statement"),
    "exported": ("purpose", "redactions", "seed", "salts"),
    "handed_over": ("how",),
}
"""Act and facts. Of an export and a handing over the recipient stays: it has to be known who holds a copy."""

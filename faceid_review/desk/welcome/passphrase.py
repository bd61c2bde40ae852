"""The recovery passphrase: what is asked of it, and one to write down. It alone opens the vault for good."""

from __future__ import annotations

import secrets
from typing import Final

SHORTEST: Final = 12
GROUPS: Final = 5
GROUP: Final = 4
# No letter or digit that a hand writes like another one (0 o, 1 l i).
ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"


def problem(text: str) -> str | None:
    """What is wrong with a passphrase, as a wording id: ``short``, ``edges`` or ``invisible``; None if nothing.

    Blanks at its ends and invisible characters are refused, since nobody could write them down.
    """
    if text != text.strip():
        return "edges"
    if not text.isprintable():
        return "invisible"
    return "short" if len(text) < SHORTEST else None


def suggested() -> str:
    """A new passphrase of 20 letters and digits in groups of four: about 99 bits from the system's generator."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))

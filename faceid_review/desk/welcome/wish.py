"""What the first run asks for."""

from __future__ import annotations

from dataclasses import dataclass, field

from faceid_review.desk.preferences.wish import AccountWish


@dataclass(frozen=True)
class Wish:
    """A vault to make. ``repr`` hides the passphrase, and the account hides its secret."""

    reviewer: str
    passphrase: str = field(repr=False)
    account: AccountWish | None = None

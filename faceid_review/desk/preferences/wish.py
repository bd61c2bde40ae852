"""What the form asks for and what the list shows: an account, with its secret and without."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class AccountWish:
    """An account as its form was filled in, blanks around each part left out. ``repr`` hides the secret.

    When an existing account is changed, an empty ``api_key`` and ``api_secret`` mean: keep the old one. A new
    key or another address always brings its secret with it.
    """

    name: str
    base_url: str
    api_key: str
    api_secret: str = field(repr=False)


@dataclass(frozen=True)
class AccountLine:
    """An account as a list shows it. ``key_start`` is enough of the api_key to tell two apart, never all of it.

    ``secret_place`` is the name of the keyring that holds the secret; empty: it is sealed in the vault.
    """

    name: str
    base_url: str
    key_start: str
    secret_place: str = ""

"""What can go wrong, sorted by consequence: is the vendor's one answer spent?

An error carries a wording id and facts, never a sentence: sentences are made when they are shown, in the
reader's language (``i18n``). ``str(error)`` is the wording id alone, so that no log, traceback or crash
report can hold a secret, an id or a name. The exit code of the command line sits in the class.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar


class Spent(StrEnum):
    """Whether the vendor's single answer for an id may be used up."""

    NO = "no"
    PERHAPS = "perhaps"
    YES = "yes"


class ReviewError(Exception):
    """Anything this program has to tell its user.

    ``wording`` names a sentence (``error.<wording>`` in the catalogues), ``facts`` fill it in.
    """

    exit_code: ClassVar[int] = 1
    spent: Spent = Spent.NO

    def __init__(self, wording: str, **facts: Any) -> None:
        super().__init__(wording)
        self.wording = wording
        self.facts = facts


class Usage(ReviewError):
    """The command was not given as the command line is written."""

    exit_code = 2


class NotAsked(ReviewError):
    """Nothing was sent: asking again is free."""

    exit_code = 3


class BadId(NotAsked):
    """The text is not something that could be sent as a biz_id."""


class Intercepted(NotAsked):
    """Somebody between here and the vendor can read along. ``host``, ``issuer`` and ``root`` say who.

    ``root`` is the SHA-256 of the root certificate, which a person may accept.
    """


class NotSent(NotAsked):
    """The connection did not come about, so the request never left this machine."""


class RepeatNotSent(NotAsked):
    """A repeat did not leave; what is known of the attempt before it stands."""

    spent = Spent.PERHAPS


class VaultClosed(ReviewError):
    """The vault, its lock, its disk or the keyring is not to be had. Nothing was asked."""

    exit_code = 6


class WeakKeyring(VaultClosed):
    """There is no keyring here that keeps secrets as it should; a passphrase can take its place."""


class OutcomeUnknown(ReviewError):
    """The request was sent and nothing came back. A person decides what follows, never a retry."""

    exit_code = 4
    spent = Spent.PERHAPS


class Refused(ReviewError):
    """The vendor answered with an error. Its body is kept; ``code`` is the vendor's word.

    Whether the call is spent depends on the code (resources/glossary.toml).
    """

    exit_code = 5

    def __init__(self, wording: str, *, spent: Spent, **facts: Any) -> None:
        super().__init__(wording, **facts)
        self.spent = spent


class NotKept(ReviewError):
    """The one red alarm: an answer arrived and could not be written. ``rescue`` holds it, sealed."""

    exit_code = 4
    spent = Spent.YES

    def __init__(self, wording: str, *, rescue: bytes, **facts: Any) -> None:
        super().__init__(wording, **facts)
        self.rescue = rescue


class Damaged(ReviewError):
    """Something kept no longer reads as it was sealed."""

    exit_code = 7
    spent = Spent.YES


class Afterwards(ReviewError):
    """The answer is safe; something later (a report, a picture, a form) did not come about."""


class NotAllowed(ReviewError):
    """A step of the reviewer's work that cannot be taken now; nothing was written. The wording says why."""

    exit_code = 2

"""For whom a copy is made: which parts it has, which files travel with it, and what is taken out beforehand."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from faceid_review import resources
from faceid_review.errors import Usage

DEFAULT: Final = "court"

KEEP, NONE, SMALL, DRAWN = "keep", "none", "small", "drawn"
"""What becomes of the photographs: the vendor's own bytes, a page in words, that with a thumbnail, or a drawing."""


@dataclass(frozen=True)
class Profile:
    """A list of parts. ``sections`` are pages and parts of pages, ``attachments`` the files, ``remove`` what goes.

    ``pictures`` is :data:`KEEP`, :data:`NONE`, :data:`SMALL` or :data:`DRAWN`. What ``remove`` names is explained in
    :mod:`~faceid_review.snapshot.redaction`.
    """

    name: str
    names: tuple[tuple[str, str], ...]
    sections: frozenset[str]
    attachments: frozenset[str]
    pictures: str
    remove: frozenset[str]

    @property
    def redacted(self) -> bool:
        """Whether anything is taken out."""
        return self.pictures != KEEP or bool(self.remove)

    def with_thumbnails(self) -> Profile:
        """The same with a thumbnail for each picture. Raises :class:`Usage` where it has pictures or drawings of them."""
        if self.pictures != NONE:
            raise Usage("thumbnails_not_here", name=self.name)
        return replace(self, pictures=SMALL)

    def title(self, lang: str) -> str:
        """What it is called in ``lang``."""
        return dict(self.names)[lang]

    def shows(self, section: str) -> bool:
        """Whether the copy has this page or part of a page."""
        return section in self.sections


def names() -> tuple[str, ...]:
    """Every profile, the fullest first."""
    return tuple(_table())


def load(name: str = DEFAULT) -> Profile:
    """The profile called ``name``. Raises :class:`Usage` for one that there is not."""
    told = _table().get(name)
    if told is None:
        raise Usage("profile_unknown", name=name[:60], names=", ".join(names()))
    return Profile(
        name,
        (("en", told["en"]), ("zh", told["zh"])),
        frozenset(told["sections"]),
        frozenset(told["attachments"]),
        told["pictures"],
        frozenset(told["remove"]),
    )


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(resources.read("snapshot/profiles.toml").decode())

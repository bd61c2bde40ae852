"""The facial components that two pictures are compared by, as shipped in ``resources/components.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from faceid_review import resources


@dataclass(frozen=True)
class Component:
    """One component: ``code`` in entries, ``key`` the letter that names it at a pin, its name, what to look at."""

    code: str
    key: str
    names: tuple[tuple[str, str], ...]
    looks: tuple[tuple[str, str], ...]

    def name(self, lang: str) -> str:
        """Its name in ``lang``: Nose, 鼻."""
        return dict(self.names)[lang]

    def look(self, lang: str) -> str:
        """What of it is compared, in ``lang``."""
        return dict(self.looks)[lang]


@cache
def components() -> tuple[Component, ...]:
    """Every component, from the whole face to single marks."""
    listed = tomllib.loads(resources.read("components.toml").decode())["component"]
    return tuple(
        Component(one["code"], one["key"], tuple(one["name"].items()), tuple(one["look"].items()))
        for one in listed
    )


def component(code: str) -> Component | None:
    """The component with this code, or None."""
    return next((one for one in components() if one.code == code), None)

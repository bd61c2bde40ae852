"""The one place that knows where shipped files lie: in a checkout, in a wheel, in a frozen program."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def root() -> Path:
    """The folder that holds ``locale/``, ``snapshot/``, ``icons/`` and ``glossary.toml``."""
    here = Path(__file__).resolve().parent
    installed = here / "_resources"
    return installed if installed.is_dir() else here.parent / "resources"


def path(name: str) -> Path:
    """The path of the shipped file ``name``, given relative to :func:`root`."""
    return root() / name


def read(name: str) -> bytes:
    """The bytes of the shipped file ``name``."""
    return path(name).read_bytes()

"""The liveness log as moments in milliseconds.

The first line is the unix second of the first entry; each further one is ``<ms since then>:<letter>``. The
letters are documented nowhere by the vendor for this product: the table in the glossary comes from the
writer of its mobile kit, whose format is the same, and everything read from a letter is marked as inferred.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MIRROR: Final = "A"
DONE: Final = "O"
ACTIONS: Final = "EMYPLRUD"

_ENTRY = re.compile(r"([0-9]{1,12}):([A-Za-z])")


@dataclass(frozen=True)
class LivenessMoment:
    """A state that was entered: ``at_ms`` after the log's start; ``lasted_ms`` until the next, if any."""

    at_ms: int
    letter: str
    lasted_ms: int | None


@dataclass(frozen=True)
class LivenessLog:
    """A log as it was read. ``began`` is unix seconds; ``unread`` counts lines that have another form."""

    began: int | None
    moments: tuple[LivenessMoment, ...]
    unread: int

    @property
    def actions(self) -> tuple[LivenessMoment, ...]:
        """The moments that asked for an action, in order."""
        return tuple(m for m in self.moments if m.letter in ACTIONS)

    def action_of_picture(self, number: int) -> LivenessMoment | None:
        """The action that ``image_action<number>`` probably shows (inferred: the n-th action)."""
        return self.actions[number - 1] if 0 < number <= len(self.actions) else None


def read(log: str) -> LivenessLog:
    """Read ``log``; what cannot be read is counted, never guessed."""
    lines = [line.strip() for line in log.split("\n") if line.strip()]
    began = int(lines[0]) if lines and re.fullmatch(r"[0-9]{1,12}", lines[0]) else None
    entries = lines if began is None else lines[1:]
    matches = [m for line in entries if (m := _ENTRY.fullmatch(line))]
    at = [int(m[1]) for m in matches]
    moments = tuple(
        LivenessMoment(at[i], m[2], at[i + 1] - at[i] if i + 1 < len(at) else None)
        for i, m in enumerate(matches)
    )
    return LivenessLog(began, moments, len(entries) - len(matches))

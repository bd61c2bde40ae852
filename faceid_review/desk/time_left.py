"""How much of the vendor's one day is left for an id, in words, shape and kind. Always an estimate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from faceid_review.desk.shapes import Shape
from faceid_review.i18n import Words

_SOON: Final = timedelta(hours=6)
_NOW: Final = timedelta(hours=1)


class TimeLeft(NamedTuple):
    """A countdown: what it looks like and what it says; ``short`` is for where there is little room."""

    shape: Shape
    kind: str
    text: str
    short: str


def time_left(words: Words, ends: datetime, now: datetime) -> TimeLeft | None:
    """The countdown to ``ends``, to the minute and never rounded up; None when that moment has passed."""
    left = ends - now
    if left <= timedelta():
        return None
    minutes = int(left.total_seconds()) // 60
    figures = {"hours": f"{minutes // 60:02}", "minutes": f"{minutes % 60:02}"}
    shape, kind = (
        (Shape.TRIANGLE, "stop") if left < _NOW else (Shape.CLOCK, "warn" if left < _SOON else "mute")
    )
    return TimeLeft(shape, kind, words("left.countdown", **figures), words("left.short", **figures))


def time_since(words: Words, ended: datetime, now: datetime) -> str:
    """How long ago ``ended`` was: hours and minutes on the first two days, then days."""
    past = now - ended
    if past.days >= 2:
        return words.many("left.ended_days", past.days)
    minutes = int(past.total_seconds()) // 60
    return words("left.ended", hours=f"{minutes // 60:02}", minutes=f"{minutes % 60:02}")

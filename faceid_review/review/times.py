"""Moments and distances in time, as people read them."""

from __future__ import annotations

from datetime import datetime


def instant(at: datetime) -> str:
    """A moment in this machine's zone, with the zone: 2016-05-03 15:16:03 +08:00."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S} {offset(at)}"


def clock(at: datetime) -> str:
    """The time of day of a moment, with the zone: 15:15:49 +08:00."""
    return f"{at.astimezone():%H:%M:%S} {offset(at)}"


def offset(at: datetime) -> str:
    """The distance of this machine's zone from UTC at a moment: +08:00."""
    raw = f"{at.astimezone():%z}"
    return f"{raw[:3]}:{raw[3:5]}"


def span(seconds: int) -> tuple[int, str]:
    """A distance in time as a whole number, rounded down, and its unit: days, hours, minutes or seconds."""
    for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length or (unit == "days" and seconds >= length):
            return seconds // length, unit
    return seconds, "seconds"


def began(id_with_second: str | None) -> int | None:
    """The unix second before the comma of a biz_id or request_id; None where there is none."""
    start = (id_with_second or "").partition(",")[0]
    return int(start) if start.isascii() and start.isdigit() and len(start) < 12 else None

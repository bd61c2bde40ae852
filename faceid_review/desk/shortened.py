"""Ids and sizes as they are shown where there is little room."""

from __future__ import annotations

from typing import Final

_ID_SHOWN: Final = 15


def start_of(biz_id: str) -> str:
    """The start of an id, which is what a column shows of it; the whole one stands in its tooltip."""
    return biz_id if len(biz_id) <= _ID_SHOWN + 1 else f"{biz_id[:_ID_SHOWN]}…"


def size_of(count: int) -> str:
    """A number of bytes that still grows: 412 KB, 1.3 MB. Units of 1 000."""
    if count < 1_000:
        return f"{count} B"
    return f"{count // 1_000} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"

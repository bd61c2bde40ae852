"""Base64 as strictly as the standard library reads it, and forty times as fast (docs/decisions)."""

from __future__ import annotations

import binascii

import pybase64


def decoded(text: str | bytes | memoryview) -> bytes:
    """The bytes that ``text`` stands for. Raises :class:`ValueError` where it is not base64 through and through.

    Nothing is skipped: no blanks, no other characters, no wrong padding.
    """
    try:
        return pybase64.b64decode(text, validate=True)
    except ValueError:
        # The fast one refuses spare bits in the last character, which the standard library lets pass.
        return binascii.a2b_base64(text, strict_mode=True)

"""Pictures that are made of others and are no evidence themselves: renderings and thumbnails, as PNG."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from typing import Final

from faceid_review.faceid import photograph
from faceid_review.faceid.photograph import Pixels
from faceid_review.faceid.result import Photograph

LONGEST: Final = 96
"""Pixels that the longer side of a thumbnail has at most."""


def thumbnails(pictures: Iterable[Photograph]) -> Mapping[str, Pixels]:
    """A small one, upright and without what its file says, for the SHA-256 of each picture that can be decoded."""
    made = ((one.sha256, _pixels(one)) for one in pictures if not one.problem)
    return {sha256: photograph.smaller(pixels, LONGEST) for sha256, pixels in made if pixels}


def rendering(picture: Photograph) -> bytes:
    """A PNG of the whole picture, upright; empty where it cannot be decoded."""
    pixels = _pixels(picture)
    return png(pixels) if pixels else b""


def png(pixels: Pixels) -> bytes:
    """These pixels as PNG (PNG 1.2: one row after another, each with filter 0)."""
    row = pixels.width * 3
    rows = b"".join(b"\0" + bytes(pixels.rgb[at : at + row]) for at in range(0, row * pixels.height, row))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", pixels.width, pixels.height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 6)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def _pixels(picture: Photograph) -> Pixels | None:
    return photograph.examine(picture.data, pixels=True, cut=picture.cut).pixels

"""The short code of a copy: which export a sheet of paper belongs to, in figures and as a square that a telephone reads.

The square holds plain text and no address: whoever reads it has the case, the export and the whole hash of the
manifest, and compares them with the file without asking anybody.
"""

from __future__ import annotations

from faceid_review.snapshot.this_copy import ThisCopy

INPUT = "square"
"""The name under which its drawing is handed to typst."""

_QUIET = 4
"""Light modules around the square (ISO/IEC 18004, 6.3.8)."""


def short(digest: str) -> str:
    """The first 16 digits of a hash in groups of four, as they stand on paper and ``verify`` says them."""
    return " ".join(digest[at : at + 4] for at in range(0, min(len(digest), 16), 4))


def text(copy: ThisCopy, digest: str) -> str:
    """What the square says; ``digest`` is the manifest's SHA-256."""
    return f"FaceID Review {copy.case.number} export {copy.frame.export} manifest SHA-256 {digest}"


def square(said: str) -> tuple[bytes, ...]:
    """The modules of a QR code that says it, row by row, 1 where dark; the same for the same text."""
    import segno  # noqa: PLC0415 - loaded when first used

    return tuple(map(bytes, segno.make_qr(said, error="m").matrix))


def drawing(said: str) -> str:
    """An SVG of it, as one path, so that nothing shows between its modules."""
    rows = square(said)
    side = len(rows) + 2 * _QUIET
    path = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 {side} {side}">'
        f'<path d="{path}"/></svg>'
    )

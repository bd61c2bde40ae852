"""Whether a vendor's picture is sound, and its pixels for the screen. The only room that decodes pictures.

The bytes are evidence and are never written again. A picture of more than 25 million pixels, or one that is
no JPEG, is not decoded at all; a cut one is decoded as far as it goes and says so, because a half-grey face
without a word would be a lie.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

MOST_PIXELS: Final = 25_000_000
LONGEST_SIDE: Final = 8192
MOST_BYTES: Final = 16 * 1024 * 1024
# The sizes above are looked at before a single pixel is decoded; Pillow's own guard would hide the size.
Image.MAX_IMAGE_PIXELS = None

_ORIENTATION: Final = 0x0112
_SCAN, _END = b"\xff\xda", b"\xff\xd9"


class Status(StrEnum):
    """What can be said of a picture: sound, cut short, no JPEG, or too large to open safely."""

    OK = "ok"
    INCOMPLETE = "incomplete"
    UNDECODABLE = "undecodable"
    REFUSED = "refused"


@dataclass(frozen=True)
class Pixels:
    """Decoded pixels for the screen: 3 bytes a pixel, red green blue, rows without padding.

    ``turned`` says that EXIF asked for another orientation and the pixels here are upright.
    """

    width: int
    height: int
    rgb: bytes = field(repr=False)
    turned: bool


@dataclass(frozen=True)
class Examined:
    """The outcome of looking at one picture. Width and height are the stored ones, in pixels."""

    status: Status
    width: int | None = None
    height: int | None = None
    pixels: Pixels | None = None


def examine(data: bytes, *, pixels: bool = False, cut: bool = False) -> Examined:
    """Look at the bytes of one picture; with ``pixels`` also hand out what is to be painted.

    ``cut`` says that bytes may be missing behind these: such a picture is incomplete at best.
    """
    if len(data) > MOST_BYTES:
        return Examined(Status.REFUSED)
    image = _opened(data)
    if image is None:
        return Examined(Status.UNDECODABLE)
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        return Examined(Status.REFUSED, width, height)
    status = Status.OK if not cut and _ends(data) and _loads(image) else Status.INCOMPLETE
    if status is Status.INCOMPLETE:
        # With an end marker behind it the decoder hands out the rows that did arrive; the rest is grey.
        image = _opened(data + _END)
        if image is None or not _loads(image):
            return Examined(status, width, height)
    return Examined(status, width, height, _upright(image) if pixels else None)


def _opened(data: bytes) -> ImageFile.ImageFile | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # broken EXIF and the like: told by the status, never by a warning
            return Image.open(io.BytesIO(data), formats=["JPEG"])
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None


def _loads(image: ImageFile.ImageFile) -> bool:
    try:
        image.load()
    except (OSError, ValueError, SyntaxError):
        return False
    return True


def _ends(data: bytes) -> bool:
    """Whether an end marker stands anywhere after the last scan began: bytes may trail behind it."""
    return data.find(_END, max(data.rfind(_SCAN), 0)) != -1


def _upright(image: ImageFile.ImageFile) -> Pixels:
    turned = image.getexif().get(_ORIENTATION, 1) not in (0, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        upright = ImageOps.exif_transpose(image) if turned else image
    rgb = upright if upright.mode == "RGB" else upright.convert("RGB")
    return Pixels(*rgb.size, rgb.tobytes(), turned)

"""Hostile pictures, made here: what a vendor's answer, a file of our own or an attacker may hand in as a JPEG."""

import io
import random
import struct
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageFile

END = b"\xff\xd9"


def drawn(width: int = 256, height: int = 256, mode: str = "RGB") -> Image.Image:
    """Detail everywhere, so that no cut goes unseen."""
    noise = Image.frombytes("RGB", (32, 32), random.Random(width * height).randbytes(3072))
    return noise.resize((width, height), Image.Resampling.BICUBIC).convert(mode)


def jpeg(image: Image.Image | None = None, **options: Any) -> bytes:
    """A JPEG of it, however much room it takes."""
    file, before = io.BytesIO(), ImageFile.MAXBLOCK
    ImageFile.MAXBLOCK = 1 << 25
    try:
        (image or drawn()).save(file, "JPEG", **{"quality": 85, **options})
    finally:
        ImageFile.MAXBLOCK = before
    return file.getvalue()


def other(kind: str, image: Image.Image | None = None, **options: Any) -> bytes:
    """Another format under the same roof."""
    file = io.BytesIO()
    (image or drawn()).save(file, kind, **options)
    return file.getvalue()


def claiming(width: int, height: int, data: bytes = b"", precision: int = 8) -> bytes:
    """A small JPEG whose header claims another size or depth."""
    made = bytearray(data or jpeg())
    at = max(made.find(b"\xff\xc0"), made.find(b"\xff\xc2"))
    made[at + 4] = precision
    made[at + 5 : at + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(made)


def segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def before(data: bytes, segments: bytes) -> bytes:
    """The picture with segments behind its first marker."""
    return data[:2] + segments + data[2:]


def scan_bomb(width: int, height: int, scans: int) -> bytes:
    """A progressive picture whose last scan comes again and again."""
    data = jpeg(Image.new("RGB", (width, height), (120, 90, 70)), progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[: len(data) - 2] + data[last : len(data) - 2] * scans + END


def noisy_bomb(size: int) -> bytes:
    """Scans with as much data as they can carry, over and over."""
    noise = Image.frombytes("RGB", (1000, 1000), random.Random(3).randbytes(3_000_000))
    data = jpeg(noise, progressive=True, quality=75)
    last = data.rindex(b"\xff\xda")
    scan = data[last : len(data) - 2]
    return data[: len(data) - 2] + scan * ((size - len(data)) // len(scan)) + END


def exif_bomb(entries: int) -> bytes:
    """EXIF whose every entry points at the same 60 kB."""
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">H", entries)
    tiff += b"".join(struct.pack(">HHII", 0x8000 + n, 7, 60_000, 0) for n in range(entries)) + b"\0\0\0\0"
    return before(jpeg(), segment(0xE1, b"Exif\0\0" + tiff.ljust(60_000, b"\0")))


def cut(share: float, end: bool, **options: Any) -> bytes:
    data = jpeg(**options)
    return data[: int(len(data) * share)] + (END if end else b"")


def between_scans() -> bytes:
    """Cut exactly where a scan ends: whole scans, but not all of them."""
    data = jpeg(progressive=True)
    return data[: data.rindex(b"\xff\xda")] + END


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    # name: (what examine has to say, the bytes)
    "12000 x 12000 in 36 kB": ("refused", lambda: claiming(12000, 12000).ljust(36_000, b"\0")),
    "65500 x 65500": ("refused", lambda: claiming(65500, 65500)),
    "1 x 65535": ("refused", lambda: claiming(1, 65535)),
    "no width": ("undecodable", lambda: claiming(0, 100)),
    "scan bomb of 9 million pixels": ("refused", lambda: scan_bomb(3000, 3000, 1000)),
    "scan bomb with 20000 scans": ("refused", lambda: scan_bomb(16, 16, 20_000)),
    "scan bomb that just passes": ("ok", lambda: scan_bomb(1000, 1000, 100)),
    "scan bomb of 6 MB": ("ok", lambda: noisy_bomb(6_300_000)),
    "4 million comments": ("undecodable", lambda: before(jpeg(), segment(0xFE, b"") * 4_000_000)),
    "4 million tables between scans": ("refused", lambda: jpeg()[:-2] + segment(0xFE, b"") * 4_000_000 + END),
    "15 MB of fill bytes": ("undecodable", lambda: before(jpeg(), b"\xff" * 15_000_000)),
    "15 MB of EXIF": ("undecodable", lambda: before(jpeg(), segment(0xE1, b"Exif\0\0" + bytes(65_000)) * 240)),
    "EXIF bomb": ("ok", lambda: exif_bomb(4900)),
    "15 MB behind the end": ("ok", lambda: jpeg() + bytes(15_000_000)),
    "largest of one scan": ("ok", lambda: jpeg(drawn(4096, 4096), quality=30)),
    "largest of one scan, turned": ("ok", lambda: jpeg(drawn(4096, 4096), quality=30, exif=turned())),
    "largest of one scan, CMYK": ("ok", lambda: jpeg(drawn(4096, 4096, "CMYK"), quality=30)),
    "largest in several scans": ("ok", lambda: jpeg(drawn(3160, 3160), quality=30, progressive=True)),
    "larger in several scans": ("refused", lambda: jpeg(drawn(3200, 3200), quality=30, progressive=True)),
    "half": ("incomplete", lambda: cut(0.5, False)),
    "half with an end marker": ("incomplete", lambda: cut(0.5, True)),
    "half with an end marker, restarts": ("incomplete", lambda: cut(0.5, True, restart_marker_blocks=1)),
    "half with an end marker, progressive": ("incomplete", lambda: cut(0.5, True, progressive=True)),
    "nine tenths with an end marker, progressive": ("incomplete", lambda: cut(0.9, True, progressive=True)),
    "cut between scans": ("incomplete", between_scans),
    "half and a whole one behind it": ("incomplete", lambda: cut(0.5, False) + jpeg()),
    "half of the largest with an end marker": ("incomplete", lambda: (data := jpeg(drawn(4096, 4096), quality=30))[: len(data) // 2] + END),
    "CMYK": ("ok", lambda: jpeg(drawn(mode="CMYK"))),
    "CMYK, progressive": ("ok", lambda: jpeg(drawn(mode="CMYK"), progressive=True)),
    "12 bits": ("undecodable", lambda: claiming(256, 256, precision=12)),
    "16 bits": ("undecodable", lambda: claiming(256, 256, precision=16)),
    "PNG of 16 bits": ("undecodable", lambda: other("PNG", Image.new("I;16", (64, 64)))),
    "animated PNG": ("undecodable", lambda: other("PNG", save_all=True, append_images=[drawn(256, 256, "L").convert("RGB")])),
    "animated GIF": ("undecodable", lambda: other("GIF", save_all=True, append_images=[drawn(128, 128)])),
    "animated WebP": ("undecodable", lambda: other("WEBP", save_all=True, append_images=[drawn()])),
    "SVG": ("undecodable", lambda: b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"),
    "PNG": ("undecodable", lambda: other("PNG")),
    "TIFF": ("undecodable", lambda: other("TIFF")),
    "EPS": ("undecodable", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
    "17 MB": ("refused", lambda: jpeg() + bytes(17 << 20)),
}  # fmt: skip


def turned() -> bytes:
    made = Image.Exif()
    made[0x0112] = 6
    return made.tobytes()

"""Pictures that were sent: sound, cut short, too large, or none at all; and no bytes that may break the program."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from faceid_review.faceid.photograph import (
    LONGEST_SIDE,
    MOST_BYTES,
    MOST_PIXELS,
    Status,
    examine,
    size_upright,
)

END = b"\xff\xd9"


def drawn(width: int = 64, height: int = 48) -> Image.Image:
    """Something with detail everywhere, so that no cut goes unseen: left half reddish, right half bluish."""
    image = Image.new("RGB", (width, height))
    image.putdata(
        [
            ((x * 7 + y * 13) % 200, (x * y) % 100, 255 * (2 * x > width))
            for y in range(height)
            for x in range(width)
        ]
    )
    return image


def jpeg(image: Image.Image | None = None, **options: object) -> bytes:
    file = io.BytesIO()
    (image or drawn()).save(file, "JPEG", **{"quality": 90, **options})
    return file.getvalue()


def exif(orientation: int) -> bytes:
    made = Image.Exif()
    made[0x0112] = orientation
    return made.tobytes()


def other(kind: str) -> bytes:
    file = io.BytesIO()
    drawn().save(file, kind)
    return file.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A small JPEG whose header says that it is that large."""
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(data)


# ---- sound pictures


@pytest.mark.parametrize(
    "data",
    [jpeg(), jpeg(progressive=True), jpeg(drawn().convert("L")), jpeg(drawn().convert("CMYK")), jpeg(icc_profile=b"x" * 3000),
     jpeg(comment=b"\xff\xd9\xff\xda"), jpeg() + b"bytes that trail behind", jpeg() + jpeg(), jpeg(subsampling=0, quality=100), jpeg(drawn(1, 1)),
     jpeg(restart_marker_blocks=1)],
    ids=["base", "progressive", "grey", "CMYK", "profile", "markers in a comment", "trailing bytes", "two", "4:4:4", "one pixel", "restarts"],
)  # fmt: skip
def test_a_sound_picture_is_ok(data: bytes) -> None:
    seen = examine(data, pixels=True)
    assert seen.status is Status.OK
    assert seen.pixels is not None
    assert (seen.width, seen.height) == (seen.pixels.width, seen.pixels.height)
    assert len(seen.pixels.rgb) == 3 * seen.pixels.width * seen.pixels.height
    assert not seen.pixels.turned
    assert examine(data).pixels is None


@pytest.mark.parametrize("mode", ["RGB", "CMYK"])
def test_colours_are_those_that_were_sent(mode: str) -> None:
    seen = examine(jpeg(Image.new("RGB", (16, 16), (200, 30, 40)).convert(mode)), pixels=True)
    assert seen.pixels is not None
    red, green, blue = seen.pixels.rgb[:3]
    assert red > 180
    assert max(green, blue) < 70


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_is_shown_upright_and_measured_as_stored(orientation: int) -> None:
    """Case 48: the pixels stand upright, the width and height are those of the bytes."""
    seen = examine(jpeg(exif=exif(orientation)), pixels=True)
    assert (seen.status, seen.width, seen.height) == (Status.OK, 64, 48)
    assert seen.pixels is not None
    assert seen.pixels.turned == (orientation != 1)
    assert (seen.pixels.width, seen.pixels.height) == ((64, 48) if orientation < 5 else (48, 64))
    assert size_upright(jpeg(exif=exif(orientation))) == (seen.pixels.width, seen.pixels.height)
    # Where the bluish half must lie once the camera is held upright.
    across = seen.pixels.width // 4 * 3, seen.pixels.height // 2
    corner = {
        1: across,
        2: (16, 24),
        3: (16, 24),
        4: across,
        5: (24, 48),
        6: (24, 48),
        7: (24, 16),
        8: (24, 16),
    }[orientation]
    start = 3 * (corner[1] * seen.pixels.width + corner[0])
    assert seen.pixels.rgb[start + 2] > 150


# ---- no picture


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xd9", b"not a picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", other("PNG"), other("TIFF"),
     other("GIF"), other("BMP"), other("WEBP"), other("ICO"), b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\x00" * 1000, b"%PDF-1.7", b"\xff\xd8" + other("PNG")],
    ids=lambda data: repr(data[:12]),
)  # fmt: skip
def test_what_is_no_jpeg_is_not_decoded(data: bytes) -> None:
    """Case 45: whatever the data URI claims."""
    seen = examine(data, pixels=True)
    assert (seen.status, seen.width, seen.pixels) == (Status.UNDECODABLE, None, None)


# ---- cut short


@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"restart_marker_blocks": 2}],
    ids=["base", "progressive", "restarts"],
)
def test_a_picture_cut_anywhere_is_never_ok(options: dict[str, Any]) -> None:
    """Case 47: from its last byte to its first."""
    data = jpeg(**options)
    for length in range(len(data)):
        seen = examine(data[:length], pixels=True)
        assert seen.status in (Status.INCOMPLETE, Status.UNDECODABLE), length
    assert examine(data[: len(data) // 2 + 300]).status is Status.INCOMPLETE


def test_a_cut_picture_still_shows_what_came() -> None:
    data = jpeg(drawn(256, 256))
    seen = examine(data[: len(data) * 3 // 4], pixels=True)
    assert (seen.status, seen.width, seen.height) == (Status.INCOMPLETE, 256, 256)
    assert seen.pixels is not None
    whole = examine(data, pixels=True).pixels
    assert whole is not None
    assert seen.pixels.rgb[: 256 * 3 * 64] == whole.rgb[: 256 * 3 * 64]


def test_a_preview_s_end_is_not_the_picture_s() -> None:
    """A cut picture with a whole one in its EXIF data has an end marker, but not its own."""
    thumbnail = jpeg(drawn(16, 16))
    made = Image.Exif()
    made[0x010E] = thumbnail.decode("latin-1")
    data = jpeg(exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0" + thumbnail)
    assert examine(data).status is Status.OK
    assert examine(data[: len(data) - 100]).status is Status.INCOMPLETE


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_a_cut_picture_with_an_end_marker_behind_it_is_not_ok(share: float) -> None:
    data = jpeg(drawn(256, 256))
    assert examine(data[: int(len(data) * share)] + END).status is not Status.OK


# ---- too large


@pytest.mark.parametrize(
    ("width", "height"),
    [
        (12000, 12000),
        (65500, 65500),
        (65535, 1),
        (1, 65535),
        (LONGEST_SIDE + 1, 10),
        (5001, 5000),
    ],
)
def test_a_picture_that_claims_to_be_huge_is_not_opened(width: int, height: int) -> None:
    """Case 46."""
    seen = examine(claiming(width, height), pixels=True)
    assert (seen.status, seen.pixels) == (Status.REFUSED, None)
    assert (seen.width, seen.height) in ((width, height), (None, None))


def test_a_picture_at_the_limit_is_opened() -> None:
    assert LONGEST_SIDE * 2000 < MOST_PIXELS
    assert examine(jpeg(Image.new("L", (LONGEST_SIDE, 8)))).status is Status.OK


def test_too_many_bytes_are_not_even_looked_at() -> None:
    assert examine(jpeg() + bytes(MOST_BYTES)).status is Status.REFUSED


BOMB = """
import resource, sys
from faceid_review.faceid.photograph import examine
data = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(examine(data, pixels=True).status.value, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="kilobytes of ru_maxrss are Linux's")
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(claiming(12000, 12000), id="12000"),
        pytest.param(claiming(65500, 65500), id="65500"),
        pytest.param(claiming(3500, 3500), id="3500"),
        pytest.param(claiming(5000, 5000), id="5000"),
    ],
)
def test_a_bomb_takes_no_more_memory_than_promised(data: bytes) -> None:
    """Under 150 MB, the largest picture that is opened included; measured in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", BOMB],
        input=data,
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    _, grown = done.stdout.split()
    assert int(grown) < 150_000


# ---- anything at all


def test_broken_exif_data_hides_no_picture() -> None:
    data = jpeg(exif=exif(6)).replace(b"Exif\0\0MM\0*", b"Exif\0\0\x8eM\0*")
    assert examine(data, pixels=True).status is Status.OK


def test_a_broken_index_of_several_pictures_is_passed_over_in_silence() -> None:
    data = jpeg()
    assert examine(data[:2] + b"\xff\xe2\x00\x08MPF\0xx" + data[2:]).status is Status.OK


# Known, with tests of their own above: what is left must not break anything.
KNOWN = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


def looked_at(data: bytes) -> None:
    examine(data, pixels=True)


SEEDS = [
    jpeg(),
    jpeg(drawn().convert("CMYK")),
    jpeg(exif=exif(6)),
    jpeg(icc_profile=b"profile" * 10),
    jpeg(progressive=True),
]


def with_pictures_behind() -> bytes:
    """As a telephone makes it: two pictures under one index (MPF)."""
    file = io.BytesIO()
    drawn().save(file, "MPO", save_all=True, append_images=[drawn(32, 32)])
    return file.getvalue()


SEEDS.append(with_pictures_behind())


def test_the_first_of_several_pictures_is_the_one() -> None:
    seen = examine(with_pictures_behind(), pixels=True)
    assert (seen.status, seen.width, seen.height) == (Status.OK, 64, 48)


@KNOWN
@given(st.binary(max_size=200), st.sampled_from(SEEDS))
def test_any_bytes_are_looked_at(data: bytes, seed: bytes) -> None:
    looked_at(data)
    looked_at(b"\xff\xd8" + data)
    looked_at(seed[:2] + b"\xff\xe1" + (len(data) + 2).to_bytes(2, "big") + data + seed[2:])
    looked_at(seed[:2] + b"\xff\xe1" + (len(data) + 8).to_bytes(2, "big") + b"Exif\0\0" + data + seed[2:])
    looked_at(seed[:2] + b"\xff\xe2" + (len(data) + 6).to_bytes(2, "big") + b"MPF\0" + data + seed[2:])


@KNOWN
@settings(max_examples=400)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_a_picture_with_any_bytes_changed_is_looked_at(seed: bytes, changes: list[tuple[int, int]]) -> None:
    data = bytearray(seed)
    for at, byte in changes:
        # The first bytes hold all that is parsed before the coded data.
        data[at % min(len(data), 700)] = byte
    looked_at(bytes(data))

"""What a file says of itself: tables and their estimated quality, EXIF as short plain text, what it really is."""

import pytest
from PIL import Image

from faceid_review.faceid import photograph
from faceid_review.faceid.photograph import Facts, Quality, Status
from tests.pictures import HOSTILE, before, drawn, exif_bomb, jpeg, segment


def facts(data: bytes) -> Facts:
    return photograph.facts(data, photograph.examine(data).status)


@pytest.mark.parametrize("quality", [1, 30, 49, 50, 75, 90, 95, 100])
def test_the_quality_of_libjpeg_s_own_tables_is_found_again(quality: int) -> None:
    assert facts(jpeg(quality=quality)).quality == Quality(quality, exact=True)


def test_other_tables_get_the_nearest_setting_and_say_so() -> None:
    tables = [[min(n + 3, 255) for n in table] for table in facts(jpeg(quality=80)).tables]
    told = facts(jpeg(qtables=tables, quality=50)).quality
    assert told is not None
    assert not told.exact
    assert 65 < told.setting < 85


def test_form_and_colour_are_told_as_stored() -> None:
    told = facts(jpeg(drawn(64, 48), subsampling=1, icc_profile=b"p" * 300, comment=b"made\x1b[2J by"))
    assert (told.kind, told.width, told.height, told.mode, told.sampling) == ("JPEG", 64, 48, "RGB", "4:2:2")
    assert (told.progressive, told.scans, told.profile) == (False, 1, 300)
    assert told.comment == "madeU+001B[2J by"
    assert facts(jpeg(progressive=True)).scans == 10
    assert facts(jpeg(drawn(mode="CMYK"))).mode == "CMYK"


def test_exif_is_short_plain_text_in_a_fixed_order() -> None:
    made = Image.Exif()
    made[0x0110], made[0x010F], made[0x0112] = "<b>Model</b>\u202e", "M" * 5000, 6
    made[0x9C9B] = b"x"
    made.get_ifd(0x8769)[0x829A] = (1, 60)
    made.get_ifd(0x8825)[2] = (31.0, 13.0, 49.0)
    told = facts(jpeg(exif=made.tobytes()))
    assert told.orientation == 6
    assert [name for name, _ in told.exif] == ["Make", "Model", "ExposureTime", "GPSLatitude"]
    assert dict(told.exif)["Make"] == "M" * 120 + "…"
    assert "<b>Model</b>" in dict(told.exif)["Model"]
    assert told.exif_more >= 1


@pytest.mark.parametrize(
    "data",
    [exif_bomb(4900), before(jpeg(), segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff")), before(jpeg(), segment(0xE1, b"Exif\0\0" + b"\xff" * 999))],
    ids=["bomb", "nowhere", "rubbish"],
)  # fmt: skip
def test_broken_exif_hides_nothing_else(data: bytes) -> None:
    told = facts(data)
    assert (told.width, told.orientation) == (256, 1)
    assert all(len(text) <= 121 for _, text in told.exif)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("animated PNG", "APNG"), ("PNG", "PNG"), ("animated GIF", "GIF"), ("animated WebP", "WebP"), ("SVG", "SVG"), ("TIFF", "TIFF"), ("EPS", "EPS")],
)  # fmt: skip
def test_what_it_really_is(name: str, kind: str) -> None:
    data = HOSTILE[name][1]()
    told = photograph.facts(data, Status.UNDECODABLE)
    assert (told.kind, told.width, told.size) == (kind, None, len(data))

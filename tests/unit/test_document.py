"""The snapshot: what stands in it, that its pictures are the vendor's bytes, and what hostile answers do to it."""

import base64
import hashlib
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import typst
from PIL import Image, ImageDraw, ImageOps

from faceid_review.errors import Afterwards
from faceid_review.i18n import words
from faceid_review.review.case import Case, fold
from faceid_review.snapshot import document
from faceid_review.snapshot.blocks import facts
from faceid_review.snapshot.both import both
from faceid_review.snapshot.document import Document, Frame, NotMade, make
from faceid_review.snapshot.fonts import Families, coverage
from faceid_review.vault.entry import Entry

BIZ_ID = "1462259748,52b13fb5-8dfb-4537-a62b-a641d5e929f1"
RECEIVED = datetime(2016, 5, 3, 7, 16, 3, 400_000, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))
ROLES = ("image_best", "image_action1", "image_action2", "image_action3")


def frame(**over: Any) -> Frame:
    facts: dict[str, Any] = {
        "exporter": "Lin Yue 林越",
        "exported_at": datetime(2016, 5, 4, 10, 12, 31, tzinfo=CHINA),
        "zone": "Asia/Shanghai",
        "version": "0.1.0",
        "vault": "Chaoyang",
        "entries": 1210,
        "head": "9c417be2d0563f18" * 4,
    }
    return Frame(**facts | over)


def body(images: dict[str, bytes] | None = None, **over: Any) -> bytes:
    """The success sample of PC-GetResult, with pictures."""
    thresholds = {"1e-3": 64, "1e-4": 69, "1e-5": 74}
    compared = {"confidence": 68.91876, "thresholds": thresholds}
    sent = {
        "biz_extra_data": "...",
        "biz_id": BIZ_ID,
        "biz_no": "cc47190f-5502-44a2-ab74-ea4f0f649f61",
        "images": {
            r: "data:image/jpeg;base64," + base64.b64encode(j).decode() for r, j in (images or {}).items()
        },
        "liveness_result": {
            "failure_reason": None,
            "log": "1462259749\n0:A\n2596:M\n3862:E\n8148:P\n9446:O\n",
            "result": "success",
            "version": "MegLive 2.4.0L",
        },
        "request_id": "1462259763,e2d2f8d6-204b-4c43-92ea-1d62b071f83c",
        "time_used": 93,
        "verify_result": {
            "request_id": "1461740007,71eeb124-08f0-47b3-8fc8-ac048cfa1372",
            "result_faceid": compared,
            "result_ref1": compared,
            "face_genuineness": {
                "synthetic_face_confidence": 0.88,
                "synthetic_face_threshold": 0.5,
                "mask_confidence": 0.32,
                "mask_threshold": 0.5,
                "screen_replay_confidence": 0.33,
                "screen_replay_threshold": 0.5,
            },
            "time_used": 1020,
        },
    }
    return json.dumps(sent | over, indent=4, ensure_ascii=False).encode("utf-8", "surrogatepass")


def case(answer: bytes | None, *, status: int = 200, ended: str = "length", **armed: Any) -> Case:
    """A case with this answer; without one its outcome is unknown."""
    told = {"attempt": 1, "account": "Beijing office"}
    asked = {**told, "base_url": "https://api.megvii.com", "get_image_type": 2, **armed}
    steps: list[tuple[str, dict[str, Any]]] = [
        ("queued", {"case": "FR-2016-00417", "account": "Beijing office"}),
        ("armed", asked),
        ("sent", {"attempt": 1}),
    ]
    if answer is None:
        steps.append(("unknown", {"attempt": 1, "reason": "reset"}))
    else:
        headers = [["Date", "Tue, 03 May 2016 07:16:03 GMT"], ["Server", "openresty"]]
        size = {"bytes": len(answer), "sha256": hashlib.sha256(answer).hexdigest()}
        came = {"status": status, "ended": ended, "headers": headers, "tls": {}}
        steps.append(("answer", {**told, **came, **size}))
    entries = [
        Entry(1201 + n, RECEIVED, "Lin Yue", act, BIZ_ID, facts, b"r" if act == "answer" else None, b"")
        for n, (act, facts) in enumerate(steps)
    ]
    return fold(entries, {1204: answer or b""})


@cache
def picture(mode: str = "RGB", **options: Any) -> bytes:
    """A picture that looks different from every side."""
    image = Image.new("RGB", (240, 320), (120, 130, 140))
    draw = ImageDraw.Draw(image)
    draw.ellipse((50, 60, 190, 260), fill=(220, 180, 150))
    draw.rectangle((0, 0, 90, 60), fill=(200, 20, 20))
    draw.rectangle((180, 260, 240, 320), fill=(20, 20, 180))
    file = io.BytesIO()
    image.convert(mode).save(file, "JPEG", quality=88, **options)
    return file.getvalue()


def turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return picture(exif=exif.tobytes())


def with_adobe(transform: int) -> bytes:
    """An APP14 segment right behind the start, as Adobe's programs write it."""
    base = picture()
    return base[:2] + b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00" + bytes([transform]) + base[2:]


KINDS: dict[str, Callable[[], bytes]] = {
    "base": picture,
    "progressive": lambda: picture(progressive=True),
    "exif": lambda: turned(6),
    "grey": lambda: picture("L"),
    "cmyk": lambda: picture("CMYK"),
    "trailing": lambda: picture() + b"what stands behind the end" * 9,
    "app14": lambda: with_adobe(1),
    "truncated": lambda: picture()[: len(picture()) * 2 // 3],
}


@cache
def sample(lang: str) -> Document:
    return make(case(sample_body()), frame(), lang)


def sample_body() -> bytes:
    return body(dict(zip(ROLES, (picture(), picture("L"), turned(6), with_adobe(1)), strict=True)))


def text_of(made: Document) -> list[str]:
    """The text of each page, blanks and line ends as one blank."""
    with pypdfium2.PdfDocument(made.pdf) as pdf:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]


def squeezed(made: Document) -> str:
    """All text without any blank, for what may be broken over lines."""
    return "".join("".join(text_of(made)).split())


def pictures_in(pdf: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [
            bytes(one.read_raw_bytes())
            for one in opened.objects
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        ]


def attached(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {name: opened.attachments[name].get_file().read_bytes() for name in opened.attachments}


def wordings(made: Document) -> list[str]:
    return [note.wording for note in made.notes]


# ------------------------------------------------------------------------------------------ what stands in it


def test_the_vendors_sample_stands_in_it_digit_for_digit() -> None:
    pages = text_of(sample("en"))
    result = next(page for page in pages if "Vendor result" in page and "4.91876" in page)
    for said in (
        "68.91876 − 64",
        "0.08124",
        "69 − 68.91876",
        "5.08124",
        "synthetic_face 0.88 is above 0.5.",
    ):
        assert said in result
    assert re.search(r"1e-6 – not returned", result)
    assert "/verify_result/result_ref1 holds the same confidence" in result
    assert "2016-04-27 06:53:27 UTC" in result
    assert "1462259749 against 1462259748, 1 s later" in result
    cover = pages[0]
    assert BIZ_ID in cover
    assert "Draft, undecided" in cover
    assert "passes 1e-3 and misses 1e-4 by 0.08124" in cover
    assert hashlib.sha256(sample_body()).hexdigest() in "".join(cover.split())
    assert "9c417be2d0563f18" * 4 in "".join(cover.split())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_key_of_the_words_and_no_unfilled_place_is_printed(lang: str) -> None:
    everything = squeezed(sample(lang))
    assert "snapshot." not in everything.replace("snapshot.note", "")
    assert "{" not in everything.partition('"biz_extra_data"')[0][:-1].replace('{"', "")


def test_chinese_comes_out_as_text() -> None:
    everything = squeezed(sample("zh"))
    for said in (
        "厂商结果",
        "置信度",
        "本次调用",
        "不一致之处",
        "活体为success",
        "未返回",
        "张嘴（推断）",
        "林越",
    ):
        assert said in everything


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not here")
def test_chinese_comes_out_of_other_readers_as_well(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(sample("zh").pdf)
    read = subprocess.run(
        ["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()
    assert "一次 Megvii FaceID 活体检测结果的人工复核" in read
    assert BIZ_ID in read


def test_each_page_says_whose_copy_it_is_and_the_contents_are_right() -> None:
    made = sample("en")
    pages = text_of(made)
    assert made.pages == len(pages)
    for number, page in enumerate(pages, start=1):
        assert "exported by Lin Yue 林越, 2016-05-04 10:12:31 +08:00 · 02:12:31 UTC" in page
        assert f"{number} / {len(pages)}" in page
        assert "ledger head 9c417be2d0563f18" in page
    listed = re.search(r"Liveness (\d+) Exhibits \(4\) (\d+)", pages[0])
    assert listed
    assert "Log, as sent" in pages[int(listed[1]) - 1]
    assert "/images/image_best" in pages[int(listed[2]) - 1]


def test_every_part_without_a_record_says_so() -> None:
    pages = text_of(sample("en"))[1:]
    said = {"Decisions and notes": 3, "Dispute record": 1, "Privacy Legal basis": 6, "Comparison by": 1}
    for title, count in said.items():
        page = next(page for page in pages if title in page)
        assert page.count("none recorded") == count, title


def test_a_failure_shows_every_reading_with_the_vendors_words() -> None:
    live = {
        "failure_reason": "not_video",
        "log": "1462259749\n0:A\n900:M\n1500:n\n",
        "result": "failed",
        "version": "x",
    }
    made = make(case(body(verify_result=None, liveness_result=live)), frame(), "en")
    page = next(page for page in text_of(made) if "How failure_reason can be read" in page)
    assert "(a) A liveness attack was detected" in page
    assert "(b) Or: a poor network, or too fast a movement" in page
    assert "检测到活体攻击" in page
    assert "也有可能是网络不通畅或动作过快造成的" in page
    assert any("verify_result is null" in page for page in text_of(made))


def test_practice_is_marked_on_every_page_and_nowhere_else() -> None:
    made = make(case(body({"image_best": picture()})), frame(demo=True), "en")
    assert all("PRACTICE · synthetic people" in page for page in text_of(made))
    assert "PRACTICE" not in "".join(text_of(sample("en")))


def test_recipient_and_purpose_run_up_every_margin() -> None:
    made = make(case(body()), frame(recipient="Chaoyang Court", purpose="a dispute"), "en")
    assert all("For Chaoyang Court · a dispute · not for other use" in page for page in text_of(made))


def test_what_else_a_url_holds_stays_out() -> None:
    made = make(
        case(body(), base_url="https://user:hidden-word@example.org:8443/x?api_secret=hidden-word"),
        frame(),
        "en",
    )
    assert "GET https://example.org:8443/x/faceid/liveness/v2/get_result" in " ".join(text_of(made))
    assert "hidden-word" not in squeezed(made)
    assert b"hidden-word" not in made.pdf


# --------------------------------------------------------------------------------------------------- pictures


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"cmyk"}))
def test_a_picture_leaves_as_the_very_bytes_that_came(kind: str, tmp_path: Path) -> None:
    jpeg = KINDS[kind]()
    made = make(case(body({"image_best": jpeg})), frame(), "en")
    assert pictures_in(made.pdf) == [jpeg]
    assert hashlib.sha256(jpeg).hexdigest() in squeezed(made)
    if shutil.which("pdfimages"):
        (tmp_path / "a.pdf").write_bytes(made.pdf)
        subprocess.run(
            ["pdfimages", "-all", tmp_path / "a.pdf", tmp_path / "e"], check=True, capture_output=True
        )
        assert [file.read_bytes() for file in sorted(tmp_path.glob("e-*"))] == [jpeg]


def test_an_incomplete_picture_says_so() -> None:
    made = make(case(body({"image_best": KINDS["truncated"]()})), frame(), "en")
    assert any("The picture is incomplete" in page and "E1" in page for page in text_of(made))


def test_pictures_stand_upright_whatever_their_exif_says() -> None:
    """All eight orientations, against Pillow's own turning."""
    sent = {f"image_action{n}": turned(n) for n in range(1, 9)}
    made = make(case(body(sent)), frame(), "en")
    with pypdfium2.PdfDocument(made.pdf) as pdf:
        pages = [page for page in pdf if any(o.type == 3 for o in page.get_objects(max_depth=9))]
        assert len(pages) == 8
        for page, jpeg in zip(pages, sent.values(), strict=True):
            [placed] = [o for o in page.get_objects(max_depth=9) if o.type == 3]
            assert placed
            seen = page.render(scale=1).to_pil().convert("RGB")
            wanted = ImageOps.exif_transpose(Image.open(io.BytesIO(jpeg)))
            # The picture is the only thing on the page that is not near white, above its caption.
            area = (
                seen.crop((0, 95, seen.width, seen.height))
                .point(lambda v: 255 if v < 200 else 0)
                .convert("L")
            )
            left = next(
                x for x in range(seen.width // 2) if area.getpixel((x, 40)) and area.getpixel((x, 60))
            )
            width = seen.width - 2 * left + round(page.get_width() * (19 - 16) / 210)
            tall = round(width * wanted.height / wanted.width)
            top = next(y for y in range(seen.height) if area.getpixel((left + 3, y))) + 95
            shown = seen.crop((left, top, left + width, top + tall)).resize((24, 24))
            off = [
                abs(a - b) for a, b in zip(shown.tobytes(), wanted.resize((24, 24)).tobytes(), strict=True)
            ]
            assert sum(off) / len(off) < 14


def test_a_picture_the_writer_would_paint_falsely_stands_in_words_and_is_attached() -> None:
    """Three components and an Adobe marker with transform 0: typst would call it CMYK."""
    odd = with_adobe(0)
    made = make(case(body({"image_best": odd, "image_action1": picture()})), frame(), "en")
    assert pictures_in(made.pdf) == [picture()]
    assert attached(made.pdf)["E1.jpg"] == odd
    assert any("The picture is not shown here" in page for page in text_of(made))
    assert made.notes == ()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"\x89PNG\r\n\x1a\n no jpeg", "not decodable"),
        (picture()[:60], "not decodable"),
        (picture().replace(b"\x01\x40\x00\xf0", b"\x01\x40\xff\xf0"), "too large to open"),
        (b"", "not decodable"),
    ],
)
def test_what_cannot_be_shown_gets_a_page_in_words_with_its_hash(sent: bytes, said: str) -> None:
    made = make(case(body({"image_best": picture(), "image_action1": sent})), frame(), "en")
    page = next(page for page in text_of(made) if "Exhibit E2: Action 1" in page and "JSON pointer" in page)
    assert f"No picture can be shown: {said}" in page
    assert hashlib.sha256(sent).hexdigest() in "".join(page.split())
    assert pictures_in(made.pdf) == [picture()]
    assert attached(made.pdf).get("E2.jpg", b"") == sent


def test_a_text_that_is_no_base64_is_told_as_such() -> None:
    sent = json.loads(body({"image_best": picture()}))
    sent["images"]["image_action1"] = "this is no base64!"
    made = make(case(json.dumps(sent).encode()), frame(), "en")
    assert any("No picture can be shown: not base64" in page for page in text_of(made))


def test_an_answer_without_pictures_says_so() -> None:
    made = make(case(body(images=None)), frame(), "en")
    assert any("No picture was returned." in page for page in text_of(made))
    assert pictures_in(made.pdf) == []


def test_more_pictures_than_pages_are_listed_with_their_hashes() -> None:
    sent = {f"image_action{n}": picture() + bytes([n]) for n in range(1, 45)}
    made = make(case(body(sent)), frame(), "en")
    assert len(pictures_in(made.pdf)) == 40
    everything = squeezed(made)
    assert all(hashlib.sha256(jpeg).hexdigest() in everything for jpeg in sent.values())


# ------------------------------------------------------------------------------------------- the file itself


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_pdf_a_3a_and_pdf_ua_1_with_tags_and_bookmarks(lang: str) -> None:
    assert sample(lang).notes == ()
    with pikepdf.open(io.BytesIO(sample(lang).pdf)) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "3A"
            assert metadata["pdfuaid:part"] == "1"
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).lower().startswith(lang)
        with pdf.open_outline() as outline:
            assert len(outline.root) >= 8
        figures = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure"]
        # Four pictures, and the square on the cover.
        assert len(figures) == 5
        assert all("SHA-256" in str(figure.Alt) for figure in figures)


def test_cmyk_stays_pdf_a_and_shows_a_marked_rendering() -> None:
    jpeg = KINDS["cmyk"]()
    made = make(case(body({"image_best": jpeg})), frame(), "en")
    assert made.notes == ()
    assert attached(made.pdf)["E1.jpg"] == jpeg
    assert any("This is a rendering, not the picture itself" in page for page in text_of(made))
    assert hashlib.sha256(jpeg).hexdigest() in squeezed(made)
    recipe = json.loads(attached(made.pdf)["recipe.json"])["derived"][0]
    assert (recipe["file"], recipe["of"]) == ("E1.jpg", hashlib.sha256(jpeg).hexdigest())
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf, pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "3A"
        shown = [
            one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        ]
        with Image.open(io.BytesIO(jpeg)) as sent, pikepdf.PdfImage(shown[0]).as_pil_image() as rendered:
            assert rendered.size == sent.size
            assert rendered.convert("RGB").tobytes() == sent.convert("RGB").tobytes()


def test_the_same_case_gives_the_same_bytes_in_another_process() -> None:
    program = "from tests.unit.test_document import sample; print(sample('zh').sha256)"
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "America/Lima", "LANG": "de_DE.UTF-8"}
    other = subprocess.run(
        [sys.executable, "-c", program], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == sample("zh").sha256 == hashlib.sha256(sample("zh").pdf).hexdigest()


def test_threads_do_not_disturb_each_other() -> None:
    with ThreadPoolExecutor(3) as pool:
        made = list(
            pool.map(lambda lang: make(case(sample_body()), frame(), lang).sha256, ["en", "zh", "en"])
        )
    assert made == [sample("en").sha256, sample("zh").sha256, sample("en").sha256]


def test_another_moment_gives_other_bytes() -> None:
    later = frame(exported_at=datetime(2016, 5, 4, 10, 12, 32, tzinfo=CHINA))
    assert make(case(body()), later, "en").sha256 != make(case(body()), frame(), "en").sha256


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not here")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_qpdf_finds_nothing_wrong(lang: str, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(sample(lang).pdf)
    checked = subprocess.run(["qpdf", "--check", tmp_path / "a.pdf"], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    "answer",
    [
        body({"image_best": picture()}),
        body(biz_extra_data="中文 é 𠮷"),
        "é 中文".encode("gb18030") + b"\x00\r\n",
        body({"image_best": picture()})[:-1000] + "中".encode()[:2],
    ],
)
def test_the_answer_is_attached_byte_for_byte(answer: bytes) -> None:
    assert attached(make(case(answer), frame(), "en").pdf)["raw_response.bin"] == answer


def test_an_answer_that_is_no_text_at_all_is_attached_byte_for_byte() -> None:
    answer = random.Random(4).randbytes(900_000)
    held = attached(make(case(answer), frame(), "en").pdf)
    assert held["raw_response.bin"] == answer


# ------------------------------------------------------------------------------------- every other kind of case


def test_a_refusal_makes_a_proper_document() -> None:
    answer = b'{"error_message": "RESULT_NOT_FOUND", "request_id": "1,a", "time_used": 4}'
    made = make(case(answer, status=400), frame(), "en")
    cover, _, result, *_ = text_of(made)
    assert "The vendor refused: RESULT_NOT_FOUND" in cover
    assert "(b) Or: the answer may already have been fetched" in result
    assert attached(made.pdf)["raw_response.bin"] == answer


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_case_without_an_answer_makes_one_too(lang: str) -> None:
    made = make(case(None), frame(), lang)
    assert words(lang)("snapshot.stage.unknown")[:12].replace(" ", "") in squeezed(made)
    assert attached(made.pdf).keys() == {"events.jsonl", "manifest.json"}


@pytest.mark.parametrize(
    "answer", [b"", b"<html>\xff 502</html>", b"[1, 2]", b'{"a":' * 900 + b"1" + b"}" * 900, b"\x00" * 70]
)
def test_an_answer_nobody_can_read_makes_one_too(answer: bytes) -> None:
    made = make(case(answer), frame(), "en")
    assert attached(made.pdf)["raw_response.bin"] == answer
    assert hashlib.sha256(answer).hexdigest() in squeezed(made)


def test_a_partial_answer_is_told_as_such() -> None:
    made = make(case(body(), ended="cut"), frame(), "en")
    assert "Kept in part" in text_of(made)[0]
    assert any("The connection broke off before the end" in page for page in text_of(made))


# ---------------------------------------------------------------------------------------------- hostile answers


def test_what_looks_like_typst_is_printed_as_it_is() -> None:
    hostile = (
        '#panic() #read("/etc/passwd") $ x_1 $ _a_ *b* @ref <label> `raw` \\ // #import "@preview/a:1.0.0": *'
    )
    made = make(
        case(body(biz_extra_data=hostile, biz_no=hostile)), frame(exporter=hostile[:40], vault=hostile), "en"
    )
    assert hostile in " ".join(text_of(made))
    assert "root:" not in squeezed(made)


def test_characters_that_play_tricks_are_printed_by_number() -> None:
    made = make(case(body(biz_extra_data="a\u202eb\u200bc\ud800d\ue000e\ufefff\u2028g")), frame(), "en")
    assert "a[U+202E]b[U+200B]c[U+D800]d[U+E000]e[U+FEFF]f[U+2028]g" in squeezed(made)
    assert wordings(made) == ["snapshot.note.hidden"]
    assert "[U+202E]" in text_of(made)[0]


def test_a_mark_cannot_hide_the_letter_under_it() -> None:
    """typst takes such a pair from the first font that has any part of it, and drops the rest without a word."""
    families = Families(typst.Fonts().fonts())
    made = make(case(body(biz_extra_data="林\u0300越 e\u0301 \u0301")), frame(), "en")
    if not families.holds_together("林", "\u0300", ()):
        assert "林[U+0300]越" in squeezed(made)
        assert "snapshot.note.no_glyph" in wordings(made)
    assert families.holds_together("e", "\u0301", ())
    assert "[U+0301]" in squeezed(made)
    assert "e[U+0301]" not in squeezed(made)


def test_a_character_without_a_glyph_is_printed_by_number_and_noted() -> None:
    made = make(case(body(biz_extra_data="a\U0001fffeb 𠮷")), frame(), "en")
    assert "a[U+1FFFE]b" in squeezed(made)
    assert "𠮷" in squeezed(made) or "[U+20BB7]" in squeezed(made)
    assert "snapshot.note.no_glyph" in wordings(made)
    assert "No font on this computer can show" in text_of(made)[0]


def test_a_glyph_that_a_font_promised_and_does_not_have_is_found_by_the_validator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Boastful(Families):
        def missing(self, characters: Any) -> tuple[frozenset[str], tuple[str, ...]]:
            return frozenset(), ()

    monkeypatch.setattr(document, "_families", lambda: Boastful(typst.Fonts().fonts()))
    made = make(case(body(biz_extra_data="a\U0001fffeb")), frame(), "en")
    assert "a[U+1FFFE]b" in squeezed(made)
    assert wordings(made) == ["snapshot.note.no_glyph"]


def test_without_a_chinese_font_it_says_so_and_prints_no_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    latin = [
        f for f in typst.Fonts().fonts() if f.path is None or f.family in ("Noto Sans", "Noto Sans Mono")
    ]
    monkeypatch.setattr(document, "_families", lambda: Families(latin))
    made = make(case(body({"image_best": picture()})), frame(), "zh")
    assert wordings(made)[0] == "snapshot.note.no_chinese_font"
    assert "Lin Yue [U+6797][U+8D8A]" in text_of(made)[0]
    assert pictures_in(made.pdf) == [picture()]


@pytest.mark.parametrize("family", ["Noto Sans", "Noto Sans CJK SC", "DejaVu Sans", "Noto Sans Mono"])
def test_our_reading_of_a_font_agrees_with_typst(family: str) -> None:
    fonts = typst.Fonts()
    face = next((f for f in fonts.fonts() if f.family == family and f.style == "normal" and f.path), None)
    if face is None:
        pytest.skip(f"{family} is not here")
    covered, _ = coverage(face.path, face.index)
    source = f'#set document(title: "a")\n#text(font: "{family}", fallback: false, lang: "en", sys.inputs.c)'
    for character in "aé案≥−→Ωж한𠮷😀\U00031350\U0001fffe":
        try:
            typst.Compiler(source.encode(), font_paths=fonts, sys_inputs={"c": character}).compile(
                pdf_standards=["ua-1"]
            )
            has = True
        except typst.TypstError:
            has = False
        assert (ord(character) in covered) is has, hex(ord(character))


@pytest.mark.parametrize(
    "extra",
    ["x" * 50_000, "字" * 50_000, "中文 and Latin " * 70_000, "A" * 10 + "-" * 9_000, "\u00a0" * 9_000],
)
def test_no_text_runs_off_the_page(extra: str) -> None:
    made = make(case(body(biz_extra_data=extra, biz_no=extra[:400])), frame(recipient="R" * 900), "en")
    with pypdfium2.PdfDocument(made.pdf) as pdf:
        assert len(pdf) < 30
        for page in pdf:
            text = page.get_textpage()
            for n in range(text.count_rects()):
                left, bottom, right, top = text.get_rect(n)
                assert 10 < left <= right < page.get_width() - 40
                assert 20 < bottom <= top < page.get_height() - 20
    assert re.search(r"\d characters left out of print", " ".join(text_of(made)))
    assert json.loads(attached(made.pdf)["raw_response.bin"])["biz_extra_data"] == extra


def test_strange_numbers_and_names_break_nothing() -> None:
    strange = {
        "result_faceid": {"confidence": 1e300, "thresholds": {"1e-3": -5, "x" * 300: 64}},
        "result_ref1": {
            "confidence": 64,
            "thresholds": {"1e-3": 64, "1e-4": 64.2, "1e-5": 64.3, "1e-6": 64.4},
        },
        "result_ref2": {"thresholds": {"1e-3": 64}},
        "result_ref3": {"confidence": 10, "thresholds": {}},
        "face_genuineness": {
            "mask_confidence": 0.5,
            "mask_threshold": 0.5,
            "face_replaced": 1,
            "foo_confidence": 0.2,
        },
        "id_exceptions": {"id_attacked": 1, "zzz": {"a": 1}},
        "error": "IMAGE_ERROR_UNSUPPORTED_FORMAT: data_source",
    }
    made = make(case(body(verify_result=strange, further={"a/b": [1, {"~": None}]})), frame(), "en")
    everything = " ".join(text_of(made))
    assert "equal, shown as passed" in everything
    assert (
        "Liveness says success; mask 0.5 equals its threshold 0.5, which the vendor does not define."
        in everything
    )
    assert "It does not say that the holder took part" in everything
    assert "/further/a~1b/1/~0" in everything
    assert "not a field this program knows" in everything


def test_what_typst_refuses_altogether_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_source", lambda: b'#panic("enough")')
    with pytest.raises(NotMade) as raised:
        make(case(body()), frame(), "en")
    assert isinstance(raised.value, Afterwards)
    assert "nothing was written" in words("en")(f"error.{raised.value.wording}", **raised.value.facts)


def test_a_label_in_two_languages_takes_two_lines_where_one_would_break_a_chinese_word() -> None:
    def labels(width: float) -> list[Any]:
        en, zh = facts([("Profile", "a")], label=width), facts([("副本类型", "a")], label=width)
        (page,) = both(
            [{"title": "", "intro": None, "blocks": [en]}], [{"title": "", "intro": None, "blocks": [zh]}]
        )
        return [row[0] for row in page["blocks"][0]["rows"]]

    assert labels(38) == ["Profile 副本类型"]
    assert labels(18) == [["Profile", {"style": "zh", "text": "副本类型"}]]

"""The square on the cover: what a telephone reads there is what the file says of itself."""

import hashlib
import io
import re

import pikepdf
import pypdfium2
import pytest
import segno

from faceid_review.snapshot import manifest, profile
from faceid_review.snapshot.document import LANGUAGES, Document, make
from faceid_review.snapshot.profile import Profile
from faceid_review.snapshot.proof import Proof
from faceid_review.snapshot.signing import Signer
from tests.unit.test_document import attached, frame, text_of
from tests.unit.test_dossier import SEED, made, reviewed

_POINT = 25.4 / 72
_SCALE = 6


def modules_on(page: pypdfium2.PdfPage) -> tuple[bytes, ...]:
    """The square at the upper right of a cover, module by module, from the pixels of the page."""
    grey = page.render(scale=_SCALE).to_pil().convert("L")
    left, top, right, bottom = (round(mm / _POINT * _SCALE) for mm in (160, 20, 196, 56))
    dark = grey.crop((left, top, right, bottom)).point(lambda value: 255 * (value < 128))
    box = dark.getbbox()
    assert box is not None
    square = dark.crop(box)
    # A finder pattern is seven modules wide, and the upper row of the square begins with one.
    width = next(x for x in range(square.width) if not square.getpixel((x, 1)))
    count = round(7 * square.width / width)
    step = square.width / count
    return tuple(
        bytes(bool(square.getpixel((int((x + 0.5) * step), int((y + 0.5) * step)))) for x in range(count))
        for y in range(count)
    )


def listed(document: Document) -> str:
    return hashlib.sha256(attached(document.pdf)[manifest.NAME]).hexdigest()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("name", "number"), [("court", "FR-2016-00417"), ("training", "TRAINING-CASE")])
def test_the_square_on_the_cover_says_case_export_and_manifest(name: str, number: str, lang: str) -> None:
    document = made(name, lang)
    digest, export = listed(document), frame(seed=SEED).export
    said = f"FaceID Review {number} export {export} manifest SHA-256 {digest}"
    with pypdfium2.PdfDocument(document.pdf) as pdf:
        assert modules_on(pdf[0]) == tuple(map(bytes, segno.make_qr(said, error="m").matrix))
    grouped = " ".join(re.findall("....", digest[:16]))
    assert f"{grouped} · " in text_of(document)[0]
    assert all(export in page for page in text_of(document))


def test_another_export_has_another_number_and_the_same_one_keeps_it() -> None:
    one, other = frame(seed=b"1" * 32), frame(seed=b"2" * 32)
    assert re.fullmatch("[0-9a-f]{12}", one.export)
    assert one.export == frame(seed=b"1" * 32).export != other.export
    # What is taken out of a copy is salted from the seed: its number must not give that away.
    assert one.export not in (b"1" * 32).hex()


def test_the_square_is_drawn_and_told_to_those_who_do_not_see_it() -> None:
    document = make(reviewed(), frame(seed=SEED), "en", profile=profile.load("audit"))
    with pikepdf.open(io.BytesIO(document.pdf)) as pdf:
        assert not pdf.pages[0].get_images()
        alts = [
            str(one["/Alt"]) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one
        ]
    assert [alt for alt in alts if listed(document) in alt and alt.startswith("QR code with the text: ")]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("who", [profile.load("court"), profile.load("audit").with_thumbnails()])
def test_a_signed_cover_with_all_its_facts_is_one_page(lang: str, who: Profile) -> None:
    signer = Signer(b"o" * 32)
    told = {
        "recipient": "Chaoyang District People’s Court 朝阳区人民法院",
        "purpose": "case (2016) 0105-1187",
    }
    document = make(
        reviewed(),
        frame(seed=SEED, key=signer.key.fingerprint, **told),
        lang,
        profile=who,
        proof=Proof(signer),
    )
    second = text_of(document)[1]
    assert ("Plain account" if lang == "en" else "简述") in second
    assert "verify_snapshot.py" in text_of(document)[0]

"""Comparison sheets: both faces equally large by the points that were set, and the recipe that says how."""

import hashlib
import io
import json
from datetime import timedelta

import pikepdf
import pypdfium2
import pytest

from faceid_review.review.case import Case, fold
from faceid_review.snapshot import profile
from faceid_review.snapshot.document import LANGUAGES, Document, make
from faceid_review.vault.entry import Entry
from tests.unit.test_document import BIZ_ID, attached, frame, picture, sample_body, text_of, turned
from tests.unit.test_dossier import AT, SEED, reviewed

_SKIN = (220, 180, 150)
_SCALE = 2


def aligned(ours: list[list[int]], theirs: list[list[int]]) -> Case:
    facts = {
        "left": "our_reference",
        "left_sha256": hashlib.sha256(turned(3)).hexdigest(),
        "left_points": ours,
        "right": "image_best",
        "right_sha256": hashlib.sha256(picture()).hexdigest(),
        "right_points": theirs,
    }
    entry = Entry(1230, AT + timedelta(hours=1), "Lin Yue", "aligned", BIZ_ID, facts, None, b"a" * 32)
    return fold([*reviewed().events, entry], {1204: sample_body(), 1207: turned(3)})


def sheet(document: Document) -> int:
    titles = ("Comparison by components", "逐部位比对")
    return next(
        n for n, page in enumerate(text_of(document)) if n and any(f"{t}" in page[:120] for t in titles)
    )


def faces(document: Document) -> list[int]:
    """How wide the face on each half of the sheet is, in pixels of the page."""
    with pypdfium2.PdfDocument(document.pdf) as pdf:
        image = pdf[sheet(document)].render(scale=_SCALE).to_pil().convert("RGB")
    columns: list[list[int]] = [[], []]
    for x in range(0, image.width):
        seen = sum(
            max(abs(a - b) for a, b in zip(image.getpixel((x, y)), _SKIN, strict=True)) < 12
            for y in range(0, image.height, 4)
        )
        if seen > 2:
            columns[x > image.width // 2 + 10].append(x)
    return [side[-1] - side[0] for side in columns]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_faces_stand_side_by_side_at_the_scale_of_the_points(lang: str) -> None:
    # The same face on both; as if it were half as large on ours.
    document = make(aligned([[95, 150], [145, 150]], [[70, 150], [170, 150]]), frame(seed=SEED), lang)
    assert document.notes == ()
    left, right = faces(document)
    assert left == pytest.approx(2 * right, rel=0.04)
    page = text_of(document)[sheet(document)]
    for said in ("95, 150", "145, 150", "70, 150", "170, 150", "50.0", "100.0", "gamma 1", "1230"):
        assert said in page
    with pikepdf.open(io.BytesIO(document.pdf)) as pdf, pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "3A"


def test_equal_points_leave_equal_faces_equal_and_cut_nothing_off() -> None:
    points = [[20, 160], [220, 160]]
    document = make(aligned(points, points), frame(seed=SEED), "en")
    left, right = faces(document)
    assert left == pytest.approx(right, abs=2)
    assert "Nothing is cut off." in text_of(document)[sheet(document)]


def test_without_points_the_sheet_says_that_the_faces_were_not_matched() -> None:
    document = make(reviewed(), frame(seed=SEED), "en")
    assert "the size of the faces was not matched" in text_of(document)[sheet(document)]
    assert "recipe.json" not in attached(document.pdf)


def test_the_recipe_is_attached_and_makes_the_distances_equal() -> None:
    case_ = aligned([[95, 150], [145, 150]], [[70, 150], [170, 154]])
    (made,) = json.loads(attached(make(case_, frame(seed=SEED), "en").pdf)["recipe.json"])["derived"]
    assert (made["turn"], made["gamma"], made["entry"]) == (0, 1, 1230)
    lengths = []
    for side in made["sides"]:
        (x, y), (p, q) = side["points"]
        lengths.append(side["scale"] * ((x - p) ** 2 + (y - q) ** 2) ** 0.5)
        left, top, wide, tall = side["crop"]
        assert (left + wide / 2, top + tall / 2) == pytest.approx(((x + p) / 2, (y + q) / 2), abs=0.2)
    assert lengths[0] == pytest.approx(lengths[1], rel=1e-3)
    assert [side["of"] for side in made["sides"]] == [
        hashlib.sha256(data).hexdigest() for data in (turned(3), picture())
    ]


@pytest.mark.parametrize("name", ["audit", "training"])
def test_a_copy_without_the_photographs_shows_none_of_it(name: str) -> None:
    case_ = aligned([[95, 150], [145, 150]], [[70, 150], [170, 150]])
    document = make(case_, frame(seed=SEED), "en", profile=profile.load(name))
    assert "95, 150" not in text_of(document)[sheet(document)]

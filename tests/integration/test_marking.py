"""References, pins and findings through a real vault: kept, folded, refused in words, printed."""

import json
import stat
from pathlib import Path

import pytest

from faceid_review.errors import ReviewError, Usage
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Simulator
from faceid_review.i18n import words
from faceid_review.review import statement, telling
from faceid_review.review.components import components
from faceid_review.review.references import LONGEST_SOURCE, MOST
from faceid_review.session import Session
from tests.pictures import HOSTILE, cut, drawn, jpeg


@pytest.fixture
def biz_id(session: Session, simulator: Simulator) -> str:
    session.queue.ask([BizId(simulator.ids[0])])
    session.queue.wait()
    return simulator.ids[0]


def file(folder: Path, data: bytes, name: str = "passport.jpg") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_reference_is_kept_to_the_byte_and_told_apart(
    session: Session, biz_id: str, tmp_path: Path
) -> None:
    data = jpeg() + b"behind"
    path = file(tmp_path, data)
    added = session.add_reference(biz_id, path, "  the passport,\n page 2 ")
    path.unlink()
    case = session.casebook.open(biz_id)
    assert case.references == (added,)
    assert (added.number, added.data, added.name, added.by) == ("E0", data, "passport.jpg", "Lin Yue")
    assert added.source == "the passport, page 2"
    assert added.pointer == ""
    assert added not in case.photographs
    assert session.audit().intact
    again = session.add_reference(biz_id, file(tmp_path, jpeg(drawn(64, 64))))
    assert (again.number, again.role != added.role) == ("E0b", True)
    stated = statement.state(session.casebook.open(biz_id))
    assert [(r["exhibit"], r["status"], r["source"]) for r in stated["references"]] == [
        ("E0", "ok", added.source),
        ("E0b", "ok", None),
    ]
    json.dumps(stated)
    for lang, said in (("en", "supplied by us, not by the vendor"), ("zh", "由我方提供，并非来自厂商")):
        assert said in telling.case(session.casebook.open(biz_id), words(lang))


REFUSED = ("12000 x 12000 in 36 kB", "1 x 65535", "scan bomb of 9 million pixels", "12 bits", "PNG", "SVG", "EPS", "animated GIF",
           "animated WebP", "17 MB")  # fmt: skip


def test_what_is_no_picture_is_refused_in_words_and_leaves_nothing(
    session: Session, biz_id: str, tmp_path: Path
) -> None:
    count = session.chain()
    for data in (*(HOSTILE[name][1]() for name in REFUSED), b"", b"not a picture"):
        with pytest.raises(Usage) as refused:
            session.add_reference(biz_id, file(tmp_path, data))
        for lang in ("en", "zh"):
            assert "passport.jpg" in telling.sentence(refused.value, words(lang))
    assert session.chain() == count


def test_other_reasons_not_to_take_a_file(session: Session, biz_id: str, tmp_path: Path) -> None:
    def why(path: Path, source: str = "") -> str:
        with pytest.raises(ReviewError) as refused:
            session.add_reference(biz_id, path, source)
        assert not telling.sentence(refused.value, words("en")).startswith("error.")
        return refused.value.wording

    assert why(tmp_path / "missing.jpg") == "reference_unreadable"
    assert why(tmp_path) == "reference_unreadable"
    unreadable = file(tmp_path, jpeg(), "locked.jpg")
    unreadable.chmod(0)
    if not unreadable.stat().st_mode & stat.S_IRUSR and not _is_root():
        assert why(unreadable) == "reference_unreadable"
    assert why(file(tmp_path, jpeg()), "x" * (LONGEST_SOURCE + 1)) == "reference_source_long"
    session.add_reference(biz_id, file(tmp_path, jpeg()))
    assert why(file(tmp_path, jpeg(), "other name.jpg")) == "reference_known"
    for n in range(1, MOST):
        session.add_reference(biz_id, file(tmp_path, jpeg(drawn(32, 32 + n))))
    assert why(file(tmp_path, jpeg(drawn(31, 31)))) == "reference_too_many"
    with pytest.raises(Usage, match="case_unknown"):
        session.add_reference("1462259748,52b13fb5-8dfb-4537-a62b-a641d5e929f1", tmp_path)


def test_a_cut_reference_is_taken_and_says_so(session: Session, biz_id: str, tmp_path: Path) -> None:
    session.add_reference(biz_id, file(tmp_path, cut(0.5, True)))
    stated = statement.state(session.casebook.open(biz_id))
    assert stated["references"][0]["status"] == "incomplete"


def test_pins_are_numbered_once_and_taken_back_by_an_entry(session: Session, biz_id: str) -> None:
    marking = session.marking
    first = marking.pin(biz_id, "image_best", 10.9, 20, "nose", " wing\u202e ")
    marking.pin(biz_id, "image_best", 0, 0)
    marking.pin(biz_id, "image_action1", 5, 5, "eyes")
    pins = session.casebook.open(biz_id).marks.pins
    assert [(p.role, p.number, p.x, p.feature, p.text) for p in pins] == [
        ("image_action1", 1, 5, "eyes", ""),
        ("image_best", 1, 10, "nose", "wingU+202E"),
        ("image_best", 2, 0, "", ""),
    ]
    marking.unpin(biz_id, first.number)
    marking.pin(biz_id, "image_best", 7, 7)
    best = [p.number for p in session.casebook.open(biz_id).marks.pins if p.role == "image_best"]
    assert best == [2, 3]
    for wording, call in (
        ("pin_unknown", lambda: marking.unpin(biz_id, first.number)),
        ("picture_unknown", lambda: marking.pin(biz_id, "our_reference", 1, 1)),
        ("pin_outside", lambda: marking.pin(biz_id, "image_best", -1, 1)),
        ("component_unknown", lambda: marking.pin(biz_id, "image_best", 1, 1, "tail")),
        ("mark_text_long", lambda: marking.pin(biz_id, "image_best", 1, 1, "", "x" * 201)),
    ):
        with pytest.raises(Usage, match=wording):
            call()


def test_the_last_finding_of_a_pair_stands(session: Session, biz_id: str, tmp_path: Path) -> None:
    marking = session.marking
    ours = session.add_reference(biz_id, file(tmp_path, jpeg()))
    marking.find(biz_id, "nose", "similar", ours.role, "image_best")
    marking.find(biz_id, "ears", "not_comparable", ours.role, "image_best", "hair lies over them")
    marking.find(biz_id, "nose", "different", "image_best", ours.role)
    marking.find(biz_id, "nose", "similar", "image_action1", "image_best")
    case = session.casebook.open(biz_id)
    best = next(p for p in case.photographs if p.role == "image_best")
    found = case.marks.between(ours.sha256, best.sha256)
    assert {code: one.finding.value for code, one in found.items()} == {
        "ears": "not_comparable",
        "nose": "different",
    }
    marking.find(biz_id, "nose", "", ours.role, "image_best")
    case = session.casebook.open(biz_id)
    assert set(case.marks.between(best.sha256, ours.sha256)) == {"ears"}
    with pytest.raises(Usage, match="finding_unknown"):
        marking.find(biz_id, "nose", "alike", ours.role, "image_best")
    with pytest.raises(Usage, match="pictures_same"):
        marking.find(biz_id, "nose", "similar", "image_best", "image_best")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_snapshot_holds_reference_pins_and_components(
    session: Session, biz_id: str, tmp_path: Path, lang: str
) -> None:
    data = jpeg()
    ours = session.add_reference(biz_id, file(tmp_path, data), "#panic() <b>")
    session.marking.pin(biz_id, "image_best", 12, 34, "nose", "wing")
    session.marking.find(biz_id, "nose", "different", ours.role, "image_best")
    done = session.export(session.casebook.open(biz_id), tmp_path / "case.pdf", lang)
    pdf = done.path.read_bytes()
    assert data in pdf
    assert all(picture.data in pdf for picture in session.casebook.open(biz_id).photographs)


def _is_root() -> bool:
    import os

    return hasattr(os, "geteuid") and os.geteuid() == 0


def test_components_have_both_languages_and_their_own_letters() -> None:
    listed = components()
    assert len({one.code for one in listed}) == len({one.key for one in listed}) == len(listed) == 18
    for one in listed:
        for lang in ("en", "zh"):
            assert one.name(lang)
            assert one.look(lang)


def test_two_points_on_two_pictures_are_kept_and_set_anew(
    session: Session, biz_id: str, tmp_path: Path
) -> None:
    ours = session.add_reference(biz_id, file(tmp_path, jpeg())).role
    marking, near, far = session.marking, ((10, 10), (11, 10)), ((10, 10), (40, 50))
    for one, points, other, wording in (
        (ours, far, ours, "pictures_same"),
        (ours, near, "image_best", "points_too_near"),
        (ours, ((-1, 0), (9, 9)), "image_best", "pin_outside"),
        (ours, far, "image_action9", "picture_unknown"),
    ):
        with pytest.raises(Usage, match=wording):
            marking.align(biz_id, one, points, other, far)
    assert not session.casebook.open(biz_id).marks.aligned
    marking.align(biz_id, ours, far, "image_best", far)
    marking.align(biz_id, "image_best", ((60, 60), (90, 60)), ours, far)
    case = session.casebook.open(biz_id)
    (kept,) = case.marks.aligned
    assert (kept.left, kept.left_points, kept.right) == ("image_best", ((60, 60), (90, 60)), ours)
    turned = case.marks.alignment(kept.right_sha256, kept.left_sha256)
    assert turned is not None
    assert (turned.left, turned.left_points, turned.right_points) == (ours, far, kept.left_points)
    assert case.marks.alignment(kept.left_sha256, "0" * 64) is None
    assert session.audit().intact

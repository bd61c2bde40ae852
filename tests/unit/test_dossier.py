"""The whole document: every section filled, every profile, and what must not be in a copy that had things taken out."""

import hashlib
import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from faceid_review.errors import Usage
from faceid_review.i18n import words
from faceid_review.review.case import Case, fold
from faceid_review.snapshot import document, manifest, profile
from faceid_review.snapshot.attaching import Attachment, attach
from faceid_review.snapshot.document import Document, NotMade, make
from faceid_review.snapshot.redaction import redacted
from faceid_review.snapshot.search import found_again
from faceid_review.vault.entry import Entry
from tests.unit.test_checks import callback_file, fetched, folded
from tests.unit.test_document import (
    BIZ_ID,
    ROLES,
    attached,
    body,
    case,
    frame,
    picture,
    pictures_in,
    sample_body,
    squeezed,
    text_of,
    turned,
)
from tests.unit.test_document_sources import OTHER

SEED = b"s" * 32
AT = datetime(2016, 5, 3, 8, 0, tzinfo=UTC)
STAFF = ("Lin Yue", "Zhao Min", "Lin Yue 林越")
IDS = (
    "52b13fb5-8dfb-4537-a62b-a641d5e929f1",
    "cc47190f-5502-44a2-ab74-ea4f0f649f61",
    "e2d2f8d6-204b-4c43-92ea-1d62b071f83c",
    "71eeb124-08f0-47b3-8fc8-ac048cfa1372",
    "FR-2016-00417",
)
NOTE = 'Zhao Min looked as well.\n#panic() #read("/etc/passwd")'
DISPUTE = "FR-2016-00417/D1"
REASON = {"en": "Enough features agree.", "zh": "足够多的特征一致。"}


def reviewed(**over: str) -> Case:
    """The vendor's sample after two rounds, with everything that a reviewer can record."""
    answer, ours = sample_body(), turned(3)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in (("E0", ours), ("E1", picture()))}
    said = {
        "note": NOTE,
        "grounds": "It was not me.\nI was abroad that week.",
        "who": "Wang Hong 王红",
    } | over
    pair = {
        "left": "our_reference",
        "left_sha256": digests["E0"],
        "right": "image_best",
        "right_sha256": digests["E1"],
    }
    added = {"name": "passport.jpg", "source": "passport copy of Wang Hong", "sha256": digests["E0"]}
    exported = {
        "recipient": "Ombudsman of Beijing",
        "purpose": "complaint 12",
        "seed": "5e" * 32,
        "vault": "Chaoyang",
    }
    opened = {"who": said["who"], "received": "2016-05-10", "channel": "letter", "identity": "passport seen"}
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("opened", "Lin Yue", {}),
        ("viewed", "Lin Yue", {"role": "image_best", "sha256": digests["E1"]}),
        ("reference", "Lin Yue", {**added, "bytes": len(ours)}),
        ("pin", "Lin Yue", {"role": "image_best", "sha256": digests["E1"], "x": 100, "y": 120,
                            "feature": "nose", "text": "scar on the left side"}),
        ("component", "Zhao Min", {**pair, "component": "nose", "finding": "similar", "text": "same bridge"}),
        ("judged", "Lin Yue", {"step": "inconclusive", "blind": False}),
        ("note", "Lin Yue", {"text": "The light in @E1 is poor. 光线不好。"}),
        ("note_version", "Zhao Min", {"note": 1, "text": said["note"]}),
        ("decided", "Lin Yue", {"outcome": "overturn", "reason": "OTHER_PERSON", "against_vendor": True,
                                "reason_words": {"en": "Different persons."}, "note": "So says Zhao Min of it."}),
        ("particulars", "Lin Yue", {"legal_basis": "Court request (2016) 0105-1187",
                                    "purpose": "Evidence in a dispute", "statement": "I did not open this account."}),
        ("exported", "Zhao Min", {**exported, "sha256": "ab" * 32}),
        ("dispute_opened", "Zhao Min", {**opened, "dispute": DISPUTE, "grounds": said["grounds"],
                                        "deadline": "2016-06-10", "cases": [BIZ_ID]}),
        ("dispute_note", "Zhao Min", {"dispute": DISPUTE, "kind": "answer", "text": "We looked again, and wrote."}),
        ("judged", "Zhao Min", {"step": "same", "blind": False}),
        ("decided", "Zhao Min", {"outcome": "uphold", "reason": "SAME", "reason_words": REASON, "note": ""}),
        ("explained", "Zhao Min", {"lang": "zh", "text": "您好，我们重新查看了照片。"}),
    ]  # fmt: skip
    entries = [
        Entry(1205 + n, AT + timedelta(minutes=n), by, act, BIZ_ID, facts, None, bytes([n]) * 32)
        for n, (act, by, facts) in enumerate(steps)
    ]
    return fold([*case(answer).events, *entries], {1204: answer, 1207: ours})


@cache
def made(name: str, lang: str) -> Document:
    return make(reviewed(), frame(seed=SEED), lang, profile=profile.load(name))


def everything_in(pdf: bytes) -> list[bytes]:
    """The file, each of its streams unpacked, its document information and XMP."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        streams = [one.read_raw_bytes() for one in opened.objects if isinstance(one, pikepdf.Stream)]
        unpacked = []
        for one in opened.objects:
            if isinstance(one, pikepdf.Stream):
                try:
                    unpacked.append(bytes(one.read_bytes()))
                except pikepdf.PdfError:
                    continue
        return [pdf, *map(bytes, streams), *unpacked, str(opened.docinfo).encode()]


# ------------------------------------------------------------------------------------------------ what stands in it


def test_every_section_of_the_document_is_there_and_the_cover_is_one_page() -> None:
    pages = text_of(made("court", "en"))
    titles = (
        "Plain account", "Vendor result", "Liveness", "Exhibit E0", "Exhibit E4", "Comparison by components",
        "Decisions and notes", "Dispute record", "Provenance", "Custody by exhibit", "Integrity",
        "Certification forms", "Privacy", "Appendix: the answer", "Appendix: terms", "Appendix: reviewers",
    )  # fmt: skip
    places = [next(n for n, page in enumerate(pages) if n and title in page) for title in titles]
    assert places == sorted(places)
    assert places[0] == 1
    assert made("court", "en").notes == ()


def test_a_decided_case_is_sealed_and_an_undecided_one_a_draft() -> None:
    cover = text_of(made("court", "en"))[0]
    assert "Sealed, round 2" in cover
    assert "The vendor’s result is upheld." in cover
    assert "“I did not open this account.”" in cover
    assert "Draft" not in cover
    assert "Draft, undecided" in text_of(make(case(sample_body()), frame(), "en"))[0]


def test_a_case_that_was_opened_again_is_a_draft_and_tells_the_earlier_decision() -> None:
    events = reviewed().events
    again = Entry(1300, AT + timedelta(days=9), "Lin Yue", "judged", BIZ_ID, {"step": "different"}, None, b"")
    case_ = fold([*events, again], {1204: sample_body(), 1207: turned(3)})
    cover = text_of(make(case_, frame(), "en"))[0]
    assert "Draft, undecided" in cover
    assert "The vendor’s result is upheld. A further round is open and undecided." in cover


def test_rounds_notes_and_disputes_stand_in_full() -> None:
    said = " ".join(text_of(made("court", "en")))
    for told in (
        "Round 1", "Round 2 opened by dispute FR-2016-00417/D1", "Note 1, version 1, replaced later",
        "Note 1, version 2", '#panic() #read("/etc/passwd")', "Different persons.", "So says Zhao Min of it.",
        "This goes against the vendor’s result.", "Wang Hong 王红", "I was abroad that week.", "2016-06-10",
        "We looked again, and wrote.", "您好，我们重新查看了照片。", "Ombudsman of Beijing", "complaint 12",
        "Court request (2016) 0105-1187", "scar on the left side", "same bridge",
    ):  # fmt: skip
        assert told in said, told


def test_what_a_profile_leaves_out_says_so_and_no_heading_promises_it() -> None:
    court, theirs = (" ".join(text_of(made(name, "en"))) for name in ("court", "data-subject"))
    assert "What was decided, and why" in court
    assert "What was decided, and why" not in theirs
    assert theirs.count("The reason for a decision is left out of a copy for: Data subject.") == 2
    assert theirs.count("reason: left out of this copy") == 2
    assert "The notes of the reviewers, and the note that goes with a decision, are left out" in theirs
    assert "is left out of a copy" not in court
    assert "inferred from the order in the log" in court
    assert "inferred from the order in the log" not in theirs
    assert theirs.count("can be inferred only from the vendor’s log, which a copy for this purpose") == 3
    audit = [page for page in text_of(made("audit", "en")) if "Not in this copy" in page]
    assert all("The profile of this copy leaves the photograph out" in page for page in audit)
    assert len(audit) == len(ROLES) + 1


def test_both_languages_stand_side_by_side() -> None:
    said = " ".join(text_of(made("court", "both")))
    for told in (
        "Decisions and notes 决定与备注", "The vendor’s result is upheld. 维持厂商的结果。",
        "Nothing here changes what the vendor sent.", "第 2 轮", "What this does not prove 不能证明的事",
    ):  # fmt: skip
        assert told in said, told


@pytest.mark.parametrize("name", profile.names())
@pytest.mark.parametrize("lang", document.LANGUAGES)
def test_every_copy_is_pdf_a_3a_with_tags_and_bookmarks(name: str, lang: str) -> None:
    with pikepdf.open(io.BytesIO(made(name, lang).pdf)) as pdf, pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "3A"
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.Root.AF) == len(pdf.attachments)
    assert "dossier." not in squeezed(made(name, lang))
    assert "snapshot.note" not in squeezed(made(name, lang))


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not here")
def test_qpdf_finds_nothing_wrong_with_the_attachments(tmp_path: Path) -> None:
    for name in profile.names():
        (tmp_path / "a.pdf").write_bytes(made(name, "both").pdf)
        checked = subprocess.run(["qpdf", "--check", tmp_path / "a.pdf"], capture_output=True, check=True)
        assert b"No syntax or stream encoding errors" in checked.stdout
        assert b"WARNING" not in checked.stdout + checked.stderr


def test_the_attachments_are_the_bytes_that_the_manifest_names() -> None:
    pdf = made("court", "en")
    files = attached(pdf.pdf)
    listed = manifest.read(files["manifest.json"])
    assert listed
    assert files["manifest.json"] == pdf.manifest
    named = {part.name: part for part in listed.kept if part.kind != manifest.PICTURE}
    assert named.keys() == files.keys() - {"manifest.json"}
    for name, part in named.items():
        assert (part.size, part.sha256) == (len(files[name]), hashlib.sha256(files[name]).hexdigest())
    drawn = [part.sha256 for part in listed.kept if part.kind == manifest.PICTURE]
    assert sorted(drawn) == sorted(hashlib.sha256(one).hexdigest() for one in pictures_in(pdf.pdf))
    assert files["E1.jpg"] == picture()
    assert hashlib.sha256(pdf.manifest).hexdigest() in "".join(text_of(pdf)[0].split())
    assert len(files["events.jsonl"].splitlines()) == len(reviewed().events)
    assert b"5e5e5e5e" not in files["events.jsonl"], "the seed of an earlier copy"


@pytest.mark.skipif(not shutil.which("pdfdetach"), reason="poppler is not here")
def test_another_reader_takes_the_attachments_out(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(made("court", "zh").pdf)
    subprocess.run(
        ["pdfdetach", "-saveall", "-o", tmp_path, tmp_path / "a.pdf"], check=True, capture_output=True
    )
    assert (tmp_path / "raw_response.bin").read_bytes() == sample_body()
    assert (tmp_path / "E4.jpg").read_bytes() == attached(made("court", "zh").pdf)["E4.jpg"]


def test_a_header_that_is_a_secret_stays_out() -> None:
    known = case(sample_body())
    headers = [["Set-Cookie", "session=hidden-word"], ["Server", "openresty"]]
    events = [
        replace(e, facts={**e.facts, "headers": headers}) if e.act == "answer" else e for e in known.events
    ]
    pdf = make(fold(events, {1204: sample_body()}), frame(), "en").pdf
    assert b"Server: openresty" in attached(pdf)["response_headers.txt"]
    assert not [one for one in everything_in(pdf) if b"hidden-word" in one]


# ----------------------------------------------------------------------------------------------------- redaction


def test_what_a_profile_has_is_what_its_list_says() -> None:
    assert attached(made("ombudsman", "en").pdf).keys() == {
        "events.jsonl", "manifest.json", "E0.jpg", "E1.jpg", "E2.jpg", "E3.jpg", "E4.jpg",
    }  # fmt: skip
    assert attached(made("audit", "en").pdf).keys() == {
        "events.jsonl",
        "manifest.json",
        "response_headers.txt",
    }
    assert attached(made("training", "en").pdf).keys() == {"manifest.json"}
    assert not [page for page in text_of(made("data-subject", "en")) if "synthetic_face" in page]
    with pytest.raises(Usage):
        profile.load("nobody's")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("ombudsman", STAFF),
        ("data-subject", (*STAFF, "synthetic_face", "Beijing office", NOTE, "Zhao Min of it")),
        ("training", (*STAFF, *IDS, "Wang Hong", "王红", "abroad", "passport copy", "Beijing office", NOTE)),
    ],
)
def test_nothing_that_was_taken_out_is_anywhere_in_the_file(
    name: str, gone: tuple[str, ...], lang: str
) -> None:
    pdf = made(name, lang)
    pages, held = squeezed(pdf), everything_in(pdf.pdf)
    for value in gone:
        assert "".join(value.split()) not in pages, value
        for form in (value.encode(), value.encode("utf-16-be")):
            assert not [one for one in held if form in one], value


def test_faces_are_not_in_an_audit_nor_in_a_training_copy() -> None:
    for name in ("audit", "training"):
        held = everything_in(made(name, "en").pdf)
        for one in (*(p.data for p in reviewed().photographs), turned(3)):
            assert not [part for part in held if one[-400:-2] in part]
    assert pictures_in(made("audit", "en").pdf) == []
    assert len(set(pictures_in(made("training", "en").pdf))) == len(ROLES) + 1
    page = next(
        page for page in text_of(made("audit", "en")) if "Exhibit E1" in page and "JSON pointer" in page
    )
    assert hashlib.sha256(picture()).hexdigest() in "".join(page.split())
    assert "Not in this copy" in page
    told = " ".join(text_of(made("audit", "en")))
    assert "picture, 4 992 bytes" in told.replace("\u2009", " ").replace("\u202f", " ").replace("\xa0", " ")
    assert "There is no second photograph" not in told
    assert "attachment raw_response.bin" not in told


@pytest.mark.parametrize("lang", document.LANGUAGES)
def test_thumbnails_come_only_when_asked_for_and_bring_no_original_along(lang: str) -> None:
    case_ = reviewed()
    made_ = make(case_, frame(seed=SEED), lang, profile=profile.load("audit").with_thumbnails())
    assert made_.notes == ()
    held = everything_in(made_.pdf)
    for one in (*case_.photographs, *case_.references):
        assert not [part for part in held if one.data[-400:-2] in part or one.data[:300] in part]
    with pikepdf.open(io.BytesIO(made_.pdf)) as pdf:
        images = [
            one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        ]
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "3A"
        alts = [str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
    sizes = [(int(one.Width), int(one.Height)) for one in images]
    assert set(sizes) == {(72, 96), (96, 72)}
    for one in (*case_.photographs, *case_.references):
        assert [alt for alt in alts if one.sha256[:8] in alt]
        assert one.sha256 in squeezed(made_)
    pages = [page for page in text_of(made_) if "72 × 96" in page or "96 × 72" in page]
    assert len(pages) == len(ROLES) + 1
    said = "is derived and is not the evidence" if lang != "zh" else "不是证据"
    assert all(said in page for page in pages)


def test_thumbnails_are_for_copies_without_pictures_alone() -> None:
    for name in ("court", "ombudsman", "data-subject", "training"):
        with pytest.raises(Usage, match="thumbnails_not_here"):
            profile.load(name).with_thumbnails()
    broken = case(body({"image_best": b"no picture at all", "image_action1": picture()}))
    made_ = make(broken, frame(seed=SEED), "en", profile=profile.load("audit").with_thumbnails())
    assert len(pictures_in(made_.pdf)) == 1


def test_each_removed_item_leaves_a_commitment_that_proves_it_later() -> None:
    pdf = made("training", "en")
    listed = manifest.read(pdf.manifest)
    assert listed
    assert len(listed.removed) == len(pdf.removed) > 20
    for part, one in zip(listed.removed, pdf.removed, strict=True):
        assert part.commitment == manifest.commitment(manifest.salt(SEED, one.pointer), one.item)
        assert one.item.decode("utf-8", "replace") not in json.dumps([part.name, part.pointer, part.reason])
    assert len({part.commitment for part in listed.removed}) == len(listed.removed)
    log = "".join("".join(page.split()) for page in text_of(pdf) if "Privacy" in page)
    assert str(listed.removed[0].commitment) in log


def test_a_copy_in_which_a_removed_value_is_found_again_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exporter types the name of a colleague into the purpose."""
    with pytest.raises(NotMade) as failure:
        make(
            reviewed(),
            frame(seed=SEED, purpose="asked for by Zhao Min"),
            "en",
            profile=profile.load("ombudsman"),
        )
    assert failure.value.wording == "redaction_found"


@pytest.mark.parametrize("name", ["audit", "training"])
def test_every_kind_of_case_can_be_redacted(name: str) -> None:
    """Callbacks, imports, a cut answer, a refusal, no answer at all, a body that is no JSON."""
    cut = sample_body()[:9000]
    several = folded(fetched(), callback_file("plus.json"), ("imported", OTHER, {"name": "saved.json"}))
    kinds = (
        several,
        folded(callback_file("plus.json")),
        case(cut, ended="cut"),
        case(b'{"error_message": "RESULT_NOT_FOUND"}', status=400),
        case(b"<html> Beijing office", status=502),
        case(None),
    )
    for number, known in enumerate(kinds):
        pdf = make(known, frame(seed=SEED), "en", profile=profile.load(name))
        assert pdf.removed or name == "audit", number
        taken_whole = [one for one in pdf.removed if one.reason == "unreadable"]
        assert bool(taken_whole) == ("dossier.note.whole" in [note.wording for note in pdf.notes])
        if name == "training":
            assert BIZ_ID.partition(",")[2] not in squeezed(pdf)
        if name in ("audit", "training"):
            assert not [one for one in everything_in(pdf.pdf) if any(jpeg in one for jpeg in faces(known))]


def faces(known: Case) -> list[bytes]:
    return [one.data for one in known.photographs if len(one.data) > 100]


@pytest.mark.parametrize("name", ["reviewer", "default", "the", "1", "R1", "R2"])
def test_a_name_that_is_a_word_of_ours_keeps_nobody_from_redacting(name: str) -> None:
    known = reviewed()
    events = [
        replace(e, by=name, facts={**e.facts, **({"account": name} if "account" in e.facts else {})})
        for e in known.events
    ]
    same = fold(events, {1204: sample_body(), 1207: turned(3)})
    pdf = make(same, frame(seed=SEED, exporter=name, vault=name), "en", profile=profile.load("data-subject"))
    code = {"R1": "R2"}.get(name, "R1")
    assert f"Entered by {code}, 2016-05-03" in " ".join(text_of(pdf))


def test_what_stands_for_a_name_is_the_same_in_both_languages_and_explained_in_both() -> None:
    cover, *pages = text_of(made("data-subject", "both"))
    assert "R1, R2 … stand for people of the office; this copy leaves out their names." in cover
    assert "R1、R2等代表机构的工作人员" in "".join(cover.split())
    said = " ".join(pages)
    assert "R1 compared the photographs by eye" in said
    assert "R1 于" in said
    assert "reviewer 1" not in said
    both, _, _ = redacted(
        reviewed(), frame(seed=SEED), profile.load("data-subject"), words("en"), words("zh")
    )
    assert re.fullmatch(r"\[removed (\d+)\] ［已移除 \1］", both.work.notes[0].text)


def test_the_policy_in_force_stands_at_each_decision() -> None:
    entry = Entry(
        1216,
        AT,
        "Zhao Min",
        "policy",
        "policies",
        {"name": "blind", "before": False, "after": True},
        None,
        b"",
    )
    pages = text_of(make(reviewed(), frame(seed=SEED, policies=(entry,)), "en"))
    told = " ".join(next(one for one in pages if "Policy in force" in one).split())
    first, second = (part[:100] for part in told.split("Policy in force at this decision: ")[1:])
    assert first.startswith("Judge first: off, Cover the photographs: off, Days to keep an answer: 180 days.")
    assert second.startswith("Judge first: on, ")


def test_custody_is_told_in_words_and_what_concerns_the_whole_case_once() -> None:
    page = text_of(made("audit", "zh"))
    told = "".join(next(one for one in page if "整个案件" in one).split())
    assert "接收方：OmbudsmanofBeijing" in told
    for english in ("left_sha256", "thumbnails", "chain_head", "False", "not_comparable", "our_reference"):
        assert english not in told, english
    english = " ".join(text_of(made("data-subject", "en")))
    assert english.count("for Ombudsman of Beijing") == 1
    assert "Nose: similar, E0 beside E1" in english
    assert "Came with the answer that is kept in entry 1204." in english


def test_without_a_seed_nothing_is_redacted() -> None:
    with pytest.raises(ValueError, match="seed"):
        make(reviewed(), frame(), "en", profile=profile.load("training"))


def test_what_the_claimant_was_told_stays_in_their_copy() -> None:
    said = " ".join(text_of(made("data-subject", "zh")))
    assert "We looked again, and wrote." in said
    assert "您好，我们重新查看了照片。" in said


@pytest.mark.parametrize("where", ["page", "attachment", "metadata", "picture"])
def test_the_search_finds_a_value_wherever_it_hides(where: str) -> None:
    known, frame_ = reviewed(), frame(seed=SEED)
    court = make(known, frame_, "en").pdf
    _, _, removed = redacted(known, frame_, profile.load("training"), words("en"))
    clean = made("training", "en").pdf
    assert found_again(clean, "", removed) == ()
    by_pointer = {one.pointer: one for one in removed}
    one = {
        "page": by_pointer["/staff/2"],
        "attachment": by_pointer["/entries/1216/grounds"],
        "metadata": by_pointer["/ids/TRAINING"],
        "picture": by_pointer["/bodies/1204/images/image_best"],
    }[where]
    if where == "attachment":
        # As a line of the entries would hold it, its line end written out.
        file = Attachment(
            "a.jsonl", json.dumps({"text": one.item.decode()}).encode(), "application/jsonl", ""
        )
        bare = typst_like()
        assert found_again(bare, "", [one]) == ()
        court = attach(bare, [file], AT)
    assert found_again(court, "", [one]) == (one,)


@cache
def typst_like() -> bytes:
    """A file of typst's without attachments."""
    import typst

    made = typst.compile(b"= A <a>\n#link(<a>)[b]", pdf_standards=["a-3a"], timestamp=0)
    assert isinstance(made, bytes)
    return made


# ------------------------------------------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    "text",
    [
        "x" * 50_000,
        "𠮷野家 \U0001fffe",
        "שלום \u202eعربي",
        '#panic() #read("/etc/passwd")\n' * 30,
        "\ud800\x00",
    ],
    ids=["long", "glyphs", "rtl", "typst", "broken"],
)
def test_nothing_that_a_reviewer_types_breaks_a_page(text: str) -> None:
    pdf = make(reviewed(note=text, grounds=text, who=text[:200]), frame(recipient=text[:300]), "en")
    pages = text_of(pdf)
    assert pdf.pages == len(pages)
    if text.startswith("x"):
        assert "38000charactersleftoutofprint" in squeezed(pdf)
    if text.startswith("#"):
        assert '#panic()#read("/etc/passwd")' in squeezed(pdf)
    assert "root:x:0" not in squeezed(pdf)


def test_a_million_characters_of_extra_data_are_attached_and_cut_in_print() -> None:
    from tests.unit.test_document import body

    answer = body({"image_best": picture()}, biz_extra_data="ab " * 350_000)
    pdf = make(case(answer), frame(), "en")
    assert attached(pdf.pdf)["raw_response.bin"] == answer
    assert pdf.pages < 60

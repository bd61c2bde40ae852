"""Snapshots that stand up: signed over every byte, checked by a stranger, made anew, and refused where they cannot be."""

import csv
import hashlib
import io
import json
import random
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from faceid_review.cli import main
from faceid_review.errors import Afterwards, NotAllowed, Usage
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Simulator
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review.accounts import Account
from faceid_review.session import Session
from faceid_review.snapshot import document, manifest, profile
from faceid_review.snapshot.batch import export_all, harmless
from faceid_review.snapshot.delivery import NotAgain, Wish
from faceid_review.snapshot.manifest import Part
from faceid_review.snapshot.office import Office
from faceid_review.snapshot.office import sign as signing_beneath
from faceid_review.snapshot.signing import Key, Signer, covering, seal
from faceid_review.snapshot.verify import _named, fingerprint_in, fingerprint_of, verify
from tests.crash.flips_pdf import SCRIPT, unfound
from tests.unit.test_document import pictures_in

PASSPHRASE = "a passphrase of ours"


class House:
    """One vault with kept cases, shared by the tests of this file."""

    def __init__(self, session: Session, ids: list[str], folder: Path) -> None:
        self.session, self.ids, self.folder = session, ids, folder
        self.made = self.export("made.pdf")
        self.pdf = self.made.read_bytes()

    def export(self, name: str, number: int = 0, **wish: Any) -> Path:
        case = self.session.casebook.open(self.ids[number])
        lang = wish.pop("lang", "en")
        return self.session.delivery.export(case, self.folder / name, Wish(lang, **wish)).path

    @property
    def last(self) -> int:
        return next(e.number for e in reversed(self.session.entries()) if e.act == "exported")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("signing")
    with (
        Simulator(ids=4) as simulator,
        Session.make(folder / "vault", "Lin Yue", PASSPHRASE, keyring=False) as session,
    ):
        session.accounts.add(Account("practice", simulator.base_url, simulator.api_key), simulator.api_secret)
        session.queue.ask([BizId(each) for each in simulator.ids])
        session.queue.wait()
        most = sorted(simulator.ids, key=lambda each: -len(session.casebook.unmasked(each).photographs))
        yield House(session, most, folder)


def codes(pdf: bytes, **given: Any) -> dict[str, bool | None]:
    return {one.code: one.good for one in verify(pdf, **given).findings}


# ---- the signature


def test_a_snapshot_is_checked_with_nothing_but_the_file(house: House) -> None:
    verdict = verify(house.pdf)
    assert verdict.good
    assert (verdict.key, verdict.signer) == ("unchecked", house.session.delivery.signer.key.fingerprint)
    found = codes(house.pdf)
    assert all(found[code] for code in ("signed", "manifest_signed", "attachments", "pictures", "chain"))
    assert found["pictures_sent"] is True
    with pikepdf.open(io.BytesIO(house.pdf)) as opened:
        listed = hashlib.sha256(opened.attachments["manifest.json"].get_file().read_bytes()).hexdigest()
    code = " ".join(re.findall("....", listed[:16]))
    assert any(code in sentence for sentence in verdict.sentences(words("en")))
    assert found["no_time_stamp"] is None
    for lang in LANGUAGES:
        told = list(verdict.sentences(words(lang)))
        assert not [sentence for sentence in told if sentence.startswith("signing.") or "{" in sentence]
        assert any(str(verdict.signer) in sentence for sentence in told)
    assert "whose key that is was not checked" in "\n".join(verdict.sentences(words("en")))


def test_a_key_that_was_given_is_told_from_another(house: House) -> None:
    own = house.session.delivery.signer.key
    assert (verify(house.pdf, own.fingerprint).good, verify(house.pdf, own.fingerprint).key) == (True, "same")
    other = verify(house.pdf, Signer(b"o" * 32).key.fingerprint)
    assert (other.good, other.key) == (False, "other")
    assert fingerprint_in(own.pem) == fingerprint_in(own.der) == own.fingerprint
    grouped = ":".join(re.findall("..", own.fingerprint.upper()))
    assert fingerprint_of(f" {grouped}\n") == own.fingerprint == fingerprint_in(grouped.encode())
    for wrong in ("", "0" * 63, "g" * 64, "0" * 65):
        assert fingerprint_of(wrong) is None


def test_whoever_alters_the_file_and_signs_it_anew_has_another_key(house: House) -> None:
    forged = bytearray(house.pdf[: house.pdf.rindex(b"%%EOF", 0, house.pdf.rindex(b"/ByteRange")) + 5])
    at = forged.index(b"FR-") if b"FR-" in forged else 2000
    forged[at] ^= 1
    resealed = seal(bytes(forged), Signer(b"f" * 32), datetime.now(UTC))
    verdict = verify(resealed)
    assert covering(resealed) == Signer(b"f" * 32).key
    assert not verdict.good
    assert codes(resealed)["manifest_other_key"] is False


def test_every_flipped_bit_is_found_by_both_checkers(house: House) -> None:
    assert unfound(house.pdf, 40, seed=7) == []


@pytest.mark.parametrize("added", [b"\n", b"%%EOF\n", b"1 0 obj\n<<>>\nendobj\n", b"\0"])
def test_bytes_added_or_taken_away_are_found(house: House, added: bytes) -> None:
    assert codes(house.pdf + added)["not_signed"] is False
    assert codes(added + house.pdf)["not_signed"] is False
    assert codes(house.pdf[: -len(added)])["not_signed"] is False


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7\n", b"no pdf at all", b"\0" * 5000, b"/ByteRange [0 1 2 -1]" * 9]
)
def test_what_is_no_snapshot_is_called_so(data: bytes) -> None:
    found = codes(data)
    assert not verify(data).good
    assert found["not_signed"] is False
    assert {"unreadable": False}.items() <= found.items()


def test_the_certificate_and_the_signature_are_ones_that_others_can_read(
    house: House, tmp_path: Path
) -> None:
    signer = house.session.delivery.signer
    certificate = x509.load_der_x509_certificate(signer.certificate)
    certificate.verify_directly_issued_by(certificate)
    assert certificate.public_key().public_bytes_raw() == signer.key.raw  # type: ignore[union-attr]
    with pikepdf.open(io.BytesIO(house.pdf)) as opened:
        field = opened.Root.AcroForm.Fields[0]
        assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"
        assert [int(n) for n in field.V.ByteRange][-1] + int(field.V.ByteRange[2]) == len(house.pdf)
        told = opened.open_metadata()
        assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("3", "A")
    assert Key.read(b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n") is None
    if qpdf := shutil.which("qpdf"):
        checked = subprocess.run([qpdf, "--check", house.made], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_key_stays_the_same_and_its_making_is_an_entry(house: House) -> None:
    made = [entry for entry in house.session.entries() if entry.act == "signing_key_made"]
    assert [entry.facts["fingerprint"] for entry in made] == [house.session.delivery.signer.key.fingerprint]
    house.session.delivery._signer = None
    assert house.session.delivery.signer.key.fingerprint == made[0].facts["fingerprint"]
    seed = house.session.vault.sealed.get("signing key")
    assert seed
    assert bytes.fromhex(seed) not in (house.session.home / "vault.db").read_bytes()


# ---- by hand, and with the script for strangers


def test_the_steps_of_verify_txt_work_as_they_are_written(house: House, tmp_path: Path) -> None:
    missing = [
        tool for tool in ("pdfdetach", "pdfimages", "sha256sum", "openssl", "awk") if not shutil.which(tool)
    ]
    if missing:
        pytest.skip(f"not on this machine: {missing}")
    (tmp_path / "SNAPSHOT.pdf").write_bytes(house.pdf)
    with pikepdf.open(io.BytesIO(house.pdf)) as opened:
        text = opened.attachments[manifest.VERIFY].get_file().read_bytes().decode()
    steps = text[text.index("How to check") :].splitlines()
    commands = [line.split("      (")[0].strip() for line in steps if line.startswith("     ")]
    commands = [line for line in commands if not re.fullmatch(r"[0-9a-f]{64}|python3 .*", line)]
    run = subprocess.run(
        ["sh", "-e", "-c", "\n".join(commands)], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("Verified Successfully") == 2
    assert house.session.delivery.signer.key.fingerprint in run.stdout
    assert "raw_response.bin: OK" in run.stdout
    assert "FAILED" not in run.stdout
    digest = re.search(r"= ([0-9a-f]{128})", run.stdout)
    assert digest
    assert digest[1].upper() in run.stdout
    listed = json.loads((tmp_path / "parts" / manifest.NAME).read_bytes())
    pictures = {part["sha256"] for part in listed["parts"] if part["kind"] == manifest.PICTURE}
    assert pictures
    assert pictures <= set(re.findall(r"[0-9a-f]{64}", run.stdout))


def test_the_script_for_strangers_needs_nothing_of_ours(house: House) -> None:
    text = SCRIPT.read_text("utf-8")
    imported = set(re.findall(r"^(?:import|from) ([a-z_0-9]+)", text, re.MULTILINE))
    assert imported <= set(sys.stdlib_module_names) | {"cryptography"}
    fingerprint = house.session.delivery.signer.key.fingerprint

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        # -I: no folder of ours on the path.
        command = [sys.executable, "-I", str(SCRIPT), *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=60)

    good = run(str(house.made), fingerprint)
    assert (good.returncode, good.stderr) == (0, "")
    assert fingerprint in good.stdout
    wrong = run(str(house.made), "0" * 64)
    assert (wrong.returncode, wrong.stderr) == (1, "NOT AS SIGNED: another key than the one you gave\n")
    for name in ("court", "ombudsman"):
        assert run(str(house.export(f"script-{name}.pdf", profile=name, lang="zh"))).returncode == 0


@pytest.mark.parametrize("name", profile.names())
def test_a_copy_of_every_profile_verifies_and_comes_out_again(
    house: House, name: str, tmp_path: Path
) -> None:
    path = house.export(f"{name}.pdf", 1, profile=name, lang="zh")
    verdict = verify(path.read_bytes())
    assert verdict.good
    assert verdict.told["profile"] == name
    redacted = profile.load(name).redacted
    assert ("removed" in codes(path.read_bytes())) == redacted
    again = house.session.delivery.again(house.last, tmp_path / "again.pdf")
    assert again.path.read_bytes() == path.read_bytes()


def test_an_audit_with_thumbnails_verifies_and_comes_out_again(house: House, tmp_path: Path) -> None:
    path = house.export("small.pdf", profile="audit", thumbnails=True)
    number = house.last
    plain = house.export("pictureless.pdf", profile="audit")
    entry = next(e for e in house.session.entries() if e.number == number)
    assert entry.facts["thumbnails"] is True
    assert verify(path.read_bytes()).good
    again = house.session.delivery.again(number, tmp_path / "again.pdf")
    assert again.path.read_bytes() == path.read_bytes()
    assert pictures_in(path.read_bytes())
    assert pictures_in(plain.read_bytes()) == []
    with pytest.raises(Usage, match="thumbnails_not_here"):
        house.export("court-small.pdf", thumbnails=True)


def test_a_removed_item_can_be_proven_by_whoever_is_given_it() -> None:
    seed, item = b"s" * 32, b"510101199001011234"
    part = Part.removed("removed 1", item, seed, "/biz_no", "ids")
    listed = manifest.read(manifest.manifest([part], {"case": "FR-2026-00001"}))
    assert listed
    assert listed.removed == (part,)
    assert part.commitment == hashlib.sha256(manifest.salt(seed, "/biz_no") + item).hexdigest()
    assert item.decode() not in manifest.manifest([part], {}).decode()
    assert manifest.salt(seed, "/biz_no") != manifest.salt(seed, "/biz_id")
    for wrong in (b"", b"[]", b"{}", b'{"format": "other", "parts": []}', b'{"parts": [1]}', b"[" * 100_000):
        assert manifest.read(wrong) is None


# ---- made anew


def test_an_export_comes_out_again_byte_for_byte_after_other_work(house: House, tmp_path: Path) -> None:
    path = house.export("first.pdf", lang="both", recipient="法院 <b>", purpose="case 7")
    number = house.last
    house.session.casebook.record("note", house.ids[0], {"text": "written later"})
    done = house.session.delivery.again(number, tmp_path / "again.pdf")
    assert done.path.read_bytes() == path.read_bytes()
    entry = next(e for e in house.session.entries() if e.number == number)
    assert done.sha256 == entry.facts["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    repeated = house.last
    assert repeated != number
    third = house.session.delivery.again(repeated, tmp_path / "third.pdf")
    assert third.path.read_bytes() == path.read_bytes()
    assert b"written later" not in path.read_bytes()


def test_what_cannot_be_made_anew_says_why_and_writes_nothing(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "again.pdf"
    house.export("locked.pdf", password="secret")
    with pytest.raises(NotAgain, match="again_password"):
        house.session.delivery.again(house.last, target)
    with pytest.raises(Usage, match="not_an_export"):
        house.session.delivery.again(1, target)
    for number in (0, -4, 10**9):
        with pytest.raises(Usage, match="not_an_export"):
            house.session.delivery.again(number, target)
    house.session.casebook.record("exported", house.ids[0], {"sha256": "0" * 64, "pages": 3})
    with pytest.raises(NotAgain, match="again_too_old"):
        house.session.delivery.again(house.last, target)
    house.export("other-version.pdf")
    number = house.last
    with monkeypatch.context() as patch:
        patch.setattr(document, "fonts_sha256", lambda: "f" * 64)
        patch.setattr("faceid_review.snapshot.proof.steps", lambda _: b"other steps")
        with pytest.raises(NotAgain, match="again_differs") as differs:
            house.session.delivery.again(number, target)
    assert "fonts" in differs.value.facts["what"]
    assert not target.exists()
    assert NotAgain.exit_code == 7


def test_a_purged_case_cannot_be_made_anew(house: House, tmp_path: Path) -> None:
    house.export("before-purge.pdf", 3)
    number = house.last
    house.session.purging.purge(house.ids[3], "asked for by the person")
    with pytest.raises(NotAgain, match="again_purged"):
        house.session.delivery.again(number, tmp_path / "again.pdf")
    assert not (tmp_path / "again.pdf").exists()


# ---- a password, the office's key, a time stamp


def test_a_password_encrypts_and_the_copy_says_that_it_is_no_archive(house: House) -> None:
    case = house.session.casebook.open(house.ids[0])
    done = house.session.delivery.export(case, house.folder / "locked2.pdf", Wish("en", password="密码 1"))
    pdf = done.path.read_bytes()
    assert [note.wording for note in done.notes] == ["signing.note.not_archive"]
    assert codes(pdf) == {"signed": True, "password_needed": False}
    assert codes(pdf, password="wrong")["password_wrong"] is False
    assert verify(pdf).locked, "a missing password is no fault of the file"
    assert not verify(pdf.replace(b"/Type", b"/Tyqe", 1)).locked
    assert verify(pdf, password="密码 1").good
    with pikepdf.open(io.BytesIO(pdf), password="密码 1") as opened:
        assert opened.encryption.R == 6
        assert opened.encryption.stream_method.name == "aesv3"
        assert "pdfaid:part" not in opened.open_metadata()
    assert b"raw_response" not in pdf
    for unusable in ("", "长" * 50):
        with pytest.raises(Usage, match="password_unusable"):
            house.session.delivery.export(case, house.folder / "none.pdf", Wish("en", password=unusable))
    assert not (house.folder / "none.pdf").exists()


def certified(
    usage: x509.ObjectIdentifier | None = None,
) -> tuple[ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, x509.Certificate]:
    # pyHanko's time stamper for tests signs with RSA alone.
    key = rsa.generate_private_key(65537, 2048) if usage else ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Office of Lin Yue")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), True)
    )
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), True)
    return key, builder.sign(key, hashes.SHA256())


@pytest.fixture(scope="module")
def office() -> Office:
    key, certificate = certified()
    data = pkcs12.serialize_key_and_certificates(
        b"o", key, certificate, None, BestAvailableEncryption(b"p12")
    )
    return Office(data, "p12")


def test_the_office_s_signature_stands_beneath_the_vault_s(
    house: House, office: Office, tmp_path: Path
) -> None:
    pdf = house.export("office.pdf", office=office).read_bytes()
    verdict = verify(pdf)
    assert verdict.good
    told = next(one for one in verdict.findings if one.code == "office")
    assert "Office of Lin Yue" in told.facts["who"]
    with pytest.raises(NotAgain, match="again_office"):
        house.session.delivery.again(house.last, tmp_path / "again.pdf")
    locked = house.export("office-locked.pdf", office=office, password="secret").read_bytes()
    assert codes(locked, password="secret")["office"] is True
    for wrong in (Office(office.pkcs12, "wrong"), Office(b"no such file", ""), Office(b"", "")):
        with pytest.raises(Usage, match="office_key_unreadable"):
            house.export("never.pdf", office=wrong)
    assert not (house.folder / "never.pdf").exists()


def test_a_broken_signature_beneath_a_good_one_is_told_and_ends_nothing(house: House, office: Office) -> None:
    """A stranger may sign anything with a key of their own: what is beneath is read without trust."""
    case = house.session.casebook.unmasked(house.ids[0])
    made = house.session.delivery.preview(case, Wish("en"))
    signed = signing_beneath(made.pdf, office)
    assert {"office": True}.items() <= codes(seal(signed, Signer(b"s" * 32), datetime.now(UTC))).items()
    contents = signed.rindex(b"/Contents <") + 11
    chosen, told = random.Random(5), set[str]()
    for _ in range(25):
        broken = bytearray(signed)
        broken[contents + chosen.randrange(1400)] = ord(chosen.choice("0123456789ABCDEF"))
        told |= {code for code, good in codes(seal(bytes(broken), Signer(b"s" * 32), datetime.now(UTC))).items()
                 if good is False}  # fmt: skip
    assert told >= {"office_broken"}


@pytest.fixture
def time_stamps() -> Iterator[str]:
    """A time stamp server on loopback."""
    from asn1crypto import keys, tsp  # type: ignore[import-untyped]
    from asn1crypto import x509 as asn1
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign.timestamps import DummyTimeStamper

    key, certificate = certified(ExtendedKeyUsageOID.TIME_STAMPING)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stamper = DummyTimeStamper(
        asn1.Certificate.load(certificate.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(private)
    )

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            body = stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_time_stamp_is_in_the_file_where_a_server_gives_one(
    house: House, time_stamps: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.session.delivery, "_time_stamps", time_stamps)
    pdf = house.export("stamped.pdf").read_bytes()
    found = codes(pdf)
    assert verify(pdf).good
    assert (found["time_stamp"], "no_time_stamp" in found) == (True, False)
    with pytest.raises(NotAgain, match="again_time_stamp"):
        house.session.delivery.again(house.last, tmp_path / "again.pdf")


def test_without_the_server_the_copy_is_made_and_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.session.delivery, "_time_stamps", "http://127.0.0.1:9/")
    case = house.session.casebook.open(house.ids[0])
    done = house.session.delivery.export(case, house.folder / "unstamped.pdf", Wish("en"))
    assert [note.wording for note in done.notes] == ["signing.note.no_time_stamp"]
    assert codes(done.path.read_bytes())["no_time_stamp"] is None


# ---- many, and the command line


def test_many_cases_go_into_one_folder_with_index_and_sums(house: House, tmp_path: Path) -> None:
    told: list[str] = []
    folder = tmp_path / "a" / "b"
    batch = export_all(
        house.session.delivery,
        house.session.casebook.open,
        [*house.ids, "no such case", house.ids[0]],
        folder,
        Wish("en"),
        lambda line: told.append(line.biz_id),
    )
    assert told == [*house.ids, "no such case"]
    assert [error.wording for error in batch.errors] == ["case_unknown"]
    rows = list(csv.DictReader(io.StringIO((folder / "index.csv").read_text("utf-8-sig"))))
    assert [row["biz_id"] for row in rows] == told
    assert [row["problem"] for row in rows] == ["", "", "", "", "case_unknown"]
    split = (line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines())
    sums = {name: digest for digest, name in split}
    assert sums == {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sums}
    assert len(sums) == len(house.ids) == len(list(folder.glob("*.pdf")))
    stopped = export_all(
        house.session.delivery,
        house.session.casebook.open,
        house.ids,
        tmp_path,
        Wish("en"),
        cancelled=lambda: True,
    )
    assert (stopped.lines, stopped.left) == ((), 4)
    (tmp_path / "file").write_text("")
    with pytest.raises(Afterwards):
        export_all(
            house.session.delivery, house.session.casebook.open, house.ids, tmp_path / "file", Wish("en")
        )


def test_a_profile_that_takes_the_numbers_out_has_none_in_its_folder(house: House, tmp_path: Path) -> None:
    export_all(
        house.session.delivery, house.session.casebook.open, house.ids[:1], tmp_path, Wish("en", "training")
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "SHA256SUMS",
        "index.csv",
        "training-0001.pdf",
    ]
    assert house.ids[0].encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", "'=1"]
)
def test_no_cell_of_the_index_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "FR-2026-00001", "1462259748,52b13fb5-8dfb", "案件", "a=b"])
def test_a_harmless_cell_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


def test_what_may_not_leave_does_not_leave_again(house: House, tmp_path: Path) -> None:
    house.export("before.pdf", 2)
    number = house.last
    house.session.casebook.blind = True
    try:
        with pytest.raises(NotAllowed, match="judge_first"):
            house.session.delivery.again(number, tmp_path / "again.pdf")
    finally:
        house.session.casebook.blind = False


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["--lang", "en", *arguments], lambda _: 1)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_verify_on_the_command_line_needs_no_vault(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = ("--home", str(tmp_path / "nowhere"), "verify")
    key = tmp_path / "signer.pem"
    key.write_bytes(house.session.delivery.signer.key.pem)
    code, out, _ = run(capsys, *nowhere, str(house.made))
    assert code == 0
    assert "whose key that is was not checked" in out
    assert run(capsys, *nowhere, str(house.made), "--key", str(key))[0] == 0
    code, out, _ = run(capsys, *nowhere, str(house.made), "--key", "0" * 64)
    assert code == 7
    assert "not as it should be" in out
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(house.pdf[:-1])
    code, out, _ = run(capsys, *nowhere, str(house.made), str(bad), "--json")
    assert code == 7
    first, second = (json.loads(line) for line in out.splitlines())
    assert (first["good"], first["key"], second["good"]) == (True, "unchecked", False)
    assert run(capsys, *nowhere, str(tmp_path / "none.pdf"))[0] == 2
    code, _, err = run(capsys, *nowhere, str(house.made), "--key", "no key")
    assert (code, "64 hex digits" in err) == (2, True)
    assert not (tmp_path / "nowhere").exists()


def test_export_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], office: Office
) -> None:
    home, secret = tmp_path / "vault", tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    with (
        Simulator(ids=2) as simulator,
        Session.make(home, "Lin Yue", PASSPHRASE, keyring=False) as session,
    ):
        session.accounts.add(Account("practice", simulator.base_url, simulator.api_key), simulator.api_secret)
        session.queue.ask([BizId(each) for each in simulator.ids])
        session.queue.wait()
    here = ("--home", str(home), "--passphrase-file", str(secret))
    one, p12, word = tmp_path / "one.pdf", tmp_path / "office.p12", tmp_path / "p12"
    p12.write_bytes(office.pkcs12)
    word.write_text(office.password)
    ids = list(simulator.ids)
    code, out, _ = run(
        capsys, *here, "export", ids[0], "--to", str(one), "--profile", "audit", "--pages", "both"
    )
    assert code == 0
    assert out.split("\t")[1] == hashlib.sha256(one.read_bytes()).hexdigest()
    code, out, _ = run(capsys, *here, "audit", "--json")
    number = next(told["number"] for told in map(json.loads, out.splitlines()) if told["act"] == "exported")
    assert run(capsys, *here, "export", "--again", str(number), "--to", str(tmp_path / "2.pdf"))[0] == 0
    assert (tmp_path / "2.pdf").read_bytes() == one.read_bytes()
    signed = ("--sign", str(p12), "--sign-password-file", str(word), "--password-file", str(word))
    code, _, err = run(capsys, *here, "export", ids[1], "--to", str(tmp_path / "3.pdf"), *signed)
    assert code == 0
    assert "no PDF/A" in err
    verified = run(capsys, "verify", str(tmp_path / "3.pdf"), "--password-file", str(word))
    assert (verified[0], "Office of Lin Yue" in verified[1]) == (0, True)
    assert run(capsys, *here, "export", *ids, "--to", str(tmp_path / "dir"))[0] == 0
    assert {path.name for path in (tmp_path / "dir").iterdir()} > {"index.csv", "SHA256SUMS"}
    assert run(capsys, *here, "export", *ids, "nope", "--to", str(tmp_path / "dir"))[0] == 2
    assert run(capsys, *here, "export", "--to", str(one))[0] == 2
    small = tmp_path / "small.pdf"
    told = (*here, "export", ids[0], "--to", str(small), "--thumbnails")
    assert (run(capsys, *told)[0], small.exists()) == (2, False)
    assert run(capsys, *told, "--profile", "audit")[0] == 0
    assert small.exists()
    assert run(capsys, *here, "export", ids[0], "--again", "4", "--to", str(one))[0] == 2
    assert run(capsys, *here, "audit", "--against", str(one))[0] == 0
    assert one.read_bytes() == (tmp_path / "2.pdf").read_bytes()


def test_a_picture_is_read_once_however_often_a_file_names_it(
    session: Session, simulator: Simulator, tmp_path: Path
) -> None:
    """Otherwise a file of a few kB more keeps whoever checks it busy for minutes."""
    session.queue.ask([BizId(simulator.ids[0])])
    session.queue.wait()
    session.export(session.casebook.open(simulator.ids[0]), tmp_path / "one.pdf", "en")
    pdf = (tmp_path / "one.pdf").read_bytes()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        read = [one.objgen for one in _named(opened, pdf)]
        assert read
        number, generation = read[0]
        again = pdf + f"\n%{number} {generation} obj /DCTDecode".encode() * 1000
        assert [one.objgen for one in _named(opened, again)] == read

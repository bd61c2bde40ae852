"""A copy that was given to somebody: recorded with the file's hash, told everywhere, refused for what is no export."""

import json
from pathlib import Path

import pytest

from faceid_review.cli import main
from faceid_review.errors import NotAllowed, Usage
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Simulator
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review import access, judged
from faceid_review.review.accounts import Account
from faceid_review.review.copies import copies
from faceid_review.session import Session
from faceid_review.snapshot import profile
from tests.unit.test_document import text_of

PASSPHRASE = "a passphrase of ours"


@pytest.fixture
def biz_id(session: Session, simulator: Simulator) -> str:
    session.queue.ask([BizId(each) for each in simulator.ids[:2]])
    session.queue.wait()
    return simulator.ids[0]


def export(session: Session, biz_id: str, folder: Path) -> int:
    session.export(session.casebook.open(biz_id), folder / "copy.pdf", "en", recipient="The court")
    return session.entries()[-1].number


def test_a_copy_handed_over_is_told_by_show_access_history_and_the_next_copy(
    session: Session, biz_id: str, tmp_path: Path
) -> None:
    number = export(session, biz_id, tmp_path)
    case = session.review.hand_over(biz_id, number, "Clerk Hu", "by hand, against a receipt")
    entry, made = case.events[-1], next(e for e in case.events if e.number == number)
    assert (entry.act, entry.facts["copy"], entry.facts["recipient"]) == ("handed_over", number, "Clerk Hu")
    assert (entry.facts["sha256"], entry.facts["export"]) == (made.facts["sha256"], made.facts["export"])
    (copy,) = copies(case.events)
    assert [(one.to, one.how, one.entry) for one in copy.handed] == [
        ("Clerk Hu", "by hand, against a receipt", entry.number)
    ]
    for lang in LANGUAGES:
        shown = "\n".join(judged.lines(case, words(lang)))
        assert "Clerk Hu" in shown
        assert "judging." not in shown
    looked = [one for one in access.report(session.entries()) if one.act == "handed_over"]
    assert [(one.facts["recipient"], one.facts["copy"]) for one in looked] == [("Clerk Hu", number)]
    pages = text_of(session.preview(case, "en"))
    assert next(p for p in pages if "Clerk Hu" in p and f"copy of entry {number}; by hand" in p)
    assert next(p for p in pages if "handed over" in p and "Custody by exhibit" in p)
    assert session.audit().intact


def test_only_an_export_of_this_case_can_be_handed_over_and_only_to_somebody(
    session: Session, biz_id: str, simulator: Simulator, tmp_path: Path
) -> None:
    number = export(session, biz_id, tmp_path)
    for wrong in (0, 1, number + 1, 10**9):
        with pytest.raises(Usage, match="not_an_export"):
            session.review.hand_over(biz_id, wrong, "Clerk Hu")
    with pytest.raises(Usage, match="not_an_export"):
        session.review.hand_over(simulator.ids[1], number, "Clerk Hu")
    with pytest.raises(NotAllowed, match="words_needed"):
        session.review.hand_over(biz_id, number, "  ")
    assert not [e for e in session.entries() if e.act == "handed_over"]


def test_a_claimant_s_words_about_a_handing_over_are_taken_out_of_a_training_copy(
    session: Session, biz_id: str, tmp_path: Path
) -> None:
    number = export(session, biz_id, tmp_path)
    session.review.hand_over(biz_id, number, "Advocate Wang Hong", "sent to Wang Hong at home")
    case = session.casebook.open(biz_id)
    seen = session.preview(case, "en", profile="training")
    assert "Wang Hong" not in " ".join(text_of(seen))
    assert {one.reason for one in seen.removed} >= {"claimant"}
    assert "training" in profile.names()


def test_after_a_purge_it_is_known_to_whom_but_not_how(session: Session, biz_id: str, tmp_path: Path) -> None:
    number = export(session, biz_id, tmp_path)
    session.review.hand_over(biz_id, number, "Clerk Hu", "to her own address")
    session.purging.purge(biz_id, "over")
    (copy,) = copies(session.casebook.open(biz_id).events)
    assert [(one.to, one.how) for one in copy.handed] == [("Clerk Hu", "")]
    assert session.audit().intact


def test_handover_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, secret = tmp_path / "vault", tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    with (
        Simulator(ids=1) as simulator,
        Session.make(home, "Lin Yue", PASSPHRASE, keyring=False) as session,
    ):
        session.accounts.add(Account("practice", simulator.base_url, simulator.api_key), simulator.api_secret)
        session.queue.ask([BizId(simulator.ids[0])])
        session.queue.wait()
        number = export(session, simulator.ids[0], tmp_path)
    biz_id = simulator.ids[0]

    def run(*arguments: str) -> tuple[int, str]:
        code = main(
            ["--home", str(home), "--passphrase-file", str(secret), "--lang", "en", *arguments], lambda _: 0
        )
        return code, capsys.readouterr().out

    code, out = run("handover", biz_id, str(number), "--to", "Clerk Hu", "--how", "by post")
    assert (code, f"Copy of entry {number} handed to Clerk Hu: by post." in out) == (0, True)
    assert "Clerk Hu" in run("show", biz_id)[1]
    told = [json.loads(line) for line in run("access", biz_id, "--json")[1].splitlines()]
    assert [one["how"] for one in told if one["act"] == "handed_over"] == ["by post"]
    assert run("handover", biz_id, "1", "--to", "Clerk Hu")[0] == 2

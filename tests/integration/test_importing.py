"""Answers and callbacks that come as files: kept as they came, told apart, and never asked for a second time."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from faceid_review.errors import VaultClosed
from faceid_review.faceid import callback
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.review.accounts import Account
from faceid_review.review.case import Case, Stage, facts_of
from faceid_review.review.intake import Kind, Looked, Pasted, What
from faceid_review.review.intake.keeping import BATCH
from faceid_review.review.retrieval import Retrieval
from faceid_review.session import Session
from tests.unit.test_result import SAMPLE


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(ids=1) as running:
        yield running


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, simulator: Simulator) -> Iterator[Session]:
    """One vault for all: making one takes longer than what is done here."""
    home = tmp_path_factory.mktemp("vault") / "vault"
    with Session.make(home, "Lin Yue", "a passphrase of ours", keyring=False) as opened:
        opened.accounts.add(Account("practice", simulator.base_url, simulator.api_key), simulator.api_secret)
        yield opened


@pytest.fixture
def ids(simulator: Simulator) -> tuple[str, ...]:
    """Five sessions that nobody has asked for."""
    return simulator.fresh_ids(5)


def answer(biz_id: str, **more: Any) -> bytes:
    return json.dumps({**SAMPLE, "biz_id": biz_id, **more}).encode()


def called_back(biz_id: str, secret: str, **more: Any) -> bytes:
    said = {name: SAMPLE[name] for name in ("biz_no", "biz_extra_data", "liveness_result", "verify_result")}
    data = json.dumps({**said, "biz_id": biz_id, **more})
    return json.dumps({"data": data, "sign": callback.sign_of(secret, data.encode())}).encode()


def refusal(biz_id: str) -> bytes:
    return json.dumps({"biz_id": biz_id, "error_message": "RESULT_NOT_FOUND", "time_used": 4}).encode()


def ask(session: Session, biz_id: str, again: str = "") -> None:
    session.queue.ask([BizId(biz_id)], again=again)
    session.queue.wait()


def case(session: Session, biz_id: str) -> Case:
    return session.casebook.open(biz_id, record=False)


def many(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04d}.json").write_bytes(
            answer(f"{number},{folder.parent.name}", biz_extra_data="x" * 8000)
        )
    return folder


def in_a_row(session: Session, folder: Path, count: int) -> bool:
    """Whether the cases of a folder have numbers without a gap, in the order of the files."""
    rows = [session.casebook.row(f"{n},{folder.parent.name}") for n in range(count)]
    numbers = [int(row["case"][-5:]) for row in rows if row]
    return numbers == list(range(numbers[0], numbers[0] + count))


def bring(session: Session, data: bytes) -> Kind:
    (place,) = session.take_in([Pasted("a file.json", data)]).places
    return place.kind


def test_an_imported_answer_counts_as_kept_and_is_never_asked_for(
    session: Session, simulator: Simulator, ids: tuple[str, ...]
) -> None:
    biz_id = ids[0]
    body = answer(biz_id) + b"\n"
    assert bring(session, body) is Kind.NEW
    ask(session, biz_id)
    kept = case(session, biz_id)
    assert (kept.stage, kept.origin, kept.attempts) == (Stage.KEPT, "imported", ())
    assert kept.answer
    assert kept.answer.body == body
    assert kept.answer.sha256 == hashlib.sha256(body).hexdigest()
    assert (kept.answer.name, kept.answer.by, kept.answer.complete) == ("a file.json", "Lin Yue", True)
    assert simulator.count(biz_id) == 0
    assert session.audit().intact


def test_a_callback_waits_and_may_be_fetched(
    session: Session, simulator: Simulator, ids: tuple[str, ...]
) -> None:
    biz_id = ids[0]
    assert bring(session, called_back(biz_id, simulator.api_secret)) is Kind.NEW
    waiting = case(session, biz_id)
    assert (waiting.stage, waiting.origin, waiting.answer) == (Stage.QUEUED, "callback", None)
    (one,) = waiting.callbacks
    assert (one.sign, one.algorithm, one.account, one.form) == ("valid", "sha1", "practice", "logged")
    assert one.result
    assert one.result.biz_id == biz_id
    assert biz_id in session.casebook.waiting()
    ask(session, biz_id)
    fetched = case(session, biz_id)
    assert (fetched.stage, fetched.origin, len(fetched.callbacks)) == (Stage.KEPT, "fetched", 1)
    assert fetched.number == waiting.number
    assert simulator.count(biz_id) == 1


def test_a_sign_that_does_not_hold_is_recorded_with_its_reason(
    session: Session, simulator: Simulator, ids: tuple[str, ...]
) -> None:
    first, second = ids[:2]
    bring(session, called_back(first, "another secret"))
    altered = json.loads(called_back(second, simulator.api_secret))
    altered["data"] = altered["data"].replace('", "', '","')
    bring(session, json.dumps(altered).encode())
    assert [case(session, i).callbacks[0].diagnosis for i in (first, second)] == ["altered", "reserialised"]


def test_another_accounts_secret_is_never_the_matching_one(
    session: Session, simulator: Simulator, ids: tuple[str, ...]
) -> None:
    first, second = ids[:2]
    session.casebook.queue([BizId(i) for i in (first, second)], "an account that is gone")
    bring(session, called_back(first, simulator.api_secret))
    bring(session, called_back(second, "the secret that is gone"))
    told = [case(session, i).callbacks[0] for i in (first, second)]
    assert [(one.sign, one.diagnosis, one.account) for one in told] == [
        ("invalid", "other_account", "practice"), ("unchecked", None, None),
    ]  # fmt: skip


def test_a_damaged_callback_is_compared_by_what_it_says_undamaged(
    session: Session, ids: tuple[str, ...]
) -> None:
    biz_id = ids[0]
    bring(session, answer(biz_id))
    sound = json.loads(called_back(biz_id, "s"))
    other = json.loads(called_back(biz_id, "s", biz_no="another"))
    damaged = [
        json.dumps({**one, "data": one["data"].replace('"', "&quot;")}).encode() for one in (sound, other)
    ]
    assert callback.read(damaged[0]) is not None
    told = session.look_at([Pasted(str(number), data) for number, data in enumerate(damaged)]).places
    assert [(place.kind, place.differs) for place in told] == [(Kind.SECOND, False), (Kind.SECOND, True)]


def test_an_import_settles_what_was_unknown_or_refused(
    session: Session, simulator: Simulator, ids: tuple[str, ...]
) -> None:
    unknown, refused = ids[:2]
    simulator.behave(unknown, Behaviour.close())
    simulator.behave(refused, Behaviour.error("RESULT_NOT_FOUND"))
    ask(session, unknown)
    ask(session, refused)
    assert [case(session, i).stage for i in (unknown, refused)] == [Stage.UNKNOWN, Stage.REFUSED]
    assert bring(session, refusal(unknown)) is Kind.NEW
    assert case(session, unknown).stage is Stage.UNKNOWN
    assert [bring(session, answer(i)) for i in (unknown, refused)] == [Kind.SECOND, Kind.SECOND]
    for biz_id, attempted in ((unknown, Stage.UNKNOWN), (refused, Stage.REFUSED)):
        settled = case(session, biz_id)
        assert (settled.stage, settled.origin) == (Stage.KEPT, "imported")
        assert [a.stage for a in settled.attempts] == [attempted]
        ask(session, biz_id, again="a reason")
        assert simulator.count(biz_id) == 1


def test_an_imported_refusal_is_one_and_may_be_asked_again_for_a_reason(
    session: Session, simulator: Simulator, ids: tuple[str, ...]
) -> None:
    biz_id = ids[0]
    bring(session, refusal(biz_id))
    told = case(session, biz_id)
    assert (told.stage, told.refusal and told.refusal.code) == (Stage.REFUSED, "RESULT_NOT_FOUND")
    ask(session, biz_id)
    assert simulator.count(biz_id) == 0
    ask(session, biz_id, again="the office never asked")
    assert (case(session, biz_id).stage, case(session, biz_id).origin) == (Stage.KEPT, "fetched")


def test_a_cut_answer_is_kept_in_part_and_a_whole_one_takes_the_show(
    session: Session, simulator: Simulator, ids: tuple[str, ...]
) -> None:
    biz_id = ids[0]
    whole = answer(biz_id)
    bring(session, whole[:-30])
    part = case(session, biz_id)
    assert part.stage is Stage.PARTIAL
    assert part.result
    assert part.result.cut
    ask(session, biz_id)
    assert simulator.count(biz_id) == 0
    (place,) = session.take_in([Pasted("whole", whole)]).places
    assert (place.kind, place.differs) == (Kind.SECOND, False)
    both = case(session, biz_id)
    assert both.stage is Stage.KEPT
    assert both.answer
    assert both.answer.body == whole
    assert len(both.sources) == 2


def test_sources_stand_beside_each_other_and_contradictions_are_told(
    session: Session, ids: tuple[str, ...]
) -> None:
    biz_id = ids[0]
    ask(session, biz_id)
    body = case(session, biz_id).sources[0].body
    other = json.dumps({**json.loads(body), "biz_no": "another"}).encode()
    agreeing = json.dumps(json.loads(body), indent=1).encode()
    before = session.chain()
    told = session.look_at([Pasted("1", body), Pasted("2", other), Pasted("3", agreeing), Pasted("4", other)])
    assert session.chain() == before
    assert [(p.kind, p.differs) for p in told.places] == [
        (Kind.DUPLICATE, False), (Kind.SECOND, True), (Kind.SECOND, False), (Kind.DUPLICATE, False),
    ]  # fmt: skip
    assert told.bytes == len(other) + len(agreeing)
    assert session.take_in(told).places == told.places
    kept = case(session, biz_id)
    assert (kept.origin, len(kept.sources)) == ("fetched", 3)
    assert [source.body for source in kept.sources] == [body, other, agreeing]


def test_two_sources_of_one_import_are_compared_too(session: Session) -> None:
    told = session.look_at(
        [Pasted("1", answer("1,a")), Pasted("2", called_back("1,a", "s")),
         Pasted("3", called_back("1,a", "s", biz_no="other")), Pasted("4", refusal("1,a"))]
    )  # fmt: skip
    assert [(p.kind, p.what, p.differs) for p in told.places] == [
        (Kind.NEW, What.ANSWER, False), (Kind.SECOND, What.CALLBACK, False), (Kind.SECOND, What.CALLBACK, True),
        (Kind.SECOND, What.ANSWER, False),
    ]  # fmt: skip


def test_what_changed_since_the_preview_is_not_taken_in(session: Session, tmp_path: Path) -> None:
    folder = many(tmp_path / "in", 4)
    shown = session.look_at([folder])
    first, second, third, _fourth = sorted(folder.iterdir())
    first.write_bytes(answer("1,somebody else"))
    second.unlink()
    (folder / "new.json").write_bytes(answer("2,new"))
    third.write_bytes(answer(shown.places[2].biz_id or "", biz_no="changed"))
    kept = session.take_in(shown)
    assert sorted((p.label, p.problem) for p in kept.places) == [
        ("in/0000.json", "changed"), ("in/0001.json", "changed"), ("in/0002.json", "changed"),
        ("in/0003.json", None), ("in/new.json", "changed"),
    ]  # fmt: skip
    assert [session.casebook.stage(p.biz_id or "") for p in shown.places] == [None, None, None, Stage.KEPT]


def test_the_same_import_again_writes_nothing(session: Session, tmp_path: Path) -> None:
    folder = many(tmp_path / "in", 2 * BATCH + 3)
    (folder / "broken.json").write_bytes(b"{")
    first = session.take_in([folder])
    assert dict(first.counts) == {**dict.fromkeys(Kind, 0), Kind.NEW: 2 * BATCH + 3, Kind.UNREADABLE: 1}
    before = session.chain()
    again = session.take_in([folder])
    assert again.counts[Kind.DUPLICATE] == 2 * BATCH + 3
    assert session.chain() == before
    assert in_a_row(session, folder, 2 * BATCH + 3)


def test_the_list_says_what_the_cases_say(session: Session, simulator: Simulator, tmp_path: Path) -> None:
    jpeg = "data:image/jpeg;base64," + "QUJD" * 2000
    (tmp_path / "in").mkdir()
    for number, data in enumerate(
        [answer("1,a", images={"image_best": jpeg}), called_back("2,b", "s"), refusal("3,c"), answer("4,d")[:-30],
         answer("1,a"), called_back("1,a", "s")]
    ):  # fmt: skip
        (tmp_path / "in" / str(number)).write_bytes(data)
    session.take_in([tmp_path / "in"])
    for biz_id in ("1,a", "2,b", "3,c", "4,d"):
        head = dict(session.casebook.row(biz_id) or {})
        told = facts_of(case(session, biz_id))
        verdict, _, rest = told.pop("find").partition("\v")
        assert session.casebook.work.text(biz_id) == f"{verdict}\v{told['case'].lower()}\n{rest}\n"
        assert {name: head[name] for name in told} == {
            name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
        }


def test_an_import_meets_a_question_that_waits_in_the_line(
    session: Session, simulator: Simulator, ids: tuple[str, ...]
) -> None:
    biz_id = ids[0]
    session.queue.pause()
    session.queue.ask([BizId(biz_id)])
    bring(session, answer(biz_id))
    told: list[Retrieval] = []
    session.queue.listener = told.append
    session.queue.pause(False)
    session.queue.wait()
    assert simulator.count(biz_id) == 0
    assert told[-1].stage is Stage.KEPT


def test_an_import_meets_a_question_that_is_under_way(
    session: Session, simulator: Simulator, ids: tuple[str, ...]
) -> None:
    biz_id = ids[0]
    simulator.behave(biz_id, Behaviour.hang())
    session.queue.ask([BizId(biz_id)])
    assert simulator.wait_until_held(1, 30)
    bring(session, answer(biz_id))
    assert case(session, biz_id).stage is Stage.ASKING
    simulator.release()
    session.queue.wait()
    both = case(session, biz_id)
    assert (both.stage, both.origin, len(both.sources)) == (
        Stage.KEPT,
        "imported",
        2 - (not both.attempts[0].stage.answered),
    )


def test_a_full_disk_ends_an_import_in_words_with_nothing_half(session: Session, tmp_path: Path) -> None:
    folder = many(tmp_path / "in", 4 * BATCH)
    cases = len(session.casebook.rows())
    pages = session.vault._database.one("PRAGMA page_count")
    session.vault._database.all(f"PRAGMA max_page_count={pages[0] + 120 if pages else 0}")
    kept = session.take_in([folder])
    assert isinstance(kept.error, VaultClosed)
    assert kept.error.wording == "vault_full"
    assert 0 < len(kept.places) < 4 * BATCH
    assert session.audit().intact
    assert len(session.casebook.rows()) == cases + len(kept.places)
    session.vault._database.all("PRAGMA max_page_count=1000000")
    assert session.take_in([folder]).counts[Kind.DUPLICATE] == len(kept.places)
    assert in_a_row(session, folder, 4 * BATCH)


@pytest.mark.parametrize("way", [Session.look_at, Session.take_in])
def test_a_person_may_stop_it_and_is_told_how_far_it_came(
    way: Callable[..., Any], session: Session, tmp_path: Path
) -> None:
    folder = many(tmp_path / "in", 6 * BATCH)
    stop, steps = threading.Event(), []

    def told(at: Looked) -> None:
        steps.append(at)
        if at.places >= 2 * BATCH:
            stop.set()

    asked = []

    def stopped() -> bool:
        asked.append(1)
        return stop.is_set() or len(asked) > 3 * BATCH

    done = way(session, [folder], told, stopped)
    assert done.cancelled
    assert 0 < len(done.places) < 6 * BATCH
    whole = way(session, [folder], steps.append)
    assert not whole.cancelled
    assert (steps[-1].done, steps[-1].read) == (6 * BATCH, steps[-1].size)
    assert len(whole.places) == 6 * BATCH


def test_no_secret_of_a_har_is_kept(session: Session, tmp_path: Path) -> None:
    url = "https://x/faceid/liveness/v2/get_result?api_key=k&api_secret=THE+SECRET&biz_id=7%2Char"
    one = {
        "request": {"url": url},
        "response": {"status": 200, "content": {"text": answer("7,har").decode()}},
    }
    (tmp_path / "x.har").write_text(json.dumps({"log": {"entries": [one]}}))
    session.take_in([tmp_path / "x.har"])
    assert not any("SECRET" in json.dumps(dict(e.facts)) for e in session.entries())
    assert case(session, "7,har").sources[0].body == answer("7,har")
    assert case(session, "7,har").sources[0].status == 200


def test_a_purged_case_is_not_filled_again(session: Session) -> None:
    bring(session, answer("8,purged"))
    session.casebook.record("purged", "8,purged", {})
    assert bring(session, answer("8,purged", biz_no="other")) is Kind.PURGED
    assert len(case(session, "8,purged").sources) == 1

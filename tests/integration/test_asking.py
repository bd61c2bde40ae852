"""One question, one request, one word about it: every way that a network can fail, against a real socket."""

import gzip
import hashlib
import socket
from dataclasses import dataclass
from pathlib import Path

import pytest

from faceid_review.errors import NotAsked, OutcomeUnknown, ReviewError
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.client import Limits
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.review.accounts import Account
from faceid_review.review.case import Stage
from faceid_review.review.retrieval import Retrieval
from faceid_review.session import Session


def fetched(session: Session, *ids: str, again: str = "", account: str | None = None) -> dict[str, Retrieval]:
    """Ask, wait, and give the last word about each id."""
    last: dict[str, Retrieval] = {}
    session.queue.listener = lambda told: last.__setitem__(told.biz_id, told)
    session.queue.ask([BizId(i) for i in ids], account, again=again)
    session.queue.wait()
    return last


def impatient(session: Session) -> None:
    """Give up after moments, so that a stalled server costs a test no time."""
    session.queue._limits = Limits(connect=2.0, silence=0.3, deadline=1.0, cap=4 * 1024 * 1024)


@dataclass(frozen=True)
class Row:
    """One row of the fault matrix: what the vendor does, what the id must be called, how it must have ended."""

    name: str
    behaviour: Behaviour
    stage: Stage
    ended: str = ""
    code: str = ""


MATRIX = [
    Row("closed after the request", Behaviour.close(), Stage.UNKNOWN),
    Row("reset after the request", Behaviour.reset(), Stage.UNKNOWN),
    Row("silence after the request", Behaviour.hang(), Stage.UNKNOWN),
    Row("stall in the body", Behaviour.stall(fraction=0.7), Stage.PARTIAL, "cut"),
    Row("cut with a length", Behaviour.cut(fraction=0.7), Stage.PARTIAL, "cut"),
    Row("cut without a length", Behaviour.cut(fraction=0.7, with_length=False), Stage.PARTIAL, "closed"),
    Row("reset in the body", Behaviour.reset_in_body(fraction=0.5), Stage.PARTIAL, "cut"),
    Row("more promised than sent", Behaviour.longer_length(), Stage.PARTIAL, "cut"),
    Row("a drip", Behaviour.drip(0.05), Stage.PARTIAL, "deadline"),
    Row("no length, whole", Behaviour.answer(b'{"biz_id": "x"}', with_length=False), Stage.KEPT, "closed"),
    Row("chunks", Behaviour.chunked(), Stage.KEPT, "last_chunk"),
    Row("chunks, cut", Behaviour.chunked(cut_after=5000), Stage.PARTIAL, "cut"),
    Row("gzip nobody asked for", Behaviour.gzip(), Stage.KEPT, "length"),
    Row("gzip, cut short", Behaviour.gzip(cut_after=100), Stage.KEPT, "length"),
    Row("gzip bomb", Behaviour.gzip_bomb(100), Stage.PARTIAL, "closed"),
    Row("larger than the cap", Behaviour.huge(6), Stage.PARTIAL, "cap"),
    Row("redirect", Behaviour.redirect("http://127.0.0.1:1/elsewhere"), Stage.REFUSED, "length", "HTTP 302"),
    Row("429", Behaviour.busy(429), Stage.REFUSED, "length", "HTTP 429"),
    Row("503", Behaviour.busy(503), Stage.REFUSED, "length", "HTTP 503"),
    Row("407", Behaviour.answer(b"", status=407), Stage.REFUSED, "length", "HTTP 407"),
    Row("a page with 200", Behaviour.html(), Stage.KEPT, "length"),
    Row("an error with 200", Behaviour.error("RESULT_NOT_FOUND", status=200), Stage.REFUSED, "length", "RESULT_NOT_FOUND"),
    Row("internal error", Behaviour.error("INTERNAL_ERROR"), Stage.REFUSED, "length", "INTERNAL_ERROR"),
    Row("no right", Behaviour.error("AUTHORIZATION_ERROR:Denied."), Stage.REFUSED, "length", "AUTHORIZATION_ERROR:Denied."),
    Row("no such thing", Behaviour.error("API_NOT_FOUND"), Stage.REFUSED, "length", "API_NOT_FOUND"),
    Row("nothing at all", Behaviour.answer(b""), Stage.KEPT, "length"),
    Row("no JSON, no length", Behaviour.answer(b"half a thou", with_length=False), Stage.PARTIAL, "closed"),
]  # fmt: skip


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.name)
def test_every_fault_has_its_name_and_costs_one_request(
    session: Session, simulator: Simulator, row: Row
) -> None:
    impatient(session)
    biz_id = simulator.ids[0]
    simulator.behave(biz_id, row.behaviour)
    told = fetched(session, biz_id)[biz_id]
    case = session.casebook.open(biz_id, record=False)
    assert (told.stage, case.stage) == (row.stage, row.stage)
    assert simulator.count(biz_id) == 1
    assert (case.answer.ended if case.answer else "") == row.ended
    assert (case.refusal.code if case.refusal else "") == row.code
    assert not list(session.vault.spool.folder.glob("*.spool"))
    again = fetched(session, biz_id)[biz_id]
    assert again.stage is row.stage
    assert simulator.count(biz_id) == 1, "asked twice without a person's reason"


def test_the_cut_body_is_kept_to_the_byte(session: Session, simulator: Simulator) -> None:
    impatient(session)
    for i, with_length in enumerate((True, False)):
        biz_id = simulator.ids[i]
        simulator.behave(biz_id, Behaviour.cut(after_bytes=70_001, with_length=with_length))
        fetched(session, biz_id)
        answer = session.casebook.open(biz_id).answer
        assert answer is not None
        assert len(answer.body) == 70_001


def test_what_was_never_asked_for_is_not_unpacked(session: Session, simulator: Simulator) -> None:
    biz_id = simulator.ids[0]
    simulator.behave(biz_id, Behaviour.gzip())
    fetched(session, biz_id)
    case = session.casebook.open(biz_id)
    assert case.answer is not None
    assert gzip.decompress(case.answer.body).startswith(b"{")
    assert "body_unreadable" in case.warnings


def test_bytes_kept_are_bytes_sent(session: Session, simulator: Simulator) -> None:
    fetched(session, *simulator.ids[:8])
    for biz_id in simulator.ids[:8]:
        case = session.casebook.open(biz_id)
        assert case.answer is not None
        assert case.answer.sha256 == simulator.sha256_of_body(biz_id)
        assert {p.role: p.sha256 for p in case.photographs} == simulator.sha256_of_pictures(biz_id)


def test_all_pictures_are_asked_for_and_nothing_is_sent_twice(session: Session, simulator: Simulator) -> None:
    ids = simulator.ids[:10]
    fetched(session, *ids, *ids)
    fetched(session, *ids)
    assert [simulator.count(biz_id) for biz_id in ids] == [1] * 10
    seen = simulator.requests[0]
    assert seen.method == "GET"
    assert seen.path == "/faceid/liveness/v2/get_result"
    assert dict(seen.parameters)["get_image_type"] == "2"
    assert "gzip" not in str(seen.headers)


@pytest.mark.parametrize("secret", ["a+b/c==", "x&api_key=y", "100%", "密钥 中文", "s p+a c e", "#?;,:@"])
def test_secrets_arrive_whole(session: Session, secret: str) -> None:
    with Simulator(ids=1, api_secret=secret) as simulator:
        account = Account("special", simulator.base_url, "key+/=&%张")
        simulator.api_key = account.api_key
        session.accounts.add(account, secret)
        biz_id = simulator.ids[0]
        assert fetched(session, biz_id, account="special")[biz_id].stage is Stage.KEPT


def test_a_wrong_secret_stops_the_batch_after_the_first_answer(
    session: Session, simulator: Simulator
) -> None:
    session.queue.line.at_once = 1
    session.accounts.change("practice", session.accounts.get(), "wrong")
    ids = sorted(simulator.ids[:6])
    told = fetched(session, *ids)
    assert len(simulator.requests) == 1
    assert [told[biz_id].stage for biz_id in ids] == [Stage.REFUSED] + [Stage.QUEUED] * 5
    error = told[ids[0]].error
    assert error is not None
    assert error.facts["code"] == "AUTHENTICATION_ERROR"
    assert error.spent == "no"
    assert error.exit_code == 5


def test_unreachable_is_not_sent_and_free_to_ask_again(session: Session, simulator: Simulator) -> None:
    biz_id = simulator.ids[0]
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        session.accounts.add(Account("gone", f"http://127.0.0.1:{closed.getsockname()[1]}", "k"), "s")
        told = fetched(session, biz_id, account="gone")[biz_id]
    assert told.stage is Stage.NOT_SENT
    assert told.error is not None
    assert (told.error.exit_code, told.error.spent) == (3, "no")
    assert fetched(session, biz_id, account="practice")[biz_id].stage is Stage.KEPT


def test_a_server_silent_in_the_tls_handshake_was_sent_nothing(
    session: Session, simulator: Simulator
) -> None:
    impatient(session)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        session.accounts.add(Account("mute", f"https://127.0.0.1:{mute.getsockname()[1]}", "k"), "s")
        assert fetched(session, simulator.ids[0], account="mute")[simulator.ids[0]].stage is Stage.NOT_SENT


def test_a_host_nobody_knows(session: Session, simulator: Simulator) -> None:
    session.accounts.add(Account("nowhere", "https://faceid.invalid", "k"), "s")
    told = fetched(session, simulator.ids[0], account="nowhere")[simulator.ids[0]]
    assert told.stage is Stage.NOT_SENT


@pytest.mark.parametrize(
    "url",
    [
        "http://api.megvii.com",
        "ftp://x",
        "https://u:p@host",
        "https://h/?q",
        "",
        "https://",
        "http://10.0.0.1",
    ],
)
def test_base_urls_that_are_refused(session: Session, url: str) -> None:
    with pytest.raises(ReviewError):
        session.accounts.add(Account("bad", url, "k"), "s")


def test_environment_proxies_are_ignored(
    session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert fetched(session, simulator.ids[0])[simulator.ids[0]].stage is Stage.KEPT


def test_logged_tls_keys_keep_everything_from_being_sent(
    session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", "keys")
    with pytest.raises(NotAsked, match="tls_keys_are_logged") as caught:
        fetched(session, *simulator.ids[:3])
    assert caught.value.exit_code == 3
    assert not session.casebook.rows()
    assert not simulator.requests


def test_unknown_is_asked_again_only_with_a_reason_and_both_attempts_stay(
    session: Session, simulator: Simulator
) -> None:
    biz_id = simulator.ids[0]
    simulator.behave(biz_id, Behaviour.close().unspent().for_requests(1))
    told = fetched(session, biz_id)[biz_id]
    assert isinstance(told.error, OutcomeUnknown)
    left = fetched(session, biz_id)[biz_id]
    assert isinstance(left.error, NotAsked)
    assert simulator.count(biz_id) == 1
    assert fetched(session, biz_id, again="support says it was never answered")[biz_id].stage is Stage.KEPT
    case = session.casebook.open(biz_id)
    assert [(a.number, a.stage) for a in case.attempts] == [(1, Stage.UNKNOWN), (2, Stage.KEPT)]
    assert any(e.facts.get("reason", "").startswith("support") for e in case.events)


def test_stopping_withdraws_what_was_not_asked_and_keeps_what_was(
    session: Session, simulator: Simulator
) -> None:
    session.queue.line.at_once = 1
    first, *rest = sorted(simulator.ids[:5])
    simulator.behave(first, Behaviour.hang())
    last: dict[str, Retrieval] = {}
    session.queue.listener = lambda told: last.__setitem__(told.biz_id, told)
    session.queue.ask([BizId(i) for i in (first, *rest)])
    assert simulator.wait_for_requests(1, timeout=10)
    session.queue.stop()
    simulator.release(first)
    session.queue.wait()
    assert last[first].stage is Stage.KEPT
    assert {last[i].stage for i in rest} == {Stage.CANCELLED}
    assert len(simulator.requests) == 1
    assert {r.stage for r in fetched(session, *rest).values()} == {Stage.KEPT}


def test_the_least_time_left_is_asked_first_and_what_has_expired_last(
    session: Session, simulator: Simulator
) -> None:
    session.queue.line.at_once = 1
    (late,) = simulator.fresh_ids(1, age=100_000)
    fetched(session, late, *simulator.ids[:8])
    assert [seen.biz_id for seen in simulator.requests] == [*sorted(simulator.ids[:8]), late]


def test_a_busy_vendor_is_asked_again_by_itself_later(session: Session, simulator: Simulator) -> None:
    biz_id = simulator.ids[0]
    simulator.behave(biz_id, Behaviour.refuse_once())
    told = fetched(session, *simulator.ids[:3])
    assert {retrieval.stage for retrieval in told.values()} == {Stage.KEPT}
    assert simulator.count(biz_id) == 2
    case = session.casebook.open(biz_id)
    assert [attempt.stage for attempt in case.attempts] == [Stage.REFUSED, Stage.KEPT]


def test_a_pause_asks_nothing_until_it_ends(session: Session, simulator: Simulator) -> None:
    session.queue.pause()
    session.queue.ask([BizId(i) for i in simulator.ids[:3]])
    assert session.queue.line.progress().waiting == 3
    assert not simulator.requests
    session.queue.pause(False)
    session.queue.wait()
    assert len(simulator.requests) == 3


def test_what_waits_when_the_program_ends_waits_when_it_begins_again(
    tmp_path: Path, simulator: Simulator
) -> None:
    home = tmp_path / "vault"
    with Session.make(home, "Lin", "a passphrase", keyring=False) as first:
        first.accounts.add(Account("practice", simulator.base_url, simulator.api_key), simulator.api_secret)
        first.queue.pause()
        first.queue.ask([BizId(i) for i in simulator.ids[:3]])
    with Session.open(home, "a passphrase", keyring=False) as second:
        assert second.casebook.waiting() == tuple(sorted(simulator.ids[:3]))
        assert {r.stage for r in fetched(second, *second.casebook.waiting()).values()} == {Stage.KEPT}


def test_the_check_of_an_account_spends_nobodys_answer(session: Session, simulator: Simulator) -> None:
    session.accounts.check("practice")
    assert not any(simulator.spent(biz_id) for biz_id in simulator.ids)
    session.accounts.change("practice", session.accounts.get(), "wrong")
    with pytest.raises(NotAsked) as caught:
        session.accounts.check("practice")
    assert caught.value.facts["code"] == "AUTHENTICATION_ERROR"


def test_no_error_holds_the_secret(session: Session, simulator: Simulator) -> None:
    """Neither in its text, nor in what it came from, nor in the locals of its traceback's frames of ours."""
    secret = simulator.api_secret
    simulator.behave(simulator.ids[0], Behaviour.close())
    error = fetched(session, simulator.ids[0])[simulator.ids[0]].error
    assert error is not None
    chain: BaseException | None = error
    while chain is not None:
        assert secret not in repr(chain) + str(chain.args)
        assert "api_secret" not in repr(chain)
        chain = chain.__context__ or chain.__cause__
    endpoint = session.accounts.endpoint(session.accounts.get())
    assert secret not in repr(endpoint)


def test_many_at_once_keep_their_answers_apart(session: Session, simulator: Simulator) -> None:
    session.queue.line.at_once = 4
    fetched(session, *simulator.ids)
    assert simulator.most_at_once <= 4
    for biz_id in simulator.ids:
        case = session.casebook.open(biz_id, record=False)
        assert case.answer is not None
        assert hashlib.sha256(case.answer.body).hexdigest() == simulator.sha256_of_body(biz_id)
    assert session.audit().intact


def test_nothing_is_asked_when_the_disk_has_no_room(
    session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room is refused by the kernel itself: a limit on the size of files."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal = pytest.importorskip("signal")
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * 1024, hard))
    try:
        with pytest.raises(ReviewError) as caught:
            session.queue.ask([BizId(simulator.ids[0])])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert caught.value.exit_code == 6
    assert not simulator.requests


def test_listeners_hear_the_bytes_arrive(session: Session, simulator: Simulator) -> None:
    heard: list[Retrieval] = []
    session.queue.listener = heard.append
    session.queue.ask([BizId(simulator.ids[0])])
    session.queue.wait()
    arriving = [told.received for told in heard if told.stage is Stage.ASKING]
    assert arriving == sorted(arriving)
    answer = session.casebook.open(simulator.ids[0]).answer
    assert answer is not None
    assert arriving[-1] == len(answer.body)

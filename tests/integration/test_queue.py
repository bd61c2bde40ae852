"""What the queue may never do: lose an answer, ask twice without a person, say NOT SENT falsely, stand still."""

import contextlib
import gc
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from faceid_review.errors import NotAsked, NotKept, ReviewError, VaultClosed
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.client import Endpoint, Limits
from faceid_review.faceid.simulator import EVERY_ID, Behaviour, Simulator
from faceid_review.review.accounts import Account
from faceid_review.review.case import Stage
from faceid_review.review.line import Line, Question
from faceid_review.review.retrieval import Retrieval
from faceid_review.session import Session
from faceid_review.settings import Settings
from faceid_review.vault.ledger import Ledger
from faceid_review.vault.spool import Slot
from tests.integration.test_asking import fetched

# A listener that raises ends a thread of the queue; that the thread says so is not what these tests are about.
# Likewise what a worker that ended, or a spool that was kept for a rescue, leaves open.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

THREAD_DIES = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")


@pytest.fixture(autouse=True)
def swept() -> Iterator[None]:
    """What a test leaves open is closed before the next begins, which may be strict about it."""
    yield
    gc.collect()


def idle(session: Session) -> bool:
    """Whether the queue comes to rest; given up after a while, since some of these tests end in a standstill."""
    waiting = threading.Thread(target=session.queue.wait, daemon=True)
    waiting.start()
    waiting.join(5)
    return not waiting.is_alive()


@pytest.fixture
def gone(session: Session) -> Iterator[str]:
    """An account whose server nobody reaches."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        session.accounts.add(Account("gone", f"http://127.0.0.1:{closed.getsockname()[1]}", "k"), "s")
        yield "gone"


# ---- answers that are lost


@pytest.mark.parametrize("kind", [RuntimeError, BrokenPipeError])
@THREAD_DIES
def test_a_listener_that_raises_costs_no_answer(
    session: Session, simulator: Simulator, kind: type[BaseException]
) -> None:
    def raising(told: Retrieval) -> None:
        if told.received:
            raise kind

    session.queue.listener = raising
    session.queue.ask([BizId(simulator.ids[0])])
    assert idle(session)
    session.casebook.catch_up()
    case = session.casebook.open(simulator.ids[0])
    assert case.stage is Stage.KEPT
    assert case.answer is not None
    assert case.answer.sha256 == simulator.sha256_of_body(simulator.ids[0])


def test_what_lies_in_the_spool_outlives_any_exception(
    session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    biz_id = simulator.ids[0]

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append", failing(("answer",), MemoryError()))
        fetched(session, biz_id)
    home = session.home
    session.close()
    with Session.open(home, "a passphrase of ours", keyring=False) as anew:
        answer = anew.casebook.open(biz_id).answer
        assert answer is not None
        assert answer.sha256 == simulator.sha256_of_body(biz_id)


def test_an_answer_that_reads_back_otherwise_is_not_called_kept(
    session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "sha256", lambda *_: "0" * 64)
        told = fetched(session, simulator.ids[0])[simulator.ids[0]]
    assert isinstance(told.error, NotKept)


def test_the_body_of_a_redirect_is_kept(session: Session, simulator: Simulator) -> None:
    behaviour = Behaviour.answer(b"moved away", status=302, headers=(("Location", "http://127.0.0.1:1/x"),))
    simulator.behave(simulator.ids[0], behaviour)
    assert fetched(session, simulator.ids[0])[simulator.ids[0]].stage is Stage.REFUSED
    answer = session.casebook.open(simulator.ids[0]).answer
    assert answer is not None
    assert answer.body == b"moved away"


def test_a_redirect_that_leads_nowhere_is_still_an_answer(session: Session, simulator: Simulator) -> None:
    for i, where in enumerate(("http://[::1", "http://", "//\\", "http://x:99999999/", "\x7f")):
        behaviour = Behaviour.answer(b"", status=302, headers=(("Location", where),))
        simulator.behave(simulator.ids[i], behaviour)
        assert fetched(session, simulator.ids[i])[simulator.ids[i]].stage is Stage.REFUSED, where


@pytest.mark.parametrize(
    "lengths",
    [
        pytest.param(
            "5, 6",
        ),
        "-1",
        "abc",
        "7,7",
    ],
)
def test_a_strange_length_costs_no_answer(session: Session, simulator: Simulator, lengths: str) -> None:
    headers = (("Content-Type", "application/json"), ("Content-Length", lengths))
    simulator.behave(simulator.ids[0], Behaviour.answer(b'{"a":1}', headers=headers, with_length=False))
    fetched(session, simulator.ids[0])
    answer = session.casebook.open(simulator.ids[0]).answer
    assert answer is not None
    assert answer.body.startswith(b'{"a"')


# ---- ids that are asked twice


def test_two_asks_at_once_ask_once(
    session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    biz_id = BizId(simulator.ids[0])
    simulator.behave(biz_id, Behaviour.answer(b"{}"))
    both, plain = threading.Barrier(2, timeout=1), session.casebook.queue

    def together(*arguments: object) -> None:
        # Where only one of the two comes this far, it goes on alone.
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait()
        plain(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(session.casebook, "queue", together)
    asking = [threading.Thread(target=session.queue.ask, args=([biz_id],)) for _ in range(2)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    session.queue.wait()
    assert simulator.count(biz_id) == 1


def test_an_id_whose_answer_comes_while_it_is_asked_again_is_left_alone(
    session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    biz_id, other = BizId(simulator.ids[0]), BizId(simulator.ids[1])
    simulator.behave(biz_id, Behaviour.hang())
    session.queue.ask([biz_id])
    assert simulator.wait_until_held(1, timeout=10)
    plain = session.casebook.stage

    def stage(asked: str) -> Stage | None:
        # The second id of the batch is looked up when the first one's stage is already known.
        if asked == other and threading.current_thread() is threading.main_thread():
            simulator.release(biz_id)
            session.queue.wait()
        return plain(asked)

    monkeypatch.setattr(session.casebook, "stage", stage)
    assert plain(biz_id) is Stage.QUEUED, "heads are written when a question is settled"
    session.queue.ask([biz_id, other])
    session.queue.wait()
    assert simulator.count(biz_id) == 1


@pytest.mark.parametrize(
    "first", [Behaviour.close(), Behaviour.error("INTERNAL_ERROR")], ids=["unknown", "refused"]
)
def test_a_second_attempt_not_sent_does_not_make_the_first_one_free(
    session: Session, simulator: Simulator, gone: str, first: Behaviour
) -> None:
    biz_id = simulator.ids[0]
    simulator.behave(biz_id, first.for_requests(1))
    before = fetched(session, biz_id, account="practice")[biz_id].stage
    fetched(session, biz_id, again="support said so", account=gone)
    assert session.casebook.stage(biz_id) is before
    fetched(session, biz_id, account="practice")
    assert simulator.count(biz_id) == 1, "asked again without a person's reason"


@pytest.mark.parametrize("how", ["stopped", "died"])
def test_a_repeat_that_was_withdrawn_leaves_the_id_unknown(
    session: Session, simulator: Simulator, how: str
) -> None:
    biz_id, slow = simulator.ids[:2]
    simulator.behave(biz_id, Behaviour.close().for_requests(1))
    assert fetched(session, biz_id)[biz_id].stage is Stage.UNKNOWN
    if how == "stopped":
        session.queue.line.at_once = 1
        simulator.behave(slow, Behaviour.hang())
        session.queue.ask([BizId(slow)])
        assert simulator.wait_until_held(1, timeout=10)
        session.queue.ask([BizId(biz_id)], again="support said so")
        session.queue.stop()
        simulator.release(slow)
        session.queue.wait()
    else:
        # What a process has written when it dies between queueing and asking.
        session.casebook.queue([BizId(biz_id)], "practice")
        session.queue.settle()
    assert session.casebook.stage(biz_id) is Stage.UNKNOWN
    fetched(session, biz_id)
    assert simulator.count(biz_id) == 1, "asked again without a person's reason"


def test_the_stage_is_true_in_memory_after_something_unexpected(
    session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    biz_id = simulator.ids[0]

    def broken(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(Slot, "keep", broken)
        fetched(session, biz_id)
    assert session.casebook.stage(biz_id) is Stage.UNKNOWN
    fetched(session, biz_id)
    assert simulator.count(biz_id) == 1, "asked again without a person's reason"


def test_an_id_in_two_batches_of_one_thread_is_asked_once(session: Session, simulator: Simulator) -> None:
    session.queue.line.at_once = 1
    ids = [BizId(i) for i in simulator.ids[:6]]
    for _ in range(5):
        session.queue.ask(ids)
    session.queue.wait()
    assert [simulator.count(i) for i in ids] == [1] * 6


# ---- standstills


@THREAD_DIES
def test_a_listener_that_raises_stops_no_queue(session: Session, simulator: Simulator) -> None:
    def raising(told: Retrieval) -> None:
        if told.stage is Stage.KEPT:
            raise UnicodeEncodeError("ascii", "·", 0, 1, "not there")

    session.queue.listener = raising
    session.queue.ask([BizId(i) for i in simulator.ids[:5]])
    assert idle(session)
    assert {session.casebook.stage(i) for i in simulator.ids[:5]} == {Stage.KEPT}


def test_the_deadline_holds_for_the_head_of_an_answer_too(session: Session, simulator: Simulator) -> None:
    session.queue._limits = Limits(connect=2.0, silence=0.5, deadline=1.0)
    enough = threading.Event()

    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            # Thirty times the deadline, unless the client hangs up.
            for _ in range(150):
                connection.sendall(b"x")
                if enough.wait(0.2):
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=drip, args=(listening,))
        server.start()
        session.accounts.add(Account("drip", f"http://127.0.0.1:{listening.getsockname()[1]}", "k"), "s")
        session.queue.ask([BizId(simulator.ids[0])], "drip")
        waiting = threading.Thread(target=session.queue.wait, daemon=True)
        waiting.start()
        waiting.join(5)
        over = not waiting.is_alive()
        enough.set()
        server.join()
        session.queue.wait()
    assert over


def test_nothing_is_asked_after_closing(session: Session, simulator: Simulator) -> None:
    session.queue.close()
    with contextlib.suppress(ReviewError):
        session.queue.ask([BizId(simulator.ids[0])])
    session.queue.wait()
    assert not simulator.requests


def test_closing_while_asking_keeps_what_was_asked(session: Session, simulator: Simulator) -> None:
    home, ids = session.home, simulator.ids[:4]
    session.queue.line.at_once = 2
    simulator.behave(EVERY_ID, Behaviour.hang())
    session.queue.ask([BizId(i) for i in ids])
    assert simulator.wait_until_held(2, timeout=10)
    closing = threading.Thread(target=session.close)
    closing.start()
    simulator.release()
    closing.join()
    asked = {str(seen.biz_id) for seen in simulator.requests}
    with Session.open(home, "a passphrase of ours", keyring=False) as anew:
        # What was not asked yet waits for another day.
        assert {i: anew.casebook.stage(i) for i in ids} == {
            i: Stage.KEPT if i in asked else Stage.QUEUED for i in ids
        }
        assert all(simulator.count(i) <= 1 for i in ids)


def test_a_stop_while_a_batch_is_being_queued_is_not_lost(
    session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Queueing ten thousand ids takes its time; who presses Stop meanwhile means all of them."""
    session.queue.line.at_once = 1
    simulator.behave(EVERY_ID, Behaviour.hang())
    stopping = threading.Thread(target=session.queue.stop)
    plain = session.casebook.queue

    def slow(*arguments: object) -> None:
        plain(*arguments)  # type: ignore[arg-type]
        stopping.start()
        # A stop that waits for its turn is as good as one that is remembered.
        stopping.join(0.5)

    monkeypatch.setattr(session.casebook, "queue", slow)
    session.queue.ask([BizId(i) for i in simulator.ids[:5]])
    stopping.join()
    simulator.behave(EVERY_ID, None)
    session.queue.wait()
    assert len(simulator.requests) <= 1


def test_stopping_again_and_again_while_asking(session: Session, simulator: Simulator) -> None:
    """stop() from another thread at any moment: every id ends in a stage that is true, none is asked twice."""
    ids = [BizId(i) for i in simulator.ids[:20]]
    over = threading.Event()

    def stopping() -> None:
        while not over.is_set():
            session.queue.stop()

    thread = threading.Thread(target=stopping)
    thread.start()
    for _ in range(6):
        session.queue.ask(ids)
        session.queue.wait()
    over.set()
    thread.join()
    for biz_id in ids:
        assert simulator.count(biz_id) == (session.casebook.stage(biz_id) is Stage.KEPT)
    assert session.audit().intact


# ---- the vault fails under way


def failing(acts: tuple[str, ...], error: Exception | None = None) -> Callable[..., object]:
    """An append that fails, as on a full disk unless something else is given, for entries of these acts."""
    plain = Ledger.append

    def append(self: Ledger, act: str, *arguments: object, **named: object) -> object:
        if act in acts:
            raise error or VaultClosed("vault_full")
        return plain(self, act, *arguments, **named)  # type: ignore[arg-type]

    return append


@pytest.mark.parametrize("acts", [("armed",), ("sent",), ("armed", "not_sent"), ("sent", "not_sent")])
def test_a_vault_that_fails_before_sending_sends_nothing(
    session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, acts: tuple[str, ...]
) -> None:
    home, ids = session.home, simulator.ids[:3]
    session.queue.line.at_once = 1
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append", failing(acts))
        told = fetched(session, *ids)
    assert not simulator.requests
    errors = [retrieval.error for retrieval in told.values()]
    assert {type(error) for error in errors} == {VaultClosed, NotAsked}
    assert 6 in {error.exit_code for error in errors if error}
    session.close()
    with Session.open(home, "a passphrase of ours", keyring=False) as anew:
        assert {anew.casebook.stage(i) for i in ids} <= {Stage.QUEUED, Stage.NOT_SENT}
        assert not list(anew.vault.spool.folder.glob("*.spool"))
        assert {r.stage for r in fetched(anew, *ids).values()} == {Stage.KEPT}


def test_an_answer_that_the_vault_refuses_is_the_red_alarm_and_is_found_again(
    session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, biz_id = session.home, simulator.ids[0]
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append", failing(("answer",)))
        told = fetched(session, biz_id)[biz_id]
    assert isinstance(told.error, NotKept)
    assert told.error.exit_code == 4
    assert told.error.spent == "yes"
    assert told.error.rescue.startswith(b"FRSPOOL1")
    assert simulator.ids[0].encode() not in told.error.rescue
    fetched(session, biz_id)
    assert simulator.count(biz_id) == 1
    session.close()
    with Session.open(home, "a passphrase of ours", keyring=False) as anew:
        case = anew.casebook.open(biz_id)
        assert case.stage is Stage.KEPT
        assert case.answer is not None
        assert case.answer.sha256 == simulator.sha256_of_body(biz_id)


def test_heads_that_cannot_be_written_stop_the_batch_in_words(
    session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.queue.line.at_once = 1
    ids = simulator.ids[:3]
    plain = session.vault.heads.put

    def full(*arguments: object) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise VaultClosed("vault_full")
        plain(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(session.vault.heads, "put", full)
        told = fetched(session, *ids)
    errors = [retrieval.error for retrieval in told.values()]
    assert {type(error) for error in errors} == {VaultClosed, NotAsked}
    assert len(simulator.requests) == 1


# ---- accounts


def test_the_check_of_an_account_goes_the_way_that_questions_go(
    session: Session, simulator: Simulator
) -> None:
    home = session.home
    asked: list[bytes] = []
    session.accounts.add(Account("far", "https://faceid.invalid", "k"), "s")
    session.close()

    def refuse(listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection:
                    asked.append(connection.recv(65536).split(b"\r\n")[0])
                    connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        proxy = threading.Thread(target=refuse, args=(listening,))
        proxy.start()
        Settings(proxy=f"http://127.0.0.1:{listening.getsockname()[1]}").save(home)
        with Session.open(home, "a passphrase of ours", keyring=False) as anew:
            with pytest.raises(ReviewError) as caught:
                anew.check_account("far")
            assert caught.value.spent == "no"
            through_check = len(asked)
            with contextlib.suppress(ReviewError):
                assert (
                    fetched(anew, simulator.ids[0], account="far")[simulator.ids[0]].stage is Stage.NOT_SENT
                )
        listening.shutdown(socket.SHUT_RDWR)
        proxy.join()
    assert 0 < through_check < len(asked)
    assert {line.rpartition(b" ")[0] for line in asked} == {b"CONNECT faceid.invalid:443"}, (
        "nothing goes through a proxy in clear"
    )


def test_a_check_without_an_answer_spends_nothing(session: Session, simulator: Simulator) -> None:
    simulator.behave("*", Behaviour.close())
    with pytest.raises(ReviewError) as caught:
        session.accounts.check("practice")
    assert caught.value.spent == "no"
    assert caught.value.exit_code == 3


def test_an_account_that_is_not_there_cannot_be_changed(session: Session, simulator: Simulator) -> None:
    with pytest.raises(ReviewError):
        session.accounts.change("nobody", Account("nobody", simulator.base_url, "k"), "secret")


# ---- what is told


@pytest.mark.parametrize(
    "first", [Behaviour.close(), Behaviour.error("INTERNAL_ERROR")], ids=["unknown", "refused"]
)
def test_a_repeat_that_did_not_leave_is_told_without_denying_the_first(
    session: Session, simulator: Simulator, gone: str, first: Behaviour
) -> None:
    biz_id = simulator.ids[0]
    simulator.behave(biz_id, first.for_requests(1))
    fetched(session, biz_id, account="practice")
    told = fetched(session, biz_id, again="support said so", account=gone)[biz_id]
    assert told.error is not None
    assert told.error.spent == "perhaps"
    assert told.error.wording != "refused", "nobody refused it this time"


def test_a_question_put_back_may_be_taken_before_it_is_settled(session: Session) -> None:
    """A listener that is slow (a pager, a busy window) stands between putting back and settling."""
    account = Account("a", "http://127.0.0.1:1", "k")
    question = Question(BizId("1,a"), account, Endpoint(account.base_url, "k", "s"))
    line = Line(at_once=2)
    line.add([question])
    first = line.take()
    assert first is not None
    assert line.put_back(first)
    again = line.take()
    assert again is not None
    assert again.repeats == 1
    assert not line.settle(first), "the second attempt is under way"
    assert line.holds() == {"1,a"}
    assert line.settle(again)


def test_a_busy_vendor_is_asked_again_later_and_each_refusal_is_kept(
    session: Session, simulator: Simulator
) -> None:
    biz_id = simulator.ids[0]
    simulator.behave(biz_id, Behaviour.error("CONCURRENCY_LIMIT_EXCEEDED").for_requests(1))
    assert fetched(session, biz_id)[biz_id].stage is Stage.KEPT
    case = session.casebook.open(biz_id)
    assert [a.stage for a in case.attempts] == [Stage.REFUSED, Stage.KEPT]
    assert sum(event.act == "answer" for event in case.events) == 2

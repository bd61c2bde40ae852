"""Two invariants, for schedules of failures that nobody chose by hand.

What was asked is within kept, partial, refused or unknown, and the server counts at most one request an id. No log,
no exception and no file holds the secret or an id.
"""

import base64
import io
import logging
import tempfile
import threading
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faceid_review.errors import ReviewError
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.client import Limits
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review import telling
from faceid_review.review.accounts import Account
from faceid_review.review.case import Stage
from faceid_review.review.retrieval import Retrieval
from faceid_review.session import Session

SECRET = "marker+/=&%密钥-" + "a8Kq" * 6
PASSPHRASE = "passphrase-marker-Z7"
LIMITS = Limits(connect=1.0, silence=0.15, deadline=0.5, cap=256 * 1024)

SPOILT = st.one_of(
    st.just(None),
    st.sampled_from([Behaviour.close(), Behaviour.reset(), Behaviour.hang(), Behaviour.longer_length(), Behaviour.chunked(), Behaviour.gzip()]),
    st.builds(Behaviour.cut, st.integers(0, 60_000), with_length=st.booleans()),
    st.builds(Behaviour.reset_in_body, st.integers(0, 60_000)),
    st.builds(Behaviour.stall, st.integers(0, 60_000)),
    st.builds(lambda n: Behaviour.chunked(cut_after=n), st.integers(0, 60_000)),
    st.builds(lambda n: Behaviour.gzip(cut_after=n), st.integers(0, 1000)),
)  # fmt: skip
REPLACED = st.one_of(
    st.sampled_from([
        Behaviour.error("INTERNAL_ERROR"), Behaviour.error("RESULT_NOT_FOUND"), Behaviour.error("BAD_ARGUMENTS:biz_id"),
        Behaviour.error("RESULT_NOT_FOUND", status=200), Behaviour.busy(429), Behaviour.busy(503), Behaviour.html(), Behaviour.html(502),
        Behaviour.redirect("http://127.0.0.1:1/x"), Behaviour.redirect("http://[::", 307), Behaviour.gzip_bomb(2), Behaviour.huge(1),
    ]),
    st.builds(lambda body, status, length: Behaviour.answer(body, status=status, with_length=length),
              st.binary(max_size=40), st.sampled_from([200, 201, 204, 206, 304, 400, 403, 404, 500, 599, 999]), st.booleans()),
)  # fmt: skip
SCHEDULES = st.lists(SPOILT | REPLACED, min_size=1, max_size=5)


@pytest.fixture(scope="module")
def vendor() -> Iterator[Simulator]:
    with Simulator(ids=1, seed="invariants", api_secret=SECRET) as running:
        yield running
        assert not running.mishaps


@pytest.fixture(scope="module")
def house(vendor: Simulator) -> Iterator[Session]:
    """One vault for every example: what one leaves behind must not trouble the next."""
    with (
        tempfile.TemporaryDirectory(prefix="invariants-") as folder,
        Session.make(Path(folder) / "vault", "Reviewer-marker", PASSPHRASE, keyring=False) as session,
    ):
        session.accounts.add(Account("practice", vendor.base_url, vendor.api_key), vendor.api_secret)
        session.queue._limits = LIMITS
        yield session


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(schedule=SCHEDULES, again=st.sets(st.integers(0, 4)), at_once=st.integers(1, 3), raising=st.booleans())
def test_what_was_asked_has_a_name_and_was_asked_once(
    house: Session,
    vendor: Simulator,
    schedule: list[Behaviour | None],
    again: set[int],
    at_once: int,
    raising: bool,
) -> None:
    ids = vendor.fresh_ids(len(schedule))
    for biz_id, behaviour in zip(ids, schedule, strict=True):
        vendor.behave(biz_id, behaviour)
    house.queue.line.at_once = at_once
    last: dict[str, Retrieval] = {}

    def listen(told: Retrieval) -> None:
        last[told.biz_id] = told
        if raising and told.received:
            raise BrokenPipeError

    def ask(which: tuple[str, ...], reason: str = "") -> None:
        house.queue.listener = listen
        house.queue.ask([BizId(i) for i in which], again=reason)
        house.queue.wait()

    ask(ids)
    for _ in range(2):
        ask((*ids, *ids))
    check(house, vendor, ids, attempts=Counter(dict.fromkeys(ids, 1)), last={} if raising else last)
    # And once more for those that a person wants to be asked again: one request more, no more than that.
    wanted = tuple(i for n, i in enumerate(ids) if n in again)
    expected = Counter(dict.fromkeys(ids, 1))
    expected.update(i for i in wanted if house.casebook.stage(i) in (Stage.UNKNOWN, Stage.REFUSED))
    ask(wanted, "a person's reason")
    ask(ids)
    check(house, vendor, ids, attempts=expected, last={})
    for biz_id in ids:
        vendor.release(biz_id)


def check(
    house: Session,
    vendor: Simulator,
    ids: tuple[str, ...],
    attempts: Counter[str],
    last: dict[str, Retrieval],
) -> None:
    assert {i: vendor.count(i) for i in ids} == dict(attempts)
    for biz_id in ids:
        stage = house.casebook.stage(biz_id)
        assert stage in (Stage.KEPT, Stage.PARTIAL, Stage.REFUSED, Stage.UNKNOWN)
        case = house.casebook.open(biz_id, record=False)
        assert case.stage is stage
        assert len(case.attempts) == attempts[biz_id]
        acts = Counter(event.act for event in case.events)
        assert acts["armed"] == acts["sent"] == acts["answer"] + acts["unknown"] == attempts[biz_id]
        if stage is Stage.KEPT and attempts[biz_id] == 1:
            assert case.answer is not None
            assert case.answer.sha256 == (vendor.sha256_of_body(biz_id) or case.answer.sha256)
        if last:
            assert last[biz_id].stage is stage
    assert not list(house.vault.spool.folder.glob("*.spool"))
    assert house.audit().intact


# ---- the secret


def forms(secret: str) -> set[bytes]:
    """The secret as it may be written: raw, percent, plus, base64, UTF-16, escaped."""
    raw = secret.encode()
    texts = {
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        ascii(secret)[1:-1],
        repr(secret)[1:-1],
    }
    encoded = {base64.b64encode(raw)[:-4], base64.urlsafe_b64encode(raw)[:-4]}
    return (
        {text.encode() for text in texts}
        | encoded
        | {secret.encode("utf-16-le"), secret.encode("utf-16-be")}
        | {b"a8Kqa8Kq"}
    )


def shown(error: BaseException) -> str:
    """Everything that a log, a crash reporter or a curious person may print of an exception."""
    seen, parts, queue = set(), [], [error]
    while queue:
        one = queue.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        parts += [repr(one), str(one), repr(one.args), "".join(traceback.format_exception(one))]
        parts += [repr(getattr(one, "facts", "")), repr(getattr(one, "__notes__", ""))]
        for frame, _ in traceback.walk_tb(one.__traceback__):
            # What a reporter that prints locals would show of our own frames.
            if "faceid_review" in frame.f_code.co_filename:
                parts += [repr(value) for value in frame.f_locals.values()]
        queue += [other for other in (one.__context__, one.__cause__) if other]
    return "\n".join(parts)


@pytest.fixture
def everything_said(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Every log at its loudest, standard output and error, and what threads say when they end."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    monkeypatch.setattr(threading, "excepthook", lambda args: said.write(repr(args)))
    with redirect_stdout(said), redirect_stderr(said):
        yield said
    root.removeHandler(handler)
    root.setLevel(level)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(schedule=SCHEDULES, where=st.sampled_from(["practice", "gone", "mute", "nowhere", "garbled"]))
def test_the_secret_is_nowhere(
    house: Session,
    vendor: Simulator,
    everything_said: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
    schedule: list[Behaviour | None],
    where: str,
) -> None:
    bases = {"practice": vendor.base_url, "gone": "http://127.0.0.1:1", "mute": "https://" + vendor.base_url[7:],
             "nowhere": "https://faceid.invalid", "garbled": "https://xn--" + "a" * 70 + ".invalid"}  # fmt: skip
    if where not in {account.name for account in house.accounts.all()}:
        house.accounts.add(Account(where, bases[where], vendor.api_key), SECRET)
    ids = vendor.fresh_ids(len(schedule))
    for biz_id, behaviour in zip(ids, schedule, strict=True):
        vendor.behave(biz_id, behaviour)
    errors: list[ReviewError] = []
    house.queue.listener = lambda told: errors.append(told.error) if told.error else None
    house.queue.ask([BizId(i) for i in ids], where)
    house.queue.wait()
    try:
        house.check_account(where)
    except ReviewError as error:
        errors.append(error)
    text = everything_said.getvalue()
    for each in errors:
        text += shown(each) + "".join(telling.sentence(each, words(lang)) for lang in LANGUAGES)
    for mark in forms(SECRET):
        assert mark.decode("latin-1") not in text.encode().decode("latin-1")
    assert "get_image_type=2" not in text, "no URL is written down"
    for biz_id in ids:
        vendor.release(biz_id)


def test_no_file_of_the_vault_holds_what_must_not_be_read(house: Session, vendor: Simulator) -> None:
    """After all that the tests above have done to it, and while it is open."""
    ids = vendor.fresh_ids(3)
    house.queue.listener = lambda _: None
    house.queue.ask([BizId(i) for i in ids], "practice")
    house.queue.wait()
    marks = (
        forms(SECRET) | {i.encode() for i in vendor.ids} | {i.partition(",")[2].encode() for i in vendor.ids}
    )
    marks |= {
        PASSPHRASE.encode(),
        b"Reviewer-marker",
        vendor.api_key.encode(),
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"liveness_result",
        b"data:image",
    }
    for path in house.home.rglob("*"):
        if path.is_file():
            # What is nothing but zeros, the reserve, needs no search.
            data = path.read_bytes().strip(b"\0")
            assert not [mark for mark in marks if mark in data], path.name


def test_the_net_is_fine_enough() -> None:
    """What these tests look for is found where it is: in an exception's text, its context and a frame's locals."""

    def ask() -> None:
        url = f"https://host/?api_secret={quote_plus(SECRET)}"
        raise KeyError(url)

    def told() -> None:
        try:
            ask()
        except KeyError:
            raise ReviewError("unexpected") from None

    with pytest.raises(ReviewError) as caught:
        told()
    assert any(mark.decode("latin-1") in shown(caught.value) for mark in forms(SECRET))

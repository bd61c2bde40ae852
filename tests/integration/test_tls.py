"""TLS and proxies against real sockets: what was not sent, who could have read along, and what was kept of them.

That nothing was sent is never taken from the program: the server counts the bytes that it could decrypt.
"""

import base64
import hashlib
import os
import re
import ssl
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import certifi
import pytest
import requests.adapters

from faceid_review.errors import Intercepted, NotAsked, ReviewError, Usage
from faceid_review.faceid import certificates, client
from faceid_review.faceid.client import Limits
from faceid_review.faceid.simulator import Simulator
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review import telling
from faceid_review.review.accounts import Account
from faceid_review.review.case import Stage
from faceid_review.session import Session
from tests.integration import front as fronts
from tests.integration.front import Answer, Certificate, Front, Greeting, Proxy, certificate
from tests.integration.test_asking import fetched

SECRET = "front-secret+/=&%-8Kq"
PROXY_PASSWORD = "proxy-pw-7Zx%21"
BODY = b'{"biz_id": "x", "request_id": "1,y"}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
PATIENT = Limits(connect=10.0, silence=10.0, deadline=60.0)
IN_SILENCE = Limits(connect=10.0, silence=0.3, deadline=60.0)
IN_A_HURRY = Limits(connect=0.6, silence=0.4, deadline=1.0)
LENGTH = b"Content-Length: %d\r\n" % len(BODY)


@pytest.fixture(scope="module")
def root() -> Certificate:
    """A root as an office has it: in the store of the system, and nowhere public."""
    return certificate("Office Inspection Root", authority=True)


@pytest.fixture(scope="module")
def leaf(root: Certificate) -> Certificate:
    return certificate("127.0.0.1", root)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, root: Certificate, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The trust store of this system: one root."""
    file, folder = tmp_path / "store.pem", tmp_path / "no-roots"
    file.write_bytes(root.pem)
    folder.mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))
    return file


@pytest.fixture
def front(tmp_path: Path, leaf: Certificate, simulator: Simulator, session: Session) -> Iterator[Front]:
    """A TLS server before the simulator, and an account named ``front`` that leads to it."""
    with served(tmp_path, leaf, fronts.from_(simulator.port), session) as running:
        yield running


def served(folder: Path, leaf: Certificate, answer: Answer, session: Session) -> Front:
    """The account's secret is a right one, so that an answer shows that the whole request came through."""
    made = Front(leaf.context(folder), answer)
    practice = session.accounts.get("practice")
    secret = session.accounts.endpoint(practice).api_secret
    session.accounts.add(Account("front", made.base_url, practice.api_key), secret)
    session.queue._limits = PATIENT
    return made


def nothing_happened(session: Session, *ids: str) -> bool:
    """Whether no case was made and nothing armed, for any of these ids."""
    return session.queue.requests == 0 and all(
        session.casebook.row(biz_id) is None and not list(session.vault.ledger.entries(biz_id))
        for biz_id in ids
    )


# ---- what never left


@dataclass(frozen=True)
class Before:
    """A row of the fault matrix that ends before the request: what the server shows or does, and the error's word."""

    name: str
    wording: str
    shown: Callable[[Certificate], Certificate] | None = None
    greeting: Greeting | None = None


def by_stranger(root: Certificate) -> Certificate:
    return certificate("127.0.0.1", certificate("Stranger", authority=True))


def without_middle(root: Certificate) -> Certificate:
    made = certificate("127.0.0.1", certificate("Middle", root, authority=True))
    return Certificate(made.own, made.key, made.pem)


def named_the_same(root: Certificate) -> Certificate:
    """By another root that has the trusted one's name."""
    return certificate("127.0.0.1", certificate("Office Inspection Root", authority=True))


BEFORE = [
    Before("silence in the handshake", "timed_out", greeting=fronts.silence),
    Before("closed in the handshake", "tls_failed", greeting=fronts.hang_up),
    Before("reset in the handshake", "unreachable", greeting=fronts.reset),
    Before("a handshake in drips", "timed_out", greeting=fronts.drips(b"\x16\x03\x03\x3f\xff", b"\x02", 0.1)),
    Before("no TLS at all", "tls_failed", greeting=fronts.speaks(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
    Before("self-signed", "certificate_refused", lambda root: certificate("127.0.0.1")),
    Before("expired", "certificate_refused", lambda root: certificate("127.0.0.1", root, begins=-timedelta(9), ends=-timedelta(1))),
    Before("not yet valid", "certificate_refused", lambda root: certificate("127.0.0.1", root, begins=timedelta(1), ends=timedelta(9))),
    Before("another host's", "certificate_refused", lambda root: certificate("x", root, host="elsewhere.example")),
    Before("untrusted root", "certificate_refused", by_stranger),
    Before("untrusted root of a trusted name", "certificate_refused", named_the_same),
    Before("its issuer not shown", "certificate_refused", without_middle),
]  # fmt: skip


@pytest.mark.parametrize("row", BEFORE, ids=lambda row: row.name)
def test_what_ends_in_the_handshake_was_not_sent(
    session: Session, simulator: Simulator, tmp_path: Path, root: Certificate, leaf: Certificate, row: Before
) -> None:
    biz_id = simulator.ids[0]
    shown = row.shown(root) if row.shown else leaf
    with served(tmp_path, shown, fronts.from_(simulator.port), session) as front:
        session.queue.roots.accept(root.sha256)
        front.always = row.greeting
        session.queue._limits = IN_A_HURRY if row.wording == "timed_out" else PATIENT
        told = fetched(session, biz_id, account="front")[biz_id]
        assert (told.stage, session.casebook.stage(biz_id)) == (Stage.NOT_SENT, Stage.NOT_SENT)
        assert told.error is not None
        assert (told.error.wording, told.error.exit_code, told.error.spent) == (row.wording, 3, "no")
        assert (front.request_bytes, front.requests, simulator.count(biz_id)) == (0, 0, 0)
        assert front.connections == 2, "a look and a question"
        assert session.queue.requests == 0
        assert "sent" not in [entry.act for entry in session.vault.ledger.entries(biz_id)]
        # Nothing is spent: the same id is asked again where all is well, without a reason.
        front.always, front.context = None, leaf.context(tmp_path)
        session.queue._limits = PATIENT
        assert fetched(session, biz_id, account="front")[biz_id].stage is Stage.KEPT
        assert (front.requests, simulator.count(biz_id)) == (1, 1)


# ---- what did leave


@dataclass(frozen=True)
class After:
    """A row that ends after the request has come: what is said, how it ends, what the id must be called."""

    name: str
    words: bytes
    ending: Answer
    stage: Stage
    ended: str = ""
    kept: bytes = b""


AFTER = [
    After("bad record after the request", b"", fronts.bad_record, Stage.UNKNOWN),
    After("closed with notice after the request", b"", fronts.with_notice, Stage.UNKNOWN),
    After("closed without notice after the request", b"", fronts.without_notice, Stage.UNKNOWN),
    After("reset after the request, in TLS", b"", fronts.torn, Stage.UNKNOWN),
    After("silence after the request, in TLS", b"", fronts.stays, Stage.UNKNOWN),
    After("bad record in the head", HEAD, fronts.bad_record, Stage.UNKNOWN),
    After("bad record in the body", HEAD + LENGTH + b"\r\n" + BODY[:20], fronts.bad_record, Stage.PARTIAL, "cut", BODY[:20]),
    After("bad record in a body without length", HEAD + b"\r\n" + BODY[:20], fronts.bad_record, Stage.PARTIAL, "cut", BODY[:20]),
    After("no notice, no length, half a body", HEAD + b"\r\n" + BODY[:20], fronts.without_notice, Stage.PARTIAL, "closed", BODY[:20]),
    After("notice, no length, half a body", HEAD + b"\r\n" + BODY[:20], fronts.with_notice, Stage.PARTIAL, "closed", BODY[:20]),
    After("no notice, a length, half a body", HEAD + LENGTH + b"\r\n" + BODY[:20], fronts.without_notice, Stage.PARTIAL, "cut", BODY[:20]),
    After("no notice, no length, a whole body", HEAD + b"\r\n" + BODY, fronts.without_notice, Stage.KEPT, "closed", BODY),
    After("a length, a whole body, bad record behind", HEAD + LENGTH + b"\r\n" + BODY, fronts.bad_record, Stage.KEPT, "length", BODY),
]  # fmt: skip


@pytest.mark.parametrize("row", AFTER, ids=lambda row: row.name)
def test_what_ends_after_the_request_is_never_called_not_sent(
    session: Session, simulator: Simulator, front: Front, root: Certificate, row: After
) -> None:
    biz_id = simulator.ids[0]
    session.accept_root(root.sha256, "front")
    front.answer = fronts.says(row.words, row.ending)
    session.queue._limits = IN_SILENCE if row.ending is fronts.stays else PATIENT
    told = fetched(session, biz_id, account="front")[biz_id]
    case = session.casebook.open(biz_id, record=False)
    assert (told.stage, case.stage) == (row.stage, row.stage)
    assert front.requests == session.queue.requests == 1
    assert front.request_bytes > 0
    said = (told.error.wording, told.error.spent, told.error.exit_code) if told.error else None
    assert said == (("sent_without_answer", "perhaps", 4) if row.stage is Stage.UNKNOWN else None)
    assert (case.answer.ended if case.answer else "") == row.ended
    assert (case.answer.body if case.answer else b"") == row.kept
    fetched(session, biz_id, account="front")
    assert front.requests == 1, "asked twice without a person's reason"


def test_a_server_that_wants_a_certificate_is_no_false_not_sent(
    session: Session, simulator: Simulator, front: Front, root: Certificate, store: Path
) -> None:
    """In TLS 1.3 the refusal comes when the request is on its way already: whether it was read nobody knows."""
    session.accept_root(root.sha256, "front")
    front.context.load_verify_locations(store)
    front.context.verify_mode = ssl.CERT_REQUIRED
    told = fetched(session, simulator.ids[0], account="front")[simulator.ids[0]]
    assert told.stage is Stage.UNKNOWN
    assert session.queue.requests == 1


# ---- who reads along


def test_an_inspecting_root_is_told_before_anything_is_sent_or_queued(
    session: Session, simulator: Simulator, front: Front, root: Certificate
) -> None:
    ids = simulator.ids[:3]
    with pytest.raises(Intercepted) as caught:
        fetched(session, *ids, account="front")
    assert (front.handshakes, front.request_bytes, front.requests) == (1, 0, 0)
    assert nothing_happened(session, *ids)
    assert not simulator.requests
    error = caught.value
    assert (error.exit_code, error.spent) == (3, "no")
    assert error.facts == {
        "host": "127.0.0.1", "issuer": "commonName=Office Inspection Root", "root": root.sha256,
    }  # fmt: skip
    for lang in LANGUAGES:
        said = telling.sentence(error, words(lang))
        assert all(fact in said for fact in error.facts.values())
        assert f"--accept-root {root.sha256}" in said


def test_an_accepted_root_is_asked_through_and_kept_with_the_answer(
    session: Session, simulator: Simulator, front: Front, root: Certificate, leaf: Certificate
) -> None:
    biz_id = simulator.ids[0]
    with pytest.raises(Intercepted):
        fetched(session, biz_id, account="front")
    session.accept_root(root.sha256, "front")
    assert front.connections == 1, "its name is known from the look before"
    assert fetched(session, biz_id, account="front")[biz_id].stage is Stage.KEPT
    answer = session.casebook.open(biz_id).answer
    assert answer is not None
    assert answer.sha256 == simulator.sha256_of_body(biz_id)
    assert answer.tls == {
        "version": "TLSv1.3", "issuer": "commonName=Office Inspection Root", "leaf_sha256": leaf.sha256,
        "issuer_sha256": root.sha256, "root_sha256": root.sha256, "known_root": False,
    }  # fmt: skip
    (entry,) = [e for e in session.entries() if e.act == "root_accepted"]
    assert (entry.subject, entry.by) == ("", "Lin Yue")
    assert entry.facts == {
        "fingerprint": root.sha256, "issuer": "commonName=Office Inspection Root", "by": "Lin Yue",
    }  # fmt: skip
    assert session.audit().intact


def test_the_issuer_is_the_next_above_and_the_root_the_last(
    session: Session, simulator: Simulator, front: Front, root: Certificate, tmp_path: Path
) -> None:
    middle = certificate("Middle", root, authority=True)
    own = certificate("127.0.0.1", middle)
    front.context = own.context(tmp_path)
    session.accept_root(root.sha256, "front")
    fetched(session, simulator.ids[0], account="front")
    answer = session.casebook.open(simulator.ids[0]).answer
    assert answer is not None
    kept = {name: answer.tls[name] for name in ("leaf_sha256", "issuer_sha256", "root_sha256", "issuer")}
    assert kept == {
        "leaf_sha256": own.sha256, "issuer_sha256": middle.sha256, "root_sha256": root.sha256, "issuer": "commonName=Middle",
    }  # fmt: skip


def test_what_was_accepted_stays_accepted(
    session: Session, simulator: Simulator, front: Front, root: Certificate
) -> None:
    pasted = ":".join(root.sha256.upper()[i : i + 2] for i in range(0, 64, 2))
    session.accept_root(f" {pasted}\n", "front")
    session.accept_root(root.sha256, "front")
    home = session.home
    session.close()
    with Session.open(home, "a passphrase of ours", keyring=False) as anew:
        assert fetched(anew, simulator.ids[0], account="front")[simulator.ids[0]].stage is Stage.KEPT
        assert [e.act for e in anew.entries()].count("root_accepted") == 1


def test_another_root_accepted_changes_nothing(
    session: Session, simulator: Simulator, front: Front, leaf: Certificate
) -> None:
    for other in ("0" * 64, leaf.sha256):
        session.accept_root(other)
        with pytest.raises(Intercepted):
            fetched(session, simulator.ids[0], account="front")
    assert front.request_bytes == 0


@pytest.mark.parametrize("pasted", ["", "abc", "0" * 63, "0" * 65, "g" * 64, "0" * 32, "٠" * 64])
def test_a_fingerprint_that_is_none_is_not_accepted(session: Session, pasted: str) -> None:
    with pytest.raises(Usage, match="root_malformed"):
        session.accept_root(pasted)
    assert "root_accepted" not in [e.act for e in session.entries()]


def test_a_public_root_needs_nobody_and_is_looked_at_once(
    session: Session, simulator: Simulator, front: Front, root: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificates, "public_roots", lambda: frozenset({root.sha256}))
    for biz_id in simulator.ids[:3]:
        assert fetched(session, biz_id, account="front")[biz_id].stage is Stage.KEPT
    assert (front.connections, front.requests, session.queue.requests) == (4, 3, 3)
    answer = session.casebook.open(simulator.ids[0]).answer
    assert answer is not None
    assert answer.tls["known_root"] is True


def test_certifis_roots_are_the_public_ones() -> None:
    public = certificates.public_roots()
    assert len(public) > 100
    blocks = re.findall(r"-----BEGIN CERT.*?-----END CERTIFICATE-----", certifi.contents(), re.DOTALL)
    assert public == {hashlib.sha256(ssl.PEM_cert_to_DER_cert(block)).hexdigest() for block in blocks}


def test_who_begins_to_read_along_later_is_noticed_on_every_connection(
    session: Session,
    simulator: Simulator,
    front: Front,
    root: Certificate,
    store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A computer carried from home into an office, between two batches of one session."""
    monkeypatch.setattr(certificates, "public_roots", lambda: frozenset({root.sha256}))
    first, *ids = sorted(simulator.ids[:5])
    assert fetched(session, first, account="front")[first].stage is Stage.KEPT
    spent = front.request_bytes
    office = certificate("Office", authority=True)
    store.write_bytes(root.pem + office.pem)
    front.context = certificate("127.0.0.1", office).context(tmp_path)
    session.queue.line.at_once = 1
    told = fetched(session, *ids, account="front")
    assert [told[i].stage for i in ids] == [Stage.NOT_SENT, *[Stage.QUEUED] * 3]
    errors = [told[i].error for i in ids]
    assert isinstance(errors[0], Intercepted)
    assert [error.wording for error in errors[1:] if error] == ["batch_stopped"] * 3
    assert front.request_bytes == spent
    with pytest.raises(Intercepted):
        fetched(session, *ids, account="front")
    session.accept_root(office.sha256)
    assert {r.stage for r in fetched(session, *ids, account="front").values()} == {Stage.KEPT}


def test_a_look_that_failed_opens_no_door(session: Session, simulator: Simulator, front: Front) -> None:
    """The look met nobody, the question met somebody: it sends nothing either."""
    front.greetings = [fronts.hang_up]
    told = fetched(session, simulator.ids[0], account="front")[simulator.ids[0]]
    assert told.stage is Stage.NOT_SENT
    assert isinstance(told.error, Intercepted)
    assert (front.handshakes, front.request_bytes, session.queue.requests) == (1, 0, 0)


def test_the_check_of_an_account_sends_its_secret_to_no_stranger(
    session: Session, front: Front, root: Certificate
) -> None:
    with pytest.raises(Intercepted):
        session.check_account("front")
    assert (front.handshakes, front.request_bytes) == (1, 0)
    session.accept_root(root.sha256, "front")
    session.check_account("front")
    assert front.requests == 1


def test_a_look_is_no_request_and_sends_nothing(
    front: Front, session: Session, root: Certificate, leaf: Certificate
) -> None:
    endpoint = session.accounts.endpoint(session.accounts.get("front"))
    facts = client.look(endpoint)
    assert (facts["leaf_sha256"], facts["root_sha256"], facts["known_root"]) == (
        leaf.sha256,
        root.sha256,
        False,
    )
    assert (front.connections, front.handshakes, front.request_bytes) == (1, 1, 0)


def test_where_python_tells_no_chain_the_root_is_said_to_be_unknown(
    front: Front, leaf: Certificate, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificates, "verified_chain", lambda line: [])
    with fronts.connected(front, store) as line:
        facts = certificates.facts_of(line)
    assert facts["leaf_sha256"] == leaf.sha256
    assert facts["known_root"] is None
    assert "root_sha256" not in facts
    certificates.refuse_strangers(facts, "host", ())


def test_the_chain_is_read_as_python_tells_it(
    front: Front, leaf: Certificate, root: Certificate, store: Path
) -> None:
    """By the private call before Python 3.13, by the public one, which gives bytes, from there on."""

    class Public:
        def __init__(self, chain: list[bytes] | None) -> None:
            self.chain = chain

        def get_verified_chain(self) -> list[bytes] | None:
            return self.chain

    ders = [ssl.PEM_cert_to_DER_cert(one.pem.decode()) for one in (leaf, root)]
    with fronts.connected(front, store) as line:
        assert certificates.verified_chain(line) == ders
    assert certificates.verified_chain(Public(ders)) == ders  # type: ignore[arg-type]
    assert certificates.verified_chain(Public(None)) == []  # type: ignore[arg-type]
    assert certificates.verified_chain(object()) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_openssls_chain_proves_nothing_where_the_system_verifies(
    front: Front, store: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    with fronts.connected(front, store) as line, monkeypatch.context() as patch:
        patch.setattr(sys, "platform", system)
        assert certificates.verified_chain(line) == []


# ---- the environment


def test_logged_tls_keys_stop_the_batch_before_anything_is_queued(
    session: Session,
    simulator: Simulator,
    front: Front,
    root: Certificate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.queue.roots.accept(root.sha256)
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    heard: list[object] = []
    session.queue.listener = heard.append
    ids = simulator.ids[:3]
    with pytest.raises(NotAsked, match="tls_keys_are_logged") as caught:
        session.queue.ask(ids, "front")  # type: ignore[arg-type]
    assert caught.value.exit_code == 3
    assert not heard
    assert nothing_happened(session, *ids)
    assert front.connections == 0
    assert not (tmp_path / "keys").exists()


def test_only_the_systems_roots_are_trusted(
    session: Session,
    simulator: Simulator,
    front: Front,
    store: Path,
    tmp_path: Path,
    root: Certificate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither those that the environment names for requests, nor those that requests brings along."""
    named = tmp_path / "named.pem"
    named.write_bytes(root.pem)
    store.write_bytes(certificate("Another", authority=True).pem)
    session.queue.roots.accept(root.sha256)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(named))
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(named))
    told = fetched(session, simulator.ids[0], account="front")[simulator.ids[0]]
    assert told.error is not None
    assert (told.stage, told.error.wording) == (Stage.NOT_SENT, "certificate_refused")
    assert front.request_bytes == 0


def test_proxies_and_passwords_of_the_environment_are_ignored(
    session: Session,
    simulator: Simulator,
    front: Front,
    root: Certificate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.accept_root(root.sha256, "front")
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password of-netrc\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    with Proxy() as proxy:
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert fetched(session, simulator.ids[0], account="front")[simulator.ids[0]].stage is Stage.KEPT
        assert proxy.connections == 0
    assert b"authorization" not in front.head.lower()


# ---- proxies


@dataclass(frozen=True)
class Tunnel:
    """A row of the fault matrix in which the proxy fails."""

    name: str
    reply: Greeting
    wording: str = "proxy_refused"


TUNNELS = [
    Tunnel("proxy refuses CONNECT", fronts.speaks(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")),
    Tunnel("proxy wants another password", fronts.speaks(b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n")),
    Tunnel("proxy redirects CONNECT", fronts.speaks(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n")),
    Tunnel("proxy is not well", fronts.speaks(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")),
    Tunnel("proxy speaks no HTTP", fronts.speaks(b"\x00\x01\x02\x03\r\n\r\n"), "unreachable"),
    Tunnel("proxy dies in CONNECT", fronts.dies, "unreachable"),
    Tunnel("proxy resets in CONNECT", fronts.reset_at_once, "unreachable"),
    Tunnel("proxy silent in CONNECT", fronts.silence, "timed_out"),
    Tunnel("proxy answers CONNECT in drips", fronts.drips(b"HTTP/1.1 200 O", b"K", 0.1), "timed_out"),
    Tunnel("proxy opens and closes", fronts.speaks(b"HTTP/1.1 200 OK\r\n\r\n"), "tls_failed"),
]  # fmt: skip


def through(session: Session, proxy: Proxy, password: str = PROXY_PASSWORD) -> None:
    session.queue._proxy = f"http://user:{password.replace('%', '%25')}@127.0.0.1:{proxy.port}"


def forms(secret: str) -> list[bytes]:
    """A secret raw, in UTF-16, percent-encoded and as Basic credentials have it."""
    basic = base64.b64encode(f"user:{secret}".encode())
    return [secret.encode(), secret.encode("utf-16-le"), secret.replace("%", "%25").encode(), basic]


@pytest.mark.parametrize("row", TUNNELS, ids=lambda row: row.name)
def test_what_ends_in_the_proxy_was_not_sent_and_tells_no_password(
    session: Session,
    simulator: Simulator,
    front: Front,
    root: Certificate,
    row: Tunnel,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    biz_id = simulator.ids[0]
    session.queue.roots.accept(root.sha256)
    session.queue._limits = IN_A_HURRY if row.wording == "timed_out" else PATIENT
    with Proxy(row.reply) as proxy:
        through(session, proxy)
        told = fetched(session, biz_id, account="front")[biz_id]
    heard = proxy.heard
    assert told.stage is Stage.NOT_SENT
    assert told.error is not None
    assert (front.connections, front.request_bytes, simulator.count(biz_id)) == (0, 0, 0)
    assert session.queue.requests == 0
    assert heard.count(b"CONNECT 127.0.0.1:") == heard.count(b"\r\n\r\n") == 2, (
        "a look and a question, no more"
    )
    assert b"get_result" not in heard
    assert told.error.wording == row.wording
    assert_untold(session, told.error, capfd, caplog)


def assert_untold(
    session: Session, error: ReviewError, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """The proxy's password stands in no error, no output, no log and no file of the vault."""
    said = "".join(traceback.format_exception(error)) + caplog.text + "".join(capfd.readouterr())
    said += repr(error.facts) + "".join(telling.sentence(error, words(lang)) for lang in LANGUAGES)
    chain: BaseException | None = error
    while chain is not None:
        said += repr(chain) + repr(chain.args)
        chain = chain.__context__ or chain.__cause__
    files = [path.read_bytes() for path in session.home.rglob("*") if path.is_file()]
    assert files
    for form in forms(PROXY_PASSWORD):
        assert form.decode("latin-1") not in said
        assert not any(form in file for file in files)


def test_a_proxy_that_wants_a_password_and_gets_a_wrong_one(
    session: Session, simulator: Simulator, front: Front, root: Certificate
) -> None:
    session.queue.roots.accept(root.sha256)
    with Proxy(credentials=f"user:{PROXY_PASSWORD}") as proxy:
        through(session, proxy, "wrong")
        told = fetched(session, simulator.ids[0], account="front")[simulator.ids[0]]
    assert told.error is not None
    assert (told.stage, told.error.wording) == (Stage.NOT_SENT, "proxy_refused")
    assert (proxy.tunnels, front.connections) == (0, 0)


def test_a_proxy_that_works_carries_one_request_and_reads_none(
    session: Session,
    simulator: Simulator,
    front: Front,
    root: Certificate,
    leaf: Certificate,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    biz_id = simulator.ids[0]
    session.queue.roots.accept(root.sha256)
    with Proxy(credentials=f"user:{PROXY_PASSWORD}") as proxy:
        through(session, proxy)
        assert fetched(session, biz_id, account="front")[biz_id].stage is Stage.KEPT
    assert (proxy.tunnels, front.connections, front.requests, simulator.count(biz_id)) == (2, 2, 1, 1)
    assert b"get_result" not in proxy.heard
    assert PROXY_PASSWORD.encode() not in front.head
    assert b"proxy-authorization" not in front.head.lower()
    answer = session.casebook.open(biz_id).answer
    assert answer is not None
    assert answer.sha256 == simulator.sha256_of_body(biz_id)
    assert answer.tls["leaf_sha256"] == leaf.sha256
    assert_untold(session, NotAsked("intercepted", host="", issuer="", root=""), capfd, caplog)


def test_a_proxy_in_tls_reads_none_and_hides_nobody(
    session: Session, simulator: Simulator, front: Front, root: Certificate, leaf: Certificate, tmp_path: Path
) -> None:
    biz_id = simulator.ids[0]
    with Proxy(context=certificate("127.0.0.1", root).context(tmp_path)) as proxy:
        session.queue._proxy = f"https://127.0.0.1:{proxy.port}"
        with pytest.raises(Intercepted):
            fetched(session, biz_id, account="front")
        # Its end of the handshake may still be counted after ours is over.
        assert front.request_bytes == 0
        session.accept_root(root.sha256)
        assert fetched(session, biz_id, account="front")[biz_id].stage is Stage.KEPT
    assert front.requests == 1
    assert b"get_result" not in proxy.heard
    answer = session.casebook.open(biz_id).answer
    assert answer is not None
    assert (answer.tls["leaf_sha256"], answer.tls["root_sha256"]) == (leaf.sha256, root.sha256)


def test_a_proxy_that_breaks_after_the_request_leaves_it_unknown(
    session: Session, simulator: Simulator, front: Front, root: Certificate
) -> None:
    session.queue.roots.accept(root.sha256)
    front.answer = fronts.says(b"", fronts.torn)
    with Proxy() as proxy:
        through(session, proxy)
        assert fetched(session, simulator.ids[0], account="front")[simulator.ids[0]].stage is Stage.UNKNOWN
    assert front.requests == 1


def test_plain_http_to_this_computer_goes_past_the_proxy(session: Session, simulator: Simulator) -> None:
    """In plain http a proxy would read the secret, and this computer needs none to reach itself."""
    with Proxy() as proxy:
        through(session, proxy)
        assert fetched(session, simulator.ids[0], account="practice")[simulator.ids[0]].stage is Stage.KEPT
    assert proxy.connections == 0


# ---- the command line


def test_the_command_line_says_who_reads_along_and_takes_a_persons_word(
    session: Session, simulator: Simulator, front: Front, root: Certificate, tmp_path: Path
) -> None:
    home, biz_id = session.home, simulator.ids[0]
    session.close()
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("a passphrase of ours\n")

    def run(*given: str) -> subprocess.CompletedProcess[str]:
        flags = ["--home", str(home), "--lang", "en", "--passphrase-file", str(passphrase)]
        command = [sys.executable, "-m", "faceid_review", *flags, "fetch", "--account", "front", *given]
        return subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), timeout=120)

    refused = run(biz_id)
    assert (refused.returncode, refused.stdout) == (3, "")
    assert root.sha256 in refused.stderr
    assert "Office Inspection Root" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert run("--accept-root", "12:34", biz_id).returncode == 2
    assert front.request_bytes == 0
    pasted = ":".join(root.sha256.upper()[i : i + 2] for i in range(0, 64, 2))
    assert run("--accept-root", pasted, biz_id).returncode == 0
    assert run(simulator.ids[1]).returncode == 0
    assert front.requests == 2
    with Session.open(home, "a passphrase of ours", keyring=False) as anew:
        (entry,) = [e for e in anew.entries() if e.act == "root_accepted"]
        assert entry.facts["issuer"] == "commonName=Office Inspection Root"

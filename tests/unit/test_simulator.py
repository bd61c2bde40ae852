"""The simulator on the wire: real sockets, each behaviour by what a client gets to see."""

import base64
import gzip
import hashlib
import http.client
import json
import socket
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest

from faceid_review.faceid.portraits import portrait
from faceid_review.faceid.simulator import EVERY_ID, PATH, Behaviour, Plot, RequestSeen, Simulator
from faceid_review.faceid.simulator.plots import FAILURES

PATIENCE = 20.0
"""Seconds after which an awaited event counts as missing."""


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    before = set(threading.enumerate())
    with Simulator(ids=30) as running:
        yield running
    assert running.mishaps == ()
    assert set(threading.enumerate()) <= before


def _query(simulator: Simulator, biz_id: str, **other: str) -> dict[str, str]:
    account = {"api_key": simulator.api_key, "api_secret": simulator.api_secret}
    return {**account, "biz_id": biz_id, "get_image_type": "2", **other}


def _open(simulator: Simulator, target: str, method: str = "GET") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=PATIENCE)
    connection.request(method, target, headers={"Connection": "close"})
    try:
        # asked to close, the connection leaves its socket to the response
        return connection.getresponse()
    except (OSError, http.client.HTTPException):
        connection.close()
        raise


def _ask(simulator: Simulator, biz_id: str, **other: str) -> tuple[int, bytes]:
    with _open(simulator, f"{PATH}?{urlencode(_query(simulator, biz_id, **other))}") as response:
        return response.status, response.read()


def _begin(simulator: Simulator, biz_id: str) -> http.client.HTTPResponse:
    return _open(simulator, f"{PATH}?{urlencode(_query(simulator, biz_id))}")


def _message(answer: tuple[int, bytes]) -> tuple[int, str]:
    status, body = answer
    found = json.loads(body)
    assert set(found) == {"error_message", "request_id", "time_used"}
    return status, found["error_message"]


def _pictures(body: bytes) -> dict[str, bytes]:
    images = json.loads(body)["images"]
    return {
        role: base64.b64decode(uri.removeprefix("data:image/jpeg;base64,")) for role, uri in images.items()
    }


def test_answers_once(simulator: Simulator) -> None:
    first, other = simulator.ids[:2]
    status, body = _ask(simulator, first)
    assert status == 200
    assert json.loads(body)["biz_id"] == first
    assert _message(_ask(simulator, first)) == (400, "RESULT_NOT_FOUND")
    assert (simulator.count(first), simulator.count(other)) == (2, 0)
    assert (simulator.spent(first), simulator.spent(other)) == (True, False)
    assert [seen.answered for seen in simulator.requests] == [200, 400]
    # the digest stays the one of the answer
    assert simulator.sha256_of_body(first) == hashlib.sha256(body).hexdigest()
    digests = {role: hashlib.sha256(jpeg).hexdigest() for role, jpeg in _pictures(body).items()}
    assert simulator.sha256_of_pictures(first) == digests
    assert len(set(digests.values())) == 4


def test_writes_json_as_the_vendor_does(simulator: Simulator) -> None:
    for biz_id in simulator.ids[:6]:
        _, body = _ask(simulator, biz_id, get_image_type="0")
        assert body.isascii()
        assert json.dumps(json.loads(body)).encode() == body
    simulator.behave(EVERY_ID, Behaviour.error("AUTHORIZATION_ERROR:无权"))
    assert b"\\u65e0" in _ask(simulator, simulator.ids[7])[1]


@pytest.mark.parametrize(
    ("image_type", "roles"),
    [
        ("0", None),
        ("1", {"image_best"}),
        ("2", {"image_best", "image_action1", "image_action2", "image_action3"}),
    ],
)
def test_sends_the_pictures_asked_for(simulator: Simulator, image_type: str, roles: set[str] | None) -> None:
    _, body = _ask(simulator, simulator.ids[0], get_image_type=image_type)
    images = json.loads(body)["images"]
    assert (None if images is None else set(images)) == roles


def test_sends_no_picture_unless_asked(simulator: Simulator) -> None:
    query = _query(simulator, simulator.ids[0])
    del query["get_image_type"]
    with _open(simulator, f"{PATH}?{urlencode(query)}") as response:
        assert json.loads(response.read())["images"] is None


@pytest.mark.parametrize("name", ["api_key", "api_secret", "biz_id"])
def test_names_a_missing_argument(simulator: Simulator, name: str) -> None:
    query = _query(simulator, simulator.ids[0])
    del query[name]
    with _open(simulator, f"{PATH}?{urlencode(query)}") as response:
        assert _message((response.status, response.read())) == (400, f"MISSING_ARGUMENTS: {name}")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"api_key": "other"}, (403, "AUTHENTICATION_ERROR")),
        ({"api_secret": "other"}, (403, "AUTHENTICATION_ERROR")),
        ({"get_image_type": "3"}, (400, "BAD_ARGUMENTS:get_image_type")),
        ({"get_image_type": "two"}, (400, "BAD_ARGUMENTS:get_image_type")),
    ],
)
def test_a_refused_question_spends_nothing(
    simulator: Simulator, wrong: dict[str, str], expected: tuple[int, str]
) -> None:
    biz_id = simulator.ids[0]
    assert _message(_ask(simulator, biz_id, **wrong)) == expected
    assert not simulator.spent(biz_id)
    assert _ask(simulator, biz_id)[0] == 200


def test_knows_neither_strangers_nor_the_expired(simulator: Simulator) -> None:
    (expired,) = simulator.fresh_ids(1, age=86_500)
    for biz_id in ("1462259748,52b13fb5-8dfb-4537-a62b-a641d5e929f1", expired, "no id"):
        assert _message(_ask(simulator, biz_id)) == (400, "RESULT_NOT_FOUND")


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", PATH + "/"), ("POST", PATH)])
def test_has_one_address(simulator: Simulator, method: str, path: str) -> None:
    with _open(simulator, f"{path}?{urlencode(_query(simulator, simulator.ids[0]))}", method) as response:
        assert _message((response.status, response.read())) == (404, "API_NOT_FOUND")


@pytest.mark.parametrize("secret", ["a+b/c==&d%2B e", "密钥&=é𠮷", "#?;:\"\\'<>", "%E5%AF%86"])
def test_a_secret_arrives_only_if_it_was_encoded(secret: str) -> None:
    with Simulator(ids=2, api_secret=secret) as simulator:
        assert _ask(simulator, simulator.ids[0])[0] == 200
        assert simulator.requests[0].parameters["api_secret"] == secret
        if "+" in secret or "%" in secret:
            raw = f"{PATH}?{urlencode(_query(simulator, simulator.ids[1], api_secret=''))}"
            target = raw.replace("api_secret=", f"api_secret={secret}").replace(" ", "%20")
            with _open(simulator, target) as response:
                assert response.status == 403


def test_a_plus_in_the_query_is_a_blank(simulator: Simulator) -> None:
    with _open(simulator, f"{PATH}?biz_id=a+b%2Bc&note=%E5%AF%86&note=last") as response:
        response.read()
    (seen,) = simulator.requests
    assert (seen.biz_id, seen.parameters["note"], seen.path, seen.method) == ("a b+c", "last", PATH, "GET")
    assert seen.target == f"{PATH}?biz_id=a+b%2Bc&note=%E5%AF%86&note=last"


def test_keeps_the_secret_to_itself(simulator: Simulator, capfd: pytest.CaptureFixture[str]) -> None:
    _ask(simulator, simulator.ids[0])
    shown = repr(simulator) + repr(simulator.requests) + str(simulator.requests[0])
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")
    assert simulator.requests[0].headers["Host"] == f"127.0.0.1:{simulator.port}"
    for form in (simulator.api_secret, urlencode({"": simulator.api_secret})[1:]):
        assert form not in shown


def test_the_second_session_is_the_vendors_sample(simulator: Simulator) -> None:
    _, body = _ask(simulator, simulator.ids[1])
    assert body.count(b'"confidence": 68.91876,') == 2
    assert b'{"1e-5": 74, "1e-4": 69, "1e-3": 64}' in body
    answer = json.loads(body)
    verify = answer["verify_result"]
    compared = {"confidence": 68.91876, "thresholds": {"1e-3": 64, "1e-4": 69, "1e-5": 74}}
    assert (verify["result_faceid"], verify["result_ref1"]) == (compared, compared)
    assert verify["face_genuineness"] == {
        "synthetic_face_confidence": 0.88,
        "synthetic_face_threshold": 0.5,
        "mask_confidence": 0.32,
        "mask_threshold": 0.5,
        "screen_replay_confidence": 0.33,
        "screen_replay_threshold": 0.5,
    }
    assert "id_exceptions" not in verify
    assert (answer["time_used"], verify["time_used"]) == (93, 1020)
    began = int(simulator.ids[1].partition(",")[0])
    assert answer["liveness_result"] == {
        "failure_reason": None,
        "log": f"{began + 1}\n0:A\n2596:M\n3862:E\n8148:P\n9446:O\n",
        "result": "success",
        "version": "MegLive 2.4.0L",
    }


def test_the_first_five_are_set_for_the_demo(simulator: Simulator) -> None:
    first, _, third, fourth, fifth = (simulator.session(biz_id) for biz_id in simulator.ids[:5])
    for clean in (first, fourth):
        verify = clean.answer["verify_result"]
        for compared in (value for name, value in verify.items() if name.startswith("result_")):
            assert compared["confidence"] > compared["thresholds"]["1e-5"]
    assert fourth.person.glasses
    assert (third.answer["liveness_result"]["failure_reason"], third.poses) == (
        "not_video",
        (("image_best", "front"),),
    )
    assert third.answer["verify_result"] is None
    flags = fifth.answer["verify_result"]["face_genuineness"]
    assert flags["mask_confidence"] > flags["mask_threshold"]
    assert fifth.answer["liveness_result"]["result"] == "success"


def test_the_mix_is_worth_reviewing() -> None:
    simulator = Simulator(ids=205)
    sessions = [simulator.session(biz_id) for biz_id in simulator.ids]
    plots = Counter(session.plot for session in sessions)
    assert set(plots) == set(Plot)
    assert 105 <= plots[Plot.PASS] <= 120
    reasons = {session.answer["liveness_result"]["failure_reason"] for session in sessions}
    assert reasons - {None, ""} == {reason for reason, _ in FAILURES}
    checked = [s.answer["verify_result"] for s in sessions if s.answer["verify_result"]]
    assert len({v["error"] for v in checked if "error" in v}) > 5
    compared = [v[name] for v in checked for name in ("result_faceid", "result_ref1") if name in v]
    assert {len(one["thresholds"]) for one in compared} == {3, 4}
    assert len({tuple(one["thresholds"]) for one in compared}) > 4
    assert len({one["thresholds"]["1e-3"] for one in compared}) > 3
    assert {("result_faceid" in v, "result_ref1" in v) for v in checked if "error" not in v} == {
        (True, False),
        (True, True),
        (False, True),
    }
    for present in ("id_exceptions", "face_genuineness"):
        assert {present in v for v in checked if "error" not in v} == {True, False}
    assert {"screen_replay_confidence" in v.get("face_genuineness", {}) for v in checked} == {True, False}
    assert {"datetime" in s.answer["liveness_result"] for s in sessions} == {True, False}
    assert any(not s.answer["biz_extra_data"].isascii() for s in sessions)
    assert len({s.answer["biz_no"] for s in sessions}) == len(sessions)
    for session in sessions:
        _check_bands(session.plot, session.answer["verify_result"])
        _check_log(session.answer["liveness_result"], session.poses)


def _check_bands(plot: Plot, verify: dict[str, Any] | None) -> None:
    passed = {
        Plot.PASS: 3,
        Plot.FLAGGED: 3,
        Plot.BETWEEN_1E4_AND_1E5: 2,
        Plot.BETWEEN_1E3_AND_1E4: 1,
        Plot.BELOW_1E3: 0,
    }
    for compared in (value for name, value in (verify or {}).items() if name.startswith("result_")):
        steps = [compared["thresholds"][name] for name in ("1e-3", "1e-4", "1e-5")]
        if plot in passed:
            assert sum(compared["confidence"] > step for step in steps) == passed[plot]


def _check_log(liveness: dict[str, Any], poses: tuple[tuple[str, str], ...] | None) -> None:
    lines = liveness["log"].splitlines()[1:]
    at = [int(line.partition(":")[0]) for line in lines]
    letters = "".join(line.partition(":")[2] for line in lines)
    assert at == sorted(at)
    assert (at[0], letters[0]) == (0, "A")
    if liveness["result"] == "success":
        actions = letters.strip("AO")
        expected = [(f"image_action{number}", letter) for number, letter in enumerate(actions, start=1)]
        assert poses == (*expected, ("image_best", "front"))
        assert letters[-1] == "O"
    else:
        assert letters[-1] in "nbtmolc"
        assert poses == (
            None if liveness["failure_reason"] == "interrupt_in_mirro_state" else (("image_best", "front"),)
        )


def test_ids_lie_all_over_the_last_day_and_come_from_the_seed() -> None:
    now = 1_795_000_000
    one, same, other = (Simulator(seed=seed, ids=60, now=now) for seed in (1, 1, 2))
    assert one.ids == same.ids
    assert [one.session(b).answer for b in one.ids] == [same.session(b).answer for b in same.ids]
    assert not set(one.ids) & set(other.ids)
    assert (
        (one.api_key, one.api_secret) == (same.api_key, same.api_secret) != (other.api_key, other.api_secret)
    )
    ages = [now - int(biz_id.partition(",")[0]) for biz_id in one.ids]
    assert all(age < 600 for age in ages[:5])
    assert 22.5 * 3600 < max(ages) < 24 * 3600 - 1800
    assert all(any(hour * 3600 <= age < (hour + 4) * 3600 for age in ages) for hour in range(0, 24, 4))
    assert one.fresh_ids(3) == same.fresh_ids(3)


def test_five_thousand_ids_are_made_without_drawing_anybody() -> None:
    before = portrait.cache_info().misses
    simulator = Simulator(ids=5000)
    more = simulator.fresh_ids(3)
    assert len(set(simulator.ids)) == 5003
    assert simulator.ids[-3:] == more
    assert portrait.cache_info().misses == before


def test_fresh_ids_can_be_asked_at_once(simulator: Simulator) -> None:
    for biz_id in simulator.fresh_ids(2):
        assert time.time() - int(biz_id.partition(",")[0]) < 900
        assert _ask(simulator, biz_id)[0] == 200


def test_slow_hang_stall_and_drip_wait_until_released(simulator: Simulator) -> None:
    faults = (Behaviour.slow(3600), Behaviour.hang(), Behaviour.stall(1000), Behaviour.drip(3600))
    for number, fault in enumerate(faults):
        simulator.behave(simulator.ids[number], fault)
    with ThreadPoolExecutor() as pool:
        waiting = [pool.submit(_ask, simulator, biz_id) for biz_id in simulator.ids[:4]]
        assert simulator.wait_for_requests(4, PATIENCE)
        assert simulator.wait_until_held(2, PATIENCE)
        assert not any(one.done() for one in waiting)
        simulator.release()
        answers = [one.result(PATIENCE) for one in waiting]
    for biz_id, (status, body) in zip(simulator.ids, answers, strict=False):
        assert (status, json.loads(body)["biz_id"]) == (200, biz_id)
        assert simulator.sha256_of_body(biz_id) == hashlib.sha256(body).hexdigest()


def test_a_stall_sends_exactly_its_part_first(simulator: Simulator) -> None:
    biz_id = simulator.ids[0]
    simulator.behave(biz_id, Behaviour.stall(fraction=0.5))
    with _begin(simulator, biz_id) as response:
        length = int(response.headers["Content-Length"])
        part = response.read(length // 2)
        assert simulator.wait_until_held(1, PATIENCE)
        assert simulator.sha256_of_body(biz_id) == hashlib.sha256(part).hexdigest()
        simulator.release(biz_id)
        assert len(part + response.read()) == length


def test_stop_frees_whoever_is_held() -> None:
    before = set(threading.enumerate())
    simulator = Simulator(ids=8).start()
    simulator.behave(simulator.ids[0], Behaviour.hang())
    simulator.behave(simulator.ids[1], Behaviour.stall(10))
    simulator.behave(simulator.ids[2], Behaviour.drip(3600))
    idle = socket.create_connection(("127.0.0.1", simulator.port), timeout=PATIENCE)
    with ThreadPoolExecutor() as pool:
        waiting = [pool.submit(_ask, simulator, biz_id) for biz_id in simulator.ids[:3]]
        assert simulator.wait_for_requests(3, PATIENCE)
        assert simulator.wait_until_held(2, PATIENCE)
        simulator.stop()
        simulator.stop()
        simulator.wait()
        for one in waiting:
            assert isinstance(one.exception(PATIENCE), (http.client.HTTPException, ConnectionError))
    with idle:
        assert idle.recv(1) == b""
    assert set(threading.enumerate()) <= before
    assert simulator.mishaps == ()


def test_starts_again_on_its_port_with_its_memory(simulator: Simulator) -> None:
    port, (first, second) = simulator.port, simulator.ids[:2]
    assert _ask(simulator, first)[0] == 200
    simulator.stop()
    with pytest.raises(ConnectionRefusedError):
        _ask(simulator, second)
    assert simulator.start().port == port
    assert _ask(simulator, first)[0] == 400
    assert _ask(simulator, second)[0] == 200


def test_a_taken_port_is_an_os_error(simulator: Simulator) -> None:
    with pytest.raises(OSError, match=r".+"):
        Simulator(port=simulator.port).start()


@pytest.mark.parametrize("spends", [True, False])
def test_close_ends_without_a_status(simulator: Simulator, spends: bool) -> None:
    biz_id = simulator.ids[0]
    simulator.behave(biz_id, Behaviour.close() if spends else Behaviour.close().unspent())
    with pytest.raises(http.client.RemoteDisconnected):
        _ask(simulator, biz_id)
    assert (simulator.count(biz_id), simulator.requests[0].answered) == (1, None)
    assert simulator.spent(biz_id) is spends


def test_reset_and_reset_in_body(simulator: Simulator) -> None:
    simulator.behave(simulator.ids[0], Behaviour.reset())
    with pytest.raises(ConnectionResetError):
        _ask(simulator, simulator.ids[0])
    simulator.behave(simulator.ids[1], Behaviour.reset_in_body(50_000))
    with _begin(simulator, simulator.ids[1]) as response, pytest.raises(ConnectionResetError):
        response.read()
    assert response.status == 200


@pytest.mark.parametrize(("fault", "expected"), [(Behaviour.cut(777), 777), (Behaviour.cut(0), 0)])
def test_cut_with_a_length(simulator: Simulator, fault: Behaviour, expected: int) -> None:
    simulator.behave(simulator.ids[0], fault)
    with pytest.raises(http.client.IncompleteRead) as caught:
        _ask(simulator, simulator.ids[0])
    assert len(caught.value.partial) == expected
    missing = caught.value.expected
    assert missing is not None
    assert missing > 100_000


def test_cut_without_a_length_looks_complete(simulator: Simulator) -> None:
    simulator.behave(simulator.ids[0], Behaviour.cut(fraction=0.3, with_length=False))
    with _begin(simulator, simulator.ids[0]) as response:
        assert response.headers["Content-Length"] is None
        body = response.read()
    assert simulator.sha256_of_body(simulator.ids[0]) == hashlib.sha256(body).hexdigest()
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


def test_a_length_may_promise_too_much(simulator: Simulator) -> None:
    simulator.behave(simulator.ids[0], Behaviour.longer_length(55))
    with pytest.raises(http.client.IncompleteRead) as caught:
        _ask(simulator, simulator.ids[0])
    assert caught.value.expected == 55
    assert json.loads(caught.value.partial)["biz_id"] == simulator.ids[0]


def test_drip_sends_single_bytes(simulator: Simulator) -> None:
    simulator.behave(simulator.ids[0], Behaviour.drip(0.0001))
    _, body = _ask(simulator, simulator.ids[0], get_image_type="0")
    assert json.loads(body)["biz_id"] == simulator.ids[0]


def test_chunks_whole_and_cut(simulator: Simulator) -> None:
    simulator.behave(simulator.ids[0], Behaviour.chunked())
    with _begin(simulator, simulator.ids[0]) as response:
        assert response.headers["Transfer-Encoding"] == "chunked"
        assert json.loads(response.read())["biz_id"] == simulator.ids[0]
    simulator.behave(simulator.ids[1], Behaviour.chunked(cut_after=100))
    with pytest.raises(http.client.IncompleteRead) as caught:
        _ask(simulator, simulator.ids[1])
    assert len(caught.value.partial) == 100


def test_gzip_whole_cut_and_bomb(simulator: Simulator) -> None:
    simulator.behave(simulator.ids[0], Behaviour.gzip())
    with _begin(simulator, simulator.ids[0]) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert json.loads(gzip.decompress(response.read()))["biz_id"] == simulator.ids[0]
    simulator.behave(simulator.ids[1], Behaviour.gzip(cut_after=5000))
    _, body = _ask(simulator, simulator.ids[1])
    assert len(body) == 5000
    with pytest.raises(EOFError):
        gzip.decompress(body)
    simulator.behave(simulator.ids[2], Behaviour.gzip_bomb(20))
    _, bomb = _ask(simulator, simulator.ids[2])
    assert len(bomb) < 40_000
    # a single member, so that decoders which stop after the first one explode as well
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert len(json.loads(unpacker.decompress(bomb))["biz_extra_data"]) == 20 * 1024 * 1024
    assert (unpacker.eof, unpacker.unused_data) == (True, b"")


@pytest.mark.parametrize("with_length", [True, False])
def test_a_huge_body_is_made_while_it_is_sent(simulator: Simulator, with_length: bool) -> None:
    simulator.behave(simulator.ids[0], Behaviour.huge(3, with_length=with_length))
    with _begin(simulator, simulator.ids[0]) as response:
        assert (response.headers["Content-Length"] is not None) is with_length
        assert len(json.loads(response.read())["biz_extra_data"]) == 3 * 1024 * 1024
    assert not simulator.spent(simulator.ids[0])


@pytest.mark.parametrize("status", [301, 302, 307])
def test_redirects(simulator: Simulator, status: int) -> None:
    simulator.behave(simulator.ids[0], Behaviour.redirect("http://127.0.0.1:1/elsewhere", status))
    with _begin(simulator, simulator.ids[0]) as response:
        assert (response.status, response.headers["Location"]) == (status, "http://127.0.0.1:1/elsewhere")


def test_any_status_headers_and_bytes(simulator: Simulator) -> None:
    biz_id = simulator.ids[0]
    simulator.behave(biz_id, Behaviour.busy(429, retry_after=7))
    with _begin(simulator, biz_id) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "7")
    simulator.behave(biz_id, Behaviour.answer(b"", status=407, headers=(("Proxy-Authenticate", "Basic"),)))
    assert _ask(simulator, biz_id) == (407, b"")
    simulator.behave(biz_id, Behaviour.html())
    with _begin(simulator, biz_id) as response:
        assert (response.status, response.headers["Content-Type"]) == (200, "text/html")
        assert response.read().startswith(b"<!DOCTYPE html>")
    simulator.behave(biz_id, Behaviour.answer(b"\xff\x00 not json", with_length=False))
    assert _ask(simulator, biz_id) == (200, b"\xff\x00 not json")
    simulator.behave(biz_id, Behaviour.error("RESULT_NOT_FOUND", status=200))
    assert _message(_ask(simulator, biz_id)) == (200, "RESULT_NOT_FOUND")
    simulator.behave(biz_id, None)
    assert _ask(simulator, biz_id)[0] == 200


@pytest.mark.parametrize(
    ("message", "status"),
    [("AUTHORIZATION_ERROR:Denied.", 403), ("INTERNAL_ERROR", 500), ("CONCURRENCY_LIMIT_EXCEEDED", 403)],
)
def test_refuses_for_everybody_and_only_as_often_as_told(
    simulator: Simulator, message: str, status: int
) -> None:
    simulator.behave(EVERY_ID, Behaviour.error(message).for_requests(2))
    answers = [_ask(simulator, biz_id) for biz_id in simulator.ids[:3]]
    assert [_message(answer) for answer in answers[:2]] == [(status, message)] * 2
    assert answers[2][0] == 200


def test_refuses_once_then_answers(simulator: Simulator) -> None:
    simulator.behave(simulator.ids[0], Behaviour.refuse_once())
    assert _message(_ask(simulator, simulator.ids[0])) == (403, "CONCURRENCY_LIMIT_EXCEEDED")
    assert _ask(simulator, simulator.ids[0])[0] == 200


def test_refuses_more_at_once_than_its_limit(simulator: Simulator) -> None:
    simulator.concurrency_limit = 2
    for biz_id in simulator.ids[:2]:
        simulator.behave(biz_id, Behaviour.hang())
    with ThreadPoolExecutor() as pool:
        waiting = [pool.submit(_ask, simulator, biz_id) for biz_id in simulator.ids[:2]]
        assert simulator.wait_until_held(2, PATIENCE)
        assert _message(_ask(simulator, simulator.ids[2])) == (403, "CONCURRENCY_LIMIT_EXCEEDED")
        assert not simulator.spent(simulator.ids[2])
        simulator.release()
        assert [one.result(PATIENCE)[0] for one in waiting] == [200, 200]
    assert simulator.most_at_once == 3
    for biz_id in simulator.ids[2:6]:
        assert _ask(simulator, biz_id)[0] == 200


def test_one_id_asked_by_many_at_once_is_answered_once() -> None:
    with Simulator(ids=1, concurrency_limit=None) as simulator, ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: _ask(simulator, simulator.ids[0]), range(6)))
        orders = [seen.order for seen in simulator.requests]
    assert sorted(status for status, _ in answers) == [200, *[400] * 5]
    assert orders == [1, 2, 3, 4, 5, 6]


def test_one_connection_may_carry_several_questions(simulator: Simulator) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=PATIENCE)
    statuses = []
    for biz_id in (*simulator.ids[:2], simulator.ids[0]):
        connection.request("GET", f"{PATH}?{urlencode(_query(simulator, biz_id, get_image_type='0'))}")
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
    connection.close()
    assert statuses == [200, 200, 400]


def test_waiting_for_a_request_that_does_not_come_ends(simulator: Simulator) -> None:
    assert not simulator.wait_for_requests(1, 0.01)
    assert not simulator.wait_until_held(1, 0.01)
    assert simulator.requests == ()


def test_a_request_seen_is_a_value() -> None:
    seen = RequestSeen(1, 0.0, "GET", PATH, None, None)
    with pytest.raises(AttributeError):
        seen.order = 2  # type: ignore[misc]

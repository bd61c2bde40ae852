"""An answer as a tree: to the digit, every name, pictures folded, and nothing that breaks it."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceid_review.faceid import raw
from faceid_review.faceid.raw import Kind, Node
from faceid_review.faceid.result import VerificationResult

JPEG = b"\xff\xd8\xff\xe0" + bytes(200)
URI = f"data:image/jpeg;base64,{base64.b64encode(JPEG).decode()}"


def tree(body: str | bytes) -> Node:
    read = raw.read(body.encode() if isinstance(body, str) else body)
    assert read.root is not None
    return read.root


def every(node: Node) -> list[Node]:
    return [found for found in raw.search(node, "") if found is not None]


def test_digits_and_names_are_as_sent() -> None:
    root = tree('{"a": 0.880, "b": 1E+2, "c": -0, "d": NaN, "e": 68.918760000000000000001, "": true}')
    assert [node.literal(100) for node in every(root)] == [
        "0.880", "1E+2", "-0", "NaN", "68.918760000000000000001", "true",
    ]  # fmt: skip
    assert [node.pointer for node in every(root)] == ["/a", "/b", "/c", "/d", "/e", "/"]


def test_a_name_that_occurs_twice_is_there_twice_and_the_last_is_found() -> None:
    root = tree('{"a": 1, "b": 2, "a": 3}')
    assert [(n.name, n.literal(9), n.twice) for n in every(root)] == [
        ("a", "1", True), ("b", "2", False), ("a", "3", True),
    ]  # fmt: skip
    found = raw.find(root, "/a")
    assert found is not None
    assert found.literal(9) == "3"


def test_pointers_are_those_of_rfc_6901() -> None:
    sent = '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8}'
    root = tree(sent)
    for pointer, value in {
        "/foo": '[\n  "bar",\n  "baz"\n]', "/foo/0": '"bar"', "/": "0", "/a~1b": "1", "/c%d": "2", "/e^f": "3",
        "/g|h": "4", "/i\\j": "5", '/k"l': "6", "/ ": "7", "/m~0n": "8",
    }.items():  # fmt: skip
        node = raw.find(root, pointer)
        assert node is not None, pointer
        assert node.literal(100) == value
        assert node.pointer == pointer
    for nowhere in ("/foo/2", "/foo/-", "/foo/x", "/none", "/a/b", "/foo/0/0", "/foo/١"):
        assert raw.find(root, nowhere) is None
    assert raw.find(root, "") is root


def test_pictures_are_folded_to_what_the_reader_says_of_them() -> None:
    body = json.dumps(
        {"images": {"image_best": URI, "image_action1": "AAAA"}, "other": {"deep": URI}}
    ).encode()
    root = tree(body)
    read = {p.pointer: p for p in VerificationResult.read(body).photographs}
    for pointer in ("/images/image_best", "/images/image_action1"):
        node = raw.find(root, pointer)
        assert node is not None
        assert node.kind is Kind.PICTURE
        assert (node.value.size, node.value.sha256) == (len(read[pointer].data), read[pointer].sha256)
    deep = raw.find(root, "/other/deep")
    assert deep is not None
    assert deep.value == raw.Picture(len(JPEG), hashlib.sha256(JPEG).hexdigest(), "image/jpeg")


def test_what_is_no_base64_stays_the_text_it_is() -> None:
    node = raw.find(tree(json.dumps({"images": {"image_best": URI[:-1] + "*"}})), "/images/image_best")
    assert node is not None
    assert node.kind is Kind.TEXT


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "empty"),
        (b"<html>", "not_json"),
        (b"\xff\xfe\x00", "not_json"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b'{"a": 1} {', "not_json"),
    ],
)
def test_what_is_no_tree_says_why(body: bytes, problem: str) -> None:
    read = raw.read(body)
    assert read.root is None
    assert read.problem == problem
    assert read.body == body


def test_an_answer_that_is_not_held_in_memory_says_so() -> None:
    assert raw.read(b"", 20_000_000).problem == "too_long"


def test_a_cut_answer_shows_what_came_and_where_it_ends() -> None:
    body = json.dumps({"biz_id": "1,a", "liveness_result": {"result": "success", "log": "1\n0:A\n"}})
    read = raw.read(body[: body.index("0:A")].encode())
    assert read.problem == "cut"
    assert read.root is not None
    assert [(n.pointer, n.kind) for n in every(read.root)] == [
        ("/biz_id", Kind.TEXT),
        ("/liveness_result", Kind.OBJECT),
        ("/liveness_result/result", Kind.TEXT),
        ("/liveness_result/log", Kind.CUT),
    ]
    log = raw.find(read.root, "/liveness_result/log")
    assert log is not None
    assert log.value.begun == "1\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32-le"])
def test_every_encoding_of_json_is_read(encoding: str) -> None:
    node = raw.find(tree('{"a": "点头"}'.encode(encoding)), "/a")
    assert node is not None
    assert node.value == "点头"


def test_search_finds_names_texts_digits_and_hashes() -> None:
    sha = hashlib.sha256(JPEG).hexdigest()
    root = tree(
        json.dumps({"Liveness": {"log": "0:A"}, "n": [68.91876, None], "images": {"image_best": URI}})
    )

    def found(needle: str) -> list[str]:
        return [node.pointer for node in raw.search(root, needle) if node]

    assert found("LIVE") == ["/Liveness"]
    assert found("0:a") == ["/Liveness/log"]
    assert found("918") == ["/n/0"]
    assert found("null") == ["/n/1"]
    assert found(sha[5:20].upper()) == ["/images/image_best"]
    assert found("nothing of it") == []


def test_the_way_to_a_value_leads_back_to_it() -> None:
    root = tree('{"a": [{"b": 1}, {"b": [2, 3]}], "a": {"c": [4]}}')
    for node in every(root):
        back = root
        for row in node.rows():
            back = back.child(row)
        assert back.literal(99) == node.literal(99)
        assert back.pointer == node.pointer


def test_pieces_tear_no_character_and_lose_no_byte() -> None:
    body = "点头é𠮷x".encode() * 3000
    count = raw.pieces(len(body))
    assert "".join(raw.text_piece(body, n) for n in range(count)).encode() == body
    noise = bytes(range(256)) * 40
    assert not raw.is_text(noise)
    rows = "\n".join(raw.hex_piece(noise, n) for n in range(raw.pieces(len(noise)))).split("\n")
    assert b"".join(bytes.fromhex(row[9:32]) for row in rows) == noise
    assert rows[1].startswith("0000008  08 09")


def test_a_pretty_print_is_the_json_it_came_from_and_is_cut_where_it_is_long() -> None:
    value = {"a": [1, {"b": "c\n"}, []], "d": {}, "e": [[]]}
    assert json.loads(tree(json.dumps(value)).literal(1000)) == value
    long = tree(json.dumps({"a": list(range(100_000))})).literal(500)
    assert len(long) < 600
    assert long.endswith("…")


values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def test_where_it_was_cut_hides_no_value_of_the_same_name() -> None:
    read = raw.read(b'{"": {"a": 1}')
    assert read.problem == "cut"
    assert read.root is not None
    inner, end = (read.root.child(row) for row in range(read.root.count))
    found = raw.find(read.root, "//a")
    assert found is not None
    assert found.rows() == inner.child(0).rows()
    assert (inner.twice, end.twice) == (False, False)


@given(values, st.integers(0, 200), st.binary(max_size=40))
def test_nothing_that_is_sent_breaks_it(value: Any, cut: int, noise: bytes) -> None:
    whole = json.dumps(value).encode()
    for body in (whole, whole[:cut], noise, whole + noise):
        read = raw.read(body)
        if read.root is None:
            assert read.problem
            continue
        for node in every(read.root):
            assert raw.find(read.root, node.pointer) is not None
            node.literal(50)


@given(values)
def test_a_tree_holds_what_was_sent(value: Any) -> None:
    if isinstance(value, float) or (isinstance(value, dict | list) and "NaN" in json.dumps(value)):
        return
    assert json.loads(tree(json.dumps(value)).literal(10**6)) == value

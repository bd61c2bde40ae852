"""The liveness log: what it says, in order, and nothing that it does not say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceid_review.faceid.liveness_log import read

SAMPLE = "1462259749\n0:A\n2596:M\n3862:E\n8148:P\n9446:O\n"


def test_the_sample() -> None:
    log = read(SAMPLE)
    assert (log.began, log.unread) == (1462259749, 0)
    assert [(m.at_ms, m.letter, m.lasted_ms) for m in log.moments] == [
        (0, "A", 2596), (2596, "M", 1266), (3862, "E", 4286), (8148, "P", 1298), (9446, "O", None),
    ]  # fmt: skip
    assert [m.letter for m in log.actions] == ["M", "E", "P"]


def test_pictures_belong_to_actions_in_order() -> None:
    log = read(SAMPLE)
    letters = [action.letter if (action := log.action_of_picture(n)) else None for n in range(-1, 6)]
    assert letters == [None, None, "M", "E", "P", None, None]


@pytest.mark.parametrize("end", ["\n", "\r\n", "", " \n", "\n\n\n"])
def test_line_ends_of_all_kinds(end: str) -> None:
    assert read(SAMPLE.rstrip("\n").replace("\n", end or "\n") + end) == read(SAMPLE)


@pytest.mark.parametrize(
    ("log", "began", "moments", "unread"),
    [
        ("", None, 0, 0),
        ("\n \n", None, 0, 0),
        ("0:A\n5:O", None, 2, 0),
        ("1462259749", 1462259749, 0, 0),
        ("1462259749\nrubbish\n0:A\n-5:M\n1.5:E\n7:AB\n8:\n:A\n9 : P", 1462259749, 1, 7),
        ("rubbish\n0:A", None, 1, 1),
        ("１４６２\n０:A\n0：A", None, 0, 3),
        ("9" * 13 + "\n" + "9" * 13 + ":A", None, 0, 2),
        ("1462259749\n1462259750\n0:A", 1462259749, 1, 1),
        ("<b>PASS</b>\n0:A\u202e", None, 0, 2),
    ],
)
def test_what_cannot_be_read_is_counted(log: str, began: int | None, moments: int, unread: int) -> None:
    found = read(log)
    assert (found.began, len(found.moments), found.unread) == (began, moments, unread)


def test_letters_nobody_knows_are_moments_but_no_actions() -> None:
    log = read("0:A\n1:Z\n2:q\n3:M\n4:t")
    assert [m.letter for m in log.moments] == ["A", "Z", "q", "M", "t"]
    assert [m.letter for m in log.actions] == ["M"]


def test_a_log_that_goes_back_in_time_is_shown_as_it_is() -> None:
    """Nothing is sorted and nothing is mended; how long such a moment lasted is then below nothing."""
    assert [(m.at_ms, m.lasted_ms) for m in read("5:A\n3:M\n3:O").moments] == [(5, -2), (3, 0), (3, None)]


def test_a_long_log() -> None:
    log = read("1462259749\n" + "\n".join(f"{n}:{'EM'[n % 2]}" for n in range(50_000)))
    assert len(log.actions) == 50_000
    assert log.unread == 0


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    found = read(text)
    filled = [line for line in text.split("\n") if line.strip()]
    assert len(found.moments) + found.unread + (found.began is not None) == len(filled)
    assert all(m.at_ms >= 0 and len(m.letter) == 1 and m.letter.isascii() for m in found.moments)


@given(st.lists(st.tuples(st.integers(0, 10**12 - 1), st.sampled_from("AEMYPLRUDOtznb")), max_size=20))
def test_what_was_written_is_read(entries: list[tuple[int, str]]) -> None:
    found = read("1462259749\n" + "".join(f"{at}:{letter}\n" for at, letter in entries))
    assert [(m.at_ms, m.letter) for m in found.moments] == entries

"""What the tests of windows share."""

import gc
from collections.abc import Iterator
from itertools import count

import pytest
from PySide6.QtWidgets import QApplication

from faceid_review.desk import theme
from faceid_review.desk.photos.looks import Looks

_TESTS = count(1)
_SELDOM = 20


@pytest.fixture(scope="package", autouse=True)
def collecting_left_to_this_thread() -> Iterator[None]:
    """As in the program (desk/garbage.py): a widget in a cycle is never destroyed by a thread that asks or exports."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(scope="package", autouse=True)
def dressed_as_the_program(qapp: QApplication) -> None:
    """Its fonts and colours, whichever test is the first: sizes hang on them."""
    theme.dress(qapp)
    theme.choose(qapp, "light")


@pytest.fixture(autouse=True)
def garbage_of_windows(collecting_left_to_this_thread: None) -> Iterator[None]:
    """What one test leaves behind is gone before it can trouble the next."""
    yield
    gc.collect(2 if next(_TESTS) % _SELDOM == 0 else 1)


@pytest.fixture(autouse=True)
def entries_by_hand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test is surprised by an entry that time alone writes: a picture is looked at only where a test says how long."""
    monkeypatch.setattr(Looks, "dwell_ms", 3_600_000)

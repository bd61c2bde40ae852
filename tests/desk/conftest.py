"""What the tests of windows share."""

import gc
from collections.abc import Iterator
from itertools import count

import pytest

_TESTS = count(1)
_SELDOM = 20


@pytest.fixture(scope="package", autouse=True)
def collecting_left_to_this_thread() -> Iterator[None]:
    """As in the program (desk/garbage.py): a widget in a cycle is never destroyed by a thread that asks or exports."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def garbage_of_windows(collecting_left_to_this_thread: None) -> Iterator[None]:
    """What one test leaves behind is gone before it can trouble the next."""
    yield
    gc.collect(2 if next(_TESTS) % _SELDOM == 0 else 1)

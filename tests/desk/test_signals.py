"""Signals through the relay: every one arrives, in order, on this Python, and True keeps its references.

PySide6 6.12.0 takes one reference of True with each emission on Python before 3.12, and aborts after some hundreds.
"""

import gc
import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, Signal, Slot
from pytestqt.qtbot import QtBot

from faceid_review.desk.relay import Relay
from faceid_review.errors import ReviewError, VaultClosed
from faceid_review.review.case import Stage
from faceid_review.review.retrieval import Retrieval

MANY = 5_000


class Ear(QObject):
    """Counts what it hears and says when it has heard enough."""

    enough = Signal()

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: set[bool] = set()
        self._wanted = wanted

    @Slot(object)
    def hear(self, value: object) -> None:
        self.heard.append(value)
        self.threads.add(QThread.currentThread() is QCoreApplication.instance().thread())  # type: ignore[union-attr]
        if len(self.heard) == self._wanted:
            self.enough.emit()


@pytest.fixture
def relay(qtbot: QtBot) -> Relay:
    return Relay()


def test_five_thousand_of_five_thousand_arrive_in_order(relay: Relay, qtbot: QtBot) -> None:
    ear = Ear(MANY)
    relay.told.connect(ear.hear)
    # What earlier tests left behind holds references of True too; it may not go in between.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    gc.collect()
    before = sys.getrefcount(True)
    told = [Retrieval("1,a", Stage.ASKING, received=n) for n in range(MANY)]

    def tell() -> None:
        for value in told:
            relay.tell(value)

    asking = threading.Thread(target=tell)
    with qtbot.waitSignal(ear.enough, timeout=60_000):
        asking.start()
    asking.join()
    drift = sys.getrefcount(True) - before
    relay.close()
    assert ear.heard == told
    assert ear.threads == {True}, "heard in the thread of the windows"
    if sys.version_info < (3, 12):
        # Some references come and go by themselves; one an emission would be thousands.
        assert abs(drift) < MANY // 50


def test_several_threads_at_once_lose_nothing(relay: Relay, qtbot: QtBot) -> None:
    ear = Ear(MANY)
    relay.told.connect(ear.hear)

    def tell(name: int) -> None:
        for n in range(MANY // 4):
            relay.tell((name, n))

    asking = [threading.Thread(target=tell, args=(name,)) for name in range(4)]
    with qtbot.waitSignal(ear.enough, timeout=60_000):
        for thread in asking:
            thread.start()
    for thread in asking:
        thread.join()
    relay.close()
    heard = [value for value in ear.heard if isinstance(value, tuple)]
    for name in range(4):
        assert [n for of, n in heard if of == name] == list(range(MANY // 4))


def test_work_comes_back_in_the_thread_of_the_windows(relay: Relay, qtbot: QtBot) -> None:
    done: list[tuple[object, bool]] = []

    def broken() -> None:
        raise KeyError("a name that nobody may see")

    def refused() -> None:
        raise VaultClosed("vault_full")

    def note(outcome: object) -> None:
        done.append((outcome, QThread.currentThread() is relay.thread()))

    for work in (lambda: 1, broken, refused, lambda: True):
        relay.run(work, note, note)
    qtbot.waitUntil(lambda: len(done) == 4, timeout=60_000)
    relay.close()
    outcomes = [outcome for outcome, _ in done if not isinstance(outcome, ReviewError)]
    errors = {error.wording: error for error, _ in done if isinstance(error, ReviewError)}
    assert {there for _, there in done} == {True}
    assert sorted(map(str, outcomes)) == ["1", "True"]
    assert set(errors) == {"unexpected", "vault_full"}
    assert errors["unexpected"].facts == {"kind": "KeyError"}
    assert errors["unexpected"].__context__ is None or "nobody may see" not in str(errors["unexpected"].facts)


def test_a_closed_relay_is_silent_and_harms_nobody(relay: Relay, qtbot: QtBot) -> None:
    done: list[object] = []
    relay.run(lambda: 1, done.append, done.append)
    relay.close()
    relay.run(lambda: 2, done.append, done.append)
    relay.tell("late")
    QCoreApplication.processEvents()
    assert done == []


def test_telling_a_relay_that_was_deleted_harms_no_one_who_asks(qtbot: QtBot) -> None:
    """A window that is gone before its last answer: what asks must not be interrupted by that."""
    relay = Relay()
    tell = relay.tell
    relay.close()
    relay.deleteLater()
    with qtbot.waitSignal(relay.destroyed, timeout=10_000):
        pass
    tell(Retrieval("1,a", Stage.KEPT))

"""Garbage that holds widgets is collected in the GUI thread, whatever other threads allocate."""

import gc
import threading
import weakref

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk.garbage import Garbage


class Knotted(QWidget):
    """A widget in a cycle, which says in which thread it went."""

    def __init__(self, went: list[threading.Thread]) -> None:
        super().__init__()
        self.me = self
        weakref.finalize(self, lambda: went.append(threading.current_thread()))


def litter() -> None:
    """Far more cycles than Python leaves uncollected."""
    for _ in range(200_000):
        cycle: list[object] = []
        cycle.append(cycle)


def test_a_thread_that_allocates_destroys_no_widget(qtbot: QtBot) -> None:
    went: list[threading.Thread] = []
    gc.enable()
    garbage = Garbage(QCoreApplication.instance())  # type: ignore[arg-type]
    try:
        Knotted(went)
        worker = threading.Thread(target=litter)
        worker.start()
        worker.join()
        assert went == []
        qtbot.waitUntil(lambda: bool(went), timeout=60_000)
        assert went == [threading.main_thread()]
    finally:
        garbage.end()
        gc.disable()  # as the other tests of windows want it
        garbage.deleteLater()

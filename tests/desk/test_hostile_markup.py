"""promises.md, case 49: markup in a field of the vendor is shown as typed, and no file that it names is opened."""

import ctypes
import json
import os
import struct
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from faceid_review.desk.verdict.pane import VerdictPane
from faceid_review.i18n import LANGUAGES, words
from faceid_review.review import telling
from faceid_review.review.explanation import describe
from faceid_review.snapshot.document import Frame, make
from tests.desk.test_verdict import answered, failed, sample

OPENED = 0x20  # IN_OPEN of inotify(7)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], int]]:
    """How often the file ``tmp_path/face.png`` was opened since the last question, as the kernel counts it."""
    if not sys.platform.startswith("linux"):
        pytest.skip("inotify is Linux's")
    (tmp_path / "face.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    kernel = ctypes.CDLL(None, use_errno=True)
    watch = kernel.inotify_init1(os.O_NONBLOCK)
    assert kernel.inotify_add_watch(watch, os.fsencode(tmp_path / "face.png"), OPENED) >= 0

    def count() -> int:
        try:
            told = os.read(watch, 65_536)
        except BlockingIOError:
            return 0
        return len(told) // struct.calcsize("iIII")

    yield count
    os.close(watch)


def hostile(body: dict[str, Any], text: str) -> dict[str, Any]:
    """The answer with ``text`` wherever the vendor, or the person, could put it."""
    made = json.loads(json.dumps(body))
    made |= {"biz_no": text, "biz_extra_data": text, "request_id": text, text: text}
    made["liveness_result"] |= {"version": text, "log": f"1462259749\n0:A\n{text}"}
    if made["liveness_result"]["result"] != "success":
        made["liveness_result"] |= {"result": text, "failure_reason": text}
    if made["verify_result"]:
        made["verify_result"][f"result_{text}"] = {"confidence": 1, "thresholds": {text: 2}}
        made["verify_result"]["face_genuineness"] |= {f"{text}_confidence": 0.9, f"{text}_threshold": 0.5}
        made["verify_result"]["id_exceptions"] = {text: text}
    return made


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("body", [sample(), failed()], ids=["passed", "failed"])
def test_markup_is_shown_as_typed_and_opens_no_file(
    qtbot: QtBot, tmp_path: Path, opened: Callable[[], int], body: dict[str, Any], lang: str
) -> None:
    face = tmp_path / "face.png"
    case = answered(hostile(body, f"<b>PASS</b><img src='{face.as_uri()}'><a href='{face.as_uri()}'>x</a>"))
    window = QWidget()
    qtbot.addWidget(window)
    pane = VerdictPane(words(lang), window)
    pane.resize(388, 4000)
    pane.show_case(case)
    window.show()
    qtbot.waitExposed(window)
    QApplication.processEvents()
    pane.grab()
    labels, passages = pane.findChildren(QLabel), pane.findChildren(QTextEdit)
    assert any("<b>" in label.text() for label in labels)
    assert any("<b>PASS</b>" in passage.toPlainText() for passage in passages)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert not [w for w in pane.findChildren(QWidget) if "<b>" in w.toolTip()]
    assert "<b>PASS</b><img" in "\n".join(describe(case, words(lang)).lines())
    assert "<b>PASS</b><img" in telling.case(case, words(lang))
    make(case, Frame("Lin", datetime(2026, 11, 22, tzinfo=UTC), "UTC", "0", "vault", 1, "00" * 32), lang)
    assert opened() == 0
    face.read_bytes()
    assert opened() == 1, "and it would have been noticed"

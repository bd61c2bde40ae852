"""Pictures of what leaves the house: the sheet with its preview, several cases at once, and the check."""

import tempfile
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QDialog

from faceid_review.desk.desk import Desk
from faceid_review.desk.exporting.verifying import VerifyWindow
from faceid_review.desk.window import Window
from tests import shots


def grab(sheet: QDialog, name: str, tag: str) -> None:
    """Save one picture of a sheet."""
    QApplication.processEvents()
    sheet.grab().save(str(shots.FOLDER / f"{name}-{tag}.png"))


def checked(shown: VerifyWindow) -> None:
    """Wait until the check under way is over."""
    shots.until(shown.again.isEnabled)
    QApplication.processEvents()


def exporting(window: Window, tag: str) -> None:
    """The case on show in the sheet, written; then checked, whole and altered; then several cases."""
    desk = window.findChild(Desk)
    assert desk is not None
    assert desk.exporting is not None
    assert desk.several is not None
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "FR-2016-00412.pdf"
        window.sheets.save_path = lambda *_: target  # type: ignore[method-assign]
        window.sheets.open_folder = lambda *_: Path(folder)  # type: ignore[method-assign]
        for size in shots.SIZES:
            window.resize(size)
            window.actions_["export_as"].trigger()
            sheet = desk.exporting.sheet
            assert sheet is not None
            shots.until(lambda sheet=sheet: sheet.write.isEnabled() and sheet.preview.complete)  # type: ignore[misc]
            small = "" if size == shots.SIZES[0] else f".{size.width()}"
            grab(sheet, "export-sheet", f"{tag}{small}")
            if not small:
                sheet.reject()
        assert sheet is not None
        sheet.form.profile.setCurrentIndex(sheet.form.profile.findData("training"))
        shots.until(lambda: sheet.write.isEnabled() and sheet.preview.complete)
        sheet.preview.turn(1)
        shots.until(lambda: sheet.preview.complete)
        grab(sheet, "export-training", tag)
        sheet.write.click()
        shots.until(target.exists)
        shots.until(lambda: desk.exporting is not None and desk.exporting.sheet is None)
        window.resize(shots.SIZES[0])
        window.actions_["verify"].trigger()
        shown = desk.verifying.shown
        assert shown is not None
        grab(shown, "verify-empty", tag)
        shown.take(target)
        checked(shown)
        grab(shown, "verify-whole", tag)
        altered = bytearray(target.read_bytes())
        altered[len(altered) // 2] ^= 1
        target.write_bytes(altered)
        shown.take(target)
        checked(shown)
        grab(shown, "verify-altered", tag)
        shown.reject()
        window.actions_["export_many"].trigger()
        several = desk.several.sheet
        assert several is not None
        shots.until(lambda: several.model.rowCount() > 0)
        several.model.tick_shown(True)
        grab(several, "several", tag)
        several.write.click()
        shots.until(lambda: several.progress.value() > 0 or not several.running)
        grab(several, "several-under-way", tag)
        shots.until(lambda: not several.running, 120)
        grab(several, "several-done", tag)
        several.reject()
        window.resize(QSize(shots.SIZES[0]))

"""The summary: which case this is, and at most three chips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from faceid_review.desk.chip import Chip
from faceid_review.desk.shapes import Shape
from faceid_review.desk.verdict.flow import Flow
from faceid_review.desk.verdict.pointed import point
from faceid_review.desk.verdict.section import SIDE
from faceid_review.desk.verdict.text import Passage
from faceid_review.errors import Spent
from faceid_review.faceid import glossary
from faceid_review.faceid.result import VerificationResult
from faceid_review.i18n import Words
from faceid_review.review.case import Case, Stage
from faceid_review.review.explanation import Verdict, verdicts
from faceid_review.review.plain_text import short

_LIVENESS = {
    "success": (Shape.TICK, "ok"),
    "not_passed": (Shape.SQUARE, "stop"),
    "unknown_form": (Shape.DIAMOND, "mute"),
}


class State(NamedTuple):
    """What a chip says: shape, kind and words."""

    shape: Shape
    kind: str
    text: str


_STAGES = {
    Stage.QUEUED: (Shape.RING, "mute"),
    Stage.ASKING: (Shape.DOTS, "info"),
    Stage.KEPT: (Shape.DISC, "mute"),
    Stage.PARTIAL: (Shape.HALF, "warn"),
    Stage.REFUSED: (Shape.SQUARE, "stop"),
    Stage.UNKNOWN: (Shape.DIAMOND, "warn"),
    Stage.NOT_SENT: (Shape.RING, "mute"),
    Stage.CANCELLED: (Shape.RING, "mute"),
    Stage.PURGED: (Shape.DASH, "mute"),
}
_SPENT = {
    Spent.NO: (Shape.RING, "mute"),
    Spent.PERHAPS: (Shape.DIAMOND, "warn"),
    Spent.YES: (Shape.DISC, "mute"),
}


def states(case: Case, words: Words) -> list[State]:
    """The chips of a case, at most three. A verdict of the vendor only where one can be read."""
    stage = State(*_STAGES[case.stage], words(f"verdict.stage.{case.stage.value}"))
    if case.stage is Stage.REFUSED and case.refusal:
        code = words("verdict.stage.refused.code", code=short(case.refusal.code, 32))
        return [State(stage.shape, stage.kind, code), _spent(case.refusal.spent, words)]
    if case.stage is Stage.UNKNOWN:
        return [stage, _spent(Spent.PERHAPS, words)]
    if case.stage not in (Stage.KEPT, Stage.PARTIAL) or case.result is None:
        return [stage]
    if not case.result.readable:
        return [stage, State(Shape.TRIANGLE, "warn", words("verdict.chip.unreadable"))]
    found = verdicts(case.result, words)
    said = [
        _liveness(found["liveness"], words),
        _comparison(found["comparison"], words),
        _flags(found["genuineness"], case.result, words),
    ]
    return [stage, *said[:2]] if case.stage is Stage.PARTIAL else said


def _spent(spent: Spent, words: Words) -> State:
    said = glossary.spent(spent).short.text(words.lang)
    return State(*_SPENT[spent], f"{said[:1].upper()}{said[1:]}")


def _liveness(found: Verdict, words: Words) -> State:
    shape, kind = _LIVENESS.get(found.code, (Shape.DASH, "mute"))
    return State(shape, kind, words("verdict.chip.liveness", said=found.words))


def _comparison(found: Verdict, words: Words) -> State:
    shape, kind = (Shape.TICK, "ok") if found.code == "above" else (Shape.DASH, "mute")
    if found.code == "not_received":
        return State(shape, kind, words("verdict.chip.lost"))
    if found.code in ("cut", "unknown_form", "unread"):
        return State(shape, kind, words("verdict.chip.comparison", said=found.words))
    return State(shape, kind, found.words)


def _flags(found: Verdict, result: VerificationResult, words: Words) -> State:
    """Flags where there are any; otherwise how many checks came, and never that all is well."""
    if found.code in ("flagged", "below"):
        shape, kind = (Shape.TRIANGLE, "warn") if found.code == "flagged" else (Shape.RING, "mute")
        return State(shape, kind, found.words)
    pictures = len(result.photographs)
    shape = Shape.DISC if pictures else Shape.DASH
    return State(shape, "mute", words.many("verdict.chip.pictures", pictures))


class _Chips(Flow):
    """The chips; a little smaller where that keeps them on one line."""

    def __init__(self, chips: Sequence[Chip]) -> None:
        super().__init__(chips, gap=4)
        self._chips = chips
        self._heights: dict[int, int] = {}

    def heightForWidth(self, width: int) -> int:
        # Asked once for each width: fitting changes the chips' sizes, and each change would ask again, for ever.
        if width not in self._heights:
            self._fit(width)
            self._heights[width] = super().heightForWidth(width)
            # A question about another width must not change what is shown at this one.
            self._fit(self.width())
        return self._heights[width]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._heights.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit(self.width())
        super().resizeEvent(event)

    def _fit(self, width: int) -> None:
        for step in (0, -1, -2, -3):
            for chip in self._chips:
                chip.set_step(step)
            widest = max((chip.sizeHint().width() for chip in self._chips), default=0)
            if self.sizeHint().width() <= width or (step <= -1 and widest <= width):
                return


class Summary(QWidget):
    """The whole biz_id, the biz_no, and the chips."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("summary")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SIDE, 11, SIDE, 9)
        self._column.setSpacing(3)

    def show_case(self, case: Case | None, words: Words) -> None:
        """Show ``case``; nothing at all for None."""
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.setVisible(case is not None)
        if case is None:
            return
        whole = Passage(str(case.biz_id), "biz_id", bold=True, fit=True)
        whole.setObjectName("biz_id")
        sent = case.result.biz_id if case.result else None
        self._column.addWidget(point(whole, "/biz_id", sent) if sent == case.biz_id else whole)
        biz_no = case.result.biz_no if case.result and case.stage is not Stage.PURGED else None
        if biz_no:
            line = Passage(f"biz_no {short(biz_no, 128)}", "biz_no", ink="text2", fit=True)
            line.setObjectName("biz_no")
            self._column.addWidget(point(line, "/biz_no", biz_no))
        # Under the blind policy even the number of chips would say something.
        chips = [] if case.hidden else [Chip(*state) for state in states(case, words)]
        self._column.addSpacing(3)
        self._column.addWidget(_Chips(chips))
        self.setAccessibleName(str(case.biz_id))
        gap = words("verdict.list.gap")
        self.setAccessibleDescription(gap.join(chip.text for chip in chips))

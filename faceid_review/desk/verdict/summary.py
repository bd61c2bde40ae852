"""The summary: which case this is, and at most three chips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from faceid_review.desk.chip import Chip
from faceid_review.desk.shapes import Shape
from faceid_review.desk.verdict.flow import Flow
from faceid_review.desk.verdict.section import SIDE
from faceid_review.desk.verdict.statements import band, odd, short
from faceid_review.desk.verdict.text import Passage
from faceid_review.errors import Spent
from faceid_review.faceid import glossary
from faceid_review.faceid.result import ATTACK, NOT_RETURNED, VerificationResult
from faceid_review.i18n import Words
from faceid_review.review.case import Case, Stage


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
    said = [_liveness(case.result, words), _comparison(case.result, words), _flags(case.result, words)]
    return [stage, *said[:2]] if case.stage is Stage.PARTIAL else said


def _spent(spent: Spent, words: Words) -> State:
    said = glossary.spent(spent).short.text(words.lang)
    return State(*_SPENT[spent], f"{said[:1].upper()}{said[1:]}")


def _liveness(result: VerificationResult, words: Words) -> State:
    liveness = result.liveness
    if liveness is None or liveness.passed is None:
        unread = odd(result, "liveness_result") or odd(result, "liveness_result", "result")
        lost = "lost" if result.lost("liveness_result", "result") else "absent"
        key = "verdict.chip.liveness.odd" if unread else f"verdict.chip.liveness.{lost}"
        return State(Shape.DIAMOND if unread else Shape.DASH, "mute", words(key))
    if liveness.passed:
        return State(Shape.TICK, "ok", words("verdict.chip.liveness.success"))
    return State(Shape.SQUARE, "stop", words("verdict.chip.liveness.not_passed"))


def _comparison(result: VerificationResult, words: Words) -> State:
    if not result.comparisons:
        lost = result.verify_error is None and result.lost("verify_result")
        return State(Shape.DASH, "mute", words("verdict.chip.lost" if lost else "verdict.chip.not_compared"))
    if any(comparison.incomplete for comparison in result.comparisons):
        return State(Shape.DASH, "mute", words("verdict.chip.comparison_cut"))
    found = {band(comparison) for comparison in result.comparisons}
    if len(found) > 1:
        return State(Shape.DASH, "mute", words.many("verdict.chip.bands_differ", len(result.comparisons)))
    one = found.pop()
    if one is None:
        missing = result.comparisons[0].confidence is None
        key = "verdict.chip.no_confidence" if missing else "verdict.chip.no_thresholds"
        return State(Shape.DASH, "mute", words(key))
    reached, missed = short(one.reached or "", 16), short(one.missed or "", 16)
    if one.missed is None:
        return State(Shape.TICK, "ok", words("verdict.chip.passes", reached=reached))
    if one.reached is None:
        return State(Shape.DASH, "mute", words("verdict.chip.below", missed=missed))
    return State(Shape.DASH, "mute", words("verdict.chip.between", reached=reached, missed=missed))


def _flags(result: VerificationResult, words: Words) -> State:
    """Flags where there are any; otherwise how many checks came, and never that all is well."""
    flagged = sum(check.finding == ATTACK for check in result.genuineness)
    if flagged:
        return State(Shape.TRIANGLE, "warn", words.many("verdict.chip.flags", flagged))
    judged = sum(check.finding != NOT_RETURNED for check in result.genuineness)
    if judged:
        return State(Shape.RING, "mute", words.many("verdict.chip.below_all", judged))
    pictures = len(result.photographs)
    shape = Shape.DISC if pictures else Shape.DASH
    return State(shape, "mute", words.many("verdict.chip.pictures", pictures))


class _Chips(Flow):
    """The chips; a little smaller where that keeps them on one line."""

    def __init__(self, chips: Sequence[Chip]) -> None:
        super().__init__(chips, gap=4)
        self._chips = chips

    def heightForWidth(self, width: int) -> int:
        self._fit(width)
        height = super().heightForWidth(width)
        # A question about another width must not change what is shown at this one.
        self._fit(self.width())
        return height

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
        self._column.addWidget(whole)
        biz_no = case.result.biz_no if case.result and case.stage is not Stage.PURGED else None
        if biz_no:
            line = Passage(f"biz_no {short(biz_no, 128)}", "biz_no", ink="text2", fit=True)
            line.setObjectName("biz_no")
            self._column.addWidget(line)
        chips = [Chip(*state) for state in states(case, words)]
        self._column.addSpacing(3)
        self._column.addWidget(_Chips(chips))
        self.setAccessibleName(str(case.biz_id))
        gap = words("verdict.list.gap")
        self.setAccessibleDescription(gap.join(chip.text for chip in chips))

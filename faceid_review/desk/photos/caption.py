"""What is known of the photograph on the stage, below it like a museum label; and the line of warning above."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from faceid_review.desk import palette
from faceid_review.desk.chip import chip_size, paint_badge, paint_chip
from faceid_review.desk.photos import exhibit as places
from faceid_review.desk.photos.exhibit import Exhibit
from faceid_review.desk.shapes import Shape, paint_shape
from faceid_review.faceid.photograph import Examined
from faceid_review.i18n import Words, grouped
from faceid_review.review.references import Reference

_SIDE, _TOP, _BOTTOM = 12.0, 7.0, 6.0
_GAP, _FACTS_GAP, _MARK = 8.0, 9.0, 2.0
_LEAST_HASH: Final = "SHA-256 0000…"
BADGE: Final = 18.0


@dataclass(frozen=True)
class Label:
    """The words of a caption. ``state`` is empty for a sound picture that was returned."""

    key: str = ""
    number: str = ""
    name: str = ""
    field: str = ""
    shape: Shape = Shape.DASH
    kind: str = "mute"
    state: str = ""
    facts: tuple[str, ...] = ()
    sha256: str = ""
    active: str = ""
    tooltip: str = ""


def label(
    exhibit: Exhibit,
    examined: Examined | None,
    received_at: datetime | None,
    turned: bool,
    words: Words,
    *,
    active: bool = True,
    of_case: str = "",
) -> Label:
    """The caption of ``exhibit``. ``received_at`` is when the answer was kept; times are local ones.

    ``of_case`` says of which case it is, where that is not the one on show.
    """
    photograph = exhibit.photograph
    state = places.flaw(exhibit, examined, words) if photograph else words(exhibit.absent)
    shape, kind = (Shape.TRIANGLE, "warn") if photograph else (Shape.DASH, "mute")
    facts = [of_case] if of_case else []
    tooltip = list(facts)
    if photograph is not None:
        if isinstance(photograph, Reference):
            facts.append(words("marks.supplied"))
            tooltip.append(_supplied(photograph, words))
        elif received_at is not None:
            local = received_at.astimezone()
            today = local.date() == datetime.now().astimezone().date()
            facts.append(
                words("photos.vendor_kept", at=local.strftime("%H:%M:%S" if today else "%Y-%m-%d %H:%M:%S"))
            )
            tooltip.append(words("photos.received_at", at=local.isoformat(" ", "seconds")))
        if examined and examined.width is not None:
            facts.append(words("photos.pixels", width=examined.width, height=examined.height))
        facts.append(words.many("photos.bytes", len(photograph.data)))
        if turned:
            facts.append(words("photos.turned"))
        if photograph.pointer:
            tooltip.append(words("photos.pointer", pointer=photograph.pointer))
        tooltip.append(words("photos.sha256", groups=photograph.sha256))
    return Label(
        key="" if of_case else exhibit.key,
        number=exhibit.label,
        name=places.name(exhibit, words),
        field=exhibit.field,
        shape=shape,
        kind=kind,
        state=state,
        facts=tuple(facts),
        sha256=words("photos.sha256", groups=_grouped(photograph.sha256)) if photograph else "",
        active=words("photos.active") if active else "",
        tooltip="\n".join(tooltip),
    )


def _supplied(one: Reference, words: Words) -> str:
    source = one.source or words("marks.source_unsaid")
    return words(
        "marks.reference_facts", name=one.name, source=source, by=one.by, bytes=grouped(len(one.data))
    )


def _grouped(digest: str) -> str:
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


@dataclass(frozen=True)
class _Piece:
    """A piece of text and where it begins; ``top`` is that of its line."""

    left: float
    top: float
    width: float
    height: float
    text: str
    font: QFont
    ink: str


class Caption(QWidget):
    """Two lines, more where the window is narrow: nothing of it is ever left out but the hash's end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos.caption")
        self._label = Label()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def label(self) -> Label:
        """The words shown."""
        return self._label

    def show_label(self, label: Label, spoken: str) -> None:
        """Show ``label``; ``spoken`` is its short form for a screen reader."""
        if (label, spoken) == (self._label, self.accessibleName()):
            return
        high = self.heightForWidth(self.width())
        self._label = label
        self.setAccessibleName(spoken)
        self.setAccessibleDescription(self.describe())
        self.setToolTip(html.escape(label.tooltip).replace("\n", "<br>") if label.tooltip else "")
        # Only another height is news to the layout: asked to lay out anew, it asks the whole window.
        if self.heightForWidth(self.width()) != high:
            self.updateGeometry()
        self.update()

    def describe(self) -> str:
        """Everything the caption and its tooltip say, the whole hash included."""
        shown = self._label
        parts = (shown.number, shown.name, shown.field, shown.state, *shown.facts, *shown.tooltip.split("\n"))
        return "; ".join(part for part in parts if part)

    def heightForWidth(self, width: int) -> int:
        return round(self._lines(width)[2])

    def sizeHint(self) -> QSize:
        return QSize(480, self.heightForWidth(480))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.heightForWidth(max(self.width(), 160)))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = palette.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.panel))
        shown = self._label
        if shown.active:
            painter.fillRect(QRectF(0, 0, self.width(), _MARK), QColor(t.accent))
        pieces, chip, _ = self._lines(self.width())
        if shown.key:
            height = pieces[0].height
            badge = QRectF(_SIDE, pieces[0].top + (height - self._badge()) / 2, self._badge(), self._badge())
            paint_badge(painter, badge, shown.key, palette.font(-2))
        if shown.state:
            paint_chip(painter, chip, shown.shape, shown.kind, shown.state, palette.font(-2))
        for piece in pieces:
            metrics = QFontMetricsF(piece.font)
            baseline = piece.top + (piece.height + metrics.ascent() - metrics.descent()) / 2
            painter.setFont(piece.font)
            painter.setPen(QColor(piece.ink))
            text = metrics.elidedText(piece.text, Qt.TextElideMode.ElideRight, piece.width + 0.5)
            painter.drawText(QPointF(piece.left, round(baseline)), text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self.updateGeometry()
            self.update()

    def _badge(self) -> float:
        return max(BADGE, QFontMetricsF(palette.font(-2)).height() + 2)

    def _lines(self, width: float) -> tuple[list[_Piece], QRectF, float]:
        """Every text in its place for ``width``, the place of the chip, and the height of it all.

        A second line is left free where there is nothing to say on it, so that the stage never jumps.
        """
        t, shown = palette.tokens(), self._label
        right = width - _SIDE
        height = max(self._badge(), QFontMetricsF(palette.font()).height())
        active = _wide(shown.active, palette.font(bold=True))
        flow = _Flow(_SIDE, right - active - _GAP, _TOP, height, _GAP)
        if shown.key:
            flow.skip(self._badge())
        bold, fixed = palette.font(bold=True), palette.font(-1, fixed=True)
        flow.put(shown.number, bold, t.text)
        flow.put(shown.name, palette.font(), t.text)
        flow.put(shown.field, fixed, t.text2)
        size = chip_size(shown.state, palette.font(-2))
        chip = QRectF(*flow.place(size.width()), size.width(), height) if shown.state else QRectF()
        pieces = flow.pieces
        pieces.append(_Piece(right - active, _TOP, active, height, shown.active, bold, t.accent))
        small = palette.font(-2)
        line = QFontMetricsF(small).height()
        flow = _Flow(_SIDE, right, flow.top + height + 1, line, _FACTS_GAP)
        for fact in shown.facts:
            flow.put(fact, small, t.text2)
        flow.put(shown.sha256, palette.font(-2, fixed=True), t.text2, least=_LEAST_HASH)
        return [*pieces, *flow.pieces], chip, flow.top + line + _BOTTOM


class _Flow:
    """Sets pieces from left to right and begins a new line where one has no room."""

    def __init__(self, left: float, right: float, top: float, height: float, gap: float) -> None:
        self._start, self._at, self._right, self._gap = left, left, right, gap
        self.top, self._height = top, height
        self.pieces: list[_Piece] = []

    def skip(self, width: float) -> None:
        self._at += width + self._gap

    def place(self, width: float) -> tuple[float, float]:
        if self._at > self._start and self._at + width > self._right:
            self._at, self.top = self._start, self.top + self._height
        left = self._at
        self._at = left + width + self._gap
        return left, self.top

    def put(self, text: str, font: QFont, ink: str, *, least: str = "") -> None:
        """Set ``text``; where ``least`` is given it may be cut at its end down to that."""
        if not text:
            return
        whole = _wide(text, font)
        left, top = self.place(_wide(least, font) if least else whole)
        width = min(whole, self._right - left)
        self.pieces.append(_Piece(left, top, width, self._height, text, font, ink))


class WarnLine(QWidget):
    """A line in amber above the stage: what is shown there is not what it seems. It wraps, and never closes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos.warning")
        self._text = ""
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    @property
    def text(self) -> str:
        """The warning in force; empty while the line is hidden."""
        return self._text

    def warn(self, text: str) -> None:
        """Show ``text``, or nothing at all where it is empty."""
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(text or self.objectName())
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        room = QRectF(0, 0, width - 2 * _SIDE - self._shape() - _GAP, 10_000)
        text = QFontMetricsF(palette.font()).boundingRect(room, Qt.TextFlag.TextWordWrap, self._text)
        return max(28, round(text.height()) + 8)

    def sizeHint(self) -> QSize:
        return QSize(480, self.heightForWidth(480))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.heightForWidth(max(self.width(), 160)))

    def paintEvent(self, event: QPaintEvent) -> None:
        ink, tint = palette.tokens().kind("warn")
        painter = QPainter(self)
        painter.fillRect(self.rect(), tint)
        painter.fillRect(QRectF(0, 0, 3, self.height()), ink)
        side, line = self._shape(), QFontMetricsF(palette.font()).height()
        room = QRectF(self.rect()).adjusted(_SIDE + side + _GAP, 0, -_SIDE, 0)
        wrap = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        first = QFontMetricsF(palette.font()).boundingRect(room, wrap, self._text).top() + line / 2
        paint_shape(painter, QRectF(_SIDE, first - side / 2, side, side), Shape.TRIANGLE, ink)
        painter.setFont(palette.font())
        painter.setPen(ink)
        painter.drawText(room, wrap, self._text)

    def _shape(self) -> float:
        return round(QFontMetricsF(palette.font()).height() * 2 / 3)


def _wide(text: str, font: QFont) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)

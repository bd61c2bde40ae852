"""The pages of a PDF of our own as pictures, from memory. The only place that loads pypdfium2, when first used."""

from __future__ import annotations

import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfDocument

LONGEST_TEXT: Final = 20_000
"""Characters of a page that a screen reader gets."""

_lock = threading.Lock()
"""PDFium keeps state of its own for the whole process: only one thread may be in it."""


@dataclass(frozen=True)
class Pages:
    """A PDF and the size of each of its pages, in points."""

    pdf: bytes = field(repr=False)
    sizes: tuple[QSizeF, ...]


@dataclass(frozen=True)
class Drawn:
    """One page at one width. ``number`` counts from 0; ``text`` is what stands on it."""

    number: int
    image: QImage = field(repr=False)
    text: str = field(repr=False)


def read(pdf: bytes) -> Pages:
    """The pages of ``pdf``. May be called from any thread."""
    with _lock, _opened(pdf) as document:
        sizes = [document.get_page_size(number) for number in range(len(document))]
    return Pages(pdf, tuple(QSizeF(*size) for size in sizes))


def draw(pages: Pages, number: int, width: int) -> Drawn:
    """Page ``number`` (from 0) as a picture ``width`` pixels wide. May be called from any thread."""
    with _lock, _opened(pages.pdf) as document, closing(document[number]) as page:
        scale = width / pages.sizes[number].width()
        bitmap = page.render(scale=scale, may_draw_forms=False, prefer_bgrx=True)
        with closing(bitmap):
            image = QImage(
                bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32
            ).copy()
        with closing(page.get_textpage()) as written:
            text = written.get_text_bounded()[:LONGEST_TEXT]
    return Drawn(number, image, text)


@contextmanager
def _opened(pdf: bytes) -> Iterator[PdfDocument]:
    from pypdfium2 import PdfDocument  # noqa: PLC0415 - it takes a moment, and most days nobody exports

    with closing(PdfDocument(pdf)) as document:
        yield document

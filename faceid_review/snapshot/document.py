"""A case as one PDF: set by typst, in memory, with no temporary file, no package and no network.

What is printed reaches the templates as JSON and as strings of their own, never as source, so that
``#panic()`` in a field of the vendor prints as it is. Pictures travel as SVG drawings with a ``data:`` URI:
typst takes no binary input from memory, a JSON array of numbers costs twenty times as much, and through the
drawing the JPEG's bytes come out unchanged. That is not believed but looked up in every file that is made.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import typst

from faceid_review import resources
from faceid_review.errors import Afterwards
from faceid_review.i18n import grouped
from faceid_review.i18n import words as words_of
from faceid_review.review.case import Case
from faceid_review.snapshot.blocks import flowing
from faceid_review.snapshot.cover import cover
from faceid_review.snapshot.exhibits import Exhibit, exhibit_pages, exhibits
from faceid_review.snapshot.fonts import LATIN, Families
from faceid_review.snapshot.liveness import liveness
from faceid_review.snapshot.provenance import decisions, provenance, raw_page
from faceid_review.snapshot.this_copy import Frame, Note, ThisCopy
from faceid_review.snapshot.vendor_result import vendor_result
from faceid_review.snapshot.writing import Writing

if TYPE_CHECKING:
    from typst import PDFStandard

__all__ = ["Document", "Frame", "NotMade", "Note", "make", "warm"]

RAW: Final = "raw_response.bin"

_TEMPLATES: Final = ("frame", "instruments", "blocks", "pages")
_LADDER: Final[tuple[tuple[PDFStandard, ...], ...]] = (("a-3a", "ua-1"), ("a-3a",), ("ua-1",), ())
_WITHOUT_ARCHIVE: Final = 2
"""The first step of the ladder that is no PDF/A."""

_MOST_ATTEMPTS: Final = 12
_MOST_ODD_BYTES: Final = 256 * 1024
_MOST_ATTACHED: Final = 1024 * 1024
_CACHED: Final = 11
"""typst-py lets go of what ten compilations did not use (``comemo::evict(10)``)."""

_NOT_DISPLAYED: Final = re.compile(r"the text `\"(.*)\"` could not be displayed")
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
_CHAIN: Final = re.compile(rb"faceid-review-chain:([0-9]{1,12}):([0-9a-f]{64})")
_COUNT: Final = re.compile(rb"/Type\s*/Pages\s*/Count\s+(\d+)")
_lock = threading.Lock()


class NotMade(Afterwards):
    """The PDF did not come about. The answer is kept; nothing was written."""


@dataclass(frozen=True)
class Document:
    """A finished PDF. ``notes`` are what it could not do as it should; they stand on its cover too."""

    pdf: bytes = field(repr=False)
    sha256: str
    pages: int
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class _Job:
    """Everything typst gets for one attempt."""

    inputs: Mapping[str, str] = field(repr=False)
    notes: tuple[Note, ...]


def make(case: Case, frame: Frame, lang: str) -> Document:
    """The snapshot of ``case`` in ``lang`` (``zh`` or ``en``), the same bytes for the same arguments.

    It is PDF/A-3a and PDF/UA-1 where that can be; else a tagged PDF, with a note. Takes no file, writes no
    file; may be called from any thread. Raises :class:`NotMade`.
    """
    families = _families()
    notes: tuple[Note, ...] = ()
    if lang == "zh" and not families.speak_chinese():
        lang, notes = "en", (Note("snapshot.note.no_chinese_font"),)
    if case.answer and case.answer.too_long:
        notes = (*notes, Note("snapshot.note.too_long", {"bytes": grouped(case.answer.size)}))
    copy = ThisCopy(case, frame, words_of(lang))
    drawn = exhibits(case.photographs)
    unshown, step, why = frozenset[str](), 0, list[Note]()
    if any(e.drawn and e.header.components == 4 for e in drawn):
        step, why = _WITHOUT_ARCHIVE, [Note("snapshot.note.not_archive_cmyk")]
    for attempt in range(_MOST_ATTEMPTS):
        job = _job(copy, drawn, families, unshown, (*notes, *why))
        pdf, refused = _set(job, _LADDER[step], int(frame.exported_at.timestamp()))
        if refused:
            fresh = _not_displayed(refused) - unshown if attempt < _MOST_ATTEMPTS // 2 else frozenset[str]()
            if not fresh and step + 1 == len(_LADDER):
                raise NotMade("snapshot_not_made", reason=refused[:300])
            if fresh:
                unshown |= fresh
            else:
                step, why = _descended(step, refused, why)
            continue
        false_ones = {e.place for e in drawn if e.drawn and not _truly_in(pdf, e)}
        if not false_ones:
            _let_go()
            return Document(pdf, hashlib.sha256(pdf).hexdigest(), _pages(pdf), job.notes)
        drawn = tuple(replace(e, drawn=e.drawn and e.place not in false_ones) for e in drawn)
        if not any(e.drawn and e.header.components == 4 for e in drawn):
            step, why = 0, []
    raise NotMade("snapshot_not_made", reason="")


def chain_mark(count: int, head: str) -> str:
    """The ledger's count and head as they stand in the metadata, so that ``audit --against`` finds them."""
    return f"faceid-review-chain:{count}:{head}"


def chain_in(pdf: bytes) -> tuple[int, str] | None:
    """The ledger's count and head (hex) that a snapshot of ours was made at, or None."""
    found = _CHAIN.search(pdf)
    return (int(found[1]), found[2].decode()) if found else None


def warm() -> None:
    """Find and load the fonts ahead of the first export. Call it off the GUI thread; it takes a moment."""
    families = _families()
    source = (
        '#set text(font: json(bytes(sys.inputs.f)), fallback: false)\n"Aa 0 案件" *"Aa 0 案件"*'
        '#text(font: json(bytes(sys.inputs.m)))["Aa 0 案件"]'
    )
    _compiler(source.encode(), {"f": json.dumps(families.text), "m": json.dumps(families.fixed)}).compile()


@cache
def _made_fonts() -> typst.Fonts:
    return typst.Fonts()


def _fonts() -> typst.Fonts:
    """The fonts of this machine, found once: finding them holds the interpreter for a tenth of a second."""
    with _lock:
        return _made_fonts()


@cache
def _families() -> Families:
    return Families(_fonts().fonts())


@cache
def _source() -> bytes:
    return b"\n".join(resources.read(f"snapshot/{name}.typ") for name in _TEMPLATES)


def _compiler(source: bytes, inputs: Mapping[str, str]) -> typst.Compiler:
    # Nothing is ever read from the root: the templates need no file, and this folder holds nothing else.
    root = resources.path("snapshot")
    return typst.Compiler(source, root=root, font_paths=_fonts(), sys_inputs=dict(inputs))


def _set(job: _Job, standards: Sequence[PDFStandard], timestamp: int) -> tuple[bytes, str]:
    """The PDF, or why typst refused to make one."""
    try:
        pdf = _compiler(_source(), job.inputs).compile(pdf_standards=list(standards), timestamp=timestamp)
        return (pdf, "") if isinstance(pdf, bytes) else (b"", "no pages")
    except typst.TypstError as error:
        return b"", error.message
    except BaseException as panic:
        # A panic inside typst is no Exception in Python; it too is a refusal, and must not end a worker.
        if type(panic).__name__ != "PanicException":
            raise
        return b"", "panic"


def _not_displayed(message: str) -> frozenset[str]:
    """The characters a validator found no glyph for, although a character map promised one."""
    found = _NOT_DISPLAYED.search(message)
    return frozenset(_ESCAPED.sub(lambda m: chr(int(m[1], 16)), found[1])) - {" "} if found else frozenset()


def _descended(step: int, message: str, why: list[Note]) -> tuple[int, list[Note]]:
    """One rung down, and why. PDF/A goes first where it is PDF/A that was refused."""
    if "CMYK" in message:
        return _WITHOUT_ARCHIVE, [Note("snapshot.note.not_archive_cmyk")]
    if step + 1 < _WITHOUT_ARCHIVE:
        return step + 1, why
    return step + 1, [Note("snapshot.note.not_archive", {"reason": message[:200]})]


def _let_go() -> None:
    """Make typst forget this document: it would keep ten of them, 200 MB, and the faces in them."""
    for _ in range(_CACHED):
        _compiler(b"", {}).compile()


def _truly_in(pdf: bytes, exhibit: Exhibit) -> bool:
    """Whether one stream of the file is the picture's very bytes, in a colour space that its components allow."""
    data = exhibit.picture.data
    at = pdf.find(data)
    while at >= 0:
        if pdf[at + len(data) : at + len(data) + 12].lstrip().startswith(b"endstream"):
            said_before = pdf[max(pdf.rfind(b" obj", 0, at), at - 1000) : at]
            return exhibit.header.components == 4 or b"/DeviceCMYK" not in said_before
        at = pdf.find(data, at + 1)
    return False


def _pages(pdf: bytes) -> int:
    return max((int(count) for count in _COUNT.findall(pdf)), default=0)


def _job(
    copy: ThisCopy,
    drawn: Sequence[Exhibit],
    families: Families,
    unshown: frozenset[str],
    notes: tuple[Note, ...],
) -> _Job:
    inputs = {e.input: e.drawing() for e in drawn if e.drawn}
    attachments = list(_attachments(copy, drawn, inputs))
    sizes = [(one["name"], one.pop("size")) for one in attachments]
    following = _following(copy, drawn, sizes)
    printed = {"pages": [cover(copy, following, sizes, notes), *following], **_frame(copy)}
    writing = Writing(families, _texts(printed), unshown)
    told = tuple(writing.notes())
    if told:
        # The notes are printed as well; they name the characters by number, so nothing new comes in.
        printed["pages"] = [cover(copy, following, sizes, (*notes, *told)), *following]
    data = flowing(_everywhere(printed, writing)) | {
        "lang": copy.lang,
        "latin": list(LATIN),
        "fonts": {
            "text": [*families.text, *writing.further],
            "fixed": [*families.fixed, *writing.further],
        },
        "title": writing(f"FaceID Review · {copy.case.number}"),
        "author": writing(copy.frame.exporter),
        "keywords": [writing(copy.case.biz_id), chain_mark(copy.frame.entries, copy.frame.head)],
        "attachments": attachments,
    }
    inputs["data"] = json.dumps(data, ensure_ascii=False)
    return _Job(inputs, (*notes, *told))


def _following(
    copy: ThisCopy, drawn: Sequence[Exhibit], sizes: Sequence[tuple[str, int]]
) -> list[dict[str, Any]]:
    """Every page but the cover, in order."""
    case = copy.case
    readable = bool(case.result and case.result.readable and not case.refusal)
    pages = [vendor_result(copy)]
    if readable or (case.result and case.result.liveness):
        pages.append(liveness(copy))
    if readable or drawn:
        pages += exhibit_pages(copy, drawn)
    pages += [decisions(copy), provenance(copy, drawn, sizes)]
    return [*pages, raw_page(copy, drawn)] if case.answer else pages


def _frame(copy: ThisCopy) -> dict[str, Any]:
    words, frame, case = copy.words, copy.frame, copy.case
    hashes = {"head": frame.head[:16] or "–", "entries": frame.entries}
    parts = []
    if frame.recipient:
        parts.append(words("snapshot.frame.for", recipient=frame.recipient[:120]))
    if frame.purpose:
        parts.append(frame.purpose[:120])
    return {
        "head": words("snapshot.frame.head"),
        "number": case.number,
        "foot": [
            words(
                "snapshot.frame.foot",
                case=case.number,
                exporter=frame.exporter[:60],
                at=copy.clock.both(frame.exported_at),
            ),
            words("snapshot.frame.hashes", body=case.answer.sha256[:16], **hashes)
            if case.answer
            else words("snapshot.frame.hashes_only_log", **hashes),
        ],
        "margin": " · ".join([*parts, words("snapshot.frame.not_otherwise")]) if parts else None,
        "practice": words("snapshot.frame.practice") if frame.demo else None,
    }


def _attachments(
    copy: ThisCopy, drawn: Sequence[Exhibit], inputs: dict[str, str]
) -> Iterator[dict[str, Any]]:
    """What travels inside the PDF, with its bytes put among ``inputs`` or into the data."""
    words, answer = copy.words, copy.case.answer
    if answer is None or answer.too_long:
        return
    told = {
        "relationship": "source",
        "mime": "application/octet-stream",
        "description": words("snapshot.attached.raw"),
    }
    held = answer.body.decode("utf-8", "surrogateescape")
    odd = sum("\udc80" <= c <= "\udcff" for c in held) if not _is_text(answer.body) else 0
    if odd == 0:
        inputs["raw"] = held
        yield {"name": RAW, "size": len(answer.body), "input": "raw", **told}
    elif odd <= _MOST_ODD_BYTES:
        yield {"name": RAW, "size": len(answer.body), "parts": _parts(held), **told}
    else:
        inputs["raw"] = base64.b64encode(answer.body).decode("ascii")
        told |= {"mime": "text/plain", "description": words("snapshot.attached.raw_base64")}
        yield {"name": f"{RAW}.base64.txt", "size": len(inputs["raw"]), "input": "raw", **told}
    room = _MOST_ATTACHED
    for exhibit in drawn:
        data = exhibit.picture.data
        if exhibit.drawn or not data or len(data) > room:
            continue
        room -= len(data)
        yield {
            "name": exhibit.file,
            "size": len(data),
            "parts": [list(data)],
            "mime": "application/octet-stream",
            "description": words("snapshot.attached.picture", number=f"E{exhibit.place + 1}"),
            "relationship": "data",
        }


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parts(held: str) -> list[str | list[int]]:
    """A text with odd bytes (as surrogates) as texts and lists of bytes by turns."""
    return [
        [ord(c) - 0xDC00 for c in run] if "\udc80" <= run[0] <= "\udcff" else run
        for run in re.findall("[\udc80-\udcff]+|[^\udc80-\udcff]+", held)
    ]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _everywhere(value: Any, writing: Callable[[str], str]) -> Any:
    """``value`` with every text in it put through ``writing``."""
    if isinstance(value, str):
        return writing(value)
    if isinstance(value, Mapping):
        return {name: _everywhere(item, writing) for name, item in value.items()}
    return [_everywhere(item, writing) for item in value] if isinstance(value, list) else value

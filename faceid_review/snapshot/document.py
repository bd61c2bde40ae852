"""A case as one PDF: set by typst, in memory, with no temporary file, no package and no network.

What is printed reaches the templates as JSON and as strings of their own, never as source, so that
``#panic()`` in a field of the vendor prints as it is. Pictures travel as SVG drawings with a ``data:`` URI:
typst takes no binary input from memory, a JSON array of numbers costs twenty times as much, and through the
drawing the JPEG's bytes come out unchanged. That is not believed but looked up in every file that is made.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typst

from faceid_review import resources
from faceid_review.errors import Afterwards
from faceid_review.i18n import grouped
from faceid_review.i18n import words as words_of
from faceid_review.review.case import Case
from faceid_review.snapshot import manifest, short_code
from faceid_review.snapshot.attaching import Attachment, attach
from faceid_review.snapshot.attachments import attachments
from faceid_review.snapshot.blocks import flowing
from faceid_review.snapshot.both import both, joined
from faceid_review.snapshot.cover import cover
from faceid_review.snapshot.derived import thumbnails
from faceid_review.snapshot.exhibits import MOST_PAGES, Exhibit, exhibits
from faceid_review.snapshot.fonts import LATIN, Families
from faceid_review.snapshot.manifest import PICTURE, Part
from faceid_review.snapshot.pages import following
from faceid_review.snapshot.profile import SMALL, Profile, load
from faceid_review.snapshot.redaction import Removed, redacted
from faceid_review.snapshot.this_copy import Frame, Note, ThisCopy
from faceid_review.snapshot.writing import Writing

if TYPE_CHECKING:
    from typst import PDFStandard

    from faceid_review.snapshot.proof import Proof

__all__ = ["LANGUAGES", "Document", "Frame", "NotMade", "Note", "find_fonts", "make"]

LANGUAGES: Final = ("en", "zh", "both")

_TEMPLATES: Final = ("frame", "instruments", "blocks", "pages")
_LADDER: Final[tuple[tuple[PDFStandard, ...], ...]] = (("a-3a", "ua-1"), ("a-3a",), ("ua-1",), ())
_WITHOUT_ARCHIVE: Final = 2
"""The first step of the ladder that is no PDF/A."""

_MOST_ATTEMPTS: Final = 12
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
    """A finished PDF. ``notes`` are what it could not do as it should; they stand on its cover too.

    ``manifest`` is attached to it, ``removed`` is what the profile took out.
    """

    pdf: bytes = field(repr=False)
    sha256: str
    pages: int
    notes: tuple[Note, ...]
    manifest: bytes = field(default=b"", repr=False)
    removed: tuple[Removed, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class _Job:
    """Everything typst gets for one attempt, and what is attached afterwards."""

    inputs: Mapping[str, str] = field(repr=False)
    notes: tuple[Note, ...]
    attached: tuple[Attachment, ...]
    manifest: bytes = field(repr=False)


@dataclass(frozen=True)
class _Order:
    """What is to be made: one copy a language, the first leads, with what was taken out of all of them."""

    copies: tuple[ThisCopy, ...]
    lang: str
    removed: tuple[Removed, ...]
    proof: Proof | None


def make(
    case: Case, frame: Frame, lang: str, *, profile: Profile | None = None, proof: Proof | None = None
) -> Document:
    """The snapshot of ``case`` in ``lang`` (``zh``, ``en`` or ``both``), the same bytes for the same arguments.

    It is PDF/A-3a and PDF/UA-1 where that can be; else a tagged PDF, with a note. ``profile`` says for whom it is
    made, ``court`` if nothing is said; ``proof`` signs its manifest. Takes no file, writes no file; may be called from any thread. Raises
    :class:`NotMade`, also where something that was to be taken out is found in what came about.
    """
    families = _families()
    notes: tuple[Note, ...] = ()
    if lang != "en" and not families.speak_chinese():
        lang, notes = "en", (Note("snapshot.note.no_chinese_font"),)
    if case.answer and case.answer.too_long:
        notes = (*notes, Note("snapshot.note.too_long", {"bytes": grouped(case.answer.size)}))
    profile = profile or load()
    langs = ("en", "zh") if lang == "both" else (lang,)
    pictures = (*case.references, *case.photographs[:MOST_PAGES])
    small = thumbnails(pictures) if profile.pictures == SMALL else {}
    case, frame, removed = redacted(case, frame, profile, *map(words_of, langs))
    if any(one.reason == "unreadable" for one in removed):
        notes = (*notes, Note("dossier.note.whole"))
    chinese = families.speak_chinese()
    copies = tuple(ThisCopy(case, frame, words_of(one), profile, chinese, len(removed)) for one in langs)
    order = _Order(copies, lang, removed, proof)
    drawn = exhibits(case.photographs, case.references, small)
    unshown, step, why = frozenset[str](), 0, list[Note]()
    for attempt in range(_MOST_ATTEMPTS):
        job = _job(order, drawn, families, unshown, (*notes, *why))
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
        false_ones = {e.place for e in drawn if e.drawn and not e.rendering and not _truly_in(pdf, e)}
        if not false_ones:
            _let_go()
            return _finished(pdf, job, order)
        drawn = tuple(replace(e, drawn=e.drawn and e.place not in false_ones) for e in drawn)
        # What kept the file from being PDF/A was such a picture, and it is no longer drawn.
        step, why = 0, []
    raise NotMade("snapshot_not_made", reason="")


def _finished(pdf: bytes, job: _Job, order: _Order) -> Document:
    """The file with its attachments, looked through once more where something was to be taken out."""
    pages = _pages(pdf)
    pdf = attach(pdf, job.attached, order.copies[0].frame.exported_at)
    if order.removed:
        from faceid_review.snapshot.search import found_again  # noqa: PLC0415 - loads pikepdf, for redaction alone

        again = found_again(pdf, job.inputs["data"], order.removed)
        if again:
            items = ", ".join(f"{one.number} ({one.pointer})" for one in again[:12])
            raise NotMade("redaction_found", items=items[:600])
    digest = hashlib.sha256(pdf).hexdigest()
    return Document(pdf, digest, pages, job.notes, job.manifest, order.removed)


def chain_mark(count: int, head: str) -> str:
    """The ledger's count and head as they stand in the metadata, so that ``audit --against`` finds them."""
    return f"faceid-review-chain:{count}:{head}"


def chain_in(pdf: bytes) -> tuple[int, str] | None:
    """The ledger's count and head (hex) that a snapshot of ours was made at, or None."""
    found = _CHAIN.search(pdf)
    return (int(found[1]), found[2].decode()) if found else None


def find_fonts() -> None:
    """Find the fonts ahead of the first export, which loads them: 40 MB that nobody needs who exports nothing."""
    _families()


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
def fonts_sha256() -> str:
    """One hash for the fonts that snapshots are set in here, file by file: another one may set other pages."""
    names = {*_families().text, *_families().fixed}
    paths = sorted({face.path for face in _fonts().fonts() if face.family in names and face.path})
    return hashlib.sha256(
        b"".join(hashlib.sha256(Path(path).read_bytes()).digest() for path in paths)
    ).hexdigest()


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
        step = _WITHOUT_ARCHIVE - 1
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
    order: _Order,
    drawn: Sequence[Exhibit],
    families: Families,
    unshown: frozenset[str],
    notes: tuple[Note, ...],
) -> _Job:
    leading = order.copies[0]
    files = attachments(leading, drawn)
    parts = [*_parts(leading, files, drawn), *(one.part(leading.frame.seed) for one in order.removed)]
    proofs = dict(_proofs(order, parts))
    files += [_proof(leading, name, body) for name, body in proofs.items()]
    listed = proofs[manifest.NAME]
    sizes, digest = [(one.name, len(one.body)) for one in files], hashlib.sha256(listed).hexdigest()

    def printed(notes: Sequence[Note]) -> dict[str, Any]:
        made = list[list[dict[str, Any]]]()
        for copy in order.copies:
            pages = following(copy, drawn, parts, digest)
            made.append([cover(copy, pages, sizes, notes, digest), *pages])
        return {"pages": both(*made) if len(made) > 1 else made[0], **_frame(order, digest)}

    told_first = printed(notes)
    writing = Writing(families, _texts(told_first), unshown)
    # The notes are printed as well; they name the characters by number, so nothing new comes in.
    told = tuple(writing.notes())
    pages = printed((*notes, *told)) if told else told_first
    data = flowing(_everywhere(pages, writing) if writing.changes else pages) | {
        "lang": leading.lang,
        "latin": list(LATIN),
        "fonts": {
            "text": [*families.text, *writing.further],
            "fixed": [*families.fixed, *writing.further],
        },
        "title": writing(f"FaceID Review · {leading.case.number}"),
        "author": writing(leading.frame.exporter),
        "keywords": [writing(leading.case.biz_id), chain_mark(leading.frame.entries, leading.frame.head)],
    }
    inputs = {e.input: e.drawing() for e in drawn if e.drawn}
    inputs[short_code.INPUT] = short_code.drawing(short_code.text(leading, digest))
    inputs["data"] = json.dumps(data, ensure_ascii=False)
    return _Job(inputs, (*notes, *told), tuple(files), listed)


def _parts(copy: ThisCopy, files: Sequence[Attachment], drawn: Sequence[Exhibit]) -> Iterator[Part]:
    yield from (one.part for one in files)
    for one in drawn:
        if one.drawn and not one.rendering:
            yield Part.of(one.number, one.picture.data, PICTURE, one.picture.pointer[:300])


def _facts(order: _Order) -> dict[str, Any]:
    copy = order.copies[0]
    answer, frame = copy.case.answer, copy.frame
    return {
        "case": copy.case.number,
        "biz_id": str(copy.case.biz_id),
        "profile": copy.profile.name,
        "lang": order.lang,
        "exported_at": frame.exported_at.isoformat(),
        "exporter": frame.exporter,
        "program": f"FaceID Review {frame.version}",
        "chain": {"count": frame.entries, "head": frame.head},
        "answer": {"sha256": answer.sha256, "size": answer.size} if answer else None,
    }


def _proofs(order: _Order, parts: Sequence[Part]) -> Iterator[tuple[str, bytes]]:
    """The manifest, and what proves it, by name."""
    facts = _facts(order)
    if order.proof is None:
        yield manifest.NAME, manifest.manifest(parts, facts)
    else:
        yield from order.proof.attached(parts, facts)


def _proof(copy: ThisCopy, name: str, body: bytes) -> Attachment:
    mimes = {".json": "application/json", ".txt": "text/plain", ".py": "text/plain", ".pem": "text/plain"}
    mime = mimes.get(name[name.rfind(".") :], "application/octet-stream")
    return Attachment(name, body, mime, copy.words("dossier.attached.proof"))


def _frame(order: _Order, digest: str) -> dict[str, Any]:
    copy, second = order.copies[0], order.copies[-1]
    words, frame, case = copy.words, copy.frame, copy.case
    parts = []
    if frame.recipient:
        parts.append(words("snapshot.frame.for", recipient=frame.recipient[:120]))
    if frame.purpose:
        parts.append(frame.purpose[:120])
    not_otherwise = (one.words("snapshot.frame.not_otherwise") for one in (copy, second))
    parts.append(joined(*not_otherwise) or "")
    return {
        "head": joined(words("snapshot.frame.head"), second.words("snapshot.frame.head").rpartition("· ")[2])
        if second is not copy
        else words("snapshot.frame.head"),
        "number": case.number,
        "foot": [
            words(
                "dossier.frame.foot",
                case=case.number,
                profile=copy.profile.title(copy.lang),
                exporter=frame.exporter[:60],
                at=copy.clock.both(frame.exported_at),
            ),
            words(
                "dossier.frame.hashes",
                export=frame.export,
                manifest=digest[:16],
                head=frame.head[:16] or "–",
                entries=frame.entries,
            ),
        ],
        "margin": " · ".join(parts) if len(parts) > 1 else None,
        "practice": words("snapshot.frame.practice") if frame.demo else None,
    }


def _texts(value: Any) -> list[str]:
    """Every text in ``value``."""
    found, left = list[str](), [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, dict):
            left += one.values()
        elif isinstance(one, list):
            left += one
    return found


def _everywhere(value: Any, writing: Callable[[str], str]) -> Any:
    """``value`` with every text in it put through ``writing``."""
    if isinstance(value, str):
        return writing(value)
    if isinstance(value, Mapping):
        return {name: _everywhere(item, writing) for name, item in value.items()}
    return [_everywhere(item, writing) for item in value] if isinstance(value, list) else value

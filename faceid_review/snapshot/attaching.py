"""Puts files into a PDF that typst made: any bytes, as they are, at the cost of copying them.

typst takes no bytes from memory but through a list of numbers in JSON, which costs a second for what is copied here
in a millisecond. The file stays what it was, PDF/A-3 included: one revision with one cross-reference table, the
catalogue names each file and is associated with it (ISO 32000-2, 7.11.4 and 14.13; ISO 19005-3, 6.8).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from faceid_review.snapshot.manifest import ATTACHMENT, Part

_START: Final = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_TRAILER: Final = re.compile(rb"trailer\s*<<.*?/Size (\d+).*?/Root (\d+) 0 R.*?>>", re.DOTALL)
_PACKED: Final = ("application/json", "application/jsonl", "text/plain")
_EFFORT: Final = 6


@dataclass(frozen=True)
class Attachment:
    """A file that travels inside the document. ``body`` are its bytes; ``relationship`` as in PDF: Source, Data.

    ``kind`` and ``pointer`` are those of its :class:`~faceid_review.snapshot.manifest.Part`.
    """

    name: str
    body: bytes = field(repr=False)
    mime: str
    description: str
    relationship: str = "Data"
    kind: str = ATTACHMENT
    pointer: str = ""

    @property
    def part(self) -> Part:
        """Its line in the manifest."""
        return Part.of(self.name, self.body, self.kind, self.pointer)


def attach(pdf: bytes, attachments: Iterable[Attachment], at: datetime) -> bytes:
    """``pdf`` with these files in it, the same bytes for the same arguments. Raises ValueError for an unknown form.

    ``pdf`` is one of typst's, without attachments of its own; ``at`` is told as the moment of each file.
    """
    wanted = sorted(attachments, key=lambda one: one.name.encode())
    if not wanted:
        return pdf
    start, told = _START.search(pdf), _TRAILER.search(pdf)
    if start is None or told is None:
        raise ValueError("no cross-reference table")
    at_table, size, root = int(start[1]), int(told[1]), int(told[2])
    lines = pdf[at_table : told.start()].split(b"\n")[2 : 2 + size]
    at_root = int(lines[root][:10])
    catalogue = pdf[at_root : pdf.index(b"endobj", at_root)].rstrip()
    if not catalogue.endswith(b">>") or catalogue.count(b"/Names<<") != 1 or b"/AF[" in catalogue:
        raise ValueError("no catalogue")
    kept, added = pdf[:at_table], list[bytes]()
    offsets, length = list[int](), len(kept)
    for number, one in enumerate(wanted):
        for made in _objects(one, size + 2 * number, at):
            offsets.append(length)
            added.append(made)
            length += len(made)
    files = [f"{size + 2 * number + 1} 0 R" for number in range(len(wanted))]
    named = "".join(f"{_text(one.name)}{file}" for one, file in zip(wanted, files, strict=True))
    told_of = f"/Names<</EmbeddedFiles<</Names[{named}]>>".encode()
    catalogue = catalogue.replace(b"/Names<<", told_of)[:-2] + f"/AF[{' '.join(files)}]>>".encode()
    lines = [line.rstrip() for line in lines]
    lines[root] = b"%010d 00000 n" % length
    added.append(catalogue + b"\nendobj\n\n")
    length += len(added[-1])
    lines += [b"%010d 00000 n" % offset for offset in offsets]
    trailer = told[0].replace(f"/Size {size}".encode(), f"/Size {len(lines)}".encode(), 1)
    table = b"xref\n0 %d\n" % len(lines) + b"".join(line + b"\r\n" for line in lines)
    return b"".join((kept, *added, table, trailer, b"\nstartxref\n%d\n%%%%EOF" % length))


def _objects(one: Attachment, number: int, at: datetime) -> Sequence[bytes]:
    """The stream of a file and what names it, as objects ``number`` and the one after."""
    held, packing = one.body, ""
    if one.mime in _PACKED and len(packed := zlib.compress(one.body, _EFFORT)) < len(held):
        held, packing = packed, "/Filter/FlateDecode"
    mime = one.mime.replace("/", "#2F")
    moment = f"D:{at.astimezone(UTC):%Y%m%d%H%M%S}Z"
    head = (
        f"{number} 0 obj\n<</Type/EmbeddedFile/Subtype/{mime}{packing}/Length {len(held)}"
        f"/Params<</Size {len(one.body)}/ModDate({moment})>>>>\nstream\n"
    )
    names = (
        f"{number + 1} 0 obj\n<</Type/Filespec/F{_text(one.name)}/UF{_text(one.name)}"
        f"/AFRelationship/{one.relationship}/Desc{_text(one.description)}"
        f"/EF<</F {number} 0 R/UF {number} 0 R>>>>\nendobj\n\n"
    )
    return head.encode() + held + b"\nendstream\nendobj\n\n", names.encode()


def _text(text: str) -> str:
    """A PDF text string: ASCII as it is, anything else in UTF-16 (ISO 32000-2, 7.9.2.2)."""
    if text.isascii() and text.isprintable():
        return "(" + re.sub(r"([\\()])", r"\\\1", text) + ")"
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"

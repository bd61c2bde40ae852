"""Where the bytes come from, and the answer itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from faceid_review.faceid import glossary
from faceid_review.faceid.client import PATH
from faceid_review.review.sources import IMPORTED
from faceid_review.snapshot import raw_response
from faceid_review.snapshot.attachments import SECRET_HEADERS
from faceid_review.snapshot.blocks import (
    Block,
    Cell,
    facts,
    fixed,
    grouped_hash,
    page,
    quiet,
    remark,
    section,
    table,
)
from faceid_review.snapshot.custody import SECRETS
from faceid_review.snapshot.exhibits import Exhibit, size_of
from faceid_review.snapshot.other_sources import other_sources
from faceid_review.snapshot.this_copy import ThisCopy
from faceid_review.snapshot.vendor_result import meaning_of

_MOST_ROWS: Final = 400
_MOST_HEADERS: Final = 60


def provenance(copy: ThisCopy) -> dict[str, Any]:
    """How each answer was asked for and came, or who gave it."""
    blocks = [*_asked(copy), *_arrived(copy), *_headers(copy), *other_sources(copy)]
    words = copy.words
    return page("provenance", words("dossier.provenance.title"), blocks, words("dossier.provenance.intro"))


def raw_page(copy: ThisCopy, exhibits: Sequence[Exhibit]) -> dict[str, Any]:
    """The answer, pretty-printed, or as it came where it is no JSON."""
    words, answer = copy.words, copy.case.answer
    title = words("snapshot.raw.title")
    if answer is None:
        return page("raw", title, [remark(words("snapshot.raw.none"))])
    if copy.tree is None:
        lines, left = raw_response.unreadable(answer.body)
        blocks: list[Block] = [{"kind": "code", "lines": lines}]
        if left:
            blocks.append(remark(words.many("snapshot.raw.bytes_left_out", left)))
        return page("raw", title, blocks, words("snapshot.raw.intro_unreadable"))
    pictures = {exhibit.picture.pointer: exhibit for exhibit in exhibits if not exhibit.ours}

    def folded(pointer: str, _: str) -> str | None:
        exhibit = pictures.get(pointer)
        if exhibit is None:
            return None
        size = words.many("snapshot.bytes", size_of(exhibit.picture))
        return f"[{exhibit.number}, {size}, SHA-256 {exhibit.picture.sha256}]"

    lines, cut = raw_response.pretty(copy.tree, folded, lambda n: words.many("snapshot.left_out", n))
    blocks = [{"kind": "code", "lines": lines}]
    if cut:
        blocks.append(remark(words("snapshot.raw.cut")))
    attached = "answer" in copy.profile.attachments
    return page("raw", title, blocks, words("snapshot.raw.intro" if attached else "snapshot.raw.intro_alone"))


def _asked(copy: ThisCopy) -> Iterator[Block]:
    words, case = copy.words, copy.case
    yield section(words("snapshot.provenance.asked"))
    armed = [entry for entry in case.events if entry.act == "armed"]
    told = armed[-1].facts if armed else {}
    rows: list[tuple[str, Cell]] = [
        (words("snapshot.provenance.account"), case.account or "–"),
        (words("snapshot.provenance.endpoint"), _endpoint(copy, str(told.get("base_url", "")))),
        (words("snapshot.provenance.parameters"), _parameters(copy, told.get("get_image_type"))),
    ]
    yield facts(rows, label=38)
    if case.attempts:
        heads = ("attempt", "at", "account", "stage")
        yield table(
            [
                [str(a.number), copy.clock.both(a.at), a.account, words(f"snapshot.chip.{a.stage.value}")]
                for a in case.attempts[:_MOST_ROWS]
            ],
            [16, 66, "rest", 44],
            head=[words(f"snapshot.provenance.{name}") for name in heads],
            align=("right",),
        )
    else:
        yield remark(quiet(words("snapshot.provenance.no_attempts")))


def _endpoint(copy: ThisCopy, base_url: str) -> Cell:
    """Scheme, host, port and path. Whatever else a URL could hold stays out."""
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not base_url or not host:
        return quiet(copy.words("snapshot.provenance.not_recorded"))
    named = f"[{host}]" if ":" in host else host
    return fixed(f"GET {parts.scheme}://{named}{f':{port}' if port else ''}{parts.path.rstrip('/')}{PATH}")


def _parameters(copy: ThisCopy, image_type: Any) -> Cell:
    asked = [fixed(f"biz_id={copy.case.biz_id}")]
    if image_type is not None:
        asked.append(fixed(f"get_image_type={image_type}"))
    return [*asked, quiet(copy.words("snapshot.provenance.secrets", names=" · ".join(sorted(SECRETS))))]


def _arrived(copy: ThisCopy) -> Iterator[Block]:
    words, answer = copy.words, copy.case.answer
    yield section(words("snapshot.provenance.arrived"))
    if answer is None:
        yield remark(words(f"snapshot.stage.{copy.case.stage.value}", code=""))
        return
    ending = glossary.ending(answer.ended)
    imported = answer.origin == IMPORTED
    at = words("callback.snapshot.imported_at" if imported else "snapshot.provenance.received")
    rows: list[tuple[str, Cell]] = [
        (at, copy.clock.both(answer.received_at)),
        (
            words("snapshot.provenance.status"),
            f"HTTP {answer.status}" if answer.status else quiet(words("snapshot.provenance.not_told")),
        ),
        (words("snapshot.provenance.size"), words.many("snapshot.bytes", answer.size)),
        (words("snapshot.provenance.ended"), meaning_of(ending, copy) or answer.ended),
        (
            words("snapshot.provenance.complete"),
            words("snapshot.yes" if answer.complete else "snapshot.provenance.incomplete"),
        ),
        (words("snapshot.integrity.body"), grouped_hash(answer.sha256, 16)),
        (words("snapshot.provenance.entry"), str(answer.entry)),
    ]
    if answer.tls:
        rows += [
            (words("snapshot.provenance.tls"), str(answer.tls.get("version") or "–")),
            (words("snapshot.provenance.issuer"), str(answer.tls.get("issuer") or "–")[:300]),
            (words("snapshot.provenance.leaf"), _certificate(copy, answer.tls.get("leaf_sha256"))),
            (words("snapshot.provenance.issuer_sha"), _certificate(copy, answer.tls.get("issuer_sha256"))),
        ]
    elif not imported:
        plain = any(str(e.facts.get("base_url", "")).startswith("http://") for e in copy.case.events)
        missing = words("snapshot.provenance.no_tls" if plain else "snapshot.provenance.not_recorded")
        rows.append((words("snapshot.provenance.tls"), missing))
    yield facts(rows, label=38)


def _certificate(copy: ThisCopy, digest: str | None) -> Cell:
    return grouped_hash(digest[:64], 16) if digest else quiet(copy.words("snapshot.provenance.not_recorded"))


def _headers(copy: ThisCopy) -> Iterator[Block]:
    words, answer = copy.words, copy.case.answer
    if answer is None:
        return
    yield section(words("snapshot.provenance.headers"))
    if not answer.headers:
        yield remark(quiet(words("snapshot.none_recorded")))
        return
    rows: list[list[Cell]] = [
        [fixed(name[:120]), _header(copy, name, value)] for name, value in answer.headers[:_MOST_HEADERS]
    ]
    yield table(rows, [50, "rest"])
    if len(answer.headers) > _MOST_HEADERS:
        yield remark(
            words.many("snapshot.provenance.more_headers", len(answer.headers) - _MOST_HEADERS), quiet=True
        )


def _header(copy: ThisCopy, name: str, value: str) -> Cell:
    return quiet(copy.words("dossier.withheld")) if name.lower() in SECRET_HEADERS else _cut(value, 1000)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + "…"

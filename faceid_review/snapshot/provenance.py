"""What was decided, where the bytes come from, how to check them, and the answer itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from faceid_review.faceid import glossary
from faceid_review.faceid.client import PATH
from faceid_review.i18n import grouped
from faceid_review.snapshot import raw_response
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
from faceid_review.snapshot.exhibits import Exhibit
from faceid_review.snapshot.this_copy import ThisCopy
from faceid_review.snapshot.vendor_result import meaning_of

_MOST_ROWS: Final = 400
_MOST_HEADERS: Final = 60
_SECRETS: Final = frozenset({"api_key", "api_secret"})
_QUIET_FACTS: Final = frozenset({"headers", "tls", "case", "subject", "base_url"})


def decisions(copy: ThisCopy) -> dict[str, Any]:
    """Decisions, notes and the dispute. An empty part says so."""
    words = copy.words
    blocks: list[Block] = []
    for part in ("decisions", "notes", "dispute"):
        blocks += [
            section(words(f"snapshot.decisions.{part}")),
            remark(quiet(words("snapshot.none_recorded"))),
        ]
    return page("decisions", words("snapshot.decisions.title"), blocks, words("snapshot.decisions.intro"))


def provenance(
    copy: ThisCopy, exhibits: Sequence[Exhibit], attached: Iterable[tuple[str, int]]
) -> dict[str, Any]:
    """How the answer was asked for and came, every entry of the case, and how to check this document."""
    blocks = [*_asked(copy), *_arrived(copy), *_headers(copy), *_events(copy), *_integrity(copy, exhibits)]
    blocks += _checking(copy, attached)
    words = copy.words
    return page("provenance", words("snapshot.provenance.title"), blocks, words("snapshot.provenance.intro"))


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
    pictures = {exhibit.picture.pointer: exhibit for exhibit in exhibits}

    def folded(pointer: str, _: str) -> str | None:
        exhibit = pictures.get(pointer)
        if exhibit is None:
            return None
        size = words.many("snapshot.bytes", len(exhibit.picture.data))
        return f"[{exhibit.number}, {size}, SHA-256 {exhibit.picture.sha256}]"

    lines, cut = raw_response.pretty(copy.tree, folded, lambda n: words.many("snapshot.left_out", n))
    blocks = [{"kind": "code", "lines": lines}]
    if cut:
        blocks.append(remark(words("snapshot.raw.cut")))
    return page("raw", title, blocks, words("snapshot.raw.intro"))


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
    return [*asked, quiet(copy.words("snapshot.provenance.secrets", names=" · ".join(sorted(_SECRETS))))]


def _arrived(copy: ThisCopy) -> Iterator[Block]:
    words, answer = copy.words, copy.case.answer
    yield section(words("snapshot.provenance.arrived"))
    if answer is None:
        yield remark(words(f"snapshot.stage.{copy.case.stage.value}", code=""))
        return
    ending = glossary.ending(answer.ended)
    rows: list[tuple[str, Cell]] = [
        (words("snapshot.provenance.received"), copy.clock.both(answer.received_at)),
        (words("snapshot.provenance.status"), f"HTTP {answer.status}"),
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
    else:
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
        [fixed(name[:120]), _cut(value, 1000)] for name, value in answer.headers[:_MOST_HEADERS]
    ]
    yield table(rows, [50, "rest"])
    if len(answer.headers) > _MOST_HEADERS:
        yield remark(
            words.many("snapshot.provenance.more_headers", len(answer.headers) - _MOST_HEADERS), quiet=True
        )


def _events(copy: ThisCopy) -> Iterator[Block]:
    words, events = copy.words, copy.case.events
    yield section(words("snapshot.events.title"), remark=words("snapshot.events.remark"))
    heads = ("number", "at", "by", "act", "facts")
    yield table(
        [
            [str(e.number), copy.clock.utc(e.at), e.by[:80], _act(copy, e.act), quiet(_facts(e.facts))]
            for e in events[-_MOST_ROWS:]
        ],
        [14, 42, 26, 34, "rest"],
        head=[words(f"snapshot.events.{name}") for name in heads],
        align=("right",),
    )
    if len(events) > _MOST_ROWS:
        yield remark(words.many("snapshot.events.earlier", len(events) - _MOST_ROWS), quiet=True)


def _act(copy: ThisCopy, act: str) -> Cell:
    key = f"snapshot.act.{act}"
    told = copy.words(key)
    return fixed(act[:40]) if told == key else told


def _facts(told: Any) -> str:
    parts = [
        f"{name} {value}"
        for name, value in told.items()
        if name not in _QUIET_FACTS | _SECRETS and isinstance(value, str | int | bool) and value != ""
    ]
    return _cut(" · ".join(parts), 300)


def _integrity(copy: ThisCopy, exhibits: Sequence[Exhibit]) -> Iterator[Block]:
    words, answer = copy.words, copy.case.answer
    if answer is None:
        return
    yield section(words("snapshot.manifest.title"))
    rows: list[list[Cell]] = [[fixed("raw_response.bin"), grouped(answer.size), fixed(answer.sha256)]]
    rows += [
        [f"{e.number}  {e.picture.role[:40]}", grouped(len(e.picture.data)), fixed(e.picture.sha256)]
        for e in exhibits
    ]
    yield table(
        rows,
        [46, 20, "rest"],
        head=[words("snapshot.manifest.item"), words("snapshot.cover.bytes"), "SHA-256"],
        align=("left", "right"),
        together=True,
    )


def _checking(copy: ThisCopy, attached: Iterable[tuple[str, int]]) -> Iterator[Block]:
    words = copy.words
    yield section(words("snapshot.checking.title"), remark=words("snapshot.checking.remark"))
    steps = ["pictures"] if copy.case.photographs else []
    steps += ["answer"] if any(True for _ in attached) else []
    for step in [*steps, "chain"]:
        yield remark(words(f"snapshot.checking.{step}"))
    yield remark(words("snapshot.checking.limits"), quiet=True)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + "…"

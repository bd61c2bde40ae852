"""Which sources a case has, as plain values and as lines of text: every answer and every callback, oldest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import TYPE_CHECKING, Any

from faceid_review.i18n import Words
from faceid_review.review import saying_callbacks, times
from faceid_review.review.sources import IMPORTED

if TYPE_CHECKING:
    from faceid_review.review.case import Case


def stated_callbacks(case: Case) -> list[dict[str, Any]]:
    """``callbacks`` of ``show --json``."""
    return [
        {
            "sign": one.sign,
            "algorithm": one.algorithm,
            "diagnosis": one.diagnosis,
            "account": one.account,
            "body_sha256": one.sha256,
        }
        for one in case.callbacks
    ]


def stated_sources(case: Case) -> list[dict[str, Any]]:
    """``sources`` of ``show --json``: all answers; ``shown`` marks the one that the other fields are of."""
    return [
        {
            "origin": one.origin,
            "body_sha256": one.sha256,
            "body_bytes": one.size,
            "received_at": one.received_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "name": one.name or None,
            "by": one.by or None,
            "shown": case.answer is not None and one.entry == case.answer.entry,
        }
        for one in case.sources
    ]


def lines(case: Case, w: Words) -> Iterator[str]:
    """One line a source, where there is more than the one answer that was fetched; callbacks with their sign."""
    if len(case.sources) > 1 or case.origin == IMPORTED:
        for number, one in enumerate(case.sources, start=1):
            facts = {
                "at": times.instant(one.received_at),
                "by": one.by,
                "name": one.name,
                "sha256": one.sha256,
            }
            shown = case.answer is not None and one.entry == case.answer.entry
            mark = f" ({w('show.source_shown')})" if shown else ""
            label = f"{w('show.source')} {number}{mark}"
            yield w("cli.labelled", label=label, said=w(f"show.source_{one.origin}", **facts))
    for number, source in enumerate(case.callbacks, start=1):
        facts = {
            "at": times.instant(source.at),
            "by": source.by,
            "name": source.name,
            "sha256": source.sha256,
        }
        label = f"{w('show.callback')} {number}"
        yield w("cli.labelled", label=label, said=w("show.callback_facts", **facts))
        for sentence in saying_callbacks.sentences(source, w):
            yield f"  {sentence}"

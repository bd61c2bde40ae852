"""Every page of a document but its cover, in order, as far as the profile has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from faceid_review.snapshot.account import account
from faceid_review.snapshot.custody import custody
from faceid_review.snapshot.deciding import decisions, dispute
from faceid_review.snapshot.exhibits import Exhibit, exhibit_pages
from faceid_review.snapshot.forms import certification, privacy, reviewer, terms
from faceid_review.snapshot.integrity import integrity
from faceid_review.snapshot.liveness import liveness
from faceid_review.snapshot.manifest import Part
from faceid_review.snapshot.marks import comparisons
from faceid_review.snapshot.provenance import provenance, raw_page
from faceid_review.snapshot.this_copy import ThisCopy
from faceid_review.snapshot.vendor_result import vendor_result

Page = dict[str, Any]


def following(copy: ThisCopy, drawn: Sequence[Exhibit], parts: Sequence[Part], digest: str) -> list[Page]:
    """The pages; ``parts`` and ``digest`` are the manifest's."""
    case = copy.case
    readable = bool(case.result and case.result.readable and not case.refusal)
    live = readable or bool(case.result and case.result.liveness)
    doors: dict[str, Callable[[], list[Page]]] = {
        "account": lambda: [account(copy)],
        "vendor": lambda: [vendor_result(copy)],
        "liveness": lambda: [liveness(copy)] if live else [],
        "exhibits": lambda: exhibit_pages(copy, drawn) if readable or drawn else [],
        "compared": lambda: comparisons(copy, drawn),
        "decisions": lambda: [decisions(copy)],
        "dispute": lambda: [dispute(copy)],
        "provenance": lambda: [provenance(copy)],
        "custody": lambda: [custody(copy, drawn)],
        "integrity": lambda: [integrity(copy, parts, digest)],
        "certification": lambda: [certification(copy)],
        "privacy": lambda: [privacy(copy, list(parts))],
        "raw": lambda: [raw_page(copy, drawn)] if case.answer else [],
        "terms": lambda: [terms(copy)],
        "reviewer": lambda: [reviewer(copy)],
    }
    return [page for name, pages in doors.items() if copy.profile.shows(name) for page in pages()]

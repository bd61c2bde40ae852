"""References and marks as plain values for ``show --json`` and as lines for ``show``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from faceid_review.faceid import photograph
from faceid_review.i18n import Words, grouped
from faceid_review.review.case import Case, exhibit_number
from faceid_review.review.components import component
from faceid_review.review.marks import Compared, Pin
from faceid_review.review.references import Reference


def references(case: Case) -> list[dict[str, Any]]:
    """The photographs of our own, oldest first."""
    return [
        {
            "exhibit": one.number,
            "name": one.name,
            "source": one.source or None,
            "by": one.by,
            "at": _instant(one.at),
            "entry": one.entry,
            "sha256": one.sha256,
            "bytes": len(one.data),
            "width": (seen := photograph.examine(one.data)).width,
            "height": seen.height,
            "status": seen.status.value,
        }
        for one in case.references
    ]


def marks(case: Case) -> dict[str, Any]:
    """The pins and findings that stand."""
    return {
        "pins": pins(case),
        "components": [
            {
                "component": one.component,
                "finding": one.finding.value,
                "left": exhibit(case, one.left),
                "right": exhibit(case, one.right),
                "text": one.text,
                "by": one.by,
                "at": _instant(one.at),
                "entry": one.entry,
            }
            for one in case.marks.compared
        ],
    }


def pins(case: Case) -> list[dict[str, Any]]:
    """The pins that stand, by picture and number."""
    return [
        {
            "number": pin.number,
            "exhibit": exhibit(case, pin.role),
            "sha256": pin.sha256,
            "x": pin.x,
            "y": pin.y,
            "feature": pin.feature or None,
            "text": pin.text,
            "by": pin.by,
            "at": _instant(pin.at),
            "entry": pin.entry,
        }
        for pin in case.marks.pins
    ]


def exhibit(case: Case, role: str) -> str:
    """The exhibit's number of a picture, ours or the vendor's."""
    return next((one.number for one in case.references if one.role == role), exhibit_number(role))


def lines(case: Case, w: Words) -> Iterator[str]:
    """The same in sentences; nothing where there is nothing."""
    for one in case.references:
        yield reference_line(one, w)
    for pin in case.marks.pins:
        yield pin_line(case, pin, w)
    for found in case.marks.compared:
        yield finding_line(case, found, w)


def pin_line(case: Case, pin: Pin, w: Words) -> str:
    """A pin in a line: where it is, what it says, whose it is."""
    said = w("marks.pin_at", number=pin.number, exhibit=exhibit(case, pin.role), x=pin.x, y=pin.y)
    return w("marks.line", head=said, said=pin_words(pin.feature, pin.text, w), by=pin.by)


def finding_line(case: Case, found: Compared, w: Words) -> str:
    """A finding in a line: between which pictures, on what, which."""
    pair = w("marks.pair", left=exhibit(case, found.left), right=exhibit(case, found.right))
    name = component_name(found.component, w)
    said = w("marks.named", name=name, text=w(f"marks.{found.finding.value}"))
    text = w("marks.comma").join([said, found.text] if found.text else [said])
    return w("marks.line", head=pair, said=text, by=found.by)


def reference_line(one: Reference, w: Words) -> str:
    """A reference in a line: whose it is comes first."""
    source = one.source or w("marks.source_unsaid")
    facts = w("marks.reference_facts", name=one.name, source=source, by=one.by, bytes=grouped(len(one.data)))
    return w("marks.reference_line", number=one.number, facts=facts, sha256=one.sha256)


def pin_words(feature: str, text: str, w: Words) -> str:
    """What a pin says: its feature, then its text."""
    name = component_name(feature, w) if feature else ""
    if name and text:
        return w("marks.named", name=name, text=text)
    return name or text or w("marks.no_text")


def component_name(code: str, w: Words) -> str:
    """A component in the reader's language; one that is not known any more by its code."""
    known = component(code)
    return known.name(w.lang) if known else code


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

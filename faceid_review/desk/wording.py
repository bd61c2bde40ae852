"""Errors as the window says them: in its own words where the general ones speak of the command line."""

from __future__ import annotations

from faceid_review.errors import ReviewError
from faceid_review.i18n import Words
from faceid_review.review import telling


def sentence(error: ReviewError, words: Words) -> str:
    """What an error says, for somebody who sits at the window."""
    key = f"desk.{error.wording}"
    facts = {name: value for name, value in error.facts.items() if name != "rescue"}
    ours = words(key, **facts)
    return telling.sentence(error, words) if ours == key else ours

"""A vendor's picture, or one of our own: whether it is sound, its pixels, its facts. The only room that decodes pictures.

The bytes are evidence and are never written again.
"""

from faceid_review.faceid.photograph.examining import (
    LONGEST_SIDE,
    MOST_BYTES,
    MOST_PIXELS,
    Examined,
    Pixels,
    Status,
    examine,
    size_upright,
    smaller,
)
from faceid_review.faceid.photograph.facts import Ending, Facts, Quality, facts, kind

__all__ = [
    "LONGEST_SIDE",
    "MOST_BYTES",
    "MOST_PIXELS",
    "Ending",
    "Examined",
    "Facts",
    "Pixels",
    "Quality",
    "Status",
    "examine",
    "facts",
    "kind",
    "size_upright",
    "smaller",
]

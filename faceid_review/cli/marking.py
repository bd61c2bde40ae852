"""``reference``: a photograph of our own beside a case's."""

from __future__ import annotations

import argparse

from faceid_review.cli.lines import opened
from faceid_review.i18n import Words


def reference(options: argparse.Namespace, w: Words) -> int:
    """Copy a picture into the vault as an exhibit of the case, supplied by us and not by the vendor."""
    with opened(options) as session:
        added = session.add_reference(options.id, options.file, options.source)
    print(f"{added.number}\t{added.name}\t{added.sha256}\t{w('marks.supplied')}")
    return 0

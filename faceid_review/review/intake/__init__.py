"""The other door: saved answers, HAR files and callbacks, recognised by their content and kept as they came."""

from __future__ import annotations

from faceid_review.review.intake.keeping import Intake
from faceid_review.review.intake.places import Kept, Kind, Looked, Pasted, Place, Preview, Source, What, shown

__all__ = ["Intake", "Kept", "Kind", "Looked", "Pasted", "Place", "Preview", "Source", "What", "shown"]

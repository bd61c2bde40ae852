"""What a reviewer adds to the photographs: references of our own, pins, findings on components."""

from __future__ import annotations

from pathlib import Path

from faceid_review.errors import Usage
from faceid_review.faceid.biz_id import visible
from faceid_review.faceid.photograph import MOST_BYTES
from faceid_review.faceid.result import Photograph
from faceid_review.review import marks, references
from faceid_review.review.case import Case
from faceid_review.review.casebook import Casebook
from faceid_review.review.marked import exhibit
from faceid_review.review.marks import Points
from faceid_review.review.references import Reference
from faceid_review.vault.entry import Entry


class Marking:
    """Writes marks into the cases of one vault. May be called from any thread but the GUI's."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook

    def add_reference(self, biz_id: str, path: Path, source: str = "") -> Reference:
        """Lay a photograph of our own beside a case's. ``source`` says where it came from.

        The file is copied to the byte and never read again. Raises :class:`Usage` where it cannot be read or is no
        picture that can be shown, :class:`VaultClosed` where it could not be kept.
        """
        case = self._case(biz_id)
        data = _read(path)
        facts = references.checked(data, path.name, source, case.references)
        entry = self._casebook.keep(references.ACT, case.biz_id, facts, data)
        return next(one for one in self._case(biz_id).references if one.entry == entry.number)

    def pin(self, biz_id: str, role: str, x: float, y: float, feature: str = "", text: str = "") -> Entry:
        """Put a pin at a point of a picture (pixels of it upright). Raises :class:`Usage`."""
        case = self._case(biz_id)
        facts = marks.new_pin(case.marks, picture_of(case, role), x, y, feature, text)
        return self._casebook.record(marks.PIN, case.biz_id, facts)

    def unpin(self, biz_id: str, entry: int) -> Entry:
        """Take back the pin that ``entry`` placed; its number is not given again. Raises :class:`Usage`."""
        case = self._case(biz_id)
        return self._casebook.record(marks.UNPIN, case.biz_id, marks.without_pin(case.marks, entry))

    def find(self, biz_id: str, component: str, finding: str, left: str, right: str, text: str = "") -> Entry:
        """Say how a component of two pictures compares, or with an empty ``finding`` nothing any more.

        ``left`` and ``right`` are roles. Raises :class:`Usage`.
        """
        case = self._case(biz_id)
        sides = picture_of(case, left), picture_of(case, right)
        facts = marks.new_finding(component, finding, *sides, text)
        return self._casebook.record(marks.COMPONENT, case.biz_id, facts)

    def align(self, biz_id: str, left: str, left_points: Points, right: str, right_points: Points) -> Entry:
        """Say that the same two points were found on two pictures, given by their roles. Raises :class:`Usage`."""
        case = self._case(biz_id)
        facts = marks.new_alignment(
            picture_of(case, left), left_points, picture_of(case, right), right_points
        )
        return self._casebook.record(marks.ALIGNED, case.biz_id, facts)

    def _case(self, biz_id: str) -> Case:
        return self._casebook.open(self._casebook.find(biz_id), record=False)


def picture_of(case: Case, role: str) -> Photograph:
    """The picture of a case with this role, ours or the vendor's. Raises :class:`Usage`."""
    for picture in (*case.references, *case.photographs):
        if picture.role == role:
            return picture
    raise Usage("picture_unknown", role=visible(role)[:60])


def role_of(case: Case, name: str) -> str:
    """The role of the picture that a person means: by its exhibit's number (E1), or by the role itself.

    The number comes first: an answer may call any of its pictures E1.
    """
    pictures = (*case.references, *case.photographs)
    return next((one.role for one in pictures if exhibit(case, one.role) == name), name)


def _read(path: Path) -> bytes:
    """At most a byte more than a picture may have; only of what is a file."""
    try:
        if path.is_file():
            with path.open("rb") as file:
                return file.read(MOST_BYTES + 1)
    except OSError:
        pass
    raise Usage("reference_unreadable", name=visible(path.name)[:120])

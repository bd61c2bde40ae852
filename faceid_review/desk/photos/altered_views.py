"""Which views are altered, and when that is told: once a hand has rested, so that a slider tells one thing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from faceid_review.desk.photos.alteration import Alteration
from faceid_review.desk.photos.picture import Picture

_REST_MS: Final = 700


class AlteredViews(QObject):
    """Alterations by the SHA-256 of a picture. ``told`` carries biz_id and facts for an entry."""

    told = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._alterations: dict[str, Alteration] = {}
        self._made: dict[str, Picture] = {}
        self._untold: dict[str, tuple[str, str]] = {}
        self._told: dict[str, Alteration] = {}
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.tell)

    def alteration(self, sha256: str) -> Alteration:
        """What is done to the view of a picture."""
        return self._alterations.get(sha256, Alteration())

    def alter(self, sha256: str, alteration: Alteration, biz_id: str, role: str) -> None:
        """Alter the view of a picture; the default brings the original back."""
        if alteration == self.alteration(sha256):
            return
        self._alterations[sha256] = alteration
        self._made.pop(sha256, None)
        self._untold[sha256] = biz_id, role
        self._rest.start()

    def of(self, sha256: str, picture: Picture) -> Picture:
        """The view of ``picture`` that is to be shown."""
        alteration = self.alteration(sha256)
        if not alteration:
            return picture
        made = self._made.get(sha256)
        if made is None or made.original is not picture:
            made = self._made[sha256] = picture.altered(alteration)
        return made

    def forget(self, keep: Collection[str] = ()) -> None:
        """Another case: every view is the original again, but those of ``keep``."""
        self.tell()
        for held in (self._alterations, self._made, self._told):
            for sha256 in [one for one in held if one not in keep]:
                held.pop(sha256)

    @Slot()
    def tell(self) -> None:
        """Tell what has changed since it was told last."""
        self._rest.stop()
        untold, self._untold = self._untold, {}
        for sha256, (biz_id, role) in untold.items():
            now = self.alteration(sha256)
            if now != self._told.get(sha256, Alteration()):
                self._told[sha256] = now
                self.told.emit(biz_id, {"role": role, "sha256": sha256, "altered": now.facts})

"""What hangs where: the places of the case on show, their pictures as they come in, and one on each side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from faceid_review.desk.photos import exhibit as places
from faceid_review.desk.photos.compare import LEFT, RIGHT
from faceid_review.desk.photos.exhibit import Exhibit
from faceid_review.desk.photos.hung import Hung
from faceid_review.desk.photos.picture import Picture
from faceid_review.faceid.photograph import Examined
from faceid_review.review.case import Case


class Wall:
    """``case`` is the one on show, ``exhibits`` its places by role, ``kept`` a picture that stays on the left."""

    def __init__(self) -> None:
        self.case: Case | None = None
        self.exhibits: dict[str, Exhibit] = {}
        self.kept: Hung | None = None
        self._examined: dict[str, Examined] = {}
        self._pictures: dict[str, Picture] = {}
        self._roles = ["", ""]

    def take(self, case: Case | None) -> bool:
        """Hang another case, or none; True where its photographs are the ones that hung before and stay."""
        same = _photographs(case) == _photographs(self.case) and case is not None and self.case is not None
        self.case = case
        self.exhibits = {one.role: one for one in places.exhibits(case)} if case else {}
        if not same:
            self._examined.clear()
            self._pictures.clear()
        return same

    def arrange(self, active: int) -> None:
        """The best picture on the active side; on the other the reference, or the next one there is."""
        self._roles = ["", ""]
        if self.exhibits:
            came, best = self.came, self._best
            others = [role for role in came if role != best]
            other = places.REFERENCE if places.REFERENCE in others or not others else others[0]
            self._roles = [best, other] if active == LEFT else [other, best]

    @property
    def _best(self) -> str:
        came = self.came
        return places.BEST if places.BEST in came or not came else came[0]

    @property
    def settled(self) -> bool:
        """Whether what hangs on both sides is of the case on show, or kept."""
        return all(role in self.exhibits for role in self._roles)

    @property
    def came(self) -> list[str]:
        """The roles whose photographs came, in order."""
        return [role for role, one in self.exhibits.items() if one.photograph]

    @property
    def several(self) -> bool:
        """Whether there are two pictures that can hang side by side, a kept one included."""
        return len(self.came) + (self.kept is not None) > 1

    def hung(self, at: int) -> Hung:
        """What hangs on a side: 0 is the left one, 1 the right one."""
        if at == LEFT and self.kept is not None:
            return self.kept
        case, role = self.case, self._roles[at]
        one = self.exhibits.get(role)
        if case is None or one is None:
            return Hung()
        received_at = case.answer.received_at if case.answer else None
        return Hung(one, self.examined(role), self.picture(role), case.biz_id, case.number, received_at)

    def examined(self, role: str) -> Examined | None:
        """What is known of a picture's pixels."""
        return self._examined.get(role)

    def picture(self, role: str) -> Picture | None:
        """Its pixels."""
        return self._pictures.get(role)

    def shows(self, role: str) -> bool:
        """Whether it hangs on a side."""
        return role in self._roles

    def hang(self, at: int, role: str) -> None:
        """Hang a place of the case on show on a side."""
        if at == LEFT:
            self.kept = None
        self._roles[at] = role

    def bring(self, role: str, sha256: str, examined: Examined, picture: Picture | None) -> bool:
        """Take in what became of a picture; False where it is none of ours, or hangs there already."""
        place = self.exhibits.get(role)
        if place is None or place.photograph is None or sha256 not in ("", place.photograph.sha256):
            return False
        if picture is not None and self._pictures.get(role) is picture:
            return False
        if examined.pixels is not None:
            self._pictures[role] = picture or Picture.of(examined.pixels)
        # The decoded bytes are let go: the picture holds them in the form that is painted.
        self._examined[role] = replace(examined, pixels=None)
        return True

    def keep(self, at: int) -> bool:
        """Let what hangs on a side stay on the left; False where there is no picture."""
        hung = self.hung(at)
        if hung.picture is None or hung.exhibit is None:
            return False
        self.kept = replace(hung, kept=True)
        self._roles[RIGHT] = hung.exhibit.role
        return True

    def keep_best(self) -> bool:
        """Let the best picture of the case on show stay on the left, in the place of one that is kept already."""
        if self.picture(self._best) is None:
            return False
        self.hang(LEFT, self._best)
        return self.keep(LEFT)

    def let_go(self) -> None:
        """Keep nothing any more; the left side is of the case on show again."""
        self.kept = None

    def by_key(self, key: str) -> Exhibit | None:
        """The place that a digit stands for."""
        return next((one for one in self.exhibits.values() if one.key == key), None)

    def following(self, role: str, by: int) -> str:
        """The photograph ``by`` places further, over the empty places; at the ends the last one."""
        roles = list(self.exhibits)
        here = roles.index(role) if role in roles else 0
        ahead = roles[here + 1 :] if by > 0 else roles[:here][::-1]
        came = [one for one in ahead if self.exhibits[one].photograph]
        return came[min(abs(by), len(came)) - 1] if came else role


def _photographs(case: Case | None) -> tuple[Any, ...]:
    return (case.biz_id, *((p.role, p.sha256) for p in case.photographs)) if case else ()

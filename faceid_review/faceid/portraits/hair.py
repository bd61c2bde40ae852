"""Hair: what lies behind head and shoulders, what frames the face, what falls over the shoulders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from faceid_review.faceid.portraits.brush import (
    Colour,
    Point,
    Sheet,
    ellipse,
    glow,
    mix,
    shape,
    smooth,
)
from faceid_review.faceid.portraits.face import COVERED, TURNED
from faceid_review.faceid.portraits.person import Person
from faceid_review.faceid.portraits.stance import Stance

Line = Sequence[Point]

_TOP: Final[Line] = (
    (-130, -40),
    (-123, -92),
    (-101, -139),
    (-58, -174),
    (0, -187),
    (58, -174),
    (101, -139),
    (123, -92),
    (130, -40),
)
"""The outside of a head of short hair, over the top."""

_HAIRLINES: Final[dict[str, tuple[Line, ...]]] = {
    # from the right temple to the left one; each line is smooth, lines meet in corners
    "cropped": (
        ((109, -20), (106, -46), (98, -58)),
        ((98, -58), (86, -54), (66, -66), (53, -86)),
        ((53, -86), (28, -68), (0, -63), (-28, -67), (-55, -80)),
        ((-55, -80), (-66, -62), (-84, -53), (-100, -54)),
        ((-100, -54), (-107, -44), (-109, -20)),
    ),
    "parted": (
        ((109, -20), (106, -46), (95, -66)),
        ((95, -66), (52, -66), (4, -82), (-45, -110)),
        ((-45, -110), (-56, -82), (-76, -64), (-101, -52)),
        ((-101, -52), (-107, -40), (-109, -20)),
    ),
    "swept": (
        ((109, -20), (106, -52), (92, -84)),
        ((92, -84), (72, -106), (0, -112), (-70, -104), (-94, -80)),
        ((-94, -80), (-106, -50), (-109, -20)),
    ),
    "buzz": (
        ((109, -16), (107, -46), (97, -74)),
        (
            (97, -74),
            (84, -92),
            (62, -98),
            (36, -108),
            (0, -112),
            (-36, -108),
            (-62, -98),
            (-84, -92),
            (-97, -74),
        ),
        ((-97, -74), (-107, -46), (-109, -16)),
    ),
    "receding": (
        ((110, -10), (108, -46), (102, -70)),
        (
            (102, -70),
            (88, -106),
            (66, -124),
            (38, -114),
            (0, -117),
            (-38, -114),
            (-66, -124),
            (-88, -106),
            (-102, -70),
        ),
        ((-102, -70), (-108, -46), (-110, -10)),
    ),
    "spiky": (
        ((109, -20), (106, -44), (99, -62)),
        (
            (99, -62),
            (80, -74),
            (74, -66),
            (60, -92),
            (46, -70),
            (30, -90),
            (12, -66),
            (-6, -90),
            (-24, -70),
            (-44, -94),
            (-60, -70),
            (-78, -84),
            (-99, -60),
        ),
        ((-99, -60), (-106, -44), (-109, -20)),
    ),
    "pixie": (
        ((108, 8), (104, -34), (94, -58)),
        ((94, -58), (60, -52), (10, -62), (-36, -86), (-60, -112)),
        ((-60, -112), (-66, -82), (-84, -58), (-102, -46)),
        ((-102, -46), (-108, -20), (-108, 8)),
    ),
    "fringe": (
        ((108, 20), (104, -22), (98, -46)),
        ((98, -46), (70, -43), (36, -41), (0, -42), (-36, -41), (-70, -43), (-98, -46)),
        ((-98, -46), (-104, -22), (-108, 20)),
    ),
    "bob": (
        ((101, 44), (104, 0), (96, -46), (64, -84), (20, -108), (-34, -124)),
        ((-34, -124), (-58, -100), (-88, -58), (-102, -8), (-101, 44)),
    ),
    "long": (
        ((100, 60), (104, 4), (96, -46), (66, -90), (34, -114), (0, -126)),
        ((0, -126), (-34, -114), (-66, -90), (-96, -46), (-104, 4), (-100, 60)),
    ),
    "waves": (
        ((99, 50), (104, 0), (98, -44), (70, -74), (18, -98), (-44, -122)),
        ((-44, -122), (-70, -96), (-94, -54), (-104, -4), (-99, 50)),
    ),
    "bun": (
        ((110, -4), (107, -40), (92, -84)),
        ((92, -84), (66, -108), (0, -118), (-66, -108), (-92, -84)),
        ((-92, -84), (-107, -40), (-110, -4)),
    ),
    "tied": (
        ((110, 0), (106, -40), (90, -72)),
        ((90, -72), (54, -84), (8, -102), (-36, -124)),
        ((-36, -124), (-60, -100), (-94, -72), (-106, -40), (-110, 0)),
    ),
    "curly": (
        ((110, -14), (108, -46), (98, -66)),
        ((98, -66), (74, -84), (38, -88), (0, -92), (-38, -88), (-74, -84), (-98, -66)),
        ((-98, -66), (-108, -46), (-110, -14)),
    ),
}

_SIDES: Final[dict[str, Line]] = {
    # the outside from the left temple down to its end; the right side mirrors it
    "fringe": ((-136, 20), (-137, 76), (-128, 124), (-110, 128), (-102, 84)),
    "bob": ((-138, 20), (-141, 78), (-131, 132), (-110, 138), (-100, 96)),
    "long": ((-138, 20), (-145, 90), (-150, 160), (-130, 196), (-108, 180), (-101, 110)),
    "waves": ((-141, 16), (-150, 56), (-142, 96), (-150, 132), (-128, 150), (-106, 128), (-100, 88)),
    "pixie": ((-129, -4), (-125, 26), (-115, 40)),
}
_SHORT_SIDE: Final[Line] = ((-128, -6), (-123, 24), (-117, 44), (-113, 24))
_HEIGHTS: Final = {
    "swept": 1.07,
    "spiky": 1.04,
    "curly": 1.03,
    "receding": 0.985,
    "buzz": 0.965,
    "bun": 0.985,
    "tied": 0.985,
}

_BACKS: Final[dict[str, Line]] = {
    # the left outside from the crown down, behind the neck; the right side mirrors it
    "fringe": ((-100, -110), (-132, -20), (-137, 70), (-126, 136), (-60, 146)),
    "bob": ((-100, -110), (-132, -20), (-140, 70), (-130, 144), (-60, 154)),
    "long": ((-100, -110), (-134, -20), (-146, 90), (-156, 200), (-158, 290), (-80, 320)),
    "waves": ((-100, -110), (-136, -20), (-150, 60), (-142, 110), (-158, 170), (-146, 220), (-100, 240)),
    "tied": ((-90, -110), (-118, -20), (-114, 50), (-86, 110), (-40, 124)),
    "bun": ((-90, -110), (-112, -20), (-106, 40), (-80, 90), (-40, 100)),
}


def _mirrored(line: Line) -> list[Point]:
    return [(-x, y) for x, y in reversed(line)]


class Hair:
    """Draws the hair of one person on a sheet."""

    def __init__(self, sheet: Sheet, person: Person, stance: Stance) -> None:
        self.sheet, self.person, self.stance = sheet, person, stance
        self.colour = person.hair
        if person.style == "buzz":
            self.colour = mix(person.hair, person.skin, 0.22)
        dark = sum(person.hair) < 330
        self.shine: Colour = mix(person.hair, (196, 160, 140), 0.2 if dark else 0.3)
        self.depth: Colour = mix(person.hair, (16, 12, 12), 0.35)
        self.part = -1 if person.mirrored else 1

    def _shaded(self) -> Colour:
        return mix(self.colour, self.depth, 0.45)

    def _placed(self, line: Line, lift: float = 0.0, *, rim: bool = False) -> list[Point]:
        wide = self.person.face_width
        return self.stance.heads([(x * wide, y) for x, y in line], lift, rim=rim)

    def _flipped(self, lines: Sequence[Line]) -> list[list[Point]]:
        return (
            [_mirrored(line) for line in reversed(lines)] if self.part < 0 else [list(line) for line in lines]
        )

    def behind(self) -> None:
        """What is seen behind the neck, and a bun or a tail."""
        style = self.person.style
        back = _BACKS.get(style)
        if style == "bun":
            knot = self.stance.on_head(0, -196, -46)
            self.sheet.fill(shape(ellipse(knot, 52, 42)), self.colour)
            arc = [(knot[0] - 30, knot[1] - 4), (knot[0], knot[1] - 22), (knot[0] + 30, knot[1] - 6)]
            self.sheet.line(arc, (1, 3.5, 1), self.shine)
        if back is not None:
            ring = self._placed([*back, *_mirrored(back)], -14, rim=True)
            self.sheet.fill(shape(smooth(ring)), self.depth)
        if style != "bald":
            # a turned or lifted head shows hair beside its temples
            self.sheet.fill(shape(self._outside()), self.colour)
        if abs(self.stance.yaw) > TURNED and style != "bald":
            side = -1 if self.stance.yaw > 0 else 1
            nape = [
                (side * x, y) for x, y in ((60, -120), (122, -70), (129, 0), (120, 56), (96, 96), (60, 104))
            ]
            if back is None:
                self.sheet.fill(shape(smooth(self._placed(nape, 0, rim=True))), self.depth)
        if style == "tied":
            side = self.part
            tail = [
                (side * x, y)
                for x, y in (
                    (70, 70),
                    (112, 100),
                    (134, 170),
                    (128, 250),
                    (100, 330),
                    (78, 300),
                    (92, 220),
                    (80, 140),
                )
            ]
            self.sheet.fill(shape(smooth(self._placed(tail, -20, rim=True))), self.colour)

    def over_shoulders(self) -> None:
        """Long hair in front of the clothing."""
        if self.person.style != "long":
            return
        for side in (-1, 1):
            lock = [
                (118, -30),
                (138, 20),
                (147, 100),
                (154, 190),
                (160, 270),
                (150, 340),
                (122, 366),
                (98, 330),
                (92, 250),
                (98, 170),
                (102, 110),
            ]
            placed = self._placed([(side * x, y) for x, y in lock], -8, rim=True)
            self.sheet.fill(shape(smooth(placed)), self.colour if side < 0 else self._shaded())
            strand = self._placed(
                [(side * x, y) for x, y in ((126, 60), (132, 150), (132, 250), (122, 340))], -8, rim=True
            )
            self.sheet.line(strand, (1, 3, 3, 1), self.shine, 0.8)

    def front(self) -> None:
        """The hair that frames the face."""
        style = self.person.style
        if style == "bald":
            self._bald()
            return
        if style == "curly":
            self._curls()
        placed = self._outside()
        for line in self._flipped(_HAIRLINES[style]):
            placed += smooth(self._placed(line, 3), closed=False)
        mass = shape(placed)
        self.sheet.fill_across(mass, (self.colour, self.colour, self._shaded()))
        self._strands()

    def _outside(self) -> list[Point]:
        style = self.person.style
        side = _SIDES.get(style, _SHORT_SIDE)
        high = _HEIGHTS.get(style, 1.0)
        slim = {"buzz": 0.965, "receding": 0.965}.get(style, 1.05 if style in COVERED else 1.0)
        top = [(x * slim, y * high) for x, y in _TOP]
        outside = [*reversed(side), *top, *_mirrored(list(reversed(side)))]
        return smooth(self._placed(outside, 4, rim=True), closed=False)

    def _strands(self) -> None:
        style = self.person.style
        lines: tuple[Line, ...] = {
            "cropped": (
                ((-60, -118), (-30, -132), (8, -136), (52, -124)),
                ((-72, -96), (-42, -112), (-2, -118), (38, -112)),
            ),
            "parted": (((-45, -112), (-4, -90), (48, -74), (92, -70)), ((-30, -132), (20, -126), (70, -104))),
            "swept": (
                ((-70, -110), (-58, -150), (-30, -176)),
                ((-20, -116), (-12, -156), (4, -180)),
                ((34, -116), (40, -150), (44, -168)),
            ),
            "fringe": (
                ((-50, -128), (-56, -90), (-54, -54)),
                ((-10, -136), (-12, -94), (-10, -52)),
                ((34, -134), (38, -90), (36, -52)),
            ),
            "bob": (
                ((-30, -140), (20, -128), (70, -90), (104, -30)),
                ((-48, -138), (-84, -100), (-112, -40), (-120, 30)),
            ),
            "long": (
                ((4, -140), (56, -122), (98, -70), (116, 0), (118, 70)),
                ((-4, -140), (-56, -122), (-98, -70), (-116, 0), (-118, 70)),
            ),
            "waves": (
                ((-30, -138), (30, -124), (84, -84), (112, -20), (118, 50)),
                ((-56, -134), (-92, -90), (-114, -20), (-120, 50)),
            ),
            "bun": (
                ((-60, -112), (-46, -146), (-18, -178)),
                ((0, -122), (0, -150), (0, -180)),
                ((60, -112), (46, -146), (18, -178)),
            ),
            "tied": (
                ((-28, -132), (30, -116), (84, -80), (112, -24)),
                ((-46, -132), (-88, -96), (-114, -40)),
            ),
            "pixie": (((-54, -118), (-20, -96), (36, -74), (88, -64)), ((-34, -142), (16, -132), (70, -104))),
            "spiky": (((-50, -100), (-44, -134)), ((0, -100), (6, -140)), ((50, -102), (50, -130))),
        }.get(style, ())
        for line in self._flipped(lines):
            if len(line) > 1:
                self.sheet.line(self._placed(line, 2), (1.0, 4.4, 3.6, 1.0), self.shine, 0.75)

    def _curls(self) -> None:
        ring = [
            *_TOP,
            (-130, 0),
            (130, 0),
            (-104, -134),
            (104, -134),
            (-44, -176),
            (44, -176),
            (-126, -72),
            (126, -72),
        ]
        blobs = []
        for index, (x, y) in enumerate(self._placed(ring, -6, rim=True)):
            blobs.append(ellipse((x, y), 26 + index % 3 * 3, 26 + (index + 1) % 3 * 3))
        line = [(-88, -76), (-60, -92), (-28, -96), (4, -99), (36, -96), (66, -92), (90, -78)]
        for index, (x, y) in enumerate(self._placed(line, 3)):
            blobs.append(ellipse((x, y), 19 + index % 2 * 3, 17 + index % 2 * 3))
        self.sheet.fill(shape(*blobs), self.colour)
        for x, y in self._placed(
            [(-70, -120), (-30, -140), (14, -130), (56, -142), (84, -110), (-96, -84), (-8, -160)]
        ):
            self.sheet.line([(x - 11, y + 3), (x - 2, y - 8), (x + 10, y)], (1, 3.4, 1), self.shine, 0.7)

    def _bald(self) -> None:
        centre = self.stance.on_head(-34, -128)
        self.sheet.fill(glow(centre, 60, 34), (255, 246, 236), 0.34)
        if self.person.age == 0:
            return
        for side in (-1, 1):
            band = [
                (side * x, y)
                for x, y in ((106, -52), (119, -44), (124, -8), (120, 26), (113, 40), (111, 4), (106, -20))
            ]
            self.sheet.fill(shape(smooth(self._placed(band, -4, rim=True))), self.colour, 0.92)

"""The face: skin, ears, eyes, brows, nose, mouth, whiskers, glasses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from faceid_review.faceid.portraits.brush import (
    Colour,
    Point,
    Sheet,
    ellipse,
    glow,
    mix,
    ribbon,
    shape,
    smooth,
)
from faceid_review.faceid.portraits.person import Person
from faceid_review.faceid.portraits.stance import Stance

SHADOW: Final[Colour] = (128, 60, 34)
INK: Final[Colour] = (44, 36, 34)
WHITE: Final[Colour] = (252, 251, 249)
COVERED: Final = ("fringe", "bob", "long", "waves")
"""The styles that fall over the ears."""
TURNED: Final = 0.2
"""From this yaw on, in radians, the head shows one ear only."""
EYE_LEVEL: Final = 16.0
MOUTH_LEVEL: Final = 128.0


def skin_tones(person: Person) -> tuple[Colour, Colour, Colour]:
    """Lit skin, skin in half shadow, and the line colour of folds and nose."""
    return person.skin, mix(person.skin, SHADOW, 0.17), mix(person.skin, SHADOW, 0.36)


def _jaw(y: float) -> float:
    # the face, and most of all the jaw, stands before the axis about which the head turns
    return 15 * min(1.0, (y + 172) / 90) + 38 * math.pow(max(0.0, (y + 20) / 203), 1.4)


class Face:
    """Draws one face on a sheet."""

    def __init__(self, sheet: Sheet, person: Person, stance: Stance) -> None:
        self.sheet, self.person, self.stance = sheet, person, stance
        self.lit, self.dim, self.crease = skin_tones(person)
        self.drop = 15.0 * stance.mouth
        self.skin = shape(smooth(self._outline()))

    def _outline(self) -> list[Point]:
        p, drop = self.person, self.drop
        wide, jaw, chin = p.face_width, p.jaw, p.chin + self.drop
        right = [
            (0.0, -172.0),
            (58.0, -158.0),
            (98.0, -112.0),
            (113.0, -48.0),
            (115.0, 6.0),
            (110.0, 60.0),
            (97.0 + 7 * jaw, 103.0 + drop * 0.4),
            (73.0 + 12 * jaw, 145.0 + chin * 0.5),
            (40.0 + 11 * jaw, 173.0 + chin),
            (0.0, 183.0 + chin),
        ]
        ring = [(x * wide, y) for x, y in right] + [(-x * wide, y) for x, y in reversed(right[1:-1])]
        return [self.stance.on_head(x, y, _jaw(y), rim=True) for x, y in ring]

    def ears(self) -> None:
        """The ears of a head that faces us; a turned one hides the far ear and shows the near one."""
        if not self._turned():
            for side in (-1, 1):
                self._ear(side)

    def near_ear(self) -> None:
        """The ear that a turned head shows, painted over the cheek."""
        if self._turned() and self.person.style not in COVERED:
            self._ear(-1 if self.stance.yaw > 0 else 1)

    def _turned(self) -> bool:
        return abs(self.stance.yaw) > TURNED

    def _ear(self, side: int) -> None:
        p, s = self.person, self.stance
        size, wide = p.ear, p.face_width
        # a head that turns shows the near ear broader and further in
        near = max(0.0, -side * s.yaw)
        broad = 1 + 0.5 * near
        ring = [(104, -2), (118, -10), (131, 2), (132, 28), (124, 56), (113, 70), (104, 58)]
        inner = [(117, 8), (124, 22), (121, 38), (116, 52)]

        def at(x: float, y: float) -> Point:
            return (side * wide * (110 - 30 * near + (x - 110) * size * broad), 28 + (y - 28) * size)

        colours = (self.lit, self.lit) if side < 0 else (self.dim, self.dim)
        mask = shape(smooth(s.heads([at(x, y) for x, y in ring], -12, rim=True)))
        self.sheet.fill_across(mask, colours)
        fold = s.heads([at(x, y) for x, y in inner], -12, rim=True)
        self.sheet.line(fold, (2.0, 4.0, 2.0), self.crease, 0.75)

    def surface(self) -> None:
        """Skin with its light, and the blush."""
        sheet, s = self.sheet, self.stance
        sheet.fill_across(self.skin, (self.lit, self.lit, mix(self.lit, self.dim, 0.55), self.dim))
        lit_side = smooth(
            s.heads(
                [(0, -190), (66, -150), (92, -60), (88, 40), (66, 120), (20, 190), (-130, 190), (-150, -190)],
                rim=True,
            )
        )
        sheet.fill(self.skin.without(shape(lit_side)), SHADOW, 0.07)
        for side in (-1, 1):
            centre = s.on_head(side * 66, 78)
            sheet.fill(glow(centre, 42, 30).within(self.skin), mix(self.lit, (222, 84, 70), 0.6), 0.34)

    def eyes(self) -> None:
        """Eyes with lids, iris, lashes and the folds around them."""
        for side in (-1, 1):
            self._eye(side)

    def _eye(self, side: int) -> None:
        p, s, sheet = self.person, self.stance, self.sheet
        gap, w, h = p.eye_gap * p.face_width, p.eye_width, p.eye_height
        opening = s.eyes

        def at(u: float, v: float) -> Point:
            # u runs from the inner corner (-1) to the outer one (1), v down, both around the eye
            return s.on_head(side * (gap + u * w), EYE_LEVEL + v + p.eye_tilt * u, 4)

        def lid(v: float) -> float:
            # the open lid sits at v; the closed one lies just above the lower lid
            return v * opening + (h * 0.86) * (1 - opening)

        upper = [
            at(-1, 5),
            at(-0.62, lid(-h * 0.62)),
            at(0, lid(-h)),
            at(0.58, lid(-h * 0.78)),
            at(1, 1),
        ]
        lower = [at(0.62, h * 0.52), at(0, h * 0.74), at(-0.6, h * 0.56)]
        if opening > 0.2:
            self._eyeball(
                side, [*smooth(upper, closed=False), *smooth([upper[-1], *lower, upper[0]], closed=False)]
            )
            self.sheet.line(
                [at(-0.5, h * 0.72), at(0, h * 0.86), at(0.55, h * 0.66)], (1, 2, 1), self.crease, 0.45
            )
        else:
            shut = [at(-0.9, 0), at(-0.5, -h * 0.62), at(0, -h * 0.85), at(0.5, -h * 0.7), at(0.95, -1)]
            sheet.fill(shape(smooth([*shut, *reversed(upper)])), self.dim, 0.55)
        lash = smooth(upper, closed=False)
        thick = 4.6 if p.broad else 5.2
        sheet.fill(shape(ribbon(lash, (2.0, thick * 0.8, thick, thick, 2.4))), INK)
        if not p.broad or opening < 0.5:
            flick = [at(0.86, lid(-h * 0.4) if opening > 0.5 else 4), at(1.13, -3 if opening > 0.5 else 6)]
            sheet.line([flick[0], at(1.02, 0 if opening > 0.5 else 6), flick[1]], (3.4, 2.6, 0.8), INK)
        if opening < 0.5:
            for u in (-0.3, 0.12, 0.52):
                sheet.line([at(u, h * 0.8), at(u * 1.15, h * 1.0), at(u * 1.3, h * 1.16)], (2, 1.6, 0.8), INK)
        rise = 5.5 if p.folded_lid else 8.5
        fold = [at(-0.8, lid(-h * 0.5) - rise + 2), at(0, lid(-h) - rise), at(0.9, lid(-h * 0.5) - rise + 1)]
        sheet.line(fold, (0.8, 2.2, 0.8), self.crease, 0.85 if p.folded_lid else 0.35)
        bag = [at(-0.45, h + 8), at(0.05, h + 10.5), at(0.6, h + 7)]
        sheet.line(bag, (1, 2.6, 1), self.crease, 0.35 + 0.15 * p.age)
        if p.age == 2:
            for v in (2, 8):
                sheet.line([at(1.22, v - 2), at(1.38, v), at(1.5, v + 2)], (1, 1.8, 0.8), self.crease, 0.5)

    def _eyeball(self, side: int, opening: Sequence[Point]) -> None:
        p, s, sheet = self.person, self.stance, self.sheet
        gap = p.eye_gap * p.face_width
        hole = shape(opening).within(self.skin)
        sheet.fill(hole, WHITE)
        radius = min(p.eye_height * 1.02, 13.2)
        centre = s.on_head(side * gap, EYE_LEVEL - 0.6 + s.gaze * 5.5, 4)
        narrow = max(0.72, 1 - 0.75 * max(0.0, side * s.yaw) * 0.6)
        iris = shape(ellipse(centre, radius * narrow, radius)).within(hole)
        sheet.fill(iris, mix(p.eye, INK, 0.35))
        sheet.fill(shape(ellipse(centre, radius * narrow * 0.84, radius * 0.84)).within(hole), p.eye)
        lower = (centre[0], centre[1] + radius * 0.5)
        sheet.fill(glow(lower, radius * 0.9, radius * 0.7).within(iris), (190, 150, 110), 0.35)
        sheet.fill(shape(ellipse(centre, radius * narrow * 0.46, radius * 0.46)).within(hole), (18, 14, 13))
        # the upper lid shades the white of the eye
        lid = [(x, y - 2.0) for x, y in opening[: len(opening) // 2 + 1]]
        sheet.fill(shape(ribbon(lid, (5.0, 9.0, 9.0, 5.0))).within(hole), (70, 50, 44), 0.22)
        glint = (centre[0] - radius * 0.34, centre[1] - radius * 0.36)
        sheet.fill(shape(ellipse(glint, radius * 0.24, radius * 0.24)).within(hole), WHITE)

    def brows(self) -> None:
        """The brows, in the colour of the hair."""
        p, s = self.person, self.stance
        gap = p.eye_gap * p.face_width
        raised = -4.0 * s.mouth - 9.0 * max(0.0, s.pitch) - 6.0 * (1 - s.eyes) * (s.gaze > 0)
        weight = p.brow_weight
        colour = mix(p.hair, INK, 0.3) if p.age < 2 else mix(p.hair, self.dim, 0.1)
        for side in (-1, 1):
            line = [
                (side * (gap - 28), -22 + p.brow_tilt * 0.6 + raised),
                (side * (gap - 8), -27 - p.brow_arch * 0.5 + raised),
                (side * (gap + 14), -26 - p.brow_arch * 0.5 + raised),
                (side * (gap + 34), -14 - p.brow_tilt * 0.5 + raised),
            ]
            widths = (weight * 0.82, weight, weight * 0.9, weight * 0.34)
            self.sheet.line(s.heads(line, 6), widths, colour)

    def nose(self) -> None:
        """The ridge on the side away from us, the tip and the wings."""
        p, s, sheet = self.person, self.stance, self.sheet
        side = -1 if s.yaw < -0.15 else 1
        w, n = p.nose_width, p.nose_length

        def at(x: float, y: float, lift: float) -> Point:
            return s.on_head(side * x, y, lift)

        tip = [
            at(x * w, y + n, lift)
            for x, y, lift in ((0, 70, 30), (17, 84, 20), (9, 93, 22), (-9, 93, 22), (-16, 84, 20))
        ]
        sheet.fill(shape(smooth(tip)), SHADOW, 0.07)
        line = [
            at(6, 20, 8),
            at(9 + w, 44, 18),
            at(15 * w, 66 + n, 24),
            at(19.5 * w, 80 + n, 20),
            at(14 * w, 90 + n, 20),
            at(0, 95 + n, 26),
            at(-12 * w, 90 + n, 20),
            at(-17 * w, 81 + n, 18),
        ]
        sheet.line(line, (1.6, 3.4, 4.2, 4.2, 3.6, 4.4, 3.4, 2.6), self.crease, 0.95)
        if s.pitch < -0.2:
            for x in (-7.5, 7.5):
                sheet.fill(shape(ellipse(at(x * w, 91 + n, 18), 4.2, 2.4)), mix(self.crease, INK, 0.45))

    def folds(self) -> None:
        """What years and the sun leave."""
        p, s, sheet = self.person, self.stance, self.sheet
        if p.age >= 1:
            for side in (-1, 1):
                fold = s.heads([(side * 27, 92), (side * 39, 106), (side * 46, 122)], 6)
                sheet.line(fold, (1.0, 2.6, 1.0), self.crease, 0.3 + 0.25 * (p.age - 1))
        if p.age == 2:
            for y in (-66, -82):
                sheet.line(s.heads([(-42, y + 3), (0, y - 2), (42, y + 3)], 2), (1, 2.2, 1), self.crease, 0.4)
        if p.freckles:
            for x, y in ((28, 52), (38, 64), (50, 54), (58, 68), (44, 76), (70, 58), (12, 46)):
                for side in (-1, 1):
                    spot = s.on_head(side * x + y % 5, y + x % 3, 2)
                    sheet.fill(shape(ellipse(spot, 2.0, 1.8, points=10)), self.crease, 0.45)
        if p.mole is not None:
            sheet.fill(
                shape(ellipse(s.on_head(*p.mole, 2), 4.0, 4.0, points=16)), mix(p.skin, (66, 34, 26), 0.8)
            )

    def mouth(self) -> None:
        """The lips, and what an open mouth shows."""
        p, s, sheet = self.person, self.stance, self.sheet
        w, f, top = p.lip_width, p.lip_fullness, MOUTH_LEVEL
        upper_colour, lower_colour = mix(p.lip, SHADOW, 0.22), mix(p.lip, WHITE, 0.08)

        def at(x: float, y: float) -> Point:
            return s.on_head(x, top + y, 8)

        if s.mouth < 0.1:
            seam = [
                at(-w, -3.5),
                at(-w * 0.5, 1.6),
                at(-7, 1.4),
                at(0, 2.8),
                at(7, 1.4),
                at(w * 0.5, 1.6),
                at(w, -3.5),
            ]
            bow = [
                at(w * 0.55, -7.5 * f),
                at(9, -11 * f),
                at(0, -8.6 * f),
                at(-9, -11 * f),
                at(-w * 0.55, -7.5 * f),
            ]
            under = [at(w * 0.6, 10 * f), at(w * 0.22, 16 * f), at(-w * 0.22, 16 * f), at(-w * 0.6, 10 * f)]
            seam_line = smooth(seam, closed=False)
            upper = [*seam_line, *smooth([seam[-1], *bow, seam[0]], closed=False)]
            lower = [*seam_line, *smooth([seam[-1], *under, seam[0]], closed=False)]
            sheet.fill(shape(lower), lower_colour)
            sheet.fill(shape(upper), upper_colour)
            sheet.fill(glow(at(0, 9 * f), w * 0.5, 5).within(shape(lower)), WHITE, 0.28)
            sheet.fill(shape(ribbon(seam_line, (1.2, 2.6, 2.6, 1.2))), mix(upper_colour, INK, 0.4))
            sheet.line([at(-12, 23 * f), at(0, 25 * f), at(12, 23 * f)], (1, 3, 1), self.crease, 0.35)
            return
        gape = 31.0 * s.mouth
        w *= 0.84
        rim = [
            at(-w, gape * 0.2),
            at(-w * 0.55, -8 * f),
            at(-8, -12 * f),
            at(0, -9 * f),
            at(8, -12 * f),
            at(w * 0.55, -8 * f),
            at(w, gape * 0.2),
            at(w * 0.72, gape * 0.82),
            at(w * 0.28, gape + 12 * f),
            at(-w * 0.28, gape + 12 * f),
            at(-w * 0.72, gape * 0.82),
        ]
        cave_line = [
            at(-w * 0.88, gape * 0.24),
            at(-w * 0.45, -1.5),
            at(0, -1),
            at(w * 0.45, -1.5),
            at(w * 0.88, gape * 0.24),
            at(w * 0.6, gape * 0.74),
            at(0, gape + 1),
            at(-w * 0.6, gape * 0.74),
        ]
        lips, cave = shape(smooth(rim)), shape(smooth(cave_line))
        middle = at(0, gape * 0.35)
        sheet.fill_across(lips, (upper_colour, mix(upper_colour, lower_colour, 0.5), lower_colour), down=True)
        sheet.fill(cave, (84, 28, 30))
        sheet.fill(shape(ellipse(at(0, gape * 1.02), w * 0.56, gape * 0.42)).within(cave), (186, 92, 92))
        teeth = [
            at(-w * 0.7, -8),
            at(w * 0.7, -8),
            at(w * 0.62, gape * 0.2),
            at(0, gape * 0.3),
            at(-w * 0.62, gape * 0.2),
        ]
        sheet.fill(shape(smooth(teeth)).within(cave), (248, 244, 238))
        sheet.fill(glow((middle[0], middle[1] + gape), w, 12), self.crease, 0.12)

    def whiskers(self) -> None:
        """Stubble, moustache, goatee or beard, below the mouth's colours."""
        p, s, sheet = self.person, self.stance, self.sheet
        if not p.whiskers:
            return
        colour = mix(p.hair, self.dim, 0.12)
        drop, chin = self.drop, p.chin + self.drop
        wide, jaw = p.face_width, p.jaw
        lip = [(-44, 112), (-22, 106), (0, 104), (22, 106), (44, 112)]
        if p.whiskers in ("stubble", "beard"):
            outer = [
                (120 * wide, 28),
                (116 * wide, 66),
                (99 * wide + 8 * jaw, 108 + drop * 0.4),
                (76 * wide + 12 * jaw, 150 + chin * 0.5),
                (42 + 11 * jaw, 180 + chin),
                (0, 191 + chin),
            ]
            inner = [(108 * wide, 26), (99 * wide, 62), (84, 92), (58, 106)]
            right = [*outer, *[(-x, y) for x, y in reversed(outer[:-1])]]
            top = [*[(-x, y) for x, y in inner], *lip, *reversed(inner)]
            placed = [s.on_head(x, y, _jaw(y), rim=True) for x, y in right]
            placed += [s.on_head(x, y, 4) for x, y in top]
            area = shape(smooth(placed))
            if p.whiskers == "stubble":
                sheet.fill(area.within(self.skin), mix(p.hair, (90, 90, 100), 0.3), 0.16)
                return
            sheet.fill_across(area, (colour, colour, mix(colour, INK, 0.25)))
        if p.whiskers == "goatee":
            ring = [
                (-20, 148 + drop),
                (20, 148 + drop),
                (34, 160 + chin),
                (20, 184 + chin),
                (-20, 184 + chin),
                (-34, 160 + chin),
            ]
            placed = [s.on_head(x, y, _jaw(y), rim=True) for x, y in ring]
            sheet.fill(shape(smooth(placed)), colour, 0.92)
        if p.whiskers in ("moustache", "goatee", "beard"):
            half = [(3, 107), (20, 104), (38, 112), (50, 126), (30, 121), (3, 118)]
            for side in (-1, 1):
                sheet.fill(shape(smooth(s.heads([(side * x, y) for x, y in half], 10))), colour, 0.96)

    def glasses(self) -> None:
        """Frames that stand off the face, so that they shift when the head turns."""
        p, s, sheet = self.person, self.stance, self.sheet
        if not p.glasses:
            return
        gap = p.eye_gap * p.face_width + 1
        half_w, half_h = {"round": (38.0, 36.0), "square": (41.0, 29.0), "rimless": (40.0, 27.0)}[p.glasses]
        corner = {"round": 0.72, "square": 0.93, "rimless": 0.86}[p.glasses]
        width = {"round": 4.2, "square": 6.0, "rimless": 2.0}[p.glasses]
        frames: list[list[Point]] = []
        for side in (-1, 1):
            ring = [
                (-1, 0),
                (-corner, -corner),
                (0, -1),
                (corner, -corner),
                (1, -0.1),
                (corner, corner),
                (0, 1),
                (-corner, corner),
            ]
            placed = s.heads([(side * (gap + u * half_w), EYE_LEVEL + 6 + v * half_h) for u, v in ring], 14)
            line = smooth(placed)
            lens = shape(line)
            sheet.fill(lens, (220, 232, 240), 0.05)
            shine = s.heads(
                [(side * gap + x, EYE_LEVEL + 6 + y) for x, y in ((-26, 8), (2, -26), (14, -26), (-20, 18))],
                14,
            )
            sheet.fill(shape(shine).within(lens), WHITE, 0.10)
            frames.append(ribbon([*line, line[0], line[1]], (width, width)))
            if side * s.yaw > TURNED:
                continue
            hinge = s.on_head(side * (gap + half_w), EYE_LEVEL, 14)
            frames.append(
                ribbon([hinge, s.on_head(side * 117 * p.face_width, EYE_LEVEL - 3, -4)], (width, width))
            )
        inner = gap - half_w
        bridge = s.heads([(-inner, EYE_LEVEL + 2), (0, EYE_LEVEL - 4), (inner, EYE_LEVEL + 2)], 20)
        frames.append(ribbon(smooth(bridge, closed=False), (width, width)))
        colour = p.frame if p.glasses != "rimless" else mix(p.frame, (150, 150, 155), 0.5)
        sheet.fill(shape(*frames), colour)

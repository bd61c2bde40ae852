"""What surrounds the face: the wall, the neck and the clothing."""

from __future__ import annotations

from faceid_review.faceid.portraits.brush import (
    HEIGHT,
    WIDTH,
    Mask,
    Point,
    Sheet,
    ellipse,
    glow,
    mix,
    shape,
    smooth,
)
from faceid_review.faceid.portraits.face import SHADOW, WHITE, skin_tones
from faceid_review.faceid.portraits.person import BACKDROPS, Person
from faceid_review.faceid.portraits.stance import MIDDLE, Stance


class Figure:
    """Draws wall, neck and clothing of one person on a sheet."""

    def __init__(self, sheet: Sheet, person: Person, stance: Stance) -> None:
        self.sheet, self.person, self.stance = sheet, person, stance
        self.lit, self.dim, self.crease = skin_tones(person)
        self.thick = 1.0 if person.broad else 0.86

    def wall(self) -> None:
        """A light wall, brightest behind the head."""
        middle, rim = BACKDROPS[self.person.backdrop]
        self.sheet.image.paste(rim, (0, 0, WIDTH, HEIGHT))
        self.sheet.fill(glow((MIDDLE[0], MIDDLE[1] + 30), 520, 640), middle)

    def neck(self, face: Mask) -> None:
        """The neck with the shadow of the chin."""
        t = self.thick
        if self.person.clothing == "hood":
            back = ellipse(self.stance.bodies([(0, 216)])[0], 88 * t, 50)
            self.sheet.fill(shape(back), mix(self.person.cloth, (20, 16, 20), 0.34))
        ring = [
            (-53 * t, 90),
            (-53 * t, 190),
            (-62 * t, 232),
            (-80, 262),
            (80, 262),
            (62 * t, 232),
            (53 * t, 190),
            (53 * t, 90),
        ]
        parts = [smooth(self.stance.bodies(ring))]
        if self.person.clothing == "vneck":
            parts.append(self.stance.bodies([(-50 * t, 205), (50 * t, 205), (78, 262), (0, 330), (-78, 262)]))
        neck = shape(*parts)
        self.sheet.fill_across(neck, (self.lit, mix(self.lit, self.dim, 0.7), self.dim))
        self.sheet.fill(neck, SHADOW, 0.05)
        # the chin throws its shadow straight down: the face's own shape, lower
        lower = Mask((face.box[0], face.box[1] + 26, face.box[2], face.box[3] + 26), face.coverage)
        self.sheet.fill(lower.within(neck), SHADOW, 0.15)

    def clothing(self) -> None:
        """Shoulders and what covers them."""
        {
            "crew": self._crew,
            "shirt": self._shirt,
            "suit": self._suit,
            "vneck": self._vneck,
            "hood": self._hood,
            "turtle": self._turtle,
        }[self.person.clothing]()

    def _shoulders(self, collar: float) -> list[Point]:
        w = 1.0 if self.person.broad else 0.93
        right = [
            (collar, 206),
            (104 * w, 236),
            (152 * w, 256),
            (190 * w, 290),
            (208 * w, 340),
            (214 * w, 420),
        ]
        halves = ([(-x, y) for x, y in right], right[::-1])
        return [point for half in halves for point in smooth(self.stance.bodies(half), closed=False)]

    def _torso(self, collar: float, dip: float) -> Mask:
        neckline = smooth(
            self.stance.bodies(
                [
                    (collar, 212),
                    (collar * 0.7, 212 + dip * 0.75),
                    (0, 212 + dip),
                    (-collar * 0.7, 212 + dip * 0.75),
                    (-collar, 212),
                ]
            ),
            closed=False,
        )
        return shape([*self._shoulders(collar), *neckline])

    def _cloth(self, where: Mask) -> None:
        cloth = self.person.cloth
        self.sheet.fill_across(where, (mix(cloth, WHITE, 0.05), cloth, mix(cloth, (20, 16, 20), 0.12)))

    def _crew(self) -> None:
        self._cloth(self._torso(62 * self.thick + 4, 46))
        t = self.thick
        outer = [(-80 * t, 210), (-56 * t, 256), (0, 278), (56 * t, 256), (80 * t, 210)]
        inner = [(57 * t, 202), (42 * t, 242), (0, 259), (-42 * t, 242), (-57 * t, 202)]
        band = [
            *smooth(self.stance.bodies(outer), closed=False),
            *smooth(self.stance.bodies(inner), closed=False),
        ]
        self.sheet.fill(shape(band), mix(self.person.cloth, (20, 16, 20), 0.22))

    def _vneck(self) -> None:
        t = self.thick
        point = self.stance.bodies([(64 * t, 212), (0, 322), (-64 * t, 212)])
        self._hollow()
        self._cloth(shape([*self._shoulders(64 * t), *point]))
        edge = mix(self.person.cloth, (20, 16, 20), 0.22)
        for side in (-1, 1):
            self.sheet.line(
                self.stance.bodies([(side * 66 * t, 210), (side * 34 * t, 266), (0, 324)]), (9, 9, 9), edge
            )

    def _hollow(self) -> None:
        # between the collar bones
        for side in (-1, 1):
            line = self.stance.bodies([(side * 20 * self.thick, 250), (side * 9, 261), (0, 264)])
            self.sheet.line(line, (1, 3, 2), self.crease, 0.5)

    def _turtle(self) -> None:
        t = self.thick
        self._cloth(self._torso(62 * t + 4, 30))
        roll = [
            (-60 * t, 176),
            (-30 * t, 188),
            (0, 191),
            (30 * t, 188),
            (60 * t, 176),
            (68 * t, 232),
            (34 * t, 250),
            (0, 254),
            (-34 * t, 250),
            (-68 * t, 232),
        ]
        cloth = self.person.cloth
        self.sheet.fill_across(
            shape(smooth(self.stance.bodies(roll))),
            (mix(cloth, WHITE, 0.1), mix(cloth, WHITE, 0.03), mix(cloth, (20, 16, 20), 0.16)),
        )
        for y in (206, 224):
            fold = self.stance.bodies([(-62 * t, y), (0, y + 14), (62 * t, y)])
            self.sheet.line(fold, (1, 2.6, 1), mix(cloth, (20, 16, 20), 0.25), 0.8)

    def _hood(self) -> None:
        t = self.thick
        self._cloth(self._torso(62 * t + 4, 40))
        cloth = self.person.cloth
        hood = [
            (-64 * t, 186),
            (-84, 214),
            (-66, 246),
            (0, 280),
            (66, 246),
            (84, 214),
            (64 * t, 186),
            (70 * t, 216),
            (44, 240),
            (0, 262),
            (-44, 240),
            (-70 * t, 216),
        ]
        self.sheet.fill(shape(smooth(self.stance.bodies(hood))), mix(cloth, (20, 16, 20), 0.2))
        for side in (-1, 1):
            cord = self.stance.bodies([(side * 26, 264), (side * 29, 300), (side * 27, 336)])
            self.sheet.line(cord, (4, 4, 4), mix(cloth, WHITE, 0.55))

    def _collar(self) -> None:
        t = self.thick
        white = mix(WHITE, self.person.accent, 0.06)
        under = shape(self.stance.bodies([(-66 * t, 206), (66 * t, 206), (110, 400), (-110, 400)]))
        neckhole = shape(
            self.stance.bodies([(-60 * t, 150), (60 * t, 150), (58 * t, 210), (0, 276), (-58 * t, 210)])
        )
        self.sheet.fill(under.without(neckhole), white)
        for side in (-1, 1):
            wing = [
                (side * x, y) for x, y in ((54 * t, 196), (68 * t, 200), (74 * t, 232), (38, 290), (0, 268))
            ]
            placed = shape(self.stance.bodies(wing))
            self.sheet.fill(placed, mix(white, (40, 40, 60), 0.03 if side < 0 else 0.09))
            edge = self.stance.bodies([(side * 74 * t, 232), (side * 38, 290), (0, 268)])
            self.sheet.line([edge[0], edge[1]], (1.6, 1.6), mix(white, (60, 60, 80), 0.28))
            self.sheet.line([edge[1], edge[2]], (1.6, 1.6), mix(white, (60, 60, 80), 0.28))

    def _shirt(self) -> None:
        cloth = mix(self.person.cloth, WHITE, 0.35)
        torso = self._torso(62 * self.thick + 4, 46)
        self.sheet.fill_across(torso, (mix(cloth, WHITE, 0.1), cloth, mix(cloth, (20, 16, 20), 0.1)))
        t = self.thick
        for side in (-1, 1):
            wing = [
                (side * x, y) for x, y in ((52 * t, 192), (68 * t, 198), (84 * t, 232), (46, 296), (0, 262))
            ]
            self.sheet.fill(shape(self.stance.bodies(wing)), mix(cloth, WHITE, 0.22 if side < 0 else 0.12))
            edge = self.stance.bodies([(side * 84 * t, 232), (side * 46, 296), (0, 262)])
            shade = mix(cloth, (20, 16, 20), 0.28)
            self.sheet.line(edge[:2], (2, 2), shade)
            self.sheet.line(edge[1:], (2, 2), shade)
        placket = self.stance.bodies([(0, 264), (0, 330), (0, 400)])
        self.sheet.line(placket, (2, 2), mix(cloth, (20, 16, 20), 0.22))
        for y in (306, 352):
            self.sheet.fill(glow(self.stance.bodies([(7, y)])[0], 6, 6), mix(cloth, WHITE, 0.7))

    def _suit(self) -> None:
        t = self.thick
        self._collar()
        if self.person.broad:
            tie = [(-13, 270), (13, 270), (9, 290), (22, 400), (-22, 400), (-9, 290)]
            self.sheet.fill(shape(self.stance.bodies(tie)), mix(self.person.accent, (60, 20, 30), 0.3))
            knot = [(-13, 266), (13, 266), (9, 292), (-9, 292)]
            self.sheet.fill(shape(self.stance.bodies(knot)), mix(self.person.accent, (30, 10, 20), 0.45))
        for side in (-1, 1):
            front = [
                (side * x, y)
                for x, y in (
                    (72 * t, 214),
                    (104, 236),
                    (165, 266),
                    (205, 308),
                    (218, 400),
                    (24, 400),
                    (46, 330),
                )
            ]
            placed = self.stance.bodies(front)
            self._cloth(shape([*smooth(placed[:5], closed=False), *placed[5:]]))
            lapel = [
                (side * x, y)
                for x, y in (
                    (70 * t, 212),
                    (92, 244),
                    (96, 286),
                    (74, 300),
                    (84, 316),
                    (26, 400),
                    (22, 396),
                    (50, 320),
                )
            ]
            self.sheet.fill(shape(self.stance.bodies(lapel)), mix(self.person.cloth, (10, 10, 14), 0.25))

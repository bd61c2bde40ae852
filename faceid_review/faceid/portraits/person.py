"""Who is in the picture: traits drawn from a seed. All people are inventions."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final, Self

from faceid_review.faceid.portraits.brush import Colour, Point, mix

SKINS: Final[tuple[Colour, ...]] = (
    (243, 211, 184),
    (238, 200, 168),
    (235, 193, 157),
    (228, 182, 143),
    (218, 168, 128),
    (201, 149, 109),
    (172, 119, 82),
    (133, 88, 60),
)
SKIN_WEIGHTS: Final = (3, 5, 6, 5, 4, 2, 1, 1)

BLACK: Final[Colour] = (41, 36, 34)
HAIRS: Final[tuple[Colour, ...]] = (BLACK, (34, 33, 38), (58, 43, 36), (84, 58, 42), (118, 78, 50))
HAIR_WEIGHTS: Final = (6, 3, 4, 2, 1)
GREYS: Final[tuple[Colour, ...]] = ((116, 113, 111), (158, 156, 154), (196, 194, 191))

EYES: Final[tuple[Colour, ...]] = ((74, 48, 36), (58, 38, 30), (96, 66, 44), (84, 92, 74), (92, 112, 128))
EYE_WEIGHTS: Final = (6, 5, 3, 1, 1)

BROAD_STYLES: Final = ("cropped", "parted", "swept", "buzz", "receding", "bald", "curly", "spiky")
SLENDER_STYLES: Final = ("fringe", "bob", "long", "bun", "tied", "waves", "pixie", "curly")
STYLES: Final = tuple(dict.fromkeys(BROAD_STYLES + SLENDER_STYLES))

CLOTHES: Final = ("crew", "shirt", "suit", "vneck", "hood", "turtle")
CLOTH_COLOURS: Final[tuple[Colour, ...]] = (
    (86, 116, 131),
    (45, 56, 70),
    (122, 74, 76),
    (92, 104, 84),
    (176, 143, 104),
    (98, 90, 118),
    (64, 96, 110),
    (201, 190, 174),
    (70, 70, 74),
    (165, 107, 84),
    (120, 138, 152),
    (198, 164, 160),
)
SUITS: Final[tuple[Colour, ...]] = ((46, 56, 70), (58, 58, 62), (72, 64, 60), (40, 46, 58))
FRAMES: Final[tuple[Colour, ...]] = ((46, 42, 42), (92, 60, 42), (128, 98, 58), (84, 88, 94), (50, 60, 84))
BACKDROPS: Final[tuple[tuple[Colour, Colour], ...]] = (
    ((255, 254, 248), (243, 231, 214)),
    ((254, 253, 250), (238, 232, 224)),
    ((253, 254, 252), (226, 232, 229)),
    ((252, 253, 254), (222, 230, 239)),
    ((255, 251, 246), (241, 224, 212)),
    ((252, 251, 247), (232, 228, 214)),
)
"""The middle and the rim of each background."""


@dataclass(frozen=True)
class Person:
    """An invented person.

    Lengths are pixels of the finished picture unless they are factors around 1. `broad` chooses between two
    families of build (jaw, neck, brows, hair); `age` is 0 (young) to 2 (older). `mole` is a place on the face
    measured from the middle of the head, or None. Colours are sRGB.
    """

    skin: Colour
    broad: bool
    age: int
    style: str
    hair: Colour
    brow_weight: float
    brow_arch: float
    brow_tilt: float
    eye: Colour
    eye_width: float
    eye_height: float
    eye_tilt: float
    eye_gap: float
    folded_lid: bool
    nose_width: float
    nose_length: float
    lip_width: float
    lip_fullness: float
    lip: Colour
    face_width: float
    jaw: float
    chin: float
    ear: float
    glasses: str
    frame: Colour
    whiskers: str
    mole: Point | None
    freckles: bool
    clothing: str
    cloth: Colour
    accent: Colour
    backdrop: int
    mirrored: bool

    @classmethod
    def drawn_from(cls, seed: str) -> Self:
        """The person that belongs to `seed`; the same one every time."""
        draw = random.Random(f"person/{seed}")
        broad = draw.random() < 0.5
        age = draw.choices((0, 1, 2), (5, 4, 2))[0]
        skin = draw.choices(SKINS, SKIN_WEIGHTS)[0]
        hair = draw.choices(HAIRS, HAIR_WEIGHTS)[0]
        if sum(skin) < 420:
            hair = BLACK
        if age == 2:
            hair = draw.choice(GREYS)
        elif age == 1 and draw.random() < 0.25:
            hair = mix(hair, GREYS[0], 0.55)
        weights = (4, 4, 3, 2, age * 2, age, 1, 1 - age // 2) if broad else (3, 4, 4, 3, 3, 3, 2, 1)
        style = draw.choices(BROAD_STYLES if broad else SLENDER_STYLES, weights)[0]
        clothing = draw.choices(CLOTHES, (5, 4, 3 if broad else 1, 1 if broad else 4, 2 - age // 2, 2))[0]
        dark_skin = sum(skin) < 420
        lip: Colour = (150, 84, 78) if dark_skin else (190, 101, 93)
        lip = mix(lip, skin, draw.uniform(0.25, 0.5) if broad else draw.uniform(0.0, 0.15))
        return cls(
            skin=skin,
            broad=broad,
            age=age,
            style=style,
            hair=hair,
            brow_weight=draw.uniform(8.0, 10.5) if broad else draw.uniform(5.0, 7.5),
            brow_arch=draw.uniform(4, 11),
            brow_tilt=draw.uniform(-3, 3),
            eye=draw.choices(EYES[:3] if dark_skin else EYES, EYE_WEIGHTS[:3] if dark_skin else EYE_WEIGHTS)[
                0
            ],
            eye_width=draw.uniform(28, 32),
            eye_height=draw.uniform(10.8, 12.6) if broad else draw.uniform(11.8, 14.0),
            eye_tilt=draw.uniform(-2.5, 1.5),
            eye_gap=draw.uniform(47.5, 52.5),
            folded_lid=draw.random() < 0.6,
            nose_width=draw.uniform(0.85, 1.2),
            nose_length=draw.uniform(-7, 5),
            lip_width=draw.uniform(35, 42),
            lip_fullness=draw.uniform(0.75, 1.0) if broad else draw.uniform(0.95, 1.25),
            lip=lip,
            face_width=draw.uniform(0.95, 1.06) if broad else draw.uniform(0.91, 1.02),
            jaw=draw.uniform(0.35, 1.0) if broad else draw.uniform(0.0, 0.5),
            chin=draw.uniform(-5, 7),
            ear=draw.uniform(0.9, 1.12),
            glasses=draw.choices(("", "round", "square", "rimless"), (70, 11, 13, 6))[0],
            frame=draw.choice(((34, 30, 30), (206, 176, 122)) if dark_skin else FRAMES),
            whiskers=draw.choices(("", "stubble", "moustache", "goatee", "beard"), (62, 14, 8, 7, 9))[0]
            if broad
            else "",
            mole=(draw.choice((-1, 1)) * draw.uniform(48, 84), draw.uniform(62, 118))
            if draw.random() < 0.3
            else None,
            freckles=draw.random() < 0.09 and not dark_skin,
            clothing=clothing,
            cloth=draw.choice(SUITS) if clothing == "suit" else draw.choice(CLOTH_COLOURS),
            accent=draw.choice(CLOTH_COLOURS),
            backdrop=draw.randrange(len(BACKDROPS)),
            mirrored=draw.random() < 0.5,
        )

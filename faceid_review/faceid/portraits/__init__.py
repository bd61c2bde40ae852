"""Illustrated people for the simulator: head and shoulders before a light wall, drawn by our own code.

Nobody in these pictures exists. A `Person` is drawn from a seed; `portrait` draws that person in one of the
poses that a liveness check asks for, as the JPEG a web camera would send: 480 x 640 pixels with a little
sensor noise, the same bytes for the same arguments under the same Pillow version.
"""

from __future__ import annotations

import io
import random
from functools import lru_cache
from typing import Final

from PIL import Image

from faceid_review.faceid.portraits.brush import HEIGHT, WIDTH, Sheet, mix, with_grain
from faceid_review.faceid.portraits.face import COVERED, Face
from faceid_review.faceid.portraits.figure import Figure
from faceid_review.faceid.portraits.hair import Hair
from faceid_review.faceid.portraits.person import STYLES, Person
from faceid_review.faceid.portraits.stance import Stance

__all__ = ["HEIGHT", "POSES", "STYLES", "WIDTH", "Person", "portrait"]

POSES: Final = ("front", "E", "M", "P", "Y", "L", "R", "U", "D")
"""`front` is image_best; the others are the action letters of the liveness log.

E eyes shut, M mouth open, P nodded, Y turned to either side, L turned to the person's left (the right of the
picture), R to the right, U looking up, D looking down.
"""

_QUALITY: Final = 90


@lru_cache(maxsize=64)
def portrait(person: Person, pose: str, *, seed: str) -> bytes:
    """One picture of `person` as JPEG bytes, 480 x 640.

    `pose` is one of `POSES` (otherwise `KeyError`); `seed` stands for the moment: it moves the head a little
    and gives the noise. The same arguments give the same bytes.
    """
    stance = Stance.of(pose, seed)
    sheet = Sheet(Image.new("RGB", (WIDTH, HEIGHT)))
    figure, hair = Figure(sheet, person, stance), Hair(sheet, person, stance)
    figure.wall()
    hair.behind()
    face = Face(sheet, person, stance)
    figure.neck(face.skin)
    figure.clothing()
    face.ears()
    face.surface()
    face.whiskers()
    face.mouth()
    face.eyes()
    face.brows()
    face.nose()
    face.folds()
    if person.style in COVERED:
        face.glasses()
    hair.front()
    face.near_ear()
    if person.style not in COVERED:
        face.glasses()
    hair.over_shoulders()
    draw = random.Random(f"light/{seed}")
    exposed = Image.blend(
        sheet.image,
        Image.new("RGB", (WIDTH, HEIGHT), mix((90, 84, 80), (255, 250, 240), draw.random())),
        0.02,
    )
    image = with_grain(exposed, f"grain/{seed}/{pose}", 3.8)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()

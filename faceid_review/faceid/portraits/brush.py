"""Drawing with smooth edges: curves, masks and a sheet of paper.

Coordinates are pixels of the finished picture, x to the right and y down. Every shape is rasterised
`OVER` times too large in its own bounding box only and reduced, so a small shape costs little and all
edges are anti-aliased. Pillow is used here and in this package alone.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageChops, ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]

WIDTH, HEIGHT = 480, 640
OVER = 4
_STEPS = 7


def _spline_weights() -> tuple[tuple[float, float, float, float], ...]:
    table = []
    for step in range(_STEPS):
        t = step / _STEPS
        table.append(
            (
                0.5 * (-t + 2 * t * t - t**3),
                0.5 * (2 - 5 * t * t + 3 * t**3),
                0.5 * (t + 4 * t * t - 3 * t**3),
                0.5 * (-t * t + t**3),
            )
        )
    return tuple(table)


_WEIGHTS = _spline_weights()


def smooth(points: Sequence[Point], *, closed: bool = True) -> list[Point]:
    """A uniform Catmull-Rom spline through all `points`, as a polyline."""
    if closed:
        ring = [points[-1], *points, points[0], points[1]]
    else:
        first, last = points[0], points[-1]
        before = (2 * first[0] - points[1][0], 2 * first[1] - points[1][1])
        after = (2 * last[0] - points[-2][0], 2 * last[1] - points[-2][1])
        ring = [before, *points, after]
    curve: list[Point] = []
    for a, b, c, d in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        for wa, wb, wc, wd in _WEIGHTS:
            curve.append(
                (
                    wa * a[0] + wb * b[0] + wc * c[0] + wd * d[0],
                    wa * a[1] + wb * b[1] + wc * c[1] + wd * d[1],
                )
            )
    if not closed:
        curve.append(points[-1])
    return curve


def ellipse(centre: Point, rx: float, ry: float, *, turn: float = 0.0, points: int = 28) -> list[Point]:
    """An ellipse as a polygon; `turn` in radians, clockwise on the picture."""
    cos, sin = math.cos(turn), math.sin(turn)
    ring = []
    for step in range(points):
        angle = 2 * math.pi * step / points
        x, y = rx * math.cos(angle), ry * math.sin(angle)
        ring.append((centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos))
    return ring


def ribbon(line: Sequence[Point], widths: Sequence[float]) -> list[Point]:
    """A stroke with round ends whose width runs through `widths` from start to end, as a polygon."""
    last = len(line) - 1
    left: list[Point] = []
    right: list[Point] = []
    angle = 0.0
    start_angle = 0.0
    for index, (x, y) in enumerate(line):
        ax, ay = line[max(index - 1, 0)]
        bx, by = line[min(index + 1, last)]
        angle = math.atan2(by - ay, bx - ax)
        if index == 0:
            start_angle = angle
        along = index / last * (len(widths) - 1)
        lower = min(int(along), len(widths) - 2)
        half = (widths[lower] + (widths[lower + 1] - widths[lower]) * (along - lower)) / 2
        nx, ny = -math.sin(angle) * half, math.cos(angle) * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    cap_end = _cap(line[-1], widths[-1] / 2, angle + math.pi / 2)
    cap_start = _cap(line[0], widths[0] / 2, start_angle - math.pi / 2)
    return [*left, *cap_end, *reversed(right), *cap_start]


def _cap(centre: Point, radius: float, start: float) -> list[Point]:
    return [
        (
            centre[0] + radius * math.cos(start - math.pi * step / 6),
            centre[1] + radius * math.sin(start - math.pi * step / 6),
        )
        for step in range(1, 6)
    ]


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`first` with `share` (0 to 1) of `second`."""
    r, g, b = (round(x + (y - x) * share) for x, y in zip(first, second, strict=True))
    return (r, g, b)


@dataclass(frozen=True)
class Mask:
    """Coverage (0 to 255) inside `box` of the picture; nothing outside it."""

    box: Box
    coverage: Image.Image

    def within(self, other: Mask) -> Mask:
        """This shape where the other one is, too."""
        box = _common(self.box, other.box)
        mine = self.coverage.crop(_relative(box, self.box))
        theirs = other.coverage.crop(_relative(box, other.box))
        return Mask(box, ImageChops.multiply(mine, theirs))

    def without(self, other: Mask) -> Mask:
        """This shape where the other one is not."""
        theirs = Image.new("L", self.coverage.size, 255)
        theirs.paste(
            ImageChops.invert(other.coverage), (other.box[0] - self.box[0], other.box[1] - self.box[1])
        )
        return Mask(self.box, ImageChops.multiply(self.coverage, theirs))

    def faded(self, opacity: float) -> Mask:
        """The same shape, `opacity` (0 to 1) as strong."""
        return Mask(self.box, self.coverage.point([round(value * opacity) for value in range(256)]))


def _common(first: Box, second: Box) -> Box:
    left, top = max(first[0], second[0]), max(first[1], second[1])
    right, bottom = min(first[2], second[2]), min(first[3], second[3])
    return (left, top, max(right, left), max(bottom, top))


def _relative(box: Box, origin: Box) -> Box:
    return (box[0] - origin[0], box[1] - origin[1], box[2] - origin[0], box[3] - origin[1])


def shape(*polygons: Sequence[Point]) -> Mask:
    """The union of polygons, anti-aliased and cut at the picture's edge."""
    xs = [x for polygon in polygons for x, _ in polygon]
    ys = [y for polygon in polygons for _, y in polygon]
    left, top = max(math.floor(min(xs)) - 1, 0), max(math.floor(min(ys)) - 1, 0)
    right, bottom = min(math.ceil(max(xs)) + 1, WIDTH), min(math.ceil(max(ys)) + 1, HEIGHT)
    width, height = max(right - left, 1), max(bottom - top, 1)
    large = Image.new("L", (width * OVER, height * OVER), 0)
    draw = ImageDraw.Draw(large)
    for polygon in polygons:
        draw.polygon([((x - left) * OVER, (y - top) * OVER) for x, y in polygon], fill=255)
    return Mask((left, top, left + width, top + height), large.reduce(OVER))


@cache
def _glow() -> Image.Image:
    # radial_gradient("L") reaches 181 at the middle of its sides and 255 in its corners; smoothstep ends
    # without a visible rim
    falling = [max(0.0, 1 - value / 180) for value in range(256)]
    return Image.radial_gradient("L").point([round(255 * t * t * (3 - 2 * t)) for t in falling])


def glow(centre: Point, rx: float, ry: float) -> Mask:
    """A soft ellipse that fades to nothing at its rim."""
    left, top = round(centre[0] - rx), round(centre[1] - ry)
    right, bottom = round(centre[0] + rx), round(centre[1] + ry)
    full = (left, top, right, bottom)
    coverage = _glow().resize((right - left, bottom - top), Image.Resampling.BILINEAR)
    box = _common(full, (0, 0, WIDTH, HEIGHT))
    return Mask(box, coverage.crop(_relative(box, full)))


class Sheet:
    """The picture while it is being drawn."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image

    def fill(self, where: Mask, colour: Colour, opacity: float = 1.0) -> None:
        """Lay one flat colour on `where`."""
        if where.coverage.width and where.coverage.height:
            mask = where.faded(opacity) if opacity < 1 else where
            self.image.paste(colour, mask.box, mask.coverage)

    def fill_across(self, where: Mask, colours: Sequence[Colour], *, down: bool = False) -> None:
        """Lay a soft gradient through `colours`, left to right, or downwards."""
        if not (where.coverage.width and where.coverage.height):
            return
        strip = Image.new("RGB", (1, len(colours)) if down else (len(colours), 1))
        strip.putdata(list(colours))
        self.image.paste(
            strip.resize(where.coverage.size, Image.Resampling.BICUBIC), where.box, where.coverage
        )

    def line(
        self, points: Sequence[Point], widths: Sequence[float], colour: Colour, opacity: float = 1.0
    ) -> None:
        """A smooth stroke through `points`; `widths` along it."""
        self.fill(shape(ribbon(smooth(points, closed=False), widths)), colour, opacity)


def with_grain(image: Image.Image, seed: str, strength: float) -> Image.Image:
    """The picture with the noise of a small sensor; the same seed gives the same noise.

    `strength` is about the standard deviation in grey levels.
    """
    source = random.Random(seed)
    luma = _noise(source, (WIDTH, HEIGHT))
    # colour noise of a webcam is blotchy: drawn at half the size and enlarged
    blotches = [_noise(source, (WIDTH // 2, HEIGHT // 2)) for _ in range(2)]
    red, blue = (b.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR) for b in blotches)
    amount = strength / 52
    table = [round(128 + (value - 127.5) * amount) for value in range(256)]
    chroma = [round(128 + (value - 127.5) * amount * 0.45) for value in range(256)]
    fine = luma.point(table)
    grain = Image.merge(
        "RGB",
        (
            ImageChops.add(fine, red.point(chroma), 1, -128),
            fine,
            ImageChops.add(fine, blue.point(chroma), 1, -128),
        ),
    )
    return ImageChops.add(image, grain, 1, -128)


def _noise(source: random.Random, size: tuple[int, int]) -> Image.Image:
    count = size[0] * size[1]
    first = Image.frombytes("L", size, source.randbytes(count))
    second = Image.frombytes("L", size, source.randbytes(count))
    # the mean of two uniform draws is triangular: near enough to a bell
    return Image.blend(first, second, 0.5)

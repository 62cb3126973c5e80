"""Draw landscapes for photos, and badges for people and groups, from a seed.

Positions are fractions of width and height, so a picture is the same in every size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Color = tuple[int, int, int]

# Shapes are drawn at twice their size and reduced, for smooth edges.
SCALE = 2
# The number of straight lines in a ridge.
STEPS = 160
STARS = 140
KINDS = ("hills", "lake", "trees")
# Colors of the sky from the top to the horizon, of the light, and of hills from far to near.
DAYS = (
    "5b84b1 a9c4d8 fbe3cd fff4df 9db4c0 2f4a52",  # morning
    "3f8ecf 86c0e8 dff1f7 fffdf0 8fbcae 2c5e3f",  # noon
    "6f6a9b e8a87c fde1a9 fff3c9 c98f74 4a2f3f",  # golden hour
    "2d2a54 b0466b f7a072 ffd9a0 8c4a6b 1f1838",  # sunset
    "b7c3c9 ccd5d6 e9ebe6 ffffff adbcbf 4d6267",  # mist
    "34346b 7b6ba8 e7b8c8 ffe9ee 75699c 221f44",  # dusk
    "7fa3b5 c9d4c8 f6e7c1 fff8e2 c78f55 5e3420",  # autumn
    "7896bb b9cce0 f2f4f8 ffffff b4c6d8 48617f",  # winter
    "5aa0b8 b8d3cf fae3bf fff6dc e0a878 8a4630",  # desert
    "1f7a9c 6bc4c4 fff0c2 fffbe3 58a59b 0f4750",  # tropics
)
NIGHTS = (
    "070b24 16214d 3d4f86 f4f1de 2b3a68 080c1e",
    "04141f 0c3b44 3f8f7c e8fff4 1d4a4d 04121a",
)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colors of a picture."""

    top: Color
    middle: Color
    horizon: Color
    light: Color
    far: Color
    near: Color
    night: bool

    @classmethod
    def choose(cls, random: Random) -> Palette:
        """Choose a time of day."""
        chosen = random.choice(DAYS + NIGHTS)
        top, middle, horizon, light, far, near = map(_color, chosen.split())
        return cls(top, middle, horizon, light, far, near, chosen in NIGHTS)


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture while it is drawn."""

    image: Image.Image
    random: Random
    palette: Palette

    def mask(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        """Return an empty mask, `SCALE` times as large as the picture, and a pen for it."""
        mask = Image.new("L", (self.image.width * SCALE, self.image.height * SCALE))
        return mask, ImageDraw.Draw(mask)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Convert shares of width and height to a mask's pixels."""
        return x * self.image.width * SCALE, y * self.image.height * SCALE

    def paint(self, mask: Image.Image, top: Color, bottom: Color | None = None) -> None:
        """Paint a color, or a gradient of two, through a mask."""
        mask = mask.reduce(SCALE)
        if box := mask.getbbox():
            size = box[2] - box[0], box[3] - box[1]
            color = _gradient(size, top, _mix(top, bottom, 0.5), bottom) if bottom else top
            self.image.paste(color, box, mask.crop(box))


def landscape(seed: str, width: int, height: int) -> Image.Image:
    """Draw the landscape of a seed."""
    random = Random(f"picture {seed}")
    palette = Palette.choose(random)
    sky = _gradient((width, height), palette.top, palette.middle, palette.horizon)
    scene = Scene(sky, random, palette)
    horizon = random.uniform(0.42, 0.6)
    if palette.night:
        _draw_stars(scene, horizon)
    _draw_light(scene, horizon)
    if not palette.night:
        _draw_clouds(scene, horizon)
    _draw_ground(scene, horizon, random.choice(KINDS))
    return scene.image


def badge(seed: str, side: int) -> Image.Image:
    """Draw a symmetrical pattern, for a buddy icon."""
    random = Random(f"badge {seed}")
    palette = Palette.choose(random)
    mask = Image.new("L", (5, 5))
    for x in range(3):
        for y in range(5):
            mask.putpixel((x, y), random.choice((0, 255)))
    mask = ImageChops.lighter(mask, ImageOps.mirror(mask))
    image = Image.new("RGB", (7, 7), palette.horizon)
    image.paste(palette.near, (1, 1), mask)
    return image.resize((side, side), Image.Resampling.NEAREST)


def _color(code: str) -> Color:
    red, green, blue = bytes.fromhex(code)
    return red, green, blue


def _mix(one: Color, other: Color, share: float) -> Color:
    """Mix two colors; `share` is the other's part."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _gradient(size: tuple[int, int], top: Color, middle: Color, bottom: Color) -> Image.Image:
    shades = Image.linear_gradient("L").resize((1, size[1]), Image.Resampling.BILINEAR)
    return ImageOps.colorize(shades, top, bottom, middle).resize(size, Image.Resampling.NEAREST)


def _draw_stars(scene: Scene, horizon: float) -> None:
    random, (mask, pen) = scene.random, scene.mask()
    for _ in range(STARS):
        center = scene.point(random.random(), random.random() * horizon)
        radius = random.uniform(0.0004, 0.0013) * mask.width
        pen.circle(center, radius, fill=random.randrange(90, 255))
    scene.paint(mask, scene.palette.light)


def _draw_light(scene: Scene, horizon: float) -> None:
    """Draw the sun or the moon, with its glow."""
    random, palette, image = scene.random, scene.palette, scene.image
    x, y = random.uniform(0.15, 0.85), horizon * random.uniform(0.25, 0.85)
    reach, strength = (0.6, 110) if palette.night else (1.4, 190)
    side = max(1, round(reach * min(image.size)))
    # A radial gradient is 255 in the corners: the circle that fits has 180 at its rim.
    fading = [round(max(0.0, 1 - shade / 180) ** 2 * strength) for shade in range(256)]
    glow = Image.radial_gradient("L").point(fading).resize((side, side))
    corner = round(x * image.width - side / 2), round(y * image.height - side / 2)
    image.paste(palette.light, corner, glow)
    mask, pen = scene.mask()
    pen.circle(scene.point(x, y), random.uniform(0.03, 0.06) * min(mask.size), fill=255)
    scene.paint(mask, palette.light)


def _draw_clouds(scene: Scene, horizon: float) -> None:
    # Clouds are blurred: a quarter of the size has all their detail.
    mask = Image.new("L", [max(1, side // 4) for side in scene.image.size])
    pen, random = ImageDraw.Draw(mask), scene.random
    for _ in range(random.randrange(5)):
        x, y = random.random(), horizon * random.uniform(0.08, 0.8)
        length, strength = random.uniform(0.08, 0.2), random.randrange(90, 190)
        for _ in range(7):
            left = x + random.uniform(-2, 1) * length
            right, high = left + random.uniform(0.5, 1.4) * length, random.uniform(0.008, 0.022)
            box = (left * mask.width, (y - high) * mask.height)
            pen.ellipse((*box, right * mask.width, (y + high) * mask.height), fill=strength)
    mask = mask.filter(ImageFilter.GaussianBlur(mask.width / 90))
    color = _mix(scene.palette.horizon, (255, 255, 255), 0.5)
    scene.image.paste(color, mask=mask.resize(scene.image.size, Image.Resampling.BILINEAR))


def _draw_ground(scene: Scene, horizon: float, kind: str) -> None:
    """Draw ridges from far to near; a lake is in front of all but the nearest."""
    random, palette = scene.random, scene.palette
    count = random.randrange(3, 6)
    shore = horizon + (1 - horizon) * (random.uniform(0.28, 0.45) if kind == "lake" else 1)
    for row in range(count):
        share, nearest = (row + 0.3) / count, row == count - 1
        base = horizon + (shore - horizon) * share * 0.75
        if nearest and kind == "lake":
            _draw_lake(scene, shore)
            base = 0.93
        steepness = random.uniform(0.05, 0.13) * (0.35 if nearest else 1.2 - 0.8 * share)
        ridge = _ridge(random, base, steepness, 1 - 0.6 * share)
        color = _mix(palette.far, palette.near, share**1.2)
        outline = [scene.point(step / STEPS, height) for step, height in enumerate(ridge)]
        mask, pen = scene.mask()
        pen.polygon([scene.point(0, 1), *outline, scene.point(1, 1)], fill=255)
        scene.paint(mask, color, _mix(color, palette.horizon, 0.4 * (1 - share)))
        if kind == "trees" and row >= count - 2:
            _draw_trees(scene, ridge, _mix(color, (8, 20, 18), 0.25), 0.5 + share)


def _ridge(random: Random, base: float, steepness: float, roughness: float) -> list[float]:
    """Return the heights of a ridge: a sum of waves, each shorter and lower than the one before."""
    heights = [base] * (STEPS + 1)
    for octave in range(6):
        frequency, phase = random.uniform(0.6, 1.4) * 1.9**octave, random.uniform(0, math.tau)
        height = steepness * (0.62 * roughness) ** octave
        for step in range(STEPS + 1):
            heights[step] -= height * math.sin(math.tau * frequency * step / STEPS + phase)
    return heights


def _draw_lake(scene: Scene, shore: float) -> None:
    """Draw water that mirrors the picture above it, blurred from side to side."""
    palette, (width, height) = scene.palette, scene.image.size
    top = min(height - 1, round(shore * height))
    above = scene.image.crop((0, max(0, 2 * top - height), width, top))
    mirrored = ImageOps.flip(above).resize((width, height - top))
    mirrored = mirrored.filter(ImageFilter.BoxBlur((width / 250, 0)))
    depths = ((palette.horizon, 0.15), (palette.middle, 0.4), (palette.top, 0.6))
    water = _gradient(mirrored.size, *(_mix(color, palette.near, share) for color, share in depths))
    scene.image.paste(Image.blend(mirrored, water, 0.35), (0, top))


def _draw_trees(scene: Scene, ridge: list[float], color: Color, size: float) -> None:
    random, (mask, pen) = scene.random, scene.mask()
    for _ in range(random.randrange(25, 70)):
        place = random.random()
        x, foot = scene.point(place, ridge[round(place * STEPS)] + 0.012)
        high = random.uniform(0.03, 0.085) * size * mask.height
        for part in range(3):
            low, half = foot - high * part * 0.27, high * (0.2 - part * 0.052)
            pen.polygon([(x - half, low), (x + half, low), (x, low - high * 0.46)], fill=255)
    scene.paint(mask, color)

"""What is in the sky of a picture."""

from __future__ import annotations

import math

from PIL import Image, ImageDraw, ImageFilter

from pyflickr_web.sandbox.files.palettes import Colour, mix
from pyflickr_web.sandbox.files.scene import FINER, Scene

WHITE: Colour = (255, 255, 255)


def stars(scene: Scene, horizon: float) -> None:
    """Stars above the horizon."""
    mask, draw = scene.mask()
    for _ in range(140):
        x, y = scene.chance.random() * scene.width, scene.chance.random() ** 1.3 * horizon
        radius = scene.chance.choice((0.6, 0.6, 0.8, 1.3)) * scene.width / 900
        y *= scene.height
        draw.ellipse(
            (x - radius, y - radius, x + radius, y + radius), fill=scene.chance.randrange(90, 255)
        )
    scene.paint(scene.palette.light, mask)


def light(scene: Scene, horizon: float) -> None:
    """The sun or the moon, with its glow."""
    chance, night = scene.chance, scene.palette.night
    x, y = chance.uniform(0.15, 0.85), horizon * chance.uniform(0.25, 0.85)
    unit = min(scene.image.size)
    share = chance.uniform(0.03, 0.06)
    reach = max(1, round(unit * (0.3 if night else 0.7)))
    corner = round(x * scene.image.width) - reach, round(y * scene.image.height) - reach
    scene.image.paste(scene.palette.light, corner, _glow(2 * reach, 110 if night else 190))
    mask, draw = scene.mask()
    x, y, radius = x * scene.width, y * scene.height, share * unit * FINER
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    if night and chance.random() < 0.6:
        x, y = x + radius * 0.45, y - radius * 0.15
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    scene.paint(scene.palette.light, mask)


def _glow(side: int, strength: int) -> Image.Image:
    # Pillow's gradient counts up to 255 in the corners: its circle that fits has 181 at the rim.
    rim = 255 / math.sqrt(2)
    fall = [round(max(0.0, 1 - i / rim) ** 2 * strength) for i in range(256)]
    return Image.radial_gradient("L").point(fall).resize((side, side))


def clouds(scene: Scene, horizon: float) -> None:
    """A few clouds, or none."""
    # Soft by nature: a quarter of the width is detail enough.
    small = max(1, scene.image.width // 4), max(1, scene.image.height // 4)
    mask = Image.new("L", small)
    draw = ImageDraw.Draw(mask)
    for _ in range(scene.chance.choice((0, 2, 3, 4, 5))):
        x, y = scene.chance.random(), horizon * scene.chance.uniform(0.08, 0.8)
        length, strength = scene.chance.uniform(0.08, 0.2), scene.chance.randrange(90, 190)
        for _ in range(7):
            across = x + scene.chance.uniform(-length, length)
            wide, high = length * scene.chance.uniform(0.3, 0.7), scene.chance.uniform(0.008, 0.022)
            box = (across - wide, y - high, across + wide, y + high)
            scaled = [part * small[i % 2] for i, part in enumerate(box)]
            draw.ellipse(scaled, fill=strength)
    mask = mask.filter(ImageFilter.GaussianBlur(small[0] / 90))
    shade = mix(scene.palette.horizon, WHITE, 0.5)
    wide_mask = mask.resize(scene.image.size, Image.Resampling.BILINEAR)
    scene.image.paste(shade, mask=wide_mask)


def birds(scene: Scene, horizon: float) -> None:
    """A flock, far away."""
    mask, draw = scene.mask()
    across, up = scene.chance.uniform(0.2, 0.8), scene.chance.uniform(0.15, 0.6) * horizon
    for _ in range(scene.chance.randrange(4, 10)):
        x = (across + scene.chance.gauss(0, 0.07)) * scene.width
        y = (up + scene.chance.gauss(0, 0.04)) * scene.height
        span = scene.chance.uniform(0.007, 0.014) * scene.width
        for side in (-1, 1):
            wing = [
                (x, y),
                (x + side * span / 2, y - span * 0.45),
                (x + side * span, y - span * 0.2),
            ]
            draw.line(wing, fill=255, width=max(1, round(span / 6)), joint="curve")
    scene.paint(mix(scene.palette.near, scene.palette.middle, 0.2), mask)

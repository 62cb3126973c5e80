"""A landscape for a photo: sky, light, clouds, hills, and now and then a lake, a town, trees.

All is drawn in shares of width and height, from one source of chance, so that a picture is the same in
every size.
"""

from __future__ import annotations

from random import Random

from PIL import Image, ImageChops, ImageOps

from pyflickr_web.sandbox.files.ground import hills
from pyflickr_web.sandbox.files.palettes import choose
from pyflickr_web.sandbox.files.scene import Scene, gradient
from pyflickr_web.sandbox.files.sky import birds, clouds, light, stars


def landscape(seed: str, width: int, height: int) -> Image.Image:
    """The picture of a seed, in pixels."""
    chance = Random(f"picture {seed}")
    palette = choose(chance)
    sky = gradient((width, height), palette.top, palette.middle, palette.horizon)
    scene = Scene(sky, chance, palette)
    horizon = chance.uniform(0.42, 0.6)
    if palette.night:
        stars(scene, horizon)
    light(scene, horizon)
    if not palette.night:
        clouds(scene, horizon)
    kind = chance.choice(("hills", "hills", "lake", "lake", "town", "trees", "trees", "birds"))
    hills(scene, horizon, kind)
    if kind == "birds" and not palette.night:
        birds(scene, horizon)
    return scene.image


def badge(seed: str, side: int) -> Image.Image:
    """A person's buddy icon: a pattern that is the same left and right."""
    chance = Random(f"badge {seed}")
    palette = choose(chance)
    mask = Image.new("L", (5, 5))
    for x in range(3):
        for y in range(5):
            if chance.random() < 0.5:
                mask.putpixel((x, y), 255)
    mask = ImageChops.lighter(mask, ImageOps.mirror(mask))
    image = Image.new("RGB", (7, 7), palette.horizon)
    image.paste(palette.near, (1, 1), mask)
    return image.resize((side, side), Image.Resampling.NEAREST)

"""A picture in the making: shapes with smooth edges, and colours that run into each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw, ImageOps

from pyflickr_web.sandbox.files.palettes import Colour, Palette

# Shapes are drawn larger by this, and scaled down: that smooths their edges.
FINER = 2
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture in the making; shapes are drawn on masks, `width` times `height`, and painted."""

    image: Image.Image
    chance: Random
    palette: Palette

    @property
    def width(self) -> int:
        return self.image.width * FINER

    @property
    def height(self) -> int:
        return self.image.height * FINER

    def mask(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        """An empty mask over all of the picture, and what draws on it."""
        mask = Image.new("L", (self.width, self.height))
        return mask, ImageDraw.Draw(mask)

    def paint(self, shade: Colour | Callable[[Size], Image.Image], mask: Image.Image) -> None:
        """Paint where a mask says; a picture for the box that it fills can stand for a colour."""
        smooth = mask.reduce(FINER)
        box = smooth.getbbox()
        if box is None:
            return
        left, top, right, bottom = box
        colour = shade if isinstance(shade, tuple) else shade((right - left, bottom - top))
        self.image.paste(colour, box, smooth.crop(box))


def gradient(size: Size, top: Colour, middle: Colour, bottom: Colour) -> Image.Image:
    """A box with three colours from top to bottom."""
    shades = Image.linear_gradient("L").resize((1, size[1]), Image.Resampling.BILINEAR)
    return ImageOps.colorize(shades, top, bottom, middle).resize(size, Image.Resampling.NEAREST)

"""The colours of made pictures: a few times of day, each in harmony with itself."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from random import Random

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """A time of day: the sky from its top to the horizon, the light, and hills from far to near."""

    top: Colour
    middle: Colour
    horizon: Colour
    light: Colour
    far: Colour
    near: Colour
    night: bool = False


def _colour(text: str) -> Colour:
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)


def _palette(colours: str, night: bool = False) -> Palette:
    top, middle, horizon, light, far, near = map(_colour, colours.split())
    return Palette(top, middle, horizon, light, far, near, night)


PALETTES = (
    # Morning: blue above, peach below.
    _palette("5b84b1 a9c4d8 fbe3cd fff4df 9db4c0 2f4a52"),
    # Noon over green hills.
    _palette("3f8ecf 86c0e8 dff1f7 fffdf0 8fbcae 2c5e3f"),
    # Gold, an hour before the sun goes.
    _palette("6f6a9b e8a87c fde1a9 fff3c9 c98f74 4a2f3f"),
    # Red evening.
    _palette("2d2a54 b0466b f7a072 ffd9a0 8c4a6b 1f1838"),
    # Mist.
    _palette("b7c3c9 ccd5d6 e9ebe6 ffffff adbcbf 4d6267"),
    # Violet dusk.
    _palette("34346b 7b6ba8 e7b8c8 ffe9ee 75699c 221f44"),
    # Autumn.
    _palette("7fa3b5 c9d4c8 f6e7c1 fff8e2 c78f55 5e3420"),
    # Winter.
    _palette("7896bb b9cce0 f2f4f8 ffffff b4c6d8 48617f"),
    # Desert.
    _palette("5aa0b8 b8d3cf fae3bf fff6dc e0a878 8a4630"),
    # Tropics.
    _palette("1f7a9c 6bc4c4 fff0c2 fffbe3 58a59b 0f4750"),
    # Clear night.
    _palette("070b24 16214d 3d4f86 f4f1de 2b3a68 080c1e", night=True),
    # Green night in the north.
    _palette("04141f 0c3b44 3f8f7c e8fff4 1d4a4d 04121a", night=True),
)


def choose(chance: Random) -> Palette:
    """A palette, its hues turned a little, so that no two pictures are quite alike."""
    palette = chance.choice(PALETTES)
    turn = chance.uniform(-0.03, 0.03)
    return Palette(
        top=_turn(palette.top, turn),
        middle=_turn(palette.middle, turn),
        horizon=_turn(palette.horizon, turn),
        light=_turn(palette.light, turn),
        far=_turn(palette.far, turn),
        near=_turn(palette.near, turn),
        night=palette.night,
    )


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two; `share` is how much of the other there is in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _turn(colour: Colour, share: float) -> Colour:
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    parts = colorsys.hls_to_rgb((hue + share) % 1, lightness, saturation)
    red, green, blue = (round(part * 255) for part in parts)
    return red, green, blue

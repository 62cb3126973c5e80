"""The land below the sky of a picture."""

from __future__ import annotations

import math
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from pyflickr_web.sandbox.files.palettes import mix
from pyflickr_web.sandbox.files.scene import Scene, gradient

# A ridge has as many corners.
STEPS = 160


def hills(scene: Scene, horizon: float, kind: str) -> None:
    """Ridges from far to near; a lake lies before the nearest, a town behind it, trees on two."""
    count = scene.chance.randrange(3, 6)
    shore = horizon + (1 - horizon) * scene.chance.uniform(0.28, 0.45) if kind == "lake" else 1.0
    for row in range(count):
        share = (row + 0.3) / count
        nearest = row == count - 1
        base = horizon + (shore - horizon) * share * 0.75
        if nearest and kind == "lake":
            _lake(scene, shore)
            base = 0.93
        steep = scene.chance.uniform(0.05, 0.13) * (0.35 if nearest else 1.2 - 0.8 * share)
        line = _line(scene.chance, base, steep, rough=1 - 0.6 * share)
        if kind == "town" and row == count - 2:
            _town(scene, line, share)
        _hill(scene, line, share)
        if kind == "trees" and row >= count - 2:
            _trees(scene, line, share)


def _line(chance: Random, base: float, steep: float, rough: float) -> list[float]:
    """The heights of a ridge, at `STEPS` places: waves, each shorter and lower than the one before."""
    waves = [
        (chance.uniform(0.6, 1.4) * 1.9**octave, chance.uniform(0, math.tau), rough**octave)
        for octave in range(6)
    ]
    return [
        base
        - steep
        * sum(
            math.sin(math.tau * pitch * step / STEPS + phase) * 0.62**octave * weight
            for octave, (pitch, phase, weight) in enumerate(waves)
        )
        for step in range(STEPS + 1)
    ]


def _outline(scene: Scene, line: list[float]) -> list[tuple[float, float]]:
    ridge = [(scene.width * i / STEPS, scene.height * y) for i, y in enumerate(line)]
    return [(0, scene.height), *ridge, (scene.width, scene.height)]


def _hill(scene: Scene, line: list[float], share: float) -> None:
    mask, draw = scene.mask()
    draw.polygon(_outline(scene, line), fill=255)
    shade = mix(scene.palette.far, scene.palette.near, share**1.2)
    haze = mix(shade, scene.palette.horizon, 0.4 * (1 - share))
    scene.paint(lambda size: gradient(size, shade, mix(shade, haze, 0.5), haze), mask)


def _lake(scene: Scene, shore: float) -> None:
    """Still water that mirrors what is above it, darker and drawn out by ripples."""
    width, height = scene.image.size
    top = min(height - 1, round(shore * height))
    depth = height - top
    above = ImageOps.flip(scene.image.crop((0, max(0, top - depth), width, top)))
    mirrored = above.resize((width, depth)).filter(ImageFilter.BoxBlur((width / 250, 0)))
    palette = scene.palette
    tint = gradient(
        mirrored.size,
        mix(palette.horizon, palette.near, 0.15),
        mix(palette.middle, palette.near, 0.4),
        mix(palette.top, palette.near, 0.6),
    )
    scene.image.paste(Image.blend(mirrored, tint, 0.35), (0, top))
    mask, draw = scene.mask()
    for _ in range(60):
        y = scene.chance.random() ** 1.6
        x, wide = scene.chance.random(), scene.chance.uniform(0.01, 0.08) * (0.3 + y)
        high = (1 - shore) * 0.006 * (0.4 + y)
        foot = shore + y * (1 - shore)
        box = (x - wide, foot, x + wide, foot + high)
        draw.ellipse(
            [part * (scene.height if i % 2 else scene.width) for i, part in enumerate(box)], fill=70
        )
    scene.paint(palette.light, mask)


def _trees(scene: Scene, line: list[float], share: float) -> None:
    mask, draw = scene.mask()
    for _ in range(scene.chance.randrange(25, 70)):
        place = scene.chance.random()
        foot = (line[round(place * STEPS)] + 0.012) * scene.height
        high = scene.chance.uniform(0.03, 0.085) * (0.5 + share) * scene.height
        x, wide = place * scene.width, high * 0.2
        for part in range(3):
            low = foot - high * part * 0.27
            reach = wide * (1 - part * 0.26)
            draw.polygon([(x - reach, low), (x + reach, low), (x, low - high * 0.46)], fill=255)
    hill = mix(scene.palette.far, scene.palette.near, share**1.2)
    scene.paint(mix(hill, (8, 20, 18), 0.25), mask)


def _town(scene: Scene, line: list[float], share: float) -> None:
    chance = scene.chance
    houses, draw = scene.mask()
    windows, light = scene.mask()
    start = place = chance.uniform(0.05, 0.45)
    end = start + chance.uniform(0.3, 0.5)
    while place < end:
        wide = chance.uniform(0.012, 0.032)
        middle = 1 - abs((place - start) / (end - start) * 2 - 1)
        high = chance.uniform(0.04, 0.09) + 0.16 * middle * chance.random()
        foot = line[min(STEPS, round(place * STEPS))]
        left, right = place * scene.width, (place + wide) * scene.width
        top, low = (foot - high) * scene.height, (foot + 0.06) * scene.height
        draw.rectangle((left, top, right, low), fill=255)
        _windows(scene, light, (left, top, right, low))
        place += wide + chance.choice((0, 0, 0.004, 0.012))
    scene.paint(mix(scene.palette.far, scene.palette.near, share * 0.9), houses)
    scene.paint(mix(scene.palette.light, (255, 214, 120), 0.5), windows)


def _windows(
    scene: Scene, draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float]
) -> None:
    left, top, right, low = box
    # Of its own, as rounding may leave one size a window more than another.
    chance = Random(scene.chance.random())
    pitch = scene.width / 150
    bright = 0.5 if scene.palette.night else 0.16
    for row in range(int((low - top) / pitch)):
        for column in range(max(1, int((right - left) / pitch))):
            if chance.random() < bright:
                x, y = left + (column + 0.3) * pitch, top + (row + 0.35) * pitch
                draw.rectangle((x, y, x + pitch * 0.35, y + pitch * 0.42), fill=255)

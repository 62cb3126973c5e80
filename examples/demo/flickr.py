"""A small stand-in for Flickr, to look at the bundles with: it answers a few methods, from a seed."""

from __future__ import annotations

import random
from typing import Any

Arguments = dict[str, str]
Answer = dict[str, Any]
KEY = "demo"
TOTAL = 120
SUBJECTS = ("hills", "lake", "dunes", "coast", "forest", "valley", "glacier", "meadow")
MOODS = ("Early", "Silent", "Golden", "Misty", "Distant", "Wild", "Blue", "Late")


def fail(code: int, message: str) -> Answer:
    """Flickr's answer to a call that it refuses."""
    return {"stat": "fail", "code": code, "message": message}


def call(method: str, arguments: Arguments) -> Answer:
    """The answer to a call of a method, in Flickr's shape."""
    match method:
        case "flickr.photos.search":
            if not any(arguments.get(name) for name in ("text", "tags", "user_id")):
                return fail(
                    3,
                    "Parameterless searches have been disabled. Please use "
                    "flickr.photos.getRecent instead.",
                )
            return _listing(arguments.get("text") or arguments.get("tags") or "", arguments)
        case "flickr.photos.getRecent":
            return _listing("", arguments)
        case "flickr.test.echo":
            shown = {k: {"_content": v} for k, v in arguments.items() if k != "api_key"}
            return {**shown, "method": {"_content": method}, "stat": "ok"}
        case _:
            return fail(112, f'Method "{method}" not found')


def _listing(text: str, arguments: Arguments) -> Answer:
    per_page = max(1, min(500, _number(arguments.get("per_page"), 100)))
    page = max(1, _number(arguments.get("page"), 1))
    numbers = range((page - 1) * per_page, min(page * per_page, TOTAL))
    photos = [_photo(text, number, arguments.get("extras", "")) for number in numbers]
    paging = {"page": page, "pages": -(-TOTAL // per_page), "perpage": per_page, "total": TOTAL}
    return {"photos": {**paging, "photo": photos}, "stat": "ok"}


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default


def _photo(text: str, number: int, extras: str) -> Answer:
    chance = random.Random(f"{text} {number}")
    title = f"{chance.choice(MOODS)} {text or chance.choice(SUBJECTS)}"
    photo = {
        "id": str(chance.randrange(10**10, 10**11)),
        "owner": "12345678@N00",
        "secret": f"{chance.getrandbits(40):010x}",
        "server": str(chance.randrange(1000, 65536)),
        "farm": 66,
        "title": title,
        "ispublic": 1,
        "isfriend": 0,
        "isfamily": 0,
    }
    if "url_m" in extras:
        photo["url_m"] = f"/photos/{photo['id']}_{photo['secret']}.jpg"
    return photo


def picture(photo_id: str) -> str:
    """A landscape for a photo, as SVG: a sky, a sun and four rows of hills in one range of hues."""
    chance = random.Random(photo_id)
    hue = chance.randrange(360)
    sun = (chance.randrange(60, 440), chance.randrange(50, 150), chance.randrange(18, 44))
    rows = "".join(_hills(chance, hue, row) for row in range(4))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="500" height="375">'
        f'<rect width="500" height="375" fill="hsl({hue} 60% 86%)"/>'
        f'<circle cx="{sun[0]}" cy="{sun[1]}" r="{sun[2]}" fill="hsl({hue + 40} 90% 96%)"/>'
        f"{rows}</svg>"
    )


def _hills(chance: random.Random, hue: int, row: int) -> str:
    base = 170 + row * 52
    heights = [base + chance.randrange(-38, 38) for _ in range(6)]
    curve = " ".join(f"T{x * 100} {y}" for x, y in enumerate(heights[1:], 1))
    return (
        f'<path d="M0 {heights[0]}Q50 {chance.randrange(base - 60, base)} 100 {heights[1]} '
        f'{curve}V375H0z" fill="hsl({hue + row * 14} {38 + row * 5}% {66 - row * 15}%)"/>'
    )

"""The sizes of a photo: their kinds, dimensions and paths."""

from __future__ import annotations

from dataclasses import dataclass

from flickr_sandbox.store import Row

# Sizes from this one up have a secret of their own.
FIRST_SECRET = 1600
MEDIUM, FIRST_X_LARGE = 500, 3072
# As `X-Large 4K` with 4032 pixels, and `X-Large 6K` with 6000.
NEARLY = 0.97


@dataclass(frozen=True, slots=True)
class SizeKind:
    """A kind of size; `suffix` is the end of its file name, `extra` its name in `url_…`.

    `longest` is the maximum of the longer side, in pixels.
    """

    extra: str
    suffix: str
    label: str
    longest: int
    square: bool = False


KINDS = (
    SizeKind("sq", "s", "Square", 75, square=True),
    SizeKind("q", "q", "Large Square", 150, square=True),
    SizeKind("t", "t", "Thumbnail", 100),
    SizeKind("s", "m", "Small", 240),
    SizeKind("n", "n", "Small 320", 320),
    SizeKind("w", "w", "Small 400", 400),
    SizeKind("m", "", "Medium", 500),
    SizeKind("z", "z", "Medium 640", 640),
    SizeKind("c", "c", "Medium 800", 800),
    SizeKind("l", "b", "Large", 1024),
    SizeKind("h", "h", "Large 1600", 1600),
    SizeKind("k", "k", "Large 2048", 2048),
    SizeKind("3k", "3k", "X-Large 3K", 3072),
    SizeKind("4k", "4k", "X-Large 4K", 4096),
    SizeKind("5k", "5k", "X-Large 5K", 5120),
    SizeKind("6k", "6k", "X-Large 6K", 6144),
)
_KIND_BY_EXTRA = {kind.extra: kind for kind in KINDS}
ORIGINAL = SizeKind("o", "o", "Original", 0)


@dataclass(frozen=True, slots=True)
class Size:
    """One size of one photo, in pixels."""

    kind: SizeKind
    width: int
    height: int


def sizes(photo: Row) -> list[Size]:
    """Return a photo's sizes except the original: those no larger than it, and up to `Medium` all."""
    width, height = rotated_dimensions(photo)
    longest = max(width, height)
    return [_scale(kind, width, height) for kind in KINDS if _has_kind(kind, longest)]


def find_size(photo: Row, extra: str) -> Size | None:
    """Return the size of `sizes` with a name in `url_…`, or None if the photo lacks it."""
    kind = _KIND_BY_EXTRA.get(extra)
    width, height = rotated_dimensions(photo)
    return _scale(kind, width, height) if kind and _has_kind(kind, max(width, height)) else None


def _has_kind(kind: SizeKind, longest: int) -> bool:
    """Return True if a photo has a size; an X-Large one may be a little smaller than its name."""
    least = kind.longest * NEARLY if kind.longest >= FIRST_X_LARGE else kind.longest
    return least <= longest or kind.longest <= MEDIUM


def original(photo: Row) -> Size:
    """Return the size of the uploaded original."""
    return Size(ORIGINAL, photo["width"], photo["height"])


def rotated_dimensions(photo: Row) -> tuple[int, int]:
    """Return width and height of a photo after its rotation."""
    width, height = photo["width"], photo["height"]
    return (height, width) if photo["rotation"] % 180 else (width, height)


def secret(photo: Row, kind: SizeKind) -> str:
    """Return the secret in the path of a size."""
    if kind is ORIGINAL:
        return str(photo["originalsecret"])
    if kind.longest < FIRST_SECRET:
        return str(photo["secret"])
    return f"{(int(photo['secret'], 16) * 31 + kind.longest) & 0xFFFFFFFFFF:010x}"


def path(photo: Row, kind: SizeKind) -> str:
    """Return the path of a size's file, such as `/65535/53000000000_0123456789_b.jpg`."""
    name = f"{photo['id']}_{secret(photo, kind)}"
    suffix = f"_{kind.suffix}" if kind.suffix else ""
    extension = photo["originalformat"] if kind is ORIGINAL else "jpg"
    return f"/{photo['server']}/{name}{suffix}.{extension}"


def _scale(kind: SizeKind, width: int, height: int) -> Size:
    if kind.square:
        return Size(kind, kind.longest, kind.longest)
    scale = min(1.0, kind.longest / max(width, height))
    return Size(kind, max(1, round(width * scale)), max(1, round(height * scale)))

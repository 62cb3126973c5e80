"""Make pictures of photos in all sizes, from an upload or as a landscape, and cache them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from flickr_sandbox.files.landscape import landscape
from flickr_sandbox.sizes import ORIGINAL, Size
from flickr_sandbox.store import Row

# The minimum and maximum of the longer side of a drawn landscape; other sizes are scaled.
MIN_SIDE, MAX_SIDE = 240, 1024
QUALITY = 82
COLORS = 96
_TRANSPOSES = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
CACHE_LIMIT = 64 * 1024 * 1024
THREADS = 2


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a photo's pictures.

    `seed` is the seed of the landscape, `width` and `height` are the original's, `rotation` is in
    degrees clockwise. `file` is the uploaded picture, or None.
    """

    seed: str
    width: int
    height: int
    rotation: int
    file: Path | None = None

    @classmethod
    def of(cls, photo: Row, file: Path | None = None) -> Source:
        """Return the source of a photo."""
        seed = f"{photo['id']} {photo['originalsecret']}"
        return cls(seed, photo["width"], photo["height"], photo["rotation"] % 360, file)


def make_picture(source: Source, size: Size, extension: str) -> bytes:
    """Make a size of a photo, as JPEG, PNG or GIF by the extension."""
    image = _open_upload(source.file) if source.file else None
    if image is None:
        image = _draw(source, size)
    if size.kind is not ORIGINAL and source.rotation in _TRANSPOSES:
        image = image.transpose(_TRANSPOSES[source.rotation])
    return encode(image, (size.width, size.height), extension)


def encode(image: Image.Image, size: tuple[int, int], extension: str) -> bytes:
    """Encode an image, scaled and cropped to a size."""
    file = BytesIO()
    if extension == "jpg":
        fitted = ImageOps.fit(image.convert("RGB"), size)
        fitted.save(file, "JPEG", quality=QUALITY)
    else:
        # Few colors and no interpolation: large images take long to compress otherwise.
        few = image.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
        fitted = ImageOps.fit(few, size, Image.Resampling.NEAREST)
        fitted.save(file, {"png": "PNG", "gif": "GIF"}[extension])
    return file.getvalue()


def _draw(source: Source, size: Size) -> Image.Image:
    longest, shortest = max(source.width, source.height), min(source.width, source.height)
    wanted = size.width * longest / shortest if size.kind.square else max(size.width, size.height)
    scale = min(MAX_SIDE, max(MIN_SIDE, wanted)) / longest
    width, height = round(source.width * scale), round(source.height * scale)
    return landscape(source.seed, max(1, width), max(1, height))


def _open_upload(file: Path) -> Image.Image | None:
    """Open an uploaded picture, rotated by its EXIF, or return None if it is not a picture."""
    try:
        with Image.open(file) as opened:
            return ImageOps.exif_transpose(opened)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None


class PictureCache:
    """A cache of files that are made in threads, each once; it keeps the latest `limit` bytes."""

    def __init__(self, limit: int = CACHE_LIMIT) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._making: dict[Hashable, asyncio.Future[bytes]] = {}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="sandbox pictures")

    async def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """Return the file of a key; on a cache miss, `make` is called in another thread."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._making:
            loop = asyncio.get_running_loop()
            self._making[key] = loop.run_in_executor(self._threads, make)
            self._making[key].add_done_callback(lambda future: self._keep(key, future))
        # A client that disconnects does not cancel it for the others.
        return await asyncio.shield(self._making[key])

    def _keep(self, key: Hashable, future: asyncio.Future[bytes]) -> None:
        del self._making[key]
        if future.cancelled() or future.exception():
            return
        self._kept[key] = future.result()
        self._size += len(future.result())
        while self._size > self._limit:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest)

    @property
    def size(self) -> int:
        """The size of the cache in bytes."""
        return self._size

    def close(self) -> None:
        """Stop the threads."""
        self._threads.shutdown(cancel_futures=True)

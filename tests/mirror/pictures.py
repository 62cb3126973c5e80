"""Small complete pictures and videos of every format that a mirror checks."""

from __future__ import annotations

import io
import struct

from PIL import Image


def picture(extension: str, color: int = 0, side: int = 24) -> bytes:
    """Return a picture of one color."""
    written = io.BytesIO()
    kinds = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP"}
    Image.new("RGB", (side, side), (color, 90, 200)).save(written, kinds[extension])
    return written.getvalue()


def box(kind: bytes, data: bytes = b"") -> bytes:
    """Return a box of MP4."""
    return struct.pack(">I4s", 8 + len(data), kind) + data


VIDEO = box(b"ftyp", b"isom") + box(b"moov", bytes(40)) + box(b"mdat", bytes(range(200)))
COMPLETE = {
    "jpg": picture("jpg"),
    "png": picture("png"),
    "gif": picture("gif"),
    "webp": picture("webp"),
    "mp4": VIDEO,
    "mov": VIDEO,
}

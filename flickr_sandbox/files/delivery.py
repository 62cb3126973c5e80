"""Send a file: whole, in part, or not at all if the client has it (RFC 9110)."""

from __future__ import annotations

import asyncio
import base64
import email.utils
import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aiohttp import web

# Files are sent in pieces of this size, in bytes, so that large ones are never in memory as a whole.
PIECE = 1024 * 1024
TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
}
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_TAG = re.compile(r'(?:W/)?("[^"]*")|(\*)')


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a file: content type, ETag, and time of modification in Unix seconds.

    `size` is the picture's width and height in pixels; a download is saved, not shown, as `file_name`.
    """

    content_type: str
    etag: str
    modified: int
    size: tuple[int, int]
    is_download: bool = False
    file_name: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every response for the file, as of Flickr's own server."""
        width, height = self.size
        is_video = self.content_type.startswith("video/")
        return {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET, OPTIONS",
            "Accept-Ranges": "bytes",
            "Cache-Control": "public, max-age=31536000",
            "ETag": self.etag,
            "Last-Modified": email.utils.formatdate(self.modified, usegmt=True),
            "Server": "Jubilee",
            "imagewidth": str(width),
            "imageheight": str(height),
            "origintype": "S" if is_video else "D",
            **({"Content-Disposition": self._disposition} if self.is_download else {}),
        }

    @property
    def _disposition(self) -> str:
        return f"attachment; filename={self.file_name}" if self.file_name else "attachment"


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The bytes of a file from `start` up to, not including, `stop`."""

    start: int
    stop: int


class _RangeOutsideFile(Exception):
    """The requested range is outside the file."""


def client_has(request: web.BaseRequest, version: Version) -> bool:
    """Return True if the client already has this version (RFC 9110, 13.1.2 and 13.1.3)."""
    given = request.headers.get("If-None-Match")
    if given is not None:
        tags = {quoted or star for quoted, star in _TAG.findall(given)}
        return version.etag in tags or "*" in tags
    since = request.if_modified_since
    return since is not None and version.modified <= since.timestamp()


def not_modified(version: Version) -> web.Response:
    """Make the response for a client that already has the file."""
    return web.Response(status=304, headers=version.headers)


async def deliver(
    request: web.BaseRequest, version: Version, content: bytes | Path
) -> web.Response:
    """Make the response with a file, or the part that `Range` requests: status 200, 206 or 416."""
    size = len(content) if isinstance(content, bytes) else content.stat().st_size
    headers = version.headers | {"Content-Type": version.content_type}
    try:
        part = _parse_range(request, version, size)
    except _RangeOutsideFile:
        headers = version.headers | {"Content-Range": f"bytes */{size}"}
        return web.Response(status=416, headers=headers)
    status = 206 if part else 200
    if part:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    else:
        part = ByteRange(0, size)
        headers["Content-MD5"] = await _checksum(content)
    headers["Content-Length"] = str(part.stop - part.start)
    if isinstance(content, bytes):
        return web.Response(status=status, body=content[part.start : part.stop], headers=headers)
    return web.Response(status=status, body=_read_pieces(content, part), headers=headers)


async def _checksum(content: bytes | Path) -> str:
    """Return the MD5 of a whole file in base 64 (RFC 1864)."""
    if isinstance(content, bytes):
        digest = hashlib.md5(content, usedforsecurity=False).digest()
    else:
        digest = await asyncio.to_thread(_file_digest, content, content.stat().st_mtime_ns)
    return base64.b64encode(digest).decode()


@lru_cache(maxsize=4096)
def _file_digest(file: Path, _modified: int) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, _md5).digest()


def _md5() -> hashlib._Hash:
    return hashlib.md5(usedforsecurity=False)


def _parse_range(request: web.BaseRequest, version: Version, size: int) -> ByteRange | None:
    """Parse the requested range; return None without one, or if it must be ignored."""
    condition = request.headers.get("If-Range", version.etag)
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or condition != version.etag:
        return None
    first, last = found.groups()
    if not first:
        if not last:
            return None
        start, stop = max(0, size - int(last)), size
    else:
        if last and int(last) < int(first):
            return None
        start, stop = int(first), min(size, int(last) + 1 if last else size)
    if start >= stop:
        raise _RangeOutsideFile
    return ByteRange(start, stop)


async def _read_pieces(file: Path, part: ByteRange) -> AsyncIterator[bytes]:
    opened = await asyncio.to_thread(file.open, "rb")
    try:
        opened.seek(part.start)
        left = part.stop - part.start
        while left and (piece := await asyncio.to_thread(opened.read, min(PIECE, left))):
            left -= len(piece)
            yield piece
    finally:
        opened.close()

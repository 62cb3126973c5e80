"""Send a file: whole, in part, or not at all if the client has it (RFC 9110)."""

from __future__ import annotations

import asyncio
import email.utils
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

# What is larger goes out in pieces of this many bytes, and never lies in memory as a whole.
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
    """A version of a file: its type, the tag that it is known by, and since when, in Unix seconds."""

    content_type: str
    etag: str
    modified: int

    @property
    def headers(self) -> dict[str, str]:
        """What every answer about the file carries."""
        return {
            "Access-Control-Allow-Origin": "*",
            "Accept-Ranges": "bytes",
            "Cache-Control": "public, max-age=31536000",
            "ETag": self.etag,
            "Last-Modified": email.utils.formatdate(self.modified, usegmt=True),
        }


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of a file from `start` to before `stop`."""

    start: int
    stop: int


class _Outside(Exception):
    """The range that is asked for lies outside of the file."""


def is_known(request: web.BaseRequest, version: Version) -> bool:
    """Whether the client has this version already (RFC 9110, 13.1.2 and 13.1.3)."""
    known = request.headers.get("If-None-Match")
    if known is not None:
        tags = {quoted or star for quoted, star in _TAG.findall(known)}
        return version.etag in tags or "*" in tags
    since = request.if_modified_since
    return since is not None and version.modified <= since.timestamp()


def not_modified(version: Version) -> web.Response:
    """The answer to a client that has the file."""
    return web.Response(status=304, headers=version.headers)


def deliver(request: web.BaseRequest, version: Version, content: bytes | Path) -> web.Response:
    """A file, or the part of it that `Range` asks for: 200, 206 or 416."""
    size = len(content) if isinstance(content, bytes) else content.stat().st_size
    headers = version.headers | {"Content-Type": version.content_type}
    try:
        asked = _asked(request, version, size)
    except _Outside:
        headers = version.headers | {"Content-Range": f"bytes */{size}"}
        return web.Response(status=416, headers=headers)
    status, part = (206, asked) if asked else (200, Part(0, size))
    if asked:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    headers["Content-Length"] = str(part.stop - part.start)
    if isinstance(content, bytes):
        return web.Response(status=status, body=content[part.start : part.stop], headers=headers)
    return web.Response(status=status, body=_pieces(content, part), headers=headers)


def _asked(request: web.BaseRequest, version: Version, size: int) -> Part | None:
    """The one range that is asked for; None where there is none, or one that counts for nothing."""
    condition = request.headers.get("If-Range", version.etag)
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or condition != version.etag:
        return None
    first, last = asked.groups()
    if not first:
        if not last:
            return None
        start, stop = max(0, size - int(last)), size
    else:
        if last and int(last) < int(first):
            return None
        start, stop = int(first), min(size, int(last) + 1 if last else size)
    if start >= stop:
        raise _Outside
    return Part(start, stop)


async def _pieces(file: Path, part: Part) -> AsyncIterator[bytes]:
    opened = await asyncio.to_thread(file.open, "rb")
    try:
        opened.seek(part.start)
        left = part.stop - part.start
        while left and (piece := await asyncio.to_thread(opened.read, min(PIECE, left))):
            left -= len(piece)
            yield piece
    finally:
        opened.close()

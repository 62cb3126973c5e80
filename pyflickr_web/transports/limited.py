"""Bodies of answers that may be only so long, by aiohttp."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import StreamReader


async def limited(headers: Mapping[str, str], content: StreamReader, longest: int) -> bytes | None:
    """The body of an answer; None where it is longer than `longest`."""
    # What is compressed is longer than it is told.
    told = None if "Content-Encoding" in headers else headers.get("Content-Length")
    if told is not None and int(told) <= longest:
        return await content.read()
    body = bytearray()
    async for piece in content.iter_any():
        body += piece
        if len(body) > longest:
            return None
    return bytes(body)

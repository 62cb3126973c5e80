"""Bodies of answers that may be only so long, by aiohttp."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiohttp import StreamReader

# Bytes beyond which an answer is long, and how many long ones are read at a time.
LONG = 256 * 1024
MAX_LONG = 2


class BodyReader:
    """Reads bodies of answers in one event loop. Only a few long ones are read at a time, to bound the
    memory that they take; the others wait at their senders."""

    def __init__(self) -> None:
        self._long = asyncio.Semaphore(MAX_LONG)

    async def read(
        self, headers: Mapping[str, str], content: StreamReader, longest: int
    ) -> bytes | None:
        """Return the body of an answer; None if it is longer than `longest`."""
        # A compressed body is longer than its Content-Length.
        length = None if "Content-Encoding" in headers else headers.get("Content-Length")
        if length is not None and int(length) <= min(longest, LONG):
            return await content.read()
        body = bytearray()
        await _extend(body, content, min(longest, LONG))
        if len(body) > LONG:
            async with self._long:
                await _extend(body, content, longest)
        return None if len(body) > longest else bytes(body)


async def read_body(content: StreamReader, longest: int) -> bytes | None:
    """Return the body of an answer, whatever others are read; None if it is longer than `longest`."""
    body = bytearray()
    await _extend(body, content, longest)
    return None if len(body) > longest else bytes(body)


async def _extend(body: bytearray, content: StreamReader, length: int) -> None:
    """Read on, until a body is longer than `length` or at its end."""
    while len(body) <= length and (piece := await content.readany()):
        body += piece

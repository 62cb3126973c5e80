"""Bodies of `multipart/form-data`, read part by part (RFC 7578)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import BodyPartReader, web

from flickr_sandbox.received import Pairs, clean

TYPE = "multipart/form-data"
MOST = 4 * 1024 * 1024
"""How large all fields together may be, but for files, in bytes."""
TakeFile = Callable[[BodyPartReader], Awaitable[None]]


class Broken(Exception):
    """A body that is no multipart form, ends too early, or has fields beyond measure."""


async def read(request: web.Request, name: str = "", take: TakeFile | None = None) -> Pairs:
    """The fields of a request's form, in their order.

    The file in the field `name` is handed to `take` and is none of them; other files are passed
    over. Raises `Broken`.
    """
    try:
        return await _read(request, name, take)
    except (
        ValueError,
        AssertionError,
        LookupError,
        RuntimeError,
        web.RequestPayloadError,
    ) as error:
        raise Broken(f"no multipart form: {type(error).__name__}") from error


async def _read(request: web.Request, name: str, take: TakeFile | None) -> Pairs:
    fields: list[tuple[str, str]] = []
    left = MOST
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise ValueError("a form within a form")
        if take and part.name == name:
            await take(part)
        elif part.filename is None:
            value = await _text(part, left)
            left -= len(value)
            fields.append((clean(part.name or ""), bytes(value).decode("utf-8", "replace")))
        else:
            await part.release()
    return tuple(fields)


async def _text(part: BodyPartReader, most: int) -> bytearray:
    text = bytearray()
    while chunk := await part.read_chunk():
        text += chunk
        if len(text) > most:
            raise ValueError("too much")
    return text

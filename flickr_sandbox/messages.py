"""HTTP messages: parse requests into plain data, multipart forms (RFC 7578) part by part, and make
responses."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl, unquote
from uuid import uuid4

from aiohttp import BodyPartReader, web

from flickr_sandbox.formats import Body
from flickr_sandbox.request_log import current_notes

Pairs = tuple[tuple[str, str], ...]
_SCHEME = "oauth "
FORM_TYPE = "multipart/form-data"
MOST_FIELD_BYTES = 4 * 1024 * 1024
"""The maximum size of all fields together, without files, in bytes."""

TakeFile = Callable[[BodyPartReader], Awaitable[None]]
# True while a request is answered in the other format, for the fault `wrong-format`.
WRONG_FORMAT: ContextVar[bool] = ContextVar("wrong_format", default=False)
# The current request and its data: a body can be read only once.
_READ: ContextVar[tuple[web.Request, RequestData] | None] = ContextVar("read", default=None)
# Flickr allows every origin, but refuses preflight requests.
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}
API_HEADERS = ANY_ORIGIN | {
    "Server": "openresty",
    "Vary": "Accept-Encoding",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True)
class RequestData:
    """A request; `url` has no query, and `form` are the fields of the body except files."""

    verb: str
    url: str
    query: Pairs = ()
    form: Pairs = ()
    authorization: str = field(default="", repr=False)

    @cached_property
    def header(self) -> Pairs:
        """The parameters of an `Authorization: OAuth …` header, except `realm` (RFC 5849, 3.5.1)."""
        if not self.authorization.lower().startswith(_SCHEME):
            return ()
        parts = (part.partition("=") for part in self.authorization[len(_SCHEME) :].split(","))
        found = ((unquote(k.strip()), unquote(v.strip().strip('"'))) for k, _, v in parts)
        return tuple((name, value) for name, value in found if name not in ("", "realm"))

    @property
    def parameters(self) -> dict[str, str]:
        """All parameters of query, form and header; if a name repeats, its first value is used."""
        return dict(reversed((*self.query, *self.form, *self.header)))


def parse_pairs(text: str) -> Pairs:
    """Parse a query or the body of a form."""
    return tuple(parse_qsl(replace_surrogates(text), keep_blank_values=True))


def replace_surrogates(text: str) -> str:
    """Replace the lone surrogates that stand for invalid UTF-8 in a query or a header."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class BrokenForm(Exception):
    """A body that is not a multipart form, is incomplete, or has too large fields."""


async def read_form(request: web.Request, name: str = "", take: TakeFile | None = None) -> Pairs:
    """Return the fields of a request's form, in order.

    The file in the field `name` is passed to `take`; other files are skipped. Raises `BrokenForm`.
    """
    try:
        return await _read(request, name, take)
    except (
        # The client has disconnected.
        ConnectionResetError,
        ValueError,
        AssertionError,
        LookupError,
        RuntimeError,
        web.RequestPayloadError,
    ) as error:
        raise BrokenForm(f"invalid multipart form: {type(error).__name__}") from error


async def _read(request: web.Request, name: str, take: TakeFile | None) -> Pairs:
    fields: list[tuple[str, str]] = []
    left = MOST_FIELD_BYTES
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise ValueError("nested multipart form")
        if take and part.name == name:
            await take(part)
        elif part.filename is None:
            value = await _text(part, left)
            left -= len(value)
            fields.append(
                (replace_surrogates(part.name or ""), bytes(value).decode("utf-8", "replace"))
            )
        else:
            await part.release()
    return tuple(fields)


async def _text(part: BodyPartReader, most: int) -> bytearray:
    text = bytearray()
    while chunk := await part.read_chunk():
        text += chunk
        if len(text) > most:
            raise ValueError("fields too large")
    return text


async def read_request(request: web.Request) -> RequestData:
    """Read a request with all parameters, for addresses without file uploads.

    A multipart form is allowed: flickr-sdk sends all writes as one. If it is broken, raises aiohttp's
    response 400.
    """
    read = _READ.get()
    if read is None or read[0] is not request:
        read = (request, make_request_data(request, await _form(request)))
        _READ.set(read)
    return read[1]


async def _form(request: web.Request) -> Pairs:
    if request.content_type == "application/x-www-form-urlencoded":
        try:
            return parse_pairs((await request.read()).decode("utf-8", "replace"))
        except ConnectionResetError:
            raise web.HTTPBadRequest(text="the client has disconnected\n") from None
    if request.content_type != FORM_TYPE:
        return ()
    try:
        return await read_form(request)
    except BrokenForm as broken:
        raise web.HTTPBadRequest(text=f"{broken}\n") from None


def make_request_data(request: web.Request, form: Pairs) -> RequestData:
    """Make the data of a request whose form is already read."""
    return RequestData(
        verb=request.method,
        url=f"{request.scheme}://{request.host}{request.rel_url.raw_path}",
        query=parse_pairs(request.rel_url.raw_query_string),
        form=form,
        authorization=replace_surrogates(request.headers.get("Authorization", "")),
    )


def switch_format(arguments: Mapping[str, str]) -> dict[str, str]:
    """Replace XML by JSON in a call's arguments, and JSON by XML."""
    other = "rest" if arguments.get("format") == "json" else "json"
    return {**arguments, "format": other, "nojsoncallback": "1"}


def api_response(body: Body) -> web.Response:
    """Make an API answer; its status is always 200, also for failures."""
    notes = current_notes()
    notes.stat, notes.code = "ok" if body.code is None else "fail", body.code
    headers = API_HEADERS | {
        "Content-Type": body.content_type,
        "X-Flickr-Api-Request": f"Root=1-{int(time.time()):08x}-{uuid4().hex[:24]}",
    }
    return web.Response(body=body.text.encode("utf-8", "replace"), headers=headers)


def text_response(body: str, status: int = 200) -> web.Response:
    """Make an answer of Flickr's OAuth addresses, or the error of a signature at any address."""
    headers = ANY_ORIGIN | {"Content-Type": "text/plain;charset=UTF-8"}
    return web.Response(status=status, body=body.encode(), headers=headers)

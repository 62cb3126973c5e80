"""HTTP messages: a request as data, without aiohttp's types, and the responses to it.

Multipart forms (RFC 7578) are read part by part.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

from aiohttp import BodyPartReader, web

from flickr_sandbox.formats import Body

Pairs = tuple[tuple[str, str], ...]
_SCHEME = "oauth "


@dataclass(frozen=True, slots=True)
class RequestData:
    """A request; `url` is its address without the query, `form` the fields of its body but for files."""

    verb: str
    url: str
    query: Pairs = ()
    form: Pairs = ()
    authorization: str = field(default="", repr=False)

    @property
    def header(self) -> Pairs:
        """The parameters of an `Authorization: OAuth …` header, but for `realm` (RFC 5849, 3.5.1)."""
        if not self.authorization.lower().startswith(_SCHEME):
            return ()
        parts = (part.partition("=") for part in self.authorization[len(_SCHEME) :].split(","))
        found = ((unquote(k.strip()), unquote(v.strip().strip('"'))) for k, _, v in parts)
        return tuple((name, value) for name, value in found if name not in ("", "realm"))

    @property
    def parameters(self) -> dict[str, str]:
        """All parameters, wherever they came; the first of a name counts."""
        return dict(reversed((*self.query, *self.form, *self.header)))


def parse_pairs(text: str) -> Pairs:
    """The parameters of a query or of a form's body."""
    return tuple(parse_qsl(replace_surrogates(text), keep_blank_values=True))


def replace_surrogates(text: str) -> str:
    """A query or a header without the lone surrogates that stand for bytes of no UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


FORM_TYPE = "multipart/form-data"
MOST_FIELD_BYTES = 4 * 1024 * 1024
"""How large all fields together may be, but for files, in bytes."""
TakeFile = Callable[[BodyPartReader], Awaitable[None]]


class BrokenForm(Exception):
    """A body that is no multipart form, ends too early, or has fields beyond measure."""


async def read_form(request: web.Request, name: str = "", take: TakeFile | None = None) -> Pairs:
    """The fields of a request's form, in their order.

    The file in the field `name` is handed to `take` and is none of them; other files are passed
    over. Raises `BrokenForm`.
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
        raise BrokenForm(f"no multipart form: {type(error).__name__}") from error


async def _read(request: web.Request, name: str, take: TakeFile | None) -> Pairs:
    fields: list[tuple[str, str]] = []
    left = MOST_FIELD_BYTES
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise ValueError("a form within a form")
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
            raise ValueError("too much")
    return text


# Whether the request at hand is to be answered in the format that was not asked for.
WRONG_FORMAT: ContextVar[bool] = ContextVar("wrong_format", default=False)
# The request at hand and what was read of it: its body can be read once.
_READ: ContextVar[tuple[web.Request, RequestData] | None] = ContextVar("read", default=None)


async def read_request(request: web.Request) -> RequestData:
    """A request with all of its parameters, for addresses that take no files.

    Fields of a multipart form count as those of any other: flickr-sdk sends all its writes so.
    Raises aiohttp's answer 400 for a multipart form that is broken.
    """
    read = _READ.get()
    if read is None or read[0] is not request:
        read = (request, make_request_data(request, await _form(request)))
        _READ.set(read)
    return read[1]


async def _form(request: web.Request) -> Pairs:
    if request.content_type == "application/x-www-form-urlencoded":
        return parse_pairs((await request.read()).decode("utf-8", "replace"))
    if request.content_type != FORM_TYPE:
        return ()
    try:
        return await read_form(request)
    except BrokenForm as broken:
        raise web.HTTPBadRequest(text=f"{broken}\n") from None


def make_request_data(request: web.Request, form: Pairs) -> RequestData:
    """A request whose body has been read already."""
    return RequestData(
        verb=request.method,
        url=f"{request.scheme}://{request.host}{request.rel_url.raw_path}",
        query=parse_pairs(request.rel_url.raw_query_string),
        form=form,
        authorization=replace_surrogates(request.headers.get("Authorization", "")),
    )


def switch_format(arguments: Mapping[str, str]) -> dict[str, str]:
    """The same call, but for JSON where it was for XML, and the other way round."""
    other = "rest" if arguments.get("format") == "json" else "json"
    return {**arguments, "format": other, "nojsoncallback": "1"}


# Flickr answers any page, but no request that a browser must ask about first.
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}


def api_response(body: Body) -> web.Response:
    """An answer of Flickr's, which comes with status 200 whatever it says."""
    headers = ANY_ORIGIN | {"Content-Type": body.content_type, "Cache-Control": "private"}
    return web.Response(body=body.text.encode("utf-8", "replace"), headers=headers)


def text_response(body: str, status: int = 200) -> web.Response:
    """An answer of Flickr's OAuth addresses, and its refusal of a signature anywhere."""
    headers = ANY_ORIGIN | {"Content-Type": "text/plain;charset=UTF-8"}
    return web.Response(status=status, body=body.encode(), headers=headers)

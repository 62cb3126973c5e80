"""Requests and responses of flows on a server, and the HTTP message of a request."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self
from urllib.parse import quote, urlencode

from pyflickr_web.core.flow import Request, Response

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
# Some servers and proxies truncate longer addresses.
LONGEST_QUERY = 4000
# Headers that log in to a site, in lower case.
LOGIN_HEADERS = ("authorization", "cookie")
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Credentials:
    """An application's key and secret, and those of a user's token after sign-in.

    Its `repr` only shows the user's ID.
    """

    api_key: str = field(repr=False)
    secret: str = field(repr=False)
    access_token: str = field(default="", repr=False)
    access_token_secret: str = field(default="", repr=False)
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class BytesSink:
    """A sink of bytes: the result of the request is a `RawResponse` of at most `longest` bytes."""

    longest: int


class FileTooLarge(Exception):
    """A file is larger than the limit, in bytes."""

    def __init__(self, longest: int) -> None:
        super().__init__(longest)
        self.longest = longest


class FileSink(ABC):
    """A sink of a file, for one answer: a context manager around the pieces of its body.

    The result of the request is a `FileResponse`. Methods raise `FileError` if writing fails, and
    `FileTooLarge`.
    """

    @abstractmethod
    def accepts(self, status: int, headers: Mapping[str, str]) -> bool:
        """Return True to receive the body of an answer; `headers` ignore case."""

    @abstractmethod
    def write(self, piece: bytes) -> None:
        """Write the next piece."""

    @abstractmethod
    def __enter__(self) -> Self:
        """Open the file."""

    @abstractmethod
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file, which is complete without an `error`."""


# Not frozen: a frozen one takes four times as long to create, for every request.
@dataclass(slots=True)
class SendOptions:
    """The options of a `Request` that only a server has.

    `signer` signs each attempt. With `in_form` the fields are a POST form, which is not logged as an
    address is. `headers` are added, except to a stream. `sink` receives the answer: text, bytes up to
    a limit, or a file; the result is a `Response`, a `RawResponse` or a `FileResponse`.

    `timeout` is the deadline in seconds, from waiting for a connection to the last byte; by default it
    is that of `Limits`, which begins with the connection. The body of a file has the lowest rate
    instead, and for a stream it limits the time to accept each piece, and then to answer. `foreign` is
    True if the address is not of the site that `request_options` are for: login headers are not sent
    then.
    """

    signer: Credentials | None = None
    in_form: bool = False
    sink: BytesSink | FileSink | None = None
    timeout: float | None = None
    foreign: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


# Of a request whose `options` are None.
DEFAULT_OPTIONS = SendOptions()


class FileResponse(Response):
    """The response to a request for a file; `location` is the target of a redirect, or None."""

    def __init__(self, status: int, retry_after: str | None, location: str | None) -> None:
        super().__init__(status, None, retry_after)
        self.location = location if status in REDIRECTS else None


class RawResponse(Response):
    """An answer's bytes; None if it is longer than requested."""

    def __init__(self, status: int, body: bytes | None, retry_after: str | None) -> None:
        super().__init__(status, None, retry_after)
        self.body = body


@dataclass(slots=True)
class Message:
    """An HTTP message: verb, address with query, headers and body."""

    verb: Literal["GET", "POST"]
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: str | None = field(default=None, repr=False)


def to_message(request: Request) -> Message:
    """Return the message of a request: a GET with a query, or a POST of a form or of JSON.

    Texts are quoted by RFC 3986, as signatures need it: a space is `%20`. The message of a stream has
    the form of its fields, to be signed.
    """
    if isinstance(request.body, str):
        return Message("POST", request.url, {"Content-Type": JSON}, request.body)
    form = urlencode(request.fields or {}, safe="", quote_via=quote)
    options: SendOptions = request.options or DEFAULT_OPTIONS
    if request.body is not None or options.in_form or len(form) > LONGEST_QUERY:
        return Message("POST", request.url, {"Content-Type": FORM}, form)
    return Message("GET", f"{request.url}?{form}" if form else request.url)

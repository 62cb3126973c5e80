"""The requests and answers of flows on a server, and the HTTP message of a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pyflickr_web.core.flow import Request, Response

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
# Servers and proxies on the way cut off longer addresses.
LONGEST_QUERY = 4000
# Headers of one site's login, in lower case.
LOGIN_HEADERS = ("authorization", "cookie")
REDIRECTS = (301, 302, 303, 307, 308)
# RFC 3986, section 2.3.
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]*")


@dataclass(frozen=True, slots=True)
class Credentials:
    """An application's key and secret, and where somebody signed in, the token and its secret.

    Shown, it tells whose token it is at the most.
    """

    api_key: str = field(repr=False)
    secret: str = field(repr=False)
    access_token: str = field(default="", repr=False)
    access_token_secret: str = field(default="", repr=False)
    user_id: str = ""


class ServerRequest(Request):
    """A request that `credentials` sign, where there are any, and that goes as a form in a POST where
    `in_form` says so."""

    def __init__(
        self, request: Request, credentials: Credentials | None, in_form: bool = False
    ) -> None:
        super().__init__(request.url, request.body, request.fields, request.photo)
        self.credentials = credentials
        self.in_form = in_form


class FileRequest(Request):
    """A request whose answer, where it is 200, is streamed into a file in place of `target`.

    Its `FileResponse` then holds no text. `foreign` says that its address is another site's than the
    one that `request_options` are for: its headers of a login are not sent.
    """

    def __init__(self, request: Request, target: Path, foreign: bool = False) -> None:
        super().__init__(request.url)
        self.target = target
        self.foreign = foreign


class FileResponse(Response):
    """An answer to a `FileRequest`; `location` is the address that a redirect leads to, if it is one."""

    def __init__(self, status: int, retry_after: str | None, location: str | None) -> None:
        super().__init__(status, None, retry_after)
        self.location = location if status in REDIRECTS else None


class RawRequest(ServerRequest):
    """A request whose answer is wanted byte for byte, as a `Whole`, within `timeout` seconds for all
    of it and at most `longest` bytes.

    It goes as a form in a POST, so that no address, which others may log, holds a key.
    """

    def __init__(
        self, request: Request, credentials: Credentials | None, timeout: float, longest: int
    ) -> None:
        super().__init__(request, credentials, in_form=True)
        self.timeout = timeout
        self.longest = longest


class RawResponse(Response):
    """An answer's bytes; None where it was longer than was asked for."""

    def __init__(self, status: int, body: bytes | None, retry_after: str | None) -> None:
        super().__init__(status, None, retry_after)
        self.body = body


# Not frozen: that takes four times as long to make, and each request has one.
@dataclass(slots=True)
class Message:
    """A verb, an address with its query, headers and a body."""

    verb: Literal["GET", "POST"]
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: str | None = field(default=None, repr=False)


def to_message(request: Request) -> Message:
    """The message of a request: a GET with a query, a POST of a form or of JSON.

    RFC 3986 leaves no other way to write a space in a signed query than `%20`.
    """
    if request.body is not None:
        return Message("POST", request.url, {"Content-Type": JSON}, request.body)
    fields = (request.fields or {}).items()
    form = "&".join([f"{_quote_name(name)}={_quote_text(value)}" for name, value in fields])
    if getattr(request, "in_form", False) or len(form) > LONGEST_QUERY:
        return Message("POST", request.url, {"Content-Type": FORM}, form)
    return Message("GET", f"{request.url}?{form}" if form else request.url)


@lru_cache(maxsize=256)
def _quote_name(name: str) -> str:
    """A name; there are few, which come again and again."""
    return _quote_text(name)


def _quote_text(text: str) -> str:
    # Most are as they are, which is told faster than quoted.
    return text if _UNRESERVED.fullmatch(text) else quote(text, safe="")

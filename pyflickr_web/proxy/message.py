"""A request to the proxy and its reply, whichever server carries them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyflickr_web.transports.message import Credentials

JSON = "application/json"
# What is read of a request's headers; others need not come.
HEADERS = (
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "if-none-match",
    "origin",
    "sec-fetch-site",
    "transfer-encoding",
)


@dataclass(slots=True)
class ProxyRequest:
    """A request as it came in, but for its body.

    `headers` are at least those of `HEADERS`; names are in lower case, one that came twice is
    joined by a comma. `query` is as in the address. `client` is the network address of who asks, for
    limits; `is_forwarded` if a trusted server in front has named it. `scheme` is the one that the
    server was reached by, as far as it knows.
    """

    verb: str
    query: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    client: str = ""
    is_forwarded: bool = False
    scheme: str = "http"


@dataclass(slots=True)
class Reply:
    """What the proxy answers; header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class Visitor:
    """Who an authenticator let in: `name` where it told one, `credentials` where calls are to be
    signed with the visitor's own."""

    name: str = ""
    credentials: Credentials | None = None


class Refused(Exception):
    """What the proxy itself refuses: an HTTP status, and Flickr's kind of code and message.

    The code is the status, where Flickr has none for it. `headers` go with the reply.
    """

    def __init__(
        self,
        status: int,
        message: str,
        code: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = status if code is None else code
        self.headers = dict(headers or {})

    def reply(self) -> Reply:
        """The refusal as an answer in JSON; `reading.refusal_for` finds the requested format."""
        content = {"stat": "fail", "code": self.code, "message": str(self)}
        headers = {**self.headers, "content-type": JSON, "cache-control": "no-store"}
        return Reply(self.status, headers, dumped(content))


def dumped(content: Any) -> bytes:
    """JSON that a page may hold anywhere: ASCII, without `<`."""
    return json.dumps(content, separators=(",", ":")).replace("<", "\\u003c").encode()

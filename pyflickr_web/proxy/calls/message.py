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
    """A response of the proxy; header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class Visitor:
    """A visitor that an authenticator let in: `name` if it is known, `credentials` if calls are signed
    with the visitor's own."""

    name: str = ""
    credentials: Credentials | None = None


class Refusal(Exception):
    """A refusal of the proxy itself: an HTTP status, and a code and message as Flickr has them.

    The code is the status, if Flickr has none for it. `headers` go with the reply.
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
        """Return the refusal in JSON; `reading.format_refusal` returns it in the requested format."""
        content = {"stat": "fail", "code": self.code, "message": str(self)}
        headers = {**self.headers, "content-type": JSON, "cache-control": "no-store"}
        return Reply(self.status, headers, dump_json(content))


def dump_json(content: Any) -> bytes:
    """JSON that a page may hold anywhere: ASCII, without `<`."""
    return json.dumps(content, separators=(",", ":")).replace("<", "\\u003c").encode()

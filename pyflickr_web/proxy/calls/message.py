"""Requests to the proxy, replies and refusals, independent of the server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyflickr_web.transports.message import Credentials

JSON = "application/json"
# The request headers that the proxy reads; adapters may drop others.
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
    """A request without its body.

    `headers` has at least those of `HEADERS`, with names in lower case; repeated headers are joined by
    commas. `query` is still encoded. `client` is the client's network address, for limits;
    `is_forwarded` is True if a trusted server in front has sent it. `scheme` is `http` or `https`, as
    far as the server knows.
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
    """A visitor that an authenticator admitted. `name` is empty if unknown; `credentials` are the
    visitor's own, or None."""

    name: str = ""
    credentials: Credentials | None = None


class Refusal(Exception):
    """A refusal by the proxy: an HTTP status, and a code and message as in Flickr's failures.

    The code defaults to the status. `headers` are added to the reply.
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
    """Encode JSON that is safe in HTML: ASCII, without `<`."""
    return json.dumps(content, separators=(",", ":")).replace("<", "\\u003c").encode()

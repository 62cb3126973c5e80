"""Listens on this machine for the browser that comes back from Flickr."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pyflickr_web.errors import LoginError

HOST = "127.0.0.1"
# Seconds between two looks at whether anybody can come at all.
LOOK = 0.2
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>pyflickr-web</title>
<body style="font: 1.2rem sans-serif; margin: 4rem"><h1>{title}</h1><p>{text}</p></body></html>"""
DONE = ("You are signed in", "This page may be closed; the terminal goes on.")
DENIED = ("You said no", "Nothing was signed in. This page may be closed.")
OTHER = ("This belongs to another sign-in", "Start it again in the terminal.")


class Loopback(HTTPServer):
    """A server for one answer, at a free port and a path that nobody can guess.

    `address` is the callback to give to Flickr; `wait` gives the parameters that the browser brings.
    """

    def __init__(self) -> None:
        super().__init__((HOST, 0), _Handler)
        self.path = f"/{secrets.token_urlsafe(12)}/"
        self.address = f"http://{HOST}:{self.server_port}{self.path}"
        self.token = ""
        self.answer: dict[str, str] | None = None

    def wait(
        self, token: str, seconds: float, in_vain: Callable[[], bool] = lambda: False
    ) -> dict[str, str] | None:
        """The parameters of the answer to the request token `token`; None once it waits `in_vain`.

        Answers to other sign-ins are told so in the browser, and waited past. Raises `LoginError`
        when none came within `seconds`.
        """
        self.token = token
        end = time.monotonic() + seconds
        while self.answer is None:
            if in_vain():
                return None
            left = end - time.monotonic()
            if left <= 0:
                raise LoginError(f"nobody said yes within {seconds:.0f} seconds: sign in again")
            self.timeout = min(left, LOOK)
            self.handle_request()
        return self.answer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a browser that goes away is no fault, and addresses hold tokens."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Loopback
    # A browser that connects ahead and then says nothing must not hold up the one that comes back.
    timeout = 5

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path != self.server.path:
            return self._page(404, OTHER)
        params = dict(parse_qsl(address.query))
        if params.get("oauth_token", params.get("denied")) != self.server.token:
            return self._page(400, OTHER)
        self.server.answer = params
        return self._page(200, DONE if params.get("oauth_verifier") else DENIED)

    def _page(self, status: int, text: tuple[str, str]) -> None:
        body = PAGE.format(title=text[0], text=text[1]).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: addresses hold tokens."""

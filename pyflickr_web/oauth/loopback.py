"""A server on this machine for the callback: the redirect of the browser after authorization."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pyflickr_web.oauth.callback import LoopbackAddress
from pyflickr_web.transports.errors import LoginError, OptionError

HOST = "127.0.0.1"
# Seconds between two checks of `give_up`.
POLL_INTERVAL = 0.2
# The seconds that a connection may take, and the number of connections at a time.
DEADLINE = 5.0
MAX_CONNECTIONS = 16
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>pyflickr-web</title>
<body style="font: 1.2rem sans-serif; margin: 4rem"><h1>{title}</h1><p>{text}</p></body></html>"""
DONE = ("You are signed in", "You can close this page and go back to the terminal.")
DENIED = ("You denied access", "You are not signed in. You can close this page.")
OTHER = ("This belongs to another sign-in", "Start again in the terminal.")


class Loopback(ThreadingHTTPServer):
    """A server for one callback, at `place`, or at a free port and a random path.

    `address` is the callback for Flickr; `wait` returns the parameters of the redirect. Other
    connections do not block it: each has a thread and a deadline. If there are too many, the oldest is
    closed. Raises `OptionError` if it cannot listen at `place`.
    """

    daemon_threads = True
    # With a shared port another process could receive the callback. On Windows, reusing an address
    # shares it.
    allow_reuse_port = False
    allow_reuse_address = os.name == "posix"
    # A client retries a connection that does not fit in the queue only after a second.
    request_queue_size = 128

    def __init__(self, place: LoopbackAddress | None = None) -> None:
        place = place or LoopbackAddress("", HOST, 0, f"/{secrets.token_urlsafe(12)}/")
        if ":" in place.host:
            self.address_family = socket.AF_INET6
        try:
            super().__init__((place.host, place.port), _Handler)
        except OSError as error:
            raise OptionError(
                f"callback: cannot listen at {place.host}, port {place.port} ({error.strerror}): "
                "free the port, or name another"
            ) from None
        self.path = place.path
        self.address = place.url or f"http://{HOST}:{self.server_port}{self.path}"
        self.token = ""
        self.answer: dict[str, str] | None = None
        # Connections, oldest first, and their deadlines.
        self._deadlines: dict[socket.socket, float] = {}
        self._lock = threading.Lock()

    def wait(
        self, token: str, seconds: float, give_up: Callable[[], bool] = lambda: False
    ) -> dict[str, str] | None:
        """Return the parameters of the callback for the request token `token`; None if `give_up()`.

        Callbacks of other sign-ins get an error page. Raises `LoginError` after `seconds`.
        """
        self.token = token
        end = time.monotonic() + seconds
        while self.answer is None:
            if give_up():
                return None
            left = end - time.monotonic()
            if left <= 0:
                raise LoginError(
                    f"no answer from the browser within {seconds:.0f} seconds: sign in again"
                )
            self.timeout = min(left, POLL_INTERVAL)
            self.handle_request()
            self._close_expired(time.monotonic())
        return self.answer

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread; close the oldest one if there are too many."""
        with self._lock:
            self._deadlines[request] = time.monotonic() + DEADLINE
            oldest = list(self._deadlines)[:-MAX_CONNECTIONS]
        self._shut_down(oldest)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._deadlines.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log nothing: a browser may disconnect, and addresses contain tokens."""

    def _close_expired(self, now: float) -> None:
        with self._lock:
            late = [request for request, end in self._deadlines.items() if end <= now]
        self._shut_down(late)

    def _shut_down(self, connections: list[socket.socket]) -> None:
        """Shut connections down; the threads that read from them close them."""
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            with self._lock:
                self._deadlines.pop(connection, None)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server_close()
        with self._lock:
            left = list(self._deadlines)
        self._shut_down(left)


class _Handler(BaseHTTPRequestHandler):
    server: Loopback
    timeout = DEADLINE

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if unquote(address.path) != self.server.path:
            return self._send_page(404, OTHER)
        params = dict(parse_qsl(address.query))
        if params.get("oauth_token", params.get("denied")) != self.server.token:
            return self._send_page(400, OTHER)
        try:
            self._send_page(200, DONE if params.get("oauth_verifier") else DENIED)
        finally:
            # After the page, because this ends the server.
            self.server.answer = params
        return None

    def _send_page(self, status: int, text: tuple[str, str]) -> None:
        body = PAGE.format(title=text[0], text=text[1]).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: addresses contain tokens."""

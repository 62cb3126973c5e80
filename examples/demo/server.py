"""The demo's server: the page, the bundles, and a proxy endpoint in front of a sandbox."""

from __future__ import annotations

import json
import mimetypes
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import urlopen

from examples.listener import open_listener, read_url
from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from pyflickr_web.proxy import ProxyRequest, WsgiProxy, proxy_wsgi

HERE = Path(__file__).parent
BUNDLES = HERE.parent.parent / "browser_dist"
# The pages' name for the sandbox's key, which depends on its seed.
KEY = "demo"
PAGES = {
    "/": "index.html",
    "/demo.js": "demo.js",
    "/style.css": "style.css",
    "/icon.svg": "icon.svg",
}
REST = "/services/rest/"
# Seconds after which the server ends at the latest.
END_POLL = 0.05
TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm"}


class Handler(BaseHTTPRequestHandler):
    """Send POST requests through the proxy, and GET requests of pages with a key to the sandbox.

    `sandbox` is the running sandbox, which also answers the proxy.
    """

    protocol_version = "HTTP/1.1"
    # Head and body are sent apart: otherwise the body waits until the client has acknowledged the head.
    disable_nagle_algorithm = True
    sandbox: ClassVar[Sandbox]
    proxy: ClassVar[WsgiProxy]
    pages: ClassVar[dict[str, Path]] = {path: HERE / name for path, name in PAGES.items()}
    policy: ClassVar[dict[str, str]] = {
        "Content-Security-Policy": "default-src 'self'; script-src 'self'; connect-src *; img-src *"
    }

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == REST:
            self._rest(dict(parse_qsl(address.query, keep_blank_values=True)))
        elif address.path == "/demo.json":
            account = self.sandbox.account
            self._json({"api_key": account.api_key, "base_url": self.sandbox.url})
        else:
            self._file(address.path)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        address = urlsplit(self.path)
        if address.path != REST or not length.isdecimal():
            # The body is not read, so the connection cannot be used for another request.
            self.close_connection = True
            return self._send(404, "text/plain", b"not found")
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = ProxyRequest("POST", address.query, headers, self.client_address[0])
        reply, slot = self.proxy.reply(request, lambda: self.rfile.read(int(length)), None)
        try:
            self._send(reply.status, reply.headers["content-type"], reply.body)
        finally:
            slot.release()

    def _rest(self, arguments: dict[str, str]) -> None:
        if arguments.get("api_key") == KEY:
            arguments["api_key"] = self.sandbox.account.api_key
        form = urlencode({**arguments, "format": "json", "nojsoncallback": "1"}).encode()
        try:
            with urlopen(self.sandbox.url + REST, form) as answer:
                self._send(answer.status, answer.headers["Content-Type"], answer.read())
        except HTTPError as refused:
            self._send(refused.code, refused.headers["Content-Type"], refused.read())

    def _file(self, path: str) -> None:
        file = self.pages.get(path)
        if file is None and path.startswith("/dist/"):
            file = BUNDLES / Path(path).name
        if file is None or not file.is_file():
            return self._send(404, "text/plain", b"not found")
        kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "text/plain"
        charset = "" if kind == TYPES[".wasm"] else "; charset=utf-8"
        self._send(200, kind + charset, file.read_bytes())

    def _json(self, answer: Any, status: int = 200) -> None:
        self._send(status, "application/json", json.dumps(answer).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        common = {"Content-Type": kind, "Content-Length": str(len(body))}
        for name, value in (common | self.policy).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing, because addresses contain keys."""


class _Server(ThreadingHTTPServer):
    def __init__(self, listener: socket.socket, handler: type[Handler]) -> None:
        super().__init__(listener.getsockname(), handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect before the end of an answer."""


class Demo:
    """A server on localhost, in its own thread, in front of a running sandbox.

    It answers at `listener`, by default at a free port, and closes it at its end.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        listener: socket.socket | None = None,
        handler: type[Handler] = Handler,
    ) -> None:
        listener = listener or open_listener(0)
        key = sandbox.account.api_key
        self._proxy = proxy_wsgi(Flickr.token_only(api_key=key, base_url=sandbox.url))
        bound = type("Bound", (handler,), {"sandbox": sandbox, "proxy": self._proxy})
        self._server = _Server(listener, bound)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(END_POLL,), daemon=True
        )
        self.url = read_url(listener)

    def __enter__(self) -> Demo:
        self._thread.start()
        return self

    def wait(self) -> None:
        """Serve until Ctrl-C, which raises `KeyboardInterrupt`."""
        self._thread.join()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._proxy.close()

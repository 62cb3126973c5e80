"""The demo's server: the page, the bundles, and the stand-in as Flickr and as a proxy endpoint."""

from __future__ import annotations

import json
import mimetypes
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from examples.demo import flickr

HERE = Path(__file__).parent
BUNDLES = HERE.parent.parent / "browser_dist"
PAGES = {"/": "index.html", "/demo.js": "demo.js", "/style.css": "style.css"}
REST = "/services/rest/"
LONGEST_BODY = 1_000_000
TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm"}


class Handler(BaseHTTPRequestHandler):
    """GET of REST plays Flickr, with its CORS rules; POST of JSON plays a proxy."""

    protocol_version = "HTTP/1.1"
    pages: ClassVar[dict[str, Path]] = {path: HERE / name for path, name in PAGES.items()}
    policy: ClassVar[dict[str, str]] = {
        "Content-Security-Policy": "default-src 'self'; script-src 'self'; connect-src *; img-src *"
    }

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == REST:
            self._rest(dict(parse_qsl(address.query, keep_blank_values=True)))
        elif address.path.startswith("/photos/"):
            photo_id = address.path.rpartition("/")[2].partition("_")[0]
            self._send(200, "image/svg+xml", flickr.picture(photo_id).encode())
        else:
            self._file(address.path)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if urlsplit(self.path).path != REST or not length.isdecimal():
            return self._send(404, "text/plain", b"not found")
        if int(length) > LONGEST_BODY:
            return self._send(413, "text/plain", b"too large")
        try:
            body = json.loads(self.rfile.read(int(length)))
            arguments = {str(name): str(value) for name, value in dict(body).items()}
        except (ValueError, TypeError):
            return self._json(flickr.fail(1, "the body is no JSON object"), 400)
        self._json(flickr.call(arguments.pop("method", ""), arguments))

    def do_OPTIONS(self) -> None:
        # As Flickr does: a request that is not a simple one is refused.
        self._send(403, "text/plain", b"")

    def _rest(self, query: dict[str, str]) -> None:
        if query.get("api_key") != flickr.KEY:
            answer = flickr.fail(100, "Invalid API Key (Key not found)")
        else:
            answer = flickr.call(query.get("method", ""), query)
        self._json(answer, 200, {"Access-Control-Allow-Origin": "*"})

    def _file(self, path: str) -> None:
        file = self.pages.get(path)
        if file is None and path.startswith("/dist/"):
            file = BUNDLES / Path(path).name
        if file is None or not file.is_file():
            return self._send(404, "text/plain", b"not found")
        kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "text/plain"
        charset = "" if kind == TYPES[".wasm"] else "; charset=utf-8"
        self._send(200, kind + charset, file.read_bytes())

    def _json(self, answer: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self._send(status, "application/json", json.dumps(answer).encode(), headers)

    def _send(
        self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        common = {"Content-Type": kind, "Content-Length": str(len(body))}
        for name, value in (common | self.policy | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: addresses hold keys."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor who goes away in the middle is no news."""


class Demo:
    """The server in a thread of its own, on localhost alone."""

    def __init__(self, port: int = 0, handler: type[Handler] = Handler) -> None:
        self._server = _Server(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Demo:
        self._thread.start()
        return self

    def wait(self) -> None:
        """Serve until Ctrl-C."""
        try:
            self._thread.join()
        except KeyboardInterrupt:
            print()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

"""A server that takes uploads without keeping them, and answers calls that precede an upload."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.server.uploads import UPLOADED

CALLS = (
    b'{"stat":"ok","oauth":{"perms":{"_content":"write"},"user":{"nsid":"1@N00"}},'
    b'"photos":{"page":1,"pages":0,"total":0,"photo":[]}}'
)


@dataclass(slots=True)
class Sink:
    """The address of the server, and the bytes of uploads that it has received."""

    url: str = ""
    received: int = 0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are sent apart: otherwise the body waits until the client has acknowledged the head.
    disable_nagle_algorithm = True
    sink: Sink

    def do_POST(self) -> None:
        left = int(self.headers["Content-Length"])
        is_upload = self.path.startswith("/services/upload")
        while piece := self.rfile.read(min(left, 65536)):
            left -= len(piece)
            self.sink.received += len(piece) * is_upload
        self._answer(UPLOADED.body if is_upload else CALLS)

    def do_GET(self) -> None:
        self._answer(CALLS)

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@contextmanager
def serve_sink() -> Iterator[Sink]:
    """Run the server."""
    sink = Sink()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"sink": sink}))
    sink.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

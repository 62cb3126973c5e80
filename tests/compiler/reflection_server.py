"""A server that answers `flickr.reflection.*`, after a script of faults, over a real socket."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.compiler.reflections import method

KEY = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True)
class Fault:
    """An answer in place of the right one; without a status, the connection is dropped."""

    status: int | None = None
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Script:
    """The names of the methods, the faults to answer first, by name, and the requested names."""

    names: list[str]
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    requested: list[str] = field(default_factory=list)
    url: str = ""
    on_request: Callable[[str], None] = lambda name: None

    def answer(self, query: dict[str, list[str]]) -> dict[str, Any]:
        if query["api_key"] != [KEY]:
            return {"stat": "fail", "code": 100, "message": "Invalid API Key"}
        if query["method"] == ["flickr.reflection.getMethods"]:
            listed = [{"_content": name} for name in self.names]
            return {"methods": {"method": listed}, "stat": "ok"}
        return method(query["method_name"][0])


class _Handler(BaseHTTPRequestHandler):
    script: Script

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        name = query.get("method_name", query["method"])[0]
        self.script.requested.append(name)
        self.script.on_request(name)
        faults = self.script.faults.get(name)
        fault = faults.pop(0) if faults else Fault(200, json.dumps(self.script.answer(query)))
        if fault.status is None:
            self.close_connection = True
            return
        self.send_response(fault.status)
        for header, value in fault.headers.items():
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(fault.body.encode())))
        self.end_headers()
        # The client does not read a too long answer to its end.
        with suppress(ConnectionError):
            self.wfile.write(fault.body.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""


class _Server(ThreadingHTTPServer):
    # A connection that finds no place in the queue tries again after a second.
    request_queue_size = 100


@contextmanager
def serve(script: Script) -> Iterator[Script]:
    """Serve a script at `script.url`."""
    handler = type("Handler", (_Handler,), {"script": script})
    server = _Server(("127.0.0.1", 0), handler)
    script.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

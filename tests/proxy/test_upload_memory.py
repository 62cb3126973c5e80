"""A proxy holds little of an upload in memory, whichever side is slow."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.proxy.uploading import UPLOADED, form, line, sending
from tests.support.endless_server import endless
from tests.support.repository import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="peaks are read from /proc")
LONG = 60_000_000
# Growth of the proxy's process during such an upload, in kB, at most.
MOST = 8_000


class Sink(BaseHTTPRequestHandler):
    """Accepts uploads, and counts their bytes."""

    protocol_version = "HTTP/1.1"
    # Head and body are sent apart: otherwise the body waits until the client has acknowledged the head.
    disable_nagle_algorithm = True
    received = 0

    def do_POST(self) -> None:
        left = int(self.headers["Content-Length"])
        while piece := self.rfile.read(min(left, 65536)):
            left -= len(piece)
            Sink.received += len(piece)
        self.send_response(200)
        self.send_header("Content-Length", str(len(UPLOADED)))
        self.end_headers()
        self.wfile.write(UPLOADED)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@contextmanager
def sink() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Probe:
    """A proxy in its own process, at `url`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.url = self._read_line()

    @property
    def peak(self) -> int:
        """The peak memory of the process in kB."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._read_line())

    def _read_line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@contextmanager
def run_probe(adapter: str, url: str, upload_timeout: float) -> Iterator[Probe]:
    words = [adapter, url, str(upload_timeout)]
    command = [sys.executable, "-m", "tests.proxy.probe", *words]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Probe(process)
        assert process.stdin
        process.stdin.close()


def upload(probe: Probe, body: bytes) -> int:
    with line(probe.url, len(body)) as connection, sending(connection, body):
        status: int = connection.answer()[0]
        return status


@pytest.mark.parametrize(
    "adapter",
    [
        "starlette",
        "wsgi",
        # They read bodies as `wsgi` does.
        pytest.param("flask", marks=pytest.mark.soak),
        pytest.param("django", marks=pytest.mark.soak),
    ],
)
def test_upload_is_never_held_in_memory(adapter: str) -> None:
    body = form(bytes(LONG))
    with sink() as url, run_probe(adapter, url, upload_timeout=60) as probe:
        assert upload(probe, form(b"JPEG")) == 200
        before = probe.peak
        Sink.received = 0
        assert upload(probe, body) == 200
        assert Sink.received > LONG
        assert probe.peak - before < MOST


@pytest.mark.parametrize("adapter", ["starlette", "wsgi"])
def test_upload_that_flickr_does_not_read_is_not_held_in_memory(adapter: str) -> None:
    body = form(bytes(LONG))
    with endless(b"") as url, run_probe(adapter, url, upload_timeout=0.5) as probe:
        assert upload(probe, form(b"JPEG")) == 504
        before = probe.peak
        assert upload(probe, body) == 504
        assert probe.peak - before < MOST

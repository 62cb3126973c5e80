"""A server that sends scripted answers, and records requests."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from tests.support.timeouts import TIMEOUT


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; `drop` closes the connection instead, `cut` closes it in the middle of the body."""

    body: bytes = b'{"stat":"ok"}'
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A received request."""

    verb: str
    path: str
    headers: dict[str, str]
    body: bytes
    # The client's port identifies the connection.
    port: int


def arguments_of(asked: ReceivedRequest) -> dict[str, str]:
    """Return the arguments in the query of a request, or in its form."""
    query = urlsplit(asked.path).query or asked.body.decode()
    return dict(parse_qsl(query, keep_blank_values=True))


class Scripted:
    """Sends `answers` in turn, and then repeats the last one."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers) or [Answer()]
        self.asked: list[ReceivedRequest] = []
        self.url = ""
        self._lock = threading.Lock()

    def next(self, asked: ReceivedRequest) -> Answer:
        with self._lock:
            self.asked.append(asked)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


S = TypeVar("S", bound=Scripted)


class HeldAnswers(Scripted):
    """Sets `reached` at the first request, and sends answers once `leave` is set."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(*answers)
        self.reached = threading.Event()
        self.leave = threading.Event()

    def next(self, asked: ReceivedRequest) -> Answer:
        answer = super().next(asked)
        self.reached.set()
        assert self.leave.wait(TIMEOUT)
        return answer


class Pairs(Scripted):
    """Holds its answers, except the first `alone`, until two requests wait.

    Sets `reached` when the first of two waits.
    """

    def __init__(self, alone: int = 0) -> None:
        super().__init__()
        self.reached = threading.Event()
        self._alone = alone
        self._pair = threading.Barrier(2)

    def next(self, asked: ReceivedRequest) -> Answer:
        answer = super().next(asked)
        if len(self.asked) > self._alone:
            self.reached.set()
            self._pair.wait(TIMEOUT)
        return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are sent apart: otherwise the body waits until the client has acknowledged the head.
    disable_nagle_algorithm = True
    script: Scripted

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        port = self.client_address[1]
        answer = self.script.next(
            ReceivedRequest(self.command, self.path, dict(self.headers), body, port)
        )
        if answer.drop:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if answer.cut:
            self.close_connection = True
            self.wfile.write(answer.body[: len(answer.body) // 2])
        else:
            self.wfile.write(answer.body)

    do_GET = do_POST = _answer

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 600

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect."""


@contextmanager
def serve(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Scripted]:
    """Run a server that sends `answers` on the loopback address; its `url` has no final slash."""
    with run_script(Scripted(*answers), tls) as script:
        yield script


@contextmanager
def run_script(script: S, tls: ssl.SSLContext | None = None) -> Iterator[S]:
    """Run a server that answers by a script, and yield the script."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"script": script}))
    script.url = f"http://127.0.0.1:{server.server_port}"
    if tls:
        # The TLS handshake is left to the thread of the connection: a client may refuse it.
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        script.url = f"https://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

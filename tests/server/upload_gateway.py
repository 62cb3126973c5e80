"""A gateway in front of a sandbox that disturbs uploads: it cuts bodies, and replaces answers."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flickr_sandbox import Sandbox
from tests.support.sockets import accepting

_UPLOAD = re.compile(rb"POST /services/(?:upload|replace)")
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
PIECE = 65536


@dataclass(frozen=True, slots=True)
class Disturbance:
    """A disturbance of one upload.

    `cut` is the number of bytes of the body after which both connections end. Otherwise the whole body
    is read, and forwarded if `forwards`; then the client gets `answer`, or none if it is empty. If
    `holds`, the connections stay open until the gateway's event `leave`.
    """

    cut: int | None = None
    answer: bytes = b""
    forwards: bool = True
    holds: bool = False


LOST = Disturbance()


def status(code: int, body: bytes = b"", forwards: bool = True) -> Disturbance:
    """Return a disturbance that replaces the answer to an upload."""
    head = b"HTTP/1.1 %d Status\r\nContent-Length: %d\r\n\r\n" % (code, len(body))
    return Disturbance(answer=head + body, forwards=forwards)


def failure(code: int) -> Disturbance:
    """Return a disturbance that answers Flickr's failure, and loses the upload."""
    body = b'<rsp stat="fail"><err code="%d" msg="failure" /></rsp>' % code
    return status(200, body, forwards=False)


@dataclass(slots=True)
class Gateway:
    """A gateway: the disturbances of the next uploads, and the heads of all uploads.

    `holding` is released once for each upload that is held.
    """

    sandbox: Sandbox
    disturbances: list[Disturbance | None] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    url: str = ""
    holding: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    leave: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def talk(self, client: socket.socket, _: int) -> None:
        """Serve one connection."""
        address = urlsplit(self.sandbox.url)
        assert address.hostname and address.port
        # Ignore clients that disconnect.
        with (
            suppress(OSError),
            client,
            socket.create_connection((address.hostname, address.port)) as upstream,
        ):
            head = _read_head(client)
            disturbance = self._take(head) if _UPLOAD.match(head) else None
            if disturbance is None:
                upstream.sendall(head)
                _pump_both_ways(client, upstream)
            else:
                _disturb(disturbance, head, client, upstream)
                if disturbance.holds:
                    self.holding.release()
                    self.leave.wait()

    def _take(self, head: bytes) -> Disturbance | None:
        with self._lock:
            self.heads.append(head)
            return self.disturbances.pop(0) if self.disturbances else None


def _disturb(
    disturbance: Disturbance, head: bytes, client: socket.socket, upstream: socket.socket
) -> None:
    head, _, body = head.partition(b"\r\n\r\n")
    found = _LENGTH.search(head)
    assert found
    length = int(found[1])
    left = length if disturbance.cut is None else min(disturbance.cut, length)
    if disturbance.forwards:
        upstream.sendall(head + b"\r\n\r\n")
    while left > 0:
        piece = (body or client.recv(PIECE))[:left]
        body = b""
        left -= len(piece)
        if disturbance.forwards:
            upstream.sendall(piece)
    if disturbance.cut is not None and disturbance.cut < length:
        # Unread data makes this a reset.
        return
    if disturbance.forwards:
        # The sandbox answers when it has stored the photo.
        upstream.recv(PIECE)
    client.sendall(disturbance.answer)


def _read_head(client: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = client.recv(PIECE)
        if not piece:
            raise ConnectionError("disconnected")
        head += piece
    return head


def _pump_both_ways(client: socket.socket, upstream: socket.socket) -> None:
    other = threading.Thread(target=_pump, args=(upstream, client))
    other.start()
    _pump(client, upstream)
    other.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def serve_gateway(sandbox: Sandbox, *disturbances: Disturbance | None) -> Iterator[Gateway]:
    """Run a gateway in front of a sandbox."""
    gateway = Gateway(sandbox, list(disturbances))
    with accepting(gateway.talk) as gateway.url:
        try:
            yield gateway
        finally:
            gateway.leave.set()

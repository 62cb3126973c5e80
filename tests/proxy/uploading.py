"""Forms of uploads as browsers write them, and connections that send them in pieces."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from flickr_sandbox import Sandbox
from tests.proxy.authenticators import BADGE
from tests.support.scripted_server import ReceivedRequest
from tests.support.timeouts import TIMEOUT

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
KIND = f"multipart/form-data; boundary={BOUNDARY}"
NO_FIELDS: Mapping[str, str] = {}
XML = b'<?xml version="1.0" encoding="utf-8" ?>\n'
UPLOADED = XML + b'<rsp stat="ok">\n<photoid>7</photoid>\n</rsp>\n'
WRITES: dict[str, Any] = {"upload": True, "perms": "write"}


def field(name: str, value: bytes) -> bytes:
    """Return a part that is a text field."""
    return part(f'form-data; name="{name}"', value)


def photo(content: bytes, name: str = "fox.jpg", kind: str = "image/jpeg") -> bytes:
    """Return the part with the file."""
    disposition = f'form-data; name="photo"; filename="{name}"'
    return part(f"{disposition}\r\nContent-Type: {kind}", content)


def part(disposition: str, content: bytes) -> bytes:
    """Return a part whose headers start with its disposition."""
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n"
    return head.encode() + content + b"\r\n"


def closed(*parts: bytes, after: bytes = b"\r\n") -> bytes:
    """Return a form of these parts."""
    return b"".join(parts) + f"--{BOUNDARY}--".encode() + after


def form(content: bytes, fields: Mapping[str, str] = NO_FIELDS) -> bytes:
    """Return a form as browsers write it, with the photo last."""
    texts = (field(name, value.encode()) for name, value in fields.items())
    return closed(*texts, photo(content))


def sent_to(flickr: ReceivedRequest) -> bytes:
    """Return the form that Flickr got, with `BOUNDARY` instead of the proxy's boundary."""
    boundary = flickr.headers["Content-Type"].partition("boundary=")[2]
    return flickr.body.replace(boundary.encode(), BOUNDARY.encode())


class Line:
    """A connection to a proxy on which an upload has started."""

    def __init__(self, url: str, length: int, **headers: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port), TIMEOUT)
        all_ = {
            "Host": parts.netloc,
            "Content-Type": KIND,
            "Content-Length": str(length),
            "Authorization": BADGE,
        }
        all_ |= {name.replace("_", "-"): text for name, text in headers.items()}
        lines = "".join(f"{name}: {text}\r\n" for name, text in all_.items() if text)
        self.send(f"POST {parts.path}upload HTTP/1.1\r\n{lines}\r\n".encode())

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def answer(self) -> tuple[int, Any]:
        """Return status and content of the answer."""
        response = HTTPResponse(self._socket)
        response.begin()
        with response:
            return response.status, json.loads(response.read())

    def status(self) -> int:
        """Return the status of an answer that is not the proxy's."""
        with HTTPResponse(self._socket) as response:
            response.begin()
            return response.status

    def close(self) -> None:
        self._socket.close()


@contextmanager
def line(url: str, length: int, **headers: str) -> Any:
    """Start an upload; yield the connection, and close it at the end."""
    connection = Line(url, length, **headers)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def sending(connection: Any, body: bytes) -> Iterator[None]:
    """Send a body in a thread, as far as the server reads it."""

    def send() -> None:
        with suppress(OSError):
            connection.send(body)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        connection.close()
        thread.join()


def in_pieces(data: bytes, size: int) -> Iterable[bytes]:
    """Split bytes into pieces of a size."""
    return (data[start : start + size] for start in range(0, len(data), size))


def photos_of(sandbox: Sandbox) -> int:
    """Return the number of photos."""
    return int(sandbox.store.value("SELECT count(*) FROM photos"))

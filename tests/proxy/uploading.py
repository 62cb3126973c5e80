"""Uploads byte by byte: forms as a page writes them, and sockets that stop where a test wants."""

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
from tests.proxy.caller import TIMEOUT
from tests.support.scripted_server import ReceivedRequest

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
KIND = f"multipart/form-data; boundary={BOUNDARY}"
NO_FIELDS: Mapping[str, str] = {}
XML = b'<?xml version="1.0" encoding="utf-8" ?>\n'
UPLOADED = XML + b'<rsp stat="ok">\n<photoid>7</photoid>\n</rsp>\n'
WRITES: dict[str, Any] = {"upload": True, "perms": "write"}


def field(name: str, value: bytes) -> bytes:
    """A part that is a text."""
    return part(f'form-data; name="{name}"', value)


def photo(content: bytes, name: str = "fox.jpg", kind: str = "image/jpeg") -> bytes:
    """A part that is the file."""
    disposition = f'form-data; name="photo"; filename="{name}"'
    return part(f"{disposition}\r\nContent-Type: {kind}", content)


def part(disposition: str, content: bytes) -> bytes:
    """A part with headers that begin with its disposition."""
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n"
    return head.encode() + content + b"\r\n"


def closed(*parts: bytes, after: bytes = b"\r\n") -> bytes:
    """A whole form."""
    return b"".join(parts) + f"--{BOUNDARY}--".encode() + after


def form(content: bytes, fields: Mapping[str, str] = NO_FIELDS) -> bytes:
    """A form as browsers write it, the photo last."""
    texts = (field(name, value.encode()) for name, value in fields.items())
    return closed(*texts, photo(content))


def sent_to(flickr: ReceivedRequest) -> bytes:
    """The form that Flickr was sent, with `BOUNDARY` in place of the proxy's own."""
    boundary = flickr.headers["Content-Type"].partition("boundary=")[2]
    return flickr.body.replace(boundary.encode(), BOUNDARY.encode())


class Line:
    """A connection to a proxy over which an upload has begun."""

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
        """Status and content of the answer."""
        response = HTTPResponse(self._socket)
        response.begin()
        with response:
            return response.status, json.loads(response.read())

    def status(self) -> int:
        """The status of an answer that is not the proxy's own."""
        with HTTPResponse(self._socket) as response:
            response.begin()
            return response.status

    def close(self) -> None:
        self._socket.close()


@contextmanager
def line(url: str, length: int, **headers: str) -> Any:
    """An upload that has begun; where nothing else ends it, the client goes away."""
    begun = Line(url, length, **headers)
    try:
        yield begun
    finally:
        begun.close()


@contextmanager
def sending(begun: Any, body: bytes) -> Iterator[None]:
    """Sends a body as far as the other side takes it."""

    def send() -> None:
        with suppress(OSError):
            begun.send(body)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        begun.close()
        thread.join()


def in_pieces(data: bytes, size: int) -> Iterable[bytes]:
    """The same bytes, so many at a time."""
    return (data[start : start + size] for start in range(0, len(data), size))


def photos_of(sandbox: Sandbox) -> int:
    """How many photos there are."""
    return int(sandbox.store.value("SELECT count(*) FROM photos"))

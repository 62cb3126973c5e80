"""Clients of `pyflickr-web serve` that send a request's head for ever."""

from __future__ import annotations

import socket
import threading
from urllib.parse import urlsplit

import pytest
import requests

from pyflickr_web import AsyncFlickr
from pyflickr_web.commands import patience
from pyflickr_web.proxy import proxy_asgi
from tests import web

ECHO = {"method": "flickr.test.echo"}


@pytest.mark.parametrize(
    "before", [b"", b"GET /?method=flickr.test.echo HTTP/1.1\r\nHost: a\r\n\r\n"]
)
@pytest.mark.parametrize("drip", [b"", b"a"])
def test_client_that_drips_its_head_is_let_go(
    monkeypatch: pytest.MonkeyPatch, before: bytes, drip: bytes
) -> None:
    monkeypatch.setattr(patience, "HEAD", 0.2)
    app = proxy_asgi(AsyncFlickr.token_only(api_key="a key of nobody's"))
    with web.in_loop(app, http=patience.PatientProtocol) as url:
        address = urlsplit(url)
        with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
            over = threading.Event()
            connection.sendall(before)
            if before:
                assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
            connection.sendall(b"GET / HTTP/1.1\r\nX-Long: ")

            def send() -> None:
                while drip and not over.wait(0.01):
                    try:
                        connection.sendall(drip)
                    except OSError:
                        return

            dripping = threading.Thread(target=send)
            dripping.start()
            try:
                with pytest.raises(ConnectionResetError):
                    while connection.recv(65536):
                        """Answers of what was before."""
                    raise ConnectionResetError
            finally:
                over.set()
                dripping.join()
        # Who sends whole requests is answered, on a connection that is kept.
        with requests.Session() as session:
            for _ in range(3):
                assert session.post(url, json=ECHO, timeout=20).json()["stat"] == "ok"

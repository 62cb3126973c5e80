"""Clients that disconnect in the middle of a request."""

from __future__ import annotations

import gc
import socket
import warnings
from urllib.parse import urlsplit

import pytest

from flickr_sandbox import Sandbox
from tests.support.timeouts import TIMEOUT

MULTIPART = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\nphoto'


@pytest.mark.parametrize(
    ("path", "content_type", "body"),
    [
        ("/services/upload/", MULTIPART, PART),
        ("/services/rest/", MULTIPART, PART),
        ("/services/rest/", "application/x-www-form-urlencoded", b"method=flickr.test.echo"),
    ],
    ids=["upload", "multipart", "form"],
)
def test_client_that_disconnects_leaves_no_error_in_the_log(
    path: str, content_type: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with Sandbox(photos=3) as sandbox:
        address = urlsplit(sandbox.url)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: flickr\r\nContent-Type: {content_type}\r\n"
            "Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n"
        )
        with socket.create_connection((address.hostname, address.port), TIMEOUT) as client:
            client.sendall(head.encode())
            # The sandbox is reading the body.
            assert b"100 Continue" in client.recv(1000)
            client.sendall(body)
    # The sandbox has waited for its handlers.
    assert not caplog.records


@pytest.mark.soak
def test_connection_that_is_accepted_at_the_end_is_closed() -> None:
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for _ in range(20):
            with Sandbox(photos=0) as sandbox:
                address = urlsplit(sandbox.url)
                socket.create_connection((address.hostname, address.port), TIMEOUT).close()
            # A socket that nobody closed warns when it is collected.
            gc.collect()
    assert [str(warning.message) for warning in found] == []

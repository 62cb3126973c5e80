"""Test errors without an answer: one line with the reason and advice, without a key."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.errors import NetworkError
from pyflickr_web.oauth.callback import OOB
from pyflickr_web.oauth.credentials import Credentials
from pyflickr_web.oauth.three_legged import obtain_request_token
from tests.server.clients import Both
from tests.support.scripted_server import Answer, serve
from tests.support.sockets import free_port

KEY = "k" * 32


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that accepts connections, and sends nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield _address(listening)


@pytest.fixture
def closed_address() -> str:
    """An address without a server."""
    return f"http://127.0.0.1:{free_port()}"


def _address(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


def reason_of_failure(perform: Both, url: str, **settings: Any) -> str:
    """Return the reason in the error of a call without an answer."""
    options = {"api_key": KEY, "base_url": url, "request_options": settings}
    with pytest.raises(NetworkError) as caught:
        perform(lambda f: f.photos.getInfo(photo_id=1), options)
    assert caught.value.method == "flickr.photos.getInfo"
    text = str(caught.value)
    assert KEY not in text and "\n" not in text
    return text.removeprefix("flickr.photos.getInfo: no answer: ")


def test_name_that_is_not_known(perform: Both) -> None:
    assert "unknown host name; check the network" in reason_of_failure(
        perform, "http://flickr.invalid"
    )


def test_address_where_nobody_listens(perform: Both, closed_address: str) -> None:
    reason = reason_of_failure(perform, closed_address)
    assert reason == "connection refused; check base_url (FLICKR_BASE_URL)"


def test_server_that_takes_too_long(perform: Both, silent: str) -> None:
    assert reason_of_failure(perform, silent, timeout=(5, 0.1)).startswith(
        "timed out; try again later"
    )


@pytest.mark.parametrize("answer", [Answer(drop=True), Answer(b"x" * 90, cut=True)])
def test_connection_that_breaks_off(perform: Both, answer: Answer) -> None:
    with serve(answer) as server:
        assert reason_of_failure(perform, server.url) == "the connection was lost"


def test_server_that_speaks_no_tls(perform: Both) -> None:
    with serve() as server:
        text = reason_of_failure(perform, server.url.replace("http:", "https:"))
    assert text.startswith("the TLS handshake failed")


def test_http_proxy_where_nobody_listens(perform: Both, closed_address: str) -> None:
    text = reason_of_failure(perform, "http://flickr.invalid", proxies={"http": closed_address})
    assert text == "at the HTTP proxy: connection refused; check its address"


def test_sign_in(perform: Both, closed_address: str) -> None:
    flow = obtain_request_token(Credentials(KEY, "s" * 16), OOB, closed_address)
    with pytest.raises(NetworkError, match="request_token: no answer: connection refused"):
        perform(lambda f: f.run(flow), {"api_key": KEY})


def test_file_of_a_photo(perform: Both, closed_address: str, tmp_path: Path) -> None:
    photo = {"id": "1", "server": "2", "secret": "3"}
    with pytest.raises(NetworkError, match="download: no complete answer: connection refused"):
        perform(
            lambda f: f.download(photo, "b", tmp_path / "x.jpg"),
            {"api_key": KEY, "base_url": closed_address},
        )

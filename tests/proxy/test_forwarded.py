"""Forwarded addresses: the peers that `serve` trusts, and limits by forwarded address."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

from pyflickr_web.proxy.adapters.asgi import FORWARDED
from pyflickr_web.serve.forwarded import ForwardedHeaders
from tests.proxy.serve_command import run_serve
from tests.support.loops import run
from tests.support.nginx import nginx
from tests.support.repository import ROOT
from tests.support.sockets import free_port
from tests.support.timeouts import TIMEOUT

ECHO = {"method": "flickr.test.echo"}
PATH = "/services/rest/"
PROXY_PAGE = ROOT / "docs/proxy.md"
# The host name in the documentation.
SITE = "example.org"


class _From(HTTPAdapter):
    """Connects from one of this machine's addresses."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more, source_address=(self._address, 0))


def statuses(url: str, count: int, source: str = "127.0.0.1", host: str = "127.0.0.1") -> list[int]:
    """Call a host name with different forwarded addresses, and return the statuses."""
    with requests.Session() as session:
        session.mount("http://", _From(source))
        return [
            session.post(
                url + PATH,
                json=ECHO,
                headers={
                    "Host": host,
                    "X-Forwarded-For": f"8.8.8.{number}",
                    "Forwarded": f"for=8.8.4.{number}",
                },
                timeout=TIMEOUT,
            ).status_code
            for number in range(count)
        ]


@contextmanager
def documented_nginx(upstream: str) -> Iterator[str]:
    """Run nginx with the server block of the documentation; yield its address."""
    found = re.search(r"```nginx\n(server \{.+?\n\})\n```", PROXY_PAGE.read_text("utf-8"), re.S)
    assert found
    port = free_port()
    block = found[1].replace("listen 80;", f"listen 127.0.0.1:{port};")
    block = block.replace("127.0.0.1:8000", urlsplit(upstream).netloc)
    assert str(port) in block and upstream in block
    with nginx(block):
        yield f"http://127.0.0.1:{port}"


def documented_options() -> list[str]:
    """Return the options of `serve` that the documentation sets behind nginx."""
    section = PROXY_PAGE.read_text("utf-8").partition("### Behind nginx")[2]
    found = re.search(r"^pyflickr-web serve (.+)$", section, re.M)
    assert found
    return found[1].split()


def test_forged_header_does_not_void_the_rate_behind_the_documented_nginx() -> None:
    options = [*documented_options(), "--rate", "3/day"]
    with run_serve("http://127.0.0.1:9", *options) as server, documented_nginx(server.url) as url:
        assert statuses(url, 4, host=SITE) == [200, 200, 200, 429]
        # Another visitor has a rate of its own.
        assert statuses(url, 4, "127.0.0.2", SITE) == [200, 200, 200, 429]
        server.stop()
        assert " 127.0.0.2 POST " in server.written
        assert "ignored a forwarded address" not in server.written


def test_forwarded_header_is_ignored_by_default_with_one_warning() -> None:
    with run_serve("http://127.0.0.1:9", "--rate", "3/day", FORWARDED_ALLOW_IPS="*") as server:
        assert statuses(server.url, 4) == [200, 200, 200, 429]
        server.stop()
        assert server.written.count("ignored a forwarded address from 127.0.0.1") == 1
        assert "FLICKR_PROXY_FORWARDED_ALLOW_IPS" in server.written
        assert "8.8.8" not in server.written


def test_setting_reaches_the_server_by_its_variable() -> None:
    networks = {"FLICKR_PROXY_FORWARDED_ALLOW_IPS": "10.0.0.0/8 127.0.0.0/8"}
    with run_serve("http://127.0.0.1:9", "--rate", "1/day", **networks) as server:
        assert statuses(server.url, 4) == [200] * 4


@pytest.mark.parametrize(
    ("trusted", "peer", "header", "client", "warns"),
    [
        ([], "10.0.0.5", b"x-forwarded-for", "10.0.0.5", True),
        ([], "10.0.0.5", b"forwarded", "10.0.0.5", True),
        ([], "10.0.0.5", b"x-other", "10.0.0.5", False),
        (["10.0.0.5"], "10.0.0.5", b"x-forwarded-for", "192.168.1.9", False),
        (["10.0.0.0/8"], "10.0.0.5", b"x-forwarded-for", "192.168.1.9", False),
        (["*"], "8.8.8.8", b"x-forwarded-for", "192.168.1.9", False),
        (["10.0.0.5"], "10.0.0.6", b"x-forwarded-for", "10.0.0.6", True),
        (["10.0.0.5"], "10.0.0.5", b"forwarded", "10.0.0.5", True),
        (["10.0.0.5"], "10.0.0.5", b"x-other", "10.0.0.5", False),
    ],
)
def test_only_addresses_of_trusted_peers_are_taken(
    caplog: pytest.LogCaptureFixture,
    trusted: list[str],
    peer: str,
    header: bytes,
    client: str,
    warns: bool,
) -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    forwarded = ForwardedHeaders(app, trusted)
    none: Any = None
    with caplog.at_level(logging.WARNING, "pyflickr_web"):
        for _ in range(2):
            scope = {"type": "http", "client": (peer, 5), "headers": [(header, b"192.168.1.9")]}
            run(forwarded(scope, none, none))
    assert [scope["client"][0] for scope in seen] == [client] * 2
    assert [scope.get(FORWARDED, False) for scope in seen] == [client != peer] * 2
    assert len(caplog.records) == warns
    assert all(peer in record.getMessage() for record in caplog.records)

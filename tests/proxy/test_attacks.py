"""Attacks by clients: slow and smuggled requests, header injection, redirected upstreams."""

from __future__ import annotations

import io
import logging
import socket
import tracemalloc
from typing import Any
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from pyflickr_web.proxy.calls.message import ProxyRequest, Refusal
from pyflickr_web.proxy.calls.origins import check_host
from pyflickr_web.proxy.calls.rates import client_key
from pyflickr_web.serve.access import printable_address
from tests.proxy.authenticators import BADGE
from tests.proxy.caller import Caller, refusal
from tests.proxy.proxies import Open
from tests.proxy.servers import ADAPTERS, PATH, ProxyMount
from tests.proxy.upstream import KEY, OK, SECRET, TOKEN, TOKEN_SECRET, options_for
from tests.support.scripted_server import serve
from tests.support.timeouts import TIMEOUT

PUBLIC = "flickr.photos.getRecent"
ECHO = b'{"method":"flickr.test.echo"}'
HEAD = "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


def raw(proxy: Caller, text: str, body: bytes = b"", breaks_off: bool = False) -> bytes:
    """Send raw bytes, and return all bytes until the server closes the connection."""
    address = urlsplit(proxy.url)
    with socket.create_connection((address.hostname, address.port), timeout=TIMEOUT) as connection:
        connection.sendall(text.format(path=address.path).encode() + body)
        if breaks_off:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while piece := connection.recv(65536):
                received += piece
        except ConnectionResetError:
            """The server discarded the rest of the request."""
        return received


@pytest.mark.parametrize("adapter", ["asgi", "starlette", "fastapi"], indirect=True)
def test_unfinished_request_gets_408(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options, body_timeout=0.1)
    received = raw(proxy, HEAD + "Content-Length: 1000\r\nConnection: close\r\n\r\n", b"{")
    assert received.startswith(b"HTTP/1.1 408 ")


def test_chunked_body_is_limited_too(open_proxy: Open, options: Any, adapter: str) -> None:
    proxy = open_proxy(options, max_body=1000)
    chunk = b"400\r\n" + b" " * 1024 + b"\r\n"
    text = HEAD + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    received = raw(proxy, text, chunk * 3 + b"0\r\n\r\n")
    # wsgiref does not read chunked bodies.
    refused = b"413" if adapter in ("asgi", "starlette", "fastapi") else b"411"
    assert received.split(b"\r\n")[0].split(b" ")[1] == refused


@pytest.mark.parametrize("came", [b"photo_id=1234", b""], ids=["part", "nothing"])
def test_call_with_a_truncated_body_is_not_made(open_proxy: Open, came: bytes) -> None:
    head = (
        "POST {path}?method=flickr.photos.delete HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        f"Authorization: {BADGE}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 20\r\n\r\n"
    )
    with serve(OK) as script:
        proxy = open_proxy(options_for(script.url), "raises", perms="delete")
        received = raw(proxy, head, came, breaks_off=True)
        assert not script.asked
    # Servers in an event loop report the disconnect, so the proxy sends no answer.
    assert not received or (b" 400 " in received.split(b"\r\n")[0] and b"fail" in received)


@pytest.mark.parametrize("adapter", ["wsgi", "flask", "django"])
def test_unreadable_body_gets_400_and_not_an_exception(adapter: str, options: Any) -> None:
    class FailingStream(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    app = ADAPTERS[adapter][0](ProxyMount(Flickr(**options)))
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": PATH, "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": "29", "wsgi.input": FailingStream(),
    }  # fmt: skip
    setup_testing_defaults(environ)
    statuses: list[str] = []
    b"".join(app(environ, lambda status, *_: statuses.append(status)))
    assert statuses[0].startswith("400 ")


@pytest.mark.parametrize("adapter", ["wsgi", "flask", "django"], indirect=True)
def test_unsupported_chunked_body_gets_411(open_proxy: Open) -> None:
    head = HEAD.replace(" HTTP", "?method=flickr.photos.getRecent HTTP")
    with serve(OK) as script:
        proxy = open_proxy(options_for(script.url))
        received = raw(proxy, head + "Transfer-Encoding: chunked\r\n\r\n", b"2\r\n{}\r\n0\r\n\r\n")
        assert not script.asked
    assert received.split(b"\r\n")[0].split(b" ")[1] == b"411"


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 29\r\nContent-Length: 5\r\n",
        "Content-Length: 29\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: +29\r\n",
        "Content-Length: 29, 29\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 99999999999999999999999\r\n",
    ],
)
def test_one_request_gets_one_answer(
    open_proxy: Open, options: Any, flickr: Sandbox, head: str
) -> None:
    received = raw(
        open_proxy(options), HEAD + head + "Connection: close\r\n\r\n", ECHO + b"\r\n\r\n"
    )
    assert received.count(b"HTTP/1.") <= 1
    assert b" 500 " not in received
    assert not flickr.calls


@pytest.mark.parametrize("name", ["base_url", "endpoint", "url", "host", "callback"])
def test_no_argument_moves_the_upstream(open_proxy: Open, name: str) -> None:
    with serve(OK) as script, serve(OK) as elsewhere:
        proxy = open_proxy(options_for(script.url))
        proxy.ask(json={"method": PUBLIC, name: elsewhere.url}, headers={"Host": "evil.example"})
        proxy.ask("GET", params={"method": PUBLIC, name: elsewhere.url})
        assert not elsewhere.asked
        assert {asked.headers["Host"] for asked in script.asked} == {urlsplit(script.url).netloc}


@pytest.mark.parametrize("path", ["", "upload"])
def test_content_type_with_many_parameters_is_refused(
    open_proxy: Open, options: Any, path: str
) -> None:
    """The parser takes seconds for a header that servers accept."""
    proxy = open_proxy(options, "everybody", upload=True, perms="write")
    body = (
        b'--x\r\nContent-Disposition: form-data; name="method"\r\n\r\nflickr.test.echo\r\n--x--\r\n'
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x" + "; a=b" * 1000}
    assert refusal(proxy.ask(path=path, data=body, headers=headers)) == (415, 415)


def test_long_names_of_clients_and_hosts_are_not_kept() -> None:
    number = 300
    tracemalloc.start()
    try:
        for count in range(number):
            text = "a" * 50_000 + str(count)
            with pytest.raises(Refusal) as refused:
                check_host(("example.org",), ProxyRequest("GET", headers={"host": text}))
            assert text not in str(refused.value)
            for address in (text, f"2001:db8::1%{text}"):
                client_key(ProxyRequest("GET", client=address))
                printable_address(address)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < number * 5_000


def test_credentials_from_a_page_are_dropped(open_proxy: Open) -> None:
    names = [
        "api_key", "API_KEY", "api_sig", "auth_token", "oauth_token", "oauth_consumer_key",
        "oauth_signature", "secret", "access_token", "access_token_secret", "consumer_secret",
    ]  # fmt: skip
    with serve(OK) as script:
        proxy = open_proxy(options_for(script.url), "raises").wearing(Authorization=BADGE)
        given = dict.fromkeys(names, "planted")
        for method in (PUBLIC, "flickr.test.login"):
            assert proxy.ask(json={"method": method, **given}).status_code == 200
        for asked in script.asked:
            assert b"planted" not in asked.body
            assert "planted" not in repr(asked)


def test_line_ends_in_values_do_not_inject_headers(open_proxy: Open) -> None:
    with serve(OK) as script:
        proxy = open_proxy(options_for(script.url), "raises").wearing(Authorization=BADGE)
        injected = "a\r\nX-Injected: 1\r\n\r\nGET / HTTP/1.1"
        answer = proxy.ask(json={"method": "flickr.test.login", "text": injected})
        assert "X-Injected" not in answer.headers
        assert [("X-Injected" in asked.headers, asked.path) for asked in script.asked] == [
            (False, "/services/rest/")
        ]


def test_nothing_secret_is_logged(open_proxy: Open, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serve(OK) as script:
        proxy = open_proxy(options_for(script.url), "raises").wearing(Authorization=BADGE)
        for method in (PUBLIC, "flickr.test.login", "flickr.nothing"):
            proxy.call(method)
    refusal(open_proxy(options_for("http://127.0.0.1:9")).call(PUBLIC))
    logged = "".join(record.getMessage() for record in caplog.records)
    for secret in (KEY, SECRET, TOKEN, TOKEN_SECRET, "oauth_signature="):
        assert secret not in logged

"""Host names: a page whose name is rebound to the proxy's address gets no answers."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from flickr_sandbox import Sandbox
from pyflickr_web.errors import OptionError
from tests.proxy.authenticators import BADGE
from tests.proxy.caller import refusal
from tests.proxy.proxies import Open
from tests.proxy.serve_command import run_serve
from tests.support.timeouts import TIMEOUT

ECHO = {"method": "flickr.test.echo"}
LOGIN = {"method": "flickr.test.login"}
EVIL = {"Host": "evil.example:80", "Origin": "http://evil.example:80"}
API = "/services/rest/"


def host_status(url: str, host: str | None, path: str = API) -> int:
    """Send a GET with a host name, or without one, and return the status."""
    address = urlsplit(url)
    line = "" if host is None else f"Host: {host}\r\n"
    text = f"GET {path}?method=flickr.test.echo HTTP/1.1\r\n{line}Connection: close\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), TIMEOUT) as connection:
        connection.sendall(text.encode("latin-1"))
        received = b""
        while piece := connection.recv(65536):
            received += piece
    return int(received.split(b" ")[1])


def test_rebound_name_gets_nothing_signed(open_proxy: Open, options: Any, flickr: Sandbox) -> None:
    """The browser takes page and proxy for one origin."""
    proxy = open_proxy(options, "raises", hosts=["127.0.0.1", "example.org"])
    proxy.wearing(Authorization=BADGE, **EVIL)
    for answer in (
        proxy.ask(json=LOGIN),
        proxy.ask("GET", params={**LOGIN, "format": "json"}),
        proxy.ask("OPTIONS"),
        proxy.ask(path="upload", data=b"x"),
    ):
        assert refusal(answer) == (421, 421)
        assert "--host-name evil.example" in answer.json()["message"]
    assert not flickr.calls


@pytest.mark.parametrize(
    ("host", "accepted"),
    [
        ("example.org", True), ("EXAMPLE.org:8080", True), ("example.org.", True), ("[::1]:80", True),
        ("[::1]", True), ("example.org.evil.example", False), ("a.example.org", False),
        ("example.org@evil.example", False), ("example.org, evil.example", False), ("", False),
        ("example.org:80:80", False), ("::1", False), ("<b>", False), ("127.0.0.1", False),
    ],
)  # fmt: skip
def test_hosts_are_whole_names(open_one: Open, options: Any, host: str, accepted: bool) -> None:
    proxy = open_one(options, hosts=["Example.org", "::1"])
    assert host_status(proxy.url, host, urlsplit(proxy.url).path) == (200 if accepted else 421)


@pytest.mark.parametrize("hosts", [(), "*"])
def test_mounted_proxy_answers_to_any_host(open_proxy: Open, options: Any, hosts: Any) -> None:
    proxy = open_proxy(options, hosts=hosts).wearing(Host="any.example")
    assert proxy.ask(json=ECHO).status_code == 200


@pytest.mark.parametrize("host", ["a:80", "http://a", "a b", "a/", "", "*.a", "[::1"])
def test_invalid_host_name_is_an_error_at_start(open_one: Open, options: Any, host: str) -> None:
    with pytest.raises(OptionError, match="hosts"):
        open_one(options, hosts=[host])


def test_server_on_loopback_answers_to_names_of_loopback() -> None:
    with run_serve("http://127.0.0.1:9") as server:
        port = urlsplit(server.url).port
        for host in (f"127.0.0.1:{port}", f"localhost:{port}", "[::1]", "LOCALHOST"):
            for path in (API, "/service/rest", "/flickrapi.js", "/healthz"):
                assert host_status(server.url, host, path) == 200
        for wrong in ("evil.example", "evil:80", "127.0.0.1.evil.example", None, ""):
            for path in (API, "/service/rest", "/", "/flickrapi.js", API + "upload"):
                assert host_status(server.url, wrong, path) == 421
            assert host_status(server.url, wrong, "/healthz") == 200
        refused = requests.post(server.url + API, json=ECHO, headers=EVIL, timeout=TIMEOUT)
        assert refusal(refused) == (421, 421)
        assert "(serve --host-name evil.example" in refused.json()["message"]


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (["--host-name", "example.org", "--host-name", "example.net"], {}),
        ([], {"FLICKR_PROXY_HOSTS": "example.org example.net"}),
    ],
)
def test_server_answers_to_configured_names(words: list[str], environment: dict[str, str]) -> None:
    with run_serve("http://127.0.0.1:9", *words, **environment) as server:
        for host in ("example.org", "example.net:80"):
            assert host_status(server.url, host) == 200
        assert host_status(server.url, "127.0.0.1") == 421


def test_processes_of_a_server_on_loopback_answer_to_its_names() -> None:
    with run_serve("http://127.0.0.1:9", "--workers", "2") as server, requests.Session() as session:
        # The processes may not be up yet.
        session.mount(
            "http://", HTTPAdapter(max_retries=Retry(100, backoff_factor=0.1, backoff_max=0.2))
        )
        try:
            assert session.get(server.url + "/healthz", timeout=TIMEOUT).status_code == 200
            statuses = [host_status(server.url, host) for host in ("localhost", "evil.example")]
        finally:
            # Otherwise its worker processes would go on.
            server.stop()
        assert statuses == [200, 421]


def test_server_for_others_answers_to_any_host() -> None:
    with run_serve("http://127.0.0.1:9", "--host", "0.0.0.0") as server:
        assert host_status(server.url, "any.example") == 200


def test_serve_with_jsonp_answers_script_tags_of_other_sites() -> None:
    script = f"{API}?method=flickr.test.echo&format=json&jsoncallback=f"
    with run_serve("http://127.0.0.1:9", "--origin", "*", FLICKR_PROXY_JSONP="1") as server:
        answer = requests.get(
            server.url + script, headers={"Sec-Fetch-Site": "cross-site"}, timeout=TIMEOUT
        )
        assert answer.text.startswith("f({")

"""`pyflickr-web serve`: its options, graceful shutdown, and log."""

from __future__ import annotations

import io
import os
import re
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
import requests
from click.testing import CliRunner
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from pyflickr_web.cli import main
from pyflickr_web.commands.serve import SETTINGS, serve
from pyflickr_web.serve.access import AccessLog
from pyflickr_web.serve.site import Site
from tests.proxy.serve_command import run_serve
from tests.proxy.upstream import KEY, OK, SECRET, TOKEN, TOKEN_SECRET
from tests.support.environment import clear_environment
from tests.support.loops import run
from tests.support.scripted_server import HeldAnswers, run_script
from tests.support.timeouts import TIMEOUT
from tests.support.web_servers import in_loop

PUBLIC = {"method": "flickr.photos.getRecent"}


def test_each_option_has_a_help_text() -> None:
    assert [option.name for option in serve.params if not getattr(option, "help", "")] == []
    output = CliRunner().invoke(main, ["serve", "--help"], terminal_width=100).output
    assert "--host ADDRESS" in output and "[default: 127.0.0.1]" in output
    assert "--workers N" in output and "[default: 1;" in output


def test_proxy_bundles_and_health_check(flickr: Sandbox) -> None:
    key = {"FLICKR_API_KEY": flickr.account.api_key}
    with run_serve(flickr.url, "--origin", "https://friend.example", **key) as server:
        for path in ("/services/rest", "/services/rest/"):
            answer = requests.post(server.url + path, json=PUBLIC, timeout=TIMEOUT)
            assert answer.json()["stat"] == "ok"
        friend = {"Origin": "https://friend.example"}
        answer = requests.post(
            server.url + "/services/rest/", json=PUBLIC, headers=friend, timeout=TIMEOUT
        )
        assert answer.headers["Access-Control-Allow-Origin"] == friend["Origin"]
        assert "Server" not in answer.headers
        assert requests.get(server.url + "/healthz", timeout=TIMEOUT).json() == {"stat": "ok"}
        for name, kind in (("flickrapi.mjs", "javascript"), ("pyflickr_web.py", "python")):
            bundle = requests.get(f"{server.url}/{name}", timeout=TIMEOUT)
            assert bundle.status_code == 200
            assert kind in bundle.headers["Content-Type"]
            assert bundle.headers["Access-Control-Allow-Origin"] == "*"
        assert requests.get(server.url + "/../pyproject.toml", timeout=TIMEOUT).status_code == 404


def test_shutdown_answers_requests_in_flight_and_logs_no_secret() -> None:
    mine = {**PUBLIC, "api_key": "my own key", "secret": "my own secret", "format": "json"}
    with (
        run_script(HeldAnswers(OK)) as script,
        run_serve(script.url) as server,
        ThreadPoolExecutor(1) as pool,
    ):
        call = pool.submit(requests.get, server.url + "/services/rest/", mine, timeout=TIMEOUT)
        assert script.reached.wait(TIMEOUT)
        server.process.send_signal(signal.SIGTERM)
        script.leave.set()
        assert call.result().content == b"jsonFlickrApi(" + OK.body + b")"
        server.stop()
        assert re.search(r"127\.0\.0\.1 GET '/services/rest/' 200 \d", server.written)
        for secret in (KEY, SECRET, TOKEN, TOKEN_SECRET, "own", script.url):
            assert secret not in server.written


def test_workers_share_the_port(flickr: Sandbox) -> None:
    key = {"FLICKR_API_KEY": flickr.account.api_key}
    with run_serve(
        flickr.url, "--workers", "2", FLICKR_PROXY_ALLOW="flickr.test.* flickr.urls.*", **key
    ) as server:
        session = requests.Session()
        # The processes may not be up yet.
        session.mount(
            "http://", HTTPAdapter(max_retries=Retry(1000, backoff_factor=0.1, backoff_max=0.2))
        )
        with session:
            answer = session.post(server.url + "/services/rest/", json=PUBLIC, timeout=TIMEOUT)
        assert answer.status_code == 403
        server.stop()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--origin", "example.org"], "'--origin': invalid origin 'example.org'"),
        (["--jsonp"], """'--jsonp': needs origins="*\""""),
        (["--host-name", "a:80"], "'--host-name': invalid name"),
        (["--perms", "all"], "'--perms': 'all' is not one of"),
        (["--allow", "photos.search"], "'--allow': no method matches photos.search"),
        (["--deny", "photos.search"], "'--deny': no method matches photos.search"),
        (["--rate", "often"], "'--rate': invalid rate 'often': use e.g. 60/minute"),
        (["--key-rate", "often"], "'--key-rate': invalid rate 'often': use e.g. 60/minute"),
        (["--port", "99999"], "'--port': 99999 is not in the range"),
        (["--timeout", "0"], "'--timeout': invalid timeout 0.0: use more than 0"),
        (["--cache", "inf"], "'--cache': invalid cache inf: use a number"),
        (["--in-flight", "x"], "'--in-flight': 'x' is not a valid integer"),
        (
            ["--in-flight-each", "0"],
            "'--in-flight-each': invalid in_flight_each 0: use more than 0",
        ),
        (["--forwarded-allow-ips", "10.0.0.1/8"], "10.0.0.1/8 has host bits set: use addresses"),
        (["--forwarded-allow-ips", "front"], "'front' does not appear to be"),
        (["--redis", "http://here"], "'--redis': redis must be the URL"),
    ],
)
def test_invalid_option_is_named(
    monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.setenv("FLICKR_API_KEY", KEY)
    # So that the variable that the command sets is removed after the test.
    monkeypatch.setenv(SETTINGS, "")
    done = CliRunner().invoke(main, ["serve", *words])
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_occupied_port_is_reported_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLICKR_API_KEY", KEY)
    monkeypatch.setenv(SETTINGS, "")
    with socket.create_server(("127.0.0.1", 0)) as occupied:
        port = occupied.getsockname()[1]
        done = CliRunner().invoke(main, ["serve", "--port", str(port)])
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: cannot listen on port {port} of '127.0.0.1' (")
    assert done.stderr.endswith("): choose another port\n") and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("HOST", "192.0.2.1", "cannot listen on '192.0.2.1' ("),
        ("HOST", "a..b", "cannot listen on 'a..b' ("),
        ("PORT", "abc", "'abc' is not a valid integer"),
        ("WORKERS", "0", "0 is not in the range"),
        ("ORIGINS", "https://a.example b", "invalid origin 'b'"),
        ("ALLOW", "flickr.photos.* x", "no method matches x"),
        ("DENY", "x", "no method matches x: use e.g. flickr.photos.*"),
        ("PERMS", "all", "'all' is not one of"),
        ("RATE", "often", "invalid rate 'often'"),
        ("KEY_RATE", "0/hour", "'0/hour' allows no call"),
        ("IN_FLIGHT", "-1", "invalid in_flight -1: use more than 0"),
        ("IN_FLIGHT_EACH", "1.5", "'1.5' is not a valid integer"),
        ("TIMEOUT", "soon", "'soon' is not a valid float"),
        ("CACHE", "-1", "invalid cache -1.0: use 0 or more"),
        ("FORWARDED_ALLOW_IPS", "10.0.0.0/8,front", "'front' does not appear to be"),
        ("REDIS", "http://:secret@here", "redis must be the URL"),
        ("PROT", "1", "unknown setting FLICKR_PROXY_PROT: use one of FLICKR_PROXY_HOST"),
    ],
)
def test_invalid_variable_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv("FLICKR_API_KEY", KEY)
    monkeypatch.setenv(SETTINGS, "")
    monkeypatch.setenv(f"FLICKR_PROXY_{name}", value)
    done = CliRunner().invoke(main, ["serve"])
    assert done.exit_code == (1 if name == "HOST" else 2)
    assert message in done.stderr
    assert "secret" not in done.stderr
    assert done.stderr.count("\n") == 1
    if name not in ("HOST", "PROT"):
        assert done.stderr.startswith(f"Error: FLICKR_PROXY_{name}: ")


def test_server_without_a_key_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTINGS, "")
    done = CliRunner().invoke(main, ["serve"])
    assert done.exit_code == 1
    assert "FLICKR_API_KEY" in done.stderr


@pytest.fixture(scope="module")
def shared_server(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that tests share."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            clear_environment(patch, tmp_path_factory.mktemp("served"))
            running = run_serve(sandbox.url, FLICKR_API_KEY=sandbox.account.api_key)
            server = stack.enter_context(running)
        yield server.url


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 29\r\nContent-Length: 5\r\n",
        "Content-Length: 29\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Content-Length: +29\r\n",
        "Content-Length: 29, 29\r\n",
        "Content-Length: -1\r\n",
    ],
)
def test_request_of_two_lengths_gets_no_second_answer(
    shared_server: str, flickr: Sandbox, head: str
) -> None:
    """A server in front may read it as one request (RFC 9112, section 6.3)."""
    address = urlsplit(shared_server)
    within = b"GET /services/rest/?method=flickr.photos.getRecent HTTP/1.1\r\nHost: a\r\n\r\n"
    text = f"POST /services/rest/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{head}"
    with socket.create_connection((address.hostname, address.port), timeout=TIMEOUT) as connection:
        connection.sendall(text.encode() + b"Connection: close\r\n\r\n0\r\n\r\n" + within)
        received = b""
        with suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                received += piece
    assert received.count(b"HTTP/1.") <= 1
    assert b" 500 " not in received
    assert not flickr.calls


def test_settings_are_read_from_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    # The command sets the variables of the file in its environment.
    monkeypatch.delenv("FLICKR_PROXY_PORT", raising=False)
    Path(".env").write_text("FLICKR_PROXY_PORT=70000\nOTHER=1\n")
    assert "70000 is not in the range" in CliRunner().invoke(main, ["serve"]).stderr
    assert "OTHER" not in os.environ
    monkeypatch.setenv("FLICKR_PROXY_PORT", "80000")
    assert "80000 is not in the range" in CliRunner().invoke(main, ["serve"]).stderr
    Path(".env").write_bytes(b"FLICKR_PROXY_PORT=\xff")
    done = CliRunner().invoke(main, ["serve"])
    assert (done.exit_code, done.stderr) == (1, "Error: .env is not UTF-8: save it as UTF-8\n")


def test_content_types_do_not_depend_on_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("starlette.responses.guess_type", lambda name: ("video/mp2t", None))
    site = Site(Flickr.token_only(api_key="k"))
    with in_loop(site) as url:
        for name, kind in {
            "flickrapi.js": "text/javascript",
            "flickrapi.mjs": "text/javascript",
            "flickrapi.d.mts": "text/x-typescript",
            "flickrapi.dev.js.map": "application/json",
            "flickrapi.d.ts": "text/x-typescript",
            "pyflickr_web.py": "text/x-python",
            "pyflickr_web.pyi": "text/x-python",
        }.items():
            answer = requests.get(f"{url}/{name}", timeout=TIMEOUT)
            assert answer.headers["content-type"] == f"{kind}; charset=utf-8"


def test_log_omits_quoted_queries_and_invalid_addresses() -> None:
    written = io.StringIO()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        """Answers nothing."""

    async def visit() -> None:
        log, none = AccessLog(app, written), cast("Any", None)
        scope = {"type": "http", "method": "GET", "path": "/rest/?api_key=k3y"}
        await log({**scope, "client": ("GET /forged", 0)}, none, none)
        await log({**scope, "client": ("2001:db8::1%x GET forged", 0)}, none, none)
        await log({**scope, "client": ("192.0.2.1", 0)}, none, none)
        await log({"type": "lifespan"}, none, none)

    run(visit())
    assert "k3y" not in written.getvalue() and "forged" not in written.getvalue()
    assert " - GET '/rest/' " in written.getvalue()
    assert " 2001:db8::1 GET '/rest/' " in written.getvalue()
    assert " 192.0.2.1 GET '/rest/' " in written.getvalue()

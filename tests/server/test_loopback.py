"""The browser comes back to this machine, beside connections that misbehave."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from http.server import HTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from click.testing import CliRunner

from flickr_sandbox import Sandbox
from pyflickr_web.cli import main
from pyflickr_web.errors import LoginError, OptionError
from pyflickr_web.oauth import loopback, prompts
from pyflickr_web.oauth.callback import LoopbackAddress, read_loopback
from pyflickr_web.oauth.loopback import HOST, MAX_CONNECTIONS, Loopback
from tests.server.visitor import Visitor
from tests.support.sockets import free_port
from tests.support.timeouts import TIMEOUT

ELSEWHERE = "http://127.0.0.1:9/back"


def _open(stack: ExitStack, port: int) -> socket.socket:
    return stack.enter_context(socket.create_connection((HOST, port), TIMEOUT))


def _drip(connection: socket.socket, done: threading.Event) -> None:
    """Send a request's head that never ends, a byte at a time."""
    with suppress(OSError):
        connection.sendall(b"GET / HTTP/1.1\r\nX: ")
        while not done.wait(0.01):
            connection.sendall(b"x")


class BesetVisitor(Visitor):
    """Returns after other connections: silent, slow, invalid and aborted ones."""

    def _visit(self, url: str) -> None:
        port, done = urlsplit(url).port or 0, threading.Event()
        with ExitStack() as stack:
            silent = [_open(stack, port) for _ in range(2 * MAX_CONNECTIONS)]
            for connection in silent[:3]:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()
            _open(stack, port).sendall(b"\x16\x03\x01\r\n\r\n")
            dripping = [_open(stack, port) for _ in range(3)]
            threads = [threading.Thread(target=_drip, args=(one, done)) for one in dripping]
            for thread in threads:
                thread.start()
            try:
                super()._visit(url)
            finally:
                done.set()
                for thread in threads:
                    thread.join()


@pytest.fixture
def busy_listener(monkeypatch: pytest.MonkeyPatch, visitor: Visitor) -> Iterator[Visitor]:
    busy_listener = BesetVisitor()
    monkeypatch.setattr("webbrowser.open", busy_listener.open)
    yield busy_listener
    busy_listener.leave()


@pytest.fixture
def callback() -> str:
    """An address on this machine without a server."""
    return f"http://localhost:{free_port()}/signed%20in?mine=1"


@pytest.fixture
def environment(application: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The application as the commands find it."""
    for name, value in application.items():
        monkeypatch.setenv(f"FLICKR_{name.upper()}", value)


def test_browser_comes_back_past_connections_that_misbehave(
    authenticate: Callable[..., Any],
    application: dict[str, Any],
    busy_listener: Visitor,
    callback: str,
) -> None:
    flickr = authenticate(**application, callback=callback, silent=True)
    busy_listener.leave()
    assert flickr.options["user_id"] == "10000000@N00"
    assert "You are signed in" in busy_listener.shown[0].text
    assert str(busy_listener.shown[0].request.url).startswith(callback + "&")


@pytest.mark.usefixtures("environment")
def test_login_comes_back_past_connections_that_misbehave(busy_listener: Visitor) -> None:
    done = CliRunner().invoke(main, ["login"])
    busy_listener.leave()
    assert done.exit_code == 0, done.output
    assert "You are signed in" in busy_listener.shown[0].text


@pytest.mark.usefixtures("environment")
def test_environments_callback_is_listened_at(
    authenticate: Callable[..., Any],
    visitor: Visitor,
    callback: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLICKR_CALLBACK", callback)
    authenticate(silent=True)
    done = CliRunner().invoke(main, ["login"])
    assert done.exit_code == 0, done.output
    visitor.leave()
    came = [str(page.request.url) for page in visitor.shown]
    assert [url.startswith(callback) for url in came] == [True, True]


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("words", [["login"], ["login", "--oob"], ["login", "--no-browser"]])
def test_code_is_asked_for_where_the_options_say_so(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    # The words of the command come before the environment.
    monkeypatch.setenv("FLICKR_CALLBACK", ELSEWHERE if len(words) > 1 else "oob")

    def type_code() -> str:
        if not visitor.opened:
            visitor.press(address[0])
        return visitor.code

    address: list[str] = []

    def show(text: str, **_: Any) -> None:
        address.append(text.split()[-1])

    monkeypatch.setattr(prompts, "print", show, raising=False)
    monkeypatch.setattr("builtins.input", type_code)
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert visitor.shown == [] and "10000000@N00" in done.stderr


def test_address_is_shown_where_no_browser_may_open(
    authenticate: Callable[..., Any],
    application: dict[str, Any],
    visitor: Visitor,
    callback: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines: list[str] = []

    def show(text: str, **_: Any) -> None:
        lines.append(text)
        visitor.open(text.split()[-1])

    monkeypatch.setattr(prompts, "print", show, raising=False)
    monkeypatch.setattr("webbrowser.open", lambda url: pytest.fail("a browser was opened"))
    authenticate(**application, callback=callback, nobrowser=True, silent=True)
    assert lines[0].startswith("Open this address and allow access: http://")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/back",
        "https://127.0.0.1:8443/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        "http://localhost.example.org/",
        "http://0.0.0.0/",
        "nowhere",
    ],
)
def test_callback_elsewhere_is_refused_before_anything_is_sent(
    authenticate: Callable[..., Any],
    application: dict[str, Any],
    visitor: Visitor,
    sandbox: Sandbox,
    elsewhere: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    says = "use Flickr.begin and Flickr.exchange"
    # With a token too, which may be refused one day.
    token = {"access_token": "72157-token", "access_token_secret": "t"}
    for options in ({}, token):
        with pytest.raises(OptionError, match=says):
            authenticate(**application, **options, callback=elsewhere)
    for name, value in (application | {"callback": elsewhere}).items():
        monkeypatch.setenv(f"FLICKR_{name.upper()}", value)
    with pytest.raises(OptionError, match=says):
        authenticate()
    done = CliRunner().invoke(main, ["login"])
    assert done.exit_code == 1 and says in done.stderr and done.stderr.count("\n") == 1
    assert visitor.opened == [] and not sandbox.calls


def test_login_in_a_callback_is_not_shown(application: dict[str, Any]) -> None:
    with pytest.raises(OptionError) as caught:
        read_loopback("https://me:PASSWORD@example.org/back?key=PASSWORD")
    assert "PASSWORD" not in str(caught.value) and "https://example.org/back" in str(caught.value)


def test_port_that_is_taken_is_told_before_the_person_is_asked(
    authenticate: Callable[..., Any],
    application: dict[str, Any],
    visitor: Visitor,
    sandbox: Sandbox,
) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OptionError, match=f"cannot listen at 127.0.0.1, port {port}"):
            authenticate(**application, callback=f"http://127.0.0.1:{port}/")
    assert visitor.opened == [] and not sandbox.calls


def test_two_sign_ins_do_not_share_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    # A default that a later Python may change.
    monkeypatch.setattr(HTTPServer, "allow_reuse_port", True, raising=False)
    with (
        Loopback(LoopbackAddress("", HOST, 0, "/")) as first,
        pytest.raises(OptionError, match="cannot listen at"),
    ):
        Loopback(LoopbackAddress("", HOST, first.server_port, "/"))


@pytest.mark.parametrize(
    ("callback", "place"),
    [
        ("oob", None),
        ("", None),
        ("http://localhost", ("127.0.0.1", 80, "/")),
        ("http://127.0.0.2:81/a%2Fb", ("127.0.0.2", 81, "/a/b")),
        ("http://[::1]:82/?a=1", ("::1", 82, "/")),
    ],
)
def test_loopback_address_is_read(callback: str, place: tuple[str, int, str] | None) -> None:
    read = read_loopback(callback)
    assert read == (LoopbackAddress(callback, *place) if place else None)


def test_connection_that_drips_is_closed_at_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loopback, "DEADLINE", 0.0)
    ended = threading.Event()
    with Loopback() as listener, ExitStack() as stack:
        dripping = _open(stack, listener.server_port)

        def drip() -> None:
            # Returns once the other side has closed.
            _drip(dripping, threading.Event())
            ended.set()

        thread = threading.Thread(target=drip)
        thread.start()
        assert listener.wait("1", TIMEOUT, ended.is_set) is None
        thread.join()


def test_connections_are_bounded() -> None:
    with Loopback() as listener, ExitStack() as stack:
        for _ in range(3 * MAX_CONNECTIONS):
            _open(stack, listener.server_port)
            listener.handle_request()
        assert len(listener._deadlines) == MAX_CONNECTIONS


def test_answers_to_other_sign_ins_are_waited_past() -> None:
    with Loopback() as listener:
        statuses: list[int] = []

        def visit() -> None:
            for query in ("", "?oauth_token=2&oauth_verifier=v", "?oauth_token=1&oauth_verifier=v"):
                url = listener.address + query
                statuses.append(requests.get(url, timeout=TIMEOUT).status_code)

        thread = threading.Thread(target=visit)
        thread.start()
        answer = listener.wait("1", TIMEOUT)
        thread.join()
    assert (answer, statuses) == ({"oauth_token": "1", "oauth_verifier": "v"}, [400, 400, 200])


def test_nobody_who_comes_is_told() -> None:
    with (
        Loopback() as listener,
        pytest.raises(LoginError, match="no answer from the browser within 0 sec"),
    ):
        listener.wait("1", 0)


def test_browser_that_breaks_off_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    before = set(threading.enumerate())
    with Loopback() as listener, socket.create_connection((HOST, listener.server_port)) as browser:
        # Closing resets the connection, with what was sent unread.
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        browser.sendall(b"GET / HTTP/1.1\r\n")
        browser.close()
        listener.timeout = 5
        listener.handle_request()
        for thread in set(threading.enumerate()) - before:
            thread.join()
    assert capsys.readouterr().err == ""

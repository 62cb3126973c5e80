"""Requests in flight: their limits, and their cancellation if the client disconnects."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from pyflickr_web import AsyncFlickr, Flickr
from pyflickr_web.proxy import proxy_asgi
from pyflickr_web.proxy.adapters import task_driver
from pyflickr_web.proxy.adapters.asgi import AsgiProxy
from pyflickr_web.proxy.calls.message import ProxyRequest, Refusal, Visitor
from pyflickr_web.proxy.calls.rates import in_flight_key
from pyflickr_web.proxy.stores.in_flight import InFlight
from pyflickr_web.transports.message import RawResponse
from tests.proxy.authenticators import BADGE
from tests.proxy.caller import refusal
from tests.proxy.proxies import Open, open_on_adapter
from tests.proxy.upstream import OK, options_for
from tests.support.loops import run
from tests.support.scripted_server import HeldAnswers, run_script
from tests.support.timeouts import TIMEOUT

PUBLIC = "flickr.photos.getRecent"
READ = b'{"method": "flickr.photos.getRecent"}'
WRITE = b'{"method": "flickr.favorites.add", "photo_id": "1"}'


def test_cached_answer_needs_no_slot(open_proxy: Open, released_slots: threading.Semaphore) -> None:
    with run_script(HeldAnswers(OK)) as script, ThreadPoolExecutor(1) as threads:
        proxy = open_proxy(options_for(script.url), in_flight=1)
        script.leave.set()
        assert proxy.call(PUBLIC).status_code == 200
        assert released_slots.acquire(timeout=TIMEOUT)
        script.reached.clear()
        script.leave.clear()
        other = threads.submit(proxy.call, PUBLIC, per_page=2)
        assert script.reached.wait(TIMEOUT)
        try:
            assert proxy.call(PUBLIC).content == OK.body
            assert proxy.call("flickr.test.echo").status_code == 200
        finally:
            script.leave.set()
        assert other.result().status_code == 200


@pytest.mark.parametrize("adapter", ["asgi", "starlette", "fastapi"], indirect=True)
def test_long_bodies_of_calls_in_flight_are_bounded(
    open_proxy: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflickr_web.proxy.stores.memory._LONG_BODIES", 100_000)
    text = {f"text{number}": "a" * 40_000 for number in range(2)}
    with run_script(HeldAnswers(OK)) as script, ThreadPoolExecutor(1) as threads:
        proxy = open_proxy(options_for(script.url), cache=0)
        first = threads.submit(proxy.call, PUBLIC, **text)
        assert script.reached.wait(TIMEOUT)
        try:
            refused = proxy.call(PUBLIC, page=2, **text)
            assert proxy.call("flickr.test.echo").status_code == 200
        finally:
            script.leave.set()
        assert first.result().status_code == 200
        assert refusal(refused) == (429, 429)
        assert "too many bodies" in refused.text
        assert proxy.call(PUBLIC, page=2, **text).status_code == 200


def test_client_has_no_more_slots_than_its_share(
    open_proxy: Open, released_slots: threading.Semaphore
) -> None:
    with run_script(HeldAnswers(OK)) as script, ThreadPoolExecutor(2) as threads:
        proxy = open_proxy(options_for(script.url), in_flight_each=1)

        def call(address: str, page: int) -> Any:
            return proxy.ask(
                json={"method": PUBLIC, "page": page}, headers={"Test-Client": address}
            )

        first = threads.submit(call, "2a00:1450:4001::1", 1)
        assert script.reached.wait(TIMEOUT)
        script.reached.clear()
        refused = call("2a00:1450:4001::2", 2)
        other = threads.submit(call, "2a00:1450:4002::1", 3)
        reached = script.reached.wait(TIMEOUT)
        script.leave.set()
        assert refusal(refused) == (429, 429)
        assert refused.headers["Retry-After"] == "1"
        assert reached
        assert first.result().status_code == other.result().status_code == 200
        for _ in (first, other):
            assert released_slots.acquire(timeout=TIMEOUT)
        assert call("2a00:1450:4001::2", 2).status_code == 200


def test_named_visitor_is_counted_by_name_from_any_address(open_proxy: Open) -> None:
    with run_script(HeldAnswers(OK)) as script, ThreadPoolExecutor(1) as threads:
        proxy = open_proxy(options_for(script.url), "names", in_flight_each=1)
        proxy.wearing(Authorization=BADGE)
        signed = {"method": "flickr.test.login"}
        first = threads.submit(proxy.ask, json=signed, headers={"Test-Client": "8.8.8.8"})
        assert script.reached.wait(TIMEOUT)
        second = proxy.ask(json=signed, headers={"Test-Client": "8.8.4.4"})
        script.leave.set()
        assert refusal(second) == (429, 429)
        assert first.result().status_code == 200


@pytest.mark.parametrize(
    ("address", "forwarded", "key"),
    [
        ("8.8.8.8", False, "client 8.8.8.8"),
        ("::ffff:8.8.8.8", False, "client 8.8.8.8"),
        ("2a00:1450:4001::1", False, "client 2a00:1450:4001::"),
        ("127.0.0.1", False, None),
        ("::1", False, None),
        ("10.1.2.3", False, None),
        ("::ffff:10.1.2.3", False, None),
        ("100.64.0.1", False, None),
        ("169.254.1.1", False, None),
        ("fe80::1", False, None),
        ("", False, None),
        ("unix:", False, None),
        ("10.1.2.3", True, "client 10.1.2.3"),
        ("unknown", True, None),
    ],
)
def test_address_that_may_be_a_server_in_front_is_not_counted(
    address: str, forwarded: bool, key: str | None
) -> None:
    request = ProxyRequest("GET", client=address, is_forwarded=forwarded)
    assert in_flight_key(request, None) == key
    assert in_flight_key(request, Visitor()) == key
    assert in_flight_key(request, Visitor("ada")) == "visitor ada"


def test_released_slots_leave_no_counters() -> None:
    in_flight = InFlight(3, 2)
    for _ in range(3):
        slots = [in_flight.slot() for _ in range(4)]
        slots[0].occupy("ada")
        slots[1].occupy("ada")
        with pytest.raises(Refusal, match="too many requests from you at once"):
            slots[2].occupy("ada")
        slots[2].occupy("bob")
        with pytest.raises(Refusal, match="too many requests at once"):
            slots[3].occupy(None)
        for slot in slots:
            slot.release()
    in_flight._subtract_released()
    assert (in_flight._count, in_flight._by_client) == (0, {})


class _Upstream(ThreadingHTTPServer):
    """A server that answers no request, and notes when the client disconnects."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Silent)
        self.reached = threading.Event()
        self.hung_up = threading.Event()


class _Silent(BaseHTTPRequestHandler):
    server: _Upstream

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.reached.set()
        assert not self.rfile.read(1)
        self.server.hung_up.set()
        self.close_connection = True


@contextmanager
def silent() -> Iterator[_Upstream]:
    with _Upstream() as upstream:
        thread = threading.Thread(target=upstream.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield upstream
        finally:
            upstream.shutdown()
            thread.join()


@pytest.mark.parametrize("verb", ["GET", "POST"])
@pytest.mark.parametrize("adapter", ["asgi", "starlette", "fastapi"])
def test_read_ends_at_flickr_when_its_client_disconnects(adapter: str, verb: str) -> None:
    with silent() as upstream:
        options = options_for(f"http://127.0.0.1:{upstream.server_port}")
        with open_on_adapter(adapter, options, None, {}) as proxy:
            url = urlsplit(proxy.url)
            body = READ if verb == "POST" else b""
            head = (
                f"{verb} {url.path}?method={PUBLIC} HTTP/1.1\r\nHost: {url.netloc}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            with socket.create_connection((url.hostname, url.port), TIMEOUT) as client:
                client.sendall(head.encode() + body)
                assert upstream.reached.wait(TIMEOUT)
            assert upstream.hung_up.wait(TIMEOUT)


class _Transport:
    """A transport that answers only if it may, and notes how each request ends."""

    def __init__(self, may_answer: bool) -> None:
        self.ended: list[str] = []
        self._may_answer = may_answer

    async def send(self, request: Any) -> RawResponse:
        try:
            # Enough turns of the loop to notice a disconnect.
            for _ in range(100):
                await asyncio.sleep(0)
            if not self._may_answer:
                await asyncio.wait_for(asyncio.Event().wait(), TIMEOUT)
        except asyncio.CancelledError:
            self.ended.append("cancelled")
            raise
        self.ended.append("answered")
        return RawResponse(200, OK.body, None)


class _GoneClient:
    """A client that sends a call and disconnects at once."""

    def __init__(self, body: bytes) -> None:
        self.scope: dict[str, Any] = {
            "type": "http", "method": "POST", "path": "/rest/", "client": ("8.8.8.8", 1),
            "headers": [(b"host", b"a"), (b"content-type", b"application/json")],
        }  # fmt: skip
        self.sent: list[Any] = []
        self._messages = [{"type": "http.request", "body": body}]

    async def receive(self) -> Any:
        return self._messages.pop() if self._messages else {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)


def proxy_on(transport: _Transport, authenticator: Any = None, **policy: Any) -> AsgiProxy:
    options = options_for("http://127.0.0.1:9")
    handlers = proxy_asgi(Flickr(**options), authenticator, **policy).handlers
    return AsgiProxy(handlers, lambda: transport, authenticator)  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize("authenticator", [None, lambda scope: "ada"])
def test_read_of_a_client_that_disconnects_is_cancelled_and_logged_as_499(
    authenticator: Any,
) -> None:
    transport, client = _Transport(may_answer=False), _GoneClient(READ)
    if authenticator:
        client = _GoneClient(b'{"method": "flickr.test.login"}')
    proxy = proxy_on(transport, authenticator)
    run(proxy(client.scope, client.receive, client.send))
    assert transport.ended == ["cancelled"]
    assert client.sent[0]["status"] == 499


def test_write_of_a_client_that_disconnects_runs_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(task_driver, "WATCH_AFTER", 0)
    transport, client = _Transport(may_answer=True), _GoneClient(WRITE)
    proxy = proxy_on(transport, lambda scope: "ada", perms="write")
    run(proxy(client.scope, client.receive, client.send))
    assert transport.ended == ["answered"]


def test_repeated_end_of_body_does_not_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(task_driver, "WATCH_AFTER", 0)
    transport, client = _Transport(may_answer=True), _GoneClient(READ)

    asked = []

    async def receive() -> Any:
        asked.append(client)
        return {"type": "http.request", "body": READ}

    run(proxy_on(transport)(client.scope, receive, client.send))
    # Once for the body, and twice while waiting for Flickr.
    assert len(asked) == 3
    assert transport.ended == ["answered"]
    assert client.sent[0]["status"] == 200


def test_disconnect_behind_middleware_raises_nothing() -> None:
    """Starlette's middleware raises RuntimeError if an application sends no response."""
    app, client = FastAPI(), _GoneClient(READ)

    @app.middleware("http")
    async def pass_on(request: Any, call_next: Any) -> Any:
        return await call_next(request)

    with silent() as upstream:
        base = f"http://127.0.0.1:{upstream.server_port}"
        AsyncFlickr(**options_for(base)).proxy(app, "/rest/")

        async def visit() -> None:
            async with app.router.lifespan_context(app):
                await app(client.scope, client.receive, client.send)

        run(visit())
    assert client.sent[0]["status"] == 499

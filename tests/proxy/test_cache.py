"""The cache of answers: its entries, their lifetime, and stale answers while Flickr fails."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from pyflickr_web.proxy import proxy_asgi
from pyflickr_web.proxy.adapters.task_driver import ProxyTaskDriver
from pyflickr_web.proxy.adapters.thread_driver import ProxyThreadDriver
from pyflickr_web.proxy.calls.cache import CachedAnswer, fetch_with_cache
from pyflickr_web.proxy.calls.effects import (
    CacheEntry,
    CacheGet,
    CurrentTime,
    InFlightCall,
)
from pyflickr_web.proxy.calls.formats import AnswerFormat
from pyflickr_web.proxy.calls.message import ProxyRequest
from pyflickr_web.proxy.calls.policy import Policy
from pyflickr_web.proxy.calls.reading import ApiCall
from pyflickr_web.proxy.stores.memory import MemoryCache, Stores
from pyflickr_web.transports.message import RawResponse
from tests.proxy.authenticators import BADGE
from tests.proxy.caller import refusal
from tests.proxy.proxies import ON_STORES, Open
from tests.proxy.upstream import OK, options_for
from tests.support.loops import run
from tests.support.redis_server import PrivateRedis
from tests.support.scripted_server import Answer, HeldAnswers, run_script, serve
from tests.support.timeouts import TIMEOUT

PUBLIC = "flickr.photos.getRecent"
GET = {"method": PUBLIC, "format": "json", "nojsoncallback": "1"}


class Clock:
    """The clock of a cache, in the proxy or in Redis, that tests advance."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, redis: PrivateRedis | None) -> None:
        self._offset = 0.0
        self._redis = redis
        if redis:
            return
        real = time.monotonic
        patched = type(
            "PatchedTime", (), {"monotonic": lambda: real() + self._offset, "time": time.time}
        )
        for module in ("adapters.task_driver", "adapters.thread_driver", "stores.memory"):
            monkeypatch.setattr(f"pyflickr_web.proxy.{module}.time", patched)

    def advance(self, seconds: float) -> None:
        self._offset += seconds
        if self._redis:
            with self._redis.client as client:
                for name in client.scan_iter():
                    client.pexpire(name, client.pttl(name) - int(seconds * 1000))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, adapter: str, request: pytest.FixtureRequest) -> Clock:
    on_redis = adapter.endswith("redis")
    return Clock(monkeypatch, request.getfixturevalue("redis") if on_redis else None)


@pytest.fixture(params=ON_STORES)
def adapter(request: pytest.FixtureRequest) -> str:
    """The name of each adapter in turn, with its store."""
    return str(request.param)


def answer(number: int) -> Answer:
    return Answer(f'{{"stat":"ok","number":{number}}}'.encode())


def test_same_call_is_made_once(open_proxy: Open, options: Any, flickr: Sandbox) -> None:
    proxy = open_proxy(options)
    first = proxy.call(PUBLIC, per_page=3).content
    assert proxy.call(PUBLIC, per_page="3", format="json").content == first
    wrapped = proxy.ask(data={**GET, "per_page": "3", "nojsoncallback": "0"})
    assert wrapped.content == b"jsonFlickrApi(" + first + b")"
    assert flickr.calls[PUBLIC] == 1
    proxy.call(PUBLIC, per_page=4)
    proxy.call(PUBLIC, per_page=3, format="rest")
    assert flickr.calls[PUBLIC] == 3


def test_signed_calls_failures_and_upload_tickets_are_not_cached(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    proxy = open_proxy(options, "raises").wearing(Authorization=BADGE)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("flickr.test.login", {}),
        (PUBLIC, {"authenticated": True}),
        ("flickr.photos.getInfo", {"photo_id": "1"}),
        ("flickr.photos.upload.checkTickets", {"tickets": "1-2"}),
    ]
    for method, arguments in calls:
        for _ in range(2):
            response = proxy.call(method, **arguments)
            assert response.headers["Cache-Control"] == "no-store"
        assert flickr.calls[method] == 2


def test_cache_can_be_disabled(open_proxy: Open) -> None:
    with serve(answer(1), answer(2)) as script:
        proxy = open_proxy(options_for(script.url), cache=0)
        assert [proxy.call(PUBLIC).json()["number"] for _ in range(2)] == [1, 2]


def test_upstream_error_is_not_cached(open_proxy: Open) -> None:
    with serve(Answer(b"<p>", 404), answer(2)) as script:
        proxy = open_proxy(options_for(script.url))
        assert refusal(proxy.call(PUBLIC)) == (502, 502)
        assert proxy.call(PUBLIC).json()["number"] == 2


def test_get_is_cached_by_browsers(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options)
    first = proxy.ask("GET", params=GET)
    kind, _, seconds = first.headers["Cache-Control"].partition(", max-age=")
    assert kind == "public"
    assert 1 <= int(seconds) <= 60
    tag = first.headers["ETag"]
    for known in (tag, f'"a", W/{tag}', "*"):
        again = proxy.ask("GET", params=GET, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
    assert proxy.ask("GET", params=GET, headers={"If-None-Match": '"a"'}).content == first.content
    for uncached in (
        proxy.call(PUBLIC),
        proxy.ask("GET", params={**GET, "method": "flickr.test.echo"}),
    ):
        assert uncached.headers["Cache-Control"] == "no-store"


def test_get_behind_an_authenticator_is_cached_privately(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options, "raises").wearing(Authorization=BADGE)
    assert proxy.ask("GET", params=GET).headers["Cache-Control"].startswith("private, ")
    stranger = proxy.wearing().ask("GET", params=GET)
    assert stranger.status_code in (401, 403)
    assert stranger.headers["Cache-Control"] == "no-store"


def test_cached_answer_expires(open_proxy: Open, clock: Clock) -> None:
    with serve(answer(1), answer(2)) as script:
        proxy = open_proxy(options_for(script.url), cache=60)
        assert proxy.call(PUBLIC).json()["number"] == 1
        clock.advance(50)
        assert proxy.call(PUBLIC).json()["number"] == 1
        clock.advance(11)
        assert proxy.call(PUBLIC).json()["number"] == 2


DOWN = Answer(b'{"stat":"fail","code":105,"message":"Service currently unavailable"}')


def test_stale_answer_is_sent_while_flickr_reports_an_outage(
    open_proxy: Open, clock: Clock
) -> None:
    with serve(answer(1), DOWN) as script:
        proxy = open_proxy(options_for(script.url), cache=60, stale_if_error=600)
        proxy.call(PUBLIC)
        clock.advance(300)
        assert proxy.call(PUBLIC).json()["number"] == 1
        clock.advance(400)
        assert proxy.call(PUBLIC).content == DOWN.body


def test_stale_answer_is_sent_while_flickr_fails(open_proxy: Open, clock: Clock) -> None:
    with serve(answer(1), Answer(b"", 404)) as script:
        proxy = open_proxy(options_for(script.url), cache=60, stale_if_error=600)
        proxy.call(PUBLIC)
        clock.advance(300)
        old = proxy.ask("GET", params=GET)
        assert old.json()["number"] == 1
        assert old.headers["Cache-Control"] == "no-store"
        clock.advance(400)
        assert refusal(proxy.call(PUBLIC)) == (502, 502)


def test_concurrent_identical_calls_are_sent_once(open_proxy: Open) -> None:
    with run_script(HeldAnswers(answer(1), answer(2))) as script, ThreadPoolExecutor(8) as threads:
        proxy = open_proxy(options_for(script.url))
        first = threads.submit(proxy.call, PUBLIC)
        assert script.reached.wait(TIMEOUT)
        others = [threads.submit(proxy.call, PUBLIC) for _ in range(7)]
        # They wait for the first call, or find its answer in the cache.
        proxy.call("flickr.test.echo")
        script.leave.set()
        assert {each.result().json()["number"] for each in (first, *others)} == {1}
        assert len(script.asked) == 1


def test_answer_cached_between_lookup_and_call_is_not_fetched_again() -> None:
    def fetch() -> Generator[Any, Any, Any]:
        yield CurrentTime()
        raise AssertionError("Flickr was asked")

    asked = ApiCall(PUBLIC, {}, {}, AnswerFormat(), authenticated=False)
    call = fetch_with_cache(Policy(), asked, fetch(), None)
    assert isinstance(call.send(None), CacheGet)
    in_flight = call.send(None)
    assert isinstance(in_flight, InFlightCall)
    assert isinstance(in_flight.flow.send(None), CacheGet)
    assert isinstance(in_flight.flow.send(CacheEntry(OK.body, 5.0)), CurrentTime)
    with pytest.raises(StopIteration) as end:
        in_flight.flow.send(6.0)
    assert end.value.value == CachedAnswer(OK.body, Policy().cache - 1)


def test_waiting_client_is_answered_after_the_first_one_disconnects() -> None:
    started: list[Any] = []
    answered: list[Any] = []

    async def upstream(request: Any) -> RawResponse:
        started.append(request)
        await left.wait()
        return RawResponse(200, OK.body, None)

    async def two_visitors() -> None:
        driver = ProxyTaskDriver(upstream, Stores.of(Policy()))
        handler = proxy_asgi(Flickr(api_key="k" * 32)).handlers.calls
        body = b'{"method": "flickr.photos.getRecent"}'
        asked = ProxyRequest("POST", headers={"content-type": "application/json"})
        first, second = (
            asyncio.create_task(driver.run(handler.answer(asked, body, None))) for _ in range(2)
        )
        while not started:
            await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        left.set()
        answered.append(await second)

    left = asyncio.Event()
    run(two_visitors())
    assert [reply.body for reply in answered] == [OK.body]
    assert len(started) == 1


def test_shared_call_is_cancelled_with_its_last_client() -> None:
    started, ended_upstream = [], []

    async def upstream(request: Any) -> RawResponse:
        started.append(request)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended_upstream.append(request)
            raise
        return RawResponse(200, OK.body, None)

    async def two_visitors() -> list[Any]:
        driver = ProxyTaskDriver(upstream, Stores.of(Policy()))
        handler = proxy_asgi(Flickr(api_key="k" * 32)).handlers.calls
        body = b'{"method": "flickr.photos.getRecent"}'
        asked = ProxyRequest("POST", headers={"content-type": "application/json"})
        tasks = [
            asyncio.create_task(driver.run(handler.answer(asked, body, None))) for _ in range(2)
        ]
        while not started:
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    ended = run(two_visitors())
    assert [type(end) for end in ended] == [asyncio.CancelledError] * 2
    assert started == ended_upstream
    assert len(started) == 1


def test_waiting_thread_retries_after_the_first_one_exits() -> None:
    started = threading.Event()
    go_on = threading.Event()
    sent = []

    def upstream(request: Any) -> RawResponse:
        sent.append(request)
        if len(sent) == 1:
            started.set()
            go_on.wait(TIMEOUT)
            raise SystemExit
        return RawResponse(200, OK.body, None)

    class WaitedFutures(dict[str, Any]):
        """Futures that let the first thread go on when the second one waits."""

        def setdefault(self, key: str, own: Any = None, /) -> Any:
            running = super().setdefault(key, own)
            if running is not own:
                go_on.set()
            return running

    stores = Stores.of(Policy())
    driver = ProxyThreadDriver(upstream, stores, WaitedFutures(), stores.in_flight.slot())
    handler = proxy_asgi(Flickr(api_key="k" * 32)).handlers.calls
    body = b'{"method": "flickr.photos.getRecent"}'
    asked = ProxyRequest("POST", headers={"content-type": "application/json"})

    def visit() -> Any:
        return driver.run(handler.answer(asked, body, None))

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(visit)
        started.wait(TIMEOUT)
        second = threads.submit(visit)
        assert second.result().body == OK.body
        with pytest.raises(SystemExit):
            first.result()


def test_cache_is_bounded_and_the_longest_unused_goes_first() -> None:
    cache = MemoryCache(10_000)
    entry = CacheEntry(b"x" * 2700, 0.0)
    for key in "abc":
        cache.set(key, entry, 60)
    assert cache.get("a")
    cache.set("d", entry, 60)
    assert [key for key in "abcd" if cache.get(key)] == ["a", "c", "d"]
    cache.set("e", CacheEntry(b"x" * 10_000, 0.0), 60)
    assert not cache.get("e")
    for number in range(1000):
        cache.set(str(number), entry, 60)
        cache.set(str(number), entry, 60)
    assert sum(bool(cache.get(str(number))) for number in range(1000)) == 3

"""Redis that dies, hangs, refuses commands or is another server: answers, log lines and recovery."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web.proxy.stores import redis_client
from pyflickr_web.proxy.stores.circuit_breaker import RESET_TIMEOUT, CircuitBreaker, CircuitState
from tests.proxy.caller import Caller, refusal
from tests.proxy.proxies import Open
from tests.proxy.upstream import KEY, OK, options_for
from tests.support.endless_server import endless
from tests.support.redis_server import PrivateRedis, private_redis
from tests.support.scripted_server import Answer, serve

PUBLIC = "flickr.photos.getRecent"
PASSWORD = "hunter2-hunter2"
AWAY = "cache and rates are kept in memory until it is back"
BACK = "Redis is back: cache and rates are shared again"


@pytest.fixture(params=["asgi", "wsgi"])
def adapter(request: pytest.FixtureRequest) -> str:
    """An adapter for each driver of Redis."""
    return str(request.param)


@pytest.fixture
def mortal(monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateRedis]:
    """A Redis for one test, with a password and a timeout that is long enough for a busy machine."""
    monkeypatch.setattr(redis_client, "REDIS_TIMEOUT", 20.0)
    with private_redis(PASSWORD) as server:
        yield server


class Pause:
    """The clock of the circuit breaker."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now = 1000.0
        clock = type("Clock", (), {"monotonic": lambda: self._now})
        monkeypatch.setattr("pyflickr_web.proxy.stores.circuit_breaker.time", clock)

    def over(self) -> None:
        self._now += RESET_TIMEOUT


@pytest.fixture
def pause(monkeypatch: pytest.MonkeyPatch) -> Pause:
    """The circuit breaker's clock, stopped."""
    return Pause(monkeypatch)


@pytest.fixture
def log_messages(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """The package's log messages; checks that the log contains neither password nor API key."""
    messages: list[str] = []
    log = logging.getLogger("pyflickr_web")
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    log.addHandler(handler)
    with caplog.at_level(logging.DEBUG):
        yield messages
    log.removeHandler(handler)
    assert PASSWORD not in caplog.text
    assert KEY not in caplog.text


def statuses(proxy: Caller, times: int) -> list[int]:
    """Make several calls, of which the first two are equal; return the statuses."""
    return [proxy.call(PUBLIC, per_page=n or 1).status_code for n in range(times)]


def test_cache_and_rates_after_redis_is_killed_and_restarted(
    open_proxy: Open,
    options: Any,
    flickr: Sandbox,
    mortal: PrivateRedis,
    pause: Pause,
    log_messages: list[str],
) -> None:
    first, second = (
        open_proxy(options, redis=mortal.url, rate="100/day", key_rate="50/day") for _ in range(2)
    )
    assert statuses(first, 3) == statuses(second, 3) == [200] * 3
    assert flickr.calls[PUBLIC] == 2
    mortal.kill()
    assert statuses(first, 5) == statuses(second, 5) == [200] * 5
    # Each proxy uses its own memory.
    assert flickr.calls[PUBLIC] == 2 + 4 + 4
    assert log_messages == [f"Redis is unreachable: {AWAY}"] * 2
    mortal.start()
    assert statuses(first, 5) == statuses(second, 5) == [200] * 5
    assert mortal.dump() == b""
    pause.over()
    assert statuses(first, 5) == statuses(second, 5) == [200] * 5
    assert flickr.calls[PUBLIC] == 2 + 4 + 4 + 4
    assert log_messages[2:] == [BACK] * 2
    assert PASSWORD.encode() not in mortal.dump()


def test_restart_between_two_requests_is_no_outage(
    open_proxy: Open, mortal: PrivateRedis, log_messages: list[str]
) -> None:
    with serve(OK) as script:
        proxy = open_proxy(options_for(script.url), redis=mortal.url, rate="10/day")
        assert statuses(proxy, 2) == [200] * 2
        mortal.kill()
        mortal.start()
        assert statuses(proxy, 2) == [200] * 2
        assert len(script.asked) == 2
    assert log_messages == []


def test_hanging_redis_delays_one_request(
    open_proxy: Open,
    mortal: PrivateRedis,
    pause: Pause,
    log_messages: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Short for the test, and long enough for a busy Redis before and after it hangs.
    monkeypatch.setattr(redis_client, "REDIS_TIMEOUT", 2.0)
    with serve(OK) as script:
        proxy = open_proxy(options_for(script.url), redis=mortal.url, rate="100/day")
        assert statuses(proxy, 2) == [200] * 2
        mortal.halt()
        assert statuses(proxy, 20) == [200] * 20
        assert log_messages == [f"Redis does not answer in time: {AWAY}"]
        mortal.go_on()
        pause.over()
        assert statuses(proxy, 2) == [200] * 2
    assert log_messages[1:] == [BACK]


def test_failed_redis_is_retried_once_per_pause(
    open_proxy: Open, monkeypatch: pytest.MonkeyPatch, pause: Pause
) -> None:
    tries = []
    real = CircuitBreaker.record_failure

    def record_failure(breaker: CircuitBreaker, error: Exception) -> None:
        tries.append(error)
        real(breaker, error)

    monkeypatch.setattr(CircuitBreaker, "record_failure", record_failure)
    with endless(b"") as silent, serve(OK) as script:
        url = silent.replace("http", "redis")
        proxy = open_proxy(options_for(script.url), redis=url, rate="100/day")
        for number in (1, 2, 3):
            assert statuses(proxy, 10) == [200] * 10
            assert len(tries) == number
            pause.over()


@pytest.mark.parametrize("drip", [b"", b"+O"], ids=["silent", "no Redis"])
def test_server_that_is_not_redis_fails_no_request(
    open_proxy: Open, drip: bytes, log_messages: list[str]
) -> None:
    with endless(drip) as other, serve(OK) as script:
        proxy = open_proxy(options_for(script.url), redis=other.replace("http", "redis"))
        assert statuses(proxy, 3) == [200] * 3
        assert len(script.asked) == 2
    assert len(log_messages) == 1
    assert AWAY in log_messages[0]


def test_http_server_is_no_redis(open_proxy: Open, log_messages: list[str]) -> None:
    with serve(OK) as script, serve(Answer(KEY.encode())) as other:
        url = other.url.replace("http://", f"redis://:{PASSWORD}@")
        assert statuses(open_proxy(options_for(script.url), redis=url), 3) == [200] * 3
    assert len(log_messages) == 1


def test_wrong_password_is_logged_without_it(
    open_proxy: Open, mortal: PrivateRedis, log_messages: list[str]
) -> None:
    with serve(OK) as script:
        url = mortal.url.replace(PASSWORD, f"not-{PASSWORD}")
        assert statuses(open_proxy(options_for(script.url), redis=url), 3) == [200] * 3
    assert log_messages == [f"Redis rejects the password: {AWAY}"]


def test_full_redis_opens_the_circuit_until_it_has_room(
    open_proxy: Open, mortal: PrivateRedis, pause: Pause, log_messages: list[str]
) -> None:
    with serve(OK) as script:
        proxy = open_proxy(options_for(script.url), redis=mortal.url)
        with mortal.client as client:
            client.config_set("maxmemory", 1)
        for _ in range(2):
            assert statuses(proxy, 3) == [200] * 3
            pause.over()
        assert log_messages == [f"Redis rejects a command (OutOfMemoryError): {AWAY}"]
        with mortal.client as client:
            client.config_set("maxmemory", 0)
        assert statuses(proxy, 3) == [200] * 3
    assert log_messages[1:] == [BACK]


def test_rates_hold_without_redis(open_proxy: Open, mortal: PrivateRedis, pause: Pause) -> None:
    with serve(OK) as script:
        proxy = open_proxy(options_for(script.url), redis=mortal.url, key_rate="3/day")
        proxy.call(PUBLIC, per_page=1)
        mortal.kill()
        proxy.call(PUBLIC, per_page=2)
        # Calls before and during the outage are counted.
        mortal.start()
        pause.over()
        assert proxy.call(PUBLIC, per_page=3).status_code == 200
        assert refusal(proxy.call(PUBLIC, per_page=4)) == (429, 429)
        with mortal.client as client:
            client.flushall()
        assert refusal(proxy.call(PUBLIC, per_page=5)) == (429, 429)
        assert len(script.asked) == 3


def test_half_open_circuit_admits_one_caller(pause: Pause) -> None:
    breaker = CircuitBreaker()
    assert [breaker.state() for _ in range(2)] == [CircuitState.CLOSED] * 2
    breaker.record_failure(OSError())
    assert breaker.state() is CircuitState.OPEN
    pause.over()
    assert [breaker.state() for _ in range(3)] == [
        CircuitState.HALF_OPEN,
        CircuitState.OPEN,
        CircuitState.OPEN,
    ]
    pause.over()
    assert breaker.state() is CircuitState.HALF_OPEN
    breaker.record_failure(OSError())
    assert breaker.state() is CircuitState.OPEN
    pause.over()
    assert breaker.state() is CircuitState.HALF_OPEN
    breaker.record_success()
    assert breaker.state() is CircuitState.CLOSED

"""Limits on rates, requests in flight, arguments and sizes."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from pyflickr_web.errors import OptionError
from pyflickr_web.proxy.calls.message import ProxyRequest, Refusal
from pyflickr_web.proxy.calls.rates import client_key
from pyflickr_web.proxy.stores.in_flight import HeldBody, LongBodies
from pyflickr_web.proxy.stores.memory import MemoryLimits
from tests.proxy.authenticators import BADGE
from tests.proxy.caller import FORM, refusal
from tests.proxy.proxies import ON_STORES, Open
from tests.proxy.upstream import OK, options_for
from tests.support.scripted_server import Answer, HeldAnswers, run_script, serve
from tests.support.timeouts import TIMEOUT

PUBLIC = "flickr.photos.getRecent"
ECHO = {"method": "flickr.test.echo"}


@pytest.fixture(params=ON_STORES)
def adapter(request: pytest.FixtureRequest) -> str:
    """The name of each adapter in turn, with its store."""
    return str(request.param)


def test_client_over_its_rate_gets_429_with_retry_after(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options, rate="3/day")
    assert [proxy.ask(json=ECHO).status_code for _ in range(3)] == [200] * 3
    answer = proxy.ask(json=ECHO)
    assert refusal(answer) == (429, 429)
    assert 0 < int(answer.headers["Retry-After"]) <= 86400


def test_each_visitor_has_a_rate(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options, "names", rate="2/day").wearing(Authorization=BADGE)
    assert [proxy.ask(json=ECHO).status_code for _ in range(3)] == [200, 200, 429]
    # A refused visitor does not count.
    other = open_proxy(options, "names", rate="1/day")
    assert other.ask(json=ECHO).status_code != 200
    assert other.wearing(Authorization=BADGE).ask(json=ECHO).status_code == 200


def test_cached_answers_do_not_count_against_the_key_rate(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    proxy = open_proxy(options, key_rate="2/day;100/year")
    assert [proxy.call(PUBLIC).status_code for _ in range(5)] == [200] * 5
    assert proxy.call(PUBLIC, per_page=1).status_code == 200
    answer = proxy.call(PUBLIC, per_page=2)
    assert refusal(answer) == (429, 429)
    assert answer.headers["Retry-After"]
    assert proxy.call(PUBLIC).status_code == 200
    assert flickr.calls[PUBLIC] == 2


def test_too_many_at_once_are_refused(
    open_proxy: Open, released_slots: threading.Semaphore
) -> None:
    with run_script(HeldAnswers(OK)) as script, ThreadPoolExecutor(1) as threads:
        proxy = open_proxy(options_for(script.url), in_flight=1)
        first = threads.submit(proxy.call, PUBLIC)
        assert script.reached.wait(TIMEOUT)
        second = proxy.call(PUBLIC, per_page=2)
        script.leave.set()
        assert refusal(second) == (429, 429)
        assert second.headers["Retry-After"] == "1"
        assert first.result().content == OK.body
        assert released_slots.acquire(timeout=TIMEOUT)
        assert proxy.call(PUBLIC, per_page=2).status_code == 200


def test_arguments_are_counted_and_measured(open_one: Open, options: Any) -> None:
    proxy = open_one(options, max_arguments=3, max_length=10)
    many = {**ECHO, "a": "1", "b": "2", "c": "3"}
    assert refusal(proxy.ask(json=many)) == (413, 413)
    assert refusal(proxy.ask(data=many)) == (413, 413)
    assert refusal(proxy.ask("GET", params=many)) == (413, 413)
    assert refusal(proxy.post("&" * 900_000, FORM)) == (413, 413)
    proxy = open_one(options, max_length=20)
    assert refusal(proxy.ask(json={**ECHO, "a": "x" * 21})) == (413, 413)
    assert proxy.ask(json={**ECHO, "a": "x" * 20}).status_code == 200


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"rate": "often"}, "invalid rate 'often': use e.g. 60/minute"),
        ({"rate": "0/minute"}, "rate: .*0/minute.* allows no call: .* leave it empty for no limit"),
        ({"key_rate": "60/minute;0/hour"}, "allows no call"),
        ({"rate": 5}, "rate"),
        ({"perms": "all"}, "invalid perms 'all': use one of none, read, write, delete"),
        ({"origin": "a"}, "did you mean origins"),
        ({"timeout": 0}, "invalid timeout 0: use more than 0"),
        ({"timeout": "5"}, "invalid timeout '5': use a number"),
        ({"timeout": 20000}, "timeout: 20000: timeouts are seconds here; did you mean 20"),
        ({"body_timeout": 30000}, "body_timeout: 30000: .* did you mean 30"),
        ({"upload_timeout": 1e6}, "upload_timeout: 1000000.0: timeouts are seconds .*at most 600"),
        ({"max_body": 1.5}, "invalid max_body 1.5: use a whole number"),
        ({"max_body": True}, "invalid max_body True: use a whole number"),
        ({"allow": [1]}, r"invalid allow \[1\]: use a string"),
        ({"allow": 5}, "invalid allow 5: use a string"),
        ({"origins": None}, "invalid origins None: use a string"),
        ({"perms": []}, r"invalid perms \[\]: use one of none"),
        ({"cache": float("inf")}, "invalid cache inf: use a number"),
        ({"allow": "photos.search"}, "no method matches photos.search; did you mean"),
        ({"deny": "flickr.photo.*"}, "deny: no method matches flickr.photo"),
        ({"origins": "https://example.org:abc"}, "invalid origin"),
        ({"origins": "https://bücher.example"}, "invalid origin"),
        ({"cache": -1}, "invalid cache -1: use 0 or more"),
    ],
)
def test_invalid_setting_is_an_error_at_start(
    open_one: Open, options: Any, setting: dict[str, Any], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        open_one(options, **setting)


def test_household_of_ipv6_is_one_client() -> None:
    def key(address: str) -> str:
        return client_key(ProxyRequest("GET", client=address))

    assert key("2001:db8::1") == key("2001:db8::2") != key("2001:db8:0:1::1")
    assert key("192.0.2.1") != key("192.0.2.2")
    # IPv4 on a dual-stack server.
    assert key("192.0.2.1") == key("::ffff:192.0.2.1") != key("::ffff:192.0.2.2")
    assert key("") == "client"


def test_counters_of_many_addresses_are_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pyflickr_web.proxy.stores.memory.MAX_CALLERS", 100)
    limits = MemoryLimits({"rate": "1/day;5/year", "key_rate": "1/day"})
    assert limits.hit("1/day", "key k") == limits.hit("1/day;5/year", "visitor ada") == 0
    for number in range(1000):
        assert limits.hit("1/day;5/year", f"client 2001:db8:0:{number:x}::") == 0
    kept: Any = limits._limiter.storage.storage  # type: ignore[attr-defined]
    # Each caller has two windows.
    assert len(kept) <= 2 * 100 + 3
    # The last caller still counts, and so do callers of other kinds.
    assert limits.hit("1/day;5/year", f"client 2001:db8:0:{999:x}::") > 0
    assert limits.hit("1/day", "key k") > 0
    assert limits.hit("1/day;5/year", "visitor ada") > 0


def test_each_attempt_is_one_of_the_keys_calls(open_proxy: Open) -> None:
    with serve(Answer(status=503)) as script:
        proxy = open_proxy(options_for(script.url), key_rate="2/year")
        assert refusal(proxy.call(PUBLIC)) == (502, 502)
        assert len(script.asked) == 2
        assert refusal(proxy.call(PUBLIC)) == (429, 429)
        assert len(script.asked) == 2


def test_long_bodies_that_come_are_bounded_all_together(
    open_one: Open, options: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflickr_web.proxy.stores.memory._LONG_BODIES", 100_000)
    proxy = open_one(options)
    text = '{"method":"flickr.test.echo"}'
    assert proxy.post(text + " " * 90_000).status_code == 200
    assert refusal(proxy.post(text + " " * 110_000)) == (429, 429)
    # The refused body is not counted any more.
    assert proxy.post(text + " " * 90_000).status_code == 200


def test_growing_bodies_are_counted_together() -> None:
    bodies = LongBodies(150_000)
    second = HeldBody(bodies)
    with HeldBody(bodies) as first, HeldBody(bodies) as short:
        first.grow(80_000)
        # Short ones are not counted.
        short.grow(60_000)
        second.grow(70_000)
        with pytest.raises(Refusal):
            second.grow(70_001)
    second.grow(150_000)


def test_flask_refuses_chunked_bodies_that_are_too_long_or_truncated(options: Any) -> None:
    app = Flask("tests")
    Flickr(**options).proxy(app, "/rest/", max_body=1000)

    class FailingStream(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def tell(self) -> int:
            return 0

        def seek(self, offset: int, whence: int = 0) -> int:
            return 0

        def readinto(self, buffer: Any) -> int:
            raise OSError("a chunk without a size")

    def status(stream: Any) -> int:
        answer = app.test_client().post(
            "/rest/",
            input_stream=stream,
            content_type="application/json",
            environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        )
        return int(answer.status_code)

    text = b'{"method":"flickr.test.echo"}'
    assert status(io.BytesIO(text + b" " * (1000 - len(text)))) == 200
    assert status(io.BytesIO(text + b" " * 1000)) == 413
    assert status(FailingStream()) == 400

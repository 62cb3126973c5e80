"""Redis as the proxies' store: sharing, secrecy, and entries of other programs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from pyflickr_web.errors import OptionError
from pyflickr_web.oauth.credentials import Credentials
from pyflickr_web.proxy import proxy_asgi
from pyflickr_web.proxy.calls.policy import Policy
from pyflickr_web.proxy.stores.redis_store import ENTRY_SHARE, Seal
from tests.proxy.authenticators import BADGE, with_credentials
from tests.proxy.caller import HIDDEN, refusal
from tests.proxy.proxies import Open
from tests.proxy.upstream import KEY, OK, SECRET, options_for
from tests.support.redis_server import PrivateRedis
from tests.support.scripted_server import Answer, serve

PUBLIC = "flickr.photos.getRecent"
PASSWORD = "hunter2-hunter2"


@pytest.fixture(params=["asgi", "wsgi"])
def adapter(request: pytest.FixtureRequest) -> str:
    """An adapter for each driver of Redis."""
    return str(request.param)


@pytest.fixture
def one(open_proxy: Open, redis: PrivateRedis) -> Open:
    """Open a proxy on Redis."""
    return lambda *words, **policy: open_proxy(*words, **{"redis": redis.url, **policy})


def answers(redis: PrivateRedis) -> list[bytes]:
    """Return the keys of cached answers."""
    with redis.client as client:
        return list(client.scan_iter("*:answer:*"))


def test_proxies_share_answers_and_rates(one: Open, options: Any, flickr: Sandbox) -> None:
    first, second = (one(options, rate="5/day", key_rate="2/day") for _ in range(2))
    content = first.call(PUBLIC).content
    assert second.call(PUBLIC).content == content
    assert flickr.calls[PUBLIC] == 1
    # The second of the API key's two calls, and a third one.
    assert second.call(PUBLIC, per_page=1).status_code == 200
    assert refusal(first.call(PUBLIC, per_page=2)) == (429, 429)
    # The fifth call of this client, then two more.
    assert second.call(PUBLIC).status_code == 200
    assert [proxy.call(PUBLIC).status_code for proxy in (first, second)] == [429, 429]


def test_refused_call_counts_in_none_of_several_windows(
    one: Open, options: Any, redis: PrivateRedis
) -> None:
    first, second = (one(options, key_rate="9/year;1/day") for _ in range(2))
    assert first.call(PUBLIC).status_code == 200
    assert [second.call(PUBLIC, per_page=n).status_code for n in (1, 2, 3)] == [429] * 3
    with redis.client as client:
        assert [client.get(name) for name in client.scan_iter("*/9/1/year*")] == [b"1"]


def test_sites_with_other_keys_share_nothing(one: Open) -> None:
    with serve(Answer(b'{"stat":"ok","n":1}'), Answer(b'{"stat":"ok","n":2}')) as script:
        options = options_for(script.url)
        for number, key in enumerate((KEY, KEY[::-1]), 1):
            proxy = one({**options, "api_key": key}, rate="1/day", key_rate="1/day")
            assert proxy.call(PUBLIC).json()["n"] == number


def test_redis_holds_no_secret_argument_or_address(
    one: Open, options: Any, redis: PrivateRedis
) -> None:
    limits = {"rate": "100/day;1000/year", "key_rate": "100/day"}
    one(options, **limits).call(PUBLIC, per_page=3, min_upload_date="1234567890")
    # A visitor without a name.
    with_credentials(lambda: Credentials(*(options[name] for name in HIDDEN)))
    for kind in ("names", "own"):
        proxy = one(options, kind, perms="write", **limits).wearing(Authorization=BADGE)
        assert proxy.call("flickr.test.login").json()["stat"] == "ok"
    assert len(answers(redis)) == 1
    whole = redis.dump()
    secrets = [options[name] for name in HIDDEN]
    for text in (*secrets, PUBLIC, "1234567890", "127.0.0.1", BADGE):
        assert text.encode() not in whole


@pytest.mark.parametrize(
    "spoil",
    [
        lambda client, name: client.set(name, b""),
        lambda client, name: client.set(name, b'{"stat":"ok","evil":1}' * 10, px=60_000),
        lambda client, name: client.set(name, client.get(name)[:-1], px=60_000),
        lambda client, name: client.set(
            name, client.get(name).replace(b'"n":1', b'"n":9'), px=1000
        ),
        lambda client, name: client.persist(name),
        lambda client, name: client.pexpire(name, 600_000),
        lambda client, name: (client.delete(name), client.lpush(name, b"a")),
    ],
    ids=["empty", "foreign", "cut", "changed", "without end", "lengthened", "list"],
)
def test_tampered_entry_is_ignored(
    one: Open, redis: PrivateRedis, spoil: Callable[[Any, bytes], object]
) -> None:
    with serve(Answer(b'{"stat":"ok","n":1}'), Answer(b'{"stat":"ok","n":2}')) as script:
        proxy = one(options_for(script.url))
        assert proxy.call(PUBLIC).json()["n"] == 1
        with redis.client as client:
            spoil(client, answers(redis)[0])
        assert proxy.call(PUBLIC).json()["n"] == 2
        assert proxy.call(PUBLIC).json()["n"] == 2
        assert len(script.asked) == 2


def test_entry_under_another_key_is_ignored(one: Open, redis: PrivateRedis) -> None:
    with serve(Answer(b'{"stat":"ok","n":1}'), Answer(b'{"stat":"ok","n":2}')) as script:
        proxy = one(options_for(script.url))
        proxy.call(PUBLIC)
        first = answers(redis)[0]
        proxy.call(PUBLIC, per_page=1)
        second = next(name for name in answers(redis) if name != first)
        with redis.client as client:
            client.copy(second, first, replace=True)
        assert proxy.call(PUBLIC).json()["n"] == 2
        assert len(script.asked) == 3


def test_answer_that_another_proxy_kept_is_searched_for_secrets(one: Open) -> None:
    with serve(Answer(f'{{"stat":"ok","a":"{SECRET}"}}'.encode())) as script:
        options = options_for(script.url)
        # The first proxy has no secret configured, so it caches the answer.
        assert one({"api_key": KEY, "base_url": script.url}).call(PUBLIC).status_code == 200
        assert refusal(one(options).call(PUBLIC)) == (502, 502)


def test_long_answer_is_not_cached(one: Open, redis: PrivateRedis) -> None:
    with serve(Answer(b'{"stat":"ok","a":"%s"}' % (b"x" * 1000))) as script:
        one(options_for(script.url), cache_bytes=1000 * ENTRY_SHARE).call(PUBLIC)
        assert answers(redis) == []
        one(options_for(script.url), cache_bytes=1100 * ENTRY_SHARE).call(PUBLIC)
        assert len(answers(redis)) == 1


def test_entries_expire(one: Open, redis: PrivateRedis) -> None:
    with serve(OK) as script:
        one(options_for(script.url), cache=50, stale_if_error=100).call(PUBLIC)
    with redis.client as client:
        assert 100_000 < client.pttl(answers(redis)[0]) <= 150_000


def test_seal_depends_on_api_key_base_url_and_name() -> None:
    seal = Seal(KEY, "")
    name = seal.name("answer", "a")
    kept = seal.seal(name, b"body", 1000)
    assert seal.unseal(name, kept) == (b"body", 1000)
    assert seal.unseal(seal.name("answer", "b"), kept) is None
    for other in (Seal(SECRET, ""), Seal(KEY, "https://flickr.example")):
        assert other.prefix != seal.prefix
        assert other.unseal(name, kept) is None
    assert seal.name("who", "\ud800")


@pytest.mark.parametrize(
    "url",
    [
        f"http://:{PASSWORD}@localhost",
        f"redis:/:{PASSWORD}@localhost",
        f"redis://:{PASSWORD}@localhost:port",
        f"redis://:{PASSWORD}@localhost:99999/0",
        f"redis://:{PASSWORD}@localhost/nought",
        f"redis://:{PASSWORD}@localhost/0?socket_timeout=long",
        f"redis://:{PASSWORD}@localhost/0?option=1",
        f"redis://:{PASSWORD}@[localhost",
        "redis://",
        "unix://socket",
        PASSWORD,
    ],
)
def test_invalid_address_is_an_error_that_does_not_repeat_it(url: str) -> None:
    with pytest.raises(OptionError, match="redis must be the URL of a Redis") as error:
        proxy_asgi(Flickr(api_key=KEY), redis=url)
    assert PASSWORD not in str(error.value)
    assert error.value.__suppress_context__


def test_address_must_be_a_string() -> None:
    with pytest.raises(OptionError, match="redis must be an address, such as redis://"):
        Policy.of({"redis": 6379})
    assert Policy.of({"redis": None}).redis == ""


def test_valid_addresses_are_accepted() -> None:
    for url in (
        "redis://localhost",
        f"redis://user:{PASSWORD}@[::1]:6380/2",
        "rediss://localhost/1?ssl_cert_reqs=none",
        f"unix://:{PASSWORD}@/run/redis/socket?db=1",
    ):
        policy = proxy_asgi(Flickr(api_key=KEY), redis=url).handlers.policy
        assert url not in repr(policy)
        assert PASSWORD not in repr(policy)


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'pyflickr-web\[redis\]'"):
        proxy_asgi(Flickr(api_key=KEY), redis="redis://localhost")

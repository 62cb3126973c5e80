"""Redis as the proxies' store: what they share, what stands there, and what they believe of it."""

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
from pyflickr_web.proxy.stores.redis_store import SHARE, Seal
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
    """The adapters with a driver of Redis each."""
    return str(request.param)


@pytest.fixture
def one(open_proxy: Open, redis: PrivateRedis) -> Open:
    """Opens a proxy on Redis."""
    return lambda *words, **policy: open_proxy(*words, **{"redis": redis.url, **policy})


def answers(redis: PrivateRedis) -> list[bytes]:
    """The names of the answers that are kept."""
    with redis.client as client:
        return list(client.scan_iter("*:answer:*"))


def test_proxies_share_answers_and_rates(one: Open, options: Any, flickr: Sandbox) -> None:
    first, second = (one(options, rate="5/day", key_rate="2/day") for _ in range(2))
    told = first.call(PUBLIC).content
    assert second.call(PUBLIC).content == told
    assert flickr.calls[PUBLIC] == 1
    # The second of two calls that the key has; the third is over.
    assert second.call(PUBLIC, per_page=1).status_code == 200
    assert refusal(first.call(PUBLIC, per_page=2)) == (429, 429)
    # The fifth call of this client, and the sixth.
    assert second.call(PUBLIC).status_code == 200
    assert [proxy.call(PUBLIC).status_code for proxy in (first, second)] == [429, 429]


def test_several_windows_are_taken_from_together(
    one: Open, options: Any, redis: PrivateRedis
) -> None:
    first, second = (one(options, key_rate="9/day;1/hour") for _ in range(2))
    assert first.call(PUBLIC).status_code == 200
    assert [second.call(PUBLIC, per_page=n).status_code for n in (1, 2, 3)] == [429] * 3
    with redis.client as client:
        assert [client.get(name) for name in client.scan_iter("*/9/1/day*")] == [b"1"]


def test_sites_with_other_keys_share_nothing(one: Open) -> None:
    with serve(Answer(b'{"stat":"ok","n":1}'), Answer(b'{"stat":"ok","n":2}')) as script:
        options = options_for(script.url)
        for number, key in enumerate((KEY, KEY[::-1]), 1):
            proxy = one({**options, "api_key": key}, rate="1/day", key_rate="1/day")
            assert proxy.call(PUBLIC).json()["n"] == number


def test_redis_learns_no_secret_and_nothing_of_what_is_asked(
    one: Open, options: Any, redis: PrivateRedis
) -> None:
    limits = {"rate": "100/day;1000/year", "key_rate": "100/day"}
    one(options, **limits).call(PUBLIC, per_page=3, min_upload_date="1234567890")
    # A visitor whose token is all that is known of him.
    with_credentials(lambda: Credentials(*(options[name] for name in HIDDEN)))
    for kind in ("names", "own"):
        proxy = one(options, kind, perms="write", **limits).wearing(Authorization=BADGE)
        assert proxy.call("flickr.test.login").json()["stat"] == "ok"
    assert len(answers(redis)) == 1
    whole = redis.dump_all()
    known = [options[name] for name in HIDDEN]
    for text in (*known, PUBLIC, "1234567890", "127.0.0.1", BADGE):
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
def test_what_is_no_entry_is_none(
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


def test_entry_under_another_name_is_none(one: Open, redis: PrivateRedis) -> None:
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
        # It does not know the secret that it passes on.
        assert one({"api_key": KEY, "base_url": script.url}).call(PUBLIC).status_code == 200
        assert refusal(one(options).call(PUBLIC)) == (502, 502)


def test_long_answer_is_not_kept(one: Open, redis: PrivateRedis) -> None:
    with serve(Answer(b'{"stat":"ok","a":"%s"}' % (b"x" * 1000))) as script:
        one(options_for(script.url), cache_bytes=1000 * SHARE).call(PUBLIC)
        assert answers(redis) == []
        one(options_for(script.url), cache_bytes=1100 * SHARE).call(PUBLIC)
        assert len(answers(redis)) == 1


def test_entries_end_by_themselves(one: Open, redis: PrivateRedis) -> None:
    with serve(OK) as script:
        one(options_for(script.url), cache=50, stale_if_error=100).call(PUBLIC)
    with redis.client as client:
        assert 100_000 < client.pttl(answers(redis)[0]) <= 150_000


def test_seal_is_of_a_key_an_address_and_a_name() -> None:
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
def test_address_that_cannot_be_is_told_without_it(url: str) -> None:
    with pytest.raises(OptionError, match="redis must be the address of a Redis") as told:
        proxy_asgi(Flickr(api_key=KEY), redis=url)
    assert PASSWORD not in str(told.value)
    assert told.value.__suppress_context__


def test_address_is_a_text() -> None:
    with pytest.raises(OptionError, match="redis must be an address, such as redis://"):
        Policy.of({"redis": 6379})
    assert Policy.of({"redis": None}).redis == ""


def test_addresses_are_taken() -> None:
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

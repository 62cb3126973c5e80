"""A sandbox as Flickr, and proxies in front of it: one suite for all adapters."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web.proxy.stores.in_flight import InFlight
from pyflickr_web.serve.server import protocol_settings
from tests.proxy.proxies import ON, Open, open_on_adapter
from tests.proxy.servers import ADAPTERS
from tests.support.account import options_of
from tests.support.environment import bare_environment
from tests.support.redis_server import PrivateRedis, private_redis

__all__ = ["bare_environment"]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Flickr; tests change it only through `flickr`."""
    with Sandbox(photos=60, seed=1) as sandbox:
        sandbox.mark()
        yield sandbox


@pytest.fixture
def flickr(sandbox: Sandbox) -> Sandbox:
    """Flickr in its initial state, without calls."""
    sandbox.reset()
    return sandbox


@pytest.fixture(autouse=True)
def immediate_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let proxies in this process retry after a short pause."""
    monkeypatch.setattr("pyflickr_web.proxy.calls.upstream.BACKOFF", 0.01)


@pytest.fixture(params=sorted(ADAPTERS))
def adapter(request: pytest.FixtureRequest) -> str:
    """The name of each adapter in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def running_redis() -> Iterator[PrivateRedis]:
    """A Redis for all tests, which must not stop it."""
    with private_redis() as server:
        yield server


@pytest.fixture
def redis(running_redis: PrivateRedis, monkeypatch: pytest.MonkeyPatch) -> PrivateRedis:
    """An empty Redis, with a timeout that is long enough for a busy machine."""
    monkeypatch.setattr("pyflickr_web.proxy.stores.redis_client.REDIS_TIMEOUT", 20.0)
    with running_redis.client as client:
        client.flushall()
    return running_redis


@pytest.fixture
def open_proxy(adapter: str, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open a proxy on the adapter: `open_proxy(options, authenticator=KIND, **policy)`."""
    name, _, on_redis = adapter.partition(ON)
    store = {"redis": request.getfixturevalue("redis").url} if on_redis else {}
    with ExitStack() as stack:
        yield lambda options, authenticator=None, **policy: stack.enter_context(
            open_on_adapter(name, options, authenticator, {**store, **policy})
        )


@pytest.fixture
def released_slots(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """A semaphore that is released with each slot: a server may release a slot after its client has the
    answer, so a test waits before it expects the slot to be free."""
    released, release = threading.Semaphore(0), InFlight.release

    def release_and_count(in_flight: InFlight, caller: str | None) -> None:
        release(in_flight, caller)
        released.release()

    monkeypatch.setattr(InFlight, "release", release_and_count)
    return released


@pytest.fixture(params=["asyncio", "auto"])
def loop(request: pytest.FixtureRequest) -> str:
    """The event loop of a server: asyncio's, and uvloop if it is installed."""
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["supported", "unsupported"])
def protocol(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The settings of the protocol of `serve`, for supported and unsupported versions of uvicorn."""
    return protocol_settings(request.param)


@pytest.fixture
def server_settings(protocol: dict[str, Any], loop: str) -> dict[str, Any]:
    """The settings of a server like that of `serve`."""
    return {**protocol, "lifespan": "off", "loop": loop}


@pytest.fixture
def open_one() -> Iterator[Open]:
    """Like `open_proxy`, on one adapter, for tests that do not depend on it."""
    with ExitStack() as stack:
        yield lambda options, authenticator=None, **policy: stack.enter_context(
            open_on_adapter("starlette", options, authenticator, policy)
        )


@pytest.fixture
def options(flickr: Sandbox) -> dict[str, Any]:
    """The options of a client that is signed in to the sandbox."""
    return options_of(flickr)

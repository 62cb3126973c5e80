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
    """Flickr, which no test here may change but by `fresh`."""
    with Sandbox(photos=60, seed=1) as sandbox:
        sandbox.mark()
        yield sandbox


@pytest.fixture
def flickr(sandbox: Sandbox) -> Sandbox:
    """Flickr, as it was at the start, which nobody has called yet."""
    sandbox.reset()
    return sandbox


@pytest.fixture(params=sorted(ADAPTERS))
def adapter(request: pytest.FixtureRequest) -> str:
    """The name of each adapter in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def running_redis() -> Iterator[PrivateRedis]:
    """A Redis, which no test may end."""
    with private_redis() as server:
        yield server


@pytest.fixture
def redis(running_redis: PrivateRedis, monkeypatch: pytest.MonkeyPatch) -> PrivateRedis:
    """A Redis that holds nothing, and is waited for however busy this machine is."""
    monkeypatch.setattr("pyflickr_web.proxy.stores.redis_client.REDIS_TIMEOUT", 20.0)
    with running_redis.client as client:
        client.flushall()
    return running_redis


@pytest.fixture
def open_proxy(adapter: str, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a proxy on the adapter: `open_proxy(options, authenticator=KIND, **policy)`."""
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
    """The event loop of a server: Python's, and uvloop where there is one."""
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["known", "unknown"])
def protocol(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The settings of the protocol of `serve`, for a known uvicorn and for an unknown one."""
    return protocol_settings(request.param)


@pytest.fixture
def server_settings(protocol: dict[str, Any], loop: str) -> dict[str, Any]:
    """The settings of a server like that of `serve`."""
    return {**protocol, "lifespan": "off", "loop": loop}


@pytest.fixture
def open_one() -> Iterator[Open]:
    """As `open_proxy`, on one adapter: for what no adapter has a part in."""
    with ExitStack() as stack:
        yield lambda options, authenticator=None, **policy: stack.enter_context(
            open_on_adapter("starlette", options, authenticator, policy)
        )


@pytest.fixture
def options(flickr: Sandbox) -> dict[str, Any]:
    """The options of a client that is signed in to the sandbox."""
    return options_of(flickr)

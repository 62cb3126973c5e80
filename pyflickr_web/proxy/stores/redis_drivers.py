"""Drivers of the store in Redis, for threads and for tasks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from pyflickr_web.proxy.stores import redis_client
from pyflickr_web.proxy.stores.redis_store import Calls, RedisStore

if TYPE_CHECKING:
    from pyflickr_web.proxy.calls.effects import CacheGet, CacheSet, RateHit
    from pyflickr_web.proxy.calls.policy import Policy
    from pyflickr_web.proxy.calls.upstream import Upstream
    from pyflickr_web.proxy.stores.memory import Stores

# Connections of one event loop; more of them are not faster.
CONNECTIONS = 16


class RedisThreads:
    """Performs effects in the policy's Redis, or in `memory` while Redis is unavailable."""

    def __init__(self, upstream: Upstream, policy: Policy, memory: Stores) -> None:
        self._redis = redis_client.thread_client(policy.redis)
        self._store = RedisStore(self._redis, upstream, policy, memory)

    def perform(self, effect: CacheGet | CacheSet | RateHit) -> Any:
        """Perform an effect and return its result."""
        return _run_calls(self._store.perform(effect))

    def ping(self) -> bool:
        """Return True if Redis works now."""
        return bool(_run_calls(self._store.ping()))

    def close(self) -> None:
        """Close idle connections."""
        self._redis.client.close()


def _run_calls(calls: Calls) -> Any:
    result = None
    while True:
        try:
            result = calls.send(result)
        except StopIteration as stop:
            return stop.value


class RedisTasks:
    """Performs effects like `RedisThreads`, in the event loop in which it is first used."""

    def __init__(self, upstream: Upstream, policy: Policy, memory: Stores) -> None:
        self._redis = redis_client.task_client(policy.redis)
        self._store = RedisStore(self._redis, upstream, policy, memory)
        # Requests that wait here read the circuit breaker only when they get a connection.
        self._connections = asyncio.Semaphore(CONNECTIONS)

    async def perform(self, effect: CacheGet | CacheSet | RateHit) -> Any:
        """Perform an effect and return its result."""
        async with self._connections:
            return await _await_calls(self._store.perform(effect))

    async def ping(self) -> bool:
        """Return True if Redis works now."""
        async with self._connections:
            return bool(await _await_calls(self._store.ping()))

    async def close(self) -> None:
        """Close idle connections."""
        await self._redis.client.aclose()


async def _await_calls(calls: Calls) -> Any:
    end = asyncio.get_running_loop().time() + redis_client.REDIS_TIMEOUT
    try:
        call = calls.send(None)
        while True:
            try:
                async with asyncio.timeout_at(end):
                    result = await call
            except Exception as error:
                call = calls.throw(error)
            else:
                call = calls.send(result)
    except StopIteration as stop:
        return stop.value

"""What a proxy remembers in Redis, for tasks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from pyflickr_web.proxy.stores import redis_client
from pyflickr_web.proxy.stores.redis_store import Calls, RedisStore

if TYPE_CHECKING:
    from pyflickr_web.proxy.calls.effects import Keep, Look, Take
    from pyflickr_web.proxy.calls.policy import Policy
    from pyflickr_web.proxy.calls.upstream import Upstream
    from pyflickr_web.proxy.stores.memory_stores import Stores

# One event loop does not keep more connections busy.
CONNECTIONS = 16


class RedisTasks:
    """As `RedisThreads`; its connections belong to the event loop in which it is first used."""

    def __init__(self, upstream: Upstream, policy: Policy, memory: Stores) -> None:
        self._redis = redis_client.for_tasks(policy.redis)
        self._store = RedisStore(self._redis, upstream, policy, memory)
        # Who waits here asks whether Redis is there when it is its turn.
        self._turns = asyncio.Semaphore(CONNECTIONS)

    async def perform(self, effect: Look | Keep | Take) -> Any:
        """The answer to an effect."""
        async with self._turns:
            return await _run(self._store.perform(effect))

    async def answers(self) -> bool:
        """Whether Redis can do now what it is there for."""
        async with self._turns:
            return bool(await _run(self._store.answers()))

    async def close(self) -> None:
        """Close the connections that are kept."""
        await self._redis.client.aclose()


async def _run(calls: Calls) -> Any:
    end = asyncio.get_running_loop().time() + redis_client.PATIENCE
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

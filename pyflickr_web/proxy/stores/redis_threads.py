"""What a proxy remembers in Redis, for threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyflickr_web.proxy.stores import redis_client
from pyflickr_web.proxy.stores.redis_store import Calls, RedisStore

if TYPE_CHECKING:
    from pyflickr_web.proxy.calls.effects import Keep, Look, Take
    from pyflickr_web.proxy.calls.policy import Policy
    from pyflickr_web.proxy.calls.upstream import Upstream
    from pyflickr_web.proxy.stores.memory_stores import Stores


class RedisThreads:
    """Performs effects in the Redis of a policy; `memory` takes over while it is away."""

    def __init__(self, upstream: Upstream, policy: Policy, memory: Stores) -> None:
        self._redis = redis_client.for_threads(policy.redis)
        self._store = RedisStore(self._redis, upstream, policy, memory)

    def perform(self, effect: Look | Keep | Take) -> Any:
        """The answer to an effect."""
        return _run(self._store.perform(effect))

    def answers(self) -> bool:
        """Whether Redis can do now what it is there for."""
        return bool(_run(self._store.answers()))

    def close(self) -> None:
        """Close the connections that are kept."""
        self._redis.client.close()


def _run(calls: Calls) -> Any:
    result = None
    while True:
        try:
            result = calls.send(result)
        except StopIteration as stop:
            return stop.value

"""Cache and rate limits in Redis, shared by processes and machines."""

from __future__ import annotations

import hashlib
import hmac
import struct
import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from pyflickr_web.proxy.calls.effects import CacheEntry, CacheGet, CacheSet, RateHit
from pyflickr_web.proxy.stores.circuit_breaker import CircuitBreaker, CircuitState

if TYPE_CHECKING:
    from limits import RateLimitItem

    from pyflickr_web.proxy.calls.policy import Policy
    from pyflickr_web.proxy.calls.upstream import Upstream
    from pyflickr_web.proxy.stores.memory import Stores
    from pyflickr_web.proxy.stores.redis_client import Redis

# A generator that yields calls of the client: results for threads, awaitables for tasks.
Calls = Generator[Any, Any, Any]
# An entry may take up to one part in this many of `cache_bytes`.
ENTRY_SHARE = 8
# Get an entry and its remaining milliseconds; a value that is not a string is not an entry.
_GET = "return {redis.pcall('GET', KEYS[1]), redis.call('PTTL', KEYS[1])}"
_PROBE_MS = 1000
# Part of all keys: change it together with the format of entries.
_VERSION = "pyflickr-web 1"
_MILLISECONDS = struct.Struct(">Q")
_SEAL = 32


class RedisStore:
    """Performs effects in Redis, for threads or for tasks.

    While Redis is unavailable, the memory of the process is used, as without Redis. Calls are also
    counted in memory, so that rates hold if Redis fails or loses its data.
    """

    def __init__(self, redis: Redis, upstream: Upstream, policy: Policy, memory: Stores) -> None:
        options = upstream.options
        self._seal = Seal(options["api_key"], options.get("base_url") or "")
        self._client = redis.client
        self._get_script = self._client.register_script(_GET)
        self._has_rates = bool(policy.rate or policy.key_rate)
        self._limiter: Any = redis.limiter(self._seal.prefix) if self._has_rates else None
        self._leaks_credential = upstream.leaks_credential
        self._longest = policy.cache_bytes // ENTRY_SHARE
        self._memory = memory
        self._breaker = CircuitBreaker()

    def perform(self, effect: CacheGet | CacheSet | RateHit) -> Calls:
        """Perform an effect and return its result, like `Stores.perform`."""
        if isinstance(effect, RateHit):
            seconds = self._memory.limits.wait_time(effect.rate, effect.caller)
            if seconds:
                return seconds
        done = yield from self._try(lambda: self._perform_in_redis(effect))
        return self._memory.perform(effect) if done is None else done[0]

    def ping(self) -> Calls:
        """Return True if Redis works now."""
        done = yield from self._try(self._probe)
        return done is not None

    def _try(self, calls: Callable[[], Calls]) -> Calls:
        """Return the result of `calls` in a tuple; None if Redis fails."""
        state = self._breaker.state()
        if state is CircuitState.OPEN:
            return None
        try:
            if state is CircuitState.HALF_OPEN:
                yield from self._probe()
                self._breaker.record_success()
            return ((yield from calls()),)
        except Exception as error:
            # No answer of Redis may fail a request.
            self._breaker.record_failure(error)
            return None

    def _probe(self) -> Calls:
        """Try each kind of command that is used, with separate keys."""
        name = self._seal.name("probe", "")
        yield self._client.set(name, b"", px=_PROBE_MS)
        yield self._get_script([name])
        if self._has_rates:
            from limits import RateLimitItemPerSecond

            yield self._limiter.hit(RateLimitItemPerSecond(1), self._seal.name("probe", "rate"))

    def _perform_in_redis(self, effect: CacheGet | CacheSet | RateHit) -> Calls:
        if isinstance(effect, CacheGet):
            return (yield from self._get(effect))
        if isinstance(effect, CacheSet):
            return (yield from self._set(effect))
        return (yield from self._hit(effect))

    def _get(self, effect: CacheGet) -> Calls:
        name = self._seal.name("answer", effect.key)
        value, left = yield self._get_script([name])
        entry = self._seal.unseal(name, value)
        if entry is None:
            return None
        body, ttl = entry
        # Another proxy stored it, which may have fewer secrets configured.
        if not 0 <= left <= ttl or self._leaks_credential(body, None):
            return None
        # The age comes from Redis, because clocks of machines differ.
        return CacheEntry(body, time.monotonic() - (ttl - left) / 1000)

    def _set(self, effect: CacheSet) -> Calls:
        body, ttl = effect.entry.body, max(1, round(effect.seconds * 1000))
        if len(body) <= self._longest:
            name = self._seal.name("answer", effect.key)
            yield self._client.set(name, self._seal.seal(name, body, ttl), px=ttl)

    def _hit(self, effect: RateHit) -> Calls:
        caller_key = self._seal.name("who", effect.caller)
        items = self._memory.limits.items(effect.rate)
        # Several windows are tested first, so that a refused call counts in none of them.
        for item in items if len(items) > 1 else []:
            if not (yield self._limiter.test(item, caller_key)):
                return (yield from self._wait(item, caller_key))
        for item in items:
            if not (yield self._limiter.hit(item, caller_key)):
                return (yield from self._wait(item, caller_key))
        self._memory.limits.count(effect.rate, effect.caller)
        return 0.0

    def _wait(self, item: RateLimitItem, caller_key: str) -> Calls:
        stats = yield self._limiter.get_window_stats(item, caller_key)
        return max(1.0, stats.reset_time - time.time())


class Seal:
    """Hashes the keys and signs the entries of the proxies of one API key.

    Readers of Redis learn neither the API key, nor calls, nor callers. Entries that another program
    wrote, or moved to another key, are ignored.
    """

    def __init__(self, api_key: str, base_url: str) -> None:
        self._key = hashlib.sha256("\n".join((_VERSION, api_key, base_url)).encode()).digest()
        self.prefix = f"pyflickr-web:{self._hash('prefix')}"

    def name(self, kind: str, text: str) -> str:
        """Return the key in Redis for a text of a kind."""
        return f"{self.prefix}:{kind}:{self._hash(text)}"

    def seal(self, name: str, body: bytes, ttl: int) -> bytes:
        """Return the signed entry of the key `name` for a body that expires after `ttl` milliseconds."""
        content = _MILLISECONDS.pack(ttl) + body
        return self._signature(name, content) + content

    def unseal(self, name: str, value: object) -> tuple[bytes, int] | None:
        """Return body and milliseconds of an entry that was sealed for the key `name`, else None."""
        if not isinstance(value, bytes) or len(value) < _SEAL + _MILLISECONDS.size:
            return None
        seal, content = value[:_SEAL], value[_SEAL:]
        if not hmac.compare_digest(seal, self._signature(name, content)):
            return None
        return content[_MILLISECONDS.size :], _MILLISECONDS.unpack_from(content)[0]

    def _signature(self, name: str, content: bytes) -> bytes:
        return hmac.digest(self._key, name.encode() + b"\n" + content, "sha256")

    def _hash(self, text: str) -> str:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]

"""Cache and limits in Redis, which several processes and machines share."""

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

# What is called: a client for threads has it answered at once, one for tasks has it awaited.
Calls = Generator[Any, Any, Any]
# One entry may take this share of what the cache of a process may.
ENTRY_SHARE = 8
# An entry with the milliseconds that it has left. What is no text there is no entry.
_GET = "return {redis.pcall('GET', KEYS[1]), redis.call('PTTL', KEYS[1])}"
_PROBE_MS = 1000
# A change of what is kept begins its names anew.
_VERSION = "pyflickr-web 1"
_MILLISECONDS = struct.Struct(">Q")
_SEAL = 32


class RedisStore:
    """Performs effects in a Redis of threads or of tasks.

    While Redis is away, they are performed in the memory of the process, as without Redis. What a
    process has taken of a rate, it counts in memory too: so a rate is kept where Redis is lost, or
    loses what it held.
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
        """Perform an effect and return its result, as `Stores.perform` does."""
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
            # Whatever it is that answers there, no request fails of it.
            self._breaker.record_failure(error)
            return None

    def _probe(self) -> Calls:
        """Try every command that is used, with keys of its own."""
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
        kept, left = yield self._get_script([name])
        entry = self._seal.unseal(name, kept)
        if entry is None:
            return None
        body, ttl = entry
        # The proxy that kept it may have known fewer secrets.
        if not 0 <= left <= ttl or self._leaks_credential(body, None):
            return None
        # Redis alone tells the time: clocks of machines differ.
        return CacheEntry(body, time.monotonic() - (ttl - left) / 1000)

    def _set(self, effect: CacheSet) -> Calls:
        body, ttl = effect.entry.body, max(1, round(effect.seconds * 1000))
        if len(body) <= self._longest:
            name = self._seal.name("answer", effect.key)
            yield self._client.set(name, self._seal.seal(name, body, ttl), px=ttl)

    def _hit(self, effect: RateHit) -> Calls:
        caller_key = self._seal.name("who", effect.caller)
        items = self._memory.limits.items(effect.rate)
        # Of several windows either all are taken from or none.
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
    """Names and seals what the proxies of one API key keep.

    Whoever reads Redis learns neither key nor what was asked, nor by whom; what somebody else has
    written there, or put under another name, is not taken for an answer.
    """

    def __init__(self, api_key: str, base_url: str) -> None:
        self._key = hashlib.sha256("\n".join((_VERSION, api_key, base_url)).encode()).digest()
        self.prefix = f"pyflickr-web:{self._hash('prefix')}"

    def name(self, kind: str, text: str) -> str:
        """Return the key of `text` in Redis, among others of its kind."""
        return f"{self.prefix}:{kind}:{self._hash(text)}"

    def seal(self, name: str, body: bytes, ttl: int) -> bytes:
        """Return the bytes to store under `name` for a body that lives for `ttl` milliseconds."""
        content = _MILLISECONDS.pack(ttl) + body
        return self._signature(name, content) + content

    def unseal(self, name: str, kept: object) -> tuple[bytes, int] | None:
        """Return body and milliseconds of an entry that was sealed under `name`; None for any other."""
        if not isinstance(kept, bytes) or len(kept) < _SEAL + _MILLISECONDS.size:
            return None
        seal, content = kept[:_SEAL], kept[_SEAL:]
        if not hmac.compare_digest(seal, self._signature(name, content)):
            return None
        return content[_MILLISECONDS.size :], _MILLISECONDS.unpack_from(content)[0]

    def _signature(self, name: str, content: bytes) -> bytes:
        return hmac.digest(self._key, name.encode() + b"\n" + content, "sha256")

    def _hash(self, text: str) -> str:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]

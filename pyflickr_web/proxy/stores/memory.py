"""Cache and rate limits in the memory of this process, thread-safe."""

from __future__ import annotations

import sys
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyflickr_web.proxy.calls.effects import CacheEntry, CacheGet, CacheSet, RateHit
from pyflickr_web.proxy.stores.in_flight import InFlight, LongBodies
from pyflickr_web.transports.errors import OptionError

if TYPE_CHECKING:
    from limits import RateLimitItem

    from pyflickr_web.proxy.calls.policy import Policy

# Bytes of an entry beside its key and body.
_OVERHEAD = 300
# Callers that are counted at most, because the library iterates over all of them many times a second.
MAX_CALLERS = 10_000
# Bytes of long request bodies that are in memory at once.
_LONG_BODIES = 64_000_000


class MemoryCache:
    """An LRU cache of at most `most` bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        # Body, arrival and expiry: the garbage collector does not track tuples of such values, and there
        # are thousands of them.
        self._entries: OrderedDict[str, tuple[bytes, float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> CacheEntry | None:
        """Return the entry of a key until it is dropped, fresh or stale."""
        with self._lock:
            found = self._entries.get(key)
            if found is None:
                return None
            body, at, expiry = found
            if expiry < time.monotonic():
                self._drop(key)
                return None
            self._entries.move_to_end(key)
            return CacheEntry(body, at)

    def set(self, key: str, entry: CacheEntry, seconds: float) -> None:
        """Store an entry for `seconds`, unless it is larger than the cache."""
        with self._lock:
            if key in self._entries:
                self._drop(key)
            size = _size(key, entry.body)
            if size > self._most:
                return
            while self._bytes + size > self._most:
                self._drop(next(iter(self._entries)))
            self._entries[key] = entry.body, entry.at, time.monotonic() + seconds
            self._bytes += size

    def _drop(self, key: str) -> None:
        self._bytes -= _size(key, self._entries.pop(key)[0])


class MemoryLimits:
    """Counts calls in sliding windows, with the library `limits`.

    It counts at most `MAX_CALLERS` of each kind of caller (`client …`, `visitor …`, `key …`), and
    forgets the one whose last call is the oldest.
    """

    def __init__(self, rates: Mapping[str, str]) -> None:
        """Parse `rates`, by the names of their settings. Raises `OptionError` for an invalid one."""
        self._items = {rate: _parse_rate(name, rate) for name, rate in rates.items() if rate}
        self._callers: defaultdict[str, OrderedDict[tuple[str, str], None]]
        self._callers = defaultdict(OrderedDict)
        self._lock = threading.Lock()
        if self._items:
            from limits.storage import MemoryStorage
            from limits.strategies import SlidingWindowCounterRateLimiter

            self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def hit(self, rate: str, caller: str) -> float:
        """Count a call. Return 0, or the seconds to wait if the rate is used up."""
        return self.wait_time(rate, caller) or (0.0 if self.count(rate, caller) else 1.0)

    def wait_time(self, rate: str, caller: str) -> float:
        """Return the seconds to wait, without counting a call."""
        for item in self._items[rate]:
            if not self._limiter.test(item, caller):
                stats = self._limiter.get_window_stats(item, caller)
                return max(1.0, stats.reset_time - time.time())
        return 0.0

    def count(self, rate: str, caller: str) -> bool:
        """Count a call; return False if the rate is used up."""
        self._remember(rate, caller)
        return all(self._limiter.hit(item, caller) for item in self._items[rate])

    def _remember(self, rate: str, caller: str) -> None:
        with self._lock:
            callers = self._callers[caller.partition(" ")[0]]
            callers[rate, caller] = None
            callers.move_to_end((rate, caller))
            oldest = callers.popitem(last=False)[0] if len(callers) > MAX_CALLERS else None
        if oldest:
            for item in self._items[oldest[0]]:
                self._limiter.clear(item, oldest[1])

    def items(self, rate: str) -> list[RateLimitItem]:
        """Return the windows of a rate as objects of `limits`; all of them apply."""
        return self._items[rate]


@dataclass(frozen=True, slots=True)
class Stores:
    """The cache, rate limits, requests in flight, and bytes of their bodies."""

    cache: MemoryCache
    limits: MemoryLimits
    in_flight: InFlight
    bodies: LongBodies

    @classmethod
    def of(cls, policy: Policy) -> Stores:
        """Return empty stores, in memory. Raises `OptionError` for an invalid rate."""
        limits = MemoryLimits({"rate": policy.rate, "key_rate": policy.key_rate})
        in_flight = InFlight(policy.in_flight, policy.in_flight_each)
        return cls(MemoryCache(policy.cache_bytes), limits, in_flight, LongBodies(_LONG_BODIES))

    def perform(self, effect: CacheGet | CacheSet | RateHit) -> Any:
        """Perform an effect and return its result."""
        if isinstance(effect, CacheGet):
            return self.cache.get(effect.key)
        if isinstance(effect, CacheSet):
            return self.cache.set(effect.key, effect.entry, effect.seconds)
        return self.limits.hit(effect.rate, effect.caller)


def _size(key: str, body: bytes) -> int:
    # `getsizeof`, because a character of a key may take four bytes.
    return sys.getsizeof(key) + len(body) + _OVERHEAD


def _parse_rate(name: str, rate: str) -> list[RateLimitItem]:
    try:
        from limits import parse_many
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"rates need {error.name}: pip install 'pyflickr-web[proxy]'", name=error.name
        ) from None
    try:
        items = parse_many(rate)
    except ValueError:
        raise OptionError(
            f"{name}: invalid rate {rate!r}: use e.g. 60/minute or 3600/hour"
        ) from None
    if not all(item.amount for item in items):
        raise OptionError(
            f"{name}: {rate!r} allows no call: use e.g. 60/minute, or leave it empty for no limit"
        )
    return items

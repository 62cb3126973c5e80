"""Cache and limits in the memory of this process, for threads and tasks alike."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pyflickr_web.errors import OptionError
from pyflickr_web.proxy.calls.effects import Entry
from pyflickr_web.proxy.calls.message import Refused

if TYPE_CHECKING:
    from limits import RateLimitItem

# What an entry takes beside its texts.
_OVERHEAD = 300
# Bodies of calls are shorter, nearly all.
SHORT = 64 * 1024
# Callers whose counters are kept. The library looks through all of them many times a second.
COUNTED = 10_000
_LATER = {"retry-after": "1"}


class MemoryCache:
    """Keeps entries in at most `most` bytes; the longest unused ones go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        # Body, moment and end: of tuples that hold no objects, the garbage collector looks at none, and
        # these are thousands.
        self._entries: OrderedDict[str, tuple[bytes, float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def look(self, key: str) -> Entry | None:
        """The entry of a key, however old."""
        with self._lock:
            found = self._entries.get(key)
            if found is None:
                return None
            body, at, end = found
            if end < time.monotonic():
                self._drop(key)
                return None
            self._entries.move_to_end(key)
            return Entry(body, at)

    def keep(self, key: str, entry: Entry, seconds: float) -> None:
        """Keep an entry; one that would take all the room is not kept."""
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
    """Counts what callers take in windows of time that slide, by the library `limits`.

    Of each kind of caller (`client …`, `visitor …`, `key …`) it counts `COUNTED` at most; those who have
    called longest ago are forgotten first.
    """

    def __init__(self, rates: Mapping[str, str]) -> None:
        """`rates` are by the name of their setting. Raises `OptionError` for one that cannot be."""
        self._items = {rate: _parsed(name, rate) for name, rate in rates.items() if rate}
        self._callers: defaultdict[str, OrderedDict[tuple[str, str], None]]
        self._callers = defaultdict(OrderedDict)
        self._lock = threading.Lock()
        if self._items:
            from limits.storage import MemoryStorage
            from limits.strategies import SlidingWindowCounterRateLimiter

            self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def take(self, rate: str, who: str) -> float:
        """0 where there was one to take, else the seconds until there is one."""
        return self.missing(rate, who) or (0.0 if self.count(rate, who) else 1.0)

    def missing(self, rate: str, who: str) -> float:
        """As `take`, taking nothing."""
        for item in self._items[rate]:
            if not self._limiter.test(item, who):
                stats = self._limiter.get_window_stats(item, who)
                return max(1.0, stats.reset_time - time.time())
        return 0.0

    def count(self, rate: str, who: str) -> bool:
        """Take one; return True if there was one to take."""
        self._remember(rate, who)
        return all(self._limiter.hit(item, who) for item in self._items[rate])

    def _remember(self, rate: str, who: str) -> None:
        with self._lock:
            callers = self._callers[who.partition(" ")[0]]
            callers[rate, who] = None
            callers.move_to_end((rate, who))
            oldest = callers.popitem(last=False)[0] if len(callers) > COUNTED else None
        if oldest:
            for item in self._items[oldest[0]]:
                self._limiter.clear(item, oldest[1])

    def items(self, rate: str) -> list[RateLimitItem]:
        """A rate as `limits` has it: a window, or several that all hold."""
        return self._items[rate]


class InFlight:
    """Counts requests that wait for Flickr or send their answers: up to `most`, and up to `each` for one
    client or visitor."""

    def __init__(self, most: int, each: int) -> None:
        self._most = most
        self._each = each
        self._count = 0
        self._by_client: Counter[str | None] = Counter()
        # A released slot waits here to be subtracted: the garbage collector may release one at any
        # moment, also while the lock is held.
        self._released: deque[str | None] = deque()
        self._lock = threading.Lock()

    def slot(self) -> Slot:
        """Return a slot for one request, which does not count yet."""
        return Slot(self)

    def add(self, who: str | None) -> None:
        """Count a slot for `who`; None has no limit. Raises `Refused` if there are too many."""
        with self._lock:
            self._subtract_released()
            if self._count >= self._most:
                raise Refused(429, "too many requests at once: try again", headers=_LATER)
            if who is not None and self._by_client[who] >= self._each:
                message = "too many requests of yours at once: wait for answers, then try again"
                raise Refused(429, message, headers=_LATER)
            self._count += 1
            self._by_client[who] += 1

    def release(self, who: str | None) -> None:
        """Stop counting a slot that was counted for `who`."""
        self._released.append(who)

    def _subtract_released(self) -> None:
        while self._released:
            who = self._released.popleft()
            self._count -= 1
            self._by_client[who] -= 1
            if not self._by_client[who]:
                del self._by_client[who]


class Slot:
    """A request's place among those in flight: it counts from `occupy` until `release`, or until the
    end of a `with` around it."""

    def __init__(self, in_flight: InFlight) -> None:
        self._in_flight = in_flight
        self._who: str | None = None
        self._is_occupied = False

    def occupy(self, who: str | None) -> None:
        """Count this request for `who`. Raises `Refused` if there are too many."""
        self._in_flight.add(who)
        self._who, self._is_occupied = who, True

    def release(self) -> None:
        """Stop counting this request, if it is counted."""
        if self._is_occupied:
            self._is_occupied = False
            self._in_flight.release(self._who)

    # A server may drop an answer without closing it.
    __del__ = release

    def __reduce__(self) -> Any:
        # Frameworks' caches keep answers with all that belongs to them.
        return _free_slot, ()

    def __enter__(self) -> Slot:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def _free_slot() -> Slot:
    return InFlight(0, 0).slot()


class LongBodies:
    """Counts the bytes of long bodies of requests, until they are answered: `most` at most."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        self._lock = threading.Lock()

    def grown(self, held: int, length: int) -> int:
        """Count a body that has come to `length`, of which `held` are counted; returns what is now.

        Raises `Refused` where there are too many.
        """
        if length <= SHORT:
            return held
        with self._lock:
            if self._bytes + length - held > self._most:
                raise Refused(429, "too many bodies at once: try again", headers=_LATER)
            self._bytes += length - held
        return length

    def end(self, held: int) -> None:
        """A body is held no longer."""
        with self._lock:
            self._bytes -= held

    def body(self) -> HeldBody:
        """Return the count of one body, of which nothing has come."""
        return HeldBody(self)


class HeldBody:
    """A request's body, which is counted from `grow` until the end of a `with` around it."""

    def __init__(self, bodies: LongBodies) -> None:
        self._bodies = bodies
        self._held = 0

    def grow(self, length: int) -> None:
        """Count the body as it has come so far. Raises `Refused` if there are too many."""
        self._held = self._bodies.grown(self._held, length)

    def __enter__(self) -> HeldBody:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._held:
            self._bodies.end(self._held)


def _size(key: str, body: bytes) -> int:
    # A character of a text may take four bytes.
    return sys.getsizeof(key) + len(body) + _OVERHEAD


def _parsed(name: str, rate: str) -> list[RateLimitItem]:
    try:
        from limits import parse_many
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"rates need {error.name}: pip install 'pyflickr-web[proxy]'", name=error.name
        ) from None
    try:
        items = parse_many(rate)
    except ValueError:
        raise OptionError(f"{name}: {rate!r} is no rate, such as 60/minute or 3600/hour") from None
    if not all(item.amount for item in items):
        raise OptionError(
            f"{name}: {rate!r} is 0: leave it empty, which is no limit, or give one such as 60/minute"
        )
    return items

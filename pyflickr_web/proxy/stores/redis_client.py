"""Clients of a Redis that is never waited for long: for threads and for tasks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pyflickr_web.errors import OptionError

# Seconds that Redis has to answer.
REDIS_TIMEOUT = 0.5
# What `limits` wants to be told, though it is given the connections.
_PLACEHOLDER_URL = "redis://"
_ADDRESS = re.compile(r"rediss?://[^/?#]+(/\d*)?(\?.*)?|unix://[^?]*/[^?]+(\?.*)?")


@dataclass(frozen=True, slots=True)
class Redis:
    """A client of redis-py's, and what makes a limiter of the library `limits` on its connections,
    which begins all names with a prefix. Of threads, or both of tasks."""

    client: Any = field(repr=False)
    limiter: Callable[[str], Any] = field(repr=False)


def check_address(url: str) -> None:
    """Raise `OptionError` for an invalid address of a Redis, without repeating it: it may hold a
    password. Raises `ModuleNotFoundError` without the library. Nothing is sent."""
    try:
        import redis.asyncio
        import redis.connection
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"redis needs {error.name}: pip install 'pyflickr-web[redis]'", name=error.name
        ) from None
    try:
        if not _ADDRESS.fullmatch(url):
            raise ValueError
        kinds: tuple[Any, Any] = redis.connection, redis.asyncio.connection
        for kind in kinds:
            kind.ConnectionPool(**_settings(kind.parse_url(url))).make_connection()
    except Exception:
        # What the library says of it repeats parts of the address.
        raise OptionError(
            "redis must be the address of a Redis: redis://[user:password@]host[:port][/number], "
            "rediss://… with TLS, or unix:///path"
        ) from None


def thread_client(url: str) -> Redis:
    """Return a client for all threads, to be closed with `close`."""
    import redis.connection

    parse: Any = redis.connection.parse_url
    settings = _settings(parse(url))
    settings |= {"socket_timeout": REDIS_TIMEOUT, "socket_connect_timeout": REDIS_TIMEOUT}
    pool = redis.ConnectionPool(**settings)

    def limiter(prefix: str) -> Any:
        from limits.storage import RedisStorage
        from limits.strategies import SlidingWindowCounterRateLimiter

        storage = RedisStorage(_PLACEHOLDER_URL, connection_pool=pool, key_prefix=prefix)
        return SlidingWindowCounterRateLimiter(storage)

    return Redis(redis.Redis.from_pool(pool), limiter)


def task_client(url: str) -> Redis:
    """Return a client for the event loop in which it is first used, to be closed with `aclose`. It
    has no time limit: its user can have one for several commands."""
    import redis.asyncio.connection

    pool = redis.asyncio.ConnectionPool(**_settings(redis.asyncio.connection.parse_url(url)))

    def limiter(prefix: str) -> Any:
        from limits.aio.storage import RedisStorage
        from limits.aio.strategies import SlidingWindowCounterRateLimiter

        storage = RedisStorage(
            f"async+{_PLACEHOLDER_URL}",
            implementation="redispy",
            key_prefix=prefix,
            connection_pool=pool,  # type: ignore[arg-type]
        )
        return SlidingWindowCounterRateLimiter(storage)

    return Redis(redis.asyncio.Redis.from_pool(pool), limiter)


def find_problem(url: str) -> str:
    """Return the reason why a Redis cannot be used now; an empty text if it can."""
    client = thread_client(url).client
    try:
        client.ping()
    except Exception as error:
        return describe_error(error)
    finally:
        client.close()
    return ""


def describe_error(error: Exception) -> str:
    """Describe an error of Redis, whose own text may hold the address, or a command with a password."""
    from redis import exceptions

    # For tasks the library wraps it.
    if isinstance(error, exceptions.AuthenticationError) or isinstance(
        error.__cause__, exceptions.AuthenticationError
    ):
        return "does not take the password"
    if isinstance(error, exceptions.TimeoutError | TimeoutError):
        return "does not answer in time"
    if isinstance(error, exceptions.BusyLoadingError):
        return "is not ready yet"
    if isinstance(error, exceptions.ConnectionError | OSError):
        return "cannot be reached"
    if isinstance(error, exceptions.ResponseError):
        return f"refuses what it is asked ({type(error).__name__})"
    return "answers as no Redis does"


def _settings(parsed: Any) -> dict[str, Any]:
    """Return the settings in an address, without those that change answers and errors."""
    ours = {"decode_responses": False, "health_check_interval": 0, "retry_on_timeout": False}
    return {**parsed, **ours}

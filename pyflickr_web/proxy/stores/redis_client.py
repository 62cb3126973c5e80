"""Clients of Redis with short timeouts, for threads and for tasks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pyflickr_web.transports.errors import OptionError

# Seconds to wait for an answer of Redis.
REDIS_TIMEOUT = 0.5
# `limits` requires a URL, although it uses the given connections.
_PLACEHOLDER_URL = "redis://"
_ADDRESS = re.compile(r"rediss?://[^/?#]+(/\d*)?(\?.*)?|unix://[^?]*/[^?]+(\?.*)?")


@dataclass(frozen=True, slots=True)
class Redis:
    """A client of redis-py, and a factory of limiters of the library `limits` on the same connections.

    The factory takes a prefix for all keys. Both are for threads, or both for tasks.
    """

    client: Any = field(repr=False)
    limiter: Callable[[str], Any] = field(repr=False)


def check_address(url: str) -> None:
    """Raise `OptionError` for an invalid URL of a Redis, `ModuleNotFoundError` without the library.

    The error does not repeat the URL, which may contain a password. Nothing is sent.
    """
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
        # The library's message repeats parts of the URL.
        raise OptionError(
            "redis must be the URL of a Redis: redis://[user:password@]host[:port][/number], "
            "rediss://… with TLS, or unix:///path"
        ) from None


def thread_client(url: str) -> Redis:
    """Return a client for threads; close it with `close`."""
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
    """Return a client for the event loop in which it is first used; close it with `aclose`.

    It has no timeout, so that the caller can set one for several commands.
    """
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
    """Return the reason why a Redis is unavailable; empty if it is available."""
    client = thread_client(url).client
    try:
        client.ping()
    except Exception as error:
        return describe_error(error)
    finally:
        client.close()
    return ""


def describe_error(error: Exception) -> str:
    """Describe an error of Redis without its own text, which may contain a password."""
    from redis import exceptions

    # The client for tasks wraps the error.
    if isinstance(error, exceptions.AuthenticationError) or isinstance(
        error.__cause__, exceptions.AuthenticationError
    ):
        return "rejects the password"
    if isinstance(error, exceptions.TimeoutError | TimeoutError):
        return "does not answer in time"
    if isinstance(error, exceptions.BusyLoadingError):
        return "is not ready yet"
    if isinstance(error, exceptions.ConnectionError | OSError):
        return "is unreachable"
    if isinstance(error, exceptions.ResponseError):
        return f"rejects a command ({type(error).__name__})"
    return "sends invalid answers"


def _settings(parsed: Any) -> dict[str, Any]:
    """Return the settings in a URL, without those that change answers and errors."""
    ours = {"decode_responses": False, "health_check_interval": 0, "retry_on_timeout": False}
    return {**parsed, **ours}

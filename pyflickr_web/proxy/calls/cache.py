"""The cache of unsigned answers, and the headers that let browsers cache them."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from pyflickr_web.proxy.calls.effects import (
    CacheEntry,
    CacheGet,
    CacheSet,
    CurrentTime,
    InFlightCall,
)
from pyflickr_web.proxy.calls.message import ProxyRequest, Refusal, Reply

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.proxy.calls.policy import Policy
    from pyflickr_web.proxy.calls.reading import ApiCall

# Pages poll these methods until an upload is done.
UNCACHED_PREFIX = "flickr.photos.upload."


@dataclass(slots=True)
class CachedAnswer:
    """An answer from Flickr, fresh for `max_age` seconds; `retryable` marks a temporary failure."""

    body: bytes
    max_age: float = 0.0
    retryable: bool = False


def fetch_with_cache(policy: Policy, call: ApiCall, flow: Flow, caller: str | None) -> Flow:
    """Return the `CachedAnswer` to an unsigned call, from the cache or from `flow`, which returns an
    `Answer`.

    Equal calls in flight are sent once. A cached answer needs no slot of `in_flight`; an upstream call
    takes a slot of `caller`. Failures are not cached. If `flow` raises `Refusal`, or Flickr reports a
    temporary failure, a cached answer is used for `stale_if_error` seconds after its expiry.
    """
    # The cache key. Names and values do not contain its separator.
    key = "\0".join(chain((call.method, call.answer_format.name), *sorted(call.arguments.items())))
    ttl = 0.0 if call.method.startswith(UNCACHED_PREFIX) else policy.cache
    cached = yield from _look_up(key, ttl)
    if cached.max_age > 0:
        flow.close()
        return cached
    shared = _fetch_and_store(policy, key, ttl, flow)
    outcome = yield InFlightCall(shared, caller, cancellable=True, key=key)
    failed = isinstance(outcome, Refusal)
    if (failed or outcome.retryable) and cached.max_age > -policy.stale_if_error:
        return CachedAnswer(cached.body)
    if failed:
        raise outcome
    return outcome


def with_cache_headers(request: ProxyRequest, reply: Reply, max_age: float, private: bool) -> Reply:
    """Return a reply with `Cache-Control` and `ETag`, or 304 if the client already has it.

    Only replies to GET are cached (RFC 9111); shared caches do not store `private` replies.
    """
    if request.verb != "GET" or max_age < 1:
        return reply
    tag = f'"{hashlib.sha256(reply.body).hexdigest()[:32]}"'
    control = f"{'private' if private else 'public'}, max-age={int(max_age)}"
    headers = {**reply.headers, "cache-control": control, "etag": tag}
    client_tags = request.headers.get("if-none-match", "").replace("W/", "")
    if tag in [one.strip() for one in client_tags.split(",")] or client_tags.strip() == "*":
        return Reply(304, {name: headers[name] for name in ("cache-control", "etag")})
    return Reply(reply.status, headers, reply.body)


def _look_up(key: str, ttl: float) -> Flow:
    """Return the `CachedAnswer` of a key.

    A negative `max_age` is the time since it expired; without an entry that is infinite.
    """
    entry = (yield CacheGet(key)) if ttl else None
    if entry is None:
        return CachedAnswer(b"", -math.inf)
    return CachedAnswer(entry.body, entry.at + ttl - (yield CurrentTime()))


def _fetch_and_store(policy: Policy, key: str, ttl: float, flow: Flow) -> Flow:
    # An equal call may have finished since the cache was read.
    cached = yield from _look_up(key, ttl)
    if cached.max_age > 0:
        flow.close()
        return cached
    try:
        answer = yield from flow
    except Refusal as refused:
        return refused
    if not ttl or answer.stat != "ok":
        return CachedAnswer(answer.body, retryable=answer.retryable)
    yield CacheSet(key, CacheEntry(answer.body, (yield CurrentTime())), ttl + policy.stale_if_error)
    return CachedAnswer(answer.body, ttl)

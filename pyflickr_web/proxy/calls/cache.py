"""A cache of unsigned answers, with the headers by which browsers cache them too."""

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
    SingleFlight,
)
from pyflickr_web.proxy.calls.message import ProxyRequest, Refusal, Reply

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.proxy.calls.policy import Policy
    from pyflickr_web.proxy.calls.reading import ApiCall

# Uploads are asked after until they are done.
UNCACHED_PREFIX = "flickr.photos.upload."


@dataclass(slots=True)
class CachedAnswer:
    """An answer of Flickr's that may be sent again for `max_age` seconds; `retryable` marks a temporary
    failure."""

    body: bytes
    max_age: float = 0.0
    retryable: bool = False


def fetch_with_cache(policy: Policy, call: ApiCall, flow: Flow, caller: str | None) -> Flow:
    """Return the `CachedAnswer` to an unsigned call; without one run `flow`, which returns an `Answer`.

    Equal calls in flight are sent once. A cached answer needs no slot of `in_flight`; an upstream call
    takes one of `caller`'s. Failures of Flickr's are not cached; if `flow` raises `Refusal`, or Flickr
    says that it is down, the answer may be up to `stale_if_error` seconds too old.
    """
    # No name and no value holds the character between them.
    key = "\0".join(chain((call.method, call.answer_format.name), *sorted(call.arguments.items())))
    ttl = 0.0 if call.method.startswith(UNCACHED_PREFIX) else policy.cache
    cached = yield from _look_up(key, ttl)
    if cached.max_age > 0:
        flow.close()
        return cached
    shared = _single_flight(key, _fetch_and_store(policy, key, ttl, flow))
    outcome = yield InFlightCall(shared, caller, cancellable=True)
    failed = isinstance(outcome, Refusal)
    if (failed or outcome.retryable) and cached.max_age > -policy.stale_if_error:
        return CachedAnswer(cached.body)
    if failed:
        raise outcome
    return outcome


def with_cache_headers(request: ProxyRequest, reply: Reply, max_age: float, private: bool) -> Reply:
    """Return a reply with `Cache-Control` and `ETag`, or 304 if the client has the same one.

    Only replies to GET are cached (RFC 9111); shared caches do not store `private` ones.
    """
    if request.verb != "GET" or max_age < 1:
        return reply
    tag = f'"{hashlib.sha256(reply.body).hexdigest()[:32]}"'
    control = f"{'private' if private else 'public'}, max-age={int(max_age)}"
    headers = {**reply.headers, "cache-control": control, "etag": tag}
    known = request.headers.get("if-none-match", "").replace("W/", "")
    if tag in [one.strip() for one in known.split(",")] or known.strip() == "*":
        return Reply(304, {name: headers[name] for name in ("cache-control", "etag")})
    return Reply(reply.status, headers, reply.body)


def _look_up(key: str, ttl: float) -> Flow:
    """Return the `CachedAnswer` of a key: too old by `-max_age` seconds if that is negative, infinitely
    old if there is none."""
    entry = (yield CacheGet(key)) if ttl else None
    if entry is None:
        return CachedAnswer(b"", -math.inf)
    return CachedAnswer(entry.body, entry.at + ttl - (yield CurrentTime()))


def _single_flight(key: str, flow: Flow) -> Flow:
    return (yield SingleFlight(key, flow))


def _fetch_and_store(policy: Policy, key: str, ttl: float, flow: Flow) -> Flow:
    # An equal call may have ended since the cache was read.
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

"""Answers that may be given again: which they are, for how long, and what browsers are told of it."""

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
    InFlightCall,
    Now,
    SingleFlight,
)
from pyflickr_web.proxy.calls.message import ProxyRequest, Refused, Reply

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.proxy.calls.policy import Policy
    from pyflickr_web.proxy.calls.reading import Asked

# Uploads are asked after until they are done.
CHANGING = "flickr.photos.upload."


@dataclass(slots=True)
class Given:
    """An answer of Flickr's; `fresh` says for how many seconds it may be given again, and `passing` that
    it is a failure of the moment."""

    body: bytes
    fresh: float = 0.0
    passing: bool = False


def cached(policy: Policy, asked: Asked, flow: Flow, who: str | None) -> Flow:
    """Returns what is kept of an unsigned call, as `Given`, else the `Answer` that `flow` brings.

    The same call asked for many times at once is made once. An answer that is kept takes no slot of
    `in_flight`; one that must be waited for takes one of `who`. Failures of Flickr's are not kept; where
    `flow` raises `Refused`, or Flickr says that it is down, an answer that is too old by no more than
    `stale_if_error` does.
    """
    # No name and no value holds the character between them.
    key = "\0".join(chain((asked.method, asked.form.name), *sorted(asked.arguments.items())))
    lasting = 0.0 if asked.method.startswith(CHANGING) else policy.cache
    found = yield from _found(key, lasting)
    if found.fresh > 0:
        flow.close()
        return found
    shared = _single_flight(key, _kept(policy, key, lasting, flow))
    came = yield InFlightCall(shared, who, cancellable=True)
    failed = isinstance(came, Refused)
    if (failed or came.passing) and found.fresh > -policy.stale_if_error:
        return Given(found.body)
    if failed:
        raise came
    return came


def told(request: ProxyRequest, reply: Reply, fresh: float, private: bool) -> Reply:
    """A reply with what browsers and caches on the way may do with it; 304 where they have it.

    Only a GET's is kept there (RFC 9111); `private` keeps it from those that many share.
    """
    if request.verb != "GET" or fresh < 1:
        return reply
    tag = f'"{hashlib.sha256(reply.body).hexdigest()[:32]}"'
    control = f"{'private' if private else 'public'}, max-age={int(fresh)}"
    headers = {**reply.headers, "cache-control": control, "etag": tag}
    known = request.headers.get("if-none-match", "").replace("W/", "")
    if tag in [one.strip() for one in known.split(",")] or known.strip() == "*":
        return Reply(304, {name: headers[name] for name in ("cache-control", "etag")})
    return Reply(reply.status, headers, reply.body)


def _found(key: str, lasting: float) -> Flow:
    """Returns what is kept, as `Given`: old by `-fresh` seconds where that is below 0, and endlessly old
    where there is nothing."""
    entry = (yield CacheGet(key)) if lasting else None
    return Given(entry.body, entry.at + lasting - (yield Now())) if entry else Given(b"", -math.inf)


def _single_flight(key: str, flow: Flow) -> Flow:
    return (yield SingleFlight(key, flow))


def _kept(policy: Policy, key: str, lasting: float, flow: Flow) -> Flow:
    # Who asked before may have come to an end since it was looked for.
    found = yield from _found(key, lasting)
    if found.fresh > 0:
        flow.close()
        return found
    try:
        answer = yield from flow
    except Refused as refused:
        return refused
    if not lasting or answer.stat != "ok":
        return Given(answer.body, passing=answer.passing)
    yield CacheSet(key, CacheEntry(answer.body, (yield Now())), lasting + policy.stale_if_error)
    return Given(answer.body, lasting)

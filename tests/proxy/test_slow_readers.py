"""Clients that do not read their answers keep their slots."""

from __future__ import annotations

import gc
import json
import pickle
from urllib.parse import urlsplit

import pytest
from flask import Flask

from pyflickr_web import Flickr
from pyflickr_web.proxy.calls.message import Refusal
from pyflickr_web.proxy.stores.in_flight import InFlight
from tests.proxy.caller import Caller, refusal
from tests.proxy.proxies import Open
from tests.proxy.servers import PATH
from tests.proxy.slow_reader import begin_answer
from tests.proxy.upstream import options_for
from tests.support.scripted_server import Answer, serve

PUBLIC = "flickr.photos.getRecent"
# Longer than the system's buffers of a connection.
LONG = Answer(b'{"stat":"ok","long":"' + b"a" * 15_000_000 + b'"}')


def request_to(url: str) -> bytes:
    """Return the bytes of a call of `PUBLIC`."""
    address = urlsplit(url)
    body = json.dumps({"method": PUBLIC}).encode()
    head = f"POST {address.path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def answer_at_last(proxy: Caller) -> bytes:
    """Call until there is an answer: a server may release a slot after its client has the answer."""
    for _ in range(10_000):
        answer = proxy.call(PUBLIC)
        if answer.status_code == 200:
            return answer.content
    raise AssertionError("the slot is not released")


def test_client_that_does_not_read_counts_as_in_flight(open_proxy: Open) -> None:
    with serve(LONG, Answer(), LONG, Answer()) as script:
        proxy = open_proxy(options_for(script.url), in_flight=1, cache=0)
        with begin_answer(proxy.url, request_to(proxy.url)):
            assert refusal(proxy.call(PUBLIC)) == (429, 429)
        assert answer_at_last(proxy) == Answer().body
        # A client that has read its answer does not count.
        assert answer_at_last(proxy) == LONG.body
        assert answer_at_last(proxy) == Answer().body


def test_dropped_answer_releases_its_slot() -> None:
    app = Flask("tests")
    with serve() as script:
        Flickr(**options_for(script.url)).proxy(app, PATH, in_flight=1, cache=0)
        with app.test_client() as client:
            answer = client.post(PATH, json={"method": PUBLIC})
            assert answer.status_code == 200
            assert client.post(PATH, json={"method": PUBLIC}).status_code == 429
            del answer
            gc.collect()
            assert client.post(PATH, json={"method": PUBLIC}).status_code == 200


def test_slot_is_released_only_once() -> None:
    in_flight = InFlight(1, 1)
    slot, other = in_flight.slot(), in_flight.slot()
    slot.occupy(None)
    with pytest.raises(Refusal):
        other.occupy(None)
    slot.release()
    slot.release()
    other.occupy(None)
    with pytest.raises(Refusal):
        slot.occupy(None)


def test_copy_of_an_answer_in_a_cache_holds_no_slot() -> None:
    in_flight = InFlight(1, 1)
    slot = in_flight.slot()
    slot.occupy(None)
    copy = pickle.loads(pickle.dumps(slot.release))
    copy()
    with pytest.raises(Refusal):
        in_flight.slot().occupy(None)

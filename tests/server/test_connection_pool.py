"""Test raw requests over aiohttp's pool and over a session: both send and receive the same bytes.

A connection is reused only if no data of an earlier answer can follow.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Sequence
from typing import Any

import aiohttp
import pytest

from pyflickr_web.core.flow import Request, Response
from pyflickr_web.transports import tasks
from pyflickr_web.transports.failures import ConnectionLost, DeadlineExceeded, RequestFailure
from pyflickr_web.transports.message import BytesSink, Credentials, RawResponse, SendOptions
from pyflickr_web.transports.pool import supports_aiohttp
from pyflickr_web.transports.tasks import TaskTransport
from tests.server.raw_server import Bytes, at_once, serve_raw
from tests.support.loops import run
from tests.support.timeouts import TIMEOUT

LONGEST = 1000
ONE = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
TWO = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo"
SIGNS = Credentials("key", "secret", "token", "token_secret")


@pytest.fixture(params=["pool", "session"])
def sender(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Send forms over the pool or over a session."""
    if request.param == "session":
        monkeypatch.setattr(tasks, "supports_aiohttp", lambda: False)
    return str(request.param)


def raw_request(
    url: str, timeout: float = 20.0, fields: dict[str, str] | None = None, signed: bool = False
) -> Request:
    credentials = SIGNS if signed else None
    options = SendOptions(credentials, in_form=True, sink=BytesSink(LONGEST), timeout=timeout)
    return Request(url, None, fields or {}, options=options)


async def send_all(
    requests: Sequence[Request], settings: dict[str, Any] | None = None
) -> list[Response | None]:
    """Send requests one after the other; return their answers."""
    transport = TaskTransport(None, settings or {})
    try:
        return [await transport.send(request) for request in requests]
    finally:
        await transport.close()


def chunked(*pieces: bytes) -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body


def gzip_answer(body: bytes) -> bytes:
    content = gzip.compress(body)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    return head % len(content) + content


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (at_once(ONE), 200, b"one"),
        (at_once(chunked(b"on", b"e")), 200, b"one"),
        (at_once(gzip_answer(b"one")), 200, b"one"),
        (at_once(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ONE), 200, b"one"),
        (at_once(b"HTTP/1.1 100 Continue\r\n\r\n" * 2 + ONE), 200, b"one"),
        (at_once(b"HTTP/1.1 200 OK\r\n\r\none", close=True), 200, b"one"),
        (at_once(b"HTTP/1.0 404 Not Found\r\n\r\nnone", close=True), 404, b"none"),
        (at_once(b"HTTP/1.1 204 No Content\r\n\r\n"), 204, b""),
        (at_once(b"HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n"), 302, b""),
        (at_once(chunked(b"x" * LONGEST, b"x")), 200, None),
        (at_once(gzip_answer(b"x" * (LONGEST + 1))), 200, None),
    ],
)
def test_both_ways_read_an_answer(
    sender: str, answer: Bytes, status: int, body: bytes | None
) -> None:
    with serve_raw(answer) as raw:
        (found,) = run(send_all([raw_request(raw.url)]))
    assert isinstance(found, RawResponse)
    assert (found.status, found.body) == (status, body)


@pytest.mark.parametrize(
    "answer",
    [
        at_once(b"", close=True),
        at_once(b"nonsense\r\n\r\n", close=True),
        at_once(ONE[:-1], close=True),
        at_once(chunked(b"one")[:-5], close=True),
        at_once(
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\none", close=True
        ),
        at_once(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", close=True),
        at_once(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000 + b"\r\n\r\n", close=True),
    ],
)
def test_what_is_no_whole_answer_is_none(sender: str, answer: Bytes) -> None:
    with serve_raw(answer) as raw:
        (found,) = run(send_all([raw_request(raw.url)]))
    assert type(found) is ConnectionLost


def test_both_ways_send_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"headers": {"User-Agent": "our site", "X-Team": "pandas"}}
    asked = []
    for known in (True, False):
        monkeypatch.setattr(tasks, "supports_aiohttp", lambda known=known: known)
        with serve_raw(*[at_once(ONE)] * 3) as raw:
            port = raw.url.rpartition(":")[2].encode()
            plain = [
                raw_request(f"{raw.url}/a%20b/?c=d", fields={"text": "r\xe9d panda"}),
                raw_request(raw.url),
            ]
            of_person = raw_request(raw.url.replace("://", "://me:mine@"))
            run(send_all([*plain, of_person], settings))
        requests = [request.replace(port, b"") for _, request in raw.asked]
        asked.append(
            [(sorted(head.split(b"\r\n")), body) for head, body in map(split_answer, requests)]
        )
    assert asked[0] == asked[1]
    head, body = asked[0][0]
    assert {b"POST /a%20b/?c=d HTTP/1.1", b"X-Team: pandas", b"User-Agent: our site"} <= {*head}
    assert body == b"text=r%C3%A9d%20panda"


def split_answer(request: bytes) -> tuple[bytes, bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    return head, body


def test_form_goes_through_a_proxy_where_one_is_set() -> None:
    with serve_raw(at_once(ONE)) as raw:
        (found,) = run(
            send_all([raw_request("http://flickr.example/rest/")], {"proxies": {"http": raw.url}})
        )
    assert isinstance(found, RawResponse)
    assert found.body == b"one"
    assert raw.asked[0][1].startswith(b"POST http://flickr.example/rest/ HTTP/1.1\r\n")


def test_signature_goes_along(sender: str) -> None:
    with serve_raw(at_once(ONE)) as raw:
        run(send_all([raw_request(raw.url, signed=True)]))
    assert b"\r\nAuthorization: OAuth " in raw.asked[0][1]


def test_connection_is_used_again_when_an_answer_was_read(sender: str) -> None:
    with serve_raw(at_once(ONE), at_once(TWO)) as raw:
        found = run(send_all([raw_request(raw.url), raw_request(raw.url)]))
    assert [answer.body for answer in found] == [b"one", b"two"]
    assert [number for number, _ in raw.asked] == [0, 0]


@pytest.mark.parametrize(
    "first",
    [
        at_once(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + b"x" * 10_000_000),
        at_once(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\none"),
        at_once(ONE + TWO),
    ],
    ids=["too long", "to be closed", "more than one answer"],
)
def test_connection_is_not_used_again_when_more_may_come(sender: str, first: Bytes) -> None:
    with serve_raw(first, at_once(TWO)) as raw:
        found = run(send_all([raw_request(raw.url), raw_request(raw.url)]))
    assert found[1].body == b"two"
    assert [number for number, _ in raw.asked] == [0, 1]


def test_late_answer_is_not_that_of_the_next_call(sender: str) -> None:
    late = Bytes(ONE)

    async def calls(url: str) -> None:
        transport = TaskTransport(None, {})
        assert isinstance(await transport.send(raw_request(url, timeout=0.2)), DeadlineExceeded)
        # Otherwise the late answer could be that to the next request.
        await asyncio.to_thread(raw.reached.wait, TIMEOUT)
        late.may_go.set()
        found = await transport.send(raw_request(url))
        assert isinstance(found, RawResponse)
        assert found.body == b"two"
        await transport.close()

    with serve_raw(late, at_once(TWO)) as raw:
        run(calls(raw.url))
    assert [number for number, _ in raw.asked] == [0, 1]


def test_header_cannot_begin_another(sender: str) -> None:
    """Options refuse such a header; the transport sends nothing if it gets one all the same."""
    settings = {"headers": {"X-Team": "pandas\r\nX-Other: bears"}}
    with serve_raw(at_once(ONE)) as raw:
        answers = run(send_all([raw_request(raw.url)], settings))
        assert isinstance(answers[0], RequestFailure) and not raw.asked


def test_transport_can_be_used_again_when_it_was_closed(sender: str) -> None:
    async def send_twice(url: str) -> None:
        transport = TaskTransport(None, {})
        for body in (b"one", b"two"):
            found = await transport.send(raw_request(url))
            assert isinstance(found, RawResponse)
            assert found.body == body
            await transport.close()

    with serve_raw(at_once(ONE), at_once(TWO)) as raw:
        run(send_twice(raw.url))


def test_only_versions_of_aiohttp_that_were_tried_are_known() -> None:
    # Run these tests with a newer version before adding it.
    assert supports_aiohttp(aiohttp.__version__)
    assert not supports_aiohttp("3.11.18")
    assert not supports_aiohttp("4.0.0a1")

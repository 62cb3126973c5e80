"""Test that endless, compressed and slow bodies end with an error."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.core.flow import Request, Response
from pyflickr_web.errors import FlickrError, NetworkError, OptionError, TimedOut, UnavailableError
from pyflickr_web.oauth.callback import OOB
from pyflickr_web.oauth.credentials import Credentials
from pyflickr_web.oauth.three_legged import obtain_request_token
from pyflickr_web.options import read_options
from pyflickr_web.transports import bodies, connections, failures, limits, tasks, threads
from pyflickr_web.transports.limits import LowestRate
from pyflickr_web.transports.message import BytesSink, SendOptions
from pyflickr_web.transports.stream import StreamBody
from pyflickr_web.transports.tasks import TaskTransport
from pyflickr_web.transports.threads import ThreadTransport
from tests.server.clients import Both
from tests.server.raw_server import at_once, serve_raw
from tests.support.endless_server import DRIPPING_HEAD, HEAD, endless
from tests.support.loops import run
from tests.support.scripted_server import Answer, serve

KEY = "k" * 32
PHOTO = {"id": "53", "server": "65535", "secret": "0123456789"}


def call(perform: Both, url: str, **options: Any) -> Any:
    return perform(
        lambda f: f.photos.getInfo(photo_id=1), {"api_key": KEY, "base_url": url, **options}
    )


def sign_in(perform: Both, url: str, **options: Any) -> Any:
    flow = obtain_request_token(Credentials(KEY, "s" * 16), OOB, url)
    return perform(lambda f: f.run(flow), {"api_key": KEY, **options})


@pytest.mark.parametrize("operation", [call, sign_in])
def test_answer_without_end_is_too_long(perform: Both, operation: Any) -> None:
    with endless(b"x" * 50_000) as url, pytest.raises(UnavailableError) as caught:
        operation(perform, url, max_answer=300_000)
    assert "the answer is longer than 300000 bytes, the limit set by max_answer" in str(
        caught.value
    )


def test_packed_answer_counts_as_long_as_it_is_unpacked(perform: Both) -> None:
    content = gzip.compress(b'{"stat":"ok","x":"' + b"x" * 5_000_000 + b'"}')
    answer = Answer(content, headers={"Content-Encoding": "gzip"})
    with serve(answer) as server:
        with pytest.raises(UnavailableError, match="longer than 1000000 bytes"):
            call(perform, server.url, max_answer=1_000_000)
        assert call(perform, server.url)["stat"] == "ok"


def test_answer_that_is_too_long_is_asked_for_once(perform: Both) -> None:
    with serve(Answer(b"{" + b" " * 999 + b"}")) as server, pytest.raises(UnavailableError):
        call(perform, server.url, max_answer=1000, retry_queries=3)
    assert len(server.asked) == 1


def test_answer_as_long_as_it_may_be_is_one(perform: Both) -> None:
    with serve(Answer(b'{"stat":"ok"}')) as server:
        assert call(perform, server.url, max_answer=13) == {"stat": "ok"}


@pytest.mark.parametrize("head", [HEAD, DRIPPING_HEAD])
@pytest.mark.parametrize("operation", [call, sign_in])
def test_answer_that_drips_is_late(perform: Both, operation: Any, head: bytes) -> None:
    with endless(b" ", head) as url, pytest.raises(TimedOut) as caught:
        operation(perform, url, deadline=0.2, request_options={"timeout": 3})
    assert "no answer: timed out" in str(caught.value)
    assert isinstance(caught.value, TimeoutError) and isinstance(caught.value, NetworkError)


def test_silence_is_limited_beside_the_deadline(perform: Both) -> None:
    with endless(b"") as url, pytest.raises(TimedOut):
        call(perform, url, request_options={"timeout": 0.2})


def test_silence_within_a_body_is_limited_beside_the_deadline(perform: Both) -> None:
    begun = at_once(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{")
    with serve_raw(begun) as server, pytest.raises(TimedOut):
        call(perform, server.url, request_options={"timeout": 0.2})


@pytest.fixture
def short_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check rates after a short time."""
    for module in (connections, limits, tasks, threads):
        monkeypatch.setattr(module, "WINDOW", 0.3)


@pytest.mark.usefixtures("short_window")
def test_file_that_crawls_is_late_and_leaves_nothing(perform: Both, tmp_path: Path) -> None:
    with endless(b"x") as url, pytest.raises(TimedOut, match="no complete answer"):
        perform(
            lambda f: f.download(PHOTO, "b", tmp_path / "a.jpg"), {"api_key": KEY, "base_url": url}
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("short_window")
@pytest.mark.parametrize("kind", ["silent", "dripping"])
def test_head_of_a_file_is_late(perform: Both, tmp_path: Path, kind: str) -> None:
    drip, head = (b"", HEAD) if kind == "silent" else (b"x", DRIPPING_HEAD)
    with endless(drip, head) as url, pytest.raises(TimedOut):
        perform(
            lambda f: f.download(PHOTO, "b", tmp_path / "a.jpg"),
            {"api_key": KEY, "base_url": url, "deadline": 0.2},
        )


def test_file_may_take_longer_than_a_call(perform: Both, tmp_path: Path) -> None:
    """The deadline passes during the download, which has a good rate, and takes two seconds at least."""
    with endless(b"x" * 5000) as url, pytest.raises(UnavailableError, match="than 1000000 bytes"):
        perform(
            lambda f: f.download(PHOTO, "b", tmp_path / "a.jpg"),
            {"api_key": KEY, "base_url": url, "deadline": 1.5, "max_download": 1_000_000},
        )
    assert list(tmp_path.iterdir()) == []


def test_file_that_is_announced_as_too_large_is_not_waited_for(
    perform: Both, tmp_path: Path
) -> None:
    begun = at_once(b"HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\nx")
    with serve_raw(begun) as server, pytest.raises(UnavailableError, match="max_download"):
        perform(
            lambda f: f.download(PHOTO, "b", tmp_path / "a.jpg"),
            {"api_key": KEY, "base_url": server.url},
        )


def test_rate_is_of_the_time_that_the_other_side_takes() -> None:
    rate = LowestRate()
    for _ in range(500):
        rate.add(500, 0.4)
    with pytest.raises(TimeoutError):
        for _ in range(500):
            rate.add(300, 0.4)


class _TooSlow(LowestRate):
    """A rate that is too low with the second piece."""

    def add(self, count: int, seconds: float) -> None:
        assert count == 100
        super().add(count, 45)


@pytest.mark.parametrize("kind", ["threads", "tasks"])
def test_upload_that_is_taken_too_slowly_is_late(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The server accepts each piece in time, but the whole body too slowly."""
    monkeypatch.setattr(threads, "LowestRate", _TooSlow)
    monkeypatch.setattr(bodies, "LowestRate", _TooSlow)
    stream = StreamBody("text/plain", 300, lambda: (b"x" * 100 for _ in range(3)))

    async def send_awaited(request: Request) -> Response:
        transport = TaskTransport(None, {})
        answer = await transport.send(request)
        await transport.close()
        return answer

    def send(request: Request) -> Response:
        transport = ThreadTransport(None, {})
        answer = transport.send(request)
        transport.close()
        return answer

    with serve() as server:
        options = SendOptions(sink=BytesSink(1000), timeout=90.0)
        request = Request(server.url, stream, {}, options=options)
        answer = send(request) if kind == "threads" else run(send_awaited(request))
    assert isinstance(answer, failures.DeadlineExceeded)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("deadline", 0, "a number of seconds, above 0"),
        ("deadline", "soon", "a number of seconds, above 0"),
        ("deadline", float("nan"), "a number of seconds, above 0"),
        ("deadline", 1e300, "at most 86400"),
        ("max_answer", "64 MB", "a number of bytes, above 0"),
        ("max_download", 0, "a number of bytes, above 0"),
        ("max_answer", "9" * 5000, "a number of bytes, above 0"),
    ],
)
def test_limit_that_cannot_be_is_told(name: str, value: Any, text: str) -> None:
    with pytest.raises(OptionError, match=text):
        read_options({"api_key": KEY, name: value})


def test_limits_come_from_the_environment_too() -> None:
    options = read_options({"api_key": KEY}, {"FLICKR_DEADLINE": "2.5", "FLICKR_MAX_ANSWER": "10"})
    assert limits.Limits.of(dict(options)) == limits.Limits(max_answer=10, deadline=2.5)


def test_cause_of_a_failure_is_kept_without_the_request(perform: Both) -> None:
    with serve(Answer(drop=True)) as server, pytest.raises(FlickrError) as caught:
        call(perform, server.url)
    cause = caught.value.__cause__
    assert isinstance(cause, ConnectionError) and cause.__traceback__ is None
    assert KEY not in repr(cause) + repr(vars(cause))

"""Uploads that fail: clients that disconnect or are slow, and errors of Flickr."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web.upload.service import read_answer
from tests.proxy.authenticators import BADGE
from tests.proxy.caller import Caller, refusal
from tests.proxy.proxies import Open
from tests.proxy.uploading import KIND, UPLOADED, WRITES, XML, form, line, photo, photos_of, sending
from tests.proxy.upstream import KEY, SECRET, TOKEN, TOKEN_SECRET, options_for, package_warnings
from tests.support.endless_server import endless
from tests.support.scripted_server import Answer, ReceivedRequest, Scripted, run_script, serve
from tests.support.timeouts import TIMEOUT
from tests.support.uploader import image

LONG = 12_000_000
ASYNC = ("asgi", "fastapi", "starlette")


def open_for_upload(open_proxy: Open, options: Any, **policy: Any) -> Caller:
    return open_proxy(options, "names", **policy, **WRITES).wearing(Authorization=BADGE)


def upload(proxy: Caller, body: bytes) -> Any:
    return proxy.ask(path="upload", data=body, headers={"Content-Type": KIND})


class Noting(Scripted):
    """A script that sets `ended` after it has read a request."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(*answers)
        self.ended = threading.Event()

    def next(self, asked: ReceivedRequest) -> Answer:
        answer = super().next(asked)
        self.ended.set()
        return answer


def test_disconnect_aborts_the_upload(open_proxy: Open) -> None:
    body = form(image() + b"x" * 500_000)
    with run_script(Noting(Answer(UPLOADED))) as script:
        proxy = open_for_upload(open_proxy, options_for(script.url))
        with line(proxy.url, len(body)) as connection:
            connection.send(body[:300_000])
        assert script.ended.wait(TIMEOUT)
        assert int(script.asked[0].headers["Content-Length"]) > 500_000
        assert len(script.asked[0].body) <= 300_000
        assert len(script.asked) == 1


def test_part_after_the_photo_aborts_the_upload(open_proxy: Open) -> None:
    body = photo(b"x" * 500_000) + form(b"JPEG")
    with run_script(Noting(Answer(UPLOADED))) as script:
        proxy = open_for_upload(open_proxy, options_for(script.url))
        with line(proxy.url, len(body)) as connection:
            connection.send(body)
            assert connection.answer()[0] == 400
        assert script.ended.wait(TIMEOUT)
        assert len(script.asked[0].body) < int(script.asked[0].headers["Content-Length"])


def test_aborted_upload_leaves_no_photo(open_proxy: Open, options: Any, flickr: Sandbox) -> None:
    body = form(image() + b"x" * 500_000)
    proxy = open_for_upload(open_proxy, options, in_flight=1)
    with line(proxy.url, len(body)) as connection:
        connection.send(body[:300_000])
    # The slot is released after the first upload has ended.
    while (answer := upload(proxy, form(image()))).status_code == 429:
        assert refusal(answer) == (429, 429)
    assert answer.json()["stat"] == "ok"
    assert photos_of(flickr) == 61


@pytest.mark.parametrize("adapter", ASYNC, indirect=True)
@pytest.mark.parametrize("sent", [0, 100, 20_000])
def test_client_that_stops_sending_gets_408(
    open_proxy: Open, options: Any, flickr: Sandbox, sent: int
) -> None:
    body = form(image() + b"x" * 50_000)
    proxy = open_for_upload(open_proxy, options, body_timeout=0.2)
    with line(proxy.url, len(body)) as connection:
        connection.send(body[:sent])
        status, content = connection.answer()
    assert (status, content["code"]) == (408, 408)
    assert photos_of(flickr) == 60


@pytest.mark.parametrize("adapter", ASYNC, indirect=True)
def test_slow_upload_gets_408(open_proxy: Open, options: Any, flickr: Sandbox) -> None:
    body = form(image() + b"x" * 50_000)
    proxy = open_for_upload(open_proxy, options, body_timeout=0.2)
    over = threading.Event()
    with line(proxy.url, len(body)) as connection:

        def drip() -> None:
            with suppress(OSError):
                while not over.wait(0.01):
                    connection.send(b"-")

        connection.send(body[:10_000])
        thread = threading.Thread(target=drip)
        thread.start()
        status, content = connection.answer()
        over.set()
        thread.join()
    assert (status, content["code"]) == (408, 408)
    assert photos_of(flickr) == 60


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>Bad, bad panda</html>"),
        Answer(b""),
        Answer(b'{"stat":"ok","photoid":"7"}'),
        Answer(XML + b'<rsp stat="ok">\n</rsp>'),
        Answer(XML + b'<rsp stat="maybe">\n<photoid>7</photoid>\n</rsp>'),
        Answer(UPLOADED[:-4]),
        Answer(XML + b'<rsp stat="fail">\n<err code="x" msg="a" />\n</rsp>'),
        Answer(XML + b'<rsp stat="fail">\n</rsp>'),
        Answer(UPLOADED.replace(b"utf-8", b"nothing").replace(b"7", b"\xff")),
        Answer(UPLOADED, 302, {"Location": "/elsewhere"}),
        Answer(UPLOADED, 503),
        Answer(b"oauth_problem=signature_invalid&debug_sbs=" + KEY.encode(), 401),
        Answer(drop=True),
        Answer(UPLOADED, cut=True),
        Answer(UPLOADED.replace(b"7", b"7" * 100_000)),
        Answer(b"no gzip", headers={"Content-Encoding": "gzip"}),
    ],
    ids=lambda answer: f"{answer.status}-{answer.body[-30:]!r}",
)
def test_invalid_answer_to_an_upload_becomes_502_without_retry(
    open_proxy: Open, caplog: pytest.LogCaptureFixture, answer: Answer
) -> None:
    with serve(answer) as script:
        proxy = open_for_upload(open_proxy, options_for(script.url))
        assert refusal(upload(proxy, form(b"JPEG"))) == (502, 502)
        assert len(script.asked) == 1
    assert [message.startswith("upload: Flickr") for message in package_warnings(caplog)] == [True]


def test_xml_entities_are_not_expanded(open_one: Open) -> None:
    dtd = b'<!DOCTYPE rsp [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    body = dtd + b'<rsp stat="ok"><photoid>&b;</photoid></rsp>'
    assert read_answer(body.replace(b"&b;", b"7")) is None
    assert read_answer(body.replace(dtd, b"").replace(b"&b;", b"7")) == {
        "stat": "ok",
        "photoid": "7",
    }
    for encoded in (body, body.decode().encode("utf-16"), body.decode().encode("utf-7")):
        with serve(Answer(encoded)) as script:
            proxy = open_for_upload(open_one, options_for(script.url))
            assert refusal(upload(proxy, form(b"JPEG"))) == (502, 502)


@pytest.mark.parametrize("secret", [KEY, SECRET, TOKEN, TOKEN_SECRET])
def test_answer_with_a_credential_becomes_502_and_is_logged(
    open_proxy: Open, caplog: pytest.LogCaptureFixture, secret: str
) -> None:
    encoded = "".join(f"&#{ord(letter)};" for letter in secret)
    for text in (secret, encoded):
        fail = f'<rsp stat="fail">\n<err code="9" msg="x{text}x" />\n</rsp>'.encode()
        with serve(Answer(XML + fail)) as script:
            proxy = open_for_upload(open_proxy, options_for(script.url))
            assert refusal(upload(proxy, form(b"JPEG"))) == (502, 502)
    assert package_warnings(caplog) == ["upload: Flickr's answer contains a credential"] * 2


def test_failure_in_json_contains_no_less_than_sign(open_one: Open) -> None:
    fail = '<rsp stat="fail">\n<err code="9" msg="&lt;script&gt; &amp; ä" />\n</rsp>'.encode()
    with serve(Answer(XML + fail)) as script:
        answer = upload(open_for_upload(open_one, options_for(script.url)), form(b"JPEG"))
        assert answer.json() == {"stat": "fail", "code": 9, "message": "<script> & ä"}
        assert b"<" not in answer.content


def test_unreachable_flickr_becomes_502(open_proxy: Open, caplog: pytest.LogCaptureFixture) -> None:
    proxy = open_for_upload(open_proxy, options_for("http://127.0.0.1:9"))
    assert refusal(upload(proxy, form(b"JPEG"))) == (502, 502)
    problem = "upload: Flickr is unreachable, or the connection was lost"
    message = f"{problem}: connection refused; check base_url (FLICKR_BASE_URL)"
    assert message in caplog.messages


@pytest.mark.parametrize("drip", [b"", b" "], ids=["silent", "dripping"])
def test_answer_that_does_not_end_becomes_504(open_proxy: Open, drip: bytes) -> None:
    with endless(drip) as url:
        proxy = open_for_upload(open_proxy, options_for(url), upload_timeout=0.3)
        assert refusal(upload(proxy, form(b"JPEG"))) == (504, 504)


def test_flickr_that_reads_nothing_becomes_504(open_proxy: Open) -> None:
    body = form(b"x" * LONG)
    with endless(b"") as url:
        proxy = open_for_upload(open_proxy, options_for(url), upload_timeout=0.3)
        with line(proxy.url, len(body)) as connection, sending(connection, body):
            status, content = connection.answer()
    assert (status, content["code"]) == (504, 504)


@contextmanager
def hasty(answer: bytes) -> Iterator[str]:
    """Run a server that sends `answer` after the head of a request, and closes the connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_connection_closed_by_flickr_becomes_502(open_proxy: Open) -> None:
    body = form(b"x" * LONG)
    with hasty(b"") as url:
        proxy = open_for_upload(open_proxy, options_for(url))
        with line(proxy.url, len(body)) as connection, sending(connection, body):
            status, content = connection.answer()
    assert (status, content["code"]) == (502, 502)


@pytest.mark.parametrize("adapter", ASYNC, indirect=True)
def test_early_answer_of_flickr_is_passed_on(open_proxy: Open) -> None:
    fail = XML + b'<rsp stat="fail">\n<err code="6" msg="User exceeded upload limit" />\n</rsp>'
    answer = b"HTTP/1.1 200 UPLOADED\r\nContent-Length: %d\r\n\r\n%s" % (len(fail), fail)
    body = form(b"x" * 500_000)
    with hasty(answer) as url:
        proxy = open_for_upload(open_proxy, options_for(url))
        with line(proxy.url, len(body)) as connection:
            connection.send(body[:100_000])
            assert connection.answer() == (
                200,
                {"stat": "fail", "code": 6, "message": "User exceeded upload limit"},
            )


def test_refused_upload_does_not_affect_the_next_one(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    proxy = open_for_upload(open_proxy, options)
    for _ in range(3):
        assert refusal(upload(proxy, photo(b"x" * 200_000) + form(b"JPEG"))) == (400, 400)
        assert upload(proxy, form(image())).json()["stat"] == "ok"
    assert photos_of(flickr) == 63

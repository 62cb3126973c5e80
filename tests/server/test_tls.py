"""Test TLS with `verify` and `cert`: nothing is sent to an untrusted server."""

from __future__ import annotations

import asyncio
import gc
import shutil
import socket
import ssl
import subprocess
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from pyflickr_web.core.flow import Request, Response
from pyflickr_web.options import read_options
from pyflickr_web.transports import tasks
from pyflickr_web.transports.failures import RequestFailure
from pyflickr_web.transports.message import BytesSink, RawResponse, SendOptions
from pyflickr_web.transports.stream import StreamBody
from pyflickr_web.transports.tasks import TaskTransport
from pyflickr_web.transports.threads import ThreadTransport
from tests.support.loops import run_in_thread
from tests.support.scripted_server import Scripted, serve
from tests.support.timeouts import TIMEOUT

Settings = dict[str, Any]
Send = Callable[[Request, Settings], Response | None]
OK = b'{"stat":"ok"}'


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def authority_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The file of the authority that signed the certificate of `server`."""
    file = tmp_path_factory.mktemp("tls") / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return str(file)


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[Scripted]:
    with serve(tls=_context(authority)) as script:
        yield script


def _context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def in_thread(request: Request, settings: Settings) -> Response | None:
    return ThreadTransport(None, settings).send(request)


def in_loop(request: Request, settings: Settings) -> Response | None:
    async def send_async() -> Response | None:
        transport = TaskTransport(None, settings)
        try:
            return await transport.send(request)
        finally:
            await transport.close()

    return run_in_thread(lambda: asyncio.run(send_async()))


@pytest.fixture(params=["threads", "tasks", "tasks, by a session"])
def send(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Send:
    if request.param.endswith("session"):
        monkeypatch.setattr(tasks, "supports_aiohttp", lambda: False)
    return in_thread if request.param == "threads" else in_loop


def text_request(url: str) -> Request:
    return Request(f"{url}/services/rest/", None, {"method": "flickr.test.echo"})


def raw_request(url: str) -> Request:
    request = text_request(url)
    request.options = SendOptions(in_form=True, sink=BytesSink(1000), timeout=20.0)
    return request


def stream(url: str) -> Request:
    def pieces() -> Iterator[bytes]:
        yield b"photo"

    stream = StreamBody("application/octet-stream", 5, pieces)  # type: ignore[arg-type]
    options = SendOptions(sink=BytesSink(1000), timeout=20.0)
    return Request(f"{url}/services/upload/", stream, {}, options=options)


def is_answered(answer: Response | None) -> bool:
    return answer is not None and not isinstance(answer, RequestFailure)


def body_of(answer: Response | None) -> bytes:
    assert answer is not None
    if isinstance(answer, RawResponse):
        return answer.body or b""
    return (answer.text or "").encode()


KINDS = pytest.mark.parametrize("request_to", [text_request, raw_request, stream])


@KINDS
def test_server_that_is_trusted_is_asked(
    server: Scripted, authority_file: str, send: Send, request_to: Callable[[str], Request]
) -> None:
    assert body_of(send(request_to(server.url), {"verify": authority_file})) == OK


@KINDS
def test_nothing_is_sent_to_a_server_that_is_not_trusted(
    server: Scripted, send: Send, request_to: Callable[[str], Request]
) -> None:
    answer = send(request_to(server.url), {})
    assert isinstance(answer, RequestFailure)
    assert answer.reason.startswith("the server's certificate is not trusted; to trust")
    assert not server.asked


@KINDS
def test_nothing_is_sent_to_a_server_of_another_name(
    server: Scripted, authority_file: str, send: Send, request_to: Callable[[str], Request]
) -> None:
    elsewhere = server.url.replace("127.0.0.1", "localhost")
    assert not is_answered(send(request_to(elsewhere), {"verify": authority_file}))
    assert not server.asked


@KINDS
@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_any_server_is_asked_where_none_is_to_be_verified(
    server: Scripted, send: Send, request_to: Callable[[str], Request]
) -> None:
    assert body_of(send(request_to(server.url), {"verify": False})) == OK


@KINDS
def test_certificate_of_the_client_is_shown(
    authority: trustme.CA,
    authority_file: str,
    tmp_path: Path,
    send: Send,
    request_to: Callable[[str], Request],
) -> None:
    context = _context(authority)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    certificate = authority.issue_cert("client.example")
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(str(tmp_path / "cert.pem"), append=True)
    certificate.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    shown = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    with serve(tls=context) as script:
        assert (
            body_of(send(request_to(script.url), {"verify": authority_file, "cert": shown})) == OK
        )
        assert not is_answered(send(request_to(script.url), {"verify": authority_file}))
        assert len(script.asked) == 1


@KINDS
@pytest.mark.parametrize("setting", ["verify", "cert"])
def test_certificates_that_are_gone_are_told(
    server: Scripted, send: Send, request_to: Callable[[str], Request], setting: str
) -> None:
    """Options are checked when a client is created; a file may be removed later."""
    answer = send(request_to(server.url), {setting: "gone.pem"})
    assert isinstance(answer, RequestFailure) and "cannot read a file" in answer.reason


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl names files by their subject")
@pytest.mark.parametrize("folder", [False, True])
def test_verify_may_be_a_folder_as_openssl_has_it(
    server: Scripted, send: Send, authority_file: str, tmp_path: Path, folder: bool
) -> None:
    name = subprocess.run(
        ["openssl", "x509", "-hash", "-noout", "-in", authority_file],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (tmp_path / f"{name}.0").write_bytes(Path(authority_file).read_bytes())
    path = tmp_path if folder else tmp_path / f"{name}.0"
    settings = read_options({"api_key": "k", "request_options": {"verify": path}})
    assert body_of(send(text_request(server.url), settings["request_options"])) == OK


def test_upload_leaves_no_connection_to_a_server_that_keeps_its_own_open(
    authority: trustme.CA, authority_file: str
) -> None:
    with _serve_open(_context(authority)) as url, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        assert body_of(in_loop(stream(url), {"verify": authority_file})) == OK
        gc.collect()
        assert [str(one.message) for one in warned] == []


@contextmanager
def _serve_open(context: ssl.SSLContext) -> Iterator[str]:
    """Answer one upload over TLS, and keep the connection open until the context ends."""
    ended = threading.Event()

    def answer(listener: socket.socket) -> None:
        plain, _ = listener.accept()
        with context.wrap_socket(plain, server_side=True) as secure:
            received = b""
            while b"photo" not in received:
                received += secure.recv(65_536)
            secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(OK), OK))
            ended.wait(TIMEOUT)

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as thread:
        answering = thread.submit(answer, listener)
        try:
            yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            ended.set()
        answering.result()

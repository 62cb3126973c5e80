"""Test that a disturbed upload is never made twice, and is repeated where that is safe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Fault, Sandbox
from pyflickr_web import Flickr
from pyflickr_web.errors import (
    FlickrError,
    LoginError,
    NetworkError,
    PermissionRefused,
    RateLimitError,
    TokenOnlyError,
    UnavailableError,
    UploadError,
)
from tests.server.clients import Both
from tests.server.raw_server import Bytes, at_once, serve_raw
from tests.server.upload_gateway import LOST, Disturbance, failure, serve_gateway, status
from tests.server.uploads import (
    CHECKED,
    UPLOADED,
    Clock,
    picture,
    states_in,
    uploaded_contents,
)
from tests.support.account import KEY, LOGIN, options_of
from tests.support.scripted_server import Answer, serve
from tests.support.uploader import image

# More than the buffers of both sockets hold: a client knows that it has not sent all of it.
LARGE = image() + bytes(20_000_000)
CUTS = [0, 1, 300, 70_000, 8_000_000]


def results_of(perform: Both, options: dict[str, Any], **arguments: Any) -> list[Any]:
    """Return the results of a failed upload."""
    with pytest.raises(UploadError) as caught:
        perform(lambda f: f.upload(**arguments), options)
    return caught.value.results


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("dedupe", [False, True])
def test_body_that_was_cut_is_sent_again(
    perform: Both, sandbox: Sandbox, clock: Clock, cut: int, dedupe: bool
) -> None:
    with serve_gateway(sandbox, Disturbance(cut), Disturbance(cut)) as gateway:
        perform(
            lambda f: f.upload(photo=LARGE, dedupe=dedupe),
            options_of(sandbox) | {"base_url": gateway.url},
        )
    assert uploaded_contents(sandbox) == [LARGE]
    assert len(gateway.heads) == 3 and clock.pauses == [1, 2]


def test_each_attempt_has_a_signature_of_its_own(
    perform: Both, sandbox: Sandbox, clock: Clock
) -> None:
    with serve_gateway(sandbox, Disturbance(0), Disturbance(0)) as gateway:
        options = options_of(sandbox) | {"base_url": gateway.url}
        perform(lambda f: f.upload(photo=LARGE), options)
    nonces = {re.findall(rb'oauth_nonce="([^"]+)"', head)[0] for head in gateway.heads}
    assert len(nonces) == 3


def test_signature_is_made_when_the_upload_of_a_file_begins(
    perform: Both, sandbox: Sandbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sandbox refuses a timestamp that is older than a few minutes."""
    monkeypatch.setattr(sandbox.store, "_clock", lambda: clock.now)
    monkeypatch.setattr("oauthlib.oauth1.rfc5849.generate_timestamp", lambda: str(int(clock.now)))

    def take_long(event: Any) -> None:
        if type(event).__name__ == "FileFinished":
            clock.now += 2400

    photos = [{"photo": picture(number)} for number in range(3)]
    perform(lambda f: f.upload(photos=photos, on_event=take_long), options_of(sandbox))
    assert len(uploaded_contents(sandbox)) == 3


def test_body_that_is_always_cut_fails(perform: Both, sandbox: Sandbox, clock: Clock) -> None:
    with serve_gateway(sandbox, *[Disturbance(10)] * 9) as gateway:
        options = options_of(sandbox) | {"base_url": gateway.url}
        (result,) = results_of(perform, options, photo=LARGE)
    assert result.status == "failed" and isinstance(result.error, NetworkError)
    assert len(gateway.heads) == 4


@pytest.mark.parametrize("dedupe", [False, True])
def test_iterator_is_only_sent_again_from_its_copy(
    perform: Both, sandbox: Sandbox, clock: Clock, dedupe: bool
) -> None:
    with serve_gateway(sandbox, Disturbance(10)) as gateway:
        options = options_of(sandbox) | {"base_url": gateway.url}
        arguments = {"photo": iter([LARGE]), "length": len(LARGE), "dedupe": dedupe}
        if dedupe:
            perform(lambda f: f.upload(**arguments), options)
        else:
            (result,) = results_of(perform, options, **arguments)
            assert result.status == "failed"
    assert len(gateway.heads) == (2 if dedupe else 1)
    assert uploaded_contents(sandbox) == ([LARGE] if dedupe else [])


@pytest.mark.parametrize("disturbance", [LOST, status(500), status(502), status(503), status(504)])
def test_file_with_a_lost_answer_is_found_on_flickr(
    perform: Both, sandbox: Sandbox, clock: Clock, disturbance: Disturbance
) -> None:
    sandbox.faults.add(Fault("index_delay", seconds=3600))
    with serve_gateway(sandbox, disturbance) as gateway:
        number = perform(
            lambda f: f.upload(photo=image(), dedupe=True),
            options_of(sandbox) | {"base_url": gateway.url},
        )
    assert uploaded_contents(sandbox) == [image()] and len(gateway.heads) == 1
    assert sandbox.store.value("SELECT max(id) FROM photos") == int(number)
    assert clock.pauses == []


def test_search_finds_a_file_that_listings_lack(
    perform: Both, sandbox: Sandbox, clock: Clock
) -> None:
    """A photo whose date of posting was changed is not among the uploads since the attempt."""
    sandbox.store.run(
        "CREATE TRIGGER earlier AFTER INSERT ON photos BEGIN"
        " UPDATE photos SET posted = posted - 999999 WHERE id = new.id; END"
    )
    with serve_gateway(sandbox, LOST) as gateway:
        options = options_of(sandbox) | {"base_url": gateway.url}
        perform(lambda f: f.upload(photo=image(), dedupe=True, safety_level=3), options)
    assert len(gateway.heads) == 1 and clock.pauses == []


@pytest.mark.parametrize("disturbance", [LOST, status(500), status(503)])
def test_without_dedupe_a_lost_answer_is_unknown(
    perform: Both, sandbox: Sandbox, clock: Clock, disturbance: Disturbance
) -> None:
    with serve_gateway(sandbox, disturbance) as gateway:
        options = options_of(sandbox) | {"base_url": gateway.url}
        (result,) = results_of(perform, options, photo=image())
    assert (result.status, result.id) == ("unknown", None) and result.error
    assert uploaded_contents(sandbox) == [image()] and len(gateway.heads) == 1


@pytest.mark.parametrize(
    ("disturbance", "code"),
    [
        (status(500, forwards=False), None),
        (status(503, b"<html>", forwards=False), None),
        (status(200, forwards=False), None),
        (status(200, b"<html>", forwards=False), None),
        (Disturbance(forwards=False), None),
        *[(failure(code), code) for code in (0, 105, 106, 201)],
    ],
)
def test_file_that_is_not_found_is_looked_for_three_times(
    perform: Both, sandbox: Sandbox, clock: Clock, disturbance: Disturbance, code: int | None
) -> None:
    with serve_gateway(sandbox, disturbance) as gateway:
        options = options_of(sandbox) | {"base_url": gateway.url}
        (result,) = results_of(perform, options, photo=image(), dedupe=True)
    assert result.status == "unknown" and result.error.code == code
    assert clock.pauses == [30, 30] and len(gateway.heads) == 1


def test_failure_that_flickr_declares_is_not_repeated(
    perform: Both, sandbox: Sandbox, clock: Clock
) -> None:
    with serve_gateway(sandbox, failure(3)) as gateway:
        options = options_of(sandbox) | {"base_url": gateway.url}
        (result,) = results_of(perform, options, photo=image(), dedupe=True)
    assert (result.status, result.error.code) == ("failed", 3) and len(gateway.heads) == 1


def test_file_that_appears_late_is_found(perform: Both, sandbox: Sandbox, clock: Clock) -> None:
    def fail_first_looks(event: Any) -> None:
        if type(event).__name__ == "FileStarted":
            # A call and its three retries, twice.
            sandbox.faults.add("500", method="flickr.people.getPhotos", times=8)

    with serve_gateway(sandbox, LOST) as gateway:
        options = options_of(sandbox) | {"base_url": gateway.url}
        perform(lambda f: f.upload(photo=image(), dedupe=True, on_event=fail_first_looks), options)
    assert clock.pauses == [1, 2, 4, 30, 1, 2, 4, 30] and len(gateway.heads) == 1


def test_too_many_requests_is_waited_for(perform: Both, sandbox: Sandbox, clock: Clock) -> None:
    sandbox.faults.add(Fault("429", retry_after=7), where="upload", times=2)
    perform(lambda f: f.upload(photo=image()), options_of(sandbox))
    assert clock.pauses == [7, 7] and uploaded_contents(sandbox) == [image()]


def test_state_of_an_earlier_attempt_is_forgotten(
    perform: Both, sandbox: Sandbox, clock: Clock
) -> None:
    """The first attempt is sent wholly and refused, the second one is cut."""
    with serve_gateway(sandbox, status(429, forwards=False), Disturbance(10)) as gateway:
        options = options_of(sandbox) | {"base_url": gateway.url}
        perform(lambda f: f.upload(photo=LARGE), options)
    assert len(gateway.heads) == 3 and uploaded_contents(sandbox) == [LARGE]


@pytest.mark.parametrize(("seconds", "attempts"), [(None, 4), (299, 4), (300, 1)])
def test_too_many_requests_for_long_is_a_failure(
    perform: Both, sandbox: Sandbox, clock: Clock, seconds: int | None, attempts: int
) -> None:
    sandbox.faults.add(Fault("429", retry_after=seconds), where="upload")
    (result,) = results_of(perform, options_of(sandbox), photo=image())
    assert result.status == "failed" and isinstance(result.error, RateLimitError)
    assert sandbox.calls["upload"] == attempts


@pytest.mark.parametrize("code", [400, 403, 404, 413])
def test_refusal_is_not_repeated(perform: Both, sandbox: Sandbox, clock: Clock, code: int) -> None:
    with serve_gateway(sandbox, status(code)) as gateway:
        options = options_of(sandbox) | {"base_url": gateway.url}
        (result,) = results_of(perform, options, photo=image(), dedupe=True)
    assert result.status == "failed" and isinstance(result.error, UnavailableError)
    assert len(gateway.heads) == 1 and clock.pauses == []


def fail_after(index: int, add: Any) -> Any:
    """Return a function for events that adds a fault after the file at `index`."""

    def on_event(event: Any) -> None:
        if type(event).__name__ == "FileFinished" and event.index == index:
            add()

    return on_event


FINAL = {
    "expired-token": (Fault("expired-token"), LoginError),
    "quota": (Fault("error", code=6, message="Over the limit"), FlickrError),
    "permission": (Fault("error", code=99, message="Insufficient permissions"), PermissionRefused),
}


@pytest.mark.parametrize("code", [98, 99])
def test_withdrawn_token_says_how_to_sign_in(perform: Both, sandbox: Sandbox, code: int) -> None:
    sandbox.faults.add(Fault("error", code=code, message="Refused"), where="upload")
    (result,) = results_of(perform, options_of(sandbox), photo=picture(1))
    expected = f"flickr.upload: Refused (code {code}): run `pyflickr-web login --perms write`"
    assert str(result.error).startswith(expected)


@pytest.mark.parametrize("name", FINAL)
def test_failure_that_all_further_files_would_have_ends_the_batch(
    perform: Both, sandbox: Sandbox, clock: Clock, tmp_path: Path, name: str
) -> None:
    fault, kind = FINAL[name]
    journal = tmp_path / "journal"
    results = results_of(
        perform,
        options_of(sandbox),
        photos=[{"photo": picture(number), "filename": f"{number}.jpg"} for number in range(4)],
        on_event=fail_after(1, lambda: sandbox.faults.add(fault, where="upload")),
        journal=journal,
    )
    assert [result.status for result in results] == ["uploaded", "uploaded", "failed", "not tried"]
    assert isinstance(results[2].error, kind) and results[3].error is results[2].error
    assert [bool(result.id) for result in results] == [True, True, False, False]
    assert states_in(journal)[-1] == "failed"
    sandbox.faults.clear()
    photos = [{"photo": picture(number), "filename": f"{number}.jpg"} for number in range(4)]
    ids = perform(lambda f: f.upload(photos=photos, journal=journal), options_of(sandbox))
    assert ids[:2] == [result.id for result in results[:2]]
    assert uploaded_contents(sandbox) == [picture(number) for number in range(4)]


@pytest.fixture
def read_only() -> Iterator[Any]:
    """A server whose token has only read permission."""
    answer = b'{"stat":"ok","oauth":{"perms":{"_content":"read"},"user":{"nsid":"1@N00"}}}'
    with serve(Answer(answer)) as server:
        yield server


@pytest.mark.parametrize(
    ("options", "kind", "text"),
    [
        (LOGIN, PermissionRefused, "the token only has read permission, and uploads need write"),
        ({"api_key": KEY}, TokenOnlyError, "this client only has an API key"),
        ({"api_key": KEY, "secret": "s"}, LoginError, "not signed in"),
    ],
)
@pytest.mark.parametrize("method", ["upload", "replace"])
def test_client_that_may_not_upload_is_told_the_command_before_any_byte_is_sent(
    perform: Both,
    read_only: Any,
    options: dict[str, Any],
    kind: type[FlickrError],
    text: str,
    method: str,
) -> None:
    arguments = {"photo_id": 1} if method == "replace" else {}
    with pytest.raises(kind) as caught:
        perform(
            lambda f: getattr(f, method)(photo=image(), **arguments),
            options | {"base_url": read_only.url},
        )
    assert text in str(caught.value) and "`pyflickr-web login --perms write`" in str(caught.value)
    assert all(asked.path.startswith("/services/rest/") for asked in read_only.asked)


def test_client_of_a_proxy_says_that_it_cannot_upload(perform: Both) -> None:
    with pytest.raises(TokenOnlyError, match="leave out endpoint"):
        perform(lambda f: f.upload(photo=image()), {"endpoint": "http://127.0.0.1:9/rest/"})


def test_permission_is_checked_once(perform: Both, sandbox: Sandbox) -> None:
    with Flickr(**options_of(sandbox)) as flickr:
        flickr.upload(photo=picture(1))
        flickr.upload(photo=picture(2))
    assert sandbox.calls["flickr.auth.oauth.checkToken"] == 1


def test_no_error_contains_a_secret(perform: Both, sandbox: Sandbox, clock: Clock) -> None:
    account = sandbox.account
    message = f"{account.api_key} {account.secret} {account.access_token}"
    sandbox.faults.add(Fault("error", code=3, message=message), where="upload")
    (result,) = results_of(perform, options_of(sandbox), photo=image())
    assert result.error and not any(secret in str(result.error) for secret in message.split())


def test_ticket_that_fails_is_a_failed_file(
    perform: Both, sandbox: Sandbox, clock: Clock, tmp_path: Path
) -> None:
    broken = image()[:200]
    (result,) = results_of(
        perform,
        options_of(sandbox),
        photo=broken,
        async_=True,
        wait=True,
        journal=tmp_path / "journal",
    )
    assert result.status == "failed" and "could not process the file" in str(result.error)
    assert states_in(tmp_path / "journal")[-1] == "failed"


def test_tickets_are_polled_gently(perform: Both, sandbox: Sandbox, clock: Clock) -> None:
    photos = [{"photo": picture(number)} for number in range(3)]
    ids = perform(lambda f: f.upload(photos=photos, async_=True, wait=True), options_of(sandbox))
    rows = sandbox.store.all("SELECT id FROM photos WHERE file IS NOT NULL ORDER BY id")
    assert ids == [str(row["id"]) for row in rows]
    # All tickets in one call; the sandbox's first check answers that nothing is complete.
    assert sandbox.calls["flickr.photos.upload.checkTickets"] == 2 and clock.pauses == [1, 2]


def test_without_wait_the_ids_are_tickets(perform: Both, sandbox: Sandbox) -> None:
    ticket = perform(lambda f: f.upload(photo=image(), async_=True), options_of(sandbox))
    assert sandbox.store.one("SELECT * FROM tickets WHERE id = :id", id=ticket)


def test_ticket_that_is_never_finished_stays_a_ticket(
    perform: Both, sandbox: Sandbox, clock: Clock
) -> None:
    sandbox.store.run("CREATE TRIGGER never AFTER UPDATE ON tickets BEGIN"
                      " UPDATE tickets SET asked = 0 WHERE id = new.id; END")  # fmt: skip
    ticket = perform(lambda f: f.upload(photo=image(), async_=True, wait=True), options_of(sandbox))
    assert sandbox.store.one("SELECT * FROM tickets WHERE id = :id", id=ticket)
    assert max(clock.pauses) == 30 and sum(clock.pauses) > 500


def test_lost_tickets_are_found_as_photos(perform: Both, sandbox: Sandbox, clock: Clock) -> None:
    with serve_gateway(sandbox, LOST) as gateway:
        number = perform(
            lambda f: f.upload(photo=image(), async_=True, wait=True, dedupe=True),
            options_of(sandbox) | {"base_url": gateway.url},
        )
    assert sandbox.store.value("SELECT max(id) FROM photos") == int(number)


def test_each_file_has_a_connection_of_its_own(perform: Both) -> None:
    # The server would keep each connection; it may end a kept one just when an upload is sent on it.
    answers = [_keep_alive(answer) for answer in (CHECKED, CHECKED, UPLOADED, UPLOADED)]
    with serve_raw(*answers) as server:
        photos = [{"photo": picture(number)} for number in range(2)]
        perform(lambda f: f.upload(photos=photos), LOGIN | {"base_url": server.url})
    assert b"/services/upload/" in server.asked[2][1] and b"/services/upload/" in server.asked[3][1]
    assert server.asked[2][0] != server.asked[3][0]


def _keep_alive(answer: Answer) -> Bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer.body)
    return at_once(head + answer.body)

"""`sandbox.requests` and `/sandbox/requests`: what was asked, by whom, and the answer."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
import requests

from flickr_sandbox import Sandbox
from flickr_sandbox.request_log import (
    LONGEST_VALUE,
    MASK,
    MOST_ARGUMENTS,
    MOST_REQUESTS,
    RecordedRequest,
    RequestLog,
    mask_arguments,
    mask_headers,
)
from tests.sandbox.fault_requests import ECHO, echo, picture
from tests.support.oauth_client import OAuthClient
from tests.support.sandbox_client import Client
from tests.support.timeouts import TIMEOUT
from tests.support.uploader import Uploader, image

ARGUMENTS = {"nojsoncallback": "1", "format": "json", "api_key": MASK}


def ask(sandbox: Sandbox, verb: str = "GET", **query: str) -> Any:
    url = f"{sandbox.url}/sandbox/requests"
    return requests.request(verb, url, params=query, timeout=TIMEOUT).json()["requests"]


def test_unsigned_call_is_recorded(flickr: Client) -> None:
    flickr.call_public("photos.getInfo", photo_id="1")
    [request] = flickr.sandbox.requests
    assert request.method == "flickr.photos.getInfo"
    assert (request.verb, request.url) == ("GET", flickr.rest)
    assert request.arguments == {"method": request.method, "photo_id": "1", **ARGUMENTS}
    assert (request.signed, request.user_id, request.username) == (False, None, None)
    assert (request.status, request.stat, request.code, request.fault) == (200, "fail", 1, "")
    assert request.headers["User-Agent"].startswith("python-requests")
    assert request.number == 1


def test_signed_call_names_the_person_and_no_secret(flickr: Client) -> None:
    flickr.call_signed("test.login", api_key="")
    [request] = flickr.sandbox.requests
    account = flickr.sandbox.account
    assert (request.signed, request.user_id) == (True, account.user_id)
    assert request.username == "sandbox"
    assert (request.status, request.stat, request.code) == (200, "ok", None)
    assert request.headers["Authorization"] == f"OAuth {MASK}"
    assert request.arguments["oauth_signature"] == MASK
    text = json.dumps(ask(flickr.sandbox))
    assert "flickr.test.login" in text
    for secret in (account.api_key, account.secret, account.access_token):
        assert secret not in text


def test_refused_signature_is_of_nobody(flickr: Client) -> None:
    flickr.auth.client.client_secret = "wrong"
    requests.get(flickr.rest, {"method": "flickr.test.login"}, auth=flickr.auth, timeout=TIMEOUT)
    [request] = flickr.sandbox.requests
    assert (request.status, request.stat, request.user_id) == (401, "", None)


def test_upload_sign_in_and_files_are_recorded(uploader: Uploader) -> None:
    sandbox = uploader.sandbox
    uploader.upload(image(), title="Grüße", tags="a b")
    OAuthClient(sandbox).begin()
    requests.get(picture(sandbox), headers={"Cookie": "a=b"}, timeout=TIMEOUT)
    upload, token, file = sandbox.requests
    assert (upload.method, upload.user_id, upload.stat) == (
        "upload", sandbox.account.user_id, "ok",
    )  # fmt: skip
    assert (upload.arguments["title"], upload.arguments["tags"]) == ("Grüße", "a b")
    assert (token.method, token.status, token.stat) == ("oauth/request_token", 200, "")
    assert (file.method, file.url, file.headers["Cookie"]) == ("files", picture(sandbox), MASK)


def test_fault_is_recorded(flickr: Client) -> None:
    sandbox = flickr.sandbox
    for kind in ("500", "105", "drop"):
        sandbox.faults.add(kind, times=1)
    assert (echo(sandbox).status_code, echo(sandbox).json()["code"]) == (500, 105)
    with pytest.raises(requests.ConnectionError):
        echo(sandbox)
    found = [(each.fault, each.status, each.stat, each.code) for each in sandbox.requests]
    assert found == [("500", 500, "", None), ("105", 200, "fail", 105), ("drop", None, "", None)]


def test_requests_over_http_can_be_chosen_and_cleared(flickr: Client) -> None:
    echo(flickr.sandbox)
    flickr.call_public("photos.search", text="lake")
    assert [each["method"] for each in ask(flickr.sandbox)] == [ECHO, "flickr.photos.search"]
    [search] = ask(flickr.sandbox, method="flickr.photos.*")
    assert search["arguments"]["text"] == "lake"
    assert ask(flickr.sandbox, method="flickr.photos") == []
    assert ask(flickr.sandbox, "DELETE") == []
    assert ask(flickr.sandbox) == []


def test_wait_over_http_ends_with_the_request_or_the_time(flickr: Client) -> None:
    assert ask(flickr.sandbox, wait="0.01") == []
    answers: list[Any] = []
    waiter = threading.Thread(
        target=lambda: answers.append(ask(flickr.sandbox, method=ECHO, wait="20"))
    )
    waiter.start()
    while waiter.is_alive():
        # At least one of them is asked after the wait began.
        echo(flickr.sandbox)
    assert answers[0][0]["method"] == ECHO
    for invalid in ("soon", "-1", "61", "nan"):
        url = f"{flickr.sandbox.url}/sandbox/requests"
        refused = requests.get(url, {"wait": invalid}, timeout=TIMEOUT)
        assert refused.status_code == 400
        assert refused.json() == {"error": f"invalid wait {invalid!r}: use seconds, from 0 to 60"}


def test_wait_over_http_ends_with_the_sandbox() -> None:
    with Sandbox(photos=3) as sandbox, requests.Session() as session:
        url = f"{sandbox.url}/sandbox/requests"
        answers: list[int] = []

        def wait() -> None:
            try:
                answers.append(session.get(url, params={"wait": "60"}, timeout=50).status_code)
            except requests.ConnectionError:
                answers.append(0)

        waiter = threading.Thread(target=wait)
        waiter.start()
        while not sandbox.requests._waiters:
            pass
    waiter.join()
    # Otherwise the client's timeout ends it, without an answer.
    assert answers


def test_reset_clears_the_log(flickr: Client) -> None:
    flickr.sandbox.mark()
    echo(flickr.sandbox)
    assert len(flickr.sandbox.requests) == 1
    flickr.sandbox.reset()
    assert len(flickr.sandbox.requests) == 0


def request_for(method: str) -> RecordedRequest:
    return RecordedRequest(method, "GET", "http://127.0.0.1/")


def test_wait_returns_the_first_request() -> None:
    log = RequestLog()
    log.add(request_for("a"))
    log.add(request_for("b"))
    log.add(request_for("b"))
    assert log.wait().number == 1
    assert log.wait("b").number == 2
    assert log[-1].number == 3


def test_wait_returns_a_request_of_another_thread() -> None:
    log = RequestLog()
    waiter = log.expect("b*")
    threads = [threading.Thread(target=log.add, args=[request_for(name)]) for name in ("a", "bc")]
    for thread in threads:
        thread.start()
        thread.join()
    assert waiter.result(TIMEOUT).method == "bc"
    assert not log._waiters


def test_wait_without_a_request_raises() -> None:
    log = RequestLog()
    log.add(request_for("a"))
    with pytest.raises(TimeoutError, match=r"^no request for 'b' in 0 seconds$"):
        log.wait("b", timeout=0)
    assert not log._waiters
    waiter = log.expect("b")
    log.close()
    with pytest.raises(TimeoutError, match="the sandbox is closed"):
        waiter.result(0)


def test_log_keeps_only_the_last_requests() -> None:
    log = RequestLog()
    for _ in range(MOST_REQUESTS + 5):
        log.add(request_for("a"))
    assert len(log) == MOST_REQUESTS
    assert (log[0].number, log[-1].number) == (6, MOST_REQUESTS + 5)
    log.clear()
    log.add(request_for("a"))
    assert log[0].number == 1


def test_large_arguments_and_headers_are_cut() -> None:
    long = "x" * (LONGEST_VALUE + 1)
    many = {str(number): "" for number in range(MOST_ARGUMENTS + 1)}
    assert mask_arguments({"text": long}) == {"text": long[:-1] + MASK}
    assert len(mask_arguments(many)) == MOST_ARGUMENTS
    assert mask_headers({"X-Long": long}) == {"X-Long": long[:-1] + MASK}


@pytest.mark.parametrize(
    "name",
    [
        "api_key",
        "api_sig",
        "auth_token",
        "oauth_token",
        "oauth_verifier",
        "frob",
        "ticket",
        "secret",
    ],
)
def test_secret_arguments_are_masked(name: str) -> None:
    assert mask_arguments({name: "0123", "title": "0123"}) == {name: MASK, "title": "0123"}


@pytest.mark.parametrize(
    ("name", "value", "masked"),
    [
        ("Authorization", 'OAuth oauth_token="1"', f"OAuth {MASK}"),
        ("authorization", "0123", MASK),
        ("Proxy-Authorization", "Basic 0123", f"Basic {MASK}"),
        ("Cookie", "a=0123; b=4", MASK),
        ("Accept", "a b", "a b"),
    ],
)
def test_secret_headers_are_masked(name: str, value: str, masked: str) -> None:
    assert mask_headers({name: value}) == {name: masked}

"""The admin address, `/sandbox/`, with faults and counters of a running sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests

from flickr_sandbox import Sandbox
from flickr_sandbox.faults import KINDS
from tests.sandbox.fault_requests import ECHO, echo, picture
from tests.support.sandbox_client import Client
from tests.support.timeouts import TIMEOUT
from tests.support.uploader import Uploader, image


def admin(sandbox: Sandbox, verb: str, place: str = "", **fields: Any) -> requests.Response:
    url, content = f"{sandbox.url}/sandbox/{place}", fields if verb == "POST" else None
    return requests.request(verb, url, json=content, timeout=TIMEOUT)


def test_admin_adds_lists_and_removes_faults(fresh_sandbox: Sandbox) -> None:
    fault = {"kind": "429", "retry_after": 2, "method": ECHO, "times": 3}
    added = admin(fresh_sandbox, "POST", "faults", **fault)
    assert (added.status_code, added.json()) == (201, {"id": 1})
    assert echo(fresh_sandbox).headers["Retry-After"] == "2"
    [rule] = admin(fresh_sandbox, "GET", "faults").json()["faults"]
    assert rule["fault"]["kind"] == "429"
    assert (rule["id"], rule["method"], rule["times"]) == (1, ECHO, 2)
    assert admin(fresh_sandbox, "DELETE", "faults/1").json() == {"faults": []}
    assert admin(fresh_sandbox, "DELETE", "faults/1").status_code == 404
    assert echo(fresh_sandbox).status_code == 200


def test_admin_fails_and_limits(fresh_sandbox: Sandbox) -> None:
    admin(fresh_sandbox, "POST", "fail", method=ECHO, code=105)
    assert echo(fresh_sandbox).json()["code"] == 105
    admin(fresh_sandbox, "POST", "fail", method=ECHO, code=77, message="Not today")
    assert echo(fresh_sandbox).json() == {"stat": "fail", "code": 77, "message": "Not today"}
    assert admin(fresh_sandbox, "POST", "limit", an_hour=0).json() == {"limit": 0}
    assert echo(fresh_sandbox).status_code == 429
    admin(fresh_sandbox, "DELETE", "faults")
    assert echo(fresh_sandbox).status_code == 200


def test_admin_throttles_files(fresh_sandbox: Sandbox) -> None:
    url = picture(fresh_sandbox)
    fields = {"burst": 1, "a_second": 0, "block": 60.5}
    assert admin(fresh_sandbox, "POST", "throttle", **fields).json() == fields
    assert [requests.get(url, timeout=TIMEOUT).status_code for _ in range(2)] == [200, 429]
    assert echo(fresh_sandbox).status_code == 200
    admin(fresh_sandbox, "DELETE", "faults")
    assert requests.get(url, timeout=TIMEOUT).status_code == 200


@pytest.mark.parametrize(
    ("place", "fields", "message"),
    [
        ("faults", {"kind": "teapot"}, "unknown fault 'teapot'"),
        ("faults", {}, "'kind' is missing: choose one of latency, slow, 429"),
        ("faults", {"kind": "error"}, "the fault 'error' needs a code or a message"),
        ("faults", {"kind": "500", "method": "flickr.nope"}, "unknown method 'flickr.nope'"),
        ("faults", {"kinds": "500"}, "unknown field 'kinds': use code, kind"),
        ("faults", {"kind": "500", "times": 0}, "invalid times 0: use 1 or more"),
        ("faults", {"kind": "500", "times": True}, "invalid 'times': true"),
        ("faults", {"kind": "500", "rate": "often"}, "invalid 'rate': \"often\""),
        ("faults", {"kind": "500", "seconds": "long"}, "invalid 'seconds': \"long\""),
        ("fail", {"method": ECHO}, "'code' is missing"),
        ("fail", {"method": ECHO, "code": 77}, "does not declare error 77"),
        ("limit", {"an_hour": -1}, "invalid limit -1: use 0 or more calls an hour"),
        ("throttle", {"burst": 0}, "invalid burst 0: use 1 or more files"),
    ],
)
def test_admin_refuses_invalid_requests(
    fresh_sandbox: Sandbox, place: str, fields: dict[str, Any], message: str
) -> None:
    response = admin(fresh_sandbox, "POST", place, **fields)
    assert response.status_code == 400
    assert message in response.json()["error"]
    assert fresh_sandbox.faults.rules() == []


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("text/plain", '{"kind": "500"}'), ("application/json", "["), ("application/json", "[]")],
)
def test_admin_accepts_only_json_objects(
    fresh_sandbox: Sandbox, content_type: str, body: str
) -> None:
    url = f"{fresh_sandbox.url}/sandbox/faults"
    headers = {"Content-Type": content_type}
    assert requests.post(url, data=body, headers=headers, timeout=TIMEOUT).status_code == 400


def test_calls_and_answers_are_counted(flickr: Client) -> None:
    sandbox = flickr.sandbox
    flickr.call_public("test.echo")
    flickr.call_public("photos.serch")
    requests.get(picture(sandbox), timeout=TIMEOUT)
    requests.get(picture(sandbox) + "x", timeout=TIMEOUT)
    sandbox.faults.add("500", times=1)
    echo(sandbox)
    counted = {"flickr.test.echo": 2, "flickr.photos.serch": 1, "files": 2}
    assert sandbox.calls == counted
    assert sandbox.answers == {"200": 3, "404": 1, "500": 1}
    assert admin(sandbox, "GET", "calls").json()["calls"] == counted
    assert admin(sandbox, "DELETE", "calls").json() == {"calls": {}, "answers": {}}
    assert not sandbox.calls


def titles(sandbox: Sandbox) -> list[str]:
    return [row["title"] for row in sandbox.store.all("SELECT title FROM photos ORDER BY id")]


def test_reset_restores_the_start_or_the_mark(flickr: Client) -> None:
    sandbox, before = flickr.sandbox, titles(flickr.sandbox)
    number = Uploader.of(sandbox).upload(image())
    sandbox.faults.add("500")
    sandbox.faults.limit(1)
    assert admin(sandbox, "POST", "reset").json() == {}
    assert titles(sandbox) == before
    assert list(sandbox.files.iterdir()) == []
    assert not sandbox.faults.rules() and sandbox.faults.hourly_limit is None
    assert not sandbox.calls and not sandbox.answers and not list(sandbox.requests)
    assert flickr.call_public("photos.getInfo", photo_id=number)["code"] == 1
    assert flickr.call_signed("test.login")["stat"] == "ok"
    marked = Uploader.of(sandbox).upload(image())
    assert admin(sandbox, "POST", "mark").status_code == 200
    later = Uploader.of(sandbox).upload(image())
    sandbox.reset()
    assert flickr.call_public("photos.getInfo", photo_id=marked)["stat"] == "ok"
    assert flickr.call_public("photos.getInfo", photo_id=later)["code"] == 1
    assert len(list(sandbox.files.iterdir())) == 1


def test_library_in_a_folder_is_not_reset(tmp_path: Path) -> None:
    message = "a library in a folder cannot be reset: start the sandbox without data"
    with Sandbox(photos=5, data=tmp_path) as sandbox:
        for action in ("mark", "reset"):
            refused = admin(sandbox, "POST", action)
            assert (refused.status_code, refused.json()) == (409, {"error": message})
        with pytest.raises(ValueError, match=message):
            sandbox.reset()
        assert Client(sandbox).call_public("test.echo")["stat"] == "ok"


def test_reset_is_refused_to_pages_of_other_sites(fresh_sandbox: Sandbox) -> None:
    number = Uploader.of(fresh_sandbox).upload(image())
    url = f"{fresh_sandbox.url}/sandbox/reset"
    assert requests.post(url, data="{}", timeout=TIMEOUT).status_code == 400
    refused = admin(fresh_sandbox, "POST", "reset", now=1)
    assert refused.json() == {"error": "unknown field 'now': send an empty object"}
    assert fresh_sandbox.store.one("SELECT 1 FROM photos WHERE id = :id", id=number)


def test_environ_is_that_of_the_sandbox(fresh_sandbox: Sandbox) -> None:
    assert admin(fresh_sandbox, "GET", "environ").json() == fresh_sandbox.environ


def test_admin_shows_kinds_and_no_secret(fresh_sandbox: Sandbox) -> None:
    account = fresh_sandbox.account
    text = admin(fresh_sandbox, "GET").text + admin(fresh_sandbox, "GET", "kinds").text
    for secret in (account.secret, account.access_token, account.access_token_secret):
        assert secret not in text
    assert list(admin(fresh_sandbox, "GET", "kinds").json()["kinds"]) == list(KINDS)


def test_reset_keeps_the_files_of_ones_own_library(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(image("PNG"))
    (tmp_path / "b.json").write_text(
        '{"people": [{"username": "sam"}], "photos": [{"file": "a.png"}]}'
    )
    with Sandbox(library=tmp_path / "b.json") as sandbox:
        before, files = titles(sandbox), sorted(sandbox.files.iterdir())
        Uploader.of(sandbox).upload(image())
        assert admin(sandbox, "POST", "reset").status_code == 200
        assert titles(sandbox) == before
        assert sorted(sandbox.files.iterdir()) == files != []


def test_reset_keeps_the_second_account_of_the_start() -> None:
    with Sandbox(photos=5, large_account=True) as sandbox:
        before = len(titles(sandbox))
        sandbox.reset()
        assert len(titles(sandbox)) == before > 12_000

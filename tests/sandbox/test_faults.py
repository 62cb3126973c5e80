"""Faults over a socket."""

from __future__ import annotations

import re
from functools import partial

import pytest
import requests

from flickr_sandbox import Fault, Sandbox
from flickr_sandbox.faults import KINDS
from tests.sandbox.fault_requests import ECHO, echo, picture
from tests.support.timeouts import TIMEOUT
from tests.support.uploader import Uploader, image


@pytest.mark.parametrize(
    ("fault", "status", "body", "retry_after"),
    [
        (Fault("429"), 429, "Too Many Requests", None),
        (Fault("429", retry_after=2), 429, "Too Many Requests", "2"),
        (Fault("500"), 500, "", None),
        (Fault("502"), 502, "<!doctype html>.*Bad Gateway", None),
        (Fault("503", retry_after=30), 503, "Service Unavailable", "30"),
        (Fault("105"), 200, '{"stat":"fail","code":105,', None),
        (Fault("201"), 200, '{"stat":"fail","code":201,', None),
        (Fault("error", code=0, message="Sorry"), 200, '"code":0,"message":"Sorry"', None),
        (Fault("empty"), 200, "", None),
        (Fault("wrong-format"), 200, r"^<\?xml.*<word>here</word>", None),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
def test_fault_changes_the_answer(
    fresh_sandbox: Sandbox, fault: Fault, status: int, body: str, retry_after: str | None
) -> None:
    fresh_sandbox.faults.add(fault, times=1)
    response = echo(fresh_sandbox)
    assert response.status_code == status
    assert re.search(body, response.text, re.S) if body else response.content == b""
    assert response.headers.get("Retry-After") == retry_after
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert echo(fresh_sandbox).json()["word"] == {"_content": "here"}


def test_failure_has_the_requested_format(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.faults.add("105")
    assert '<err code="105"' in echo(fresh_sandbox, format="rest").text
    wrapped = echo(fresh_sandbox, nojsoncallback="0", jsoncallback="parse").text
    assert wrapped.startswith('parse({"stat":"fail","code":105')


def test_wrong_format_returns_json_for_xml(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.faults.add("wrong-format")
    assert echo(fresh_sandbox, format="rest").json()["word"] == {"_content": "here"}


def test_wrong_format_ends_with_the_request(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.faults.add("wrong-format", times=1)
    query = {"method": ECHO, "api_key": fresh_sandbox.account.api_key}
    with requests.Session() as session:
        answers = [
            session.get(f"{fresh_sandbox.url}/services/rest/", params=query, timeout=TIMEOUT).text[
                0
            ]
            for _ in range(2)
        ]
    assert answers == ["{", "<"]


def test_truncated_answer_is_complete_to_http(fresh_sandbox: Sandbox) -> None:
    whole = echo(fresh_sandbox).content
    fresh_sandbox.faults.add("truncated")
    assert echo(fresh_sandbox).content == whole[: len(whole) // 2]


def test_slow_answer_is_complete(fresh_sandbox: Sandbox) -> None:
    whole = echo(fresh_sandbox).content
    fresh_sandbox.faults.add(Fault("slow", seconds=0))
    fresh_sandbox.faults.add(Fault("latency", seconds=0))
    assert echo(fresh_sandbox).content == whole


def test_connection_ends_before_the_answer(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.faults.add("drop", times=1)
    with pytest.raises(requests.ConnectionError):
        echo(fresh_sandbox)
    assert fresh_sandbox.answers == {"dropped": 1}


def test_connection_ends_in_the_middle_of_the_answer(fresh_sandbox: Sandbox) -> None:
    whole = echo(fresh_sandbox).content
    fresh_sandbox.faults.add("drop-midway", times=1)
    half = f"{len(whole) // 2} bytes read"
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match=half):
        echo(fresh_sandbox)


def test_expired_token_fault_affects_only_signed_calls(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.faults.add("expired-token")
    refused = echo(fresh_sandbox, oauth_token="a-token")
    assert (refused.status_code, refused.text) == (401, "oauth_problem=token_rejected")
    header = {"Authorization": 'OAuth oauth_token="a-token"'}
    url = f"{fresh_sandbox.url}/services/rest/"
    assert requests.get(url, headers=header, timeout=TIMEOUT).status_code == 401
    assert echo(fresh_sandbox).status_code == 200


def test_index_delay_hides_new_photos_from_searches_alone(
    fresh_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = Uploader.of(fresh_sandbox).upload(image(), tags="quetzalcoatlus")
    posted = fresh_sandbox.store.value("SELECT posted FROM photos WHERE id = :id", id=number)
    fresh_sandbox.faults.add(Fault("index_delay", seconds=90))
    owner = fresh_sandbox.account.user_id
    for age, expected in ((0, []), (89, []), (90, [number])):
        monkeypatch.setattr(fresh_sandbox.store, "_clock", partial(int, posted + age))
        found = echo(fresh_sandbox, "flickr.photos.search", tags="quetzalcoatlus").json()
        assert [photo["id"] for photo in found["photos"]["photo"]] == expected
        listed = echo(fresh_sandbox, "flickr.people.getPhotos", user_id=owner).json()
        assert listed["photos"]["photo"][0]["id"] == number
    fresh_sandbox.faults.add("500", times=1)
    assert echo(fresh_sandbox).status_code == 500


@pytest.mark.parametrize(
    "kind", sorted(set(KINDS) - {"drop", "drop-midway", "index_delay", "latency", "slow"})
)
def test_faults_apply_to_pictures(fresh_sandbox: Sandbox, kind: str) -> None:
    address = picture(fresh_sandbox)
    whole = requests.get(address, timeout=TIMEOUT)
    fresh_sandbox.faults.add(Fault(kind, code=1), where="files", times=1)
    spoilt = requests.get(address, timeout=TIMEOUT)
    assert (spoilt.content != whole.content) == (kind != "expired-token")
    assert echo(fresh_sandbox).status_code == 200


@pytest.mark.parametrize("place", ["oauth/request_token", "upload/", "replace"])
def test_faults_apply_to_oauth_and_upload(fresh_sandbox: Sandbox, place: str) -> None:
    fresh_sandbox.faults.add("502", where=place.partition("/")[0].replace("replace", "upload"))
    url = f"{fresh_sandbox.url}/services/{place}"
    assert requests.post(url, data={"a": "b"}, timeout=TIMEOUT).status_code == 502
    assert fresh_sandbox.calls == {place.strip("/"): 1}


def test_faults_apply_to_posted_forms_by_method(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.faults.add("500", method="flickr.test.*")
    form = {"method": ECHO, "api_key": fresh_sandbox.account.api_key}
    url = f"{fresh_sandbox.url}/services/rest/"
    assert requests.post(url, data=form, timeout=TIMEOUT).status_code == 500


def test_declared_error_of_a_method(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.fail("flickr.photos.addTags", 2, times=2)
    answers = [echo(fresh_sandbox, "flickr.photos.addTags").json() for _ in range(2)]
    assert [(answer["stat"], answer["code"]) for answer in answers] == [("fail", 2)] * 2
    assert echo(fresh_sandbox).status_code == 200
    assert fresh_sandbox.faults.rules() == []


def test_undeclared_error_is_answered_on_request(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.fail("flickr.photos.getInfo", 2, "Nothing for you")
    answer = echo(fresh_sandbox, "flickr.photos.getInfo").json()
    assert answer == {"stat": "fail", "code": 2, "message": "Nothing for you"}


def test_limit_over_the_socket(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.faults.limit(1)
    assert [echo(fresh_sandbox).status_code for _ in range(2)] == [200, 429]
    assert int(echo(fresh_sandbox).headers["Retry-After"]) > 3000

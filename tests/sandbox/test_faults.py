"""Faults: which request they befall, how they look over a socket, the admin address, the counters."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests

from pyflickr_web.sandbox import Fault, Sandbox
from pyflickr_web.sandbox.faults import KINDS, Faults, Rule, failing, read
from pyflickr_web.sandbox.sizes import KINDS as SIZES
from pyflickr_web.sandbox.sizes import path
from tests.sandbox.client import TIMEOUT, Client

ECHO = "flickr.test.echo"


def echo(sandbox: Sandbox, method: str = ECHO, **arguments: str) -> requests.Response:
    query = {"method": method, "api_key": sandbox.account.api_key, "format": "json"}
    query |= {"nojsoncallback": "1", "word": "here", **arguments}
    return requests.get(f"{sandbox.url}/services/rest/", params=query, timeout=TIMEOUT)


def picture(sandbox: Sandbox) -> str:
    photo = sandbox.store.one("SELECT * FROM photos WHERE media = 'photo'")
    assert photo is not None
    return sandbox.url + path(photo, SIZES[0])


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
def test_fault_answers(
    fresh_sandbox: Sandbox, fault: Fault, status: int, body: str, retry_after: str | None
) -> None:
    fresh_sandbox.faults.add(fault, times=1)
    response = echo(fresh_sandbox)
    assert response.status_code == status
    assert re.search(body, response.text, re.S) if body else response.content == b""
    assert response.headers.get("Retry-After") == retry_after
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert echo(fresh_sandbox).json()["word"] == {"_content": "here"}


def test_failure_comes_in_the_format_that_was_asked_for(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.faults.add("105")
    assert '<err code="105"' in echo(fresh_sandbox, format="rest").text
    wrapped = echo(fresh_sandbox, nojsoncallback="0", jsoncallback="told").text
    assert wrapped.startswith('told({"stat":"fail","code":105')


def test_json_comes_for_xml(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.faults.add("wrong-format")
    assert echo(fresh_sandbox, format="rest").json()["word"] == {"_content": "here"}


def test_wrong_format_is_gone_with_the_request(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.faults.add("wrong-format", times=1)
    query = {"method": ECHO, "api_key": fresh_sandbox.account.api_key}
    with requests.Session() as session:
        told = [
            session.get(f"{fresh_sandbox.url}/services/rest/", params=query, timeout=TIMEOUT).text[
                0
            ]
            for _ in range(2)
        ]
    assert told == ["{", "<"]


def test_truncated_answer_looks_whole_to_http(fresh_sandbox: Sandbox) -> None:
    whole = echo(fresh_sandbox).content
    fresh_sandbox.faults.add("truncated")
    assert echo(fresh_sandbox).content == whole[: len(whole) // 2]


def test_slow_answer_is_whole(fresh_sandbox: Sandbox) -> None:
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


def test_token_is_expired_for_what_is_signed(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.faults.add("expired-token")
    refused = echo(fresh_sandbox, oauth_token="a-token")
    assert (refused.status_code, refused.text) == (401, "oauth_problem=token_rejected")
    header = {"Authorization": 'OAuth oauth_token="a-token"'}
    url = f"{fresh_sandbox.url}/services/rest/"
    assert requests.get(url, headers=header, timeout=TIMEOUT).status_code == 401
    assert echo(fresh_sandbox).status_code == 200


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"drop", "drop-midway", "latency", "slow"}))
def test_pictures_can_go_wrong_too(fresh_sandbox: Sandbox, kind: str) -> None:
    address = picture(fresh_sandbox)
    whole = requests.get(address, timeout=TIMEOUT)
    fresh_sandbox.faults.add(Fault(kind, code=1), where="files", times=1)
    spoilt = requests.get(address, timeout=TIMEOUT)
    assert (spoilt.content != whole.content) == (kind != "expired-token")
    assert echo(fresh_sandbox).status_code == 200


@pytest.mark.parametrize("place", ["oauth/request_token", "upload/", "replace"])
def test_other_addresses_can_go_wrong_too(fresh_sandbox: Sandbox, place: str) -> None:
    fresh_sandbox.faults.add("502", where=place.partition("/")[0].replace("replace", "upload"))
    url = f"{fresh_sandbox.url}/services/{place}"
    assert requests.post(url, data={"a": "b"}, timeout=TIMEOUT).status_code == 502
    assert fresh_sandbox.calls == {place.strip("/"): 1}


def test_form_that_is_posted_befalls_by_its_method(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.faults.add("500", method="flickr.test.*")
    form = {"method": ECHO, "api_key": fresh_sandbox.account.api_key}
    url = f"{fresh_sandbox.url}/services/rest/"
    assert requests.post(url, data=form, timeout=TIMEOUT).status_code == 500


def test_declared_error_of_a_method(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.fail("flickr.photos.addTags", 2, times=2)
    told = [echo(fresh_sandbox, "flickr.photos.addTags").json() for _ in range(2)]
    assert [(answer["stat"], answer["code"]) for answer in told] == [("fail", 2)] * 2
    assert echo(fresh_sandbox).status_code == 200
    assert fresh_sandbox.faults.rules() == []


def test_error_that_is_answered_though_not_declared(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.fail("flickr.photos.getInfo", 2, "Nothing for you")
    answer = echo(fresh_sandbox, "flickr.photos.getInfo").json()
    assert answer == {"stat": "fail", "code": 2, "message": "Nothing for you"}


@pytest.mark.parametrize(
    ("method", "code", "told"),
    [
        ("flickr.photos.getinfo", 1, "there is no method 'flickr.photos.getinfo'"),
        ("flickr.photos.getInfo", 77, "flickr.photos.getInfo declares no error 77"),
    ],
)
def test_error_that_is_not_declared(method: str, code: int, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        failing(method, code)


def decide(faults: Faults, name: str = ECHO, place: str = "rest") -> list[str]:
    return [fault.kind for fault in faults.decide(place, name)]


def test_rules_choose_by_method_place_and_number() -> None:
    faults = Faults()
    faults.add("500", method="flickr.photos.*", times=2)
    faults.add("502", where="upload")
    assert decide(faults) == []
    assert [decide(faults, "flickr.photos.search") for _ in range(3)] == [["500"], ["500"], []]
    assert decide(faults, "upload", "upload") == ["502"]
    assert decide(faults, "files", "files") == []


def test_first_rule_counts_and_latency_comes_on_top() -> None:
    faults = Faults()
    faults.add("latency", where="all")
    faults.add("500", times=1)
    faults.add("502", times=1)
    assert decide(faults) == ["latency", "500"]
    assert decide(faults) == ["latency", "502"]
    assert decide(faults) == ["latency"]


def test_rate_is_a_chance_that_the_seed_decides() -> None:
    told = []
    for seed in (1, 1, 2):
        faults = Faults(seed)
        faults.add("500", rate=0.3)
        told.append([bool(decide(faults)) for _ in range(400)])
    assert told[0] == told[1] != told[2]
    assert 80 < sum(told[0]) < 160


def test_rule_is_removed_by_its_number() -> None:
    faults = Faults()
    first, second = faults.add("500"), faults.add("502")
    assert faults.remove(first) and not faults.remove(first)
    assert [rule.id for rule in faults.rules()] == [second]


def test_limit_is_for_each_key_and_an_hour() -> None:
    time = 1000.0
    faults = Faults(clock=lambda: time)
    faults.limit(2)
    assert [faults.decide("rest", ECHO, "a") for _ in range(2)] == [[], []]
    assert faults.decide("rest", ECHO, "b") == []
    assert faults.decide("files", "files", "a") == []
    time += 600
    assert faults.decide("rest", ECHO, "a") == [Fault("429", retry_after=3000)]
    time += 3000
    assert faults.decide("rest", ECHO, "a") == []


def test_limit_over_the_socket(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.faults.limit(1)
    assert [echo(fresh_sandbox).status_code for _ in range(2)] == [200, 429]
    assert int(echo(fresh_sandbox).headers["Retry-After"]) > 3000


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("429", Rule(Fault("429"))),
        ("drop-midway:0.25", Rule(Fault("drop-midway"), rate=0.25)),
        ("drop:0.5@files", Rule(Fault("drop"), rate=0.5, where="files")),
        ("empty@upload", Rule(Fault("empty"), where="upload")),
    ],
)
def test_rule_is_read_from_a_command_line(text: str, rule: Rule) -> None:
    assert read(text) == rule


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("teapot", "there is no fault 'teapot'; there are latency, "),
        ("500:2", "a rate is a chance from 0 to 1"),
        ("500:1.2.3", "'1.2.3' is no chance"),
        ("500@moon", "there is no place 'moon'; there are rest, "),
        ("500:x", "is no fault: write KIND, "),
    ],
)
def test_rule_that_cannot_be_read(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read(text)


def admin(sandbox: Sandbox, verb: str, place: str = "", **given: Any) -> requests.Response:
    url, content = f"{sandbox.url}/sandbox/{place}", given if verb == "POST" else None
    return requests.request(verb, url, json=content, timeout=TIMEOUT)


def test_admin_adds_tells_and_removes_faults(fresh_sandbox: Sandbox) -> None:
    given = {"kind": "429", "retry_after": 2, "method": ECHO, "times": 3}
    added = admin(fresh_sandbox, "POST", "faults", **given)
    assert (added.status_code, added.json()) == (201, {"id": 1})
    assert echo(fresh_sandbox).headers["Retry-After"] == "2"
    [told] = admin(fresh_sandbox, "GET", "faults").json()["faults"]
    assert told["fault"]["kind"] == "429"
    assert (told["id"], told["method"], told["times"]) == (1, ECHO, 2)
    assert admin(fresh_sandbox, "DELETE", "faults/1").json() == {"faults": []}
    assert admin(fresh_sandbox, "DELETE", "faults/1").status_code == 404
    assert echo(fresh_sandbox).status_code == 200


def test_admin_fails_and_limits(fresh_sandbox: Sandbox) -> None:
    admin(fresh_sandbox, "POST", "fail", method=ECHO, code=105)
    assert echo(fresh_sandbox).json()["code"] == 105
    assert admin(fresh_sandbox, "POST", "limit", an_hour=0).json() == {"limit": 0}
    assert echo(fresh_sandbox).status_code == 429
    admin(fresh_sandbox, "DELETE", "faults")
    assert echo(fresh_sandbox).status_code == 200


@pytest.mark.parametrize(
    ("place", "given", "told"),
    [
        ("faults", {"kind": "teapot"}, "there is no fault 'teapot'"),
        ("faults", {"kinds": "500"}, "'kinds' is not known; known are code, kind"),
        ("faults", {"kind": "500", "times": 0}, "`times` is 1 or more"),
        ("faults", {"kind": "500", "times": True}, "'times' cannot be true"),
        ("faults", {"kind": "500", "rate": "often"}, "'rate' cannot be \"often\""),
        ("faults", {"kind": "500", "seconds": "long"}, "'seconds' cannot be"),
        ("faults", {}, "kind"),
        ("fail", {"method": ECHO}, "'code' is missing"),
        ("fail", {"method": ECHO, "code": 77}, "declares no error 77"),
        ("limit", {"an_hour": -1}, "0 calls an hour or more"),
    ],
)
def test_admin_refuses_what_it_cannot_do(
    fresh_sandbox: Sandbox, place: str, given: dict[str, Any], told: str
) -> None:
    refused = admin(fresh_sandbox, "POST", place, **given)
    assert refused.status_code == 400
    assert told in refused.json()["error"]
    assert fresh_sandbox.faults.rules() == []


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("text/plain", '{"kind": "500"}'), ("application/json", "["), ("application/json", "[]")],
)
def test_admin_takes_json_objects_alone(
    fresh_sandbox: Sandbox, content_type: str, body: str
) -> None:
    url = f"{fresh_sandbox.url}/sandbox/faults"
    headers = {"Content-Type": content_type}
    assert requests.post(url, data=body, headers=headers, timeout=TIMEOUT).status_code == 400


def test_calls_and_answers_are_counted(flickr: Client) -> None:
    sandbox = flickr.sandbox
    flickr.public("test.echo")
    flickr.public("photos.serch")
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


def test_admin_tells_no_secret_and_shows_the_kinds(fresh_sandbox: Sandbox) -> None:
    account = fresh_sandbox.account
    text = admin(fresh_sandbox, "GET").text + admin(fresh_sandbox, "GET", "kinds").text
    for secret in (account.secret, account.access_token, account.access_token_secret):
        assert secret not in text
    assert list(admin(fresh_sandbox, "GET", "kinds").json()["kinds"]) == list(KINDS)

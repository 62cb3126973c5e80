"""The kinds of requests that Flickr clients send, and the format of answers and refusals."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web.proxy.calls.formats import refusal_in_xml
from pyflickr_web.proxy.calls.message import Refusal
from tests.proxy.authenticators import BADGE
from tests.proxy.caller import FORM, Caller, refusal
from tests.proxy.proxies import Open
from tests.proxy.uploading import KIND, closed, field, part, photo

SEARCH = {"method": "flickr.photos.search", "text": "red panda", "per_page": "2"}
ECHO = {"method": "flickr.test.echo", "text": "grüße"}
PLAIN = {"format": "json", "nojsoncallback": "1"}
UNKNOWN = {"method": "flickr.nothing"}
FRIEND = "https://friend.example"


def multipart(arguments: dict[str, str]) -> bytes:
    return closed(*(field(name, value.encode()) for name, value in arguments.items()))


def form_of(arguments: dict[str, str]) -> list[dict[str, Any]]:
    """Return the arguments in each kind of request that is not JSON; POST is the default verb."""
    kind = {"Content-Type": KIND}
    return [
        {"verb": "GET", "params": arguments},
        {"params": arguments},
        {"params": arguments, "data": b"", "headers": {"Content-Type": "application/json"}},
        {"params": arguments, "data": b"", "headers": {"Content-Type": FORM}},
        {"data": arguments},
        {"data": multipart(arguments), "headers": kind},
        {
            "data": multipart({"text": "red panda"}),
            "params": _without_text(arguments),
            "headers": kind,
        },
    ]


def _without_text(arguments: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in arguments.items() if name != "text"}


def test_arguments_come_in_a_query_a_form_or_both(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options)
    first = proxy.ask("GET", params={**SEARCH, **PLAIN}).json()
    assert first["photos"]["perpage"] == 2
    for request in form_of({**SEARCH, **PLAIN}):
        answer = proxy.ask(**request)
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json() == first


def test_multipart_text_arrives_as_it_was_sent(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options)
    given = {**ECHO, "lines": "a\r\n--b\n", "empty": ""}
    answer = proxy.post(multipart({**given, **PLAIN, "api_key": "mine"}), KIND)
    arguments = {
        name: content["_content"] for name, content in answer.json().items() if name != "stat"
    }
    assert arguments == {**given, **PLAIN}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"--a--", 400),
        (multipart(ECHO)[:-20], 400),
        (closed(photo(b"x")), 400),
        (closed(field("method", b"flickr.test.echo"), photo(b"x")), 400),
        (closed(field("method", b"flickr.test.echo"), field("method", b"flickr.test.echo")), 400),
        (closed(field("method", b"flickr.test.echo"), field("text", b"\xff")), 400),
        (closed(part("form-data", b"x")), 400),
        (closed(*[field(f"a{number}", b"") for number in range(101)]), 413),
        (closed(field("method", b"x" * 64_001)), 413),
    ],
)
def test_malformed_multipart_is_refused(
    open_proxy: Open, options: Any, flickr: Sandbox, body: bytes, status: int
) -> None:
    assert refusal(open_proxy(options).post(body, KIND))[0] == status
    assert not flickr.calls


def test_body_of_another_type_is_refused_though_the_query_has_a_method(
    open_proxy: Open, options: Any
) -> None:
    answer = open_proxy(options).ask(
        params={**ECHO, "format": "json"}, data=b"x", headers={"Content-Type": "text/plain"}
    )
    assert refusal(answer) == (415, 415)


def in_xml(answer: Any) -> bool:
    """Return True for a refusal in Flickr's XML, False for one in JSON."""
    refusal(answer)
    return bool(answer.headers["Content-Type"] == "text/xml; charset=utf-8")


def test_refusal_has_the_format_that_was_asked_for(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options)
    for named, expected in (({}, True), ({"format": "rest"}, True), ({"format": "json"}, False)):
        for request in form_of({**UNKNOWN, **named}):
            answer = proxy.ask(**request)
            assert refusal(answer) == (404, 112)
            assert in_xml(answer) == expected
    assert in_xml(proxy.ask(json={**UNKNOWN, "format": "rest"}))
    assert not in_xml(proxy.ask(json={**UNKNOWN, "format": "json"}, params={"format": "rest"}))
    assert not in_xml(proxy.ask(json=UNKNOWN))
    assert not in_xml(proxy.post("{"))
    assert not in_xml(proxy.ask("GET"))


def test_refusal_before_the_arguments_are_read_has_their_format(
    open_proxy: Open, options: Any
) -> None:
    proxy = open_proxy(options, "raises", max_body=1000)
    assert in_xml(proxy.ask("GET", params=ECHO))
    assert not in_xml(proxy.ask("GET", params={**ECHO, **PLAIN}))
    proxy.wearing(Authorization=BADGE, Origin=FRIEND)
    assert in_xml(proxy.ask("GET", params=ECHO))
    assert in_xml(proxy.ask(data=b"x" * 1001, params={**ECHO, "format": "rest"}))
    # The format may be in the body.
    assert not in_xml(proxy.ask(data=ECHO, params=ECHO))


def test_refusal_in_xml_is_well_formed(open_proxy: Open, options: Any) -> None:
    answer = open_proxy(options).ask("GET", params={"method": "flickr.a", "format": '<&"'})
    assert refusal(answer) == (400, 111)
    named = open_proxy(options).ask(data={"method": "<&\"'x", "format": "rest"})
    assert ElementTree.fromstring(named.content)[0].get("msg") == "Method of that name not found"
    # An authenticator's message may contain any characters.
    reply = refusal_in_xml(Refusal(401, "no\0 <b> & \"c\" 'd'"))
    assert ElementTree.fromstring(reply.body)[0].get("msg") == "no? <b> & \"c\" 'd'"


def test_xml_has_a_sandbox_policy(open_proxy: Open, options: Any) -> None:
    """XML may contain scripts in HTML's namespace."""
    proxy = open_proxy(options)
    for arguments in (SEARCH, ECHO, UNKNOWN):
        for answer in (proxy.ask("GET", params=arguments), proxy.ask(data=arguments)):
            assert answer.headers["Content-Type"].startswith("text/xml")
            assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert "Content-Security-Policy" not in proxy.ask(json=SEARCH).headers


def post_each_form(proxy: Caller, arguments: dict[str, str]) -> list[Any]:
    return [proxy.ask(**request) for request in form_of(arguments) if request.get("verb") != "GET"]


def test_any_post_is_signed_for_programs_and_own_pages(open_proxy: Open, options: Any) -> None:
    login = {"method": "flickr.test.login", **PLAIN}
    proxy = open_proxy(options, "raises")
    own = "/".join(proxy.url.split("/")[:3])
    for headers in ({}, {"Origin": own}, {"Origin": own, "Cookie": "session=1"}):
        proxy.wearing(Authorization=BADGE, **headers)
        assert [answer.json()["stat"] for answer in post_each_form(proxy, login)] == ["ok"] * 6


def test_post_with_a_cookie_but_no_origin_is_not_signed(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    login = {"method": "flickr.test.login", **PLAIN}
    proxy = open_proxy(options, "raises").wearing(Authorization=BADGE, Cookie="session=1")
    assert [refusal(answer) for answer in post_each_form(proxy, login)] == [(403, 403)] * 6
    assert not flickr.calls
